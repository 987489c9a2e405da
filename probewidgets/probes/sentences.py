"""Training on whole sentences: batches drawn anew for each epoch, and Adam, its rate halved where dev does not gain.

Sentences of one length in a batch would save filling up, but each batch would pull towards what that length wants. So
a batch is drawn from all, and worked on in parts of like length.
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

__all__ = ["alike", "padded", "train_on_sentences"]

_BATCH = 20
"""Sentences in a batch."""
_PART = 10
"""Sentences of a batch that are worked on together: those of like length, which saves filling up most of them."""


class Batch(Protocol):
    """Some sentences; its length is how many."""

    def __len__(self) -> int: ...


SomeBatch = TypeVar("SomeBatch", bound=Batch)


def alike(lengths: Sequence[int], size: int, rows: Tensor | None = None) -> list[list[int]]:
    """Sentences in groups of `size`, each of about one length.

    Args:
        lengths: Of each sentence.
        size: Sentences in a group; the longest ones may be fewer.
        rows: Which sentences; all, by default.
    """
    import torch

    measured = torch.tensor(lengths)
    rows = torch.arange(len(measured)) if rows is None else rows
    return [group.tolist() for group in rows[measured[rows].argsort(stable=True)].split(size)]


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
        train: The lengths of the sentences of train, and what lays some of them, by number, side by side.
        dev: The batches of dev.
        epochs: At most so many; the end is at the fifth in a row without gain.
        gain: By how much dev, per sentence, must fall.
        random: Of the batches, which are drawn anew for each epoch.

    Returns:
        The weights of the best epoch, their loss on dev per sentence, and whether training ended by itself.
    """
    import torch

    from probewidgets.probes.descend import ByAdam, Patience, descend

    adam = torch.optim.Adam(weights, lr=1e-3, fused=True)
    n_dev = max(1, sum(map(len, dev)))
    lengths, laid = train

    def epoch() -> None:
        for batch in torch.randperm(len(lengths), generator=random).split(_BATCH):
            adam.zero_grad(set_to_none=True)
            for part in alike(lengths, _PART, batch):
                (loss(laid(part)) / len(batch)).backward()
            adam.step()

    fit = ByAdam(adam, weights, epoch, lambda: sum(float(loss(batch)) for batch in dev) / n_dev)
    least, ended = descend(fit, 1, Patience(epochs, gain))
    return fit.best, float(least), bool(ended) and math.isfinite(float(least))
