"""Alignment: which tokens a span of characters has. By character offsets alone, so it is the same for every tokenizer.

A token belongs to the span that its first visible character falls in. That rule gives every token to at most one
of two neighbouring words, and needs no knowledge of how a tokenizer writes spaces or continuations.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from probewidgets.models.tapped import Encoded

__all__ = ["Aligned", "align"]

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Aligned:
    """The tokens of n spans in one encoded text."""

    content: Ints
    """(C,) positions of the tokens that stand for text, in order."""
    start: Ints
    """(n,) first token of each span, as an index into `content`."""
    end: Ints
    """(n,) one past the last; equal to `start` where the span has no token."""
    shared: npt.NDArray[np.bool_]
    """(n,) spans that no token begins in, so that they share a token with the span in which it begins."""

    def only(self, spans: npt.NDArray[np.bool_]) -> Aligned:
        """The same text with only some of its spans."""
        return Aligned(self.content, self.start[spans], self.end[spans], self.shared[spans])


def align(text: str, encoded: Encoded, spans: Ints) -> Aligned:
    """Find the tokens of each span.

    Args:
        text: The text that was encoded.
        encoded: Its T tokens.
        spans: (n, 2) ranges `[start, end)` of characters; they may overlap each other.

    Returns:
        Aligned. A span in which no token begins gets the tokens that overlap it (they are shared with a neighbour);
        one that no token overlaps gets none, and its caller reports it.
    """
    begin, stop = encoded.offsets[:, 0].copy(), encoded.offsets[:, 1]
    for i in np.flatnonzero(begin < stop):
        # Many tokenizers count the space before a word to its first token.
        while begin[i] < stop[i] and text[begin[i]].isspace():
            begin[i] += 1
    # Nothing is left of special tokens ([0, 0)) and of tokens that are only space.
    content = np.flatnonzero((begin < stop) & ~encoded.special)
    begin, stop = begin[content], stop[content]
    start = np.searchsorted(begin, spans[:, 0], side="left")
    end = np.searchsorted(begin, spans[:, 1], side="left")
    overlap_start = np.searchsorted(stop, spans[:, 0], side="right")
    overlap_end = np.searchsorted(begin, spans[:, 1], side="left")
    shared = (start >= end) & (overlap_start < overlap_end)
    start, end = np.where(shared, overlap_start, start), np.where(shared, overlap_end, end)
    return Aligned(content, start, np.maximum(start, end), shared)
