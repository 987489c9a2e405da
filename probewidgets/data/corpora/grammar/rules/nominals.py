"""Noun phrases without clauses in them: determiners, adjectives, compounds, coordination, prepositional phrases."""

from __future__ import annotations

from probewidgets.data.corpora.generation.dice import Dice, Menu
from probewidgets.data.corpora.generation.morphology import adjective, noun
from probewidgets.data.corpora.generation.tree import HEAD, Node, Part, Word
from probewidgets.data.corpora.grammar.lexicon import (
    COMPOUNDS,
    MASS,
    NOUNS,
    OF_NOUNS,
    PLURAL_ONLY,
    base_kind,
    modifiers,
    words,
)
from probewidgets.data.corpora.grammar.lexicon.function_words import (
    DEMONSTRATIVES,
    DETERMINERS,
    INDEFINITE,
    NONE,
    ONE,
    PERSONAL,
    POSSESSIVE,
    POSSESSIVE_BARE,
    POSSESSIVE_S,
    PREDETERMINERS,
    QUANTIFIERS,
)
from probewidgets.data.corpora.grammar.rules.adjectives import UNCOMPARED, attributes, describing, superlative
from probewidgets.data.corpora.grammar.rules.naming import brand, name, organisation, person_name
from probewidgets.data.corpora.grammar.rules.numbers import cardinal, count
from probewidgets.data.corpora.grammar.rules.phrases import COMMA, PEOPLE, coordinated, pp

__all__ = ["common", "core", "indefinite", "noun_phrase", "prepositional"]

MATERIALS = words(modifiers.MATERIALS)
ATTRIBUTES = {kind: words(table) for kind, table in modifiers.ATTRIBUTES.items()}


def prepositional(dice: Dice, pattern: str, depth: int = 0, pronouns: float | None = None) -> Node:
    """The prepositional phrase of a pattern such as `with+people`."""
    preposition, kind = pattern.split("+")
    return pp(preposition, noun_phrase(dice, kind, subject=False, depth=depth, pronouns=pronouns))


WHO = Menu.of("I 34, you 18, he 11, she 8, we 13, they 13, one 0.4")
WHAT = Menu.of("it 12, this 5, that 3, they 2, these 1, those 0.6, everything 0.8, something 0.8, nothing 0.6")
ANIMALS = Menu.of("it 3, he 2, she 2, they 2")
SOMEBODY = [form for form in INDEFINITE if form.startswith(("some", "every", "no")) and not form.endswith("thing")]


def pronoun(dice: Dice, kind: str, subject: bool = True) -> Node:
    """A pronoun that stands for that kind."""
    if kind in PEOPLE and dice.chance(0.07):
        return Node("NP", (HEAD, INDEFINITE[dice.pick(SOMEBODY)]))
    menu = WHO if kind in PEOPLE else ANIMALS if kind == "animal" else WHAT
    form = menu.pick(dice)
    while not subject and form == dice.agent:
        form = menu.pick(dice)
    if form in PERSONAL:
        agreement, nominative, accusative = PERSONAL[form]
        return Node("NP", (HEAD, nominative if subject else accusative), agreement=agreement)
    word = ONE if form == "one" else DEMONSTRATIVES.get(form) or INDEFINITE[form]
    return Node("NP", (HEAD, word), agreement="3p" if form in ("these", "those") else "3s")


SINGULAR = Menu.of(
    """
    a 40, the 34, poss 16, this 6, that 3, another 1.6, every 1, each 0.5, no 1, some 0.8, name's 4
    """
)

PLURAL = Menu.of(
    """
    - 34, the 22, poss 12, these 4, those 2, some 4, many 2.5, few 0.6, several 1.6, all 1.6, both 0.8, count 8,
    no 0.8, other 2.5, most 1, more 1.2, name's 3, a few 1.8, all the 1.6, such 0.5
    """
)

UNCOUNTED = Menu.of(
    """
    - 52, the 18, poss 8, some 4, much 0.8, more 2, no 1.5, this 1.5, all 0.8, enough 1.2, little 0.5,
    all the 1, less 0.5, name's 1.5, such 0.4, most 0.5
    """
)

DEFINITE = Menu.of("the 58, poss 26, this 8, that 4, name's 5, a 5, every 1, another 0.6, each 0.5")
DEFINITE_PLURAL = Menu.of(
    """
    the 44, poss 18, - 14, these 6, those 3, some 4, many 3, most 1.6, all 1.4, both 1, count 4, several 1,
    name's 3, all the 2, few 0.5, other 1
    """
)

POSSESSED = Menu.of("poss 66, the 12, a 8, name's 8, this 2, every 1")
INDEFINITE_ONE = Menu.of(
    """
    a 36, no 6, another 3, many 5, several 4, some 6, few 2, count 7, a few 4, more 3, - 6, other 2
    """
)

