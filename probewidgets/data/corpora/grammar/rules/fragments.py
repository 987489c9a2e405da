"""Fragments, as people write them: greetings, thanks, reviews in two words, headlines, addresses, lists."""

from __future__ import annotations

from probewidgets.data.corpora.generation.dice import Dice, Menu
from probewidgets.data.corpora.generation.morphology import adjective, adverb, noun, verb
from probewidgets.data.corpora.generation.tree import HEAD, Node, Part, Word
from probewidgets.data.corpora.grammar.lexicon import base_kind, words
from probewidgets.data.corpora.grammar.lexicon.function_words import (
    DETERMINERS,
    EMOTICONS,
    INTERJECTIONS,
    PERSONAL,
    punctuation,
)
from probewidgets.data.corpora.grammar.rules.adjectives import adjective_phrase, describing
from probewidgets.data.corpora.grammar.rules.clauses import clause, embedded_question, relative
from probewidgets.data.corpora.grammar.rules.complements import plain_predicate
from probewidgets.data.corpora.grammar.rules.letters import (
    CLOSE,
    OPEN,
    address,
    contact,
    ending,
    greeting,
    reference,
    signature,
    stamp,
    thanks,
)
from probewidgets.data.corpora.grammar.rules.naming import organisation, place_name
from probewidgets.data.corpora.grammar.rules.nominals import common, indefinite, noun_phrase
from probewidgets.data.corpora.grammar.rules.numbers import cardinal, date, digits, year
from probewidgets.data.corpora.grammar.rules.phrases import COMMA, coordinated, pp
from probewidgets.data.corpora.grammar.rules.verb_groups import PAST, PRESENT, Predicate, verb_phrase, verbal

__all__ = ["fragment", "item"]


def verdict(dice: Dice) -> Node:
    """`Great food and friendly staff!`, `The best pizza in town.`, `What a mess!`."""
    kind = base_kind(dice, dice.pick(("food", "place", "quality", "people", "thing", "event", "idea", "art")))
    roll = dice.random()
    if roll < 0.35:
        items = []
        for kind_ in (kind, base_kind(dice, dice.pick(("quality", "person", "place", "money", "food")))):
            base = common(dice, kind_, determiner="", number="Sing" if kind_ in ("quality",) else "Plur")
            items.append(
                base if len(base.parts) > 1 else Node("NP", ("amod", adjective(describing(dice, kind_))), *base.parts)
            )
        body = (
            coordinated(items, "and", "NP")
            if dice.chance(0.5)
            else Node("NP", (HEAD, items[0]), COMMA, ("conj", items[1]))
        )
    elif roll < 0.55:
        body = indefinite(dice, kind)
    elif roll < 0.65:
        body = (
            Node("NP", ("det:predet", WHAT_A), *common(dice, kind, determiner="a", number="Sing").parts)
            if kind != "quality"
            else indefinite(dice, kind)
        )
    elif roll < 0.85:
        base = common(dice, kind, definite=True)
        body = Node("NP", (HEAD, base), relative(dice, kind, base.agreement, 1))
    else:
        base = common(dice, kind, definite=True)
        body = Node("NP", (HEAD, base), ("nmod", pp(dice.pick(("in", "at", "near", "from")), place_name(dice))))
    return Node("NP", (HEAD, body), *ending(dice, ".", ".", "!", "!", "", "..."))


WHAT_A = Word("what", "DET", "PDT", "what", "PronType=Ind")


def opinion(dice: Dice) -> Node:
    """`Very good!`, `Not bad at all.`, `Highly recommended.`, `Cheap, fast and reliable.`."""
    kind = base_kind(dice, dice.pick(("food", "place", "people", "thing", "idea")))
    roll = dice.random()
    if roll < 0.25:
        how = adverb(dice.pick(words("highly definitely strongly never always well")))
        return Node(
            "VP",
            ("advmod", how),
            (HEAD, verb(dice.pick(words("recommend do overprice impress disappoint like serve run cook")), "passive")),
            *ending(dice, ".", "!"),
        )
    if roll < 0.5:
        items = [adjective_phrase(dice, describing(dice, kind), 0.15) for _ in range(dice.number(2, 3))]
        return Node(
            "ADJP", (HEAD, coordinated(items, dice.pick(("and", "and", "but")), "ADJP")), *ending(dice, ".", "!", "")
        )
    if roll < 0.62:
        return Node(
            "ADJP",
            (HEAD, Node("INTJ", (HEAD, INTERJECTIONS[dice.pick(list(INTERJECTIONS))]))),
            *ending(dice, ".", "!", "!!", ""),
        )
    return Node("ADJP", (HEAD, adjective_phrase(dice, describing(dice, kind), 0.7)), *ending(dice, ".", "!", "!!!", ""))


