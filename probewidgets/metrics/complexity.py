"""Accuracy beside complexity: of many probes those that no other one beats in both, and how much room they cover."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError

__all__ = ["hypervolume", "nuclear_norm", "pareto_frontier", "rank"]


def pareto_frontier(complexity: npt.ArrayLike, accuracy: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """The probes that no other one beats: none is at most as complex and at least as accurate, and better in one.

    Args:
        complexity: (N,) of each probe, by one measure; lower is better.
        accuracy: (N,) of each probe; higher is better.

    Returns:
        (F,) their indices, from the simplest to the most accurate; of equal probes the first.

    Raises:
        ProbeError: Not one finite number each.

    Source: Pimentel et al. 2020, "Pareto Probing: Trading Off Accuracy for Complexity", section 3.
    """
    x, y = _points(complexity, accuracy)
    order = np.lexsort((-y, x))
    ahead = np.maximum.accumulate(np.concatenate([[-np.inf], y[order][:-1]])) if len(order) else y
    return order[y[order] > ahead].astype(np.int64)


def hypervolume(complexity: npt.ArrayLike, accuracy: npt.ArrayLike, most_complex: float, floor: float = 0.0) -> float:
    """Area that the probes cover: between the frontier's steps, a complexity beyond which none counts, and a floor.

    Args:
        complexity: (N,) of each probe, by one measure.
        accuracy: (N,) of each probe.
        most_complex: Where the area ends; probes beyond it do not count.
        floor: Accuracy at which the area begins, the majority for instance.

    Returns:
        In accuracy x unit of complexity; 0 where no probe counts. Compare it at one `most_complex` and `floor` only.

    Raises:
        ProbeError: Not one finite number each.

    Source: Pimentel et al. 2020, "Pareto Probing: Trading Off Accuracy for Complexity", section 3.
    """
    front = pareto_frontier(complexity, accuracy)
    x, y = (values[front] for values in _points(complexity, accuracy))
    counts = (x < most_complex) & (y > floor)
    x, y = x[counts], y[counts] - floor
    return float(np.diff(np.append(x, most_complex)) @ y) if len(x) else 0.0


def nuclear_norm(coef: npt.ArrayLike, intercept: npt.ArrayLike) -> float:
    """Sum of the singular values of [W, b]: a linear probe's complexity, low where few directions do the work.

    It is in the unit of 1 / states: compare probes of states of one scale only, standardised or of length 1.

    Args:
        coef: (K, D) weights.
        intercept: (K,) biases.

    Raises:
        ProbeError: The shapes do not agree.

    Source: Pimentel et al. 2020, "Pareto Probing: Trading Off Accuracy for Complexity", section 4.1.
    """
    return float(_singular_values(coef, intercept).sum())


def rank(coef: npt.ArrayLike, intercept: npt.ArrayLike, tolerance: float = 1e-3) -> int:
    """Number of singular values of [W, b] above a tolerance: the directions that a linear probe uses."""
    return int((_singular_values(coef, intercept) > tolerance).sum())


def _singular_values(coef: npt.ArrayLike, intercept: npt.ArrayLike) -> npt.NDArray[np.float64]:
    W, b = np.asarray(coef, dtype=np.float64), np.asarray(intercept, dtype=np.float64)
    if W.ndim != 2 or b.shape != W.shape[:1]:
        raise ProbeError(f"A linear probe has weights (K, D) and biases (K,), but {W.shape} and {b.shape} came.")
    return np.linalg.svd(np.column_stack([W, b]), compute_uv=False)


def _points(complexity: npt.ArrayLike, accuracy: npt.ArrayLike) -> tuple[npt.NDArray[np.float64], ...]:
    x, y = np.asarray(complexity, dtype=np.float64), np.asarray(accuracy, dtype=np.float64)
    odd = int((~np.isfinite(x)).sum() + (~np.isfinite(y)).sum())
    if x.ndim != 1 or x.shape != y.shape or odd:
        raise ProbeError(
            f"Every probe needs one finite complexity and one finite accuracy, but arrays of shapes {x.shape} and "
            f"{y.shape} came, with {odd} numbers that are not finite."
        )
    return x, y
