"""Two sweeps on the same test targets: how far one is above the other, by the same resampled sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError
from probewidgets.metrics.graded import f1_parts, micro_f1, r2, r2_parts
from probewidgets.metrics.intervals import Clusters
from probewidgets.values import Estimate

if TYPE_CHECKING:
    from probewidgets.sweeps.results import Sweep

__all__ = ["MEAN", "Pair", "why_unpaired"]

MEAN = "mean of train"
"""What the settings of a sweep of numbers call the answer that R² is held against."""
_SCORES = {"labels": micro_f1, "number": r2}
"""How sums over sentences make the score of sets of labels, and of numbers."""


def why_unpaired(sweep: Sweep, other: Sweep) -> str:
    """Why two sweeps have no paired interval; empty where they have one.

    They have one where both were tested on the same targets in the same sentences: then the same task, the same corpus,
    the same number of targets in each sentence, and the same gold label (or number) of each. The texts themselves are
    not kept in a sweep; thousands of labels in the same order, sentence by sentence, stand for them.
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
    if sweep is other:
        return ""
    if not np.array_equal(sweep.sentence_targets, other.sentence_targets):
        counts = " and ".join(f"{each.sentence_targets.sum():,}" for each in (sweep, other))
        return f"they were tested on different {sweep.unit}s ({counts})"
    if sweep.kind == "labels" and sorted(sweep.label_names) != sorted(other.label_names):
        return f"they know different labels of {sweep.task}"
    if sweep.kind in ("label", "labels") and not (sweep.gold.size and other.gold.size):
        return "the gold labels of their test targets were not kept: an early version saved one of them"
    if sweep.gold.size and not np.array_equal(_gold(sweep), _gold(other)):
        return f"the gold {'numbers' if sweep.kind == 'number' else 'labels'} of their test {sweep.unit}s differ"
    return ""


class Pair:
    """Two sweeps on the same test targets, or twice the same one.

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
        sentences = np.arange(len(other.sentence_targets))
        each = np.repeat(sentences, other.sentence_targets) if sweep.kind in _SCORES else sentences
        self._clusters = Clusters(each, int(other.settings.get("bootstrap", 1000)), other.seed)

    @property
    def method(self) -> str:
        """How intervals are made: `"95 %, paired bootstrap, 1,000 resamples of 2,077 test sentences"`."""
        sentences = len(self._sweeps[1].sentence_targets)
        return f"95 %, paired bootstrap, {self._clusters.draws:,} resamples of {sentences:,} test sentences"

    def difference(self, layer: int, other: int) -> Estimate:
        """The score of a layer of the one, less that of a layer of the other, with its interval.

        Both are scored on the same resampled sentences, so that what makes a sentence hard for both cancels out.

        Raises:
            ProbeError: There is no such layer.

        Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", chapter 8 (paired data).
        """
        sweep, against = self._sweeps
        rows = sweep.index(layer), against.index(other)
        if sweep.kind not in _SCORES:
            return self._clusters.ratio(sweep.hits[rows[0]] - against.hits[rows[1]], against.sentence_targets)
        score = _SCORES[sweep.kind]
        parts = [self._parts(each, row) for each, row in zip(self._sweeps, rows, strict=True)]
        width = parts[0].shape[1]
        return self._clusters.score(
            np.concatenate(parts, 1), lambda sums: score(sums[:, :width]) - score(sums[:, width:])
        )

    def _parts(self, sweep: Sweep, row: int) -> npt.NDArray[np.floating[Any]]:
        """(S, P) what each sentence adds to the score of a layer."""
        if sweep.kind == "number":
            return r2_parts(self._clusters, sweep.gold, sweep.answers[row], sweep.settings[MEAN])
        return f1_parts(self._clusters, _by_name(sweep, sweep.gold), _by_name(sweep, sweep.answers[row]))


def _answers(sweep: Sweep) -> bool:
    """Whether it keeps, for each target or sentence, how the probes answered."""
    return bool(sweep.answers.size if sweep.kind in _SCORES else sweep.hits.size)


def _gold(sweep: Sweep) -> npt.NDArray[Any]:
    """The gold numbers; or labels by name, as two sweeps may number them differently; of sets sorted by name."""
    if sweep.kind == "number":
        return sweep.gold
    if sweep.gold.ndim > 1:
        return _by_name(sweep, sweep.gold)
    return np.array(sweep.label_names, dtype=object)[sweep.gold]


def _by_name(sweep: Sweep, sets: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """(N, K) columns in the order of the labels' names."""
    order = sorted(range(len(sweep.label_names)), key=lambda k: sweep.label_names[k])
    return np.asarray(sets[:, order]).astype(bool)
