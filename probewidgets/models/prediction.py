"""The predictions of a language model, and those that it would make if its last states were others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from probewidgets.machine.arrays import Ints
from probewidgets.models.asking import Asked, ask, asked_batches, laid_out
from probewidgets.models.head import answering, noted
from probewidgets.models.language_model import LanguageModel

__all__ = ["Change", "Predicted", "predict"]

Change = Callable[[npt.NDArray[np.floating[Any]]], npt.NDArray[np.floating[Any]]]
"""(n, D) last states -> (n, D) others."""


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
    model: LanguageModel,
    texts: Sequence[str],
    changes: Sequence[Change] = (),
    *,
    mask: float = 0.15,
    seed: int = 0,
) -> Predicted:
    """Ask a language model for tokens of some texts.

    The model is run once: for a change its head alone is. See `ask` for which tokens it is asked.

    Args:
        model: A LanguageModel with its head.
        texts: (X,) texts.
        changes: (C,) what to do with the last states, those that the head reads.
        mask: Share of each text's tokens to mask, as in `ask`.
        seed: Of the choice of tokens.

    Raises:
        ModelError: As `ask`.
    """
    asked = ask(model, texts, mask, seed)
    parts = [_run(model, batch, changes) for batch in asked_batches(model, asked)]
    text, right, kl = (np.concatenate(part, axis=-1) for part in zip(*parts, strict=True))
    order = np.argsort(text, kind="stable")
    return Predicted(text[order], right[:, order], kl[:, order])


def _run(
    model: LanguageModel, batch: Sequence[Asked], changes: Sequence[Change]
) -> tuple[Ints, npt.NDArray[np.bool_], npt.NDArray[np.float64]]:
    """(M,) texts, (1 + C, M) right or not, and (C, M) bits, of a batch."""
    text, row, column, gold = laid_out(batch)
    with model.running(), torch.inference_mode():
        inputs = model.inputs([asked.encoded for asked in batch])
        with noted(model) as answers:
            own = _log_proba(model.headed, inputs, row, column)
        body, answer = answers[-1]
        right, kl = [own.argmax(-1).cpu().numpy() == gold], []
        for change in changes:
            with answering(body, _changed(answer, change)):
                other = _log_proba(model.headed, inputs, row, column)
            right.append(other.argmax(-1).cpu().numpy() == gold)
            bits = (own.exp() * (own - other)).sum(-1) / np.log(2)
            kl.append(bits.clamp(min=0).cpu().numpy())
    return text, np.stack(right), np.array(kl).reshape(len(changes), len(gold))


def _log_proba(headed: Any, inputs: Mapping[str, torch.Tensor], row: Ints, column: Ints) -> torch.Tensor:
    """(M, V) log-probabilities (nats) at some positions."""
    logits = headed(**inputs, return_dict=True).logits
    return logits[torch.from_numpy(row), torch.from_numpy(column)].double().log_softmax(-1)


def _changed(answer: Any, change: Change) -> Any:
    """All that the body gave, with other last states."""
    states = answer.last_hidden_state
    flat = change(states.float().reshape(-1, states.shape[-1]).cpu().numpy())
    other = torch.from_numpy(np.ascontiguousarray(flat)).to(states.device, states.dtype).view(states.shape)
    return type(answer)(**{**answer, "last_hidden_state": other})
