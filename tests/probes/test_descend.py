"""Descending: the best epoch is kept, the rate halved where dev does not gain, and each fit ends by itself."""

from __future__ import annotations

import math

import pytest
import torch

from probewidgets.probes.descend import ByOptimiser, Optimised, Patience, descend


class Told:
    """F fits whose losses after each epoch are told beforehand; what is done with them is written down."""

    def __init__(self, *losses: list[float]) -> None:
        self.told, self.epochs, self.going = losses, 0, list(range(len(losses)))
        self.kept: dict[int, int] = {}
        self.rates = [1.0] * len(losses)

    def epoch(self) -> None:
        self.epochs += 1

    def losses(self) -> torch.Tensor:
        return torch.tensor([self.told[fit][self.epochs - 1] for fit in self.going], dtype=torch.float64)

    def keep(self, gained: torch.Tensor) -> None:
        self.kept |= {fit: self.epochs for fit, better in zip(self.going, gained.tolist(), strict=True) if better}

    def slow(self, waiting: torch.Tensor) -> None:
        for fit, slower in zip(self.going, waiting.tolist(), strict=True):
            self.rates[fit] /= 2 if slower else 1

    def only(self, going: torch.Tensor) -> None:
        self.going = [fit for fit, on in zip(self.going, going.tolist(), strict=True) if on]


def test_the_best_epoch_is_kept_and_the_rate_halved_after_each_without_gain() -> None:
    fits = Told([3, 1, 2, 2, 0.5, 4])
    least, ended = descend(fits, 1, Patience(6, gain=0.1))
    assert (least.tolist(), ended.tolist()) == ([0.5], [False])
    assert fits.kept == {0: 5} and fits.rates == [1 / 8]


def test_each_fit_ends_after_its_own_epochs_in_a_row_without_gain_and_the_others_go_on() -> None:
    falling = [10.0 - epoch for epoch in range(9)]
    fits = Told(falling, [1.0] * 9, [5, 4, 4, 4, 3, 3, 3, 3, 3])
    least, ended = descend(fits, 3, Patience(9, gain=0.0, end=3))
    assert least.tolist() == [2, 1, 3] and ended.tolist() == [False, True, True]
    assert fits.kept == {0: 9, 1: 1, 2: 5} and fits.going == [0]


def test_training_stops_when_the_last_fit_has_ended() -> None:
    fits = Told([1.0] * 99, [2, 1, *[1.0] * 97])
    descend(fits, 2, Patience(99, gain=0.0, end=4))
    assert fits.epochs == 6


@pytest.mark.parametrize(("slow", "rate"), [(1, 1 / 64), (2, 1 / 8), (6, 1 / 2), (7, 1)])
def test_the_rate_is_halved_after_every_so_many_epochs_without_gain(slow: int, rate: float) -> None:
    fits = Told([1.0] * 7)
    descend(fits, 1, Patience(7, gain=0.0, slow=slow, end=9))
    assert fits.rates == [rate]


def test_less_than_the_gain_and_no_number_at_all_are_no_improvement() -> None:
    fits = Told([1, 0.95, 0.91, 0.85, math.nan])
    least, _ = descend(fits, 1, Patience(5, gain=0.1))
    assert least.tolist() == [0.85] and fits.kept == {0: 4}
    nothing = Told([math.nan] * 5)
    least, ended = descend(nothing, 1, Patience(5, gain=0.1))
    assert least.tolist() == [math.inf] and ended.tolist() == [True] and not nothing.kept


def test_a_fit_by_an_optimiser_gives_the_weights_of_its_best_epoch_or_those_that_came() -> None:
    weight = torch.tensor([1.0], requires_grad=True)
    sgd = torch.optim.SGD([weight], lr=1.0)
    losses = iter([2.0, 1.0, 3.0])

    def epoch() -> None:
        sgd.zero_grad()
        weight.sum().backward()
        sgd.step()

    fit = Optimised(sgd, [weight])
    descend(ByOptimiser(fit, epoch, lambda: next(losses)), 1, Patience(3, gain=0.0))
    assert (fit.best[0].item(), weight.item()) == (-1, -2)
    assert sgd.param_groups[0]["lr"] == 0.5
    none = Optimised(sgd, [weight])
    descend(ByOptimiser(none, epoch, lambda: math.nan), 1, Patience(2, gain=0.0))
    assert none.best[0].item() == -2
