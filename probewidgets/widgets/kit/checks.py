"""Checks of what comes from outside: arguments, texts, exceptions that are to be shown."""

from __future__ import annotations

import inspect
import operator
import traceback
from typing import Any

import traitlets

from probewidgets.errors import WidgetError

__all__ = ["Checked", "as_index", "checked", "clean_text", "in_words", "refuse_unknown", "traced"]

MAX_TEXT = 200_000
"""Longest text that a widget takes (characters)."""
MAX_WORDS = 20_000
"""Longest message, and longest traceback, of an exception that is shown (characters)."""


class Checked(traitlets.TraitType):  # type: ignore[type-arg]
    """A trait that leaves all checks to its `validate` method, which sees None too (`traitlets.Any` lets that pass)."""

    info_text = "a value that the widget checks"


def checked(value: Any, kind: type) -> Any:
    """The value, if it is of the kind that a widget shows.

    Raises:
        WidgetError: It is not.
    """
    if not isinstance(value, kind):
        raise WidgetError(f"{kind.__name__} expected, but {type(value).__name__} came.")
    return value


def as_index(value: object) -> int | None:
    """The value as an int (numpy's count), or None; True and False are none."""
    try:
        return None if isinstance(value, bool) else operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        return None


def clean_text(value: object) -> str:
    """A text as it can be shown and sent: line ends are `\\n`, half characters (lone surrogates) are replaced.

    Raises:
        WidgetError: It is no string, or longer than MAX_TEXT characters.
    """
    if not isinstance(value, str):
        raise WidgetError(f"text must be a string, but {type(value).__name__} came.")
    if len(value) > MAX_TEXT:
        raise WidgetError(f"The text has {len(value):,} characters; a widget takes {MAX_TEXT:,}. Shorten it.")
    return _whole(value).replace("\r\n", "\n").replace("\r", "\n")


def _whole(text: str) -> str:
    """A text without half characters, which cannot be sent."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def refuse_unknown(widget: type, unknown: dict[str, Any]) -> None:
    """Raise TypeError for keywords that a widget does not take, naming those that it does."""
    if unknown:
        parameters = inspect.signature(vars(widget)["__init__"]).parameters.values()
        valid = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY]
        raise TypeError(f"{widget.__name__} takes no {sorted(unknown)}. Its keywords are {valid}.")


def in_words(error: BaseException) -> str:
    """An exception in one text: its kind, unless it is ours, and its message; where that is cut, it says so."""
    text = _whole(str(error)) or "(no message)"
    ours = type(error).__module__ == WidgetError.__module__
    text = text if ours else f"{type(error).__name__}: {text}"
    return text if len(text) <= MAX_WORDS else f"{text[:MAX_WORDS]}… (cut: it has {len(text):,} characters)"


def traced(error: BaseException) -> str:
    """The traceback of an exception as text; of a very long one the middle is left out, where it says so."""
    text = _whole("".join(traceback.format_exception(error)))
    if len(text) <= MAX_WORDS:
        return text
    half = MAX_WORDS // 2
    left = f"… (cut: it has {len(text):,} characters, and {len(text) - 2 * half:,} are left out here) …"
    return f"{text[:half]}\n{left}\n{text[-half:]}"
