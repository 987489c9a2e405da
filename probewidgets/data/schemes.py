"""Schemes that mark spans word by word: BIO, IOB1, IOE, BIOES, BILOU, BMES and the like, read by one rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from probewidgets.data.examples import Example, Span
from probewidgets.errors import DataError

__all__ = ["check_scheme", "entities"]

INSIDE, LAST, ALONE = "IM", "EL", "SUW"
"""Prefixes of a word within a span, of the last one of it, and of one that is a span alone; `B` begins one."""
NONE = ("O", "_")
TAG = re.compile(rf"([B{INSIDE}{LAST}{ALONE}])-(.+)", re.DOTALL)
SEVERAL = re.compile(rf"[|;,+]\s*[B{INSIDE}{LAST}{ALONE}]-")
"""Where a second one begins, of spans within spans: `B-ORG|B-LOC`."""

_PREFIX = rf"[B{INSIDE}{LAST}{ALONE}]"
_NEARLY = (
    (re.compile(rf"({_PREFIX})[_:/|. ](.+)", re.I), r"\1", r"\2"),
    (re.compile(rf"(.+)[-_:/|. ]({_PREFIX})", re.I), r"\2", r"\1"),
    (re.compile(rf"({_PREFIX})-(.+)", re.I), r"\1", r"\2"),
    (re.compile(rf"({_PREFIX})", re.I), r"\1", "X"),
)
"""Other writings of a prefix and a label, and which is which in them."""

Read = Callable[[Example], Sequence[Any]]
"""The values of the words of an example."""


def entities(name: str, read: Read) -> Callable[[Example], Iterator[tuple[tuple[Span, ...], Any]]]:
    """The spans that the values of words mark: `B-PER`, `I-PER`, `O`.

    A span begins where a word says so, where its label is another, or where none is open; it ends with the word that
    says so, or before one that is none of it. That reads every scheme whose prefixes these are.

    Args:
        name: Of the column, for messages.
        read: Gives the values.
    """

    def find(example: Example) -> Iterator[tuple[tuple[Span, ...], Any]]:
        first: int | None = None
        open_label = ""
        for index, value in enumerate((*read(example), None)):
            prefix, label = _parts(value, name, example)
            if first is not None and (prefix in f"OB{ALONE}" or label != open_label):
                yield (Span(example.words[first].start, example.words[index - 1].end),), open_label
                first = None
            if prefix != "O" and first is None:
                first, open_label = index, label
            if first is not None and prefix in LAST + ALONE:
                yield (Span(example.words[first].start, example.words[index].end),), open_label
                first = None

    return find


def check_scheme(name: str, corpus: Iterable[Example], read: Read) -> None:
    """Raise DataError where `S-` may begin a span instead of being one: before `I-` in a column without `B-`.

    Args:
        name: Of the column, for messages.
        corpus: The examples.
        read: Gives the values of their words.
    """
    doubtful: Example | None = None
    for example in corpus:
        before = ("O", "")
        for value in read(example):
            prefix, label = _parts(value, name, example)
            if prefix in ("B", "U", "W"):
                return
            if before == ("S", label) and prefix in INSIDE + LAST:
                doubtful = doubtful or example
            before = prefix, label
    if doubtful is not None:
        raise DataError(
            f"Annotation {name!r} of example {doubtful.id!r} has S- before I-, M-, E- or L- of the same label, and no "
            "word of the corpus has B-: S may begin a span here, or be one of a single word. Replace S- by B- where it "
            "begins one, and the I- or E- that begins one by B- where it does not."
        )


def _parts(value: Any, name: str, example: Example) -> tuple[str, str]:
    """`"B-PER"` -> `("B", "PER")`; nothing -> `("O", "")`."""
    if value is None or value != value or (tag := str(value).strip()) in NONE:  # NaN is nothing, too
        return "O", ""
    match = TAG.fullmatch(tag)
    if match and not SEVERAL.search(tag):
        return match[1], match[2]
    way = " Give one column for each layer of spans, or spans of characters." if match else _instead(tag)
    raise DataError(
        f"Annotation {name!r} of example {example.id!r} holds {value!r}, expected BIO labels such as 'B-PER', 'I-PER' "
        f"and 'O' (or BIOES, BILOU, BMES), one on each word.{way} For a label on every word, use WordTask({name!r})."
    )


def _instead(value: str) -> str:
    """What to write for a value that is nearly one of a scheme."""
    if value in ("o", "0", "OUT", "out", "O-O"):
        return f" Replace {value!r} by 'O'."
    for pattern, prefix, label in _NEARLY:
        if match := pattern.fullmatch(value):
            meant = f"{match.expand(prefix).upper()}-{match.expand(label)}"
            return (
                f" Replace {value!r} by {meant!r}, with a label for X."
                if label == "X"
                else f" Replace {value!r} by {meant!r}."
            )
    return ""
