"""Training: a capture and the fits of all layers, which tell how far they are, can be stopped, and go on where they were."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from probewidgets.captures.pooling import Pool, mean
from probewidgets.data.corpus import Corpus
from probewidgets.data.tasks import Task
from probewidgets.machine.progress import heard_by
from probewidgets.models.sites import Site, residual
from probewidgets.probes.base import Probe
from probewidgets.probes.linear import LinearProbe
from probewidgets.probes.watching import Step, watched_by
from probewidgets.sweeps.results import Sweep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from probewidgets.captures.activations import Activations
    from probewidgets.live.forecasting import Forecast
    from probewidgets.models.language_model import LanguageModel
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
    pool: Pool = mean
    site: Site = residual
    probe: Probe = field(default_factory=LinearProbe)
    control: int = 1
    """Draws of the control task."""
    random: bool = False
    """Whether the model with random weights is probed too."""

    @property
    def draws(self) -> int:
        """Draws of the control task that the probe can be asked for."""
        return self.control if "control" in self.probe.asks else 0


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
            with meter.fitting(layer), watched_by(lambda step, layer=layer: _heard(step, layer, meter, listener)):
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
            with meter.capturing(order.model.name):
                self.acts = self._states(order.model)
        if order.random and not self._randoms:
            with meter.capturing(f"{order.model.name} with random weights"):
                self._randoms = [self._states(order.model.randomized(0))]
        return self.acts

    def _states(self, model: Any) -> Activations:
        from probewidgets.captures.capture import capture

        order = self.order
        return capture(model, order.corpus, order.task, layers=order.layers, pool=order.pool, site=order.site)


def _heard(step: Step, layer: int, meter: _Meter, listener: Listener) -> None:
    meter.tick()
    listener.step(layer, step)


class _Meter:
    """How far a training is: what is done of it in the time that was forecast, and then in that which was measured."""

    def __init__(self, training: Training, listener: Listener, check: Callable[[], object]) -> None:
        self._training, self._listener, self._check = training, listener, check
        order, known = training.order, training.forecast
        models = 2 if order.random else 1
        capture, layer = (known.capture, known.layer) if known is not None else _GUESS
        self._captures = [capture / models] * models
        self._fits = {each: layer for each in order.layers}
        self._ended: set[Any] = {each for each in training.done}
        if training.acts is not None:
            self._ended.add(0.0)
        self._said, self._took, self._timed = 0, "", known is not None
        self._now: tuple[str, float, float] = ("", 0.0, perf_counter())  # what is done, its share, since when
        self._fitted: list[float] = []
        self._captured = 0.0 if training.acts is None else sum(self._captures)

    @contextmanager
    def capturing(self, name: str) -> Iterator[None]:
        """A capture, whose texts are counted."""
        start, planned = perf_counter(), self._captures[0]
        before = self._captured

        def hear(unit: str, done: int, total: int) -> None:
            self._check()
            share = done / max(total, 1)
            self._captured = before + planned * share
            self._tell(f"Capturing {name}: {done:,} of {total:,} {unit}s", start, share)

        with heard_by(hear):
            yield
        self._captured = before + planned
        took = perf_counter() - start
        self._took = f"captured in {_in_words(took)}" if took >= 1 else "captured"

    @contextmanager
    def fitting(self, layer: int) -> Iterator[None]:
        """The fits of a layer."""
        start = perf_counter()
        self._now = (str(layer), 0.0, start)
        self.tick()
        yield
        took = perf_counter() - start
        self._fitted.append(took)
        self._ended.add(layer)
        mean_of = float(np.mean(self._fitted))
        self._fits = {each: took if each == layer else mean_of for each in self._fits}
        self._now = ("", 0.0, perf_counter())
        self.tick()

    def tick(self) -> None:
        """Another pass."""
        self._check()
        layers = self._training.order.layers
        n_done = sum(layer in self._ended for layer in layers)
        at_work = f"Layer {self._now[0]}, {n_done + 1} of {len(layers)}" if self._now[0] else f"{n_done} layers done"
        self._tell(" · ".join(filter(None, [at_work, self._took])), None, 0.0)

    def _tell(self, text: str, since: float | None, share: float) -> None:
        layer, _, start = self._now
        fits = sum(seconds for each, seconds in self._fits.items() if each in self._ended)
        if layer:
            expected = self._fits[int(layer)]
            fits += min(perf_counter() - start, 0.95 * expected)
        total = sum(self._captures) + sum(self._fits.values())
        done = self._captured + fits
        self._said = max(self._said, min(int(FINE * done / max(total, 1e-9)), FINE - 1))
        left = total - done
        if since is not None and 0.05 < share < 1:  # what is at work tells better than any forecast
            spent = perf_counter() - since
            left = spent * (1 - share) / share + sum(self._fits.values())
        if self._training.complete:
            self._said, left = FINE, 0.0
        known = self._timed or self._fitted
        more = f"about {_in_words(left)} left" if known and left >= 1 else ""
        self._listener.progress(self._said, FINE, " · ".join(filter(None, [text, more])))


def _in_words(seconds: float) -> str:
    """`"25 s"`, `"3 min"`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
