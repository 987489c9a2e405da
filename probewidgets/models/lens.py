"""What a language model would predict if it ended at an earlier layer: the logit lens, and the tuned lens.

There is no table of heads and norms. The model's own head is run on other states, and what stands between the last
block and the state that the head reads was found by running the model once; both are checked on the model at hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from probewidgets.errors import ModelError, whole_number
from probewidgets.machine.arrays import Floats
from probewidgets.machine.onednn import quick_products
from probewidgets.machine.threads import few_threads
from probewidgets.models.batching import batches, budget
from probewidgets.models.language_model import LanguageModel
from probewidgets.models.prediction import Asked, answering, ask, noted
from probewidgets.models.sites import block

__all__ = ["AskedStates", "FittedLens", "Head", "Seen", "TunedLens", "asked_states", "look"]


_WIDE = 4
"""Scores over a vocabulary take more room than states: batches are so many times smaller."""
_AGREE = 1e-3
"""How far scores may lie apart, as a share of the largest, that are the same but for rounding."""


class Head:
    """A model's head, on states of any layer, behind the model's final norm where it has one.

    Args:
        headed: A transformers model with a language-modelling head, such as `AutoModelForCausalLM` loads.
        model: A LanguageModel made of it.

    Raises:
        ModelError: The head is not that of the model, or what makes its last state of the last block's was not found.
    """

    def __init__(self, headed: Any, model: LanguageModel) -> None:
        self.headed, self.model, blocks = headed, model, model.sites.blocks
        one = model.encode(["b a b"])
        with model.lock, torch.inference_mode(), noted(model) as answers:
            self._inputs = model.inputs(one)
            own = headed(**self._inputs, return_dict=True).logits[0]
        self._body, self._answer = answers[-1]
        self._norm = model.model.get_submodule(blocks.last.module) if blocks and blocks.final_norm else None
        self._check(own, one)

    def _check(self, own: torch.Tensor, one: Sequence[Any]) -> None:
        last, before = self.model.states(one)[-1][0], None
        if self._norm is not None:
            before = self.model.states(one, [self.model.n_layers - 1], block)[0][0]
        with torch.inference_mode():
            found = [self.logits(last, final=True), *([] if before is None else [self.logits(before)])]
        size = float(own.abs().max())
        if not all(float((scores - own).abs().max()) <= _AGREE * size for scores in found):
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
        with self.model.lock, answering(self._body, answer), quick_products(self.headed):
            scores: torch.Tensor = self.headed(**self._inputs, return_dict=True).logits[0]
        return scores

    def log_proba(self, states: torch.Tensor, *, final: bool = False) -> torch.Tensor:
        """(N, D) states -> (N, V) log-probabilities in nats."""
        return self.logits(states, final=final).float().log_softmax(-1)


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
        self, headed: Any, model: LanguageModel, texts: Sequence[str], *, mask: float = 0.15, progress: bool = True
    ) -> FittedLens:
        """Train a translator for each layer. Look through them at other texts than these.

        Args:
            headed: The model with its head, of `transformers`.
            model: The same one as a LanguageModel: `LanguageModel(headed, tokenizer)`.
            texts: (X,) texts; those longer than the model are left out.
            mask: As in `lens`.
            progress: Whether to show a bar over the steps.

        Raises:
            ModelError: As `lens`.

        Cost: the states of all tokens, layers x tokens x width, are held in single precision; a step runs the head
        forward and back once per layer over `batch` tokens.
        """
        from tqdm.auto import tqdm

        parts = [part.states for part in asked_states(model, _asked(headed, model, texts, mask, self.seed))]
        head = Head(headed, model)
        # Laid together outside of inference mode, in which they were made: gradients are taken through them.
        states = [torch.cat([part.pop(0) for part in parts]) for _ in range(model.n_layers)]
        n, width = len(states) - 1, states[0].shape[1]
        A = [torch.zeros(width, width, requires_grad=True) for _ in range(n)]
        b = [torch.zeros(width, requires_grad=True) for _ in range(n)]
        optimiser = torch.optim.Adam([*A, *b], self.rate)
        falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, self.steps)
        drawn, losses = torch.Generator().manual_seed(self.seed), []
        bar = tqdm(range(self.steps), desc="Training a lens", unit="step", leave=False, disable=not progress)
        with few_threads(model.model), bar:
            for _ in bar:
                rows = torch.randint(len(states[0]), (self.batch,), generator=drawn)
                with torch.no_grad():
                    own = head.log_proba(states[-1][rows], final=True)
                losses.append(sum(_step(head, states[i][rows], own, A[i], b[i]) for i in range(n)) / n / np.log(2))
                optimiser.step()
                falling.step()
        weights, biases = (np.stack([part.detach().numpy() for part in some]) for some in (A, b))
        return FittedLens(weights, biases, model.name, model.fingerprint(), tuple(losses))


def _step(head: Head, states: torch.Tensor, own: torch.Tensor, A: torch.Tensor, b: torch.Tensor) -> float:
    """KL(own || lens) of a batch in nats; its gradients are laid on A and b, and on nothing of the model."""
    with torch.enable_grad():
        said = head.log_proba(states + states @ A.T + b)
        loss = (own.exp() * (own - said)).sum(-1).mean()
        A.grad, b.grad = torch.autograd.grad(loss, (A, b))
    return float(loss.detach())


@dataclass(frozen=True, eq=False)
class Seen:
    """What L layers say of M tokens."""

    text: npt.NDArray[np.int64]
    """(M,) the text that each token stands in."""
    kl: npt.NDArray[np.float64]
    """(L, M) KL(final || layer), bits."""
    agrees: npt.NDArray[np.bool_]
    """(L, M) whether the likeliest token is the model's own likeliest one."""
    entropy: npt.NDArray[np.float64]
    """(L, M) of the layer's prediction, bits."""
    surprise: npt.NDArray[np.float64]
    """(L, M) -log2 of the probability of the token that stands there."""


