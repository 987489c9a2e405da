"""Examples, spans, splits and the corpus that holds them."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example, Span
from probewidgets.data.splits import Split, normalised
from probewidgets.data.targets import Target, Targets
from probewidgets.errors import DataError


def example(text: str, **labels: object) -> Example:
    words, at = [], 0
    for form in text.split():
        at = text.index(form, at)
        words.append(Span(at, at + len(form)))
        at += len(form)
    return Example(text, tuple(words), labels=labels)


def corpus(*sides: list[str]) -> Corpus:
    examples = tuple(example(text) for side in sides for text in side)
    indices, start = [], 0
    for side in sides:
        indices.append(tuple(range(start, start + len(side))))
        start += len(side)
    return Corpus(examples, Split(*indices), name="toy", licence="CC0")


# --- spans and examples ----------------------------------------------------------------------------------------------


def test_a_span_reads_its_characters() -> None:
    assert Span(4, 8).of("The cats sat") == "cats"


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2)])
def test_a_span_that_runs_backwards_is_an_error(start: int, end: int) -> None:
    with pytest.raises(DataError, match="start <= end"):
        Span(start, end)


def test_an_example_knows_its_forms() -> None:
    assert example("The cats sat").forms == ("The", "cats", "sat")


def test_a_word_outside_the_text_is_an_error_that_names_the_example() -> None:
    with pytest.raises(DataError, match=r"'s1'.*\[4, 9\)"):
        Example("The cat", (Span(0, 3), Span(4, 9)), id="s1")


def test_an_annotation_has_one_value_per_word() -> None:
    with pytest.raises(DataError, match=r"'upos' has 1 values for 2 words"):
        Example("The cat", (Span(0, 3), Span(4, 7)), {"upos": ("DET",)})


@pytest.mark.parametrize("value", [Span(0, 1), example("a"), Split((), (), ()), corpus(["a"], ["b"], ["c"])])
def test_values_cannot_be_changed(value: object) -> None:
    field = dataclasses.fields(value)[0].name  # type: ignore[arg-type]
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, field, None)


def test_words_may_be_pairs_and_annotations_lists() -> None:
    words = [(0, 3), np.array([4, 8])]
    example = Example("The cats", words, {"upos": ["DET", "NOUN"]})  # type: ignore[arg-type]
    assert example == Example("The cats", (Span(0, 3), Span(4, 8)), {"upos": ("DET", "NOUN")})
    assert (example.forms, example.annotations["upos"]) == (("The", "cats"), ("DET", "NOUN"))


def test_an_example_is_not_changed_by_what_it_was_made_from() -> None:
    columns = {"upos": ["DET"]}
    example = Example("The", [(0, 3)], columns)  # type: ignore[arg-type]
    columns["upos"][0] = columns["xpos"] = "?"  # type: ignore[assignment]
    assert example.annotations == {"upos": ("DET",)}


@pytest.mark.parametrize(
    "write",
    [
        lambda given: given.__setitem__("upos", ("X",)),
        lambda given: given.__delitem__("upos"),
        lambda given: given.update(upos=("X",)),
        lambda given: given.__ior__({"upos": ("X",)}),
        lambda given: given.pop("upos"),
        lambda given: given.popitem(),
        lambda given: given.setdefault("xpos", ("X",)),
        lambda given: given.clear(),
    ],
)
def test_the_mappings_of_an_example_cannot_be_written_to(write: Callable[[Any], object]) -> None:
    example = Example("a", [(0, 1)], {"upos": ["DET"]}, {"upos": "b"})  # type: ignore[arg-type, dict-item]
    for mapping in (example.annotations, example.labels):
        with pytest.raises(TypeError, match="An Example cannot be changed: make another one with"):
            write(mapping)
    assert (example.annotations, example.labels) == ({"upos": ("DET",)}, {"upos": "b"})


def test_an_example_can_be_hashed_copied_pickled_and_made_a_dict_of() -> None:
    example = Example("a b", [(0, 1), (2, 3)], {"upos": ["X", None]}, {"list": [1]}, "(S a b)", "s1")  # type: ignore[arg-type, dict-item]
    for other in (
        pickle.loads(pickle.dumps(example)),
        copy.deepcopy(example),
        copy.copy(example),
        dataclasses.replace(example),
    ):
        assert other == example
        assert hash(other) == hash(example)
        with pytest.raises(TypeError, match="cannot be changed"):
            other.annotations["upos"] = ()
    assert len({example, dataclasses.replace(example, labels={}), dataclasses.replace(example)}) == 2
    assert dataclasses.asdict(example)["annotations"] == {"upos": ("X", None)}
    assert json.loads(json.dumps(example.labels)) == {"list": [1]}
    assert len({corpus(["a"], ["b"], ["c"]), corpus(["a"], ["b"], ["c"])}) == 1


@pytest.mark.parametrize(
    "words", [["The"], [0, 3], [(0, 3, 4)], [(0.0, 3.0)], ["03"], [None], "The", 3, {"The": (0, 3)}, [("0", "3")]]
)
def test_words_that_are_no_spans_are_an_error_that_says_what_is_expected(words: object) -> None:
    with pytest.raises(DataError, match=r"'s1'.*(a Span or a \(start, end\) pair|one item per word)"):
        Example("The cats", words, id="s1")  # type: ignore[arg-type]


@pytest.mark.parametrize("values", ["NN", 2, None, {"DET": 1, "NOUN": 2}])
def test_an_annotation_that_is_no_sequence_is_an_error(values: object) -> None:
    with pytest.raises(DataError, match=r"annotation 'upos' must be a sequence with one item per word"):
        Example("a b", [(0, 1), (2, 3)], {"upos": values})  # type: ignore[arg-type, dict-item]


@pytest.mark.parametrize("annotations", [None, ["DET"], "upos"])
def test_annotations_are_a_mapping(annotations: object) -> None:
    with pytest.raises(DataError, match="annotations must be a mapping"):
        Example("a", [(0, 1)], annotations)  # type: ignore[arg-type]
    with pytest.raises(DataError, match="labels must be a mapping"):
        Example("a", labels=annotations)  # type: ignore[arg-type]


def test_feats_may_be_mappings() -> None:
    feats = [{"Person": 3, "Number": "Sing", "Case": None}, {}, None, "Tense=Past"]
    example = Example("a b c d", [(0, 1), (2, 3), (4, 5), (6, 7)], {"feats": feats})  # type: ignore[arg-type, dict-item]
    assert example.annotations["feats"] == ("Number=Sing|Person=3", None, None, "Tense=Past")


def test_feats_that_are_neither_are_an_error() -> None:
    with pytest.raises(DataError, match=r"'s1': feats must be 'Number=Sing\|Person=3', a mapping or None"):
        Example("a", [(0, 1)], {"feats": [["Number"]]}, id="s1")  # type: ignore[arg-type, dict-item]


def test_half_a_character_is_an_error_that_names_the_example() -> None:
    with pytest.raises(DataError, match=r"'s1': character 2 .* lone surrogate '\\ud83d'"):
        Example("ab\ud83d", id="s1")
    assert Example("ab\U0001f600").text == "ab\U0001f600"


@pytest.mark.parametrize("text", [None, 5, b"x"])
def test_a_text_that_is_no_string_is_an_error(text: object) -> None:
    with pytest.raises(DataError, match="text must be a string"):
        Example(text)  # type: ignore[arg-type]


# --- splits ----------------------------------------------------------------------------------------------------------


def test_no_example_stands_on_two_sides() -> None:
    with pytest.raises(DataError, match="Example 1 is in both train and test"):
        Split((0, 1), (2,), (1,))


def test_a_seeded_split_never_puts_an_example_on_two_sides_and_loses_none() -> None:
    texts = [f"sentence {i % 37}" for i in range(50)]
    for seed in range(1000):
        split = Split.seeded(texts, seed)
        assert sorted(split.train + split.dev + split.test) == list(range(50))


@settings(deadline=None)
@given(st.lists(st.sampled_from(["a b", "A  b", " a b ", "c", "C ", "d", "e", "f"]), min_size=5), st.integers(0, 99))
def test_equal_sentences_land_on_one_side(texts: list[str], seed: int) -> None:
    if len({normalised(text) for text in texts}) < 3:
        with pytest.raises(DataError, match="at least 3"):
            Split.seeded(texts, seed)
        return
    side_of: dict[str, str] = {}
    for side, indices in Split.seeded(texts, seed).items():
        assert indices
        for i in indices:
            assert side_of.setdefault(normalised(texts[i]), side) == side


def test_a_seeded_split_is_about_70_15_15_and_follows_its_seed() -> None:
    texts = [str(i) for i in range(1000)]
    split = Split.seeded(texts, 3)
    assert [len(indices) for _, indices in split.items()] == [700, 150, 150]
    assert split == Split.seeded(texts, 3)
    assert split != Split.seeded(texts, 4)


@pytest.mark.parametrize(("dev", "test"), [(0.5, 0.5), (0.0, 0.2), (0.2, 1.0), (0.49, 0.5)])
def test_shares_that_leave_no_train_are_an_error(dev: float, test: float) -> None:
    with pytest.raises(DataError, match="train"):
        Split.seeded(["a", "b", "c"], dev=dev, test=test)


def test_a_split_names_only_examples_that_are_there() -> None:
    with pytest.raises(DataError, match="test side of the split names example 7"):
        Corpus((example("a"),), Split((0,), (), (7,)))


# --- corpus ----------------------------------------------------------------------------------------------------------


def test_a_corpus_says_in_one_line_what_it_is() -> None:
    toy = corpus(["The cats sat", "b"], ["c"], ["d"])
    assert repr(toy) == "Corpus('toy': 2 / 1 / 1 sentences (train / dev / test), 6 words, CC0)"
    assert "no licence line" in repr(dataclasses.replace(toy, licence=""))
    assert len(toy) == 4
    assert repr(toy[0]) == "Example('The cats sat': 3 words)"
    assert repr(Example("Hi", ((0, 2),), {"upos": ("INTJ",)}, tree="(X Hi)")) == "Example('Hi': 1 word; upos, tree)"
    assert toy[0] is next(iter(toy))


def test_overlap_counts_repeated_sentences_and_unseen_words() -> None:
    overlap = corpus(["The cat sat", "a dog"], ["A  dog"], ["the cat", "The cat sat", "The dog ran ran"]).overlap()
    assert overlap.duplicates == 2
    assert overlap.examples == ("A  dog", "The cat sat")
    assert (overlap.test_in_train, overlap.dev_in_test) == (1, 0)
    # test: the cat | The cat sat | The dog ran ran; `the` and `ran` are not in train (case counts)
    assert overlap.unseen_tokens == pytest.approx(3 / 9)
    assert overlap.unseen_types == pytest.approx(2 / 6)
    assert str(overlap) == (
        "2 dev/test sentence(s) also in train (1 of test); 0 dev sentence(s) also in test; "
        "33.3% of test words (33.3% of types) unseen in train"
    )


def test_overlap_counts_the_dev_sentences_that_stand_in_test() -> None:
    overlap = corpus(["a b"], ["c d", "C  d", "e", "a b"], ["c D", "f"]).overlap()
    assert (overlap.duplicates, overlap.test_in_train, overlap.dev_in_test) == (1, 0, 2)
    assert "2 dev sentence(s) also in test" in str(overlap)


def test_overlap_of_an_empty_test_side_is_undefined_and_does_not_crash() -> None:
    overlap = corpus(["a"], ["b"], []).overlap()
    assert overlap.duplicates == 0
    assert np.isnan(overlap.unseen_tokens)


# --- targets ---------------------------------------------------------------------------------------------------------


def toy_targets() -> Targets:
    return Targets(
        task="upos",
        unit="word",
        example=np.array([0, 0, 1]),
        spans=np.array([[[0, 3]], [[4, 8]], [[0, 1]]]),
        surface=("The", "cats", "I"),
        y=np.array([0, 1, 2]),
        labels=("DET", "NOUN", "PRON"),
    )


def test_targets_read_back_as_single_targets() -> None:
    targets = toy_targets()
    assert targets[1] == Target(0, (Span(4, 8),), "cats", "NOUN")
    assert [target.label for target in targets] == ["DET", "NOUN", "PRON"]
    assert repr(targets) == "Targets('upos': 3 words, 3 labels)"


def test_taking_rows_keeps_the_columns_together_and_the_label_set_whole() -> None:
    chosen = toy_targets().take(np.array([2, 0]))
    assert [target.surface for target in chosen] == ["I", "The"]
    assert [target.label for target in chosen] == ["PRON", "DET"]
    assert chosen.labels == toy_targets().labels
    assert len(chosen.take(np.array([], dtype=np.int64))) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"surface": ("The",)},
        {"y": np.array([0, 1])},
        {"y": np.array([0, 1, 3])},
        {"y": np.array([-1, 1, 2])},
        {"spans": np.zeros((3, 1), dtype=np.int64)},
    ],
)
def test_columns_that_do_not_agree_are_an_error(change: dict[str, object]) -> None:
    with pytest.raises(DataError):
        dataclasses.replace(toy_targets(), **change)


# --- groups ----------------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abcdefghijkl"), st.sampled_from([*range(8), None])), min_size=12, max_size=60),
    st.integers(0, 5),
)
def test_groups_and_equal_texts_stand_on_one_side(rows: list[tuple[str, int | None]], seed: int) -> None:
    rows += [("x", 10), ("y", 11), ("z", None)]  # three of them at least
    split = Split.seeded([text for text, _ in rows], seed, groups=[group for _, group in rows])
    side_of = {i: side for side, indices in split.items() for i in indices}
    assert sorted(side_of) == list(range(len(rows))) and all(indices for _, indices in split.items())
    for key in range(2):
        sides: dict[object, set[str]] = {}
        for i, row in enumerate(rows):
            sides.setdefault(row[key], set()).add(side_of[i])
        assert all(len(names) == 1 for value, names in sides.items() if value is not None)


def test_a_split_by_groups_has_about_its_shares_of_the_examples_and_follows_its_seed() -> None:
    texts, groups = [f"t{i}" for i in range(1000)], [i // 7 for i in range(1000)]
    split = Split.seeded(texts, groups=groups)
    assert [len(side) for _, side in split.items()] == pytest.approx([700, 150, 150], abs=10)
    assert split != Split.seeded(texts, 1, groups=groups)
    assert split == Split.seeded(texts, groups=[f"g{group}" for group in groups])


def test_a_few_large_groups_leave_something_to_every_side() -> None:
    split = Split.seeded([f"t{i}" for i in range(30)], groups=[i // 10 for i in range(30)])
    assert [len(side) for _, side in split.items()] == [10, 10, 10]
    with pytest.raises(DataError, match=r"2 different group\(s\) cannot be split"):
        Split.seeded(["a", "b", "c", "d"], groups=[1, 1, 2, 2])


def test_without_groups_a_split_is_what_it_was() -> None:
    texts = [f"t{i % 90}" for i in range(100)]
    split = Split.seeded(texts, 3)
    assert split.test[:6] == (9, 14, 15, 21, 22, 32)
    assert len(split.dev) + len(split.test) + len(split.train) == 100
