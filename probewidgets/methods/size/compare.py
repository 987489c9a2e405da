"""Many probes on the same states: how accuracy and selectivity change with the size of the probe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from probewidgets.captures.activations import Activations
from probewidgets.data.control import ControlTask
from probewidgets.errors import ProbeError, clipped
from probewidgets.machine.arrays import take
from probewidgets.metrics.complexity import hypervolume, pareto_frontier
from probewidgets.probes.base import Probe, Scaler, check_count
from probewidgets.probes.own import as_probe
from probewidgets.sweeps.fits import as_control, check_arguments, states_of
from probewidgets.sweeps.report import over_seeds
from probewidgets.sweeps.results import Sweep
from probewidgets.sweeps.sweep import sweep

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Comparison", "compare"]


@dataclass(frozen=True, eq=False)
class Comparison:
    """The sweeps of several probes over the same states, from the smallest probe to the largest."""

    sweeps: Mapping[str, Sweep]
    """What each probe is called -> its sweep."""
    sizes: tuple[int, ...]
    """(P,) weights and biases that each probe has, as it is trained."""
    memory: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """What each probe is called -> (L,) share of the training targets that it is right on, trained on shuffled labels:
    how much it can learn by heart. Empty where that was not asked for."""

    @property
    def layers(self) -> tuple[int, ...]:
        """(L,) the layers, in order."""
        return next(iter(self.sweeps.values())).layers

    def __repr__(self) -> str:
        first = next(iter(self.sweeps.values()))
        return (
            f"Comparison({first.task!r} on {first.model.name!r}: {len(self.sweeps)} probes of {self.sizes[0]:,} to "
            f"{self.sizes[-1]:,} parameters, {len(self.layers)} layers)"
        )

    def frontier(self, layer: int, *, memory: bool = False) -> tuple[str, ...]:
        """The probes that no other one beats in both size and accuracy at a layer, the smallest first.

        Args:
            layer: Which layer.
            memory: Whether the size is how much a probe can learn by heart; else it is the number of its parameters.

        Raises:
            ProbeError: There is no such layer, or what a probe can learn by heart was not asked for.
        """
        if memory and not self.memory:
            raise ProbeError("What the probes can learn by heart is not known here: use compare(..., memory=True).")
        names, accuracy = list(self.sweeps), self._accuracy(layer)
        at = self.layers.index(layer)
        sizes = [self.memory[name][at] for name in names] if memory else list(self.sizes)
        return tuple(names[i] for i in pareto_frontier(sizes, accuracy))

    def hypervolume(self, layer: int) -> float:
        """How good the states of a layer are at all sizes: the area under the frontier, in [0, 1].

        Accuracy above the majority, over the decimal logarithm of the parameters, as a share of all the room there is
        from the smallest probe to ten times the largest. Compare layers of one comparison, not values of two.

        Source: Pimentel et al. 2020, "Pareto Probing: Trading Off Accuracy for Complexity", section 3.
        """
        chance = next(iter(self.sweeps.values())).baseline("majority")
        floor = 0.0 if chance is None else chance.value
        x = np.log10(self.sizes)
        room = (x.max() + 1 - x.min()) * (1 - floor)
        return hypervolume(x - x.min(), self._accuracy(layer), x.max() + 1 - x.min(), floor) / room

    def _accuracy(self, layer: int) -> list[float]:
        return [sweep.score(layer).accuracy.value for sweep in self.sweeps.values()]

    def table(self) -> pd.DataFrame:
        """One row per layer and probe: parameters, accuracy, control, selectivity with intervals, frontier or not."""
        import pandas as pd

        return pd.DataFrame(list(self._rows())).set_index(["layer", "probe"])

    def _rows(self) -> Iterator[dict[str, Any]]:
        for layer in self.layers:
            best = self.frontier(layer)
            by_heart = self.frontier(layer, memory=True) if self.memory else ()
            for (name, of_probe), size in zip(self.sweeps.items(), self.sizes, strict=True):
                score = of_probe.score(layer)
                row: dict[str, Any] = {"layer": layer, "probe": name, "parameters": size}
                for column in ("accuracy", "control", "selectivity"):
                    estimate = getattr(score, column)
                    if estimate is not None:
                        row |= {column: estimate.value, f"{column}_low": estimate.low, f"{column}_high": estimate.high}
                if score.seed_accuracies:
                    row["seeds_mean"], row["seeds_sd"] = over_seeds(score.seed_accuracies)
                if score.control is not None:
                    row["control_sampling"] = of_probe.settings["control sampling"]
                if self.memory:
                    row["memory"] = self.memory[name][self.layers.index(layer)]
                    row["on_memory_frontier"] = name in by_heart
                yield row | {"on_frontier": name in best, "converged": score.converged}


def compare(
    acts: Activations,
    probes: Mapping[str, Probe] | Sequence[Probe],
    *,
    control: bool | int | ControlTask = 3,
    seed: int = 0,
    seeds: int = 1,
    memory: bool = False,
    progress: bool = True,
) -> Comparison:
    """Sweep several probes over the same states, with the same control tasks: the curve over the size of the probe.

    Args:
        acts: (L, N, D) states, their targets and the split.
        probes: The probes; a mapping gives them names, otherwise they go by their own repr.
        control: How many draws of the control task, or a `ControlTask`; the same ones for every probe.
        seed: Of the draws and of the bootstrap.
        seeds: From how many seeds to train the probes that have one; the others are fitted once.
        memory: Whether to train each probe on shuffled labels too, to see how much of train it can learn by heart. That
            is a size which knows of penalties, and compares probes that are not made of the same parts. The penalty is
            the one chosen for the task.
        progress: Whether to show a progress bar for each probe.

    Returns:
        A Comparison, the probes in the order of their size.

    Raises:
        ProbeError: No probe, or something that is none; two probes with one name.
        DataError: As `sweep`.

    Source: Hewitt and Liang 2019, "Designing and Interpreting Probes with Control Tasks", section 4; memory: Pimentel
    et al. 2020, "Pareto Probing: Trading Off Accuracy for Complexity", section 4.2.
    """
    if not isinstance(probes, Mapping | Sequence):
        raise ProbeError(
            f"compare takes a list of probes second, [LinearProbe(), MLPProbe(hidden=100)], but {clipped(probes)} came."
        )
    named = dict(probes) if isinstance(probes, Mapping) else {repr(probe): probe for probe in probes}
    if not named or len(named) < len(probes):
        raise ProbeError("compare takes one probe or more, all different: [LinearProbe(), MLPProbe(hidden=100)].")
    drawn, seeds = as_control(control), check_count("seeds", seeds)
    for probe in named.values():
        check_arguments("compare", acts, probe)
    sweeps, learned = {}, {}
    for name, probe in named.items():
        several = seeds if as_probe(probe).seeded else 1
        swept = sweep(acts, probe, control=drawn, seed=seed, seeds=several, progress=progress)
        sweeps[name] = (as_probe(probe).n_parameters(swept.probes[0]), swept)
        if memory:
            learned[name] = tuple(_memory(acts, probe, score.layer, score.l2, seed) for score in swept.scores)
    order = sorted(sweeps, key=lambda name: sweeps[name][0])
    return Comparison({name: sweeps[name][1] for name in order}, tuple(sweeps[name][0] for name in order), learned)


def _memory(acts: Activations, probe: Probe, layer: int, l2: float, seed: int) -> float:
    """Share of train that a probe, at a penalty, is right on after training on its labels in another order."""
    rows = acts.rows("train")
    X = take(states_of(acts, layer), rows)
    X = Scaler.of(X).apply(X)
    y = np.array(acts.targets.labels)[np.random.default_rng([seed, 2]).permutation(acts.targets.y[rows])]
    return float(np.mean(as_probe(probe).at(l2).fit(X, y).predict(X) == y))
