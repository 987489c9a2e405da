"""What a page of errors is sent: the grid as bytes, slices and examples as columns, one example in full."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from probewidgets.look.visible import is_rtl, visible
from probewidgets.machine.arrays import Floats, Ints
from probewidgets.metrics.slices import folded
from probewidgets.sweeps.slices import FEW
from probewidgets.sweeps.tested import Tested
from probewidgets.values import Estimate
from probewidgets.widgets.errors.screens import KINDS, Screen, slice_name

__all__ = ["MOST_ROWS", "encode_counts", "encode_detail", "encode_rows", "encode_slices", "estimate"]

MOST_ROWS = 100
"""Examples sent at a time."""
MOST_SLICES = 80
"""Slices sent of each kind: the worst."""
_BEFORE, _AFTER, _WORD = 120, 200, 300
"""Characters sent around a word, and of it."""
_TEXT = 4000
"""Characters of a sentence shown in full."""


def encode_counts(screen: Screen[Any], layer: int) -> dict[str, Any]:
    """How often each class was given for each, as float32; -1 on the axis stands for those without their own row."""
    kept = screen.axis
    counts = folded(screen.tested.counts(layer), kept)
    return {
        "axis": kept + [-1] * (len(counts) - len(kept)),
        "counts": np.ascontiguousarray(counts, "<f4").tobytes(),
    }


def encode_slices(screen: Screen[Any], table: pd.DataFrame, layer: int) -> dict[str, Any]:
    """The slices as columns, the worst of each kind, in their order; how many targets are few; the score of all."""
    kept = table[table.groupby("kind").cumcount() < MOST_SLICES]
    measure = screen.tested.measure
    ends = {"value": measure, "low": f"{measure}_low", "high": f"{measure}_high"}
    called = [slice_name(name) for name in kept["slice"]]
    return {
        "few": FEW,
        "all": screen.overall(layer).value,
        "kinds": {kind: KINDS[kind] for kind in KINDS if kind in set(kept["kind"])},
        "kind": kept["kind"].tolist(),
        "name": kept["slice"].tolist(),
        "called": called,
        "text": [screen.value(value) for value in kept[measure]],
        "told": [screen.slice_said(name, row) for name, row in zip(called, kept.itertuples(), strict=True)],
        "targets": kept["targets"].tolist(),
        **{short: [_finite(value) for value in kept[name]] for short, name in ends.items()},
    }


def encode_rows(screen: Screen[Any], layer: int, places: Ints, told: Floats) -> dict[str, list[Any]]:
    """Examples as columns: the word with what stands around it, its answers, and how often train shows it."""
    tested = screen.tested
    cuts = [_context(tested, int(place)) for place in places]
    return {
        "target": places.tolist(),
        "before": [before for before, _, _ in cuts],
        "word": [word for _, word, _ in cuts],
        "after": [after for _, _, after in cuts],
        "rtl": [is_rtl(tested.acts.corpus[int(tested.example[place])].text) for place in places],
        **screen.answers(layer, places, told),
        "frequency": tested.frequency[places].tolist() if screen.typed else [],
    }


def encode_detail(screen: Screen[Any], layer: int, place: int, proba: Floats) -> dict[str, Any]:
    """One example in full: its sentence in parts, and what is said of it.

    Args:
        screen: Whose words.
        layer: Whose answers these are.
        place: Which target.
        proba: (K,) probabilities of labels; (0,) where there are none to be had.
    """
    tested = screen.tested
    return {
        "target": place,
        "parts": _parts(tested, place),
        "rtl": is_rtl(tested.acts.corpus[int(tested.example[place])].text),
        **screen.detail(layer, place, proba),
    }


def _context(tested: Tested, place: int) -> tuple[str, str, str]:
    """What stands before a word, the word, and what stands behind it; of a whole sentence, that alone."""
    text, spans = tested.acts.corpus[int(tested.example[place])].text, tested.spans[place]
    if not len(spans):
        return "", visible(_cut(text, _WORD)), ""
    start, end = (int(edge) for edge in spans[0])
    word = " … ".join(text[low:high] for low, high in spans)
    before = text[max(0, start - _BEFORE) : start]
    return visible("…" * (start > _BEFORE) + before), visible(_cut(word, _WORD)), visible(_cut(text[end:], _AFTER))


def _parts(tested: Tested, place: int) -> list[list[Any]]:
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
