"""How far words lie apart, held against their distances in the tree, with the gradient written down.

It has one product more than its value has, where that of autograd has two and some twenty small operations: with
sentences as they are, these take longer than the products.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

__all__ = ["difference"]


def difference(mapped: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Weighted sum of | |a - b|^2 - target | over every two words of each sentence.

    Args:
        mapped: (S, T, rank) words of sentences.
        target: (S, T, T) their distances, as far from b to a as from a to b.
        weight: (S, T, T) of each difference, likewise.
    """
    total: Tensor = _Difference.apply(mapped, target, weight)  # type: ignore[no-untyped-call]
    return total


class _Difference(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, mapped: Tensor, target: Tensor, weight: Tensor) -> Tensor:
        squares = mapped.square().sum(2)  # |a - b|^2 = |a|^2 + |b|^2 - 2 ab
        apart = torch.baddbmm(squares[:, :, None] + squares[:, None], mapped, mapped.mT, alpha=-2)
        off = apart.clamp_(min=0).sub_(target)
        ctx.save_for_backward(mapped, off.sign().mul_(weight))
        return off.abs_().mul_(weight).sum()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        mapped, pull = ctx.saved_tensors
        # Of |a - b|^2 it is 2 (a - b) at a, and each two words are there twice.
        return 4 * gradients[0] * (pull.sum(2, keepdim=True) * mapped - pull @ mapped), None, None
