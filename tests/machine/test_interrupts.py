"""Interrupts that are held back until something short is done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator

import pytest

from probewidgets.machine.interrupts import uninterrupted


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_interrupt_is_obeyed_once_all_of_the_block_is_done() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - what is done before it is the point
        with uninterrupted():
            signal.raise_signal(signal.SIGINT)
            done.append("inside")
        done.append("after")
    assert done == ["inside"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_one_inside_another_waits_for_the_outer_one() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), uninterrupted():  # noqa: PT012 - what is done before it is the point
        with uninterrupted():
            signal.raise_signal(signal.SIGINT)
        done.append("outer")
    assert done == ["outer"]


def test_without_an_interrupt_an_error_goes_its_way_and_interrupts_are_as_before() -> None:
    with pytest.raises(ValueError, match="mine"), uninterrupted():
        raise ValueError("mine")
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_on_another_thread_and_where_interrupts_are_ignored_it_changes_nothing() -> None:
    seen = []

    def look() -> None:
        with uninterrupted():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [signal.default_int_handler]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    look()
    assert seen[1] is signal.SIG_IGN
