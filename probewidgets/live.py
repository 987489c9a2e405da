"""What a typed text gives: `predictor()` (text -> Predictions) and `explore()` (all of it, in one line)."""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from probewidgets.data.corpus import Corpus, Span
from probewidgets.data.segment import Line, Typed, parse_gold
from probewidgets.data.targets import Targets
from probewidgets.errors import ModelError, ProbeError, StoreError
from probewidgets.metrics.calibration import scaled
from probewidgets.results import LayerScore, Predictions, Sweep, Unit

if TYPE_CHECKING:
    from probewidgets.data.control import ControlTask
    from probewidgets.data.tasks import Task
    from probewidgets.models.language_model import LanguageModel
    from probewidgets.models.pooling import Pool
    from probewidgets.models.reading import Reading
    from probewidgets.models.tapped import Encoded
    from probewidgets.probes.base import Probe
    from probewidgets.widgets.explorer import ProbeExplorer

__all__ = ["Predictor", "explore", "predictor"]


@dataclass(frozen=True, eq=False)
class Predictor:
    """A callable `text -> Predictions`: each line of the text is a sentence, cut into words as the training corpus is.

    Made by `predictor`. Empty lines are skipped; `word/TAG` gives a gold label where TAG is a label of the sweep;
    where it looks like one and is none, a note says so.

    Probabilities are calibrated: each layer's are taken at the temperature that the sweep fitted on dev
    (`LayerScore.temperature`), which never changes the predicted label. `sweep.probes` give the probes' own.
    """

    model: LanguageModel
    sweep: Sweep
    pool: Pool

    def __repr__(self) -> str:
        return f"Predictor({self.sweep.task!r} per {self.sweep.unit}, {self.model.name!r}, layers {self.sweep.layers})"

    def __call__(self, text: str, *, check: Callable[[], None] | None = None) -> Predictions:
        """What the probes of all layers say of a text.

        Args:
            text: Any text; each line is a sentence.
            check: Called between batches; what it raises ends the work.

        Returns:
            Predictions (L, U, K). Their `notes` say what could not be read, or was read in pieces.

        Raises:
            ModelError: The model's states hold NaN or infinity.
        """
        notes = list(self._caveats())
        check = check or (lambda: None)
        units, reading = self._read(text, notes, check)
        proba = self._run(units, reading, check)
        names = tuple(self.sweep.model.layer_name(layer) for layer in self.sweep.layers)
        return Predictions(text, tuple(units), self.sweep.layers, self.sweep.labels, proba, tuple(notes), names)

    def _caveats(self) -> Iterator[str]:
        """What is true of every text."""
        without, within = self.sweep.settings.get("unlabelled", 0), sum(n for n, _ in self.sweep.counts.values())
        if without > 0.01 * (without + within):
            yield (
                f"Trained only on {self.sweep.unit}s that carry {self.sweep.task!r}, {within / (without + within):.0%} "
                "of them: what is predicted for others means nothing."
            )

    def _read(self, text: str, notes: list[str], check: Callable[[], None]) -> tuple[list[Unit], Reading | None]:
        """The units of a text, and how the model reads them; None where there are none."""
        from probewidgets.models.reading import read

        typed = parse_gold(text, self.sweep.labels, self.sweep.segmenter)
        notes += self._doubts(typed)
        found = [(line.text, self._units(line, number)) for number, line in enumerate(typed.lines)]
        lines = [(line, members) for line, members in found if members]
        if not lines:
            return [], None
        texts, units = [line for line, _ in lines], [unit for _, members in lines for _, unit in members]
        spans = np.array([[span.start, span.end] for _, members in lines for span, _ in members], dtype=np.int64)
        owner = np.repeat(np.arange(len(lines)), [len(members) for _, members in lines])
        check()
        encoded = self.model.encode(texts)
        for one, (_, members) in zip(encoded, lines, strict=True):
            if len(one) > self.model.max_tokens:
                limit = f"more than the {self.model.max_tokens:,} that {self.model.name} takes"
                line = members[0][1].line + 1
                notes.append(f"Line {line} has {len(one):,} tokens, {limit}: read in windows that overlap by half.")
        reading = read(self.model, texts, encoded, spans, owner, window=True)
        has = reading.has_token
        lost = [unit.text for unit, ok in zip(units, has, strict=True) if not ok]
        if lost:
            notes.append(f"The tokenizer drops {len(lost)} {self.sweep.unit}(s), e.g. {lost[0]!r}: left out.")
        unknown = [unit.text for unit, no in zip(units, self._unknown(encoded, reading), strict=True) if no]
        if unknown and self.sweep.unit == "word":
            notes.append(
                f"{len(unknown)} word(s) are unknown to the tokenizer, e.g. {_short(unknown[0])!r}: the model sees the "
                "same token for each, so what is predicted of them comes from their neighbours alone."
            )
        return [unit for unit, ok in zip(units, has, strict=True) if ok], reading.only(has)

    def _doubts(self, typed: Typed) -> Iterator[str]:
        """What was typed like a gold label and is none."""
        found = [pair for line in typed.lines for pair in line.doubtful]
        if found:
            (word, tag), more = found[0], f" (and {len(found) - 1} more)" if len(found) > 1 else ""
            yield (
                f"{_short(tag)!r} is not a label of this probe, so {_short(word)!r} was read as text{more}. "
                f"Its labels: {', '.join(self.sweep.labels[:40])}{', …' if len(self.sweep.labels) > 40 else ''}."
            )

    def _unknown(self, encoded: Sequence[Encoded], reading: Reading) -> npt.NDArray[np.bool_]:
        """(n,) the spans of which the tokenizer knows nothing: all their tokens are its unknown token."""
        aligned = reading.aligned
        ids = np.concatenate([one.inputs["input_ids"] for one in encoded])
        lost = ids[aligned.content] == self.model.tokenizer.unk_token_id
        before = np.concatenate([[0], np.cumsum(lost)])
        many = aligned.end - aligned.start
        return (many > 0) & (before[aligned.end] - before[aligned.start] == many)

    def _units(self, line: Line, number: int) -> list[tuple[Span, Unit]]:
        """What a line is probed on, with its place in the line's clean text."""
        if not line.words:
            return []
        if self.sweep.unit == "sentence":
            whole = Span(line.words[0].start, line.words[-1].end)
            return [(whole, self._unit(line, whole, number, next((g for g in reversed(line.golds) if g), None)))]
        return [(word, self._unit(line, word, number, gold)) for word, gold in zip(line.words, line.golds, strict=True)]

    def _unit(self, line: Line, span: Span, number: int, gold: str | None) -> Unit:
        place, surface = line.typed(span), span.of(line.text)
        return Unit(surface, place.start, place.end, number, gold, surface in self.sweep.types)

    def _run(
        self, units: Sequence[Unit], reading: Reading | None, check: Callable[[], None]
    ) -> npt.NDArray[np.float32]:
        from probewidgets.models.reading import pooled, todo
        from probewidgets.models.sites import named

        layers = self.sweep.layers
        proba = np.empty((len(layers), len(units), len(self.sweep.labels)), np.float32)
        if reading is None:
            return proba
        site = named(self.sweep.model.site)
        for batch in todo(self.model, reading):
            at, states = batch.spans, pooled(self.model, reading, batch, layers, self.pool, site)
            check()
            for row, (score, fitted) in enumerate(zip(self.sweep.scores, self.sweep.probes, strict=True)):
                if not np.isfinite(states[row]).all():
                    word = units[at[np.flatnonzero(~np.isfinite(states[row]).all(axis=1))[0]]].text
                    raise ModelError(
                        f"The model's states of layer {score.layer} hold NaN or infinity, first at {word[:40]!r}. Load "
                        "the model with dtype='float32', or sweep without that layer."
                    )
                proba[row, at] = np.exp(scaled(fitted.log_proba(states[row]), score.temperature))
        return proba


