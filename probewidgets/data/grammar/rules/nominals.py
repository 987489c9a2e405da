"""Noun phrases without clauses in them: names, pronouns, determiners, adjectives, compounds, numbers."""

from __future__ import annotations

from probewidgets.data.grammar.dice import Dice, Menu
from probewidgets.data.grammar.lexicon import (
    ADJECTIVES,
    COMPOUNDS,
    MASS,
    NOUNS,
    OF_NOUNS,
    PLURAL_ONLY,
    base_kind,
    modifiers,
    names,
    words,
)
from probewidgets.data.grammar.lexicon.function_words import (
    DEMONSTRATIVES,
    DETERMINERS,
    INDEFINITE,
    PERSONAL,
    POSSESSIVE,
    POSSESSIVE_BARE,
    POSSESSIVE_S,
    PREDETERMINERS,
    QUANTIFIERS,
    adposition,
    coordinator,
    punctuation,
)
from probewidgets.data.grammar.morphology import adjective, adverb, comparable, noun
from probewidgets.data.grammar.rules.numbers import cardinal, count
from probewidgets.data.grammar.tree import HEAD, Node, Part, Word

__all__ = [
    "adjective_phrase", "common", "coordinate", "name", "noun_phrase", "person_name", "place_name", "possessor",
    "prepositional", "pronoun",
]  # fmt: skip

NATIONALITIES = words(modifiers.NATIONALITIES)
MATERIALS = words(modifiers.MATERIALS)
DEGREE = words(modifiers.DEGREE)
FIRST = [w for table in names.FIRST_NAMES.values() for w in words(table)]
LAST = words(names.LAST_NAMES)
TITLES = words(names.TITLES)
COUNTRIES, CITIES, REGIONS = words(names.COUNTRIES), words(names.CITIES), words(names.REGIONS)
NATIONS, ZONES = words(names.NATIONS), words(names.ZONES)
LANDMARKS, ORGS = words(names.LANDMARKS), words(names.ORGANISATIONS)
ORG_HEADS, ORG_THEMES, ORG_ADJS = words(names.ORG_HEADS), words(names.ORG_THEMES), words(names.ORG_ADJECTIVES)
BRANDS, WORKS = words(names.BRANDS), words(names.WORKS)
DAYS, MONTHS = words(names.DAYS), words(names.MONTHS)

# First words of names that are adjectives there too.
ADJECTIVAL = set(
    "New United National International Islamic Supreme Saudi White Middle Royal Federal Grand Central Red Soviet European "
    "Northern Southern Western Eastern Global Public Democratic Republican American British Cold South North West".split()
) - {"South", "North", "West"}


def proper(form: str, plural: bool = False) -> Word:
    """A proper noun."""
    return Word(form, "PROPN", "NNPS" if plural else "NNP", form, f"Number={'Plur' if plural else 'Sing'}")


def proper_adjective(form: str) -> Word:
    """An adjective inside a name."""
    return Word(form, "ADJ", "NNP", form, "Degree=Pos")


def case(preposition: str, phrase: Node) -> Node:
    """A prepositional phrase."""
    return Node("PP", ("case", adposition(preposition)), (HEAD, phrase))


prepositional = case


# --- names -----------------------------------------------------------------------------------------------------------


def _flat(parts: list[str]) -> Node:
    """A name whose words hang on the first."""
    return Node("NP", (HEAD, proper(parts[0])), *(("flat", proper(part)) for part in parts[1:]))


def titled(text: str) -> Node:
    """A name with a head at its end: the modifiers before it are adjectives or compounds."""
    *before, last = text.split()
    parts: list[Part] = []
    plural = last.endswith("s") and (not before or before[-1] == "the") and bool(before) and last not in ("US", "Alps")
    for form in before:
        if form == "the":
            parts.append(("det", DETERMINERS["the"]))
        elif form in ADJECTIVAL:
            parts.append(("amod", proper_adjective(form)))
        else:
            parts.append(("compound", proper(form)))
    plural = last in PLURAL_NAMES
    return Node("NP", *parts, (HEAD, proper(last, plural)), agreement="3s" if not plural or last in UNITS else "3p")


