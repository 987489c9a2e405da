"""Lanes: several batches through one model at a time, each on a core or a few of its own.

On a CPU two batches side by side take less time than one after the other on both cores, whose threads have to wait for
each other at every matrix product.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from queue import SimpleQueue
from typing import TypeVar

import torch

from probewidgets.models.tapped import TappedModel
from probewidgets.threads import Workers

__all__ = ["in_lanes"]

_MOST = 4
"""Lanes at most: each holds the states of a batch."""

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_lanes(
    model: TappedModel, work: Callable[[TappedModel, Item], Result], items: Sequence[Item]
) -> Iterator[Result]:
    """`work(model, item)` for each item, a few at a time where that is quicker; what it gives, in order."""
    lanes = _replicas(model, min(_MOST, torch.get_num_threads(), len(items)))
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
    """n copies of a model that share its weights; none where it has to be run as it stands."""
    with model.lock:
        # A device has one queue anyway.
        if n < 2 or model.device.type != "cpu" or _hooked(model.model):
            return []
        try:
            return [model.replica() for _ in range(n)]
        except Exception:  # a module may refuse to be copied in any way of its own
            return []


def _hooked(module: torch.nn.Module) -> bool:
    """Whether a person has hooked into it what may keep count of the passes. (transformers itself always does.)"""
    hooks = [
        hook for part in module.modules() for hook in (*part._forward_hooks.values(), *part._forward_pre_hooks.values())
    ]
    return any(getattr(hook, "__module__", "").partition(".")[0] != "transformers" for hook in hooks)
