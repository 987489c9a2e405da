"""Whole sentences: rows of text, which are never cut, with their layers beside them, as in the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from probewidgets.figures.letters import text_width, wrapped
from probewidgets.figures.paint import Paint, Shown, legend
from probewidgets.figures.sheet import ACTIVE, BAND, MARGIN, QUIET, Sheet, Width, title_of
from probewidgets.look import palette
from probewidgets.look.visible import visible

__all__ = ["lay_sentences"]

LINE = 0.15
"""From one line of a sentence to the next (inches)."""
GAP = 0.02
"""Between cells (inches)."""
WIDEST, THINNEST = 0.2, 0.05
"""Width of a layer's column: where there is room, and where there are many (inches)."""


def lay_sentences(shown: Shown, width: Width = None) -> Sheet:
    """Each unit as a row of text; beside it a cell for each layer, from the lowest on, and the active one's answer."""
    sheet, paint = Sheet(width), Paint.of(shown)
    y = sheet.title(title_of(shown.sweep, f"layer {shown.active}", shown.active))
    rows = _Rows(sheet, shown, paint)
    y = rows.heads(y)
    for unit in range(len(shown.predictions)):
        y = rows.draw(y, unit)
    return sheet.finish(legend(sheet, y + 0.06, shown, paint))


@dataclass(frozen=True, eq=False)
class _Rows:
    """What is the same for all rows: the columns of the layers."""

    sheet: Sheet
    shown: Shown
    paint: Paint

    @cached_property
    def layers(self) -> Sequence[int]:
        """From the lowest on."""
        return list(reversed(self.shown.rows))

    @cached_property
    def columns(self) -> list[tuple[float, float]]:
        """Where each layer's column begins, and its width; the active one has room for what is written in it."""
        units, active = range(len(self.shown.predictions)), self.shown.active
        thin = min(WIDEST, max(THINNEST, 0.4 * self.sheet.limit / len(self.layers)))
        widths = [thin] * len(self.layers)
        if active is not None and active in self.layers:
            widest = max(text_width(self.paint.cell(active, unit), True) for unit in units)
            widths[self.layers.index(active)] = max(widest + 0.1, text_width(str(active), True), thin)
        left = self.sheet.limit - 0.04 - sum(widths)
        return [(left + sum(widths[:place]), width) for place, width in enumerate(widths)]

    def heads(self, y: float) -> float:
        """The numbers of the layers above their columns, as many as there is room for; the y under them."""
        self.sheet.text(self.columns[0][0] - 0.06, y + 0.08, "layer", "right", color=QUIET)
        order = sorted(self.layers, key=lambda layer: (layer != self.shown.active, layer not in self._ends))
        free: list[tuple[float, float]] = []
        for layer in order:
            (x, width), chosen = self.columns[self.layers.index(layer)], layer == self.shown.active
            middle, half = x + width / 2, text_width(str(layer), chosen) / 2 + 0.02
            if all(middle + half <= start or middle - half >= end for start, end in free):
                free.append((middle - half, middle + half))
                style: dict[str, Any] = {"bold": chosen, "color": ACTIVE if chosen else QUIET}
                self.sheet.text(middle, y + 0.08, str(layer), **style)
        return y + 0.18

    @property
    def _ends(self) -> tuple[int, int]:
        return self.layers[0], self.layers[-1]

    def draw(self, y: float, unit: int) -> float:
        """One sentence; the y under it."""
        shown = self.shown.predictions.units[unit]
        lines = wrapped(visible(shown.text), self.columns[0][0] - MARGIN - 0.1, serif=True)
        height = LINE * len(lines) + 0.05
        selected = self.shown.selected is not None and self.shown.selected[1] == unit
        if selected:
            self.sheet.box(MARGIN / 2, y, self.columns[0][0] - MARGIN, height, fill=BAND, radius=0.03)
        for place, line in enumerate(lines):
            self.sheet.text(MARGIN, y + LINE * (place + 0.5) + 0.025, line, "left", serif=True)
        for layer, (x, width) in zip(self.layers, self.columns, strict=True):
            gap = GAP if width > 0.1 else 0.005
            fill, style = self.paint.fill(layer, unit), {}
            if self.shown.selected == (layer, unit):
                style = {"edge": palette.DARK_INK, "line": 1.2}
            self.sheet.box(x, y + GAP / 2, width - gap, height - GAP, fill=fill, radius=min(0.03, width / 4), **style)
            if layer == self.shown.active:
                text, middle = self.paint.cell(layer, unit), x + (width - gap) / 2
                self.sheet.text(middle, y + height / 2, text, color=palette.ink_on(fill), bold=selected)
        return y + height
