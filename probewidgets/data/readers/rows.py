"""Rows of a table with named columns, wherever they come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from probewidgets.data.names import listed, meant
from probewidgets.errors import DataError

__all__ = ["Row", "Table", "row_error"]

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

    def require(self, column: str, more: str = "", words: str | None = None) -> None:
        """Raise DataError where there is no such column; `more` says what else would do, `words` is one that would."""
        if column not in self.columns:
            guess = meant(column, self.columns) or (
                "" if words is None else meant(words, self.columns).replace("mean ", "mean words=")
            )
            raise DataError(f"{self.name!r} has no column {column!r}{more}. It has: {listed(self.columns)}.{guess}")


def row_error(name: str) -> Callable[[int, str], DataError]:
    """The error to raise of a row, for a table that is no file: from the number of the row and a message."""
    return lambda row, message: DataError(f"{name!r}, row {row}: {message}")
