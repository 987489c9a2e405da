"""What every figure is made of: a page, text that is measured before it is placed, colours and dashes."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.patches import Rectangle
from PIL import Image

from probewidgets.look import palette
from probewidgets.look.visible import visible

__all__ = [
    "ACCURACY",
    "ACTIVE",
    "BASELINE",
    "CONTROL",
    "EDGE",
    "LINES",
    "LONGEST",
    "MOST_UNITS",
    "QUIET",
    "SELECTIVITY",
    "WIDTH",
    "NotebookFigure",
    "Sheet",
    "new_figure",
    "printable",
    "rows_on",
    "short",
    "small_png",
    "text_width",
    "title_of",
]

MOST_UNITS = 60
"""Units in one figure: more cannot be read."""
WIDTH = 7.5
"""Width after which a sentence goes on in the next row (inches): that of a page."""
LONGEST = 24
"""Characters of a word that are shown."""
ACCURACY, CONTROL, SELECTIVITY, RANDOM, BASELINE = "#1a56b0", "#a8480f", "#0d6b57", "#7a3e9d", "#6b707a"
LINES = ((ACCURACY, "-", "o"), (CONTROL, "--", "s"), (SELECTIVITY, ":", "^"), (RANDOM, "-.", "v"))
"""Colour, dash and marker of each line: told apart without colour too."""
ACTIVE, QUIET, EDGE = "#1a56b0", "#4a505c", "#9aa0aa"


class NotebookFigure(Figure):
    """A Figure that shows itself in a notebook, without pyplot and without a backend to choose."""

    def _repr_png_(self) -> bytes:
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=144)
        return buffer.getvalue()


def small_png(figure: Figure, dpi: int = 96, colours: int = 64) -> bytes:
    """A figure as a PNG of few colours, a fifth as large as an ordinary one: what a saved notebook carries."""
    figure.set_dpi(dpi)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    image = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    buffer = io.BytesIO()
    image.quantize(colours, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(buffer, format="png")
    return buffer.getvalue()


class Sheet:
    """A figure whose coordinates are inches from its top left corner. Its size is told when all is drawn."""

    def __init__(self) -> None:
        self.figure = new_figure(WIDTH, 1.0)
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.axis("off")
        self.right = 0.0

    def text(
        self, x: float, y: float, text: str, size: float, ha: str = "center", bold: bool = False, **style: Any
    ) -> None:
        """Text around a point; `$` is a character like any other."""
        weight = "bold" if bold else "normal"
        style = {"va": "center", "color": palette.DARK_INK} | style
        self.axes.text(x, y, printable(text), fontsize=size, ha=ha, weight=weight, parse_math=False, **style)
        half = text_width(text, size, bold) / 2
        self.right = max(self.right, x + {"left": 2 * half, "center": half, "right": 0.0}[ha])

    def box(self, x: float, y: float, width: float, height: float, fill: str, **style: Any) -> None:
        """A rectangle from its top left corner."""
        edge: dict[str, Any] = {"edgecolor": "white", "linewidth": 0.8} | style
        self.add(Rectangle((x, y), width, height, facecolor=fill, **edge))
        self.right = max(self.right, x + width)

    def add(self, artist: Artist) -> None:
        """Anything else. (`Axes.add_patch` would look at its limits, which takes as long as drawing it.)"""
        self.axes.add_artist(artist)

    def title(self, text: str) -> float:
        """A line at the top; where the next thing may begin."""
        self.text(0.1, 0.17, text, 10, ha="left")
        return 0.36

    def finish(self, height: float) -> Figure:
        """The figure, cut to what is drawn."""
        width = self.right + 0.1
        self.figure.set_size_inches(width, height)
        self.axes.set(xlim=(0, width), ylim=(height, 0))
        return self.figure


def new_figure(width: float, height: float) -> Figure:
    """A figure of so many inches, which a notebook shows."""
    figure = NotebookFigure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure


def printable(text: str) -> str:
    """Text as a font can draw it: one character without a glyph is shown as `□`."""
    glyphs = get_font(findfont(FontProperties()))
    return "".join(c if glyphs.get_char_index(ord(c)) else "□" for c in visible(text))


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """Width of a text (inches)."""
    font = get_font(findfont(FontProperties(weight="bold" if bold else "normal")))
    font.set_size(size, 72)
    font.set_text(printable(text), 0.0)
    return float(font.get_width_height()[0]) / 64 / 72


def short(text: str, most: int = LONGEST) -> str:
    """The text as it can be seen, cut to so many characters."""
    text = visible(text)
    return text if len(text) <= most else text[: most - 1] + "…"


def rows_on(widths: Sequence[float], left: float, gap: float = 0.06) -> Iterator[list[tuple[int, float]]]:
    """Things side by side, as (place, x), and a new row where the page ends."""
    row: list[tuple[int, float]] = []
    x = left
    for place, width in enumerate(widths):
        if row and x + width > WIDTH:
            yield row
            row, x = [], left
        row.append((place, x))
        x += width + gap
    if row:
        yield row


def title_of(sweep: Any, rest: str, layer: int | None = None) -> str:
    """What is drawn: the task, the model, the layer and its accuracy, as far as they are known."""
    if sweep is None:
        return rest[:1].upper() + rest[1:]
    parts = [f"{short(sweep.task, 30)} in {short(sweep.model.name, 40)}", rest]
    if layer in sweep.layers:
        parts.append(f"test {sweep.metric_name} {sweep.score(layer).value.value:.3f}")
    return ", ".join(part for part in parts if part)
