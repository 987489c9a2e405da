"""Contrast pairs: a direction of truth found without labels at every layer, beside one found with them.

Source: Burns et al. 2022, "Discovering Latent Knowledge in Language Models Without Supervision", section 2; the mass
mean beside it: Marks and Tegmark 2023, "The Geometry of Truth", section 5.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from probewidgets.captures.activations import Activations
from probewidgets.errors import DataError, ProbeError
from probewidgets.machine.arrays import Floats, Ints, take
from probewidgets.methods.contrast.probe import FittedCCS, ccs_loss
from probewidgets.metrics.detection import detection_estimates
from probewidgets.metrics.intervals import Clusters
from probewidgets.probes.base import Probe, Scaler
from probewidgets.probes.means import MassMeanProbe
from probewidgets.sweeps.fits import states_of
from probewidgets.sweeps.score import Score
from probewidgets.sweeps.trial import Asked, Layer, Trial
from probewidgets.values import Baseline, Estimate

__all__ = ["ContrastTrial"]

_SIDES = ("train", "dev", "test")
_DIRECTIONS = 200
"""Random directions that the baseline is the mean of."""
_TOSS_UP = 0.1
"""So near to one half, the share of training pairs that were right says nothing of which end is true."""

Pair = tuple[Floats, Floats]
"""(P, D) states of the one statement of each pair, and of the other."""


@dataclass(frozen=True, eq=False)
class ContrastTrial(Trial):
    """A search for a direction of truth in contrast pairs, layer by layer: contrast-consistent search.

    Which statement of a pair stands on which side is drawn by a coin, so that neither side is the true one; the search
    sees the sides and no label. Labels of train then choose the sign, and those of test score it. Of the two labels the
    last in order (`"positive"`) is that of the true statements.

    The score is `accuracy`, the share of the pairs of which the true statement is told; beside it `random` directions,
    their ends chosen alike (mean), `above_random`, with a paired interval, and `mass_mean`, the direction from the mean
    of the false statements of train to that of the true: with labels. One by one, not in pairs, the statements are
    ranked by their probabilities: `auroc`, `average_precision`, and recall at false alarms.

    Cost: on 2 cores about a second per layer for 210 training pairs x 384 features; more pairs in proportion.
    """

    name: ClassVar[str] = "pair"
    kind: ClassVar[str] = "pair"
    cautions: ClassVar[tuple[str, ...]] = (
        "Nor does it show that the model believes it.",
        'Whatever else sets true statements apart from their opposites (a "not") may be what was found.',
    )

    @classmethod
    def of(cls, acts: Any, probe: Probe, asked: Asked) -> ContrastTrial:
        """The trial of a probe on contrast pairs. Raises as `Trial.of`."""
        if not isinstance(acts, Activations):
            raise ProbeError(
                "CCS takes one state per statement: capture(model, pairs, SentenceTask('label'), pool=last)."
            )
        trial: ContrastTrial = super().of(acts, probe, asked)
        return trial

    # ------------------------------------------------------------------ the pairs

    def check(self) -> None:
        """Raise DataError where the targets are no contrast pairs, or a side of the split has none."""
        targets = self.acts.targets
        if targets.n_spans or targets.kind != "label" or len(targets.labels) != 2:
            raise DataError(
                f"CCS takes whole sentences with one of two labels, but task {targets.task!r} has {targets.unit}s with "
                f"{len(targets.labels)}. Capture SentenceTask('label') of a corpus of read_pairs."
            )
        _ = self.pairs

    @cached_property
    def pairs(self) -> dict[str, Ints]:
        """Of each side of the split (P, 2) rows of each pair: the one statement, and the other, by the pairs' names."""
        by_name = {side: self._pairs(side) for side in _SIDES}
        names = sorted(name for pairs in by_name.values() for name in pairs)
        coins = dict(zip(names, np.random.default_rng(self.seed).integers(2, size=len(names)).tolist(), strict=True))
        return {
            side: np.array([pairs[name][:: -1 if coins[name] else 1] for name in sorted(pairs)])
            for side, pairs in by_name.items()
        }

    def _pairs(self, side: str) -> dict[str, list[int]]:
        """The name of each pair -> the rows of its two statements, as they come."""
        targets, statements = self.acts.targets, dict[str, list[int]]()
        for row in self.acts.rows(side).tolist():
            name, slash, _ = self.acts.corpus[int(targets.example[row])].id.rpartition("/")
            if slash:
                statements.setdefault(name, []).append(row)
        pairs = {name: rows for name, rows in statements.items() if len(rows) == 2}
        alike = any(targets.y[a] == targets.y[b] for a, b in pairs.values())
        if not pairs or alike or max(map(len, statements.values())) > 2:
            raise DataError(
                f"The {side} side has no contrast pairs: two examples whose ids are alike up to the last slash, with "
                "different labels. Read them with read_pairs, and give the corpus a split with pairs on all sides."
            )
        return pairs

    def truth(self, side: str) -> npt.NDArray[np.bool_]:
        """(P,) whether the one statement of each pair is the true one."""
        y: npt.NDArray[np.bool_] = self.acts.targets.y[self.pairs[side][:, 0]] == 1
        return y

    @cached_property
    def clusters(self) -> Clusters:
        """Each test pair by itself."""
        return Clusters(np.arange(len(self.pairs["test"])), self.bootstrap, self.seed)

    @cached_property
    def counts(self) -> dict[str, tuple[int, int]]:
        """Of each side how many pairs, in how many sentences."""
        return {side: (len(rows), 2 * len(rows)) for side, rows in self.pairs.items()}

    # ------------------------------------------------------------------ one layer

    def run(self, layer: int) -> Layer:
        """Search the direction of one layer, and hold it against random ones and the mass mean."""
        states = states_of(self.acts, layer)
        pairs = {side: (take(states, rows[:, 0]), take(states, rows[:, 1])) for side, rows in self.pairs.items()}
        truth = self.truth("test")
        fitted = self.probe.fit(*pairs["train"], self.truth("train"))
        hits, random = fitted.predict(*pairs["test"]) == truth, self._random_hits(fitted, pairs)
        score = Score(
            layer=layer,
            estimates={"accuracy": self.clusters.mean(hits)},
            dev_loss=float(ccs_loss(*fitted.pair_proba(*pairs["dev"]))),
            beside={
                "random": self.clusters.mean(random),
                "above_random": self.clusters.mean(hits - random),
                "mass_mean": self.clusters.mean(self._mass_mean(pairs) == truth),
            },
            detection=self._detection(fitted, pairs["test"]),
            facts={"loss": fitted.loss, "found": fitted.found, "flipped": fitted.flipped},
        )
        return Layer(score, fitted, hits)

    def _detection(self, fitted: FittedCCS, pairs: Pair) -> dict[str, Estimate]:
        """How well true statements are told from the others of all pairs, each by its own probability."""
        p, q = fitted.pair_proba(*pairs)
        score = np.concatenate([p, q]) * (-1 if fitted.flipped else 1)
        truth = self.truth("test")
        clusters = Clusters(np.tile(self.clusters.group, 2), self.bootstrap, self.seed)
        return detection_estimates(clusters, np.concatenate([truth, ~truth]), score)

    def _random_hits(self, fitted: FittedCCS, pairs: dict[str, Pair]) -> npt.NDArray[np.float64]:
        """(test,) share of random directions that are right, in the same standardised states; signs from train."""
        width = len(fitted.coef_)
        directions = np.random.default_rng([self.seed, 1]).normal(size=(width, _DIRECTIONS))

        def right(side: str) -> npt.NDArray[np.bool_]:
            left, right = pairs[side]
            return ((fitted.one.apply(left) - fitted.other.apply(right)) @ directions > 0) == self.truth(side)[:, None]

        turned = right("train").mean(0) < 0.5
        return np.asarray((right("test") ^ turned).mean(1), np.float64)

    def _mass_mean(self, pairs: dict[str, Pair]) -> npt.NDArray[np.bool_]:
        """(test,) whether the one statement is so, by the direction between the means of true and false."""
        truth = self.truth("train")
        X, y = np.concatenate(pairs["train"]), np.concatenate([truth, ~truth])
        scaler = Scaler.of(X)
        fitted = MassMeanProbe().fit(scaler.apply(X), y)
        a, b = (fitted.log_proba(scaler.apply(side))[:, 1] for side in pairs["test"])
        return np.asarray(a > b)

    # ------------------------------------------------------------------ beside the layers

    def baselines(self, scores: Sequence[Score]) -> Iterator[Baseline]:
        """Chance, which for pairs is known; and layer 0."""
        yield Baseline("chance", Estimate(0.5))
        yield from self.of_embeddings(scores)

    def facts(self) -> Mapping[str, Any]:
        """What is counted, and what was done with labels."""
        alone = len(self.acts.targets) - 2 * sum(map(len, self.pairs.values()))
        left_out = (f"{alone:,} statements were left out: the other one of their pair has no row.",) if alone else ()
        return {
            "unit": "pair",
            "notes": ("the direction was found without labels; its sign was chosen by the labels of train",),
            "cautions": (*self.cautions, *left_out),
        }

    def sweep(self, layers: Sequence[Layer]) -> Any:
        """The result; layers whose end is a toss-up are named."""
        sweep = super().sweep(layers)
        loose = [layer.score.layer for layer in layers if abs(layer.score.found - 0.5) < _TOSS_UP]
        if not loose:
            return sweep
        note = f"Of layer(s) {loose} train hardly tells which end of the direction is true: a toss-up."
        return replace(sweep, cautions=(*sweep.cautions, note))

    @property
    def settings(self) -> dict[str, Any]:
        """All that is needed to run it again."""
        return {"standardised": "train, each side", "sign": "labels of train", **super().settings}
