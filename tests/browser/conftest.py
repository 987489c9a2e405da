"""One server and one browser for all of these tests. Whatever fails says what the page and the server said."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.lab import PATIENCE, Lab, Notebook, closed_context
from tests.chromium import chromium

SCREENSHOTS = Path(__file__).parent / "screenshots"

# Makes a live explorer of a stub; every notebook of these tests begins with it.
START = """
import probewidgets as pw
from pathlib import Path
from IPython.display import display
from tests.browser.stub import Stub, hold, hold_async
stub = Stub()
w = pw.ProbeExplorer(stub, text="the old man")
"""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "cells(*sources): what the test's notebook holds after its first cell")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="package")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with Lab(tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture(scope="package")
def outside() -> list[str]:
    """Every address beyond loopback that any page has asked for."""
    return []


@pytest.fixture(scope="package")
def context(browser: Browser, outside: list[str]) -> Iterator[BrowserContext]:
    expect.set_options(timeout=1000 * PATIENCE)
    with closed_context(browser, outside) as context:
        yield context
    expect.set_options(timeout=None)


@pytest.fixture(autouse=True)
def nothing_leaves(outside: list[str]) -> Iterator[None]:
    """No request of any test leaves loopback."""
    yield
    assert outside == []


@pytest.fixture(scope="package")
def opened(context: BrowserContext, lab: Lab) -> Callable[..., Notebook]:
    """Open a new notebook of these cells, after START."""

    def open_(name: str, *cells: str) -> Notebook:
        return Notebook(context, lab, lab.write(f"{name}.ipynb", START, *cells))

    return open_


@pytest.fixture
def notebook(request: pytest.FixtureRequest, opened: Callable[..., Notebook]) -> Iterator[Notebook]:
    """A fresh notebook of START and the cells that the test is marked with; not yet run."""
    mark = request.node.get_closest_marker("cells")
    notebook = opened(request.node.name, *(mark.args if mark else ("w",)))
    yield notebook
    notebook.close()
    assert notebook.faults() == []


@pytest.fixture(scope="session")
def screenshots() -> Path:
    SCREENSHOTS.mkdir(exist_ok=True)
    return SCREENSHOTS


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to a failure what the page and the server said, and a picture."""
    report = yield
    if report.failed:
        values = getattr(item, "funcargs", {})
        for notebook in (value for value in values.values() if isinstance(value, Notebook)):
            report.sections.append(("Page console", "\n".join(notebook.console[-40:])))
            if not notebook.page.is_closed():
                file = SCREENSHOTS / f"failed-{item.name}.png"
                notebook.page.screenshot(path=file)
                report.sections.append(("Page", os.fspath(file)))
        if isinstance(values.get("lab"), Lab):
            report.sections.append(("JupyterLab", values["lab"].log_tail()))
    return report
