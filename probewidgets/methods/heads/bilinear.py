"""The bilinear probe: which word of its sentence each word is attached to, a softmax over the words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError
from probewidgets.machine.arrays import Floats, Ints
from probewidgets.metrics.scores import log_softmax
from probewidgets.probes.base import Probe, Scaler, check_count, check_flag, check_states
from probewidgets.probes.sentences import Sentences, Words, train_on_sentences
from probewidgets.probes.stored import Storable

if TYPE_CHECKING:
    import torch
    from torch import Tensor

__all__ = ["Arcs", "BilinearProbe", "FittedBilinear", "FittedHeads", "HeadProbe", "train_heads"]

_NONE = -1
"""In place of a head: the word has none to be learned."""


@dataclass(frozen=True, eq=False)
class Arcs:
    """One sentence: which rows are its words, and to which of them each is attached."""

    rows: Ints
    """(n,) rows of the states."""
    heads: Ints
    """(n,) place of each word's head among the n words; -1 where it has none, and the word does not count."""

    @property
    def counts(self) -> bool:
        """Whether any word of it counts."""
        return bool((self.heads >= 0).any())


Side = tuple[Floats, Sequence[Arcs]]
"""States of words, and the sentences whose rows they are."""


class HeadProbe(Probe):
    """A probe of which word each word is attached to."""

    answers: ClassVar[str] = "head"
    trial: ClassVar[str] = "head"
    asks: ClassVar[frozenset[str]] = frozenset({"control"})
    stops_early: ClassVar[bool] = True
    one_core: ClassVar[bool] = True
    standardise: bool


@dataclass(frozen=True)
class BilinearProbe(HeadProbe):
    """Word i is attached to word j with a probability that is the softmax over j of h_i' L' R h_j.

    L and R are maps of one rank. A constant, and a term of h_i alone, would cancel in the softmax, so there is none.
    All words of the sentence may be chosen, the word itself too.

    Minimises the cross-entropy summed over the words of a sentence, by Adam at 1e-3 on batches of 20 sentences, drawn
    anew for each epoch; the rate is halved after each epoch without improvement on dev, the best epoch kept, the end
    at the fifth such epoch in a row.

    Args:
        rank: Rank of the product of both maps; None: that of the states. The smaller, the less it can remember.
        linear: Whether a term u' h_j is added, for words that are heads of many, whatever the word i is.
        epochs: At most so many; where they do not suffice, `converged` is False.
        seed: Of the first weights and of the batches.
        standardise: Whether a sweep standardises the states on train first.

    Raises:
        ProbeError: A number is out of range.

    Source: Hewitt and Liang 2019, "Designing and Interpreting Probes with Control Tasks", section 3.
    """

    rank: int | None = None
    linear: bool = False
    epochs: int = 40
    seed: int = 0
    standardise: bool = True

    def __post_init__(self) -> None:
        check_flag("standardise", self.standardise)
        if self.rank is not None:
            check_count("rank", self.rank)
        check_flag("linear", self.linear)
        check_count("epochs", self.epochs)
        check_count("seed", self.seed, 0)

    def fit(
        self, X: Floats, sentences: Sequence[Arcs], X_dev: Floats | None = None, dev: Sequence[Arcs] = ()
    ) -> FittedBilinear:
        """Fit on sentences, stopping on dev.

        Args:
            X: (N, D) states of words.
            sentences: The sentences, each with its rows of X.
            X_dev: (M, D) states of dev; by default those of train.
            dev: Its sentences.

        Raises:
            ProbeError: No word has a head, or NaN or infinity in the states.

        Cost: about 12 * N * D * rank operations per epoch.
        """
        import torch

        X = check_states(X)
        random = torch.Generator().manual_seed(self.seed)
        shape = (self.rank or X.shape[1], X.shape[1])
        left, right = (((2 * torch.rand(shape, generator=random) - 1) * 0.05).requires_grad_() for _ in range(2))
        term = torch.zeros(X.shape[1]).requires_grad_(self.linear)

        def scores(words: Words) -> Tensor:
            front, back = (words.grid(words.states @ each.T) for each in (left, right))
            met = front @ back.mT
            return met + words.grid(words.states @ term)[:, None] if self.linear else met

        weights = [left, right, term] if self.linear else [left, right]
        arrays, loss, met = train_heads(
            weights, scores, (X, sentences), (X_dev, dev), epochs=self.epochs, random=random
        )
        u = arrays[2] if self.linear else np.zeros(X.shape[1])
        return FittedBilinear(arrays[0], arrays[1], u, np.zeros(X.shape[1]), loss, met)


class FittedHeads(Storable):
    """What a fitted probe of heads says, of whatever kind its scores are."""

    def scores(self, X: Floats) -> npt.NDArray[np.float64]:
        """(n, D) states of the words of one sentence -> (n, n) score of each (row) for being attached to each."""
        raise NotImplementedError

    def log_proba(self, X: Floats) -> npt.NDArray[np.float64]:
        """(n, D) states of the words of one sentence -> (n, n) log-probabilities (nats); each row's sum up to 1."""
        return np.asarray(log_softmax(self.scores(X)), np.float64)

    def predict(self, X: Floats) -> Ints:
        """(n, D) states of the words of one sentence -> (n,) the place of each one's head among them, from 0.

        Each word by itself: the heads need not make a tree, and the root gets one too.
        """
        return self.scores(X).argmax(1)

    def attached(self, X: Floats) -> npt.NDArray[np.float64]:
        """(n, D) states of the words of one sentence -> (n, n) how probably each (row) is attached to each."""
        return np.exp(self.log_proba(X))


