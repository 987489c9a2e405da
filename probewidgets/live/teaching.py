"""Teaching: what probes at every layer make of a lesson, while it is painted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from probewidgets.data.lessons import NOTHING, Lesson
from probewidgets.machine.arrays import Ints
from probewidgets.metrics.intervals import Clusters
from probewidgets.values import Estimate

__all__ = ["STRENGTH", "Judged", "Taught", "judge", "next_units", "teach", "untaught"]

STRENGTH = 0.03
"""Of the probes' penalty: `l2 = STRENGTH / N`, on states of unit length on average. Of 1 to 0.003 the one whose
cross-entropy on other words was lowest, or within 0.04 nats of it, for 10 to 60 painted words of the embedded corpus
and three labels, or one and nothing; with more words less would do."""
FEW = 30
"""Painted units below which a score says that they are few,"""
FEWEST_SENTENCES = 3
"""and painted sentences below which there is none: leaving one out would leave too little."""
DRAWS = 5
"""Control tasks whose mean is shown."""

Check = Callable[[], None]


# --- what probes say --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Painted:
    """The painted units of a lesson that have states, as rows to learn from."""

    rows: Ints
    """(N,) their places among all units."""
    y: Ints
    """(N,) index into `labels`."""
    group: Ints
    """(N,) the sentence of each."""
    surface: tuple[str, ...]
    """(N,) the words themselves."""
    labels: tuple[str, ...]
    """(K,) the labels that are painted; NOTHING is one of them."""

    @staticmethod
    def of(lesson: Lesson, has_state: npt.NDArray[np.bool_]) -> Painted:
        """Those of a lesson."""
        units = [
            (number, mark, form)
            for number, sentence in enumerate(lesson.sentences)
            for mark, form in zip(sentence.marks, sentence.forms, strict=True)
        ]
        rows = [row for row, (_, mark, _) in enumerate(units) if mark is not None and has_state[row]]
        there = {units[row][1] for row in rows}
        labels = tuple(label for label in (*lesson.labels, NOTHING) if label in there)
        return Painted(
            np.array(rows, np.int64),
            np.array([labels.index(units[row][1] or "") for row in rows], np.int64),
            np.array([units[row][0] for row in rows], np.int64),
            tuple(units[row][2] for row in rows),
            labels,
        )


@dataclass(frozen=True, eq=False)
class Taught:
    """What the probes of all layers say of all units of a lesson."""

    lesson: Lesson
    labels: tuple[str, ...]
    """(K,) the labels that are painted; none where there are no two of them, for then nothing can be told apart."""
    proba: npt.NDArray[np.float32]
    """(L, U, K) probabilities; NaN for a unit without a token."""

    def said(self, layer: int | None) -> dict[int, tuple[str, float]]:
        """Of each unit what the probe at the place of a layer says, with its probability; nothing where it cannot."""
        if layer is None or not self.labels:
            return {}
        proba = self.proba[layer]
        told = np.isfinite(proba).all(1)
        best = np.nan_to_num(proba).argmax(1)
        return {
            unit: (self.labels[best[row]], float(proba[row, best[row]]))
            for unit, row in self.lesson.places.items()
            if told[row]
        }


def untaught(lesson: Lesson, n_layers: int) -> Taught:
    """What is said before there is anything to learn from: nothing."""
    return Taught(lesson, (), np.zeros((n_layers, len(lesson.places), 0), np.float32))


def teach(lesson: Lesson, states: npt.NDArray[np.float32], check: Check = lambda: None) -> Taught:
    """Fit a linear probe at every layer to what is painted, and ask it about all units.

    Args:
        lesson: What is painted.
        states: (L, U, D) of all its units: see `LessonStates.of`.
        check: Called between passes; what it raises ends the work.

    Cost: 25 ms for 200 painted words, three labels and 7 layers of 384 features on one core.
    """
    from probewidgets.probes.few import fit_few, proba_of

    painted = Painted.of(lesson, _has_state(states))
    if len(painted.labels) < 2:
        return untaught(lesson, len(states))
    weights, biases = fit_few(states[:, painted.rows], painted.y, len(painted.labels), STRENGTH, check)
    return Taught(lesson, painted.labels, proba_of(states, weights, biases))


def _has_state(states: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    return np.isfinite(states[0, :, 0]) if len(states) else np.zeros(states.shape[1], np.bool_)


# --- how far to believe it --------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Judged:
    """How well the probes of a lesson do on sentences that they have not seen; empty where that means nothing."""

    accuracy: tuple[Estimate, ...] = ()
    """(L,) leave-one-sentence-out accuracy over the painted units, with its interval."""
    best: int | None = None
    """The place of the layer that does best. It is chosen by the same numbers, so its own is a little too good."""
    control: float = float("nan")
    """The same, of that layer, for labels that are drawn at random for each word; the mean of five draws."""
    majority: float = float("nan")
    """Share of the most frequent label: what saying always that would get right."""
    n: int = 0
    """Painted units."""
    sentences: int = 0
    """Painted sentences."""
    why: str = ""
    """Why there is nothing, and what to do."""

    @property
    def few(self) -> bool:
        """Whether there are so few painted units that the interval is wide."""
        return self.n < FEW


def judge(
    lesson: Lesson, states: npt.NDArray[np.float32], layer: int | None = None, check: Check = lambda: None
) -> Judged:
    """Leave-one-sentence-out accuracy of every layer, and of one with random labels beside it.

    Each painted unit is predicted by probes that were fitted without its sentence; a label that no other sentence has
    cannot be predicted, and counts as wrong. Of many painted sentences, several are left out at a time.

    Args:
        lesson: What is painted.
        states: (L, U, D) of all its units: see `LessonStates.of`. They were standardised over all sentences, painted
            or not, left out or not; labels play no part in that.
        layer: The place of the layer whose control is wanted; None: the best one.
        check: Called between passes; what it raises ends the work.
    """
    painted = Painted.of(lesson, _has_state(states))
    n, sentences = len(painted.rows), len(set(painted.group.tolist()))
    why = _why_not(painted, lesson.unit)
    if why:
        return Judged(n=n, sentences=sentences, why=why)
    from probewidgets.probes.few import left_out

    rows, k = states[:, painted.rows], len(painted.labels)
    log_p = left_out(rows, painted.y[None], painted.group, k, STRENGTH, check)[:, 0]
    hits = log_p.argmax(2) == painted.y
    nats = -np.take_along_axis(log_p, painted.y[None, :, None], 2)[..., 0].mean(1)
    best = int(np.lexsort((nats, -hits.sum(1)))[0])
    clusters = Clusters(painted.group)
    shown = best if layer is None else layer
    Y = _random_labels(painted, DRAWS)
    control = left_out(rows[[shown]], Y, painted.group, k, STRENGTH, check)[0]
    return Judged(
        tuple(_interval(row, clusters) for row in hits),
        best,
        float((control.argmax(2) == Y).mean()),
        float(np.bincount(painted.y).max() / len(painted.y)),
        n,
        sentences,
    )


def _why_not(painted: Painted, unit: str) -> str:
    """Why leaving out sentences would mean nothing; empty where it means something."""
    if len(painted.labels) < 2:
        return f"Paint {unit}s of a second label, or where nothing is: then probes have something to tell apart."
    homes = [set(painted.group[painted.y == k].tolist()) for k in range(len(painted.labels))]
    if len(set().union(*homes)) < FEWEST_SENTENCES or sum(len(home) > 1 for home in homes) < 2:
        return (
            f"No score yet: paint in {FEWEST_SENTENCES} sentences or more, and two labels in two of them each, so that "
            "one can be left out."
        )
    return ""


def _random_labels(painted: Painted, draws: int) -> Ints:
    """(T, N) labels drawn for each word type, as often as they are painted: see `control_labels`."""
    types = {surface: place for place, surface in enumerate(sorted(set(painted.surface)))}
    of_row = np.array([types[surface] for surface in painted.surface])
    shares = np.bincount(painted.y, minlength=len(painted.labels)) / len(painted.y)
    return np.stack(
        [np.random.default_rng(seed).choice(len(shares), len(types), p=shares)[of_row] for seed in range(draws)]
    ).astype(np.int64)


def _interval(hits: npt.NDArray[np.bool_], clusters: Clusters) -> Estimate:
    """The share of hits with the wider of two intervals at each end.

    Drawing sentences again knows that words of one go together, but not what few of them cannot show: where all are
    right, all draws are. Wilson's interval knows that, but takes words to be independent.

    Source: Wilson 1927, "Probable Inference, the Law of Succession, and Statistical Inference".
    """
    drawn = clusters.mean(hits)
    n, z = len(hits), 1.959964
    centre = (drawn.value + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(drawn.value * (1 - drawn.value) / n + z * z / (4 * n * n))
    low, high = np.nanmin([drawn.low, centre - half]), np.nanmax([drawn.high, centre + half])
    return Estimate(drawn.value, float(max(low, 0.0)), float(min(high, 1.0)))


# --- what to paint next -----------------------------------------------------------------------------------------------


def next_units(taught: Taught, layer: int, most: int = 5) -> list[int]:
    """The units that it would tell most to paint: the most uncertain at a layer, one for each sentence.

    Args:
        taught: What the probes say.
        layer: The place of the layer.
        most: How many at most.

    Returns:
        Their ids, the most uncertain (by the entropy of its probabilities) first; none that is painted or set aside.
    """
    if len(taught.labels) < 2:
        return []
    with np.errstate(divide="ignore", invalid="ignore"):
        p = taught.proba[layer].astype(np.float64)
        entropy = -np.where(p > 0, p * np.log(p), 0).sum(1)
    entropy[np.isnan(p).any(1)] = -1
    best: list[tuple[float, int]] = []
    at = 0
    for sentence in taught.lesson.sentences:
        open_units = [
            (-float(entropy[at + place]), unit)
            for place, (unit, mark, form) in enumerate(zip(sentence.ids, sentence.marks, sentence.forms, strict=True))
            if mark is None and unit not in taught.lesson.aside and entropy[at + place] >= 0 and _says(form)
        ]
        best += [min(open_units)] if open_units else []
        at += len(sentence.ids)
    return [unit for _, unit in sorted(best)[:most]]


def _says(form: str) -> bool:
    """Whether there is a letter or a digit in it: nobody needs to be asked about a full stop."""
    return any(map(str.isalnum, form))
