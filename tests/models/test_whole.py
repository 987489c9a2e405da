"""Models that wrap others, report nothing, or carry more than a text: right, or refused by name with the way out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest
import tiny
import torch
import transformers as hf
from transformers.modeling_outputs import BaseModelOutput, CausalLMOutput

import probewidgets as pw
from probewidgets.errors import ModelError
from probewidgets.models.loading import body


class LowRank(torch.nn.Module):
    """A product with a matrix, and a small one added to it, as adapters do."""

    def __init__(self, base: torch.nn.Module, width: int) -> None:
        super().__init__()
        self.base, self.on = base, True
        self.down = torch.nn.Linear(width, 4, bias=False)
        self.up = torch.nn.Linear(4, base.weight.shape[-1], bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self.base(x)
        return out + self.up(self.down(x)) if self.on else out


class Wrapper(torch.nn.Module):
    """A model with an adapter, held as PEFT holds it."""

    def __init__(self, model: Any, prompt: int = 0) -> None:
        super().__init__()
        self.inner, self.prompt = model, torch.nn.Parameter(torch.randn(1, prompt, 32)) if prompt else None
        self.peft_config = {"default": SimpleNamespace(is_prompt_learning=bool(prompt))}

    @property
    def config(self) -> Any:
        return self.inner.config

    @property
    def base_model(self) -> torch.nn.Module:
        return torch.nn.Module()

    def get_base_model(self) -> Any:
        return self.inner

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None = None, **kwargs: Any) -> Any:
        if self.prompt is None:
            return self.inner(input_ids, attention_mask, **kwargs)
        x = self.inner.get_input_embeddings()(input_ids)
        return self.inner(inputs_embeds=torch.cat([self.prompt.expand(len(x), -1, -1), x], 1), **kwargs)


def adapted() -> tuple[Any, Any]:
    model = hf.GPT2LMHeadModel(hf.GPT2Config(**tiny.GPT, vocab_size=tiny.ROWS))
    for block in model.transformer.h:
        block.mlp.c_fc = LowRank(block.mlp.c_fc, 32)
    return Wrapper(model), tiny.tokenizer("byte-bpe")


def test_a_model_with_adapters_has_the_states_with_them_on() -> None:
    tuned, tokenizer = adapted()
    for given in (tuned, tuned.get_base_model()):
        lm = pw.LanguageModel(given, tokenizer)
        encoded = lm.encode(["The cats sat."])
        with torch.inference_mode():
            ids = torch.tensor([encoded[0].inputs["input_ids"]])
            want = tuned.eval()(ids, output_hidden_states=True).hidden_states
        assert len(lm.states(encoded)) == len(want) == 4
        for mine, theirs in zip(lm.states(encoded), want, strict=True):
            torch.testing.assert_close(mine, theirs)


def test_an_adapter_that_is_switched_off_is_another_model() -> None:
    tuned, tokenizer = adapted()
    lm = pw.LanguageModel(tuned, tokenizer)
    before = lm.fingerprint()
    for block in tuned.get_base_model().transformer.h:
        block.mlp.c_fc.on = False
    assert lm.fingerprint() != before
    for block in tuned.get_base_model().transformer.h:
        block.mlp.c_fc.on = True
    assert lm.fingerprint() == before


def test_learned_vectors_before_a_text_are_refused_by_name() -> None:
    model, tokenizer = tiny.model("gpt2")
    with pytest.raises(ModelError, match=r"Wrapper reads learned vectors before each text .*get_base_model\(\)"):
        pw.LanguageModel(Wrapper(model, prompt=5), tokenizer)


class Prompted(hf.GPT2PreTrainedModel):
    """A model of one's own that puts learned vectors before each text, or adds one to what its body reads."""

    base_model_prefix = "inner"

    def __init__(self, config: Any, before: bool) -> None:
        super().__init__(config)
        self.inner, self.before = hf.GPT2Model(config), before
        self.prompt = torch.nn.Parameter(torch.randn(1, 5 if before else 1, 32))

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None = None, **kwargs: Any) -> Any:
        x = self.inner.wte(input_ids)
        x = torch.cat([self.prompt.expand(len(x), -1, -1), x], 1) if self.before else x + self.prompt
        return self.inner(inputs_embeds=x, **kwargs)


