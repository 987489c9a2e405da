"""The heatmap: words as columns, layers as rows, the deepest layer on top, as in the page.

A label is written where it changes from the layer below; elsewhere its colour says it. It is laid out in inches, with
text measured before it is placed: words get the width that they need. Where there are many layers, rows shrink; where
there are many cells, it is an overview without letters in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from probewidgets.figures.letters import short, text_width
from probewidgets.figures.paint import Paint, Shown, legend
from probewidgets.figures.scores import LEAST_APART, LEAST_ROW, MOST_ROWS, ROW, ScoreColumn, heads
from probewidgets.figures.sentences import lay_sentences
from probewidgets.figures.sheet import BAND, MARGIN, QUIET, Sheet, Width, rows_on, title_of
from probewidgets.look import palette
from probewidgets.sweeps.results import Sweep
from probewidgets.values import Predictions

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["lay_heatmap", "layer_heatmap"]

MOST_WRITTEN = 600
"""Cells from which on it is an overview."""
MOST_WIDE = 40
"""Words of an overview that are written across, each over a column as wide as it is."""
HEAD = 0.18
"""Height of the words above the rows (inches)."""
GAP = 0.02
"""Between cells (inches)."""


def layer_heatmap(
    predictions: Predictions,
    *,
    layer: int | None = None,
    layers: Sequence[int] | None = None,
    label: str | None = None,
    colour: str | None = None,
    selected: tuple[int, int] | None = None,
    sweep: Sweep | None = None,
    width: Width = None,
) -> Figure:
    """Layers x units, the deepest layer on top; each sentence, and what does not fit into its row, a block of its own.

    Args:
        predictions: What to draw, at most 400 units; more than 600 cells are drawn without letters in them.
        layer: The layer whose row is marked; default: that of `selected`, else the one that the sweep chose on dev.
        layers: The layers shown; default: all.
        label: Colour by the probability of this label; default: by the predicted label.
        colour: `"label"` (the default), `"probability"` (of `label`) or, of one label per unit, `"entropy"` (bits); of
            numbers only `"value"`.
        selected: A cell to mark, (layer, unit index).
        sweep: Where the predictions come from; puts each layer's test score on its row, and a curve where there is
            room.
        width: `"column"` (3.3 inches), `"page"` (6.8), or inches; default: what is needed, up to a page.

    Raises:
        WidgetError: No Predictions came, there is no such layer, label, colour, cell or width, no unit, or more units
            than can be read.
    """
    return lay_heatmap(Shown(predictions, layer, layers, label, colour, selected, sweep), width).figure()


def lay_heatmap(shown: Shown, width: Width = None) -> Sheet:
    """The same as a sheet, which has a small picture too; whole sentences are rows of text."""
    if shown.sweep is not None and shown.sweep.unit == "sentence":
        return lay_sentences(shown, width)
    sheet, paint = Sheet(width), Paint.of(shown)
    y = sheet.title(title_of(shown.sweep)) if shown.sweep is not None else MARGIN
    blocks = _Blocks(sheet, shown, paint)
    for line in shown.lines:
        widths = [blocks.column_width(u) for u in line]
        for row in rows_on(widths, blocks.left, sheet.limit, 0.0):
            y = blocks.draw(y, [(line[place], x, widths[place]) for place, x in row]) + 0.1
    y = legend(sheet, y, shown, paint)
    if blocks.column is not None and blocks.column.room:
        y = blocks.column.legend(sheet, y - 0.04) + 0.04
    return sheet.finish(y)


Column = tuple[int, float, float]
"""A unit, where it begins across the sheet, and its width."""


@dataclass(frozen=True, eq=False)
class _Blocks:
    """What is the same for all blocks of words: rows, their heads, and what is written into cells."""

    sheet: Sheet
    shown: Shown
    paint: Paint

    @cached_property
    def letters(self) -> bool:
        """Whether there is anything written into cells of other rows than the active one."""
        return self.cells <= MOST_WRITTEN and MOST_ROWS / len(self.shown.rows) >= LEAST_APART

    @cached_property
    def narrow(self) -> bool:
        """Whether columns are as narrow as a letter is high, under words that stand upright."""
        return self.cells > MOST_WRITTEN and len(self.shown.predictions) > MOST_WIDE

    @property
    def cells(self) -> int:
        """How many there are."""
        return len(self.shown.rows) * len(self.shown.predictions)

    @cached_property
    def heights(self) -> list[float]:
        """(rows,) The active one is never too thin for its head."""
        least = 0.1 if self.narrow else ROW
        thin = max(min(MOST_ROWS / len(self.shown.rows), least), LEAST_ROW)
        return [max(thin, LEAST_APART) if layer == self.shown.active else thin for layer in self.shown.rows]

    @cached_property
    def column(self) -> ScoreColumn | None:
        """The scores of the layers, where there are such; as a curve, where there is room for one."""
        sweep = self.shown.sweep
        if sweep is None:
            return None
        drawn = self.sheet.limit > 5 and not self.narrow and len(self.shown.rows) > 1
        return ScoreColumn(sweep, self.shown.rows, self.shown.active, 1.1 if drawn else 0.0)

    @cached_property
    def heads(self) -> float:
        """Where the numbers of the layers end."""
        return MARGIN + max(text_width("layer"), *(text_width(str(layer), True) for layer in self.shown.rows))

    @cached_property
    def left(self) -> float:
        """Where the words begin."""
        return self.heads + (self.column.width + 0.1 if self.column else 0.0) + 0.1

    def is_written(self, layer: int, unit: int) -> bool:
        """Whether a cell says what its colour says: where that changes, and where one looks for it."""
        rows, paint = self.shown.rows, self.paint
        place = rows.index(layer)
        if layer == self.shown.active or not self.letters:
            return layer == self.shown.active and not self.narrow
        if place in (0, len(rows) - 1):
            return True
        changes = paint.answer(layer, unit) != paint.answer(rows[place + 1], unit)
        looked_for = self.shown.selected == (layer, unit) or paint.is_wrong(layer, unit)
        return paint.values is not None or changes or looked_for

    def column_width(self, unit: int) -> float:
        """As wide as its word and what is written below it."""
        if self.narrow:
            return 0.13
        shown, gold = self.shown.predictions.units[unit], self.shown.predictions.units[unit].gold
        cells = [self.paint.cell(layer, unit) for layer in self.shown.rows if self.is_written(layer, unit)]
        wide = [text_width(text) for text in (*cells, short(gold or "", 12))]
        return max(0.36, text_width(short(shown.text), serif=True), *wide) + 0.08

    def draw(self, y: float, columns: Sequence[Column]) -> float:
        """Some units of one sentence side by side, their layers below; the y under it."""
        y = self._words(y, columns)
        right = columns[-1][1] + columns[-1][2]
        tops: list[float] = []
        for layer, height in zip(self.shown.rows, self.heights, strict=True):
            tops.append(y)
            if layer == self.shown.active:
                self.sheet.box(MARGIN / 2, y, right, height, fill=BAND, radius=0.03)
            y += height
        middles = [top + height / 2 for top, height in zip(tops, self.heights, strict=True)]
        names, active = [str(layer) for layer in self.shown.rows], self.shown.active
        heads(
            self.sheet, self.heads, names, middles, self.shown.rows.index(active) if active in self.shown.rows else None
        )
        if self.column:
            self.column.draw(self.sheet, self.heads + 0.1, tops[0], middles, y)
        for layer, top, height in zip(self.shown.rows, tops, self.heights, strict=True):
            self._cells(layer, top, height, columns)
        return self._gold(y, columns)

    def _words(self, y: float, columns: Sequence[Column]) -> float:
        """The words above their columns; those that train did not show are dotted."""
        units = [self.shown.predictions.units[u] for u, _, _ in columns]
        words = [short(unit.text) for unit in units]
        wide = [text_width(word, serif=True) for word in words]
        bottom = y + (max(HEAD, max(wide) + 0.06) if self.narrow else HEAD)
        base = bottom - 0.09
        for unit, word, size, (_, x, width) in zip(units, words, wide, columns, strict=True):
            middle = x + width / 2
            if self.narrow:
                self.sheet.text(middle, bottom - 0.04, word, serif=True, upright=True)
                ends = [(x + width - 0.01, bottom - 0.04), (x + width - 0.01, bottom - 0.04 - size)]
            else:
                self.sheet.text(middle, base, word, serif=True)
                ends = [(middle - size / 2, base + 0.075), (middle + size / 2, base + 0.075)]
            if unit.seen is False:
                self.sheet.line(ends, QUIET, 1.0, dash=(1.0, 1.5))
        self.sheet.text(self.heads, base, "layer", "right", color=QUIET)
        return bottom

    def _cells(self, layer: int, y: float, height: float, columns: Sequence[Column]) -> None:
        """One layer's cells."""
        gap = GAP if height > 0.1 else 0.005
        for u, x, width in columns:
            fill, chosen = self.paint.fill(layer, u), self.shown.selected == (layer, u)
            style: dict[str, Any] = {"radius": min(0.03, height / 4)}
            if chosen:
                style |= {"edge": palette.DARK_INK, "line": 1.2}
            self.sheet.box(x, y + gap / 2, width - gap, height - gap, fill=fill, **style)
            if self.is_written(layer, u):
                ink = palette.ink_on(fill)
                self.sheet.text(
                    x + (width - gap) / 2, y + height / 2, self.paint.cell(layer, u), color=ink, bold=chosen
                )

    def _gold(self, y: float, columns: Sequence[Column]) -> float:
        """The gold labels, where there are such; the y under them."""
        units = self.shown.predictions.units
        if self.narrow or not any(units[u].gold is not None for u, _, _ in columns):
            return y
        self.sheet.text(self.heads, y + 0.09, "gold", "right", color=QUIET)
        for u, x, width in columns:
            self.sheet.text(x + width / 2, y + 0.09, short(units[u].gold or "", 12), color=QUIET)
        return y + 0.17
