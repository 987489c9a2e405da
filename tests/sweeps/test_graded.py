"""Sweeps over numbers and over sets of labels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import probewidgets as pw
from probewidgets.captures.activations import Activations
from probewidgets.errors import DataError, ProbeError
from probewidgets.values import Estimate
from tests.scores import changed, in_full
from tests.synthetic import activations


def with_answers(y: np.ndarray, labels: tuple[str, ...] = (), n: int = 120, **options: object) -> Activations:
    acts = activations(n, **options)  # type: ignore[arg-type]
    return replace(acts, targets=replace(acts.targets, y=y[: len(acts.targets)], labels=labels))


def numbers(n: int = 120) -> Activations:
    """The number is a linear function of layer 1, and noise to layer 0."""
    acts = activations(n)
    rng = np.random.default_rng(3)
    states = np.array(acts.states)
    y = states[1] @ rng.normal(size=states.shape[2]) + 0.1 * rng.normal(size=states.shape[1])
    states[0] = rng.normal(size=states[0].shape)
    return replace(acts, states=states, targets=replace(acts.targets, y=y.astype(float), labels=()))


def sets(n: int = 120) -> Activations:
    """Two labels that each depend on a direction of layer 1."""
    acts = activations(n)
    rng = np.random.default_rng(3)
    y = acts.layer(1) @ rng.normal(size=(acts.layer(1).shape[1], 2)) > 0.2
    return replace(acts, targets=replace(acts.targets, y=y, labels=("animate", "plural")))


def test_a_number_is_read_off_the_layer_that_carries_it() -> None:
    sweep = pw.sweep(numbers(), pw.RidgeProbe(), control=2)
    low, high = (score.estimates["r2"] for score in sweep.scores)
    assert low.value < 0.05
    assert high.value > 0.9
    assert sweep.best.layer == 1
    assert sweep.best.estimates["pearson"].value > 0.95
    assert sweep.metric == "r2"
    assert repr(sweep).startswith("Sweep('tag' on 'made up': 2 layers, best on dev: layer 1, test r2 0.9")


def test_constant_and_word_type_baselines_stand_beside() -> None:
    sweep = pw.sweep(numbers(), pw.RidgeProbe())
    assert sweep.baseline("constant").value == pytest.approx(0, abs=1e-9)
    assert 0.1 < sweep.baseline("word type").value < 0.99
    assert sweep.baseline("layer 0") == sweep.scores[0].r2
    table = sweep.table()
    assert list(table.index) == [0, 1]
    assert {"r2", "r2_low", "mse", "pearson", "spearman", "constant", "word_type", "layer_0", "l2"} <= set(table)
    assert "No control task was trained" in sweep.report()


def test_control_numbers_are_equal_for_equal_words_and_drawn_from_train() -> None:
    from probewidgets.data.control import control_rows

    acts = numbers()
    train = acts.rows("train")
    rows = control_rows(acts.targets, train, seed=0)
    assert set(rows) <= set(train)
    by_type: dict[str, int] = {}
    for word, row in zip(acts.targets.surface, rows, strict=True):
        assert by_type.setdefault(word, row) == row
    assert not np.array_equal(rows, control_rows(acts.targets, train, seed=1))


def test_sets_of_labels_may_be_drawn_uniformly_but_numbers_may_not() -> None:
    uniform = pw.sweep(sets(), pw.SigmoidProbe(), control=pw.ControlTask(2, uniform=True))
    assert uniform.settings["control sampling"] == "uniform"
    assert (uniform.table()["control_sampling"] == "uniform").all()
    assert "one random answer per word type, each one that train shows equally likely (uniform); draws: 2" in in_full(
        uniform
    )
    assert uniform.scores[1].control != pw.sweep(sets(), pw.SigmoidProbe(), control=2).scores[1].control
    with pytest.raises(ProbeError, match="task 'tag' has numbers for answers: draw them as they are in train"):
        pw.sweep(numbers(), pw.RidgeProbe(), control=pw.ControlTask(2, uniform=True))


def test_selectivity_is_the_difference_with_a_paired_interval() -> None:
    sweep = pw.sweep(numbers(), pw.RidgeProbe(), control=2)
    score = sweep.scores[1]
    assert score.control is not None
    assert score.selectivity is not None
    assert score.selectivity.value == pytest.approx(score.estimates["r2"].value - score.control.value)
    assert score.selectivity.low < score.selectivity.value < score.selectivity.high


def test_a_report_says_where_a_probe_is_not_selective() -> None:
    acts = numbers()
    good = pw.sweep(acts, pw.RidgeProbe(), control=2, bootstrap=50, progress=False)
    bad = changed(good, selectivity=Estimate(0.01, -0.1, 0.1))
    assert "is not clearly selective" in bad.report() and "is not clearly selective" not in good.report()
    none = pw.sweep(acts, pw.RidgeProbe(), bootstrap=50, progress=False)
    assert "sweep(..., control=3)" in none.report() and "edge_sweep" not in none.report()


def test_sets_of_labels_are_scored_by_micro_f1() -> None:
    sweep = pw.sweep(sets(), pw.SigmoidProbe(), control=1)
    assert sweep.metric == "micro_f1"
    assert sweep.best.estimates["micro_f1"].value > 0.9
    assert sweep.best.estimates["cross_entropy"].unit == "bits"
    assert sweep.best.estimates["micro_f1"].value > sweep.baseline("word type").value
    assert sweep.probes[1].predict(sets().layer(1)).shape[1] == 2


def test_shuffled_numbers_cannot_be_read() -> None:
    acts = numbers()
    y = np.random.default_rng(9).permutation(acts.targets.y)
    sweep = pw.sweep(replace(acts, targets=replace(acts.targets, y=y)), pw.RidgeProbe())
    for score in sweep.scores:
        assert score.estimates["r2"].low < 0.02
        assert score.estimates["pearson"].low < 0 < score.estimates["pearson"].high


def test_test_rows_change_nothing_that_is_learned() -> None:
    acts = numbers()
    states = np.array(acts.states)
    states[:, acts.rows("test")] += 5
    before, after = (pw.sweep(a, pw.RidgeProbe()) for a in (acts, replace(acts, states=states)))
    for one, other in zip(before.probes, after.probes, strict=True):
        np.testing.assert_array_equal(one.coef_, other.coef_)


def test_the_probe_must_fit_what_the_targets_carry() -> None:
    with pytest.raises(ProbeError, match=r"carries a number: sweep them with RidgeProbe\(\)"):
        pw.sweep(numbers(), pw.LinearProbe())
    with pytest.raises(ProbeError, match=r"carries any number of labels: sweep them with SigmoidProbe\(\)"):
        pw.sweep(sets())
    with pytest.raises(ProbeError, match=r"carries one label, but RidgeProbe predicts a number. Use LinearProbe\(\)"):
        pw.sweep(activations(60), pw.RidgeProbe())


def test_a_number_that_never_changes_is_an_error() -> None:
    with pytest.raises(DataError, match="are 4: there is nothing to predict"):
        pw.sweep(with_answers(np.full(10_000, 4.0)), pw.RidgeProbe())


def test_a_label_that_no_target_of_train_carries_is_named() -> None:
    acts = sets()
    y = acts.targets.y.copy()
    y[acts.rows("train"), 1] = False
    with pytest.raises(DataError, match="no target of task 'tag' carries the label 'plural'"):
        pw.sweep(replace(acts, targets=replace(acts.targets, y=y)), pw.SigmoidProbe())
