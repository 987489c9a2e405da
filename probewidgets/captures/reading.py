"""Reading: some texts as tokens, with the tokens of every span; and their states, pooled, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from probewidgets.captures.alignment import Aligned, align, begins
from probewidgets.captures.pooling import Pool, Ranges, is_own, pool_name
from probewidgets.captures.windows import windows
from probewidgets.errors import ModelError
from probewidgets.machine.arrays import Ints
from probewidgets.models.batching import batches, budget
from probewidgets.models.sites import Site, residual
from probewidgets.models.tapped import Encoded, TappedModel

__all__ = ["Batch", "Reading", "pooled", "read", "todo"]

States = list[npt.NDArray[np.float32]]

_FEW = 4096
"""States of tokens, over all layers, up to which they are pooled at once."""


@dataclass(frozen=True, eq=False)
class Reading:
    """X texts as the model reads them, with n spans to pool, in the order of their texts."""

    pieces: Sequence[Encoded]
    """What is run: one piece per text, or several windows of a long one."""
    piece_begin: Ints
    """(X + 1,) first piece of each text."""
    token_begin: Ints
    """(X + 1,) first token of each text, as it was encoded."""
    place: Ints
    """Where each token is read: an index into the tokens of all pieces, laid end to end."""
    aligned: Aligned
    owner: Ints
    """(n,) the text of each span, ascending."""

    def __len__(self) -> int:
        return len(self.piece_begin) - 1

    @cached_property
    def piece_first(self) -> Ints:
        """(pieces + 1,) first token of each piece, of all laid end to end."""
        return begins([len(piece) for piece in self.pieces])

    def n_tokens(self, texts: Ints) -> int:
        """How many tokens some of the texts have."""
        return int((self.token_begin[texts + 1] - self.token_begin[texts]).sum())

    @property
    def has_token(self) -> npt.NDArray[np.bool_]:
        """(n,) whether a span has any."""
        return self.aligned.start < self.aligned.end

    def only(self, spans: npt.NDArray[np.bool_]) -> Reading:
        """The same texts with some of their spans."""
        a = self.aligned
        aligned = Aligned(a.content, a.start[spans], a.end[spans], a.shared[spans], a.last[spans])
        return replace(self, aligned=aligned, owner=self.owner[spans])


def read(
    model: TappedModel,
    texts: Sequence[str],
    encoded: Sequence[Encoded],
    spans: Ints,
    owner: Ints,
    *,
    window: bool = False,
) -> Reading:
    """Align the spans of some encoded texts.

    Args:
        model: Who will read them.
        texts: (X,) texts.
        encoded: (X,) their tokens.
        spans: (n, 2) ranges of characters.
        owner: (n,) which text each span is of, ascending.
        window: Whether to cut texts that are longer than the model into windows.
    """
    pieces: list[Encoded] = []
    places: list[Ints] = []
    counts: list[int] = []
    base = 0
    for tokens in encoded:
        long = window and len(tokens) > model.max_tokens
        cut, place = windows(tokens, model.max_tokens, model.causal) if long else ([tokens], np.arange(len(tokens)))
        pieces += cut
        places.append(place + base)
        counts.append(len(cut))
        base += sum(map(len, cut))
    aligned = align(texts, encoded, spans, owner)
    return Reading(pieces, begins(counts), begins([len(e) for e in encoded]), np.concatenate(places), aligned, owner)


class Batch(NamedTuple):
    """The texts of a reading that are run at once."""

    texts: Ints
    """(m,) texts."""
    spans: Ints
    """(n,) all the spans in them."""


def todo(model: TappedModel, reading: Reading) -> list[Batch]:
    """The texts of a reading that have spans, in batches."""
    span_begin = np.searchsorted(reading.owner, np.arange(len(reading) + 1))
    asked = np.flatnonzero(np.diff(span_begin))
    lengths = [sum(map(len, reading.pieces[reading.piece_begin[t] : reading.piece_begin[t + 1]])) for t in asked]
    return [
        Batch(texts, np.concatenate([np.arange(span_begin[t], span_begin[t + 1]) for t in texts]))
        for texts in (asked[batch] for batch in batches(lengths, budget(model), pads=model.pads))
    ]


def pooled(
    model: TappedModel, reading: Reading, batch: Batch, layers: Sequence[int], pool: Pool, site: Site = residual
) -> States:
    """Run one batch of a reading: of each layer the (n, D) states of its spans, pooled.

    Raises:
        ModelError: The pool does not give one state per span, or one text alone is too large for the device.
    """
    return _run(model, reading, *batch, layers, pool, site)


def _run(
    model: TappedModel, reading: Reading, texts: Ints, spans: Ints, layers: Sequence[int], pool: Pool, site: Site
) -> States:
    try:
        out = _states(model, reading, texts, spans, layers, pool, site)
    except torch.OutOfMemoryError as error:
        if len(texts) == 1:
            raise ModelError(
                f"One text of {int(np.diff(reading.token_begin)[texts[0]]):,} tokens does not fit on {model.device}: "
                f"{str(error).splitlines()[0]:.200} Use device='cpu', another dtype, or shorter texts."
            ) from error
        middle = len(texts) // 2
        inside = np.isin(reading.owner[spans], texts[:middle])
        halves = ((texts[:middle], spans[inside]), (texts[middle:], spans[~inside]))
        parts = [_run(model, reading, t, s, layers, pool, site) for t, s in halves]
        return [np.concatenate(layer) for layer in zip(*parts, strict=True)]
    # Off a device in one go.
    moved = out if out[0].device.type == "cpu" else torch.stack([layer.to(out[0].device) for layer in out]).cpu()
    return [layer.numpy() for layer in moved]


def _states(
    model: TappedModel, reading: Reading, texts: Ints, spans: Ints, layers: Sequence[int], pool: Pool, site: Site
) -> Sequence[torch.Tensor]:
    """Per layer the (n, D) pooled states of a batch's spans."""
    numbers = np.concatenate([np.arange(reading.piece_begin[t], reading.piece_begin[t + 1]) for t in texts])
    pieces = [reading.pieces[i] for i in numbers]
    width = max(map(len, pieces))
    # From tokens laid end to end to tokens laid end to end with their padding.
    row = np.empty(len(reading.pieces), np.int64)
    row[numbers] = np.arange(len(numbers)) * width - reading.piece_first[numbers]
    ranges = _ranges(reading, texts, row)
    # The model goes on with what it is given: somebody's own pool may write into that, or return a part of it.
    own = is_own(pool)

    @cache
    def ranges_on(device: torch.device) -> Ranges:
        return Ranges(*(indices.to(device) for indices in ranges))

    def pooled(states: torch.Tensor) -> torch.Tensor:
        # In single precision: a sum of half-precision numbers loses what the probes are after.
        states = states.reshape(-1, states.shape[-1]).to(torch.float32, copy=own)
        out = pool(states, ranges_on(states.device))
        if not isinstance(out, torch.Tensor) or out.shape != (len(spans), states.shape[1]):
            returned = tuple(out.shape) if isinstance(out, torch.Tensor) else type(out).__name__
            raise ModelError(
                f"The pool {pool_name(pool)} must return (n, D) = {(len(spans), states.shape[1])}, but returned "
                f"{returned}."
            )
        return out

    if not own and len(layers) * len(pieces) * width < _FEW:
        return _at_once(model.states(pieces, layers, site, torch.clone), pooled)
    step = max(1, budget(model) // width)
    if len(pieces) <= step or len(pieces) * width <= 2 * budget(model):
        return model.states(pieces, layers, site, pooled)
    # The windows of one very long text are run a few at a time.
    parts = [model.states(pieces[low : low + step], layers, site) for low in range(0, len(pieces), step)]
    pad = torch.nn.functional.pad
    with torch.inference_mode():
        return [
            pooled(torch.cat([pad(states, (0, 0, 0, width - states.shape[1])) for states in layer]))
            for layer in zip(*parts, strict=True)
        ]


def _at_once(states: Sequence[torch.Tensor], pooled: Callable[[torch.Tensor], torch.Tensor]) -> Sequence[torch.Tensor]:
    """Of (L,) layers the pooled states, by one call: our pools take each feature by itself, so layers lie side by side.

    Of few tokens the time is that of the calls; of many it would be all layers in memory at once.
    """
    with torch.inference_mode():
        side_by_side = torch.cat([layer.to(states[0].device) for layer in states], -1)
        return pooled(side_by_side).split([layer.shape[-1] for layer in states], -1)


def _ranges(reading: Reading, texts: Ints, row: Ints) -> Ranges:
    """Where the spans of some texts are in a batch, to which `row` takes the tokens of each piece."""
    tokens, content, text_ends, starts, ends, last = [], [], [0], [], [], []
    a, passed = reading.aligned, 0
    for t in texts:
        low, high = reading.token_begin[t], reading.token_begin[t + 1]
        place = reading.place[low:high]
        piece = np.searchsorted(reading.piece_first, place, side="right") - 1
        padded = place + row[piece]
        c_low, c_high = np.searchsorted(a.content, (low, high))
        tokens.append(padded)
        content.append(padded[a.content[c_low:c_high] - low])
        text_ends.append(text_ends[-1] + len(padded))
        mine = slice(*np.searchsorted(reading.owner, (t, t + 1)))
        starts.append(a.start[mine] - c_low + passed)
        ends.append(a.end[mine] - c_low + passed)
        last.append(padded[a.last[mine] - low])
        passed += int(c_high - c_low)
    text = np.repeat(np.arange(len(texts)), [len(s) for s in starts])
    edges = np.array(text_ends)

    def tensor(values: Ints) -> torch.Tensor:
        return torch.from_numpy(np.ascontiguousarray(values, np.int64))

    return Ranges(
        start=tensor(np.concatenate(starts)),
        end=tensor(np.concatenate(ends)),
        content=tensor(np.concatenate(content)),
        text_start=tensor(edges[text]),
        text_end=tensor(edges[text + 1]),
        tokens=tensor(np.concatenate(tokens)),
        last=tensor(np.concatenate(last)),
    )
