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
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from probewidgets.errors import StoreError
from probewidgets.machine.arrays import Ints, empty
from probewidgets.machine.files import Folder, folder_at

__all__ = ["Cache", "Rows", "Store", "Stored", "cache", "default_folder"]

FORMAT, VERSION = "probewidgets.states", 2


_DTYPES: dict[str, np.dtype[Any]] = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2"), "I64": np.dtype("<i8")}
_KINDS = {"float32": "<f4", "float16": "<f2"}

# All pages in one go, where the system can: a shard is read from end to end.
_READ_ONLY: dict[str, int] = (
    {"flags": mmap.MAP_SHARED | mmap.MAP_POPULATE, "prot": mmap.PROT_READ}
    if hasattr(mmap, "MAP_POPULATE")
    else {"access": mmap.ACCESS_READ}
)

Put = Callable[[Ints, Sequence[npt.NDArray[np.float32]]], None]


def default_folder() -> Path:
    """`$PROBEWIDGETS_CACHE`, or this user's cache folder."""
    from platformdirs import user_cache_path

    chosen = os.environ.get("PROBEWIDGETS_CACHE")
    return Path(chosen).expanduser() if chosen else user_cache_path("probewidgets")


@dataclass(frozen=True, eq=False)
class Rows:
    """What a shard's rows stand for."""

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