def casual(dice: Dice) -> Node:
    """A clause as in a chat: without a subject, or with a smile after it."""
    roll = dice.random()
    if roll < 0.4:
        predication = plain_predicate(dice, "person", 0)
        who = Node("NP", (HEAD, PERSONAL["I"][1]), agreement="1s")
        body = verb_phrase(dice, who, predication, dice.pick((PAST, PRESENT)), plain=True)
        return Node("S", (HEAD, body), *ending(dice, ".", "!", ""))
    if roll < 0.7:
        return Node("S", *clause(dice, 0).parts, *ending(dice, ".", "", "!"), ("discourse", dice.pick(EMOTICONS)))
    word = INTERJECTIONS[dice.pick(words("lol haha omg wow yeah ok oh well ha hmm ugh yay sorry"))]
    return Node(
        "S", ("discourse", Node("INTJ", (HEAD, word))), *clause(dice, 0).parts, *ending(dice, ".", "", "!", "...")
    )


def headline(dice: Dice) -> Node:
    """`Police arrest two suspects in Boston`."""
    kind = dice.pick(("group", "group", "person"))
    subject = organisation(dice) if dice.chance(0.5) else common(dice, kind, determiner="", number="Plur")
    subject = place_name(dice) if dice.chance(0.15) else subject
    if dice.chance(0.65):
        predication = plain_predicate(dice, kind, -1)
        predication = predication._replace(after=(*predication.after, ("obl", pp("in", place_name(dice)))))
        body = Node("VP", (HEAD, verb(predication.lemma, PRESENT, subject.agreement)), *predication.after)
    else:
        body = Node("S", (HEAD, Node("VP", *verbal_to(plain_predicate(dice, kind, -1)))))
    return Node("S", ("nsubj", subject), (HEAD, body))


def verbal_to(predication: Predicate) -> list[Part]:
    """`to` with an infinitive, as in headlines for the future."""
    return [("mark", Word("to", "PART", "TO", "to")), *verbal(predication, "VB")]


def title(dice: Dice) -> Node:
    """A name of an event, a caption: `Summer Sale 2004`, `Trip to Rome`, `Meeting Agenda - Monday`."""
    roll = dice.random()
    head = common(
        dice,
        dice.pick(("event", "document", "place", "idea", "act")),
        determiner="",
        number="Sing" if dice.chance(0.7) else "Plur",
    )
    if roll < 0.3:
        return Node("NP", (HEAD, head), ("nmod", pp(dice.pick(("in", "to", "of", "from")), place_name(dice))))
    if roll < 0.5:
        return Node("NP", (HEAD, head), ("punct", punctuation("-", ":")), ("appos", date(dice)))
    if roll < 0.65:
        return Node("NP", (HEAD, head), ("nmod:unmarked", year(dice)))
    if roll < 0.8:
        return Node("SBAR", (HEAD, embedded_question(dice, 0)))
    return Node("NP", (HEAD, head), OPEN, ("appos", common(dice, "idea", plain=True)), CLOSE)


def item(dice: Dice) -> Node:
    """An item of a list: `1. Wash the car.`, `- two eggs`, `a) ...`."""
    roll = dice.random()
    number = Word(str(dice.number(1, 12)), "NUM", "LS", "1", "NumForm=Digit|NumType=Card")
    number = number._replace(lemma=number.form)
    sign: list[Part]
    if roll < 0.5:
        sign = [("discourse", Node("LST", (HEAD, number), ("punct", punctuation(dice.pick((".", ")"))))))]
    else:
        sign = [("punct", punctuation(dice.pick(("-", "*")), "NFP"))]
    if dice.chance(0.5):
        predication = plain_predicate(dice, "person", -1)
        return Node(
            "S",
            *sign,
            (HEAD, Node("VP", (HEAD, verb(predication.lemma, "imperative")), *predication.after)),
            *ending(dice, ".", ""),
        )
    return Node("NP", *sign, (HEAD, indefinite(dice, "any")), *ending(dice, "", "", "."))


