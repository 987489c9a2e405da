from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from probewidgets.errors import ProbeError
from probewidgets.probes.linear import GRID, FittedLinear, LinearProbe

SHAPES = {
    "plain": (300, 5, 3),
    "many labels": (800, 12, 17),
    "more features than rows": (60, 100, 3),
    "strongly correlated": (400, 30, 4),
    "different scales": (300, 8, 4),
    "far from the origin": (400, 16, 3),
    "one constant": (300, 10, 3),
    "two labels": (300, 8, 2),
}


def problem(name: str) -> tuple[np.ndarray, np.ndarray]:
    n, d, k = SHAPES[name]
    rng = np.random.default_rng(len(name))
    X = rng.normal(size=(n, d))
    y = (X @ rng.normal(size=(d, k)) + rng.gumbel(size=(n, k))).argmax(1)
    y[:k] = np.arange(k)
    if name == "strongly correlated":
        X = X @ rng.normal(size=(d, d)) / d**0.5
        X[:, 1] = X[:, 0] + 1e-3 * rng.normal(size=n)
    if name == "different scales":
        X *= np.geomspace(1e-2, 1e2, d)
    if name == "far from the origin":
        X += 20 * rng.normal(size=d)
    if name == "one constant":
        X[:, 3] = 7.0
    return X, y


def objective(proba: np.ndarray, y: np.ndarray, l2: float, coef: np.ndarray) -> float:
    return float(-np.log(proba[np.arange(len(y)), y]).mean() + l2 * (coef**2).sum())


def sklearn(X: np.ndarray, y: np.ndarray, C: float) -> LogisticRegression:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it cannot always reach so small a tolerance, and says so
        return LogisticRegression(C=C, tol=1e-10, max_iter=3000, solver="newton-cg").fit(X, y)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", SHAPES)
def test_the_optimum_is_that_of_scikit_learn_at_the_matched_penalty(name: str, dtype: type) -> None:
    X, y = problem(name)
    X = X.astype(dtype).astype(np.float64)
    k = SHAPES[name][2]
    for l2 in (1e-2, 1 / (2 * len(X))):
        ours = LinearProbe(l2=l2).fit(X.astype(dtype), y)
        # Two labels: scikit-learn has one row of weights, the difference of our two.
        theirs = sklearn(X, y, C=1 / ((2 if k > 2 else 1) * l2 * len(X)))
        coef = theirs.coef_ if k > 2 else np.vstack([-theirs.coef_, theirs.coef_]) / 2
        assert ours.converged
        assert ours.coef_.shape == (k, X.shape[1])
        np.testing.assert_allclose(ours.proba(X), theirs.predict_proba(X), atol=1e-4)
        mine = objective(ours.proba(X), y, l2, ours.coef_)
        assert mine == pytest.approx(objective(theirs.predict_proba(X), y, l2, coef), abs=1e-6)


def test_without_a_penalty_given_fit_takes_that_of_scikit_learn() -> None:
    X, y = problem("plain")
    np.testing.assert_allclose(LinearProbe().fit(X, y).proba(X), sklearn(X, y, C=1.0).predict_proba(X), atol=1e-4)


def test_at_the_optimum_the_gradient_is_zero() -> None:
    X, y = problem("strongly correlated")
    l2 = 1e-3
    fitted = LinearProbe(l2=l2, tol=1e-13).fit(X, y)
    residual = fitted.proba(X) - np.eye(4)[y]
    np.testing.assert_allclose(residual.T @ X / len(X) + 2 * l2 * fitted.coef_, 0, atol=1e-5)
    np.testing.assert_allclose(residual.mean(0), 0, atol=1e-6)


