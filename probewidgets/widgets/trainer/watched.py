"""Watched: how a training comes along, told to its pages while it is made."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import traitlets

from probewidgets.sweeps.results import Sweep
from probewidgets.widgets.kit.progress import Progress
from probewidgets.widgets.trainer.costing import Costing
from probewidgets.widgets.trainer.losses import Losses

if TYPE_CHECKING:
    from probewidgets.probes.watching import Step

__all__ = ["Watched"]

PAUSE = 0.1
"""Seconds between two pictures of the losses that are sent."""


class Watched(Costing, Progress):
    """A trainer that hears from its training, on the thread that trains."""

    _losses = traitlets.Dict().tag(sync=True)

    sweep = traitlets.Any(None, read_only=True, help="A Sweep of the layers that are done; None before any.")

    def __init__(self, layout: Any) -> None:
        self._working = -1
        """The layer whose probe is fitted now; -1: none."""
        self._curves, self._sent_at = Losses(), 0.0
        self._drawing = threading.Lock()
        super().__init__(layout)

    def progress(self, done: int, total: int, text: str) -> None:
        """So far; of the whole. Called by the training."""
        self._report(done, total, text)

    def began(self, layer: int) -> None:
        """A layer is fitted now. Called by the training."""
        with self._lock:
            self._working = layer
            self._curves = Losses(layer)
            self._publish()

    def step(self, layer: int, step: Step) -> None:  # noqa: ARG002 - `began` has told which it is
        """The fits of a layer have made another pass. Called by the training."""
        with self._drawing:
            self._curves.add(step)
            now = time.monotonic()
            if now - self._sent_at > PAUSE:
                self._sent_at = now
                self._losses = self._curves.encoded()

    def ended(self, sweep: Sweep) -> None:
        """Another layer is there. Called by the training."""
        with self._lock:
            self._working = -1
            self._losses = self._curves.encoded()
            self._tell("sweep", sweep)
            self._publish()
