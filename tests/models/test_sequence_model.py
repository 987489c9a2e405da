"""A GRU over symbols, step by step: captured like a language model."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import probewidgets as pw
from probewidgets.data.corpus import Corpus, Example, Split
from probewidgets.errors import ModelError
from tests.captures.test_capture import words_of

SYMBOLS = {symbol: n for n, symbol in enumerate(["<pad>", "(", ")", "+", "-", *map(str, range(10))])}


class Reader(torch.nn.Module):
    def __init__(self, *, both_ways: bool = False, layers: int = 1) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.embed = torch.nn.Embedding(len(SYMBOLS), 4)
        self.gru = torch.nn.GRU(4, 6, batch_first=True, bidirectional=both_ways, num_layers=layers)

    def forward(self, symbols: torch.Tensor) -> torch.Tensor:
        return self.gru(self.embed(symbols))


def corpus(*texts: str) -> Corpus:
    examples = tuple(Example(t, words_of(t), {"symbol": tuple(t.split())}) for t in texts)
    return Corpus(examples, Split(tuple(range(len(texts))), (), ()))


TEXTS = ("( 5 - 3 )", "( 1 + ( 2 - 9 ) )", "7")


@pytest.mark.parametrize("both_ways", [False, True])
def test_the_states_of_every_step_are_those_of_the_module_itself(both_ways: bool) -> None:
    module = Reader(both_ways=both_ways)
    model = pw.SequenceModel(module, SYMBOLS)
    acts = pw.capture(model, corpus(*TEXTS), pw.WordTask("symbol"))
    assert (model.n_layers, model.hidden_size, model.pads) == (1, 12 if both_ways else 6, not both_ways)
    row = 0
    for text in TEXTS:
        ids = torch.tensor([[SYMBOLS[s] for s in text.split()]])
        with torch.no_grad():
            want = module(ids)[0][0].numpy()
        np.testing.assert_allclose(acts.layer(0)[row : row + len(want)], want, atol=1e-6)
        row += len(want)
    assert row == acts.n_targets


def test_any_module_inside_can_be_captured_by_name() -> None:
    module = Reader()
    acts = pw.capture(pw.SequenceModel(module, SYMBOLS), corpus(*TEXTS), pw.WordTask("symbol"), modules="embed")
    assert acts.layers == (1,) and acts.model.site == "modules embed"
    np.testing.assert_allclose(acts.layer(1)[1], module.embed.weight[SYMBOLS["5"]].detach().numpy())


def test_a_probe_reads_the_symbol_off_the_state() -> None:
    rng = np.random.default_rng(0)
    texts = [" ".join(rng.choice(list(SYMBOLS)[1:], 8)) for _ in range(90)]
    made = corpus(*texts)
    made = Corpus(made.examples, Split(tuple(range(60)), tuple(range(60, 75)), tuple(range(75, 90))))
    acts = pw.capture(pw.SequenceModel(Reader(), SYMBOLS), made, pw.WordTask("symbol"), modules="embed")
    assert pw.sweep(acts, pw.LinearProbe(l2=1e-4), progress=False).best.accuracy.value == 1


def test_no_layer_is_called_the_embeddings() -> None:
    acts = pw.capture(pw.SequenceModel(Reader(), SYMBOLS), corpus(*TEXTS), pw.WordTask("symbol"))
    assert acts.model.layer_name(0) == "0"
    with pytest.raises(ModelError, match="has layers 0 to 0: l the l-th tensor of states"):
        pw.capture(pw.SequenceModel(Reader(), SYMBOLS), corpus(*TEXTS), pw.WordTask("symbol"), layers=[1])


def test_what_cannot_be_read_is_told() -> None:
    model = pw.SequenceModel(Reader(), SYMBOLS)
    with pytest.raises(ModelError, match=r"'x' in '5 x' is no symbol of 'Reader'. It has <pad>, \(, \)"):
        model.encode(["5 x"])
    with pytest.raises(ModelError, match="vocabulary must map each symbol"):
        pw.SequenceModel(Reader(), {})
    with pytest.raises(ModelError, match=r"has a whole number, but \('a b', 1\) came"):
        pw.SequenceModel(Reader(), {"a b": 1})
    with pytest.raises(ModelError, match=r"takes a torch.nn.Module first, but str came"):
        pw.SequenceModel("gru", SYMBOLS)
    wrong = Reader()
    wrong.gru.batch_first = False
    wrong.forward = lambda symbols: wrong.gru(wrong.embed(symbols).transpose(0, 1))  # type: ignore[method-assign]
    with pytest.raises(ModelError, match=r"one state per step, .* but returned .*batch_first=True"):
        pw.SequenceModel(wrong, SYMBOLS)
    with pytest.raises(ModelError, match=r"could not read 5 symbols .*IndexError"):
        pw.SequenceModel(Reader(), {"a": 99})


def test_a_module_is_told_to_be_wrapped() -> None:
    with pytest.raises(ModelError, match=r"SequenceModel\(module, vocabulary\)"):
        pw.capture(Reader(), corpus("1"), pw.WordTask("symbol"))


def test_weights_and_symbols_make_the_fingerprint() -> None:
    module = Reader()
    model = pw.SequenceModel(module, SYMBOLS)
    before = model.fingerprint()
    assert pw.SequenceModel(module, SYMBOLS).fingerprint() == before
    assert pw.SequenceModel(module, SYMBOLS | {"!": 3}).fingerprint() != before
    with torch.no_grad():
        module.gru.bias_ih_l0[0] += 1
    assert model.fingerprint() != before


def test_random_weights_are_drawn_as_the_parts_draw_them_or_not_at_all() -> None:
    model = pw.SequenceModel(Reader(), SYMBOLS)
    random = model.randomized(5)
    assert random.fingerprint() == model.randomized(5).fingerprint() != model.fingerprint()
    assert random.name == "Reader (random all, seed 5)"

    class Bare(Reader):
        def __init__(self) -> None:
            super().__init__()
            self.offset = torch.nn.Parameter(torch.zeros(1))

    with pytest.raises(ModelError, match=r"the module \(Bare\) has weights of its own and no reset_parameters"):
        pw.SequenceModel(Bare(), SYMBOLS).randomized()
