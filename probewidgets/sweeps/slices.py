"""Slices of the test set: how well a layer does on each label or bin, word type, length, place, and on unseen words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from probewidgets.machine.arrays import Ints
from probewidgets.metrics.slices import binned, group_means
from probewidgets.sweeps.tested import Tested

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FEW", "Slicing", "slice_table", "slicings"]

FEW = 10
"""Targets from which on a slice is not called small: what is said of fewer is mostly chance."""
_MOST_TYPES = 60
"""Word types that are slices of their own: the commonest in test."""
_LENGTHS = 5
"""Bins of sentence lengths."""
_PLACES = ("first word", "first third", "middle third", "last third", "last word")


@dataclass(frozen=True, eq=False)
class Slicing:
    """One way to cut the test set: every target is in one slice."""

    kind: str
    """`"label"` (of numbers `"number"`), `"word type"`, `"length"`, `"seen"` or `"position"`."""
    names: tuple[str, ...]
    """(G,) what the slices are called; `""` is all word types that have no slice of their own."""
    group: Ints
    """(N,) the slice of each target."""


def slicings(tested: Tested) -> tuple[Slicing, ...]:
    """All ways to cut a test set: by gold label or bin, word type, length of the sentence, seen or not, place in it.

    Whole sentences are cut by label or bin and length alone.
    """
    place, many = tested.sentence
    group, ends = binned(many, _LENGTHS)
    lengths = tuple(f"{low}–{high} words" if low < high else f"{low} word{'s' * (low != 1)}" for low, high in ends)
    by_all = (Slicing(tested.kind, tested.names, tested.gold), Slicing("length", lengths, group))
    if tested.sweep.unit == "sentence":
        return by_all
    seen = Slicing("seen", ("not seen in training", "seen in training"), tested.seen.astype(np.int64))
    return (*by_all, _by_type(tested.words), seen, Slicing("position", _PLACES, _thirds(place, many)))


def slice_table(tested: Tested, cuts: tuple[Slicing, ...], layer: int) -> pd.DataFrame:
    """One row per slice, the worst first; slices of fewer than ten targets after all others.

    Args:
        tested: The test targets.
        cuts: `slicings(tested)`.
        layer: Whose answers.

    Returns:
        `kind`, `slice`, the score with its `_low` and `_high` (95 %, over resampled sentences), `targets`, and what is
        told beside them, of each slice that has a target. Of labels the score is `accuracy`, beside it `errors`; of
        numbers `mae`, the mean absolute error, beside it `residual`, the mean of predicted - true. (R² is none of a
        slice: it falls with the spread of its true numbers, however near the predictions are.)
    """
    import pandas as pd

    measured, name = tested.measured(layer), tested.measure
    parts = []
    for cut in cuts:
        size = len(cut.names)
        mean = group_means(tested.clusters, measured, cut.group, size)
        columns = {name: mean[0], f"{name}_low": mean[1], f"{name}_high": mean[2]}
        counts = np.bincount(cut.group, minlength=size)
        told = {"targets": counts, **tested.beside(layer, cut.group, size)}
        parts.append(pd.DataFrame({"kind": cut.kind, "slice": cut.names} | columns | told))
    table = pd.concat(parts, ignore_index=True)
    table = table[table["targets"] > 0]
    worst = table[name] if tested.low_is_worst else -table[name]
    order = np.lexsort((-table["targets"], worst, table["targets"] < FEW))
    frame: pd.DataFrame = table.iloc[order].reset_index(drop=True)
    return frame


def _by_type(words: tuple[str, ...]) -> Slicing:
    """The commonest word types, and all others."""
    common = [word for word, count in Counter(words).most_common(_MOST_TYPES) if count >= FEW]
    place = {word: number for number, word in enumerate(common)}
    group = np.fromiter((place.get(word, len(common)) for word in words), np.int64, len(words))
    return Slicing("word type", (*common, ""), group)


def _thirds(place: Ints, many: Ints) -> Ints:
    """The first word of a sentence, its last one, and of those between the third in which they stand."""
    inner = 1 + np.clip(3 * (place - 1) // np.maximum(many - 2, 1), 0, 2)
    return np.where(place == 0, 0, np.where(place >= many - 1, 4, inner))
