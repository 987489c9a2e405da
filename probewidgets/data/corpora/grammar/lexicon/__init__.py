"""The words of the grammar, and the tables that rules look them up in."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from probewidgets.data.corpora.generation.dice import Dice, Menu
from probewidgets.data.corpora.generation.tables import words
from probewidgets.data.corpora.grammar.lexicon import modifiers, nouns, topics, verbs

__all__ = [
    "ADJECTIVES", "BY_OBJECT", "BY_SUBJECT", "COMPLEMENTS", "COMPOUNDS", "MASS", "NOUNS", "OF_NOUNS", "PLURAL_ONLY",
    "TOPICS", "Frame", "base_kind", "is_kind", "words",
]  # fmt: skip


class Frame(NamedTuple):
    """Pattern that verbs (or adjectives) share: their subject, and what follows them."""

    subject: str
    """Kind or family of the subject."""
    slots: tuple[str, ...]
    """What follows: see `lexicon.verbs`."""
    heads: tuple[str, ...]
    """The verbs."""


NOUNS = {kind: words(text) for kind, text in nouns.NOUNS.items()}
FAMILIES = {family: words(kinds) for family, kinds in nouns.FAMILIES.items()}
TOPICS = [{kind: words(text) for kind, text in topic.items()} for topic in topics.TOPICS.values()]
PLURAL_ONLY = {kind: words(text) for kind, text in nouns.PLURAL_ONLY.items()}
OF_NOUNS = {kind: words(text) for kind, text in nouns.OF_NOUNS.items()}
COMPOUNDS: dict[str, list[list[str]]] = defaultdict(list)
"""Kind of the second noun -> noun-noun compounds."""
for _pair in words(nouns.COMPOUNDS):
    for _kind in [kind for kind, table in NOUNS.items() if _pair.split()[1] in table]:
        COMPOUNDS[_kind].append(_pair.split())
MASS = nouns.MASS
ADJECTIVES = {kind: words(text) for kind, text in modifiers.ADJECTIVES.items()}


def is_kind(name: str) -> bool:
    """Tell whether this is a kind of noun or a family of kinds."""
    return name in NOUNS or name in FAMILIES


def kinds_of(name: str) -> tuple[str, ...]:
    """The base kinds that a kind or family may stand for."""
    return FAMILIES.get(name, (name,))


def base_kind(dice: Dice, name: str) -> str:
    """One of the base kinds of a family; a base kind itself."""
    return dice.pick(kinds_of(name))


def _frames(table: str) -> list[Frame]:
    rows = [[field.strip() for field in line.split("|")] for line in table.strip().splitlines()]
    return [Frame(subject, tuple(slots.replace("_", "").split()), words(heads)) for subject, slots, heads in rows]


def _menus(pairs: list[tuple[str, Frame]]) -> dict[str, Menu[Frame]]:
    """Kind -> its frames; those with more verbs come more often, but not in proportion."""
    weights: dict[str, dict[Frame, float]] = defaultdict(dict)
    met = set()
    for name, frame in pairs:
        pattern = (frame.subject, frame.slots)
        for kind in kinds_of(name):
            # Of the lines with one pattern, the first one holds the common verbs.
            weights[kind][frame] = min(len(frame.heads), 24) ** 0.5 * (0.45 if pattern in met else 1.3)
        met.add(pattern)
    return {kind: Menu(frames) for kind, frames in weights.items()}


_FRAMES = _frames(verbs.FRAMES)
BY_SUBJECT = _menus([(frame.subject, frame) for frame in _FRAMES])
"""Base kind of the subject -> frames."""
BY_OBJECT = _menus([(frame.slots[0], frame) for frame in _FRAMES if len(frame.slots) == 1 and is_kind(frame.slots[0])])
"""Base kind of the object -> frames that take it and nothing else."""
COMPLEMENTS = _menus([(frame.subject, frame) for frame in _frames(modifiers.ADJECTIVE_COMPLEMENTS)])
"""Base kind of the subject -> frames of adjectives."""
