"""From text to rows: read, aligned by characters, run, pooled, and kept. `capture` is the one verb."""
