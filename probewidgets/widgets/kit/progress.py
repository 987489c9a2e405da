"""Progress: how far long work has come, as a trait of its own, so that telling it sends nothing else."""

from __future__ import annotations

import time
from typing import Any

import traitlets

__all__ = ["Progress"]

LEAST_PAUSE = 0.05
"""Time between two reports that are sent (s); those between are left out, but not the last."""


class Progress(traitlets.HasTraits):
    """Beside Linked: a widget with long work. `progressBar` of the kit draws it."""

    _progress = traitlets.Dict().tag(sync=True)
    _told_at = 0.0

    def _report(self, done: int, total: int, text: str = "") -> None:
        """Say how far the work has come: `done` of `total` steps, and in a few words what is done."""
        now = time.monotonic()
        if done < total and now - self._told_at < LEAST_PAUSE:
            return
        self._told_at = now
        self._progress = {"done": done, "total": total, "text": text}

    def _no_progress(self, *_: Any) -> None:
        """The work has ended."""
        self._told_at = 0.0
        self._progress = {}
