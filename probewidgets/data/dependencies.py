"""Trees over words, from their heads: depths, distances, and the tree that spans a matrix of distances."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from probewidgets.errors import DataError
from probewidgets.machine.arrays import Ints

__all__ = ["check_heads", "depths", "distances", "rooted", "spanning_tree"]


def check_heads(heads: Sequence[int | None], where: str = "the sentence") -> list[int]:
    """(n,) heads as they stand in CoNLL-U: 1-based, 0 for the root.

    Raises:
        DataError: A word has no head, a head is no word of the sentence, there is not exactly one root, or the heads go
            round in a circle.
    """
    n = len(heads)
    for word, head in enumerate(heads, start=1):
        if head is None:
            raise DataError(f"In {where}, word {word} has no head: a tree needs one for each word, 0 for the root.")
        if not 0 <= head <= n or head == word:
            raise DataError(f"In {where}, the head of word {word} is {head}, expected another of its {n} words, or 0.")
    checked = [int(head) for head in heads if head is not None]
    roots = checked.count(0)
    if roots != 1:
        raise DataError(f"{where} has {roots} roots (words with head 0): a tree has one.")
    for word in range(1, n + 1):
        seen, at = {word}, checked[word - 1]
        while at:
            if at in seen:
                raise DataError(f"In {where}, the heads from word {word} on go round in a circle, by word {at}.")
            seen.add(at)
            at = checked[at - 1]
    return checked


def depths(heads: Sequence[int]) -> Ints:
    """(n,) steps from each word up to the root, whose depth is 0. For heads that are checked."""
    depth_of = np.full(len(heads), -1, dtype=np.int64)
    for word in range(len(heads)):
        path = []
        at = word
        while at >= 0 and depth_of[at] < 0:
            path.append(at)
            at = heads[at] - 1
        above = depth_of[at] if at >= 0 else -1
        for step, member in enumerate(reversed(path), start=1):
            depth_of[member] = above + step
    return depth_of


def distances(heads: Sequence[int]) -> Ints:
    """(n, n) edges between every two words of a tree. For heads that are checked."""
    n = len(heads)
    between = np.zeros((n, n), dtype=np.int64)
    order = np.argsort(depths(heads), kind="stable")
    for place, word in enumerate(order):
        if heads[word]:
            above = order[:place]  # all words whose distances from this one's head are known
            between[word, above] = between[above, word] = between[heads[word] - 1, above] + 1
    return between


def spanning_tree(matrix: npt.NDArray[Any]) -> Ints:
    """(n - 1, 2) edges of the tree that spans n words with the least total distance, each the lower index first.

    Ties fall to the pair that stands first. scipy's own tree takes a distance of 0, which two equal words have, for no
    edge, and lets ties fall as its sort does; made safe from both it is no quicker on sentences.

    Source: Prim 1957, "Shortest connection networks and some generalizations".
    """
    n = len(matrix)
    edges = []
    cheapest, through = np.array(matrix[0], dtype=np.float64) if n else np.zeros(0), np.zeros(n, dtype=np.int64)
    outside = np.ones(n, dtype=bool)
    if n:
        outside[0] = False
    while outside.any():
        new = int(np.flatnonzero(outside)[np.argmin(cheapest[outside])])
        edges.append(sorted((int(through[new]), new)))
        outside[new] = False
        closer = outside & (matrix[new] < cheapest)
        cheapest[closer], through[closer] = matrix[new][closer], new
    return np.array(sorted(edges), dtype=np.int64).reshape(-1, 2)


def rooted(edges: npt.NDArray[np.int64], root: int) -> tuple[int, ...]:
    """Heads (1-based, 0 for the root) of the words of an undirected tree, from the word that is to be the root."""
    heads = [0] * (len(edges) + 1)
    beside: dict[int, list[int]] = {word: [] for word in range(len(heads))}
    for first, second in edges.tolist():
        beside[first].append(second)
        beside[second].append(first)
    todo, seen = [root], {root}
    while todo:
        word = todo.pop()
        for other in beside[word]:
            if other not in seen:
                seen.add(other)
                heads[other] = word + 1
                todo.append(other)
    return tuple(heads)
