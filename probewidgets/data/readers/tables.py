"""Readers of tables: files, data frames, pairs, columns, Hugging Face datasets, and pairs of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from probewidgets.data.corpus import Corpus, warn_of_contradictions
from probewidgets.data.examples import Example
from probewidgets.data.readers.assembling import LABEL, SIDES, Columns, Recipe, corpus_of, several, sides_of, text_of
from probewidgets.data.readers.cells import refuse_lists
from probewidgets.data.readers.groups import Group, name_of
from probewidgets.data.readers.opening import table_of
from probewidgets.data.readers.rows import Row, Table, row_error
from probewidgets.data.segment import Segmenter, segment
from probewidgets.data.splits import Split
from probewidgets.errors import DataError, clipped

__all__ = ["from_dataset", "read_pairs", "read_table"]

_SIDE = "split of the dataset"
"""The column in which from_dataset keeps it."""


def read_table(
    table: Any,
    *,
    text: str = "text",
    label: str | Sequence[str] = LABEL,
    words: str = "words",
    tags: str | Sequence[str] | None = None,
    split: str = "split",
    group: Group | None = None,
    quoted: bool | None = None,
    name: str | None = None,
    licence: str = "",
    segmenter: Segmenter = "english",
    seed: int = 0,
) -> Corpus:
    """Read a table with a text in each row, or a list of words.

    Columns become labels of the text and annotations of the words under their own names: a table of `text` and
    `sentiment` is read with `label="sentiment"`, and probed with `SentenceTask("sentiment")`. Empty cells and NaN are
    no label. In CSV and TSV, words and tags stand in one cell with spaces between them, or as a list that pandas, numpy
    or JSON wrote there; a list of labels is several of them.

    Lists of spans, `[[0, 9, "PER"], ...]` or `[{"start": 0, "end": 9, "label": "PER"}, ...]`, in a column of labels or
    in one called `labels`, `entities` or `spans`, as annotation tools export them, are `SpanTask("entities")`. Exports
    of Label Studio (JSON), Prodigy and doccano are read as such: what was accepted, by the names of the controls, with
    relations between spans as `EdgeTask("targets")`.

    Args:
        table: A path that ends in `.csv`, `.tsv`, `.parquet`, `.jsonl` or `.json`; a pandas DataFrame; a mapping from
            columns to their values; (text, label) pairs; or mappings from columns to values, one for each row.
        text: The column of the texts.
        label: The columns of the labels of texts; `()` for none.
        words: The column of lists of words, read where there is no column of texts, or where tags are asked for.
        tags: The columns with a tag for each word; by default those called `tags`, or something that ends in `_tags`.
        split: The column that says on which side a row is: train, dev (validation) or test. Without it, rows are split
            70/15/15; without dev or test, it is taken from train.
        group: A column such as a document or an author; or a function Example -> group, or a list with a group for each
            row. Rows of one group stand on one side where a split is made.
        quoted: Whether double quotes hold a cell together; by default in CSV, but not in TSV.
        name: What to call the corpus; by default, the file's name.
        licence: A line that says under which licence the texts stand.
        segmenter: How words are found in texts, by one of ours or a function text -> words: see `Corpus`. For lists of
            words the default is the one of ours that agrees best with them.
        seed: Of the split, where one is made.

    Raises:
        FormatError: A row of a file has more cells or fewer, no text, another side, tags that are not as many as its
            words, or a list that cannot be read.
        DataError: The table is none, or cannot be read, or lacks a column: `"label"` too, unless there is nothing else
            to learn from; there are too few rows to split.
    """
    named = several(label)
    return corpus_of(
        table_of(table, quoted, (text, named[0] if named else LABEL)),
        Columns(text, named, words, None if tags is None else several(tags), split, name_of(group)),
        Recipe(name, licence, segmenter, seed, group),
    )


def from_dataset(
    dataset: Any,
    *,
    text: str = "text",
    label: str | Sequence[str] = LABEL,
    words: str = "tokens",
    tags: str | Sequence[str] | None = None,
    group: Group | None = None,
    name: str = "dataset",
    licence: str = "",
    segmenter: Segmenter = "english",
    seed: int = 0,
) -> Corpus:
    """A Corpus of a Hugging Face `Dataset`, or of a `DatasetDict` whose splits become its sides.

    Classes are called by their names (`ClassLabel`); a number that is none of them, such as the -1 of hidden test
    labels, is no label. A split without labels cannot be probed on: leave it out, and one is taken from train.

    Args:
        dataset: The dataset, or a mapping from `"train"`, `"validation"` (or `"dev"`), `"test"` to one each.
        text: The column of the texts.
        label: The columns of the labels of texts; `()` for none.
        words: The column of lists of words, read where there is no column of texts, or where tags are asked for.
        tags: The columns with a tag for each word; by default those called `tags`, or something that ends in `_tags`.
        group: A column such as a document or an author; or a function Example -> group, or a list with a group for each
            row. Rows of one group stand on one side where a split is made.
        name: What to call the corpus.
        licence: A line that says under which licence the texts stand.
        segmenter: How words are found in texts, by one of ours or a function text -> words: see `Corpus`. For lists of
            words the default is the one of ours that agrees best with them.
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
    return corpus_of(
        Table(name, [*columns, _SIDE] if "" not in parts else list(columns), rows, row_error(name)),
        Columns(text, several(label), words, None if tags is None else several(tags), _SIDE, name_of(group)),
        Recipe(name, licence, segmenter, seed, group),
    )


