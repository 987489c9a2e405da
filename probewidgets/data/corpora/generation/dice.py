"""Seeded choices: a random generator that rules can ask for what they need."""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import Any, Generic, TypeVar

__all__ = ["Dice", "Menu"]

T = TypeVar("T")


class Dice(random.Random):
    """A random generator; equal seeds give equal choices. It remembers what the sentence is about."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.topic: Mapping[str, Sequence[str]] = {}
        """Kind of noun -> the nouns that come up most."""
        self.agent = ""
        """The pronoun that is the subject: an object is another one."""

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

    @staticmethod
    def of(table: str) -> Menu[str]:
        """A menu written as `the 5, a few 2, - 1`; a dash stands for nothing."""
        pairs = (entry.split() for entry in table.split(","))
        return Menu({" ".join(form).removeprefix("-"): float(weight) for *form, weight in pairs})

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
