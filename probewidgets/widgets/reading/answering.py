"""Answering: asking a predictor for Predictions, and finding a word of one answer again in the next."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable
from typing import Any

from probewidgets.errors import WidgetError
from probewidgets.look.visible import visible
from probewidgets.values import Predictions

__all__ = ["answered", "beginning", "moved", "never", "takes"]


def answered(predictor: Callable[..., Predictions], text: str, **options: Any) -> tuple[Predictions, float]:
    """What a predictor says of a text, and how long it took (ms).

    Raises:
        WidgetError: It says something else than Predictions.
        Exception: Whatever it raises.
    """
    start = time.perf_counter()
    predictions = predictor(text, **options)
    if not isinstance(predictions, Predictions):
        raise WidgetError(f"The predictor must return Predictions, but {type(predictions).__name__} came.")
    return predictions, 1000 * (time.perf_counter() - start)


def takes(predictor: Callable[..., Any], name: str) -> bool:
    """Whether it takes a keyword. What takes any may not know `gold`."""
    try:
        parameters = inspect.signature(predictor).parameters
    except (TypeError, ValueError):
        return False
    return name in parameters or (name == "check" and any(p.kind is p.VAR_KEYWORD for p in parameters.values()))


def never() -> None:
    """The `check` of work that nothing cancels."""


def moved(before: Predictions, after: Predictions, unit: int) -> int | None:
    """Where a unit stands in a newer text: the same word, nearest to its place from the front or from the back."""
    old = before.units[unit]

    def shift(place: int) -> int:
        new = after.units[place]
        from_back = (len(after.text) - new.end) - (len(before.text) - old.end)
        return min(abs(new.start - old.start), abs(from_back))

    return min((place for place, new in enumerate(after.units) if new.text == old.text), key=shift, default=None)


def beginning(text: str) -> str:
    """The first words of a text in one line, by which a page says which text an answer is to."""
    line = " ".join(text[:200].split())
    return visible(line if len(line) <= 40 else f"{line[:39]}…")
