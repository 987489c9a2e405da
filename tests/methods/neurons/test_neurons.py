from __future__ import annotations

import numpy as np
import pytest

from probewidgets.captures.activations import Activations
from probewidgets.data.corpus import Split
from probewidgets.errors import ProbeError
from probewidgets.methods.neurons.neurons import Neurons, neurons
from probewidgets.probes.linear import LinearProbe
from probewidgets.probes.ranking import Probeless, WeightMass
from tests.synthetic import wrap

PLANTED = (2.0, 1.5, 1.2, 1.0, 0.8)
LINEAR = LinearProbe(l2=1e-3)


@pytest.fixture(scope="module")
def acts() -> Activations:
    """5,000 words in 500 sentences; of 100 neurons the first 5 decide the label at layer 2, none at layer 1."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(2, 5000, 100))
    y = (X[1, :, :5] @ PLANTED + 0.5 * rng.normal(size=5000) > 0).astype(np.int64)
    split = Split(*map(tuple, np.split(np.arange(500), [300, 350])))
    return wrap(X, np.repeat(np.arange(500), 10), y, [f"w{i % 40}" for i in range(5000)], (1, 2), split)


@pytest.fixture(scope="module")
def made(acts: Activations) -> Neurons:
    return neurons(acts, probe=LINEAR, sizes=(50, 2, 5), bootstrap=200, progress=False)


def test_the_first_neurons_do_the_work_and_the_last_do_none(made: Neurons) -> None:
    score = {s.n: s for s in made.scores if s.layer == 2}
    full = made.full[1].value
    assert full > 0.85
    assert set(made.order(2)[:8].tolist()) >= set(range(5))
    assert score[5].top.value >= full - 0.01
    assert abs(score[50].bottom.value - made.majority.value) <= 0.05
    assert score[5].gain.low > 0.1
    assert score[5].gain.value == pytest.approx(score[5].top.value - score[5].random.value)
    assert made.fewest(2) == 5
    assert made.fewest(2, within=0.5) == 2


def test_where_nothing_is_encoded_no_set_is_better_than_the_majority(made: Neurons) -> None:
    for score in made.scores[:3]:
        assert score.layer == 1
        for estimate in (score.top, score.random, score.bottom):
            assert estimate.value == pytest.approx(made.majority.value, abs=0.05)


def test_another_ranker_may_be_asked(acts: Activations) -> None:
    made = neurons(acts, Probeless(), LINEAR, sizes=(5,), bootstrap=10, progress=False)
    assert set(made.order(2)[:8].tolist()) >= set(range(5))
    assert "by Probeless()" in repr(made)


def test_sizes_are_shares_of_the_width_unless_told_and_come_in_order(acts: Activations, made: Neurons) -> None:
    assert [s.n for s in made.scores] == [2, 5, 50] * 2
    plain = neurons(acts, Probeless(), LINEAR, bootstrap=10, progress=False)
    assert [s.n for s in plain.scores[:6]] == [1, 2, 5, 10, 20, 50]


def test_the_table_has_a_row_per_layer_and_size(made: Neurons) -> None:
    table = made.table()
    assert table[["layer", "n"]].to_numpy().tolist() == [[1, 2], [1, 5], [1, 50], [2, 2], [2, 5], [2, 50]]
    assert table.loc[4, "top_low"] < table.loc[4, "top"] < table.loc[4, "top_high"]
    assert repr(made).endswith(
        f"the first 5 are as accurate as all 100 of layer 2, {made.full[1].value:.3f}, within 0.01)"
    )


def test_what_cannot_be_ranked_is_an_error_that_says_why(acts: Activations, made: Neurons) -> None:
    for ranker in (WeightMass, LINEAR):
        with pytest.raises(ProbeError, match=r"neurons takes a ranker second, such as rankings\.WeightMass"):
            neurons(acts, ranker, progress=False)
    for sizes in ((), (101,)):
        with pytest.raises(ProbeError, match="sizes must be numbers of neurons from 1 to 100"):
            neurons(acts, sizes=sizes, progress=False)
    with pytest.raises(ProbeError, match="Each of the sizes must be a whole number >= 1, but 0 came"):
        neurons(acts, sizes=(0,), progress=False)
    with pytest.raises(ProbeError, match=r"The neurons of layer 9 were not ranked. Ranked: \[1, 2\]"):
        made.order(9)
