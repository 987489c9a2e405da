"""Scenes of the trainer: each of its states, held as long as its picture takes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import probewidgets as pw

from .given import decoder, english, small

LAYER, PASSES = 3, 60
"""Where a training is held, stopped, or fails."""


class Held(pw.ProbeTrainer):
    """A trainer that goes no further than its picture needs.

    Args:
        at: "costing", "running", "stopped" or "failed": the state that it stays in; empty: it ends.
    """

    def __init__(self, at: str = "", *, start: bool = True, **given: Any) -> None:
        self.at, self.still = at, threading.Event()
        super().__init__(**{"corpus": english(), "model": small(), "task": "upos", **given})
        if start:
            self.start()

    async def settled(self) -> None:
        """Wait until it is held, or nothing is left to do."""
        while self._at_work and not self.still.is_set():
            await asyncio.sleep(0.05)

    def _stay(self) -> None:
        self.still.set()
        threading.Event().wait()

    def _cost(self, job: Any) -> Any:
        return self._stay() if self.at == "costing" else super()._cost(job)

    def step(self, layer: int, step: Any) -> None:
        """Another pass; at one of them it stays, stops or fails."""
        super().step(layer, step)
        if layer != LAYER or self._curves._passes < PASSES:
            return
        if self.at == "failed":
            raise MemoryError("Unable to allocate 410. MiB for an array with shape (279936, 384)")
        if self.at == "stopped":
            self.stop()
        if self.at == "running":
            self._losses = self._curves.encoded()
            self._stay()


TRAINERS: dict[str, Callable[[], pw.ProbeTrainer]] = {
    "trainer-choosing": partial(Held, start=False),
    "trainer-no-file": partial(Held, corpus="my treebank.conlu", start=False),
    "trainer-refused": partial(Held, start=False),
    "trainer-costing": partial(Held, "costing", start=False),
    "trainer-running": partial(Held, "running"),
    "trainer-stopped": partial(Held, "stopped"),
    "trainer-failed": partial(Held, "failed"),
    "trainer-done": Held,
    "trainer-opened": Held,
    "trainer-31-layers": lambda: Held(corpus=english(300), model=decoder()),
}
"""Name -> the trainer."""
