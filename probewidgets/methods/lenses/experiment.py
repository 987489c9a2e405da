"""What each layer would predict, read by the model's own head: no probe, and no label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from probewidgets.errors import ModelError
from probewidgets.metrics.intervals import Clusters
from probewidgets.models.language_model import LanguageModel
from probewidgets.models.lens import FittedLens, look
from probewidgets.probes.base import check_count
from probewidgets.values import Estimate, ModelCard

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Lens", "LensScore", "lens"]


@dataclass(frozen=True)
class LensScore:
    """What one layer's states say through the model's head, per token, with intervals over texts."""

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
                one: Estimate = getattr(score, name)
                row |= {name: one.value, f"{name}_low": one.low, f"{name}_high": one.high}
            rows.append(row)
        return pd.DataFrame(rows, index=pd.Index(self.layers))


def lens(
    headed: Any,
    model: LanguageModel,
    texts: Sequence[str],
    fitted: FittedLens | None = None,
    *,
    mask: float = 0.15,
    seed: int = 0,
    bootstrap: int = 1000,
) -> Lens:
    """Read each layer's prediction by the model's own final norm and head: the logit lens, or a tuned one.

    A layer's state goes through the final norm, where the model has one, and the head; the last layer's, which is
    behind that norm already, through the head alone. The logit lens misreads layers that hold things in another basis
    than the last: `fitted = TunedLens().fit(headed, model, other_texts)` translates them first.

    Args:
        headed: The model with its head, of `transformers` (`AutoModelForCausalLM`, `AutoModelForMaskedLM`).
        model: The same one as a LanguageModel: `LanguageModel(headed, tokenizer)`.
        texts: (X,) texts, others than the lens was trained on; those longer than the model are left out.
        fitted: Translators; none for the logit lens.
        mask: Share of each text's tokens to mask and to ask for; at 0 every token is asked for as it stands. A causal
            model is asked for each next token.
        seed: Of the masked tokens and of the bootstrap.
        bootstrap: Resamples of the texts that the intervals come from.

    Raises:
        ModelError: The head is not that of the model, the model is an encoder-decoder or has no token for a mask, what
            it does behind its last block was not found, the lens is of another model, or no token can be asked for.
        ProbeError: `seed` or `bootstrap` is no such number.

    Cost: one pass of the model, and for each layer one of the head.

    Source: nostalgebraist 2020, "interpreting GPT: the logit lens"; Belrose et al. 2023, "Eliciting Latent Predictions
    from Transformers with the Tuned Lens", section 2.
    """
    seed, bootstrap = check_count("seed", seed, 0), check_count("bootstrap", bootstrap)
    if fitted is not None and not isinstance(fitted, FittedLens):
        raise ModelError(f"lens takes what TunedLens().fit(...) gives fourth, but {type(fitted).__name__} came.")
    seen = look(headed, model, texts, fitted, mask, seed)
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
