"""Tasks: words, spans, edges and sentences over one path."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example, Span
from probewidgets.data.readers.conllu import read_conllu
from probewidgets.data.splits import Split
from probewidgets.data.targets import Targets
from probewidgets.data.tasks import EdgeTask, SentenceTask, SpanTask, Task, WordTask
from probewidgets.errors import DataError


def example(text: str, tree: str | None = None, labels: dict[str, object] | None = None, **columns: object) -> Example:
    words, at = [], 0
    for form in text.split():
        at = text.index(form, at)
        words.append(Span(at, at + len(form)))
        at += len(form)
    return Example(text, tuple(words), columns, labels or {}, tree, id=text[:8])  # type: ignore[arg-type]


def corpus(*examples: Example) -> Corpus:
    return Corpus(examples, Split(tuple(range(len(examples))), (), ()), name="toy")


SAW = example(
    "Mia saw  the dogs",
    tree="(S (NP (PROPN Mia)) (VP (VERB saw) (NP (DET the) (NOUN dogs))))",
    labels={"tense": "past", "length": 4},
    upos=("PROPN", "VERB", "DET", "NOUN"),
    feats=("Number=Sing", "Mood=Ind|Number=Sing|Tense=Past", None, "Number=Plur"),
    head=(2, 0, 4, 2),
    deprel=("nsubj", "root", "det", "obj"),
    ner=("B-PER", "O", "B-THE", "I-THE"),
)
GO = example(
    "Dogs go",
    tree="(S (NP (NOUN Dogs)) (VP (VERB go)))",
    labels={"tense": "present"},
    upos=("NOUN", "VERB"),
    feats=("Number=Plur", "Tense=Pres"),
    head=(2, 0),
    deprel=("nsubj", "root"),
    ner=("O", "O"),
)
TOY = corpus(SAW, GO)


def read(task: Task, of: Corpus = TOY) -> list[tuple[str, ...]]:
    """(span, ..., label) of every target, as strings."""
    return [(*(span.of(of[target.example].text) for span in target.spans), target.label) for target in task.targets(of)]


# --- words -----------------------------------------------------------------------------------------------------------


def test_feats_given_as_mappings_read_as_those_given_as_text() -> None:
    dogs = Example("Dogs go", [(0, 4), (5, 7)], {"feats": [{"Number": "Plur"}, {"Tense": "Pres"}]})  # type: ignore[arg-type, dict-item]
    assert read(WordTask("Number"), corpus(dogs)) == read(WordTask("Number"), corpus(GO)) == [("Dogs", "Plur")]


def test_an_annotation_labels_every_word() -> None:
    targets = WordTask("upos").targets(TOY)
    assert read(WordTask("upos")) == [
        ("Mia", "PROPN"), ("saw", "VERB"), ("the", "DET"), ("dogs", "NOUN"), ("Dogs", "NOUN"), ("go", "VERB"),
    ]  # fmt: skip
    assert targets.labels == ("DET", "NOUN", "PROPN", "VERB")
    assert targets.surface == ("Mia", "saw", "the", "dogs", "Dogs", "go")
    assert targets.spans.shape == (6, 1, 2)
    assert targets.example.tolist() == [0, 0, 0, 0, 1, 1]
    assert (targets.task, targets.unit, targets.unlabelled) == ("upos", "word", 0)


def test_a_feats_key_labels_the_words_that_have_it_and_counts_the_others() -> None:
    assert read(WordTask("Number")) == [("Mia", "Sing"), ("saw", "Sing"), ("dogs", "Plur"), ("Dogs", "Plur")]
    assert WordTask("Number").targets(TOY).unlabelled == 2
    assert read(WordTask("Tense")) == [("saw", "Past"), ("go", "Pres")]


def test_an_annotation_comes_before_a_feats_key_of_the_same_name() -> None:
    both = corpus(example("a b", Number=("one", None), feats=("Number=Sing", "Number=Plur")))
    assert read(WordTask("Number"), both) == [("a", "one")]
    assert WordTask("Number").targets(both).unlabelled == 1


def test_a_feats_key_is_a_whole_key() -> None:
    psor = corpus(example("a b c", feats=("Number[psor]=Sing|Case=Nom,Acc", "MyNumber=Plur", "Number=Dual")))
    assert read(WordTask("Number"), psor) == [("c", "Dual")]
    assert read(WordTask("Number[psor]"), psor) == [("a", "Sing")]
    assert read(WordTask("Case"), psor) == [("a", "Nom,Acc")]


def test_examples_without_the_annotation_are_counted_as_unlabelled() -> None:
    mixed = corpus(SAW, example("no labels here"), example("none"))
    assert WordTask("upos").targets(mixed).unlabelled == 4
    assert len(WordTask("Number").targets(mixed)) == 3


def test_an_unknown_column_is_an_error_that_lists_what_there_is() -> None:
    with pytest.raises(DataError) as caught:
        WordTask("pos").targets(TOY)
    assert str(caught.value) == (
        "No word of 'toy' has 'pos'. Annotations: deprel, feats, head, ner, upos. FEATS keys: Mood, Number, Tense. "
        "Did you mean 'upos'?"
    )


def test_a_column_without_a_single_value_is_not_there() -> None:
    with pytest.raises(DataError, match=r"Annotations: none\. FEATS keys: none"):
        WordTask("upos").targets(corpus(example("a b", upos=(None, None))))


def test_the_words_themselves_are_a_task_unless_an_annotation_has_that_name() -> None:
    assert read(WordTask("form"), corpus(GO)) == [("Dogs", "Dogs"), ("go", "go")]
    assert read(WordTask("form"), corpus(example("a b", form=("x", None)))) == [("a", "x")]


def test_every_column_of_conllu_but_the_id_is_a_task_of_the_words_own_lines(tmp_path: Path) -> None:
    rows = [
        "1-2 ab _ _ _ _ _ _ _ Of=Token",
        "1 a A X Y N=1 0 r 0:r M=1",
        "2 b B X Z _ 1 s 1:s M=2",
        "2.1 c C V W _ _ _ 1:t M=3",
    ]
    lines = "".join(row.replace(" ", "\t") + "\n" for row in rows)
    path = tmp_path / "a.conllu"
    path.write_text(lines)
    of = read_conllu(path, path, path)
    labels = {
        name: WordTask(name).targets(of).labels
        for name in ("form", "lemma", "upos", "xpos", "feats", "head", "deprel", "deps", "misc", "N")
    }
    assert labels == {
        "form": ("a", "b"), "lemma": ("A", "B"), "upos": ("X",), "xpos": ("Y", "Z"), "feats": ("N=1",),
        "head": ("0", "1"), "deprel": ("r", "s"), "deps": ("0:r", "1:s"), "misc": ("M=1", "M=2"), "N": ("1",),
    }  # fmt: skip
    with pytest.raises(DataError, match="has 'id'"):
        WordTask("id").targets(of)


@pytest.mark.parametrize("nan", [float("nan"), np.float32("nan")])
def test_a_label_that_is_no_number_is_no_label(nan: float) -> None:
    targets = WordTask("score").targets(corpus(example("a b c", score=(1.5, nan, None))))
    assert (targets.labels, targets.unlabelled) == (("1.5",), 2)
    assert SentenceTask(lambda e: nan if len(e.words) == 2 else "x", name="n").targets(TOY).unlabelled == 1


def test_labels_that_are_no_strings_are_written_out() -> None:
    assert WordTask("head").targets(TOY).labels == ("0", "2", "4")


def test_a_corpus_with_one_label_or_one_sentence_has_targets_all_the_same() -> None:
    targets = WordTask("upos").targets(corpus(example("a", upos=("X",))))
    assert (len(targets), targets.labels) == (1, ("X",))


# --- sentences -------------------------------------------------------------------------------------------------------


def test_a_sentence_task_has_no_span_and_the_whole_text_as_its_surface() -> None:
    targets = SentenceTask("tense").targets(TOY)
    assert read(SentenceTask("tense")) == [("past",), ("present",)]
    assert targets.spans.shape == (2, 0, 2)
    assert targets.surface == ("Mia saw  the dogs", "Dogs go")
    assert targets.unit == "sentence"


def test_sentences_without_the_label_are_counted() -> None:
    targets = SentenceTask("length").targets(TOY)
    assert (targets.labels, targets.unlabelled) == (("4",), 1)


def test_a_function_can_label_sentences() -> None:
    def size(example: Example) -> str | None:
        return "long" if len(example.words) > 2 else None

    assert SentenceTask(size).name == "size"
    assert SentenceTask(size, name="length").targets(TOY).task == "length"
    assert read(SentenceTask(size)) == [("long",)]


def test_an_unknown_sentence_label_is_an_error_that_lists_what_there_is() -> None:
    with pytest.raises(DataError, match=r"no label of a sentence 'mood'\. It has: length, tense"):
        SentenceTask("mood").targets(TOY)


# --- spans -----------------------------------------------------------------------------------------------------------


def test_constituents_are_the_phrases_above_the_words() -> None:
    assert read(SpanTask("constituents")) == [
        ("Mia saw  the dogs", "S"), ("Mia", "NP"), ("saw  the dogs", "VP"), ("the dogs", "NP"),
        ("Dogs go", "S"), ("Dogs", "NP"), ("go", "VP"),
    ]  # fmt: skip
    assert SpanTask() == SpanTask("constituents")
    assert SpanTask().targets(TOY).unit == "span"


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        ("( (S (X a) (X b)))", [("a b", "S")]),
        ("(S\n  (A (B (X a)))\n\t(X b) )", [("a b", "S"), ("a", "A"), ("a", "B")]),
        ("(S a b)", [("a b", "S")]),
        ("(S (X a)) (T (X b))", [("a", "S"), ("b", "T")]),
        ("(S (NP (X a)) (E ) (NP (X b)))", [("a b", "S"), ("a", "NP"), ("b", "NP")]),
        ("(S (NP (E )) (X a) (X b))", [("a b", "S")]),
    ],
)
def test_trees_are_read_however_they_are_written(tree: str, expected: list[tuple[str, str]]) -> None:
    assert read(SpanTask(), corpus(example("a b", tree=tree))) == expected


@pytest.mark.parametrize("tree", ["(S (X a) (X b)", "(S (X a) (X b)))", "S a b)", ")("])
def test_brackets_that_do_not_match_are_an_error(tree: str) -> None:
    with pytest.raises(DataError, match="brackets of its tree do not match"):
        SpanTask().targets(corpus(example("a b", tree=tree)))


def test_a_tree_whose_leaves_are_not_the_words_is_an_error() -> None:
    with pytest.raises(DataError, match="3 leaves for 2 words"):
        SpanTask().targets(corpus(example("a b", tree="(S (X a) (X b) (X c))")))


def test_a_corpus_without_trees_has_no_constituents() -> None:
    with pytest.raises(DataError, match="has a tree"):
        SpanTask().targets(corpus(example("a b")))
    assert len(SpanTask().targets(corpus(example("a b"), GO))) == 3


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("O B-P I-P O B-Q", ["b c=P", "e=Q"]),
        ("B-P B-P I-P I-Q O", ["a=P", "b c=P", "d=Q"]),
        ("I-P I-P O I-P I-P", ["a b=P", "d e=P"]),  # IOB1
        ("B-P E-P S-P B-Q E-Q", ["a b=P", "c=P", "d e=Q"]),  # BIOES
        ("U-P B-P I-P L-P U-P", ["a=P", "b c d=P", "e=P"]),  # BILOU
        ("B-P I-P I-P I-P I-P", ["a b c d e=P"]),
        ("_ B-P-x I-P-x O B-P", ["b c=P-x", "e=P"]),
        ("I-P E-P I-P O L-Q", ["a b=P", "c=P", "e=Q"]),
        ("I-P S-P I-P U-P O", ["a=P", "b=P", "c=P", "d=P"]),
        ("B-P L-P I-P O O", ["a b=P", "c=P"]),
    ],
)
def test_entities_are_read_from_bio_columns_of_all_kinds(column: str, expected: list[str]) -> None:
    toy = corpus(example("a b c d e", ner=tuple(None if tag == "_" else tag for tag in column.split())))
    assert [f"{span}={label}" for span, label in read(SpanTask("ner"), toy)] == expected


def test_entities_of_a_whole_corpus() -> None:
    assert read(SpanTask("ner")) == [("Mia", "PER"), ("the dogs", "THE")]
    assert SpanTask("ner").targets(TOY).task == "ner"


@pytest.mark.parametrize("tag", ["PER", "X-PER", "B-", "B"])
def test_a_column_that_is_not_bio_is_an_error(tag: str) -> None:
    with pytest.raises(DataError, match=f"'ner' of example 'a b' holds '{tag}', expected BIO"):
        SpanTask("ner").targets(corpus(example("a b", ner=("O", tag))))


def test_an_unknown_span_column_is_an_error() -> None:
    with pytest.raises(DataError, match=r"no annotation 'chunk'\. It has: deprel, feats, head, ner, upos"):
        SpanTask("chunk").targets(TOY)


def test_a_function_can_find_spans() -> None:
    def pairs(example: Example) -> Iterator[tuple[Span, str | None]]:
        for left, right in zip(example.words, example.words[1:], strict=False):
            yield Span(left.start, right.end), "the" if "the" in right.of(example.text) else None

    assert read(SpanTask(pairs)) == [("saw  the", "the")]
    assert SpanTask(pairs).targets(TOY).unlabelled == 3


def test_a_span_outside_its_text_is_an_error_that_names_the_example() -> None:
    with pytest.raises(DataError, match=r"\[0, 99\) ends after the text of example 'Mia saw "):
        SpanTask(lambda example: [(Span(0, 99), "X")], name="bad").targets(TOY)


# --- edges -----------------------------------------------------------------------------------------------------------


def test_an_edge_goes_from_the_modifier_to_its_head_and_the_root_is_none() -> None:
    assert read(EdgeTask("deprel")) == [
        ("Mia", "saw", "nsubj"), ("the", "dogs", "det"), ("dogs", "saw", "obj"), ("Dogs", "go", "nsubj"),
    ]  # fmt: skip
    targets = EdgeTask().targets(TOY)
    assert targets.spans.shape == (4, 2, 2)
    assert targets.surface == ("Mia", "the", "dogs", "Dogs")
    assert (targets.task, targets.unit, targets.unlabelled) == ("deprel", "edge", 0)


def test_words_without_a_head_or_a_relation_are_counted() -> None:
    toy = corpus(example("a b c d", head=(2, 0, None, 2), deprel=("x", "root", "y", None)))
    assert read(EdgeTask(), toy) == [("a", "b", "x")]
    assert EdgeTask().targets(toy).unlabelled == 2


@pytest.mark.parametrize("head", [3, -1])
def test_a_head_that_is_no_word_is_an_error(head: int) -> None:
    with pytest.raises(DataError, match=f"the head {head} is none of its 2 words"):
        EdgeTask().targets(corpus(example("a b", head=(head, 0), deprel=("x", "root"))))


def test_edges_need_heads() -> None:
    with pytest.raises(DataError, match=r"no annotation 'head'\. It has: deprel"):
        EdgeTask().targets(corpus(example("a b", deprel=("x", "root"))))


def test_a_function_can_find_edges() -> None:
    def ends(example: Example) -> Iterator[tuple[Span, Span, str]]:
        yield example.words[0], example.words[-1], "ends"

    assert read(EdgeTask(ends)) == [("Mia", "dogs", "ends"), ("Dogs", "go", "ends")]


def test_spans_that_a_function_finds_may_be_pairs() -> None:
    assert read(SpanTask(lambda e: [((0, 1), "x"), [(np.int64(1), 2), "y"]], name="s"), corpus(GO)) == [
        ("D", "x"),
        ("o", "y"),
    ]
    assert read(EdgeTask(lambda e: [((0, 1), Span(1, 2), "x")], name="e"), corpus(GO)) == [("D", "o", "x")]


@pytest.mark.parametrize(
    ("task", "message"),
    [
        (SpanTask(lambda e: None, name="t"), r"must give \(span, label\) pairs, \[\] where there are none; None came"),
        (SpanTask(lambda e: [Span(0, 1)], name="t"), r"pairs, but Span\(start=0, end=1\) is among them"),
        (SpanTask(lambda e: [(0, 1, "x")], name="t"), r"pairs, but \(0, 1, 'x'\) is among them"),
        (SpanTask(lambda e: [(0, 1)], name="t"), r"must be a Span or a \(start, end\) pair .* but 0 came"),
        (SpanTask(lambda e: [("ab", "x")], name="t"), "must be a Span or .* but 'ab' came"),
        (SpanTask(lambda e: [((1, 0), "x")], name="t"), "0 <= start <= end"),
        (EdgeTask(lambda e: None, name="t"), r"must give \(modifier, head, label\) triples"),
        (EdgeTask(lambda e: [((0, 1), "x")], name="t"), r"triples, but \(\(0, 1\), 'x'\) is among them"),
    ],
)  # fmt: skip
def test_what_a_function_should_not_give_is_an_error_that_says_what_it_should(task: Task, message: str) -> None:
    with pytest.raises(DataError, match=message):
        task.targets(TOY)


@pytest.mark.parametrize("make", [SentenceTask, SpanTask, EdgeTask])
@pytest.mark.parametrize("source", [3, None, ["upos"]])
def test_a_source_that_is_neither_a_name_nor_a_function_is_an_error(make: Callable[..., Task], source: object) -> None:
    with pytest.raises(
        DataError, match=rf"{make.__name__} takes the name of a label or of an annotation, or a function"
    ):
        make(source)
    with pytest.raises(DataError, match="WordTask takes the name of a column"):
        WordTask(source)  # type: ignore[arg-type]


# --- all of them -----------------------------------------------------------------------------------------------------

ALL: list[Task] = [WordTask("upos"), SentenceTask("tense"), SpanTask("ner"), EdgeTask()]


@pytest.mark.parametrize("task", ALL)
def test_every_task_speaks_of_the_corpus_it_was_given(task: Task) -> None:
    targets = task.targets(TOY)
    assert isinstance(targets, Targets)
    assert (targets.task, targets.unit) == (task.name, task.unit)
    assert list(targets.labels) == sorted(set(targets.labels))
    assert set(targets.y.tolist()) == set(range(len(targets.labels)))
    for target in targets:
        text = TOY[target.example].text
        assert target.surface == (target.spans[0].of(text) if target.spans else text)
    for column in (targets.example, targets.spans, targets.y):
        assert column.dtype == np.int64


@pytest.mark.parametrize("task", ALL)
def test_a_task_is_a_value_on_one_line(task: Task) -> None:
    assert task == dataclasses.replace(task)  # type: ignore[type-var]
    assert "\n" not in repr(task)
    with pytest.raises(dataclasses.FrozenInstanceError):
        task.name = "other"  # type: ignore[misc]


def nothing(example: Example) -> Iterator[tuple[Span, str]]:
    yield from ()


@pytest.mark.parametrize("task", [SentenceTask(lambda example: None, name="none"), SpanTask(nothing, name="none")])
def test_a_task_that_labels_nothing_is_an_error(task: Task) -> None:
    with pytest.raises(DataError, match="'none' labels nothing: 'toy' has 2 sentence"):
        task.targets(TOY)


@pytest.mark.parametrize("task", ALL)
def test_an_empty_corpus_is_an_error(task: Task) -> None:
    with pytest.raises(DataError, match="'toy'"):
        task.targets(corpus())


# --- several labels at once, and numbers -----------------------------------------------------------------------------


def test_lists_of_labels_are_multi_label() -> None:
    task = SpanTask(lambda e: [(e.words[0], ["animate", "proper"] if e is SAW else [])], name="kind")
    targets = task.targets(TOY)
    assert (targets.kind, targets.labels) == ("labels", ("animate", "proper"))
    assert targets.y.tolist() == [[True, True], [False, False]]
    assert [target.label for target in targets] == [("animate", "proper"), ()]
    assert targets.take(np.array([1])).y.tolist() == [[False, False]]


def test_one_label_among_lists_is_named() -> None:
    task = SpanTask(lambda e: [(e.words[0], ["animate"] if e is SAW else "proper")], name="kind")
    with pytest.raises(DataError, match=r"example 'Dogs go': one label came, 'proper', and a list before it"):
        task.targets(TOY)
    with pytest.raises(DataError, match="All lists of labels are empty"):
        SpanTask(lambda e: [(e.words[0], [])], name="kind").targets(TOY)


def test_a_regression_has_numbers() -> None:
    targets = SentenceTask(lambda e: len(e.words), name="length", regression=True).targets(TOY)
    assert (targets.kind, targets.labels, targets.y.tolist()) == ("number", (), [4.0, 2.0])
    assert targets[0].label == 4.0
    assert repr(targets) == "Targets('length': 2 sentences, numbers from 2 to 4)"
    assert SentenceTask(lambda e: "1e-3", name="text", regression=True).targets(TOY).y.tolist() == [0.001, 0.001]


@pytest.mark.parametrize("label", ["many", float("inf"), True, np.False_])
def test_a_regression_needs_numbers(label: object) -> None:
    with pytest.raises(DataError, match="'Mia saw ': a regression predicts finite numbers"):
        SentenceTask(lambda e: label, name="length", regression=True).targets(TOY)


def test_columns_of_targets_fit_their_labels() -> None:
    targets = WordTask("upos").targets(TOY)
    with pytest.raises(DataError, match="a column for each of the 4 labels"):
        dataclasses.replace(targets, y=np.zeros((len(targets), 2), dtype=bool))
    with pytest.raises(DataError, match="must be finite"):
        dataclasses.replace(targets, y=np.full(len(targets), np.nan))


def test_labels_that_are_numbers_are_in_their_order() -> None:
    counts = SentenceTask(lambda e: 10 if e is SAW else 9, name="count").targets(TOY)
    assert counts.labels == ("9", "10")
    assert SentenceTask(lambda e: "10" if e is SAW else "9 or less", name="count").targets(TOY).labels[0] == "10"


# --- names that are not there ----------------------------------------------------------------------------------------

MARKED = dataclasses.replace(SAW, spans={"entities": [((0, 3), "PER")]}, labels={"sentiment": "good", "tense": "past"})


@pytest.mark.parametrize(
    ("task", "message"),
    [
        (WordTask("POS"), r"Did you mean 'upos'\?"),
        (WordTask("UPOS"), r"Did you mean 'upos'\?"),
        (WordTask("number"), r"Did you mean 'Number'\?"),
        (WordTask("dep"), r"Did you mean 'deprel'\?"),
        (WordTask("uops"), r"Did you mean 'upos'\?"),
        (WordTask("word"), r"Did you mean 'form'\?"),
        (WordTask("sentiment"), r"It is a label of sentences: use SentenceTask\('sentiment'\)"),
        (WordTask("entities"), r"It is of spans: use SpanTask\('entities'\)"),
        (WordTask("constituents"), r"use SpanTask\('constituents'\)"),
        (WordTask("sentimnet"), r"Did you mean SentenceTask\('sentiment'\)\?"),
        (SentenceTask("upos"), r"It is an annotation of words: use WordTask\('upos'\)"),
        (SentenceTask("entities"), r"It is of spans: use SpanTask\('entities'\)"),
        (SentenceTask("sentimnet"), r"It has: sentiment, tense\. Did you mean 'sentiment'\?"),
        (SpanTask("sentiment"), r"It is a label of sentences: use SentenceTask\('sentiment'\)"),
        (SpanTask("NER"), r"Did you mean 'ner'\?"),
        (SpanTask("upos"), r"expected BIO labels .* For a label on every word, use WordTask\('upos'\)"),
        (SpanTask("entity"), r"Did you mean 'entities'\?|Did you mean 'ner'\?"),
        (EdgeTask("relation"), r"Did you mean 'deprel'\?"),
        (EdgeTask("tense"), r"It is a label of sentences: use SentenceTask\('tense'\)"),
    ],
)
def test_a_name_that_is_not_there_says_which_one_may_be_meant(task: Task, message: str) -> None:
    with pytest.raises(DataError, match=message):
        task.targets(corpus(MARKED, GO))


def test_nothing_is_guessed_where_nothing_is_like_it() -> None:
    with pytest.raises(DataError) as caught:
        WordTask("zzz").targets(TOY)
    assert "mean" not in str(caught.value) and "use " not in str(caught.value)


# --- functions of words, and spans that were marked ------------------------------------------------------------------


def test_a_function_can_label_words() -> None:
    def capital(example: Example) -> list[str | None]:
        return [None if form == "saw" else str(form.istitle()) for form in example.forms]

    assert read(WordTask(capital)) == [
        ("Mia", "True"), ("the", "False"), ("dogs", "False"), ("Dogs", "True"), ("go", "False"),
    ]  # fmt: skip
    assert WordTask(capital).targets(TOY).unlabelled == 1
    assert (WordTask(capital).name, WordTask(capital, name="case").name) == ("capital", "case")
    lengths = WordTask(lambda example: np.array([len(form) for form in example.forms]), regression=True, name="length")
    assert lengths.targets(TOY).y.tolist() == [3, 3, 3, 4, 4, 2]
    assert (WordTask("upos", name="pos").name, WordTask("upos").name) == ("pos", "upos")


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (
            lambda word: word[0].isupper(),
            r"the function failed \(TypeError.* is given an Example, and must give one label",
        ),
        (lambda word: word.isupper(), r"the function failed \(AttributeError"),
        (lambda example: "X", r"must give one label for each word, such as lambda example: .*; 'X' came"),
        (lambda example: True, r"must give one label .*; True came"),
        (lambda example: ["X"], r"example 'Mia saw ': the function gave 1 label\(s\) for 4 word\(s\)"),
    ],
)
def test_a_function_that_does_not_label_words_is_an_error(function: Callable[..., object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        WordTask(function, name="t").targets(TOY)  # type: ignore[arg-type]


def test_spans_that_were_marked_are_a_task_by_their_name() -> None:
    overlapping = Example(
        "Ana Lund flew", spans={"ner": [((0, 3), "PER"), (Span(0, 8), "NAME")], "verbs": [((9, 13), "V")]}, id="a"
    )
    assert read(SpanTask("ner"), corpus(overlapping)) == [("Ana", "PER"), ("Ana Lund", "NAME")]
    assert read(SpanTask("verbs"), corpus(overlapping)) == [("flew", "V")]
    assert "ner, verbs" in repr(overlapping)
    assert dataclasses.replace(overlapping, id="b").spans == overlapping.spans


@pytest.mark.parametrize(
    ("spans", "message"),
    [
        ([((0, 9), "X")], r"'a': spans 'ner': \[0, 9\) is empty, or ends after the text of 3 characters"),
        ([((1, 1), "X")], r"\[1, 1\) is empty"),
        ([(0, 1, "X")], r"must be \(span, label\) pairs, but \(0, 1, 'X'\)"),
        ([("ab", "X")], "must be a Span or a"),
        ("ab", "must be a sequence"),
    ],
)
def test_spans_outside_their_text_are_refused(spans: object, message: str) -> None:
    with pytest.raises(DataError, match=message):
        Example("Ana", spans={"ner": spans}, id="a")  # type: ignore[dict-item]
    with pytest.raises(DataError, match="spans must be a mapping"):
        Example("Ana", spans=[((0, 1), "X")])  # type: ignore[arg-type]
