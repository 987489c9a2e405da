"""The recipe of a widget in CONTRIBUTING.md, executed: its page asks, its kernel answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.recipes import module_of
from tests.widgets.helpers import SENT, as_json, said


def test_a_widget_is_asked_by_its_page_and_answers(show: Any, tmp_path: Path) -> None:
    with module_of("A widget", tmp_path) as recipe:
        widget = recipe.Letters()
        page = show(widget)
        page.get_by_role("textbox", name="Text").fill("a b, c!")
        (asked,) = page.evaluate(SENT, "count")
        assert said(widget, asked)[0]["kind"] == "ack"
        page.evaluate("view => model.receive('_view', view)", as_json(widget._view))
        expect(page.get_by_role("status", name="Letters")).to_have_text("3")
        assert "Letters: 3" in widget._repr_mimebundle_()[0]["text/html"]
        widget.close()
