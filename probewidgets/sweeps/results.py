"""Sweep: one task, every layer, whatever the kind of probe. A frozen value over numpy arrays; no torch."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from probewidgets.data.segment import Segmenter
from probewidgets.errors import ProbeError
from probewidgets.sweeps.score import NAMES, Score, named
from probewidgets.values import Baseline, Estimate, ModelCard

if TYPE_CHECKING:
    import pandas as pd
    from typing_extensions import Self

__all__ = ["Sweep"]

_CLASSES: dict[str, type[Sweep]] = {}
"""What a class of sweeps is called in files -> the class; filled by the classes."""


@dataclass(frozen=True, eq=False)
class Sweep:
    """One task, every layer: the scores, the fitted probes, and all that makes the numbers believable."""

    stored_as: ClassVar[str] = "sweep"
    """What the class is called in files."""
    pools_itself: ClassVar[bool] = False
    """Whether its probes take the states of a unit's tokens, and not one state for each unit."""

    kind: str
    """What the probes answer: `"label"`, `"labels"` (any number of them), `"number"`, `"tree"`, `"head"`, `"pair"`."""
    task: str
    unit: str
    """What was labelled: `"word"`, `"span"`, `"edge"`, `"sentence"` or `"pair"`."""
    model: ModelCard
    corpus: str
    """Name of the corpus."""
    pool: str
    """Name of the pool over a unit's tokens."""
    probe: str
    """The probe's own one-line repr."""
    scores: tuple[Score, ...]
    """(L,) one per layer, in the order of the layers."""
    probes: tuple[Any, ...]
    """(L,) the fitted probe of each layer, on states in the model's own units."""
    baselines: tuple[Baseline, ...]
    """What can be had without the layer's states, on the same test targets."""
    counts: Mapping[str, tuple[int, int]]
    """`"train"`, `"dev"`, `"test"` -> (targets, sentences)."""
    labels: tuple[str, ...] = ()
    """(K,) the labels that the probes know, those seen in train; none where they answer otherwise."""
    label_counts: tuple[int, ...] = ()
    """(K,) training targets that carry each label; none where that was not counted."""
    types: frozenset[str] = frozenset()
    """The word types of train."""
    unseen: float = float("nan")
    """Share of the test targets whose word type is not in train; NaN where that means nothing."""
    labels_unseen: tuple[str, ...] = ()
    """Labels that train never shows: errors in accuracy, F1, MCC and Brier score; left out of cross-entropy and dev."""
    duplicates: int = 0
    """Dev and test sentences that also stand in train."""
    test_in_train: int | None = None
    """Of `duplicates`, those of test; None where it was not counted."""
    dev_in_test: int | None = None
    """Dev sentences that also stand in test; None where it was not counted."""
    segmenter: Segmenter = ""
    """How words are found in raw text: see `probewidgets.data.segment`. Of one's own function, files keep the name."""
    seed: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Grid, standardisation, bootstrap size, versions: all that is needed to run it again."""
    notes: tuple[str, ...] = ()
    """What was done beside, in words: lines of the report."""
    cautions: tuple[str, ...] = ()
    """What to be careful about with probes of this kind, in words: lines of the report."""
    hits: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 0), np.int64))
    """(L, S) right answers of each layer in each test sentence. Empty where answers are not right or wrong."""
    sentence_targets: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    """(S,) targets of each test sentence."""
    answers: npt.NDArray[Any] = field(default_factory=lambda: np.zeros((0, 0), np.int32))
    """(L, N) label that each layer gave to each test target, as a place in `label_names`, sentence by sentence; or the
    number; of sets of labels (L, N, K) whether it gave each. Empty where answers are something else, and in files of
    early versions."""
    gold: npt.NDArray[Any] = field(default_factory=lambda: np.zeros(0, np.int32))
    """(N,) or (N, K) the gold ones, alike."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        _CLASSES[cls.stored_as] = cls

    def __len__(self) -> int:
        return len(self.scores)

    @property
    def layers(self) -> tuple[int, ...]:
        """(L,) the layers, in order."""
        return tuple(score.layer for score in self.scores)

    def index(self, layer: int) -> int:
        """Row of a layer; raises ProbeError with the valid ones."""
        if layer not in self.layers:
            raise ProbeError(f"Layer {layer!r} is not in this sweep. It has layers {list(self.layers)}.")
        return self.layers.index(layer)

    def score(self, layer: int) -> Score:
        """The score of one layer."""
        return self.scores[self.index(layer)]

    def probe_of(self, layer: int) -> Any:
        """The fitted probe of one layer."""
        return self.probes[self.index(layer)]

    @property
    def metric(self) -> str:
        """The score that the sweep goes by: `"accuracy"`, `"r2"`, `"micro_f1"`, `"uas"`, `"uuas"`."""
        return next(iter(self.scores[0].estimates))

    @property
    def metric_name(self) -> str:
        """What people call it: `"accuracy"`, `"R²"`, `"micro-F1"`, `"UAS"`, `"UUAS"`."""
        return NAMES.get(self.metric, self.metric)

    @property
    def best(self) -> Score:
        """The layer with the lowest loss on dev: chosen without looking at test.

        (Of trees that an early version saved, no loss was kept: there it is the layer that is highest on test.)
        """
        if np.isnan([score.dev_loss for score in self.scores]).all():
            return max(self.scores, key=lambda score: score.value.value)
        return min(self.scores, key=lambda score: (np.isnan(score.dev_loss), score.dev_loss))

    @property
    def chosen(self) -> str:
        """How the best layer was chosen: `"best on dev"`."""
        return "highest on test" if np.isnan(self.best.dev_loss) else "best on dev"

    def baseline(self, name: str) -> Estimate | None:
        """A baseline by name or column, `"word type"` or `"word_type"`; None where this sweep has none of it.

        Raises:
            ProbeError: No sweep has a baseline of that name.
        """
        return named(self.baselines, name)

    def __repr__(self) -> str:
        from probewidgets.sweeps.checks import few

        best, only = self.best, f" of {few(self)} only" * bool(few(self))
        against = "".join(
            f", {name.replace('_', ' ')} {best.beside[name].value:.3f}"
            for name in ("selectivity", "above_random")
            if name in best.beside
        )
        labels = f", {len(self.labels)} labels" if self.labels else ""
        return (
            f"{type(self).__name__}({self.task!r} on {self.model.name!r}: {len(self)} layers{labels}, "
            f"{self.chosen}: layer {best.layer}, test {self.metric} {best.value:.3f}{only}{against})"
        )

    def difference(self, layer: int, other: int) -> Estimate:
        """Score of `layer` - score of `other`, with a paired interval: both on the same resampled sentences.

        Raises:
            ProbeError: There is no such layer, or no answer of each test target was kept.
        """
        from probewidgets.sweeps.paired import Pair

        return Pair(self, self).difference(layer, other)

    @property
    def label_names(self) -> tuple[str, ...]:
        """All labels that `gold` can be: those that the probes know, and then those that train never shows."""
        return self.labels + self.labels_unseen

    def per_label(self, layer: int) -> pd.DataFrame:
        """Precision, recall, F1 (of sets AUROC, too) of each label on test, with intervals and support; or NaN."""
        from probewidgets.sweeps.answers import per_label

        return per_label(self, layer)

    def confusion(self, layer: int) -> pd.DataFrame:
        """How often each label (row) was given each label (column) on test."""
        from probewidgets.sweeps.answers import confusion

        return confusion(self, layer)

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
        from probewidgets.sweeps.stored import save_sweep

        save_sweep(self, path)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read what `save` wrote, of whatever kind the sweep is.

        Raises:
            StoreError: No such file, damaged, of another kind, of parts that do not belong together, or written by a
                newer version.
        """
        from probewidgets.sweeps.stored import load_sweep

        return load_sweep(path, cls, _CLASSES)


_CLASSES[Sweep.stored_as] = Sweep
