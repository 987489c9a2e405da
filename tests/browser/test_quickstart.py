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

FIRST_TIME = 240.0
"""Longest wait for a capture of the whole corpus and a sweep over it, on a busy machine (s)."""

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


def test_run_all_and_type(notebook: Notebook, screenshots: Path) -> None:
    notebook.run_all(patience=FIRST_TIME)
    expect(notebook.page.locator("[data-mime-type='application/vnd.jupyter.stderr'], .jp-RenderedError")).to_have_count(
        0
    )
    explorer = Explorer(notebook.page)
    text = "I can't light the lights."
    words = ["I", "ca", "n't", "light", "the", "lights", "."]
    explorer.type(text)
    notebook.expect_python("explorer.predictions.text", text)
    names = notebook.python(NAMES)
    assert [name.split(": ")[0] for name in names] == words
    explorer.expect_items(names)
    expect(explorer.cells).to_have_count(7 * len(words))
    for layer in range(7):
        explorer.row(layer).click()
        notebook.expect_python("explorer.layer", layer)
        explorer.expect_items(notebook.python(NAMES))
        expect(explorer.row(layer)).to_have_accessible_description(re.compile(r"test accuracy 0\.\d{3}"))
    tags = [name.split()[-2] for name in names]
    assert tags[0] == "PRON" and tags[2] == "PART" and tags[4] == "DET" and tags[6] == "PUNCT"
    explorer.cells.nth(3).click()
    expect(explorer.details).to_contain_text("light · layer 6")
    explorer.root.screenshot(path=screenshots / "quickstart.png")
