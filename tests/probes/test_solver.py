"""The solver: what one penalty's fit knows of the curvature helps the next one's, and changes nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from probewidgets.probes import solver
from probewidgets.probes.solver import Design, Solution, minimise

K = 5


@pytest.fixture(scope="module")
def problem() -> tuple[Design, torch.Tensor]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(4000, 30)) * np.linspace(0.2, 3, 30)
    W = rng.normal(size=(3, K, 30))
    y = torch.tensor(np.stack([(X @ w.T + rng.gumbel(size=(4000, K))).argmax(1) for w in W]))
    return Design.of(X, torch.float64), y


def at(problem: tuple[Design, torch.Tensor], *l2: float, start: Solution | None = None) -> Solution:
    return minimise(problem[0], problem[1], K, torch.tensor(l2), start=start, tol=1e-10)


def test_the_next_penalty_is_fitted_from_the_last_ones_curvature_to_the_same_minimum_in_fewer_passes(problem) -> None:
    strong = at(problem, 1e-2, 2e-2, 3e-2)
    cold = at(problem, 1e-3, 1e-3, 2e-3)
    warm = at(problem, 1e-3, 1e-3, 2e-3, start=strong)
    forgetful = minimise(
        *problem, K, torch.tensor([1e-3, 1e-3, 2e-3]), start=Solution(strong.weights, *[torch.zeros(3)] * 4), tol=1e-10
    )
    torch.testing.assert_close(warm.weights, cold.weights, rtol=0, atol=1e-4)
    torch.testing.assert_close(warm.loss, cold.loss, rtol=0, atol=2e-10)
    assert warm.converged.all()
    assert warm.passes < forgetful.passes


def test_pairs_at_another_penalty_are_those_that_its_own_gradient_would_give(problem) -> None:
    strong = at(problem, 1e-2, 2e-2, 3e-2)
    (step, change), (_, moved) = strong.pairs[-1], strong.pairs_at(torch.tensor([1e-3, 2e-2, 1e-1]))[-1]
    torch.testing.assert_close(moved[0, :, :-1], change[0, :, :-1] - 2 * 9e-3 * step[0, :, :-1])
    torch.testing.assert_close(moved[1], change[1])
    torch.testing.assert_close(moved[2, :, :-1], change[2, :, :-1] + 2 * 7e-2 * step[2, :, :-1])
    torch.testing.assert_close(moved[..., -1], change[..., -1])


def test_fits_end_one_by_one_and_come_back_in_their_order(problem) -> None:
    design, y = problem
    l2 = torch.tensor([1e-4, 1.0, 1e-2])
    all_at_once = minimise(design, y, K, l2, tol=1e-9)
    for fit in range(3):
        alone = minimise(design, y[fit : fit + 1], K, l2[fit : fit + 1], tol=1e-9)
        torch.testing.assert_close(all_at_once.weights[fit : fit + 1], alone.weights, rtol=0, atol=1e-4)
    again = Solution.together([all_at_once.only([2]), all_at_once.only([0, 1])]).only([1, 2, 0])
    assert torch.equal(again.weights, all_at_once.weights) and torch.equal(again.l2, all_at_once.l2)
    for (a, b), (c, d) in zip(reversed(again.pairs), reversed(all_at_once.pairs), strict=False):
        assert torch.equal(a, c) and torch.equal(b, d)


def test_a_fit_that_may_not_go_on_says_that_it_has_not_converged(problem) -> None:
    stopped = minimise(*problem, K, torch.tensor([1e-4, 1.0, 1e-2]), start=at(problem, 1.0, 1.0, 1.0), max_iter=3)
    assert stopped.passes == 3
    assert stopped.converged.tolist() == [False, True, False]


def test_a_fit_that_did_not_converge_teaches_the_next_one_nothing(problem) -> None:
    stopped = minimise(*problem, K, torch.tensor([1e-4, 1.0, 1e-2]), start=at(problem, 1.0, 1.0, 1.0), max_iter=3)
    moved = stopped.pairs_at(torch.ones(3))
    assert all(not step[0].any() and not change[0].any() for step, change in moved)


def test_a_memory_that_leads_nowhere_is_forgotten(problem) -> None:
    good = at(problem, 1e-2, 1e-2, 1e-2)
    rng = torch.Generator().manual_seed(0)
    wrong = tuple(
        (torch.randn(step.shape, generator=rng).double(), 1e9 * torch.randn(step.shape, generator=rng).double())
        for step, _ in good.pairs
    )
    misled = at(problem, 1e-3, 1e-3, 1e-3, start=replace(good, pairs=wrong))
    assert misled.converged.all()
    torch.testing.assert_close(misled.loss, at(problem, 1e-3, 1e-3, 1e-3).loss, rtol=0, atol=1e-9)


def test_a_weak_penalty_is_fitted_in_fewer_passes_by_way_of_a_stronger_one_on_few_rows(monkeypatch) -> None:
    rng = np.random.default_rng(1)
    X = rng.normal(size=(16_384, 100)).astype(np.float32)
    W = rng.normal(size=(K, 100))
    y = torch.tensor((X @ W.T + rng.gumbel(size=(len(X), K))).argmax(1))[None]
    design, l2 = Design.of(X), torch.tensor([1e-6])
    fitted = minimise(design, y, K, l2, tol=1e-5)
    monkeypatch.setattr(solver, "_LEAST", 0)
    straight = minimise(design, y, K, l2, tol=1e-5)
    assert fitted.converged.all()
    assert fitted.passes < 0.75 * straight.passes
    torch.testing.assert_close(fitted.loss, straight.loss, rtol=0, atol=3e-5)
