"""The strip without a page: its picture, its table and its lines of text."""

from __future__ import annotations

from typing import Any

from probewidgets.values import Predictions
from probewidgets.widgets.reading.still import beginning, within
from probewidgets.widgets.reading.still import predictions_html as table
from probewidgets.widgets.reading.still import predictions_text as text

__all__ = ["picture", "table", "text"]


def picture(
    predictions: Predictions, layer: int | None, *, selected: tuple[int, int] | None = None, **colours: Any
) -> bytes:
    """The first words as a small PNG."""
    from probewidgets import figures

    shown = beginning(predictions)
    return figures.small_png(figures.token_strip(shown, layer, selected=within(shown, selected), **colours))
