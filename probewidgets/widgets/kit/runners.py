"""Runners: background threads that do one request after the other.

LatestRunner finishes what it has begun, if that does not take long, and then goes on to the newest request: whoever
asks faster than it answers sees every answer that there is time for. OneAtATime takes nothing else meanwhile.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["Cancelled", "Job", "LatestRunner", "OneAtATime"]

_log = logging.getLogger(__name__)

_PATIENCE = 2.0
"""Seconds that a newer request waits for the one at work."""

_MOST_LEFT = 4
"""Threads that may be at work on what nobody waits for any more."""

Request = TypeVar("Request")
Answer = TypeVar("Answer")


class Cancelled(Exception):  # noqa: N818 - a request that is no longer wanted is not an error
    """Raised inside a job by `Job.check` once its answer is no longer wanted."""


class Job(Generic[Request]):
    """One request on its way through the runner."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self._unwanted = threading.Event()
        self._until = math.inf
        self.dropped = False
        """Whether it was ended for a newer one."""

    def cancel(self) -> None:
        """Say that the answer is no longer wanted."""
        self._unwanted.set()

    def overtake(self, patience: float) -> None:
        """Say that a newer request waits: after so many seconds the next `check` ends this one."""
        self._until = min(self._until, time.monotonic() + patience)

    @property
    def wanted(self) -> bool:
        """Whether nobody has cancelled it."""
        return not self._unwanted.is_set()

    def check(self) -> None:
        """Call between two steps of long work; raises Cancelled when there is no point in going on."""
        self.dropped = time.monotonic() > self._until
        if self.dropped or not self.wanted:
            raise Cancelled


class LatestRunner(Generic[Request, Answer]):
    """Runs requests on one daemon thread. A newer request replaces the waiting one, and the running one is finished.

    One that does not end within two seconds is dropped for the newer one at its next check; but not twice in a row, so
    that there are answers however slow they are. One that never checks can only be left: see `leave`.

    Args:
        work: Turns a job into an answer; calls `job.check()` where it can stop.
        done: Called on the thread with the job and its answer, unless the job was cancelled meanwhile.
        failed: Called on the thread with the job and the exception that `work` raised.
        changed: Called, on whichever thread, after `busy` may have changed.
    """

    def __init__(
        self,
        work: Callable[[Job[Request]], Answer],
        done: Callable[[Job[Request], Answer], None],
        failed: Callable[[Job[Request], BaseException], None],
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._work, self._done, self._failed, self._changed = work, done, failed, changed
        self._wake = threading.Condition()
        self._waiting: Job[Request] | None = None
        self._running: Job[Request] | None = None
        self._thread: threading.Thread | None = None
        self._left: list[threading.Thread] = []
        self._stopped = False
        self._lost = False  # whether the last job was dropped for a newer one

    @property
    def busy(self) -> bool:
        """Whether a request is waiting or running."""
        with self._wake:
            return self._waiting is not None or self._running is not None

    def submit(self, request: Request) -> bool:
        """Ask for an answer; returns at once: whether the request is taken. After `stop`, none is."""
        with self._wake:
            if self._stopped or not self._takes():
                return False
            self._waiting = Job(request)
            if self._running is not None and not self._lost:
                self._running.overtake(_PATIENCE)
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name="probewidgets-worker", daemon=True)
                self._thread.start()
            self._wake.notify()
        self._tell(self._changed)
        return True

    def _takes(self) -> bool:
        """Whether another request is taken, as things stand."""
        return True

    def cancel(self) -> None:
        """Forget the waiting request and cancel the running one."""
        with self._wake:
            self._drop()

    def leave(self) -> None:
        """Cancel everything, and do not wait for what runs: the next request is done on another thread.

        What is left ends at its next check or, where it has none, when it is done; nobody hears of it. Where four are
        left already and have not ended, the next request waits, so that work that never ends does not pile up.
        """
        with self._wake:
            self._drop()
            self._left = [thread for thread in self._left if thread.is_alive()]
            if self._running is not None and self._thread is not None and len(self._left) < _MOST_LEFT:
                self._left.append(self._thread)
                self._thread = self._running = None
        self._tell(self._changed)

    def stop(self, timeout: float = 1.0) -> None:
        """Cancel everything and end the thread; waits for it, but not longer than `timeout` (s)."""
        with self._wake:
            self._stopped = True
            self._drop()
            self._wake.notify()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout)

    def _drop(self) -> None:
        self._waiting = None
        if self._running is not None:
            self._running.cancel()

    def _loop(self) -> None:
        while True:
            with self._wake:
                while self._waiting is None and not self._stopped:
                    self._wake.wait()
                job, self._running, self._waiting = self._waiting, self._waiting, None
                if job is None or self._stopped:
                    return
            self._answer(job)
            with self._wake:
                if self._thread is not threading.current_thread():  # it was left
                    return
                self._running, self._lost = None, job.dropped
            self._tell(self._changed)
            del job  # an idle thread keeps no text and no answer alive

    def _answer(self, job: Job[Request]) -> None:
        try:
            answer = self._work(job)
            job.dropped = False
            if job.wanted:
                self._done(job, answer)
        except Cancelled:
            pass
        except BaseException as error:  # also sys.exit() in a predictor: the thread must live on
            self._tell(self._failed, job, error)

    @staticmethod
    def _tell(callback: Callable[..., None], *arguments: object) -> None:
        """Call back; what goes wrong in somebody's observer (also sys.exit()) is logged, and ends nothing."""
        try:
            callback(*arguments)
        except BaseException:
            _log.exception("a callback of the worker failed")


class OneAtATime(LatestRunner[Request, Answer]):
    """Runs requests on one daemon thread. While one is at work, no other is taken; `cancel` ends it at its check."""

    def _takes(self) -> bool:
        return self._waiting is None and self._running is None
