"""Sweeps over states that tell the label to some degree, of sentences that can be read, without a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

import probewidgets as pw
from probewidgets.captures.activations import Activations
from probewidgets.data.corpus import Corpus, Example, Split
from probewidgets.widgets.errors.widget import ProbeErrors
from tests.synthetic import wrap

LAYERS = (0, 1, 2)


def states_of(y: np.ndarray, words: Sequence[str], width: int = 16) -> list[np.ndarray]:
    """(L) matrices: the code of the word, the deeper the layer the more of its label, and noise."""
    rng = np.random.default_rng(0)
    types = {word: place for place, word in enumerate(dict.fromkeys(words))}
    code, tag = rng.normal(size=(len(types), width)), rng.normal(size=(int(y.max()) + 1, width))
    place = np.array([types[word] for word in words])
    return [code[place] + layer * tag[y] + 0.8 * rng.normal(size=(len(y), width)) for layer in LAYERS]


def probed(acts: Activations) -> tuple[pw.Sweep, Activations]:
    return pw.sweep(acts, pw.LinearProbe(l2=0.01), bootstrap=100, progress=False), acts


@cache
def english(n: int = 150) -> tuple[pw.Sweep, Activations]:
    """Part-of-speech tags of the embedded corpus."""
    corpus = pw.corpora.english(n)
    targets = pw.WordTask("upos").targets(corpus)
    states = states_of(targets.y, targets.surface)
    return probed(Activations.from_arrays(states, targets, corpus, name="tiny", embeddings=True))


@cache
def edges() -> tuple[pw.Sweep, Activations]:
    """Dependency relations of the embedded corpus: the ends of each are two words."""
    corpus = pw.corpora.english(60)
    targets = pw.EdgeTask("deprel").targets(corpus)
    return probed(Activations.from_arrays(states_of(targets.y, targets.surface), targets, corpus, name="tiny"))


@cache
def reviews() -> tuple[pw.Sweep, Activations]:
    """Two labels of whole sentences."""
    texts = [f"A {'fine' if i % 2 else 'dull'} film, {'really ' * (i % 5)}number {i}." for i in range(90)]
    corpus = pw.read_table({"text": texts, "label": ["good", "bad"] * 45})
    targets = pw.SentenceTask("label").targets(corpus)
    return probed(Activations.from_arrays(states_of(targets.y, texts), targets, corpus, name="tiny"))


def numbered(acts: Activations, y: np.ndarray, layers: Sequence[int] = LAYERS) -> tuple[pw.Sweep, Activations]:
    """A number for each target, which the deeper the layer the better can be read off the states."""
    rng = np.random.default_rng(0)
    direction = rng.normal(size=16)
    states = [rng.normal(size=(len(y), 16)) + layer / max(layers) * np.outer(y, direction) for layer in layers]
    targets = replace(acts.targets, y=y.astype(float), labels=(), task="number")
    acts = Activations.from_arrays(states, targets, acts.corpus, name="tiny", embeddings=True)
    return pw.sweep(acts, pw.RidgeProbe(), bootstrap=100, progress=False), acts


@cache
def numbers(n: int = 150, whole: bool = False) -> tuple[pw.Sweep, Activations]:
    """Numbers of the words of the embedded corpus: their places in the sentence, or ones that are no whole numbers."""
    _, acts = english(n)
    place = np.array([int(np.sum(acts.targets.example[:at] == e)) for at, e in enumerate(acts.targets.example)])
    return numbered(acts, place if whole else np.sin(place) + np.random.default_rng(1).normal(size=len(place)))


@cache
def scores() -> tuple[pw.Sweep, Activations]:
    """Numbers of whole sentences."""
    _, acts = reviews()
    return numbered(acts, np.random.default_rng(0).normal(size=len(acts.targets.y)))


@cache
def labelled(labels: Sequence[str], words: int = 2400) -> tuple[pw.Sweep, Activations]:
    """Made-up sentences of eight words, whose labels are these, the first ones the commonest."""
    rng = np.random.default_rng(0)
    share = 1 / np.arange(1, len(labels) + 1)
    y = np.concatenate([np.arange(len(labels)), rng.choice(len(labels), words - len(labels), p=share / share.sum())])
    y = y[np.argsort(rng.random(words))] if len(labels) < 40 else y
    surface = [f"w{k}{rng.integers(9)}" for k in y]
    return probed(wrap(np.stack(states_of(y, surface, 48)), np.arange(words) // 8, y, surface, LAYERS, labels=labels))


def odd_texts() -> tuple[pw.Sweep, Activations]:
    """Words that are markup, run from right to left, or cannot be seen."""
    line = '<b>x</b> a\u202eb ילד \U0001f469\u200d\U0001f469 "&amp;\nz'
    words = line.split()
    examples = []
    for i in range(60):
        starts = [line.index(word) for word in words]
        spans = tuple((start, start + len(word)) for start, word in zip(starts, words, strict=True))
        tags = tuple(["<i>", "b"][(i + j) % 2] for j in range(len(words)))
        examples.append(Example(f"{line} {i}", spans, {"tag": tags}))
    corpus = Corpus(tuple(examples), Split(tuple(range(40)), tuple(range(40, 50)), tuple(range(50, 60))), "odd")
    targets = pw.WordTask("tag").targets(corpus)
    return probed(Activations.from_arrays(states_of(targets.y, targets.surface), targets, corpus, name="tiny"))


def errors(**more: Any) -> ProbeErrors:
    """The errors of part-of-speech tags; the best layer is not the first."""
    return ProbeErrors(*english(), **more)


class Broken:
    """A probe that answers, or raises."""

    def __init__(self, probe: Any) -> None:
        self.probe, self.broken = probe, False

    def log_proba(self, states: Any) -> Any:
        if self.broken:
            raise ValueError("no <b>probe</b> today")
        return self.probe.log_proba(states)
