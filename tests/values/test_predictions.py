"""Predictions of labels, of several at once, and of numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import probewidgets as pw
from probewidgets.errors import ProbeError
from probewidgets.values import Predictions, Scale, Unit

UNITS = (Unit("the", 0, 3), Unit("cat", 4, 7))


def sets(proba: Any) -> Predictions:
    return Predictions("the cat", UNITS, (0,), ("a", "b"), np.array([proba], np.float32), kind="labels")


def test_answers_are_a_label_a_set_or_a_number() -> None:
    proba = np.array([[[0.25, 0.75], [np.nan, 0.5]]], np.float32)
    assert Predictions("the cat", UNITS, (0,), ("a", "b"), proba).answers(0) == ("b", None)
    assert sets([[0.5, 0.75], [0.25, 0.125]]).answers(0) == (("b", "a"), ())
    assert Predictions.of_numbers("the cat", UNITS, (3,), [[1.5, 2]], Scale(0, 1)).answers(3) == (1.5, 2.0)
    with pytest.raises(ProbeError, match=r"Layer 7 was not probed. Probed: \[0\]"):
        sets([[0, 0], [0, 0]]).answers(7)


def test_frames_have_the_columns_of_what_is_predicted() -> None:
    frame = sets([[0.5, 0.75], [0.25, 0.125]]).to_frame(probabilities=True)
    assert frame["labels"].tolist() == [("b", "a"), ()]
    assert frame["probability"].tolist() == [0.75, 0.25]
    assert "entropy" not in frame and frame["p_b"].tolist() == [0.75, 0.125]
    numbers = Predictions.of_numbers("the cat", UNITS, (0, 3), [[1, 20], [np.nan, 3]], Scale(1, 9, 0, 10)).to_frame()
    assert numbers["layer"].tolist() == [0, 0, 3, 3]
    np.testing.assert_array_equal(numbers["value"], [1, 20, np.nan, 3])
    assert numbers["outside"].tolist() == [False, True, False, False]
    again = Predictions.of_numbers("the cat", UNITS, (0,), [[1, 20]], Scale(1, 9)).to_frame(probabilities=True)
    assert again.columns.tolist() == numbers.columns.tolist(), "numbers have no probabilities"


def test_some_of_the_units_keep_their_numbers() -> None:
    numbers = Predictions.of_numbers("the cat", UNITS, (0,), [[1, 20]], Scale(1, 9))
    assert numbers.part(0, 1).values.tolist() == [[1]]
    assert numbers.part(1, 9).values.tolist() == [[20]]
    assert [unit.text for unit in numbers.part(1, 2)] == [numbers.units[1].text]
    assert numbers.part(0, 2) is numbers
    assert repr(numbers) == "Predictions('the cat': 1 layer x 2 units, numbers)"
    assert not numbers.values.flags.writeable


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"kind": "numbers"}, "kind must be 'label', 'labels' or 'number', but 'numbers' came"),
        ({"kind": "number"}, "Numbers come as values= with a scale= and without labels"),
        ({"values": np.zeros((1, 2))}, "Numbers come as values="),
        ({"values": np.zeros((1, 2)), "scale": Scale(0, 1), "labels": ()}, "Numbers come as values="),
    ],
)
def test_what_does_not_fit_together_is_refused(more: dict[str, Any], told: str) -> None:
    labels = more.pop("labels", ("a", "b"))
    with pytest.raises(ProbeError, match=told):
        Predictions("the cat", UNITS, (0,), labels, np.zeros((1, 2, len(labels)), np.float32), **more)


def test_numbers_have_a_place_for_each_layer_and_unit_and_no_label() -> None:
    with pytest.raises(ProbeError, match=r"values must be an array \(layers, units\) = \(1, 2\), but \(2,\) came"):
        Predictions.of_numbers("the cat", UNITS, (0,), [1, 2], Scale(0, 1))
    with pytest.raises(ProbeError, match=r"are numbers and have no label: take .answers\(layer\)"):
        Predictions.of_numbers("the cat", UNITS, (0,), [[1, 2]], Scale(0, 1)).label(0)


# ---------------------------------------------------------------------- the scale


def test_colours_span_the_training_values_without_their_tails() -> None:
    scale = pw.Scale.of(np.arange(101))
    assert scale == Scale(5, 95, 0, 100)
    assert (scale.ends, scale.ticks, scale.trained) == ((5, 95), ("5", "50", "95"), "0 to 100")
    assert scale.outside([-1, 0, 50, 100, 101]).tolist() == [-1, 0, 0, 0, 1]
    assert Scale(**scale.facts) == scale


def test_where_nearly_all_are_equal_colours_span_all_of_them() -> None:
    assert Scale.of([3.0] * 99 + [7.0]) == Scale(3, 7, 3, 7)
    assert Scale.of([4.0, 4.0]) == Scale(2, 6, 2, 6)
    assert Scale.of([0.0]) == Scale(-0.5, 0.5, -0.5, 0.5)


def test_numbers_of_both_signs_have_zero_in_the_middle() -> None:
    scale = Scale(-1, 3, -2, 4)
    assert (scale.signed, scale.ends, scale.ticks) == (True, (-3, 3), ("−3", "0", "3"))
    assert not Scale(0, 3).signed and not Scale(-3, 0).signed


@pytest.mark.parametrize(
    ("span", "text"), [(1000, "2"), (40, "2"), (13, "2.0"), (4, "2.0"), (1, "2.00"), (0.01, "2.0000")]
)
def test_numbers_have_as_many_digits_as_can_be_told_apart(span: float, text: str) -> None:
    assert Scale(0, span).text(2.0) == text
    assert Scale(0, span).text(-2.0) == "−" + text
    assert "−" not in Scale(0, span).text(-1e-9)


def test_what_is_written_as_the_largest_of_train_is_not_outside() -> None:
    scale = Scale(2, 10, 1, 14)
    assert [(scale.text(x), int(scale.outside(x))) for x in (14.04, 14.06, 0.96, 0.94)] == [
        ("14.0", 0), ("14.1", 1), ("1.0", 0), ("0.9", -1),
    ]  # fmt: skip


def test_where_nothing_is_known_of_train_nothing_is_outside() -> None:
    unknown = Scale.of([1, 2, 3]).unknown
    assert unknown.trained == ""
    assert not unknown.outside([-1e9, 1e9]).any()


@pytest.mark.parametrize("numbers", [[], [1, np.nan], [np.inf, 1]])
def test_a_scale_is_that_of_finite_numbers(numbers: list[float]) -> None:
    with pytest.raises(ProbeError, match="A scale is that of finite numbers"):
        Scale.of(numbers)


@pytest.mark.parametrize("ends", [(1, 1), (2, 1), (0, 1, 0.5), (0, 1, 0, 0.5), (float("nan"), 1)])
def test_a_scale_is_in_order(ends: tuple[float, ...]) -> None:
    with pytest.raises(ProbeError, match="A scale has least <= low < high <= largest"):
        Scale(*ends)
