"""Arrays that may be larger than memory: those are mapped from a scratch file, and paged in and out by the system.

A pass over such an array is a pass over its file. What works on arrays works on them, and gives the same numbers.
"""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from probewidgets.errors import StoreError

__all__ = ["Floats", "Ints", "Spare", "empty", "give_back", "memory", "take"]

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.int64]

_BLOCK = 8192
"""Rows copied at a time."""


def memory() -> int:
    """Bytes of memory that this machine has."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 8 << 30


def most_in_memory() -> int:
    """Bytes of the largest array that is kept in memory: an eighth, since several are needed at a time."""
    return memory() // 8


def empty(shape: tuple[int, ...], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """An array to be filled; behind it a scratch file in `$TMPDIR`, if it is large, which goes with it.

    Raises:
        StoreError: There is no room for that file.
    """
    dtype = np.dtype(dtype)
    size = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
    if size <= most_in_memory():
        return np.empty(shape, dtype)
    with tempfile.TemporaryFile() as file:
        try:
            # Room is taken at once: a mapped file that finds none later ends the process.
            _take_room(file, size)
        except OSError as error:
            raise StoreError(
                f"An array of {size / 1e9:,.1f} GB needs a scratch file, for which {tempfile.gettempdir()} has no room "
                f"({error.strerror}). Make room, or set $TMPDIR to another folder."
            ) from error
        return np.memmap(file, dtype, "r+", shape=shape)


def _take_room(file: IO[bytes], size: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file.fileno(), 0, size)
    elif shutil.disk_usage(tempfile.gettempdir()).free < size:  # macOS and Windows
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def take(matrix: npt.NDArray[Any], rows: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
    """The rows of a matrix, as a new one."""
    out = empty((len(rows), *matrix.shape[1:]), matrix.dtype)
    for low in range(0, len(rows), _BLOCK):
        out[low : low + _BLOCK] = matrix[rows[low : low + _BLOCK]]
    return out


class Spare:
    """The memory that is free but still held: given back as soon as it may be as much as `most` bytes, and not sooner.

    Batches of ever other sizes leave gaps between what is in use, and what is held grows with the work that was done.
    But what is given back has to be got anew, a page at a time: most of it is wanted again by the next batch.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._least = _resident()

    def check(self) -> None:
        """To be called every now and then."""
        held = _resident()
        self._least = min(self._least, held)
        if held > self._least + self.most:
            give_back()
            self._least = _resident()


def give_back() -> None:
    """Give the system the memory that is free but still held, where the C library keeps it (glibc's does)."""
    trim = _trim()
    if trim is not None:
        trim(0)


def _resident() -> int:
    """Bytes of this process that are in memory and in no file; 0 where the system does not say (Linux does)."""
    try:
        _, resident, shared, *_ = Path("/proc/self/statm").read_text().split()
    except OSError:
        return 0
    return (int(resident) - int(shared)) * mmap.PAGESIZE


@cache
def _trim() -> Any:
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # another C library, or a system without one of that kind
        return None
