"""Idle: what can wait until a cell has ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

__all__ = ["when_idle"]

_AFTER = 0.1
"""Seconds: what a cell shows is on its way to the page by then."""


def when_idle(task: Callable[[], object]) -> None:
    """Call a task once the running cell has ended, where there is an event loop to do so; else never.

    It runs on the loop's own thread, so what it imports is not imported by another one at the same time, and the next
    cell waits for it. A task sees to its own errors.
    """
    try:
        asyncio.get_running_loop().call_later(_AFTER, task)
    except RuntimeError:  # a script: nobody will be idle
        return