PLURAL_NAMES = set("States Nations Philippines Netherlands Alps Himalayas Democrats Republicans Palestinians Israelis Iraqis Americans "
                   "Russians Germans Vikings Beatles Yankees Lakers Wars Arms".split())
UNITS = {"States", "Nations", "Netherlands", "Philippines"}


def person_name(dice: Dice) -> Node:
    """A person: first name, last name, title, initials."""
    roll = dice.random()
    if roll < 0.45:
        return Node("NP", (HEAD, proper(dice.pick(FIRST))))
    if roll < 0.75:
        middle = [f"{dice.pick('ABCDEFGHJKLMPRSTW')}."] if dice.chance(0.1) else []
        return _flat([dice.pick(FIRST), *middle, dice.pick(LAST)])
    if roll < 0.83:
        return Node("NP", (HEAD, proper(dice.pick(LAST))))
    title = dice.pick(TITLES).split()
    full = [dice.pick(FIRST)] if dice.chance(0.3) else []
    return _flat([*title, *full, dice.pick(LAST)])


def city(dice: Dice) -> Node:
    """A city, at times with its region or country."""
    base = titled(dice.pick(CITIES))
    if not dice.chance(0.12):
        return base
    return Node("NP", (HEAD, base), ("punct", punctuation(",")), ("appos", titled(dice.pick(REGIONS + COUNTRIES))))


def country(dice: Dice) -> Node:
    """A country, state or union."""
    roll = dice.random()
    return titled(dice.pick(COUNTRIES if roll < 0.6 else REGIONS if roll < 0.8 else NATIONS))


def landmark(dice: Dice) -> Node:
    """A street, park, university: `Baker Street`, `the University of Texas`."""
    kind = dice.pick(LANDMARKS)
    if kind in ("University", "College", "Museum", "Church", "Library", "Hospital") and dice.chance(0.5):
        where = Node("PP", ("case", adposition("of")), (HEAD, titled(dice.pick(REGIONS))))
        head = Node("NP", ("det", DETERMINERS["the"]), (HEAD, proper(kind)))
        return Node("NP", (HEAD, head), ("nmod", where))
    named = dice.pick(LAST) if dice.chance(0.6) else dice.pick(CITIES)
    parts = [proper_adjective(w) if w in ADJECTIVAL else proper(w) for w in named.split()]
    pairs: list[Part] = [("amod" if word.upos == "ADJ" else "compound", word) for word in parts]
    the: list[Part] = [("det", DETERMINERS["the"])] if dice.chance(0.25) else []
    return Node("NP", *the, *pairs, (HEAD, proper(kind)))


def organisation(dice: Dice) -> Node:
    """A company, an agency, a club."""
    roll = dice.random()
    if roll < 0.55:
        return Node("NP", (HEAD, proper(dice.pick(ORGS))))
    if roll < 0.7:
        return Node("NP", ("compound", proper(dice.pick(ORGS + LAST))), (HEAD, proper(dice.pick(ORG_HEADS))))
    if roll < 0.8:
        head = Node("NP", ("det", DETERMINERS["the"]), (HEAD, proper(dice.pick(["Department", "Ministry", "Bank", "Council", "Bureau"]))))
        return Node("NP", (HEAD, head), ("nmod", case("of", Node("NP", (HEAD, proper(dice.pick(ORG_THEMES)))))))
    parts: list[Part] = [("det", DETERMINERS["the"])] if dice.chance(0.7) else []
    if dice.chance(0.6):
        parts.append(("amod", proper_adjective(dice.pick(ORG_ADJS))))
    parts.append(("compound", proper(dice.pick(ORG_THEMES))))
    return Node("NP", *parts, (HEAD, proper(dice.pick(ORG_HEADS))))


def place_name(dice: Dice) -> Node:
    """A place on the map."""
    return PLACES(dice)


PLACES = Menu({city: 5, country: 4, landmark: 3})
NAMES = {
    "person": person_name,
    "kin": person_name,
    "group": organisation,
    "place": place_name,
    "art": lambda dice: titled(dice.pick(WORKS)),
    "device": lambda dice: titled(dice.pick(BRANDS)),
    "sky": lambda dice: titled(dice.pick(ZONES)),
    "field": lambda dice: titled(dice.pick(BRANDS)),
}


