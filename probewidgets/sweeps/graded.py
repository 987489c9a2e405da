"""Sweeps of tasks whose answers are graded, not right or wrong: numbers (regression) and sets of labels (multi-label).

The same protocol as a classification's: fitted on train, the penalty chosen on dev, scored on test once, the control
task and the baselines beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
import numpy.typing as npt

from probewidgets.captures.activations import Activations
from probewidgets.data.control import ControlTask
from probewidgets.errors import DataError, ProbeError
from probewidgets.machine.arrays import Floats, take
from probewidgets.metrics.graded import beside_controls, f1_parts, label_scores, micro_f1, number_scores, r2, r2_parts
from probewidgets.probes.base import Scaler
from probewidgets.probes.ridge import Graded, GradedProbe
from probewidgets.sweeps.fits import Sides, each_layer, open_penalty, states_of
from probewidgets.sweeps.results import GradedScore, GradedSweep
from probewidgets.values import Estimate

__all__ = ["Plan", "baselines_beside", "control_scores", "graded_sweep"]

Scores = dict[str, Estimate]


def graded_sweep(
    acts: Activations,
    probe: GradedProbe,
    *,
    control: ControlTask,
    seed: int,
    bootstrap: int,
    progress: bool,
) -> GradedSweep:
    """What `sweep` does where the targets are numbers or sets of labels; see there."""
    _check_kind(acts, probe)
    plan = Plan(acts, seed, bootstrap, control)
    plan.check()
    rows = each_layer(partial(_run_layer, plan, probe), acts, progress)
    targets = acts.targets
    return GradedSweep(
        task=targets.task,
        unit=targets.unit,
        kind=targets.kind,
        labels=targets.labels,
        model=acts.model,
        corpus=acts.corpus.name,
        pool=acts.pool,
        probe=repr(probe),
        scores=tuple(score for score, _ in rows),
        probes=tuple(fitted for _, fitted in rows),
        baselines=baselines_beside(plan, [score for score, _ in rows]),
        counts=plan.counts,
        unseen=float(plan.unseen.mean()),
        seed=seed,
        settings={"grid": list(open_penalty(probe)[1]), "bootstrap": bootstrap, **control.settings},
    )


def _check_kind(acts: Activations, probe: GradedProbe) -> None:
    """Raise ProbeError where the probe is for another kind of targets."""
    kind, task = acts.targets.kind, acts.targets.task
    if probe.kind != kind:
        carry = {"label": "one label", "labels": "any number of labels", "number": "a number"}
        use = {"label": "LinearProbe()", "labels": "SigmoidProbe()", "number": "RidgeProbe()"}
        more = " (For numbers: a task with regression=True.)" if kind != "number" and probe.kind == "number" else ""
        raise ProbeError(
            f"Each target of {task!r} carries {carry[kind]}, but {type(probe).__name__} predicts "
            f"{carry[probe.kind]}. Use {use[kind]}.{more}"
        )


@dataclass(frozen=True, eq=False)
class Plan(Sides):
    """What is the same for all layers: the sides, and the answers of task and controls."""

    control: ControlTask

    @cached_property
    def Y(self) -> npt.NDArray[Any]:  # noqa: N802
        """(1 + draws, N) or (1 + draws, N, K): the task's answers and those of each control draw."""
        y = self.acts.targets.y
        drawn = self.control.rows(self.acts.targets, self.rows["train"], self.seed)
        return np.stack([y, *(y[rows] for rows in drawn)])

    def side(self, side: str) -> npt.NDArray[Any]:
        return self.Y[:, self.rows[side]]

    def scores(self, predicted: npt.NDArray[Any], which: int = 0, bits: Floats | None = None) -> Scores:
        """The scores of what is predicted for test, for the task (0) or one of its controls."""
        gold, train = self.side("test")[which], self.side("train")[which]
        if self.acts.targets.kind == "number":
            return number_scores(self.clusters, gold, predicted, float(train.mean()))
        return label_scores(self.clusters, gold, predicted, bits)

    def check(self) -> None:
        """Raise DataError where there is nothing to fit, to choose or to test on; ProbeError for uniform numbers."""
        targets = self.acts.targets
        train = self.side("train")[0]
        if targets.kind == "number" and self.control.uniform:
            raise ProbeError(
                f"A uniform control task draws each label equally often, but task {targets.task!r} has numbers for "
                f"answers: draw them as they are in train, control={self.control.draws}."
            )
        if targets.kind == "number" and np.ptp(train) == 0:
            raise DataError(
                f"All {len(train):,} training targets of task {targets.task!r} are {train[0]:g}: there is nothing to "
                "predict. Use another task, or more text."
            )
        if targets.kind == "labels":
            shown = train.any(0) & ~train.all(0)
            if not shown.all():
                k = int(np.flatnonzero(~shown)[0])
                how = "every" if train[:, k].any() else "no"
                raise DataError(
                    f"In train, {how} target of task {targets.task!r} carries the label {targets.labels[k]!r}, so "
                    "nothing can be learned of it. Leave it out of the task, or split the corpus otherwise."
                )


