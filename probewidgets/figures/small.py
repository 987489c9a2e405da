"""Small pictures of sheets, by Pillow: a few milliseconds, and a few kilobytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import pairwise

from PIL import Image, ImageDraw

from probewidgets.figures.letters import MIDDLE, SIZE, font
from probewidgets.figures.marks import Box, Line, Mark, Ramp, Text
from probewidgets.look import palette

__all__ = ["of_few_colours", "png_of"]

DPI = 96
"""Dots per inch: what a page shows at the size that was meant."""
COLOURS = 128
"""So few make the file a third as large; fewer would give cells other hues."""


def png_of(marks: Sequence[Mark], width: float, height: float) -> bytes:
    """Marks on so many inches as a PNG of few colours."""
    size = (round(width * DPI), round(height * DPI))
    image = Image.new("RGB", size, "#ffffff")
    draw = ImageDraw.Draw(image)
    for mark in marks:
        if isinstance(mark, Text):
            _text(image, draw, mark)
        elif isinstance(mark, Box):
            _box(draw, mark)
        elif isinstance(mark, Line):
            _line(draw, mark)
        else:
            _ramp(draw, mark)
    return of_few_colours(image, COLOURS)


def of_few_colours(image: Image.Image, colours: int) -> bytes:
    """A picture as a PNG of so many colours."""
    buffer = io.BytesIO()
    image.quantize(colours, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(buffer, format="png")
    return buffer.getvalue()


def _px(inches: float) -> int:
    return round(inches * DPI)


def _text(image: Image.Image, draw: ImageDraw.ImageDraw, mark: Text) -> None:
    face = font(SIZE / 72 * DPI, mark.serif, mark.bold)
    if not mark.upright:
        anchor = {"left": "ls", "center": "ms", "right": "rs"}[mark.ha]
        draw.text((mark.x * DPI, (mark.y + MIDDLE) * DPI), mark.text, mark.color, face, anchor=anchor)
        return
    ascent, descent = face.getmetrics()
    mask = Image.new("L", (round(face.getlength(mark.text)) + 1, ascent + descent))
    ImageDraw.Draw(mask).text((0, 0), mark.text, 255, face)
    mask = mask.transpose(Image.Transpose.ROTATE_90)
    image.paste(mark.color, (_px(mark.x) - mask.width // 2, _px(mark.y) - mask.height), mask)


def _box(draw: ImageDraw.ImageDraw, mark: Box) -> None:
    corners = (_px(mark.x), _px(mark.y), _px(mark.x + mark.width) - 1, _px(mark.y + mark.height) - 1)
    if corners[2] < corners[0] or corners[3] < corners[1]:
        return
    width = max(1, round(mark.line / 72 * DPI)) if mark.edge else 0
    draw.rounded_rectangle(corners, mark.radius * DPI, mark.fill or None, mark.edge or None, width)


def _line(draw: ImageDraw.ImageDraw, mark: Line) -> None:
    width = max(1, round(mark.width / 72 * DPI))
    points = [(x * DPI, y * DPI) for x, y in mark.points]
    if mark.dash is None:
        draw.line(points, mark.color, width, joint="curve")
        return
    on, off = (max(1.0, length * mark.width / 72 * DPI) for length in mark.dash)
    place = 0.0  # along the whole line, so that dashes go on round its corners
    for (x0, y0), (x1, y1) in pairwise(points):
        length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        start = -(place % (on + off))
        while start < length:
            a, b = max(start, 0.0) / (length or 1), min(start + on, length) / (length or 1)
            if b > a:
                draw.line([(x0 + t * (x1 - x0), y0 + t * (y1 - y0)) for t in (a, b)], mark.color, width)
            start += on + off
        place += length


def _ramp(draw: ImageDraw.ImageDraw, mark: Ramp) -> None:
    left, right, top, bottom = (_px(v) for v in (mark.x, mark.x + mark.width, mark.y, mark.y + mark.height))
    for x in range(left, right):
        colour = palette.ramp((x - left) / max(right - left - 1, 1), mark.stops)
        draw.line([(x, top), (x, bottom - 1)], colour)
