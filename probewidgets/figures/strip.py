"""The strip of chips: what one layer's probe says of each unit, line by line, as in the page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from probewidgets.figures.letters import LONGEST, short, text_width
from probewidgets.figures.paint import Paint, Shown, legend
from probewidgets.figures.sentences import lay_sentences
from probewidgets.figures.sheet import EDGE, MARGIN, Sheet, Width, rows_on, title_of
from probewidgets.look import answers, palette
from probewidgets.sweeps.results import Sweep
from probewidgets.values import Predictions

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["lay_strip", "token_strip"]


def token_strip(
    predictions: Predictions,
    layer: int | None = None,
    *,
    label: str | None = None,
    colour: str | None = None,
    selected: tuple[int, int] | None = None,
    sweep: Sweep | None = None,
    width: Width = None,
) -> Figure:
    """What one layer's probe says of each unit, and the gold label where there is one: a chip for each, line by line.

    Args:
        predictions: What to draw, at most 400 units.
        layer: The layer; default: that of `selected`, else the one that the sweep chose on dev, else the last.
        label: Colour by the probability of this label; default: by the predicted label.
        colour: `"label"` (the default), `"probability"` (of `label`) or, of one label per unit, `"entropy"` (bits); of
            numbers only `"value"`.
        selected: A cell to mark, (layer, unit index).
        sweep: Where the predictions come from; orders the legend by training frequency.
        width: `"column"` (3.3 inches), `"page"` (6.8), or inches; default: what is needed, up to a page.

    Raises:
        WidgetError: No Predictions came, there is no such layer, label, colour, cell or width, no unit, or more units
            than can be read.
    """
    return lay_strip(Shown(predictions, layer, None, label, colour, selected, sweep), width).figure()


def lay_strip(shown: Shown, width: Width = None) -> Sheet:
    """The same as a sheet, which has a small picture too; whole sentences are rows of text."""
    layer = shown.predictions.layers[-1] if shown.active is None else shown.active
    shown = replace(shown, layer=layer, layers=[layer])
    if shown.sweep is not None and shown.sweep.unit == "sentence":
        return lay_sentences(shown, width)
    sheet, paint = Sheet(width), Paint.of(shown)
    y = sheet.title(title_of(shown.sweep, f"layer {layer}", layer))
    for number, line in enumerate(shown.lines):
        if number:
            sheet.line([(MARGIN, y + 0.02), (sheet.limit, y + 0.02)], EDGE, 0.6, dash=(4.0, 3.0))
            y += 0.09
        chips = [Chip.of(shown.predictions, paint, layer, u) for u in line]
        for row in rows_on([chip.width for chip in chips], MARGIN, sheet.limit):
            height = 0.5 if any(chips[place].gold for place, _ in row) else 0.36
            for place, x in row:
                marked = shown.selected is not None and shown.selected[1] == chips[place].unit
                chips[place].draw(sheet, x, y, height, marked)
            y += height + 0.05
    return sheet.finish(legend(sheet, y + 0.04, shown, paint))


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
        """(inches)"""
        widths = (text_width(self.word, serif=True), text_width(self.label), text_width(self.gold, bold=True))
        return max(0.36, *widths) + 0.12

    def draw(self, sheet: Sheet, x: float, y: float, height: float, marked: bool) -> None:
        """The chip from its top left corner."""
        edge: dict[str, Any] = {"edge": palette.DARK_INK, "line": 1.4} if marked else {"edge": EDGE, "line": 0.5}
        sheet.box(x, y, self.width, height, fill=self.fill, radius=0.04, **edge)
        middle, ink = x + self.width / 2, palette.ink_on(self.fill)
        sheet.text(middle, y + 0.11, self.word, serif=True, color=ink)
        if self.seen is False:
            half = text_width(self.word, serif=True) / 2
            sheet.line([(middle - half, y + 0.185), (middle + half, y + 0.185)], ink, 1.0, dash=(1.0, 1.5))
        sheet.text(middle, y + 0.26, self.label, color=ink)
        if self.gold:
            sheet.text(middle, y + 0.4, self.gold, bold=True, color=ink)
