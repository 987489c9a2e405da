"""Sweeps of tasks with one label per target, with all that is held against their accuracy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from probewidgets.captures.activations import Activations
from probewidgets.errors import ProbeError
from probewidgets.machine.arrays import Floats, Ints, take
from probewidgets.metrics import baselines, scores
from probewidgets.metrics.calibration import scaled, temperature
from probewidgets.metrics.controls import control_ceiling
from probewidgets.metrics.detection import detection_estimates
from probewidgets.metrics.intervals import Clusters
from probewidgets.probes.base import Choice, LabelProbe
from probewidgets.sweeps.fits import check_shown, fit, label_shares, states_of
from probewidgets.sweeps.score import Score
from probewidgets.sweeps.trial import Layer, Trial, against_controls
from probewidgets.values import Baseline, Estimate

__all__ = ["LabelTrial"]

Hits = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class LabelTrial(Trial):
    """A sweep of a probe that tells one label per target."""

    name: ClassVar[str] = "label"
    kind: ClassVar[str] = "label"

    @cached_property
    def known(self) -> Ints:
        """(K,) the labels that train shows, as indices into all labels."""
        return np.unique(self.acts.targets.y[self.rows["train"]])

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """(K,) their names."""
        return tuple(self.acts.targets.labels[k] for k in self.known)

    @cached_property
    def shares(self) -> npt.NDArray[np.float64]:
        """(all labels,) their shares of the training targets."""
        return label_shares(self.acts, self.rows["train"])

    @cached_property
    def Y(self) -> Ints:  # noqa: N802
        """(1 + draws, N) the task's labels and those of each control draw, as columns of a probe; -1 if unknown."""
        column = np.full(len(self.acts.targets.labels), -1)
        column[self.known] = np.arange(len(self.known))
        draws = self.asked.control.labels(self.acts.targets, self.shares, self.seed)
        return np.stack([column[y] for y in (self.acts.targets.y, *draws)])

    @cached_property
    def ambiguous(self) -> Hits:
        """(test,) whether the word type has two labels or more in train."""
        types = baselines.ambiguous_types(self.words("train"), self.acts.targets.y[self.rows["train"]])
        return np.array([word in types for word in self.words("test")], dtype=bool)

    @cached_property
    def unknown(self) -> Ints:
        """The labels of dev and test that train does not show, as indices into all labels."""
        elsewhere = self.acts.targets.y[np.concatenate([self.rows["dev"], self.rows["test"]])]
        return np.setdiff1d(elsewhere, self.known)

    @property
    def test_gold(self) -> Ints:
        """(test,) the gold labels, as places among those that train shows, and then those that it does not."""
        place = np.zeros(len(self.acts.targets.labels), np.int64)
        place[np.concatenate([self.known, self.unknown])] = np.arange(len(self.known) + len(self.unknown))
        return place[self.acts.targets.y[self.rows["test"]]]

    def check(self) -> None:
        """Raise an error where targets carry something else, or there is nothing to fit, to choose or to test on."""
        kind, task = self.acts.targets.kind, self.acts.targets.task
        if kind != "label":
            carry, use = (
                ("a number", "RidgeProbe()") if kind == "number" else ("any number of labels", "SigmoidProbe()")
            )
            raise ProbeError(f"Each target of {task!r} carries {carry}: sweep them with {use}.")
        label_shares(self.acts, self.rows["train"])
        check_shown(self.acts, self.rows)

    # ------------------------------------------------------------------ one layer

    def run(self, layer: int) -> Layer:
        """Fit the task and its control draws together; then the random models and the further seeds, each by itself."""
        states = states_of(self.acts, layer)
        train, dev, rows = self.rows["train"], self.rows["dev"], self.rows["test"]
        # No name for what is taken: a copy of train goes once it is standardised.
        fits = fit(self.probe, take(states, train), self.Y[:, train], take(states, dev), self.Y[:, dev], self.labels)
        task, *draws = fits.for_raw_states()
        test, gold = take(states, rows), self.Y[:, rows]
        log_proba = task.log_proba(test)
        hits = log_proba.argmax(1) == gold[0]
        controls = [drawn.log_proba(test).argmax(1) == y for drawn, y in zip(draws, gold[1:], strict=True)]
        others = [self._again(self.probe, acts, layer) for acts in self.asked.randoms]
        seeds = [self._again(self.probe.reseeded(i), self.acts, layer) for i in range(1, self.asked.seeds)]
        own, *control_choices = fits.choices
        beside, facts = self._beside(hits, controls, control_choices, others)
        score = Score(
            layer=layer,
            estimates=self._estimates(log_proba, gold[0]),
            dev_loss=float(own.dev_nats / np.log(2)),
            converged=fits.converged and all(choice.converged for _, choice in (*others, *seeds)),
            l2=own.l2,
            edge_of_grid=own.edge_of_grid,
            beside=beside,
            detection=self._detection(log_proba, gold[0]),
            facts={
                **facts,
                **({"seed_accuracies": (_share(hits), *(_share(h) for h, _ in seeds))} if seeds else {}),
                "accuracy_unseen": _share(hits[self.unseen]),
                "accuracy_ambiguous": _share(hits[self.ambiguous]),
                **_calibration(log_proba, gold[0], task.log_proba(take(states, dev)), self.Y[0, dev]),
            },
        )
        return Layer(score, task, hits, log_proba.argmax(1))

    def _estimates(self, log_proba: Floats, gold: Ints) -> dict[str, Estimate]:
        predicted = log_proba.argmax(1)
        shown = gold >= 0
        bits = np.where(shown, -log_proba[np.arange(len(gold)), gold] / np.log(2), 0)
        return {
            "accuracy": self.clusters.mean(predicted == gold),
            "macro_f1": self.clusters.macro_f1(self.acts.targets.y[self.rows["test"]], self.known[predicted]),
            "cross_entropy": self.clusters.mean(bits, shown, unit="bits"),
        }

    def _detection(self, log_proba: Floats, gold: Ints) -> dict[str, Estimate]:
        """How well the second of two labels is told from the first; nothing of more labels."""
        if len(self.known) != 2:
            return {}
        shown = np.flatnonzero(gold >= 0)  # a third label is neither
        clusters = Clusters(self.clusters.group[shown], self.bootstrap, self.seed)
        first, second = np.asarray(log_proba[shown], np.float64).T
        return detection_estimates(clusters, gold[shown] == 1, second - first)

    def _again(self, probe: LabelProbe, acts: Activations, layer: int) -> tuple[Hits, Choice]:
        """The task alone once more, with another seed or on other states: whether it is right on test, and its fit."""
        states, rows, y = states_of(acts, layer), self.rows, self.Y[:1]
        parts = (take(states, rows["train"]), y[:, rows["train"]], take(states, rows["dev"]), y[:, rows["dev"]])
        fits = fit(probe, *parts, self.labels)
        return fits.log_proba(take(states, rows["test"]))[0].argmax(1) == y[0, rows["test"]], fits.choices[0]

    def _beside(
        self, task: Hits, controls: list[Hits], choices: list[Choice], others: list[tuple[Hits, Choice]]
    ) -> tuple[dict[str, Estimate], dict[str, Any]]:
        """What accuracy is held against, and how those probes were fitted."""
        control, control_facts = against_controls(self.clusters, task, controls, ("control", "selectivity"))
        hits = [right for right, _ in others]
        random, random_facts = against_controls(self.clusters, task, hits, ("random", "above_random"))
        fitted = {"control": choices, "random": [choice for _, choice in others]}
        penalties = {
            name: value
            for what, each in fitted.items()
            if each
            for name, value in (
                (f"{what}_l2", tuple(choice.l2 for choice in each)),
                (f"{what}_edges", sum(choice.edge_of_grid for choice in each)),
            )
        }
        return control | random, control_facts | random_facts | penalties

    # ------------------------------------------------------------------ beside the layers

    def baselines(self, scores: Sequence[Score]) -> Iterator[Baseline]:
        """Majority, word type, layer 0; chance and ceiling of the control task."""
        gold, y_train = self.Y[:, self.rows["test"]], self.Y[:, self.rows["train"]]
        yield Baseline("majority", self.clusters.mean(gold[0] == baselines.majority(y_train[0])))
        if self.acts.targets.unit != "sentence":
            guess = baselines.word_type(self.words("train"), y_train[0], self.words("test"))
            yield Baseline("word type", self.clusters.mean(guess == gold[0]))
        yield from self.of_embeddings(scores)
        if self.asked.control.draws:
            chance = np.mean([y == baselines.majority(t) for y, t in zip(gold[1:], y_train[1:], strict=True)], axis=0)
            yield Baseline("control chance", self.clusters.mean(chance))
            ceiling = control_ceiling(_share(self.unseen), self.asked.control.shares(self.shares))
            yield Baseline("control ceiling", Estimate(ceiling))

    def facts(self) -> Mapping[str, Any]:
        """The labels, the word types, and what the sides share."""
        targets, overlap = self.acts.targets, self.acts.corpus.overlap()
        return {
            "labels": self.labels,
            "label_counts": tuple(np.bincount(self.Y[0, self.rows["train"]]).tolist()),
            "types": frozenset(self.words("train")),
            "unseen": _share(self.unseen),
            "labels_unseen": tuple(targets.labels[k] for k in self.unknown),
            "duplicates": overlap.duplicates,
            "test_in_train": overlap.test_in_train,
            "dev_in_test": overlap.dev_in_test,
        }

    @property
    def settings(self) -> dict[str, Any]:
        """All that is needed to run it again."""
        grid = self.probe.open_grid
        return {
            "penalty": self.probe.penalty,
            "grid": list(grid),
            "standardised": "train",
            "chosen on": "dev cross-entropy" if len(grid) > 1 else "not chosen",
            "stopped on": "dev cross-entropy" if self.probe.stops_early else "not stopped",
            **self.asked.control.settings,
            "random models": [acts.model.name for acts in self.asked.randoms],
            "training seeds": self.asked.seeds if self.probe.seeded else 0,
            "unlabelled": self.acts.targets.unlabelled,
            "missing": len(self.acts.missing),
            "width": int(self.acts.states.shape[2]),
            **super().settings,
        }


def _calibration(log_proba: Floats, gold: Ints, dev_log_proba: Floats, dev_gold: Ints) -> dict[str, float]:
    """How far the probabilities on test can be believed, as they are and at the temperature that dev wants."""
    hits, cooled = log_proba.argmax(1) == gold, temperature(dev_log_proba, dev_gold)
    return {
        "mcc": scores.mcc(gold, log_proba.argmax(1)),
        "brier": scores.brier(np.exp(log_proba), gold),
        "calibration_error": scores.ece(np.exp(log_proba.max(1)), hits),
        "temperature": cooled,
        "calibration_error_scaled": scores.ece(np.exp(scaled(log_proba, cooled).max(1)), hits),
    }


def _share(hits: Hits) -> float:
    return float(hits.mean()) if len(hits) else float("nan")
