"""Targets: what is labelled, and where. One shape for words, spans, edges and sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from probewidgets.data.examples import Span
from probewidgets.errors import DataError, clipped

__all__ = ["Target", "Targets"]


@dataclass(frozen=True, slots=True)
class Target:
    """One labelled thing: read it as "in this example, these spans carry this label"."""

    example: int
    """Index of the example in its Corpus."""
    spans: tuple[Span, ...]
    """One span: a word or a span. Two: an edge, (modifier, head). None: the whole sentence."""
    surface: str
    """The exact characters of the first span (of the whole text if there is none); the word type."""
    label: str | tuple[str, ...] | float
    """The gold label; several (or none) where the task is multi-label; a number where it is a regression."""


@dataclass(frozen=True, eq=False)
class Targets:
    """All Targets of one Task on one Corpus, in columns.

    `len(targets)` is N; `targets[i]` is the i-th as a Target.

    Raises:
        DataError: The columns do not have the same length, a label index has no label, or a number is not finite.
    """

    task: str
    """Name of the task, e.g. `"upos"`."""
    unit: str
    """What one target is: `"word"`, `"span"`, `"edge"` or `"sentence"`."""
    example: npt.NDArray[np.int64]
    """(N,) index of the example in the Corpus."""
    spans: npt.NDArray[np.int64]
    """(N, S, 2) character ranges `[start, end)`; S is 1 for words and spans, 2 for edges, 0 for sentences."""
    surface: tuple[str, ...]
    """(N,) exact characters of the first span, or of the text: the word type."""
    y: npt.NDArray[Any]
    """What is to be predicted, by `kind`: (N,) integers, indices into `labels`; (N, K) booleans; or (N,) floats.

    Probes of a sweep answer with the names of labels: compare those with `names`, not with the indices.
    """
    labels: tuple[str, ...]
    """(K,) the label names, sorted (as numbers, if all are); none where the task is a regression."""
    unlabelled: int = 0
    """Words (spans, sentences) left out because they carry no label for this task."""

    def __post_init__(self) -> None:
        n = len(self.example)
        if not (len(self.spans) == len(self.surface) == len(self.y) == n) or self.spans.shape[2:] != (2,):
            raise DataError(
                f"Columns of Targets must share N: example {n}, spans {self.spans.shape}, "
                f"surface {len(self.surface)}, y {len(self.y)}."
            )
        if self.kind == "labels" and self.y.shape[1] != len(self.labels):
            raise DataError(f"y must have a column for each of the {len(self.labels)} labels, but is {self.y.shape}.")
        if self.kind == "label" and n and not 0 <= self.y.min() <= self.y.max() < len(self.labels):
            raise DataError(f"y must index the {len(self.labels)} labels, but runs {self.y.min()}..{self.y.max()}.")
        if self.kind == "number" and not np.isfinite(self.y).all():
            row = int(np.flatnonzero(~np.isfinite(self.y))[0])
            raise DataError(
                f"The numbers to predict must be finite, but {self.y[row]} came for {clipped(self.surface[row])} "
                f"(example {self.example[row]}). Leave such targets out."
            )

    def __len__(self) -> int:
        return len(self.example)

    def __getitem__(self, index: int) -> Target:
        spans = tuple(Span(int(start), int(end)) for start, end in self.spans[index])
        return Target(int(self.example[index]), spans, self.surface[index], self._label(self.y[index]))

    def _label(self, y: Any) -> str | tuple[str, ...] | float:
        if self.kind == "label":
            return self.labels[int(y)]
        if self.kind == "number":
            return float(y)
        return tuple(self.labels[k] for k in np.flatnonzero(y))

    def __iter__(self) -> Iterator[Target]:
        return (self[i] for i in range(len(self)))

    def __repr__(self) -> str:
        what = {
            "label": f"{len(self.labels)} labels",
            "labels": f"{len(self.labels)} labels, any number of them each",
            "number": f"numbers from {self.y.min():.3g} to {self.y.max():.3g}" if len(self) else "numbers",
        }
        return f"Targets({self.task!r}: {len(self):,} {self.unit}s, {what[self.kind]})"

    @property
    def kind(self) -> str:
        """Kind of answer that a target carries: a `"label"`, several `"labels"` (or none), or a `"number"`."""
        if self.y.ndim == 2:
            return "labels"
        return "label" if np.issubdtype(self.y.dtype, np.integer) else "number"

    @property
    def names(self) -> npt.NDArray[np.str_]:
        """(N,) the name of each label, as probes predict it: `(probe.predict(X) == targets.names).mean()`.

        Raises:
            DataError: A target has several labels or a number, not one label: `y` is what is predicted.
        """
        if self.kind != "label":
            raise DataError(f"{self!r} have no names of one label each: compare predictions with y, {self.y.shape}.")
        return np.array(self.labels, dtype=str)[self.y]

    @property
    def n_spans(self) -> int:
        """S: 0 for sentences, 1 for words and spans, 2 for edges."""
        return int(self.spans.shape[1])

    def take(self, rows: npt.NDArray[np.int64]) -> Targets:
        """The Targets at `rows`, in that order; the label set stays whole."""
        return replace(
            self,
            example=self.example[rows],
            spans=self.spans[rows],
            surface=tuple(self.surface[i] for i in rows),
            y=self.y[rows],
        )
