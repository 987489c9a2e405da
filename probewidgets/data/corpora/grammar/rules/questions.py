"""Questions and requests."""

from __future__ import annotations

from probewidgets.data.corpora.generation.dice import Dice, Menu
from probewidgets.data.corpora.generation.morphology import adjective, adverb, verb
from probewidgets.data.corpora.generation.tree import HEAD, Node, Part
from probewidgets.data.corpora.grammar.lexicon import base_kind, words
from probewidgets.data.corpora.grammar.lexicon.function_words import (
    DETERMINERS,
    LETS,
    NOT,
    NT,
    PERSONAL,
    PLEASE,
    QUANTIFIERS,
    WH,
    adposition,
    coordinator,
    mark,
    punctuation,
)
from probewidgets.data.corpora.grammar.rules.adjectives import describing
from probewidgets.data.corpora.grammar.rules.adjuncts import adjunct
from probewidgets.data.corpora.grammar.rules.clauses import agent_of, clause, embedded_question, predicate, subordinate
from probewidgets.data.corpora.grammar.rules.complements import plain_predicate
from probewidgets.data.corpora.grammar.rules.naming import person_name
from probewidgets.data.corpora.grammar.rules.nominals import common, core, noun_phrase
from probewidgets.data.corpora.grammar.rules.phrases import COMMA, interjection, wh
from probewidgets.data.corpora.grammar.rules.predicates import gapped
from probewidgets.data.corpora.grammar.rules.verb_groups import (
    FUTURE,
    PAST,
    PRESENT,
    TENSES,
    Predicate,
    finite,
    nested,
    polar,
    subject_relation,
    verbal,
)

__all__ = ["request", "wh_question", "yes_no"]

ASKED_ABOUT = Menu.of("person 60, kin 4, group 6, object 6, device 3, place 6, event 5, food 5, animal 5, idea 4")


def question(
    dice: Dice, depth: int, front: Part | None = None, predication: Predicate | None = None, kind: str | None = None
) -> Node:
    """A question with inversion.

    Args:
        dice: The choices.
        depth: How much may be nested in it.
        front: The wh-phrase, if there is one.
        predication: The predicate (that misses what `front` stands for), if it stands already.
        kind: The kind of the subject.
    """
    kind = kind or ASKED_ABOUT.pick(dice)
    tense = TENSES.pick(dice)
    subject = noun_phrase(dice, kind, depth=0)
    if agent_of(subject) == "I" and dice.chance(0.75):
        subject = Node("NP", (HEAD, PERSONAL["you"][1]), agreement="2s")
    dice.agent = agent_of(subject)
    predication = predication or predicate(dice, kind, depth, tense, subject.agreement, copula=0.25)
    operator, rest = finite(dice, predication, tense, subject.agreement, operator=True)
    assert operator is not None
    body = Node("SQ", operator, *polar([(subject_relation(predication), subject)]), (HEAD, nested(polar(rest))))
    return body if front is None else Node("SBARQ", front, (HEAD, body))


QUESTION_MARKS = Menu.of("? 90, ?? 5, ?! 2, - 3")


def asking(dice: Dice) -> list[Part]:
    """The punctuation at the end of a question."""
    sign = QUESTION_MARKS.pick(dice)
    return [("punct", punctuation(sign, "."))] if sign else []


def yes_no(dice: Dice) -> Node:
    """A yes-no question."""
    front: list[Part] = []
    roll = dice.random()
    if roll < 0.1:
        front = [interjection(dice.pick(("hey", "ok", "well", "hi"))), COMMA]
    elif roll < 0.15:
        front = [("cc", coordinator(dice.pick(("and", "or", "but"))))]
    return Node("SQ", *front, *question(dice, 1).parts, *asking(dice))


def wh_question(dice: Dice) -> Node:
    """A wh-question."""
    rule = WH_QUESTIONS.pick(dice)
    return Node("SBARQ", *rule(dice).parts, *asking(dice))


def _what_object(dice: Dice) -> Node:
    return question(
        dice, 1, ("obj", wh("what")), gapped(dice, dice.pick(("object", "food", "idea", "document", "act"))), "person"
    )


def _who_subject(dice: Dice) -> Node:
    return clause(dice, 1, "person", subject=wh(dice.pick(("who", "who", "what"))), negation=0.04)


def _which_object(dice: Dice) -> Node:
    kind = dice.pick(("object", "idea", "food", "place", "document", "art"))
    number = "Sing" if dice.chance(0.6) else "Plur"
    which = Node("WHNP", ("det", DETERMINERS[dice.pick(("which", "what", "what"))]), *core(dice, kind, number))
    return question(dice, 0, ("obj", which), gapped(dice, kind), "person")


def _how_many(dice: Dice) -> Node:
    kind, much, number = (
        ("stuff", "much", "Sing")
        if dice.chance(0.35)
        else (dice.pick(("object", "person", "animal", "food")), "many", "Plur")
    )
    how = Node("WHADJP", ("advmod", WH["how", "Int"]), (HEAD, QUANTIFIERS[much]))
    what = Node("WHNP", ("amod", how), *core(dice, kind, number))
    return question(dice, 0, ("obj", what), gapped(dice, kind), "person")


