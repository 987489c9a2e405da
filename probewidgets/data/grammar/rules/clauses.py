"""Clauses: predicates with what they take, tense and aspect, negation, questions, relative and subordinate clauses."""

from __future__ import annotations

from typing import NamedTuple

from probewidgets.data.grammar.dice import Dice, Menu
from probewidgets.data.grammar.lexicon import BY_OBJECT, BY_SUBJECT, COMPLEMENTS, MASS, Frame, base_kind, is_kind, modifiers, verbs, words
from probewidgets.data.grammar.lexicon.function_words import (
    DETERMINERS,
    MODALS,
    NEGATED,
    NOT,
    NT,
    PERSONAL,
    REDUCED,
    REFLEXIVE,
    THAT,
    TO,
    WH,
    adposition,
    mark,
    particle,
    punctuation,
)
from probewidgets.data.grammar.morphology import adjective, adverb, noun, verb
from probewidgets.data.grammar.rules.nominals import adjective_phrase, common, describing, noun_phrase, place_name, pronoun
from probewidgets.data.grammar.rules.numbers import price, time_adjunct
from probewidgets.data.grammar.tree import HEAD, Node, Part, Word

__all__ = ["Predicate", "clause", "finite", "infinitive", "predicate", "question", "subordinate"]

MANNER = words(modifiers.MANNER)
FREQUENCY = words(modifiers.FREQUENCY)
DIRECTION = words(modifiers.DIRECTION)
NATIONALITIES = words(modifiers.NATIONALITIES)
TO_ADJECTIVES = words(modifiers.TO_ADJECTIVES)
PLACE_ADVERBS = "here there home everywhere nearby anywhere inside outside online abroad upstairs downtown somewhere elsewhere".split()
LATE = "again too together now anyway alone already yet either though instead forever soon later then lately enough first right_away as_well right_now at_all".split()


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


# --- what verbs take -------------------------------------------------------------------------------------------------


def complements(dice: Dice, slots: tuple[str, ...], lemma: str, depth: int) -> list[Part]:
    """The parts that the slots of a frame stand for."""
    nominal = [slot for slot in slots if is_kind(slot)]
    parts: list[Part] = []
    for index, slot in enumerate(slots):
        if is_kind(slot):
            relation = "iobj" if len(nominal) == 2 and index == 0 else "obj"
            parts.append((relation, noun_phrase(dice, slot, subject=False, depth=depth if relation == "obj" else 0)))
        elif "+" in slot:
            preposition, kind = slot.split("+")
            parts.append(("obl", Node("PP", ("case", adposition(preposition)), (HEAD, noun_phrase(dice, kind, subject=False, depth=depth)))))
        elif slot[0] == "=":
            parts.append(("obj", Node("NP", (HEAD, noun(slot[1:])))))
        elif slot.endswith("!"):
            parts.append(("compound:prt", Node("PRT", (HEAD, particle(slot[:-1])))))
        else:
            parts += SLOTS[slot](dice, lemma, depth)
    if len(parts) == 2 and parts[0][0] == "compound:prt" and parts[1][0] == "obj":
        short = isinstance(parts[1][1], Node) and len(parts[1][1].parts) == 1 and parts[1][1].parts[0][1].upos == "PRON"
        if short or dice.chance(0.3):
            parts.reverse()
    return parts


def _that(dice: Dice, lemma: str, depth: int) -> list[Part]:
    inner = clause(dice, depth - 1)
    if dice.chance(0.5):
        return [("ccomp", Node("SBAR", (HEAD, inner)))]
    return [("ccomp", Node("SBAR", ("mark", THAT), (HEAD, inner)))]


def _whether(dice: Dice, lemma: str, depth: int) -> list[Part]:
    return [("ccomp", Node("SBAR", ("mark", mark(dice.pick(("if", "if", "whether")))), (HEAD, clause(dice, depth - 1))))]


