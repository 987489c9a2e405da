"""Lenses: the last layer is the model itself, the norm is taken once, and translators bring layers nearer to it."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
import tiny
import torch
import transformers as hf
from torch.nn.functional import kl_div

import probewidgets as pw
from probewidgets.errors import ModelError, ProbeError
from probewidgets.methods.lenses.lens import look
from probewidgets.methods.lenses.tuned import FittedLens, TunedLens, _step
from probewidgets.models.head import Head
from probewidgets.models.sites import block

TEXTS = [
    "The cats sat on the mat.", "She reads novels every day", "well", "He said: results weren't reproducible.",
]  # fmt: skip
HEADED = {
    "gpt2": hf.GPT2LMHeadModel,
    "llama": hf.LlamaForCausalLM,
    "gemma2": hf.Gemma2ForCausalLM,
    "neox": hf.GPTNeoXForCausalLM,
    "opt": hf.OPTForCausalLM,
    "mamba": hf.MambaForCausalLM,
    "bert": hf.BertForMaskedLM,
    "modernbert": hf.ModernBertForMaskedLM,
}
NORMED = ("gpt2", "llama", "gemma2", "neox", "opt", "mamba", "modernbert")
DECODERS = ("gpt2", "llama")


@cache
def headed(family: str) -> tuple[Any, pw.LanguageModel]:
    """A tiny model with its head, at random, and the same as a LanguageModel."""
    model, tokenizer = tiny.headed(family, HEADED[family])
    return model, pw.LanguageModel(model, tokenizer, head=True)


def own_logits(made: Any, lm: pw.LanguageModel, text: str) -> torch.Tensor:
    with torch.inference_mode():
        return made(**lm.inputs(lm.encode([text]))).logits[0]


@pytest.mark.parametrize("family", DECODERS)
def test_the_last_state_is_behind_the_norm_already_and_those_below_are_not(family: str) -> None:
    made, lm = headed(family)
    head, encoded = Head(lm), lm.encode(TEXTS[:1])
    own, states = own_logits(made, lm, TEXTS[0]), lm.states(encoded)
    unembed, norm = made.lm_head, made.transformer.ln_f if family == "gpt2" else made.model.norm
    assert lm.final_norm
    with torch.inference_mode():
        torch.testing.assert_close(unembed(states[-1][0]), own)
        torch.testing.assert_close(head.logits(states[-1][0], final=True), own)
        assert (unembed(norm(states[-1][0])) - own).abs().max() > 0.1  # the norm a second time
        (before,) = lm.states(encoded, [lm.n_layers - 1], block)
        torch.testing.assert_close(head.logits(before[0]), own)
        for layer in range(lm.n_layers - 1):
            torch.testing.assert_close(head.logits(states[layer][0]), unembed(norm(states[layer][0])))


@pytest.mark.parametrize("family", HEADED)
def test_in_every_family_the_last_layer_predicts_what_the_model_does(family: str) -> None:
    _, lm = headed(family)
    table = pw.lens(lm, TEXTS, bootstrap=20).table()
    assert lm.final_norm == (family in NORMED)
    last = table.iloc[-1]
    assert last["kl"] == pytest.approx(0, abs=1e-6)
    assert last["agreement"] == 1
    assert (table["kl"].iloc[:-1] > 0.01).all()
    assert (table["entropy"] > 0).all()
    assert table["layer"].tolist() == list(lm.layers)


def test_the_numbers_are_those_of_the_logits() -> None:
    made, lm = headed("gpt2")
    seen = look(lm, TEXTS, None, 0.15, 0)
    ids = torch.tensor(lm.encode(TEXTS[:1])[0].inputs["input_ids"])
    own = own_logits(made, lm, TEXTS[0])[:-1].log_softmax(-1).double().numpy()
    state = lm.states(lm.encode(TEXTS[:1]))[1][0, :-1]
    with torch.inference_mode():
        said = made.lm_head(made.transformer.ln_f(state)).log_softmax(-1).double().numpy()
    mine = seen.text == 0
    assert mine.sum() == len(ids) - 1
    np.testing.assert_allclose(seen.kl[1, mine], (np.exp(own) * (own - said)).sum(1) / np.log(2), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(seen.entropy[1, mine], -(np.exp(said) * said).sum(1) / np.log(2), rtol=1e-4)
    np.testing.assert_allclose(seen.surprise[1, mine], -said[np.arange(len(said)), ids[1:]] / np.log(2), rtol=1e-4)
    np.testing.assert_array_equal(seen.agrees[1, mine], own.argmax(1) == said.argmax(1))


@pytest.mark.parametrize("family", DECODERS)
def test_a_tuned_lens_that_was_not_trained_is_the_logit_lens(family: str) -> None:
    _, lm = headed(family)
    n, width = lm.n_layers - 1, lm.hidden_size
    zero = FittedLens(
        np.zeros((n, width, width), np.float32), np.zeros((n, width), np.float32), lm.name, lm.fingerprint(), ()
    )
    plain, same = look(lm, TEXTS, None, 0, 0), look(lm, TEXTS, zero, 0, 0)
    np.testing.assert_array_equal(plain.kl, same.kl)
    np.testing.assert_array_equal(plain.surprise, same.surprise)


def sentences(n: int, seed: int) -> list[str]:
    rng = np.random.default_rng(seed)
    words = ["the", "cats", "sat", "on", "a", "mat", "she", "reads", "novels", "every", "day", "well", "he", "said"]
    return [" ".join(rng.choice(words, 8)) for _ in range(n)]


@pytest.mark.parametrize("family", [*DECODERS, "bert"])
def test_translators_bring_every_layer_nearer_to_the_last_on_other_texts(family: str) -> None:
    made, lm = headed(family)
    weights = {name: weight.detach().clone() for name, weight in made.named_parameters()}
    fitted = TunedLens(steps=60, rate=5e-3, batch=128).fit(lm, sentences(150, 0), mask=0.3, progress=False)
    before, after = (pw.lens(lm, sentences(60, 1), fitted=by, bootstrap=50) for by in (None, fitted))
    assert not before.tuned and after.tuned
    for one, two in zip(before.scores[:-1], after.scores[:-1], strict=True):
        assert two.kl.value < 0.8 * one.kl.value
    assert after.scores[-1].kl.value == pytest.approx(0, abs=1e-6)
    assert np.mean(fitted.losses[-10:]) < 0.7 * fitted.losses[0]
    for name, weight in made.named_parameters():
        torch.testing.assert_close(weight, weights[name], rtol=0, atol=0)
        assert weight.grad is None and weight.requires_grad, "as it came"


def test_a_step_has_the_gradients_of_the_divergence() -> None:
    _, lm = headed("gpt2")
    random, head = torch.Generator().manual_seed(0), Head(lm)
    states, other = (torch.randn(6, 32, generator=random) for _ in range(2))
    A = (0.1 * torch.randn(32, 32, generator=random)).requires_grad_()
    b = (0.1 * torch.randn(32, generator=random)).requires_grad_()
    p = head.log_proba(other).exp().detach()
    loss = _step(head, states, p, (p * p.log()).sum(-1).mean(), A, b)
    divergence = kl_div(head.log_proba(states + states @ A.T + b), p, reduction="batchmean")
    assert loss == pytest.approx(divergence.item(), rel=1e-5)
    for gradient, its in zip(torch.autograd.grad(divergence, (A, b)), (A.grad, b.grad), strict=True):
        torch.testing.assert_close(its, gradient, rtol=1e-4, atol=1e-6)


def test_equal_seeds_give_equal_translators_and_leave_the_callers_random_numbers() -> None:
    _, lm = headed("gpt2")
    torch.manual_seed(3)
    before = torch.rand(1)
    torch.manual_seed(3)
    one, two = (TunedLens(steps=3).fit(lm, TEXTS, progress=False) for _ in range(2))
    assert torch.equal(torch.rand(1), before)
    np.testing.assert_array_equal(one.weights, two.weights)
    other = TunedLens(steps=3, seed=1).fit(lm, TEXTS, progress=False)
    assert (other.weights != one.weights).any()


def test_what_lies_behind_the_last_block_is_checked_on_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    made, lm = headed("gpt2")
    monkeypatch.setattr(made.transformer.ln_f, "forward", lambda x: 2 * x)
    Head(lm)  # another norm is the model's too
    head_of = made.lm_head.forward
    calls = iter(range(99))
    monkeypatch.setattr(made.lm_head, "forward", lambda x: head_of(x) + next(calls))
    with pytest.raises(ModelError, match="does between its last block and its scores was not found"):
        pw.lens(lm, TEXTS)


def test_what_cannot_be_looked_through_is_an_error_that_says_why() -> None:
    made, lm = headed("gpt2")
    fitted = FittedLens(np.zeros((2, 32, 32), np.float32), np.zeros((2, 32), np.float32), "other", "", ())
    with pytest.raises(ModelError, match=r"trained for 3 layers x 32, but .* has 4 x 32"):
        pw.lens(lm, TEXTS, fitted=fitted)
    with pytest.raises(ModelError, match="what TunedLens"):
        pw.lens(lm, TEXTS, fitted=TunedLens())  # type: ignore[arg-type]
    with pytest.raises(ModelError, match=r"LanguageModel\(..., head=True\)"):
        pw.lens(made, TEXTS)
    for run in (pw.lens, TunedLens().fit):
        with pytest.raises(ModelError, match=r"without its language-modelling head.* LanguageModel\(..., head=True\)"):
            run(pw.LanguageModel(made, lm.tokenizer), TEXTS)
    with pytest.raises(ProbeError, match="bootstrap must be"):
        pw.lens(lm, TEXTS, bootstrap=0)
    for wrong in ({"steps": 0}, {"batch": 1.5}, {"rate": -1}, {"rate": float("nan")}):
        with pytest.raises(ModelError, match="TunedLens must be"):
            TunedLens(**wrong)  # type: ignore[arg-type]


def test_a_lens_is_for_the_weights_that_it_was_trained_on_and_for_its_layers() -> None:
    made, lm = headed("gpt2")
    fitted = TunedLens(steps=2).fit(lm, TEXTS, progress=False)
    other = hf.GPT2LMHeadModel(made.config).eval()
    with pytest.raises(ModelError, match="its weights are others"):
        pw.lens(pw.LanguageModel(other, lm.tokenizer, head=True), TEXTS, fitted=fitted)
    with pytest.raises(ModelError, match=r"layers 0 to 3, but \(2, 32\) of layer -1"):
        fitted.apply(-1, np.zeros((2, 32)))
    with pytest.raises(ModelError, match=r"\(N, 32\) states .* but \(2, 31\) of layer 0"):
        fitted.apply(0, np.zeros((2, 31)))
    with pytest.raises(ModelError, match="a list of texts"):
        pw.lens(lm, TEXTS[0])
    with pytest.raises(ModelError, match="a list of texts"):
        TunedLens().fit(lm, TEXTS[0])


@pytest.mark.parametrize(
    ("texts", "came"),
    [
        ("one text", "str"),
        (5, "int"),
        ([], "list"),
        ([None], "list of NoneType"),
        (pw.corpora.english(10), "Corpus of Example"),
    ],
)
def test_a_lens_takes_a_list_of_texts(texts: Any, came: str) -> None:
    _, lm = headed("gpt2")
    for run in (lambda: pw.lens(lm, texts), lambda: pw.TunedLens(steps=1).fit(lm, texts, progress=False)):
        with pytest.raises(ModelError, match=f"A lens takes a list of texts, one or more, but {came} came"):
            run()
