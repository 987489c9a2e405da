"""Every family: what we call layer l is what its block l gives; and what transformers reports is what it was.

The names of modules stand here and nowhere in the library: they are the independent account of what is found there.
"""

from __future__ import annotations

import copy
import inspect
from collections import Counter
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
import tiny
import torch

import probewidgets as pw
from probewidgets.models.sites import block, residual

TEXTS = ["The cats sat on the mat.", "I can't believe it!", "naïve cafés, e.g. ours?", "well", "北京 שלום 👍🏽 done"]
SOURCES = ["So the cats sat.", "no", "Don't you like it?", "état", "a b c d e f g"]

# Family and stack -> what gives the embeddings ("" where several modules add up), the blocks, and the final norm.
TREE: dict[tuple[str, str | None], tuple[str, str, str]] = {
    ("bert", None): ("embeddings", "encoder.layer.{}", ""),
    ("distilbert", None): ("embeddings", "transformer.layer.{}", ""),
    ("electra", None): ("embeddings_project", "encoder.layer.{}", ""),
    ("mpnet", None): ("embeddings", "encoder.layer.{}", ""),
    ("roberta", None): ("embeddings", "encoder.layer.{}", ""),
    ("deberta", None): ("embeddings", "encoder.layer.{}", ""),
    ("modernbert", None): ("embeddings", "layers.{}", "final_norm"),
    ("xlm-r", None): ("embeddings", "encoder.layer.{}", ""),
    ("albert", None): ("encoder.embedding_hidden_mapping_in", "", ""),
    ("deberta-v2", None): ("embeddings", "encoder.layer.{}", ""),
    ("gpt2", None): ("", "h.{}", "ln_f"),
    ("neox", None): ("embed_in", "layers.{}", "final_layer_norm"),
    ("phi", None): ("embed_tokens", "layers.{}", "final_layernorm"),
    ("falcon", None): ("word_embeddings", "h.{}", "ln_f"),
    ("qwen2", None): ("embed_tokens", "layers.{}", "norm"),
    ("qwen3", None): ("embed_tokens", "layers.{}", "norm"),
    ("opt", None): ("", "decoder.layers.{}", "decoder.final_layer_norm"),
    ("bloom", None): ("word_embeddings_layernorm", "h.{}", "ln_f"),
    ("llama", None): ("embed_tokens", "layers.{}", "norm"),
    ("mistral", None): ("embed_tokens", "layers.{}", "norm"),
    ("mixtral", None): ("embed_tokens", "layers.{}", "norm"),
    ("gemma", None): ("", "layers.{}", "norm"),
    ("gemma2", None): ("", "layers.{}", "norm"),
    ("gemma3", None): ("embed_tokens", "layers.{}", "norm"),
    ("mamba", None): ("embeddings", "layers.{}", "norm_f"),
    ("mamba2", None): ("embeddings", "layers.{}", "norm_f"),
    ("recurrentgemma", None): ("", "layers.{}", "final_norm"),
    ("t5", "encoder"): ("embed_tokens", "block.{}", "final_layer_norm"),
    ("t5", "decoder"): ("decoder.embed_tokens", "decoder.block.{}", "decoder.final_layer_norm"),
    ("bart", "encoder"): ("layernorm_embedding", "layers.{}", ""),
    ("bart", "decoder"): ("decoder.layernorm_embedding", "decoder.layers.{}", ""),
    ("mbart", "encoder"): ("layernorm_embedding", "layers.{}", "layer_norm"),
    ("mbart", "decoder"): ("decoder.layernorm_embedding", "decoder.layers.{}", "decoder.layer_norm"),
    ("marian", "encoder"): ("", "layers.{}", ""),
    ("marian", "decoder"): ("", "decoder.layers.{}", ""),
}
# Their reported states are one block ahead: the embeddings are not among them, and the last stands there twice, before
# and after the final norm.
AHEAD = {"mamba", "mamba2"}

every_stack = pytest.mark.parametrize(("family", "stack"), tiny.STACKS)
every_tree = pytest.mark.parametrize(("family", "stack"), TREE)


@cache
def language_model(family: str, stack: str | None) -> pw.LanguageModel:
    return pw.LanguageModel(*tiny.model(family), stack=stack)


def encode(lm: pw.LanguageModel, texts: list[str] = TEXTS) -> list[Any]:
    return lm.encode(texts, SOURCES[: len(texts)] if lm.stack == "decoder" else None)


def plain(lm: pw.LanguageModel, row: int, **flags: Any) -> Any:
    """What transformers makes of one text alone, by the tokenizer's own tensors."""
    takes = inspect.signature(lm.model.forward).parameters
    inputs = {n: t for n, t in lm.tokenizer(TEXTS[row], return_tensors="pt").items() if n in takes}
    if lm.stack == "decoder":
        ids = encode(lm)[row].inputs["decoder_input_ids"]
        inputs = dict(lm.tokenizer(SOURCES[row], return_tensors="pt")) | {"decoder_input_ids": torch.tensor([ids])}
        inputs.pop("token_type_ids", None)
    with torch.no_grad():
        return lm.model(**inputs, return_dict=True, **flags)


