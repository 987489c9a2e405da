"""Sweeps of tasks whose answers are graded, not right or wrong: numbers (regression) and sets of labels (multi-label).

The same protocol as a classification's: fitted on train, the penalty chosen on dev, scored on test once, the control
task and the baselines beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from probewidgets.errors import DataError, ProbeError
from probewidgets.machine.arrays import Floats, take
from probewidgets.metrics.detection import detection_of_labels
from probewidgets.metrics.graded import beside_controls, f1_parts, label_scores, micro_f1, number_scores, r2, r2_parts
from probewidgets.probes.base import Scaler
from probewidgets.sweeps.fits import states_of
from probewidgets.sweeps.paired import MEAN
from probewidgets.sweeps.score import Score
from probewidgets.sweeps.trial import Layer, Trial
from probewidgets.values import Baseline, Estimate, Scale

__all__ = ["GradedTrial"]

_CARRY = {"label": "one label", "labels": "any number of labels", "number": "a number"}
_USE = {"label": "LinearProbe()", "labels": "SigmoidProbe()", "number": "RidgeProbe()"}


@dataclass(frozen=True, eq=False)
class GradedTrial(Trial):
    """A sweep of a probe for numbers, or for sets of labels."""

    name: ClassVar[str] = "graded"

    @property
    def kind(self) -> str:  # type: ignore[override]
        """`"number"` or `"labels"`."""
        return self.acts.targets.kind

    @cached_property
    def Y(self) -> npt.NDArray[Any]:  # noqa: N802
        """(1 + draws, N) or (1 + draws, N, K): the task's answers and those of each control draw."""
        y = self.acts.targets.y
        drawn = self.asked.control.rows(self.acts.targets, self.rows["train"], self.seed)
        return np.stack([y, *(y[rows] for rows in drawn)])

    @property
    def test_gold(self) -> npt.NDArray[Any]:
        """(test,) the gold numbers; or (test, K) which labels are gold."""
        return self.side("test")[0]

    def side(self, side: str) -> npt.NDArray[Any]:
        """Those of one side of the split."""
        return self.Y[:, self.rows[side]]

    # ------------------------------------------------------------------ whether it can be done

    def check(self) -> None:
        """Raise an error where the probe is for other targets, or there is nothing to fit, to choose or to test on."""
        targets = self.acts.targets
        if self.probe.answers != targets.kind:
            numbers = targets.kind != "number" and self.probe.answers == "number"
            more = " (For numbers: a task with regression=True.)" if numbers else ""
            raise ProbeError(
                f"Each target of {targets.task!r} carries {_CARRY[targets.kind]}, but {type(self.probe).__name__} "
                f"predicts {_CARRY[self.probe.answers]}. Use {_USE[targets.kind]}.{more}"
            )
        if targets.kind == "number":
            self._check_numbers()
        else:
            self._check_sets()

    def _check_numbers(self) -> None:
        task, train = self.acts.targets.task, self.side("train")[0]
        if self.asked.control.uniform:
            raise ProbeError(
                f"A uniform control task draws each label equally often, but task {task!r} has numbers for "
                f"answers: draw them as they are in train, control={self.asked.control.draws}."
            )
        if np.ptp(train) == 0:
            raise DataError(
                f"All {len(train):,} training targets of task {task!r} are {train[0]:g}: there is nothing to "
                "predict. Use another task, or more text."
            )

    def _check_sets(self) -> None:
        targets, train = self.acts.targets, self.side("train")[0]
        shown = train.any(0) & ~train.all(0)
        if not shown.all():
            k = int(np.flatnonzero(~shown)[0])
            how = "every" if train[:, k].any() else "no"
            raise DataError(
                f"In train, {how} target of task {targets.task!r} carries the label {targets.labels[k]!r}, so "
                "nothing can be learned of it. Leave it out of the task, or split the corpus otherwise."
            )

    # ------------------------------------------------------------------ one layer

    def run(self, layer: int) -> Layer:
        """Fit the task and its control draws, each at its best penalty on dev."""
        states = states_of(self.acts, layer)
        X = take(states, self.rows["train"])
        scaler = Scaler.of(X)
        X_dev = scaler.apply(take(states, self.rows["dev"]))
        choices = self.probe.choose_graded(scaler.apply(X), self.side("train"), X_dev, self.side("dev"))
        test = take(states, self.rows["test"])
        fitted = [choice.fitted.rescaled(scaler) for choice in choices]
        own, predicted = choices[0], [probe.predict(test) for probe in fitted]
        proba = fitted[0].proba(test) if self.kind == "labels" else None
        score = Score(
            layer=layer,
            estimates=self.estimates(predicted[0], proba),
            dev_loss=own.dev_loss,
            converged=all(choice.converged for choice in choices),
            l2=own.l2,
            edge_of_grid=own.edge_of_grid,
            beside=self.beside(predicted),
            **self.ranked(proba),
        )
        return Layer(score, fitted[0], answers=predicted[0])

    def estimates(self, predicted: npt.NDArray[Any], proba: Floats | None = None) -> dict[str, Estimate]:
        """The scores of what is predicted for test; with probabilities of labels, their cross-entropy too."""
        gold, train = self.side("test")[0], self.side("train")[0]
        if self.kind == "number":
            return number_scores(self.clusters, gold, predicted, float(train.mean()))
        bits = None if proba is None else -np.log2(np.maximum(np.where(gold, proba, 1 - proba), 1e-12))
        return label_scores(self.clusters, gold, predicted, bits)

    def ranked(self, proba: Floats | None) -> dict[str, Any]:
        """How well each label is told from the rest, by its (test, K) probabilities; nothing of numbers."""
        if proba is None:
            return {}
        mean, each = detection_of_labels(self.clusters, self.test_gold, np.asarray(proba))
        return {"detection": mean, "by_label": each}

    def beside(self, predicted: Sequence[npt.NDArray[Any]]) -> dict[str, Estimate]:
        """The first score on the control draws, and selectivity; nothing without a draw."""
        if len(predicted) == 1:
            return {}
        gold, train = self.side("test"), self.side("train")
        if self.kind == "number":
            parts = [r2_parts(self.clusters, *three) for three in zip(gold, predicted, train.mean(1), strict=True)]
        else:
            parts = [f1_parts(self.clusters, *pair) for pair in zip(gold, predicted, strict=True)]
        score = r2 if self.kind == "number" else micro_f1
        control, selectivity = beside_controls(self.clusters, parts[0], parts[1:], score)
        return {"control": control, "selectivity": selectivity}

    # ------------------------------------------------------------------ beside the layers

    def baselines(self, scores: Sequence[Score]) -> Iterator[Baseline]:
        """One answer for all, one for each word type, and layer 0."""
        train, n_test = self.side("train")[0], len(self.rows["test"])
        yield _baseline("constant", self.estimates(_constant(train, n_test)))
        if self.acts.targets.unit != "sentence":
            yield _baseline("word type", self.estimates(self._by_type(train)))
        yield from self.of_embeddings(scores)

    def _by_type(self, train: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The constant answer within each word type; for types that train does not show, of all of train."""
        words, index = np.unique(self.words("train"), return_inverse=True)
        sums = np.zeros((len(words), *train.shape[1:]))
        np.add.at(sums, index, train)
        means = sums / np.bincount(index).reshape(-1, *(1,) * (train.ndim - 1))
        place = {word: i for i, word in enumerate(words.tolist())}
        means = np.concatenate([means, train.mean(0)[None]])
        answers = means[[place.get(word, len(words)) for word in self.words("test")]]
        return answers if train.ndim == 1 else answers >= 0.5

    def facts(self) -> Mapping[str, Any]:
        """The labels, where there are any, and the word types."""
        sets = self.kind == "labels"
        return {
            "labels": self.acts.targets.labels,
            "label_counts": tuple(self.side("train")[0].sum(0).tolist()) if sets else (),
            "types": frozenset(self.words("train")),
            "unseen": float(self.unseen.mean()),
        }

    @property
    def settings(self) -> dict[str, Any]:
        """All that is needed to run it again."""
        return {
            "penalty": self.probe.penalty,
            "grid": list(self.probe.open_grid),
            "standardised": "train",
            "stopped on": "dev loss" if self.probe.stops_early else "not stopped",
            **self._about_numbers,
            **self.asked.control.settings,
            **super().settings,
        }

    @property
    def _about_numbers(self) -> dict[str, Any]:
        """What the numbers of train are like, and the mean that R² is held against; nothing of sets of labels."""
        if self.kind != "number":
            return {}
        train = self.side("train")[0]
        return {"numbers": Scale.of(train).facts, MEAN: float(train.mean())}


def _constant(train: npt.NDArray[Any], n: int) -> npt.NDArray[Any]:
    """The mean of train for every test target; or the labels that most of train carry."""
    answer = train.mean(0) if train.ndim == 1 else train.mean(0) >= 0.5
    return np.broadcast_to(answer, (n, *np.shape(answer)))


def _baseline(name: str, estimates: Mapping[str, Estimate]) -> Baseline:
    first, *others = estimates
    return Baseline(name, estimates[first], {other: estimates[other] for other in others})
