"""Room: where the states of a capture are kept, and whether they fit there."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

import numpy as np

from probewidgets.captures.cache import cache
from probewidgets.captures.files import Files
from probewidgets.captures.lanes import most_lanes
from probewidgets.captures.memory_store import MemoryStore
from probewidgets.captures.parts import Part
from probewidgets.captures.pooling import is_own, pool_name
from probewidgets.captures.recipe import Recipe, differing, only_run_otherwise
from probewidgets.captures.store import Store
from probewidgets.data.targets import Targets
from probewidgets.errors import ModelError, StoreError
from probewidgets.machine.arrays import memory
from probewidgets.machine.files import Folder, folder_at
from probewidgets.machine.progress import bar
from probewidgets.models.batching import budget

__all__ = ["Place", "at_work", "bytes_of", "check_room", "is_explicit", "progress", "store_for"]

Place = bool | str | os.PathLike[str] | None
"""What `capture(..., store=)` takes: nothing or True for the cache, False for nowhere, or a folder or URL."""

_BLOCK = 16
"""Widths of a state that a block has at once for each token: queries, keys, values, a network four times as wide."""
_CHARACTER = 100
"""Bytes for each character of a text that is tokenized."""
_HELD = 1.75
"""What the allocator holds, for what is in use."""


def is_explicit(place: Place) -> bool:
    """Whether somebody says in which folder states shall be kept."""
    return place is not None and not isinstance(place, bool)


def store_for(place: Place, recipe: Recipe, parts: Sequence[Part], targets: Targets) -> Store | MemoryStore:
    """The store that was asked for; else memory before the cache, or the cache alone for states that are too large.

    Raises:
        ModelError: A folder was asked for, but the pool is somebody's own.
        StoreError: The folder cannot be used, or holds other states.
    """
    if is_explicit(place):
        return _folder(place, recipe)
    cached = None if place is False else _cached(recipe, targets)
    if cached is not None and 4 * bytes_of(recipe, targets) >= memory():
        return cached
    shape = len(recipe.layers), len(targets), recipe.width(targets.n_spans)
    return MemoryStore(parts, shape, cached)


def check_room(store: Store | MemoryStore, recipe: Recipe, targets: Targets, missing: Sequence[Part]) -> None:
    """Say what will not fit, before it begins.

    Raises:
        StoreError: It will not.
    """
    size = bytes_of(recipe, targets)
    if isinstance(store, MemoryStore):
        if size > 0.9 * memory():
            raise StoreError(
                f"These states take {_in_words(size)}, and this machine has {_in_words(memory())} of memory. "
                "Keep them on disk, store='folder', or take fewer layers, or dtype='float16'."
            )
        return
    need = size * sum(map(len, missing)) // max(1, len(targets))
    if need > store.folder.free():
        raise StoreError(
            f"These states take {_in_words(need)}, and {store.folder} has {_in_words(store.folder.free())} left. Make "
            "room, or take fewer layers, or dtype='float16'."
        )


@contextmanager
def progress(
    store: Store | MemoryStore, recipe: Recipe, targets: Targets, parts: Sequence[Part], missing: Sequence[Part]
) -> Iterator[Any]:
    """A progress bar over the texts, which says what is coming: bytes to keep, and to work in."""
    in_memory = isinstance(store, MemoryStore) and store.cache is None
    where = "in memory" if in_memory else "to disk" if missing else "from the store"
    work = f", at work about {_in_words(at_work(recipe, missing))}" if missing else ""
    caption = f"Capturing {recipe.model.name} ({_in_words(bytes_of(recipe, targets))} {where}{work})"
    with bar(caption, "text", total=sum(len(part.texts) for part in parts), leave=False) as texts:
        yield texts


def at_work(recipe: Recipe, parts: Sequence[Part]) -> float:
    """Bytes that are held at most while parts are run, beside the model and what is kept.

    An estimate: what a block needs of its own, and what the C library holds back, are those of common models and glibc.
    """
    width = recipe.model.width_of(recipe.site)
    states = 4 * budget(recipe.model) * width * (1 + len(recipe.layers) + _BLOCK)
    # A part that is run, the one before it whose last batches are on their way, and the next one, which is tokenized.
    texts = sum(sorted(sum(map(len, part.texts)) for part in parts)[-3:])
    return _HELD * (most_lanes(recipe.model) * states + _CHARACTER * texts)


def _folder(place: Any, recipe: Recipe) -> Store:
    """The store that was asked for."""
    if is_own(recipe.pool):
        raise ModelError(
            f"The pool {pool_name(recipe.pool)} is your own, and its states cannot be kept in a store, since its code "
            "cannot be told apart by content. Use store=False, or one of this package's pools."
        )
    return Store(_variant(folder_at(place), recipe), recipe.terms, recipe.facts)


def _variant(folder: Folder, recipe: Recipe) -> Folder:
    """The folder, or one inside it where it holds states of the same weights that were run otherwise.

    That is how a model's states with and without an adapter, or a hook, lie in one place.
    """
    tried = folder
    for number in count(1):
        if not tried.has("manifest.json"):
            return tried
        theirs = Files(tried).read_json("manifest.json").get("recipe", {})
        if not only_run_otherwise(differing(recipe.terms, theirs)):
            return tried
        tried = folder.inside(f"run-otherwise-{number}")
    raise AssertionError


def _cached(recipe: Recipe, targets: Targets) -> Store | None:
    """The cache's store for a recipe. None where it cannot be written (with a warning), or would not take it."""
    if is_own(recipe.pool) or bytes_of(recipe, targets) > cache.limit:
        return None
    try:
        return Store(cache.folder / "states" / recipe.key, recipe.terms, recipe.facts)
    except StoreError as error:
        warnings.warn(f"The captured states could not be cached: {error}", stacklevel=2)
        return None


def bytes_of(recipe: Recipe, targets: Targets) -> int:
    """Bytes of all states, as they are kept."""
    return len(recipe.layers) * len(targets) * recipe.width(targets.n_spans) * np.dtype(recipe.dtype).itemsize


def _in_words(n: float) -> str:
    """Bytes for people."""
    for unit in ("B", "kB", "MB", "GB"):
        if n < 1000:
            return f"{n:.3g} {unit}"
        n /= 1000
    return f"{n:,.3g} TB"
