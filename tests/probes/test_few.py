"""Probes on few rows are those of LinearProbe; and what a probe has not seen has no part in what it says."""

from __future__ import annotations

import numpy as np
import pytest

from probewidgets.probes.few import fit_few, left_out, proba_of
from probewidgets.probes.linear import LinearProbe


def rows(n: int, width: int, k: int = 3, layers: int = 2, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    y = np.arange(n) % k
    code = rng.normal(size=(layers, k, width))
    return (code[:, y] + rng.normal(size=(layers, n, width))).astype(np.float32) / np.sqrt(width), y


@pytest.mark.parametrize(("n", "width"), [(12, 40), (40, 40), (90, 20), (7, 200)])
def test_fits_are_those_of_the_linear_probe(n: int, width: int) -> None:
    X, y = rows(n, width)
    weights, biases = fit_few(X, y, 3, strength=0.3)
    for layer, states in enumerate(X):
        want = LinearProbe(l2=0.3 / n).fit(states, y)
        np.testing.assert_allclose(proba_of(X, weights, biases)[layer], want.proba(states), atol=0.03)


def test_equal_rows_are_no_trouble() -> None:
    X, y = rows(6, 30)
    weights, _ = fit_few(np.concatenate([X, X], 1), np.concatenate([y, y]), 3, 0.3)
    assert np.isfinite(weights).all()


def test_a_row_is_predicted_by_probes_that_have_not_seen_its_group() -> None:
    X, y = rows(30, 50)
    group = np.arange(30) // 5
    out = left_out(X, y[None], group, 3, 0.3)
    assert out.shape == (2, 1, 30, 3)
    for layer, each in ((0, 0), (1, 4)):
        inside = group == each
        weights, biases = fit_few(X[[layer]][:, ~inside], y[~inside], 3, 0.3)
        logits = X[layer, inside] @ weights[0].T + biases[0]
        want = logits - np.log(np.exp(logits).sum(1, keepdims=True))
        np.testing.assert_allclose(np.exp(out[layer, 0, inside]), np.exp(want), atol=0.03)


def test_labels_of_a_group_do_not_touch_what_is_said_of_it() -> None:
    X, y = rows(30, 50)
    group = np.arange(30) // 5
    other = np.where(group == 2, (y + 1) % 3, y)
    a, b = left_out(X[:1], np.stack([y, other]), group, 3, 0.3)[0]
    np.testing.assert_allclose(a[group == 2], b[group == 2], atol=1e-5)
    assert not np.allclose(a[group != 2], b[group != 2], atol=1e-3)


def test_random_labels_are_at_chance_where_groups_are_left_out() -> None:
    rng = np.random.default_rng(1)
    X, _ = rows(300, 20)
    y = rng.integers(3, size=300)
    hits = left_out(X[:1], y[None], np.arange(300) // 5, 3, 0.3)[0, 0].argmax(1) == y
    assert abs(hits.mean() - 1 / 3) < 0.1


def test_one_group_alone_leaves_nothing_to_learn_from() -> None:
    X, y = rows(6, 10)
    assert np.isnan(left_out(X, y[None], np.zeros(6, int), 3, 0.3)).all()


def test_work_that_is_not_wanted_any_more_ends() -> None:
    class EnoughError(Exception):
        pass

    def stop() -> None:
        raise EnoughError

    X, y = rows(30, 50)
    with pytest.raises(EnoughError):
        fit_few(X, y, 3, 0.3, stop)
    with pytest.raises(EnoughError):
        left_out(X, y[None], np.arange(30), 3, 0.3, stop)
