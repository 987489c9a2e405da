from __future__ import annotations

import numpy as np
import pytest
from sklearn.covariance import LedoitWolf
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.neighbors import NearestCentroid

from probewidgets.errors import ProbeError
from probewidgets.probes.linear import FittedLinear
from probewidgets.probes.means import MassMeanProbe, shrunk_covariance


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


def few_rows(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """230 rows to learn from and 2,000 to test on, of 576 features that vary unequally: two classes."""
    rng = np.random.default_rng(seed)
    spread = np.arange(1, 577) ** -0.25
    y = rng.integers(0, 2, 2230)
    direction = rng.normal(size=576)
    apart = 2 * direction / np.linalg.norm(direction) * spread
    turned = np.linalg.qr(rng.normal(size=(576, 576)))[0]
    return (rng.normal(size=(2230, 576)) * spread + np.outer(2 * y - 1, apart)) @ turned, y


@pytest.mark.parametrize("seed", [0, 1])
def test_with_few_rows_for_their_features_the_covariance_is_shrunk_as_far_as_it_has_to_be(seed: int) -> None:
    X, y = few_rows(seed)
    train, test = slice(230), slice(230, None)
    right = {
        shrinkage: (MassMeanProbe(True, shrinkage=shrinkage).fit(X[train], y[train]).predict(X[test]) == y[test]).mean()
        for shrinkage in ("ledoit-wolf", 1e-3)
    }
    assert right["ledoit-wolf"] > right[1e-3] + 0.02
    means = np.stack([X[train][y[train] == k].mean(0) for k in (0, 1)])
    within = X[train] - means[y[train]]
    ours, little = (np.linalg.cond(shrunk_covariance(within, s)) for s in ("ledoit-wolf", 1e-3))
    assert ours < 50 < 1000 < little


def test_the_shrinkage_is_scikit_learns_and_is_said() -> None:
    within = np.random.default_rng(0).normal(size=(40, 12)) * np.arange(1, 13)
    theirs = LedoitWolf(assume_centered=True).fit(within).covariance_
    np.testing.assert_allclose(shrunk_covariance(within, "ledoit-wolf"), theirs)
    assert repr(MassMeanProbe(whiten=True)) == "MassMeanProbe(whiten=True, prior=True, shrinkage='ledoit-wolf')"


@pytest.mark.parametrize("width", [1, 3])
def test_states_that_do_not_vary_can_be_whitened(width: int) -> None:
    y = np.array([0, 1] * 5)
    X = np.repeat(y[:, None], width, 1).astype(float)
    assert (MassMeanProbe(whiten=True).fit(X, y).predict(X) == y).all()


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
    with pytest.raises(ProbeError, match="shrinkage must be a number <= 1, all the way to round, but 2 came"):
        MassMeanProbe(shrinkage=2)
    with pytest.raises(ProbeError, match=r"shrinkage must be 'ledoit-wolf' or a number in \(0, 1\], but 'auto' came"):
        MassMeanProbe(shrinkage="auto")
