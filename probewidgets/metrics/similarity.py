"""Similarity of two sets of states of the same things, whatever their widths: linear CKA, SVCCA and PWCCA."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from probewidgets.errors import DataError

__all__ = ["cka", "pwcca", "svcca"]

Floats = npt.NDArray[np.floating[Any]]

_RANK = 1e-10
"""A direction with a smaller share of the variance than this times the largest one's is rounding."""


def cka(X: Floats, Y: Floats) -> float:
    """Linear centred kernel alignment, in [0, 1]: 1 where a rotation and one scale make Y of X.

    Few directions of large variance decide it. Of unrelated states it is near 0 only where rows are many more than
    features: give 10 rows or more for each feature.

    Args:
        X: (N, D) states.
        Y: (N, E) states of the same N things.

    Raises:
        DataError: Not two matrices over the same rows, one that is not finite, or one in which nothing varies.

    Source: Kornblith et al. 2019, "Similarity of Neural Network Representations Revisited", section 3.
    """
    x, y = _centred(X, Y)
    return float(np.square(y.T @ x).sum() / (np.linalg.norm(x.T @ x) * np.linalg.norm(y.T @ y)))


def svcca(X: Floats, Y: Floats, keep: float = 0.99) -> float:
    """Mean canonical correlation of the directions that hold nearly all variance, in [0, 1].

    It does not change by an invertible linear map of what is kept. Without 10 rows or more for each feature it is near
    1 whatever the states are.

    Args:
        X: (N, D) states.
        Y: (N, E) states of the same N things.
        keep: Share of the variance of each that is kept, by its largest directions, in (0, 1].

    Raises:
        DataError: As `cka`; or `keep` is no such share.

    Source: Raghu et al. 2017, "SVCCA: Singular Vector Canonical Correlation Analysis", section 2.
    """
    return float(_canonical(*_centred(X, Y), keep).correlations.mean())


def pwcca(X: Floats, Y: Floats) -> float:
    """Mean canonical correlation, weighted by how much of X each canonical direction accounts for, in [0, 1].

    Not the same with X and Y exchanged. Without 10 rows or more for each feature it is near 1 whatever the states are.

    Args:
        X: (N, D) states, whose directions are weighted.
        Y: (N, E) states of the same N things.

    Raises:
        DataError: As `cka`.

    Source: Morcos, Raghu and Bengio 2018, "Insights on representational similarity in neural networks with canonical
    correlation", section 3.
    """
    x, y = _centred(X, Y)
    canonical = _canonical(x, y, 1.0)
    weights = np.abs((x @ canonical.directions).T @ x).sum(1)
    return float(weights @ canonical.correlations / weights.sum())


@dataclass(frozen=True, eq=False)
class _Canonical:
    """The canonical correlations of two sets of states."""

    correlations: Floats
    """(C,) the largest first, in [0, 1]."""
    directions: Floats
    """(D, C) of X: where they lead, canonical variables are orthonormal."""


def _canonical(x: Floats, y: Floats, keep: float) -> _Canonical:
    whiten_x, whiten_y = _whitening(x, keep), _whitening(y, keep)
    left, correlations, _ = np.linalg.svd(whiten_x.T @ (x.T @ y) @ whiten_y, full_matrices=False)
    return _Canonical(np.clip(correlations, 0, 1), whiten_x @ left)


def _whitening(x: Floats, keep: float) -> Floats:
    """(D, k) the matrix that makes the k largest directions of centred states orthonormal."""
    if not 0 < keep <= 1:
        raise DataError(f"keep must be a share of the variance, in (0, 1], but {keep!r} came.")
    values, vectors = np.linalg.eigh(x.T @ x)
    values, vectors = values[::-1], vectors[:, ::-1]
    share = np.cumsum(values) / values.sum()
    k = min(int(np.searchsorted(share, keep * (1 - _RANK))) + 1, int((values > _RANK * values[0]).sum()))
    return np.asarray(vectors[:, :k] / np.sqrt(values[:k]))


def _centred(X: Floats, Y: Floats) -> tuple[Floats, Floats]:
    x, y = np.asarray(X, dtype=np.float64), np.asarray(Y, dtype=np.float64)
    if x.ndim != 2 or y.ndim != 2 or len(x) != len(y) or not x.size or not y.size:
        raise DataError(
            f"Two matrices with the same number of rows are compared, (N, D) and (N, E), but {x.shape} and {y.shape} "
            "came. Give states of the same things, in the same order."
        )
    for matrix in (x, y):
        if not np.isfinite(matrix).all():
            raise DataError("States hold NaN or infinity: leave these rows out, or capture them with dtype='float32'.")
    if is_constant(x) or is_constant(y):
        raise DataError("All rows of one of the matrices are the same, so there is nothing to compare: give others.")
    return x - x.mean(0), y - y.mean(0)


def is_constant(X: Floats) -> bool:
    """Tell whether all rows of an (N, D) matrix are the same, but for rounding."""
    x = np.asarray(X, dtype=np.float64)
    return bool(np.ptp(x, axis=0).max() <= 1e-6 * np.abs(x).max())
