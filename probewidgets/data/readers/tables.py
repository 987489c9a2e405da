"""Readers of tables: CSV, TSV, Parquet, pandas data frames, Hugging Face datasets, and pairs of statements."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from probewidgets.data.corpus import Corpus, warn_of_contradictions
from probewidgets.data.examples import Example, Span, placed
from probewidgets.data.readers.files import as_path, decoded
from probewidgets.data.segment import best_segmenter, segment
from probewidgets.data.splits import Split
from probewidgets.errors import DataError, FormatError, clipped

__all__ = ["from_dataset", "read_pairs", "read_table"]

SIDES = {
    **dict.fromkeys(("train", "training", "tr"), "train"),
    **dict.fromkeys(("dev", "development", "validation", "valid", "val", "va"), "dev"),
    **dict.fromkeys(("test", "testing", "te"), "test"),
}
"""What sides are called."""
SEPARATORS = {".csv": ",", ".tsv": "\t", ".tab": "\t"}
PARQUET = (".parquet", ".pq")
MISSING = ("", "_")
"""What stands in a table of strings where there is no value."""

_SIDE = "split of the dataset"
"""The column in which from_dataset keeps it."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class _Table:
    """The rows of a table, wherever it comes from."""

    name: str
    columns: Sequence[str]
    rows: Sequence[tuple[int, Row]]
    """Where each row stands (a line of a file, from 1, or a row of a frame, from 0), and its values."""
    fail: Callable[[int, str], DataError]
    """What is raised of a row."""


def read_table(
    table: Any,
    *,
    text: str = "text",
    label: str | Sequence[str] = "label",
    words: str = "words",
    tags: str | Sequence[str] | None = None,
    split: str = "split",
    quoted: bool | None = None,
    name: str | None = None,
    licence: str = "",
    segmenter: str = "english",
    seed: int = 0,
) -> Corpus:
    """Read a table with a text in each row, or a list of words.

    Columns become labels of the text and annotations of the words under their own names: a table of `text` and
    `sentiment` is read with `label="sentiment"`, and probed with `SentenceTask("sentiment")`. Empty cells and NaN are
    no label. In CSV and TSV, words and tags stand in one cell with spaces between them.

    Args:
        table: A path that ends in `.csv`, `.tsv` or `.parquet`, or a pandas DataFrame.
        text: The column of the texts.
        label: The columns of the labels of texts, those of them that are there.
        words: The column of lists of words, read where there is no column of texts.
        tags: The columns with a tag for each word; by default those called `tags`, or something that ends in `_tags`.
        split: The column that says on which side a row is: train, dev (validation) or test. Without it, rows are split
            70/15/15; without dev or test, it is taken from train.
        quoted: Whether double quotes hold a cell together; by default in CSV, but not in TSV.
        name: What to call the corpus; by default, the file's name.
        licence: A line that says under which licence the texts stand.
        segmenter: How words are found in texts; see `probewidgets.data.segment`.
        seed: Of the split, where one is made.

    Raises:
        FormatError: A row of a file has more cells or fewer, no text, another side, or tags that are not as many as its
            words.
        DataError: The table is none, or cannot be read, or lacks a column; there are too few rows to split.
    """
    return _corpus(
        _table(table, quoted),
        _Columns(text, _listed(label), words, None if tags is None else _listed(tags), split),
        name=name,
        licence=licence,
        segmenter=segmenter,
        seed=seed,
    )


def from_dataset(
    dataset: Any,
    *,
    text: str = "text",
    label: str | Sequence[str] = "label",
    words: str = "tokens",
    tags: str | Sequence[str] | None = None,
    name: str = "dataset",
    licence: str = "",
    segmenter: str = "english",
    seed: int = 0,
) -> Corpus:
    """A Corpus of a Hugging Face `Dataset`, or of a `DatasetDict` whose splits become its sides.

    Classes are called by their names (`ClassLabel`); a number that is none of them, such as the -1 of hidden test
    labels, is no label. A split without labels cannot be probed on: leave it out, and one is taken from train.

    Args:
        dataset: The dataset, or a mapping from `"train"`, `"validation"` (or `"dev"`), `"test"` to one each.
        text: The column of the texts.
        label: The columns of the labels of texts, those of them that are there.
        words: The column of lists of words, read where there is no column of texts.
        tags: The columns with a tag for each word; by default those called `tags`, or something that ends in `_tags`.
        name: What to call the corpus.
        licence: A line that says under which licence the texts stand.
        segmenter: How words are found in texts; see `probewidgets.data.segment`.
        seed: Of the split, where one is made.

    Raises:
        DataError: It is no dataset, lacks a column, or has a split of another name; a row has no text; there are too
            few rows to split.
    """
    parts = dict(dataset) if isinstance(dataset, Mapping) else {"": dataset}
    rows: list[tuple[int, Row]] = []
    columns: dict[str, None] = {}
    for side, part in parts.items():
        features = getattr(part, "features", None)
        if not isinstance(features, Mapping) or not hasattr(part, "__iter__"):
            raise DataError(
                f"from_dataset takes a datasets.Dataset, or a DatasetDict of them, but {type(part).__name__} came"
                f"{f' as {side!r}' if side else ''}. For files and data frames, use read_table."
            )
        if side and side not in SIDES:
            raise DataError(
                f"The dataset has a split {side!r}, expected train, validation (or dev) and test. Rename it, or "
                "leave it out: from_dataset({'train': dataset['train'], ...})."
            )
        columns |= dict.fromkeys(features)
        named = {column: names for column, feature in features.items() if (names := _names(feature)) is not None}
        for number, row in enumerate(part):
            values = {c: _called(value, named[c]) if c in named else value for c, value in row.items()}
            rows.append((number, {**values, _SIDE: side} if side else values))
    return _corpus(
        _Table(name, [*columns, _SIDE] if "" not in parts else list(columns), rows, _row_error(name)),
        _Columns(text, _listed(label), words, None if tags is None else _listed(tags), _SIDE),
        name=name,
        licence=licence,
        segmenter=segmenter,
        seed=seed,
    )


