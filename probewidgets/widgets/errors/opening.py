"""Opening: an example shown in an explorer, with its word chosen once the explorer has answered."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import traitlets

from probewidgets.errors import WidgetError
from probewidgets.sweeps.on_test import OnTest
from probewidgets.sweeps.residuals import NumbersOnTest
from probewidgets.widgets.kit.checks import Checked

if TYPE_CHECKING:
    from probewidgets.widgets.explorer.widget import ProbeExplorer

__all__ = ["Opening"]


class Opening(traitlets.HasTraits):
    """A widget whose examples are opened in an explorer."""

    explorer = Checked(None, help="Where examples are opened: a ProbeExplorer, or None.")

    _tested: OnTest | NumbersOnTest
    _opened: _Opened | None = None

    if TYPE_CHECKING:
        layer: Any
        selected: Any

    @traitlets.validate("explorer")
    def _valid_explorer(self, proposal: Any) -> ProbeExplorer | None:
        from probewidgets.widgets.explorer.widget import ProbeExplorer

        value = proposal.value
        if value is not None and not isinstance(value, ProbeExplorer):
            raise WidgetError(f"explorer must be a ProbeExplorer or None, but {type(value).__name__} came.")
        if value is not None and value.comm is None:
            raise WidgetError("explorer is closed: make another one.")
        return value

    def open_in(self, explorer: ProbeExplorer) -> None:
        """Open examples in an explorer from now on: at once the one that is selected, if one is.

        Args:
            explorer: Of the same model and sweep, so that it shows the same labels. Tie their layers by
                `errors.link(explorer)`.

        Raises:
            WidgetError: That is no ProbeExplorer, or it is closed.
        """
        self.explorer = explorer
        if self.selected is not None:
            self.show_in_explorer()

    def show_in_explorer(self, target: int | None = None) -> None:
        """Show the sentence of a target in the explorer, and choose its word there once that has answered.

        Args:
            target: Its row in `to_frame()`; default: the selected one.

        Raises:
            WidgetError: There is no explorer, it is closed, nothing is selected, or there is no such target.
        """
        explorer = self.explorer
        if explorer is None or explorer.comm is None:
            raise WidgetError("There is no explorer to open it in: errors.open_in(explorer) gives one.")
        if target is not None:
            self.selected = target
        if self.selected is None:
            raise WidgetError("Nothing is selected: errors.show_in_explorer(target) takes a row of to_frame().")
        if self._opened is not None:
            self._opened.end()
        text = self._tested.acts.corpus[int(self._tested.example[self.selected])].text
        spans = self._tested.spans[self.selected]
        with suppress(WidgetError):  # a layer that it does not have, or hides
            explorer.layer = self.layer
        self._opened = _Opened(explorer, text, int(spans[0, 0]) if len(spans) else 0)
        explorer.text = text
        self._opened.choose()


class _Opened:
    """A word that is to be chosen in an explorer, once it shows the sentence."""

    def __init__(self, explorer: ProbeExplorer, text: str, start: int) -> None:
        self._explorer: ProbeExplorer | None = explorer
        self._text, self._start = text, start
        explorer.observe(self._answered, "predictions")

    def end(self) -> None:
        """Choose nothing any more. Safe to call twice."""
        explorer, self._explorer = self._explorer, None
        if explorer is not None:
            with suppress(ValueError):  # a closed one has forgotten who observes it
                explorer.unobserve(self._answered, "predictions")

    def choose(self) -> None:
        """Choose the word, if the sentence is shown."""
        explorer = self._explorer
        if explorer is None or explorer.predictions is None or explorer.predictions.text != explorer.text:
            return
        self.end()
        units = [unit for unit, each in enumerate(explorer.predictions) if each.start <= self._start < each.end]
        if explorer.text == self._text and units:
            with suppress(WidgetError):
                explorer.selected = (explorer.layer, units[0])

    def _answered(self, _change: Any) -> None:
        self.choose()
