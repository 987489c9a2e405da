"""Softmax regression, many fits at once: every label set of one layer shares each pass over its states.

The objective of one fit is mean cross-entropy + l2 * ||W||^2 (nats), the bias free. It is minimised by L-BFGS in
coordinates in which its curvature is nearly diagonal: features along the principal axes of the training states, classes
along those of the labels' mean covariance. All fits advance together, so that the two matrix products which are the
whole cost run once over the rows for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from probewidgets.arrays import empty
from probewidgets.threads import Workers

__all__ = ["Design", "Solution", "minimise"]

_MEMORY = 45
"""Steps that L-BFGS remembers at most,"""
_LEAST_MEMORY = 8
"""and at least, however many labels there are for the rows."""
_SAMPLE = 8
"""Every how many-th row the curvature at the start is measured on."""
_CELLS = 1 << 16
"""Logits held at a time: few enough to stay in the processor's cache between the two products."""
_THIN = 8
"""A first guess is made on every 64th and then on every 8th row,"""
_FEWEST = 2048
"""unless fewer than so many are left,"""
_COARSE = 3e-4
"""to this tolerance (nats)."""
_PER_AXIS = 32
"""Rows per feature that the principal axes are taken from."""
_BLOCK = 1024
"""Rows rotated at a time."""


