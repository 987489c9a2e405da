"""The tuned lens: a translator for each layer, after which the model's own head reads it as it does the last one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from probewidgets.errors import ModelError, whole_number
from probewidgets.machine.arrays import Floats
from probewidgets.machine.progress import bar
from probewidgets.machine.threads import few_threads
from probewidgets.models.asking import ask, asked_states
from probewidgets.models.head import Head, frozen
from probewidgets.models.language_model import LanguageModel

__all__ = ["FittedLens", "TunedLens", "check_texts"]


@dataclass(frozen=True, eq=False)
class FittedLens:
    """A translator for each layer but the last: states h become h + A h + b, which the final norm and the head read."""

    weights: npt.NDArray[np.float32]
    """(L - 1, D, D) A."""
    biases: npt.NDArray[np.float32]
    """(L - 1, D) b."""
    name: str
    """Of the model."""
    fingerprint: str
    """The model's hash over its weights and all: the translators are for no other."""
    losses: tuple[float, ...]
    """Mean KL(final || lens) over layers at each step of training (bits per token)."""

    def __repr__(self) -> str:
        n, width = self.biases.shape
        return f"FittedLens({self.name!r}: {n} translators of {width} x {width})"

    def apply(self, layer: int, states: Floats) -> npt.NDArray[np.float32]:
        """(N, D) states of a layer -> (N, D) as the last layer would have them.

        Raises:
            ModelError: There is no such layer, or the states have another width.
        """
        X = np.asarray(states, np.float32)
        if X.ndim != 2 or X.shape[1] != self.biases.shape[1] or not 0 <= layer <= len(self.weights):
            raise ModelError(
                f"{self!r} translates (N, {self.biases.shape[1]}) states of layers 0 to {len(self.weights)}, but "
                f"{X.shape} of layer {layer} came."
            )
        return X if layer >= len(self.weights) else X + X @ self.weights[layer].T + self.biases[layer]


@dataclass(frozen=True)
class TunedLens:
    """How translators are trained: by Adam, from the logit lens on, so that each layer predicts what the model does.

    The loss is KL(final || lens), tokens drawn anew for each step, the rate falling along a cosine; norm and head stay
    as they are.

    Args:
        steps: Steps of training.
        rate: Adam's first learning rate.
        batch: Tokens per step.
        seed: Of the tokens that are drawn.

    Raises:
        ModelError: A number is out of range.

    Source: Belrose et al. 2023, "Eliciting Latent Predictions from Transformers with the Tuned Lens", section 3.
    """

    steps: int = 250
    rate: float = 1e-3
    batch: int = 256
    seed: int = 0

    def __post_init__(self) -> None:
        for name, fewest in (("steps", 1), ("batch", 1), ("seed", 0)):
            whole_number(f"{name} of a TunedLens", getattr(self, name), fewest, ModelError)
        if not isinstance(self.rate, int | float) or not 0 < self.rate < float("inf"):
            raise ModelError(f"rate of a TunedLens must be a number > 0, but {self.rate!r} came.")

    def fit(
        self, model: LanguageModel, texts: Sequence[str], *, mask: float = 0.15, progress: bool = True
    ) -> FittedLens:
        """Train a translator for each layer. Look through them at other texts than these.

        Args:
            model: A model with its head: `LanguageModel(..., head=True)`.
            texts: (X,) texts; those longer than the model are left out.
            mask: As in `lens`.
            progress: Whether to show a bar over the steps.

        Raises:
            ModelError: As `lens`.

        Cost: the states of all tokens, layers x tokens x width, are held in single precision; a step runs the head
        forward and back once per layer over `batch` tokens.
        """
        asked = ask(model, check_texts(texts), mask, self.seed)
        parts, head = [part.states for part in asked_states(model, asked)], Head(model)
        # Laid together outside of inference mode, in which they were made: gradients are taken through them.
        states = [torch.cat([part.pop(0) for part in parts]) for _ in range(model.n_layers)]
        n, width = len(states) - 1, states[0].shape[1]
        A = [torch.zeros(width, width, requires_grad=True) for _ in range(n)]
        b = [torch.zeros(width, requires_grad=True) for _ in range(n)]
        optimiser = torch.optim.Adam([*A, *b], self.rate, fused=True)
        falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, self.steps)
        drawn, losses = torch.Generator().manual_seed(self.seed), []
        steps = bar("Training a lens", "step", range(self.steps), shown=progress, leave=False)
        with few_threads(model.model), frozen(head.headed), steps as each:
            for _ in each:
                rows = torch.randint(len(states[0]), (self.batch,), generator=drawn)
                with torch.no_grad():
                    own = head.log_proba(states[-1][rows], final=True)
                    p = own.exp()
                    certain = (p * own).sum(-1).mean()
                losses.append(
                    sum(_step(head, states[i][rows], p, certain, A[i], b[i]) for i in range(n)) / n / np.log(2)
                )
                optimiser.step()
                falling.step()
        weights, biases = (np.stack([part.detach().numpy() for part in parts]) for parts in (A, b))
        return FittedLens(weights, biases, model.name, model.fingerprint(), tuple(losses))


def _step(
    head: Head, states: torch.Tensor, p: torch.Tensor, certain: torch.Tensor, A: torch.Tensor, b: torch.Tensor
) -> float:
    """KL(model || lens) of a batch in nats, of p of the model and its mean p log p.

    Its gradients are laid on A and b, and on nothing of the model.
    """
    with torch.enable_grad():
        scores = head.logits(states + states @ A.T + b).float()
    seen = scores.detach().log_softmax(-1)
    loss = certain - (p * seen).sum(-1).mean()
    # By how much each score is wrong is known, so that of so many numbers a graph need keep none.
    wrong = seen.exp_().sub_(p).div_(len(p))
    A.grad, b.grad = torch.autograd.grad(scores, (A, b), wrong)
    return float(loss)


def check_texts(texts: object) -> list[str]:
    """The texts that a lens looks at.

    Raises:
        ModelError: They are no list of texts, or none.
    """
    given = [] if isinstance(texts, str) or not isinstance(texts, Iterable) else list(texts)
    odd = [text for text in given if not isinstance(text, str)]
    if odd or not given:
        what = f" of {type(odd[0]).__name__}" if odd else ""
        raise ModelError(
            f"A lens takes a list of texts, one or more, but {type(texts).__name__}{what} came. Of a corpus: "
            "[example.text for example in corpus]."
        )
    return given
