"""Learning: probes at every layer learn what is painted, and are judged, while a person goes on painting."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import traitlets

from probewidgets.data.lessons import Lesson
from probewidgets.errors import WidgetError, clipped
from probewidgets.live.lesson_states import LessonStates
from probewidgets.live.teaching import Judged, Taught, judge, next_units, teach, untaught
from probewidgets.widgets.kit.checks import Checked, as_index, in_words, traced
from probewidgets.widgets.kit.messages import Message, hears
from probewidgets.widgets.kit.progress import Progress
from probewidgets.widgets.kit.runners import Job, LatestRunner
from probewidgets.widgets.teacher.painting import Painting

if TYPE_CHECKING:
    from typing_extensions import Self

    from probewidgets.models.language_model import LanguageModel

__all__ = ["Learning"]

_log = logging.getLogger(__name__)


class Learning(Painting, Progress):
    """Two threads: one teaches probes the newest lesson, which is shown at once; the other then judges them.

    A new stroke ends the judging, so that nobody waits for it.

    Args:
        model: Whose states; None: the embedded one, which is loaded when there is something to read.
        layers: The layers that are probed; None: all.
        layout: An `ipywidgets.Layout`.
    """

    _teaching: LatestRunner[Lesson, tuple[Taught, Any]] = None  # type: ignore[assignment]
    _judging: LatestRunner[Any, Judged] = None  # type: ignore[assignment]

    layer = Checked(None, help="The layer that is shown; None: the one that does best on sentences left out.")
    busy = traitlets.Bool(False, read_only=True, help="Whether probes are learning, or are being judged.")
    error = traitlets.Unicode("", read_only=True, help="What went wrong while learning; empty if nothing.")
    traceback = traitlets.Unicode("", read_only=True, help="Where it was raised: the whole traceback as text.")

    def __init__(self, model: LanguageModel | None, layers: Sequence[int] | None, layout: Any) -> None:
        self._model, self._asked_layers = model, layers
        self._layers: tuple[int, ...] = ()
        self._states: LessonStates | None = None
        self._taught, self._judged = untaught(Lesson(), 0), Judged()
        self._teaching = LatestRunner(self._teach, self._show, self._fail, self._follow_runner)
        self._judging = LatestRunner(self._judge, self._show_judged, self._fail, self._follow_runner)
        super().__init__(layout=layout)

    @property
    def model(self) -> LanguageModel | None:
        """Whose states; None while the embedded one is not loaded yet."""
        return self._model

    async def settled(self) -> Self:
        """Wait until the probes have learnt the newest lesson and were judged: `await teacher.settled()`."""
        while self._teaching.busy or self._judging.busy or self.busy:
            await asyncio.sleep(0.01)
        return self

    # ------------------------------------------------------------------ on the workers' threads

    def _read_with(self, model: Any) -> LessonStates:
        """Take a model; what it is read with."""
        from probewidgets.captures.capture import check_layers
        from probewidgets.captures.pooling import mean
        from probewidgets.models.language_model import LanguageModel

        if not isinstance(model, LanguageModel):
            raise WidgetError(f"model must be a LanguageModel, but {clipped(model)} came: LanguageModel(...).")
        self._layers = check_layers(model, self._asked_layers)
        self._model, self._states = model, LessonStates(model, self._layers, mean)
        return self._states

    def _teach(self, job: Job[Lesson]) -> tuple[Taught, Any]:
        lesson = job.request
        if not lesson.sentences:
            return untaught(lesson, len(self._layers)), None
        states = self._states
        if states is None:
            from probewidgets.models.language_model import LanguageModel

            self._report(0, len(lesson.sentences), "loading the model")
            states = self._read_with(LanguageModel())
        matrix = states.of(lesson.sentences, job.check, lambda done, total: self._report(done, total, "sentences read"))
        return teach(lesson, matrix, job.check), matrix

    def _show(self, job: Job[Lesson], answer: tuple[Taught, Any]) -> None:
        """Show what the probes think, then ask how far to believe it."""
        taught, states = answer
        with self._lock:
            self._taught = taught
            self.set_trait("error", "")
            self.set_trait("traceback", "")
            self._no_progress()
            self._publish()
            if states is not None and job.request is self._lesson:
                self._judging.submit((taught.lesson, states))

    def _judge(self, job: Job[Any]) -> Judged:
        lesson, states = job.request
        row = self._layers.index(self.layer) if self.layer in self._layers else None
        return judge(lesson, states, row, job.check)

    def _show_judged(self, job: Job[Any], judged: Judged) -> None:
        with self._lock:
            if job.request[0] is self._lesson:
                self._judged = judged
                self._publish()

    def _fail(self, _job: Job[Any], error: BaseException) -> None:
        _log.debug("a lesson could not be learnt", exc_info=error)
        with self._lock:
            self.set_trait("error", in_words(error))
            self.set_trait("traceback", traced(error))
            self._no_progress()
            self._publish()

    def _follow_runner(self) -> None:
        with self._lock:  # two threads tell of it: the last to look must be the last to say
            self.set_trait("busy", self._teaching.busy or self._judging.busy)

    def _learn(self) -> None:
        self._judging.cancel()
        self._teaching.submit(self._lesson)

    def _show_lesson(self) -> None:
        if self.unsaved or self.error or self._states is None or self._taught.lesson.text != self._lesson.text:
            self._publish()

    @property
    def _row(self) -> int | None:
        """The place of the layer that is shown: the one chosen, the best, or one that tends to do well."""
        if self.layer in self._layers:
            return self._layers.index(self.layer)
        if self._judged.best is not None and self._judged.best < len(self._layers):
            return self._judged.best
        return 2 * (len(self._layers) - 1) // 3 if self._layers else None

    def _next(self, most: int) -> list[int]:
        row = self._row
        if row is None or row >= len(self._taught.proba):
            return []
        painted = {unit for unit, mark in self._lesson.units if mark is not None} | self._lesson.aside
        there = [unit for unit in next_units(self._taught, row, most + 2) if unit not in painted]
        return [unit for unit in there if unit in self._lesson.places][:most]

    @traitlets.validate("layer")
    def _valid_layer(self, proposal: Any) -> int | None:
        if proposal.value is None:
            return None
        layer = as_index(proposal.value)
        if layer is None or (self._layers and layer not in self._layers):
            there = list(self._layers) or "whole numbers"
            raise WidgetError(f"There is no layer {clipped(proposal.value)}, only {there}; None: the best one.")
        return layer

    @traitlets.observe("layer", "label")
    def _choice_changed(self, change: Any) -> None:
        if self._silent:
            return
        with self._lock:
            if change.name == "layer":
                self._publish()
                self._learn()
            else:
                self._publish_choice()

    @hears("choose", maybe={"label": str, "layer": int | None})
    def _on_choose(self, message: Message, **choices: Any) -> None:
        """The label that is painted with, or the layer that is shown."""
        with self._lock, self._by(message):
            for name, value in choices.items():
                setattr(self, name, self._now_called(value) if name == "label" else value)
            self._publish_choice()

    @hears("again")
    def _on_again(self, message: Message) -> None:
        """Save and learn again, where that failed."""
        with self._lock, self._by(message):
            self._go_on()

    def close(self) -> None:
        """End the threads, close all views, and let others write the lesson's file. Safe to call twice."""
        for runner in (self._teaching, self._judging):
            if runner is not None:
                runner.stop()
        super().close()