def _wh(dice: Dice, lemma: str, depth: int) -> list[Part]:
    if dice.chance(0.25):
        word = dice.pick(("what", "how", "where", "when"))
        relation, label = ("obj", "WHNP") if word == "what" else ("advmod", "WHADVP")
        taken = bare_predicate(dice, "person", 0) if word != "what" else gapped(dice, "object")
        body = Node("VP", ("mark", TO), (HEAD, Node("VP", *verbal(taken, "VB"))))
        return [("ccomp", Node("SBAR", (relation, Node(label, (HEAD, WH[word, "Int"]))), (HEAD, Node("S", (HEAD, body)))))]
    return [("ccomp", embedded_question(dice, depth - 1))]


def infinitive(dice: Dice, kind: str, depth: int, negated: bool = False) -> Node:
    """`to` with a verb and what it takes."""
    inner = predicate(dice, kind, depth - 1, "any", "3s", copula=0.12)
    return to_infinitive(inner, negated)


def to_infinitive(taken: Predicate, negated: bool = False) -> Node:
    """`to` before a predicate."""
    first: list[Part] = [("advmod", NOT)] if negated else []
    return Node("S", (HEAD, Node("VP", *first, ("mark", TO), (HEAD, Node("VP", *verbal(taken, "VB"))))))


def gerund(dice: Dice, kind: str, depth: int, form: str = "gerund") -> Node:
    """A clause around a verb in -ing."""
    return Node("S", (HEAD, Node("VP", *verbal(bare_predicate(dice, kind, depth - 1), form))))


def _to(dice: Dice, lemma: str, depth: int) -> list[Part]:
    return [("xcomp", infinitive(dice, "person", depth, dice.chance(0.04)))]


def _ing(dice: Dice, lemma: str, depth: int) -> list[Part]:
    return [("xcomp", gerund(dice, "person", depth))]


def _bare(dice: Dice, lemma: str, depth: int) -> list[Part]:
    return [("xcomp", Node("S", (HEAD, Node("VP", *verbal(bare_predicate(dice, "person", depth - 1), "VB")))))]


def _adjectival(dice: Dice, lemma: str, depth: int) -> list[Part]:
    return [("xcomp", adjective_phrase(dice, describing(dice, dice.pick(("people", "thing", "idea", "place")))))]


SLOTS = {"that": _that, "whether": _whether, "wh": _wh, "to": _to, "ing": _ing, "bare": _bare, "adj": _adjectival}
CLAUSAL = {"that", "whether", "wh", "to", "ing", "bare"}


# --- adjuncts --------------------------------------------------------------------------------------------------------


def _place(dice: Dice, tense: str, depth: int) -> Part:
    if dice.chance(0.35):
        return ("advmod", Node("ADVP", (HEAD, adverb(dice.pick(PLACE_ADVERBS)))))
    where = place_name(dice) if dice.chance(0.35) else common(dice, "place", plain=depth == 0)
    preposition = dice.pick("in in in at at near outside inside around behind from".split())
    return ("obl", Node("PP", ("case", adposition(preposition)), (HEAD, where)))


def _time(dice: Dice, tense: str, depth: int) -> Part:
    return time_adjunct(dice, tense)


def _manner(dice: Dice, tense: str, depth: int) -> Part:
    lemma = adverb(dice.pick(MANNER))
    if dice.chance(0.15):
        return ("advmod", Node("ADVP", ("advmod", adverb(dice.pick(["very", "so", "too", "really", "quite", "pretty"]))), (HEAD, lemma)))
    return ("advmod", Node("ADVP", (HEAD, lemma)))


