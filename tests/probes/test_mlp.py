from __future__ import annotations

import numpy as np
import pytest
import torch

from probewidgets.errors import ProbeError
from probewidgets.probes.linear import LinearProbe
from probewidgets.probes.mlp import MLPProbe


def exclusive_or(n: int = 2000) -> tuple[np.ndarray, np.ndarray]:
    X = np.random.default_rng(0).normal(size=(n, 2))
    return X, np.where(X[:, 0] * X[:, 1] > 0, "same", "different")


def test_an_mlp_reads_what_no_linear_probe_can() -> None:
    X, y = exclusive_or()
    assert (LinearProbe().fit(X, y).predict(X) == y).mean() < 0.7
    assert (MLPProbe(hidden=32).fit(X, y).predict(X) == y).mean() > 0.9


def test_numpy_predicts_what_torch_was_trained_to() -> None:
    X, y = exclusive_or(300)
    fitted = MLPProbe(hidden=8, epochs=2).fit(X, y)
    hidden = torch.relu(torch.tensor(X @ fitted.hidden_coef.T + fitted.hidden_intercept))
    logits = hidden @ torch.tensor(fitted.coef).T + torch.tensor(fitted.intercept)
    np.testing.assert_allclose(fitted.log_proba(X), logits.log_softmax(1).numpy(), atol=1e-12)


def test_the_seed_decides_the_fit_and_nothing_else_does() -> None:
    X, y = exclusive_or(300)
    torch.manual_seed(1)
    one = MLPProbe(hidden=8, epochs=3).fit(X, y)
    state = torch.get_rng_state()
    two = MLPProbe(hidden=8, epochs=3).fit(X, y)
    assert torch.equal(torch.get_rng_state(), state)
    np.testing.assert_array_equal(one.coef, two.coef)
    assert not np.array_equal(one.coef, MLPProbe(hidden=8, epochs=3, seed=1).fit(X, y).coef)


def test_a_penalty_shrinks_the_weights_and_can_be_chosen_on_dev() -> None:
    X, y = exclusive_or(400)
    free, held = (MLPProbe(hidden=16, l2=l2, epochs=10).fit(X, y) for l2 in (0.0, 1e-2))
    assert (held.hidden_coef**2).sum() < (free.hidden_coef**2).sum()
    index = (y == "same").astype(int)
    probe = MLPProbe(hidden=16, l2=None, epochs=5, grid=(10.0, 1e-4, 1e-5))
    (choice,) = probe.choose(X[:200], index[None, :200], X[200:], index[None, 200:], ("different", "same"))
    assert choice.l2 < 10.0
    assert choice.fitted.l2 == choice.l2


def test_too_few_epochs_are_flagged() -> None:
    X, y = exclusive_or(400)
    assert not MLPProbe(hidden=16, epochs=2).fit(X, y).converged


def test_impossible_settings_and_states_are_refused() -> None:
    X, y = exclusive_or(50)
    with pytest.raises(ProbeError, match="hidden must be a whole number >= 1"):
        MLPProbe(hidden=0)
    with pytest.raises(ProbeError, match="l2 must be a number >= 0"):
        MLPProbe(l2=-1.0)
    X[3, 1] = np.inf
    with pytest.raises(ProbeError, match="row 3, feature 1"):
        MLPProbe().fit(X, y)
