"""What the page is sent: Predictions and Sweeps as plain values and float32 bytes. No widget here, so easy to test."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from probewidgets.sweeps.results import Sweep
from probewidgets.values import Estimate, Predictions

__all__ = ["Window", "encode_curve", "encode_pages", "encode_predictions", "layer_notes"]

MAX_UNITS = 400
"""Most units that are sent and drawn at a time."""
MAX_BYTES = 1 << 20
"""Most bytes of probabilities that are sent at a time."""


@dataclass(frozen=True)
class Window:
    """The units on the page, `[start, end)` out of `total`."""

    start: int
    end: int
    total: int

    @classmethod
    def at(cls, predictions: Predictions, start: int) -> Window:
        """The window that begins at `start`, or at the last place where one can begin."""
        n_layers, total, n_labels = predictions.proba.shape
        size = max(1, min(MAX_UNITS, MAX_BYTES // max(1, 4 * n_layers * n_labels)))
        start = max(0, min(start, (total - 1) // size * size))
        return cls(start, min(start + size, total), total)

    @classmethod
    def around(cls, predictions: Predictions, unit: int) -> Window:
        """The page of units that holds one."""
        size = cls.at(predictions, 0).end or 1
        return cls.at(predictions, unit // size * size)


def encode_predictions(predictions: Predictions, window: Window) -> dict[str, Any]:
    """The units of a window and their (L, U, K) probabilities as little-endian float32 bytes."""
    units = predictions.units[window.start : window.end]
    cube = np.ascontiguousarray(predictions.proba[:, window.start : window.end], dtype="<f4")
    return {
        "units": {
            "text": [unit.text for unit in units],
            "line": [unit.line for unit in units],
            "gold": [unit.gold for unit in units],
            "seen": [unit.seen for unit in units],
        },
        "window": {"start": window.start, "end": window.end, "total": window.total},
        "proba": cube.tobytes(),
        "notes": list(predictions.notes),
    }


def encode_pages(predictions: Predictions, most_bytes: int) -> list[dict[str, Any]]:
    """The windows of a text, one after the other, as many as `most_bytes` of probabilities hold, but at least one."""
    windows = [Window.at(predictions, 0)]
    most = max(1, most_bytes // max(1, predictions.proba[:, : windows[0].end].nbytes))
    while windows[-1].end < len(predictions) and len(windows) < most:
        windows.append(Window.at(predictions, windows[-1].end))
    return [encode_predictions(predictions, window) for window in windows]


def encode_curve(sweep: Sweep) -> dict[str, Any]:
    """The scores by layer and the baselines, each value as [value, low, high], None for NaN; accuracy by seed."""
    return {
        "task": sweep.task,
        "layers": list(sweep.layers),
        "metric": sweep.metric_name,
        "accuracy": [_triple(score.value) for score in sweep.scores],
        "control": [_triple(score.control) for score in sweep.scores],
        "selectivity": [_triple(score.selectivity) for score in sweep.scores],
        "random model": [_triple(score.random) for score in sweep.scores],
        "seeds": [list(score.seed_accuracies) for score in sweep.scores],
        "baselines": [
            {"name": baseline.name, "value": _triple(baseline.value)}
            for baseline in sweep.baselines
            if not baseline.name.startswith("control") and _triple(baseline.value)
        ],
        "best": sweep.best.layer,
    }


def layer_notes(layers: Sequence[int], names: Sequence[str], sweep: Sweep | None) -> list[str]:
    """(L,) what is special about each layer: `"embeddings"`, `"final norm"`, or `""`."""
    if len(names) != len(layers):
        names = [sweep.model.layer_name(layer) if sweep else "" for layer in layers]
    return [_note(layer, name) for layer, name in zip(layers, names, strict=True)]


def _note(layer: int, name: str) -> str:
    """`"0 (embeddings)"` -> `"embeddings"`; `"Layer 3"` -> `""`; any other name stays."""
    numbered = re.fullmatch(rf"(?:layer )?{layer}(?: \((.*)\))?", name.strip(), flags=re.IGNORECASE)
    return (numbered[1] or "") if numbered else name


def _triple(estimate: Estimate | None) -> list[float | None] | None:
    if estimate is None or not math.isfinite(estimate.value):
        return None
    return [float(x) if math.isfinite(x) else None for x in (estimate.value, estimate.low, estimate.high)]