class _Tensor(NamedTuple):
    """Where a tensor is in a file."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    begin: int
    end: int


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
        self._whole: set[str] = set()
        manifest = {"format": FORMAT, "version": VERSION, "recipe": self.recipe, **(facts or {})}
        if self.folder.has("manifest.json"):
            self._check(self._json("manifest.json"))
        else:
            self._put_json("manifest.json", manifest)

    def _check(self, manifest: Mapping[str, Any]) -> None:
        if manifest.get("format") != FORMAT or not isinstance(manifest.get("version"), int):
            raise StoreError(f"{self.folder} is no store of states: its manifest.json is of another kind.")
        if manifest["version"] > VERSION:
            raise StoreError(f"{self.folder} was written by a newer probewidgets. Update, or give another folder.")
        theirs = manifest.get("recipe", {})
        differ = [k for k in {*theirs, *self.recipe} if theirs.get(k) != self.recipe.get(k)]
        if differ:
            said = "; ".join(f"{k}: {theirs.get(k)!r} there, {self.recipe.get(k)!r} asked for" for k in sorted(differ))
            raise StoreError(f"The store {self.folder} holds other states ({said:.400}). Give another folder.")

    # ------------------------------------------------------------------ shards

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
        dtype = np.dtype(_KINDS[self.recipe.get("dtype", "float32")])
        with ExitStack() as stack:
            matrices = [
                _Matrix(stack.enter_context(self._writing(_states(shard, layer))), len(rows.example), width, dtype)
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
        dropped = {"without_token": rows.without_token, "too_long": rows.too_long, "shared": rows.shared}
        columns = {"example": rows.example, "spans": rows.spans, "kept": rows.kept}
        self._put(_rows(shard), columns, {"shard": shard, "dropped": json.dumps(dropped)})

    def rows(self, shard: str) -> Rows:
        """What a shard's rows stand for."""
        header, columns = self._get(_rows(shard))
        dropped = json.loads(header.get("dropped", "{}"))
        return Rows(
            columns["example"],
            columns["spans"],
            columns["kept"],
            tuple(dropped.get("without_token", ())),
            tuple(dropped.get("too_long", ())),
            int(dropped.get("shared", 0)),
        )

    def read(self, shard: str, layer: int, out: npt.NDArray[Any]) -> None:
        """Put the (n, D) states of one layer into `out`, which may be of another floating type."""
        name = _states(shard, layer)
        with self._opened(name) as (file, header, tensors):
            there = tensors["states"]
            if there.shape != out.shape:
                raise self._damaged(name, f"it holds {there.shape} states, not {out.shape}")
            data = out if there.dtype == out.dtype and out.flags.c_contiguous else np.empty(there.shape, there.dtype)
            file.seek(there.begin)
            if _read_into(file, data) != there.end - there.begin:
                raise self._damaged(name, "it is cut off")
        if name not in self._whole:
            if _checksum(data, np.arange(len(data))) != int(header.get("checksum", -1)):
                raise self._damaged(name, "its checksum is another than when it was written")
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
        with self._opened(name) as (_, _, tensors):
            there = tensors["states"]
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, **_READ_ONLY)
        return np.frombuffer(data, there.dtype, shape[0] * shape[1], there.begin).reshape(shape)

    def headers(self, shard: str, layers: Sequence[int]) -> list[dict[str, str]]:
        """What is noted of the states of some layers: checksum, rounding, first_not_finite."""
        found = []
        for layer in layers:
            with self._opened(_states(shard, layer)) as (_, note, _):
                found.append(note)
        return found

    def touch(self, shard: str, layers: Sequence[int]) -> None:
        """Note that a shard was used now."""
        for name in (_rows(shard), *(_states(shard, layer) for layer in layers)):
            path = self.folder.map(name)
            if path is not None:
                with suppress(OSError):
                    os.utime(path)

    def seal(self, name: str, capture: Mapping[str, Any]) -> None:
        """Write down a capture: its corpus, task and counts, and its shards in order."""
        self._put_json(f"captures/{name}.json", capture)

    # ------------------------------------------------------------------ files

    def _json(self, name: str) -> dict[str, Any]:
        try:
            with self.folder.open(name) as file:
                found = json.loads(file.read())
        except (OSError, ValueError) as error:
            raise StoreError(f"{self.folder}/{name} cannot be read: {error}") from error
        if not isinstance(found, dict):
            raise StoreError(f"{self.folder}/{name} holds no object.")
        return found

    def _put_json(self, name: str, value: Mapping[str, Any]) -> None:
        with self._writing(name) as path:
            path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def _put(self, name: str, tensors: Mapping[str, npt.NDArray[Any]], header: Mapping[str, str]) -> None:
        with self._writing(name) as path:
            path.write_bytes(_safetensors(tensors, {**header, "format": FORMAT, "version": str(VERSION)}))

    @contextmanager
    def _writing(self, name: str) -> Iterator[Path]:
        """A path to write a file to."""
        try:
            with self.folder.writing(name) as path:
                yield path
        except _WriteError:  # of a file that is written beside it
            raise
        except OSError as error:
            cause: Any = error.__cause__ or error
            why = getattr(cause, "strerror", None) or cause
            raise _WriteError(
                f"{self.folder}/{name} could not be written: {why}. What was written before is kept: mend it or "
                "make room, and run the same capture(...) again."
            ) from error

    def _get(self, name: str) -> tuple[dict[str, str], dict[str, npt.NDArray[Any]]]:
        """Header and tensors of a small file."""
        from safetensors import SafetensorError
        from safetensors.numpy import load

        with self._opened(name) as (file, header, _):
            file.seek(0)
            try:
                return header, load(file.read())
            except (SafetensorError, ValueError) as error:
                raise self._damaged(name, str(error)) from error

    @contextmanager
    def _opened(self, name: str) -> Iterator[tuple[Any, dict[str, str], dict[str, _Tensor]]]:
        """An open safetensors file, its header, and where its tensors are."""
        try:
            file = self.folder.open(name)
        except OSError as error:
            raise StoreError(
                f"{self.folder}/{name} cannot be read ({error.strerror or error}). Was the store cleared? Run the same "
                "capture(...) again."
            ) from error
        with file:
            try:
                header, tensors = _header(file, self.folder.size(name))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise self._damaged(name, str(error)) from error
            yield file, header, tensors

    def _damaged(self, name: str, why: str) -> StoreError:
        """Set a damaged file aside, so that the next capture makes it anew; and say so."""
        with suppress(OSError):
            self.folder.rename(name, f"{name}.damaged")
        return StoreError(
            f"{self.folder}/{name} is damaged: {why}. It was renamed to *.damaged; run the same capture(...) again, "
            "which computes only this shard anew."
        )


class _WriteError(StoreError):
    """A file that could not be written, with all that is to be said of it."""


class _Matrix:
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
        checksum = _checksum(kept, at)
        with self.noting:
            self.first_not_finite = min(self.first_not_finite, int(bad.min(initial=self.first_not_finite)))
            self.checksum = (self.checksum + checksum) % (1 << 64)
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


def _safetensors(tensors: Mapping[str, npt.NDArray[Any]], notes: Mapping[str, str]) -> bytes:
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
    """What safetensors calls a type."""
    return next(name for name, known in _DTYPES.items() if known == dtype)


