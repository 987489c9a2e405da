"""The errors of a sweep in a real notebook: names, keys, an explorer beside it, faults, a kernel that goes."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.explorer import Explorer
from tests.browser.lab import PATIENCE, Notebook

MAKE = """
from dataclasses import replace
from tests.widgets.errors.made import LAYERS, Broken, english
from tests.widgets.fakes import fake_predictor
sweep, acts = english()
e = pw.ProbeErrors(sweep, acts)
"""


class Errors:
    """What a person finds in a view of ProbeErrors, by roles and accessible names."""

    def __init__(self, page: Page) -> None:
        self.root = page.get_by_role("region", name="Probe errors", exact=True).first
        self.confusion = self.root.get_by_role("grid", name="Confusion", exact=True)
        self.examples = self.root.get_by_role("grid", name="Examples", exact=True)
        self.sort = self.root.get_by_role("combobox", name="Sort by", exact=True)
        self.status = self.root.get_by_role("status")
        self.alert = self.root.get_by_role("alert")

    def row(self, nth: int) -> Locator:
        """A row of the list, counted from 0."""
        return self.examples.locator(f'[role=row][aria-rowindex="{nth + 2}"]')

    def cell(self, gold: str, given: str) -> Locator:
        """A cell of the confusion."""
        return self.confusion.get_by_role("gridcell", name=re.compile(f"^{gold} given as {given}: "))


def shown(notebook: Notebook) -> Errors:
    notebook.run_all()
    errors = Errors(notebook.page)
    expect(errors.row(0)).to_be_visible()
    return errors


def wait_until(true: Callable[[], bool]) -> None:
    """Wait for something that the kernel's process does."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


COMMONEST = "list(e.to_frame(shown=True).groupby(['gold', 'given']).size().idxmax())"


@pytest.mark.cells(MAKE, "e")
def test_a_cell_is_followed_to_its_sentences_by_keys_alone_and_python_knows(notebook: Notebook) -> None:
    errors, page = shown(notebook), notebook.page
    gold, given = notebook.python(COMMONEST)
    errors.cell(gold, given).focus()
    page.keyboard.press("Enter")
    notebook.expect_python("e.cell", [gold, given])
    count = notebook.python("int(e.confusion().loc[e.cell])")
    expect(errors.examples).to_have_attribute("aria-rowcount", str(count + 1))
    errors.sort.select_option("word frequency")
    notebook.expect_python("e.sort", "frequency")
    expect(errors.row(0)).to_contain_text(notebook.python("e.to_frame(shown=True)['word'].iloc[0]"))
    errors.examples.focus()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    notebook.expect_python("bool(e.selected == e.to_frame(shown=True).index[-1])", True)
    detail = errors.root.get_by_role("region", name="Example", exact=True)
    expect(detail).to_contain_text(notebook.python("e.to_frame().loc[e.selected, 'sentence']"))
    notebook.python("1", "e.cell = None; e.layer = 0")
    expect(errors.status).to_have_text(re.compile("^layer 0: "))
    assert Axe().run(page, context=".pw").response["violations"] == []


@pytest.mark.cells(MAKE, "e.explorer = w\ne", "stub.let_go.set()\nw")
def test_an_example_opens_in_the_explorer_beside_it(notebook: Notebook) -> None:
    errors, explorer = shown(notebook), Explorer(notebook.page)
    errors.row(2).click()
    errors.root.get_by_role("button", name="Open in explorer").click()
    sentence, word = notebook.python("list(e.to_frame().loc[e.selected, ['sentence', 'word']])")
    expect(explorer.box).to_have_value(sentence)
    expect(explorer.details).to_contain_text(word)


FAULT = """
probe = Broken(sweep.probes[1])
f = pw.ProbeErrors(replace(sweep, probes=(sweep.probes[0], probe, sweep.probes[2])), acts, layer=0)
probe.broken = True
f
"""


@pytest.mark.cells(MAKE, FAULT)
def test_a_probe_that_raises_is_told_and_the_rest_goes_on(notebook: Notebook) -> None:
    errors = shown(notebook)
    errors.root.get_by_role("radio", name=re.compile("^Layer 1:")).click()
    expect(errors.alert).to_contain_text("ValueError: no <b>probe</b> today")
    expect(errors.status).to_have_text(re.compile("^layer 1: "))
    expect(errors.row(0)).to_be_visible()
    errors.root.get_by_role("radio", name=re.compile("^Layer 0:")).click()
    expect(errors.alert).to_have_count(0)


