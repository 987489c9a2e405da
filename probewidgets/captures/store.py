"""The store: captured states as safetensors and JSON in a folder, which anything can read.

    manifest.json                     what all states in the folder have in common: model, pool, site, dtype, ...
    captures/NAME.json                one capture: its corpus, task and counts, and its shards in order
    rows/SHARD.safetensors            which rows a shard has: `example` (n,), counted from the shard's first example,
                                      and `spans` (n, S, 2) in characters; what was left out, in the header
    layer-03/SHARD.safetensors        `states` (n, D) of layer 3 for these rows; their checksum in the header

A shard is a range of examples. Its name is a hash of their texts and spans, so that what is there already is found
again: a capture that was stopped goes on, examples added to a corpus cost only their own shards, and layers that are
missing are added beside the others. Files are written under another name and renamed: two processes may write to one
store, since a file is either absent or whole, and equal names mean equal content. To read a layer without this package:

    capture = json.load(open("captures/NAME.json"))
    X = np.concatenate([load_file(f"layer-03/{s['name']}.safetensors")["states"] for s in capture["shards"]])
"""

from __future__ import annotations

import json
import mmap
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from probewidgets.captures.alignment import begins
from probewidgets.captures.files import Files
from probewidgets.captures.recipe import differing, telling
from probewidgets.captures.shards import Put, Rows, Shard
from probewidgets.captures.tensors import (
    FORMAT,
    VERSION,
    Matrix,
    checksum,
    read_into,
)
from probewidgets.errors import StoreError
from probewidgets.machine.arrays import Ints, empty
from probewidgets.machine.files import Folder, folder_at

__all__ = ["Store", "Stored"]

_KINDS = {"float32": "<f4", "float16": "<f2"}

# All pages in one go, where the system can: a shard is read from end to end.
_READ_ONLY: dict[str, int] = (
    {"flags": mmap.MAP_SHARED | mmap.MAP_POPULATE, "prot": mmap.PROT_READ}
    if hasattr(mmap, "MAP_POPULATE")
    else {"access": mmap.ACCESS_READ}
)


class Store:
    """One folder of states that have a recipe in common.

    Args:
        place: A path, or an fsspec URL.
        recipe: All that the states depend on beside texts and layers, by name; JSON values.
        facts: What else the manifest shall say, e.g. versions.

    Raises:
        StoreError: The folder holds states of another recipe, or cannot be read or written.
    """

    def __init__(
        self, place: str | os.PathLike[str] | Folder, recipe: Mapping[str, Any], facts: Mapping[str, Any] | None = None
    ) -> None:
        self.folder = place if isinstance(place, Folder) else folder_at(place)
        self.recipe = dict(recipe)
        self.files = Files(self.folder)
        self._whole: set[str] = set()
        manifest = {"format": FORMAT, "version": VERSION, "recipe": self.recipe, **(facts or {})}
        if self.folder.has("manifest.json"):
            self._check(self.files.read_json("manifest.json"))
        else:
            self.files.write_json("manifest.json", manifest)

    @property
    def dtype(self) -> np.dtype[Any]:
        """How the states are kept."""
        return np.dtype(_KINDS[self.recipe.get("dtype", "float32")])

    def _check(self, manifest: Mapping[str, Any]) -> None:
        if manifest.get("format") != FORMAT or not isinstance(manifest.get("version"), int):
            raise StoreError(f"{self.folder} is no store of states: its manifest.json is of another kind.")
        if manifest["version"] > VERSION:
            raise StoreError(f"{self.folder} was written by a newer probewidgets. Update, or give another folder.")
        theirs = manifest.get("recipe", {})
        differ = differing(self.recipe, theirs)
        if differ:
            named = telling(differ)
            terms = "; ".join(f"{k}: {theirs.get(k)!r} there, {self.recipe.get(k)!r} asked for" for k in named)
            raise StoreError(f"The store {self.folder} holds other states ({terms:.400}). Give another folder.")

    def has(self, shard: str, layers: Sequence[int]) -> bool:
        """Whether a shard is there with all these layers."""
        names = [_rows(shard), *(_states(shard, layer) for layer in layers)]
        return all(self.folder.has(name) for name in names)

    @contextmanager
    def writing(self, shard: str, layers: Sequence[int], rows: Rows, width: int) -> Iterator[Put]:
        """`put(at, states)` fills rows `at` of all layers of a shard with L matrices of (m, D); in the end it is whole.

        Nothing is held in memory. The file of the rows comes last, so that a shard with rows is a whole one.

        Raises:
            StoreError: It cannot be written, e.g. since the disk is full. What was written before is kept.
        """
        with ExitStack() as stack:
            matrices = [
                Matrix(stack.enter_context(self.files.writing(_states(shard, layer))), len(rows), width, self.dtype)
                for layer in layers
            ]

            def put(at: Ints, states: Sequence[npt.NDArray[np.float32]]) -> None:
                for matrix, part in zip(matrices, states, strict=True):
                    matrix.put(at, part)

            try:
                yield put
            finally:
                for matrix in matrices:
                    matrix.file.close()
            for layer, matrix in zip(layers, matrices, strict=True):
                matrix.seal({"layer": str(layer), "shard": shard})
        named = ("without_token", "too_long", "shared", "unknown")
        dropped = {name: getattr(rows, name) for name in named}
        columns = {"example": rows.example, "spans": rows.spans, "kept": rows.kept}
        self.files.write(_rows(shard), columns, {"shard": shard, "dropped": json.dumps(dropped)})

    def rows(self, shard: str) -> Rows:
        """The targets that a shard's rows stand for."""
        header, columns = self.files.read(_rows(shard))
        dropped = json.loads(header.get("dropped", "{}"))
        return Rows(
            columns["example"],
            columns["spans"],
            columns["kept"],
            tuple(dropped.get("without_token", ())),
            tuple(dropped.get("too_long", ())),
            int(dropped.get("shared", 0)),
            tuple(dropped.get("unknown", ())),
        )

    def read(self, shard: str, layer: int, out: npt.NDArray[Any]) -> None:
        """Put the (n, D) states of one layer into `out`, which may be of another floating type."""
        name = _states(shard, layer)
        with self.files.opened(name) as (file, header, tensors):
            there = tensors["states"]
            if there.shape != out.shape:
                raise self.files.damaged(name, f"it holds {there.shape} states, not {out.shape}")
            data = out if there.dtype == out.dtype and out.flags.c_contiguous else np.empty(there.shape, there.dtype)
            file.seek(there.begin)
            if read_into(file, data) != there.end - there.begin:
                raise self.files.damaged(name, "it is cut off")
        if name not in self._whole:
            if checksum(data, np.arange(len(data))) != int(header.get("checksum", -1)):
                raise self.files.damaged(name, "its checksum is another than when it was written")
            self._whole.add(name)
        if data is not out:
            out[...] = data

    def map(self, shard: str, layer: int, shape: tuple[int, int], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
        """(n, D) states of one layer, mapped into memory where that can be; checked when first read."""
        name = _states(shard, layer)
        path = self.folder.map(name)
        if path is None or name not in self._whole:
            out = np.empty(shape, dtype)
            self.read(shard, layer, out)
            if path is None:
                return out
        with self.files.opened(name) as (_, _, tensors):
            there = tensors["states"]
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, **_READ_ONLY)
        return np.frombuffer(data, there.dtype, shape[0] * shape[1], there.begin).reshape(shape)

    def shard(self, shard: str, layers: Sequence[int]) -> Shard:
        """A shard's rows, and what is noted of its layers: checksum, rounding, first_not_finite.

        Raises:
            StoreError: A file of it is damaged, and was set aside; or gone.
        """
        notes = []
        for layer in layers:
            with self.files.opened(_states(shard, layer)) as (_, header, _):
                notes.append(header)
        return Shard(self.rows(shard), notes)

    def states(self, shards: Sequence[str], layers: Sequence[int], counts: Sequence[int], width: int) -> Stored:
        """(L, N, D) states of some shards in this order, which have so many rows each; they stay where they are."""
        return Stored(self, tuple(layers), tuple(shards), tuple(begins(counts).tolist()), width, self.dtype)

    def touch(self, shard: str, layers: Sequence[int]) -> None:
        """Note that a shard was used now."""
        for name in (_rows(shard), *(_states(shard, layer) for layer in layers)):
            path = self.folder.map(name)
            if path is not None:
                with suppress(OSError):
                    os.utime(path)

    def seal(self, name: str, capture: Mapping[str, Any]) -> None:
        """Write down a capture: its corpus, task and counts, and its shards in order."""
        self.files.write_json(f"captures/{name}.json", capture)


