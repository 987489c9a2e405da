"""What a person finds in one view of a ProbeExplorer, by nothing but roles and accessible names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.stub import cell_names, item_names


class Explorer:
    """The `nth` explorer in a page."""

    def __init__(self, page: Page, nth: int = 0) -> None:
        self.root = page.get_by_role("region", name="Probe explorer", exact=True).nth(nth)
        self.box = self._one("textbox", "Sentences")
        self.slider = self._one("slider", "Layer")
        self.colour = self._one("combobox", "Colour by")
        self.list = self._one("list", "Predictions")
        self.items = self.list.get_by_role("listitem")
        self.grid = self._one("grid", "Layer heatmap")
        self.cells = self.grid.get_by_role("gridcell")
        self.details = self._one("region", "Details")
        self.status = self.root.get_by_role("status")
        self.alert = self.root.get_by_role("alert")

    def _one(self, role: Any, name: str) -> Locator:
        return self.root.get_by_role(role, name=name, exact=True)

    def row(self, layer: int) -> Locator:
        """The header of a layer's row in the heatmap."""
        return self.grid.get_by_role("rowheader", name=f"Layer {layer}", exact=True)

    def cell(self, name: str) -> Locator:
        """A cell of the heatmap."""
        return self.grid.get_by_role("gridcell", name=name, exact=True)

    def type(self, text: str) -> None:
        """Empty the box, then type into it key by key."""
        self.box.fill("")
        self.box.press_sequentially(text)

    def expect_items(self, names: Sequence[str]) -> None:
        """Wait until the list's items have these accessible names."""
        if names:  # the last first: once it is right, the newest answer is painted
            expect(self.list.get_by_role("listitem", name=names[-1], exact=True).last).to_be_visible()
        expect(self.items).to_have_count(len(names))
        for item, name in zip(self.items.all(), names, strict=True):
            expect(item).to_have_accessible_name(name)


def use(explorer: Explorer) -> None:
    """In a stub's explorer of "the old man", type and see the answer; click a cell of another layer, see details."""
    explorer.expect_items(item_names("the old man", 3))
    explorer.type("cats sat")
    explorer.expect_items(item_names("cats sat", 3))
    explorer.cell(cell_names("cats sat", 5)[1]).click()
    expect(explorer.details).to_contain_text("sat · layer 5")
    explorer.expect_items(item_names("cats sat", 5))
    assert wide(explorer)


def wide(explorer: Explorer) -> bool:
    """Whether it has the room that it needs."""
    box = explorer.root.bounding_box()
    return box is not None and box["width"] >= 300
