from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score, roc_curve

from probewidgets.metrics.detection import (
    auroc,
    average_precision,
    detection_estimates,
    detection_of_labels,
    enough,
    recall_at,
)
from probewidgets.metrics.intervals import Clusters, percentile_interval


def ranked(seed: int, n: int = 60, ties: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Flags of both kinds, and scores that tell something of them."""
    rng = np.random.default_rng(seed)
    gold = rng.random(n) < 0.4
    gold[:2] = True, False
    score = rng.normal(size=n) + gold
    return gold, np.round(score) if ties else score


def by_curve(gold: np.ndarray, score: np.ndarray, share: float, weights: np.ndarray | None = None) -> float:
    """Recall at false alarms, read off scikit-learn's curve."""
    alarms, recall, _ = roc_curve(gold, score, sample_weight=weights, drop_intermediate=False)
    return float(recall[alarms <= share + 1e-12].max())


@given(st.integers(0, 10_000), st.booleans())
@settings(max_examples=40, deadline=None)
def test_they_are_scikit_learns_with_and_without_ties(seed: int, ties: bool) -> None:
    gold, score = ranked(seed, ties=ties)
    assert auroc(gold, score) == pytest.approx(roc_auc_score(gold, score), abs=1e-12)
    assert average_precision(gold, score) == pytest.approx(average_precision_score(gold, score), abs=1e-12)
    for share in (0.0, 0.01, 0.1, 0.5, 1.0):
        assert recall_at(gold, score, share) == pytest.approx(by_curve(gold, score, share), abs=1e-12)


def test_golden_scores_of_five_rows() -> None:
    gold, score = np.array([1, 0, 1, 0, 0]), np.array([5, 4, 3, 3, 1])
    assert auroc(gold, score) == pytest.approx((3 + 1.5) / 6)
    assert average_precision(gold, score) == pytest.approx((1 + 2 / 4) / 2)
    assert recall_at(gold, score, 0) == 0.5
    assert recall_at(gold, score, 2 / 3) == 1


def test_scores_that_are_infinite_are_ties_like_others() -> None:
    gold, sure = np.array([1, 1, 0, 1, 0, 0]), np.array([1, 1, 1, -1, -1, -1])
    for score in (sure, sure * np.inf):
        assert auroc(gold, score) == pytest.approx(roc_auc_score(gold, sure))
        assert average_precision(gold, score) == pytest.approx(average_precision_score(gold, sure))


def test_what_is_undefined_is_nan() -> None:
    for gold in (np.ones(3, bool), np.zeros(3, bool), np.zeros(0, bool)):
        score = np.arange(len(gold))
        assert np.isnan(auroc(gold, score))
        assert np.isnan(recall_at(gold, score, 0.1))
    assert average_precision(np.ones(3, bool), np.arange(3)) == 1
    assert np.isnan(average_precision(np.zeros(3, bool), np.arange(3)))


def test_each_resample_is_scored_as_if_its_sentences_stood_there_as_often() -> None:
    gold, score = ranked(0, 300, ties=True)
    group = np.random.default_rng(1).integers(0, 40, 300)
    clusters = Clusters(group, 50, seed=3)
    estimates = detection_estimates(clusters, gold, score)
    weights = clusters.weights[:, clusters.index]
    expected = {
        "auroc": [roc_auc_score(gold, score, sample_weight=w) for w in weights],
        "average_precision": [average_precision_score(gold, score, sample_weight=w) for w in weights],
        "recall_at_fpr_01": [by_curve(gold, score, 0.01, w) for w in weights],
        "recall_at_fpr_10": [by_curve(gold, score, 0.1, w) for w in weights],
    }
    for name, values in expected.items():
        low, high = percentile_interval(np.array(values))
        value = estimates[name].value
        assert (estimates[name].low, estimates[name].high) == pytest.approx((min(low, value), max(high, value)))
    assert estimates["auroc"].value == auroc(gold, score)
    assert estimates["recall_at_fpr_10"].value == recall_at(gold, score, 0.1)


def test_intervals_of_auroc_cover_the_truth() -> None:
    # Scores of both kinds are normal, 1 apart, and those of a sentence go together.
    rng, truth, covered = np.random.default_rng(0), 0.0, 0

    def drawn(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        group = np.repeat(np.arange(n), 4)
        gold = rng.random(4 * n) < 0.5
        return group, gold, rng.normal(size=4 * n) + gold + np.repeat(rng.normal(size=n), 4)

    truth = auroc(*drawn(40_000)[1:])
    for seed in range(repeats := 150):
        group, gold, score = drawn(60)
        estimate = detection_estimates(Clusters(group, 200, seed), gold, score)["auroc"]
        covered += estimate.low <= truth <= estimate.high
    assert 0.89 <= covered / repeats <= 0.99


@pytest.mark.parametrize(("negatives", "at_1", "at_10"), [(9, False, False), (10, False, True), (100, True, True)])
def test_recall_at_a_share_of_false_alarms_needs_negatives_of_which_one_is_that_share(
    negatives: int, at_1: bool, at_10: bool
) -> None:
    assert (enough(negatives, 0.01), enough(negatives, 0.1)) == (at_1, at_10)
    gold = np.repeat([True, False], [30, negatives])
    estimates = detection_estimates(Clusters(np.arange(len(gold)), 20), gold, np.arange(len(gold)) % 7)
    assert np.isfinite(estimates["recall_at_fpr_01"].value) == at_1
    assert np.isfinite(estimates["recall_at_fpr_10"].value) == at_10
    assert np.isfinite(estimates["auroc"].low)


def test_one_sentence_has_no_interval() -> None:
    estimates = detection_estimates(Clusters(np.zeros(20, int), 20), *ranked(0, 20))
    assert np.isfinite(estimates["auroc"].value)
    assert np.isnan(estimates["auroc"].low)


def test_of_sets_of_labels_each_is_told_from_the_rest_and_the_mean_is_over_the_labels_that_occur() -> None:
    rng = np.random.default_rng(0)
    gold = rng.random((300, 4)) < [0.5, 0.1, 0.02, 0.0]
    score = np.round(rng.normal(size=(300, 4)) + gold, 1)
    clusters = Clusters(rng.integers(0, 40, 300), 50, seed=3)
    mean, each = detection_of_labels(clusters, gold, score)
    weights = clusters.weights[:, clusters.index]
    for name, theirs in (("auroc", roc_auc_score), ("average_precision", average_precision_score)):
        values = [theirs(gold[:, k], score[:, k]) for k in range(3)]
        assert [estimate.value for estimate in each[name][:3]] == pytest.approx(values)
        assert np.isnan(each[name][3].value)
        assert mean[name].value == pytest.approx(np.mean(values))
        low, high = percentile_interval(np.array([theirs(gold[:, 0], score[:, 0], sample_weight=w) for w in weights]))
        assert (each[name][0].low, each[name][0].high) == pytest.approx((min(low, values[0]), max(high, values[0])))
        assert mean[name].low < mean[name].value < mean[name].high
    nothing, _ = detection_of_labels(clusters, gold[:, 3:], score[:, 3:])
    assert np.isnan(nothing["auroc"].value)
