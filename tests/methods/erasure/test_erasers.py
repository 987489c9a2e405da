from __future__ import annotations

import numpy as np
import pytest

from probewidgets.errors import ProbeError
from probewidgets.methods.erasure.erasers import INLP, LEACE, FittedEraser, Moments, RandomDirections
from probewidgets.probes.base import Scaler
from probewidgets.probes.linear import LinearProbe
from probewidgets.probes.mlp import MLPProbe
from tests.synthetic import activations

K = 6


@pytest.fixture(scope="module")
def states() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Words with 6 labels and 24 features, of unlike scales, off the origin: 2,100 rows of train, the rest held out."""
    acts = activations(200, n_types=300, n_labels=K, width=24, layers=(1,))
    X = acts.layer(1).astype(np.float64) * np.logspace(-2, 2, 24) + 7
    y = np.array(acts.targets.labels)[acts.targets.y]
    train, test = acts.rows("train"), acts.rows("test")
    return {"train": (X[train], y[train]), "test": (X[test], y[test])}


@pytest.fixture(scope="module")
def leace(states: dict) -> FittedEraser:
    return LEACE().fit(*states["train"])


def covariance(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """(D, K) of standardised states and one-hot labels."""
    one_hot = (y[:, None] == np.unique(y)).astype(float)
    X = (X - X.mean(0)) / X.std(0)
    return X.T @ (one_hot - one_hot.mean(0)) / len(X)


def majority(train: np.ndarray, y: np.ndarray) -> float:
    labels, counts = np.unique(train, return_counts=True)
    return float(np.mean(y == labels[counts.argmax()]))


def test_erased_states_and_labels_are_uncorrelated(states: dict, leace: FittedEraser) -> None:
    X, y = states["train"]
    assert np.abs(covariance(X, y)).max() > 0.05
    assert np.abs(covariance(leace.apply(X), y)).max() < 1e-9


def test_one_dimension_less_than_there_are_labels_is_removed_by_a_projector_that_keeps_the_mean(
    states: dict, leace: FittedEraser
) -> None:
    X, _ = states["train"]
    P = leace.projector
    assert leace.n_dims == K - 1 and repr(leace) == "FittedEraser(LEACE: 5 of 24 dimensions removed)"
    scale = X.std(0)
    np.testing.assert_allclose((P @ P - P) / scale[:, None] * scale, 0, atol=1e-9)
    assert np.linalg.matrix_rank(P / scale[:, None] * scale, tol=1e-6) == 24 - (K - 1)
    np.testing.assert_allclose(leace.apply(X).mean(0), X.mean(0), rtol=1e-9)
    np.testing.assert_allclose(leace.apply(leace.apply(X)), leace.apply(X), rtol=1e-9)


def test_a_linear_probe_of_erased_states_is_the_majority_and_an_mlp_is_not(states: dict, leace: FittedEraser) -> None:
    (X, y), (X_test, y_test) = states["train"], states["test"]
    scaler = Scaler.of(leace.apply(X))
    X, X_test = (scaler.apply(leace.apply(some)) for some in (X, X_test))
    probe = LinearProbe(l2=1e-3).fit(X, y)
    assert (probe.predict(X) == y).mean() == majority(y, y)
    assert (probe.predict(X_test) == y_test).mean() == majority(y, y_test)
    mlp = MLPProbe(hidden=64, epochs=30).fit(X, y)
    assert (mlp.predict(X_test) == y_test).mean() > majority(y, y_test) + 0.2


def test_no_other_way_to_uncorrelate_moves_states_less(states: dict, leace: FittedEraser) -> None:
    X, y = states["train"]
    scale = X.std(0)
    X = X / scale
    mine = leace.apply(X * scale) / scale
    Z = (y[:, None] == np.unique(y)).astype(float)
    # Taking off the mean of each label uncorrelates too, as does projecting the directions of those means away.
    by_mean = X - (Z @ np.linalg.lstsq(Z, X, rcond=None)[0] - X.mean(0))
    basis = np.linalg.svd(covariance(X, y), full_matrices=False)[0][:, : K - 1]
    projected = X - (X - X.mean(0)) @ basis @ basis.T
    assert np.abs(covariance(projected, y)).max() < 1e-9
    moved = [float(np.square(some - X).sum()) for some in (mine, projected)]
    assert moved[0] < moved[1]
    assert np.abs(covariance(by_mean, y)).max() < 1e-9


@pytest.mark.parametrize("size", [1, 7, 500])
def test_in_which_batches_states_come_does_not_matter(states: dict, leace: FittedEraser, size: int) -> None:
    X, y = states["train"]
    moments = Moments(tuple(np.unique(y).tolist()))
    for low in range(0, len(X), size):
        moments = moments.add(X[low : low + size], y[low : low + size])
    np.testing.assert_allclose(moments.eraser().apply(X[:50]), leace.apply(X[:50]), rtol=1e-6)


def test_the_scale_of_features_does_not_matter_nor_do_constant_or_repeated_ones(
    states: dict, leace: FittedEraser
) -> None:
    X, y = states["train"]
    scale = np.logspace(3, -3, 24)
    np.testing.assert_allclose(LEACE().fit(X * scale, y).apply(X * scale) / scale, leace.apply(X), rtol=1e-6)
    odd = np.concatenate([X, np.full((len(X), 1), 3.0), X[:, :2] - X[:, 2:4]], 1)
    found = LEACE().fit(odd, y)
    assert found.n_dims == K - 1
    np.testing.assert_allclose(found.apply(odd)[:, :24], leace.apply(X), rtol=1e-6)
    np.testing.assert_allclose(found.apply(odd)[:, 24], 3)


def test_a_number_is_erased_as_a_number() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(500, 8))
    z = X @ rng.normal(size=8) + rng.normal(size=500)
    found = LEACE().fit(X, z)
    assert found.n_dims == 1
    assert np.abs((found.apply(X) - X.mean(0)).T @ (z - z.mean())).max() < 1e-8


def test_states_keep_their_type_and_small_ones_stay_as_they_were_without_a_label_in_them() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 5)).astype(np.float32)
    y = np.tile(["a", "b"], 150)
    X[1::2] = X[::2]
    found = LEACE().fit(X, y)
    assert found.apply(X).dtype == np.float32
    np.testing.assert_allclose(found.apply(X), X, atol=1e-5)


def test_inlp_removes_dimensions_until_a_fresh_probe_reads_nothing(states: dict) -> None:
    (X, y), (X_test, y_test) = states["train"], states["test"]
    found = INLP().fit(X, y, X_test, y_test)
    dims, accuracy = (list(column) for column in zip(*found.steps, strict=True))
    assert dims[:3] == [0, K - 1, 2 * (K - 1)]
    assert accuracy[0] > 0.9 and accuracy[-1] <= majority(y, y_test) + 0.01
    assert all(a > majority(y, y_test) + 0.01 for a in accuracy[:-1])
    assert found.n_dims == dims[-1] >= K - 1
    scale = X.std(0)
    P = found.projector / scale[:, None] * scale
    np.testing.assert_allclose(P @ P, P, atol=1e-10)
    np.testing.assert_allclose(P, P.T, atol=1e-12)
    np.testing.assert_allclose(found.apply(X).mean(0), X.mean(0), rtol=1e-9)


def test_inlp_stops_when_it_was_told_to_or_nothing_is_left(states: dict) -> None:
    X, y = states["train"]
    assert INLP(max_steps=1).fit(X, y).n_dims == K - 1
    assert len(INLP(max_steps=2).fit(X, y).steps) == 2
    narrow = INLP().fit(X[:, -2:], y)
    assert narrow.n_dims == 2 and narrow.steps[-1][1] == majority(y, y)
    np.testing.assert_allclose(narrow.apply(X[:, -2:]), np.tile(X[:, -2:].mean(0), (len(X), 1)))


def test_random_directions_are_as_many_as_asked_and_leave_the_labels_readable(states: dict) -> None:
    X, y = states["train"]
    found = RandomDirections(K - 1, seed=3).fit(X, y)
    assert found.n_dims == K - 1 and found.kind == "random"
    np.testing.assert_allclose(found.into @ found.out, np.eye(K - 1), atol=1e-12)
    assert np.abs(covariance(found.apply(X), y)).max() > 0.05
    np.testing.assert_array_equal(RandomDirections(K - 1, seed=3).fit(X, y).out, found.out)
    assert not np.allclose(RandomDirections(K - 1, seed=4).fit(X, y).out, found.out)
    np.testing.assert_array_equal(RandomDirections(0).fit(X, y).apply(X), X)


def test_what_cannot_be_erased_is_an_error_that_says_why(states: dict, leace: FittedEraser) -> None:
    X, y = states["train"]
    with pytest.raises(ProbeError, match="fitted on 24 features, but states with 23 came"):
        leace.apply(X[:, 1:])
    with pytest.raises(ProbeError, match="at least two labels"):
        LEACE().fit(X, np.full(len(X), "a"))
    with pytest.raises(ProbeError, match="one label per row"):
        Moments(("a", "b")).add(X, y[:3])
    with pytest.raises(ProbeError, match="Label 'L00' was not declared"):
        Moments(("a", "b")).add(X[y == "L00"], y[y == "L00"])
    with pytest.raises(ProbeError, match="two rows at least, but 0 came"):
        Moments(("a", "b")).eraser()
    with pytest.raises(ProbeError, match="max_steps must be a whole number >= 1, but 0 came"):
        INLP(max_steps=0)
    with pytest.raises(ProbeError, match="25 dimensions cannot be removed from states of 24 features"):
        RandomDirections(25).fit(X, y)
