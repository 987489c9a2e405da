"""Progress of long work: a bar while it goes on; in a notebook, one plain line once it has ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

__all__ = ["OUTPUT", "bar", "heard_by"]

OUTPUT = {"probewidgets": {"progress": True}}
"""Metadata of the line in a notebook, by which whoever saves one may know it."""

Hear = Callable[[str, int, int], object]
"""Hears of each step of long work: what is counted, how many of them are done, and of how many."""
_hearer: ContextVar[Hear | None] = ContextVar("_hearer", default=None)


@contextmanager
def heard_by(hear: Hear) -> Iterator[None]:
    """Inside, bars of this thread are not drawn: `hear("layer", 3, 7)` is told instead.

    What it raises ends the work where it is, as Ctrl+C would: what is kept in a store by then stays there.
    """
    token = _hearer.set(hear)
    try:
        yield
    finally:
        _hearer.reset(token)


@dataclass
class _Told:
    """As much of a bar of tqdm's as our work uses, for whoever listens."""

    hear: Hear
    unit: str
    items: Sequence[Any] | None
    total: int
    n: int = 0

    def __iter__(self) -> Iterator[Any]:
        for item in self.items or ():
            yield item
            self.update(1)

    def update(self, steps: int = 1) -> None:
        self.n += steps
        self.hear(self.unit, self.n, self.total)

    def set_postfix_str(self, text: str) -> None:
        """Nothing: only the steps are told."""


@contextmanager
def bar(
    caption: str,
    unit: str,
    items: Sequence[Any] | None = None,
    *,
    total: int | None = None,
    shown: bool = True,
    leave: bool = True,
) -> Iterator[Any]:
    """A bar of tqdm's, to be iterated over `items`, or else updated up to `total`.

    A notebook keeps what a bar of widgets was when it was first drawn, at 0 %: whoever reads it later would think that
    nothing had run. So there the bar is replaced by what was done in which time, or where it stopped.

    Args:
        caption: What is being done.
        unit: What is counted, in the singular.
        items: What to go through.
        total: How many of them, where they are not given.
        shown: Whether there is a bar at all.
        leave: Whether the bar stays in a terminal when it has ended.
    """
    total = len(items) if items is not None else total
    if (hear := _hearer.get()) is not None:
        hear(unit, 0, total or 0)
        yield _Told(hear, unit, items, total or 0)
        return
    from tqdm.auto import tqdm

    settings = {"desc": caption, "unit": unit, "total": total, "disable": not shown}
    if not shown or not _in_notebook(tqdm):
        with tqdm(items, **settings, leave=leave) as drawn:
            yield drawn
        return
    from IPython.display import display

    drawn = tqdm(items, **settings, leave=False, display=False)
    place = display(drawn.container, display_id=True)
    try:
        yield drawn
    finally:
        drawn.close()
        drawn.container.close()
        place.update({"text/plain": _line(drawn, caption, unit)}, raw=True, metadata=OUTPUT)


def _in_notebook(tqdm: type) -> bool:
    """Whether tqdm's choice of bar for this place is the one made of widgets."""
    from tqdm.notebook import tqdm_notebook

    return issubclass(tqdm, tqdm_notebook)


def _line(drawn: Any, caption: str, unit: str) -> str:
    """`"Probing upos: 7 layers in 00:09"`."""
    took = drawn.format_interval(drawn.format_dict["elapsed"])
    if drawn.total and drawn.n < drawn.total:
        return f"{caption}: stopped after {drawn.n:,} of {drawn.total:,} {unit}s, {took}"
    return f"{caption}: {drawn.n:,} {unit}{'' if drawn.n == 1 else 's'} in {took}"
