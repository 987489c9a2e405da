"""Colours: readable in both themes, distinct to colour-blind eyes."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from probewidgets.look import palette
from probewidgets.values import Change, Scale

EVERY = [f"label {n:02}" for n in range(24)]
LIGHT, DARK = palette.fills(EVERY)
PAPERS = {"light": "#ffffff", "dark": "#111111"}


@pytest.mark.parametrize("share", [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1])
def test_ink_is_readable_on_every_fill_at_every_strength_in_both_themes(share: float) -> None:
    for fill in LIGHT:
        assert palette.contrast(palette.fade(fill, PAPERS["light"], share), palette.DARK_INK) >= 4.5
    for fill in DARK:
        assert palette.contrast(palette.fade(fill, PAPERS["dark"], share), palette.LIGHT_INK) >= 4.5


def test_edges_are_seen_on_their_themes_paper() -> None:
    assert min(palette.contrast(edge, PAPERS["light"]) for edge in DARK) >= 4.5
    assert min(palette.contrast(edge, PAPERS["dark"]) for edge in LIGHT) >= 6


def test_fills_of_dark_themes_stand_out_from_their_paper_and_their_edges_from_them() -> None:
    assert min(palette.contrast(fill, PAPERS["dark"]) for fill in DARK) > 1.75
    assert min(palette.contrast(*pair) for pair in zip(LIGHT, DARK, strict=True)) > 2


def test_ink_is_readable_on_every_step_of_the_ramp() -> None:
    for step in range(256):
        colour = palette.ramp(step / 255)
        assert palette.contrast(colour, palette.ink_on(colour)) >= 4.5


def test_the_ramp_gets_brighter_all_the_way() -> None:
    black = [palette.contrast(palette.ramp(step / 50), "#000000") for step in range(51)]
    assert black == sorted(black)
    assert palette.ramp(-1) == palette.RAMP[0]
    assert palette.ramp(2) == palette.RAMP[-1]


def test_contrast_is_that_of_black_and_white() -> None:
    assert palette.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert palette.contrast("#777777", "#777777") == pytest.approx(1)


VISIONS = {
    "normal": np.eye(3),
    # Source: Machado, Oliveira & Fernandes (2009), severity 1.0.
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
}


def oklab(colour: str, vision: np.ndarray) -> np.ndarray:
    share = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    r, g, b = np.clip(vision @ linear, 0, 1)
    long = np.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    middle = np.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = np.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return np.array(
        [
            0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short,
            1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short,
            0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short,
        ]
    )


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_seventeen_labels_are_apart_for_every_eye(theme: int, vision: str) -> None:
    tags = ["NOUN", "AUX", "PRON", "PROPN", "ADJ", "SCONJ", "VERB", "ADP", "NUM", "DET", "PART", "SYM", "ADV", "CCONJ"]
    seen = [oklab(colour, VISIONS[vision]) for colour in palette.fills([*tags, "INTJ", "X", "PUNCT"])[theme]]
    nearest = min(float(np.linalg.norm(a - b)) for a, b in itertools.combinations(seen, 2))
    assert nearest >= (0.08 if vision == "normal" else 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_labels_that_are_not_probable_can_still_be_told_apart(theme: int) -> None:
    """The first eight, at a probability of .3."""
    paper, colours = list(PAPERS.values())[theme], palette.fills(EVERY[:8])[theme]
    faint = [oklab(palette.fade(colour, paper, palette.strength(0.3)), VISIONS["normal"]) for colour in colours]
    assert min(float(np.linalg.norm(a - b)) for a, b in itertools.combinations(faint, 2)) >= 0.03


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_verbs_and_adpositions_nouns_and_names_are_far_apart(theme: int) -> None:
    verb, adposition, noun, name = (
        oklab(colour, VISIONS["normal"]) for colour in palette.fills(("VERB", "ADP", "NOUN", "PROPN"))[theme]
    )
    assert np.linalg.norm(verb - adposition) > 0.2
    assert np.linalg.norm(noun - name) > 0.15


def test_all_colours_differ_and_more_labels_than_colours_still_get_one() -> None:
    light, dark = palette.fills([f"{n:02}" for n in range(32)])
    assert len(set(light)) == len(set(dark)) == 32
    light, dark = palette.fills([str(n) for n in range(60)])
    assert len(light) == len(dark) == 60


def test_frequent_labels_come_first_and_ties_keep_their_order() -> None:
    assert palette.label_order([5, 9, 5, 20]) == [2, 1, 3, 0]


def test_a_label_has_one_colour_whatever_stands_around_it() -> None:
    few, many = ("VERB", "NOUN"), ("ADJ", "NOUN", "ADP", "VERB", "X")
    for theme in (0, 1):
        assert palette.fills(few)[theme] == [palette.fills(many)[theme][k] for k in (3, 1)]


def test_the_most_frequent_labels_have_the_first_colours_and_ties_go_by_name() -> None:
    assert palette.fills(["per", "loc", "org"])[0] == [LIGHT[2], LIGHT[0], LIGHT[1]]
    assert palette.fills(["per", "loc", "org"], counts=[1, 1, 5])[0] == [LIGHT[2], LIGHT[1], LIGHT[0]]


GREY = palette.fills(["PUNCT", "NOUN"])[0][0]


@pytest.mark.parametrize("label", ["O", "none", "_", "PUNCT", ".", "``", " null "])
def test_what_says_nothing_is_grey(label: str) -> None:
    light, _ = palette.fills(["PER", label, "LOC"])
    assert light[1] == GREY and GREY not in (light[0], light[2])


@pytest.mark.parametrize("labels", [["negative", "positive"], ["0", "1"], ["+", "-"], ["X", "NOUN"], ["no", "yes"]])
def test_nothing_else_is(labels: list[str]) -> None:
    light, dark = palette.fills(labels)
    assert GREY not in light
    assert len(set(light)) == len(set(dark)) == 2


def test_the_parts_of_a_span_have_one_colour() -> None:
    light, _ = palette.fills(["B-PER", "I-PER", "B-LOC", "I-LOC", "E-LOC", "O"])
    assert light[0] == light[1] != light[2] == light[3] == light[4]
    assert light[5] == GREY


@pytest.mark.parametrize("ramps", [palette.VALUES, palette.SIGNED, palette.DIFFERENCES])
@pytest.mark.parametrize("vision", VISIONS)
def test_numbers_grow_away_from_the_paper_for_every_eye(ramps: tuple, vision: str) -> None:
    for stops, paper in zip(ramps, PAPERS.values(), strict=True):
        far = [abs(oklab(stop, VISIONS[vision])[0] - oklab(paper, VISIONS[vision])[0]) for stop in stops]
        middle = 0 if ramps is palette.VALUES else len(stops) // 2
        assert (np.diff(far[middle:]) > 0.02).all() and (np.diff(far[: middle + 1]) < -0.02).all()


@pytest.mark.parametrize("ramps", [palette.SIGNED, palette.DIFFERENCES])
@pytest.mark.parametrize("vision", VISIONS)
def test_the_two_signs_can_be_told_apart_by_every_eye(ramps: tuple, vision: str) -> None:
    for stops in ramps:
        for low, high in zip(stops[1:4], stops[-2:-5:-1], strict=True):
            assert np.linalg.norm(oklab(low, VISIONS[vision]) - oklab(high, VISIONS[vision])) > 0.08


def test_a_page_is_sent_colours_with_the_ink_that_is_readable_on_them() -> None:
    for light, dark in (palette.VALUES, palette.SIGNED, palette.DIFFERENCES, (palette.RAMP, palette.RAMP)):
        for step, (fill, ink) in enumerate(palette.steps(light, dark)):
            colours = [palette.ramp(step / 32, stops) for stops in (light, dark)]
            inks = [palette.ink_on(colour) for colour in colours]
            assert fill == (colours[0] if light == dark else f"light-dark({','.join(colours)})")
            assert ink == (inks[0] if inks[0] == inks[1] else f"light-dark({','.join(inks)})")
            assert min(palette.contrast(*pair) for pair in zip(colours, inks, strict=True)) >= 4.5


def test_differences_have_a_ramp_of_their_own_with_zero_in_its_middle() -> None:
    assert palette.ramp_of(Change.up_to(1.0)) is palette.DIFFERENCES is not palette.ramp_of(Scale(-1, 1))
    for stops, other in zip(palette.DIFFERENCES, palette.SIGNED, strict=True):
        assert len(stops) % 2 == 1
        assert stops[len(stops) // 2] == palette.ramp(0.5, stops)
        grey = [int(stops[len(stops) // 2][i : i + 2], 16) for i in (1, 3, 5)]
        assert max(grey) - min(grey) < 10  # without a hue
        assert not {stops[0], stops[-1]} & {other[0], other[-1]}


def test_grey_is_for_none_where_several_labels_may_hold() -> None:
    light, dark = palette.fills([str(n) for n in range(23)], sets=True)
    assert len(light) == len(set(light)) == len(set(dark)) == 24
    assert light[-1] == GREY
