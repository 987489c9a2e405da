"""Clauses: predicates, questions, relative and subordinate clauses."""

from __future__ import annotations

from probewidgets.data.corpora.generation.dice import Dice, Menu
from probewidgets.data.corpora.generation.morphology import adjective, adverb, noun, verb
from probewidgets.data.corpora.generation.tree import HEAD, Node, Part, Word
from probewidgets.data.corpora.grammar.lexicon import (
    BY_OBJECT,
    BY_SUBJECT,
    base_kind,
    modifiers,
    words,
)
from probewidgets.data.corpora.grammar.lexicon.function_words import (
    EACH_OTHER,
    OWN,
    REFLEXIVE,
    THAT,
    WH,
    mark,
)
from probewidgets.data.corpora.grammar.rules.adjectives import describing
from probewidgets.data.corpora.grammar.rules.adjuncts import adjunct, direction, place_phrase
from probewidgets.data.corpora.grammar.rules.complements import (
    SLOTS,
    adjectival,
    gerund,
    marked_gerund,
    plain_predicate,
)
from probewidgets.data.corpora.grammar.rules.nominals import common, indefinite, noun_phrase, prepositional
from probewidgets.data.corpora.grammar.rules.numbers import price, time_adjunct
from probewidgets.data.corpora.grammar.rules.phrases import PEOPLE, pp, wh
from probewidgets.data.corpora.grammar.rules.predicates import gapped, midway, passive
from probewidgets.data.corpora.grammar.rules.verb_groups import (
    FUTURE,
    PAST,
    PRESENT,
    TENSES,
    Predicate,
    subject_relation,
    to_infinitive,
    verb_phrase,
    verbal,
)

__all__ = [
    "agent_of",
    "clause",
    "embedded_question",
    "gap_clause",
    "infinitive",
    "predicate",
    "relative",
    "subordinate",
]

MOTION = set(words(modifiers.MOTION))
PREDICATIVE = words(modifiers.PREDICATIVE)
TO_ADJECTIVES = words(modifiers.TO_ADJECTIVES)


def _that(dice: Dice, depth: int) -> Part:
    that: list[Part] = [("mark", THAT)] if dice.chance(0.5) else []
    return ("ccomp", Node("SBAR", *that, (HEAD, clause(dice, depth - 1))))


def _whether(dice: Dice, depth: int) -> Part:
    return ("ccomp", Node("SBAR", ("mark", mark(dice.pick(("if", "if", "whether")))), (HEAD, clause(dice, depth - 1))))


def _wh(dice: Dice, depth: int) -> Part:
    if dice.chance(0.75):
        return ("ccomp", embedded_question(dice, depth - 1))
    form = dice.pick(("what", "how", "how", "where"))
    predication = gapped(dice, "object") if form == "what" else plain_predicate(dice, "person", -1)
    return (
        "ccomp",
        Node("SBAR", ("obj" if form == "what" else "advmod", wh(form)), (HEAD, to_infinitive(predication))),
    )


def _to(dice: Dice, depth: int) -> Part:
    return ("xcomp", infinitive(dice, "person", depth - 1, dice.chance(0.04)))


SLOTS.update({"that": _that, "whether": _whether, "wh": _wh, "to": _to})


def infinitive(dice: Dice, kind: str, depth: int, negated: bool = False) -> Node:
    """`to` with a verb and what it takes."""
    return to_infinitive(predicate(dice, kind, depth, "any", "", copula=0.1), negated)


