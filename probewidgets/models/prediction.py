"""What a language model predicts, and what it would predict if its last states were others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from probewidgets.errors import ModelError, clipped
from probewidgets.machine.arrays import Ints
from probewidgets.machine.onednn import quick_products
from probewidgets.models.batching import batches, budget
from probewidgets.models.language_model import LanguageModel
from probewidgets.models.tapped import Encoded

__all__ = ["Asked", "Predicted", "answering", "ask", "noted", "predict"]

Change = Callable[[npt.NDArray[np.floating[Any]]], npt.NDArray[np.floating[Any]]]
"""(n, D) last states -> (n, D) others."""

_WIDE = 4
"""Scores over a vocabulary take more room than states: batches are so many times smaller."""


@dataclass(frozen=True, eq=False)
class Predicted:
    """M tokens that a model was asked for, as it is and with C changes of its last states."""

    text: Ints
    """(M,) the text that each token stands in."""
    right: npt.NDArray[np.bool_]
    """(1 + C, M) whether the likeliest token is the one that stands there; first for the model as it is."""
    kl: npt.NDArray[np.float64]
    """(C, M) how far the changed predictions are from the model's own: KL(own || changed), in bits."""


def predict(
    headed: Any,
    model: LanguageModel,
    texts: Sequence[str],
    changes: Sequence[Change] = (),
    *,
    mask: float = 0.15,
    seed: int = 0,
) -> Predicted:
    """Ask a language model for tokens of some texts.

    A causal model is asked for every token but the first, from those before it; any other one for tokens that are
    masked. Texts that are longer than the model are left out. The model is run once: for a change its head alone is.

    Args:
        headed: The model with its head, of `transformers` (`AutoModelForCausalLM`, `AutoModelForMaskedLM`).
        model: The same one as a LanguageModel: `LanguageModel(headed, tokenizer)`.
        texts: (X,) texts.
        changes: (C,) what to do with the last states, those that the head reads.
        mask: Share of each text's tokens to mask, at least one, unless 0: then every token is asked for as it stands,
            and a model that is not causal sees the answer. A causal model masks nothing.
        seed: Of the choice of tokens.

    Raises:
        ModelError: The head is not that of the model, the model is an encoder-decoder or has no token for a mask, or no
            token can be asked for.
    """
    asked = ask(headed, model, texts, mask, seed)
    kept = list(asked)
    size = max(1, budget(model) // _WIDE)
    parts = []
    for batch in batches([len(asked[i][0]) for i in kept], size, pads=model.pads):
        some = [kept[b] for b in batch]
        right, kl = _run(headed, model, [asked[i] for i in some], changes)
        text = np.repeat(some, [len(asked[i][1]) for i in some]).astype(np.int64)
        parts.append((text, right, kl))
    text, right, kl = (np.concatenate(part, axis=-1) for part in zip(*parts, strict=True))
    order = np.argsort(text, kind="stable")
    return Predicted(text[order], right[:, order], kl[:, order])


Asked = tuple[Encoded, Ints, Ints]
"""A text, where in it predictions are read, and the tokens that should come out there."""


def ask(headed: Any, model: LanguageModel, texts: Sequence[str], mask: float, seed: int) -> dict[int, Asked]:
    """Number of a text -> what the model is asked of it; only texts of which it can be asked for a token.

    Raises:
        ModelError: As `predict`.
    """
    _check(headed, model, mask)
    rng = np.random.default_rng(seed)
    asked = [_ask(model, one, mask, rng) for one in model.encode(list(texts))]
    kept = {i: one for i, one in enumerate(asked) if len(one[1]) and len(one[0]) <= model.max_tokens}
    if not kept:
        raise ModelError(f"None of the {len(texts):,} texts has a token that {model.name!r} can be asked for.")
    return kept


def _ask(model: LanguageModel, one: Encoded, mask: float, rng: np.random.Generator) -> Asked:
    ids = np.asarray(one.inputs["input_ids"], dtype=np.int64)
    content = np.flatnonzero(~one.special)
    if model.causal:
        content = content[content > 0]
        return one, content - 1, ids[content]
    if not mask or not len(content):
        return one, content, ids[content]
    n = max(1, round(mask * len(content)))
    position = np.sort(rng.choice(content, n, replace=False))
    masked = ids.copy()
    masked[position] = model.tokenizer.mask_token_id
    return replace(one, inputs={**one.inputs, "input_ids": masked.tolist()}), position, ids[position]


def _run(
    headed: Any, model: LanguageModel, asked: Sequence[Asked], changes: Sequence[Change]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.float64]]:
    """(1 + C, M) right or not, and (C, M) bits, of a batch."""
    row = np.repeat(np.arange(len(asked)), [len(position) for _, position, _ in asked])
    column, gold = (np.concatenate([one[k] for one in asked]) for k in (1, 2))
    with model.lock, torch.inference_mode(), quick_products(headed):
        inputs = model.inputs([one for one, _, _ in asked])
        with noted(model) as answers:
            own = _log_proba(headed, inputs, row, column)
        body, answer = answers[-1]
        right, kl = [own.argmax(-1).cpu().numpy() == gold], []
        for change in changes:
            with answering(body, _changed(answer, change)):
                other = _log_proba(headed, inputs, row, column)
            right.append(other.argmax(-1).cpu().numpy() == gold)
            bits = (own.exp() * (own - other)).sum(-1) / np.log(2)
            kl.append(bits.clamp(min=0).cpu().numpy())
    return np.stack(right), np.array(kl).reshape(len(changes), len(gold))


