"""Sentences to try: which are offered, and how they are chosen."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

import probewidgets as pw
from probewidgets.errors import WidgetError
from probewidgets.widgets.explorer.examples import AMBIGUOUS, examples_for
from tests.widgets.fakes import fake_sweep
from tests.widgets.helpers import SENT, Show, answer, as_json, explorer, said, stop_time

TEXTS = ["The old man.\nShe sat.", "<b>can</b> 'fish'", "שלום עולם", "last"]


def test_sentences_are_offered_where_words_are_probed_of_a_corpus_that_has_them() -> None:
    corpus = pw.corpora.english()
    words = {text[span.start : span.end] for text, span in ((e.text, s) for e in corpus for s in e.words)}
    sweep = replace(fake_sweep(), types=frozenset(word.lower() for word in words))
    assert examples_for(sweep) == AMBIGUOUS
    assert examples_for(replace(sweep, unit="sentence")) == ()
    assert examples_for(replace(sweep, types=frozenset({"der", "die"}))) == ()
    assert examples_for(None) == ()


def test_they_can_be_given_changed_and_left_out() -> None:
    widget = explorer(examples=(text for text in ["one\r\ntwo", " ", "three"]))
    assert widget.examples == ("one\ntwo", "three")
    assert widget._view["examples"] == ["one\ntwo", "three"]
    widget.examples = []
    assert widget._view["examples"] == []
    widget.close()


@pytest.mark.parametrize("wrong", ["one text", 5, [5], ["x"] * 101, None])
def test_what_is_no_list_of_texts_is_refused(wrong: Any) -> None:
    widget = explorer(examples=["one"])
    with pytest.raises(WidgetError):
        widget.examples = wrong
    assert widget.examples == ("one",)
    widget.close()


def test_the_chosen_text_is_asked_for_as_if_it_were_typed_and_can_be_undone(show: Show) -> None:
    page = show(explorer("the cats sat", examples=TEXTS))
    stop_time(page)
    button, menu = page.get_by_role("button", name="Try", exact=True), page.get_by_role("menu", name="Sentences to try")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(menu).to_have_count(0)
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    assert menu.get_by_role("menuitem").all_text_contents() == TEXTS
    menu.get_by_role("menuitem").nth(1).click()
    box = page.get_by_role("textbox", name="Sentences", exact=True)
    expect(box).to_have_value(TEXTS[1])
    expect(box).to_be_focused()
    expect(menu).to_have_count(0)
    assert page.evaluate(SENT, "ask") == []
    page.clock.run_for(200)
    assert [message["text"] for message in page.evaluate(SENT, "ask")] == [TEXTS[1]]
    page.keyboard.press("Control+z")
    expect(box).to_have_value("the cats sat")


def test_where_the_page_may_not_type_the_text_is_set(show: Show) -> None:
    page = show(explorer(examples=TEXTS))
    page.evaluate("document.execCommand = () => false")
    page.get_by_role("button", name="Try", exact=True).click()
    page.get_by_role("menuitem").first.click()
    expect(page.get_by_role("textbox")).to_have_value(TEXTS[0])
    page.wait_for_function("model.last('ask')?.text.startsWith('The old man')")


def test_the_list_is_gone_through_by_keys_and_left_by_escape(show: Show) -> None:
    page = show(explorer(examples=TEXTS))
    page.evaluate("window.heard = []; document.addEventListener('keydown', event => heard.push(event.key))")
    button, items = page.get_by_role("button", name="Try", exact=True), page.get_by_role("menuitem")
    button.press("Enter")
    for key, place in (("", 0), ("ArrowDown", 1), ("End", 3), ("ArrowDown", 0), ("ArrowUp", 3), ("Home", 0)):
        if key:
            page.keyboard.press(key)
        expect(items.nth(place)).to_be_focused()
    page.keyboard.press("Escape")
    expect(items).to_have_count(0)
    expect(button).to_be_focused()
    assert page.evaluate("heard") == [], "the host sees none of it"
    button.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox")).to_have_value(TEXTS[1])
    button.click()
    page.get_by_role("slider").focus()
    expect(items).to_have_count(0)


def test_without_a_kernel_nothing_can_be_tried(show: Show) -> None:
    widget = explorer(examples=TEXTS)
    page = show(widget)
    page.evaluate("model.widget_manager.kernel.disposed.emit()")
    expect(page.get_by_role("button", name="Try", exact=True)).to_be_disabled()
    page.evaluate("document.body.replaceChildren()")
    show(widget, patch={"_view": as_json({**widget._view, "static": True})})
    expect(page.get_by_role("button", name="Try", exact=True)).to_have_count(0)
    page.evaluate("document.body.replaceChildren()")
    show(explorer(examples=()))
    expect(page.get_by_role("button", name="Try", exact=True)).to_have_count(0)


@pytest.mark.parametrize("dark", [False, True])
def test_the_list_can_be_read_and_pressed_by_everyone(show: Show, page: Page, dark: bool) -> None:
    page.evaluate("dark => { document.body.dataset.jpThemeLight = String(!dark); }", dark)
    page.set_viewport_size({"width": 360, "height": 800})
    show(explorer(examples=[*TEXTS, *AMBIGUOUS]))
    page.get_by_role("button", name="Try", exact=True).click()
    assert Axe().run(page, context=".pw").response["violations"] == []
    heights = page.get_by_role("menuitem").evaluate_all("x => x.map(e => e.getBoundingClientRect().height)")
    assert min(heights) >= 24
    list_, root = (page.locator(name).bounding_box() for name in (".pw-box .pw-menu", ".pw"))
    assert root["x"] <= list_["x"] and list_["x"] + list_["width"] <= root["x"] + root["width"]


def test_an_answer_leaves_the_open_list_alone(show: Show) -> None:
    widget = explorer(examples=TEXTS)
    page = show(widget)
    page.get_by_role("button", name="Try", exact=True).click()
    page.keyboard.press("ArrowDown")
    answer(page, widget, "she sat")
    expect(page.get_by_role("menuitem").nth(1)).to_be_focused()
    assert said(widget, {"kind": "hello", "seq": 1, "client": "p"})[0]["kind"] == "ack"


def test_the_box_grows_by_whole_lines_up_to_eight(show: Show) -> None:
    page = show(explorer(""))
    box = page.get_by_role("textbox")
    heights = []
    for lines in range(1, 11):
        box.fill("\n".join(["The ไม่ 日本 مرحبا शब्द"] * lines))
        heights.append(box.evaluate("box => box.offsetHeight"))
    assert [b - a for a, b in itertools.pairwise(heights)] == [26] * 7 + [0] * 2
    box.fill("many words " * 40)
    assert (box.evaluate("box => box.offsetHeight") - heights[0]) % 26 == 0
    assert box.evaluate("box => getComputedStyle(box).fontSize") == "16.9px"
