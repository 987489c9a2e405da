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
from probewidgets.look import palette
from probewidgets.sweeps.results import Sweep
from probewidgets.values import Predictions

__all__ = ["Paint", "best_layer", "check_layers", "check_predictions", "check_selected", "legend", "lines_of"]

COLOURS = ("label", "probability", "entropy")
"""What a colour can mean."""


@dataclass(frozen=True, eq=False)
class Paint:
    """How cells are coloured: by their label, or by a number on a ramp."""

    predictions: Predictions
    fills: Sequence[str]
    """(K,) colour of each label."""
    order: Sequence[int]
    """(K,) the labels, most frequent first."""
    values: np.ndarray | None
    """(L, U) numbers behind the colours; None where the label is the colour."""
    top: float
    """The largest that they can be."""
    name: str
    """What they are."""

    @classmethod
    def of(cls, predictions: Predictions, label: str | None, colour: str, sweep: Sweep | None) -> Paint:
        """From what a person chose, checked."""
        labels = predictions.labels
        if label is not None and not (isinstance(label, str) and label in labels):
            raise WidgetError(f"label must be one of {list(labels)}, but {label!r} came.")
        if colour not in COLOURS:
            raise WidgetError(f"colour must be one of {list(COLOURS)}, but {colour!r} came.")
        if colour == "probability" and label is None:
            raise WidgetError(f"Which label's probability? No label came. Give label=, one of {list(labels)}.")
        coded = palette.encode_labels(labels, sweep)
        fills, order = coded["palette"]["light"], coded["order"]
        if label is not None:
            share = predictions.proba[..., labels.index(label)]
            return cls(predictions, fills, order, share, 1.0, f"probability of {label}")
        if colour == "label":
            return cls(predictions, fills, order, None, 1.0, "")
        p = predictions.proba.astype(float)
        bits = -(p * np.log2(np.where(p > 0, p, 1))).sum(-1)
        return cls(predictions, fills, order, bits, float(np.log2(max(len(labels), 2))), "entropy (bits)")

    def best(self, layer: int, unit: int) -> int | None:
        """The predicted label; None where the probabilities are no numbers."""
        row = self.predictions.proba[self.predictions.layers.index(layer), unit]
        return int(row.argmax()) if np.isfinite(row).all() else None

    def share(self, layer: int, unit: int) -> float:
        """The probability of the predicted label."""
        return float(self.predictions.proba[self.predictions.layers.index(layer), unit].max())

    def value(self, layer: int, unit: int) -> float:
        """The number behind a colour."""
        return float("nan") if self.values is None else float(self.values[self.predictions.layers.index(layer), unit])

    def fill(self, layer: int, unit: int) -> str:
        """The colour of a cell."""
        k = self.best(layer, unit)
        if k is None:
            return "#ffffff"
        if self.values is None:
            return palette.fade(self.fills[k], "#ffffff", self.share(layer, unit))
        return palette.ramp(self.value(layer, unit) / self.top)

    def cell(self, layer: int, unit: int) -> str:
        """What stands in a cell of the heatmap; a cross where it is not the gold label."""
        k, gold = self.best(layer, unit), self.predictions.units[unit].gold
        if k is None:
            return "–"
        label = self.predictions.labels[k]
        text = short(label, 12) if self.values is None else f"{self.value(layer, unit):.2f}"
        return text + (" ✗" if gold is not None and gold != label else "")


def legend(sheet: Sheet, y: float, predictions: Predictions, paint: Paint, layers: Sequence[int]) -> float:
    """What colours and marks mean; the height of the sheet."""
    units = range(len(predictions))
    hints = [
        "stronger = more probable" if paint.values is None else "",
        "dotted = not seen in training" if any(unit.seen is False for unit in predictions.units) else "",
        "✗ = not the gold label" if any(unit.gold is not None for unit in predictions.units) else "",
    ]
    entries: list[tuple[str, str | None]] = []
    if paint.values is None:
        present = {paint.best(layer, u) for layer in layers for u in units}
        entries = [(short(predictions.labels[k]), paint.fills[k]) for k in paint.order if k in present]
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
    sheet.text(0.1, y + 0.11, f"{paint.name}:  0", 8, ha="left", color=QUIET)
    x = 0.18 + text_width(f"{paint.name}:  0", 8)
    colours = LinearSegmentedColormap.from_list("ramp", palette.RAMP)
    sheet.axes.imshow(
        np.linspace(0, 1, 128)[None], cmap=colours, extent=(x, x + 1.2, y + 0.17, y + 0.05), aspect="auto", zorder=1
    )
    sheet.text(x + 1.28, y + 0.11, f"{paint.top:.4g}", 8, ha="left", color=QUIET)
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
