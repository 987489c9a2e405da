"""Panel: one predictor among those that are compared, what it has answered, and what it is asked."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeAlias

from probewidgets.sweeps.results import Sweep
from probewidgets.values import Predictions
from probewidgets.widgets.compare.board import Seen
from probewidgets.widgets.kit.checks import in_words, traced
from probewidgets.widgets.kit.runners import Job, LatestRunner
from probewidgets.widgets.kit.turns import Turns
from probewidgets.widgets.reading.answering import answered, never, takes

__all__ = ["Answer", "Panel"]

Answer: TypeAlias = "tuple[Predictions, float] | BaseException | None"
"""What came of a text: Predictions, and how long they took (ms); what was raised; None where there was no text."""

_log = logging.getLogger(__name__)


class Panel:
    """A predictor on a thread of its own: what it raises, and how long it takes, is its own affair.

    A text that it has just answered is not asked again. An answer to an older text than the newest is shown as long as
    there is no newer one; none is shown after that.

    Args:
        name: What the predictor is called.
        predictor: Any callable `text -> Predictions`, which may take a keyword `check`.
        lock: Held while an answer is taken in.
        changed: Called with the lock held, on the thread, when there is something new to show.
        told: Called after that without the lock, for those who may be slow.
    """

    def __init__(
        self,
        name: str,
        predictor: Callable[..., Predictions],
        lock: Turns,
        changed: Callable[[], None],
        told: Callable[[], None] = lambda: None,
    ) -> None:
        self.name, self._predictor = name, predictor
        self.title = name
        """What it is called where it is clear whose it is."""
        sweep = getattr(predictor, "sweep", None)
        self.sweep: Sweep | None = sweep if isinstance(sweep, Sweep) else None
        self.text: str | None = None
        """The newest text that it was asked for; None: there is none for it."""
        self.shown: Predictions | None = None
        """Its newest answer."""
        self.shown_for: str | None = None
        """The text of that answer."""
        self.rev = 0
        """How many answers there were."""
        self.ms = 0.0
        self.error = self.traceback = ""
        self.stopped = self.waiting = False
        self._takes_check = takes(predictor, "check")
        self._lock, self._changed, self._told = lock, changed, told
        self._runner: LatestRunner[str, tuple[Predictions, float]] = LatestRunner(self._work, self._show, self._fail)

    @property
    def seen(self) -> Seen:
        """What there is to see of it now."""
        late = self.shown is not None and self.shown_for != self.text and not self.waiting
        return Seen(
            self.name, self.sweep, self.shown, self.shown_for, late, self.layers, self.deepest, self.best, self.rev
        )

    @property
    def busy(self) -> bool:
        """Whether its thread is at work; also on telling of the last answer."""
        return self.waiting or self._runner.busy

    @property
    def layers(self) -> tuple[int, ...]:
        """The layers that it has something to say of."""
        if self.shown is not None:
            return self.shown.layers
        return self.sweep.layers if self.sweep is not None else ()

    @property
    def best(self) -> int | None:
        """The layer that the sweep chose on dev, else the last one."""
        layers = self.layers
        if self.sweep is not None and self.sweep.best.layer in layers:
            return self.sweep.best.layer
        return layers[-1] if layers else None

    @property
    def deepest(self) -> int:
        """The number of the model's last layer, as far as it is known."""
        of_model = 0 if self.sweep is None else self.sweep.model.n_layers - 1
        return max((of_model, *self.layers))

    # ------------------------------------------------------------------ asking; the caller holds the lock

    def ask(self, text: str | None) -> None:
        """Ask for a text; what has changed by that is the caller's to show. None: it has no text by now."""
        if self.waiting and text == self.text:
            return
        if text is None or self._has(text):
            self.take(text, self._held(text))
            return
        self.text, self.stopped, self.waiting = text, False, True
        self._runner.submit(text)

    def take(self, text: str | None, answer: Answer) -> None:
        """Wait for nothing else any more: that is what came of the newest text."""
        self._runner.cancel()
        self.text = text
        self._settle(answer)

    def stop(self) -> None:
        """Wait for no answer any longer."""
        if self.waiting:
            self._runner.leave()
            self._settle(KeyboardInterrupt())

    def close(self) -> None:
        """End the thread."""
        self._runner.stop()

    def _has(self, text: str | None) -> bool:
        """Whether its answer to a text is here."""
        return text == self.shown_for and self.shown is not None

    def _held(self, text: str | None) -> Answer:
        return (self.shown, self.ms) if self.shown is not None and self._has(text) else None

    # ------------------------------------------------------------------ answers, on whichever thread

    def answer(self, text: str | None) -> Answer:
        """What it says of a text, in this thread. Nothing is changed by that: see `take`.

        Raises:
            KeyboardInterrupt: The kernel is interrupted; what else the predictor raises comes back.
        """
        if text is None or self._has(text):
            return self._held(text)
        try:
            return self._ask(text, never)
        except Exception as error:
            return error

    def _ask(self, text: str, check: Callable[[], None]) -> tuple[Predictions, float]:
        options: dict[str, Any] = {"check": check} if self._takes_check else {}
        return answered(self._predictor, text, **options)

    def _work(self, job: Job[str]) -> tuple[Predictions, float]:
        return self._ask(job.request, job.check)

    def _show(self, job: Job[str], answer: tuple[Predictions, float]) -> None:
        with self._lock:
            if not job.wanted:
                return
            if job.request == self.text:
                self._settle(answer)
            else:  # a newer one is waited for
                self._keep(job.request, answer)
            self._changed()
        self._told()

    def _fail(self, job: Job[str], error: BaseException) -> None:
        _log.debug("%s failed", self.name, exc_info=error)
        with self._lock:
            if not job.wanted or job.request != self.text:
                return
            self._settle(error)
            self._changed()
        self._told()

    def _settle(self, answer: Answer) -> None:
        """That came of the newest text. Who is interrupted has stopped; the last good answer stays beside an error."""
        self.waiting, self.stopped = False, isinstance(answer, KeyboardInterrupt)
        self.error = self.traceback = ""
        if self.stopped:
            return
        if isinstance(answer, BaseException):
            self.error, self.traceback = in_words(answer), traced(answer)
        else:
            self._keep(self.text, answer)

    def _keep(self, text: str | None, answer: tuple[Predictions, float] | None) -> None:
        shown, ms = answer or (None, 0.0)
        self.rev += shown is not self.shown
        self.shown, self.ms, self.shown_for = shown, ms, None if shown is None else text
        self.error = self.traceback = ""
