"""Imports of large libraries, without a search for garbage between their modules."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["gc_paused"]


@contextmanager
def gc_paused() -> Iterator[None]:
    """While it is open, Python does not look for circles of garbage.

    It would each time that there are some thousand objects more, through all that there are; of the hundred thousands
    that torch and transformers make as they are imported, hardly any is garbage (`benchmarks/explore.py`).
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
