"""Every error that the library raises on purpose, as one tree.

    ProbeWidgetsError
    ├── DataError (ValueError)        a text, its labels or a split cannot be used as they are
    │   └── FormatError               a file breaks its format: names the file and the line
    ├── ModelError (ValueError)       a model or tokenizer cannot be loaded or cannot be read
    │   └── TooLongError              a text has more tokens than the model takes
    ├── ProbeError (ValueError)       a probe cannot be fitted on, or applied to, what came
    ├── StoreError (OSError)          a file of ours is missing, damaged or from another version
    └── WidgetError (ValueError)      a widget was given a value that it cannot show

Each message says what is wrong, what came, what was expected, and what to do.
"""

from __future__ import annotations

from numbers import Integral

__all__ = [
    "DataError",
    "FormatError",
    "ModelError",
    "ProbeError",
    "ProbeWidgetsError",
    "StoreError",
    "TooLongError",
    "WidgetError",
    "clipped",
    "whole_number",
]


def clipped(value: object, most: int = 60) -> str:
    """What came, as a message shows it: its repr, of which an ellipsis says where it was cut."""
    text = repr(value)
    return text if len(text) <= most else text[: most - 1] + "…"


class ProbeWidgetsError(Exception):
    """Root of the tree: `except ProbeWidgetsError` catches all that this library raises on purpose."""


class DataError(ProbeWidgetsError, ValueError):
    """A text, its labels or a split cannot be used as they are."""


class FormatError(DataError):
    """A file breaks its format.

    Args:
        path: The file.
        line: Its line, counted from 1.
        message: What is wrong there, what was expected, what to do.
    """

    def __init__(self, path: object, line: int, message: str) -> None:
        super().__init__(f"{path}, line {line}: {message}")
        self.path = str(path)
        self.line = line


class ModelError(ProbeWidgetsError, ValueError):
    """A model or a tokenizer cannot be loaded, or its states cannot be read."""


class TooLongError(ModelError):
    """A text has more tokens than the model takes."""


class ProbeError(ProbeWidgetsError, ValueError):
    """A probe cannot be fitted on, or applied to, what came."""


class StoreError(ProbeWidgetsError, OSError):
    """A file written by this library is missing, damaged or from another format version."""


class WidgetError(ProbeWidgetsError, ValueError):
    """A widget was given a value that it cannot show."""


def whole_number(name: str, value: object, least: int | None, error: type[ProbeWidgetsError]) -> int:
    """The number, if it is a whole one and not too small; or else the error."""
    if isinstance(value, bool) or not isinstance(value, Integral) or (least is not None and value < least):
        wanted = "a whole number" if least is None else f"a whole number >= {least}"
        raise error(f"{name} must be {wanted}, but {clipped(value)} came.")
    return int(value)
