"""The heatmap in a real browser: rows of layers, cells of words, keys, and scrolling."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from probewidgets.widgets import LayerHeatmap, ProbeExplorer, TokenStrip
from tests.widgets.fakes import fake_predictions, fake_predictor, fake_sweep
from tests.widgets.helpers import LONG, SENT, Show, answer, as_json, explorer, items


def test_rows_go_from_the_deepest_layer_down_and_show_their_accuracy(show: Show) -> None:
    page = show(explorer())
    heads = page.get_by_role("rowheader")
    for layer, head in zip(range(6, -1, -1), heads.all(), strict=True):
        expect(head).to_have_accessible_name(f"Layer {layer}")
        accuracy = f"{fake_sweep().score(layer).accuracy.value:.3f}"
        expect(head).to_have_text(f"{layer}{accuracy}")
        expect(head).to_have_accessible_description(re.compile(f"test accuracy {accuracy}"))


def test_cells_that_went_with_a_text_come_back_with_it_as_they_were(show: Show) -> None:
    widget = explorer()
    page = show(widget)
    cells = page.get_by_role("gridcell")
    before = cells.evaluate_all("cells => cells.map(cell => cell.style.cssText)")
    assert all(before)
    for text, count in (("", 0), ("the cats", 14), ("the cats sat", 21)):
        answer(page, widget, text)
        expect(cells).to_have_count(count)
    assert cells.evaluate_all("cells => cells.map(cell => cell.style.cssText)") == before


def test_stronger_means_more_probable(show: Show) -> None:
    page = show(explorer("cats"))
    shares = page.get_by_role("gridcell").evaluate_all(
        "cells => cells.map(cell => parseFloat(cell.style.backgroundColor.match(/([0-9]+)%/)[1]))"
    )
    label_shares = [
        float(name.split()[-1]) for name in page.get_by_role("gridcell").evaluate_all("x => x.map(e => e.ariaLabel)")
    ]
    assert np.argsort(shares).tolist() == np.argsort(label_shares).tolist()


def test_a_label_is_written_where_it_changes_and_in_the_first_the_last_and_the_active_row(show: Show) -> None:
    labels = np.array([[1, 0], [1, 1], [1, 1], [0, 1], [1, 1], [1, 1], [1, 0]])  # by layer and word
    predictions = fake_predictions("the cats")
    predictions = replace(predictions, proba=np.eye(len(predictions.labels), dtype=np.float32)[labels])
    widget = LayerHeatmap(predictions, layer=2)
    page = show(widget)
    written = "cells => cells.map(cell => getComputedStyle(cell).color !== 'rgba(0, 0, 0, 0)')"
    seen = np.reshape(page.get_by_role("gridcell").evaluate_all(written), (7, 2))[::-1]
    assert seen.tolist() == [[1, 1], [0, 1], [1, 1], [1, 0], [1, 0], [0, 0], [1, 1]]
    widget.colour = "entropy"
    page.evaluate("choice => model.receive('_choice', choice)", as_json(widget._choice))
    assert all(page.get_by_role("gridcell").evaluate_all(written)), "each number is one of its own"


def test_the_edge_shows_the_hue_in_full_however_faint_the_fill_is(show: Show) -> None:
    page = show(explorer("cats"))
    looks = page.get_by_role("gridcell").evaluate_all(
        "x => x.map(e => getComputedStyle(e)).map(look => [look.boxShadow, look.backgroundColor])"
    )
    assert len({edge for edge, _ in looks}) == 1, "one label at all layers"
    assert len({fill for _, fill in looks}) > 4


def test_a_text_of_5000_words_is_painted_and_its_first_row_and_last_cell_can_be_selected(show: Show) -> None:
    page = show(explorer("word " * 4999 + "last"))
    expect(page.get_by_role("gridcell")).to_have_count(400 * 7)
    page.get_by_role("row").first.get_by_role("gridcell").first.click()
    page.get_by_role("gridcell").last.click()
    assert [m["selected"] for m in page.evaluate(SENT, "choose")] == [[6, 0], [0, 399]]
    page.get_by_role("button", name="Later").click()
    assert page.evaluate(SENT, "window")[-1]["start"] == 400
    expect(page.get_by_role("status")).to_contain_text("5,000 words")


def test_arrow_keys_walk_the_grid_enter_selects_and_escape_leaves(show: Show) -> None:
    page = show(explorer())
    focused = "document.activeElement.ariaLabel"
    page.get_by_role("grid").locator('[tabindex="0"]').focus()
    assert page.evaluate(focused) == "the, layer 3: DET 0.71"
    for key, name in (
        ("ArrowLeft", "Layer 3"),
        ("ArrowRight", "the, layer 3: DET 0.71"),
        ("End", "sat, layer 3: VERB 0.63"),
        ("ArrowRight", "sat, layer 3: VERB 0.63"),
        ("ArrowUp", "sat, layer 4: VERB 0.94"),
        ("PageUp", "sat, layer 6: VERB 0.92"),
        ("Control+End", "sat, layer 0: ADV 0.30"),
        ("Home", "Layer 0"),
        ("Control+Home", "Layer 6"),
        ("ArrowRight", "the, layer 6: DET 0.99"),
    ):
        page.keyboard.press(key)
        assert page.evaluate(focused) == name
    assert page.locator('[role=grid] [tabindex="0"]').count() == 1
    page.keyboard.press("Enter")
    expect(page.get_by_role("gridcell", selected=True)).to_have_attribute("aria-label", "the, layer 6: DET 0.99")
    page.keyboard.press("ArrowRight")
    page.keyboard.press(" ")
    assert [m["selected"] for m in page.evaluate(SENT, "choose") if "selected" in m] == [[6, 0], [6, 1]]
    page.keyboard.press("Escape")
    assert page.evaluate(focused) == "Sentences"


@pytest.mark.parametrize("how", ["click", "Enter"])
def test_a_cell_that_is_selected_makes_its_layer_the_active_one(show: Show, how: str) -> None:
    page = show(explorer())
    cell = page.get_by_role("gridcell", name="cats, layer 6: NOUN 0.94")
    if how == "click":
        cell.click()
    else:
        cell.press(how)
    assert page.evaluate(SENT, "choose")[-1] | {"seq": 0, "client": ""} == {
        "kind": "choose", "seq": 0, "client": "", "layer": 6, "selected": [6, 1],
    }  # fmt: skip
    expect(page.get_by_role("slider")).to_have_value("6")
    expect(page.get_by_role("rowheader", selected=True)).to_have_accessible_name("Layer 6")
    assert items(page)[1] == "cats: NOUN 0.94"
    expect(page.get_by_role("region", name="Details")).to_contain_text("cats · layer 6")


def test_arrow_keys_along_the_row_headers_pick_layers(show: Show) -> None:
    page = show(explorer())
    page.get_by_role("rowheader", name="Layer 3").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("slider")).to_have_value("5")


def test_the_focus_stays_in_its_cell_when_a_new_answer_comes(show: Show) -> None:
    widget = explorer()
    page = show(widget)
    page.get_by_role("gridcell", name="cats, layer 5").focus()
    answer(page, widget, "the cats sat here")
    assert page.evaluate("document.activeElement.ariaLabel").startswith("cats, layer 5")


def test_a_strip_and_a_heatmap_alone_select_cells(show: Show) -> None:
    page = show(LayerHeatmap(fake_predictions("the cats"), sweep=fake_sweep()))
    page.get_by_role("gridcell").last.click()
    page.get_by_role("rowheader", name="Layer 1").click()
    assert [m.get("selected") for m in page.evaluate(SENT, "choose")] == [[0, 1], [1, 1]]


@pytest.mark.parametrize("make", [TokenStrip, LayerHeatmap])
def test_axe_finds_nothing_in_a_widget_alone(show: Show, page: Page, make: Any) -> None:
    show(make(fake_predictions("the cats zzz"), sweep=fake_sweep()))
    assert Axe().run(page, context=".pw").response["violations"] == []


def test_in_forced_colours_the_selection_is_still_outlined(show: Show) -> None:
    page = show(explorer(selected=(3, 1)))
    page.emulate_media(forced_colors="active")
    outline = page.get_by_role("gridcell", selected=True).evaluate("cell => getComputedStyle(cell).outlineStyle")
    assert outline == "solid"


def test_the_heatmap_fades_where_it_goes_on(show: Show) -> None:
    widget = explorer("the cats sat")
    page = show(widget)
    scroller = page.locator(".pw-scroll")
    expect(scroller).to_have_class("pw-scroll")
    answer(page, widget, LONG)
    expect(scroller).to_have_class("pw-scroll pw-after")
    scroller.evaluate("e => { e.scrollLeft = 40; }")
    expect(scroller).to_have_class("pw-scroll pw-after pw-before")
    scroller.evaluate("e => { e.scrollLeft = 9999; }")
    expect(scroller).to_have_class("pw-scroll pw-before")


# Whether the selected cell lies between the fixed row header and the edge that fades.
IN_SIGHT = """() => {
    const [cell, head, outer] = ['[role=gridcell][aria-selected="true"]', ".pw-row", ".pw-scroll"]
        .map(name => document.querySelector(name).getBoundingClientRect());
    return head.right <= cell.left + 1 && cell.right <= outer.right - 30;
}"""


@pytest.mark.parametrize("how", ["at the start", "from Python", "by a click", "by keys"])
def test_the_selected_cell_is_scrolled_to_and_the_page_is_not(show: Show, page: Page, how: str) -> None:
    page.set_viewport_size({"width": 700, "height": 300})
    widget = explorer(LONG + "and end", selected=(6, 30) if how == "at the start" else None)
    show(widget)
    start = page.evaluate("scrollY")
    if how == "from Python":
        widget.selected = (2, 30)
        page.evaluate("choice => model.receive('_choice', choice)", as_json(widget._choice))
    elif how == "by a click":
        page.get_by_role("listitem").nth(30).get_by_role("button").evaluate("e => e.click()")
    elif how == "by keys":
        page.get_by_role("gridcell", name="I, layer 6").first.focus()
        start = page.evaluate("scrollY")
        for _ in range(30):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
    page.wait_for_function(IN_SIGHT)
    page.evaluate("choice => model.receive('_choice', choice)", {**as_json(widget._choice), "selected": [4, 0]})
    page.wait_for_function(IN_SIGHT)
    assert page.evaluate("scrollY") == start


def test_the_selected_cell_is_scrolled_to_again_after_the_page_was_hidden(show: Show, page: Page) -> None:
    page.set_viewport_size({"width": 700, "height": 900})
    show(explorer(LONG + "and end", selected=(6, 30)))
    page.wait_for_function(IN_SIGHT)
    page.evaluate("document.body.style.display = 'none'")
    page.wait_for_function("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
    page.evaluate("document.body.style.display = ''")
    page.wait_for_function(IN_SIGHT)


def test_a_button_says_that_words_go_on_beyond_the_edge_and_leads_there(show: Show, page: Page) -> None:
    page.set_viewport_size({"width": 920, "height": 900})
    show(explorer("I can not bear the light in this room ,\nso I light a candle ."))
    further, last = page.get_by_title("Scroll on"), page.get_by_role("listitem").last
    expect(further).to_be_visible()
    expect(last).not_to_be_in_viewport(ratio=0.5)
    assert further.get_attribute("tabindex") == "-1", "keys go along the cells"
    while further.is_visible():
        before = page.locator(".pw-scroll").evaluate("e => e.scrollLeft")
        further.click()
        page.wait_for_function("before => document.querySelector('.pw-scroll').scrollLeft > before", arg=before)
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    expect(last).to_be_in_viewport(ratio=0.9)
    page.set_viewport_size({"width": 1600, "height": 900})
    expect(further).not_to_be_visible()
    assert Axe().run(page, context=".pw").response["violations"] == []


def test_a_score_without_neighbours_has_a_mark_on_its_row(show: Show) -> None:
    page = show(ProbeExplorer(fake_predictor((3,)), text="the cats"))
    for name in ("accuracy", "control"):
        heights = page.locator(f".pw-row .pw-{name}.pw-curve-line").evaluate_all("x => x.map(e => e.getBBox().height)")
        assert len(heights) == 1 and heights[0] > 0.5
