"""Erase: what probes read before and after an eraser, beside the removal of as many random dimensions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from probewidgets.captures.activations import Activations
from probewidgets.errors import ProbeError, clipped
from probewidgets.machine.arrays import Floats
from probewidgets.machine.progress import bar
from probewidgets.methods.erasure.erasers import LEACE, Eraser, FittedEraser, RandomDirections
from probewidgets.probes.base import Probe, check_count
from probewidgets.probes.linear import LinearProbe
from probewidgets.probes.mlp import MLPProbe
from probewidgets.sweeps.fits import Plan, check_arguments
from probewidgets.sweeps.report import short_probe
from probewidgets.values import Estimate, ModelCard

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Erased", "Erasure", "erase"]

_LEFT = 0.05
"""Accuracy above the majority's from which a probe is said to read something still."""


@dataclass(frozen=True)
class Erased:
    """The accuracy of one probe at one layer: before, after, and after the removal of as many random dimensions."""

    layer: int
    probe: str
    """The probe's repr, without what is left open."""
    n_dims: int
    """Dimensions that the eraser removed, and the control too."""
    before: Estimate
    """Test accuracy of the probe on the states as they are."""
    after: Estimate
    """Test accuracy of the same probe, trained anew on erased states."""
    random: Estimate
    """The same after as many random dimensions were removed."""
    lost: Estimate
    """`before` - `after`, with a paired interval."""
    lost_beyond_random: Estimate
    """`random` - `after`, with a paired interval: what is lost because of which dimensions went, not how many."""
    moved: float
    """Mean squared distance that test states were moved, as a share of their variance."""
    converged: bool
    """Whether the three fits met their tolerance."""


