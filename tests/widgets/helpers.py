"""Speak to a widget as a page does, and wait for it as a notebook does."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any


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
        await asyncio.wait_for(widget.settled(), 10)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, settled()).result()
