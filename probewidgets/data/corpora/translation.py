"""Sentence pairs: plain English, and its translation into an invented language of endings.

That language says by endings what English says by order: the verb comes last, nouns have a gender and one of six
cases, and what stands with a noun agrees with it. So a model that translates has to find out who does what to whom,
which no English noun shows by its form. Several endings stand for more than one case, as in natural languages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from probewidgets.data.corpora.generation.dice import Dice, Menu
from probewidgets.data.corpora.generation.morphology import adjective, noun, verb
from probewidgets.data.corpora.generation.tables import words
from probewidgets.data.corpora.generation.tree import HEAD, Node, Part, Word
from probewidgets.data.corpora.generation.writing import write
from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example, placed
from probewidgets.data.splits import Split, normalised
from probewidgets.errors import DataError, whole_number

__all__ = ["translations"]

PEOPLE = words(
    "judge guard nurse cook guide host coach pilot doctor teacher lawyer farmer singer writer uncle sister brother "
    "neighbor student child woman man king thief"
)
"""Of these, the first seven are verbs too."""
THINGS = words(
    "letter book apple ticket hammer watch ship bottle picture mirror basket coat ladder coin flag drum plate rope "
    "cup key map lamp table chair"
)
PLACES = words("garden park office station kitchen market forest school church harbor bridge yard")
TRANSITIVE = words(
    "judge guard nurse guide host coach visit help follow watch see find know hear like remember thank trust call"
)
HANDLING = words("see find lose buy sell break hide paint carry clean watch wash drop like steal")
GIVING = words("give send show sell bring lend")
INTRANSITIVE = words("sleep laugh wait sing cook arrive cry work")
ADJECTIVES = words(
    "old young small big red blue green quiet happy rich poor famous strange clean heavy lazy proud tall"
)
ADVERBS = words("today often soon quickly yesterday again")
PREPOSITIONS = Menu.of("in 5, near 3, with 3, behind 2")
DETERMINERS: Mapping[str, Menu[str]] = {
    "Sing": Menu.of("the 8, a 6, this 2, that 2, my 2, every 1"),
    "Plur": Menu.of("the 8, - 5, these 2, those 2, my 2, two 1"),
}
DETERMINER_WORDS = {
    "the": Word("the", "DET", "DT", "the", "Definite=Def|PronType=Art"),
    "a": Word("a", "DET", "DT", "a", "Definite=Ind|PronType=Art"),
    "this": Word("this", "DET", "DT", "this", "Number=Sing|PronType=Dem"),
    "that": Word("that", "DET", "DT", "that", "Number=Sing|PronType=Dem"),
    "these": Word("these", "DET", "DT", "this", "Number=Plur|PronType=Dem"),
    "those": Word("those", "DET", "DT", "that", "Number=Plur|PronType=Dem"),
    "my": Word("my", "PRON", "PRP$", "my", "Case=Gen|Number=Sing|Person=1|Poss=Yes|PronType=Prs"),
    "every": Word("every", "DET", "DT", "every", "PronType=Tot"),
    "two": Word("two", "NUM", "CD", "two", "NumForm=Word|NumType=Card"),
}
RELATIONS = {"my": "nmod:poss", "two": "nummod"}
"""Of a determiner to its noun, where it is not `det`."""
THAT = Word("that", "PRON", "WDT", "that", "PronType=Rel")
WHO = Word("who", "PRON", "WP", "who", "PronType=Rel")
STOP = Word(".", "PUNCT", ".", ".")

CASES = ("Nom", "Acc", "Gen", "Dat", "Loc", "Ins")
ENDINGS = {
    gender: {number: dict(zip(CASES, words(table), strict=True)) for number, table in both.items()}
    for gender, both in {
        "Masc": {"Sing": "o u as em i em", "Plur": "i us on ima ish ima"},
        "Fem": {"Sing": "a u i i i oy", "Plur": "as as on ima ish ima"},
        "Neut": {"Sing": "e e as em i em", "Plur": "a a on ima ish ima"},
    }.items()
}
"""Gender -> number -> case -> ending, of nouns and of all that agrees with them."""
CASE_OF = {"nsubj": "Nom", "obj": "Acc", "iobj": "Dat", "nmod": "Gen"}
CASE_AFTER = {"in": "Loc", "near": "Dat", "with": "Ins", "behind": "Ins", "of": "Gen", "to": "Dat"}
UNSPOKEN = {"of", "to", "with", "a"}
"""What is not said in the invented language: the case alone says it."""
ORDER = ("nsubj", "advmod", "obl", "iobj", "obj")
"""What stands before a verb, and in which order."""
AFTER_NOUN = ("amod", "nmod", "acl:relcl")
ONSETS, NUCLEI, CODAS = words("p t k b d g m n l r s z v f h j"), words("a e i o u"), words("l r n s k m t")
GENDERS = Menu.of("Masc 4, Fem 4, Neut 2")


def translations(n: int = 6000, seed: int = 0) -> tuple[Corpus, Corpus]:
    """English sentences, and the same sentences in an invented language, for a model that translates.

    Both are annotated: `"upos"`, `"feats"`, `"head"`, `"deprel"`, `"lemma"`; English nouns also with the `"case"` and
    the `"gender"` that their translation has, though nothing in their own form shows them.

    Args:
        n: How many pairs, all different; at least 3, so that they can be split.
        seed: Of the sentences; the invented language is always the same.

    Returns:
        The English Corpus, and that of the translations, whose Examples have the English text as their `source`. Both
        are split alike, 70/15/15 by example.

    Raises:
        DataError: Fewer than 3 pairs are asked for, or `n` or `seed` is no whole number.

    Cost: about 0.2 s per 1,000 pairs.
    """
    for name, value in (("n", n), ("seed", seed)):
        whole_number(f"{name} of translations(n, seed)", value, None, DataError)
    dice = Dice(int(seed))
    seen: set[str] = set()
    pairs: list[tuple[Example, Example]] = []
    while len(pairs) < n:
        example = write(_sentence(dice), "plain", f"pair-{seed}-{len(pairs) + 1}")
        key = normalised(example.text)
        if key not in seen:
            seen.add(key)
            pairs.append(_translate(example))
    split = Split.seeded([example.text for example, _ in pairs], int(seed))
    licence = "generated by probewidgets; MIT"
    english = Corpus(tuple(pair[0] for pair in pairs), split, "pairs, English", licence)
    return english, Corpus(tuple(pair[1] for pair in pairs), split, "pairs, translated", licence, "whitespace")


# --- English ---------------------------------------------------------------------------------------------------------


def _sentence(dice: Dice) -> Node:
    return Node("S", (HEAD, _clause(dice, ("nsubj", _phrase(dice, PEOPLE, "nsubj")))), ("punct", STOP))


def _clause(dice: Dice, subject: Part) -> Node:
    """A subject and what it does."""
    agreement = subject[1].agreement if isinstance(subject[1], Node) else "3s"
    tense = "past" if dice.chance(0.6) else "present"
    roll = dice.random()
    after: list[Part] = []
    if roll < 0.35:
        lemma, after = dice.pick(TRANSITIVE), [("obj", _phrase(dice, PEOPLE, "obj"))]
    elif roll < 0.65:
        lemma, after = dice.pick(HANDLING), [("obj", _phrase(dice, THINGS, "obj"))]
    elif roll < 0.85:
        lemma, after = dice.pick(GIVING), _given(dice)
    else:
        lemma = dice.pick(INTRANSITIVE)
    if dice.chance(0.35):
        after.append(("obl", _prepositional(dice, PREPOSITIONS.pick(dice))))
    if dice.chance(0.2):
        adverb = dice.pick(ADVERBS)
        after.append(("advmod", Word(adverb, "ADV", "RB", adverb)))
    return Node("S", subject, (HEAD, verb(lemma, tense, agreement)), *after)


def _given(dice: Dice) -> list[Part]:
    """`the child a book`, or `a book to the child`."""
    thing: Part = ("obj", _phrase(dice, THINGS, "obj"))
    if dice.chance(0.5):
        return [("iobj", _phrase(dice, PEOPLE, "iobj")), thing]
    return [thing, ("obl", _prepositional(dice, "to"))]


def _prepositional(dice: Dice, preposition: str) -> Node:
    nouns = PEOPLE if preposition in ("to", "with", "of") else (*PLACES, *PLACES, *THINGS)
    return Node(
        "PP", ("case", Word(preposition, "ADP", "IN", preposition)), (HEAD, _phrase(dice, nouns, "obl"))
    )  # fmt: skip


def _phrase(dice: Dice, nouns: Sequence[str], role: str) -> Node:
    """A noun with what belongs to it; agreement as a verb takes it."""
    number = "Plur" if dice.chance(0.35) else "Sing"
    parts: list[Part] = []
    determiner = DETERMINERS[number].pick(dice)
    if determiner:
        parts.append((RELATIONS.get(determiner, "det"), DETERMINER_WORDS[determiner]))
    if dice.chance(0.3):
        parts.append(("amod", adjective(dice.pick(ADJECTIVES))))
    parts.append((HEAD, noun(dice.pick(nouns), number)))
    agreement = "3s" if number == "Sing" else "3p"
    if role == "nsubj" and dice.chance(0.12):
        pronoun = Node("WHNP", (HEAD, dice.pick((THAT, WHO))), agreement=agreement)
        parts.append(("acl:relcl", _clause(dice, ("nsubj", pronoun))))
    elif role != "obl" and dice.chance(0.15):
        parts.append(("nmod", _prepositional(dice, "of")))
    return Node("NP", *parts, agreement=agreement)


# --- the invented language -------------------------------------------------------------------------------------------


class _Spoken(NamedTuple):
    """A word of a translation."""

    form: str
    lemma: str
    feats: str | None
    english: int
    """The English word behind it, counted from 0."""


def _translate(english: Example) -> tuple[Example, Example]:
    """An English sentence with the case and gender of its nouns, and its translation.

    Args:
        english: A sentence of `translations`, with its annotations.

    Returns:
        The same sentence with the annotations `"case"` and `"gender"`; and the translation, whose `source` it is.
    """
    translator = _Translator(english)
    words = list(translator.verb(english.annotations["head"].index(0)))
    text, spans = placed([word.form for word in words])
    place = {word.english: number for number, word in enumerate(words, 1)}
    columns = english.annotations
    annotations = {
        "upos": tuple(columns["upos"][word.english] for word in words),
        "feats": tuple(word.feats for word in words),
        "lemma": tuple(word.lemma for word in words),
        "head": tuple(place.get(columns["head"][word.english] - 1, 0) for word in words),
        "deprel": tuple(columns["deprel"][word.english] for word in words),
    }
    target = Example(text, spans, annotations, id=english.id, source=english.text)
    shown = dict(columns) | {"case": tuple(translator.cases), "gender": tuple(translator.genders)}
    return replace(english, annotations=shown), target


class _Translator:
    """Reads an annotated English sentence, and says it word by word."""

    def __init__(self, english: Example) -> None:
        columns = english.annotations
        self.lemmas, self.upos, self.relations = columns["lemma"], columns["upos"], columns["deprel"]
        self.features = [_features(feats) for feats in columns["feats"]]
        self.children: dict[int, list[int]] = {}
        for word, head in enumerate(columns["head"]):
            self.children.setdefault(head - 1, []).append(word)
        nouns = [upos == "NOUN" for upos in self.upos]
        self.cases = [self._case(word) if is_noun else None for word, is_noun in enumerate(nouns)]
        self.genders = [_gender(lemma) if is_noun else None for lemma, is_noun in zip(self.lemmas, nouns, strict=True)]

    def _case(self, word: int) -> str:
        prepositions = [self.lemmas[child] for child in self.children.get(word, ()) if self.relations[child] == "case"]
        return CASE_AFTER[prepositions[0]] if prepositions else CASE_OF[self.relations[word]]

    def _of(self, word: int, relations: Sequence[str]) -> Iterator[int]:
        """The words that depend on a word by one of these relations, in this order."""
        for relation in relations:
            yield from (child for child in self.children.get(word, ()) if self.relations[child] == relation)

    def verb(self, word: int) -> Iterator[_Spoken]:
        """A clause: its verb last, which agrees with the subject; in the past in gender too."""
        for child in self._of(word, ORDER):
            yield from self.noun(child) if self.upos[child] == "NOUN" else self.plain(child)
        subject = next(self._of(word, ["nsubj"]))
        if self.upos[subject] == "PRON":  # of a relative clause: what it modifies is the subject
            subject = next(head for head, children in self.children.items() if word in children)
        number, gender = self.features[subject]["Number"], self.genders[subject]
        past = self.features[word]["Tense"] == "Past"
        stem, feats = _stem(self.lemmas[word], "VERB"), f"Number={number}|Tense={self.features[word]['Tense']}"
        if past and gender:
            ending, feats = f"v{ENDINGS[gender][number]['Nom']}", f"Gender={gender}|{feats}"
        else:
            ending = "et" if number == "Sing" else "ent"
        yield _Spoken(stem + ending, stem, feats, word)
        for child in self._of(word, ["punct"]):
            yield _Spoken(self.lemmas[child], self.lemmas[child], None, child)

    def noun(self, word: int) -> Iterator[_Spoken]:
        """A noun after its determiner and before its adjective; a preposition that is said comes first."""
        case, gender, number = self.cases[word], self.genders[word], self.features[word]["Number"]
        assert case and gender
        ending, feats = ENDINGS[gender][number][case], f"Case={case}|Gender={gender}|Number={number}"
        for child in self._of(word, ("case", "det", "nmod:poss", "nummod")):
            if self.lemmas[child] not in UNSPOKEN:
                bare = self.relations[child] in ("case", "nummod")
                yield from self.plain(child) if bare else self.agreeing(child, ending, feats)
        yield from self.agreeing(word, ending, feats)
        for child in self._of(word, AFTER_NOUN):
            if self.relations[child] == "amod":
                yield from self.agreeing(child, ending, feats)
            else:
                yield from self.noun(child) if self.relations[child] == "nmod" else self.verb(child)

    def agreeing(self, word: int, ending: str, feats: str) -> Iterator[_Spoken]:
        """A word with the ending of its noun."""
        stem = _stem(self.lemmas[word], self.upos[word])
        yield _Spoken(stem + ending, stem, feats, word)

    def plain(self, word: int) -> Iterator[_Spoken]:
        """A word that never changes."""
        stem = _stem(self.lemmas[word], self.upos[word])
        yield _Spoken(stem, stem, None, word)


def _features(feats: str | None) -> dict[str, str]:
    """`"Number=Sing|Person=3"` as a mapping."""
    return dict(pair.split("=") for pair in (feats or "").split("|") if pair)


@cache
def _lexicon() -> Mapping[tuple[str, str], str]:
    """English lemma and part of speech -> stem; all stems differ."""
    nouns = [*PEOPLE, *THINGS, *PLACES]
    verbs = [*TRANSITIVE, *HANDLING, *GIVING, *INTRANSITIVE]
    others = [(word.lemma, word.upos) for word in (*DETERMINER_WORDS.values(), THAT, WHO)]
    others += [(word, "ADP") for word in CASE_AFTER]
    entries = [(word, upos) for upos, all_ in (("NOUN", nouns), ("VERB", verbs), ("ADJ", ADJECTIVES)) for word in all_]
    entries += [(word, "ADV") for word in ADVERBS]
    dice = Dice(2)
    stems: dict[tuple[str, str], str] = {}
    for entry in dict.fromkeys(entries + others):
        stem = _invented(dice)
        while stem in stems.values():
            stem = _invented(dice)
        stems[entry] = stem
    return stems


def _invented(dice: Dice) -> str:
    """One syllable or two."""
    first = dice.pick(ONSETS) + dice.pick(NUCLEI)
    second = dice.pick(ONSETS) + dice.pick(NUCLEI) if dice.chance(0.6) else ""
    return first + second + dice.pick(CODAS)


def _stem(lemma: str, upos: str) -> str:
    return _lexicon()[lemma, upos]


@cache
def _gender(lemma: str) -> str:
    """Drawn once for each noun: no form shows it."""
    return GENDERS.pick(Dice(sum(ord(char) * (place + 1) for place, char in enumerate(lemma))))
