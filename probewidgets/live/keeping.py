"""Keeping a lesson: written to its file after each change, found there again, and by one writer at a time."""

from __future__ import annotations

import hashlib
import os
import threading
import weakref
from collections.abc import Callable, Iterator
from itertools import chain, count
from pathlib import Path
from typing import Any

from probewidgets.data.lesson_files import json_lines_of, read_lesson
from probewidgets.data.lessons import Lesson
from probewidgets.data.segment import Segmenter
from probewidgets.errors import StoreError
from probewidgets.machine.claims import Claim
from probewidgets.machine.files import path_of, whole

__all__ = ["Keeper", "origin_of"]

FILE = "teacher.jsonl"
_MOST = 100
"""Names that are tried beside the notebook."""


def origin_of(lesson: Lesson) -> str:
    """By which a lesson is known with what it began: a digest of that, "" for one that began with nothing."""
    if not lesson.sentences and not lesson.labels:
        return "" if (lesson.name, lesson.unit) == ("label", "word") else f"{lesson.name}/{lesson.unit}"
    return hashlib.sha256(json_lines_of(lesson).encode()).hexdigest()[:16]


class Keeper:
    """Writes a lesson to one file, which nobody else writes meanwhile. Made by `kept`.

    If the file is changed by somebody all the same, it is left as it is, and the lesson goes on in a new one beside it.
    """

    def __init__(self, path: Path, origin: str, claim: Claim) -> None:
        self.path = path
        """Where it writes; another one after somebody else has written there."""
        self.origin = origin
        self.given_up: Callable[[], None] = lambda: None
        """Called when a newer keeper of this process goes on with the lesson."""
        self._claim = claim
        _keepers[path] = self
        self._lock = threading.Lock()
        self._stamp = _stamp(path)

    @staticmethod
    def kept(
        start: Lesson, path: str | os.PathLike[str] | None = None, segmenter: Segmenter | None = None
    ) -> tuple[Keeper, Lesson, bool]:
        """A keeper, the lesson as it was left, or else as it is to start, and whether it was found in the file.

        Args:
            start: What the lesson begins with. A file that holds one which began likewise is gone on with.
            path: The file; None: the first `teacher.jsonl`, `teacher-2.jsonl`, ... in this folder which is free, or
                holds such a lesson, and is nobody else's.
            segmenter: How words are found, where that is a function.

        Raises:
            StoreError: The file is being written by another process, holds another lesson or none at all, or cannot be
                read; none can be written here.
        """
        origin = origin_of(start)
        if path is not None:
            return _opened(path_of(path).absolute(), start, origin, segmenter, any_lesson=origin == "")
        for place in _names(Path.cwd() / FILE):
            try:
                return _opened(place, start, origin, segmenter, any_lesson=False)
            except _AnotherError:
                continue
        raise StoreError(f"All names from {FILE} on are in use in {Path.cwd()}: give a path=.")

    def save(self, lesson: Lesson) -> None:
        """Write the lesson: whole, or not at all.

        Raises:
            StoreError: It cannot be written: no room, no right.
        """
        with self._lock:
            if _stamp(self.path) != self._stamp:
                self._move()
            text = json_lines_of(lesson, self.origin)
            with whole(self.path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            self._stamp = _stamp(self.path)

    def _move(self) -> None:
        """Go on in a file that is free: in ours somebody else has written."""
        for place in _names(self.path):
            if not place.exists():
                claim = _claimed(place)
                self.close()
                self.path, self._claim, self._stamp = place, claim, None
                _keepers[place] = self
                return
        raise StoreError(f"{self.path} was changed by another program, and no name beside it is free.")

    def close(self) -> None:
        """Let others write the file. Safe to call twice."""
        if _keepers.get(self.path) is self:
            del _keepers[self.path]
        self._claim.release()


_keepers: weakref.WeakValueDictionary[Path, Keeper] = weakref.WeakValueDictionary()
"""Those of this process."""


class _AnotherError(StoreError):
    """A file is somebody else's."""


def _names(path: Path) -> Iterator[Path]:
    numbered = (path.with_name(f"{path.stem}-{n}{path.suffix}") for n in count(2))
    return chain([path], (name for name, _ in zip(numbered, range(_MOST), strict=False)))


def _opened(
    path: Path, start: Lesson, origin: str, segmenter: Segmenter | None, *, any_lesson: bool
) -> tuple[Keeper, Lesson, bool]:
    if (keeper := _keepers.get(path)) is not None and (any_lesson or keeper.origin == origin):
        keeper.close()
        keeper.given_up()
    claim = _claimed(path)
    try:
        if not path.exists():
            return Keeper(path, origin, claim), start, False
        try:
            lesson, began = read_lesson(path, segmenter)
        except StoreError as error:
            raise _AnotherError(str(error)) from error
        if began != origin and not any_lesson:
            raise _AnotherError(
                f"{path} holds a lesson that began with other sentences or labels. Go on with it by "
                f"ProbeTeacher(path={path.name!r}) alone, or give another path."
            )
        return Keeper(path, began, claim), lesson, True
    except BaseException:
        claim.release()
        raise


def _claimed(path: Path) -> Claim:
    try:
        return Claim(path)
    except BlockingIOError:
        raise _AnotherError(
            f"{path} is being written by another kernel, or another teacher of this one: two of them would overwrite "
            "each other's labels. Close that one (or restart its kernel), or give another path."
        ) from None
    except OSError as error:
        raise StoreError(
            f"Nothing can be written beside {path}: {error.strerror or error}. Give another path, or path=False to "
            "teach without saving."
        ) from error


def _stamp(path: Path) -> Any:
    """What tells whether somebody has written a file; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
