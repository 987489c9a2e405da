"""Gathering: the states of all parts of a corpus, from where they are kept or from the model, as Activations."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from probewidgets.captures.activations import Activations, Missing
from probewidgets.captures.cache import cache
from probewidgets.captures.parts import Part, cut
from probewidgets.captures.pooling import pool_name
from probewidgets.captures.recipe import Recipe
from probewidgets.captures.room import Place, check_room, is_explicit, progress, store_for
from probewidgets.captures.shards import Shard, StateStore
from probewidgets.captures.work import Engine, keep
from probewidgets.data.corpus import Corpus
from probewidgets.data.targets import Targets
from probewidgets.errors import DataError, StoreError, clipped
from probewidgets.models.tapped import new_digest

__all__ = ["gather"]


def gather(recipe: Recipe, corpus: Corpus, targets: Targets, place: Place, engine: Engine | None) -> Activations:
    """The states of targets that stand in the order of their examples; see `capture`."""
    if engine is not None and not is_explicit(place):
        raise StoreError("An engine writes to a store that all its workers reach: give store='folder or URL'.")
    parts = list(cut(corpus, targets, recipe))
    store = store_for(place, recipe, parts, targets)
    missing = [part for part in parts if not store.has(part.name, recipe.layers)]
    check_room(store, recipe, targets, missing)
    with progress(store, recipe, targets, parts, missing) as bar:
        shards = _shards(recipe, parts, missing, store, engine, bar)
    whole = _Whole(recipe, corpus, targets, parts, [shards[part.name] for part in parts])
    acts = whole.activations(store)
    store.seal(whole.name, whole.description(acts))
    if place is None or place is True:
        cache.prune()
    return acts


def _shards(
    recipe: Recipe, parts: Sequence[Part], missing: Sequence[Part], store: StateStore, engine: Engine | None, bar: Any
) -> Mapping[str, Shard]:
    """The shards of all parts, by name: what is there is taken as it is, unless it is damaged; the rest is made."""
    shards: dict[str, Shard] = {}
    absent = {part.name for part in missing}
    for part in parts:
        if part.name in absent:
            continue
        try:
            shards[part.name] = store.shard(part.name, recipe.layers)
        except StoreError as error:  # damaged, and set aside
            warnings.warn(f"Kept states cannot be read, and are computed anew: {error}", stacklevel=4)
            absent.add(part.name)
        else:
            bar.update(len(part.texts))
    # Parts of equal content are one shard.
    to_make = list({part.name: part for part in parts if part.name in absent}.values())
    bar.update(_texts(part for part in parts if part.name in absent) - _texts(to_make))
    if engine is None:
        keep(recipe, to_make, store, bar.update)
    else:
        engine.run(recipe, to_make, store, bar)
    return shards | {part.name: store.shard(part.name, recipe.layers) for part in to_make}


def _texts(parts: Iterable[Part]) -> int:
    return sum(len(part.texts) for part in parts)


@dataclass(frozen=True, eq=False)
class _Whole:
    """A whole capture, of whose parts all shards are there."""

    recipe: Recipe
    corpus: Corpus
    targets: Targets
    parts: Sequence[Part]
    shards: Sequence[Shard]
    """(parts,)"""

    def activations(self, store: StateStore) -> Activations:
        """All states in order, with warnings of what is missing in them and of what no probe can be trained on."""
        recipe, targets, missing = self.recipe, self.targets, self.missing
        kept = np.concatenate([part.first_target + shard.rows.kept for part, shard in self._pairs()])
        if not len(kept):
            raise DataError(f"None of the {len(targets):,} targets of {targets.task!r} can be captured: {missing}.")
        if len(missing):
            warnings.warn(f"Left out of {targets.task!r}: {missing}.", stacklevel=4)
        if missing.unknown:
            warnings.warn(
                f"Of {targets.task!r}, {Missing(unknown=missing.unknown)}: the model is given the same token for each, "
                "so what a probe reads of them comes from their neighbours alone. Another model may know them.",
                stacklevel=4,
            )
        self._warn_of_infinities()
        names, counts = [part.name for part in self.parts], [len(shard.rows) for shard in self.shards]
        states = store.states(names, recipe.layers, counts, recipe.width(targets.n_spans))
        rounding = max((float(note.get("rounding", 0)) for shard in self.shards for note in shard.notes), default=0.0)
        rows = targets if len(kept) == len(targets) else targets.take(kept)
        pool = pool_name(recipe.pool)
        return Activations(states, recipe.layers, rows, self.corpus, recipe.card, pool, missing, rounding)

    @property
    def missing(self) -> Missing:
        """The targets that have no row."""
        return Missing(
            self._surfaces([shard.rows.without_token for shard in self.shards]),
            self._surfaces([shard.rows.too_long for shard in self.shards]),
            sum(shard.rows.shared for shard in self.shards),
            self._surfaces([shard.rows.unknown for shard in self.shards]),
        )

    def _surfaces(self, numbers: Sequence[Sequence[int]]) -> tuple[str, ...]:
        """Of targets with these numbers in each part."""
        pairs = zip(self.parts, numbers, strict=True)
        return tuple(self.targets.surface[part.first_target + n] for part, of_part in pairs for n in of_part)

    def _pairs(self) -> Iterable[tuple[Part, Shard]]:
        return zip(self.parts, self.shards, strict=True)

    def _warn_of_infinities(self) -> None:
        bad: dict[int, int] = {}
        for part, (rows, notes) in self._pairs():
            for layer, note in zip(self.recipe.layers, notes, strict=True):
                if note.get("first_not_finite") and layer not in bad:
                    bad[layer] = part.first_target + int(rows.kept[int(note["first_not_finite"])])
        if bad:
            first, dtype = min(bad.values()), self.recipe.dtype
            cure = "Keep them in float32" if dtype == "float16" else "Load the model with dtype='float32'"
            warnings.warn(
                f"The states of layer(s) {sorted(bad)} hold NaN or infinity, first for "
                f"{clipped(self.targets.surface[first], 40)} in example {int(self.targets.example[first]):,}: no probe "
                f"can be trained there. {cure}, or leave the layers out with layers=.",
                stacklevel=5,
            )

    @property
    def name(self) -> str:
        """A file name that people can read."""
        digest = new_digest([part.name for part in self.parts]).hexdigest()[:8]
        return f"{re.sub(r'[^A-Za-z0-9._-]+', '-', f'{self.corpus.name} {self.targets.task}')[:80]}-{digest}"

    def description(self, acts: Activations) -> dict[str, Any]:
        """The capture, for the store."""
        missing = acts.missing
        shards = [
            {"name": part.name, "first_example": part.first_example, "texts": len(part.texts), "rows": len(shard.rows)}
            for part, shard in self._pairs()
        ]
        return {
            "corpus": self.corpus.name,
            "licence": self.corpus.licence,
            "task": self.targets.task,
            "unit": self.targets.unit,
            "layers": list(self.recipe.layers),
            "examples": len(self.corpus),
            "rows": acts.n_targets,
            "features": int(acts.states.shape[2]),
            "left out": {
                "without_token": len(missing.without_token),
                "too_long": len(missing.too_long),
                "shared": missing.shared,
            },
            "texts_sha256": new_digest([example.text for example in self.corpus]).hexdigest(),
            "shards": shards,
        }
