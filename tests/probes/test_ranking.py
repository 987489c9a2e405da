from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from probewidgets.errors import ProbeError
from probewidgets.probes.ranking import Probeless, WeightMass, weight_mass_order

PLANTED = (2.0, 1.5, 1.2, 1.0, 0.8)


def planted(n: int = 3000, seed: int = 0) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """100 neurons of unlike scales, 5 of which decide a label."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 100))
    where = rng.permutation(100)[:5]
    y = np.where(X[:, where] @ PLANTED + 0.5 * rng.normal(size=n) > 0, "yes", "no")
    return X * np.logspace(-2, 2, 100), y, where.tolist()


@pytest.mark.parametrize("ranker", [WeightMass(), Probeless()], ids=lambda ranker: type(ranker).__name__)
@pytest.mark.parametrize("seed", range(3))
def test_the_neurons_that_decide_are_among_the_first(ranker: WeightMass | Probeless, seed: int) -> None:
    X, y, where = planted(seed=seed)
    order = ranker.order(X, y)
    assert sorted(order.tolist()) == list(range(100))
    assert set(where) <= set(order[:8].tolist())
    assert order[0] == where[0]


@pytest.mark.parametrize("ranker", [WeightMass(), Probeless()], ids=lambda ranker: type(ranker).__name__)
def test_a_ranking_is_the_same_each_time_and_at_each_scale(ranker: WeightMass | Probeless) -> None:
    X, y, _ = planted(600)
    order = ranker.order(X, y)
    np.testing.assert_array_equal(ranker.order(X, y), order)
    np.testing.assert_array_equal(ranker.order(3 * X + 1, y)[:5], order[:5])


def accumulated(coef: np.ndarray, percents: int) -> list[set[int]]:
    """The neurons that have joined at each share of the weight, written out."""
    joined: set[int] = set()
    steps = []
    for percent in range(percents + 1):
        for row in np.abs(coef):
            best = np.argsort(-row, kind="stable")
            mass = np.cumsum(row[best])
            joined |= set(best[: int(np.argmax(mass >= percent / percents * mass[-1] - 1e-12)) + 1].tolist())
        steps.append(set(joined))
    return steps


@pytest.mark.parametrize("seed", range(4))
def test_neurons_join_as_the_share_of_the_weight_grows(seed: int) -> None:
    coef = np.random.default_rng(seed).standard_cauchy((4, 30))
    order = weight_mass_order(coef).tolist()
    steps = accumulated(coef, 100)
    assert steps[0] == {int(np.abs(row).argmax()) for row in coef}
    for joined in steps:
        assert set(order[: len(joined)]) == joined


def test_equal_weights_keep_the_order_of_the_neurons() -> None:
    assert weight_mass_order(np.ones((3, 6))).tolist() == list(range(6))
    assert weight_mass_order(np.zeros((2, 4))).tolist() == list(range(4))


def test_probeless_sums_the_distances_of_the_means_over_all_pairs_of_labels() -> None:
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(90, 7)), rng.integers(4, size=90)
    X[:, 3] += y
    Z = (X - X.mean(0)) / X.std(0)
    means = [Z[y == k].mean(0) for k in range(4)]
    apart = sum(np.abs(a - b) for a, b in combinations(means, 2))
    np.testing.assert_array_equal(Probeless().order(X, y), np.argsort(-apart, kind="stable"))


def test_what_are_no_weights_is_refused() -> None:
    for coef in (np.zeros(3), np.full((2, 3), np.nan), np.zeros((0, 3))):
        with pytest.raises(ProbeError, match="Weights must be a matrix"):
            weight_mass_order(coef)
    with pytest.raises(ProbeError, match="at least two labels"):
        Probeless().order(np.ones((4, 2)), np.zeros(4))
