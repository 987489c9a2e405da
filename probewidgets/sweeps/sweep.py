"""The experiment: every layer's probe, fitted on train, chosen on dev, evaluated on test once.

This is the one place that tells train from test. What is learned (mean, scale, penalty, weights) comes from train, what
is chosen from dev; test is only looked at to report.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from importlib.metadata import version
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from probewidgets import __version__
from probewidgets.captures.activations import Activations
from probewidgets.data.control import ControlTask
from probewidgets.errors import ProbeError, clipped
from probewidgets.machine.arrays import Floats, Ints, take
from probewidgets.metrics import baselines, scores
from probewidgets.metrics.calibration import scaled, temperature
from probewidgets.metrics.intervals import Clusters
from probewidgets.metrics.selectivity import control_ceiling, control_estimates
from probewidgets.probes.base import Choice, FittedProbe, Probe, check_count
from probewidgets.probes.linear import LinearProbe
from probewidgets.probes.mlp import MLPProbe
from probewidgets.probes.ridge import GradedProbe
from probewidgets.sweeps.fits import (
    Sides,
    as_control,
    as_probe,
    check_shown,
    each_layer,
    fit,
    has_seed,
    label_shares,
    open_penalty,
    other_rows,
    states_of,
)
from probewidgets.sweeps.graded import graded_sweep
from probewidgets.sweeps.results import GradedSweep, LayerScore, Sweep
from probewidgets.values import Baseline, Estimate

__all__ = ["sweep"]


@overload
def sweep(
    acts: Activations,
    probe: GradedProbe,
    *,
    control: bool | int | ControlTask = ...,
    seed: int = ...,
    bootstrap: int = ...,
    progress: bool = ...,
) -> GradedSweep: ...
@overload
def sweep(
    acts: Activations,
    probe: Probe | None = ...,
    *,
    control: bool | int | ControlTask = ...,
    seed: int = ...,
    bootstrap: int = ...,
    progress: bool = ...,
    random: Activations | Sequence[Activations] | None = ...,
    seeds: int = ...,
) -> Sweep: ...
def sweep(
    acts: Activations,
    probe: Any = None,
    *,
    control: bool | int | ControlTask = False,
    seed: int = 0,
    bootstrap: int = 1000,
    progress: bool = True,
    random: Activations | Sequence[Activations] | None = None,
    seeds: int = 1,
) -> Sweep | GradedSweep:
    """Probe every captured layer: fitted on train, a penalty that is left open chosen on dev, scored on test.

    States are standardised on train (constant features left as they are); the probes that come back are for the states
    as the model gives them. The control task, if asked for, is trained beside the task by the same rule.

    Args:
        acts: (L, N, D) states, their targets and the split.
        probe: Which probe; `LinearProbe()` by default. Any classifier of scikit-learn will do too. Targets that are
            numbers need a `RidgeProbe()`, those that carry any number of labels a `SigmoidProbe()`.
        control: Whether to train the control task too, for selectivity; a number asks for so many draws of it, and a
            `ControlTask` says too how labels are drawn.
        seed: Of the control draws and of the bootstrap.
        bootstrap: Resamples of the test sentences that the intervals come from.
        progress: Whether to show a progress bar over the layers.
        random: States of the same targets at the same layers in `model.randomized(seed)`, or several such, one for each
            seed: probed in the same way, to see what training the model has added. Not for graded answers.
        seeds: How many seeds to train a probe from that has one, such as an MLPProbe, to see how much its accuracy
            varies; the first is its own, and the probe that is kept. Each costs as much as the task. Not for graded
            answers.

    Returns:
        A Sweep: scores, probes and baselines. A GradedSweep for numbers and for sets of labels.

    Raises:
        DataError: A side of the split has no target, or train has one label only.
        ModelError: States hold NaN or infinity.
        ProbeError: `control` or `seed` is negative, `bootstrap` or `seeds` is not positive, or one of them is no whole
            number; states of a random model are of other targets, layers or places; a probe of several seeds has none.

    Cost: on 2 cores about a second per layer for 45,000 training words x 384 features with one control draw.
    """
    _check_arguments(acts, probe)
    seed, bootstrap, drawn = check_count("seed", seed, 0), check_count("bootstrap", bootstrap), as_control(control)
    if isinstance(probe, GradedProbe):
        if random is not None or seeds != 1:
            raise ProbeError("random= and seeds= are for tasks with one label per target: leave them out here.")
        return graded_sweep(acts, probe, control=drawn, seed=seed, bootstrap=bootstrap, progress=progress)
    probe = LinearProbe() if probe is None else as_probe(probe)
    plan = _Plan(acts, seed, bootstrap, drawn, _randoms(acts, random), _reseeded(probe, seeds))
    plan.check()
    rows = each_layer(partial(_run_layer, plan, probe), acts, progress)
    return _assemble(plan, probe, rows)


def _check_arguments(acts: object, probe: object) -> None:
    """Say which argument is not what it should be, where Python would only miss an attribute deep inside."""
    if not isinstance(acts, Activations):
        raise ProbeError(f"sweep takes Activations first, but {type(acts).__name__} came: capture(...) gives them.")
    if (
        probe is not None
        and not isinstance(probe, GradedProbe)
        and (isinstance(probe, type) or not hasattr(probe, "fit"))
    ):
        raise ProbeError(f"sweep takes a probe second, such as LinearProbe() or MLPProbe(), but {clipped(probe)} came.")
    kind = acts.targets.kind
    if kind != "label" and not isinstance(probe, GradedProbe):
        carry, use = ("a number", "RidgeProbe()") if kind == "number" else ("any number of labels", "SigmoidProbe()")
        raise ProbeError(f"Each target of {acts.targets.task!r} carries {carry}: sweep them with {use}.")


def _randoms(acts: Activations, random: object) -> tuple[Activations, ...]:
    """The random models' states, if all that differs is the weights."""
    if random is None:
        return ()
    some = tuple(random) if isinstance(random, list | tuple) else (random,)
    for one in some:
        if not isinstance(one, Activations):
            raise ProbeError(
                "random takes the Activations of model.randomized(seed), or a list of some, one for each seed, but "
                f"{type(one).__name__} came."
            )
        if differs := _other(acts, one):
            raise ProbeError(
                f"The states of the random model {one.model.name!r} have {differs} than those of {acts.model.name!r}. "
                "Capture them in the same way: capture(model.randomized(0), corpus, task, ...)."
            )
    prints = [one.model.fingerprint for one in (acts, *some) if one.model.fingerprint]
    if not some or len(set(prints)) < len(prints):
        raise ProbeError(
            "random takes states of models with other weights than the trained one, each of another seed, but "
            f"{'none came' if not some else 'two are the same'}. Use model.randomized(0), model.randomized(1), ..."
        )
    return some


