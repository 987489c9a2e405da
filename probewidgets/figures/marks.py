"""Marks: what a sheet is made of, at places in inches from its top left corner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from probewidgets.look import palette

__all__ = ["Box", "Line", "Mark", "Ramp", "Text"]


@dataclass(frozen=True)
class Text:
    """Text around a point: on its middle line, at its left, centre or right end."""

    x: float
    y: float
    text: str
    ha: str = "center"
    bold: bool = False
    serif: bool = False
    color: str = palette.DARK_INK
    upright: bool = False
    """Whether it reads from the bottom to the top, from the point on."""


@dataclass(frozen=True)
class Box:
    """A rectangle from its top left corner, whose corners may be round. No colour: nothing."""

    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    edge: str = ""
    line: float = 0.6
    """Width of the edge (pt)."""
    radius: float = 0.0


@dataclass(frozen=True)
class Line:
    """Points joined by a line."""

    points: tuple[tuple[float, float], ...]
    color: str
    width: float = 0.7
    """(pt)"""
    dash: tuple[float, float] | None = None
    """Lengths of dashes and gaps, in widths of the line; None: it goes through."""


@dataclass(frozen=True)
class Ramp:
    """A rectangle whose colour goes from the first stop, at its left end, to the last."""

    x: float
    y: float
    width: float
    height: float
    stops: tuple[str, ...]


Mark: TypeAlias = "Text | Box | Line | Ramp"
