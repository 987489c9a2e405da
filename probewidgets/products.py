"""Matrix products of float32 on a CPU, by the quicker of the two libraries that torch carries for them.

torch leaves them to MKL, which on processors of other makers than Intel uses vectors of half the width that AVX-512
has. oneDNN, which torch keeps for other types, uses all of it: products that are large enough take half the time.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

__all__ = ["product", "quick_products"]

_FEWEST = 8
"""Rows from which on oneDNN is the quicker."""


def _helps() -> bool:
    """Whether this torch has both libraries, on a processor on which one falls behind."""
    if not (torch.backends.mkl.is_available() and hasattr(torch.ops.mkldnn, "_linear_pointwise")):
        return False
    try:
        processor = torch.cpu.get_capabilities()
    except AttributeError:  # an older torch does not say
        return False
    return bool(processor.get("avx512_f")) and "Intel" not in processor.get("cpu_name", "Intel")


_HELPS = _helps()


def product(a: Tensor, b: Tensor) -> Tensor:
    """(M, K) times the transpose of (N, K) -> (M, N), on any device and of any type; without a gradient."""
    return _onednn(a, b) if _fits(a, b) else a @ b.mT


def quick_products() -> AbstractContextManager[Any]:
    """While this is open, linear maps that a model makes in this thread go the quicker way, where they can."""
    return _Quick() if _HELPS and not torch.is_autocast_enabled("cpu") else nullcontext()


class _Quick(TorchFunctionMode):
    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if func is torch.nn.functional.linear and not kwargs and _fits(*args):
            return _of_any_length(*args)
        # What GPT-2's layers call: their weights are (K, N).
        if func is torch.addmm and not kwargs and args[0].dim() == 1 and _fits(args[1], args[2].mT, args[0]):
            return _of_any_length(args[1], args[2].mT, args[0])
        return func(*args, **(kwargs or {}))


def _fits(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> bool:
    """Whether oneDNN can do it, and sooner: plain float32 on the CPU of which nobody wants a gradient."""
    return (
        _HELPS
        and weight.dim() == 2
        and x.numel() >= _FEWEST * x.shape[-1] > 0
        and x.shape[-1] == weight.shape[1]
        and all(
            type(part) in (Tensor, torch.nn.Parameter)
            and part.dtype == torch.float32
            and part.device.type == "cpu"
            and part.layout == torch.strided
            and not (part.requires_grad and torch.is_grad_enabled())
            for part in ((x, weight) if bias is None else (x, weight, bias))
        )
    )


def _of_any_length(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """(..., K) -> (..., N), by way of one of few numbers of rows.

    oneDNN writes a program for every shape, of nearly a megabyte, and keeps up to a thousand of them. The number of
    rows goes up to the next of 8, 16, 24, 32, 48, 64, 96, 128, ...
    """
    rows = x.numel() // x.shape[-1]
    step = 1 << max(3, (rows - 1).bit_length() - 2)
    flat = x.reshape(rows, -1)
    if rows % step:
        room = flat.new_empty(rows + -rows % step, flat.shape[1])
        room[:rows], room[rows:] = flat, 0
        flat = room
    return _onednn(flat, weight, bias)[:rows].view(*x.shape[:-1], -1)


def _onednn(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    made: Tensor = torch.ops.mkldnn._linear_pointwise.default(x, weight, bias, "none", [], "")
    return made