def name(dice: Dice, kind: str) -> Node | None:
    """A proper name of that kind, if there are any."""
    rule = NAMES.get(kind)
    if kind == "group" and dice.chance(0.35):
        return titled(dice.pick(ZONES + NATIONS))
    return rule(dice) if rule else None


# --- pronouns --------------------------------------------------------------------------------------------------------

SUBJECTS = Menu({"I": 34, "you": 18, "he": 11, "she": 8, "we": 13, "they": 15})
LONE = Menu({"it": 10, "this": 5, "that": 3, "they": 2, "these": 1, "those": 0.5, "everything": 0.7, "something": 0.7, "nothing": 0.5, "anything": 0.3})


def pronoun(dice: Dice, kind: str, subject: bool = True) -> Node:
    """A pronoun that stands for that kind."""
    if kind in ("person", "kin"):
        if dice.chance(0.08):
            who = dice.pick([form for form in INDEFINITE if not form.endswith("thing")])
            return Node("NP", (HEAD, INDEFINITE[who]))
        who = SUBJECTS.pick(dice)
    elif kind == "animal":
        who = dice.pick(["it", "he", "she", "they"])
    else:
        who = LONE.pick(dice)
    if who in DEMONSTRATIVES:
        return Node("NP", (HEAD, DEMONSTRATIVES[who]), agreement="3s" if who.startswith("th") and who in ("this", "that") else "3p")
    if who in INDEFINITE:
        return Node("NP", (HEAD, INDEFINITE[who]))
    agreement, nominative, accusative = PERSONAL[who]
    return Node("NP", (HEAD, nominative if subject else accusative), agreement=agreement)


# --- adjectives ------------------------------------------------------------------------------------------------------


def describing(dice: Dice, kind: str) -> str:
    """An adjective for that kind."""
    if kind in ADJECTIVES:
        return dice.pick(ADJECTIVES[kind])
    return dice.pick(ADJECTIVES["people" if kind in ("person", "kin") else "thing"])


def adjective_phrase(dice: Dice, lemma: str, degree: float = 0.3) -> Node:
    """An adjective as a predicate, at times with a degree adverb or compared."""
    if dice.chance(degree):
        if lemma in ("dead", "alive", "pregnant", "married") or dice.chance(0.25):
            return compared(dice, lemma)
        more = adverb(dice.pick(DEGREE))
        return Node("ADJP", ("advmod", more), (HEAD, adjective(lemma)))
    return Node("ADJP", (HEAD, adjective(lemma)))


def compared(dice: Dice, lemma: str) -> Node:
    """`bigger`, `more useful`, `much better`, `less expensive`."""
    parts: list[Part] = []
    if dice.chance(0.3):
        parts.append(("advmod", adverb(dice.pick(["much", "far", "even", "slightly", "no", "any"]))))
    if comparable(lemma):
        return Node("ADJP", *parts, (HEAD, adjective(lemma, "Cmp")))
    more = Word("more", "ADV", "RBR", "much", "Degree=Cmp") if dice.chance(0.75) else Word("less", "ADV", "RBR", "little", "Degree=Cmp")
    return Node("ADJP", *parts, ("advmod", more), (HEAD, adjective(lemma)))


MOST = Word("most", "ADV", "RBS", "much", "Degree=Sup")


def superlative(lemma: str) -> list[Part]:
    """`biggest`, `most useful`, as parts of a noun phrase."""
    if comparable(lemma):
        return [("amod", adjective(lemma, "Sup"))]
    return [("amod", Node("ADJP", ("advmod", MOST), (HEAD, adjective(lemma))))]


def attributes(dice: Dice, kind: str, p: float) -> list[Part]:
    """Adjectives before a noun: none, one, two."""
    if not dice.chance(p):
        return []
    first = describing(dice, kind)
    roll = dice.random()
    if roll < 0.1:
        return [("amod", Node("ADJP", ("advmod", adverb(dice.pick(["very", "really", "pretty", "so", "extremely", "fairly", "highly"]))), (HEAD, adjective(first))))]
    if roll < 0.22:
        second = describing(dice, kind)
        if second != first:
            comma: list[Part] = [("punct", punctuation(","))] if dice.chance(0.4) else []
            return [("amod", adjective(first)), *comma, ("amod", adjective(second))]
    if roll < 0.27:
        second = describing(dice, kind)
        if second != first:
            joined = coordinate([Node("", (HEAD, adjective(first))), Node("", (HEAD, adjective(second)))], "and", "ADJP")
            return [("amod", joined)]
    if roll < 0.35:
        return [("amod", adjective(dice.pick(NATIONALITIES)))]
    return [("amod", adjective(first))]


