"""Where a task's name leads in a corpus: to annotations of words, keys in them, labels of texts, or spans."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example
from probewidgets.data.names import listed, meant
from probewidgets.errors import DataError

__all__ = ["Sources", "Values", "pairs_of", "sources_of"]

Values = Callable[[Example], Sequence[Any]]
"""From an example to one value per word."""
KEYED = ("feats", "misc")
"""Annotations that hold keys with values, `Number=Sing|Person=3`."""


@dataclass(frozen=True)
class Sources:
    """Names that something in a corpus goes by."""

    corpus: str
    annotations: frozenset[str]
    keys: dict[str, frozenset[str]]
    """`"feats"` and `"misc"` -> the keys in them."""
    labels: frozenset[str]
    spans: frozenset[str]

    def words(self, name: str) -> Values | None:
        """The values of an annotation, the words themselves, or the values of a key; None where there is none.

        An annotation comes before a key of the same name, and FEATS before MISC; `feats:Number` and `misc:name` are
        the keys in any case.
        """
        if name in self.annotations:
            return lambda example: example.annotations.get(name) or (None,) * len(example.words)
        if name == "form":
            return lambda example: example.forms
        for column in KEYED:
            for key in (name, name.removeprefix(f"{column}:")):
                if key in self.keys[column]:
                    return _values(column, key)
        return None

    @property
    def of_words(self) -> list[str]:
        """Names for words, as they would be meant first."""
        return [*sorted(self.annotations), *(key for column in KEYED for key in sorted(self.keys[column])), "form"]

    def values(self, name: str, task: str) -> Values:
        """The values of the words under a name that a `task` needs, or a DataError that lists the annotations."""
        values = self.words(name)
        if values is None:
            raise self._missing(name, self.annotations, "annotation", task)
        return values

    def unknown_word(self, name: str) -> DataError:
        """What to raise where no word has what was asked for."""
        misc = self.keys["misc"]
        more = f" MISC keys: {listed(sorted(misc))}." if misc else ""
        return DataError(
            f"No word of {self.corpus!r} has {name!r}. Annotations: {listed(sorted(self.annotations))}. "
            f"FEATS keys: {listed(sorted(self.keys['feats']))}.{more}{self._guess(name, 'WordTask')}"
        )

    def require(self, name: str, available: Collection[str], what: str, task: str) -> None:
        """Raise DataError where nothing of a kind has that name; `what` it is, and which `task` asks."""
        if name not in available:
            raise self._missing(name, available, what, task)

    def _missing(self, name: str, available: Collection[str], what: str, task: str) -> DataError:
        there = sorted(available)
        return DataError(
            f"{self.corpus!r} has no {what} {name!r}. It has: {listed(there)}.{self._guess(name, task, there)}"
        )

    def _guess(self, name: str, task: str, there: Sequence[str] | None = None) -> str:
        """What may have been meant: the same name for another kind of task, or a name like it."""
        kinds = {
            "WordTask": self.of_words,
            "SentenceTask": sorted(self.labels),
            "SpanTask": [
                *sorted(self.spans),
                *(["constituents", "targets"] if name in ("constituents", "targets") else []),
            ],
        }
        nouns = {"WordTask": "an annotation of words", "SentenceTask": "a label of sentences", "SpanTask": "of spans"}
        for kind, names in kinds.items():
            if kind != task and name in names:
                return f" It is {nouns[kind]}: use {kind}({name!r})."
        if guess := meant(name, kinds.get(task, []) if there is None else there):
            return guess
        for kind, names in kinds.items():
            if kind != task and (guess := meant(name, names)):
                return guess.replace("mean ", f"mean {kind}(").replace("?", ")?")
        if [*self.of_words, *self.labels, *self.spans] != ["form"]:
            return ""
        return f" It was read without any: name the columns there, such as read_table(..., label={name!r})."


def sources_of(corpus: Corpus) -> Sources:
    """All names that at least one word, text or span of a corpus carries something under."""
    annotations: set[str] = set()
    written: dict[str, set[str]] = {column: set() for column in KEYED}
    labels: set[str] = set()
    spans: set[str] = set()
    for example in corpus:
        for name, values in example.annotations.items():
            if name not in annotations and any(value is not None for value in values):
                annotations.add(name)
            if name in written:
                written[name].update(value for value in values if isinstance(value, str))
        labels.update(example.labels)
        spans.update(example.spans)
    keys = {column: frozenset(key for value in pairs for key in pairs_of(value)) for column, pairs in written.items()}
    return Sources(corpus.name, frozenset(annotations), keys, frozenset(labels), frozenset(spans))


def _values(column: str, key: str) -> Values:
    value_of: dict[str | None, str | None] = {}

    def read(example: Example) -> Sequence[Any]:
        written = example.annotations.get(column) or (None,) * len(example.words)
        for text in written:
            if text not in value_of:
                value_of[text] = pairs_of(text).get(key)
        return [value_of[text] for text in written]

    return read


def pairs_of(written: str | None) -> dict[str, str]:
    """`"Number=Sing|Person=3"` as a mapping; what is no pair, or has the value `_`, is left out."""
    pairs = (pair.partition("=") for pair in (written or "").split("|"))
    return {key.strip(): value for key, equals, value in pairs if equals and value != "_"}
