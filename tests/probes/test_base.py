from __future__ import annotations

import numpy as np
import pytest

from probewidgets.probes.base import FittedProbe, LabelProbe, Probe, Scaler
from probewidgets.probes.linear import LinearProbe
from probewidgets.probes.mlp import MLPProbe


def test_standardised_states_have_mean_0_and_deviation_1() -> None:
    X = np.random.default_rng(0).normal(5, 3, size=(500, 7)).astype(np.float32)
    Z = Scaler.of(X).apply(X)
    assert Z.dtype == np.float32
    np.testing.assert_allclose(Z.mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(Z.std(0), 1, atol=1e-5)


@pytest.mark.parametrize("value", [0.0, 7.1, -1e4])
def test_a_constant_feature_is_not_blown_up(value: float) -> None:
    X = np.random.default_rng(0).normal(size=(100_000, 2)).astype(np.float32)
    X[:, 1] = value
    scaler = Scaler.of(X)
    assert scaler.scale[1] == 1
    np.testing.assert_allclose(scaler.apply(X)[:, 1], 0, atol=1e-6 * max(1, abs(value)))


@pytest.mark.parametrize("probe", [LinearProbe(l2=1e-2), MLPProbe(hidden=4, epochs=3)])
def test_a_scaler_folds_into_a_probe(probe: Probe) -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(4, [0.1, 1, 10, 1], size=(200, 4))
    X[:, 3] = 3.0
    y = (X[:, 0] > 4).astype(int)
    scaler = Scaler.of(X)
    fitted = probe.fit(scaler.apply(X), y)
    np.testing.assert_allclose(fitted.rescaled(scaler).log_proba(X), fitted.log_proba(scaler.apply(X)), atol=1e-9)


def test_the_probes_of_this_package_keep_the_protocols() -> None:
    X, y = np.random.default_rng(0).normal(size=(20, 3)), np.arange(20) % 2
    for probe in (LinearProbe(), MLPProbe(epochs=1)):
        assert isinstance(probe, LabelProbe)
        assert isinstance(probe.fit(X, y), FittedProbe)


def test_equal_settings_are_equal_probes() -> None:
    assert LinearProbe(l2=0.1) == LinearProbe(l2=0.1)
    assert hash(MLPProbe(hidden=3)) == hash(MLPProbe(hidden=3))
    assert repr(LinearProbe(l2=0.1)).startswith("LinearProbe(l2=0.1")
