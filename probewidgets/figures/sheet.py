"""A sheet: text, boxes and lines at places in inches, laid out before anything is drawn.

`figure()` draws it with matplotlib, for a paper; `small_png()` with Pillow, which is there in a tenth of the time: a
widget has its picture before anybody has to wait for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from probewidgets.errors import WidgetError, clipped
from probewidgets.figures.letters import cut, is_serif, printable, short, text_width, wrapped
from probewidgets.figures.marks import Box, Line, Mark, Ramp, Text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "ACCURACY",
    "ACTIVE",
    "BAND",
    "BASELINE",
    "CONTROL",
    "EDGE",
    "LINES",
    "MARGIN",
    "MOST_UNITS",
    "PAGE",
    "QUIET",
    "RANDOM",
    "SELECTIVITY",
    "Sheet",
    "Width",
    "inches_of",
    "rows_on",
    "title_of",
]

MOST_UNITS = 60
"""Units in one tree, trajectory or grid of numbers: more cannot be read."""
COLUMN, PAGE = 3.3, 6.8
"""Widths of a column of a paper and of its page (inches)."""
LEAST, MOST = 2.0, 40.0
"""Widths that a figure may have (inches)."""
MARGIN = 0.06
"""Around a sheet (inches)."""
ACCURACY, CONTROL, SELECTIVITY, RANDOM, BASELINE = "#1a56b0", "#a8480f", "#0d6b57", "#7a3e9d", "#6b707a"
LINES = ((ACCURACY, "-", "o"), (CONTROL, "--", "s"), (SELECTIVITY, ":", "^"), (RANDOM, "-.", "v"))
"""Colour, dash and marker of each line: told apart without colour too."""
ACTIVE, BAND, QUIET, EDGE = "#1a56b0", "#e3edfb", "#4a505c", "#9aa0aa"

Width: TypeAlias = "str | float | None"
"""`"column"` (3.3 inches), `"page"` (6.8), a number of inches, or None: what is drawn, up to a page."""


class Sheet:
    """Marks at places in inches from the top left corner, drawn in their order. The height is told at the end.

    Args:
        width: How wide it is; see `Width`.

    Raises:
        WidgetError: That is no width.
    """

    def __init__(self, width: Width = None) -> None:
        self._width = inches_of(width)
        self.marks: list[Mark] = []
        self.right = 0.0
        self.height = 0.0

    @property
    def limit(self) -> float:
        """Where nothing more is placed (inches from the left)."""
        return (self._width or PAGE) - MARGIN

    @property
    def width(self) -> float:
        """As wide as was asked for, or as is needed."""
        return self._width or self.right + MARGIN

    def text(self, x: float, y: float, text: str, ha: str = "center", **style: Any) -> None:
        """Text around a point: see `Text`."""
        if not text:
            return
        text = printable(text)
        serif = style.pop("serif", False) and is_serif(text)
        self.marks.append(Text(x, y, text, ha, serif=serif, **style))
        if not style.get("upright"):
            width = text_width(text, style.get("bold", False), serif)
            self.right = max(self.right, x + {"left": width, "center": width / 2, "right": 0.0}[ha])

    def box(self, x: float, y: float, width: float, height: float, **style: Any) -> None:
        """A rectangle from its top left corner: see `Box`."""
        self.marks.append(Box(x, y, width, height, **style))
        self.right = max(self.right, x + width)

    def line(self, points: Sequence[tuple[float, float]], color: str, width: float = 0.7, **style: Any) -> None:
        """Points joined by a line: see `Line`."""
        self.marks.append(Line(tuple(points), color, width, **style))

    def ramp(self, x: float, y: float, width: float, stops: Sequence[str]) -> None:
        """The colours from one stop to the next."""
        self.marks.append(Ramp(x, y, width, 0.12, tuple(stops)))
        self.right = max(self.right, x + width)

    def title(self, text: str) -> float:
        """Lines at the top; where the next thing may begin."""
        y = MARGIN
        for line in wrapped(text, self.limit - MARGIN):
            self.text(MARGIN, y + 0.08, line, "left", color=QUIET)
            y += 0.15
        return y + 0.03

    def fitted(self, x: float, text: str) -> str:
        """As much of a text as there is room for from a place on."""
        return cut(text, self.limit - x)

    def finish(self, height: float) -> Sheet:
        """The sheet, so high."""
        self.height = height
        return self

    def figure(self) -> Figure:
        """The sheet as a figure of matplotlib's, whose text stays text in SVG and PDF."""
        from probewidgets.figures.paper import figure_of

        return figure_of(self.marks, self.width, self.height)

    def small_png(self) -> bytes:
        """The sheet as a PNG of few colours and 96 dots per inch: what a saved notebook carries."""
        from probewidgets.figures.small import png_of

        return png_of(self.marks, self.width, self.height)


def inches_of(width: Width) -> float | None:
    """A width in inches.

    Raises:
        WidgetError: It is none that a figure can have.
    """
    if width is None:
        return None
    named = {"column": COLUMN, "page": PAGE}
    value = named.get(width) if isinstance(width, str) else width
    if isinstance(value, bool) or not isinstance(value, int | float) or not LEAST <= value <= MOST:
        raise WidgetError(
            f"width must be {' or '.join(map(repr, named))} ({COLUMN} and {PAGE} inches), or {LEAST:g} to {MOST:g} "
            f"inches, but {clipped(width)} came."
        )
    return float(value)


def rows_on(widths: Sequence[float], left: float, limit: float, gap: float = 0.05) -> Iterator[list[tuple[int, float]]]:
    """Things side by side, as (place, x), and a new row where the next would pass a limit."""
    row: list[tuple[int, float]] = []
    x = left
    for place, width in enumerate(widths):
        if row and x + width > limit:
            yield row
            row, x = [], left
        row.append((place, x))
        x += width + gap
    if row:
        yield row


def title_of(sweep: Any, rest: str = "", layer: int | None = None) -> str:
    """What is drawn: the task, the model, the layer and its score, as far as they are known."""
    if sweep is None:
        return rest[:1].upper() + rest[1:]
    parts = [f"{short(sweep.task, 30)} in {short(sweep.model.name, 40)}", rest]
    if layer in sweep.layers:
        parts.append(f"test {sweep.metric_name} {sweep.score(layer).value.value:.3f}")
    return ", ".join(part for part in parts if part)
