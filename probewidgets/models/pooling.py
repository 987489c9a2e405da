"""Pools: from the states of a unit's tokens to one state. Plain functions; write your own with the same signature."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch

__all__ = ["Pool", "Ranges", "cls", "first", "last", "max", "mean"]


class Ranges(NamedTuple):
    """Which tokens each of n spans has, in a batch whose tokens are laid end to end (M of them)."""

    start: torch.Tensor
    """(n,) first token of the span: an index into `content`."""
    end: torch.Tensor
    """(n,) one past its last token: an index into `content`. Always greater than `start`."""
    content: torch.Tensor
    """(C,) indices into M of the tokens that stand for text: no special tokens, no padding, no bare space."""
    origin: torch.Tensor
    """(n,) index into M of the first token, special or not, of the span's text."""


Pool = Callable[[torch.Tensor, Ranges], torch.Tensor]
"""`(M, D)` states of one layer and `Ranges` -> `(n, D)`."""


def first(states: torch.Tensor, ranges: Ranges) -> torch.Tensor:
    """The state of the first token of each span."""
    return states[ranges.content[ranges.start]]


def last(states: torch.Tensor, ranges: Ranges) -> torch.Tensor:
    """The state of the last token of each span: in a decoder, the only one that has seen all of it."""
    return states[ranges.content[ranges.end - 1]]


def mean(states: torch.Tensor, ranges: Ranges) -> torch.Tensor:
    """The mean of the states of each span's tokens."""
    members, span = _members(ranges)
    total = states.new_zeros(len(ranges.start), states.shape[1]).index_add_(0, span, states[members])
    return total / (ranges.end - ranges.start).to(states.dtype).unsqueeze(1)


def max(states: torch.Tensor, ranges: Ranges) -> torch.Tensor:
    """The largest value of each feature over the span's tokens."""
    members, span = _members(ranges)
    lowest = states.new_full((len(ranges.start), states.shape[1]), float("-inf"))
    return lowest.scatter_reduce_(0, span.unsqueeze(1).expand(-1, states.shape[1]), states[members], "amax")


def cls(states: torch.Tensor, ranges: Ranges) -> torch.Tensor:
    """The state of the first token of the span's text, special or not: [CLS] where the tokenizer adds it."""
    return states[ranges.origin]


def _members(ranges: Ranges) -> tuple[torch.Tensor, torch.Tensor]:
    """Every (token, span) membership, spans in order: indices into M, and into n."""
    lengths = ranges.end - ranges.start
    span = torch.repeat_interleave(torch.arange(len(lengths), device=lengths.device), lengths)
    begins = torch.cumsum(lengths, 0) - lengths
    within = torch.arange(len(span), device=lengths.device) - begins[span]
    return ranges.content[ranges.start[span] + within], span
