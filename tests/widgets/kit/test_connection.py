"""The kernel as a page sees it: busy, gone, restarted, back; two views in step; what is painted is said."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.widgets.helpers import SENT, Show, answer, as_json, explorer, items, stop_time


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


@pytest.mark.parametrize("how", ["statusChanged.emit('dead')", "disposed.emit()"])
def test_a_kernel_that_ends_is_said_at_once_where_the_host_tells(show: Show, how: str) -> None:
    page = show(explorer())
    stop_time(page)
    page.get_by_role("textbox").fill("unanswered")
    page.clock.run_for(300)
    page.evaluate("model.widget_manager.kernel.statusChanged.emit('busy')")
    expect(page.get_by_role("status")).to_have_text("Working…")
    page.evaluate(f"model.widget_manager.kernel.{how}")
    page.clock.run_for(5000)
    expect(page.get_by_role("status")).to_have_text("The kernel has ended. Not connected: run the cell again.")
    expect(page.get_by_role("textbox")).to_be_disabled()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_have_count(0)
    assert len(items(page)) == 3, "what was there can still be read"


def test_a_kernel_that_is_started_again_by_its_server_is_called_restarted(show: Show) -> None:
    page = show(explorer())
    stop_time(page)
    page.evaluate("model.answers = false")
    page.evaluate("model.widget_manager.kernel.statusChanged.emit('autorestarting')")
    page.clock.run_for(5000)
    expect(page.get_by_role("status")).to_contain_text("The kernel has restarted")


def test_a_host_that_says_nothing_of_the_kernel_will_do(page: Page) -> None:
    widget = explorer()
    page.evaluate(
        """async ([esm, css, state]) => {
            const { start, FakeModel } = await import("/fake_model.js");
            Object.defineProperty(FakeModel.prototype, "listening", { value: 0 });
            const get = FakeModel.prototype.get;
            FakeModel.prototype.get = function (name) { delete this.widget_manager; return get.call(this, name); };
            Object.assign(window, await start(esm, css, state));
        }""",
        [widget._esm, widget._css, as_json({"_view": widget._view, "_choice": widget._choice, "painted": 0})],
    )
    expect(page.get_by_role("status")).to_contain_text("3 words")
    page.evaluate("life.abort()")


def test_a_connection_that_comes_back_is_used_again(show: Show) -> None:
    page = show(explorer())
    page.evaluate("model.emit('comm_live_update')")
    expect(page.get_by_role("textbox")).to_be_enabled()
    expect(page.get_by_role("status")).to_contain_text("3 words")


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
