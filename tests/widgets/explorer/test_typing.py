"""Typing into the explorer: what is asked, what is shown, and what stays."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.widgets.helpers import SENT, Show, answer, explorer, items, stop_time


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


def test_no_words_is_said_and_nothing_else_breaks(show: Show) -> None:
    page = show(explorer("  "))
    expect(page.get_by_role("status")).to_have_text("No words yet: type a sentence.")
    expect(page.get_by_role("rowheader")).to_have_count(7)
    expect(page.get_by_role("gridcell")).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)
