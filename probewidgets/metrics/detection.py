"""Scores of two labels that need no threshold: how well the rows of one are told from those of the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from probewidgets.metrics.intervals import Clusters, about
from probewidgets.values import Estimate

__all__ = ["FALSE_ALARMS", "auroc", "average_precision", "detection_estimates", "enough", "recall_at"]

Floats = npt.NDArray[np.floating[Any]]

FALSE_ALARMS = {"recall_at_fpr_01": 0.01, "recall_at_fpr_10": 0.1}
"""What a recall is called -> the share of the negatives that may be taken for positives."""

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
    negatives = int((~gold).sum())
    whole = _Ranking.of(gold, score)
    values = dict(whole.all(negatives))
    if clusters.size < 2:
        return {name: Estimate(float(value[0])) for name, value in values.items()}
    drawn: dict[str, list[npt.NDArray[np.float64]]] = {name: [] for name in values}
    for low in range(0, clusters.draws, size := max(1, _CELLS // max(1, len(gold)))):
        for name, each in _Ranking.of(gold, score, clusters, slice(low, low + size)).all(negatives):
            drawn[name].append(each)
    return {
        name: Estimate(float(value[0]), *about(float(value[0]), np.concatenate(drawn[name])))
        for name, value in values.items()
    }


@dataclass(frozen=True, eq=False)
class _Ranking:
    """How many rows of each kind have each score, the highest first, in each of B resamples; U scores that differ."""

    positive: Floats
    """(U, B)"""
    negative: Floats
    """(U, B)"""

    @classmethod
    def of(
        cls, gold: npt.ArrayLike, score: npt.ArrayLike, clusters: Clusters | None = None, draws: slice = slice(None)
    ) -> _Ranking:
        """Of (N,) flags and scores, in some draws of their sentences; as they are, if there are none."""
        from scipy.sparse import csr_array

        flags, scores = np.asarray(gold, dtype=bool), np.asarray(score, dtype=np.float64)
        place = np.unique(-scores, return_inverse=True)[1].ravel()  # infinite ones are ties like others
        sentence = np.zeros(len(flags), np.int64) if clusters is None else clusters.index
        weights = np.ones((1, 1)) if clusters is None else clusters.weights[draws].T
        shape = (int(place.max(initial=-1)) + 1, len(weights))

        def counted(side: npt.NDArray[np.bool_]) -> Floats:
            cells = (np.ones(int(side.sum())), (place[side], sentence[side]))
            return np.asarray(csr_array(cells, shape) @ weights)

        return cls(counted(flags), counted(~flags))

    def all(self, negatives: int) -> Iterator[tuple[str, npt.NDArray[np.float64]]]:
        """Every score by its name, (B,); NaN for a recall that so many negatives do not allow."""
        yield "auroc", self.auroc()
        yield "average_precision", self.average_precision()
        for name, share in FALSE_ALARMS.items():
            can = enough(negatives, share)
            yield name, self.recall_at(share) if can else np.full(self.positive.shape[1], np.nan)

    @cached_property
    def hits(self) -> Floats:
        """(U + 1, B) positives down to each score; none at first."""
        return _summed(self.positive)

    @cached_property
    def alarms(self) -> Floats:
        """(U + 1, B) negatives down to each score; none at first."""
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
