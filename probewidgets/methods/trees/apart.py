"""How far words lie apart, held against their distances in the tree: the differences, and their gradient written down.

It has one product more than their value has, where that of autograd has two and some twenty small operations: with
sentences as they are, these take longer than the products.
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["difference", "slopes"]


def difference(mapped: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Weighted sum of | |a - b|^2 - target | over every two words of each sentence.

    Args:
        mapped: (S, T, rank) words of sentences.
        target: (S, T, T) their distances, as far from b to a as from a to b.
        weight: (S, T, T) of each difference, likewise.
    """
    return _off(mapped, target).abs_().mul_(weight).sum()


def slopes(mapped: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """(S, T, rank) the gradient of the `difference` by the mapped words."""
    pull = _off(mapped, target).sign_().mul_(weight)
    # Of |a - b|^2 it is 2 (a - b) at a, and each two words are there twice.
    return torch.baddbmm(pull.sum(2, keepdim=True) * mapped, pull, mapped, beta=4, alpha=-4)


def _off(mapped: Tensor, target: Tensor) -> Tensor:
    squares = mapped.square().sum(2)  # |a - b|^2 = |a|^2 + |b|^2 - 2 ab
    apart = torch.baddbmm(squares[:, :, None] + squares[:, None], mapped, mapped.mT, alpha=-2)
    return apart.clamp_(min=0).sub_(target)
