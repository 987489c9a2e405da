"""Trial: what a kind of probe brings to a sweep. How a layer is fitted and scored, and what can be had without it."""

from __future__ import annotations

import platform
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from probewidgets import __version__
from probewidgets.captures.activations import Activations
from probewidgets.data.control import ControlTask
from probewidgets.machine import onednn
from probewidgets.machine.arrays import most_in_memory
from probewidgets.metrics.controls import control_estimates
from probewidgets.metrics.intervals import Clusters
from probewidgets.probes.base import Probe
from probewidgets.probes.watching import watched
from probewidgets.sweeps.fits import Sides
from probewidgets.sweeps.results import Sweep
from probewidgets.sweeps.score import Score
from probewidgets.values import Baseline, Estimate

__all__ = ["TRIALS", "Asked", "Layer", "Trial", "against_controls"]

TRIALS: dict[str, type[Trial]] = {}
"""What probes call a trial -> the trial; filled by the classes."""


@dataclass(frozen=True, eq=False)
class Asked:
    """What a sweep is asked for, beside the task."""

    control: ControlTask
    randoms: tuple[Activations, ...] = ()
    """States of the same targets in models with random weights."""
    seeds: int = 1
    """How many seeds a probe that has one is trained from."""
    seed: int = 0
    """Of the control draws and of the bootstrap."""
    bootstrap: int = 1000
    """Resamples of the test sentences."""


@dataclass(frozen=True, eq=False)
class Layer:
    """What one layer gave."""

    score: Score
    fitted: Any
    """The fitted probe, on states as the model gives them."""
    hits: npt.NDArray[np.bool_] | None = None
    """(test,) whether each answer is right; None where answers are not right or wrong."""
    answers: npt.NDArray[Any] | None = None
    """(test,) the label given to each target, as a place in `Sweep.label_names`, or its number; or (test, K) whether it
    is given each label. None where answers are something else."""


