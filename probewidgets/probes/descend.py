"""Descending: training epoch by epoch, the rate halved where dev does not gain, the best epoch kept."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import torch
from torch import Tensor

from probewidgets.machine.threads import check_wanted

__all__ = ["ByOptimiser", "ByOptimisers", "Fits", "Optimised", "Patience", "descend"]


@dataclass(frozen=True)
class Patience:
    """When a fit slows down, and when it ends."""

    epochs: int
    """At most so many."""
    gain: float
    """An epoch is an improvement if the loss on dev falls by more than this."""
    slow: int = 1
    """After so many epochs in a row without gain, and again after as many more, the rate is halved."""
    end: int = 5
    """After so many in a row the fit ends."""


class Fits(Protocol):
    """F fits that are trained together, each of which ends by itself. Arrays are (F,) of those still being trained."""

    def epoch(self) -> None:
        """Train for one epoch."""

    def losses(self) -> Tensor:
        """(F,) their losses on dev now, float64; what is NaN is no gain."""

    def keep(self, gained: Tensor) -> None:
        """Remember the weights of those marked: they are the best so far."""

    def slow(self, waiting: Tensor) -> None:
        """Halve the rate of those marked."""

    def only(self, going: Tensor) -> None:
        """Let go of those that are not marked."""


def descend(fits: Fits, n: int, patience: Patience) -> tuple[Tensor, Tensor]:
    """Train F = `n` fits until each has waited long enough for a gain, or for lack of epochs.

    Returns:
        (F,) the least loss on dev, infinite where no epoch gave any, and (F,) whether training ended by itself.
    """
    least, ended = torch.full((n,), torch.inf, dtype=torch.float64), torch.zeros(n, dtype=torch.bool)
    going, waited = torch.arange(n), torch.zeros(n, dtype=torch.long)
    for _ in range(patience.epochs):
        check_wanted()
        fits.epoch()
        losses = fits.losses()
        gained = losses < least[going] - patience.gain
        least[going] = torch.where(gained, losses, least[going])
        waited = torch.where(gained, 0, waited + 1)
        fits.keep(gained)
        fits.slow(~gained & (waited % patience.slow == 0))
        done = waited >= patience.end
        if done.any():
            ended[going[done]] = True
            going, waited = going[~done], waited[~done]
            if not len(going):
                break
            fits.only(~done)
    return least, ended


class Optimised:
    """Weights that an optimiser of torch changes, and the best that they have been.

    Args:
        optimiser: What changes them.
        weights: What is trained.
    """

    def __init__(self, optimiser: torch.optim.Optimizer, weights: Sequence[Tensor]) -> None:
        self.optimiser, self.weights = optimiser, weights
        self.best = self._copied()
        """The weights of the best epoch; those that came where there was none."""

    def keep(self) -> None:
        """Remember the weights as they are now."""
        self.best = self._copied()

    def slow(self) -> None:
        """Halve the rate."""
        for group in self.optimiser.param_groups:
            group["lr"] /= 2

    def _copied(self) -> list[Tensor]:
        return [weight.detach().clone() for weight in self.weights]


SomeFit = TypeVar("SomeFit", bound=Optimised)


class ByOptimisers(ABC, Generic[SomeFit]):
    """Fits that have an optimiser each, as `descend` trains them; `fits` are those still being trained."""

    def __init__(self, fits: Sequence[SomeFit]) -> None:
        self.fits = list(fits)

    @abstractmethod
    def epoch(self) -> None:
        """Train for one epoch."""

    @abstractmethod
    def losses(self) -> Tensor:
        """(F,) their losses on dev."""

    def keep(self, gained: Tensor) -> None:
        """Remember the weights of those marked."""
        for fit in self._marked(gained):
            fit.keep()

    def slow(self, waiting: Tensor) -> None:
        """Halve the rate of those marked."""
        for fit in self._marked(waiting):
            fit.slow()

    def only(self, going: Tensor) -> None:
        """Let go of those that are not marked."""
        self.fits = self._marked(going)

    def _marked(self, marked: Tensor) -> list[SomeFit]:
        return [self.fits[i] for i in marked.nonzero()[:, 0].tolist()]


class ByOptimiser(ByOptimisers[Optimised]):
    """One fit by an optimiser of torch, as `descend` trains it.

    Args:
        fit: What is trained.
        epoch: Train for one epoch.
        loss: On dev, now.
    """

    def __init__(self, fit: Optimised, epoch: Callable[[], None], loss: Callable[[], float]) -> None:
        super().__init__([fit])
        self._epoch, self._loss = epoch, loss

    def epoch(self) -> None:
        """Train for one epoch."""
        self._epoch()

    def losses(self) -> Tensor:
        """(1,) the loss on dev."""
        with torch.no_grad():
            return torch.tensor([self._loss()], dtype=torch.float64)
