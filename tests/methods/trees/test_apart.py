"""Distances of words held against those of the tree: value and gradient are those of the formula."""

from __future__ import annotations

import torch

from probewidgets.methods.trees.apart import difference, slopes


def test_value_and_gradient_are_those_of_the_formula() -> None:
    random = torch.Generator().manual_seed(0)
    there = torch.arange(7) < torch.tensor([7, 1, 4])[:, None]
    both = there[:, :, None] & there[:, None]
    mapped = (torch.randn(3, 7, 5, generator=random, dtype=torch.float64) * there[:, :, None]).requires_grad_()
    edges = torch.randint(1, 9, (3, 7, 7), generator=random).double().triu(1)
    target, weight = edges + edges.mT, both / there.sum(1).square()[:, None, None].double()
    apart = (mapped[:, :, None] - mapped[:, None]).square().sum(3)
    plain = ((apart - target).abs() * weight).sum()
    (gradient,) = torch.autograd.grad(plain, mapped)
    with torch.no_grad():
        torch.testing.assert_close(difference(mapped, target, weight), plain)
        ours = slopes(mapped, target, weight)
    torch.testing.assert_close(ours, gradient)
    assert gradient.abs().max() > 0.1 and not ours[1].any(), "one word alone is nowhere apart"
