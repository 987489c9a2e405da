"""Complements: verbs and adjectives with what they take."""

from __future__ import annotations

from collections.abc import Callable

from probewidgets.data.corpora.generation.dice import Dice
from probewidgets.data.corpora.generation.morphology import adjective, noun
from probewidgets.data.corpora.generation.tree import HEAD, Node, Part, Word
from probewidgets.data.corpora.grammar.lexicon import BY_SUBJECT, COMPLEMENTS, base_kind, is_kind
from probewidgets.data.corpora.grammar.lexicon.function_words import mark, particle
from probewidgets.data.corpora.grammar.rules.adjectives import adjective_phrase, describing
from probewidgets.data.corpora.grammar.rules.nominals import noun_phrase, prepositional
from probewidgets.data.corpora.grammar.rules.numbers import price
from probewidgets.data.corpora.grammar.rules.phrases import PEOPLE, coordinated, pp
from probewidgets.data.corpora.grammar.rules.verb_groups import Predicate, verbal

__all__ = ["SLOTS", "adjectival", "complements", "gerund", "marked_gerund", "plain_predicate"]

CLAUSAL = frozenset(("that", "whether", "wh", "to", "ing", "bare"))

SLOTS: dict[str, Callable[[Dice, int], Part]] = {}
"""Slot -> its rule, from how much may be nested. Clauses take complements and complements may be clauses: those rules
are put in where clauses are written."""


def complements(dice: Dice, slots: tuple[str, ...], depth: int, kind: str) -> list[Part]:
    """The parts that the slots of a frame stand for; `kind` is the subject's."""
    double = sum(is_kind(slot) for slot in slots) == 2
    parts: list[Part] = []
    for index, slot in enumerate(slots):
        if slot == "adj":
            parts.append(
                ("xcomp", adjective_phrase(dice, describing(dice, base_kind(dice, slots[0]) if index else kind)))
            )
        elif slot in SLOTS:
            parts.append(SLOTS[slot](dice, depth))
        elif slot == "price":
            parts.append(("obj", price(dice)))
        elif slot.endswith("+price"):
            parts.append(("obl", pp(slot.removesuffix("+price"), price(dice))))
        elif slot.endswith(">ing"):
            parts.append(("advcl", marked_gerund(dice, slot.removesuffix(">ing"))))
        elif "+" in slot:
            parts.append(("obl", prepositional(dice, slot, depth)))
        elif slot.endswith("!"):
            parts.append(("compound:prt", Node("PRT", (HEAD, particle(slot[:-1])))))
        elif slot.startswith("="):
            parts.append(("obj", Node("NP", (HEAD, noun(slot[1:])))))
        elif double and index == 0:
            parts.append(("iobj", noun_phrase(dice, slot, subject=False, depth=0, pronouns=0.6)))
        else:
            parts.append(("obj", noun_phrase(dice, slot, subject=False, depth=0 if len(slots) > 1 else depth)))
    if [relation for relation, _ in parts] == ["compound:prt", "obj"] and (_light(parts[1][1]) or dice.chance(0.3)):
        parts.reverse()
    return parts


def _light(node: Node | Word) -> bool:
    """Tell whether a phrase is a lone pronoun: `pick it up`, not `pick up it`."""
    return (
        isinstance(node, Node) and len(node.parts) == 1 and isinstance(w := node.parts[0][1], Word) and w.upos == "PRON"
    )


def gerund(dice: Dice, depth: int, form: str = "gerund") -> Node:
    """A clause around a verb in -ing; the form says whether it is a gerund or a participle (VBG)."""
    return Node("S", (HEAD, Node("VP", *verbal(plain_predicate(dice, "person", depth), form))))


def marked_gerund(dice: Dice, form: str, verb_form: str = "gerund") -> Node:
    """A gerund after a preposition: `for helping me`."""
    return Node("PP", ("mark", mark(form)), (HEAD, gerund(dice, -1, verb_form)))


def plain_predicate(dice: Dice, kind: str, depth: int) -> Predicate:
    """A verb with what it takes and no more; below depth 0 no clauses."""
    frame = BY_SUBJECT[kind].pick(dice)
    while depth < 0 and CLAUSAL.intersection(frame.slots):
        frame = BY_SUBJECT[kind].pick(dice)
    return Predicate(dice.pick(frame.heads), tuple(complements(dice, frame.slots, max(depth, 0), kind)))


def _ing(dice: Dice, depth: int) -> Part:
    return ("xcomp", gerund(dice, depth - 1))


def _bare(dice: Dice, depth: int) -> Part:
    return ("xcomp", Node("S", (HEAD, Node("VP", *verbal(plain_predicate(dice, "person", depth - 1), "VB")))))


SLOTS.update({"ing": _ing, "bare": _bare})


def adjectival(dice: Dice, kind: str, depth: int) -> Node:
    """A predicative adjective, at times with what it takes or with another one."""
    roll = dice.random()
    if roll < 0.16:
        frame = COMPLEMENTS[kind if kind in COMPLEMENTS else "object"].pick(dice)
        lemma = adjective(dice.pick(frame.heads))
        preposition = frame.slots[0].split("+")[0]
        if kind in PEOPLE and preposition in ("of", "at", "for", "about", "in") and dice.chance(0.35):
            return Node("ADJP", (HEAD, lemma), ("advcl", marked_gerund(dice, preposition)))
        return Node("ADJP", (HEAD, lemma), ("obl", prepositional(dice, frame.slots[0], depth)))
    first = adjective_phrase(dice, describing(dice, kind))
    if roll < 0.27:
        return coordinated(
            [first, adjective_phrase(dice, describing(dice, kind))], dice.pick(("and", "and", "and", "but")), "ADJP"
        )
    return first
