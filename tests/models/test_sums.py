"""What is called a block's attention and MLP is what the block adds, or it is refused with the numbers; real kinds."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import tiny
import torch
import transformers as hf
from transformers.modeling_outputs import BaseModelOutput

import probewidgets as pw
from probewidgets.errors import ModelError
from probewidgets.models.sites import attention, block, head, mlp, modules, residual
from probewidgets.models.sums import NOT_CHECKED
from tests import zoo

TEXT = "The cats sat on the mat, and she reads 1,234 books."


@cache
def language_model(kind: str, stack: str | None = None) -> pw.LanguageModel:
    tokenizer = tiny.tokenizer("byte-bpe", "<s> $A </s>")
    special = {f"{name}_token_id": getattr(tokenizer, f"{name}_token_id") for name in ("pad", "bos", "eos")}
    return pw.LanguageModel(zoo.build(kind, special), tokenizer, stack=stack)


def states(lm: pw.LanguageModel, site: Any) -> dict[int, torch.Tensor]:
    encoded = lm.encode([TEXT], [TEXT] if lm.stack == "decoder" else None)
    return dict(zip(lm.layers_of(site), lm.states(encoded, site=site), strict=True))


def close(a: torch.Tensor, b: torch.Tensor) -> None:
    torch.testing.assert_close(a, b, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize(
    ("kind", "factor"),
    [("granite", 0.22), ("minicpm3", 1.4 / 4**0.5), ("hunyuan_v1_moe", 1), ("switch_transformers", 1), ("mixtral", 1)],
)
def test_what_is_said_to_add_up_adds_up_for_another_text(kind: str, factor: float) -> None:
    lm = language_model(kind, "encoder" if kind == "switch_transformers" else None)
    stream, attended, thought = (states(lm, site) for site in (block, attention, mlp))
    told = "it adds up" if factor == 1 else f"it adds up, times {factor:.3g}"
    for site in (attention, mlp):
        assert lm.place(site).sums == dict.fromkeys(range(1, 5), told)
    for layer in range(1, 5):
        close(stream[layer], stream[layer - 1] + factor * (attended[layer] + thought[layer]))


def test_a_receptance_is_not_taken_for_the_output_of_its_mlp() -> None:
    lm = language_model("rwkv")
    stream, attended, thought = (states(lm, site) for site in (block, attention, mlp))
    for layer in (2, 3, 4):
        close(stream[layer], stream[layer - 1] + attended[layer] + thought[layer])
    assert {tap.module for tap in lm.place(mlp).taps.values()} == {f"blocks.{n}.feed_forward" for n in range(4)}


@pytest.mark.parametrize("kind", ["granitemoeshared", "granitemoehybrid"])
def test_a_shared_mlp_beside_experts_that_stand_elsewhere_is_refused_with_the_numbers(kind: str) -> None:
    lm = language_model(kind)
    with pytest.raises(
        ModelError,
        match=r"'mlp' cannot be taken .*'layers.0.shared_mlp.output_linear', which is only a part of what its block "
        r"adds: 'layers.0.block_sparse_moe.experts' adds to it. Without that \d\d% .*modules\('layers.\*.block_sparse",
    ):
        lm.place(mlp)
    shared, routed = (states(lm, modules(f"layers.*.{name}")) for name in ("shared_mlp", "block_sparse_moe.experts"))
    stream, attended = states(lm, block), states(lm, attention)
    layer = next(iter(attended))
    close(stream[layer], stream[layer - 1] + 0.22 * (attended[layer] + shared[layer] + routed[layer]))


@pytest.mark.parametrize("kind", ["zamba", "zamba2"])
@pytest.mark.parametrize("site", [attention, mlp, head(0)])
def test_a_part_that_goes_into_a_state_space_is_not_what_its_block_adds(kind: str, site: Any) -> None:
    with pytest.raises(ModelError, match=r"not what its block adds, which is the sum of '.*mamba_decoder.mamba.out_"):
        language_model(kind).place(site)


def test_two_attentions_in_a_block_are_not_one() -> None:
    for site in (attention, mlp, head(0)):
        with pytest.raises(ModelError, match=r"only a part of what its block adds: .* adds to it"):
            language_model("longcat_flash").place(site)


@pytest.mark.parametrize(
    ("kind", "behind"),
    [("gemma2", ("post_attention_layernorm", "post_feedforward_layernorm")), ("gpt2", ()), ("falcon", ())],
)
def test_a_norm_behind_the_branch_is_told(kind: str, behind: tuple[str, ...]) -> None:
    lm = language_model(kind)
    for site, name in zip((attention, mlp), behind or (None, None), strict=True):
        told = "it adds up" if name is None else f"it adds up behind '{name}'"
        assert set(lm.place(site).sums.values()) == {told}


def test_a_norm_behind_the_sum_is_told_and_what_nobody_can_tell_is_not_checked() -> None:
    for site in (attention, mlp):
        assert set(language_model("bert").place(site).sums.values()) == {"it adds up, before 'LayerNorm'"}
        assert set(language_model("doge").place(site).sums.values()) == {NOT_CHECKED}  # a factor for each feature


@pytest.mark.parametrize("kind", ["xlm", "hrm_text"])
def test_blocks_that_do_not_account_for_all_that_a_model_reports_are_none(kind: str) -> None:
    """XLM's blocks are no modules, only their norms are; HRM runs its blocks in cycles and adds what they read anew."""
    lm = language_model(kind)
    encoded = lm.encode([TEXT])
    reported = lm.reported(encoded[0])
    assert lm.layers == tuple(range(len(reported)))
    for mine, theirs in zip(lm.states(encoded, site=residual), reported, strict=True):
        close(mine, theirs)
    with pytest.raises(ModelError, match="The blocks of this model were not found"):
        lm.place(block)


