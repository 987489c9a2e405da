from __future__ import annotations

import threading

import numpy as np
import pytest
import torch

from probewidgets.probes.solver import Design, minimise
from probewidgets.probes.workers import Workers


@pytest.fixture(autouse=True)
def two_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("n", [1, 5, 2047, 2048, 4097, 100_001])
def test_the_parts_are_all_rows_once_and_in_order(n: int) -> None:
    with Workers() as workers:
        rows = [i for part in workers.share(lambda low, high: range(low, high), n) for i in part]
    assert rows == list(range(n))


def test_several_threads_share_the_work() -> None:
    both = threading.Barrier(2, timeout=20)

    def meet(low: int, high: int) -> str:
        if low == 0 or high == 4096:
            both.wait()
        return threading.current_thread().name

    with Workers() as workers:
        assert len(set(workers.share(meet, 4096))) == 2


def test_torch_has_its_threads_back_afterwards_even_after_an_error() -> None:
    def fail(low: int, high: int) -> None:
        raise KeyboardInterrupt

    with Workers(), Workers():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == 2
    with pytest.raises(KeyboardInterrupt), Workers() as workers:
        workers.share(fail, 10)
    assert torch.get_num_threads() == 2


def test_overlapping_users_leave_the_threads_as_the_first_found_them() -> None:
    first, second = Workers(), Workers()
    first.__enter__()
    second.__enter__()
    first.__exit__()
    assert torch.get_num_threads() == 1
    second.__exit__()
    assert torch.get_num_threads() == 2


def test_the_number_of_threads_does_not_change_a_digit() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(20_000, 8)).astype(np.float32)
    y = torch.tensor((X[:, :3] + rng.gumbel(size=(len(X), 3))).argmax(1))[None]
    design, l2 = Design.of(X), torch.tensor([1e-3])
    many = minimise(design, y, 3, l2)
    torch.set_num_threads(1)
    assert torch.equal(minimise(design, y, 3, l2).weights, many.weights)