def read_pairs(
    table: Any,
    *,
    positive: str = "positive",
    negative: str = "negative",
    split: str = "split",
    quoted: bool | None = None,
    name: str | None = None,
    licence: str = "",
    segmenter: str = "english",
    seed: int = 0,
) -> Corpus:
    """Read contrast pairs: a table with a statement and its opposite in each row.

    Each row becomes two examples, one after the other, with `labels["label"]` "positive" and "negative"; their ids are
    alike up to the slash. Both are always on one side. `pw.ccs` looks for what sets them apart without their labels.

    Args:
        table: A path that ends in `.csv`, `.tsv` or `.parquet`, or a pandas DataFrame.
        positive: The column of the statements that are so.
        negative: The column of their opposites.
        split: See `read_table`, also for what follows, and for errors.

    Raises:
        FormatError: See `read_table`; or the two statements of a row are one.
        DataError: See `read_table`.
    """
    read = _table(table, quoted)
    for column in (positive, negative):
        _require(read, column)
    examples: list[Example] = []
    for at, row in read.rows:
        both = [str(row[column] or "").strip() for column in (positive, negative)]
        if not all(both) or both[0] == both[1]:
            raise read.fail(
                at, f"expected two different statements, but {clipped(both[0])} and {clipped(both[1])} came."
            )
        for kind, statement in zip(("positive", "negative"), both, strict=True):
            place = f"{read.name}:{at}/{kind}"
            examples.append(Example(statement, tuple(segment(statement, segmenter)), labels={"label": kind}, id=place))
    sides = _sides(
        read, split, seed, [f"{a.text}\n{b.text}" for a, b in zip(examples[::2], examples[1::2], strict=True)]
    )
    halves = (tuple(i for pair in side for i in (2 * pair, 2 * pair + 1)) for _, side in sides.items())
    return warn_of_contradictions(Corpus(tuple(examples), Split(*halves), name or read.name, licence, segmenter))


# --- from rows to a corpus -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Columns:
    """What the columns of a table are called."""

    text: str
    label: Sequence[str]
    words: str
    tags: Sequence[str] | None
    split: str


def _corpus(table: _Table, columns: _Columns, *, name: str | None, licence: str, segmenter: str, seed: int) -> Corpus:
    """One example for each row."""
    labels = [column for column in columns.label if column in table.columns]
    whole = {column for column in labels if _whole_numbers(table, column)}
    textual = columns.text in table.columns
    tags: Sequence[str] = ()
    if not textual:
        if columns.words not in table.columns:
            _require(table, columns.text, f" (or {columns.words!r}, lists of words)")
        named = columns.tags or [c for c in table.columns if c == "tags" or c.endswith("_tags")]
        tags = [column for column in named if _require(table, column)]
    examples = []
    for at, row in table.rows:
        try:
            text, words, annotations = _text(row, columns, segmenter) if textual else _words(row, columns, tags)
            given = {column: _label(row.get(column), column in whole) for column in labels}
            examples.append(Example(text, words, annotations, given, id=f"{table.name}:{at}"))
        except DataError as error:
            raise table.fail(at, str(error)) from None
    split = _sides(table, columns.split, seed, [example.text for example in examples])
    if not textual:
        segmenter = best_segmenter([examples[i] for i in split.train])[0]
    return warn_of_contradictions(Corpus(tuple(examples), split, name or table.name, licence, segmenter))


_Found = tuple[str, tuple[Span, ...], dict[str, tuple[Any, ...]]]
"""A text, its words, and their annotations."""


