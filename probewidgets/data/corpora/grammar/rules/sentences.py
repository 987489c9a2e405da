"""Whole sentences: statements, questions, requests."""

from __future__ import annotations

from probewidgets.data.corpora.generation.dice import Dice, Menu
from probewidgets.data.corpora.generation.morphology import adjective, adverb, noun, verb
from probewidgets.data.corpora.generation.tree import HEAD, Node, Part
from probewidgets.data.corpora.grammar.lexicon import base_kind, modifiers, words
from probewidgets.data.corpora.grammar.lexicon.function_words import (
    AS_ADVERB,
    DEMONSTRATIVES,
    DETERMINERS,
    EMOTICONS,
    NT,
    PERSONAL,
    THAT,
    THERE,
    coordinator,
    mark,
    punctuation,
)
from probewidgets.data.corpora.grammar.rules.adjectives import adjective_phrase, compared, describing
from probewidgets.data.corpora.grammar.rules.adjuncts import advp
from probewidgets.data.corpora.grammar.rules.clauses import (
    agent_of,
    clause,
    embedded_question,
    gap_clause,
    infinitive,
    predicate,
    relative,
    subordinate,
)
from probewidgets.data.corpora.grammar.rules.naming import person_name
from probewidgets.data.corpora.grammar.rules.nominals import common, indefinite, noun_phrase
from probewidgets.data.corpora.grammar.rules.numbers import time_adjunct
from probewidgets.data.corpora.grammar.rules.phrases import COMMA, PEOPLE, coordinated, interjection, pp, wh
from probewidgets.data.corpora.grammar.rules.predicates import gapped
from probewidgets.data.corpora.grammar.rules.questions import request, wh_question, yes_no
from probewidgets.data.corpora.grammar.rules.verb_groups import (
    FUTURE,
    PAST,
    PRESENT,
    TENSES,
    Predicate,
    polar,
    verb_phrase,
)

__all__ = ["interjection", "plain", "sentence"]

SENTENCE_ADVERBS = words(modifiers.SENTENCE_ADVERBS)
CLAUSE_ADJECTIVES = words(modifiers.CLAUSE_ADJECTIVES)
IT = Node("NP", (HEAD, PERSONAL["it"][1]))
ENDINGS = Menu.of(". 86, ! 8, - 2, !! 1, ... 1.5, !!! 0.7")


def stop(dice: Dice) -> list[Part]:
    """The punctuation at the end of a statement; it may be missing."""
    if dice.chance(0.012):
        return [("punct", punctuation(".")), ("discourse", dice.pick(EMOTICONS))]
    sign = ENDINGS.pick(dice)
    return [("punct", punctuation(sign, "."))] if sign else []


def plain(dice: Dice) -> Node:
    """One clause."""
    return Node("S", *clause(dice, 2).parts, *stop(dice))


def fronted(dice: Dice) -> Node:
    """A clause with something before it: an adverb, a time, a subordinate clause, a conjunction, an interjection."""
    front: list[Part]
    comma = [COMMA] if dice.chance(0.7) else []
    roll = dice.random()
    tense = TENSES.pick(dice)
    if roll < 0.36:
        front = [advp(dice.pick(SENTENCE_ADVERBS)), *comma]
    elif roll < 0.55:
        front = [time_adjunct(dice, tense), *comma]
    elif roll < 0.73:
        front = [("advcl", subordinate(dice, 0, tense)), COMMA]
    elif roll < 0.86:
        front = [("cc", coordinator(dice.pick(("and", "and", "and", "but", "but", "or"))))]
    elif roll < 0.95:
        front = [interjection(dice.pick(words("well yes no oh ok yeah wow hey sure okay lol anyway like"))), COMMA]
    else:
        front = [("vocative", person_name(dice)), COMMA]
    return Node("S", *front, *clause(dice, 1, tense=tense).parts, *stop(dice))


