"""Panels: several predictors that are asked for one text, or one of them for two sentences."""

from __future__ import annotations

from typing import Any

import traitlets

from probewidgets.live.shared import sharing
from probewidgets.widgets.compare.board import Board, Margins
from probewidgets.widgets.compare.names import named
from probewidgets.widgets.compare.panel import Answer, Panel
from probewidgets.widgets.compare.tied import TiedChoices
from probewidgets.widgets.kit.files import Files
from probewidgets.widgets.reading.answering import moved
from probewidgets.widgets.reading.typed import Typed

__all__ = ["Panels"]

_PAIR = ("sentence 1", "sentence 2")


class Panels(Typed, Files, TiedChoices):
    """The predictors work side by side, each on a thread of its own; answers are shown as they come.

    Args:
        predictors: See `ProbeCompare`.
        pair: The same.
        layout: An `ipywidgets.Layout`.
    """

    _panels: tuple[Panel, ...] = ()

    predictions = traitlets.Dict(read_only=True, help="What is shown: name of the predictor -> Predictions.")
    errors = traitlets.Dict(read_only=True, help="What predictors raised for the newest text: name -> message.")

    def __init__(self, predictors: object, pair: object, layout: Any) -> None:
        by_name, self._pair = named(predictors, pair)
        if self._pair:
            ((name, call),) = by_name.items()
            by_name = {f"{name}, {each}": call for each in _PAIR}
        else:
            by_name = dict(zip(by_name, sharing(list(by_name.values())), strict=True))
        self._names = tuple(by_name)
        self._window_start = 0
        self._asked = 0  # how often all were asked
        self._refused = False  # whether a page has a text in its box that was not taken
        self._kept: dict[int, dict[str, Any] | None] = {}  # the differences that the page has
        self._drawn: tuple[Any, Board] | None = None
        super().__init__(layout=layout)
        self._panels = tuple(Panel(name, call, self._lock, self._changed, self._told) for name, call in by_name.items())
        for panel, title in zip(self._panels, _PAIR if self._pair else self._names, strict=True):
            panel.title = title
        self._margins = Margins([panel.sweep for panel in self._panels])
        with self._quietly():
            self.against = self._names[0]

    # ------------------------------------------------------------------ what stands beside what

    def _board(self) -> Board:
        seen = tuple(panel.seen for panel in self._panels)
        state = [(each.rev, each.late, each.shown_for) for each in seen]
        key = (state, self.align, self._reference, self.label)
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = key, Board(seen, self._pair, self.align, self._reference, self.label)
        return self._drawn[1]

    @property
    def _all_labels(self) -> tuple[str, ...]:
        """The labels of all predictors, in the order in which they come."""
        shown = [panel.shown for panel in self._panels]
        return tuple(dict.fromkeys(label for each in shown if each is not None for label in each.labels))

    @property
    def _deep_differently(self) -> bool:
        """Whether some of the models are deeper than others, as far as their layers are known."""
        return len({panel.deepest for panel in self._panels if panel.layers}) > 1

    def _fit(self, before: Board | None) -> None:
        """Make the choices fit what there is to choose from, after that changed; row and word stay the same ones."""
        board, row = self._board(), None
        if before is not None and self.row is not None and self.row < len(before.rows):
            layers = enumerate(before.rows[self.row])
            row = next((at for place, layer in layers if (at := board.row_of(place, layer)) is not None), None)
        if row is None and board.rows:
            row = board.row_of(board.against, board.seen[board.against].best)
            row = len(board.rows) - 1 if row is None else row
        self.row = row
        if before is not None and self.word is not None:
            self.word = _followed(before, board, self._names.index(self.word[0]), self.word)
        if self.label not in self._all_labels:
            self.label = None

    # ------------------------------------------------------------------ asking, and what comes of it

    def _texts(self, text: str) -> list[str | None]:
        """What each panel is asked for; None: there is nothing for it yet."""
        if not self._pair:
            return [text] * len(self._panels)
        lines = [line for line in text.split("\n") if line.strip()]
        return [lines[at] if at < len(lines) else None for at in range(len(self._panels))]

    @property
    def _at_work(self) -> bool:
        return self.busy or any(panel.busy for panel in self._panels)

    def _set_text(self, text: str) -> None:
        """Ask all for a text, and show at once what is waited for."""
        with self._lock:
            self._window_start, self._refused = 0, False
            self._asked += 1
            for panel, each in zip(self._panels, self._texts(text), strict=True):
                panel.ask(each)
            self._changed()

    def _answers(self, text: str) -> tuple[list[Answer], KeyboardInterrupt | None]:
        """What all say of a text, in this thread, one after the other; and what interrupted them, which ends all."""
        answers: list[Answer] = []
        ended: KeyboardInterrupt | None = None
        for panel, each in zip(self._panels, self._texts(text), strict=True):
            try:
                answers.append(ended or panel.answer(each))
            except KeyboardInterrupt as interrupt:
                ended = interrupt
                answers.append(ended)
        return answers, ended

    def _take(self, text: str, answers: list[Answer]) -> None:
        """Have these answers, and wait for none; the caller holds the lock, and shows them."""
        self._window_start, self._refused = 0, False
        for panel, each, answer in zip(self._panels, self._texts(text), answers, strict=True):
            panel.take(each, answer)

    def _changed(self) -> None:
        """Show what there is by now; called with the lock held."""
        before = self._drawn[1] if self._drawn else None
        with self._quietly():
            self._fit(before)
        self._set("busy", any(panel.waiting for panel in self._panels))
        self._set("errors", {panel.name: panel.error for panel in self._panels if panel.error})
        self._publish()
        self._tell_cell()

    def _told(self) -> None:
        """Tell Python what the page has by now: who observes `predictions` may be slow."""
        self._set("predictions", {panel.name: panel.shown for panel in self._panels if panel.shown is not None})

    def _set(self, name: str, value: Any) -> None:
        """Set a trait that has changed."""
        before = getattr(self, name)
        if isinstance(value, dict) and value.keys() == before.keys() and all(value[k] is before[k] for k in value):
            return
        self._tell(name, value)

    def close(self) -> None:
        """Close all views, end the threads, and free what the widget holds. Safe to call twice."""
        for panel in self._panels:
            panel.close()
        super().close()


def _followed(before: Board, after: Board, place: int, word: tuple[str, int]) -> tuple[str, int] | None:
    """A word, wherever it stands in a newer answer."""
    old, new = before.seen[place].shown, after.seen[place].shown
    if new is None or old is None:
        return None
    unit = word[1] if old is new else moved(old, new, word[1]) if word[1] < len(old) else None
    return None if unit is None or unit >= len(new) else (word[0], unit)
