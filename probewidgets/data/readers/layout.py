"""Columns of CoNLL-U, and those of CoNLL-U Plus, which its first lines name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from probewidgets.data.names import meant
from probewidgets.errors import FormatError

__all__ = ["DEPS", "FEATS", "HEAD", "Layout", "layout_of"]

COLUMNS = ("ID", "FORM", "LEMMA", "UPOS", "XPOS", "FEATS", "HEAD", "DEPREL", "DEPS", "MISC")
ID, HEAD, FEATS, DEPS = map(COLUMNS.index, ("ID", "HEAD", "FEATS", "DEPS"))
KEY = "global.columns"


@dataclass(frozen=True)
class Layout:
    """Which columns a file has, in their order."""

    names: tuple[str, ...] = COLUMNS

    @cached_property
    def plus(self) -> bool:
        """Whether they are others than those of CoNLL-U."""
        return self.names != COLUMNS

    @cached_property
    def _order(self) -> tuple[int, ...]:
        """Of each column as `standard` gives it, where it stands in the file; -1: nowhere."""
        extra = (i for i, name in enumerate(self.names) if name not in COLUMNS)
        return (*(self.names.index(name) if name in self.names else -1 for name in COLUMNS), *extra)

    @cached_property
    def textual(self) -> tuple[tuple[int, str], ...]:
        """Where each annotation that is a text stands in what `standard` gives, and its name."""
        standard = (
            (i, name.lower()) for i, name in enumerate(COLUMNS) if name not in ("ID", "FORM", "HEAD") and self.has(i)
        )
        return (*standard, *enumerate((name for name in self.names if name not in COLUMNS), start=len(COLUMNS)))

    def has(self, column: int) -> bool:
        """Whether the file has one of the ten standard columns."""
        return self._order[column] >= 0

    def standard(self, fields: list[str], number: int) -> list[str]:
        """The fields of a line: the ten of CoNLL-U, `_` for those that the file lacks, and then the others.

        Args:
            fields: As they stand in the line.
            number: Of the word, should there be no ID.
        """
        if not self.plus:
            return fields
        ordered = [fields[i] if i >= 0 else "_" for i in self._order]
        if not self.has(ID):
            ordered[ID] = str(number)
        return ordered


def layout_of(path: Path, text: str) -> Layout:
    """The columns that the comments at the top of a file name; without such a line, those of CoNLL-U.

    Raises:
        FormatError: A column is named twice, or there is none for the forms.
    """
    for number, line in enumerate(text.split("\n", 200), start=1):
        if not line.startswith("#"):
            break
        key, _, value = line[1:].partition("=")
        if key.strip() == KEY:
            return _layout(path, number, value.split())
    return Layout()


def _layout(path: Path, number: int, given: Sequence[str]) -> Layout:
    names = tuple(name.upper() if name.upper() in COLUMNS else name for name in given)
    if "FORM" not in names or len(set(names)) < len(names):
        problem = (
            "is named twice" if "FORM" in names else f"is called FORM, but the words are needed.{meant('FORM', names)}"
        )
        which = next((name for name in names if names.count(name) > 1), "none")
        raise FormatError(
            path,
            number,
            f"# {KEY} = {' '.join(names)}: {which} {problem} Expected names such as ID FORM UPOS, each once.",
        )
    return Layout(names)
