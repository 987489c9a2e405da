"""Probes whose answers are graded: ridge regression for numbers, and a sigmoid per label for sets of labels."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError
from probewidgets.machine.arrays import Floats
from probewidgets.probes.base import Probe, Scaler, check_grid, check_positive, check_states
from probewidgets.probes.linear import LinearProbe
from probewidgets.probes.stored import Storable

__all__ = ["FittedRidge", "FittedSigmoids", "Graded", "GradedProbe", "RidgeProbe", "SigmoidProbe"]


@dataclass(frozen=True)
class Graded:
    """A fitted probe with graded answers, and how it does on dev."""

    fitted: Any
    l2: float
    """The penalty chosen on dev, or the probe's own."""
    edge_of_grid: bool
    """Whether it is the strongest or the weakest of a grid of several."""
    converged: bool
    dev_loss: float
    """Mean squared error, or mean cross-entropy per label (nats), on dev."""


class GradedProbe(Probe):
    """A probe for numbers or for sets of labels."""

    trial: ClassVar[str] = "graded"
    asks: ClassVar[frozenset[str]] = frozenset({"control"})

    def choose_graded(self, X: Floats, Y: Floats, X_dev: Floats, Y_dev: Floats) -> tuple[Graded, ...]:
        """Fit T sets of answers over the same states, each at its best penalty on dev.

        Args:
            X: (N, D) states of train.
            Y: (T, N) numbers, or (T, N, K) booleans.
            X_dev: (M, D) states of dev.
            Y_dev: (T, M) numbers, or (T, M, K) booleans.
        """
        raise NotImplementedError


@dataclass(frozen=True)
class RidgeProbe(GradedProbe):
    """Ridge regression, for targets that are numbers: mean squared error + l2 * ||w||^2, the intercept free.

    On (N, D) states this is scikit-learn's `Ridge` with `alpha = l2 * N`.

    Args:
        l2: The penalty. None: `sweep` chooses it on dev from `grid`; `fit` alone takes 1 / N, scikit-learn's alpha = 1.
        grid: Penalties for `sweep` to try, strongest first.

    Raises:
        ProbeError: A number is not positive.

    Source: Hoerl and Kennard 1970, "Ridge regression: biased estimation for nonorthogonal problems".
    """

    l2: float | None = None
    grid: tuple[float, ...] = (1e3, 1e2, 1e1, 1.0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6)

    answers: ClassVar[str] = "number"

    def __post_init__(self) -> None:
        if self.l2 is not None:
            check_positive("l2", self.l2)
        check_grid(self.grid)

    def fit(self, X: Floats, y: npt.ArrayLike) -> FittedRidge:
        """Fit on (N, D) states and (N,) numbers.

        Raises:
            ProbeError: NaN or infinity in X or y, not one number per row.

        Cost: one product of N * D * D and one eigendecomposition of D x D.
        """
        X = check_states(X)
        numbers = _check_numbers(X, y)
        return _Ridge.of(X, numbers[None]).at(self.l2 or 1 / len(X), 0)

    def choose_graded(self, X: Floats, Y: Floats, X_dev: Floats, Y_dev: Floats) -> tuple[Graded, ...]:
        """Fit T sets of numbers, each at its best penalty on dev. See `GradedProbe`."""
        X, X_dev = check_states(X), check_states(X_dev)
        solved = _Ridge.of(X, np.asarray(Y, np.float64))
        grid = self.grid if self.l2 is None else (self.l2,)
        graded = []
        for i, y_dev in enumerate(Y_dev):
            fits = [solved.at(l2, i) for l2 in grid]
            losses = [float(np.square(fitted.predict(X_dev) - y_dev).mean()) for fitted in fits]
            rank = int(np.argmin(losses))  # of equals the stronger
            edge = len(grid) > 1 and rank in (0, len(grid) - 1)
            graded.append(Graded(fits[rank], grid[rank], edge, True, losses[rank]))
        return tuple(graded)


@dataclass(frozen=True, eq=False)
class _Ridge:
    """All penalties at once: in the eigenvectors of the states' covariance a penalty only rescales."""

    centre: npt.NDArray[np.float64]
    means: npt.NDArray[np.float64]
    variance: npt.NDArray[np.float64]
    axes: npt.NDArray[np.float64]
    along: npt.NDArray[np.float64]
    """(T, D) covariance of the numbers with the states along each axis."""

    @staticmethod
    def of(X: Floats, Y: npt.NDArray[np.float64]) -> _Ridge:
        centre, means = X.mean(0, dtype=np.float64), Y.mean(1)
        within = X.astype(np.float64) - centre
        variance, axes = np.linalg.eigh(within.T @ within / len(X))
        return _Ridge(centre, means, variance.clip(0), axes, (Y - means[:, None]) @ within @ axes / len(X))

    def at(self, l2: float, which: int) -> FittedRidge:
        coef = self.axes @ (self.along[which] / (self.variance + l2))
        return FittedRidge(coef, float(self.means[which] - coef @ self.centre), float(l2))


