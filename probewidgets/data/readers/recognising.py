"""Recognising: which reader takes a file, by its ending and by how its lines look."""

from __future__ import annotations

import json
import os
import re
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from probewidgets.data import readers
from probewidgets.data.corpus import Corpus
from probewidgets.data.readers.assembling import LABEL
from probewidgets.data.readers.files import PathLike, as_path, decoded
from probewidgets.data.readers.opening import PARQUET, SEPARATORS, table_of
from probewidgets.data.readers.records import JSON
from probewidgets.data.readers.rows import Table
from probewidgets.errors import DataError, clipped

__all__ = ["Reading", "read_file", "recognised"]

CONLLU = (".conllu", ".conllup", ".conll-u")
TREES = (".mrg", ".ptb", ".tree", ".trees")
SIDES = {"train": ("train",), "dev": ("dev", "valid", "val"), "test": ("test",)}
"""How the files of each side are called, beginning or end or between marks: `en_ewt-ud-train.conllu`."""
TEXTS = ("text", "sentence", "document", "review", "content", "question", "prompt")
"""Names of columns of texts, the first first."""
_LINES = 400
"""Lines by which a file is recognised."""
_VALUES = 50
"""Different values that a column of labels has, at most; numbers may have more."""
_SENTEVAL = re.compile(r"(tr|va|te)\t[^\t]*\t")


@dataclass(frozen=True)
class Reading:
    """A reader, with what it is given."""

    reader: str
    """Its name in `pw.readers`."""
    paths: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    constant: tuple[str, ...] = ()
    """Columns that would be labels, but have one value only; none where there are others."""

    def corpus(self) -> Corpus:
        """Read the files; errors are those of the reader."""
        corpus: Corpus = getattr(readers, self.reader)(*self.paths, **self.options)
        return corpus

    @property
    def code(self) -> str:
        """The line of Python that does it."""
        given = [*map(repr, self.paths), *(f"{name}={value!r}" for name, value in self.options.items())]
        return f"pw.{self.reader}({', '.join(given)})"


def read_file(path: PathLike) -> Corpus:
    """Read a file of any format that a reader of this package takes, with what that reader does by default.

    Args:
        path: A file, or a folder whose files have `train`, `dev` (or `valid`) and `test` in their names.

    Raises:
        DataError: There is no such file, or no reader takes it; and whatever the reader raises.
    """
    reading = recognised(path)
    if reading.constant:
        warnings.warn(
            f"{os.fspath(path)}: nothing can be learned from {reading.constant[0]!r}, which has one value only.",
            stacklevel=2,
        )
    return reading.corpus()


def recognised(path: PathLike) -> Reading:
    """Which reader takes a file, and what it must be told.

    Tables may have texts under another name, and labels under any: columns of few different values, and of numbers.

    Raises:
        DataError: There is no such file, or it looks like nothing that can be read.
    """
    whole = as_path(path, "path", "of any format").expanduser()
    if whole.is_dir():
        return _folder(whole)
    if not whole.is_file():
        names = sorted(os.listdir(whole.parent)) if whole.parent.is_dir() else []
        near = ", ".join([name for name in names if not name.startswith(".")][:8])
        raise DataError(f"There is no file {str(whole)!r}.{f' Beside it there are {near}.' if near else ''}")
    return _file(whole)


def _folder(folder: Path) -> Reading:
    sides: dict[str, Path] = {}
    for file in sorted(folder.iterdir()):
        words = re.split(r"[^a-z]+", file.stem.lower())
        for side, names in SIDES.items():
            if file.is_file() and any(name in words for name in names) and side not in sides:
                sides[side] = file
    if "train" not in sides:
        raise DataError(
            f"{folder} is a folder, and none of its files is called train. Give one file, or a folder whose files have "
            "train, dev and test in their names."
        )
    train = _file(sides["train"])
    if train.reader not in ("read_conllu", "read_columns", "read_trees", "read_edges"):
        raise DataError(f"{folder} is a folder of tables: join them, with a column `split` that says train, dev, test.")
    options = dict(train.options)
    if "dev" not in sides and "test" in sides:
        return Reading(train.reader, (str(sides["train"]),), {"test": str(sides["test"]), **options})
    return Reading(train.reader, tuple(str(sides[side]) for side in ("train", "dev", "test") if side in sides), options)


def _file(path: Path) -> Reading:
    ending, alone = path.suffix.lower(), (str(path),)
    if ending in CONLLU:
        return Reading("read_conllu", alone)
    if ending in TREES:
        return Reading("read_trees", alone)
    if ending in PARQUET or (ending in SEPARATORS and not _is_senteval(path)):
        return _table(path)
    if ending in JSON:
        return Reading("read_edges", alone) if _is_edges(path) else _table(path)
    return _by_lines(path)


def _head(path: Path) -> list[str]:
    """The first lines that hold anything, and `""` for each gap between them."""
    return list(islice(decoded(path, "a text").split("\n"), _LINES))


def _is_senteval(path: Path) -> bool:
    lines = [line for line in _head(path) if line]
    return bool(lines) and all(_SENTEVAL.match(line) for line in lines)


def _is_edges(path: Path) -> bool:
    """Whether the first line is a sentence with spans of words that are labelled."""
    line = next((line for line in _head(path) if line.strip()), "")
    try:
        first = json.loads(line)
        return "span1" in first["targets"][0]
    except (ValueError, TypeError, LookupError):
        return False


