"""Choosing in the explorer: layers, colours, cells, and what is told of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from playwright.sync_api import expect

from probewidgets.look.palette import ink_on, ramp
from probewidgets.look.visible import visible
from probewidgets.values import Predictions
from probewidgets.widgets import ProbeExplorer
from tests.widgets.fakes import fake_predictions
from tests.widgets.helpers import SENT, Show, explorer, items


def test_the_slider_and_the_row_headers_pick_the_layer_at_once(show: Show) -> None:
    page = show(explorer())
    slider = page.get_by_role("slider", name="Layer")
    slider.press("ArrowRight")
    assert items(page)[1] == "cats: NOUN 0.95"
    page.get_by_role("rowheader", name="Layer 6").click()
    expect(slider).to_have_value("6")
    page.get_by_role("rowheader", name="Layer 2").hover()
    page.mouse.down()
    page.get_by_role("rowheader", name="Layer 1").hover()  # the heads are dragged along like a slider
    page.mouse.up()
    assert [message["layer"] for message in page.evaluate(SENT, "choose")] == [4, 6, 1]
    page.get_by_role("rowheader", name="Layer 0").hover()
    expect(page.get_by_role("status")).to_contain_text("layer 1")
    expect(page.get_by_role("rowheader", selected=True)).to_have_text("10.894")


def test_details_show_the_distribution_and_the_path_of_the_selected_cell(show: Show) -> None:
    page = show(explorer("the cats/VERB sat", selected=(6, 1)))
    details = page.get_by_role("region", name="Details")
    expect(details.get_by_role("row")).to_have_count(7)  # five, the gold one and the rest
    expect(details.get_by_role("row").last).to_contain_text("2 others")
    expect(details.get_by_role("row").first).to_contain_text("NOUN0.94")
    expect(details.get_by_role("rowheader", name="VERB (gold)")).to_have_count(1)
    path = details.get_by_role("img").get_attribute("aria-label") or ""
    assert "NOUN 0: 0.26, " in path
    assert "; VERB 0: " in path


def test_details_count_what_is_left_out_and_draw_no_bar_for_next_to_nothing(show: Show) -> None:
    labels = tuple("ABCDEFGHIJ")
    proba = np.full((7, 1, 10), 0.0002, dtype=np.float32)
    proba[:, :, 0], proba[:, :, 1] = 0.9, 0.0984
    unit = fake_predictions("cats").units
    page = show(ProbeExplorer(lambda text: Predictions(text, unit, tuple(range(7)), labels, proba), selected=(6, 0)))
    rows = page.get_by_role("region", name="Details").get_by_role("row")
    expect(rows).to_have_text(["A0.900", "B0.098", "8 others0.002"])
    assert rows.evaluate_all("x => x.map(e => e.querySelectorAll('.pw-share:not([hidden])').length)") == [1, 1, 1]


def test_details_name_a_gold_label_that_is_next_to_nothing(show: Show) -> None:
    proba = np.zeros((7, 1, 4), dtype=np.float32)
    proba[..., 0], proba[..., 1] = 0.9995, 0.0005
    unit = (replace(fake_predictions("cats").units[0], gold="B"),)
    page = show(
        ProbeExplorer(lambda text: Predictions(text, unit, tuple(range(7)), tuple("ABCD"), proba), selected=(6, 0))
    )
    rows = page.get_by_role("region", name="Details").get_by_role("row")
    expect(rows).to_have_text(["A0.999", "B (gold)<0.001", "2 others<0.001"])
    assert rows.evaluate_all("x => x.map(e => e.querySelectorAll('.pw-share:not([hidden])').length)") == [1, 0, 0]


@pytest.mark.parametrize(("layers", "press", "expected"), [((0, 3, 6), "ArrowRight", 6), ((0, 3, 6), "ArrowLeft", 0)])
def test_the_slider_skips_hidden_layers(show: Show, layers: tuple[int, ...], press: str, expected: int) -> None:
    page = show(explorer(layers=layers, layer=3))
    page.get_by_role("slider").press(press)
    expect(page.get_by_role("slider")).to_have_value(str(expected))
    expect(page.get_by_role("rowheader")).to_have_count(3)


def test_any_subset_of_layers_can_be_shown_but_not_none(show: Show) -> None:
    page = show(explorer(layers=(2, 3)))
    page.locator(".pw-controls summary").click()
    page.get_by_role("checkbox", name="Show layer 3").uncheck()
    assert page.evaluate(SENT, "choose")[-1] | {"seq": 0, "client": ""} == {
        "kind": "choose", "seq": 0, "client": "", "layers": [2], "layer": 2, "selected": None,
    }  # fmt: skip
    expect(page.get_by_role("checkbox", name="Show layer 2")).to_be_disabled()
    page.get_by_role("button", name="All").click()
    expect(page.get_by_role("rowheader")).to_have_count(7)


def test_the_colour_can_mean_a_label_its_probability_or_the_entropy(show: Show) -> None:
    widget = explorer("cats")
    page = show(widget)
    select = page.get_by_role("combobox", name="Colour by")
    assert select.get_by_role("option").all_inner_texts()[:3] == ["Predicted label", "Entropy", "Probability of NOUN"]
    cell = page.get_by_role("gridcell", name="cats, layer 3")
    expect(cell).to_have_text("NOUN")
    select.select_option("Probability of VERB")
    share = widget.predictions.proba[3, 0, widget.predictions.labels.index("VERB")]
    expect(cell).to_have_text(f"{share:.2f}")
    select.select_option("Entropy")
    p = widget.predictions.proba[3, 0].astype(float)
    expect(cell).to_have_text(f"{-(p * np.log2(p)).sum():.2f}")
    expect(page.locator(".pw-legend")).to_have_text("entropy (bits), square-root scale:00.753.00")
    expect(cell).to_have_attribute("aria-label", "cats, layer 3: NOUN 0.66")
    assert [(m["colour"], m["label"]) for m in page.evaluate(SENT, "choose")] == [
        ("probability", "VERB"),
        ("entropy", None),
    ]


def test_the_page_writes_what_hides_as_python_does_and_has_its_colours(show: Show) -> None:
    words = ["a\u200bb", "\u00ad\u2060", "a\u200db", "\U0001f469\u200d\U0001f469", "x\U000e0067", "\u202e\u2066\ufeff"]
    widget = explorer(" ".join(words), label="NOUN", layer=2)
    page = show(widget)
    assert [name.partition(": ")[0] for name in items(page)] == [visible(word) for word in words]
    cells = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Layer 2")).get_by_role("gridcell")
    looks = cells.evaluate_all("x => x.map(e => getComputedStyle(e)).map(s => [s.backgroundColor, s.color])")
    share = widget.predictions.proba[2, :, widget.predictions.labels.index("NOUN")]
    assert len(looks) == len(words) and np.ptp(share) > 0.1
    for look, p in zip(looks, share, strict=True):
        colour = ramp(round(float(p) * 32) / 32)
        assert look == [rgb(colour), rgb(ink_on(colour))]


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"