def test_large_float32_problems_reach_the_same_optimum() -> None:
    # More numbers than are worked on in float64, and enough rows for a first guess on some of them.
    rng = np.random.default_rng(0)
    X = rng.normal(size=(150_000, 32)).astype(np.float32)
    X[:, 1] += X[:, 0]
    y = (X[:, :3] + rng.gumbel(size=(len(X), 3))).argmax(1)
    fitted, quick = LinearProbe(l2=1e-3, tol=1e-9).fit(X, y), LinearProbe(l2=1e-3).fit(X, y)
    assert fitted.converged and quick.converged
    residual = fitted.proba(X) - np.eye(3)[y]
    np.testing.assert_allclose(residual.T @ X / len(X) + 2e-3 * fitted.coef_, 0, atol=2e-5)
    # As it comes it is as close as it says: 1e-5 nats.
    best, near = (-f.log_proba(X)[np.arange(len(y)), y].mean() + 1e-3 * (f.coef_**2).sum() for f in (fitted, quick))
    assert best <= near + 1e-8 and near - best < 2e-5


def test_labels_can_be_words_and_predictions_are_labels() -> None:
    X, y = problem("plain")
    names = np.array(["VERB", "NOUN", "ADJ"])[y]
    fitted = LinearProbe().fit(X, names)
    assert fitted.labels == ("ADJ", "NOUN", "VERB")
    assert set(fitted.predict(X)) <= set(fitted.labels)
    assert (fitted.predict(X) == names).mean() > 0.7
    np.testing.assert_allclose(np.exp(fitted.log_proba(X)).sum(1), 1)


def test_a_fit_leaves_the_callers_random_numbers_and_arrays_alone() -> None:
    X, y = problem("plain")
    X.setflags(write=False)
    before, state = X.copy(), torch.get_rng_state()
    LinearProbe().fit(X, y)
    np.testing.assert_array_equal(X, before)
    assert torch.equal(torch.get_rng_state(), state)


def test_a_fit_that_is_cut_short_says_so() -> None:
    X, y = problem("many labels")
    fitted = LinearProbe(l2=1e-6, max_iter=2).fit(X, y)
    assert not fitted.converged
    assert "NOT converged" in repr(fitted)


def test_what_cannot_be_fitted_is_an_error_that_says_why() -> None:
    X, y = problem("plain")
    broken = X.copy()
    broken[7, 2] = np.nan
    with pytest.raises(ProbeError, match=r"1 of 300 rows hold NaN or infinity, first nan in row 7, feature 2"):
        LinearProbe().fit(broken, y)
    with pytest.raises(ProbeError, match=r"one label per row, \(300,\)"):
        LinearProbe().fit(X, y[:-1])
    with pytest.raises(ProbeError, match="all rows carry 'NOUN'"):
        LinearProbe().fit(X, np.full(300, "NOUN"))
    with pytest.raises(ProbeError, match="no row to fit on"):
        LinearProbe().fit(X[:0], y[:0])
    with pytest.raises(ProbeError, match=r"matrix \(rows, features\)"):
        LinearProbe().fit(X[0], y)


def test_a_fitted_probe_refuses_states_of_another_width() -> None:
    X, y = problem("plain")
    with pytest.raises(ProbeError, match="fitted on 5 features, but states with 4 came"):
        LinearProbe().fit(X, y).predict(X[:, :4])


@pytest.mark.parametrize(
    "wrong",
    [
        {"l2": 0.0},
        {"l2": -1.0},
        {"l2": np.nan},
        {"l2": "x"},
        {"tol": 0.0},
        {"max_iter": 0},
        {"max_iter": 2.5},
        {"grid": 1e-3},
        {"grid": ()},
    ],
)
def test_impossible_settings_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ProbeError, match=r"must be a (whole )?number >|must hold penalties"):
        LinearProbe(**wrong)


def test_a_grid_must_run_from_strong_to_weak() -> None:
    with pytest.raises(ProbeError, match="strongest first"):
        LinearProbe(grid=(1e-3, 1e-2))


