"""The forms of nouns, verbs, adjectives and adverbs, as Words: rules, and tables for what has none."""

from __future__ import annotations

import re
from functools import cache

from probewidgets.data.corpora.generation.tables import words
from probewidgets.data.corpora.generation.tree import Word

__all__ = ["adjective", "adverb", "comparable", "noun", "plural", "verb", "verb_form"]


PLURALS = dict(
    pair.split(":")
    for pair in words(
        """
    man:men woman:women child:children person:people foot:feet tooth:teeth goose:geese mouse:mice ox:oxen sheep:sheep
    fish:fish deer:deer shrimp:shrimp series:series aircraft:aircraft species:species wife:wives knife:knives life:lives
    wolf:wolves leaf:leaves shelf:shelves half:halves loaf:loaves thief:thieves calf:calves scarf:scarves self:selves
    potato:potatoes tomato:tomatoes hero:heroes echo:echoes mosquito:mosquitoes mango:mangoes volcano:volcanoes
    analysis:analyses basis:bases crisis:crises thesis:theses oasis:oases phenomenon:phenomena criterion:criteria
    medium:media cactus:cacti quiz:quizzes virus:viruses bus:buses gas:gases bonus:bonuses salmon:salmon
    spokesman:spokesmen spokeswoman:spokeswomen salesman:salesmen freshman:freshmen gentleman:gentlemen
    policeman:policemen fisherman:fishermen headquarters:headquarters passerby:passersby kitty:kitties
    grandchild:grandchildren odds:odds
    """
    )
)

# lemma: past, past participle (if it differs)
IRREGULAR = {
    lemma: (past[0], past[-1])
    for lemma, *past in map(
        str.split,
        words(
            """
    arise arose arisen|be was been|bear bore born|beat beat beaten|become became become|begin began begun|
    bend bent|bet bet|bid bid|bind bound|bite bit bitten|bleed bled|blow blew blown|break broke broken|
    breed bred|bring brought|build built|buy bought|catch caught|choose chose chosen|cling clung|
    come came come|cost cost|creep crept|cut cut|deal dealt|dig dug|do did done|draw drew drawn|
    drink drank drunk|drive drove driven|eat ate eaten|fall fell fallen|feed fed|feel felt|fight fought|
    find found|flee fled|fly flew flown|forbid forbade forbidden|forget forgot forgotten|
    forgive forgave forgiven|freeze froze frozen|get got gotten|give gave given|go went gone|grind ground|
    grow grew grown|hang hung|have had|hear heard|hide hid hidden|hit hit|hold held|hurt hurt|keep kept|
    kneel knelt|know knew known|lay laid|lead led|leave left|lend lent|let let|lie lay lain|light lit|
    lose lost|make made|mean meant|meet met|mistake mistook mistaken|overcome overcame overcome|pay paid|
    put put|quit quit|read read|ride rode ridden|ring rang rung|rise rose risen|run ran run|say said|
    see saw seen|seek sought|sell sold|send sent|set set|sew sewed sewn|shake shook shaken|shine shone|
    shoot shot|show showed shown|shut shut|sing sang sung|sink sank sunk|sit sat|sleep slept|slide slid|
    speak spoke spoken|spend spent|spin spun|spit spat|split split|spread spread|spring sprang sprung|
    stand stood|steal stole stolen|stick stuck|sting stung|strike struck|swear swore sworn|sweep swept|
    swell swelled swollen|swim swam swum|swing swung|take took taken|teach taught|tear tore torn|tell told|
    think thought|throw threw thrown|understand understood|upset upset|wake woke woken|wear wore worn|
    weep wept|win won|wind wound|withdraw withdrew withdrawn|write wrote written|outlive outlived|
    undo undid undone|reset reset
    """
        ),
    )
}

# Two syllables or more, with the stress on the last one: the consonant doubles.
DOUBLING = frozenset(
    words(
        """
    admit begin commit compel control defer equip forget infer occur permit prefer quit recur refer regret
    reset submit transfer unplug upset program kidnap worship
    """
    )
)

COMPARED = {
    "good": ("better", "best"),
    "well": ("better", "best"),
    "bad": ("worse", "worst"),
    "badly": ("worse", "worst"),
    "far": ("further", "furthest"),
    "little": ("less", "least"),
    "much": ("more", "most"),
    "many": ("more", "most"),
    "early": ("earlier", "earliest"),
}

_SIBILANT = re.compile(r"(?:s|x|z|ch|sh)$")
_CONSONANT_Y = re.compile(r"[^aeiou]y$")


def _add_s(stem: str) -> str:
    if _SIBILANT.search(stem):
        return stem + "es"
    return stem[:-1] + "ies" if _CONSONANT_Y.search(stem) else stem + "s"


@cache
def plural(lemma: str) -> str:
    """`box` -> `boxes`; of a compound, the last word's."""
    head, _, last = lemma.rpartition(" ")
    return f"{head} " * bool(head) + (PLURALS.get(last) or _add_s(last))


