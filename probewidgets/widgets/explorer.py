"""ProbeExplorer: type a sentence and see, live, what the probes of every layer predict for it."""

from __future__ import annotations

import asyncio
import inspect
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import traitlets
from ipywidgets import ValueWidget

from probewidgets.errors import WidgetError
from probewidgets.values import Predictions
from probewidgets.widgets import static
from probewidgets.widgets.base import ProbeWidget, join
from probewidgets.widgets.traits import Checked, clean_text, refuse_unknown
from probewidgets.widgets.worker import Job, LatestRunner

__all__ = ["ProbeExplorer"]

EXAMPLE = "The old man can fish near the light.\nShe left the can on the left."

DRAWINGS = ("draw_strip", "draw_heatmap", "draw_curve", "draw_details", "draw_controls")

MOST_PAGES = 16
"""Pages whose questions are remembered; each reload makes a new one."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ask:
    """One text on its way to the predictor, and all questions that it answers or supersedes."""

    text: str
    heard: Mapping[str, int]
    """Number of the newest question of each page, by its client id."""


class ProbeExplorer(ProbeWidget, ValueWidget):
    """Type a text, one sentence per line; see every word's predicted label at every layer; choose what is shown.

    The predictor runs on a thread of its own and only ever on the newest text, so typing never waits. What it raises is
    shown and kept in `error`; the last good answer stays, and the next text is tried again.

    Args:
        predictor: Any callable `text -> Predictions`. If it takes a keyword `check`, it gets a function to call between
            layers, which raises when the answer is no longer wanted. If it has an attribute `sweep` (a Sweep), the
            layer curve and the layers' accuracies are shown.
        text: The first text.
        layer: The active layer; default: the one that the sweep chose on dev, else the last.
        layers: The layers shown; default: all.
        label: The label whose probability is the colour; default: the predicted label.
        colour: What the colour means: `"label"` or `"entropy"` (bits), or `"probability"` together with `label`.
        selected: The cell under inspection, (layer, unit index).
        debounce: Time from the last key to the question (ms).
        layout: An `ipywidgets.Layout`.

    Raises:
        TypeError: A keyword that it does not know.
        WidgetError: A layer or label that there is not.
    """

    _title = "Probe explorer"
    _esm = join(".js", "kit", "kit_scene", "kit_store", *DRAWINGS, "explorer")
    _css = join(".css", "kit", "token_strip", "layer_heatmap", "layer_curve", "explorer")

    _runner: LatestRunner[Ask, tuple[Predictions, float]] = None  # type: ignore[assignment]

    text = Checked("", help="The text in the box; each line is a sentence. Setting it asks for predictions.")
    value = Checked("", help="The same as `text`, for `interact` and `link`.")
    busy = traitlets.Bool(False, read_only=True, help="Whether an answer is on its way.")
    error = traitlets.Unicode("", read_only=True, help="What the predictor raised for the last text; empty if nothing.")

    def __init__(
        self,
        predictor: Callable[..., Predictions],
        *,
        text: str = EXAMPLE,
        layer: int | None = None,
        layers: Any = None,
        label: str | None = None,
        colour: str = "label",
        selected: tuple[int, int] | None = None,
        debounce: int = 120,
        layout: Any = None,
        **unknown: Any,
    ) -> None:
        refuse_unknown(type(self), unknown)
        if not callable(predictor):
            raise WidgetError(f"predictor must be a callable text -> Predictions, but {type(predictor).__name__} came.")
        self._predictor = predictor
        self._takes_check = _takes_check(predictor)
        self._debounce = _milliseconds(debounce)
        self._ms = 0.0
        self._refused = False
        self._heard: dict[str, int] = {}
        self._newest: Ask | None = None
        self._selected_for: Ask | None = None  # the text that Python's selection is meant for, answered or not
        self._runner = LatestRunner(self._work, self._show, self._fail, self._follow_runner)
        super().__init__(layout=layout)
        with self._or_closed():
            self._hold(None, getattr(predictor, "sweep", None))
            with self._quietly():
                self.text = text
                try:
                    self._shown, self._ms = self._predict(self.text, _never)
                except Exception as error:
                    self.set_trait("error", _said(error))
                    _log.debug("the predictor failed on the first text", exc_info=True)
            self._start(layer=layer, layers=layers, label=label, colour=colour, selected=selected)
            self.predictions = self._shown

    # ------------------------------------------------------------------ Python side

    def compute(self, text: str) -> Predictions:
        """Predict one text now, in this thread, and show it, unless another text is asked for meanwhile.

        Raises:
            WidgetError: The text is no string, or too long.
            Exception: Whatever the predictor raises.
        """
        ask = self._ask_for(clean_text(text))
        answer = self._predict(ask.text, _never)
        with self._lock:
            if self._newest is not ask:
                return answer[0]
            self._runner.cancel()
            with self._quietly():
                self.text = ask.text
            self._take(self._ask_for(ask.text), answer)
        self._follow(answer[0])
        return answer[0]

    async def settled(self) -> ProbeExplorer:
        """Wait until the newest text is answered: `await explorer.settled()`."""
        while self._runner.busy or self.busy:
            await asyncio.sleep(0.01)
        return self

    def to_frame(self, probabilities: bool = False) -> pd.DataFrame:
        """The predictions of all layers as a DataFrame, one row per (layer, unit); empty before the first answer.

        Args:
            probabilities: Whether to add a column for each label: `p_NOUN`, ...
        """
        return pd.DataFrame() if self.predictions is None else self.predictions.to_frame(probabilities)

    def close(self) -> None:
        """Close all views, end the thread, and free what the widget holds. Safe to call twice."""
        if self._runner is not None:  # None where the first line of __init__ raised
            self._runner.stop()
        super().close()

    def __repr__(self) -> str:
        head = self.text if len(self.text) <= 40 else self.text[:39] + "…"
        unit = self.sweep.unit if self.sweep is not None else "word"
        error = f", error {self.error!r}" if self.error else ""
        return (
            f"ProbeExplorer({head!r}: {static.plural(self._n_units, unit)}, "
            f"layer {self.layer} of {list(self._all_layers)}, "
            f"{static.plural(len(self._all_labels), 'label')}{error})"
        )

    def _draw(self, predictions: Predictions) -> Any:
        return self._draw_strip(predictions)

    def _plain(self) -> str:
        return f"{self!r}\n{static.predictions_text(self.predictions, self.layer)}"

    # ------------------------------------------------------------------ text in

    @traitlets.validate("text", "value")
    def _valid_text(self, proposal: Any) -> str:
        return clean_text(proposal.value)

    @traitlets.observe("text", "value")
    def _text_changed(self, change: Any) -> None:
        self.text = self.value = change.new
        if change.name == "text" and not self._silent:
            self.send({"kind": "text", "text": change.new})
            with self._lock:
                self._runner.submit(self._ask_for(change.new))

    @traitlets.validate("selected")
    def _valid_selected(self, proposal: Any) -> tuple[int, int] | None:
        """A unit that Python selects is one of the newest text, also where that is not answered yet."""
        with self._lock:  # before it is set, for an answer that comes in between would move it
            chosen: tuple[int, int] | None = super()._valid_selected(proposal)
            if chosen and not self._silent and (not self.selected or self.selected[1] != chosen[1]):
                self._selected_for = self._newest
            return chosen

    def _ask_for(self, text: str) -> Ask:
        """A question that supersedes all that came before."""
        self._newest = Ask(text, dict(self._heard))
        return self._newest

    def _on_ask(self, message: Mapping[str, Any]) -> None:
        """A text typed in the page."""
        self._heard.pop(message["client"], None)
        self._heard[message["client"]] = message["seq"]
        while len(self._heard) > MOST_PAGES:
            self._heard.pop(next(iter(self._heard)))
        try:
            text = clean_text(message.get("text"))
        except WidgetError as error:
            self._report(Ask(self.text, dict(self._heard)), error, refused=True)
            return
        with self._lock:
            try:
                with self._quietly():
                    self.text = text
            finally:  # also where somebody's observer of `text` raises: the page waits for an answer
                self._runner.submit(self._ask_for(text))

    # ------------------------------------------------------------------ answers out, on the worker's thread

    def _work(self, job: Job[Ask]) -> tuple[Predictions, float]:
        return self._predict(job.request.text, job.check)

    def _predict(self, text: str, check: Callable[[], None]) -> tuple[Predictions, float]:
        """The predictor's answer and how long it took (ms)."""
        start = time.perf_counter()
        predictions = self._predictor(text, check=check) if self._takes_check else self._predictor(text)
        if not isinstance(predictions, Predictions):
            raise WidgetError(f"The predictor must return Predictions, but {type(predictions).__name__} came.")
        check()
        return predictions, 1000 * (time.perf_counter() - start)

    def _show(self, job: Job[Ask], answer: tuple[Predictions, float]) -> None:
        with self._lock:
            if not job.wanted:  # `compute` was quicker
                return
            self._take(job.request, answer)
        self._follow(answer[0])

    def _take(self, ask: Ask, answer: tuple[Predictions, float]) -> None:
        """Send an answer to the page."""
        with self._lock:
            self._answered = dict(ask.heard)
            with self._quietly():
                if self._shown is None or self._shown.text != answer[0].text:
                    self._window_start = 0
                before, self._shown, self._ms = self._shown, *answer
                self._refused = False
                self._say("")
                if self.selected and before is not None and self._selected_for is not ask:
                    unit = _moved(before, answer[0], self.selected[1])
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
                self._report(job.request, error)

    def _report(self, ask: Ask, error: BaseException, refused: bool = False) -> None:
        """Show an error; the last good answer stays. A refused text stays in the page's box, and only there."""
        with self._lock:
            self._refused = refused
            self._answered = dict(ask.heard)
            self._say(_said(error))
            self._publish()

    def _say(self, text: str) -> None:
        """Set `error`; an observer of it that raises must not keep the page from being told."""
        try:
            self.set_trait("error", text)
        except Exception:
            _log.exception("an observer of `error` failed")

    def _follow_runner(self) -> None:
        with self._lock:
            self.set_trait("busy", self._runner.busy)

    def _payload(self) -> dict[str, Any]:
        return super()._payload() | {
            "text": self.text,
            "error": self.error,
            "refused": self._refused,
            "ms": round(self._ms, 1),
            "debounce": self._debounce,
        }