def predicate(dice: Dice, kind: str, depth: int, tense: str, agreement: str, copula: float = 0.21) -> Predicate:
    """Any predicate.

    Args:
        dice: The choices.
        kind: The base kind of its subject.
        depth: How much may be nested in it.
        tense: past, present, future or any: what its adjuncts go with.
        agreement: Of its subject, so that a predicative noun can follow; empty, where there is none.
        copula: How likely it is one with `be`.
    """
    roll = dice.random()
    people = kind in PEOPLE
    if roll < copula or kind not in BY_SUBJECT:
        return copular(dice, kind, depth, tense, agreement)
    if roll < copula + (0.04 if people else 0.25) and kind in BY_OBJECT:
        return passive(dice, kind, tense)
    if roll > 0.94 and (people or kind == "group"):
        lemma = dice.pick(("go", "go", "have", "have", "need", "use" if tense == PAST else "want"))
        return Predicate(lemma, (("xcomp", infinitive(dice, kind, depth - 1)),), progressive=lemma == "go")
    if roll > 0.86 and people:
        owned = indefinite(dice, dice.pick(OWNED))
        return Predicate(dice.pick(("have", "have", "have", "get")), (("obj", owned),))
    if roll > 0.845 and agreement in REFLECTED:
        self_ = (
            EACH_OTHER
            if agreement[1] == "p" and dice.chance(0.4)
            else Node("NP", (HEAD, REFLEXIVE[REFLECTED[agreement]]))
        )
        return Predicate(
            dice.pick(words("hurt enjoy introduce blame ask see help prepare cut protect")), (("obj", self_),)
        )
    predication = plain_predicate(dice, kind, depth)
    if any(relation in ("ccomp", "xcomp") for relation, _ in predication.after):
        return predication._replace(before=midway(dice, tense))
    after = [*predication.after]
    if predication.lemma in MOTION and not after and dice.chance(0.6):
        after.append(direction(dice))
    timed = False
    for chance in (0.58 if depth > 0 else 0.36, 0.25):
        if dice.chance(chance):
            extra, says_when = (
                (_clausal_adjunct(dice, depth, tense), False)
                if depth > 0 and dice.chance(0.2)
                else adjunct(dice, tense)
            )
            timed |= says_when
            after.append(extra)
    return predication._replace(after=tuple(after), before=midway(dice, tense), timed=timed)


OWNED = ("any", "concern", "kin", "animal", "idea", "illness", "object", "clothing")
REFLECTED = {"1s": "I", "2s": "you", "1p": "we", "3p": "they"}


def _clausal_adjunct(dice: Dice, depth: int, tense: str) -> Part:
    if dice.chance(0.5):
        return ("advcl", infinitive(dice, "person", 0))
    return ("advcl", subordinate(dice, depth - 1, tense))


def copular(dice: Dice, kind: str, depth: int, tense: str, agreement: str) -> Predicate:
    """`be` with an adjective, a noun, a place."""
    roll = dice.random()
    people = kind in PEOPLE
    number = "Plur" if agreement.endswith("p") else "Sing"
    if roll < 0.5:
        comp = adjectival(dice, kind, depth)
    elif roll < 0.57 and people:
        comp = Node(
            "ADJP", (HEAD, adjective(dice.pick(TO_ADJECTIVES))), ("xcomp", infinitive(dice, "person", depth - 1))
        )
    elif roll < 0.82 and agreement:
        same = "person" if people else kind if kind in SORTS else "verdict"
        comp = common(dice, same, number=number, determiner="a" if number == "Sing" and dice.chance(0.6) else None)
        if depth > 0 and dice.chance(0.3):
            comp = Node("NP", (HEAD, comp), relative(dice, same, comp.agreement, depth), agreement=comp.agreement)
    elif roll < 0.87 and kind in ("object", "food", "money", "clothing", "vehicle", "device"):
        comp = price(dice)
    elif roll < 0.885 and not people:
        comp = Node("NP", (HEAD, OWN[dice.pick(list(OWN))]))
    elif roll < 0.92:
        comp = Node("ADVP", (HEAD, adverb(dice.pick(PREDICATIVE))))
    elif roll < 0.95 and kind in ABOUT:
        comp = prepositional(dice, dice.pick(("about+idea", "about+people", "for+people", "on+idea")), pronouns=0.3)
    else:
        comp = place_phrase(dice, static=True)
    timed = dice.chance(0.1)
    return Predicate(
        "be", (time_adjunct(dice, tense),) if timed else (), midway(dice, tense), complement=comp, timed=timed
    )


