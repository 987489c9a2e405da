"""The explorer's module in a real browser, with a strict fake model: what is seen, chosen, sent and cleaned up."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from probewidgets.look.palette import ink_on, ramp
from probewidgets.look.visible import visible
from probewidgets.sweeps.results import Sweep
from probewidgets.values import Baseline, Estimate, Predictions
from probewidgets.widgets import LayerCurve, LayerHeatmap, ProbeExplorer, TokenStrip
from probewidgets.widgets.base import join
from tests.scores import rescored
from tests.widgets.conftest import as_json
from tests.widgets.fakes import fake_predictions, fake_predictor, fake_sweep

Show = Callable[..., Page]
SENT = "kind => model.sent.filter(message => message.kind === kind)"


def explorer(text: str = "the cats sat", **more: Any) -> ProbeExplorer:
    return ProbeExplorer(fake_predictor(), text=text, **more)


def answer(page: Page, widget: ProbeExplorer, text: str, seq: int | None = None, **more: Any) -> None:
    """Let the kernel answer a text: as the answer to the page's question `seq`, or of its own accord."""
    widget.compute(text)
    client = page.evaluate("model.sent[0].client") if seq is not None else ""
    view = {**widget._view, "answered": {client: seq} if seq is not None else {}, **more}
    page.evaluate("([view]) => model.receive('_view', view)", [as_json(view)])


def stop_time(page: Page) -> None:
    """From here on, the page's clock goes only when told to, so a slow machine changes nothing."""
    page.clock.install(time=0)
    page.clock.pause_at(1000)


def items(page: Page) -> list[str]:
    return (
        page.get_by_role("list", name="Predictions")
        .get_by_role("listitem")
        .evaluate_all("x => x.map(e => e.ariaLabel)")
    )


# ---------------------------------------------------------------------- what is seen


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


def test_rows_go_from_the_deepest_layer_down_and_show_their_accuracy(show: Show) -> None:
    page = show(explorer())
    rows = page.get_by_role("rowheader").all_inner_texts()
    assert [row.split("0.")[0].strip() for row in rows] == [f"Layer {layer}" for layer in range(6, -1, -1)]
    assert f"{fake_sweep().score(6).accuracy.value:.3f}" in rows[0]


def test_each_line_is_a_row_of_the_strip(show: Show) -> None:
    page = show(explorer("one two\nthree\n\nfour"))
    assert page.locator(".pw-line").evaluate_all("x => x.map(line => line.children.length)") == [2, 1, 1]


def test_gold_and_unseen_words_are_marked(show: Show) -> None:
    page = show(explorer("cats/NOUN zzz/NOUN sat"))
    chips = page.get_by_role("listitem")
    expect(chips.nth(0)).to_contain_text("✓")
    expect(chips.nth(1)).to_contain_text("✗ NOUN")
    expect(chips.nth(1)).to_have_attribute("aria-description", "gold NOUN, wrong; not seen in training")
    expect(chips.nth(2)).not_to_have_attribute("aria-description", "")
    expect(page.get_by_role("status")).to_contain_text("1 of 2 gold right")


def test_chips_of_one_line_end_at_one_height_whether_they_carry_gold_or_not(show: Show) -> None:
    page = show(explorer("cats/NOUN zzz/VERB sat"))
    boxes = page.locator(".pw-chip").evaluate_all(
        "x => x.map(e => e.getBoundingClientRect()).map(b => [b.top, b.bottom])"
    )
    assert boxes[0] == boxes[1] == boxes[2]
    words = page.locator(".pw-chip .pw-word").evaluate_all("x => x.map(e => e.getBoundingClientRect().top)")
    assert len(set(words)) == 1


def test_stronger_means_more_probable(show: Show) -> None:
    page = show(explorer("cats"))
    shares = page.get_by_role("gridcell").evaluate_all(
        "cells => cells.map(cell => parseFloat(cell.style.getPropertyValue('--fill').match(/([0-9]+)%/)[1]))"
    )
    label_shares = [
        float(name.split()[-1]) for name in page.get_by_role("gridcell").evaluate_all("x => x.map(e => e.ariaLabel)")
    ]
    assert np.argsort(shares).tolist() == np.argsort(label_shares).tolist()


def test_the_edge_shows_the_hue_in_full_however_faint_the_fill_is(show: Show) -> None:
    page = show(explorer("cats"))
    looks = page.get_by_role("gridcell").evaluate_all(
        "x => x.map(e => [e.style.getPropertyValue('--edge'), e.style.getPropertyValue('--fill')])"
    )
    assert len({edge for edge, _ in looks}) == 1, "one label at all layers"
    assert len({fill for _, fill in looks}) > 4


