"""The words of the grammar, and the tables that rules look them up in."""

from __future__ import annotations

from collections import defaultdict
from itertools import accumulate
from typing import NamedTuple

from probewidgets.data.grammar.dice import Dice
from probewidgets.data.grammar.lexicon.modifiers import ADJECTIVE_COMPLEMENTS, ADJECTIVES
from probewidgets.data.grammar.lexicon.nouns import COMPOUNDS, FAMILIES, MASS, NOUNS, OF_NOUNS, PLURAL_ONLY
from probewidgets.data.grammar.lexicon.verbs import FRAMES

__all__ = ["Frame", "base_kind", "choose_adjective", "choose_noun", "frame_for", "frame_taking", "words"]


def words(text: str) -> list[str]:
    """The entries of a table: separated by spaces, or by bars where they hold some; `_` stands for a space in a word."""
    parts = text.replace("\n", " ").split("|") if "|" in text else text.split()
    return [part.strip().replace("_", " ") for part in parts if part.strip()]


class Frame(NamedTuple):
    """What some verbs take."""

    subject: str
    slots: tuple[str, ...]
    verbs: list[str]


NOUN_LISTS = {kind: words(text) for kind, text in NOUNS.items()}
PLURAL_LISTS = {kind: words(text) for kind, text in PLURAL_ONLY.items()}
OF_LISTS = {kind: words(text) for kind, text in OF_NOUNS.items()}
ADJECTIVE_LISTS = {kind: words(text) for kind, text in ADJECTIVES.items()}
COMPOUND_LISTS = [tuple(pair.split()) for pair in words(COMPOUNDS)]


def kinds_of(kind: str) -> tuple[str, ...]:
    """The base kinds that a kind or family may stand for."""
    return FAMILIES.get(kind, (kind,))


def base_kind(dice: Dice, kind: str) -> str:
    """One base kind of a family."""
    family = FAMILIES.get(kind)
    return dice.pick(family) if family else kind


def _frames() -> list[Frame]:
    frames = []
    for line in FRAMES.strip().splitlines():
        subject, slots, verbs = (field.strip() for field in line.split("|"))
        frames.append(Frame(subject, tuple(slots.replace("_", "").split()), words(verbs)))
    return frames


class _Table:
    """Frames by a kind, the rarer the fewer verbs they have."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.bounds: list[float] = []

    def add(self, frame: Frame) -> None:
        self.frames.append(frame)
        weight = min(len(frame.verbs), 24) ** 0.5
        self.bounds.append((self.bounds[-1] if self.bounds else 0.0) + weight)

    def pick(self, dice: Dice) -> Frame:
        from bisect import bisect

        return self.frames[bisect(self.bounds, dice.random() * self.bounds[-1])]


_BY_SUBJECT: dict[str, _Table] = defaultdict(_Table)
_BY_OBJECT: dict[str, _Table] = defaultdict(_Table)
for _frame in _frames():
    for _kind in set(kinds_of(_frame.subject)):
        _BY_SUBJECT[_kind].add(_frame)
    if len(_frame.slots) == 1 and (_frame.slots[0] in NOUN_LISTS or _frame.slots[0] in FAMILIES):
        for _kind in sorted(set(kinds_of(_frame.slots[0]))):
            _BY_OBJECT[_kind].add(_frame)


def frame_for(dice: Dice, subject: str) -> Frame | None:
    """A frame for a subject of this base kind."""
    return _BY_SUBJECT[subject].pick(dice) if subject in _BY_SUBJECT else None


def frame_taking(dice: Dice, obj: str) -> Frame | None:
    """A frame with nothing but an object of this base kind."""
    return _BY_OBJECT[obj].pick(dice) if obj in _BY_OBJECT else None
