"""Spans of characters that were marked in texts, as annotation tools and taggers write them."""

from __future__ import annotations

import operator
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from probewidgets.data.examples import Example, Span
from probewidgets.data.readers.rows import Table
from probewidgets.errors import DataError, clipped

__all__ = ["END", "START", "USUAL", "mark_of", "marked_columns", "marks_of", "warn_of_marks"]

USUAL = ("label", "labels", "entities", "spans", "ents")
"""Columns in which tools keep spans."""

START = ("start", "start_offset", "start_char", "begin")
END = ("end", "end_offset", "end_char", "stop")
LABEL = ("label", "labels", "tag", "type", "entity", "entity_group", "category")
SURFACE = ("text", "surface", "mention")
"""Keys of spans that are mappings."""

CUT = 0.1
"""Share of spans that begin or end within a word, from which on offsets are doubted."""

Marks = tuple[tuple[Span, Any], ...]


def marked_columns(table: Table, asked: Sequence[str]) -> list[str]:
    """Those of the columns in which tools keep spans, or of those asked for, whose lists hold nothing else.

    Raises:
        DataError: Some lists of a column hold spans, and others something else.
    """
    columns = []
    for column in dict.fromkeys([*asked, *USUAL]):
        cells = [(at, items) for at, row in table.rows if (items := _items(row.get(column)))]
        spans = [all(map(_is_span, items)) for _, items in cells]
        if any(spans):
            columns.append(column)
            if not all(spans):
                at, items = cells[spans.index(False)]
                raise table.fail(
                    at,
                    f"{column!r} must be a list of spans, (start, end, label), as in other rows, but {clipped(items)} "
                    "came.",
                )
    return columns


def marks_of(value: Any, text: str, column: str) -> Marks:
    """The spans that a cell marks in its text, each once.

    Raises:
        DataError: See `mark_of`.
    """
    return tuple(dict.fromkeys(mark_of(each, text, column) for item in _items(value) for each in _each(item)))


def mark_of(item: Any, text: str, column: str, labelled: bool = True) -> tuple[Span, Any]:
    """A span and its label, from `(start, end, label)` or a mapping.

    Args:
        item: What the tool wrote.
        text: That it counts in.
        column: Where it stands, for messages.
        labelled: Whether it must have a label.

    Raises:
        DataError: The span is empty or leaves the text, or is not what the tool says stands there, or has no label.
    """
    start, end, label, surface = _parts(item)
    if isinstance(start, bool) or isinstance(end, bool):
        start = None
    try:
        start, end = operator.index(start), operator.index(end)
    except TypeError:
        raise DataError(
            f"{column!r}: a span must be two whole numbers and a label, but {clipped(item)} came."
        ) from None
    if not 0 <= start < end <= len(text) or not text[start:end].strip():
        raise DataError(
            f"{column!r}: the span [{start}, {end}) is empty, or leaves the text of {len(text)} characters. "
            "Offsets count characters from 0, and the end is one past the last."
            f"{_other_units(text, start, end, surface)}"
        )
    if surface is not None and surface.strip() != text[start:end].strip():
        raise DataError(
            f"{column!r}: the span [{start}, {end}) is {clipped(text[start:end])}, but {clipped(surface)} was "
            f"marked. Was the text changed since?{_other_units(text, start, end, surface)}"
        )
    if labelled and not (isinstance(label, str | int) and label != ""):
        raise DataError(f"{column!r}: the span [{start}, {end}) must have a label, but {clipped(label)} came.")
    return Span(start, end), label


def warn_of_marks(name: str, examples: Sequence[Example]) -> None:
    """Warn where many spans begin or end within a word, or where one span has several labels."""
    marks = [(example, span) for example in examples for pairs in example.spans.values() for span, _ in pairs]
    cut = [(example, span) for example, span in marks if _cuts(example.text, span)]
    if marks and len(cut) / len(marks) > CUT:
        example, span = cut[0]
        warnings.warn(
            f"{len(cut):,} of {len(marks):,} spans of {name!r} begin or end within a word, such as "
            f"{clipped(span.of(example.text))} of example {example.id!r}. Do the offsets count the characters of this "
            "text?",
            stacklevel=4,
        )
    twice = sum(len(pairs) - len({span for span, _ in pairs}) for e in examples for pairs in e.spans.values())
    if twice:
        warnings.warn(
            f"{twice:,} span(s) of {name!r} have another label, too: each is a target of its own, and no probe of one "
            "label can get both right.",
            stacklevel=4,
        )


def _items(value: Any) -> list[Any]:
    """The items of a list, or of the list that a mapping holds (`{"entities": [...]}`)."""
    if isinstance(value, Mapping):
        value = next((value[key] for key in USUAL if key in value), None)
    if isinstance(value, np.ndarray):
        value = value.tolist()
    return list(value) if isinstance(value, list | tuple) else []


def _is_span(item: Any) -> bool:
    if isinstance(item, Mapping):
        return any(key in item for key in START) and any(key in item for key in END)
    items = _items(item)
    return (
        len(items) == 3 and all(isinstance(edge, int | np.integer) for edge in items[:2]) and isinstance(items[2], str)
    )


def _each(item: Any) -> list[Any]:
    """A span once for each of its labels, where it has a list of several."""
    key = next((key for key in LABEL if isinstance(item, Mapping) and item.get(key) is not None), "")
    return [{**item, key: label} for label in item[key]] if key and isinstance(item[key], list | tuple) else [item]


def _parts(item: Any) -> tuple[Any, Any, Any, str | None]:
    """Start, end and label of a span, and what the tool says stands there."""
    if not isinstance(item, Mapping):
        return *_items(item), None
    start, end, label, surface = (
        next((item[key] for key in keys if item.get(key) is not None), None) for keys in (START, END, LABEL, SURFACE)
    )
    return start, end, label, surface if isinstance(surface, str) else None


def _other_units(text: str, start: int, end: int, surface: str | None) -> str:
    """A sentence where the offsets are right in what other programs count."""
    if surface is None or start < 0:
        return ""
    for unit, code, size in (("UTF-16 units", "utf-16-le", 2), ("bytes", "utf-8", 1)):
        if text.encode(code, "replace")[size * start : size * end].decode(code, "replace") == surface:
            return f" They are right where {unit} are counted: count characters instead."
    return ""


def _cuts(text: str, span: Span) -> bool:
    """Tell whether a span begins or ends between two letters of a script with capitals: of others one cannot say."""
    return any(
        0 < at < len(text) and all(char.lower() != char.upper() for char in text[at - 1 : at + 1])
        for at in (span.start, span.end)
    )
