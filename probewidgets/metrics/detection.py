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

_CELLS = 4_000_000
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
        block = _Ranking.of(gold, score, clusters.weights[low : low + size][:, clusters.index])
        for name, each in block.all(negatives):
            drawn[name].append(each)
    return {
        name: Estimate(float(value[0]), *about(float(value[0]), np.concatenate(drawn[name])))
        for name, value in values.items()
    }


@dataclass(frozen=True, eq=False)
class _Ranking:
    """How many rows of each kind have each score, the highest first, in each of B resamples; U scores that differ."""

    positive: Floats
    """(B, U)"""
    negative: Floats
    """(B, U)"""

    @classmethod
    def of(cls, gold: npt.ArrayLike, score: npt.ArrayLike, weights: Floats | None = None) -> _Ranking:
        """Of (N,) flags and scores, and of (B, N) how often each row is drawn: once, by default."""
        flags, scores = np.asarray(gold, dtype=bool), np.asarray(score, dtype=np.float64)
        order = np.argsort(-scores, kind="stable")
        ranked = scores[order]
        begin = np.flatnonzero(np.append(True, ranked[1:] != ranked[:-1]))  # scores may be infinite
        drawn = np.ones((1, len(flags))) if weights is None else weights
        if not len(flags):
            return cls(np.zeros((len(drawn), 0)), np.zeros((len(drawn), 0)))
        sums = (np.add.reduceat((drawn * side)[:, order], begin, 1) for side in (flags, ~flags))
        return cls(*sums)

    def all(self, negatives: int) -> Iterator[tuple[str, npt.NDArray[np.float64]]]:
        """Every score by its name, (B,); NaN for a recall that so many negatives do not allow."""
        yield "auroc", self.auroc()
        yield "average_precision", self.average_precision()
        for name, share in FALSE_ALARMS.items():
            can = enough(negatives, share)
            yield name, self.recall_at(share) if can else np.full(len(self.positive), np.nan)

    @cached_property
    def hits(self) -> Floats:
        """(B, U) positives down to each score."""
        return np.cumsum(self.positive, 1)

    @cached_property
    def alarms(self) -> Floats:
        """(B, U) negatives down to each score."""
        return np.cumsum(self.negative, 1)

    def auroc(self) -> npt.NDArray[np.float64]:
        """(B,)"""
        below = self._total(self.negative)[:, None] - self.alarms
        won = (self.positive * (below + self.negative / 2)).sum(1)
        return _share(won, self._total(self.positive) * self._total(self.negative))

    def average_precision(self) -> npt.NDArray[np.float64]:
        """(B,)"""
        precision = _share(self.hits, self.hits + self.alarms)
        return _share((self.positive * np.nan_to_num(precision)).sum(1), self._total(self.positive))

    def recall_at(self, false_alarms: float) -> npt.NDArray[np.float64]:
        """(B,)"""
        positives, negatives = self._total(self.positive), self._total(self.negative)
        allowed = self.alarms <= false_alarms * negatives[:, None] * (1 + 1e-9)
        recall = _share(np.where(allowed, self.hits, 0).max(1, initial=0), positives)
        return np.where(negatives > 0, recall, np.nan)

    @staticmethod
    def _total(side: Floats) -> npt.NDArray[np.float64]:
        return np.asarray(side.sum(1))


def _share(above: Floats, below: Floats) -> npt.NDArray[np.float64]:
    """Above / below; NaN where there is nothing below."""
    return np.asarray(np.divide(above, below, out=np.full(np.shape(below), np.nan), where=below > 0))
