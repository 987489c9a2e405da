"""A typed text: read as the probe's corpus was, and what the probes of all layers say of it."""
