"""Control labels: drawn once per word type, so that a probe can only get them right by remembering the types."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from probewidgets.data.targets import Targets
from probewidgets.errors import DataError

__all__ = ["control_labels", "control_rows"]


def control_labels(targets: Targets, p: npt.ArrayLike, seed: int) -> npt.NDArray[np.int64]:
    """A control task on the same targets: one label per word type, equal for equal words, random otherwise.

    The types are the surfaces of all targets (train, dev and test), exact and case-sensitive, in sorted order; so
    neither the order of the corpus nor that of the targets changes a draw. An edge's type is the surface of its first
    span, the modifier. A sentence's type is its whole text, which test does not share with train: the control task of
    sentences is pure memorisation, and at chance on test.

    Args:
        targets: (N,) what is labelled.
        p: (K,) probability of each label: the shares of the labels among the *training* targets.
        seed: Of the draw; another seed, another control task.

    Returns:
        (N,) index into `targets.labels`.

    Raises:
        DataError: `p` is not a distribution over the K labels.

    Source: Hewitt and Liang 2019, "Designing and Interpreting Probes with Control Tasks", section 2.
    """
    shares = _distribution(p, len(targets.labels))
    types = {surface: i for i, surface in enumerate(sorted(set(targets.surface)))}
    drawn = np.random.default_rng(seed).choice(len(shares), size=len(types), p=shares)
    rows = np.fromiter(map(types.__getitem__, targets.surface), dtype=np.int64, count=len(targets))
    return drawn.astype(np.int64)[rows]


def control_rows(targets: Targets, train: npt.NDArray[np.int64], seed: int) -> npt.NDArray[np.int64]:
    """A control task for targets of any kind: each word type takes the answer of a training target drawn for it.

    So numbers, and sets of labels, are drawn as often as they are among the training targets. Otherwise as
    `control_labels`.

    Args:
        targets: (N,) what is labelled.
        train: Rows of the training targets.
        seed: Of the draw.

    Returns:
        (N,) rows of `targets`, whose answers are those of the control task.

    Source: Hewitt and Liang 2019, "Designing and Interpreting Probes with Control Tasks", section 2.
    """
    types = {surface: i for i, surface in enumerate(sorted(set(targets.surface)))}
    drawn = np.random.default_rng(seed).choice(train, size=len(types))
    rows = np.fromiter(map(types.__getitem__, targets.surface), dtype=np.int64, count=len(targets))
    return drawn.astype(np.int64)[rows]


def _distribution(p: npt.ArrayLike, k: int) -> npt.NDArray[np.floating[Any]]:
    shares = np.asarray(p, dtype=np.float64)
    if shares.shape != (k,) or not np.all(shares >= 0) or not np.isclose(shares.sum(), 1, atol=1e-6):
        raise DataError(
            f"p must be {k} shares (one per label) that are not negative and sum to 1, but came with shape "
            f"{shares.shape} and sum {shares.sum():.6g}. Pass np.bincount(y_train, minlength={k}) / len(y_train)."
        )
    return shares / shares.sum()
