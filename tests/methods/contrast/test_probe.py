from __future__ import annotations

import numpy as np
import pytest
import torch

from probewidgets.errors import ProbeError
from probewidgets.methods.contrast.probe import CCSProbe, ccs_loss

QUICK = CCSProbe(restarts=4, epochs=400, rate=1e-2)


def pairs(n: int = 300, width: int = 12, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """What both statements share, truth along one direction, noise; and that direction."""
    rng = np.random.default_rng(seed)
    direction = np.linalg.qr(np.random.default_rng(99).normal(size=(width, width)))[0][0]
    truth = rng.random(n) < 0.5
    shared, sign = rng.normal(size=(n, width)), np.where(truth, 1.0, -1.0)[:, None]
    one, other = (shared + s * sign * 2 * direction + 0.3 * rng.normal(size=(n, width)) for s in (1, -1))
    return one, other, truth, direction


def test_the_loss_is_a_quarter_in_the_middle_and_nothing_where_opposites_are_opposite() -> None:
    assert ccs_loss(np.array([0.5]), np.array([0.5])) == 0.25
    assert ccs_loss(np.array([1.0, 0.0]), np.array([0.0, 1.0])) == 0
    assert ccs_loss(np.array([1.0]), np.array([1.0])) == 2  # both are so: neither opposite, nor sure
    assert ccs_loss(np.array([0.9, 0.2]), np.array([0.3, 0.6])) == pytest.approx((0.04 + 0.09 + 0.04 + 0.04) / 2)
    p, q = (torch.tensor([[0.9, 0.2], [0.5, 1.0]]) for _ in range(2))
    np.testing.assert_allclose(ccs_loss(p, q).numpy(), ccs_loss(p.numpy(), q.numpy()))


def test_a_planted_direction_is_found_without_labels() -> None:
    one, other, _, direction = pairs()
    fitted = QUICK.fit(one, other)
    new_one, new_other, new_truth, _ = pairs(seed=1)
    right = (fitted.predict(new_one, new_other) == new_truth).mean()
    assert max(right, 1 - right) > 0.97  # which end is true, it cannot know
    raw = fitted.coef_ / fitted.one.scale
    assert abs(raw @ direction) / np.linalg.norm(raw) > 0.9
    assert fitted.loss < 0.1  # 0.25 says nothing
    assert fitted.loss == pytest.approx(ccs_loss(*fitted.pair_proba(one, other)), abs=1e-5)
    assert np.isnan(fitted.found) and "end not chosen" in repr(fitted)


def test_labels_choose_the_end_of_the_direction_and_nothing_else() -> None:
    one, other, truth, _ = pairs()
    right, wrong = QUICK.fit(one, other, truth), QUICK.fit(one, other, ~truth)
    np.testing.assert_array_equal(right.coef_, wrong.coef_)
    assert right.flipped != wrong.flipped
    assert right.found == pytest.approx(1 - wrong.found)
    assert (right.predict(one, other) == truth).mean() > 0.97
    assert (wrong.predict(one, other) == ~truth).mean() > 0.97
    np.testing.assert_allclose(right.proba(one, other) + wrong.proba(one, other), 1)
    np.testing.assert_allclose(right.direction(), -wrong.direction())
    assert np.linalg.norm(right.direction()) == pytest.approx(1)


def test_what_tells_the_sides_apart_is_not_found() -> None:
    # A "yes" at the end of one side, and a "no" at that of the other, in other units: both are standardised away.
    one, other, truth, _ = pairs()
    plain, moved = QUICK.fit(one, other, truth), QUICK.fit(one * 3 + 50, other - 50, truth)
    np.testing.assert_allclose(plain.coef_, moved.coef_, atol=1e-3)
    np.testing.assert_allclose(plain.proba(one, other), moved.proba(one * 3 + 50, other - 50), atol=1e-3)


def test_new_pairs_are_standardised_as_train_was() -> None:
    one, other, truth, _ = pairs()
    fitted = QUICK.fit(one, other, truth)
    np.testing.assert_allclose(fitted.proba(one[:1], other[:1]), fitted.proba(one, other)[:1])


def test_the_best_of_several_starts_is_kept() -> None:
    one, other, _, _ = pairs(60)
    losses = [CCSProbe(restarts=n, epochs=20).fit(one, other).loss for n in (1, 10)]
    assert losses[1] <= losses[0]
    many = CCSProbe(restarts=10, epochs=20).fit(one, other)
    assert many.loss == losses[1]


def test_what_are_no_pairs_is_refused() -> None:
    one, other, truth, _ = pairs(20)
    with pytest.raises(ProbeError, match=r"as many rows on both sides, .* \(20, 12\), \(19, 12\) and no truth came"):
        QUICK.fit(one, other[:-1])
    with pytest.raises(ProbeError, match=r"truth \(3,\) came"):
        QUICK.fit(one, other, truth[:3])
    with pytest.raises(ProbeError, match="NaN or infinity"):
        QUICK.fit(one * np.nan, other)
    with pytest.raises(ProbeError, match="restarts must be a whole number >= 1"):
        CCSProbe(restarts=0)
    with pytest.raises(ProbeError, match="decay must be a number >= 0"):
        CCSProbe(decay=-1)
