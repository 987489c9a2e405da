"""Linking: two widgets over predictions whose layer, label, colour and selection go together."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

from probewidgets.errors import WidgetError, clipped
from probewidgets.widgets.kit.turns import Turns
from probewidgets.widgets.reading.subject import Subject

__all__ = ["Linkable", "Tied", "WidgetLink"]


class WidgetLink:
    """Two widgets that are linked, until `unlink()` or until one of them is closed."""

    def __init__(self, first: Tied, second: Tied) -> None:
        self._pair: tuple[Tied, ...] = (first, second)
        self._names = [name for name in first._tied if name in second._tied]
        first._lock.join(second._lock)  # each changes the other, on whichever thread
        self._here = threading.local()  # whether this thread carries a choice over, so that its echo goes nowhere
        for widget in self._pair:
            widget.observe(self._changed, self._names)
        for name in self._names:
            self._carry(second, name, getattr(first, name))

    def unlink(self) -> None:
        """Let each go its own way. Safe to call twice."""
        pair, self._pair = self._pair, ()
        for widget in pair:
            with suppress(ValueError):  # a closed one has forgotten who observes it
                widget.unobserve(self._changed, self._names)

    def _changed(self, change: Any) -> None:
        if any(widget.comm is None for widget in self._pair):
            self.unlink()
        if getattr(self._here, "carries", False):
            return
        for widget in self._pair:
            if widget is not change.owner:
                self._carry(widget, change.name, change.new)

    def _carry(self, widget: Tied, name: str, value: Any) -> None:
        """Choose the same in the other widget; what it does not have, it leaves as it is."""
        if (name, value) == ("colour", "probability"):
            return  # its label says it
        self._here.carries = True
        try:
            with suppress(WidgetError):
                setattr(widget, name, value)
        finally:
            self._here.carries = False

    def __repr__(self) -> str:
        return f"WidgetLink({' <-> '.join(type(widget).__name__ for widget in self._pair) or 'ended'})"


class Tied:
    """A widget whose choices can go together with another one's."""

    _tied: ClassVar[tuple[str, ...]] = ()
    """The choices that go together with those of the same name."""

    if TYPE_CHECKING:
        comm: Any
        _lock: Turns
        observe: Any
        unobserve: Any

    def link(self, other: Tied) -> WidgetLink:
        """Tie layer, label, colour and selection of two widgets, both ways; at first the other takes those of this one.

        What only one of them has is not tied, and a layer, label, colour or unit that the other does not have or show
        leaves its choice as it is.

        Args:
            other: Another widget: an explorer, a strip, a heatmap, a curve, a comparison, the errors of a sweep, a
                teacher.

        Returns:
            The link, with `unlink()`. It ends by itself when one of the widgets is closed.

        Raises:
            WidgetError: No such widget, the same one, or one of them is closed.
        """
        if not isinstance(other, Tied) or other is self:
            raise WidgetError(f"A widget is linked with another one over predictions, but {clipped(other)} came.")
        if self.comm is None or other.comm is None:
            raise WidgetError("A widget that is closed cannot be linked.")
        return WidgetLink(self, other)


class Linkable(Tied, Subject):
    """A widget over predictions, whose choices can go together with another one's."""

    _tied = ("layer", "label", "colour", "selected")
