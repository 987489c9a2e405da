"""Probes that read few features: the elastic net along its path, and the best k features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from probewidgets.machine.arrays import Floats, Ints
from probewidgets.metrics.scores import log_softmax
from probewidgets.probes.base import (
    Choice,
    LabelProbe,
    check_count,
    check_grid,
    check_labels,
    check_positive,
    check_states,
    dev_nats,
)
from probewidgets.probes.linear import FittedLinear, LinearProbe
from probewidgets.probes.ranking import Probeless

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["ElasticNetProbe", "KSparseProbe"]


@dataclass(frozen=True)
class ElasticNetProbe(LabelProbe):
    """Softmax regression with an L1 penalty, which sets weights to zero, and an L2 penalty.

    Mean cross-entropy (nats) + l1 * ||W||_1 + l2 * ||W||_2^2, the bias free. Standardise the states first, or weights
    of features on different scales are not comparable (`sweep` does).

    Args:
        l1: The L1 penalty. None: `sweep` chooses it on dev from `grid`; `fit` alone takes 1e-3.
        l2: The L2 penalty.
        tol: A fit is done when a step of the algorithm makes it better by less than this share of its loss.
        max_iter: Passes over the rows after which a fit is left as it is, `converged` False.
        grid: L1 penalties for `sweep` to try, strongest first: the path.

    Raises:
        ProbeError: A number is out of range.

    Source: Zou and Hastie 2005, "Regularization and variable selection via the elastic net"; Dalvi et al. 2019, "What
    Is One Grain of Sand in the Desert?", section 3.1, for probes.
    """

    l1: float | None = None
    l2: float = 1e-5
    tol: float = 1e-5
    max_iter: int = 1000
    grid: tuple[float, ...] = (3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5)

    penalty: ClassVar[str] = "l1"

    def __post_init__(self) -> None:
        if self.l1 is not None:
            check_positive("l1", self.l1, zero=True)
        check_positive("l2", self.l2, zero=True)
        check_positive("tol", self.tol)
        check_count("max_iter", self.max_iter)
        check_grid(self.grid)

    def fit(self, X: Floats, y: npt.NDArray[Any]) -> FittedLinear:
        """Fit on (N, D) states and (N,) labels (strings or numbers).

        Raises:
            ProbeError: NaN or infinity in X, not one label per row, fewer than two labels.
        """
        return self.path(X, y, (1e-3 if self.l1 is None else self.l1,))[0]

    def path(self, X: Floats, y: npt.NDArray[Any], l1: Sequence[float] | None = None) -> tuple[FittedLinear, ...]:
        """Fits along the path of L1 penalties, strongest first: more and more features come in.

        Args:
            X: (N, D) states.
            y: (N,) labels.
            l1: The penalties; by default those of `grid`.

        Returns:
            One fitted probe for each; each starts where the one before ended.
        """
        X = check_states(X)
        labels, index = check_labels(X, y)
        return tuple(self._fitted(w[0], bool(c[0]), labels) for _, w, c in self._walk(X, index[None], len(labels), l1))

    def choose(self, X: Floats, Y: Ints, X_dev: Floats, Y_dev: Ints, labels: Sequence[Any]) -> tuple[Choice, ...]:
        """Fit T label sets along the path, each then taken at its best L1 penalty on dev. See `LabelProbe`."""
        X, X_dev = check_states(X), check_states(X_dev)
        grid = self.grid if self.l1 is None else (self.l1,)
        best: list[Choice | None] = [None] * len(Y)
        for rank, (l1, weights, converged) in enumerate(self._walk(X, Y, len(labels), grid)):
            for i, y_dev in enumerate(Y_dev):
                fitted = self._fitted(weights[i], bool(converged[i]), labels)
                nats = dev_nats(log_softmax(X_dev @ fitted.coef_.T + fitted.intercept_), y_dev)
                so_far = best[i]
                if so_far is None or nats < so_far.dev_nats:
                    edge = len(grid) > 1 and rank in (0, len(grid) - 1)
                    best[i] = Choice(fitted, l1, edge, fitted.converged, nats)
        return tuple(choice for choice in best if choice is not None)

    def _fitted(self, weights: Tensor, converged: bool, labels: Sequence[Any]) -> FittedLinear:
        array = weights.double().numpy()
        return FittedLinear(tuple(labels), array[:, :-1], array[:, -1], converged, self.l2)

    def _walk(
        self, X: Floats, Y: Ints, n_labels: int, l1: Sequence[float] | None
    ) -> list[tuple[float, Tensor, npt.NDArray[np.bool_]]]:
        """(penalty, (T, K, D + 1) weights, (T,) whether they converged) along the path."""
        import torch

        states = torch.tensor(X, dtype=torch.float32)
        y = torch.from_numpy(Y)
        weights = torch.zeros(len(Y), n_labels, X.shape[1] + 1)
        counts = torch.stack([torch.bincount(row, minlength=n_labels) for row in y]).float()
        weights[..., -1] = ((counts + 0.5) / (len(X) + 0.5 * n_labels)).log()
        walked = []
        for penalty in self.grid if l1 is None else l1:
            weights, converged = _descend(states, y, weights, penalty, self.l2, self.tol, self.max_iter)
            walked.append((float(penalty), weights, converged.numpy()))
        return walked


def _descend(
    X: Tensor, y: Tensor, start: Tensor, l1: float, l2: float, tol: float, max_iter: int
) -> tuple[Tensor, Tensor]:
    """Accelerated proximal gradient, restarted whenever a step points uphill; all label sets in one product.

    Source: Beck and Teboulle 2009, "A fast iterative shrinkage-thresholding algorithm", with the restarts of
    O'Donoghue and Candes 2015, "Adaptive restart for accelerated gradient schemes".
    """
    import torch

    from probewidgets.machine.threads import Workers

    n = len(X)
    ones = torch.cat([X, torch.ones(n, 1)], 1)
    # The Hessian of the cross-entropy is at most half the largest eigenvalue of X' X / N.
    sample = ones[:: max(1, n // (8 * ones.shape[1]))]
    step = 1 / (0.5 * 1.1 * float(torch.linalg.eigvalsh(sample.T @ sample / len(sample))[-1]) + 2 * l2)
    sets, k = start.shape[:2]
    gold = torch.nn.functional.one_hot(y, k).mT.reshape(sets * k, n).float()

    def slope(w: Tensor, workers: Workers) -> tuple[Tensor, Tensor]:
        def part(low: int, high: int) -> tuple[Tensor, Tensor]:
            rows = slice(low, high)
            log_p = (w.flatten(0, 1) @ ones[rows].T).view(sets, k, -1).log_softmax(1).view(sets * k, -1)
            nats = -(log_p * gold[:, rows]).view(sets, -1).sum(1, dtype=torch.float64)
            return nats, (log_p.exp_() - gold[:, rows]) @ ones[rows]

        parts = workers.share(part, n)
        nats, gradient = (torch.stack(list(each)).sum(0) for each in zip(*parts, strict=True))
        gradient = gradient.view(w.shape) / n
        gradient[..., :-1] += 2 * l2 * w[..., :-1]
        return nats / n + l2 * w[..., :-1].double().square().sum((1, 2)), gradient

    def shrunk(w: Tensor) -> Tensor:
        out = w.clone()
        out[..., :-1] = torch.sign(w[..., :-1]) * (w[..., :-1].abs() - step * l1).clamp_(min=0)
        return out

    w = ahead = start.clone()
    momentum = torch.ones(sets, 1, 1)
    loss = torch.full((sets,), torch.inf, dtype=torch.float64)
    calm = torch.zeros(sets, dtype=torch.long)
    with Workers() as workers:
        for _ in range(max_iter):
            smooth, gradient = slope(ahead, workers)
            now = smooth + l1 * ahead[..., :-1].double().abs().sum((1, 2))
            new = shrunk(ahead - step * gradient)
            uphill = ((ahead - new) * (new - w)).sum((1, 2), keepdim=True) > 0
            grown = (1 + (1 + 4 * momentum**2).sqrt()) / 2
            momentum_new = torch.where(uphill, torch.ones_like(momentum), grown)
            carried = torch.where(uphill, torch.zeros_like(momentum), (momentum - 1) / grown)
            ahead, w, momentum = new + carried * (new - w), new, momentum_new
            calm = torch.where((loss - now).abs() <= tol * now.abs() / 10, calm + 1, 0)
            loss = now
            if (calm >= 3).all():
                break
    return w, calm >= 3


@dataclass(frozen=True)
class KSparseProbe(LabelProbe):
    """A linear probe that reads only k features: those on which the means of the labels differ most.

    Features are put in order by `Probeless`, and a LinearProbe is fitted on the first k.

    Args:
        k: Features that the probe may read.
        linear: How the probe on them is fitted; by default `LinearProbe()`.

    Raises:
        ProbeError: A number is not positive.

    Source: Gurnee et al. 2023, "Finding Neurons in a Haystack: Case Studies with Sparse Probing"; the ranking by
    Antverg and Belinkov 2022, "On the Pitfalls of Analyzing Individual Neurons in Language Models".
    """

    k: int = 16
    linear: LinearProbe = field(default_factory=LinearProbe)

    def __post_init__(self) -> None:
        check_count("k", self.k)

    @property
    def open_grid(self) -> tuple[float, ...]:
        """That of the probe on the chosen features."""
        return self.linear.open_grid

    @property
    def fixed_penalty(self) -> float:
        """That of the probe on the chosen features."""
        return self.linear.fixed_penalty

    def at(self, penalty: float) -> KSparseProbe:
        """The same probe with the penalty of its linear one fixed."""
        return replace(self, linear=self.linear.at(penalty))

    def fit(self, X: Floats, y: npt.NDArray[Any]) -> FittedLinear:
        """Fit on (N, D) states and (N,) labels (strings or numbers).

        Raises:
            ProbeError: NaN or infinity in X, not one label per row, fewer than two labels.
        """
        X = check_states(X)
        _, index = check_labels(X, y)
        chosen = self.features(X, index)
        return _spread(self.linear.fit(np.ascontiguousarray(X[:, chosen]), y), chosen, X.shape[1])

    def choose(self, X: Floats, Y: Ints, X_dev: Floats, Y_dev: Ints, labels: Sequence[Any]) -> tuple[Choice, ...]:
        """Fit T label sets, each on its own features and at its best penalty on dev. See `LabelProbe`."""
        X, X_dev = check_states(X), check_states(X_dev)
        choices = []
        for y, y_dev in zip(Y, Y_dev, strict=True):
            chosen = self.features(X, y)
            chosen_states, chosen_dev = np.ascontiguousarray(X[:, chosen]), np.ascontiguousarray(X_dev[:, chosen])
            (choice,) = self.linear.choose(chosen_states, y[None], chosen_dev, y_dev[None], labels)
            fitted: Any = choice.fitted
            choices.append(replace(choice, fitted=_spread(fitted, chosen, X.shape[1])))
        return tuple(choices)

    def features(self, X: Floats, y: Ints) -> Ints:
        """(k,) the features chosen for (N, D) states and (N,) label indices, in ascending order."""
        return np.sort(Probeless().order(X, y)[: self.k])


def _spread(fitted: FittedLinear, chosen: Ints, width: int) -> FittedLinear:
    """A probe of some features as one of all, the others with weight zero."""
    coef = np.zeros((len(fitted.labels), width))
    coef[:, chosen] = fitted.coef_
    return replace(fitted, coef_=coef)