def _other(acts: Activations, one: Activations) -> str:
    """What is not the same; nothing if all is."""
    mine, theirs = acts.targets, one.targets
    same = {
        f"other layers ({list(one.layers)}, not {list(acts.layers)})": one.layers == acts.layers,
        "another split": one.corpus.split == acts.corpus.split,
        "other targets": (mine.task, mine.labels, mine.y.tolist()) == (theirs.task, theirs.labels, theirs.y.tolist()),
        "another pool, site or width": (acts.pool, acts.model.site, acts.states.shape[2])
        == (one.pool, one.model.site, one.states.shape[2]),
    }
    return other_rows(acts, one) or next((what for what, alike in same.items() if not alike), "")


def _reseeded(probe: Probe, seeds: object) -> tuple[Probe, ...]:
    """The same probe with the seeds after its own."""
    many = check_count("seeds", seeds)
    if many > 1 and not has_seed(probe):
        raise ProbeError(
            f"A {repr(probe).split('(')[0]} has no seed, so seeds= means nothing to it. Leave it out (a classifier "
            "of scikit-learn may have a random_state, which is yours to set), or use an MLPProbe."
        )
    return tuple(replace(probe, seed=probe.seed + i) for i in range(1, many))  # type: ignore[attr-defined,type-var]


@dataclass(frozen=True, eq=False)
class _Plan(Sides):
    """What is the same for all layers: the sides, the labels of task and controls, and what is fitted beside them."""

    control: ControlTask
    randoms: tuple[Activations, ...]
    """States of random models."""
    reseeded: tuple[Probe, ...]
    """The probe with further seeds."""

    @cached_property
    def known(self) -> Ints:
        """(K,) the labels that train shows, as indices into all labels."""
        return np.unique(self.acts.targets.y[self.rows["train"]])

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """(K,) their names."""
        return tuple(self.acts.targets.labels[k] for k in self.known)

    @cached_property
    def p(self) -> npt.NDArray[np.float64]:
        """(all labels,) their shares of the training targets."""
        return label_shares(self.acts, self.rows["train"])

    @cached_property
    def Y(self) -> Ints:  # noqa: N802
        """(1 + draws, N) the task's labels and those of each control draw, as columns of a probe; -1 if unknown."""
        column = np.full(len(self.acts.targets.labels), -1)
        column[self.known] = np.arange(len(self.known))
        draws = self.control.labels(self.acts.targets, self.p, self.seed)
        return np.stack([column[y] for y in (self.acts.targets.y, *draws)])

    @cached_property
    def ambiguous(self) -> npt.NDArray[np.bool_]:
        """(test,) whether the word type has two labels or more in train."""
        types = baselines.ambiguous_types(self.words("train"), self.acts.targets.y[self.rows["train"]])
        return np.array([word in types for word in self.words("test")], dtype=bool)

    def check(self) -> None:
        """Raise DataError where there is nothing to fit, to choose or to test on."""
        label_shares(self.acts, self.rows["train"])
        check_shown(self.acts, self.rows)


