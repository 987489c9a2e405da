"""Runners: newest wins, one at a time, cancel, errors, end."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest

from probewidgets.widgets.kit.runners import Job, LatestRunner, OneAtATime

WAIT = 20


class Desk:
    """Work that waits at a gate, and a record of what came out."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.done: list[str] = []
        self.failed: list[str] = []
        self.entered, self.gate, self.quiet = threading.Event(), threading.Event(), threading.Event()
        self.runner: LatestRunner[str, str] = LatestRunner(self.work, self.show, self.fail, self.changed)

    def work(self, job: Job[str]) -> str:
        self.begun.append(job.request)
        self.entered.set()
        if job.request.startswith("slow"):
            assert self.gate.wait(WAIT)
            job.check()
        if job.request == "bad":
            raise ValueError("bad request")
        if job.request == "exit":
            raise SystemExit("asked to go")
        return job.request.upper()

    def show(self, job: Job[str], answer: str) -> None:
        self.done.append(answer)

    def fail(self, job: Job[str], error: Exception) -> None:
        self.failed.append(str(error))

    def changed(self) -> None:
        self.quiet.clear() if self.runner.busy else self.quiet.set()


@pytest.fixture
def desk() -> Any:
    one = Desk()
    yield one
    one.gate.set()
    one.runner.stop()


def test_the_newest_request_wins_and_those_between_are_never_begun(desk: Desk) -> None:
    desk.runner.submit("slow one")
    assert desk.entered.wait(WAIT)
    for text in ("two", "three", "four"):
        desk.runner.submit(text)
    desk.gate.set()
    assert desk.quiet.wait(WAIT)
    assert desk.begun == ["slow one", "four"]
    assert desk.done == ["SLOW ONE", "FOUR"]


def finish(runner: LatestRunner[int, int]) -> None:
    """Wait until it has nothing to do, and end it."""
    until = time.monotonic() + WAIT
    while runner.busy and time.monotonic() < until:
        time.sleep(0.01)
    assert not runner.busy
    runner.stop()


def test_whoever_asks_faster_than_is_answered_sees_answers_all_the_same() -> None:
    done: list[int] = []

    def work(job: Job[int]) -> int:
        for _ in range(5):
            time.sleep(0.01)
            job.check()
        return job.request

    runner = LatestRunner(work, lambda job, answer: done.append(answer), lambda job, error: None)
    for number in range(40):
        runner.submit(number)
        time.sleep(0.01)
    finish(runner)
    assert done == sorted(done) and done[-1] == 39 and 3 <= len(done) < 40


def test_what_takes_too_long_is_dropped_for_a_newer_one_but_not_twice_in_a_row(monkeypatch) -> None:
    monkeypatch.setattr("probewidgets.widgets.kit.runners._PATIENCE", 0.05)
    begun, done = [threading.Event() for _ in range(3)], list[int]()

    def work(job: Job[int]) -> int:
        begun[job.request].set()
        for _ in range(40):
            time.sleep(0.01)
            job.check()
        return job.request

    runner = LatestRunner(work, lambda job, answer: done.append(answer), lambda job, error: None)
    for number in range(3):
        runner.submit(number)
        assert begun[number].wait(WAIT)
    finish(runner)
    assert done == [1, 2]


def test_a_cancelled_job_stops_at_its_next_check_and_shows_nothing(desk: Desk) -> None:
    desk.runner.submit("slow")
    assert desk.entered.wait(WAIT)
    desk.runner.cancel()
    desk.gate.set()
    assert desk.quiet.wait(WAIT)
    assert (desk.done, desk.failed) == ([], [])


def test_an_answer_that_was_cancelled_is_dropped_even_without_a_check() -> None:
    entered, gate, done = threading.Event(), threading.Event(), list[int]()

    def work(job: Job[int]) -> int:
        entered.set()
        assert gate.wait(WAIT)
        return job.request

    runner = LatestRunner(work, lambda job, answer: done.append(answer), lambda job, error: None)
    runner.submit(1)
    assert entered.wait(WAIT)
    runner.cancel()
    runner.submit(2)
    gate.set()
    finish(runner)
    assert done == [2]


class Deaf:
    """Work that never checks, and ends when it is let go."""

    def __init__(self) -> None:
        self.gate, self.begun, self.done, self.failed = threading.Event(), threading.Semaphore(0), [], []
        self.threads: list[threading.Thread] = []
        self.runner: LatestRunner[str, str] = LatestRunner(self.work, self.show, self.fail)

    def work(self, job: Job[str]) -> str:
        self.threads.append(threading.current_thread())
        self.begun.release()
        assert job.request == "quick" or self.gate.wait(WAIT)
        if job.request == "bad":
            raise ValueError(job.request)
        return job.request

    def show(self, job: Job[str], answer: str) -> None:
        self.done.append(answer)

    def fail(self, job: Job[str], error: BaseException) -> None:
        if job.wanted:
            self.failed.append(str(error))

    def ask(self, *requests: str) -> None:
        for request in requests:
            self.runner.submit(request)
            assert self.begun.acquire(timeout=WAIT)


