"""The widgets and results as matplotlib figures, for papers.

Of a typed text `token_strip` and `layer_heatmap`; `layer_curve` of any sweep; `comparison` and `codelength` of what
`compare` and `codelength` give; `tree`, `trajectory` and `number_grid` of plain numbers.

Only matplotlib's object API is used (no global state, so drawing from a widget's callback or a thread is safe). Each
function returns a Figure: save it with `figure.savefig("curve.pdf")`; in a notebook it shows itself.
"""

from __future__ import annotations

from probewidgets.figures.arcs import tree
from probewidgets.figures.curve import layer_curve
from probewidgets.figures.grid import number_grid
from probewidgets.figures.heatmap import layer_heatmap
from probewidgets.figures.plots import codelength, comparison, trajectory
from probewidgets.figures.sheet import small_png
from probewidgets.figures.strip import token_strip

__all__ = [
    "codelength",
    "comparison",
    "layer_curve",
    "layer_heatmap",
    "number_grid",
    "small_png",
    "token_strip",
    "trajectory",
    "tree",
]
