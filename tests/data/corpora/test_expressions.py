"""Laws of the arithmetic language: both strategies arrive at the value, and differ on the way where they must."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

import probewidgets as pw
from probewidgets.data.corpora import expressions as language
from probewidgets.data.corpora.expressions import LANGUAGES, SYMBOLS, expression, only_language
from probewidgets.errors import DataError

WORKED = (
    (
        "( 5 - ( ( 2 - 3 ) + 1 ) )",
        (0, 5, 5, 5, 5, 3, 3, 6, 6, 6, 5, 5, 5),
        "++----++----+",
        (0, 5, 5, 0, 0, 2, 2, -1, -1, -1, 0, 5, 5),
        (1, 1, 1, 2, 3, 3, 3, 3, 2, 2, 2, 1, 0),
    ),
    (
        "( 4 - ( 3 - ( 2 - 1 ) ) )",
        (0, 4, 4, 4, 1, 1, 1, 3, 3, 2, 2, 2, 2),
        "++---+++--+-+",
        (0, 4, 4, 0, 3, 3, 0, 2, 2, 1, 2, 2, 2),
        (1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 2, 1, 0),
    ),
)


def drawn(name: str, n: int, seed: int = 0) -> list[pw.Example]:
    rng = random.Random(seed)
    return [expression(language._draw(name, rng)) for _ in range(n)]


@pytest.mark.parametrize(("text", "cumulative", "mode", "recursive", "depth"), WORKED)
def test_worked_examples_hold_in_mind_what_they_must(text, cumulative, mode, recursive, depth) -> None:
    example = expression(text)
    assert dict(example.annotations) == {
        "cumulative": cumulative,
        "mode": tuple(mode),
        "recursive": recursive,
        "depth": depth,
    }
    assert example.forms == tuple(text.split())


@pytest.mark.parametrize("name", LANGUAGES)
def test_both_strategies_end_with_the_value_and_every_expression_keeps_its_bounds(name: str) -> None:
    size = int(name[1:2])
    for example in drawn(name, 500):
        value = eval(example.text)
        assert example.annotations["cumulative"][-1] == example.annotations["recursive"][-1] == value
        assert example.labels["value"] == value
        assert abs(value) <= 60
        assert len(example.words) == 4 * size - 3
        assert set(example.forms) <= set(SYMBOLS)
        assert all(abs(int(form)) <= 10 for form in example.forms if form not in "()+-")
        assert example.annotations["depth"][-1] == 0 <= min(example.annotations["depth"])


def test_to_the_left_the_strategies_are_one_and_to_the_right_they_part() -> None:
    same = {}
    for name in ("L9_left", "L9_right"):
        pairs = [
            pair
            for example in drawn(name, 300)
            for pair in zip(example.annotations["cumulative"], example.annotations["recursive"], strict=True)
        ]
        same[name] = np.mean([a == b for a, b in pairs])
    assert same["L9_left"] == 1
    assert 0.1 < same["L9_right"] < 0.25


def test_brackets_open_on_the_side_that_the_language_says() -> None:
    assert all(example.text.startswith("( " * 8) for example in drawn("L9_left", 50))
    assert all(example.text.endswith(" )" * 8) for example in drawn("L9_right", 50))


def test_no_expression_stands_on_two_sides() -> None:
    corpus = language.arithmetic(200, n_test=50)
    texts = {side: {corpus[row].text for row in rows} for side, rows in corpus.split.items()}
    assert not texts["train"] & texts["dev"]
    assert not texts["test"] & (texts["train"] | texts["dev"])
    sizes = {side: len(rows) for side, rows in corpus.split.items()}
    assert sizes["train"] + sizes["dev"] == 5 * 200 and 0.05 < sizes["dev"] / 1000 < 0.25
    assert sizes["test"] == 8 * 50


def test_equal_seeds_give_equal_corpora_and_others_give_others() -> None:
    first, same, other = (language.arithmetic(50, n_test=5, seed=seed) for seed in (1, 1, 2))
    assert first == same
    assert [e.text for e in first] != [e.text for e in other]


def test_one_language_can_be_tested_at_a_time() -> None:
    corpus = language.arithmetic(50, n_test=5)
    left = only_language(corpus, "L9_left")
    assert {left[row].labels["language"] for row in left.split.test} == {"L9_left"}
    assert len(left.split.test) == 5
    assert (left.split.train, left.split.dev, left.examples) == (corpus.split.train, corpus.split.dev, corpus.examples)
    with pytest.raises(DataError, match=r"has the language 'L4'. There are: L3, L5, L6, L7, L8, L9, L9_left, L9_right"):
        only_language(corpus, "L4")


def test_the_annotations_are_tasks() -> None:
    corpus = language.arithmetic(20, n_test=2)
    assert pw.WordTask("cumulative", regression=True).targets(corpus).kind == "number"
    assert pw.WordTask("mode").targets(corpus).labels == ("+", "-")
    assert pw.SentenceTask("value", regression=True).targets(corpus).y.max() <= 60


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", r"a number or \( was expected, but nothing more came"),
        ("( 5 - 3", r"\) was expected, but nothing more came"),
        ("( 5 3 )", r"\+ or - was expected, but '3' as token 3"),
        ("5 - 3", r"its end was expected, but '-' as token 2"),
        ("( 5 - 3 + 1 )", r"\) was expected, but '\+' as token 5"),
        ("(5 - 3)", r"a number or \( was expected, but '\(5' as token 1"),
        ("( 5 - - 3 )", r"a number or \( was expected, but '-' as token 4"),
        ("( 1 - 2 ) )", r"its end was expected, but '\)' as token 6"),
    ],
)
def test_what_is_no_expression_is_told_where_it_breaks(text: str, expected: str) -> None:
    with pytest.raises(DataError, match=expected):
        expression(text)


def test_deep_expressions_are_read() -> None:
    assert expression("( " * 5000 + "1" + " + 1 )" * 5000).labels["value"] == 5001


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(DataError, match=r"Train and dev hold nearly every expression of L1"):
        language.arithmetic(1000, test="L1", n_test=5)
    with pytest.raises(DataError, match=r"test must be languages among L1, .*, but 'L10' came"):
        language.arithmetic(5, test=["L10"])
    with pytest.raises(DataError, match=r"n of arithmetic.* must be a whole number >= 1, but 0 came"):
        language.arithmetic(0)
    with pytest.raises(DataError, match=r"1 different expression\(s\) of L5 are too few"):
        language.arithmetic(1, train="L5")


def test_an_example_keeps_its_annotations_when_it_is_renamed() -> None:
    assert replace(expression("( 1 + 2 )"), id="a").annotations["recursive"] == (0, 1, 1, 3, 3)
