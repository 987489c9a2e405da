from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from probewidgets.captures.activations import Activations
from probewidgets.data.control import ControlTask
from probewidgets.data.corpus import Split
from probewidgets.errors import DataError, ModelError, ProbeError
from probewidgets.methods.codelength.codelength import codelength
from probewidgets.metrics.codelength import Codelength
from probewidgets.metrics.scores import entropy
from probewidgets.probes.linear import LinearProbe
from probewidgets.probes.mlp import MLPProbe
from tests.synthetic import activations, wrap


def run(acts: Activations, probe: object = None, **options: object) -> Codelength:
    return codelength(acts, probe, **{"progress": False, **options})


@pytest.fixture(scope="module")
def acts() -> Activations:
    """400 sentences, 12 labels; layer 1 has a code of the label, layer 0 of the word alone."""
    split = Split(*map(tuple, np.split(np.arange(400), [266, 333])))
    return activations(400, n_types=600, n_labels=12, width=48, split=split)


@pytest.fixture(scope="module")
def small() -> Activations:
    """60 sentences, 4 labels."""
    return activations(60, layers=(1,))


@pytest.fixture(scope="module")
def made(acts: Activations) -> Codelength:
    return run(acts, control=True)


def relabelled(acts: Activations, y: np.ndarray) -> Activations:
    return replace(acts, targets=replace(acts.targets, y=y))


def test_labels_that_can_be_read_are_sent_short_and_control_labels_cost_their_memory(made: Codelength) -> None:
    task, control = (made.code(1, labels).compression for labels in ("task", "control"))
    assert task > 50
    assert 1.2 <= control <= task / 5


def test_shuffled_labels_cost_their_entropy_and_random_ones_are_not_compressed(
    acts: Activations, made: Codelength
) -> None:
    train = acts.targets.y[acts.rows("train")]
    free = np.log2(12) / entropy(np.bincount(train) / len(train))
    assert all(made.code(layer, "shuffled").compression <= free for layer in made.layers)
    random = relabelled(acts, np.random.default_rng(0).integers(12, size=acts.n_targets))
    assert all(code.compression <= 1.0 for code in run(random).codes)


def test_every_training_label_is_sent_once_and_the_parts_add_up(acts: Activations, made: Codelength) -> None:
    n = len(acts.rows("train"))
    assert made.n_targets == n and made.ends[-1] == 266
    for code in made.codes:
        assert code.uniform == pytest.approx(n * np.log2(12))
        assert code.bits == pytest.approx(code.block_bits.sum()) == pytest.approx(code.data_cost + code.model_cost)
        assert code.block_bits[0] == pytest.approx(made.targets[0] * np.log2(12))
        assert code.converged


def test_the_price_of_a_label_falls_as_more_are_known(made: Codelength) -> None:
    curve = made.curve()
    price = curve[(curve.layer == 1) & (curve.labels == "task")].bits_per_target.to_numpy()
    assert price[-1] < 0.01 < 1 < price[0]
    assert (np.diff(price) < 0.01).all()


def test_a_layer_that_holds_the_label_is_shorter_than_one_that_holds_the_word(made: Codelength) -> None:
    assert made.best.layer == 1
    assert made.code(0).bits > 10 * made.code(1).bits
    assert made.code(0).data_cost > made.code(1).data_cost


def test_layers_are_compared_on_the_same_sentences(made: Codelength) -> None:
    n = made.n_targets
    assert made.sentence_targets.sum() == n and len(made.sentence_targets) == 266
    for code in made.codes:
        assert code.sentence_bits.sum() == pytest.approx(code.bits)
        assert code.sentence_bits[: made.ends[0]].sum() == pytest.approx(code.block_bits[0])
    found = made.difference(0, 1)
    assert found.value == pytest.approx((made.code(0).bits - made.code(1).bits) / n)
    assert 0 < found.low < found.value < found.high and found.unit == "bits"
    same = made.difference(1, 0)
    assert (same.low, same.high) == pytest.approx((-found.high, -found.low))
    shuffled = made.difference(0, 1, "shuffled")
    assert abs(shuffled.value) < 0.01


def test_a_block_costs_what_a_probe_of_the_blocks_before_is_surprised_by(acts: Activations) -> None:
    made = run(acts, LinearProbe(l2=1e-2, tol=1e-12))
    train = acts.rows("train")
    sentences = np.unique(acts.targets.example[train])
    order = sentences[np.argsort(np.random.default_rng(0).permutation(len(sentences)))]
    first, last = made.ends[-2:]
    rows, sent = (np.flatnonzero(np.isin(acts.targets.example, part)) for part in (order[:first], order[first:last]))
    X, y = acts.layer(1).astype(np.float64), np.array(acts.targets.labels)[acts.targets.y]
    mean, scale = X[rows].mean(0), X[rows].std(0)
    probe = LinearProbe(l2=1e-2, tol=1e-12).fit((X[rows] - mean) / scale, y[rows])
    assert len(probe.labels) == 12
    proba = np.exp(probe.log_proba((X[sent] - mean) / scale))[np.arange(len(sent)), acts.targets.y[sent]]
    share = 12 / (2 * (len(rows) + 12))
    assert made.code(1).block_bits[-1] == pytest.approx(-np.log2((1 - share) * proba + share / 12).sum(), rel=1e-4)


