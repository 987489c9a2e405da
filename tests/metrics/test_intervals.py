from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probewidgets.metrics.graded import label_scores, number_scores
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


SHARES = np.array([0.5, 0.3, 0.1, 0.05, 0.02, 0.01, 0.01, 0.01])
"""Of labels of which a resample of few sentences lacks some."""


def labelled(rng: np.random.Generator, n: int, skill: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """n sentences of 3 to 8 words, easy or hard; a word of each label is read rightly as often as `skill` says."""
    length = rng.integers(3, 9, n)
    group = np.repeat(np.arange(n), length)
    gold, other = rng.choice(len(SHARES), (2, len(group)), p=SHARES)
    right = rng.random(len(group)) < skill[gold] * np.repeat(rng.beta(8, 2, n), length) / 0.8
    return group, gold, np.where(right, gold, other)


@pytest.mark.parametrize("rare", [0.9, 0.05], ids=["rare labels are easy", "rare labels are hard"])
def test_intervals_of_macro_f1_hold_its_value_and_cover_the_truth_where_resamples_lack_labels(rare: float) -> None:
    rng, skill = np.random.default_rng(0), np.array([0.9, 0.8, 0.6, *[rare] * 5])
    truth = macro_f1(*labelled(rng, 60_000, skill)[1:])
    covered = 0
    for seed in range(repeats := 200):
        group, gold, predicted = labelled(rng, 40, skill)
        estimate = Clusters(group, 200, seed).macro_f1(gold, predicted)
        assert estimate.low <= estimate.value <= estimate.high
        covered += estimate.low <= truth <= estimate.high
    assert covered / repeats >= 0.9


def test_labels_that_occur_once_and_are_missed_do_not_put_macro_f1_outside_of_its_interval() -> None:
    # 30 sentences of two common labels; in 20 of them a label of its own, which is missed: most resamples lack some.
    group = np.repeat(np.arange(30), 5)
    gold = np.tile([0, 1, 0, 1, 0], 30)
    predicted = np.where(np.random.default_rng(0).random(150) < 0.9, gold, 1 - gold)
    gold[4:100:5] = np.arange(2, 22)
    estimate = (clusters := Clusters(group, 400)).macro_f1(gold, predicted)
    low, _ = percentile_interval(np.array([macro_f1(gold[rows], predicted[rows]) for rows in resampled(clusters, 400)]))
    assert estimate.value < low
    below, above = estimate.value - estimate.low, estimate.high - estimate.value
    assert min(below, above) > 0.01


def resampled(clusters: Clusters, n: int) -> Iterator[np.ndarray]:
    """The rows of the first n resamples."""
    for weights in clusters.weights[:n].astype(int):
        yield np.repeat(np.arange(len(clusters.group)), weights[clusters.index])


@given(st.integers(0, 10_000), st.integers(2, 12), st.integers(1, 8))
@settings(max_examples=60, deadline=None)
def test_no_interval_leaves_its_value_outside(seed: int, sentences: int, labels: int) -> None:
    rng = np.random.default_rng(seed)
    group = rng.integers(0, sentences, 15)
    gold, predicted = rng.integers(0, labels, (2, 15))
    clusters = Clusters(group, 40, seed)
    sets = np.eye(labels, dtype=bool)
    for estimate in (
        clusters.macro_f1(gold, predicted),
        clusters.mean(gold == predicted),
        *label_scores(clusters, sets[gold], sets[predicted]).values(),
        *number_scores(clusters, gold + rng.normal(size=15), predicted + rng.normal(size=15), 0.0).values(),
    ):
        assert estimate.low <= estimate.value <= estimate.high or np.isnan(estimate.low)
