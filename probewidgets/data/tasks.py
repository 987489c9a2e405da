"""Tasks: which things of a Corpus are labelled, and how. Corpus -> Targets, over one path for all kinds of them."""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from probewidgets.data.corpus import Corpus
from probewidgets.data.dependencies import check_heads, depths
from probewidgets.data.examples import Example, Span, as_span
from probewidgets.data.targets import Targets
from probewidgets.errors import DataError, clipped

__all__ = ["EdgeTask", "SentenceTask", "SpanTask", "Task", "TreeTask", "WordTask"]

Found = tuple[tuple[Span, ...], Any]
"""The spans of one target (none: the whole text) and its label; a label None or NaN is counted and left out.
A list, tuple or set of strings is several labels at once: multi-label."""


class Task(Protocol):
    """What is labelled: from a Corpus to Targets."""

    @property
    def name(self) -> str:
        """What tables and captions call it."""

    @property
    def unit(self) -> str:
        """What one target is: `"word"`, `"span"`, `"edge"` or `"sentence"`."""

    def targets(self, corpus: Corpus) -> Targets:
        """Every labelled thing of the corpus."""


def check_task(name: str, task: object) -> None:
    """Raise DataError unless a task came; `name` is the function that takes it."""
    if isinstance(task, type) or not hasattr(task, "targets"):
        raise DataError(f"{name} takes a task, such as WordTask('upos'), but {clipped(task)} came.")


@dataclass(frozen=True)
class WordTask:
    """A label on every word: an annotation (`"upos"`, `"xpos"`, `"deprel"`, `"lemma"`) or a FEATS key (`"Number"`).

    Of CoNLL-U every column is a task by its lower-case name, `"form"` (the word itself) and `"misc"` too; only the ID
    is none, for it is the number of the row. Words carry what their own lines say: an empty node (`8.1`) is no word and
    has no label, and what a multiword token's line (`2-3`) says, its MISC above all, is nobody's.

    A label None (or NaN) leaves the word out. A word may carry any number of labels, as a list, tuple or set (`[]`:
    none of them), for a `SigmoidProbe`; then every word must.

    Args:
        column: Name of the annotation, or else `"form"`, or else a key in the annotation `"feats"`.
        regression: Whether labels are numbers (strings may spell them), for a `RidgeProbe`, not names of classes.

    Raises:
        DataError: The column is no string.
    """

    column: str
    regression: bool = False

    unit = "word"

    def __post_init__(self) -> None:
        if not isinstance(self.column, str):
            raise DataError(f"WordTask takes the name of a column, such as 'upos', but {clipped(self.column)} came.")

    @property
    def name(self) -> str:
        """What tables and captions call it: the column."""
        return self.column

    def targets(self, corpus: Corpus) -> Targets:
        """One Target per word that carries a label; words without the key are counted in `unlabelled`.

        Raises:
            DataError: No word of the corpus carries such a label.
        """
        columns, keys = _annotations(corpus)
        if self.column in columns:
            find = _column(self.column)
        elif self.column == "form":
            find = _forms
        elif self.column in keys:
            find = _feature(self.column)
        else:
            raise DataError(
                f"No word of {corpus.name!r} has {self.column!r}. "
                f"Annotations: {_listed(columns)}. FEATS keys: {_listed(keys)}."
            )
        return _collect(self, corpus, 1, find)


@dataclass(frozen=True)
class SentenceTask:
    """A label on every sentence: one of the Example's own labels, or what a function says of it.

    A label None (or NaN) leaves the sentence out. A sentence may carry any number of labels, as a list, tuple or set
    (`[]`: none of them), for a `SigmoidProbe`; then every sentence must.

    Args:
        source: Name of a label in `Example.labels`, or a function Example -> label.
        name: What tables and captions call it; by default the source, or the name of the function.
        regression: Whether labels are numbers (strings may spell them), for a `RidgeProbe`, not names of classes.

    Raises:
        DataError: The source is neither.
    """

    source: str | Callable[[Example], Any]
    name: str = ""
    regression: bool = False

    unit = "sentence"

    def __post_init__(self) -> None:
        _check_source(self, self.source)
        object.__setattr__(self, "name", self.name or _source_name(self.source))

    def targets(self, corpus: Corpus) -> Targets:
        """One Target without a span per sentence that carries a label.

        Raises:
            DataError: No sentence of the corpus carries such a label.
        """
        source = self.source
        if isinstance(source, str):
            available = {name for example in corpus for name in example.labels}
            _require(source, available, corpus, "label of a sentence")

        def find(example: Example) -> Iterator[Found]:
            yield (), example.labels.get(source) if isinstance(source, str) else source(example)

        return _collect(self, corpus, 0, find)


