"""Lines in their intervals, and names at their ends: what curves of any kind are drawn with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from probewidgets.values import Estimate

if TYPE_CHECKING:
    pass

__all__ = ["LEFT", "apart", "banded", "columns_of", "label_ends", "tidy"]

LEFT = 0.7
"""Where axes begin (inches): numbers below 0, with the name of what they are, have room beside them."""


def banded(
    axes: Axes, x: Sequence[float], estimates: Sequence[Estimate | None], colour: str, dash: str, marker: str
) -> float:
    """A line in its interval; where it ends."""
    value, low, high = columns_of(estimates)
    axes.fill_between(x, low, high, color=colour, alpha=0.15, lw=0)
    axes.plot(x, value, color=colour, ls=dash, marker=marker, ms=4, lw=1.8)
    return float(value[-1])


def tidy(axes: Axes) -> None:
    """A quiet grid, and no frame but the axes."""
    axes.grid(axis="y", color="#e2e4e9", lw=0.7)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def columns_of(estimates: Sequence[Estimate | None]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values, lower and upper ends; NaN where there is no estimate or no interval."""
    rows = [(e.value, e.low, e.high) if e else (np.nan,) * 3 for e in estimates]
    value, low, high = np.array(rows, dtype=float).T
    return value, low, high


def label_ends(axes: Axes, ends: Sequence[tuple[float, str, str]]) -> None:
    """The name of each line at its right end; names that would touch are spread, a thin line leads to each."""
    low, high = axes.get_ylim()
    ends = sorted(end for end in ends if np.isfinite(end[0]))
    heights = apart([value for value, _, _ in ends], (high - low) / 17, low, high)
    across = axes.get_yaxis_transform()
    for (value, name, colour), height in zip(ends, heights, strict=True):
        axes.plot([1.005, 1.05], [value, height], transform=across, color=colour, lw=0.7, clip_on=False)
        axes.text(1.06, height, name, transform=across, va="center", fontsize=8, color=colour)
    axes.set_ylim(low, high)


def apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Heights near those wanted (ascending), at least a gap apart: what would touch stands around its common middle."""
    groups: list[list[float]] = []

    def middle(group: list[float]) -> float:
        half = (len(group) - 1) * gap / 2
        return min(max(sum(group) / len(group), low + half), max(high - half, low + half))

    for value in wanted:
        groups.append([value])
        while len(groups) > 1:
            below, above = groups[-2:]
            if middle(below) + len(below) * gap / 2 <= middle(above) - len(above) * gap / 2:
                break
            groups[-2:] = [below + above]
    return [middle(group) + (i - (len(group) - 1) / 2) * gap for group in groups for i in range(len(group))]
