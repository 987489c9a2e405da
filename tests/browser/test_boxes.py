"""The explorer inside of every box of ipywidgets: as wide as there is room for, and no wider."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.lab import Notebook

BOXES = {
    "HBox": "import ipywidgets\nipywidgets.HBox([w, ipywidgets.Button(description='beside')])",
    "VBox, centred": "ipywidgets.VBox([w], layout={'align_items': 'center'})",
    "VBox, at the start": "ipywidgets.VBox([w], layout={'align_items': 'flex-start'})",
    "HBox of two": "ipywidgets.HBox([w, w])",
    "GridBox": "ipywidgets.GridBox([w, w], layout={'grid_template_columns': '1fr 1fr'})",
    "Tab": "ipywidgets.Tab([w])",
    "Accordion": "ipywidgets.Accordion([w], selected_index=0)",
    "Output": "out = ipywidgets.Output()\nwith out: display(w)\nout",
    "interact": "ipywidgets.interact(lambda n: display(w), n=3);",
}
WIDTHS = """() => [...document.querySelectorAll(".pw")].map((frame) => {
  const { left, right, width } = frame.getBoundingClientRect();
  const output = frame.closest(".jp-OutputArea-output").getBoundingClientRect();
  return { width, inside: left >= output.left - 1 && right <= output.right + 1, fits: frame.scrollWidth <= width + 1 };
})"""


@pytest.mark.cells(*BOXES.values())
def test_in_every_box_it_has_the_room_that_there_is(notebook: Notebook) -> None:
    notebook.run_all()
    expect(notebook.page.locator(".pw")).to_have_count(len(BOXES) + 2)
    widths = notebook.page.evaluate(WIDTHS)
    assert all(each["inside"] and each["fits"] for each in widths), widths
    assert min(each["width"] for each in widths) >= 300, widths
