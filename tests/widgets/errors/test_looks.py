"""The errors as a whole: in any theme, width and box, in forced colours, with many layers, labels, slices and rows."""

from __future__ import annotations

import re
from functools import cache
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from probewidgets.captures.activations import Activations
from probewidgets.sweeps.results import Sweep
from probewidgets.widgets import ProbeErrors
from tests.widgets.boxes import BOXES, boxed
from tests.widgets.errors.made import english, errors, labelled, numbered, numbers, probed
from tests.widgets.errors.test_page import grid, row, serve
from tests.widgets.explorer.test_looks import ENHANCED, OF_MANY, SMALL, use_theme
from tests.widgets.helpers import Show, violations

MAKE = {
    "labels": english,
    "numbers": numbers,
    "sixty labels": lambda: labelled(tuple(f"L{k}" for k in range(60))),
}


@cache
def deep(layers: int, as_numbers: bool = False) -> tuple[Sweep, Activations]:
    """A sweep of so many layers."""
    _, acts = english(60)
    y = acts.targets.y
    if as_numbers:
        return numbered(acts, y.astype(float), range(layers))
    rng = np.random.default_rng(0)
    tag = rng.normal(size=(int(y.max()) + 1, 16))
    states = [rng.normal(size=(len(y), 16)) + 0.2 * min(layer, 10) * tag[y] for layer in range(layers)]
    acts = Activations.from_arrays(states, acts.targets, acts.corpus, name="tiny", embeddings=True)
    return probed(acts)


@pytest.mark.parametrize("make", MAKE.values(), ids=MAKE)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_either_theme_at_any_width(show: Show, page: Page, theme: str, make: Any) -> None:
    use_theme(page, theme)
    show(ProbeErrors(*make(), selected=1))
    # Colours are the same at any width.
    for width in (360, 800, 2000) if make is not MAKE["sixty labels"] and theme == "light" else (800,):
        page.set_viewport_size({"width": width, "height": 900})
        # What is read out of a cell or a slice is what it means, and not the number that is written in it.
        assert (
            violations(page, (*ENHANCED[theme], "label-content-name-mismatch", "color-contrast-enhanced", *OF_MANY))
            == []
        )


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("make", MAKE.values(), ids=MAKE)
def test_in_forced_colours_what_is_chosen_and_how_much_there_is_can_be_seen(
    show: Show, page: Page, theme: str, make: Any
) -> None:
    use_theme(page, theme)
    widget = ProbeErrors(*make(), wrong=False, selected=1, sort="text")
    widget.cell = (widget.confusion().index[0], None)
    show(widget)
    page.emulate_media(forced_colors="active", color_scheme=theme)  # type: ignore[arg-type]
    without = ("color-contrast", "color-contrast-enhanced", "label-content-name-mismatch")
    assert violations(page, (*without, *OF_MANY)) == []
    radios = page.get_by_role("radio")
    edges = radios.evaluate_all("x => x.map(e => getComputedStyle(e).borderLeftColor)")
    active = radios.evaluate_all("x => x.map(e => e.ariaChecked === 'true')")
    assert len(set(edges)) == 2 and {edge for edge, on in zip(edges, active, strict=True) if on}.isdisjoint(
        edge for edge, on in zip(edges, active, strict=True) if not on
    )
    cells = grid(page, "Confusion").locator(".pw-e-cell")
    looks = cells.evaluate_all("x => x.map(e => e.textContent + getComputedStyle(e).backgroundColor)")
    written = cells.evaluate_all("x => x.map(e => getComputedStyle(e).fontSize !== '0px')")
    assert all(written) or len(set(cells.evaluate_all("x => x.map(e => getComputedStyle(e).backgroundColor)"))) > 2
    assert len(set(looks)) > 2
    chosen = grid(page, "Confusion").locator("[role=rowheader].pw-e-chosen")
    plain = grid(page, "Confusion").locator("[role=rowheader]:not(.pw-e-chosen)").first
    style = "e => JSON.stringify([getComputedStyle(e).outlineStyle, getComputedStyle(e).fontWeight])"
    assert chosen.evaluate(style) != plain.evaluate(style)


