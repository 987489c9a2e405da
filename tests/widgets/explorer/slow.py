"""A predictor that can be held."""

from __future__ import annotations

import threading
from collections.abc import Callable

from probewidgets.values import Predictions
from tests.widgets.fakes import fake_predictions

PATIENCE = 20  # s


class Slow:
    """A predictor that waits at a gate and can be cancelled there."""

    def __init__(self) -> None:
        self.entered, self.gate = threading.Event(), threading.Event()
        self.finished: list[str] = []

    def deaf(self, text: str) -> Predictions:
        """The same where it cannot be cancelled."""
        return self(text, lambda: None)

    def __call__(self, text: str, check: Callable[[], None]) -> Predictions:
        if text.startswith("slow"):
            self.entered.set()
            assert self.gate.wait(PATIENCE)
        check()
        self.finished.append(text)
        return fake_predictions(text)