@dataclass(frozen=True)
class SpanTask:
    """A label on spans: constituents, entities in a BIO column, or whatever a function finds.

    A label None (or NaN) leaves the span out. A span may carry any number of labels, as a list, tuple or set (`[]`:
    none of them), for a `SigmoidProbe` or an `EdgeProbe`; then every span must.

    Args:
        source: `"constituents"`: the phrases of `Example.tree`, without the words' own tags. The name of an annotation
            with values such as `B-PER`, `I-PER`, `O`: its entities. `"targets"`: those that the examples came with. A
            function Example -> (span, label) pairs, [] where there are none: those; a span is a Span or a (start, end)
            pair of characters.
        name: What tables and captions call it; by default the source, or the name of the function.
        regression: Whether labels are numbers (strings may spell them), for a `RidgeProbe`, not names of classes.

    Raises:
        DataError: The source is neither.
    """

    source: str | Callable[[Example], Iterable[tuple[Span, Any]]] = "constituents"
    name: str = ""
    regression: bool = False

    unit = "span"

    def __post_init__(self) -> None:
        _check_source(self, self.source)
        object.__setattr__(self, "name", self.name or _source_name(self.source))

    def targets(self, corpus: Corpus) -> Targets:
        """One Target with one span per labelled span.

        Raises:
            DataError: No span of the corpus carries such a label; a tree does not fit its words; a column is not BIO; a
                span lies outside its text; the function gives something else than pairs.
        """
        if not isinstance(self.source, str):
            return _collect(self, corpus, 1, _asked(self.name, self.source, 1))
        if self.source == "targets":
            return _collect(self, corpus, 1, _own(self.name, 1))
        if self.source == "constituents":
            if not any(example.tree for example in corpus):
                raise DataError(f"No example of {corpus.name!r} has a tree, so there are no constituents to label.")
            return _collect(self, corpus, 1, _constituents)
        columns, _ = _annotations(corpus)
        _require(self.source, columns, corpus, "annotation")
        column = self.source
        return _collect(self, corpus, 1, lambda example: _entities(example, column))


@dataclass(frozen=True)
class EdgeTask:
    """A label on pairs of spans (modifier, head): a dependency relation, or whatever a function finds.

    A label None (or NaN) leaves the edge out. An edge may carry any number of labels, as a list, tuple or set (`[]`:
    none of them), for a `SigmoidProbe` or an `EdgeProbe`; then every edge must.

    Args:
        source: Name of the annotation that labels the edge from each word to its `"head"`. `"targets"`: the pairs of
            spans that the examples came with, in their order. A function Example -> (modifier, head, label) triples, []
            where there are none: those; a span is a Span or a (start, end) pair of characters.
        name: What tables and captions call it; by default the source, or the name of the function.
        regression: Whether labels are numbers (strings may spell them), for a `RidgeProbe`, not names of classes.

    Raises:
        DataError: The source is neither.
    """

    source: str | Callable[[Example], Iterable[tuple[Span, Span, Any]]] = "deprel"
    name: str = ""
    regression: bool = False

    unit = "edge"

    def __post_init__(self) -> None:
        _check_source(self, self.source)
        object.__setattr__(self, "name", self.name or _source_name(self.source))

    def targets(self, corpus: Corpus) -> Targets:
        """One Target with two spans, (modifier, head), per labelled edge. The root has no head and is no edge.

        Raises:
            DataError: No edge of the corpus carries such a label; a span lies outside its text; the function gives
                something else than triples.
        """
        source = self.source
        if not isinstance(source, str):
            return _collect(self, corpus, 2, _asked(self.name, source, 2))
        if source == "targets":
            return _collect(self, corpus, 2, _own(self.name, 2))
        columns, _ = _annotations(corpus)
        for column in ("head", source):
            _require(column, columns, corpus, "annotation")
        return _collect(self, corpus, 2, lambda example: _edges(example, source))


@dataclass(frozen=True)
class TreeTask:
    """The dependency tree of every sentence, from the annotation `"head"`: a word's label is its depth, a number.

    `pw.structural` reads the whole trees, distances between words too, off the states of these words;
    `pw.attachment` reads the head of each word; `pw.sweep(acts, pw.RidgeProbe())` reads the depths alone.

    Args:
        name: What tables and captions call it.
    """

    name: str = "tree"

    unit = "word"
    regression = True

    def targets(self, corpus: Corpus) -> Targets:
        """One Target per word of a sentence whose words have heads; other sentences' words are counted.

        Raises:
            DataError: No sentence has heads; the heads of one are no tree (the message names it).
        """
        columns, _ = _annotations(corpus)
        _require("head", columns, corpus, "annotation")

        def find(example: Example) -> Iterator[Found]:
            heads = example.annotations.get("head")
            if not example.words or heads is None or all(head is None for head in heads):
                return (((word,), None) for word in example.words)
            known = check_heads(heads, f"example {example.id!r}")
            return (((word,), int(depth)) for word, depth in zip(example.words, depths(known), strict=True))

        return _collect(self, corpus, 1, find)


