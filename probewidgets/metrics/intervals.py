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

__all__ = ["Clusters", "about", "percentile_interval"]

Scorer = Callable[[Any], npt.NDArray[np.floating[Any]]]
Holder = Callable[[Any], npt.NDArray[np.bool_]]


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
        """Mean F1 over the labels that occur among gold or predicted: see `mean_f1`."""
        labels, both = np.unique(np.concatenate([gold, predicted]), return_inverse=True)
        return self.mean_f1(self.counts(both[: len(gold)], both[len(gold) :], len(labels)))

    def mean_f1(self, counts: npt.NDArray[np.float64]) -> Estimate:
        """Mean F1 over the labels that occur (in a resample: in that resample), from the (S, 3, K) `counts`."""
        shape = (-1, *counts.shape[1:])
        return self.score(
            counts.reshape(len(counts), -1),
            lambda sums: _macro_f1(sums.reshape(shape)),
            present=lambda sums: sums.reshape(shape)[:, 1:].sum(1) > 0,
        )

    def counts(self, gold: npt.NDArray[Any], predicted: npt.NDArray[Any], k: int) -> npt.NDArray[np.float64]:
        """(S, 3, K) how often each of `k` labels is right, is gold and is given, in each sentence.

        Args:
            gold: (N,) label of each row, or (N, K) whether it carries each.
            predicted: The same of what was given.
            k: How many labels there are.
        """
        if gold.ndim > 1:
            parts = (gold & predicted, gold, predicted)
            return np.stack([np.stack([self.sums(column) for column in part.T], 1) for part in parts], 1)
        each = ((gold == predicted, gold), (None, gold), (None, predicted))
        return np.stack([self._per_label(rows, column, k) for rows, column in each], 1)

    def _per_label(self, rows: npt.NDArray[np.bool_] | None, label: npt.NDArray[Any], k: int) -> npt.NDArray[Any]:
        """(S, K) how often each label stands in each sentence, among the rows given."""
        cells = self.index * k + label
        cells = cells if rows is None else cells[rows]
        return np.bincount(cells, minlength=self.size * k).reshape(self.size, k).astype(np.float64)

    def score(
        self, parts: npt.NDArray[np.floating[Any]], score: Scorer, unit: str = "", *, present: Holder | None = None
    ) -> Estimate:
        """Any score that sums over sentences determine, with its interval.

        The interval is that of the resamples (percentiles), and holds the value. A score that averages over things of
        which a resample may lack some (rare labels) is another score there, and its resamples lie to one side: then the
        interval also holds the same one moved so far that the median of the resamples is the value.

        Args:
            parts: (S, P) what each sentence adds to P sums.
            score: (B, P) sums -> (B,) scores; NaN where they are undefined.
            unit: Of the score.
            present: (B, P) sums -> (B, K) whether each of the things that the score averages over occurs.

        Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", sections 10.2 (bias) and 13.3.
        """
        if not self.size:
            return Estimate(float("nan"), unit=unit)
        whole = parts.sum(0)[None]
        value = float(score(whole)[0])
        if self.size < 2:
            return Estimate(value, unit=unit)  # one sentence says nothing about how sentences differ
        sums = self.weights @ parts
        lacking = present is not None and bool((present(whole) & ~present(sums)).any())
        return Estimate(value, *about(value, score(sums), lacking), unit)


def about(value: float, resampled: npt.NDArray[np.floating[Any]], lacking: bool = False) -> tuple[float, float]:
    """The interval of a score's resamples that holds its value; `lacking`: whether some lack what it averages."""
    low, high = percentile_interval(resampled)
    if np.isnan([value, low]).any():
        return low, high
    shift = float(np.nanmedian(resampled)) - value if lacking else 0.0
    return min(low, low - shift, value), max(high, high - shift, value)


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
