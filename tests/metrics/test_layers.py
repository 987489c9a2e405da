from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from probewidgets.errors import ProbeError
from probewidgets.metrics.layers import (
    ExpectedLayer,
    centre_of_gravity,
    differential,
    expected_layer,
    kl_to_uniform,
    mix_weights,
)

# Cumulative F1 of edge probes on BERT, and the expected layers published with them (Tenney, Das and Pavlick 2019).
PUBLISHED = json.loads((Path(__file__).parent / "cumulative_scores.json").read_text())


@pytest.mark.parametrize("curve", PUBLISHED, ids=lambda c: f"{c['model']}-{c['task']}")
def test_published_expected_layers_come_out_of_the_published_scores(curve: dict) -> None:
    expected = expected_layer(curve["scores"])
    assert expected.value == pytest.approx(curve["expected_layer"], abs=0.01)
    assert expected.meaningful and 0 < expected.negative_share < 0.25
    assert expected.gain == pytest.approx(curve["scores"][-1] - curve["scores"][0])


def test_golden_scalar_mix() -> None:
    weights = mix_weights([0, 0, np.log(2)])
    np.testing.assert_allclose(weights, [0.25, 0.25, 0.5])
    assert centre_of_gravity(weights) == pytest.approx(1.25)
    assert kl_to_uniform(weights) == pytest.approx(0.084963, abs=1e-6)


def test_golden_expected_layer() -> None:
    np.testing.assert_allclose(differential([80, 90, 90, 95]), [10, 0, 5])
    expected = expected_layer([80, 90, 90, 95])
    assert expected == ExpectedLayer(pytest.approx(5 / 3), 0.0, 15.0, pytest.approx(float("nan"), nan_ok=True))
    assert str(expected) == "layer 1.67"


def test_equal_weights_are_at_no_distance_from_uniform_and_one_layer_alone_at_the_largest() -> None:
    assert kl_to_uniform(np.full(13, 1 / 13)) == 0
    assert kl_to_uniform(np.eye(8)[3]) == 3
    assert centre_of_gravity(np.eye(8)[3]) == 3
    assert centre_of_gravity([0.5, 0.5], layers=(4, 12)) == 8


def test_only_differences_of_mix_logits_matter_however_large() -> None:
    np.testing.assert_allclose(mix_weights([1000, 1001]), mix_weights([0, 1]))


@pytest.mark.parametrize("planted", [1, 3, 6])
def test_a_score_that_jumps_at_one_layer_is_expected_there(planted: int) -> None:
    scores = np.where(np.arange(8) >= planted, 0.95, 0.4)
    assert expected_layer(scores).value == pytest.approx(planted)
    assert expected_layer(scores[::2], layers=range(0, 8, 2)).value == pytest.approx(2 * np.ceil(planted / 2))


def test_neither_the_unit_nor_the_level_of_the_scores_moves_the_expected_layer() -> None:
    scores = np.array([0.5, 0.6, 0.58, 0.7])
    assert expected_layer(100 * scores + 3).value == pytest.approx(expected_layer(scores).value)


def test_a_curve_that_wanders_is_not_meaningful() -> None:
    expected = expected_layer([50, 53, 50, 53, 51])
    assert expected.negative_share == pytest.approx(5 / 6)
    assert not expected.meaningful
    assert str(expected) == "not meaningful: what some layers lose is 83% of what others gain"


def test_a_gain_within_its_interval_is_not_meaningful() -> None:
    assert expected_layer([80, 81], half_width=0.9).meaningful
    assert "the gain over all layers, 1, is within its interval, +-1.1" in str(expected_layer([80, 81], half_width=1.1))


@pytest.mark.parametrize(("scores", "share"), [([80, 80, 80], 0.0), ([80, 90, 80], 1.0)])
def test_where_nothing_is_gained_no_layer_is_named(scores: list[float], share: float) -> None:
    expected = expected_layer(scores)
    assert np.isnan(expected.value) and expected.negative_share == share
    assert "nothing is gained" in str(expected)


def test_a_curve_that_only_falls_is_not_meaningful() -> None:
    expected = expected_layer([90, 85, 80])
    assert expected.negative_share == float("inf") and not expected.meaningful


@pytest.mark.parametrize("weights", [[0.5, 0.6], [-0.1, 1.1], [], [np.nan, 1.0]])
def test_what_is_no_mix_is_refused(weights: list[float]) -> None:
    for measure in (centre_of_gravity, kl_to_uniform):
        with pytest.raises(ProbeError, match="weights of a mix"):
            measure(weights)


def test_scores_and_layers_must_belong_together() -> None:
    with pytest.raises(ProbeError, match="cumulative scores must be 2 finite numbers or more"):
        expected_layer([0.5])
    for layers in ((0, 1), (0, 2, 1)):
        with pytest.raises(ProbeError, match="layers must be 3 layers from low to high"):
            expected_layer([0.5, 0.6, 0.7], layers=layers)
