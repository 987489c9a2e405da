"""The errors in a real browser, against the fake model: the grids, their keys, the list that scrolls, and faults."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from probewidgets.widgets import ProbeErrors, ProbeExplorer
from tests.widgets.errors.made import LAYERS, english, errors, labelled, odd_texts, reviews
from tests.widgets.fakes import fake_predictor
from tests.widgets.helpers import SENT, Show, as_json, said

LONG = ("a label with a name that is very much longer than any column could be", "b", "ünïcödé ☃ ילד")


def grid(page: Page, name: str) -> Locator:
    return page.get_by_role("grid", name=name, exact=True)


def row(page: Page, nth: int) -> Locator:
    return grid(page, "Examples").locator(f'[role=row][aria-rowindex="{nth + 2}"]')


def obey(page: Page, widget: ProbeErrors) -> list[Any]:
    """Let the kernel obey the page's newest choice, and answer it; what else it says."""
    sent = said(widget, page.evaluate("model.last('choose')"))
    deliver(page, widget)
    return sent


def deliver(page: Page, widget: ProbeErrors) -> None:
    for name in ("_choice", "_view"):
        page.evaluate("([name, value]) => model.receive(name, value)", [name, as_json(getattr(widget, name))])


@pytest.mark.parametrize("make", [english, reviews, odd_texts, lambda: labelled(LONG), lambda: labelled(("y", "n"))])
def test_nothing_is_to_be_said_against_it_and_it_fits_any_width(show: Show, make: Any) -> None:
    widget = ProbeErrors(*make(), wrong=False)
    widget.selected = 1
    page = show(widget)
    assert Axe().run(page, context=".pw").response["violations"] == []
    for width in (360, 500, 800, 1280, 2000):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert grid(page, "Confusion").get_by_role("gridcell").first.bounding_box()["width"] >= 9


def test_every_part_has_its_name(show: Show) -> None:
    page = show(errors())
    region = page.get_by_role("region", name="Probe errors", exact=True)
    for role, name in (("grid", "Confusion"), ("grid", "Examples"), ("combobox", "Sort by"), ("radiogroup", "Layer")):
        expect(region.get_by_role(role, name=name, exact=True)).to_have_count(1)
    expect(region.get_by_role("status")).to_have_text(
        re.compile(r"^layer \d: \d+ of \d+ words wrong, accuracy 0\.\d+ \[")
    )


def test_the_confusion_has_every_label_with_its_support_and_says_each_cell_in_words(show: Show) -> None:
    widget = errors()
    page, matrix = show(widget), widget.confusion()
    confusion = grid(page, "Confusion")
    expect(confusion.get_by_role("gridcell")).to_have_count(matrix.size)
    noun = matrix.loc["NOUN"]
    share = noun["NOUN"] / noun.sum()
    head = confusion.get_by_role(
        "rowheader", name=f"NOUN: {noun.sum()} gold, {100 * share:.0f} % of them right", exact=True
    )
    expect(head).to_contain_text(str(noun.sum()))
    cell = confusion.get_by_role("gridcell", name=re.compile(rf"^NOUN given rightly: {noun['NOUN']}, "))
    cell.hover()
    expect(page.locator(".pw-e-told")).to_have_text(re.compile("^NOUN given rightly: "))
    page.mouse.move(0, 0)
    expect(page.locator(".pw-e-told")).to_have_text(re.compile("^Most often: "))


def test_a_cell_lists_what_is_behind_it_and_once_more_all(show: Show) -> None:
    widget = errors(layer=0)
    page = show(widget)
    told = page.locator(".pw-e-told").text_content() or ""
    gold, given, count = re.match(r"Most often: (\S+) given as (\S+): (\d+)", told).groups()
    cell = grid(page, "Confusion").get_by_role("gridcell", name=re.compile(f"^{gold} given as {given}: "))
    cell.click()
    assert page.evaluate(SENT, "choose")[-1]["cell"] == [gold, given]
    expect(page.get_by_role("status")).to_have_text("Working…")
    obey(page, widget)
    assert widget.cell == (gold, given)
    expect(cell).to_have_attribute("aria-selected", "true")
    expect(grid(page, "Examples")).to_have_attribute("aria-rowcount", str(int(count) + 1))
    page.get_by_role("button", name=f"Do not filter by gold {gold} → given {given}").click()
    obey(page, widget)
    assert widget.cell is None
    cell.click()
    obey(page, widget)
    cell.click()
    obey(page, widget)
    assert widget.cell is None


