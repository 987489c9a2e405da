"""Turns: a lock that its holders can make one with another's."""

from __future__ import annotations

import threading
import weakref

__all__ = ["Turns"]


class _Group:
    """Those who take turns with each other."""

    def __init__(self, first: Turns) -> None:
        self.lock = threading.RLock()
        self.members = weakref.WeakSet([first])


class Turns:
    """A lock that a thread may take several times, as `threading.RLock`; joined with another one, both are the same.

    Two widgets that change each other, each under a lock of its own, would wait for each other for ever when a thread
    comes from each side.
    """

    def __init__(self) -> None:
        self._group = _Group(self)
        self._taken = threading.local()  # what this thread has taken, in the order in which it did

    def __enter__(self) -> None:
        while True:
            group = self._group
            group.lock.acquire()
            if group is self._group:
                break
            group.lock.release()  # it was joined with another one while this thread waited for it
        self._taken.__dict__.setdefault("groups", []).append(group)

    def __exit__(self, *_: object) -> None:
        self._taken.groups.pop().lock.release()

    def join(self, other: Turns) -> None:
        """From here on, whoever has one of both has the other one too."""
        with self, other:
            mine, theirs = self._group, other._group
            if mine is theirs:
                return
            for member in list(theirs.members):
                member._group = mine
                mine.members.add(member)
