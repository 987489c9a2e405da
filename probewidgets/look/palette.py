"""Colours: one categorical palette for labels, one sequential ramp for numbers, both chosen for colour-blind eyes.

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


def label_order(counts: Sequence[int]) -> list[int]:
    """(K,) rank of each label by its number of training targets, most frequent first; ties keep their order."""
    rank = [0] * len(counts)
    for place, k in enumerate(sorted(range(len(counts)), key=lambda k: -counts[k])):
        rank[k] = place
    return rank


def fills(labels: Sequence[str]) -> tuple[list[str], list[str]]:
    """Two lists of K colours: fills for light themes and for dark ones; each other's edges.

    Args:
        labels: (K,) names. Universal part-of-speech tags have a colour each, any others by their place among the sorted
            names. From the 25th on, colours repeat.
    """
    names = _UPOS if set(labels) <= set(_UPOS) else sorted(set(labels))
    place = {name: index % len(_FILLS) for index, name in enumerate(names)}
    pairs = [_FILLS[place[label]] for label in labels]
    return [light for light, _ in pairs], [dark for _, dark in pairs]


def ramp(value: float) -> str:
    """Colour of a number in [0, 1] on the sequential ramp, as `#rrggbb`; numbers outside are clipped."""
    place = min(max(float(value), 0.0), 1.0) * (len(RAMP) - 1)
    low = min(int(place), len(RAMP) - 2)
    return fade(RAMP[low + 1], RAMP[low], place - low)


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


def encode_labels(labels: Sequence[str], sweep: Sweep | None) -> dict[str, Any]:
    """The labels with their colours, which follow from the names alone, and their order by training frequency."""
    counts = dict(zip(sweep.labels, sweep.label_counts, strict=True)) if sweep else {}
    order = label_order([counts.get(label, 0) for label in labels])
    light, dark = fills(labels)
    return {
        "labels": list(labels),
        "order": sorted(range(len(labels)), key=order.__getitem__),
        "palette": {"light": light, "dark": dark, "ramp": list(RAMP)},
    }
