"""Lessons: sentences of which some words, or some sentences themselves, carry a label that a person has painted on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import cached_property
from itertools import chain, count
from typing import Any

from probewidgets.data.corpus import Corpus, check_corpus
from probewidgets.data.examples import Example, Span
from probewidgets.data.lesson_sentences import Sentence, carried, moved, shown
from probewidgets.data.segment import Segmenter, check_segmenter, segment
from probewidgets.data.sources import sources_of
from probewidgets.data.splits import Split, normalised
from probewidgets.errors import DataError, clipped

__all__ = ["NOTHING", "UNITS", "Lesson", "check_name", "marks_of"]

NOTHING = "O"
"""What annotations say where a person has painted that nothing is there: a label like others, not a missing one."""
UNITS = ("word", "sentence")
MOST_LABELS = 60
"""More than anybody paints with."""
LONGEST = 40
"""Characters of a label."""


@dataclass(frozen=True)
class Lesson:
    """What a person teaches: a text, a sentence on each line, labels, and what is painted with them. Immutable."""

    name: str = "label"
    """What the labels say of a unit: the name of the annotation that they become."""
    unit: str = "word"
    """`"word"` or `"sentence"`."""
    labels: tuple[str, ...] = ()
    """Those that can be painted, in the order in which they were made."""
    text: str = ""
    """As it is typed, blank lines included."""
    sentences: tuple[Sentence, ...] = ()
    """One for each line that is not blank."""
    aside: frozenset[int] = frozenset()
    """Units that are not to be offered for painting: what was suggested of them was rejected."""
    segmenter: Segmenter = "english"
    source: tuple[str, str] = ("lesson", "")
    """Name and licence line of the corpus that it began with."""
    sides: Mapping[str, str] = field(default_factory=dict)
    """Text of a sentence -> its side, `"dev"` or `"test"`, in the corpus that it began with."""
    next_id: int = 0

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise DataError(f"unit must be one of {list(UNITS)}, but {clipped(self.unit)} came.")
        check_segmenter(self.segmenter)
        if "=" in check_name(self.name, "name"):
            raise DataError(f"name must not have '=' in it, which files of annotations use, but {self.name!r} came.")
        for label in self.labels:
            check_name(label)
        if len(set(self.labels)) < len(self.labels) or len(self.labels) > MOST_LABELS:
            raise DataError(
                f"labels must be up to {MOST_LABELS} different names, but {len(self.labels)} came: "
                f"{clipped(list(self.labels))}."
            )

    # ------------------------------------------------------------------ what it begins with

    @staticmethod
    def of_corpus(corpus: Corpus, name: str, unit: str = "word", labels: Sequence[str] = ()) -> Lesson:
        """A corpus as a lesson; what it says of words (or sentences) under `name` is painted already.

        Args:
            corpus: The sentences.
            name: An annotation of words or a key of FEATS or MISC; or, of sentences, a label.
            unit: `"word"` or `"sentence"`.
            labels: Those that can be painted first; others that are in the corpus follow, the most frequent first.

        Raises:
            DataError: No Corpus came, or it has more labels than one paints with.
        """
        check_corpus("A lesson", corpus)
        values = sources_of(corpus).words(name) if unit == "word" else None
        empty = Lesson(name, unit, segmenter=corpus.segmenter, source=(corpus.name, corpus.licence))
        sentences, at = [], 0
        for example in corpus:
            if not shown(example.text):
                continue
            spans = _units(example, unit)
            given = values(example) if values else [example.labels.get(name)] * len(spans)
            marks = tuple(_mark(value) for value in given) if unit == "sentence" or values else (None,) * len(spans)
            sentences.append(Sentence(example, spans, tuple(range(at, at + len(spans))), marks))
            at += len(spans)
        counts = Counter(mark for s in sentences for mark in s.marks if mark not in (None, NOTHING))
        there = [label for label, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))]
        sides = {corpus[i].text: side for side in ("dev", "test") for i in getattr(corpus.split, side)}
        return replace(
            empty,
            labels=tuple(dict.fromkeys([*labels, *there])),
            text="\n".join(sentence.line for sentence in sentences),
            sentences=tuple(sentences),
            sides=sides,
            next_id=at,
        )

    # ------------------------------------------------------------------ what a person does

    def typed(self, text: str) -> Lesson:
        """The lesson of another text. What is painted stays on words that stay, also where lines are joined or split.

        A sentence that stays as it is keeps all that its corpus knows of it; of one that is changed only what is
        painted is kept. A label of a whole sentence stays where half of its words do.
        """
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        ids = count(self.next_id)
        matcher = SequenceMatcher(None, [sentence.line for sentence in self.sentences], lines, autojunk=False)
        blocks = matcher.get_opcodes()
        changed = [(range(i1, i2), range(j1, j2)) for tag, i1, i2, j1, j2 in blocks if tag != "equal"]
        stays = {j1 + k: i1 + k for tag, i1, i2, j1, _ in blocks if tag == "equal" for k in range(i2 - i1)}
        stays |= moved(self.sentences, lines, changed)
        placed = {j: self.sentences[i] for j, i in stays.items()}
        gone = [self.sentences[i] for i in chain.from_iterable(old for old, _ in changed) if i not in stays.values()]
        places = [j for j in chain.from_iterable(new for _, new in changed) if j not in stays]
        read = [self._read(lines[j], ids) for j in places]
        placed |= zip(places, carried(gone, read, self.unit), strict=True)
        sentences = tuple(placed[j] for j in range(len(lines)))
        aside = self.aside & {i for sentence in sentences for i in sentence.ids}
        return replace(self, text=text, sentences=sentences, aside=aside, next_id=next(ids))

    def _read(self, line: str, ids: Iterator[int]) -> Sentence:
        """A line that is new, as a sentence that nobody has touched."""
        example = Example(line, tuple(segment(line, self.segmenter)))
        spans = _units(example, self.unit)
        return Sentence(example, spans, tuple(next(ids) for _ in spans), (None,) * len(spans))

    def painted(self, units: Iterable[int], label: str | None) -> Lesson:
        """The lesson with a label on some units, NOTHING, or None: as if nobody had touched them.

        Raises:
            DataError: There is no such label, or none of the units.
        """
        if label not in (None, NOTHING, *self.labels):
            raise DataError(f"There is no label {clipped(label)}, only {list(self.labels)}. Make it first.")
        marks = dict.fromkeys(units, label)
        if marks.keys().isdisjoint(self.places):
            raise DataError(f"These {self.unit}s are gone: the text was changed meanwhile. Paint them again.")
        return replace(self, sentences=tuple(sentence.marked(marks) for sentence in self.sentences))

    def with_label(self, label: str) -> Lesson:
        """The lesson with one more label to paint with.

        Raises:
            DataError: It is no name, or there are too many; one that is there already changes nothing.
        """
        return self if label in self.labels else replace(self, labels=(*self.labels, check_name(label)))

    def without_label(self, label: str) -> Lesson:
        """The lesson without a label, and what was painted with it untouched.

        Raises:
            DataError: There is no such label.
        """
        self._check_there(label)
        bare = replace(self, labels=tuple(each for each in self.labels if each != label))
        units = [i for i, mark in self.units if mark == label]
        return bare.painted(units, None) if units else bare

    def renamed(self, label: str, to: str) -> Lesson:
        """The lesson in which a label is called otherwise; it keeps its place and its units.

        Raises:
            DataError: There is no such label, or `to` is no name, or that of another label.
        """
        self._check_there(label)
        if to in self.labels and to != label:
            raise DataError(
                f"There is a label {to!r} already, and two labels are not made one: their {self.unit}s could not be "
                f"told apart again. Use another name, or paint those of {label!r} with {to!r} and take {label!r} away."
            )
        names = tuple(check_name(to) if each == label else each for each in self.labels)
        return replace(self, labels=names, sentences=tuple(s.relabelled(label, to) for s in self.sentences))

    def _check_there(self, label: str) -> None:
        if label not in self.labels:
            raise DataError(f"There is no label {clipped(label)}, only {list(self.labels)}.")

    def set_aside(self, unit: int) -> Lesson:
        """The lesson in which a unit is not to be offered for painting."""
        return replace(self, aside=self.aside | ({unit} & self.places.keys()))

    # ------------------------------------------------------------------ what it holds

    @property
    def units(self) -> Iterator[tuple[int, str | None]]:
        """Each unit and its mark, in reading order."""
        return ((i, mark) for s in self.sentences for i, mark in zip(s.ids, s.marks, strict=True))

    @cached_property
    def places(self) -> dict[int, int]:
        """Unit -> its place in reading order."""
        return {i: place for place, (i, _) in enumerate(self.units)}

    @cached_property
    def n_painted(self) -> int:
        """Units that carry a label, or NOTHING."""
        return sum(mark is not None for _, mark in self.units)

    def corpus(self) -> Corpus:
        """The lesson as a Corpus, in which units that nobody has touched carry no label.

        What is painted is the annotation `name` of words, None where nobody has touched one, or the label `name` of
        sentences. The sides are those of the corpus that it began with, where something is painted on each; else the
        painted sentences are split, seeded, and the others are train. Fewer than three cannot be split: all are train.
        """
        examples = tuple(self._labelled(sentence) for sentence in self.sentences)
        side_of = _sides_of(self, examples)
        rows = {side: [i for i in range(len(examples)) if side_of.get(i, "train") == side] for side in _SIDES}
        split = Split(**{side: tuple(members) for side, members in rows.items()})
        name, licence = self.source
        return Corpus(examples, split, name, licence, self.segmenter)

    def _labelled(self, sentence: Sentence) -> Example:
        """A sentence's Example with what is painted."""
        example, (mark, *_) = sentence.example, (*sentence.marks, None)
        if self.unit == "word":
            return replace(example, annotations={**example.annotations, self.name: sentence.marks})
        labels = {name: label for name, label in example.labels.items() if name != self.name}
        return replace(example, labels=labels if mark is None else {**labels, self.name: mark})