@pytest.mark.parametrize("request_left", ["hangs", "bad"])
def test_what_is_left_is_never_heard_of_and_nobody_waits_for_it(request_left: str) -> None:
    deaf = Deaf()
    deaf.ask(request_left)
    deaf.runner.submit("waiting")
    deaf.runner.leave()
    assert not deaf.runner.busy
    deaf.ask("quick")
    finish(deaf.runner)
    assert deaf.done == ["quick"]
    assert deaf.threads[0].is_alive() and deaf.threads[0] is not deaf.threads[1]
    deaf.gate.set()
    deaf.threads[0].join(WAIT)
    assert not deaf.threads[0].is_alive(), "it ends by itself"
    assert (deaf.done, deaf.failed) == (["quick"], [])


def test_with_nothing_at_work_leaving_keeps_the_thread() -> None:
    deaf = Deaf()
    for _ in range(2):
        deaf.ask("quick")
        until = time.monotonic() + WAIT
        while deaf.runner.busy and time.monotonic() < until:
            time.sleep(0.01)
        deaf.runner.leave()
    finish(deaf.runner)
    assert deaf.done == ["quick", "quick"] and deaf.threads[0] is deaf.threads[1]


def test_work_that_never_ends_does_not_pile_up() -> None:
    deaf = Deaf()
    for _ in range(4):
        deaf.ask("hangs")
        deaf.runner.leave()
    deaf.ask("hangs")
    deaf.runner.leave()
    deaf.runner.submit("quick")
    assert not deaf.begun.acquire(timeout=0.1), "a fifth thread is not left: what is asked now waits for it"
    deaf.gate.set()
    assert deaf.begun.acquire(timeout=WAIT)
    finish(deaf.runner)
    assert len(set(deaf.threads)) == 5 and deaf.done == ["quick"]
    for thread in deaf.threads:
        thread.join(WAIT)
        assert not thread.is_alive()


def test_an_exception_is_reported_and_the_next_request_is_answered(desk: Desk) -> None:
    desk.runner.submit("bad")
    assert desk.quiet.wait(WAIT)
    assert desk.failed == ["bad request"]
    desk.quiet.clear()
    desk.runner.submit("good")
    assert desk.quiet.wait(WAIT)
    assert desk.done == ["GOOD"]


def test_it_is_busy_from_the_request_to_the_answer(desk: Desk) -> None:
    assert not desk.runner.busy
    desk.runner.submit("slow")
    assert desk.runner.busy
    desk.gate.set()
    assert desk.quiet.wait(WAIT)
    assert not desk.runner.busy


def test_stop_ends_the_thread_and_later_requests_are_ignored() -> None:
    before = set(threading.enumerate())
    desk = Desk()
    desk.runner.submit("one")
    assert desk.quiet.wait(WAIT)
    (thread,) = set(threading.enumerate()) - before
    desk.runner.stop()
    assert not thread.is_alive()
    desk.runner.submit("two")
    desk.runner.stop()
    assert desk.begun == ["one"]
    assert not desk.runner.busy


def test_the_thread_outlives_a_request_that_tries_to_end_it(desk: Desk) -> None:
    desk.runner.submit("exit")
    assert desk.quiet.wait(WAIT)
    desk.quiet.clear()
    desk.runner.submit("after")
    assert desk.quiet.wait(WAIT)
    assert (desk.failed, desk.done) == (["asked to go"], ["AFTER"])


def test_the_thread_outlives_an_observer_that_raises(desk: Desk) -> None:
    answered = threading.Event()
    desk.runner._changed = lambda: 1 / 0
    desk.runner._failed = lambda job, error: 1 / 0
    desk.runner.submit("bad")
    while desk.runner.busy:
        pass
    desk.runner._done = lambda job, answer: answered.set()
    desk.runner.submit("after")
    assert answered.wait(WAIT)


@pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt, asyncio.CancelledError])
def test_the_thread_outlives_an_observer_that_tries_to_end_it(desk: Desk, kind: type[BaseException]) -> None:
    def leave(*_: object) -> None:
        raise kind

    answered, tried = threading.Event(), threading.Event()
    desk.runner._failed = leave
    desk.runner._changed = lambda: (tried.set(), leave()) if not desk.runner.busy else None
    desk.runner.submit("bad")
    assert tried.wait(WAIT)
    assert not desk.runner.busy
    desk.runner._done = lambda job, answer: answered.set()
    desk.runner.submit("after")
    assert answered.wait(WAIT)


def test_one_at_a_time_takes_no_other_until_it_has_ended_or_is_cancelled(desk: Desk) -> None:
    desk.runner = OneAtATime(desk.work, desk.show, desk.fail, desk.changed)
    assert desk.runner.submit("slow one")
    assert desk.entered.wait(WAIT)
    assert not desk.runner.submit("two")
    desk.gate.set()
    assert desk.quiet.wait(WAIT)
    assert (desk.begun, desk.done) == (["slow one"], ["SLOW ONE"])
    desk.gate.clear(), desk.entered.clear(), desk.quiet.clear()
    assert desk.runner.submit("slow three")
    assert desk.entered.wait(WAIT)
    desk.runner.cancel()
    desk.gate.set()
    assert desk.quiet.wait(WAIT)
    assert desk.runner.submit("four")
    while desk.runner.busy:
        pass
    assert desk.done == ["SLOW ONE", "FOUR"]


def test_no_request_is_taken_after_the_end(desk: Desk) -> None:
    desk.runner.stop()
    assert not desk.runner.submit("late")
