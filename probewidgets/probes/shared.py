"""The products that fits over the same states share, which are nearly the whole cost of training them."""

from __future__ import annotations

from torch import Tensor

from probewidgets.machine.onednn import linear, product, rounded

__all__ = ["backward", "forward", "mapped", "rotated", "rounded"]


def forward(weights: Tensor, states: Tensor, *, often: bool) -> Tensor:
    """(F K, D) weights of all fits, (n, D) states -> (F K, n).

    `often` says whether as many rows come again and again; see `product`.
    """
    return product(weights, states, often=often)


def backward(slopes: Tensor, states: Tensor, *, often: bool) -> Tensor:
    """(F K, n) slopes of the losses of n rows, (n, D) their states -> (F K, D) the gradient of all weights."""
    return product(slopes, states.T, often=often)


def rotated(states: Tensor, axes: Tensor) -> Tensor:
    """(N, D) states in the coordinates whose axes are the (D, E) columns -> (N, E)."""
    return linear(states, axes.T)


def mapped(states: Tensor, maps: Tensor) -> Tensor:
    """(n, D) states, n of them `rounded`, (F K, D) maps of all fits -> (n, F K)."""
    return product(states, maps)
