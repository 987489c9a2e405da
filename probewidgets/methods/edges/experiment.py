"""Edge probing: words, spans and pairs of spans labelled from the states of their tokens, layer by layer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from probewidgets.captures.activations import Activations
from probewidgets.captures.span_tokens import SpanTokens, sets_of_labels
from probewidgets.data.control import ControlTask
from probewidgets.errors import ProbeError
from probewidgets.methods.edges.probe import EdgeProbe, FittedEdge, Spans
from probewidgets.metrics.layers import ExpectedLayer, centre_of_gravity, differential, expected_layer
from probewidgets.probes.base import Scaler, check_count, check_states
from probewidgets.sweeps.fits import as_control
from probewidgets.sweeps.graded import Plan, baselines_beside, control_scores
from probewidgets.sweeps.results import GradedScore, GradedSweep

__all__ = ["EdgeSweep", "edge_sweep"]


@dataclass(frozen=True, eq=False, repr=False)
class EdgeSweep(GradedSweep):
    """A GradedSweep of edge probes, one per layer: of that layer alone, or of all layers up to it."""

    made_by: ClassVar[str] = "edge_sweep"

    cumulative: bool = False
    """Whether the probe of layer l mixes layers 0 to l."""

    @property
    def mix(self) -> npt.NDArray[np.float64]:
        """(L,) weights of all layers in the probe that mixes them all; of a cumulative sweep."""
        self._check_cumulative()
        weights: npt.NDArray[np.float64] = self.probes[-1].mix
        return weights

    @property
    def centre_of_gravity(self) -> float:
        """Mean layer under `mix`. Weights are no importance: prefer `expected_layer`."""
        return centre_of_gravity(self.mix, self.layers)

    @property
    def differential(self) -> npt.NDArray[np.float64]:
        """(L - 1,) what each layer adds to the score of those below it; of a cumulative sweep."""
        self._check_cumulative()
        return differential([score.scores[self.metric].value for score in self.scores])

    @property
    def expected_layer(self) -> ExpectedLayer:
        """The layer at which the score is gained, and whether that means anything; of a cumulative sweep."""
        self._check_cumulative()
        scores = [score.scores[self.metric] for score in self.scores]
        half = (scores[-1].high - scores[-1].low) / 2
        return expected_layer([score.value for score in scores], self.layers, half)

    def _check_cumulative(self) -> None:
        if not self.cumulative:
            raise ProbeError("Each probe of this sweep reads one layer: use edge_sweep(..., cumulative=True).")


def edge_sweep(
    spans: SpanTokens,
    probe: EdgeProbe | None = None,
    *,
    cumulative: bool = False,
    control: bool | int | ControlTask = False,
    seed: int = 0,
    bootstrap: int = 1000,
    progress: bool = True,
) -> EdgeSweep:
    """Fit an edge probe for every layer; stop on dev, score on test.

    Args:
        spans: What `capture(..., pool=None)` gives, of targets with one label or any number of them.
        probe: Which probe; `EdgeProbe()` by default.
        cumulative: Whether the probe of layer l mixes layers 0 to l, which gives the expected layer.
        control: Whether to train a control task too; a number asks for so many draws of it, and a `ControlTask` says
            too how they are drawn: uniformly over the sets of labels that train shows.
        seed: Of the control draws and of the bootstrap.
        bootstrap: Resamples of the test sentences that the intervals come from.
        progress: Whether to show a progress bar over the layers.

    Returns:
        An EdgeSweep, by micro-F1 over all (target, label) decisions.

    Raises:
        DataError: A side of the split has no target, or a label is on none or on all of train.
        ProbeError: NaN or infinity in the states; an argument is not what it should be.

    Source: Tenney, Das and Pavlick 2019, "BERT Rediscovers the Classical NLP Pipeline", section 3.
    """
    from tqdm.auto import tqdm

    probe = EdgeProbe() if probe is None else probe
    if not isinstance(spans, SpanTokens) or not isinstance(probe, EdgeProbe):
        came = f"{type(spans).__name__} and {type(probe).__name__}"
        raise ProbeError(
            f"edge_sweep takes SpanTokens, which capture(..., pool=None) gives, and an EdgeProbe, but {came} came."
        )
    seed, bootstrap, drawn = check_count("seed", seed, 0), check_count("bootstrap", bootstrap), as_control(control)
    plan = Plan(_labelled(spans), seed, bootstrap, drawn)
    plan.check()
    states = _standardised(spans, plan)
    scores, probes = [], []
    with tqdm(range(len(spans.layers)), desc=f"Probing {plan.acts.targets.task}", disable=not progress) as layers:
        for place in layers:
            score, fitted = _run(plan, probe, states, spans.layers, place, cumulative)
            scores.append(score)
            probes.append(fitted)
    targets = plan.acts.targets
    return EdgeSweep(
        task=targets.task,
        unit=targets.unit,
        kind="labels",
        labels=targets.labels,
        model=spans.tokens.model,
        corpus=spans.tokens.corpus.name,
        pool="learned attention",
        probe=repr(probe),
        scores=tuple(scores),
        probes=tuple(probes),
        baselines=baselines_beside(plan, scores),
        counts=plan.counts,
        unseen=float(plan.unseen.mean()),
        seed=seed,
        settings={"bootstrap": bootstrap, "cumulative": cumulative, **drawn.settings},
        cumulative=cumulative,
    )


def _labelled(spans: SpanTokens) -> Activations:
    """The targets with their sets of labels and their sides; the states are their tokens', elsewhere."""
    empty = np.zeros((len(spans.layers), len(spans.targets), 0), np.float32)
    return replace(spans.tokens, states=empty, targets=sets_of_labels(spans.targets))


def _standardised(spans: SpanTokens, plan: Plan) -> Spans:
    """The states of all tokens, standardised on those of train."""
    train = np.zeros(len(spans.tokens.targets), dtype=bool)
    for row in plan.rows["train"]:
        for begin, end in zip(spans.begin[row], spans.end[row], strict=True):
            train[begin:end] = True
    layers = []
    for layer in spans.layers:
        states = check_states(spans.tokens.layer(layer))
        layers.append(Scaler.of(states[train]).apply(states))
    return Spans(np.stack(layers).astype(np.float32), spans.begin, spans.end)


def _run(
    plan: Plan, probe: EdgeProbe, states: Spans, layers: tuple[int, ...], place: int, cumulative: bool
) -> tuple[GradedScore, FittedEdge]:
    """The probe of one layer and those of its controls, and how they do on test."""
    used = states.layers(slice(0 if cumulative else place, place + 1))
    train, dev, test = (used.take(plan.rows[side]) for side in ("train", "dev", "test"))
    sets = zip(plan.side("train"), plan.side("dev"), strict=True)
    fitted = [probe.fit(train, y, dev, y_dev) for y, y_dev in sets]
    proba = fitted[0].proba(test)
    predicted = [proba >= 0.5, *(one.predict(test) for one in fitted[1:])]
    gold = plan.side("test")[0]
    bits = -np.log2(np.maximum(np.where(gold, proba, 1 - proba), 1e-12))
    score = GradedScore(
        layer=layers[place],
        scores=plan.scores(predicted[0], bits=bits),
        l2=float("nan"),
        edge_of_grid=False,
        converged=all(one.converged for one in fitted),
        dev_loss=fitted[0].dev_loss,
        **(control_scores(plan, predicted) if plan.control.draws else {}),
    )
    return score, fitted[0]
