"""The Corpus: Examples in their order, with a name, a licence line and a Split."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from probewidgets.data.examples import Example, Span, check_characters
from probewidgets.data.segment import Segmenter, Writing, check_segmenter
from probewidgets.data.splits import Split, normalised
from probewidgets.errors import DataError, clipped

__all__ = [
    "Corpus",
    "Example",
    "Overlap",
    "Span",
    "Split",
    "assembled",
    "check_characters",
    "check_corpus",
    "normalised",
    "warn_of_contradictions",
]


@dataclass(frozen=True)
class Overlap:
    """Whatever the sides share: the leaks that can make a probe look better than it is."""

    duplicates: int
    """Dev and test texts that also stand in train (equal up to case and spaces)."""
    examples: tuple[str, ...]
    """The first few of these texts."""
    unseen_tokens: float
    """Share of the test words whose type (exact string) is not in train, in [0, 1]."""
    unseen_types: float
    """Share of the test word types that are not in train, in [0, 1]."""
    test_in_train: int
    """Of `duplicates`, the test texts: what a probe remembers of them counts in the test scores."""
    dev_in_test: int
    """Dev texts that also stand in test: the choice on dev has seen them."""
    contradictions: int = 0
    """Texts (equal up to case and spaces) that carry different labels of one name: no probe can get them all right."""

    def __str__(self) -> str:
        contradictions = f"; {self.contradictions:,} text(s) with different labels" if self.contradictions else ""
        return (
            f"{self.duplicates:,} dev/test sentence(s) also in train ({self.test_in_train:,} of test); "
            f"{self.dev_in_test:,} dev sentence(s) also in test; "
            f"{self.unseen_tokens:.1%} of test words ({self.unseen_types:.1%} of types) unseen in train{contradictions}"
        )


@dataclass(frozen=True)
class Corpus:
    """Ordered Examples with a name, a licence line and a Split.

    Args:
        examples: The texts, in order.
        split: Which of them are train, dev and test; `Split.seeded` draws one.
        name: What tables and captions call it.
        licence: A line that says under which licence the sentences stand.
        segmenter: How words are found in raw text so that they match this corpus: `"english"`, `"unicode"`,
            `"whitespace"`, or a function of your own, text -> words (strings in order, or spans), for languages that
            write no spaces or join words: `dataclasses.replace(corpus, segmenter=jieba.cut)`. A typed text is cut by
            it. See `probewidgets.data.segment`.

    Raises:
        DataError: The split names an example that is not there, or there is no such segmenter.
    """

    examples: tuple[Example, ...]
    split: Split
    name: str = "corpus"
    licence: str = ""
    segmenter: Segmenter = "english"

    def __post_init__(self) -> None:
        check_segmenter(self.segmenter)
        for side, indices in self.split.items():
            bad = [i for i in indices if not 0 <= i < len(self.examples)]
            if bad:
                raise DataError(
                    f"The {side} side of the split names example {bad[0]}, but the corpus has {len(self.examples)}."
                )

    def __len__(self) -> int:
        return len(self.examples)

    def __iter__(self) -> Iterator[Example]:
        return iter(self.examples)

    def __getitem__(self, index: int) -> Example:
        return self.examples[index]

    def __repr__(self) -> str:
        sizes = " / ".join(f"{len(indices):,}" for _, indices in self.split.items())
        words = self.n_words
        licence = self.licence or "no licence line"
        return f"Corpus({self.name!r}: {sizes} sentences (train / dev / test), {words:,} words, {licence})"

    @property
    def n_words(self) -> int:
        """Words in all examples."""
        return sum(len(example.words) for example in self.examples)

    @cached_property
    def writing(self) -> Writing:
        """How its texts are made, by those of train (or all, where that is empty): typed texts are made likewise."""
        return Writing.of([self.examples[i] for i in self.split.train or range(len(self))], self.segmenter)

    def overlap(self) -> Overlap:
        """Count the sentences that the sides share, and the word types of test that are not in train."""
        texts = {side: [normalised(self.examples[i].text) for i in indices] for side, indices in self.split.items()}
        train_texts, test_texts = set(texts["train"]), set(texts["test"])
        evaluated = zip((*self.split.dev, *self.split.test), (*texts["dev"], *texts["test"]), strict=True)
        copies = [self.examples[i].text for i, text in evaluated if text in train_texts]
        train_types = {form for i in self.split.train for form in self.examples[i].forms}
        test_words = [form for i in self.split.test for form in self.examples[i].forms]
        test_types = set(test_words)
        return Overlap(
            duplicates=len(copies),
            examples=tuple(copies[:5]),
            unseen_tokens=_share(form not in train_types for form in test_words),
            unseen_types=_share(form not in train_types for form in test_types),
            test_in_train=sum(text in train_texts for text in texts["test"]),
            dev_in_test=sum(text in test_texts for text in texts["dev"]),
            contradictions=self._contradictions(),
        )

    def _contradictions(self) -> int:
        """Number of different texts that carry two labels of one name."""
        label_of: dict[tuple[str, str], Any] = {}
        doubtful: set[str] = set()
        for example in self.examples:
            text = normalised(example.text) if example.labels else ""
            for name, label in example.labels.items():
                labelled = label is not None and label == label  # NaN is no label
                if labelled and label_of.setdefault((text, name), label) != label:
                    doubtful.add(text)
        return len(doubtful)


def assembled(
    sides: Mapping[str, Sequence[Example]], name: str, licence: str = "", segmenter: Segmenter = "english"
) -> Corpus:
    """A Corpus of the examples of each side: `"train"`, `"dev"`, `"test"`; one that is missing is empty."""
    examples: list[Example] = []
    split: dict[str, tuple[int, ...]] = {}
    for side in ("train", "dev", "test"):
        start = len(examples)
        examples.extend(sides.get(side, ()))
        split[side] = tuple(range(start, len(examples)))
    return Corpus(tuple(examples), Split(**split), name, licence, segmenter)


def warn_of_contradictions(corpus: Corpus) -> Corpus:
    """The corpus as it is, with a warning if equal texts carry different labels in it."""
    overlap = corpus.overlap()
    if overlap.contradictions:
        warnings.warn(
            f"{overlap.contradictions:,} text(s) of {corpus.name!r} stand there with different labels, which no probe "
            "can get right all the time. Nothing was taken out.",
            stacklevel=3,
        )
    return corpus


def check_corpus(name: str, corpus: object) -> None:
    """Raise DataError unless a Corpus came; `name` is the function that takes it."""
    if not isinstance(corpus, Corpus):
        given = clipped(corpus) if isinstance(corpus, (str, os.PathLike)) else type(corpus).__name__
        raise DataError(
            f"{name} takes a Corpus, but {given} came. Readers give one: read_conllu(...) of a treebank, "
            "read_table(...) of a CSV or a data frame, and the others of pw.readers; corpora.english() is one to begin "
            "with."
        )


def _share(flags: Iterable[bool]) -> float:
    flags = list(flags)
    return sum(flags) / len(flags) if flags else float("nan")
