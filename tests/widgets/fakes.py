"""Stand-ins: a Sweep and a predictor made by hand, so that the widgets are tested without a model."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from probewidgets.sweeps.results import Sweep
from probewidgets.values import Baseline, Estimate, ModelCard, Predictions, Scale, Unit
from tests.scores import score_of

LABELS = ("ADJ", "ADV", "AUX", "DET", "NOUN", "PRON", "PUNCT", "VERB")
COUNTS = (60, 30, 20, 110, 200, 50, 90, 150)
KNOWN = {"the": 3, "old": 0, "man": 4, "can": 2, "fish": 7, "cats": 4, "sat": 7, ".": 6, "she": 5}


def fake_sweep(
    layers: Sequence[int] = range(7), *, unit: str = "word", control: bool = True, random: bool = False
) -> Sweep:
    """A sweep with plausible numbers and no probes."""
    scores = []
    for place, layer in enumerate(layers):
        value = 0.85 + 0.1 * np.sin(place / 2.2)
        accuracy = Estimate(value, value - 0.012, value + 0.011)
        guess = Estimate(0.74 - 0.02 * place, 0.72 - 0.02 * place, 0.76 - 0.02 * place)
        gap = Estimate(value - guess.value, value - guess.value - 0.02, value - guess.value + 0.02)
        scores.append(
            score_of(
                layer,
                ("accuracy", "macro_f1", "cross_entropy"),
                accuracy=accuracy,
                macro_f1=accuracy,
                cross_entropy=Estimate(1.2 - value, unit="bits"),
                l2=0.01,
                edge_of_grid=False,
                converged=True,
                dev_loss=1.2 - value,
                control=guess if control else None,
                selectivity=gap if control else None,
                random=Estimate(value - 0.1, value - 0.13, value - 0.07) if random else None,
                seed_accuracies=(value, value - 0.02, value + 0.01) if random else (),
            )
        )
    return Sweep(
        kind="label",
        task="upos",
        unit=unit,
        labels=LABELS,
        model=ModelCard("tiny", n_layers=len(layers)),
        corpus="by hand",
        pool="mean",
        segmenter="ud",
        probe="LinearProbe()",
        scores=tuple(scores),
        probes=(),
        baselines=(
            Baseline("majority", Estimate(0.281, 0.27, 0.29)),
            Baseline("word type", Estimate(0.823, 0.81, 0.83)),
            Baseline("layer 0", Estimate(0.85, 0.84, 0.86)),
        ),
        counts={"train": (710, 100), "dev": (70, 10), "test": (70, 10)},
        label_counts=COUNTS,
        types=frozenset(KNOWN),
        unseen=0.08,
    )


def cube(words: Sequence[str], layers: Sequence[int], n_labels: int) -> np.ndarray:
    """(L, U, K) probabilities that depend on the word alone and grow surer with the layer."""
    proba = np.zeros((len(layers), len(words), n_labels), dtype=np.float32)
    for u, text in enumerate(words):
        digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
        favourite = KNOWN.get(text.lower(), digest[0]) % n_labels
        for place in range(len(layers)):
            scores = np.array([digest[1 + (k + place) % 30] / 90 for k in range(n_labels)])
            scores[favourite] += 0.6 + 0.9 * place
            proba[place, u] = np.exp(scores) / np.exp(scores).sum()
    return proba


def fake_predictions(
    text: str, layers: Sequence[int] = range(7), labels: Sequence[str] = LABELS, **more: Any
) -> Predictions:
    """Words are what stands between spaces; `word/TAG` carries a gold label; `zzz` was never seen."""
    units = []
    place = 0
    for number, line in enumerate(text.split("\n")):
        for part in line.split():
            word, _, gold = part.rpartition("/") if part.rpartition("/")[2] in labels else (part, "", "")
            start = text.index(part, place)
            place = start + len(part)
            units.append(Unit(word, start, start + len(word), number, gold or None, word != "zzz"))
    proba = cube([unit.text for unit in units], layers, len(labels))
    return Predictions(text, tuple(units), tuple(layers), tuple(labels), proba, **more)


def fake_numbers(text: str, layers: Sequence[int] = range(7), scale: Scale | None = None, **more: Any) -> Predictions:
    """Of each word its number of letters and half its layer more; of `zzz` no number."""
    units, scale = fake_predictions(text, layers).units, scale or Scale(2.0, 10.0, 1.0, 14.0)
    values = [[np.nan if unit.text == "zzz" else len(unit.text) + layer / 2 for unit in units] for layer in layers]
    return Predictions.of_numbers(text, units, tuple(layers), np.reshape(values, (-1, len(units))), scale, **more)


SETS = {"cats": (0.91, 0.1, 0.67), "sat": (0.31, 0.2, 0.1), "the": (0.2, 0.8, 0.1), "zzz": (np.nan, 0.0, 0.0)}


def fake_sets(
    text: str, layers: Sequence[int] = range(7), labels: Sequence[str] = ("cat", "none", "river"), **more: Any
) -> Predictions:
    """Of each word three probabilities that do not sum to 1, the same at all layers."""
    units = fake_predictions(text, layers, labels).units
    proba = np.array([[SETS[unit.text] for unit in units] for _ in layers], np.float32)
    return Predictions(text, units, tuple(layers), tuple(labels), proba, kind="labels", **more)


def graded_sweep(kind: str, unit: str = "word") -> Sweep:
    """A sweep of numbers or of sets of labels, with plausible scores and no probes."""
    sweep = fake_sweep(unit=unit)
    first, labels = ("r2", ()) if kind == "number" else ("micro_f1", ("cat", "none", "river"))
    scores = []
    for score in sweep.scores:
        estimates = {first: score.value}
        if kind == "number":
            estimates |= {"mae": Estimate(0.625 + score.layer), "spearman": Estimate(0.9)}
        scores.append(replace(score, estimates=estimates))
    counts = tuple(range(len(labels)))
    return replace(sweep, kind=kind, task="length", labels=labels, label_counts=counts, scores=tuple(scores))


def fake_predictor(layers: Sequence[int] = range(7)) -> Callable[[str], Predictions]:
    """A predictor with a sweep. The text `boom` raises."""

    def predict(text: str) -> Predictions:
        if text.startswith("boom"):
            raise ValueError("no <b>boom</b> today")
        return fake_predictions(text, layers)

    predict.sweep = fake_sweep(layers)  # type: ignore[attr-defined]
    return predict
