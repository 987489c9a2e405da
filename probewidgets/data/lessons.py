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
from probewidgets.data.segment import Segmenter, check_segmenter, segment
from probewidgets.data.sources import sources_of
from probewidgets.data.splits import Split, normalised
from probewidgets.errors import DataError, clipped

__all__ = ["NOTHING", "UNITS", "Lesson", "Sentence", "check_name", "shown"]

NOTHING = "O"
"""What annotations say where a person has painted that nothing is there: a label like others, not a missing one."""
UNITS = ("word", "sentence")
MOST_LABELS = 60
"""More than anybody paints with."""
LONGEST = 40
"""Characters of a label."""
_BREAKS = str.maketrans("\n\r\u2028\u2029", "    ")
_SAME = 0.5
"""A sentence of which this share of the words stayed is the same sentence, corrected."""


@dataclass(frozen=True)
class Sentence:
    """One sentence of a lesson with its units: its words, or itself."""

    example: Example
    """Its text and words, and whatever else a corpus knows of them."""
    spans: tuple[Span, ...]
    """(U,) where its units are (chars)."""
    ids: tuple[int, ...]
    """(U,) by which its units are known, also when the text around them changes."""
    marks: tuple[str | None, ...]
    """(U,) the label that was painted on each, NOTHING, or None for what nobody has touched."""

    @property
    def forms(self) -> tuple[str, ...]:
        """(U,) the units as strings."""
        return tuple(span.of(self.example.text) for span in self.spans)

    @property
    def line(self) -> str:
        """The sentence as one line of a text that is typed."""
        return shown(self.example.text)

    def marked(self, marks: Mapping[int, str | None]) -> Sentence:
        """The same with other marks on some of its units."""
        if marks.keys().isdisjoint(self.ids):
            return self
        return replace(self, marks=tuple(marks.get(i, mark) for i, mark in zip(self.ids, self.marks, strict=True)))


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
        stays |= _moved(self.sentences, lines, changed)
        placed = {j: self.sentences[i] for j, i in stays.items()}
        gone = [self.sentences[i] for i in chain.from_iterable(old for old, _ in changed) if i not in stays.values()]
        places = [j for j in chain.from_iterable(new for _, new in changed) if j not in stays]
        read = [self._read(lines[j], ids) for j in places]
        placed |= zip(places, _carried(gone, read, self.unit), strict=True)
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
        if label not in self.labels:
            raise DataError(f"There is no label {clipped(label)}, only {list(self.labels)}.")
        bare = replace(self, labels=tuple(each for each in self.labels if each != label))
        units = [i for i, mark in self.units if mark == label]
        return bare.painted(units, None) if units else bare

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
        side_of = self._sides(examples)
        rows = {side: [i for i in range(len(examples)) if side_of.get(i, "train") == side] for side in _SIDES}
        split = Split(**{side: tuple(members) for side, members in rows.items()})
        name, licence = self.source
        return Corpus(examples, split, name, licence, self.segmenter)

    def _sides(self, examples: Sequence[Example]) -> dict[int, str]:
        """The sides of sentences that are not train."""
        painted = [i for i, s in enumerate(self.sentences) if any(mark is not None for mark in s.marks)]
        sides = {i: self.sides[example.text] for i, example in enumerate(examples) if example.text in self.sides}
        if {sides.get(i) for i in painted} >= {"dev", "test"}:
            return sides
        texts = [examples[i].text for i in painted]
        if len(set(map(normalised, texts))) < 3:
            return {}
        return {painted[row]: side for side, members in Split.seeded(texts).items() for row in members}

    def _labelled(self, sentence: Sentence) -> Example:
        """A sentence's Example with what is painted."""
        example, (mark, *_) = sentence.example, (*sentence.marks, None)
        if self.unit == "word":
            return replace(example, annotations={**example.annotations, self.name: sentence.marks})
        labels = {name: label for name, label in example.labels.items() if name != self.name}
        return replace(example, labels=labels if mark is None else {**labels, self.name: mark})


_SIDES = ("train", "dev", "test")


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


def shown(text: str) -> str:
    """A text as one line: line breaks in it as spaces."""
    return text.translate(_BREAKS).strip()


def _units(example: Example, unit: str) -> tuple[Span, ...]:
    return example.words if unit == "word" else (Span(0, len(example.text)),)


def _mark(value: Any) -> str | None:
    """What a corpus says of a unit as a mark; None and NaN are none."""
    if value is None or value != value or value == "_":
        return None
    return NOTHING if str(value) == NOTHING else check_name(str(value).strip(), "A label of the corpus")


def _moved(old: Sequence[Sentence], lines: Sequence[str], changed: Sequence[tuple[range, range]]) -> dict[int, int]:
    """Of each line that stood elsewhere before, the place of its sentence."""
    gone: dict[str, list[int]] = {}
    for i in chain.from_iterable(before for before, _ in changed):
        gone.setdefault(old[i].line, []).append(i)
    return {j: gone[lines[j]].pop(0) for _, after in changed for j in after if gone.get(lines[j])}


def _carried(old: Sequence[Sentence], new: Sequence[Sentence], unit: str) -> Iterator[Sentence]:
    """New sentences with the ids and marks of what stays of old ones that stood in their place."""
    if unit == "word":
        pairs = [(i, mark) for s in old for i, mark in zip(s.ids, s.marks, strict=True)]
        before, after = [form for s in old for form in s.forms], [form for s in new for form in s.forms]
        stays = [pairs[at] if at is not None else None for at in _matched(before, after)]
        for sentence in new:
            mine, stays = stays[: len(sentence.ids)], stays[len(sentence.ids) :]
            yield _with(sentence, mine)
        return
    free = list(old)
    for sentence in new:
        best = max(free, key=lambda each: _likeness(each, sentence), default=None)
        if best is None or _likeness(best, sentence) < _SAME:
            yield sentence
            continue
        free.remove(best)
        yield _with(sentence, [(best.ids[0], best.marks[0])])


def _with(sentence: Sentence, stays: Sequence[tuple[int, str | None] | None]) -> Sentence:
    """A sentence of which some units were there before."""
    fresh = zip(sentence.ids, sentence.marks, strict=True)
    pairs = [pair or other for pair, other in zip(stays, fresh, strict=True)]
    return replace(sentence, ids=tuple(i for i, _ in pairs), marks=tuple(mark for _, mark in pairs))


def _matched(before: Sequence[str], after: Sequence[str]) -> list[int | None]:
    """For each new form the place of the old one that it is, if it stayed."""
    places: list[int | None] = [None] * len(after)
    for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        places[block.b : block.b + block.size] = range(block.a, block.a + block.size)
    return places


def _likeness(a: Sentence, b: Sentence) -> float:
    """Share of the words that two sentences have in common, in their order."""
    first, second = a.example.forms or (a.line,), b.example.forms or (b.line,)
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def marks_of(sentences: Iterable[Sentence], labels: Collection[str]) -> list[int]:
    """Of each unit the place of its label, the number of labels for NOTHING, -1 for None."""
    place = {label: k for k, label in enumerate(labels)} | {NOTHING: len(labels), None: -1}
    return [place[mark] for sentence in sentences for mark in sentence.marks]
