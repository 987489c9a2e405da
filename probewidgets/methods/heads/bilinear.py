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
from probewidgets.probes.sentences import Sentences, Words
from probewidgets.probes.stored import Storable

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from probewidgets.probes.maps import Trained

__all__ = ["Arcs", "BilinearProbe", "FittedBilinear", "FittedHeads", "HeadProbe", "Scoring", "train_heads"]

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
        rank, width = self.rank or X.shape[1], X.shape[1]
        # L above R, and u below them: one product maps a word by all of these.
        maps = (2 * torch.rand((2 * rank, width), generator=random) - 1) * 0.05
        if self.linear:
            maps = torch.cat([maps, torch.zeros(1, width)])

        def scores(grid: Tensor) -> Tensor:
            met = grid[..., :rank] @ grid[..., rank : 2 * rank].mT
            return met + grid[..., 2 * rank :].mT if self.linear else met

        def slopes(pull: Tensor, grid: Tensor) -> Tensor:
            each = [pull @ grid[..., rank : 2 * rank], pull.mT @ grid[..., :rank]]
            return torch.cat([*each, pull.sum(1)[..., None]] if self.linear else each, 2)

        scoring = Scoring(maps, scores, slopes)
        trained, nats = train_heads(scoring, (X, sentences), (X_dev, dev), epochs=self.epochs, random=random)
        left, right, u = np.split(trained.weights[0], [rank, 2 * rank])
        u = u[0] if self.linear else np.zeros(width)
        return FittedBilinear(left, right, u, np.zeros(width), nats, trained.converged)


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
class _Asked:
    """The place of the head of each word of some sentences."""

    words: Words
    heads: Tensor
    """(S, T) -1 where the word does not count, or there is none."""

    def loss(self, scores: Tensor) -> Tensor:
        """(S, T, T) scores -> cross-entropy (nats), summed over the words."""
        from torch.nn.functional import cross_entropy

        gold = self.heads.flatten()
        return cross_entropy(self._open(scores).flatten(0, 1), gold, ignore_index=_NONE, reduction="sum")

    def slopes(self, scores: Tensor) -> Tensor:
        """Its gradient by the scores: softmax - one-hot."""
        pull = self._open(scores).softmax(2)
        gold = self.heads[..., None]
        pull.scatter_add_(2, gold.clamp(min=0), pull.new_full((1,), -1).expand_as(gold))
        return pull.mul_(gold != _NONE)

    def _open(self, scores: Tensor) -> Tensor:
        return scores.masked_fill(~self.words.there[:, None], float("-inf"))


class _Headed(Sentences[_Asked]):
    """Sentences with the heads of their words."""

    def __init__(self, X: Floats, sentences: Sequence[Arcs]) -> None:
        import torch

        super().__init__(X, [arcs.rows for arcs in sentences])
        self._heads = torch.from_numpy(np.concatenate([arcs.heads for arcs in sentences]).astype(np.int64))

    def asked(self, words: Words) -> _Asked:
        return _Asked(words, words.grid(self._heads.index_select(0, words.at), _NONE))


@dataclass(frozen=True, eq=False)
class Scoring:
    """How words are scored for being attached to one another, and what of it is trained."""

    maps: Tensor
    """(K, D) of each word by itself."""
    scores: Callable[[Tensor], Tensor]
    """(S, T, K) mapped words of each sentence -> (S, T, T) score of each for being attached to each."""
    slopes: Callable[[Tensor, Tensor], Tensor] | None = None
    """(S, T, T) gradient by the scores, and the same -> (S, T, K) that by the mapped words; by default autograd's."""
    rest: Sequence[Tensor] = ()
    """What else is trained."""

    def loss(self, mapped: Tensor, asked: _Asked) -> Tensor:
        """(W, K) -> the cross-entropy (nats), summed over the words."""
        return asked.loss(self.scores(asked.words.grid(mapped)))

    def by_hand(self, mapped: Tensor, asked: _Asked) -> Tensor:
        """(W, K) -> its gradient by the mapped words, (W, K)."""
        assert self.slopes is not None
        grid = asked.words.grid(mapped)
        return asked.words.out_of(self.slopes(asked.slopes(self.scores(grid)), grid))


def train_heads(
    scoring: Scoring,
    train: Side,
    dev: tuple[Floats | None, Sequence[Arcs]],
    *,
    epochs: int,
    random: torch.Generator,
) -> tuple[Trained, float]:
    """Minimise the cross-entropy of each word's head. See `train_on_sentences`.

    Args:
        scoring: What is trained.
        train: (N, D) states, and the sentences whose rows they are.
        dev: The same of dev; those of train, if there are none.
        epochs: At most so many.
        random: Of the batches, which are drawn anew for each epoch.

    Returns:
        What came of it, and the cross-entropy on dev (nats per word) of the best epoch.

    Raises:
        ProbeError: No word has a head, or NaN or infinity in the states of dev.
    """
    from probewidgets.machine.threads import Workers
    from probewidgets.probes.maps import Fit, train_on_sentences

    other = train if dev[0] is None or not dev[1] else (check_states(dev[0]), dev[1])
    n_dev = sum(int((arcs.heads >= 0).sum()) for arcs in other[1])
    if not n_dev or not any(arcs.counts for arcs in train[1]):
        raise ProbeError("No word has a head to fit on: give sentences with one word or more that has.")
    fit = Fit(scoring.maps, scoring.loss, scoring.by_hand if scoring.slopes else None, scoring.rest)
    with Workers():  # steps this small are quicker on one thread
        (trained,) = train_on_sentences(
            [fit], _Headed(*train), _Headed(*other), epochs=epochs, gain=1e-3, random=random
        )
    return trained, trained.dev_loss * len(other[1]) / n_dev
