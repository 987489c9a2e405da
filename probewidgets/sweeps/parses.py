"""The sentences of a TreeTask, as its rows have them: what probes of trees and of heads are fitted on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from probewidgets.captures.activations import Activations
from probewidgets.data.corpus import Example
from probewidgets.data.dependencies import check_heads
from probewidgets.errors import DataError
from probewidgets.machine.arrays import Ints

__all__ = ["SIDES", "Parse", "parses"]

SIDES = ("train", "dev", "test")


@dataclass(frozen=True, eq=False)
class Parse:
    """A sentence of a TreeTask: its words that have a row, and the heads of all its words."""

    text: str
    rows: Ints
    """(n,) rows of the states."""
    words: Ints
    """(n,) which words of the sentence they are, from 0."""
    heads: list[int]
    """The head of every word of the sentence, 1-based, 0 for the root."""


def parses(acts: Activations, side: str) -> list[Parse]:
    """The sentences of one side that have two words or more with a row.

    Raises:
        DataError: There is none, or the rows are no words of a TreeTask.
    """
    several = [parse for parse in _parses(acts, side) if len(parse.rows) > 1]
    if not several:
        raise DataError(
            f"The {side} side has no sentence of two words or more with a tree. Capture a TreeTask of a corpus whose "
            "split has sentences on all three sides."
        )
    return several


def _parses(acts: Activations, side: str) -> Iterator[Parse]:
    targets, rows = acts.targets, acts.rows(side)
    cuts = np.flatnonzero(np.diff(targets.example[rows])) + 1
    for members in np.split(rows, cuts) if len(rows) else []:
        example = acts.corpus[int(targets.example[members[0]])]
        words = _words(example, targets.spans[members])
        heads = check_heads(example.annotations.get("head", ()), f"{example.id!r}")
        yield Parse(example.text, members, words, heads)


def _words(example: Example, spans: npt.NDArray[np.int64]) -> Ints:
    """Which words of an example some spans are."""
    place = {(word.start, word.end): i for i, word in enumerate(example.words)}
    try:
        return np.array([place[start, end] for start, end in spans[:, 0].tolist()], dtype=np.int64)
    except (KeyError, IndexError):
        raise DataError(f"The targets of {example.id!r} are not its words: capture a TreeTask.") from None
