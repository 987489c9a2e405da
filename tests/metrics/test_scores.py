from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as theirs

from probewidgets.metrics import scores
from probewidgets.metrics.intervals import Clusters


def case(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gold, predicted and probabilities; some labels are missing among gold, others among predicted."""
    rng = np.random.default_rng(seed)
    n, k = int(rng.integers(5, 200)), int(rng.integers(3, 9))
    proba = rng.dirichlet(np.full(k, 0.5), size=n)
    gold = rng.choice(rng.choice(k, size=k - 1, replace=False), size=n)
    predicted = rng.choice(rng.choice(k, size=max(1, k - 2), replace=False), size=n)
    return gold, np.where(rng.random(n) < 0.4, gold, predicted), proba


@pytest.mark.parametrize("seed", range(40))
def test_scores_equal_those_of_scikit_learn(seed: int) -> None:
    gold, predicted, proba = case(seed)
    k = proba.shape[1]
    assert scores.accuracy(gold, predicted) == pytest.approx(theirs.accuracy_score(gold, predicted), abs=1e-9)
    expected = theirs.f1_score(gold, predicted, average="macro", zero_division=0)
    assert scores.macro_f1(gold, predicted) == pytest.approx(expected, abs=1e-9)
    np.testing.assert_array_equal(scores.confusion(gold, predicted), theirs.confusion_matrix(gold, predicted))
    assert scores.mcc(gold, predicted) == pytest.approx(theirs.matthews_corrcoef(gold, predicted), abs=1e-9)
    nats = theirs.log_loss(gold, proba, labels=np.arange(k))
    assert scores.cross_entropy_bits(np.log(proba), gold) == pytest.approx(nats / np.log(2), abs=1e-9)
    one_hot = np.eye(k)[gold]
    assert scores.brier(proba, gold) == pytest.approx(k * theirs.mean_squared_error(one_hot, proba), abs=1e-9)


def test_names_serve_as_labels_too() -> None:
    gold, predicted = np.array(["a", "b", "b"]), np.array(["a", "b", "c"])
    assert scores.accuracy(gold, predicted) == pytest.approx(2 / 3)
    assert scores.macro_f1(gold, predicted) == pytest.approx((1 + 2 / 3 + 0) / 3)


def test_golden_entropy() -> None:
    assert scores.entropy(np.array([0.5, 0.25, 0.25])) == 1.5
    assert scores.entropy(np.full(45, 1 / 45)) == pytest.approx(5.491853, abs=1e-6)
    np.testing.assert_allclose(scores.entropy(np.array([[1.0, 0.0], [0.5, 0.5]])), [0, 1])


def test_golden_matthews_correlation() -> None:
    gold = np.repeat([1, 1, 0, 0], [6, 2, 1, 3])  # 6 TP, 2 FN, 1 FP, 3 TN
    predicted = np.repeat([1, 0, 1, 0], [6, 2, 1, 3])
    assert scores.mcc(gold, predicted) == pytest.approx(0.478091, abs=1e-6)
    assert scores.mcc(gold, np.ones(12)) == 0


def test_golden_macro_f1() -> None:
    gold, predicted = ["a", "b", "b", "c"], ["a", "b", "c", "b"]
    counts = scores.confusion(gold, predicted)
    assert scores.f1(counts.diagonal(), counts.sum(1), counts.sum(0)).tolist() == [1, 0.5, 0]
    assert scores.macro_f1(gold, predicted) == 0.5
    assert Clusters(np.arange(4)).macro_f1(np.array(gold), np.array(predicted)).value == 0.5


def test_golden_f1() -> None:
    assert scores.micro_f1(3, 1, 2) == pytest.approx(0.666667, abs=1e-6)
    assert scores.micro_f1(0, 0, 0) == 0
    np.testing.assert_allclose(scores.f1([2, 1, 0], [2, 2, 1], [2, 2, 0]), [1, 0.5, 0])
    assert scores.f1([2, 1, 0], [2, 2, 1], [2, 2, 0]).mean() == 0.5


def test_f1_is_0_for_labels_that_are_never_right_and_counts_them() -> None:
    assert scores.macro_f1([0, 0, 1], [0, 0, 2]) == pytest.approx(1 / 3)


def test_rows_of_unknown_labels_do_not_count_for_cross_entropy_but_do_for_brier() -> None:
    proba = np.array([[0.5, 0.5], [0.9, 0.1]])
    assert scores.cross_entropy_bits(np.log(proba), np.array([0, -1])) == pytest.approx(1)
    assert scores.brier(proba, np.array([0, -1])) == pytest.approx((0.5 + 1 + 0.82) / 2)


def test_calibration_error_is_0_for_a_calibrated_probe_and_the_excess_for_an_overconfident_one() -> None:
    correct = np.tile([1, 1, 1, 0], 300)
    assert scores.ece(np.full(1200, 0.75), correct) == pytest.approx(0, abs=1e-12)
    assert scores.ece(np.full(1200, 0.95), correct) == pytest.approx(0.2)


def test_calibration_bins_hold_equally_many_rows() -> None:
    confidence = np.array([0.5, 0.6, 0.9, 0.9, 0.9, 0.9])
    correct = np.array([1, 0, 1, 1, 1, 0])
    # Bins of 2 rows: gaps |1 - 1.1|, |2 - 1.8|, |1 - 1.8| of sums.
    assert scores.ece(confidence, correct, bins=3) == pytest.approx((0.1 + 0.2 + 0.8) / 6)


def test_no_rows_give_no_number() -> None:
    empty = np.zeros(0, int)
    for value in (
        scores.accuracy(empty, empty),
        scores.macro_f1(empty, empty),
        scores.cross_entropy_bits(np.zeros((0, 2)), empty),
        scores.brier(np.zeros((0, 2)), empty),
        scores.ece(np.zeros(0), empty),
    ):
        assert np.isnan(value)
