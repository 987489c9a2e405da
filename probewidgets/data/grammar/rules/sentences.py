"""Whole sentences: statements, questions, requests."""

from __future__ import annotations

from probewidgets.data.grammar.dice import Dice, Menu
from probewidgets.data.grammar.lexicon import NOUNS, base_kind, modifiers, words
from probewidgets.data.grammar.lexicon.function_words import (
    AS_ADVERB,
    DETERMINERS,
    INTERJECTIONS,
    MODALS,
    NT,
    NOT,
    PERSONAL,
    PLEASE,
    PREDETERMINERS,
    QUANTIFIERS,
    THAT,
    THERE,
    WH,
    adposition,
    coordinator,
    mark,
    punctuation,
)
from probewidgets.data.grammar.morphology import adjective, adverb, comparable, noun, verb
from probewidgets.data.grammar.rules.clauses import (
    FUTURE,
    PAST,
    PRESENT,
    ADJUNCTS,
    TENSES,
    Predicate,
    bare_predicate,
    clause,
    finite,
    gap_clause,
    gapped,
    infinitive,
    negate,
    nest,
    predicate,
    question,
    relative,
    subordinate,
    to_infinitive,
    verb_phrase,
    verbal,
)
from probewidgets.data.grammar.rules.nominals import (
    adjective_phrase,
    common,
    compared,
    describing,
    noun_phrase,
    person_name,
    pronoun,
)
from probewidgets.data.grammar.rules.numbers import price, time_adjunct
from probewidgets.data.grammar.tree import HEAD, Node, Part, Word

__all__ = ["STATEMENTS", "sentence"]

SENTENCE_ADVERBS = words(modifiers.SENTENCE_ADVERBS)
COMMA = ("punct", punctuation(","))
IT = PERSONAL["it"][1]


def ended(dice: Dice, body: Node, mark_: str = ".", label: str = "") -> Node:
    """A body with its final punctuation, which may be missing."""
    if not mark_:
        return body
    return Node(label or body.label, *(body.parts if body.label in ("S", "SQ", "SBARQ", "FRAG", "NP") else ((HEAD, body),)), ("punct", punctuation(mark_)))


def full_stop(dice: Dice) -> str:
    roll = dice.random()
    return "." if roll < 0.88 else "!" if roll < 0.95 else dice.pick(("!!", "!!!", "...", ""))


# --- statements ------------------------------------------------------------------------------------------------------


def plain(dice: Dice) -> Node:
    """One clause, at times with something in front."""
    roll = dice.random()
    body = clause(dice, 2)
    if roll < 0.1:
        front: Part = ("advmod", Node("ADVP", (HEAD, adverb(dice.pick(SENTENCE_ADVERBS)))))
        comma = [COMMA] if dice.chance(0.7) else []
        body = Node("S", front, *comma, *body.parts)
    elif roll < 0.16:
        tense = TENSES.pick(dice)
        front = time_adjunct(dice, tense)
        comma = [COMMA] if dice.chance(0.55) else []
        body = Node("S", front, *comma, *clause(dice, 1, tense=tense).parts)
    elif roll < 0.21:
        body = Node("S", ("advcl", subordinate(dice, 0)), COMMA, *clause(dice, 1).parts)
    elif roll < 0.24:
        body = Node("S", ("cc", coordinator(dice.pick(("and", "but", "so", "or", "and", "but", "yet")[:2] + ("or",)))), *body.parts)
    elif roll < 0.26:
        word = dice.pick(("well", "yes", "no", "oh", "ok", "yeah", "wow", "please", "lol", "hey", "sure", "okay"))
        body = Node("S", ("discourse", Node("INTJ", (HEAD, INTJ[word]))), COMMA, *body.parts)
    elif roll < 0.275:
        body = Node("S", ("vocative", person_name(dice)), COMMA, *body.parts)
    elif roll < 0.3:
        tail: Part = dice.pick([("vocative", person_name(dice)), ("advmod", Node("ADVP", (HEAD, adverb(dice.pick(["though", "too", "however", "anyway", "then"]))))), ("discourse", Node("INTJ", (HEAD, PLEASE)))])
        body = Node("S", *body.parts, COMMA, tail)
    return ended(dice, body, full_stop(dice))


INTJ = INTERJECTIONS


