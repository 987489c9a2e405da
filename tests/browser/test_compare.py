"""A comparison in a real JupyterLab: names, keys, a predictor that fails, reload and restart, axe in both themes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Locator, Page, expect

from tests.browser.lab import Notebook
from tests.browser.test_boxes import WIDTHS

MAKE = """
class Failing(Stub):
    def __call__(self, text, *, check=None):
        if "fish" in text: raise RuntimeError("no <b>fish</b>")
        return super().__call__(text, check=check)
c = pw.ProbeCompare({"first": stub, "second": Failing()}, text="the old man"); c
"""
TWO = "p = pw.ProbeCompare(stub, text=('the old cats sat', 'the cats can sat')); p"


class Comparison:
    """What a person finds in it, by nothing but roles and accessible names."""

    def __init__(self, page: Page, nth: int = 0) -> None:
        self.page = page
        self.root = page.get_by_role("region", name="Probe compare", exact=True).nth(nth)
        self.box = self._one("textbox", "Sentences")
        self.show = self._one("combobox", "Show")
        self.details = self._one("region", "Details")
        self.status = self.root.get_by_role("status")

    def _one(self, role: Any, name: str) -> Locator:
        return self.root.get_by_role(role, name=name, exact=True)

    def cells(self, name: str) -> Locator:
        return self._one("grid", name).get_by_role("gridcell")

    def type(self, text: str) -> None:
        self.box.fill("")
        self.box.press_sequentially(text)


@pytest.fixture(scope="module")
def live(opened: Callable[..., Notebook]) -> Iterator[Notebook]:
    notebook = opened("compare", MAKE)
    notebook.run_all()
    yield notebook
    notebook.close()
    assert notebook.faults() == []


@pytest.fixture
def compared(live: Notebook) -> Comparison:
    live.python("None", "c.show = 'values'; c.word = None; c.label = None; c.row = 3; c.text = 'the old man'")
    compared = Comparison(live.page)
    expect(compared.status).to_contain_text("3 words, layer 3")
    expect(compared.cells("second")).to_have_count(21)
    return compared


def test_one_text_is_answered_by_all_and_a_word_is_chosen_in_all(compared: Comparison, live: Notebook) -> None:
    compared.type("cats sat on")
    for name in ("first", "second"):
        expect(compared.cells(name).first).to_have_accessible_name(re.compile("^cats, layer 6: "))
    compared.cells("second").filter(has=live.page.locator(":scope")).first.focus()
    for key in ("ArrowRight", "ArrowDown", "Enter"):
        live.page.keyboard.press(key)
    for name in ("first", "second"):
        chosen = compared.root.get_by_role("grid", name=name, exact=True).locator("[role=gridcell][aria-selected=true]")
        expect(chosen).to_have_accessible_name(re.compile("^sat, layer 5: "))
    live.expect_python("[c.text, c.row, c.word, c.cells['first']]", ["cats sat on", 5, ["second", 1], [5, 1]])
    live.page.keyboard.press("Escape")
    expect(compared.box).to_be_focused()


def test_a_difference_is_chosen_by_keys_and_is_zero_between_equals(compared: Comparison, live: Notebook) -> None:
    compared.show.focus()
    live.page.keyboard.press("d")
    live.expect_python("c.show", "difference")
    expect(compared.cells("second").last).to_have_accessible_name(re.compile(r"^man, layer 0: \w+ 0\.00$"))
    expect(compared.cells("first").last).to_have_accessible_name(re.compile(r"^man, layer 0: \w+ 0\.\d\d$"))


def test_one_that_fails_hides_no_other_and_comes_back(compared: Comparison, live: Notebook) -> None:
    compared.box.fill("she can fish")  # at once: key by key, some of it is answered before it fails
    expect(compared.root.get_by_role("alert")).to_have_text("RuntimeError: no <b>fish</b>")
    expect(compared.cells("first").last).to_have_accessible_name(re.compile("^fish, layer 0: "))
    expect(compared.cells("second").last).to_have_accessible_name(re.compile("^man, layer 0: "))
    expect(compared.status).to_have_text("No answer of second")
    live.expect_python("c.errors", {"second": "RuntimeError: no <b>fish</b>"})
    compared.type("she can")
    expect(compared.root.get_by_role("alert")).to_have_count(0)
    expect(compared.cells("second").last).to_have_accessible_name(re.compile("^can, layer 0: "))


@pytest.mark.cells(TWO)
def test_two_sentences_stand_word_under_word(notebook: Notebook) -> None:
    notebook.run_all()
    pair = Comparison(notebook.page)
    names = notebook.python("list(p.names)")
    lefts = []
    for name in names:
        box = pair.cells(name).get_by_text(re.compile(".")).first
        expect(box).to_be_visible()
        cells = pair.root.get_by_role("grid", name=name, exact=True).get_by_role(
            "gridcell", name=re.compile("^sat, layer 6")
        )
        lefts.append(cells.bounding_box()["x"])  # type: ignore[index]
    assert abs(lefts[0] - lefts[1]) < 2
    pair.show.select_option("difference")
    expect(pair.cells(names[1]).nth(2)).to_have_accessible_name("can, layer 6: no counterpart")


def test_an_interrupt_of_the_kernel_leaves_what_is_typed_to_stop_and_the_next_text_is_answered(
    compared: Comparison, live: Notebook
) -> None:
    compared.box.fill("deaf man")
    expect(compared.status).to_have_text("Waiting for first, second…")
    live.command("notebook:interrupt-kernel")
    assert live.python("1 + 1") == 2  # the kernel has heard it, and answers
    expect(compared.status).to_have_text("Waiting for first, second…")  # it works on threads of its own
    compared.root.get_by_role("button", name="Stop", exact=True).click()
    expect(compared.root.get_by_text("stopped · of “\u2068the old man\u2069”")).to_have_count(2)
    expect(compared.box).to_have_value("deaf man")
    compared.type("cats sat")
    for name in ("first", "second"):
        expect(compared.cells(name).last).to_have_accessible_name(re.compile("^sat, layer 0: "))
    live.python("None", "stub.let_go.set()")


@pytest.mark.cells(MAKE, "print('it has begun', flush=True)\nc.compute('slow man')")
def test_an_interrupt_of_a_cell_that_computes_is_said_and_the_next_text_is_answered(notebook: Notebook) -> None:
    notebook.start_all()
    compared = Comparison(notebook.page)
    expect(compared.cells("second")).to_have_count(21)
    expect(notebook.page.get_by_text("it has begun", exact=True)).to_be_visible()
    notebook.interrupt()
    expect(notebook.page.get_by_text("KeyboardInterrupt").first).to_be_visible()
    expect(compared.root.get_by_text("stopped · of “\u2068the old man\u2069”")).to_have_count(2)
    expect(compared.box).to_have_value("slow man")
    expect(compared.cells("first")).to_have_count(21)  # what was answered last is there
    compared.type("cats sat")
    for name in ("first", "second"):
        expect(compared.cells(name).last).to_have_accessible_name(re.compile("^sat, layer 0: "))
    notebook.expect_python("[c.text, c.busy, c.errors]", ["cats sat", False, {}])


BOXES = {
    "HBox": "import ipywidgets\nipywidgets.HBox([make(), ipywidgets.Button(description='beside')])",
    "VBox, centred": "ipywidgets.VBox([make()], layout={'align_items': 'center'})",
    "HBox of two": "ipywidgets.HBox([make(), make()])",
    "Tab": "ipywidgets.Tab([ipywidgets.Label('the first'), make()], titles=['other', 'comparison'])",
    "Accordion": "ipywidgets.Accordion([make()], titles=['unfold'])",
    "Output": "out = ipywidgets.Output()\nwith out: display(make())\nout",
}
MANY = "def make(): return pw.ProbeCompare({'first': stub, 'second': Stub()}, text='the old man')"


@pytest.mark.cells(MANY, *BOXES.values())
def test_in_every_box_it_has_the_room_that_there_is_and_is_alive(notebook: Notebook) -> None:
    notebook.run_all()
    page = notebook.page
    page.get_by_role("tab", name="comparison").click()
    page.get_by_text("unfold", exact=True).click()
    regions = page.get_by_role("region", name="Probe compare", exact=True)
    expect(regions).to_have_count(len(BOXES) + 1)
    for nth in range(len(BOXES) + 1):
        compared = Comparison(page, nth)
        compared.type("cats sat")
        for name in ("first", "second"):
            expect(compared.cells(name).last).to_have_accessible_name(re.compile("^sat, layer 0: "))
        compared.cells("second").first.click()
        expect(compared.details).to_contain_text("cats · layer 6")
    widths = page.evaluate(WIDTHS)
    assert all(each["inside"] and each["fits"] for each in widths), widths
    assert min(each["width"] for each in widths) >= 300, widths


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(compared: Comparison, live: Notebook, theme: str) -> None:
    live.theme(theme)
    live.python("None", "c.show = 'difference'; c.word = ('first', 1)")
    expect(compared.details).to_contain_text("old · layer 3")
    report = Axe().run(live.page, context=".pw")
    assert report.response["violations"] == []
    live.theme("light")


@pytest.mark.cells(MAKE)
def test_a_reload_shows_the_same_and_a_restart_is_said_plainly(notebook: Notebook) -> None:
    notebook.run_all()
    compared = Comparison(notebook.page)
    compared.show.select_option("difference")
    compared.cells("second").first.click()
    notebook.expect_python("[c.show, c.word]", ["difference", ["second", 0]])
    notebook.save()
    notebook.page.reload(wait_until="domcontentloaded")
    notebook.ready()
    expect(compared.show).to_have_value("difference")
    expect(compared.details).to_contain_text("the · layer 6")
    compared.type("cats sat")
    expect(compared.cells("second").last).to_have_accessible_name(re.compile("^sat, layer 0: "))
    notebook.restart()
    expect(compared.status).to_contain_text("restarted")
    expect(compared.box).to_be_disabled()
    expect(compared.cells("first")).to_have_count(14)  # what was there can still be read
