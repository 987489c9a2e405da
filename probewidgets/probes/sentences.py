"""Sentences laid side by side: their words one after the other, and in a grid where every two of them meet.

What maps words works on them one after the other, which is most of the work. Only what they are mapped to is filled up
to the longest sentence, a few sentences of like length at a time.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from probewidgets.machine.arrays import Floats, Ints

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["Laid", "Sentences", "Words", "alike"]

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
    """The W words of S sentences of like length, the longest of which has T."""

    members: Tensor
    """(S,) which sentences."""
    lengths: Tensor
    """(S,) how many words each has."""
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

    def out_of(self, grid: Tensor) -> Tensor:
        """What each word has, out of the grid, (S, T, ...) -> (W, ...)."""
        return grid.flatten(0, 1).index_select(0, self.place)


Asked = TypeVar("Asked")
"""The words of a few sentences, and what is to be learned of them."""


@dataclass(frozen=True, eq=False)
class Laid(Generic[Asked]):
    """N sentences laid side by side, the longest first."""

    n: int
    states: Tensor
    """(W, D) of their words, and behind these rows of 0, so that the number of rows is one that comes often."""
    parts: list[tuple[slice, Asked]]
    """A few sentences of like length each: which of the states are theirs, and what is to be learned of them."""


class Sentences(ABC, Generic[Asked]):
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
    def asked(self, words: Words) -> Asked:
        """What is to be learned of some words."""

    def laid(self, members: Tensor) -> Laid[Asked]:
        """Some sentences, by number."""
        import torch

        from probewidgets.probes.shared import rounded

        lengths, order = self.lengths[members].sort(descending=True)
        members, ends = members[order], lengths.cumsum(0)
        n = int(ends[-1])
        at = torch.arange(n) + (self._begin[members] - ends + lengths).repeat_interleave(lengths)
        states = self._states.new_empty(rounded(n), self._states.shape[1])
        torch.index_select(self._states, 0, self._rows.index_select(0, at), out=states[:n])
        states[n:] = 0
        parts: list[tuple[slice, Asked]] = []
        sentence = word = 0
        while sentence < len(members):
            longest = int(lengths[sentence])
            those = slice(sentence, sentence + max(1, _PAIRS // max(1, longest**2)))
            rows = slice(word, int(ends[those][-1]))
            there = torch.arange(longest) < lengths[those, None]
            words = Words(members[those], lengths[those], there, there.flatten().nonzero()[:, 0], at[rows])
            parts.append((rows, self.asked(words)))
            sentence, word = those.stop, rows.stop
        return Laid(len(members), states, parts)