def test_no_words_is_said_and_nothing_else_breaks(show: Show) -> None:
    page = show(explorer("  "))
    expect(page.get_by_role("status")).to_have_text("No words yet: type a sentence.")
    expect(page.get_by_role("rowheader")).to_have_count(7)
    expect(page.get_by_role("gridcell")).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_odd_text_is_shown_as_text(show: Show) -> None:
    page = show(
        explorer("<script>alert(1)</script> <b>x</b> a\u202eb\u200bc مرحبا \U0001f469\u200d\U0001f469 " + "x" * 600)
    )
    names = [name.rsplit(":", 1)[0] for name in items(page)]
    assert names[:3] == ["<script>alert(1)</script>", "<b>x</b>", "a⟨RLO⟩b⟨ZWSP⟩c"]
    assert names[4] == "\U0001f469\u200d\U0001f469"
    assert len(names[5]) == 600
    assert page.locator(".pw script, .pw b").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


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


def test_a_text_of_5000_words_is_painted_and_its_first_row_and_last_cell_can_be_selected(show: Show) -> None:
    page = show(explorer("word " * 4999 + "last"))
    expect(page.get_by_role("gridcell")).to_have_count(400 * 7)
    page.get_by_role("row").nth(1).get_by_role("gridcell").first.click()
    page.get_by_role("gridcell").last.click()
    assert [m["selected"] for m in page.evaluate(SENT, "choose")] == [[6, 0], [0, 399]]
    page.get_by_role("button", name="Later").click()
    assert page.evaluate(SENT, "window")[-1]["start"] == 400
    expect(page.get_by_role("status")).to_contain_text("5,000 words")


# ---------------------------------------------------------------------- typing


def test_keys_are_gathered_into_one_question(show: Show) -> None:
    page = show(explorer())
    stop_time(page)
    page.get_by_role("textbox").press_sequentially(" on it")
    assert page.evaluate(SENT, "ask") == []
    page.clock.run_for(200)
    assert [m["text"] for m in page.evaluate(SENT, "ask")] == ["the cats sat on it"]


def test_while_somebody_types_on_questions_are_asked_now_and_then(show: Show) -> None:
    page = show(explorer())
    stop_time(page)
    for _ in range(12):
        page.get_by_role("textbox").press_sequentially("x")
        page.clock.run_for(100)
    assert 2 <= len(page.evaluate(SENT, "ask")) <= 3


def test_one_question_flies_and_only_the_newest_waits(show: Show) -> None:
    page = show(explorer())
    page.evaluate("model.answers = false")
    stop_time(page)
    for letter in "abcd":
        page.get_by_role("textbox").fill(letter)
        page.clock.run_for(200)
    (first,) = page.evaluate(SENT, "ask")
    page.evaluate("first => model.ack(first)", first)
    assert [m["text"] for m in page.evaluate(SENT, "ask")] == ["a", "d"]


def test_a_stale_answer_is_dropped_and_typed_text_never_jumps_back(show: Show) -> None:
    widget = explorer()
    page = show(widget)
    stop_time(page)
    box = page.get_by_role("textbox")
    box.fill("one")
    page.clock.run_for(200)
    box.fill("one two")
    page.clock.run_for(200)
    first, second = (message["seq"] for message in page.evaluate(SENT, "ask"))
    answer(page, widget, "one", first)
    assert len(items(page)) == 3, "the answer to the older question must not be shown"
    box.press_sequentially(" three")
    answer(page, widget, "one two", second)
    assert len(items(page)) == 2
    expect(box).to_have_value("one two three")


def test_an_answer_that_python_asked_for_does_not_touch_what_is_being_typed(show: Show) -> None:
    widget = explorer()
    page = show(widget)
    stop_time(page)
    page.get_by_role("textbox").fill("typing")
    answer(page, widget, "from python")
    expect(page.get_by_role("textbox")).to_have_value("typing")
    page.clock.run_for(200)
    asked = page.evaluate(SENT, "ask")[-1]["seq"]
    answer(page, widget, "an older answer")
    assert [name.split(":")[0] for name in items(page)] == ["from", "python"]
    answer(page, widget, "typing", asked)
    answer(page, widget, "from python", asked)
    expect(page.get_by_role("textbox")).to_have_value("from python")


def test_a_text_that_the_kernel_refuses_stays_in_the_box(show: Show) -> None:
    widget = explorer()
    page = show(widget)
    stop_time(page)
    page.get_by_role("textbox").fill("much too long")
    page.clock.run_for(200)
    answer(page, widget, "the cats", page.evaluate(SENT, "ask")[-1]["seq"], error="too long", refused=True)
    expect(page.get_by_role("alert")).to_have_text("too long")
    expect(page.get_by_role("textbox")).to_have_value("much too long")


