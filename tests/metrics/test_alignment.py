"""Words and layers side by side: laws, and what every alignment may be held against, all of them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from probewidgets.metrics import align_layers, align_words
from probewidgets.metrics.alignment import MOST_CELLS, placed

WORDS = st.lists(st.sampled_from(["a", "b", "c", "ab"]), max_size=7)
DEPTHS = st.lists(st.integers(0, 12), unique=True, max_size=6).map(sorted)


def distance(first: Sequence[str], second: Sequence[str]) -> int:
    """The edit distance, by its definition."""
    if not first or not second:
        return len(first) + len(second)
    swapped = distance(first[1:], second[1:]) + (first[0] != second[0])
    return min(swapped, distance(first[1:], second) + 1, distance(first, second[1:]) + 1)


@given(WORDS, WORDS)
def test_an_alignment_has_each_word_once_in_order_and_the_fewest_changes(first: list[str], second: list[str]) -> None:
    pairs = align_words(first, second)
    assert [i for i, _ in pairs if i is not None] == list(range(len(first)))
    assert [j for _, j in pairs if j is not None] == list(range(len(second)))
    changes = sum(i is None or j is None or first[i] != second[j] for i, j in pairs)
    assert changes == distance(first, second)


@given(WORDS, WORDS)
def test_the_other_way_round_it_has_as_many_changes(first: list[str], second: list[str]) -> None:
    def changes(one_way: list[str], other: list[str]) -> int:
        return sum(i is None or j is None or one_way[i] != other[j] for i, j in align_words(one_way, other))

    assert changes(first, second) == changes(second, first)
    assert align_words(first, first) == [(i, i) for i in range(len(first))]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("The key is here", "The keys are here", [(0, 0), (1, 1), (2, 2), (3, 3)]),
        ("The key to the cabinets is", "The key is", [(0, 0), (1, 1), (2, None), (3, None), (4, None), (5, 2)]),
        ("the men walk", "men", [(0, None), (1, 0), (2, None)]),
        ("a walk today", "walks today", [(0, None), (1, 0), (2, 1)]),  # opposite to the word that is most like it
        ("", "new words", [(None, 0), (None, 1)]),
    ],
)
def test_words_stand_opposite_to_what_they_were_changed_into(first: str, second: str, expected: list) -> None:
    assert align_words(first.split(), second.split()) == expected


def test_texts_too_long_to_compare_are_aligned_at_their_common_ends() -> None:
    many = int(MOST_CELLS**0.5) + 2
    first = ["same", *(f"a{n}" for n in range(many)), "end"]
    second = ["same", *(f"b{n}" for n in range(many)), "end"]
    pairs = align_words(first, second)
    assert pairs[0] == (0, 0) and pairs[-1] == (many + 1, many + 1)
    assert all(i is None or j is None for i, j in pairs[1:-1])
    assert len(pairs) == 2 * many + 2


@given(DEPTHS, DEPTHS)
def test_values_are_placed_in_order_each_on_a_row_of_its_own_as_near_as_can_be(
    first: list[int], second: list[int]
) -> None:
    values, rows = sorted((first, second), key=len)
    chosen = placed(values, rows)
    assert chosen == sorted(set(chosen)) and len(chosen) == len(values)
    best = min(
        sum(abs(value - rows[row]) for value, row in zip(values, subset, strict=True))
        for subset in itertools.combinations(range(len(rows)), len(values))
    )
    assert sum(abs(value - rows[row]) for value, row in zip(values, chosen, strict=True)) == best


def test_more_values_than_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="3 values are to stand on rows of their own, but there are 2"):
        placed([0, 1, 2], [0, 1])


def test_layers_of_models_of_other_depths_stand_where_their_depth_is() -> None:
    small, large = np.arange(7) / 6, np.arange(13) / 12
    rows = align_layers([small, large])
    assert [large_at for _, large_at in rows] == list(range(13))
    assert {row: at for row, (at, _) in enumerate(rows) if at is not None} == {2 * at: at for at in range(7)}


def test_layers_of_models_alike_stand_side_by_side() -> None:
    assert align_layers([[0, 1, 2], [0, 1, 2], [2]]) == [(0, 0, None), (1, 1, None), (2, 2, 0)]
    assert align_layers([]) == []
