"""Two predictions held against each other: which units answer each other, and what has changed between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from probewidgets.metrics.alignment import align_words
from probewidgets.values import Change, Predictions

__all__ = ["Difference", "difference", "matched_by_place", "matched_by_words", "why_not"]

NONE = -1
"""Place of what has no counterpart."""
_NAMED = 3
"""Labels named in a reason."""
_KINDS = {"label": "one label each", "labels": "any number of labels", "number": "numbers"}


def matched_by_place(here: Predictions, there: Predictions) -> list[int]:
    """(U,) Of each unit here the one there that has the same characters of the same text; -1 where there is none."""
    if here.text != there.text:
        return [NONE] * len(here)
    places = {(unit.start, unit.end): at for at, unit in enumerate(there)}
    return [places.get((unit.start, unit.end), NONE) for unit in here]


def matched_by_words(here: Predictions, there: Predictions) -> list[int]:
    """(U,) Of each unit here the one opposite to it in the alignment of both texts with the fewest changes; or -1."""
    matched = [NONE] * len(here)
    for i, j in align_words([unit.text for unit in here], [unit.text for unit in there]):
        if i is not None and j is not None:
            matched[i] = j
    return matched


def why_not(
    here: Predictions, there: Predictions, same_task: bool = True, names: tuple[str, str] = ("one", "the other")
) -> str:
    """Why one cannot be taken from the other; empty where it can.

    Args:
        here: Of one predictor.
        there: Of another one, or of another text.
        same_task: Whether both are of one task, as far as that is known: numbers of two tasks have nothing in common.
        names: What they are called.
    """
    if here.kind != there.kind:
        return f"{names[0]} predicts {_KINDS[here.kind]}, {names[1]} {_KINDS[there.kind]}"
    if here.kind == "number":
        return "" if same_task else "they predict numbers of different tasks"
    mine, theirs = set(here.labels), set(there.labels)
    lacking = zip(names, (theirs - mine, mine - theirs), strict=True)
    lacks = "; ".join(f"{name} lacks {_some(labels)}" for name, labels in lacking if labels)
    if lacks:
        return f"they know different labels: {lacks}"
    return ""


def _some(labels: set[str]) -> str:
    named, more = sorted(labels)[:_NAMED], len(labels) - _NAMED
    return ", ".join(named) + (f" and {more} more" if more > 0 else "")


@dataclass(frozen=True, eq=False)
class Difference:
    """What has changed, unit by unit."""

    predictions: Predictions
    """Numbers (L, U): in [-1, 1] of probabilities, else in the unit of the task; NaN where there is no counterpart."""
    of: tuple[str | None, ...]
    """(U,) the label whose probability it is of; None of numbers, and of units without a counterpart."""


def difference(
    here: Predictions,
    there: Predictions,
    units: Sequence[int],
    layers: Sequence[int | None],
    *,
    label: str | None = None,
    at: int | None = None,
) -> Difference:
    """How much more probable a label is here than there, or how much larger a number is.

    Of which label: the one asked for; else, for each unit, its gold label, here or there; else the one that is
    predicted there, always at the same layer, so that a column of layers is of one label. (A label that was chosen
    for being likely there tends to be less likely anywhere else: gold labels, and a label asked for, are free of that.)

    Args:
        here: What is taken first, of any kind.
        there: What is taken from it, of the same kind and with the same labels: see `why_not`.
        units: (U,) the place there of each unit here; -1 where it has none.
        layers: (L,) the number of the layer there that each layer here stands beside; None where there is none.
        label: Which label, for all units; none of numbers.
        at: The layer there that says which label; its last one by default.

    Returns:
        A Difference.

    Raises:
        ProbeError: There is no such layer.
    """
    matched = np.asarray(units, int)
    rows = np.array([NONE if layer is None else there.row(layer) for layer in layers], int)
    chosen = _labels(here, there, matched, label, there.layers[-1] if at is None and there.layers else at)
    mine, theirs = _numbers(here, chosen, np.arange(len(here))), _numbers(there, chosen, matched)
    values = np.full((len(here.layers), len(here)), np.nan, np.float32)
    present = rows >= 0
    values[present] = mine[present] - theirs[rows[present]]
    values[:, matched < 0] = np.nan
    most = 1.0 if there.scale is None else there.scale.high - there.scale.low
    unlabelled = [replace(unit, gold=None) for unit in here]
    subtracted = Predictions.of_numbers(
        here.text, unlabelled, here.layers, values, Change.up_to(most), notes=here.notes, names=here.names
    )
    return Difference(subtracted, chosen)


def _labels(
    here: Predictions, there: Predictions, matched: npt.NDArray[np.int_], label: str | None, at: int | None
) -> tuple[str | None, ...]:
    """(U,) the label that each unit's difference is of."""
    if here.kind == "number" or at is None:
        return (None,) * len(here)
    tops = [there.labels[k] if len(there.labels) else None for k in there.proba[there.row(at)].argmax(-1)]
    golds = [[unit.gold if unit.gold in side.labels else None for unit in side] for side in (here, there)]
    return tuple(
        None if other < 0 else label or golds[0][unit] or golds[1][other] or tops[other]
        for unit, other in enumerate(matched)
    )


def _numbers(
    predictions: Predictions, labels: Sequence[str | None], units: npt.NDArray[np.int_]
) -> npt.NDArray[np.float32]:
    """(L, U) the probability of each unit's label, or the number, of the units at some places; NaN where none is."""
    values = np.full((len(predictions.layers), len(units)), np.nan, np.float32)
    place = {label: k for k, label in enumerate(predictions.labels)}
    for at, (label, unit) in enumerate(zip(labels, units, strict=True)):
        if unit < 0:
            continue
        if predictions.values is not None:
            values[:, at] = predictions.values[:, unit]
        elif label in place:
            values[:, at] = predictions.proba[:, unit, place[label]]
    return values
