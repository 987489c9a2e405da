"""What comes out: estimates with intervals, one score per layer, a Sweep, and Predictions for a typed text.

Frozen values over numpy arrays; no torch. Every `repr` is one line.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from probewidgets.values import Baseline, Estimate, ModelCard

if TYPE_CHECKING:
    import pandas as pd
    from typing_extensions import Self

    from probewidgets.probes.base import FittedProbe

__all__ = [
    "ByLayer",
    "GradedScore",
    "GradedSweep",
    "LayerScore",
    "Saved",
    "Sweep",
]


@dataclass(frozen=True)
class LayerScore:
    """What one layer's probe scored on test, and how it was fitted and chosen."""

    layer: int
    accuracy: Estimate
    macro_f1: Estimate
    cross_entropy: Estimate
    """Bits per target."""
    l2: float
    """The penalty: chosen on dev where the probe leaves it open, else the probe's own; NaN for a probe without one. An
    `ElasticNetProbe`'s is its L1 penalty: `Sweep.settings["penalty"]` says which it is."""
    edge_of_grid: bool
    """Whether that penalty is the smallest or the largest of the grid: a better one may lie outside."""
    converged: bool
    """Whether all fits met their tolerance: of the task, the control draws, random models and further seeds."""
    dev_cross_entropy: float
    """Bits per target on dev, over the labels that train shows."""
    control: Estimate | None = None
    """Accuracy on the control task, mean over the draws."""
    control_sd: float = float("nan")
    """Standard deviation of the control accuracy over the draws; NaN for one draw."""
    control_l2: tuple[float, ...] = ()
    """The penalty of each control draw, by the same rule as the task's."""
    control_edges: int = 0
    """How many control draws took the smallest or the largest penalty of the grid."""
    selectivity: Estimate | None = None
    """Task accuracy - control accuracy, with a paired interval."""
    random: Estimate | None = None
    """Accuracy on the states of the same model with random weights, mean over its seeds."""
    random_sd: float = float("nan")
    """Standard deviation of that accuracy over the seeds; NaN for one seed."""
    random_l2: tuple[float, ...] = ()
    """The penalty for each random model, by the same rule."""
    random_edges: int = 0
    """For how many random models it is the smallest or the largest of the grid."""
    above_random: Estimate | None = None
    """Task accuracy - that of the random models, with a paired interval: what training the model has added."""
    seed_accuracies: tuple[float, ...] = ()
    """Accuracy of the probe trained from each of several seeds, its own first; none where one was trained."""
    accuracy_unseen: float = float("nan")
    """Accuracy on the test targets whose word type is not in train; NaN where there are none."""
    accuracy_ambiguous: float = float("nan")
    """Accuracy on the test targets whose word type has two labels or more in train; NaN where there are none."""
    mcc: float = float("nan")
    """Matthews correlation of gold and predicted labels, in [-1, 1]."""
    brier: float = float("nan")
    """Brier score, summed over the labels, in [0, 2]; 0 is perfect."""
    calibration_error: float = float("nan")
    """How far the probe's confidence is from its accuracy, over 15 bins of equal mass, in [0, 1]."""
    temperature: float = 1.0
    """What logits are divided by for the probabilities that are shown, fitted on dev: above 1 the probe was too sure.
    Every other score is the probe's own; 1 in a sweep saved by an early version."""
    calibration_error_scaled: float = float("nan")
    """The calibration error at that temperature."""


class _Scored(Protocol):
    @property
    def layer(self) -> int: ...


Score = TypeVar("Score", bound=_Scored)
Fitted = TypeVar("Fitted")


class ByLayer(Generic[Score, Fitted]):
    """What every result over layers has in common."""

    scores: tuple[Score, ...]
    """(L,) one per layer, in the order of the layers."""
    probes: tuple[Fitted, ...]
    """(L,) the fitted probe of each layer, on states in the model's own units."""

    def __len__(self) -> int:
        return len(self.scores)

    @property
    def layers(self) -> tuple[int, ...]:
        """(L,) the layers, in order."""
        return tuple(score.layer for score in self.scores)

    def index(self, layer: int) -> int:
        """Row of a layer; raises ProbeError with the valid ones."""
        from probewidgets.errors import ProbeError

        if layer not in self.layers:
            raise ProbeError(f"Layer {layer!r} is not in this sweep. It has layers {list(self.layers)}.")
        return self.layers.index(layer)

    def score(self, layer: int) -> Score:
        """The score of one layer."""
        return self.scores[self.index(layer)]

    def probe_of(self, layer: int) -> Fitted:
        """The fitted probe of one layer."""
        return self.probes[self.index(layer)]