def _by_lines(path: Path) -> Reading:
    lines, alone = _head(path), (str(path),)
    full = [line for line in lines if line.strip()]
    words = [line for line in full if not line.startswith("#")]
    if not full:
        raise DataError(f"{path} is empty: there is nothing to read.")
    if all(_SENTEVAL.match(line) for line in full):
        return Reading("read_senteval", alone)
    if full[0].lstrip().startswith("(") and "(" in full[0].lstrip()[1:] + "".join(full[1:2]):
        return Reading("read_trees", alone)
    if words and all(len(line.split("\t")) == 10 for line in words):
        return Reading("read_conllu", alone)
    widths = Counter(len(_fields(line)) for line in words)
    width = widths.most_common(1)[0][0] if widths else 0
    gaps = "" in [line.strip() for line in lines[:-1]]
    if gaps and width >= 2 and widths[width] >= 0.9 * len(words):
        columns = ("form", *(f"column{i}" for i in range(2, width)), "tag")
        return Reading("read_columns", alone, {"columns": columns} if width > 2 else {})
    pieces = full[0].split()
    if 2 * sum("/" in piece for piece in pieces) > len(pieces):
        hint = "For text with a tag behind each word, word/TAG, the manual's page on data has the lines that read it."
    elif width >= 2 and widths[width] >= 0.9 * len(words) and not gaps and len(words) > 1:
        hint = "An empty line must part the sentences."
    else:
        hint = "A sentence on each line, with labels in files beside it, is read by read_lines(path, labels=...)."
    raise DataError(
        f"{path} looks like nothing that has labels; it begins {clipped(full[0], 80)}. {hint} What can be read: "
        "CoNLL-U, a word with its tags on each line and an empty line between sentences, CSV, TSV, JSON, Parquet, "
        "trees in brackets, SentEval. Of another format, read it in Python and give the Corpus."
    )


def _fields(line: str) -> list[str]:
    return line.split("\t") if "\t" in line else line.split()


# ---------------------------------------------------------------------- tables


def _table(path: Path) -> Reading:
    """A table, whose columns of texts and of labels may have any names."""
    table = table_of(path, None, ("text", LABEL))
    columns = list(table.columns)
    if {"positive", "negative"} <= set(columns) and "text" not in columns:
        return Reading("read_pairs", (str(path),))
    _check_names(path, table)
    listed = "words" in columns or "tokens" in columns
    if "text" in columns or listed:
        options: dict[str, Any] = {} if "words" in columns or "text" in columns else {"words": "tokens"}
        text = "text" if "text" in columns else ""
    else:
        text = _text_column(path, table)
        options = {"text": text}
    used = {text, "words", "tokens", "split", "id"}
    labels = [column for column in columns if column not in used and _is_label(table, column)]
    if labels and labels != [LABEL]:
        options["label"] = labels[0] if len(labels) == 1 else tuple(labels)
    constant = () if any(not _are_numbers(_values(table, column)) for column in labels) else _constant(table, used)
    return Reading("read_table", (str(path),), options, constant)


def _constant(table: Table, used: set[str]) -> tuple[str, ...]:
    """The columns of words that are the same in each row, of which there are several."""
    values = {column: set(map(str, _values(table, column))) for column in table.columns if column not in used}
    return tuple(c for c, of in values.items() if len(of) == 1 and len(table.rows) > 1 and of.pop().isalpha())


def _check_names(path: Path, table: Table) -> None:
    """Raise DataError where the first line is a row like the others, and no names of columns."""
    if {*TEXTS, "words", "tokens", "split", "id", LABEL} & set(table.columns):
        return
    for column in table.columns:
        again = sum(value == column for value in _values(table, column))
        if again > 1:
            raise DataError(
                f"{path} has no line with the names of its columns: the first reads "
                f"{clipped(list(table.columns), 80)}, and {column!r} stands {again} more times below it. Put a line "
                "such as 'text,label' above it."
            )


def _text_column(path: Path, table: Table) -> str:
    named = [name for name in TEXTS if name in table.columns]
    if named:
        return named[0]
    lengths = {
        column: sum(len(value) for value in values if isinstance(value, str))
        for column in table.columns
        if not _are_numbers(values := _values(table, column)) and column != LABEL
    }
    longest = max(lengths, key=lambda column: lengths[column], default="")
    if not lengths.get(longest):
        raise DataError(f"{path} has no column of texts: its columns are {list(table.columns)}.")
    return longest


def _is_label(table: Table, column: str) -> bool:
    """Whether a column can be learnt: few different values, or numbers, and not as many as there are rows of words."""
    values = [value for value in _values(table, column) if value not in (None, "")]
    if not values or any(isinstance(value, list | dict | set | tuple) for value in values):
        return False
    different = set(map(str, values))
    return 2 <= len(different) <= min(_VALUES, max(2, len(values) // 2)) or _are_numbers(values)


def _are_numbers(values: Sequence[Any]) -> bool:
    try:
        return len({float(value) for value in values}) > 1
    except (TypeError, ValueError):
        return False


def _values(table: Table, column: str) -> list[Any]:
    return [row.get(column) for _, row in table.rows[:2000]]
