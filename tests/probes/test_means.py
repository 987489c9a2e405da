from __future__ import annotations

import numpy as np
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.neighbors import NearestCentroid

from probewidgets.errors import ProbeError
from probewidgets.probes.linear import FittedLinear
from probewidgets.probes.means import MassMeanProbe


def clouds(covariance: np.ndarray, n: int = 2000, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Two Gaussian classes, their means apart along a random direction."""
    rng = np.random.default_rng(seed)
    width = len(covariance)
    y = rng.integers(0, 2, n)
    direction = rng.normal(size=width)
    X = rng.multivariate_normal(np.zeros(width), covariance, n) + np.outer(
        2 * y - 1, direction / np.linalg.norm(direction)
    )
    return X, y


def correlated(width: int = 20) -> np.ndarray:
    """Nearly all of the variance along one direction."""
    return np.eye(width) * 0.1 + 0.9 * np.ones((width, width)) * 4


def direction(fitted: FittedLinear) -> np.ndarray:
    difference = fitted.coef_[1] - fitted.coef_[0]
    return difference / np.linalg.norm(difference)


def test_in_round_clouds_the_mass_mean_is_the_whitened_direction() -> None:
    X, y = clouds(np.eye(20))
    plain, whitened = MassMeanProbe().fit(X, y), MassMeanProbe(whiten=True).fit(X, y)
    assert direction(plain) @ direction(whitened) > 0.99
    assert abs((plain.predict(X) == y).mean() - (whitened.predict(X) == y).mean()) < 0.01


def test_where_features_are_correlated_whitening_is_worth_it() -> None:
    X, y = clouds(correlated())
    plain, whitened = ((MassMeanProbe(whiten=w).fit(X, y).predict(X) == y).mean() for w in (False, True))
    assert whitened > plain + 0.05


def test_whitened_it_is_scikit_learns_discriminant_analysis() -> None:
    rng = np.random.default_rng(0)
    y = rng.choice(4, 600, p=(0.4, 0.3, 0.2, 0.1))
    X = rng.normal(size=(600, 8)) @ rng.normal(size=(8, 8)) + rng.normal(size=(4, 8))[y] * 2
    theirs = LinearDiscriminantAnalysis(solver="lsqr").fit(X, y)
    ours = MassMeanProbe(whiten=True, shrinkage=1e-12).fit(X, y)
    np.testing.assert_allclose(ours.proba(X), theirs.predict_proba(X), atol=1e-6)


def test_without_a_prior_it_is_the_nearest_centroid() -> None:
    rng = np.random.default_rng(0)
    y = rng.choice(3, 300, p=(0.7, 0.2, 0.1))
    X = rng.normal(size=(300, 5)) + rng.normal(size=(3, 5))[y]
    np.testing.assert_array_equal(
        MassMeanProbe(prior=False).fit(X, y).predict(X), NearestCentroid().fit(X, y).predict(X)
    )


def test_a_shift_of_the_test_set_changes_what_is_predicted() -> None:
    # The threshold is learned from train: test rows are not centred by themselves.
    X, y = clouds(np.eye(5))
    fitted = MassMeanProbe().fit(X, y)
    moved = X + 10 * direction(fitted)
    assert (fitted.predict(moved) == 1).all()


def test_a_label_that_a_control_draw_misses_is_never_predicted() -> None:
    X, y = clouds(np.eye(5), 200)
    (choice,) = MassMeanProbe().choose(X, y[None], X, y[None], ("a", "b", "c"))
    assert "c" not in choice.fitted.predict(X)
    assert np.isfinite(choice.dev_nats)


def test_a_feature_that_is_constant_does_no_harm() -> None:
    X, y = clouds(np.eye(5), 200)
    X[:, 2] = 7.0
    assert (MassMeanProbe(whiten=True).fit(X, y).predict(X) == y).mean() > 0.7
    with pytest.raises(ProbeError, match="shrinkage must be a number > 0"):
        MassMeanProbe(shrinkage=0)
