from __future__ import annotations

import numpy as np
import pytest

from probewidgets.errors import ProbeError
from probewidgets.metrics.complexity import hypervolume, nuclear_norm, pareto_frontier, rank


def test_golden_frontier_and_hypervolume() -> None:
    x, y = [1, 2, 3], [0.5, 0.6, 0.55]
    assert pareto_frontier(x, y).tolist() == [0, 1]
    assert hypervolume(x, y, most_complex=4) == pytest.approx(1.7)
    assert hypervolume(x, y, most_complex=4, floor=0.5) == pytest.approx(0.2)


@pytest.mark.parametrize("seed", range(5))
def test_no_probe_of_the_frontier_is_beaten_and_every_other_one_is(seed: int) -> None:
    rng = np.random.default_rng(seed)
    # Few values, so that there are ties.
    x, y = rng.integers(0, 8, 40), rng.integers(0, 8, 40)

    def beaten(i: int) -> bool:
        return bool(((x <= x[i]) & (y >= y[i]) & ((x < x[i]) | (y > y[i]))).any())

    front = pareto_frontier(x, y)
    assert not any(beaten(i) for i in front)
    kept = {(x[i], y[i]) for i in front}
    assert all(beaten(i) or (x[i], y[i]) in kept for i in range(40))
    assert (np.diff(x[front]) > 0).all() and (np.diff(y[front]) > 0).all()


def test_the_area_is_what_a_fine_grid_counts_and_order_does_not_matter() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.random(20), rng.random(20)
    grid = (np.arange(20000) + 0.5) / 20000
    best = np.max(np.where(x[:, None] <= grid, y[:, None], 0), axis=0)
    assert hypervolume(x, y, 1.0) == pytest.approx(best.mean(), abs=1e-3)
    order = rng.permutation(20)
    assert hypervolume(x[order], y[order], 1.0) == pytest.approx(hypervolume(x, y, 1.0))


def test_a_further_probe_never_makes_the_area_smaller() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.random(30), rng.random(30)
    areas = [hypervolume(x[:n], y[:n], 0.8) for n in range(31)]
    assert areas[0] == 0
    assert (np.diff(areas) >= -1e-12).all()


def test_probes_beyond_the_end_do_not_count() -> None:
    assert hypervolume([5.0], [0.9], most_complex=4) == 0
    assert pareto_frontier([], []).tolist() == []


def test_the_nuclear_norm_is_the_sum_of_singular_values_and_its_rank_their_number() -> None:
    W, b = np.diag([3.0, 4.0, 0.0]), np.zeros(3)
    assert nuclear_norm(W, b) == pytest.approx(7)
    assert rank(W, b) == 2
    assert nuclear_norm(np.zeros((2, 3)), [3.0, 4.0]) == pytest.approx(5)
    rotation = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))[0]
    assert nuclear_norm(rotation @ W, b) == pytest.approx(7)


def test_what_does_not_belong_together_is_refused() -> None:
    with pytest.raises(ProbeError, match=r"arrays of shapes \(2,\) and \(1,\) came"):
        pareto_frontier([1, 2], [0.5])
    with pytest.raises(ProbeError, match="1 numbers that are not finite"):
        hypervolume([1.0], [np.nan], 2)
    with pytest.raises(ProbeError, match=r"weights \(K, D\) and biases \(K,\), but \(2, 3\) and \(3,\) came"):
        nuclear_norm(np.zeros((2, 3)), np.zeros(3))