def read_pairs(
    table: Any,
    *,
    positive: str = "positive",
    negative: str = "negative",
    split: str = "split",
    group: Group | None = None,
    quoted: bool | None = None,
    name: str | None = None,
    licence: str = "",
    segmenter: Segmenter = "english",
    seed: int = 0,
) -> Corpus:
    """Read contrast pairs: a table with a statement and its opposite in each row.

    Each row becomes two examples, one after the other, with `labels["label"]` "positive" and "negative"; their ids are
    alike up to the slash. Both are always on one side. `pw.sweep(acts, pw.CCSProbe())` looks for
    what sets them apart without their labels.

    Args:
        table: A path, a data frame, a mapping from columns to values, or pairs; see `read_table`.
        positive: The column of the statements that are so.
        negative: The column of their opposites.
        split: The column that says on which side a row is; without it, rows are split 70/15/15. See `read_table`.
        group: A column such as a document or an author; or a function Example -> group, or a list with a group for each
            row. Rows of one group stand on one side where a split is made.
        quoted: Whether double quotes hold a cell together; by default in CSV, but not in TSV.
        name: What to call the corpus; by default, the file's name.
        licence: A line that says under which licence the statements stand.
        segmenter: How words are found in statements; see `probewidgets.data.segment`.
        seed: Of the split, where one is made.

    Raises:
        FormatError: See `read_table`; or the two statements of a row are one.
        DataError: See `read_table`.
    """
    read = table_of(table, quoted, (positive, negative))
    for column in (positive, negative):
        read.require(column)
        refuse_lists(read, column)
    examples: list[Example] = []
    for at, row in read.rows:
        try:
            both = [text_of(row, column).strip() for column in (positive, negative)]
        except DataError as error:
            raise read.fail(at, f"expected two different statements: {error}") from None
        if both[0] == both[1]:
            raise read.fail(
                at, f"expected two different statements, but {clipped(both[0])} and {clipped(both[1])} came."
            )
        for kind, statement in zip(("positive", "negative"), both, strict=True):
            place = f"{read.name}:{at}/{kind}"
            examples.append(Example(statement, tuple(segment(statement, segmenter)), labels={"label": kind}, id=place))
    pairs = [replace(a, text=f"{a.text}\n{b.text}") for a, b in zip(examples[::2], examples[1::2], strict=True)]
    sides = sides_of(read, split, Recipe(name, licence, segmenter, seed, group), pairs)
    halves = (tuple(i for pair in side for i in (2 * pair, 2 * pair + 1)) for _, side in sides.items())
    return warn_of_contradictions(Corpus(tuple(examples), Split(*halves), name or read.name, licence, segmenter))


# --- datasets --------------------------------------------------------------------------------------------------------


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
