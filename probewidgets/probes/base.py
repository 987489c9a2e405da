"""A Probe (hyper-parameters) is fitted and becomes a FittedProbe (weights): two types, so no use before the fit."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

__all__ = ["FittedProbe", "Probe"]

Floats = npt.NDArray[np.floating[Any]]


@runtime_checkable
class FittedProbe(Protocol):
    """Weights that turn states into label probabilities. Immutable, numpy only."""

    @property
    def labels(self) -> tuple[Any, ...]:
        """(K,) the labels, in the order of the columns."""

    def log_proba(self, X: Floats) -> Floats:
        """(N, D) states -> (N, K) log-probabilities in nats."""

    def predict(self, X: Floats) -> npt.NDArray[Any]:
        """(N, D) states -> (N,) labels."""


@runtime_checkable
class Probe(Protocol):
    """Hyper-parameters. `fit` returns a FittedProbe and leaves the Probe as it was."""

    def fit(self, X: Floats, y: npt.NDArray[Any]) -> FittedProbe:
        """Fit on (N, D) states and (N,) labels."""
