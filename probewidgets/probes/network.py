"""Feed-forward networks, several fits at once: every label set and penalty shares each batch of states.

Gradients are written out: with networks this small, recording the steps to go back over them costs as much as the
steps. Fits that are done leave the stack; the others go on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from probewidgets.probes.base import Floats, Ints, dev_nats
from probewidgets.threads import Workers

__all__ = ["Schedule", "Trained", "train"]

_BETAS = (0.9, 0.999)
"""Of Adam: how slowly its running means of the gradient and of its square forget."""
_GAIN = 1e-4
"""An epoch is an improvement if dev falls by more than this (nats)."""
_ONE_THREAD = 1 << 26
"""Multiplications in a step, up to which one thread does it quicker than several."""


@dataclass(frozen=True)
class Schedule:
    """How networks are trained: by Adam, the rate halved after each epoch without gain, the best epoch kept."""

    rate: float = 1e-3
    batch: int = 256
    epochs: int = 40
    patience: int = 5
    """Epochs in a row without gain after which a fit ends."""
    dropout: float = 0.0
    """Share of the hidden units left out at random in each step of training, in [0, 1)."""
    seed: int = 0
    """Of the first weights, of the order of the batches, and of what is left out."""


@dataclass(frozen=True, eq=False)
class Trained:
    """One fit at its best epoch."""

    weights: tuple[npt.NDArray[np.float64], ...]
    """Matrix (outputs, inputs) and bias (outputs,) of each layer, in turn; float64."""
    dev_nats: float
    """Mean cross-entropy on dev."""
    converged: bool
    """Whether training ended by itself, and not for lack of epochs."""


def train(
    X: Floats,
    Y: Ints,
    X_dev: Floats,
    Y_dev: Ints,
    widths: Sequence[int],
    l2: Sequence[float],
    schedule: Schedule,
    *,
    relu: bool = True,
) -> list[Trained]:
    """Train F networks on the same states: mean cross-entropy (nats) + l2 * (the squares of all matrices).

    Args:
        X: (N, D) states of train.
        Y: (F, N) label of each row, per fit.
        X_dev: (M, D) states of dev.
        Y_dev: (F, M) labels; -1 where unknown.
        widths: D, the hidden widths, K.
        l2: (F,) penalties; biases are free.
        schedule: How.
        relu: Whether hidden layers are rectified; if not, the network is a product of matrices.

    Returns:
        (F,) fits. All start from the same weights and see the same batches, so they differ only in what they learn.

    Source: Kingma and Ba 2015, "Adam: a method for stochastic optimization", algorithm 1.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    random = torch.Generator().manual_seed(schedule.seed)
    stack = _Stack.new(widths, np.asarray(l2), schedule, relu, random, device)
    states, gold = _on(X, device), torch.from_numpy(Y).to(device)
    dev = _on(X_dev, device)
    kept: dict[int, Trained] = {}
    cost = schedule.batch * len(Y) * sum(a * b for a, b in pairwise(widths))
    alone: AbstractContextManager[object] = Workers() if cost <= _ONE_THREAD else nullcontext()
    with alone, torch.no_grad():
        for _ in range(schedule.epochs):
            order = torch.randperm(len(X), generator=random).to(device)
            for rows in order.split(schedule.batch):
                stack.step(states[rows], gold[stack.fits][:, rows], random)
            stack = stack.judged(dev, Y_dev, kept)
            if not len(stack.fits):
                break
    return [kept[fit] for fit in range(len(Y))]


