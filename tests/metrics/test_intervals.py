from __future__ import annotations

import numpy as np
import pytest

from probewidgets.metrics.intervals import Clusters, percentile_interval
from probewidgets.metrics.scores import macro_f1


def answers(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Right and wrong answers in n sentences of 10 to 30 words; sentences are easy or hard, Beta(8, 2)."""
    length = rng.integers(10, 31, n)
    group = np.repeat(np.arange(n), length)
    return group, rng.random(len(group)) < np.repeat(rng.beta(8, 2, n), length)


def test_intervals_cover_the_truth_95_times_in_100_where_those_of_words_do_not() -> None:
    rng = np.random.default_rng(0)
    ours = naive = 0
    repeats = 200
    for seed in range(repeats):
        group, right = answers(rng, 200)
        estimate = Clusters(group, 400, seed).mean(right)
        half = 1.96 * np.sqrt(right.mean() * (1 - right.mean()) / len(right))
        ours += estimate.low <= 0.8 <= estimate.high
        naive += abs(right.mean() - 0.8) <= half
    assert 0.90 <= ours / repeats <= 0.97
    assert naive / repeats < 0.85


def test_one_sentence_has_no_interval() -> None:
    clusters = Clusters(np.zeros(10, int), 100)
    for estimate in (
        clusters.mean(np.arange(10) % 2),
        clusters.macro_f1(np.arange(10) % 2, np.arange(10) % 3),
    ):
        assert np.isfinite(estimate.value)
        assert np.isnan(estimate.low)
        assert np.isnan(estimate.high)
        assert "n/a" in str(estimate)


def test_the_value_is_the_plain_score_of_all_rows() -> None:
    rng = np.random.default_rng(0)
    group, right = answers(rng, 50)
    gold, predicted = rng.integers(5, size=(2, len(group)))
    clusters = Clusters(group, 100)
    assert clusters.mean(right).value == pytest.approx(right.mean(), abs=1e-12)
    assert clusters.macro_f1(gold, predicted).value == pytest.approx(macro_f1(gold, predicted), abs=1e-12)
    rows = right | (gold == 0)
    assert clusters.mean(gold, rows).value == pytest.approx(gold[rows].mean(), abs=1e-12)


def test_each_resample_is_scored_as_if_its_sentences_stood_there_as_often() -> None:
    rng = np.random.default_rng(0)
    group, _ = answers(rng, 20)
    gold, predicted = rng.integers(4, size=(2, len(group)))
    clusters = Clusters(group, 30, seed=3)
    np.testing.assert_array_equal(clusters.weights.sum(1), 20)
    by_hand = []
    for weights in clusters.weights.astype(int):
        rows = np.concatenate([np.tile(np.flatnonzero(group == s), w) for s, w in enumerate(weights)])
        by_hand.append(macro_f1(gold[rows], predicted[rows]))
    estimate = clusters.macro_f1(gold, predicted)
    assert (estimate.low, estimate.high) == pytest.approx(percentile_interval(np.array(by_hand)), abs=1e-12)


def test_a_difference_that_never_varies_has_an_interval_of_no_width() -> None:
    rng = np.random.default_rng(0)
    group, right = answers(rng, 50)
    difference = Clusters(group, 200).mean((right + 0.25) - right)
    assert (difference.low, difference.high) == pytest.approx((0.25, 0.25))


def test_paired_intervals_are_narrower_than_unpaired_ones() -> None:
    rng = np.random.default_rng(0)
    group, hits = answers(rng, 200)
    changed = np.where(rng.random(len(hits)) < 0.05, ~hits, hits)
    clusters = Clusters(group, 500)
    paired = clusters.mean(hits.astype(float) - changed)
    alone = clusters.mean(hits)
    assert paired.high - paired.low < 0.6 * (alone.high - alone.low)


def test_the_seed_decides_the_draws() -> None:
    group, right = answers(np.random.default_rng(0), 50)
    assert Clusters(group, 100, 1).mean(right) == Clusters(group, 100, 1).mean(right)
    assert Clusters(group, 100, 1).mean(right) != Clusters(group, 100, 2).mean(right)


def test_sentence_numbers_need_not_be_consecutive() -> None:
    group, right = answers(np.random.default_rng(0), 50)
    assert Clusters(7 * group + 1000, 100).mean(right) == Clusters(group, 100).mean(right)


def test_no_rows_give_no_number() -> None:
    estimate = Clusters(np.zeros(0, int), 10).mean(np.zeros(0))
    assert np.isnan(estimate.value)
    nothing_counts = Clusters(np.arange(5), 10).mean(np.ones(5), np.zeros(5, bool))
    assert np.isnan(nothing_counts.value)
    assert np.isnan(nothing_counts.low)
