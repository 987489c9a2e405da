"""Threads: who works, in which order, and that torch has its own back afterwards."""

from __future__ import annotations

import contextlib
import threading
from concurrent.futures import CancelledError

import numpy as np
import pytest
import torch

from probewidgets.machine.threads import Pace, Workers, ahead, check_wanted, few_threads
from probewidgets.probes.solver import Design, minimise


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


@pytest.mark.parametrize(("width", "inside"), [(3, 1), (400, 2)])
def test_a_small_model_runs_on_one_thread_and_a_large_one_on_as_many_as_there_were(width: int, inside: int) -> None:
    with contextlib.suppress(RuntimeError), few_threads(torch.nn.Linear(width, width)):
        assert torch.get_num_threads() == inside
        raise RuntimeError("in the middle")
    assert torch.get_num_threads() == 2


def test_fewer_workers_than_threads_have_several_each() -> None:
    torch.set_num_threads(9)
    with Workers(4):
        assert torch.get_num_threads() == 2
    assert torch.get_num_threads() == 9


def test_what_is_made_ahead_comes_in_order_and_is_bounded() -> None:
    begun, most = [], 0
    with Workers(2) as workers:
        for taken, value in enumerate(workers.each(lambda i: begun.append(i) or i, range(50)), start=1):
            assert value == taken - 1
            most = max(most, len(begun) - taken)
    assert begun[-1] == 49 and most <= 3


def test_an_error_of_one_reaches_who_takes_it_and_ends_the_rest() -> None:
    begun = []

    def some(i: int) -> int:
        begun.append(i)
        if i == 3:
            raise ValueError("the third")
        return i

    with pytest.raises(ValueError, match="the third"), Workers(2) as workers:
        list(workers.each(some, range(1000)))
    assert len(begun) < 20


def test_the_next_one_is_made_while_the_last_is_used() -> None:
    made = [threading.Event() for _ in range(5)]
    for value in ahead(lambda i: made[i].set() or i, range(5)):
        assert made[min(4, value + 1)].wait(timeout=20)
        assert not any(event.is_set() for event in made[value + 2 :])
    assert list(ahead(str, [])) == []


class Clock:
    """Time that passes only in passes: `one` seconds on one thread, `several` on more."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, one: float, several: float) -> None:
        self.now, self.one, self.several = 0.0, one, several
        monkeypatch.setattr("probewidgets.machine.threads.time.perf_counter", lambda: self.now)

    def passes(self, paced: Pace, n: int, tokens: int = 10) -> list[int]:
        """On how many threads the next n passes ran."""
        ran = []
        for _ in range(n):
            with paced.running(tokens):
                ran.append(torch.get_num_threads())
                self.now += self.one if ran[-1] == 1 else self.several
        return ran


def test_what_one_thread_does_soon_enough_runs_on_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(Clock(monkeypatch, one=0.012, several=0.007).passes(Pace(), 200)) == {1}
    assert torch.get_num_threads() == 2


def test_a_slow_model_takes_all_threads_where_they_are_quicker(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Clock(monkeypatch, one=0.1, several=0.06).passes(Pace(), 5) == [1, 1, 2, 2, 2]


def test_threads_that_wait_for_each_other_are_left_at_once_and_tried_again_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paced, clock = Pace(), Clock(monkeypatch, one=0.1, several=0.06)
    clock.passes(paced, 5)
    clock.several = 0.5
    ran = clock.passes(paced, 40)
    assert ran[0] == 2 and set(ran[1:33]) == {1} and ran.count(2) == 2
    clock.several = 0.06
    assert clock.passes(paced, 40)[-1] == 2


def test_a_pass_that_fails_gives_the_threads_back() -> None:
    with contextlib.suppress(KeyError), Pace().running(3):
        raise KeyError
    assert torch.get_num_threads() == 2


def test_what_nobody_waits_for_any_more_can_end_itself() -> None:
    begun, ended, never = threading.Event(), threading.Event(), threading.Event()

    def long(item: int) -> int:
        if item == 0:
            begun.wait(10)
            raise ValueError("the first")
        begun.set()
        try:
            for _ in range(1000):
                check_wanted()
                never.wait(0.01)
        except CancelledError:
            ended.set()
            raise
        return item

    check_wanted()  # here nobody waits, and nobody has to
    with pytest.raises(ValueError, match="the first"), Workers(2) as workers:
        list(workers.each(long, range(2)))
    assert ended.is_set()
