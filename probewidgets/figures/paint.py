"""What a cell is filled with and what the colours mean; and what may be drawn at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from probewidgets.errors import WidgetError
from probewidgets.figures.sheet import (
    EDGE,
    MOST_UNITS,
    QUIET,
    Sheet,
    rows_on,
    short,
    text_width,
)
from probewidgets.look import answers, palette
from probewidgets.sweeps.results import Sweep
from probewidgets.values import Predictions, entropy

__all__ = ["Paint", "best_layer", "check_layers", "check_predictions", "check_selected", "legend", "lines_of"]


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

    @classmethod
    def of(cls, predictions: Predictions, label: str | None, colour: str | None, sweep: Sweep | None) -> Paint:
        """From what a person chose, checked."""
        labels, colours = predictions.labels, answers.COLOURS[predictions.kind]
        if label is not None and not (isinstance(label, str) and label in labels):
            raise WidgetError(f"label must be one of {list(labels)}, but {label!r} came.")
        if colour is not None and colour not in colours:
            raise WidgetError(f"colour must be one of {list(colours)}, but {colour!r} came.")
        if colour == "probability" and label is None:
            raise WidgetError(f"Which label's probability? No label came. Give label=, one of {list(labels)}.")
        sets = predictions.kind == "labels"
        coded = palette.encode_labels(labels, sweep, sets=sets)
        fills, order = coded["palette"]["light"], [*coded["order"], *[len(labels)] * sets]
        if predictions.scale is not None and predictions.values is not None:
            name = "value" if sweep is None else sweep.task
            return cls(predictions, fills, order, predictions.values, predictions.scale.ends, name)
        if label is not None:
            share = predictions.proba[..., labels.index(label)]
            return cls(predictions, fills, order, share, name=f"probability of {label}")
        if colour != "entropy":
            return cls(predictions, fills, order, None)
        bits = entropy(predictions.proba)
        return cls(predictions, fills, order, bits, (0.0, float(np.log2(max(len(labels), 2)))), "entropy (bits)")

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
        return palette.ramp((self.value(layer, unit) - low) / (high - low), self.stops)

    def cell(self, layer: int, unit: int) -> str:
        """What stands in a cell of the heatmap; a cross where it is not the gold label."""
        predictions, row = self.predictions, self.predictions.row(layer)
        text = short(answers.answer(predictions, row, unit), 12 if predictions.kind == "label" else 18)
        if not answers.has_value(predictions, row, unit):
            return text
        if self.values is not None and predictions.values is None:
            text = f"{self.value(layer, unit):.2f}"
        gold = predictions.units[unit].gold
        return text + (" ✗" if gold is not None and not answers.right(predictions, row, unit) else "")

    @property
    def ticks(self) -> tuple[str, str]:
        """The ends of the ramp as they are written."""
        scale = self.predictions.scale
        return ("0", f"{self.ends[1]:.4g}") if scale is None else (scale.ticks[0], scale.ticks[-1])


def legend(sheet: Sheet, y: float, predictions: Predictions, paint: Paint, layers: Sequence[int]) -> float:
    """What colours and marks mean; the height of the sheet."""
    units = range(len(predictions))
    scale = predictions.scale
    hints = [
        "stronger = more probable" if paint.values is None else "",
        f"trained on {scale.trained}" if scale is not None and scale.trained else "",
        "dotted = not seen in training" if any(unit.seen is False for unit in predictions.units) else "",
        "✗ = not the gold label" if any(unit.gold is not None for unit in predictions.units) else "",
    ]
    entries: list[tuple[str, str | None]] = []
    if paint.values is None:
        present = {paint.best(layer, u) for layer in layers for u in units}
        names = [*predictions.labels, answers.nothing(predictions.labels)]
        entries = [(short(names[k]), paint.fills[k]) for k in paint.order if k in present]
    else:
        y = _ramp(sheet, y, paint)
    entries += [(hint, None) for hint in hints if hint]
    widths = [text_width(text, 8) + (0.34 if fill else 0.2) for text, fill in entries]
    for row in rows_on(widths, 0.1, gap=0.0):
        for place, x in row:
            text, fill = entries[place]
            if fill:
                sheet.box(x, y + 0.04, 0.13, 0.13, fill, edgecolor=EDGE, linewidth=0.5)
            sheet.text(x + (0.18 if fill else 0), y + 0.11, text, 8, ha="left", color=QUIET)
        y += 0.21
    return y + 0.06


def _ramp(sheet: Sheet, y: float, paint: Paint) -> float:
    """The scale of the numbers; where the next thing may begin."""
    begin, end = paint.ticks
    start = f"{short(paint.name, 40)}:  {begin}"
    sheet.text(0.1, y + 0.11, start, 8, ha="left", color=QUIET)
    x = 0.18 + text_width(start, 8)
    colours = LinearSegmentedColormap.from_list("ramp", paint.stops)
    sheet.axes.imshow(
        np.linspace(0, 1, 128)[None], cmap=colours, extent=(x, x + 1.2, y + 0.17, y + 0.05), aspect="auto", zorder=1
    )
    sheet.text(x + 1.28, y + 0.11, end, 8, ha="left", color=QUIET)
    return y + 0.21


def lines_of(predictions: Predictions) -> list[list[int]]:
    """The units of each line."""
    lines: dict[int, list[int]] = {}
    for u, unit in enumerate(predictions.units):
        lines.setdefault(unit.line, []).append(u)
    return list(lines.values())


def best_layer(predictions: Predictions, sweep: Sweep | None) -> int:
    """The layer that the sweep chose on dev, or else the last one."""
    best = sweep.best.layer if sweep is not None else None
    return best if best in predictions.layers else predictions.layers[-1]


def check_predictions(predictions: object) -> None:
    """Raise WidgetError where no Predictions came, or not as many units as can be read."""
    if not isinstance(predictions, Predictions):
        of_it = (
            "its .predictions" if hasattr(predictions, "predictions") else "what predictor(model, sweep)(text) gives"
        )
        raise WidgetError(f"Predictions are drawn, but {type(predictions).__name__} came: pass {of_it}.")
    if not 0 < len(predictions) <= MOST_UNITS:
        raise WidgetError(
            f"A figure shows 1 to {MOST_UNITS} units, but {len(predictions):,} came. Take a shorter text."
        )


def check_layers(predictions: Predictions, layers: Sequence[int] | None) -> list[int]:
    """The layers to draw, in order."""
    wanted = predictions.layers if layers is None else layers
    unknown = [layer for layer in wanted if layer not in predictions.layers]
    if unknown or not len(wanted):
        raise WidgetError(f"layers must be some of {list(predictions.layers)}, but {list(wanted)} came.")
    return [layer for layer in predictions.layers if layer in wanted]


def check_selected(predictions: Predictions, selected: Any) -> None:
    """Raise WidgetError where a cell is not there."""
    if selected is not None and not (
        len(selected) == 2 and selected[0] in predictions.layers and 0 <= selected[1] < len(predictions)
    ):
        raise WidgetError(
            f"selected must be (layer, unit) with a layer of {list(predictions.layers)} and a unit of "
            f"0..{len(predictions) - 1}, but {selected!r} came."
        )
