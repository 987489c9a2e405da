from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.csgraph import minimum_spanning_tree, shortest_path

from probewidgets.data.dependencies import check_heads, depths, distances, rooted, spanning_tree
from probewidgets.errors import DataError


@st.composite
def trees(draw: st.DrawFn) -> list[int]:
    """Heads of a random tree, its words in random order."""
    n = draw(st.integers(1, 12))
    order = draw(st.permutations(range(1, n + 1)))
    heads = [0] * n
    for place in range(1, n):
        heads[order[place] - 1] = order[draw(st.integers(0, place - 1))]
    return heads


def graph(heads: list[int]) -> np.ndarray:
    matrix = np.zeros((len(heads), len(heads)))
    for word, head in enumerate(heads):
        if head:
            matrix[word, head - 1] = matrix[head - 1, word] = 1
    return matrix


@given(trees())
def test_distances_are_the_shortest_paths(heads: list[int]) -> None:
    np.testing.assert_array_equal(distances(heads), shortest_path(graph(heads), unweighted=True))


@given(trees())
def test_a_depth_is_the_distance_from_the_root(heads: list[int]) -> None:
    np.testing.assert_array_equal(depths(heads), distances(heads)[heads.index(0)])


@given(trees())
def test_the_tree_of_its_own_distances_is_the_tree(heads: list[int]) -> None:
    edges = spanning_tree(distances(heads))
    assert {tuple(edge) for edge in edges.tolist()} == {
        tuple(sorted((word, head - 1))) for word, head in enumerate(heads) if head
    }
    assert rooted(edges, heads.index(0)) == tuple(heads)


def test_a_spanning_tree_is_the_lightest() -> None:
    rng = np.random.default_rng(0)
    for n in (2, 5, 9):
        matrix = rng.random((n, n)) + 0.1
        matrix = (matrix + matrix.T) / 2
        np.fill_diagonal(matrix, 0)
        weight = sum(matrix[a, b] for a, b in spanning_tree(matrix))
        assert weight == pytest.approx(minimum_spanning_tree(matrix).sum())


@pytest.mark.parametrize(
    ("heads", "message"),
    [
        ([2, 3, 1], "0 roots"),
        ([0, 0], "2 roots"),
        ([0, 3, 2], "from word 2 on go round in a circle"),
        ([0, 9], "the head of word 2 is 9, expected another of its 2 words"),
        ([0, 2], "the head of word 2 is 2"),
        ([0, None], "word 2 has no head"),
    ],
)
def test_what_is_no_tree_is_named(heads: list[int | None], message: str) -> None:
    with pytest.raises(DataError, match=message):
        check_heads(heads, "sentence 'x'")
