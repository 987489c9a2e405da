"""Lines in their intervals, and names at their ends: what curves of any kind are drawn with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from probewidgets.figures.letters import SIZE, cut, printable, wrapped
from probewidgets.values import Estimate

__all__ = ["LEFT", "RIGHT", "apart", "banded", "columns_of", "label_ends", "tidy", "titled"]

LINE = 0.14
"""From one line of letters to the next (inches)."""
LEFT = 0.7
"""Where axes begin (inches): numbers below 0, with the name of what they are, have room beside them."""
RIGHT = 1.15
"""Room for the names of lines, beside their ends (inches)."""


def banded(
    axes: Axes, x: Sequence[float], estimates: Sequence[Estimate | None], colour: str, dash: str, marker: str
) -> float:
    """A line in its interval, the only value in a piece of a band; where it ends."""
    value, low, high = columns_of(estimates)
    axes.fill_between(x, low, high, color=colour, alpha=0.15, lw=0)
    if np.isfinite(value).sum() == 1:  # a band of one value has no width
        axes.vlines(x, low, high, color=colour, alpha=0.15, lw=14)
    axes.plot(x, value, color=colour, ls=dash, marker=marker, ms=4, lw=1.8)
    return float(value[-1])


def tidy(axes: Axes) -> None:
    """A quiet grid, no frame but the axes, and letters of one size."""
    axes.tick_params(labelsize=SIZE)
    for label in (axes.xaxis.label, axes.yaxis.label):
        label.set_fontsize(SIZE)
    axes.grid(axis="y", color="#e2e4e9", lw=0.7)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def titled(axes: Axes, text: str, pad: float = 6.0) -> None:
    """A title above the left end of axes, so many pt above them, in two lines where one is too short."""
    width = (axes.figure.bbox.width - axes.bbox.x0) / axes.figure.dpi - 0.1
    first, *rest = wrapped(text, width)
    lines = [first, cut(" ".join(rest), width)] if rest else [first]
    axes.set_title(printable("\n".join(lines)), fontsize=SIZE, loc="left", parse_math=False, pad=pad)


def columns_of(estimates: Sequence[Estimate | None]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values, lower and upper ends; NaN where there is no estimate or no interval."""
    rows = [(e.value, e.low, e.high) if e else (np.nan,) * 3 for e in estimates]
    value, low, high = np.array(rows, dtype=float).T
    return value, low, high


def label_ends(axes: Axes, ends: Sequence[tuple[float, str, str]]) -> None:
    """The name of each line at its right end; names that would touch are spread, a thin line leads to each."""
    low, high = axes.get_ylim()
    ends = sorted(end for end in ends if np.isfinite(end[0]))
    tall = axes.bbox.height / axes.figure.dpi
    heights = apart([value for value, _, _ in ends], (high - low) * LINE / tall, low, high)
    across, inch = axes.get_yaxis_transform(), axes.figure.dpi / axes.bbox.width
    for (value, name, colour), height in zip(ends, heights, strict=True):
        lead = [1 + 0.02 * inch, 1 + 0.2 * inch]
        axes.plot(lead, [value, height], transform=across, color=colour, lw=0.7, clip_on=False)
        axes.text(1 + 0.24 * inch, height, name, transform=across, va="center", fontsize=SIZE, color=colour)
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
