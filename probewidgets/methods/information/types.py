"""Word types alone: features of each target that know its word, but not the sentence it stands in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from probewidgets.machine.arrays import Floats, Ints

__all__ = ["one_hot_types", "random_type_vectors", "type_means"]


def type_means(states: Floats, surface: Sequence[str], train: Ints) -> npt.NDArray[np.float32]:
    """(N, D) for each target the mean state of its word type: in train, or else wherever the type stands.

    Of layer 0 this is the model's embedding of the word, without its place in the sentence.
    """
    types, index = np.unique(np.asarray(surface, dtype=object).astype(str), return_inverse=True)
    in_train = np.zeros(len(index), dtype=bool)
    in_train[train] = True
    counts = np.bincount(index[in_train], minlength=len(types)) > 0
    used = np.flatnonzero(in_train | ~counts[index])
    sums = np.zeros((len(types), states.shape[1]))
    np.add.at(sums, index[used], states[used])
    return (sums / np.bincount(index[used], minlength=len(types))[:, None]).astype(np.float32)[index]


def one_hot_types(surface: Sequence[str], train: Ints, most: int = 1000) -> npt.NDArray[np.float32]:
    """(N, M) one column for each of the `most` commonest word types of train; all others, unseen ones too, are zero."""
    counts = Counter(surface[i] for i in train)
    column = {word: i for i, (word, _) in enumerate(sorted(counts.items(), key=lambda wc: (-wc[1], wc[0]))[:most])}
    features = np.zeros((len(surface), len(column)), np.float32)
    for row, word in enumerate(surface):
        if word in column:
            features[row, column[word]] = 1
    return features


def random_type_vectors(surface: Sequence[str], width: int, seed: int = 0) -> npt.NDArray[np.float32]:
    """(N, width) a random vector for each word type, equal for equal words: identity, and nothing else."""
    rows = {word: i for i, word in enumerate(sorted(set(surface)))}
    drawn = np.random.default_rng(seed).normal(size=(len(rows), width)).astype(np.float32)
    return drawn[[rows[word] for word in surface]]
