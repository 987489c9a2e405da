"""Dependency edges read off the states of every layer: which word each word is attached to, with its control task."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from probewidgets.captures.activations import Activations
from probewidgets.data.control import ControlTask, control_heads
from probewidgets.errors import DataError, ProbeError
from probewidgets.machine.arrays import Floats, Ints, take
from probewidgets.methods.heads.bilinear import Arcs, BilinearProbe, FittedBilinear, FittedHeads
from probewidgets.methods.heads.pairwise import FittedPairwise, PairwiseMLPProbe
from probewidgets.methods.trees.experiment import parses
from probewidgets.metrics import baselines
from probewidgets.metrics.intervals import Clusters
from probewidgets.metrics.selectivity import control_estimates
from probewidgets.probes.base import Scaler, check_count, check_states
from probewidgets.sweeps.fits import as_control
from probewidgets.sweeps.results import ByLayer, Saved
from probewidgets.values import Baseline, Estimate, ModelCard

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["AttachmentScore", "AttachmentSweep", "attachment"]

_SIDES = ("train", "dev", "test")


@dataclass(frozen=True)
class AttachmentScore:
    """What one layer's probe scored on test."""

    layer: int
    uas: Estimate
    """Unlabelled attachment score: share of the words whose head is found, punctuation included, roots left out."""
    dev_loss: float
    """Mean cross-entropy on dev (nats per word)."""
    converged: bool
    """Whether the fits, of the task and of the control draws, ended by themselves."""
    control: Estimate | None = None
    """The same share on the control task, mean over the draws."""
    control_sd: float = float("nan")
    """Standard deviation of the control accuracy over the draws; NaN for one draw."""
    selectivity: Estimate | None = None
    """UAS - control accuracy, with a paired interval."""


