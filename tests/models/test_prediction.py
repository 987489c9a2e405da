from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tiny
import torch
import transformers as hf

import probewidgets as pw
from probewidgets.errors import ModelError
from probewidgets.models.prediction import predict

TEXTS = ["The cats sat on the mat.", "She reads novels every day", "well", "He said: results weren't reproducible."]
HEADED = {
    "gpt2": hf.GPT2LMHeadModel,
    "bert": hf.BertForMaskedLM,
    "llama": hf.LlamaForCausalLM,
    "opt": hf.OPTForCausalLM,  # whose head reads the decoder in its body
}


def headed(family: str) -> tuple[Any, pw.LanguageModel]:
    """A tiny model with its head, at random, and the same as a LanguageModel."""
    model, tokenizer = tiny.headed(family, HEADED[family])
    return model, pw.LanguageModel(model, tokenizer, head=True)


@pytest.mark.parametrize("family", HEADED)
def test_states_that_are_left_as_they_are_change_no_prediction(family: str) -> None:
    _made, lm = headed(family)
    predicted = predict(lm, TEXTS, [lambda X: X])
    np.testing.assert_array_equal(predicted.right[0], predicted.right[1])
    np.testing.assert_allclose(predicted.kl, 0, atol=1e-9)
    assert set(predicted.text.tolist()) <= set(range(4)) and (np.diff(predicted.text) >= 0).all()


@pytest.mark.parametrize("family", HEADED)
def test_what_is_changed_is_what_capture_gives_as_the_last_layer(family: str) -> None:
    _, lm = headed(family)
    seen: list[np.ndarray] = []
    predict(lm, TEXTS[:1], [lambda X: seen.append(X) or X], mask=0)
    np.testing.assert_allclose(seen[0], lm.states(lm.encode(TEXTS[:1]))[-1][0].numpy(), atol=1e-5)


def test_a_causal_model_is_asked_for_every_token_but_the_first_from_those_before() -> None:
    made, lm = headed("gpt2")
    predicted = predict(lm, TEXTS)
    for i, one in enumerate(lm.encode(TEXTS)):
        ids = torch.tensor([one.inputs["input_ids"]])
        with torch.inference_mode():
            likeliest = made(ids).logits[0, :-1].argmax(-1)
        np.testing.assert_array_equal(predicted.right[0, predicted.text == i], (likeliest == ids[0, 1:]).numpy())


def test_a_masked_model_is_asked_for_some_tokens_that_it_does_not_see() -> None:
    _, lm = headed("bert")
    encoded = lm.encode(TEXTS)
    content = [int((~one.special).sum()) for one in encoded]
    predicted = predict(lm, TEXTS, mask=0.4)
    assert np.bincount(predicted.text).tolist() == [max(1, round(0.4 * n)) for n in content]
    everything = predict(lm, TEXTS, mask=0)
    assert np.bincount(everything.text).tolist() == content
    np.testing.assert_array_equal(predict(lm, TEXTS, mask=0.4).right, predicted.right)


def test_a_change_moves_predictions_while_it_is_asked_for_and_leaves_the_model_as_it_was() -> None:
    made, lm = headed("gpt2")
    before = made(torch.tensor([[5, 6, 7]])).logits
    predicted = predict(lm, TEXTS, [np.zeros_like])
    assert predicted.kl.min() > 0
    torch.testing.assert_close(made(torch.tensor([[5, 6, 7]])).logits, before)
    assert "forward" not in vars(lm.model) and not lm.model._forward_hooks


def test_a_change_that_fails_leaves_the_model_as_it_was_too() -> None:
    _made, lm = headed("gpt2")

    def fail(X: np.ndarray) -> np.ndarray:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        predict(lm, TEXTS, [fail])
    assert "forward" not in vars(lm.model) and not lm.model._forward_hooks
    assert len(predict(lm, TEXTS).text)


def test_texts_longer_than_the_model_and_without_a_token_to_ask_for_are_left_out() -> None:
    _, lm = headed("gpt2")
    predicted = predict(lm, ["a b c", "a " * 200, "a"])
    assert set(predicted.text.tolist()) == {0}


def test_what_cannot_be_asked_is_an_error_that_says_why() -> None:
    made, lm = headed("gpt2")
    with pytest.raises(
        ModelError, match=r"A LanguageModel with its head is needed, LanguageModel\(..., head=True\), but GPT2"
    ):
        predict(made, TEXTS)
    with pytest.raises(
        ModelError, match=r"'GPT2LMHeadModel' is here without its .*head.* LanguageModel\(..., head=True\)"
    ):
        predict(pw.LanguageModel(made, lm.tokenizer), TEXTS)
    body, tokenizer = tiny.model("bart")
    both = pw.LanguageModel(hf.BartForConditionalGeneration(body.config), tokenizer, head=True)
    with pytest.raises(ModelError, match="has an encoder and a decoder; a model of one stack is needed"):
        predict(both, TEXTS)
    for mask in (2, -0.1, True, "a", float("nan")):
        with pytest.raises(ModelError, match=rf"mask must be a share of the tokens, in \[0, 1\], but {mask!r} came"):
            predict(lm, TEXTS, mask=mask)
    with pytest.raises(ModelError, match="None of the 1 texts has a token"):
        predict(lm, ["a"])
