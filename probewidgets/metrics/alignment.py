"""Alignment: which word of one sentence answers which of another, and which layer of one model which of another's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["align_layers", "align_words", "placed"]

Pairs = list[tuple[int | None, int | None]]

MOST_CELLS = 250_000
"""Words of one times words of the other that are compared; longer texts are aligned at their common ends only."""
_TIE = 1e-3
"""What decides among alignments with as many changes: how much of the letters of two words differ."""


def align_words(first: Sequence[str], second: Sequence[str]) -> Pairs:
    """The alignment of two sentences with the fewest changes: words put in, taken out, or put for one another.

    Among several such, words stand opposite to those that share their beginning or end with them: `key` and `keys`.

    Args:
        first: (n,) words.
        second: (m,) words.

    Returns:
        Pairs of places, in reading order, each place once; None opposite to a word that the other one does not have.

    Source: Wagner and Fischer 1974, "The String-to-String Correction Problem".
    """
    front = _alike(first, second)
    back = _alike(first[front:][::-1], second[front:][::-1])
    inner = _changed(first[front : len(first) - back], second[front : len(second) - back])
    pairs: Pairs = [(at, at) for at in range(front)]
    pairs += [(None if i is None else front + i, None if j is None else front + j) for i, j in inner]
    return pairs + [(len(first) - at, len(second) - at) for at in range(back, 0, -1)]


def _changed(first: Sequence[str], second: Sequence[str]) -> Pairs:
    """The same of what lies between the common ends."""
    n, m = len(first), len(second)
    if n * m > MOST_CELLS:
        return [(i, None) for i in range(n)] + [(None, j) for j in range(m)]
    cost = np.zeros((n + 1, m + 1))
    cost[:, 0], cost[0] = np.arange(n + 1), np.arange(m + 1)
    swap = [[_difference(a, b) for b in second] for a in first]
    for i in range(1, n + 1):
        above, here = cost[i - 1].tolist(), float(i)
        row = [here]
        for j in range(1, m + 1):
            here = min(above[j] + 1, here + 1, above[j - 1] + swap[i - 1][j - 1])
            row.append(here)
        cost[i] = row
    pairs: Pairs = []
    i, j = n, m
    while i or j:
        if i and j and cost[i, j] == cost[i - 1, j - 1] + swap[i - 1][j - 1]:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif i and cost[i, j] == cost[i - 1, j] + 1:
            i -= 1
            pairs.append((i, None))
        else:
            j -= 1
            pairs.append((None, j))
    return pairs[::-1]


def _difference(first: str, second: str) -> float:
    """0 of equal words; of others 1, and a little more the fewer letters they share at both ends."""
    if first == second:
        return 0.0
    a, b = first.casefold(), second.casefold()
    front = _alike(a, b)
    back = _alike(a[front:][::-1], b[front:][::-1])
    return 1 + _TIE * (1 - (front + back) / max(len(a), len(b), 1))


def _alike(first: Sequence[str], second: Sequence[str]) -> int:
    """How many of the first items are the same."""
    shorter = min(len(first), len(second))
    return next((at for at in range(shorter) if first[at] != second[at]), shorter)


def align_layers(depths: Sequence[Sequence[float]]) -> list[tuple[int | None, ...]]:
    """Rows on which the layers of several models stand side by side, the lowest first.

    The rows are the layers of the model that has the most. Those of any other stand where the depths differ least, in
    their order, each on a row of its own.

    Args:
        depths: Of each of P models (L,) how deep its layers lie, ascending, of any unit that the models share.

    Returns:
        (R, P) the place of the layer on each row among those of its model; None where it has none there.
    """
    most = max(depths, key=len, default=())
    columns: list[list[int | None]] = []
    for each in depths:
        column: list[int | None] = [None] * len(most)
        for at, row in enumerate(placed(each, most)):
            column[row] = at
        columns.append(column)
    return list(zip(*columns, strict=True))


def placed(values: npt.ArrayLike, rows: npt.ArrayLike) -> list[int]:
    """(k,) ascending values -> a row for each, ascending, so that the differences sum to the least; k <= rows.

    Args:
        values: (k,) ascending.
        rows: (R,) what each row stands for, ascending.

    Raises:
        ValueError: There are more values than rows.
    """
    x, y = np.asarray(values, float), np.asarray(rows, float)
    if len(x) > len(y):
        raise ValueError(f"{len(x)} values are to stand on rows of their own, but there are {len(y)} rows.")
    best = np.zeros(len(y) + 1)  # of the values so far, on the first rows: the least sum
    last = np.zeros((len(x), len(y)), bool)  # whether the value stands on the last of those rows
    for at, value in enumerate(x):
        after = np.full(len(y) + 1, np.inf)
        for row in range(at, len(y)):
            here = best[row] + abs(value - y[row])
            last[at, row] = here < after[row]
            after[row + 1] = min(here, after[row])
        best = after
    chosen: list[int] = []
    row = len(y) - 1
    for at in range(len(x) - 1, -1, -1):
        while not last[at, row]:
            row -= 1
        chosen.append(row)
        row -= 1
    return chosen[::-1]
