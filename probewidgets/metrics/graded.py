"""Scores of graded answers, with intervals over sentences: numbers against numbers, sets of labels against sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from probewidgets.metrics.intervals import Clusters, Scorer
from probewidgets.metrics.scores import f1
from probewidgets.values import Estimate

__all__ = ["beside_controls", "f1_parts", "label_scores", "micro_f1", "number_scores", "r2", "r2_parts", "ranks"]

Floats = npt.NDArray[np.floating[Any]]
Bools = npt.NDArray[np.bool_]
Selective = tuple[Estimate, Estimate]
"""Score on the control task, and selectivity."""


def number_scores(clusters: Clusters, gold: Floats, predicted: Floats, train_mean: float) -> dict[str, Estimate]:
    """R2 against always saying the mean of train, mean squared and absolute error, Pearson's and Spearman's r.

    What is undefined, such as a correlation with a constant, is NaN. The ranks of Spearman's r are taken once, among
    all rows, and not anew in each resample.

    Args:
        clusters: The sentences of the N test targets.
        gold: (N,) numbers.
        predicted: (N,) numbers.
        train_mean: Mean of the training targets.
    """
    error = np.square(gold - predicted)
    return {
        "r2": clusters.score(r2_parts(clusters, gold, predicted, train_mean), r2),
        "mse": clusters.mean(error),
        "mae": clusters.mean(np.abs(gold - predicted)),
        "pearson": _correlation(clusters, gold, predicted),
        "spearman": _correlation(clusters, ranks(gold), ranks(predicted)),
    }


def label_scores(clusters: Clusters, gold: Bools, predicted: Bools, bits: Floats | None = None) -> dict[str, Estimate]:
    """Micro-F1 over all decisions, macro-F1 over the labels, the share of sets that are right, and bits per decision.

    Args:
        clusters: The sentences of the N test targets.
        gold: (N, K) which labels each target carries.
        predicted: (N, K) which it is given.
        bits: (N, K) cross-entropy of each decision.
    """
    counts = clusters.counts(gold, predicted, gold.shape[1])
    scores = {
        "micro_f1": clusters.score(counts.sum(2), micro_f1),
        "macro_f1": clusters.mean_f1(counts),
        "exact": clusters.mean((gold == predicted).all(1)),
    }
    return scores if bits is None else scores | {"cross_entropy": clusters.mean(bits.mean(1), unit="bits")}


def r2_parts(clusters: Clusters, gold: Floats, predicted: Floats, train_mean: float) -> Floats:
    """(S, 2) squared errors of the prediction, and of always saying the mean of train, summed over sentences."""
    return np.stack([clusters.sums(np.square(gold - predicted)), clusters.sums(np.square(gold - train_mean))], 1)


def r2(sums: Floats) -> Floats:
    """(B, 2) of `r2_parts` -> (B,)."""
    return np.asarray(1 - np.divide(sums[:, 0], sums[:, 1], out=np.full(len(sums), np.nan), where=sums[:, 1] > 0))


def f1_parts(clusters: Clusters, gold: Bools, predicted: Bools) -> Floats:
    """(S, 3) true positives, gold and predicted labels, summed over sentences."""
    return np.stack([clusters.sums(part.sum(1)) for part in (gold & predicted, gold, predicted)], 1)


def micro_f1(sums: Floats) -> Floats:
    """(B, 3) of `f1_parts` -> (B,)."""
    return f1(sums[:, 0], sums[:, 1], sums[:, 2])


def beside_controls(clusters: Clusters, task: Floats, controls: Sequence[Floats], score: Scorer) -> Selective:
    """A score on the control task (mean over the draws), and how far the task's is above it, by the same resamples.

    Args:
        clusters: The sentences.
        task: (S, P) parts of the task's score.
        controls: The same of each control draw.
        score: (B, P) -> (B,).
    """
    blocks, width = np.concatenate([task, *controls], 1), task.shape[1]

    def mean_of_controls(sums: Floats) -> Floats:
        ends = range(width, sums.shape[1], width)
        return np.asarray(np.mean([score(sums[:, end : end + width]) for end in ends], axis=0))

    return (
        clusters.score(blocks, mean_of_controls),
        clusters.score(blocks, lambda sums: score(sums[:, :width]) - mean_of_controls(sums)),
    )


def ranks(values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """(..., N) ranks from 1 within each row; equal values share the mean of theirs."""
    from scipy.stats import rankdata  # takes half a second to load

    return np.asarray(rankdata(np.asarray(values), axis=-1), np.float64)


def _correlation(clusters: Clusters, a: Floats, b: Floats) -> Estimate:
    """Pearson's r from sums over sentences."""
    a, b = a - a.mean(), b - b.mean()  # keeps the sums small; r does not change
    parts = [np.ones(len(a)), a, b, a * a, b * b, a * b]
    return clusters.score(np.stack([clusters.sums(part) for part in parts], 1), _pearson)


def _pearson(sums: Floats) -> Floats:
    n, a, b, aa, bb, ab = sums.T
    spread = (n * aa - a * a) * (n * bb - b * b)
    floor = 1e-12 * (n * aa) * (n * bb)  # below it, one of them is constant but for rounding
    top = n * ab - a * b
    return np.asarray(np.divide(top, np.sqrt(spread.clip(0)), out=np.full(len(n), np.nan), where=spread > floor))
