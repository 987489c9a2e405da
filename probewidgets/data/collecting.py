"""From what is labelled in each example to Targets, in columns: one path for all tasks."""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from probewidgets.data.corpus import Corpus
from probewidgets.data.finding import Find
from probewidgets.data.targets import Targets
from probewidgets.errors import DataError, clipped

__all__ = ["collected"]


class Labelling(Protocol):
    """A task, as far as its Targets tell."""

    @property
    def name(self) -> str:
        """Name in tables and captions."""

    @property
    def unit(self) -> str:
        """Kind of thing that is labelled: `"word"`, `"span"`, `"edge"` or `"sentence"`."""

    @property
    def regression(self) -> bool:
        """True where labels are numbers."""


def collected(task: Labelling, corpus: Corpus, n_spans: int, find: Find) -> Targets:
    """All that `find` finds in the examples of a corpus, as Targets.

    Args:
        task: Whose Targets they are.
        corpus: The examples.
        n_spans: S, spans of each target.
        find: Gives the spans and the label of each target of an example.

    Raises:
        DataError: There is no label, a span ends after its text, or labels are of different kinds.
    """
    # Columns of numbers, and each word once: a list of tuples takes ten times as much.
    index, bounds = array("q"), array("q")
    surface: list[str] = []
    given: list[Any] = []
    unlabelled = 0
    for number, example in enumerate(corpus):
        text = example.text
        for spans, label in find(example):
            if label is None or (isinstance(label, float | np.floating) and np.isnan(label)):
                unlabelled += 1
                continue
            index.append(number)
            given.append(label)
            for span in spans:
                if span.end > len(text):
                    raise DataError(
                        f"Task {task.name!r}: the span [{span.start}, {span.end}) ends after the text of example "
                        f"{example.id or number!r}, which has {len(text)} characters."
                    )
                bounds.extend((span.start, span.end))
            surface.append(sys.intern(text[spans[0].start : spans[0].end]) if spans else text)
    if not given:
        raise DataError(
            f"Task {task.name!r} labels nothing: {corpus.name!r} has {len(corpus):,} sentence(s), and all "
            f"{unlabelled:,} {task.unit}(s) found carry no label. Choose another task or another corpus."
        )

    def at(row: int) -> str:
        return f"Task {task.name!r}, example {corpus[index[row]].id or index[row]!r}"

    y, labels = _numbers(given, at) if task.regression else _classes(given, at)
    return Targets(
        task=task.name,
        unit=task.unit,
        example=np.array(index, dtype=np.int64),
        spans=np.array(bounds, dtype=np.int64).reshape(len(given), n_spans, 2),
        surface=tuple(surface),
        y=y,
        labels=labels,
        unlabelled=unlabelled,
    )


def _classes(given: Sequence[Any], at: Callable[[int], str]) -> tuple[npt.NDArray[Any], tuple[str, ...]]:
    """(N,) indices of labels; or (N, K) booleans, where each of them is several."""
    several = [isinstance(label, list | tuple | set | frozenset) for label in given]
    if not any(several):
        names = [label if isinstance(label, str) else str(label) for label in given]
        labels = _ordered(set(names))
        number_of = {label: k for k, label in enumerate(labels)}
        return np.fromiter(map(number_of.__getitem__, names), dtype=np.int64, count=len(names)), labels
    if not all(several):
        row = several.index(not several[0])
        this, before = ("one label", "a list") if several[0] else ("a list of labels", "one label")
        raise DataError(
            f"{at(row)}: {this} came, {clipped(given[row])}, and {before} before it. Give every target one "
            "label, or every target a list, such as ['A'] or []."
        )
    sets = [{str(label) for label in labels} for labels in given]
    labels = _ordered(set().union(*sets))
    if not labels:
        raise DataError("All lists of labels are empty: there is nothing to tell apart.")
    return np.array([[label in members for label in labels] for members in sets], dtype=bool), labels


def _ordered(names: set[str]) -> tuple[str, ...]:
    """Sorted; as numbers if all of them are, for "10" comes after "9"."""
    numeric = all(re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", name) for name in names)
    return tuple(sorted(names, key=lambda name: (float(name), name) if numeric else (0.0, name)))


def _numbers(given: Sequence[Any], at: Callable[[int], str]) -> tuple[npt.NDArray[np.float64], tuple[str, ...]]:
    """(N,) numbers; strings that spell one are taken, as files hold nothing else."""
    values = np.empty(len(given))
    for row, label in enumerate(given):
        try:
            # True is the name of a class, though Python takes it for 1.
            values[row] = np.nan if isinstance(label, bool | np.bool_) else float(label)
        except (TypeError, ValueError):
            values[row] = np.nan
        if not np.isfinite(values[row]):
            raise DataError(f"{at(row)}: a regression predicts finite numbers, but the label {clipped(label)} came.")
    return values, ()
