from __future__ import annotations

import numpy as np
import pytest

from probewidgets.errors import ProbeError
from probewidgets.methods.heads.bilinear import Arcs, BilinearProbe
from probewidgets.methods.heads.pairwise import FittedPairwise, PairwiseMLPProbe
from probewidgets.probes.base import Scaler
from tests.methods.heads.test_bilinear import sentences

RNG = np.random.default_rng(0)


def fitted(width: int = 6, hidden: int = 3) -> FittedPairwise:
    left, right = RNG.normal(size=(2, hidden, width))
    bias, out = RNG.normal(size=(2, hidden))
    return FittedPairwise(left, right, bias, out, RNG.normal(size=width), 0.0, True)


def test_scores_are_those_of_a_layer_over_both_states_side_by_side() -> None:
    probe, X = fitted(), RNG.normal(size=(5, 6))
    scores, W = probe.scores(X), np.concatenate([probe.left_, probe.right_], 1)
    for i in range(5):
        for j in range(5):
            both = np.concatenate([X[i] - probe.centre_, X[j] - probe.centre_])
            assert scores[i, j] == pytest.approx(probe.out_ @ np.maximum(W @ both + probe.bias_, 0))
    np.testing.assert_allclose(np.exp(probe.log_proba(X)).sum(1), 1)
    np.testing.assert_array_equal(probe.predict(X), scores.argmax(1))


def test_rescaled_it_says_of_raw_states_what_it_said_of_scaled_ones() -> None:
    X = RNG.normal(size=(7, 6)) * [1, 2, 3, 4, 5, 6] + 10
    scaler, probe = Scaler.of(X), fitted()
    np.testing.assert_allclose(probe.rescaled(scaler).log_proba(X), probe.log_proba(scaler.apply(X)), atol=1e-9)


def test_the_loss_on_dev_is_the_cross_entropy_of_what_is_predicted() -> None:
    X, arcs = sentences(40)
    arcs = [Arcs(one.rows, np.where(np.arange(len(one.rows)) == 0, -1, one.heads)) for one in arcs]
    probe = PairwiseMLPProbe(hidden=5, epochs=2).fit(X, arcs)
    nats = [
        -probe.log_proba(X[one.rows])[i, head] for one in arcs for i, head in enumerate(one.heads.tolist()) if head >= 0
    ]
    assert probe.dev_loss == pytest.approx(np.mean(nats), rel=1e-4)
    assert not probe.converged
    assert repr(probe) == "FittedPairwise(5 hidden units, 8 features)"


def test_it_finds_what_no_bilinear_form_can() -> None:
    X, arcs = sentences(600)
    farthest = [Arcs(one.rows, np.full(len(one.rows), np.abs(X[one.rows, 0]).argmax())) for one in arcs]
    train, test = farthest[:500], farthest[500:]
    found = []
    for probe in (PairwiseMLPProbe(hidden=32, epochs=60), BilinearProbe(linear=True, epochs=60)):
        made = probe.fit(X, train)
        found.append(np.mean(np.concatenate([made.predict(X[one.rows]) == one.heads for one in test])))
    assert found[0] > 0.8
    assert found[1] < found[0] - 0.2


def test_equal_seeds_give_equal_probes_and_what_cannot_be_fitted_is_refused() -> None:
    X, arcs = sentences(20)
    one, two, other = (PairwiseMLPProbe(hidden=4, epochs=2, seed=seed).fit(X, arcs) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one.left_, two.left_)
    assert (one.left_ != other.left_).any()
    with pytest.raises(ProbeError, match="hidden must be a whole number >= 1"):
        PairwiseMLPProbe(hidden=0)
    with pytest.raises(ProbeError, match="No word has a head to fit on"):
        PairwiseMLPProbe().fit(X, [])