@dataclass(frozen=True, eq=False)
class Erasure:
    """One task, every layer: what can be read before and after erasing the task's labels."""

    task: str
    unit: str
    """What was labelled: `"word"`, `"span"`, `"edge"` or `"sentence"`."""
    model: ModelCard
    corpus: str
    eraser: str
    """The eraser's own one-line repr."""
    majority: Estimate
    """Test accuracy of train's commonest label."""
    rows: tuple[Erased, ...]
    """One per layer and probe, in the order of the layers."""
    erasers: tuple[FittedEraser, ...]
    """(L,) for states in the model's own units."""
    seed: int = 0

    @property
    def layers(self) -> tuple[int, ...]:
        """(L,) the layers, in order."""
        return tuple(dict.fromkeys(row.layer for row in self.rows))

    def eraser_of(self, layer: int) -> FittedEraser:
        """The fitted eraser of one layer.

        Raises:
            ProbeError: Nothing was erased there.
        """
        if layer not in self.layers:
            raise ProbeError(f"Layer {layer!r} was not erased. Erased: {list(self.layers)}.")
        return self.erasers[self.layers.index(layer)]

    @property
    def notes(self) -> tuple[str, ...]:
        """Cautions for the reader."""
        return tuple(self._notes())

    def _notes(self) -> Iterator[str]:
        left = [row for row in self.rows if row.after.value > self.majority.value + _LEFT]
        for probe in dict.fromkeys(row.probe for row in left):
            layers = ", ".join(str(row.layer) for row in left if row.probe == probe)
            yield f"After erasing {probe} still reads the labels at layer {layers}: only linear traces are erased."
        for layer in self.layers:
            eraser = self.eraser_of(layer)
            if 2 * eraser.n_dims > len(eraser.mean):
                yield (
                    f"At layer {layer} {eraser.n_dims} of {len(eraser.mean)} dimensions were removed: much else went "
                    "with the labels, so compare with the random dimensions."
                )
        if loose := {row.layer for row in self.rows if not row.converged}:
            yield f"A fit did not converge at layer {', '.join(map(str, sorted(loose)))}: raise max_iter (epochs)."

    def table(self) -> pd.DataFrame:
        """One row per layer and probe: accuracy before, after and after random removal, with intervals."""
        import pandas as pd

        rows = []
        for row in self.rows:
            cells: dict[str, object] = {
                "layer": row.layer,
                "name": self.model.layer_name(row.layer),
                "probe": row.probe,
            }
            for name in ("before", "after", "random", "lost", "lost_beyond_random"):
                estimate = getattr(row, name)
                cells |= {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
            rows.append(
                {**cells, "majority": self.majority.value, "n_dims": row.n_dims, "moved": row.moved}
                | {"converged": row.converged}
            )
        return pd.DataFrame(rows)

    def __repr__(self) -> str:
        row = max(self.rows, key=lambda row: row.before.value)
        before, after, random = (estimate.value for estimate in (row.before, row.after, row.random))
        return (
            f"Erasure({self.task!r} on {self.model.name!r} by {short_probe(self.eraser)}: {len(self.layers)} layers; "
            f"at layer {row.layer} {row.n_dims} dimensions take {row.probe} from {before:.3f} to {after:.3f}, "
            f"random ones to {random:.3f}, majority {self.majority.value:.3f})"
        )


def erase(
    acts: Activations,
    *,
    eraser: Eraser | None = None,
    probes: Sequence[Probe] | None = None,
    seed: int = 0,
    bootstrap: int = 1000,
    progress: bool = True,
) -> Erasure:
    """Take the labels out of the states, and see what probes, trained anew, still read.

    The eraser is fitted on train (INLP stops on dev); each probe is trained on erased train, its penalty chosen on dev,
    and scored on erased test. The same is done with as many random dimensions removed, since removing many dimensions
    takes something from any probe. A linear probe should fall to the majority; what an MLP still reads is not linear.

    Args:
        acts: (L, N, D) states, their targets and the split.
        eraser: `erasers.LEACE()` by default, or `erasers.INLP()`.
        probes: What reads; `LinearProbe()` and `MLPProbe()` by default.
        seed: Of the random dimensions and of the bootstrap.
        bootstrap: Resamples of the test sentences that the intervals come from.
        progress: Whether to show a progress bar over the layers.

    Raises:
        DataError: A side of the split has no target, train has one label only, or targets do not carry one label each.
        ModelError: States hold NaN or infinity.
        ProbeError: An argument is not what it should be.

    Cost: each layer that of three probes, for each of the `probes`; an MLP takes most of it.

    Source: Belrose et al. 2023, "LEACE: Perfect linear concept erasure in closed form", and Elazar et al. 2021,
    "Amnesic Probing", section 3.2 (the random dimensions).
    """
    eraser = LEACE() if eraser is None else eraser
    probes = (LinearProbe(), MLPProbe()) if probes is None else tuple(probes)
    for probe in probes or (None,):
        check_arguments("erase", acts, probe)
    if isinstance(eraser, type) or not isinstance(eraser, Eraser):
        raise ProbeError(
            f"erase takes an eraser, such as eraser=erasers.LEACE() or erasers.INLP(), but {clipped(eraser)} came."
        )
    plan = Plan(acts, check_count("seed", seed, 0), check_count("bootstrap", bootstrap))
    rows: list[Erased] = []
    fitted: list[FittedEraser] = []
    y = plan.y["train"]
    with bar(f"Erasing {acts.targets.task}", "layer", acts.layers, shown=progress) as layers:
        for layer in layers:
            states = plan.states(layer)
            fitted.append(eraser.fit(states["train"], y, states["dev"], plan.y["dev"]))
            rows.extend(_compare(plan, probes, layer, states, fitted[-1]))
    return Erasure(
        task=acts.targets.task,
        unit=acts.targets.unit,
        model=acts.model,
        corpus=acts.corpus.name,
        eraser=repr(eraser),
        majority=plan.majority,
        rows=tuple(rows),
        erasers=tuple(fitted),
        seed=plan.seed,
    )


def _compare(
    plan: Plan, probes: Sequence[Probe], layer: int, states: dict[str, Floats], eraser: FittedEraser
) -> Iterator[Erased]:
    """Compare, for each probe, its accuracy at one layer before and after."""
    control = RandomDirections(eraser.n_dims, plan.seed).fit(states["train"], plan.y["train"])
    erased, thinned = ({side: by.apply(X) for side, X in states.items()} for by in (eraser, control))
    for probe in probes:
        read = [plan.hits(probe, sides) for sides in (states, erased, thinned)]
        before, after, random = (hits for hits, _ in read)
        mean = plan.clusters.mean
        yield Erased(
            layer=layer,
            probe=short_probe(repr(probe)),
            n_dims=eraser.n_dims,
            before=mean(before),
            after=mean(after),
            random=mean(random),
            lost=mean(before - after),
            lost_beyond_random=mean(random - after),
            moved=_moved(states["test"], erased["test"]),
            converged=all(converged for _, converged in read),
        )


def _moved(before: Floats, after: Floats) -> float:
    """Mean squared distance between states, as a share of the variance."""
    variance = float(before.var(0, dtype=np.float64).sum())
    distance = float(np.square(after - before, dtype=np.float64).sum(1).mean())
    return distance / variance if variance else float("nan")
