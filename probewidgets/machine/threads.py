"""Threads: work shared out to a few that go on by themselves, and how many of torch's own a model is worth.

torch's own threads meet after every operation. With operations as short as ours that takes half as long again on an
idle machine, and many times as long on a busy one, where one of them always waits for its turn.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from typing import TypeVar

import torch

__all__ = ["GRAIN", "Pace", "Workers", "ahead", "check_wanted", "few_threads", "pace", "side_by_side"]

_MOST = 16
"""At most so many workers, and parts, however many cores there are, so that sums round alike on all machines."""
_ROWS = 2048
"""At least so many rows in a part, if there are several,"""
GRAIN = 1024
"""and a multiple of so many in all but the last."""
_SMALL = 100_000
"""Weights of a model up to which one thread is enough."""
_SHORT = 0.03
"""Seconds: nobody who waits for what takes one thread so long would see a second one help."""
_AGAIN = 32
"""Passes on one thread after which more are tried anew."""

_here = threading.local()
"""What a worker's thread is told."""

Item = TypeVar("Item")
Result = TypeVar("Result")


class Workers:
    """As many threads as torch would use, or fewer, among which torch's are divided while they are at work.

    Args:
        most: At most so many; where torch has more, each worker's operations run on several.
    """

    _lock = threading.Lock()
    _open = 0
    _threads = 1

    def __init__(self, most: int = _MOST) -> None:
        self.most = min(most, _MOST)

    def __enter__(self) -> Workers:
        with Workers._lock:
            if not Workers._open:
                Workers._threads = torch.get_num_threads()
                torch.set_num_threads(max(1, Workers._threads // self.most))
            Workers._open += 1
        self._pool = ThreadPoolExecutor(min(Workers._threads, self.most), "probewidgets")
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)
        with Workers._lock:
            Workers._open -= 1
            if not Workers._open:
                torch.set_num_threads(Workers._threads)

    def share(self, task: Callable[[int, int], Result], n: int) -> list[Result]:
        """`task(low, high)` for parts that make up the rows 0 to n; what they gave, in order."""
        parts = min(_MOST, max(1, n // _ROWS))
        ends = [*(n * i // parts // GRAIN * GRAIN for i in range(parts)), n]
        if parts == 1 or Workers._threads == 1:
            return [task(low, high) for low, high in pairwise(ends)]
        return list(self._pool.map(task, ends[:-1], ends[1:]))

    def each(self, task: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """The results of `task` for each item, in order; a few are made ahead of who takes them, and not more.

        When it ends before that, by an error or since nobody takes any more, `check_wanted` ends what is being made.
        """
        over = threading.Event()

        def wanted(item: Item) -> Result:
            _here.over = over
            return task(item)

        coming: deque[Future[Result]] = deque()
        try:
            for item in items:
                coming.append(self._pool.submit(wanted, item))
                if len(coming) > self.most:
                    yield coming.popleft().result()
            while coming:
                yield coming.popleft().result()
        finally:
            over.set()


def check_wanted() -> None:
    """Raise CancelledError on a thread for whose result nobody waits any more: to be called between two long steps."""
    over = getattr(_here, "over", None)
    if over is not None and over.is_set():
        raise CancelledError


def side_by_side(task: Callable[[Item], Result], items: Sequence[Item], most: int) -> Generator[Result, None, None]:
    """The results of `task` for each item, in order: at most so many at a time, each on a core of its own."""
    most = min(most, torch.get_num_threads(), len(items))
    if most < 2:
        yield from map(task, items)
        return
    with Workers(most) as workers:
        yield from workers.each(task, items)


def ahead(task: Callable[[Item], Result], items: Iterable[Item]) -> Generator[Result, None, None]:
    """The results of `task` for each item, in order; the next one is made while the last one is used."""
    with ThreadPoolExecutor(1, "probewidgets") as pool:
        coming: Future[Result] | None = None
        for item in items:
            ready, coming = coming, pool.submit(task, item)
            if ready is not None:
                yield ready.result()
        if coming is not None:
            yield coming.result()


@contextmanager
def few_threads(model: torch.nn.Module) -> Iterator[None]:
    """One thread while a small model runs: a second waits longer than it works, and on a busy machine far longer."""
    large = sum(weights.numel() for weights in model.parameters()) > _SMALL
    with _threads(torch.get_num_threads() if large else 1):
        yield


class Pace:
    """On how many threads a model runs short texts for which somebody waits: on one, or on all where they are quicker.

    Two threads on an idle machine may take half the time, and beside a browser or another's work many times as long. So
    all are tried where one takes long enough to matter, and left as soon as they are slower than one was.
    """

    def __init__(self) -> None:
        self._one = deque[float](maxlen=2)  # seconds for a token, of the last passes on one thread: the first is slow
        self._all = 0.0  # the same of the last one on all
        self._since = _AGAIN  # passes on one thread since all were tried

    @contextmanager
    def running(self, tokens: int) -> Iterator[None]:
        """Around one pass over so many tokens."""
        most = torch.get_num_threads()
        threads = most if self._takes_all(tokens) else 1
        with _threads(threads):
            start = time.perf_counter()
            yield
            rate = (time.perf_counter() - start) / max(1, tokens)
        if threads == 1:
            self._one.append(rate)
            self._since += 1
        else:
            self._all, self._since = rate, 0

    def _takes_all(self, tokens: int) -> bool:
        if len(self._one) < 2 or min(self._one) * tokens < _SHORT:
            return False
        return self._since >= _AGAIN or (self._since == 0 and self._all < min(self._one))


_PACES: weakref.WeakKeyDictionary[torch.nn.Module, Pace] = weakref.WeakKeyDictionary()


def pace(model: torch.nn.Module) -> Pace:
    """The one of a model, whoever asks it."""
    return _PACES.setdefault(model, Pace())


@contextmanager
def _threads(n: int) -> Iterator[None]:
    """So many threads of torch's, and behind it as many as there were."""
    before = torch.get_num_threads()
    if n != before:
        torch.set_num_threads(n)
    try:
        yield
    finally:
        if n != before:
            torch.set_num_threads(before)