def _run_layer(plan: Plan, probe: GradedProbe, layer: int) -> tuple[GradedScore, Any]:
    states = states_of(plan.acts, layer)
    X = take(states, plan.rows["train"])
    scaler = Scaler.of(X)
    X_dev = scaler.apply(take(states, plan.rows["dev"]))
    found = probe.choose_graded(scaler.apply(X), plan.side("train"), X_dev, plan.side("dev"))
    test = take(states, plan.rows["test"])
    fitted = [one.fitted.rescaled(scaler) for one in found]
    predicted = [one.predict(test) for one in fitted]
    first = found[0]
    scores = plan.scores(predicted[0], bits=_bits(fitted[0], test, plan.side("test")[0]))
    control = control_scores(plan, predicted) if plan.control.draws else {}
    score = GradedScore(layer, scores, first.l2, first.edge_of_grid, _all_converged(found), first.dev_loss, **control)
    return score, fitted[0]


def _all_converged(found: tuple[Graded, ...]) -> bool:
    return all(one.converged for one in found)


def _bits(fitted: Any, test: Floats, gold: npt.NDArray[Any]) -> Floats | None:
    """(N, K) cross-entropy of each decision, where there are probabilities."""
    if not hasattr(fitted, "proba"):
        return None
    proba = fitted.proba(test)
    return np.asarray(-np.log2(np.maximum(np.where(gold, proba, 1 - proba), 1e-12)))


def control_scores(plan: Plan, predicted: list[npt.NDArray[Any]]) -> Mapping[str, Estimate]:
    """The first score on the control draws, and selectivity."""
    gold, train = plan.side("test"), plan.side("train")
    if plan.acts.targets.kind == "number":
        means = train.mean(1)
        parts = [r2_parts(plan.clusters, *three) for three in zip(gold, predicted, means, strict=True)]
    else:
        parts = [f1_parts(plan.clusters, *pair) for pair in zip(gold, predicted, strict=True)]
    score = r2 if plan.acts.targets.kind == "number" else micro_f1
    control, selectivity = beside_controls(plan.clusters, parts[0], parts[1:], score)
    return {"control": control, "selectivity": selectivity}


def baselines_beside(plan: Plan, scores: Sequence[GradedScore]) -> Mapping[str, Scores]:
    """What can be had without any state, and from the embeddings below the other layers."""
    found = _fixed_baselines(plan)
    if not plan.acts.model.have_baseline(plan.acts.layers):
        return found
    return found | {"layer 0": next(dict(score.scores) for score in scores if score.layer == 0)}


def _fixed_baselines(plan: Plan) -> dict[str, Scores]:
    """What can be had without any state: one answer for all, and one for each word type."""
    train, test = plan.side("train"), plan.side("test")
    found = {"constant": plan.scores(_constant(train[0], len(test[0])))}
    if plan.acts.targets.unit != "sentence":
        found["word type"] = plan.scores(_by_type(plan, train[0]))
    return found


def _constant(train: npt.NDArray[Any], n: int) -> npt.NDArray[Any]:
    """The mean of train for every test target; or the labels that most of train carry."""
    answer = train.mean(0) if train.ndim == 1 else train.mean(0) >= 0.5
    return np.broadcast_to(answer, (n, *np.shape(answer)))


def _by_type(plan: Plan, train: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The same within each word type; for types that train does not show, of all of train."""
    words, index = np.unique(plan.words("train"), return_inverse=True)
    sums = np.zeros((len(words), *train.shape[1:]))
    np.add.at(sums, index, train)
    means = sums / np.bincount(index).reshape(-1, *(1,) * (train.ndim - 1))
    place = {word: i for i, word in enumerate(words.tolist())}
    means = np.concatenate([means, train.mean(0)[None]])
    found = means[[place.get(word, len(words)) for word in plan.words("test")]]
    return found if train.ndim == 1 else found >= 0.5