def test_test_rows_are_not_seen(small: Activations) -> None:
    states = small.states.copy()
    states[:, small.rows("test")] = np.nan
    with pytest.raises(ModelError, match="holds NaN or infinity"):
        run(replace(small, states=states))
    states[:, small.rows("test")] = 1e4
    assert [c.bits for c in run(replace(small, states=states)).codes] == [c.bits for c in run(small).codes]


def test_the_seed_orders_the_sentences_and_control_labels_change_nothing_for_the_task(small: Activations) -> None:
    alone, beside, other = run(small), run(small, control=True), run(small, seed=1)
    assert alone.code(1).bits == pytest.approx(beside.code(1).bits, rel=1e-6)
    assert other.ends == alone.ends and other.targets != alone.targets
    assert other.code(1).bits != alone.code(1).bits
    assert other.code(1).compression == pytest.approx(alone.code(1).compression, rel=0.5)


def test_uniform_control_labels_cost_more_than_those_drawn_as_in_train() -> None:
    skewed = activations(60)
    y = np.where(skewed.targets.y == 0, np.arange(len(skewed.targets)) % 4, 0)
    skewed = replace(skewed, targets=replace(skewed.targets, y=y))
    uniform, empirical = (
        run(skewed, control=ControlTask(1, uniform=uniform)).code(0, "control").bits for uniform in (True, False)
    )
    assert uniform > empirical


def test_the_table_says_how_control_labels_were_drawn(small: Activations) -> None:
    for control, sampling in ((ControlTask(1, uniform=True), "uniform"), (True, "empirical")):
        made = run(small, LinearProbe(l2=0.01), control=control)
        assert (made.table()["control_sampling"] == sampling).all()
    assert "control_sampling" not in run(small, LinearProbe(l2=0.01)).table()


def test_several_control_draws_are_codes_of_their_own() -> None:
    made = run(activations(60), control=2)
    assert made.label_sets == ("task", "control", "control 2", "shuffled")
    assert "control_2_bits" in made.table().columns
    assert made.code(1, "control").bits != made.code(1, "control 2").bits


def test_an_mlp_can_send_too(small: Activations) -> None:
    assert run(small, MLPProbe(hidden=32, epochs=20)).code(1).compression > 1.2


class Frequencies:
    """A probe of someone else's, without a penalty: it knows how common the labels are, and looks at no state."""

    def fit(self, X: np.ndarray, y: np.ndarray) -> FrequenciesFitted:
        labels, counts = np.unique(y, return_counts=True)
        return FrequenciesFitted(tuple(labels.tolist()), np.log(counts / counts.sum()))


class FrequenciesFitted:
    def __init__(self, labels: tuple[str, ...], shares: np.ndarray) -> None:
        self.labels, self.shares = labels, shares

    def rescaled(self, scaler: object) -> FrequenciesFitted:
        return self

    def log_proba(self, X: np.ndarray) -> np.ndarray:
        return np.tile(self.shares, (len(X), 1))

    def predict(self, X: np.ndarray) -> np.ndarray:
        return np.full(len(X), self.labels[int(self.shares.argmax())])


def test_a_probe_that_looks_at_no_state_sends_what_the_frequencies_give(acts: Activations) -> None:
    code = run(acts, Frequencies()).code(1)
    train = acts.targets.y[acts.rows("train")]
    shares = np.bincount(train) / len(train)
    assert code.data_cost == pytest.approx(len(train) * entropy(shares), rel=1e-2)
    assert code.compression == pytest.approx(np.log2(12) / entropy(shares), rel=0.05)


def test_labels_that_appear_late_cost_much_but_not_infinitely_much(small: Activations) -> None:
    y = small.targets.y.copy()
    y[small.rows("train")[-1:]] = 4
    late = replace(small, targets=replace(small.targets, y=y, labels=(*small.targets.labels, "ZZ")))
    assert np.isfinite(run(late).code(1).bits)


def test_one_label_at_first_is_sent_uniformly_until_a_second_one_comes() -> None:
    n = 64
    rng = np.random.default_rng(0)
    X = rng.normal(size=(1, n, 3))
    y = (np.arange(n) % 16 == 7).astype(int)
    acts = wrap(X, np.arange(n), y, [f"w{i % 9}" for i in range(n)], (1,))
    made = run(acts)
    assert made.code(1).block_bits[:2] == pytest.approx(made.targets[:2])
    assert np.isfinite(made.code(1).bits)


def test_what_cannot_be_sent_is_an_error_that_says_why(acts: Activations) -> None:
    with pytest.raises(ProbeError, match="codelength takes Activations first, but ndarray came"):
        run(acts.states)
    with pytest.raises(ProbeError, match="takes a probe such as LinearProbe"):
        run(acts, LinearProbe)
    with pytest.raises(ProbeError, match="seed must be a whole number >= 0, but -1 came"):
        run(acts, seed=-1)
    with pytest.raises(ProbeError, match="control must be False, True or a number of draws"):
        run(acts, control="yes")
    with pytest.raises(DataError, match=r"All .* training targets of task 'tag' carry the label 'L00'"):
        run(relabelled(acts, np.zeros_like(acts.targets.y)))
    with pytest.raises(DataError, match="one label each, but those of task 'tag' carry numbers"):
        run(relabelled(acts, acts.targets.y + 0.5))
    split = replace(acts.corpus.split, dev=())
    with pytest.raises(DataError, match="The dev side has no target of task 'tag'"):
        run(replace(acts, corpus=replace(acts.corpus, split=split)))
