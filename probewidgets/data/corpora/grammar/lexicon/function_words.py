"""Pronouns, determiners, prepositions, conjunctions, interjections, symbols: the closed classes, as Words."""

from __future__ import annotations

from probewidgets.data.corpora.generation.tables import words
from probewidgets.data.corpora.generation.tree import HEAD, Node, Word

__all__ = [
    "ANY", "AS_ADVERB", "DEMONSTRATIVES", "DETERMINERS", "EACH_OTHER", "EMOTICONS", "INDEFINITE",
    "INTERJECTIONS", "LETS", "MODALS", "NEGATED", "NONE", "NOT", "NT", "ONE", "OWN", "PERSONAL", "PLEASE",
    "POSSESSIVE", "POSSESSIVE_BARE", "POSSESSIVE_S", "PREDETERMINERS", "QUANTIFIERS", "REDUCED", "REFLEXIVE",
    "THAT", "THERE", "TO", "WH", "adposition", "complex_adverb", "complex_case", "coordinator", "mark",
    "particle", "punctuation",
]  # fmt: skip


def adposition(form: str) -> Word:
    """A preposition."""
    return VERBAL.get(form) or Word(form, "ADP", "IN", form)


def complex_case(form: str) -> Node:
    """A preposition of two words: the second is fixed to the first."""
    first, second = form.split()
    return Node("", (HEAD, COMPLEX.get(first) or adposition(first)), ("fixed", adposition(second)))


def complex_adverb(first: str, second: str) -> Node:
    """An adverb of two words: `as well`."""
    return Node(
        "ADVP", (HEAD, Word(first, "ADV", "RB", first, "ExtPos=ADV")), ("fixed", Word(second, "ADV", "RB", second))
    )


COMPLEX = {
    "according": Word("according", "VERB", "VBG", "accord", "ExtPos=ADP|Tense=Pres|VerbForm=Part"),
    "based": Word("based", "VERB", "VBN", "base", "ExtPos=ADP|Tense=Past|VerbForm=Part"),
    "due": Word("due", "ADJ", "JJ", "due", "Degree=Pos|ExtPos=ADP"),
    "such": Word("such", "ADJ", "JJ", "such", "Degree=Pos|ExtPos=ADP"),
    "instead": Word("instead", "ADV", "RB", "instead", "ExtPos=ADP"),
    "next": Word("next", "ADV", "RB", "next", "ExtPos=ADP"),
}
"""First words of complex prepositions that are no prepositions themselves."""
VERBAL = {
    form: Word(form, "VERB", "VBG", lemma, "ExtPos=ADP|Tense=Pres|VerbForm=Part")
    for form, lemma in (
        ("including", "include"),
        ("regarding", "regard"),
        ("following", "follow"),
        ("concerning", "concern"),
    )
}
"""Verb forms that are used as prepositions."""


def particle(form: str) -> Word:
    """A verb's particle: `up` in `give up`."""
    return Word(form, "ADP", "RP", form)


def mark(form: str) -> Word:
    """A subordinating conjunction."""
    return Word(form, "SCONJ", "IN", form)


def coordinator(form: str) -> Word:
    """A coordinating conjunction."""
    return Word(form, "CCONJ", "CC", form)


_PUNCTUATION = {
    **dict.fromkeys([".", "?", "!", "!!", "!!!", "??", "?!", "...."], "."),
    **dict.fromkeys([":", ";", "...", "--"], ":"),
    ",": ",", "(": "-LRB-", ")": "-RRB-", "[": "-LRB-", "]": "-RRB-", "-": "HYPH", "–": ":", "*": "NFP",
}  # fmt: skip


def punctuation(form: str, xpos: str = "") -> Word:
    """A punctuation mark; of quotation marks and dashes, say which (`` ` ` ``, `''`, `HYPH`, `:`)."""
    return Word(form, "PUNCT", xpos or _PUNCTUATION[form], form)


def _pronoun(form: str, lemma: str, feats: str, xpos: str = "PRP") -> Word:
    return Word(form, "PRON", xpos, lemma, feats)


_PERSONS = (
    # agreement, nominative, accusative, possessive, own, reflexive, features
    ("1s", "I", "me", "my", "mine", "myself", "Number=Sing|Person=1"),
    ("2s", "you", "you", "your", "yours", "yourself", "Person=2"),
    ("3s", "he", "him", "his", "his", "himself", "Gender=Masc|Number=Sing|Person=3"),
    ("3s", "she", "her", "her", "hers", "herself", "Gender=Fem|Number=Sing|Person=3"),
    ("3s", "it", "it", "its", "its", "itself", "Gender=Neut|Number=Sing|Person=3"),
    ("1p", "we", "us", "our", "ours", "ourselves", "Number=Plur|Person=1"),
    ("3p", "they", "them", "their", "theirs", "themselves", "Number=Plur|Person=3"),
)


