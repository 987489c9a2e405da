"""The linear probe: softmax regression with an L2 penalty, by the solver of this package."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError
from probewidgets.probes.base import (
    Choice,
    Floats,
    Ints,
    Scaler,
    as_labels,
    check_labels,
    check_positive,
    check_states,
    dev_nats,
    log_softmax,
)

if TYPE_CHECKING:
    import torch

    from probewidgets.probes.solver import Design

__all__ = ["GRID", "FittedLinear", "LinearProbe"]

GRID = (1e-1, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 1e-6)
"""Penalties that are tried, strongest first. With standardised features and 300 to 300,000 rows the best lies inside."""

_ROUGH = 1e-4
"""Tolerance (nats) while penalties are compared: far less than they differ by."""
_WORSE = 1.01
"""A penalty whose cross-entropy on dev is this many times the best so far ends the search: weaker ones overfit more."""
_SMALL = 1 << 22
"""Up to so many numbers, float64 costs nothing that one would notice."""


@dataclass(frozen=True)
class LinearProbe:
    """Softmax regression: the hyper-parameters.

    The objective is exactly mean cross-entropy (nats) + l2 * ||W||^2, the bias free, on the states as they are given
    (`sweep` standardises them first). With K >= 3 labels this is scikit-learn's `LogisticRegression` with
    `C = 1 / (2 * l2 * N)`. With two labels it still has two rows of weights, one per label, each the negative of the
    other; scikit-learn has one, their difference, so the same optimum is there at `C = 1 / (l2 * N)`.

    Raises:
        ProbeError: A number is not positive.
    """

    l2: float | None = None
    """The penalty. None: `sweep` chooses it on dev from `grid`; `fit` alone takes 1 / (2 N), scikit-learn's C = 1."""
    tol: float | None = None
    """A fit is done when its next step promises to lower the objective by less than this (nats). None: 1e-9 in `fit`,
    1e-6 in `sweep`, whose test set could not show the difference."""
    max_iter: int = 500
    """Passes over the rows after which a fit is left as it is, `converged` False."""
    grid: tuple[float, ...] = GRID
    """Penalties for `sweep` to try, strongest first."""

    def __post_init__(self) -> None:
        for name, value in (("l2", self.l2), ("tol", self.tol), ("max_iter", self.max_iter)):
            if value is not None:
                check_positive(name, value)
        if not self.grid or list(self.grid) != sorted(set(self.grid), reverse=True):
            raise ProbeError(f"grid must hold different penalties, strongest first, but {self.grid} came.")
        check_positive("Every penalty of the grid", min(self.grid))

    def fit(self, X: Floats, y: npt.NDArray[Any]) -> FittedLinear:
        """Fit on (N, D) states and (N,) labels (strings or numbers).

        Raises:
            ProbeError: NaN or infinity in X, not one label per row, fewer than two labels.

        Cost: about `4 N D K` operations per pass, 20 to 100 passes.
        """
        import torch

        from probewidgets.probes.solver import minimise

        X = check_states(X)
        labels, index = check_labels(X, y)
        l2 = self.l2 or 1 / (2 * len(X))
        design = _design(X)
        found = minimise(
            design,
            torch.from_numpy(index[None]),
            len(labels),
            torch.tensor([l2]),
            tol=self.tol or 1e-9,
            max_iter=self.max_iter,
        )
        return FittedLinear(labels, *design.unrotate(found.weights[0]), bool(found.converged[0]), l2)

    def choose(self, X: Floats, Y: Ints, X_dev: Floats, Y_dev: Ints, labels: Sequence[Any]) -> tuple[Choice, ...]:
        """Fit T label sets over the same states, each at its best penalty on dev. See `TunedProbe`.

        The penalties are walked from the strongest to the weakest, each fit starting where the one before ended, until
        dev gets worse; then the best is fitted to `tol`. Ties go to the stronger.
        """
        import torch

        from probewidgets.probes.solver import minimise

        design, y = _design(check_states(X)), torch.from_numpy(Y)
        search = _Search(design, y, design.rotate(check_states(X_dev)), Y_dev, len(labels))
        grid = self.grid if self.l2 is None else (self.l2,)
        if len(grid) > 1:
            search.walk(grid, self.max_iter)
        best = [grid[rank] for rank in search.rank]
        found = minimise(
            design,
            y,
            len(labels),
            torch.tensor(best, dtype=torch.float64),
            start=search.weights,
            tol=self.tol or 1e-6,
            max_iter=self.max_iter,
        )
        nats = search.score(found.weights, np.arange(len(Y)))
        ends = (grid[0], grid[-1]) if len(grid) > 1 else ()
        return tuple(
            Choice(
                FittedLinear(tuple(labels), *design.unrotate(found.weights[i]), bool(found.converged[i]), best[i]),
                best[i],
                best[i] in ends,
                bool(found.converged[i]),
                nats[i],
            )
            for i in range(len(Y))
        )


