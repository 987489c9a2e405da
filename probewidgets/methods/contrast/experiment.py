"""Contrast pairs: a direction of truth found without labels at every layer, beside one found with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from probewidgets.captures.activations import Activations
from probewidgets.errors import DataError, ProbeError
from probewidgets.machine.arrays import Floats, Ints, take
from probewidgets.methods.contrast.probe import CCSProbe, FittedCCS, ccs_loss
from probewidgets.metrics.intervals import Clusters
from probewidgets.probes.base import Scaler, check_count
from probewidgets.probes.means import MassMeanProbe
from probewidgets.sweeps.fits import states_of
from probewidgets.sweeps.results import ByLayer, Saved
from probewidgets.values import Estimate, ModelCard

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ContrastScore", "ContrastSweep", "ccs"]

_SIDES = ("train", "dev", "test")
_DIRECTIONS = 200
"""Random directions that the baseline is the mean of."""
_TOSS_UP = 0.1
"""So near to one half, the share of training pairs that were right says nothing of which end is true."""


@dataclass(frozen=True)
class ContrastScore:
    """What one layer's direction scored on the test pairs."""

    layer: int
    accuracy: Estimate
    """Share of the pairs of which the true statement is told; the end of the direction chosen by labels of train."""
    random: Estimate
    """The same of random directions, their ends chosen alike (mean)."""
    above_random: Estimate
    """`accuracy` - `random`, with a paired interval."""
    mass_mean: Estimate
    """The same of the direction from the mean of the false statements of train to that of the true: with labels."""
    loss: float
    """The loss on train, the lowest of all starts."""
    dev_loss: float
    """The loss on dev."""
    found: float
    """Share of the training pairs that were right before the end was chosen."""
    flipped: bool
    """Whether the direction was turned round."""


