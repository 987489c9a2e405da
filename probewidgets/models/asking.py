"""Asking a language model for tokens of texts: for which ones, where each is read, and the states it is read from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from probewidgets.errors import ModelError, clipped
from probewidgets.machine.arrays import Ints
from probewidgets.models.batching import batches, budget
from probewidgets.models.language_model import LanguageModel
from probewidgets.models.tapped import Encoded

__all__ = ["Asked", "AskedStates", "ask", "asked_batches", "asked_states", "head_of", "laid_out"]

_WIDE = 4
"""Scores over a vocabulary take more room than states: batches are so many times smaller."""


@dataclass(frozen=True, eq=False)
class Asked:
    """A text that a model is asked for tokens of."""

    text: int
    """Its number among those that were given."""
    encoded: Encoded
    """As the model reads it: some of its tokens may be masked."""
    position: Ints
    """(n,) tokens of it at which predictions are read."""
    gold: Ints
    """(n,) the tokens that should come out there."""

    def __len__(self) -> int:
        return len(self.encoded)


@dataclass(frozen=True, eq=False)
class AskedStates:
    """The asked tokens of a batch of texts."""

    text: npt.NDArray[np.int64]
    """(M,) the text that each stands in."""
    position: npt.NDArray[np.int64]
    """(M,) the token of that text at which the prediction is read."""
    gold: torch.Tensor
    """(M,) the tokens that should come out there."""
    states: list[torch.Tensor]
    """Per layer (M, D), in single precision, on the CPU."""


def head_of(model: object) -> Any:
    """The module of a LanguageModel that has its language-modelling head.

    Raises:
        ModelError: It is no LanguageModel, it has none, or it is an encoder-decoder.
    """
    if not isinstance(model, LanguageModel):
        raise ModelError(
            f"A LanguageModel with its head is needed, LanguageModel(..., head=True), but {clipped(model)} came."
        )
    if model.headed is None:
        raise ModelError(
            f"{model.name!r} is here without its language-modelling head, by which predictions are read. Make it with "
            "LanguageModel(..., head=True)."
        )
    if model.stack:
        raise ModelError(f"{model.name!r} has an encoder and a decoder; a model of one stack is needed here.")
    return model.headed


def ask(model: LanguageModel, texts: Sequence[str], mask: float, seed: int) -> list[Asked]:
    """The tokens that the model is asked for of each text; only texts of which it can be asked for one.

    A causal model is asked for every token but the first, from those before it; any other one for tokens that are
    masked. Texts that are longer than the model are left out.

    Args:
        model: A LanguageModel with its head.
        texts: (X,) texts.
        mask: Share of each text's tokens to mask, at least one, unless 0: then every token is asked for as it stands,
            and a model that is not causal sees the answer. A causal model masks nothing.
        seed: Of the choice of tokens.

    Raises:
        ModelError: The model has no head, is an encoder-decoder or has no token for a mask, `mask` is no share, or no
            token can be asked for.
    """
    head_of(model)
    if not isinstance(mask, Real) or isinstance(mask, bool) or not 0 <= mask <= 1:
        raise ModelError(f"mask must be a share of the tokens, in [0, 1], but {mask!r} came.")
    if mask and not model.causal and model.tokenizer.mask_token_id is None:
        raise ModelError(
            f"The tokenizer of {model.name!r} has no token for a mask: pass mask=0 to ask for tokens as they stand."
        )
    rng = np.random.default_rng(seed)
    asked = [_ask(model, i, encoded, mask, rng) for i, encoded in enumerate(model.encode(list(texts)))]
    able = [text for text in asked if len(text.gold) and len(text) <= model.max_tokens]
    if not able:
        raise ModelError(f"None of the {len(texts):,} texts has a token that {model.name!r} can be asked for.")
    return able


def _ask(model: LanguageModel, text: int, encoded: Encoded, mask: float, rng: np.random.Generator) -> Asked:
    ids = np.asarray(encoded.inputs["input_ids"], dtype=np.int64)
    content = np.flatnonzero(~encoded.special)
    if model.causal:
        content = content[content > 0]
        return Asked(text, encoded, content - 1, ids[content])
    if not mask or not len(content):
        return Asked(text, encoded, content, ids[content])
    n = max(1, round(mask * len(content)))
    position = np.sort(rng.choice(content, n, replace=False))
    masked = ids.copy()
    masked[position] = model.tokenizer.mask_token_id
    hidden = replace(encoded, inputs={**encoded.inputs, "input_ids": masked.tolist()})
    return Asked(text, hidden, position, ids[position])


def asked_batches(model: LanguageModel, asked: Sequence[Asked]) -> Iterator[list[Asked]]:
    """The asked texts in batches that leave room for scores over the vocabulary."""
    size = max(1, budget(model) // _WIDE)
    for batch in batches([len(text) for text in asked], size, pads=model.pads):
        yield [asked[i] for i in batch]


def laid_out(batch: Sequence[Asked]) -> tuple[Ints, Ints, Ints, Ints]:
    """(M,) text, row of the batch, position and gold token of all that is asked for in a batch."""
    counts = [len(text.gold) for text in batch]
    position, gold = np.concatenate([a.position for a in batch]), np.concatenate([a.gold for a in batch])
    return (
        np.repeat([a.text for a in batch], counts).astype(np.int64),
        np.repeat(np.arange(len(batch)), counts),
        position,
        gold,
    )


def asked_states(
    model: LanguageModel, asked: Sequence[Asked], layers: Sequence[int] | None = None
) -> Iterator[AskedStates]:
    """The states from which the model is asked for tokens: those before them, or those of masked ones; see `ask`."""
    for batch in asked_batches(model, asked):
        text, row, position, gold = laid_out(batch)
        places = torch.from_numpy(row), torch.from_numpy(position)
        states = model.states([a.encoded for a in batch], layers)
        yield AskedStates(text, position, torch.from_numpy(gold), [layer.cpu()[places].float() for layer in states])
