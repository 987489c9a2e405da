"""The widgets as matplotlib figures, for papers: token_strip, layer_heatmap, layer_curve; number_grid and trajectory.

Only matplotlib's object API is used (no global state, so drawing from a widget's callback or a thread is safe). Each
function returns a Figure: save it with `figure.savefig("curve.pdf")`; in a notebook it shows itself.

Strip and heatmap are laid out in inches, with text measured before it is placed: words get the width that they need,
and sentences wrap as in the page. It is also quicker than matplotlib's own layout, which draws everything twice.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.patches import FancyBboxPatch, Rectangle
from PIL import Image

from probewidgets.errors import WidgetError
from probewidgets.results import Estimate, Predictions, Sweep
from probewidgets.widgets import palette
from probewidgets.widgets.payload import encode_labels
from probewidgets.widgets.visible import visible

__all__ = ["layer_curve", "layer_heatmap", "number_grid", "small_png", "token_strip", "trajectory"]

MOST_UNITS = 60
"""Units in one figure: more cannot be read."""
WIDTH = 7.5
"""Width after which a sentence goes on in the next row (inches): that of a page."""
LONGEST = 24
"""Characters of a word that are shown."""
COLOURS = ("label", "probability", "entropy")
"""What a colour can mean."""

ACCURACY, CONTROL, SELECTIVITY, BASELINE, RANDOM = "#1a56b0", "#a8480f", "#0d6b57", "#6b707a", "#7a3e9d"
LINES = ((ACCURACY, "-", "o"), (CONTROL, "--", "s"), (SELECTIVITY, ":", "^"), (BASELINE, "-.", "v"))
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
        WidgetError: There is no such layer, label, colour or cell, no unit, or more units than can be read.
    """
    _check_size(predictions)
    _check_selected(predictions, selected)
    if layer is None:
        layer = selected[0] if selected else _best(predictions, sweep)
    _check_layers(predictions, [layer])
    sheet, paint = Sheet(), Paint.of(predictions, label, colour, sweep)
    y = sheet.title(_title(sweep, f"layer {layer}", layer))
    for number, line in enumerate(_lines(predictions)):
        if number:
            sheet.axes.plot([0.1, WIDTH], [y + 0.03] * 2, color=EDGE, lw=0.6, ls=(0, (4, 3)))
            y += 0.11
        chips = [Chip.of(predictions, paint, layer, u) for u in line]
        for row in _rows([chip.width for chip in chips], 0.1):
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
        WidgetError: There is no such layer, label, colour or cell, no unit, or more units than can be read.
    """
    _check_size(predictions)
    _check_selected(predictions, selected)
    shown = _check_layers(predictions, layers)
    if layer is None and sweep is not None:
        layer = _best(predictions, sweep)
    elif layer is not None:
        _check_layers(predictions, [layer])
    sheet, paint = Sheet(), Paint.of(predictions, label, colour, sweep)
    y = sheet.title(_title(sweep, "layers x " + (f"{sweep.unit}s" if sweep else "units")))
    names = [_row_name(each, sweep) for each in reversed(shown)]
    left = max(_width(name, 8, bold=True) for name in names) + 0.24
    for line in _lines(predictions):
        widths = [_column_width(predictions, paint, shown, u) for u in line]
        for row in _rows(widths, left, gap=0.0):
            block = [(line[place], x, widths[place]) for place, x in row]
            y = _block(sheet, y, predictions, paint, shown, names, layer, block, selected) + 0.14
    return sheet.finish(_legend(sheet, y, predictions, paint, shown))


def layer_curve(sweep: Sweep) -> Figure:
    """Test accuracy with its 95 % interval, control, selectivity, random model and baselines, by layer.

    The best layer is marked; a dot stands for each training seed, where there are several.
    """
    lines: list[tuple[str, list[Estimate | None], str, str, str]] = [
        ("accuracy", [score.accuracy for score in sweep.scores], ACCURACY, "-", "o"),
        ("control", [score.control for score in sweep.scores], CONTROL, "--", "s"),
        ("selectivity", [score.selectivity for score in sweep.scores], SELECTIVITY, ":", "^"),
        ("random model", [score.random for score in sweep.scores], RANDOM, "-.", "v"),
    ]
    figure = _figure(5.8, 3.5)
    axes = figure.add_axes((0.62 / 5.8, 0.52 / 3.5, (5.8 - 0.62 - 1.25) / 5.8, (3.5 - 0.52 - 0.36) / 3.5))
    ends: list[tuple[float, str, str]] = []
    for name, estimates, colour, dash, marker in lines:
        if not any(estimates):
            continue
        value, low, high = _columns(estimates)
        axes.fill_between(sweep.layers, low, high, color=colour, alpha=0.15, lw=0)
        axes.plot(sweep.layers, value, color=colour, ls=dash, marker=marker, ms=4, lw=1.8)
        ends.append((float(value[-1]), name, colour))
    for score in sweep.scores:
        each = score.seed_accuracies
        axes.plot([score.layer] * len(each), each, color=ACCURACY, ls="", marker="o", ms=2.5, alpha=0.7)
    for baseline in sweep.baselines:
        if not baseline.name.startswith("control"):
            axes.axhline(baseline.accuracy.value, color=BASELINE, lw=0.8, ls=(0, (1, 2)), zorder=0)
            ends.append((baseline.accuracy.value, baseline.name, BASELINE))
    best = sweep.best
    axes.axvline(best.layer, color=ACCURACY, lw=0.8, zorder=0)
    axes.plot([best.layer], [best.accuracy.value], color=ACCURACY, marker="o", ms=8, mec="white", mew=1.2)
    axes.annotate(
        "best on dev", (best.layer, 0), xytext=(4, 5), xycoords=("data", "axes fraction"), textcoords="offset points",
        fontsize=8, color=ACCURACY, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
    )  # fmt: skip
    axes.set(xlabel="layer (bands: 95 % intervals)", ylabel=f"share of test {sweep.unit}s")
    axes.set_title(_printable(_title(sweep, "")), fontsize=10, loc="left", parse_math=False)
    axes.set_xticks(sweep.layers[:: -(-len(sweep) // 13)])
    axes.grid(axis="y", color="#e2e4e9", lw=0.7)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    _label_ends(axes, ends)
    return figure


def trajectory(
    tokens: Sequence[str], predicted: npt.ArrayLike, strategies: Mapping[str, npt.ArrayLike], *, title: str = ""
) -> Figure:
    """What a probe reads off the states step by step, over what each of some strategies holds in mind there.

    Args:
        tokens: (T,) what is read, along the axis.
        predicted: (T,) numbers that the probe says.
        strategies: Name -> (T,) numbers, e.g. an expression's `"cumulative"` and `"recursive"`.
        title: What is shown.

    Raises:
        WidgetError: Not one number per token, no token, or more tokens or strategies than can be read.
    """
    lines = {"probe": np.asarray(predicted, np.float64)}
    lines |= {name: np.asarray(values, np.float64) for name, values in strategies.items()}
    odd = next((name for name, values in lines.items() if values.shape != (len(tokens),)), None)
    if odd is not None or not 0 < len(tokens) <= MOST_UNITS or len(lines) > len(LINES):
        came = f"; {odd!r} has the shape {lines[odd].shape}" if odd is not None else ""
        raise WidgetError(
            f"A trajectory has 1 to {MOST_UNITS} tokens, the probe and at most {len(LINES) - 1} strategies, with one "
            f"number per token each, but {len(tokens)} tokens and {len(lines) - 1} strategies came{came}."
        )
    names = [_short(_printable(token)) for token in tokens]
    tall = max(_width(name, 9) for name in names) if any(len(name) > 3 for name in names) else 0.0
    across, height = max(3.5, 0.28 * len(tokens)), 2.9 + tall
    width = 0.6 + 1.06 * across + max(_width(name, 8) for name in lines) + 0.15
    figure = _figure(width, height)
    axes = figure.add_axes((0.6 / width, (0.35 + tall) / height, across / width, 2.2 / height))
    for (name, values), (colour, dash, marker) in zip(lines.items(), LINES, strict=False):
        probe = name == "probe"
        axes.plot(values, color=colour, ls=dash, marker=marker, ms=5 if probe else 3, lw=2.2 if probe else 1.3)
    axes.set_xticks(range(len(tokens)), names, fontsize=9, rotation=90 if tall else 0, parse_math=False)
    axes.set_ylabel("held in mind")
    axes.set_title(_printable(title), fontsize=10, loc="left", parse_math=False)
    axes.grid(color="#e2e4e9", lw=0.7)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    _label_ends(axes, [(float(v[-1]), name, c) for (name, v), (c, *_) in zip(lines.items(), LINES, strict=False)])
    return figure


# ---------------------------------------------------------------------- sheets: figures laid out in inches


def number_grid(values: npt.ArrayLike, rows: Sequence[object], columns: Sequence[object], *, title: str = "") -> Figure:
    """Numbers as a heatmap that can be read off, e.g. layers x tokens of the norms of states; the last row on top.

    Args:
        values: (R, C) numbers; NaN stays empty.
        rows: (R,) names of the rows, from the bottom.
        columns: (C,) names of the columns.
        title: What the numbers are, with their unit.

    Raises:
        WidgetError: The names are not as many as the numbers, or there are none, or more than can be read.
    """
    grid = np.asarray(values, dtype=np.float64)
    if grid.shape != (len(rows), len(columns)) or not grid.size or len(columns) > MOST_UNITS:
        raise WidgetError(
            f"values must be (rows, columns) = ({len(rows)}, {len(columns)}), with 1 to {MOST_UNITS} columns, but came "
            f"with shape {grid.shape}."
        )
    names = [_short(_printable(str(name))) for name in columns]
    side = max(0.36, *(_width(f"{value:.3g}", 7) + 0.1 for value in grid.ravel()))
    left = max(_width(str(name), 8) for name in rows) + 0.2
    tall = max(_width(name, 8) for name in names) * 0.75 + 0.25
    width, height = left + side * len(columns) + 0.1, tall + 0.26 * len(rows) + (0.35 if title else 0.05)
    figure = _figure(max(width, _width(title, 10, bold=True) + 0.2), height)
    scaled = figure.get_figwidth()
    axes = figure.add_axes((left / scaled, 0.05 / height, side * len(columns) / scaled, 0.26 * len(rows) / height))
    axes.imshow(grid, aspect="auto", origin="lower", cmap="cividis", interpolation="none")
    spread = np.nanmax(grid) - np.nanmin(grid)
    for (r, c), value in np.ndenumerate(grid):
        if np.isfinite(value):
            dark = spread > 0 and (value - np.nanmin(grid)) / spread > 0.55
            axes.text(c, r, f"{value:.3g}", ha="center", va="center", fontsize=7, color="black" if dark else "white")
    axes.set_yticks(range(len(rows)), [str(name) for name in rows], fontsize=8)
    axes.xaxis.tick_top()
    axes.set_xticks(range(len(columns)), names, fontsize=8, rotation=45, ha="left", rotation_mode="anchor")
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    if title:
        figure.text(0.1 / scaled, 1 - 0.06 / height, title, ha="left", va="top", fontsize=10, fontweight="bold")
    return figure


class Sheet:
    """A figure whose coordinates are inches from its top left corner. Its size is told when all is drawn."""

    def __init__(self) -> None:
        self.figure = _figure(WIDTH, 1.0)
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.axis("off")
        self.right = 0.0

    def text(
        self, x: float, y: float, text: str, size: float, ha: str = "center", bold: bool = False, **style: Any
    ) -> None:
        """Text around a point; `$` is a character like any other."""
        weight = "bold" if bold else "normal"
        style = {"va": "center", "color": palette.DARK_INK} | style
        self.axes.text(x, y, _printable(text), fontsize=size, ha=ha, weight=weight, parse_math=False, **style)
        half = _width(text, size, bold) / 2
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


def _figure(width: float, height: float) -> Figure:
    figure = NotebookFigure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure


def _printable(text: str) -> str:
    """Text as a font can draw it: one character without a glyph is shown as `□`."""
    glyphs = get_font(findfont(FontProperties()))
    return "".join(c if glyphs.get_char_index(ord(c)) else "□" for c in visible(text))


@lru_cache(maxsize=4096)
def _width(text: str, size: float, bold: bool = False) -> float:
    """Width of a text (inches)."""
    font = get_font(findfont(FontProperties(weight="bold" if bold else "normal")))
    font.set_size(size, 72)
    font.set_text(_printable(text), 0.0)
    return float(font.get_width_height()[0]) / 64 / 72


def _short(text: str, most: int = LONGEST) -> str:
    text = visible(text)
    return text if len(text) <= most else text[: most - 1] + "…"


def _lines(predictions: Predictions) -> list[list[int]]:
    """The units of each line."""
    lines: dict[int, list[int]] = {}
    for u, unit in enumerate(predictions.units):
        lines.setdefault(unit.line, []).append(u)
    return list(lines.values())


def _rows(widths: Sequence[float], left: float, gap: float = 0.06) -> Iterator[list[tuple[int, float]]]:
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


# ---------------------------------------------------------------------- what the colours mean


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
        known = encode_labels(labels, sweep)
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
        text = _short(said, 12) if self.values is None else f"{self.value(layer, unit):.2f}"
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
        entries = [(_short(predictions.labels[k]), paint.fills[k]) for k in paint.order if k in present]
    else:
        y = _ramp(sheet, y, paint)
    entries += [(hint, None) for hint in hints if hint]
    widths = [_width(text, 8) + (0.34 if fill else 0.2) for text, fill in entries]
    for row in _rows(widths, 0.1, gap=0.0):
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
    x = 0.18 + _width(f"{paint.name}:  0", 8)
    colours = LinearSegmentedColormap.from_list("ramp", palette.RAMP)
    sheet.axes.imshow(
        np.linspace(0, 1, 128)[None], cmap=colours, extent=(x, x + 1.2, y + 0.17, y + 0.05), aspect="auto", zorder=1
    )
    sheet.text(x + 1.28, y + 0.11, f"{paint.top:.4g}", 8, ha="left", color=QUIET)
    return y + 0.21


# ---------------------------------------------------------------------- parts of the strip


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
        said = "no value" if k is None else f"{_short(predictions.labels[k])} {paint.share(layer, unit):.2f}"
        if k is not None and paint.values is not None:
            said += f" · {paint.value(layer, unit):.2f}"
        right = k is not None and predictions.labels[k] == one.gold
        gold = "" if one.gold is None else ("✓" if right else f"✗ gold {_short(one.gold)}")
        return cls(unit, _short(one.text), said, gold, paint.fill(layer, unit), one.seen)

    @property
    def width(self) -> float:
        return max(0.5, _width(self.word, 11), _width(self.said, 8), _width(self.gold, 8, bold=True)) + 0.16

    def draw(self, sheet: Sheet, x: float, y: float, height: float, marked: bool) -> None:
        edge, line = (palette.DARK_INK, 2.0) if marked else (EDGE, 0.6)
        shape = "round,pad=0,rounding_size=0.06"
        sheet.add(FancyBboxPatch((x, y), self.width, height, shape, fc=self.fill, ec=edge, lw=line))
        sheet.right = max(sheet.right, x + self.width)
        middle, ink = x + self.width / 2, palette.ink_on(self.fill)
        sheet.text(middle, y + 0.17, self.word, 11, color=ink)
        if self.seen is False:
            half = _width(self.word, 11) / 2
            sheet.axes.plot([middle - half, middle + half], [y + 0.28] * 2, color=ink, lw=1.2, ls=(0, (1, 1.5)))
        sheet.text(middle, y + 0.38, self.said, 8, color=ink)
        if self.gold:
            sheet.text(middle, y + 0.54, self.gold, 8, bold=True, color=ink)


# ---------------------------------------------------------------------- parts of the heatmap


def _column_width(predictions: Predictions, paint: Paint, layers: Sequence[int], unit: int) -> float:
    one = predictions.units[unit]
    inside = [paint.cell(layer, unit) for layer in layers] + [_short(one.gold or "", 12)]
    return max(0.4, _width(_short(one.text), 9), *(_width(text, 7.5) for text in inside)) + 0.12


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
        sheet.text(x + width / 2, y + 0.1, _short(units[u].text), 9)
        if units[u].seen is False:
            half = _width(_short(units[u].text), 9) / 2
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
            sheet.text(x + width / 2, y + 0.11, _short(units[u].gold or "", 12), 7.5, bold=True, color=QUIET)
        y += 0.2
    return y


def _row_name(layer: int, sweep: Sweep | None) -> str:
    if sweep is None or layer not in sweep.layers:
        return f"Layer {layer}"
    return f"Layer {layer}   {sweep.score(layer).accuracy.value:.3f}"


# ---------------------------------------------------------------------- parts of the curve


def _columns(estimates: Sequence[Estimate | None]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values, lower and upper ends; NaN where there is no estimate or no interval."""
    rows = [(e.value, e.low, e.high) if e else (np.nan,) * 3 for e in estimates]
    value, low, high = np.array(rows, dtype=float).T
    return value, low, high


