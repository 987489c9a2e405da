"""The confusion of a layer on paper: gold labels in rows, given ones in columns, the commonest in training first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from probewidgets.errors import WidgetError
from probewidgets.figures.letters import cut, short, text_width
from probewidgets.figures.sheet import EDGE, MARGIN, QUIET, Sheet, Width, title_of
from probewidgets.look import palette
from probewidgets.metrics.slices import folded, shares
from probewidgets.sweeps.results import Sweep

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["MOST_LABELS", "OTHER", "axis_of", "confusion", "lay_grid"]

MOST_LABELS = 64
"""Labels of a confusion that has rows of its own; the rarest in training are one row and one column."""
OTHER = "other labels"
"""What these are called."""
RIGHT, WRONG = "#5b6472", "#b3261e"
"""What cells are coloured in: those on the diagonal, and all others."""
_CELL, _LEAST, _LETTERS = 0.34, 0.07, 0.12
"""Side of a cell, where there is room and where there is little; and from which on letters stand beside it (inches)."""
_HEAD = 1.1
"""Room of the longest label (inches)."""


def confusion(sweep: Sweep, layer: int | None = None, *, width: Width = None) -> Figure:
    """How often each label (row) was given each label (column) on test; the colour is the share of the row.

    What is right is grey and what is wrong is red, by the root of its share, so that what is rare can be seen too.

    Args:
        sweep: A sweep of a task with one label per target.
        layer: The layer; default: the one that the sweep chose on dev.
        width: `"column"` (3.3 inches), `"page"` (6.8), or inches; default: what is needed, up to a page.

    Raises:
        WidgetError: No Sweep came, or no such width.
        ProbeError: There is no such layer, or the answers are not one label each.
    """
    if not isinstance(sweep, Sweep):
        raise WidgetError(f"confusion takes a Sweep, but {type(sweep).__name__} came.")
    layer = sweep.best.layer if layer is None else layer
    table, title = sweep.confusion(layer), title_of(sweep, f"layer {layer}, gold in rows, given in columns", layer)
    return lay_grid(sweep.label_names, table.to_numpy(), axis_of(sweep), title, width).figure()


def axis_of(sweep: Sweep) -> list[int]:
    """Places of the labels that have a row of their own, the commonest in training first."""
    order: list[int] = palette.encode_labels(sweep.label_names, sweep)["order"]
    return order[:MOST_LABELS]


def lay_grid(
    classes: Sequence[str],
    counts: npt.NDArray[np.integer[Any]],
    kept: Sequence[int],
    title: str,
    width: Width = None,
    mark: tuple[Any, Any] | None = None,
) -> Sheet:
    """Counts of classes as a sheet, which has a small picture too.

    Args:
        classes: (G,) what they are called.
        counts: (G, G) how often each (row) was given each (column).
        kept: Places of those that have a row of their own, in their order.
        title: What is drawn.
        width: See `confusion`.
        mark: A cell that is marked, two classes; either may be None for a whole row or column.
    """
    counts = folded(counts, kept)
    names = [short(classes[k], 30) for k in kept] + [OTHER] * (len(counts) - len(kept))
    sheet = Sheet(width)
    room = min(_HEAD, max(text_width(name) for name in names)) + 0.06
    numbers = max(text_width(f"{count:,}") for count in counts.sum(1)) + 0.1
    cell = min(_CELL, max(_LEAST, (sheet.limit - MARGIN - room - numbers) / len(names)))
    side = min(cell, 0.2) if cell > 0.15 else cell
    top = sheet.title(title) + room
    left = MARGIN + room + numbers
    _heads(sheet, names, counts, (left, top), (cell, side), room)
    row_share, _ = shares(counts)
    for i, j in np.ndindex(*counts.shape):
        x, y, share = left + j * cell, top + i * side, float(np.nan_to_num(row_share[i, j]))
        fill = palette.fade(RIGHT, "#ffffff", 0.6 * share) if i == j else palette.fade(WRONG, "#ffffff", share**0.5)
        if counts[i, j]:
            sheet.box(x, y, cell - 0.01, side - 0.01, fill=fill)
            _number(sheet, counts[i, j], x, y, (cell, side), fill)
    size = len(names)
    sheet.box(left - 0.01, top - 0.01, size * cell + 0.01, size * side + 0.01, edge=EDGE, line=0.5)
    if mark is not None:
        _mark(sheet, mark, [classes[k] for k in kept], (left, top, cell, side, size))
    return sheet.finish(top + size * side + MARGIN)


def _heads(
    sheet: Sheet,
    names: Sequence[str],
    counts: npt.NDArray[np.int64],
    corner: tuple[float, float],
    cell: tuple[float, float],
    room: float,
) -> None:
    """The labels beside the rows, with their targets, and over the columns; in little room only some."""
    (left, top), (width, height) = corner, cell
    sheet.text(left - 0.05, top - 0.08, "targets", "right", color=QUIET)
    every = max(1, int(np.ceil(_LETTERS / height)))
    for i in range(0, len(names), every):
        y = top + (i + 0.5) * height
        sheet.text(MARGIN, y, cut(names[i], room - 0.06), "left")
        sheet.text(left - 0.05, y, f"{counts[i].sum():,}", "right", color=QUIET)
    for j in range(0, len(names), max(1, int(np.ceil(_LETTERS / width)))):
        sheet.text(left + (j + 0.5) * width, top - 0.04, cut(names[j], room - 0.06), upright=True)


def _number(sheet: Sheet, count: int, x: float, y: float, cell: tuple[float, float], fill: str) -> None:
    """How often, where the cell has room for it."""
    text, (width, height) = f"{count:,}", cell
    if height > _LETTERS and text_width(text) < width - 0.02:
        sheet.text(x + width / 2, y + height / 2, text, color=palette.ink_on(fill))


def _mark(
    sheet: Sheet, mark: tuple[Any, Any], names: Sequence[str], at: tuple[float, float, float, float, int]
) -> None:
    """A frame around the cell, the row or the column that is chosen; none around what has no row of its own."""
    left, top, width, height, size = at
    places = [None if name is None else names.index(name) if name in names else -1 for name in mark]
    if -1 in places:
        return
    (row, column), edge = places, {"edge": palette.DARK_INK, "line": 1.4}
    x, across = (left, size) if column is None else (left + column * width, 1)
    y, down = (top, size) if row is None else (top + row * height, 1)
    sheet.box(x - 0.01, y - 0.01, across * width + 0.01, down * height + 0.01, **edge)