def _text(row: Row, columns: _Columns, segmenter: str) -> _Found:
    text = row.get(columns.text)
    if not isinstance(text, str) or not text.strip():
        raise DataError(f"{columns.text!r} must be a text, but {clipped(text)} came. Remove the row, or give it one.")
    return text, tuple(segment(text, segmenter)), {}


def _words(row: Row, columns: _Columns, tags: Sequence[str]) -> _Found:
    forms = [str(form) for form in _cells(row.get(columns.words), columns.words)]
    if not forms or not all(form and not form.isspace() for form in forms):
        raise DataError(f"{columns.words!r} must be a list of words, none of them empty, but {clipped(forms)} came.")
    annotations = {}
    for column in tags:
        values = _cells(row.get(column), column)
        if len(values) != len(forms):
            raise DataError(f"{column!r} has {len(values)} tag(s) for {len(forms)} words. Give one for each word.")
        annotations[column] = tuple(None if value in (None, *MISSING) else value for value in values)
    return *placed(forms), annotations


def _cells(value: Any, column: str) -> list[Any]:
    """A list; of a string, what stands between its spaces."""
    if isinstance(value, str):
        return value.split()
    if not isinstance(value, list | tuple | np.ndarray):
        raise DataError(f"{column!r} must be a list, or a string with spaces, but {clipped(value)} came.")
    return list(value)


def _label(value: Any, whole: bool) -> Any:
    """A label as tasks take it: a string, a number, a list of either, or None."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value == "" or (isinstance(value, float) and np.isnan(value)):
        return None
    return int(value) if whole else value


def _whole_numbers(table: _Table, column: str) -> bool:
    """Whether a column of floats holds whole numbers only: a column of integers in which one was missing."""
    values = [row.get(column) for _, row in table.rows]
    floats = [value for value in values if isinstance(value, float | np.floating) and not np.isnan(value)]
    others = any(value is not None and not isinstance(value, float | np.floating) for value in values)
    return bool(floats) and not others and all(float(value).is_integer() for value in floats)


def _sides(table: _Table, split: str, seed: int, texts: Sequence[str]) -> Split:
    """The sides that the table gives, completed from train; or a seeded split."""
    if split not in table.columns:
        return Split.seeded(texts, seed)
    sides: dict[str, list[int]] = {"train": []}
    for i, (at, row) in enumerate(table.rows):
        came = str(row.get(split)).strip().lower()
        if came not in SIDES:
            raise table.fail(
                at, f"the side {clipped(row.get(split), 40)} in {split!r} is none of train, dev (validation), test."
            )
        sides.setdefault(SIDES[came], []).append(i)
    if not sides["train"]:
        raise DataError(f"No row of {table.name!r} is on the train side: {split!r} names {', '.join(sides)}.")
    given = {side: tuple(indices) for side, indices in sides.items()}
    if {"dev", "test"} <= given.keys():
        return Split(**given)
    return Split.completed(given, texts, seed)


def _require(table: _Table, column: str, more: str = "") -> bool:
    if column not in table.columns:
        raise DataError(f"{table.name!r} has no column {column!r}{more}. It has: {', '.join(table.columns) or 'none'}.")
    return True


def _listed(names: str | Sequence[str]) -> Sequence[str]:
    return [names] if isinstance(names, str) else names


# --- where rows come from --------------------------------------------------------------------------------------------


def _table(table: Any, quoted: bool | None) -> _Table:
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


def _separated(path: Path, separator: str, quoted: bool) -> _Table:
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
    return _Table(path.stem, columns, rows, lambda line, message: FormatError(path, line, message))


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


def _frame(frame: Any, name: str) -> _Table:
    if not frame.columns.is_unique:
        raise DataError(f"Columns must have different names, but {clipped(list(frame.columns), 80)} came.")
    known = frame.astype(object).where(frame.notna(), None)
    columns = [str(column) for column in frame.columns]
    rows = [(i, dict(zip(columns, row, strict=True))) for i, row in enumerate(known.itertuples(index=False, name=None))]
    if not rows:
        raise DataError(f"{name!r} has no row.")
    return _Table(name, columns, rows, _row_error(name))


def _row_error(name: str) -> Callable[[int, str], DataError]:
    return lambda row, message: DataError(f"{name!r}, row {row}: {message}")


def _names(feature: Any) -> Sequence[str] | None:
    """The names of a ClassLabel, or of a list of them."""
    if isinstance(feature, list) and len(feature) == 1:
        feature = feature[0]
    names = getattr(feature, "names", None) or getattr(getattr(feature, "feature", None), "names", None)
    return names if isinstance(names, list | tuple) else None


def _called(value: Any, names: Sequence[str]) -> Any:
    """The names of numbers; None where a number has none."""
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_called(one, names) for one in value]
    number = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not number:
        return value
    return names[value] if 0 <= value < len(names) else None
