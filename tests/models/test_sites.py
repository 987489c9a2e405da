"""Sites: what is found in a block adds up to what the block does. Laws of the architectures, not names of modules."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

import pytest
import tiny
import torch

import probewidgets as pw
from probewidgets.errors import ModelError
from probewidgets.models.sites import Site, attention, block, head, mlp, modules, named, residual

TEXTS = ["The cats sat on the mat.", "well"]
SOURCES = ["So the cats sat.", "état, señor"]
WITHOUT_ATTENTION = ("mamba", "mamba2")
WITHOUT_BLOCKS = ("xlnet",)

FOUND = tuple((f, s) for f, s in tiny.STACKS if f not in (*WITHOUT_ATTENTION, *WITHOUT_BLOCKS))
# Pre-norm blocks: each part adds to the stream what it makes of the normed stream.
ADDING = [(f, None) for f in ("gpt2", "neox", "phi", "falcon", "qwen2", "qwen3", "opt", "bloom", "modernbert")]
ADDING += [(f, None) for f in ("llama", "mistral", "mixtral", "gemma")] + [("t5", "encoder"), ("mbart", "encoder")]
# Decoders that read an encoder add what that attention gives too; its name is only needed for the test.
CROSSING = {"t5": "decoder.block.*.layer.*.EncDecAttention.o", "mbart": "decoder.layers.*.encoder_attn.out_proj"}
# The norm behind the attention, and what reads it.
POST_NORM = {
    ("bert", None): ("encoder.layer.{}.attention.output.LayerNorm", "encoder.layer.{}.intermediate"),
    ("roberta", None): ("encoder.layer.{}.attention.output.LayerNorm", "encoder.layer.{}.intermediate"),
    ("electra", None): ("encoder.layer.{}.attention.output.LayerNorm", "encoder.layer.{}.intermediate"),
    ("xlm-r", None): ("encoder.layer.{}.attention.output.LayerNorm", "encoder.layer.{}.intermediate"),
    ("deberta", None): ("encoder.layer.{}.attention.output.LayerNorm", "encoder.layer.{}.intermediate"),
    ("deberta-v2", None): ("encoder.layer.{}.attention.output.LayerNorm", "encoder.layer.{}.intermediate"),
    ("mpnet", None): ("encoder.layer.{}.attention.LayerNorm", "encoder.layer.{}.intermediate"),
    ("distilbert", None): ("transformer.layer.{}.sa_layer_norm", "transformer.layer.{}.ffn"),
    ("bart", "encoder"): ("layers.{}.self_attn_layer_norm", "layers.{}.fc1"),
    ("marian", "encoder"): ("layers.{}.self_attn_layer_norm", "layers.{}.fc1"),
}
# The norms behind attention and MLP of a block that has norms on both sides of each.
BOTH_NORMS = {
    "gemma2": ("layers.{}.post_attention_layernorm", "layers.{}.post_feedforward_layernorm"),
    "gemma3": ("layers.{}.post_attention_layernorm", "layers.{}.post_feedforward_layernorm"),
}


@cache
def language_model(family: str, stack: str | None = None) -> pw.LanguageModel:
    return pw.LanguageModel(*tiny.model(family), stack=stack)


def states(lm: pw.LanguageModel, site: Site) -> dict[int, torch.Tensor]:
    """Layer -> (B, T, D), without the padding of the shorter text."""
    encoded = lm.encode(TEXTS, SOURCES if lm.stack == "decoder" else None)
    kept = torch.zeros(len(encoded), max(map(len, encoded)), dtype=torch.bool)
    for row, one in enumerate(encoded):
        kept[row, : len(one)] = True
    found = lm.states(encoded, site=site)
    return {layer: state[kept] for layer, state in zip(lm.layers_of(site), found, strict=True)}


def close(a: torch.Tensor, b: torch.Tensor) -> None:
    torch.testing.assert_close(a, b, atol=1e-4, rtol=1e-4)


def module_input(lm: pw.LanguageModel, name: str) -> torch.Tensor:
    """What a module reads of the first of TEXTS, by a plain hook."""
    found: list[torch.Tensor] = []
    hook = lm.model.get_submodule(name).register_forward_pre_hook(lambda _m, args: found.append(args[0]))
    with torch.no_grad():
        lm.model(**lm.inputs(lm.encode(TEXTS[:1])))
    hook.remove()
    return found[0][0]


@pytest.mark.parametrize(("family", "stack"), FOUND)
def test_every_family_with_attention_has_its_sites(family: str, stack: str | None) -> None:
    lm = language_model(family, stack)
    blocks = tuple(range(1, lm.n_layers))
    with_attention = (3,) if family == "recurrentgemma" else blocks
    assert lm.layers_of(residual) == lm.layers_of(block) == (0, *blocks)
    assert lm.layers_of(attention) == lm.layers_of(head(3)) == with_attention
    assert lm.layers_of(mlp) == blocks
    assert lm.width_of(attention) == lm.width_of(mlp) == 32
    assert lm.width_of(head(0)) == (16 if family in ("qwen3", "gemma", "gemma2", "gemma3") else 8)


@pytest.mark.parametrize(("family", "stack"), ADDING)
def test_a_pre_norm_block_gives_what_it_reads_plus_attention_plus_mlp(family: str, stack: str | None) -> None:
    lm = language_model(family, stack)
    stream, attended, thought = (states(lm, site) for site in (block, attention, mlp))
    for layer in attended:
        close(stream[layer], stream[layer - 1] + attended[layer] + thought[layer])


@pytest.mark.parametrize("family", CROSSING)
def test_a_pre_norm_decoder_adds_the_attention_to_its_encoder_too(family: str) -> None:
    lm = language_model(family, "decoder")
    crossed = states(lm, modules(CROSSING[family]))
    stream, attended, thought = (states(lm, site) for site in (block, attention, mlp))
    assert len(crossed) == 2
    for layer in attended:
        close(stream[layer], stream[layer - 1] + attended[layer] + crossed[layer] + thought[layer])


@pytest.mark.parametrize(("family", "stack"), POST_NORM)
def test_a_post_norm_block_norms_what_it_reads_plus_attention(family: str, stack: str | None) -> None:
    lm = language_model(family, stack)
    stream, attended = states(lm, block), states(lm, attention)
    norm, reader = POST_NORM[family, stack]
    for layer in attended:
        read = module_input(lm, reader.format(layer - 1))
        with torch.no_grad():
            normed = lm.model.get_submodule(norm.format(layer - 1))(stream[layer - 1] + attended[layer])
        close(normed[: len(read)], read)


@pytest.mark.parametrize(("family", "stack"), [case for case in POST_NORM if case != ("mpnet", None)])
def test_a_post_norm_block_gives_a_norm_of_what_its_mlp_reads_plus_what_it_gives(
    family: str, stack: str | None
) -> None:
    lm = language_model(family, stack)
    stream, thought = states(lm, block), states(lm, mlp)
    parts = lm.sites.blocks.blocks  # type: ignore[union-attr]
    norms = [
        name for name, _ in lm.model.named_modules() if name.startswith(parts[0].module) and "norm" in name.lower()
    ]
    for layer in thought:
        read = module_input(lm, POST_NORM[family, stack][1].format(layer - 1))
        norm = norms[-1].replace(parts[0].module, parts[layer - 1].module, 1)
        with torch.no_grad():
            close(lm.model.get_submodule(norm)(read + thought[layer][: len(read)]), stream[layer][: len(read)])


@pytest.mark.parametrize("family", BOTH_NORMS)
def test_attention_and_mlp_are_taken_before_the_norms_behind_them(family: str) -> None:
    lm = language_model(family)
    stream, attended, thought = (states(lm, site) for site in (block, attention, mlp))
    for layer in attended:
        with torch.no_grad():
            parts = [
                lm.model.get_submodule(name.format(layer - 1))(part)
                for name, part in zip(BOTH_NORMS[family], (attended[layer], thought[layer]), strict=True)
            ]
        close(stream[layer], stream[layer - 1] + parts[0] + parts[1])


def test_a_hybrid_has_attention_in_the_blocks_that_have_it() -> None:
    lm = language_model("recurrentgemma")
    stream, attended, thought = (states(lm, site) for site in (block, attention, mlp))
    close(stream[3], stream[2] + attended[3] + thought[3])
    assert lm.layers_of(attention) == (3,)
    with pytest.raises(ModelError, match=r"Layer 1 is not in .* there. It has \[3\]"):
        lm.states(lm.encode(TEXTS), [1], attention)


@pytest.mark.parametrize(("family", "stack"), FOUND)
def test_the_projection_of_all_heads_side_by_side_is_the_attention_output(family: str, stack: str | None) -> None:
    lm = language_model(family, stack)
    whole = states(lm, attention)
    heads = [states(lm, head(n)) for n in range(4)]
    for layer, tap in lm.place(head(0)).taps.items():
        projection = lm.model.get_submodule(tap.module)
        side_by_side = torch.cat([one[layer] for one in heads], -1)
        weight = projection.weight if type(projection).__name__ == "Conv1D" else projection.weight.T
        bias = projection.bias if projection.bias is not None else 0
        with torch.no_grad():
            close(side_by_side @ weight + bias, whole[layer])


@pytest.mark.parametrize(
    ("family", "values", "rows", "changed"),
    [
        ("bert", "encoder.layer.1.attention.self.value", slice(8, 16), {1}),
        ("llama", "layers.1.self_attn.v_proj", slice(0, 8), {0, 1}),  # two heads share one of these
        ("phi", "layers.1.self_attn.v_proj", slice(24, 32), {3}),
        ("mixtral", "layers.1.self_attn.v_proj", slice(8, 16), {2, 3}),
    ],
)
def test_a_head_is_the_one_whose_values_it_sums(family: str, values: str, rows: slice, changed: set[int]) -> None:
    body, tokenizer = tiny.model(family)
    other = copy.deepcopy(body)
    with torch.no_grad():
        other.get_submodule(values).weight[rows] += 0.5
    before, after = language_model(family), pw.LanguageModel(other, tokenizer)
    different = {n for n in range(4) if not torch.allclose(states(before, head(n))[2], states(after, head(n))[2])}
    assert different == changed


def test_experts_are_one_mlp_with_the_one_that_they_share() -> None:
    import transformers as hf

    sizes = {
        "n_routed_experts": 4,
        "num_experts_per_tok": 2,
        "n_group": 1,
        "topk_group": 1,
        "moe_intermediate_size": 16,
    }
    heads = {"kv_lora_rank": 16, "q_lora_rank": 16, "qk_rope_head_dim": 8, "qk_nope_head_dim": 8, "v_head_dim": 8}
    config = hf.DeepseekV3Config(**tiny.SIZE, **sizes, **heads, vocab_size=tiny.ROWS, first_k_dense_replace=1)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        lm = pw.LanguageModel(hf.AutoModel.from_config(config), tiny.tokenizer("byte-bpe"))
    stream, attended, thought = (states(lm, site) for site in (block, attention, mlp))
    for layer in (1, 2, 3):
        close(stream[layer], stream[layer - 1] + attended[layer] + thought[layer])


@pytest.mark.parametrize("family", WITHOUT_ATTENTION)
@pytest.mark.parametrize("site", [attention, mlp, head(0)])
def test_a_state_space_model_says_that_it_has_no_attention_and_what_it_has(family: str, site: Site) -> None:
    with pytest.raises(
        ModelError, match=rf"No '{site.name}' was found in the blocks 'layers.\*'.*mixer.out_proj.*modul"
    ):
        language_model(family).states([], site=site)


def test_the_modules_of_a_state_space_model_can_be_taken_by_name() -> None:
    lm = language_model("mamba")
    mixed = states(lm, modules("layers.*.mixer"))
    stream = states(lm, block)
    assert list(mixed) == [1, 2, 3]
    for layer in mixed:
        close(stream[layer], stream[layer - 1] + mixed[layer])


def test_a_model_whose_blocks_are_not_found_has_its_residual_stream_only() -> None:
    lm = language_model("xlnet")
    assert lm.layers_of(residual) == (0, 1, 2, 3)
    for site in (attention, mlp, block, head(0)):
        with pytest.raises(ModelError, match=r"blocks of this model were not found .*Its modules: .*rel_attn"):
            lm.place(site)


def test_a_pattern_gives_what_plain_hooks_on_its_modules_give() -> None:
    lm = language_model("bert")
    found: list[torch.Tensor] = []
    hooks = [
        lm.model.get_submodule(f"encoder.layer.{i}.attention").register_forward_hook(
            lambda _m, _i, out: found.append(out[0])
        )
        for i in range(3)
    ]
    with torch.no_grad():
        lm.model(**lm.inputs(lm.encode(TEXTS[:1])))
    for hook in hooks:
        hook.remove()
    taken = states(lm, modules("encoder.layer.*.attention"))
    assert list(taken) == [1, 2, 3]
    for layer, given in enumerate(found, 1):
        close(taken[layer][: given.shape[1]], given[0])


@pytest.mark.parametrize("family", ["bert", "llama", "t5"])
def test_any_single_module_can_be_taken(family: str) -> None:
    lm = language_model(family)
    name = {"bert": "embeddings", "llama": "layers.1.self_attn.q_proj", "t5": "block.2.layer.1.DenseReluDense.wi"}[
        family
    ]
    (state,) = lm.states(lm.encode(TEXTS), site=modules(name))
    assert lm.layers_of(modules(name)) == (1,)
    assert state.shape[-1] == lm.width_of(modules(name)) == {"bert": 32, "llama": 32, "t5": 64}[family]


def test_wrong_sites_are_told_what_there_is() -> None:
    bert = language_model("bert")
    with pytest.raises(ModelError, match="There is no head 4: this model's blocks have heads 0 to 3"):
        bert.place(head(4))
    with pytest.raises(ModelError, match=r"No module is called 'encoder.layers.\*'. There are: .*encoder.layer.\*"):
        bert.place(modules("encoder.layers.*"))
    with pytest.raises(
        ModelError, match=r"must all give one state per token, \(1, \d+, 32\), but 'pooler' gives \(1, 32\)"
    ):
        bert.place(modules("*"))
    with pytest.raises(ModelError, match=r"The modules 'pooler' must all give one state per token, .* gives \(1, 32\)"):
        bert.place(modules("pooler"))
    for bad in (-1, 1.0, True, "1"):
        with pytest.raises(ModelError, match="takes the number of an attention head"):
            head(bad)  # type: ignore[arg-type]
    for bad in ("", None):
        with pytest.raises(ModelError, match="takes a dotted name"):
            modules(bad)  # type: ignore[arg-type]


@pytest.mark.parametrize("site", [residual, block, attention, mlp, head(11), modules("encoder.layer.*.attention")])
def test_the_name_of_a_site_leads_back_to_it(site: Site) -> None:
    assert named(site.name) == site and site.name in repr(site)


@pytest.mark.parametrize("name", ["", "head", "head x", "head -1", "modules", "resid"])
def test_a_name_that_no_site_has_is_told_the_names_there_are(name: str) -> None:
    with pytest.raises(ModelError, match="There are residual, block, attention, mlp, head N, modules PATTERN"):
        named(name)


def test_a_model_without_heads_in_its_config_says_so() -> None:
    lm = language_model("gpt2")
    spoilt: Any = copy.copy(lm.sites)
    object.__setattr__(spoilt, "n_heads", 5)
    with pytest.raises(
        ModelError, match=r"cannot be cut into heads: 'h.0.attn.c_proj' reads 32 features .* names 5 heads"
    ):
        spoilt.place(head(0))
