"""What the page of ProbeCompare is sent: each predictor's answer, and what has changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from probewidgets.look import answers
from probewidgets.look.visible import visible
from probewidgets.metrics.alignment import align_words
from probewidgets.values import Predictions
from probewidgets.widgets.compare.board import Board
from probewidgets.widgets.compare.panel import Panel
from probewidgets.widgets.explorer.terms import subject
from probewidgets.widgets.reading.answering import beginning
from probewidgets.widgets.reading.payload import Window, as_triple, encode_predictions, layer_facts
from probewidgets.widgets.reading.subject import encode_subject

__all__ = ["encode_columns", "encode_difference", "encode_panel", "longest", "rows_told", "windows"]

MOST_LETTERS = 9
"""Of a label, for which there is room in a cell."""


def windows(shown: Sequence[Predictions | None], start: int) -> list[Window | None]:
    """The units of each on one page: the same places of all of them, as many as may be sent of each."""
    firsts = [None if each is None else Window.at(each, 0) for each in shown]
    size = min((each.end for each in firsts if each and each.end < each.total), default=None)
    if size is None:
        return firsts
    size = max(1, size // max(1, len(shown)))
    begin = max(0, start) // size * size
    longest = max(each.total for each in firsts if each)
    begin = min(begin, (longest - 1) // size * size)
    return [None if each is None else _part(each.total, begin, size) for each in firsts]


def _part(total: int, start: int, size: int) -> Window:
    return Window(min(start, total), min(start + size, total), total)


def encode_panel(panel: Panel, window: Window | None, keys: Sequence[int | None]) -> dict[str, Any]:
    """One predictor: what it is called, what it says, and how things stand with it."""
    shown, sweep, layers = panel.shown, panel.sweep, panel.layers
    kind = shown.kind if shown is not None else "label"
    labels = shown.labels if shown is not None else sweep.labels if sweep is not None else ()
    scores = None
    if sweep is not None:
        accuracy = [as_triple(score.value) for score in sweep.scores]
        scores = {"layers": list(sweep.layers), "metric": sweep.metric_name, "accuracy": accuracy}
    encoded: dict[str, Any] = {
        "name": visible(panel.name),
        "title": visible(panel.title),
        "about": subject(sweep),
        "key": f"{panel.rev} {window and window.start}",
        "layers": list(layers),
        "layer_facts": layer_facts(layers, shown.names if shown is not None else (), sweep),
        "curve": scores,
        "unit": sweep.unit if sweep is not None else "word",
        "best": panel.best,
        "error": panel.error,
        "traceback": panel.traceback,
        "waiting": panel.waiting,
        "stopped": panel.stopped,
        "of": _of(panel),
        "ms": round(panel.ms, 1),
        **encode_subject(kind, labels, shown, sweep),
    }
    if shown is not None and window is not None:
        encoded |= encode_predictions(shown, window)
        encoded["keys"] = list(keys[window.start : window.end])
    return encoded


def _of(panel: Panel) -> str | None:
    """The beginning of the text whose answer is shown, where that is not the newest one."""
    if panel.shown is None or panel.shown_for == panel.text:
        return None
    return beginning(panel.shown_for or "")


def encode_columns(board: Board, pages: Sequence[Window | None]) -> list[list[list[int | None]] | None]:
    """Of each of two sentences the unit of each column, and how many letters the column has room for.

    Columns are the same for both: words that answer each other stand under each other, and where one sentence has no
    word, its column is blank. None where there are no two sentences, or not all of them on the page.
    """
    if not board.pair or any(page is None or page.end - page.start < page.total for page in pages):
        return [None] * len(pages)
    words = [[visible(unit.text) for unit in each.shown or ()] for each in board.seen]
    pairs = align_words(*words)
    room = [max(len(side[at]) for side, at in zip(words, pair, strict=True) if at is not None) for pair in pairs]
    return [[[pair[place], letters] for pair, letters in zip(pairs, room, strict=True)] for place in range(2)]


def longest(labels: Sequence[str]) -> int:
    """How many letters of a label columns have room for, the same in all grids; -0.42 needs five."""
    return min(max([5, *(len(visible(label)) for label in labels)]), MOST_LETTERS)


def encode_difference(board: Board, place: int, window: Window) -> dict[str, Any] | None:
    """What has changed, as numbers with a scale of their own: laid over a panel, they are drawn like any numbers."""
    changed = board.differences[place]
    if changed is None:
        return None
    values = changed.predictions.values
    part = np.zeros((0, 0)) if values is None else values[:, window.start : window.end]
    name = "difference" if board.label is None else f"difference in {visible(board.label)}"
    return {
        "key": _key(board, place, window),
        "labels": [name],
        "order": [0],
        "palette": {"light": ["#888888"], "dark": ["#888888"]},
        **answers.encode_answers((name,), False, changed.predictions.scale),
        "proba": np.ascontiguousarray(part, "<f4").tobytes(),
        "changed": [None if label is None else visible(label) for label in changed.of[window.start : window.end]],
    }


def _key(board: Board, place: int, window: Window) -> str:
    seen = (board.seen[place].rev, board.seen[board.against].rev)
    return f"{seen} {board.against} {board.align} {board.label} {window.start}"


def rows_told(board: Board) -> list[str]:
    """Each row by its layers: `"layer 3"`, or `"layers 3 | 6 | –"` where models have others."""
    return [
        f"layer {row[0]}"
        if len(set(row)) == 1
        else f"layers {' | '.join('–' if each is None else str(each) for each in row)}"
        for row in board.rows
    ]
