"""A live teacher of the embedded model: a label taught with hand and keys; a reload, a busy kernel, a crash."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.lab import Lab, Notebook

TEXT = (
    "The chef brought bread and olives to the kitchen.\\nIn Lisbon my aunt sells sardines near the harbour.\\n"
    "The teacher ate rice in Madrid.\\nMy uncle cooks fish at the market."
)


def cell(file: str) -> str:
    """Makes a teacher whose lesson is kept in a file of its own: all notebooks here share a folder."""
    return f't = pw.ProbeTeacher(text="{TEXT}", labels=["food"], path="{file}.jsonl"); t'


LEARNT = 60_000
"""Longest wait for the model to be loaded, and to read the text (ms)."""


class Teacher:
    """What a person finds in the `nth` teacher of a page, by nothing but roles and accessible names."""

    def __init__(self, page: Page, nth: int = 0) -> None:
        self.page = page
        self.root = page.get_by_role("region", name="Probe teacher", exact=True).nth(nth)
        self.box = self.root.get_by_role("textbox", name="Sentences", exact=True)
        self.labels = self.root.get_by_role("listbox", name="Labels", exact=True)
        self.new = self.root.get_by_role("textbox", name="New label", exact=True)
        self.grid = self.root.get_by_role("grid", name="Words", exact=True)
        self.undo = self.root.get_by_role("button", name="Undo", exact=True)
        self.redo = self.root.get_by_role("button", name="Redo", exact=True)
        self.status = self.root.get_by_role("status")

    def word(self, form: str, what: str = ".*") -> Locator:
        return self.grid.get_by_role("gridcell", name=re.compile(rf"^{form}: {what}$"))


@pytest.mark.cells(cell("taught"))
def test_a_label_is_taught_by_hand_and_by_keys(notebook: Notebook, screenshots: Path) -> None:
    notebook.run_all()
    teacher = Teacher(notebook.page)
    teacher.word("bread").click()
    expect(teacher.word("bread", "food, painted")).to_be_focused()
    teacher.new.fill("person")
    teacher.new.press("Enter")
    expect(teacher.labels.get_by_role("option", name="person", exact=True)).to_have_attribute("aria-selected", "true")
    teacher.word("chef").click()
    teacher.word("The").first.click()
    notebook.page.keyboard.press("0")
    expect(teacher.word("The", "nothing, painted")).to_have_count(1)
    expect(teacher.word("olives", r"food [01]\.\d\d")).to_have_count(1, timeout=LEARNT)
    expect(teacher.word("aunt", r"(food|person|nothing) [01]\.\d\d")).to_have_count(1)
    expect(teacher.status).to_contain_text("3 words painted, kept in")
    notebook.page.keyboard.press("Control+z")
    expect(teacher.word("The", "nothing, painted")).to_have_count(0)
    expect(teacher.redo).to_be_enabled()
    notebook.page.keyboard.press("Control+y")
    expect(teacher.word("The", "nothing, painted")).to_have_count(1)
    for form, key in (("aunt", "2"), ("sardines", "1"), ("teacher", "2"), ("rice", "1"), ("my", "0")):
        teacher.word(form).click()
        notebook.page.keyboard.press(key)
    expect(teacher.root).to_contain_text("left-one-sentence-out")
    expect(teacher.root).to_contain_text("few words: wide")
    notebook.page.keyboard.press("n")
    notebook.page.keyboard.press("Enter")
    expect(teacher.status).to_contain_text("9 words painted")
    assert notebook.python("[t.corpus[0].annotations['label'][i] for i in (0, 1, 3)]") == ["O", "person", "food"]
    assert notebook.counts() == [1, 2], "no key has reached the notebook"
    for theme in ("light", "dark"):
        notebook.theme(theme)
        results = Axe().run(notebook.page, ".pw")
        assert results.violations_count == 0, results.generate_report()
        teacher.root.screenshot(path=screenshots / f"teacher-{theme}.png")


@pytest.mark.cells(cell("reload"))
def test_it_stays_through_a_reload_of_the_page(notebook: Notebook) -> None:
    notebook.run_all()
    Teacher(notebook.page).word("bread").click()
    notebook.expect_python("t.corpus[0].annotations['label'][3]", "food")
    notebook.save()
    notebook.page.reload()
    notebook.ready()
    teacher = Teacher(notebook.page)
    expect(teacher.word("bread", "food, painted")).to_have_count(1)
    teacher.word("rice").click()
    notebook.expect_python("t._lesson.n_painted", 2)


@pytest.mark.cells(cell("busy"), "hold(Path('go'))")
def test_what_is_painted_while_a_cell_runs_is_kept(notebook: Notebook) -> None:
    notebook.run_cell(0)
    notebook.run_cell(1)
    teacher = Teacher(notebook.page)
    expect(teacher.word("bread")).to_have_count(1)
    notebook.start_cell(2)
    for form in ("bread", "olives", "rice"):
        teacher.word(form).click()
        expect(teacher.word(form, "food, painted")).to_have_count(1)
    (notebook.lab.root / "go").touch()
    notebook.expect_python("t._lesson.n_painted", 3)
    (notebook.lab.root / "go").unlink()


WAITS = "hold(Path('never'))"


@pytest.mark.cells(cell("interrupted"), WAITS)
def test_an_interrupt_while_probes_learn_loses_no_label_and_the_next_stroke_is_learnt(notebook: Notebook) -> None:
    """It ends a cell that runs, and nothing of the widget's: what waits in the page is made, and learnt."""
    notebook.run_cell(0)
    notebook.run_cell(1)
    teacher = Teacher(notebook.page)
    for form in ("bread", "rice"):  # the model is being loaded, and probes learn
        teacher.word(form).click()
    notebook.command("notebook:interrupt-kernel")
    notebook.expect_python("t._lesson.n_painted", 2)
    notebook.start_cell(2)
    teacher.word("fish").click()
    expect(teacher.word("fish", "food, painted")).to_have_count(1)
    notebook.interrupt_cell(2)
    notebook.expect_python("t._lesson.n_painted", 3)
    expect(teacher.status).to_contain_text("3 words painted, kept in")
    expect(teacher.root.get_by_role("alert")).to_have_count(0)
    teacher.word("my").first.click()
    notebook.page.keyboard.press("0")
    expect(teacher.word("olives", r"(food|nothing) [01]\.\d\d")).to_have_count(1, timeout=LEARNT)
    assert notebook.python("[t.error, t.unsaved]") == ["", ""]
    notebook.page.keyboard.press("Control+z")  # nothing
    notebook.page.keyboard.press("Control+z")  # my
    notebook.expect_python("t._lesson.n_painted", 3)
    kept = (notebook.lab.root / "interrupted.jsonl").read_text("utf-8")
    assert kept.count('"food"') == 3 + 1, "three words, and the name of the label"


