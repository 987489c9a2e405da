"""Scores of two labels that need no threshold: how well the rows of one are told from those of the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from probewidgets.metrics.intervals import Clusters, about
from probewidgets.values import Estimate

__all__ = [
    "FALSE_ALARMS",
    "auroc",
    "average_precision",
    "detection_estimates",
    "detection_of_labels",
    "enough",
    "recall_at",
]

Floats = npt.NDArray[np.floating[Any]]

FALSE_ALARMS = {"recall_at_fpr_01": 0.01, "recall_at_fpr_10": 0.1}
"""What a recall is called -> the share of the negatives that may be taken for positives."""

_OF_SETS = ("auroc", "average_precision")
"""What is said of each label of a set."""
_CELLS = 1_000_000
"""Numbers of a block of resamples that are held at once."""


def auroc(gold: npt.ArrayLike, score: npt.ArrayLike) -> float:
    """Probability that a positive row has a higher score than a negative one (equal ones count half), in [0, 1].

    Args:
        gold: (N,) whether each row is positive.
        score: (N,) the higher, the likelier positive; any monotone scale.

    Returns:
        NaN where all rows are positive, or none is.

    Source: Hanley and McNeil 1982, "The meaning and use of the area under a receiver operating characteristic curve".
    """
    return float(_Ranking.of(gold, score).auroc()[0])


def average_precision(gold: npt.ArrayLike, score: npt.ArrayLike) -> float:
    """Mean precision over the positive rows, each at the threshold that just takes it in, in [0, 1].

    Args:
        gold: (N,) whether each row is positive.
        score: (N,) the higher, the likelier positive.

    Returns:
        NaN where no row is positive.
    """
    return float(_Ranking.of(gold, score).average_precision()[0])


def recall_at(gold: npt.ArrayLike, score: npt.ArrayLike, false_alarms: float) -> float:
    """Share of the positives that are found where at most a share of the negatives is taken for positive, in [0, 1].

    Args:
        gold: (N,) whether each row is positive.
        score: (N,) the higher, the likelier positive.
        false_alarms: The share of the negatives, in [0, 1].

    Returns:
        NaN where there is no positive or no negative. Of fewer negatives than 1 / `false_alarms` none may be taken:
        see `enough`.
    """
    return float(_Ranking.of(gold, score).recall_at(false_alarms)[0])


def enough(negatives: int, false_alarms: float) -> bool:
    """Whether negatives are enough for a share of false alarms: one of them, at least, is the share."""
    return negatives * false_alarms >= 1 - 1e-9


def detection_estimates(clusters: Clusters, gold: npt.NDArray[np.bool_], score: Floats) -> dict[str, Estimate]:
    """AUROC, average precision, and recall at 1 % and 10 % false alarms, with their intervals.

    Args:
        clusters: The sentences of the N rows.
        gold: (N,) whether each is positive.
        score: (N,) the higher, the likelier positive.

    Returns:
        Estimates by name. A recall for which there are not `enough` negatives is NaN.
    """
    return {
        name: _estimate(*each) for name, each in _resampled(clusters, gold, score, (*_OF_SETS, *FALSE_ALARMS)).items()
    }


def detection_of_labels(
    clusters: Clusters, gold: npt.NDArray[np.bool_], score: Floats
) -> tuple[dict[str, Estimate], dict[str, tuple[Estimate, ...]]]:
    """AUROC and average precision of sets of labels: each label against all targets that do not carry it.

    Args:
        clusters: The sentences of the N rows.
        gold: (N, K) whether each carries each label.
        score: (N, K) the higher, the likelier.

    Returns:
        By name the mean over the labels for which it is defined, and (K,) those of the labels.

    Cost: in time and memory as one resample of N rows for each of the K labels and B draws, mostly of its positives.
    """
    labels = [_resampled(clusters, *columns, _OF_SETS) for columns in zip(gold.T, score.T, strict=True)]
    each = {name: tuple(_estimate(*label[name]) for label in labels) for name in _OF_SETS}
    mean = {}
    for name in _OF_SETS:
        defined = [label[name] for label in labels if not np.isnan(label[name][0])]
        value = float(np.mean([value for value, _ in defined])) if defined else float("nan")
        drawn = np.stack([draws for _, draws in defined]) if defined else np.zeros((1, 0))
        there = ~np.isnan(drawn)
        means = _share(np.where(there, drawn, 0).sum(0), there.sum(0).astype(float))
        mean[name] = _estimate(value, means, not there.all())
    return mean, each


def _estimate(value: float, drawn: npt.NDArray[np.float64], lacking: bool = False) -> Estimate:
    """A value with the interval of its resamples, where there are some."""
    return Estimate(value, *about(value, drawn, lacking)) if len(drawn) else Estimate(value)


def _resampled(
    clusters: Clusters, gold: npt.NDArray[np.bool_], score: Floats, names: Sequence[str]
) -> dict[str, tuple[float, npt.NDArray[np.float64]]]:
    """Scores by their names, and (B,) in the resamples; none of one sentence alone."""
    negatives = int((~gold).sum())
    values = {name: float(value[0]) for name, value in _Ranking.of(gold, score).named(names, negatives)}
    drawn: dict[str, list[npt.NDArray[np.float64]]] = {name: [] for name in values}
    if clusters.size > 1:
        cells = _cells(gold, score, clusters.index)
        for low in range(0, clusters.draws, size := max(1, _CELLS // cells[0].shape[0])):
            weights = clusters.weights[low : low + size].T
            for name, each in _Ranking(*(np.asarray(side @ weights) for side in cells)).named(names, negatives):
                drawn[name].append(each)
    return {name: (value, np.concatenate(drawn[name] or [np.zeros(0)])) for name, value in values.items()}


def _cells(gold: npt.ArrayLike, score: npt.ArrayLike, sentence: npt.ArrayLike) -> tuple[Any, Any]:
    """(U, S) how many positives, and how many negatives, of each sentence have each place in the ranking, sparse.

    The places are the positives' scores, the highest first, and what lies above each: more need not be told apart, for
    no score here asks how negatives between two positives are ranked.
    """
    from scipy.sparse import csr_array

    flags, scores = np.asarray(gold, dtype=bool), np.asarray(score, dtype=np.float64)
    thresholds = np.unique(-scores[flags])  # infinite ones are ties like others
    above = np.searchsorted(thresholds, -scores)
    place = above + np.searchsorted(thresholds, -scores, side="right")
    index = np.asarray(sentence)
    shape = (2 * len(thresholds) + 1, int(index.max(initial=0)) + 1)
    positive, negative = (
        csr_array((np.ones(int(side.sum())), (place[side], index[side])), shape) for side in (flags, ~flags)
    )
    return positive, negative


@dataclass(frozen=True, eq=False)
class _Ranking:
    """How many rows of each kind have each of U places, the highest first, in each of B resamples: see `_cells`."""

    positive: Floats
    """(U, B)"""
    negative: Floats
    """(U, B)"""

    @classmethod
    def of(cls, gold: npt.ArrayLike, score: npt.ArrayLike) -> _Ranking:
        """Of (N,) flags and scores, as they are."""
        cells = _cells(gold, score, np.zeros(np.shape(gold), np.int64))
        return cls(*(np.asarray(side.sum(1), np.float64).reshape(-1, 1) for side in cells))

    def named(self, names: Sequence[str], negatives: int) -> Iterator[tuple[str, npt.NDArray[np.float64]]]:
        """Each score and its name, (B,); NaN for a recall that so many negatives do not allow."""
        for name in names:
            if (share := FALSE_ALARMS.get(name)) is None:
                yield name, self.auroc() if name == "auroc" else self.average_precision()
            else:
                can = enough(negatives, share)
                yield name, self.recall_at(share) if can else np.full(self.positive.shape[1], np.nan)

    @cached_property
    def hits(self) -> Floats:
        """(U + 1, B) positives down to each place; none at first."""
        return _summed(self.positive)

    @cached_property
    def alarms(self) -> Floats:
        """(U + 1, B) negatives down to each place; none at first."""
        return _summed(self.negative)

    def auroc(self) -> npt.NDArray[np.float64]:
        """(B,)"""
        # Of a positive row, the negatives above it, and half of those beside it, have won.
        lost = np.einsum("ub,ub->b", self.positive, (self.alarms[1:] + self.alarms[:-1]) / 2)
        return 1 - _share(lost, self.hits[-1] * self.alarms[-1])

    def average_precision(self) -> npt.NDArray[np.float64]:
        """(B,)"""
        rows = np.maximum(self.hits[1:] + self.alarms[1:], 1)  # where there is no row there is no hit
        return _share(np.einsum("ub,ub->b", self.positive, self.hits[1:] / rows), self.hits[-1])

    def recall_at(self, false_alarms: float) -> npt.NDArray[np.float64]:
        """(B,)"""
        allowed = false_alarms * self.alarms[-1] * (1 + 1e-9)
        lowest = (self.alarms <= allowed).sum(0) - 1  # they only grow
        recall = _share(self.hits[lowest, np.arange(len(allowed))], self.hits[-1])
        return np.where(self.alarms[-1] > 0, recall, np.nan)


def _summed(counts: Floats) -> Floats:
    """(U, B) -> (U + 1, B) sums of all above."""
    sums = np.zeros((len(counts) + 1, counts.shape[1]))
    np.cumsum(counts, 0, out=sums[1:])
    return sums


def _share(above: Floats, below: Floats) -> npt.NDArray[np.float64]:
    """Above / below; NaN where there is nothing below."""
    return np.asarray(np.divide(above, below, out=np.full(np.shape(below), np.nan), where=below > 0))
