"""The MLP probe: one hidden ReLU layer, trained by Adam with early stopping. To see what a bigger probe memorises."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from probewidgets.probes.base import (
    Choice,
    Floats,
    Ints,
    Scaler,
    as_labels,
    check_count,
    check_grid,
    check_labels,
    check_positive,
    check_states,
    dev_nats,
    log_softmax,
)

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["FittedMLP", "MLPProbe"]

_PATIENCE = 5
"""Epochs in a row without improvement after which training ends."""


@dataclass(frozen=True)
class MLPProbe:
    """One hidden ReLU layer: the hyper-parameters.

    Mean cross-entropy (nats) + l2 * (||W1||^2 + ||W2||^2), biases free; Adam at 1e-3 on batches of 256, the rate
    halved after each epoch without improvement, the best epoch kept, the end at the fifth such epoch in a row.
    `sweep` measures improvement on dev; `fit` alone, which has no dev, on train.

    Raises:
        ProbeError: A number is out of range.

    Source: Hewitt and Liang 2019, "Designing and Interpreting Probes with Control Tasks", section 4 (the schedule).
    """

    hidden: int = 64
    """Width of the hidden layer."""
    l2: float | None = 0.0
    """The penalty. None: `sweep` chooses it on dev from `grid`; `fit` alone takes 0."""
    seed: int = 0
    """Of the first weights and of the order of the batches."""
    epochs: int = 40
    """At most so many; where they do not suffice, `converged` is False."""
    grid: tuple[float, ...] = (1e-3, 1e-4, 1e-5)
    """Penalties for `sweep` to try, strongest first, if `l2` is None."""

    def __post_init__(self) -> None:
        check_count("hidden", self.hidden)
        check_count("epochs", self.epochs)
        if self.l2 is not None:
            check_positive("l2", self.l2, zero=True)
        check_grid(self.grid, zero=True)

    def fit(self, X: Floats, y: npt.NDArray[Any]) -> FittedMLP:
        """Fit on (N, D) states and (N,) labels (strings or numbers).

        Raises:
            ProbeError: NaN or infinity in X, not one label per row, fewer than two labels.
        """
        X = check_states(X)
        labels, index = check_labels(X, y)
        return self._train(X, index, X, index, labels, self.l2 or 0.0)[0]

    def choose(self, X: Floats, Y: Ints, X_dev: Floats, Y_dev: Ints, labels: Sequence[Any]) -> tuple[Choice, ...]:
        """Fit T label sets, each at its best penalty on dev. See `TunedProbe`."""
        X, X_dev = check_states(X), check_states(X_dev)
        grid = self.grid if self.l2 is None else (self.l2,)
        choices = []
        for y, y_dev in zip(Y, Y_dev, strict=True):
            fits = [self._train(X, y, X_dev, y_dev, tuple(labels), l2) for l2 in grid]
            rank = min(range(len(grid)), key=lambda i: (fits[i][1], i))
            fitted, nats = fits[rank]
            edge = len(grid) > 1 and rank in (0, len(grid) - 1)
            choices.append(Choice(fitted, grid[rank], edge, fitted.converged, nats))
        return tuple(choices)

    def _train(
        self, X: Floats, y: Ints, X_dev: Floats, y_dev: Ints, labels: tuple[Any, ...], l2: float
    ) -> tuple[FittedMLP, float]:
        """Train once; the weights of the best epoch, and their cross-entropy (nats) on dev."""
        from probewidgets.probes.workers import Workers

        with Workers():  # steps this small are quicker on one thread
            return self._steps(X, y, X_dev, y_dev, labels, l2)

    def _steps(
        self, X: Floats, y: Ints, X_dev: Floats, y_dev: Ints, labels: tuple[Any, ...], l2: float
    ) -> tuple[FittedMLP, float]:
        import torch

        random = torch.Generator().manual_seed(self.seed)
        states, gold = torch.tensor(X, dtype=torch.float32), torch.tensor(y)
        weights = list(_first_weights((X.shape[1], self.hidden, len(labels)), random))
        adam = torch.optim.Adam(weights, lr=1e-3)
        best, best_nats, waited = weights, float("inf"), 0
        for _ in range(self.epochs):
            for batch in torch.randperm(len(gold), generator=random).split(256):
                adam.zero_grad(set_to_none=True)
                loss = torch.nn.functional.cross_entropy(_logits(weights, states[batch]), gold[batch])
                if l2:
                    loss = loss + l2 * (weights[0].square().sum() + weights[2].square().sum())
                loss.backward()
                adam.step()
            fitted = _fitted(labels, weights, False, l2)
            nats = dev_nats(fitted.log_proba(X_dev), y_dev)
            if nats < best_nats - 1e-4:
                best, best_nats, waited = [w.detach().clone() for w in weights], nats, 0
                continue
            waited += 1
            for group in adam.param_groups:
                group["lr"] /= 2
            if waited == _PATIENCE:
                break
        return _fitted(labels, best, waited == _PATIENCE, l2), best_nats


@dataclass(frozen=True, eq=False)
class FittedMLP:
    """A fitted MLP. Predicts in numpy."""

    kind: ClassVar[str] = "mlp"

    labels: tuple[Any, ...]
    """(K,) sorted."""
    hidden_coef: npt.NDArray[np.float64]
    """(H, D) weights of the hidden layer, in the units of the states given."""
    hidden_intercept: npt.NDArray[np.float64]
    """(H,)"""
    coef: npt.NDArray[np.float64]
    """(K, H)"""
    intercept: npt.NDArray[np.float64]
    """(K,)"""
    converged: bool
    """Whether training ended by itself."""
    l2: float
    """The penalty it was fitted with."""

    def __repr__(self) -> str:
        hidden, width = self.hidden_coef.shape
        return f"FittedMLP({len(self.labels)} labels x {hidden} hidden x {width} features, l2 {self.l2:.3g})"

    def log_proba(self, X: Floats) -> Floats:
        """(N, D) states -> (N, K) log-probabilities in nats.

        Raises:
            ProbeError: Another number of features than in training, NaN or infinity.
        """
        X = check_states(X, self.hidden_coef.shape[1])
        hidden = np.maximum(X @ self.hidden_coef.T + self.hidden_intercept, 0)
        return log_softmax(hidden @ self.coef.T + self.intercept)

    def proba(self, X: Floats) -> Floats:
        """(N, D) states -> (N, K) probabilities."""
        return np.exp(self.log_proba(X))

    def predict(self, X: Floats) -> npt.NDArray[Any]:
        """(N, D) states -> (N,) most probable labels."""
        return as_labels(self.labels, self.log_proba(X).argmax(1))

    def rescaled(self, scaler: Scaler) -> FittedMLP:
        """This probe, fitted on `scaler.apply(X)`, as one for X itself."""
        hidden = self.hidden_coef / scaler.scale.astype(np.float64)
        shift = self.hidden_intercept - hidden @ scaler.mean
        return FittedMLP(self.labels, hidden, shift, self.coef, self.intercept, self.converged, self.l2)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write to one safetensors file."""
        from probewidgets.probes.persistence import save_probe

        save_probe(self, path)

    @staticmethod
    def load(path: str | os.PathLike[str]) -> FittedMLP:
        """Read what `save` wrote. Raises StoreError where that cannot be done."""
        from probewidgets.probes.persistence import load_probe

        return load_probe(path, FittedMLP)


def _first_weights(widths: tuple[int, ...], random: Any) -> Iterator[Tensor]:
    """Weights and bias of each layer, uniform within 1 / sqrt(inputs)."""
    import torch

    for inputs, outputs in pairwise(widths):
        for shape in ((outputs, inputs), (outputs,)):
            values = (2 * torch.rand(shape, generator=random) - 1) / inputs**0.5
            yield values.requires_grad_()


def _logits(weights: list[Tensor], states: Tensor) -> Tensor:
    from torch.nn.functional import linear, relu

    return linear(relu(linear(states, weights[0], weights[1])), weights[2], weights[3])


def _fitted(labels: tuple[Any, ...], weights: list[Tensor], converged: bool, l2: float) -> FittedMLP:
    # float64 keeps what folding a scaler into the weights would otherwise round off.
    arrays = [w.detach().double().numpy() for w in weights]
    return FittedMLP(labels, arrays[0], arrays[1], arrays[2], arrays[3], converged, l2)