@dataclass(frozen=True, eq=False)
class _Row:
    """What one layer gave."""

    score: LayerScore
    fitted: FittedProbe
    hits: npt.NDArray[np.bool_]


def _run_layer(plan: _Plan, probe: Probe, layer: int) -> _Row:
    states = states_of(plan.acts, layer)
    train, dev = plan.rows["train"], plan.rows["dev"]
    # No name for what is taken: a copy of train goes once it is standardised.
    fits = fit(probe, take(states, train), plan.Y[:, train], take(states, dev), plan.Y[:, dev], plan.labels)
    choices, fitted = fits.choices, fits.for_raw_states()
    test, gold = take(states, plan.rows["test"]), plan.Y[:, plan.rows["test"]]
    log_proba = fitted[0].log_proba(test)
    cooled = temperature(fitted[0].log_proba(take(states, dev)), plan.Y[0, dev])
    predicted = log_proba.argmax(1)
    hits = predicted == gold[0]
    again = _Again(plan, layer)
    random = [again(probe, one) for one in plan.randoms]
    seeds = [again(one, plan.acts) for one in plan.reseeded]
    control = _control(
        plan, hits, [p.log_proba(test).argmax(1) == y for p, y in zip(fitted[1:], gold[1:], strict=True)]
    )
    score = LayerScore(
        layer=layer,
        accuracy=plan.clusters.mean(hits),
        macro_f1=plan.clusters.macro_f1(plan.acts.targets.y[plan.rows["test"]], plan.known[predicted]),
        cross_entropy=_cross_entropy(plan.clusters, log_proba, gold[0]),
        l2=choices[0].l2,
        edge_of_grid=choices[0].edge_of_grid,
        converged=fits.converged and all(choice.converged for _, choice in (*random, *seeds)),
        dev_cross_entropy=float(choices[0].dev_nats / np.log(2)),
        control_l2=tuple(choice.l2 for choice in choices[1:]),
        control_edges=sum(choice.edge_of_grid for choice in choices[1:]),
        accuracy_unseen=_share(hits[plan.unseen]),
        accuracy_ambiguous=_share(hits[plan.ambiguous]),
        mcc=scores.mcc(gold[0], predicted),
        brier=scores.brier(np.exp(log_proba), gold[0]),
        calibration_error=scores.ece(np.exp(log_proba.max(1)), hits),
        temperature=cooled,
        calibration_error_scaled=scores.ece(np.exp(scaled(log_proba, cooled).max(1)), hits),
        seed_accuracies=tuple(_share(h) for h in (hits, *(h for h, _ in seeds))) if seeds else (),
        **control,
        **_random(plan, hits, random),
    )
    return _Row(score, fitted[0], hits)


@dataclass(frozen=True, eq=False)
class _Again:
    """The task alone once more at a layer: another seed, or other states of the same targets."""

    plan: _Plan
    layer: int

    def __call__(self, probe: Probe, acts: Activations) -> tuple[npt.NDArray[np.bool_], Choice]:
        """(test,) whether the probe is right, and how it was fitted."""
        states, rows, y = states_of(acts, self.layer), self.plan.rows, self.plan.Y[:1]
        parts = (take(states, rows["train"]), y[:, rows["train"]], take(states, rows["dev"]), y[:, rows["dev"]])
        fits = fit(probe, *parts, self.plan.labels)
        return fits.log_proba(take(states, rows["test"]))[0].argmax(1) == y[0, rows["test"]], fits.choices[0]


def _random(
    plan: _Plan, task: npt.NDArray[np.bool_], found: list[tuple[npt.NDArray[np.bool_], Choice]]
) -> dict[str, Any]:
    if not found:
        return {}
    # What the control tasks are summed up by: the mean of the draws, and the task above it, paired.
    mean, sd, difference = control_estimates(plan.clusters, task, [hits for hits, _ in found])
    choices = [choice for _, choice in found]
    return {
        "random": mean,
        "random_sd": sd,
        "above_random": difference,
        "random_l2": tuple(choice.l2 for choice in choices),
        "random_edges": sum(choice.edge_of_grid for choice in choices),
    }