@cache
def noun(lemma: str, number: str = "Sing") -> Word:
    """A common noun; `number` is Sing, Plur or Ptan (no singular)."""
    if number == "Sing":
        return Word(lemma, "NOUN", "NN", lemma, "Number=Sing")
    form = plural(lemma) if number == "Plur" else lemma
    return Word(form, "NOUN", "NNS", lemma, f"Number={number}")


def _doubles(lemma: str) -> bool:
    syllables = len(re.findall(r"[aeiouy]+", lemma))
    return lemma in DOUBLING or (syllables == 1 and bool(re.search(r"(?:^|[^aeiou]|qu)[aeiou][^aeiouwxy]$", lemma)))


@cache
def verb_form(lemma: str, xpos: str) -> str:
    """The form of a full verb under its Penn tag."""
    if xpos in ("VB", "VBP"):
        return lemma
    if xpos == "VBZ":
        return {"have": "has", "do": "does", "go": "goes"}.get(lemma) or _add_s(lemma)
    if xpos == "VBG":
        if lemma.endswith("ie"):
            return lemma[:-2] + "ying"
        if lemma.endswith("e") and not lemma.endswith(("ee", "oe", "ye")) and lemma != "be":
            return lemma[:-1] + "ing"
        return lemma + lemma[-1] * _doubles(lemma) + "ing"
    if lemma in IRREGULAR:
        return IRREGULAR[lemma][xpos == "VBN"]
    if lemma.endswith("e"):
        return lemma + "d"
    if _CONSONANT_Y.search(lemma):
        return lemma[:-1] + "ied"
    return lemma + lemma[-1] * _doubles(lemma) + "ed"


AGREEMENT = {
    "1s": "Number=Sing|Person=1",
    "2s": "Number=Sing|Person=2",
    "3s": "Number=Sing|Person=3",
    "1p": "Number=Plur|Person=1",
    "3p": "Number=Plur|Person=3",
}
NONFINITE = {
    "VB": "VerbForm=Inf",
    "VBG": "Tense=Pres|VerbForm=Part",
    "VBN": "Tense=Past|VerbForm=Part",
    "gerund": "VerbForm=Ger",
    "passive": "Tense=Past|VerbForm=Part|Voice=Pass",
    "imperative": "Mood=Imp|VerbForm=Fin",
}
TAGS = {"gerund": "VBG", "passive": "VBN", "imperative": "VB"}
BE = {
    "present": {"1s": "am", "3s": "is"},
    "past": {"1s": "was", "3s": "was"},
}


@cache
def verb(lemma: str, form: str, agreement: str = "", upos: str = "VERB") -> Word:
    """A verb or auxiliary.

    Args:
        lemma: Its infinitive.
        form: `present` or `past` (finite), a Penn tag of a non-finite form, `gerund`, `passive` or `imperative`.
        agreement: Of a finite form: 1s, 2s, 3s, 1p, 3p.
        upos: VERB or AUX.
    """
    if form in ("present", "past"):
        third = agreement == "3s"
        xpos = "VBD" if form == "past" else "VBZ" if third else "VBP"
        text = (
            BE[form].get(agreement, "are" if form == "present" else "were") if lemma == "be" else verb_form(lemma, xpos)
        )
        tense = "Pres" if form == "present" else "Past"
        feats = f"Mood=Ind|{AGREEMENT[agreement]}|Tense={tense}|VerbForm=Fin"
        return Word(text, upos, xpos, lemma, feats)
    xpos = TAGS.get(form, form)
    return Word(verb_form(lemma, xpos), upos, xpos, lemma, NONFINITE[form])


@cache
def comparable(lemma: str) -> bool:
    """Tell whether an adjective has forms of its own for the comparative and the superlative."""
    syllables = len(re.findall(r"[aeiouy]+", lemma.removesuffix("e")))
    return " " not in lemma and (lemma in COMPARED or syllables <= 1 or (syllables == 2 and lemma.endswith("y")))


def _compared(lemma: str, ending: str) -> str:
    if lemma in COMPARED:
        return COMPARED[lemma][ending == "est"]
    if lemma.endswith("e"):
        return lemma + ending[1:]
    if _CONSONANT_Y.search(lemma):
        return lemma[:-1] + "i" + ending
    return lemma + lemma[-1] * _doubles(lemma) + ending


@cache
def adjective(lemma: str, degree: str = "Pos") -> Word:
    """An adjective; `degree` is Pos, Cmp or Sup."""
    if degree == "Pos":
        return Word(lemma, "ADJ", "JJ", lemma, "Degree=Pos")
    xpos, ending = ("JJR", "er") if degree == "Cmp" else ("JJS", "est")
    return Word(_compared(lemma, ending), "ADJ", xpos, lemma, f"Degree={degree}")


@cache
def adverb(lemma: str, feats: str | None = None) -> Word:
    """An adverb in its plain form."""
    return Word(lemma, "ADV", "RB", lemma, feats)
