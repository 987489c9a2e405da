"""Few rows: linear probes on some tens or hundreds of rows, at all layers at once, in the time of a keystroke.

N rows of D features span at most N directions, so each layer's states are first written in so many coordinates: there a
pass over the rows costs next to nothing, however wide the model is. What is minimised is the objective of
`LinearProbe`, by the same L-BFGS; only the rows that a fit leaves out are particular to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from probewidgets.machine.arrays import Floats, Ints
from probewidgets.machine.threads import Workers
from probewidgets.probes.lbfgs import Run

__all__ = ["fit_few", "left_out", "proba_of"]

_MOST_FOLDS, _FEWEST_FOLDS = 50, 5
"""Groups that are left out one by one; of more, several at a time,"""
_WORK = 3e7
"""and so many at a time that a pass multiplies about so many numbers: somebody waits."""
_TOL = 1e-4
"""A fit is done when its objective is estimated to be this close to its minimum (nats)."""
_PASSES = 100
"""Passes over the rows after which a fit is left as it is."""
_JITTER = 1e-6
"""Share of the mean square that keeps equal rows apart, so that their products can be taken apart at all."""

Check = Callable[[], None]


def fit_few(
    X: Floats, y: Ints, n_labels: int, strength: float, check: Check = lambda: None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Fit a softmax regression at each of L layers on the same labels.

    The objective is mean cross-entropy (nats) + strength / N * ||W||^2, the bias free.

    Args:
        X: (L, N, D) states.
        y: (N,) index of each row's label.
        n_labels: K.
        strength: Of the penalty, positive.
        check: Called between passes; what it raises ends the work.

    Returns:
        (L, K, D) weights and (L, K) biases.
    """
    with torch.inference_mode(), Workers():  # on a busy machine, torch's own threads wait long for each other
        rows = _Rows.of(X)
        labels = torch.from_numpy(np.ascontiguousarray(y, np.int64)).expand(len(X), -1)
        weight = torch.full(labels.shape, 1 / X.shape[1])
        l2 = torch.full((len(X),), strength / X.shape[1], dtype=torch.float64)
        fitted = _minimise(_Objective(rows.states, labels, weight, l2, n_labels), check)
        return rows.unrotated(fitted[..., :-1]), fitted[..., -1].double().numpy()


