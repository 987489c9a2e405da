"""Labels and their spans in one example: a function for each place where labels may stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from probewidgets.data import trees
from probewidgets.data.examples import Example, Span, as_span
from probewidgets.errors import DataError, clipped

__all__ = ["Candidate", "Find", "asked", "asked_of_words", "constituents", "edges", "own", "spans", "words"]

Candidate = tuple[tuple[Span, ...], Any]
"""The spans of a target (none: the whole text) and its label; a label None or NaN is counted and left out.
A list, tuple or set of strings is several labels at once: multi-label."""

Find = Callable[[Example], Iterable[Candidate]]
"""From an example to what is labelled in it."""


def words(read: Callable[[Example], Sequence[Any]]) -> Find:
    """The words of an example, each with its value."""
    return lambda example: (((word,), value) for word, value in zip(example.words, read(example), strict=True))


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


def asked_of_words(name: str, source: Callable[[Example], Any]) -> Callable[[Example], Sequence[Any]]:
    """Whatever a function of the person's own says of the words of an example."""
    such = "one label for each word, such as lambda example: [form.istitle() for form in example.forms]"

    def read(example: Example) -> Sequence[Any]:
        where = f"Task {name!r}, example {example.id!r}"
        try:
            given = source(example)
        except (TypeError, AttributeError, KeyError, IndexError) as error:
            raise DataError(
                f"{where}: the function failed ({type(error).__name__}: {error}). It is given an Example, and must "
                f"give {such}."
            ) from error
        if isinstance(given, str | bytes | set | frozenset | Mapping) or not isinstance(given, Iterable):
            raise DataError(f"{where}: the function must give {such}; {clipped(given)} came.")
        labels = list(given)
        if len(labels) != len(example.words):
            raise DataError(
                f"{where}: the function gave {len(labels)} label(s) for {len(example.words)} word(s). It must give "
                f"{such}."
            )
        return labels

    return read


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


def spans(name: str) -> Find:
    """The spans of that name that an example came with."""
    return lambda example: (((span,), label) for span, label in example.spans.get(name, ()))


def edges(read: Callable[[Example], Sequence[Any]]) -> Find:
    """(modifier, head) for every word that has a head, labelled by the values of the words."""
    return lambda example: _edges(example, read(example))


def _edges(example: Example, values: Sequence[Any]) -> Iterator[Candidate]:
    words = example.words
    heads = example.annotations.get("head", ())
    for word, head, label in zip(words, heads, values, strict=False):
        if head is None:
            yield (word,), None
        elif not 0 <= head <= len(words):
            raise DataError(
                f"Example {example.id!r}: the head {head!r} is none of its {len(words)} words (or 0, the root)."
            )
        elif head:
            yield (word, words[head - 1]), label
