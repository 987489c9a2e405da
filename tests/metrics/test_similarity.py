"""Similarity of states: what must not change it, what must, and what is known by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from probewidgets.errors import DataError
from probewidgets.metrics.similarity import cka, pwcca, svcca

Measure = Callable[[np.ndarray, np.ndarray], float]
MEASURES = (cka, svcca, pwcca)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def orthogonal(rng: np.random.Generator, d: int) -> np.ndarray:
    return np.linalg.qr(rng.normal(size=(d, d)))[0]


def states(rng: np.random.Generator, n: int = 400, d: int = 8) -> np.ndarray:
    return rng.normal(size=(n, d)) * np.arange(1, d + 1) + rng.normal(size=d)


@pytest.mark.parametrize("measure", MEASURES)
def test_states_are_like_themselves_rotated_scaled_and_moved(measure: Measure, rng: np.random.Generator) -> None:
    X = states(rng)
    assert measure(X, X) == pytest.approx(1)
    assert measure(X, 3.5 * X @ orthogonal(rng, 8) + 7) == pytest.approx(1)


@pytest.mark.parametrize("measure", MEASURES)
def test_a_rotation_of_one_changes_no_similarity(measure: Measure, rng: np.random.Generator) -> None:
    X = states(rng)
    Y = X[:, :5] + 2 * rng.normal(size=(400, 5))
    assert measure(X, Y @ orthogonal(rng, 5)) == pytest.approx(measure(X, Y))
    assert 0.1 < measure(X, Y) < 0.95


def test_an_invertible_map_changes_cka_but_not_svcca_and_of_the_second_not_pwcca(rng: np.random.Generator) -> None:
    X = states(rng)
    Y, stretch = X + 3 * rng.normal(size=X.shape), orthogonal(rng, 8) @ np.diag([9, 5, 3, 1, 1, 1, 0.5, 0.2])
    every = lambda a, b: svcca(a, b, keep=1.0)  # noqa: E731
    assert every(X @ stretch, Y) == pytest.approx(every(X, Y))
    assert every(X, Y @ stretch) == pytest.approx(every(X, Y))
    assert pwcca(X, Y @ stretch) == pytest.approx(pwcca(X, Y))
    assert abs(cka(X @ stretch, Y) - cka(X, Y)) > 0.01


def test_svcca_does_not_change_by_a_map_within_what_it_keeps(rng: np.random.Generator) -> None:
    X = np.concatenate([states(rng, d=4), 1e-3 * rng.normal(size=(400, 4))], 1)
    Y = X[:, :4] + rng.normal(size=(400, 4))
    mixed = X.copy()
    mixed[:, :4] = mixed[:, :4] @ (orthogonal(rng, 4) @ np.diag([2, 1, 1, 0.8]))
    assert svcca(mixed, Y) == pytest.approx(svcca(X, Y), abs=1e-4)
    assert svcca(X, Y) < svcca(X, Y, keep=1.0)  # noise that counts as much can only add correlation


@pytest.mark.parametrize("measure", [cka, svcca])
def test_similarity_is_the_same_both_ways(measure: Measure, rng: np.random.Generator) -> None:
    X = states(rng)
    Y = X[:, :3] ** 2
    assert measure(X, Y) == pytest.approx(measure(Y, X))


@pytest.mark.parametrize("measure", MEASURES)
def test_independent_states_are_unlike_and_too_few_rows_hide_it(measure: Measure, rng: np.random.Generator) -> None:
    many = measure(rng.normal(size=(20_000, 10)), rng.normal(size=(20_000, 10)))
    few = measure(rng.normal(size=(11, 10)), rng.normal(size=(11, 10)))
    assert many < 0.05
    assert few > 0.4


def test_cka_is_the_squared_correlation_of_single_features(rng: np.random.Generator) -> None:
    x = rng.normal(size=300)
    y = x + rng.normal(size=300)
    r = np.corrcoef(x, y)[0, 1]
    assert cka(x[:, None], y[:, None]) == pytest.approx(r**2)
    assert svcca(x[:, None], y[:, None]) == pytest.approx(r)
    assert pwcca(x[:, None], y[:, None]) == pytest.approx(r)


def test_svcca_is_the_mean_of_known_correlations_and_pwcca_their_weighted_mean(rng: np.random.Generator) -> None:
    Q = np.linalg.qr(np.concatenate([np.ones((200, 1)), rng.normal(size=(200, 4))], 1))[0][:, 1:]
    a, b, c, d = Q.T  # centred and orthonormal
    X = np.stack([3 * a, b], 1)
    Y = np.stack([0.8 * a + 0.6 * c, 0.5 * b + np.sqrt(0.75) * d], 1)
    assert svcca(X, Y, keep=1.0) == pytest.approx((0.8 + 0.5) / 2)
    assert pwcca(X, Y) == pytest.approx((3 * 0.8 + 1 * 0.5) / 4)
    assert svcca(X, Y, keep=0.9) == pytest.approx(0.8)  # of X the first direction holds 9 tenths


@pytest.mark.parametrize(
    ("X", "Y", "message"),
    [
        (np.ones((3, 2)), np.ones((4, 2)), "the same number of rows"),
        (np.ones(3), np.ones((3, 2)), "the same number of rows"),
        (np.eye(3), np.full((3, 2), np.nan), "NaN or infinity"),
        (np.eye(3), np.ones((3, 2)), "nothing to compare"),
    ],
)
def test_what_cannot_be_compared_is_refused(X: np.ndarray, Y: np.ndarray, message: str) -> None:
    for measure in MEASURES:
        with pytest.raises(DataError, match=message):
            measure(X, Y)


@pytest.mark.parametrize("keep", [0, -1, 1.5, float("nan")])
def test_a_share_that_is_none_is_refused(keep: float) -> None:
    with pytest.raises(DataError, match="keep must be a share"):
        svcca(np.eye(3), np.eye(3), keep)


@pytest.mark.parametrize("constant", [0.1, 1e6 / 3])
def test_rows_that_are_all_the_same_but_for_rounding_are_refused(constant: float, rng: np.random.Generator) -> None:
    with pytest.raises(DataError, match="All rows"):
        cka(np.full((1000, 3), constant), states(rng, 1000))
