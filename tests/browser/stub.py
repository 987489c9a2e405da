"""What the kernels of these tests run: a deterministic predictor and cells that last; and the names that follow."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path

from probewidgets.look.visible import visible
from probewidgets.values import Predictions
from tests.widgets.fakes import fake_predictions, fake_sweep

LAYERS = tuple(range(7))


class Stub:
    """A predictor with a hand-made sweep: the same text gives the same numbers. It remembers what it was asked.

    A text that begins with "boom" raises; one that begins with "slow" or "deaf" is answered once `let_go` is set, and
    one that begins with "deaf" cannot be cancelled until then.
    """

    def __init__(self) -> None:
        self.sweep = fake_sweep(LAYERS)
        self.asked: list[str] = []
        self.let_go = threading.Event()

    def __call__(self, text: str, *, check: Callable[[], None] | None = None) -> Predictions:
        self.asked.append(text)
        if text.startswith("boom"):
            raise ValueError("no <b>boom</b> today")
        while text.startswith(("slow", "deaf")) and not self.let_go.wait(0.01):
            if check and text.startswith("slow"):
                check()
        return fake_predictions(text, LAYERS)


def hold(file: Path, patience: float = 60.0) -> None:
    """Keep the kernel's main thread busy until a file exists."""
    deadline = time.monotonic() + patience
    while not file.exists() and time.monotonic() < deadline:
        threading.Event().wait(0.02)


async def hold_async(file: Path, patience: float = 60.0) -> None:
    """Let an async cell run on until a file exists."""
    deadline = time.monotonic() + patience
    while not file.exists() and time.monotonic() < deadline:
        await asyncio.sleep(0.02)


def item_names(text: str, layer: int) -> list[str]:
    """How the items of the list "Predictions" are named: "cats: NOUN 0.97"."""
    return [f"{word}: {said}" for word, said in _said(text, layer)]


def cell_names(text: str, layer: int) -> list[str]:
    """How the cells of a layer's row in the heatmap are named: "cats, layer 3: NOUN 0.97"."""
    return [f"{word}, layer {layer}: {said}" for word, said in _said(text, layer)]


def _said(text: str, layer: int) -> list[tuple[str, str]]:
    predictions = fake_predictions(text, LAYERS)
    row = predictions.proba[LAYERS.index(layer)]
    labels = predictions.label(layer)
    return [
        (visible(unit.text), f"{label} {p:.2f}")
        for unit, label, p in zip(predictions.units, labels, row.max(-1), strict=True)
    ]