def compound_sentence(dice: Dice) -> Node:
    """Two clauses joined by a conjunction, a semicolon or a dash."""
    first, second = clause(dice, 1), clause(dice, 1)
    roll = dice.random()
    if roll < 0.75:
        comma = [COMMA] if dice.chance(0.6) else []
        word = dice.pick(("and", "and", "and", "but", "but", "or", "yet"))
        joined: list[Part] = [(HEAD, first), ("conj", Node("", *comma, ("cc", coordinator(word)), (HEAD, second)))]
    elif roll < 0.9:
        sign = punctuation(";") if dice.chance(0.5) else punctuation(dice.pick(("-", "--")), ":")
        joined = [(HEAD, first), ("parataxis", Node("", ("punct", sign), (HEAD, second)))]
    else:
        joined = [(HEAD, first), ("parataxis", Node("", COMMA, (HEAD, second)))]
    return Node("S", *joined, ("punct", punctuation(".")))


def shared_subject(dice: Dice) -> Node:
    """One subject with two predicates."""
    kind = dice.pick(("person", "person", "person", "group", "kin", "animal", "place", "food"))
    subject = noun_phrase(dice, kind)
    tense = dice.pick((PAST, PAST, PRESENT))
    phrases = []
    for _ in range(2 if dice.chance(0.85) else 3):
        taken = predicate(dice, kind, 1, tense, subject.agreement, copula=0.2)
        if taken.passive:
            taken = bare_predicate(dice, kind, 0)
        phrases.append(nest_all(finite(dice, taken, tense, subject.agreement, operator=False, plain=True)))
    from probewidgets.data.grammar.rules.nominals import coordinate

    joined = coordinate(phrases, dice.pick(("and", "and", "and", "but", "or")), "VP")
    return Node("S", ("nsubj", subject), (HEAD, joined), ("punct", punctuation(".")))


def nest_all(chain) -> Node:
    return nest([chain.operator, *chain.rest] if chain.operator else chain.rest)


def extraposed(dice: Dice) -> Node:
    """`It is clear that ...`, `It's easy to ...`."""
    tense = dice.pick((PRESENT, PRESENT, PAST, FUTURE))
    comp = adjective_phrase(dice, dice.pick(CLAUSE_ADJECTIVES), 0.2)
    roll = dice.random()
    if roll < 0.45:
        inner: Node = Node("SBAR", ("mark", THAT), (HEAD, clause(dice, 1)))
    elif roll < 0.85:
        inner = infinitive(dice, "person", 1)
        if dice.chance(0.3):
            who = noun_phrase(dice, "people", subject=False, depth=0)
            vp = inner.parts[0][1]
            inner = Node("SBAR", ("mark", mark("for")), (HEAD, Node("S", ("nsubj", who), (HEAD, vp))))
    else:
        inner = infinitive(dice, "person", 1)
        comp = Node("NP", ("det", DETERMINERS["a"]), ("amod", adjective(describing(dice, "idea"))), (HEAD, noun(dice.pick("pleasure idea mistake shame waste pity problem surprise challenge good_thing".split()[:8]))))
    subject = Node("NP", (HEAD, IT))
    negative = dice.chance(0.12)
    chain = finite(dice, Predicate("be", complement=comp, after=(("csubj" if roll > 2 else "csubj", inner),)), tense, "3s", operator=negative)
    return Node("S", ("expl", subject), (HEAD, verb_phrase(dice, subject, chain, negative)), ("punct", punctuation(full_stop(dice) or ".")))


CLAUSE_ADJECTIVES = words(modifiers.CLAUSE_ADJECTIVES)


def existential(dice: Dice, mark_: str = "") -> Node:
    """`There is ...`."""
    kind = base_kind(dice, "any")
    what = common(dice, kind, plain=True, determiner=dice.pick(("a", "a", "no", "another", "some", "any")[:4]) if dice.chance(0.5) and kind not in ("quality", "stuff", "field") else ("" if kind in ("quality", "stuff", "field") else "several"), number=None)
    what = existential_np(dice, kind)
    after: list[Part] = []
    roll = dice.random()
    if roll < 0.45:
        where = common(dice, "place", plain=True)
        after.append(("obl", Node("PP", ("case", adposition(dice.pick("in at on near behind around".split()))), (HEAD, where))))
    elif roll < 0.65:
        what = Node("NP", (HEAD, what), relative(dice, kind, what.agreement, 1), agreement=what.agreement)
    elif roll < 0.75:
        after.append(time_adjunct(dice, "any"))
    tense = dice.pick((PRESENT, PRESENT, PAST, FUTURE))
    be = finite(dice, Predicate("be"), tense, what.agreement, operator=False)
    subject = Node("NP", (HEAD, THERE))
    parts = [be.operator, *be.rest] if be.operator else be.rest
    parts = [(r if r != HEAD else HEAD, w._replace(upos="VERB") if isinstance(w, Word) and w.lemma == "be" and r == HEAD else w) for r, w in parts]
    negative = tense == PRESENT and be.operator is None and dice.chance(0.1)
    if negative:
        form = parts[0][1]
        parts = [(HEAD, form), ("advmod", NT)]
    question_ = mark_ == "?" and be.operator is None
    if question_:
        return Node("SQ", *parts, ("expl", subject), ("nsubj", what), *after, ("punct", punctuation("?")))
    body = nest([*parts, ("nsubj", what), *after])
    return Node("S", ("expl", subject), (HEAD, body), ("punct", punctuation(full_stop(dice) or ".")))