@dataclass(frozen=True, eq=False)
class AttachmentSweep(ByLayer[AttachmentScore, FittedBilinear | FittedPairwise], Saved):
    """Heads read off every layer, and what can be had without its states."""

    task: str
    model: ModelCard
    corpus: str
    pool: str
    """Name of the pool over a word's tokens."""
    segmenter: str
    """How words are found in raw text: see `probewidgets.data.segment`."""
    probe: str
    """The probe's own one-line repr."""
    scores: tuple[AttachmentScore, ...]
    probes: tuple[FittedBilinear | FittedPairwise, ...]
    """(L,) the fitted probe of each layer, on states in the model's own units."""
    baselines: tuple[Baseline, ...]
    """`"previous word"`, `"next word"`, `"offset"` (train's commonest one), `"word type"` (each type's commonest one),
    `"layer 0"`, `"control chance"`, `"control ceiling"`."""
    counts: Mapping[str, tuple[int, int]]
    """`"train"`, `"dev"`, `"test"` -> (words with a head, sentences)."""
    unseen: float
    """Share of the test words whose word type is not in train."""
    types: frozenset[str] = frozenset()
    """The word types of train."""
    seed: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def best(self) -> AttachmentScore:
        """The layer with the lowest loss on dev: chosen without looking at test."""
        return min(self.scores, key=lambda score: score.dev_loss)

    def baseline(self, name: str) -> Estimate | None:
        """Accuracy of a baseline by name; None where it was not computed."""
        return next((b.accuracy for b in self.baselines if b.name == name), None)

    def __repr__(self) -> str:
        best, control = self.best, ""
        if best.selectivity:
            control = f", selectivity {best.selectivity.value:.3f}"
        return (
            f"AttachmentSweep({self.task!r} on {self.model.name!r}: {len(self)} layers, best on dev: layer "
            f"{best.layer}, test UAS {best.uas:.3f}{control})"
        )

    def table(self) -> pd.DataFrame:
        """One row per layer: UAS, control and selectivity with their intervals, and the baselines beside them."""
        import pandas as pd

        nan = Estimate(float("nan"))
        rows = []
        for score in self.scores:
            row: dict[str, Any] = {"layer": score.layer, "name": self.model.layer_name(score.layer)}
            for name in ("uas", "control", "selectivity"):
                estimate = getattr(score, name) or nan
                row |= {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
            row |= {one.name.replace(" ", "_"): one.accuracy.value for one in self.baselines}
            rows.append(row | {"unseen": self.unseen, "dev_loss": score.dev_loss, "converged": score.converged})
        return pd.DataFrame(rows, index=pd.Index(self.layers))

    def report(self) -> str:
        """The same in words: what was run, on what, and what to be careful about."""
        return "\n".join([*self._what(), "", *self._found(), "", "Be careful:", *self._warnings()])

    def _what(self) -> Iterator[str]:
        yield f"Task {self.task!r} (the head of each word) on {self.corpus!r}, read off {self.model.place!r}"
        yield f"  probe {self.probe}, standardised on {self.settings.get('standardised')}, seed {self.seed}"
        for side, (words, texts) in self.counts.items():
            yield f"  {side}: {words:,} words with a head in {texts:,} sentences"
        if draws := self.settings.get("control draws"):
            yield (
                "  control task: each word type attaches to itself, to the first or to the last word of its sentence, "
                f"all equally likely; draws: {draws}"
            )

    def _found(self) -> Iterator[str]:
        yield "Test scores, with 95 % intervals over sentences:"
        for score in self.scores:
            best = "   <- best on dev" if score is self.best else ""
            control = f", control {score.control.value:.3f}, selectivity {score.selectivity}" if score.control else ""
            yield f"  layer {self.model.layer_name(score.layer)}: UAS {score.uas}{control}{best}"
        yield ""
        yield "Without the layer's states, on the same test words:"
        for one in self.baselines:
            yield f"  {one.name}: {one.accuracy.value:.3f}"
        yield f"  {self.unseen:.1%} of the test words have a word type that train never shows"

    def _warnings(self) -> Iterator[str]:
        best = self.best
        yield "- A probe shows what can be read off the states, not that the model uses it."
        yield "- Each word's head is chosen by itself: they need not make a tree. Roots do not count, punctuation does."
        if best.selectivity is None:
            yield "- No control task was run: how much the probe merely remembers is not known. Try control=3."
        elif not best.selectivity.low > 0:
            yield f"- Layer {best.layer} is not clearly selective: the probe learns random heads of the words as well."
        for one in self.baselines:
            if not one.name.startswith("control") and one.name != "layer 0" and not best.uas.low > one.accuracy.value:
                yield f"- The best layer is not clearly above the baseline {one.name!r} ({one.accuracy.value:.3f})."
        if self.counts["test"][1] < 2:
            yield "- One test sentence gives no interval."
        if loose := [score.layer for score in self.scores if not score.converged]:
            yield f"- The probes of layer(s) {loose} did not converge: give them more epochs."


def attachment(
    acts: Activations,
    probe: BilinearProbe | PairwiseMLPProbe | None = None,
    *,
    control: bool | int = False,
    standardise: bool = True,
    bootstrap: int = 1000,
    seed: int = 0,
    progress: bool = True,
) -> AttachmentSweep:
    """Fit a probe on every layer that tells each word's head, and one more for each draw of its control task.

    A word is attached to one of the words of its sentence that have a row. Left out, of the task and of the control
    alike, are roots, which have no head, and words whose head has no row; sentences of one word count nowhere. The
    control task attaches each word type always to itself, or to the first, or to the last word of its sentence.

    Args:
        acts: States of a `TreeTask`: one row per word.
        probe: `BilinearProbe()` by default, or a `PairwiseMLPProbe`.
        control: Whether to train the control task too, for selectivity; a number asks for so many draws of it. The
            three behaviours are always equally likely.
        standardise: Whether states are standardised on train first.
        bootstrap: Resamples of the test sentences that the intervals come from.
        seed: Of the control draws and of the bootstrap.
        progress: Whether to show a progress bar over the layers.

    Returns:
        An AttachmentSweep. The order of the sentences in the corpus changes nothing but rounding.

    Raises:
        DataError: The task is no TreeTask, or a side of the split has no sentence with a word and its head.
        ProbeError: The states hold NaN or infinity, or an argument is not what it should be.

    Cost: on 2 cores about 3 seconds per layer and label set (the task is one, each draw another) for 800 training
    sentences x 384 features at rank 64; more sentences in proportion.

    Source: Hewitt and Liang 2019, "Designing and Interpreting Probes with Control Tasks", sections 2 and 3.
    """
    from tqdm.auto import tqdm

    probe = BilinearProbe() if probe is None else probe
    if not isinstance(acts, Activations) or not isinstance(probe, BilinearProbe | PairwiseMLPProbe):
        came = f"{type(acts).__name__} and {type(probe).__name__}"
        raise ProbeError(
            f"attachment takes Activations of a TreeTask, and a BilinearProbe or a PairwiseMLPProbe, but {came} came."
        )
    if isinstance(control, ControlTask):
        raise ProbeError(
            "attachment draws what each word type attaches to, always equally often: give a number of draws, "
            f"control={control.draws}."
        )
    plan = _Plan(acts, as_control(control), check_count("bootstrap", bootstrap), check_count("seed", seed, 0))
    scores, probes = [], []
    with tqdm(acts.layers, desc=f"Probing {acts.targets.task}", unit="layer", disable=not progress) as layers:
        for layer in layers:
            score, fitted = _run_layer(plan, probe, layer, standardise)
            scores.append(score)
            probes.append(fitted)
    return AttachmentSweep(
        task=acts.targets.task,
        model=acts.model,
        corpus=acts.corpus.name,
        pool=acts.pool,
        segmenter=acts.corpus.segmenter,
        probe=repr(probe),
        scores=tuple(scores),
        probes=tuple(probes),
        baselines=tuple(_baselines(plan, scores)),
        counts={side: (len(plan.gold(side)), sum(one.counts for one in plan.sides[side])) for side in _SIDES},
        unseen=float(plan.unseen.mean()),
        types=frozenset(acts.targets.surface[row] for row in acts.rows("train")),
        seed=seed,
        settings={
            "standardised": "train" if standardise else "no",
            "bootstrap": bootstrap,
            "control draws": plan.control.draws,
        },
    )


# ---------------------------------------------------------------------- the task and its control


@dataclass(frozen=True, eq=False)
class _Plan:
    """What is the same for all layers: the sentences of each side, with the heads of task and controls."""

    acts: Activations
    control: ControlTask
    bootstrap: int
    seed: int

    @cached_property
    def sides(self) -> dict[str, list[Arcs]]:
        """The sentences of each side with their gold heads, in the order of their texts."""
        return {side: _gold(self.acts, side) for side in _SIDES}

    @cached_property
    def draws(self) -> list[Ints]:
        """For each control draw, (N,) what each word attaches to: see `control_heads`."""
        return [control_heads(self.acts.targets, one) for one in self.control.seeds(self.seed)]

    def label_sets(self, side: str) -> list[list[Arcs]]:
        """The sentences of one side with the heads of the task, and with those of each control draw."""
        gold = self.sides[side]
        return [gold, *([_controlled(one, draw) for one in gold] for draw in self.draws)]

    def gold(self, side: str) -> Ints:
        """(W,) the heads of one side's words that count, sentence by sentence."""
        return _counted(self.sides[side], [one.heads for one in self.sides[side]])

    def offsets(self, side: str) -> Ints:
        """(W,) how many words after each word its head stands; negative where it stands before."""
        return self.gold(side) - self.places(side)

    def places(self, side: str) -> Ints:
        """(W,) which word of its sentence each is."""
        return _counted(self.sides[side], [np.arange(len(one.rows)) for one in self.sides[side]])

    def lengths(self, side: str) -> Ints:
        """(W,) words of the sentence of each."""
        return _counted(self.sides[side], [np.full(len(one.rows), len(one.rows)) for one in self.sides[side]])

    def rows(self, side: str) -> Ints:
        """(W,) rows of the words of one side that count."""
        return _counted(self.sides[side], [one.rows for one in self.sides[side]])

    def words(self, side: str) -> list[str]:
        """(W,) their word types."""
        return [self.acts.targets.surface[row] for row in self.rows(side)]

    @cached_property
    def unseen(self) -> npt.NDArray[np.bool_]:
        """(W of test,) whether the word type is not in train."""
        return baselines.unseen(self.words("train"), self.words("test"))

    @cached_property
    def clusters(self) -> Clusters:
        """The test sentences."""
        sentences = [np.full(len(one.rows), i) for i, one in enumerate(self.sides["test"])]
        return Clusters(_counted(self.sides["test"], sentences), self.bootstrap, self.seed)


def _gold(acts: Activations, side: str) -> list[Arcs]:
    found = []
    for one in sorted(parses(acts, side), key=lambda parse: (parse.text, parse.heads)):
        place = np.full(len(one.heads) + 1, -1)  # 0, the head of the root, has no place
        place[one.words + 1] = np.arange(len(one.words))
        found.append(Arcs(one.rows, place[np.array(one.heads)[one.words]]))
    if not any(one.counts for one in found):
        raise DataError(f"The {side} side has no word whose head has a row. Capture a TreeTask of more sentences.")
    return found


def _controlled(one: Arcs, draw: Ints) -> Arcs:
    """The same sentence with the heads of a control draw, for the words that count."""
    n = len(one.rows)
    chosen = np.stack([np.arange(n), np.zeros(n, np.int64), np.full(n, n - 1)])[draw[one.rows], np.arange(n)]
    return replace(one, heads=np.where(one.heads >= 0, chosen, -1))


def _counted(sentences: list[Arcs], values: list[Ints]) -> Ints:
    """One value for each word -> (W,) those of the words that count."""
    return np.concatenate([some[one.heads >= 0] for one, some in zip(sentences, values, strict=True)])


# ---------------------------------------------------------------------- one layer


def _run_layer(
    plan: _Plan, probe: BilinearProbe | PairwiseMLPProbe, layer: int, standardise: bool
) -> tuple[AttachmentScore, FittedBilinear | FittedPairwise]:
    """The probe of one layer and those of its controls, and how they do on test."""
    X = check_states(plan.acts.layer(layer))
    scaler = Scaler.of(take(X, plan.acts.rows("train"))) if standardise else None
    states = X if scaler is None else scaler.apply(X)
    fitted, hits = [], []
    for train, dev, test in zip(*(plan.label_sets(side) for side in _SIDES), strict=True):
        fitted.append(probe.fit(states, train, states, dev))
        hits.append(_hits(fitted[-1], states, test))
    control: dict[str, Any] = {}
    if len(hits) > 1:
        names = ("control", "control_sd", "selectivity")
        control = dict(zip(names, control_estimates(plan.clusters, hits[0], hits[1:]), strict=True))
    score = AttachmentScore(
        layer=layer,
        uas=plan.clusters.mean(hits[0]),
        dev_loss=fitted[0].dev_loss,
        converged=all(one.converged for one in fitted),
        **control,
    )
    return score, fitted[0] if scaler is None else fitted[0].rescaled(scaler)


def _hits(fitted: FittedHeads, states: Floats, sentences: list[Arcs]) -> npt.NDArray[np.bool_]:
    """(W,) whether the head of each word that counts is found."""
    found = [fitted.predict(states[one.rows]) == one.heads for one in sentences]
    return np.concatenate([right[one.heads >= 0] for right, one in zip(found, sentences, strict=True)])


# ---------------------------------------------------------------------- baselines


def _baselines(plan: _Plan, scores: list[AttachmentScore]) -> Iterator[Baseline]:
    gold, train = plan.offsets("test"), plan.offsets("train")
    yield Baseline("previous word", plan.clusters.mean(gold == -1))
    yield Baseline("next word", plan.clusters.mean(gold == 1))
    known, y = np.unique(train, return_inverse=True)
    yield Baseline("offset", plan.clusters.mean(gold == known[baselines.majority(y)]))
    by_type = known[baselines.word_type(plan.words("train"), y, plan.words("test"))]
    yield Baseline("word type", plan.clusters.mean(gold == by_type))
    for score in scores:
        if score.layer == 0 and plan.acts.model.have_baseline(plan.acts.layers):
            yield Baseline("layer 0", score.uas)
    if plan.control.draws:
        yield Baseline("control chance", plan.clusters.mean(np.mean([_chance(plan, d) for d in plan.draws], axis=0)))
        yield Baseline("control ceiling", plan.clusters.mean(_ceiling(plan)))


def _chance(plan: _Plan, draw: Ints) -> npt.NDArray[np.bool_]:
    """(W of test,) whether doing what most words of train do is right on a control draw."""
    place, last = plan.places("test"), plan.lengths("test") - 1
    always = np.bincount(draw[plan.rows("train")], minlength=3).argmax()
    heads = np.stack([place, np.zeros_like(place), last])
    return heads[always] == heads[draw[plan.rows("test")], np.arange(len(place))]


def _ceiling(plan: _Plan) -> npt.NDArray[np.float64]:
    """(W of test,) how often the best guess is right: always for types of train; else of three behaviours one, and two
    at either end of the sentence, where two of them are the same word."""
    place, last = plan.places("test"), plan.lengths("test") - 1
    guess = np.where((place == 0) | (place == last), 2 / 3, 1 / 3)
    return np.where(plan.unseen, guess, 1.0)