def _checksum(states: npt.NDArray[Any], at: Ints) -> int:
    """Of rows `at` of a matrix: the sum of their bytes, taken as numbers, each row times its place, modulo 2^64.

    Unlike a CRC it can be had while rows come in any order, and at the speed of memory.
    """
    size = 8 if states.shape[1] * states.itemsize % 8 == 0 else states.itemsize
    sums = states.view(f"<u{size}").sum(axis=1, dtype=np.uint64)
    return int((sums * (2 * at.astype(np.uint64) + np.uint64(1))).sum())


def _header(file: Any, size: int) -> tuple[dict[str, str], dict[str, _Tensor]]:
    """What the beginning of a safetensors file of `size` bytes says; ValueError and the like where it is none."""
    length = int.from_bytes(file.read(8), "little")
    if not 2 <= length <= size - 8:
        raise ValueError("it is no safetensors file")
    parts = json.loads(file.read(length))
    header = parts.pop("__metadata__", {})
    if header.get("format") != FORMAT or int(header.get("version", 0)) > VERSION:
        raise ValueError("it was written by something else, or by a newer version")
    start = 8 + length
    tensors = {
        key: _Tensor(_DTYPES[t["dtype"]], tuple(t["shape"]), start + t["data_offsets"][0], start + t["data_offsets"][1])
        for key, t in parts.items()
    }
    if max((tensor.end for tensor in tensors.values()), default=start) != size:
        raise ValueError("it is cut off, or longer than it was")
    return header, tensors


def _read_into(file: Any, out: npt.NDArray[Any]) -> int:
    """Fill an array from a file; how many bytes there were."""
    view, at = out.reshape(-1).view(np.uint8).data, 0
    while at < len(view):
        got = file.readinto(view[at:])
        if not got:
            break
        at += got
    return at


def _states(shard: str, layer: int) -> str:
    return f"layer-{layer:02d}/{shard}.safetensors"


def _rows(shard: str) -> str:
    return f"rows/{shard}.safetensors"


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


class Cache:
    """What capture and explore keep for a second time: `pw.cache` shows it, `pw.cache.clear()` empties it.

    Files that were used least recently go first, once there is more than `limit`.
    """

    _RECENT = 600
    """Files used in the last so many seconds stay: another process may be at them."""

    @property
    def folder(self) -> Path:
        """Where it is: `$PROBEWIDGETS_CACHE`, or this user's cache folder."""
        return default_folder()

    @property
    def limit(self) -> int:
        """The most bytes it keeps: `$PROBEWIDGETS_CACHE_GB`, or 20 GB."""
        try:
            return int(float(os.environ.get("PROBEWIDGETS_CACHE_GB", "20")) * 1e9)
        except ValueError:
            raise StoreError(
                f"$PROBEWIDGETS_CACHE_GB must be a number of gigabytes, but is {os.environ['PROBEWIDGETS_CACHE_GB']!r}."
            ) from None

    def files(self) -> list[tuple[float, int, Path]]:
        """Every file of the cache: when it was used last (s since 1970), bytes, path; the oldest first."""
        found = []
        for part in ("states", "sweeps"):
            for path in (self.folder / part).rglob("*"):
                with suppress(OSError):  # another process may have removed it
                    stat = path.stat()
                    if path.is_file():
                        found.append((stat.st_mtime, stat.st_size, path))
        return sorted(found)

    @property
    def size(self) -> int:
        """Bytes in it."""
        return sum(size for _, size, _ in self.files())

    def clear(self) -> None:
        """Remove everything in it. States that are still lazily read from it must be captured again."""
        for _, _, path in self.files():
            with suppress(OSError):
                path.unlink()
        for part in ("states", "sweeps"):
            for folder in sorted((self.folder / part).rglob("*"), reverse=True):
                with suppress(OSError):
                    folder.rmdir()

    def prune(self) -> None:
        """Remove what was used least recently, until there is no more than `limit`."""
        files, before = self.files(), time.time() - self._RECENT
        total = sum(size for _, size, _ in files)
        for used, size, path in files:
            if total <= self.limit or used > before:
                return
            with suppress(OSError):
                path.unlink()
            total -= size

    def __repr__(self) -> str:
        return (
            f"Cache({self.folder}: {self.size / 1e9:,.2f} of at most {self.limit / 1e9:,.0f} GB; .clear() empties it)"
        )


cache = Cache()
"""The cache of this user."""
