"""Comparing: what the page of a comparison is sent, and what is heard from it."""

from __future__ import annotations

from typing import Any

import traitlets

from probewidgets.errors import WidgetError
from probewidgets.widgets.compare.board import NO_ANSWER, Board
from probewidgets.widgets.compare.choices import CHOICES
from probewidgets.widgets.compare.panels import Panels
from probewidgets.widgets.compare.payload import (
    encode_columns,
    encode_difference,
    encode_panel,
    longest,
    rows_told,
    windows,
)
from probewidgets.widgets.compare.scores import encode_scores
from probewidgets.widgets.kit.checks import clean_text
from probewidgets.widgets.kit.messages import Message, hears
from probewidgets.widgets.reading.payload import Window

__all__ = ["Comparing"]

_DRAWN = {"align", "against", "label"}
"""Choices that change what is subtracted from what, or stands beside it."""


class Comparing(Panels):
    """Each panel is sent with what it says and with what has changed, so a page goes from one to the other at once."""

    # ------------------------------------------------------------------ kernel -> page

    def _payload(self) -> dict[str, Any]:
        board = self._board()
        pages = windows([panel.shown for panel in self._panels], self._window_start)
        self._window_start = max((page.start for page in pages if page), default=0)
        columns, letters = encode_columns(board, pages), longest(self._all_labels)
        panels = [
            encode_panel(panel, page, keys) for panel, page, keys in zip(self._panels, pages, board.keys, strict=True)
        ]
        for place, (panel, page) in enumerate(zip(panels, pages, strict=True)):
            panel |= {"beside": columns[place], "letters": letters, "grids": 2}
            panel["why"] = board.reasons[place]
            panel["difference"] = self._kept_difference(board, place, page)
        return {
            "title": self._title,
            "text": self.text,
            "pair": self._pair,
            "refused": self._refused,
            "rows": [list(row) for row in board.rows],
            "told": rows_told(board),
            "panels": panels,
            "why": board.why_no_difference,
            "scores": encode_scores(board, self._margins),
            "alignable": self._deep_differently,
        }

    def _kept_difference(self, board: Board, place: int, page: Window | None) -> dict[str, Any] | None:
        """What has changed; while one of both answers is on its way, what had changed before."""
        waiting = self._panels[place].waiting or self._panels[board.against].waiting
        if not (waiting and board.reasons[place] == NO_ANSWER):
            self._kept[place] = None if page is None else encode_difference(board, place, page)
        return self._kept.get(place)

    def _choices(self) -> dict[str, Any]:
        return {
            **{name: getattr(self, name) for name in ("show", "align", "row", "label", "colour")},
            "against": self._reference,
            "word": [self._names.index(self.word[0]), self.word[1]] if self.word else None,
        }

    @traitlets.observe(*CHOICES)
    def _choice_changed(self, change: Any) -> None:
        if self._silent:
            return
        with self._lock:
            self._chosen({change.name})

    def _chosen(self, names: set[str]) -> None:
        """Show what was chosen; the row stays the one that it was."""
        if names & _DRAWN:
            self._changed()
        elif "word" in names and self._turned():
            self._publish()
        else:
            self._publish_choice()
        self._tell_cell()

    def _turned(self) -> bool:
        """Turn to the page on which the word under inspection stands; whether that was needed."""
        if self.word is None:
            return False
        pages = windows([panel.shown for panel in self._panels], self._window_start)
        page = pages[self._names.index(self.word[0])]
        if page is None or page.start <= self.word[1] < page.end:
            return False
        self._window_start = self.word[1]
        return True

    # ------------------------------------------------------------------ page -> kernel

    @hears(
        "choose",
        maybe={
            "show": str,
            "align": str,
            "against": int,
            "row": int,
            "word": list | None,
            "label": str | None,
            "colour": str,
        },
    )
    def _on_choose(self, message: Message, **choices: Any) -> None:
        """What was chosen in the page. What does not fit changes nothing."""
        with self._lock, self._by(message):
            with self._quietly():
                for name in CHOICES:
                    if name in choices and (name, choices[name]) != ("colour", "probability"):
                        self._choose(name, choices[name])
            self._chosen(set(choices))

    def _choose(self, name: str, value: Any) -> None:
        """One choice of the page, which tells predictors by number."""
        try:
            if name == "against":
                value = self._names[value]
            elif name == "word" and value is not None:
                value = (self._names[value[0]], value[1])
            setattr(self, name, value)
        except (WidgetError, TypeError, IndexError):
            return

    @hears("ask", text=str)
    def _on_ask(self, message: Message, text: str) -> None:
        """A text typed in the page: that it is worked on is the answer to that, and predictions follow."""
        text = clean_text(text)
        with self._lock:
            self._answered = self._question(message)
            try:
                with self._quietly():
                    self.text = text
            finally:  # also where somebody's observer of `text` raises: the page waits for an answer
                self._set_text(text)

    def _refuse(self, message: Message, error: WidgetError) -> None:
        """Say why; a text that is refused stays in the page's box, and nobody waits for an answer to it."""
        super()._refuse(message, error)
        if message.kind == "ask":
            with self._lock:
                self._answered, self._refused = self._question(message), True
                self._publish()

    @hears("stop")
    def _on_stop(self, message: Message) -> None:
        """Nobody waits any longer for an answer; what was shown before stays."""
        with self._lock:
            self._answered = self._question(message)
            for panel in self._panels:
                panel.stop()
            self._changed()

    @hears("window", start=int)
    def _on_window(self, message: Message, start: int) -> None:
        """Another page of words."""
        with self._lock, self._by(message):
            self._window_start = max(0, start)
            self._publish()