def followed(dice: Dice) -> Node:
    """A clause with something after it."""
    roll = dice.random()
    tail: list[Part]
    if roll < 0.25:
        tail = [COMMA, ("vocative", person_name(dice))]
    elif roll < 0.6:
        tail = [COMMA, advp(dice.pick(words("though too however anyway then either")))]
    elif roll < 0.7:
        tail = [interjection(dice.pick(("lol", "haha", "please", "yeah", "right")))]
    elif roll < 0.85:
        inner = clause(dice, 0)
        tail = [("parataxis", Node("PRN", ("punct", punctuation("(")), *inner.parts, ("punct", punctuation(")"))))]
    else:
        tail = [("advcl:relcl", Node("SBAR", COMMA, (HEAD, clause(dice, 0, "idea", subject=wh("which", "Rel")))))]
    return Node("S", *clause(dice, 1).parts, *tail, *stop(dice))


def joined(dice: Dice) -> Node:
    """Two clauses joined by a conjunction, a semicolon, a dash or a comma."""
    first, second = clause(dice, 1), clause(dice, 1)
    if dice.chance(0.78):
        comma = [COMMA] if dice.chance(0.6) else []
        word = coordinator(dice.pick(("and", "and", "and", "and", "but", "but", "but")))
        return Node("S", (HEAD, first), ("conj", Node("", *comma, ("cc", word), (HEAD, second))), *stop(dice))
    sign = dice.pick((punctuation(";"), punctuation(","), punctuation("-", ":"), punctuation("--"), punctuation("...")))
    return Node("S", (HEAD, first), ("parataxis", Node("", ("punct", sign), (HEAD, second))), *stop(dice))


def shared_subject(dice: Dice) -> Node:
    """One subject with two or three predicates."""
    kind = base_kind(dice, dice.pick(("people", "people", "people", "group", "animal", "place", "food", "device")))
    subject = noun_phrase(dice, kind)
    tense = dice.pick((PAST, PAST, PRESENT))
    dice.agent = agent_of(subject)
    phrases: list[Node] = []
    while len(phrases) < (2 if dice.chance(0.9) else 3):
        predication = predicate(dice, kind, 1, tense, subject.agreement, copula=0.2)
        if not predication.passive and not predication.progressive:
            phrases.append(verb_phrase(dice, COMMON_SUBJECT[subject.agreement], predication, tense, plain=True))
    return Node(
        "S",
        ("nsubj", subject),
        (HEAD, coordinated(phrases, dice.pick(("and", "and", "and", "but", "or")), "VP")),
        *stop(dice),
    )


# Nothing leans on a subject that stands before several predicates.
COMMON_SUBJECT = {
    agreement: Node("NP", (HEAD, noun("one")), agreement=agreement) for agreement in ("1s", "2s", "3s", "1p", "3p")
}


def reported(dice: Dice) -> Node:
    """A thought or a report: `I think ...`, `The company says that ...`."""
    kind = dice.pick(("person", "person", "person", "group"))
    subject = noun_phrase(dice, kind, depth=0)
    dice.agent = agent_of(subject)
    tense = dice.pick((PAST, PRESENT))
    that: list[Part] = [("mark", THAT)] if dice.chance(0.6) else []
    inner = Node("SBAR", *that, (HEAD, clause(dice, 1))) if dice.chance(0.75) else embedded_question(dice, 1)
    lemma = dice.pick(THOUGHT if that or inner.parts[0][0] == HEAD else KNOWN)
    predication = Predicate(lemma, (("ccomp", inner),))
    body = verb_phrase(dice, subject, predication, tense, negative=dice.chance(0.15))
    return Node("S", ("nsubj", subject), (HEAD, body), *stop(dice))


THOUGHT = words(
    "think say know believe hope feel hear guess mean see find show understand suggest claim report announce"
)

KNOWN = words("know wonder remember see understand forget ask")


