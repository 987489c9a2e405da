"""A store in memory: the states of one capture in one array, which a store on disk may stand behind as its cache."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from probewidgets.captures.parts import Part
from probewidgets.captures.shards import Put, Rows, Shard, first_not_finite
from probewidgets.captures.store import Store
from probewidgets.errors import StoreError
from probewidgets.machine.arrays import Ints

__all__ = ["MemoryStore"]

States = npt.NDArray[np.float32]


class MemoryStore:
    """Keeps the states of one capture in one array, of which nothing is copied.

    Shards that the cache has are read from there, and those that it has not are written to it as soon as they are
    whole. Where it cannot be written, a warning says so, and the capture goes on without it.

    Args:
        parts: All parts of the capture, in order.
        shape: (L, N, D) room for all targets, whether or not they will have a row.
        cache: The store behind it, if there is one.
    """

    def __init__(self, parts: Sequence[Part], shape: tuple[int, int, int], cache: Store | None) -> None:
        self.shape, self.cache = shape, cache
        # Parts of equal content are one shard.
        self._places = {part.name: slice(part.first_target, part.first_target + len(part)) for part in reversed(parts)}
        self._shards: dict[str, Shard] = {}

    @cached_property
    def _array(self) -> States:
        """(L, N, D)"""
        return np.empty(self.shape, np.float32)

    def has(self, shard: str, layers: Sequence[int]) -> bool:
        """Whether a shard is here or in the cache."""
        return shard in self._shards or (self.cache is not None and self.cache.has(shard, layers))

    @contextmanager
    def writing(self, shard: str, layers: Sequence[int], rows: Rows, width: int) -> Iterator[Put]:
        """`put(at, states)` fills rows `at` of all layers of a shard with L matrices of (m, D)."""
        states = self._array[:, self._places[shard]][:, : len(rows)]

        def put(at: Ints, filling: Sequence[States]) -> None:
            for matrix, layer in zip(states, filling, strict=True):
                matrix[at] = layer

        yield put
        self._shards[shard] = Shard(rows, [first_not_finite(matrix) for matrix in states])
        with self._caching() as cache:
            if cache is not None:
                with cache.writing(shard, layers, rows, width) as put_there:
                    put_there(np.arange(len(rows)), list(states))

    def shard(self, shard: str, layers: Sequence[int]) -> Shard:
        """The rows and notes of a shard, which is read from the cache, where it is not here yet.

        Raises:
            StoreError: It is damaged there, and was set aside.
        """
        if shard not in self._shards and self.cache is not None:
            rows, notes = self.cache.shard(shard, layers)
            states = self._array[:, self._places[shard]][:, : len(rows)]
            for layer, matrix in zip(layers, states, strict=True):
                self.cache.read(shard, layer, matrix)
            self.cache.touch(shard, layers)
            self._shards[shard] = Shard(rows, notes)
        return self._shards[shard]

    def states(self, shards: Sequence[str], layers: Sequence[int], counts: Sequence[int], width: int) -> States:  # noqa: ARG002
        """(L, N, D) states of all shards in order: rows move down to where targets before them have none."""
        end = 0
        for shard, n in zip(shards, counts, strict=True):
            begin = self._places[shard].start
            if begin != end:
                for matrix in self._array:
                    matrix[end : end + n] = matrix[begin : begin + n]
                # What stood here may be overwritten; a later part of equal content is copied from the new place.
                self._places[shard] = slice(end, end + n)
            end += n
        return self._array[:, :end]

    def seal(self, name: str, capture: Mapping[str, Any]) -> None:
        """Write the capture down in the cache."""
        with self._caching() as cache:
            if cache is not None:
                cache.seal(name, capture)

    @contextmanager
    def _caching(self) -> Iterator[Store | None]:
        """The cache to write to. Once that fails, there is none."""
        try:
            yield self.cache
        except StoreError as error:
            warnings.warn(f"The captured states could not be cached: {error}", stacklevel=2)
            self.cache = None