def _feats(*parts: str) -> str:
    """Features in the order of CoNLL-U: by name."""
    return "|".join(sorted("|".join(parts).split("|"), key=str.lower))


PERSONAL = {
    nom: (
        agreement,
        _pronoun(nom, nom, _feats("Case=Nom", "PronType=Prs", feats)),
        _pronoun(acc, nom, _feats("Case=Acc", "PronType=Prs", feats)),
    )
    for agreement, nom, acc, *_, feats in _PERSONS
}
"""Nominative -> (agreement, nominative, accusative)."""
POSSESSIVE = {
    nom: _pronoun(poss, poss, _feats("Case=Gen", "Poss=Yes", "PronType=Prs", feats), "PRP$")
    for _, nom, _, poss, _, _, feats in _PERSONS
}
OWN = {
    nom: _pronoun(own, POSSESSIVE[nom].form, _feats("Poss=Yes", "PronType=Prs", feats))
    for _, nom, _, _, own, _, feats in _PERSONS
    if nom != "it"
}
REFLEXIVE = {
    nom: _pronoun(
        own, own, _feats("Case=Acc", "PronType=Prs", "Reflex=Yes", "Number=Sing|Person=2" if nom == "you" else feats)
    )
    for _, nom, _, _, _, own, feats in _PERSONS
}
INDEFINITE = {
    first + last: _pronoun(first + last, first + last, f"Number=Sing|PronType={kind}", "NN")
    for first, kind in (("some", "Ind"), ("any", "Ind"), ("every", "Tot"), ("no", "Neg"))
    for last in ("one", "body", "thing")
    if first + last != "noone"
}
DEMONSTRATIVES = {
    form: _pronoun(form, lemma, f"Number={number}|PronType=Dem", "DT")
    for form, lemma, number in (
        ("this", "this", "Sing"), ("that", "that", "Sing"), ("these", "this", "Plur"), ("those", "that", "Plur"),
    )
}  # fmt: skip
ONE = _pronoun("one", "one", "Number=Sing|Person=3|PronType=Prs")
NONE = _pronoun("none", "none", "PronType=Neg", "NN")
THERE = Word("there", "PRON", "EX", "there")
LETS = Word("'s", "PRON", "PRP", "we", "Case=Acc|Number=Plur|Person=1|PronType=Prs")
EACH_OTHER = Node(
    "NP",
    (HEAD, Word("each", "DET", "DT", "each", "ExtPos=PRON|PronType=Rcp")),
    ("fixed", Word("other", "ADJ", "JJ", "other", "Degree=Pos")),
)


def _determiner(form: str, feats: str, lemma: str = "", xpos: str = "DT") -> Word:
    return Word(form, "DET", xpos, lemma or form, feats)


DETERMINERS = {
    "the": _determiner("the", "Definite=Def|PronType=Art"),
    "a": _determiner("a", "Definite=Ind|PronType=Art"),
    **{
        form: _determiner(form, f"PronType={kind}")
        for kind, forms in (
            ("Ind", "some any another either"), ("Tot", "every each all both"), ("Neg", "no neither"),
        )
        for form in forms.split()
    },
    **{form: _determiner(form, word.feats or "", word.lemma) for form, word in DEMONSTRATIVES.items()},
    "what": _determiner("what", "PronType=Int", xpos="WDT"),
    "which": _determiner("which", "PronType=Int", xpos="WDT"),
}  # fmt: skip
PREDETERMINERS = {
    "all": _determiner("all", "PronType=Tot", xpos="PDT"),
    "half": _determiner("half", "NumForm=Word|NumType=Frac|PronType=Ind", xpos="PDT"),
    "both": _determiner("both", "PronType=Tot", xpos="PDT"),
    "such": _determiner("such", "PronType=Ind", xpos="PDT"),
    "quite": _determiner("quite", "PronType=Ind", xpos="PDT"),
    "what": _determiner("what", "PronType=Ind", xpos="PDT"),
}
QUANTIFIERS = {
    "many": Word("many", "ADJ", "JJ", "many", "Degree=Pos"),
    "few": Word("few", "ADJ", "JJ", "few", "Degree=Pos"),
    "several": Word("several", "ADJ", "JJ", "several", "Degree=Pos"),
    "much": Word("much", "ADJ", "JJ", "much", "Degree=Pos"),
    "little": Word("little", "ADJ", "JJ", "little", "Degree=Pos"),
    "more": Word("more", "ADJ", "JJR", "many", "Degree=Cmp"),
    "most": Word("most", "ADJ", "JJS", "many", "Degree=Sup"),
    "less": Word("less", "ADJ", "JJR", "little", "Degree=Cmp"),
    "fewer": Word("fewer", "ADJ", "JJR", "few", "Degree=Cmp"),
    "enough": Word("enough", "ADJ", "JJ", "enough", "Degree=Pos"),
    "such": Word("such", "ADJ", "JJ", "such", "Degree=Pos"),
    "other": Word("other", "ADJ", "JJ", "other", "Degree=Pos"),
    "own": Word("own", "ADJ", "JJ", "own", "Degree=Pos"),
    "same": Word("same", "ADJ", "JJ", "same", "Degree=Pos"),
}