# --- the one path ----------------------------------------------------------------------------------------------------


def _collect(
    task: WordTask | SentenceTask | SpanTask | EdgeTask | TreeTask,
    corpus: Corpus,
    n_spans: int,
    find: Callable[[Example], Iterable[Found]],
) -> Targets:
    """Targets in columns from what `find` says of each example."""
    # Columns of numbers, and each word once: a list of tuples takes ten times as much.
    index, bounds = array("q"), array("q")
    surface: list[str] = []
    given: list[Any] = []
    unlabelled = 0
    for number, example in enumerate(corpus):
        text = example.text
        for spans, label in find(example):
            if label is None or (isinstance(label, float | np.floating) and np.isnan(label)):
                unlabelled += 1
                continue
            index.append(number)
            given.append(label)
            for span in spans:
                if span.end > len(text):
                    raise DataError(
                        f"Task {task.name!r}: the span [{span.start}, {span.end}) ends after the text of example "
                        f"{example.id or number!r}, which has {len(text)} characters."
                    )
                bounds.extend((span.start, span.end))
            surface.append(sys.intern(text[spans[0].start : spans[0].end]) if spans else text)
    if not given:
        raise DataError(
            f"Task {task.name!r} labels nothing: {corpus.name!r} has {len(corpus):,} sentence(s), and all "
            f"{unlabelled:,} {task.unit}(s) found carry no label. Choose another task or another corpus."
        )

    def at(row: int) -> str:
        return f"Task {task.name!r}, example {corpus[index[row]].id or index[row]!r}"

    y, labels = _numbers(given, at) if task.regression else _classes(given, at)
    return Targets(
        task=task.name,
        unit=task.unit,
        example=np.array(index, dtype=np.int64),
        spans=np.array(bounds, dtype=np.int64).reshape(len(given), n_spans, 2),
        surface=tuple(surface),
        y=y,
        labels=labels,
        unlabelled=unlabelled,
    )


def _classes(given: Sequence[Any], at: Callable[[int], str]) -> tuple[npt.NDArray[Any], tuple[str, ...]]:
    """(N,) indices of labels; or (N, K) booleans, where each of them is several."""
    several = [isinstance(label, list | tuple | set | frozenset) for label in given]
    if not any(several):
        names = [label if isinstance(label, str) else str(label) for label in given]
        labels = _ordered(set(names))
        number_of = {label: k for k, label in enumerate(labels)}
        return np.fromiter(map(number_of.__getitem__, names), dtype=np.int64, count=len(names)), labels
    if not all(several):
        row = several.index(not several[0])
        came, elsewhere = ("one label", "a list") if several[0] else ("a list of labels", "one label")
        raise DataError(
            f"{at(row)}: {came} came, {clipped(given[row])}, and {elsewhere} before it. Give every target one "
            "label, or every target a list, such as ['A'] or []."
        )
    sets = [{str(label) for label in labels} for labels in given]
    labels = _ordered(set().union(*sets))
    if not labels:
        raise DataError("All lists of labels are empty: there is nothing to tell apart.")
    return np.array([[label in members for label in labels] for members in sets], dtype=bool), labels


