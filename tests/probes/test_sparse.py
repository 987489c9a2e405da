from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from probewidgets.errors import ProbeError
from probewidgets.probes.linear import LinearProbe
from probewidgets.probes.sparse import ElasticNetProbe, KSparseProbe


def planted(n: int = 1500, width: int = 40, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Features 3, 7 and 11 decide between three labels; the others are noise."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, width))
    return X, np.array(["a", "b", "c"])[(2 * X[:, [3, 7, 11]] + 0.3 * rng.normal(size=(n, 3))).argmax(1)]


def objective(
    probe: ElasticNetProbe, l1: float, coef: np.ndarray, bias: np.ndarray, X: np.ndarray, y: np.ndarray
) -> float:
    logits = X @ coef.T + bias
    shifted = logits - logits.max(1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
    gold = np.unique(y, return_inverse=True)[1]
    return float(-log_p[np.arange(len(y)), gold].mean() + l1 * np.abs(coef).sum() + probe.l2 * (coef**2).sum())


@pytest.mark.parametrize("l1", [1e-2, 1e-3])
def test_the_optimum_is_scikit_learns(l1: float) -> None:
    X, y = planted(600, 12)
    probe = ElasticNetProbe(l1=l1, l2=1e-3, tol=1e-8, max_iter=5000)
    ours = probe.fit(X, y)
    # Theirs: sum of cross-entropies * C + share * ||W||_1 + (1 - share) / 2 * ||W||^2.
    total = l1 + 2 * probe.l2
    theirs = LogisticRegression(
        C=1 / (len(X) * total), l1_ratio=l1 / total, solver="saga", max_iter=20000, tol=1e-8
    ).fit(X, y)
    mine = objective(probe, l1, ours.coef_, ours.intercept_, X, y)
    assert mine <= objective(probe, l1, theirs.coef_, theirs.intercept_, X, y) + 1e-5
    assert ours.converged


def test_along_the_path_more_and_more_features_come_in() -> None:
    X, y = planted()
    read = [int((np.abs(fitted.coef_).sum(0) > 0).sum()) for fitted in ElasticNetProbe().path(X, y)]
    assert read == sorted(read)
    assert read[0] <= 3
    assert read[-1] > 30


def test_the_planted_features_come_in_first() -> None:
    X, y = planted()
    fitted = ElasticNetProbe(l1=3e-2).fit(X, y)
    assert set(np.flatnonzero(np.abs(fitted.coef_).sum(0) > 0)) == {3, 7, 11}


def test_a_sweep_chooses_the_penalty_on_dev() -> None:
    X, y = planted()
    index = np.unique(y, return_inverse=True)[1]
    (choice,) = ElasticNetProbe().choose(X[:1000], index[None, :1000], X[1000:], index[None, 1000:], ("a", "b", "c"))
    assert 3e-5 <= choice.l2 < 3e-2
    assert (choice.fitted.predict(X[1000:]) == y[1000:]).mean() > 0.85


def test_k_features_are_read_and_no_more() -> None:
    X, y = planted()
    fitted = KSparseProbe(k=3).fit(X, y)
    assert set(np.flatnonzero(np.abs(fitted.coef_).sum(0))) == {3, 7, 11}
    full = (LinearProbe().fit(X, y).predict(X) == y).mean()
    assert (fitted.predict(X) == y).mean() > full - 0.02


def test_k_features_are_chosen_for_each_label_set_by_itself() -> None:
    X, y = planted()
    task = np.unique(y, return_inverse=True)[1]
    other = (X[:, 20] > 0).astype(int)
    Y = np.stack([task, other])
    first, second = KSparseProbe(k=3).choose(X, Y, X, Y, ("a", "b", "c"))
    assert (first.fitted.predict(X) == y).mean() > 0.9
    assert np.abs(second.fitted.coef_[:2, 20]).min() > 0  # type: ignore[attr-defined]


def test_a_constant_feature_is_never_chosen_first() -> None:
    X, y = planted()
    X[:, 0] = 5.0
    assert 0 not in KSparseProbe(k=5).features(X, np.unique(y, return_inverse=True)[1])


def test_numbers_out_of_range_are_refused() -> None:
    with pytest.raises(ProbeError, match="k must be a whole number >= 1"):
        KSparseProbe(k=0)
    with pytest.raises(ProbeError, match="l1 must be a number >= 0"):
        ElasticNetProbe(l1=-1.0)
