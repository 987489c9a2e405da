"""What the page is sent: Predictions and Sweeps as plain values and float32 bytes. No widget here, so easy to test."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from probewidgets.look.visible import is_rtl, visible
from probewidgets.sweeps.results import Sweep
from probewidgets.sweeps.score import Score
from probewidgets.values import Estimate, Predictions, digits

__all__ = ["Window", "as_triple", "encode_curve", "encode_pages", "encode_predictions", "interval", "layer_facts"]

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
    def at(cls, predictions: Predictions, start: int, most: int = MAX_UNITS) -> Window:
        """The window that begins at `start`, or at the last place where one can begin; of at most so many units."""
        n_layers, total, n_labels = _cube(predictions).shape
        size = max(1, min(most, MAX_BYTES // max(1, 4 * n_layers * n_labels)))
        start = max(0, min(start, (total - 1) // size * size))
        return cls(start, min(start + size, total), total)

    @classmethod
    def around(cls, predictions: Predictions, unit: int, most: int = MAX_UNITS) -> Window:
        """The page of units that holds one."""
        size = cls.at(predictions, 0, most).end or 1
        return cls.at(predictions, unit // size * size, most)


def encode_predictions(predictions: Predictions, window: Window) -> dict[str, Any]:
    """The units of a window and their (L, U, K) probabilities, or (L, U, 1) numbers, as little-endian float32 bytes."""
    units = predictions.units[window.start : window.end]
    texts: dict[int, str] = {}
    for unit in units:
        texts[unit.line] = texts.get(unit.line, "") + unit.text
    lines = {line: is_rtl(text) for line, text in texts.items()}
    cube = np.ascontiguousarray(_cube(predictions)[:, window.start : window.end], dtype="<f4")
    return {
        "units": {
            "text": [visible(unit.text) for unit in units],
            "line": [unit.line for unit in units],
            "gold": [None if unit.gold is None else visible(unit.gold) for unit in units],
            "seen": [unit.seen for unit in units],
            "rtl": [lines[unit.line] for unit in units],
        },
        "window": {"start": window.start, "end": window.end, "total": window.total},
        "proba": cube.tobytes(),
        "notes": [visible(note) for note in predictions.notes],
    }


def encode_pages(predictions: Predictions, most_bytes: int) -> list[dict[str, Any]]:
    """The windows of a text, one after the other, as many as `most_bytes` of probabilities hold, but at least one."""
    windows = [Window.at(predictions, 0)]
    most = max(1, most_bytes // max(1, _cube(predictions)[:, : windows[0].end].nbytes))
    while windows[-1].end < len(predictions) and len(windows) < most:
        windows.append(Window.at(predictions, windows[-1].end))
    return [encode_predictions(predictions, window) for window in windows]


def _cube(predictions: Predictions) -> npt.NDArray[np.float32]:
    """What is sent: probabilities, or numbers, as those of one label."""
    return predictions.proba if predictions.values is None else predictions.values[..., None]


def encode_curve(sweep: Sweep) -> dict[str, Any]:
    """The scores by layer, in numbers and in words, and the baselines; a value is [value, low, high], None for NaN."""
    return {
        "task": sweep.task,
        "layers": list(sweep.layers),
        "metric": sweep.metric_name,
        "accuracy": [as_triple(score.value) for score in sweep.scores],
        "control": [as_triple(score.control) for score in sweep.scores],
        "selectivity": [as_triple(score.selectivity) for score in sweep.scores],
        "random model": [as_triple(score.random) for score in sweep.scores],
        "seeds": [list(score.seed_accuracies) for score in sweep.scores],
        "baselines": [
            {"name": baseline.name, "value": as_triple(baseline.value)}
            for baseline in sweep.baselines
            if not baseline.name.startswith("control") and as_triple(baseline.value)
        ],
        "told": [_told(sweep, score) for score in sweep.scores],
    }


def _told(sweep: Sweep, score: Score) -> str:
    """`"Layer 3: accuracy 0.941 [0.930, 0.952], control 0.712, selectivity 0.229; chosen on dev"`."""
    lines = {
        sweep.metric_name: score.value,
        "control": score.control,
        "selectivity": score.selectivity,
        "random model": score.random,
    }
    parts = [f"{name} {interval(triple)}" for name, value in lines.items() if (triple := as_triple(value))]
    return f"Layer {score.layer}: {', '.join(parts)}" + "; chosen on dev" * (score is sweep.best)


def interval(triple: Sequence[float | None]) -> str:
    """A value with its interval, where that is defined."""
    value, low, high = ("" if each is None else digits(each, 3) for each in triple)
    return f"{value} [{low}, {high}]" if low and high else value


def layer_facts(layers: Sequence[int], names: Sequence[str], sweep: Sweep | None) -> list[list[str]]:
    """(L,) what there is to say of each layer: `"embeddings"`, `"test accuracy 0.850"`."""
    if len(names) != len(layers):
        names = [sweep.model.layer_name(layer) if sweep else "" for layer in layers]
    return [
        [*filter(None, [_note(layer, name)]), *_scores(layer, sweep)] for layer, name in zip(layers, names, strict=True)
    ]


def _scores(layer: int, sweep: Sweep | None) -> Iterator[str]:
    """What test says of it; of numbers also by how much they are off."""
    if sweep is None or layer not in sweep.layers:
        return
    score = sweep.score(layer)
    yield f"test {sweep.metric_name} {score.value.value:.3f}"
    if "mae" in score.estimates:
        yield f"off by {score.estimates['mae'].value:.3g} on average"


def _note(layer: int, name: str) -> str:
    """`"0 (embeddings)"` -> `"embeddings"`; `"Layer 3"` -> `""`; any other name stays."""
    numbered = re.fullmatch(rf"(?:layer )?{layer}(?: \((.*)\))?", name.strip(), flags=re.IGNORECASE)
    return (numbered[1] or "") if numbered else name


def as_triple(estimate: Estimate | None) -> list[float | None] | None:
    """[value, low, high], None where one of the ends is not defined; nothing where there is no value."""
    if estimate is None or not math.isfinite(estimate.value):
        return None
    return [float(x) if math.isfinite(x) else None for x in (estimate.value, estimate.low, estimate.high)]
