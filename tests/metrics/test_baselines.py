from __future__ import annotations

import numpy as np
import pytest

from probewidgets.metrics import baselines
from probewidgets.metrics.controls import control_ceiling, control_estimates, selectivity
from probewidgets.metrics.intervals import Clusters


def test_the_majority_is_the_commonest_label_of_train() -> None:
    assert baselines.majority(np.array([2, 0, 2, 1])) == 2


def test_a_label_that_is_a_function_of_the_type_is_known_on_all_seen_types() -> None:
    rng = np.random.default_rng(0)
    label = rng.integers(5, size=40)
    train, test = rng.integers(30, size=400), rng.integers(40, size=200)
    guess = baselines.word_type([f"w{i}" for i in train], label[train], [f"w{i}" for i in test])
    seen = np.isin(test, train)
    assert not seen.all()
    assert (guess == label[test])[seen].all()
    assert set(guess[~seen]) == {baselines.majority(label[train])}


def test_a_type_takes_its_commonest_label_and_of_equals_the_commoner_one() -> None:
    words = ["run", "run", "run", "light", "light", "the", "the"]
    labels = np.array([0, 1, 1, 0, 2, 2, 2])
    np.testing.assert_array_equal(baselines.word_type(words, labels, ["run", "light", "Run"]), [1, 2, 2])


def test_types_are_case_sensitive() -> None:
    np.testing.assert_array_equal(baselines.unseen(["the", "The"], ["the", "THE"]), [False, True])


def test_ambiguous_types_have_several_labels_in_train() -> None:
    assert baselines.ambiguous_types(["a", "b", "a", "b"], np.array([0, 1, 1, 1])) == {"a"}


def test_golden_selectivity() -> None:
    assert selectivity(0.9716, 0.7120) == pytest.approx(0.2596)


def test_unseen_types_can_only_be_guessed_in_a_control_task() -> None:
    assert control_ceiling(0.1, np.array([0.7, 0.3])) == pytest.approx(0.97)
    assert control_ceiling(0.0, np.array([0.7, 0.3])) == 1


def test_selectivity_is_the_task_minus_the_mean_of_the_draws() -> None:
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(30), 10)
    task, *draws = rng.random((4, 300)) < np.array([[0.9], [0.6], [0.5], [0.7]])
    control, sd, difference = control_estimates(Clusters(group, 200), task, draws)
    means = [draw.mean() for draw in draws]
    assert control.value == pytest.approx(np.mean(means))
    assert sd == pytest.approx(np.std(means, ddof=1))
    assert difference.value == pytest.approx(task.mean() - np.mean(means))
    assert difference.low < difference.value < difference.high
    assert np.isnan(control_estimates(Clusters(group, 20), task, draws[:1])[1])