def existential_np(dice: Dice, kind: str) -> Node:
    if kind in ("quality", "stuff", "field"):
        return common(dice, kind, plain=True, determiner=dice.pick(("", "no", "some", "much", "more", "little", "enough", "any")))
    number = dice.pick(("Sing", "Plur"))
    choice = dice.pick(("a", "a", "a", "no", "another", "some")) if number == "Sing" else dice.pick(("", "many", "several", "some", "no", "few", "count", "a few", "more", "other", "lots", "plenty"))
    if choice in ("lots", "plenty"):
        inner = common(dice, kind, plain=True, determiner="", number="Plur")
        head = noun("lot", "Plur") if choice == "lots" else noun("plenty")
        return Node("NP", (HEAD, Node("NP", (HEAD, head))), ("nmod", Node("PP", ("case", adposition("of")), (HEAD, inner))), agreement="3p")
    return common(dice, kind, plain=True, determiner=choice, number=number)


def cleft(dice: Dice) -> Node:
    """`It was John who ...`, `What I need is ...`, `That's why ...`."""
    roll = dice.random()
    if roll < 0.35:
        who = person_name(dice) if dice.chance(0.5) else common(dice, "person", plain=True)
        be = verb("be", dice.pick((PRESENT, PAST)), "3s", "AUX")
        subject = Node("WHNP", (HEAD, WH[dice.pick(("who", "that")), "Rel"]), agreement=who.agreement)
        inner = Node("SBAR", (HEAD, clause(dice, 0, "person", subject=subject, tense=PAST, negation=0.03)))
        return Node("S", ("nsubj", Node("NP", (HEAD, IT))), ("cop", be), (HEAD, who), ("acl:relcl", inner), ("punct", punctuation(".")))
    if roll < 0.65:
        kind = dice.pick(("idea", "object", "food", "quality", "document", "stuff"))
        what = common(dice, kind)
        free = Node("SBAR", ("obj", Node("WHNP", (HEAD, WH["what", "Int"]))), (HEAD, gap_clause(dice, gapped(dice, kind))))
        be = verb("be", dice.pick((PRESENT, PAST)), "3s", "AUX")
        return Node("S", ("csubj", free), ("cop", be), (HEAD, what), ("punct", punctuation(".")))
    word = dice.pick(("why", "how", "what", "where", "when"))
    that = Node("NP", (HEAD, pronoun(dice, "x").parts[0][1])) if False else Node("NP", (HEAD, DEM[dice.pick(("this", "that"))]))
    be = verb("be", PRESENT, "3s", "AUX")
    if word == "what":
        inner = Node("SBAR", ("obj", Node("WHNP", (HEAD, WH["what", "Int"]))), (HEAD, gap_clause(dice, gapped(dice, "idea"))))
    else:
        inner = Node("SBAR", ("advmod", Node("WHADVP", (HEAD, WH[word, "Int"]))), (HEAD, clause(dice, 1, "person")))
    if that.parts[0][1].form == "that" and dice.chance(0.6):
        be = be._replace(form="'s")
    return Node("S", ("nsubj", that), (HEAD, Node("VP", ("cop", be), (HEAD, inner))), ("punct", punctuation(".")))


from probewidgets.data.grammar.lexicon.function_words import DEMONSTRATIVES as DEM  # noqa: E402


