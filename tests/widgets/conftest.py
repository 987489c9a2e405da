"""One browser for all module tests; a fresh page for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.chromium import chromium
from tests.widgets.helpers import state_of
from tests.widgets.letters import use_letters

HERE = Path(__file__).parent
ORIGIN = "http://widget.test"
PATIENCE = 20_000  # ms: a machine with few cores, or a busy one, may take its time


# Closed before another folder's tests begin: beside it, no second one can be started, nor any asyncio.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with chromium() as running:
        yield running
    expect.set_options(timeout=None)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page that can load the fake model and nothing else; an uncaught error in it fails the test.

    Its letters, language and time are given, so that they are the same on every machine.
    """
    page = browser.new_page(viewport={"width": 1100, "height": 900}, locale="en-GB", timezone_id="UTC")
    page.set_default_timeout(PATIENCE)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def serve(route: Any) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        if path == "/fake_model.js":
            route.fulfill(content_type="text/javascript", body=(HERE / "fake_model.js").read_text())
        elif path == "/":
            route.fulfill(content_type="text/html", body="<!doctype html><html lang=en><title>t</title><body></body>")
        else:
            errors.append(f"request: {route.request.url}")
            route.abort()

    page.route("**/*", serve)
    page.goto(ORIGIN + "/")
    use_letters(page, "usual")
    yield page
    page.close()
    assert errors == []


@pytest.fixture
def show(page: Page) -> Callable[..., Page]:
    """Render `count` views of a Python widget's own state in the page; the model is then `window.model`."""

    def render(widget: Any, count: int = 1, patch: dict[str, Any] | None = None) -> Page:
        state = state_of(widget) | (patch or {})
        page.evaluate(
            """async ([esm, css, state, count]) => {
                const { start } = await import("/fake_model.js");
                Object.assign(window, await start(esm, css, state, count));
            }""",
            [widget._esm, widget._css, state, count],
        )
        return page

    return render
