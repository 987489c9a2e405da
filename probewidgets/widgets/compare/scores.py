"""Scores: those of all predictors on one axis, and how far each is above the one compared to, as a page draws them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from probewidgets.look.visible import visible
from probewidgets.values.scale import digits
from probewidgets.widgets.compare.board import Board, Margins
from probewidgets.widgets.reading.payload import as_triple, interval

__all__ = ["encode_scores"]

Points: TypeAlias = "Sequence[list[float | None] | None]"
"""(R,) a value with its interval on each row, or nothing."""

_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
_MOST_STEPS = 6
_MARGIN = 0.06
"""Of the span of an axis, on both sides."""


def encode_scores(board: Board, margins: Margins) -> dict[str, Any] | None:
    """The scores of all predictors that share a metric, row by row, and how far they are above the one compared to.

    Returns:
        `axis` and `lines` of the scores; `rises`, of each predictor the same of what its scores are above, or None;
        `told` and `notes`, of each what its scores are on each row, and what their difference is. None without scores.
    """
    places = board.scored
    if not places:
        return None
    sweep = board.seen[places[0]].sweep
    points = {place: [as_triple(board.score(place, row)) for row in range(len(board.rows))] for place in places}
    apart = {place: _apart(board, margins, place) for place in places if place != board.against and not board.pair}
    everyone = range(len(board.seen))
    return {
        "metric": "" if sweep is None else sweep.metric_name,
        **_drawn(points, False),
        "rises": [_drawn({at: apart[at]}, True) if any(apart.get(at, ())) else None for at in everyone],
        "told": [list(_told(board, points[at], apart.get(at))) if at in points else None for at in everyone],
        "notes": [margins.note(at, board.against) if any(apart.get(at, ())) else "" for at in everyone],
    }


def _apart(board: Board, margins: Margins, place: int) -> Points:
    """How far the scores of one predictor are above those on the same rows of the one compared to."""
    against = board.against
    return [as_triple(margins.margin(place, row[place], against, row[against])) for row in board.rows]


def _told(board: Board, points: Points, apart: Points | None) -> Iterator[str]:
    """`"0.941 [0.930, 0.952]; +0.012 [0.003, 0.020] against layer 3 of small"`."""
    name = visible(board.seen[board.against].name)
    for row, score, margin in zip(board.rows, points, apart or [None] * len(points), strict=True):
        parts = [interval(score)] if score else []
        if margin:
            sign = "+" if (margin[0] or 0) > 0 else ""
            parts.append(f"{sign}{interval(margin)} against layer {row[board.against]} of {name}")
        yield "; ".join(parts)


def _drawn(points: Mapping[int, Points], zero: bool) -> dict[str, Any]:
    """Some predictors' values by row, with the axis that they share."""
    lines = [{"panel": at, "points": list(each), "curve": _between(each)} for at, each in points.items()]
    return {"axis": _axis(points.values(), zero), "lines": lines}


def _between(points: Points) -> list[float | None]:
    """(R,) the values; on rows without one, of the straight line between its neighbours; None beyond the ends."""
    rows = [row for row, point in enumerate(points) if point]
    values = [point[0] for point in points if point]
    if not rows:
        return [None] * len(points)
    between = np.interp(range(len(points)), rows, np.array(values, float))
    return [float(value) if rows[0] <= row <= rows[-1] else None for row, value in enumerate(between)]


def _axis(lines: Iterable[Points], zero: bool) -> dict[str, Any]:
    """Round ends around all values and their intervals; of differences also around zero.

    R² knows no lower end: what is below -1 is cut off, and so are differences beyond 1.
    """
    values = [value for points in lines for point in points if point for value in point if value is not None]
    values = [min(max(value, -1.0), 1.0) for value in [*values, *([0.0] if zero else [])]] or [0.0, 1.0]
    least, most = min(values), max(values)
    every = next((step for step in _STEPS if (most - least) / step <= _MOST_STEPS), 1.0)
    first = math.floor(least / every + 1e-6)
    last = max(math.ceil(most / every - 1e-6), first + 1)
    rules = [round(step * every, 9) for step in range(first, last + 1)]
    low, high = rules[0], rules[-1]
    left, width = low - _MARGIN * (high - low), (1 + 2 * _MARGIN) * (high - low)
    named = sorted({low, 0.0, high} if zero else {low, high})
    names = [[100 * (value - left) / width, digits(value, 2 if every < 0.1 else 1)] for value in named]
    return {"left": left, "width": width, "rules": rules, "zero": zero, "names": names}