def _control(plan: _Plan, task: npt.NDArray[np.bool_], controls: list[npt.NDArray[np.bool_]]) -> dict[str, Any]:
    if not controls:
        return {}
    mean, sd, difference = control_estimates(plan.clusters, task, controls)
    return {"control": mean, "control_sd": sd, "selectivity": difference}


def _cross_entropy(clusters: Clusters, log_proba: Floats, gold: Ints) -> Estimate:
    known = gold >= 0
    bits = np.where(known, -log_proba[np.arange(len(gold)), gold] / np.log(2), 0)
    return clusters.mean(bits, known, unit="bits")


def _share(hits: npt.NDArray[np.bool_]) -> float:
    return float(hits.mean()) if len(hits) else float("nan")


def _assemble(plan: _Plan, probe: Probe, rows: list[_Row]) -> Sweep:
    acts, targets, overlap = plan.acts, plan.acts.targets, plan.acts.corpus.overlap()
    seen_elsewhere = np.unique(targets.y[np.concatenate([plan.rows["dev"], plan.rows["test"]])])
    return Sweep(
        task=targets.task,
        unit=targets.unit,
        labels=plan.labels,
        model=acts.model,
        corpus=acts.corpus.name,
        pool=acts.pool,
        segmenter=acts.corpus.segmenter,
        probe=repr(probe),
        scores=tuple(row.score for row in rows),
        probes=tuple(row.fitted for row in rows),
        baselines=tuple(_baselines(plan, rows)),
        counts=plan.counts,
        label_counts=tuple(np.bincount(plan.Y[0, plan.rows["train"]]).tolist()),
        types=frozenset(plan.words("train")),
        unseen=_share(plan.unseen),
        labels_unseen=tuple(targets.labels[k] for k in np.setdiff1d(seen_elsewhere, plan.known)),
        duplicates=overlap.duplicates,
        test_in_train=overlap.test_in_train,
        dev_in_test=overlap.dev_in_test,
        seed=plan.seed,
        settings=_settings(plan, probe),
        hits=np.stack([plan.clusters.sums(row.hits) for row in rows]).astype(np.int64),
        sentence_targets=plan.clusters.sums(np.ones(len(plan.rows["test"]))).astype(np.int64),
    )


def _baselines(plan: _Plan, rows: list[_Row]) -> Iterator[Baseline]:
    gold, y_train = plan.Y[:, plan.rows["test"]], plan.Y[:, plan.rows["train"]]
    yield Baseline("majority", plan.clusters.mean(gold[0] == baselines.majority(y_train[0])))
    if plan.acts.targets.unit != "sentence":
        guess = baselines.word_type(plan.words("train"), y_train[0], plan.words("test"))
        yield Baseline("word type", plan.clusters.mean(guess == gold[0]))
    for row in rows:
        if row.score.layer == 0 and plan.acts.model.have_baseline(plan.acts.layers):
            yield Baseline("layer 0", row.score.accuracy)
    if plan.control.draws:
        chance = np.mean([y == baselines.majority(t) for y, t in zip(gold[1:], y_train[1:], strict=True)], axis=0)
        yield Baseline("control chance", plan.clusters.mean(chance))
        yield Baseline("control ceiling", Estimate(control_ceiling(_share(plan.unseen), plan.control.shares(plan.p))))


def _settings(plan: _Plan, probe: Probe) -> dict[str, Any]:
    penalty, grid = open_penalty(probe)
    return {
        "penalty": penalty,
        "grid": list(grid),
        "standardised": "train",
        "chosen on": "dev cross-entropy" if len(grid) > 1 else "not chosen",
        "stopped on": "dev cross-entropy" if isinstance(probe, MLPProbe) else "not stopped",
        "bootstrap": plan.bootstrap,
        **plan.control.settings,
        "random models": [one.model.name for one in plan.randoms],
        "training seeds": 1 + len(plan.reseeded) if has_seed(probe) else 0,
        "unlabelled": plan.acts.targets.unlabelled,
        "missing": len(plan.acts.missing),
        "width": int(plan.acts.states.shape[2]),
        "versions": {
            "probewidgets": __version__,
            "python": platform.python_version(),
            "numpy": np.__version__,
            "torch": version("torch"),
        },
    }
