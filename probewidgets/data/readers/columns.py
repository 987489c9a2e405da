"""Reader of column files, such as CoNLL-2003's: a word a line, its tags beside it, an empty line between sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example, placed
from probewidgets.data.readers.files import PathLike, decoded, read_sides
from probewidgets.data.readers.groups import Group, kept_together, name_of
from probewidgets.errors import DataError, FormatError, clipped

__all__ = ["read_columns"]

DOCUMENT = "-DOCSTART-"
"""What stands for a word where a document begins."""

KEYED = re.compile(r"#+\s*[\w.:-]+(?:\s[\w.:-]+)?\s*=(?:\s|$)")
"""`# sent_id = 3`, `# newdoc id = x`: what nobody writes for a word and its tags."""
BARE = re.compile(r"#+\s*(?:newdoc|newpar)?\s*$")
"""A comment of one key, or an empty one."""
BIO = re.compile(r"[OoX_0]|[BIEMSLUW][-_].+")
TAG = re.compile(rf"{BIO.pattern}|[A-Z][^a-z]*|[^\w\s]+")
"""A tag by its looks."""

Row = tuple[int, list[str]]
"""Number of the line, from 1, and its fields."""


def read_columns(
    train: PathLike,
    dev: PathLike | None = None,
    test: PathLike | None = None,
    *,
    columns: Sequence[str | None] = ("form", "tag"),
    comments: bool | None = None,
    group: Group | None = None,
    name: str | None = None,
    licence: str = "",
    seed: int = 0,
) -> Corpus:
    """Read files with a word on each line, its tags beside it, and an empty line between sentences.

    Columns are parted by tabs where a line has any, or else by spaces. `_` is no tag. Lines that begin with
    `-DOCSTART-` are left out. A text is its words with spaces between them.

    A line that begins with `#` is a comment where it reads `# key = value`, `# newdoc` or `# newpar`, and, before the
    first word of a sentence, where what follows a lone `#` does not fill the columns. Where it fills them, `#` is a
    word if its last tag is one that other words have, or looks like one of them; or else the line is refused, for it
    could be either.

    Typed texts are cut by the segmenter that agrees best with the words, as well as `corpus.writing.agreement` says.
    One that does better is put in by `dataclasses.replace(corpus, segmenter=...)`: see `Corpus`.

    Args:
        train: The training sentences; alone, they are split 70/15/15 by example.
        dev: The development sentences; without them, but with `test`, 15 % of `train` are set apart for it.
        test: The test sentences; without them, but with `dev`, 15 % of `train` are set apart for it.
        columns: What the columns are called: `"form"` the word, the others annotations, None for one to leave out. Of
            CoNLL-2003: `("form", "xpos", "chunk", "ner")`, and `SpanTask("ner")` then finds its entities.
        comments: True where every line that begins with `#` is a comment, False where each is a word; by default, as
            above.
        group: One of `columns`, whose value at the first word counts; `"-DOCSTART-"`, for the documents that these
            lines begin; or a comment such as `"newdoc id"`, which holds until the next one of that key: it is a label
            of each sentence under that name. Or a function Example -> group, or a list with a group for each sentence.
            Sentences of one group stand on one side where a split is made.
        name: What to call the corpus; by default, what the file names share, or else their folder.
        licence: A line that says under which licence the sentences stand.
        seed: Of the split, where one is made.

    Raises:
        FormatError: A line has more columns or fewer, or may be a comment or a word; or a file holds no word.
        DataError: `columns` are no names; a file cannot be read; there are too few sentences to split.
    """
    named = isinstance(columns, tuple | list) and all(isinstance(column, str | None) for column in columns)
    given = [column for column in columns if column is not None] if named else []
    if "form" not in given or len(set(given)) != len(given):
        raise DataError(
            f"columns must be different names (or None), 'form' among them, but {clipped(columns, 80)} came."
        )
    paths = {"train": train, "dev": dev, "test": test}
    how = _How(tuple(columns), comments, name_of(group))
    corpus = read_sides(lambda path: _read(path, how), paths, "columns", name=name, licence=licence, seed=seed)
    return kept_together(corpus, paths, group, seed)


@dataclass(frozen=True)
class _How:
    """How a file is read; see `read_columns`."""

    columns: tuple[str | None, ...]
    comments: bool | None
    group: str | None

    def labels(self, held: str | None, first: Mapping[str | None, str]) -> dict[str, Any]:
        """The group of a sentence as its label: what its `first` word has, or else what was `held` from before."""
        return {} if self.group is None else {self.group: first.get(self.group, held)}


def _read(path: Path, how: _How) -> list[Example]:
    """The sentences of one file."""
    examples = []
    columns = how.columns
    for held, rows in _sentences(path, how):
        fields = dict(zip(columns, zip(*(fields for _, fields in rows), strict=True), strict=True))
        text, words = placed(fields["form"])
        annotations = {
            column: tuple(None if value == "_" else value for value in values)
            for column, values in fields.items()
            if column not in ("form", None)
        }
        number = rows[0][0]
        try:
            labels = how.labels(held, {column: values[0] for column, values in fields.items()})
            examples.append(Example(text, words, annotations, labels, id=f"{path.name}:{number}"))
        except DataError as error:
            raise FormatError(path, number, str(error)) from None
    if not examples:
        raise FormatError(path, 1, "no word found, expected one on each line. Check that this is the right file.")
    return examples


def _sentences(path: Path, how: _How) -> Iterator[tuple[str | None, list[Row]]]:
    """The rows of each sentence, and the value that the comment of its group had last."""
    # Not splitlines(): words may hold characters that it takes for line ends.
    lines = decoded(path, "columns").split("\n")
    columns = how.columns
    signs = _Signs(path, lines, len(columns), how.comments)
    rows: list[Row] = []
    held: str | None = None
    mine: str | None = None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            if rows:
                yield mine, rows
            rows = []
            continue
        fields = _fields(line)
        if fields[0] == DOCUMENT or (line[0] == "#" and signs.is_comment(number, line, fields, bool(rows))):
            key, _, value = line.strip("# ").partition("=")
            if how.group in (fields[0], key.strip(), key.strip().removesuffix(" id")):
                held = value.strip() or f"{path.name}:{number}"
            continue
        if len(fields) != len(columns):
            names = ", ".join(map(str, columns))
            hint = " (comments=True leaves out all lines that begin with #)" if line[0] == "#" else ""
            bare = " Give the word a tag (O or _ for none); or say" * (len(fields) == 1) or " Say"
            message = (
                f"{len(fields)} column(s), expected {len(columns)} ({names}). It reads {clipped(line)}{hint}.{bare} "
                "what the columns are called: columns=('form', 'xpos', None, 'ner')."
            )
            raise FormatError(path, number, message)
        if not all(field.strip() for field in fields):
            raise FormatError(
                path, number, f"a column is empty; where there is no tag, write _. It reads {clipped(line)}."
            )
        mine = mine if rows else held
        rows.append((number, fields))
    if rows:
        yield mine, rows


def _fields(line: str) -> list[str]:
    return line.split("\t") if "\t" in line else re.split(" +", line.strip(" "))


@dataclass(frozen=True)
class _Signs:
    """Lines of a file that begin with `#`: comments, or words."""

    path: Path
    lines: Sequence[str]
    columns: int
    comments: bool | None

    def is_comment(self, number: int, line: str, fields: Sequence[str], within: bool) -> bool:
        """Tell it of a line; `within` a sentence a line that fills the columns, or tries to, is a word.

        Raises:
            FormatError: It could be either.
        """
        if self.comments is not None:
            return self.comments
        if KEYED.match(line) or BARE.match(line):
            return "=" not in self._second
        if len(fields) != self.columns:
            return not within and not fields[0].strip("#")
        return not within and not self._is_word(number, line, fields)

    def _is_word(self, number: int, line: str, fields: Sequence[str]) -> bool:
        looks = (BIO if all(map(BIO.fullmatch, self._last)) else TAG).fullmatch(fields[-1])
        if fields[0].strip("#") or "\t" in line or fields[-1] in self._last or looks:
            return "\t" in line or not self._tabs
        message = (
            f"{clipped(line)} may be a comment, or the word {fields[0]!r} and its tags. Say comments=True or False."
        )
        raise FormatError(self.path, number, message)

    @cached_property
    def _others(self) -> list[str]:
        """The lines that are surely words."""
        return [line for line in self.lines if line.strip() and line[0] != "#"]

    @cached_property
    def _tabs(self) -> bool:
        return any("\t" in line for line in self._others)

    @cached_property
    def _last(self) -> set[str]:
        """Tags of the last column."""
        return {_fields(line)[-1] for line in self._others}

    @cached_property
    def _second(self) -> set[str]:
        """Tags of the second column: where `=` is one, it parts no key from its value."""
        return {fields[1] for line in self._others if len(fields := _fields(line)) == self.columns > 1}
