"""Probes made from the means of the classes, without any training by gradient: mass-mean, centroid, LDA."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError, clipped
from probewidgets.machine.arrays import Floats, Ints
from probewidgets.probes.base import (
    Choice,
    LabelProbe,
    check_flag,
    check_labels,
    check_positive,
    check_states,
    dev_nats,
)
from probewidgets.probes.linear import FittedLinear

__all__ = ["LEDOIT_WOLF", "MassMeanProbe", "shrunk_covariance"]

LEDOIT_WOLF = "ledoit-wolf"
"""The shrinkage that the rows themselves say."""
_LEAST = 1e-12
"""Of a variance: that of states that do not vary is 0."""
_LEAST_SHRINKAGE = 1e-6
"""Features that are constant, or few, may say 0, and then there is nothing to solve."""


@dataclass(frozen=True)
class MassMeanProbe(LabelProbe):
    """Classes as round clouds about their means: for two labels, the direction from one mean to the other.

    The states of each label are taken to be Gaussian about its mean, all with one covariance, which gives linear
    log-probabilities. `whiten=False`: the covariance is the same along every direction (the mass-mean probe; with
    `prior=False`, the nearest centroid). `whiten=True`: it is the pooled covariance within the labels (linear
    discriminant analysis, the mass-mean probe for independent and identically distributed data).

    Mean, spread and threshold come from the rows that it is fitted on, never from those that it is tested on.

    Args:
        whiten: Whether directions in which the states of one label vary much count less.
        prior: Whether frequent labels are likelier from the start.
        shrinkage: How far the pooled covariance is moved towards a round one of the same size, in (0, 1]; for `whiten`.
            `"ledoit-wolf"`: as far as the rows themselves say, far where they are few for their features.

    Raises:
        ProbeError: A number is out of range, a flag neither True nor False, or the shrinkage of another name.

    Source: Marks and Tegmark 2023, "The Geometry of Truth", section 5.1; Hastie, Tibshirani and Friedman 2009, "The
    Elements of Statistical Learning", section 4.3; Ledoit and Wolf 2004, "A well-conditioned estimator for
    large-dimensional covariance matrices".
    """

    whiten: bool = False
    prior: bool = True
    shrinkage: float | str = LEDOIT_WOLF

    def __post_init__(self) -> None:
        check_flag("whiten", self.whiten)
        check_flag("prior", self.prior)
        if isinstance(self.shrinkage, str) and self.shrinkage != LEDOIT_WOLF:
            raise ProbeError(
                f"shrinkage must be {LEDOIT_WOLF!r} or a number in (0, 1], but {clipped(self.shrinkage)} came."
            )
        if not isinstance(self.shrinkage, str):
            check_positive("shrinkage", self.shrinkage)
            if self.shrinkage > 1:
                raise ProbeError(f"shrinkage must be a number <= 1, all the way to round, but {self.shrinkage!r} came.")

    def fit(self, X: Floats, y: npt.NDArray[Any]) -> FittedLinear:
        """Fit on (N, D) states and (N,) labels (strings or numbers).

        Raises:
            ProbeError: NaN or infinity in X, not one label per row, fewer than two labels.

        Cost: one pass over the states; with `whiten` one product of N * D * D (three to find the shrinkage too) and one
        solution of D x D.
        """
        X = check_states(X)
        labels, index = check_labels(X, y)
        return self._fit(np.asarray(X, np.float64), index, labels)

    def choose(self, X: Floats, Y: Ints, X_dev: Floats, Y_dev: Ints, labels: Sequence[Any]) -> tuple[Choice, ...]:
        """Fit T label sets; there is no penalty to choose. See `LabelProbe`."""
        X = np.asarray(check_states(X), np.float64)
        fits = [self._fit(X, y, tuple(labels)) for y in Y]
        return tuple(
            Choice(fitted, float("nan"), False, True, dev_nats(fitted.log_proba(X_dev), y))
            for fitted, y in zip(fits, Y_dev, strict=True)
        )

    def _fit(self, X: Floats, y: Ints, labels: tuple[Any, ...]) -> FittedLinear:
        counts = np.bincount(y, minlength=len(labels))
        members = np.zeros((len(labels), len(X)))
        members[y, np.arange(len(X))] = 1
        means = members @ X / np.maximum(counts, 1)[:, None]
        within = X - means[y]
        if self.whiten:
            coef = np.linalg.solve(shrunk_covariance(within, self.shrinkage), means.T).T
        else:
            coef = means / max(np.square(within).mean(), _LEAST)
        intercept = -0.5 * (coef * means).sum(1)
        if self.prior:
            intercept += np.log(np.maximum(counts, 1e-12) / len(X))
        # A label without a row (a control draw may miss one) has no mean: it is never predicted.
        intercept[counts == 0] = -1e3 - np.abs(intercept).max()
        coef[counts == 0] = 0
        return FittedLinear(labels, coef, intercept, True, float("nan"))


def shrunk_covariance(within: Floats, shrinkage: float | str) -> Floats:
    """(D, D) covariance of (N, D) rows with mean 0, moved towards a round one of the same size.

    Args:
        within: The rows, float64.
        shrinkage: How far, in (0, 1], or `"ledoit-wolf"`.
    """
    if isinstance(shrinkage, str):
        from sklearn.covariance import ledoit_wolf_shrinkage

        shrinkage = max(float(ledoit_wolf_shrinkage(within, assume_centered=True)), _LEAST_SHRINKAGE)
    covariance = within.T @ within / len(within)
    size = max(np.trace(covariance) / len(covariance), _LEAST)
    return np.asarray((1 - shrinkage) * covariance + shrinkage * size * np.eye(len(covariance)))
