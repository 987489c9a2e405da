"""Curves over the size of the probe, over the labels that are sent, and over the steps of a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from probewidgets.errors import WidgetError
from probewidgets.figures.letters import SIZE, cut, printable, short, text_width
from probewidgets.figures.lines import LEFT, RIGHT, banded, label_ends, tidy, titled
from probewidgets.figures.paper import new_figure
from probewidgets.figures.sheet import ACCURACY, BASELINE, LINES, MOST_UNITS, PAGE, QUIET, Width, inches_of, title_of
from probewidgets.metrics.codelength import Codelength
from probewidgets.sweeps.report import short_probe

if TYPE_CHECKING:
    from probewidgets.methods.size.compare import Comparison

__all__ = ["codelength", "comparison", "trajectory"]


# ---------------------------------------------------------------------- over the size of the probe


def comparison(compared: Comparison, layer: int | None = None, *, width: Width = "page") -> Figure:
    """Accuracy, control and selectivity over the size of the probe; probes of the frontier are ringed, all are listed.

    Args:
        compared: What `compare` gives.
        layer: The layer; default: the one with the lowest cross-entropy on dev of all probes and layers.
        width: `"column"` (3.3 inches), `"page"` (6.8), or inches.

    Raises:
        WidgetError: Something else came, there is no such layer or width, or there are more probes than can be read.
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
    wide, listed = inches_of(width) or PAGE, 0.17 * len(names)
    height = 3.6 + listed
    figure = new_figure(wide, height)
    axes = figure.add_axes((LEFT / wide, (0.6 + listed) / height, (wide - LEFT - RIGHT) / wide, 2.45 / height))
    scores, ends = [sweep.score(layer) for sweep in sweeps], []
    for name, (colour, dash, marker) in zip(("accuracy", "control", "selectivity"), LINES, strict=False):
        estimates = [getattr(score, name) for score in scores]
        if any(estimates):
            ends.append((banded(axes, sizes, estimates, colour, dash, marker), name, colour))
    best = compared.frontier(layer)
    ringed = [i for i, name in enumerate(compared.sweeps) if name in best]
    axes.plot(
        [sizes[i] for i in ringed], [scores[i].accuracy.value for i in ringed],
        ls="none", marker="o", ms=10, mfc="none", mec=ACCURACY, mew=1.4,
    )  # fmt: skip
    axes.set_xscale("log")
    axes.set(xlabel="parameters (ringed: on the frontier)", ylabel=f"share of test {sweeps[0].unit}s")
    titled(axes, title_of(sweeps[0], f"layer {layer}"), pad=18)
    tidy(axes)
    label_ends(axes, ends)
    _number(axes, sizes)
    _list(figure, names, sizes, listed)
    return figure


def _list(figure: Figure, names: Sequence[str], sizes: Sequence[int], top: float) -> None:
    """The probes below the axes, and how large they are."""
    wide, height = figure.get_size_inches()
    for i, (name, size) in enumerate(zip(names, sizes, strict=True)):
        y, told = (top - 0.17 * i - 0.02) / height, f"{size:,} parameters"
        style: dict[str, Any] = {"fontsize": SIZE, "va": "center", "color": QUIET, "parse_math": False}
        room = wide - LEFT - 0.3 - text_width(told)
        figure.text(LEFT / wide, y, printable(cut(name, room)), **style)
        figure.text(1 - 0.1 / wide, y, told, ha="right", **style)


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
        number = str(group[0] + 1) if len(group) == 1 else f"{group[0] + 1}-{group[-1] + 1}"
        axes.text(at, 1.02, number, transform=axes.get_xaxis_transform(), ha="center", fontsize=SIZE, color=QUIET)


# ---------------------------------------------------------------------- over the labels that are sent


def codelength(code: Codelength, layer: int | None = None, *, width: Width = "page") -> Figure:
    """What a label costs block by block, as more of them are known: of the task, and of control and shuffled labels.

    Args:
        code: What `codelength` gives.
        layer: The layer; default: that of the shortest code.
        width: `"column"` (3.3 inches), `"page"` (6.8), or inches.

    Raises:
        WidgetError: Something else came, or there is no such layer or width.
    """
    if not isinstance(code, Codelength):
        raise WidgetError(f"codelength draws what codelength gives, but {type(code).__name__} came.")
    layer = code.best.layer if layer is None else layer
    if layer not in code.layers:
        raise WidgetError(f"layer must be one of {list(code.layers)}, but {layer!r} came.")
    wide = inches_of(width) or PAGE
    height = 2.7 if wide < 5 else 3.3
    figure = new_figure(wide, height)
    axes = figure.add_axes((LEFT / wide, 0.46 / height, (wide - LEFT - RIGHT) / wide, (height - 0.46 - 0.36) / height))
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
    titled(axes, title_of(code, told))
    tidy(axes)
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
        shape = f"; {odd!r} has the shape {lines[odd].shape}" if odd is not None else ""
        raise WidgetError(
            f"A trajectory has 1 to {MOST_UNITS} tokens, the probe and at most {len(LINES) - 1} strategies, with one "
            f"number per token each, but {len(tokens)} tokens and {len(lines) - 1} strategies came{shape}."
        )
    names = [short(printable(token)) for token in tokens]
    tall = max(text_width(name) for name in names) if any(len(name) > 3 for name in names) else 0.0
    across, height = max(3.5, 0.28 * len(tokens)), 2.9 + tall
    width = 0.6 + 1.06 * across + max(text_width(name) for name in lines) + 0.15
    figure = new_figure(width, height)
    axes = figure.add_axes((0.6 / width, (0.35 + tall) / height, across / width, 2.2 / height))
    for (name, values), (colour, dash, marker) in zip(lines.items(), LINES, strict=False):
        probe = name == "probe"
        axes.plot(values, color=colour, ls=dash, marker=marker, ms=5 if probe else 3, lw=2.2 if probe else 1.3)
    axes.set_xticks(range(len(tokens)), names, fontsize=SIZE, rotation=90 if tall else 0, parse_math=False)
    axes.set_ylabel("held in mind")
    titled(axes, title)
    tidy(axes)
    axes.grid(axis="x", color="#e2e4e9", lw=0.7)
    label_ends(axes, [(float(v[-1]), name, c) for (name, v), (c, *_) in zip(lines.items(), LINES, strict=False)])
    return figure
