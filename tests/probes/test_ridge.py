from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, Ridge

from probewidgets.errors import ProbeError
from probewidgets.probes.base import Scaler
from probewidgets.probes.linear import LinearProbe
from probewidgets.probes.ridge import RidgeProbe, SigmoidProbe


def numbers(n: int = 300, width: int = 6) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, width)) @ rng.normal(size=(width, width)) + 3
    return X, X @ rng.normal(size=width) + rng.normal(size=n) - 7


def test_ridge_is_scikit_learns_at_the_matched_penalty() -> None:
    X, y = numbers()
    for l2 in (1e-3, 0.5):
        ours, theirs = RidgeProbe(l2=l2).fit(X, y), Ridge(alpha=l2 * len(X)).fit(X, y)
        np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-9)
        assert ours.intercept_ == pytest.approx(theirs.intercept_, abs=1e-9)


def test_several_sets_of_numbers_are_fitted_as_each_alone() -> None:
    X, y = numbers()
    Y = np.stack([y, np.random.default_rng(1).normal(size=len(y))])
    found = RidgeProbe().choose_graded(X[:200], Y[:, :200], X[200:], Y[:, 200:])
    for row, one in zip(Y, found, strict=True):
        np.testing.assert_allclose(one.fitted.coef_, RidgeProbe(l2=one.l2).fit(X[:200], row[:200]).coef_, atol=1e-9)
    assert found[0].l2 < found[1].l2
    assert found[1].edge_of_grid  # nothing can be learned of noise: the strongest penalty is the best


def test_a_feature_that_is_constant_or_doubled_does_no_harm() -> None:
    X, y = numbers()
    X = np.concatenate([X, np.full((len(X), 1), 4.0), X[:, :1]], 1)
    assert np.square(RidgeProbe(l2=1e-8).fit(X, y).predict(X) - y).mean() < 1.2


def test_rescaled_it_predicts_the_same_from_raw_states() -> None:
    X, y = numbers()
    scaler = Scaler.of(X)
    fitted = RidgeProbe().fit(scaler.apply(X), y)
    np.testing.assert_allclose(fitted.rescaled(scaler).predict(X), fitted.predict(scaler.apply(X)), atol=1e-8)


def test_wrong_numbers_are_refused() -> None:
    X, y = numbers(20)
    with pytest.raises(ProbeError, match=r"one number per row, \(20,\)"):
        RidgeProbe().fit(X, y[:5])
    y[3] = np.nan
    with pytest.raises(ProbeError, match="first in row 3"):
        RidgeProbe().fit(X, y)


def test_each_label_is_scikit_learns_logistic_regression() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 5))
    Y = (X @ rng.normal(size=(5, 3)) + rng.normal(size=(400, 3))) > 0
    l2 = 1e-2
    (found,) = SigmoidProbe(LinearProbe(l2=l2, tol=1e-10)).choose_graded(X, Y[None], X, Y[None])
    for k in range(3):
        theirs = LogisticRegression(C=1 / (l2 * len(X)), tol=1e-10).fit(X, Y[:, k])
        np.testing.assert_allclose(found.fitted.proba(X)[:, k], theirs.predict_proba(X)[:, 1], atol=1e-4)
    np.testing.assert_array_equal(found.fitted.predict(X), found.fitted.proba(X) >= 0.5)
