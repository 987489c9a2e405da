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

__all__ = ["batches", "descend", "padded"]

_PATIENCE = 5
"""Epochs in a row without improvement on dev after which training ends."""
_BATCH = 20
"""Sentences in a batch."""


class Batch(Protocol):
    """Some sentences; its length is how many."""

    def __len__(self) -> int: ...


Some = TypeVar("Some", bound=Batch)


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Which sentences stand in each batch: 20 of about one length; those of one length in the order that they came."""
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    return (order[low : low + _BATCH] for low in range(0, len(order), _BATCH))


def padded(X: Floats, rows: Sequence[Ints]) -> Tensor:
    """The states of S sentences' words, (S, T, D), filled up with zeros to the longest one."""
    import torch

    states = torch.zeros(len(rows), max(map(len, rows)), X.shape[1])
    for i, some in enumerate(rows):
        states[i, : len(some)] = torch.from_numpy(np.asarray(X[some], np.float32))
    return states


def descend(
    weights: Sequence[Tensor],
    loss: Callable[[Some], Tensor],
    train: Sequence[Some],
    dev: Sequence[Some],
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

    adam = torch.optim.Adam(weights, lr=1e-3)
    best, least, waited = [w.detach().clone() for w in weights], float("inf"), 0
    n_dev = max(1, sum(map(len, dev)))
    for _ in range(epochs):
        for i in torch.randperm(len(train), generator=random).tolist():
            adam.zero_grad(set_to_none=True)
            (loss(train[i]) / len(train[i])).backward()
            adam.step()
        with torch.no_grad():
            total = sum(float(loss(batch)) for batch in dev) / n_dev
        if total < least - gain:
            best, least, waited = [w.detach().clone() for w in weights], total, 0
            continue
        waited += 1
        for group in adam.param_groups:
            group["lr"] /= 2
        if waited == _PATIENCE:
            break
    return best, least, waited == _PATIENCE and math.isfinite(least)
