from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics

from probewidgets.metrics.graded import label_scores, number_scores, ranks
from probewidgets.metrics.intervals import Clusters


def test_scores_of_numbers_are_those_of_scipy_and_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    gold = rng.integers(0, 9, 200).astype(float)
    predicted = gold + rng.normal(size=200)
    scores = number_scores(Clusters(np.arange(200) // 4), gold, predicted, float(gold.mean()))
    assert scores["r2"].value == pytest.approx(metrics.r2_score(gold, predicted), abs=1e-9)
    assert scores["mse"].value == pytest.approx(metrics.mean_squared_error(gold, predicted), abs=1e-9)
    assert scores["mae"].value == pytest.approx(metrics.mean_absolute_error(gold, predicted), abs=1e-9)
    assert scores["pearson"].value == pytest.approx(stats.pearsonr(gold, predicted)[0], abs=1e-9)
    assert scores["spearman"].value == pytest.approx(stats.spearmanr(gold, predicted)[0], abs=1e-9)
    for estimate in scores.values():
        assert estimate.low < estimate.value < estimate.high


def test_r2_is_against_the_mean_of_train() -> None:
    gold = np.array([1.0, 2, 3, 4])
    clusters = Clusters(np.arange(4))
    assert number_scores(clusters, gold, np.full(4, 7.0), 7.0)["r2"].value == 0
    assert number_scores(clusters, gold, np.full(4, 2.5), 7.0)["r2"].value > 0.9


def test_a_correlation_with_what_does_not_vary_is_undefined() -> None:
    scores = number_scores(Clusters(np.arange(5)), np.arange(5.0), np.full(5, 0.1), 2.0)
    assert np.isnan([scores["pearson"].value, scores["spearman"].value]).all()


def test_equal_values_share_their_rank() -> None:
    values = [3.0, 1, 3, 2, 3]
    np.testing.assert_array_equal(ranks(values), [4, 1, 4, 2, 4])


def test_micro_f1_is_that_of_the_flattened_indicators() -> None:
    gold = np.array([[1, 0, 1], [0, 1, 0], [1, 1, 0], [0, 0, 0]], bool)
    predicted = np.array([[1, 0, 0], [0, 1, 1], [1, 0, 0], [0, 0, 0]], bool)
    scores = label_scores(Clusters(np.arange(4)), gold, predicted)
    assert scores["micro_f1"].value == pytest.approx(metrics.f1_score(gold, predicted, average="micro"))
    assert scores["macro_f1"].value == pytest.approx(
        metrics.f1_score(gold, predicted, average="macro", zero_division=0)
    )
    assert scores["exact"].value == 0.25
