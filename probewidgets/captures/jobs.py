"""Jobs: what is done to a corpus to capture its states, part by part; and who does it.

A part is a range of examples, which is run, kept and found again by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from time import monotonic
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from probewidgets.captures import pooling
from probewidgets.captures.lanes import in_lanes
from probewidgets.captures.reading import Batch, Reading, pooled, read, todo
from probewidgets.captures.store import Put, Rows, Store
from probewidgets.data.corpus import Corpus
from probewidgets.data.targets import Targets
from probewidgets.errors import DataError, TooLongError, clipped
from probewidgets.machine.arrays import Ints, give_back
from probewidgets.machine.threads import ahead
from probewidgets.models.sites import Site
from probewidgets.models.tapped import TappedModel, new_digest
from probewidgets.values import ModelCard

__all__ = ["Engine", "Filling", "Job", "LocalEngine", "Part", "Started", "cut", "keep"]

Item = TypeVar("Item")
Result = TypeVar("Result")

_PART_EXAMPLES = 2048
_PART_ROWS = 32_768
_PART_BYTES = 1 << 29
"""A part has at most so many examples, rows, and bytes of all layers: what is in memory, and what a kill can cost."""
_HELD = 0.25
"""Seconds after which free memory is given back: seldom enough to cost next to nothing, before much of it is held."""


@dataclass(frozen=True, eq=False)
class Part:
    """A range of the corpus's examples, with the targets in them."""

    name: str
    """A hash of its texts and spans."""
    first_example: int
    texts: tuple[str, ...]
    """Of every example in the range that has a target."""
    sources: tuple[str, ...] | None
    """What an encoder reads of them, where a decoder is probed."""
    example: Ints
    """(n,) example of each target, counted from the first; ascending."""
    spans: Ints
    """(n, S, 2) characters."""
    first_target: int

    def __len__(self) -> int:
        return len(self.example)


@dataclass(frozen=True, eq=False)
class Started:
    """A part that is tokenized and aligned."""

    rows: Rows
    """What its rows are."""
    reading: Reading
    spans_each: int
    """Spans of a row: they lie side by side, and all of them are in one text, so in one batch."""


@dataclass(frozen=True, eq=False)
class Filling:
    """A part at work, and where its states go."""

    started: Started
    put: Put
    """Called by several threads at once, each for other rows."""
    done: Callable[[], object]
    """Called once all rows are there."""


