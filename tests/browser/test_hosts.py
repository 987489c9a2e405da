"""The explorer in other hosts than JupyterLab: Notebook 7, Voila and marimo. It is typed into and clicked."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import START
from tests.browser.every import COUNT, violations
from tests.browser.explorer import Explorer, use, wide
from tests.browser.lab import GUARD, LOOPBACK, PATIENCE, REPO, Lab, Notebook, free_port
from tests.browser.stub import item_names

APP = """
import marimo

app = marimo.App()


@app.cell
def _():
{cell}


@app.cell
def _(w):
    w


@app.cell
def _(pw, stub):
    import marimo

    marimo.hstack([pw.ProbeExplorer(stub, text="she sat")])


@app.cell
def _():
    import marimo as mo
    from tests.browser.every import every

    widgets = every()
    trainer = widgets[4]
    mo.vstack(widgets)
    return mo, trainer


@app.cell
def _(mo):
    go = mo.ui.run_button(label="Show what came of it")
    go
    return (go,)


@app.cell
def _(go, mo, trainer):
    mo.stop(not go.value)
    mo.vstack([trainer.explorer, trainer.errors])
"""
EVERY = "from tests.browser.every import every\ndisplay(*every())"
MADE = 60_000
"""Longest wait for all widgets to be made, or for a small training (ms)."""


def test_in_notebook_7(context: BrowserContext, lab: Lab) -> None:
    notebook = Notebook(context, lab, lab.write("seven.ipynb", START, "w", EVERY), "notebooks")
    expect(notebook.page.locator("#jp-MainLogo, #jp-NotebookLogo").first).to_be_visible()
    notebook.run_all()
    use(Explorer(notebook.page))
    notebook.expect_python("[w.text, w.selected]", ["cats sat", [5, 1]])
    find_nothing(notebook.page, 1 + COUNT)
    notebook.close()
    assert [fault for fault in notebook.faults() if "widget" in fault] == []


def test_in_voila(context: BrowserContext, lab: Lab, outside: list[str]) -> None:
    page, console = opened(
        context, f"{lab.url}/voila/render/{lab.write('voila.ipynb', START, 'w', EVERY)}?token={lab.token}"
    )
    use(Explorer(page))
    find_nothing(page, 1 + COUNT)
    page.close()
    assert [line for line in console if "anywidget" in line] == []
    # Its own page asks for icons and for what sets formulas, and does without. Nothing of a widget is asked for.
    assert [url for url in outside if "widget" in url] == []
    outside.clear()


def test_in_marimo(context: BrowserContext, tmp_path: Path) -> None:
    with marimo(tmp_path, START) as url:
        page, console = opened(context, url)
        use(Explorer(page))
        boxed = Explorer(page, 1)
        boxed.expect_items(item_names("she sat", 3))
        assert wide(boxed), "in a row"
        find_nothing(page, 2 + COUNT)
        train_and_show(page)
        page.close()
    assert [line for line in console if "error" in line] == []


def find_nothing(page: Page, count: int) -> None:
    """Wait for so many widgets, in which axe finds nothing."""
    expect(page.locator(".pw[data-rev]")).to_have_count(count, timeout=MADE)
    assert violations(page) == []


def train_and_show(page: Page) -> None:
    """Train in the page, and have a later cell show what came of it: as often as it runs, it is alive."""
    trainer = page.get_by_role("region", name="Probe trainer", exact=True)
    expect(trainer.get_by_role("status")).to_contain_text("to fit", timeout=MADE)
    trainer.get_by_role("button", name="Train", exact=True).click()
    expect(trainer.get_by_role("status")).to_contain_text("Done", timeout=MADE)
    trainer.get_by_role("button", name="See errors", exact=True).click()
    expect(trainer.get_by_role("alert").filter(has_text="trainer.errors")).to_be_visible()
    count = page.locator(".pw[data-rev]").count()
    explorer = Explorer(page, 3)
    for text in ("she sat", "cats can fish"):
        before = explorer.root.element_handle() if explorer.root.count() else None
        page.get_by_role("button", name="Show what came of it", exact=True).click()
        if before:  # what is typed into it would be lost
            before.wait_for_element_state("hidden")
        expect(page.locator(".pw[data-rev]")).to_have_count(count + 2)
        explorer.type(text)
        expect(explorer.items).to_have_count(len(text.split()))


def opened(context: BrowserContext, url: str) -> tuple[Page, list[str]]:
    """A page at an address, and what its console says."""
    page: Page = context.new_page()
    console: list[str] = []
    page.on("console", lambda message: console.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: console.append(f"uncaught error: {error.stack or error}"))
    page.goto(url, wait_until="commit")
    return page, console


@contextmanager
def marimo(home: Path, cell: str) -> Iterator[str]:
    """The address of an app of marimo's with such a first cell; it keeps everything that it writes in one folder."""
    file, log, port = home / "app.py", home / "marimo.log", free_port()
    file.write_text(APP.format(cell=textwrap.indent(GUARD + cell, "    ")))
    env: dict[str, Any] = os.environ | {
        f"XDG_{name}_HOME": os.fspath(home) for name in ("CONFIG", "DATA", "STATE", "CACHE")
    }
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [os.fspath(REPO), os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-m", "marimo", "-y", "run", os.fspath(file), "--headless", "--no-token"]
    url = f"http://{LOOPBACK}:{port}"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--host", LOOPBACK, "--port", str(port)], env=env, cwd=home, stdout=output, stderr=output
        )
    try:
        wait_for(f"{url}/health", process, log)
        yield url
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
        process.kill()
        process.wait(15)


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server answers."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + 3 * PATIENCE
    while True:
        with suppress(OSError), direct.open(url, timeout=PATIENCE):
            return
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"It did not start. Its log:\n{log.read_text(errors='replace')}")
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
