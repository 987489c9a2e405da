"""What a prediction says, in words that page and paper share: a label, several of them or none, a number."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, count
from typing import Any

import numpy as np

from probewidgets.look import palette
from probewidgets.look.visible import visible
from probewidgets.values import Predictions, Scale

__all__ = ["COLOURS", "answer", "encode_answers", "fill", "has_value", "nothing", "right", "told"]

COLOURS: dict[str, tuple[str, ...]] = {
    "label": ("label", "probability", "entropy"),
    "labels": ("label", "probability"),
    "number": ("value",),
}
"""What a colour can mean, by what is predicted: the predicted label, the probability of one label, the entropy (bits);
a number. The first is what it means where nothing was chosen."""


def nothing(labels: Sequence[str]) -> str:
    """How it is written that no label holds: as none of the labels is."""
    spellings = {label.strip().casefold() for label in labels}
    words = chain(("none", "no label", "none of them", "no label at all"), ("∅" * n for n in count(1)))
    return next(word for word in words if word not in spellings)


def _sign(labels: Sequence[str]) -> str:
    """What stands between several labels: a comma, unless labels have some."""
    return " + " if any("," in label for label in labels) else ", "


def has_value(predictions: Predictions, row: int, unit: int) -> bool:
    """Whether there is a number, or a probability of each label; NaN is none."""
    cell = predictions.proba[row, unit] if predictions.values is None else predictions.values[row, unit]
    return bool(np.size(cell)) and bool(np.isfinite(cell).all())


def answer(predictions: Predictions, row: int, unit: int) -> str:
    """What stands in a cell: `"NOUN"`, `"cat, river"`, `"none"`, `"4.2"`, and `"14.1 ↑"` beyond all of train."""
    if not has_value(predictions, row, unit):
        return "–"
    if predictions.scale is not None and predictions.values is not None:
        return _number(predictions.scale, float(predictions.values[row, unit]), ("", " ↑", " ↓"))
    held, labels = predictions.held(row, unit), predictions.labels
    return _sign(labels).join(labels[k] for k in held) if held else nothing(labels)


def told(predictions: Predictions, row: int, unit: int) -> str:
    """The same with probabilities: `"NOUN 0.97"`, `"cat 0.91, river 0.67"`, `"none (cat 0.31)"`, `"4.2"`."""
    if not has_value(predictions, row, unit):
        return "no value"
    if predictions.scale is not None and predictions.values is not None:
        where = ("", " (above all of train)", " (below all of train)")
        return _number(predictions.scale, float(predictions.values[row, unit]), where)
    labels, p = predictions.labels, predictions.proba[row, unit]
    held = [f"{labels[k]} {p[k]:.2f}" for k in predictions.held(row, unit)]
    best = int(p.argmax())
    return _sign(labels).join(held) if held else f"{nothing(labels)} ({labels[best]} {p[best]:.2f})"


def _number(scale: Scale, value: float, where: tuple[str, str, str]) -> str:
    """A number, and a mark where it is outside of those of train: nothing, above, below."""
    return scale.text(value) + where[int(scale.outside(value))]


def right(predictions: Predictions, row: int, unit: int) -> bool:
    """Whether the gold label is what is predicted, or among it."""
    return predictions.units[unit].gold in [predictions.labels[k] for k in predictions.held(row, unit)]


def fill(predictions: Predictions, row: int, unit: int, fills: Sequence[str]) -> str:
    """The colour of what is predicted, on white: of a label as strong as it is probable, of a number from its ramp."""
    scale, values = predictions.scale, predictions.values
    if scale is not None and values is not None:
        low, high = scale.ends
        return palette.ramp((float(values[row, unit]) - low) / (high - low), palette.ramp_of(scale)[0])
    most, held = float(predictions.proba[row, unit].max()), predictions.held(row, unit)
    share = palette.strength(most if held else 1 - most)
    return palette.fade(fills[held[0] if held else -1], "#ffffff", share)


def encode_answers(labels: Sequence[str], sets: bool, scale: Scale | None) -> dict[str, Any]:
    """What a page needs to say the same.

    Args:
        labels: (K,) what can be predicted; of numbers what they are.
        sets: Whether any number of them may hold.
        scale: That of numbers, where some are shown.
    """
    called = [*map(visible, labels), *[nothing(labels)] * sets]
    ramp = palette.steps(*palette.ramp_of(scale))
    encoded: dict[str, Any] = {"called": called, "sign": _sign(labels), "ramp": ramp}
    if scale is not None:
        (low, high), (least, largest) = scale.ends, scale.bounds
        encoded["scale"] = {
            "name": called[0],
            "low": low,
            "high": high,
            "places": scale.places,
            "ticks": list(scale.ticks),
            "trained": scale.trained,
            "changes": scale.changes,
        }
        encoded["scale"] |= {"least": least, "largest": largest} if scale.trained else {}
    return encoded
