"""The linear probe: softmax regression with an L2 penalty, by the solver of this package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from probewidgets.machine.arrays import Floats, Ints
from probewidgets.metrics.scores import log_softmax
from probewidgets.probes.base import (
    Choice,
    LabelProbe,
    Scaler,
    as_labels,
    check_count,
    check_grid,
    check_labels,
    check_positive,
    check_states,
    dev_nats,
)
from probewidgets.probes.stored import Storable
from probewidgets.probes.watching import Passes, Step, passes_heard_by, watched

if TYPE_CHECKING:
    import torch

    from probewidgets.probes.solver import Design, Solution

__all__ = ["GRID", "FittedLinear", "LinearProbe"]

GRID = (1.0, 3e-1, 1e-1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6)
"""Penalties that are tried, strongest first."""

_FIRST = 100
"""The search begins near this many over N: by experience somewhat stronger than the best."""
_ROUGH = 3e-4
"""Tolerance (nats) while penalties are compared on large problems: less than they differ by."""
_CLOSE = 1e-8
"""Over the penalty, the tolerance (nats) of a large fit alone: closer than scikit-learn's default ends,"""
_CLOSEST, _LEAST_CLOSE = 1e-5, 1e-4
"""within these."""
_WORSE = 1.005
"""A penalty whose cross-entropy on dev is this many times the best so far ends the search, as do two worse in a row."""
_SMALL = 1 << 22
"""Up to so many numbers, float64 costs nothing that anyone notices."""


@dataclass(frozen=True)
class LinearProbe(LabelProbe):
    """Softmax regression: the hyper-parameters.

    The objective is exactly mean cross-entropy (nats) + l2 * ||W||^2, the bias free, on the states as they are given
    (`sweep` standardises them first). With K >= 3 labels this is scikit-learn's `LogisticRegression` with
    `C = 1 / (2 * l2 * N)`. With two labels it still has two rows of weights, one per label, each the negative of the
    other; scikit-learn has one, their difference, so the same optimum is there at `C = 1 / (l2 * N)`.

    Args:
        l2: The penalty. None: `sweep` chooses it on dev from `grid`; `fit` alone takes 1 / (2 N), scikit-learn's C = 1.
        tol: A fit is done when its objective is estimated to be this close to its minimum (nats): a tolerance of the
            loss, not of the accuracy. None: 1e-4 in `sweep`; in `fit` 1e-9, or, for more than four million numbers of
            single precision, 1e-8 / l2 between 1e-5 and 1e-4: closer than where scikit-learn's default stops. For
            31,000 training words x 384 features, 17 labels and penalties from 1e-2 to 1e-5, test accuracies at 1e-4 and
            at 1e-8 were up to 0.07 points apart, those of the control task up to 0.13 (`benchmarks/solver.py`); with
            fewer rows they may be further.
        max_iter: Passes over the rows after which a fit is left as it is, `converged` False.
        grid: Penalties for `sweep` to try, strongest first.

    Raises:
        ProbeError: A number is not positive.
    """

    l2: float | None = None
    tol: float | None = None
    max_iter: int = 500
    grid: tuple[float, ...] = GRID

    def __post_init__(self) -> None:
        for name, value in (("l2", self.l2), ("tol", self.tol)):
            if value is not None:
                check_positive(name, value)
        check_count("max_iter", self.max_iter)
        check_grid(self.grid)

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
        fits = minimise(
            design,
            torch.from_numpy(index[None]),
            len(labels),
            torch.tensor([l2]),
            tol=self.tol or (1e-9 if design.states.dtype.itemsize == 8 else _close(l2)),
            max_iter=self.max_iter,
        )
        return FittedLinear(labels, *design.unrotate(fits.weights[0]), bool(fits.converged[0]), l2)

    def choose(self, X: Floats, Y: Ints, X_dev: Floats, Y_dev: Ints, labels: Sequence[Any]) -> tuple[Choice, ...]:
        """Fit T label sets over the same states, each at its best penalty on dev. See `LabelProbe`.

        The grid is walked from a middling penalty to weaker ones (or to stronger ones, where that was the best), each
        fit starting where the ones before point to, until dev gets worse; then the best is fitted to `tol`. Of equals
        the stronger is taken.
        """
        from probewidgets.machine.threads import Workers

        with Workers():  # around all of it: torch's own threads wait long for each other on a busy machine
            return self._choose(check_states(X), Y, check_states(X_dev), Y_dev, labels)

    def _choose(self, X: Floats, Y: Ints, X_dev: Floats, Y_dev: Ints, labels: Sequence[Any]) -> tuple[Choice, ...]:
        import torch

        from probewidgets.probes.solver import Solution, minimise

        design, y = _design(X), torch.from_numpy(Y)
        search = _Search(design, y, design.rotate(X_dev), Y_dev, len(labels))
        if self.l2 is None:
            search.run(self.grid, self.max_iter)
        best = search.l2.tolist() if self.l2 is None else [self.l2] * len(Y)
        with passes_heard_by(search.told(np.arange(len(Y)), best[0])):
            fits = minimise(
                design,
                y,
                len(labels),
                torch.tensor(best, dtype=torch.float64),
                start=Solution.together(search.best) if self.l2 is None else None,
                tol=self.tol or 1e-4,
                max_iter=self.max_iter,
            )
        nats = search.score(fits.weights, np.arange(len(Y)), best[0])
        # A grid of one penalty has no edge: nothing was chosen.
        ends = (self.grid[0], self.grid[-1]) if self.l2 is None and len(self.grid) > 1 else ()
        return tuple(
            Choice(
                FittedLinear(tuple(labels), *design.unrotate(fits.weights[i]), bool(fits.converged[i]), best[i]),
                best[i],
                best[i] in ends,
                bool(fits.converged[i]),
                float(nats[i]),
            )
            for i in range(len(Y))
        )


