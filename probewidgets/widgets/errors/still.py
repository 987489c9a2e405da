"""The errors without a page: the picture of the grid, tables with numbers, and lines of text."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from probewidgets.figures.matrix import lay_grid
from probewidgets.figures.sheet import Sheet, title_of
from probewidgets.metrics.slices import shares
from probewidgets.values import Estimate
from probewidgets.widgets.errors.screens import OTHER_TYPES, Screen
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


def picture(screen: Screen[Any], layer: int, width: Any = None, mark: tuple[Any, Any] | None = None) -> Sheet:
    """The grid of a layer; a cell, a row or a column of it may be marked."""
    (rows, columns), tested = screen.words, screen.tested
    title = title_of(tested.sweep, f"layer {layer}, {rows} in rows, {columns} in columns", layer)
    return lay_grid(tested.names, tested.counts(layer), screen.axis, title, width, mark)


def table(screen: Screen[Any], layer: int, slices: pd.DataFrame, rows: Rows, total: int) -> str:
    """What is confused most, the worst slices, and the first examples that are listed, as tables."""
    sweep = screen.tested.sweep
    return (
        f"<div>{_confused(screen, layer)}{_slices(screen, slices)}{_examples(screen, rows, total)}"
        f"<p><small>{escape(caption(sweep))} Test {sweep.metric_name} of layer {layer}: "
        f"{html.escape(str(sweep.score(layer).value))}.</small></p></div>"
    )


def text(title: str, screen: Screen[Any], slices: pd.DataFrame, rows: Rows) -> str:
    """What it is of, the worst slices, and the first examples, one a line."""
    worst = [f"  {kind}: {name}  {value}" for kind, name, value, *_ in _worst(screen, slices)]
    is_gold, is_given = screen.words
    listed = [
        f"  {before}[{word}]{after}  {is_gold} {gold}, {is_given} {given} {told}"
        for (before, word, after), (gold, given), told in _first(screen, rows)
    ]
    return "\n".join([title, "Worst slices:", *worst, "Listed:", *listed])


def _confused(screen: Screen[Any], layer: int) -> str:
    names, counts = screen.tested.names, screen.tested.counts(layer)
    rows, columns = shares(counts)
    wrong = np.where(np.eye(len(counts), dtype=bool), 0, counts)
    order = np.argsort(-wrong, axis=None, kind="stable")[:MOST_CONFUSED]
    cells = []
    for i, j in zip(*np.unravel_index(order, wrong.shape), strict=True):
        if wrong[i, j]:
            pair = [escape(short(names[k])) for k in (i, j)]
            shown = (f"{wrong[i, j]:,}", f"{rows[i, j]:.1%}", f"{columns[i, j]:.1%}", f"{counts[i].sum():,}")
            cells.append([*pair, *shown])
    gold, given = screen.words
    heads = [gold.title(), given.title(), "Targets", f"Share of {gold}", f"Share of {given}", f"{gold.title()} in all"]
    return _table("Taken for another most often", heads, cells)


def _slices(screen: Screen[Any], slices: pd.DataFrame) -> str:
    cells = [[escape(kind), escape(short(name)), *numbers] for kind, name, *numbers in _worst(screen, slices)]
    *_, beside = slices.columns
    heads = ["Slice by", "Which", screen.score.capitalize(), beside.capitalize(), "Targets"]
    return _table("Where it is worst", heads, cells)


def _worst(screen: Screen[Any], slices: pd.DataFrame) -> list[tuple[str, str, str, str, str]]:
    """The worst slices: kind, name, score with its interval, what is beside it, targets."""
    measure, beside = screen.tested.measure, slices.columns[-1]
    worst = []
    for _, row in slices.head(MOST_SLICES).iterrows():
        score = Estimate(*(row[f"{measure}{end}"] for end in ("", "_low", "_high")))
        told = f"{row[beside]:,}" if isinstance(row[beside], int | np.integer) else f"{row[beside]:.3f}"
        worst.append((row["kind"], row["slice"] or OTHER_TYPES, str(score), told, f"{row['targets']:,}"))
    return worst


def _examples(screen: Screen[Any], rows: Rows, total: int) -> str:
    cells = [
        [_sentence(row), *(escape(short(label)) for label in labels), told]
        for row, labels, told in _first(screen, rows)
    ]
    more = f" (the first of {total:,})" if total > len(cells) else ""
    heads = ["Sentence", *(word.title() for word in screen.words), screen.column.title()]
    return _table(f"Listed{more}", heads, cells)


def _first(screen: Screen[Any], rows: Rows) -> Iterator[tuple[tuple[str, str, str], tuple[str, str], str]]:
    """The first rows: what stands before the word, the word, what stands behind it; its answers; what is told of it."""
    names = screen.tested.names
    columns = (rows[name][:MOST_EXAMPLES] for name in ("before", "word", "after", "gold", "given", "told"))
    for before, word, after, gold, given, told in zip(*columns, strict=True):
        context = "…" * (len(before) > AROUND) + before[-AROUND:], word, after[:AROUND] + "…" * (len(after) > AROUND)
        answers = (each if isinstance(each, str) else names[each] for each in (gold, given))
        yield context, tuple(answers), "–" if told is None else told  # type: ignore[misc]


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
