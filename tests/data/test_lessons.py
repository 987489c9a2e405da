"""Lessons: what is painted stays on words that stay, whatever becomes of the text around them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probewidgets.data.corpus import Corpus, Example, Split
from probewidgets.data.examples import placed
from probewidgets.data.lessons import NOTHING, Lesson
from probewidgets.data.tasks import SentenceTask, WordTask
from probewidgets.errors import DataError

TEXT = "The chef brought bread.\nIn Lisbon my aunt sells fish.\nA cook ate rice."


def lesson(text: str = TEXT, **paint: str) -> Lesson:
    """A lesson in which words carry labels."""
    labels = tuple(dict.fromkeys(label for label in paint.values() if label != NOTHING))
    taught = Lesson(labels=labels or ("food",)).typed(text)
    for form, label in paint.items():
        taught = taught.painted([unit_of(taught, form)], label)
    return taught


def unit_of(taught: Lesson, form: str) -> int:
    return next(unit for s in taught.sentences for unit, each in zip(s.ids, s.forms, strict=True) if each == form)


def painted(taught: Lesson) -> dict[str, str]:
    return {
        form: mark for s in taught.sentences for form, mark in zip(s.forms, s.marks, strict=True) if mark is not None
    }


def test_nothing_here_is_a_mark_and_untouched_is_none() -> None:
    taught = lesson(bread="food", The=NOTHING)
    assert taught.n_painted == 2
    assert taught.corpus()[0].annotations["label"] == (NOTHING, None, None, "food", None)
    assert taught.painted([unit_of(taught, "The")], None).n_painted == 1


@pytest.mark.parametrize(
    "text",
    [
        "The old chef, who was late, brought the bread.\nIn Lisbon my aunt sells fish.",
        "The chef brought bread. In Lisbon my aunt sells fish.",
        "The chef\nbrought bread\nIn Lisbon my aunt\nsells fish",
        "In Lisbon my aunt sells fish.\nThe chef brought bread.",
        "\n\n  The chef brought bread.  \n\nIn Lisbon my aunt sells fish.\n",
        "In Lisbon my aunt sells fish.\nIn Lisbon my aunt sells fish.\nNo, the chef brought bread.",
    ],
)
def test_paint_stays_on_words_that_stay(text: str) -> None:
    before = lesson(bread="food", Lisbon="place", aunt="person")
    after = before.typed(text)
    assert painted(after) == {"bread": "food", "Lisbon": "place", "aunt": "person"}
    assert {form: unit_of(after, form) for form in painted(after)} == {
        form: unit_of(before, form) for form in painted(before)
    }


def test_paint_goes_with_its_word() -> None:
    assert painted(
        lesson(bread="food", Lisbon="place").typed("The chef brought cake.\nIn Lisbon my aunt sells fish.")
    ) == {"Lisbon": "place"}


@given(st.lists(st.lists(st.sampled_from(["a", "b", "c d", "", "  ", "e."]), max_size=4).map(" ".join), max_size=5))
def test_whatever_is_typed_units_have_ids_of_their_own_and_the_text_stays_as_typed(lines: list[str]) -> None:
    taught = lesson("a b c\nb c d.\na b c", a="food")
    for text in ("\n".join(lines), "a b\nb c d.\n", "\n".join(reversed(lines))):
        taught = taught.typed(text)
        ids = [unit for unit, _ in taught.units]
        assert len(set(ids)) == len(ids)
        assert max(ids, default=-1) < taught.next_id
        assert taught.text == text
        assert [s.line for s in taught.sentences] == [line.strip() for line in text.split("\n") if line.strip()]


def test_a_sentence_keeps_its_label_while_half_of_its_words_stay() -> None:
    taught = Lesson(unit="sentence", labels=("good", "bad")).typed("I like it a lot\nI hate it")
    taught = taught.painted([taught.sentences[0].ids[0]], "good").painted([taught.sentences[1].ids[0]], "bad")
    edited = taught.typed("I really like it a lot\nShe went home early")
    assert [s.marks for s in edited.sentences] == [("good",), (None,)]
    assert SentenceTask("label").targets(edited.corpus()).labels == ("good",)


def test_a_corpus_is_corrected_and_keeps_what_else_it_says() -> None:
    text, words = placed(["They", "can", "fish"])
    example = Example(text, words, {"upos": ("PRON", "AUX", "NOUN"), "lemma": ("they", "can", "fish")})
    taught = Lesson.of_corpus(Corpus((example,), Split((0,), (), ()), "mine", "CC0"), "upos")
    assert taught.labels == ("AUX", "NOUN", "PRON")
    corpus = taught.with_label("VERB").painted([unit_of(taught, "fish")], "VERB").corpus()
    assert corpus[0].annotations == {"upos": ("PRON", "AUX", "VERB"), "lemma": ("they", "can", "fish")}
    assert (corpus.name, corpus.licence) == ("mine", "CC0")


def test_only_painted_words_are_targets_and_every_side_has_some() -> None:
    text = "\n".join(f"The cook number {n} ate rice and bread." for n in range(12))
    taught = Lesson(labels=("food",)).typed(text)
    for sentence in taught.sentences[:6]:
        taught = taught.painted([sentence.ids[5]], "food").painted([sentence.ids[0]], NOTHING)
    corpus = taught.corpus()
    targets = WordTask("label").targets(corpus)
    assert len(targets) == 12 and targets.labels == ("O", "food")
    for _, rows in corpus.split.items():
        assert set(rows) & set(targets.example.tolist())


def test_the_sides_of_a_corpus_stay_where_something_is_painted_on_each() -> None:
    examples = [Example(*placed(["a", str(n)]), {"tag": ("x", None)}) for n in range(6)]
    corpus = Corpus(tuple(examples), Split((0, 1, 2, 3), (4,), (5,)))
    assert Lesson.of_corpus(corpus, "tag").corpus().split == corpus.split


def test_a_label_that_goes_takes_its_paint_along() -> None:
    taught = lesson(bread="food", Lisbon="place").without_label("food")
    assert painted(taught) == {"Lisbon": "place"} and taught.labels == ("place",)


def test_a_label_that_is_renamed_keeps_its_place_and_its_paint() -> None:
    before = lesson(bread="food", fish="food", Lisbon="place", The=NOTHING)
    after = before.renamed("food", "meal")
    assert after.labels == ("meal", "place")
    assert painted(after) == {"bread": "meal", "fish": "meal", "Lisbon": "place", "The": NOTHING}
    assert [s.ids for s in after.sentences] == [s.ids for s in before.sentences]
    assert after.renamed("meal", "food") == before
    assert before.renamed("food", "food") == before
    assert set(after.corpus()[0].annotations["label"]) == {NOTHING, None, "meal"}


def test_two_labels_are_not_made_one_and_what_is_no_name_is_refused() -> None:
    taught = lesson(bread="food", Lisbon="place")
    with pytest.raises(
        DataError, match=r"There is a label 'place' already, .* could not be told apart again\. Use another"
    ):
        taught.renamed("food", "place")
    with pytest.raises(DataError, match=r"no label 'drink', only \['food', 'place'\]"):
        taught.renamed("drink", "meal")
    for name in ("", "a|b", "O", "nothing"):
        with pytest.raises(DataError, match="A label"):
            taught.renamed("food", name)


@pytest.mark.parametrize("name", ["", " food", "a|b", "O", "nothing", "Nothing", "_", "x" * 41, "a\nb", 7])
def test_what_is_no_name_of_a_label_is_refused(name: object) -> None:
    with pytest.raises(DataError, match="label"):
        lesson().with_label(name)  # type: ignore[arg-type]


def test_bad_lessons_and_strokes_are_refused() -> None:
    with pytest.raises(DataError, match=r"no label 'drink', only \['food'\]"):
        lesson().painted([0], "drink")
    with pytest.raises(DataError, match="gone"):
        lesson().painted([999], "food")
    with pytest.raises(DataError, match="unit must be"):
        Lesson(unit="token")
    with pytest.raises(DataError, match="'='"):
        Lesson(name="a=b")
