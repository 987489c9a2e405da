"""Shards: a part's states as they are kept, what their rows stand for, and what any store of them can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from probewidgets.machine.arrays import Ints

__all__ = ["Put", "Rows", "Shard", "StateStore", "first_not_finite"]

Put = Callable[[Ints, Sequence[npt.NDArray[np.float32]]], None]
"""`put(at, states)` fills rows `at` of all layers of a shard with L matrices of (m, D); several threads may call it."""


@dataclass(frozen=True, eq=False)
class Rows:
    """The targets that a shard's rows stand for, and those that have none."""

    example: Ints
    """(n,) counted from the shard's first example."""
    spans: Ints
    """(n, S, 2) characters."""
    kept: Ints
    """(n,) which of the shard's targets have a row."""
    without_token: tuple[int, ...] = ()
    """Targets of the shard that got no token."""
    too_long: tuple[int, ...] = ()
    """Targets of the shard in texts longer than the model."""
    shared: int = 0
    """Targets that share a token with a neighbour."""
    unknown: tuple[int, ...] = ()
    """Targets of the shard that the tokenizer has only its unknown token for."""

    def __len__(self) -> int:
        return len(self.example)


class Shard(NamedTuple):
    """A part whose states are there."""

    rows: Rows
    notes: list[dict[str, str]]
    """(L,) of each layer: `first_not_finite`, the first row that holds NaN or infinity, and `rounding`, where known."""


class StateStore(Protocol):
    """Where states are kept, shard by shard: in a folder (`Store`), or in memory (`MemoryStore`)."""

    def has(self, shard: str, layers: Sequence[int]) -> bool:
        """Whether a shard is there with all these layers."""

    def writing(self, shard: str, layers: Sequence[int], rows: Rows, width: int) -> AbstractContextManager[Put]:
        """A way to fill the states of a shard, which is there once the context ends well."""

    def shard(self, shard: str, layers: Sequence[int]) -> Shard:
        """The rows and notes of a shard that is there; StoreError where it turns out to be damaged."""

    def states(self, shards: Sequence[str], layers: Sequence[int], counts: Sequence[int], width: int) -> Any:
        """(L, N, D) states of some shards in this order, with their numbers of rows."""

    def seal(self, name: str, capture: Mapping[str, Any]) -> None:
        """Write down a capture: its corpus, task and counts, and its shards in order."""


def first_not_finite(states: npt.NDArray[np.float32]) -> dict[str, str]:
    """A note of the first row of (n, D) states that holds NaN or infinity, if any does."""
    # A sum shows them without a second array of the size of the states.
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(states.sum(dtype=np.float64)):
            return {}
    bad = np.flatnonzero(~np.isfinite(states).all(axis=1))
    return {"first_not_finite": str(int(bad[0]))} if len(bad) else {}
