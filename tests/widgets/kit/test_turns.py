"""Locks that become one: no two threads are inside at a time, and none waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable

from probewidgets.widgets.kit.turns import Turns


def run(*works: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive(), "it waits for ever"


def test_those_that_are_joined_are_one_lock() -> None:
    locks = [Turns() for _ in range(4)]
    locks[0].join(locks[1])
    locks[2].join(locks[3])
    locks[3].join(locks[0])
    locks[0].join(locks[2])  # once more
    inside, most = 0, 0

    def work(order: list[Turns]) -> Callable[[], None]:
        def turn() -> None:
            nonlocal inside, most
            for _ in range(300):
                with order[0], order[1], order[0]:
                    inside += 1
                    most = max(most, inside)
                    inside -= 1

        return turn

    run(*(work([locks[a], locks[b]]) for a, b in ((0, 1), (1, 0), (2, 3), (3, 0))))
    assert most == 1


def test_who_waits_for_one_that_is_joined_meanwhile_comes_in_behind_the_other() -> None:
    one, other = Turns(), Turns()
    told: list[str] = []
    waits = threading.Event()

    def late() -> None:
        waits.set()
        with other:
            told.append("late")

    with other:
        thread = threading.Thread(target=late, daemon=True)
        thread.start()
        assert waits.wait(20)
        one.join(other)
        with one:
            told.append("first")
        with other:
            told.append("second")
    thread.join(20)
    assert told == ["first", "second", "late"]
    run(lambda: one.__enter__() or one.__exit__(), lambda: other.__enter__() or other.__exit__())
