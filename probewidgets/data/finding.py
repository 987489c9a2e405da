"""Labels and their spans in one example: a function for each place where labels may stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from probewidgets.data import trees
from probewidgets.data.examples import Example, Span, as_span
from probewidgets.errors import DataError, clipped

__all__ = [
    "Candidate",
    "Find",
    "annotation",
    "asked",
    "constituents",
    "edges",
    "entities",
    "feature",
    "features",
    "forms",
    "own",
]

Candidate = tuple[tuple[Span, ...], Any]
"""The spans of a target (none: the whole text) and its label; a label None or NaN is counted and left out.
A list, tuple or set of strings is several labels at once: multi-label."""

Find = Callable[[Example], Iterable[Candidate]]
"""From an example to what is labelled in it."""


def annotation(name: str) -> Find:
    """The values of an annotation, word by word."""

    def find(example: Example) -> Iterator[Candidate]:
        values = example.annotations.get(name) or (None,) * len(example.words)
        return (((word,), value) for word, value in zip(example.words, values, strict=True))

    return find


def forms(example: Example) -> Iterator[Candidate]:
    """The words themselves."""
    return (((word,), form) for word, form in zip(example.words, example.forms, strict=True))


def asked(name: str, source: Callable[[Example], Iterable[Any]], n_spans: int) -> Find:
    """Whatever a function of the person's own finds, each of it `n_spans` spans and a label."""
    expected = "(span, label) pairs" if n_spans == 1 else "(modifier, head, label) triples"

    def find(example: Example) -> Iterator[Candidate]:
        where = f"Task {name!r}, example {example.id!r}"
        given = source(example)
        if not isinstance(given, Iterable):
            raise DataError(
                f"{where}: the function must give {expected}, [] where there are none; {clipped(given)} came."
            )
        for item in given:
            if not isinstance(item, tuple | list) or len(item) != n_spans + 1:
                raise DataError(f"{where}: the function must give {expected}, but {clipped(item)} is among them.")
            yield tuple(as_span(span, f"{where}: what is labelled") for span in item[:-1]), item[-1]

    return find


def own(name: str, n_spans: int) -> Find:
    """The targets that an example came with."""

    def find(example: Example) -> Iterator[Candidate]:
        for spans, label in example.targets:
            if len(spans) != n_spans:
                other = "EdgeTask" if len(spans) == 2 else "SpanTask"
                raise DataError(
                    f"Task {name!r}, example {example.id!r}: a target has {len(spans)} span(s), expected {n_spans}. "
                    f"Use {other}('targets')."
                )
            yield spans, label

    return find


def feature(key: str) -> Find:
    """The values of a FEATS key, word by word."""
    value_of: dict[str | None, str | None] = {}

    def find(example: Example) -> Iterator[Candidate]:
        for word, feats in zip(example.words, example.annotations.get("feats", ()), strict=False):
            if feats not in value_of:
                value_of[feats] = features(feats).get(key)
            yield (word,), value_of[feats]

    return find


def features(feats: str | None) -> Mapping[str, str]:
    """`"Number=Sing|Person=3"` as a mapping."""
    pairs = (pair.partition("=") for pair in (feats or "").split("|"))
    return {key: value for key, equals, value in pairs if equals}


def constituents(example: Example) -> Iterator[Candidate]:
    """The phrases of a bracketed tree, outermost first; a phrase holds more than its word and the word's tag."""
    if example.tree is None:
        return
    phrases, leaves = trees.phrases(example)
    if leaves != len(example.words):
        raise DataError(
            f"Example {example.id!r}: its tree has {leaves} leaves for {len(example.words)} words. "
            "The leaves of a tree must be the words, in order."
        )
    for first, last, label in phrases:
        yield (Span(example.words[first].start, example.words[last].end),), label


def entities(name: str) -> Find:
    """The spans of an annotation in BIO (or IOB1, BIOES, BILOU): `B-PER`, `I-PER`, `O`."""
    return lambda example: _entities(example, name)


def _entities(example: Example, column: str) -> Iterator[Candidate]:
    first: int | None = None
    open_label = ""
    values = example.annotations.get(column, ())
    for index, value in enumerate((*values, None)):
        prefix, label = _bio(value, column, example)
        if first is not None and (prefix in "OBSU" or label != open_label):
            yield (Span(example.words[first].start, example.words[index - 1].end),), open_label
            first = None
        if prefix != "O" and first is None:
            first, open_label = index, label
        if first is not None and prefix in "ELSU":
            yield (Span(example.words[first].start, example.words[index].end),), open_label
            first = None


def _bio(value: Any, column: str, example: Example) -> tuple[str, str]:
    """`"B-PER"` -> `("B", "PER")`; nothing -> `("O", "")`."""
    if value is None or value in ("O", "_"):
        return "O", ""
    prefix, dash, label = str(value).partition("-")
    if not dash or prefix not in ("B", "I", "E", "L", "S", "U") or not label:
        raise DataError(
            f"Annotation {column!r} of example {example.id!r} holds {value!r}, expected BIO labels such as 'B-PER', "
            f"'I-PER' and 'O'. For a label on every word, use WordTask({column!r})."
        )
    return prefix, label


def edges(name: str) -> Find:
    """(modifier, head) for every word that has a head, labelled by an annotation."""
    return lambda example: _edges(example, name)


def _edges(example: Example, column: str) -> Iterator[Candidate]:
    words = example.words
    heads = example.annotations.get("head", ())
    for word, head, label in zip(words, heads, example.annotations.get(column, (None,) * len(words)), strict=False):
        if head is None:
            yield (word,), None
        elif not 0 <= head <= len(words):
            raise DataError(
                f"Example {example.id!r}: the head {head!r} is none of its {len(words)} words (or 0, the root)."
            )
        elif head:
            yield (word, words[head - 1]), label