class _Search:
    """The walk along the penalties: for each label set the best so far."""

    def __init__(self, design: Design, y: torch.Tensor, dev: torch.Tensor, y_dev: Ints, n_labels: int) -> None:
        self.design, self.y, self.dev, self.y_dev, self.n_labels = design, y, dev, y_dev, n_labels
        self.rank = [0] * len(y)
        self.nats = [float("inf")] * len(y)
        self.weights: torch.Tensor | None = None

    def walk(self, grid: Sequence[float], max_iter: int) -> None:
        """Fit penalty after penalty, for the label sets whose dev cross-entropy still falls."""
        import torch

        from probewidgets.probes.solver import minimise

        alive, start = np.arange(len(self.y)), None
        for rank, l2 in enumerate(grid):
            l2s = torch.full((len(alive),), l2, dtype=torch.float64)
            found = minimise(
                self.design, self.y[alive], self.n_labels, l2s, start=start, tol=_ROUGH, max_iter=max_iter
            ).weights
            if self.weights is None:
                self.weights = found.clone()
            nats = self.score(found, alive)
            going = []
            for row, (i, value) in enumerate(zip(alive, nats, strict=True)):
                if value < self.nats[i]:
                    self.nats[i], self.rank[i], self.weights[i] = value, rank, found[row]
                if value <= _WORSE * self.nats[i]:
                    going.append(row)
            alive, start = alive[going], found[going]
            if not len(alive):
                return

    def score(self, weights: torch.Tensor, which: npt.NDArray[np.int64]) -> list[float]:
        """Cross-entropy (nats) on dev of the label sets `which`."""
        logits = [(self.dev @ w[:, :-1].T + w[:, -1]).numpy() for w in weights]
        return [dev_nats(log_softmax(z), self.y_dev[i]) for z, i in zip(logits, which, strict=True)]


@dataclass(frozen=True, eq=False)
class FittedLinear:
    """A fitted softmax regression. Predicts in numpy."""

    kind: ClassVar[str] = "linear"

    labels: tuple[Any, ...]
    """(K,) sorted."""
    coef_: npt.NDArray[np.float64]
    """(K, D) weights, in the units of the states given."""
    intercept_: npt.NDArray[np.float64]
    """(K,) biases."""
    converged: bool
    """Whether the fit met its tolerance."""
    l2: float
    """The penalty it was fitted with."""

    def __repr__(self) -> str:
        warn = "" if self.converged else ", NOT converged"
        return f"FittedLinear({len(self.labels)} labels x {self.coef_.shape[1]} features, l2 {self.l2:.3g}{warn})"

    def log_proba(self, X: Floats) -> Floats:
        """(N, D) states -> (N, K) log-probabilities in nats.

        Raises:
            ProbeError: Another number of features than in training, NaN or infinity.
        """
        return log_softmax(check_states(X, self.coef_.shape[1]) @ self.coef_.T + self.intercept_)

    def proba(self, X: Floats) -> Floats:
        """(N, D) states -> (N, K) probabilities."""
        return np.exp(self.log_proba(X))

    def predict(self, X: Floats) -> npt.NDArray[Any]:
        """(N, D) states -> (N,) most probable labels."""
        return as_labels(self.labels, self.log_proba(X).argmax(1))

    def rescaled(self, scaler: Scaler) -> FittedLinear:
        """This probe, fitted on `scaler.apply(X)`, as one for X itself."""
        coef = self.coef_ / scaler.scale
        return FittedLinear(self.labels, coef, self.intercept_ - coef @ scaler.mean, self.converged, self.l2)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write to one safetensors file."""
        from probewidgets.probes.persistence import save_probe

        save_probe(self, path)

    @staticmethod
    def load(path: str | os.PathLike[str]) -> FittedLinear:
        """Read what `save` wrote. Raises StoreError where that cannot be done."""
        from probewidgets.probes.persistence import load_probe

        return load_probe(path, FittedLinear)


def _design(X: Floats) -> Design:
    import torch

    from probewidgets.probes.solver import Design

    wide = X.dtype == np.float64 or X.size <= _SMALL
    return Design.of(X, torch.float64 if wide else torch.float32)
