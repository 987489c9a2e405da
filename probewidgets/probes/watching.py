"""Watching: how fits come along, told to whoever looks on while they are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

__all__ = ["Step", "Watch", "watched", "watched_as_sets", "watched_by"]


class Step(NamedTuple):
    """Several label sets fitted together, after one more pass over train."""

    fits: Sequence[int]
    """(F,) which label sets: 0 is the task, the others draws of its control."""
    loss: Sequence[float]
    """(F,) nats."""
    of: str
    """Of what: `"objective"` (mean cross-entropy on train with the penalty), or `"dev"` (cross-entropy there)."""
    counts: str
    """What a step is: a `"pass"` over the rows of a solver, an `"epoch"` of training; `""`: none, a fit has ended."""
    penalty: float
    """The penalty that is tried."""


Watch = Callable[[Step], object]
_watch: ContextVar[Watch | None] = ContextVar("_watch", default=None)


@contextmanager
def watched_by(watch: Watch) -> Iterator[None]:
    """Inside, `watch` is told of each step of the fits of this thread; what it raises ends them.

    Of probes that are solved at once, or by a library, there are no steps. It is called between two passes and should
    be quick; of networks on several threads at once.
    """
    token = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(token)


def watched() -> Watch | None:
    """Who looks on, if anybody does."""
    return _watch.get()


@contextmanager
def watched_as_sets(penalties: int) -> Iterator[None]:
    """Inside, fits are told as label sets, each of which is fitted with so many penalties side by side."""
    watch = _watch.get()
    if watch is None:
        yield
        return
    tell = watch
    with watched_by(lambda step: tell(step._replace(fits=[fit // penalties for fit in step.fits]))):
        yield
