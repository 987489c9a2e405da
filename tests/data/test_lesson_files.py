"""Lessons in files: what is written is read again, by us and by the readers of corpora."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import probewidgets as pw
from probewidgets.data.corpus import Corpus, Example, Split
from probewidgets.data.examples import Span, placed
from probewidgets.data.lesson_files import conllu_of, json_lines_of, read_lesson
from probewidgets.data.lessons import NOTHING, Lesson
from probewidgets.errors import StoreError
from tests.data.test_lessons import lesson, unit_of


def again(taught: Lesson, folder: Path) -> Lesson:
    path = folder / "x.jsonl"
    path.write_text(json_lines_of(taught, "began"), "utf-8")
    read, origin = read_lesson(path)
    assert origin == "began"
    return read


def marks(taught: Lesson) -> list[tuple[str | None, ...]]:
    return [sentence.marks for sentence in taught.sentences]


@pytest.mark.parametrize("text", ["The chef brought bread.\n\nA  cook 🍞 ate\u00a0rice, “so”.\n", "", "\n"])
def test_a_lesson_is_read_as_it_was_written(text: str, tmp_path: Path) -> None:
    taught = Lesson("kind", labels=("food", "place or so")).typed(text)
    if taught.places:
        taught = taught.painted([3], "food").painted([0], NOTHING).set_aside(2)
    read = again(taught, tmp_path)
    assert (read.text, read.labels, read.name, read.unit) == (taught.text, taught.labels, "kind", "word")
    assert marks(read) == marks(taught)
    assert [s.forms for s in read.sentences] == [s.forms for s in taught.sentences]
    assert len(read.aside) == len(taught.aside)


def test_sentences_labels_sides_and_annotations_are_read_again(tmp_path: Path) -> None:
    examples = [Example(*placed(["a", str(n)]), {"tag": ("x", None)}, {"kind": "k"}, id=f"s{n}") for n in range(6)]
    corpus = Corpus(tuple(examples), Split((0, 1, 2, 3), (4,), (5,)), "c", "CC0")
    for unit, name in (("word", "tag"), ("sentence", "kind")):
        taught = Lesson.of_corpus(corpus, name, unit)
        assert again(taught, tmp_path).corpus() == taught.corpus()


def test_other_readers_find_what_is_painted(tmp_path: Path) -> None:
    taught = lesson(bread="food", Lisbon="place", The=NOTHING)
    (tmp_path / "x.jsonl").write_text(json_lines_of(taught), "utf-8")
    (tmp_path / "x.conllu").write_text(conllu_of(taught), "utf-8")
    for corpus in (
        pw.read_table(tmp_path / "x.jsonl", label=(), tags="label"),
        pw.read_conllu(tmp_path / "x.conllu"),
    ):
        targets = pw.WordTask("label").targets(corpus)
        assert {target.surface: target.label for target in targets} == {"bread": "food", "Lisbon": "place", "The": "O"}
    assert [example.text for example in pw.read_conllu(tmp_path / "x.conllu")] == taught.text.split("\n")


def test_conllu_is_loaded_corrected_and_written_again(tmp_path: Path) -> None:
    path = tmp_path / "x.conllu"
    path.write_text(conllu_of(lesson(bread="food", Lisbon="place")), "utf-8")
    loaded = Lesson.of_corpus(pw.read_conllu(path), "label")
    assert set(loaded.labels) == {"food", "place"}
    path.write_text(conllu_of(loaded.painted([unit_of(loaded, "bread")], "place")), "utf-8")
    assert {t.surface: t.label for t in pw.WordTask("label").targets(pw.read_conllu(path))} == {
        "bread": "place",
        "Lisbon": "place",
    }


def test_columns_features_and_multiword_tokens_survive_conllu(tmp_path: Path) -> None:
    text = "Il vient du lac (vite)"
    words = (Span(0, 2), Span(3, 8), Span(9, 11), Span(9, 11), Span(12, 15))
    annotations = {
        "upos": ("PRON", "VERB", "ADP", "DET", "NOUN"),
        "feats": (None, "Number=Sing", None, None, "Gender=Masc|Number=Sing"),
        "misc": ("Gloss=he", None, None, None, "SpaceAfter=No|Gloss=lake"),
    }
    corpus = Corpus((Example(text, words, annotations, id="f1"),), Split((0,), (), ()))
    taught = Lesson.of_corpus(corpus, "upos")
    path = tmp_path / "x.conllu"
    path.write_text(conllu_of(taught.painted([4], "VERB")), "utf-8")
    (example,) = pw.read_conllu(path, path, path).examples[:1]
    assert example.text == text and example.words[:5] == words
    assert example.annotations["upos"][:5] == ("PRON", "VERB", "ADP", "DET", "VERB")
    assert example.annotations["feats"][4] == "Gender=Masc|Number=Sing"
    assert example.annotations["misc"][4] == "Gloss=lake"


@pytest.mark.parametrize(
    "content",
    ["", "{", "[1]\n", '{"text": "a"}\n', '{"text": "a b", "words": ["a"], "lesson": {"version": 1}}\n', "\x00\xff"],
)
def test_a_damaged_file_is_refused_with_its_name(content: str, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(content, "utf-8")
    with pytest.raises(StoreError, match=r"x\.jsonl holds no lesson"):
        read_lesson(path)


def test_marks_that_are_not_as_many_as_words_and_other_versions_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    whole = json_lines_of(replace(lesson(bread="food")))
    path.write_text(whole.replace('[null, null, null, "food", null]', '["food"]'), "utf-8")
    with pytest.raises(StoreError, match="1 marks for 5 words"):
        read_lesson(path)
    path.write_text(whole.replace('"version": 1', '"version": 2'), "utf-8")
    with pytest.raises(StoreError, match="version 2"):
        read_lesson(path)
    with pytest.raises(StoreError, match=r"cannot be read"):
        read_lesson(tmp_path / "none.jsonl")
