"""Lessons in files: JSON lines, which hold all of them, and CoNLL-U, which other tools read."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from probewidgets.data.examples import Example, Span
from probewidgets.data.lesson_sentences import Sentence
from probewidgets.data.lessons import Lesson
from probewidgets.data.segment import Segmenter, segmenter_name
from probewidgets.errors import DataError, StoreError, clipped
from probewidgets.machine.files import path_of

__all__ = ["conllu_of", "json_lines_of", "read_lesson"]

VERSION = 1
_COLUMNS = ("lemma", "upos", "xpos", "feats", "head", "deprel", "deps")
_FLAT = str.maketrans("\n\r\t\u2028\u2029", "     ")

# --- JSON lines ------------------------------------------------------------------------------------------------------


def json_lines_of(lesson: Lesson, origin: str = "") -> str:
    """A lesson as JSON lines, a sentence on each: `read_lesson` gives it back, and `read_table` reads it.

    A sentence has its `text`, its `words`, what is painted under the lesson's name, and what else is known of it. The
    first line says what the lesson as a whole is, in `lesson`. What JSON cannot hold is written as text.

    Args:
        lesson: What to write.
        origin: By which it is known with what the lesson began.
    """
    facts: dict[str, Any] = {
        "version": VERSION,
        "name": lesson.name,
        "unit": lesson.unit,
        "labels": list(lesson.labels),
        "segmenter": segmenter_name(lesson.segmenter),
        "source": list(lesson.source),
        "origin": origin,
    }
    if lesson.text != "\n".join(sentence.line for sentence in lesson.sentences):
        facts["text"] = lesson.text
    rows = [_row(lesson, sentence) for sentence in lesson.sentences] or [{"text": "", "words": []}]
    rows[0]["lesson"] = facts
    return "".join(f"{json.dumps(row, ensure_ascii=False, default=str)}\n" for row in rows)


def _row(lesson: Lesson, sentence: Sentence) -> dict[str, Any]:
    example = sentence.example
    row: dict[str, Any] = {"text": example.text, "words": list(example.forms)}
    row[lesson.name] = list(sentence.marks) if lesson.unit == "word" else sentence.marks[0]
    known_else = {
        "places": [[span.start, span.end] for span in example.words],
        "aside": [at for at, unit in enumerate(sentence.ids) if unit in lesson.aside],
        "id": example.id,
        "annotations": {name: list(v) for name, v in example.annotations.items() if name != lesson.name},
        "others": {name: label for name, label in example.labels.items() if name != lesson.name},
        "side": lesson.sides.get(example.text, ""),
    }
    return row | {name: value for name, value in known_else.items() if value}


def read_lesson(path: str | os.PathLike[str], segmenter: Segmenter | None = None) -> tuple[Lesson, str]:
    """A lesson that was written as JSON lines, and its origin.

    Args:
        path: The file.
        segmenter: How words are found in what is typed from now on, where that was a function, which no file holds.

    Raises:
        StoreError: There is no such file, it is damaged, or it holds no lesson.
    """
    place = path_of(path)
    try:
        lines = [line for line in place.read_text(encoding="utf-8").split("\n") if line.strip()]
        rows = [json.loads(line) for line in lines]
        facts = rows[0]["lesson"]
        if facts["version"] != VERSION:
            raise StoreError(
                f"{place} holds a lesson of version {clipped(facts['version'])}, this library reads {VERSION}."
            )
        return _lesson(facts, [row for row in rows if row["text"]], segmenter), str(facts["origin"])
    except OSError as error:
        raise error if isinstance(error, StoreError) else StoreError(f"{place} cannot be read: {error}.") from error
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise StoreError(
            f"{place} holds no lesson that was saved by a ProbeTeacher, or is damaged ({type(error).__name__}: "
            f"{error}). Give another path; a corpus is read by read_table or read_conllu."
        ) from error


def _lesson(facts: Mapping[str, Any], rows: list[dict[str, Any]], segmenter: Segmenter | None) -> Lesson:
    sentences, aside, at = [], set(), 0
    for row in rows:
        words = tuple(Span(*place) for place in row.get("places", ()))
        example = Example(row["text"], words, row.get("annotations", {}), row.get("others", {}), id=row.get("id", ""))
        painted = row[facts["name"]]
        spans = words if facts["unit"] == "word" else (Span(0, len(example.text)),)
        marks = tuple(painted) if facts["unit"] == "word" else (painted,)
        ids = tuple(range(at, at + len(spans)))
        if len(marks) != len(spans):
            raise DataError(f"{len(marks)} marks for {len(spans)} {facts['unit']}s")
        sentences.append(Sentence(example, spans, ids, marks))
        aside |= {ids[place] for place in row.get("aside", ())}
        at += len(spans)
    source = (str(facts["source"][0]), str(facts["source"][1]))
    return Lesson(
        facts["name"],
        facts["unit"],
        tuple(facts["labels"]),
        facts.get("text", "\n".join(sentence.line for sentence in sentences)),
        tuple(sentences),
        frozenset(aside),
        segmenter or facts["segmenter"],
        source,
        {row["text"]: row["side"] for row in rows if row.get("side")},
        at,
    )


# --- CoNLL-U ---------------------------------------------------------------------------------------------------------


def conllu_of(lesson: Lesson) -> str:
    """A lesson as CoNLL-U: what is painted on words stands in MISC, `label=food`, or in the column of that name.

    `read_conllu` reads it, and `WordTask` finds it there; words that nobody has touched have none. What is painted on
    sentences stands in a comment of each, `# label = good`. Text between words is written as words without a label.
    """
    return "".join(_block(lesson, number, example) for number, example in enumerate(lesson.corpus(), start=1))


def _block(lesson: Lesson, number: int, example: Example) -> str:
    labels = {str(name): str(label) for name, label in example.labels.items()}
    comments = {"sent_id": example.id or str(number), "text": example.text, **labels}
    lines = [f"# {name} = {value.translate(_FLAT).strip()}" for name, value in comments.items()]
    pieces = list(_pieces(example))
    at = 0
    for span, group in groupby(pieces, key=lambda piece: piece[0]):
        members = list(group)
        form = span.of(example.text).translate(_FLAT).strip()
        glued = span.end < len(example.text) and not example.text[span.end].isspace()
        if len(members) > 1:
            lines.append(
                "\t".join([f"{at + 1}-{at + len(members)}", form, *"_" * 7, "SpaceAfter=No" if glued else "_"])
            )
        for _, word in members:
            at += 1
            fields = _fields(lesson, example, word, len(pieces) == len(example.words))
            misc = "|".join([*fields.pop("misc"), *["SpaceAfter=No"] * (glued and len(members) == 1)]) or "_"
            lines.append("\t".join([str(at), form, *fields.values(), misc]))
    return "\n".join(lines) + "\n\n"


def _pieces(example: Example) -> Iterator[tuple[Span, int | None]]:
    """The words of a text by number, and what stands between them: None."""
    at = 0
    for number, word in [*enumerate(example.words), (None, Span(len(example.text), len(example.text)))]:
        between = example.text[at : max(word.start, at)]
        if between.strip():
            start = at + len(between) - len(between.lstrip())
            yield Span(start, start + len(between.strip())), None
        if word.of(example.text).strip():
            yield word, number
        at = max(at, word.end)


def _fields(lesson: Lesson, example: Example, word: int | None, whole: bool) -> dict[str, Any]:
    """The columns of a word but for its number and form, `misc` as pairs. Heads only where all words are numbered."""

    def value(name: str) -> str | None:
        values = example.annotations.get(name)
        found_value = values[word] if values is not None and word is not None else None
        return None if found_value is None else str(found_value).translate(_FLAT).strip() or None

    fields: dict[str, Any] = {name: value(name) or "_" for name in _COLUMNS}
    if not whole:
        fields |= {"head": "_", "deps": "_"}
    kept = [pair for pair in (value("feats") or "").split("|") if pair and pair.partition("=")[0] != lesson.name]
    fields["feats"] = "|".join(kept) or "_"
    pairs = [pair for pair in (value("misc") or "").split("|") if pair]
    pairs = [pair for pair in pairs if pair.partition("=")[0] not in ("SpaceAfter", lesson.name)]
    mark = None if lesson.unit != "word" or lesson.name in _COLUMNS else value(lesson.name)
    fields["misc"] = [*pairs, *([f"{lesson.name}={mark}"] if mark else [])]
    return fields
