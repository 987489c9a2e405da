"""Selectivity: the control task beside the task, which tells how much of a probe's accuracy is memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from probewidgets.metrics.intervals import Clusters
from probewidgets.values import Estimate

__all__ = ["control_ceiling", "control_estimates", "selectivity"]

Bools = npt.NDArray[np.bool_]


def selectivity(task_accuracy: float, control_accuracy: float) -> float:
    """Task accuracy - control accuracy, of the same probe trained in the same way, in [-1, 1].

    Source: Hewitt and Liang 2019, "Designing and Interpreting Probes with Control Tasks", section 2.3.
    """
    return task_accuracy - control_accuracy


def control_estimates(clusters: Clusters, task: Bools, controls: Sequence[Bools]) -> tuple[Estimate, float, Estimate]:
    """Control accuracy (mean over the draws), its standard deviation over the draws, and selectivity.

    Args:
        clusters: The sentences of the N test targets; drawn alike for all, so the interval of selectivity is paired.
        task: (N,) whether the probe is right on the task.
        controls: For each draw, (N,) whether its probe is right on that control task.
    """
    hits = np.mean(controls, axis=0)
    draws = [float(np.mean(hit)) for hit in controls]
    sd = float(np.std(draws, ddof=1)) if len(draws) > 1 else float("nan")
    return clusters.mean(hits), sd, clusters.mean(task - hits)


def control_ceiling(unseen: float, p: npt.NDArray[np.floating[Any]]) -> float:
    """The best that a probe can expect on a control task: types not in train can only be guessed.

    Args:
        unseen: Share of the test targets whose word type is not in train, in [0, 1].
        p: (K,) probability with which each label was drawn.
    """
    return float((1 - unseen) + unseen * np.max(p))