def reported(lm: pw.LanguageModel, row: int) -> tuple[torch.Tensor, ...]:
    out = plain(lm, row, output_hidden_states=True)
    return out.decoder_hidden_states if lm.stack == "decoder" else out.hidden_states


def by_name(lm: pw.LanguageModel, row: int, family: str, stack: str | None) -> tuple[Any, list[Any], Any]:
    """What the modules named in TREE give: the embeddings, each block, the final norm. None where there is no name."""
    embeddings, blocks, norm = TREE[family, stack]
    modules = dict(lm.model.named_modules())
    names = [embeddings, *(blocks.format(i) for i in range(lm.n_layers - 1)), norm]
    found: dict[str, torch.Tensor] = {}

    def note(name: str) -> Any:
        def hook(_module: Any, _inputs: Any, out: Any) -> None:
            found[name] = out if isinstance(out, torch.Tensor) else out[0]

        return hook

    hooks = [modules[name].register_forward_hook(note(name)) for name in names if name and blocks]
    try:
        plain(lm, row)
    finally:
        for hook in hooks:
            hook.remove()
    states = [found.get(name) for name in names]
    return states[0], states[1:-1], states[-1]


def test_every_stack_of_every_family_but_the_one_without_blocks_is_described_here() -> None:
    assert {*tiny.STACKS} - {*TREE} == {("xlnet", None)}


@every_stack
def test_states_of_a_batch_equal_the_plain_forward_pass_of_each_text_alone(family: str, stack: str | None) -> None:
    lm = language_model(family, stack)
    encoded = encode(lm)
    batch = lm.states(encoded)
    assert len({len(one) for one in encoded}) > 2, "the texts must differ in length"
    assert lm.layers == tuple(range(3 if stack == "decoder" else 4)) and len(batch) == lm.n_layers
    for row, one in enumerate(encoded):
        if family in AHEAD:
            embeddings, blocks, norm = by_name(lm, row, family, stack)
            alone = (embeddings, *blocks[:-1], norm)
        else:
            alone = reported(lm, row)
        for layer in lm.layers:
            torch.testing.assert_close(batch[layer][row, : len(one)], alone[layer][0], atol=1e-4, rtol=0)
    apart = [(a[0, 0] - b[0, 0]).abs().max() for a, b in pairwise(batch)]
    assert min(apart) > 0.05, "layers of these models must differ, or nothing is tested"


@every_tree
def test_layer_l_is_what_block_l_gives_and_the_last_what_the_final_norm_makes_of_it(
    family: str, stack: str | None
) -> None:
    lm = language_model(family, stack)
    states = lm.states(encode(lm)[:1])
    embeddings, blocks, norm = by_name(lm, 0, family, stack)
    if embeddings is not None:
        torch.testing.assert_close(states[0], embeddings, atol=1e-4, rtol=0)
    for layer, given in enumerate(blocks[:-1], 1):
        assert given is None or torch.allclose(states[layer], given, atol=1e-4)
    last = blocks[-1] if norm is None else norm
    if last is not None:
        torch.testing.assert_close(states[-1], last, atol=1e-4, rtol=0)


@every_stack
def test_the_final_norm_is_found_where_the_family_has_one(family: str, stack: str | None) -> None:
    expected = (family, stack) in TREE and bool(TREE[family, stack][2])
    lm = language_model(family, stack)
    assert lm.final_norm is lm.card.final_norm is expected


@every_tree
def test_transformers_still_reports_the_states_that_it_did(family: str, stack: str | None) -> None:
    """Not our code, but what it was written against: if this fails, a new transformers means other states."""
    lm = language_model(family, stack)
    states = reported(lm, 0)
    embeddings, blocks, norm = by_name(lm, 0, family, stack)
    assert len(states) == lm.n_layers
    torch.testing.assert_close(states[-1], plain(lm, 0).last_hidden_state)
    last = blocks[-1] if norm is None else norm
    expected = [*blocks, last] if family in AHEAD else [embeddings, *blocks[:-1], last]
    for state, given in zip(states, expected, strict=True):
        assert given is None or torch.allclose(state, given, atol=1e-5)
    if norm is not None:  # it is the norm of the last block, and nothing less or more
        module = lm.model.get_submodule(TREE[family, stack][2])
        with torch.no_grad():
            torch.testing.assert_close(module(blocks[-1]), states[-1], atol=1e-4, rtol=0)
            assert not torch.allclose(module(states[-1]), states[-1], atol=1e-2), "a norm put on twice is another state"


