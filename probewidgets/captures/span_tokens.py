"""The tokens in the spans of a task, each with its own states: for probes that learn how to pool a span."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from probewidgets.captures.activations import Activations, Missing, rows_of_side
from probewidgets.captures.alignment import begins, content_tokens
from probewidgets.captures.gather import gather
from probewidgets.captures.parts import sources_of
from probewidgets.captures.recipe import Recipe
from probewidgets.captures.room import Place
from probewidgets.captures.work import Engine
from probewidgets.data.corpus import Corpus
from probewidgets.data.targets import Targets
from probewidgets.errors import DataError
from probewidgets.machine.arrays import Ints
from probewidgets.values import ModelCard

__all__ = ["SpanTokens", "gather_tokens"]


_TEXTS = 1024
"""Texts tokenized at a time."""


@dataclass(frozen=True, eq=False)
class SpanTokens:
    """The targets of a task, and where the states of their spans' tokens are: `capture(..., pool=None)`."""

    tokens: Activations
    """(L, T, D) the state of every token that lies in a span; the tokens of a text stand together, in order."""
    targets: Targets
    """(N,) the targets; each span has at least one token."""
    begin: Ints
    """(N, S) first token of each span: a row of `tokens`."""
    end: Ints
    """(N, S) one past its last token."""
    missing: Missing = field(default_factory=Missing)
    """Targets that are left out: a span of theirs has no token, or their text is too long."""
    pool: ClassVar[str] = "none"
    """The word that captions have for the pool."""

    def __repr__(self) -> str:
        layers, tokens, width = self.tokens.states.shape
        lost = f", {len(self.missing):,} left out" if len(self.missing) else ""
        return (
            f"SpanTokens({self.targets.task!r} of {self.corpus.name!r} in {self.model.name!r}: "
            f"{len(self.targets):,} {self.targets.unit}s, {layers} layers x {tokens:,} tokens x {width}{lost})"
        )

    @property
    def n_targets(self) -> int:
        """N."""
        return len(self.targets)

    @property
    def layers(self) -> tuple[int, ...]:
        """(L,) which layers: 0 embeddings, l = output of block l."""
        return self.tokens.layers

    @property
    def corpus(self) -> Corpus:
        """Where the targets come from; its Split tells train from test."""
        return self.tokens.corpus

    @property
    def model(self) -> ModelCard:
        """Whose states these are."""
        return self.tokens.model

    def layer(self, layer: int) -> npt.NDArray[np.float32]:
        """(T, D) states of the tokens at one layer; see `Activations.layer`."""
        return self.tokens.layer(layer)

    def rows(self, side: str) -> Ints:
        """Targets whose example is on one side of the split: `"train"`, `"dev"` or `"test"`."""
        return rows_of_side(self.targets, self.corpus, side)


def gather_tokens(recipe: Recipe, corpus: Corpus, targets: Targets, place: Place, engine: Engine | None) -> SpanTokens:
    """The states of every token in the spans of targets that stand in the order of their examples; see `capture`.

    Raises:
        DataError: The targets are whole sentences, or none of them has a token.
    """
    if not targets.n_spans:
        raise DataError(f"Task {targets.task!r} labels sentences: capture(..., pool=mean) gives a state of each.")
    spans = _tokens(recipe, corpus, targets)
    has_token: npt.NDArray[np.bool_] = np.all(spans.begin < spans.end, axis=1)
    surfaces = np.array(targets.surface, object)
    missing = Missing(tuple(surfaces[spans.fits & ~has_token]), tuple(surfaces[~spans.fits]))
    kept = np.flatnonzero(has_token & spans.fits)
    if not len(kept):
        raise DataError(f"None of the {len(targets):,} targets of {targets.task!r} got a token: {missing}.")
    if len(missing):
        warnings.warn(f"Left out of {targets.task!r}: {missing}.", stacklevel=3)
    acts = gather(recipe, corpus, spans.tokens, place, engine)
    return SpanTokens(acts, targets.take(kept), spans.begin[kept], spans.end[kept], missing)


@dataclass(frozen=True, eq=False)
class _Tokens:
    """The tokens in some spans."""

    tokens: Targets
    """(T,) each a target of its own, which is sure to get a state."""
    begin: Ints
    """(N, S) first token of each span."""
    end: Ints
    """(N, S) one past its last."""
    fits: npt.NDArray[np.bool_]
    """(N,) whether the text of a target is read at all."""


def _tokens(recipe: Recipe, corpus: Corpus, targets: Targets) -> _Tokens:
    """The tokens in the spans of targets, for `_TEXTS` texts at a time."""
    numbers, text = np.unique(targets.example, return_inverse=True)
    parts: list[_Tokens] = []
    total = 0
    for low in range(0, len(numbers), _TEXTS):
        rows = np.arange(*np.searchsorted(text, (low, low + _TEXTS)))
        part = _tokens_of(recipe, corpus, targets.take(rows), numbers[low : low + _TEXTS], text[rows] - low)
        parts.append(replace(part, begin=part.begin + total, end=part.end + total))
        total += len(part.tokens)
    example = np.concatenate([part.tokens.example for part in parts])
    tokens = Targets(
        f"tokens of {targets.task}",
        "token",
        example,
        np.concatenate([part.tokens.spans for part in parts]),
        tuple(surface for part in parts for surface in part.tokens.surface),
        np.zeros(len(example), np.int64),
        ("token",),
    )
    begin, end, fits = (np.concatenate([getattr(part, name) for part in parts]) for name in ("begin", "end", "fits"))
    return _Tokens(tokens, begin, end, fits)


def _tokens_of(recipe: Recipe, corpus: Corpus, targets: Targets, numbers: Ints, text: Ints) -> _Tokens:
    """The same for the examples with these numbers; `text` is (N,) which of them each target is of."""
    examples = [corpus[int(number)] for number in numbers]
    texts = [example.text for example in examples]
    encoded = recipe.model.encode(texts, sources_of(recipe.model, examples))
    limit = recipe.model.max_tokens if recipe.too_long == "skip" else max(map(len, encoded))
    fits = np.array([len(tokens) <= limit for tokens in encoded])[text]
    first = begins([len(each) for each in texts])
    # The bytes of an emoji share its characters, and are one token here.
    offsets = np.unique(content_tokens(texts, encoded)[1], axis=0)
    spans = targets.spans + first[text][:, None, None]
    begin = np.searchsorted(offsets[:, 1], spans[..., 0], side="right")
    end = np.maximum(begin, np.searchsorted(offsets[:, 0], spans[..., 1], side="left"))
    # How many spans begin and end at each token say which tokens are in any.
    depth = np.bincount(begin[fits].ravel(), minlength=len(offsets) + 1)
    depth = np.cumsum(depth - np.bincount(end[fits].ravel(), minlength=len(offsets) + 1))
    used = depth[:-1] > 0
    place = begins(used.tolist())
    owner = np.searchsorted(first, offsets[used, 0], side="right") - 1
    inside = (offsets[used] - first[owner][:, None]).astype(np.int64)
    surface = tuple(texts[n][a:b] for n, (a, b) in zip(owner.tolist(), inside.tolist(), strict=True))
    labels = np.zeros(len(owner), np.int64)
    tokens = Targets(targets.task, "token", numbers[owner], inside[:, None], surface, labels, ("token",))
    return _Tokens(tokens, place[begin], place[end], fits)