def comparison(dice: Dice) -> Node:
    """`X is bigger than Y`, `as good as`, `too big to`, `so good that`."""
    kind = base_kind(dice, dice.pick(("people", "thing", "place", "food", "animal", "event", "idea")))
    subject = noun_phrase(dice, kind, depth=0)
    lemma = describing(dice, kind)
    other = noun_phrase(dice, kind, subject=False, depth=0)
    roll = dice.random()
    if roll < 0.4:
        than = Node("PP", ("case", adposition("than")), (HEAD, other)) if dice.chance(0.65) else Node("SBAR", ("mark", mark("than")), (HEAD, clause(dice, 0)))
        relation = "obl" if than.label == "PP" else "advcl"
        base = compared(dice, lemma)
        comp = Node("ADJP", *base.parts, (relation, than))
    elif roll < 0.6:
        as_ = Node("PP", ("case", adposition("as")), (HEAD, other)) if dice.chance(0.65) else Node("SBAR", ("mark", mark("as")), (HEAD, clause(dice, 0)))
        comp = Node("ADJP", ("advmod", AS_ADVERB), (HEAD, adjective(lemma)), ("obl" if as_.label == "PP" else "advcl", as_))
    elif roll < 0.75:
        comp = Node("ADJP", ("advmod", adverb("too")), (HEAD, adjective(lemma)), ("advcl", infinitive(dice, "person", 0)))
    elif roll < 0.88:
        inner = Node("SBAR", *([("mark", THAT)] if dice.chance(0.7) else []), (HEAD, clause(dice, 0)))
        comp = Node("ADJP", ("advmod", adverb("so")), (HEAD, adjective(lemma)), ("advcl", inner))
    else:
        comp = Node("ADJP", (HEAD, adjective(lemma)), ("advmod", adverb("enough")), ("advcl", infinitive(dice, "person", 0)))
    chain = finite(dice, Predicate("be", complement=comp), TENSES.pick(dice), subject.agreement, operator=False)
    return Node("S", ("nsubj", subject), (HEAD, verb_phrase(dice, subject, chain, False)), ("punct", punctuation(full_stop(dice) or ".")))


def quoted(dice: Dice) -> Node:
    """Speech: `"I like it," she said.`, and reports: `..., he said.`."""
    said = clause(dice, 1)
    who = person_name(dice) if dice.chance(0.4) else noun_phrase(dice, "person", depth=0)
    lemma = dice.pick("say say say say ask reply shout whisper add explain answer tell".split()[:11])
    report = Node("S", ("nsubj", who), (HEAD, Node("VP", (HEAD, verb(lemma, PAST, who.agreement)))))
    if dice.chance(0.5):
        return Node("S", ("punct", punctuation('"', "``")), ("ccomp", said), COMMA, ("punct", punctuation('"', "''")), *report.parts, ("punct", punctuation(".")))
    if dice.chance(0.5):
        return Node("S", *report.parts, COMMA, ("punct", punctuation('"', "``")), ("ccomp", said), ("punct", punctuation(".")), ("punct", punctuation('"', "''")))
    return Node("S", ("ccomp", said), COMMA, *report.parts, ("punct", punctuation(".")))


# --- questions and requests ------------------------------------------------------------------------------------------


def polar(dice: Dice) -> Node:
    """A yes-no question."""
    body = question(dice, 1)
    front: list[Part] = []
    if dice.chance(0.12):
        front = [("discourse", Node("INTJ", (HEAD, INTJ[dice.pick(("hey", "so", "ok", "please", "well") if False else ("hey", "ok", "well"))]))), COMMA]
    elif dice.chance(0.05):
        front = [("cc", coordinator(dice.pick(("and", "or", "but"))))]
    return Node("SQ", *front, *body.parts, ("punct", punctuation(dice.pick(("?", "?", "?", "?", "?", "??")))))


