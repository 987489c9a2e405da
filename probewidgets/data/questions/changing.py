"""Sentences as they were written beside sentences that were changed in one place: what such tasks share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example, Span
from probewidgets.data.questions.building import Labelled, built, halves, is_word
from probewidgets.data.splits import normalised

__all__ = ["QUOTES", "Changeable", "Texts", "free_words", "halved", "with_forms"]

QUOTES = frozenset('"“”„«»`')


Changeable = tuple[Example, Example, object]
"""A sentence as it is, as it would be, and its stratum: in each, as many are changed as stay."""


def halved(
    task: str,
    corpus: Corpus,
    sides: Mapping[str, Sequence[Changeable]],
    labels: tuple[str, str],
    random: np.random.Generator,
    needed: str,
) -> Corpus:
    """The corpus of a task: half of the sentences as they are, half changed.

    Args:
        task: Its name.
        corpus: What it was made from.
        sides: Each side's sentences, as they are and as they would be.
        labels: Of a sentence that stays, and of one that was changed.
        random: What to draw from.
        needed: What sentences the task needs, for the message.

    Raises:
        DataError: A side has no two sentences.
    """
    labelled: dict[str, list[Labelled]] = {}
    for side, rows in sides.items():
        stay, change = halves([stratum for _, _, stratum in rows], random)
        both = {i: (_plain(rows[i][0]), labels[0]) for i in stay} | {i: (rows[i][1], labels[1]) for i in change}
        labelled[side] = [row for _, row in sorted(both.items())]
    return built(task, corpus, labelled, needed)


@dataclass(frozen=True)
class Texts:
    """Every text that is there or was written anew, so that none is written twice."""

    seen: set[str]

    @staticmethod
    def of(sides: Mapping[str, Sequence[Example]]) -> Texts:
        """The texts of all sides."""
        return Texts({normalised(example.text) for examples in sides.values() for example in examples})

    def new(self, example: Example) -> bool:
        """Tell whether its text is a new one; from now on, it is not."""
        text = normalised(example.text)
        new = text not in self.seen
        self.seen.add(text)
        return new


def _plain(example: Example) -> Example:
    """Text and words alone: annotations and tree would not fit a sentence that was changed."""
    return Example(example.text, example.words, id=example.id)


def with_forms(example: Example, forms: Mapping[int, str]) -> Example:
    """The sentence with other words in some places, and all else as it was."""
    old, text, done = example.words, "", 0
    for i in sorted(forms):
        text += example.text[done : old[i].start] + forms[i]
        done = old[i].end
    longer = {i: len(form) - (old[i].end - old[i].start) for i, form in forms.items()}
    words = []
    for i, span in enumerate(old):
        # Words may share their characters, but not with one that was replaced.
        start = span.start + sum(more for j, more in longer.items() if old[j].end <= span.start)
        words.append(Span(start, start + span.end - span.start + longer.get(i, 0)))
    return Example(text + example.text[done:], tuple(words), id=example.id)


def free_words(example: Example) -> list[bool]:
    """(W,) flags of the words with a space before them, and behind them a space, punctuation, or nothing.

    Not half of `don't`: put elsewhere, or replaced, it would be told by its apostrophe alone.
    """
    words, forms = example.words, example.forms
    free = []
    for i, (span, form) in enumerate(zip(words, forms, strict=True)):
        ahead = i > 0 and words[i - 1].end < span.start and example.text[span.start - 1].isspace()
        last = i + 1 == len(words)
        behind = last or span.end < words[i + 1].start or (span.end == words[i + 1].start and not is_word(forms[i + 1]))
        free.append(ahead and behind and is_word(form))
    return free
