"""Neurons: how much a probe reads from the first of a ranking alone, beside random ones and the last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from probewidgets.captures.activations import Activations
from probewidgets.errors import ProbeError, clipped
from probewidgets.machine.arrays import Floats, Ints
from probewidgets.machine.progress import bar
from probewidgets.probes.base import Probe, check_count
from probewidgets.probes.linear import LinearProbe
from probewidgets.probes.ranking import Ranker, WeightMass
from probewidgets.sweeps.fits import Plan, check_arguments
from probewidgets.sweeps.report import short_probe
from probewidgets.values import Estimate, ModelCard

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NeuronScore", "Neurons", "neurons"]

_SHARES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
"""Of the neurons, how many are kept, unless told otherwise."""


@dataclass(frozen=True)
class NeuronScore:
    """Test accuracy of probes that see N neurons of one layer only, each trained anew."""

    layer: int
    n: int
    top: Estimate
    """With the N first of the ranking."""
    random: Estimate
    """With N random ones."""
    bottom: Estimate
    """With the N last."""
    gain: Estimate
    """`top` - `random`, with a paired interval: what the ranking is worth."""


@dataclass(frozen=True, eq=False)
class Neurons:
    """One task, every layer: the neurons in order, and what probes read from some of them."""

    task: str
    unit: str
    """What was labelled: `"word"`, `"span"`, `"edge"` or `"sentence"`."""
    model: ModelCard
    corpus: str
    ranker: str
    """The ranker's own one-line repr."""
    probe: str
    """The probe's own one-line repr."""
    layers: tuple[int, ...]
    """(L,)"""
    orders: npt.NDArray[np.int64]
    """(L, D) neurons of each layer, the one that matters most first."""
    full: tuple[Estimate, ...]
    """(L,) test accuracy with all neurons."""
    majority: Estimate
    """Test accuracy of train's commonest label."""
    scores: tuple[NeuronScore, ...]
    """One per layer and N, in the order of the layers, from few neurons to many."""
    seed: int = 0

    def order(self, layer: int) -> Ints:
        """(D,) neurons of one layer, the one that matters most first.

        Raises:
            ProbeError: The layer was not ranked.
        """
        return self.orders[self._index(layer)]

    def fewest(self, layer: int, within: float = 0.01) -> int | None:
        """The least N that was tried whose first neurons are as accurate as all, up to `within`; None if none is.

        It is chosen on test, so its accuracy is a little too good: take N for what it is, a size.

        Raises:
            ProbeError: The layer was not ranked.
        """
        enough = self.full[self._index(layer)].value - within
        return next((s.n for s in self.scores if s.layer == layer and s.top.value >= enough), None)

    def _index(self, layer: int) -> int:
        if layer not in self.layers:
            raise ProbeError(f"The neurons of layer {layer!r} were not ranked. Ranked: {list(self.layers)}.")
        return self.layers.index(layer)

    def table(self) -> pd.DataFrame:
        """One row per layer and N: accuracy with the first N, with random ones, with the last N, and with all."""
        import pandas as pd

        rows = []
        for score in self.scores:
            row: dict[str, object] = {"layer": score.layer, "name": self.model.layer_name(score.layer), "n": score.n}
            for name in ("top", "random", "bottom", "gain"):
                estimate = getattr(score, name)
                row |= {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
            rows.append({**row, "full": self.full[self._index(score.layer)].value, "majority": self.majority.value})
        return pd.DataFrame(rows)

    def __repr__(self) -> str:
        best = self.layers[int(np.argmax([estimate.value for estimate in self.full]))]
        fewest = self.fewest(best)
        few = "no set that was tried is" if fewest is None else f"the first {fewest} are"
        all_of_them = (
            f"all {self.orders.shape[1]} of layer {best}, {self.full[self._index(best)].value:.3f}, within 0.01"
        )
        return (
            f"Neurons({self.task!r} on {self.model.name!r} by {short_probe(self.ranker)}: "
            f"{len(self.layers)} layers; {few} as accurate as {all_of_them})"
        )


def neurons(
    acts: Activations,
    ranker: Ranker | None = None,
    probe: Probe | None = None,
    *,
    sizes: Sequence[int] | None = None,
    seed: int = 0,
    bootstrap: int = 1000,
    progress: bool = True,
) -> Neurons:
    """Put the neurons of every layer in order, and train probes on the first N, on random N and on the last N of them.

    The order comes from train, penalties are chosen on dev, and accuracies are those of test. A good ranking has `top`
    far above `random` at small N; where `random` is as good, the property is spread over many neurons, and no single
    one should be named.

    Args:
        acts: (L, N, D) states, their targets and the split.
        ranker: `rankings.WeightMass()` by default, or `rankings.Probeless()`.
        probe: What is trained on the neurons that are left; `LinearProbe()` by default.
        sizes: How many neurons to keep; 1, 2, 5, 10, 20 and 50 % by default.
        seed: Of the random neurons and of the bootstrap.
        bootstrap: Resamples of the test sentences that the intervals come from.
        progress: Whether to show a progress bar over the layers.

    Raises:
        DataError: A side of the split has no target, train has one label only, or targets do not carry one label each.
        ModelError: States hold NaN or infinity.
        ProbeError: An argument is not what it should be.

    Cost: three probes for each size, of as many features.

    Source: Dalvi et al. 2019, "What Is One Grain of Sand in the Desert? Analyzing Individual Neurons in Deep NLP
    Models", section 4; Antverg and Belinkov 2022, "On the Pitfalls of Analyzing Individual Neurons in Language Models".
    """
    ranker, probe = ranker or WeightMass(), probe or LinearProbe()
    check_arguments("neurons", acts, probe)
    if isinstance(ranker, type) or not isinstance(ranker, Ranker):
        raise ProbeError(
            "neurons takes a ranker second, such as rankings.WeightMass() or rankings.Probeless(), but "
            f"{clipped(ranker)} came."
        )
    plan = Plan(acts, check_count("seed", seed, 0), check_count("bootstrap", bootstrap))
    kept = _sizes(sizes, acts.states.shape[2])
    orders: list[Ints] = []
    full: list[Estimate] = []
    scores: list[NeuronScore] = []
    with bar(f"Ranking {acts.targets.task}", "layer", acts.layers, shown=progress) as layers:
        for layer in layers:
            states = plan.states(layer)
            orders.append(ranker.order(states["train"], plan.y["train"]))
            full.append(plan.clusters.mean(plan.hits(probe, states)[0]))
            scores.extend(_scores(plan, probe, states, layer, orders[-1], kept))
    return Neurons(
        task=acts.targets.task,
        unit=acts.targets.unit,
        model=acts.model,
        corpus=acts.corpus.name,
        ranker=repr(ranker),
        probe=repr(probe),
        layers=acts.layers,
        orders=np.stack(orders),
        full=tuple(full),
        majority=plan.majority,
        scores=tuple(scores),
        seed=plan.seed,
    )


def _sizes(sizes: Sequence[int] | None, width: int) -> tuple[int, ...]:
    """How many neurons to keep, from few to many."""
    if sizes is None:
        return tuple(sorted({max(1, round(share * width)) for share in _SHARES}))
    wanted = list(sizes) if isinstance(sizes, Iterable) else []
    numbers = sorted({check_count("Each of the sizes", size) for size in wanted})
    if not numbers or numbers[-1] > width:
        raise ProbeError(f"sizes must be numbers of neurons from 1 to {width}, such as [1, 10], but {sizes!r} came.")
    return tuple(numbers)


def _scores(
    plan: Plan, probe: Probe, states: dict[str, Floats], layer: int, order: Ints, sizes: Sequence[int]
) -> Iterator[NeuronScore]:
    shuffled = np.random.default_rng(plan.seed).permutation(order)
    for n in sizes:
        top, random, bottom = (_hits(plan, probe, states, which) for which in (order[:n], shuffled[:n], order[-n:]))
        mean = plan.clusters.mean
        yield NeuronScore(layer, n, mean(top), mean(random), mean(bottom), mean(top - random))


def _hits(plan: Plan, probe: Probe, states: dict[str, Floats], which: Ints) -> npt.NDArray[np.float64]:
    """(test,) 1 where a probe of the neurons `which` is right."""
    return plan.hits(probe, {side: X[:, np.sort(which)] for side, X in states.items()})[0]