def _moved(before: Predictions, after: Predictions, unit: int) -> int | None:
    """Where a unit stands in a newer text: the same word, nearest to its place from the front or from the back."""
    old = before.units[unit]

    def shift(place: int) -> int:
        new = after.units[place]
        from_back = (len(after.text) - new.end) - (len(before.text) - old.end)
        return min(abs(new.start - old.start), abs(from_back))

    return min((place for place, new in enumerate(after.units) if new.text == old.text), key=shift, default=None)


def _never() -> None:
    """The `check` of work that nothing cancels."""


def _milliseconds(value: Any) -> int:
    try:
        return round(min(max(float(value), 0.0), 5000.0))
    except (TypeError, ValueError):
        raise WidgetError(f"debounce must be a number of milliseconds, but {value!r} came.") from None


def _takes_check(predictor: Callable[..., Any]) -> bool:
    try:
        parameters = inspect.signature(predictor).parameters
    except (TypeError, ValueError):
        return False
    return "check" in parameters or any(p.kind is p.VAR_KEYWORD for p in parameters.values())


def _said(error: BaseException) -> str:
    """An exception in one short text: its kind, unless it is ours, and its message."""
    text = str(error) or "(no message)"
    name = type(error).__name__
    return text[:2000] if isinstance(error, WidgetError) else f"{name}: {text}"[:2000]
