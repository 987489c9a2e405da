"""Reader of column files, such as CoNLL-2003's: a word a line, its tags beside it, an empty line between sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example, placed
from probewidgets.data.readers.files import PathLike, decoded, read_sides
from probewidgets.errors import DataError, FormatError, clipped

__all__ = ["read_columns"]

DOCUMENT = "-DOCSTART-"
"""What stands for a word where a document begins."""

Row = tuple[int, list[str]]
"""Number of the line, from 1, and its fields."""


def read_columns(
    train: PathLike,
    dev: PathLike | None = None,
    test: PathLike | None = None,
    *,
    columns: Sequence[str | None] = ("form", "tag"),
    name: str | None = None,
    licence: str = "",
    seed: int = 0,
) -> Corpus:
    """Read files with a word on each line, its tags beside it, and an empty line between sentences.

    Columns are parted by tabs where a line has any, or else by spaces. `_` is no tag. Lines that begin with
    `-DOCSTART-` are left out. A text is its words with spaces between them.

    Args:
        train: The training sentences; alone, they are split 70/15/15 by example.
        dev: The development sentences; without them, but with `test`, 15 % of `train` are set apart for it.
        test: The test sentences; without them, but with `dev`, 15 % of `train` are set apart for it.
        columns: What the columns are called: `"form"` the word, the others annotations, None for one to leave out. Of
            CoNLL-2003: `("form", "xpos", "chunk", "ner")`, and `SpanTask("ner")` then finds its entities.
        name: What to call the corpus; by default, what the file names share, or else their folder.
        licence: A line that says under which licence the sentences stand.
        seed: Of the split, where one is made.

    Raises:
        FormatError: A line has more columns or fewer, or a file holds no word.
        DataError: `columns` are no names; a file cannot be read; there are too few sentences to split.
    """
    named = isinstance(columns, tuple | list) and all(isinstance(column, str | None) for column in columns)
    given = [column for column in columns if column is not None] if named else []
    if "form" not in given or len(set(given)) != len(given):
        raise DataError(
            f"columns must be different names (or None), 'form' among them, but {clipped(columns, 80)} came."
        )
    return read_sides(
        lambda path: _read(path, columns),
        {"train": train, "dev": dev, "test": test},
        "column",
        name=name,
        licence=licence,
        seed=seed,
    )


def _read(path: Path, columns: Sequence[str | None]) -> list[Example]:
    """The sentences of one file."""
    examples = []
    for rows in _sentences(path, columns):
        fields = dict(zip(columns, zip(*(fields for _, fields in rows), strict=True), strict=True))
        text, words = placed(fields["form"])
        annotations = {
            column: tuple(None if value == "_" else value for value in values)
            for column, values in fields.items()
            if column not in ("form", None)
        }
        number = rows[0][0]
        try:
            examples.append(Example(text, words, annotations, id=f"{path.name}:{number}"))
        except DataError as error:
            raise FormatError(path, number, str(error)) from None
    if not examples:
        raise FormatError(path, 1, "no word found, expected one on each line. Check that this is the right file.")
    return examples


def _sentences(path: Path, columns: Sequence[str | None]) -> Iterator[list[Row]]:
    rows: list[Row] = []
    # Not splitlines(): words may hold characters that it takes for line ends.
    for number, line in enumerate(decoded(path, "column").split("\n"), start=1):
        if not line.strip():
            if rows:
                yield rows
            rows = []
            continue
        fields = line.split("\t") if "\t" in line else re.split(" +", line.strip(" "))
        if fields[0] == DOCUMENT:
            continue
        if len(fields) != len(columns):
            names = ", ".join(map(str, columns))
            message = (
                f"{len(fields)} column(s), expected {len(columns)} ({names}). It reads {clipped(line)}. Say what the "
                "columns are called: columns=('form', 'xpos', None, 'ner')."
            )
            raise FormatError(path, number, message)
        if not all(field.strip() for field in fields):
            raise FormatError(
                path, number, f"a column is empty; where there is no tag, write _. It reads {clipped(line)}."
            )
        rows.append((number, fields))
    if rows:
        yield rows
