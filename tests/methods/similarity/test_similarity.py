from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import probewidgets as pw
from probewidgets.errors import DataError, ProbeError
from tests.synthetic import activations


def test_a_layer_is_like_itself_and_less_like_another() -> None:
    acts = activations(120)
    table = pw.similarity(acts)
    np.testing.assert_allclose(np.diag(table), 1)
    assert table.loc[0, 1] == pytest.approx(table.loc[1, 0])
    assert 0.1 < table.loc[0, 1] < 0.95
    assert table.index.tolist() == table.columns.tolist() == [0, 1]
    assert pw.figures.number_grid(table, table.index, table.columns, title="CKA").axes


def test_models_of_other_widths_and_layers_are_compared_by_any_measure() -> None:
    a = activations(120)
    b = replace(a, states=a.states[:1, :, :5] ** 2, layers=(4,))
    for measure in (pw.metrics.cka, pw.metrics.svcca, pw.metrics.pwcca):
        table = pw.similarity(a, b, measure=measure)
        assert table.shape == (2, 1)
        assert table.loc[1, 4] == pytest.approx(measure(a.layer(1), b.layer(4)))


def test_too_few_targets_are_warned_of() -> None:
    with pytest.warns(UserWarning, match="fewer than 10 for each of 40 features"):
        pw.similarity(activations(20, width=40))


def test_states_of_other_things_are_refused() -> None:
    acts = activations(60)
    with pytest.raises(DataError, match="of another corpus"):
        pw.similarity(acts, activations(60, seed=1))
    fewer = replace(acts, states=acts.states[:, 1:], targets=acts.targets.take(np.arange(1, len(acts.targets))))
    with pytest.raises(DataError, match="of other targets"):
        pw.similarity(acts, fewer)
    with pytest.raises(ProbeError, match="takes Activations"):
        pw.similarity(acts.states)  # type: ignore[arg-type]


def test_a_layer_that_is_the_same_everywhere_is_left_out_and_named() -> None:
    acts = activations(120)
    states = acts.states.copy()
    states[0] = 0.1
    with pytest.warns(UserWarning, match="layer 0, are the same for all targets"):
        table = pw.similarity(replace(acts, states=states))
    assert table.isna().to_numpy().tolist() == [[True, True], [True, False]]
