"""Amnesia: does the model use what a probe can read? Its own predictions, before and after an eraser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from probewidgets.captures.activations import Activations
from probewidgets.errors import ModelError, ProbeError, clipped
from probewidgets.methods.erasure.erasers import INLP, Eraser, FittedEraser, RandomDirections
from probewidgets.methods.erasure.restoring import mended
from probewidgets.metrics.intervals import Clusters
from probewidgets.models.asking import head_of
from probewidgets.models.language_model import LanguageModel
from probewidgets.models.prediction import predict
from probewidgets.probes.base import check_count
from probewidgets.probes.linear import LinearProbe
from probewidgets.sweeps.fits import Plan, check_arguments
from probewidgets.sweeps.report import short_probe
from probewidgets.values import Estimate

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Amnesia", "amnesia"]


@dataclass(frozen=True, eq=False)
class Amnesia:
    """The predictions of a language model once it cannot read the labels off its last states, beside the control."""

    task: str
    model: str
    """Name of the model."""
    corpus: str
    layer: int
    """The last layer: the one that the head reads."""
    eraser: FittedEraser
    eraser_repr: str
    """What made it."""
    mask: float
    """Share of the tokens that were masked; 0 where none was."""
    n_tokens: int
    """Tokens of test sentences that the model was asked for."""
    before: Estimate
    """Share of them that the model gets right, as it is."""
    after: Estimate
    """The same with the labels erased."""
    random: Estimate
    """The same with as many random dimensions removed."""
    lost: Estimate
    """`before` - `after`, with a paired interval."""
    lost_beyond_random: Estimate
    """`random` - `after`, with a paired interval: the amnesic effect that the control does not explain."""
    kl: Estimate
    """How far predictions move by erasing: KL(before || after), bits per token."""
    kl_random: Estimate
    """The same for random dimensions."""
    restored: Estimate | None = None
    """The share that is right once the erased states are given their gold labels back; None where that was not done."""
    retrained: Estimate | None = None
    """The same with all that was trained for `restored`, but for the labels."""
    given_back: Estimate | None = None
    """`restored` - `retrained`, with a paired interval: what the labels themselves bring back."""
    still_lost: Estimate | None = None
    """`before` - `restored`, with a paired interval; below 0 where gold labels tell more than the model knew."""

    @property
    def n_dims(self) -> int:
        """Dimensions removed, by the eraser and by the control."""
        return self.eraser.n_dims

    @property
    def notes(self) -> tuple[str, ...]:
        """Cautions for the reader."""
        return tuple(self._notes())

    def _notes(self) -> Iterator[str]:
        if not self.lost_beyond_random.low > 0:
            yield (
                "What is lost is no more than random dimensions cost, or not surely: nothing is shown of the model's "
                "using these labels at its last layer."
            )
        yield from self._restored_notes()
        width = len(self.eraser.mean)
        if 2 * self.n_dims > width:
            yield f"{self.n_dims} of {width} dimensions were removed: the control, too, has little left."

    def _restored_notes(self) -> Iterator[str]:
        if not (self.restored and self.retrained and self.given_back and self.still_lost):
            return
        if not self.lost.low > 0:
            return
        shares = (
            f"({self.restored.value:.3f} of the tokens right; {self.before.value:.3f} before erasing, "
            f"{self.retrained.value:.3f} retrained without labels)"
        )
        if not self.given_back.low > 0:
            yield (
                f"Given their labels back, predictions do not surely recover {shares}: nothing shows that the loss is "
                "due to these labels, so more than them may have been erased."
            )
        elif self.still_lost.low <= 0:
            yield f"Given their labels back, predictions recover {shares}: the loss was due to these labels."
        else:
            yield (
                f"Given their labels back, predictions recover in part {shares}: these labels were used, and more than "
                "them was erased, or used in other ways than the labels can be."
            )
        if self.still_lost.high < 0:
            yield "With gold labels the model is better than it was: they tell it more than it knew by itself."

    def table(self) -> pd.DataFrame:
        """A row for each way to run the model.

        As it is, with the labels erased, with random dimensions removed; and with the labels given back, and retrained
        without them, where that was done.
        """
        import pandas as pd

        zero, unknown = Estimate(0.0, 0.0, 0.0, "bits"), Estimate(float("nan"), unit="bits")
        rows = {
            "as it is": (self.before, zero),
            "erased": (self.after, self.kl),
            "random": (self.random, self.kl_random),
            "restored": (self.restored, unknown),
            "retrained": (self.retrained, unknown),
        }
        cells = {
            name: {
                "accuracy": accuracy.value,
                "accuracy_low": accuracy.low,
                "accuracy_high": accuracy.high,
                "kl": kl.value,
                "kl_low": kl.low,
                "kl_high": kl.high,
                "n_dims": 0 if name == "as it is" else self.n_dims,
            }
            for name, (accuracy, kl) in rows.items()
            if accuracy is not None
        }
        return pd.DataFrame(list(cells.values()), index=pd.Index(list(cells)))

    def __repr__(self) -> str:
        before, after, random = (estimate.value for estimate in (self.before, self.after, self.random))
        restored = f"; given back: {self.restored.value:.3f}" if self.restored else ""
        return (
            f"Amnesia({self.task!r} erased from {self.model!r} by {short_probe(self.eraser_repr)}: {self.n_dims} of "
            f"{len(self.eraser.mean)} dimensions take {self.n_tokens:,} predicted tokens from {before:.3f} right to "
            f"{after:.3f} ({self.kl.value:.2f} bits away), random ones to {random:.3f} ({self.kl_random.value:.2f})"
            f"{restored})"
        )


def amnesia(
    model: LanguageModel,
    acts: Activations,
    *,
    eraser: Eraser | None = None,
    mask: float = 0.15,
    restore: bool = False,
    seed: int = 0,
    bootstrap: int = 1000,
    progress: bool = True,
) -> Amnesia:
    """Erase a task's labels from a language model's last states, and see what it predicts then.

    That a probe reads a property does not show that the model uses it. If predictions suffer from erasing the property
    more than from the removal of as many random dimensions, it is of use at the last layer. Nothing follows for layers
    below, nor for what is not linear. The eraser is fitted on the states of the targets of train, and applied to every
    token of test.

    An eraser may take more than the labels. With `restore`, each erased state is given its gold label back, as a vector
    that is learned for each label beside a linear map of the state, on texts of train; the model stays as it is. If
    predictions recover, and not from training the same without labels, their loss was due to the labels. That says less
    for labels that tell much of a token by themselves: of those a model may profit that did not use them before.

    Args:
        model: A model with its head: `LanguageModel(..., head=True)`.
        acts: (L, N, D) states of that model, its last layer among them.
        eraser: `erasers.INLP()` by default, or `erasers.LEACE()`.
        mask: Share of each sentence's tokens to mask and to ask for; at 0 every token is asked for as it stands. A
            causal model is asked for each next token.
        restore: Whether to give the labels back, as a third control.
        seed: Of the masked tokens, of the random dimensions, of the order of training and of the bootstrap.
        bootstrap: Resamples of the test sentences that the intervals come from.
        progress: Whether to show a bar over the steps of `restore`.

    Raises:
        DataError: A side of the split has no target, train has one label only, or targets do not carry one label each.
        ModelError: The model has no head or is an encoder-decoder, or the states are of another model, site or layer;
            with `restore`, what the head reads was not found.
        ProbeError: An argument is not what it should be.

    Cost: one pass of the model over test and two more of its head; with `restore` one more over all texts, and 600
    steps of its head forward and back over 256 tokens: minutes, where its vocabulary is large.

    Source: Elazar et al. 2021, "Amnesic Probing: Behavioral Explanation with Amnesic Counterfactuals", section 3.
    """
    eraser = INLP() if eraser is None else eraser
    check_arguments("amnesia", acts, LinearProbe())
    if isinstance(eraser, type) or not isinstance(eraser, Eraser):
        raise ProbeError(
            f"amnesia takes an eraser, such as eraser=erasers.INLP() or erasers.LEACE(), but {clipped(eraser)} came."
        )
    head_of(model)
    plan = Plan(acts, check_count("seed", seed, 0), check_count("bootstrap", bootstrap))
    layer = _last_layer(model, acts)
    states, y = plan.states(layer), plan.y
    fitted = eraser.fit(states["train"], y["train"], states["dev"], y["dev"])
    control = RandomDirections(fitted.n_dims, plan.seed).fit(states["train"], y["train"])
    texts = [acts.corpus[i].text for i in acts.corpus.split.test]
    predicted = predict(model, texts, [fitted.apply, control.apply], mask=mask, seed=plan.seed)
    mean = Clusters(predicted.text, plan.bootstrap, plan.seed).mean
    before, after, random = predicted.right.astype(np.float64)
    of_labels: dict[str, Estimate] = {}
    if restore:
        again = mended(model, acts, fitted.apply, mask=mask, seed=plan.seed, progress=progress)
        restored, retrained = again.right.astype(np.float64)
        of_labels = {
            "restored": mean(restored),
            "retrained": mean(retrained),
            "given_back": mean(restored - retrained),
            "still_lost": mean(before - restored),
        }
    return Amnesia(
        task=acts.targets.task,
        model=acts.model.name,
        corpus=acts.corpus.name,
        layer=layer,
        eraser=fitted,
        eraser_repr=repr(eraser),
        mask=0.0 if model.causal else float(mask),
        n_tokens=len(predicted.text),
        before=mean(before),
        after=mean(after),
        random=mean(random),
        lost=mean(before - after),
        lost_beyond_random=mean(random - after),
        kl=mean(predicted.kl[0], unit="bits"),
        kl_random=mean(predicted.kl[1], unit="bits"),
        **of_labels,
    )


def _last_layer(model: LanguageModel, acts: Activations) -> int:
    """The last layer, if the states are of this model and have it."""
    if acts.model.fingerprint and acts.model.fingerprint != model.fingerprint():
        raise ModelError(
            f"The states are of {acts.model.name!r} as it was when they were captured, not of {model.name!r} as it is. "
            "Capture them from this model."
        )
    last, width = model.n_layers - 1, acts.states.shape[2]
    if last not in acts.layers or acts.model.site != "residual" or width != model.hidden_size:
        raise ModelError(
            f"The head reads layer {last} of the residual stream, {model.hidden_size} wide, but states of layers "
            f"{list(acts.layers)}, site {acts.model.site}, {width} wide came. Use capture(..., layers=[{last}])."
        )
    return last