@dataclass(frozen=True, eq=False)
class Trial(Sides):
    """One sweep at work: everything that is the same for all layers, found once, and `run` for each of them."""

    probe: Any
    """The probe."""
    asked: Asked

    name: ClassVar[str]
    """What probes call it: see `Probe.trial`."""
    kind: ClassVar[str]
    """What the probes answer: see `Sweep.kind`."""
    result: ClassVar[type[Sweep]] = Sweep
    """What it gives in the end; a class of its own where a method has more to say."""
    cautions: ClassVar[tuple[str, ...]] = ()
    """What to be careful about with probes of this kind: lines of the report."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "name" in vars(cls):
            TRIALS[cls.name] = cls

    @classmethod
    def of(cls, acts: Any, probe: Probe, asked: Asked) -> Any:
        """The trial of a probe on states.

        Raises:
            DataError, ProbeError: They do not belong together, or there is nothing to fit, to choose or to test on.
        """
        trial = cls(acts, asked.seed, asked.bootstrap, probe, asked)
        trial.check()
        return trial

    @abstractmethod
    def check(self) -> None:
        """Raise an error where there is nothing to fit, to choose or to test on."""

    @abstractmethod
    def run(self, layer: int) -> Layer:
        """Fit the probe of one layer on train, choose on dev, score on test."""

    def each(self, layers: Sequence[int]) -> Iterator[Layer]:
        """What each of some layers gives, in order; of probes that train on one core a few are trained at a time."""
        if not self.probe.one_core or watched() is not None:
            yield from map(self.run, layers)
            return
        from probewidgets.machine.threads import side_by_side

        yield from side_by_side(self.run, layers, most_in_memory() // (4 * self.bytes_of_fit or 1))  # it makes copies

    @property
    def bytes_of_fit(self) -> int:
        """Bytes of the states that one fit reads."""
        return 4 * int(np.prod(self.acts.states.shape[1:]))

    @abstractmethod
    def baselines(self, scores: Sequence[Score]) -> Iterator[Baseline]:
        """What can be had without the layer's states, on the same test targets."""

    def of_embeddings(self, scores: Sequence[Score]) -> Iterator[Baseline]:
        """Layer 0 as a baseline of the layers above, where it is the embeddings."""
        if self.acts.model.have_baseline(self.acts.layers):
            first = next(score for score in scores if score.layer == 0)
            _, *others = first.estimates
            yield Baseline("layer 0", first.value, {other: first.estimates[other] for other in others})

    @property
    def test_gold(self) -> npt.NDArray[Any]:
        """What would be right on test, as `Layer.answers` has it; of trials whose answers are labels."""
        raise NotImplementedError

    def facts(self) -> Mapping[str, Any]:
        """What else the sweep says, by the names of its fields."""
        return {}

    @property
    def settings(self) -> dict[str, Any]:
        """All that is needed to run it again."""
        return {
            "bootstrap": self.bootstrap,
            "versions": {
                "probewidgets": __version__,
                "python": platform.python_version(),
                "numpy": np.__version__,
                "torch": version("torch"),
                "float32 products": onednn.described(),
            },
        }

    def sweep(self, layers: Sequence[Layer]) -> Sweep:
        """The result, of what all layers gave."""
        acts, targets = self.acts, self.acts.targets
        scores = tuple(layer.score for layer in layers)
        fields: dict[str, Any] = {
            "kind": self.kind,
            "task": targets.task,
            "unit": targets.unit,
            "model": acts.model,
            "corpus": acts.corpus.name,
            "pool": acts.pool,
            "segmenter": acts.corpus.segmenter,
            "probe": repr(self.probe),
            "scores": scores,
            "probes": tuple(layer.fitted for layer in layers),
            "baselines": tuple(self.baselines(scores)),
            "counts": self.counts,
            "seed": self.seed,
            "settings": self.settings | {"texts": acts.corpus.writing.facts},
            "cautions": self.cautions,
        }
        return self.result(**fields | self._hits(layers) | self._answers(layers) | dict(self.facts()))

    def _hits(self, layers: Sequence[Layer]) -> dict[str, npt.NDArray[np.int64]]:
        """Right answers by test sentence, where there are any."""
        hits = [layer.hits for layer in layers if layer.hits is not None]
        if len(hits) < len(layers):
            return {}
        return {
            "hits": np.stack([self.clusters.sums(each) for each in hits]).astype(np.int64),
            "sentence_targets": self.clusters.sums(np.ones(len(hits[0]))).astype(np.int64),
        }

    def _answers(self, layers: Sequence[Layer]) -> dict[str, npt.NDArray[Any]]:
        """What each layer's probe gave, and what is gold, sentence by sentence: labels, sets of them, or numbers."""
        answers = [layer.answers for layer in layers if layer.answers is not None]
        if len(answers) < len(layers):
            return {}
        order = np.argsort(self.clusters.index, kind="stable")
        kind = np.int32 if np.issubdtype(answers[0].dtype, np.integer) else answers[0].dtype
        return {
            "answers": np.stack([each[order] for each in answers]).astype(kind),
            "gold": self.test_gold[order].astype(kind),
            "sentence_targets": np.bincount(self.clusters.index).astype(np.int64),
        }


def against_controls(
    clusters: Clusters, task: npt.NDArray[Any], controls: Sequence[npt.NDArray[Any]], names: tuple[str, str]
) -> tuple[dict[str, Estimate], dict[str, float]]:
    """The same hits on something else (mean over its draws), how far the task is above it, and the spread of the draws.

    Args:
        clusters: The sentences of the test targets.
        task: (test,) whether the probe is right.
        controls: The same of each draw.
        names: What it and the difference are called: `("control", "selectivity")`.

    Returns:
        `Score.beside` and `Score.facts`; nothing without a draw.
    """
    if not controls:
        return {}, {}
    mean, sd, difference = control_estimates(clusters, task, controls)
    return {names[0]: mean, names[1]: difference}, {f"{names[0]}_sd": sd}
