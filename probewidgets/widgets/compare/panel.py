"""Panel: one predictor among those that are compared, what it has answered, and what it is asked."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from probewidgets.sweeps.results import Sweep
from probewidgets.values import Predictions
from probewidgets.widgets.compare.board import Seen
from probewidgets.widgets.explorer.asking import answered, never, takes
from probewidgets.widgets.kit.checks import in_words, traced
from probewidgets.widgets.kit.runners import Job, LatestRunner

__all__ = ["Panel"]

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
        lock: threading.RLock,
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

    # ------------------------------------------------------------------ asking

    def ask(self, text: str | None) -> None:
        """Ask for a text; the caller holds the lock, and shows what has changed. None: it has no text by now."""
        if self.waiting and text == self.text:
            return
        self.text, self.stopped = text, False
        if text is None or (text == self.shown_for and self.shown is not None):
            self._runner.cancel()
            self._settle(None if text is None else self.shown)
            return
        self.waiting = True
        self._runner.submit(text)

    def ask_now(self, text: str | None) -> None:
        """The same in this thread; an exception is kept, and the next text is tried again."""
        self.text, self.stopped = text, False
        self._runner.cancel()
        if text is None or (text == self.shown_for and self.shown is not None):
            self._settle(None if text is None else self.shown)
            return
        try:
            answer = self._ask(text, never)
        except Exception as error:
            self._fault(error)
        else:
            self._take(text, answer)

    def stop(self) -> None:
        """Wait for no answer any longer; the caller holds the lock."""
        if self.waiting:
            self._runner.leave()
            self.waiting, self.stopped = False, True
            self.error = self.traceback = ""

    def close(self) -> None:
        """End the thread."""
        self._runner.stop()

    # ------------------------------------------------------------------ answers, on the worker's thread

    def _ask(self, text: str, check: Callable[[], None]) -> tuple[Predictions, float]:
        options: dict[str, Any] = {"check": check} if self._takes_check else {}
        return answered(self._predictor, text, **options)

    def _work(self, job: Job[str]) -> tuple[Predictions, float]:
        return self._ask(job.request, job.check)

    def _show(self, job: Job[str], answer: tuple[Predictions, float]) -> None:
        with self._lock:
            if not job.wanted:
                return
            self._take(job.request, answer)
            self._changed()
        self._told()

    def _fail(self, job: Job[str], error: BaseException) -> None:
        _log.debug("%s failed", self.name, exc_info=error)
        with self._lock:
            if not job.wanted or job.request != self.text:
                return
            self._fault(error)
            self._changed()
        self._told()

    def _take(self, text: str, answer: tuple[Predictions, float]) -> None:
        self.shown_for = text
        self.ms = answer[1]
        self.rev += 1
        if text == self.text:
            self._settle(answer[0])
        else:
            self.shown = answer[0]
            self.error = self.traceback = ""

    def _settle(self, shown: Predictions | None) -> None:
        """There is nothing to wait for: this is the answer."""
        if shown is None:
            self.rev += 1
            self.shown_for = None
        self.shown, self.waiting = shown, False
        self.error = self.traceback = ""

    def _fault(self, error: BaseException) -> None:
        self.error, self.traceback = in_words(error), traced(error)
        self.waiting = False