@dataclass(frozen=True, eq=False)
class Job:
    """All that the states depend on, beside the texts: what is done to each part."""

    model: TappedModel
    layers: tuple[int, ...]
    pool: pooling.Pool
    site: Site
    too_long: str
    dtype: str

    @cached_property
    def card(self) -> ModelCard:
        """Which model it is; read once, since hashing its weights takes a while."""
        return replace(self.model.card, site=self.site.name)

    @cached_property
    def recipe(self) -> dict[str, Any]:
        """What two captures must have in common for one store to hold both."""
        return {
            "fingerprint": self.card.fingerprint,
            "stack": self.model.stack,
            "site": self.site.name,
            "pool": pooling.pool_name(self.pool),
            "too_long": self.too_long,
            "computed in": str(self.model.dtype).removeprefix("torch."),
            "dtype": self.dtype,
        }

    @property
    def facts(self) -> dict[str, Any]:
        """What else a reader of the store may want to know."""
        from importlib.metadata import version

        return {
            "model": self.model.name,
            "revision": self.model.revision,
            "layers": self.model.numbering + (", the last after the final norm" if self.model.final_norm else ""),
            "special tokens": "added as the tokenizer does; in no row but those of the pools cls and mean_with_special",
            "versions": {name: version(name) for name in ("probewidgets", "torch", "transformers", "tokenizers")},
        }

    def width(self, n_spans: int) -> int:
        """Features of a row."""
        return (n_spans or 1) * self.model.width_of(self.site)

    def start(self, part: Part) -> Started:
        """Tokenize and align a part."""
        text = _text_of(part)
        spans = part.spans if part.spans.shape[1] else np.array([[[0, len(part.texts[t])]] for t in text])
        n, spans_each = spans.shape[:2]
        encoded = self.model.encode(part.texts, part.sources)
        fits = self._fitting(part, [len(e) for e in encoded])
        owner = np.repeat(text, spans_each)
        window = self.too_long == "window"
        reading = read(self.model, part.texts, encoded, spans.reshape(-1, 2), owner, window=window)
        has = reading.has_token.reshape(n, spans_each).all(axis=1)
        keep = has & fits[text]
        reading = reading.only(np.repeat(keep, spans_each))
        rows = Rows(
            part.example[keep],
            part.spans[keep],
            np.flatnonzero(keep),
            tuple(np.flatnonzero(~has & fits[text]).tolist()),
            tuple(np.flatnonzero(~fits[text]).tolist()),
            int(reading.aligned.shared.reshape(-1, spans_each).any(axis=1).sum()),
        )
        return Started(rows, reading, spans_each)

    def fill(self, parts: Iterable[Filling]) -> Generator[int, None, None]:
        """Run parts one after the other, with no pause between them; how many texts each batch had. To be closed."""

        def batches() -> Iterator[tuple[Filling, Batch, bool]]:
            for part in parts:
                some = todo(self.model, part.started.reading)
                if not some:
                    part.done()
                yield from ((part, batch, batch is some[-1]) for batch in some)

        def run(lane: TappedModel, one: tuple[Filling, Batch, bool]) -> tuple[Filling, Batch, bool]:
            part, batch, _ = one
            reading, each = part.started.reading, part.started.spans_each
            states = pooled(lane, reading, batch, self.layers, self.pool, self.site)
            # Written by who computed them: what lies in a core's caches is not fetched by another.
            part.put(batch.spans[::each] // each, [layer.reshape(len(layer) // each, -1) for layer in states])
            return one

        # Somebody's own pool need not bear to be called by several threads.
        several = self.pool in pooling.POOLS.values()
        ran = in_lanes(self.model, run, batches()) if several else (run(self.model, one) for one in batches())
        given = monotonic()
        with closing(ran):
            for part, batch, last in ran:
                if last:
                    part.done()
                if monotonic() > given + _HELD:
                    give_back()
                    given = monotonic()
                yield len(batch.texts)
        give_back()

    def _fitting(self, part: Part, lengths: list[int]) -> npt.NDArray[np.bool_]:
        """Which texts are read."""
        fits = np.array(lengths) <= self.model.max_tokens
        if fits.all() or self.too_long == "window":
            return np.ones(len(fits), dtype=bool)
        if self.too_long == "error":
            worst = int(np.flatnonzero(~fits)[0])
            last = part.first_example + int(part.example[-1])
            raise TooLongError(
                f"{int((~fits).sum()):,} text(s) among examples {part.first_example:,} to {last:,} have more tokens "
                f"than the {self.model.max_tokens:,} that {self.model.name!r} takes, first "
                f"{clipped(part.texts[worst])} with {lengths[worst]:,}. "
                "Leave them out with too_long='skip', or read them in pieces with too_long='window'."
            )
        return fits


class Engine(Protocol):
    """Who runs the parts of a job, and what is done layer by layer."""

    def run(self, job: Job, parts: Sequence[Part], store: Store, bar: Any) -> None:
        """Put every part into the store."""

    def map(
        self, function: Callable[[Item], Result], items: Sequence[Item], stores: Sequence[Store]
    ) -> Iterator[Result]:
        """What a function, which reads these stores, gives for each item, in order."""


class LocalEngine:
    """This process, one part after the other."""

    def run(self, job: Job, parts: Sequence[Part], store: Store, bar: Any) -> None:
        """Put every part into the store; the next one is tokenized meanwhile."""
        keep(job, parts, store, bar.update)

    def map(
        self, function: Callable[[Item], Result], items: Sequence[Item], stores: Sequence[Store]
    ) -> Iterator[Result]:
        """What a function gives for each item, one after the other."""
        return map(function, items)


def keep(job: Job, parts: Sequence[Part], store: Store, tell: Callable[[int], object] = lambda n: None) -> None:
    """Run parts, and put them into the store; `tell` hears of every few texts."""
    # What is half written when something fails is removed last, when nobody writes any more.
    with ExitStack() as open_shards, closing(ahead(job.start, parts)) as coming:

        def begin(part: Part, started: Started) -> Filling:
            shard = open_shards.enter_context(ExitStack())
            width = job.width(part.spans.shape[1])
            put = shard.enter_context(store.writing(part.name, job.layers, started.rows, width))
            return Filling(started, put, shard.close)

        with closing(job.fill(map(begin, parts, coming))) as filled:
            for texts in filled:
                tell(texts)


def cut(corpus: Corpus, targets: Targets, job: Job) -> Iterator[Part]:
    """Cut the corpus into parts. Where one ends depends only on what stands before, so that a corpus can grow."""
    row_bytes = job.model.n_layers * job.width(targets.n_spans) * np.dtype(job.dtype).itemsize
    most_rows = max(256, min(_PART_ROWS, _PART_BYTES // row_bytes))
    counts = np.bincount(targets.example, minlength=len(corpus))
    ends, rows, first = [0], 0, 0
    for example, n in enumerate(counts.tolist()):
        if example > first and (rows + n > most_rows or example - first >= _PART_EXAMPLES):
            ends.append(example)
            rows, first = 0, example
        rows += n
    ends.append(len(corpus))
    for low, high in pairwise(ends):
        begin, end = np.searchsorted(targets.example, (low, high))
        if begin < end:
            yield _part(corpus, targets, job, low, slice(int(begin), int(end)))


def _part(corpus: Corpus, targets: Targets, job: Job, first: int, rows: slice) -> Part:
    example, spans = targets.example[rows] - first, targets.spans[rows]
    examples = [corpus[first + int(e)] for e in np.unique(example)]
    texts = tuple(e.text for e in examples)
    sources = None
    if job.model.stack == "decoder":
        bad = next((e for e in examples if e.source is None), None)
        if bad is not None:
            raise DataError(
                f"Example {clipped(bad.id or bad.text, 40)} has no source: the decoder of {job.model.name!r} is given "
                "its text while its encoder reads the source. Give every Example a source=, or take "
                "LanguageModel(..., stack='encoder')."
            )
        sources = tuple(str(e.source) for e in examples)
    digest = new_digest([*texts, "", *(sources or ())])
    for column in (example, spans):
        digest.update(f"{column.shape}".encode() + np.ascontiguousarray(column).tobytes())
    return Part(digest.hexdigest()[:32], first, texts, sources, example, spans, rows.start)


def _text_of(part: Part) -> Ints:
    """(n,) text of each target."""
    return np.unique(part.example, return_inverse=True)[1].astype(np.int64)
