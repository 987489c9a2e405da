"""Adjectives: which ones, how many, compared or not."""

from __future__ import annotations

from probewidgets.data.corpora.generation.dice import Dice
from probewidgets.data.corpora.generation.morphology import adjective, adverb, comparable
from probewidgets.data.corpora.generation.tree import HEAD, Node, Part, Word
from probewidgets.data.corpora.grammar.lexicon import ADJECTIVES, modifiers, words
from probewidgets.data.corpora.grammar.rules.phrases import COMMA, PEOPLE, coordinated

__all__ = ["UNCOMPARED", "adjective_phrase", "attributes", "compared", "describing", "superlative"]

NATIONALITIES = words(modifiers.NATIONALITIES)
DEGREE = words(modifiers.DEGREE)
MORE = words(modifiers.MORE)
BEFORE_ADJECTIVE = words("very really pretty extremely fairly highly truly particularly")
UNCOMPARED = frozenset(words("dead alive pregnant married same missing attached illegal annual little"))
ATTRIBUTIVE = frozenset(
    words(
        """
    main whole entire final last first next only own favorite former fellow real true own medical key dear
    real senior junior major minor average total original previous past future late early top downtown
    central extra additional indoor newborn mini spare primary current recent present potential joint annual
    weekly daily monthly military federal fatal
    """
    )
)
"""Adjectives that stand before nouns only."""

MORE_WORD = Word("more", "ADV", "RBR", "much", "Degree=Cmp")
LESS_WORD = Word("less", "ADV", "RBR", "little", "Degree=Cmp")
MOST_WORD = Word("most", "ADV", "RBS", "much", "Degree=Sup")


def describing(dice: Dice, kind: str, predicative: bool = True) -> str:
    """An adjective for that kind; not all can be predicates."""
    table = ADJECTIVES.get(kind) or ADJECTIVES["people" if kind in PEOPLE else "thing"]
    lemma = dice.pick(table)
    while predicative and lemma in ATTRIBUTIVE:
        lemma = dice.pick(table)
    return lemma


def adjective_phrase(dice: Dice, lemma: str, degree: float = 0.3) -> Node:
    """An adjective as a predicate, at times with a degree adverb, or compared."""
    if not dice.chance(degree):
        return Node("ADJP", (HEAD, adjective(lemma)))
    if dice.chance(0.2) and lemma not in UNCOMPARED:
        return compared(dice, lemma)
    return Node("ADJP", ("advmod", adverb(dice.pick(DEGREE))), (HEAD, adjective(lemma)))


def compared(dice: Dice, lemma: str) -> Node:
    """`bigger`, `more useful`, `much better`, `less expensive`."""
    parts: list[Part] = [("advmod", adverb(dice.pick(MORE)))] if dice.chance(0.3) else []
    if comparable(lemma):
        return Node("ADJP", *parts, (HEAD, adjective(lemma, "Cmp")))
    return Node("ADJP", *parts, ("advmod", MORE_WORD if dice.chance(0.75) else LESS_WORD), (HEAD, adjective(lemma)))


def superlative(lemma: str) -> Part:
    """`biggest`, `most useful`."""
    if comparable(lemma):
        return ("amod", adjective(lemma, "Sup"))
    return ("amod", Node("ADJP", ("advmod", MOST_WORD), (HEAD, adjective(lemma))))


def attributes(dice: Dice, kind: str, p: float) -> list[Part]:
    """Adjectives before a noun: none, one, two."""
    if not dice.chance(p):
        return []
    first, second = describing(dice, kind, False), describing(dice, kind, False)
    roll = dice.random()
    if roll < 0.09:
        return [("amod", Node("ADJP", ("advmod", adverb(dice.pick(BEFORE_ADJECTIVE))), (HEAD, adjective(first))))]
    if roll < 0.17 and kind in (*PEOPLE, "food", "place", "group", "art", "drink", "vehicle"):
        return [("amod", adjective(dice.pick(NATIONALITIES)))]
    if roll < 0.26 and first != second:
        comma = [COMMA] if dice.chance(0.5) else []
        return [("amod", adjective(first)), *comma, ("amod", adjective(second))]
    if roll < 0.3 and first != second:
        items = [Node("", (HEAD, adjective(first))), Node("", (HEAD, adjective(second)))]
        return [("amod", coordinated(items, "and", "ADJP"))]
    return [("amod", adjective(first))]
