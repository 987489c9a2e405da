"""Control labels: drawn once per word type, so that a probe can only get them right by remembering the types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np
import numpy.typing as npt

from probewidgets.data.targets import Targets
from probewidgets.errors import DataError, clipped
from probewidgets.machine.arrays import Ints

__all__ = ["ControlTask", "control_heads", "control_labels", "control_rows"]


_DRAWS = 1000
"""The most draws of one control task: so far apart lie the draws of two seeds."""


@dataclass(frozen=True)
class ControlTask:
    """Plan of a control task, for `sweep(..., control=...)` where a number of draws does not say enough.

    Args:
        draws: How many control tasks: each has labels of its own. With three or more the spread over the draws can be
            seen.
        uniform: Whether each label that train shows is drawn equally often (p = 1 / K), and not as often as it is
            there. Then no label is the one to guess, so a control probe has to remember all of its accuracy; but rare
            labels become common ones, so the control task has other shares of labels than the task that it is compared
            with.

    Raises:
        DataError: `draws` is no whole number >= 0, or `uniform` neither True nor False.

    Source: Hewitt and Liang 2019, "Designing and Interpreting Probes with Control Tasks", section 2. There labels are
    drawn as often as they are in train.
    """

    draws: int = 3
    uniform: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.draws, bool) or not isinstance(self.draws, Integral) or not 0 <= self.draws <= _DRAWS:
            raise DataError(
                f"draws must be a whole number, 0 to {_DRAWS:,}, but {self.draws!r} came. Three show the spread."
            )
        if not isinstance(self.uniform, bool):
            raise DataError(f"uniform must be True or False, but {clipped(self.uniform, 40)} came.")

    @property
    def sampling(self) -> str:
        """`"empirical"`, `"uniform"`, or `"none"` without a draw."""
        return "none" if not self.draws else "uniform" if self.uniform else "empirical"

    @property
    def settings(self) -> dict[str, Any]:
        """Settings of a result that tell of it."""
        return {"control draws": int(self.draws), "control sampling": self.sampling}

    def seeds(self, seed: int) -> range:
        """The seed of each draw. They lie apart, so that no draw of one seed is a draw of the next."""
        return range(_DRAWS * seed, _DRAWS * seed + self.draws)

    def shares(self, p: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.float64]:
        """(K,) shares of the labels in train -> (K,) probability with which each is drawn."""
        shown = p > 0
        return shown / shown.sum() if self.uniform else np.asarray(p, np.float64)

    def labels(self, targets: Targets, p: npt.NDArray[np.floating[Any]], seed: int) -> Iterator[Ints]:
        """For each draw the (N,) labels of `control_labels`, of the (K,) shares in train."""
        return (control_labels(targets, self.shares(p), draw) for draw in self.seeds(seed))

    def rows(self, targets: Targets, train: Ints, seed: int) -> Iterator[Ints]:
        """For each draw the (N,) rows of `control_rows`; a uniform one has each different answer of train once."""
        drawn = train[np.unique(targets.y[train], axis=0, return_index=True)[1]] if self.uniform else train
        return (control_rows(targets, drawn, draw) for draw in self.seeds(seed))


def control_labels(targets: Targets, p: npt.ArrayLike, seed: int) -> npt.NDArray[np.int64]:
    """A control task on the same targets: one label per word type, equal for equal words, random otherwise.

    The types are the surfaces of all targets (train, dev and test), exact and case-sensitive, in sorted order; so
    neither the order of the corpus nor that of the targets changes a draw. An edge's type is the surface of its first
    span, the modifier. A sentence's type is its whole text, which test does not share with train: the control task of
    sentences is pure memorisation, and at chance on test, so sweeps leave it out.

    Args:
        targets: (N,) what is labelled.
        p: (K,) probability of each label: the shares of the labels among the *training* targets, or all the same.
        seed: Of the draw; another seed, another control task.

    Returns:
        (N,) index into `targets.labels`.

    Raises:
        DataError: `p` is not a distribution over the K labels.

    Source: Hewitt and Liang 2019, "Designing and Interpreting Probes with Control Tasks", section 2.
    """
    shares = _distribution(p, len(targets.labels))
    types, of_row = _types(targets)
    return np.random.default_rng(seed).choice(len(shares), size=types, p=shares).astype(np.int64)[of_row]


def control_rows(targets: Targets, train: npt.NDArray[np.int64], seed: int) -> npt.NDArray[np.int64]:
    """A control task for targets of any kind: each word type takes the answer of a training target drawn for it.

    So numbers, and sets of labels, are drawn as often as they are among the training targets. Otherwise as
    `control_labels`.

    Args:
        targets: (N,) what is labelled.
        train: Rows of the training targets; each is as likely as the others.
        seed: Of the draw.

    Returns:
        (N,) rows of `targets`, whose answers are those of the control task.

    Source: Hewitt and Liang 2019, "Designing and Interpreting Probes with Control Tasks", section 2.
    """
    types, of_row = _types(targets)
    return np.random.default_rng(seed).choice(train, size=types).astype(np.int64)[of_row]


def control_heads(targets: Targets, seed: int) -> Ints:
    """The control task of dependency edges: each word type attaches always to itself, or to the first, or last word.

    Which of the three is drawn once per word type, all equally likely; otherwise as `control_labels`.

    Args:
        targets: (N,) words.
        seed: Of the draw.

    Returns:
        (N,) 0 for the word itself, 1 for the first, 2 for the last word of its sentence.

    Source: Hewitt and Liang 2019, "Designing and Interpreting Probes with Control Tasks", section 2.
    """
    types, of_row = _types(targets)
    return np.random.default_rng(seed).integers(3, size=types)[of_row]


def _types(targets: Targets) -> tuple[int, Ints]:
    """Number of word types, and (N,) the number of each target's, by their sorted order."""
    types = {surface: i for i, surface in enumerate(sorted(set(targets.surface)))}
    return len(types), np.fromiter(map(types.__getitem__, targets.surface), dtype=np.int64, count=len(targets))


def _distribution(p: npt.ArrayLike, k: int) -> npt.NDArray[np.floating[Any]]:
    shares = np.asarray(p, dtype=np.float64)
    if shares.shape != (k,) or not np.all(shares >= 0) or not np.isclose(shares.sum(), 1, atol=1e-6):
        raise DataError(
            f"p must be {k} shares (one per label) that are not negative and sum to 1, but came with shape "
            f"{shares.shape} and sum {shares.sum():.6g}. Pass np.bincount(y_train, minlength={k}) / len(y_train)."
        )
    return np.asarray(shares / shares.sum())