def _late(dice: Dice, tense: str, depth: int) -> Part:
    first, *rest = dice.pick(LATE).split("_")
    if not rest:
        return ("advmod", Node("ADVP", (HEAD, adverb(first))))
    if first == "at":
        return ("obl", Node("PP", ("case", adposition("at")), (HEAD, Node("NP", (HEAD, DETERMINERS["all"])))))
    if first == "as":
        return ("advmod", Node("ADVP", (HEAD, adverb("as")), ("fixed", adverb("well"))))
    return ("advmod", Node("ADVP", ("advmod", adverb("right")), (HEAD, adverb(rest[0]))))


def _with(dice: Dice, tense: str, depth: int) -> Part:
    preposition, kind = dice.pick(WITH).split("+")
    return ("obl", Node("PP", ("case", adposition(preposition)), (HEAD, noun_phrase(dice, kind, subject=False, depth=0))))


WITH = """with+people with+people with+object for+people for+people without+thing without+quality by+vehicle for+event by+device
with+quality during+event after+event before+event because_of+idea despite+idea through+document on+device at+event like+person
for+idea as+person per+time from+people according_to+people under+idea over+money since+event until+event via+device
against+people between+people throughout+time regarding+idea including+people toward+people except+people""".replace("because_of", "after").replace("according_to", "like").replace("including", "with").split()


def _purpose(dice: Dice, tense: str, depth: int) -> Part:
    return ("advcl", infinitive(dice, "person", 0))


def _clause(dice: Dice, tense: str, depth: int) -> Part:
    return ("advcl", subordinate(dice, depth - 1, tense))


ADJUNCTS = Menu({_place: 5, _time: 5, _manner: 3, _late: 2.5, _with: 4, _purpose: 1.2, _clause: 2})


# --- predicates ------------------------------------------------------------------------------------------------------


def bare_predicate(dice: Dice, kind: str, depth: int) -> Predicate:
    """A verb with what it takes and no more."""
    frame = BY_SUBJECT[kind].pick(dice)
    if depth < 0:
        while CLAUSAL.intersection(frame.slots):
            frame = BY_SUBJECT[kind].pick(dice)
    lemma = dice.pick(frame.heads)
    return Predicate(lemma, tuple(complements(dice, frame.slots, lemma, max(depth, 0))))


def gapped(dice: Dice, kind: str) -> Predicate:
    """A verb whose object, of that base kind, stands elsewhere."""
    return Predicate(dice.pick(BY_OBJECT[kind if kind in BY_OBJECT else "idea"].pick(dice).heads))


def predicate(dice: Dice, kind: str, depth: int, tense: str, agreement: str, copula: float = 0.3) -> Predicate:
    """Any predicate for a subject of that base kind."""
    roll = dice.random()
    if roll < copula or kind not in BY_SUBJECT:
        return copular(dice, kind, depth, tense, agreement)
    if roll < copula + (0.04 if kind in ("person", "kin") else 0.3) and kind in BY_OBJECT:
        return passive(dice, kind, depth, tense)
    if roll > 0.985 and kind == "person":
        reflexive = REFLEXIVE[{"1s": "I", "2s": "you", "1p": "we", "3p": "they"}.get(agreement, "it")]
        if agreement != "3s":
            return Predicate(dice.pick("hurt enjoy introduce blame ask see help prepare cut kill".split()), (("obj", Node("NP", (HEAD, reflexive))),))
    if roll > 0.93 and kind in ("person", "kin", "group") and depth > 0:
        if dice.chance(0.5):
            return Predicate("go", (("xcomp", infinitive(dice, kind, depth)),), progressive=True)
        return Predicate(dice.pick(["have", "need", "want", "have"]), (("xcomp", infinitive(dice, kind, depth)),))
    if roll > 0.9 and kind in ("person", "kin"):
        return possession(dice, depth, tense)
    taken = bare_predicate(dice, kind, depth)
    after = [*taken.after]
    clausal = any(relation in ("ccomp", "xcomp") for relation, _ in after)
    if not clausal:
        if taken.lemma in MOTION and len(after) == 0 and dice.chance(0.5):
            after.append(("advmod", Node("ADVP", (HEAD, adverb(dice.pick(DIRECTION))))))
        if dice.chance(0.42 if depth else 0.15):
            after.append(ADJUNCTS(dice, tense, depth))
            if dice.chance(0.2):
                after.append(time_adjunct(dice, tense))
    before = adverb(dice.pick(FREQUENCY)) if dice.chance(0.1) else None
    return taken._replace(after=tuple(after), before=before)


