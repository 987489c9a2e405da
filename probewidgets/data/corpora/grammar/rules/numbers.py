"""Numbers, prices, dates and times."""

from __future__ import annotations

from collections.abc import Callable

from probewidgets.data.corpora.generation.dice import Dice, Menu
from probewidgets.data.corpora.generation.morphology import adjective, adverb, noun
from probewidgets.data.corpora.generation.tree import HEAD, Node, Part, Word
from probewidgets.data.corpora.grammar.lexicon import names, words
from probewidgets.data.corpora.grammar.lexicon.function_words import DETERMINERS, adposition, punctuation

__all__ = ["cardinal", "clock", "count", "date", "digits", "price", "telephone", "time_adjunct", "weekday", "year"]

DAYS, MONTHS = words(names.DAYS), words(names.MONTHS)
SPELLED = words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fifteen twenty thirty fifty sixty"
)
LARGE = words("hundred thousand million billion")


def digits(form: str) -> Word:
    """A number in digits."""
    return Word(form, "NUM", "CD", form, "NumForm=Digit|NumType=Card")


def spelled(form: str) -> Word:
    """A number in letters."""
    return Word(form, "NUM", "CD", form, "NumForm=Word|NumType=Card")


def cardinal(value: int) -> Word:
    """A small number in letters."""
    return spelled(SPELLED[value])


def count(dice: Dice, small: bool = False) -> list[Part]:
    """Number (from two on) before a plural noun; a small one where it counts days or people."""
    roll = dice.random() * (0.6 if small else 1)
    if roll < 0.5:
        number: list[Part] = [("nummod", spelled(dice.pick(SPELLED[2:])))]
    elif roll < 0.85:
        n = dice.number(2, 40) if small or dice.chance(0.7) else dice.number(50, 900)
        number = [("nummod", digits(str(n)))]
    elif roll < 0.88:
        low = dice.number(2, 30)
        high = Node("", ("case", Word("-", "SYM", "SYM", "-")), (HEAD, digits(str(low + dice.number(1, 20)))))
        number = [("nummod", Node("QP", (HEAD, digits(str(low))), ("nmod", high)))]
    elif roll < 0.93:
        number = [("nummod", digits(f"{dice.number(1, 90)},{dice.number(0, 999):03d}"))]
    else:
        first = digits(str(dice.number(2, 9))) if dice.chance(0.4) else spelled(dice.pick(SPELLED[2:9]))
        number = [("nummod", Node("QP", ("compound", first), (HEAD, spelled(dice.pick(LARGE)))))]
    if dice.chance(0.15):
        relation, word = number[0]
        about = adverb(dice.pick(["about", "around", "only", "almost", "nearly", "over", "approximately", "roughly"]))
        number = [(relation, Node("QP", ("advmod", about), (HEAD, word)))]
    return number


def price(dice: Dice) -> Node:
    """`$20`, `$1.5 million`, `20 dollars`, `5%`."""
    roll = dice.random()
    if roll < 0.6:
        amount = dice.pick(
            [
                str(dice.number(2, 99)),
                str(dice.number(100, 900)),
                f"{dice.number(1, 60)}.{dice.number(10, 99)}",
                f"{dice.number(1, 30)},{dice.number(100, 999)}",
            ]
        )
        parts: list[Part] = [(HEAD, Word("$", "SYM", "$", "$")), ("nummod", digits(amount))]
        if dice.chance(0.1):
            parts = [
                parts[0],
                ("nummod", Node("QP", ("compound", digits(amount)), (HEAD, spelled(dice.pick(LARGE[2:]))))),
            ]
        return Node("NP", *parts, agreement="3p")
    if roll < 0.8:
        unit = dice.pick(words("dollar euro pound cent buck dollar"))
        return Node("NP", *count(dice), (HEAD, noun(unit, "Plur")), agreement="3p")
    number = digits(str(dice.number(1, 100)))
    if dice.chance(0.5):
        return Node("NP", ("nummod", number), (HEAD, noun("percent")), agreement="3s")
    return Node("NP", ("nummod", number), (HEAD, Word("%", "SYM", "NN", "%", "Number=Sing")), agreement="3s")


