"""Predicates and how they get tense, aspect, auxiliaries and negation."""

from __future__ import annotations

from typing import NamedTuple

from probewidgets.data.corpora.generation.dice import Dice, Menu
from probewidgets.data.corpora.generation.morphology import verb
from probewidgets.data.corpora.generation.tree import HEAD, Node, Part, Word
from probewidgets.data.corpora.grammar.lexicon import verbs
from probewidgets.data.corpora.grammar.lexicon.function_words import (
    ANY,
    MODALS,
    NEGATED,
    NOT,
    NT,
    PERSONAL,
    REDUCED,
    TO,
)

__all__ = [
    "FUTURE", "PAST", "PRESENT", "TENSES", "Predicate", "assertive", "finite", "nested", "polar", "subject_relation",
    "to_infinitive", "verb_phrase", "verbal",
]  # fmt: skip

PAST, PRESENT, FUTURE = "past", "present", "future"
TENSES = Menu({PAST: 54, PRESENT: 37, FUTURE: 9})
MODAL = {
    PAST: Menu.of("- 92, could 4, would 2, should 1.5, might 1, must 1"),
    PRESENT: Menu.of("- 88, can 9, should 3.5, may 2.5, might 1.5, must 1.5, would 2.5, could 1.5"),
    FUTURE: Menu.of("will 70, can 7, would 7, should 5, may 4, could 3, might 3, must 1, shall 1"),
}
STAYS_WHEN_NEGATED = {"really", "actually", "even", "always", "usually", "necessarily"}


class Predicate(NamedTuple):
    """A verb (or a predicative phrase) with all that it takes, before it has tense."""

    lemma: str
    after: tuple[Part, ...] = ()
    before: Word | None = None
    """An adverb right before the verb."""
    complement: Node | None = None
    """Of a copular clause: the adjective, noun or prepositional phrase that is its head."""
    passive: bool = False
    progressive: bool = False
    """Always in the progressive: `be going to`."""
    timed: bool = False
    """Says when it happens, and so takes no perfect."""

    @property
    def auxiliary(self) -> tuple[str, str] | None:
        """The form of `be` that belongs to it: its relation, and what it asks of the next verb."""
        return ("cop", "") if self.complement is not None else ("aux:pass", "passive") if self.passive else None


def subject_relation(predication: Predicate) -> str:
    """The relation of the subject to this predicate."""
    return "nsubj:pass" if predication.passive else "nsubj"


def verbal(predication: Predicate, form: str) -> list[Part]:
    """The parts of a verb phrase whose first verb has this non-finite form."""
    before: list[Part] = [("advmod", predication.before)] if predication.before else []
    if predication.auxiliary is None:
        return [*before, (HEAD, verb(predication.lemma, form)), *predication.after]
    head = predication.complement if predication.complement is not None else verb(predication.lemma, "passive")
    return [(predication.auxiliary[0], verb("be", form, upos="AUX")), *before, (HEAD, head), *predication.after]


def to_infinitive(predication: Predicate, negated: bool = False) -> Node:
    """`to` before a predicate."""
    first: list[Part] = [("advmod", NOT)] if negated else []
    return Node("S", (HEAD, Node("VP", *first, ("mark", TO), (HEAD, Node("VP", *verbal(predication, "VB"))))))


def finite(
    dice: Dice, predication: Predicate, tense: str, agreement: str, operator: bool = False, plain: bool = False
) -> tuple[Part | None, list[Part]]:
    """Give a predicate tense and aspect.

    Args:
        dice: The choices.
        predication: The predicate.
        tense: past, present or future.
        agreement: Of the subject.
        operator: Whether an auxiliary is needed (for a question or a negation): `do`, if there is no other.
        plain: No modals but for the future, no perfect and no progressive.

    Returns:
        The operator (the first auxiliary, which inverts and is negated), if there is one, and all parts after it.
    """
    modal = "" if plain and tense != FUTURE else MODAL[tense].pick(dice)
    auxiliaries = _auxiliaries(dice, predication, tense, modal, plain)
    if operator and not modal and not auxiliaries and predication.auxiliary is None:
        auxiliaries.append(("aux", "do", "VB"))
    if predication.auxiliary is not None:
        auxiliaries.append((predication.auxiliary[0], "be", predication.auxiliary[1]))

    group: list[Part] = [("aux", MODALS[modal])] if modal else []
    form = "VB" if modal else PAST if tense == PAST else PRESENT
    for relation, lemma, asked in auxiliaries:
        group.append((relation, verb(lemma, form, agreement * (form in (PAST, PRESENT)), "AUX")))
        form = asked
    head = predication.complement or verb(predication.lemma, form, agreement * (form in (PAST, PRESENT)))
    before: list[Part] = [("advmod", predication.before)] if predication.before else []
    if not group:
        return None, [*before, (HEAD, head), *predication.after]
    return group[0], [*before, *group[1:], (HEAD, head), *predication.after]


