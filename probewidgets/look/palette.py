"""Colours: one categorical palette for labels, ramps for probabilities and for numbers, for colour-blind eyes too.

The labels' colours come in pairs of one hue, a bright and a deep one. Light themes fill with the bright one, on which
black ink is readable, and draw edges in the deep one; dark themes fill with the deep one, for white ink, and draw edges
in the bright one. Fading a fill towards its theme's background only raises the contrast; edges never fade, so that a
hue can be told however faint its fill is. The colours were chosen by annealing: all of the bright and all of the deep
ones far apart in OKLab under normal, protan, deutan and tritan vision, and else as near as could be to one lightness
and one chroma, so that none shouts.
A label's colour follows from its name and how often training saw it, never from what is on the screen.
No palette tells fifty labels apart: colour is the first cue, the label's text the second.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from probewidgets.sweeps.results import Sweep
    from probewidgets.values import Scale

__all__ = [
    "DARK_INK",
    "DIFFERENCES",
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
    "strength",
]

DARK_INK = "#000000"
"""Ink on light fills."""
LIGHT_INK = "#ffffff"
"""Ink on dark fills."""

_FILLS = (
    ("#a7bbff", "#475cd5"),
    ("#df8d03", "#744700"),
    ("#8ae2b5", "#124e34"),
    ("#d175b8", "#83106c"),
    ("#d3d23d", "#676600"),
    ("#988fd7", "#5033a1"),
    ("#ef9a87", "#ac6151"),
    ("#41bdd7", "#006a7c"),
    ("#bb9182", "#82594a"),
    ("#dcb761", "#947001"),
    ("#1bffd9", "#00836f"),
    ("#ddcbff", "#7444b2"),
    ("#d299bc", "#bf3a97"),
    ("#c098ff", "#8265b0"),
    ("#ffdf6f", "#4d3e01"),
    ("#dceefe", "#025082"),
    ("#f2d9ff", "#785289"),
    ("#ffadd7", "#883d67"),
    ("#dba9a5", "#a63638"),
    ("#ec9658", "#9b4f01"),
    ("#b0d487", "#3a5900"),
    ("#e3929d", "#994e5b"),
    ("#2ba5b1", "#015259"),
    ("#6dc485", "#277f45"),
    ("#8eb1cb", "#0178b1"),
    ("#83c3eb", "#036b99"),
    ("#a8ace6", "#6862df"),
    ("#7399eb", "#34549f"),
    ("#c78cc7", "#79377a"),
    ("#ffe4e4", "#8a3a43"),
    ("#ffc3b4", "#94351e"),
    ("#83a9f1", "#2c5abc"),
)
"""The first sixteen, and the grey, are at least 8 apart in OKLab (times 100), and 5 for each kind of colour blindness;
the others at least 4 and 2."""
_GREY = ("#c0bdbd", "#545252")

_UPOS = (
    "NOUN", "AUX", "PRON", "PROPN", "ADJ", "SCONJ", "VERB", "ADP",
    "NUM", "DET", "PART", "SYM", "ADV", "CCONJ", "INTJ", "X",
)  # fmt: skip
"""The universal part-of-speech tags but for punctuation; the n-th has the n-th colour."""
_NOTHING = frozenset({"o", "_", "none", "null", "nil", "n/a", "na", "outside", "punct", "punctuation"})
"""What says that there is nothing to say, or but a sign: it is grey."""
_PART = re.compile(r"(?:[BIOESLUMW]|BEGIN|INSIDE|END)[-_](?=.)")
"""What a tag of spans says of its place in the span: `B-PER`. Each part of a span has the same colour."""
_FLOOR = 0.3
"""Strength of the fill of a label that is not probable at all: it shall still be told from others."""

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
_DARKER = ("#17302d", "#1c4a44", "#22756b", "#39a394", "#5fcdb9", "#8df0dc")
VALUES = (_LIGHTER, _DARKER)
"""Numbers of one sign, for light themes and for dark ones: one hue, from near the paper to far from it."""
SIGNED = (
    ("#543005", "#8c510a", "#bf812d", "#dfc27d", "#f6e8c3", "#f5f5f5", *_LIGHTER[1:]),
    ("#ffc973", "#e0a552", "#b67f35", "#7a5525", "#43351f", "#2a2c30", *_DARKER[1:]),
)
"""Numbers of both signs: another hue on either side of zero, which is near the paper.

