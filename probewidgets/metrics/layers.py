"""Layers at which a task is solved: how a mix weighs them, and what each adds to those below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError, clipped
from probewidgets.metrics.scores import entropy

__all__ = [
    "ExpectedLayer",
    "centre_of_gravity",
    "differential",
    "expected_layer",
    "kl_to_uniform",
    "mix_weights",
]

_MUCH_LOST = 0.25
"""From this share of losses on, gains and losses cancel so much that a mean over them says little."""


@dataclass(frozen=True)
class ExpectedLayer:
    """The layer at which a score is gained, on average over the gain; and whether such an average means anything.

    Gains that are negative count as they are, so the value is no expectation where there are many of them, and may lie
    outside the layers.
    """

    value: float
    """In layers; NaN where nothing is gained or lost in all."""
    negative_share: float
    """What is lost at some layers over what is gained at others; 0 for a curve that never falls."""
    gain: float
    """Score with all layers - score with the lowest alone, in the unit of the scores."""
    half_width: float = float("nan")
    """Half the width of that gain's interval; NaN where it is not known."""

    @property
    def meaningful(self) -> bool:
        """True where little is lost on the way, and the gain is not within its interval."""
        return not self.notes

    @property
    def notes(self) -> tuple[str, ...]:
        """Why it is not meaningful, in words; empty where it is."""
        notes = []
        if not np.isfinite(self.value):
            notes.append("nothing is gained from the lowest layer to the highest")
        if self.negative_share > _MUCH_LOST:
            notes.append(f"what some layers lose is {self.negative_share:.0%} of what others gain")
        if abs(self.gain) < self.half_width:
            notes.append(f"the gain over all layers, {self.gain:.3g}, is within its interval, +-{self.half_width:.3g}")
        return tuple(notes)

    def __str__(self) -> str:
        return f"layer {self.value:.2f}" if self.meaningful else f"not meaningful: {'; '.join(self.notes)}"


def mix_weights(logits: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """(L,) free numbers of a scalar mix -> (L,) its weights, positive and with sum 1: their softmax.

    Source: Peters et al. 2018, "Deep contextualized word representations", equation 1.
    """
    a = _numbers("logits of a mix", logits, 1)
    weights = np.exp(a - a.max())
    return np.asarray(weights / weights.sum())


def centre_of_gravity(weights: npt.ArrayLike, layers: Sequence[int] | None = None) -> float:
    """Mean layer under the weights of a scalar mix, the embeddings (layer 0) included.

    A weight is no importance: layers have different scales, and a layer may get weight for what its neighbour has too.

    Args:
        weights: (L,) not negative, with sum 1.
        layers: (L,) which layers these are; 0, 1, ... by default.

    Raises:
        ProbeError: They are no weights, or not one per layer.

    Source: Tenney, Das and Pavlick 2019, "BERT Rediscovers the Classical NLP Pipeline", section 3.1.
    """
    s = _weights(weights)
    return float(s @ _layers(layers, len(s)))


def kl_to_uniform(weights: npt.ArrayLike) -> float:
    """Distance of the weights of a scalar mix from equal ones: KL(weights || uniform), in bits, from 0 to log2 L.

    Raises:
        ProbeError: They are no weights.

    Source: Tenney, Das and Pavlick 2019, "BERT Rediscovers the Classical NLP Pipeline", section 3.1.
    """
    s = _weights(weights)
    return max(0.0, float(np.log2(len(s)) - entropy(s)))


def differential(scores: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """(L,) cumulative scores -> (L - 1,) what each layer adds to those below it, losses as they are.

    Args:
        scores: (L,) score of a probe of its own over layers 0, then 0 to 1, ..., then all; equally tuned.

    Raises:
        ProbeError: Fewer than two scores, or one that is no number.

    Source: Tenney, Das and Pavlick 2019, "BERT Rediscovers the Classical NLP Pipeline", section 3.2, equation 3.
    """
    return np.diff(_numbers("cumulative scores", scores, 2))


def expected_layer(
    scores: npt.ArrayLike, layers: Sequence[int] | None = None, half_width: float = float("nan")
) -> ExpectedLayer:
    """The layer at which a cumulative score is gained, each layer weighted by what it adds.

    Args:
        scores: (L,) score of a probe of its own over layers 0, then 0 to 1, ..., then all; equally tuned.
        layers: (L,) which layers were added; 0, 1, ... by default.
        half_width: Half the width of the interval of the last score - the first; within it no layer can be named.

    Raises:
        ProbeError: Fewer than two scores, one that is no number, or not one per layer.

    Source: Tenney, Das and Pavlick 2019, "BERT Rediscovers the Classical NLP Pipeline", section 3.2, equation 4.
    """
    added = differential(scores)
    above = _layers(layers, len(added) + 1)[1:]
    gained, lost, total = added[added > 0].sum(), -added[added < 0].sum(), added.sum()
    share = lost / gained if gained else (float("inf") if lost else 0.0)
    return ExpectedLayer(
        float(added @ above / total) if total else float("nan"), float(share), float(total), half_width
    )


def _numbers(what: str, values: npt.ArrayLike, fewest: int) -> npt.NDArray[np.float64]:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or len(array) < fewest or not np.isfinite(array).all():
        raise ProbeError(
            f"The {what} must be {fewest} finite numbers or more, one per layer, but {clipped(values, 80)} came."
        )
    return array


def _weights(values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    s = _numbers("weights of a mix", values, 1)
    if s.min() < 0 or not np.isclose(s.sum(), 1, atol=1e-6):
        raise ProbeError(
            f"The weights of a mix are not negative and sum to 1, but the smallest is {s.min():.4g} and the sum "
            f"{s.sum():.6g}. Of free numbers mix_weights(...) makes weights."
        )
    return s


def _layers(layers: Sequence[int] | None, n: int) -> npt.NDArray[np.float64]:
    if layers is None:
        return np.arange(n, dtype=np.float64)
    if len(layers) != n or any(a >= b for a, b in pairwise(layers)):
        raise ProbeError(f"layers must be {n} layers from low to high, one per number, but {list(layers)} came.")
    return np.asarray(layers, dtype=np.float64)
