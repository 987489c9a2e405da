"""The structural probe: a linear map after which squared distances are those of the dependency tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt

from probewidgets.data.dependencies import rooted, spanning_tree
from probewidgets.errors import ProbeError
from probewidgets.machine.arrays import Floats, Ints
from probewidgets.probes.base import Probe, Scaler, check_count, check_flag, check_states
from probewidgets.probes.sentences import Sentences, Words, train_on_sentences
from probewidgets.probes.stored import Storable

if TYPE_CHECKING:
    from torch import Tensor

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
            distance, loss, met = self._map(train, other, pairs=True)
            depth, _, met_too = self._map(train, other, pairs=False)
        return FittedStructural(distance, depth, np.zeros(X.shape[1]), met and met_too, loss)

    def _map(self, train: Side, dev: Side, *, pairs: bool) -> tuple[npt.NDArray[np.float64], float, bool]:
        """One map, its loss on dev, and whether training ended by itself."""
        import torch

        random = torch.Generator().manual_seed(self.seed)
        width = train[0].shape[1]
        B = ((2 * torch.rand((self.rank or width, width), generator=random) - 1) * 0.05).requires_grad_()
        (best,), loss, met = train_on_sentences(
            [B],
            lambda batch: _loss(B, batch, pairs),
            _Trees(*train, pairs),
            _Trees(*dev, pairs),
            epochs=self.epochs,
            gain=1e-4,
            random=random,
        )
        return best.double().numpy(), loss, met


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
class _Batch:
    """Some sentences, and what their trees say of their words."""

    words: Words
    target: Tensor
    """(S, T, T) distances, or (S, T) depths; anything where there is no word."""
    weight: Tensor
    """The same shape: what a pair, or a word, counts for in the mean of its sentence; 0 where there is none."""

    def __len__(self) -> int:
        return len(self.weight)


class _Trees(Sentences[_Batch]):
    """Sentences with their distances (`pairs`) or their depths."""

    def __init__(self, X: Floats, trees: Sequence[Tree], pairs: bool) -> None:
        import torch

        super().__init__(X, [tree.rows for tree in trees])
        values = [(tree.distances if pairs else tree.depths).ravel() for tree in trees]
        self._values = torch.from_numpy(np.concatenate(values).astype(np.float32))
        squares = self.lengths.square()
        self._first = squares.cumsum(0) - squares  # of the distances of each sentence
        self._pairs = pairs

    def batch(self, members: Tensor) -> _Batch:
        import torch

        words = self.words(members)
        lengths, there = self.lengths[members], words.there
        if not self._pairs:
            return _Batch(words, words.grid(self._values[words.at]), there / lengths[:, None])
        column = torch.arange(there.shape[1])
        both = there[:, :, None] & there[:, None]
        at = self._first[members, None, None] + column[:, None] * lengths[:, None, None] + column
        return _Batch(words, self._values[at.where(both, 0)], both / lengths.square()[:, None, None])


def _loss(B: Tensor, batch: _Batch, pairs: bool) -> Tensor:
    """Sum over sentences of the mean absolute difference."""
    from probewidgets.methods.trees.apart import difference

    mapped = batch.words.grid(batch.words.states @ B.T)
    if pairs:
        return difference(mapped, batch.target, batch.weight)
    return ((mapped.square().sum(2) - batch.target).abs() * batch.weight).sum()
