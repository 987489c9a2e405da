"""Information: how many bits of the labels a probe gets out of states, beyond the word type or a lower layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from probewidgets.captures.activations import Activations
from probewidgets.errors import ModelError, ProbeError
from probewidgets.machine.arrays import Floats
from probewidgets.machine.progress import bar
from probewidgets.methods.information.types import one_hot_types, random_type_vectors, type_means
from probewidgets.probes.base import Probe, check_count
from probewidgets.probes.linear import LinearProbe
from probewidgets.sweeps.fits import Plan, check_arguments
from probewidgets.values import Estimate, ModelCard

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Information", "LayerInformation", "information"]

Bits = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LayerInformation:
    """The bits per target that one layer tells of the labels."""

    layer: int
    left: Estimate
    """H(Y | R): what a probe of this layer is surprised by on test."""
    information: Estimate
    """H(Y) - H(Y | R): what the probe gets out of this layer."""
    share: float
    """That, as a share of H(Y)."""
    baselined: Estimate | None
    """H(Y | B) - H(Y | R): how much more than out of the baseline layer; blind to what each has and the other lacks."""
    conditional: Estimate | None
    """H(Y | B) - H(Y | B, R): what this layer adds to the baseline layer."""
    gains: Mapping[str, Estimate]
    """For each control H(Y | c) - H(Y | R): how much more than out of what knows the word only."""
    converged: bool
    """Whether the fits met their tolerance."""


@dataclass(frozen=True, eq=False)
class Information:
    """One task, every layer: bits of the labels that a family of probes can use."""

    task: str
    unit: str
    """What was labelled: `"word"`, `"span"`, `"edge"` or `"sentence"`."""
    model: ModelCard
    corpus: str
    probe: str
    """The probe's own one-line repr: another family, other bits."""
    entropy: Estimate
    """H(Y): what the frequencies of train are surprised by on test."""
    baseline: int | None
    """The layer B that others are compared with."""
    given_baseline: Estimate | None
    """H(Y | B)."""
    given_controls: Mapping[str, Estimate]
    """For each control H(Y | c)."""
    rows: tuple[LayerInformation, ...]
    """(L,) in the order of the layers."""
    left_out: int = 0
    """Test targets whose label train never shows: they do not count."""
    seed: int = 0

    @property
    def layers(self) -> tuple[int, ...]:
        """(L,) the layers, in order."""
        return tuple(row.layer for row in self.rows)

    def row(self, layer: int) -> LayerInformation:
        """The bits of one layer.

        Raises:
            ProbeError: It was not measured.
        """
        for row in self.rows:
            if row.layer == layer:
                return row
        raise ProbeError(f"Layer {layer!r} was not measured. Measured: {list(self.layers)}.")

    @property
    def notes(self) -> tuple[str, ...]:
        """Cautions for the reader."""
        return tuple(self._notes())

    def _notes(self) -> Iterator[str]:
        if self.baseline is None:
            yield "No baseline layer: nothing is said of what a layer adds to the embeddings."
        for name, given in self.given_controls.items():
            if given.value > self.entropy.value:
                yield f"The control {name!r} is worse than the frequencies of the labels: gains over it say little."
        if worse := [str(row.layer) for row in self.rows if row.information.value < 0]:
            yield f"The probe is worse than the frequencies of the labels at layer {', '.join(worse)}: it overfits."
        if loose := [str(row.layer) for row in self.rows if not row.converged]:
            yield f"A fit did not converge at layer {', '.join(loose)}: raise max_iter (epochs)."
        if self.left_out:
            yield f"{self.left_out:,} test targets carry labels that train never shows: they do not count."

    def table(self) -> pd.DataFrame:
        """One row per layer, its index the layer too: bits with `_low` and `_high`, gains as `gain_NAME`."""
        import pandas as pd

        rows = []
        for row in self.rows:
            cells: dict[str, object] = {"layer": row.layer, "name": self.model.layer_name(row.layer)}
            columns = {
                "left": row.left,
                "information": row.information,
                "baselined": row.baselined,
                "conditional": row.conditional,
                **{f"gain_{name.replace(' ', '_')}": gain for name, gain in row.gains.items()},
            }
            for name, estimate in columns.items():
                if estimate is not None:
                    cells |= {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
            rows.append({**cells, "share": row.share, "entropy": self.entropy.value, "converged": row.converged})
        return pd.DataFrame(rows, index=pd.Index(self.layers))

    def __repr__(self) -> str:
        row = max(self.rows, key=lambda row: row.information.value)
        adds = "" if row.conditional is None else f", {row.conditional.value:.3f} beyond layer {self.baseline}"
        return (
            f"Information({self.task!r} on {self.model.name!r}: {len(self.rows)} layers, most at layer {row.layer}: "
            f"{row.information.value:.3f} of {self.entropy.value:.3f} bits per {self.unit}{adds})"
        )


def information(
    acts: Activations,
    probe: Probe | None = None,
    *,
    baseline: int | None = 0,
    controls: Mapping[str, npt.ArrayLike] | None = None,
    seed: int = 0,
    bootstrap: int = 1000,
    progress: bool = True,
) -> Information:
    """How many bits of the labels probes get out of each layer, and how many of them are not in the words themselves.

    Information is what a family of probes can use: H(Y), with no state at all, - H(Y | R), both as surprise on test.
    Three comparisons say where it comes from. *Baselined*: more than out of the baseline layer. *Conditional*: what a
    layer adds to the baseline layer, from a probe of both, beside one of both with the layer zeroed; it sees what the
    difference of two scores cannot, that two layers know different things. *Gain*: more than out of features that know
    the word type only. Intervals are over sentences and paired.

    Args:
        acts: (L, N, D) states, their targets and the split.
        probe: Which family; `LinearProbe()` by default.
        baseline: The layer to compare with, the embeddings by default; None for no such comparison.
        controls: Name -> (N, D') features of the targets to compare with. By default, but for sentences, three:
            `"layer 0 by type"` (its mean over the word type, if it was captured), `"type"` (one column for each of the
            1,000 commonest) and `"random by type"` (a random vector for each type). None of them sees the sentence.
        seed: Of the random vectors and of the bootstrap.
        bootstrap: Resamples of the test sentences that the intervals come from.
        progress: Whether to show a progress bar over the layers.

    Raises:
        DataError: A side of the split has no target, train has one label only, or targets do not carry one label each.
        ModelError: States hold NaN or infinity, or the baseline layer was not captured.
        ProbeError: An argument is not what it should be.

    Cost: each layer that of one probe, and of one of twice the width.

    Source: Xu et al. 2020, "A Theory of Usable Information under Computational Constraints", definition 2; Hewitt et
    al. 2021, "Conditional probing: measuring usable information beyond a baseline", section 3; Pimentel et al. 2020,
    "Information-Theoretic Probing for Linguistic Structure", section 3.1 (the gain).
    """
    probe = LinearProbe() if probe is None else probe
    check_arguments("information", acts, probe)
    plan = Plan(acts, check_count("seed", seed, 0), check_count("bootstrap", bootstrap))
    if baseline is not None and baseline not in acts.layers:
        raise ModelError(
            f"The baseline layer {baseline!r} was not captured ({list(acts.layers)} were). Capture it too, "
            f"capture(..., layers={[baseline, *acts.layers]}), or pass baseline=None."
        )
    reader = _Reader(plan, probe, None if baseline is None else plan.states(baseline))
    features = _type_features(plan) if controls is None else _checked(acts, controls)
    given = {name: reader.bits(plan.sides_of(X))[0] for name, X in features.items()}
    with bar(f"Measuring {acts.targets.task}", "layer", acts.layers, shown=progress) as layers:
        rows = [reader.row(layer, plan.states(layer), given) for layer in layers]
    return Information(
        task=acts.targets.task,
        unit=acts.targets.unit,
        model=acts.model,
        corpus=acts.corpus.name,
        probe=repr(probe),
        entropy=reader.mean(reader.without_states),
        baseline=baseline,
        given_baseline=None if reader.given_baseline is None else reader.mean(reader.given_baseline),
        given_controls={name: reader.mean(bits) for name, bits in given.items()},
        rows=tuple(rows),
        left_out=int((~reader.shown).sum()),
        seed=plan.seed,
    )


@dataclass(frozen=True, eq=False)
class _Reader:
    """Surprise of the test labels, in bits, under probes of one family."""

    plan: Plan
    probe: Probe
    baseline: dict[str, Floats] | None
    """Of each side the states of the baseline layer."""

    @cached_property
    def shown(self) -> npt.NDArray[np.bool_]:
        """(test,) whether train shows the label: no probe can have learned others."""
        shown = np.isin(self.plan.y["test"], self.plan.y["train"])
        return np.asarray(shown, dtype=bool)

    @cached_property
    def without_states(self) -> Bits:
        """(test,) bits under the frequencies of train: the best that any probe can make of a constant."""
        counts = np.bincount(self.plan.y["train"], minlength=len(self.plan.acts.targets.labels))
        seen = np.maximum(counts[self.plan.y["test"]], 1)
        return -np.log2(seen / len(self.plan.y["train"]))

    @cached_property
    def given_baseline(self) -> Bits | None:
        """(test,) bits under a probe of the baseline layer, as wide as those it is compared with."""
        if self.baseline is None:
            return None
        return self.bits({side: np.concatenate([B, np.zeros_like(B)], 1) for side, B in self.baseline.items()})[0]

    def bits(self, states: dict[str, Floats]) -> tuple[Bits, bool]:
        """(test,) bits under a probe of these states, and whether its fit converged."""
        log_proba, converged = self.plan.read(self.probe, states)
        gold = self.plan.y["test"]
        return -log_proba[np.arange(len(gold)), gold] / np.log(2), converged

    def mean(self, bits: Bits) -> Estimate:
        """Bits per target, over the targets whose label train shows."""
        return self.plan.clusters.mean(bits, self.shown, unit="bits")

    def row(self, layer: int, states: dict[str, Floats], given: Mapping[str, Bits]) -> LayerInformation:
        """The bits of one layer."""
        left, converged = self.bits(states)
        got, baselined, conditional = self.mean(self.without_states - left), None, None
        if self.baseline is not None and self.given_baseline is not None:
            both = {side: np.concatenate([self.baseline[side], X], 1) for side, X in states.items()}
            together, met = self.bits(both)
            baselined, conditional = (self.mean(self.given_baseline - bits) for bits in (left, together))
            converged = converged and met
        return LayerInformation(
            layer=layer,
            left=self.mean(left),
            information=got,
            share=got.value / self.mean(self.without_states).value,
            baselined=baselined,
            conditional=conditional,
            gains={name: self.mean(bits - left) for name, bits in given.items()},
            converged=converged,
        )


def _type_features(plan: Plan) -> dict[str, Floats]:
    """Features that know the word type only."""
    acts, surface = plan.acts, plan.acts.targets.surface
    if acts.targets.unit == "sentence":
        return {}
    features: dict[str, Floats] = {}
    if 0 in acts.layers:
        features["layer 0 by type"] = type_means(acts.layer(0), surface, plan.rows["train"])
    features["type"] = one_hot_types(surface, plan.rows["train"])
    features["random by type"] = random_type_vectors(surface, acts.states.shape[2], plan.seed)
    return features


def _checked(acts: Activations, controls: Mapping[str, npt.ArrayLike]) -> dict[str, Floats]:
    """Features that were given, a row for each target."""
    checked = {}
    for name, features in controls.items():
        X = np.asarray(features, dtype=np.float32)
        if X.ndim != 2 or len(X) != acts.n_targets or not np.isfinite(X).all():
            raise ProbeError(
                f"The control {name!r} must be a matrix of finite numbers with a row for each of the "
                f"{acts.n_targets:,} targets, but came with shape {X.shape}."
            )
        checked[str(name)] = X
    return checked
