"""Parts: a corpus in ranges of examples, each of which is run, kept and found again by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from probewidgets.captures.recipe import Recipe
from probewidgets.data.corpus import Corpus, Example
from probewidgets.data.targets import Targets
from probewidgets.errors import DataError, clipped
from probewidgets.machine.arrays import Ints
from probewidgets.models.tapped import TappedModel, new_digest

__all__ = ["Part", "by_example", "cut", "sources_of"]

_PART_EXAMPLES = 2048
_PART_ROWS = 32_768
_PART_BYTES = 1 << 29
"""A part has at most so many examples, rows, and bytes of all layers: what is in memory, and what a kill can cost."""


@dataclass(frozen=True, eq=False)
class Part:
    """A range of the corpus's examples, with the targets in them."""

    name: str
    """A hash of its texts and spans."""
    first_example: int
    texts: tuple[str, ...]
    """Of every example in the range that has a target."""
    sources: tuple[str, ...] | None
    """(texts,) of each what an encoder reads, where a decoder is probed."""
    example: Ints
    """(n,) example of each target, counted from the first; ascending."""
    spans: Ints
    """(n, S, 2) characters."""
    first_target: int

    def __len__(self) -> int:
        return len(self.example)

    @property
    def text(self) -> Ints:
        """(n,) text of each target."""
        return np.unique(self.example, return_inverse=True)[1].astype(np.int64)


def cut(corpus: Corpus, targets: Targets, recipe: Recipe) -> Iterator[Part]:
    """Cut the corpus into parts. Where one ends depends only on what stands before, so that a corpus can grow."""
    row_bytes = recipe.model.n_layers * recipe.width(targets.n_spans) * np.dtype(recipe.dtype).itemsize
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
            yield _part(corpus, targets, recipe.model, low, slice(int(begin), int(end)))


def by_example(targets: Targets) -> Targets:
    """The same targets in the order of their examples."""
    if np.all(np.diff(targets.example) >= 0):
        return targets
    return targets.take(np.argsort(targets.example, kind="stable"))


def sources_of(model: TappedModel, examples: Sequence[Example]) -> tuple[str, ...] | None:
    """The texts that the encoder reads of some examples, where the model is a decoder that has one.

    Raises:
        DataError: It is, and an example has no source.
    """
    if model.stack != "decoder":
        return None
    bare = next((example for example in examples if example.source is None), None)
    if bare is not None:
        raise DataError(
            f"Example {clipped(bare.id or bare.text, 40)} has no source: the decoder of {model.name!r} is given its "
            "text while its encoder reads the source. Give every Example a source=, or take "
            "LanguageModel(..., stack='encoder')."
        )
    return tuple(str(example.source) for example in examples)


def _part(corpus: Corpus, targets: Targets, model: TappedModel, first: int, rows: slice) -> Part:
    example, spans = targets.example[rows] - first, targets.spans[rows]
    examples = [corpus[first + int(number)] for number in np.unique(example)]
    texts, sources = tuple(each.text for each in examples), sources_of(model, examples)
    digest = new_digest([*texts, "", *(sources or ())])
    for column in (example, spans):
        digest.update(f"{column.shape}".encode() + np.ascontiguousarray(column).tobytes())
    return Part(digest.hexdigest()[:32], first, texts, sources, example, spans, rows.start)
