"""Activations: the pooled hidden states of a task's Targets, one matrix per layer. numpy only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from probewidgets.data.corpus import Corpus
from probewidgets.data.targets import Targets
from probewidgets.errors import ModelError
from probewidgets.results import ModelCard

__all__ = ["Activations", "Missing"]


@dataclass(frozen=True)
class Missing:
    """Targets that have no row, and why. They are counted and shown, never zero and never cut."""

    without_token: tuple[str, ...] = ()
    """Surfaces of the targets that got no token: the tokenizer drops these characters."""
    too_long: tuple[str, ...] = ()
    """Surfaces of the targets in sentences that have more tokens than the model takes."""
    shared: int = 0
    """Words that share a token with a neighbour, since the tokenizer gave them none of their own. They do have rows."""

    def __len__(self) -> int:
        return len(self.without_token) + len(self.too_long)

    def __str__(self) -> str:
        parts = []
        if self.without_token:
            parts.append(f"{len(self.without_token):,} target(s) got no token, e.g. {self.without_token[0]!r}")
        if self.too_long:
            parts.append(
                f"{len(self.too_long):,} target(s) stand in sentences longer than the model, e.g. {self.too_long[0]!r}"
            )
        if self.shared:
            parts.append(f"{self.shared:,} target(s) share a token with a neighbour")
        return "; ".join(parts) or "none"


@dataclass(frozen=True, eq=False)
class Activations:
    """Pooled hidden states of N Targets at L layers, with all that a sweep needs to know of where they come from.

    Raises:
        ModelError: The shapes do not agree.
    """

    states: npt.NDArray[np.float32]
    """(L, N, S*D) one matrix per layer, in the model's own units."""
    layers: tuple[int, ...]
    """(L,) which layers: 0 embeddings, l = output of block l."""
    targets: Targets
    """(N,) what the rows stand for; only the targets that have a row."""
    corpus: Corpus
    """Where the targets come from; its Split tells train from test."""
    model: ModelCard
    pool: str
    """Name of the pool over a unit's tokens."""
    missing: Missing = Missing()

    def __post_init__(self) -> None:
        if self.states.shape[:2] != (len(self.layers), len(self.targets)):
            raise ModelError(
                f"states must be (layers, targets, ...) = ({len(self.layers)}, {len(self.targets)}, ...), "
                f"but {self.states.shape} came."
            )

    @property
    def n_targets(self) -> int:
        """N."""
        return len(self.targets)

    def layer(self, layer: int) -> npt.NDArray[np.float32]:
        """(N, S*D) states of one layer.

        Raises:
            ModelError: The layer was not captured.
        """
        if layer not in self.layers:
            raise ModelError(f"Layer {layer!r} was not captured. Captured: {list(self.layers)}.")
        return self.states[self.layers.index(layer)]

    def rows(self, side: str) -> npt.NDArray[np.int64]:
        """Rows whose example is on one side of the split: `"train"`, `"dev"` or `"test"`."""
        member = np.zeros(len(self.corpus), dtype=bool)
        member[list(dict(self.corpus.split.items())[side])] = True
        return np.flatnonzero(member[self.targets.example])

    def __repr__(self) -> str:
        layers, n, width = self.states.shape
        lost = f", {len(self.missing):,} without a row" if len(self.missing) else ""
        return (
            f"Activations({self.targets.task!r} of {self.corpus.name!r} in {self.model.name!r}: {layers} layers x "
            f"{n:,} {self.targets.unit}s x {width}, pool {self.pool}, {self.states.nbytes / 2**20:,.0f} MiB{lost})"
        )
