"""Claims: a file that one process writes, and no other. A claim ends with its process, however that ends."""

from __future__ import annotations

import os
import weakref
from contextlib import suppress
from pathlib import Path

__all__ = ["Claim"]

_REFUSED = (BlockingIOError, PermissionError)
"""How systems say that somebody else has a lock."""


class Claim:
    """The right to write a file; held until `release`, or until the process ends.

    It is a lock of the operating system's on a hidden file beside the one that is claimed, and no bytes in it: so what
    a killed process leaves behind stops nobody. Where a disk has no locks, nothing guards the file, and `guarded` says
    so.

    Args:
        path: The file that is to be written.

    Raises:
        BlockingIOError: Another claim holds it, of this process or of another one.
        OSError: Nothing can be written beside it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.parent / f".{path.name}.lock"
        self.guarded = True
        while True:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
            self._end = weakref.finalize(self, os.close, descriptor)
            try:
                _lock(descriptor)
            except _REFUSED as error:
                self._end()
                raise BlockingIOError(f"{path} is being written by somebody else") from error
            except OSError:  # a disk without locks
                self.guarded = False
                return
            if self._is_there(descriptor):
                return
            self._end()  # whoever had it has taken it away in between

    def _is_there(self, descriptor: int) -> bool:
        """Whether the file that is locked is the one that others would find."""
        with suppress(OSError):
            return os.path.samestat(os.fstat(descriptor), self.path.stat())
        return False

    def release(self) -> None:
        """Let others write. Safe to call twice."""
        if self._end.alive:
            with suppress(OSError):
                self.path.unlink()  # while it is still ours; an open file that cannot be removed stays, and is empty
            self._end()


def _lock(descriptor: int) -> None:
    """Lock a file for this opening of it, or raise at once."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
