"""Curves: over the layers, over the size of the probe, over the labels that are sent, over the steps of a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from probewidgets.errors import WidgetError
from probewidgets.figures.sheet import (
    ACCURACY,
    BASELINE,
    CONTROL,
    LINES,
    MOST_UNITS,
    QUIET,
    SELECTIVITY,
    new_figure,
    printable,
    short,
    text_width,
    title_of,
)
from probewidgets.metrics.codelength import Codelength
from probewidgets.sweeps.report import short_probe
from probewidgets.sweeps.results import Sweep
from probewidgets.sweeps.score import NAMES
from probewidgets.values import Estimate

if TYPE_CHECKING:
    from probewidgets.methods.size.compare import Comparison

__all__ = ["apart", "codelength", "comparison", "layer_curve", "trajectory"]

_LEFT = 0.7
"""Where axes begin (inches): numbers below 0, with the name of what they are, have room beside them."""
_BESIDE = {"control": "control", "selectivity": "selectivity", "random": "", "mass_mean": "mass mean"}
"""What is drawn beside the first score, and what it is called there."""


# ---------------------------------------------------------------------- over the layers


@dataclass(frozen=True)
class _Curves:
    """What is drawn over the layers."""

    layers: tuple[int, ...]
    lines: Mapping[str, Sequence[Estimate | None]]
    """The first is the one that the sweep goes by."""
    baselines: Mapping[str, float]
    best: int | None
    """The layer chosen on dev, if one was."""
    what: str
    """What the numbers are."""
    dots: Sequence[Sequence[float]] = ()
    """Of each layer the first score by training seed."""

    @classmethod
    def of(cls, sweep: Any) -> _Curves:
        """Raises WidgetError for what is no sweep."""
        if not isinstance(sweep, Sweep):
            raise WidgetError(f"layer_curve draws what sweep gives, but {type(sweep).__name__} came.")
        shown = list(sweep.scores[0].estimates)[: 4 if sweep.kind == "tree" else 1]
        lines: dict[str, Sequence[Estimate | None]] = {
            NAMES.get(name, name): [score.estimates[name] for score in sweep.scores] for name in shown
        }
        for name, called in _BESIDE.items():
            if any(name in score.beside for score in sweep.scores):
                random = "random" if sweep.kind == "pair" else "random model"
                lines[called or random] = [score.beside.get(name) for score in sweep.scores]
        baselines = {b.name: b.value.value for b in sweep.baselines if not b.name.startswith("control")}
        dots = [score.seed_accuracies for score in sweep.scores]
        best = None if np.isnan(sweep.best.dev_loss) else sweep.best.layer
        return cls(sweep.layers, lines, baselines, best, _measure(sweep), dots)


def _measure(sweep: Sweep) -> str:
    """What the numbers are."""
    if sweep.metric in ("accuracy", "uas"):
        return f"share of test {sweep.unit}s"
    return "share, or r, on test" if sweep.kind == "tree" else f"{sweep.metric_name} on test"


def layer_curve(sweep: Sweep) -> Figure:
    """Test score by layer with its 95 % interval, control, selectivity and baselines; the best layer is marked.

    Of labels also the model with random weights, and a dot for each training seed, where there are such; of a
    cumulative `EdgeSweep` what each layer adds to those below it, with the expected layer; of trees four scores; of
    contrast pairs random directions and the mass mean.

    Args:
        sweep: What `sweep` gives.

    Raises:
        WidgetError: Something else came.
    """
    drawn = _Curves.of(sweep)
    below = 1.5 if getattr(sweep, "cumulative", False) else 0.0
    width, height = 5.8, 3.5 + below
    figure = new_figure(width, height)
    place = (_LEFT / width, (0.52 + below) / height, (width - _LEFT - 1.25) / width, (3.5 - 0.52 - 0.36) / height)
    axes = figure.add_axes(place)
    _draw_curves(axes, drawn)
    if below:
        under = figure.add_axes((place[0], 0.52 / height, place[2], 1.05 / height), sharex=axes)
        _draw_differential(under, sweep)
        axes.tick_params(labelbottom=False)
    else:
        axes.set_xlabel("layer (bands: 95 % intervals)")
    axes.set_title(printable(title_of(sweep, "")), fontsize=10, loc="left", parse_math=False)
    return figure


def _draw_curves(axes: Axes, drawn: _Curves) -> None:
    ends: list[tuple[float, str, str]] = []
    for (name, estimates), (colour, dash, marker) in zip(drawn.lines.items(), LINES, strict=False):
        if any(estimates):
            value = _banded(axes, drawn.layers, estimates, colour, dash, marker)
            ends.append((value, name, colour))
    for layer, each in zip(drawn.layers, drawn.dots, strict=False):
        axes.plot([layer] * len(each), each, color=ACCURACY, ls="", marker="o", ms=2.5, alpha=0.7)
    for name, value in drawn.baselines.items():
        axes.axhline(value, color=BASELINE, lw=0.8, ls=(0, (1, 2)), zorder=0)
        ends.append((value, name, BASELINE))
    if drawn.best is not None:
        at = next(iter(drawn.lines.values()))[drawn.layers.index(drawn.best)]
        axes.axvline(drawn.best, color=ACCURACY, lw=0.8, zorder=0)
        axes.plot([drawn.best], [at.value if at else np.nan], color=ACCURACY, marker="o", ms=8, mec="white", mew=1.2)
        right = 2 * drawn.best > drawn.layers[0] + drawn.layers[-1]  # beyond it the names of the lines begin
        axes.annotate(
            "best on dev", (drawn.best, 0), xytext=(-4 if right else 4, 5), xycoords=("data", "axes fraction"),
            textcoords="offset points", ha="right" if right else "left", fontsize=8, color=ACCURACY,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )  # fmt: skip
    axes.set_ylabel(drawn.what)
    axes.set_xticks(drawn.layers[:: -(-len(drawn.layers) // 13)])
    _tidy(axes)
    label_ends(axes, ends)


def _draw_differential(axes: Axes, sweep: Any) -> None:
    """Bars: what each layer adds; a line at the expected layer."""
    added, expected = sweep.differential, sweep.expected_layer
    axes.bar(sweep.layers[1:], added, width=0.6, color=[ACCURACY if one >= 0 else CONTROL for one in added])
    axes.axhline(0, color=QUIET, lw=0.8)
    said = "expected layer: not meaningful"
    if expected.meaningful:
        said = f"expected {expected}"
        axes.axvline(expected.value, color=SELECTIVITY, lw=1.4, ls="--")
    axes.set_ylabel("added")
    axes.set_xlabel(f"layer (bands: 95 % intervals; {said})")
    _tidy(axes)


def _banded(
    axes: Axes, x: Sequence[float], estimates: Sequence[Estimate | None], colour: str, dash: str, marker: str
) -> float:
    """A line in its interval; where it ends."""
    value, low, high = columns_of(estimates)
    axes.fill_between(x, low, high, color=colour, alpha=0.15, lw=0)
    axes.plot(x, value, color=colour, ls=dash, marker=marker, ms=4, lw=1.8)
    return float(value[-1])


def _tidy(axes: Axes) -> None:
    axes.grid(axis="y", color="#e2e4e9", lw=0.7)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


# ---------------------------------------------------------------------- over the size of the probe


def comparison(compared: Comparison, layer: int | None = None) -> Figure:
    """Accuracy, control and selectivity over the size of the probe; probes of the frontier are ringed, all are listed.

    Args:
        compared: What `compare` gives.
        layer: The layer; default: the one with the lowest cross-entropy on dev of all probes and layers.

    Raises:
        WidgetError: Something else came, there is no such layer, or there are more probes than can be read.
    """
    if not hasattr(compared, "frontier"):
        raise WidgetError(f"comparison draws what compare gives, but {type(compared).__name__} came.")
    sweeps, sizes = list(compared.sweeps.values()), compared.sizes
    if layer is None:
        layer = min((sweep.best for sweep in sweeps), key=lambda score: score.dev_cross_entropy).layer
    if layer not in compared.layers or len(sizes) > 26:
        raise WidgetError(
            f"A comparison is drawn at one of its layers, {list(compared.layers)}, for at most 26 probes, but layer "
            f"{layer!r} and {len(sizes)} probes came."
        )
    names = [f"{i}  {short(short_probe(name), 66)}" for i, name in enumerate(compared.sweeps, 1)]
    width, listed = 6.6, 0.2 * len(names)
    height = 3.6 + listed
    figure = new_figure(width, height)
    axes = figure.add_axes((_LEFT / width, (0.6 + listed) / height, (width - _LEFT - 1.15) / width, 2.45 / height))
    scores, ends = [sweep.score(layer) for sweep in sweeps], []
    for name, (colour, dash, marker) in zip(("accuracy", "control", "selectivity"), LINES, strict=False):
        estimates = [getattr(score, name) for score in scores]
        if any(estimates):
            ends.append((_banded(axes, sizes, estimates, colour, dash, marker), name, colour))
    best = compared.frontier(layer)
    ringed = [i for i, name in enumerate(compared.sweeps) if name in best]
    axes.plot(
        [sizes[i] for i in ringed], [scores[i].accuracy.value for i in ringed],
        ls="none", marker="o", ms=10, mfc="none", mec=ACCURACY, mew=1.4,
    )  # fmt: skip
    axes.set_xscale("log")
    axes.set(xlabel="parameters (ringed: on the frontier)", ylabel=f"share of test {sweeps[0].unit}s")
    axes.set_title(printable(title_of(sweeps[0], f"layer {layer}")), fontsize=10, loc="left", parse_math=False, pad=18)
    _tidy(axes)
    label_ends(axes, ends)
    _number(axes, sizes)
    for i, (name, size) in enumerate(zip(names, sizes, strict=True)):
        y = (listed - 0.2 * i - 0.02) / height
        style: dict[str, Any] = {"fontsize": 8, "va": "center", "color": QUIET, "parse_math": False}
        figure.text(_LEFT / width, y, printable(name), **style)
        figure.text(1 - 0.1 / width, y, f"{size:,} parameters", ha="right", **style)
    return figure


def _number(axes: Axes, sizes: Sequence[int]) -> None:
    """The number of each probe above its point; those too close for two numbers share a place."""
    low, high = np.log10(axes.get_xlim())
    groups: list[list[int]] = []
    for i, size in enumerate(sizes):
        if groups and np.log10(size) - np.log10(sizes[groups[-1][-1]]) < 0.07 * (high - low):
            groups[-1].append(i)
        else:
            groups.append([i])
    for group in groups:
        at = 10 ** np.mean([np.log10(sizes[i]) for i in group])
        said = str(group[0] + 1) if len(group) == 1 else f"{group[0] + 1}-{group[-1] + 1}"
        axes.text(at, 1.02, said, transform=axes.get_xaxis_transform(), ha="center", fontsize=8, color=QUIET)


# ---------------------------------------------------------------------- over the labels that are sent


def codelength(code: Codelength, layer: int | None = None) -> Figure:
    """What a label costs block by block, as more of them are known: of the task, and of control and shuffled labels.

    Args:
        code: What `codelength` gives.
        layer: The layer; default: that of the shortest code.

    Raises:
        WidgetError: Something else came, or there is no such layer.
    """
    if not isinstance(code, Codelength):
        raise WidgetError(f"codelength draws what codelength gives, but {type(code).__name__} came.")
    layer = code.best.layer if layer is None else layer
    if layer not in code.layers:
        raise WidgetError(f"layer must be one of {list(code.layers)}, but {layer!r} came.")
    figure = new_figure(5.8, 3.3)
    axes = figure.add_axes((_LEFT / 5.8, 0.52 / 3.3, (5.8 - _LEFT - 1.25) / 5.8, (3.3 - 0.52 - 0.36) / 3.3))
    kinds = dict(zip(("task", "control", "shuffled"), LINES, strict=False))
    ends = []
    for labels in code.label_sets:
        colour, dash, marker = kinds[labels.split()[0]]
        price = code.code(layer, labels).block_bits / np.maximum(code.targets, 1)
        axes.plot(code.ends, price, color=colour, ls=dash, marker=marker, ms=4, lw=1.8)
        ends.append((float(price[-1]), labels, colour))
    uniform = float(np.log2(code.n_labels))
    axes.axhline(uniform, color=BASELINE, lw=0.8, ls=(0, (1, 2)), zorder=0)
    ends.append((uniform, "uniform", BASELINE))
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set(xlabel="training sentences sent", ylabel=f"bits per {code.unit}")
    told = f"layer {layer}, {code.code(layer).compression:.2f}x shorter than uniform"
    axes.set_title(printable(title_of(code, told)), fontsize=10, loc="left", parse_math=False)
    _tidy(axes)
    label_ends(axes, ends)
    return figure


# ---------------------------------------------------------------------- over the steps of a text


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
    names = [short(printable(token)) for token in tokens]
    tall = max(text_width(name, 9) for name in names) if any(len(name) > 3 for name in names) else 0.0
    across, height = max(3.5, 0.28 * len(tokens)), 2.9 + tall
    width = 0.6 + 1.06 * across + max(text_width(name, 8) for name in lines) + 0.15
    figure = new_figure(width, height)
    axes = figure.add_axes((0.6 / width, (0.35 + tall) / height, across / width, 2.2 / height))
    for (name, values), (colour, dash, marker) in zip(lines.items(), LINES, strict=False):
        probe = name == "probe"
        axes.plot(values, color=colour, ls=dash, marker=marker, ms=5 if probe else 3, lw=2.2 if probe else 1.3)
    axes.set_xticks(range(len(tokens)), names, fontsize=9, rotation=90 if tall else 0, parse_math=False)
    axes.set_ylabel("held in mind")
    axes.set_title(printable(title), fontsize=10, loc="left", parse_math=False)
    _tidy(axes)
    axes.grid(axis="x", color="#e2e4e9", lw=0.7)
    label_ends(axes, [(float(v[-1]), name, c) for (name, v), (c, *_) in zip(lines.items(), LINES, strict=False)])
    return figure


# ---------------------------------------------------------------------- names at the ends of lines


def columns_of(estimates: Sequence[Estimate | None]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values, lower and upper ends; NaN where there is no estimate or no interval."""
    rows = [(e.value, e.low, e.high) if e else (np.nan,) * 3 for e in estimates]
    value, low, high = np.array(rows, dtype=float).T
    return value, low, high


def label_ends(axes: Axes, ends: Sequence[tuple[float, str, str]]) -> None:
    """The name of each line at its right end; names that would touch are spread, a thin line leads to each."""
    low, high = axes.get_ylim()
    ends = sorted(end for end in ends if np.isfinite(end[0]))
    heights = apart([value for value, _, _ in ends], (high - low) / 17, low, high)
    across = axes.get_yaxis_transform()
    for (value, name, colour), height in zip(ends, heights, strict=True):
        axes.plot([1.005, 1.05], [value, height], transform=across, color=colour, lw=0.7, clip_on=False)
        axes.text(1.06, height, name, transform=across, va="center", fontsize=8, color=colour)
    axes.set_ylim(low, high)


def apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
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
