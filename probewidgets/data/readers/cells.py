"""Cells of a table: the lists that pandas, numpy or JSON wrote into texts, and values that are missing."""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from probewidgets.data.readers.rows import Row, Table
from probewidgets.errors import DataError, clipped

__all__ = ["as_label", "as_list", "is_missing", "refuse_lists", "with_lists"]

MISSING = ("", "_")
"""Tags, in a table of strings, that are none."""
NO_VALUE = ("nan", "NaN", "<NA>")
"""What programs write for a value that is missing, and nobody else for a label or a text."""

_CONSTANTS = {
    **dict.fromkeys(("None", "null", "NaN", "nan", "<NA>", "NaT"), None),
    "True": True, "true": True, "False": False, "false": False,
}  # fmt: skip
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<open>[\[(]) | (?P<close>[\])]) | (?P<comma>,)
        | (?P<string>'(?:[^'\\\n]|\\.)*' | "(?:[^"\\\n]|\\.)*")(?=[\s,\])]|$)
        | (?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)(?=[\s,\])]|$)
        | (?P<constant>None|null|NaN|nan|<NA>|NaT|True|true|False|false)(?=[\s,\])]|$)
    )""",
    re.VERBOSE,
)
_ARRAY = re.compile(r"(?:np\.|numpy\.)?array\((\[.*\])(?:,\s*dtype=[^()]*)?\)", re.DOTALL)
_SCALAR = re.compile(r"""np\.\w+\(('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|[-+.\w]+)\)""")
_QUOTED = re.compile(r'"(?:(?:np\.|numpy\.)?array\(|[\[({]).*[\])}]"', re.DOTALL)
_BRACKETS = re.compile(r"\[.*\]", re.DOTALL)
_PARTED = re.compile(r"['\",]|\.\.\.")
"""What parts the items of a list, or says that numpy cut it short."""


# --- texts that spell lists ------------------------------------------------------------------------------------------


def with_lists(table: Table, columns: Iterable[str]) -> Table:
    """The table, with the texts in `columns` that spell a list turned into that list.

    A column is decided as a whole: its cells are lists where all of them spell one, and texts where none does or where
    only texts such as `[1]` could be either.

    Raises:
        DataError: Some cells of a column are lists of strings and others are none, or cannot be read (numpy cuts long
            ones short).
    """
    rows = [dict(row) for _, row in table.rows]
    for column in columns:
        for k, items in _lists(table, column).items():
            rows[k][column] = items
    return replace(table, rows=[(at, row) for (at, _), row in zip(table.rows, rows, strict=True)])


def refuse_lists(table: Table, column: str) -> None:
    """Raise DataError where every text of a column spells a list of strings: these are words, not texts."""
    texts = [(at, row[column]) for at, row in table.rows if isinstance(row[column], str) and row[column].strip()]
    if texts and all(_holds_strings(spelled(text)) for _, text in texts):
        raise table.fail(
            texts[0][0],
            f"{column!r} holds a list, {clipped(texts[0][1])}, expected a text. For lists of words, give the column as "
            f"words={column!r}.",
        )


def _lists(table: Table, column: str) -> dict[int, list[Any] | set[Any]]:
    """Of each row whose cell is a list written as a text: that list."""
    texts = {
        k: value for k, (_, row) in enumerate(table.rows) if isinstance(value := row.get(column), str) and value.strip()
    }
    lists = {k: items for k, text in texts.items() if (items := spelled(text)) is not None}
    others = [k for k in texts if k not in lists]
    if not others:
        return lists
    brackets = all(_BRACKETS.fullmatch(text.strip()) for text in texts.values())
    strange = brackets and any(_PARTED.search(texts[k]) for k in others)
    if strange or any(_holds_strings(items) for items in lists.values()):
        k = others[0]
        why = "numpy has cut it short with ..." if "..." in texts[k] else "it cannot be read as one"
        raise table.fail(
            table.rows[k][0],
            f"{column!r} must be a list, as in other rows or by its brackets, but {clipped(texts[k])} came: {why}. "
            "Write it as JSON, json.dumps(list(items)), or with spaces between the items and no brackets; or save "
            "the table as Parquet or JSON lines.",
        )
    return {}


def _holds_strings(items: list[Any] | set[Any] | None) -> bool:
    """Tell whether it is a list that nobody writes as a text: one with strings in quotes, or mappings."""
    return any(
        isinstance(item, str | dict) or (isinstance(item, list) and _holds_strings(item)) for item in items or ()
    )


def spelled(text: str) -> list[Any] | set[Any] | None:
    """The list or set that a text spells in the writing of Python, numpy or JSON; None where it spells none."""
    text = text.strip()
    if _QUOTED.fullmatch(text):  # as CSV has it, in a TSV whose quotes are read as characters
        text = text[1:-1].replace('""', '"')
    if text == "set()" or (text[:1] == "{" and text[-1:] == "}"):
        return set() if text == "set()" else _literal(text, set)
    if array := _ARRAY.fullmatch(text):
        text = array[1]
    if not (text[:1] in ("[", "(") and text[-1:] in ("]", ")")):
        return None
    if "{" in text:
        items = _literal(text, list | tuple)
        return None if items is None else list(items)
    return _parsed(_SCALAR.sub(r"\1", text))


def _literal(text: str, kind: Any) -> Any:
    """What JSON or Python reads, if it is of a kind: a set, or a list with mappings in it."""
    for read in (json.loads, ast.literal_eval):
        try:
            items = read(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(items, kind):
            return items
    return None


def _parsed(text: str) -> list[Any] | None:
    """A list of strings, numbers and lists, with commas between them, or spaces as numpy writes them."""
    # Not by Python's own parser: for it, numpy's 'a' 'b' are one string.
    whole: list[Any] = []
    open_lists = [whole]
    pairs: list[str] = []
    at, closed = 0, False
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or closed:
            return None
        at = match.end()
        if match["open"]:
            items: list[Any] = []
            open_lists[-1].append(items)
            open_lists.append(items)
            pairs.append(match["open"])
        elif match["close"]:
            if pairs.pop() + match["close"] not in ("[]", "()"):
                return None
            open_lists.pop()
            closed = len(open_lists) == 1
        elif not match["comma"]:
            open_lists[-1].append(_atom(match))
    return whole[0] if closed else None


def _atom(match: re.Match[str]) -> Any:
    if match["constant"]:
        return _CONSTANTS[match["constant"]]
    if number := match["number"]:
        return int(number) if re.fullmatch(r"[-+]?\d{1,400}", number) else float(number)
    string = match["string"]
    if string[0] == '"':
        try:
            return json.loads(string)
        except ValueError:
            pass  # Python's writing
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a backslash that escapes nothing stays one
        try:
            return ast.literal_eval(string)
        except (ValueError, SyntaxError):
            return string[1:-1]


# --- values ----------------------------------------------------------------------------------------------------------


def is_missing(value: Any) -> bool:
    """Tell None, NaN and pandas' NA from values."""
    return value is None or (isinstance(value, float | np.floating) and bool(np.isnan(value))) or str(value) == "<NA>"


def as_list(row: Row, column: str) -> list[Any]:
    """A list; of a string, what stands between its spaces."""
    value = row.get(column)
    if isinstance(value, str):
        return value.split()
    if not isinstance(value, list | tuple | np.ndarray):
        raise DataError(f"{column!r} must be a list, or a string with spaces, but {clipped(value)} came.")
    return list(value)


def as_label(value: Any, column: str, whole: bool = False) -> Any:
    """A label as tasks take it: a string, a number, a list of either, or None.

    Args:
        value: The cell.
        column: Where it stands.
        whole: Whether numbers are whole ones, written as floats because others are missing.

    Raises:
        DataError: It is a mapping, or a list that holds nothing, lists or mappings.
    """
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, str):
        value = value.strip()
        if value in NO_VALUE:
            raise DataError(f"{column!r} is {value!r}, which stands for no value. Leave the cell empty for no label.")
    if is_missing(value) or value == "":
        return None
    inner = list(value) if isinstance(value, list | tuple | set | frozenset) else []
    if isinstance(value, Mapping) or any(is_missing(item) or isinstance(item, list | tuple | dict) for item in inner):
        raise DataError(
            f"{column!r} must be a label, or a list of labels, none of them missing, but {clipped(value)} came."
        )
    return int(value) if whole else value
