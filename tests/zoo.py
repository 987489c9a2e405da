"""A tiny model of every kind that transformers has for text, with random weights, built from nothing but its config."""

from __future__ import annotations

import re
from typing import Any

import torch
import transformers as hf
from transformers.models.auto import modeling_auto

from tests.tiny import ROWS

__all__ = ["build", "kinds", "reads", "stacks"]

LAYERS, WIDTH, HEADS, HEAD = 4, 64, 4, 16

SIZES: tuple[tuple[str, int], ...] = (
    # What the names of settings look like -> the most that they are set to; the first that fits.
    (r"(.*_)?vocab_size(_per_layer_input)?", ROWS),
    (r"hidden_size_per_layer_input", 16),
    (r"(entity_)?emb(edding)?_(size|dim)|hidden_size.*|d_model|n_embd|dim|.*embed_dim|hidden_dim_model", WIDTH),
    (r"(.*_)?hidden_size|lru_width|word_embed_proj_dim|pooler_hidden_size|projection_dim|output_dim", WIDTH),
    (r"num_hidden_layers|n_layers?|num_layers|(.*_)?(en|de)coder_layers|num_decoder_layers|[lxr]_layers", LAYERS),
    (r"num_global_layers|num_layers_per_stack|depth|max_window_layers|conf_num_hidden_layers", LAYERS),
    (r"(.*_)?(num_)?(key_value|kv)_heads?", 2),
    (r"(swa_|.*coder_|conf_)?(num_)?attention_heads|n_heads?|num_heads|n_kv_head", HEADS),
    (r"qk_rope_head_dim|rotary_dim", 8),
    (r"qk_head_dim", HEAD + 8),
    (r"linear_num_(key|value)_heads|linear_num_heads", 2),
    (r"linear_.*head_dim|index_head_dim|(.*_)?v_head_dim|kv_channels|qk_nope_head_dim", HEAD),
    (r"(.*_)?head_dim|d_kv|d_head|dim_head|attention_head_size", HEAD),
    (r"(kv|q|o)_lora_rank", 32),
    (r"index_n_heads", 2),
    (r"moe_intermediate_size|expert_ffn_hidden_size|(.*)expert(s)?_intermediate_size", 32),
    (r"(.*_)?intermediate_size(_mlp)?|.*ffn_dim|d_ff|dff|dim_ff|d_inner|ffn_hidden_size|hidden_dim|mlp_dim", 96),
    (r"num_experts_per_tok(en)?|moe_k|moe_topk|moe_top_k", 2),
    (r"n_routed_experts|num_(local_)?experts|moe_num_experts|zero_expert_num|num_routed_experts", 4),
    (r"n_group|topk_group|num_expert_group|n_groups|mamba_n_groups|o_groups", 1),
    (r"(mamba_|ssm_)?(d_state|state_size)", 8),
    (r"mamba_(n_heads|num_heads)", 8),
    (r"mamba_d_head|mamba_head_dim", HEAD),
    (r"mamba_dt_rank|time_step_rank|laurel_rank|hc_lowrank", 8),
    (r"(mamba_)?chunk_size|sliding_window|attention_chunk_size|local_attention|sliding_window_size", 16),
    (r"image_size|input_size", 32),
    (r"patch_size", 8),
)


POSITIONS = (
    r"max_position_embeddings|n_positions|n_ctx|max_seq_len|model_max_length|max_(en|de)coder_position_embeddings"
)
LATENT = {"head_dim": 8, "num_key_value_heads": HEADS}
"""Of attention whose keys and values share a latent (DeepSeek): its heads' rotary part, and as many keys as queries."""


def kinds() -> list[str]:
    """The kinds of models that transformers' tables of text models name, and that have a body."""
    tables = ("CAUSAL_LM", "MASKED_LM", "SEQ_TO_SEQ_CAUSAL_LM", "TEXT_ENCODING")
    tables += ("SEQUENCE_CLASSIFICATION", "TOKEN_CLASSIFICATION", "QUESTION_ANSWERING")
    named = {kind for t in tables for kind in getattr(modeling_auto, f"MODEL_FOR_{t}_MAPPING_NAMES")}
    return sorted(named & set(modeling_auto.MODEL_MAPPING_NAMES))


