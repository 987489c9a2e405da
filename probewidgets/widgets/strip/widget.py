"""TokenStrip: what the probe of one layer says of each word, as a row of chips."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from probewidgets.sweeps.results import Sweep
from probewidgets.values import Predictions
from probewidgets.widgets.kit.checks import checked, refuse_unknown
from probewidgets.widgets.kit.linker import linked
from probewidgets.widgets.reading.still import MOST_PICTURED
from probewidgets.widgets.reading.widget import ReadingWidget
from probewidgets.widgets.strip import still

__all__ = ["TokenStrip"]


class TokenStrip(ReadingWidget):
    """The units of each line as chips, coloured by what they say at one layer. A click sets `selected`.

    Args:
        predictions: What to show; may be set again later.
        layer: The layer; default: the one that the sweep chose on dev, else the last.
        label: The label whose probability is the colour; default: the predicted label.
        colour: What the colour means: `"label"` (the default), `"probability"` (of `label`) or, of one label per unit,
            `"entropy"` (bits); of numbers only `"value"`.
        selected: The cell under inspection, (layer, unit index).
        sweep: Where the predictions come from; orders the legend by training frequency.
        layout: An `ipywidgets.Layout`.

    Raises:
        TypeError: A keyword that it does not know.
        WidgetError: No Predictions, or a layer or label that there is not.
    """

    _title = "Token strip"
    _esm, _css = linked(Path(__file__).with_name("view.js"))
    _lay = staticmethod(still.picture)

    def __init__(
        self,
        predictions: Predictions,
        *,
        layer: int | None = None,
        label: str | None = None,
        colour: str | None = None,
        selected: tuple[int, int] | None = None,
        sweep: Sweep | None = None,
        layout: Any = None,
        **unknown: Any,
    ) -> None:
        refuse_unknown(type(self), unknown)
        super().__init__(layout=layout)
        with self._or_closed():
            self._hold(checked(predictions, Predictions), sweep)
            self._start(layer=layer, label=label, colour=colour, selected=selected)

    @property
    def _most_pictured(self) -> int:
        return MOST_PICTURED
