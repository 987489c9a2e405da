"""The explorer in every box of ipywidgets: as wide as there is room for, no wider, and alive; hidden at first too."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.explorer import Explorer, use
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


MAKE = "import ipywidgets\ndef make(): return pw.ProbeExplorer(stub, text='the old man')"
INSIDE = {
    "Tab": "ipywidgets.Tab([ipywidgets.Label('the first'), make()], titles=['other', 'explorer'])",
    "Accordion": "ipywidgets.Accordion([make()], titles=['unfold'])",
    "Output": "out = ipywidgets.Output()\nwith out: display(make())\nout",
    "interact": "ipywidgets.interact(lambda x: print(x[::-1]), x=make());",
}


@pytest.mark.cells(MAKE, *INSIDE.values())
def test_in_a_box_it_is_typed_into_and_clicked(notebook: Notebook) -> None:
    notebook.run_all()
    page = notebook.page
    page.get_by_role("tab", name="explorer").click()
    page.get_by_text("unfold", exact=True).click()
    region = page.get_by_role("region", name="Probe explorer", exact=True)
    expect(region).to_have_count(len(INSIDE))
    for nth in range(len(INSIDE)):
        use(Explorer(page, nth))
    expect(page.get_by_text("tas stac")).to_be_visible()


OTHERS = """
import ipywidgets
from tests.widgets.errors.made import english, numbers
e = pw.ProbeErrors(*english(), selected=1)
n = pw.ProbeErrors(*numbers())
t = pw.ProbeTeacher(text="The chef brought bread.\\nA cook ate rice.", labels=["food"], path=False)
"""
AROUND = {
    "HBox": "ipywidgets.HBox([e, ipywidgets.Button(description='beside')])",
    "HBox of two": "ipywidgets.HBox([t, n])",
    "VBox, centred": "ipywidgets.VBox([e, t], layout={'align_items': 'center'})",
    "Tab": "ipywidgets.Tab([ipywidgets.Label('the first'), e, n, t], titles=['other', 'labels', 'numbers', 'lesson'])",
    "Accordion": "ipywidgets.Accordion([n, t], titles=['unfold numbers', 'unfold lesson'])",
}


@pytest.mark.cells(OTHERS, *AROUND.values())
def test_errors_and_teacher_have_the_room_that_there_is_and_are_alive_in_every_box(notebook: Notebook) -> None:
    notebook.run_all()
    page = notebook.page
    expect(page.locator(".pw")).to_have_count(10)
    for name in ("labels", "numbers", "lesson"):
        page.get_by_role("tab", name=name, exact=True).click()
        fits(notebook)
    for name in ("unfold numbers", "unfold lesson"):
        page.get_by_text(name, exact=True).click()
        fits(notebook)
    lessons = page.get_by_role("region", name="Probe teacher", exact=True)
    lesson = lessons.last
    lesson.get_by_role("gridcell", name="rice: untouched", exact=True).click()
    expect(lesson.get_by_role("gridcell", name="rice: food, painted", exact=True)).to_have_count(1)
    for nth in range(lessons.count()):  # all are views of one
        painted = lessons.nth(nth).locator('[aria-label="rice: food, painted"]')
        expect(painted).to_have_count(1)
    first = page.get_by_role("region", name="Probe errors", exact=True).first
    first.get_by_role("grid", name="Confusion").get_by_role("rowheader").first.click()
    notebook.expect_python("e.cell is not None", True)


def fits(notebook: Notebook) -> None:
    """Whatever is shown is as wide as there is room for, and no wider."""
    widths = [each for each in notebook.page.evaluate(WIDTHS) if each["width"]]
    assert all(each["inside"] and each["fits"] for each in widths), widths
    assert min(each["width"] for each in widths) >= 300, widths


MANY = "wide = pw.ProbeExplorer(stub, text='the old man can fish . ' * 25)"
OVERVIEW = """() => [...document.querySelectorAll(".pw")].map((frame) => {
  const rows = [...frame.querySelectorAll("canvas")];
  const room = frame.getBoundingClientRect();
  return {
    height: room.height,
    beside: rows.map((row) => Math.round(room.width - row.getBoundingClientRect().width)),
    pixels: rows.map((row) => row.toDataURL()),
  };
})"""


@pytest.mark.cells(
    MANY, "import ipywidgets\nipywidgets.Tab([ipywidgets.Label(), wide], titles=['other', 'explorer'])", "wide"
)
def test_what_was_hidden_at_first_is_drawn_like_what_never_was(notebook: Notebook) -> None:
    notebook.run_all()
    notebook.page.get_by_role("tab", name="explorer").click()
    expect(notebook.page.get_by_role("region", name="Probe explorer", exact=True)).to_have_count(2)
    hidden, never = notebook.page.evaluate(OVERVIEW)
    assert hidden == never
    assert never["pixels"], "so many words are an overview"
