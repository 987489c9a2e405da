"""Structural probing: dependency trees read off the states of every layer, and how right they are."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from probewidgets.captures.activations import Activations
from probewidgets.data.corpus import Example
from probewidgets.data.dependencies import check_heads, depths, distances, spanning_tree
from probewidgets.errors import DataError, ProbeError
from probewidgets.machine.arrays import Floats, Ints, take
from probewidgets.methods.trees.probe import FittedStructural, StructuralProbe, Tree
from probewidgets.metrics.graded import ranks
from probewidgets.metrics.intervals import Clusters
from probewidgets.probes.base import Scaler, check_count, check_states
from probewidgets.sweeps.results import ByLayer, Saved
from probewidgets.values import Estimate, ModelCard

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Parse", "StructuralScore", "StructuralSweep", "parses", "structural"]

_LENGTHS = (5, 50)
"""Spearman's r is averaged over sentences of each length between these."""


@dataclass(frozen=True)
class StructuralScore:
    """What one layer's structural probe scored on test."""

    layer: int
    uuas: Estimate
    """Share of the gold edges, without direction and without punctuation, that the predicted trees have."""
    distance_spearman: Estimate
    """Spearman's r between a word's predicted and gold distances, over words, then over sentences of one length, then
    over lengths 5 to 50."""
    root: Estimate
    """Share of the sentences whose root has the least predicted depth."""
    depth_spearman: Estimate
    """Spearman's r between predicted and gold depths, over sentences of one length, then lengths 5 to 50."""
    converged: bool


