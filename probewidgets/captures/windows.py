"""Windows: a text longer than the model, as overlapping pieces; each token counts where it sees most."""

from __future__ import annotations

import numpy as np

from probewidgets.errors import TooLongError
from probewidgets.machine.arrays import Ints
from probewidgets.models.tapped import Encoded

__all__ = ["windows"]


def windows(encoded: Encoded, limit: int, causal: bool) -> tuple[list[Encoded], Ints]:
    """Cut an encoded text into windows that overlap by half, each with the special tokens of the whole at its ends.

    Args:
        encoded: T tokens.
        limit: The most tokens of a window, special ones included.
        causal: Whether a token sees only what stands before it.

    Returns:
        The windows, and (T,) where each token is to be read, as an index into their tokens laid end to end: of its
        copies the one with the most context, which is the most before it in a causal model, and else the most on the
        side where it has least.

    Raises:
        TooLongError: There is no room for text beside the special tokens (and, in a decoder, what its encoder reads).
    """
    n = len(encoded)
    text = np.flatnonzero(~encoded.special)
    head, tail = (int(text[0]), n - 1 - int(text[-1])) if len(text) else (0, 0)
    room, body = limit - head - tail, n - head - tail
    if n <= limit:
        return [encoded], np.arange(n)
    if room < 2:
        raise TooLongError(f"A window of {limit} tokens has no room for text beside {head + tail} special tokens.")
    starts = np.append(np.arange(0, body - room, room // 2), body - room)
    token = np.arange(body)[:, None]
    before, after = token - starts, starts + room - 1 - token
    context = np.where((before >= 0) & (after >= 0), before if causal else np.minimum(before, after), -1)
    best = context.argmax(1)
    size = head + room + tail
    place = np.empty(n, np.int64)
    place[:head] = np.arange(head)
    place[head : n - tail] = best * size + head + np.arange(body) - starts[best]
    place[n - tail :] = (len(starts) - 1) * size + head + room + np.arange(tail)
    return [_cut(encoded, head, head + int(s), head + int(s) + room, n - tail) for s in starts], place


def _cut(encoded: Encoded, head: int, low: int, high: int, tail: int) -> Encoded:
    keep = np.r_[0:head, low:high, tail : len(encoded)]
    inputs = {name: [values[i] for i in keep] for name, values in encoded.inputs.items()}
    return Encoded(inputs, encoded.offsets[keep], encoded.special[keep], encoded.source)
