"""Structural probing: dependency trees read off the states of every layer, and how right they are.

Source: Hewitt and Manning 2019, "A Structural Probe for Finding Syntax in Word Representations", section 4.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from probewidgets.captures.activations import Activations
from probewidgets.data.dependencies import depths, distances, spanning_tree
from probewidgets.errors import ProbeError
from probewidgets.machine.arrays import Floats, take
from probewidgets.methods.trees.probe import FittedStructural, Tree
from probewidgets.metrics.graded import ranks
from probewidgets.metrics.intervals import Clusters
from probewidgets.probes.base import Probe, Scaler, check_states
from probewidgets.sweeps.parses import SIDES, parses
from probewidgets.sweeps.score import Score
from probewidgets.sweeps.trial import Asked, Layer, Trial
from probewidgets.values import Baseline, Estimate

__all__ = ["TreeTrial"]

_LENGTHS = (5, 50)
"""Spearman's r is averaged over sentences of each length between these."""


@dataclass(frozen=True, eq=False)
class TreeTrial(Trial):
    """A sweep of a structural probe, on states of a `TreeTask`.

    Words without a row (no token) are left out of both trees, as punctuation is for UUAS and for the root; sentences of
    one word have no tree and count nowhere.

    The scores are `uuas`, the share of the gold edges, without direction and without punctuation, that the predicted
    trees have; `distance_spearman`, Spearman's r between a word's predicted and gold distances, over words, then over
    sentences of one length, then over lengths 5 to 50; `root`, the share of the sentences whose root has the least
    predicted depth; `depth_spearman`, Spearman's r between depths, over sentences of one length, then over lengths.
    """

    name: ClassVar[str] = "tree"
    kind: ClassVar[str] = "tree"
    cautions: ClassVar[tuple[str, ...]] = (
        "Punctuation counts neither for UUAS nor for the root; edges have no direction.",
    )

    @classmethod
    def of(cls, acts: Any, probe: Probe, asked: Asked) -> TreeTrial:
        """The trial of a probe on the words of a `TreeTask`. Raises as `Trial.of`."""
        if not isinstance(acts, Activations):
            raise ProbeError("A structural probe takes one state per word: capture(model, corpus, TreeTask()).")
        trial: TreeTrial = super().of(acts, probe, asked)
        return trial

    @cached_property
    def trees(self) -> dict[str, list[Tree]]:
        """Of each side the sentences, with their trees among the words that have a row."""
        return {
            side: [
                Tree(
                    parse.rows,
                    depths(parse.heads)[parse.words],
                    distances(parse.heads)[np.ix_(parse.words, parse.words)],
                )
                for parse in parses(self.acts, side)
            ]
            for side in SIDES
        }

    @cached_property
    def judge(self) -> _Judge:
        """Of the test sentences."""
        return _Judge(self.acts, self.trees["test"], self.bootstrap, self.seed)

    @cached_property
    def counts(self) -> dict[str, tuple[int, int]]:
        """Of each side how many words, in how many sentences."""
        return {side: (sum(len(tree.rows) for tree in trees), len(trees)) for side, trees in self.trees.items()}

    def check(self) -> None:
        """Raise DataError where a side has no sentence of two words."""
        _ = self.trees

    def run(self, layer: int) -> Layer:
        """Fit the two maps of one layer, and compare the trees that they see on test with the gold ones."""
        X = check_states(self.acts.layer(layer))
        scaler = Scaler.of(take(X, self.acts.rows("train"))) if self.probe.standardise else None
        states = X if scaler is None else scaler.apply(X)
        fitted = self.probe.fit(states, self.trees["train"], states, self.trees["dev"])
        score = Score(layer, self.judge.estimates(fitted, states), fitted.dev_loss, fitted.converged)
        return Layer(score, fitted if scaler is None else fitted.rescaled(scaler))

    def baselines(self, scores: Sequence[Score]) -> Iterator[Baseline]:
        """A chain of neighbours, and layer 0."""
        yield Baseline("chain", self.judge.chain)
        yield from self.of_embeddings(scores)

    def facts(self) -> Mapping[str, Any]:
        """The word types."""
        return {"types": frozenset(self.acts.targets.surface[row] for row in self.acts.rows("train"))}

    @property
    def settings(self) -> dict[str, Any]:
        """All that is needed to run it again."""
        return {
            "standardised": "train" if self.probe.standardise else "no",
            "stopped on": "dev loss",
            "seed": self.seed,
            **super().settings,
        }


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
        predicted_edges = [_edges(matrix, keep) for matrix, keep in zip(matrices, self.solid, strict=True)]
        right = [len(a & b) for a, b in zip(predicted_edges, self.gold, strict=True)]
        return self.clusters.ratio(right, [len(edges) for edges in self.gold])

    def estimates(self, fitted: FittedStructural, states: Floats) -> dict[str, Estimate]:
        """The scores of one layer's probe."""
        apart = [fitted.distances(states[tree.rows]) for tree in self.trees]
        deep = [fitted.depths(states[tree.rows]) for tree in self.trees]
        by_distance = [
            _mean(_spearman(predicted, tree.distances)) for predicted, tree in zip(apart, self.trees, strict=True)
        ]
        by_depth = [float(_spearman(p, tree.depths)) for p, tree in zip(deep, self.trees, strict=True)]
        roots = [
            float(tree.depths[keep].min() == tree.depths[keep][predicted[keep].argmin()]) if keep.any() else np.nan
            for predicted, tree, keep in zip(deep, self.trees, self.solid, strict=True)
        ]
        defined = np.isfinite(roots)
        return {
            "uuas": self._uuas(apart),
            "distance_spearman": self._by_length(by_distance),
            "root": self.clusters.mean(np.where(defined, roots, 0), defined),
            "depth_spearman": self._by_length(by_depth),
        }

    def _by_length(self, values: list[float]) -> Estimate:
        """Mean over the sentences of each length, then over the lengths."""
        lengths = np.array([len(tree.rows) for tree in self.trees])
        defined = np.isfinite(values) & (lengths >= _LENGTHS[0]) & (lengths <= _LENGTHS[1])
        distinct = np.unique(lengths[defined])
        one_hot = (lengths[:, None] == distinct) & defined[:, None]
        parts = np.concatenate([one_hot * np.where(defined, values, 0)[:, None], one_hot], 1).astype(np.float64)

        def mean(sums: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
            total, count = sums[:, : len(distinct)], sums[:, len(distinct) :]
            means = np.divide(total, count, out=np.zeros_like(total), where=count > 0)
            present = (count > 0).sum(1)
            return np.divide(means.sum(1), present, out=np.full(len(sums), np.nan), where=present > 0)

        return self.clusters.score(parts, mean, present=lambda sums: sums[:, len(distinct) :] > 0)


def _edges(matrix: npt.NDArray[Any], keep: npt.NDArray[np.bool_]) -> set[tuple[int, ...]]:
    """The edges of the lightest tree among some of the words."""
    return {tuple(edge) for edge in spanning_tree(matrix[np.ix_(keep, keep)]).tolist()}


def _spearman(a: npt.NDArray[Any], b: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """(..., n) and (..., n) -> (...) the correlation of each row with its like; NaN where one of them does not vary."""
    x, y = ranks(a), ranks(b)
    x, y = x - x.mean(-1, keepdims=True), y - y.mean(-1, keepdims=True)
    spread = np.asarray(np.sqrt((x * x).sum(-1) * (y * y).sum(-1)))
    return np.divide((x * y).sum(-1), spread, out=np.full(spread.shape, np.nan), where=spread > 0)


def _mean(values: npt.NDArray[np.float64]) -> float:
    defined = values[np.isfinite(values)]
    return float(defined.mean()) if len(defined) else float("nan")
