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

from probewidgets.machine.arrays import empty
from probewidgets.machine.threads import GRAIN, Workers
from probewidgets.probes.lbfgs import Pair, Run
from probewidgets.probes.shared import backward, forward, rotated
from probewidgets.probes.watching import heard_passes, passes_heard_by

__all__ = ["Design", "Solution", "minimise"]

_SAMPLE = 8
"""Every how many-th row the curvature at the start is measured on."""
_CELLS = 1 << 16
"""Logits held at a time: few enough to stay in the processor's cache between the two products,"""
_FEW = 256
"""though of no fewer rows than these."""
_THIN = 8
"""A first guess is made on every 64th and then on every 8th row,"""
_FEWEST = 2048
"""unless fewer than so many are left,"""
_COARSE = 3e-4
"""to this tolerance (nats),"""
_LEAST = 100
"""and with this penalty over N at least, beyond which so few rows are learned by heart."""
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
            sample = _centred(X[:: max(1, n // (_PER_AXIS * width))], centre)
            variance, axes = torch.linalg.eigh((sample.T @ sample / len(sample)).double())
            design = Design(centre, axes, variance.clamp(min=0).to(dtype), _room(n, width, dtype))

            def fill(low: int, high: int) -> None:
                for rows in _blocks(low, high, _BLOCK):
                    design.states[rows] = design.rotate(X[rows])

            workers.share(fill, n)
        return design

    def rotate(self, X: npt.NDArray[Any]) -> Tensor:
        """(N, D) states -> (N, D) in the coordinates of the design."""
        return rotated(_centred(X, self.centre), self.axes.to(self.centre.dtype))

    def unrotate(self, weights: Tensor) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """(K, D + 1) weights and bias of the design -> (K, D) and (K,) for the states as they came."""
        coef = weights[:, :-1].double() @ self.axes.T
        return coef.numpy(), (weights[:, -1].double() - coef @ self.centre.double()).numpy()


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
    def together(solutions: Sequence[Solution]) -> Solution:
        """The fits of several as one."""
        most = max(len(solution.pairs) for solution in solutions)
        padded = [
            [(torch.zeros_like(solution.weights),) * 2] * (most - len(solution.pairs)) + [*solution.pairs]
            for solution in solutions
        ]
        pairs = tuple(
            (torch.cat([step for step, _ in pair]), torch.cat([change for _, change in pair]))
            for pair in zip(*padded, strict=True)
        )
        names = ("weights", "loss", "gap", "converged", "l2")
        parts: dict[str, Any] = {name: torch.cat([getattr(solution, name) for solution in solutions]) for name in names}
        return replace(solutions[0], **parts, pairs=pairs)

    def only(self, fits: Sequence[int] | Tensor) -> Solution:
        """Some of the fits, by number."""
        parts: dict[str, Any] = {
            name: getattr(self, name)[fits] for name in ("weights", "loss", "gap", "converged", "l2")
        }
        return replace(self, **parts, pairs=tuple((step[fits], change[fits]) for step, change in self.pairs))

    def pairs_at(self, l2: Tensor) -> list[Pair]:
        """`pairs` as they would be at other penalties; zeros for fits that did not converge, which learned amiss."""
        more = (2 * (l2 - self.l2)).to(self.weights.dtype)[:, None, None]
        good = self.converged[:, None, None].to(self.weights.dtype)
        moved = [(step * good, change * good) for step, change in self.pairs]
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
    fits, passes, told = torch.arange(len(y)), 1, heard_passes()
    ended, order = [], []
    with Workers() as workers:
        run = Run(_Objective(design, y, n_labels, l2, workers), start.weights, start.pairs_at(l2))
        while True:
            run.aim()
            if told is not None:
                told(fits.tolist(), run.loss.tolist())
            met = run.gap <= tol
            out = met | run.stuck | (passes >= max_iter)
            if out.any():
                now = Solution(run.x, run.loss, run.gap, met, l2[fits], passes, run.learned)
                ended.append(now.only(out.nonzero()[:, 0]))
                order.append(fits[out])
            if out.all():
                return replace(Solution.together(ended).only(torch.cat(order).argsort()), passes=passes)
            if out.any():
                fits, run = fits[~out], run.only(~out)
            run.move()
            passes += 1


@dataclass(frozen=True, eq=False)
class _Objective:
    """The F objectives: mean cross-entropy of (F, N) labels + l2 * ||W||^2."""

    design: Design
    y: Tensor
    n_labels: int
    l2: Tensor
    workers: Workers

    @property
    def n_rows(self) -> int:
        return len(self.design.states)

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
        # Blocks of two sizes, so that there are few shapes; what is left at the end of all rows makes none of its own.
        step = 1 << max(_FEW, _CELLS // (n_fits * k)).bit_length() - 1
        small, whole = min(step, GRAIN), high - (high - low) % step
        for rows in (*_blocks(low, whole, step), *_blocks(whole, high, small)):
            block, gold = self.design.states[rows], self.y[:, None, rows]
            often = len(block) >= small
            log_p = forward(weights, block, often=often).add_(bias).view(n_fits, k, -1).log_softmax(1)
            nats -= log_p.gather(1, gold).double().sum((1, 2))
            # Below exp(-60) nothing is felt, and numbers too small for the format are slow to multiply.
            residual = log_p.clamp_(min=-60).exp_()
            residual.scatter_add_(1, gold, residual.new_full((1,), -1).expand(gold.shape))
            flat = residual.view(n_fits * k, -1)
            gradient += backward(flat, block, often=often)
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


def _room(n: int, width: int, dtype: torch.dtype) -> Tensor:
    return torch.from_numpy(empty((n, width), np.float64 if dtype == torch.float64 else np.float32))


def _blocks(low: int, high: int, size: int) -> Iterator[slice]:
    for start in range(low, high, size):
        yield slice(start, min(start + size, high))


def _centred(X: npt.NDArray[Any], centre: Tensor) -> Tensor:
    # A copy first: the array may be read-only, which torch warns about.
    return torch.tensor(X, dtype=centre.dtype).sub_(centre)


def _first_guess(design: Design, y: Tensor, n_labels: int, l2: Tensor) -> Solution:
    """Where to begin: at the label frequencies, then on ever more of the rows, which costs little."""
    guess = _frequencies(design, y, n_labels)
    for k in (_THIN**2, _THIN):
        if len(design.states) >= _FEWEST * k:
            thin = replace(design, states=design.states[::k].contiguous())
            # Fewer rows bear less: with a stronger penalty they come closer to what all of them say.
            l2s = torch.clamp(3 * l2, min=_LEAST / len(design.states)) * k / _THIN
            with passes_heard_by(None):  # they are over some of the rows only
                guess = minimise(thin, y[:, ::k].contiguous(), n_labels, l2s, start=guess, tol=_COARSE)
    return guess


def _frequencies(design: Design, y: Tensor, n_labels: int) -> Solution:
    """No weights, and biases that give each label its frequency."""
    counts = torch.stack([torch.bincount(row, minlength=n_labels) for row in y]).double()
    x = torch.zeros(len(y), n_labels, design.states.shape[1] + 1, dtype=design.states.dtype)
    # A label without a row would send its bias to minus infinity; at exp(-40) it neither matters nor moves.
    x[..., -1] = (counts / y.shape[1]).log().clamp(min=-40).to(x.dtype)
    none = torch.full((len(y),), torch.inf, dtype=torch.float64)
    return Solution(x, none, none, torch.zeros(len(y), dtype=torch.bool), torch.ones(len(y), dtype=torch.float64))
