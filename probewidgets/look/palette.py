"""Colours: one categorical palette for labels, ramps for probabilities and for numbers, for colour-blind eyes too.

The labels' colours come in pairs of one hue, a bright and a deep one. Light themes fill with the bright one, on which
black ink is readable, and draw edges in the deep one; dark themes fill with the deep one, for white ink, and draw edges
in the bright one. Fading a fill towards its theme's background only raises the contrast; edges never fade, so that a
hue can be told however faint its fill is. The colours were chosen by annealing distances in OKLab under normal, protan
and deutan vision, of the bright and of the deep ones: the first eight are furthest apart.
A label's colour follows from its name, so that it is the same wherever the label is shown.
No palette tells fifty labels apart: colour is the first cue, the label's text the second.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from probewidgets.sweeps.results import Sweep
    from probewidgets.values import Scale

__all__ = [
    "DARK_INK",
    "LIGHT_INK",
    "RAMP",
    "contrast",
    "encode_labels",
    "fade",
    "fills",
    "ink_on",
    "label_order",
    "ramp",
    "ramp_of",
    "steps",
]

DARK_INK = "#000000"
"""Ink on light fills."""
LIGHT_INK = "#ffffff"
"""Ink on dark fills."""

_FILLS = (
    ("#6e9bfb", "#376ceb"),
    ("#b9bcc3", "#50535b"),
    ("#ed7668", "#b2000a"),
    ("#68edff", "#0e7a86"),
    ("#efd956", "#5e5308"),
    ("#7cf4ab", "#0b8149"),
    ("#c4b9fe", "#563c9d"),
    ("#feae89", "#c05101"),
    ("#d777c2", "#ba39a3"),
    ("#b4ba35", "#6e7204"),
    ("#cea895", "#7a5340"),
    ("#77dbb2", "#05553c"),
    ("#a3a7fd", "#5141c9"),
    ("#cfa0c1", "#7a4b6e"),
    ("#fec6d2", "#bc4a6d"),
    ("#91b5dd", "#3a6089"),
    ("#ac9d79", "#7a6a42"),
    ("#a0f08f", "#288504"),
    ("#eb7289", "#9b003c"),
    ("#e1d9a8", "#7f763b"),
    ("#8ac3fd", "#086bb7"),
    ("#bb82e3", "#741ba2"),
    ("#94ccb7", "#307862"),
    ("#d4ba8e", "#81632f"),
)

_GREY = _FILLS[1]

_UPOS = (
    "NOUN", "PUNCT", "VERB", "ADP", "DET", "PRON", "ADJ", "AUX", "PROPN",
    "ADV", "CCONJ", "PART", "NUM", "SCONJ", "INTJ", "SYM", "X",
)  # fmt: skip
"""The universal part-of-speech tags, about as frequent as they are in English; the n-th has the n-th colour."""

RAMP = (
    "#00224e",
    "#123570",
    "#3b496c",
    "#575d6d",
    "#707173",
    "#8a8678",
    "#a59c74",
    "#c3b369",
    "#e1cc55",
    "#fee838",
)
"""Ten steps of cividis, from 0 to 1; between them the colour is linear in sRGB.

Source: Nuñez, Anderton & Renslow (2018), "Optimizing colormaps with consideration for color vision deficiency".
"""


_LIGHTER = ("#e8f4f2", "#c7eae5", "#80cdc1", "#35978f", "#01665e", "#003c30")
_DARKER = ("#17302d", "#1c4a44", "#22756b", "#39a394", "#6fcdbd", "#c2f3e9")
VALUES = (_LIGHTER, _DARKER)
"""Numbers of one sign, for light themes and for dark ones: one hue, from near the paper to far from it."""
SIGNED = (
    ("#543005", "#8c510a", "#bf812d", "#dfc27d", "#f6e8c3", "#f5f5f5", *_LIGHTER[1:]),
    ("#ffdca8", "#e8ad62", "#b67f35", "#7a5525", "#43351f", "#2a2c30", *_DARKER[1:]),
)
"""Numbers of both signs: another hue on either side of zero, which is near the paper.