MOTION = set("go come walk run drive fly move travel return hurry swim ride head".split())


def possession(dice: Dice, depth: int, tense: str) -> Predicate:
    """`have` with anything."""
    return Predicate("have", (("obj", noun_phrase(dice, dice.pick(("any", "problem_") if False else ("any", "concern", "kin", "animal", "idea", "illness"))
                                                  , subject=False, depth=depth, pronouns=0.05)),))


def passive(dice: Dice, kind: str, depth: int, tense: str) -> Predicate:
    """A passive, with or without the agent."""
    frame = BY_OBJECT[kind].pick(dice)
    lemma = dice.pick(frame.heads)
    if lemma in ("have", "get", "like", "want", "let", "cost", "lack"):
        lemma = "use" if kind not in ("person", "kin") else "see"
    after: list[Part] = []
    if dice.chance(0.25):
        after.append(("obl:agent", Node("PP", ("case", adposition("by")), (HEAD, noun_phrase(dice, frame.subject, subject=False, depth=0, pronouns=0.08)))))
    elif dice.chance(0.5):
        after.append(ADJUNCTS(dice, tense, 0))
    before = adverb(dice.pick(FREQUENCY)) if dice.chance(0.1) else None
    return Predicate(lemma, tuple(after), before, passive=True)


def copular(dice: Dice, kind: str, depth: int, tense: str, agreement: str) -> Predicate:
    """`be` with an adjective, a noun, a place."""
    roll = dice.random()
    people = kind in ("person", "kin")
    after: tuple[Part, ...] = ()
    if roll < 0.5:
        comp = adjective_phrase(dice, describing(dice, kind))
        if dice.chance(0.2):
            comp = with_complement(dice, kind, depth)
        elif dice.chance(0.12):
            joined = adjective_phrase(dice, describing(dice, kind))
            comp = coordinate_adjectives(dice, comp, joined)
    elif roll < 0.58 and people:
        comp = Node("ADJP", (HEAD, adjective(dice.pick(TO_ADJECTIVES))), ("xcomp", infinitive(dice, "person", depth)))
    elif roll < 0.83:
        if people:
            comp = common(dice, dice.pick(("person", "person", "kin")), number="Sing" if agreement[1] == "s" else "Plur")
        else:
            target = kind if kind in ("place", "event", "idea", "food", "drink", "animal", "group") else dice.pick(("idea", "object", "act"))
            comp = common(dice, target, number="Sing" if agreement[1] == "s" else "Plur")
        if depth > 0 and dice.chance(0.3):
            comp = Node("NP", (HEAD, comp), relative(dice, dice.pick(("person",)) if people else "object", comp.agreement, depth))
    elif roll < 0.88 and kind in ("object", "food", "money", "clothing", "vehicle", "device"):
        comp = price(dice)
    elif roll < 0.92:
        comp = Node("ADVP", (HEAD, adverb(dice.pick("here there home away back out up down over in off away together everywhere".split()))))
    else:
        where = place_name(dice) if dice.chance(0.4) else common(dice, dice.pick(("place", "place", "object", "event")), plain=True)
        comp = Node("PP", ("case", adposition(dice.pick("in at near from on behind for about of with".split()))), (HEAD, where))
    if dice.chance(0.15):
        after = (ADJUNCTS(dice, tense, 0),)
    before = adverb(dice.pick(FREQUENCY)) if dice.chance(0.1) else None
    return Predicate("be", after, before, complement=comp)


