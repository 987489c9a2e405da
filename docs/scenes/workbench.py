"""Scenes of the teacher, of comparisons, and of errors."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import probewidgets as pw

from .explorers import SENTENCES
from .given import decoder, english, small

LESSON = """The chef brought bread and olives to the kitchen.
In Lisbon my aunt sells sardines near the harbour.
The teacher ate rice in Madrid.
We bought apples and cheese at the market in Vienna.
My brother cooks soup in his garden."""
PAINTED: dict[str, dict[int, list[int] | None]] = {
    "food": {0: [3, 5], 1: [5], 2: [3]},
    "place": {0: [8], 1: [1], 2: [5]},
    "O": {0: [0, 1, 2], 1: [2, 3, 4], 2: [0, 1], 3: [0, 1]},
}
"""Label -> the words of each sentence that are painted with it."""
JUDGED: dict[str, dict[int, list[int] | None]] = {"past": {0: None, 2: None}, "present": {1: None, 3: None}}
PAIR = ("They can fish in the lake.", "They can the fish in the lake.")
ONE = "I can't bear the light in this room,"


def taught(text: str, painted: dict[str, dict[int, list[int] | None]], **others: Any) -> pw.ProbeTeacher:
    """A teacher in which a hand has painted."""
    teacher = pw.ProbeTeacher(
        text=text, labels=[label for label in painted if label != "O"], path=False, model=small(), **others
    )
    for label, strokes in painted.items():
        for sentence, words in strokes.items():
            teacher.paint(sentence, words, label)
    return teacher


@cache
def swept(model: pw.LanguageModel, corpus: pw.Corpus) -> tuple[pw.Sweep, Any]:
    """Parts of speech, with the states that they are read from."""
    acts = pw.capture(model, corpus, pw.WordTask("upos"))
    return pw.sweep(acts, pw.LinearProbe(), control=True), acts


def compared(**others: Any) -> pw.ProbeCompare:
    """The embedded model, and the same with random weights."""
    models = {"trained": small(), "random weights": small().randomized(0)}
    read = {name: pw.predictor(model, swept(model, english())[0]) for name, model in models.items()}
    compare = pw.ProbeCompare(read, text=ONE, **others)
    compare.word = ("trained", 3)
    return compare


def pair() -> pw.ProbeCompare:
    """One word more, which changes what the words around it are."""
    return pw.ProbeCompare(pw.predictor(small(), swept(small(), english())[0]), text=PAIR, show="difference")


def followed() -> pw.ProbeErrors:
    """A cell that is opened, and the first of its sentences."""
    errors = mistaken(small, 1500, cell=("PROPN", "NOUN"))
    errors.selected = int(errors.to_frame(shown=True).index[0])
    return errors


def mistaken(model: Callable[[], pw.LanguageModel], sentences: int, **others: Any) -> pw.ProbeErrors:
    """What is taken for what."""
    return pw.ProbeErrors(*swept(model(), english(sentences)), **others)


TEACHERS: dict[str, Callable[[], pw.ProbeTeacher]] = {
    "teacher-empty": partial(pw.ProbeTeacher, path=False),
    "teacher-painted": partial(taught, LESSON, PAINTED),
    "teacher-sentences": partial(taught, SENTENCES, JUDGED, unit="sentence"),
}
COMPARISONS: dict[str, Callable[[], pw.ProbeCompare]] = {
    "compare-values": compared,
    "compare-difference": partial(compared, show="difference"),
    "compare-pair": pair,
}
ERRORS: dict[str, Callable[[], pw.ProbeErrors]] = {
    "errors-matrix": partial(mistaken, small, 1500),
    "errors-cell": followed,
    "errors-25000-words": partial(mistaken, small, 15_000),
    "errors-31-layers": partial(mistaken, decoder, 300),
}
