"""Slices: the test set cut into groups, each with its mean and interval; and the shares of a confusion matrix."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from probewidgets.metrics.intervals import Clusters, about

__all__ = ["binned", "folded", "group_means", "shares"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def group_means(clusters: Clusters, values: npt.ArrayLike, group: npt.NDArray[np.integer[Any]], k: int) -> Floats:
    """(3, k) mean of the values of each group, and the ends of its interval; NaN for a group without rows.

    Each is what `Clusters.mean(values, group == g)` gives, of all groups in one product.

    Args:
        clusters: The sentences of the rows.
        values: (N,) one value per row, such as whether its answer is right.
        group: (N,) the group of each row, from 0 to k - 1.
        k: How many groups there are.
    """
    cells, shape = clusters.index * k + group, (clusters.size, k)
    sums = np.bincount(cells, np.asarray(values, np.float64), minlength=clusters.size * k).reshape(shape)
    counts = np.bincount(cells, minlength=clusters.size * k).reshape(shape).astype(np.float64)
    means = np.full((3, k), np.nan)
    means[0] = _ratio(sums.sum(0), counts.sum(0))
    if clusters.size > 1:
        drawn = _ratio(clusters.weights @ sums, clusters.weights @ counts)
        for place in np.flatnonzero(np.isfinite(means[0])):
            means[1:, place] = about(float(means[0, place]), drawn[:, place])
    return means


def shares(counts: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Of each cell of a confusion matrix its share of its row, and of its column; NaN where that is empty.

    Args:
        counts: (K, K) gold in rows, given in columns.
    """
    counts = np.asarray(counts, np.float64)
    rows, columns = counts.sum(1, keepdims=True), counts.sum(0, keepdims=True)
    return _ratio(counts, np.broadcast_to(rows, counts.shape)), _ratio(counts, np.broadcast_to(columns, counts.shape))


def folded(counts: npt.ArrayLike, kept: npt.ArrayLike) -> Ints:
    """A confusion matrix of some of its labels, in their order, and of all others as one last label.

    Args:
        counts: (K, K).
        kept: (M,) places of the labels that stay.

    Returns:
        (M, M) where all labels stay, else (M + 1, M + 1); its sum is that of `counts`.
    """
    counts, kept = np.asarray(counts, np.int64), np.asarray(kept, np.int64)
    place = np.full(len(counts), len(kept))
    place[kept] = np.arange(len(kept))
    size = len(kept) + (len(kept) < len(counts))
    cells = np.zeros((size, size), np.int64)
    np.add.at(cells, (place[:, None], place[None]), counts)
    return cells


def binned(values: npt.ArrayLike, parts: int) -> tuple[Ints, list[tuple[int, int]]]:
    """Whole numbers in bins of about as many rows each; equal numbers share a bin.

    Args:
        values: (N,) whole numbers.
        parts: How many bins, at most.

    Returns:
        (N,) the bin of each, and of each bin its least and its largest value.
    """
    values = np.asarray(values, np.int64)
    if not len(values):
        return values, []
    # A bin begins behind a quantile; where the quantile is the largest number of all, no bin would be left for that.
    edges = np.unique(np.quantile(values, np.arange(1, parts) / parts, method="inverted_cdf"))
    edges = edges[edges < values.max()]
    place = np.searchsorted(edges, values, side="left")
    ends = [(int(values[place == bin_].min()), int(values[place == bin_].max())) for bin_ in range(len(edges) + 1)]
    return place.astype(np.int64), ends


def _ratio(above: npt.NDArray[Any], below: npt.NDArray[Any]) -> Floats:
    return np.asarray(np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below > 0))