def test_an_error_is_shown_as_text_and_goes_with_the_next_answer(show: Show) -> None:
    widget = explorer()
    page = show(widget)
    answer(page, widget, "the cats", error="ValueError: <b>no</b>")
    expect(page.get_by_role("alert")).to_have_text("ValueError: <b>no</b>")
    assert len(items(page)) == 2
    expect(page.get_by_role("status")).to_have_text("No answer to this text; below is the last one.")
    answer(page, widget, "fine")
    expect(page.get_by_role("alert")).to_have_count(0)


HEARD = "window.heard = []; document.addEventListener('keydown', e => heard.push([e.key, e.defaultPrevented]))"
FADED = "[...document.querySelectorAll('.pw-strip, .pw-panels')].map(e => getComputedStyle(e).opacity)"


def test_while_a_newer_text_is_worked_on_the_old_answer_fades_and_the_old_error_goes(show: Show) -> None:
    widget = explorer()
    page = show(widget)
    answer(page, widget, "the cats", error="ValueError: no")
    assert page.evaluate(FADED) == ["1", "1"]
    page.get_by_role("textbox").fill("the cats sat")
    page.wait_for_function("model.last('ask')")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text("Working…")
    page.wait_for_function(f"{FADED}.every(opacity => opacity < 0.5)")
    answer(page, widget, "the cats sat", page.evaluate("model.last('ask').seq"))
    assert page.evaluate(FADED) == ["1", "1"]


def test_a_text_that_python_sets_fades_the_answer_before_it(show: Show) -> None:
    widget = explorer()
    page = show(widget)
    page.evaluate("model.emit('msg:custom', { kind: 'text', text: 'from python' })")
    expect(page.get_by_role("status")).to_have_text("Working…")
    page.wait_for_function(f"{FADED}.every(opacity => opacity < 0.5)")
    answer(page, widget, "from python")
    assert page.evaluate(FADED) == ["1", "1"]


def test_an_error_can_be_copied(show: Show) -> None:
    widget = explorer()
    page = show(widget)
    answer(page, widget, "the cats", error="ValueError: <b>no</b>")
    button = page.get_by_role("button", name="Copy")
    page.evaluate("document.execCommand = () => { window.taken = String(getSelection()); return true; }")
    button.click()  # this page is not loaded by https
    expect(page.get_by_role("button", name="Copied")).to_have_count(1)
    assert page.evaluate("taken") == "ValueError: <b>no</b>"
    answer(page, widget, "the cats", error="another")
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', { value: { writeText: async text => { taken = text; } } })"
    )
    button.click()
    expect(page.get_by_role("button", name="Copied")).to_have_count(1)
    assert page.evaluate("taken") == "another"
    answer(page, widget, "fine")
    expect(page.get_by_role("button", name="Cop")).to_have_count(0)


def test_a_question_mark_shows_the_keys_and_escape_closes_them(show: Show) -> None:
    page = show(explorer())
    page.evaluate(HEARD)
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_have_count(0)
    cell = page.get_by_role("gridcell").first
    cell.press("?")
    expect(keys).to_be_focused()
    expect(keys).to_contain_text("select the word or the cell")
    assert Axe().run(page, context=".pw").response["violations"] == []
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


@pytest.mark.parametrize("role", ["textbox", "gridcell", "rowheader", "slider", "radio"])
def test_only_escape_and_saving_and_the_palette_are_left_to_the_host(show: Show, role: Any) -> None:
    page = show(explorer())
    page.evaluate(HEARD)
    place = page.get_by_role(role, name="Layer 3").first if role == "radio" else page.get_by_role(role).first
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
    for place in (page.get_by_role("gridcell").first, page.locator(".pw-chip").first):
        place.focus()
        page.keyboard.press("Control+z")
    expect(page.locator("#cell")).to_have_value("note")


# ---------------------------------------------------------------------- the kernel


def test_a_kernel_that_does_not_acknowledge_is_called_busy_and_the_text_is_kept(show: Show) -> None:
    page = show(explorer())
    stop_time(page)
    page.evaluate("model.answers = false")
    page.get_by_role("textbox").fill("patience")
    page.clock.run_for(1000)
    expect(page.get_by_role("status")).to_contain_text("The kernel is busy")
    expect(page.get_by_role("textbox")).to_be_enabled()
    page.evaluate("model.ack(model.last('ask'))")
    expect(page.get_by_role("status")).to_have_text("Working…")


