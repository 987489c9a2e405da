"""What a person saves from the panel of a live explorer: files that are what is on the screen."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Download, expect

from tests.browser.explorer import Explorer
from tests.browser.lab import Notebook
from tests.browser.stub import LAYERS, item_names
from tests.widgets.fakes import fake_predictions


def saved(notebook: Notebook, explorer: Explorer, form: str) -> Download:
    """Choose a format in the panel; the file that the browser is given."""
    with notebook.page.expect_download() as download:
        explorer.root.get_by_role("button", name="Save").click()
        explorer.root.get_by_role("menuitem", name=form).click()
    expect(explorer.root.get_by_role("button", name="Save")).to_have_text("Save")
    return download.value


@pytest.mark.cells("w.layers = (1, 3, 5)\nw")
def test_a_table_a_picture_and_the_view_are_downloaded(notebook: Notebook, tmp_path: Path) -> None:
    notebook.run_all()
    explorer = Explorer(notebook.page)
    explorer.type("she can fish")
    explorer.expect_items(item_names("she can fish", 3))

    table = saved(notebook, explorer, "CSV")
    assert table.suggested_filename == "probe-explorer-upos-in-tiny.csv"
    table.save_as(tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    predictions = fake_predictions("she can fish", LAYERS)
    expected = [
        (str(layer), word.text, label)
        for layer in (1, 3, 5)
        for word, label in zip(predictions, predictions.label(layer), strict=True)
    ]
    assert [(row["layer"], row["text"], row["label"]) for row in rows] == expected

    picture = saved(notebook, explorer, "PNG")
    picture.save_as(tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as image:
        assert image.width == round(300 * 6.8)
        assert len(image.convert("RGB").getcolors(1 << 24) or ()) > 10

    view = saved(notebook, explorer, "JSON")
    view.save_as(tmp_path / "a.json")
    content = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert (content["text"], content["layers"]) == ("she can fish", [1, 3, 5])
    code = f"v = pw.ProbeExplorer(stub, text='').restore({content!r})"
    assert notebook.python("[v.text, v.layer, list(v.layers)]", code) == ["she can fish", 3, [1, 3, 5]]


@pytest.mark.cells("w")
def test_a_snapshot_stays_below_the_widget_and_in_the_notebook(notebook: Notebook) -> None:
    notebook.run_all()
    explorer = Explorer(notebook.page)
    explorer.type("she can fish")
    explorer.expect_items(item_names("she can fish", 3))
    explorer.root.get_by_role("button", name="Save").click()
    explorer.root.get_by_role("menuitem", name="Snapshot below").click()
    below = notebook.page.locator(".jp-OutputArea-output.jp-RenderedHTMLCommon img")
    expect(below).to_be_visible()
    expect(explorer.root.get_by_role("button", name="Save")).to_have_text("Save")
    outputs = notebook.save().cells[-1].outputs
    assert (
        "fish" in outputs[-1].data["text/html"] and "application/vnd.jupyter.widget-view+json" not in outputs[-1].data
    )
