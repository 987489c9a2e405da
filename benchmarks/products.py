"""Matrix products of this package beside torch's own, on one core and in float32.

    python benchmarks/products.py

The linear maps of the embedded model for batches of several sizes, and the two products of its probes. Interleaved,
the quickest of 7 rounds each. Where the two are the same, this package takes torch's: see machine/onednn.py.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import torch
from torch import Tensor

from probewidgets.machine.onednn import linear, product

Way = Callable[..., Tensor]

LINEAR = [(tokens, *shape) for tokens in (8, 16, 64, 500, 512) for shape in ((384, 384), (384, 1536), (1536, 384))]
"""Tokens, features in, features out."""
FITS = [(17, 2048), (34, 1024), (136, 256)]
"""Labels of all fits, rows of a block; of 384 features."""


def main() -> None:
    torch.set_num_threads(1)
    print("GFLOP/s                            torch     ours")
    with torch.inference_mode():
        for tokens, inputs, outputs in LINEAR:
            x, weight, bias = torch.randn(tokens, inputs), torch.randn(outputs, inputs), torch.randn(outputs)
            show(f"{tokens} tokens, {inputs} -> {outputs}", torch.nn.functional.linear, linear, x, weight, bias)
        for labels, rows in FITS:
            weights, states, slope = torch.randn(labels, 384), torch.randn(rows, 384), torch.randn(labels, rows)
            show(f"{labels} labels, {rows} rows, forth", plain, product, weights, states)
            show(f"{labels} labels, {rows} rows, back", plain, product, slope, states.T)


def plain(a: Tensor, b: Tensor) -> Tensor:
    return a @ b.T


def show(name: str, theirs: Way, ours: Way, a: Tensor, b: Tensor, *c: Tensor) -> None:
    work = 2e-9 * a.numel() * len(b)
    repeats, rates = max(3, int(0.5 / work)), [0.0, 0.0]
    for _ in range(7):
        for i, way in enumerate((theirs, ours)):
            start = time.perf_counter()
            for _ in range(repeats):
                way(a, b, *c)
            rates[i] = max(rates[i], repeats * work / (time.perf_counter() - start))
    print(f"  {name:28}  {rates[0]:8.0f} {rates[1]:8.0f}   {rates[1] / rates[0]:5.2f} x")


if __name__ == "__main__":
    main()