class Saved:
    """A result that is written to one file and read from it."""

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write to one safetensors file (weights + JSON header), under a temporary name and then renamed.

        Raises:
            ProbeError: A probe is not one of this package, or the parts of the sweep do not belong together.
            StoreError: The file cannot be written.
        """
        from probewidgets.probes.stored_sweeps import save_result

        save_result(self, path)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read what `save` wrote.

        Raises:
            StoreError: No such file, damaged, of another kind, of parts that do not belong together, or written by a
                newer version.
        """
        from probewidgets.probes.stored_sweeps import load_result

        return load_result(path, cls)


@dataclass(frozen=True, eq=False)
class Sweep(ByLayer[LayerScore, "FittedProbe"]):
    """One task, every layer: the scores, the fitted probes, and all that makes the numbers believable."""

    task: str
    unit: str
    """What was labelled: `"word"`, `"span"`, `"edge"` or `"sentence"`."""
    labels: tuple[str, ...]
    """(K,) the labels that the probes know: those seen in train."""
    model: ModelCard
    corpus: str
    """Name of the corpus."""
    pool: str
    """Name of the pool over a unit's tokens."""
    segmenter: str
    """How words are found in raw text: see `probewidgets.data.segment`."""
    probe: str
    """The probe's own one-line repr."""
    scores: tuple[LayerScore, ...]
    """(L,) one per layer, in the order of the layers."""
    probes: tuple[FittedProbe, ...]
    """(L,) the fitted probe of each layer, on states in the model's own units."""
    baselines: tuple[Baseline, ...]
    counts: Mapping[str, tuple[int, int]]
    """`"train"`, `"dev"`, `"test"` -> (targets, sentences)."""
    label_counts: tuple[int, ...]
    """(K,) training targets per label."""
    types: frozenset[str]
    """The word types of train."""
    unseen: float
    """Share of the test targets whose word type is not in train."""
    labels_unseen: tuple[str, ...] = ()
    """Labels of dev or test that train never shows: errors in accuracy, F1, MCC and Brier score; left out of
    cross-entropy, and so of dev."""
    duplicates: int = 0
    """Dev and test sentences that also stand in train."""
    test_in_train: int | None = None
    """Of `duplicates`, those of test; None where it was not counted (a sweep saved by an early version)."""
    dev_in_test: int | None = None
    """Dev sentences that also stand in test; None where it was not counted."""
    seed: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Grid, standardisation, bootstrap size, versions: all that is needed to run it again."""
    hits: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 0), np.int64))
    """(L, S) right answers of each layer in each test sentence: what `difference` pairs."""
    sentence_targets: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    """(S,) targets of each test sentence."""

    @property
    def best(self) -> LayerScore:
        """The layer with the lowest cross-entropy on dev: chosen without looking at test."""
        return min(self.scores, key=lambda score: score.dev_cross_entropy)

    def baseline(self, name: str) -> Estimate | None:
        """Accuracy of a baseline by name; None where it was not computed."""
        return next((b.accuracy for b in self.baselines if b.name == name), None)

    def __repr__(self) -> str:
        best = self.best
        control = f", selectivity {best.selectivity.value:.3f}" if best.selectivity else ""
        return (
            f"Sweep({self.task!r} on {self.model.name!r}: {len(self)} layers, {len(self.labels)} labels, "
            f"best on dev: layer {best.layer}, test accuracy {best.accuracy:.3f}{control})"
        )

    def difference(self, layer: int, other: int) -> Estimate:
        """Accuracy of `layer` - accuracy of `other`, with a paired interval: both on the same resampled sentences."""
        from probewidgets.metrics.intervals import Clusters

        above = self.hits[self.index(layer)] - self.hits[self.index(other)]
        clusters = Clusters(np.arange(len(above)), int(self.settings.get("bootstrap", 1000)), self.seed)
        return clusters.ratio(above, self.sentence_targets)

    def table(self) -> pd.DataFrame:
        """One row per layer: the scores with their intervals, the control, and the baselines beside them."""
        from probewidgets.sweeps.report import table

        return table(self)

    def report(self) -> str:
        """The same in words: what was run, on what, and what to be careful about."""
        from probewidgets.sweeps.report import report

        return report(self)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write to one safetensors file (weights + JSON header), under a temporary name and then renamed.

        Raises:
            ProbeError: A probe is not one of this package, or the parts of the sweep do not belong together.
            StoreError: The file cannot be written.
        """
        from probewidgets.probes.persistence import save_sweep

        save_sweep(self, path)

    @staticmethod
    def load(path: str | os.PathLike[str]) -> Sweep:
        """Read what `save` wrote.

        Raises:
            StoreError: No such file, damaged, of another kind, of parts that do not belong together, or written by a
                newer version.
        """
        from probewidgets.probes.persistence import load_sweep

        return load_sweep(path)


