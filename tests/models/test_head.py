"""A head that is kept or loaded: the states are the same with it, and a model that has none says so."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import tiny
import torch
import transformers as hf

import probewidgets as pw
from probewidgets.errors import ModelError
from probewidgets.models.head import Head
from probewidgets.models.prediction import predict

TEXTS = ["The cats sat on the mat.", "She reads novels every day"]
HEADED = {
    "gpt2": hf.GPT2LMHeadModel,
    "llama": hf.LlamaForCausalLM,
    "opt": hf.OPTForCausalLM,
    "mamba": hf.MambaForCausalLM,
    "bert": hf.BertForMaskedLM,
    "roberta": hf.RobertaForMaskedLM,
    "modernbert": hf.ModernBertForMaskedLM,
    "distilbert": hf.DistilBertForMaskedLM,
    "xlm-r": hf.XLMRobertaForMaskedLM,
    "t5": hf.T5ForConditionalGeneration,
    "bart": hf.BartForConditionalGeneration,
}
STACKS = [(f, s) for f in HEADED for s in (("encoder", "decoder") if f in tiny.SEQ2SEQS else (None,))]


def headed(family: str, kind: Any = None) -> tuple[Any, Any]:
    """A tiny model with its head, at random, and its tokenizer."""
    return tiny.headed(family, kind or HEADED[family])


def saved(folder: Path, family: str, kind: Any = None) -> Path:
    for part in headed(family, kind):
        part.save_pretrained(folder)
    return folder


def states(model: pw.LanguageModel) -> tuple[torch.Tensor, ...]:
    return model.states(model.encode(TEXTS, TEXTS if model.stack == "decoder" else None))


@pytest.mark.parametrize(("family", "stack"), STACKS)
def test_every_layer_has_the_same_states_with_a_head_and_without(
    family: str, stack: str | None, tmp_path: Path
) -> None:
    folder = saved(tmp_path / family, family)
    plain = pw.LanguageModel(folder, stack=stack, device="cpu")
    loaded = pw.LanguageModel(folder, stack=stack, device="cpu", head=True)
    kept = pw.LanguageModel(*headed(family), stack=stack, head=True)
    assert type(loaded.headed) is type(kept.headed) is HEADED[family] and plain.headed is None
    for model in (loaded, kept):
        assert (model.n_layers, model.final_norm) == (plain.n_layers, plain.final_norm)
        for ours, theirs in zip(states(model), states(plain), strict=True):
            torch.testing.assert_close(ours, theirs, rtol=0, atol=0)


@pytest.mark.parametrize("family", ["gpt2", "opt", "bert", "xlm-r"])
def test_a_loaded_head_predicts_what_the_stored_one_does(family: str, tmp_path: Path) -> None:
    model = pw.LanguageModel(saved(tmp_path, family), device="cpu", head=True)
    module, _ = headed(family)
    inputs = model.inputs(model.encode(TEXTS[:1]))
    with torch.inference_mode():
        own = module(**inputs).logits[0]
        torch.testing.assert_close(Head(model).logits(model.model(**inputs).last_hidden_state[0], final=True), own)
    assert len(predict(model, TEXTS).text)
    assert repr(model).endswith(", with its head)")


def test_of_two_kinds_of_head_the_one_that_was_stored_is_loaded(tmp_path: Path) -> None:
    causal = pw.LanguageModel(saved(tmp_path, "bert", hf.BertLMHeadModel), device="cpu", head=True)
    assert type(causal.headed) is hf.BertLMHeadModel


def test_a_body_whose_embeddings_are_its_head_has_one_and_any_other_has_none(tmp_path: Path) -> None:
    for family in ("gpt2", "bert"):
        for part in tiny.model(family):
            part.save_pretrained(tmp_path / family)
    tied = pw.LanguageModel(tmp_path / "gpt2", device="cpu", head=True)
    assert tied.headed.lm_head.weight is tied.model.wte.weight
    with pytest.raises(
        ModelError, match=r"'bert' was stored without a language-modelling head: BertForMaskedLM needs cls"
    ):
        pw.LanguageModel(tmp_path / "bert", head=True)


def test_the_embedded_model_has_none_and_says_what_to_do() -> None:
    with pytest.raises(
        ModelError, match=r"'all-MiniLM-L6-v2' was stored without .*LanguageModel\('distilgpt2', head=True\)"
    ):
        pw.LanguageModel(head=True)


def test_a_model_in_memory_without_a_head_that_predicts_tokens_is_refused() -> None:
    body, tokenizer = tiny.model("bert")
    for module in (body, hf.BertForSequenceClassification(body.config)):
        with pytest.raises(ModelError, match=r"Bert\w+ has no head that predicts tokens.*head=True\)"):
            pw.LanguageModel(module, tokenizer, head=True)
    with pytest.raises(ModelError, match="head must be True or False, but 'yes' came"):
        pw.LanguageModel(body, tokenizer, head="yes")  # type: ignore[arg-type]


def test_a_kind_of_model_that_has_no_such_head_is_refused(tmp_path: Path) -> None:
    config = hf.DPRConfig(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64, vocab_size=tiny.ROWS
    )
    hf.DPRQuestionEncoder(config).save_pretrained(tmp_path)
    tiny.tokenizer("wordpiece").save_pretrained(tmp_path)
    with pytest.raises(ModelError, match="no model of the kind 'dpr' with a language-modelling head"):
        pw.LanguageModel(tmp_path, head=True)


def test_copies_have_no_head_since_their_body_may_be_another() -> None:
    model = pw.LanguageModel(*headed("gpt2"), head=True)
    for twin in (copy.copy(model), model.replica(), model.randomized(0)):
        assert twin.headed is None
    assert model.headed is not None
    again = pw.LanguageModel(model.headed, model.tokenizer).randomized(0)
    for ours, theirs in zip(states(model.randomized(0)), states(again), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=0, atol=0)


def test_what_was_captured_without_the_head_is_known_as_that_models(tmp_path: Path) -> None:
    folder = saved(tmp_path, "gpt2")
    plain, with_head = (pw.LanguageModel(folder, device="cpu", head=head) for head in (False, True))
    assert plain.fingerprint() == with_head.fingerprint()