def coordinate_adjectives(dice: Dice, first: Node, second: Node) -> Node:
    """`cheap and good`, `nice but expensive`."""
    from probewidgets.data.grammar.rules.nominals import coordinate

    return coordinate([first, second], dice.pick(("and", "and", "but", "or")), "ADJP")


def with_complement(dice: Dice, kind: str, depth: int) -> Node:
    """An adjective with what it takes: `afraid of dogs`."""
    key = kind if kind in COMPLEMENTS else "thing"
    frame: Frame = COMPLEMENTS[key].pick(dice) if key in COMPLEMENTS else COMPLEMENTS["object"].pick(dice)
    preposition, target = frame.slots[0].split("+")
    inner = Node("PP", ("case", adposition(preposition)), (HEAD, noun_phrase(dice, target, subject=False, depth=depth)))
    return Node("ADJP", (HEAD, adjective(dice.pick(frame.heads))), ("obl", inner))


# --- tense, aspect, negation -----------------------------------------------------------------------------------------

PAST, PRESENT, FUTURE = "past", "present", "future"
TENSES = Menu({PAST: 40, PRESENT: 45, FUTURE: 15})


def verbal(taken: Predicate, form: str) -> list[Part]:
    """The parts of a verb phrase whose first verb has this form."""
    before: list[Part] = [("advmod", taken.before)] if taken.before else []
    if taken.complement is not None:
        return [("cop", verb("be", form, upos="AUX")), *before, (HEAD, taken.complement), *taken.after]
    if taken.passive:
        return [("aux:pass", verb("be", form, upos="AUX")), *before, (HEAD, verb(taken.lemma, "passive")), *taken.after]
    return [*before, (HEAD, verb(taken.lemma, form)), *taken.after]


class Chain(NamedTuple):
    """A finite verb group: the operator (what inverts and is negated), and all after it."""

    operator: Part | None
    rest: list[Part]


def finite(dice: Dice, taken: Predicate, tense: str, agreement: str, operator: bool, plain: bool = False) -> Chain:
    """Give a predicate tense and aspect.

    Args:
        dice: The choices.
        taken: The predicate.
        tense: past, present or future.
        agreement: Of the subject.
        operator: Whether an auxiliary is needed (for a question or a negation): `do`, if there is no other.
        plain: No modals and no perfect.
    """
    auxiliaries: list[tuple[str, str]] = []  # lemma of the auxiliary, form that it asks for
    modal: Word | None = None
    roll = dice.random()
    if tense == FUTURE:
        modal = MODALS["will"] if roll < 0.7 else MODALS[dice.pick(("can", "should", "may", "might", "would", "could", "must", "shall"))]
    elif not plain and tense == PRESENT and roll < 0.16:
        modal = MODALS[dice.pick(("can", "can", "can", "should", "may", "might", "must", "would", "could"))]
    elif not plain and tense == PAST and roll < 0.08:
        modal = MODALS[dice.pick(("could", "would", "should", "might", "must"))]
    roll = dice.random()
    if modal is not None and tense == PAST or (not plain and modal is None and roll < (0.16 if tense == PRESENT else 0.1)):
        auxiliaries.append(("have", "VBN"))
    lexical = taken.complement is None and not taken.passive
    if taken.progressive:
        if modal is None:
            auxiliaries = [("be", "VBG")]
    elif lexical and taken.lemma not in verbs.STATIVE and dice.random() < (0.2 if tense == PRESENT else 0.08):
        auxiliaries.append(("be", "VBG"))
    if taken.passive:
        auxiliaries.append(("be", "passive"))
    if operator and modal is None and not auxiliaries and lexical:
        auxiliaries.append(("do", "VB"))

    parts: list[Part] = []
    form = PAST if tense == PAST else PRESENT
    if modal is not None:
        parts.append(("aux", modal))
        form = "VB"
    for index, (lemma, asked) in enumerate(auxiliaries):
        relation = "aux:pass" if asked == "passive" else "aux"
        del index
        parts.append((relation, verb(lemma, form, agreement if form in (PAST, PRESENT) else "", "AUX")))
        form = asked
    if taken.complement is not None:
        parts.append(("cop", verb("be", form, agreement if form in (PAST, PRESENT) else "", "AUX")))
        parts_after: list[Part] = [(HEAD, taken.complement), *taken.after]
    else:
        main = verb(taken.lemma, form, agreement if form in (PAST, PRESENT) else "")
        parts_after = [(HEAD, main), *taken.after]
    if not parts:
        before: list[Part] = [("advmod", taken.before)] if taken.before else []
        return Chain(None, [*before, *parts_after])
    first, *others = parts
    before = [("advmod", taken.before)] if taken.before else []
    return Chain(first, [*before, *others, *parts_after])