Source of the light ones: Harrower and Brewer 2003, "ColorBrewer.org: An Online Tool for Selecting Colour Schemes for
Maps", BrBG, which colour-blind eyes can read.
"""
_STEPS = 33
"""Colours of a ramp that a page is sent."""


def label_order(counts: Sequence[int]) -> list[int]:
    """(K,) rank of each label by its number of training targets, most frequent first; ties keep their order."""
    rank = [0] * len(counts)
    for place, k in enumerate(sorted(range(len(counts)), key=lambda k: -counts[k])):
        rank[k] = place
    return rank


def fills(labels: Sequence[str], sets: bool = False) -> tuple[list[str], list[str]]:
    """Two lists of K colours: fills for light themes and for dark ones; each other's edges.

    Args:
        labels: (K,) names. Universal part-of-speech tags have a colour each, any others by their place among the sorted
            names. From the 25th on, colours repeat.
        sets: Whether any number of them may hold: then no label is grey, and the lists end with a grey for none.
    """
    names = _UPOS if set(labels) <= set(_UPOS) else sorted(set(labels))
    colours = [pair for pair in _FILLS if not (sets and pair == _GREY)]
    place = {name: index % len(colours) for index, name in enumerate(names)}
    pairs = [colours[place[label]] for label in labels] + [_GREY] * sets
    return [light for light, _ in pairs], [dark for _, dark in pairs]


def ramp(value: float, stops: Sequence[str] = RAMP) -> str:
    """Colour of a number in [0, 1] on a ramp, as `#rrggbb`; numbers outside are clipped."""
    place = min(max(float(value), 0.0), 1.0) * (len(stops) - 1)
    low = min(int(place), len(stops) - 2)
    return fade(stops[low + 1], stops[low], place - low)


def ramp_of(scale: Scale | None) -> tuple[Sequence[str], Sequence[str]]:
    """The ramp of numbers, or of what has no scale of its own, a probability: for light themes and for dark ones."""
    return (RAMP, RAMP) if scale is None else SIGNED if scale.signed else VALUES


def steps(light: Sequence[str], dark: Sequence[str]) -> list[list[str]]:
    """A ramp as a page is sent it: from 0 to 1, each colour and the ink that is readable on it, for both themes."""
    shares = [step / (_STEPS - 1) for step in range(_STEPS)]
    pairs = [(ramp(share, light), ramp(share, dark)) for share in shares]
    return [[_either(*pair), _either(*(ink_on(fill) for fill in pair))] for pair in pairs]


def _either(light: str, dark: str) -> str:
    return light if light == dark else f"light-dark({light},{dark})"


def fade(colour: str, background: str, share: float) -> str:
    """`share` of a colour over `1 - share` of a background, mixed in sRGB as browsers do."""
    mixed = share * _rgb(colour) + (1 - share) * _rgb(background)
    return "#" + "".join(f"{int(channel + 0.5):02x}" for channel in mixed)


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, from 1 to 21.

    Source: WCAG 2.2, "contrast ratio" and "relative luminance".
    """
    bright, dim = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def ink_on(fill: str) -> str:
    """The more readable of the two inks on a fill."""
    return max((DARK_INK, LIGHT_INK), key=lambda ink: contrast(ink, fill))


def _rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], dtype=float)


def _luminance(colour: str) -> float:
    share = _rgb(colour) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def encode_labels(labels: Sequence[str], sweep: Sweep | None, sets: bool = False) -> dict[str, Any]:
    """The labels with their colours, which follow from the names alone, and their order by training frequency."""
    counts = dict(zip(sweep.labels, sweep.label_counts, strict=False)) if sweep else {}
    order = label_order([counts.get(label, 0) for label in labels])
    light, dark = fills(labels, sets)
    return {
        "labels": list(labels),
        "order": sorted(range(len(labels)), key=order.__getitem__),
        "palette": {"light": light, "dark": dark},
    }
