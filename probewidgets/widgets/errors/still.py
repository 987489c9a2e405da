"""The errors without a page: the picture of the confusion, tables with numbers, and lines of text."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from probewidgets.figures.matrix import lay_confusion as picture
from probewidgets.metrics.slices import shares
from probewidgets.sweeps.results import Sweep
from probewidgets.values import Estimate
from probewidgets.widgets.kit.static import escape, short
from probewidgets.widgets.reading.still import CENTRE, LEFT, caption

__all__ = ["picture", "table", "text"]

Rows = Mapping[str, Sequence[Any]]
"""Examples as a page is sent them."""

MOST_CONFUSED = 15
"""Pairs of labels in the table."""
MOST_SLICES = 12
MOST_EXAMPLES = 20
AROUND = 60
"""Characters shown around a word."""


def table(sweep: Sweep, layer: int, slices: pd.DataFrame, rows: Rows, total: int) -> str:
    """What is confused most, the worst slices, and the first examples that are listed, as tables."""
    return (
        f"<div>{_confused(sweep, layer)}{_slices(slices)}{_examples(sweep, rows, total)}"
        f"<p><small>{escape(caption(sweep))} Test {sweep.metric_name} of layer {layer}: "
        f"{html.escape(str(sweep.score(layer).value))}.</small></p></div>"
    )


def text(title: str, sweep: Sweep, slices: pd.DataFrame, rows: Rows) -> str:
    """What it is of, the worst slices, and the first examples, one a line."""
    worst = [f"  {kind}: {name}  {value}" for kind, name, value, *_ in _worst(slices)]
    listed = [
        f"  {before}[{word}]{after}  gold {gold}, given {given} {sure}"
        for (before, word, after), (gold, given), sure in _first(sweep, rows)
    ]
    return "\n".join([title, "Worst slices:", *worst, "Listed:", *listed])


def _confused(sweep: Sweep, layer: int) -> str:
    counts = sweep.confusion(layer).to_numpy()
    rows, columns = shares(counts)
    wrong = np.where(np.eye(len(counts), dtype=bool), 0, counts)
    order = np.argsort(-wrong, axis=None, kind="stable")[:MOST_CONFUSED]
    cells = []
    for i, j in zip(*np.unravel_index(order, wrong.shape), strict=True):
        if wrong[i, j]:
            names = [escape(short(sweep.label_names[k])) for k in (i, j)]
            shown = (f"{wrong[i, j]:,}", f"{rows[i, j]:.1%}", f"{columns[i, j]:.1%}", f"{counts[i].sum():,}")
            cells.append([*names, *shown])
    heads = ["Gold", "Given", "Targets", "Share of gold", "Share of given", "Gold in all"]
    return _table("Taken for another most often", heads, cells)


def _slices(slices: pd.DataFrame) -> str:
    cells = [[escape(kind), escape(short(name)), *numbers] for kind, name, *numbers in _worst(slices)]
    return _table("Where it is worst", ["Slice by", "Which", "Accuracy", "Errors", "Targets"], cells)


def _worst(slices: pd.DataFrame) -> list[tuple[str, str, str, str, str]]:
    """The worst slices: kind, name, accuracy with its interval, errors, targets."""
    rows = slices.head(MOST_SLICES).itertuples()
    return [
        (
            row.kind,
            row.slice or "all rarer types",
            str(Estimate(row.accuracy, row.accuracy_low, row.accuracy_high)),
            f"{row.errors:,}",
            f"{row.targets:,}",
        )
        for row in rows
    ]


def _examples(sweep: Sweep, rows: Rows, total: int) -> str:
    cells = [
        [_sentence(row), *(escape(short(label)) for label in labels), sure] for row, labels, sure in _first(sweep, rows)
    ]
    more = f" (the first of {total:,})" if total > len(cells) else ""
    return _table(f"Listed{more}", ["Sentence", "Gold", "Given", "Confidence"], cells)


def _first(sweep: Sweep, rows: Rows) -> Iterator[tuple[tuple[str, str, str], tuple[str, str], str]]:
    """The first rows: what stands before the word, the word, what stands behind it; gold and given label; how sure."""
    columns = (rows[name][:MOST_EXAMPLES] for name in ("before", "word", "after", "gold", "given", "confidence"))
    for before, word, after, gold, given, sure in zip(*columns, strict=True):
        context = "…" * (len(before) > AROUND) + before[-AROUND:], word, after[:AROUND] + "…" * (len(after) > AROUND)
        yield context, (sweep.label_names[gold], sweep.label_names[given]), "–" if sure is None else f"{sure:.2f}"


def _sentence(row: tuple[str, str, str]) -> str:
    """The word in its place."""
    before, word, after = (html.escape(part) for part in row)
    return f"<bdi>{before}<strong>{word}</strong>{after}</bdi>"


def _table(title: str, heads: list[str], rows: list[list[str]]) -> str:
    if not rows:
        return f"<p>{title}: nothing.</p>"
    head = "".join(f'<th scope="col" style="{LEFT}">{name}</th>' for name in heads)
    body = "".join("<tr>" + "".join(_cell(at, cell) for at, cell in enumerate(row)) + "</tr>" for row in rows)
    return (
        f'<table style="border-collapse:collapse;margin:4px 0"><caption style="text-align:left">{title}</caption>'
        f"<tbody><tr>{head}</tr>{body}</tbody></table>"
    )


def _cell(at: int, cell: str) -> str:
    return f'<td style="{LEFT if at < 2 else CENTRE}">{cell}</td>'