def negate(dice: Dice, operator: Part) -> list[Part]:
    """An operator with `not` or `n't` after it."""
    relation, word = operator
    assert isinstance(word, Word)
    if dice.chance(0.65) and word.form in NEGATED:
        return [(relation, word._replace(form=NEGATED[word.form])), ("advmod", NT)]
    return [operator, ("advmod", NOT)]


def contract(dice: Dice, subject: Node, operator: Part, chain: Chain) -> Part:
    """The operator, shortened where it may be: after a personal pronoun, with something to lean on after it."""
    relation, word = operator
    assert isinstance(word, Word)
    if len(subject.parts) != 1 or word.form not in REDUCED or not dice.chance(0.45):
        return operator
    first = subject.parts[0][1]
    if not isinstance(first, Word):
        return operator
    personal = first.upos == "PRON" and first.lemma in PERSONAL
    if personal or (word.form == "is" and (first.form in ("that", "there", "what", "who") or (first.upos == "PROPN" and dice.chance(0.2)))):
        return (relation, word._replace(form=REDUCED[word.form]))
    return operator


def nest(parts: list[Part]) -> Node:
    """Verb phrases nested to the right: (VP has (VP been (VP ...)))."""
    relation, word = parts[0]
    if relation in ("aux", "aux:pass") and len(parts) > 1:
        inner = parts[1:]
        leading = [(relation, word)]
        while inner[0][0] == "advmod" and len(inner) > 1:
            leading.append(inner.pop(0))
        return Node("VP", *leading, (HEAD, nest(inner)))
    return Node("VP", *parts)


def clause(dice: Dice, depth: int, kind: str | None = None, tense: str | None = None, subject: Node | None = None, negation: float = 0.12) -> Node:
    """A declarative clause.

    Args:
        dice: The choices.
        depth: How much may still be nested in it.
        kind: The kind of its subject.
        tense: past, present or future.
        subject: The subject, if it stands already.
        negation: How likely it is negated.
    """
    kind = base_kind(dice, kind or CLAUSE_SUBJECTS.pick(dice))
    tense = tense or TENSES.pick(dice)
    if subject is None:
        subject = with_relative(dice, noun_phrase(dice, kind, depth=max(depth, 0)), kind, depth)
    agreement = subject.agreement
    taken = predicate(dice, kind, depth, tense, agreement)
    negative = dice.chance(negation)
    chain = finite(dice, taken, tense, agreement, operator=negative)
    return Node("S", ("nsubj:pass" if taken.passive else "nsubj", subject), (HEAD, verb_phrase(dice, subject, chain, negative)))


def verb_phrase(dice: Dice, subject: Node, chain: Chain, negative: bool) -> Node:
    """The verb phrase of a declarative clause."""
    if chain.operator is None:
        return nest(chain.rest)
    if negative:
        return nest([*negate(dice, chain.operator), *chain.rest])
    return nest([contract(dice, subject, chain.operator, chain), *chain.rest])