@dataclass(frozen=True, eq=False)
class ContrastSweep(ByLayer[ContrastScore, FittedCCS], Saved):
    """Truth read off contrast pairs at every layer, without labels but for its sign."""

    task: str
    model: ModelCard
    corpus: str
    probe: str
    """The probe's own one-line repr."""
    scores: tuple[ContrastScore, ...]
    probes: tuple[FittedCCS, ...]
    """(L,) the fitted probe of each layer, on states in the model's own units."""
    counts: Mapping[str, int]
    """`"train"`, `"dev"`, `"test"` -> pairs."""
    alone: int = 0
    """Statements left out because the other one of their pair has no row."""
    seed: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def best(self) -> ContrastScore:
        """The layer with the lowest loss on dev: chosen without any label, and without looking at test."""
        return min(self.scores, key=lambda score: score.dev_loss)

    def __repr__(self) -> str:
        best = self.best
        return (
            f"ContrastSweep({self.task!r} on {self.model.name!r}: {len(self)} layers, lowest loss on dev: layer "
            f"{best.layer}, test accuracy {best.accuracy:.3f}, of random directions {best.random.value:.3f})"
        )

    def table(self) -> pd.DataFrame:
        """One row per layer: accuracy with its interval, random directions and the mass mean beside it, the losses."""
        import pandas as pd

        rows = []
        for score in self.scores:
            row: dict[str, Any] = {"layer": score.layer, "name": self.model.layer_name(score.layer)}
            for name in ("accuracy", "random", "above_random", "mass_mean"):
                estimate = getattr(score, name)
                row |= {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
            rows.append(row | {name: getattr(score, name) for name in ("loss", "dev_loss", "found", "flipped")})
        return pd.DataFrame(rows, index=pd.Index(self.layers))

    def report(self) -> str:
        """The same in words: what was run, on what, and what to be careful about."""
        return "\n".join([*self._what(), "", *self._found(), "", "Be careful:", *self._warnings()])

    def _what(self) -> Iterator[str]:
        pairs = ", ".join(f"{side} {n:,}" for side, n in self.counts.items())
        yield f"Contrast pairs of {self.task!r} on {self.corpus!r}, read off {self.model.place!r}"
        yield f"  probe {self.probe}; each side standardised on its own rows of train, seed {self.seed}"
        yield f"  pairs: {pairs}"
        yield "  the direction was found without labels; its sign was chosen by the labels of train"

    def _found(self) -> Iterator[str]:
        yield "Test accuracy, with 95 % intervals over pairs; chance is 0.5:"
        for score in self.scores:
            best = "   <- lowest loss on dev" if score is self.best else ""
            turned = ", turned" if score.flipped else ""
            yield (
                f"  layer {self.model.layer_name(score.layer)}: {score.accuracy}, random directions "
                f"{score.random.value:.3f}, mass mean (with labels) {score.mass_mean.value:.3f}, loss {score.loss:.3f} "
                f"(right on {score.found:.1%} of train{turned}){best}"
            )

    def _warnings(self) -> Iterator[str]:
        best = self.best
        yield "- A probe shows what can be read off the states, not that the model uses it, or believes it."
        yield '- Whatever else sets true statements apart from their opposites (a "not") may be what was found.'
        if not best.above_random.low > 0:
            yield f"- Layer {best.layer} is not clearly above random directions, by {best.above_random}."
        if loose := [score.layer for score in self.scores if abs(score.found - 0.5) < _TOSS_UP]:
            yield f"- Of layer(s) {loose} train hardly tells which end of the direction is true: a toss-up."
        if self.alone:
            yield f"- {self.alone:,} statements were left out: the other one of their pair has no row."


def ccs(
    acts: Activations,
    probe: CCSProbe | None = None,
    *,
    bootstrap: int = 1000,
    seed: int = 0,
    progress: bool = True,
) -> ContrastSweep:
    """Look for a direction of truth in contrast pairs, layer by layer: contrast-consistent search.

    Which statement of a pair stands on which side is drawn by a coin, so that neither side is the true one; the search
    sees the sides and no label. Labels of train then choose the sign, and those of test score it.

    Args:
        acts: States of `SentenceTask("label")` of a corpus of `read_pairs`, usually with `pool=last`. Of the two labels
            the last in order (`"positive"`) is that of the true statements.
        probe: Which probe; `CCSProbe()` by default.
        bootstrap: Resamples of the test pairs that the intervals come from.
        seed: Of the coins, of the random directions and of the bootstrap.
        progress: Whether to show a progress bar over the layers.

    Returns:
        A ContrastSweep.

    Raises:
        DataError: The targets are no contrast pairs, or a side of the split has none.
        ModelError: States hold NaN or infinity.
        ProbeError: An argument is not what it should be.

    Cost: on 2 cores about a second per layer for 210 training pairs x 384 features; more pairs in proportion.

    Source: Burns et al. 2022, "Discovering Latent Knowledge in Language Models Without Supervision", section 2; the
    mass mean beside it: Marks and Tegmark 2023, "The Geometry of Truth", section 5.1.
    """
    from tqdm.auto import tqdm

    probe = CCSProbe() if probe is None else probe
    if not isinstance(acts, Activations) or not isinstance(probe, CCSProbe):
        came = f"{type(acts).__name__} and {type(probe).__name__}"
        raise ProbeError(f"ccs takes Activations of contrast pairs, and a CCSProbe, but {came} came.")
    plan = _Pairs(acts, check_count("bootstrap", bootstrap), check_count("seed", seed, 0))
    scores, probes = [], []
    with tqdm(acts.layers, desc=f"Searching {acts.targets.task}", unit="layer", disable=not progress) as layers:
        for layer in layers:
            score, fitted = _run_layer(plan, probe, layer)
            scores.append(score)
            probes.append(fitted)
    return ContrastSweep(
        task=acts.targets.task,
        model=acts.model,
        corpus=acts.corpus.name,
        probe=repr(probe),
        scores=tuple(scores),
        probes=tuple(probes),
        counts={side: len(plan.rows[side]) for side in _SIDES},
        alone=len(acts.targets) - 2 * sum(map(len, plan.rows.values())),
        seed=seed,
        settings={"standardised": "train, each side", "sign": "labels of train", "bootstrap": bootstrap},
    )


@dataclass(frozen=True, eq=False)
class _Pairs:
    """What is the same for all layers: the pairs of each side of the split, in the order of their names."""

    acts: Activations
    bootstrap: int
    seed: int

    @cached_property
    def rows(self) -> dict[str, Ints]:
        """Of each side of the split (P, 2) rows of each pair: the one statement, and the other."""
        targets = self.acts.targets
        if targets.n_spans or targets.kind != "label" or len(targets.labels) != 2:
            raise DataError(
                f"ccs takes whole sentences with one of two labels, but task {targets.task!r} has {targets.unit}s with "
                f"{len(targets.labels)}. Capture SentenceTask('label') of a corpus of read_pairs."
            )
        found = {side: self._pairs(side) for side in _SIDES}
        names = sorted(name for pairs in found.values() for name in pairs)
        coins = dict(zip(names, np.random.default_rng(self.seed).integers(2, size=len(names)).tolist(), strict=True))
        return {
            side: np.array([pairs[name][:: -1 if coins[name] else 1] for name in sorted(pairs)])
            for side, pairs in found.items()
        }

    def _pairs(self, side: str) -> dict[str, list[int]]:
        """The name of each pair -> the rows of its two statements, as they come."""
        targets, found = self.acts.targets, dict[str, list[int]]()
        for row in self.acts.rows(side).tolist():
            name, slash, _ = self.acts.corpus[int(targets.example[row])].id.rpartition("/")
            if slash:
                found.setdefault(name, []).append(row)
        pairs = {name: rows for name, rows in found.items() if len(rows) == 2}
        if (
            not pairs
            or any(targets.y[a] == targets.y[b] for a, b in pairs.values())
            or max(map(len, found.values())) > 2
        ):
            raise DataError(
                f"The {side} side has no contrast pairs: two examples whose ids are alike up to the last slash, with "
                "different labels. Read them with read_pairs, and give the corpus a split with pairs on all sides."
            )
        return pairs

    def truth(self, side: str) -> npt.NDArray[np.bool_]:
        """(P,) whether the one statement of each pair is the true one."""
        y: npt.NDArray[np.bool_] = self.acts.targets.y[self.rows[side][:, 0]] == 1
        return y

    @cached_property
    def clusters(self) -> Clusters:
        """Each test pair by itself."""
        return Clusters(np.arange(len(self.rows["test"])), self.bootstrap, self.seed)


def _run_layer(plan: _Pairs, probe: CCSProbe, layer: int) -> tuple[ContrastScore, FittedCCS]:
    states = states_of(plan.acts, layer)
    pairs = {side: (take(states, rows[:, 0]), take(states, rows[:, 1])) for side, rows in plan.rows.items()}
    truth = plan.truth("test")
    fitted = probe.fit(*pairs["train"], plan.truth("train"))
    hits, random = fitted.predict(*pairs["test"]) == truth, _random_hits(plan, fitted, pairs)
    score = ContrastScore(
        layer=layer,
        accuracy=plan.clusters.mean(hits),
        random=plan.clusters.mean(random),
        above_random=plan.clusters.mean(hits - random),
        mass_mean=plan.clusters.mean(_mass_mean(plan, pairs) == truth),
        loss=fitted.loss,
        dev_loss=float(ccs_loss(*fitted.pair_proba(*pairs["dev"]))),
        found=fitted.found,
        flipped=fitted.flipped,
    )
    return score, fitted


Pair = tuple[Floats, Floats]
"""(P, D) states of the one statement of each pair, and of the other."""


def _random_hits(plan: _Pairs, fitted: FittedCCS, pairs: dict[str, Pair]) -> npt.NDArray[np.float64]:
    """(test,) share of random directions that are right, in the same standardised states, their signs from train."""
    width = len(fitted.coef_)
    directions = np.random.default_rng([plan.seed, 1]).normal(size=(width, _DIRECTIONS))

    def right(side: str) -> npt.NDArray[np.bool_]:
        one, other = pairs[side]
        return ((fitted.one.apply(one) - fitted.other.apply(other)) @ directions > 0) == plan.truth(side)[:, None]

    turned = right("train").mean(0) < 0.5
    return np.asarray((right("test") ^ turned).mean(1), np.float64)


def _mass_mean(plan: _Pairs, pairs: dict[str, Pair]) -> npt.NDArray[np.bool_]:
    """(test,) whether the one statement is so, by the direction between the means of true and false ones of train."""
    one, other = pairs["train"]
    truth = plan.truth("train")
    X, y = np.concatenate([one, other]), np.concatenate([truth, ~truth])
    scaler = Scaler.of(X)
    fitted = MassMeanProbe().fit(scaler.apply(X), y)
    a, b = (fitted.log_proba(scaler.apply(side))[:, 1] for side in pairs["test"])
    return np.asarray(a > b)