_SIDES = ("train", "dev", "test")


def _sides_of(lesson: Lesson, examples: Sequence[Example]) -> dict[int, str]:
    """The sides of sentences that are not train."""
    painted = [i for i, s in enumerate(lesson.sentences) if any(mark is not None for mark in s.marks)]
    sides = {i: lesson.sides[example.text] for i, example in enumerate(examples) if example.text in lesson.sides}
    if {sides.get(i) for i in painted} >= {"dev", "test"}:
        return sides
    texts = [examples[i].text for i in painted]
    if len(set(map(normalised, texts))) < 3:
        return {}
    return {painted[row]: side for side, members in Split.seeded(texts).items() for row in members}


def check_name(label: object, what: str = "A label") -> str:
    """The name of a label, if it is one that can be painted and written to any file.

    Raises:
        DataError: It is no string, empty, long, or has signs that files of annotations use.
    """
    if not isinstance(label, str):
        raise DataError(f"{what} must be a string, but {clipped(label)} came.")
    if label in (NOTHING, "_") or label.casefold() == "nothing":
        raise DataError(f"{what} cannot be {label!r}: that nothing is there has a mark of its own.")
    if not label.strip() or label != label.strip() or len(label) > LONGEST or not label.isprintable() or "|" in label:
        raise DataError(
            f"{what} must be a name of 1 to {LONGEST} characters without '|', line breaks or outer spaces, but "
            f"{clipped(label)} came."
        )
    return label


def _units(example: Example, unit: str) -> tuple[Span, ...]:
    return example.words if unit == "word" else (Span(0, len(example.text)),)


def _mark(value: Any) -> str | None:
    """What a corpus says of a unit as a mark; None and NaN are none."""
    if value is None or value != value or value == "_":
        return None
    return NOTHING if str(value) == NOTHING else check_name(str(value).strip(), "A label of the corpus")


def marks_of(sentences: Iterable[Sentence], labels: Collection[str]) -> list[int]:
    """Of each unit the place of its label, the number of labels for NOTHING, -1 for None."""
    place = {label: k for k, label in enumerate(labels)} | {NOTHING: len(labels), None: -1}
    return [place[mark] for sentence in sentences for mark in sentence.marks]
