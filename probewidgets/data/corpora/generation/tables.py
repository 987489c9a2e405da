"""Word tables, written as plain text."""

from __future__ import annotations

from functools import cache

__all__ = ["words"]


@cache
def words(text: str) -> tuple[str, ...]:
    """The entries of a table, separated by spaces (or by bars, if there are any); `_` stands for a space in a word."""
    parts = text.split("|") if "|" in text else text.split()
    return tuple(" ".join(part.split()).replace("_", " ") for part in parts if part.strip())
