"""Asking: a widget over Predictions that asks for them, one text at a time, while whoever types goes on typing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import traitlets

from probewidgets.errors import WidgetError
from probewidgets.values import Predictions
from probewidgets.widgets.kit.checks import in_words, traced
from probewidgets.widgets.kit.messages import Message, hears
from probewidgets.widgets.kit.runners import Job, LatestRunner
from probewidgets.widgets.reading.answering import answered, beginning, moved, never, takes
from probewidgets.widgets.reading.payload import MAX_UNITS
from probewidgets.widgets.reading.typed import Typed
from probewidgets.widgets.reading.widget import ReadingWidget

__all__ = ["Ask", "Asking"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ask:
    """One text on its way to the predictor, and all questions that it answers or supersedes."""

    text: str
    heard: Mapping[str, int]
    """Number of the newest question of each page, by its client id."""
    gold: bool = True
    """Whether gold labels are looked for in the text, where the predictor can be asked."""


class Asking(Typed, ReadingWidget):
    """The predictor runs on a thread of its own: on the newest text, once it has answered the one that it is at.

    Args:
        predictor: Any callable `text -> Predictions`, which may take keywords `check` and `gold`.
        gold: Whether gold labels are looked for; None: as the predictor does by itself.
        layout: An `ipywidgets.Layout`.

    Raises:
        WidgetError: The predictor cannot be called, or cannot be asked about gold labels.
    """

    _runner: LatestRunner[Ask, tuple[Predictions, float]] = None  # type: ignore[assignment]

    gold = traitlets.Bool(True, help="Whether `word/LABEL` is read as a gold label. Setting it asks for predictions.")
    error = traitlets.Unicode("", read_only=True, help="What the predictor raised for the last text; empty if nothing.")
    traceback = traitlets.Unicode("", read_only=True, help="Where it was raised: the whole traceback as text.")

    def __init__(self, predictor: Callable[..., Predictions], gold: bool | None = None, layout: Any = None) -> None:
        if not callable(predictor):
            raise WidgetError(f"predictor must be a callable text -> Predictions, but {type(predictor).__name__} came.")
        self._predictor = predictor
        self._takes = {name for name in ("check", "gold") if takes(predictor, name)}
        if gold is not None and "gold" not in self._takes:
            raise WidgetError("gold= was given, but this predictor takes no keyword gold: it reads texts as it does.")
        self._ms = 0.0
        self._refused = False
        self._stopped = False
        self._newest: Ask | None = None
        self._settled: Ask | None = None  # the newest that was answered, failed, or was stopped
        self._shown_for: str | None = None  # the text whose answer is shown
        self._selected_for: Ask | None = None  # the text that Python's selection is meant for, answered or not
        self._runner = LatestRunner(self._work, self._show, self._fail, self._follow_runner)
        super().__init__(layout=layout)
        with self._quietly():
            self.gold = bool(getattr(predictor, "gold", True)) if gold is None else gold

    def _first(self, text: str) -> None:
        """Predict the text that is shown at first; an exception is shown, and the next text is tried again."""
        try:
            self._shown, self._ms = self._predict(Ask(text, {}, self.gold), never)
            self._shown_for = text
        except Exception as error:
            self._say(error)
            _log.debug("the predictor failed on the first text", exc_info=True)

    def _ask_for(self, text: str) -> Ask:
        """A question that supersedes all that came before."""
        self._newest = Ask(text, dict(self._heard), self.gold)
        return self._newest

    @traitlets.validate("selected")
    def _valid_selected(self, proposal: Any) -> tuple[int, int] | None:
        """A unit that Python selects is one of the newest text, also where that is not answered yet."""
        with self._lock:  # before it is set, for an answer that comes in between would move it
            chosen: tuple[int, int] | None = super()._valid_selected(proposal)
            if chosen and not self._silent and (not self.selected or self.selected[1] != chosen[1]):
                self._selected_for = self._newest
            return chosen

    # ------------------------------------------------------------------ answers out, on the worker's thread

    def _work(self, job: Job[Ask]) -> tuple[Predictions, float]:
        return self._predict(job.request, job.check)

    def _predict(self, ask: Ask, check: Callable[[], None]) -> tuple[Predictions, float]:
        """The predictor's answer and how long it took (ms)."""
        options = {"check": check, "gold": ask.gold}
        return answered(self._predictor, ask.text, **{name: options[name] for name in self._takes})

    def _show(self, job: Job[Ask], answer: tuple[Predictions, float]) -> None:
        with self._lock:
            if not job.wanted or self._is_late(job.request):
                return
            self._take(job.request, answer)
        self._follow(answer[0])

    def _is_late(self, ask: Ask) -> bool:
        """Whether Python has selected a unit of a newer text: an answer to an older one would move it."""
        return self._selected_for is self._newest and ask is not self._newest

    def _take(self, ask: Ask, answer: tuple[Predictions, float]) -> None:
        """Send an answer to the page."""
        with self._lock:
            self._answered = dict(ask.heard)
            with self._quietly():
                if self._shown is None or self._shown.text != answer[0].text:
                    self._window_start, self._window_size = 0, MAX_UNITS
                before, self._shown, self._ms = self._shown, *answer
                self._refused, self._shown_for = False, ask.text
                self._stopped, self._settled = False, ask
                self._say(None)
                if self.selected and before is not None and self._selected_for is not ask:
                    unit = moved(before, answer[0], self.selected[1])
                    self.selected = None if unit is None else (self.selected[0], unit)
                self._fit_choices()
            self._publish()

    def _follow(self, predictions: Predictions) -> None:
        """Tell Python what the page has by now: who observes `predictions` may be slow."""
        if self._shown is predictions:
            self.predictions = predictions

    def _fail(self, job: Job[Ask], error: BaseException) -> None:
        _log.debug("the predictor failed", exc_info=error)
        with self._lock:
            if job.wanted:
                self._fault(job.request, error)

    def _fault(self, ask: Ask, error: BaseException, refused: bool = False) -> None:
        """Show an error; the last good answer stays. A refused text stays in the page's box, and only there."""
        with self._lock:
            self._refused, self._stopped = refused, False
            self._settled = self._settled if refused else ask
            self._answered = dict(ask.heard)
            self._say(error, traceable=not refused)
            self._publish()

    def _say(self, error: BaseException | None, traceable: bool = True) -> None:
        """Set `error` and its traceback."""
        texts = {
            "traceback": traced(error) if error is not None and traceable else "",
            "error": "" if error is None else in_words(error),
        }
        for name, text in texts.items():
            self._tell(name, text)

    # ------------------------------------------------------------------ what is waited for

    @property
    def _at_work(self) -> bool:
        return self._runner.busy or self.busy

    @property
    def _awaited(self) -> bool:
        """Whether the newest text has been neither answered nor stopped."""
        return self._runner.busy and self._newest is not self._settled

    @hears("hello")
    def _on_hello(self, _message: Message) -> None:
        """A page has come up: the text that is worked on, if any, is told to all."""
        with self._lock:
            if self._awaited and self._newest is not None:
                self.send({"kind": "text", "text": self._newest.text})

    @hears("stop")
    def _on_stop(self, message: Message) -> None:
        """Nobody waits any longer for an answer; what was shown before stays."""
        with self._lock:
            self._answered = self._question(message)
            if self._awaited:
                self._runner.leave()
                self._settled, self._stopped, self._refused = self._newest, True, False
                self._say(None)
            self._publish()

    def _follow_runner(self) -> None:
        with self._lock:
            self.set_trait("busy", self._runner.busy)

    def _payload(self) -> dict[str, Any]:
        gold = {"gold": self.gold} if "gold" in self._takes else {}
        failure = {"error": self.error, "traceback": self.traceback, "refused": self._refused, "stopped": self._stopped}
        return super()._payload() | gold | failure | {"of": self._of(), "ms": round(self._ms, 1)}

    def _of(self) -> str | None:
        """The beginning of the text whose answer is shown, where that is not the text in the box."""
        here = self._shown_for in (None, self.text) and not (self.error or self._stopped)
        return None if self._shown is None or here else beginning(self._shown.text)

    def close(self) -> None:
        """Close all views, end the thread, and free what the widget holds. Safe to call twice."""
        if self._runner is not None:  # None where the first line of __init__ raised
            self._runner.stop()
        super().close()
