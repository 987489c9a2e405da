"""A lesson on paper: its sentences as text, with what is painted on words and what a layer's probe thinks of others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from probewidgets.data.lesson_sentences import Sentence
from probewidgets.data.lessons import NOTHING, Lesson
from probewidgets.figures.letters import LONGEST, short, text_width
from probewidgets.figures.sheet import EDGE, MARGIN, QUIET, Sheet, Width, rows_on
from probewidgets.look.palette import DARK_INK, fade, fills, ink_on, strength

__all__ = ["Said", "lay_lesson"]

Said: TypeAlias = "Mapping[int, tuple[str, float]]"
"""Unit -> the label that is predicted, and its probability."""

_CHARACTERS = 90
"""Of a whole sentence that are shown."""


def lay_lesson(lesson: Lesson, told: Said, title: str, width: Width = None, most: int = 400) -> Sheet:
    """A sheet with a lesson: painted words have an edge, predicted ones are the paler the less probable they are.

    Args:
        lesson: What is painted.
        told: What a layer's probe thinks of the others.
        title: What stands above.
        width: `"column"` (3.3 inches), `"page"` (6.8), or inches; default: what is needed, up to a page.
        most: Units that are drawn.
    """
    sheet, left = Sheet(width), most
    colours = dict(
        zip((*lesson.labels, NOTHING), fills(lesson.labels, True, range(len(lesson.labels), 0, -1))[0], strict=True)
    )
    y = sheet.title(title)
    for sentence in lesson.sentences:
        if left <= 0:
            break
        y = _lay_sentence(sheet, y, sentence, told, colours, left) + 0.04
        left -= len(sentence.ids)
    return sheet.finish(y + 0.02)


def _lay_sentence(
    sheet: Sheet, y: float, sentence: Sentence, told: Said, colours: Mapping[str, str], most: int
) -> float:
    """One sentence from a height on; where the next may begin."""
    longest = LONGEST if len(sentence.ids) > 1 else _CHARACTERS
    chips = [
        (short(form, longest), unit, mark)
        for form, unit, mark in zip(sentence.forms, sentence.ids, sentence.marks, strict=True)
    ][:most]
    below = [_below(unit, mark, told) for _, unit, mark in chips]
    widths = [
        max(text_width(form, serif=True), text_width(text)) + 0.06
        for (form, _, _), text in zip(chips, below, strict=True)
    ]
    for row in rows_on(widths, MARGIN, sheet.limit, gap=0.03):
        for place, x in row:
            form, unit, mark = chips[place]
            fill = _fill(unit, mark, told, colours)
            if mark is not None or fill:
                edge = {"edge": DARK_INK, "line": 1.2} if mark is not None else {"edge": EDGE, "line": 0.3}
                sheet.box(x, y, widths[place], 0.2, fill=fill, radius=0.03, **edge)
            middle = x + widths[place] / 2
            sheet.text(middle, y + 0.1, form, serif=True, color=ink_on(fill) if fill else DARK_INK)
            sheet.text(middle, y + 0.28, below[place], color=QUIET)
        y += 0.4
    return y


def _below(unit: int, mark: str | None, told: Said) -> str:
    """What stands under a word: its painted label, or the predicted one with its probability."""
    if mark is not None:
        return "nothing" if mark == NOTHING else short(mark)
    label, p = told.get(unit, (NOTHING, 0.0))
    return "" if label == NOTHING else f"{short(label)} {p:.2f}"


def _fill(unit: int, mark: str | None, told: Said, colours: Mapping[str, str]) -> str:
    """The colour behind a word; empty for none."""
    label, p = (mark, 1.0) if mark is not None else told.get(unit, (NOTHING, 0.0))
    return "" if label == NOTHING or label not in colours else fade(colours[label], "#ffffff", strength(p))
