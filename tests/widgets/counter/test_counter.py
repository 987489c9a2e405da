"""The counter in a real browser: start, progress, stop, an exception, a stale answer, a refusal, a saved form."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.widgets.counter import Counter
from tests.widgets.helpers import SENT, Show, as_json, said

WAIT = 10


class Desk:
    """A counter whose steps wait at a gate, and its page: what one says is carried to the other when a test says so."""

    def __init__(self, show: Show) -> None:
        self.gate, self.steps = threading.Semaphore(0), []
        self.idle = threading.Event()
        self.counter = Counter(self.step)
        self.told: list[tuple[str, Any]] = []
        self.counter.observe(self.tell, ["_view", "_choice", "_progress"])
        self.page = show(self.counter)
        self.carried = 0

    def step(self, number: int) -> None:
        assert self.gate.acquire(timeout=WAIT)
        if number == 13:
            raise ValueError("no <b>thirteen</b> here")
        self.steps.append(number)

    def tell(self, change: Any) -> None:
        self.told.append((change.name, as_json(change.new)))
        if change.name == "_view" and not change.new["running"]:
            self.idle.set()

    def up(self) -> None:
        """Carry what the page says to the kernel, and its replies back."""
        messages = self.page.evaluate("from => model.sent.slice(from)", self.carried)
        self.carried += len(messages)
        for message in messages:
            for reply in said(self.counter, message)[1:]:  # the first is the acknowledgement, which the fake gives too
                self.page.evaluate("reply => model.emit('msg:custom', reply)", reply)

    def down(self) -> None:
        """Carry what the kernel has said to the page."""
        while self.told:
            self.page.evaluate("([name, value]) => model.receive(name, value)", list(self.told.pop(0)))

    def go(self, steps: int = 1000) -> None:
        """Let it count on until it has ended."""
        self.gate.release(steps)
        assert self.idle.wait(WAIT)
        self.down()

    def start(self, to: int) -> None:
        self.idle.clear()
        self.page.get_by_label("Count to").fill(str(to))
        self.page.get_by_role("button", name="Start").click()
        self.up()


@pytest.fixture
def desk(show: Show) -> Iterator[Desk]:
    desk = Desk(show)
    yield desk
    desk.gate.release(1000)
    desk.counter.close()


def until(fact: Callable[[], bool]) -> None:
    """Wait for another thread."""
    pause = threading.Event()
    for _ in range(100 * WAIT):
        if fact():
            return
        pause.wait(0.01)
    raise AssertionError("that did not come true")


def test_it_counts_when_it_is_started(desk: Desk) -> None:
    page = desk.page
    expect(page.get_by_role("button", name="Stop")).to_be_disabled()
    desk.start(3)
    expect(page.get_by_role("button", name="Start")).to_be_disabled()
    desk.go()
    expect(page.get_by_label("Count", exact=True)).to_have_text("3")
    expect(page.get_by_role("button", name="Start")).to_be_enabled()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    assert Axe().run(page, context=".pw").response["violations"] == []


def test_how_far_it_has_come_is_shown_meanwhile_without_the_view_being_sent_again(desk: Desk) -> None:
    desk.start(4)
    desk.gate.release(1)
    until(lambda: bool(desk.counter._progress))
    assert [name for name, _ in desk.told].count("_view") == 1
    desk.down()
    bar = desk.page.get_by_role("progressbar", name="Counting")
    expect(bar).to_have_js_property("value", 1)
    expect(bar).to_have_js_property("max", 4)
    expect(desk.page.locator(".pw-progress")).to_contain_text("1 of 4 · counted 1")
    desk.go()


def test_it_can_be_stopped_and_started_again(desk: Desk) -> None:
    desk.start(9)
    desk.gate.release(2)
    until(lambda: desk.steps == [1, 2])
    desk.page.get_by_role("button", name="Stop").click()
    desk.up()
    desk.go(1)
    assert desk.steps in ([1, 2], [1, 2, 3])
    expect(desk.page.get_by_label("Count", exact=True)).to_have_text("0")
    expect(desk.page.get_by_role("button", name="Start")).to_be_enabled()
    desk.start(2)
    desk.go()
    expect(desk.page.get_by_label("Count", exact=True)).to_have_text("2")


def test_what_a_step_raises_is_shown_as_text_and_the_next_start_clears_it(desk: Desk) -> None:
    desk.start(20)
    desk.go()
    expect(desk.page.get_by_role("alert")).to_have_text("ValueError: no <b>thirteen</b> here")
    desk.start(2)
    expect(desk.page.get_by_role("alert")).to_have_count(0)
    desk.go()
    expect(desk.page.get_by_label("Count", exact=True)).to_have_text("2")


def test_an_answer_to_an_older_question_is_dropped(desk: Desk) -> None:
    desk.start(3)
    desk.go()
    stale = as_json(desk.counter._view) | {"count": 77}
    desk.page.get_by_role("button", name="Start").click()
    desk.page.evaluate("view => model.receive('_view', { ...view, rev: 99 })", stale)
    expect(desk.page.get_by_label("Count", exact=True)).to_have_text("3")
    expect(desk.page.get_by_role("button", name="Start")).to_be_disabled()


def test_while_it_counts_another_start_is_refused_and_the_page_says_why(desk: Desk) -> None:
    desk.start(3)
    desk.page.evaluate("document.querySelector('.pw-button').disabled = false")
    desk.page.get_by_role("button", name="Start").click()
    desk.up()
    expect(desk.page.get_by_role("alert")).to_have_text("It counts already: stop it first.")
    desk.page.get_by_role("button", name="Stop").evaluate("e => { e.disabled = false; }")
    desk.page.get_by_role("button", name="Stop").click()
    desk.up()
    desk.go()
    expect(desk.page.get_by_role("alert")).to_have_count(0)


def test_a_field_of_another_type_is_refused_and_the_page_says_why(desk: Desk) -> None:
    desk.page.get_by_label("Count to").fill("2.5")
    desk.page.get_by_role("button", name="Start").click()
    desk.up()
    expect(desk.page.get_by_role("alert")).to_have_text("to must be int, but 2.5 came.")
    expect(desk.page.get_by_role("button", name="Start")).to_be_enabled()
    assert desk.page.evaluate(SENT, "start")[-1]["to"] == 2.5


def test_two_views_of_it_stay_in_step(desk: Desk, show: Show) -> None:
    page = show(desk.counter, 2)
    page.evaluate("value => model.receive('_progress', value)", {"done": 5, "total": 9})
    expect(page.get_by_role("progressbar")).to_have_count(2)
    expect(page.locator(".pw-progress").last).to_contain_text("5 of 9")


def test_a_page_that_comes_up_while_it_counts_shows_how_far_it_is(show: Show) -> None:
    counter = Counter(lambda number: None)
    counter._report(2, 5)
    expect(show(counter).locator(".pw-progress")).to_contain_text("2 of 5")
    counter.close()


def test_what_is_saved_of_it_needs_no_kernel(desk: Desk, browser: Browser, tmp_path: Path) -> None:
    desk.start(3)
    desk.go()
    path = tmp_path / "counter.html"
    desk.counter.to_html(path)
    page: Page = browser.new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.goto(path.as_uri())
    expect(page.get_by_label("Count", exact=True)).to_have_text("3")
    expect(page.get_by_role("button", name="Start")).to_be_disabled()
    assert trouble == []
    page.close()
    assert repr(desk.counter.snapshot()) == "Count: 3"
    data, _ = desk.counter._repr_mimebundle_()
    assert data["text/html"] == "<p>Count: 3</p>"
    assert "image/png" not in data


def test_it_is_about_forty_lines_of_python_and_forty_of_javascript() -> None:
    here = Path(__file__).parent
    for name, most in (("__init__.py", 50), ("view.js", 40)):
        lines = [line.strip() for line in (here / name).read_text().splitlines()]
        code = [line for line in lines if line and not line.startswith(("//", "/*", "*", '"""', "from ", "import "))]
        assert len(code) <= most, name