@pytest.mark.cells(cell("renamed"))
def test_a_label_is_renamed_and_found_again_after_the_cell_is_run_again(notebook: Notebook) -> None:
    notebook.run_all()
    teacher = Teacher(notebook.page)
    teacher.word("bread").click()
    teacher.labels.focus()
    notebook.page.keyboard.press("F2")
    notebook.page.keyboard.type("meal")
    notebook.page.keyboard.press("Enter")
    expect(teacher.word("bread", "meal, painted")).to_have_count(1, timeout=LEARNT)
    notebook.expect_python("list(t.labels)", ["meal"])
    notebook.run_cell(1)
    again = Teacher(notebook.page)
    expect(again.status).to_contain_text("found again in", timeout=LEARNT)
    expect(again.word("bread", "meal, painted")).to_have_count(1)


@pytest.mark.cells(cell("crash"))
def test_a_kernel_that_dies_loses_no_label(notebook: Notebook, lab: Lab) -> None:
    notebook.run_all()
    teacher = Teacher(notebook.page)
    for form in ("bread", "rice", "fish"):
        teacher.word(form).click()
    notebook.expect_python("t._lesson.n_painted", 3)
    notebook.end_process()
    expect(teacher.status).to_contain_text("run the cell again", timeout=LEARNT)
    expect(teacher.box).to_be_disabled()
    notebook.wait_idle()
    notebook.run_all()
    teacher = Teacher(notebook.page)
    expect(teacher.word("fish", "food, painted")).to_have_count(1)
    expect(teacher.status).to_contain_text("found again in")
    assert (lab.root / "crash.jsonl").is_file()
