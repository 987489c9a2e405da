"""Tables as records: JSON lines, JSON, and what Python holds in memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from probewidgets.data.readers.files import decoded
from probewidgets.data.readers.rows import Row, Table, row_error
from probewidgets.errors import DataError, FormatError, clipped

__all__ = ["JSON", "column_table", "json_table", "record_table"]

JSON = (".jsonl", ".ndjson", ".json")
HOLDERS = ("data", "rows", "records", "examples")
"""Keys under which a file of JSON may hold its records."""


def json_table(path: Path) -> Table:
    """The rows of a file of JSON: an object on each line, a list of objects, or an object of columns.

    Raises:
        FormatError: A line is no object.
        DataError: The file cannot be read, or its rows are none.
    """
    text = decoded(path, "JSON")
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):  # ValueError: no JSON, or a number of thousands of digits
        whole = None  # lines, then
    if isinstance(whole, list):
        return record_table(whole, path.stem)
    if isinstance(whole, dict) and (held := _held(whole, path.stem)):
        return held
    # Not splitlines(): texts may hold characters that it takes for line ends.
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if not lines:
        raise FormatError(path, 1, "no line found, expected JSON. Check that this is the right file.")
    rows = [(number, _object(path, number, line)) for number, line in lines]
    return _table(path.stem, rows, lambda line, message: FormatError(path, line, message))


def record_table(records: Sequence[Any], name: str, pair: tuple[str, str] | None = None) -> Table:
    """The rows that mappings from columns to values are, or pairs, whose two things are called by `pair`."""
    rows: list[tuple[int, Row]] = []
    fail = row_error(name)
    expected = "a mapping from columns to values" + (f", or a pair ({pair[0]}, {pair[1]})" if pair else "")
    for number, record in enumerate(records):
        if isinstance(record, Mapping):
            rows.append((number, {str(column): value for column, value in record.items()}))
        elif pair and isinstance(record, tuple | list) and len(record) == 2:
            rows.append((number, dict(zip(pair, record, strict=True))))
        else:
            raise fail(
                number, f"expected {expected}, but {clipped(record)} came. For texts alone, give {{'text': texts}}."
            )
    if not rows:
        raise DataError(f"{name!r} has no row.")
    return _table(name, rows, fail)


def column_table(columns: Mapping[Any, Any], name: str) -> Table:
    """The rows of a mapping from columns to their values, one for each row."""
    values: dict[str, list[Any]] = {}
    for column, given in columns.items():
        if isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable):
            raise DataError(
                f"{name!r}: column {column!r} must be a list with a value for each row, but {clipped(given)} came."
            )
        values[str(column)] = list(given)
    sizes = {column: len(given) for column, given in values.items()}
    if len(set(sizes.values())) > 1:
        raise DataError(f"{name!r}: columns must have as many values each, but these came: {sizes}.")
    rows = [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]
    return record_table(rows, name)


def _held(whole: Mapping[str, Any], name: str) -> Table | None:
    """The rows that one object holds, as pandas and others write them; None where it is a row itself."""
    for key in HOLDERS:
        inner = whole.get(key)
        if isinstance(inner, list) and inner and all(isinstance(record, dict) for record in inner):
            return record_table(inner, name)
        if isinstance(inner, list) and isinstance(names := whole.get("columns"), list):
            return record_table([dict(zip(names, row, strict=False)) for row in inner], name)
    if whole and all(isinstance(column, dict) for column in whole.values()):
        return column_table({column: list(values.values()) for column, values in whole.items()}, name)
    if whole and all(isinstance(column, list) for column in whole.values()):
        return column_table(whole, name)
    return None


def _object(path: Path, number: int, line: str) -> Row:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        message = f"this is no JSON ({error}), expected one object on each line. It reads {clipped(line)}."
        raise FormatError(path, number, message) from None
    if not isinstance(row, dict):
        raise FormatError(path, number, f'expected an object, such as {{"text": ...}}, but {clipped(line)} came.')
    return row


def _table(name: str, rows: Sequence[tuple[int, Row]], fail: Callable[[int, str], DataError]) -> Table:
    """A table with all columns that a row has; where one lacks some, they are None."""
    columns = list(dict.fromkeys(column for _, row in rows for column in row))
    empty = dict.fromkeys(columns)
    return Table(name, columns, [(at, {**empty, **row}) for at, row in rows], fail)