def _label_ends(axes: Axes, ends: Sequence[tuple[float, str, str]]) -> None:
    """The name of each line at its right end; names that would touch are spread, a thin line leads to each."""
    low, high = axes.get_ylim()
    ends = sorted(end for end in ends if np.isfinite(end[0]))
    heights = _apart([value for value, _, _ in ends], (high - low) / 17, low, high)
    across = axes.get_yaxis_transform()
    for (value, name, colour), height in zip(ends, heights, strict=True):
        axes.plot([1.005, 1.05], [value, height], transform=across, color=colour, lw=0.7, clip_on=False)
        axes.text(1.06, height, name, transform=across, va="center", fontsize=8, color=colour)
    axes.set_ylim(low, high)


def _apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Heights near those wanted (ascending), at least a gap apart: what would touch stands around its common middle."""
    groups: list[list[float]] = []

    def middle(group: list[float]) -> float:
        half = (len(group) - 1) * gap / 2
        return min(max(sum(group) / len(group), low + half), max(high - half, low + half))

    for value in wanted:
        groups.append([value])
        while len(groups) > 1:
            below, above = groups[-2:]
            if middle(below) + len(below) * gap / 2 <= middle(above) - len(above) * gap / 2:
                break
            groups[-2:] = [below + above]
    return [middle(group) + (i - (len(group) - 1) / 2) * gap for group in groups for i in range(len(group))]


# ---------------------------------------------------------------------- checks and names


def _title(sweep: Sweep | None, rest: str, layer: int | None = None) -> str:
    """What is drawn: the task, the model, the layer and its accuracy, as far as they are known."""
    if sweep is None:
        return rest[:1].upper() + rest[1:]
    parts = [f"{_short(sweep.task, 30)} in {_short(sweep.model.name, 40)}", rest]
    if layer in sweep.layers:
        parts.append(f"test accuracy {sweep.score(layer).accuracy.value:.3f}")
    return ", ".join(part for part in parts if part)


def _best(predictions: Predictions, sweep: Sweep | None) -> int:
    best = sweep.best.layer if sweep is not None else None
    return best if best in predictions.layers else predictions.layers[-1]


def _check_size(predictions: Predictions) -> None:
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
