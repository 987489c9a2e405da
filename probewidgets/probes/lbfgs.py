"""L-BFGS on several objectives at once, which advance together and end one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor

__all__ = ["Objective", "Pair", "Run"]

_MEMORY = 45
"""Steps that L-BFGS remembers at most,"""
_LEAST_MEMORY = 8
"""and at least, however many labels there are for the rows."""

Pair = tuple[Tensor, Tensor]
"""(F, K, D + 1) a step, and how much it changed the gradient; zeros where a fit took none."""


class Objective(Protocol):
    """F objectives over K x (D + 1) weights, the last of each row a bias that has no penalty."""

    @property
    def n_rows(self) -> int:
        """Rows that each is a mean over."""

    @property
    def l2(self) -> Tensor:
        """(F,) what they penalise the square of the weights with."""

    def __call__(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(F, K, D + 1) -> (F,) values and (F, K, D + 1) gradients."""

    def curvature(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(F, K, K) axes of the classes in columns, and (F, K, D + 1) about the inverse curvature along them."""

    def only(self, keep: Tensor) -> Objective:
        """Those that `keep` marks."""


class Run:
    """L-BFGS on F objectives at once. Arrays are (F, K, D + 1) or (F,).

    Args:
        objective: What is minimised.
        x: (F, K, D + 1) where to begin.
        pairs: What is known of the curvature already.

    Source: Liu and Nocedal 1989, "On the limited memory BFGS method", algorithm 2.1.
    """

    _EACH = (
        "x", "loss", "gradient", "class_axes", "inverse", "direction", "slope", "size", "moved", "gap", "stuck",
    )  # fmt: skip
    """What there is one of for each fit."""

    def __init__(self, objective: Objective, x: Tensor, pairs: Sequence[Pair] = ()) -> None:
        self.objective, self.x = objective, x.clone()
        self.memory = max(_LEAST_MEMORY, min(_MEMORY, objective.n_rows // (2 * x.shape[1])))
        self.loss, self.gradient = objective(x)
        self.class_axes, self.inverse = objective.curvature(x)
        self.pairs = [(step, change, _weight(step, change)) for step, change in pairs[-self.memory :]]
        self.direction = torch.zeros_like(x)
        self.slope = self.size = torch.zeros(len(x), dtype=torch.float64)
        self.moved = torch.ones(len(x), dtype=torch.bool)
        self.gap = torch.full((len(x),), torch.inf, dtype=torch.float64)
        self.stuck = ~self.moved

    def only(self, keep: Tensor) -> Run:
        """The run of the fits that `keep` marks."""
        rest = object.__new__(Run)
        rest.objective, rest.memory = self.objective.only(keep), self.memory
        rest.pairs = [(s[keep], t[keep], r[keep]) for s, t, r in self.pairs]
        for name in self._EACH:
            setattr(rest, name, getattr(self, name)[keep])
        return rest

    @property
    def learned(self) -> tuple[Pair, ...]:
        """The pairs by which the steps told of the curvature, the last ones last."""
        return tuple((step, change) for step, change, _ in self.pairs)

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
        lost = ~self.moved & (self.size < 1e-6)
        self.size = torch.where(self.moved, self.size, shorter)
        kept = self.moved[:, None, None]
        step, change = torch.where(kept, trial - self.x, 0), torch.where(kept, gradient - self.gradient, 0)
        self.pairs = [*self.pairs[-self.memory + 1 :], (step, change, _weight(step, change))]
        self.x, self.gradient = torch.where(kept, trial, self.x), torch.where(kept, gradient, self.gradient)
        self.loss = torch.where(self.moved, loss, self.loss)
        self._forget(lost)

    def _forget(self, lost: Tensor) -> None:
        """Where no step helps, what is remembered may be wrong: start afresh. Without a memory, that is the end."""
        remembered = torch.stack([weight[:, 0, 0] > 0 for _, _, weight in self.pairs]).any(0)
        self.stuck = lost & ~remembered
        again = lost & remembered
        if again.any():
            self.pairs = [(step, change, weight * ~again[:, None, None]) for step, change, weight in self.pairs]
            self.moved = self.moved | again

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


def _weight(step: Tensor, change: Tensor) -> Tensor:
    """(F, 1, 1) one over the curvature along a step; 0 where there is none."""
    curve = _dot(step, change)
    return torch.where(curve > 0, 1 / curve, 0).to(step.dtype)[:, None, None]


def _dot(a: Tensor, b: Tensor) -> Tensor:
    return (a.double() * b.double()).sum((1, 2))