def _short(text: str) -> str:
    return text if len(text) <= 24 else text[:23] + "…"


def predictor(model: LanguageModel, sweep: Sweep, *, pool: Pool | None = None) -> Predictor:
    """A callable that says what the probes of a sweep predict for any text, in calibrated probabilities.

    Each layer's are taken at the temperature that was fitted on dev: the predicted labels are the probe's own, its
    confidence is nearer to its accuracy. They say how sure the probe is, not what the model believes.

    Args:
        model: The model that the sweep's states came from.
        sweep: Fitted probes, one per layer.
        pool: Only where the sweep was made with a pool of your own: that pool.

    Returns:
        A Predictor: `text -> Predictions`.

    Raises:
        ProbeError: The model has other layers than the sweep's, the pool is not known, or the sweep is of spans or
            edges, which a bare text does not mark.
    """
    from probewidgets.models.language_model import LanguageModel
    from probewidgets.models.pooling import POOLS, pool_name

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
    _check_unit(sweep.unit)
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
    return Predictor(model, sweep, pool)


def _check_unit(unit: str) -> None:
    if unit not in ("word", "sentence"):
        raise ProbeError(
            f"A typed text does not say which {unit}s to probe; only probes of words and sentences can be "
            "explored live. Use `sweep.probes` on captured Activations instead."
        )


