"""Stand-ins for what is compared: predictors made by hand, one that fails, one that waits to be let go."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from probewidgets.values import Estimate, ModelCard, Predictions
from probewidgets.widgets import ProbeCompare
from tests.scores import rescored
from tests.widgets.fakes import LABELS, fake_predictions, fake_sweep


def reader(
    layers: Sequence[int] = range(7), *, shift: float = 0.0, labels: Sequence[str] = LABELS, name: str = "tiny"
) -> Callable[[str], Predictions]:
    """A predictor with a sweep whose every answer is `shift` nearer to a uniform one. The text `boom` raises."""

    def predict(text: str) -> Predictions:
        if text.startswith("boom"):
            raise ValueError("no <b>boom</b> today")
        told = fake_predictions(text, layers, labels)
        return replace(told, proba=((1 - shift) * told.proba + shift / len(labels)).astype(np.float32))

    sweep = fake_sweep(layers)
    rng = np.random.default_rng(int(10 * shift))
    hits = rng.binomial(7, 0.9 - shift, (len(layers), 10))
    sweep = replace(
        sweep,
        labels=tuple(labels),
        label_counts=tuple(range(1, len(labels) + 1)),
        model=ModelCard(name, n_layers=max(layers) + 1),
        hits=hits,
        sentence_targets=np.full(10, 7),
        answers=np.zeros((len(layers), 70), np.int32),
        gold=np.arange(70, dtype=np.int32) % len(labels),
        scores=tuple(
            rescored(
                score, accuracy=Estimate(hits[at].sum() / 70, hits[at].sum() / 70 - 0.05, hits[at].sum() / 70 + 0.04)
            )
            for at, score in enumerate(sweep.scores)
        ),
    )
    predict.sweep = sweep  # type: ignore[attr-defined]
    return predict


class Slow:
    """A predictor that answers a text which begins with "slow" once it is let go; it can be stopped."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.go = threading.Event()
        self.sweep = fake_sweep()

    def __call__(self, text: str, *, check: Callable[[], None]) -> Predictions:
        self.asked.append(text)
        while text.startswith("slow") and not self.go.wait(0.005):
            check()
        return fake_predictions(text)


def compared(text: str = "the cats sat", **more: Any) -> ProbeCompare:
    """Two predictors with the same labels."""
    return ProbeCompare({"sure": reader(), "unsure": reader(shift=0.5, name="other")}, text=text, **more)
