"""The errors of a sweep of numbers: bins of true and predicted ones, residuals, mean absolute errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from probewidgets.errors import ProbeError, WidgetError
from probewidgets.widgets import ProbeErrors
from tests.sweeps.test_graded import sets
from tests.widgets.errors.made import numbers, scores
from tests.widgets.errors.test_page import grid, obey, row
from tests.widgets.errors.test_protocol import choose, counts
from tests.widgets.helpers import SENT, Show


@pytest.fixture
def widget() -> Iterator[ProbeErrors]:
    widget = ProbeErrors(*numbers())
    yield widget
    widget.close()


# ---------------------------------------------------------------------- what is sent, and told in Python


@pytest.mark.parametrize("make", [numbers, scores, lambda: numbers(whole=True)])
def test_the_grid_has_every_target_once_in_rows_of_true_and_columns_of_predicted_numbers(make: Any) -> None:
    widget = ProbeErrors(*make())
    for layer in widget.sweep.layers:
        widget.layer = layer
        table = widget.confusion()
        assert counts(widget).sum() == table.to_numpy().sum() == len(widget.to_frame())
        np.testing.assert_array_equal(counts(widget), table)
        assert (table.index.name, table.columns.name) == ("true", "predicted")
        assert widget._view["called"] == list(table.index) == list(table.columns)


def test_the_residual_is_the_predicted_number_minus_the_true_one(widget: ProbeErrors) -> None:
    table = widget.to_frame()
    np.testing.assert_allclose(table["residual"], table["given"] - table["gold"])
    np.testing.assert_array_equal(table["gold"], widget._tested.true)
    score = widget.sweep.score(widget.layer)
    assert table["residual"].abs().mean() == pytest.approx(score.mae.value, rel=1e-4)
    assert {"right", "confidence"}.isdisjoint(table.columns)


def test_a_cell_opens_the_targets_whose_numbers_are_in_its_bins(widget: ProbeErrors) -> None:
    table = widget.confusion()
    for true, predicted in np.argwhere(table.to_numpy())[:6]:
        pair = (table.index[true], table.columns[predicted])
        widget.cell = pair
        shown = widget.to_frame(shown=True)
        assert len(shown) == table.loc[pair]
        assert set(widget._tested.bins.place(shown["gold"])) == {true}
        assert set(widget._tested.bins.place(shown["given"])) == {predicted}
    widget.cell = (None, table.columns[3])
    assert len(widget.to_frame(shown=True)) == table.iloc[:, 3].sum()


def test_at_first_all_are_listed_the_farthest_off_first_and_then_as_one_chooses(widget: ProbeErrors) -> None:
    assert widget.sort == "residual"
    assert list(widget._view["sorts"]) == ["residual", "signed", "frequency", "seen", "text"]
    shown = widget.to_frame(shown=True)
    assert len(shown) == len(widget.to_frame())
    assert shown["residual"].abs().is_monotonic_decreasing
    choose(widget, sort="signed")
    assert widget.to_frame(shown=True)["residual"].is_monotonic_decreasing
    choose(widget, sort="signed", reverse=True)
    assert widget.to_frame(shown=True)["residual"].is_monotonic_increasing
    with pytest.raises(WidgetError, match=r"sort must be one of \['residual', .*'confidence' came"):
        widget.sort = "confidence"
    assert list(ProbeErrors(*scores())._view["sorts"]) == ["residual", "signed", "text"]


def test_slices_are_listed_by_the_names_that_the_table_has(widget: ProbeErrors) -> None:
    table = widget.slices()
    assert set(table["kind"]) == {"number", "word type", "length", "seen", "position"}
    for cut in table.itertuples():
        widget.slice = (cut.kind, cut.slice)
        shown = widget.to_frame(shown=True)
        assert len(shown) == widget._view["list"]["total"] == cut.targets
        assert shown["residual"].abs().mean() == pytest.approx(cut.mae)
        assert shown["residual"].mean() == pytest.approx(cut.residual)
    assert set(ProbeErrors(*scores()).slices()["kind"]) == {"number", "length"}


def test_rows_and_details_are_text_with_the_numbers_of_the_task(widget: ProbeErrors) -> None:
    rows, shown = widget._view["list"]["rows"], widget.to_frame(shown=True)
    for at in range(5):
        for column, value in (("gold", shown["gold"]), ("given", shown["given"]), ("told", shown["residual"])):
            text = rows[column][at].replace("−", "-")
            assert float(text) == pytest.approx(value.iloc[at], abs=0.06)
        assert rows["told"][at][0] in "+−"
    place = int(shown.index[0])
    choose(widget, selected=place)
    detail = widget._view["detail"]
    assert [float(text.replace("−", "-")) for text in detail["answers"]] == pytest.approx(
        widget._tested.through(place), abs=0.06
    )
    assert detail["facts"][:3] == [
        f"true {rows['gold'][0]}",
        f"predicted {rows['given'][0]}",
        f"residual {rows['told'][0]}",
    ]


def test_a_layer_whose_probe_raises_is_refused_and_all_stays_as_it_was() -> None:
    class Broken:
        def predict(self, states: Any) -> Any:
            raise ValueError("no <b>probe</b> today")

    sweep, acts = numbers()
    widget = ProbeErrors(replace(sweep, probes=(sweep.probes[0], Broken(), sweep.probes[2])), acts, layer=2, selected=3)
    before = widget._choices()
    assert widget._view["detail"]["answers"][1] == "–"
    sent = choose(widget, layer=1)
    assert [message["kind"] for message in sent] == ["ack", "refused"]
    assert sent[1]["text"] == "Layer 1 cannot be shown. ValueError: no <b>probe</b> today"
    with pytest.raises(WidgetError, match="Layer 1 cannot be shown"):
        widget.layer = 1
    assert widget._choices() == widget._view["of"] == before
    choose(widget, layer=0)
    assert widget._view["of"]["layer"] == 0


def test_sets_of_labels_are_refused_with_what_to_use() -> None:
    import probewidgets as pw

    acts = sets(40)
    with pytest.raises(ProbeError, match="per_label"):
        ProbeErrors(pw.sweep(acts, pw.SigmoidProbe(pw.LinearProbe(l2=0.01)), bootstrap=100, progress=False), acts)


def test_it_is_told_in_a_line(widget: ProbeErrors) -> None:
    many = len(widget.to_frame())
    assert repr(widget) == f"ProbeErrors('number': {many} words at layer 2 of [0, 1, 2], {many} listed)"


# ---------------------------------------------------------------------- without a kernel


@pytest.mark.parametrize("make", [numbers, scores])
def test_it_is_saved_in_every_format_and_comes_back(make: Any, tmp_path: Path) -> None:
    widget = ProbeErrors(*make(), layer=1)
    widget.cell = (widget.confusion().sum(axis=1).idxmax(), None)
    for ending in ("png", "svg", "pdf", "csv", "html", "json"):
        widget.save(tmp_path / f"a.{ending}")
        assert (tmp_path / f"a.{ending}").stat().st_size > 200
    back = pd.read_csv(tmp_path / "a.csv")
    np.testing.assert_allclose(back["residual"], back["given"] - back["gold"], atol=1e-4)
    assert back["target"].tolist() == widget.to_frame(shown=True).index.tolist()
    assert ProbeErrors(*make()).restore(tmp_path / "a.json")._choices() == widget._choices()


def test_a_notebook_keeps_tables_with_the_numbers(widget: ProbeErrors) -> None:
    tables, first = widget._tables(), widget.to_frame(shown=True).iloc[0]
    for text in ("Mean absolute error", "Residual", "Share of true", f"<strong>{first['word']}</strong>"):
        assert text in tables
    worst = widget.slices().iloc[0]
    assert f"{worst['mae']:.3f} [" in tables
    assert "true" in widget._plain() and "predicted" in widget._plain()


# ---------------------------------------------------------------------- the page


@pytest.mark.parametrize("make", [numbers, scores, lambda: numbers(whole=True)])
def test_nothing_is_to_be_said_against_it_and_it_fits_any_width(show: Show, make: Any) -> None:
    page = show(ProbeErrors(*make(), selected=1))
    assert Axe().run(page, context=".pw").response["violations"] == []
    for width in (360, 500, 800, 1280, 2000):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width


def test_cells_say_their_bins_are_walked_by_keys_and_open_what_is_behind_them(show: Show, widget: ProbeErrors) -> None:
    page, table = show(widget), widget.confusion()
    confusion = grid(page, "Confusion")
    expect(confusion.get_by_role("gridcell")).to_have_count(table.size)
    name, size = table.index[1], int(table.iloc[1].sum())
    expect(confusion.get_by_role("rowheader").nth(1)).to_have_accessible_name(
        re.compile(rf"^{name}: {size} true, \d+ % of them predicted so$")
    )
    expect(confusion.get_by_role("columnheader").nth(2)).to_have_accessible_name(
        re.compile(rf"^{name}: predicted {table.iloc[:, 1].sum()} times, \d+ % of them truly so$")
    )
    confusion.locator('[tabindex="0"]').focus()
    for key in ("Control+Home", "ArrowRight", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    count = table.iloc[1, 1]
    focused = confusion.locator(":focus")
    expect(focused).to_have_accessible_name(re.compile(rf"^true {name}, predicted {name}: {count}, \d+ % of true"))
    page.keyboard.press("Enter")
    assert page.evaluate(SENT, "choose")[-1]["cell"] == [name, name]
    obey(page, widget)
    expect(grid(page, "Examples")).to_have_attribute("aria-rowcount", str(count + 1))
    expect(page.get_by_role("button", name=f"Do not filter by true {name} → predicted {name}")).to_be_visible()


def test_the_list_says_what_is_true_what_is_predicted_and_how_far_that_is(show: Show, widget: ProbeErrors) -> None:
    page = show(widget)
    heads = grid(page, "Examples").get_by_role("columnheader")
    expect(heads).to_have_text(["sentence", "true", "predicted", "residual", "in train"])
    rows = widget._view["list"]["rows"]
    expect(row(page, 0).get_by_role("gridcell").nth(1)).to_have_text(rows["gold"][0])
    expect(row(page, 0).get_by_role("gridcell").nth(2)).to_have_text(rows["given"][0])
    expect(row(page, 0).get_by_role("gridcell").nth(3)).to_have_text(rows["told"][0])
    expect(page.get_by_role("checkbox", name="Only errors")).to_be_hidden()
    page.get_by_role("combobox", name="Sort by").select_option("residual, too high first")
    assert page.evaluate(SENT, "choose")[-1]["sort"] == "signed"
    obey(page, widget)
    expect(row(page, 0).get_by_role("gridcell").nth(3)).to_have_text(re.compile(r"^\+"))


def test_slices_and_layers_say_their_scores(show: Show, widget: ProbeErrors) -> None:
    page = show(widget)
    worst = widget.slices().iloc[0]
    first = page.get_by_role("group", name="Slices").get_by_role("button").first
    expect(first).to_have_accessible_name(
        re.compile(
            rf": mean absolute error {worst['mae']:.2f}, 95 % interval .*; {worst['targets']} words, on average "
        )
    )
    score = widget.sweep.score(2)
    expect(page.get_by_role("radio", checked=True)).to_have_accessible_name(
        re.compile(rf"^Layer 2: R² {score.value.value:.3f} \[")
    )
    expect(page.get_by_role("status")).to_have_text(
        re.compile(r"^layer 2: \d+ words, R² 0\.\d+ \[.*mean absolute error")
    )
    row(page, 0).click()
    obey(page, widget)
    detail = page.get_by_role("region", name="Example", exact=True)
    expect(detail).to_contain_text(re.compile(r"true \S+ · predicted \S+ · residual [+−]"))
    expect(page.get_by_role("radio", name=re.compile(r"^Layer 0: .*; gives −?\d+\.\d+$"))).to_be_visible()


def test_a_saved_page_shows_it_without_a_kernel(page: Page, widget: ProbeErrors, tmp_path: Path) -> None:
    widget.to_html(tmp_path / "page.html")
    page.set_content((tmp_path / "page.html").read_text())
    expect(page.get_by_role("status")).to_contain_text("a saved view, without a kernel")
    expect(row(page, 0)).to_contain_text(widget.to_frame(shown=True)["word"].iloc[0])