def test_without_an_answer_to_hello_the_widget_says_so_and_is_disabled_until_one_comes(page: Page) -> None:
    widget = explorer()
    stop_time(page)
    page.evaluate(
        """async ([esm, css, state]) => {
            const { start, FakeModel } = await import("/fake_model.js");
            const send = FakeModel.prototype.send;
            FakeModel.prototype.send = function (message) { this.answers = false; send.call(this, message); };
            Object.assign(window, await start(esm, css, state));
        }""",
        [widget._esm, widget._css, as_json({"_view": widget._view, "_choice": widget._choice, "painted": 0})],
    )
    page.clock.run_for(3100)
    expect(page.get_by_role("status")).to_contain_text("Not connected: run the cell again")
    for role in ("textbox", "slider", "combobox"):
        expect(page.get_by_role(role)).to_be_disabled()  # type: ignore[arg-type]
    page.evaluate("model.ack(model.sent[0])")
    expect(page.get_by_role("textbox")).to_be_enabled()
    expect(page.get_by_role("status")).to_contain_text("3 words")


@pytest.mark.parametrize("throws", [False, True])
def test_a_kernel_restart_is_said_plainly(show: Show, throws: bool) -> None:
    page = show(explorer())
    stop_time(page)
    page.evaluate(
        "throws => { model.answers = false; if (throws) model.send = () => { throw new Error('Cannot send'); }; }",
        throws,
    )
    page.evaluate("model.emit('comm_live_update')")
    page.clock.run_for(5000)
    expect(page.get_by_role("status")).to_contain_text("The kernel has restarted")
    expect(page.get_by_role("textbox")).to_be_disabled()


def test_a_connection_that_comes_back_is_used_again(show: Show) -> None:
    page = show(explorer())
    page.evaluate("model.emit('comm_live_update')")
    expect(page.get_by_role("textbox")).to_be_enabled()
    expect(page.get_by_role("status")).to_contain_text("3 words")


# ---------------------------------------------------------------------- choosing


def test_the_slider_the_row_headers_and_the_curve_pick_the_layer_at_once(show: Show) -> None:
    page = show(explorer())
    slider = page.get_by_role("slider", name="Layer")
    slider.press("ArrowRight")
    assert items(page)[1] == "cats: NOUN 0.95"
    page.get_by_role("rowheader", name="Layer 6").click()
    expect(slider).to_have_value("6")
    page.get_by_role("radio", name="Layer 0: accuracy 0.850").click(force=True)
    expect(slider).to_have_value("0")
    page.get_by_role("radio", checked=True).press("ArrowRight")
    assert [message["layer"] for message in page.evaluate(SENT, "choose")] == [4, 6, 0, 1]
    expect(page.get_by_role("status")).to_contain_text("layer 1")
    expect(page.get_by_role("rowheader", selected=True)).to_have_text("Layer 10.894")


def test_a_choice_from_the_kernel_is_shown_and_an_older_one_of_ours_is_not(show: Show) -> None:
    widget = explorer()
    page = show(widget)
    page.get_by_role("rowheader", name="Layer 6").click()
    mine = page.evaluate(SENT, "choose")[-1]
    late = {**as_json(widget._choice), "client": mine["client"], "seq": mine["seq"] - 1, "layer": 2}
    page.evaluate("choice => model.receive('_choice', choice)", late)
    expect(page.get_by_role("slider")).to_have_value("6")
    page.evaluate("choice => model.receive('_choice', choice)", {**late, "client": ""})
    expect(page.get_by_role("slider")).to_have_value("2")


