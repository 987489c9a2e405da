"""The teacher as a whole: in any theme, width and box, and in forced colours."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import probewidgets as pw
from tests.widgets.boxes import BOXES, boxed
from tests.widgets.explorer.test_looks import ENHANCED, SMALL, use_theme
from tests.widgets.helpers import Show, as_json, violations
from tests.widgets.teacher.conftest import Make
from tests.widgets.teacher.test_painting import Desk


@pytest.fixture
def desk(taught: pw.ProbeTeacher, show: Show) -> Desk:
    taught.label = "food"
    return Desk(taught, show)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_either_theme_at_any_width(desk: Desk, page: Page, theme: str) -> None:
    use_theme(page, theme)
    desk.root.get_by_role("button", name="Rename label", exact=True).click()
    for width in (360, 800, 2000):
        page.set_viewport_size({"width": width, "height": 900})
        # What is read out of a word is also what is thought of it.
        assert violations(page, (*ENHANCED[theme], "label-content-name-mismatch", "color-contrast-enhanced")) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_in_forced_colours_labels_choices_and_paint_can_be_told_apart(desk: Desk, page: Page, theme: str) -> None:
    use_theme(page, theme)
    page.emulate_media(forced_colors="active", color_scheme=theme)  # type: ignore[arg-type]
    assert violations(page, ("color-contrast", "color-contrast-enhanced", "label-content-name-mismatch")) == []
    options = desk.labels.get_by_role("option")
    lines = options.evaluate_all("x => x.map(e => getComputedStyle(e).boxShadow)")
    assert len(set(lines)) == 3, "each label has its colour, and nothing none"
    edges = options.evaluate_all("x => x.map(e => getComputedStyle(e).outlineStyle)")
    assert edges == ["solid", "none", "none"], "the brush"
    ink = "e => getComputedStyle(e).color"
    forced = page.evaluate(
        """() => {
            const e = Object.assign(document.createElement("i"), { style: "color: CanvasText" });
            document.body.append(e);
            return getComputedStyle(e).color;
        }"""
    )
    looks = {}
    for form in ("bread", "chef", "The", "rice"):
        assert desk.word(form).first.evaluate(ink) == forced, "letters are what the person has asked for"
        style = "e => [getComputedStyle(e).outlineStyle, getComputedStyle(e).boxShadow].join()"
        looks[form] = desk.word(form).first.evaluate(style)
    assert len(set(looks.values())) == 4, "two labels, nothing, and a word that is not painted"
    rows = desk.root.get_by_role("group", name="Through the layers", exact=True).get_by_role("button")
    pressed = rows.evaluate_all("x => x.map(e => [e.ariaPressed, getComputedStyle(e).outlineStyle])")
    assert {edge for on, edge in pressed if on == "true"} == {"solid"}
    assert {edge for on, edge in pressed if on != "true"} == {"none"}


def test_whatever_can_be_pressed_is_large_enough_for_a_finger(desk: Desk) -> None:
    assert desk.page.evaluate(SMALL) == []


@pytest.mark.parametrize("box", BOXES)
def test_in_every_box_it_has_the_room_that_there_is_and_can_be_painted(desk: Desk, box: str) -> None:
    page = boxed(desk.page, box)
    frame = page.locator(".pw").first
    outer, inner = page.locator("#output").bounding_box(), frame.bounding_box()
    assert outer is not None and inner is not None
    assert inner["width"] >= 300
    assert outer["x"] - 1 <= inner["x"] and inner["x"] + inner["width"] <= outer["x"] + outer["width"] + 1
    assert frame.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
    desk.drag("my", "sells")
    assert desk.strokes()[-1] == (["my", "aunt", "sells"], "food")
    expect(desk.word("sells")).to_have_accessible_name("sells: food, painted")


IN_SIGHT = """row => {
    const [outer, inner] = [row.closest(".pw-rows"), row].map(e => e.getBoundingClientRect());
    return outer.top - 1 <= inner.top && inner.bottom <= outer.bottom + 1;
}"""


@pytest.mark.parametrize("layers", [4, 30, 90])
def test_however_many_layers_the_one_that_is_shown_is_in_sight(desk: Desk, layers: int) -> None:
    size = len(desk.teacher._view["forms"])
    # Layer 0 of two, and then of all: the same layer, in other rows.
    for rev, (count, shown) in enumerate([(2, 0), (layers, 0), (layers, layers - 1), (layers, layers // 2)], start=90):
        view = {
            **desk.teacher._view,
            "rev": rev,
            "layers": list(range(count)),
            "layer": shown,
            "scores": [[0.5, 0.4, 0.6]] * count,
            "top": bytes(count * size),
            "p": np.full(count * size, 0.5, "<f4").tobytes(),
        }
        desk.page.evaluate("view => model.receive('_view', view)", as_json(view))
        panel = desk.root.get_by_role("group", name="Through the layers", exact=True)
        rows, pressed = panel.locator(".pw-rows"), panel.get_by_role("button", pressed=True)
        expect(pressed).to_have_accessible_name(re.compile(f"^Layer {shown},"))
        desk.page.wait_for_function(IN_SIGHT, arg=pressed.element_handle())  # rows scroll with the next frame
        assert rows.evaluate("e => e.scrollHeight <= e.clientHeight") == (count < 90)
        assert pressed.evaluate("e => e.offsetHeight") >= 16


@pytest.mark.parametrize("width", [360, 480, 700, 1280])
def test_a_full_stop_ends_the_line_of_its_word_and_no_text_is_wider_than_its_room(
    make: Make, show: Show, page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    english = "The chef brought bread and olives (and more of it) to the kitchen, then left."
    desk = Desk(make(text=f"{english}\n我们在餐馆吃米饭和面包然后回家睡觉。{'饭' * 60}"), show)
    cells = desk.grid.get_by_role("row").first.get_by_role("gridcell")
    tops = cells.evaluate_all("x => x.map(e => [e.querySelector('bdi').textContent, e.getBoundingClientRect().top])")
    for (before, above), (form, top) in pairwise(tops):
        assert top == above or (form not in {",", ".", ")"} and before != "("), form
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert desk.grid.evaluate("e => e.scrollWidth <= e.clientWidth")