CLAUSE_SUBJECTS = Menu({"person": 55, "kin": 6, "group": 8, "thing": 7, "place": 5, "event": 4, "idea": 6, "food": 4, "animal": 5, "quality": 2, "act": 2, "money": 2, "sky": 0.5, "plant": 0.5, "stuff": 0.7, "illness": 0.4, "art": 1, "body": 0.5, "time": 0.4, "field": 0.4})


# --- questions -------------------------------------------------------------------------------------------------------


def question(dice: Dice, depth: int, front: Part | None = None, taken: Predicate | None = None, kind: str | None = None) -> Node:
    """A question with inversion; `front` is the wh-phrase, `taken` a predicate that misses it."""
    kind = base_kind(dice, kind or QUESTION_SUBJECTS.pick(dice))
    tense = TENSES.pick(dice)
    subject = noun_phrase(dice, kind, depth=0)
    taken = taken or predicate(dice, kind, depth, tense, subject.agreement, copula=0.25)
    negative = dice.chance(0.06)
    chain = finite(dice, taken, tense, subject.agreement, operator=True)
    assert chain.operator is not None
    operator = [chain.operator]
    if negative and front is None:
        operator = negate(dice, chain.operator)
        if operator[-1][1] is NOT:
            operator = [chain.operator]
    body = Node("SQ", *operator, ("nsubj:pass" if taken.passive else "nsubj", subject), (HEAD, nest(chain.rest)))
    if front is None:
        return body
    return Node("SBARQ", front, (HEAD, body))


QUESTION_SUBJECTS = Menu({"person": 60, "kin": 4, "group": 6, "thing": 10, "place": 5, "event": 4, "food": 4, "animal": 4, "idea": 4})


def embedded_question(dice: Dice, depth: int) -> Node:
    """`what he wants`, `how old she is`, `where the station is`, `who called`."""
    roll = dice.random()
    if roll < 0.3:
        kind = dice.pick(("object", "food", "idea", "act", "document"))
        word = WH["what", "Int"]
        taken = gapped(dice, kind)
        return Node("SBAR", ("obj", Node("WHNP", (HEAD, word))), (HEAD, gap_clause(dice, taken)))
    if roll < 0.42:
        word = WH[dice.pick(("who", "what", "which")), "Int"]
        return Node("SBAR", (HEAD, clause(dice, depth, "person", subject=Node("WHNP", (HEAD, word)), negation=0.05)))
    if roll < 0.55:
        kind = base_kind(dice, dice.pick(("thing", "people", "place")))
        how = Node("WHADJP", ("advmod", WH["how", "Int"]), (HEAD, adjective(describing(dice, kind))))
        subject = noun_phrase(dice, kind, depth=0)
        be = verb("be", dice.pick((PRESENT, PAST)), subject.agreement, "AUX")
        return Node("SBAR", (HEAD, how), ("nsubj", subject), ("cop", be))
    word = WH[dice.pick(("why", "how", "when", "where")), "Int"]
    return Node("SBAR", ("advmod", Node("WHADVP", (HEAD, word))), (HEAD, clause(dice, depth, "person", negation=0.05)))


def gap_clause(dice: Dice, taken: Predicate, tense: str | None = None) -> Node:
    """A clause with a subject (mostly a pronoun) around a predicate that misses its object."""
    subject = noun_phrase(dice, dice.pick(("person", "person", "group", "kin")), depth=0)
    tense = tense or TENSES.pick(dice)
    negative = dice.chance(0.06)
    chain = finite(dice, taken, tense, subject.agreement, operator=negative)
    return Node("S", ("nsubj", subject), (HEAD, verb_phrase(dice, subject, chain, negative)))


# --- relative clauses and other modifiers of nouns -------------------------------------------------------------------


def with_relative(dice: Dice, base: Node, kind: str, depth: int) -> Node:
    """A noun phrase, at times with a clause after it."""
    if depth < 1 or not dice.chance(0.13) or len(base.parts) < 2:
        return base
    return Node("NP", (HEAD, base), relative(dice, kind, base.agreement, depth), agreement=base.agreement)


