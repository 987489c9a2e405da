"""A grid of numbers that can be read off."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from probewidgets.errors import WidgetError
from probewidgets.figures.letters import SIZE, printable, short, text_width
from probewidgets.figures.paper import new_figure
from probewidgets.figures.sheet import MOST_UNITS

__all__ = ["number_grid"]


def number_grid(values: npt.ArrayLike, rows: Sequence[object], columns: Sequence[object], *, title: str = "") -> Figure:
    """Numbers as a heatmap that can be read off, e.g. layers x tokens of the norms of states; the last row on top.

    Args:
        values: (R, C) numbers; NaN stays empty.
        rows: (R,) names of the rows, from the bottom.
        columns: (C,) names of the columns.
        title: What the numbers are, with their unit.

    Raises:
        WidgetError: The names are not as many as the numbers, or there are none, or more than can be read.
    """
    grid = np.asarray(values, dtype=np.float64)
    if grid.shape != (len(rows), len(columns)) or not grid.size or len(columns) > MOST_UNITS:
        raise WidgetError(
            f"values must be (rows, columns) = ({len(rows)}, {len(columns)}), with 1 to {MOST_UNITS} columns, but came "
            f"with shape {grid.shape}."
        )
    names = [short(printable(str(name))) for name in columns]
    side = max(0.36, *(text_width(f"{value:.3g}") + 0.1 for value in grid.ravel()))
    left = max(text_width(str(name)) for name in rows) + 0.2
    tall = max(text_width(name) for name in names) * 0.75 + 0.25
    width, height = left + side * len(columns) + 0.1, tall + 0.26 * len(rows) + (0.35 if title else 0.05)
    figure = new_figure(max(width, text_width(title, bold=True) + 0.2), height)
    scaled = figure.get_figwidth()
    axes = figure.add_axes((left / scaled, 0.05 / height, side * len(columns) / scaled, 0.26 * len(rows) / height))
    axes.imshow(grid, aspect="auto", origin="lower", cmap="cividis", interpolation="none")
    spread = np.nanmax(grid) - np.nanmin(grid)
    for (r, c), value in np.ndenumerate(grid):
        if np.isfinite(value):
            dark = spread > 0 and (value - np.nanmin(grid)) / spread > 0.55
            axes.text(c, r, f"{value:.3g}", ha="center", va="center", fontsize=SIZE, color="black" if dark else "white")
    axes.set_yticks(range(len(rows)), [str(name) for name in rows], fontsize=SIZE)
    axes.xaxis.tick_top()
    axes.set_xticks(range(len(columns)), names, fontsize=SIZE, rotation=45, ha="left", rotation_mode="anchor")
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    if title:
        figure.text(0.1 / scaled, 1 - 0.06 / height, title, ha="left", va="top", fontsize=SIZE, fontweight="bold")
    return figure
