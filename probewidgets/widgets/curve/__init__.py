"""The curve: a sweep's scores by layer."""
