"""The structural probe: a linear map after which squared distances are those of the dependency tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt

from probewidgets.data.dependencies import rooted, spanning_tree
from probewidgets.errors import ProbeError
from probewidgets.machine.arrays import Floats, Ints
from probewidgets.probes.base import Probe, Scaler, check_count, check_flag, check_states
from probewidgets.probes.sentences import Sentences, Words
from probewidgets.probes.stored import Storable

if TYPE_CHECKING:
    from torch import Tensor

    from probewidgets.probes.maps import Trained

__all__ = ["FittedStructural", "StructuralProbe", "Tree"]


@dataclass(frozen=True, eq=False)
class Tree:
    """One sentence: which rows are its words, and how its tree places them."""

    rows: Ints
    """(n,) rows of the states."""
    depths: Ints
    """(n,) steps up to the root."""
    distances: Ints
    """(n, n) edges between every two words."""


Side = tuple[Floats, Sequence[Tree]]
"""States of words, and the sentences whose rows they are."""


@dataclass(frozen=True)
class StructuralProbe(Probe):
    """Two maps B: squared distances |B (h_i - h_j)|^2 are fitted to those of the tree, and |B h_i|^2 to its depths.

    Each minimises the mean over sentences of the mean absolute difference, over the n^2 pairs or the n words, by Adam
    at 1e-3 on batches of 20 sentences, drawn anew for each epoch; the rate is halved after each epoch without
    improvement on dev, the best epoch kept, the end at the fifth such epoch in a row.

    Args:
        rank: Rank of both maps; None: that of the states.
        epochs: At most so many; where they do not suffice, `converged` is False.
        seed: Of the first weights and of the batches.
        standardise: Whether a sweep standardises the states on train first. The squared distance feels their scale: say
            which when numbers are compared.

    Raises:
        ProbeError: A number is out of range.

    Source: Hewitt and Manning 2019, "A Structural Probe for Finding Syntax in Word Representations", sections 2 and 3.
    """

    rank: int | None = None
    epochs: int = 40
    seed: int = 0
    standardise: bool = True

    answers: ClassVar[str] = "tree"
    trial: ClassVar[str] = "tree"
    asks: ClassVar[frozenset[str]] = frozenset()
    stops_early: ClassVar[bool] = True
    one_core: ClassVar[bool] = True

    def __post_init__(self) -> None:
        check_flag("standardise", self.standardise)
        if self.rank is not None:
            check_count("rank", self.rank)
        check_count("epochs", self.epochs)
        check_count("seed", self.seed, 0)

    def fit(
        self, X: Floats, trees: Sequence[Tree], X_dev: Floats | None = None, dev: Sequence[Tree] = ()
    ) -> FittedStructural:
        """Fit both maps.

        Args:
            X: (N, D) states of words.
            trees: The sentences, each with its rows of X.
            X_dev: (M, D) states of dev; by default those of train.
            dev: Its sentences.

        Raises:
            ProbeError: No sentence, or NaN or infinity in the states.

        Cost: about `N * D * rank` operations per epoch and map, and n^2 * rank per sentence of n words.
        """
        from probewidgets.machine.threads import Workers

        X = check_states(X)
        if not trees:
            raise ProbeError("There is no sentence to fit on: give the trees of at least one.")
        train = (X, trees)
        other = train if X_dev is None or not dev else (check_states(X_dev), dev)
        with Workers():  # steps this small are quicker on one thread
            distance, depth = self._maps(_Trees(*train), _Trees(*other), X.shape[1])
        return FittedStructural(
            distance.weights[0],
            depth.weights[0],
            np.zeros(X.shape[1]),
            distance.converged and depth.converged,
            distance.dev_loss,
        )

    def _maps(self, train: _Trees, dev: _Trees, width: int) -> list[Trained]:
        """Both maps, trained on the same batches."""
        import torch

        from probewidgets.probes.maps import Fit, train_on_sentences

        random = torch.Generator().manual_seed(self.seed)
        first = (2 * torch.rand((self.rank or width, width), generator=random) - 1) * 0.05
        fits = [Fit(first.clone(), _distances, _distance_slopes), Fit(first.clone(), _depths, _depth_slopes)]
        return train_on_sentences(fits, train, dev, epochs=self.epochs, gain=1e-4, random=random)


@dataclass(frozen=True, eq=False)
class FittedStructural(Storable):
    """The fitted maps. Predicts in numpy."""

    kind: ClassVar[str] = "structural"

    distance_: npt.NDArray[np.float64]
    """(rank, D) map after which squared distances are the tree's, in the units of the states given."""
    depth_: npt.NDArray[np.float64]
    """(rank, D) map after which squared lengths are depths."""
    centre_: npt.NDArray[np.float64]
    """(D,) what is taken off the states first; 0 where they were not standardised."""
    converged: bool
    """Whether both fits ended by themselves."""
    dev_loss: float = float("nan")
    """Mean absolute difference of the distances on dev; NaN in a file of an early version."""

    def __repr__(self) -> str:
        rank, width = self.distance_.shape
        return f"FittedStructural(rank {rank}, {width} features)"

    def distances(self, X: Floats) -> npt.NDArray[np.float64]:
        """(n, D) states of the words of one sentence -> (n, n) predicted tree distances."""
        mapped = check_states(X, self.distance_.shape[1]) @ self.distance_.T
        return np.asarray(np.square(mapped[:, None] - mapped[None]).sum(2), np.float64)

    def depths(self, X: Floats) -> npt.NDArray[np.float64]:
        """(n, D) states of the words of one sentence -> (n,) predicted depths."""
        states = check_states(X, self.depth_.shape[1]) - self.centre_
        return np.asarray(np.square(states @ self.depth_.T).sum(1), np.float64)

    def heads(self, X: Floats) -> tuple[int, ...]:
        """(n, D) states of the words of one sentence -> their predicted heads, 1-based, 0 for the root.

        The tree with the least total distance, hung up at the word with the least depth.
        """
        return rooted(spanning_tree(self.distances(X)), int(self.depths(X).argmin()))

    def attached(self, X: Floats) -> npt.NDArray[np.float64]:
        """(n, D) states of the words of one sentence -> (n, n) 1 where a word (row) hangs; the root hangs on itself."""
        heads = np.array(self.heads(X)) - 1
        return np.eye(len(heads))[np.where(heads < 0, np.arange(len(heads)), heads)]

    @property
    def width(self) -> int:
        """D."""
        return int(self.distance_.shape[-1])

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Of both maps, of one rank, and of the centre."""
        return {"depth_": self.distance_.shape, "centre_": (self.width,)}

    def rescaled(self, scaler: Scaler) -> FittedStructural:
        """This probe, fitted on `scaler.apply(X)`, as one for X itself."""
        scale = scaler.scale.astype(np.float64)
        centre = np.asarray(scaler.mean, np.float64) + self.centre_ * scale
        return replace(self, distance_=self.distance_ / scale, depth_=self.depth_ / scale, centre_=centre)


@dataclass(frozen=True, eq=False)
class _Asked:
    """What the trees of some sentences say of their words."""

    words: Words
    depths: Tensor
    """(W,)"""
    share: Tensor
    """(W,) what a word counts for in the mean of its sentence."""
    of: _Trees

    @cached_property
    def pairs(self) -> tuple[Tensor, Tensor]:
        """(S, T, T) distances, anything where there is no word, and what they count for, 0 where there is none."""
        import torch

        words = self.words
        length, column = words.lengths[:, None, None], torch.arange(words.there.shape[1])
        at = (self.of.first[words.members, None, None] + column) + column[:, None] * length
        share = words.there / words.lengths[:, None]
        return self.of.distances.index_select(0, at.flatten()).view(at.shape), share[:, :, None] * share[:, None]


class _Trees(Sentences[_Asked]):
    """Sentences with the depths and the distances of their words."""

    def __init__(self, X: Floats, trees: Sequence[Tree]) -> None:
        import torch

        super().__init__(X, [tree.rows for tree in trees])
        longest = int(self.lengths.max())
        beyond = np.zeros(longest**2)  # where words of a short sentence that are not there would have theirs
        distances = np.concatenate([*(tree.distances.ravel() for tree in trees), beyond])
        self.distances = torch.from_numpy(distances.astype(np.float32))
        """Of every two words of each sentence, one sentence after the other."""
        self.depths = torch.from_numpy(np.concatenate([tree.depths for tree in trees]).astype(np.float32))
        squares = self.lengths.square()
        self.first = squares.cumsum(0) - squares
        """(S,) where the distances of a sentence begin."""

    def asked(self, words: Words) -> _Asked:
        share = (1 / words.lengths).repeat_interleave(words.lengths)
        return _Asked(words, self.depths.index_select(0, words.at), share, self)


def _distances(mapped: Tensor, asked: _Asked) -> Tensor:
    """Sum over sentences of the mean absolute difference of the squared distances."""
    from probewidgets.methods.trees.apart import difference

    return difference(asked.words.grid(mapped), *asked.pairs)


def _distance_slopes(mapped: Tensor, asked: _Asked) -> Tensor:
    from probewidgets.methods.trees.apart import slopes

    return asked.words.out_of(slopes(asked.words.grid(mapped), *asked.pairs))


def _depths(mapped: Tensor, asked: _Asked) -> Tensor:
    """Sum over sentences of the mean absolute difference of the squared lengths."""
    return (mapped.square().sum(1) - asked.depths).abs() @ asked.share


def _depth_slopes(mapped: Tensor, asked: _Asked) -> Tensor:
    pull = (mapped.square().sum(1) - asked.depths).sign_().mul_(asked.share)
    return (2 * pull)[:, None] * mapped