def test_whatever_can_be_pressed_is_large_enough_for_a_finger(show: Show) -> None:
    page = show(errors(selected=1, layer=0))
    # Cells of the grid are as small as their number asks for; their heads, and keys, choose the same.
    assert [
        each for each in page.evaluate(SMALL) if not re.match(r"div\.pw-e-(cell|side|line|sentence|label|number)", each)
    ] == []


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("make", [english, numbers])
def test_in_every_box_it_has_the_room_that_there_is(show: Show, make: Any, box: str) -> None:
    page = boxed(show(ProbeErrors(*make(), selected=1)), box)
    frame = page.locator(".pw").first
    outer = page.locator("#output").bounding_box()
    inner = frame.bounding_box()
    assert outer is not None and inner is not None
    assert inner["width"] >= 300
    assert outer["x"] - 1 <= inner["x"] and inner["x"] + inner["width"] <= outer["x"] + outer["width"] + 1
    assert frame.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
    rows = grid(page, "Examples").get_by_role("row")
    expect(rows.nth(3)).to_be_visible()
    assert rows.nth(3).evaluate("e => e.offsetHeight") > 20, "what was hidden at first has been measured since"


# ---------------------------------------------------------------------- layers


def boxes(rows: Locator) -> list[tuple[float, float]]:
    return [
        (box["y"], box["y"] + box["height"])
        for box in (rows.nth(at).bounding_box() for at in range(rows.count()))
        if box is not None
    ]


@pytest.mark.parametrize("as_numbers", [False, True])
@pytest.mark.parametrize("layers", [3, 12, 31, 80])
def test_all_layers_are_in_sight_and_the_active_one_is_written(show: Show, layers: int, as_numbers: bool) -> None:
    page = show(ProbeErrors(*deep(layers, as_numbers), selected=5))
    rail = page.get_by_role("radiogroup", name="Layer", exact=True)
    assert rail.evaluate("e => e.scrollHeight <= e.clientHeight + 1")
    places = boxes(rail.get_by_role("radio"))
    assert len(places) == layers
    assert all(above[1] <= below[0] + 0.5 for above, below in pairwise(places))
    assert min(bottom - top for top, bottom in places) >= 6
    active = rail.get_by_role("radio", checked=True)
    assert active.evaluate("e => e.offsetHeight") == 24
    seen = "e => [...e.children].every(part => getComputedStyle(part).visibility === 'visible')"
    assert active.evaluate(seen)
    shown = rail.get_by_role("radio").evaluate_all(
        "x => x.filter(e => getComputedStyle(e.firstChild).visibility === 'visible').map(e => e.firstChild)"
        ".map(e => e.getBoundingClientRect().top)"
    )
    assert len(shown) >= min(layers, 30)
    assert np.diff(shown).min() >= 10, "letters do not stand on each other"
    hidden = rail.locator(".pw-e-mute:not([aria-checked=true])").first
    if hidden.count():
        hidden.hover()
        assert hidden.evaluate(seen), "the one that is pointed at is written"


def test_more_layers_than_fit_scroll_and_the_active_one_is_in_sight(show: Show) -> None:
    page = show(ProbeErrors(*deep(120), layer=3))
    rail = page.get_by_role("radiogroup", name="Layer", exact=True)
    outer, inner = rail.bounding_box(), rail.get_by_role("radio", checked=True).bounding_box()
    assert outer is not None and inner is not None
    assert outer["y"] <= inner["y"] and inner["y"] + inner["height"] <= outer["y"] + outer["height"]


# ---------------------------------------------------------------------- slices and rows


