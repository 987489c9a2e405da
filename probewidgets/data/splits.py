"""Splits: which examples are train, dev and test."""

from __future__ import annotations

import random
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from probewidgets.errors import DataError, whole_number

__all__ = ["Split", "normalised"]


@dataclass(frozen=True)
class Split:
    """The examples that are train, dev and test: indices into the Corpus. Examples, never tokens, are split.

    Args:
        train: Indices of the examples that probes are fitted on.
        dev: Of those on which penalties are chosen and training is stopped.
        test: Of those on which probes are scored.

    Raises:
        DataError: An example stands on two sides.
    """

    train: tuple[int, ...]
    dev: tuple[int, ...]
    test: tuple[int, ...]

    def __post_init__(self) -> None:
        seen: dict[int, str] = {}
        for side, indices in self.items():
            for index in indices:
                if index in seen:
                    raise DataError(
                        f"Example {index} is in both {seen[index]} and {side}. Give every example to one side only."
                    )
                seen[index] = side

    def items(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """The sides by name, in the order train, dev, test."""
        yield from (("train", self.train), ("dev", self.dev), ("test", self.test))

    @staticmethod
    def seeded(
        texts: Sequence[str],
        seed: int = 0,
        dev: float = 0.15,
        test: float = 0.15,
        *,
        groups: Sequence[Hashable] | None = None,
    ) -> Split:
        """A random split by example; equal texts (up to case and spaces) always land on one side, and so do groups.

        Args:
            texts: The text of each example.
            seed: Of the shuffle; the same seed gives the same split.
            dev: Share of the examples for dev, in (0, 1).
            test: Share of the examples for test, in (0, 1).
            groups: The group of each example, such as its document or its author; None for one of its own.

        Raises:
            DataError: The shares leave nothing for train, there are fewer than 3 different texts or groups, or `seed`
                is no whole number.
        """
        whole_number("seed", seed, None, DataError)
        if not (0 < dev < 1 and 0 < test < 1 and dev + test < 1):
            raise DataError(f"dev and test must be shares that leave some train, but dev={dev}, test={test} came.")
        order = _together(texts, groups)
        if len(order) < 3:
            raise DataError(
                f"{len(order)} different {'text' if groups is None else 'group'}(s) cannot be split into train, dev "
                "and test: give at least 3, or pass a Split of your own."
            )
        random.Random(seed).shuffle(order)
        if groups is not None:
            return Split(*_filled(order, len(texts), dev, test))
        n_test = max(1, round(test * len(order)))
        n_dev = max(1, round(dev * len(order)))
        if n_test + n_dev >= len(order):
            raise DataError(f"dev={dev} and test={test} of {len(order)} different texts leave none for train.")
        sides = (order[n_test + n_dev :], order[n_test : n_test + n_dev], order[:n_test])
        return Split(*(tuple(sorted(i for group in side for i in group)) for side in sides))

    @staticmethod
    def completed(
        sides: Mapping[str, tuple[int, ...]],
        texts: Sequence[str],
        seed: int,
        groups: Sequence[Hashable] | None = None,
    ) -> Split:
        """The sides that were given; those that were not are drawn from train, as all of it would be split.

        Args:
            sides: `"train"`, and `"dev"` or `"test"` where they are given -> indices of the examples.
            texts: The text of each example.
            seed: Of the draw, where one is needed.
            groups: The group of each example, None for one of its own: what is drawn keeps them together.
        """
        if {"dev", "test"} <= sides.keys():
            return Split(**sides)
        train = sides["train"]
        within = None if groups is None else [groups[i] for i in train]
        seeded = Split.seeded([texts[i] for i in train], seed, groups=within)
        drawn = {side: tuple(train[k] for k in rows) for side, rows in seeded.items() if side not in sides}
        left = set(train).difference(*drawn.values())
        return Split(**{**sides, **drawn, "train": tuple(sorted(left))})


def _together(texts: Sequence[str], groups: Sequence[Hashable] | None) -> list[list[int]]:
    """Examples that must land on one side, in order of the first ones: of equal texts, of one group, and so on."""
    leader = list(range(len(texts)))

    def first(i: int) -> int:
        while leader[i] != i:
            leader[i] = i = leader[leader[i]]
        return i

    seen: dict[tuple[str, Hashable], int] = {}
    for i, text in enumerate(texts):
        keys: list[tuple[str, Hashable]] = [("text", normalised(text))]
        if groups is not None and groups[i] is not None:
            keys.append(("group", groups[i]))
        for key in keys:
            a, b = sorted((first(i), first(seen.setdefault(key, i))))
            leader[b] = a
    members: dict[int, list[int]] = {}
    for i in range(len(texts)):
        members.setdefault(first(i), []).append(i)
    return list(members.values())


def _filled(order: Sequence[list[int]], n: int, dev: float, test: float) -> tuple[tuple[int, ...], ...]:
    """Train, dev and test of groups of any size: the first that fit go to test, then to dev, the rest to train."""
    room = {"test": max(1, round(test * n)), "dev": max(1, round(dev * n))}
    sides: dict[str, list[list[int]]] = {"train": [], "dev": [], "test": []}
    for group in order:
        side = next((side for side, left in room.items() if len(group) <= left), "train")
        sides[side].append(group)
        if side in room:
            room[side] -= len(group)
    for empty in (mine for mine in sides.values() if not mine):  # groups are few, or of very different sizes
        richest = max(sides.values(), key=len)
        smallest = min(richest, key=len)
        richest.remove(smallest)
        empty.append(smallest)
    return tuple(tuple(sorted(i for group in side for i in group)) for side in sides.values())


def normalised(text: str) -> str:
    """`text` without differences of case and spaces: two texts equal under it are one sentence."""
    return re.sub(r"\s+", " ", text).strip().casefold()
