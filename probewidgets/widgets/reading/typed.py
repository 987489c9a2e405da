"""Typed: a widget over a text that somebody types, or Python sets."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import traitlets
from ipywidgets import ValueWidget

from probewidgets.errors import WidgetError
from probewidgets.widgets.kit.checks import Checked, clean_text
from probewidgets.widgets.kit.linked import Linked

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["EXAMPLE", "Typed", "milliseconds"]

EXAMPLE = "The old man can fish near the light.\nShe left the can on the left."
"""What is shown at first."""


class Typed(Linked, ValueWidget):  # type: ignore[misc]
    """Its `text` is asked for when it is set; what a page types does not come this way."""

    text = Checked("", help="The text in the box; each line is a sentence. Setting it asks for predictions.")
    value = Checked("", help="The same as `text`, for `interact` and `link`.")
    busy = traitlets.Bool(False, read_only=True, help="Whether an answer is on its way.")

    def _set_text(self, text: str) -> None:
        """Ask for a text that Python has set."""
        raise NotImplementedError

    @property
    def _at_work(self) -> bool:
        """Whether the newest text is not answered yet, or Python not told of it."""
        return self.busy

    async def settled(self) -> Self:
        """Wait until the newest text is answered: `await widget.settled()`."""
        while self._at_work:
            await asyncio.sleep(0.01)
        return self

    @property
    def _head(self) -> str:
        """The first words of the text, for a line that says which widget it is."""
        return repr(self.text if len(self.text) <= 40 else self.text[:39] + "…")

    @traitlets.validate("text", "value")
    def _valid_text(self, proposal: Any) -> str:
        return clean_text(proposal.value)

    @traitlets.observe("text", "value")
    def _text_changed(self, change: Any) -> None:
        self.text = self.value = change.new
        if change.name == "text" and not self._silent:
            self._set_text(change.new)


def milliseconds(value: Any) -> int:
    """A number of milliseconds, from 0 to 5,000; raises WidgetError where it is none."""
    try:
        return round(min(max(float(value), 0.0), 5000.0))
    except (TypeError, ValueError):
        raise WidgetError(f"debounce must be a number of milliseconds, but {value!r} came.") from None
