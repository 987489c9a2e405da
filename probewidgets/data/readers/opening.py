"""Whatever a person has of a table: a file, a data frame, records, pairs or columns."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from probewidgets.data.readers.files import as_path
from probewidgets.data.readers.records import JSON, column_table, json_table, record_table
from probewidgets.data.readers.rows import Table, row_error
from probewidgets.data.readers.separated import separated
from probewidgets.errors import DataError, clipped

__all__ = ["table_of"]

SEPARATORS = {".csv": ",", ".tsv": "\t", ".tab": "\t"}
PARQUET = (".parquet", ".pq")


def table_of(table: Any, quoted: bool | None, pair: tuple[str, str]) -> Table:
    """The rows of a file, a data frame, or of what holds texts in memory.

    Args:
        table: A path that ends in `.csv`, `.tsv`, `.parquet`, `.jsonl` or `.json`; a pandas DataFrame; a mapping from
            columns to their values; pairs; or mappings from columns to values, one for each row.
        quoted: Whether double quotes hold a cell together; by default in CSV, but not in TSV.
        pair: What the two things in a pair are called.

    Raises:
        FormatError: A row has more cells or fewer than there are columns, or there is none.
        DataError: It is none of these, or cannot be read.
    """
    if isinstance(table, str | os.PathLike):
        return _file(as_path(table, "table", "CSV, TSV, Parquet or JSON"), quoted)
    import pandas as pd

    if isinstance(table, pd.DataFrame):
        return _frame(table, "table")
    if hasattr(table, "features") or (
        isinstance(table, Mapping) and any(hasattr(p, "features") for p in table.values())
    ):
        raise DataError(f"{type(table).__name__} came, which holds a dataset: read it with from_dataset.")
    if isinstance(table, Mapping):
        return column_table(table, "table")
    if isinstance(table, Iterable) and not isinstance(table, bytes):
        return record_table(list(table), "table", pair)
    raise DataError(
        f"table must be a path or a pandas DataFrame, ({pair[0]}, {pair[1]}) pairs, or a mapping from columns to "
        f"lists, but {type(table).__name__} came."
    )


def _file(path: Path, quoted: bool | None) -> Table:
    ending = path.suffix.lower()
    if ending in SEPARATORS:
        return separated(path, SEPARATORS[ending], ending == ".csv" if quoted is None else quoted)
    if ending in PARQUET:
        return _frame(_parquet(path), path.stem)
    if ending in JSON:
        return json_table(path)
    if path.is_dir():
        raise DataError(f"{path} is a folder, expected one file. Join its files before, or read one of them.")
    raise DataError(
        f"{path} ends in {ending!r}, expected one of {[*SEPARATORS, *PARQUET, *JSON]}. Or pass a DataFrame."
    )


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
