"""The heatmap: layers x units, the deepest layer on top, as in the page.

It is laid out in inches, with text measured before it is placed: words get the width that they need. It is also quicker
than matplotlib's own layout, which draws everything twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from probewidgets.figures.paint import (
    Paint,
    best_layer,
    check_layers,
    check_predictions,
    check_selected,
    legend,
    lines_of,
)
from probewidgets.figures.sheet import (
    ACTIVE,
    QUIET,
    Sheet,
    rows_on,
    short,
    text_width,
    title_of,
)
from probewidgets.look import palette
from probewidgets.sweeps.results import Sweep
from probewidgets.values import Predictions

__all__ = ["layer_heatmap"]


def layer_heatmap(
    predictions: Predictions,
    *,
    layer: int | None = None,
    layers: Sequence[int] | None = None,
    label: str | None = None,
    colour: str | None = None,
    selected: tuple[int, int] | None = None,
    sweep: Sweep | None = None,
) -> Figure:
    """Layers x units, the deepest layer on top; each sentence, and what does not fit into its row, a block of its own.

    Args:
        predictions: What to draw, at most 60 units.
        layer: The layer whose row is marked; default: the one that the sweep chose on dev, if there is a sweep.
        layers: The layers shown; default: all.
        label: Colour by the probability of this label; default: by the predicted label.
        colour: `"label"` (the default), `"probability"` (of `label`) or, of one label per unit, `"entropy"` (bits); of
            numbers only `"value"`.
        selected: A cell to mark, (layer, unit index).
        sweep: Where the predictions come from; gives the rows their test accuracy.

    Raises:
        WidgetError: No Predictions came, there is no such layer, label, colour or cell, no unit, or more units than can
            be read.
    """
    check_predictions(predictions)
    check_selected(predictions, selected)
    shown = check_layers(predictions, layers)
    if layer is None and sweep is not None:
        layer = best_layer(predictions, sweep)
    elif layer is not None:
        check_layers(predictions, [layer])
    sheet, paint = Sheet(), Paint.of(predictions, label, colour, sweep)
    y = sheet.title(title_of(sweep, "layers x " + (f"{sweep.unit}s" if sweep else "units")))
    names = [_row_name(each, sweep) for each in reversed(shown)]
    rows = _Rows(sheet, paint, shown, names, layer, selected)
    left = max(text_width(name, 8, bold=True) for name in names) + 0.24
    for line in lines_of(predictions):
        widths = [_column_width(predictions, paint, shown, u) for u in line]
        for row in rows_on(widths, left, gap=0.0):
            block = [(line[place], x, widths[place]) for place, x in row]
            y = rows.block(y, block) + 0.14
    return sheet.finish(legend(sheet, y, predictions, paint, shown))


def _column_width(predictions: Predictions, paint: Paint, layers: Sequence[int], unit: int) -> float:
    word, gold = predictions.units[unit].text, predictions.units[unit].gold
    inside = [paint.cell(layer, unit) for layer in layers] + [short(gold or "", 12)]
    return max(0.4, text_width(short(word), 9), *(text_width(text, 7.5) for text in inside)) + 0.12


Column = tuple[int, float, float]
"""A unit, where it begins across the sheet, and its width."""


@dataclass(frozen=True, eq=False)
class _Rows:
    """What is the same for all blocks: the layers, what they are called, and what is marked."""

    sheet: Sheet
    paint: Paint
    layers: Sequence[int]
    names: Sequence[str]
    """From the deepest layer down."""
    active: int | None
    selected: tuple[int, int] | None

    def block(self, y: float, columns: Sequence[Column]) -> float:
        """Some units of one sentence side by side, their layers below; the y under it."""
        units = self.paint.predictions.units
        self.words(y, columns)
        y += 0.24
        left, right = columns[0][1], columns[-1][1] + columns[-1][2]
        for layer, name in zip(reversed(self.layers), self.names, strict=True):
            self.sheet.text(left - 0.08, y + 0.115, name, 8, ha="right", bold=layer == self.active)
            self.cells(y, layer, columns)
            if layer == self.active:
                self.sheet.box(0.06, y, 0.05, 0.23, ACTIVE, linewidth=0)
                for edge in (y, y + 0.23):
                    self.sheet.axes.plot([left, right], [edge] * 2, color=palette.DARK_INK, lw=1.1)
            y += 0.23
        if any(units[u].gold is not None for u, _, _ in columns):
            self.sheet.text(left - 0.08, y + 0.11, "gold", 8, ha="right", color=QUIET)
            for u, x, width in columns:
                self.sheet.text(x + width / 2, y + 0.11, short(units[u].gold or "", 12), 7.5, bold=True, color=QUIET)
            y += 0.2
        return y

    def words(self, y: float, columns: Sequence[Column]) -> None:
        """The words above their columns; those that train did not show are dotted."""
        for u, x, width in columns:
            unit, middle = self.paint.predictions.units[u], x + width / 2
            self.sheet.text(middle, y + 0.1, short(unit.text), 9)
            if unit.seen is False:
                half = text_width(short(unit.text), 9) / 2
                dotted = (0, (1, 1.5))
                self.sheet.axes.plot([middle - half, middle + half], [y + 0.2] * 2, color=QUIET, lw=1.2, ls=dotted)

    def cells(self, y: float, layer: int, columns: Sequence[Column]) -> None:
        """One layer's cells."""
        for u, x, width in columns:
            fill = self.paint.fill(layer, u)
            self.sheet.box(x, y, width, 0.23, fill)
            self.sheet.text(x + width / 2, y + 0.115, self.paint.cell(layer, u), 7.5, color=palette.ink_on(fill))
            if self.selected == (layer, u):
                self.sheet.box(x, y, width, 0.23, "none", edgecolor=palette.DARK_INK, linewidth=2, zorder=3)


def _row_name(layer: int, sweep: Sweep | None) -> str:
    if sweep is None or layer not in sweep.layers:
        return f"Layer {layer}"
    return f"Layer {layer}   {sweep.score(layer).value.value:.3f}"
