"""One browser for all module tests; a fresh page for each."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.chromium import chromium

HERE = Path(__file__).parent
ORIGIN = "http://widget.test"


# Closed before another folder's tests begin: beside it, no second one can be started, nor any asyncio.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page that can load the fake model and nothing else; an uncaught error in it fails the test."""
    page = browser.new_page(viewport={"width": 1100, "height": 900})
    page.set_default_timeout(5000)
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
    yield page
    page.close()
    assert errors == []


def as_json(value: Any) -> Any:
    """Traits as they can be handed to the page: bytes as base64."""
    return json.loads(
        json.dumps(value, default=lambda raw: {"base64": base64.b64encode(raw).decode()}, allow_nan=False)
    )


def state_of(widget: Any) -> dict[str, Any]:
    return as_json({"_view": widget._view, "_choice": widget._choice, "painted": 0})


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
