"""The frame around every widget: keys, faults, themes, letters, and an end that leaves nothing behind."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.widgets.helpers import Show, answer, as_json, explorer, items

HEARD = "window.heard = []; document.addEventListener('keydown', e => heard.push([e.key, e.defaultPrevented]))"


def test_the_host_never_sees_the_keys_typed_here(show: Show) -> None:
    page = show(explorer())
    page.evaluate("window.heard = []; document.addEventListener('keydown', event => heard.push(event.key))")
    page.get_by_role("textbox").press("Shift+Enter")
    page.get_by_role("gridcell").first.press("b")
    page.get_by_role("gridcell").first.press("ArrowDown")
    page.get_by_role("slider").press("ArrowLeft")
    page.get_by_role("combobox").press("d")
    assert page.evaluate("heard") == []
    expect(page.get_by_role("textbox")).to_have_value("the cats sat")
    assert page.locator(".pw").get_attribute("data-lm-suppress-shortcuts") == "true"


@pytest.mark.parametrize("role", ["textbox", "gridcell", "rowheader", "slider"])
def test_only_escape_and_saving_and_the_palette_are_left_to_the_host(show: Show, role: Any) -> None:
    page = show(explorer())
    page.evaluate(HEARD)
    place = page.get_by_role(role).first
    place.focus()
    for host in ("Control", "Meta"):
        for key in (
            "z",
            "Shift+z",
            "y",
            "a",
            "f",
            "b",
            "m",
            "Shift+m",
            "Shift+s",
            "c",
            "Backspace",
            "Shift+ArrowUp",
            "Enter",
        ):
            page.keyboard.press(f"{host}+{key}")
    assert [key for key, _ in page.evaluate("heard") if key not in ("Control", "Meta", "Shift")] == []
    for key in ("Control+s", "Meta+s", "Control+Shift+C", "Meta+Shift+C", "Escape"):
        place.focus()
        page.keyboard.press(key)
    heard = [key.lower() for key, _ in page.evaluate("heard") if key not in ("Control", "Meta", "Shift")]
    assert heard[:4] == ["s", "s", "c", "c"]
    assert role in ("gridcell", "rowheader") or heard[4] == "escape", "Escape leaves the grid for the box"


def test_undo_and_redo_are_the_boxs_own_and_work_after_an_answer(show: Show) -> None:
    widget = explorer("the cats")
    page = show(widget)
    box = page.get_by_role("textbox")
    box.focus()
    page.keyboard.press("End")
    page.keyboard.type(" sat")
    page.wait_for_function("model.last('ask')?.text === 'the cats sat'")
    answer(page, widget, "the cats sat", page.evaluate("model.last('ask').seq"))
    page.keyboard.press("Control+z")
    undone = box.input_value()
    assert undone != "the cats sat"
    assert "the cats sat".startswith(undone)
    page.keyboard.press("Control+Shift+z")
    expect(box).to_have_value("the cats sat")


def test_undo_with_the_focus_elsewhere_in_the_widget_changes_no_other_field(show: Show) -> None:
    page = show(explorer())
    page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), { id: 'cell' }))")
    page.locator("#cell").press_sequentially("note")
    for place in (page.get_by_role("gridcell").first, page.get_by_role("listitem").first.get_by_role("button")):
        place.focus()
        page.keyboard.press("Control+z")
    expect(page.locator("#cell")).to_have_value("note")


def test_an_error_can_be_copied(show: Show) -> None:
    widget = explorer()
    page = show(widget)
    answer(page, widget, "the cats", error="ValueError: <b>no</b>")
    button = page.get_by_role("button", name="Copy")
    page.evaluate("document.execCommand = () => { window.taken = String(getSelection()); return true; }")
    button.click()  # this page is not loaded by https
    expect(page.get_by_role("button", name="Copied")).to_have_count(1)
    assert page.evaluate("taken") == "ValueError: <b>no</b>"
    answer(page, widget, "the cats", error="another", traceback="Traceback:\n  <i>line</i> 1\nanother")
    assert page.get_by_role("button", name="Cop").text_content() == "Copy"
    trace = page.get_by_text("<i>line</i> 1")
    expect(trace).not_to_be_visible()
    page.locator(".pw-explorer summary", has_text="Traceback").click()
    expect(trace).to_be_visible()
    page.evaluate("document.execCommand = () => { window.taken = String(getSelection()); return true; }")
    button.click()
    expect(page.get_by_role("button", name="Copied")).to_have_count(1)
    assert page.evaluate("taken").split() == ["another", "Traceback:", "<i>line</i>", "1", "another"]
    answer(page, widget, "the cats", error="another", traceback="and another")
    expect(trace).to_have_count(0)
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', { value: { writeText: async text => { taken = text; } } })"
    )
    button.click()
    expect(page.get_by_role("button", name="Copied")).to_have_count(1)
    assert page.evaluate("taken") == "another\n\nand another"
    answer(page, widget, "fine")
    expect(page.get_by_role("button", name="Cop")).to_have_count(0)


def test_a_view_that_ends_takes_its_elements_timers_and_listeners_along(page: Page) -> None:
    widget = explorer()
    left = page.evaluate(
        """async ([esm, css, state]) => {
            const live = new Set();
            const pairs = { setTimeout: "clearTimeout", requestAnimationFrame: "cancelAnimationFrame" };
            for (const [set, clear] of Object.entries(pairs)) {
                const begin = window[set], end = window[clear];
                window[set] = (run, ...more) => {
                    const id = begin.call(window, (...args) => { live.delete(set + id); run(...args); }, ...more);
                    live.add(set + id);
                    return id;
                };
                window[clear] = (id) => { live.delete(set + id); end.call(window, id); };
            }
            let listeners = 0;
            for (const target of [window, document]) {
                const add = target.addEventListener;
                target.addEventListener = function (...args) { listeners += 1; return add.apply(this, args); };
            }
            const { start } = await import("/fake_model.js");
            const { model, views, life } = await start(esm, css, state, 2);
            model.answers = false;
            for (const { el } of views) {
                const box = el.querySelector("textarea");
                box.value = "unfinished";
                box.dispatchEvent(new Event("input"));
            }
            const during = { timers: live.size, listening: model.listening };
            views[0].clean();
            views[0].clean();
            views[0].ends.abort();
            views[1].ends.abort();
            life.abort();
            return { during, timers: [...live], listening: model.listening, listeners,
                     children: views.map(({ el }) => el.childElementCount) };
        }""",
        [widget._esm, widget._css, as_json({"_view": widget._view, "_choice": widget._choice, "painted": 0})],
    )
    assert left["during"]["timers"] > 0
    assert left["during"]["listening"] == 6
    assert {k: left[k] for k in ("timers", "listening", "listeners", "children")} == {
        "timers": [], "listening": 0, "listeners": 0, "children": [0, 0],
    }  # fmt: skip


def test_an_exception_while_drawing_is_shown_and_the_next_answer_recovers(show: Show) -> None:
    widget = explorer()
    page = show(widget)
    broken = as_json(widget._view) | {"rev": 99, "units": {"text": 5}}
    page.evaluate("view => model.receive('_view', view)", broken)
    expect(page.get_by_role("alert")).to_contain_text("This view could not be drawn.")
    answer(page, widget, "fine again")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert len(items(page)) == 2


def test_a_view_that_cannot_be_drawn_says_so_instead_of_staying_empty(show: Show) -> None:
    widget = explorer()
    broken = as_json(widget._view) | {"palette": {"light": 5}}
    page = show(widget, patch={"_view": broken})
    expect(page.get_by_role("alert")).to_contain_text("This view could not be drawn.")
    page.evaluate("view => model.receive('_view', view)", as_json(widget._view))
    expect(page.get_by_role("alert")).to_have_count(0)
    assert len(items(page)) == 3


def test_the_theme_of_the_host_decides_between_light_and_dark(show: Show) -> None:
    page = show(explorer())
    ink = "getComputedStyle(document.querySelector('.pw-cell')).color"
    page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    assert page.evaluate(ink) == "rgb(0, 0, 0)"
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    assert page.evaluate(ink) == "rgb(255, 255, 255)"


@pytest.mark.parametrize("size", [13, 22])
@pytest.mark.parametrize("width", [320, 1100])
def test_letters_follow_the_font_of_the_host_and_none_is_tiny(show: Show, page: Page, size: int, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("size => document.body.style.setProperty('--jp-ui-font-size1', `${size}px`)", size)
    show(explorer("The cats/DET sat", selected=(3, 1)))
    page.wait_for_function("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
    sizes = page.locator(".pw").evaluate(
        """root => [...root.querySelectorAll("*")]
            .filter(e => e.checkVisibility() && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
            .filter(e => !["OPTION", "SELECT", "TITLE"].includes(e.tagName.toUpperCase()))
            .map(e => [parseFloat(getComputedStyle(e).fontSize) * (e.getScreenCTM?.().a ?? 1), e.outerHTML])
            .sort((a, b) => a[0] - b[0])"""
    )
    assert sizes[0][0] >= 0.85 * size, sizes[0]
    assert sizes[-1][0] <= 1.31 * size, sizes[-1]
