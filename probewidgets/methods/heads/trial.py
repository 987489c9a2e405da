"""Dependency edges read off the states of every layer: which word each word is attached to, with its control task.

Source: Hewitt and Liang 2019, "Designing and Interpreting Probes with Control Tasks", sections 2 and 3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from probewidgets.captures.activations import Activations
from probewidgets.data.control import control_heads
from probewidgets.errors import DataError, ProbeError
from probewidgets.machine.arrays import Floats, Ints, take
from probewidgets.methods.heads.bilinear import Arcs, FittedHeads
from probewidgets.metrics import baselines
from probewidgets.metrics.intervals import Clusters
from probewidgets.probes.base import Probe, Scaler, check_states
from probewidgets.sweeps.parses import SIDES, parses
from probewidgets.sweeps.score import Score
from probewidgets.sweeps.trial import Asked, Layer, Trial, against_controls
from probewidgets.values import Baseline

__all__ = ["HeadTrial"]


@dataclass(frozen=True, eq=False)
class HeadTrial(Trial):
    """A sweep of a probe of heads, on states of a `TreeTask`; its score is `uas`, the unlabelled attachment score.

    A word is attached to one of the words of its sentence that have a row. Left out, of the task and of the control
    alike, are roots, which have no head, and words whose head has no row; sentences of one word count nowhere. The
    control task attaches each word type always to itself, or to the first, or to the last word of its sentence, all
    equally likely. The order of the sentences in the corpus changes nothing but rounding.

    Cost: on 2 cores about a second per layer and label set (the task is one, each draw another) for 800 training
    sentences x 384 features at rank 64; more sentences in proportion.
    """

    name: ClassVar[str] = "head"
    kind: ClassVar[str] = "head"
    cautions: ClassVar[tuple[str, ...]] = (
        "Each word's head is chosen by itself: they need not make a tree. Roots do not count, punctuation does.",
    )

    @classmethod
    def of(cls, acts: Any, probe: Probe, asked: Asked) -> HeadTrial:
        """The trial of a probe on the words of a `TreeTask`. Raises as `Trial.of`."""
        if not isinstance(acts, Activations):
            raise ProbeError("A probe of heads takes one state per word: capture(model, corpus, TreeTask()).")
        if asked.control.uniform:
            raise ProbeError(
                "The control task of heads draws what each word type attaches to, always equally often: give a number "
                f"of draws, control={asked.control.draws}."
            )
        trial: HeadTrial = super().of(acts, probe, asked)
        return trial

    # ------------------------------------------------------------------ the task and its control

    @cached_property
    def sentences(self) -> dict[str, list[Arcs]]:
        """The sentences of each side with their gold heads, in the order of their texts."""
        return {side: _gold(self.acts, side) for side in SIDES}

    @cached_property
    def draws(self) -> list[Ints]:
        """For each control draw, (N,) what each word attaches to: see `control_heads`."""
        return [control_heads(self.acts.targets, seed) for seed in self.asked.control.seeds(self.seed)]

    def label_sets(self, side: str) -> list[list[Arcs]]:
        """The sentences of one side with the heads of the task, and with those of each control draw."""
        gold = self.sentences[side]
        return [gold, *([_controlled(arcs, draw) for arcs in gold] for draw in self.draws)]

    def gold(self, side: str) -> Ints:
        """(W,) the heads of one side's words that count, sentence by sentence."""
        return _counted(self.sentences[side], [arcs.heads for arcs in self.sentences[side]])

    def offsets(self, side: str) -> Ints:
        """(W,) how many words after each word its head stands; negative where it stands before."""
        return self.gold(side) - self.places(side)

    def places(self, side: str) -> Ints:
        """(W,) which word of its sentence each is."""
        return _counted(self.sentences[side], [np.arange(len(arcs.rows)) for arcs in self.sentences[side]])

    def lengths(self, side: str) -> Ints:
        """(W,) words of the sentence of each."""
        return _counted(
            self.sentences[side], [np.full(len(arcs.rows), len(arcs.rows)) for arcs in self.sentences[side]]
        )

    @cached_property
    def rows(self) -> dict[str, Ints]:
        """Of each side (W,) the rows of the words that count."""
        return {side: _counted(arcs, [each.rows for each in arcs]) for side, arcs in self.sentences.items()}

    @cached_property
    def counts(self) -> dict[str, tuple[int, int]]:
        """Of each side how many words that count, in how many sentences."""
        return {side: (len(self.rows[side]), sum(arcs.counts for arcs in self.sentences[side])) for side in SIDES}

    @cached_property
    def clusters(self) -> Clusters:
        """The test sentences."""
        sentences = [np.full(len(arcs.rows), i) for i, arcs in enumerate(self.sentences["test"])]
        return Clusters(_counted(self.sentences["test"], sentences), self.bootstrap, self.seed)

    def check(self) -> None:
        """Raise DataError where a side has no word with a head."""
        _ = self.sentences

    # ------------------------------------------------------------------ one layer

    def run(self, layer: int) -> Layer:
        """Fit the probe of one layer and those of its controls, stopping on dev."""
        X = check_states(self.acts.layer(layer))
        scaler = Scaler.of(take(X, self.acts.rows("train"))) if self.probe.standardise else None
        states = X if scaler is None else scaler.apply(X)
        fitted, hits = [], []
        for train, dev, test in zip(*(self.label_sets(side) for side in SIDES), strict=True):
            fitted.append(self.probe.fit(states, train, states, dev))
            hits.append(_hits(fitted[-1], states, test))
        beside, facts = against_controls(self.clusters, hits[0], hits[1:], ("control", "selectivity"))
        score = Score(
            layer=layer,
            estimates={"uas": self.clusters.mean(hits[0])},
            dev_loss=fitted[0].dev_loss,
            converged=all(probe.converged for probe in fitted),
            beside=beside,
            facts=facts,
        )
        return Layer(score, fitted[0] if scaler is None else fitted[0].rescaled(scaler), hits[0])

    # ------------------------------------------------------------------ beside the layers

    def baselines(self, scores: Sequence[Score]) -> Iterator[Baseline]:
        """The neighbours; train's commonest offset, in all and by word type; layer 0; those of the control task."""
        gold, train = self.offsets("test"), self.offsets("train")
        yield Baseline("previous word", self.clusters.mean(gold == -1))
        yield Baseline("next word", self.clusters.mean(gold == 1))
        offsets, y = np.unique(train, return_inverse=True)
        yield Baseline("offset", self.clusters.mean(gold == offsets[baselines.majority(y)]))
        by_type = offsets[baselines.word_type(self.words("train"), y, self.words("test"))]
        yield Baseline("word type", self.clusters.mean(gold == by_type))
        yield from self.of_embeddings(scores)
        if self.draws:
            chance = np.mean([self._chance(draw) for draw in self.draws], axis=0)
            yield Baseline("control chance", self.clusters.mean(chance))
            yield Baseline("control ceiling", self.clusters.mean(self._ceiling()))

    def _chance(self, draw: Ints) -> npt.NDArray[np.bool_]:
        """(W of test,) whether doing what most words of train do is right on a control draw."""
        place, last = self.places("test"), self.lengths("test") - 1
        always = np.bincount(draw[self.rows["train"]], minlength=3).argmax()
        heads = np.stack([place, np.zeros_like(place), last])
        return heads[always] == heads[draw[self.rows["test"]], np.arange(len(place))]

    def _ceiling(self) -> npt.NDArray[np.float64]:
        """(W of test,) how often the best guess is right.

        Always for types of train; else of three behaviours one, and two at either end of the sentence, where two of
        them are the same word.
        """
        place, last = self.places("test"), self.lengths("test") - 1
        guess = np.where((place == 0) | (place == last), 2 / 3, 1 / 3)
        return np.where(self.unseen, guess, 1.0)

    def facts(self) -> Mapping[str, Any]:
        """The word types."""
        return {
            "types": frozenset(self.acts.targets.surface[row] for row in self.acts.rows("train")),
            "unseen": float(self.unseen.mean()),
        }

    @property
    def settings(self) -> dict[str, Any]:
        """All that is needed to run it again."""
        return {
            "standardised": "train" if self.probe.standardise else "no",
            "stopped on": "dev loss",
            "control draws": int(self.asked.control.draws),
            "control sampling": "uniform",
            **super().settings,
        }


