"""Painting: what a person does to the lesson of a widget, and the files that can be made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

import traitlets

from probewidgets.data.corpus import Corpus
from probewidgets.data.lesson_files import conllu_of, json_lines_of
from probewidgets.data.lessons import NOTHING
from probewidgets.errors import DataError, WidgetError, clipped
from probewidgets.machine.interrupts import uninterrupted
from probewidgets.widgets.kit.checks import as_index, clean_text
from probewidgets.widgets.kit.files import MIMES
from probewidgets.widgets.kit.messages import Message, hears
from probewidgets.widgets.teacher.kept import MOST_CHARACTERS, Kept

__all__ = ["Painting"]


class Painting(Kept):
    """What a person does to a lesson, from Python or in a page."""

    def __init__(self, *, layout: Any = None) -> None:
        self._renamed: dict[str, str] = {}
        super().__init__(layout=layout)

    _mimes: ClassVar[Mapping[str, str]] = {
        "conllu": "text/plain",
        "jsonl": "application/jsonl",
        **{ending: mime for ending, mime in MIMES.items() if ending != "json"},
    }

    # ------------------------------------------------------------------ what a person does, from Python

    @property
    def corpus(self) -> Corpus:
        """The lesson now, as a Corpus: words that nobody has touched carry no label.

        `WordTask(name)` (`SentenceTask(name)`) finds what is painted; `"O"` is where nothing is.
        """
        return self._lesson.corpus()

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that can be painted, in the order of their digits."""
        return self._lesson.labels

    def paint(self, sentence: int, word: int | Iterable[int] | None, label: str | None) -> None:
        """Paint a word, some words, or (None) all units of a sentence.

        Args:
            sentence: Its number, from 0.
            word: The number of the word in it, or several, such as `range(2, 5)`.
            label: One of `labels`, which is made if it is not there; `"O"`: nothing here; None: as if nobody had
                touched them.

        Raises:
            DataError: No such sentence or word, or no name of a label.
        """
        with self._lock:
            try:
                ids = self._lesson.sentences[sentence].ids
                alone = as_index(word)
                chosen = ids if word is None else [ids[each] for each in (word if alone is None else [alone])]  # type: ignore[union-attr]
            except (IndexError, TypeError):
                counts = [len(each.ids) for each in self._lesson.sentences]
                raise DataError(
                    f"There is no word {clipped(word)} in sentence {clipped(sentence)}: the lesson has {len(counts)} "
                    f"sentence(s), of {clipped(counts)} {self._lesson.unit}s."
                ) from None
            lesson = self._lesson if label in (None, NOTHING) else self._lesson.with_label(str(label))
            self._change(lesson.painted(chosen, label))

    def add_label(self, name: str) -> None:
        """Make a label, which is then the one that is painted with.

        Raises:
            DataError: It is no name of a label, or there are too many.
        """
        with self._lock:
            self._change(self._lesson.with_label(name))
            self.label = name

    def remove_label(self, name: str) -> None:
        """Take a label away; what was painted with it is untouched again. It can be undone.

        Raises:
            DataError: There is no such label.
        """
        with self._lock:
            self._change(self._lesson.without_label(name))

    def rename_label(self, name: str, to: str) -> None:
        """Call a label otherwise; what is painted with it stays painted. It can be undone.

        Raises:
            DataError: There is no such label, or `to` is no name, or that of another label: two are not made one.
        """
        with self._lock:
            self._change(self._lesson.renamed(name, to))
            self._renamed[name] = to

    # ------------------------------------------------------------------ traits

    @traitlets.validate("text")
    def _valid_text(self, proposal: Any) -> str:
        text = clean_text(proposal.value)
        if len(text) > MOST_CHARACTERS:
            raise WidgetError(
                f"The text has {len(text):,} characters; a lesson takes {MOST_CHARACTERS:,}. Teach on fewer sentences."
            )
        return text

    @traitlets.observe("text")
    def _text_changed(self, change: Any) -> None:
        if not self._silent:
            with self._lock:
                self._change(self._lesson.typed(change.new))

    @traitlets.validate("label")
    def _valid_label(self, proposal: Any) -> str:
        if proposal.value not in (NOTHING, *self._lesson.labels):
            raise WidgetError(f"There is no label {clipped(proposal.value)}, only {list(self._lesson.labels)}.")
        return str(proposal.value)

    # ------------------------------------------------------------------ page -> kernel

    def _obey(self, message: Message, act: Callable[[], None]) -> None:
        """Do what a page asks; errors of ours go back to it as refusals."""
        with self._lock, self._by(message):
            self._question(message)
            before = self._lesson
            try:
                act()
            except DataError as error:
                raise WidgetError(str(error)) from error
            if self._lesson is before:  # nothing will come of it, which the page waits for
                self._publish()

    def _handle_custom_msg(self, content: Any, buffers: Any) -> None:
        """Hear a page: an interrupt is meant for a cell, and takes no stroke away that is just being made."""
        with uninterrupted():
            super()._handle_custom_msg(content, buffers)

    def _refuse(self, message: Message, error: WidgetError) -> None:
        """Say why a message is not obeyed, and show the lesson as it is: the page waits for an answer."""
        super()._refuse(message, error)
        with self._lock:
            self._question(message)
            self._publish()

    @hears("paint", queued=True, units=list, label=str | None)
    def _on_paint(self, message: Message, units: list[Any], label: str | None) -> None:
        """A stroke: units by their ids, and a label."""
        ids = [unit for unit in units if type(unit) is int]
        self._obey(message, lambda: self._change(self._lesson.painted(ids, self._now_called(label))))

    def _now_called(self, label: str | None) -> str | None:
        """The label that a page means which did not know yet that it was renamed."""
        for _ in self._renamed:
            if label is None or label in self._lesson.labels:
                break
            label = self._renamed.get(label, label)
        return label

    @hears("text", text=str)
    def _on_text(self, message: Message, text: str) -> None:
        """What is in the box."""
        self._obey(message, lambda: setattr(self, "text", text))

    @hears("label", queued=True, name=str)
    def _on_label(self, message: Message, name: str) -> None:
        """A new label."""
        self._obey(message, lambda: self.add_label(name.strip()))

    @hears("rename", queued=True, name=str, to=str)
    def _on_rename(self, message: Message, name: str, to: str) -> None:
        """A label that is called otherwise."""
        self._obey(message, lambda: self.rename_label(name, to.strip()))

    @hears("drop", queued=True, name=str)
    def _on_drop(self, message: Message, name: str) -> None:
        """A label that goes."""
        self._obey(message, lambda: self.remove_label(name))

    @hears("undo", queued=True)
    def _on_undo(self, message: Message) -> None:
        self._obey(message, self.undo)

    @hears("redo", queued=True)
    def _on_redo(self, message: Message) -> None:
        self._obey(message, self.redo)

    @hears("aside", queued=True, unit=int)
    def _on_aside(self, message: Message, unit: int) -> None:
        """A unit that is not to be offered any more."""
        self._obey(message, lambda: self._change(self._lesson.set_aside(unit)))

    # ------------------------------------------------------------------ files

    def _content(self, ending: str, width: Any) -> bytes:
        if ending == "conllu":
            return conllu_of(self._lesson).encode()
        if ending == "jsonl":
            return json_lines_of(self._lesson).encode()
        return super()._content(ending, width)
