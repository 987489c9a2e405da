"""Scores on the rows of the layers: numbers, and a curve from the lowest row up, as in the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from probewidgets.errors import WidgetError
from probewidgets.figures.letters import text_width
from probewidgets.figures.sheet import (
    ACCURACY,
    ACTIVE,
    BAND,
    BASELINE,
    CONTROL,
    MARGIN,
    QUIET,
    RANDOM,
    Sheet,
    Width,
    rows_on,
    title_of,
)
from probewidgets.sweeps.results import Sweep
from probewidgets.values import Baseline, Estimate, digits

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["LEAST_APART", "LEAST_ROW", "MOST_ROWS", "ROW", "ScoreColumn", "heads", "lay_scores", "layer_scores"]

PALE = "#c9dcf7"
"""Of the bar from the control up to the score: selectivity."""
DASHED, DOTTED, MIXED = (3.0, 2.0), (1.0, 2.0), (5.0, 2.0)
ROW, LEAST_ROW = 0.2, 0.06
"""Height of a row: where there is room, and where there are many (inches)."""
MOST_ROWS = 4.2
"""Height of all rows (inches), as long as that is possible."""
LEAST_APART = 0.13
"""Between the middles of two lines of letters (inches)."""


@dataclass(frozen=True, eq=False)
class ScoreColumn:
    """The scores of a sweep beside the heads of some rows."""

    sweep: Sweep
    layers: Sequence[int]
    """From the highest row down."""
    active: int | None
    room: float
    """For the curve (inches); 0: numbers only."""

    @cached_property
    def numbers(self) -> float:
        """Room of the numbers (inches)."""
        return max(text_width(self.sweep.metric_name), *(text_width(self.number(layer), True) for layer in self.layers))

    @property
    def width(self) -> float:
        """Of all of it (inches)."""
        return self.numbers + (0.12 + self.room if self.room else 0.0)

    def number(self, layer: int) -> str:
        """The score of a layer."""
        estimate = self._of("value", layer)
        return "–" if estimate is None else digits(estimate.value, 3)

    def _of(self, name: str, layer: int) -> Estimate | None:
        if layer not in self.sweep.layers:
            return None
        estimate: Estimate | None = getattr(self.sweep.score(layer), name)
        return estimate if estimate is not None and np.isfinite(estimate.value) else None

    @cached_property
    def span(self) -> tuple[float, float]:
        """Where the axis begins and ends: its own range, on tenths; of what has no lower end, not below -1."""
        values = [e.value for n in ("value", "control", "random") for y in self.layers if (e := self._of(n, y))]
        values += [baseline.value.value for baseline in self.baselines]
        low, high = np.floor(10 * min(values, default=0.0)) / 10, np.ceil(10 * max(values, default=1.0)) / 10
        return max(float(low), -1.0), max(float(high), float(low) + 0.1)

    @cached_property
    def baselines(self) -> list[Baseline]:
        """Those of the task itself."""
        return [b for b in self.sweep.baselines if not b.name.startswith("control") and np.isfinite(b.value.value)]

    def draw(self, sheet: Sheet, x: float, top: float, middles: Sequence[float], bottom: float) -> None:
        """Draw it from a place on, over rows with these middles."""
        right = x + self.numbers
        sheet.text(right, top - 0.09, self.sweep.metric_name, "right", color=QUIET)
        heads(sheet, right, [self.number(layer) for layer in self.layers], middles, self.active_row)
        if self.room:
            self._curve(sheet, right + 0.12, top, middles, bottom)

    @property
    def active_row(self) -> int | None:
        """The row that is marked."""
        return self.layers.index(self.active) if self.active in self.layers else None

    def _curve(self, sheet: Sheet, left: float, top: float, middles: Sequence[float], bottom: float) -> None:
        low, high = self.span

        def at(value: float) -> float:
            return left + self.room * (min(max(value, low), high) - low) / (high - low)

        for edge in (left, left + self.room):
            sheet.line([(edge, top), (edge, bottom)], "#d5d8de", 0.5)
        for baseline in self.baselines:
            place = at(baseline.value.value)
            sheet.line([(place, top), (place, bottom)], BASELINE, 0.8, dash=DOTTED)
        rows = list(zip(self.layers, middles, strict=True))
        for layer, y in rows:
            value, control = self._of("value", layer), self._of("control", layer)
            if value and control:
                ends = sorted((at(control.value), at(value.value)))
                sheet.box(ends[0], y - 0.03, ends[1] - ends[0], 0.06, fill=PALE)
        for name, colour, dash in (("control", CONTROL, DASHED), ("random", RANDOM, MIXED), ("value", ACCURACY, None)):
            points = [(at(e.value), y) for layer, y in rows if (e := self._of(name, layer))]
            if len(points) == 1:  # a mark on its row
                points = [(x, y + by) for x, y in points for by in (-0.06, 0.06)]
            if points:
                sheet.line(points, colour, 1.1, dash=dash)
        for layer, y in rows:
            value = self._of("value", layer)
            if value is None:
                continue
            if np.isfinite([value.low, value.high]).all():
                sheet.line([(at(value.low), y), (at(value.high), y)], ACCURACY, 0.8)
            size = 0.036 if layer == self.sweep.best.layer else 0.026
            fill = ACCURACY if layer == self.sweep.best.layer else "#ffffff"
            sheet.box(
                at(value.value) - size, y - size, 2 * size, 2 * size, fill=fill, edge=ACCURACY, line=0.9, radius=size
            )

    def keys(self) -> Iterator[tuple[str, str, tuple[float, float] | None]]:
        """What the lines and the bar are: name, colour, dash."""
        yield f"{self.sweep.metric_name}, 95 % interval", ACCURACY, None
        for name, text, colour, dash in (
            ("control", "control", CONTROL, DASHED),
            ("random", "random model", RANDOM, MIXED),
        ):
            if any(self._of(name, layer) for layer in self.layers):
                yield text, colour, dash
        if any(self._of("control", layer) for layer in self.layers):
            yield "selectivity", PALE, None
        if self.baselines:
            text = ", ".join(f"{b.name} {digits(b.value.value, 2)}" for b in self.baselines)
            yield text, BASELINE, DOTTED

    def legend(self, sheet: Sheet, y: float) -> float:
        """What the lines mean; where the next thing may begin."""
        entries = list(self.keys())
        widths = [text_width(text) + 0.5 for text, _, _ in entries]
        for row in rows_on(widths, MARGIN, sheet.limit, 0.0):
            for place, x in row:
                text, colour, dash = entries[place]
                if colour == PALE:  # a bar between two lines
                    sheet.box(x, y + 0.065, 0.28, 0.06, fill=PALE)
                else:
                    sheet.line([(x, y + 0.095), (x + 0.28, y + 0.095)], colour, 1.1, dash=dash)
                sheet.text(x + 0.33, y + 0.095, sheet.fitted(x + 0.33, text), "left", color=QUIET)
            y += 0.19
        return y


def heads(sheet: Sheet, x: float, texts: Sequence[str], middles: Sequence[float], active: int | None) -> None:
    """Texts at the heads of rows, ending at x: of thin rows as many as there is room for, and always the active one."""
    order = sorted(range(len(texts)), key=lambda row: (row != active, row not in (0, len(texts) - 1)))
    free: list[float] = []
    for row in order:
        if all(abs(middles[row] - other) >= LEAST_APART - 1e-6 for other in free):
            free.append(middles[row])
            style: dict[str, Any] = {"bold": row == active, "color": ACTIVE if row == active else QUIET}
            sheet.text(x, middles[row], texts[row], "right", **style)


def layer_scores(sweep: Sweep, layer: int | None = None, *, width: Width = "column") -> Figure:
    """The score of each layer on a row of its own, the deepest on top, with control and baselines: as in the widgets.

    `layer_curve` has the layers along the other axis, with the intervals as bands.

    Args:
        sweep: What `sweep` gives.
        layer: The layer whose row is marked; default: the one that the sweep chose on dev.
        width: `"column"` (3.3 inches), `"page"` (6.8), or inches.

    Raises:
        WidgetError: Something else came, or there is no such layer or width.
    """
    return lay_scores(sweep, layer, width).figure()


def lay_scores(sweep: Sweep, layer: int | None = None, width: Width = "column") -> Sheet:
    """The same as a sheet, which has a small picture too."""
    if not isinstance(sweep, Sweep):
        raise WidgetError(f"layer_scores draws what sweep gives, but {type(sweep).__name__} came.")
    layer = sweep.best.layer if layer is None else layer
    if layer not in sweep.layers:
        raise WidgetError(f"layer must be one of {list(sweep.layers)}, but {layer!r} came.")
    sheet, rows = Sheet(width), list(reversed(sweep.layers))
    names = [str(each) for each in rows]
    left = MARGIN + max(text_width("layer"), *(text_width(name, True) for name in names))
    limit = sheet.limit if width is not None else 4.0
    numbers = ScoreColumn(sweep, rows, layer, 0.0).width
    column = ScoreColumn(sweep, rows, layer, limit - left - 0.22 - numbers)
    top, height = sheet.title(title_of(sweep)) + 0.18, max(min(ROW, MOST_ROWS / len(rows)), LEAST_ROW)
    middles = [top + height * (place + 0.5) for place in range(len(rows))]
    bottom, active = top + height * len(rows), rows.index(layer)
    sheet.text(left, top - 0.09, "layer", "right", color=QUIET)
    sheet.box(MARGIN / 2, middles[active] - height / 2, limit, height, fill=BAND, radius=0.03)
    heads(sheet, left, names, middles, active)
    column.draw(sheet, left + 0.1, top, middles, bottom)
    return sheet.finish(column.legend(sheet, bottom + 0.06) + 0.04)
