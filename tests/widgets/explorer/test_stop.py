"""Stop: an answer that takes long is waited for no longer, whether or not its work can be ended."""

from __future__ import annotations

import threading

import pytest
from playwright.sync_api import expect

from probewidgets.widgets import ProbeExplorer
from tests.widgets.explorer.slow import PATIENCE, Slow
from tests.widgets.fakes import fake_predictions
from tests.widgets.helpers import SENT, Show, answer, as_json, explorer, said, settle, stop_time


def ask(widget: ProbeExplorer, seq: int, text: str) -> None:
    said(widget, {"kind": "ask", "seq": seq, "client": "page", "text": text})


def stop(widget: ProbeExplorer, seq: int) -> None:
    said(widget, {"kind": "stop", "seq": seq, "client": "page"})


@pytest.mark.parametrize("deaf", [False, True])
def test_what_is_stopped_is_never_shown_and_the_next_text_is_answered(deaf: bool) -> None:
    before = set(threading.enumerate())
    slow = Slow()
    widget = ProbeExplorer(slow.deaf if deaf else slow, text="the cats")
    shown: list[str] = []
    widget.observe(lambda change: shown.append(change.new.text), "predictions")
    ask(widget, 1, "slow one")
    assert slow.entered.wait(PATIENCE)
    ask(widget, 2, "never begun")
    stop(widget, 3)
    assert not widget.busy
    assert (widget.text, widget._view["stopped"], widget._view["of"]) == ("never begun", True, "the cats")
    assert widget._view["answered"] == {"page": 3}
    settle(widget)
    if deaf:
        ask(widget, 4, "the next")
        settle(widget)
        assert slow.finished == ["the cats", "the next"], "it was answered beside the one that cannot be ended"
    (left,) = (thread for thread in set(threading.enumerate()) - before if thread is not widget._runner._thread)
    slow.gate.set()
    left.join(PATIENCE)
    assert not left.is_alive()
    ask(widget, 5, "at last")
    settle(widget)
    assert shown == [*(["the next"] if deaf else []), "at last"]
    assert (widget._view["stopped"], widget._view["of"], widget._view["text"]) == (False, None, "at last")
    widget.close()


def test_what_fails_after_it_was_stopped_is_no_error() -> None:
    entered, gate = threading.Event(), threading.Event()

    def predictor(text: str) -> object:
        if text == "bad":
            entered.set()
            assert gate.wait(PATIENCE)
            raise ValueError(text)
        return fake_predictions(text)

    widget = ProbeExplorer(predictor, text="the cats")  # type: ignore[arg-type]
    ask(widget, 1, "bad")
    assert entered.wait(PATIENCE)
    worker = widget._runner._thread
    stop(widget, 2)
    gate.set()
    worker.join(PATIENCE)
    assert not worker.is_alive()
    assert (widget.error, widget._view["error"], widget._view["stopped"]) == ("", "", True)
    widget.close()


def test_a_stop_that_comes_after_the_answer_changes_nothing_but_is_answered() -> None:
    widget = explorer("the cats")
    ask(widget, 1, "she sat")
    settle(widget)
    stop(widget, 2)
    assert (widget._view["stopped"], widget._view["of"], widget._view["answered"]) == (False, None, {"page": 2})
    with pytest.raises(ValueError, match="boom"):
        widget.compute("boom")
    stop(widget, 3)
    assert not widget._view["stopped"], "nothing was waited for"
    widget.close()


def test_a_page_that_comes_up_while_a_text_is_worked_on_is_told(show: Show) -> None:
    slow = Slow()
    widget = ProbeExplorer(slow, text="the cats")
    assert said(widget, {"kind": "hello", "seq": 1, "client": "new"}) == [{"kind": "ack", "seq": 1, "client": "new"}]
    ask(widget, 1, "slow one")
    assert slow.entered.wait(PATIENCE)
    told = said(widget, {"kind": "hello", "seq": 1, "client": "newer"})
    assert told[1:] == [{"kind": "text", "text": "slow one"}]
    slow.gate.set()
    settle(widget)
    assert len(said(widget, {"kind": "hello", "seq": 1, "client": "newest"})) == 1
    widget.close()


