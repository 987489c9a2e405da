"""The pairwise MLP probe: the word that each word is attached to, by a hidden layer over every two of a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt

from probewidgets.machine.arrays import Floats
from probewidgets.methods.heads.bilinear import Arcs, FittedHeads, HeadProbe, Scoring, train_heads
from probewidgets.probes.base import Scaler, check_count, check_flag, check_states

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["FittedPairwise", "PairwiseMLPProbe"]


@dataclass(frozen=True)
class PairwiseMLPProbe(HeadProbe):
    """Word i is attached to word j with a probability that is the softmax over j of w' relu(L h_i + R h_j + b).

    That is one hidden layer over both states, laid side by side. Trained as a BilinearProbe is.

    Args:
        hidden: Units of the hidden layer. The more, the more it can remember.
        epochs: At most so many; where they do not suffice, `converged` is False.
        seed: Of the first weights and of the batches.
        standardise: Whether a sweep standardises the states on train first.

    Raises:
        ProbeError: A number is out of range.

    Source: Hewitt and Liang 2019, "Designing and Interpreting Probes with Control Tasks", section 3 (MLP-1).
    """

    hidden: int = 64
    epochs: int = 40
    seed: int = 0
    standardise: bool = True

    def __post_init__(self) -> None:
        check_flag("standardise", self.standardise)
        check_count("hidden", self.hidden)
        check_count("epochs", self.epochs)
        check_count("seed", self.seed, 0)

    def fit(
        self, X: Floats, sentences: Sequence[Arcs], X_dev: Floats | None = None, dev: Sequence[Arcs] = ()
    ) -> FittedPairwise:
        """Fit on sentences, stopping on dev. See `BilinearProbe.fit`.

        Cost: about 12 * N * D * hidden operations per epoch, and 6 * hidden for every two words of a sentence.
        """
        import torch

        X = check_states(X)
        random = torch.Generator().manual_seed(self.seed)

        width, hidden = X.shape[1], self.hidden

        def drawn(fan_in: int, *shape: int) -> Tensor:
            return (2 * torch.rand(shape, generator=random) - 1) * fan_in**-0.5

        maps = drawn(2 * width, 2 * hidden, width)  # L above R: one product maps a word by both
        bias, out = (drawn(fan_in, hidden).requires_grad_() for fan_in in (2 * width, hidden))

        def scores(grid: Tensor) -> Tensor:
            front, back = grid.split(hidden, 2)
            return ((front + bias)[:, :, None] + back[:, None]).relu() @ out

        scoring = Scoring(maps, scores, rest=[bias, out])
        trained, nats = train_heads(scoring, (X, sentences), (X_dev, dev), epochs=self.epochs, random=random)
        both, b, w = trained.weights
        return FittedPairwise(both[:hidden], both[hidden:], b, w, np.zeros(width), nats, trained.converged)


@dataclass(frozen=True, eq=False)
class FittedPairwise(FittedHeads):
    """The fitted layers. Predicts in numpy."""

    kind: ClassVar[str] = "pairwise"

    left_: npt.NDArray[np.float64]
    """(hidden, D) map of the word that is attached, in the units of the states given."""
    right_: npt.NDArray[np.float64]
    """(hidden, D) map of the word that it is attached to."""
    bias_: npt.NDArray[np.float64]
    """(hidden,)"""
    out_: npt.NDArray[np.float64]
    """(hidden,) how much each unit counts."""
    centre_: npt.NDArray[np.float64]
    """(D,) what is taken off the states first; 0 where they were not standardised."""
    dev_loss: float
    """Mean cross-entropy on dev (nats per word)."""
    converged: bool
    """Whether training ended by itself."""

    def __repr__(self) -> str:
        hidden, width = self.left_.shape
        return f"FittedPairwise({hidden} hidden units, {width} features)"

    def scores(self, X: Floats) -> npt.NDArray[np.float64]:
        """(n, D) states of the words of one sentence -> (n, n) score of each (row) for being attached to each."""
        states = check_states(X, self.left_.shape[1]) - self.centre_
        met = (states @ self.left_.T + self.bias_)[:, None] + (states @ self.right_.T)[None]
        return np.asarray(np.maximum(met, 0) @ self.out_, np.float64)

    @property
    def width(self) -> int:
        """D."""
        return int(self.left_.shape[-1])

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Of both maps, of as many units, of what the units have, and of the centre."""
        units = (len(self.left_),)
        return {"right_": self.left_.shape, "bias_": units, "out_": units, "centre_": (self.width,)}

    def rescaled(self, scaler: Scaler) -> FittedPairwise:
        """This probe, fitted on `scaler.apply(X)`, as one for X itself."""
        scale = scaler.scale.astype(np.float64)
        centre = np.asarray(scaler.mean, np.float64) + self.centre_ * scale
        return replace(self, left_=self.left_ / scale, right_=self.right_ / scale, centre_=centre)