def stacks(model: Any) -> tuple[str | None, ...]:
    """What `LanguageModel(model, tokenizer, stack=...)` takes."""
    return ("encoder", "decoder") if getattr(model.config, "is_encoder_decoder", False) else (None,)


def reads(model: Any) -> tuple[str, ...]:
    """The inputs that every text comes with."""
    return ("input_ids", "decoder_input_ids")[: len(stacks(model))]


def build(kind: str, special: dict[str, int]) -> Any:
    """A tiny random model of a kind.

    Args:
        kind: One of `kinds()`.
        special: `pad_token_id` and so on, of the tokenizer.
    """
    config = hf.CONFIG_MAPPING[kind](**settings(kind, special))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = hf.AutoModel.from_config(config).eval()
        with torch.no_grad():  # fresh weights are small, biases and norms 0 and 1: move all
            for weight in model.parameters():
                if weight.is_floating_point():
                    weight.add_(0.1 * torch.randn_like(weight))
    return model


def settings(kind: str, special: dict[str, int]) -> dict[str, Any]:
    """What the config of a kind is built with."""
    return shrunk(hf.CONFIG_MAPPING[kind](), special)


def shrunk(config: Any, special: dict[str, int]) -> dict[str, Any]:
    """Smaller settings in place of those of a config, the ones of the configs inside of it too."""
    small: dict[str, Any] = {}
    for name, value in vars(config).items():
        if isinstance(value, hf.PreTrainedConfig):
            small[name] = ({"model_type": value.model_type} if value.model_type else {}) | shrunk(value, special)
        elif isinstance(value, int) and not isinstance(value, bool):
            most = next((size for pattern, size in SIZES if re.fullmatch(pattern, name)), value)
            if re.fullmatch(POSITIONS, name):
                small[name] = 512
            elif name == "vocab_size":
                small[name] = ROWS
            elif most < value:
                small[name] = most
        elif isinstance(value, list | tuple) and len(value) > LAYERS and len(value) == layers_of(config):
            kinds = list(dict.fromkeys(value))
            small[name] = (kinds * LAYERS)[:LAYERS]
        if name.endswith("_token_id") and isinstance(value, int) and value >= ROWS:
            small[name] = special.get(name, 0)
    small |= {name: size for name, size in UNSET.items() if vars(config).get(name, 0) is None}
    small |= {n: size for n, size in LATENT.items() if vars(config).get("qk_rope_head_dim") and n in vars(config)}
    small |= {name: token for name, token in special.items() if name in vars(config)}
    return small | BY_HAND.get(config.model_type, {})


def layers_of(config: Any) -> int:
    """How many blocks a config asks for."""
    names = ("num_hidden_layers", "n_layer", "n_layers", "num_layers")
    return next((n for name in names if isinstance(n := getattr(config, name, None), int)), 0)


UNSET = {"head_dim": HEAD, "num_key_value_heads": HEADS, "n_routed_experts": 4, "num_experts_per_tok": 2}
"""What is set where a config leaves it open, and its model cannot."""

_OCR = {"num_key_value_heads": HEADS, "head_dim": HEAD}
_NGRAMS = {"ngram_vocab_size_base": 50, "heads_per_ngram": 2, "split_ngram_parts": 4, "ple_embed_dim": 32}
_QWEN4 = _NGRAMS | {"indexer_n_heads": 2, "indexer_kv_heads": 1, "indexer_head_dim": HEAD, "indexer_budget": 16}
_QWEN4 |= {"indexer_compress_ratio": 2, "layer_types": ["linear_attention", "indexed_attention"] * 2}
_ZAMBA = {
    "layers_block_type": ["linear_attention", "hybrid"] * 2,
    "attention_hidden_size": 2 * WIDTH,
    "num_key_value_heads": HEADS,
}
_GEMMA3N = {
    "layer_types": ["sliding_attention", "full_attention"] * 2,
    "num_kv_shared_layers": 2,
    "intermediate_size": [96] * LAYERS,
    "activation_sparsity_pattern": [0.95, 0.95, 0.0, 0.0],
}