Source of the light ones: Harrower and Brewer 2003, "ColorBrewer.org: An Online Tool for Selecting Colour Schemes for
Maps", BrBG, which colour-blind eyes can read.
"""
DIFFERENCES = (
    (
        "#67001f", "#b2182b", "#d6604d", "#f4a582", "#fddbc7",
        "#f7f7f7", "#d1e5f0", "#92c5de", "#4393c3", "#2166ac", "#053061",
    ),
    (
        "#ffab98", "#ee846d", "#cf6250", "#95443b", "#573330",
        "#2a2c30", "#23344a", "#2b5682", "#4787bd", "#6cb0ea", "#98d2ff",
    ),
)  # fmt: skip
"""What has become less, and what has become more: not the hues of numbers, so that no difference is taken for one.

Source of the light ones: as of SIGNED, RdBu.
"""
_STEPS = 33
"""Colours of a ramp that a page is sent."""


def label_order(counts: Sequence[int]) -> list[int]:
    """(K,) rank of each label by its number of training targets, most frequent first; ties keep their order."""
    rank = [0] * len(counts)
    for place, k in enumerate(sorted(range(len(counts)), key=lambda k: -counts[k])):
        rank[k] = place
    return rank


def fills(labels: Sequence[str], sets: bool = False, counts: Sequence[int] = ()) -> tuple[list[str], list[str]]:
    """Two lists of K colours: fills for light themes and for dark ones; each other's edges.

    Universal part-of-speech tags have a colour each. Of others the most frequent have those that are furthest apart;
    the parts of a span (`B-PER`, `I-PER`) have one; `O`, punctuation and the like are grey, and nothing else is. From
    the 33rd on, colours repeat.

    Args:
        labels: (K,) names.
        sets: Whether any number of them may hold: then the lists end with a grey for none.
        counts: (K,) how often each was seen in training; none: all as often, in the order of their names.
    """
    colours = [_GREY if _is_nothing(label, labels) else None for label in labels]
    bases = [_PART.sub("", label) for label in labels]
    weight = Counter[str]()
    for base, count, colour in zip(bases, counts or [0] * len(labels), colours, strict=True):
        if colour is None:
            weight[base] += count
    upos = set(weight) <= set(_UPOS)
    names = _UPOS if upos else sorted(weight, key=lambda base: (-weight[base], base))
    place = {name: index % len(_FILLS) for index, name in enumerate(names)}
    pairs = [colour or _FILLS[place[base]] for base, colour in zip(bases, colours, strict=True)] + [_GREY] * sets
    return [light for light, _ in pairs], [dark for _, dark in pairs]


def _is_nothing(label: str, labels: Sequence[str]) -> bool:
    """Whether a label says nothing, or that there is but a sign, where others say more."""
    sign = not any(map(str.isalnum, label)) and any(map(str.isalnum, "".join(labels)))
    return (label.strip().casefold() in _NOTHING or sign) and len(labels) > 1


def strength(share: float) -> float:
    """Of a fill, from a floor to 1, by the probability that it shows."""
    return _FLOOR + (1 - _FLOOR) * min(max(share, 0.0), 1.0)


def ramp(value: float, stops: Sequence[str] = RAMP) -> str:
    """Colour of a number in [0, 1] on a ramp, as `#rrggbb`; numbers outside are clipped."""
    place = min(max(float(value), 0.0), 1.0) * (len(stops) - 1)
    low = min(int(place), len(stops) - 2)
    return fade(stops[low + 1], stops[low], place - low)


def ramp_of(scale: Scale | None) -> tuple[Sequence[str], Sequence[str]]:
    """The ramp of numbers, or of what has no scale of its own, a probability: for light themes and for dark ones."""
    if scale is None:
        return RAMP, RAMP
    return DIFFERENCES if scale.changes else SIGNED if scale.signed else VALUES


def steps(light: Sequence[str], dark: Sequence[str]) -> list[list[str]]:
    """A ramp as a page is sent it: from 0 to 1, each colour and the ink that is readable on it, for both themes."""
    return [list(step) for step in _steps(tuple(light), tuple(dark))]


@lru_cache(maxsize=16)  # each answer brings the same ones, and they take some milliseconds
def _steps(light: tuple[str, ...], dark: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    shares = [step / (_STEPS - 1) for step in range(_STEPS)]
    pairs = [(ramp(share, light), ramp(share, dark)) for share in shares]
    return tuple((_either(*pair), _either(*(ink_on(fill) for fill in pair))) for pair in pairs)


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
    """The labels with their colours and their order by training frequency."""
    counts = dict(zip(sweep.labels, sweep.label_counts, strict=False)) if sweep else {}
    order = label_order([counts.get(label, 0) for label in labels])
    light, dark = fills(labels, sets, [counts.get(label, 0) for label in labels])
    return {
        "labels": list(labels),
        "order": sorted(range(len(labels)), key=order.__getitem__),
        "palette": {"light": light, "dark": dark},
    }
