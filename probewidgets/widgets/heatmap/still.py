"""The heatmap without a page: its picture, its table and its lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from probewidgets.values import Predictions
from probewidgets.widgets.reading.still import MOST_PICTURED, beginning, within
from probewidgets.widgets.reading.still import predictions_html as table
from probewidgets.widgets.reading.still import predictions_text as text

__all__ = ["picture", "table", "text"]

MOST_CELLS = 210
"""Cells in the picture that a saved notebook shows."""


def picture(
    predictions: Predictions,
    layer: int | None,
    *,
    layers: Sequence[int],
    selected: tuple[int, int] | None = None,
    **colours: Any,
) -> bytes:
    """The first words at all layers as a small PNG."""
    from probewidgets import figures

    shown = beginning(predictions, min(MOST_PICTURED, max(10, MOST_CELLS // len(layers))))
    selected = within(shown, selected)
    return figures.small_png(figures.layer_heatmap(shown, layer=layer, layers=layers, selected=selected, **colours))