@pytest.mark.parametrize("before", [True, False])
def test_a_part_that_does_not_do_what_all_of_a_model_does_is_refused(before: bool) -> None:
    own = Prompted(hf.GPT2Config(**tiny.GPT, vocab_size=tiny.ROWS), before)
    with pytest.raises(ModelError, match=r"Prompted has other states, .* than the part of it that would be probed"):
        pw.LanguageModel(own, tiny.tokenizer("byte-bpe"))
    assert pw.LanguageModel(own.inner, tiny.tokenizer("byte-bpe")).n_layers == 4


@pytest.mark.parametrize("weights", [True, False])
def test_the_folder_of_an_adapter_says_what_it_is(weights: bool, tmp_path) -> None:
    (tmp_path / "adapter_config.json").write_text(
        json.dumps({"peft_type": "LORA", "base_model_name_or_path": "some/base"}) if weights else "{"
    )
    with pytest.raises(ModelError, match=r"holds an adapter \(.*PeftModel.from_pretrained\(.* LanguageModel\(tuned"):
        pw.LanguageModel(tmp_path)


ASK = """
import probewidgets as pw
try:
    pw.LanguageModel("some-org/tuned", **{options})
except pw.errors.ModelError as error:
    print(error)
"""


@pytest.mark.parametrize("revision", [None, "tried"])
def test_the_name_of_an_adapter_in_the_cache_of_the_hub_says_what_it_is(revision: str | None, tmp_path) -> None:
    repository = tmp_path / "hub" / "models--some-org--tuned"
    snapshot = repository / "snapshots" / ("5" * 40)
    snapshot.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / (revision or "main")).write_text("5" * 40)
    settings = {"peft_type": "LORA", "base_model_name_or_path": "some/base"}
    (snapshot / "adapter_config.json").write_text(json.dumps(settings))
    environment = os.environ | {"HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"}
    environment = {n: v for n, v in environment.items() if n not in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE")}
    command = [sys.executable, "-c", ASK.format(options={"revision": revision})]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    assert "'some-org/tuned' on the hub holds an adapter (LORA) of the model 'some/base', and no model." in told
    assert "PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained('some/base'), 'some-org/tuned')" in told


class Tuned(hf.BartForConditionalGeneration):
    """An encoder-decoder of one's own that changes what its encoder, or its decoder, reads."""

    part = ""

    def forward(self, input_ids: Any = None, decoder_input_ids: Any = None, **kwargs: Any) -> Any:
        embed = self.get_input_embeddings()
        factor = {part: 1.5 if part == self.part else 1.0 for part in ("encoder", "decoder")}
        return super().forward(
            inputs_embeds=embed(input_ids) * factor["encoder"],
            decoder_inputs_embeds=embed(decoder_input_ids) * factor["decoder"],
            **kwargs,
        )


@pytest.mark.parametrize("stack", ["encoder", "decoder"])
def test_a_stack_that_does_not_do_what_all_of_an_encoder_decoder_does_is_refused(stack: str) -> None:
    body, tokenizer = tiny.model("bart")
    own = Tuned(body.config)
    assert pw.LanguageModel(own, tokenizer, stack=stack).n_layers > 2
    own.part = stack
    with pytest.raises(ModelError, match=r"Tuned has other states, .* than the part of it that would be probed"):
        pw.LanguageModel(own, tokenizer, stack=stack)


class Own(hf.GPT2PreTrainedModel):
    """A model of one's own, which reports whatever it likes."""

    base_model_prefix = ""
    reports = "nothing"

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self.embed = torch.nn.Embedding(tiny.ROWS, 32)
        self.blocks = torch.nn.ModuleList(torch.nn.Linear(32, 32) for _ in range(2))

    def get_input_embeddings(self) -> torch.nn.Module:
        return self.embed

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None = None, **_: Any) -> Any:
        x = self.embed(input_ids)
        states = [x]
        for block in self.blocks:
            x = x + torch.tanh(block(x))
            states.append(x)
        if self.reports == "nothing":
            return CausalLMOutput(logits=x)
        if self.reports == "chunks":
            states = [torch.nn.functional.pad(state, (0, 0, 0, 4)) for state in states]
        if self.reports == "streams":
            states = [torch.stack([state] * 4, 2) for state in states]
        if self.reports == "pairs":
            states = [(state, state) for state in states]
        return BaseModelOutput(x, hidden_states=tuple(states))


