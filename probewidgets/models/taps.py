"""Taps: where in a module tree a state comes by, found by running the model once and looking at what comes out where.

There is no table of model families. Blocks are the repeated modules whose inputs and outputs are the hidden states that
the model itself reports; everything else is found inside of them.
"""

from __future__ import annotations

import re
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch

__all__ = ["Blocks", "Call", "Tap", "find_blocks", "numbered", "pattern", "record", "run"]


@dataclass(frozen=True)
class Tap:
    """One place in a module tree, at one moment of a forward pass."""

    module: str
    """Dotted name of the module."""
    call: int = 0
    """Which of its calls in one forward pass: blocks may share one module."""
    side: str = "output"
    """`"output"` or `"input"`."""


@dataclass(frozen=True, eq=False)
class Call:
    """One call of one module in a recorded forward pass."""

    module: str
    number: int
    """Which of the module's calls it is, from 0."""
    input: torch.Tensor | None
    output: torch.Tensor | None
    leaf: bool
    """Whether the module is a single product with a matrix (a linear layer, a convolution), with nothing inside."""
    kinds: tuple[str, ...] = ()
    """The classes of the modules that lead to it, itself the last."""

    def tap(self, side: str = "output") -> Tap:
        """Where its input or output comes by."""
        return Tap(self.module, self.number, side)


@dataclass(frozen=True)
class Blocks:
    """Where the states of the residual stream come by."""

    entry: Tap
    """What the first block reads: the embeddings."""
    blocks: tuple[Tap, ...]
    """What each block gives."""
    last: Tap
    """What the model reports as its last state: the last block's, or what a final norm made of it."""

    @property
    def final_norm(self) -> bool:
        """Whether the last state is not what the last block gives."""
        return self.last != self.blocks[-1]

    @property
    def pattern(self) -> str:
        """The blocks' names, with a `*` for their numbers."""
        return pattern(self.blocks[0].module)


def find_blocks(calls: Sequence[Call], states: Sequence[torch.Tensor]) -> Blocks | None:
    """The blocks of a model, from one forward pass of one text.

    Args:
        calls: Every call of every module in that pass, in the order in which they ended.
        states: The hidden states (1, T, D) that the model reported.

    Returns:
        Blocks; None where no repeated module has these states as its outputs.
    """
    fits: Counter[str] = Counter()
    for call in calls:
        if _numbered(call.module):
            fits[pattern(call.module)] += sum(_same(call.output, s) for s in states)
            fits[pattern(call.module)] += _same(call.input, states[0])
    if not fits or not max(fits.values()):
        return None
    # Of equals the outermost: a block ends with the last of its parts.
    repeated = min(fits, key=lambda name: (-fits[name], name.count(".")))
    chain = [(i, call) for i, call in enumerate(calls) if _numbered(call.module) and pattern(call.module) == repeated]
    end, block = chain[-1]
    taps = tuple(call.tap() for _, call in chain)
    if any(call.output is None or call.output.shape != states[0].shape for _, call in chain):
        return None
    last = next((c.tap() for c in calls[end + 1 :] if _same(c.output, states[-1])), None)
    if _same(block.output, states[-1]) or states[-1].shape != states[0].shape:
        last = taps[-1]
    layers = (chain[0][1].input, *(call.output for _, call in chain), states[-1])
    # What a model reports and no block reads or gives is told by the model alone (XLM, whose blocks are no modules).
    if last is None or not all(any(_same(layer, state) for layer in layers) for state in states):
        return None
    return Blocks(chain[0][1].tap("input"), taps, last)


def numbered(calls: Sequence[Call], blocks: Blocks, states: Sequence[torch.Tensor]) -> dict[int, int]:
    """Layer -> which of the states that a model reported it is; of those that are one of them."""
    outputs = {(call.module, call.number): call.output for call in calls}
    inputs = {(call.module, call.number): call.input for call in calls}
    layers = [inputs[blocks.entry.module, blocks.entry.call]]
    layers += [outputs[tap.module, tap.call] for tap in (*blocks.blocks[:-1], blocks.last)]
    places = {
        n: next((i for i, state in enumerate(states) if _same(layer, state)), -1) for n, layer in enumerate(layers)
    }
    return {layer: i for layer, i in places.items() if i >= 0}