SORTS = frozenset(words("animal place group idea event document art"))
ABOUT = frozenset(words("document art idea event act"))


SUBJECTS = Menu.of(
    """
    person 54, kin 6, group 8, object 3, device 1.5, clothing 0.8, vehicle 1, document 1.5, place 5, event 3,
    mishap 0.8, idea 5, food 4, drink 0.5, animal 4.5, quality 1.5, act 2, money 1.5, sky 0.5, plant 0.4,
    stuff 0.7, illness 0.4, art 1, body 0.4, time 0.3, field 0.4
    """
)


def clause(
    dice: Dice,
    depth: int,
    kind: str | None = None,
    tense: str | None = None,
    subject: Node | None = None,
    negation: float = 0.1,
) -> Node:
    """A declarative clause.

    Args:
        dice: The choices.
        depth: How much may still be nested in it.
        kind: The kind of its subject.
        tense: past, present or future.
        subject: The subject, if it stands already.
        negation: How likely it is negated.
    """
    kind = base_kind(dice, kind or SUBJECTS.pick(dice))
    tense = tense or TENSES.pick(dice)
    if subject is None:
        subject = noun_phrase(dice, kind, depth=max(depth, 0))
        if depth > 0 and dice.chance(0.15) and _around_a_noun(subject):
            subject = Node(
                "NP", (HEAD, subject), relative(dice, kind, subject.agreement, depth), agreement=subject.agreement
            )
    dice.agent = agent_of(subject)
    predication = predicate(dice, kind, depth, tense, subject.agreement)
    body = verb_phrase(dice, subject, predication, tense, negative=dice.chance(negation) and not _negative(subject))
    return Node("S", (subject_relation(predication), subject), (HEAD, body))


def agent_of(subject: Node) -> str:
    """The lemma of a subject that is one word."""
    first = subject.parts[0][1]
    return first.lemma if len(subject.parts) == 1 and isinstance(first, Word) else ""


def _around_a_noun(phrase: Node) -> bool:
    """Tell whether a clause may modify the phrase: no name and no pronoun."""
    last = phrase.parts[-1]
    return last[0] == HEAD and isinstance(last[1], Word) and last[1].upos == "NOUN" and len(phrase.parts) > 1


def _negative(subject: Node) -> bool:
    first = subject.parts[0][1]
    return isinstance(first, Word) and (first.form in ("no", "nothing", "none") or first.form.startswith("nobody"))


def gap_clause(dice: Dice, predication: Predicate) -> Node:
    """A clause around a predicate that misses its object."""
    kind = dice.pick(("person", "person", "person", "group", "kin"))
    subject = noun_phrase(dice, kind, depth=0, pronouns=0 if kind == "group" else 0.7)
    dice.agent = agent_of(subject)
    body = verb_phrase(dice, subject, predication, TENSES.pick(dice), negative=dice.chance(0.06))
    return Node("S", ("nsubj", subject), (HEAD, body))


def embedded_question(dice: Dice, depth: int) -> Node:
    """`what he wants`, `how old she is`, `where the station is`, `who called`."""
    roll = dice.random()
    if roll < 0.3:
        return Node(
            "SBAR",
            ("obj", wh("what")),
            (HEAD, gap_clause(dice, gapped(dice, dice.pick(("object", "food", "idea", "act"))))),
        )
    if roll < 0.42:
        return Node(
            "SBAR", (HEAD, clause(dice, depth, "person", subject=wh(dice.pick(("who", "what"))), negation=0.05))
        )
    if roll < 0.55:
        kind = base_kind(dice, dice.pick(("thing", "people", "place")))
        how = Node("WHADJP", ("advmod", WH["how", "Int"]), (HEAD, adjective(describing(dice, kind))))
        subject = noun_phrase(dice, kind, depth=0)
        return Node(
            "SBAR",
            (HEAD, how),
            ("nsubj", subject),
            ("cop", verb("be", dice.pick((PRESENT, PAST)), subject.agreement, "AUX")),
        )
    form = dice.pick(("why", "how", "when", "where"))
    return Node("SBAR", ("advmod", wh(form)), (HEAD, clause(dice, depth, "person", negation=0.05)))


