"""Training on whole sentences: batches of about one length, and Adam whose rate is halved where dev does not gain."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from probewidgets.machine.arrays import Floats, Ints

if TYPE_CHECKING:
    import torch
    from torch import Tensor

__all__ = ["batches", "padded", "train_on_sentences"]

_BATCH = 20
"""Sentences in a batch."""


class Batch(Protocol):
    """Some sentences; its length is how many."""

    def __len__(self) -> int: ...


SomeBatch = TypeVar("SomeBatch", bound=Batch)


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Which sentences stand in each batch: 20 of about one length; those of one length in the order that they came."""
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    return (order[low : low + _BATCH] for low in range(0, len(order), _BATCH))


def padded(X: Floats, rows: Sequence[Ints]) -> Tensor:
    """The states of S sentences' words, (S, T, D), filled up with zeros to the longest one."""
    import torch

    states = torch.zeros(len(rows), max(map(len, rows)), X.shape[1])
    for i, words in enumerate(rows):
        states[i, : len(words)] = torch.from_numpy(np.asarray(X[words], np.float32))
    return states


def train_on_sentences(
    weights: Sequence[Tensor],
    loss: Callable[[SomeBatch], Tensor],
    train: Sequence[SomeBatch],
    dev: Sequence[SomeBatch],
    *,
    epochs: int,
    gain: float,
    random: torch.Generator,
) -> tuple[list[Tensor], float, bool]:
    """Minimise a loss by Adam at 1e-3; the rate is halved after each epoch without gain on dev, the best epoch kept.

    Args:
        weights: What is trained; changed in place.
        loss: A batch -> the sum of its sentences' losses, from the weights.
        train: The batches of train.
        dev: Those of dev.
        epochs: At most so many; the end is at the fifth in a row without gain.
        gain: By how much dev, per sentence, must fall.
        random: Of the order of the batches.

    Returns:
        The weights of the best epoch, their loss on dev per sentence, and whether training ended by itself.
    """
    import torch

    from probewidgets.probes.descend import ByAdam, Patience, descend

    adam = torch.optim.Adam(weights, lr=1e-3)
    n_dev = max(1, sum(map(len, dev)))

    def epoch() -> None:
        for i in torch.randperm(len(train), generator=random).tolist():
            adam.zero_grad(set_to_none=True)
            (loss(train[i]) / len(train[i])).backward()
            adam.step()

    fit = ByAdam(adam, weights, epoch, lambda: sum(float(loss(batch)) for batch in dev) / n_dev)
    least, ended = descend(fit, 1, Patience(epochs, gain))
    return fit.best, float(least), bool(ended) and math.isfinite(float(least))
