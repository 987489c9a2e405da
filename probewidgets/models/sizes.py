"""Sizes: what configs say of a model that running it once does not tell."""

from __future__ import annotations

from typing import Any

import torch

__all__ = ["heads", "max_tokens"]


def max_tokens(model: Any, tokenizer: Any) -> int:
    """The smaller of what the tokenizer and the model declare; very large where neither declares any."""
    declared = [int(min(tokenizer.model_max_length, 10**9))]
    positions = _number(model.config, "max_position_embeddings")
    if positions > 0:
        # A table of positions with a padding index counts from after it, so that many of its rows are never reached.
        table = next(
            (m for m in model.modules() if isinstance(m, torch.nn.Embedding) and m.num_embeddings == positions), None
        )
        skipped = 0 if table is None or table.padding_idx is None else table.padding_idx + 1
        declared.append(positions - skipped)
    return min(declared)


def heads(config: Any, stack: str) -> int:
    """Attention heads of a block, as the config says; 0 where it does not."""
    names = ("decoder_attention_heads", "num_attention_heads") if stack == "decoder" else ("num_attention_heads",)
    return next((n for name in names if (n := _number(config, name)) > 0), 0)


def _number(config: Any, name: str) -> int:
    """A number that the part of a config about text names for all layers; 0 where it names none."""
    try:
        number = getattr(_text_config(config), name, None)
    except Exception:  # its layers differ, and it does not say the number of one for all
        return 0
    return number if isinstance(number, int) else 0


def _text_config(config: Any) -> Any:
    """The part of a config that is about text: of a model that reads images or sounds too, its text model's."""
    nested = getattr(config, "get_text_config", None)
    try:
        return config if nested is None else nested()
    except ValueError:  # it names several, and does not say which is meant
        return config
