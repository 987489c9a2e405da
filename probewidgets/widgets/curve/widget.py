"""LayerCurve: accuracy by layer with its interval, the control, selectivity, the random model and the baselines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from probewidgets.figures.sheet import Sheet, Width
from probewidgets.sweeps.results import Sweep
from probewidgets.widgets.curve import still
from probewidgets.widgets.kit.checks import checked, refuse_unknown
from probewidgets.widgets.kit.linker import linked
from probewidgets.widgets.reading.widget import ReadingWidget

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["LayerCurve"]


class LayerCurve(ReadingWidget):
    """A sweep's scores by layer. A click, or the arrow keys, pick `layer`.

    Args:
        sweep: What to show.
        layer: The active layer; default: the one that the sweep chose on dev.
        layout: An `ipywidgets.Layout`.

    Raises:
        TypeError: A keyword that it does not know.
        WidgetError: No Sweep, or a layer that there is not.
    """

    _title = "Layer curve"
    _esm, _css = linked(Path(__file__).with_name("view.js"))

    def __init__(self, sweep: Sweep, *, layer: int | None = None, layout: Any = None, **unknown: Any) -> None:
        refuse_unknown(type(self), unknown)
        super().__init__(layout=layout)
        with self._or_closed():
            self._hold(None, checked(sweep, Sweep))
            self._start(layer=layer)

    def _sheet(self, width: Width = None, most: int = 0) -> Sheet:  # noqa: ARG002 - it has no units
        return still.picture(self._sweep_shown, self.layer, width or "column")

    def _figure(self, width: Any) -> Figure:
        return still.figure(self._sweep_shown, width)

    def to_frame(self, probabilities: bool = False) -> pd.DataFrame:  # noqa: ARG002 - as of the other widgets
        """The scores of all layers, with intervals, control and baselines: the sweep's table."""
        return self._sweep_shown.table()

    def _frame(self) -> pd.DataFrame:
        return self.to_frame()

    def _tables(self) -> str:
        return still.table(self._sweep_shown, self.layer)

    def _plain(self) -> str:
        return still.text(self._sweep_shown)

    @property
    def _sweep_shown(self) -> Sweep:
        assert self.sweep is not None  # checked when the widget was made
        return self.sweep

    def __repr__(self) -> str:
        return f"LayerCurve(layer {self.layer} of {self.sweep!r})"
