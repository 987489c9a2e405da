"""Parts of letters: greetings, thanks, names, addresses, dates."""

from __future__ import annotations

from collections.abc import Callable

from probewidgets.data.corpora.generation.dice import Dice
from probewidgets.data.corpora.generation.morphology import adjective, adverb, noun, verb
from probewidgets.data.corpora.generation.tree import HEAD, Node, Part, Word
from probewidgets.data.corpora.grammar.lexicon import words
from probewidgets.data.corpora.grammar.lexicon.function_words import INTERJECTIONS, PERSONAL, punctuation
from probewidgets.data.corpora.grammar.rules.naming import organisation, person_name, place_name, proper, surname
from probewidgets.data.corpora.grammar.rules.nominals import common, indefinite, noun_phrase
from probewidgets.data.corpora.grammar.rules.numbers import clock, date, digits, price, telephone, weekday
from probewidgets.data.corpora.grammar.rules.phrases import COMMA, pp
from probewidgets.data.corpora.grammar.rules.verb_groups import PRESENT

__all__ = ["CLOSE", "OPEN", "address", "contact", "ending", "greeting", "reference", "signature", "stamp", "thanks"]

COLON: Part = ("punct", punctuation(":"))
OPEN: Part = ("punct", punctuation("("))
CLOSE: Part = ("punct", punctuation(")"))


def ending(dice: Dice, *signs: str) -> list[Part]:
    """One of these punctuation marks, or (an empty one) none."""
    sign = dice.pick(signs)
    return [("punct", punctuation(sign, "."))] if sign else []


def greeting(dice: Dice) -> Node:
    """`Hi John,`, `Dear Ms. Smith:`, `Good morning!`."""
    who = person_name(dice)
    roll = dice.random()
    if roll < 0.35:
        word = INTERJECTIONS[dice.pick(("hi", "hello", "hey", "hi"))]
        return Node("FRAG", (HEAD, Node("INTJ", (HEAD, word))), ("vocative", who), *ending(dice, ",", ",", "!", ""))
    if roll < 0.55:
        return Node("NP", ("amod", adjective("dear")), (HEAD, who), *ending(dice, ",", ",", ""))
    if roll < 0.7:
        when = noun(dice.pick(("morning", "evening", "afternoon", "luck", "night", "day")))
        whom: list[Part] = [COMMA, ("vocative", who)] if dice.chance(0.4) else []
        return Node("NP", ("amod", adjective("good")), (HEAD, when), *whom, *ending(dice, ".", "!", "!"))
    return Node("NP", (HEAD, who), *ending(dice, ",", ",", "", ":"))


def thanks(dice: Dice) -> Node:
    """`Thanks for your help!`, `Thank you so much, Ann.`, `Best regards, Tom`."""
    tail: list[Part] = []
    roll = dice.random()
    if roll < 0.35:
        tail = [
            (
                "nmod",
                pp(
                    "for",
                    noun_phrase(dice, dice.pick(("act", "quality", "idea")), subject=False, depth=0, pronouns=0.1),
                ),
            )
        ]
    elif roll < 0.5:
        tail = [COMMA, ("vocative", person_name(dice))]
    elif roll < 0.6:
        tail = [("advmod", Node("ADVP", ("advmod", adverb("so")), (HEAD, adverb("much"))))]
    roll = dice.random()
    if roll < 0.4:
        many: list[Part] = [("amod", adjective("many"))] if dice.chance(0.15) else []
        return Node("NP", *many, (HEAD, noun("thanks")), *tail, *ending(dice, ".", "!", "", ","))
    if roll < 0.7:
        who = Node("NP", (HEAD, PERSONAL["you"][2]))
        tail = [("obl" if relation == "nmod" else relation, part) for relation, part in tail]
        return Node(
            "S",
            (HEAD, Node("VP", (HEAD, verb("thank", PRESENT, "1s")), ("obj", who), *tail)),
            *ending(dice, ".", "!", "!", ""),
        )
    best: list[Part] = [("amod", adjective(dice.pick(("best", "kind", "warm"))))] if dice.chance(0.6) else []
    sender: list[Part] = [COMMA, ("parataxis", person_name(dice))] if dice.chance(0.4) else [COMMA]
    return Node("NP", *best, (HEAD, noun(dice.pick(("regard", "wish", "regard")), "Plur")), *sender)


def signature(dice: Dice) -> Node:
    """A name, alone or with a place, a number, a role."""
    who = person_name(dice)
    roll = dice.random()
    if roll < 0.3:
        return Node("NP", (HEAD, who))
    if roll < 0.5:
        return Node("NP", (HEAD, who), COMMA, ("appos", organisation(dice)))
    if roll < 0.65:
        role = Node(
            "NP",
            ("amod", adjective(dice.pick(("senior", "general", "assistant", "associate")))),
            (HEAD, noun(dice.pick(words("manager director counsel editor attorney analyst")))),
        )
        return Node("NP", (HEAD, who), COMMA, ("appos", role))
    if roll < 0.8:
        return Node("NP", (HEAD, who), ("list", Node("NP", (HEAD, telephone(dice)))))
    return Node("NP", (HEAD, who), OPEN, ("appos", Node("NP", (HEAD, mailbox(dice)))), CLOSE)