def test_slices_are_whole_rows_and_it_is_said_how_many_are_below(show: Show) -> None:
    page = show(errors())
    slices = page.get_by_role("group", name="Slices")
    buttons = slices.get_by_role("button")
    many, below = buttons.count(), page.locator(".pw-e-below")

    def in_sight() -> int:
        """How many are seen; none of them in part."""
        seen = slices.evaluate(
            """list => [...list.children].map(e => e.getBoundingClientRect()).map(box => {
                const { top, bottom } = list.getBoundingClientRect();
                return Math.max(Math.min(box.bottom, bottom) - Math.max(box.top, top), 0) / box.height;
            })"""
        )
        assert all(share < 0.05 or share > 0.95 for share in seen), seen
        return sum(share > 0.95 for share in seen)

    many_seen = in_sight()
    assert many > many_seen >= 5
    expect(below).to_have_text(f"{many - many_seen} more below")
    slices.evaluate("e => { e.scrollTop = 3 * e.firstElementChild.offsetHeight + 9; }")
    page.wait_for_function(
        "first => !document.querySelector('.pw-e-below').textContent.startsWith(first)", arg=f"{many - many_seen} "
    )
    assert in_sight() == many_seen
    buttons.first.focus()
    page.keyboard.press("End")
    expect(below).to_have_text("")
    assert in_sight() == many_seen
    page.get_by_role("combobox", name="Slices by").select_option("seen or unseen")
    expect(below).to_have_text("")
    for font in ("11px", "16px"):
        page.evaluate("font => document.body.style.setProperty('--jp-ui-font-size1', font)", font)
        page.get_by_role("combobox", name="Slices by").select_option("all of these")
        in_sight()
        page.get_by_role("combobox", name="Slices by").select_option("seen or unseen")


CHANGES = """() => {
  window.changes = [];
  new MutationObserver((list) => changes.push(...list.filter(({ type }) => type === "childList").flatMap(
    ({ addedNodes }) => [...addedNodes].filter(({ nodeType }) => nodeType === 1).map(({ outerHTML }) => outerHTML)
  ))).observe(document.querySelector(".pw-errors"), { childList: true, subtree: true });
}"""


def test_scrolling_writes_into_rows_that_are_there_and_makes_no_element(show: Show) -> None:
    widget = ProbeErrors(*english(600), wrong=False, sort="text")
    page, shown = show(widget), widget.to_frame(shown=True)
    examples = grid(page, "Examples")
    examples.focus()
    page.keyboard.press("PageDown")  # now there are as many rows as there ever are
    page.evaluate(CHANGES)
    for _ in range(12):
        page.keyboard.press("PageDown")
        serve(page, widget)
    place = int(examples.get_attribute("aria-activedescendant") is not None)
    at = page.evaluate("Number(document.querySelector('.pw-current').ariaRowIndex)") - 2
    assert place and at > 50
    expect(row(page, at)).to_contain_text(shown["word"].iloc[at])
    assert page.evaluate("changes") == []


TAGS = tuple(f"TAG{k}" for k in range(17))
PARTS = (".pw-e-confusion", ".pw-e-panel", ".pw-e-layers", ".pw-e-examples", ".pw-e-detail")


@pytest.mark.parametrize(("width", "most"), [(820, 720), (1000, 720), (1108, 600), (1280, 600), (1600, 600)])
def test_all_parts_are_in_sight_on_a_projected_screen_and_none_lies_on_another(
    show: Show, page: Page, width: int, most: int
) -> None:
    page.set_viewport_size({"width": width, "height": 720})
    page.evaluate("document.body.style.margin = 0")
    show(ProbeErrors(*labelled(TAGS), selected=1))
    height = page.locator(".pw").evaluate("e => e.offsetHeight")
    assert height <= most
    areas = [box for part in PARTS if (box := page.locator(part).bounding_box())]
    assert len(areas) == len(PARTS)
    for a, b in combinations(areas, 2):
        aside = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
        assert aside or a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"]
    written = grid(page, "Confusion").get_by_role("gridcell").first
    assert written.evaluate("e => getComputedStyle(e).fontSize") != "0px", "cells have room for their numbers"
    wide = "list => [list.clientHeight, list.scrollHeight]"
    room, rows = grid(page, "Examples").evaluate(wide)
    assert 3 * 52 < room <= rows


def test_keys_go_through_the_parts_as_they_stand(show: Show, page: Page) -> None:
    show(ProbeErrors(*english(), selected=1))
    grid(page, "Confusion").locator("[tabindex='0']").focus()
    seen = []
    for _ in range(12):
        part = page.evaluate("parts => parts.find(part => document.activeElement.closest(part))", list(PARTS))
        seen += [part] if part not in seen else []
        page.keyboard.press("Tab")
    assert [part for part in seen if part] == [part for part in PARTS if part in seen]
    assert set(PARTS[:4]) <= set(seen)
