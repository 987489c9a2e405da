"""The strip of chips: what one layer's probe says of each unit, line by line, as in the page."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

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
    EDGE,
    LONGEST,
    WIDTH,
    Sheet,
    rows_on,
    short,
    text_width,
    title_of,
)
from probewidgets.look import answers, palette
from probewidgets.sweeps.results import Sweep
from probewidgets.values import Predictions

__all__ = ["token_strip"]


def token_strip(
    predictions: Predictions,
    layer: int | None = None,
    *,
    label: str | None = None,
    colour: str | None = None,
    selected: tuple[int, int] | None = None,
    sweep: Sweep | None = None,
) -> Figure:
    """What one layer's probe says of each unit, and the gold label where there is one: a chip for each, line by line.

    Args:
        predictions: What to draw, at most 60 units.
        layer: The layer; default: that of `selected`, else the one that the sweep chose on dev, else the last.
        label: Colour by the probability of this label; default: by the predicted label.
        colour: `"label"` (the default), `"probability"` (of `label`) or, of one label per unit, `"entropy"` (bits); of
            numbers only `"value"`.
        selected: A cell to mark, (layer, unit index).
        sweep: Where the predictions come from; orders the legend by training frequency.

    Raises:
        WidgetError: No Predictions came, there is no such layer, label, colour or cell, no unit, or more units than can
            be read.
    """
    check_predictions(predictions)
    check_selected(predictions, selected)
    if layer is None:
        layer = selected[0] if selected else best_layer(predictions, sweep)
    check_layers(predictions, [layer])
    sheet, paint = Sheet(), Paint.of(predictions, label, colour, sweep)
    y = sheet.title(title_of(sweep, f"layer {layer}", layer))
    for number, line in enumerate(lines_of(predictions)):
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
    return sheet.finish(legend(sheet, y + 0.04, predictions, paint, [layer]))


@dataclass(frozen=True)
class Chip:
    """One unit of the strip: its word, what is said of it, the gold label."""

    unit: int
    word: str
    label: str
    gold: str
    fill: str
    seen: bool | None

    @classmethod
    def of(cls, predictions: Predictions, paint: Paint, layer: int, unit: int) -> Chip:
        shown, row = predictions.units[unit], predictions.row(layer)
        number = predictions.kind == "number"
        label = short((answers.answer if number else answers.told)(predictions, row, unit), LONGEST + 5)
        if paint.values is not None and not number and answers.has_value(predictions, row, unit):
            label += f" · {paint.value(layer, unit):.2f}"
        right = answers.right(predictions, row, unit)
        gold = "" if shown.gold is None else ("✓" if right else f"✗ gold {short(shown.gold)}")
        return cls(unit, short(shown.text), label, gold, paint.fill(layer, unit), shown.seen)

    @property
    def width(self) -> float:
        return (
            max(0.5, text_width(self.word, 11), text_width(self.label, 8), text_width(self.gold, 8, bold=True)) + 0.16
        )

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
        sheet.text(middle, y + 0.38, self.label, 8, color=ink)
        if self.gold:
            sheet.text(middle, y + 0.54, self.gold, 8, bold=True, color=ink)
