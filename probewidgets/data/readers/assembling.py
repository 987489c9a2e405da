"""From the rows of a table to a corpus: an example each, with its labels, or with a tag for each of its words."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from probewidgets.data.corpus import Corpus, warn_of_contradictions
from probewidgets.data.examples import Example, Span, placed
from probewidgets.data.readers.cells import MISSING, NO_VALUE, as_label, as_list, is_missing, refuse_lists, with_lists
from probewidgets.data.readers.exports import exported, pairs_of
from probewidgets.data.readers.files import check_masked
from probewidgets.data.readers.groups import Group, groups_of, warn_of_groups
from probewidgets.data.readers.marked import marked_columns, marks_of, warn_of_marks
from probewidgets.data.readers.rows import Row, Table
from probewidgets.data.segment import Segmenter, best_segmenter, segment
from probewidgets.data.splits import Split
from probewidgets.errors import DataError, clipped

__all__ = ["LABEL", "SIDES", "Columns", "Recipe", "corpus_of", "several", "sides_of", "text_of"]

SIDES = {
    **dict.fromkeys(("train", "training", "tr"), "train"),
    **dict.fromkeys(("dev", "development", "validation", "valid", "val", "va"), "dev"),
    **dict.fromkeys(("test", "testing", "te"), "test"),
}
"""Name of a side, as tables have it -> the side."""
LABEL = "label"
"""The column of labels, unless others are named."""


@dataclass(frozen=True)
class Columns:
    """Names of the columns of a table."""

    text: str
    label: Sequence[str]
    words: str
    tags: Sequence[str] | None
    split: str
    group: str | None = None

    def textual(self, table: Table) -> bool:
        """Tell whether texts are read, and not lists of words."""
        return self.text in table.columns and self.text != self.words and not self.tags

    def tags_of(self, table: Table) -> Sequence[str]:
        """The columns of tags: those that were named, or else those whose names say so."""
        return self.tags or [c for c in table.columns if c == "tags" or c.endswith("_tags")]

    def check(self, table: Table, marked: Sequence[str] = ()) -> None:
        """Raise DataError where a column is not there, or there is none to learn from but others; or `marked` ones."""
        if self.textual(table):
            tags: Sequence[str] = ()
        elif self.words in table.columns:
            tags = self.tags_of(table)
        else:
            more = "" if self.tags else f" (or {self.words!r}, lists of words)"
            table.require(self.words if self.tags else self.text, more, self.words)
        for column in tags:
            table.require(column)
        default = list(self.label) == [LABEL]
        if default and LABEL not in table.columns and not tags and not marked:
            others = [c for c in table.columns if c not in (self.text, self.words, self.split, self.group)]
            if others:
                kind = "label" if self.textual(table) else "tags"
                table.require(LABEL, f" (say {kind}={others[-1]!r} for another, or label=() for none)")
        elif not default:
            for column in self.label:
                table.require(column)


@dataclass(frozen=True)
class Recipe:
    """How a corpus is made of rows, whatever they hold."""

    name: str | None
    licence: str
    segmenter: Segmenter
    seed: int
    group: Group | None = None


def corpus_of(table: Table, columns: Columns, recipe: Recipe) -> Corpus:
    """One example for each row."""
    export = exported(table, columns.label)
    table, textual = export.table, columns.textual(export.table)
    if textual:
        refuse_lists(table, columns.text)
    asked = [column for column in columns.label if column in table.columns]
    tags = () if textual else columns.tags_of(table)
    table = with_lists(table, [*asked, *([] if textual else [c for c in (columns.words, *tags) if c in table.columns])])
    marked = marked_columns(table, [*asked, *export.spans]) if textual else []
    columns.check(table, marked)
    labels = [column for column in asked if column not in marked]
    whole = {column for column in labels if _whole_numbers(table, column)}
    examples = []
    for at, row in table.rows:
        try:
            text, words, annotations = (
                _text(row, columns.text, recipe.segmenter) if textual else _words(row, columns.words, tags)
            )
            given = {column: as_label(row.get(column), column, column in whole) for column in labels}
            spans = {column: marks_of(row[column], text, column) for column in marked}
            place, pairs = f"{table.name}:{at}", pairs_of(row, text)
            examples.append(Example(text, words, annotations, given, id=place, targets=pairs, spans=spans))
        except DataError as error:
            raise table.fail(at, str(error)) from None
    check_masked(examples, table.name)
    if textual:
        _warn_of_words(table.name, examples, columns)
    _warn_of_spellings(table.name, examples, labels)
    warn_of_marks(table.name, examples)
    split = sides_of(table, columns.split, recipe, examples)
    segmenter = recipe.segmenter
    if not textual and segmenter == "english":
        segmenter = best_segmenter([examples[i] for i in split.train])[0]
    return warn_of_contradictions(Corpus(tuple(examples), split, recipe.name or table.name, recipe.licence, segmenter))


def _warn_of_words(name: str, examples: Sequence[Example], columns: Columns) -> None:
    """Say where rows look like the words of running sentences."""
    texts = [example.text for example in examples]
    if len(texts) < 20 or 2 * len(set(texts)) > len(texts) or any(len(text.split()) > 1 for text in texts):
        return
    tag = columns.label[-1] if columns.label else "tag"
    warnings.warn(
        f"Each text of {name!r} is one word, and most of them come again: are they the words of sentences, one below "
        "the other? Then gather each sentence in a row first: read_table(pd.read_csv(path).groupby('sentence', "
        f"sort=False).agg(list), words={columns.text!r}, tags={tag!r}), with your column that numbers the sentences.",
        stacklevel=4,
    )


def _warn_of_spellings(name: str, examples: Sequence[Example], labels: Sequence[str]) -> None:
    """Say where labels differ in capitals only."""
    for column in labels:
        values = {example.labels.get(column) for example in examples if isinstance(example.labels.get(column), str)}
        alike: dict[str, list[str]] = {}
        for value in sorted(map(str, values)):
            alike.setdefault(value.casefold(), []).append(value)
        if pair := next((spellings for spellings in alike.values() if len(spellings) > 1), None):
            warnings.warn(
                f"Labels {column!r} of {name!r} differ in capitals only, and count as different: "
                f"{', '.join(map(repr, pair))}. Write them in one way if they are the same.",
                stacklevel=4,
            )


def several(names: str | Sequence[str]) -> Sequence[str]:
    """Names of columns, of which one may be given alone."""
    return [names] if isinstance(names, str) else list(names)


# --- one row ---------------------------------------------------------------------------------------------------------

_Parsed = tuple[str, tuple[Span, ...], dict[str, tuple[Any, ...]]]
"""A text, its words, and their annotations."""


def text_of(row: Row, column: str) -> str:
    """The text of a row, or a DataError where there is none."""
    text = row.get(column)
    if isinstance(text, list | tuple | np.ndarray):
        raise DataError(
            f"{column!r} must be a text, but the list {clipped(text)} came. Lists of words and of their tags are "
            "columns: read_table({'words': [['Ana', 'slept'], ...], 'tags': [['B-PER', 'O'], ...]})."
        )
    if not isinstance(text, str) or not text.strip() or text.strip() in NO_VALUE:
        raise DataError(f"{column!r} must be a text, but {clipped(text)} came. Remove the row, or give it one.")
    return text


def _text(row: Row, column: str, segmenter: Segmenter) -> _Parsed:
    text = text_of(row, column)
    return text, tuple(segment(text, segmenter)), {}


def _words(row: Row, column: str, tags: Sequence[str]) -> _Parsed:
    cells = as_list(row, column)
    forms = ["" if is_missing(form) else str(form) for form in cells]
    if not forms or not all(form and not form.isspace() for form in forms):
        raise DataError(f"{column!r} must be a list of words, none of them empty, but {clipped(cells)} came.")
    annotations = {}
    for tag in tags:
        values = as_list(row, tag)
        if len(values) != len(forms):
            raise DataError(f"{tag!r} has {len(values)} tag(s) for {len(forms)} words. Give one for each word.")
        annotations[tag] = tuple(_tag(value, tag) for value in values)
    return *placed(forms), annotations


def _tag(value: Any, column: str) -> Any:
    return None if isinstance(value, str) and value in MISSING else as_label(value, column)


def _whole_numbers(table: Table, column: str) -> bool:
    """Tell whether a column of floats holds whole numbers only: a column of integers in which one was missing."""
    values = [row.get(column) for _, row in table.rows]
    floats = [value for value in values if isinstance(value, float | np.floating) and not np.isnan(value)]
    others = any(not is_missing(value) and not isinstance(value, float | np.floating) for value in values)
    return bool(floats) and not others and all(float(value).is_integer() for value in floats)


# --- all of them -----------------------------------------------------------------------------------------------------


def sides_of(table: Table, split: str, recipe: Recipe, examples: Sequence[Example]) -> Split:
    """The sides that the table gives, completed from train; or a seeded split. Both keep groups together.

    Args:
        table: The rows.
        split: The column of the sides.
        recipe: Whose seed and groups count.
        examples: One for each row.
    """
    texts, seed, group = [example.text for example in examples], recipe.seed, recipe.group
    groups: list[Hashable] | None = None
    if group is not None:
        groups = _groups(table, group) if isinstance(group, str) else groups_of(examples, group, table.name)
    if split not in table.columns:
        return Split.seeded(texts, seed, groups=groups)
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
    return warn_of_groups(Split.completed(given, texts, seed, groups), groups, table.name)


def _groups(table: Table, column: str) -> list[Hashable]:
    """The group of each row."""
    table.require(column)
    groups: list[Hashable] = []
    for at, row in table.rows:
        value = row[column]
        if (
            is_missing(value)
            or isinstance(value, list | dict | set | np.ndarray)
            or str(value).strip() in ("", *NO_VALUE)
        ):
            raise table.fail(
                at, f"{column!r} must name a group, such as a document or an author, but {clipped(value)} came."
            )
        groups.append(value)
    return groups
