"""Ahead: what a capture will take, and how much of it is kept already, before anything is run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from probewidgets.captures.capture import check_layers
from probewidgets.captures.memory_store import MemoryStore
from probewidgets.captures.parts import by_example, cut
from probewidgets.captures.pooling import Pool, mean
from probewidgets.captures.recipe import Recipe
from probewidgets.captures.room import bytes_of, store_for
from probewidgets.data.corpus import Corpus
from probewidgets.data.tasks import Task
from probewidgets.models.sites import Site, residual
from probewidgets.models.tapped import TappedModel

__all__ = ["Ahead", "look_ahead"]


@dataclass(frozen=True)
class Ahead:
    """A capture that has not been made yet."""

    targets: int
    texts: int
    """Texts that have a target."""
    kept: int
    """Of these, those whose states are in the cache."""
    memory: int
    """Bytes that the states take in memory; 0 where they stay on disk."""
    disk: int
    """Bytes that are still to be written to the cache."""


def look_ahead(
    model: TappedModel,
    corpus: Corpus,
    task: Task,
    *,
    layers: Sequence[int] | None = None,
    pool: Pool = mean,
    site: Site = residual,
) -> Ahead:
    """What `capture` with the same arguments, into the user's cache, will take. Errors are those of `capture`."""
    recipe = Recipe(model, check_layers(model, layers, site), pool, site, "error", "float32")
    targets = by_example(task.targets(corpus))
    parts = list(cut(corpus, targets, recipe))
    store = store_for(None, recipe, parts, targets)
    texts = sum(len(part.texts) for part in parts)
    kept = [part for part in parts if store.has(part.name, recipe.layers)]
    size = bytes_of(recipe, targets)
    in_memory, cached = isinstance(store, MemoryStore), not isinstance(store, MemoryStore) or store.cache is not None
    new = size - size * sum(map(len, kept)) // max(1, len(targets))
    n_kept = sum(len(part.texts) for part in kept)
    return Ahead(len(targets), texts, n_kept, size if in_memory else 0, new if cached else 0)
