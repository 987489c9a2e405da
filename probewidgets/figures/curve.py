"""The layer curve: test scores over the layers, with all that is held against them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from probewidgets.errors import WidgetError
from probewidgets.figures.letters import SIZE
from probewidgets.figures.lines import LEFT, RIGHT, banded, label_ends, tidy, titled
from probewidgets.figures.paper import new_figure
from probewidgets.figures.sheet import (
    ACCURACY,
    BASELINE,
    CONTROL,
    LINES,
    PAGE,
    QUIET,
    SELECTIVITY,
    Width,
    inches_of,
    title_of,
)
from probewidgets.sweeps.results import Sweep
from probewidgets.sweeps.score import NAMES
from probewidgets.values import Estimate

__all__ = ["layer_curve"]

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


def layer_curve(sweep: Sweep, *, width: Width = "page") -> Figure:
    """Test score along the layers with its 95 % interval, control, selectivity and baselines; the best layer is marked.

    Of labels also the model with random weights, and a dot for each training seed, where there are such; of a
    cumulative `EdgeSweep` what each layer adds to those below it, with the expected layer; of trees four scores; of
    contrast pairs random directions and the mass mean.

    Args:
        sweep: What `sweep` gives.
        width: `"column"` (3.3 inches), `"page"` (6.8), or inches.

    Raises:
        WidgetError: Something else came, or that is no width.
    """
    drawn = _Curves.of(sweep)
    below = 1.5 if getattr(sweep, "cumulative", False) else 0.0
    wide = inches_of(width) or PAGE
    above = 2.7 if wide < 5 else 3.3
    height = above + below
    figure = new_figure(wide, height)
    place = (LEFT / wide, (0.46 + below) / height, (wide - LEFT - RIGHT) / wide, (above - 0.46 - 0.36) / height)
    axes = figure.add_axes(place)
    _draw_curves(axes, drawn)
    if below:
        under = figure.add_axes((place[0], 0.46 / height, place[2], 1.05 / height), sharex=axes)
        _draw_differential(under, sweep)
        axes.tick_params(labelbottom=False)
    else:
        axes.set_xlabel("layer (bands: 95 % intervals)")
    titled(axes, title_of(sweep))
    return figure


def _draw_curves(axes: Axes, drawn: _Curves) -> None:
    ends: list[tuple[float, str, str]] = []
    for (name, estimates), (colour, dash, marker) in zip(drawn.lines.items(), LINES, strict=False):
        if any(estimates):
            value = banded(axes, drawn.layers, estimates, colour, dash, marker)
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
            textcoords="offset points", ha="right" if right else "left", fontsize=SIZE, color=ACCURACY,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )  # fmt: skip
    axes.set_ylabel(drawn.what)
    wide = axes.bbox.width / axes.figure.dpi
    axes.set_xticks(drawn.layers[:: -(-len(drawn.layers) // max(1, int(wide / 0.28)))])
    tidy(axes)
    label_ends(axes, ends)


def _draw_differential(axes: Axes, sweep: Any) -> None:
    """Bars: what each layer adds; a line at the expected layer."""
    added, expected = sweep.differential, sweep.expected_layer
    axes.bar(sweep.layers[1:], added, width=0.6, color=[ACCURACY if gain >= 0 else CONTROL for gain in added])
    axes.axhline(0, color=QUIET, lw=0.8)
    text = "expected layer: not meaningful"
    if expected.meaningful:
        text = f"dashed: expected {expected}"
        axes.axvline(expected.value, color=SELECTIVITY, lw=1.4, ls="--")
    axes.set_ylabel("added")
    bands = "bands: 95 % intervals; " if axes.bbox.width / axes.figure.dpi > 3 else ""
    axes.set_xlabel(f"layer ({bands}{text})")
    tidy(axes)
