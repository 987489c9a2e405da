"""Edge probing: words, spans and pairs of spans labelled from the states of their tokens, layer by layer.

Source: Tenney, Das and Pavlick 2019, "BERT Rediscovers the Classical NLP Pipeline", section 3.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from probewidgets.captures.span_tokens import SpanTokens
from probewidgets.data.targets import Targets
from probewidgets.errors import DataError, ProbeError
from probewidgets.methods.edges.probe import Spans
from probewidgets.metrics.layers import ExpectedLayer, centre_of_gravity, differential, expected_layer
from probewidgets.probes.base import Probe, Scaler, check_states
from probewidgets.sweeps.graded import GradedTrial
from probewidgets.sweeps.results import Sweep
from probewidgets.sweeps.score import Score
from probewidgets.sweeps.trial import Asked, Layer

__all__ = ["EdgeSweep", "EdgeTrial"]


@dataclass(frozen=True, eq=False, repr=False)
class EdgeSweep(Sweep):
    """A Sweep of edge probes, one per layer: of that layer alone, or of all layers up to it."""

    stored_as: ClassVar[str] = "edge-sweep"
    pools_itself: ClassVar[bool] = True

    @property
    def cumulative(self) -> bool:
        """Whether the probe of layer l mixes layers 0 to l."""
        return bool(self.settings["cumulative"])

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
        return differential([score.value.value for score in self.scores])

    @property
    def expected_layer(self) -> ExpectedLayer:
        """The layer at which the score is gained, and whether that means anything; of a cumulative sweep."""
        self._check_cumulative()
        estimates = [score.value for score in self.scores]
        half = (estimates[-1].high - estimates[-1].low) / 2
        return expected_layer([estimate.value for estimate in estimates], self.layers, half)

    def _check_cumulative(self) -> None:
        if not self.cumulative:
            raise ProbeError("Each probe of this sweep reads one layer: use sweep(..., EdgeProbe(cumulative=True)).")


@dataclass(frozen=True, eq=False)
class EdgeTrial(GradedTrial):
    """A sweep of an edge probe: its targets are those of a multi-label task, its states those of their tokens."""

    tokens: SpanTokens

    name: ClassVar[str] = "edge"
    result: ClassVar[type[Sweep]] = EdgeSweep

    @classmethod
    def of(cls, acts: Any, probe: Probe, asked: Asked) -> EdgeTrial:
        """The trial of a probe on the tokens of spans.

        Raises:
            DataError, ProbeError: They do not belong together, or there is nothing to fit, to choose or to test on.
        """
        if not isinstance(acts, SpanTokens):
            raise ProbeError(
                "An EdgeProbe learns how to pool the tokens of each span, but the states came pooled: keep the tokens, "
                "capture(model, corpus, task, pool=None)."
            )
        # The targets with their sets of labels and their sides; the states are their tokens', elsewhere.
        empty = np.zeros((len(acts.layers), len(acts.targets), 0), np.float32)
        targets = replace(acts.tokens, states=empty, targets=_sets_of_labels(acts.targets), pool="learned attention")
        trial = cls(targets, asked.seed, asked.bootstrap, probe, asked, acts)
        trial.check()
        return trial

    @property
    def kind(self) -> str:  # type: ignore[override]
        """`"labels"`: any number of them."""
        return "labels"

    @cached_property
    def in_train(self) -> npt.NDArray[np.bool_]:
        """(T,) which tokens stand in a span of train."""
        tokens = np.zeros(len(self.tokens.tokens.targets), dtype=bool)
        for row in self.rows["train"]:
            for begin, end in zip(self.tokens.begin[row], self.tokens.end[row], strict=True):
                tokens[begin:end] = True
        return tokens

    @property
    def bytes_of_fit(self) -> int:
        """Bytes of the states of all tokens, at as many layers as are mixed."""
        layers, *shape = self.tokens.tokens.states.shape
        return 4 * int(np.prod(shape)) * (layers if self.probe.cumulative else 1)

    def spans(self, layer: int) -> Spans:
        """The states of all tokens that the probe of a layer reads, standardised on those of train."""
        place = self.acts.layers.index(layer)
        used = self.acts.layers[: place + 1] if self.probe.cumulative else (layer,)
        states = [check_states(self.tokens.tokens.layer(each)) for each in used]
        standard = [Scaler.of(each[self.in_train]).apply(each) for each in states]
        return Spans(np.stack(standard).astype(np.float32), self.tokens.begin, self.tokens.end)

    def run(self, layer: int) -> Layer:
        """Fit the task and its control draws, stopping on dev."""
        spans = self.spans(layer)
        train, dev, test = (spans.take(self.rows[side]) for side in ("train", "dev", "test"))
        sets = zip(self.side("train"), self.side("dev"), strict=True)
        fitted = [self.probe.fit(train, y, dev, y_dev) for y, y_dev in sets]
        proba = fitted[0].proba(test)
        predicted = [proba >= 0.5, *(probe.predict(test) for probe in fitted[1:])]
        score = Score(
            layer=layer,
            estimates=self.estimates(predicted[0], proba),
            dev_loss=fitted[0].dev_loss,
            converged=all(probe.converged for probe in fitted),
            beside=self.beside(predicted),
            **self.ranked(proba),
        )
        return Layer(score, fitted[0], answers=predicted[0])

    @property
    def settings(self) -> dict[str, Any]:
        """All that is needed to run it again."""
        return {**super().settings, "cumulative": self.probe.cumulative}


def _sets_of_labels(targets: Targets) -> Targets:
    """Targets that carry one label each as ones that carry a set of one."""
    if targets.kind == "labels":
        return targets
    if targets.kind == "number":
        raise DataError(f"The targets of {targets.task!r} carry numbers: an edge probe predicts labels.")
    return replace(targets, y=np.eye(len(targets.labels), dtype=bool)[targets.y])
