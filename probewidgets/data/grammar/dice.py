"""Seeded choices: a random generator that rules can ask for what they need."""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any, Generic, TypeVar

__all__ = ["Dice", "Menu"]

T = TypeVar("T")


class Dice(random.Random):
    """A random generator; equal seeds give equal choices."""

    def chance(self, p: float) -> bool:
        """True with probability `p`."""
        return self.random() < p

    def pick(self, items: Sequence[T]) -> T:
        """One of the items, all equally likely."""
        return items[int(self.random() * len(items))]

    def number(self, first: int, last: int) -> int:
        """An integer from `first` to `last`."""
        return first + int(self.random() * (last - first + 1))


class Menu(Generic[T]):
    """Things to choose from, each with its weight."""

    def __init__(self, weights: dict[T, float]) -> None:
        self.items = list(weights)
        self._bounds = list(accumulate(weights.values()))

    def pick(self, dice: Dice) -> T:
        """One of the things, by weight."""
        return self.items[bisect(self._bounds, dice.random() * self._bounds[-1])]

    def __call__(self, dice: Dice, *args: Any, **kwargs: Any) -> Any:
        """Pick one of the things (rules) and apply it."""
        rule: Callable[..., Any] = self.pick(dice)  # type: ignore[assignment]
        return rule(dice, *args, **kwargs)