def _auxiliaries(dice: Dice, predication: Predicate, tense: str, modal: str, plain: bool) -> list[tuple[str, str, str]]:
    """The perfect and the progressive, each as (relation, lemma, what it asks of the next verb)."""
    if predication.progressive:
        return [] if modal else [("aux", "be", "VBG")]
    if plain:
        return []
    auxiliaries = []
    if (modal and tense == PAST) or (
        not modal and not predication.timed and dice.chance(0.15 if tense == PRESENT else 0.07)
    ):
        auxiliaries.append(("aux", "have", "VBN"))
    eventive = predication.auxiliary is None and predication.lemma not in verbs.STATIVE
    if eventive and dice.chance(0.22 if tense == PRESENT and not modal else 0.07):
        auxiliaries.append(("aux", "be", "VBG"))
    return auxiliaries


def nested(parts: list[Part]) -> Node:
    """Verb phrases nested to the right: `(VP has (VP been (VP ...)))`."""
    at = next((i for i, (relation, _) in enumerate(parts) if relation in ("aux", "aux:pass")), None)
    if at is None:
        return Node("VP", *parts)
    while parts[at + 1][0] == "advmod":
        at += 1
    return Node("VP", *parts[: at + 1], (HEAD, nested(parts[at + 1 :])))


def verb_phrase(
    dice: Dice, subject: Node, predication: Predicate, tense: str, negative: bool = False, plain: bool = False
) -> Node:
    """The finite verb phrase of a declarative clause."""
    if negative and predication.before is not None and predication.before.form not in STAYS_WHEN_NEGATED:
        predication = predication._replace(before=None)
    operator, rest = finite(dice, predication, tense, subject.agreement, operator=negative, plain=plain)
    if operator is None:
        return nested(rest)
    if negative:
        return nested([*_negated(dice, operator), *polar(rest)])
    return nested([_reduced(dice, subject, operator), *rest])


def _negated(dice: Dice, operator: Part) -> list[Part]:
    """An operator with `not` or `n't` after it."""
    relation, word = operator
    if isinstance(word, Word) and word.form in NEGATED and dice.chance(0.7):
        return [(relation, word._replace(form=NEGATED[word.form])), ("advmod", NT)]
    return [operator, ("advmod", NOT)]


def _reduced(dice: Dice, subject: Node, operator: Part) -> Part:
    """The operator, at times shortened after a pronoun (`it's`, `we'll`)."""
    relation, word = operator
    first = subject.parts[0][1]
    if len(subject.parts) > 1 or not isinstance(first, Word) or not isinstance(word, Word) or word.form not in REDUCED:
        return operator
    personal = first.upos == "PRON" and first.lemma in PERSONAL
    other = word.form == "is" and first.form in ("that", "there", "what", "who", "everything")
    short = personal or other or (word.form == "is" and first.upos == "PROPN" and dice.chance(0.3))
    return (relation, word._replace(form=REDUCED[word.form])) if short and dice.chance(0.5) else operator


def polar(parts: list[Part]) -> list[Part]:
    """The parts as they read after a negation or in a question: `some` and `no` become `any`."""
    return [(relation, ANY.get(part, part) if isinstance(part, Word) else _polar(part)) for relation, part in parts]


def assertive(node: Node) -> bool:
    """Tell whether no word in the phrase would change in a question."""
    return all(part not in ANY if isinstance(part, Word) else assertive(part) for _, part in node.parts)


def _polar(node: Node) -> Node:
    node.parts = tuple(polar(list(node.parts)))
    return node