def test_arrow_keys_walk_the_grid_enter_selects_and_escape_leaves(show: Show) -> None:
    page = show(explorer())
    focused = "document.activeElement.ariaLabel"
    page.get_by_role("grid").locator('[tabindex="0"]').focus()
    assert page.evaluate(focused) == "Layer 3"
    for key, name in (
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
    expect(page.get_by_role("radio", checked=True)).to_have_accessible_name(re.compile("^Layer 6:"))
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


def test_words_of_the_strip_are_walked_and_selected_by_keys(show: Show) -> None:
    page = show(explorer())
    page.get_by_role("list").locator('[tabindex="0"]').focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    assert page.evaluate(SENT, "choose")[-1]["selected"] == [3, 1]
    expect(page.get_by_role("region", name="Details")).to_contain_text("cats · layer 3")


def test_words_of_a_hebrew_line_stand_from_right_to_left(show: Show) -> None:
    page = show(explorer("ילד אכל תפוח\nthe ילד sat"))
    places = page.locator(".pw-chip").evaluate_all("x => x.map(e => e.getBoundingClientRect().left)")
    assert places[0] > places[1] > places[2]
    assert places[3] < places[4] < places[5]
    page.locator(".pw-chip").first.focus()
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.unit") == "1"


def test_details_show_the_distribution_and_the_path_of_the_selected_cell(show: Show) -> None:
    page = show(explorer("the cats/VERB sat", selected=(6, 1)))
    details = page.get_by_role("region", name="Details")
    expect(details.get_by_role("row")).to_have_count(8)
    expect(details.get_by_role("row").first).to_contain_text("NOUN0.94")
    expect(details.get_by_role("rowheader", name="VERB (gold)")).to_have_count(1)
    path = details.get_by_role("img").get_attribute("aria-label") or ""
    assert "NOUN 0: 0.26, " in path
    assert "; VERB 0: " in path


def test_details_count_what_is_left_out_and_draw_no_bar_for_next_to_nothing(show: Show) -> None:
    labels = tuple("ABCDEFGHIJ")
    proba = np.full((7, 1, 10), 0.0002, dtype=np.float32)
    proba[:, :, 0], proba[:, :, 1] = 0.9, 0.0984
    unit = fake_predictions("cats").units
    page = show(ProbeExplorer(lambda text: Predictions(text, unit, tuple(range(7)), labels, proba), selected=(6, 0)))
    rows = page.get_by_role("region", name="Details").get_by_role("row")
    expect(rows).to_have_text(["A0.900", "B0.098", *(f"{label}<0.001" for label in "CDEFGH"), "2 others<0.001"])
    assert rows.evaluate_all("x => x.map(e => e.querySelectorAll('.pw-share').length)") == [1, 1] + 7 * [0]


@pytest.mark.parametrize(("layers", "press", "expected"), [((0, 3, 6), "ArrowRight", 6), ((0, 3, 6), "ArrowLeft", 0)])
def test_the_slider_skips_hidden_layers(show: Show, layers: tuple[int, ...], press: str, expected: int) -> None:
    page = show(explorer(layers=layers, layer=3))
    page.get_by_role("slider").press(press)
    expect(page.get_by_role("slider")).to_have_value(str(expected))
    expect(page.get_by_role("rowheader")).to_have_count(3)


def test_any_subset_of_layers_can_be_shown_but_not_none(show: Show) -> None:
    page = show(explorer(layers=(2, 3)))
    page.locator(".pw-controls summary").click()
    page.get_by_role("checkbox", name="Show layer 3").uncheck()
    assert page.evaluate(SENT, "choose")[-1] | {"seq": 0, "client": ""} == {
        "kind": "choose", "seq": 0, "client": "", "layers": [2], "layer": 2, "selected": None,
    }  # fmt: skip
    expect(page.get_by_role("checkbox", name="Show layer 2")).to_be_disabled()
    page.get_by_role("button", name="All").click()
    expect(page.get_by_role("rowheader")).to_have_count(7)


def test_the_colour_can_mean_a_label_its_probability_or_the_entropy(show: Show) -> None:
    widget = explorer("cats")
    page = show(widget)
    select = page.get_by_role("combobox", name="Colour by")
    assert select.get_by_role("option").all_inner_texts()[:3] == ["Predicted label", "Entropy", "Probability of NOUN"]
    cell = page.get_by_role("gridcell", name="cats, layer 3")
    expect(cell).to_have_text("NOUN")
    select.select_option("Probability of VERB")
    share = widget.predictions.proba[3, 0, widget.predictions.labels.index("VERB")]
    expect(cell).to_have_text(f"{share:.2f}")
    select.select_option("Entropy")
    p = widget.predictions.proba[3, 0].astype(float)
    expect(cell).to_have_text(f"{-(p * np.log2(p)).sum():.2f}")
    expect(page.locator(".pw-legend")).to_have_text("entropy (bits), square-root scale:00.753.00")
    expect(cell).to_have_attribute("aria-label", "cats, layer 3: NOUN 0.66")
    assert [(m["colour"], m["label"]) for m in page.evaluate(SENT, "choose")] == [
        ("probability", "VERB"),
        ("entropy", None),
    ]


def test_low_entropies_can_be_told_apart_by_their_colour(page: Page) -> None:
    module = join(".js", "kit", "kit_scene") + "\nexport { rampShare };"
    shares = page.evaluate(
        """async module => {
            const { rampShare } = await import(URL.createObjectURL(new Blob([module], { type: "text/javascript" })));
            const scene = { K: 16 };
            return [0, 0.04, 0.25, 1, 4].map(bits => rampShare(scene, { colour: "entropy" }, bits))
                .concat(rampShare(scene, { colour: "probability" }, 0.25));
        }""",
        module,
    )
    assert shares == pytest.approx([0, 0.1, 0.25, 0.5, 1, 0.25])


def test_every_number_says_what_it_is_and_no_chip_changes_its_width(show: Show) -> None:
    page = show(explorer("the cats sat ."))
    widths = "x => x.map(e => e.getBoundingClientRect().width)"
    chips = page.locator(".pw-chip")
    before = chips.evaluate_all(widths)
    expect(chips.nth(1).locator(".pw-more")).to_be_hidden()
    for choice, said in (("Entropy", r"^entropy \d\.\d\d$"), ("Probability of VERB", r"^VERB \d\.\d\d$")):
        page.get_by_role("combobox").select_option(choice)
        expect(chips.nth(1)).to_contain_text("NOUN 0.66")
        expect(chips.nth(1).locator(".pw-more")).to_have_text(re.compile(said))
        assert chips.evaluate_all(widths) == before
        assert chips.locator(".pw-more span").evaluate_all("x => x.every(e => e.scrollWidth <= e.clientWidth)")
    expect(page.get_by_role("columnheader").first).to_have_text("layer · test accuracy")
    expect(page.locator(".pw-slider")).to_contain_text("3 · test accuracy 0.9")


# ---------------------------------------------------------------------- views and their end


def test_two_views_stay_in_step(show: Show) -> None:
    widget = explorer()
    page = show(widget, count=2)
    stop_time(page)
    page.get_by_role("slider").first.press("ArrowRight")
    expect(page.get_by_role("slider").last).to_have_value("4")
    page.get_by_role("textbox").first.fill("typed in one")
    expect(page.get_by_role("textbox").last).to_have_value("typed in one")
    answer(page, widget, "an answer")
    assert items(page)[:2] == items(page)[2:]


def test_what_is_painted_is_said_once_it_is_on_the_screen(show: Show) -> None:
    widget = explorer()
    page = show(widget)
    answer(page, widget, "again")
    rev = widget._view["rev"]
    page.wait_for_function("rev => model.saved.some(saved => saved.painted === rev)", arg=rev)
    assert page.locator(".pw").get_attribute("data-rev") == str(rev)


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
    assert left["during"]["listening"] == 4
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


# ---------------------------------------------------------------------- for all eyes and hands


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("colour", ["label", "entropy"])
def test_axe_finds_nothing_in_either_theme(show: Show, page: Page, theme: str, colour: str) -> None:
    dark = theme == "dark"
    page.evaluate(
        """dark => {
            document.body.dataset.jpThemeLight = String(!dark);
            document.body.style.background = dark ? "#111" : "#fff";
            document.body.style.setProperty("--jp-layout-color0", dark ? "#111" : "#fff");
        }""",
        dark,
    )
    show(explorer("The old man can fish zzz/NOUN .\nShe sat/VERB on the cats", selected=(5, 2), colour=colour))
    page.get_by_text("All 7 layers shown").click()
    found = Axe().run(page, context=".pw").response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found] == []


