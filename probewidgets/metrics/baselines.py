"""Baselines: answers that need no states, on the same test targets as the probes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["ambiguous_types", "majority", "unseen", "word_type"]

Ints = npt.NDArray[np.integer[Any]]


def majority(y_train: Ints) -> int:
    """The commonest label of train; of equals, the first."""
    return int(np.bincount(y_train).argmax())


def word_type(train: Sequence[str], y_train: Ints, test: Sequence[str]) -> npt.NDArray[np.int64]:
    """(M,) for each test word the commonest label of its type in train; the majority for types not in train.

    Of equally common labels a type takes the one that is commonest in all of train.

    Args:
        train: (N,) word type of each training target, exact and case-sensitive.
        y_train: (N,) its label.
        test: (M,) word type of each test target.
    """
    types, row = _counts(train, y_train)
    overall = types.sum(0)
    best = (types + overall / (overall.sum() + 1)).argmax(1)
    fallback = int(overall.argmax())
    return np.array([best[row[w]] if w in row else fallback for w in test], dtype=np.int64)


def unseen(train: Sequence[str], test: Sequence[str]) -> npt.NDArray[np.bool_]:
    """(M,) flags of the test targets whose word type is not in train."""
    types = set(train)
    return np.array([w not in types for w in test], dtype=bool)


def ambiguous_types(train: Sequence[str], y_train: Ints) -> frozenset[str]:
    """The word types that carry two labels or more in train."""
    types, row = _counts(train, y_train)
    several = (types > 0).sum(1) > 1
    return frozenset(w for w, i in row.items() if several[i])


def _counts(words: Sequence[str], y: Ints) -> tuple[npt.NDArray[np.int64], dict[str, int]]:
    """(types, K) how often each type carries each label, and the row of each type."""
    row = {w: i for i, w in enumerate(dict.fromkeys(words))}
    k = int(y.max()) + 1
    cells = np.fromiter((row[w] for w in words), np.int64, len(words)) * k + y
    return np.bincount(cells, minlength=len(row) * k).reshape(len(row), k), row
