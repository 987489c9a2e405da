"""Figures for a paper, by matplotlib's object API: no global state, so that any thread may draw."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Rectangle
from matplotlib.text import Text as Letters
from PIL import Image

from probewidgets.figures.letters import FAMILIES, MIDDLE, SIZE
from probewidgets.figures.marks import Box, Line, Mark, Ramp, Text
from probewidgets.figures.small import of_few_colours

__all__ = ["NotebookFigure", "figure_of", "new_figure", "small_png"]

_TEXT = {"svg.fonttype": "none", "svg.hashsalt": "probewidgets", "pdf.fonttype": 42}
"""Letters stay letters, and a figure that is written twice is the same file."""
_WRITING = threading.Lock()


class NotebookFigure(Figure):
    """A Figure that shows itself in a notebook, without pyplot and without a backend to choose.

    In SVG and PDF its text is text, that can be searched and edited.
    """

    def savefig(self, fname: Any, **options: Any) -> None:
        """Write it to a file: see `matplotlib.figure.Figure.savefig`."""
        with _letters_as_text():
            super().savefig(fname, **options)

    def _repr_png_(self) -> bytes:
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=144)
        return buffer.getvalue()


@contextmanager
def _letters_as_text() -> Iterator[None]:
    """While a file is written, the three settings that its writers read nowhere else; afterwards they are as before.

    Not `rc_context`: that would put back all settings, also one that another thread has changed meanwhile.
    """
    settings: Any = mpl.rcParams
    with _WRITING:
        before = {name: settings[name] for name in _TEXT}
        settings.update(_TEXT)
        try:
            yield
        finally:
            settings.update(before)


def small_png(figure: Figure, dpi: int = 96, colours: int = 64) -> bytes:
    """A figure as a PNG of few colours, a fifth as large as an ordinary one: for what a saved notebook carries.

    Args:
        figure: Any matplotlib figure; its resolution is set to `dpi`.
        dpi: Dots per inch.
        colours: How many there are in the picture, up to 256.
    """
    figure.set_dpi(dpi)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return of_few_colours(Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB"), colours)


def new_figure(width: float, height: float) -> Figure:
    """A figure of so many inches, which a notebook shows."""
    figure = NotebookFigure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure


def figure_of(marks: Sequence[Mark], width: float, height: float) -> Figure:
    """Marks as artists, in inches."""
    figure = new_figure(width, height)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.axis("off")
    axes.set(xlim=(0, width), ylim=(height, 0))
    for order, mark in enumerate(marks):
        if isinstance(mark, Ramp):  # an image, which sets the limits to its own
            x = (mark.x, mark.x + mark.width)
            colours = LinearSegmentedColormap.from_list("ramp", mark.stops)
            axes.imshow(
                np.linspace(0, 1, 128)[None], cmap=colours, extent=(*x, mark.y + mark.height, mark.y), aspect="auto"
            )
            axes.set(xlim=(0, width), ylim=(height, 0))
        else:
            artist = _artist(mark)
            artist.set_zorder(2 + order / 1e4)
            axes.add_artist(artist)  # `add_patch` would look at the limits, which takes as long as drawing
    return figure


def _artist(mark: Mark) -> Artist:
    if isinstance(mark, Text):
        turned: dict[str, Any] = {"rotation": 90, "va": "bottom"} if mark.upright else {"va": "baseline"}
        y = mark.y if mark.upright else mark.y + MIDDLE
        return Letters(
            mark.x, y, mark.text, fontsize=SIZE, fontfamily=FAMILIES[mark.serif], color=mark.color, ha=mark.ha,
            weight="bold" if mark.bold else "normal", parse_math=False, **turned,
        )  # fmt: skip
    if isinstance(mark, Line):
        dash = "-" if mark.dash is None else (0, mark.dash)
        across, down = zip(*mark.points, strict=True)
        return Line2D(across, down, color=mark.color, lw=mark.width, ls=dash, solid_capstyle="butt")
    assert isinstance(mark, Box)  # a ramp is no artist of its own
    style: dict[str, Any] = {"fc": mark.fill or "none", "ec": mark.edge or "none", "lw": mark.line if mark.edge else 0}
    if not mark.radius:
        return Rectangle((mark.x, mark.y), mark.width, mark.height, **style)
    shape = f"round,pad=0,rounding_size={mark.radius}"
    return FancyBboxPatch((mark.x, mark.y), mark.width, mark.height, shape, **style)
