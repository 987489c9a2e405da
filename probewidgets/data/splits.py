"""Splits: which examples are train, dev and test."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
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
    def seeded(texts: Sequence[str], seed: int = 0, dev: float = 0.15, test: float = 0.15) -> Split:
        """A random split by example; equal texts (up to case and spaces) always land on one side.

        Args:
            texts: The text of each example.
            seed: Of the shuffle; the same seed gives the same split.
            dev: Share of the examples for dev, in (0, 1).
            test: Share of the examples for test, in (0, 1).

        Raises:
            DataError: The shares leave nothing for train, there are fewer than 3 different texts, or `seed` is no whole
                number.
        """
        whole_number("seed", seed, None, DataError)
        if not (0 < dev < 1 and 0 < test < 1 and dev + test < 1):
            raise DataError(f"dev and test must be shares that leave some train, but dev={dev}, test={test} came.")
        groups: dict[str, list[int]] = {}
        for index, text in enumerate(texts):
            groups.setdefault(normalised(text), []).append(index)
        if len(groups) < 3:
            raise DataError(
                f"{len(groups)} different text(s) cannot be split into train, dev and test: give at least 3, "
                "or pass a Split of your own."
            )
        order = list(groups.values())
        random.Random(seed).shuffle(order)
        n_test = max(1, round(test * len(order)))
        n_dev = max(1, round(dev * len(order)))
        if n_test + n_dev >= len(order):
            raise DataError(f"dev={dev} and test={test} of {len(order)} different texts leave none for train.")
        sides = (order[n_test + n_dev :], order[n_test : n_test + n_dev], order[:n_test])
        return Split(*(tuple(sorted(i for group in side for i in group)) for side in sides))

    @staticmethod
    def completed(sides: Mapping[str, tuple[int, ...]], texts: Sequence[str], seed: int) -> Split:
        """The sides that were given; those that were not are drawn from train, as all of it would be split.

        Args:
            sides: `"train"`, and `"dev"` or `"test"` where they are given -> indices of the examples.
            texts: The text of each example.
            seed: Of the draw, where one is needed.
        """
        if {"dev", "test"} <= sides.keys():
            return Split(**sides)
        train = sides["train"]
        seeded = Split.seeded([texts[i] for i in train], seed)
        drawn = {side: tuple(train[k] for k in rows) for side, rows in seeded.items() if side not in sides}
        left = set(train).difference(*drawn.values())
        return Split(**{**sides, **drawn, "train": tuple(sorted(left))})


def normalised(text: str) -> str:
    """`text` without differences of case and spaces: two texts equal under it are one sentence."""
    return re.sub(r"\s+", " ", text).strip().casefold()