def test_cells_and_heads_are_walked_and_chosen_by_keys(show: Show) -> None:
    widget = errors()
    page = show(widget)
    confusion = grid(page, "Confusion")
    confusion.locator('[tabindex="0"]').focus()
    page.keyboard.press("Ctrl+Home".replace("Ctrl", "Control"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    expect(confusion.get_by_role("rowheader").first).to_be_focused()
    page.keyboard.press("Enter")
    first = widget.sweep.label_names[widget._view["axis"][0]]
    assert page.evaluate(SENT, "choose")[-1]["cell"] == [first, None]
    obey(page, widget)
    expect(confusion.get_by_role("rowheader").first).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    page.keyboard.press(" ")
    assert page.evaluate(SENT, "choose")[-1]["cell"] == [None, first]
    assert confusion.locator('[tabindex="0"]').count() == 1
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement === document.body")


def test_the_colour_of_the_cells_can_be_another_share_or_the_count(show: Show) -> None:
    widget = errors()
    page = show(widget)
    cell = grid(page, "Confusion").get_by_role("gridcell").first
    label = widget.sweep.label_names[widget._view["axis"][0]]
    counts = widget.confusion()
    right = counts.loc[label, label]
    for option, text in (
        ("share of gold", f"{100 * right / counts.loc[label].sum():.0f}"),
        ("share of given", f"{100 * right / counts[label].sum():.0f}"),
        ("count", str(right)),
    ):
        page.get_by_role("combobox", name="Colour by").select_option(option)
        expect(cell).to_have_text(text)


# ---------------------------------------------------------------------- the list


def serve(page: Page, widget: ProbeErrors) -> None:
    """Let the kernel give the rows that the page waits for, until it waits for none."""
    done = 0
    while len(asked := page.evaluate(SENT, "rows")) > done:
        for message in asked[done:]:
            for answer in said(widget, message)[1:]:
                page.evaluate("answer => model.emit('msg:custom', answer)", as_json(answer))
        done = len(asked)
        page.evaluate("() => new Promise(requestAnimationFrame)")


def test_a_long_list_has_few_rows_in_the_page_and_shows_any_of_them(show: Show) -> None:
    widget = ProbeErrors(*english(600), wrong=False, sort="text")
    page, shown = show(widget), widget.to_frame(shown=True)
    examples, last = grid(page, "Examples"), len(shown) - 1
    expect(examples).to_have_attribute("aria-rowcount", str(len(shown) + 1))
    assert examples.get_by_role("row").count() < 40
    expect(row(page, 0)).to_contain_text(shown["word"].iloc[0])
    examples.focus()
    page.keyboard.press("End")
    expect(row(page, last)).to_have_text("…")
    serve(page, widget)
    expect(row(page, last)).to_contain_text(shown["word"].iloc[last])
    assert examples.get_by_role("row").count() < 40
    examples.evaluate("e => { e.scrollTop = e.scrollHeight / 2; }")
    page.wait_for_function("model.sent.filter(m => m.kind === 'rows').length > 1")
    serve(page, widget)
    middle = row(page, len(shown) // 2 + 4)
    expect(middle).to_contain_text(shown["word"].iloc[len(shown) // 2 + 4])


def test_rows_that_were_on_their_way_for_an_older_list_are_not_shown(show: Show) -> None:
    widget = ProbeErrors(*english(600), wrong=False, sort="text")
    page = show(widget)
    grid(page, "Examples").focus()
    page.keyboard.press("End")
    (asked,) = page.evaluate(SENT, "rows")
    _, late = said(widget, asked)
    widget.reverse = True
    deliver(page, widget)
    page.evaluate("answer => model.emit('msg:custom', answer)", as_json(late))
    expect(row(page, 0)).to_contain_text(widget.to_frame(shown=True)["word"].iloc[0])
    assert grid(page, "Examples").evaluate("e => e.scrollTop") == 0, "another list begins at its beginning"


def test_a_row_is_selected_by_keys_and_shown_in_full(show: Show) -> None:
    widget = errors()
    page, examples = show(widget), None
    examples = grid(page, "Examples")
    examples.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    target = widget.to_frame(shown=True).index[1]
    assert page.evaluate(SENT, "choose")[-1]["selected"] == target
    active = examples.get_attribute("aria-activedescendant")
    assert page.evaluate("id => document.getElementById(id).ariaRowIndex", active) == "3"
    obey(page, widget)
    expect(row(page, 1)).to_have_attribute("aria-selected", "true")
    expect(examples).to_be_focused()
    detail = page.get_by_role("region", name="Example", exact=True)
    expect(detail).to_contain_text(widget.to_frame()["sentence"][target])
    expect(detail.locator("mark")).to_have_text(widget.to_frame()["word"][target])
    gives = page.get_by_role("radio", name=re.compile(r"^Layer 0: .*; gives \S+, (right|wrong)$"))
    expect(gives).to_be_visible()
    expect(detail.get_by_role("button", name="Open in explorer")).to_be_hidden()


def test_words_stand_under_each_other_in_their_sentences(show: Show) -> None:
    page = show(errors(wrong=False))
    lefts = (
        grid(page, "Examples")
        .locator("[role=row]:not([hidden]) mark")
        .evaluate_all("x => x.map(e => e.getBoundingClientRect().left)")
    )
    assert len(set(map(round, lefts))) == 1 and len(lefts) > 5
    rows = grid(page, "Examples").get_by_role("row")
    assert len(set(rows.evaluate_all("x => x.slice(1).map(e => e.offsetHeight)"))) == 1


def test_the_order_and_what_is_listed_are_chosen(show: Show) -> None:
    widget = errors()
    page = show(widget)
    page.get_by_role("combobox", name="Sort by").select_option("word frequency")
    obey(page, widget)
    page.get_by_role("button", name="Reverse the order").click()
    obey(page, widget)
    page.get_by_role("checkbox", name="Only errors").uncheck()
    obey(page, widget)
    assert (widget.sort, widget.reverse, widget.wrong) == ("frequency", True, False)
    shown = widget.to_frame(shown=True)
    assert shown["frequency"].is_monotonic_increasing and len(shown) == len(widget.to_frame())
    expect(row(page, 0)).to_contain_text("unseen")


def test_a_slice_is_listed_and_slices_of_one_kind_can_be_seen_alone(show: Show) -> None:
    widget = errors()
    page = show(widget)
    slices = page.get_by_role("group", name="Slices")
    table = widget.slices()
    expect(slices.get_by_role("button")).to_have_count(len(table))
    page.get_by_role("combobox", name="Slices by").select_option("seen or unseen")
    expect(slices.get_by_role("button")).to_have_count(2)
    worst = table[table["kind"] == "seen"].iloc[0]
    button = slices.get_by_role("button").first
    expect(button).to_have_accessible_name(
        re.compile(f"{worst['slice']}: accuracy {worst['accuracy']:.3f}, 95 % interval")
    )
    button.click()
    obey(page, widget)
    assert widget.slice == ("seen", worst["slice"])
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(grid(page, "Examples")).to_have_attribute("aria-rowcount", str(worst["errors"] + 1))


def test_layers_are_rows_the_deepest_at_the_top_and_are_chosen_by_keys(show: Show) -> None:
    widget = errors(layer=1)
    page = show(widget)
    radios = page.get_by_role("radio")
    assert radios.evaluate_all("x => x.map(e => e.dataset.layer)") == ["2", "1", "0"]
    page.get_by_role("radio", checked=True).focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate(SENT, "choose")[-1]["layer"] == 0
    obey(page, widget)
    expect(radios.nth(2)).to_be_focused()
    expect(radios.nth(2)).to_be_checked()
    expect(page.get_by_role("status")).to_have_text(re.compile("^layer 0: "))


# ---------------------------------------------------------------------- what does not go well


def test_odd_texts_are_text(show: Show) -> None:
    page = show(ProbeErrors(*odd_texts(), wrong=False, sort="text"))
    expect(row(page, 0)).to_contain_text("<b>x</b>")
    assert page.locator(".pw script, .pw b").count() == 0
    assert grid(page, "Confusion").get_by_role("rowheader").first.text_content().startswith(("<i>", "b"))


def test_a_probe_that_raises_is_said_with_its_traceback(show: Show) -> None:
    widget = errors()
    page = show(widget)
    for fault, seen in (("ValueError: no <b>probe</b>", True), ("", False)):
        page.evaluate(
            "view => model.receive('_view', view)",
            as_json({**widget._view, "rev": 9, "error": fault, "traceback": fault and "Traceback: here"}),
        )
        alert = page.get_by_role("alert")
        expect(alert).to_have_count(int(seen))
        if seen:
            expect(alert).to_contain_text("no <b>probe</b>")


def test_without_a_kernel_nothing_can_be_chosen_and_all_can_be_read(show: Show) -> None:
    widget = errors()
    page = show(widget)
    page.evaluate("model.widget_manager.kernel.statusChanged.emit('dead')")
    expect(page.get_by_role("status")).to_have_text("The kernel has ended. Not connected: run the cell again.")
    before = len(page.evaluate("model.sent"))
    grid(page, "Confusion").get_by_role("rowheader").first.click()
    row(page, 0).click()
    expect(page.get_by_role("combobox", name="Sort by")).to_be_disabled()
    assert len(page.evaluate("model.sent")) == before
    expect(row(page, 0)).to_contain_text(widget.to_frame(shown=True)["word"].iloc[0])


def test_a_refusal_is_said_and_the_choice_is_as_it_was(show: Show) -> None:
    widget = errors()
    page = show(widget)
    grid(page, "Confusion").get_by_role("rowheader").first.click()
    message = page.evaluate("model.last('choose')")
    for answer in said(widget, {**message, "cell": ["no such label", None]}):
        page.evaluate("answer => model.emit('msg:custom', answer)", as_json(answer))
    expect(page.get_by_role("alert")).to_contain_text("no such label")
    expect(page.get_by_role("status")).to_have_text(re.compile("^layer"))
    deliver(page, widget)
    expect(grid(page, "Confusion").locator(".pw-e-chosen")).to_have_count(0)


def test_with_an_explorer_there_is_a_button_that_opens_the_example(show: Show) -> None:
    explorer = ProbeExplorer(fake_predictor(LAYERS), text="the")
    widget = errors(explorer=explorer, selected=3)
    page = show(widget)
    page.get_by_role("button", name="Open in explorer").click()
    (asked,) = page.evaluate(SENT, "open")
    said(widget, asked)
    assert explorer.text == widget.to_frame()["sentence"][3]


def test_the_list_of_keys_says_what_is_seen(show: Show) -> None:
    page = show(errors())
    page.get_by_role("button", name="Keys").click()
    for term in ("share of gold", "worst first", "in train", "Enter, Space"):
        expect(page.get_by_role("dialog", name="Keys")).to_contain_text(term)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()


def test_a_saved_page_shows_it_without_a_kernel(page: Page, tmp_path: Any) -> None:
    widget = errors(selected=2)
    widget.to_html(tmp_path / "page.html")
    page.set_content((tmp_path / "page.html").read_text())
    expect(page.get_by_role("status")).to_contain_text("a saved view, without a kernel")
    expect(row(page, 0)).to_contain_text(widget.to_frame(shown=True)["word"].iloc[0])
    expect(page.get_by_role("combobox", name="Sort by")).to_be_disabled()
