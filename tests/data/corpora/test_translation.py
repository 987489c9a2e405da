"""Laws of the invented language: the verb is last, what stands with a noun agrees, and English does not show it."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

import probewidgets as pw
from probewidgets.data.corpora import translation
from probewidgets.data.corpora.translation import CASES, ENDINGS, PEOPLE, TRANSITIVE, translations
from probewidgets.errors import DataError


@pytest.fixture(scope="module")
def pairs() -> tuple[pw.Corpus, pw.Corpus]:
    return translations(1500)


def rows(example: pw.Example) -> list[dict]:
    """The words with their annotations; feats as a mapping."""
    names = ["form", *example.annotations]
    words = [
        dict(zip(names, row, strict=True)) for row in zip(example.forms, *example.annotations.values(), strict=True)
    ]
    return [row | {"feats": translation._features(row["feats"])} for row in words]


def test_pairs_stand_side_by_side_and_are_split_alike(pairs) -> None:
    english, invented = pairs
    assert english.split == invented.split
    assert [e.text for e in english] == [t.source for t in invented]
    assert len({e.text for e in english}) == 1500
    assert english == translations(1500)[0]
    assert english != translations(1500, seed=1)[0]


def test_a_verb_stands_behind_all_that_belongs_to_it(pairs) -> None:
    for example in pairs[1]:
        words = rows(example)
        assert [word["head"] for word in words].count(0) == 1
        for place, word in enumerate(words, 1):
            head = words[word["head"] - 1]
            if word["head"] and head["upos"] == "VERB" and word["deprel"] != "punct":
                assert place < word["head"], example.text


def test_what_stands_with_a_noun_agrees_with_it_and_a_verb_with_its_subject(pairs) -> None:
    for example in pairs[1]:
        words = rows(example)
        for word in words:
            head = words[word["head"] - 1]
            if word["deprel"] in ("amod", "det", "nmod:poss"):
                assert word["feats"] == head["feats"], example.text
            if word["deprel"] == "nsubj" and word["upos"] == "NOUN":
                assert head["feats"]["Number"] == word["feats"]["Number"], example.text
                assert head["feats"].get("Gender") in (None, word["feats"]["Gender"]), example.text


def test_endings_say_case_and_number_though_not_always_alone(pairs) -> None:
    meanings = defaultdict(set)
    for gender, both in ENDINGS.items():
        for number, endings in both.items():
            assert tuple(endings) == CASES
            for case, ending in endings.items():
                meanings[ending].add((gender, number, case))
    assert sum(len({case for _, _, case in shown}) > 1 for shown in meanings.values()) >= 5
    for example in pairs[1]:
        for word in rows(example):
            feats = word["feats"]
            if "Case" in feats:
                assert word["form"] == word["lemma"] + ENDINGS[feats["Gender"]][feats["Number"]][feats["Case"]]


def test_an_english_noun_has_any_case_and_one_gender(pairs) -> None:
    cases, genders = defaultdict(Counter), defaultdict(set)
    for example in pairs[0]:
        for word in rows(example):
            assert (word["case"] is None) == (word["gender"] is None) == (word["upos"] != "NOUN")
            if word["case"]:
                cases[word["form"].lower()][word["case"]] += 1
                genders[word["lemma"]].add(word["gender"])
    assert all(len(shown) == 1 for shown in genders.values())
    by_word = sum(max(shown.values()) for shown in cases.values()) / sum(
        sum(shown.values()) for shown in cases.values()
    )
    assert by_word < 0.7, "the word alone must not give its case away"


def test_some_words_are_nouns_and_verbs(pairs) -> None:
    both = set(PEOPLE) & set(TRANSITIVE)
    entries = {(word["lemma"], word["upos"]) for example in pairs[0] for word in rows(example)}
    assert len(both) >= 5
    assert all({(lemma, "NOUN"), (lemma, "VERB")} <= entries for lemma in both)


def test_a_translation_is_told_apart_by_its_stems() -> None:
    stems = list(translation._lexicon().values())
    assert len(set(stems)) == len(stems) > 100


def test_who_gives_what_to_whom_is_said_by_case() -> None:
    english, invented = translations(3000)
    place = next(i for i, e in enumerate(english) if "iobj" in e.annotations["deprel"])
    case_of = {word["deprel"]: word["feats"].get("Case") for word in rows(invented[place])}
    assert (case_of["nsubj"], case_of["iobj"], case_of["obj"]) == ("Nom", "Dat", "Acc")


def test_a_number_of_pairs_must_be_one() -> None:
    with pytest.raises(DataError, match=r"n of translations.* must be a whole number, but '9' came"):
        translations("9")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="cannot be split"):
        translations(2)