# --- determiners -----------------------------------------------------------------------------------------------------

SINGULAR = Menu({"a": 36, "the": 40, "poss": 14, "this": 7, "that": 3, "another": 1.5, "every": 1.2, "each": 0.8, "any": 1.2, "no": 1.6, "some": 1, "name's": 3, "such": 0.5, "what": 0.0, "either": 0.3})
PLURAL = Menu({"": 30, "the": 25, "poss": 12, "these": 4, "those": 2, "some": 4, "many": 3, "few": 1, "several": 2, "all": 3, "both": 1, "count": 9, "no": 1.5, "any": 1.5, "other": 3, "most": 1.5, "more": 1.5, "name's": 2, "a few": 2, "all the": 2, "such": 0.6})
UNCOUNTED = Menu({"": 50, "the": 18, "poss": 8, "some": 4, "much": 1, "more": 2, "no": 3, "any": 2, "this": 1.5, "all": 1, "enough": 1.5, "little": 0.6, "all the": 1, "less": 0.5, "name's": 1, "such": 0.6, "most": 0.7})
ARTICLE_A = DETERMINERS["a"]


def possessor(dice: Dice) -> list[Part]:
    """A possessive pronoun."""
    return [("nmod:poss", POSSESSIVE[dice.pick(("I", "I", "I", "you", "you", "he", "she", "it", "we", "we", "they", "they"))])]


def genitive(dice: Dice) -> list[Part]:
    """A name or a person with `'s`."""
    owner = person_name(dice) if dice.chance(0.55) else (NAMES["group"](dice) if dice.chance(0.4) else common(dice, dice.pick(("person", "kin", "group")), plain=True))
    last = owner
    clitic = POSSESSIVE_BARE if owner.agreement == "3p" and dice.chance(1) and _ends_in_s(last) else POSSESSIVE_S
    return [("nmod:poss", Node("NP", (HEAD, owner), ("case", clitic)))]


def _ends_in_s(node: Node) -> bool:
    last = node.parts[-1][1]
    return last.form.endswith("s") if isinstance(last, Word) else _ends_in_s(last)


def determined(dice: Dice, choice: str) -> list[Part]:
    """What stands first in a noun phrase."""
    if choice == "":
        return []
    if choice == "poss":
        return possessor(dice)
    if choice == "name's":
        return genitive(dice)
    if choice == "count":
        return count(dice)
    if choice == "a few":
        return [("det", ARTICLE_A), ("amod", QUANTIFIERS["few"])]
    if choice == "all the":
        return [("det:predet", PREDETERMINERS["all"]), *(possessor(dice) if dice.chance(0.4) else [("det", DETERMINERS["the"])])]
    if choice in QUANTIFIERS:
        return [("amod", QUANTIFIERS[choice])]
    return [("det", DETERMINERS[choice])]


# --- common nouns ----------------------------------------------------------------------------------------------------


def coordinate(items: list[Node], conjunction: str, label: str, agreement: str = "3p") -> Node:
    """`a, b and c`: the later items hang on the first."""
    parts: list[Part] = [(HEAD, items[0])]
    for item in items[1:-1]:
        parts.append(("conj", Node("", ("punct", punctuation(",")), (HEAD, item))))
    comma: list[Part] = [("punct", punctuation(","))] if len(items) > 2 else []
    parts.append(("conj", Node("", *comma, ("cc", coordinator(conjunction)), (HEAD, items[-1]))))
    return Node(label, *parts, agreement=agreement)