def extraposed(dice: Dice) -> Node:
    """`It is clear that ...`, `It's easy to ...`, `It was a mistake to ...`."""
    comp = adjective_phrase(dice, dice.pick(CLAUSE_ADJECTIVES), 0.2)
    roll = dice.random()
    if roll < 0.4:
        inner = Node("SBAR", ("mark", THAT), (HEAD, clause(dice, 1)))
    else:
        inner = infinitive(dice, "person", 0)
        if roll < 0.52:
            who = noun_phrase(dice, "people", subject=False, depth=0)
            inner = Node("SBAR", ("mark", mark("for")), (HEAD, Node("S", ("nsubj", who), *inner.parts)))
        elif roll > 0.85:
            what = noun(dice.pick(words("pleasure idea mistake shame waste pity problem surprise challenge joy way")))
            comp = Node("NP", ("det", DETERMINERS["a"]), ("amod", adjective(describing(dice, "idea"))), (HEAD, what))
    predication = Predicate("be", (("csubj", inner),), complement=comp, timed=True)
    body = verb_phrase(dice, IT, predication, dice.pick((PRESENT, PRESENT, PAST, FUTURE)), negative=dice.chance(0.12))
    return Node("S", ("expl", IT), (HEAD, body), *stop(dice))


def existential(dice: Dice) -> Node:
    """`There is ...`, `Are there ...?`."""
    kind = base_kind(dice, "any")
    what = indefinite(dice, kind)
    after: list[Part] = []
    roll = dice.random()
    if roll < 0.45:
        where = common(dice, "place", plain=True, definite=True)
        after.append(("obl", pp(dice.pick(words("in in at on near behind around")), where)))
    elif roll < 0.65:
        what = Node("NP", (HEAD, what), relative(dice, kind, what.agreement, 1), agreement=what.agreement)
    elif roll < 0.75:
        after.append(time_adjunct(dice, "any"))
    subject = Node("NP", (HEAD, THERE), agreement=what.agreement)
    predication = Predicate("be", (("nsubj", what), *after))
    if dice.chance(0.15):
        be = verb("be", dice.pick((PRESENT, PAST)), what.agreement)
        return Node("SQ", (HEAD, be), ("expl", subject), *polar([*predication.after]), ("punct", punctuation("?")))
    tense = dice.pick((PRESENT, PRESENT, PAST, FUTURE))
    body = verb_phrase(dice, subject, predication, tense)
    if body.parts[0][0] == HEAD and dice.chance(0.1) and not _denied(what):
        body = Node("VP", body.parts[0], ("advmod", NT), *polar([*body.parts[1:]]))
    elif tense == PRESENT and body.parts[0][1] == verb("be", PRESENT, "3s") and dice.chance(0.5):
        body = Node("VP", (HEAD, verb("be", PRESENT, "3s")._replace(form="'s")), *body.parts[1:])
    return Node("S", ("expl", subject), (HEAD, body), *stop(dice))


def _denied(what: Node) -> bool:
    first = what.parts[0][1]
    return _denied(first) if isinstance(first, Node) else first.form == "no"


def cleft(dice: Dice) -> Node:
    """`It was John who ...`, `What I need is ...`, `That's why ...`."""
    roll = dice.random()
    be = verb("be", dice.pick((PRESENT, PAST)), "3s", "AUX")
    if roll < 0.3:
        who = person_name(dice) if dice.chance(0.5) else common(dice, "person", plain=True, definite=True)
        subject = wh(dice.pick(("who", "that")), "Rel")
        subject.agreement = who.agreement
        inner = Node("SBAR", (HEAD, clause(dice, 0, "person", tense=PAST, subject=subject, negation=0.03)))
        return Node("S", ("nsubj", IT), ("cop", be), (HEAD, who), ("acl:relcl", inner), *stop(dice))
    if roll < 0.6:
        kind = dice.pick(("idea", "object", "food", "document", "act"))
        free = Node("SBAR", ("obj", wh("what")), (HEAD, gap_clause(dice, gapped(dice, kind))))
        return Node("S", ("csubj", free), ("cop", be), (HEAD, common(dice, kind, number="Sing")), *stop(dice))
    form = dice.pick(("why", "why", "how", "what", "where", "when"))
    inner = gap_clause(dice, gapped(dice, "idea")) if form == "what" else clause(dice, 1, "person")
    be = verb("be", PRESENT, "3s", "AUX")
    this = dice.pick(("this", "that", "that"))
    if this == "that" and dice.chance(0.7):
        be = be._replace(form="'s")
    free = Node("SBAR", ("obj" if form == "what" else "advmod", wh(form)), (HEAD, inner))
    subject = Node("NP", (HEAD, DEMONSTRATIVES[this]))
    return Node("S", ("nsubj:outer", subject), (HEAD, Node("VP", ("cop", be), (HEAD, free))), *stop(dice))


