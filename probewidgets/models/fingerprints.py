"""Fingerprints: all that the states of a model depend on, as a hash; and how a model behaves, in numbers.

A key sees the weights, the buffers, the plain attributes that a forward pass reads, the settings, and the code of
modules that come from no installed library. What no key tells apart is told apart by what the model does with a few
texts.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from torch.nn.modules import module as torch_module

from probewidgets.errors import ModelError
from probewidgets.machine.arrays import Floats
from probewidgets.models.code import Code, Told
from probewidgets.models.tapped import TappedModel, new_digest

__all__ = ["behaves_alike", "behaviour", "fingerprints", "is_touched"]

_INTERNAL = frozenset(vars(torch.nn.Module()))
"""What torch keeps in every module."""
_HARMLESS = ("transformers.", "accelerate.")
"""Whose hooks are there to gather states, and to move them between devices."""
_VOLATILE: weakref.WeakKeyDictionary[torch.nn.Module, frozenset[str]] = weakref.WeakKeyDictionary()
"""Which attributes a module changes while it runs, once that was looked at; however many of our models wrap it."""
_PROJECTIONS = 2
_FEW = 64
"""Tokens of the long text, where a model takes as many."""


def fingerprints(model: TappedModel, settings: Sequence[str]) -> tuple[str, str]:
    """Two hashes of a model as it is now: of its settings and weights; and of all that its states depend on.

    The second sees its buffers, code and attributes too. Where a person has hooked something in, or put a forward in
    place of a module's own, nobody can tell what it does: then it sees the model's behaviour, to the last bit.

    Args:
        model: Whose.
        settings: Texts that say how it is set: its config, its tokenizer.
    """
    with model.lock:
        digest = new_digest(settings)
        _hash_weights(digest, model)
        weights = str(digest.hexdigest()[:32])
        whole = new_digest([weights, *_told(model)])
        if is_touched(model.model):
            whole.update(behaviour(model).tobytes())
        return weights, str(whole.hexdigest()[:32])


def _told(model: TappedModel) -> list[str]:
    """What a forward pass reads beside the weights, but for what it changes itself: a table for the next text, say."""
    attributes = _attributes(model.model)
    if model.model not in _VOLATILE:
        list(_run(model))
        after = _attributes(model.model)
        _VOLATILE[model.model] = frozenset(n for n in {*attributes, *after} if attributes.get(n) != after.get(n))
    volatile = _VOLATILE[model.model]
    return sorted(f"{name}={told}" for name, told in attributes.items() if name not in volatile)


def behaviour(model: TappedModel) -> Floats:
    """(n,) numbers that say what a model does: its states of a few texts at every layer, each on a few directions.

    Equal for equal states to the last bit. They are as large as a state's features are on average; `behaves_alike`
    compares them.

    Cost: a pass over a few short texts, and one of 64 tokens.
    """
    numbers = []
    for states in _run(model):
        flat = np.nan_to_num(states[0].double().cpu().numpy().ravel())
        drawn = np.random.default_rng(len(flat)).integers(0, 2, (_PROJECTIONS, len(flat))) * 2.0 - 1
        size = np.sqrt(np.square(flat).mean())
        numbers += [size, *((signs * flat).sum() / np.sqrt(len(flat)) for signs in drawn)]
    return np.array(numbers, np.float64)


def behaves_alike(numbers: Sequence[float], others: Sequence[float], rounding: float) -> bool:
    """Whether two behaviours are the same but for rounding."""
    a, b = (np.asarray(part, np.float64).reshape(-1, 1 + _PROJECTIONS) for part in (numbers, others))
    return a.shape == b.shape and bool((np.abs(a - b) <= rounding * np.maximum(a, b)[:, :1]).all())


def _run(model: TappedModel) -> Iterator[torch.Tensor]:
    """The states (1, T, D) of a few fixed texts, each alone, at every layer."""
    for encoded in model._samples(_FEW):
        try:
            yield from TappedModel.states(model, [encoded])
        except ModelError:  # it is refused at this length: so will be texts that have it
            yield torch.zeros(1, 1, 1)


def _attributes(module: torch.nn.Module) -> dict[str, str]:
    """What a forward pass may read beside weights, by name."""
    modules = dict(module.named_modules())
    code, told = Code({type(part) for part in modules.values()}), Told()
    stored = module.state_dict().keys()
    told_of = dict(code.foreign)
    for place, part in modules.items():
        told_of[f"{place}:"] = f"{type(part).__module__}.{type(part).__qualname__}"
        for name, value in vars(part).items():
            if name in code.names and name not in _INTERNAL and name != "forward":
                told_of[f"{place}:{name}"] = told(value)
        for name, buffer in part.named_buffers(recurse=False):
            if f"{place}.{name}".lstrip(".") not in stored:
                told_of[f"{place}:{name}"] = told(buffer)
    return told_of


def _hash_weights(digest: Any, model: TappedModel) -> None:
    for name, tensor in model.model.state_dict().items():
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        flat = tensor.detach().reshape(-1).contiguous().cpu()
        digest.update(flat.view(torch.uint8).numpy() if flat.numel() else b"")


def is_touched(module: torch.nn.Module) -> bool:
    """Whether something runs in a forward pass that belongs to no class of a module."""
    hooks = [*torch_module._global_forward_hooks.values(), *torch_module._global_forward_pre_hooks.values()]
    for part in module.modules():
        hooks += [*part._forward_hooks.values(), *part._forward_pre_hooks.values()]
        forward = vars(part).get("forward")
        hooks += [] if forward is None else [forward.func if isinstance(forward, partial) else forward]
    return any(not str(getattr(hook, "__module__", "")).startswith(_HARMLESS) for hook in hooks)
