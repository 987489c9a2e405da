"""Estimates with intervals, baselines, and which model it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

__all__ = ["Baseline", "Estimate", "ModelCard"]


@dataclass(frozen=True)
class Estimate:
    """A value with its 95 % interval and its unit."""

    value: float
    low: float = float("nan")
    """Lower end of the interval; NaN where it is undefined (one sentence)."""
    high: float = float("nan")
    """Upper end of the interval; NaN where it is undefined."""
    unit: str = ""
    """`""` for a share, `"bits"` for a cross-entropy."""

    def __format__(self, spec: str) -> str:
        spec = spec or ".3f"
        unit = f" {self.unit}" if self.unit else ""
        if np.isnan(self.low):
            return f"{self.value:{spec}}{unit} [n/a]"
        return f"{self.value:{spec}} [{self.low:{spec}}, {self.high:{spec}}]{unit}"

    def __str__(self) -> str:
        return format(self)


@dataclass(frozen=True)
class ModelCard:
    """Which model the states came from: enough to say it in a caption, and to notice another one."""

    name: str
    """What the person called it: a hub name, a folder's name, `"all-MiniLM-L6-v2"`, or the class of one in memory."""
    revision: str = ""
    """Hub revision, where there is one."""
    fingerprint: str = ""
    """Hash over the config, the tokenizer and the weights (hex)."""
    n_layers: int = 0
    """Number of hidden states: blocks + 1, for the embeddings."""
    hidden_size: int = 0
    """D, the width of a hidden state."""
    final_norm: bool = False
    """Whether the last layer is what comes after the model's final norm: another scale than the layers below."""
    stack: str = ""
    """`"encoder"` or `"decoder"` of an encoder-decoder; else empty."""
    site: str = "residual"
    """Where in a block the states were taken: see `probewidgets.models.sites`."""
    embeddings: bool = True
    """Whether layer 0 is the embeddings; not in a `SequenceModel`, whose layers are what its module gives."""

    @property
    def place(self) -> str:
        """Where the states are from, in captions: `"gpt2"`, or `"gpt2 (site mlp)"`."""
        return self.name if self.site == "residual" else f"{self.name} (site {self.site})"

    @property
    def begins_with_embeddings(self) -> bool:
        """Whether layer 0, where it was captured, is the embeddings."""
        return self.embeddings and self.site in ("residual", "block")

    def have_baseline(self, layers: Sequence[int]) -> bool:
        """Whether the embeddings are among these layers, and others of which they are a baseline."""
        return self.begins_with_embeddings and 0 in layers and len(layers) > 1

    def layer_name(self, layer: int) -> str:
        """`"0 (embeddings)"`, `"3"`, ..., `"12 (final norm)"`."""
        if layer == 0 and self.begins_with_embeddings:
            return "0 (embeddings)"
        normed = self.final_norm and self.site == "residual" and layer == self.n_layers - 1
        return f"{layer} (final norm)" if normed else str(layer)


@dataclass(frozen=True)
class Baseline:
    """What can be had without the layer's states, on the same test targets."""

    name: str
    """`"majority"`, `"word type"`, `"layer 0"`, `"control chance"`, `"control ceiling"`, ..."""
    value: Estimate
    """In the score that the sweep goes by."""
    others: Mapping[str, Estimate] = field(default_factory=dict)
    """The other scores of the same answers, by name."""

    @property
    def accuracy(self) -> Estimate:
        """The value, of sweeps that go by accuracy."""
        return self.value
