"""The strip without a page: its picture, its table and its lines of text."""

from __future__ import annotations

from probewidgets.figures.strip import lay_strip as picture
from probewidgets.widgets.reading.still import predictions_html as table
from probewidgets.widgets.reading.still import predictions_text as text

__all__ = ["picture", "table", "text"]
