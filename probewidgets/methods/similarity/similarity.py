"""Similarity: which layers of two models are alike, by their states of the same targets: no probe, no label."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from probewidgets.captures.activations import Activations
from probewidgets.errors import DataError, ProbeError, clipped
from probewidgets.metrics.similarity import cka, is_constant
from probewidgets.sweeps.fits import other_rows, states_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["similarity"]

Measure = Callable[[npt.NDArray[np.floating[Any]], npt.NDArray[np.floating[Any]]], float]

_ROWS = 10
"""Targets for each feature, from which on similarities mean something."""


def similarity(a: Activations, b: Activations | None = None, *, measure: Measure = cka) -> pd.DataFrame:
    """How alike each layer of one model is to each of another (or of itself), over the same targets.

    `pw.figures.number_grid(table, table.index, table.columns)` draws it. States can be alike without carrying what a
    task needs, and unlike while both carry it.

    Args:
        a: (L, N, D) states.
        b: (M, N, E) states of the same targets: of another model, site, training, or with random weights. `a` itself by
            default.
        measure: `cka`, `svcca` or `pwcca`, or any function of (N, D) and (N, E) states.

    Returns:
        (L, M) similarities; rows are layers of `a`, columns layers of `b`; NaN, with a warning, for layers whose states
        are all the same ([CLS] among the embeddings).

    Raises:
        ProbeError: No Activations, or a measure that is no function.
        DataError: Their targets are not the same.
        ModelError: States hold NaN or infinity.

    Cost: three products of (D, N) with (N, D) for each pair of layers, in double precision; all states of `b` are held.

    Source: Saphra and Lopez 2019, "Understanding Learning Dynamics Of Language Models with SVCCA", for the use of it.
    """
    import pandas as pd

    b = a if b is None else b
    _check(a, b, measure)
    table = pd.DataFrame(np.nan, index=_names(a), columns=_names(b))
    there = {j: states for j in b.layers if (states := _varied(b, j)) is not None}
    for row, i in enumerate(a.layers):
        mine = there.get(i) if a is b else _varied(a, i)
        if mine is not None:
            table.iloc[row] = [float(measure(mine, there[j])) if j in there else np.nan for j in b.layers]
    return table


def _varied(acts: Activations, layer: int) -> npt.NDArray[Any] | None:
    """The states of a layer; None, with a warning, if they are all the same."""
    states = states_of(acts, layer)
    if not is_constant(states):
        return states
    warnings.warn(
        f"The states of {acts.model.name!r}, layer {layer}, are the same for all targets: nothing is like them.",
        stacklevel=3,
    )
    return None


def _names(acts: Activations) -> pd.Index:
    import pandas as pd

    return pd.Index(acts.layers, name=f"{acts.model.name} layer")


def _check(a: object, b: object, measure: object) -> None:
    if not isinstance(a, Activations) or not isinstance(b, Activations):
        raise ProbeError(
            f"similarity takes Activations, such as capture(...) gives, but {type(a).__name__} and {type(b).__name__} "
            "came."
        )
    if not callable(measure):
        raise ProbeError(
            f"measure must be a function: cka, svcca or pwcca of pw.metrics, or your own, but {clipped(measure)} came."
        )
    if differs := other_rows(a, b):
        raise DataError(
            f"The states of {b.model.name!r} are of {differs} than those of {a.model.name!r}: row must stand beside "
            "row. Capture both from one corpus and task."
        )
    width = max(a.states.shape[2], b.states.shape[2])
    if a.n_targets < _ROWS * width:
        warnings.warn(
            f"{a.n_targets:,} targets are fewer than {_ROWS} for each of {width} features: of so few, states look "
            "alike that are not. Capture more targets.",
            stacklevel=3,
        )
