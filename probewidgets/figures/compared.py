"""Several grids of layers and words under each other, each with a heading: predictors that are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from probewidgets.figures.heatmap import lay_heatmap
from probewidgets.figures.marks import Line, Mark
from probewidgets.figures.paint import Shown
from probewidgets.figures.sheet import MARGIN, QUIET, Sheet, Width

__all__ = ["lay_compared"]

HEADING = 0.2
"""Height of a heading (inches)."""


def lay_compared(panels: Sequence[tuple[str, Shown]], width: Width = None) -> Sheet:
    """Headings and what is shown under each, as one sheet.

    Args:
        panels: (heading, what is shown) of each, from the top down.
        width: See `Width`.

    Raises:
        WidgetError: That is no width.
    """
    sheet, y = Sheet(width), MARGIN
    for heading, shown in panels:
        sheet.text(MARGIN, y + HEADING / 2, sheet.fitted(MARGIN, heading), "left", bold=True, color=QUIET)
        part = lay_heatmap(shown, width)
        sheet.marks += [_lowered(mark, y + HEADING) for mark in part.marks]
        sheet.right = max(sheet.right, part.right)
        y += HEADING + part.height
    return sheet.finish(y)


def _lowered(mark: Mark, by: float) -> Mark:
    """A mark so many inches further down."""
    if isinstance(mark, Line):
        return replace(mark, points=tuple((x, y + by) for x, y in mark.points))
    return replace(mark, y=mark.y + by)