TO = Word("to", "PART", "TO", "to")
NOT = Word("not", "PART", "RB", "not", "Polarity=Neg")
NT = Word("n't", "PART", "RB", "not", "Polarity=Neg")
POSSESSIVE_S = Word("'s", "PART", "POS", "'s")
POSSESSIVE_BARE = Word("'", "PART", "POS", "'s")
THAT = mark("that")
AS_ADVERB = Word("as", "ADV", "RB", "as")

MODALS = {
    form: Word(form, "AUX", "MD", form, "VerbForm=Fin")
    for form in words("can could will would should may might must shall")
}

REDUCED = {
    "is": "'s", "am": "'m", "are": "'re", "have": "'ve", "has": "'s", "had": "'d", "will": "'ll", "would": "'d",
}  # fmt: skip
"""Auxiliary -> its form after a pronoun."""
NEGATED = {
    **{form: form for form in words("is are was were do does did have has had could would should")},
    "can": "ca",
    "will": "wo",
}
"""Auxiliary -> its form before `n't`."""


def _wh_adverb(form: str, kind: str) -> Word:
    return Word(form, "ADV", "WRB", form, f"PronType={kind}")


WH = {
    **{
        (form, kind): Word(form, "PRON", xpos, lemma, f"PronType={kind}")
        for kind in ("Int", "Rel")
        for form, xpos, lemma in (
            ("who", "WP", "who"), ("what", "WP", "what"), ("which", "WDT", "which"), ("whom", "WP", "whom"),
            ("whatever", "WP", "whatever"), ("whoever", "WP", "whoever"),
        )
    },
    ("that", "Rel"): Word("that", "PRON", "WDT", "that", "PronType=Rel"),
    ("whose", "Rel"): Word("whose", "PRON", "WP$", "whose", "Poss=Yes|PronType=Rel"),
    ("whose", "Int"): Word("whose", "PRON", "WP$", "whose", "Poss=Yes|PronType=Int"),
    **{
        (form, kind): _wh_adverb(form, kind)
        for form in words("when where why how whenever wherever")
        for kind in ("Int", "Rel")
    },
}  # fmt: skip

_INTERJECTIONS = """
    hello hi hey wow oh yes yeah no ok okay well sorry please lol haha ah ouch oops hmm ugh yep nope bye goodbye
    congratulations welcome sure right damn yay alas cheers alright amen gosh omg like anyway yo aw whoa huh duh
    gee ha hurray bravo yup um uh er eh hooray howdy darn phew yikes xoxo
"""
INTERJECTIONS = {
    form: Word(
        form, "INTJ", "UH", form, {"yes": "Polarity=Pos", "yeah": "Polarity=Pos", "no": "Polarity=Neg"}.get(form)
    )
    for form in words(_INTERJECTIONS)
}
PLEASE = INTERJECTIONS["please"]

EMOTICONS = [Word(form, "SYM", "NFP", form) for form in (":)", ":-)", ";)", ":(", ":D", ":P", "<3", ":/", ";-)", ":-(")]

ANY = {
    **{DETERMINERS[form]: DETERMINERS["any"] for form in ("some", "no")},
    **{
        INDEFINITE[first + last]: INDEFINITE["any" + last]
        for first in ("some", "no")
        for last in ("one", "body", "thing")
        if first + last in INDEFINITE
    },
}
"""What turns into `any...` after a negation and in questions."""
