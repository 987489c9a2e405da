"""A live trainer of the embedded model: by mouse and keys; two views, an interrupt, a reload, a restart."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.lab import Lab, Notebook

READ = 90_000
"""Longest wait for the model to be loaded and a trial to be made, or for a training (ms)."""
CORPUS = "pw.corpora.english(150)"
# Fits of the layers above 0 wait in small steps until `go()`, so that what happens in the middle of a training can.
SLOW = """
import threading, time
from probewidgets.probes.watching import watched, Step
from probewidgets.sweeps.labels import LabelTrial
gate, run = threading.Event(), LabelTrial.run
go = gate.set
def slowly(self, layer):
    while layer and watched() and not gate.is_set():
        time.sleep(.02)
        watched()(Step([0], [1.0], "objective", "pass", 1.0))
    return run(self, layer)
LabelTrial.run = slowly
"""
TRAINER = f"t = pw.ProbeTrainer({CORPUS}, layers=[0, 3, 6]); t"


class Trainer:
    """What a person finds in the `nth` trainer of a page, by nothing but roles and accessible names."""

    def __init__(self, page: Page, nth: int = 0) -> None:
        self.page = page
        self.root = page.get_by_role("region", name="Probe trainer", exact=True).nth(nth)
        self.status = self.root.get_by_role("status")
        self.grid = self.root.get_by_role("grid", name="Layer scores", exact=True)
        self.train = self.button("Train")
        self.stop = self.button("Stop")

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def box(self, name: str) -> Locator:
        return self.root.get_by_role("combobox", name=name, exact=True)

    def field(self, name: str) -> Locator:
        return self.root.get_by_role("textbox", name=name, exact=True)

    def score(self, layer: int) -> Locator:
        """The row of a layer, once it has a score."""
        head = self.page.get_by_role("rowheader", name=f"Layer {layer}", exact=True)
        return self.grid.get_by_role("row").filter(has=head).filter(has_text=re.compile(r"\.\d\d\d"))

    def begin(self) -> None:
        """Wait for the costs, and press Train."""
        expect(self.status).to_contain_text(re.compile(r"tokens · about .* to fit"), timeout=READ)
        self.train.click()


@pytest.fixture
def trainer(notebook: Notebook) -> Trainer:
    notebook.run_all()
    return Trainer(notebook.page)


@pytest.mark.cells("t = pw.ProbeTrainer(); t")
def test_a_file_of_ones_own_becomes_a_probe_in_the_explorer_without_a_line_of_code(
    notebook: Notebook, lab: Lab, screenshots: Path
) -> None:
    rows = [f"Ann{i} B-PER\nsaw O\nParis{i % 7} B-LOC\nwith O\nBob{i % 5} B-PER\n. O\n" for i in range(60)]
    (lab.root / "my names.bio").write_text("\n".join(rows))
    notebook.run_all()
    trainer = Trainer(notebook.page)
    trainer.box("Corpus").select_option("file")
    trainer.field("Corpus file").fill("my names.boi")
    trainer.field("Corpus file").press("Enter")
    expect(trainer.root.get_by_role("alert").filter(has_text="There is no file")).to_be_visible(timeout=READ)
    expect(trainer.train).to_be_disabled()
    trainer.field("Corpus file").fill("my names.bio")
    trainer.field("Corpus file").press("Enter")
    expect(trainer.root).to_contain_text("42 / 9 / 9 sentences", timeout=READ)
    trainer.box("Task").select_option("WordTask:tag")
    expect(trainer.root).to_contain_text("3 labels of words")
    layers = trainer.field("Layers")
    expect(layers).to_have_value("0-6", timeout=READ)
    layers.fill("0, 3")
    layers.press("Enter")
    expect(trainer.grid.get_by_role("rowheader")).to_have_count(2)
    trainer.begin()
    expect(trainer.status).to_contain_text("Done: 2 layers", timeout=READ)
    for layer in (0, 3):
        expect(trainer.score(layer)).to_have_count(1)
    notebook.page.screenshot(path=screenshots / "trainer-done.png")
    expect(trainer.root).to_contain_text("pw.read_columns('my names.bio')")
    trainer.button("Open in explorer").click()
    explorer = notebook.page.get_by_role("region", name="Probe explorer", exact=True)
    explorer.get_by_role("textbox").first.fill("Ann saw London .")
    expect(explorer.get_by_role("gridcell", name=re.compile("^London, layer 3: B-"))).to_have_count(1, timeout=READ)
    assert notebook.python("[t.sweep.layers, t.acts.n_targets]") == [[0, 3], 360]


@pytest.mark.cells(SLOW, f"{TRAINER}; display(t, t)")
def test_by_keys_it_is_stopped_in_both_views_and_goes_on_while_cells_run(trainer: Trainer, notebook: Notebook) -> None:
    other = Trainer(notebook.page, 1)
    trainer.begin()
    for view in (trainer, other):
        expect(view.score(0)).to_have_count(1, timeout=READ)
    assert notebook.python("1 + 1") == 2  # the kernel is free
    notebook.command("notebook:interrupt-kernel")
    expect(trainer.box("Corpus")).to_be_disabled()
    expect(trainer.root.get_by_role("progressbar", name="Training", exact=True)).to_be_visible()
    trainer.stop.focus()
    notebook.page.keyboard.press("Enter")
    expect(other.status).to_contain_text("1 of 3 layers done")
    assert notebook.python("[t.phase, t.sweep.layers]") == ["stopped", [0]]
    notebook.python("go()")
    trainer.button("Go on").focus()
    notebook.page.keyboard.press("Enter")
    for view in (trainer, other):
        expect(view.status).to_contain_text("Done: 3 layers", timeout=READ)


@pytest.mark.cells(SLOW, TRAINER)
def test_a_reload_finds_it_at_work_and_a_restart_finds_what_was_captured(trainer: Trainer, notebook: Notebook) -> None:
    trainer.begin()
    expect(trainer.score(0)).to_have_count(1, timeout=READ)
    notebook.save()
    notebook.page.reload()
    notebook.ready()
    expect(trainer.score(0)).to_have_count(1, timeout=READ)
    expect(trainer.stop).to_be_enabled()
    notebook.restart()
    expect(trainer.status).to_contain_text("restarted")
    expect(trainer.train.or_(trainer.stop)).to_be_disabled()
    notebook.run_all()
    expect(trainer.status).to_contain_text("states from the cache", timeout=READ)


@pytest.mark.cells(f"t = pw.ProbeTrainer({CORPUS}, task=pw.WordTask(lambda example: 1 / 0, name='odd')); t")
def test_what_a_callable_raises_is_shown_and_another_task_trains(
    trainer: Trainer, notebook: Notebook, screenshots: Path
) -> None:
    expect(trainer.root).to_contain_text("ZeroDivisionError", timeout=READ)
    trainer.box("Task").select_option("WordTask:upos")
    trainer.field("Layers").fill("2")
    trainer.field("Layers").press("Enter")
    trainer.begin()
    expect(trainer.status).to_contain_text("Done: 1 layer", timeout=READ)
    for theme in ("light", "dark"):
        notebook.theme(theme)
        # JupyterLab's body has no height of its own, which makes axe believe that nothing in it can be seen.
        notebook.page.evaluate("() => { document.body.style.overflow = 'visible'; }")
        told = Axe().run(notebook.page, context={"include": [".pw-trainer"]}, options={}).response
        assert [rule["id"] for rule in told["violations"]] == []
        assert any(rule["id"] == "color-contrast" and len(rule["nodes"]) > 20 for rule in told["passes"])
        notebook.page.screenshot(path=screenshots / f"trainer-{theme}.png")
