"""The widgets as matplotlib figures, for papers: token_strip, layer_heatmap, layer_curve.

Only matplotlib's object API is used (no global state, so drawing from a widget's callback or a thread is safe). Each
function returns a Figure: save it with `figure.savefig("curve.pdf")`; in a notebook it shows itself.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.patches import FancyBboxPatch, Rectangle

from probewidgets.errors import WidgetError
from probewidgets.results import Estimate, Predictions, Sweep
from probewidgets.widgets import palette
from probewidgets.widgets.payload import encode_labels
from probewidgets.widgets.visible import visible

__all__ = ["layer_curve", "layer_heatmap", "token_strip"]

MOST_UNITS = 60
"""Units in one figure: more cannot be read."""
PER_ROW = 12
"""Chips side by side in a strip."""

ACCURACY, CONTROL, SELECTIVITY, BASELINE = "#1a56b0", "#a8480f", "#0d6b57", "#6b707a"


class NotebookFigure(Figure):
    """A Figure that shows itself in a notebook, without pyplot and without a backend to choose."""

    def _repr_png_(self) -> bytes:
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=144, bbox_inches="tight")
        return buffer.getvalue()


def token_strip(predictions: Predictions, layer: int | None = None, *, sweep: Sweep | None = None) -> Figure:
    """What one layer's probe says of each unit: chips coloured by label, as strong as its probability.

    Args:
        predictions: What to draw, at most 60 units.
        layer: The layer; default: the one that the sweep chose on dev, else the last.
        sweep: Where the predictions come from; orders the colours by training frequency.

    Raises:
        WidgetError: There is no such layer, no unit, or more units than can be read.
    """
    layer = _layer(predictions, layer, sweep)
    index = predictions.layers.index(layer)
    fills = encode_labels(predictions.labels, sweep)["palette"]["light"]
    places = _places([unit.line for unit in predictions.units])
    across, down = max(x for x, _ in places) + 1, max(y for _, y in places) + 1
    figure, axes = _figure(1.05 * across, 0.8 * down + 0.3)
    for (x, y), unit, row in zip(places, predictions.units, predictions.proba[index], strict=True):
        k, share = _top(row)
        fill = "#ffffff" if k is None else palette.fade(fills[k], "#ffffff", share)
        style = "round,pad=0,rounding_size=0.08"
        axes.add_patch(FancyBboxPatch((x + 0.04, y + 0.06), 0.92, 0.84, boxstyle=style, fc=fill, ec="#9aa0aa", lw=0.6))
        _text(axes, x + 0.5, y + 0.36, _short(unit.text, 12), size=11)
        _text(axes, x + 0.5, y + 0.70, _said(predictions, k, share) + _mark(predictions, unit.gold, k), size=8)
    axes.set(xlim=(0, across), ylim=(down, 0), title=f"Layer {layer}")
    axes.axis("off")
    return figure


def layer_heatmap(
    predictions: Predictions,
    *,
    layers: Sequence[int] | None = None,
    label: str | None = None,
    colour: str = "label",
    sweep: Sweep | None = None,
) -> Figure:
    """Layers x units, the deepest layer on top.

    Args:
        predictions: What to draw, at most 60 units.
        layers: The layers shown; default: all.
        label: Colour by the probability of this label; default: by the predicted label.
        colour: `"label"`, or `"entropy"` (bits).
        sweep: Where the predictions come from; gives the rows their test accuracy.

    Raises:
        WidgetError: There is no such layer, label or colour, no unit, or more units than can be read.
    """
    shown = _layers(predictions, layers)
    if label is not None and label not in predictions.labels:
        raise WidgetError(f"label must be one of {list(predictions.labels)}, but {label!r} came.")
    if colour not in ("label", "entropy"):
        raise WidgetError(f'colour must be "label" or "entropy", but {colour!r} came.')
    fills = encode_labels(predictions.labels, sweep)["palette"]["light"]
    values, top = _values(predictions, label, colour)
    figure, axes = _figure(0.72 * len(predictions) + 1.6, 0.27 * len(shown) + 0.8)
    for y, layer in enumerate(reversed(shown)):
        index = predictions.layers.index(layer)
        for x in range(len(predictions)):
            k, share = _top(predictions.proba[index, x])
            if k is None:
                fill, text = "#ffffff", "–"
            elif values is None:
                fill, text = palette.fade(fills[k], "#ffffff", share), _short(predictions.labels[k], 10)
            else:
                fill, text = palette.ramp(values[index, x] / top), f"{values[index, x]:.2f}"
            axes.add_patch(Rectangle((x, y), 1, 1, fc=fill, ec="white", lw=0.8))
            _text(axes, x + 0.5, y + 0.5, text, size=7.5, color=palette.ink_on(fill))
    axes.set(xlim=(0, len(predictions)), ylim=(len(shown), 0))
    axes.set_yticks(np.arange(len(shown)) + 0.5, [_row_name(layer, sweep) for layer in reversed(shown)], fontsize=8)
    axes.set_xticks(np.arange(len(predictions)) + 0.5, [""] * len(predictions))
    for x, unit in enumerate(predictions.units):
        _text(axes, x + 0.5, -0.25, _short(unit.text, 12), size=9, va="bottom")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    if values is not None:
        name = "entropy (bits)" if label is None else f"probability of {label}"
        _colour_bar(figure, axes, name, top)
    return figure


def layer_curve(sweep: Sweep) -> Figure:
    """Test accuracy by layer with its 95 % interval, the control, selectivity, and the baselines."""
    figure, axes = _figure(5.6, 3.4)
    lines: list[tuple[str, list[Estimate | None], str, str, str]] = [
        ("accuracy", [score.accuracy for score in sweep.scores], ACCURACY, "-", "o"),
        ("control", [score.control for score in sweep.scores], CONTROL, "--", "s"),
        ("selectivity", [score.selectivity for score in sweep.scores], SELECTIVITY, ":", "^"),
    ]
    ends: list[tuple[float, str, str]] = []
    for name, estimates, colour, dash, marker in lines:
        if not any(estimates):
            continue
        value, low, high = _columns(estimates)
        axes.fill_between(sweep.layers, low, high, color=colour, alpha=0.15, lw=0)
        axes.plot(sweep.layers, value, color=colour, ls=dash, marker=marker, ms=4, lw=1.8)
        ends.append((float(value[-1]), name, colour))
    for baseline in sweep.baselines:
        if not baseline.name.startswith("control"):
            axes.axhline(baseline.accuracy.value, color=BASELINE, lw=0.8, ls=(0, (1, 2)), zorder=0)
            ends.append((baseline.accuracy.value, baseline.name, BASELINE))
    axes.set(xlabel="layer", ylabel=f"test accuracy ({sweep.task})", title=_short(sweep.model.name, 60))
    axes.set_xticks(sweep.layers[:: -(-len(sweep) // 13)])
    axes.grid(axis="y", color="#e2e4e9", lw=0.7)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    _label_ends(axes, ends)
    return figure


# ---------------------------------------------------------------------- parts


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    figure = NotebookFigure(figsize=(max(width, 2.5), max(height, 1.2)), layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.add_subplot()


def _text(axes: Axes, x: float, y: float, text: str, **style: Any) -> None:
    """Centred text in data coordinates; `$` is a character like any other, and one without a glyph is shown as `□`."""
    glyphs = get_font(findfont(FontProperties()))
    safe = "".join(c if glyphs.get_char_index(ord(c)) else "□" for c in visible(text))
    axes.text(x, y, safe, ha="center", va=style.pop("va", "center"), parse_math=False, **style)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _layer(predictions: Predictions, layer: int | None, sweep: Sweep | None) -> int:
    if layer is None:
        best = sweep.best.layer if sweep is not None else None
        layer = best if best in predictions.layers else predictions.layers[-1]
    return _layers(predictions, [layer])[0]


def _layers(predictions: Predictions, layers: Sequence[int] | None) -> list[int]:
    """The layers to draw, in order, after a check that there is something to draw."""
    if not 0 < len(predictions) <= MOST_UNITS:
        raise WidgetError(
            f"A figure shows 1 to {MOST_UNITS} units, but {len(predictions):,} came. Take a shorter text."
        )
    wanted = predictions.layers if layers is None else layers
    unknown = [layer for layer in wanted if layer not in predictions.layers]
    if unknown or not wanted:
        raise WidgetError(f"layers must be some of {list(predictions.layers)}, but {list(wanted)} came.")
    return [layer for layer in predictions.layers if layer in wanted]


def _places(lines: Sequence[int]) -> list[tuple[int, int]]:
    """Column and row of each chip; a new line, or a full row, begins a new row."""
    places: list[tuple[int, int]] = []
    for number, line in enumerate(lines):
        if not places:
            places.append((0, 0))
            continue
        x, y = places[-1]
        full = x + 1 == PER_ROW or line != lines[number - 1]
        places.append((0, y + 1) if full else (x + 1, y))
    return places


def _top(row: np.ndarray) -> tuple[int | None, float]:
    if not np.isfinite(row).all():
        return None, float("nan")
    return int(row.argmax()), float(row.max())


def _said(predictions: Predictions, k: int | None, share: float) -> str:
    return "no value" if k is None else f"{_short(predictions.labels[k], 10)} {share:.2f}"


def _mark(predictions: Predictions, gold: str | None, k: int | None) -> str:
    if gold is None:
        return ""
    return " ✓" if k is not None and predictions.labels[k] == gold else " ✗"


def _values(predictions: Predictions, label: str | None, colour: str) -> tuple[np.ndarray | None, float]:
    """(L, U) numbers behind the colours and the largest that they can be; None where the label is the colour."""
    if label is not None:
        return predictions.proba[..., predictions.labels.index(label)], 1.0
    if colour == "label":
        return None, 1.0
    p = predictions.proba.astype(float)
    bits = -(p * np.log2(np.where(p > 0, p, 1))).sum(-1)
    return bits, float(np.log2(max(len(predictions.labels), 2)))


def _row_name(layer: int, sweep: Sweep | None) -> str:
    if sweep is None or layer not in sweep.layers:
        return f"Layer {layer}"
    return f"Layer {layer}   {sweep.score(layer).accuracy.value:.3f}"


def _colour_bar(figure: Figure, axes: Axes, name: str, top: float) -> None:
    from matplotlib.cm import ScalarMappable

    mappable = ScalarMappable(cmap=LinearSegmentedColormap.from_list("ramp", palette.RAMP))
    mappable.set_clim(0, top)
    bar = figure.colorbar(mappable, ax=axes, fraction=0.04, pad=0.02)
    bar.outline.set_visible(False)
    bar.set_label(name.replace("$", r"\$"), fontsize=8)
    bar.ax.tick_params(labelsize=7)


def _columns(estimates: Sequence[Estimate | None]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values, lower and upper ends; NaN where there is no estimate or no interval."""
    rows = [(e.value, e.low, e.high) if e else (np.nan,) * 3 for e in estimates]
    value, low, high = np.array(rows, dtype=float).T
    return value, low, high


def _label_ends(axes: Axes, ends: Sequence[tuple[float, str, str]]) -> None:
    """The name of each line at its right end, moved apart where they would overlap."""
    low, high = axes.get_ylim()
    gap = (high - low) / 17
    before = -np.inf
    for value, name, colour in sorted(end for end in ends if np.isfinite(end[0])):
        y = max(value, before + gap)
        axes.annotate(
            name, (1, y), xytext=(6, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
            va="center", fontsize=8, color=colour, annotation_clip=False,
        )  # fmt: skip
        before = y
