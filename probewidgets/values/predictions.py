"""What the probes of all layers say of one typed text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError
from probewidgets.values.scale import Scale

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Predictions", "Unit", "entropy"]

_ROUNDING = 1e-3
"""By how much a probability may miss [0, 1]."""
_HOLDS = 0.5
"""From which probability on a label of several holds."""


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
    """What the probes of all layers say of one typed text: labels with their probabilities, or numbers.

    Args:
        text: The text as typed.
        units: (U,) what is labelled in it, in reading order.
        layers: (L,) the number of each layer.
        labels: (K,) the names of the labels; none of numbers.
        proba: (L, U, K) probability of each label, for each unit at each layer; a row of K sums to 1, unless any number
            of labels may hold, or is NaN where there is no value. Of numbers (L, U, 0).
        notes: What the reader should know: words without a token, text cut off, ...
        names: (L,) what to call each layer; empty: `"Layer 3"`.
        kind: `"label"`, one for each unit; `"labels"`, any number of them, each by itself; `"number"`.
        values: (L, U) the numbers, in the unit of the task, NaN where there is none; None of labels.
        scale: What the numbers are like in train; None of labels.
    """

    text: str
    units: tuple[Unit, ...]
    layers: tuple[int, ...]
    labels: tuple[str, ...]
    proba: npt.NDArray[np.float32]
    notes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    kind: str = "label"
    values: npt.NDArray[np.float32] | None = None
    scale: Scale | None = None

    def __post_init__(self) -> None:
        self._check_kind()
        shape = (len(self.layers), len(self.units), len(self.labels))
        shape_given = self.proba.shape if isinstance(self.proba, np.ndarray) else type(self.proba).__name__
        if shape_given != shape:
            raise ProbeError(f"proba must be an array (layers, units, labels) = {shape}, but {shape_given} came.")
        low, high = (end.reduce(self.proba, axis=None, initial=0.0) for end in (np.fmin, np.fmax))  # NaN is passed by
        if low < -_ROUNDING or high > 1 + _ROUNDING:
            raise ProbeError(
                f"proba must hold probabilities, in [0, 1], but {low if low < -_ROUNDING else high:g} came."
            )
        for name in ("proba", "values"):
            if (array := getattr(self, name)) is not None:
                view = array.view()
                view.flags.writeable = False
                object.__setattr__(self, name, view)

    def _check_kind(self) -> None:
        """Raise ProbeError where there is not what the kind wants."""
        if self.kind not in ("label", "labels", "number"):
            raise ProbeError(f"kind must be 'label', 'labels' or 'number', but {self.kind!r} came.")
        numbers = self.kind == "number"
        if [self.values is not None, self.scale is not None] != [numbers] * 2 or (numbers and self.labels):
            raise ProbeError(
                "Numbers come as values= with a scale= and without labels, and nothing else does: use "
                "Predictions.of_numbers."
            )
        shape = (len(self.layers), len(self.units))
        if self.values is not None and np.shape(self.values) != shape:
            raise ProbeError(f"values must be an array (layers, units) = {shape}, but {np.shape(self.values)} came.")

    @classmethod
    def of_numbers(
        cls,
        text: str,
        units: Sequence[Unit],
        layers: Sequence[int],
        values: npt.ArrayLike,
        scale: Scale,
        **more: Any,
    ) -> Predictions:
        """Predictions of numbers.

        Args:
            text: The text as typed.
            units: (U,) what has a number in it, in reading order.
            layers: (L,) the number of each layer.
            values: (L, U) the numbers.
            scale: What they are like in train.
            more: `notes` and `names`.

        Raises:
            ProbeError: The numbers have another shape.
        """
        nothing = np.zeros((len(layers), len(units), 0), np.float32)
        numbers = np.asarray(values, np.float32)
        kind: Any = {"kind": "number", "values": numbers, "scale": scale}
        return cls(text, tuple(units), tuple(layers), (), nothing, **kind, **more)

    def __len__(self) -> int:
        return len(self.units)

    def __iter__(self) -> Iterator[Unit]:
        return iter(self.units)

    def __repr__(self) -> str:
        head = self.text if len(self.text) <= 40 else self.text[:39] + "…"
        names = ("layer", "unit") if self.kind == "number" else ("layer", "unit", "label")
        counts = zip(self.proba.shape, names, strict=False)
        shape = " x ".join(f"{n} {name}" if n == 1 else f"{n} {name}s" for n, name in counts)
        return f"Predictions({head!r}: {shape}{', numbers' * (self.kind == 'number')})"

    def part(self, start: int, end: int) -> Predictions:
        """The units from one place up to another, of the same text."""
        if start <= 0 and len(self) <= end:
            return self
        units = slice(max(start, 0), end)
        values = None if self.values is None else self.values[:, units]
        return replace(self, units=self.units[units], proba=self.proba[:, units], values=values)

    def row(self, layer: int) -> int:
        """The place of a layer among them.

        Raises:
            ProbeError: The layer was not probed.
        """
        if layer not in self.layers:
            raise ProbeError(f"Layer {layer!r} was not probed. Probed: {list(self.layers)}.")
        return self.layers.index(layer)

    def label(self, layer: int) -> tuple[str, ...]:
        """(U,) the most probable label of every unit at one layer.

        Raises:
            ProbeError: The layer was not probed, or numbers are predicted.
        """
        if self.kind == "number":
            raise ProbeError("These predictions are numbers and have no label: take .answers(layer), or .values.")
        return tuple(self.labels[k] for k in self.proba[self.row(layer)].argmax(-1))

    def answers(self, layer: int) -> tuple[Any, ...]:
        """(U,) what is predicted of every unit at one layer: a label; a tuple of those that hold; or a number.

        Raises:
            ProbeError: The layer was not probed.
        """
        row = self.row(layer)
        if self.values is not None:
            return tuple(self.values[row].tolist())
        held = tuple(tuple(self.labels[k] for k in self.held(row, unit)) for unit in range(len(self)))
        return held if self.kind == "labels" else tuple(labels[0] if labels else None for labels in held)

    def held(self, row: int, unit: int) -> list[int]:
        """Which labels one unit is given at the layer of a row, the most probable first: places among the labels.

        One, or those with a probability of 0.5 or more where any number may hold; none where they are not finite.
        """
        p = self.proba[row, unit]
        if not p.size or not np.isfinite(p).all():
            return []
        if self.kind == "label":
            return [int(p.argmax())]
        return [k for k in np.argsort(-p, kind="stable").tolist() if p[k] >= _HOLDS]

    def to_frame(self, probabilities: bool = False) -> pd.DataFrame:
        """One row per (layer, unit): text, line, span, gold, seen, and what is predicted.

        That is the label, its probability and the entropy (bits); or the labels that hold, as a tuple, and the largest
        probability; or the value, and whether it lies outside of the training values.

        Args:
            probabilities: Whether to add a column for each label: `p_NOUN`, ...
        """
        import pandas as pd

        of_unit = ("text", "line", "start", "end", "gold", "seen")
        rows = [
            {"layer": layer, "unit": u, **{name: getattr(unit, name) for name in of_unit}}
            for layer in self.layers
            for u, unit in enumerate(self.units)
        ]
        frame: pd.DataFrame = pd.DataFrame(rows, columns=["layer", "unit", *of_unit])
        for name, column in self._columns().items():
            frame[name] = column
        if probabilities and self.labels:
            flat = self.proba.reshape(-1, len(self.labels))
            return frame.join(pd.DataFrame(flat, columns=[f"p_{label}" for label in self.labels]))
        return frame

    def _columns(self) -> dict[str, Any]:
        """What is predicted, row by row."""
        if self.values is not None and self.scale is not None:
            flat = self.values.ravel().astype(float)
            return {"value": flat, "outside": self.scale.outside(flat) != 0}
        answers = [answer for layer in self.layers for answer in self.answers(layer)]
        probability = self.proba.max(-1, initial=0.0).ravel().astype(float)
        if self.kind == "labels":
            return {"labels": answers, "probability": probability}
        return {"label": answers, "probability": probability, "entropy": entropy(self.proba).ravel()}


def entropy(p: npt.ArrayLike) -> Any:
    """Entropy in bits along the last axis of probabilities; 0 log 0 is 0."""
    p = np.asarray(p, dtype=np.float64)
    return -np.sum(p * np.log2(p, out=np.zeros_like(p), where=p > 0), axis=-1)