def test_heads_are_not_cut_by_the_number_of_another_kind_of_attention() -> None:
    config = zoo.settings("qwen3_next", {}) | {"linear_num_value_heads": 4}
    model = hf.AutoModel.from_config(hf.Qwen3NextConfig(**config)).eval()
    lm = pw.LanguageModel(model, tiny.tokenizer("byte-bpe"))
    widths = {lm.model.get_submodule(tap.module).in_features for tap in lm.place(attention).taps.values()}
    assert widths == {64}, "both kinds must be as wide, or nothing is tested"
    with pytest.raises(ModelError, match=r"attention of several kinds, Qwen3NextGatedDeltaNet, Qwen3NextAttention"):
        lm.place(head(0))


class Block(torch.nn.Module):
    """A block with a second MLP, which adds a share of what it gives."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.attn, self.mlp, self.other_mlp = (torch.nn.Linear(32, 32) for _ in range(3))
        self.share = share

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = x + self.attn(x)
        return h + self.share * self.other_mlp(h) + self.mlp(h)


class Own(hf.GPT2PreTrainedModel):
    """A model of one's own."""

    base_model_prefix = ""

    def __init__(self, config: Any, share: float) -> None:
        super().__init__(config)
        self.embed = torch.nn.Embedding(tiny.ROWS, 32)
        self.blocks = torch.nn.ModuleList(Block(share) for _ in range(2))

    def get_input_embeddings(self) -> torch.nn.Module:
        return self.embed

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None = None, **_: Any) -> Any:
        states = [self.embed(input_ids)]
        for layer in self.blocks:
            states.append(layer(states[-1]))
        return BaseModelOutput(states[-1], hidden_states=tuple(states))


def own(share: float, dtype: torch.dtype = torch.float32) -> pw.LanguageModel:
    torch.manual_seed(0)
    model = Own(hf.GPT2Config(**tiny.GPT, vocab_size=tiny.ROWS), share).to(dtype)
    return pw.LanguageModel(model, tiny.tokenizer("byte-bpe"))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_a_second_mlp_is_seen_in_every_precision(dtype: torch.dtype) -> None:
    with pytest.raises(ModelError, match=r"only a part of what its block adds: 'blocks.0.other_mlp' adds to it"):
        own(1.0, dtype).place(mlp)
    assert set(own(0.0, dtype).place(mlp).sums.values()) == {"it adds up"}


def test_what_is_too_small_to_be_told_from_rounding_is_never_refused() -> None:
    assert set(own(1e-4, torch.bfloat16).place(mlp).sums.values()) == {"it adds up"}
    with pytest.raises(ModelError, match="only a part"):
        own(1e-4).place(mlp)
