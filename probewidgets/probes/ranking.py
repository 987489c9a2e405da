"""Which neurons matter: the features of a state in order, by the weights of a probe or without any probe."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError
from probewidgets.machine.arrays import Floats, Ints
from probewidgets.probes.base import Scaler, check_labels, check_states
from probewidgets.probes.linear import LinearProbe

__all__ = ["Probeless", "Ranker", "WeightMass", "weight_mass_order"]


@runtime_checkable
class Ranker(Protocol):
    """How neurons are put in order."""

    def order(self, X: Floats, y: npt.NDArray[Any]) -> Ints:
        """(N, D) states and (N,) labels of train -> (D,) features, the one that matters most first."""


@dataclass(frozen=True)
class WeightMass:
    """Neurons in order of the share that they have in a linear probe's weights, label by label.

    Weights of neurons that go together are arbitrary: of two equal neurons either, or each by half, may do the work.
    So a ranking may be poor though the probe is good; retrain on the top to see.

    Args:
        probe: What is trained, on standardised states (weights in raw units could not be compared); by default
            `LinearProbe(tol=1e-6)`.
    """

    probe: LinearProbe = field(default_factory=lambda: LinearProbe(tol=1e-6))

    def order(self, X: Floats, y: npt.NDArray[Any]) -> Ints:
        """Fit the probe on (N, D) states and (N,) labels; (D,) features, the one that matters most first.

        Raises:
            ProbeError: NaN or infinity in X, not one label per row, fewer than two labels.
        """
        X = check_states(X)
        return weight_mass_order(self.probe.fit(Scaler.of(X).apply(X), y).coef_)


@dataclass(frozen=True)
class Probeless:
    """Neurons in order of how far the means of the labels lie apart in them, summed over the pairs of labels.

    No probe is trained, so the ranking tells nothing of how a probe shares the work out among neurons that go together:
    all of them rank alike. States are standardised first.

    Source: Antverg and Belinkov 2022, "On the Pitfalls of Analyzing Individual Neurons in Language Models",
    section 3.1.
    """

    def order(self, X: Floats, y: npt.NDArray[Any]) -> Ints:
        """(N, D) states and (N,) labels -> (D,) features, the one that matters most first; of equals the first.

        Raises:
            ProbeError: NaN or infinity in X, not one label per row, fewer than two labels.
        """
        X = check_states(X)
        labels, index = check_labels(X, y)
        X = Scaler.of(X).apply(X)
        means = np.sort([X[index == k].mean(0, dtype=np.float64) for k in range(len(labels))], axis=0)
        # Sorted, the k-th mean is the larger one in k pairs and the smaller one in all its others.
        signs = 2 * np.arange(len(labels)) - (len(labels) - 1)
        return np.argsort(-(signs @ means), kind="stable").astype(np.int64)


def weight_mass_order(coef: npt.ArrayLike) -> Ints:
    """(K, D) weights of a linear probe of standardised states -> (D,) features, the one that matters most first.

    For each label neurons are taken in order of their absolute weight until they have a share p of all its weight. As p
    grows from 0 to 1, neurons join for the first label that takes them. Those that join at one p, as the first of each
    label do, come in order of their largest share.

    Raises:
        ProbeError: No matrix of finite numbers.

    Source: Dalvi et al. 2019, "What Is One Grain of Sand in the Desert? Analyzing Individual Neurons in Deep NLP
    Models", section 3.1 (in steps of p; here p grows evenly, which refines their order).
    """
    size = np.abs(np.asarray(coef, dtype=np.float64))
    if size.ndim != 2 or not size.size or not np.isfinite(size).all():
        raise ProbeError(f"Weights must be a matrix (labels, features) of finite numbers, but came as {size.shape}.")
    total = size.sum(1, keepdims=True)
    share = np.divide(size, total, out=np.zeros_like(size), where=total > 0)
    by_size = np.argsort(-share, axis=1, kind="stable")
    sorted_share = np.take_along_axis(share, by_size, 1)
    joins = np.empty_like(share)
    np.put_along_axis(joins, by_size, sorted_share.cumsum(1) - sorted_share, 1)
    # Weights of equal size may differ by rounding: that must not decide.
    return np.lexsort((-share.max(0).round(12), joins.min(0).round(12))).astype(np.int64)
