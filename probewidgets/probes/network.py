"""Feed-forward networks, several fits at once: every label set and penalty shares each batch of states.

Gradients are written out: with networks this small, recording the steps to go back over them costs as much as the
steps. Fits that are done leave the stack; the others go on. Fits that are worth a thread each have one, and need not
wait for one another: every group of them draws the same batches.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.optim.adam import adam

from probewidgets.machine.arrays import Floats, Ints
from probewidgets.machine.threads import Workers
from probewidgets.probes.base import dev_nats
from probewidgets.probes.descend import Patience, descend
from probewidgets.probes.shared import backward, forward
from probewidgets.probes.watching import Step, Watch, watched

__all__ = ["Labelled", "Schedule", "Trained", "train"]

_GAIN = 1e-4
"""An epoch is an improvement if dev falls by more than this (nats)."""
_NONE = torch.finfo(torch.float64).max
"""For a loss on dev, where no label is known: the first epoch is kept then."""
_ROWS = 2048
"""Of dev, so many at a time."""
_WORTH = 1 << 25
"""Multiplications in a step of training that are worth a thread of their own."""


class Labelled(NamedTuple):
    """States, and the labels that each of F fits has of them."""

    X: Floats
    """(N, D) states."""
    Y: Ints
    """(F, N) label of each row, per fit; on dev -1 where it is unknown."""


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
    rows: Labelled,
    dev: Labelled,
    widths: Sequence[int],
    l2: Sequence[float],
    schedule: Schedule,
    *,
    relu: bool = True,
) -> list[Trained]:
    """Train F networks on the same states: mean cross-entropy (nats) + l2 * (the squares of all matrices).

    Args:
        rows: Those of train.
        dev: Those of dev.
        widths: D, the hidden widths, K.
        l2: (F,) penalties; biases are free.
        schedule: How.
        relu: Whether hidden layers are rectified; if not, the network is a product of matrices.

    Returns:
        (F,) fits. All start from the same weights and see the same batches, so they differ only in what they learn.

    Source: Kingma and Ba 2015, "Adam: a method for stochastic optimization", algorithm 1.
    """
    n_fits, states, watch = len(rows.Y), _on(rows.X), watched()  # asked here: other threads have nobody who looks on
    sides = states, torch.from_numpy(rows.Y).to(_device()), _on(dev.X), dev.Y
    kept: dict[int, Trained] = {}
    over = threading.Event()

    @_ends(over)
    def group(fits: Ints) -> None:
        random = torch.Generator().manual_seed(schedule.seed)
        stack = _Stack.new(fits, widths, np.asarray(l2), schedule, relu, random)
        training = _Group(stack, sides, random, over, watch)
        with suppress(_Over):
            _, ended = descend(training, len(fits), Patience(schedule.epochs, _GAIN, end=schedule.patience))
            for i, fit in enumerate(fits.tolist()):
                kept[fit] = replace(training.kept[fit], converged=bool(ended[i]))

    cost = schedule.batch * n_fits * sum(a * b for a, b in pairwise(widths))
    threads = 1 if states.is_cuda else cost // _WORTH
    groups = np.array_split(np.arange(n_fits), max(1, min(n_fits, threads)))
    with Workers(len(groups)) if threads > 1 else Workers() as workers, _ends(over):
        if len(groups) > 1:
            list(workers.each(group, groups))
        else:  # torch's threads wait for this one already; for another they would be started anew, and be too many
            group(groups[0])
    return [kept[fit] for fit in range(n_fits)]


@contextmanager
def _ends(all_groups: threading.Event) -> Iterator[None]:
    """Where one group fails, or who waits for them is interrupted, the others need not go on."""
    try:
        yield
    except BaseException:
        all_groups.set()
        raise


class _Over(Exception):  # noqa: N818 - the way out of a group whose fits nobody waits for any more
    pass


class _Group:
    """Fits that see the same batches, as `descend` trains them.

    Args:
        stack: The fits.
        sides: States and labels of train, and of dev.
        random: Of the order of the batches, and of what is left out.
        over: Set where nobody waits for these fits any more.
        watch: Who looks on.
    """

    def __init__(
        self,
        stack: _Stack,
        sides: tuple[Tensor, Tensor, Tensor, Ints],
        random: torch.Generator,
        over: threading.Event,
        watch: Watch | None = None,
    ) -> None:
        self.stack, self.random, self.over, self.watch = stack, random, over, watch
        self.states, self.gold, self.dev, self.y_dev = sides
        self.nats: list[float] = []
        """(F,) cross-entropy on dev, after the last epoch."""
        self.kept: dict[int, Trained] = {}
        """Number of a fit -> its best epoch."""

    def epoch(self) -> None:
        order = torch.randperm(len(self.states), generator=self.random).to(self.states.device)
        for rows in order.split(self.stack.schedule.batch):
            if self.over.is_set():
                raise _Over
            batch, gold = self.states.index_select(0, rows), self.gold.index_select(1, rows)  # quicker than [rows]
            self.stack.step(batch, gold[self.stack.fits], self.random)

    def losses(self) -> Tensor:
        log_p = self.stack.log_proba(self.dev)
        nats = torch.tensor([dev_nats(log_p[i], self.y_dev[fit]) for i, fit in enumerate(self.stack.fits.tolist())])
        self.nats = nats.tolist()
        if self.watch is not None:
            fits, penalties = self.stack.fits.tolist(), self.stack.l2.flatten().tolist()
            for fit, loss, penalty in zip(fits, self.nats, penalties, strict=True):
                self.watch(Step([fit], [loss], "dev", "epoch", penalty))
        return nats.double().nan_to_num(nan=_NONE, posinf=_NONE)

    def keep(self, gained: Tensor) -> None:
        for i in gained.nonzero()[:, 0].tolist():
            self.kept[int(self.stack.fits[i])] = Trained(self.stack.arrays(i), self.nats[i], False)

    def slow(self, waiting: Tensor) -> None:
        self.stack.rate = torch.where(waiting, self.stack.rate / 2, self.stack.rate)

    def only(self, going: Tensor) -> None:
        self.stack = self.stack.only(going)


@dataclass(eq=False)
class _Stack:
    """The fits that are still being trained. Each layer's weights are (F, outputs, inputs) and (F, outputs, 1)."""

    fits: Tensor
    """(F,) which of all fits these are."""
    weights: list[Tensor]
    means: list[Tensor]
    """Adam's running means of the gradients."""
    squares: list[Tensor]
    """And of their squares."""
    steps: Tensor
    """(F, arrays) steps taken so far, as Adam counts them."""
    l2: Tensor
    """(F, 1, 1)"""
    rate: Tensor
    """(F,) on the CPU."""
    schedule: Schedule
    relu: bool

    @staticmethod
    def new(
        fits: Ints, widths: Sequence[int], l2: Floats, schedule: Schedule, relu: bool, random: torch.Generator
    ) -> _Stack:
        n, device = len(fits), _device()
        weights = [w.expand(n, *w.shape).clone().to(device) for w in _first_weights(widths, random)]
        return _Stack(
            fits=torch.from_numpy(fits),
            weights=weights,
            means=[torch.zeros_like(w) for w in weights],
            squares=[torch.zeros_like(w) for w in weights],
            steps=torch.zeros((n, len(weights)), device=device),
            l2=_on(l2[fits])[:, None, None],
            rate=torch.full((n,), schedule.rate, dtype=torch.float64),
            schedule=schedule,
            relu=relu,
        )

    def step(self, x: Tensor, gold: Tensor, random: torch.Generator) -> None:
        """One step of Adam on a batch of (B, D) states and (F, B) labels."""
        inputs, left, logits = self._forward(x, random)
        # The gradient of the mean cross-entropy by the logits is (softmax - one-hot) / B.
        slope = logits.softmax(1)
        slope.scatter_add_(1, gold[:, None], slope.new_full((1,), -1).expand(gold[:, None].shape))
        slope /= x.shape[0]
        gradients: list[Tensor] = []
        for layer in range(len(inputs) - 1, -1, -1):
            matrix = self.weights[2 * layer]
            if layer:
                below = slope @ inputs[layer].mT
            else:
                below = backward(slope.flatten(0, 1), x, often=self._often(x)).view(matrix.shape)
            gradients = [below.addcmul_(matrix, 2 * self.l2), slope.sum(2, keepdim=True), *gradients]
            if layer:
                slope = matrix.mT @ slope
                if self.relu:
                    slope *= inputs[layer].sign()
                if self.schedule.dropout:
                    slope *= left[layer]
        self._adam(gradients)

    def _forward(self, x: Tensor, random: torch.Generator | None = None) -> tuple[list[Tensor], list[Tensor], Tensor]:
        """Inputs of each layer (features first), what those were multiplied by that were left out or in, the logits.

        Units are left out if there is a source of randomness.
        """
        inputs, left = [x.T], [x.new_ones(())]
        for layer in range(0, len(self.weights), 2):
            matrix, bias = self.weights[layer : layer + 2]
            if layer:
                out = torch.baddbmm(bias, matrix, inputs[-1])
            else:  # one product for all fits: they share the batch
                shared = forward(matrix.flatten(0, 1), x, often=self._often(x))
                out = shared.view(*matrix.shape[:2], -1).add_(bias)
            if layer + 2 == len(self.weights):
                return inputs, left, out
            if self.relu:
                out.relu_()
            if self.schedule.dropout and random is not None:
                keep = 1 - self.schedule.dropout
                left.append((torch.rand(out.shape[1:], generator=random) < keep).to(out.device, out.dtype) / keep)
                out *= left[-1]
            inputs.append(out)
        raise AssertionError("a network has at least one layer")  # pragma: no cover

    def _often(self, x: Tensor) -> bool:
        """Whether a batch is of the usual size: the last of an epoch, and of dev, is of another one each time."""
        return len(x) in (self.schedule.batch, _ROWS)

    def _adam(self, gradients: list[Tensor]) -> None:
        """The function, as torch's class takes long to import; fit by fit, as each has a rate of its own."""
        arrays = (self.weights, gradients, self.means, self.squares)
        of_fits = (zip(*stacked, strict=True) for stacked in arrays)
        for weights, slopes, means, squares, steps, rate in zip(*of_fits, self.steps, self.rate.tolist(), strict=True):
            adam(
                list(weights), list(slopes), list(means), list(squares), [], list(steps), fused=True, lr=rate,
                beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0, amsgrad=False, maximize=False,
            )  # fmt: skip

    def log_proba(self, dev: Tensor) -> npt.NDArray[np.float32]:
        """(M, D) states -> (F, M, K) log-probabilities (nats)."""
        # In parts, whose hidden layers fit into memory that is at hand.
        logits = torch.cat([self._forward(part)[2] for part in dev.split(_ROWS)], 2)
        return np.asarray(logits.log_softmax(1).mT.cpu().numpy())

    def arrays(self, i: int) -> tuple[npt.NDArray[np.float64], ...]:
        """Matrix and bias of each layer of the i-th fit.

        In float64, which keeps what folding a scaler into the weights would otherwise round off.
        """
        own = (w[i].squeeze(1) if w.shape[2] == 1 and j % 2 else w[i] for j, w in enumerate(self.weights))
        return tuple(array.double().cpu().numpy() for array in own)

    def only(self, keep: Tensor) -> _Stack:
        """The fits that `keep` marks."""
        there = keep.to(self.steps.device)
        return replace(
            self,
            fits=self.fits[keep],
            weights=[w[there] for w in self.weights],
            means=[w[there] for w in self.means],
            squares=[w[there] for w in self.squares],
            steps=self.steps[there],
            l2=self.l2[there],
            rate=self.rate[keep],
        )


def _first_weights(widths: Sequence[int], random: torch.Generator) -> Iterator[Tensor]:
    """Matrix and bias (a column) of each layer, uniform within 1 / sqrt(inputs)."""
    for inputs, outputs in pairwise(widths):
        for shape in ((outputs, inputs), (outputs, 1)):
            yield (2 * torch.rand(shape, generator=random) - 1) / inputs**0.5


def _device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def _on(X: Floats) -> Tensor:
    # A copy, as the array may be read-only, which torch warns about.
    return torch.tensor(X, dtype=torch.float32, device=_device())
