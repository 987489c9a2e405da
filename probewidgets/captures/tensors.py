"""Tensors: safetensors files, written while their rows come in any order, and checked when they are read."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from probewidgets.machine.arrays import Ints

__all__ = ["FORMAT", "VERSION", "Matrix", "Tensor", "checksum", "read_header", "read_into", "safetensors"]

FORMAT, VERSION = "probewidgets.states", 2

_DTYPES: dict[str, np.dtype[Any]] = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2"), "I64": np.dtype("<i8")}


class Tensor(NamedTuple):
    """Where a tensor is in a file."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    begin: int
    end: int


class Matrix:
    """A safetensors file with one matrix, `states`, whose rows are filled in any order.

    What its header will say is known last, so room for it is left in front.
    """

    _ROOM = 1024

    def __init__(self, path: Path, n: int, width: int, dtype: np.dtype[Any]) -> None:
        self.path, self.shape, self.dtype = path, (n, width), dtype
        self.row = width * dtype.itemsize
        self.file = path.open("w+b", buffering=0)
        self.file.truncate(self._ROOM + n * self.row)
        self.checksum, self.first_not_finite, self.rounding = 0, n, 0.0
        self.noting = threading.Lock()

    def put(self, at: Ints, states: npt.NDArray[np.float32]) -> None:
        """Fill the rows `at`. Several threads may, each its own."""
        if not len(at):
            return
        whole = self.dtype == np.float32
        kept, rounding = (np.ascontiguousarray(states, self.dtype), 0.0) if whole else self._rounded(states)
        # A sum shows NaN and infinity, and is quicker than looking at each number.
        with np.errstate(over="ignore", invalid="ignore"):
            finite = np.isfinite(kept.sum(dtype=np.float32))
        bad = np.empty(0, np.int64) if finite else at[~np.isfinite(kept).all(axis=1)]
        summed = checksum(kept, at)
        with self.noting:
            self.first_not_finite = min(self.first_not_finite, int(bad.min(initial=self.first_not_finite)))
            self.checksum = (self.checksum + summed) % (1 << 64)
            self.rounding = max(self.rounding, rounding)
        ends = np.flatnonzero(np.diff(at) != 1) + 1
        for low, high in pairwise((0, *ends.tolist(), len(at))):
            part, place = kept[low:high].data.cast("B"), self._ROOM + int(at[low]) * self.row
            while part:
                done = self._write(part, place)
                part, place = part[done:], place + done

    def _write(self, part: memoryview, place: int) -> int:
        """Write at a place; how many bytes were written."""
        if hasattr(os, "pwrite"):
            return os.pwrite(self.file.fileno(), part, place)
        with self.noting:  # Windows: where to write is the file's
            self.file.seek(place)
            return self.file.write(part)

    def _rounded(self, states: npt.NDArray[np.float32]) -> tuple[npt.NDArray[Any], float]:
        """States as they are kept, and the largest part of a row's length that is lost by it."""
        with np.errstate(over="ignore", invalid="ignore"):
            half = states.astype(self.dtype)
            lengths = np.maximum(np.linalg.norm(states, axis=1), 1e-12)
            lost = np.linalg.norm(states - half, axis=1) / lengths
        return half, float(lost[np.isfinite(lost)].max(initial=0))

    def seal(self, facts: Mapping[str, str]) -> None:
        """Write the header."""
        n, width = self.shape
        notes = {
            **facts,
            "format": FORMAT,
            "version": str(VERSION),
            "checksum": str(self.checksum),
            "first_not_finite": str(self.first_not_finite) if self.first_not_finite < n else "",
            "rounding": f"{self.rounding:.2e}",
        }
        states = {"dtype": _kind(self.dtype), "shape": [n, width], "data_offsets": [0, n * self.row]}
        text = json.dumps({"__metadata__": notes, "states": states}).encode()
        with self.path.open("r+b") as file:
            file.write((self._ROOM - 8).to_bytes(8, "little") + text.ljust(self._ROOM - 8))


def safetensors(tensors: Mapping[str, npt.NDArray[Any]], notes: Mapping[str, str]) -> bytes:
    """A small safetensors file: equal content, equal bytes. (The library's own writer shuffles the notes.)"""
    entries: dict[str, Any] = {"__metadata__": dict(notes)}
    at = 0
    for name, array in tensors.items():
        entries[name] = {"dtype": _kind(array.dtype), "shape": array.shape, "data_offsets": [at, at + array.nbytes]}
        at += array.nbytes
    text = json.dumps(entries).encode()
    text = text.ljust(-(-len(text) // 8) * 8)
    return len(text).to_bytes(8, "little") + text + b"".join(array.tobytes() for array in tensors.values())


def _kind(dtype: np.dtype[Any]) -> str:
    """The name that safetensors has for a type."""
    return next(name for name, kind in _DTYPES.items() if kind == dtype)


def checksum(states: npt.NDArray[Any], at: Ints) -> int:
    """Of rows `at` of a matrix: the sum of their bytes, taken as numbers, each row times its place, modulo 2^64.

    Unlike a CRC it can be had while rows come in any order, and at the speed of memory.
    """
    size = 8 if states.shape[1] * states.itemsize % 8 == 0 else states.itemsize
    sums = states.view(f"<u{size}").sum(axis=1, dtype=np.uint64)
    return int((sums * (2 * at.astype(np.uint64) + np.uint64(1))).sum())


def read_header(file: Any, size: int) -> tuple[dict[str, str], dict[str, Tensor]]:
    """Header and tensors of a safetensors file of `size` bytes; ValueError and the like where it is none."""
    length = int.from_bytes(file.read(8), "little")
    if not 2 <= length <= size - 8:
        raise ValueError("it is no safetensors file")
    parts = json.loads(file.read(length))
    header = parts.pop("__metadata__", {})
    if header.get("format") != FORMAT or int(header.get("version", 0)) > VERSION:
        raise ValueError("it was written by something else, or by a newer version")
    start = 8 + length
    tensors = {
        key: Tensor(_DTYPES[t["dtype"]], tuple(t["shape"]), start + t["data_offsets"][0], start + t["data_offsets"][1])
        for key, t in parts.items()
    }
    if max((tensor.end for tensor in tensors.values()), default=start) != size:
        raise ValueError("it is cut off, or longer than it was")
    return header, tensors


def read_into(file: Any, out: npt.NDArray[Any]) -> int:
    """Fill an array from a file; how many bytes there were."""
    view, at = out.reshape(-1).view(np.uint8).data, 0
    while at < len(view):
        got = file.readinto(view[at:])
        if not got:
            break
        at += got
    return at
