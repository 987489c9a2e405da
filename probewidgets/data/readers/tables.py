"""Readers of tables: CSV, TSV, Parquet, pandas data frames, Hugging Face datasets, and pairs of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from probewidgets.data.corpus import Corpus, warn_of_contradictions
from probewidgets.data.examples import Example, Span, placed
from probewidgets.data.readers.rows import Row, Table, row_error, table_of
from probewidgets.data.segment import best_segmenter, segment
from probewidgets.data.splits import Split
from probewidgets.errors import DataError, clipped

__all__ = ["from_dataset", "read_pairs", "read_table"]

SIDES = {
    **dict.fromkeys(("train", "training", "tr"), "train"),
    **dict.fromkeys(("dev", "development", "validation", "valid", "val", "va"), "dev"),
    **dict.fromkeys(("test", "testing", "te"), "test"),
}
"""Name of a side, as tables have it -> the side."""
MISSING = ("", "_")
"""Cells of a table of strings that hold no value."""

_SIDE = "split of the dataset"
"""The column in which from_dataset keeps it."""


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
        table_of(table, quoted),
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
        Table(name, [*columns, _SIDE] if "" not in parts else list(columns), rows, row_error(name)),
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
    alike up to the slash. Both are always on one side. `pw.sweep(acts, pw.CCSProbe())` looks for
    what sets them apart without their labels.

    Args:
        table: A path that ends in `.csv`, `.tsv` or `.parquet`, or a pandas DataFrame.
        positive: The column of the statements that are so.
        negative: The column of their opposites.
        split: The column that says on which side a row is; without it, rows are split 70/15/15. See `read_table`.
        quoted: Whether double quotes hold a cell together; by default in CSV, but not in TSV.
        name: What to call the corpus; by default, the file's name.
        licence: A line that says under which licence the statements stand.
        segmenter: How words are found in statements; see `probewidgets.data.segment`.
        seed: Of the split, where one is made.

    Raises:
        FormatError: See `read_table`; or the two statements of a row are one.
        DataError: See `read_table`.
    """
    read = table_of(table, quoted)
    for column in (positive, negative):
        read.require(column)
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
    """Names of the columns of a table."""

    text: str
    label: Sequence[str]
    words: str
    tags: Sequence[str] | None
    split: str


def _corpus(table: Table, columns: _Columns, *, name: str | None, licence: str, segmenter: str, seed: int) -> Corpus:
    """One example for each row."""
    labels = [column for column in columns.label if column in table.columns]
    whole = {column for column in labels if _whole_numbers(table, column)}
    textual = columns.text in table.columns
    tags: Sequence[str] = ()
    if not textual:
        if columns.words not in table.columns:
            table.require(columns.text, f" (or {columns.words!r}, lists of words)")
        tags = columns.tags or [c for c in table.columns if c == "tags" or c.endswith("_tags")]
        for column in tags:
            table.require(column)
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


_Parsed = tuple[str, tuple[Span, ...], dict[str, tuple[Any, ...]]]
"""A text, its words, and their annotations."""


def _text(row: Row, columns: _Columns, segmenter: str) -> _Parsed:
    text = row.get(columns.text)
    if not isinstance(text, str) or not text.strip():
        raise DataError(f"{columns.text!r} must be a text, but {clipped(text)} came. Remove the row, or give it one.")
    return text, tuple(segment(text, segmenter)), {}


def _words(row: Row, columns: _Columns, tags: Sequence[str]) -> _Parsed:
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


def _whole_numbers(table: Table, column: str) -> bool:
    """Tell whether a column of floats holds whole numbers only: a column of integers in which one was missing."""
    values = [row.get(column) for _, row in table.rows]
    floats = [value for value in values if isinstance(value, float | np.floating) and not np.isnan(value)]
    others = any(value is not None and not isinstance(value, float | np.floating) for value in values)
    return bool(floats) and not others and all(float(value).is_integer() for value in floats)


def _sides(table: Table, split: str, seed: int, texts: Sequence[str]) -> Split:
    """The sides that the table gives, completed from train; or a seeded split."""
    if split not in table.columns:
        return Split.seeded(texts, seed)
    sides: dict[str, list[int]] = {"train": []}
    for i, (at, row) in enumerate(table.rows):
        side = str(row.get(split)).strip().lower()
        if side not in SIDES:
            raise table.fail(
                at, f"the side {clipped(row.get(split), 40)} in {split!r} is none of train, dev (validation), test."
            )
        sides.setdefault(SIDES[side], []).append(i)
    if not sides["train"]:
        raise DataError(f"No row of {table.name!r} is on the train side: {split!r} names {', '.join(sides)}.")
    given = {side: tuple(indices) for side, indices in sides.items()}
    return Split.completed(given, texts, seed)


def _listed(names: str | Sequence[str]) -> Sequence[str]:
    return [names] if isinstance(names, str) else names


def _names(feature: Any) -> Sequence[str] | None:
    """The names of a ClassLabel, or of a list of them."""
    if isinstance(feature, list) and len(feature) == 1:
        feature = feature[0]
    names = getattr(feature, "names", None) or getattr(getattr(feature, "feature", None), "names", None)
    return names if isinstance(names, list | tuple) else None


def _called(value: Any, names: Sequence[str]) -> Any:
    """The names of classes, from their numbers; None where a number has none."""
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_called(number, names) for number in value]
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        return value
    return names[int(value)] if 0 <= value < len(names) else None