BY_HAND: dict[str, dict[str, Any]] = {
    "bamba": {"attn_layer_indices": [1, 3]},
    "blt": {"encoder_hash_byte_group_vocab": 50},
    "cohere_compass_text": {
        "layer_types": ["sliding_attention", "full_attention"] * 2,
        "rope_parameters": {
            kind: {"rope_type": "default", "rope_theta": 10_000.0} for kind in ("sliding_attention", "full_attention")
        },
    },
    "dbrx": {"attn_config": {"kv_n_heads": 2, "rope_theta": 10_000.0, "clip_qkv": 8.0}},
    "dots1": {"n_shared_experts": 1, "first_k_dense_replace": 1},
    "dots3_note_text": {
        "num_key_value_heads": HEADS,
        "head_dim": HEAD + 8,
        "mlp_layer_types": ["dense", "sparse"] * 2,
        "swa_num_attention_heads": 2,
        "swa_num_key_value_heads": 2,
        "swa_head_dim": HEAD + 8,
        "swa_qk_nope_head_dim": HEAD,
        "swa_v_head_dim": HEAD,
    },
    "dots3_note_vision_encoder": {"adapter_in_dim": WIDTH, "adapter_out_dim": WIDTH},
    "dots3_note_audio_encoder": {"adapter_input_size": WIDTH, "adapter_out_dim": WIDTH},
    "esm": {"vocab_size": ROWS, "mask_token_id": 4, "pad_token_id": 1},
    "esmc": _OCR,
    "funnel": {"block_sizes": [2, 2], "block_repeats": [1, 1], "architectures": ["FunnelModel"]},
    "granitemoehybrid": {
        "layer_types": ["linear_attention", "full_attention"] * 2,
        "residual_multiplier": 0.22,
        "shared_intermediate_size": 32,
    },
    "granite": {"residual_multiplier": 0.22},
    "granitemoe": {"residual_multiplier": 0.22},
    "granitemoeshared": {"residual_multiplier": 0.22, "shared_intermediate_size": 32},
    "hrm_text": {"num_layers_per_stack": 2, "num_hidden_layers": 16},
    "jamba": {"attn_layer_period": 2, "attn_layer_offset": 1, "expert_layer_period": 3},
    "layoutlmv3": {"coordinate_size": 10, "shape_size": 12},
    "lilt": {"hidden_size": 48},
    "longcat_flash": {"zero_expert_num": 2},
    "mistral4": {"head_dim": HEAD, "qk_nope_head_dim": 8},
    "mobilebert": {"intra_bottleneck_size": 32, "true_hidden_size": 32},
    "vibevoice_acoustic_tokenizer_encoder": {"num_filters": 2},
    "xmod": {"default_language": "en_XX"},
    "xlstm": {"hidden_size": 128, "embedding_dim": 128, "num_blocks": LAYERS},
    "zamba": _ZAMBA | {"attention_head_dim": 32, "mamba_dt_rank": 8, "n_mamba_heads": 2},
    "zamba2": _ZAMBA | {"attention_head_dim": 32, "kv_channels": HEAD, "n_mamba_heads": 8, "mamba_headdim": HEAD},
    "gemma3n_text": _GEMMA3N,
    "lfm2_moe": {"layer_types": ["conv", "full_attention"] * 2},
    "mamba2": {"num_heads": 8, "head_dim": 16},
    "perceiver": {"num_self_attends_per_block": LAYERS, "num_latents": 16, "d_latents": WIDTH},
    "qwen4_exp_text": _QWEN4,
    "reformer": {
        "axial_pos_embds_dim": [16, 48],
        "axial_pos_shape": [16, 32],
        "attn_layers": ["local", "lsh"] * 2,
        "num_buckets": 8,
    },
}
"""Settings of kinds whose parts hang together in ways of their own."""
