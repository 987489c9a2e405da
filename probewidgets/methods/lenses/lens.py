"""The predictions of each layer, read by the model's own head: the logit lens, or a tuned one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch

from probewidgets.errors import ModelError
from probewidgets.machine.arrays import Floats
from probewidgets.methods.lenses.tuned import FittedLens, check_texts
from probewidgets.metrics.intervals import Clusters
from probewidgets.models.asking import ask, asked_states
from probewidgets.models.head import Head
from probewidgets.models.language_model import LanguageModel
from probewidgets.probes.base import check_count
from probewidgets.values import Estimate, ModelCard

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Lens", "LensScore", "Seen", "lens", "look"]


@dataclass(frozen=True)
class LensScore:
    """The predictions of one layer's states through the model's head, per token, with intervals over texts."""

    layer: int
    kl: Estimate
    """KL(final || layer): what is lost by taking this layer's prediction for the model's own, bits; 0 at the last."""
    agreement: Estimate
    """Share of the tokens of which the likeliest is the model's own likeliest."""
    entropy: Estimate
    """Of the layer's prediction, bits."""
    cross_entropy: Estimate
    """Of the tokens that stand there, bits."""


@dataclass(frozen=True, eq=False)
class Lens:
    """Every layer's prediction beside the model's own."""

    model: ModelCard
    tuned: bool
    """Whether translators were trained; else it is the logit lens."""
    n_tokens: int
    """Tokens that were asked for."""
    scores: tuple[LensScore, ...]
    """(L,)"""

    @property
    def layers(self) -> tuple[int, ...]:
        """(L,) the layers, in order."""
        return tuple(score.layer for score in self.scores)

    def __repr__(self) -> str:
        middle = self.scores[len(self.scores) // 2]
        return (
            f"Lens({'tuned' if self.tuned else 'logit'} lens on {self.model.name!r}: {len(self.scores)} layers, "
            f"{self.n_tokens:,} tokens; layer {middle.layer} is {middle.kl.value:.2f} bits from the last and agrees on "
            f"{middle.agreement.value:.1%})"
        )

    def table(self) -> pd.DataFrame:
        """One row per layer, its index the layer too: each number with its `_low` and `_high`."""
        import pandas as pd

        rows = []
        for score in self.scores:
            row: dict[str, object] = {"layer": score.layer, "name": self.model.layer_name(score.layer)}
            for name in ("kl", "agreement", "entropy", "cross_entropy"):
                estimate: Estimate = getattr(score, name)
                row |= {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
            rows.append(row)
        return pd.DataFrame(rows, index=pd.Index(self.layers))


def lens(
    model: LanguageModel,
    texts: Sequence[str],
    *,
    fitted: FittedLens | None = None,
    mask: float = 0.15,
    seed: int = 0,
    bootstrap: int = 1000,
) -> Lens:
    """Read each layer's prediction by the model's own final norm and head: the logit lens, or a tuned one.

    A layer's state goes through the final norm, where the model has one, and the head; the last layer's, which is
    behind that norm already, through the head alone. The logit lens misreads layers that hold things in another basis
    than the last: `fitted=TunedLens().fit(model, other_texts)` translates them first.

    Args:
        model: A model with its head: `LanguageModel(..., head=True)`.
        texts: (X,) texts, others than the lens was trained on; those longer than the model are left out.
        fitted: Translators; none for the logit lens.
        mask: Share of each text's tokens to mask and to ask for; at 0 every token is asked for as it stands. A causal
            model is asked for each next token.
        seed: Of the masked tokens and of the bootstrap.
        bootstrap: Resamples of the texts that the intervals come from.

    Raises:
        ModelError: The model has no head, it is an encoder-decoder or has no token for a mask, what
            it does behind its last block was not found, the lens is of another model, or no token can be asked for.
        ProbeError: `seed` or `bootstrap` is no such number.

    Cost: one pass of the model, and for each layer one of the head.

    Source: nostalgebraist 2020, "interpreting GPT: the logit lens"; Belrose et al. 2023, "Eliciting Latent Predictions
    from Transformers with the Tuned Lens", section 2.
    """
    seed, bootstrap = check_count("seed", seed, 0), check_count("bootstrap", bootstrap)
    if fitted is not None and not isinstance(fitted, FittedLens):
        raise ModelError(f"lens takes as fitted= what TunedLens().fit(...) gives, but {type(fitted).__name__} came.")
    seen = look(model, texts, fitted, mask, seed)
    mean = Clusters(seen.text, bootstrap, seed).mean
    scores = tuple(
        LensScore(
            layer=layer,
            kl=mean(seen.kl[layer], unit="bits"),
            agreement=mean(seen.agrees[layer].astype(np.float64)),
            entropy=mean(seen.entropy[layer], unit="bits"),
            cross_entropy=mean(seen.surprise[layer], unit="bits"),
        )
        for layer in model.layers
    )
    return Lens(model.card, fitted is not None, len(seen.text), scores)


@dataclass(frozen=True, eq=False)
class Seen:
    """The predictions of L layers for M tokens."""

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


def look(model: LanguageModel, texts: Sequence[str], fitted: FittedLens | None, mask: float, seed: int) -> Seen:
    """Read every layer's prediction of some tokens by the model's head. See `lens`."""
    if fitted is not None:
        _check_lens(model, fitted)
    asked = ask(model, check_texts(texts), mask, seed)
    head, numbers, of_text = Head(model), [], []
    with torch.inference_mode():
        for part in asked_states(model, asked):
            own = head.log_proba(part.states[-1], final=True)
            rows = [_seen(own, own, part.gold)]
            for layer in range(model.n_layers - 2, -1, -1):
                states = part.states[layer]
                if fitted is not None:
                    states = torch.from_numpy(fitted.apply(layer, states.numpy()))
                rows.append(_seen(own, head.log_proba(states), part.gold))
            numbers.append(np.stack(rows[::-1], 1))
            of_text.append(part.text)
    text = np.concatenate(of_text)
    order = np.argsort(text, kind="stable")
    kl, agrees, entropy, surprise = np.concatenate(numbers, axis=-1)[..., order]
    return Seen(text[order], kl, agrees > 0, entropy, surprise)


def _seen(own: torch.Tensor, layer: torch.Tensor, gold: torch.Tensor) -> Floats:
    """(4, M) what `Seen` holds, of one layer."""
    bits = np.log(2)
    kl = (own.exp() * (own - layer)).sum(-1).clamp(min=0) / bits
    entropy = -(layer.exp() * layer).sum(-1) / bits
    surprise = -layer[torch.arange(len(gold)), gold] / bits
    agrees = own.argmax(-1) == layer.argmax(-1)
    return torch.stack([kl, agrees, entropy, surprise]).double().cpu().numpy()


def _check_lens(model: LanguageModel, fitted: FittedLens) -> None:
    """Say that a lens is for another model, where it is."""
    if fitted.biases.shape != (model.n_layers - 1, model.hidden_size):
        raise ModelError(
            f"The lens was trained for {len(fitted.biases) + 1} layers x {fitted.biases.shape[1]}, but {model.name!r} "
            f"has {model.n_layers} x {model.hidden_size}. Train one for this model: TunedLens().fit(...)."
        )
    if fitted.fingerprint != model.fingerprint():
        raise ModelError(
            f"The lens was trained on {fitted.name!r} as it was then, not on {model.name!r} as it is: its weights are "
            "others. Train one for this model: TunedLens().fit(...)."
        )
