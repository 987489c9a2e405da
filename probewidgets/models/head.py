"""The head of a language model, run on states of any layer, or on others in place of its last ones.

There is no table of heads and norms. The model's own head is run on other states, and what stands between the last
block and the state that the head reads was found by running the model once; both are checked on the model at hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch

from probewidgets.errors import ModelError
from probewidgets.models.asking import head_of
from probewidgets.models.language_model import LanguageModel
from probewidgets.models.sites import block
from probewidgets.models.tapped import Encoded

__all__ = ["Head", "answering", "frozen", "noted"]

_AGREE = 1e-3
"""How far scores may lie apart, as a share of the largest, that are the same but for rounding."""


class Head:
    """A model's head, on states of any layer, behind the model's final norm where it has one.

    Args:
        model: A LanguageModel with its head: `LanguageModel(..., head=True)`.

    Raises:
        ModelError: It has none, or what makes its last state of the last block's was not found.
    """

    def __init__(self, model: LanguageModel) -> None:
        self.headed, self.model, blocks = head_of(model), model, model.sites.blocks
        example = model.encode(["b a b"])
        with model.running(), torch.inference_mode(), noted(model) as answers:
            self._inputs = model.inputs(example)
            own = self.headed(**self._inputs, return_dict=True).logits[0]
        self._body, self._answer = answers[-1]
        self._norm = model.model.get_submodule(blocks.last.module) if blocks and blocks.final_norm else None
        self._check(own, example)

    def _check(self, own: torch.Tensor, example: Sequence[Encoded]) -> None:
        """Hold the head's scores of the last states, before and after the norm, against the model's own."""
        last = self.model.states(example)[-1][0]
        with torch.inference_mode():
            scores = [self.logits(last, final=True)]
            if self._norm is not None:
                before = self.model.states(example, [self.model.n_layers - 1], block)[0][0]
                scores.append(self.logits(before))
        size = float(own.abs().max())
        if not all(float((other - own).abs().max()) <= _AGREE * size for other in scores):
            raise ModelError(
                f"What {self.model.name!r} does between its last block and its scores was not found in its module tree "
                "(a final norm and a head are), so its layers cannot be read by its head."
            )

    def logits(self, states: torch.Tensor, *, final: bool = False) -> torch.Tensor:
        """(N, D) states -> (N, V) scores; `final` are those of the last layer, which are behind the norm already."""
        states = states[None].to(self.model.device, self.model.dtype)
        if self._norm is not None and not final:
            states = self._norm(states)
        answer = type(self._answer)(**{**self._answer, "last_hidden_state": states})
        with self.model.running(), answering(self._body, answer):
            scores: torch.Tensor = self.headed(**self._inputs, return_dict=True).logits[0]
        return scores

    def log_proba(self, states: torch.Tensor, *, final: bool = False) -> torch.Tensor:
        """(N, D) states -> (N, V) log-probabilities in nats."""
        return self.logits(states, final=final).float().log_softmax(-1)


@contextmanager
def frozen(module: torch.nn.Module) -> Iterator[None]:
    """While this is open, a module's weights take no gradients; after it, those do that did before."""
    trained = [weights for weights in module.parameters() if weights.requires_grad]
    for weights in trained:
        weights.requires_grad_(False)
    try:
        yield
    finally:
        for weights in trained:
            weights.requires_grad_(True)


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
