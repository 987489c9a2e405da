"""Alignment: which tokens a span of characters has. By character offsets alone, so it is the same for every tokenizer.

A token belongs to the span that its first visible character falls in. That rule gives every token to at most one
of two neighbouring words, and needs no knowledge of how a tokenizer writes spaces or continuations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from probewidgets.machine.arrays import Ints
from probewidgets.models.tapped import Encoded

__all__ = ["Aligned", "align", "begins", "content_tokens", "unknown"]


@dataclass(frozen=True, eq=False)
class Aligned:
    """The tokens of n spans in some encoded texts, whose tokens are laid end to end."""

    content: Ints
    """(C,) indices of the tokens that stand for text, in order."""
    start: Ints
    """(n,) first token of each span, as an index into `content`."""
    end: Ints
    """(n,) one past the last; equal to `start` where the span has no token."""
    shared: npt.NDArray[np.bool_]
    """(n,) spans that no token begins in, so that they share a token with the span in which it begins."""
    last: Ints
    """(n,) last token of each span, of all tokens laid end to end: white space at the end of a whole text included."""


def align(texts: Sequence[str], encoded: Sequence[Encoded], spans: Ints, owner: Ints) -> Aligned:
    """Find the tokens of each span, for many texts at once.

    Args:
        texts: The texts that were encoded.
        encoded: Their tokens.
        spans: (n, 2) ranges `[start, end)` of characters in their text; they may overlap each other.
        owner: (n,) which text each span is of.

    Returns:
        Aligned. A span in which no token begins gets the tokens that overlap it (they are shared with a neighbour);
        one that no token overlaps gets none, and its caller reports it.
    """
    content, offsets, begin = content_tokens(texts, encoded)
    stop = offsets[:, 1]
    edges = begins([len(text) for text in texts])
    spans = spans + edges[owner][:, None]
    start = np.searchsorted(begin, spans[:, 0], side="left")
    end = np.searchsorted(begin, spans[:, 1], side="left")
    over = np.searchsorted(stop, spans[:, 0], side="right")
    shared = (start >= end) & (over < end)
    start = np.where(shared, over, start)
    end = np.maximum(start, end)
    whole = np.array([text[-1:].isspace() for text in texts], dtype=bool)[owner] & (spans[:, 1] == edges[1:][owner])
    # A prompt that ends in a line break is answered behind it.
    last = np.where(whole, _last_tokens(encoded)[owner], np.append(content, 0)[end - 1])
    return Aligned(content, start, end, shared, last)


def _last_tokens(encoded: Sequence[Encoded]) -> Ints:
    """(texts,) the last token of each that was not added, as an index into all tokens; the first where all were."""
    begin = begins([len(tokens) for tokens in encoded])[:-1]
    return begin + np.array([np.flatnonzero(np.append(True, ~tokens.special))[-1] - 1 for tokens in encoded]).clip(0)


def unknown(aligned: Aligned, encoded: Sequence[Encoded], token: int | None) -> npt.NDArray[np.bool_]:
    """(n,) spans of which the tokenizer knows nothing: all their tokens are the one that it has for what it knows not.

    Args:
        aligned: The spans.
        encoded: The texts that they stand in.
        token: The number of that token; None where there is none.
    """
    if token is None:
        return np.zeros(len(aligned.start), dtype=bool)
    ids = np.concatenate([tokens.ids for tokens in encoded])
    before = np.concatenate([[0], np.cumsum(ids[aligned.content] == token)])
    many = aligned.end - aligned.start
    return (many > 0) & (before[aligned.end] - before[aligned.start] == many)


def content_tokens(texts: Sequence[str], encoded: Sequence[Encoded]) -> tuple[Ints, Ints, Ints]:
    """The tokens that stand for text: no special tokens, no padding, no bare space.

    Returns:
        (C,) their indices among all tokens, laid end to end; (C, 2) the characters `[start, end)` that each covers, in
        the texts laid end to end; and (C,) the first of these that is no space.
    """
    shift = np.repeat(begins([len(text) for text in texts])[:-1], [len(tokens) for tokens in encoded])
    offsets = np.concatenate([tokens.offsets for tokens in encoded]) + shift[:, None]
    special = np.concatenate([tokens.special for tokens in encoded])
    # Many tokenizers count the space before a word to its first token.
    begin = np.minimum(_next_visible("".join(texts))[offsets[:, 0]], offsets[:, 1])
    # Nothing is left of special tokens ([0, 0)) and of tokens that are only space.
    content = np.flatnonzero((begin < offsets[:, 1]) & ~special)
    return content, offsets[content], begin[content]


def begins(lengths: Sequence[int]) -> Ints:
    """Where each of some things begins when they are laid end to end; and at last, where all end."""
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)


def _next_visible(text: str) -> Ints:
    """(characters + 1,) the first character from here on that is no space."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    space = _spaces()[np.minimum(codes, len(_spaces()) - 1)]
    here = np.where(space, len(codes), np.arange(len(codes)))
    return np.append(np.minimum.accumulate(here[::-1])[::-1], len(codes))


@cache
def _spaces() -> npt.NDArray[np.bool_]:
    """Which characters are spaces; the last of them is U+3000, and the entry behind it stands for all others."""
    return np.array([chr(code).isspace() for code in range(0x3001)] + [False])
