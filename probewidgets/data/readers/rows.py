"""Rows of a table with named columns, wherever they come from: CSV, TSV, Parquet, or a pandas data frame."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from probewidgets.data.names import listed, meant
from probewidgets.data.readers.files import as_path, decoded
from probewidgets.errors import DataError, FormatError, clipped

__all__ = ["Row", "Table", "row_error", "table_of"]

SEPARATORS = {".csv": ",", ".tsv": "\t", ".tab": "\t"}
PARQUET = (".parquet", ".pq")

Row = Mapping[str, Any]
"""Column -> its value."""


@dataclass(frozen=True)
class Table:
    """The rows of a table, wherever it comes from."""

    name: str
    columns: Sequence[str]
    rows: Sequence[tuple[int, Row]]
    """Where each row stands (a line of a file, from 1, or a row of a frame, from 0), and its values."""
    fail: Callable[[int, str], DataError]
    """The error to raise of a row, from where it stands and a message."""

    def require(self, column: str, more: str = "") -> None:
        """Raise DataError where there is no such column; `more` names another one that would do."""
        if column not in self.columns:
            guess = meant(column, self.columns)
            raise DataError(f"{self.name!r} has no column {column!r}{more}. It has: {listed(self.columns)}.{guess}")


def table_of(table: Any, quoted: bool | None) -> Table:
    """The rows of a file or a data frame.

    Args:
        table: A path that ends in `.csv`, `.tsv` or `.parquet`, or a pandas DataFrame.
        quoted: Whether double quotes hold a cell together; by default in CSV, but not in TSV.

    Raises:
        FormatError: A row has more cells or fewer than there are columns, or there is none.
        DataError: It is neither, or cannot be read.
    """
    if isinstance(table, str | os.PathLike):
        path = as_path(table, "table", "CSV, TSV or Parquet")
        ending = path.suffix.lower()
        if ending in SEPARATORS:
            return _separated(path, SEPARATORS[ending], ending == ".csv" if quoted is None else quoted)
        if ending in PARQUET:
            return _frame(_parquet(path), path.stem)
        raise DataError(f"{path} ends in {ending!r}, expected one of {[*SEPARATORS, *PARQUET]}. Or pass a DataFrame.")
    import pandas as pd

    if isinstance(table, pd.DataFrame):
        return _frame(table, "table")
    raise DataError(f"table must be a path or a pandas DataFrame, but {type(table).__name__} came.")


def _separated(path: Path, separator: str, quoted: bool) -> Table:
    text = decoded(path, "CSV" if separator == "," else "TSV")
    quoting: Any = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting, strict=quoted)
    rows: list[tuple[int, Row]] = []
    lines = _lines(path, reader)
    at, columns = next(lines, (1, []))
    if not columns or len(set(columns)) != len(columns):
        raise FormatError(
            path, at, f"expected the names of the columns, all different, but {clipped(columns, 80)} came."
        )
    for at, fields in lines:
        if len(fields) != len(columns):
            hint = " Is a double quote not closed, or none meant (quoted=False)?" if quoted else ""
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


def _parquet(path: Path) -> Any:
    import pandas as pd

    try:
        return pd.read_parquet(path)
    except ImportError:
        raise DataError(
            f"Cannot read {path}: pandas reads Parquet with pyarrow, which is not installed. Install it "
            "(pip install pyarrow), or save the table as CSV."
        ) from None
    except Exception as error:  # each engine has errors of its own
        raise DataError(f"Cannot read {path} as Parquet: {error}.") from error


def _frame(frame: Any, name: str) -> Table:
    if not frame.columns.is_unique:
        raise DataError(f"Columns must have different names, but {clipped(list(frame.columns), 80)} came.")
    values = frame.astype(object).where(frame.notna(), None)
    columns = [str(column) for column in frame.columns]
    rows = [
        (i, dict(zip(columns, row, strict=True))) for i, row in enumerate(values.itertuples(index=False, name=None))
    ]
    if not rows:
        raise DataError(f"{name!r} has no row.")
    return Table(name, columns, rows, row_error(name))


def row_error(name: str) -> Callable[[int, str], DataError]:
    """The error to raise of a row, for a table that is no file: from the number of the row and a message."""
    return lambda row, message: DataError(f"{name!r}, row {row}: {message}")