def explore(
    text: str | None = None,
    *,
    model: Any = None,
    corpus: Corpus | None = None,
    task: Task | None = None,
    probe: Probe | None = None,
    layers: Sequence[int] | None = None,
    control: bool | int | ControlTask = True,
    store: bool | str | os.PathLike[str] | None = None,
) -> ProbeExplorer:
    """Everything in one line: capture, sweep, and a live explorer of it.

    Args:
        text: What stands in the box at first.
        model: A LanguageModel, or what LanguageModel takes (a name, a folder); the embedded model by default.
        corpus: Where the probes are trained; by default `english()`, which this package generates.
        task: What the probes predict; by default part of speech, `WordTask("upos")`.
        probe: How; by default `LinearProbe()`, its penalty chosen on dev.
        layers: Which layers; all by default.
        control: Whether to train the control task too (or how many draws of it, or a `ControlTask`).
        store: Where the sweep is kept, so that the second call is quick: nothing for the user's cache folder, a folder,
            or False for nowhere. The sweep of a probe that is not this package's own is never kept.

    Returns:
        A ProbeExplorer; its `.sweep` holds the numbers.
    """
    from probewidgets.data.grammar import english
    from probewidgets.data.tasks import WordTask
    from probewidgets.experiment import sweep
    from probewidgets.models.capture import capture, check_layers
    from probewidgets.models.language_model import LanguageModel
    from probewidgets.models.store import default_folder
    from probewidgets.probes.linear import LinearProbe
    from probewidgets.probes.mlp import MLPProbe
    from probewidgets.widgets.explorer import ProbeExplorer
    from probewidgets.widgets.traits import clean_text

    text = None if text is None else clean_text(text)
    as_ever = corpus is None and task is None
    task = task or WordTask("upos")
    _check_unit(task.unit)
    language_model = model if isinstance(model, LanguageModel) else LanguageModel(model)
    probe = probe or LinearProbe()
    chosen = check_layers(language_model, layers)
    path = None
    # The repr of someone else's probe need not tell it from another one, and its weights cannot be saved.
    if store is not False and type(probe) in (LinearProbe, MLPProbe):
        folder = default_folder() if store is None or store is True else Path(store).expanduser()
        settings = (language_model.fingerprint(), str(chosen), f"{probe!r} {control}")
        if as_ever:
            key = _default_key(settings)
        else:
            corpus = english() if corpus is None else corpus
            key = _key(settings, corpus, task.targets(corpus))
        path = folder / "sweeps" / f"{key}.safetensors"
    found = _kept(path) if path else None
    if found is None:
        corpus = english() if corpus is None else corpus
        acts = capture(language_model, corpus, task, layers=chosen, store=False)
        found = sweep(acts, probe, control=control)
        if path:
            _keep(found, path)
    live = predictor(language_model, found)
    return ProbeExplorer(live) if text is None else ProbeExplorer(live, text=text)


def _key(settings: Sequence[str], corpus: Corpus, targets: Targets) -> str:
    """A hash of all that decides a sweep: its file's name. By content: two tasks of one name may label differently."""
    names = (corpus.name, corpus.segmenter, targets.task, targets.unit, *targets.labels, str(corpus.split))
    digest = _digest([*settings, *names, *(example.text for example in corpus)])
    for column in (targets.example, targets.spans, targets.y):
        digest.update(f"{column.shape}".encode() + np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()[:40]


def _default_key(settings: Sequence[str]) -> str:
    """The same for the embedded corpus and part of speech: by the code that makes them, which takes no time to read."""
    from probewidgets import data

    folder = Path(data.__file__).parent
    return _digest([*settings, *(path.read_text("utf-8") for path in sorted(folder.rglob("*.py")))]).hexdigest()[:40]


def _digest(parts: Sequence[str]) -> Any:
    from probewidgets import __version__

    digest = hashlib.sha256()
    # And by what a score holds: a sweep that was kept before something was added to it lacks that.
    for part in (__version__, *(field.name for field in fields(LayerScore)), *parts):
        digest.update(f"{len(part)}:{part}".encode("utf-8", "surrogatepass"))
    return digest


def _kept(path: Path) -> Sweep | None:
    if not path.is_file():
        return None
    try:
        return Sweep.load(path)
    except StoreError as error:
        warnings.warn(f"The cached sweep cannot be read and is made anew: {error}", stacklevel=3)
        return None


def _keep(sweep: Sweep, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        sweep.save(path)
    except (OSError, ProbeError) as error:
        warnings.warn(f"The sweep could not be cached in {path.parent}: {error}.", stacklevel=3)
