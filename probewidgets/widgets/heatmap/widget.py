"""LayerHeatmap: layers x words, coloured by what each layer's probe says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from probewidgets.sweeps.results import Sweep
from probewidgets.values import Predictions
from probewidgets.widgets.heatmap import still
from probewidgets.widgets.kit.checks import checked, refuse_unknown
from probewidgets.widgets.kit.linker import linked
from probewidgets.widgets.reading.widget import ReadingWidget

__all__ = ["LayerHeatmap"]


class LayerHeatmap(ReadingWidget):
    """Layers x units, the deepest layer on top. A click on a cell sets `selected`, on a row header `layer`.

    Args:
        predictions: What to show; may be set again later.
        layer: The active layer; default: the one that the sweep chose on dev, else the last.
        layers: The layers shown; default: all.
        label: The label whose probability is the colour; default: the predicted label.
        colour: What the colour means: `"label"` (the default), `"probability"` (of `label`) or, of one label per unit,
            `"entropy"` (bits); of numbers only `"value"`.
        selected: The cell under inspection, (layer, unit index).
        sweep: Where the predictions come from; gives the rows their test accuracy.
        layout: An `ipywidgets.Layout`.

    Raises:
        TypeError: A keyword that it does not know.
        WidgetError: No Predictions, or a layer or label that there is not.
    """

    _title = "Layer heatmap"
    _esm, _css = linked(Path(__file__).with_name("view.js"))
    _lay = staticmethod(still.picture)

    def __init__(
        self,
        predictions: Predictions,
        *,
        layer: int | None = None,
        layers: Any = None,
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
            self._start(layer=layer, layers=layers, label=label, colour=colour, selected=selected)