def relative(dice: Dice, kind: str, agreement: str, depth: int) -> Part:
    """A clause that modifies a noun: relative, participial or infinitival."""
    roll = dice.random()
    people = kind in ("person", "kin")
    if roll < 0.38 and (kind in BY_SUBJECT):
        word = dice.pick(("who", "who", "who", "that") if people else ("that", "that", "which"))
        subject = Node("WHNP", (HEAD, WH[word, "Rel"]), agreement=agreement)
        return ("acl:relcl", Node("SBAR", (HEAD, clause(dice, depth - 1, kind, subject=subject, negation=0.08))))
    if roll < 0.72 and kind in BY_OBJECT:
        body = gap_clause(dice, gapped(dice, kind))
        if dice.chance(0.5):
            return ("acl:relcl", Node("SBAR", (HEAD, body)))
        word = dice.pick(("that", "who", "whom") if people else ("that", "that", "which"))
        return ("acl:relcl", Node("SBAR", ("obj", Node("WHNP", (HEAD, WH[word, "Rel"]))), (HEAD, body)))
    if roll < 0.8 and kind in BY_OBJECT:
        taken = passive(dice, kind, 0, PAST)._replace(before=None)
        return ("acl", Node("VP", (HEAD, verb(taken.lemma, "passive")), *taken.after))
    if roll < 0.87 and kind in BY_SUBJECT:
        return ("acl", Node("VP", *verbal(bare_predicate(dice, kind, -1), "VBG")))
    if roll < 0.94 and kind in BY_OBJECT:
        return ("acl", to_infinitive(gapped(dice, kind)))
    if people:
        whose = Node("WHNP", ("nmod:poss", WH["whose", "Rel"]), (HEAD, noun(dice.pick("name car house father job dog brother voice wife phone".split()))))
        return ("acl:relcl", Node("SBAR", (HEAD, clause(dice, 0, "object", subject=whose, negation=0.05))))
    if dice.chance(0.5):
        which = Node("WHPP", ("case", adposition(dice.pick(("in", "on", "for", "with", "from")))), (HEAD, Node("WHNP", (HEAD, WH["which", "Rel"]))))
        return ("acl:relcl", Node("SBAR", ("obl", which), (HEAD, clause(dice, 0, "person", negation=0.03))))
    word = dice.pick(("where", "when", "why"))
    return ("acl:relcl", Node("SBAR", ("advmod", Node("WHADVP", (HEAD, WH[word, "Rel"]))), (HEAD, clause(dice, 0, "person", negation=0.05))))


# --- subordinate clauses ---------------------------------------------------------------------------------------------

FINITE_MARKS = "because because because if if if while although though since after before until unless once as so so whereas".split()
GERUND_MARKS = "after before by without for while since in instead_of".replace("instead_of", "of").split()


def subordinate(dice: Dice, depth: int, tense: str = "any") -> Node:
    """An adverbial clause."""
    roll = dice.random()
    inner_tense = None if tense == "any" else PRESENT if tense == FUTURE else tense
    if roll < 0.2:
        word = WH[dice.pick(("when", "when", "when", "where", "whenever")), "Int"]
        return Node("SBAR", ("advmod", Node("WHADVP", (HEAD, word))), (HEAD, clause(dice, depth, tense=inner_tense, negation=0.06)))
    if roll < 0.34:
        word = mark(dice.pick(("by", "without", "after", "before", "for", "while", "by", "with", "in", "from", "since")))
        return Node("PP", ("mark", word), (HEAD, gerund(dice, "person", 0, "VBG")))
    if roll < 0.4:
        return gerund(dice, "person", 0, "VBG")
    word = mark(dice.pick(FINITE_MARKS))
    return Node("SBAR", ("mark", word), (HEAD, clause(dice, depth, tense=inner_tense, negation=0.12)))
