"""Terms: what an explorer is about, and what each number and mark on its screen means, in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from probewidgets.sweeps.results import Sweep
from probewidgets.widgets.reading import payload

__all__ = ["KEYS", "subject", "terms"]

KEYS = (
    ("← → ↑ ↓", "go along words, cells and layers"),
    ("Enter, Space", "select the word or the cell, whose layer becomes the active one"),
    ("↑ ↓ on a row's head", "change the layer"),
    ("Page Up, Page Down", "go five layers up or down"),
    ("Home, End", "first and last of a row"),
    ("Ctrl+Home, Ctrl+End", "corners of the heatmap"),
    ("Esc", "close this list; leave the heatmap for the text"),
    ("?", "show or close this list"),
)

_METRICS = {
    "accuracy": "share of the test {unit}s that are labelled right.",
    "R²": "share of the variance of the test numbers that the probe explains; 0 is to say the mean each time.",
    "micro-F1": "of all labels that were given or should have been, how many agree: precision and recall in one.",
    "UAS": "share of the test words whose head is right.",
    "UUAS": "share of the edges of the test trees that the predicted trees have, whatever their direction.",
}
_SERIES = {
    "control": "the same probe on random labels, one for each word type: what it can do by remembering words.",
    "selectivity": "{metric} less control. Near 0, the probe remembers, and its {metric} says little about the model.",
    "random model": "the same probe on the same model with random weights: what is above it was learned in training.",
}
_BASELINES = {
    "majority": "the commonest label, each time.",
    "word type": "what training shows most often for the word: a probe that is no better has read no context.",
    "layer 0": "the same probe on the embeddings, before any block.",
    "constant": "the same answer each time: the mean of training, or the labels that are most often right.",
    "chain": "each word joined to the next.",
    "next word": "each word's head is the next one.",
    "previous word": "each word's head is the one before.",
    "offset": "each word's head is where heads of its kind of word stand most often.",
    "chance": "a guess.",
}
_ANSWERS: Mapping[str, Mapping[str, str]] = {
    "label": {
        "strength of colour, bar": "the probability of the predicted label, calibrated on dev. It says how sure the "
        "probe is, not what the model believes.",
        "entropy": "how evenly the probability is spread over the labels, in bits: 0 is sure, not right.",
    },
    "labels": {
        "strength of colour, bar": "the probability of the first label that holds. Each has its own; it holds from 0.5 "
        "on.",
        "none": "no label holds; the more sure, the stronger.",
    },
    "number": {
        "colour": "the number, from the 5 % to the 95 % quantile of those in training.",
        "↑ ↓": "above, or below, all that training had: the probe has never seen such.",
    },
}


def subject(sweep: Sweep | None) -> str:
    """`"upos read from all-MiniLM-L6-v2 · LinearProbe · english"`; nothing without a sweep."""
    if sweep is None:
        return ""
    probe = sweep.probe.partition("(")[0]
    return f"{sweep.task} read from {sweep.model.place} · {probe} · {sweep.corpus}"


def terms(sweep: Sweep | None, kind: str) -> list[tuple[str, str]]:
    """Each term on the screen with its meaning, and what the keys do.

    Args:
        sweep: Whose numbers are shown, if any are.
        kind: What is predicted: see `Predictions.kind`.
    """
    return [*(_of_scores(sweep) if sweep is not None else ()), *_ANSWERS[kind].items(), *_of_words(kind), *KEYS]


def _of_scores(sweep: Sweep) -> Iterator[tuple[str, str]]:
    curve, name = payload.encode_curve(sweep), sweep.metric_name
    meaning = _METRICS.get(name, "how right the probe is on test.").format(unit=sweep.unit)
    yield f"{name}, thin line", f"{meaning} Across each dot its 95 % interval, over whole sentences."
    for series, meaning in _SERIES.items():
        if any(curve[series]):
            yield series, meaning.format(metric=name)
    for baseline in curve["baselines"]:
        if baseline["name"] in _BASELINES:
            yield baseline["name"], _BASELINES[baseline["name"]]
    yield "chosen on dev", "the layer that did best on sentences that neither trained nor tested it."


def _of_words(kind: str) -> Iterator[tuple[str, str]]:
    if kind != "number":
        yield "a cell without a label", "it is that of the layer below: a label is written where it changes."
    yield "tinted row", "the active layer. Drag along the rows' heads, or press a key on them, to choose another."
    yield "many words", "cells are coloured only; point at them, or go along them by keys, to be told what they say."
    yield "dotted", "a word that training never showed."
    if kind != "number":
        yield "✓ ✗", "whether the gold label that you typed, as in word/LABEL, is the predicted one."
