"""Tasks: which things of a Corpus are labelled, and how. Corpus -> Targets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from probewidgets.data import finding
from probewidgets.data.collecting import collected
from probewidgets.data.corpus import Corpus
from probewidgets.data.dependencies import check_heads, depths
from probewidgets.data.examples import Example, Span
from probewidgets.data.finding import Candidate
from probewidgets.data.schemes import check_scheme, entities
from probewidgets.data.sources import sources_of
from probewidgets.data.targets import Targets
from probewidgets.errors import DataError, clipped

__all__ = ["EdgeTask", "SentenceTask", "SpanTask", "Task", "TreeTask", "WordTask", "check_task"]


class Task(Protocol):
    """Choice of things to label: from a Corpus to Targets."""

    @property
    def name(self) -> str:
        """Name in tables and captions."""

    @property
    def unit(self) -> str:
        """Kind of thing that is labelled: `"word"`, `"span"`, `"edge"` or `"sentence"`."""

    def targets(self, corpus: Corpus) -> Targets:
        """Every labelled thing of the corpus."""


def check_task(name: str, task: object) -> None:
    """Raise DataError unless a task came; `name` is the function that takes it."""
    if isinstance(task, type) or not hasattr(task, "targets"):
        raise DataError(f"{name} takes a task, such as WordTask('upos'), but {clipped(task)} came.")


@dataclass(frozen=True)
class WordTask:
    """A label on every word: an annotation (`"upos"`, `"xpos"`, `"deprel"`, `"lemma"`), or a FEATS or MISC key.

    Of CoNLL-U every column is a task by its lower-case name, `"form"` (the word itself) and `"misc"` too; only the ID
    is none, for it is the number of the row. Words carry what their own lines say: an empty node (`8.1`) is no word and
    has no label, and what a multiword token's line (`2-3`) says, its MISC above all, is nobody's.

    A label None (or NaN) leaves the word out. A word may carry any number of labels, as a list, tuple or set (`[]`:
    none of them), for a `SigmoidProbe`; then every word must.

    Args:
        column: Name of the annotation, or else `"form"`, or else a key in the annotation `"feats"` (`"Number"`), or
            else one in `"misc"` (`"name"`); `"feats:Number"` and `"misc:name"` are the keys even where an annotation
            has their name. Or a function Example -> one label for each of its words:
            `lambda example: [form.istitle() for form in example.forms]`.
        regression: Whether labels are numbers (strings may spell them), for a `RidgeProbe`, not names of classes.
        name: What tables and captions call it; by default the column, or the name of the function.

    Raises:
        DataError: The column is neither.
    """

    column: str | Callable[[Example], Sequence[Any]]
    regression: bool = False
    name: str = ""

    unit = "word"

    def __post_init__(self) -> None:
        if not isinstance(self.column, str) and not callable(self.column):
            raise DataError(
                f"WordTask takes the name of a column, such as 'upos', or a function of an Example, but "
                f"{clipped(self.column)} came."
            )
        object.__setattr__(self, "name", self.name or _source_name(self.column))

    def targets(self, corpus: Corpus) -> Targets:
        """One Target per word that carries a label; words without the key are counted in `unlabelled`.

        Raises:
            DataError: No word of the corpus carries such a label; the function does not give one for each word.
        """
        if not isinstance(self.column, str):
            return collected(self, corpus, 1, finding.words(finding.asked_of_words(self.name, self.column)))
        sources = sources_of(corpus)
        values = sources.words(self.column)
        if values is None:
            raise sources.unknown_word(self.column)
        return collected(self, corpus, 1, finding.words(values))


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
            sources = sources_of(corpus)
            sources.require(source, sources.labels, "label of a sentence", "SentenceTask")

        def find(example: Example) -> Iterator[Candidate]:
            yield (), example.labels.get(source) if isinstance(source, str) else source(example)

        return collected(self, corpus, 0, find)


@dataclass(frozen=True)
class SpanTask:
    """A label on spans: constituents, entities in a BIO column, or whatever a function finds.

    A label None (or NaN) leaves the span out. A span may carry any number of labels, as a list, tuple or set (`[]`:
    none of them), for a `SigmoidProbe` or an `EdgeProbe`; then every span must.

    Args:
        source: `"constituents"`: the phrases of `Example.tree`, without the words' own tags. The name of an annotation
            (or a FEATS or MISC key) with values such as `B-PER`, `I-PER`, `O`, in BIO, IOB1, BIOES, BILOU or BMES: its
            entities. A name in `Example.spans`, such as `"label"`: these. `"targets"`: those that the examples came
            with. A function Example -> (span, label) pairs, [] where there are none: those; a span is a Span or a
            (start, end) pair of characters.
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
            return collected(self, corpus, 1, finding.asked(self.name, self.source, 1))
        if self.source == "targets":
            return collected(self, corpus, 1, finding.own(self.name, 1))
        if self.source == "constituents":
            if not any(example.tree for example in corpus):
                raise DataError(f"No example of {corpus.name!r} has a tree, so there are no constituents to label.")
            return collected(self, corpus, 1, finding.constituents)
        sources = sources_of(corpus)
        if self.source in sources.spans:
            return collected(self, corpus, 1, finding.spans(self.source))
        values = sources.values(self.source, "SpanTask")
        check_scheme(self.source, corpus, values)
        return collected(self, corpus, 1, entities(self.source, values))


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
            return collected(self, corpus, 2, finding.asked(self.name, source, 2))
        if source == "targets":
            return collected(self, corpus, 2, finding.own(self.name, 2))
        sources = sources_of(corpus)
        sources.require("head", sources.annotations, "annotation", "EdgeTask")
        return collected(self, corpus, 2, finding.edges(sources.values(source, "EdgeTask")))


@dataclass(frozen=True)
class TreeTask:
    """The dependency tree of every sentence, from the annotation `"head"`: a word's label is its depth, a number.

    `pw.sweep(acts, pw.StructuralProbe())` reads the whole trees, distances between words too, off the states of these
    words; a `pw.BilinearProbe()` reads the head of each word, and a `pw.RidgeProbe()` the depths alone.

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
        sources = sources_of(corpus)
        sources.require("head", sources.annotations, "annotation", "TreeTask")

        def find(example: Example) -> Iterator[Candidate]:
            heads = example.annotations.get("head")
            if not example.words or heads is None or all(head is None for head in heads):
                return (((word,), None) for word in example.words)
            checked = check_heads(heads, f"example {example.id!r}")
            return (((word,), int(depth)) for word, depth in zip(example.words, depths(checked), strict=True))

        return collected(self, corpus, 1, find)


def _check_source(task: object, source: object) -> None:
    if not isinstance(source, str) and not callable(source):
        raise DataError(
            f"{type(task).__name__} takes the name of a label or of an annotation, or a function of an Example, but "
            f"{clipped(source)} came."
        )


def _source_name(source: str | Callable[..., Any]) -> str:
    return source if isinstance(source, str) else getattr(source, "__name__", type(source).__name__)
