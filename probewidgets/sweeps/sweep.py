"""The experiment: every layer's probe, fitted on train, chosen on dev, evaluated on test once.

This room is the one place that tells train from test. What is learned (mean, scale, penalty, weights) comes from train,
what is chosen from dev; test is only looked at to report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from probewidgets.captures.activations import Activations
from probewidgets.captures.span_tokens import SpanTokens
from probewidgets.data.control import ControlTask
from probewidgets.errors import ProbeError
from probewidgets.machine.progress import bar
from probewidgets.probes.base import Probe, check_count
from probewidgets.probes.linear import LinearProbe
from probewidgets.probes.own import as_probe
from probewidgets.probes.stored import entered
from probewidgets.sweeps import graded, labels  # noqa: F401  they enter their trials
from probewidgets.sweeps.fits import as_control, other_rows
from probewidgets.sweeps.results import Sweep
from probewidgets.sweeps.trial import TRIALS, Asked, Trial

__all__ = ["begun", "sweep"]


def sweep(
    acts: Activations | SpanTokens,
    probe: Any = None,
    *,
    control: bool | int | ControlTask = False,
    seed: int = 0,
    bootstrap: int = 1000,
    progress: bool = True,
    random: Activations | Sequence[Activations] | None = None,
    seeds: int = 1,
) -> Sweep:
    """Probe every captured layer: fitted on train, a penalty that is left open chosen on dev, scored on test.

    States are standardised on train (constant features left as they are), where the probe does not say otherwise; the
    probes that come back are for the states as the model gives them. The control task, if asked for, is trained beside
    the task by the same rule.

    Args:
        acts: (L, N, D) states, their targets and the split; for an `EdgeProbe` those of `capture(..., pool=None)`.
        probe: Which probe; `LinearProbe()` by default. Any classifier of scikit-learn will do too. Targets that are
            numbers need a `RidgeProbe()`, those that carry any number of labels a `SigmoidProbe()`, spans and edges
            whose tokens were kept an `EdgeProbe()`. Of a `TreeTask` a `StructuralProbe()` reads the tree, and a
            `BilinearProbe()` or `PairwiseMLPProbe()` the head of each word. A `CCSProbe()` looks for a direction of
            truth in contrast pairs: `SentenceTask("label")` of a corpus of `read_pairs`.
        control: Whether to train the control task too, for selectivity; a number asks for so many draws of it, and a
            `ControlTask` says too how labels are drawn. Not for trees and pairs; left out for sentences: each
            text has a random label of its own, so on test nothing can be right but by chance.
        seed: Of the control draws, of the bootstrap, and of the sides and random directions of contrast pairs.
        bootstrap: Resamples of the test sentences that the intervals come from.
        progress: Whether to show a progress bar over the layers.
        random: States of the same targets at the same layers in `model.randomized(seed)`, or several such, one for each
            seed: probed in the same way, to see what training the model has added. For tasks with one label per target.
        seeds: How many seeds to train a probe from that has one, such as an MLPProbe, to see how much its accuracy
            varies; the first is its own, and the probe that is kept. Each costs as much as the task. For tasks with one
            label per target.

    Returns:
        A Sweep: scores, probes and baselines; of an `EdgeProbe` an `EdgeSweep`, which knows the expected layer.

    Raises:
        DataError: A side of the split has no target, or train has one label only.
        ModelError: States hold NaN or infinity.
        ProbeError: `control` or `seed` is negative, `bootstrap` or `seeds` is not positive, or one of them is no whole
            number; the probe cannot be asked for what it is asked for, or is for targets of another kind; states of a
            random model are of other targets, layers or places.

    Cost: on 2 cores about a second per layer for 45,000 training words x 384 features with one control draw.
    """
    trial = begun(acts, probe, control=control, seed=seed, bootstrap=bootstrap, random=random, seeds=seeds)
    layers = []
    with bar(f"Probing {acts.targets.task}", "layer", total=len(acts.layers), shown=progress) as steps:
        for layer in trial.each(acts.layers):
            layers.append(layer)
            steps.update(1)
    return trial.sweep(layers)


def begun(
    acts: Activations | SpanTokens,
    probe: Any = None,
    *,
    control: bool | int | ControlTask = False,
    seed: int = 0,
    bootstrap: int = 1000,
    random: Activations | Sequence[Activations] | None = None,
    seeds: int = 1,
) -> Trial:
    """A sweep that has probed no layer yet, for whoever does it layer by layer: `trial.run(layer)` gives what one gave.

    `trial.sweep(layers)` makes a Sweep of as many as there are by then. Arguments and errors are those of `sweep`.
    """
    if not isinstance(acts, Activations | SpanTokens):
        raise ProbeError(f"sweep takes Activations first, but {type(acts).__name__} came: capture(...) gives them.")
    probe = LinearProbe() if probe is None else as_probe(probe)
    seed, bootstrap, drawn = check_count("seed", seed, 0), check_count("bootstrap", bootstrap), as_control(control)
    seeds = check_count("seeds", seeds)
    _check_asked(probe, control=drawn.draws > 0, random=random is not None, seeds=seeds > 1)
    if acts.targets.unit == "sentence":  # each text is a type of its own: at chance on test, whatever the states are
        drawn = replace(drawn, draws=0)
    asked = Asked(drawn, _randoms(acts, random), seeds, seed, bootstrap)
    return _trial(acts, probe, asked)


def _check_asked(probe: Probe, **asked: bool) -> None:
    """Raise ProbeError, by name, for what the probe cannot be asked for."""
    name = repr(probe).split("(")[0]
    if asked["seeds"] and "seeds" in probe.asks and not probe.seeded:
        raise ProbeError(
            f"A {name} has no seed, so seeds= means nothing to it. Leave it out (a classifier of scikit-learn may have "
            "a random_state, which is yours to set), or use an MLPProbe."
        )
    refused = [f"{what}=" for what, wanted in asked.items() if wanted and what not in probe.asks]
    if refused:
        can = ", ".join(f"{what}=" for what in asked if what in probe.asks) or "nothing beside the task"
        raise ProbeError(
            f"A sweep of {name} cannot be asked for {' and '.join(refused)}: leave it out. It can be asked for {can}."
        )


def _trial(acts: Any, probe: Probe, asked: Asked) -> Trial:
    """How the sweep goes."""
    if isinstance(acts, SpanTokens) and probe.trial in ("label", "graded"):
        raise ProbeError(
            f"A {repr(probe).split('(')[0]} reads one state per target, but the tokens of each span were kept: use an "
            "EdgeProbe(), or capture with a pool, capture(..., pool=mean)."
        )
    trial: Trial = entered(probe.trial, TRIALS).of(acts, probe, asked)
    return trial


def _randoms(acts: Any, random: object) -> tuple[Activations, ...]:
    """The random models' states, if all that differs is the weights."""
    if random is None:
        return ()
    others = tuple(random) if isinstance(random, list | tuple) else (random,)
    for other in others:
        if not isinstance(other, Activations):
            raise ProbeError(
                "random takes the Activations of model.randomized(seed), or a list of some, one for each seed, but "
                f"{type(other).__name__} came."
            )
        if differs := _difference(acts, other):
            raise ProbeError(
                f"The states of the random model {other.model.name!r} have {differs} than those of "
                f"{acts.model.name!r}. Capture them in the same way: capture(model.randomized(0), corpus, task, ...)."
            )
    prints = [each.model.fingerprint for each in (acts, *others) if each.model.fingerprint]
    if not others or len(set(prints)) < len(prints):
        raise ProbeError(
            "random takes states of models with other weights than the trained one, each of another seed, but "
            f"{'none came' if not others else 'two are the same'}. Use model.randomized(0), model.randomized(1), ..."
        )
    return others


def _difference(acts: Activations, other: Activations) -> str:
    """What is not the same; nothing if all is."""
    mine, theirs = acts.targets, other.targets
    same = {
        f"other layers ({list(other.layers)}, not {list(acts.layers)})": other.layers == acts.layers,
        "another split": other.corpus.split == acts.corpus.split,
        "other targets": (mine.task, mine.labels, mine.y.tolist()) == (theirs.task, theirs.labels, theirs.y.tolist()),
        "another pool, site or width": (acts.pool, acts.model.site, acts.states.shape[2])
        == (other.pool, other.model.site, other.states.shape[2]),
    }
    return other_rows(acts, other) or next((what for what, alike in same.items() if not alike), "")