def record(model: torch.nn.Module, forward: Callable[[], Any]) -> tuple[list[Call], Any]:
    """Run `forward` and note every call of every module of `model`; and what `forward` returned."""
    calls: list[Call] = []
    seen: Counter[str] = Counter()
    inputs: defaultdict[str, list[torch.Tensor | None]] = defaultdict(list)

    def note(name: str, leaf: bool) -> Callable[..., None]:
        parts = name.split(".")
        kinds = tuple(type(model.get_submodule(".".join(parts[:n]))).__name__ for n in range(1, len(parts) + 1))

        def hook(_module: Any, _args: Any, output: Any) -> None:
            calls.append(Call(name, seen[name], inputs[name].pop(), _copy(first_tensor(output)), leaf, kinds))
            seen[name] += 1

        return hook

    def keep(name: str) -> Callable[..., None]:
        # Before the module runs: it may add to what it reads, in place.
        return lambda _module, args, kwargs: inputs[name].append(_copy(first_tensor(args, kwargs)))

    hooks = []
    for name, module in model.named_modules():
        if name:
            hooks.append(module.register_forward_pre_hook(keep(name), with_kwargs=True))
            hooks.append(module.register_forward_hook(note(name, _is_product(module))))
    try:
        return calls, forward()
    finally:
        for handle in hooks:
            handle.remove()


class _Enough(Exception):  # noqa: N818 - the way out of a forward pass of which no more is wanted
    pass


def run(
    model: torch.nn.Module,
    taps: Iterable[Tap],
    forward: Callable[[], Any],
    take: Callable[[torch.Tensor], torch.Tensor] = lambda tensor: tensor,
    check: Callable[[Tap, torch.Tensor], object] = lambda _tap, _tensor: None,
) -> Mapping[Tap, torch.Tensor]:
    """Run `forward` until everything asked for has come by, and not further.

    A pass of somebody else's through the same module, in another thread at the same time, is let be.

    Args:
        model: The module that `forward` runs.
        taps: What is asked for.
        forward: One forward pass.
        take: What to keep of a tensor that comes by; itself by default. A copy, where it is not to change: some blocks
            add to what a part of them gave, in place (Falcon).
        check: Sees what comes by, and where, before anything is kept; what it raises ends the pass.

    Returns:
        What was kept of each tap's tensor. One that did not come by is missing.
    """
    wanted = set(taps)
    kept: dict[Tap, torch.Tensor] = {}
    counts: Counter[tuple[str, str]] = Counter()
    ours = threading.get_ident()

    def note(name: str, side: str, values: tuple[Any, ...]) -> None:
        if threading.get_ident() != ours:
            return
        tap = Tap(name, counts[name, side], side)
        counts[name, side] += 1
        if tap in wanted:
            tensor = first_tensor(*values)
            if tensor is not None:
                check(tap, tensor)
                kept[tap] = take(tensor)
            if len(kept) == len(wanted):
                raise _Enough

    hooks = []
    for name, side in sorted({(tap.module, tap.side) for tap in wanted}):
        if side == "input":
            hooks.append(
                model.get_submodule(name).register_forward_pre_hook(
                    lambda _module, args, kwargs, name=name: note(name, "input", (args, kwargs)), with_kwargs=True
                )
            )
        else:
            hooks.append(
                model.get_submodule(name).register_forward_hook(
                    lambda _module, _args, output, name=name: note(name, "output", (output,))
                )
            )
    try:
        forward()
    except _Enough:
        pass
    finally:
        for handle in hooks:
            handle.remove()
    return kept


def first_tensor(*values: Any) -> torch.Tensor | None:
    """The first tensor among values, or in the tuples, lists and keyword arguments among them."""
    for value in values:
        if isinstance(value, torch.Tensor):
            return value
        if isinstance(value, Mapping):
            value = tuple(value.values())
        if isinstance(value, tuple | list):
            tensor = first_tensor(*value)
            if tensor is not None:
                return tensor
    return None


def _is_product(module: torch.nn.Module) -> bool:
    weight = getattr(module, "weight", None)
    inside = next(module.children(), None) is not None
    return not inside and not isinstance(module, torch.nn.Embedding) and getattr(weight, "ndim", 0) >= 2


def _copy(tensor: torch.Tensor | None) -> torch.Tensor | None:
    return None if tensor is None else tensor.clone()


def _numbered(name: str) -> bool:
    return name.rpartition(".")[2].isdigit()


def pattern(name: str) -> str:
    """A module's name with a `*` for its numbers."""
    return re.sub(r"\b\d+\b", "*", name)


def _same(a: torch.Tensor | None, b: torch.Tensor) -> bool:
    return a is not None and a.shape == b.shape and torch.equal(a, b)
