"""Fewer examples of a corpus: drawn at random, with the labels in their shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from probewidgets.data.corpus import Corpus, check_corpus
from probewidgets.data.splits import Split
from probewidgets.errors import DataError, clipped, whole_number

__all__ = ["generator", "sample", "stratified"]


def generator(seed: int) -> np.random.Generator:
    """The random generator of a seed; equal seeds draw the same.

    Raises:
        DataError: It is no whole number from 0 on.
    """
    return np.random.default_rng(whole_number("seed", seed, 0, DataError))


def sample(corpus: Corpus, most: int | Sequence[int], *, label: str | None = None, seed: int = 0) -> Corpus:
    """At most so many examples of each side, drawn at random; the examples keep their order.

    The first n lines of a file are no sample: published files are often sorted in places.

    Args:
        corpus: What to draw from.
        most: Examples of each side; or three numbers, for train, dev and test.
        label: Name of a label of the whole text whose shares are to stay as they are, within one example.
        seed: Of the draw.

    Returns:
        A Corpus of what was drawn, on the sides where it was.

    Raises:
        DataError: `most` is neither; no example carries that label; `seed` is no whole number from 0 on.
    """
    check_corpus("sample", corpus)
    limits = _limits(most)
    if label is not None and not any(label in example.labels for example in corpus):
        names = ", ".join(sorted({name for example in corpus for name in example.labels})) or "none"
        raise DataError(f"{corpus.name!r} has no label of a sentence {label!r}. It has: {names}.")
    random = generator(seed)
    drawn: list[npt.NDArray[np.int64]] = []
    for (_, indices), limit in zip(corpus.split.items(), limits, strict=True):
        labels = ["" if label is None else str(corpus[i].labels.get(label)) for i in indices]
        drawn.append(np.array(indices, dtype=np.int64)[stratified(labels, limit, random)])
    kept = np.sort(np.concatenate(drawn))
    sides = (tuple(np.searchsorted(kept, np.sort(side)).tolist()) for side in drawn)
    return replace(corpus, examples=tuple(corpus[i] for i in kept), split=Split(*sides))


def stratified(labels: Sequence[str], n: int, random: np.random.Generator) -> npt.NDArray[np.int64]:
    """(n,) indices, in order, of n of the rows (all, if there are fewer): each label in its share, within one row."""
    shuffled = random.permutation(len(labels))
    if n >= len(labels):
        return np.sort(shuffled).astype(np.int64)
    # Rows in the order of their labels, and every (len / n)-th of them: a label gets its share, rounded up or down.
    sorted_rows = shuffled[np.argsort(np.array(labels)[shuffled], kind="stable")]
    places = (np.arange(n) + random.random()) * len(labels) / max(n, 1)
    return np.sort(sorted_rows[places.astype(np.int64)]).astype(np.int64)


def _limits(most: Any) -> tuple[int, int, int]:
    limits = (
        (most,) * 3 if isinstance(most, int | np.integer) else tuple(most) if isinstance(most, tuple | list) else ()
    )
    whole = all(isinstance(n, int | np.integer) and not isinstance(n, bool) and n >= 1 for n in limits)
    if len(limits) != 3 or not whole:
        raise DataError(
            f"most must be a number of examples >= 1, or three (train, dev, test), but {clipped(most)} came."
        )
    return int(limits[0]), int(limits[1]), int(limits[2])