def toy(n: int = 600, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 20))
    y = (2 * X[:, :3] + rng.gumbel(size=(n, 3))).argmax(1)
    return X[: n // 2], y[: n // 2], X[n // 2 :], y[n // 2 :]


def test_the_penalty_chosen_has_the_lowest_cross_entropy_on_dev_of_all_in_the_grid() -> None:
    X, y, X_dev, y_dev = toy()
    (choice,) = LinearProbe().choose(X, y[None], X_dev, y_dev[None], "abc")

    def dev(l2: float) -> float:
        log_proba = LinearProbe(l2=l2).fit(X, y).log_proba(X_dev)
        return float(-log_proba[np.arange(len(y_dev)), y_dev].mean())

    assert choice.l2 == min(GRID, key=dev)
    assert choice.dev_nats == pytest.approx(dev(choice.l2), abs=1e-3)
    assert choice.converged
    assert not choice.edge_of_grid


def test_label_sets_fitted_together_are_fitted_as_if_alone() -> None:
    X, y, X_dev, y_dev = toy()
    other, other_dev = (y + (X[:, 5] > 0)) % 3, (y_dev + (X_dev[:, 5] > 0)) % 3
    together = LinearProbe(tol=1e-10).choose(X, np.stack([y, other]), X_dev, np.stack([y_dev, other_dev]), "abc")
    alone = [
        LinearProbe(tol=1e-10).choose(X, a[None], X_dev, b[None], "abc")[0] for a, b in ((y, y_dev), (other, other_dev))
    ]
    for one, two in zip(together, alone, strict=True):
        assert one.l2 == two.l2
        np.testing.assert_allclose(one.fitted.proba(X), two.fitted.proba(X), atol=1e-4)


def test_a_choice_at_the_end_of_the_grid_is_flagged() -> None:
    X, y, X_dev, y_dev = toy()
    shuffled = np.random.default_rng(1).permutation(y)
    (noise,) = LinearProbe(grid=(0.03, 0.01, 0.003)).choose(X, shuffled[None], X_dev, y_dev[None], "abc")
    assert noise.edge_of_grid
    assert noise.l2 == 0.03
    (weak,) = LinearProbe(grid=(1.0, 0.3, 0.1)).choose(X, y[None], X_dev, y_dev[None], "abc")
    assert weak.edge_of_grid
    assert weak.l2 == 0.1
    (fixed,) = LinearProbe(l2=0.1).choose(X, y[None], X_dev, y_dev[None], "abc")
    assert not fixed.edge_of_grid


def test_a_label_without_a_row_gets_no_probability() -> None:
    X, y, X_dev, y_dev = toy()
    (choice,) = LinearProbe(l2=1e-2, tol=1e-9).choose(X, y[None], X_dev, y_dev[None], "abcd")
    assert choice.converged
    assert choice.fitted.log_proba(X_dev)[:, 3].max() < -20
    without = LinearProbe(l2=1e-2).fit(X, y)
    np.testing.assert_allclose(np.exp(choice.fitted.log_proba(X_dev))[:, :3], without.proba(X_dev), atol=2e-3)


def test_dev_rows_with_a_label_that_train_lacks_do_not_count() -> None:
    X, y, X_dev, y_dev = toy()
    marked = y_dev.copy()
    marked[::3] = -1
    kept = np.arange(len(y_dev)) % 3 != 0
    (all_rows,) = LinearProbe().choose(X, y[None], X_dev, marked[None], "abc")
    (fewer,) = LinearProbe().choose(X, y[None], X_dev[kept], y_dev[kept][None], "abc")
    assert all_rows.l2 == fewer.l2
    assert all_rows.dev_nats == pytest.approx(fewer.dev_nats, abs=1e-9)


def test_a_fitted_probe_says_what_it_is_in_one_line() -> None:
    X, y = problem("plain")
    fitted = LinearProbe(l2=0.01).fit(X, y)
    assert repr(fitted) == "FittedLinear(3 labels x 5 features, l2 0.01)"
    assert isinstance(fitted, FittedLinear)