@pytest.mark.cells(MAKE, "e")
def test_after_a_reload_it_is_as_it_was_and_after_a_restart_it_says_so(notebook: Notebook) -> None:
    errors = shown(notebook)
    errors.confusion.get_by_role("rowheader").first.click()
    notebook.expect_python("e.cell is not None", True)
    notebook.save()
    notebook.page.reload(wait_until="domcontentloaded")
    notebook.ready()
    errors = Errors(notebook.page)
    expect(errors.confusion.get_by_role("rowheader").first).to_have_class(re.compile("chosen"))
    # Before JupyterLab has its ways to the kernel again, a restart would tear them down half made, and say so.
    errors.sort.select_option("word frequency")
    notebook.expect_python("e.sort", "frequency")
    notebook.restart()
    expect(errors.status).to_contain_text("Not connected: run the cell again.")
    expect(errors.sort).to_be_disabled()


SLOW = """
from pathlib import Path
import threading
class Slow(Broken):
    \"\"\"A probe that answers once a file is there; an interrupt ends it.\"\"\"
    def log_proba(self, states):
        Path("asked").touch()
        hold(Path("answer"))
        return super().log_proba(states)
s = replace(sweep, probes=(sweep.probes[0], Slow(sweep.probes[1]), sweep.probes[2]))
"""


@pytest.mark.cells(MAKE, SLOW, "f = pw.ProbeErrors(s, acts, layer=1); f", "f = pw.ProbeErrors(s, acts, layer=0); f")
def test_an_interrupt_while_it_opens_or_a_layer_is_asked_leaves_nothing_half_done(notebook: Notebook) -> None:
    for index in range(3):
        notebook.run_cell(index)
    root = notebook.lab.root
    notebook.start_cell(3)
    wait_until((root / "asked").exists)
    notebook.interrupt_cell(3)
    assert notebook.python("'f' in globals()") is False
    notebook.run_cell(4)
    errors = Errors(notebook.page)
    expect(errors.status).to_have_text(re.compile("^layer 0: "))
    (root / "asked").unlink()
    errors.root.get_by_role("radio", name=re.compile("^Layer 1:")).click()
    wait_until((root / "asked").exists)
    notebook.command("notebook:interrupt-kernel")
    (root / "answer").touch()
    # Kernels that hear pages on a thread of their own let it end, as only the main one is interrupted; others say so.
    told = errors.alert.filter(has_text="The kernel was interrupted before this was done: choose it again.")
    done = errors.status.filter(has_text=re.compile("^layer 1: "))
    expect(told.or_(done)).to_be_visible()
    errors.root.get_by_role("radio", name=re.compile("^Layer 0:")).click()
    expect(errors.status).to_have_text(re.compile("^layer 0: "))
    errors.root.get_by_role("radio", name=re.compile("^Layer 1:")).click()
    expect(errors.status).to_have_text(re.compile("^layer 1: "))
    notebook.expect_python("f.layer", 1)
    expect(errors.row(0)).to_be_visible()
    for name in ("asked", "answer"):
        (root / name).unlink(missing_ok=True)
    # What anywidget says of a widget that is closed before its page has come up: the one whose cell was interrupted.
    notebook.console = [line for line in notebook.console if "Failed to initialize model" not in line]


NUMBERS = "from tests.widgets.errors.made import numbers\nn = pw.ProbeErrors(*numbers()); n"


@pytest.mark.cells(NUMBERS)
def test_of_numbers_a_cell_is_followed_to_its_sentences(notebook: Notebook, screenshots: Path) -> None:
    errors = shown(notebook)
    row, column = notebook.python("[n.confusion().index[2], n.confusion().columns[2]]")
    cell = errors.confusion.get_by_role("gridcell", name=re.compile(f"^true {row}, predicted {column}: "))
    cell.focus()
    notebook.page.keyboard.press("Enter")
    notebook.expect_python("n.cell", [row, column])
    count = notebook.python("int(n.confusion().iloc[2, 2])")
    expect(errors.examples).to_have_attribute("aria-rowcount", str(count + 1))
    errors.row(0).click()
    notebook.expect_python("bool(n.selected == n.to_frame(shown=True).index[0])", True)
    for theme in ("light", "dark"):
        notebook.theme(theme)
        assert Axe().run(notebook.page, context=".pw").response["violations"] == []
        errors.root.screenshot(path=screenshots / f"errors-numbers-{theme}.png")


WHILE_BUSY = "done = Path('done.txt')\nhold(done)"


@pytest.mark.cells(MAKE, "e", WHILE_BUSY)
def test_it_answers_while_a_cell_runs(notebook: Notebook) -> None:
    notebook.start_all()
    errors = Errors(notebook.page)
    expect(errors.row(0)).to_be_visible()
    errors.root.get_by_role("radio", name=re.compile("^Layer 0:")).click()
    expect(errors.status).to_have_text(re.compile("^layer 0: |kernel is busy"))
    (notebook.lab.root / "done.txt").write_text("")
    notebook.wait_all()
    expect(errors.status).to_have_text(re.compile("^layer 0: "))
