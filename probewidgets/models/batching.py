"""Batches: which texts are run together, by how many tokens they have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from probewidgets.models.tapped import TappedModel

__all__ = ["batches", "budget"]

_BATCH_TOKENS = {"cpu": 512}
"""Tokens per batch, padding included: on a CPU larger ones are hardly quicker, and take more memory."""
_BATCH_TOKENS_ELSEWHERE = 16_384


def batches(lengths: Sequence[int], budget: int = _BATCH_TOKENS["cpu"], *, pads: bool = True) -> Iterator[list[int]]:
    """Indices of texts in batches of at most `budget` tokens with their padding, the largest first.

    A batch that is more than a third full is closed where one more text would make padding more than 2 % of it. Largest
    first, so that running out of memory shows in the first seconds, and what is smaller finds room where they were. One
    text longer than the budget is a batch. Where nothing may be padded, a batch's texts are of one length.
    """
    groups: list[list[int]] = []
    real = 0
    for index in sorted(range(len(lengths)), key=lambda i: (-lengths[i], i)):
        longest, n = (lengths[groups[-1][0]], len(groups[-1]) + 1) if groups else (0, 0)
        wasteful = real + lengths[index] < 0.98 * longest * n and 3 * longest * n > budget
        if not groups or longest * n > budget or wasteful or not (pads or lengths[index] == longest):
            groups.append([])
            real = 0
        groups[-1].append(index)
        real += lengths[index]
    yield from sorted(groups, key=lambda batch: -lengths[batch[0]] * len(batch))


def budget(model: TappedModel) -> int:
    """Tokens per batch, padding included."""
    return _BATCH_TOKENS.get(model.device.type, _BATCH_TOKENS_ELSEWHERE)
