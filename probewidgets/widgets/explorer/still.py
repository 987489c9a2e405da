"""The explorer without a page: the heatmap's picture and its table, and its lines of text."""

from __future__ import annotations

from probewidgets.figures.heatmap import lay_heatmap as picture
from probewidgets.values import Predictions
from probewidgets.widgets.reading.still import predictions_html as table
from probewidgets.widgets.reading.still import predictions_text

__all__ = ["picture", "table", "text"]


def text(name: str, predictions: Predictions | None, layer: int | None) -> str:
    """Which explorer it is, and one line per unit at the active layer."""
    return f"{name}\n{predictions_text(predictions, layer)}"