def proba_of(X: Floats, weights: npt.NDArray[np.float64], biases: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """What the probes of L layers say of any rows.

    Args:
        X: (L, U, D) states; NaN where there is none.
        weights: (L, K, D), as `fit_few` gives them.
        biases: (L, K)

    Returns:
        (L, U, K) probabilities.
    """
    with torch.inference_mode(), Workers():
        logits = torch.from_numpy(np.ascontiguousarray(X, np.float32)) @ torch.from_numpy(weights).float().mT
        return np.asarray((logits + torch.from_numpy(biases).float()[:, None]).softmax(2).numpy())


def left_out(
    X: Floats, Y: Ints, group: Ints, n_labels: int, strength: float, check: Check = lambda: None
) -> npt.NDArray[np.float32]:
    """What probes say of the rows that they have not seen: each is fitted without the group that it is asked about.

    Args:
        X: (L, N, D) states.
        Y: (T, N) index of each row's label, in each of T label sets.
        group: (N,) the group (sentence) of each row, any numbers. Where there are more than 50, or many rows, several
            are left out at a time.
        n_labels: K.
        strength: As in `fit_few`.
        check: Called between passes; what it raises ends the work.

    Returns:
        (L, T, N, K) log-probabilities (nats); NaN for a row without which no row is left.
    """
    n, width = X.shape[1:]
    most = int(_WORK / (n_labels * n * min(n, width)))
    fold = np.unique(group, return_inverse=True)[1] % min(max(most, _FEWEST_FOLDS), _MOST_FOLDS)
    n_sets = len(Y)
    kept = fold[None] != np.unique(fold)[:, None]
    kept = kept[kept.any(1)]
    out = np.full((len(X), n_sets, X.shape[1], n_labels), np.nan, np.float32)
    if not len(kept):
        return out
    with torch.inference_mode(), Workers():
        counts = torch.from_numpy(kept.sum(1).astype(np.float32))[:, None].repeat(n_sets, 1)
        weight = torch.from_numpy(kept.astype(np.float32)).repeat(n_sets, 1) / counts
        labels = torch.from_numpy(np.repeat(np.ascontiguousarray(Y, np.int64), len(kept), 0))
        for layer, states in enumerate(X):
            rows = _Rows.of(states[None])
            objective = _Objective(rows.states, labels, weight, (strength / counts[:, 0]).double(), n_labels)
            fitted = _minimise(objective, check)
            log_p = objective.logits(fitted).log_softmax(1).view(n_sets, len(kept), n_labels, -1).numpy()
            for number, rest in enumerate(kept):
                out[layer][:, ~rest] = log_p[:, number][..., ~rest].swapaxes(1, 2)
    return out


@dataclass(frozen=True, eq=False)
class _Rows:
    """States of N rows at L layers, in R = min(N, D) coordinates that keep all their products."""

    given: Tensor
    """(L, N, D)"""
    states: Tensor
    """(L, N, R)"""

    @staticmethod
    def of(X: Floats) -> _Rows:
        given = torch.from_numpy(np.ascontiguousarray(X, np.float32))
        n, width = given.shape[1:]
        if n >= width:
            return _Rows(given, given)
        products = (given @ given.mT).double()
        diagonal = products.diagonal(dim1=1, dim2=2)
        diagonal += _JITTER * diagonal.mean(1, keepdim=True) + 1e-12
        return _Rows(given, torch.linalg.cholesky(products).float())

    def unrotated(self, weights: Tensor) -> npt.NDArray[np.float64]:
        """(L, K, R) weights -> (L, K, D), those of the states as they were given."""
        if self.states is self.given:
            return weights.double().numpy()
        shares = torch.linalg.solve_triangular(self.states.double(), weights.double(), upper=False, left=False)
        return (shares @ self.given.double()).numpy()


@dataclass(frozen=True, eq=False)
class _Objective:
    """F objectives: weighted cross-entropy + l2 * ||W||^2, each on states of its own, or all on the same."""

    states: Tensor
    """(F, N, R), or (1, N, R)"""
    y: Tensor
    """(F, N)"""
    weight: Tensor
    """(F, N) of each row; a fit's add up to 1."""
    l2: Tensor
    n_labels: int

    @property
    def n_rows(self) -> int:
        return int(self.y.shape[1])

    def only(self, keep: Tensor) -> _Objective:
        states = self.states if self._shared else self.states[keep]
        return replace(self, states=states, y=self.y[keep], weight=self.weight[keep], l2=self.l2[keep])

    @property
    def _shared(self) -> bool:
        return len(self.states) == 1

    def logits(self, x: Tensor) -> Tensor:
        """(F, K, R + 1) -> (F, K, N)"""
        return self._times(x[..., :-1], self.states.mT) + x[..., -1:]

    def _times(self, left: Tensor, right: Tensor) -> Tensor:
        """(F, K, A) times (F, A, B), or the same (1, A, B) for all."""
        if not self._shared:
            return left @ right
        return (left.reshape(-1, left.shape[-1]) @ right[0]).view(*left.shape[:2], -1)

    def __call__(self, x: Tensor) -> tuple[Tensor, Tensor]:
        log_p = self.logits(x).log_softmax(1)
        gold = self.y[:, None]
        nats = -(log_p.gather(1, gold)[:, 0] * self.weight).sum(1, dtype=torch.float64)
        residual = log_p.exp_()
        residual.scatter_add_(1, gold, residual.new_full((1,), -1).expand(gold.shape))
        residual *= self.weight[:, None]
        gradient = torch.cat([self._times(residual, self.states), residual.sum(2, keepdim=True)], 2)
        gradient[..., :-1] += 2 * self.l2[:, None, None].float() * x[..., :-1]
        return nats + self.l2 * x[..., :-1].double().square().sum((1, 2)), gradient

    def curvature(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The Hessian as if labels and states were independent, and coordinates of each other."""
        p = self.logits(x).softmax(1)
        mean = (p * self.weight[:, None]).sum(2)
        covariance = torch.diag_embed(mean) - (p * self.weight[:, None]) @ p.mT
        spread, axes = torch.linalg.eigh(covariance.double())
        spread = spread.clamp(min=1e-9)[:, :, None]
        square = self._times(self.weight[:, None], self.states.square()).double()
        along = spread * square + 2 * self.l2[:, None, None]
        return axes.float(), (1 / torch.cat([along, spread + 1e-6], 2)).float()


def _minimise(objective: _Objective, check: Check) -> Tensor:
    """(F, K, R + 1) weights and biases where the objectives are least."""
    run = Run(objective, _frequencies(objective))
    fits = torch.arange(len(objective.y))
    fitted = torch.empty_like(run.x)
    for passes in range(1, _PASSES + 1):
        check()
        run.aim()
        out = (run.gap <= _TOL) | run.stuck | (passes == _PASSES)
        fitted[fits[out]] = run.x[out]
        if out.all():
            break
        if out.any():
            fits, run = fits[~out], run.only(~out)
        run.move()
    return fitted


def _frequencies(objective: _Objective) -> Tensor:
    """Where to begin: no weights, and biases that give each label its frequency."""
    shares = torch.zeros(len(objective.y), objective.n_labels).scatter_add_(1, objective.y, objective.weight)
    x = torch.zeros(len(objective.y), objective.n_labels, objective.states.shape[2] + 1)
    x[..., -1] = shares.log().clamp(min=-10)
    return x
