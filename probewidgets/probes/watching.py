"""Watching: how fits come along, told to whoever looks on while they are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

__all__ = ["Passes", "Step", "Watch", "heard_passes", "passes_heard_by", "watched", "watched_as_sets", "watched_by"]


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
Passes = Callable[[list[int], list[float]], object]
"""Hears after each pass of a solver which of its fits go on, and their objectives (nats)."""
_watch: ContextVar[Watch | None] = ContextVar("_watch", default=None)
_passes: ContextVar[Passes | None] = ContextVar("_passes", default=None)


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


@contextmanager
def passes_heard_by(hear: Passes | None) -> Iterator[None]:
    """Inside, the solver tells its passes, or nobody is told."""
    token = _passes.set(hear)
    try:
        yield
    finally:
        _passes.reset(token)


def heard_passes() -> Passes | None:
    """Who hears of the passes of a solver, if anybody does."""
    return _passes.get()