@dataclass(frozen=True, eq=False)
class FittedBilinear(FittedHeads):
    """The fitted maps. Predicts in numpy."""

    kind: ClassVar[str] = "bilinear"

    left_: npt.NDArray[np.float64]
    """(rank, D) map of the word that is attached, in the units of the states given."""
    right_: npt.NDArray[np.float64]
    """(rank, D) map of the word that it is attached to."""
    term_: npt.NDArray[np.float64]
    """(D,) how likely a word is to be a head at all; 0 without the linear term."""
    centre_: npt.NDArray[np.float64]
    """(D,) what is taken off the states first; 0 where they were not standardised."""
    dev_loss: float
    """Mean cross-entropy on dev (nats per word)."""
    converged: bool
    """Whether training ended by itself."""

    def __repr__(self) -> str:
        rank, width = self.left_.shape
        return f"FittedBilinear(rank {rank}, {width} features)"

    def scores(self, X: Floats) -> npt.NDArray[np.float64]:
        """(n, D) states of the words of one sentence -> (n, n) score of each (row) for being attached to each."""
        states = check_states(X, self.left_.shape[1]) - self.centre_
        return np.asarray((states @ self.left_.T) @ (states @ self.right_.T).T + states @ self.term_, np.float64)

    @property
    def width(self) -> int:
        """D."""
        return int(self.left_.shape[-1])

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Of both maps, of one rank, of the term and the centre."""
        return {"right_": self.left_.shape, "term_": (self.width,), "centre_": (self.width,)}

    def rescaled(self, scaler: Scaler) -> FittedBilinear:
        """This probe, fitted on `scaler.apply(X)`, as one for X itself."""
        scale = scaler.scale.astype(np.float64)
        centre = np.asarray(scaler.mean, np.float64) + self.centre_ * scale
        return replace(
            self, left_=self.left_ / scale, right_=self.right_ / scale, term_=self.term_ / scale, centre_=centre
        )


@dataclass(frozen=True, eq=False)
class _Batch:
    """Some sentences, and the place of each word's head."""

    words: Words
    heads: Tensor
    """(S, T) -1 where the word does not count, or there is none."""

    def __len__(self) -> int:
        return len(self.heads)


class _Headed(Sentences[_Batch]):
    """Sentences with the heads of their words."""

    def __init__(self, X: Floats, sentences: Sequence[Arcs]) -> None:
        import torch

        super().__init__(X, [arcs.rows for arcs in sentences])
        self._heads = torch.from_numpy(np.concatenate([arcs.heads for arcs in sentences]).astype(np.int64))

    def batch(self, members: Tensor) -> _Batch:
        words = self.words(members)
        return _Batch(words, words.grid(self._heads[words.at], _NONE))


def _loss(scores: Tensor, batch: _Batch) -> Tensor:
    """Cross-entropy (nats), summed over the words of all sentences."""
    from torch.nn.functional import cross_entropy

    scores = scores.masked_fill(~batch.words.there[:, None], float("-inf"))
    return cross_entropy(scores.flatten(0, 1), batch.heads.flatten(), ignore_index=_NONE, reduction="sum")


def train_heads(
    weights: Sequence[Tensor],
    scores: Callable[[Words], Tensor],
    train: Side,
    dev: tuple[Floats | None, Sequence[Arcs]],
    *,
    epochs: int,
    random: torch.Generator,
) -> tuple[list[npt.NDArray[np.float64]], float, bool]:
    """Minimise the cross-entropy of each word's head. See `train_on_sentences`.

    Args:
        weights: What is trained.
        scores: The words of sentences -> (S, T, T) score of each word for being attached to each.
        train: (N, D) states, and the sentences whose rows they are.
        dev: The same of dev; those of train, if there are none.
        epochs: At most so many.
        random: Of the batches, which are drawn anew for each epoch.

    Returns:
        The weights of the best epoch, their cross-entropy on dev (nats per word), and whether training ended by itself.

    Raises:
        ProbeError: No word has a head, or NaN or infinity in the states of dev.
    """
    from probewidgets.machine.threads import Workers

    other = train if dev[0] is None or not dev[1] else (check_states(dev[0]), dev[1])
    n_dev = sum(int((arcs.heads >= 0).sum()) for arcs in other[1])
    if not n_dev or not any(arcs.counts for arcs in train[1]):
        raise ProbeError("No word has a head to fit on: give sentences with one word or more that has.")
    with Workers():  # steps this small are quicker on one thread
        best, loss, met = train_on_sentences(
            weights,
            lambda batch: _loss(scores(batch.words), batch),
            _Headed(*train),
            _Headed(*other),
            epochs=epochs,
            gain=1e-3,
            random=random,
        )
    return [weight.double().numpy() for weight in best], loss * len(other[1]) / n_dev, met