def _log_proba(headed: Any, inputs: dict[str, torch.Tensor], row: Ints, column: Ints) -> torch.Tensor:
    """(M, V) log-probabilities (nats) at some positions."""
    logits = headed(**inputs, return_dict=True).logits
    return logits[torch.from_numpy(row), torch.from_numpy(column)].double().log_softmax(-1)


def _changed(answer: Any, change: Change) -> Any:
    """What the body gave, with other last states."""
    states = answer.last_hidden_state
    flat = change(states.float().reshape(-1, states.shape[-1]).cpu().numpy())
    other = torch.from_numpy(np.ascontiguousarray(flat)).to(states.device, states.dtype).view(states.shape)
    return type(answer)(**{**answer, "last_hidden_state": other})


@contextmanager
def noted(model: LanguageModel) -> Iterator[list[tuple[torch.nn.Module, Any]]]:
    """Which modules give the last states, with all that they give: the last is the one that the head reads.

    It is the model itself, or a part of it that does all of its work (the decoder of an OPT).
    """
    answers: list[tuple[torch.nn.Module, Any]] = []

    def note(module: torch.nn.Module, _args: Any, out: Any) -> None:
        if hasattr(out, "last_hidden_state"):
            answers.append((module, out))

    hooks = [module.register_forward_hook(note) for module in model.model.modules()]
    try:
        yield answers
    finally:
        for hook in hooks:
            hook.remove()


@contextmanager
def answering(body: torch.nn.Module, answer: Any) -> Iterator[None]:
    """While it is open the body gives this answer, and is not run."""
    before = vars(body).get("forward")
    body.forward = lambda *_args, **_kwargs: answer
    try:
        yield
    finally:
        del body.forward
        if before is not None:  # a library that places models on devices had put its own there
            body.forward = before


def _check(headed: Any, model: LanguageModel, mask: float) -> None:
    if not isinstance(model, LanguageModel) or getattr(headed, "base_model", None) is not model.model:
        raise ModelError(
            f"A model with its head and that same model are needed, but {type(headed).__name__} and {clipped(model)} "
            "came. Load it once, headed = AutoModelForCausalLM.from_pretrained(...), or ...ForMaskedLM, and make "
            "LanguageModel(headed, tokenizer) of it."
        )
    if headed is model.model or headed.get_output_embeddings() is None:
        raise ModelError(
            f"{type(headed).__name__} has no head that predicts tokens. Load it by AutoModelForCausalLM or "
            "AutoModelForMaskedLM."
        )
    if model.stack:
        raise ModelError(f"{model.name!r} has an encoder and a decoder; a model of one stack is needed here.")
    if not isinstance(mask, Real) or isinstance(mask, bool) or not 0 <= mask <= 1:
        raise ModelError(f"mask must be a share of the tokens, in [0, 1], but {mask!r} came.")
    if mask and not model.causal and model.tokenizer.mask_token_id is None:
        raise ModelError(
            f"The tokenizer of {model.name!r} has no token for a mask: pass mask=0 to ask for tokens as they stand."
        )
    headed.eval()
