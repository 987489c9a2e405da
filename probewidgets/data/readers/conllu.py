"""Reader of CoNLL-U, the format of Universal Dependencies, and of CoNLL-U Plus.

https://universaldependencies.org/format.html and https://universaldependencies.org/ext-format.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example
from probewidgets.data.readers.files import PathLike, decoded, read_sides
from probewidgets.data.readers.groups import Group, kept_together, name_of
from probewidgets.data.readers.layout import DEPS, FEATS, HEAD, Layout, layout_of
from probewidgets.data.readers.surface import Row, Token, aligned, rebuilt
from probewidgets.errors import FormatError, clipped

__all__ = ["read_conllu"]

TOKEN_ID = re.compile(r"([1-9][0-9]*)-([1-9][0-9]*)")
EMPTY_ID = re.compile(r"(0|[1-9][0-9]*)\.([1-9][0-9]*)")
BLANK = re.compile(r"^\s|\t\s|\s\t|\s$")
"""Where a line has an empty field, or one that begins or ends with a space; a tab is a space too."""
FEATURE = re.compile(r"([^=|\s]+)=[^=|\s]+")
EDGE = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[1-9][0-9]*)?:[^|\s]+")
"""A head (`4`, or an empty node `8.1`) and the relation to it."""

Line = tuple[int, str]
"""Number of the line, from 1, and its text."""


def read_conllu(
    train: PathLike,
    dev: PathLike | None = None,
    test: PathLike | None = None,
    *,
    group: Group | None = None,
    name: str | None = None,
    licence: str = "",
    seed: int = 0,
) -> Corpus:
    """Read a treebank in CoNLL-U into a Corpus.

    Every column becomes an annotation under its lower-case name (`"lemma"`, `"upos"`, `"xpos"`, `"feats"`, `"head"`,
    `"deprel"`, `"deps"`, `"misc"`), with None for `_`. The text of an Example is the sentence's own `# text`; where
    there is none, it is put together from the forms and `SpaceAfter=No`. The words of a multiword token get the
    characters they stand for (`don't` -> `do`, `n't`), or all of the token's where they are not to be found in it
    (`du` -> `de`, `le`). Empty nodes (`8.1`) are no words and are left out.

    In CoNLL-U Plus (`.cupt`) the first line names the columns (`# global.columns = ID FORM ... PARSEME:MWE`):
    others become annotations under these names, and all but FORM may be missing; without ID, each line is a word.

    Args:
        train: The training sentences; alone, they are split 70/15/15 by example.
        dev: The development sentences; without them, but with `test`, 15 % of `train` are set apart for it.
        test: The test sentences; without them, but with `dev`, 15 % of `train` are set apart for it.
        group: A comment such as `"newdoc id"` or `"author"`, which holds until the next one of that key, and is a label
            of each sentence under that name; or a function Example -> group, or a list with a group for each sentence.
            Sentences of one group stand on one side where a split is made.
        name: What to call the corpus; by default, what the file names share, or else their folder.
        licence: A line that says under which licence the sentences stand.
        seed: Of the split, where one is made.

    Returns:
        The Corpus, with the segmenter that agrees best with its words, as well as `corpus.writing.agreement` says; one
        that does better is put in by `dataclasses.replace(corpus, segmenter=...)`: see `Corpus`.

    Raises:
        FormatError: A line breaks the format, or a sentence's text and forms disagree.
        DataError: A file cannot be read, or there are too few sentences to split.
    """
    given, key = {"train": train, "dev": dev, "test": test}, name_of(group)
    corpus = read_sides(lambda path: _read(path, key), given, "CoNLL-U", name=name, licence=licence, seed=seed)
    return kept_together(corpus, given, group, seed)


# --- lines -----------------------------------------------------------------------------------------------------------


def _read(path: Path, group: str | None) -> list[Example]:
    """The sentences of one file, with the value of the comment `group` as a label."""
    text = decoded(path, "CoNLL-U")
    layout, memo = layout_of(path, text), _Memo()
    examples = [_sentence(path, comments, words, layout, memo) for comments, words in _blocks(text)]
    if group is not None:
        values = _held(text, group)
        examples = [replace(example, labels={group: value}) for example, value in zip(examples, values, strict=True)]
    if not examples:
        raise FormatError(path, 1, "no sentence found, expected at least one. Check that this is the right file.")
    return examples


def _blocks(text: str) -> Iterator[tuple[list[Line], list[Line]]]:
    """The comments and the other lines of each sentence."""
    comments: list[Line] = []
    words: list[Line] = []
    # Not splitlines(): forms may hold characters that it takes for line ends.
    for line in enumerate(text.split("\n"), start=1):
        if not line[1] or line[1].isspace():
            if words:
                yield comments, words
            comments, words = [], []
        elif line[1][0] == "#":
            comments.append(line)
        else:
            words.append(line)
    if words:
        yield comments, words


def _held(text: str, key: str) -> list[str | None]:
    """Of each sentence the last value that a comment has given a key."""
    values: list[str | None] = []
    value = None
    for comments, _ in _blocks(text):
        for _, comment in comments:
            name, equals, given = comment[1:].partition("=")
            value = given.strip() if equals and key in (name.strip(), name.strip().removesuffix(" id")) else value
        values.append(value)
    return values


def _sentence(path: Path, comments: list[Line], lines: list[Line], layout: Layout, memo: _Memo) -> Example:
    """The Example that one block of lines stands for."""
    rows, tokens = _rows(path, lines, layout)
    meta = {}
    for number, comment in comments:
        key, equals, value = comment[1:].partition("=")
        if equals:
            meta[key.strip()] = (number, value.strip())
    number, text = meta.get("text", (rows[0].line, ""))
    text = text or rebuilt(tokens)
    words = aligned(path, number, text, rows, tokens)
    columns = list(zip(*(row.fields for row in rows), strict=True))
    annotations: dict[str, tuple[Any, ...]] = {
        name: tuple(map(memo.__getitem__, columns[i])) for i, name in layout.textual
    }
    if "_" in columns[1] and "lemma" in annotations:  # the underscore itself: its lemma is `_`, not missing
        fields = (row.fields for row in rows)
        annotations["lemma"] = tuple("_" if f[1] == f[2] == "_" else memo[f[2]] for f in fields)
    if layout.has(HEAD):
        annotations["head"] = _heads(path, rows)
    identity = meta.get("sent_id", (0, ""))[1] or f"{path.name}:{rows[0].line}"
    return Example(text=text, words=words, annotations=annotations, id=identity)


class _Memo(dict[str, "str | None"]):
    """One string for all equal ones (a treebank repeats itself), and None for `_`."""

    def __init__(self) -> None:
        super().__init__({"_": None})

    def __missing__(self, key: str) -> str:
        self[key] = key
        return key


# --- words and tokens ------------------------------------------------------------------------------------------------


def _rows(path: Path, lines: list[Line], layout: Layout) -> tuple[list[Row], list[Token]]:
    """The words and the surface tokens of a sentence; empty nodes are checked and left out."""
    rows: list[Row] = []
    tokens: list[Token] = []
    covered = 0  # the last word that a multiword token holds
    empty = 0  # the last empty node after the current word
    for number, line in lines:
        n = len(rows)
        fields = line.split("\t")
        if len(fields) != len(layout.names):
            _bad_columns(path, number, line, layout)
        if BLANK.search(line):
            _bad_blank(path, number, layout, fields)
        fields = layout.standard(fields, n + 1)
        _check_fields(path, number, fields)
        if fields[0] == str(n + 1):
            rows.append(Row(number, fields))
            empty = 0
            if n >= covered:
                tokens.append(Token(number, fields[1], _glued(fields[9]), n, n))
        elif (match := TOKEN_ID.fullmatch(fields[0])) and n >= covered:
            first, covered = int(match[1]), int(match[2])
            if first != n + 1 or covered < first:
                _bad_id(path, number, fields[0], n)
            tokens.append(Token(number, fields[1], _glued(fields[9]), n, covered - 1))
        elif (match := EMPTY_ID.fullmatch(fields[0])) and int(match[1]) == n and int(match[2]) == empty + 1:
            empty += 1
        else:
            _bad_id(path, number, fields[0], n)
    if not rows:
        raise FormatError(path, lines[0][0], "the sentence has no word, expected a line with the ID 1.")
    if covered > len(rows):
        token = tokens[-1]
        message = (
            f"the token {token.form!r} spans words {token.first + 1}-{covered}, but the sentence has only {len(rows)}."
        )
        raise FormatError(path, token.line, message)
    return rows, tokens


def _glued(misc: str) -> bool:
    return "SpaceAfter=No" in misc and "SpaceAfter=No" in misc.split("|")


def _check_fields(path: Path, number: int, fields: list[str]) -> None:
    """Raise FormatError where a column, of a word, of a token or of an empty node, is not written as it must be."""
    if (feats := fields[FEATS]) != "_":
        keys = [match[1] if (match := FEATURE.fullmatch(pair)) else "" for pair in feats.split("|")]
        if not all(keys) or len(set(keys)) < len(keys):
            message = (
                f"FEATS is {clipped(feats, 80)}, expected Key=Value pairs with |, each key once, such as "
                "'Number=Sing', or _."
            )
            raise FormatError(path, number, message)
    if (deps := fields[DEPS]) != "_" and not all(map(EDGE.fullmatch, deps.split("|"))):
        message = f"DEPS is {clipped(deps, 80)}, expected head:relation pairs with |, such as '4:nsubj|8.1:obj', or _."
        raise FormatError(path, number, message)


def _bad_blank(path: Path, number: int, layout: Layout, fields: list[str]) -> NoReturn:
    name, field = next((n, f) for n, f in zip(layout.names, fields, strict=True) if not f or f != f.strip())
    problem = f"has outer spaces: {clipped(field, 40)}. Remove them" if field else "is empty"
    raise FormatError(path, number, f"{name} {problem}; where there is no value, write _.")


def _bad_columns(path: Path, number: int, line: str, layout: Layout) -> NoReturn:
    n, expected = line.count("\t") + 1, len(layout.names)
    hint = (
        "Its columns seem to be separated by spaces: use tabs."
        if len(line.split()) == expected
        else f"It reads {clipped(line, 80)}."
    )
    if layout.plus:
        hint += f" The columns are those that # global.columns names: {' '.join(layout.names)}."
    elif n > 1:
        hint += " A file with other columns (CoNLL-U Plus) names them in its first line: # global.columns = ID FORM ..."
    raise FormatError(path, number, f"{n} column(s), expected {expected} separated by tabs. {hint}")


def _bad_id(path: Path, number: int, given: str, n: int) -> NoReturn:
    message = (
        f"the ID {given!r} is out of order, expected {n + 1} (or a range such as {n + 1}-{n + 2}, or an empty node "
        f"such as {n}.1). Is a line missing, or the empty line between two sentences?"
    )
    raise FormatError(path, number, message)


_NUMBERS: dict[str, int | None] = {"_": None, **{str(i): i for i in range(1000)}}


def _heads(path: Path, rows: list[Row]) -> tuple[int | None, ...]:
    """The HEAD column as numbers; a sentence without a root is let through."""
    heads = []
    n = len(rows)
    for index, row in enumerate(rows, start=1):
        field = row.fields[HEAD]
        head = _NUMBERS.get(field, -1)
        if head == -1 and field.isascii() and field.isdigit():
            head = int(field)
        if head is not None and (not 0 <= head <= n or head == index):
            problem = "is its own head" if head == index else f"has the head {field!r}"
            message = f"word {index} {problem}, expected another word's ID (1 to {n}), 0 for the root, or _."
            raise FormatError(path, row.line, message)
        heads.append(head)
    return tuple(heads)