def _how_adjective(dice: Dice) -> Node:
    kind = base_kind(dice, dice.pick(("people", "thing", "place", "food")))
    subject = noun_phrase(dice, kind, depth=0)
    how = Node("WHADJP", ("advmod", WH["how", "Int"]), (HEAD, adjective(describing(dice, kind))))
    return Node(
        "SBARQ",
        (HEAD, how),
        ("cop", verb("be", dice.pick((PRESENT, PAST)), subject.agreement, "AUX")),
        ("nsubj", subject),
    )


def _what_is(dice: Dice) -> Node:
    kind = base_kind(dice, "any")
    subject = common(dice, kind, plain=True, determiner=dice.pick(("the", "poss", "this", "that")), number="Sing")
    form = dice.pick(
        ("who",) if kind == "person" else ("what", "what", "where", "how", "when" if kind == "event" else "where")
    )
    be = verb("be", dice.pick((PRESENT, PRESENT, PAST)), "3s", "AUX")
    if be.form == "is" and dice.chance(0.35):
        be = be._replace(form="'s")
    return Node("SBARQ", (HEAD, wh(form)), ("cop", be), ("nsubj", subject))


def _adverbial(dice: Dice) -> Node:
    return question(dice, 1, ("advmod", wh(dice.pick(("why", "how", "when", "where", "how")))))


def _stranded(dice: Dice) -> Node:
    """`What are you looking for?`: the preposition belongs to the word in front."""
    lemma, preposition = dice.pick(STRANDED).split()
    what = wh(dice.pick(("who", "what", "what")))
    left = Node("PP", (HEAD, adposition(preposition)), governor=what)
    return question(dice, 0, ("obl", what), Predicate(lemma, (("case", left),)), "person")


STRANDED = words(
    """
    look for|look at|talk about|talk to|wait for|think of|listen to|work on|work for|come from|live with|pay for|
    think about|deal with
    """
)

WH_QUESTIONS = Menu(
    {
        _what_object: 5,
        _who_subject: 2,
        _which_object: 2,
        _how_many: 2,
        _how_adjective: 2,
        _what_is: 4,
        _adverbial: 4.5,
        _stranded: 1.5,
    }
)


def let_me_know(dice: Dice) -> list[Part]:
    """`let me know if you need anything`."""
    whom = Node("NP", (HEAD, PERSONAL[dice.pick(("I", "I", "we", "they"))][2]))
    if dice.chance(0.5):
        inner = Node("SBAR", ("mark", mark(dice.pick(("if", "whether")))), (HEAD, clause(dice, 1, "person")))
    else:
        inner = embedded_question(dice, 1)
    knowing = Node("S", (HEAD, Node("VP", (HEAD, verb("know", "VB")), ("ccomp", inner))))
    return [(HEAD, verb("let", "imperative")), ("obj", whom), ("xcomp", knowing)]


def request(dice: Dice) -> Node:
    """An imperative."""
    dice.agent = "you"
    predication = plain_predicate(dice, "person", 1)
    while predication.lemma in NOT_ASKED:
        predication = plain_predicate(dice, "person", 1)
    after = [*predication.after]
    if not any(relation in ("ccomp", "xcomp") for relation, _ in after) and dice.chance(0.4):
        after.append(adjunct(dice, FUTURE)[0])
    roll = dice.random()
    front: list[Part] = []
    main: list[Part] = [(HEAD, verb(predication.lemma, "imperative")), *after]
    if roll < 0.2:
        front = [("aux", verb("do", "imperative", upos="AUX")), ("advmod", NT if dice.chance(0.75) else NOT)]
        main = polar(main)
    elif roll < 0.29:
        inner = Node("S", (HEAD, Node("VP", *verbal(predication._replace(after=tuple(after)), "VB"))))
        whom = Node("NP", (HEAD, LETS if dice.chance(0.5) else PERSONAL[dice.pick(("I", "we", "he", "they"))][2]))
        main = [(HEAD, verb("let", "imperative")), ("obj", whom), ("xcomp", inner)]
    elif roll < 0.35:
        main = let_me_know(dice)
    elif roll < 0.4:
        main = [("advmod", adverb(dice.pick(words("just never always simply kindly only also")))), *main]
    if dice.chance(0.35):
        front = [("discourse", Node("INTJ", (HEAD, PLEASE))), *front]
    elif dice.chance(0.08):
        front = [("vocative", person_name(dice)), COMMA, *front]
    tail: list[Part] = [interjection("please")] if not front and dice.chance(0.06) else []
    if dice.chance(0.12):
        tail.append(("advcl", subordinate(dice, 0, FUTURE)))
    return Node(
        "S", *front, (HEAD, Node("VP", *main)), *tail, ("punct", punctuation("." if dice.chance(0.75) else "!"))
    )


NOT_ASKED = frozenset(
    words(
        """
    die suffer lack seem fail lose survive panic hate own cost owe suppose guess realize notice mean know
    like have believe doubt fear hesitate snore cough sneeze yawn vomit struggle graduate want need wish
    prefer love resemble
    """
    )
)
