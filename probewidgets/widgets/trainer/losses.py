"""Losses: how the fits of a layer come along, thinned to what a plot can show."""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Sequence
from typing import Any

from probewidgets.probes.watching import Step

__all__ = ["Losses"]

MOST_POINTS = 160
"""Of a line, that are sent."""
WATCHED = {
    "pass": ("passes", "loss on train, with its penalty (bits)"),
    "epoch": ("epochs", "cross-entropy on dev (bits)"),
}
"""What a step counts -> the two axes."""
NOTHING = "This probe is solved without steps that could be watched."


class Losses:
    """The fits of one layer: the task's as a line, and the mean of its control draws as another.

    A penalty that is open is tried at several values, one after the other: their passes stand behind each other. Where
    they are tried together (networks), each epoch has the loss of the best.

    Args:
        layer: Which; None before any.
    """

    def __init__(self, layer: int | None = None) -> None:
        self.layer = layer
        self._counts = ""
        self._passes = 0
        self._lines: dict[str, dict[int, float]] = {"task": {}, "control": {}}
        self._dev: dict[str, dict[int, float]] = {"task": {}, "control": {}}
        self._epochs: Counter[tuple[int, float]] = Counter()
        self._best: dict[int, dict[int, float]] = {}  # epoch -> label set -> nats
        self._lock = threading.Lock()

    def add(self, step: Step) -> None:
        """Another pass, or another epoch; or the end of a fit, with its loss on dev."""
        with self._lock:
            self._counts = step.counts or self._counts
            if step.counts == "epoch":
                for each, loss in zip(step.fits, step.loss, strict=True):
                    self._epochs[each, step.penalty] += 1
                    epoch = self._epochs[each, step.penalty]
                    sets = self._best.setdefault(epoch, {})
                    sets[each] = min(sets.get(each, math.inf), loss)
                    self._put(self._lines, epoch, list(sets), list(sets.values()))
                return
            self._passes += bool(step.counts)
            self._put(self._lines if step.counts else self._dev, self._passes, step.fits, step.loss)

    @staticmethod
    def _put(lines: dict[str, dict[int, float]], at: int, fits: Sequence[int], losses: Sequence[float]) -> None:
        for name, bits in _by_kind(fits, losses).items():
            lines[name][at] = bits

    def encoded(self) -> dict[str, Any]:
        """What a page draws; nothing before any layer."""
        if self.layer is None:
            return {}
        with self._lock:
            x, y = WATCHED.get(self._counts, ("", ""))
            lines, dev = (
                [{"name": name, "points": _thinned(sorted(points.items()))} for name, points in each.items() if points]
                for each in (self._lines, self._dev)
            )
        return {"layer": self.layer, "x": x, "y": y, "lines": lines, "dev": dev, "note": "" if lines else NOTHING}


def _by_kind(fits: Sequence[int], losses: Sequence[float]) -> dict[str, float]:
    """Bits of the task, and the mean over the control draws, of those that there are."""
    kinds: dict[str, list[float]] = {"task": [], "control": []}
    for fit, loss in zip(fits, losses, strict=True):
        if math.isfinite(loss):
            kinds["control" if fit else "task"].append(loss / math.log(2))
    return {name: sum(values) / len(values) for name, values in kinds.items() if values}


def _thinned(points: Sequence[tuple[float, float]]) -> list[list[float]]:
    """At most so many of the points, the last among them."""
    every = max(1, math.ceil(len(points) / MOST_POINTS))
    kept = [*points[:-1:every], points[-1]]
    return [[x, round(y, 4)] for x, y in kept]
