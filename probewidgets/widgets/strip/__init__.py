"""The strip: what the probe of one layer says of each word."""
