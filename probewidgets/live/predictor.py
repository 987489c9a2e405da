"""What a typed text gives: `predictor()`, text -> Predictions."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from probewidgets.data.segment import SEGMENTERS, Segmenter, check_segmenter
from probewidgets.errors import ProbeError
from probewidgets.live.beside import layer_names, tested, writing_of
from probewidgets.live.numbers import NumberPredictor
from probewidgets.live.reader import Reader
from probewidgets.metrics.calibration import scaled
from probewidgets.sweeps.results import Sweep
from probewidgets.values import Predictions, Unit

if TYPE_CHECKING:
    from probewidgets.captures.pooling import Pool
    from probewidgets.models.language_model import LanguageModel

__all__ = ["HeadPredictor", "Predictor", "check_unit", "predictor"]

_MOST_WORDS = 1000
"""Of a text whose words may each be attached to each."""


@dataclass(frozen=True, eq=False)
class Predictor:
    """A callable `text -> Predictions`: a text is read as those of the training corpus are.

    Made by `predictor`. Each line is a text, unless the corpus's own texts have line breaks; words are cut as there,
    and stand between spaces where they do there. Empty lines are skipped. `word/TAG` (or `text /TAG`, where sentences
    are probed) gives a gold label where TAG is a label of the sweep and nothing else can be meant; notes say what was
    read as one, and what looks like one and was not.

    Probabilities are calibrated: each layer's are taken at the temperature that the sweep fitted on dev
    (`Score.temperature`), which never changes the predicted label. `sweep.probes` give the probes' own.
    """

    model: LanguageModel
    sweep: Sweep
    pool: Pool
    gold: bool = True
    """Whether gold labels are looked for in a text; if not, it is read as it stands."""

    def __repr__(self) -> str:
        return f"Predictor({self.sweep.task!r} per {self.sweep.unit}, {self.model.name!r}, layers {self.sweep.layers})"

    def __call__(self, text: str, *, check: Callable[[], None] | None = None, gold: bool | None = None) -> Predictions:
        """What the probes of all layers say of a text.

        Args:
            text: Any text; each line is a sentence.
            check: Called between batches; what it raises ends the work.
            gold: Whether to look for gold labels in it; by default as the predictor was made.

        Returns:
            Predictions (L, U, K). Their `notes` say what could not be read, or was read in pieces.

        Raises:
            DataError: `text` is no string, or holds half a character.
            ModelError: The model's states hold NaN or infinity.
        """
        if gold is not None and gold != self.gold:
            return replace(self, gold=gold)(text, check=check)
        check = check or (lambda: None)
        text_read = self.reader(text, check)
        layers = self.sweep.layers
        proba = np.empty((len(layers), len(text_read.units), len(self.sweep.labels)), np.float32)
        for at, states in self.reader.states(text_read, layers, self.pool, self.sweep.model.site, check):
            for row, (score, fitted) in enumerate(zip(self.sweep.scores, self.sweep.probes, strict=True)):
                if self.sweep.kind == "labels":
                    proba[row, at] = fitted.proba(states[row])
                else:
                    proba[row, at] = np.exp(scaled(fitted.log_proba(states[row]), score.temperature))
        notes = (*self._caveats(), *self.reader.caveats(), *text_read.notes, *tested(self.sweep))
        kind, names = self.sweep.kind, layer_names(self.sweep)
        return Predictions(text, text_read.units, layers, self.sweep.labels, proba, notes, names, kind)

    @cached_property
    def reader(self) -> Reader:
        """How a text is read."""
        sweep = self.sweep
        labels = sweep.labels if self.gold else ()
        return Reader(self.model, sweep.unit, sweep.segmenter, sweep.types, labels, writing_of(sweep))

    def _caveats(self) -> Iterator[str]:
        """What is true of every text."""
        if self.sweep.kind == "labels":
            yield "Any number of labels may hold: each probability is of its own label; from 0.5 on, it does."
        without, within = self.sweep.settings.get("unlabelled", 0), sum(n for n, _ in self.sweep.counts.values())
        if without > 0.01 * (without + within):
            yield (
                f"Trained only on {self.sweep.unit}s that carry {self.sweep.task!r}, {within / (without + within):.0%} "
                "of them: what is predicted for others means nothing."
            )


@dataclass(frozen=True, eq=False)
class HeadPredictor:
    """A callable `text -> Predictions` whose labels are the words of the text: which of them each word is attached to.

    Made by `predictor`. Each line of the text is a sentence. Of words that the text has several times the second is
    called `the (2)`. Probabilities are the probe's own: the softmax over the words of the line, 0 for all others. A
    structural probe predicts a tree instead: 1 for each word's head in it, and the root is attached to itself.
    """

    model: LanguageModel
    sweep: Sweep
    pool: Pool

    def __repr__(self) -> str:
        return f"HeadPredictor({self.sweep.task!r}, {self.model.name!r}, layers {self.sweep.layers})"

    def __call__(self, text: str, *, check: Callable[[], None] | None = None) -> Predictions:
        """What the probes of all layers say of a text.

        Args:
            text: Any text of up to 1,000 words; each line is a sentence.
            check: Called between batches; what it raises ends the work.

        Returns:
            Predictions (L, U, U). Their `notes` say what could not be read, or was read in pieces.

        Raises:
            DataError: `text` is no string, or holds half a character.
            ModelError: The model's states hold NaN or infinity.
            ProbeError: The text is longer.
        """
        check = check or (lambda: None)
        text_read = self.reader(text, check)
        units, layers = text_read.units, self.sweep.layers
        if len(units) > _MOST_WORDS:
            raise ProbeError(
                f"Every word may be attached to every other: a text of up to {_MOST_WORDS:,} words can be shown, but "
                f"{len(units):,} came. Take fewer sentences."
            )
        proba = np.zeros((len(layers), len(units), len(units)), np.float32)
        line = np.array([unit.line for unit in units])
        for at, states in self.reader.states(text_read, layers, self.pool, self.sweep.model.site, check):
            for number in np.unique(line[at]):
                mine = line[at] == number
                words = at[mine]
                for row, fitted in enumerate(self.sweep.probes):
                    proba[row, words[:, None], words] = fitted.attached(states[row][mine])
        notes = (*self._caveats(line), *self.reader.caveats(), *text_read.notes, *tested(self.sweep))
        return Predictions(text, units, layers, _numbered(units), proba, notes, layer_names(self.sweep))

    @cached_property
    def reader(self) -> Reader:
        """How a text is read."""
        return Reader(self.model, "word", self.sweep.segmenter, self.sweep.types, writing=writing_of(self.sweep))

    def _caveats(self, line: npt.NDArray[np.int64]) -> Iterator[str]:
        """What is true of every text, and of lines with one word."""
        if self.sweep.kind == "tree":
            yield "The tree that each layer's probe predicts, without probabilities; its root is attached to itself."
        else:
            yield "Each word's head is chosen by itself: they need not make a tree, and the root gets one too."
        if (np.unique(line, return_counts=True)[1] == 1).any():
            yield "In a line of one word, that can only be attached to itself."


def _numbered(units: Sequence[Unit]) -> tuple[str, ...]:
    """(U,) a name for each word: itself, and its number where there are several."""
    many, met = Counter(unit.text for unit in units), Counter[str]()
    names = []
    for unit in units:
        met[unit.text] += 1
        names.append(unit.text if many[unit.text] == 1 else f"{unit.text} ({met[unit.text]})")
    return tuple(names)


def predictor(
    model: LanguageModel,
    sweep: Sweep,
    *,
    pool: Pool | None = None,
    segmenter: Segmenter | None = None,
    gold: bool = True,
) -> Predictor | HeadPredictor | NumberPredictor:
    """A callable that says what the probes of a sweep predict for any text, in calibrated probabilities, or in numbers.

    Each layer's are taken at the temperature that was fitted on dev: the predicted labels are the probe's own, its
    confidence is nearer to its accuracy. They say how sure the probe is, not what the model believes. Where any number
    of labels may hold, each has its own probability, as the probe gives it. Of a sweep of numbers, those are predicted
    in their own unit: see `NumberPredictor`. Of a sweep of heads or of trees, the labels are the words of the text: see
    `HeadPredictor`.

    Args:
        model: The model that the sweep's states came from.
        sweep: Fitted probes, one per layer: of labels, of sets of labels, of the heads of words, or of trees.
        pool: Only where the sweep was made with a pool of your own: that pool.
        segmenter: How typed words are cut; by default as the sweep's corpus says. Needed where that was a function of
            your own and the sweep comes from a file, which keeps only its name.
        gold: Whether `word/TAG` in a typed text gives a gold label; if not, every text is read as it stands.

    Returns:
        A Predictor, or a HeadPredictor: `text -> Predictions`.

    Raises:
        ProbeError: The model has other layers than the sweep's, the pool or the segmenter is not known, or the sweep is
            of spans, edges or pairs, which a bare text does not mark, or of numbers.
        DataError: There is no such segmenter.
    """
    from probewidgets.captures.pooling import POOLS, pool_name
    from probewidgets.models.language_model import LanguageModel

    if not isinstance(model, LanguageModel) or not isinstance(sweep, Sweep):
        raise ProbeError(
            f"predictor takes a LanguageModel and a Sweep, but {type(model).__name__} and {type(sweep).__name__} came."
        )
    card = sweep.model
    if (model.n_layers, model.hidden_size) != (card.n_layers, card.hidden_size):
        raise ProbeError(
            f"The sweep was made with {card.name!r} ({card.n_layers} layers x {card.hidden_size}), but the model is "
            f"{model.name!r} ({model.n_layers} layers x {model.hidden_size}). Give the model of the sweep."
        )
    if card.fingerprint and card.fingerprint != model.fingerprint():
        warnings.warn(
            f"The weights of {model.name!r} are not those that the sweep was made with ({card.name!r}): "
            "its test accuracies say nothing of these predictions.",
            stacklevel=2,
        )
    check_unit(sweep.unit)
    if sweep.pools_itself:
        raise ProbeError(
            f"The probes of {sweep.task!r} pool the tokens of each {sweep.unit} themselves, and a typed text is read "
            "as one state for each: they cannot be explored live. Sweep capture(model, corpus, task, pool=mean) with "
            "LinearProbe() or SigmoidProbe() for that, or use `sweep.probes` on captured states."
        )
    if model.stack == "decoder":
        raise ProbeError(
            "A typed text does not say what the encoder reads, so probes of a decoder cannot be explored live. Use "
            "`sweep.probes` on captured Activations instead."
        )
    if pool is None:
        pool = POOLS.get(sweep.pool)
    if pool is None:
        raise ProbeError(
            f"The sweep was made with a pool of your own, {sweep.pool!r}: pass it, predictor(..., pool=...)."
        )
    if pool_name(pool) != sweep.pool:
        raise ProbeError(f"The sweep was made with the pool {sweep.pool!r}, not {pool_name(pool)!r}: leave pool= out.")
    cut = _segmenter(sweep, segmenter)
    sweep = sweep if cut == sweep.segmenter else replace(sweep, segmenter=cut)
    if sweep.kind in ("head", "tree"):
        return HeadPredictor(model, sweep, pool)
    if sweep.kind == "number":
        return NumberPredictor(model, sweep, pool)
    return Predictor(model, sweep, pool, gold)


def _segmenter(sweep: Sweep, given: Segmenter | None) -> Segmenter:
    """How typed words are cut."""
    if given is not None:
        check_segmenter(given)
        return given
    segmenter = sweep.segmenter or "english"
    if callable(segmenter) or segmenter in SEGMENTERS:
        return segmenter
    if sweep.unit == "sentence":  # a text is a text, whatever its words
        return "whitespace"
    raise ProbeError(
        f"The sweep's corpus cuts words by a function of your own, {segmenter!r}, of which its file keeps the name "
        f"only: pass it, predictor(..., segmenter={segmenter}), or choose one of {list(SEGMENTERS)}."
    )


def check_unit(unit: str) -> None:
    """Raise ProbeError for a unit that a typed text does not mark."""
    if unit == "pair":
        raise ProbeError(
            "These probes compare the two statements of a pair, and a typed text is one: they cannot be explored live. "
            "Ask them of captured pairs instead: `sweep.probe_of(layer).predict(left, right)`."
        )
    if unit not in ("word", "sentence"):
        raise ProbeError(
            f"A typed text does not say which {unit}s to probe; only probes of words and sentences can be "
            "explored live. Use `sweep.probes` on captured Activations instead."
        )