@dataclass(eq=False)
class _Stack:
    """The fits that are still being trained. Each layer's weights are (F, outputs, inputs) and (F, outputs, 1)."""

    fits: Tensor
    """(F,) which of all fits these are."""
    weights: list[Tensor]
    means: list[Tensor]
    squares: list[Tensor]
    l2: Tensor
    """(F, 1, 1)"""
    rate: Tensor
    """(F, 1, 1)"""
    best: Tensor
    """(F,) the lowest cross-entropy on dev so far (nats)."""
    waited: Tensor
    """(F,) epochs in a row without gain."""
    schedule: Schedule
    relu: bool
    steps: int = 0

    @staticmethod
    def new(
        widths: Sequence[int], l2: Floats, schedule: Schedule, relu: bool, random: torch.Generator, device: torch.device
    ) -> _Stack:
        n = len(l2)
        weights = [w.expand(n, *w.shape).clone().to(device) for w in _first_weights(widths, random)]
        return _Stack(
            fits=torch.arange(n),
            weights=weights,
            means=[torch.zeros_like(w) for w in weights],
            squares=[torch.zeros_like(w) for w in weights],
            l2=torch.tensor(l2, dtype=torch.float32, device=device)[:, None, None],
            rate=torch.full((n, 1, 1), schedule.rate, device=device),
            best=torch.full((n,), torch.inf, dtype=torch.float64),
            waited=torch.zeros(n, dtype=torch.long),
            schedule=schedule,
            relu=relu,
        )

    def step(self, x: Tensor, gold: Tensor, random: torch.Generator) -> None:
        """One step of Adam on a batch of (B, D) states and (F, B) labels."""
        inputs, masks, logits = self._forward(x, random)
        # The gradient of the mean cross-entropy by the logits is (softmax - one-hot) / B.
        slope = logits.softmax(1)
        slope.scatter_add_(1, gold[:, None], slope.new_full((1,), -1).expand(gold[:, None].shape))
        slope /= x.shape[0]
        gradients: list[Tensor] = []
        for layer in range(len(inputs) - 1, -1, -1):
            matrix = self.weights[2 * layer]
            below = slope @ inputs[layer].mT if layer else (slope.reshape(-1, slope.shape[2]) @ x).view(matrix.shape)
            gradients = [below.addcmul(matrix, 2 * self.l2), slope.sum(2, keepdim=True), *gradients]
            if layer:
                slope = matrix.mT @ slope
                mask = masks[layer]
                slope = slope if mask is None else slope * mask
        self.steps += 1
        self._adam(gradients)

    def _forward(
        self, x: Tensor, random: torch.Generator | None = None
    ) -> tuple[list[Tensor], list[Tensor | None], Tensor]:
        """Inputs of each layer (features first), what each of their gradients is multiplied by, and the logits.

        Units are left out if there is a source of randomness.
        """
        inputs: list[Tensor] = [x.T]
        masks: list[Tensor | None] = [None]
        for layer in range(0, len(self.weights), 2):
            matrix, bias = self.weights[layer : layer + 2]
            if layer:
                out = torch.baddbmm(bias, matrix, inputs[-1])
            else:  # one product for all fits: they share the batch
                out = (matrix.flatten(0, 1) @ x.T).view(*matrix.shape[:2], -1) + bias
            if layer + 2 == len(self.weights):
                return inputs, masks, out
            mask = (out > 0).to(out.dtype) if self.relu else None
            if self.schedule.dropout and random is not None:
                keep = 1 - self.schedule.dropout
                left = (torch.rand(out.shape[1:], generator=random) < keep).to(out.device, out.dtype) / keep
                mask = left.expand_as(out) if mask is None else mask * left
            masks.append(mask)
            inputs.append(out if mask is None else out * mask)
        raise AssertionError("a network has at least one layer")  # pragma: no cover

    def _adam(self, gradients: list[Tensor]) -> None:
        (b1, b2), t = _BETAS, self.steps
        for weight, mean, square, gradient in zip(self.weights, self.means, self.squares, gradients, strict=True):
            mean.mul_(b1).add_(gradient, alpha=1 - b1)
            square.mul_(b2).addcmul_(gradient, gradient, value=1 - b2)
            scale = (square / (1 - b2**t)).sqrt_().add_(1e-8)
            weight.sub_(mean.div(scale).mul_(self.rate / (1 - b1**t)))

    def judged(self, dev: Tensor, y_dev: Ints, kept: dict[int, Trained]) -> _Stack:
        """After an epoch: keep what is the best so far, slow down what is not, and let go what has waited enough."""
        log_p = self._forward(dev)[2].log_softmax(1).mT.cpu().numpy()
        nats = torch.tensor([dev_nats(log_p[i], y_dev[fit]) for i, fit in enumerate(self.fits.tolist())])
        gained = nats < self.best - _GAIN
        gained |= torch.isinf(self.best)  # dev may hold no known label: the first epoch is kept then
        self.best = torch.where(gained, nats.double(), self.best)
        self.waited = torch.where(gained, 0, self.waited + 1)
        self.rate = torch.where(gained.to(self.rate.device)[:, None, None], self.rate, self.rate / 2)
        done = self.waited >= self.schedule.patience
        for i, fit in enumerate(self.fits.tolist()):
            if gained[i]:
                # float64 keeps what folding a scaler into the weights would otherwise round off.
                arrays = tuple(
                    w[i].squeeze(1) if w.shape[2] == 1 and j % 2 else w[i] for j, w in enumerate(self.weights)
                )
                kept[fit] = Trained(tuple(a.double().cpu().numpy() for a in arrays), float(nats[i]), False)
            if done[i]:
                kept[fit] = replace(kept[fit], converged=True)
        return self._only(~done) if done.any() else self

    def _only(self, keep: Tensor) -> _Stack:
        there = keep.to(self.rate.device)
        return replace(
            self,
            fits=self.fits[keep],
            weights=[w[there] for w in self.weights],
            means=[w[there] for w in self.means],
            squares=[w[there] for w in self.squares],
            l2=self.l2[there],
            rate=self.rate[there],
            best=self.best[keep],
            waited=self.waited[keep],
        )


def _first_weights(widths: Sequence[int], random: torch.Generator) -> Iterator[Tensor]:
    """Matrix and bias (a column) of each layer, uniform within 1 / sqrt(inputs)."""
    for inputs, outputs in pairwise(widths):
        for shape in ((outputs, inputs), (outputs, 1)):
            yield (2 * torch.rand(shape, generator=random) - 1) / inputs**0.5


def _on(X: Floats, device: torch.device) -> Tensor:
    # A copy, as the array may be read-only, which torch warns about.
    return torch.tensor(X, dtype=torch.float32, device=device)
