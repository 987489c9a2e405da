"""Predictions held against each other: what is subtracted from what, and where nothing can be."""

from __future__ import annotations

import numpy as np
import pytest

from probewidgets.live.compared import difference, matched_by_place, matched_by_words, why_not
from probewidgets.values import Predictions, Scale, Unit
from tests.widgets.fakes import fake_numbers, fake_predictions, fake_sets

LAYERS = (0, 1, 2)


def predicted(
    text: str, labels: tuple[str, ...] = ("NOUN", "VERB"), seed: int = 0, layers: tuple = LAYERS
) -> Predictions:
    """Probabilities drawn by chance."""
    units = fake_predictions(text, LAYERS, labels).units
    proba = np.random.default_rng(seed).dirichlet(np.ones(len(labels)), (len(layers), len(units)))
    return Predictions(text, units, layers, labels, proba.astype(np.float32))


def test_units_of_one_text_answer_each_other_where_their_characters_are_the_same() -> None:
    here = fake_predictions("do n't go", LAYERS)
    there = Predictions(
        "do n't go", (Unit("do n't", 0, 6), Unit("go", 7, 9)), (0,), ("X",), np.ones((1, 2, 1), np.float32)
    )
    assert matched_by_place(here, there) == [-1, -1, 1]
    assert matched_by_place(there, here) == [-1, 2]
    assert matched_by_place(here, fake_predictions("do n't go!", LAYERS)) == [-1, -1, -1]


def test_units_of_two_texts_answer_each_other_by_the_fewest_changes() -> None:
    here, there = fake_predictions("the old keys are", LAYERS), fake_predictions("the key is", LAYERS)
    assert matched_by_words(here, there) == [0, -1, 1, 2]
    assert matched_by_words(there, here) == [0, 2, 3]


def test_a_difference_is_here_less_there_of_one_label_for_all_layers() -> None:
    here, there = predicted("a b c", seed=1), predicted("a b c", seed=2)
    taken_from = difference(here, there, [0, 1, 2], LAYERS)
    assert taken_from.of == tuple(there.labels[k] for k in there.proba[-1].argmax(-1))
    for unit, label in enumerate(taken_from.of):
        k = here.labels.index(label)
        expected = here.proba[:, unit, k] - there.proba[:, unit, k]
        np.testing.assert_array_equal(taken_from.predictions.values[:, unit], expected)
    asked = difference(here, there, [0, 1, 2], LAYERS, label="VERB")
    assert asked.of == ("VERB",) * 3
    np.testing.assert_array_equal(asked.predictions.values, here.proba[..., 1] - there.proba[..., 1])
    assert difference(here, there, [0, 1, 2], LAYERS, at=0).of == tuple(there.label(0))


def test_labels_in_another_order_are_the_same_labels_and_signs_turn_round_with_the_sides() -> None:
    here, there = predicted("a b", seed=1), predicted("a b", ("VERB", "NOUN"), seed=2)
    assert why_not(here, there) == ""
    forth = difference(here, there, [0, 1], LAYERS, label="NOUN").predictions.values
    back = difference(there, here, [0, 1], LAYERS, label="NOUN").predictions.values
    np.testing.assert_array_equal(forth, -back)
    np.testing.assert_array_equal(forth, here.proba[..., 0] - there.proba[..., 1])
    same = difference(here, here, [0, 1], LAYERS).predictions
    assert (same.values == 0).all()
    assert (same.scale.low, same.scale.high, same.scale.changes) == (-1, 1, True)


def test_a_gold_label_says_which_and_is_not_held_against_numbers() -> None:
    here, there = predicted("a/VERB b c", seed=3), predicted("a b/NOUN c", seed=4)
    taken_from = difference(here, there, matched_by_words(here, there), LAYERS)
    assert taken_from.of[:2] == ("VERB", "NOUN")
    assert [unit.gold for unit in taken_from.predictions] == [None] * 3


def test_what_has_no_counterpart_has_no_difference() -> None:
    here, there = predicted("a b c", seed=1, layers=(0, 1, 2)), predicted("a c", seed=2, layers=(0, 6))
    values = difference(here, there, [0, -1, 1], [0, None, 6]).predictions.values
    assert np.isnan(values).tolist() == [[False, True, False], [True] * 3, [False, True, False]]
    nothing = difference(predicted("", seed=1), there, [], (0, None, 6))
    assert nothing.predictions.values.shape == (3, 0)


def test_numbers_are_subtracted_in_their_own_unit() -> None:
    here, there = fake_numbers("cats sat zzz", LAYERS), fake_numbers("cat sat zzz", LAYERS)
    taken_from = difference(here, there, [0, 1, 2], [0, 1, 2])
    np.testing.assert_array_equal(taken_from.predictions.values[:, :2], [[1, 0]] * 3)
    assert np.isnan(taken_from.predictions.values[:, 2]).all()
    assert taken_from.of == (None, None, None)
    assert taken_from.predictions.scale.high == 8  # as far as the numbers' colours span
    assert taken_from.predictions.scale.text(1.0) == "+1.0"


def test_sets_of_labels_are_subtracted_label_by_label() -> None:
    here = fake_sets("cats sat", LAYERS)
    assert why_not(here, here) == ""
    assert difference(here, here, [0, 1], LAYERS).of == ("cat", "cat")


@pytest.mark.parametrize(
    ("here", "there", "same_task", "reason"),
    [
        (fake_predictions("a"), fake_numbers("a"), True, "one predicts one label each, the other numbers"),
        (fake_numbers("a"), fake_numbers("a", scale=Scale(0, 1)), False, "they predict numbers of different tasks"),
        (fake_predictions("a"), fake_sets("the"), True, "one predicts one label each, the other any number of labels"),
        (
            predicted("a", ("past", "present")), predicted("a"), True,
            "they know different labels: one lacks NOUN, VERB; the other lacks past, present",
        ),
        (predicted("a", ("NOUN", "VERB", "X")), predicted("a"), True, "they know different labels: the other lacks X"),
        (
            predicted("a", tuple("ABCDE")), predicted("a", ("A",)), True,
            "they know different labels: the other lacks B, C, D and 1 more",
        ),
    ],
)  # fmt: skip
def test_where_it_means_nothing_it_is_said_why(
    here: Predictions, there: Predictions, same_task: bool, reason: str
) -> None:
    assert why_not(here, there, same_task) == reason


def test_differences_are_told_with_their_sign() -> None:
    from probewidgets.values import Change

    change = Change.up_to(1.0)
    assert [change.text(x) for x in (0.421, -0.3, 0.0, 0.001, -0.001)] == ["+0.42", "−0.30", "0.00", "0.00", "0.00"]
    assert change.ticks == ("−1", "0", "+1")
    assert change.trained == ""
    assert not Scale(-1, 1).changes
