"""When, where, how: what may be added to any clause, without clauses in it."""

from __future__ import annotations

from probewidgets.data.corpora.generation.dice import Dice, Menu
from probewidgets.data.corpora.generation.morphology import adjective, adverb, noun
from probewidgets.data.corpora.generation.tree import HEAD, Node, Part
from probewidgets.data.corpora.grammar.lexicon import modifiers, words
from probewidgets.data.corpora.grammar.lexicon.function_words import DETERMINERS, complex_adverb
from probewidgets.data.corpora.grammar.rules.naming import place_name
from probewidgets.data.corpora.grammar.rules.nominals import common, prepositional
from probewidgets.data.corpora.grammar.rules.numbers import time_adjunct
from probewidgets.data.corpora.grammar.rules.phrases import pp

__all__ = ["adjunct", "advp", "direction", "place_phrase"]

MANNER, LATE, WHERE = words(modifiers.MANNER), words(modifiers.LATE), words(modifiers.WHERE)
DIRECTION, CIRCUMSTANCES = words(modifiers.DIRECTION), words(modifiers.CIRCUMSTANCES)
IDIOMS = [phrase.split() for phrase in words(modifiers.IDIOMS)]
DEGREES = words("very so too really quite pretty more as")


def advp(form: str) -> Part:
    """An adverb (of one or two words) as an adjunct."""
    if " " not in form:
        return ("advmod", Node("ADVP", (HEAD, adverb(form))))
    first, second = form.split()
    if (first, second) == ("as", "well"):
        return ("advmod", complex_adverb(first, second))
    if (first, second) == ("at", "all"):
        return ("obl", pp("at", Node("NP", (HEAD, DETERMINERS["all"]))))
    return ("advmod", Node("ADVP", ("advmod", adverb(first)), (HEAD, adverb(second))))


def direction(dice: Dice) -> Part:
    """Direction: `back`, `home`, `away`."""
    return advp(dice.pick(DIRECTION))


STATIC = words("in in in at at near outside inside behind from")
MOVING = words("in in at near outside inside around behind from on across through to")


def place_phrase(dice: Dice, static: bool = False) -> Node:
    """`in the park`, `near Paris`; a static one says where something is."""
    if dice.chance(0.4):
        return pp(dice.pick(words("in in in in in near from at")), place_name(dice))
    where = common(dice, "place", plain=True, definite=dice.chance(0.5))
    return pp(dice.pick(STATIC if static else MOVING), where)


def _place(dice: Dice, _tense: str) -> Part:
    return advp(dice.pick(WHERE)) if dice.chance(0.3) else ("obl", place_phrase(dice))


def _manner(dice: Dice, _tense: str) -> Part:
    lemma = dice.pick(MANNER)
    if dice.chance(0.2):
        return ("advmod", Node("ADVP", ("advmod", adverb(dice.pick(DEGREES[:6]))), (HEAD, adverb(lemma))))
    return advp(lemma)


def _late(dice: Dice, _tense: str) -> Part:
    return advp(dice.pick(LATE))


def _circumstance(dice: Dice, _tense: str) -> Part:
    return ("obl", prepositional(dice, dice.pick(CIRCUMSTANCES), pronouns=0.2))


def _idiom(dice: Dice, _tense: str) -> Part:
    """Set phrases such as `at least`, `on the way`, `of course`, `a lot`, `for free`."""
    preposition, *rest = dice.pick(IDIOMS)
    if preposition == "a":
        return ("obl:unmarked", Node("NP", ("det", DETERMINERS["a"]), (HEAD, noun(rest[-1]))))
    parts: list[Part] = []
    for form in rest[:-1]:
        parts.append(("det", DETERMINERS[form]) if form in DETERMINERS else ("amod", adjective(form)))
    last = rest[-1]
    word = adjective(last[:-1]) if last.endswith("*") else noun(last)
    return ("obl", pp(preposition, Node("NP", *parts, (HEAD, word))))


_ADJUNCTS = Menu({_place: 5, time_adjunct: 5, _manner: 3.2, _late: 2.4, _circumstance: 4, _idiom: 1.6})


def adjunct(dice: Dice, tense: str) -> tuple[Part, bool]:
    """An adjunct, and whether it says when."""
    rule = _ADJUNCTS.pick(dice)
    return rule(dice, tense), rule is time_adjunct
