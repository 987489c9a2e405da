"""Contrast-consistent search: a direction of truth found in pairs of opposites, without being told which one is so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, TypeVar

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError
from probewidgets.machine.arrays import Floats
from probewidgets.probes.base import Probe, Scaler, check_count, check_positive, check_states
from probewidgets.probes.stored import Storable

__all__ = ["CCSProbe", "FittedCCS", "ccs_loss"]

Array = TypeVar("Array", bound=Any)


def ccs_loss(p: Array, q: Array) -> Array:
    """How far two probabilities are from those of a statement and its opposite: they should differ, and sum up to 1.

    Args:
        p: (P, ...) probability that the one side of each pair is so; numpy or torch.
        q: (P, ...) the same of the other side.

    Returns:
        (...) mean over the pairs of (p - (1 - q))^2 + min(p, q)^2: 0 at (1, 0) and (0, 1), 0.25 at (0.5, 0.5).

    Source: Burns et al. 2022, "Discovering Latent Knowledge in Language Models Without Supervision", section 2.2.
    """
    least = (p + q - abs(p - q)) / 2
    return ((p + q - 1) ** 2 + least**2).mean(0)


@dataclass(frozen=True)
class CCSProbe(Probe):
    """p = sigmoid(w' x + b) that makes opposites opposite: contrast-consistent search.

    Each side of the pairs is standardised on its own, by its training rows, so that what tells the sides apart (a "yes"
    or a "no" at their end) is not there to be found. `ccs_loss` is minimised from several random starts by AdamW on all
    pairs at once; the start with the lowest loss is kept. No label is used for that.

    What is found is a direction, not which end of it is true: with labels, the end is chosen that is right more often
    on train (`flipped` says so); without any it stays as it came.

    Args:
        restarts: How many random starts.
        epochs: How many steps from each.
        rate: Learning rate of AdamW.
        decay: Weight decay of AdamW.
        seed: Of the first weights.

    Raises:
        ProbeError: A number is out of range.

    Source: Burns et al. 2022, "Discovering Latent Knowledge in Language Models Without Supervision", section 2.2.
    """

    restarts: int = 10
    epochs: int = 1000
    rate: float = 1e-3
    decay: float = 0.01
    seed: int = 0

    answers: ClassVar[str] = "pair"
    trial: ClassVar[str] = "pair"
    asks: ClassVar[frozenset[str]] = frozenset()

    def __post_init__(self) -> None:
        for name in ("restarts", "epochs"):
            check_count(name, getattr(self, name))
        check_positive("rate", self.rate)
        check_positive("decay", self.decay, zero=True)
        check_count("seed", self.seed, 0)

    def fit(self, left: Floats, right: Floats, truth: npt.ArrayLike | None = None) -> FittedCCS:
        """Fit on pairs.

        Args:
            left: (P, D) states of the one side of each pair. Which side is the true one must not depend on the side:
                else standardising them takes off what is looked for.
            right: (P, D) states of the other side.
            truth: (P,) whether the one side is so, only to choose the end of the direction; None: it is not chosen.

        Raises:
            ProbeError: The sides are not alike in shape, hold NaN or infinity, or have no pair.

        Cost: about 12 * P * D * restarts operations per epoch.
        """
        from probewidgets.machine.threads import Workers

        left, right = check_states(left), check_states(right)
        gold = None if truth is None else np.asarray(truth)
        if left.shape != right.shape or not len(left) or (gold is not None and gold.shape != (len(left),)):
            given = "no truth" if gold is None else f"truth {gold.shape}"
            raise ProbeError(
                f"Pairs need as many rows on both sides, one or more, but {left.shape}, {right.shape} and {given} came."
            )
        scalers = Scaler.of(left), Scaler.of(right)
        with Workers():  # steps this small are quicker on one thread
            coef, intercept, loss = self._train(scalers[0].apply(left), scalers[1].apply(right))
        fitted = FittedCCS(*scalers, coef, intercept, loss)
        if gold is None:
            return fitted
        share = float((fitted.predict(left, right) == gold.astype(bool)).mean())
        return replace(fitted, flipped=share < 0.5, found=share)

    def n_parameters(self, fitted: FittedCCS) -> int:
        """One direction, and where it is cut."""
        return fitted.coef_.size + 1

    def _train(self, left: Floats, right: Floats) -> tuple[npt.NDArray[np.float64], float, float]:
        """Weights, intercept and loss of the best start."""
        import torch

        random = torch.Generator().manual_seed(self.seed)
        bound = left.shape[1] ** -0.5
        W = ((2 * torch.rand((left.shape[1], self.restarts), generator=random) - 1) * bound).requires_grad_()
        b = ((2 * torch.rand(self.restarts, generator=random) - 1) * bound).requires_grad_()
        sides = [torch.tensor(side, dtype=torch.float32) for side in (left, right)]
        adam = torch.optim.AdamW([W, b], lr=self.rate, weight_decay=self.decay)

        def losses() -> torch.Tensor:
            p, q = ((side @ W + b).sigmoid() for side in sides)
            return ccs_loss(p, q)

        for _ in range(self.epochs):
            adam.zero_grad(set_to_none=True)
            losses().sum().backward()
            adam.step()
        with torch.no_grad():
            last = losses()
            best = int(last.argmin())
            return W[:, best].double().numpy(), float(b[best]), float(last[best])


@dataclass(frozen=True, eq=False)
class FittedCCS(Storable):
    """The fitted direction. Predicts in numpy, from states as the model gives them."""

    kind: ClassVar[str] = "ccs"

    one: Scaler
    """Of the one side in train."""
    other: Scaler
    """Of the other side in train."""
    coef_: npt.NDArray[np.float64]
    """(D,) for standardised states."""
    intercept_: float
    loss: float
    """`ccs_loss` on train, the lowest of all starts."""
    flipped: bool = False
    """Whether labels of train turned the direction round: what it found by itself was wrong more often than right."""
    found: float = float("nan")
    """Share of the training pairs that it had right before it was turned; near 0.5 its end is a toss-up. NaN without
    labels: then its end was not chosen."""

    def __repr__(self) -> str:
        end = "not chosen" if np.isnan(self.found) else "chosen by labels of train"
        return f"FittedCCS({len(self.coef_)} features, loss {self.loss:.3f}, end {end})"

    @property
    def width(self) -> int:
        """D."""
        return int(self.coef_.shape[-1])

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Of the direction, and of the scale of each side."""
        names = ("coef_", "one.mean", "one.scale", "other.mean", "other.scale")
        return dict.fromkeys(names, (self.width,))

    def direction(self) -> npt.NDArray[np.float64]:
        """(D,) unit vector from false to true, for standardised states."""
        return (-1 if self.flipped else 1) * self.coef_ / max(float(np.linalg.norm(self.coef_)), 1e-300)

    def pair_proba(self, left: Floats, right: Floats) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """(P, D) states of both sides -> (P,) p of each, before the direction is turned: what the loss is made of."""
        sides = ((self.one, left), (self.other, right))
        p, q = (self._sigmoid(scaler.apply(check_states(X, len(self.coef_)))) for scaler, X in sides)
        return p, q

    def _sigmoid(self, X: Floats) -> npt.NDArray[np.float64]:
        return np.asarray(0.5 * (1 + np.tanh((X @ self.coef_ + self.intercept_) / 2)), np.float64)

    def proba(self, left: Floats, right: Floats) -> npt.NDArray[np.float64]:
        """(P, D) states of both sides -> (P,) probability that the one side is so: the mean of p and 1 - q."""
        p, q = self.pair_proba(left, right)
        return np.asarray((q + 1 - p) / 2 if self.flipped else (p + 1 - q) / 2, np.float64)

    def predict(self, left: Floats, right: Floats) -> npt.NDArray[np.bool_]:
        """(P, D) states of both sides -> (P,) whether the one side is so."""
        return self.proba(left, right) > 0.5