@pytest.mark.parametrize("make", [TokenStrip, LayerHeatmap])
def test_axe_finds_nothing_in_a_widget_alone(show: Show, page: Page, make: Any) -> None:
    show(make(fake_predictions("the cats zzz"), sweep=fake_sweep()))
    assert Axe().run(page, context=".pw").response["violations"] == []


def test_the_curve_alone_picks_layers_by_click_and_keys(show: Show) -> None:
    page = show(LayerCurve(fake_sweep(), layer=2))
    expect(page.get_by_role("radio", checked=True)).to_have_accessible_name(
        "Layer 2: accuracy 0.929 [0.917, 0.940], control 0.700 [0.680, 0.720], selectivity 0.229 [0.209, 0.249]"
    )
    page.get_by_role("radio").last.click(force=True)
    page.keyboard.press("Home")
    assert [message["layer"] for message in page.evaluate(SENT, "choose")] == [6, 0]
    assert Axe().run(page, context=".pw").response["violations"] == []


def close_sweep(accuracy: float, control: float | None, **baselines: float) -> Sweep:
    """A sweep whose lines end at the values given."""
    sweep = fake_sweep(control=False)

    def at(value: float) -> Estimate:
        return Estimate(value, value - 0.004, min(value + 0.004, 1.0))

    more = {} if control is None else {"control": at(control), "selectivity": at(accuracy - control)}
    scores = tuple(rescored(score, accuracy=at(accuracy), **more) for score in sweep.scores)
    named = tuple(Baseline(name.replace("_", " "), at(value)) for name, value in baselines.items())
    return replace(sweep, scores=scores, baselines=named)


