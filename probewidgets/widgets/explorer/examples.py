"""Examples: sentences to try, which an explorer offers beside its box."""

from __future__ import annotations

import re
from collections.abc import Iterable

from probewidgets.errors import WidgetError
from probewidgets.sweeps.results import Sweep
from probewidgets.widgets.kit.checks import clean_text

__all__ = ["checked_examples", "examples_for"]

# One word of each, at least, is read otherwise by deeper layers than by the embeddings, which have seen no context.
AMBIGUOUS = (
    "I can't bear the light in this room.",
    "They can light the can near the fire.",
    "She saw the saw beside the light box.",
    "He left the book on the left.",
    "The hand will hand you a present.",
    "I saw that they like that light.",
    "You will read the will that they left.",
)
MOST = 100
"""Sentences that an explorer offers."""


def examples_for(sweep: Sweep | None) -> tuple[str, ...]:
    """Sentences with ambiguous words, where words are probed and the corpus has at least half of them; else none."""
    if sweep is None or sweep.unit != "word":
        return ()
    return tuple(text for text in AMBIGUOUS if _share(text, sweep.types) >= 0.5)


def _share(text: str, types: frozenset[str]) -> float:
    """How many of a text's words are among those of a corpus."""
    words = re.findall(r"\w+", text.lower())
    return sum(word in types for word in words) / len(words)


def checked_examples(value: object) -> tuple[str, ...]:
    """Texts that can be offered.

    Raises:
        WidgetError: It is no list of texts, or longer than MOST.
    """
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        raise WidgetError(f"examples must be a list of texts, but {type(value).__name__} came.")
    texts = tuple(clean_text(text) for text in value)
    if len(texts) > MOST:
        raise WidgetError(f"examples may hold {MOST} texts, but {len(texts):,} came.")
    return tuple(text for text in texts if text.strip())