def telephone(dice: Dice) -> Word:
    """A telephone number."""
    return digits(f"{dice.number(201, 989)}-{dice.number(200, 999)}-{dice.number(1000, 9999)}")


def clock(dice: Dice) -> Node:
    """A time of the day: `5 pm`, `7:30`, `noon`."""
    roll = dice.random()
    if roll < 0.12:
        return Node("NP", (HEAD, noun(dice.pick(["noon", "midnight", "lunchtime", "dawn"]))))
    hour = dice.number(1, 12)
    number = digits(f"{hour}:{dice.pick(('00', '15', '30', '45', '20', '05'))}" if dice.chance(0.6) else str(hour))
    if roll < 0.75:
        half = dice.pick(words("am am a.m. AM pm pm p.m. PM"))
        lemma = "a.m." if half[0] in "aA" else "p.m."
        return Node("NP", (HEAD, number), ("nmod:unmarked", Word(half, "NOUN", "NN", lemma, "Number=Sing")))
    return Node("NP", (HEAD, number))


def year(dice: Dice) -> Word:
    """A year."""
    return digits(str(dice.number(1990, 2024) if dice.chance(0.7) else dice.number(1750, 1989)))


def month(dice: Dice) -> Word:
    """The name of a month."""
    form = dice.pick(MONTHS)
    return Word(form, "PROPN", "NNP", form, "Number=Sing")


def weekday(dice: Dice) -> Word:
    """The name of a day, at times in the plural: `on Mondays`."""
    form = dice.pick(DAYS)
    if dice.chance(0.06):
        return Word(form + "s", "PROPN", "NNPS", form, "Number=Plur")
    return Word(form, "PROPN", "NNP", form, "Number=Sing")


def date(dice: Dice) -> Node:
    """`March 3, 2004`, `5 May`, `March 2004`, `10/12/2001`."""
    roll = dice.random()
    if roll < 0.2:
        return Node("NP", (HEAD, digits(f"{dice.number(1, 12):02d}/{dice.number(1, 28):02d}/{year(dice).form}")))
    if roll < 0.45:
        return Node("NP", (HEAD, month(dice)), ("nummod", digits(str(dice.number(1, 31)))))
    if roll < 0.65:
        comma: list[Part] = [("punct", punctuation(","))] if dice.chance(0.7) else []
        return Node(
            "NP",
            (HEAD, month(dice)),
            ("nummod", digits(str(dice.number(1, 31)))),
            *comma,
            ("nmod:unmarked", year(dice)),
        )
    if roll < 0.75:
        return Node("NP", (HEAD, month(dice)), ("nmod:unmarked", year(dice)))
    if roll < 0.85:
        return Node(
            "NP", (HEAD, month(dice)), ("nummod", Word(f"{dice.number(4, 20)}th", "NOUN", "NN", "th", "Number=Sing"))
        )
    return Node("NP", ("nummod", digits(str(dice.number(1, 31)))), (HEAD, month(dice)))


# --- when ------------------------------------------------------------------------------------------------------------

Adjunct = Part


def _unmarked(*parts: Part) -> Adjunct:
    return ("obl:unmarked", Node("NP", *parts))


def _marked(preposition: str, phrase: Node) -> Adjunct:
    return ("obl", Node("PP", ("case", adposition(preposition)), (HEAD, phrase)))


UNITS = words("night week month year weekend summer winter spring semester morning Monday Friday Tuesday Sunday")


def _span(dice: Dice, which: str) -> Adjunct:
    unit = dice.pick(UNITS)
    word = Word(unit, "PROPN", "NNP", unit, "Number=Sing") if unit[0].isupper() else noun(unit)
    return _unmarked(("amod", adjective(which)), (HEAD, word))


def _ago(dice: Dice) -> Adjunct:
    few: list[Part] = (
        [("det", DETERMINERS["a"]), ("amod", adjective("few"))] if dice.chance(0.3) else count(dice, small=True)
    )
    length = Node("NP", *few, (HEAD, noun(dice.pick(words("day week month year hour minute decade")), "Plur")))
    return ("advmod", Node("ADVP", ("obl:unmarked", length), (HEAD, adverb("ago"))))