def asked(dice: Dice) -> Node:
    """A wh-question."""
    roll = dice.random()
    if roll < 0.25:
        kind = dice.pick(("object", "food", "idea", "document", "act"))
        body = question(dice, 1, ("obj", Node("WHNP", (HEAD, WH["what", "Int"]))), gapped(dice, kind), "person")
    elif roll < 0.35:
        subject = Node("WHNP", (HEAD, WH[dice.pick(("who", "who", "what")), "Int"]))
        inner = clause(dice, 1, "person", subject=subject, negation=0.04)
        body = Node("SBARQ", *inner.parts)
    elif roll < 0.45:
        which = Node("WHNP", ("det", DETERMINERS[dice.pick(("which", "what", "what"))]), (HEAD, noun(dice.pick(NOUNS[dice.pick(("object", "idea", "food", "place", "time"))]), "Sing" if dice.chance(0.6) else "Plur")))
        body = question(dice, 0, ("obj", which), gapped(dice, "object"), "person")
    elif roll < 0.56:
        many = dice.chance(0.6)
        how = Node("WHADJP", ("advmod", WH["how", "Int"]), (HEAD, QUANTIFIERS["many" if many else "much"]))
        kind = dice.pick(("object", "person", "animal", "food")) if many else "stuff"
        what = Node("WHNP", ("amod", how), (HEAD, noun(dice.pick(NOUNS[kind]), "Plur" if many else "Sing")))
        body = question(dice, 0, ("obj", what), gapped(dice, "object"), "person")
    elif roll < 0.66:
        kind = base_kind(dice, dice.pick(("people", "thing", "place", "food")))
        subject = noun_phrase(dice, kind, depth=0)
        how = Node("WHADJP", ("advmod", WH["how", "Int"]), (HEAD, adjective(describing(dice, kind))))
        be = verb("be", dice.pick((PRESENT, PAST)), subject.agreement, "AUX")
        body = Node("SBARQ", (HEAD, how), ("cop", be), ("nsubj", subject))
    elif roll < 0.8:
        kind = base_kind(dice, "any")
        subject = common(dice, kind, plain=True, determiner=dice.pick(("the", "poss", "this", "that")), number="Sing")
        head: Node = Node("WHNP", (HEAD, WH[dice.pick(("what", "what", "who") if kind == "person" else ("what", "what", "which")), "Int"]))
        if dice.chance(0.4):
            head = Node("WHADVP", (HEAD, WH[dice.pick(("where", "how", "when")), "Int"]))
        be = verb("be", dice.pick((PRESENT, PRESENT, PAST)), subject.agreement, "AUX")
        if be.form == "is" and dice.chance(0.3):
            be = be._replace(form="'s")
        body = Node("SBARQ", (HEAD, head), ("cop", be), ("nsubj", subject))
    else:
        word = WH[dice.pick(("why", "how", "when", "where", "how")), "Int"]
        body = question(dice, 1, ("advmod", Node("WHADVP", (HEAD, word))))
    return Node("SBARQ", *body.parts, ("punct", punctuation("?")))


def request(dice: Dice) -> Node:
    """An imperative."""
    taken = bare_predicate(dice, "person", 1)
    after = [*taken.after]
    clausal = any(relation in ("ccomp", "xcomp") for relation, _ in after)
    if not clausal and dice.chance(0.4):
        after.append(ADJUNCTS(dice, FUTURE, 0))
    main: list[Part] = [(HEAD, verb(taken.lemma, "imperative")), *after]
    roll = dice.random()
    front: list[Part] = []
    if roll < 0.2:
        do = verb("do", "imperative", upos="AUX")
        front = [("aux", do), ("advmod", NT if dice.chance(0.75) else NOT)]
    elif roll < 0.27:
        us = Node("NP", (HEAD, Word("'s", "PRON", "PRP", "we", "Case=Acc|Number=Plur|Person=1|PronType=Prs")))
        inner = Node("S", (HEAD, Node("VP", (HEAD, verb(taken.lemma, "VB")), *after)))
        main = [(HEAD, verb("let", "imperative")), ("obj", us), ("xcomp", inner)]
    elif roll < 0.33:
        main = [("advmod", adverb(dice.pick("just never always simply kindly only".split()))), *main]
    if dice.chance(0.4):
        front = [("discourse", Node("INTJ", (HEAD, PLEASE))), *front]
    elif dice.chance(0.08):
        front = [("vocative", person_name(dice)), COMMA, *front]
    tail: list[Part] = [("discourse", Node("INTJ", (HEAD, PLEASE)))] if not front and dice.chance(0.06) else []
    if dice.chance(0.12):
        tail.append(("advcl", subordinate(dice, 0, FUTURE)))
    return Node("S", *front, (HEAD, Node("VP", *main)), *tail, ("punct", punctuation("." if dice.chance(0.75) else "!")))


def conditional(dice: Dice) -> Node:
    """`If ..., ...`; `... if ...`."""
    condition = Node("SBAR", ("mark", mark(dice.pick(("if", "if", "if", "unless", "once", "when2")[:5]))), (HEAD, clause(dice, 0, tense=PRESENT)))
    main = clause(dice, 1, tense=dice.pick((FUTURE, PRESENT)))
    if dice.chance(0.65):
        then: list[Part] = [("advmod", Node("ADVP", (HEAD, adverb("then"))))] if dice.chance(0.12) else []
        return Node("S", ("advcl", condition), COMMA, *then, *main.parts, ("punct", punctuation(".")))
    return Node("S", *main.parts, ("advcl", condition), ("punct", punctuation(".")))


STATEMENTS = Menu({plain: 34, compound_sentence: 8, shared_subject: 6, extraposed: 3.5, existential: 3.5, cleft: 2.5, comparison: 4, quoted: 2, conditional: 2.5, polar: 6, asked: 7, request: 9})


def sentence(dice: Dice) -> Node:
    """A full sentence."""
    return STATEMENTS(dice)
