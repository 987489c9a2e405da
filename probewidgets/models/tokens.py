"""Tokens: what a tokenizer makes of texts, as the model sees it, and rows of unequal length as one tensor."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from probewidgets.models.tapped import Encoded

__all__ = ["after_start", "padded", "start_token", "tokenized"]


def tokenized(tokenizer: Any, texts: Sequence[str], role: str) -> list[Encoded]:
    """(B,) texts as they stand: nothing truncated, nothing padded.

    Args:
        tokenizer: A fast tokenizer.
        texts: (B,) texts.
        role: What the tokenizer takes them for: `"text"`, or `"text_target"` of a translation.
    """
    batch = tokenizer(
        **{role: list(texts)},
        add_special_tokens=True,
        truncation=False,
        padding=False,
        return_attention_mask=True,
        return_offsets_mapping=True,
        return_special_tokens_mask=True,
        verbose=False,
    )
    offsets, special = batch.pop("offset_mapping"), batch.pop("special_tokens_mask")
    return [
        Encoded(
            {name: values[i] for name, values in batch.items()},
            np.array(offsets[i], dtype=np.int64).reshape(-1, 2),
            np.array(special[i], dtype=bool),
        )
        for i in range(len(texts))
    ]


def start_token(config: Any, tokenizer: Any, target: Encoded) -> int:
    """The token that a decoder's target text is put behind in training."""
    start = getattr(config, "decoder_start_token_id", None)
    if start is None:  # mBART starts with the language, which its tokenizer puts last
        ids = target.inputs["input_ids"]
        last = ids[-1] if len(ids) and target.special[-1] else tokenizer.eos_token_id
        others = (tokenizer.bos_token_id, tokenizer.pad_token_id, 0)
        start = last if last != tokenizer.eos_token_id else next(c for c in others if c is not None)
    return int(start)


def after_start(start: int, target: Encoded, source: Encoded) -> Encoded:
    """The text that a decoder reads in training: its start token, then the target; beside it what its encoder reads."""
    ids = target.inputs["input_ids"]
    inputs = {"decoder_input_ids": [start, *ids], "decoder_attention_mask": [1] * (len(ids) + 1)}
    offsets = np.concatenate([np.zeros((1, 2), np.int64), target.offsets])
    return Encoded(inputs, offsets, np.concatenate([[True], target.special]), source.inputs)


def padded(
    rows: Sequence[Mapping[str, list[int]]], accepted: Collection[str], padding: Callable[[str], int]
) -> dict[str, torch.Tensor]:
    """Rows of unequal length as (B, T) tensors on the CPU, filled up on the right.

    Args:
        rows: (B,) name of an input -> its values.
        accepted: The names that the model takes; others are left out.
        padding: Name of an input -> what it is filled up with.
    """
    width = max(len(next(iter(row.values()))) for row in rows)
    return {
        name: torch.tensor([[*row[name], *[padding(name)] * (width - len(row[name]))] for row in rows])
        for name in rows[0]
        if name in accepted
    }