def core(dice: Dice, kind: str, number: str) -> list[Part]:
    """A noun, at times with another noun before it."""
    roll = dice.random()
    if roll < 0.08 and kind in ("object", "place", "person", "idea", "device", "event", "group"):
        first, second = dice.pick(COMPOUNDS)
        return [("compound", noun(first)), (HEAD, noun(second, number))]
    *before, last = dice.pick(NOUNS[kind]).split()
    parts: list[Part] = [("compound", noun(part)) for part in before]
    if not before and roll > 0.96 and kind in ("object", "clothing", "place"):
        parts.append(("compound", noun(dice.pick(MATERIALS))))
    elif not before and roll > 0.92 and kind in ("person", "place", "device", "document", "event"):
        named = organisation(dice) if dice.chance(0.5) else Node("NP", (HEAD, proper(dice.pick(BRANDS + ORGS))))
        if all(isinstance(part, Word) and part.upos != "DET" for _, part in named.parts):
            parts.append(("compound", named))
    return [*parts, (HEAD, noun(last, number))]


def common(dice: Dice, kind: str, plain: bool = False, determiner: str | None = None, number: str | None = None) -> Node:
    """A noun phrase around a common noun.

    Args:
        dice: The choices.
        kind: A base kind.
        plain: Few adjectives, and no possessor with `'s`.
        determiner: The determiner, where it is not free.
        number: Sing or Plur, where it is not free.
    """
    mass = kind in MASS
    only = not mass and number is None and kind in PLURAL_ONLY and dice.chance(0.12)
    number = "Plur" if only else number or ("Sing" if mass or not dice.chance(0.3) else "Plur")
    menu = UNCOUNTED if mass else SINGULAR if number == "Sing" else PLURAL
    choice = determiner if determiner is not None else menu.pick(dice)
    if choice == "name's" and plain or choice == "count" and only:
        choice = "the"
    if choice in ("", "few", "both", "several") and only:
        choice = "the"
    parts = determined(dice, choice)
    roll = dice.random()
    if choice in ("the", "poss") and roll < 0.06 and not plain:
        parts += superlative(describing(dice, kind))
    elif choice in ("the", "poss") and roll < 0.1:
        parts += [("amod", ORDINALS[dice.pick(list(ORDINALS))])]
    elif choice == "poss" and roll < 0.15:
        parts += [("amod", QUANTIFIERS["own"])]
    elif choice == "the" and roll < 0.14:
        parts += [("amod", QUANTIFIERS[dice.pick(["same", "other", "other"])])]
    elif choice != "such":
        parts += attributes(dice, kind, 0.15 if plain else 0.36)
    if only:
        parts += [(HEAD, noun(dice.pick(PLURAL_ONLY[kind]), "Ptan"))]
    else:
        parts += core(dice, kind, number)
    return Node("NP", *parts, agreement="3s" if number == "Sing" else "3p")


def _ordinal(form: str) -> Word:
    return Word(form, "ADJ", "JJ", form, "Degree=Pos|NumForm=Word|NumType=Ord")


ORDINALS = {form: _ordinal(form) for form in "first second third fourth fifth first second 2nd 3rd 1st tenth".split()}
ORDINALS.update({form: adjective(form) for form in "last next only main whole entire final very".split()})


def partitive(dice: Dice, kind: str) -> Node:
    """`a piece of cake`, `the end of the street`, `some of my friends`."""
    mass = kind in MASS
    inner = common(dice, kind, plain=True, number="Sing" if mass or dice.chance(0.4) else "Plur", determiner=dice.pick(("", "the", "the", "poss")) if mass else None)
    of = ("nmod", case("of", inner))
    roll = dice.random()
    if roll < 0.15:
        some = dice.pick(["some", "all", "each", "any", "both"])
        inner = common(dice, kind, plain=True, number="Sing" if mass else "Plur", determiner=dice.pick(["the", "poss"]))
        head = Node("NP", (HEAD, DETERMINERS["some" if mass and some in ("each", "both") else some]))
        return Node("NP", (HEAD, head), ("nmod", case("of", inner)), agreement="3s" if mass or some == "each" else "3p")
    if roll < 0.28 and not mass:
        inner = common(dice, kind, plain=True, number="Plur", determiner=dice.pick(["the", "poss", "these"]))
        few = dice.pick([QUANTIFIERS["many"], QUANTIFIERS["most"], QUANTIFIERS["several"], cardinal(1), cardinal(2), cardinal(3)])
        return Node("NP", (HEAD, Node("NP", (HEAD, few))), ("nmod", case("of", inner)), agreement="3s" if few.form == "one" else "3p")
    table = OF_NOUNS.get(kind) or OF_NOUNS["people" if kind in ("person", "kin") else "any"]
    head_noun = dice.pick(table if dice.chance(0.7) else OF_NOUNS["any"])
    if head_noun in ("lot", "couple", "bit", "number", "majority"):
        if head_noun != "majority":
            inner = common(dice, kind, plain=True, number="Sing" if mass else "Plur", determiner="")
        head = Node("NP", ("det", ARTICLE_A), (HEAD, noun(head_noun)))
        return Node("NP", (HEAD, head), ("nmod", case("of", inner)), agreement="3s" if mass or inner.agreement == "3s" else "3p")
    article = "the" if dice.chance(0.6) else "a"
    head = Node("NP", ("det", DETERMINERS[article]), *attributes(dice, "idea", 0.12), (HEAD, noun(head_noun)))
    return Node("NP", (HEAD, head), of)


