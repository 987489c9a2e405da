"""A GRU that learns arithmetic: its gates are those of torch's own, it is the same again, and probes read it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch

import probewidgets as pw
from probewidgets.captures.activations import Activations
from probewidgets.data.corpora.expressions import SYMBOLS, arithmetic, only_language
from probewidgets.errors import DataError, ModelError
from probewidgets.methods.diagnostic.gru import ArithmeticGRU, read_values, train_gru

TEXTS = ("( 5 - ( ( 2 - 3 ) + 1 ) )", "7", "( 10 + -10 )")
SEED = 0


@cache
def trained() -> pw.SequenceModel:
    """Enough to follow a strategy, not enough to be exact."""
    return train_gru(arithmetic(3000, test="L5"), epochs=15, seed=SEED, progress=False)


@cache
def fresh() -> pw.Corpus:
    """Expressions that the GRU was not trained on, but for the shortest."""
    return arithmetic(300, test=("L5", "L9", "L9_left"), n_test=300, seed=8)


def captured(model: pw.SequenceModel, column: str, **where) -> Activations:
    task = pw.WordTask(column, regression=column != "mode")
    return pw.capture(model, fresh(), task, store=False, **where)


def pearson(acts: Activations, language: str) -> float:
    acts = replace(acts, corpus=only_language(acts.corpus, language))
    return pw.sweep(acts, pw.RidgeProbe(), progress=False).best.pearson.value


def symbols(text: str) -> torch.Tensor:
    return torch.tensor([[SYMBOLS[form] for form in text.split()]])


def test_the_gates_that_are_shown_are_those_that_make_the_states() -> None:
    torch.manual_seed(1)
    reader = ArithmeticGRU().eval()
    shown = {}
    for name in ("reset", "update"):
        reader.get_submodule(name).register_forward_hook(lambda _m, _i, out, name=name: shown.update({name: out[0]}))
    with torch.no_grad():
        states = reader(symbols(TEXTS[0]))[0]
        gru, before = reader.gru, torch.zeros(15)
        for step, x in enumerate(reader.embed(symbols(TEXTS[0]))[0]):
            of_symbol = gru.weight_ih_l0[30:] @ x + gru.bias_ih_l0[30:]
            of_state = gru.weight_hh_l0[30:] @ before + gru.bias_hh_l0[30:]
            new = torch.tanh(of_symbol + shown["reset"][step] * of_state)
            before = (1 - shown["update"][step]) * new + shown["update"][step] * before
            torch.testing.assert_close(before, states[step], atol=1e-6, rtol=0)


def test_states_and_gates_are_captured_by_name() -> None:
    model = pw.SequenceModel(ArithmeticGRU(), SYMBOLS)
    states = captured(model, "cumulative")
    assert states.states.shape == (1, sum(len(e.words) for e in fresh()), 15)
    for gate in ("reset", "update"):
        shown = captured(model, "cumulative", modules=gate).layer(1)
        assert shown.shape == states.layer(0).shape
        assert 0 < shown.min() < shown.max() < 1


def test_equal_seeds_give_equal_models_and_leave_the_callers_random_numbers() -> None:
    corpus = arithmetic(40, test="L5", n_test=5)
    torch.manual_seed(3)
    before = torch.rand(1)
    torch.manual_seed(3)
    one, same, other = (train_gru(corpus, epochs=2, seed=seed, progress=False) for seed in (1, 1, 2))
    assert torch.equal(torch.rand(1), before)
    assert one.fingerprint() == same.fingerprint() != other.fingerprint()
    assert repr(one).startswith("SequenceModel('GRU-15 (seed 1)': 1 layer(s) x 15")


def test_values_are_read_off_the_last_state_whatever_stands_beside() -> None:
    model = pw.SequenceModel(ArithmeticGRU(), SYMBOLS)
    together = read_values(model, TEXTS)
    for text, value in zip(TEXTS, together, strict=True):
        np.testing.assert_allclose(read_values(model, [text]), value, rtol=1e-5)
    with torch.no_grad():
        last = model.model(symbols(TEXTS[0]))[0, -1]
        np.testing.assert_allclose(together[0], 20 * model.model.value(last).item(), rtol=1e-5)


def test_test_and_dev_are_not_looked_at() -> None:
    corpus = arithmetic(40, test="L5", n_test=5)
    blind = replace(corpus, split=pw.Split(corpus.split.train, (), ()))
    assert (
        train_gru(corpus, epochs=1, progress=False).fingerprint()
        == train_gru(blind, epochs=1, progress=False).fingerprint()
    )


def test_a_trained_gru_adds_up_as_it_reads_and_a_random_one_does_not() -> None:
    cumulative, recursive = (pearson(captured(trained(), name), "L5") for name in ("cumulative", "recursive"))
    assert cumulative > 0.9
    assert cumulative - recursive > 0.2
    assert pearson(captured(trained().randomized(), "cumulative"), "L5") < 0.3
    mode = replace(acts := captured(trained(), "mode"), corpus=only_language(acts.corpus, "L5"))
    sweep = pw.sweep(mode, pw.LinearProbe(), progress=False)
    majority = sweep.baseline("majority")
    assert majority is not None
    assert sweep.best.accuracy.value - majority.value > 0.15


def test_to_the_left_nothing_can_tell_the_strategies_apart() -> None:
    cumulative, recursive = (captured(trained(), name) for name in ("cumulative", "recursive"))
    left = only_language(fresh(), "L9_left")
    rows = replace(cumulative, corpus=left).rows("test")
    np.testing.assert_array_equal(cumulative.targets.y[rows], recursive.targets.y[rows])


def test_what_is_among_the_features_is_read_off_them() -> None:
    acts = captured(trained().randomized(), "cumulative")
    told = np.concatenate([acts.layer(0), acts.targets.y[:, None]], axis=1)
    acts = Activations.from_arrays([told], acts.targets, acts.corpus)
    for language in ("L5", "L9"):
        assert pearson(acts, language) > 0.999


def test_a_random_gru_has_the_same_shape_and_other_weights() -> None:
    model = pw.SequenceModel(ArithmeticGRU(), SYMBOLS, name="mine")
    one, same, other = (model.randomized(seed) for seed in (0, 0, 1))
    assert one.name == "mine (random all, seed 0)"
    assert one.fingerprint() == same.fingerprint()
    assert len({one.fingerprint(), other.fingerprint(), model.fingerprint()}) == 3


def test_what_cannot_be_learned_is_told() -> None:
    corpus = arithmetic(5, test="L5", n_test=5)
    with pytest.raises(ModelError, match=r"epochs of train_gru must be a whole number >= 1, but 0 came"):
        train_gru(corpus, epochs=0)
    with pytest.raises(DataError, match=r"learns the label 'value', .* but train is empty"):
        train_gru(replace(corpus, split=pw.Split((), (0,), ())))
    plain = pw.Corpus((pw.Example("( 1 + 2 )"),), pw.Split((0,), (), ()))
    with pytest.raises(DataError, match=r"but Example\(.* has none"):
        train_gru(plain)
    strange = pw.Corpus((pw.Example("( 1 * 2 )", labels={"value": 2}),), pw.Split((0,), (), ()))
    with pytest.raises(DataError, match=r"'\*' is no symbol of arithmetic"):
        train_gru(strange)
    with pytest.raises(ModelError, match="read_values takes a model from train_gru"):
        read_values(pw.SequenceModel(torch.nn.Sequential(torch.nn.Embedding(3, 2)), {"a": 1}), ["a"])
