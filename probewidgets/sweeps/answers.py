"""What the probes of a sweep answered on test, label by label: scores with intervals, and who is taken for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError
from probewidgets.metrics.intervals import Clusters, about
from probewidgets.metrics.scores import precision_recall_f1

if TYPE_CHECKING:
    import pandas as pd

    from probewidgets.sweeps.results import Sweep

__all__ = ["confusion", "per_label"]

_SCORES = ("precision", "recall", "f1")


def per_label(sweep: Sweep, layer: int) -> pd.DataFrame:
    """One row per label: precision, recall, F1 with `_low` and `_high`, and support, the targets of test that carry it.

    Of sets of labels also `auroc` and `average_precision`, each label told from all targets that do not carry it. What
    is undefined is NaN: the precision of a label that was never given, the recall of one that is never gold. Labels
    that train never shows come last: no probe gives them.

    Args:
        sweep: A sweep of labels, or of sets of labels.
        layer: Which.

    Raises:
        ProbeError: There is no such layer, its answers are no labels, or an early version saved the sweep.
    """
    import pandas as pd

    given = _given(sweep, layer)
    sentences = np.repeat(np.arange(len(sweep.sentence_targets)), sweep.sentence_targets)
    clusters = Clusters(sentences, int(sweep.settings.get("bootstrap", 1000)), sweep.seed)
    counts = clusters.counts(sweep.gold, given, len(sweep.label_names))
    whole = counts.sum(0)
    values, bounds = precision_recall_f1(*whole), np.full((len(_SCORES), whole.shape[1], 2), np.nan)
    if clusters.size > 1:
        drawn = (clusters.weights @ counts.reshape(len(counts), -1)).reshape(-1, *whole.shape)
        scores = precision_recall_f1(*drawn.swapaxes(0, 1))
        for place in np.ndindex(*values.shape):
            bounds[place] = about(values[place], scores[place[0], :, place[1]])
    columns: dict[str, Any] = {}
    for name, value, (low, high) in zip(_SCORES, values, bounds.swapaxes(1, 2), strict=True):
        columns |= {name: value, f"{name}_low": low, f"{name}_high": high}
    for name, each in sweep.score(layer).by_label.items():
        for end, part in (("", "value"), ("_low", "low"), ("_high", "high")):
            columns[f"{name}{end}"] = [getattr(estimate, part) for estimate in each]
    index = pd.Index(sweep.label_names, name="label")
    frame: pd.DataFrame = pd.DataFrame(columns | {"support": whole[1].astype(int)}, index)
    return frame


def confusion(sweep: Sweep, layer: int) -> pd.DataFrame:
    """How often each label (row) was given each label (column), as scikit-learn's confusion_matrix has them.

    Raises:
        ProbeError: There is no such layer, its answers are not one label each, or an early version saved the sweep.
    """
    import pandas as pd

    given, names = _given(sweep, layer), sweep.label_names
    if given.ndim > 1:
        raise ProbeError(
            f"Each target of {sweep.task!r} carries any number of labels, so none is taken for another: "
            f"per_label({layer}) has precision and recall of each."
        )
    cells = np.bincount(sweep.gold * len(names) + given, minlength=len(names) ** 2)
    frame: pd.DataFrame = pd.DataFrame(
        cells.reshape(len(names), len(names)),
        pd.Index(names, name="gold"),
        pd.Index(names, name="predicted"),
    )
    return frame


def _given(sweep: Sweep, layer: int) -> npt.NDArray[Any]:
    """(N,) or (N, K) what one layer's probe answered.

    Raises:
        ProbeError: There is no such layer, or no answer was kept.
    """
    row = sweep.index(layer)
    if sweep.answers.size and sweep.label_names:
        return np.asarray(sweep.answers[row])
    if sweep.kind in ("label", "labels"):
        raise ProbeError("This sweep was saved by a version that did not keep the answers: sweep again for them.")
    raise ProbeError(f"The probes of this sweep do not answer with labels of {sweep.task!r}: it has {sweep.metric}.")
