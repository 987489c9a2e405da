"""A dependency tree as arcs over the words of a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from probewidgets.errors import WidgetError, clipped
from probewidgets.figures.sheet import ACCURACY, CONTROL, MOST_UNITS, QUIET, Sheet, short, text_width

__all__ = ["tree"]

LEFT = 0.75
"""Where the first word begins (inches)."""


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
    sheet = Sheet()
    y = sheet.title(title) if title else 0.1
    shown = [short(word) for word in words]
    widths = [max(0.34, text_width(word, 10)) + 0.16 for word in shown]
    middles = LEFT + np.cumsum([0.0, *widths[:-1]]) + np.array(widths) / 2
    right = None if below is None else {tuple(sorted(edge)) for edge in below.edges}
    top = y + _height(above)
    _draw(sheet, above, middles, top, -1, right)
    for x, word in zip(middles, shown, strict=True):
        sheet.text(x, top + 0.13, word, 10)
    y = top + 0.26
    if below is not None:
        sheet.text(0.1, top - 0.1, "read off", 8, ha="left", color=QUIET)
        sheet.text(0.1, y + 0.1, "gold", 8, ha="left", color=QUIET)
        _draw(sheet, below, middles, y, 1, None)
        right_edges = sum(tuple(sorted(edge)) in (right or ()) for edge in above.edges)
        y += _height(below) + 0.06
        told = f"{right_edges} of {len(below.edges)} gold edges are found; dashed: not in the gold tree"
        sheet.text(0.1, y + 0.08, told, 8, ha="left", color=QUIET)
        y += 0.2
    return sheet.finish(y + 0.06)


def _rise(level: int) -> float:
    """How far an arc is from the words (inches)."""
    return 0.1 + 0.17 * level


def _height(arcs: _Arcs) -> float:
    return max(_rise(max(arcs.levels.values(), default=0)), 0.42 if arcs.roots else 0.0) + 0.06


def _draw(
    sheet: Sheet, arcs: _Arcs, middles: npt.NDArray[np.floating], y: float, way: int, right: set[tuple[int, ...]] | None
) -> None:
    """Arcs away from y: up (-1) or down (1)."""
    for edge, level in arcs.levels.items():
        sound = right is None or tuple(sorted(edge)) in right
        colour = ACCURACY if sound else CONTROL
        head, word = middles[list(edge)]
        towards = np.sign(word - head) * 0.06
        ends, far = (head + towards, word - towards), y + way * _rise(level) * 4 / 3
        path = Path([(ends[0], y), (ends[0], far), (ends[1], far), (ends[1], y)], [1, 4, 4, 4])
        sheet.add(PathPatch(path, fill=False, ec=colour, lw=1.3, ls="-" if sound else (0, (3, 2))))
        if arcs.directed:
            sheet.axes.plot([ends[1]], [y + way * 0.035], marker="v" if way < 0 else "^", ms=4, color=colour, mew=0)
    for root in arcs.roots:
        x = middles[root]
        sheet.axes.plot([x, x], [y, y + way * 0.3], color=QUIET, lw=1)
        sheet.text(x, y + way * 0.37, "root", 7, color=QUIET)