def look(
    headed: Any, model: LanguageModel, texts: Sequence[str], fitted: FittedLens | None, mask: float, seed: int
) -> Seen:
    """Read every layer's prediction of some tokens by the model's head. See `lens`."""
    if fitted is not None and fitted.biases.shape != (model.n_layers - 1, model.hidden_size):
        raise ModelError(
            f"The lens was trained for {len(fitted.biases) + 1} layers x {fitted.biases.shape[1]}, but {model.name!r} "
            f"has {model.n_layers} x {model.hidden_size}. Train one for this model: TunedLens().fit(...)."
        )
    if fitted is not None and fitted.fingerprint != model.fingerprint():
        raise ModelError(
            f"The lens was trained on {fitted.name!r} as it was then, not on {model.name!r} as it is: its weights are "
            "others. Train one for this model: TunedLens().fit(...)."
        )
    asked = _asked(headed, model, texts, mask, seed)
    head, found, of_text = Head(headed, model), [], []
    with torch.inference_mode():
        for part in asked_states(model, asked):
            own = head.log_proba(part.states[-1], final=True)
            rows = [_seen(own, own, part.gold)]
            for layer in range(model.n_layers - 2, -1, -1):
                states = part.states[layer]
                if fitted is not None:
                    states = torch.from_numpy(fitted.apply(layer, states.numpy()))
                rows.append(_seen(own, head.log_proba(states), part.gold))
            found.append(np.stack(rows[::-1], 1))
            of_text.append(part.text)
    text, numbers = np.concatenate(of_text), np.concatenate(found, axis=-1)
    order = np.argsort(text, kind="stable")
    kl, agrees, entropy, surprise = numbers[..., order]
    return Seen(text[order], kl, agrees > 0, entropy, surprise)


def _seen(own: torch.Tensor, said: torch.Tensor, gold: torch.Tensor) -> Floats:
    """(4, M) what `Seen` holds, of one layer."""
    bits = np.log(2)
    kl = (own.exp() * (own - said)).sum(-1).clamp(min=0) / bits
    entropy = -(said.exp() * said).sum(-1) / bits
    surprise = -said[torch.arange(len(gold)), gold] / bits
    agrees = own.argmax(-1) == said.argmax(-1)
    return torch.stack([kl, agrees, entropy, surprise]).double().cpu().numpy()


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


def _asked(headed: Any, model: LanguageModel, texts: Sequence[str], mask: float, seed: int) -> Mapping[int, Asked]:
    """What the model is asked for of each text, if it can be asked."""
    given = [] if isinstance(texts, str) or not isinstance(texts, Iterable) else list(texts)
    odd = [one for one in given if not isinstance(one, str)]
    if odd or not given:
        what = f" of {type(odd[0]).__name__}" if odd else ""
        raise ModelError(
            f"A lens takes a list of texts, one or more, but {type(texts).__name__}{what} came. Of a corpus: "
            "[example.text for example in corpus]."
        )
    return ask(headed, model, given, mask, seed)


def asked_states(
    model: LanguageModel, asked: Mapping[int, Asked], layers: Sequence[int] | None = None
) -> Iterator[AskedStates]:
    """The states from which the model is asked for tokens: those before them, or those of masked ones; see `ask`."""
    names = list(asked)
    size = max(1, budget(model) // _WIDE)
    for batch in batches([len(asked[i][0]) for i in names], size, pads=model.pads):
        some: list[tuple[int, Asked]] = [(names[i], asked[names[i]]) for i in batch]
        counts = [len(position) for _, (_, position, _) in some]
        position, gold = (np.concatenate([one[k] for _, one in some]) for k in (1, 2))
        row, column = torch.from_numpy(np.repeat(np.arange(len(some)), counts)), torch.from_numpy(position)
        text = np.repeat([i for i, _ in some], counts).astype(np.int64)
        states = model.states([one for _, (one, _, _) in some], layers)
        yield AskedStates(
            text, position, torch.from_numpy(gold), [layer.cpu()[row, column].float() for layer in states]
        )
