"""Training: a capture and the fits of all layers, which tell how far they are, can be stopped, and go on from there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol

from probewidgets.data.corpus import Corpus
from probewidgets.data.tasks import Task
from probewidgets.errors import TooLongError
from probewidgets.machine.progress import heard_by
from probewidgets.probes.base import Probe
from probewidgets.probes.linear import LinearProbe
from probewidgets.probes.watching import Step, watched_by
from probewidgets.sweeps.results import Sweep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from probewidgets.captures.activations import Activations
    from probewidgets.captures.pooling import Pool
    from probewidgets.live.forecasting import Forecast
    from probewidgets.models.language_model import LanguageModel
    from probewidgets.models.sites import Site
    from probewidgets.sweeps.trial import Layer, Trial

__all__ = ["Listener", "Order", "Training"]

FINE = 1000
"""Steps of the progress of a whole training."""
_GUESS = (4.0, 1.0)
"""Where nothing was forecast: how much longer a capture takes than a layer's fits."""


@dataclass(frozen=True, eq=False)
class Order:
    """What is to be trained: which probe, on which states of which texts."""

    corpus: Corpus
    task: Task
    model: LanguageModel
    layers: tuple[int, ...]
    pool: Pool
    site: Site
    probe: Probe = field(default_factory=LinearProbe)
    control: int = 1
    """Draws of the control task."""
    random: bool = False
    """Whether the model with random weights is probed too."""

    @property
    def draws(self) -> int:
        """Draws of the control task that make sense: each sentence has a label of its own, which nothing can tell."""
        return self.control if "control" in self.probe.asks and self.task.unit != "sentence" else 0


class Listener(Protocol):
    """Who hears how a training comes along, on the thread that trains (`step` of networks on several)."""

    def progress(self, done: int, total: int, text: str) -> None:
        """So far; of the whole."""

    def step(self, layer: int, step: Step) -> None:
        """The fits of a layer have made another pass."""

    def began(self, layer: int) -> None:
        """A layer is fitted now."""

    def ended(self, sweep: Sweep) -> None:
        """Another layer is there; the sweep is of all so far."""


class Training:
    """What an order has given so far. `run` goes on from there; what it raises on the way leaves that as it is.

    Args:
        order: What is trained.
        forecast: What it will take, where that is known: progress is shared out by it.
    """

    def __init__(self, order: Order, forecast: Forecast | None = None) -> None:
        self.order, self.forecast = order, forecast
        self.acts: Activations | None = None
        """The captured states, once all of them are there."""
        self.sweep: Sweep | None = None
        """Of the layers that are done."""
        self.windowed = False
        """Whether texts that are longer than the model were read in windows."""
        self.seconds = 0.0
        """That it has run, stops left out."""
        self._randoms: list[Activations] = []
        self._layers: dict[int, Layer] = {}
        self._trial: Trial | None = None

    @property
    def done(self) -> tuple[int, ...]:
        """The layers that are done, in order."""
        return tuple(layer for layer in self.order.layers if layer in self._layers)

    @property
    def complete(self) -> bool:
        """Whether nothing is left to do."""
        return self.done == self.order.layers

    def run(self, listener: Listener, check: Callable[[], object]) -> Sweep:
        """Capture, unless that is done, and fit the layers that are not.

        Args:
            listener: Who hears of it.
            check: Called between batches and passes; what it raises ends the work.

        Raises:
            ProbeWidgetsError: As capture and sweep do.
        """
        start = perf_counter()
        try:
            return self._run(_Meter(self, listener, check), listener, check)
        finally:
            self.seconds += perf_counter() - start

    def _run(self, meter: _Meter, listener: Listener, check: Callable[[], object]) -> Sweep:
        acts = self._captured(meter)
        check()
        if self._trial is None:
            from probewidgets.sweeps.sweep import begun

            order = self.order
            self._trial = begun(acts, order.probe, control=order.draws, random=self._randoms or None)
        for layer in self.order.layers:
            if layer in self._layers:
                continue
            listener.began(layer)
            with meter.fitting(layer), watched_by(partial(_heard, layer, meter, listener)):
                given = self._trial.run(layer)
            self._layers[layer] = given
            self.sweep = self._trial.sweep([self._layers[each] for each in self.done])
            listener.ended(self.sweep)
        assert self.sweep is not None  # there is a layer
        return self.sweep

    def _captured(self, meter: _Meter) -> Activations:
        """The states; of the model with random weights too, where they are asked for."""
        order = self.order
        if self.acts is None:
            with meter.capturing(order.model.name, 0.5 if order.random else 1.0):
                self.acts = self._states(order.model)
        if order.random and not self._randoms:
            with meter.capturing(f"{order.model.name} with random weights", 0.5):
                self._randoms = [self._states(order.model.randomized(0))]
        return self.acts

    def _states(self, model: Any) -> Activations:
        from probewidgets.captures.capture import capture

        order = self.order
        take = partial(capture, model, order.corpus, order.task, layers=order.layers, pool=order.pool, site=order.site)
        if not self.windowed:
            try:
                return take()
            except TooLongError:
                self.windowed = True
        return take(too_long="window")


