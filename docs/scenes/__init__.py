"""Scenes that `docs/pictures.py` takes pictures of: a widget for each name, of real text, made when it is asked for.

A kernel makes each of them once. What is captured or swept is kept in the user's cache folder, so that the next kernel
is quick.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .explorers import EXPLORERS
from .trainers import TRAINERS
from .workbench import COMPARISONS, ERRORS, TEACHERS

SCENES: dict[str, Callable[[], Any]] = EXPLORERS | TRAINERS | TEACHERS | COMPARISONS | ERRORS
"""Name -> the widget."""
_made: dict[str, Any] = {}


async def scene(name: str) -> Any:
    """The widget of a name, once it has come to rest."""
    if name not in _made:
        _made[name] = SCENES[name]()
    if hasattr(_made[name], "settled"):
        await _made[name].settled()
    return _made[name]
