"""Typing into the explorer: what is asked, what is shown, and what stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from probewidgets.errors import WidgetError
from probewidgets.values import Predictions
from probewidgets.widgets import ProbeExplorer
from tests.widgets.fakes import fake_predictions
from tests.widgets.helpers import SENT, Show, answer, as_json, explorer, items, settle, stop_time


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


def test_an_answer_that_a_newer_text_has_overtaken_is_shown_and_typed_text_never_jumps_back(show: Show) -> None:
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
    assert len(items(page)) == 1
    expect(page.get_by_role("status")).to_have_text("Working…")
    expect(box).to_have_value("one two")
    answer(page, widget, "one", first)  # said twice: it is no newer than what is shown
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
    answer(page, widget, "the cats", error="ValueError: <b>no</b>", of="the cats")
    expect(page.get_by_role("alert")).to_have_text("ValueError: <b>no</b>")
    assert len(items(page)) == 2
    expect(page.get_by_role("status")).to_have_text("Failed; below is the answer to “\u2068the cats\u2069”")
    answer(page, widget, "fine")
    expect(page.get_by_role("alert")).to_have_count(0)


FADED = "[...document.querySelectorAll('.pw-scroll, .pw-details')].map(e => getComputedStyle(e).opacity)"


def test_while_a_newer_text_is_worked_on_the_old_answer_fades_and_the_old_error_goes(show: Show) -> None:
    widget = explorer()
    page = show(widget)
    answer(page, widget, "the cats", error="ValueError: no", of="the cats")
    page.get_by_role("textbox").fill("the cats sat")
    page.wait_for_function("model.last('ask')")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text("Working…")
    page.wait_for_function(f"{FADED}.every(opacity => opacity < 0.5)")
    answer(page, widget, "the cats sat", page.evaluate("model.last('ask').seq"))
    assert page.evaluate(FADED) == ["1", "1"]


def test_where_the_answer_comes_quickly_nothing_fades_and_nothing_is_said_before_it(show: Show) -> None:
    widget = explorer("the cats")
    page = show(widget)
    stop_time(page)
    status = page.get_by_role("status")
    for text, after in (
        ("the cats sat", 230),
        ("the cats sat on", 250),
    ):  # 120 until it is asked, 120 more until it is late
        page.get_by_role("textbox").fill(text)
        page.clock.run_for(after)
        (asked,) = page.evaluate(SENT, "ask")[-1:]
        assert asked["text"] == text
        page.evaluate("asked => model.ack(asked)", asked)
        late = after > 240
        expect(status).to_contain_text("Working…" if late else "2 words")
        assert page.locator(".pw-stale").count() == late
        answer(page, widget, text, asked["seq"])
        expect(status).to_contain_text(f"{len(text.split())} words")
        page.clock.run_for(500)
        assert page.locator(".pw-stale").count() == 0


def test_an_answer_to_another_text_than_the_one_in_the_box_stays_faded_and_says_of_which_it_is(show: Show) -> None:
    widget = explorer("the cats")
    page = show(widget)
    widget.text = "boom"
    settle(widget)
    page.evaluate("([view]) => model.receive('_view', view)", [as_json(widget._view)])
    expect(page.get_by_role("textbox")).to_have_value("boom")
    expect(page.get_by_role("status")).to_contain_text("the cats")
    assert page.locator(".pw-stale").count() == 1
    answer(page, widget, "the cats")
    assert page.locator(".pw-stale").count() == 0
    expect(page.get_by_role("status")).to_contain_text("2 words")


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


# --- gold labels ------------------------------------------------------------------------------------------------------


def with_switch(gold: bool | None = None, made_with: bool = True) -> ProbeExplorer:
    """An explorer of a predictor that can be asked not to read gold labels."""

    def predict(text: str, *, gold: bool = True) -> Predictions:
        return fake_predictions(text if gold else text.replace("/", " x"))

    predict.gold = made_with  # type: ignore[attr-defined]
    return ProbeExplorer(predict, text="the cats/NOUN sat", gold=gold)


def golds(widget: ProbeExplorer) -> list[str | None]:
    return [unit.gold for unit in widget.predictions.units]


def test_the_switch_asks_for_the_text_without_its_gold_labels_and_stays_as_it_was_put(show: Show) -> None:
    widget = with_switch()
    page = show(widget)
    stop_time(page)
    switch = page.get_by_role("checkbox", name="Gold labels", exact=True)
    expect(switch).to_be_checked()
    switch.uncheck()
    (asked,) = page.evaluate(SENT, "ask")
    assert (asked["text"], asked["gold"]) == ("the cats/NOUN sat", False)
    expect(page.get_by_role("status")).to_have_text("Working…")
    expect(switch).not_to_be_checked()
    widget.gold = False
    settle(widget)
    answer(page, widget, widget.text, asked["seq"])
    expect(switch).not_to_be_checked()
    assert len(items(page)) == 4
    page.get_by_role("textbox").fill("a/DET cat")
    page.clock.run_for(200)
    assert "gold" not in page.evaluate(SENT, "ask")[-1]


def test_a_text_that_was_typed_and_not_asked_for_yet_goes_with_the_switch(show: Show) -> None:
    page = show(with_switch())
    stop_time(page)
    page.get_by_role("textbox").fill("a/DET cat")
    page.get_by_role("checkbox", name="Gold labels").uncheck()
    assert [(m["text"], m["gold"]) for m in page.evaluate(SENT, "ask")] == [("a/DET cat", False)]


def test_there_is_no_switch_where_the_predictor_cannot_be_asked_or_no_kernel_is(show: Show) -> None:
    page = show(explorer())
    expect(page.get_by_role("checkbox", name="Gold labels")).to_have_count(0)
    widget = with_switch()
    page = show(widget, patch={"_view": as_json({**widget._view, "static": True})})
    expect(page.get_by_role("checkbox", name="Gold labels")).to_have_count(0)


def test_python_turns_gold_labels_off_too() -> None:
    widget = with_switch(gold=False)
    assert widget.gold is False and golds(widget) == [None] * 4
    widget.gold = True
    settle(widget)
    assert golds(widget) == [None, "NOUN", None]
    assert widget.compute("a/DET").units[0].gold == "DET"
    widget.close()


def test_a_predictor_that_was_made_without_gold_labels_is_asked_for_none() -> None:
    widget = with_switch(made_with=False)
    assert widget.gold is False and golds(widget) == [None] * 4
    widget.close()


@pytest.mark.parametrize("predict", [lambda text: fake_predictions(text), lambda text, **_: fake_predictions(text)])
def test_gold_is_refused_where_the_predictor_cannot_be_asked(predict: Callable[..., Predictions]) -> None:
    with pytest.raises(WidgetError, match="takes no keyword gold"):
        ProbeExplorer(predict, gold=False)
    ProbeExplorer(predict).close()
