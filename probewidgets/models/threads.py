"""Threads: how many of them a small model is worth."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

__all__ = ["few_threads"]

SMALL = 100_000
"""Weights of a model up to which one thread is enough."""


@contextmanager
def few_threads(model: torch.nn.Module) -> Iterator[None]:
    """One thread while a small model runs: a second waits longer than it works, and on a busy machine far longer."""
    before = torch.get_num_threads()
    if before == 1 or sum(weights.numel() for weights in model.parameters()) > SMALL:
        yield
        return
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
