"""Groups of rows with their means, confusion matrices in shares and folded, and bins of numbers."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix

from probewidgets.metrics.intervals import Clusters
from probewidgets.metrics.slices import binned, folded, group_means, shares

RNG = np.random.default_rng(0)


def test_each_group_has_the_mean_and_the_interval_that_it_has_alone() -> None:
    sentence, group, hits = RNG.integers(0, 40, 500), RNG.integers(0, 6, 500), RNG.random(500) < 0.7
    clusters = Clusters(sentence, 300, 1)
    value, low, high = group_means(clusters, hits, group, 7)
    for g in range(6):
        alone = clusters.mean(hits, group == g)
        np.testing.assert_allclose([value[g], low[g], high[g]], [alone.value, alone.low, alone.high])
        assert low[g] <= value[g] <= high[g]
    assert np.isnan([value[6], low[6], high[6]]).all()  # nothing is in it


def test_one_sentence_gives_means_and_no_interval() -> None:
    value, low, high = group_means(Clusters(np.zeros(4, np.int64)), [1, 0, 1, 1], np.array([0, 0, 1, 1]), 2)
    assert value.tolist() == [0.5, 1.0]
    assert np.isnan([low, high]).all()


def test_shares_of_rows_and_columns_are_recall_and_precision_of_scikit_learn() -> None:
    gold, guess = RNG.integers(0, 5, 300), RNG.integers(0, 4, 300)  # one label is never given
    rows, columns = shares(confusion_matrix(gold, guess, labels=range(5)))
    np.testing.assert_allclose(rows, confusion_matrix(gold, guess, labels=range(5), normalize="true"))
    np.testing.assert_allclose(columns[:, :4], confusion_matrix(gold, guess, labels=range(5), normalize="pred")[:, :4])
    assert np.isnan(columns[:, 4]).all()
    np.testing.assert_allclose(rows.sum(1), 1)


def test_folding_keeps_every_count_and_the_cells_of_the_labels_that_stay() -> None:
    counts = RNG.integers(0, 50, (6, 6))
    small = folded(counts, [4, 0, 2])
    assert small.shape == (4, 4)
    assert small.sum() == counts.sum()
    np.testing.assert_array_equal(small[:3, :3], counts[np.ix_([4, 0, 2], [4, 0, 2])])
    np.testing.assert_array_equal(small[:3, 3], counts[[4, 0, 2]][:, [1, 3, 5]].sum(1))
    assert small.sum(1)[:3].tolist() == counts.sum(1)[[4, 0, 2]].tolist()


def test_all_labels_in_another_order_are_a_matrix_of_the_same_size() -> None:
    counts = RNG.integers(0, 50, (3, 3))
    np.testing.assert_array_equal(folded(counts, [2, 0, 1]), counts[np.ix_([2, 0, 1], [2, 0, 1])])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=60), st.integers(1, 6))
def test_bins_follow_each_other_and_each_number_is_in_one(values: list[int], parts: int) -> None:
    place, ends = binned(values, parts)
    assert 1 <= len(ends) <= parts
    assert all(ends[bin_][0] <= value <= ends[bin_][1] for value, bin_ in zip(values, place, strict=True))
    assert all(before[1] < after[0] for before, after in itertools.pairwise(ends))
    assert set(place.tolist()) == set(range(len(ends)))


def test_bins_of_many_numbers_are_of_about_one_size_and_none_are_nothing() -> None:
    place, ends = binned(RNG.integers(1, 1000, 10_000), 5)
    assert len(ends) == 5
    assert np.bincount(place) == pytest.approx(2000, rel=0.1)
    assert binned([], 5)[1] == []
