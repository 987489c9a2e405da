"""Linking: two widgets over predictions whose layer, label, colour and selection go together."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from probewidgets.errors import WidgetError, clipped
from probewidgets.widgets.reading.subject import Subject

__all__ = ["Linkable", "WidgetLink"]

TIED = ("layer", "label", "colour", "selected")
"""What goes together."""


class WidgetLink:
    """Two widgets that are linked, until `unlink()` or until one of them is closed."""

    def __init__(self, first: Linkable, second: Linkable) -> None:
        self._pair: tuple[Linkable, ...] = (first, second)
        self._here = threading.local()  # whether this thread carries a choice over, so that its echo goes nowhere
        for widget in self._pair:
            widget.observe(self._changed, list(TIED))
        for name in TIED:
            self._carry(second, name, getattr(first, name))

    def unlink(self) -> None:
        """Let each go its own way. Safe to call twice."""
        pair, self._pair = self._pair, ()
        for widget in pair:
            with suppress(ValueError):  # a closed one has forgotten who observes it
                widget.unobserve(self._changed, list(TIED))

    def _changed(self, change: Any) -> None:
        if any(widget.comm is None for widget in self._pair):
            self.unlink()
        if getattr(self._here, "carries", False):
            return
        for widget in self._pair:
            if widget is not change.owner:
                self._carry(widget, change.name, change.new)

    def _carry(self, widget: Linkable, name: str, value: Any) -> None:
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


class Linkable(Subject):
    """A widget whose choices can go together with another one's."""

    if TYPE_CHECKING:
        comm: Any

    def link(self, other: Linkable) -> WidgetLink:
        """Tie layer, label, colour and selection of two widgets, both ways; at first the other takes those of this one.

        A layer, label, colour or unit that the other does not have or show leaves its choice as it is.

        Args:
            other: Another widget over predictions: an explorer, a strip, a heatmap, a curve.

        Returns:
            The link, with `unlink()`. It ends by itself when one of the widgets is closed.

        Raises:
            WidgetError: No such widget, the same one, or one of them is closed.
        """
        if not isinstance(other, Linkable) or other is self:
            raise WidgetError(f"A widget is linked with another one over predictions, but {clipped(other)} came.")
        if self.comm is None or other.comm is None:
            raise WidgetError("A widget that is closed cannot be linked.")
        return WidgetLink(self, other)
