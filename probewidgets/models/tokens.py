"""Tokens: what a tokenizer makes of texts, as the model sees it, and rows of unequal length as one tensor."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import chain
from string import whitespace
from typing import Any

import numpy as np
import torch

from probewidgets.models.tapped import Encoded

__all__ = ["after_start", "padded", "start_token", "tokenized"]

_AT_ONCE = 256
"""Texts: what a tokenizer tells of a token takes several times the memory of what is kept."""


def tokenized(tokenizer: Any, texts: Sequence[str], role: str, special_tokens: bool | None = None) -> list[Encoded]:
    """(B,) texts as they stand: nothing truncated, nothing padded.

    Args:
        tokenizer: A fast tokenizer.
        texts: (B,) texts.
        role: What the tokenizer takes them for: `"text"`, or `"text_target"` of a translation.
        special_tokens: Whether the tokenizer adds those of its own around each text. None: it does, but none in front
            of a text that begins with them already, as a prompt does that a chat template has written.
    """
    return [
        encoded
        for low in range(0, len(texts), _AT_ONCE)
        for encoded in _tokenized(tokenizer, texts[low : low + _AT_ONCE], role, special_tokens)
    ]


def _tokenized(tokenizer: Any, texts: Sequence[str], role: str, special_tokens: bool | None) -> list[Encoded]:
    batch = tokenizer(
        **{role: list(texts)},
        add_special_tokens=special_tokens is not False,
        truncation=False,
        padding=False,
        return_attention_mask=True,
        return_offsets_mapping=True,
        return_special_tokens_mask=True,
        verbose=False,
    )
    offsets, special = batch.pop("offset_mapping"), batch.pop("special_tokens_mask")
    bare = _bare_spaces(tokenizer, batch["input_ids"])
    encoded = []
    for i in range(len(texts)):
        places = np.array(offsets[i], dtype=np.int64).reshape(-1, 2)
        # A tokenizer may lay a bare space over the first character of the word behind it.
        blank = [token in bare for token in batch["input_ids"][i]]
        places[blank, 1] = places[blank, 0]
        tokens = Encoded({n: values[i] for n, values in batch.items()}, places, np.array(special[i], dtype=bool))
        encoded.append(_begun_once(tokens) if special_tokens is None else tokens)
    return encoded


def _bare_spaces(tokenizer: Any, ids: Sequence[Sequence[int]]) -> frozenset[int]:
    """Which of these tokens are nothing but space, by their own characters: as the tokenizer writes a space."""
    backend = tokenizer.backend_tokenizer
    spaces = whitespace + "".join(_written(backend, space) for space in whitespace)
    pieces = {token: backend.id_to_token(token) for token in set(chain.from_iterable(ids))}
    return frozenset(token for token, piece in pieces.items() if piece and not piece.strip(spaces))


def _written(backend: Any, space: str) -> str:
    """What becomes of a space between two letters before the text is cut into pieces of the vocabulary."""
    text = f"b{space}b"
    if backend.normalizer is not None:
        text = backend.normalizer.normalize_str(text)
    if backend.pre_tokenizer is not None:
        text = "".join(piece for piece, _ in backend.pre_tokenizer.pre_tokenize_str(text))
    return "".join(character for character in text if character.lower() != "b")


def _begun_once(encoded: Encoded) -> Encoded:
    """The same tokens without those that were put in front of a text that begins with them."""
    ids = encoded.inputs["input_ids"]
    n = len(ids) if encoded.special.all() else int(encoded.special.argmin())
    if not n or ids[:n] != ids[n : 2 * n]:
        return encoded
    inputs = {name: values[n:] for name, values in encoded.inputs.items()}
    return Encoded(inputs, encoded.offsets[n:], encoded.special[n:])


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
