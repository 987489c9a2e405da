"""The test targets of a sweep of numbers one by one: bins, residuals, lists and slices."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import mean_absolute_error

import probewidgets as pw
from probewidgets.captures.activations import Activations
from probewidgets.errors import ProbeError
from probewidgets.sweeps.on_test import OnTest
from probewidgets.sweeps.residuals import Bins, NumbersOnTest, targets_on_test
from probewidgets.sweeps.slices import slice_table, slicings
from probewidgets.sweeps.tested import frame, ordered
from probewidgets.values import Scale
from tests.sweeps.test_graded import numbers
from tests.synthetic import activations

OPTIONS: Any = {"bootstrap": 100, "progress": False}


@pytest.fixture(scope="module")
def acts() -> Activations:
    return numbers()


@pytest.fixture(scope="module")
def tested(acts: Activations) -> NumbersOnTest:
    tested = targets_on_test(pw.sweep(acts, pw.RidgeProbe(), **OPTIONS), acts)
    assert isinstance(tested, NumbersOnTest)
    return tested


# ---------------------------------------------------------------------- bins


@pytest.mark.parametrize(
    "train",
    [
        np.random.default_rng(0).normal(size=500),
        1e-4 * np.random.default_rng(1).exponential(size=300),
        np.arange(200),
        np.arange(-40, 40),
        [0, 1],
        [0, 0, 0, 1],
        [5, 5, 5],
        [1.5, 1.5, 1.5],
        np.random.default_rng(2).integers(1, 8, 300),
        [1e6, 2e6, 5e6, 9.5e6],
    ],
)  # fmt: skip
def test_every_number_is_in_one_of_a_dozen_bins_that_are_in_order_and_named_apart(train: Any) -> None:
    train = np.asarray(train, float)
    bins = Bins.of(train, Scale.of(train))
    assert len(set(bins.names)) == len(bins.names) == len(bins.edges) + 1 <= 13
    assert len(bins.names) > 1
    assert (np.diff(bins.edges) > 0).all()
    place = bins.place(np.sort(np.concatenate([train, bins.edges, [-1e12, 1e12]])))
    assert place[0] == 0 and place[-1] == len(bins.edges)
    assert (np.diff(place) >= 0).all()
    np.testing.assert_array_equal(bins.place(bins.edges), np.arange(len(bins.edges)) + 1)


def test_what_rounds_to_a_whole_number_is_in_its_bin() -> None:
    train = np.repeat(np.arange(1, 9), 10)
    bins = Bins.of(train, Scale.of(train))
    assert bins.names == ("up to 1", "2", "3", "4", "5", "6", "7", "8 and over")
    off = np.random.default_rng(0).uniform(-0.49, 0.49, len(train))
    np.testing.assert_array_equal(bins.place(train + off), train - 1)
    wide = Bins.of(np.arange(200), Scale.of(np.arange(200)))
    assert wide.names[:2] == ("up to 19", "20 to 39") and wide.names[-1] == "180 and over"
    np.testing.assert_array_equal(wide.place([19, 20, 39, 40, 180]), [0, 1, 1, 2, 9])


# ---------------------------------------------------------------------- what the probes say


def test_the_errors_are_those_that_the_sweep_measured(tested: NumbersOnTest) -> None:
    for score in tested.sweep.scores:
        predicted, residual = tested.predicted(score.layer), tested.residual(score.layer)
        assert score.mae.value == pytest.approx(mean_absolute_error(tested.true, predicted), rel=1e-4)
        assert score.mse.value == pytest.approx(np.square(residual).mean(), rel=1e-4)
        np.testing.assert_allclose(residual, predicted - tested.true)


def test_true_numbers_are_those_of_the_targets_in_their_places(acts: Activations, tested: NumbersOnTest) -> None:
    np.testing.assert_array_equal(tested.true, acts.targets.y[tested.rows])
    assert [acts.targets.surface[row] for row in tested.rows] == list(tested.words)
    assert (np.diff(tested.example) >= 0).all()


def test_counts_have_every_target_once_and_bins_are_those_of_its_numbers(tested: NumbersOnTest) -> None:
    for layer in tested.sweep.layers:
        counts = tested.counts(layer)
        assert counts.shape == (len(tested.names),) * 2
        assert counts.sum() == len(tested)
        np.testing.assert_array_equal(counts.sum(1), np.bincount(tested.gold, minlength=len(counts)))
        for row, column in np.argwhere(counts):
            places = tested.listed(layer, gold=row, given=column)
            assert len(places) == counts[row, column]
            assert (tested.bins.place(tested.true[places]) == row).all()
            assert (tested.bins.place(tested.predicted(layer)[places]) == column).all()


def test_what_every_layer_predicts_for_one_target_is_what_it_predicts_for_all(tested: NumbersOnTest) -> None:
    for place in (0, 17, len(tested) - 1):
        each = [tested.predicted(layer)[place] for layer in tested.sweep.layers]
        np.testing.assert_allclose(tested.through(place), each, rtol=1e-5, atol=1e-6)


def test_the_order_of_the_rows_does_not_matter(acts: Activations, tested: NumbersOnTest) -> None:
    order = np.random.default_rng(0).permutation(len(acts.targets.y))
    targets = acts.targets
    mixed = replace(
        acts,
        states=np.asarray(acts.states)[:, order],
        targets=replace(
            targets,
            example=targets.example[order],
            spans=targets.spans[order],
            surface=tuple(targets.surface[row] for row in order),
            y=targets.y[order],
        ),
    )
    other = targets_on_test(tested.sweep, mixed)
    assert sorted(other.residual(1)) == pytest.approx(sorted(tested.residual(1)), abs=1e-5)
    np.testing.assert_array_equal(np.sort(other.example), np.sort(tested.example))


# ---------------------------------------------------------------------- lists and slices


def test_they_are_sorted_by_the_size_of_the_residual_or_with_its_sign(tested: NumbersOnTest) -> None:
    places, residual = np.arange(len(tested)), tested.residual(0)
    by_size = ordered(tested, places, "residual", residual)
    assert (np.diff(np.abs(residual[by_size])) <= 0).all()
    signed = ordered(tested, places, "signed", residual)
    assert (np.diff(residual[signed]) <= 0).all()
    assert (np.diff(residual[ordered(tested, places, "signed", residual, reverse=True)]) >= 0).all()
    with pytest.raises(ProbeError, match=r"sorted by one of \['residual', 'signed', .*'confidence' came"):
        ordered(tested, places, "confidence", residual)


def test_the_frame_has_the_residual_as_predicted_minus_true(tested: NumbersOnTest) -> None:
    table = frame(tested, 1, tested.told(1))
    np.testing.assert_allclose(table["residual"], table["given"] - table["gold"])
    assert "right" not in table and "confidence" not in table
    assert len(table) == len(tested)


def test_slices_have_the_mean_absolute_error_of_their_targets_the_worst_first(tested: NumbersOnTest) -> None:
    cuts = slicings(tested)
    table = slice_table(tested, cuts, 1)
    assert set(table["kind"]) == {"number", "word type", "length", "seen", "position"}
    size, residual = np.abs(tested.residual(1)), tested.residual(1)
    for cut in cuts:
        rows = table[table["kind"] == cut.kind].set_index("slice")
        assert rows["targets"].sum() == len(tested)
        assert np.average(rows["mae"], weights=rows["targets"]) == pytest.approx(size.mean())
        assert np.average(rows["residual"], weights=rows["targets"]) == pytest.approx(residual.mean())
        for number, name in enumerate(cut.names):
            if (cut.group == number).any():
                assert rows.loc[name, "mae"] == pytest.approx(size[cut.group == number].mean())
    told = table.dropna()
    assert ((told["mae_low"] <= told["mae"]) & (told["mae"] <= told["mae_high"])).all()
    large = table[table["targets"] >= 10]
    assert large["mae"].is_monotonic_decreasing
    assert large.index.max() < table[table["targets"] < 10].index.min()


def test_a_slice_that_is_harder_is_worse_than_all_of_test() -> None:
    acts = numbers(400)
    hard = np.array([surface == "w1" for surface in acts.targets.surface])
    y = acts.targets.y + np.where(hard, np.random.default_rng(0).normal(0, 6, len(hard)), 0)
    acts = replace(acts, targets=replace(acts.targets, y=y))
    tested = targets_on_test(pw.sweep(acts, pw.RidgeProbe(), **OPTIONS), acts)
    table = slice_table(tested, slicings(tested), 1)
    worst = table[table["kind"] == "word type"].iloc[0]
    assert worst["slice"] == "w1"
    assert worst["mae_low"] > tested.sweep.score(1).mae.value


# ---------------------------------------------------------------------- what cannot be shown


def test_states_or_numbers_of_something_else_are_refused(acts: Activations, tested: NumbersOnTest) -> None:
    other = targets_on_test(tested.sweep, replace(acts, states=-np.asarray(acts.states)))
    with pytest.raises(ProbeError, match=r"layer 1 the mean absolute error on these states is .* the sweep measured"):
        other.predicted(1)
    y = acts.targets.y.copy()
    y[acts.rows("test")] += 3
    with pytest.raises(ProbeError, match="Give the Activations that the sweep was made with"):
        targets_on_test(tested.sweep, replace(acts, targets=replace(acts.targets, y=y))).ready(1)
    with pytest.raises(ProbeError, match="nothing came"):
        targets_on_test(tested.sweep, None)
    with pytest.raises(ProbeError, match="ProbeErrors lists them"):
        OnTest(tested.sweep, acts)


def test_a_sweep_of_labels_is_told_label_by_label() -> None:
    acts = activations(40)
    assert type(targets_on_test(pw.sweep(acts, pw.LinearProbe(l2=0.1), **OPTIONS), acts)) is OnTest
