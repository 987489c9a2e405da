"""Training maps of words on whole sentences: batches drawn anew for each epoch, and Adam.

Sentences of one length in a batch would save filling up, but each batch would pull towards what that length wants. So
a batch is drawn from all. Fits that are trained together share it: their maps are one product, forward and back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from probewidgets.probes.descend import ByOptimisers, Optimised, Patience, descend
from probewidgets.probes.sentences import Laid, Sentences
from probewidgets.probes.shared import backward, mapped

__all__ = ["Fit", "Trained", "train_on_sentences"]

_BATCH = 20
"""Sentences in a batch."""

Asked = TypeVar("Asked")

Loss = Callable[[Tensor, Asked], Tensor]
"""(W, K) mapped words of some sentences, and what is asked of them -> the sum of the sentences' losses."""


class Fit(Optimised, Generic[Asked]):
    """A map of words, trained so that it says what is asked of them.

    Args:
        matrix: (K, D) the map, changed in place.
        loss: What is minimised.
        slopes: Of the same (W, K) its gradient by the mapped words; by default autograd's.
        rest: What else is trained; the loss takes it from where it is, and leaves its gradient there.
    """

    def __init__(
        self, matrix: Tensor, loss: Loss[Asked], slopes: Loss[Asked] | None = None, rest: Sequence[Tensor] = ()
    ) -> None:
        super().__init__(torch.optim.Adam([matrix, *rest], lr=1e-3, fused=True), [matrix, *rest])
        self.matrix, self.loss = matrix, loss
        self.slopes = slopes or self._by_autograd

    def _by_autograd(self, mapped: Tensor, asked: Asked) -> Tensor:
        mapped = mapped.detach().requires_grad_()
        with torch.enable_grad():
            self.loss(mapped, asked).backward()
        assert mapped.grad is not None
        return mapped.grad

    def step(self, gradient: Tensor, n: int) -> None:
        """One step by the gradient of the matrix, and that of the rest, both summed over n sentences."""
        self.matrix.grad = gradient
        for weights in self.weights:
            assert weights.grad is not None
            weights.grad /= n
        self.optimiser.step()
        for weights in self.weights:
            weights.grad = None


@dataclass(frozen=True)
class Trained:
    """What came of a fit."""

    weights: list[npt.NDArray[np.float64]]
    """The map and the rest, in the best epoch."""
    dev_loss: float
    """On dev, per sentence."""
    converged: bool
    """Whether training ended by itself."""


def train_on_sentences(
    fits: Sequence[Fit[Asked]],
    train: Sentences[Asked],
    dev: Sentences[Asked],
    *,
    epochs: int,
    gain: float,
    random: torch.Generator,
) -> list[Trained]:
    """Minimise losses by Adam at 1e-3; a rate is halved after each epoch without gain on dev, the best epoch kept.

    Args:
        fits: What is trained together; each is what it would be alone, but for rounding.
        train: The sentences of train.
        dev: Those of dev.
        epochs: At most so many; a fit ends at the fifth in a row without gain.
        gain: By how much dev, per sentence, must fall.
        random: Of the batches, which are drawn anew for each epoch.

    Returns:
        What came of each.
    """
    least, ended = descend(_Together(fits, train, dev, random), len(fits), Patience(epochs, gain))
    return [
        Trained([weights.double().numpy() for weights in fit.best], loss, end and isfinite(loss))
        for fit, loss, end in zip(fits, least.tolist(), ended.tolist(), strict=True)
    ]


class _Together(ByOptimisers[Fit[Asked]]):
    """Fits that see the same batches, as `descend` trains them."""

    def __init__(
        self, fits: Sequence[Fit[Asked]], train: Sentences[Asked], dev: Sentences[Asked], random: torch.Generator
    ) -> None:
        super().__init__(fits)
        self.train, self.random = train, random
        self.dev = dev.laid(torch.arange(len(dev)))  # once: it stays as it is

    def epoch(self) -> None:
        with torch.no_grad():
            for members in torch.randperm(len(self.train), generator=self.random).split(_BATCH):
                self._step(self.train.laid(members))

    def _step(self, batch: Laid[Asked]) -> None:
        words = mapped(batch.states, self._maps())
        slopes = torch.zeros_like(words)
        for rows, asked in batch.parts:
            each = zip(self.fits, self._each(words[rows]), self._each(slopes[rows]), strict=True)
            for fit, its_words, its_slopes in each:
                its_slopes.copy_(fit.slopes(its_words, asked))
        gradients = backward(slopes.T, batch.states, often=True).split(self._sizes())
        for fit, gradient in zip(self.fits, gradients, strict=True):
            fit.step(gradient, batch.n)

    def losses(self) -> Tensor:
        total = torch.zeros(len(self.fits), dtype=torch.float64)
        with torch.no_grad():
            words = mapped(self.dev.states, self._maps())
            for rows, asked in self.dev.parts:
                each = zip(self.fits, self._each(words[rows]), strict=True)
                total += torch.stack([fit.loss(its_words, asked) for fit, its_words in each]).double()
        return total / self.dev.n

    def _maps(self) -> Tensor:
        """(F K, D) the maps of all fits."""
        return self.fits[0].matrix if len(self.fits) == 1 else torch.cat([fit.matrix for fit in self.fits])

    def _sizes(self) -> list[int]:
        return [len(fit.matrix) for fit in self.fits]

    def _each(self, words: Tensor) -> Sequence[Tensor]:
        """(W, F K) -> of each fit (W, K)."""
        return words.split(self._sizes(), 1)