class _Search:
    """Penalties tried on dev: for each label set the best so far."""

    def __init__(self, design: Design, y: torch.Tensor, dev: torch.Tensor, y_dev: Ints, n_labels: int) -> None:
        self.design, self.y, self.dev, self.y_dev, self.n_labels = design, y, dev, y_dev, n_labels
        self.tol = _ROUGH if design.states.dtype.itemsize < 8 else _ROUGH / 10
        self.l2 = np.zeros(len(y))
        self.nats = np.full(len(y), np.inf)
        self.best: list[Solution] = []
        """(T,) of each label set the fit that was the best so far."""

    def run(self, grid: Sequence[float], max_iter: int) -> None:
        """From a penalty a little too strong to weaker ones; where the first was best already, to stronger ones."""
        first = max(0, sum(l2 >= _FIRST / self.y.shape[1] for l2 in grid) - 1)
        everyone = np.arange(len(self.y))
        self._walk(grid[first:], everyone, max_iter)
        at_first = everyone[self.l2 == grid[first]]
        if first and len(at_first):
            self._walk(grid[first - 1 :: -1], at_first, max_iter)

    def _walk(self, grid: Sequence[float], alive: Ints, max_iter: int) -> None:
        """Try penalty after penalty, for the label sets whose cross-entropy on dev still falls."""
        import torch

        from probewidgets.probes.solver import Solution, minimise

        start = Solution.together([self.best[i] for i in alive]) if self.best else None
        before, worse = None, np.zeros(len(alive), dtype=int)
        for rank, l2 in enumerate(grid):
            l2s = torch.full((len(alive),), l2, dtype=torch.float64)
            with passes_heard_by(self.told(alive, l2)):
                fits = minimise(
                    self.design, self.y[alive], self.n_labels, l2s, start=start, tol=self.tol, max_iter=max_iter
                )
            nats = self.score(fits.weights, alive, l2)
            tie = (nats == self.nats[alive]) & (l2 > self.l2[alive])  # of equals the stronger
            better = (nats < self.nats[alive]) | tie
            self.nats[alive[better]], self.l2[alive[better]] = nats[better], l2
            self.best = self.best or [fits.only([i]) for i in range(len(alive))]
            for i in np.flatnonzero(better):
                self.best[alive[i]] = fits.only([int(i)])
            worse = np.where(better, 0, worse + 1)
            going = np.flatnonzero((worse < 2) & (nats <= _WORSE * self.nats[alive]))
            if not len(going) or rank + 1 == len(grid):
                return
            alive, worse, fits = alive[going], worse[going], fits.only(going.tolist())
            start = fits
            if before is not None:
                # Weights move evenly in log l2: start where the last two penalties point to.
                ahead = np.log(grid[rank + 1] / l2) / np.log(l2 / grid[rank - 1])
                start = replace(fits, weights=fits.weights + min(ahead, 1.0) * (fits.weights - before[going]))
            before = fits.weights

    def told(self, which: Ints, penalty: float) -> Passes | None:
        """What tells the passes over train to whoever looks on."""
        if (watch := watched()) is None:
            return None
        return lambda fits, loss: watch(Step(which[fits].tolist(), loss, "objective", "pass", penalty))

    def score(self, weights: torch.Tensor, which: Ints, penalty: float) -> npt.NDArray[np.float64]:
        """Cross-entropy (nats) on dev of the label sets `which`, fitted with a penalty."""
        logits = [(self.dev @ w[:, :-1].T + w[:, -1]).numpy() for w in weights]
        nats = np.array([dev_nats(log_softmax(z), self.y_dev[i]) for z, i in zip(logits, which, strict=True)])
        if (watch := watched()) is not None:
            watch(Step(which.tolist(), nats.tolist(), "dev", "", penalty))
        return nats


@dataclass(frozen=True, eq=False)
class FittedLinear(Storable):
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
        coef = self.coef_ / scaler.scale.astype(np.float64)
        return FittedLinear(self.labels, coef, self.intercept_ - coef @ scaler.mean, self.converged, self.l2)

    @property
    def width(self) -> int:
        """D."""
        return int(self.coef_.shape[-1])

    @property
    def n_labels(self) -> int:
        """K."""
        return len(self.labels)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Of its weights and biases."""
        return {"coef_": (len(self.labels), self.width), "intercept_": (len(self.labels),)}


def _close(l2: float) -> float:
    """The tolerance of a large fit alone: the weaker the penalty, the longer the way, and the further others stop."""
    return min(max(_CLOSE / l2, _CLOSEST), _LEAST_CLOSE)


def _design(X: Floats) -> Design:
    import torch

    from probewidgets.probes.solver import Design

    wide = X.dtype == np.float64 or X.size <= _SMALL
    return Design.of(X, torch.float64 if wide else torch.float32)
