"""Training on whole sentences: batches of about one length, drawn anew for each epoch, and Adam.

Its rate is halved where dev does not gain.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from probewidgets.machine.arrays import Floats, Ints

if TYPE_CHECKING:
    import torch
    from torch import Tensor

__all__ = ["drawn", "in_order", "padded", "train_on_sentences"]

_BATCH = 20
"""Sentences in a batch."""
_ALIKE = 4
"""Batches that are drawn together: their sentences are put to those of like length, which saves much padding."""


class Batch(Protocol):
    """Some sentences; its length is how many."""

    def __len__(self) -> int: ...


SomeBatch = TypeVar("SomeBatch", bound=Batch)


def in_order(lengths: Sequence[int]) -> list[list[int]]:
    """Which sentences stand in each batch where nothing is learned: 20 of about one length."""
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    return [order[low : low + _BATCH] for low in range(0, len(order), _BATCH)]


def drawn(
    lengths: Sequence[int], size: int = _BATCH, alike: int = _ALIKE, random: torch.Generator | None = None
) -> list[list[int]]:
    """Which sentences stand in each batch of an epoch: `size` of about one length, drawn anew at each call.

    Batches that stayed as they are, sorted by length, would each pull towards what one length wants, in every epoch.

    Args:
        lengths: Of each sentence.
        size: Sentences in a batch; the rest is the last batch of a draw.
        alike: So many batches are drawn together, and their sentences put to those of like length.
        random: Where the draws come from; torch's own by default.
    """
    import torch

    measured, groups = torch.tensor(lengths), list[torch.Tensor]()
    for rows in torch.randperm(len(lengths), generator=random).split(alike * size):
        groups += rows[measured[rows].argsort(stable=True)].split(size)
    return [groups[place].tolist() for place in torch.randperm(len(groups), generator=random).tolist()]


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
    train: tuple[Sequence[int], Callable[[Sequence[int]], SomeBatch]],
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
        train: The lengths of the sentences of train, and what makes a batch of some of them, by number.
        dev: The batches of dev.
        epochs: At most so many; the end is at the fifth in a row without gain.
        gain: By how much dev, per sentence, must fall.
        random: Of the batches, which are drawn anew for each epoch.

    Returns:
        The weights of the best epoch, their loss on dev per sentence, and whether training ended by itself.
    """
    import torch

    from probewidgets.probes.descend import ByAdam, Patience, descend

    adam = torch.optim.Adam(weights, lr=1e-3)
    n_dev = max(1, sum(map(len, dev)))
    lengths, batch_of = train

    def epoch() -> None:
        for members in drawn(lengths, random=random):
            adam.zero_grad(set_to_none=True)
            (loss(batch_of(members)) / len(members)).backward()
            adam.step()

    fit = ByAdam(adam, weights, epoch, lambda: sum(float(loss(batch)) for batch in dev) / n_dev)
    least, ended = descend(fit, 1, Patience(epochs, gain))
    return fit.best, float(least), bool(ended) and math.isfinite(float(least))