@dataclass(frozen=True, eq=False)
class StructuralSweep(ByLayer[StructuralScore, FittedStructural], Saved):
    """Trees read off every layer."""

    task: str
    model: ModelCard
    corpus: str
    pool: str
    """Name of the pool over a word's tokens."""
    segmenter: str
    """How words are found in raw text: see `probewidgets.data.segment`."""
    probe: str
    scores: tuple[StructuralScore, ...]
    probes: tuple[FittedStructural, ...]
    """(L,) the fitted probe of each layer, on states in the model's own units."""
    chain: Estimate
    """UUAS of joining each word to the next one: what can be had without any state."""
    counts: Mapping[str, tuple[int, int]]
    """`"train"`, `"dev"`, `"test"` -> (words, sentences)."""
    types: frozenset[str] = frozenset()
    """The word types of train."""
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        best = max(self.scores, key=lambda score: score.uuas.value)
        return (
            f"StructuralSweep({self.task!r} on {self.model.name!r}: {len(self)} layers, most edges at layer "
            f"{best.layer}: UUAS {best.uuas:.3f}; a chain of neighbours {self.chain.value:.3f})"
        )

    def table(self) -> pd.DataFrame:
        """One row per layer: the scores with their intervals, and the chain of neighbours beside them."""
        import pandas as pd

        rows = []
        for score in self.scores:
            row: dict[str, Any] = {"layer": score.layer, "name": self.model.layer_name(score.layer)}
            for name in ("uuas", "distance_spearman", "root", "depth_spearman"):
                estimate = getattr(score, name)
                row |= {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
            rows.append(row | {"chain": self.chain.value, "converged": score.converged})
        return pd.DataFrame(rows, index=pd.Index(self.layers))


def structural(
    acts: Activations,
    probe: StructuralProbe | None = None,
    *,
    standardise: bool = True,
    bootstrap: int = 1000,
    seed: int = 0,
    progress: bool = True,
) -> StructuralSweep:
    """Fit a structural probe on every layer, and compare the trees that it sees on test with the gold ones.

    Args:
        acts: States of a `TreeTask`: one row per word.
        probe: Which probe; `StructuralProbe()` by default.
        standardise: Whether states are standardised on train first. The squared distance feels the scale of the states:
            say which when numbers are compared.
        bootstrap: Resamples of the test sentences that the intervals come from.
        seed: Of the bootstrap.
        progress: Whether to show a progress bar over the layers.

    Returns:
        A StructuralSweep. Words without a row (no token) are left out of both trees, as punctuation is for UUAS and for
        the root; sentences of one word have no tree and count nowhere.

    Raises:
        DataError: The task is no TreeTask, or a side of the split has no sentence of two words.
        ProbeError: The states hold NaN or infinity, or an argument is not what it should be.

    Source: Hewitt and Manning 2019, "A Structural Probe for Finding Syntax in Word Representations", section 4.
    """
    from tqdm.auto import tqdm

    probe = StructuralProbe() if probe is None else probe
    if not isinstance(acts, Activations) or not isinstance(probe, StructuralProbe):
        came = f"{type(acts).__name__} and {type(probe).__name__}"
        raise ProbeError(f"structural takes Activations of a TreeTask, and a StructuralProbe, but {came} came.")
    seed, bootstrap = check_count("seed", seed, 0), check_count("bootstrap", bootstrap)
    sides = {side: _trees(acts, side) for side in ("train", "dev", "test")}
    judge = _Judge(acts, sides["test"], bootstrap, seed)
    scores, probes = [], []
    with tqdm(acts.layers, desc=f"Probing {acts.targets.task}", unit="layer", disable=not progress) as layers:
        for layer in layers:
            X = check_states(acts.layer(layer))
            scaler = Scaler.of(take(X, acts.rows("train"))) if standardise else None
            states = X if scaler is None else scaler.apply(X)
            fitted = probe.fit(states, sides["train"], states, sides["dev"])
            scores.append(judge.score(layer, fitted, states))
            probes.append(fitted if scaler is None else fitted.rescaled(scaler))
    return StructuralSweep(
        task=acts.targets.task,
        model=acts.model,
        corpus=acts.corpus.name,
        pool=acts.pool,
        segmenter=acts.corpus.segmenter,
        probe=repr(probe),
        scores=tuple(scores),
        probes=tuple(probes),
        chain=judge.chain,
        counts={side: (sum(len(tree.rows) for tree in trees), len(trees)) for side, trees in sides.items()},
        types=frozenset(acts.targets.surface[row] for row in acts.rows("train")),
        settings={"standardised": "train" if standardise else "no", "bootstrap": bootstrap, "seed": seed},
    )


def _trees(acts: Activations, side: str) -> list[Tree]:
    """The sentences of one side, with their trees among the words that have a row."""
    return [
        Tree(one.rows, depths(one.heads)[one.words], distances(one.heads)[np.ix_(one.words, one.words)])
        for one in parses(acts, side)
    ]


@dataclass(frozen=True, eq=False)
class Parse:
    """A sentence of a TreeTask: its words that have a row, and the heads of all its words."""

    text: str
    rows: Ints
    """(n,) rows of the states."""
    words: Ints
    """(n,) which words of the sentence they are, from 0."""
    heads: list[int]
    """The head of every word of the sentence, 1-based, 0 for the root."""


def parses(acts: Activations, side: str) -> list[Parse]:
    """The sentences of one side that have two words or more with a row.

    Raises:
        DataError: There is none, or the rows are no words of a TreeTask.
    """
    found = [one for one in _parses(acts, side) if len(one.rows) > 1]
    if not found:
        raise DataError(
            f"The {side} side has no sentence of two words or more with a tree. Capture a TreeTask of a corpus whose "
            "split has sentences on all three sides."
        )
    return found


def _parses(acts: Activations, side: str) -> Iterator[Parse]:
    targets, rows = acts.targets, acts.rows(side)
    cuts = np.flatnonzero(np.diff(targets.example[rows])) + 1
    for members in np.split(rows, cuts) if len(rows) else []:
        example = acts.corpus[int(targets.example[members[0]])]
        words = _words(example, targets.spans[members])
        heads = check_heads(example.annotations.get("head", ()), f"{example.id!r}")
        yield Parse(example.text, members, words, heads)


def _words(example: Example, spans: npt.NDArray[np.int64]) -> Ints:
    """Which words of an example some spans are."""
    place = {(word.start, word.end): i for i, word in enumerate(example.words)}
    try:
        return np.array([place[start, end] for start, end in spans[:, 0].tolist()], dtype=np.int64)
    except (KeyError, IndexError):
        raise DataError(f"The targets of {example.id!r} are not its words: capture a TreeTask.") from None


@dataclass(frozen=True, eq=False)
class _Judge:
    """The test sentences, and what each score is made of."""

    acts: Activations
    trees: list[Tree]
    bootstrap: int
    seed: int

    @cached_property
    def clusters(self) -> Clusters:
        """Each sentence by itself."""
        return Clusters(np.arange(len(self.trees)), self.bootstrap, self.seed)

    @cached_property
    def solid(self) -> list[npt.NDArray[np.bool_]]:
        """For each sentence, (n,) which of its words are no punctuation."""
        return [np.array([not self._punctuation(row) for row in tree.rows]) for tree in self.trees]

    def _punctuation(self, row: int) -> bool:
        return all(unicodedata.category(character)[0] in "PS" for character in self.acts.targets.surface[row])

    @cached_property
    def gold(self) -> list[set[tuple[int, ...]]]:
        """For each sentence, the edges of its tree among the words that are no punctuation."""
        return [_edges(tree.distances, keep) for tree, keep in zip(self.trees, self.solid, strict=True)]

    @cached_property
    def chain(self) -> Estimate:
        """UUAS of joining each word to the next."""
        lines = [np.abs(np.subtract.outer(np.arange(len(t.rows)), np.arange(len(t.rows)))) for t in self.trees]
        return self._uuas(lines)

    def _uuas(self, matrices: list[npt.NDArray[Any]]) -> Estimate:
        found = [_edges(matrix, keep) for matrix, keep in zip(matrices, self.solid, strict=True)]
        right = [len(a & b) for a, b in zip(found, self.gold, strict=True)]
        return self.clusters.ratio(right, [len(edges) for edges in self.gold])

    def score(self, layer: int, fitted: FittedStructural, states: Floats) -> StructuralScore:
        """The scores of one layer's probe."""
        apart = [fitted.distances(states[tree.rows]) for tree in self.trees]
        deep = [fitted.depths(states[tree.rows]) for tree in self.trees]
        by_distance = [
            _mean([_spearman(p, g) for p, g in zip(predicted, tree.distances, strict=True)])
            for predicted, tree in zip(apart, self.trees, strict=True)
        ]
        by_depth = [_spearman(p, tree.depths) for p, tree in zip(deep, self.trees, strict=True)]
        roots = [
            float(tree.depths[keep].min() == tree.depths[keep][predicted[keep].argmin()]) if keep.any() else np.nan
            for predicted, tree, keep in zip(deep, self.trees, self.solid, strict=True)
        ]
        known = np.isfinite(roots)
        return StructuralScore(
            layer=layer,
            uuas=self._uuas(apart),
            distance_spearman=self._by_length(by_distance),
            root=self.clusters.mean(np.where(known, roots, 0), known),
            depth_spearman=self._by_length(by_depth),
            converged=fitted.converged,
        )

    def _by_length(self, values: list[float]) -> Estimate:
        """Mean over the sentences of each length, then over the lengths."""
        lengths = np.array([len(tree.rows) for tree in self.trees])
        known = np.isfinite(values) & (lengths >= _LENGTHS[0]) & (lengths <= _LENGTHS[1])
        distinct = np.unique(lengths[known])
        one_hot = (lengths[:, None] == distinct) & known[:, None]
        parts = np.concatenate([one_hot * np.where(known, values, 0)[:, None], one_hot], 1).astype(np.float64)

        def mean(sums: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
            total, count = sums[:, : len(distinct)], sums[:, len(distinct) :]
            means = np.divide(total, count, out=np.zeros_like(total), where=count > 0)
            present = (count > 0).sum(1)
            return np.divide(means.sum(1), present, out=np.full(len(sums), np.nan), where=present > 0)

        return self.clusters.score(parts, mean)


def _edges(matrix: npt.NDArray[Any], keep: npt.NDArray[np.bool_]) -> set[tuple[int, ...]]:
    """The edges of the lightest tree among some of the words."""
    return {tuple(edge) for edge in spanning_tree(matrix[np.ix_(keep, keep)]).tolist()}


def _spearman(a: npt.NDArray[Any], b: npt.NDArray[Any]) -> float:
    """NaN where one of them does not vary."""
    x, y = ranks(a), ranks(b)
    x, y = x - x.mean(), y - y.mean()
    spread = float(np.sqrt((x @ x) * (y @ y)))
    return float(x @ y) / spread if spread else float("nan")


def _mean(values: list[float]) -> float:
    known = [value for value in values if np.isfinite(value)]
    return float(np.mean(known)) if known else float("nan")