@dataclass(frozen=True)
class GradedScore:
    """What one layer's probe scored on test, where answers are graded: numbers, or sets of labels."""

    layer: int
    scores: Mapping[str, Estimate]
    """By name; the first is the one that the sweep goes by: `"r2"`, or `"micro_f1"`."""
    l2: float
    """The penalty chosen on dev; for sets of labels the median over the labels."""
    edge_of_grid: bool
    """Whether that penalty (or one of the labels') is the smallest or the largest of the grid."""
    converged: bool
    dev_loss: float
    """Mean squared error, or mean cross-entropy per label (nats), on dev."""
    control: Estimate | None = None
    """The first score on the control task, mean over the draws."""
    selectivity: Estimate | None = None
    """Score - control score, with a paired interval."""


@dataclass(frozen=True, eq=False)
class GradedSweep(ByLayer[GradedScore, Any], Saved):
    """One task with graded answers, every layer: the scores, the fitted probes, and what can be had without them."""

    made_by: ClassVar[str] = "sweep"
    """The function that makes one."""

    task: str
    unit: str
    kind: str
    """`"number"` (a regression) or `"labels"` (multi-label)."""
    labels: tuple[str, ...]
    """(K,) the labels; none for a regression."""
    model: ModelCard
    corpus: str
    pool: str
    probe: str
    """The probe's own one-line repr."""
    scores: tuple[GradedScore, ...]
    probes: tuple[Any, ...]
    """(L,) the fitted probe of each layer, on states in the model's own units."""
    baselines: Mapping[str, Mapping[str, Estimate]]
    """`"constant"`, `"word type"`, `"layer 0"`, `"control constant"` -> the same scores on the same test targets."""
    counts: Mapping[str, tuple[int, int]]
    """`"train"`, `"dev"`, `"test"` -> (targets, sentences)."""
    unseen: float
    """Share of the test targets whose word type is not in train."""
    seed: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def metric(self) -> str:
        """The score that the sweep goes by."""
        return next(iter(self.scores[0].scores))

    @property
    def best(self) -> GradedScore:
        """The layer with the lowest loss on dev: chosen without looking at test."""
        return min(self.scores, key=lambda score: score.dev_loss)

    def __repr__(self) -> str:
        best, control = self.best, ""
        if best.selectivity:
            control = f", selectivity {best.selectivity.value:.3f}"
        return (
            f"{type(self).__name__}({self.task!r} on {self.model.name!r}: {len(self)} layers, "
            f"best on dev: layer {best.layer}, test {self.metric} {best.scores[self.metric]:.3f}{control})"
        )

    def table(self) -> pd.DataFrame:
        """One row per layer: the scores with their intervals, the control, and the baselines beside them."""
        from probewidgets.sweeps.report import graded_table

        return graded_table(self)

    def report(self) -> str:
        """The same in words: what was run, on what, and what to be careful about."""
        from probewidgets.sweeps.report import graded_report

        return graded_report(self)