def own(reports: str) -> tuple[Any, Any]:
    model = Own(hf.GPT2Config(**tiny.GPT, vocab_size=tiny.ROWS))
    model.reports = reports
    return model, tiny.tokenizer("byte-bpe")


def test_a_model_that_reports_no_states_is_refused_with_the_way_out() -> None:
    with pytest.raises(ModelError, match=r"Own reports no hidden states.*output_hidden_states.*SequenceModel"):
        pw.LanguageModel(*own("nothing"))
    assert pw.LanguageModel(*own("states")).n_layers == 3


@pytest.mark.parametrize(
    ("reports", "shape"), [("chunks", r"\(1, 7, 32\)"), ("streams", r"\(1, 3, 4"), ("pairs", "tuple")]
)
def test_states_that_are_not_one_for_each_token_are_refused_with_their_shape(reports: str, shape: str) -> None:
    with pytest.raises(ModelError, match=rf"Own reports hidden states of another form .*: {shape}.*SequenceModel"):
        pw.LanguageModel(*own(reports))


def test_an_encoder_without_a_config_is_refused_by_name() -> None:
    whole = SimpleNamespace(
        config=SimpleNamespace(is_encoder_decoder=True), get_encoder=lambda: torch.nn.Linear(1, 1), base_model=None
    )
    whole.base_model = whole
    with pytest.raises(ModelError, match=r"is a plain Linear without a config.*SequenceModel"):
        body(whole, None)


@pytest.mark.filterwarnings("ignore::FutureWarning")  # peft asks transformers by an older name
def test_a_model_of_peft_is_read_with_its_adapter_on_and_one_with_a_prompt_refused() -> None:
    peft = pytest.importorskip("peft", reason="no extra brings peft; what holds adapters as it does is tested above")
    model = hf.GPT2LMHeadModel(hf.GPT2Config(**tiny.GPT, vocab_size=tiny.ROWS))
    settings = peft.LoraConfig(task_type="CAUSAL_LM", r=4, target_modules=["c_attn"], fan_in_fan_out=True)
    tuned = peft.get_peft_model(model, settings).eval()
    with torch.no_grad():
        for name, weight in tuned.named_parameters():
            if "lora_B" in name:
                weight.normal_()
    lm = pw.LanguageModel(tuned, tiny.tokenizer("byte-bpe"))
    encoded, on = lm.encode(["The cats sat."]), lm.fingerprint()
    with torch.inference_mode():
        want = tuned(torch.tensor([encoded[0].inputs["input_ids"]]), output_hidden_states=True).hidden_states
    torch.testing.assert_close(lm.states(encoded)[3], want[3])
    with tuned.disable_adapter():
        assert lm.fingerprint() != on and not torch.allclose(lm.states(encoded)[3], want[3], atol=1e-3)
    assert lm.fingerprint() == on
    fresh = hf.GPT2LMHeadModel(hf.GPT2Config(**tiny.GPT, vocab_size=tiny.ROWS))
    prompted = peft.get_peft_model(fresh, peft.PromptTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=5))
    with pytest.raises(ModelError, match="reads learned vectors before each text"):
        pw.LanguageModel(prompted, tiny.tokenizer("byte-bpe"))
