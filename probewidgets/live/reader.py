"""What a typed text gives: the words or sentences that are probed in it, and their states at every layer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from probewidgets.data.corpus import Span, check_characters
from probewidgets.data.segment import Line, Segmenter, Typed, Writing, parse_gold
from probewidgets.errors import DataError, ModelError, clipped
from probewidgets.live.remarks import caveats, remarks, short
from probewidgets.machine.arrays import Ints
from probewidgets.values import Unit

if TYPE_CHECKING:
    from probewidgets.captures.pooling import Pool
    from probewidgets.captures.reading import Reading
    from probewidgets.models.language_model import LanguageModel

__all__ = ["Reader", "Text"]

Check = Callable[[], None]


@dataclass(frozen=True, eq=False)
class Text:
    """A text that was read."""

    units: tuple[Unit, ...]
    """(U,) what is probed, in reading order."""
    notes: tuple[str, ...]
    """What could not be read, or was read in pieces."""
    reading: Reading | None
    """How the model reads it; None where there is no unit."""


@dataclass(frozen=True, eq=False)
class Reader:
    """Reads texts as a probe's training corpus was: its texts and lines, its words, the spaces between them."""

    model: LanguageModel
    unit: str
    """`"word"` or `"sentence"`."""
    segmenter: Segmenter
    """How words are found in raw text: see `probewidgets.data.segment`."""
    types: frozenset[str]
    """The word types of train."""
    labels: tuple[str, ...] = ()
    """What `word/TAG` may name as gold; none: nothing is."""
    writing: Writing | None = None
    """How the corpus's texts are made; None where that was not kept."""

    def __call__(self, text: str, check: Check) -> Text:
        """Cut, tokenize and align a text.

        Args:
            text: Any text.
            check: Called now and then; what it raises ends the work.

        Raises:
            DataError: It is no string, or holds half a character.
        """
        from probewidgets.captures.alignment import unknown
        from probewidgets.captures.reading import read

        if not isinstance(text, str):
            raise DataError(f"A text is one string, with a sentence on each line, but {type(text).__name__} came.")
        check_characters(text)
        typed = self._typed(text)
        notes = list(remarks(typed, self.writing or Writing(), self.labels, self.unit))
        read_lines = [(line.text, self._units(line, number)) for number, line in enumerate(typed.lines)]
        texts_read = [(line, members) for line, members in read_lines if members]
        if not texts_read:
            return Text((), tuple(notes), None)
        texts, units = [line for line, _ in texts_read], [unit for _, members in texts_read for _, unit in members]
        spans = np.array([[span.start, span.end] for _, members in texts_read for span, _ in members], dtype=np.int64)
        owner = np.repeat(np.arange(len(texts_read)), [len(members) for _, members in texts_read])
        check()
        encoded = self.model.encode(texts)
        for tokens, (_, members) in zip(encoded, texts_read, strict=True):
            if len(tokens) > self.model.max_tokens:
                limit = f"more than the {self.model.max_tokens:,} that {self.model.name} takes"
                line = members[0][1].line + 1
                notes.append(f"Line {line} has {len(tokens):,} tokens, {limit}: read in windows that overlap by half.")
        reading = read(self.model, texts, encoded, spans, owner, window=True)
        has = reading.has_token
        lost = [unit.text for unit, ok in zip(units, has, strict=True) if not ok]
        if lost:
            notes.append(f"The tokenizer drops {len(lost)} {self.unit}(s), e.g. {lost[0]!r}: left out.")
        no_word = unknown(reading.aligned, encoded, self.model.unknown_token)
        strange = [unit.text for unit, no in zip(units, no_word, strict=True) if no]
        if strange and self.unit == "word":
            notes.append(
                f"{len(strange)} word(s) are unknown to the tokenizer, e.g. {short(strange[0])!r}: the model sees the "
                "same token for each, so what is predicted of them comes from their neighbours alone."
            )
        kept = tuple(unit for unit, ok in zip(units, has, strict=True) if ok)
        return Text(kept, tuple(notes), reading.only(has))

    def states(
        self, text: Text, layers: Sequence[int], pool: Pool, site: str, check: Check
    ) -> Iterator[tuple[Ints, list[npt.NDArray[np.float32]]]]:
        """Batch by batch, the numbers of some units and, per layer, their (n, D) states. A line is in one batch.

        Raises:
            ModelError: The states hold NaN or infinity.
        """
        from probewidgets.captures.reading import pooled, todo
        from probewidgets.machine.threads import pace
        from probewidgets.models.sites import named

        if text.reading is None:
            return
        for batch in todo(self.model, text.reading):
            with pace(self.model.model).running(text.reading.n_tokens(batch.texts)):
                states = pooled(self.model, text.reading, batch, layers, pool, named(site))
            check()
            for layer, matrix in zip(layers, states, strict=True):
                bad = np.flatnonzero(~np.isfinite(matrix).all(axis=1))
                if len(bad):
                    word = text.units[batch.spans[bad[0]]].text
                    raise ModelError(
                        f"The model's states of layer {layer} hold NaN or infinity, first at {clipped(word, 40)}. Load "
                        "the model with dtype='float32', or sweep without that layer."
                    )
            yield batch.spans, states

    def _typed(self, text: str) -> Typed:
        """The text's lines, as the corpus would have them."""
        writing = self.writing or Writing()
        sentences, segmenter = self.unit == "sentence", self.segmenter
        if sentences and writing.spaced and segmenter == "whitespace":  # which puts no space anywhere
            segmenter = "english"
        typed = parse_gold(
            text,
            self.labels,
            segmenter,
            sentences=sentences,
            whole=writing.is_one(text),
            escaped=writing.escaped,
            types=self.types,
        )
        return replace(typed, lines=tuple(writing.written(line, self.types) for line in typed.lines))

    def caveats(self) -> Iterator[str]:
        """How far any typed text is read otherwise than the corpus is."""
        return caveats(self.writing, self.unit, self.segmenter)

    def _units(self, line: Line, number: int) -> list[tuple[Span, Unit]]:
        """What a line is probed on, with its place in the line's clean text."""
        if not line.words:
            return []
        if self.unit == "sentence":
            start, end = len(line.text) - len(line.text.lstrip()), len(line.text.rstrip())
            unit = self._unit(line, Span(start, end), number, next((g for g in reversed(line.golds) if g), None))
            return [(Span(0, len(line.text)), unit)]
        return [(word, self._unit(line, word, number, gold)) for word, gold in zip(line.words, line.golds, strict=True)]

    def _unit(self, line: Line, span: Span, number: int, gold: str | None) -> Unit:
        place, surface = line.typed(span), span.of(line.text)
        seen = None if self.unit == "sentence" else surface in self.types  # of whole sentences hardly any is
        return Unit(surface, place.start, place.end, number, gold, seen)
