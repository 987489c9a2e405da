"""Slices of the test set: how right a layer is on each label, word type, length, place, and on unseen words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from probewidgets.machine.arrays import Ints
from probewidgets.metrics.slices import binned, group_means
from probewidgets.sweeps.on_test import OnTest

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
    """`"label"`, `"word type"`, `"length"`, `"seen"` or `"position"`."""
    names: tuple[str, ...]
    """(G,) what the slices are called; `""` is all word types that have no slice of their own."""
    group: Ints
    """(N,) the slice of each target."""


def slicings(tested: OnTest) -> tuple[Slicing, ...]:
    """All ways to cut a test set: by gold label, word type, length of the sentence, seen or not, place in it.

    Whole sentences are cut by label and length alone.
    """
    place, many = tested.sentence
    group, ends = binned(many, _LENGTHS)
    lengths = tuple(f"{low}–{high} words" if low < high else f"{low} word{'s' * (low != 1)}" for low, high in ends)
    by_all = (Slicing("label", tested.sweep.label_names, tested.gold), Slicing("length", lengths, group))
    if tested.sweep.unit == "sentence":
        return by_all
    seen = Slicing("seen", ("not seen in training", "seen in training"), tested.seen.astype(np.int64))
    return (*by_all, _by_type(tested.words), seen, Slicing("position", _PLACES, _thirds(place, many)))


def slice_table(tested: OnTest, cuts: tuple[Slicing, ...], layer: int) -> pd.DataFrame:
    """One row per slice, the worst first; slices of fewer than ten targets after all others.

    Args:
        tested: The test targets.
        cuts: `slicings(tested)`.
        layer: Whose answers.

    Returns:
        `kind`, `slice`, `accuracy` with `accuracy_low` and `accuracy_high` (95 %, over resampled sentences), `targets`
        and `errors`, of each slice that has a target.
    """
    import pandas as pd

    hits = tested.hits(layer)
    parts = []
    for cut in cuts:
        mean = group_means(tested.clusters, hits, cut.group, len(cut.names))
        counts = np.bincount(cut.group, minlength=len(cut.names))
        wrong = np.bincount(cut.group, ~hits, minlength=len(cut.names)).astype(np.int64)
        columns = {"accuracy": mean[0], "accuracy_low": mean[1], "accuracy_high": mean[2]}
        sizes = {"targets": counts, "errors": wrong}
        parts.append(pd.DataFrame({"kind": cut.kind, "slice": cut.names} | columns | sizes))
    table = pd.concat(parts, ignore_index=True)
    table = table[table["targets"] > 0]
    small = table["targets"] < FEW
    order = np.lexsort((-table["targets"], table["accuracy"], small))
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
