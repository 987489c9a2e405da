"""The widgets and results as matplotlib figures, for papers.

Of a typed text `token_strip` and `layer_heatmap`; `layer_scores` and `layer_curve` of any sweep, with the layers up and
along; `comparison` and `codelength` of what `compare` and `codelength` give; `tree`, `trajectory` and `number_grid` of
plain numbers; `confusion` of who is taken for whom.

Only matplotlib's object API is used (no global state, so drawing from a widget's callback or a thread is safe). Each
function returns a Figure: save it with `figure.savefig("curve.pdf")`, in which text stays text; in a notebook it shows
itself. All letters are 8 pt, and `width="column"` or `"page"` is the width of a paper's column or page (3.3 and 6.8
inches).

They are loaded when asked for: the small pictures of widgets do without matplotlib, whose import takes long.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from probewidgets.figures.arcs import tree
    from probewidgets.figures.curve import layer_curve
    from probewidgets.figures.grid import number_grid
    from probewidgets.figures.heatmap import layer_heatmap
    from probewidgets.figures.matrix import confusion
    from probewidgets.figures.paper import small_png
    from probewidgets.figures.plots import codelength, comparison, trajectory
    from probewidgets.figures.scores import layer_scores
    from probewidgets.figures.strip import token_strip

__all__ = [
    "codelength",
    "comparison",
    "confusion",
    "layer_curve",
    "layer_heatmap",
    "layer_scores",
    "number_grid",
    "small_png",
    "token_strip",
    "trajectory",
    "tree",
]

_HOMES = {
    "codelength": "plots",
    "comparison": "plots",
    "confusion": "matrix",
    "layer_curve": "curve",
    "layer_heatmap": "heatmap",
    "layer_scores": "scores",
    "number_grid": "grid",
    "small_png": "paper",
    "token_strip": "strip",
    "trajectory": "plots",
    "tree": "arcs",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