@every_tree
def test_the_raw_last_block_can_be_had_where_a_final_norm_follows(family: str, stack: str | None) -> None:
    lm = language_model(family, stack)
    encoded = encode(lm)[:1]
    raw = lm.states(encoded, site=block)
    _, blocks, norm = by_name(lm, 0, family, stack)
    assert blocks[-1] is None or torch.allclose(raw[-1], blocks[-1], atol=1e-4)
    same = [torch.equal(a, b) for a, b in zip(raw, lm.states(encoded), strict=True)]
    assert same == [True] * (lm.n_layers - 1) + [norm is None]


@every_tree
def test_nothing_behind_the_last_layer_asked_for_is_run(family: str, stack: str | None) -> None:
    lm = language_model(family, stack)
    encoded = encode(lm)[:2]
    before, whole = lm.states(encoded), plain(lm, 0).last_hidden_state
    calls: Counter[str] = Counter()
    hooks = [
        module.register_forward_pre_hook(lambda _m, _i, name=name: calls.update([name]))
        for name, module in lm.model.named_modules()
    ]
    lm.states(encoded)
    all_calls = Counter(calls)
    for layer in lm.layers:
        calls.clear()
        (state,) = lm.states(encoded, [layer])
        torch.testing.assert_close(state, before[layer], atol=0, rtol=0)
        pattern = lm.sites.blocks.pattern
        run = [name for name in calls.elements() if pattern == "".join("*" if c.isdigit() else c for c in name)]
        # The block that reads the embeddings is begun and not run: what is inside of it never is.
        assert len(run) == max(layer, 1)
        assert layer or not any(name.startswith(f"{lm.sites.blocks.blocks[0].module}.") for name in calls)
        if lm.final_norm and layer < lm.n_layers - 1:
            assert not calls[TREE[family, stack][2]]
        assert calls.total() < all_calls.total() or layer == lm.n_layers - 1
    for hook in hooks:
        hook.remove()
    torch.testing.assert_close(plain(lm, 0).last_hidden_state, whole, atol=0, rtol=0)
    assert lm.states(encoded)[-1].equal(before[-1])


@pytest.mark.parametrize("family", ["bert", "gpt2", "llama", "mamba", "xlnet"])
@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_taps_do_not_stay_after_an_exception(family: str, error: type[BaseException]) -> None:
    body, tokenizer = tiny.model(family)
    lm = pw.LanguageModel(copy.deepcopy(body), tokenizer)
    encoded, before = encode(lm), n_hooks(lm)

    def fail(*_: Any) -> None:
        raise error("in the middle")

    middle = lm.model.get_submodule(TREE[family, None][1].format(1)) if (family, None) in TREE else lm.model.layer[1]
    hook = middle.register_forward_pre_hook(fail)
    with pytest.raises(error, match="in the middle"):
        lm.states(encoded)
    hook.remove()
    assert n_hooks(lm) == before
    assert lm.lock.acquire(blocking=False)
    lm.lock.release()
    torch.testing.assert_close(lm.states(encoded), pw.LanguageModel(body, tokenizer).states(encoded))


def n_hooks(lm: pw.LanguageModel) -> int:
    """Those that are registered now; transformers leaves some of its own."""
    return sum(len(m._forward_hooks) + len(m._forward_pre_hooks) for m in lm.model.modules())


@every_stack
def test_a_decoder_is_found_to_be_causal_and_an_encoder_not(family: str, stack: str | None) -> None:
    encoders = {"bert", "distilbert", "electra", "mpnet", "roberta", "deberta", "modernbert", "xlm-r", "albert"}
    encoders |= {"deberta-v2", "xlnet"}
    lm = language_model(family, stack)
    assert lm.causal is not (family in encoders or stack == "encoder")


def test_the_embedded_model_is_not_causal() -> None:
    assert not pw.LanguageModel().causal


def test_a_projection_behind_the_last_block_is_no_final_norm() -> None:
    """OPT-350m: blocks that are wider than the embeddings, and what transformers reports last is narrower again."""
    import transformers as hf

    sizes = tiny.SIZE | {
        "vocab_size": tiny.ROWS,
        "ffn_dim": 64,
        "word_embed_proj_dim": 16,
        "do_layer_norm_before": False,
    }
    lm = pw.LanguageModel(hf.AutoModel.from_config(hf.OPTConfig(**sizes)).eval(), tiny.tokenizer("byte-bpe", "</s> $A"))
    states = lm.states(encode(lm)[:1])
    assert not lm.final_norm and {s.shape[-1] for s in states} == {32} and reported(lm, 0)[-1].shape[-1] == 16
    for layer in (0, 1, 2):
        torch.testing.assert_close(states[layer], reported(lm, 0)[layer], atol=1e-5, rtol=0)
    with torch.no_grad():
        torch.testing.assert_close(lm.model.decoder.project_out(states[3]), reported(lm, 0)[3], atol=1e-5, rtol=0)
    assert torch.equal(lm.states(encode(lm)[:1], site=residual)[3], states[3])