FROM_ZERO = ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]


@pytest.mark.parametrize(
    ("sweep", "ticks"),
    [
        (close_sweep(0.98, None, layer_0=0.93, word_type=0.88), ["0.85", "0.90", "0.95", "1.00"]),
        (close_sweep(0.98, 0.72, majority=0.28, layer_0=0.93, word_type=0.88), ["0.2", "0.4", "0.6", "0.8", "1.0"]),
        (close_sweep(0.98, 0.96, majority=0.97, layer_0=0.98, word_type=0.975), FROM_ZERO),
        (close_sweep(0.98, 0.985, majority=0.0, layer_0=0.01, word_type=0.02), FROM_ZERO),
        (close_sweep(1.0, None, layer_0=1.0, word_type=1.0, random_model=1.0), ["0.95", "1.00"]),
    ],
)  # fmt: skip
def test_the_labels_of_the_curve_never_overlap_and_stand_near_their_lines(
    show: Show, sweep: Sweep, ticks: list[str]
) -> None:
    page = show(LayerCurve(sweep))
    assert page.locator(".pw-curve .pw-tick[text-anchor=end]").all_text_contents() == ticks
    boxes = page.locator(".pw-line-label").evaluate_all(
        "x => x.map(e => e.getBBox()).map(b => [b.y + b.height / 2, b.x, b.x + b.width])"
    )
    heights = sorted(box[0] for box in boxes)
    assert min(np.diff(heights)) > 12, "labels in 11 units need 12"
    width = page.locator(".pw-curve .pw-plot").evaluate("e => e.viewBox.baseVal.width")
    assert all(width - 92 < start and end <= width + 2 for _, start, end in boxes)
    lines = page.locator(".pw-leader").evaluate_all(
        "x => x.map(e => ['y1', 'y2'].map(name => Number(e.getAttribute(name))))"
    )
    assert len(lines) == len(boxes)
    assert all(abs(end - start) <= 13 * (len(lines) - 1) for start, end in lines)
    assert all(12 <= end <= 200 for _, end in lines), "inside the plot"


def test_the_curve_draws_the_random_model_and_a_dot_for_each_seed(show: Show) -> None:
    plain = show(LayerCurve(fake_sweep()))
    assert plain.locator(".pw-seed, .pw-random-model").count() == 0
    page = show(LayerCurve(fake_sweep(random=True)))
    assert page.locator(".pw-curve-line.pw-random-model").count() == 1
    assert page.locator(".pw-seed").count() == 3 * 7
    assert "random model" in page.locator(".pw-line-label").all_text_contents()
    assert "random model 0.790 [0.760, 0.820]" in page.get_by_role("radio").last.get_attribute("aria-label")


def test_a_strip_and_a_heatmap_alone_select_cells(show: Show) -> None:
    page = show(LayerHeatmap(fake_predictions("the cats"), sweep=fake_sweep()))
    page.get_by_role("gridcell").last.click()
    page.get_by_role("rowheader", name="Layer 1").click()
    assert [m.get("selected") for m in page.evaluate(SENT, "choose")] == [[0, 1], [1, 1]]


def test_the_theme_of_the_host_decides_between_light_and_dark(show: Show) -> None:
    page = show(explorer())
    ink = "getComputedStyle(document.querySelector('.pw-chip')).color"
    page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    assert page.evaluate(ink) == "rgb(0, 0, 0)"
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    assert page.evaluate(ink) == "rgb(255, 255, 255)"


def test_in_forced_colours_the_selection_is_still_outlined(show: Show) -> None:
    page = show(explorer(selected=(3, 1)))
    page.emulate_media(forced_colors="active")
    outline = page.get_by_role("gridcell", selected=True).evaluate("cell => getComputedStyle(cell).outlineStyle")
    assert outline == "solid"


@pytest.mark.parametrize("width", [320, 420, 700, 1100])
def test_nothing_sticks_out_at_any_width(show: Show, width: int) -> None:
    page = show(explorer("The old man can fish zzz/NOUN . " * 3, selected=(0, 2), layer=0))
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    out = """card => [...card.querySelectorAll(":scope > :not(.pw-panels), .pw-controls *, .pw-panels > *")]
        .filter(e => e.getBoundingClientRect().right > card.getBoundingClientRect().right).map(e => e.className)"""
    assert page.locator(".pw-explorer").evaluate(out) == []


LONG = "I can not bear the light in this room , so I light a candle . " * 2
PLACES = """() => [".pw-main", ".pw-curve", ".pw-details"]
    .map(name => document.querySelector(name).getBoundingClientRect())
    .map(box => [Math.round(box.left), Math.round(box.top), Math.round(box.right), Math.round(box.bottom)])"""


