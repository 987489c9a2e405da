"""Words of a treebank in its text: put together from the forms, or found in the text that it gives."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from probewidgets.data.examples import Span
from probewidgets.errors import FormatError, clipped

__all__ = ["Row", "Token", "aligned", "rebuilt"]


@dataclass(slots=True)
class Row:
    """A word's line."""

    line: int
    fields: list[str]


@dataclass(slots=True)
class Token:
    """Token, between two spaces at most: one word, or a multiword token with its words."""

    line: int
    form: str
    glued: bool
    """Whether the next token follows without a space."""
    first: int
    """Index of its first word."""
    last: int
    """Index of its last word."""


def rebuilt(tokens: list[Token]) -> str:
    """The text of a sentence that does not give its own."""
    return "".join(token.form + ("" if token.glued else " ") for token in tokens).rstrip(" ")


def aligned(path: Path, number: int, text: str, rows: list[Row], tokens: list[Token]) -> tuple[Span, ...]:
    """Find every token, and the words of every token, in the text."""
    words: list[Span] = []
    at = 0
    for token in tokens:
        start = at
        while not text.startswith(token.form, start) and text[start : start + 1].isspace():
            start += 1
        if not text.startswith(token.form, start):
            there = text[at : at + 20].strip()
            way = "Were the words taken out, for their licence? Merge them in." if token.form == "_" else ""
            raise FormatError(
                path,
                token.line,
                f"the form {token.form!r} is not what the text has there ({there!r}...; # text is on line {number}). "
                f"{way or 'Make the two agree.'}",
            )
        at = start + len(token.form)
        if token.first == token.last:
            words.append(Span(start, at))
        else:
            forms = [row.fields[1] for row in rows[token.first : token.last + 1]]
            words.extend(_within(token.form, forms, start))
    if text[at:].strip():
        message = (
            f"the text goes on after the last word: {clipped(text[at:].strip(), 40)}. Add the words, or shorten # text."
        )
        raise FormatError(path, number, message)
    return tuple(words)


def _within(surface: str, forms: list[str], start: int) -> list[Span]:
    """The words of a multiword token: where they stand in it, one after the other, or else all of it for each."""
    spans: list[Span] = []
    at = 0
    for form in forms:
        place = surface.find(form, at)
        if place < 0:
            return [Span(start, start + len(surface))] * len(forms)
        at = place + len(form)
        spans.append(Span(start + place, start + at))
    return spans