def relative(dice: Dice, kind: str, agreement: str, depth: int) -> Part:
    """A clause that modifies a noun of that base kind: relative, participial or infinitival."""
    roll = dice.random()
    people = kind in PEOPLE
    if roll < 0.38 and kind in BY_SUBJECT:
        subject = wh(dice.pick(("who", "who", "who", "that") if people else ("that", "that", "which")), "Rel")
        subject.agreement = agreement
        return ("acl:relcl", Node("SBAR", (HEAD, clause(dice, depth - 1, kind, subject=subject, negation=0.08))))
    if roll < 0.7 and kind in BY_OBJECT:
        body = gap_clause(dice, gapped(dice, kind))
        if dice.chance(0.5):
            return ("acl:relcl", Node("SBAR", (HEAD, body)))
        form = dice.pick(("that", "who", "whom") if people else ("that", "that", "which"))
        return ("acl:relcl", Node("SBAR", ("obj", wh(form, "Rel")), (HEAD, body)))
    if roll < 0.79 and kind in BY_OBJECT:
        predication = passive(dice, kind, PAST)
        return ("acl", Node("VP", (HEAD, verb(predication.lemma, "passive")), *predication.after))
    if roll < 0.86 and kind in BY_SUBJECT:
        return ("acl", Node("VP", *verbal(plain_predicate(dice, kind, -1), "VBG")))
    if roll < 0.91 and kind in BY_OBJECT:
        return ("acl", to_infinitive(gapped(dice, kind)))
    if kind in ("idea", "act") and dice.chance(0.75):
        return ("acl", marked_gerund(dice, dice.pick(("of", "of", "of", "for", "in"))))
    if people:
        whose = Node(
            "WHNP",
            ("nmod:poss", WH["whose", "Rel"]),
            (HEAD, noun(dice.pick(words("car house dog phone office plan")))),
        )
        return ("acl:relcl", Node("SBAR", (HEAD, clause(dice, 0, "object", subject=whose, negation=0.05))))
    body = clause(dice, 0, "person", negation=0.04)
    if kind == "place" or dice.chance(0.3):
        return ("acl:relcl", Node("SBAR", ("advmod", wh("where", "Rel")), (HEAD, body)))
    which = Node("WHPP", *pp(dice.pick(("in", "for", "with", "from", "on")), wh("which", "Rel")).parts)
    return ("acl:relcl", Node("SBAR", ("obl", which), (HEAD, body)))


MARKS = words(modifiers.SUBORDINATORS)
GERUND_MARKS = words(modifiers.GERUND_SUBORDINATORS)


def subordinate(dice: Dice, depth: int, tense: str = "any") -> Node:
    """An adverbial clause."""
    roll = dice.random()
    inner = None if tense == "any" else PRESENT if tense == FUTURE else tense
    if roll < 0.22:
        form = dice.pick(("when", "when", "when", "when", "where", "whenever"))
        return Node("SBAR", ("advmod", wh(form)), (HEAD, clause(dice, depth, "people", tense=inner, negation=0.06)))
    if roll < 0.36:
        return marked_gerund(dice, dice.pick(GERUND_MARKS), "VBG")
    if roll < 0.42:
        return gerund(dice, 0, "VBG")
    if roll < 0.47:
        so = Node("", (HEAD, mark("so")), ("fixed", THAT)) if dice.chance(0.5) else mark("so")
        return Node("SBAR", ("mark", so), (HEAD, clause(dice, depth, "person", tense=inner)))
    return Node("SBAR", ("mark", mark(dice.pick(MARKS))), (HEAD, clause(dice, depth, tense=inner, negation=0.12)))
