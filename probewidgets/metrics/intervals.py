"""Intervals by the cluster bootstrap: sentences, not words, are drawn again, because words of one sentence go together.

Scores are made from sums over sentences, so one product of (draws, sentences) with (sentences, sums) gives all draws.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from probewidgets.metrics.scores import f1
from probewidgets.values import Estimate

__all__ = ["Clusters", "percentile_interval"]

Scorer = Callable[[Any], npt.NDArray[np.floating[Any]]]


@dataclass(frozen=True, eq=False)
class Clusters:
    """The sentences of the evaluated rows, and how often each is drawn in each resample.

    One object for all the scores of an evaluation: the same sentences are drawn for each, so differences are paired.

    Source: Cameron, Gelbach and Miller 2008, "Bootstrap-based improvements for inference with clustered errors".
    """

    group: npt.NDArray[np.int64]
    """(N,) sentence of each row, any numbers."""
    draws: int = 1000
    """B, resamples."""
    seed: int = 0

    @cached_property
    def index(self) -> npt.NDArray[np.int64]:
        """(N,) sentence of each row, counted from 0."""
        return np.unique(self.group, return_inverse=True)[1].astype(np.int64)

    @cached_property
    def size(self) -> int:
        """S, sentences."""
        return int(self.index.max()) + 1 if len(self.index) else 0

    @cached_property
    def weights(self) -> npt.NDArray[np.float64]:
        """(B, S) how often each sentence is drawn in each resample; a row sums to S."""
        rng = np.random.default_rng(self.seed)
        drawn = rng.integers(0, self.size, (self.draws, self.size)) + self.size * np.arange(self.draws)[:, None]
        counts = np.bincount(drawn.ravel(), minlength=self.draws * self.size)
        return counts.reshape(self.draws, self.size).astype(np.float64)

    def sums(self, values: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """(N,) values of rows -> (S,) sums over sentences."""
        return np.bincount(self.index, np.asarray(values, dtype=np.float64), self.size).astype(np.float64)

    def mean(self, values: npt.ArrayLike, where: npt.ArrayLike | None = None, unit: str = "") -> Estimate:
        """Mean over rows, with its interval: accuracy from hits, selectivity from differences of hits.

        Args:
            values: (N,) one value per row.
            where: (N,) rows that count; all by default.
            unit: Of the values.
        """
        values = np.asarray(values, dtype=np.float64)
        counts = np.ones(len(values)) if where is None else np.asarray(where, dtype=np.float64)
        return self.ratio(self.sums(np.where(counts > 0, values, 0)), self.sums(counts), unit)

    def ratio(self, above: npt.ArrayLike, below: npt.ArrayLike, unit: str = "") -> Estimate:
        """Sum of (S,) over sum of (S,), one number per sentence each, with its interval."""
        parts = np.stack([np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64)], 1)
        return self.score(parts, _ratio, unit)

    def macro_f1(self, gold: npt.NDArray[np.integer[Any]], predicted: npt.NDArray[np.integer[Any]]) -> Estimate:
        """Mean F1 over the labels that occur among gold or predicted (in a resample: in that resample)."""
        labels, both = np.unique(np.concatenate([gold, predicted]), return_inverse=True)
        g, p, k = both[: len(gold)], both[len(gold) :], len(labels)
        parts = np.stack([self._per_label(rows, column, k) for rows, column in ((g == p, g), (None, g), (None, p))], 1)
        return self.score(parts.reshape(self.size, 3 * k), lambda sums: _macro_f1(sums.reshape(-1, 3, k)))

    def _per_label(self, rows: npt.NDArray[np.bool_] | None, label: npt.NDArray[Any], k: int) -> npt.NDArray[Any]:
        """(S, K) how often each label stands in each sentence, among the rows given."""
        cells = self.index * k + label
        cells = cells if rows is None else cells[rows]
        return np.bincount(cells, minlength=self.size * k).reshape(self.size, k).astype(np.float64)

    def score(self, parts: npt.NDArray[np.floating[Any]], score: Scorer, unit: str = "") -> Estimate:
        """Any score that sums over sentences determine, with its interval.

        Args:
            parts: (S, P) what each sentence adds to P sums.
            score: (B, P) sums -> (B,) scores; NaN where they are undefined.
            unit: Of the score.
        """
        if not self.size:
            return Estimate(float("nan"), unit=unit)
        value = float(score(parts.sum(0)[None])[0])
        if self.size < 2:
            return Estimate(value, unit=unit)  # one sentence says nothing about how sentences differ
        return Estimate(value, *percentile_interval(score(self.weights @ parts)), unit)


def percentile_interval(values: npt.NDArray[np.floating[Any]], level: float = 0.95) -> tuple[float, float]:
    """The middle `level` of resampled values; NaN where they are undefined."""
    values = values[np.isfinite(values)]
    if not len(values):
        return float("nan"), float("nan")
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _ratio(sums: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(np.divide(sums[:, 0], sums[:, 1], out=np.full(len(sums), np.nan), where=sums[:, 1] > 0))


def _macro_f1(sums: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(B, 3, K) true positives, gold and predicted counts -> (B,)."""
    right, gold, given = sums[:, 0], sums[:, 1], sums[:, 2]
    present = ((gold + given) > 0).sum(1)
    return np.asarray(f1(right, gold, given).sum(1) / np.maximum(present, 1))