def _ordered(names: set[str]) -> tuple[str, ...]:
    """Sorted; as numbers if all of them are, for "10" comes after "9"."""
    numeric = all(re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", name) for name in names)
    return tuple(sorted(names, key=lambda name: (float(name), name) if numeric else (0.0, name)))


def _numbers(given: Sequence[Any], at: Callable[[int], str]) -> tuple[npt.NDArray[np.float64], tuple[str, ...]]:
    """(N,) numbers; strings that spell one are taken, as files hold nothing else."""
    values = np.empty(len(given))
    for row, label in enumerate(given):
        try:
            # True is the name of a class, though Python takes it for 1.
            values[row] = np.nan if isinstance(label, bool | np.bool_) else float(label)
        except (TypeError, ValueError):
            values[row] = np.nan
        if not np.isfinite(values[row]):
            raise DataError(f"{at(row)}: a regression predicts finite numbers, but the label {clipped(label)} came.")
    return values, ()


# --- what is found in one example ------------------------------------------------------------------------------------


def _column(name: str) -> Callable[[Example], Iterator[Found]]:
    """The values of an annotation, word by word."""

    def find(example: Example) -> Iterator[Found]:
        values = example.annotations.get(name) or (None,) * len(example.words)
        return (((word,), value) for word, value in zip(example.words, values, strict=True))

    return find


def _forms(example: Example) -> Iterator[Found]:
    """The words themselves."""
    return (((word,), form) for word, form in zip(example.words, example.forms, strict=True))


def _asked(name: str, source: Callable[[Example], Iterable[Any]], n_spans: int) -> Callable[[Example], Iterator[Found]]:
    """What a function of the person's own finds, each of it `n_spans` spans and a label."""
    expected = "(span, label) pairs" if n_spans == 1 else "(modifier, head, label) triples"

    def find(example: Example) -> Iterator[Found]:
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


def _own(name: str, n_spans: int) -> Callable[[Example], Iterator[Found]]:
    """The targets that an example came with."""

    def find(example: Example) -> Iterator[Found]:
        for spans, label in example.targets:
            if len(spans) != n_spans:
                other = "EdgeTask" if len(spans) == 2 else "SpanTask"
                raise DataError(
                    f"Task {name!r}, example {example.id!r}: a target has {len(spans)} span(s), expected {n_spans}. "
                    f"Use {other}('targets')."
                )
            yield spans, label

    return find


def _feature(key: str) -> Callable[[Example], Iterator[Found]]:
    """The values of a FEATS key, word by word."""
    value_of: dict[str | None, str | None] = {}

    def find(example: Example) -> Iterator[Found]:
        for word, feats in zip(example.words, example.annotations.get("feats", ()), strict=False):
            if feats not in value_of:
                value_of[feats] = _features(feats).get(key)
            yield (word,), value_of[feats]

    return find


def _features(feats: str | None) -> Mapping[str, str]:
    """`"Number=Sing|Person=3"` as a mapping."""
    pairs = (pair.partition("=") for pair in (feats or "").split("|"))
    return {key: value for key, equals, value in pairs if equals}


def _constituents(example: Example) -> Iterator[Found]:
    """The phrases of a bracketed tree, outermost first; a phrase holds more than its word and the word's tag."""
    if example.tree is None:
        return
    phrases, leaves = _phrases(example)
    if leaves != len(example.words):
        raise DataError(
            f"Example {example.id!r}: its tree has {leaves} leaves for {len(example.words)} words. "
            "The leaves of a tree must be the words, in order."
        )
    for first, last, label in phrases:
        yield (Span(example.words[first].start, example.words[last].end),), label


def _phrases(example: Example) -> tuple[list[tuple[int, int, str]], int]:
    """(first leaf, last leaf, label) of every phrase, in order of their opening brackets, and the number of leaves."""
    closed: dict[int, tuple[int, int, str]] = {}
    opened: list[tuple[int, int, str]] = [(-1, 0, "")]  # (number of the bracket, first leaf, label), and a floor
    brackets = leaves = 0
    for piece in re.findall(r"\(\s*[^\s()]*|\)|[^\s()]+", example.tree or ""):
        if piece[0] == "(":
            opened.append((brackets, leaves, piece[1:].strip()))
            brackets += 1
        elif piece != ")":
            leaves += 1
        elif len(opened) > 1:
            number, first, label = opened.pop()
            # A word's own tag holds one leaf and no other bracket.
            if label and (brackets > number + 1 or leaves > first + 1) and leaves > first:
                closed[number] = (first, leaves - 1, label)
        else:
            opened = []
            break
    if len(opened) != 1:
        raise DataError(f"Example {example.id!r}: the brackets of its tree do not match: {clipped(example.tree, 80)}.")
    return [closed[number] for number in sorted(closed)], leaves


def _entities(example: Example, column: str) -> Iterator[Found]:
    """The spans of a column in BIO (or IOB1, BIOES, BILOU): `B-PER`, `I-PER`, `O`."""
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


def _edges(example: Example, column: str) -> Iterator[Found]:
    """(modifier, head) for every word that has a head."""
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


# --- what there is, for the messages ---------------------------------------------------------------------------------


def _annotations(corpus: Corpus) -> tuple[set[str], set[str]]:
    """The annotations and the FEATS keys that at least one word carries."""
    columns: set[str] = set()
    feats: set[str] = set()
    for example in corpus:
        for name, values in example.annotations.items():
            if name not in columns and any(value is not None for value in values):
                columns.add(name)
        feats.update(value for value in example.annotations.get("feats", ()) if value)
    return columns, {key for value in feats for key in _features(value)}


def _require(name: str, available: Iterable[str], corpus: Corpus, what: str) -> None:
    if name not in available:
        raise DataError(f"{corpus.name!r} has no {what} {name!r}. It has: {_listed(available)}.")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _check_source(task: object, source: object) -> None:
    if not isinstance(source, str) and not callable(source):
        raise DataError(
            f"{type(task).__name__} takes the name of a label or of an annotation, or a function of an Example, but "
            f"{clipped(source)} came."
        )


def _source_name(source: str | Callable[..., Any]) -> str:
    return source if isinstance(source, str) else getattr(source, "__name__", type(source).__name__)
