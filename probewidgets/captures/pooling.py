"""Pools: from the states of a unit's tokens to one state. Plain functions; write your own with the same signature."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import NamedTuple

import torch

from probewidgets.errors import ModelError, clipped

__all__ = [
    "POOLS",
    "Pool",
    "Ranges",
    "check_pool",
    "cls",
    "first",
    "is_own",
    "last",
    "max",
    "mean",
    "mean_with_special",
    "pool_name",
]


class Ranges(NamedTuple):
    """Which tokens each of n spans has, in a batch whose tokens are laid end to end (M of them)."""

    start: torch.Tensor
    """(n,) first token of the span: an index into `content`."""
    end: torch.Tensor
    """(n,) one past its last token: an index into `content`. Always greater than `start`."""
    content: torch.Tensor
    """(C,) indices into M of the tokens that stand for text: no special tokens, no padding, no bare space."""
    text_start: torch.Tensor
    """(n,) first token of the span's text, special or not: an index into `tokens`."""
    text_end: torch.Tensor
    """(n,) one past the last token of the span's text: an index into `tokens`."""
    tokens: torch.Tensor
    """(A,) indices into M of all tokens of the texts, the special ones included, but no padding."""
    last: torch.Tensor
    """(n,) indices into M of the last token of each span; of a whole text that ends in white space, that."""


Pool = Callable[[torch.Tensor, Ranges], torch.Tensor]
"""`(M, D)` states of one layer and `Ranges` -> `(n, D)`."""


def first(states: torch.Tensor, ranges: Ranges) -> torch.Tensor:
    """The state of the first token of each span."""
    return states[ranges.content[ranges.start]]


def last(states: torch.Tensor, ranges: Ranges) -> torch.Tensor:
    """The state of the last token of each span: in a decoder, the only one that has seen all of it.

    Of a whole text it is the last token that the text itself has, be it a line break or a special token that was
    written into it; what the tokenizer adds behind a text is not its own.
    """
    return states[ranges.last]


def mean(states: torch.Tensor, ranges: Ranges) -> torch.Tensor:
    """The mean of the states of each span's tokens."""
    return _mean(states, ranges.content, ranges.start, ranges.end)


def mean_with_special(states: torch.Tensor, ranges: Ranges) -> torch.Tensor:
    """The mean over all tokens of each span's text, [CLS] and the like included: a pool for sentences."""
    return _mean(states, ranges.tokens, ranges.text_start, ranges.text_end)


def max(states: torch.Tensor, ranges: Ranges) -> torch.Tensor:
    """The largest value of each feature over the span's tokens."""
    members, span = _members(ranges.content, ranges.start, ranges.end)
    lowest = states.new_full((len(ranges.start), states.shape[1]), float("-inf"))
    return lowest.scatter_reduce_(0, span.unsqueeze(1).expand(-1, states.shape[1]), states[members], "amax")


def cls(states: torch.Tensor, ranges: Ranges) -> torch.Tensor:
    """The state of the first token of the span's text, special or not: [CLS] where the tokenizer adds it."""
    return states[ranges.tokens[ranges.text_start]]


POOLS: dict[str, Pool] = {pool.__name__: pool for pool in (first, last, mean, max, cls, mean_with_special)}
"""The pools of this package, by name."""


def check_pool(pool: object) -> None:
    """Raise ModelError unless `pool` can be called with states and Ranges."""
    if not callable(pool):
        names = ", ".join(f"pw.{name}" for name in POOLS)
        raise ModelError(f"pool must be a function: {names}, or your own. {clipped(pool)} came.")
    try:
        signature = inspect.signature(pool)
    except (TypeError, ValueError):  # a function that is not written in Python need not say what it takes
        return
    try:
        signature.bind(None, None)
    except TypeError as error:
        raise ModelError(
            f"The pool {pool_name(pool)}{signature} cannot be called as pool(states, ranges): {error}. It gets the "
            "(M, D) states of all tokens of a batch, and Ranges, which say which of them each of n spans has, and must "
            "return (n, D) states, as pw.mean does."
        ) from None


def is_own(pool: Pool) -> bool:
    """Whether a pool is somebody's own: what it does cannot be told from its name, nor what it bears."""
    return POOLS.get(pool_name(pool)) is not pool


def pool_name(pool: Pool) -> str:
    """The word that captions have for a pool. No other function can have the name of one of ours."""
    name = str(getattr(pool, "__name__", type(pool).__name__))
    if name not in POOLS or POOLS[name] is pool:
        return name
    return f"{getattr(pool, '__module__', 'your')}.{name}"


def _mean(states: torch.Tensor, tokens: torch.Tensor, start: torch.Tensor, end: torch.Tensor) -> torch.Tensor:
    members, span = _members(tokens, start, end)
    if len(members) == len(start):  # one token each: nothing to add up
        return states[members]
    total = states.new_zeros(len(start), states.shape[1]).index_add_(0, span, states[members])
    return total / (end - start).to(states.dtype).unsqueeze(1)


def _members(tokens: torch.Tensor, start: torch.Tensor, end: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Every (token, span) membership, spans in order: indices into M, and into n."""
    lengths = end - start
    span = torch.repeat_interleave(torch.arange(len(lengths), device=lengths.device), lengths)
    begins = torch.cumsum(lengths, 0) - lengths
    within = torch.arange(len(span), device=lengths.device) - begins[span]
    return tokens[start[span] + within], span
