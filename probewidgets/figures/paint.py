"""What of some predictions is drawn, what a cell is filled with, and what the colours mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from probewidgets.errors import WidgetError
from probewidgets.figures.letters import short, text_width
from probewidgets.figures.sheet import EDGE, MARGIN, QUIET, Sheet, rows_on
from probewidgets.look import answers, palette
from probewidgets.sweeps.results import Sweep
from probewidgets.values import Predictions, entropy

__all__ = ["Paint", "Shown", "legend"]

MOST_SHOWN = 400
"""Units in one figure of predictions: as many as a page of a widget has."""


@dataclass(frozen=True, eq=False)
class Shown:
    """Predictions, and what of them a person has chosen to see.

    Raises:
        WidgetError: No Predictions, no unit or more than a page has, or a layer, label, colour or cell that there is
            not.
    """

    predictions: Predictions
    layer: int | None = None
    """The active one; None: that of `selected`, else the one that the sweep chose on dev, else the last."""
    layers: Sequence[int] | None = None
    """None: all."""
    label: str | None = None
    colour: str | None = None
    selected: tuple[int, int] | None = None
    sweep: Sweep | None = None

    def __post_init__(self) -> None:
        _check_predictions(self.predictions)
        self._check_cell()
        if self.layer is not None:
            self._check_layers([self.layer])
        if self.layers is not None:
            self._check_layers(self.layers)
        self._check_colour()

    def _check_layers(self, wanted: Sequence[int]) -> None:
        layers = self.predictions.layers
        if not len(wanted) or not set(wanted) <= set(layers):
            raise WidgetError(f"layers must be some of {list(layers)}, but {list(wanted)} came.")

    def _check_cell(self) -> None:
        cell, layers, count = self.selected, self.predictions.layers, len(self.predictions)
        if cell is not None and not (len(cell) == 2 and cell[0] in layers and 0 <= cell[1] < count):
            raise WidgetError(
                f"selected must be (layer, unit) with a layer of {list(layers)} and a unit of 0..{count - 1}, but "
                f"{cell!r} came."
            )

    def _check_colour(self) -> None:
        label, labels, colours = self.label, self.predictions.labels, answers.COLOURS[self.predictions.kind]
        if label is not None and not (isinstance(label, str) and label in labels):
            raise WidgetError(f"label must be one of {list(labels)}, but {label!r} came.")
        if self.colour is not None and self.colour not in colours:
            raise WidgetError(f"colour must be one of {list(colours)}, but {self.colour!r} came.")
        if self.colour == "probability" and label is None:
            raise WidgetError(f"Which label's probability? No label came. Give label=, one of {list(labels)}.")

    @property
    def active(self) -> int | None:
        """The layer that is marked, if one was chosen or can be told."""
        if self.layer is not None or self.selected is not None:
            return self.layer if self.layer is not None or self.selected is None else self.selected[0]
        best = self.sweep.best.layer if self.sweep is not None else None
        return best if best in self.predictions.layers else None

    @property
    def rows(self) -> list[int]:
        """The layers that are drawn, the deepest first."""
        layers = self.predictions.layers
        return [layer for layer in reversed(layers) if self.layers is None or layer in self.layers]

    @property
    def lines(self) -> list[list[int]]:
        """The units of each line."""
        lines: dict[int, list[int]] = {}
        for u, unit in enumerate(self.predictions.units):
            lines.setdefault(unit.line, []).append(u)
        return list(lines.values())


@dataclass(frozen=True, eq=False)
class Paint:
    """How cells are coloured: by their label, or by a number on a ramp."""

    predictions: Predictions
    fills: Sequence[str]
    """(K,) colour of each label; where any number of them may hold, one more for none."""
    order: Sequence[int]
    """The places of the fills, those of the most frequent labels first."""
    values: np.ndarray | None
    """(L, U) numbers behind the colours; None where the label is the colour."""
    ends: tuple[float, float] = (0.0, 1.0)
    """Where the ramp begins and ends."""
    name: str = ""
    """What the numbers are."""
    curved: bool = False
    """Whether the ramp goes by the square root: most entropies are close to 0."""

    @classmethod
    def of(cls, shown: Shown) -> Paint:
        """From what a person chose."""
        predictions, label, sweep = shown.predictions, shown.label, shown.sweep
        labels, sets = predictions.labels, predictions.kind == "labels"
        coded = palette.encode_labels(labels, sweep, sets=sets)
        fills, order = coded["palette"]["light"], [*coded["order"], *[len(labels)] * sets]
        if predictions.scale is not None and predictions.values is not None:
            name = "value" if sweep is None else sweep.task
            if predictions.scale.changes:
                name = "difference" if sweep is None or sweep.kind == "number" else "difference in probability"
            return cls(predictions, fills, order, predictions.values, predictions.scale.ends, name)
        if label is not None:
            share = predictions.proba[..., labels.index(label)]
            return cls(predictions, fills, order, share, name=f"probability of {label}")
        if shown.colour != "entropy":
            return cls(predictions, fills, order, None)
        bits, most = entropy(predictions.proba), float(np.log2(max(len(labels), 2)))
        return cls(predictions, fills, order, bits, (0.0, most), "entropy (bits, square-root scale)", True)

    @property
    def stops(self) -> Sequence[str]:
        """The colours of the ramp."""
        return palette.ramp_of(self.predictions.scale)[0]

    def best(self, layer: int, unit: int) -> int | None:
        """The predicted label, the most probable of several, or the place of none; None where there is no value."""
        predictions, row = self.predictions, self.predictions.row(layer)
        if not answers.has_value(predictions, row, unit):
            return None
        return next(iter(predictions.held(row, unit)), len(predictions.labels))

    def value(self, layer: int, unit: int) -> float:
        """The number behind a colour."""
        return float("nan") if self.values is None else float(self.values[self.predictions.row(layer), unit])

    def fill(self, layer: int, unit: int) -> str:
        """The colour of a cell."""
        k = self.best(layer, unit)
        if k is None:
            return "#ffffff"
        if self.values is None:
            return answers.fill(self.predictions, self.predictions.row(layer), unit, self.fills)
        low, high = self.ends
        share = (self.value(layer, unit) - low) / (high - low)
        return palette.ramp(sqrt(max(share, 0.0)) if self.curved else share, self.stops)

    def answer(self, layer: int, unit: int) -> str:
        """What is predicted, as it stands in a cell."""
        predictions = self.predictions
        text = answers.answer(predictions, predictions.row(layer), unit)
        return short(text, 12 if predictions.kind == "label" else 18)

    def is_wrong(self, layer: int, unit: int) -> bool:
        """Whether there is a gold label that is not predicted."""
        predictions, row = self.predictions, self.predictions.row(layer)
        tagged = predictions.units[unit].gold is not None and answers.has_value(predictions, row, unit)
        return tagged and not answers.right(predictions, row, unit)

    def cell(self, layer: int, unit: int) -> str:
        """What stands in a cell where all is written: a label or a number, and a cross where it is not gold."""
        numbers = self.values is not None and self.predictions.values is None
        if numbers and answers.has_value(self.predictions, self.predictions.row(layer), unit):
            text = f"{self.value(layer, unit):.2f}"
        else:
            text = self.answer(layer, unit)
        return text + " ✗" * self.is_wrong(layer, unit)

    @property
    def ticks(self) -> tuple[str, str]:
        """The ends of the ramp as they are written."""
        scale = self.predictions.scale
        return ("0", f"{self.ends[1]:.4g}") if scale is None else (scale.ticks[0], scale.ticks[-1])


def legend(sheet: Sheet, y: float, shown: Shown, paint: Paint) -> float:
    """What colours and marks mean; where the next thing may begin."""
    predictions, scale = shown.predictions, shown.predictions.scale
    hints = [
        "paler = less probable" if paint.values is None else "",
        f"trained on {scale.trained}" if scale is not None and scale.trained else "",
        "dotted = not seen in training" if any(unit.seen is False for unit in predictions.units) else "",
        "✗ = not the gold label" if any(unit.gold is not None for unit in predictions.units) else "",
    ]
    entries: list[tuple[str, str | None]] = []
    if paint.values is None:
        present = {paint.best(layer, u) for layer in shown.rows for u in range(len(predictions))}
        names = [*predictions.labels, answers.nothing(predictions.labels)]
        entries = [(short(names[k]), paint.fills[k]) for k in paint.order if k in present]
    else:
        y = _ramp(sheet, y, paint)
    entries += [(sheet.fitted(MARGIN, hint), None) for hint in hints if hint]
    widths = [text_width(text) + (0.3 if fill else 0.14) for text, fill in entries]
    for row in rows_on(widths, MARGIN, sheet.limit, 0.0):
        for place, x in row:
            text, fill = entries[place]
            if fill:
                sheet.box(x, y + 0.035, 0.12, 0.12, fill=fill, edge=EDGE, line=0.5, radius=0.02)
            sheet.text(x + (0.16 if fill else 0), y + 0.095, text, "left", color=QUIET)
        y += 0.19
    return y + 0.04


def _ramp(sheet: Sheet, y: float, paint: Paint) -> float:
    """The scale of the numbers; where the next thing may begin."""
    begin, end = paint.ticks
    room = sheet.limit - MARGIN - 1.1 - text_width(f":  {begin}{end}")
    name = next((text for n in range(40, 0, -1) if text_width(text := short(paint.name, n)) <= room), "")
    start = f"{name}:  {begin}"
    sheet.text(MARGIN, y + 0.095, start, "left", color=QUIET)
    x = MARGIN + 0.08 + text_width(start)
    sheet.ramp(x, y + 0.035, 0.9, paint.stops)
    sheet.text(x + 0.96, y + 0.095, end, "left", color=QUIET)
    return y + 0.2


def _check_predictions(predictions: Any) -> None:
    """Raise WidgetError where no Predictions came, or not as many units as a page has."""
    if not isinstance(predictions, Predictions):
        of_it = (
            "its .predictions" if hasattr(predictions, "predictions") else "what predictor(model, sweep)(text) gives"
        )
        raise WidgetError(f"Predictions are drawn, but {type(predictions).__name__} came: pass {of_it}.")
    if not 0 < len(predictions) <= MOST_SHOWN:
        raise WidgetError(
            f"A figure shows 1 to {MOST_SHOWN} units, but {len(predictions):,} came. Take a shorter text."
        )