def _every(dice: Dice) -> Adjunct:
    unit = dice.pick(words("day week morning night year time weekend month summer"))
    return _unmarked(("det", DETERMINERS[dice.pick(("every", "every", "each"))]), (HEAD, noun(unit)))


def _on(dice: Dice) -> Adjunct:
    roll = dice.random()
    if roll < 0.55:
        return _marked("on", Node("NP", (HEAD, weekday(dice))))
    if roll < 0.8:
        return _marked("on", date(dice))
    if roll < 0.9:
        part = dice.pick(["morning", "night", "afternoon", "evening"])
        return _marked("on", Node("NP", ("compound", weekday(dice)), (HEAD, noun(part))))
    return _unmarked((HEAD, weekday(dice)))


PARTS_OF_TIME = words("morning evening afternoon past summer winter spring fall morning evening")
PERIODS = words("war week night weekend holiday meeting summer game day season election party break lunch trip")


def _in(dice: Dice) -> Adjunct:
    roll = dice.random()
    if roll < 0.4:
        return _marked("in", Node("NP", (HEAD, month(dice) if dice.chance(0.4) else year(dice))))
    preposition, table = (
        ("in", PARTS_OF_TIME) if roll < 0.7 else (dice.pick(("during", "before", "after", "until")), PERIODS)
    )
    return _marked(preposition, Node("NP", ("det", DETERMINERS["the"]), (HEAD, noun(dice.pick(table)))))


def _at(dice: Dice) -> Adjunct:
    return _marked(dice.pick(("at", "at", "at", "by", "around", "until")), clock(dice))


def _for(dice: Dice) -> Adjunct:
    length: list[Part] = (
        count(dice, small=True) if dice.chance(0.7) else [("det", DETERMINERS["a"]), ("amod", adjective("few"))]
    )
    return _marked(
        dice.pick(("for", "for", "in", "within", "after", "over")),
        Node("NP", *length, (HEAD, noun(dice.pick(words("day week month year hour minute")), "Plur"))),
    )


def _yesterday(_: Dice) -> Adjunct:
    return _unmarked((HEAD, noun("yesterday")))


def _today(_: Dice) -> Adjunct:
    return _unmarked((HEAD, noun("today")))


def _tomorrow(dice: Dice) -> Adjunct:
    return _unmarked((HEAD, noun(dice.pick(("tomorrow", "tomorrow", "tonight", "today")))))


def _last(dice: Dice) -> Adjunct:
    return _span(dice, "last")


def _next(dice: Dice) -> Adjunct:
    return _span(dice, "next")


def _this(dice: Dice) -> Adjunct:
    return _unmarked(
        ("det", DETERMINERS["this"]),
        (HEAD, noun(dice.pick(words("week morning year month afternoon weekend evening summer time")))),
    )


def _times(dice: Dice) -> Adjunct:
    few: Part = ("amod", adjective(dice.pick(["many", "several"]))) if dice.chance(0.4) else count(dice, small=True)[0]
    return _unmarked(few, (HEAD, noun("time", "Plur")))


WHEN: dict[str, Menu[Callable[[Dice], Adjunct]]] = {
    "past": Menu({_yesterday: 2, _last: 3, _ago: 4, _on: 4, _in: 4, _at: 2, _this: 1, _times: 1, _for: 1.5}),
    "present": Menu({_every: 4, _today: 1.5, _this: 1, _at: 0.7}),
    "future": Menu({_tomorrow: 4, _next: 3, _on: 3, _at: 2, _in: 1, _for: 1, _this: 1}),
    "any": Menu({_on: 2, _at: 2, _in: 2, _this: 1, _for: 1.5}),
}


def time_adjunct(dice: Dice, tense: str) -> Adjunct:
    """When: an adjunct that goes with that tense (past, present, future, any)."""
    return WHEN[tense].pick(dice)(dice)
