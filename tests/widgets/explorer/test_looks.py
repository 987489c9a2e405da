"""The explorer as a whole: everything has its name, its place, and its room."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from probewidgets.values import Predictions
from probewidgets.widgets import ProbeExplorer
from tests.widgets.fakes import fake_predictions
from tests.widgets.helpers import LONG, Show, answer, explorer, items, violations
from tests.widgets.letters import FONTS, use_letters


def test_everything_can_be_found_by_its_role_and_exact_name(show: Show) -> None:
    page = show(explorer(selected=(3, 1)))
    region = page.get_by_role("region", name="Probe explorer", exact=True)
    for role, name in (
        ("textbox", "Sentences"),
        ("slider", "Layer"),
        ("combobox", "Colour by"),
        ("list", "Predictions"),
        ("grid", "Layer heatmap"),
        ("rowheader", "Layer 3"),
        ("gridcell", "cats, layer 3: NOUN 0.66"),
        ("listitem", "cats: NOUN 0.66"),
        ("region", "Details"),
    ):
        expect(region.get_by_role(role, name=name, exact=True)).to_have_count(1)  # type: ignore[arg-type]
    expect(region.get_by_role("status")).to_contain_text(re.compile(r"^3 words, layer 3, answered in [\d.,]+ ms$"))
    expect(region.get_by_role("textbox")).to_have_value("the cats sat")


def test_probabilities_that_are_no_numbers_are_shown_as_no_value(show: Show) -> None:
    predictions = fake_predictions("the cats")
    proba = predictions.proba.copy()
    proba[:, 1] = np.nan
    widget = ProbeExplorer(
        lambda text: Predictions(text, predictions.units, predictions.layers, predictions.labels, proba),
        selected=(6, 1),
    )
    page = show(widget)
    assert items(page) == ["the: DET 0.99", "cats: no value"]
    expect(page.get_by_role("region", name="Details")).to_contain_text("not finite")


def test_notes_of_the_predictor_are_shown(show: Show) -> None:
    widget = ProbeExplorer(lambda text: fake_predictions(text, notes=("Line 1 was <cut>.",)))
    expect(show(widget).get_by_role("region", name="Probe explorer")).to_contain_text("Line 1 was <cut>.")


def test_without_a_sweep_there_is_no_curve_and_the_rest_works(show: Show) -> None:
    page = show(ProbeExplorer(lambda text: fake_predictions(text), text="the cats"))
    expect(page.get_by_role("radiogroup")).to_have_count(0)
    page.get_by_role("rowheader", name="Layer 0").click()
    assert items(page) == ["the: DET 0.38", "cats: NOUN 0.26"]


HEARD = "window.heard = []; document.addEventListener('keydown', e => heard.push([e.key, e.defaultPrevented]))"


def test_a_question_mark_shows_the_keys_and_escape_closes_them(show: Show) -> None:
    page = show(explorer())
    page.evaluate(HEARD)
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_have_count(0)
    cell = page.get_by_role("gridcell").first
    cell.press("?")
    expect(keys).to_be_focused()
    expect(keys).to_contain_text("select the word or the cell")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(keys).to_have_count(0)
    expect(cell).to_be_focused()
    page.get_by_role("button", name="Keys").click()
    expect(keys).to_have_count(1)
    page.get_by_role("rowheader").first.press("Escape")
    expect(keys).to_have_count(0)
    page.get_by_role("textbox").press("?")
    expect(keys).to_have_count(0)
    expect(page.get_by_role("textbox")).to_have_value(re.compile(r"\?"))
    assert page.evaluate("heard.filter(([key]) => key !== 'Shift')") == []


def use_theme(page: Page, theme: str) -> None:
    """Give the page the looks of a host."""
    page.evaluate(
        """dark => {
            document.body.dataset.jpThemeLight = String(!dark);
            document.body.style.background = dark ? "#111" : "#fff";
            document.body.style.setProperty("--jp-layout-color0", dark ? "#111" : "#fff");
        }""",
        theme == "dark",
    )


# In the dark, labels on their fills have the contrast that is asked for (4.5), and not the enhanced one (7).
ENHANCED: dict[str, tuple[str, ...]] = {"light": (), "dark": ("color-contrast-enhanced",)}
OF_MANY = ("target-size",)
"""A rule that holds each element against each: with thousands of cells that takes the time; `SMALL` looks too."""
GOLD = "The old man can fish zzz/NOUN .\nShe sat/VERB on the cats"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 800, 2000])
def test_axe_finds_nothing_in_either_theme_at_any_width(show: Show, page: Page, theme: str, width: int) -> None:
    use_theme(page, theme)
    page.set_viewport_size({"width": width, "height": 900})
    show(explorer(GOLD, selected=(5, 2)))
    page.get_by_text("All 7 layers shown").click()
    assert violations(page, ENHANCED[theme]) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_older_answer_loses_its_colour_and_can_still_be_read(show: Show, page: Page, theme: str) -> None:
    use_theme(page, theme)
    widget = explorer(GOLD)
    show(widget)
    answer(page, widget, GOLD, error="ValueError: no", traceback="Traceback\nno", of="older")
    page.wait_for_function("getComputedStyle(document.querySelector('.pw-scroll')).filter === 'grayscale(1)'")
    page.locator(".pw-explorer summary", has_text="Traceback").click()
    assert violations(page, ENHANCED[theme]) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_colours_of_a_ramp(show: Show, page: Page, theme: str) -> None:
    use_theme(page, theme)
    show(explorer(GOLD, selected=(5, 2), colour="entropy"))
    # Numbers on the middle of a ramp have the contrast that is asked for (4.5), and not the enhanced one. What is read
    # out of a cell is its label, in whatever colours it is.
    assert violations(page, ("color-contrast-enhanced", "label-content-name-mismatch")) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_an_overview_nor_in_forced_colours(show: Show, page: Page, theme: str) -> None:
    use_theme(page, theme)
    show(explorer("The old man can fish . " * 20, selected=(5, 2)))
    expect(page.get_by_role("gridcell")).to_have_count(7 * 120)
    assert violations(page, (*ENHANCED[theme], *OF_MANY)) == []
    page.emulate_media(forced_colors="active")
    # In the dark, axe takes a colour for the text's that the browser has replaced by then.
    without = ("color-contrast", "color-contrast-enhanced") if theme == "dark" else ()
    assert violations(page, (*without, *OF_MANY)) == []


@pytest.mark.parametrize("text", ["ילד אכל תפוח אדום\nthe ילד sat", "the cats sat"])
def test_axe_finds_nothing_at_twice_the_size_nor_from_right_to_left(show: Show, page: Page, text: str) -> None:
    page.set_viewport_size({"width": 640, "height": 450})  # a window of 1280 px at 200 %
    page.evaluate("document.documentElement.dir = 'rtl'")
    show(explorer(text, selected=(5, 2)))
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("kind", FONTS)
@pytest.mark.parametrize("width", [320, 420, 700, 1100])
def test_nothing_sticks_out_at_any_width(show: Show, page: Page, width: int, kind: str) -> None:
    use_letters(page, kind)
    show(explorer("The old man can fish zzz/NOUN . " * 3, selected=(0, 2), layer=0))
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    out = """card => [...card.querySelectorAll(":scope > :not(.pw-panels), .pw-controls *, .pw-panels > *")]
        .filter(e => e.getBoundingClientRect().right > card.getBoundingClientRect().right).map(e => e.className)"""
    assert page.locator(".pw-explorer").evaluate(out) == []


@pytest.mark.parametrize("kind", FONTS)
@pytest.mark.parametrize("width", [320, 1100])
def test_names_of_labels_in_the_details_stay_inside(show: Show, page: Page, width: int, kind: str) -> None:
    use_letters(page, kind)
    names = ("PROPN", "nsubj:outer", "a label of a great many words and of even more letters than that", "O")
    page.set_viewport_size({"width": width, "height": 900})
    show(ProbeExplorer(lambda text: fake_predictions(text, labels=names), selected=(6, 0), label=names[2]))
    details = page.get_by_role("region", name="Details")
    expect(details.get_by_role("figure")).to_contain_text(names[2])
    assert details.evaluate("panel => panel.scrollWidth <= panel.clientWidth")
    assert details.locator("figure").evaluate("figure => figure.scrollWidth <= figure.clientWidth")


PLACES = """() => [".pw-row > svg", ".pw-main", ".pw-details", ".pw-foot"]
    .map(name => document.querySelector(name).getBoundingClientRect())
    .map(box => [Math.round(box.left), Math.round(box.top), Math.round(box.right), Math.round(box.bottom)])"""


def test_the_scores_stand_on_the_rows_of_the_heatmap_and_the_details_beside_it(show: Show) -> None:
    widget = explorer("the cats sat")
    page = show(widget)
    for text in ("the cats sat", LONG):
        answer(page, widget, text)
        scores, main, details, foot = page.evaluate(PLACES)
        assert main[0] < scores[0] < scores[2] < main[2] <= details[0]
        assert main[1] == details[1]
        assert foot[0] <= main[0] and foot[2] >= details[2], "what colours and lines mean stands under both"
        assert abs(foot[1] - max(main[3], details[3])) <= 1, "with no empty paper below it"
        rows = page.get_by_role("rowheader").evaluate_all(
            "x => x.map(e => e.getBoundingClientRect()).map(box => [box.top, box.bottom])"
        )
        pieces = page.locator(".pw-row > svg").evaluate_all(
            "x => x.map(e => e.getBoundingClientRect()).map(box => [box.top, box.bottom])"
        )
        np.testing.assert_allclose(pieces, rows, atol=1.5)
    page.set_viewport_size({"width": 600, "height": 900})
    _, main, details, foot = page.evaluate(PLACES)
    assert main[3] <= foot[1] < foot[3] <= details[1], "all under each other where there is little room"


@pytest.mark.parametrize("width", [400, 700, 920, 1280, 1600])
def test_the_end_of_the_explorer_is_never_empty_paper(show: Show, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    show(explorer("The old man can fish zzz/NOUN .", selected=(0, 2), layer=0))
    ends = page.evaluate(
        """() => [".pw-explorer", ".pw-foot", ".pw-details"]
            .map(name => document.querySelector(name).getBoundingClientRect().bottom)"""
    )
    assert ends[0] - max(ends[1:]) < 4
    page.locator("[role=grid] [tabindex='0']").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.pw-legend') !== null"), "keys go on from cells to colours"


def test_the_numbers_of_the_active_layer_stand_beside_what_the_lines_mean(show: Show) -> None:
    page = show(explorer())
    for layer, accuracy in ((6, "0.890"), (2, "0.929")):
        page.get_by_role("rowheader", name=f"Layer {layer}").click()
        expect(page.locator(".pw-foot")).to_contain_text(f"Layer {layer}: accuracy {accuracy} [")


def test_the_only_layer_is_drawn_as_a_dot_with_its_name_under_it(show: Show) -> None:
    layers = (3,)
    page = show(ProbeExplorer(lambda text: fake_predictions(text, layers), text="the cats", selected=(3, 1)))
    dot = page.locator(".pw-path-plot > .pw-path-dot")
    first, second = (dot.get_attribute("points") or "").split()
    assert first == second, "a line from a point to itself"
    assert dot.evaluate("e => [getComputedStyle(e).strokeLinecap, getComputedStyle(e).strokeWidth]") == ["round", "8px"]
    plot, end = page.locator(".pw-path-plot").bounding_box(), page.get_by_text("layer 3", exact=True).bounding_box()
    assert plot and end
    assert abs(plot["x"] + plot["width"] / 2 - (end["x"] + end["width"] / 2)) < 6, "both in the middle"
    page = show(ProbeExplorer(lambda text: fake_predictions(text), text="the cats", selected=(3, 1)))
    expect(page.locator(".pw-explorer").last.locator(".pw-path-dot")).to_have_count(0)


def test_the_report_is_in_the_panel_word_for_word(show: Show) -> None:
    widget = explorer()
    page = show(widget)
    panel = page.locator("details", has_text="How much to believe it")
    expect(panel.locator("pre")).not_to_be_visible()
    panel.locator("summary").click()
    assert panel.locator("pre").text_content() == widget.sweep.report()
    assert "Checks of layer" in widget.sweep.report()


SMALL = """() => [...document.querySelectorAll(
        ".pw :is(button, select, summary, label, input, textarea, [role=gridcell], [role=rowheader])"
    )]
    .map(e => [e.closest("label") ?? e, e])
    .filter(([target, e]) => e.checkVisibility() && target.getBoundingClientRect().height < 23.5)
    .map(([target, e]) => `${e.localName}.${e.className} ${target.getBoundingClientRect().height}`)"""


def test_whatever_can_be_pressed_is_large_enough_for_a_finger(show: Show) -> None:
    page = show(explorer())
    page.locator("summary").first.click()
    assert page.evaluate(SMALL) == []


def test_in_forced_colours_only_the_active_row_has_a_mark(show: Show) -> None:
    page = show(explorer(layer=2))
    page.emulate_media(forced_colors="active")
    marks = page.get_by_role("rowheader").evaluate_all("x => x.map(e => getComputedStyle(e).borderLeftColor)")
    assert len(set(marks)) == 2
    assert [marks.count(mark) for mark in marks] == [6, 6, 6, 6, 1, 6, 6]
