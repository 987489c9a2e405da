"""Letters: the two faces of every figure, and the room that a text takes; measured without importing matplotlib.

The faces come with matplotlib. Its import takes a fifth of a second, and Pillow's a tenth of that.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PIL import ImageFont

from probewidgets.look.visible import visible

__all__ = [
    "FAMILIES",
    "LONGEST",
    "MIDDLE",
    "SIZE",
    "cut",
    "font",
    "is_serif",
    "printable",
    "short",
    "text_width",
    "wrapped",
]

SIZE = 8.0
"""Of all letters (pt)."""
MIDDLE = 0.36 * SIZE / 72
"""From the line that letters stand on up to the middle of a capital (inches)."""
LONGEST = 24
"""Characters of a word that are shown."""
FAMILIES = {False: ["DejaVu Sans", "sans-serif"], True: ["DejaVu Serif", "serif"]}
"""Families by whether they are serif. Both are wide: where another one stands in for them, texts keep their room."""

_FILES = {
    (False, False): "DejaVuSans.ttf",
    (False, True): "DejaVuSans-Bold.ttf",
    (True, False): "DejaVuSerif.ttf",
    (True, True): "DejaVuSerif-Bold.ttf",
}
_NOBODYS = "\uffff"
"""A character that no face has."""
_FINE = 64
"""Size at which texts are measured (px)."""
_COARSE = 1.03
"""How much wider a text is where its letters stand on whole dots."""


@lru_cache(maxsize=64)
def font(size: float, serif: bool = False, bold: bool = False) -> ImageFont.FreeTypeFont:
    """A face at a size (px)."""
    name = _FILES[serif, bold]
    package = find_spec("matplotlib")
    path = Path(package.origin or "").parent / "mpl-data" / "fonts" / "ttf" / name if package else Path(name)
    if not path.is_file():  # some systems keep it where only matplotlib finds it
        from matplotlib.font_manager import FontProperties, findfont

        weight = "bold" if bold else "normal"
        path = Path(findfont(FontProperties(family=FAMILIES[serif], weight=weight)))
    return ImageFont.truetype(str(path), size)


@lru_cache(maxsize=8192)
def _has(character: str, serif: bool) -> bool:
    """Whether a face can draw a character: as it draws none that it does not have."""
    face = font(_FINE, serif)
    return bytes(face.getmask(character)) != bytes(face.getmask(_NOBODYS))


def printable(text: str) -> str:
    """Text as it can be drawn: one character without a glyph is shown as `□`."""
    return "".join(c if _has(c, False) or _has(c, True) else "□" for c in visible(text))


def is_serif(text: str) -> bool:
    """Whether the serif face has all of a text; else all of it is drawn without serifs."""
    return all(_has(c, True) for c in text)


@lru_cache(maxsize=4096)
def text_width(text: str, bold: bool = False, serif: bool = False) -> float:
    """Width of a text (inches)."""
    text = printable(text)
    face = font(_FINE, serif and is_serif(text), bold)
    return float(face.getlength(text)) / _FINE * SIZE / 72 * _COARSE


def short(text: str, most: int = LONGEST) -> str:
    """The text as it can be seen, cut to so many characters."""
    text = visible(text)
    return text if len(text) <= most else text[: most - 1] + "…"


def cut(text: str, width: float, serif: bool = False) -> str:
    """The text, or as much of its beginning as fits into a width (inches)."""
    if text_width(text, serif=serif) <= width:
        return text
    ends = range(len(text) - 1, 0, -1)
    most = next((n for n in ends if text_width(text[:n] + "…", serif=serif) <= width), 0)
    return text[:most] + "…"


def wrapped(text: str, width: float, serif: bool = False) -> list[str]:
    """The text in lines of at most a width (inches), broken at spaces; a word that is wider is cut."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, serif=serif) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return [cut(line, width, serif) for line in lines]
