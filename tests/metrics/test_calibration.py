"""Temperature scaling: it never makes dev worse, and never changes what is predicted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probewidgets.metrics.calibration import scaled, temperature
from probewidgets.metrics.scores import cross_entropy_bits, log_softmax


def rows(seed: int, n: int, k: int, spread: float, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Log-probabilities, and labels that agree with them more or less."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, spread, (n, k))
    return log_softmax(logits), (logits / max(spread, 1e-9) + noise * rng.gumbel(size=(n, k))).argmax(1)


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 10_000), st.integers(1, 40), st.integers(2, 6), st.sampled_from([0.0, 0.1, 1.0, 9.0, 80.0]),
    st.sampled_from([0.0, 0.5, 3.0]),
)  # fmt: skip
def test_dev_never_gets_worse_and_no_prediction_changes(seed: int, n: int, k: int, spread: float, noise: float) -> None:
    log_proba, gold = rows(seed, n, k, spread, noise)
    fitted = temperature(log_proba, gold)
    after = scaled(log_proba, fitted)
    assert 0.01 <= fitted <= 100
    assert cross_entropy_bits(after, gold) <= cross_entropy_bits(log_proba, gold) * (1 + 1e-12)
    np.testing.assert_array_equal(after.argmax(1), log_proba.argmax(1))
    np.testing.assert_allclose(np.exp(after).sum(1), 1)


def test_no_other_temperature_is_better() -> None:
    log_proba, gold = rows(0, 500, 4, 5.0, 1.0)
    fitted = temperature(log_proba, gold)
    best = cross_entropy_bits(scaled(log_proba, fitted), gold)
    assert fitted > 1
    assert all(best <= cross_entropy_bits(scaled(log_proba, t), gold) for t in np.geomspace(0.01, 100, 301))


@pytest.mark.parametrize("true", [0.25, 1.0, 3.0])
def test_the_temperature_of_labels_drawn_at_it_is_found(true: float) -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (40_000, 5))
    gold = (logits / true + rng.gumbel(size=logits.shape)).argmax(1)
    assert temperature(log_softmax(logits), gold) == pytest.approx(true, rel=0.03)


def test_a_temperature_divides_the_logits() -> None:
    assert np.exp(scaled(np.array([[2.0, 0.0]]), 2))[0, 0] == pytest.approx(0.731059, abs=1e-6)


def test_where_nothing_can_be_fitted_the_temperature_is_1() -> None:
    impossible = np.log([[0.5, 0.5, 1e-300]])
    impossible[0, 2] = -np.inf
    assert temperature(np.zeros((0, 3)), np.zeros(0, int)) == 1
    assert temperature(impossible, np.array([-1])) == 1
    assert temperature(impossible, np.array([2])) == 1
    assert temperature(impossible, np.array([0])) == 1
    assert np.isfinite(temperature(np.repeat(impossible, 3, 0), np.array([0, 1, 0])))


def test_unknown_labels_do_not_count() -> None:
    log_proba, gold = rows(1, 200, 3, 4.0, 1.0)
    mixed = np.where(np.arange(200) % 3 == 0, -1, gold)
    assert temperature(log_proba, mixed) == temperature(log_proba[mixed >= 0], gold[mixed >= 0])
