"""Scenes of the explorer: few layers and many, few labels and many, words and whole sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import probewidgets as pw

from .given import decoder, deep, english, small

ONE = "I can't bear the light in this room,"
TWO = "I can't bear/VERB the light/NOUN in this room,\nso I light/VERB a candle."
PLAIN = TWO.replace("/VERB", "").replace("/NOUN", "")
RIGHT_TO_LEFT = "الكتاب الجديد على الطاولة في الغرفة.\nקראתי את הספר החדש של Amos Oz בספרייה."
"""Arabic, and Hebrew with a name in Latin letters."""
SENTENCES = """The chef bought fresh bread this morning.
My aunts sell sardines near the harbour, and they have done so for as long as anybody in the village can remember.
We left.
Does the train to Lisbon leave at nine?
Two of the boxes that the neighbours brought were empty."""


def first_letters(example: pw.Example) -> list[str | None]:
    """Whether each word begins with a vowel letter: 2 labels; what is no word has none."""
    return [_vowel(form) if form.isalpha() else None for form in example.forms]


def _vowel(form: str) -> str:
    return "vowel" if form[0].lower() in "aeiou" else "consonant"


def last_letters() -> Callable[[pw.Example], list[str | None]]:
    """The last two letters of each longer word, if they are among the 60 commonest: 60 labels."""
    counts = Counter(end for example in english() for form in example.forms if (end := _end(form)))
    common = {end for end, _ in counts.most_common(60)}
    return lambda example: [end if (end := _end(form)) in common else None for form in example.forms]


def _end(form: str) -> str | None:
    return f"-{form[-2:].lower()}" if len(form) > 2 and form.isalpha() else None


def long_line(words: int = 200) -> str:
    """About so many words on one line, from sentences that no probe was trained on."""
    texts = []
    for example in pw.corpora.english(200, seed=1):
        if len(example.words) <= words and "\n" not in example.text:
            words -= len(example.words)
            texts.append(example.text)
    return " ".join(texts)


def shown(
    text: str, layer: int, unit: int, model: pw.LanguageModel, corpus: pw.Corpus | None = None, **others: Any
) -> pw.ProbeExplorer:
    """An explorer with one cell under inspection; of the default corpus and task, unless told."""
    explorer = pw.explore(text, model=model, corpus=corpus, **others)
    explorer.layer = layer
    explorer.selected = (layer, unit)
    return explorer


def two_labels() -> pw.ProbeExplorer:
    """Whether a word begins with a vowel letter."""
    return shown(ONE, 3, 3, small(), english(), task=pw.WordTask(first_letters, name="first letter"))


def sixty_labels() -> pw.ProbeExplorer:
    """The last two letters of a word."""
    return shown(PLAIN, 3, 3, small(), english(), task=pw.WordTask(last_letters(), name="last letters"), control=False)


def tense() -> pw.ProbeExplorer:
    """The tense of whole sentences."""
    corpus = pw.questions.past_present(english(1500))
    return shown(SENTENCES, 3, 1, small(), corpus, task=pw.SentenceTask("past_present"))


def part(name: str) -> Any:
    """One of the explorer's parts alone, with what the explorer has."""
    whole = shown(ONE, 0, 3, small())
    if name == "curve":
        return pw.LayerCurve(whole.sweep)
    kind = {"strip": pw.TokenStrip, "heatmap": pw.LayerHeatmap}[name]
    return kind(whole.predictions, layer=0, selected=(0, 3), sweep=whole.sweep)


EXPLORERS: dict[str, Callable[[], Any]] = {
    "7-layers_17-labels": lambda: shown(ONE, 0, 3, small()),
    "31-layers_17-labels": lambda: shown(TWO, 2, 3, decoder(), english(300)),
    "80-layers_17-labels": lambda: shown(ONE, 4, 3, deep(), english(300)),
    "7-layers_2-labels": two_labels,
    "7-layers_60-labels": sixty_labels,
    "two-sentences": lambda: shown(TWO, 0, 3, small()),
    "200-words": lambda: shown(long_line(), 3, 20, small()),
    "whole-sentences": tense,
    "right-to-left": lambda: shown(RIGHT_TO_LEFT, 3, 1, small()),
    "strip": partial(part, "strip"),
    "heatmap": partial(part, "heatmap"),
    "curve": partial(part, "curve"),
}
"""Name -> the explorer, or a part of it."""
