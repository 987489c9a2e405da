"""ProbeTeacher: paint words with a label of one's own, and see what probes at every layer make of it."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from probewidgets.data.corpus import Corpus
from probewidgets.data.lesson_files import read_lesson
from probewidgets.data.lessons import Lesson
from probewidgets.data.segment import Segmenter
from probewidgets.errors import WidgetError
from probewidgets.values import Estimate, Predictions, Unit
from probewidgets.widgets.kit.checks import refuse_unknown
from probewidgets.widgets.kit.linker import linked
from probewidgets.widgets.kit.messages import Message, hears
from probewidgets.widgets.reading.linking import Tied
from probewidgets.widgets.teacher import still
from probewidgets.widgets.teacher.learning import Learning
from probewidgets.widgets.teacher.payload import TERMS, encode_judged, encode_labels, encode_page, page_at

if TYPE_CHECKING:
    import pandas as pd

    from probewidgets.models.language_model import LanguageModel

__all__ = ["ProbeTeacher"]

_log = logging.getLogger(__name__)

OFFERED = 3
"""Words that are offered for painting."""


class ProbeTeacher(Learning, Tied):
    """Type sentences, make labels, paint words with them; after each stroke probes at every layer learn anew.

    What they then think of all other words is shown, with how well they do on sentences left out, and which words to
    paint next. States are captured once for each sentence. All that is painted is kept in a file at once, and found
    there again when the cell is run again, or after a crash.

    Args:
        corpus: Sentences to begin with: a Corpus, or the path of a lesson that `save("...jsonl")` wrote. What it says
            of words under `name` is painted already, to be corrected.
        model: Whose states: a LanguageModel; None: the embedded one.
        text: Sentences to begin with instead, one on each line.
        labels: Labels to begin with.
        name: What the labels say of a word: the name that they have in `corpus`.
        unit: What is painted: `"word"`, or `"sentence"` as a whole.
        layers: The layers that are probed; all by default.
        layer: The layer that is shown; None: the one that does best on sentences left out.
        path: The file that the lesson is kept in; None: `teacher.jsonl` in the notebook's folder, or the next of its
            names that is free; False: none.
        segmenter: How words are found in what is typed: see `Corpus`.
        layout: An `ipywidgets.Layout`.

    Raises:
        TypeError: A keyword that it does not know.
        DataError: A unit, name or label that cannot be.
        WidgetError: Both corpus= and text=, more text than a page takes, or no LanguageModel.
        StoreError: The file is being written by another kernel, or holds another lesson.
    """

    _title = "Probe teacher"
    _esm, _css = linked(Path(__file__).with_name("view.js"))
    _tied = ("layer",)  # its label is a brush, and says nothing of what is looked at

    def __init__(
        self,
        corpus: Corpus | str | os.PathLike[str] | None = None,
        *,
        model: LanguageModel | None = None,
        text: str = "",
        labels: Sequence[str] = (),
        name: str = "label",
        unit: str = "word",
        layers: Sequence[int] | None = None,
        layer: int | None = None,
        path: str | os.PathLike[str] | bool | None = None,
        segmenter: Segmenter | None = None,
        layout: Any = None,
        **unknown: Any,
    ) -> None:
        refuse_unknown(type(self), unknown)
        self._page_start = 0
        super().__init__(model, layers, layout)
        with self._or_closed():
            if model is not None:
                self._read_with(model)
            self._begin(_lesson(corpus, text, labels, name, unit, segmenter), path, segmenter)
            with self._quietly():
                self.text = self._lesson.text
                self.label = next(iter(self._lesson.labels), self.label)
                self.layer = layer
            self._go_on()
            self._publish()

    # ------------------------------------------------------------------ Python side

    @property
    def predictions(self) -> Predictions:
        """What the probes of all layers said last: (L, U, K), of the labels that are painted.

        What is painted is the gold label of its unit.
        """
        with self._lock:
            taught = self._taught
        lines = [
            (number, *each)
            for number, s in enumerate(taught.lesson.sentences)
            for each in zip(s.spans, s.marks, strict=True)
        ]
        texts = [sentence.example.text for sentence in taught.lesson.sentences]
        starts = np.cumsum([0, *(len(text) + 1 for text in texts)]).tolist()
        units = tuple(
            Unit(span.of(texts[number]), starts[number] + span.start, starts[number] + span.end, number, mark)
            for number, span, mark in lines
        )
        return Predictions("\n".join(texts), units, self._layers[: len(taught.proba)], taught.labels, taught.proba)

    @property
    def accuracy(self) -> Estimate | None:
        """Leave-one-sentence-out accuracy of the layer shown, with its interval; None where it means nothing."""
        row = self._row
        return self._judged.accuracy[row] if self._judged.accuracy and row is not None else None

    @property
    def suggested(self) -> tuple[tuple[int, int], ...]:
        """The words to paint next, as (sentence, word), the most uncertain first."""
        place = {u: (n, at) for n, s in enumerate(self._lesson.sentences) for at, u in enumerate(s.ids)}
        return tuple(place[unit] for unit in self._next(5) if unit in place)

    def table(self) -> pd.DataFrame:
        """A row for each layer: leave-one-sentence-out accuracy with its interval, control and majority."""
        return still.scores_frame(self._layers, self._judged, self._row)

    def __repr__(self) -> str:
        lesson, where = self._lesson, f", {Path(self.path).name}" if self.path else ""
        error = f", error {self.error!r}" if self.error else ""
        return (
            f"ProbeTeacher({lesson.name!r}: {lesson.n_painted} of {len(lesson.places)} {lesson.unit}s painted in "
            f"{len(lesson.sentences)} sentence(s), labels {list(lesson.labels)}{where}{error})"
        )

    # ------------------------------------------------------------------ kernel -> page

    def _publish(self) -> None:
        with self._lock:
            self._answered = dict(self._heard)  # what is sent holds all strokes so far
            super()._publish()

    def _payload(self) -> dict[str, Any]:
        lesson, page = self._lesson, page_at(self._lesson, self._page_start)
        row = self._row
        best = None if self._judged.best is None else self._layers[self._judged.best]
        forms = {u: form for s in lesson.sentences for u, form in zip(s.ids, s.forms, strict=True)}
        return {
            "title": self._title,
            "terms": TERMS,
            "text": lesson.text,
            "name": lesson.name,
            "unit": lesson.unit,
            "painted_units": lesson.n_painted,
            "layers": list(self._layers),
            "layer": None if row is None else self._layers[row],
            "best": best,
            "model": "" if self._model is None else self._model.name,
            "next": [[unit, forms[unit]] for unit in self._next(OFFERED)],
            "undo": bool(self._done),
            "redo": bool(self._undone),
            "file": Path(self.path).name if self.path else "",
            "path": self.path,
            "recovered": self._recovered and not self._done,
            "unsaved": self.unsaved,
            "heir": self._heir,
            "error": self.error,
            "traceback": self.traceback,
            **encode_labels(lesson),
            **encode_page(lesson, self._taught, page),
            **encode_judged(self._judged),
        }

    def _choices(self) -> dict[str, Any]:
        return {"label": self.label, "layer": self.layer}

    # ------------------------------------------------------------------ page -> kernel

    @hears("page", maybe={"sentence": int, "unit": int})
    def _on_page(self, message: Message, sentence: int = 0, unit: int | None = None) -> None:
        """Other sentences: those from a number on, or those around a unit."""
        with self._lock, self._by(message):
            homes = [number for number, each in enumerate(self._lesson.sentences) if unit in each.ids]
            self._page_start = page_at(self._lesson, homes[0] if homes else max(sentence, 0)).start
            self._publish()

    # ------------------------------------------------------------------ what stays

    def _figure(self, width: Any) -> Any:
        return still.figure(self._lesson, self._taught, self._row, width)

    def _draw(self) -> bytes | None:
        return still.picture(self._lesson, self._taught, self._row)

    def _frame(self) -> pd.DataFrame:
        return still.units_frame(self._lesson, self._taught, self._row)

    def _tables(self) -> str:
        return still.table(self._lesson, self._taught, self._judged, self._row, self._layers)

    def _plain(self) -> str:
        return still.text(repr(self), self._lesson, self._taught, self._judged, self._row)

    def _page_title(self) -> str:
        return f"{self._title}: {self._lesson.name}"


def _lesson(corpus: Any, text: str, labels: Sequence[str], name: str, unit: str, segmenter: Segmenter | None) -> Lesson:
    """What a lesson begins with."""
    if corpus is not None and text:
        raise WidgetError("Give corpus= or text= to begin with, not both.")
    if isinstance(labels, str):
        raise WidgetError(f"labels must be a list of names, but {labels!r} came: labels=[{labels!r}].")
    if isinstance(corpus, str | os.PathLike):
        return read_lesson(corpus, segmenter)[0]
    if corpus is not None:
        return Lesson.of_corpus(corpus, name, unit, tuple(labels))
    empty = Lesson(name, unit, tuple(labels), segmenter=segmenter or "english")
    return empty.typed(text) if text else empty
