"""The explorer: type a sentence and see, live, what the probes of every layer predict for it."""
