from __future__ import annotations

import numpy as np
import pytest

from probewidgets.errors import ProbeError
from probewidgets.methods.heads.bilinear import Arcs, BilinearProbe, FittedBilinear
from probewidgets.probes.base import Scaler

RNG = np.random.default_rng(0)


def sentences(n: int = 60, width: int = 4, seed: int = 0) -> tuple[np.ndarray, list[Arcs]]:
    """A word's state is a code of its own, and that of its head."""
    rng = np.random.default_rng(seed)
    states, arcs, at = [], [], 0
    for _ in range(n):
        length = int(rng.integers(2, 8))
        heads, own = rng.integers(length, size=length), rng.normal(size=(length, width))
        states.append(np.concatenate([own, own[heads]], 1))
        arcs.append(Arcs(np.arange(at, at + length), heads))
        at += length
    return np.concatenate(states), arcs


def fitted(width: int = 6, rank: int = 3) -> FittedBilinear:
    left, right = RNG.normal(size=(2, rank, width))
    return FittedBilinear(left, right, RNG.normal(size=width), RNG.normal(size=width), 0.0, True)


def test_scores_are_those_of_the_formula() -> None:
    probe, X = fitted(), RNG.normal(size=(5, 6))
    scores = probe.scores(X)
    for i in range(5):
        for j in range(5):
            h_i, h_j = X[i] - probe.centre_, X[j] - probe.centre_
            assert scores[i, j] == pytest.approx(h_i @ probe.left_.T @ probe.right_ @ h_j + probe.term_ @ h_j)
    np.testing.assert_allclose(np.exp(probe.log_proba(X)).sum(1), 1)
    np.testing.assert_array_equal(probe.predict(X), scores.argmax(1))


def test_rescaled_it_says_of_raw_states_what_it_said_of_scaled_ones() -> None:
    X = RNG.normal(size=(7, 6)) * [1, 2, 3, 4, 5, 6] + 10
    scaler, probe = Scaler.of(X), fitted()
    np.testing.assert_allclose(probe.rescaled(scaler).log_proba(X), probe.log_proba(scaler.apply(X)), atol=1e-9)


def test_the_loss_on_dev_is_the_cross_entropy_of_what_is_predicted() -> None:
    X, arcs = sentences(40)
    arcs = [Arcs(one.rows, np.where(np.arange(len(one.rows)) == 0, -1, one.heads)) for one in arcs]
    probe = BilinearProbe(rank=3, linear=True, epochs=2).fit(X, arcs)
    nats = [
        -probe.log_proba(X[one.rows])[i, head] for one in arcs for i, head in enumerate(one.heads.tolist()) if head >= 0
    ]
    assert probe.dev_loss == pytest.approx(np.mean(nats), rel=1e-4)
    assert not probe.converged
    assert repr(probe) == "FittedBilinear(rank 3, 8 features)"


def test_the_linear_term_finds_words_that_are_heads_of_all() -> None:
    X, arcs = sentences(120)
    popular = [Arcs(one.rows, np.full(len(one.rows), X[one.rows, 0].argmax())) for one in arcs]
    with_term, without = (BilinearProbe(rank=1, linear=term, epochs=60).fit(X, popular) for term in (True, False))
    assert with_term.dev_loss < without.dev_loss - 0.1
    assert with_term.term_.argmax() == 0
    assert not without.term_.any()


def test_what_cannot_be_fitted_is_refused() -> None:
    X, arcs = sentences(3)
    with pytest.raises(ProbeError, match="rank must be a whole number >= 1"):
        BilinearProbe(rank=0)
    with pytest.raises(ProbeError, match="epochs must be a whole number >= 1"):
        BilinearProbe(epochs=0)
    for nothing in ([], [Arcs(one.rows, np.full(len(one.rows), -1)) for one in arcs]):
        with pytest.raises(ProbeError, match="No word has a head to fit on"):
            BilinearProbe().fit(X, nothing)
    with pytest.raises(ProbeError, match="NaN or infinity"):
        BilinearProbe().fit(np.full_like(X, np.nan), arcs)
