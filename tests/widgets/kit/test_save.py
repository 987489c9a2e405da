"""The button "Save": its menu by mouse and keyboard, what it asks for, and the file that comes."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.widgets.conftest import PATIENCE
from tests.widgets.helpers import SENT, Show, explorer, stop_time

FORMATS = ["png", "svg", "csv", "html", "json", "snapshot"]
FILE = """([client, seq, name, mime, bytes]) => {
    const padded = new Uint8Array([7, 7, 7, ...bytes]);
    const view = new DataView(padded.buffer, 3);  // as some hosts send them
    model.emit('msg:custom', { kind: 'file', seq, client, name, mime }, [view]);
}"""


def button(page: Page, nth: int = 0) -> Any:
    return page.get_by_role("button", name="Sav").nth(nth)


def asked(page: Page) -> list[Any]:
    """Which page has asked for a file last, and in which message."""
    return page.evaluate("[model.last('save').client, model.last('save').seq]")


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.textContent")


def test_each_format_is_asked_for_by_a_click(show: Show) -> None:
    page = show(explorer())
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(button(page)).to_have_attribute("aria-haspopup", "menu")
    for place in range(len(FORMATS)):
        button(page).click()
        expect(button(page)).to_have_attribute("aria-expanded", "true")
        page.get_by_role("menu", name="Save as").get_by_role("menuitem").nth(place).click()
        expect(page.get_by_role("menu")).to_have_count(0)
        expect(button(page)).to_have_attribute("aria-expanded", "false")
        expect(button(page)).to_be_focused()
    page.wait_for_function(f"model.sent.filter(m => m.kind === 'save').length === {len(FORMATS)}")
    assert [message["format"] for message in page.evaluate(SENT, "save")] == FORMATS


def test_two_files_that_are_asked_for_at_once_are_both_asked_for(show: Show) -> None:
    page = show(explorer())
    page.evaluate("model.answers = false")
    for name in ("PNG", "CSV", "JSON"):
        button(page).click()
        page.get_by_role("menuitem", name=name).click()
    page.evaluate("model.answers = true; model.ack(model.last('save'))")
    page.wait_for_function("model.sent.filter(m => m.kind === 'save').length === 3")
    assert [message["format"] for message in page.evaluate(SENT, "save")] == ["png", "csv", "json"]


def test_the_menu_can_be_used_by_keyboard_alone(show: Show) -> None:
    page = show(explorer())
    button(page).focus()
    for opens, first in (("Enter", "PNG"), ("ArrowDown", "PNG"), ("ArrowUp", "Snapshot below")):
        page.keyboard.press(opens)
        assert focused(page) == first
        page.keyboard.press("Escape")
        expect(page.get_by_role("menu")).to_have_count(0)
        expect(button(page)).to_be_focused()
    page.keyboard.press("ArrowDown")
    walk = []
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "End", "ArrowDown", "ArrowUp", "Home"):
        page.keyboard.press(key)
        walk.append(focused(page))
    assert walk == ["SVG", "CSV", "SVG", "Snapshot below", "PNG", "Snapshot below", "PNG"]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.evaluate(SENT, "save")[0]["format"] == "svg"
    expect(button(page)).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("menu")).to_have_count(0)


def test_the_menu_closes_where_one_looks_elsewhere_and_on_a_second_click(show: Show) -> None:
    page = show(explorer())
    button(page).click()
    page.get_by_role("textbox").click()
    expect(page.get_by_role("menu")).to_have_count(0)
    button(page).click()
    button(page).click()
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(button(page)).to_have_attribute("aria-expanded", "false")


def test_the_file_that_comes_is_a_download_and_is_forgotten_later(show: Show, tmp_path: Path) -> None:
    page = show(explorer())
    page.evaluate(
        "window.gone = []; const revoke = URL.revokeObjectURL; URL.revokeObjectURL = url => { gone.push(url); "
        "revoke.call(URL, url); }; 0"
    )
    stop_time(page)
    button(page).click()
    page.get_by_role("menuitem", name="CSV").click()
    expect(button(page)).to_have_text("Saving…")
    with page.expect_download() as download:
        page.evaluate(FILE, [*asked(page), "my view.csv", "text/csv", [*b"a,b\n\xc3\xa9"]])
    expect(button(page)).to_have_text("Save")
    assert download.value.suggested_filename == "my view.csv"
    download.value.save_as(tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_bytes() == b"a,b\n\xc3\xa9"
    assert page.evaluate("gone") == []
    page.clock.run_for(31_000)
    assert len(page.evaluate("gone")) == 1
    assert page.locator("a").count() == 0


@pytest.mark.parametrize("nth", [0, 1])
def test_of_two_views_one_offers_the_file_and_another_page_none(show: Show, nth: int) -> None:
    page = show(explorer(), 2)
    page.evaluate(
        "window.made = 0; const make = URL.createObjectURL; URL.createObjectURL = x => (made += 1, make(x)); 0"
    )
    button(page, nth).click()
    page.get_by_role("menuitem", name="PNG").click()
    assert [button(page, each).text_content() for each in (0, 1)] == [
        ("Save", "Saving…")[each == nth] for each in (0, 1)
    ]
    page.evaluate(FILE, ["somebody else", 2, "a.png", "image/png", [1]])
    page.evaluate(FILE, [page.evaluate("model.sent[0].client"), 1, "a.png", "image/png", [1]])
    assert page.evaluate("made") == 0
    with page.expect_download():
        page.evaluate(FILE, [*asked(page), "a.png", "image/png", [1]])
    assert page.evaluate("made") == 1
    assert [button(page, each).text_content() for each in (0, 1)] == ["Save", "Save"]


def test_what_the_kernel_refuses_is_shown_as_text(show: Show) -> None:
    page = show(explorer())
    button(page).click()
    page.get_by_role("menuitem", name="PNG").click()
    sent = page.evaluate(SENT, "save")[0]
    refusal = {"kind": "refused", "seq": sent["seq"], "client": sent["client"], "text": "no <b>font</b> here"}
    page.evaluate("message => model.emit('msg:custom', message)", refusal)
    expect(page.get_by_role("alert")).to_have_text("no <b>font</b> here")
    expect(button(page)).to_have_text("Save")
    button(page).click()
    page.get_by_role("menuitem", name="CSV").click()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_without_a_kernel_there_is_nothing_to_save_with(show: Show, browser: Browser, tmp_path: Path) -> None:
    widget = explorer()
    page = show(widget)
    stop_time(page)
    page.evaluate("model.answers = false; model.emit('comm_live_update')")
    page.clock.run_for(4000)
    expect(button(page)).to_be_disabled()
    widget.to_html(tmp_path / "saved.html")
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto((tmp_path / "saved.html").as_uri())
    expect(page.get_by_role("grid")).to_be_visible()
    expect(button(page)).to_have_count(0)
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("forced", ["none", "active"])
def test_the_menu_is_large_enough_inside_the_page_and_without_faults(
    show: Show, page: Page, scheme: Any, forced: Any
) -> None:
    page.emulate_media(color_scheme=scheme, forced_colors=forced)
    page.set_viewport_size({"width": 360, "height": 900})
    show(explorer())
    button(page).click()
    boxes = [item.bounding_box() for item in page.get_by_role("menuitem").all()]
    assert len(boxes) == len(FORMATS)
    assert all(box["height"] >= 24 and box["x"] >= 0 and box["x"] + box["width"] <= 360 for box in boxes)
    tops = [box["y"] for box in boxes]
    assert all(below - above >= 24 for above, below in pairwise(tops))
    # with forced colours axe reads a colour that is not the one that is drawn: of those the system's user is the judge
    rules = {"rules": {"color-contrast": {"enabled": forced == "none"}}}
    assert Axe().run(page, context=".pw-menu-button", options=rules).response["violations"] == []
