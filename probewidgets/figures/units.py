"""Units and layers: the strip of chips and the heatmap, as in the page.

They are laid out in inches, with text measured before it is placed: words get the width that they need, and sentences
wrap. It is also quicker than matplotlib's own layout, which draws everything twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from probewidgets.errors import WidgetError
from probewidgets.figures.sheet import (
    ACTIVE,
    EDGE,
    MOST_UNITS,
    QUIET,
    WIDTH,
    Sheet,
    rows_on,
    short,
    text_width,
    title_of,
)
from probewidgets.look import palette
from probewidgets.sweeps.results import Sweep
from probewidgets.values import Predictions

__all__ = ["layer_heatmap", "token_strip"]

COLOURS = ("label", "probability", "entropy")
"""What a colour can mean."""


def token_strip(
    predictions: Predictions,
    layer: int | None = None,
    *,
    label: str | None = None,
    colour: str = "label",
    selected: tuple[int, int] | None = None,
    sweep: Sweep | None = None,
) -> Figure:
    """What one layer's probe says of each unit, and the gold label where there is one: a chip for each, line by line.

    Args:
        predictions: What to draw, at most 60 units.
        layer: The layer; default: that of `selected`, else the one that the sweep chose on dev, else the last.
        label: Colour by the probability of this label; default: by the predicted label.
        colour: `"label"`, `"probability"` (of `label`) or `"entropy"` (bits).
        selected: A cell to mark, (layer, unit index).
        sweep: Where the predictions come from; orders the legend by training frequency.

    Raises:
        WidgetError: No Predictions came, there is no such layer, label, colour or cell, no unit, or more units than can
            be read.
    """
    _check_predictions(predictions)
    _check_selected(predictions, selected)
    if layer is None:
        layer = selected[0] if selected else _best(predictions, sweep)
    _check_layers(predictions, [layer])
    sheet, paint = Sheet(), Paint.of(predictions, label, colour, sweep)
    y = sheet.title(title_of(sweep, f"layer {layer}", layer))
    for number, line in enumerate(_lines(predictions)):
        if number:
            sheet.axes.plot([0.1, WIDTH], [y + 0.03] * 2, color=EDGE, lw=0.6, ls=(0, (4, 3)))
            y += 0.11
        chips = [Chip.of(predictions, paint, layer, u) for u in line]
        for row in rows_on([chip.width for chip in chips], 0.1):
            height = 0.66 if any(chips[place].gold for place, _ in row) else 0.5
            for place, x in row:
                marked = selected is not None and selected[1] == chips[place].unit
                chips[place].draw(sheet, x, y, height, marked)
            y += height + 0.06
    return sheet.finish(_legend(sheet, y + 0.04, predictions, paint, [layer]))


def layer_heatmap(
    predictions: Predictions,
    *,
    layer: int | None = None,
    layers: Sequence[int] | None = None,
    label: str | None = None,
    colour: str = "label",
    selected: tuple[int, int] | None = None,
    sweep: Sweep | None = None,
) -> Figure:
    """Layers x units, the deepest layer on top; each sentence, and what does not fit into its row, a block of its own.

    Args:
        predictions: What to draw, at most 60 units.
        layer: The layer whose row is marked; default: the one that the sweep chose on dev, if there is a sweep.
        layers: The layers shown; default: all.
        label: Colour by the probability of this label; default: by the predicted label.
        colour: `"label"`, `"probability"` (of `label`) or `"entropy"` (bits).
        selected: A cell to mark, (layer, unit index).
        sweep: Where the predictions come from; gives the rows their test accuracy.

    Raises:
        WidgetError: No Predictions came, there is no such layer, label, colour or cell, no unit, or more units than can
            be read.
    """
    _check_predictions(predictions)
    _check_selected(predictions, selected)
    shown = _check_layers(predictions, layers)
    if layer is None and sweep is not None:
        layer = _best(predictions, sweep)
    elif layer is not None:
        _check_layers(predictions, [layer])
    sheet, paint = Sheet(), Paint.of(predictions, label, colour, sweep)
    y = sheet.title(title_of(sweep, "layers x " + (f"{sweep.unit}s" if sweep else "units")))
    names = [_row_name(each, sweep) for each in reversed(shown)]
    left = max(text_width(name, 8, bold=True) for name in names) + 0.24
    for line in _lines(predictions):
        widths = [_column_width(predictions, paint, shown, u) for u in line]
        for row in rows_on(widths, left, gap=0.0):
            block = [(line[place], x, widths[place]) for place, x in row]
            y = _block(sheet, y, predictions, paint, shown, names, layer, block, selected) + 0.14
    return sheet.finish(_legend(sheet, y, predictions, paint, shown))


def _lines(predictions: Predictions) -> list[list[int]]:
    """The units of each line."""
    lines: dict[int, list[int]] = {}
    for u, unit in enumerate(predictions.units):
        lines.setdefault(unit.line, []).append(u)
    return list(lines.values())


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
        known = palette.encode_labels(labels, sweep)
        fills, order = known["palette"]["light"], known["order"]
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
        said = self.predictions.labels[k]
        text = short(said, 12) if self.values is None else f"{self.value(layer, unit):.2f}"
        return text + (" ✗" if gold is not None and gold != said else "")


def _legend(sheet: Sheet, y: float, predictions: Predictions, paint: Paint, layers: Sequence[int]) -> float:
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


@dataclass(frozen=True)
class Chip:
    """One unit of the strip: its word, what is said of it, the gold label."""

    unit: int
    word: str
    said: str
    gold: str
    fill: str
    seen: bool | None

    @classmethod
    def of(cls, predictions: Predictions, paint: Paint, layer: int, unit: int) -> Chip:
        k, one = paint.best(layer, unit), predictions.units[unit]
        said = "no value" if k is None else f"{short(predictions.labels[k])} {paint.share(layer, unit):.2f}"
        if k is not None and paint.values is not None:
            said += f" · {paint.value(layer, unit):.2f}"
        right = k is not None and predictions.labels[k] == one.gold
        gold = "" if one.gold is None else ("✓" if right else f"✗ gold {short(one.gold)}")
        return cls(unit, short(one.text), said, gold, paint.fill(layer, unit), one.seen)

    @property
    def width(self) -> float:
        return max(0.5, text_width(self.word, 11), text_width(self.said, 8), text_width(self.gold, 8, bold=True)) + 0.16

    def draw(self, sheet: Sheet, x: float, y: float, height: float, marked: bool) -> None:
        edge, line = (palette.DARK_INK, 2.0) if marked else (EDGE, 0.6)
        shape = "round,pad=0,rounding_size=0.06"
        sheet.add(FancyBboxPatch((x, y), self.width, height, shape, fc=self.fill, ec=edge, lw=line))
        sheet.right = max(sheet.right, x + self.width)
        middle, ink = x + self.width / 2, palette.ink_on(self.fill)
        sheet.text(middle, y + 0.17, self.word, 11, color=ink)
        if self.seen is False:
            half = text_width(self.word, 11) / 2
            sheet.axes.plot([middle - half, middle + half], [y + 0.28] * 2, color=ink, lw=1.2, ls=(0, (1, 1.5)))
        sheet.text(middle, y + 0.38, self.said, 8, color=ink)
        if self.gold:
            sheet.text(middle, y + 0.54, self.gold, 8, bold=True, color=ink)


def _column_width(predictions: Predictions, paint: Paint, layers: Sequence[int], unit: int) -> float:
    one = predictions.units[unit]
    inside = [paint.cell(layer, unit) for layer in layers] + [short(one.gold or "", 12)]
    return max(0.4, text_width(short(one.text), 9), *(text_width(text, 7.5) for text in inside)) + 0.12


def _block(
    sheet: Sheet,
    y: float,
    predictions: Predictions,
    paint: Paint,
    layers: Sequence[int],
    names: Sequence[str],
    active: int | None,
    columns: Sequence[tuple[int, float, float]],
    selected: tuple[int, int] | None,
) -> float:
    """Some units of one sentence side by side, as (unit, x, width), their layers below; the y under it."""
    units = predictions.units
    for u, x, width in columns:
        sheet.text(x + width / 2, y + 0.1, short(units[u].text), 9)
        if units[u].seen is False:
            half = text_width(short(units[u].text), 9) / 2
            middle = x + width / 2
            sheet.axes.plot([middle - half, middle + half], [y + 0.2] * 2, color=QUIET, lw=1.2, ls=(0, (1, 1.5)))
    y += 0.24
    left, right = columns[0][1], columns[-1][1] + columns[-1][2]
    for layer, name in zip(reversed(layers), names, strict=True):
        sheet.text(left - 0.08, y + 0.115, name, 8, ha="right", bold=layer == active)
        for u, x, width in columns:
            fill = paint.fill(layer, u)
            sheet.box(x, y, width, 0.23, fill)
            sheet.text(x + width / 2, y + 0.115, paint.cell(layer, u), 7.5, color=palette.ink_on(fill))
            if selected == (layer, u):
                sheet.box(x, y, width, 0.23, "none", edgecolor=palette.DARK_INK, linewidth=2, zorder=3)
        if layer == active:
            sheet.box(0.06, y, 0.05, 0.23, ACTIVE, linewidth=0)
            for edge in (y, y + 0.23):
                sheet.axes.plot([left, right], [edge] * 2, color=palette.DARK_INK, lw=1.1)
        y += 0.23
    if any(units[u].gold is not None for u, _, _ in columns):
        sheet.text(left - 0.08, y + 0.11, "gold", 8, ha="right", color=QUIET)
        for u, x, width in columns:
            sheet.text(x + width / 2, y + 0.11, short(units[u].gold or "", 12), 7.5, bold=True, color=QUIET)
        y += 0.2
    return y


def _row_name(layer: int, sweep: Sweep | None) -> str:
    if sweep is None or layer not in sweep.layers:
        return f"Layer {layer}"
    return f"Layer {layer}   {sweep.score(layer).value.value:.3f}"


def _best(predictions: Predictions, sweep: Sweep | None) -> int:
    best = sweep.best.layer if sweep is not None else None
    return best if best in predictions.layers else predictions.layers[-1]


def _check_predictions(predictions: object) -> None:
    if not isinstance(predictions, Predictions):
        of_it = (
            "its .predictions" if hasattr(predictions, "predictions") else "what predictor(model, sweep)(text) gives"
        )
        raise WidgetError(f"Predictions are drawn, but {type(predictions).__name__} came: pass {of_it}.")
    if not 0 < len(predictions) <= MOST_UNITS:
        raise WidgetError(
            f"A figure shows 1 to {MOST_UNITS} units, but {len(predictions):,} came. Take a shorter text."
        )


def _check_layers(predictions: Predictions, layers: Sequence[int] | None) -> list[int]:
    """The layers to draw, in order."""
    wanted = predictions.layers if layers is None else layers
    unknown = [layer for layer in wanted if layer not in predictions.layers]
    if unknown or not len(wanted):
        raise WidgetError(f"layers must be some of {list(predictions.layers)}, but {list(wanted)} came.")
    return [layer for layer in predictions.layers if layer in wanted]


def _check_selected(predictions: Predictions, selected: Any) -> None:
    if selected is not None and not (
        len(selected) == 2 and selected[0] in predictions.layers and 0 <= selected[1] < len(predictions)
    ):
        raise WidgetError(
            f"selected must be (layer, unit) with a layer of {list(predictions.layers)} and a unit of "
            f"0..{len(predictions) - 1}, but {selected!r} came."
        )
