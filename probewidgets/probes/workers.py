"""Threads that share out rows: each works through a part of them by itself, and all meet once at the end.

torch's own threads meet after every operation. With operations as short as here that takes half as long again on an
idle machine, and many times as long on a busy one, where one of them always waits for its turn.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TypeVar

import torch

__all__ = ["Workers"]

_PARTS = 16
"""At most so many parts, however many cores there are, so that sums round alike on all machines."""
_ROWS = 2048
"""At least so many rows in a part, if there are several."""

Result = TypeVar("Result")


class Workers:
    """As many threads as torch would use. While one is open, torch's operations run on one thread each."""

    _lock = threading.Lock()
    _open = 0
    _threads = 1

    def __enter__(self) -> Workers:
        with Workers._lock:
            if not Workers._open:
                Workers._threads = torch.get_num_threads()
                torch.set_num_threads(1)
            Workers._open += 1
        self._pool = ThreadPoolExecutor(min(Workers._threads, _PARTS), "probewidgets")
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()
        with Workers._lock:
            Workers._open -= 1
            if not Workers._open:
                torch.set_num_threads(Workers._threads)

    def share(self, task: Callable[[int, int], Result], n: int) -> list[Result]:
        """`task(low, high)` for parts that make up the rows 0 to n; what they gave, in order."""
        parts = min(_PARTS, max(1, n // _ROWS))
        ends = [n * i // parts for i in range(parts + 1)]
        if parts == 1 or Workers._threads == 1:
            return [task(low, high) for low, high in pairwise(ends)]
        return list(self._pool.map(task, ends[:-1], ends[1:]))