@dataclass(frozen=True, eq=False)
class FittedRidge(Storable):
    """A fitted ridge regression. Predicts in numpy."""

    kind: ClassVar[str] = "ridge"

    coef_: npt.NDArray[np.float64]
    """(D,) weights, in the units of the states given."""
    intercept_: float
    l2: float
    """The penalty it was fitted with."""

    def __repr__(self) -> str:
        return f"FittedRidge({len(self.coef_)} features, l2 {self.l2:.3g})"

    def predict(self, X: Floats) -> npt.NDArray[np.float64]:
        """(N, D) states -> (N,) numbers.

        Raises:
            ProbeError: Another number of features than in training, NaN or infinity.
        """
        return np.asarray(check_states(X, len(self.coef_)) @ self.coef_ + self.intercept_, np.float64)

    def rescaled(self, scaler: Scaler) -> FittedRidge:
        """This probe, fitted on `scaler.apply(X)`, as one for X itself."""
        coef = self.coef_ / scaler.scale.astype(np.float64)
        return FittedRidge(coef, float(self.intercept_ - coef @ scaler.mean), self.l2)

    @property
    def width(self) -> int:
        """D."""
        return int(self.coef_.shape[-1])

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Of its weights."""
        return {"coef_": (self.width,)}


@dataclass(frozen=True)
class SigmoidProbe(GradedProbe):
    """A logistic regression per label, for targets that carry any number of labels.

    Each label is one more softmax regression of two classes, fitted as `linear` says and at a penalty of its own; a
    label is predicted where its probability is 0.5 or more.

    Args:
        linear: How each label's regression is fitted; by default `LinearProbe()`.
    """

    linear: LinearProbe = field(default_factory=LinearProbe)

    answers: ClassVar[str] = "labels"

    @property
    def open_grid(self) -> tuple[float, ...]:
        """That of each label's regression."""
        return self.linear.open_grid

    def at(self, penalty: float) -> SigmoidProbe:
        """The same probe with the penalty of all labels fixed."""
        return replace(self, linear=self.linear.at(penalty))

    def choose_graded(self, X: Floats, Y: Floats, X_dev: Floats, Y_dev: Floats) -> tuple[Graded, ...]:
        """Fit T sets of labels. See `GradedProbe`."""
        graded = []
        for y, y_dev in zip(np.asarray(Y, np.int64), np.asarray(Y_dev, np.int64), strict=True):
            choices = self.linear.choose(X, np.ascontiguousarray(y.T), X_dev, np.ascontiguousarray(y_dev.T), (0, 1))
            fitted: list[Any] = [choice.fitted for choice in choices]
            coef = np.stack([probe.coef_[1] - probe.coef_[0] for probe in fitted])
            bias = np.stack([probe.intercept_[1] - probe.intercept_[0] for probe in fitted])
            nats = [choice.dev_nats for choice in choices]
            l2 = float(np.median([choice.l2 for choice in choices]))
            edges = any(choice.edge_of_grid for choice in choices)
            converged = all(choice.converged for choice in choices)
            graded.append(Graded(FittedSigmoids(coef, bias), l2, edges, converged, float(np.mean(nats))))
        return tuple(graded)


@dataclass(frozen=True, eq=False)
class FittedSigmoids(Storable):
    """A fitted logistic regression per label. Predicts in numpy."""

    kind: ClassVar[str] = "sigmoids"

    coef_: npt.NDArray[np.float64]
    """(K, D) weights, in the units of the states given."""
    intercept_: npt.NDArray[np.float64]
    """(K,)"""

    def __repr__(self) -> str:
        return f"FittedSigmoids({self.coef_.shape[0]} labels x {self.coef_.shape[1]} features)"

    def proba(self, X: Floats) -> npt.NDArray[np.float64]:
        """(N, D) states -> (N, K) probability of each label; they need not sum to 1.

        Raises:
            ProbeError: Another number of features than in training, NaN or infinity.
        """
        logits = check_states(X, self.coef_.shape[1]) @ self.coef_.T + self.intercept_
        return np.asarray(0.5 * (1 + np.tanh(0.5 * logits)), np.float64)

    def predict(self, X: Floats) -> npt.NDArray[np.bool_]:
        """(N, D) states -> (N, K) whether each label is given."""
        return self.proba(X) >= 0.5

    def rescaled(self, scaler: Scaler) -> FittedSigmoids:
        """This probe, fitted on `scaler.apply(X)`, as one for X itself."""
        coef = self.coef_ / scaler.scale.astype(np.float64)
        return FittedSigmoids(coef, self.intercept_ - coef @ scaler.mean)

    @property
    def width(self) -> int:
        """D."""
        return int(self.coef_.shape[-1])

    @property
    def n_labels(self) -> int:
        """K."""
        return len(self.coef_)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Of its weights and biases."""
        return {"coef_": (len(self.coef_), self.width), "intercept_": (len(self.coef_),)}


def _check_numbers(X: Floats, y: npt.ArrayLike) -> npt.NDArray[np.float64]:
    try:
        numbers = np.asarray(y, np.float64)
    except (TypeError, ValueError) as error:
        raise ProbeError(f"y must hold one number per row, but something else came: {error}.") from error
    if numbers.shape != (len(X),):
        raise ProbeError(f"y must hold one number per row, ({len(X)},), but came with shape {numbers.shape}.")
    if not np.isfinite(numbers).all():
        raise ProbeError(f"y holds NaN or infinity, first in row {int(np.flatnonzero(~np.isfinite(numbers))[0])}.")
    return numbers
