"""Imports without a search for garbage: as it was before, whatever happens inside."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest

from probewidgets.machine.imports import gc_paused


@pytest.fixture(autouse=True)
def as_ever() -> Iterator[None]:
    assert gc.isenabled()
    yield
    gc.enable()


def test_garbage_is_looked_for_again_behind_it_also_where_one_is_inside_another_or_fails() -> None:
    inside = []

    def fails() -> None:
        with gc_paused():
            with gc_paused():
                inside.append(gc.isenabled())
            inside.append(gc.isenabled())
            raise ImportError

    with pytest.raises(ImportError):
        fails()
    assert inside == [False, False]
    assert gc.isenabled()


def test_who_has_turned_it_off_keeps_it_off() -> None:
    gc.disable()
    with gc_paused():
        pass
    assert not gc.isenabled()


@pytest.mark.parametrize("first_ends_first", [True, False])
def test_two_threads_at_once_leave_it_on(first_ends_first: bool) -> None:
    inside, ends = [threading.Event(), threading.Event()], [threading.Event(), threading.Event()]

    def importing(which: int) -> None:
        with gc_paused():
            inside[which].set()
            assert ends[which].wait(10)

    threads = [threading.Thread(target=importing, args=(which,)) for which in (0, 1)]
    for which, thread in enumerate(threads):
        thread.start()
        assert inside[which].wait(10)
    for which in (0, 1) if first_ends_first else (1, 0):
        ends[which].set()
        threads[which].join()
    assert gc.isenabled()