@dataclass(frozen=True, eq=False)
class Stored:
    """(L, N, D) states that stay in their store: `stored[i]` reads the i-th layer, `blocks` maps it shard by shard."""

    store: Store
    layers: tuple[int, ...]
    shards: tuple[str, ...]
    begins: tuple[int, ...]
    """First row of each shard, and at last N."""
    width: int
    kind: np.dtype[Any] = field(default_factory=lambda: np.dtype("<f4"))
    """How the states are kept."""
    ndim = 3
    dtype = np.dtype(np.float32)
    """How they are given."""

    @property
    def shape(self) -> tuple[int, int, int]:
        """(L, N, D)."""
        return len(self.layers), self.begins[-1], self.width

    @property
    def nbytes(self) -> int:
        """Bytes in the store."""
        return int(np.prod(self.shape, dtype=np.int64)) * self.kind.itemsize

    def __len__(self) -> int:
        return len(self.layers)

    def __getitem__(self, index: int) -> npt.NDArray[np.float32]:
        """(N, D) states of the i-th layer, read into memory.

        Raises:
            StoreError: A file is damaged, or gone.
        """
        out = empty(self.shape[1:], np.float32)
        layer = self.layers[index]
        for shard, low, high in self._parts():
            self.store.read(shard, layer, out[low:high])
        return out

    def blocks(self, index: int) -> Iterator[tuple[slice, npt.NDArray[Any]]]:
        """The i-th layer in parts, each mapped into memory, with the rows that it fills."""
        for shard, low, high in self._parts():
            yield slice(low, high), self.store.map(shard, self.layers[index], (high - low, self.width), self.kind)

    def _parts(self) -> Iterator[tuple[str, int, int]]:
        return zip(self.shards, self.begins, self.begins[1:], strict=False)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        if copy is False:
            raise ValueError("States in a store cannot be had without a copy.")
        return np.stack([self[i] for i in range(len(self))]).astype(dtype or np.float32, copy=False)


def _states(shard: str, layer: int) -> str:
    return f"layer-{layer:02d}/{shard}.safetensors"


def _rows(shard: str) -> str:
    return f"rows/{shard}.safetensors"
