from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from probewidgets.captures.activations import Activations
from probewidgets.errors import DataError, ModelError, ProbeError
from probewidgets.methods.information.information import Information, information
from probewidgets.metrics.scores import entropy
from probewidgets.probes.linear import LinearProbe
from tests.synthetic import activations, wrap

WORDS, LABELS = 50, ("00", "01", "10", "11")
NAMES = ("layer 0 by type", "type", "random by type")


@pytest.fixture(scope="module")
def acts() -> Activations:
    """Labels of two bits: the class of the word, and one of the context.

    Layer 0 has the word, layer 1 the context's bit, layer 2 the word again under a rotation, layer 3 both bits.
    """
    rng = np.random.default_rng(0)
    word = rng.integers(WORDS, size=3600)
    context = rng.integers(2, size=3600)
    kind = rng.permutation(np.arange(WORDS) % 2)[word]
    B = rng.normal(size=(WORDS, 64))[word]
    bit = np.outer(2 * context - 1, rng.normal(size=64))
    rotation = np.linalg.qr(rng.normal(size=(64, 64)))[0]
    states = np.stack([B, bit + 0.1 * rng.normal(size=bit.shape), B @ rotation, B + bit])
    surface = [f"w{w}" for w in word]
    return wrap(states, np.arange(3600) // 12, 2 * kind + context, surface, (0, 1, 2, 3), labels=LABELS)


@pytest.fixture(scope="module")
def made(acts: Activations) -> Information:
    return information(acts, bootstrap=200, progress=False)


def test_entropy_is_that_of_the_labels(acts: Activations, made: Information) -> None:
    shares = np.bincount(acts.targets.y) / acts.n_targets
    assert made.entropy.value == pytest.approx(entropy(shares), abs=0.02)
    assert made.entropy.unit == "bits"


def test_what_a_layer_adds_is_seen_where_the_difference_of_two_scores_sees_nothing(made: Information) -> None:
    complementary = made.row(1)
    assert abs(complementary.baselined.value) <= 0.1
    assert complementary.conditional.value >= 0.9
    assert complementary.conditional.low >= 0.85


def test_a_layer_that_says_the_same_again_adds_nothing(made: Information) -> None:
    for redundant in (made.row(0), made.row(2)):
        assert abs(redundant.conditional.value) <= 0.05
        assert redundant.information.value == pytest.approx(1, abs=0.05)


def test_information_is_entropy_less_what_is_left_and_a_share_of_it(made: Information) -> None:
    for row in made.rows:
        assert row.information.value == pytest.approx(made.entropy.value - row.left.value)
        assert row.share == pytest.approx(row.information.value / made.entropy.value)
        assert row.baselined.value == pytest.approx(made.given_baseline.value - row.left.value)
        assert row.information.low <= row.information.value <= row.information.high
        assert row.converged
    assert made.row(3).share > 0.97


def test_a_gain_is_what_the_word_alone_does_not_give(made: Information) -> None:
    assert tuple(made.given_controls) == NAMES
    for name in NAMES:
        assert made.given_controls[name].value == pytest.approx(1, abs=0.05)
        assert made.row(3).gains[name].value == pytest.approx(1, abs=0.07)
        assert made.row(3).gains[name].low > 0.8
        assert abs(made.row(2).gains[name].value) <= 0.05


def test_the_baseline_is_read_as_if_it_stood_alone(acts: Activations, made: Information) -> None:
    alone = made.row(0).left.value
    assert made.given_baseline.value == pytest.approx(alone, abs=0.01)
    assert made.baseline == 0


def test_without_a_baseline_or_controls_there_are_no_such_columns(acts: Activations, made: Information) -> None:
    bare = information(acts, baseline=None, controls={}, bootstrap=10, progress=False)
    assert bare.row(1).conditional is None and bare.given_baseline is None and bare.given_controls == {}
    assert not {"conditional", "baselined"} & set(bare.table().columns)
    assert bare.notes == ("No baseline layer: nothing is said of what a layer adds to the embeddings.",)
    assert {"conditional", "gain_type_low", "gain_layer_0_by_type"} <= set(made.table().columns)
    assert made.table().index.tolist() == [0, 1, 2, 3]


def test_the_repr_is_one_line_that_says_how_much_and_beyond_what(made: Information) -> None:
    assert repr(made).startswith("Information('tag' on 'made up': 4 layers, most at layer 3: ")
    assert "beyond layer 0" in repr(made) and "\n" not in repr(made)


def test_shuffled_labels_hold_no_information(acts: Activations) -> None:
    shuffled = replace(acts.targets, y=np.random.default_rng(0).permutation(acts.targets.y))
    two = replace(acts, states=acts.states[:2], layers=(0, 1), targets=shuffled)
    made = information(two, LinearProbe(grid=(1.0, 0.1, 0.01)), controls={}, bootstrap=50, progress=False)
    for row in made.rows:
        assert row.information.value <= 0.02
        assert row.conditional.value <= 0.02


def test_test_labels_that_train_never_shows_do_not_count_and_are_told() -> None:
    acts = activations(60)
    y = acts.targets.y.copy()
    y[acts.rows("test")[:5]] = len(acts.targets.labels)
    rare = replace(acts, targets=replace(acts.targets, y=y, labels=(*acts.targets.labels, "ZZ")))
    made = information(rare, LinearProbe(l2=1e-2), bootstrap=20, progress=False)
    assert made.left_out == 5
    assert "5 test targets carry labels that train never shows" in made.notes[-1]
    assert made.row(1).left.value < 2


def test_controls_of_ones_own_may_be_given(acts: Activations) -> None:
    gold = np.eye(4)[acts.targets.y]
    made = information(acts, LinearProbe(l2=1e-4), baseline=None, controls={"gold": gold}, bootstrap=10, progress=False)
    assert made.given_controls["gold"].value < 0.05
    assert made.row(1).gains["gold"].value < -0.8


def test_what_cannot_be_measured_is_an_error_that_says_why(acts: Activations) -> None:
    with pytest.raises(ModelError, match=r"baseline layer 7 was not captured \(\[0, 1, 2, 3\] were\)"):
        information(acts, baseline=7, progress=False)
    with pytest.raises(ProbeError, match=r"control 'c' must be a matrix .* each of the 3,600 targets, .* \(2, 2\)"):
        information(acts, controls={"c": np.zeros((2, 2))}, progress=False)
    with pytest.raises(ProbeError, match="information takes a probe such as"):
        information(acts, LinearProbe, progress=False)
    numbers = replace(acts, targets=replace(acts.targets, y=acts.targets.y + 0.5))
    with pytest.raises(DataError, match="one label each"):
        information(numbers, progress=False)
