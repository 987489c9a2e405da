"""Predicates that hold no clause."""

from __future__ import annotations

from probewidgets.data.corpora.generation.dice import Dice
from probewidgets.data.corpora.generation.morphology import adverb
from probewidgets.data.corpora.generation.tree import Part, Word
from probewidgets.data.corpora.grammar.lexicon import BY_OBJECT, modifiers, words
from probewidgets.data.corpora.grammar.rules.adjuncts import adjunct
from probewidgets.data.corpora.grammar.rules.nominals import prepositional
from probewidgets.data.corpora.grammar.rules.phrases import PEOPLE
from probewidgets.data.corpora.grammar.rules.verb_groups import PAST, Predicate

__all__ = ["gapped", "midway", "passive"]

FREQUENCY = words(modifiers.FREQUENCY)
PAST_ADVERBS = words(modifiers.PAST_ADVERBS)


def gapped(dice: Dice, kind: str) -> Predicate:
    """A verb whose object, of that base kind, stands elsewhere."""
    return Predicate(dice.pick(BY_OBJECT[kind if kind in BY_OBJECT else "idea"].pick(dice).heads))


def midway(dice: Dice, tense: str) -> Word | None:
    """At times, an adverb that stands right before the verb."""
    if not dice.chance(0.1):
        return None
    return adverb(dice.pick(PAST_ADVERBS if tense == PAST and dice.chance(0.3) else FREQUENCY))


def passive(dice: Dice, kind: str, tense: str) -> Predicate:
    """A passive, with or without the agent."""
    frame = BY_OBJECT[kind].pick(dice)
    lemma = dice.pick(frame.heads)
    if lemma in NO_PASSIVE:
        lemma = "see" if kind in PEOPLE else "use"
    after: list[Part] = []
    timed = False
    if dice.chance(0.25):
        after.append(("obl:agent", prepositional(dice, f"by+{frame.subject}", pronouns=0.08)))
    elif dice.chance(0.5):
        extra, timed = adjunct(dice, tense)
        after.append(extra)
    return Predicate(lemma, tuple(after), midway(dice, tense), passive=True, timed=timed)


NO_PASSIVE = frozenset(words("have get like want let cost lack love hate try fail"))
