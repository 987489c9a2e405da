"""Held: a torch module that is one thread's alone while it runs, and afterwards is as it was."""

from __future__ import annotations

import copy
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import torch

from probewidgets.machine.onednn import quick_products

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Held", "evaluating"]

# Two forward passes of one module at once would mix what its hooks and buffers see: a kernel runs a widget's worker
# beside the person's own cell. The lock belongs to the torch module, however many of our models wrap it.
_LOCKS: weakref.WeakKeyDictionary[torch.nn.Module, Any] = weakref.WeakKeyDictionary()


_FEW = 64
"""Tokens up to which a forward pass is mostly calls."""


class Held:
    """A torch module that several threads may ask to run.

    Args:
        model: The module. It is left as it is; only while it runs, all of it is in evaluation mode.
        name: What captions call it.
    """

    headed: Any = None
    """The module of which `model` is the body, with its language-modelling head; None where none was kept."""

    def __init__(self, model: torch.nn.Module, name: str) -> None:
        self.model, self.name = model, name
        self.lock = _LOCKS.setdefault(model, threading.RLock())
        """Held during every forward pass."""

    def __getstate__(self) -> dict[str, Any]:
        # A lock belongs to one process. A copy here finds the one that its module has; elsewhere there is a new one.
        # A head belongs to one body: copies are made to be given another one, and need none.
        return {name: value for name, value in self.__dict__.items() if name not in ("lock", "headed")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.lock = _LOCKS.setdefault(self.model, threading.RLock())

    def replica(self) -> Self:
        """The same model with the same weights, but modules of its own: both can be run at once."""
        with self.lock:
            shared = {id(weights): weights for weights in self.model.parameters()}
            module = copy.deepcopy(self.model, shared)
        other = copy.copy(self)
        other.model, other.lock = module, _LOCKS.setdefault(module, threading.RLock())
        return other

    @contextmanager
    def running(self, rows: int | None = None) -> Iterator[None]:
        """While it is open the model is this thread's alone, in evaluation mode, and multiplies by the quicker library.

        Behind it, each of its modules is in the mode in which it was.

        Args:
            rows: Tokens that it runs over, where they are known: for few, choosing a library costs more than it gains.
        """
        quick = nullcontext() if rows is not None and rows < _FEW else quick_products(self.model)
        with self.lock, quick, evaluating(self.headed or self.model):
            yield

    @property
    def device(self) -> torch.device:
        """Where the model's first parameter lies."""
        return next(self.model.parameters()).device

    @property
    def dtype(self) -> torch.dtype:
        """The type of the model's first floating parameter."""
        return next(p.dtype for p in self.model.parameters() if p.is_floating_point())


@contextmanager
def evaluating(module: torch.nn.Module) -> Iterator[None]:
    """While it is open all of a module is in evaluation mode; behind it, each part is in the mode in which it was."""
    training = [part for part in module.modules() if part.training]
    for part in training:  # not by eval(), in which some modules do more than that
        part.training = False
    try:
        yield
    finally:
        for part in training:
            part.training = True
