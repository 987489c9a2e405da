"""Speak to a widget as a page does, wait for it as a notebook does, and to its page as the kernel does."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from probewidgets.widgets import ProbeExplorer
from tests.widgets.fakes import fake_predictor

Show = Callable[..., Page]
SENT = "kind => model.sent.filter(message => message.kind === kind)"
LONG = "I can not bear the light in this room , so I light a candle . " * 2


def said(widget: Any, message: Any) -> list[Any]:
    """Let a page say something; what the widget answers at once."""
    sent: list[Any] = []
    widget.send = lambda content, buffers=None: sent.append(content)
    widget._handle_custom_msg(message, [])
    del widget.send
    return sent


def settle(widget: Any) -> None:
    """Wait until the newest text is answered. On a thread of its own: the browser driver has this one's event loop."""

    async def settled() -> None:
        await asyncio.wait_for(widget.settled(), 30)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, settled()).result()


def explorer(text: str = "the cats sat", **more: Any) -> ProbeExplorer:
    """An explorer of the stand-in predictor."""
    return ProbeExplorer(fake_predictor(), text=text, **more)


def answer(page: Page, widget: ProbeExplorer, text: str, seq: int | None = None, **more: Any) -> None:
    """Let the kernel answer a text: as the answer to the page's question `seq`, or of its own accord."""
    widget.compute(text)
    client = page.evaluate("model.sent[0].client") if seq is not None else ""
    view = {**widget._view, "answered": {client: seq} if seq is not None else {}, **more}
    page.evaluate("([view]) => model.receive('_view', view)", [as_json(view)])


def stop_time(page: Page) -> None:
    """From here on, the page's clock goes only when told to, so a slow machine changes nothing."""
    page.clock.install(time=0)
    page.clock.pause_at(1000)


def items(page: Page) -> list[str]:
    """The names of the strip's chips."""
    chips = page.get_by_role("list", name="Predictions").get_by_role("listitem")
    return chips.evaluate_all("x => x.map(e => e.ariaLabel)")


def as_json(value: Any) -> Any:
    """Traits as they can be handed to the page: bytes as base64."""
    return json.loads(
        json.dumps(value, default=lambda raw: {"base64": base64.b64encode(raw).decode()}, allow_nan=False)
    )


def state_of(widget: Any) -> dict[str, Any]:
    """The traits that a page reads."""
    names = ("_view", "_choice", "_progress")
    return as_json({"painted": 0} | {name: getattr(widget, name) for name in names if widget.has_trait(name)})


def violations(page: Page, without: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """What axe finds with every rule that it has, also those that are switched off by default."""
    page.evaluate(Axe().axe_script)
    rules = {rule: {"enabled": rule not in without} for rule in page.evaluate("axe.getRules().map(r => r.ruleId)")}
    # Of what is in order, axe then describes one element for each rule: to describe each takes longer than to look.
    options = {"rules": rules, "resultTypes": ["violations"]}
    found = Axe().run(page, context=".pw", options=options).response["violations"]
    return [(rule["id"], node["html"][:200]) for rule in found for node in rule["nodes"]]
