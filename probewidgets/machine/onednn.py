"""Matrix products of float32 on a CPU, by the quicker of the two libraries that torch carries for them.

torch leaves them to MKL, which on processors of other makers than Intel uses vectors of half the width that AVX-512
has. oneDNN, which torch keeps for other types, uses all of it: products that are large enough take half the time.
But it writes a program for every new shape, of nearly a megabyte, and keeps up to a thousand of them: what is
multiplied by it should come in few shapes.

It is called from two places: `models.held`, while a model runs, and `probes.shared`, while probes are trained. The
environment variable PROBEWIDGETS_ONEDNN says that it is never taken (0), or on any processor where torch has it (1);
without it, it is taken where it helps. Results differ by rounding, so they say which it was: `described()`.

The day that torch takes oneDNN by itself, a test fails that says so, and this module can go.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

__all__ = ["SWITCH", "described", "linear", "product", "quick_products", "rounded", "used"]

SWITCH = "PROBEWIDGETS_ONEDNN"
"""The environment variable: 0 never, 1 wherever torch has it, unset where it helps. Read when the package is loaded."""

_ROWS = 8
"""Rows,"""
_WORK = 1 << 21
"""and multiplications, from which on oneDNN is the quicker."""


def _there() -> bool:
    """Whether this torch carries both libraries."""
    return torch.backends.mkl.is_available() and hasattr(torch.ops.mkldnn, "_linear_pointwise")


def _helps() -> bool:
    """Whether this torch has both libraries, on a processor on which one falls behind."""
    if not _there():
        return False
    try:
        processor = torch.cpu.get_capabilities()
    except AttributeError:  # an older torch does not say
        return False
    return bool(processor.get("avx512_f")) and "Intel" not in processor.get("cpu_name", "Intel")


def _wanted() -> bool:
    """Follow the switch; where it is not set, take what helps."""
    return {"0": False, "1": _there()}.get(os.environ.get(SWITCH, ""), _helps())


_HELPS = _wanted()


def used() -> bool:
    """Whether large float32 products on the CPU are made by oneDNN, where torch itself would take MKL."""
    return _HELPS


def described() -> str:
    """Who multiplies float32 on the CPU, and why, in a few words."""
    switch = os.environ.get(SWITCH, "")
    if switch not in ("", "0", "1"):
        why = f"${SWITCH} is {switch!r}, which is neither 0 nor 1, and not followed"
    elif switch:
        why = f"${SWITCH} is {switch}" + ("" if switch == "0" or _HELPS else ", but this torch does not carry both")
    else:
        why = "the quicker on this processor" if _HELPS else f"oneDNN would not be quicker here; ${SWITCH}=1 takes it"
    return f"{'oneDNN' if _HELPS else 'torch as it is'} ({why})"


def product(a: Tensor, b: Tensor, *, often: bool = True) -> Tensor:
    """(M, K) times the transpose of (N, K) -> (M, N), on any device and of any type; without a gradient.

    Unless this shape comes `often`, it is not worth a program.
    """
    return _onednn(a, b) if often and _HELPS and _fits(a, b) else a @ b.mT


def rounded(rows: int) -> int:
    """The next number of rows of which there are few, so that a program is soon there; the same where none is written.

    That is 8, 16, ..., 64, 80, 96, 112, 128, 160, ...: a quarter more at most, from 32 on.
    """
    return rows + -rows % (1 << max(3, (rows - 1).bit_length() - 3)) if _HELPS else rows


def linear(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """(..., K) times the transpose of (N, K), and a bias, -> (..., N): what torch's does, without a gradient.

    For any number of rows: it goes up to the next `rounded` one.
    """
    if not (_HELPS and _fits(x, weight, bias)):
        return torch.nn.functional.linear(x, weight, bias)
    rows = x.numel() // x.shape[-1]
    flat = x.reshape(rows, -1)
    if rounded(rows) > rows:
        room = flat.new_empty(rounded(rows), flat.shape[1])
        room[:rows], room[rows:] = flat, 0
        flat = room
    return _onednn(flat, weight, bias)[:rows].view(*x.shape[:-1], -1)


def quick_products(model: torch.nn.Module) -> AbstractContextManager[Any]:
    """While this is open, the linear maps of a model that runs in this thread go the quicker way, where they can."""
    first = next(model.parameters(), None)
    helps = _HELPS and first is not None and first.device.type == "cpu" and first.dtype == torch.float32
    return _Quick() if helps else nullcontext()


class _Quick(TorchFunctionMode):
    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if kwargs or torch.compiler.is_compiling():  # a compiler would write a program for every number of rows
            return func(*args, **(kwargs or {}))
        if func is torch.nn.functional.linear:
            return (_Frozen.apply if _wants_only_first(*args) else linear)(*args)
        # What GPT-2's layers call: their weights are (K, N).
        if func is torch.addmm and args[2].dim() == 2 and _fits(args[1], args[2].mT, args[0]):
            return linear(args[1], args[2].mT, args[0])
        return func(*args)


class _Frozen(torch.autograd.Function):
    """`linear` by weights that are not trained: the gradient of what goes through it is such a product too."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
        ctx.save_for_backward(weight)
        return linear(x, weight, bias)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        (weight,) = ctx.saved_tensors
        return linear(gradients[0], weight.mT), None, None


def _wants_only_first(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> bool:
    """Whether somebody wants a gradient of what goes through a map, and nobody one of the map."""
    trained = weight.requires_grad or (bias is not None and bias.requires_grad)
    return torch.is_grad_enabled() and x.requires_grad and not trained and _fits(x.detach(), weight, bias)


def _fits(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> bool:
    """Whether oneDNN can do it, and sooner: plain float32 on the CPU of which nobody wants a gradient."""
    return (
        weight.dim() == 2
        and x.numel() >= _ROWS * x.shape[-1]
        and x.numel() * len(weight) >= _WORK
        and x.shape[-1] == weight.shape[1]
        and (bias is None or bias.shape == weight.shape[:1])
        and bool(torch.backends.mkldnn.enabled)
        and not torch.is_autocast_enabled("cpu")
        and all(
            type(part) in (Tensor, torch.nn.Parameter)
            and part.dtype == torch.float32
            and part.device.type == "cpu"
            and part.layout == torch.strided
            and not (part.requires_grad and torch.is_grad_enabled())
            for part in ((x, weight) if bias is None else (x, weight, bias))
        )
    )


def _onednn(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    product: Tensor = torch.ops.mkldnn._linear_pointwise.default(x, weight, bias, "none", [], "")
    return product
