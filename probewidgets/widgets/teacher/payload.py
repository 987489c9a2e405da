"""What the page of a lesson is sent: the sentences that are in sight, and what is painted on them and predicted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from probewidgets.data.lessons import NOTHING, Lesson, marks_of
from probewidgets.live.teaching import Judged, Taught
from probewidgets.look.palette import fills
from probewidgets.look.visible import visible

__all__ = ["TERMS", "Page", "encode_judged", "encode_labels", "encode_page", "page_at"]

TERMS = (
    ("dark edge", "painted by you. What has none is what the probe of the layer shown predicts: paler = less probable"),
    (
        "left-one-sentence-out",
        "share of the painted words that a probe gets right which was not taught their sentence",
    ),
    ("random labels", "the same, where each word has a label drawn for it: what can be had by remembering words"),
    ("always the same", "share of the most frequent label: what saying always that gets right"),
    ("next to paint", "the words that this probe is least sure of, one of each sentence: they teach it most"),
    ("drag, click", "paint words with the label that is chosen; once more: take it off"),
    ("← → ↑ ↓", "go along words; with Shift, choose several"),
    ("Home, End", "first and last word of a sentence; with Ctrl, of the page"),
    ("1 to 9", "paint with that label"),
    ("0", "paint “nothing here”, which is an answer too: untouched words are not one"),
    ("Space", "paint with the label that is chosen; once more: take it off"),
    ("Backspace", "as if nobody had touched it"),
    ("Enter", "accept what is predicted, and go to the next word to paint"),
    ("X", "reject what is predicted: nothing is here. Where nothing is predicted, do not ask again"),
    ("N", "go to the next word to paint"),
    ("Ctrl+Z, Ctrl+Y", "undo and redo"),
    ("F2, Delete in the labels", "rename a label (so does a double click), or take it away"),
    ("Esc", "give up a stroke; leave the words for the text"),
    ("?", "show or close this list"),
)
"""What is on the screen and what it means, then what the keys do."""
MOST_UNITS = 600
"""Units in sight at a time, unless one sentence has more."""


@dataclass(frozen=True)
class Page:
    """Some sentences of a lesson, those that a page shows at a time."""

    start: int
    end: int


def page_at(lesson: Lesson, sentence: int) -> Page:
    """The page on which a sentence is; pages are the same whatever is painted."""
    start = units = 0
    for number, each in enumerate(lesson.sentences):
        if units and units + len(each.ids) > MOST_UNITS:
            if start <= sentence < number:
                return Page(start, number)
            start, units = number, 0
        units += len(each.ids)
    return Page(start, len(lesson.sentences))


def encode_labels(lesson: Lesson) -> dict[str, Any]:
    """The labels with their colours, in the order in which they were made, and how many units carry each.

    The last colour, and the last number, are those of NOTHING.
    """
    k = len(lesson.labels)
    light, dark = fills(lesson.labels, sets=True, counts=range(k, 0, -1))
    counts = Counter(mark for _, mark in lesson.units)
    return {
        "labels": list(lesson.labels),
        "palette": {"light": light, "dark": dark},
        "counts": [counts[label] for label in (*lesson.labels, NOTHING)],
    }


def encode_page(lesson: Lesson, taught: Taught, page: Page) -> dict[str, Any]:
    """The units of a page: (U,) words, ids and marks, and (L, U) what is predicted for each, with its probability."""
    sentences = lesson.sentences[page.start : page.end]
    ids = [unit for sentence in sentences for unit in sentence.ids]
    top, p = _predicted(lesson, taught, ids)
    return {
        "page": {"start": page.start, "end": page.end, "total": len(lesson.sentences)},
        "sizes": [len(sentence.ids) for sentence in sentences],
        "forms": [visible(form) for sentence in sentences for form in sentence.forms],
        "gaps": [int(gap) for sentence in sentences for gap in _gaps(sentence.spans)],
        "ids": np.array(ids, "<i4").tobytes(),
        "marks": np.array(marks_of(sentences, lesson.labels), np.int8).tobytes(),
        "top": top.astype(np.int8).tobytes(),
        "p": p.astype("<f4").tobytes(),
    }


def _gaps(spans: Sequence[Any]) -> list[bool]:
    """Whether something stands before each unit."""
    ends = [0, *(span.end for span in spans)]
    return [span.start > end for span, end in zip(spans, ends, strict=False)]


def _predicted(lesson: Lesson, taught: Taught, ids: Sequence[int]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """(L, U) the label that is predicted, as its place among the lesson's labels, -1 for none; and its probability."""
    rows = np.array([taught.lesson.places.get(unit, -1) for unit in ids], np.int64)
    n_layers, n, k = len(taught.proba), taught.proba.shape[1], len(taught.labels)
    if not k or not n or not len(rows):
        return np.full((n_layers, len(ids)), -1), np.full((n_layers, len(ids)), np.nan)
    names = (*lesson.labels, NOTHING)
    place = np.array([names.index(label) if label in names else -1 for label in taught.labels])
    proba = np.where(rows[None, :, None] >= 0, taught.proba[:, rows], np.nan)
    told = np.isfinite(proba).all(2)
    best = np.where(told, np.nan_to_num(proba).argmax(2), 0)
    return np.where(told, place[best], -1), np.where(told, np.nan_to_num(proba).max(2), np.nan)


def encode_judged(judged: Judged) -> dict[str, Any]:
    """How far to believe it; numbers that are none are None."""
    return {
        "scores": [[each.value, each.low, each.high] for each in judged.accuracy],
        "control": None if np.isnan(judged.control) else judged.control,
        "majority": None if np.isnan(judged.majority) else judged.majority,
        "few": judged.few,
        "n": judged.n,
        "taught": judged.sentences,
        "why": judged.why,
    }