def _gold(acts: Activations, side: str) -> list[Arcs]:
    sentences = []
    for parse in sorted(parses(acts, side), key=lambda parse: (parse.text, parse.heads)):
        place = np.full(len(parse.heads) + 1, -1)  # 0, the head of the root, has no place
        place[parse.words + 1] = np.arange(len(parse.words))
        sentences.append(Arcs(parse.rows, place[np.array(parse.heads)[parse.words]]))
    if not any(arcs.counts for arcs in sentences):
        raise DataError(f"The {side} side has no word whose head has a row. Capture a TreeTask of more sentences.")
    return sentences


def _controlled(arcs: Arcs, draw: Ints) -> Arcs:
    """The same sentence with the heads of a control draw, for the words that count."""
    n = len(arcs.rows)
    chosen = np.stack([np.arange(n), np.zeros(n, np.int64), np.full(n, n - 1)])[draw[arcs.rows], np.arange(n)]
    return replace(arcs, heads=np.where(arcs.heads >= 0, chosen, -1))


def _counted(sentences: list[Arcs], values: list[Ints]) -> Ints:
    """One value for each word -> (W,) those of the words that count."""
    return np.concatenate([each[arcs.heads >= 0] for arcs, each in zip(sentences, values, strict=True)])


def _hits(fitted: FittedHeads, states: Floats, sentences: list[Arcs]) -> npt.NDArray[np.bool_]:
    """(W,) whether the head of each word that counts is found."""
    right = [fitted.predict(states[arcs.rows]) == arcs.heads for arcs in sentences]
    return np.concatenate([each[arcs.heads >= 0] for each, arcs in zip(right, sentences, strict=True)])
