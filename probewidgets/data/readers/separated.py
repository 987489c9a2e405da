"""Tables in CSV and TSV: cells in a line, with commas or tabs between them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from probewidgets.data.readers.files import decoded
from probewidgets.data.readers.rows import Row, Table
from probewidgets.errors import FormatError, clipped

__all__ = ["separated"]


def separated(path: Path, separator: str, quoted: bool) -> Table:
    """The rows of a file; where names of columns have a space behind the comma, all cells lose it.

    Args:
        path: The file.
        separator: What parts its cells. Where cells may be quoted, and a semicolon, a tab or a bar parts the names of
            the columns instead, that is taken.
        quoted: Whether double quotes hold a cell together.

    Raises:
        FormatError: A row has more cells or fewer than there are columns, or their names again, or there is none.
        DataError: It cannot be read.
    """
    text = decoded(path, "CSV" if separator == "," else "TSV")
    quoting: Any = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=separator,
        quoting=quoting,
        strict=quoted,
        skipinitialspace=f"{separator} " in text.split("\n", 1)[0],
    )
    rows: list[tuple[int, Row]] = []
    lines = _lines(path, reader)
    at, names = next(lines, (1, []))
    columns = [name.strip() for name in names]
    if not columns or len(set(columns)) != len(columns):
        raise FormatError(
            path, at, f"expected the names of the columns, all different, but {clipped(columns, 80)} came."
        )
    if len(columns) == 1 and (other := next((sign for sign in ",;\t|" if sign in columns[0]), None)):
        if quoted:  # as Excel writes CSV where the comma stands in numbers
            return separated(path, other, quoted)
        raise FormatError(
            path,
            at,
            f"there is one column, {clipped(columns[0])}, whose name holds {other!r}: the cells seem to be parted by "
            f"that, expected {separator!r}. Read it with pandas, read_table(pd.read_csv(path, sep={other!r})).",
        )
    for at, fields in lines:
        if fields == names:
            raise FormatError(path, at, "the names of the columns stand here again. Were files joined? Remove them.")
        if len(fields) > 1 and not any(map(str.strip, fields)):  # an empty row of a spreadsheet
            continue
        if len(fields) != len(columns):
            hint = " Is a double quote not closed, or none meant (quoted=False)?" if quoted else ""
            if names[0].startswith("#"):
                hint = f" The first line reads {clipped(separator.join(names))}: if that is a comment, remove it."
            raise FormatError(path, at, f"{len(fields)} cell(s), expected {len(columns)}, as many as columns.{hint}")
        rows.append((at, dict(zip(columns, fields, strict=True))))
    if not rows:
        raise FormatError(path, at, "no row after the names of the columns, expected at least one.")
    return Table(path.stem, columns, rows, lambda line, message: FormatError(path, line, message))


def _lines(path: Path, reader: Any) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with the line it begins on."""
    limit = csv.field_size_limit(1 << 27)
    try:
        line = 1
        for fields in reader:
            if fields:
                yield line, fields
            line = reader.line_num + 1
    except csv.Error as error:
        raise FormatError(path, line, f"{error}. Is a double quote not closed, or none meant (quoted=False)?") from None
    finally:
        csv.field_size_limit(limit)
