"""Descending: training epoch by epoch, the rate halved where dev does not gain, the best epoch kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from probewidgets.machine.threads import check_wanted

__all__ = ["ByAdam", "Fits", "Patience", "descend"]


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


class ByAdam:
    """One fit by an optimiser of torch, as `descend` trains it.

    Args:
        optimiser: What changes the weights.
        weights: What is trained.
        epoch: Train for one epoch.
        loss: On dev, now.
    """

    def __init__(
        self,
        optimiser: torch.optim.Optimizer,
        weights: Sequence[Tensor],
        epoch: Callable[[], None],
        loss: Callable[[], float],
    ) -> None:
        self.optimiser, self.weights, self.epoch, self._loss = optimiser, weights, epoch, loss
        self.best = self._copied()
        """The weights of the best epoch; those that came where there was none."""

    def losses(self) -> Tensor:
        """(1,) the loss on dev."""
        with torch.no_grad():
            return torch.tensor([self._loss()], dtype=torch.float64)

    def keep(self, gained: Tensor) -> None:
        """Remember the weights, if they are marked."""
        if gained.any():
            self.best = self._copied()

    def slow(self, waiting: Tensor) -> None:
        """Halve the rate, if it is marked."""
        if waiting.any():
            for group in self.optimiser.param_groups:
                group["lr"] /= 2

    def only(self, going: Tensor) -> None:
        """Nothing: there is one fit, and training is over when it is."""

    def _copied(self) -> list[Tensor]:
        return [weight.detach().clone() for weight in self.weights]
