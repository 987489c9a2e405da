"""Sentences of a lesson: their units and what is painted on them, and what of it stays when the text is changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import chain

from probewidgets.data.examples import Example, Span

__all__ = ["Sentence", "carried", "moved", "shown"]

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

    def relabelled(self, label: str, to: str) -> Sentence:
        """The same with another label where one was painted."""
        if label not in self.marks:
            return self
        return replace(self, marks=tuple(to if mark == label else mark for mark in self.marks))


def shown(text: str) -> str:
    """A text as one line: line breaks in it as spaces."""
    return text.translate(_BREAKS).strip()


def moved(old: Sequence[Sentence], lines: Sequence[str], changed: Sequence[tuple[range, range]]) -> dict[int, int]:
    """Of each line that stood elsewhere before, the place of its sentence."""
    gone: dict[str, list[int]] = {}
    for i in chain.from_iterable(before for before, _ in changed):
        gone.setdefault(old[i].line, []).append(i)
    return {j: gone[lines[j]].pop(0) for _, after in changed for j in after if gone.get(lines[j])}


def carried(old: Sequence[Sentence], new: Sequence[Sentence], unit: str) -> Iterator[Sentence]:
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
