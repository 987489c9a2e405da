"""Confidence that can be believed: one temperature, fitted on dev, by which the probes' logits are divided."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from probewidgets.metrics.scores import log_softmax

__all__ = ["scaled", "temperature"]

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]

_RANGE = (0.01, 100.0)
"""Temperatures that are considered."""


def scaled(log_proba: Floats, temperature: float) -> Floats:
    """(N, K) log-probabilities in nats at another temperature: above 1 less sure, below 1 surer, in the same order."""
    return log_softmax(np.asarray(log_proba, dtype=np.float64) / temperature)


def temperature(log_proba: Floats, gold: Ints) -> float:
    """The temperature at which log-probabilities have the lowest cross-entropy; never a higher one than at 1.

    It has to be fitted on rows that the probe was not fitted on, dev, and does not change which label is the likeliest.

    Args:
        log_proba: (N, K) log-probabilities in nats.
        gold: (N,) columns; -1 where the label has none: such rows do not count.

    Returns:
        T in [0.01, 100]; 1 where no temperature is the best: no row counts, a gold label has probability 0, or every
        gold label is the likeliest one (then the colder the better, without end).

    Source: Guo et al. 2017, "On Calibration of Modern Neural Networks", section 4.2.
    """
    rows = np.flatnonzero(np.asarray(gold) >= 0)
    logits, columns = np.asarray(log_proba, dtype=np.float64)[rows], np.asarray(gold)[rows]
    right = logits[np.arange(len(rows)), columns]
    if not len(rows) or not np.isfinite(right).all() or (right == logits.max(1)).all():
        return 1.0
    low, high = np.log(_RANGE)
    # Cross-entropy is convex in 1 / T: its slope there, mean logit - gold logit, changes its sign once.
    for _ in range(50):
        middle = (low + high) / 2
        proba = np.exp(scaled(logits, np.exp(middle)))
        too_cold = (proba * np.where(proba > 0, logits, 0)).sum(1).mean() > right.mean()
        low, high = (middle, high) if too_cold else (low, middle)
    best = float(np.exp((low + high) / 2))
    return best if _nats(logits, columns, best) < _nats(logits, columns, 1.0) else 1.0


def _nats(logits: Floats, columns: Ints, temperature: float) -> float:
    return float(-scaled(logits, temperature)[np.arange(len(columns)), columns].mean())
