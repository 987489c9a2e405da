"""Two sweeps on the same test targets: how far one is above the other, by the same resampled sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError
from probewidgets.metrics.graded import f1_parts, micro_f1
from probewidgets.metrics.intervals import Clusters
from probewidgets.values import Estimate

if TYPE_CHECKING:
    from probewidgets.sweeps.results import Sweep

__all__ = ["Pair", "why_unpaired"]


def why_unpaired(sweep: Sweep, other: Sweep) -> str:
    """Why two sweeps have no paired interval; empty where they have one.

    They have one where both were tested on the same targets in the same sentences: then the same task, the same corpus,
    the same number of targets in each sentence, and the same gold label of each. The texts themselves are not kept in a
    sweep; thousands of labels in the same order, sentence by sentence, stand for them.
    """
    if sweep.metric != other.metric:
        return f"one is scored by {sweep.metric_name}, the other by {other.metric_name}"
    for what, mine, theirs in (
        ("tasks", sweep.task, other.task),
        ("units", sweep.unit, other.unit),
        ("corpora", sweep.corpus, other.corpus),
    ):
        if mine != theirs:
            return f"they were tested on different {what}, {mine} and {theirs}"
    if not (_answers(sweep) and _answers(other)):
        return f"no answer of each test target was kept, of which differences in {sweep.metric_name} are made"
    if not np.array_equal(sweep.sentence_targets, other.sentence_targets):
        counts = " and ".join(f"{each.sentence_targets.sum():,}" for each in (sweep, other))
        return f"they were tested on different {sweep.unit}s ({counts})"
    if sweep.kind == "labels" and sorted(sweep.label_names) != sorted(other.label_names):
        return f"they know different labels of {sweep.task}"
    if sweep.kind in ("label", "labels") and not (sweep.gold.size and other.gold.size):
        return "the gold labels of their test targets were not kept: an early version saved one of them"
    if sweep.gold.size and not np.array_equal(_gold(sweep), _gold(other)):
        return f"the gold labels of their test {sweep.unit}s differ"
    return ""


class Pair:
    """Two sweeps on the same test targets.

    Args:
        sweep: The one.
        other: That which is taken from it. Its seed and its number of resamples are used.

    Raises:
        ProbeError: They were not tested on the same targets.
    """

    def __init__(self, sweep: Sweep, other: Sweep) -> None:
        if reason := why_unpaired(sweep, other):
            raise ProbeError(f"These sweeps have no paired interval: {reason}.")
        self._sweeps = sweep, other
        if sweep.kind == "labels":
            groups = np.repeat(np.arange(len(other.sentence_targets)), other.sentence_targets)
        else:
            groups = np.arange(len(other.sentence_targets))
        self._clusters = Clusters(groups, int(other.settings.get("bootstrap", 1000)), other.seed)

    def difference(self, layer: int, other: int) -> Estimate:
        """The score of a layer of the one, less that of a layer of the other, with its interval.

        Both are scored on the same resampled sentences, so that what makes a sentence hard for both cancels out.

        Raises:
            ProbeError: There is no such layer.

        Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", chapter 8 (paired data).
        """
        sweep, against = self._sweeps
        if sweep.kind != "labels":
            above = sweep.hits[sweep.index(layer)] - against.hits[against.index(other)]
            return self._clusters.ratio(above, against.sentence_targets)
        parts = [
            f1_parts(self._clusters, _by_name(each, each.gold), _by_name(each, each.answers[each.index(at)]))
            for each, at in ((sweep, layer), (against, other))
        ]
        width = parts[0].shape[1]
        return self._clusters.score(
            np.concatenate(parts, 1), lambda sums: micro_f1(sums[:, :width]) - micro_f1(sums[:, width:])
        )


def _answers(sweep: Sweep) -> bool:
    """Whether it keeps, for each target or sentence, how the probes answered."""
    return bool(sweep.answers.size if sweep.kind == "labels" else sweep.hits.size)


def _gold(sweep: Sweep) -> npt.NDArray[Any]:
    """The gold labels by name, since two sweeps may number them differently; of sets of labels sorted by name."""
    if sweep.gold.ndim > 1:
        return _by_name(sweep, sweep.gold)
    return np.array(sweep.label_names, dtype=object)[sweep.gold]


def _by_name(sweep: Sweep, sets: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """(N, K) columns in the order of the labels' names."""
    order = sorted(range(len(sweep.label_names)), key=lambda k: sweep.label_names[k])
    return np.asarray(sets[:, order]).astype(bool)
