"""The quickstart notebook as a person meets it: open it, run all, type."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.explorer import Explorer
from tests.browser.lab import REPO, Lab, Notebook

FIRST_TIME = 480.0
"""Longest wait for a capture of the whole corpus and a sweep over it, on a busy machine (s)."""

TEXT = "I can't light the lights."
WORDS = ("I", "ca", "n't", "light", "the", "lights", ".")

# What the explorer's predictions are called, computed in the kernel.
NAMES = """
(lambda p, l: [f"{u.text}: {k} {q:.2f}" for u, k, q in zip(p, p.label(l), p.proba[p.layers.index(l)].max(-1))])(
    explorer.predictions, explorer.layer)
""".replace("\n", "")


@pytest.fixture
def notebook(context: BrowserContext, lab: Lab) -> Iterator[Notebook]:
    """A copy of the quickstart without its saved outputs."""
    shutil.copy(REPO / "notebooks" / "01_quickstart.ipynb", lab.root)
    notebook = Notebook(context, lab, "01_quickstart.ipynb")
    notebook.command("notebook:clear-all-cell-outputs")
    yield notebook
    notebook.close()
    assert notebook.faults() == []


def test_run_all_and_type(notebook: Notebook, screenshots: Path) -> None:
    notebook.start_all()
    explorer = Explorer(notebook.page)
    notebook.wait_for(explorer.root, FIRST_TIME)
    explorer.type(TEXT)  # while the other cells still run
    expect(explorer.items).to_have_count(len(WORDS))
    for item, word in zip(explorer.items.all(), WORDS, strict=True):
        expect(item).to_have_accessible_name(re.compile(rf"^{re.escape(word)}: [A-Z]+ [01]\.\d\d$"))
    expect(explorer.cells).to_have_count(7 * len(WORDS))
    for layer in range(7):
        expect(explorer.row(layer)).to_have_accessible_description(re.compile(r"test accuracy 0\.\d{3}"))
    explorer.slider.fill("2")

    notebook.wait_all(FIRST_TIME)
    notebook.expect_python("[explorer.predictions.text, explorer.layer]", [TEXT, 2])
    for layer in (2, 6):
        explorer.row(layer).click()
        notebook.expect_python("explorer.layer", layer)
        names = notebook.python(NAMES)
        explorer.expect_items(names)
    tags = dict(name.split()[:2] for name in names)
    assert [tags[f"{word}:"] for word in ("I", "n't", "light", "the", ".")] == ["PRON", "PART", "VERB", "DET", "PUNCT"]
    explorer.cells.nth(3).click()
    expect(explorer.details).to_contain_text("light · layer 6")
    explorer.root.screenshot(path=screenshots / "quickstart.png")