HYPHEN: Part = ("punct", punctuation("-", "HYPH"))
LENGTHS = words("day week year hour star bedroom page story minute mile foot door")
CLASSES = words("quality term time speed class level price end school range cost tech")
OWN_AND_RUN = (words("owner singer producer husband actor father"), words("operator writer director manager wife"))
WELL_MADE = {
    "well": (verb("know", "passive"), verb("make", "passive"), verb("write", "passive"), verb("train", "passive")),
    "hard": (verb("work", "VBG"),),
    "good": (verb("look", "VBG"),),
    "long": (verb("last", "VBG"),),
    "fast": (verb("grow", "VBG"), verb("move", "VBG")),
    "never": (verb("end", "VBG"),),
}


def _measure(dice: Dice) -> Part:
    number = digits(str(dice.number(2, 30))) if dice.chance(0.6) else cardinal(dice.number(2, 10))
    return ("compound", Node("NP", ("nummod", number), HYPHEN, (HEAD, noun(dice.pick(LENGTHS)))))


def _grade(dice: Dice) -> Part:
    first = adjective(dice.pick(words("high low long short full part free good old new hard first second")))
    return ("compound", Node("NP", ("amod", first), HYPHEN, (HEAD, noun(dice.pick(CLASSES)))))


def _made(dice: Dice) -> Part:
    how = dice.pick(list(WELL_MADE))
    return ("amod", Node("ADJP", ("advmod", adverb(how)), HYPHEN, (HEAD, dice.pick(WELL_MADE[how]))))


def _double(dice: Dice) -> Part:
    first, second = (noun(dice.pick(table)) for table in OWN_AND_RUN)
    return ("compound", Node("NP", (HEAD, first), HYPHEN, ("conj", second)))


HYPHENATED = Menu({_measure: 35, _grade: 25, _made: 20, _double: 12})


def hyphenated(dice: Dice) -> Node:
    """A clause with a hyphenated modifier, three words of it: `She bought a two-day ticket.`."""
    rule = HYPHENATED.pick(dice)
    kind = "person" if rule is _double else base_kind(dice, dice.pick(("thing", "event", "place", "idea", "food")))
    base = common(dice, kind, plain=True, determiner="", number="Sing")
    rest = [part for part in base.parts if part[0] in (HEAD, "compound")]
    phrase = Node("NP", ("det", DETERMINERS[dice.pick(("a", "a", "the"))]), rule(dice), *rest)
    if dice.chance(0.6):
        subject = noun_phrase(dice, "people", depth=0)
        predication = Predicate(dice.pick(words("have need want find see like")), (("obj", phrase),))
    else:
        subject = Node("NP", (HEAD, PERSONAL["it"][1]))
        predication = Predicate("be", complement=phrase)
    body = verb_phrase(dice, subject, predication, dice.pick((PAST, PRESENT)))
    return Node("S", ("nsubj", subject), (HEAD, body), *ending(dice, ".", "!"))


def foreign(dice: Dice) -> Node:
    """Words that are none of English, or are written apart: a foreign phrase, a file ending."""
    if dice.chance(0.5):
        forms = dice.pick(FOREIGN).split()
        words_ = [Word(form, "X", "FW", form, "Foreign=Yes") for form in forms]
        return Node("FRAG", (HEAD, words_[0]), *(("flat", word) for word in words_[1:]), *ending(dice, ".", "!", ""))
    file = dice.pick(words("report photo readme contract schedule test"))
    form = f"{file}{dice.number(1, 99)}{dice.pick(words('.doc .pdf .xls .jpg .txt'))}"
    bullet: Part = ("punct", punctuation("-", "NFP"))
    return Node("FRAG", bullet, (HEAD, Word(form, "X", "ADD", form)))


FOREIGN = words(
    """
    merci beaucoup|hasta la vista|guten Tag|gracias amigo|bon voyage|je ne sais quoi|mea culpa|que sera sera|carpe diem|
    c'est la vie|mi casa es su casa|arrivederci|sayonara|auf Wiedersehen|namaste|shukran habibi|por favor|buenos dias|
    bonjour|vive la France|et cetera et cetera|inshallah|viva la vida|bitte|ciao bella
    """
)

FRAGMENTS = Menu({
    greeting: 3, thanks: 4, signature: 2.2, contact: 2.2, address: 0.8, verdict: 6, opinion: 4, casual: 4,
    headline: 2.5, title: 2.5, foreign: 0.8, item: 2.5, stamp: 1.5, reference: 1.5, hyphenated: 3,
})  # fmt: skip


def fragment(dice: Dice) -> Node:
    """Anything that people write and that is no full sentence."""
    node: Node = FRAGMENTS(dice)
    return node