def contact(dice: Dice) -> Node:
    """`Phone: 555-123-4567`, `To: ann@mail.com`, `Date: 10/12/2001`."""
    label, what = dice.pick(CONTACTS)(dice)
    return Node("NP", (HEAD, Node("NP", (HEAD, label))), COLON, ("appos", what))


def mailbox(dice: Dice) -> Word:
    """An e-mail address."""
    name = surname(dice).lower().replace("'", "")
    form = f"{dice.pick('abcdefghijklmnoprstw')}.{name}@{dice.pick(HOSTS)}.{dice.pick(('com', 'org', 'net', 'edu'))}"
    return Word(form, "PROPN", "ADD", form, "Number=Sing")


def web(dice: Dice) -> Word:
    """A web address."""
    form = dice.pick(("http://www.{}.com/", "www.{}.com", "http://{}.org/index.html", "www.{}.org", "{}.com")).format(
        dice.pick(HOSTS)
    )
    return Word(form, "PROPN", "ADD", form, "Number=Sing")


HOSTS = words(
    """
    hotmail gmail yahoo mail example travelnews petforum cityguide cheapflights bookshop newsday musicworld gamezone
    """
)

CONTACTS: tuple[Callable[[Dice], tuple[Word, Node]], ...] = (
    lambda dice: (noun(dice.pick(("phone", "fax", "tel", "cell", "phone"))), Node("NP", (HEAD, telephone(dice)))),
    lambda dice: (noun(dice.pick(("e-mail", "email"))), Node("NP", (HEAD, mailbox(dice)))),
    lambda dice: (noun(dice.pick(("date", "deadline", "day"))), date(dice)),
    lambda dice: (noun(dice.pick(("time", "start", "hour"))), clock(dice)),
    lambda dice: (
        noun(dice.pick(("subject", "topic", "title", "re"))),
        common(dice, dice.pick(("idea", "document", "event", "act")), plain=True),
    ),
    lambda dice: (noun(dice.pick(("place", "location", "address"))), place_name(dice)),
    lambda dice: (noun(dice.pick(("price", "cost", "fee"))), price(dice)),
    lambda dice: (noun(dice.pick(("site", "link", "source", "website"))), Node("NP", (HEAD, web(dice)))),
    lambda dice: (noun(dice.pick(("name", "contact", "author"))), person_name(dice)),
)


def address(dice: Dice) -> Node:
    """`221 Baker Street, Boston, MA`."""
    street = Node(
        "NP",
        ("compound", proper(surname(dice))),
        (HEAD, proper(dice.pick(words("Street Avenue Road Lane Drive Boulevard St. Ave.")))),
    )
    number: list[Part] = [("nummod", digits(str(dice.number(1, 9900))))]
    return Node("NP", (HEAD, Node("NP", *number, *street.parts)), COMMA, ("list", place_name(dice)))


def stamp(dice: Dice) -> Node:
    """A date or a time on its own line."""
    roll = dice.random()
    if roll < 0.4:
        return Node("NP", (HEAD, date(dice)), ("list", clock(dice)))
    if roll < 0.7:
        return Node("NP", (HEAD, weekday(dice)), COMMA, ("appos", date(dice)))
    return Node("NP", (HEAD, weekday(dice)), COMMA, ("appos", date(dice)), ("nmod", pp("at", clock(dice))))


def reference(dice: Dice) -> Node:
    """`See www.example.com for more information.`, `Click here: ...`."""
    see = verb(dice.pick(("see", "visit", "check", "read", "view", "click")), "imperative")
    roll = dice.random()
    if roll < 0.6:
        tail: list[Part] = (
            [("obl", pp("for", indefinite(dice, dice.pick(("stuff", "quality", "idea", "document")))))]
            if dice.chance(0.6)
            else []
        )
        return Node(
            "S", (HEAD, Node("VP", (HEAD, see), ("obj", Node("NP", (HEAD, web(dice)))), *tail)), *ending(dice, ".", "")
        )
    if roll < 0.8:
        return Node("NP", (HEAD, Node("NP", (HEAD, web(dice)))))
    where = Node("ADVP", (HEAD, adverb("here")))
    return Node(
        "S",
        (HEAD, Node("VP", (HEAD, verb("click", "imperative")), ("advmod", where))),
        COLON,
        ("parataxis", Node("NP", (HEAD, web(dice)))),
    )
