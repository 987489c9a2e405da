"""Training on whole sentences: batches drawn anew for each epoch, and Adam, its rate halved where dev does not gain.

Sentences of one length in a batch would save filling up, but each batch would pull towards what that length wants. So
a batch is drawn from all. Its words lie one after the other where they are mapped, which is most of the work, and only
what they are mapped to is filled up to the longest sentence.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import numpy as np

from probewidgets.machine.arrays import Floats, Ints

if TYPE_CHECKING:
    import torch
    from torch import Tensor

__all__ = ["Sentences", "Words", "alike", "train_on_sentences"]

_BATCH = 20
"""Sentences in a batch."""
_PAIRS = 40_000
"""Pairs of words that are worked on together at most, filled up: a pairwise probe holds its hidden units for each."""


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


@dataclass(frozen=True, eq=False)
class Words:
    """The W words of S sentences, the longest of which has T."""

    states: Tensor
    """(W, D) one after the other."""
    there: Tensor
    """(S, T) whether there is such a word."""
    place: Tensor
    """(W,) of each word among the S * T."""
    at: Tensor
    """(W,) of each word among those of all the sentences that these are from."""

    def grid(self, values: Tensor, fill: float = 0) -> Tensor:
        """What each word has, (W, ...) -> (S, T, ...), filled up."""
        rest = values.shape[1:]
        filled = values.new_full((self.there.numel(), *rest), fill).index_copy(0, self.place, values)
        return filled.view(*self.there.shape, *rest)


class Batch(Protocol):
    """Some sentences; its length is how many."""

    def __len__(self) -> int: ...


SomeBatch = TypeVar("SomeBatch", bound=Batch)


class Sentences(ABC, Generic[SomeBatch]):
    """Sentences to train on or to stop on, of which any can be laid side by side.

    Args:
        X: (N, D) states of words.
        rows: Of each sentence, the rows of X that are its words.
    """

    def __init__(self, X: Floats, rows: Sequence[Ints]) -> None:
        import torch

        X = np.asarray(X, np.float32)
        self._states = torch.from_numpy(X if X.flags.writeable else X.copy())
        self._rows = torch.from_numpy(np.concatenate(rows).astype(np.int64))
        self.lengths = torch.tensor([len(words) for words in rows])
        self._begin = self.lengths.cumsum(0) - self.lengths

    def __len__(self) -> int:
        return len(self.lengths)

    @abstractmethod
    def batch(self, members: Tensor) -> SomeBatch:
        """Some sentences, by number, and what is to be learned of them."""

    def parts(self, members: Tensor) -> list[SomeBatch]:
        """Some sentences in parts of like length, the longest first, of few pairs of words each."""
        members = members[self.lengths[members].argsort(descending=True)]
        parts: list[SomeBatch] = []
        while len(members):
            most = max(1, _PAIRS // max(1, int(self.lengths[members[0]]) ** 2))
            parts.append(self.batch(members[:most]))
            members = members[most:]
        return parts

    def words(self, members: Tensor) -> Words:
        """The words of some sentences."""
        import torch

        lengths = self.lengths[members]
        there = torch.arange(int(lengths.max())) < lengths[:, None]
        place = there.flatten().nonzero()[:, 0]
        away = self._begin[members] - there.shape[1] * torch.arange(len(members))
        at = place + away.repeat_interleave(lengths)
        return Words(self._states[self._rows[at]], there, place, at)


def train_on_sentences(
    weights: Sequence[Tensor],
    loss: Callable[[SomeBatch], Tensor],
    train: Sentences[SomeBatch],
    dev: Sentences[SomeBatch],
    *,
    epochs: int,
    gain: float,
    random: torch.Generator,
) -> tuple[list[Tensor], float, bool]:
    """Minimise a loss by Adam at 1e-3; the rate is halved after each epoch without gain on dev, the best epoch kept.

    Args:
        weights: What is trained; changed in place.
        loss: A batch -> the sum of its sentences' losses, from the weights.
        train: The sentences of train.
        dev: Those of dev.
        epochs: At most so many; the end is at the fifth in a row without gain.
        gain: By how much dev, per sentence, must fall.
        random: Of the batches, which are drawn anew for each epoch.

    Returns:
        The weights of the best epoch, their loss on dev per sentence, and whether training ended by itself.
    """
    import torch

    from probewidgets.probes.descend import ByAdam, Patience, descend

    adam = torch.optim.Adam(weights, lr=1e-3, fused=True)
    laid = dev.parts(torch.arange(len(dev)))  # once: it stays as it is

    def epoch() -> None:
        for batch in torch.randperm(len(train), generator=random).split(_BATCH):
            adam.zero_grad(set_to_none=True)
            for part in train.parts(batch):
                (loss(part) / len(batch)).backward()
            adam.step()

    fit = ByAdam(adam, weights, epoch, lambda: sum(float(loss(batch)) for batch in laid) / max(1, len(dev)))
    least, ended = descend(fit, 1, Patience(epochs, gain))
    return fit.best, float(least), bool(ended) and math.isfinite(float(least))
