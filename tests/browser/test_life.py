"""What a notebook goes through: reload, restart, cells run again, several views, being saved, and a busy kernel."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import START
from tests.browser.explorer import Explorer
from tests.browser.lab import Lab, Notebook
from tests.browser.stub import cell_names, item_names

LIVE_THINGS = (
    "[len(ipywidgets.widgets.widget._instances), "
    "sum(t.name == 'probewidgets-worker' for t in threading.enumerate()), "
    "sum(isinstance(o, pw.ProbeExplorer) for o in gc.get_objects())]"
)


def test_a_reloaded_page_is_live_again_with_the_same_state(notebook: Notebook) -> None:
    notebook.run_all()
    explorer = Explorer(notebook.page)
    explorer.type("cats can fish")
    # A cell of the text before would be left behind with it.
    explorer.expect_items(item_names("cats can fish", notebook.python("w.layer")))
    explorer.slider.fill("5")
    explorer.colour.select_option("Entropy")
    explorer.cells.last.click()
    notebook.expect_python("[w.text, w.layer, w.colour, w.selected]", ["cats can fish", 0, "entropy", [0, 2]])
    notebook.save()
    notebook.page.reload(wait_until="domcontentloaded")
    notebook.ready()
    explorer.expect_items(item_names("cats can fish", 0))
    expect(explorer.box).to_have_value("cats can fish")
    expect(explorer.slider).to_have_value("0")
    expect(explorer.colour.locator("option:checked")).to_have_text("Entropy")
    expect(explorer.details).to_contain_text("fish · layer 0")
    explorer.type("she sat")
    explorer.expect_items(item_names("she sat", 0))
    explorer.row(2).click()
    notebook.expect_python("[w.text, w.layer]", ["she sat", 2])


def test_a_restarted_kernel_is_said_plainly(notebook: Notebook) -> None:
    notebook.run_all()
    explorer = Explorer(notebook.page)
    explorer.expect_items(item_names("the old man", notebook.python("w.layer")))
    notebook.restart()
    expect(explorer.status).to_contain_text("restarted")
    expect(explorer.status).to_contain_text("run the cell again")
    for control in (explorer.box, explorer.slider, explorer.colour):
        expect(control).to_be_disabled()
    expect(explorer.items).to_have_count(3)  # what was there can still be read
    notebook.run_all()
    for control in (explorer.box, explorer.slider, explorer.colour):
        expect(control).to_be_enabled()
    explorer.type("she sat")
    explorer.expect_items(item_names("she sat", notebook.python("w.layer")))
    expect(explorer.status).to_contain_text("2 words")


@pytest.mark.parametrize("how", ["menu", "elsewhere", "crash"])
def test_a_kernel_that_has_ended_is_said_before_anything_is_sent(notebook: Notebook, lab: Lab, how: str) -> None:
    notebook.run_all()
    explorer = Explorer(notebook.page)
    explorer.expect_items(item_names("the old man", notebook.python("w.layer")))
    if how == "menu":
        notebook.shut_down()
    elif how == "elsewhere":
        (session,) = [each for each in lab.api("api/sessions") if each["path"] == notebook.path]
        lab.api(f"api/kernels/{session['kernel']['id']}", "DELETE")
    else:
        notebook.end_process()
    expect(explorer.status).to_contain_text("has restarted" if how == "crash" else "has ended")
    expect(explorer.status).to_contain_text("run the cell again")
    for control in (explorer.box, explorer.slider, explorer.colour):
        expect(control).to_be_disabled()
    expect(explorer.items).to_have_count(3)  # what was there can still be read


@pytest.mark.cells("w", "w", "w.close()")
def test_two_views_stay_in_step_and_one_outlives_the_other(notebook: Notebook) -> None:
    notebook.run_cell(0)
    notebook.run_cell(1)
    notebook.run_cell(2)
    first, second = Explorer(notebook.page, 0), Explorer(notebook.page, 1)
    first.type("cats sat")
    for view in (first, second):
        view.expect_items(item_names("cats sat", 3))
        expect(view.box).to_have_value("cats sat")
    second.slider.fill("6")
    second.colour.select_option("Entropy")
    second.cells.first.click()
    for view in (first, second):
        view.expect_items(item_names("cats sat", 6))
        expect(view.slider).to_have_value("6")
        expect(view.colour.locator("option:checked")).to_have_text("Entropy")
        expect(view.details).to_contain_text("cats · layer 6")
    # clearing the first cell's output closes its view
    notebook.clear(1)
    region = notebook.page.get_by_role("region", name="Probe explorer", exact=True)
    expect(region).to_have_count(1)
    first.type("she can fish")
    first.expect_items(item_names("she can fish", 6))
    notebook.expect_python("w.text", "she can fish")
    # and close() closes the last
    notebook.run_cell(3)
    expect(region).to_have_count(0)


AGAIN = """
import gc, threading, ipywidgets
if "v" in dir(): v.close()
v = pw.ProbeExplorer(stub, text="again"); display(v)
"""


def nodes(page: Page) -> int:
    """How many nodes the page holds, in its tree or out of it, once what nobody holds is gone."""
    devtools = page.context.new_cdp_session(page)
    for _ in range(3):  # what one round frees may be all that has held something else
        devtools.send("HeapProfiler.collectGarbage")
    count: int = devtools.send("Memory.getDOMCounters")["nodes"]
    devtools.detach()
    return count


@pytest.mark.cells(AGAIN)
def test_running_the_cell_again_does_not_pile_up(notebook: Notebook) -> None:
    notebook.run_cell(0)
    explorer = Explorer(notebook.page)
    found, held = [], []
    for _ in range(4):
        notebook.run_cell(1)
        expect(notebook.page.get_by_role("region", name="Probe explorer", exact=True)).to_have_count(1)
        explorer.type("cats")
        explorer.expect_items(item_names("cats", 3))
        notebook.expect_python("[v.text, v.busy]", ["cats", False])
        found.append(notebook.python(LIVE_THINGS, "gc.collect()"))
        held.append(nodes(notebook.page))
    assert found[1:] == [found[0]] * 3, "widgets, worker threads or explorers are left behind"
    # Jupyter's widgets hold the element that they gave us; what we put into it is several hundred nodes.
    assert held[-1] - held[0] < 100, held


def test_a_saved_notebook_is_light_and_can_be_read_without_a_kernel(notebook: Notebook, lab: Lab) -> None:
    notebook.run_all()
    explorer = Explorer(notebook.page)
    explorer.expect_items(item_names("the old man", 3))
    saved = notebook.save()
    (output,) = saved.cells[1].outputs
    table = output.data["text/html"]
    assert table.count("<table") == 1 and "<script" not in table
    words = re.sub(r"<[^>]*>", "", table)
    for name in item_names("the old man", 3):
        assert name.split(": ")[1] in words
    assert "ProbeExplorer('the old man': 3 words" in output.data["text/plain"]
    assert len(nbformat.writes(saved)) < 200_000
    state = notebook.python("embed.dependency_state([w], drop_defaults=False)", "from ipywidgets import embed")
    assert len(json.dumps(state)) < 200_000


def test_a_notebook_from_somebody_else_shows_the_table(
    notebook: Notebook, context: BrowserContext, lab: Lab, screenshots: Path
) -> None:
    notebook.run_all()
    Explorer(notebook.page).expect_items(item_names("the old man", 3))
    theirs = notebook.save()
    theirs.cells[0].source += "  # changed, so that nobody here has signed it"
    nbformat.write(theirs, lab.root / "theirs.ipynb")
    other = Notebook(context, lab, "theirs.ipynb")
    try:
        table = other.page.locator(".jp-OutputArea-output table")
        expect(table.get_by_role("columnheader")).to_have_text(["Layer", "the", "old", "man"])
        for name in item_names("the old man", 3):
            expect(table.get_by_role("row", name="▶ Layer 3")).to_contain_text(name.split(": ")[1])
        expect(other.page.get_by_role("region", name="Probe explorer")).to_have_count(0)
        table.screenshot(path=screenshots / "table.png")
    finally:
        other.close()


def test_an_exported_page_needs_no_kernel(
    notebook: Notebook, context: BrowserContext, lab: Lab, screenshots: Path
) -> None:
    notebook.run_cell(0)
    notebook.python("None", "w.to_html('an export.html')")
    page = context.new_page()
    page.goto((lab.root / "an export.html").as_uri())
    explorer = Explorer(page)
    explorer.expect_items(item_names("the old man", 3))
    explorer.row(5).click()
    explorer.expect_items(item_names("the old man", 5))
    explorer.cell(cell_names("the old man", 2)[1]).click()
    expect(explorer.details).to_contain_text("old · layer 2")
    explorer.colour.select_option("Entropy")
    page.screenshot(path=screenshots / "export.png")
    page.close()


@pytest.fixture(params=["perCommTarget", "disabled"])
def comms(request: pytest.FixtureRequest, lab: Lab) -> Iterator[str]:
    """Whether JupyterLab may talk to widgets beside a running cell (its default), or only between cells."""
    plugin = "@jupyterlab/apputils-extension:kernels-settings"
    lab.setting(plugin, {"commsOverSubshells": request.param})
    yield request.param
    lab.setting(plugin, {})


@pytest.mark.cells("w", "hold(Path('sync'))", "await hold_async(Path('async'))")
def test_typing_goes_on_while_the_kernel_is_busy(comms: str, notebook: Notebook, lab: Lab) -> None:
    for file in ("sync", "async"):
        (lab.root / file).unlink(missing_ok=True)
    notebook.run_cell(0)
    notebook.run_cell(1)
    explorer = Explorer(notebook.page)
    explorer.expect_items(item_names("the old man", 3))
    running = notebook.page.locator(".jp-InputPrompt", has_text="[*]")

    # beside a cell that blocks the main thread
    notebook.start_cell(2)
    expect(running).to_have_count(1)
    explorer.type("cats sat")
    if comms == "disabled":
        expect(explorer.status).to_contain_text("The kernel is busy")
        expect(explorer.items).to_have_count(3)
        explorer.box.press_sequentially(" .")
        explorer.slider.fill("5")
        expect(explorer.box).to_have_value("cats sat .")
    else:
        explorer.expect_items(item_names("cats sat", 3))
        explorer.box.press_sequentially(" .")
        explorer.slider.fill("5")
        explorer.expect_items(item_names("cats sat .", 5))
    expect(running).to_have_count(1)
    (lab.root / "sync").touch()
    explorer.expect_items(item_names("cats sat .", 5))
    expect(running).to_have_count(0)
    notebook.expect_python("[w.text, w.layer]", ["cats sat .", 5])
    expect(explorer.status).to_contain_text("3 words")

    # beside a cell that awaits
    notebook.start_cell(3)
    expect(running).to_have_count(1)
    explorer.type("she sat")
    explorer.slider.fill("2")
    explorer.expect_items(item_names("she sat", 2))
    explorer.type("the old cats")
    explorer.expect_items(item_names("the old cats", 2))
    expect(running).to_have_count(1)
    (lab.root / "async").touch()
    expect(running).to_have_count(0)

    # and after it
    explorer.type("fish")
    explorer.slider.fill("4")
    explorer.expect_items(item_names("fish", 4))
    notebook.expect_python("[w.text, w.layer]", ["fish", 4])
    notebook.python("None", "w.text = 'from Python'; w.layer = 1")
    explorer.expect_items(item_names("from Python", 1))


@pytest.mark.cells("w", "1 + 1", "hold(Path('later'))", "2")
def test_it_answers_while_later_cells_still_run(notebook: Notebook, lab: Lab) -> None:
    notebook.start_all()
    explorer = Explorer(notebook.page)
    explorer.type("cats sat")
    explorer.expect_items(item_names("cats sat", 3))
    explorer.slider.fill("5")
    explorer.expect_items(item_names("cats sat", 5))
    expect(explorer.status).to_contain_text("2 words")
    expect(notebook.page.locator(".jp-InputPrompt", has_text="[*]")).to_have_count(2)
    (lab.root / "later").touch()
    notebook.wait_all()
    notebook.expect_python("[w.text, w.layer]", ["cats sat", 5])


def test_a_reopened_notebook_whose_widget_state_was_saved_shows_the_explorer(
    context: BrowserContext, tmp_path: Path
) -> None:
    with Lab(tmp_path, settings={"@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True}}) as lab:
        notebook = Notebook(context, lab, lab.write("saved.ipynb", START, "w"))
        notebook.run_all()
        explorer = Explorer(notebook.page)
        explorer.expect_items(item_names("the old man", notebook.python("w.layer")))
        notebook.save()
        notebook.restart()
        notebook.page.reload(wait_until="domcontentloaded")
        explorer.expect_items(item_names("the old man", 3))
        expect(explorer.status).to_contain_text("run the cell again")
        notebook.close()
