"""A dependency tree as arcs over the words of a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from probewidgets.errors import WidgetError, clipped
from probewidgets.figures.letters import short, text_width, wrapped
from probewidgets.figures.sheet import ACCURACY, CONTROL, MARGIN, MOST_UNITS, QUIET, Sheet

__all__ = ["tree"]

LEFT = 0.65
"""Where the first word begins (inches)."""
LEAST = 3.3
"""Width of a tree of few words (inches)."""


@dataclass(frozen=True)
class _Arcs:
    """The edges of one tree."""

    edges: tuple[tuple[int, int], ...]
    """Two words each, (head, dependent) where that is known."""
    roots: tuple[int, ...]
    directed: bool

    @classmethod
    def of(cls, name: str, given: npt.ArrayLike, n: int) -> _Arcs:
        """From (n,) heads, 1-based and 0 for the root, or from (E, 2) pairs of words, 0-based."""
        array = np.asarray(given)
        heads = array.shape == (n,)
        pairs = array.ndim == 2 and array.shape[1] == 2
        whole = np.issubdtype(array.dtype, np.integer)
        if not (heads or pairs) or not whole or array.min(initial=0) < 0 or array.max(initial=0) > n - pairs:
            raise WidgetError(
                f"{name} must be the head of each of the {n} words, 1 to {n} and 0 for the root, or pairs of words, "
                f"0 to {n - 1}, but came with shape {array.shape}: {clipped(array.tolist())}."
            )
        if pairs:
            return cls(tuple((int(a), int(b)) for a, b in array), (), False)
        edges = tuple((int(head) - 1, word) for word, head in enumerate(array) if head)
        return cls(edges, tuple(np.flatnonzero(array == 0).tolist()), True)

    @property
    def levels(self) -> dict[tuple[int, int], int]:
        """How high each edge is drawn: above those between its words."""
        heights: dict[tuple[int, int], int] = {}
        for edge in sorted(self.edges, key=lambda edge: abs(edge[0] - edge[1])):
            low, high = sorted(edge)
            inside = [level for other, level in heights.items() if low <= min(other) and max(other) <= high]
            heights[edge] = 1 + max(inside, default=0)
        return heights


def tree(words: Sequence[str], heads: npt.ArrayLike, gold: npt.ArrayLike | None = None, *, title: str = "") -> Figure:
    """Dependency edges as arcs above the words; those of the gold tree below, and which of the upper ones it has.

    Args:
        words: (n,) the words, in order.
        heads: (n,) the head of each word, 1-based, 0 for the root, as `FittedStructural.heads` gives them (the
            places that `FittedBilinear.predict` gives are 0-based: add 1); or (E, 2) pairs of words, 0-based, which
            have no direction.
        gold: The gold tree, in either form.
        title: What is shown.

    Raises:
        WidgetError: No word, or more than can be read; heads that are none.
    """
    if not 0 < len(words) <= MOST_UNITS:
        raise WidgetError(f"A tree has 1 to {MOST_UNITS} words, but {len(words)} came.")
    above = _Arcs.of("heads", heads, len(words))
    below = None if gold is None else _Arcs.of("gold", gold, len(words))
    sheet = Sheet(max(LEAST, LEFT + sum(_widths(words)) + MARGIN))
    y = sheet.title(title) if title else 0.1
    widths = _widths(words)
    middles = LEFT + np.cumsum([0.0, *widths[:-1]]) + np.array(widths) / 2
    right = None if below is None else {tuple(sorted(edge)) for edge in below.edges}
    top = y + _height(above)
    for x, word in zip(middles, words, strict=True):
        sheet.text(x, top + 0.11, short(word), serif=True)
    y = top + 0.22
    drawn = [(above, top, -1, right)]
    if below is not None:
        sheet.text(MARGIN, top - 0.1, "read off", "left", color=QUIET)
        sheet.text(MARGIN, y + 0.1, "gold", "left", color=QUIET)
        drawn.append((below, y, 1, None))
        right_edges = sum(tuple(sorted(edge)) in (right or ()) for edge in above.edges)
        y += _height(below) + 0.06
        told = f"{right_edges} of {len(below.edges)} gold edges are found; dashed: not in the gold tree"
        y = _told(sheet, told, y)
    for arcs, place, way, _ in drawn:
        for root in arcs.roots:
            sheet.line([(middles[root], place), (middles[root], place + way * 0.3)], QUIET, 1.0)
            sheet.text(middles[root], place + way * 0.37, "root", color=QUIET)
    figure = sheet.finish(y + 0.04).figure()
    for arcs, place, way, gold_edges in drawn:
        _draw(figure.axes[0], arcs, middles, place, way, gold_edges)
    return figure


def _widths(words: Sequence[str]) -> list[float]:
    """Of each word with the room around it (inches)."""
    return [max(0.34, text_width(short(word), serif=True)) + 0.14 for word in words]


def _told(sheet: Sheet, text: str, y: float) -> float:
    """Lines of text; where the next thing may begin."""
    for line in wrapped(text, sheet.limit - MARGIN):
        sheet.text(MARGIN, y + 0.08, line, "left", color=QUIET)
        y += 0.16
    return y


def _rise(level: int) -> float:
    """How far an arc is from the words (inches)."""
    return 0.1 + 0.17 * level


def _height(arcs: _Arcs) -> float:
    return max(_rise(max(arcs.levels.values(), default=0)), 0.42 if arcs.roots else 0.0) + 0.06


def _draw(
    axes: Axes, arcs: _Arcs, middles: npt.NDArray[np.floating], y: float, way: int, right: set[tuple[int, ...]] | None
) -> None:
    """Arcs away from y: up (-1) or down (1)."""
    for edge, level in arcs.levels.items():
        sound = right is None or tuple(sorted(edge)) in right
        colour = ACCURACY if sound else CONTROL
        head, word = middles[list(edge)]
        towards = np.sign(word - head) * 0.06
        ends, far = (head + towards, word - towards), y + way * _rise(level) * 4 / 3
        path = Path([(ends[0], y), (ends[0], far), (ends[1], far), (ends[1], y)], [1, 4, 4, 4])
        axes.add_artist(PathPatch(path, fill=False, ec=colour, lw=1.3, ls="-" if sound else (0, (3, 2))))
        if arcs.directed:
            axes.plot([ends[1]], [y + way * 0.035], marker="v" if way < 0 else "^", ms=4, color=colour, mew=0)
