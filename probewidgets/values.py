"""Values that every room speaks of: estimates with intervals, which model it was, and predictions for a typed text.

Frozen, over numpy arrays; no torch. Every `repr` is one line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Baseline", "Estimate", "ModelCard", "Predictions", "Unit", "entropy"]

_ROUNDING = 1e-3
"""By how much a probability may miss [0, 1]."""


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


@dataclass(frozen=True, slots=True)
class Unit:
    """The thing that a probability belongs to: what the probe was trained on (a word, a span, a sentence).

    Args:
        text: Its characters, as typed.
        start: First character in the typed text (chars).
        end: One past the last character (chars).
        line: Which line (sentence) it stands in, counted from 0.
        gold: The label that the person gave as `word/TAG`, if any.
        seen: Whether its word type is in train; None where nothing is known of train.
    """

    text: str
    start: int
    end: int
    line: int = 0
    gold: str | None = None
    seen: bool | None = None


@dataclass(frozen=True, eq=False)
class Predictions:
    """What the probes of all layers say of one typed text.

    Args:
        text: The text as typed.
        units: (U,) what is labelled in it, in reading order.
        layers: (L,) the number of each layer.
        labels: (K,) the names of the labels.
        proba: (L, U, K) probability of each label, for each unit at each layer; a row of K sums to 1, or is NaN
            where there is no value.
        notes: What the reader should know: words without a token, text cut off, ...
        names: (L,) what to call each layer; empty: `"Layer 3"`.
    """

    text: str
    units: tuple[Unit, ...]
    layers: tuple[int, ...]
    labels: tuple[str, ...]
    proba: npt.NDArray[np.float32]
    notes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        shape = (len(self.layers), len(self.units), len(self.labels))
        shape_given = self.proba.shape if isinstance(self.proba, np.ndarray) else type(self.proba).__name__
        if shape_given != shape:
            raise ProbeError(f"proba must be an array (layers, units, labels) = {shape}, but {shape_given} came.")
        low, high = (end.reduce(self.proba, axis=None, initial=0.0) for end in (np.fmin, np.fmax))  # NaN is passed by
        if low < -_ROUNDING or high > 1 + _ROUNDING:
            raise ProbeError(
                f"proba must hold probabilities, in [0, 1], but {low if low < -_ROUNDING else high:g} came."
            )
        view = self.proba.view()
        view.flags.writeable = False
        object.__setattr__(self, "proba", view)

    def __len__(self) -> int:
        return len(self.units)

    def __iter__(self) -> Iterator[Unit]:
        return iter(self.units)

    def __repr__(self) -> str:
        head = self.text if len(self.text) <= 40 else self.text[:39] + "…"
        counts = zip(self.proba.shape, ("layer", "unit", "label"), strict=True)
        shape = " x ".join(f"{n} {name}" if n == 1 else f"{n} {name}s" for n, name in counts)
        return f"Predictions({head!r}: {shape})"

    def label(self, layer: int) -> tuple[str, ...]:
        """(U,) the most probable label of every unit at one layer.

        Raises:
            ProbeError: The layer was not probed.
        """
        if layer not in self.layers:
            raise ProbeError(f"Layer {layer!r} was not probed. Probed: {list(self.layers)}.")
        return tuple(self.labels[k] for k in self.proba[self.layers.index(layer)].argmax(-1))

    def to_frame(self, probabilities: bool = False) -> pd.DataFrame:
        """One row per (layer, unit): text, line, span, gold, seen, predicted label, its probability, entropy (bits).

        Args:
            probabilities: Whether to add a column for each label: `p_NOUN`, ...
        """
        import pandas as pd

        spread = entropy(self.proba)
        rows = [
            {
                "layer": layer,
                "unit": u,
                "text": unit.text,
                "line": unit.line,
                "start": unit.start,
                "end": unit.end,
                "gold": unit.gold,
                "seen": unit.seen,
                "label": self.labels[int(self.proba[row, u].argmax())],
                "probability": float(self.proba[row, u].max()),
                "entropy": float(spread[row, u]),
            }
            for row, layer in enumerate(self.layers)
            for u, unit in enumerate(self.units)
        ]
        columns = ("layer", "unit", "text", "line", "start", "end", "gold", "seen", "label", "probability", "entropy")
        frame: pd.DataFrame = pd.DataFrame(rows, columns=list(columns))
        if probabilities:
            flat = self.proba.reshape(-1, len(self.labels))
            return frame.join(pd.DataFrame(flat, columns=[f"p_{label}" for label in self.labels]))
        return frame


def entropy(p: npt.ArrayLike) -> Any:
    """Entropy in bits along the last axis of probabilities; 0 log 0 is 0."""
    p = np.asarray(p, dtype=np.float64)
    return -np.sum(p * np.log2(p, out=np.zeros_like(p), where=p > 0), axis=-1)
