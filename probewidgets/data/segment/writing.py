"""How the texts of a corpus are made, as far as a typed text must be made likewise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from probewidgets.data.examples import Example
from probewidgets.data.segment.words import SEGMENTERS, segment

__all__ = ["best_segmenter"]


def best_segmenter(examples: Sequence[Example], sample: int = 500) -> tuple[str, float]:
    """The segmenter that agrees best with the words of a corpus, and how well it does.

    Args:
        examples: Texts with their words.
        sample: How many of them to look at, evenly spread (sentences).

    Returns:
        Its name, and the agreement: F1 of word spans, in [0, 1]. A later one in the list is taken only where it is
        clearly better (by more than .02): in text with spaces around its punctuation, `"whitespace"` is right for a
        poor reason, and of no use for what a person types.
    """
    step = max(1, -(-len(examples) // sample))
    scores = {name: _agreement(examples[::step], name) for name in SEGMENTERS}
    best = "english"
    for name, score in scores.items():
        if score > scores[best] + 0.02:
            best = name
    return best, scores[best]


def _agreement(examples: Iterable[Example], name: str) -> float:
    """F1 between the words of the examples and those that a segmenter finds in their texts; 0 where there are none."""
    hits = segmented = gold = 0
    for example in examples:
        words, spans = set(example.words), segment(example.text, name)
        hits += len(words.intersection(spans))
        segmented += len(spans)
        gold += len(words)
    return 2 * hits / (segmented + gold) if segmented + gold else 0.0
