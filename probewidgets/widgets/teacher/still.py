"""A lesson without a page: its picture, its tables and its lines of text."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from probewidgets.data.lessons import NOTHING, Lesson
from probewidgets.figures.lesson import lay_lesson
from probewidgets.live.teaching import Judged, Taught
from probewidgets.look.visible import visible
from probewidgets.widgets.kit.static import escape, plural, short

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["figure", "picture", "scores_frame", "table", "text", "units_frame"]

MOST_SENTENCES = 60
"""In tables and lines of text; what is left out is counted."""
MOST_PICTURED = 60
"""Units in the picture that a saved notebook shows."""


def figure(lesson: Lesson, taught: Taught, row: int | None, width: Any) -> Any:
    """The lesson for a paper; None where there is no sentence."""
    sheet = lay_lesson(lesson, taught.said(row), _title(lesson, taught, row), width) if lesson.sentences else None
    return None if sheet is None else sheet.figure()


def picture(lesson: Lesson, taught: Taught, row: int | None) -> bytes | None:
    """The first words as a small PNG; None where there is no sentence."""
    if not lesson.sentences:
        return None
    return lay_lesson(lesson, taught.said(row), _title(lesson, taught, row), most=MOST_PICTURED).small_png()


def _title(lesson: Lesson, taught: Taught, row: int | None) -> str:
    others = ", and what a probe thinks of the others" if taught.labels and row is not None else ""
    return f"{lesson.name}: {plural(lesson.n_painted, lesson.unit)} painted{others}"


def units_frame(lesson: Lesson, taught: Taught, row: int | None) -> pd.DataFrame:
    """A row for each unit: its sentence, what is painted on it, what is predicted and how probable that is."""
    import pandas as pd

    told = taught.said(row)
    return pd.DataFrame(
        [
            (number, form, mark, *told.get(unit, (None, float("nan"))))
            for number, s in enumerate(lesson.sentences)
            for form, unit, mark in zip(s.forms, s.ids, s.marks, strict=True)
        ],
        columns=["sentence", lesson.unit, "painted", "predicted", "probability"],
    )


def scores_frame(layers: Sequence[int], judged: Judged, row: int | None) -> pd.DataFrame:
    """A row for each layer; none where a score means nothing. The control is that of the layer that is shown."""
    import pandas as pd

    return pd.DataFrame(
        [
            (
                layer,
                score.value,
                score.low,
                score.high,
                judged.control if place == row else float("nan"),
                judged.majority,
            )
            for place, (layer, score) in enumerate(zip(layers, judged.accuracy, strict=False))
        ],
        columns=["layer", "accuracy", "accuracy_low", "accuracy_high", "control", "majority"],
    ).set_index("layer")


def table(lesson: Lesson, taught: Taught, judged: Judged, row: int | None, layers: Sequence[int]) -> str:
    """The sentences with what is painted in brackets behind each word, and what is predicted in round ones."""
    if not lesson.sentences:
        return "<div><p>No sentences yet.</p></div>"
    told = taught.said(row)
    rows = "".join(
        f"<li>{' '.join(_marked(*unit, told) for unit in zip(s.forms, s.ids, s.marks, strict=True))}</li>"
        for s in lesson.sentences[:MOST_SENTENCES]
    )
    notes = [
        f"[painted] (predicted, with its probability, at layer {layers[row]})" if row is not None else "[painted]",
        score_text(judged, row),
        _more(lesson),
    ]
    below = " · ".join(html.escape(note, quote=True) for note in notes if note)
    return f"<div><ol>{rows}</ol><p><small>{below}</small></p></div>"


def _marked(form: str, unit: int, mark: str | None, told: dict[int, tuple[str, float]]) -> str:
    if mark is not None:
        return f"<b>{escape(short(form))}</b> [{escape(_name(mark))}]"
    label, p = told.get(unit, (NOTHING, 0.0))
    return escape(short(form)) if label == NOTHING else f"{escape(short(form))} ({escape(label)} {p:.2f})"


def _name(mark: str) -> str:
    return "nothing" if mark == NOTHING else mark


def _more(lesson: Lesson) -> str:
    left = len(lesson.sentences) - MOST_SENTENCES
    return f"{left:,} more sentences" if left > 0 else ""


def score_text(judged: Judged, row: int | None) -> str:
    """How far to believe it, in a line."""
    if not judged.accuracy or row is None or row >= len(judged.accuracy):
        return judged.why
    few = f" (few: {judged.n})" if judged.few else ""
    return (
        f"leave-one-sentence-out accuracy {judged.accuracy[row]:.2f}{few}; random labels {judged.control:.2f}, always "
        f"the most frequent label {judged.majority:.2f}"
    )


def text(head: str, lesson: Lesson, taught: Taught, judged: Judged, row: int | None) -> str:
    """Who it is, how well it does, and each sentence with what is painted and predicted."""
    told = taught.said(row)
    lines = [head, score_text(judged, row)]
    for sentence in lesson.sentences[:MOST_SENTENCES]:
        words = []
        for form, unit, mark in zip(sentence.forms, sentence.ids, sentence.marks, strict=True):
            label, p = told.get(unit, (NOTHING, 0.0))
            note = f" [{_name(mark)}]" if mark is not None else "" if label == NOTHING else f" ({label} {p:.2f})"
            words.append(visible(short(form)) + note)
        lines.append("  " + " ".join(words))
    return "\n".join(line for line in [*lines, _more(lesson)] if line)