def test_the_curve_stands_beside_few_words_and_under_many(show: Show) -> None:
    widget = explorer("the cats sat")
    page = show(widget)
    main, curve, details = page.evaluate(PLACES)
    assert main[1] == curve[1] == details[1]
    assert main[2] < curve[0] < curve[2] < details[0]
    answer(page, widget, LONG)
    main, curve, details = page.evaluate(PLACES)
    assert main[2] - main[0] > 1000, "the full width"
    assert curve[1] >= main[3]
    assert curve[1] == details[1]


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
        page.locator(".pw-chip").nth(30).evaluate("e => e.click()")
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


def test_a_long_strip_fades_where_it_goes_on_and_shows_the_selected_chip(show: Show) -> None:
    widget = explorer("word " * 299 + "last")
    page = show(widget)
    strip = page.get_by_role("list", name="Predictions")
    expect(strip).to_have_class("pw-strip pw-below")
    widget.selected = (2, 299)
    page.evaluate("choice => model.receive('_choice', choice)", as_json(widget._choice))
    expect(strip).to_have_class("pw-strip")
    expect(page.locator(".pw-chip").last).to_be_in_viewport()
    assert page.evaluate("scrollY") == 0


def test_the_selected_cell_is_scrolled_to_again_after_the_page_was_hidden(show: Show, page: Page) -> None:
    page.set_viewport_size({"width": 700, "height": 900})
    show(explorer(LONG + "and end", selected=(6, 30)))
    page.wait_for_function(IN_SIGHT)
    page.evaluate("document.body.style.display = 'none'")
    page.wait_for_function("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
    page.evaluate("document.body.style.display = ''")
    page.wait_for_function(IN_SIGHT)


@pytest.mark.parametrize("size", [13, 22])
@pytest.mark.parametrize("width", [320, 1100])
def test_letters_follow_the_font_of_the_host_and_none_is_tiny(show: Show, page: Page, size: int, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("size => document.body.style.setProperty('--jp-ui-font-size1', `${size}px`)", size)
    show(explorer("The cats/DET sat", selected=(3, 1)))
    page.wait_for_timeout(100)
    sizes = page.locator(".pw").evaluate(
        """root => [...root.querySelectorAll("*")]
            .filter(e => e.checkVisibility() && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
            .filter(e => !["OPTION", "SELECT", "TITLE"].includes(e.tagName.toUpperCase()))
            .map(e => [parseFloat(getComputedStyle(e).fontSize) * (e.getScreenCTM?.().a ?? 1), e.outerHTML])
            .sort((a, b) => a[0] - b[0])"""
    )
    assert sizes[0][0] >= 0.85 * size, sizes[0]
    assert sizes[-1][0] <= 1.2 * size, sizes[-1]


def test_page_and_python_make_the_same_characters_visible_and_the_same_colours(page: Page) -> None:
    texts = [
        "plain",
        "a\u200bb",
        "\x00\x1f\x7f\x85",
        "\u00a0\u00ad\u2028",
        "a\u200db \u0645\u200c\u062e",
        "\U0001f469\u200d\U0001f469",
    ]
    texts += ["\U0001f3f4\U000e0067\U000e007f", "x\U000e0067", "\u202e\u2066\ufeff", "\u200b\u200d\u200b"]
    widget = explorer()
    module = join(".js", "kit", "kit_scene") + "\nexport { visible, rampLook };"
    shown, looks = page.evaluate(
        """async ([module, texts, ramp]) => {
            const url = URL.createObjectURL(new Blob([module], { type: "text/javascript" }));
            const { visible, rampLook } = await import(url);
            return [texts.map(visible), Array.from({ length: 101 }, (_, i) => rampLook(ramp, i / 100))];
        }""",
        [module, texts, widget._view["palette"]["ramp"]],
    )
    assert shown == [visible(text) for text in texts]
    for step, look in enumerate(looks):
        colour = ramp(step / 100)
        channels = [int(part) for part in look["fill"][4:-1].split()]
        assert channels == [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
        assert {"#000": "#000000", "#fff": "#ffffff"}[look["ink"]] == ink_on(colour)


def test_the_report_is_in_the_panel_word_for_word(show: Show) -> None:
    widget = explorer()
    page = show(widget)
    panel = page.locator("details", has_text="How much to believe it")
    expect(panel.locator("pre")).not_to_be_visible()
    panel.locator("summary").click()
    assert panel.locator("pre").text_content() == widget.sweep.report()
    assert "Checks of layer" in widget.sweep.report()
