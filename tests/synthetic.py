"""Made-up sentences with states of which everything is known: what the words say, what the labels say, and noise."""

from __future__ import annotations

import numpy as np

from probewidgets.captures.activations import Activations
from probewidgets.data.corpus import Corpus, Example, Span, Split
from probewidgets.data.targets import Targets
from probewidgets.values import ModelCard


def activations(
    n_sentences: int = 60,
    *,
    n_types: int = 80,
    n_labels: int = 4,
    width: int = 12,
    ambiguous: float = 0.2,
    label_code: float = 1.0,
    layers: tuple[int, ...] = (0, 1),
    lengths: tuple[int, int] = (8, 24),
    split: Split | None = None,
    seed: int = 0,
) -> Activations:
    """Words drawn by a Markov chain of labels; a state is the word's code + the label's code + noise.

    Layer 0 has no label code: there, nothing but the word can be read.
    """
    rng = np.random.default_rng(seed)
    chain = rng.dirichlet(np.full(n_labels, 0.3), size=n_labels)
    homes = rng.integers(n_labels, size=n_types)
    second = np.where(rng.random(n_types) < ambiguous, rng.integers(n_labels, size=n_types), homes)
    frequency = 1 / np.arange(1, n_types + 1)
    example, y, word = [], [], []
    for sentence in range(n_sentences):
        label = rng.integers(n_labels)
        for _ in range(rng.integers(lengths[0], lengths[1] + 1)):
            label = rng.choice(n_labels, p=chain[label])
            weights = frequency * ((homes == label) | (second == label))
            if not weights.any():
                weights = frequency
            example.append(sentence)
            y.append(label)
            word.append(rng.choice(n_types, p=weights / weights.sum()))
    words, labels = np.array(word), np.array(y)
    spread = width**-0.5
    code, tag = rng.normal(0, spread, (n_types, width)), rng.normal(0, spread, (n_labels, width))
    states = [
        code[words] + (label_code if layer else 0) * tag[labels] + 0.5 * rng.normal(0, spread, (len(words), width))
        for layer in layers
    ]
    return wrap(np.stack(states), np.array(example), labels, [f"w{w}" for w in words], layers, split)


def wrap(
    states: np.ndarray,
    example: np.ndarray,
    y: np.ndarray,
    surface: list[str],
    layers: tuple[int, ...],
    split: Split | None = None,
    labels: tuple[str, ...] = (),
) -> Activations:
    """Activations (L, N, D) of made-up sentences; split 4 : 1 : 1 by sentence unless told otherwise."""
    n = int(example.max()) + 1
    examples, spans = [], np.zeros((len(example), 1, 2), np.int64)
    for sentence in range(n):
        text, words = "", []
        for row in np.flatnonzero(example == sentence):
            start = len(text) + bool(text)
            text = f"{text} {surface[row]}".strip()
            words.append(Span(start, len(text)))
            spans[row, 0] = start, len(text)
        examples.append(Example(f"{text} #{sentence}", tuple(words)))
    if split is None:
        sides = [tuple(range(n))[k::6] for k in range(6)]
        split = Split(tuple(sorted(sum(sides[:4], ()))), sides[4], sides[5])
    names = labels or tuple(f"L{k:02d}" for k in range(int(y.max()) + 1))
    targets = Targets("tag", "word", example.astype(np.int64), spans, tuple(surface), y.astype(np.int64), names)
    card = ModelCard("made up", n_layers=max(layers) + 1, hidden_size=states.shape[2])
    return Activations(
        states.astype(np.float32), layers, targets, Corpus(tuple(examples), split, "made up"), card, "mean"
    )