PREPS = {
    "place": "in near at behind outside across_from next_to inside on around",
    "people": "from with in of at",
    "person": "from with in of at",
    "any": "in on for with from about of at without under",
    "idea": "for about of with in behind between",
    "event": "in at for after before with",
    "document": "about from on for by",
    "object": "in on for with under from without behind",
    "food": "with from in without",
    "art": "about by from with",
}


def modified(dice: Dice, base: Node, kind: str) -> Node:
    """A noun phrase with a prepositional phrase after it."""
    preposition = dice.pick(PREPS.get(kind, PREPS["any"]).split())
    if preposition in ("in", "at", "near", "outside", "inside", "around", "behind", "on") and dice.chance(0.8):
        inner_kind = "place"
    elif preposition == "about":
        inner_kind = dice.pick(["idea", "field", "person", "event", "place", "animal"])
    elif preposition in ("from", "with", "by", "of") and dice.chance(0.5):
        inner_kind = dice.pick(["person", "group", "place", "quality"])
    else:
        inner_kind = base_kind(dice, "any")
    inner = noun_phrase(dice, inner_kind, subject=False, depth=0)
    first, *rest = preposition.split("_")
    if not rest:
        return Node("NP", (HEAD, base), ("nmod", case(first, inner)), agreement=base.agreement)
    if first == "next":
        near = Node("PP", ("case", Node("", (HEAD, adverb("next")), ("fixed", adposition("to")))), (HEAD, inner))
    else:
        near = Node("PP", ("case", Node("", (HEAD, adposition(first)), ("fixed", adposition(rest[0])))), (HEAD, inner))
    return Node("NP", (HEAD, base), ("nmod", near), agreement=base.agreement)


def noun_phrase(dice: Dice, kind: str, subject: bool = True, depth: int = 1, pronouns: float | None = None) -> Node:
    """A noun phrase of any form that stands for that kind (or family).

    Args:
        dice: The choices.
        kind: A kind or a family.
        subject: Whether a pronoun stands in the nominative.
        depth: How much may still be nested in it.
        pronouns: The share of pronouns; by default, what fits the kind.
    """
    kind = base_kind(dice, kind)
    people = kind in ("person", "kin")
    if pronouns is None:
        pronouns = (0.62 if subject else 0.35) if people else (0.3 if subject else 0.13)
    roll = dice.random()
    if roll < pronouns:
        return pronoun(dice, kind, subject)
    roll = dice.random()
    if roll < (0.35 if people else 0.3 if kind in ("place", "group") else 0.08 if kind in ("device", "art", "sky", "field") else 0):
        named = name(dice, kind)
        if named is not None:
            if people and dice.chance(0.06):
                return coordinate([named, person_name(dice)], "and", "NP")
            return named
    if depth > 0:
        roll = dice.random()
        if roll < 0.1:
            return partitive(dice, kind)
        if roll < 0.26:
            return modified(dice, common(dice, kind), kind)
        if roll < 0.32:
            items = [common(dice, kind, plain=True) for _ in range(2 if dice.chance(0.75) else 3)]
            return coordinate(items, "or" if dice.chance(0.12) else "and", "NP")
        if roll < 0.34 and people:
            base = common(dice, kind, plain=True, number="Sing", determiner=dice.pick(["poss", "the"]))
            comma = ("punct", punctuation(","))
            return Node("NP", (HEAD, base), comma, ("appos", person_name(dice)), comma)
    return common(dice, kind)
