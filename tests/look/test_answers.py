"""What predictions say, in words."""

from __future__ import annotations

import numpy as np
import pytest

from probewidgets.look import answers
from probewidgets.look.visible import is_rtl
from probewidgets.values import Predictions, Unit


def test_the_word_for_no_label_is_never_that_of_a_label() -> None:
    assert answers.nothing(["cat", "river"]) == "none"
    assert answers.nothing(["cat", "None "]) == "no label"
    labels = ["none", "no label", "none of them", "no label at all"]
    assert answers.nothing(labels) == "∅"
    assert answers.nothing([*labels, "∅"]) == "∅∅"


def test_a_cell_says_what_holds_and_a_table_how_probable_it_is() -> None:
    proba = np.array([[[0.5, 0.9, 0.1], [0.3, 0.2, 0.1], [np.nan, 0, 0]]], np.float32)
    units = tuple(Unit(word, 0, 1, gold="a") for word in "xyz")
    several = Predictions("x y z", units, (0,), ("a", "b", "c"), proba, kind="labels")
    assert [answers.answer(several, 0, u) for u in range(3)] == ["b, a", "none", "–"]
    assert [answers.told(several, 0, u) for u in range(3)] == ["b 0.90, a 0.50", "none (a 0.30)", "no value"]
    assert [answers.right(several, 0, u) for u in range(3)] == [True, False, False]
    one = Predictions("x y z", units, (0,), ("a", "b", "c"), np.full((1, 3, 3), [0.5, 0.3, 0.2], np.float32))
    assert (answers.answer(one, 0, 0), answers.told(one, 0, 0)) == ("a", "a 0.50")


@pytest.mark.parametrize(
    ("text", "rtl"), [("the ילד", False), ("ילד the", True), ("123 مرحبا", True), ("", False), ("!?", False)]
)
def test_the_first_letter_says_which_way_a_text_runs(text: str, rtl: bool) -> None:
    assert is_rtl(text) == rtl
