"""Proper names of people, places, organisations and things."""

from __future__ import annotations

from collections.abc import Callable

from probewidgets.data.corpora.generation.dice import Dice, Menu
from probewidgets.data.corpora.generation.tree import HEAD, Node, Part, Word
from probewidgets.data.corpora.grammar.lexicon import names, words
from probewidgets.data.corpora.grammar.lexicon.function_words import DETERMINERS, adposition, punctuation

__all__ = ["brand", "name", "organisation", "person_name", "place_name", "proper", "surname"]

FIRST = {gender: words(table) for gender, table in names.FIRST_NAMES.items()}
LAST = words(names.LAST_NAMES)
TITLES = {gender: words(table) for gender, table in names.TITLES.items()}
COUNTRIES, CITIES, REGIONS = words(names.COUNTRIES), words(names.CITIES), words(names.REGIONS)
NATIONS, CITED = words(names.NATIONS), [pair.split(",") for pair in words(names.CITED)]
INSTITUTIONS, EPOCHS = words(names.INSTITUTIONS), words(names.EPOCHS)
LANDMARKS, ORGANISATIONS = words(names.LANDMARKS), words(names.ORGANISATIONS)
HEADS, THEMES, ADJECTIVES = words(names.ORG_HEADS), words(names.ORG_THEMES), words(names.ORG_ADJECTIVES)
EPITHETS, TRADES = words(names.EPITHETS), words(names.TRADES)
BRANDS, WORKS = words(names.BRANDS), words(names.WORKS)
ADJECTIVAL = frozenset(words(names.ADJECTIVAL)) | frozenset(ADJECTIVES)
PLURAL, ONE_STATE = frozenset(words(names.PLURAL)), frozenset(words(names.ONE_STATE))
COMMA: Part = ("punct", punctuation(","))
THE: Part = ("det", DETERMINERS["the"])


def proper(form: str) -> Word:
    """A proper noun."""
    xpos, number = ("NNPS", "Plur") if form in PLURAL else ("NNP", "Sing")
    return Word(form, "PROPN", xpos, form, f"Number={number}")


def built(text: str) -> Node:
    """A name with its head at the end: what stands before is an article, adjectives or other names."""
    *before, last = text.split()
    parts: list[Part] = []
    for form in before:
        if form == "the":
            parts.append(THE)
        elif form in ADJECTIVAL:
            parts.append(("amod", Word(form, "ADJ", "NNP", form, "Degree=Pos")))
        else:
            parts.append(("compound", proper(form)))
    return Node("NP", *parts, (HEAD, proper(last)), agreement="3p" if last in PLURAL - ONE_STATE else "3s")


def flat(*forms: str) -> Node:
    """A name whose words hang on the first."""
    return Node("NP", (HEAD, proper(forms[0])), *(("flat", proper(form)) for form in forms[1:]))


def of(head: Node, inner: Node) -> Node:
    """A name within a name: `University of Texas`."""
    return Node("NP", (HEAD, head), ("nmod", Node("PP", ("case", adposition("of")), (HEAD, inner))))


def surname(dice: Dice) -> str:
    """A last name."""
    return dice.pick(LAST)


def person_name(dice: Dice) -> Node:
    """A person: first name, last name, title, initial."""
    gender = dice.pick(("Masc", "Fem"))
    first = dice.pick(FIRST[gender])
    roll = dice.random()
    if roll < 0.48:
        return flat(first)
    if roll < 0.76:
        return flat(first, surname(dice))
    if roll < 0.8:
        return flat(first, f"{dice.pick('ABCDEFGHJKLMPRSTW')}.", surname(dice))
    if roll < 0.88:
        return flat(surname(dice))
    return flat(dice.pick(TITLES[gender]), *([first] if dice.chance(0.25) else []), surname(dice))


def city(dice: Dice) -> Node:
    """A city, at times with its country or state."""
    if not dice.chance(0.12):
        return built(dice.pick(CITIES))
    town, region = dice.pick(CITED)
    return Node("NP", (HEAD, built(town)), COMMA, ("appos", built(region)))


def country(dice: Dice) -> Node:
    """A country, state or union."""
    roll = dice.random()
    return built(dice.pick(COUNTRIES if roll < 0.55 else REGIONS if roll < 0.75 else NATIONS))


def landmark(dice: Dice) -> Node:
    """A street, a park, a university: `Baker Street`, `the University of Texas`."""
    kind = dice.pick(LANDMARKS)
    if kind in ("University", "College", "Museum", "Church", "Bank") and dice.chance(0.5):
        return of(Node("NP", THE, (HEAD, proper(kind))), built(dice.pick(REGIONS)))
    named = built(f"{dice.pick(LAST if dice.chance(0.6) else CITIES)} {kind}")
    return (
        Node("NP", THE, *named.parts)
        if kind in ("Hotel", "Museum", "River", "Theater", "Bridge", "Restaurant")
        else named
    )


def organisation(dice: Dice) -> Node:
    """A company, an agency, a club."""
    roll = dice.random()
    if roll < 0.5:
        return built(dice.pick(ORGANISATIONS))
    if roll < 0.57:
        return built(f"{dice.pick(LAST)} {dice.pick(HEADS)}")
    if roll < 0.63:
        return built(f"{dice.pick(LAST + EPITHETS)} {dice.pick(TRADES)}")
    if roll < 0.7:
        joined = Node("", ("cc", Word("&", "CCONJ", "CC", "&")), (HEAD, proper(dice.pick(LAST))))
        return Node("NP", (HEAD, proper(dice.pick(LAST))), ("conj", joined))
    if roll < 0.78:
        head = proper(dice.pick(("Department", "Ministry", "Bank", "Council", "Bureau")))
        return of(Node("NP", THE, (HEAD, head)), Node("NP", (HEAD, proper(dice.pick(THEMES)))))
    if roll < 0.9:
        return built(dice.pick(INSTITUTIONS))
    return Node("NP", THE, *built(f"{dice.pick(ADJECTIVES)} {dice.pick(THEMES)} {dice.pick(HEADS)}").parts)


def brand(dice: Dice) -> Node:
    """A product or a language."""
    return built(dice.pick(BRANDS))


_PLACES = Menu({city: 5, country: 4.5, landmark: 3})


def place_name(dice: Dice) -> Node:
    """A place on the map."""
    node: Node = _PLACES(dice)
    return node


NAMES: dict[str, tuple[float, Callable[[Dice], Node]]] = {
    "person": (0.42, person_name),
    "kin": (0.15, person_name),
    "group": (0.42, organisation),
    "place": (0.42, place_name),
    "art": (0.2, lambda dice: built(dice.pick(WORKS))),
    "device": (0.16, brand),
    "field": (0.08, brand),
    "event": (0.05, lambda dice: built(dice.pick(EPOCHS))),
    "sky": (0.3, lambda dice: built(dice.pick(("Mars", "Venus", "Jupiter", "Saturn", "the Earth", "the Moon")))),
}
"""Kind -> how often it goes by a name, and the rule for one."""


def name(dice: Dice, kind: str) -> Node | None:
    """A proper name for something of that kind; None where a common noun is to be predication."""
    share, rule = NAMES.get(kind, (0.0, person_name))
    return rule(dice) if dice.chance(share) else None