INDEFINITE_MASS = Menu.of("- 4, no 3, some 4, much 1, more 2, little 1, enough 1")
PLURALS = frozenset(("", "many", "several", "some", "few", "count", "a few", "more", "other"))
OWNERS = ("I", "I", "I", "I", "you", "you", "he", "he", "she", "it", "we", "we", "they", "they")
RANKS = {
    **{
        form: Word(form, "ADJ", "JJ", form, "Degree=Pos|NumForm=Word|NumType=Ord")
        for form in words("first second third fourth fifth")
    },
    **{form: adjective(form) for form in words("last next only main whole entire final")},
}


def genitive(dice: Dice) -> Part:
    """A possessor with `'s`."""
    roll = dice.random()
    if roll < 0.5:
        owner = person_name(dice)
    elif roll < 0.65:
        owner = organisation(dice)
    else:
        owner = common(
            dice, dice.pick((*PEOPLE, "kin", "group")), plain=True, determiner=dice.pick(("the", "poss", "a"))
        )
    last: Word | Node = owner
    while not isinstance(last, Word):
        last = last.parts[-1][1]
    if last.form.endswith("'s"):
        return genitive(dice)
    clitic = POSSESSIVE_BARE if last.feats == "Number=Plur" and last.form.endswith("s") else POSSESSIVE_S
    return ("nmod:poss", Node("NP", (HEAD, owner), ("case", clitic)))


def determined(dice: Dice, choice: str) -> list[Part]:
    """First word of a noun phrase, if it has one."""
    if choice == "":
        return []
    if choice == "poss":
        return [("nmod:poss", POSSESSIVE[dice.pick(OWNERS)])]
    if choice == "name's":
        return [genitive(dice)]
    if choice == "count":
        return count(dice)
    if choice == "a few":
        return [("det", DETERMINERS["a"]), ("amod", QUANTIFIERS["few"])]
    if choice == "all the":
        rest = determined(dice, "poss" if dice.chance(0.4) else "the")
        return [("det:predet", PREDETERMINERS["all"]), *rest]
    return [("amod", QUANTIFIERS[choice])] if choice in QUANTIFIERS else [("det", DETERMINERS[choice])]


def about(dice: Dice, kind: str) -> str:
    """A noun of that kind: mostly one that belongs to the topic."""
    return dice.pick(dice.topic[kind] if kind in dice.topic and dice.chance(0.45) else NOUNS[kind])


def core(dice: Dice, kind: str, number: str) -> list[Part]:
    """A noun, at times with another noun before it."""
    roll = dice.random()
    if roll < 0.09 and kind in COMPOUNDS:
        first, second = dice.pick(COMPOUNDS[kind])
        return [("compound", noun(first)), (HEAD, noun(second, number))]
    *before, last = about(dice, kind).split()
    parts: list[Part] = [("compound", noun(part)) for part in before]
    if not before and roll > 0.97 and kind in ("object", "clothing", "place"):
        parts.append(("compound", noun(dice.pick(MATERIALS))))
    elif not before and roll > 0.93 and kind in ("person", "place", "device", "document", "event", "vehicle"):
        named = brand(dice) if dice.chance(0.6) else organisation(dice)
        if all(isinstance(part, Word) and part.upos == "PROPN" for _, part in named.parts):
            parts.append(("compound", named))
    return [*parts, (HEAD, noun(last, number))]


def common(
    dice: Dice,
    kind: str,
    plain: bool = False,
    determiner: str | None = None,
    number: str | None = None,
    definite: bool = False,
) -> Node:
    """A noun phrase around a common noun.

    Args:
        dice: The choices.
        kind: A base kind.
        plain: Few adjectives, and no possessor with `'s`.
        determiner: The determiner, where it is not free.
        number: Sing or Plur, where it is not free.
        definite: Whether it is rather known than new, as subjects are.
    """
    mass = kind in MASS
    only = not mass and number is None and determiner is None and kind in PLURAL_ONLY and dice.chance(0.1)
    number = "Sing" if mass else "Plur" if only else number or ("Plur" if dice.chance(0.3) else "Sing")
    if determiner is None:
        determiner = _determiners(kind, number, definite).pick(dice)
        if only or (plain and determiner == "name's"):
            determiner = "the" if dice.chance(0.6) else "poss"
    parts = determined(dice, determiner)
    roll = dice.random()
    if (
        determiner in ("the", "poss")
        and roll < 0.05
        and not plain
        and (lemma := describing(dice, kind)) not in UNCOMPARED
    ):
        parts.append(superlative(lemma))
    elif determiner in ("the", "poss") and roll < 0.09 and not mass:
        parts.append(("amod", RANKS[dice.pick(list(RANKS))]))
    elif determiner == "poss" and roll < 0.13:
        parts.append(("amod", QUANTIFIERS["own"]))
    elif determiner == "the" and roll < 0.13:
        parts.append(("amod", QUANTIFIERS[dice.pick(("same", "other", "other"))]))
    else:
        parts += attributes(dice, kind, 0.1 if plain else 0.27)
    parts += [(HEAD, noun(dice.pick(PLURAL_ONLY[kind]), "Ptan"))] if only else core(dice, kind, number)
    return Node("NP", *parts, agreement="3s" if number == "Sing" else "3p")


