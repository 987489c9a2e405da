"""Parts at work: tokenized and aligned, run through the model batch by batch, and put where their states are kept."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from probewidgets.captures.alignment import unknown
from probewidgets.captures.lanes import in_lanes
from probewidgets.captures.parts import Part
from probewidgets.captures.pooling import is_own
from probewidgets.captures.reading import Batch, Reading, pooled, read, todo
from probewidgets.captures.recipe import Recipe
from probewidgets.captures.shards import Put, Rows, StateStore
from probewidgets.errors import TooLongError, clipped
from probewidgets.machine.arrays import Spare, give_back
from probewidgets.machine.threads import ahead
from probewidgets.models.plain import hold
from probewidgets.models.tapped import Encoded, TappedModel

__all__ = ["Engine", "keep"]

_SPARE = 96 << 20
"""Bytes of memory that may be free but held. With much less, a capture spends its time on getting back what it gave."""

_HELD_TEXTS = 1000
"""One text of so many is held against a plain pass of it alone."""


class Engine(Protocol):
    """Who else than this process may run the parts of a capture."""

    def run(self, recipe: Recipe, parts: Sequence[Part], store: StateStore, bar: Any) -> None:
        """Put every part into the store."""


def keep(recipe: Recipe, parts: Sequence[Part], store: StateStore, tell: Callable[[int], object] = bool) -> None:
    """Run parts in this process, and put them into the store; the next one is tokenized meanwhile.

    Args:
        recipe: What to do to them.
        parts: Which.
        store: Where their states go.
        tell: Hears of every few texts, how many they were.
    """
    # What is half written when something fails is removed last, when nobody writes any more.
    with ExitStack() as open_shards, closing(ahead(partial(start, recipe), parts)) as coming:

        def begin(part: Part, started: Started) -> Filling:
            shard = open_shards.enter_context(ExitStack())
            width = recipe.width(part.spans.shape[1])
            put = shard.enter_context(store.writing(part.name, recipe.layers, started.rows, width))
            return Filling(started, put, shard.close)

        with closing(fill(recipe, map(begin, parts, coming))) as filled:
            for texts in filled:
                tell(texts)


@dataclass(frozen=True, eq=False)
class Started:
    """A part that is tokenized and aligned."""

    rows: Rows
    """The rows it will have."""
    reading: Reading
    spans_each: int
    """Spans of a row: they lie side by side, and all of them are in one text, so in one batch."""


@dataclass(frozen=True, eq=False)
class Filling:
    """A part at work, and where its states go."""

    started: Started
    put: Put
    done: Callable[[], object]
    """Called once all rows are there."""


def start(recipe: Recipe, part: Part) -> Started:
    """Tokenize and align a part.

    Raises:
        TooLongError: A text has more tokens than the model takes, and the recipe has it that this is an error.
    """
    text = part.text
    spans = part.spans if part.spans.shape[1] else np.array([[[0, len(part.texts[t])]] for t in text])
    n, spans_each = spans.shape[:2]
    encoded = recipe.model.encode(part.texts, part.sources)
    fits = _fitting(recipe, part, [len(tokens) for tokens in encoded])
    owner = np.repeat(text, spans_each)
    window = recipe.too_long == "window"
    reading = read(recipe.model, part.texts, encoded, spans.reshape(-1, 2), owner, window=window)
    has_token = reading.has_token.reshape(n, spans_each).all(axis=1)
    has_row = has_token & fits[text]
    lost = unknown(reading.aligned, encoded, recipe.model.unknown_token).reshape(n, spans_each).any(axis=1)
    reading = reading.only(np.repeat(has_row, spans_each))
    rows = Rows(
        part.example[has_row],
        part.spans[has_row],
        np.flatnonzero(has_row),
        tuple(np.flatnonzero(~has_token & fits[text]).tolist()),
        tuple(np.flatnonzero(~fits[text]).tolist()),
        int(reading.aligned.shared.reshape(-1, spans_each).any(axis=1).sum()),
        tuple(np.flatnonzero(lost & has_row).tolist()),
    )
    return Started(rows, reading, spans_each)


def _fitting(recipe: Recipe, part: Part, lengths: list[int]) -> npt.NDArray[np.bool_]:
    """(texts,) which of them are read."""
    fits = np.array(lengths) <= recipe.model.max_tokens
    if fits.all() or recipe.too_long == "window":
        return np.ones(len(fits), dtype=bool)
    if recipe.too_long == "error":
        worst = int(np.flatnonzero(~fits)[0])
        last = part.first_example + int(part.example[-1])
        raise TooLongError(
            f"{int((~fits).sum()):,} text(s) among examples {part.first_example:,} to {last:,} have more tokens than "
            f"the {recipe.model.max_tokens:,} that {recipe.model.name!r} takes, first {clipped(part.texts[worst])} "
            f"with {lengths[worst]:,}. Leave them out with too_long='skip', or read them in pieces with "
            "too_long='window'."
        )
    return fits


class _Item(NamedTuple):
    """One batch to run."""

    part: Filling
    batch: Batch
    last: bool
    """Whether it is the last of its part."""
    held: bool
    """Whether a text of it is held against a plain pass."""


def _ends(reading: Reading, batch: Batch) -> list[Encoded]:
    """The longest piece of a batch, and the shortest of all."""
    first = reading.pieces[int(reading.piece_begin[batch.texts[0]])]
    shortest = min((piece for piece in reading.pieces if len(piece)), key=len)
    return [first] if len(first) == len(shortest) else [first, shortest]


def fill(recipe: Recipe, parts: Iterable[Filling]) -> Generator[int, None, None]:
    """Run parts one after the other, with no pause between them; how many texts each batch had. To be closed."""

    def batches() -> Iterator[_Item]:
        passed = 0
        for part in parts:
            its_batches = todo(recipe.model, part.started.reading)
            if not its_batches:
                part.done()
            for batch in its_batches:
                before, passed = passed, passed + len(batch.texts)
                # The first batch of all, and then the one with each thousandth text.
                yield _Item(
                    part, batch, batch is its_batches[-1], not before or before // _HELD_TEXTS < passed // _HELD_TEXTS
                )

    def run(lane: TappedModel, item: _Item) -> _Item:
        part, batch, _, held = item
        reading, each = part.started.reading, part.started.spans_each
        if held:
            hold(lane, _ends(reading, batch), recipe.layers, recipe.site)
        states = pooled(lane, reading, batch, recipe.layers, recipe.pool, recipe.site)
        # Written by who computed them: what lies in a core's caches is not fetched by another.
        part.put(batch.spans[::each] // each, [layer.reshape(len(layer) // each, -1) for layer in states])
        return item

    # Somebody's own pool need not bear to be called by several threads.
    alone = is_own(recipe.pool)
    ran = (run(recipe.model, item) for item in batches()) if alone else in_lanes(recipe.model, run, batches())
    spare = Spare(_SPARE)
    with closing(ran):
        for part, batch, last, _ in ran:
            if last:
                part.done()
            spare.check()
            yield len(batch.texts)
    give_back()
