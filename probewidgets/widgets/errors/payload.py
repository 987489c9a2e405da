"""What a page of errors is sent: the confusion as bytes, slices and examples as columns, one example in full."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from probewidgets.figures.matrix import axis_of
from probewidgets.look.palette import encode_labels
from probewidgets.look.visible import is_rtl, visible
from probewidgets.machine.arrays import Ints
from probewidgets.metrics.slices import folded
from probewidgets.sweeps.on_test import OnTest
from probewidgets.sweeps.results import Sweep
from probewidgets.sweeps.slices import FEW
from probewidgets.values import Estimate

__all__ = ["MOST_ROWS", "encode_confusion", "encode_detail", "encode_rows", "encode_slices", "estimate"]

MOST_ROWS = 100
"""Examples sent at a time."""
KINDS = {
    "label": "label",
    "word type": "word type",
    "length": "sentence length",
    "seen": "seen or unseen",
    "position": "place in sentence",
}
"""What slices are by, in the words of a menu."""
MOST_SLICES = 80
"""Slices sent of each kind: the worst."""
_BEFORE, _AFTER, _WORD = 120, 200, 300
"""Characters sent around a word, and of it."""
_TEXT = 4000
"""Characters of a sentence shown in full."""
_MOST_PROBABLE = 5


def encode_confusion(sweep: Sweep, layer: int) -> dict[str, Any]:
    """The labels, their colours, and how often each was given for each, as float32."""
    kept = axis_of(sweep)
    counts = folded(sweep.confusion(layer).to_numpy(), kept)
    return {
        **encode_labels(sweep.label_names, sweep),
        "called": [visible(name) for name in sweep.label_names],
        "axis": kept + [-1] * (len(counts) - len(kept)),
        "counts": np.ascontiguousarray(counts, "<f4").tobytes(),
    }


def encode_slices(table: pd.DataFrame) -> dict[str, Any]:
    """The slices as columns, the worst of each kind, in their order; and how many targets are few."""
    kept = table[table.groupby("kind").cumcount() < MOST_SLICES]
    number = {"low": "accuracy_low", "high": "accuracy_high", "value": "accuracy"}
    return {
        "few": FEW,
        "kinds": {kind: KINDS[kind] for kind in KINDS if kind in set(kept["kind"])},
        "kind": kept["kind"].tolist(),
        "name": kept["slice"].tolist(),
        "called": [visible(name) for name in kept["slice"]],
        "targets": kept["targets"].tolist(),
        "errors": kept["errors"].tolist(),
        **{short: [_finite(value) for value in kept[name]] for short, name in number.items()},
    }


def encode_rows(
    tested: OnTest, layer: int, places: Ints, confidence: npt.NDArray[np.floating[Any]]
) -> dict[str, list[Any]]:
    """Examples as columns: the word with what stands around it, its labels, how sure, and how often train shows it."""
    cuts = [_context(tested, int(place)) for place in places]
    given = tested.given(layer)
    return {
        "target": places.tolist(),
        "before": [before for before, _, _ in cuts],
        "word": [word for _, word, _ in cuts],
        "after": [after for _, _, after in cuts],
        "rtl": [is_rtl(tested.acts.corpus[int(tested.example[place])].text) for place in places],
        "gold": tested.gold[places].tolist(),
        "given": given[places].tolist(),
        "confidence": [_finite(value) for value in confidence[places]],
        "frequency": tested.frequency[places].tolist() if tested.sweep.unit != "sentence" else [],
    }


def encode_detail(
    tested: OnTest, layer: int, place: int, proba: npt.NDArray[np.floating[Any]] | None
) -> dict[str, Any]:
    """One example in full: its sentence in parts, what every layer gives, and its most probable labels.

    Args:
        tested: The test targets.
        layer: Whose probabilities these are.
        place: Which target.
        proba: (K,) its probabilities; None where they could not be had.
    """
    best = [] if proba is None else np.argsort(-proba, kind="stable")[:_MOST_PROBABLE].tolist()
    position, many = (int(column[place]) for column in tested.sentence)
    return {
        "target": place,
        "parts": _parts(tested, place),
        "rtl": is_rtl(tested.acts.corpus[int(tested.example[place])].text),
        "gold": int(tested.gold[place]),
        "answers": [int(tested.given(each)[place]) for each in tested.sweep.layers],
        "best": [[k, _finite(proba[k])] for k in best] if proba is not None else [],
        "frequency": int(tested.frequency[place]) if tested.sweep.unit != "sentence" else None,
        "example": tested.acts.corpus[int(tested.example[place])].id,
        "position": [position + 1, many],
        "layer": layer,
    }


def _context(tested: OnTest, place: int) -> tuple[str, str, str]:
    """What stands before a word, the word, and what stands behind it; of a whole sentence, that alone."""
    text, spans = tested.acts.corpus[int(tested.example[place])].text, tested.spans[place]
    if not len(spans):
        return "", visible(_cut(text, _WORD)), ""
    start, end = (int(edge) for edge in spans[0])
    word = " … ".join(text[low:high] for low, high in spans)
    before = text[max(0, start - _BEFORE) : start]
    return visible("…" * (start > _BEFORE) + before), visible(_cut(word, _WORD)), visible(_cut(text[end:], _AFTER))


def _parts(tested: OnTest, place: int) -> list[list[Any]]:
    """The sentence as (text, whether it is marked)."""
    text = tested.acts.corpus[int(tested.example[place])].text
    parts: list[tuple[str, bool]] = []
    spans = sorted((int(low), int(high)) for low, high in tested.spans[place])
    # Of a long text what stands around the words is shown, not its beginning.
    first = max(0, spans[0][0] - _TEXT // 2) if spans and len(text) > _TEXT else 0
    last, done = first + _TEXT, first
    for low, high in spans:
        if low < done or high > last:
            continue
        parts += [(text[done:low], False), (text[low:high], True)]
        done = high
    parts.append((_cut(text[done:], max(last - done, 0)), False))
    parts = [("…", False), *parts] if first else parts
    return [[visible(part), mark] for part, mark in parts if part]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most] + "…"


def _finite(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None


def estimate(value: Estimate) -> list[float | None]:
    """A value with its interval."""
    return [_finite(each) for each in (value.value, value.low, value.high)]
