"""Kept: a widget that holds a lesson. Each change is in its file before it is shown, and can be undone."""

from __future__ import annotations

import os
from typing import Any

import traitlets

from probewidgets.data.lessons import NOTHING, Lesson
from probewidgets.data.segment import Segmenter
from probewidgets.errors import StoreError, WidgetError
from probewidgets.live.keeping import Keeper
from probewidgets.machine.interrupts import uninterrupted
from probewidgets.widgets.kit.checks import Checked, in_words
from probewidgets.widgets.kit.files import Files

__all__ = ["MOST_CHARACTERS", "Kept"]

MOST_STEPS = 500
"""Changes that can be undone."""
MOST_CHARACTERS = 60_000
"""Of the text: all of it is in the page."""


class Kept(Files):
    """A widget that holds a lesson, which is learnt and kept after each change of it.

    The lesson is written to its file before anything that follows from a change is shown. A newer widget of the same
    kernel takes the file over, as happens when a cell is run again; this one then shows that, and is painted
    no more.
    """

    text = Checked("", help="The text in the box; each line is a sentence. Setting it keeps paint on words that stay.")
    label = Checked(NOTHING, help='The label that is painted with; `"O"`: nothing here.')
    path = traitlets.Unicode("", read_only=True, help="The file that the lesson is kept in; empty: none.")
    unsaved = traitlets.Unicode("", read_only=True, help="Why the newest change is not in the file; empty if it is.")

    _keeper: Keeper | None = None

    def __init__(self, *, layout: Any = None) -> None:
        self._lesson = Lesson()
        self._done: list[Lesson] = []
        self._undone: list[Lesson] = []
        self._heir = False  # whether a newer widget has taken the lesson over
        self._recovered = False
        super().__init__(layout=layout)

    def _begin(self, start: Lesson, path: str | os.PathLike[str] | bool | None, segmenter: Segmenter | None) -> None:
        """Take the lesson up where its file left it, or begin it."""
        self._lesson = _checked(start)
        if path is False:
            return
        asked = None if path is None or path is True else path
        try:
            with uninterrupted():
                self._keeper, self._lesson, self._recovered = Keeper.kept(self._lesson, asked, segmenter)
        except StoreError as error:
            if asked is not None:
                raise
            self.set_trait("unsaved", in_words(error))  # a folder in which nothing can be written: it is said
            return
        self._keeper.given_up = self._yield
        self.set_trait("path", str(self._keeper.path))

    def undo(self) -> None:
        """Take the last change back, if there is one."""
        self._step(self._done, self._undone)

    def redo(self) -> None:
        """Make the change again that was taken back."""
        self._step(self._undone, self._done)

    def _step(self, source: list[Lesson], target: list[Lesson]) -> None:
        with self._lock, uninterrupted():
            if source and self._still_ours():
                target.append(self._lesson)
                self._become(source.pop())

    # ------------------------------------------------------------------ the lesson changes

    def _change(self, lesson: Lesson) -> None:
        """Take a lesson that somebody has changed; it can be undone. An interrupt waits until it is in its file."""
        if lesson == self._lesson or not self._still_ours():
            return
        _checked(lesson)
        with uninterrupted():
            self._done = [*self._done[1 - MOST_STEPS :], self._lesson]
            self._undone = []
            self._become(lesson)

    def _still_ours(self) -> bool:
        """Whether this widget may change the lesson; raises WidgetError where a newer one does."""
        if self._heir:
            raise WidgetError(
                "This lesson goes on in a newer widget of this kernel: paint there, or run the cell again."
            )
        return True

    def _become(self, lesson: Lesson) -> None:
        before, self._lesson = self._lesson.labels, lesson
        with self._quietly():
            self.text = lesson.text
            if self.label not in (NOTHING, *lesson.labels):
                named = len(before) == len(lesson.labels)  # otherwise than before, in its place
                self.label = lesson.labels[before.index(self.label)] if named else NOTHING
        self._go_on()

    def _go_on(self) -> None:
        """Learn the lesson, and keep it: on another thread, which shows nothing before this one lets it."""
        self._learn()
        self._keep()
        self._show_lesson()

    def _keep(self) -> None:
        """Write the lesson to its file; where that fails, say so, and try again at the next change."""
        if self._keeper is None:
            return
        try:
            self._keeper.save(self._lesson)
        except (StoreError, OSError) as error:
            self.set_trait("unsaved", f"{in_words(error)} It is tried again with the next change.")
            return
        self.set_trait("unsaved", "")
        self.set_trait("path", str(self._keeper.path))

    def _learn(self) -> None:
        """Begin to learn the lesson."""
        raise NotImplementedError

    def _show_lesson(self) -> None:
        """Show the lesson now, where it takes a while until it is learnt."""
        raise NotImplementedError

    def _yield(self) -> None:
        """A newer widget goes on with the lesson."""
        with self._lock:
            self._heir = True
            self._publish()

    def close(self) -> None:
        """Close all views, and let others write the lesson's file. Safe to call twice."""
        if self._keeper is not None:
            self._keeper.close()
        super().close()


def _checked(lesson: Lesson) -> Lesson:
    """A lesson that a page can show."""
    if len(lesson.text) > MOST_CHARACTERS:
        raise WidgetError(
            f"The lesson has {len(lesson.text):,} characters; a page takes {MOST_CHARACTERS:,}, about 600 sentences. "
            "Teach on some of them: corpus.sample, or a Corpus of fewer examples."
        )
    return lesson
