"""Running: what is chosen is costed, trained, watched, stopped and gone on with, on threads beside the kernel's own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import traitlets

from probewidgets.errors import WidgetError
from probewidgets.sweeps.results import Sweep
from probewidgets.widgets.kit.checks import in_words, traced
from probewidgets.widgets.kit.messages import Message, hears
from probewidgets.widgets.kit.runners import Job, LatestRunner
from probewidgets.widgets.trainer.losses import Losses
from probewidgets.widgets.trainer.watched import Watched

if TYPE_CHECKING:
    from typing_extensions import Self

    from probewidgets.captures.activations import Activations
    from probewidgets.live.training import Order, Training

__all__ = ["Running", "same"]


class Running(Watched):
    """One training at a time. It is what its order was when it began: choices are locked while it runs."""

    phase = traitlets.Unicode(
        "choosing", read_only=True, help="choosing, running, stopped, done or failed: of what is chosen now."
    )
    error = traitlets.Unicode("", read_only=True, help="Why the training failed; empty if it did not.")
    traceback = traitlets.Unicode("", read_only=True, help="Where that was raised: the whole traceback as text.")

    _training: Training | None = None
    _trainer: LatestRunner[Training, Sweep] = None  # type: ignore[assignment]

    def __init__(self, layout: Any) -> None:
        self._stopping, self._starts = False, False
        self._trainer = LatestRunner(self._train, self._trained, self._broke, self._rested)
        super().__init__(layout=layout)

    # ------------------------------------------------------------------ Python side

    @property
    def acts(self) -> Activations | None:
        """The captured states of the newest training; None before they are all there."""
        return None if self._training is None else self._training.acts

    def start(self) -> Self:
        """Train what is chosen, or go on where it was stopped; returns at once. `await trainer.done()` waits.

        Where files or a model are still being read, it begins once they are.

        Raises:
            WidgetError: Something is not chosen yet, does not go together, or is being trained already.
        """
        from probewidgets.live.training import Training

        with self._lock:
            if self._locked:
                raise WidgetError("It is training already: stop() ends that.")
            self._starts = self._texts.busy or self._net.busy
            if self._starts:
                return self
            order = self._order()
            self._costing.cancel()
            if self._training is None or self._training.complete or not same(self._training.order, order):
                self._training = Training(order, self._forecast)
                self._curves = Losses()
                self._losses = {}
                self.set_trait("sweep", None)
            self._stopping = False
            self._set_error("", "")
            self._phase("running")
            self._trainer.submit(self._training)
            self._publish()
        return self

    def stop(self) -> Self:
        """End the training at its next step; layers that are done stay, and `start` goes on behind them."""
        with self._lock:
            self._starts = False
            if self._locked:
                self._stopping = True
                self._trainer.cancel()
                self._publish()
        return self

    async def done(self) -> Self:
        """Wait until nothing is trained, read or costed any more: `await trainer.start().done()`.

        Raises:
            WidgetError: The training failed; the message says why.
        """
        while self._at_work:
            await asyncio.sleep(0.02)
        if self.error:
            raise WidgetError(self.error)
        return self

    @property
    def _at_work(self) -> bool:
        """Whether anything goes on; what has ended is shown by then."""
        with self._lock:
            runners = self._reading, self._loading, self._costing, self._trainer
            return self._locked or any(runner.busy for runner in runners)

    # ------------------------------------------------------------------ choices

    @property
    def _locked(self) -> bool:
        return bool(self.phase == "running")

    def _changed(self) -> None:
        """Say what is chosen now, and find out what it would take."""
        if self._locked:
            self._publish()
            return
        self._forecast, self._forecast_error = None, ""
        try:
            order = self._order()
        except WidgetError:
            self._costing.cancel()
            if self.phase != "choosing":
                self._phase("choosing")
        else:
            training = self._training
            if training is not None and same(training.order, order):
                self._forecast = training.forecast
                self._phase("failed" if self.error else "done" if training.complete else "stopped")
            else:
                self._phase("choosing")
            if self._starts:
                self.start()
                return
            if self._forecast is None:
                self._costing.submit(order)
        self._publish()

    # ------------------------------------------------------------------ on the thread that trains

    def _train(self, job: Job[Training]) -> Sweep:
        return job.request.run(self, job.check)

    def _trained(self, _job: Job[Training], _sweep: Sweep) -> None:
        self._over("done")

    def _broke(self, _job: Job[Training], error: BaseException) -> None:
        self._set_error(in_words(error), traced(error))
        self._over("failed")

    def _rested(self) -> None:
        """The thread may have come to rest: after a stop nobody else says so."""
        if not self._trainer.busy and self.phase == "running":
            self._over("done" if self._training is not None and self._training.complete else "stopped")

    def _over(self, phase: str) -> None:
        with self._lock:
            self._working, self._stopping = -1, False
            self._no_progress()
            self._phase(phase)
            self._publish()

    def _phase(self, phase: str) -> None:
        self._tell("phase", phase)

    def _set_error(self, error: str, trace: str) -> None:
        self._tell("error", error)
        self._tell("traceback", trace)

    # ------------------------------------------------------------------ page -> kernel

    @hears("train")
    def _on_train(self, message: Message) -> None:
        """Begin, or go on."""
        answered = self._question(message)
        with self._lock, self._by(message):
            self._answered = answered
            self.start()

    @hears("stop")
    def _on_stop(self, message: Message) -> None:
        """End it at its next step."""
        answered = self._question(message)
        with self._lock, self._by(message):
            self._answered = answered
            self.stop()

    def close(self) -> None:
        """Close all views and end the training; what was captured stays in the cache. Safe to call twice."""
        if self._trainer is not None:  # else making it has failed
            self._trainer.stop(0.0)
        super().close()


def same(mine: Order, other: Order) -> bool:
    """Whether two orders give the same: texts and model are the same objects, all else is equal."""
    return all(
        getattr(mine, name) is getattr(other, name) or getattr(mine, name) == getattr(other, name)
        for name in mine.__dataclass_fields__
    )
