"""The page of ProbeCompare: names, keys, what is chosen in all grids, faults of one, and what a saved page keeps."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from probewidgets.look import palette
from probewidgets.widgets import ProbeCompare
from tests.widgets.compare.stands import Slow, compared, reader
from tests.widgets.fakes import fake_numbers
from tests.widgets.helpers import SENT, Show, as_json, said, stop_time

BACK = "cells => cells.map(cell => getComputedStyle(cell).backgroundColor)"


class Desk:
    """A comparison and its page: what one says is carried to the other when a test says so."""

    def __init__(self, widget: ProbeCompare, show: Show) -> None:
        self.widget, self.page = widget, show(widget)
        self.region = self.page.get_by_role("region", name="Probe compare", exact=True)
        self.box = self.region.get_by_role("textbox", name="Sentences", exact=True)
        self.show = self.region.get_by_role("combobox", name="Show", exact=True)
        self.status = self.region.get_by_role("status")
        self.details = self.region.get_by_role("region", name="Details", exact=True)
        self.carried = 0

    def grid(self, name: str) -> Locator:
        return self.region.get_by_role("grid", name=name, exact=True)

    def sync(self) -> None:
        """Carry what the page says to the kernel, and what that shows back."""
        messages = self.page.evaluate("from => model.sent.slice(from)", self.carried)
        self.carried += len(messages)
        for message in messages:
            said(self.widget, message)
        self.down()

    def down(self) -> None:
        for name in ("_choice", "_view"):
            value = as_json(getattr(self.widget, name))
            self.page.evaluate("([name, value]) => model.receive(name, value)", [name, value])


@pytest.fixture
def desk(show: Show) -> Desk:
    return Desk(compared(), show)


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"


def test_each_predictor_has_a_grid_named_after_it_over_one_text(desk: Desk) -> None:
    expect(desk.box).to_have_value("the cats sat")
    for name in ("sure", "unsure"):
        expect(desk.grid(name).get_by_role("gridcell")).to_have_count(21)
        expect(desk.grid(name).get_by_role("rowheader")).to_have_count(7)
    expect(desk.show.locator("option")).to_have_text(["values", "difference"])
    expect(desk.status).to_contain_text("3 words, layer")
    first = desk.grid("sure").get_by_role("gridcell").first
    expect(first).to_have_accessible_name(re.compile(r"^the, layer 6: DET 0\.\d\d$"))
    assert Axe().run(desk.page, context=".pw").response["violations"] == []


def test_a_cell_chosen_in_one_grid_is_chosen_in_all(desk: Desk) -> None:
    desk.grid("unsure").get_by_role("gridcell", name=re.compile("^cats, layer 2")).click()
    for name in ("sure", "unsure"):
        chosen = desk.grid(name).locator("[role=gridcell][aria-selected=true]")
        expect(chosen).to_have_accessible_name(re.compile("^cats, layer 2"))
        expect(desk.grid(name).locator(".pw-active")).to_contain_text("2")
    expect(desk.details).to_contain_text("cats · layer 2")
    desk.sync()
    assert (desk.widget.row, desk.widget.word) == (2, ("unsure", 1))
    assert desk.widget.cells == {"sure": (2, 1), "unsure": (2, 1)}
    desk.widget.word = ("sure", 2)
    desk.down()
    expect(desk.grid("unsure").locator("[aria-selected=true].pw-cell")).to_have_accessible_name(
        re.compile("^sat, layer 2")
    )


def test_in_a_difference_cells_say_what_has_changed_in_colours_of_their_own(desk: Desk) -> None:
    desk.show.select_option("difference")
    desk.sync()
    assert desk.widget.show == "difference"
    values = desk.widget._board().differences[1].predictions.values
    row = desk.grid("unsure").get_by_role("row").first
    cells = row.get_by_role("gridcell")
    expect(cells.first).to_have_accessible_name(re.compile(rf"^the, layer 6: DET −{abs(values[6, 0]):.2f}$"))
    stops = palette.DIFFERENCES[0]
    shades = [palette.ramp(round(32 * (float(value) + 1) / 2) / 32, stops) for value in values[6]]
    assert cells.evaluate_all(BACK) == [rgb(shade) for shade in shades]
    expect(desk.region).to_contain_text("minus sure")
    expect(desk.grid("sure").get_by_role("gridcell").first).to_have_accessible_name(re.compile("DET 0"))
    assert Axe().run(desk.page, context=".pw").response["violations"] == []
    desk.show.select_option("values")
    expect(cells.first).to_have_accessible_name(re.compile(r"^the, layer 6: DET 0\.\d\d$"))


def test_a_label_is_subtracted_when_it_is_chosen(desk: Desk) -> None:
    desk.show.select_option("difference")
    desk.region.get_by_role("combobox", name="Colour by", exact=True).select_option("Probability of VERB")
    desk.sync()
    cell = desk.grid("unsure").get_by_role("gridcell").first
    expect(cell).to_have_accessible_name(re.compile("^the, layer 6: VERB [+−]"))
    assert desk.widget.label == "VERB"


def test_where_there_is_no_difference_it_is_greyed_with_the_reason(show: Show) -> None:
    desk = Desk(ProbeCompare({"upos": reader(), "tense": reader(labels=("past", "present"))}, text="the cats"), show)
    expect(desk.show.locator("option").nth(1)).to_be_disabled()
    expect(desk.region).to_contain_text(
        "no difference: they know different labels: tense lacks ADJ, ADV, AUX and 5 more; upos lacks"
    )
    expect(desk.show).to_have_accessible_description(re.compile("they know different labels"))
    expect(desk.grid("tense").get_by_role("gridcell").first).to_have_accessible_name(re.compile("past|present"))
    assert Axe().run(desk.page, context=".pw").response["violations"] == []


def test_one_that_fails_says_so_beside_the_others(show: Show) -> None:
    def failing(text: str) -> Any:
        raise RuntimeError("out of <b>words</b>")

    desk = Desk(ProbeCompare({"good": reader(), "bad": failing}, text="the cats"), show)
    expect(desk.region.get_by_role("alert")).to_have_text("RuntimeError: out of <b>words</b>")
    expect(desk.grid("good").get_by_role("gridcell")).to_have_count(14)
    expect(desk.status).to_have_text("No answer of bad")
    assert Axe().run(desk.page, context=".pw").response["violations"] == []


def test_typing_is_answered_one_by_one_and_stale_answers_never_come_back(desk: Desk) -> None:
    stop_time(desk.page)
    desk.box.fill("she can fish")
    desk.page.clock.run_for(300)
    old = as_json(desk.widget._view)
    asked = desk.page.evaluate(SENT, "ask")[-1]
    desk.page.evaluate("view => model.receive('_view', { ...view, rev: view.rev + 1 })", old)
    expect(desk.status).to_have_text("Working…")
    answered = {asked["client"]: asked["seq"]}
    desk.widget.compute("she can fish")
    view = as_json(desk.widget._view)
    panels = view["panels"]
    half = [panels[0], old["panels"][1] | {"waiting": True, "of": "the cats sat"}]
    view = view | {"answered": answered, "rev": 50, "panels": half}
    desk.page.evaluate("view => model.receive('_view', view)", view)
    expect(desk.grid("sure").get_by_role("gridcell").first).to_have_accessible_name(re.compile("^she"))
    expect(desk.grid("unsure").get_by_role("gridcell").first).to_have_accessible_name(re.compile("^the"))
    expect(desk.status).to_have_text("Waiting for unsure…")
    desk.page.evaluate("view => model.receive('_view', view)", view | {"rev": 51, "panels": panels})
    expect(desk.grid("unsure").get_by_role("gridcell").first).to_have_accessible_name(re.compile("^she"))
    expect(desk.box).to_have_value("she can fish")


def test_a_page_that_comes_up_in_the_middle_says_who_is_waited_for_and_can_stop_that(show: Show) -> None:
    slow = Slow()
    widget = ProbeCompare({"quick": reader(), "slow": slow}, text="the cats")
    widget.text = "slow sat"
    desk = Desk(widget, show)
    expect(desk.status).to_contain_text("Waiting for ")
    desk.region.get_by_role("button", name="Stop", exact=True).click()
    desk.sync()
    expect(desk.region).to_contain_text("stopped · of “\u2068the cats\u2069”")
    expect(desk.grid("slow").get_by_role("gridcell").first).to_have_accessible_name(re.compile("^the"))
    assert not widget._panels[1].waiting
    slow.go.set()
    widget.close()


def test_layers_by_depth_stand_on_the_same_height_and_keys_pass_over_rows_without_one(show: Show) -> None:
    widget = ProbeCompare({"small": reader(range(4)), "large": reader(range(7), name="large")}, text="the cats")
    desk = Desk(widget, show)
    small, large = desk.grid("small"), desk.grid("large")
    expect(small.get_by_role("rowheader")).to_have_count(4)

    def top(grid: Locator, layer: int) -> float:
        box = grid.get_by_role("rowheader", name=f"Layer {layer}", exact=True).bounding_box()
        assert box is not None
        return box["y"]

    for low, deep in ((0, 0), (1, 2), (2, 4), (3, 6)):
        assert abs(top(small, low) - top(large, deep)) < 1
    small.get_by_role("gridcell", name=re.compile("^cats, layer 1")).click()
    desk.page.keyboard.press("ArrowUp")
    expect(small.get_by_role("gridcell", name=re.compile("^cats, layer 2"))).to_be_focused()
    desk.page.keyboard.press("Enter")
    expect(large.locator("[role=gridcell][aria-selected=true]")).to_have_accessible_name(re.compile("^cats, layer 4"))
    desk.page.keyboard.press("Escape")
    expect(desk.box).to_be_focused()
    align = desk.region.get_by_role("combobox", name="Rows by", exact=True)
    align.select_option("layer")
    desk.sync()
    assert widget.align == "layer"
    assert abs(top(small, 3) - top(large, 3)) < 1
    assert Axe().run(desk.page, context=".pw").response["violations"] == []


def test_two_sentences_stand_side_by_side_word_by_word(show: Show) -> None:
    widget = ProbeCompare(reader(), text=("the old cats sat", "the cats can sat"), show="difference")
    desk = Desk(widget, show)
    second = desk.grid("tiny, sentence 2")
    expect(second.get_by_role("gridcell", name="can, layer 6: no counterpart", exact=True)).to_have_count(1)
    expect(second.get_by_role("gridcell", name=re.compile(r"^cats, layer 6: NOUN 0\.00$"))).to_have_count(1)
    second.get_by_role("gridcell", name=re.compile("^cats, layer 6")).click()
    chosen = desk.grid("tiny, sentence 1").locator("[role=gridcell][aria-selected=true]")
    expect(chosen).to_have_accessible_name(re.compile("^cats, layer 6"))
    expect(desk.details.get_by_role("img")).to_have_accessible_name(re.compile("probability of NOUN on each row"))


def test_numbers_and_other_kinds_stand_beside_labels(show: Show) -> None:
    def numbers(text: str) -> Any:
        return fake_numbers(text)

    desk = Desk(ProbeCompare({"upos": reader(), "length": numbers}, text="the cats"), show)
    expect(desk.grid("length").get_by_role("gridcell").last).to_have_accessible_name("cats, layer 0: 4.0")
    desk.grid("length").get_by_role("gridcell").last.click()
    expect(desk.details).to_contain_text("cats · layer 0")


@pytest.mark.parametrize("width", [360, 760, 1280, 2000])
def test_it_fits_any_width(show: Show, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    Desk(compared("the old man can fish near the light and the cats sat"), show)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_grids_are_scrolled_along_together(show: Show, page: Page) -> None:
    desk = Desk(compared("the old man can fish near the light and the cats sat on it all day long"), show)
    first, second = desk.region.locator(".pw-scroll").all()
    first.evaluate("e => { e.scrollLeft = 120; }")
    page.wait_for_function("e => Math.abs(e.scrollLeft - 120) < 2", arg=second.element_handle())


def test_a_saved_page_shows_both_ways_without_a_kernel(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "compare.html"
    compared().to_html(path)
    page = browser.new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.goto(path.as_uri())
    expect(page.get_by_role("grid", name="unsure", exact=True).get_by_role("gridcell")).to_have_count(21)
    page.get_by_role("combobox", name="Show", exact=True).select_option("difference")
    cell = page.get_by_role("grid", name="unsure", exact=True).get_by_role("gridcell").first
    expect(cell).to_have_accessible_name(re.compile("DET −0"))
    cell.click()
    expect(page.get_by_role("region", name="Details")).to_contain_text("the · layer 6")
    expect(page.get_by_role("combobox", name="Against", exact=True)).to_be_disabled()
    assert trouble == []
    page.close()


def test_many_words_are_an_overview_with_the_colours_of_the_difference(show: Show, page: Page) -> None:
    desk = Desk(compared("the old man can fish zzz . " * 20, show="difference"), show)
    canvas = desk.region.locator(".pw-compared").nth(1).locator(".pw-line canvas").first
    values = desk.widget._board().differences[1].predictions.values[6]
    shade = palette.ramp(round(32 * (float(values[0]) + 1) / 2) / 32, palette.DIFFERENCES[0])
    pixel = canvas.evaluate("e => [...e.getContext('2d').getImageData(0, 0, 1, 1).data].slice(0, 3)")
    assert pixel == [int(shade[i : i + 2], 16) for i in (1, 3, 5)]
    page.evaluate("() => { document.body.dataset.jpThemeLight = 'false'; }")
    shade = palette.ramp(round(32 * (float(values[0]) + 1) / 2) / 32, palette.DIFFERENCES[1])
    page.wait_for_function(
        "([e, wanted]) => e.getContext('2d').getImageData(0, 0, 1, 1).data[0] === wanted",
        arg=[canvas.element_handle(), int(shade[1:3], 16)],
    )


def test_two_views_stay_in_step_and_nothing_is_left_of_one_that_goes(show: Show) -> None:
    page = show(compared(), 2)
    regions = page.get_by_role("region", name="Probe compare")
    expect(regions).to_have_count(2)
    regions.nth(0).get_by_role("combobox", name="Show").select_option("difference")
    expect(regions.nth(1).get_by_role("combobox", name="Show")).to_have_value("difference")
    page.evaluate("views.forEach(view => view.ends.abort()); life.abort()")
    expect(regions).to_have_count(0)
    assert page.evaluate("model.listening") == 0


@pytest.mark.parametrize("theme", ["true", "false"])
def test_axe_finds_nothing_in_either_theme(show: Show, page: Page, theme: str) -> None:
    page.evaluate("theme => { document.body.dataset.jpThemeLight = theme; }", theme)
    page.evaluate("theme => { document.body.style.background = theme === 'true' ? '#fff' : '#111'; }", theme)
    Desk(compared(show="difference", word=("sure", 1)), show)
    assert Axe().run(page, context=".pw").response["violations"] == []


def test_what_dotted_means_is_said_once(show: Show) -> None:
    desk = Desk(compared(text="zzz sat"), show)
    keys = desk.region.locator(".pw-unseen-key")
    expect(keys).to_have_count(2)
    assert [keys.nth(at).is_visible() for at in range(2)] == [True, False]


def luminance(colour: str) -> float:
    """Relative luminance of "rgb(1, 2, 3)", in [0, 1]."""
    shares = [int(each) / 255 for each in re.findall(r"\d+", colour)[:3]]
    linear = [each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


STYLES = "(lines, name) => lines.map(line => getComputedStyle(line)[name])"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_forced_colours_all_is_written_and_lines_differ_in_their_stroke(show: Show, page: Page, scheme: Any) -> None:
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    desk = Desk(compared(show="difference", word=("sure", 1), row=2), show)
    paper = desk.region.evaluate("e => getComputedStyle(e.closest('.pw')).backgroundColor")
    for name in ("sure", "unsure"):
        marks = desk.grid(name).get_by_role("rowheader").evaluate_all(STYLES, "borderLeftColor")
        assert len(set(marks)) == 2 and [marks.count(mark) for mark in marks].index(1) == 4, "only the active row"
        cells = desk.grid(name).get_by_role("gridcell")
        assert all(contrast(ink, paper) > 7 for ink in cells.evaluate_all(STYLES, "color"))
    expect(desk.grid("unsure").get_by_role("gridcell").first).to_have_text(re.compile(r"^−0\.\d\d$"))
    lines = desk.region.locator(".pw-compared-line")
    assert lines.count() > 20
    assert all(contrast(stroke, paper) > 7 for stroke in lines.evaluate_all(STYLES, "stroke"))
    keys = desk.region.locator(".pw-compared-heading .pw-compared-line")
    assert len(set(keys.evaluate_all(STYLES, "strokeDasharray"))) == 2
    rules = desk.region.locator(".pw-row .pw-rule").evaluate_all(STYLES, "stroke")
    assert len(rules) > 7 and len(set(rules)) == 1


def test_the_pieces_of_a_line_stand_under_each_other_on_every_row(desk: Desk) -> None:
    lefts = desk.region.locator(".pw-row > svg").evaluate_all("x => x.map(e => e.getBoundingClientRect().left)")
    assert max(lefts[:7]) - min(lefts[:7]) < 0.5, "also on the active one, whose number is bold"


SMALL = """() => [...document.querySelectorAll(
        ".pw :is(button, select, summary, label, input, textarea, [role=gridcell], [role=rowheader])"
    )]
    .map(e => [e.closest("label") ?? e, e])
    .filter(([target, e]) => e.checkVisibility() && target.getBoundingClientRect().height < 23.5)
    .map(([target, e]) => `${e.localName}.${e.className} ${target.getBoundingClientRect().height}`)"""


def test_whatever_can_be_pressed_is_large_enough_for_a_finger(desk: Desk) -> None:
    assert desk.page.evaluate(SMALL) == []


def test_the_only_layer_of_a_predictor_is_a_dot_among_the_lines_of_others(show: Show) -> None:
    desk = Desk(ProbeCompare({"small": reader((3,)), "large": reader()}, text="the cats sat"), show)
    desk.grid("large").get_by_role("gridcell", name=re.compile("^cats, layer 3")).click()
    expect(desk.details.locator(".pw-path-dot")).to_have_count(1)
    expect(desk.details.locator(".pw-path-plot > polyline")).to_have_count(2)
    expect(desk.details.locator(".pw-path-ends span")).to_have_text(["lowest row", "highest row"])


def test_where_there_is_one_row_it_is_said_and_each_predictor_has_a_dot(show: Show) -> None:
    desk = Desk(ProbeCompare({"a": reader((3,)), "b": reader((3,), shift=0.5)}, text="the cats sat"), show)
    desk.grid("a").get_by_role("gridcell", name=re.compile("^cats, layer 3")).click()
    expect(desk.details.locator(".pw-path-dot")).to_have_count(2)
    expect(desk.details.locator(".pw-path-ends")).to_have_text("the only row")