def _heard(layer: int, meter: _Meter, listener: Listener, step: Step) -> None:
    """Tell a pass, and end the fits where nobody wants them any more."""
    meter.tick()
    listener.step(layer, step)


class _Meter:
    """How far a training is: each part by the time that was forecast for it, or by that which it took once it ended."""

    def __init__(self, training: Training, listener: Listener, check: Callable[[], object]) -> None:
        self._training, self._listener, self._check = training, listener, check
        order, forecast = training.order, training.forecast
        capture, layer = (forecast.capture, forecast.layer) if forecast is not None else _GUESS
        self._told, self._timed = 0, forecast is not None
        self._cached = forecast is not None and forecast.kept >= 1
        self._capture = capture
        """Seconds of all captures."""
        self._captured = float(training.acts is not None)
        """Share of them that is done."""
        self._fits = dict.fromkeys(order.layers, layer)
        """Layer -> seconds."""
        self._ended = {layer: layer in training.done for layer in order.layers}
        self._layer, self._since = -1, perf_counter()
        self._took = ""

    @contextmanager
    def capturing(self, name: str, share: float) -> Iterator[None]:
        """A capture, whose texts are counted; it is so much of all captures."""
        start, before = perf_counter(), self._captured

        def hear(unit: str, done: int, total: int) -> None:
            self._check()
            spent, part = perf_counter() - start, done / max(total, 1)
            self._captured = before + share * part
            if part > 0.05:  # what is at work tells better than any forecast
                self._capture = spent / part / share
            self._tell(f"Capturing {name}: {done:,} of {total:,} {unit}s")

        with heard_by(hear):
            yield
        self._captured = before + share
        took = f"captured in {_in_words(perf_counter() - start)}"
        self._took = "states from the cache" if self._cached else took

    @contextmanager
    def fitting(self, layer: int) -> Iterator[None]:
        """The fits of a layer."""
        self._layer, self._since = layer, perf_counter()
        self.tick()
        yield
        self._ended[layer], self._layer, self._timed = True, -1, True
        took = perf_counter() - self._since
        measured = [self._fits[each] for each, ended in self._ended.items() if ended and each != layer] + [took]
        for each, ended in self._ended.items():
            self._fits[each] = took if each == layer else self._fits[each] if ended else sum(measured) / len(measured)
        self.tick()

    def tick(self) -> None:
        """Another pass."""
        self._check()
        count, total = sum(self._ended.values()), len(self._ended)
        here = f"{count} of {total} layers done" if self._layer < 0 else f"Layer {self._layer} ({count + 1} of {total})"
        self._tell(" · ".join(filter(None, [here, self._took])))

    def _tell(self, text: str) -> None:
        done = self._captured * self._capture + sum(self._fits[each] for each, ended in self._ended.items() if ended)
        if self._layer >= 0:
            done += min(perf_counter() - self._since, 0.95 * self._fits[self._layer])
        total = self._capture + sum(self._fits.values())
        self._told = FINE if all(self._ended.values()) else max(self._told, min(int(FINE * done / total), FINE - 1))
        left = total - done
        more = f"about {_in_words(left)} left" if self._timed and left >= 1 else ""
        self._listener.progress(self._told, FINE, " · ".join(filter(None, [text, more])))


def _in_words(seconds: float) -> str:
    """`"25 s"`, `"3 min"`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