@dataclass(frozen=True, eq=False)
class Design:
    """Training states in the coordinates that the solver works in: centred, and rotated to their principal axes.

    Neither changes the problem: a centre moves into the free bias, and a rotation leaves ||W|| as it is.
    """

    centre: Tensor
    """(D,) mean of the states."""
    axes: Tensor
    """(D, D) principal axes in columns, float64."""
    variance: Tensor
    """(D,) variance along each axis."""
    states: Tensor
    """(N, D) the states in these coordinates."""

    @staticmethod
    def of(X: npt.NDArray[Any], dtype: torch.dtype = torch.float32) -> Design:
        """The design of (N, D) states. Cost: one product of N * D * D, one eigendecomposition of D x D."""
        n, width = X.shape
        # Rounded to the type of the states, so that taking it off them is exact and can be undone exactly.
        centre = torch.from_numpy(X.mean(0, dtype=np.float64)).to(dtype)
        with Workers() as workers:
            # Any axes give the same solution; those of some of the rows make it nearly as quick as those of all.
            some = _centred(X[:: max(1, n // (_PER_AXIS * width))], centre)
            variance, axes = torch.linalg.eigh((some.T @ some / len(some)).double())
            design = Design(centre, axes, variance.clamp(min=0).to(dtype), _room(n, width, dtype))

            def fill(low: int, high: int) -> None:
                for rows in _blocks(low, high, _BLOCK):
                    design.states[rows] = design.rotate(X[rows])

            workers.share(fill, n)
        return design

    def rotate(self, X: npt.NDArray[Any]) -> Tensor:
        """(N, D) states -> (N, D) in the coordinates of the design."""
        return _centred(X, self.centre) @ self.axes.to(self.centre.dtype)

    def unrotate(self, weights: Tensor) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """(K, D + 1) weights and bias of the design -> (K, D) and (K,) for the states as they came."""
        coef = weights[:, :-1].double() @ self.axes.T
        return coef.numpy(), (weights[:, -1].double() - coef @ self.centre.double()).numpy()


Pair = tuple[Tensor, Tensor]
"""(F, K, D + 1) a step, and how much it changed the gradient; zeros where a fit took none."""


@dataclass(frozen=True, eq=False)
class Solution:
    """Where F fits ended: also where others begin, on the same states at another penalty."""

    weights: Tensor
    """(F, K, D + 1) in the coordinates of the design; the last column is the bias."""
    loss: Tensor
    """(F,) mean cross-entropy + penalty, nats."""
    gap: Tensor
    """(F,) estimated distance of that loss from its minimum (nats), right to a factor of about three."""
    converged: Tensor
    """(F,) whether that came under the tolerance."""
    l2: Tensor
    """(F,) the penalties."""
    passes: int = 0
    """Passes over the states, the work of each shared by the fits that were still moving."""
    pairs: tuple[Pair, ...] = ()
    """What the steps told of the curvature, which another penalty changes by a known amount: the last steps last."""

    @staticmethod
    def together(ones: Sequence[Solution]) -> Solution:
        """The fits of several as one."""
        most = max(len(one.pairs) for one in ones)
        padded = [[(torch.zeros_like(one.weights),) * 2] * (most - len(one.pairs)) + [*one.pairs] for one in ones]
        pairs = tuple(
            (torch.cat([step for step, _ in pair]), torch.cat([change for _, change in pair]))
            for pair in zip(*padded, strict=True)
        )
        names = ("weights", "loss", "gap", "converged", "l2")
        parts: dict[str, Any] = {name: torch.cat([getattr(one, name) for one in ones]) for name in names}
        return replace(ones[0], **parts, pairs=pairs)

    def only(self, fits: Sequence[int]) -> Solution:
        """Some of the fits, by number."""
        parts: dict[str, Any] = {
            name: getattr(self, name)[fits] for name in ("weights", "loss", "gap", "converged", "l2")
        }
        return replace(self, **parts, pairs=tuple((step[fits], change[fits]) for step, change in self.pairs))

    def pairs_at(self, l2: Tensor) -> list[Pair]:
        """`pairs` as they would be at other penalties."""
        more = (2 * (l2 - self.l2)).to(self.weights.dtype)[:, None, None]
        moved = [(step, change.clone()) for step, change in self.pairs]
        for step, change in moved:
            change[..., :-1] += more * step[..., :-1]
        return moved


def minimise(
    design: Design,
    y: Tensor,
    n_labels: int,
    l2: Tensor,
    *,
    start: Solution | None = None,
    tol: float = 1e-6,
    max_iter: int = 500,
) -> Solution:
    """Minimise F objectives over the same states together.

    Args:
        design: (N, D) states.
        y: (F, N) label index of each row, one set of labels per fit.
        n_labels: K.
        l2: (F,) penalties, positive.
        start: Where to begin, e.g. the same fits at other penalties; if None at the label frequencies, by way of an
            eighth of the rows.
        tol: A fit is done when its loss is estimated to be this close to its minimum (nats).
        max_iter: Passes over the states after which a fit is left as it is.

    Source: Liu and Nocedal 1989, "On the limited memory BFGS method", algorithm 2.1.
    """
    l2 = l2.double()
    start = _first_guess(design, y, n_labels, l2) if start is None else start
    end, fits = _End.of(start, l2), torch.arange(len(y))
    with Workers() as workers:
        run = _Run(_Objective(design, y, n_labels, l2, workers), start.weights, start.pairs_at(l2))
        while True:
            run.aim()
            met = run.gap <= tol
            out = met | run.stuck
            last = end.passes + 1 >= max_iter
            end.note(run, fits, met, torch.ones_like(out) if last else out)
            if last or out.all():
                return end.solution()
            if out.any():
                fits, run = fits[~out], run.only(~out)
            run.move()


@dataclass(eq=False)
class _End:
    """Where each fit ended, filled in as they end."""

    weights: Tensor
    loss: Tensor
    gap: Tensor
    converged: Tensor
    l2: Tensor
    pairs: list[Pair]
    passes: int = 0

    @staticmethod
    def of(start: Solution, l2: Tensor) -> _End:
        n = len(l2)
        none = torch.full((n,), torch.inf, dtype=torch.float64)
        return _End(start.weights.clone(), none, none.clone(), torch.zeros(n, dtype=torch.bool), l2, [])

    def note(self, run: _Run, fits: Tensor, met: Tensor, out: Tensor) -> None:
        """After a pass: the fits that end with it."""
        self.passes += 1
        ended = fits[out]
        if not len(ended):
            return
        self.weights[ended], self.loss[ended], self.gap[ended] = run.x[out], run.loss[out], run.gap[out]
        self.converged[ended] = met[out]
        while len(self.pairs) < len(run.pairs):
            self.pairs.insert(0, (torch.zeros_like(self.weights), torch.zeros_like(self.weights)))
        for mine, theirs in zip(reversed(self.pairs), reversed(run.pairs), strict=False):
            for all_fits, few in zip(mine, theirs, strict=False):
                all_fits[ended] = few[out]

    def solution(self) -> Solution:
        return Solution(self.weights, self.loss, self.gap, self.converged, self.l2, self.passes, tuple(self.pairs))


@dataclass(frozen=True, eq=False)
class _Objective:
    """The F objectives: mean cross-entropy of (F, N) labels + l2 * ||W||^2."""

    design: Design
    y: Tensor
    n_labels: int
    l2: Tensor
    workers: Workers

    def only(self, keep: Tensor) -> _Objective:
        return replace(self, y=self.y[keep], l2=self.l2[keep])

    def __call__(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(F, K, D + 1) -> (F,) values and (F, K, D + 1) gradients: one pass over the states."""
        n, width = self.design.states.shape
        weights, bias = x[..., :-1].reshape(-1, width), x[..., -1].reshape(-1, 1)
        parts = self.workers.share(lambda low, high: self._part(weights, bias, low, high), n)
        nats, gradient = (torch.stack(part).sum(0) for part in zip(*parts, strict=True))
        gradient = gradient.view(x.shape) / n
        gradient[..., :-1] += 2 * self.l2[:, None, None].to(x.dtype) * x[..., :-1]
        return nats / n + self.l2 * x[..., :-1].double().square().sum((1, 2)), gradient

    def _part(self, weights: Tensor, bias: Tensor, low: int, high: int) -> tuple[Tensor, Tensor]:
        """(F,) cross-entropy and (F K, D + 1) its gradient, summed over the rows from `low` to `high`."""
        n_fits, k = len(self.l2), self.n_labels
        gradient, sums = torch.zeros_like(weights), torch.zeros_like(bias)
        nats = torch.zeros(n_fits, dtype=torch.float64)
        step = max(256, _CELLS // (n_fits * k))
        for rows in _blocks(low, high, step):
            block, gold = self.design.states[rows], self.y[:, None, rows]
            log_p = torch.addmm(bias, weights, block.T).view(n_fits, k, -1).log_softmax(1)
            nats -= log_p.gather(1, gold).double().sum((1, 2))
            # Below exp(-60) nothing is felt, and numbers too small for the format are slow to multiply.
            residual = log_p.clamp_(min=-60).exp_()
            residual.scatter_add_(1, gold, residual.new_full((1,), -1).expand(gold.shape))
            flat = residual.view(n_fits * k, -1)
            gradient.addmm_(flat, block)
            sums += flat.sum(1, keepdim=True)
        return nats, torch.cat([gradient, sums], 1)

    def curvature(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The Hessian as if labels and states were independent: E[diag(p) - p p'] (x) E[z z'] + 2 * l2.

        Returns:
            (F, K, K) axes of the classes in columns, and (F, K, D + 1) the inverse curvature along them.
        """
        rows = self.design.states[::_SAMPLE]
        logits = torch.einsum("fkd,nd->fkn", x[..., :-1], rows) + x[..., -1:]
        p = logits.softmax(1)
        covariance = torch.diag_embed(p.mean(2)) - p @ p.mT / len(rows)
        spread, axes = torch.linalg.eigh(covariance.double())
        spread = spread.clamp(min=1e-9)[:, :, None]
        along = spread * self.design.variance.double() + 2 * self.l2[:, None, None]
        return axes.to(x.dtype), (1 / torch.cat([along, spread + 1e-6], 2)).to(x.dtype)


class _Run:
    """L-BFGS on F objectives at once. Arrays are (F, K, D + 1) or (F,)."""

    def __init__(self, objective: _Objective, x: Tensor, pairs: list[Pair]) -> None:
        self.objective, self.x = objective, x.clone()
        rows, (_, k, _) = len(objective.design.states), x.shape
        self.memory = max(_LEAST_MEMORY, min(_MEMORY, rows // (2 * k)))
        self.loss, self.gradient = objective(x)
        self.class_axes, self.inverse = objective.curvature(x)
        self.pairs = [(step, change, _weight(step, change)) for step, change in pairs[-self.memory :]]
        self.direction = torch.zeros_like(x)
        self.slope = self.size = torch.zeros(len(x), dtype=torch.float64)
        self.moved = torch.ones(len(x), dtype=torch.bool)
        self.gap = torch.full((len(x),), torch.inf, dtype=torch.float64)
        self.stuck = ~self.moved

    def only(self, keep: Tensor) -> _Run:
        """The run of the fits that `keep` marks."""
        rest = object.__new__(_Run)
        rest.objective, rest.memory = self.objective.only(keep), self.memory
        rest.pairs = [(s[keep], t[keep], r[keep]) for s, t, r in self.pairs]
        for name in (
            "x",
            "loss",
            "gradient",
            "class_axes",
            "inverse",
            "direction",
            "slope",
            "size",
            "moved",
            "gap",
            "stuck",
        ):
            setattr(rest, name, getattr(self, name)[keep])
        return rest

    def aim(self) -> None:
        """Choose a direction for the fits that moved; a fit that did not tries a shorter step along its old one."""
        direction = -self._newton(self.gradient)
        slope = _dot(self.gradient, direction)
        self.direction = torch.where(self.moved[:, None, None], direction, self.direction)
        self.slope = torch.where(self.moved, slope, self.slope)
        self.size = torch.where(self.moved, torch.ones_like(self.size), self.size)
        # The objective curves by 2 * l2 at least, which bounds the gap from above; the step's own promise is too small
        # by about as much as the bound is too large. For both, see Boyd and Vandenberghe 2004, sections 9.1 and 9.5.
        bound = self.gradient[..., :-1].double().square().sum((1, 2)) / (4 * self.objective.l2)
        self.gap = torch.where(self.moved, (bound * -slope / 2).clamp(min=0).sqrt(), self.gap)

    def move(self) -> None:
        """One pass: try the step, keep it where the objective fell enough."""
        trial = self.x + self.size[:, None, None].to(self.x.dtype) * self.direction
        loss, gradient = self.objective(trial)
        noise = 4 * torch.finfo(self.x.dtype).eps * loss.abs()
        fall = loss - self.loss
        self.moved = fall <= 1e-4 * self.size * self.slope + noise
        # Where the parabola through what was seen has its lowest point, if that is sensible.
        lowest = -self.slope * self.size**2 / (2 * (fall - self.size * self.slope))
        shorter = torch.minimum(torch.maximum(lowest, 0.1 * self.size), 0.5 * self.size)
        self.stuck = ~self.moved & (self.size < 1e-6)
        self.size = torch.where(self.moved, self.size, shorter)
        kept = self.moved[:, None, None]
        step, change = torch.where(kept, trial - self.x, 0), torch.where(kept, gradient - self.gradient, 0)
        self.pairs = [*self.pairs[-self.memory + 1 :], (step, change, _weight(step, change))]
        self.x, self.gradient = torch.where(kept, trial, self.x), torch.where(kept, gradient, self.gradient)
        self.loss = torch.where(self.moved, loss, self.loss)

    def _newton(self, q: Tensor) -> Tensor:
        """The two-loop recursion: an estimate of the inverse Hessian, times q."""
        seen = []
        for step, change, weight in reversed(self.pairs):
            seen.append(weight * (step * q).sum((1, 2), keepdim=True))
            q = q - seen[-1] * change
        q = self._preconditioned(q)
        if self.pairs:
            step, change, weight = self.pairs[-1]
            along = (change * self._preconditioned(change)).sum((1, 2), keepdim=True)
            q = q * torch.where(weight > 0, 1 / (weight * along), 1)
        for (step, change, weight), a in zip(self.pairs, reversed(seen), strict=True):
            q = q + (a - weight * (change * q).sum((1, 2), keepdim=True)) * step
        return q

    def _preconditioned(self, q: Tensor) -> Tensor:
        return self.class_axes @ (self.inverse * (self.class_axes.mT @ q))


def _room(n: int, width: int, dtype: torch.dtype) -> Tensor:
    return torch.from_numpy(empty((n, width), np.float64 if dtype == torch.float64 else np.float32))


def _blocks(low: int, high: int, size: int) -> Iterator[slice]:
    for start in range(low, high, size):
        yield slice(start, min(start + size, high))


def _dot(a: Tensor, b: Tensor) -> Tensor:
    return (a.double() * b.double()).sum((1, 2))


def _centred(X: npt.NDArray[Any], centre: Tensor) -> Tensor:
    # A copy first: the array may be read-only, which torch warns about.
    return torch.tensor(X, dtype=centre.dtype).sub_(centre)


def _weight(step: Tensor, change: Tensor) -> Tensor:
    """(F, 1, 1) one over the curvature along a step; 0 where there is none."""
    curve = _dot(step, change)
    return torch.where(curve > 0, 1 / curve, 0).to(step.dtype)[:, None, None]


def _first_guess(design: Design, y: Tensor, n_labels: int, l2: Tensor) -> Solution:
    """Where to begin: at the label frequencies, then on ever more of the rows, which costs little."""
    found = _frequencies(design, y, n_labels)
    for k in (_THIN**2, _THIN):
        if len(design.states) >= _FEWEST * k:
            thin = replace(design, states=design.states[::k].contiguous())
            # Fewer rows bear less: with a stronger penalty they come closer to what all of them say.
            l2s = l2 * 3 * k / _THIN
            found = minimise(thin, y[:, ::k].contiguous(), n_labels, l2s, start=found, tol=_COARSE)
    return found


def _frequencies(design: Design, y: Tensor, n_labels: int) -> Solution:
    """No weights, and biases that give each label its frequency."""
    counts = torch.stack([torch.bincount(row, minlength=n_labels) for row in y]).double()
    x = torch.zeros(len(y), n_labels, design.states.shape[1] + 1, dtype=design.states.dtype)
    # A label without a row would send its bias to minus infinity; at exp(-40) it neither matters nor moves.
    x[..., -1] = (counts / y.shape[1]).log().clamp(min=-40).to(x.dtype)
    none = torch.full((len(y),), torch.inf, dtype=torch.float64)
    return Solution(x, none, none, torch.zeros(len(y), dtype=torch.bool), torch.ones(len(y), dtype=torch.float64))
