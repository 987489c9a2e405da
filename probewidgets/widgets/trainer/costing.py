"""Costing: what the chosen training will take, tried on a thread of its own while a person goes on choosing."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from probewidgets.widgets.kit.checks import in_words
from probewidgets.widgets.kit.runners import Job, LatestRunner
from probewidgets.widgets.trainer.typed import Typed

if TYPE_CHECKING:
    from probewidgets.live.forecasting import Forecast
    from probewidgets.live.training import Order

__all__ = ["Costing"]

PAUSE = 0.4
"""Seconds without another choice, after which a trial is begun."""


class Costing(Typed):
    """A trainer that says before what it will take."""

    _costing: LatestRunner[Order, Forecast] = None  # type: ignore[assignment]

    def __init__(self, layout: Any) -> None:
        self._forecast: Forecast | None = None
        self._forecast_error = ""
        self._costing = LatestRunner(self._cost, self._have_cost, self._no_cost)
        super().__init__(layout)

    def _cost(self, job: Job[Order]) -> Forecast:
        from probewidgets.live.forecasting import forecast

        until = time.monotonic() + PAUSE
        while time.monotonic() < until:  # a person who goes on choosing waits for no trial
            time.sleep(0.02)
            job.check()
        return forecast(job.request, job.check)

    def _have_cost(self, _job: Job[Order], cost: Forecast) -> None:
        with self._lock:
            self._forecast = cost
            self._publish()

    def _no_cost(self, _job: Job[Order], error: BaseException) -> None:
        with self._lock:
            self._forecast_error = in_words(error)
            self._publish()

    def close(self) -> None:
        """Close all views, and end what is read and tried. Safe to call twice."""
        for runner in (self._costing, self._reading, self._loading):
            if runner is not None:  # else making it has failed
                runner.stop(0.0)
        super().close()
