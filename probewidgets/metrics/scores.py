"""Scores of predictions against gold labels: plain functions of arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from probewidgets.values import entropy

__all__ = [
    "accuracy",
    "brier",
    "confusion",
    "cross_entropy_bits",
    "ece",
    "entropy",
    "f1",
    "log_softmax",
    "macro_f1",
    "mcc",
    "micro_f1",
    "precision_recall_f1",
]

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]

BINS = 15
"""Of a calibration error."""


def accuracy(gold: npt.ArrayLike, predicted: npt.ArrayLike) -> float:
    """Share of equal labels, in [0, 1]; NaN without rows."""
    equal = np.asarray(gold) == np.asarray(predicted)
    return float(equal.mean()) if equal.size else float("nan")


def confusion(gold: npt.ArrayLike, predicted: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """(C, C) counts, gold in rows and predicted in columns, over the sorted labels that occur in either."""
    both = np.concatenate([np.asarray(gold), np.asarray(predicted)])
    labels, index = np.unique(both, return_inverse=True)
    n = len(both) // 2
    cells = index[:n] * len(labels) + index[n:]
    return np.bincount(cells, minlength=len(labels) ** 2).reshape(len(labels), len(labels)).astype(np.int64)


def f1(true_positive: npt.ArrayLike, gold: npt.ArrayLike, predicted: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """F1 of each label from its counts, 2 TP / (gold + predicted); 0 where undefined.

    Args:
        true_positive: How often the label was given rightly.
        gold: How often it is the gold label.
        predicted: How often it was given.
    """
    total = np.asarray(gold, dtype=np.float64) + np.asarray(predicted)
    return np.asarray(np.divide(2.0 * np.asarray(true_positive), total, out=np.zeros_like(total), where=total > 0))


def precision_recall_f1(
    true_positive: npt.ArrayLike, gold: npt.ArrayLike, predicted: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """(3, ...) precision, recall and F1 of labels from their counts; NaN where undefined.

    Precision needs the label to be given, recall to be gold, F1 one of both.

    Args:
        true_positive: (...) how often each label was given rightly.
        gold: (...) how often it is the gold label: its support.
        predicted: (...) how often it was given.
    """
    right, n_gold, n_given = (np.asarray(count, dtype=np.float64) for count in (true_positive, gold, predicted))
    above, below = np.stack([right, right, 2 * right]), np.stack([n_given, n_gold, n_gold + n_given])
    return np.asarray(np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0))


def macro_f1(gold: npt.ArrayLike, predicted: npt.ArrayLike) -> float:
    """Mean F1 over the labels that occur among gold or predicted, in [0, 1]; NaN without rows."""
    counts = confusion(gold, predicted)
    return float(f1(counts.diagonal(), counts.sum(1), counts.sum(0)).mean()) if counts.size else float("nan")


def micro_f1(true_positive: float, false_positive: float, false_negative: float) -> float:
    """F1 of pooled counts, 2 TP / (2 TP + FP + FN), in [0, 1]; 0 where undefined."""
    total = 2 * true_positive + false_positive + false_negative
    return 2 * true_positive / total if total else 0.0


def mcc(gold: npt.ArrayLike, predicted: npt.ArrayLike) -> float:
    """Matthews correlation of gold and predicted labels, in [-1, 1]; 0 where undefined.

    Source: Gorodkin 2004, "Comparing two K-category assignments by a K-category correlation coefficient".
    """
    counts = confusion(gold, predicted).astype(np.float64)
    n, true, given = counts.sum(), counts.sum(1), counts.sum(0)
    spread = (n**2 - (given**2).sum()) * (n**2 - (true**2).sum())
    return float((counts.trace() * n - true @ given) / np.sqrt(spread)) if spread > 0 else 0.0


def cross_entropy_bits(log_proba: Floats, gold: Ints) -> float:
    """Mean surprise at the gold labels, in bits.

    Args:
        log_proba: (N, K) log-probabilities in nats.
        gold: (N,) columns; -1 where the label has none: such rows do not count.

    Returns:
        Bits per row; NaN where no row counts.
    """
    rows = np.flatnonzero(np.asarray(gold) >= 0)
    if not len(rows):
        return float("nan")
    return float(-log_proba[rows, gold[rows]].mean(dtype=np.float64) / np.log(2))


def brier(proba: Floats, gold: Ints) -> float:
    """Mean squared distance between the probabilities and the truth, summed over the labels, in [0, 2].

    Args:
        proba: (N, K) probabilities.
        gold: (N,) columns; -1 where the label has none: a truth to which no probability was given.

    Source: Brier 1950, "Verification of forecasts expressed in terms of probability".
    """
    if not len(proba):
        return float("nan")
    rows = np.flatnonzero(np.asarray(gold) >= 0)
    right = np.zeros(len(proba))
    right[rows] = proba[rows, gold[rows]]
    return float((np.square(proba, dtype=np.float64).sum(1) - 2 * right + 1).mean())


def ece(confidence: Floats, correct: npt.ArrayLike, bins: int = BINS) -> float:
    """Expected calibration error: how far confidence is from accuracy, over bins of equal mass, in [0, 1].

    Args:
        confidence: (N,) probability of the label that was given.
        correct: (N,) whether it is right.
        bins: How many bins; rows of one bin have neighbouring confidences.

    Source: Naeini et al. 2015, "Obtaining well calibrated probabilities using Bayesian binning"; equal-mass bins.
    """
    if not len(confidence):
        return float("nan")
    gap = np.asarray(correct, dtype=np.float64)[order := np.argsort(confidence, kind="stable")] - confidence[order]
    return float(sum(abs(part.sum()) for part in np.array_split(gap, bins)) / len(gap))


def log_softmax(logits: Floats) -> Floats:
    """(N, K) logits -> (N, K) log-probabilities in nats."""
    shifted = logits - logits.max(1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(1, keepdims=True)))