def test_from_a_second_on_the_page_counts_and_offers_to_stop(show: Show) -> None:
    widget = explorer("the cats")
    page = show(widget)
    stop_time(page)
    page.get_by_role("textbox").fill("the cats sat")
    page.clock.run_for(300)
    status, button = page.get_by_role("status"), page.get_by_role("button", name="Stop", exact=True)
    page.evaluate(
        """() => {
            window.told = [];
            const line = document.querySelector("[role=status]");
            const told = new MutationObserver(() => window.told.push(line.textContent));
            told.observe(line, { childList: true, characterData: true, subtree: true });
        }"""
    )
    expect(status).to_have_text("Working…")
    expect(button).to_have_count(0)
    high = page.locator(".pw-about").bounding_box()
    page.clock.run_for(3100)
    expect(page.get_by_text("3 s", exact=True)).to_have_attribute("aria-hidden", "true")
    assert page.evaluate("told") == [], "the seconds are not read out"
    assert page.locator(".pw-about").bounding_box() == high
    assert [message["kind"] for message in page.evaluate("model.sent")] == ["hello", "ask"]
    button.focus()
    page.keyboard.press("Enter")
    (stopped,) = page.evaluate(SENT, "stop")
    expect(page.get_by_role("textbox")).to_be_focused()
    expect(button).to_be_disabled()
    view = as_json(widget._view) | {"answered": {stopped["client"]: stopped["seq"]}, "text": "the cats sat"}
    page.evaluate("view => model.receive('_view', view)", view | {"stopped": True, "of": "the cats", "rev": 99})
    expect(status).to_have_text("Stopped; below is the answer to “\u2068the cats\u2069”")
    expect(page.get_by_role("textbox")).to_have_value("the cats sat")
    expect(button).to_have_count(0)
    assert page.locator(".pw-stale").count() == 1
    page.get_by_role("textbox").fill("the cats sat on it")
    page.clock.run_for(1300)
    expect(page.get_by_text("1 s", exact=True)).to_be_visible()
    expect(button).to_be_enabled()
    button.focus()
    answer(page, widget, "the cats sat on it", page.evaluate(SENT, "ask")[-1]["seq"])
    expect(page.get_by_role("textbox")).to_be_focused()
    expect(status).to_contain_text("5 words")


def test_each_answer_that_is_shown_begins_the_count_anew_and_a_busy_kernel_none(show: Show) -> None:
    widget = explorer("the cats")
    page = show(widget)
    stop_time(page)
    for text in ("one", "one two"):
        page.get_by_role("textbox").fill(text)
        page.clock.run_for(1200)
    button = page.get_by_role("button", name="Stop", exact=True)
    expect(page.get_by_text("2 s", exact=True)).to_be_visible()
    answer(page, widget, "one", page.evaluate(SENT, "ask")[0]["seq"])
    expect(button).to_have_count(0)
    page.clock.run_for(1100)
    expect(page.get_by_text("1 s", exact=True)).to_be_visible()
    page.evaluate("model.answers = false")
    page.get_by_role("textbox").fill("one two three")
    page.clock.run_for(2000)
    expect(page.get_by_role("status")).to_contain_text("The kernel is busy")
    expect(button).to_have_count(0)


def test_stopped_with_nothing_to_show(show: Show) -> None:
    slow = Slow()
    widget = ProbeExplorer(slow, text="")
    widget.text = "slow one"
    assert slow.entered.wait(PATIENCE)
    stop(widget, 1)
    page = show(widget, patch={"_view": as_json(widget._view)})
    expect(page.get_by_role("status")).to_have_text("Stopped.")
    slow.gate.set()
    widget.close()
