"""LayerCurve: accuracy by layer with its interval, the control, selectivity, the random model and the baselines."""

from __future__ import annotations

from typing import Any

from probewidgets.sweeps.results import Sweep
from probewidgets.widgets import static
from probewidgets.widgets.base import ProbeWidget, checked, join
from probewidgets.widgets.traits import refuse_unknown

__all__ = ["LayerCurve"]


class LayerCurve(ProbeWidget):
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
    _esm = join(".js", "kit", "kit_scene", "kit_store", "draw_curve", "layer_curve")
    _css = join(".css", "kit", "layer_curve")

    def __init__(self, sweep: Sweep, *, layer: int | None = None, layout: Any = None, **unknown: Any) -> None:
        refuse_unknown(type(self), unknown)
        super().__init__(layout=layout)
        with self._or_closed():
            self._hold(None, checked(sweep, Sweep))
            self._start(layer=layer)

    def _picture(self) -> bytes | None:
        from probewidgets.figures import layer_curve, small_png

        return small_png(layer_curve(self._sweep_shown))

    def _tables(self) -> str:
        return static.curve_html(self._sweep_shown, self.layer)

    def _plain(self) -> str:
        return static.curve_text(self._sweep_shown)

    @property
    def _sweep_shown(self) -> Sweep:
        assert self.sweep is not None  # checked when the widget was made
        return self.sweep

    def __repr__(self) -> str:
        return f"LayerCurve(layer {self.layer} of {self.sweep!r})"