def comparison(dice: Dice) -> Node:
    """`X is bigger than Y`, `as good as`, `too big to`, `so good that`, `old enough to`."""
    kind = base_kind(dice, dice.pick(("people", "thing", "place", "food", "animal", "event", "idea")))
    subject = noun_phrase(dice, kind, depth=0)
    lemma = describing(dice, kind)
    roll = dice.random()
    if roll < 0.66:
        form = "than" if roll < 0.42 else "as"
        head: list[Part] = (
            [*compared(dice, lemma).parts] if form == "than" else [("advmod", AS_ADVERB), (HEAD, adjective(lemma))]
        )
        if dice.chance(0.65):
            standard: Part = ("obl", pp(form, noun_phrase(dice, kind, subject=False, depth=0)))
        else:
            standard = ("advcl", Node("SBAR", ("mark", mark(form)), (HEAD, clause(dice, 0, "people", negation=0))))
        comp = Node("ADJP", *head, standard)
    elif roll < 0.78 and kind in PEOPLE:
        comp = Node(
            "ADJP", ("advmod", adverb("too")), (HEAD, adjective(lemma)), ("advcl", infinitive(dice, "person", 0))
        )
    elif roll < 0.9 or kind not in PEOPLE:
        that: list[Part] = [("mark", THAT)] if dice.chance(0.7) else []
        comp = Node(
            "ADJP",
            ("advmod", adverb("so")),
            (HEAD, adjective(lemma)),
            ("advcl", Node("SBAR", *that, (HEAD, clause(dice, 0)))),
        )
    else:
        comp = Node(
            "ADJP", (HEAD, adjective(lemma)), ("advmod", adverb("enough")), ("advcl", infinitive(dice, "person", 0))
        )
    body = verb_phrase(dice, subject, Predicate("be", complement=comp), TENSES.pick(dice))
    return Node("S", ("nsubj", subject), (HEAD, body), *stop(dice))


def quoted(dice: Dice) -> Node:
    """Speech: `"I like it," she said.`, `He said, "..."`."""
    speech = clause(dice, 1)
    who = person_name(dice) if dice.chance(0.4) else noun_phrase(dice, "person", depth=0)
    lemma = dice.pick(words("say say say say say ask reply shout whisper add explain answer"))
    report: list[Part] = [("nsubj", who), (HEAD, Node("VP", (HEAD, verb(lemma, PAST, who.agreement))))]
    opening: Part = ("punct", punctuation('"', "``"))
    closing: Part = ("punct", punctuation('"', "''"))
    full: Part = ("punct", punctuation("."))
    roll = dice.random()
    if roll < 0.45:
        return Node("S", opening, ("ccomp", speech), COMMA, closing, *report, full)
    if roll < 0.7:
        return Node("S", *report, COMMA, opening, ("ccomp", speech), full, closing)
    return Node("S", ("ccomp", speech), COMMA, *report, full)


def conditional(dice: Dice) -> Node:
    """`If ..., ...`; `... if ...`."""
    condition = Node(
        "SBAR",
        ("mark", mark(dice.pick(("if", "if", "if", "if", "unless", "once")))),
        (HEAD, clause(dice, 0, "people", tense=PRESENT)),
    )
    main = clause(dice, 1, tense=dice.pick((FUTURE, FUTURE, PRESENT)))
    if dice.chance(0.65):
        then = [advp("then")] if dice.chance(0.12) else []
        return Node("S", ("advcl", condition), COMMA, *then, *main.parts, *stop(dice))
    return Node("S", *main.parts, ("advcl", condition), *stop(dice))


SENTENCES = Menu({
    plain: 29, fronted: 13, followed: 4, joined: 10, shared_subject: 6, reported: 5, extraposed: 3, existential: 3.5,
    cleft: 2.2, comparison: 3, quoted: 2, conditional: 2.5, yes_no: 5, wh_question: 6, request: 8,
})  # fmt: skip


def sentence(dice: Dice) -> Node:
    """A full sentence."""
    node: Node = SENTENCES(dice)
    return node
