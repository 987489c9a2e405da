from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from probewidgets.captures.activations import Activations
from probewidgets.errors import DataError, ProbeError
from probewidgets.methods.erasure.erase import Erasure, erase
from probewidgets.methods.erasure.erasers import INLP, LEACE, RandomDirections
from probewidgets.probes.linear import LinearProbe
from probewidgets.probes.mlp import MLPProbe
from tests.synthetic import activations

LINEAR = LinearProbe(l2=1e-3)


@pytest.fixture(scope="module")
def acts() -> Activations:
    return activations(120, n_types=150, n_labels=5, width=24)


@pytest.fixture(scope="module")
def made(acts: Activations) -> Erasure:
    return erase(acts, probes=(LINEAR, MLPProbe(hidden=32, epochs=25)), bootstrap=200, progress=False)


def test_a_linear_probe_falls_to_the_majority_where_random_dimensions_leave_it_what_it_reads(made: Erasure) -> None:
    for row in made.rows[::2]:
        assert row.n_dims == 4
        assert row.before.value > made.majority.value + 0.2
        assert row.after.value == pytest.approx(made.majority.value, abs=0.02)
        assert row.random.value > row.before.value - 0.1
        assert row.lost.low > 0.1 and row.lost_beyond_random.low > 0.1
        assert row.lost.value == pytest.approx(row.before.value - row.after.value)
        assert 0 < row.moved < 0.7


def test_what_an_mlp_still_reads_is_told(made: Erasure) -> None:
    mlp = made.rows[3]
    assert (mlp.layer, mlp.probe.split("(")[0]) == (1, "MLPProbe")
    assert mlp.after.value > made.majority.value + 0.1
    assert any("still reads the labels at layer" in note and "MLPProbe" in note for note in made.notes)
    assert not any("LinearProbe" in note for note in made.notes)


def test_the_fitted_erasers_are_for_the_states_as_they_are(acts: Activations, made: Erasure) -> None:
    by_hand = LEACE().fit(acts.layer(1)[acts.rows("train")], acts.targets.y[acts.rows("train")])
    np.testing.assert_allclose(made.eraser_of(1).apply(acts.layer(1)), by_hand.apply(acts.layer(1)), atol=1e-5)
    with pytest.raises(ProbeError, match=r"Layer 7 was not erased. Erased: \[0, 1\]"):
        made.eraser_of(7)


def test_the_table_has_a_row_per_layer_and_probe_and_the_repr_one_line(made: Erasure) -> None:
    table = made.table()
    assert table[["layer", "n_dims"]].to_numpy().tolist() == [[0, 4], [0, 4], [1, 4], [1, 4]]
    assert table.loc[2, "lost_low"] < table.loc[2, "lost"] < table.loc[2, "lost_high"]
    assert repr(made).startswith("Erasure('tag' on 'made up' by LEACE(): 2 layers; at layer 1 4 dimensions take ")
    assert "\n" not in repr(made)


def test_inlp_tells_how_many_dimensions_went(acts: Activations) -> None:
    made = erase(acts, eraser=INLP(), probes=(LINEAR,), bootstrap=50, progress=False)
    for row in made.rows:
        assert row.n_dims == made.eraser_of(row.layer).n_dims > 4
        assert row.after.value <= made.majority.value + 0.03
    wide = RandomDirections(13).fit(acts.layer(1), acts.targets.y)
    assert "At layer 1 13 of 24 dimensions were removed" in replace(made, erasers=(made.erasers[0], wide)).notes[-1]


def test_test_rows_change_no_eraser(acts: Activations, made: Erasure) -> None:
    states = acts.states.copy()
    states[:, acts.rows("test")] = 5
    changed = erase(replace(acts, states=states), probes=(LINEAR,), bootstrap=10, progress=False)
    for one, two in zip(made.erasers, changed.erasers, strict=True):
        np.testing.assert_array_equal(one.out, two.out)


def test_what_cannot_be_erased_is_an_error_that_says_why(acts: Activations) -> None:
    with pytest.raises(ProbeError, match=r"erase takes an eraser, such as eraser=erasers\.LEACE"):
        erase(acts, eraser=LINEAR, progress=False)
    with pytest.raises(ProbeError, match="erase takes an eraser"):
        erase(acts, eraser=LEACE, progress=False)
    with pytest.raises(ProbeError, match="erase takes a probe such as"):
        erase(acts, probes=(), progress=False)
    with pytest.raises(ProbeError, match="bootstrap must be a whole number >= 1"):
        erase(acts, bootstrap=0, progress=False)
    corpus = replace(acts.corpus, split=replace(acts.corpus.split, test=()))
    with pytest.raises(DataError, match="The test side has no target"):
        erase(replace(acts, corpus=corpus), progress=False)