def _determiners(kind: str, number: str, definite: bool) -> Menu[str]:
    if kind in MASS:
        return UNCOUNTED
    if number == "Plur":
        return DEFINITE_PLURAL if definite else PLURAL
    return POSSESSED if kind in ("kin", "body") else DEFINITE if definite else SINGULAR


def indefinite(dice: Dice, kind: str) -> Node:
    """Something new: `a dog`, `many problems`, `no time`."""
    kind = base_kind(dice, kind)
    choice = (INDEFINITE_MASS if kind in MASS else INDEFINITE_ONE).pick(dice)
    return common(dice, kind, determiner=choice, number="Plur" if choice in PLURALS else "Sing")


def partitive(dice: Dice, kind: str) -> Node:
    """`a piece of cake`, `the end of the street`, `some of my friends`, `one of them`."""
    mass = kind in MASS
    roll = dice.random()
    if roll < 0.3:
        if mass:
            quantity, agreement = DETERMINERS[dice.pick(("some", "all"))], "3s"
        else:
            quantity, agreement = dice.pick(QUANTITIES)
        whole = common(dice, kind, plain=True, number="Plur", determiner=dice.pick(("the", "poss")))
        if kind in PEOPLE and dice.chance(0.3):
            whole = Node("NP", (HEAD, PERSONAL[dice.pick(("we", "they", "they"))][2]))
        return Node("NP", (HEAD, Node("NP", (HEAD, quantity))), ("nmod", pp("of", whole)), agreement=agreement)
    table = OF_NOUNS.get(kind) or OF_NOUNS["people" if kind in PEOPLE else "any"]
    measure = dice.pick(table if dice.chance(0.75) else OF_NOUNS["any"])
    if measure in ("lot", "couple", "bit", "number", "majority", "group", "bunch", "variety", "range"):
        whole = common(dice, kind, plain=True, number="Plur", determiner="")
        agreement = whole.agreement if measure in ("lot", "couple", "number", "majority", "bunch") else "3s"
        determiner = "a"
    else:
        plural = not mass and dice.chance(0.4)
        free = ("", "the", "poss") if mass or plural else ("the", "the", "poss", "a")
        whole = common(dice, kind, plain=True, determiner=dice.pick(free), number="Plur" if plural else "Sing")
        agreement = "3s"
        determiner = "the" if dice.chance(0.7) else "a"
    head = Node("NP", *determined(dice, determiner), *attributes(dice, "idea", 0.1), (HEAD, noun(measure)))
    return Node("NP", (HEAD, head), ("nmod", pp("of", whole)), agreement=agreement)


QUANTITIES = (
    *((DETERMINERS[form], "3p") for form in ("some", "all", "both")),
    (DETERMINERS["each"], "3s"),
    *((QUANTIFIERS[form], "3p") for form in ("many", "most", "several")),
    (cardinal(1), "3s"),
    (cardinal(1), "3s"),
    (cardinal(2), "3p"),
    (cardinal(3), "3p"),
    (NONE, "3p"),
)


def noun_phrase(dice: Dice, kind: str, subject: bool = True, depth: int = 1, pronouns: float | None = None) -> Node:
    """A noun phrase of any form that stands for that kind (or family).

    Args:
        dice: The choices.
        kind: A kind or a family.
        subject: Whether it is a subject: a pronoun in the nominative, rather known than new.
        depth: How much may still be nested in it.
        pronouns: The share of pronouns; by default, what fits the kind.
    """
    kind = base_kind(dice, kind)
    people = kind in PEOPLE
    if pronouns is None:
        pronouns = (0.59 if subject else 0.33) if people else (0.28 if subject else 0.12)
    if dice.chance(pronouns):
        return pronoun(dice, kind, subject)
    named = name(dice, kind)
    if named is not None:
        return coordinated([named, person_name(dice)], "and", "NP") if people and dice.chance(0.07) else named
    roll = dice.random()
    if depth <= 0 or roll > 0.52:
        return common(dice, kind, definite=subject)
    if roll < 0.13:
        return partitive(dice, kind)
    if roll < 0.37 and kind in ATTRIBUTES:
        base = common(dice, kind, definite=subject)
        which = prepositional(dice, dice.pick(ATTRIBUTES[kind]), pronouns=0.04)
        return Node("NP", (HEAD, base), ("nmod", which), agreement=base.agreement)
    if roll < 0.48:
        items = [common(dice, kind, plain=True, definite=subject) for _ in range(2 if dice.chance(0.75) else 3)]
        return coordinated(items, "or" if not subject and dice.chance(0.12) else "and", "NP", comma=dice.chance(0.6))
    if people:
        base = common(dice, kind, plain=True, number="Sing", determiner=dice.pick(("poss", "the")))
        return Node("NP", (HEAD, base), COMMA, ("appos", person_name(dice)), COMMA)
    return common(dice, kind)
