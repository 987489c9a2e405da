"""Lanes: several batches through one model at a time, each on a core or a few of its own.

On a CPU two batches side by side take less time than one after the other on both cores, whose threads have to wait for
each other at every matrix product.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from itertools import chain, islice
from queue import SimpleQueue
from typing import TypeVar

import torch

from probewidgets.machine.threads import Workers
from probewidgets.models.tapped import TappedModel

__all__ = ["in_lanes", "most_lanes"]

_MOST = 4
"""Lanes at most: each holds the states of a batch."""

Item = TypeVar("Item")
Result = TypeVar("Result")


def most_lanes(model: TappedModel) -> int:
    """How many batches are run at a time, if there are enough of them."""
    return 1 if model.device.type != "cpu" else min(_MOST, torch.get_num_threads())


def in_lanes(
    model: TappedModel, work: Callable[[TappedModel, Item], Result], items: Iterable[Item]
) -> Generator[Result, None, None]:
    """`work(model, item)` for each item, a few at a time where that is quicker; what it gives, in order."""
    items = iter(items)
    begin = list(islice(items, 2))
    items = chain(begin, items)
    lanes = _replicas(model, min(most_lanes(model), len(begin) * _MOST // 2))
    if len(lanes) < 2:
        yield from (work(model, item) for item in items)
        return
    free: SimpleQueue[TappedModel] = SimpleQueue()
    for lane in lanes:
        free.put(lane)

    def run(item: Item) -> Result:
        lane = free.get()
        try:
            return work(lane, item)
        finally:
            free.put(lane)

    with Workers(len(lanes)) as workers:
        yield from workers.each(run, items)


def _replicas(model: TappedModel, n: int) -> list[TappedModel]:
    """N copies of a model that share its weights; none where it has to be run as it stands."""
    with model.lock:
        # A device has one queue anyway; and what a thread is told (autocast), its lanes are not.
        if n < 2 or torch.is_autocast_enabled("cpu") or not _copies_well(model.model):
            return []
        try:
            return [model.replica() for _ in range(n)]
        except Exception:  # a module may refuse to be copied in any way of its own
            return []


def _copies_well(module: torch.nn.Module) -> bool:
    """Whether copies of a module do what it does, and take little room."""
    parts = list(module.modules())
    # What a person has hooked in or put in place of a forward may keep count, or run the modules it was made for.
    # transformers itself always has hooks.
    hooks = [hook for part in parts for hook in (*part._forward_hooks.values(), *part._forward_pre_hooks.values())]
    theirs = any(getattr(hook, "__module__", "").partition(".")[0] != "transformers" for hook in hooks)
    # Only parameters are shared: quantized weights, for one, are none.
    shared, own = (sum(t.numel() for t in tensors) for tensors in (module.parameters(), module.buffers()))
    return not theirs and not any("forward" in vars(part) for part in parts) and shared > 10 * own
