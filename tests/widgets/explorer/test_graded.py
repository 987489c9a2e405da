"""The explorer of numbers, and of several labels at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from probewidgets.errors import WidgetError
from probewidgets.look import palette
from probewidgets.values import Predictions, Scale
from probewidgets.widgets import LayerCurve, LayerHeatmap, ProbeExplorer, TokenStrip
from tests.widgets.conftest import PATIENCE
from tests.widgets.fakes import fake_numbers, fake_predictions, fake_sets, graded_sweep
from tests.widgets.helpers import SENT, Show, items

TEXT = "the cats sat zzz"
BACK = "x => x.map(e => getComputedStyle(e).backgroundColor)"


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"


def of_numbers(text: str = TEXT, unit: str = "word", scale: Scale | None = None, **more: Any) -> ProbeExplorer:
    def predict(text: str) -> Predictions:
        return fake_numbers(text) if scale is None else fake_numbers(text, scale=scale)

    predict.sweep = graded_sweep("number", unit)  # type: ignore[attr-defined]
    return ProbeExplorer(predict, text=text, **more)


def of_sets(text: str = TEXT, **more: Any) -> ProbeExplorer:
    def predict(text: str, *, gold: bool = True) -> Predictions:
        return fake_sets(text)

    predict.sweep = graded_sweep("labels")  # type: ignore[attr-defined]
    return ProbeExplorer(predict, text=text, **more)


# ---------------------------------------------------------------------- numbers


def test_numbers_are_said_in_their_unit_and_marked_outside_of_train(show: Show) -> None:
    page = show(of_numbers("the incomprehensible zzz a", layer=3, selected=(3, 1)))
    assert items(page) == ["the: 4.5", "incomprehensible: 17.5 (above all of train)", "zzz: no value", "a: 2.5"]
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Layer 3")).get_by_role("gridcell")
    assert row.all_text_contents() == ["4.5", "17.5 ↑", "–", "2.5"]
    cell = page.get_by_role("gridcell", name="the, layer 3: 4.5", exact=True)
    expect(cell).to_have_text("4.5")
    expect(page.get_by_role("gridcell", name="incomprehensible, layer 0: 16.0 (above all of train)")).to_have_text(
        "16.0 ↑"
    )
    details = page.get_by_role("region", name="Details")
    expect(details).to_contain_text("length 17.5 (above all of train)")
    for fact in ("trained on 1 to 14", "test R² 0.948", "off by 3.62 on average"):
        expect(details).to_contain_text(fact)
    path = details.get_by_role("img")
    expect(path).to_have_accessible_name(re.compile(r"length by layer. length 0: 16.0, 1: 16.5, .*6: 19.0"))
    assert details.locator(".pw-path-ticks span").all_text_contents() == ["19.0", "2.0"]


def test_numbers_are_coloured_from_low_to_high_and_the_legend_says_which(show: Show) -> None:
    page = show(of_numbers("aa aaaa aaaaaaaaaa aaaaaaaaaaaaaaaa", layer=0))
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Layer 0")).get_by_role("gridcell")
    light, _ = palette.ramp_of(Scale(2, 10))
    assert row.evaluate_all(BACK) == [rgb(palette.ramp(share, light)) for share in (0, 0.25, 1, 1)]
    legend = page.locator(".pw-legend")
    expect(legend).to_contain_text("length:")
    assert legend.locator(".pw-scale > :not(.pw-ramp)").all_text_contents() == ["2", "6", "10"]
    expect(legend).to_contain_text("trained on 1 to 14; ↑ above, ↓ below all of them")
    page.emulate_media(color_scheme="dark")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    _, dark = palette.ramp_of(Scale(2, 10))
    assert row.evaluate_all(BACK) == [rgb(palette.ramp(share, dark)) for share in (0, 0.25, 1, 1)]


def test_numbers_of_both_signs_have_zero_in_the_middle(show: Show) -> None:
    page = show(of_numbers("a aaaaaaaaa", layer=0, scale=Scale(-9.0, 3.0, -10.0, 20.0)))
    assert page.locator(".pw-scale > :not(.pw-ramp)").all_text_contents() == ["−9", "0", "9"]
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Layer 0")).get_by_role("gridcell")
    stops = palette.SIGNED[0]
    assert row.evaluate_all(BACK) == [rgb(palette.ramp(round(32 * 5 / 9) / 32, stops)), rgb(stops[-1])]


def test_what_means_nothing_for_numbers_is_not_offered(show: Show) -> None:
    widget = of_numbers()
    page = show(widget)
    expect(page.get_by_role("combobox", name="Colour by")).to_be_hidden()
    expect(page.get_by_role("checkbox", name="Gold labels")).to_be_hidden()
    assert (widget.colour, widget.label) == ("value", None)
    for name, value in (("colour", "entropy"), ("colour", "label"), ("label", "length")):
        with pytest.raises(WidgetError, match="'value'" if name == "colour" else "there are no labels"):
            setattr(widget, name, value)
    assert repr(widget).endswith("layer 3 of [0, 1, 2, 3, 4, 5, 6], numbers)")


def test_a_first_text_without_an_answer_offers_no_colours_either(show: Show) -> None:
    def predict(text: str) -> Predictions:
        raise ValueError("not today")

    predict.sweep = graded_sweep("number")  # type: ignore[attr-defined]
    page = show(ProbeExplorer(predict, text=TEXT))
    expect(page.get_by_role("alert")).to_contain_text("not today")
    expect(page.get_by_role("combobox", name="Colour by")).to_be_hidden()


def test_whole_sentences_have_numbers_too(show: Show) -> None:
    widget = of_numbers("the\ncats", unit="sentence", layer=2)
    page = show(widget)
    expect(page.get_by_role("status")).to_contain_text("2 sentences, layer 2")
    assert items(page) == ["the: 4.0", "cats: 5.0"]
    assert Axe().run(page, context=".pw").response["violations"] == []


# ---------------------------------------------------------------------- several labels


def test_labels_that_hold_are_named_and_none_is_told_from_a_label_of_that_name(show: Show) -> None:
    page = show(of_sets(layer=3, selected=(3, 1)))
    assert items(page) == ["the: none 0.80", "cats: cat 0.91, river 0.67", "sat: no label (cat 0.31)", "zzz: no value"]
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Layer 3")).get_by_role("gridcell")
    assert row.all_text_contents() == ["none", "cat, river", "no label", "–"]
    assert page.locator(".pw-key").all_text_contents() == ["river", "none", "cat", "no label"]
    dark = page.evaluate("model.get('_view').palette.dark")
    assert dark[-1] == palette.fills(["cat", "none", "river"], sets=True)[1][-1]
    edges = row.evaluate_all("x => x.map(e => getComputedStyle(e).boxShadow)")
    wanted = [rgb(dark[1]), rgb(dark[0]), rgb(dark[3]), "rgba(0, 0, 0, 0)"]
    assert [edge.partition(")")[0] + ")" for edge in edges] == wanted
    fill = row.nth(2).evaluate("e => e.style.backgroundColor")
    assert f"{100 * palette.strength(0.69):.0f}%" in fill, "none is as strong as the most probable label is not"


def test_the_details_list_every_label_and_follow_those_that_hold(show: Show) -> None:
    page = show(of_sets(layer=3, selected=(3, 1)))
    details = page.get_by_role("region", name="Details")
    assert details.get_by_role("row").all_text_contents() == ["cat0.910", "river0.670", "none0.100"]
    expect(details.get_by_role("table", name="Each label by itself; it holds from 0.5 on")).to_be_visible()
    expect(details.get_by_role("img")).to_have_accessible_name(
        re.compile("Probability by layer. cat 0: 0.91.*; river 0: 0.67")
    )
    assert Axe().run(page, context=".pw").response["violations"] == []


def test_one_label_of_several_can_be_the_colour_and_entropy_cannot(show: Show) -> None:
    widget = of_sets(layer=3)
    page = show(widget)
    select = page.get_by_role("combobox", name="Colour by")
    options = select.get_by_role("option").all_text_contents()
    assert options == ["Predicted labels", *(f"Probability of {label}" for label in ("river", "none", "cat"))]
    select.select_option("Probability of river")
    assert page.evaluate(SENT, "choose")[-1]["label"] == "river"
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Layer 3")).get_by_role("gridcell")
    assert row.all_text_contents() == ["0.10", "0.67", "0.10", "–"]
    with pytest.raises(WidgetError, match=r"colour must be one of \['label', 'probability'\], but 'entropy' came"):
        widget.colour = "entropy"
    widget.label = "river"
    assert widget.colour == "probability"


def test_labels_with_commas_are_parted_by_another_sign() -> None:
    strip = TokenStrip(fake_sets("cats", labels=("a, b", "c", "d")))
    assert "a, b 0.91 + d 0.67" in strip._plain()
    assert strip._view["sign"] == " + "


# ---------------------------------------------------------------------- both


@pytest.mark.parametrize("make", [of_numbers, of_sets])
def test_page_table_and_text_say_the_same(make: Callable[..., ProbeExplorer], show: Show) -> None:
    widget = make(layer=3)
    page = show(widget)
    told = [name.partition(": ")[2] for name in items(page)]
    lines = [re.split(r"\s{2,}", line.strip())[1] for line in widget._plain().split("\n")[2:]]
    assert lines == told
    for each in told:
        assert each in widget._tables()


@pytest.mark.parametrize("make", [of_numbers, of_sets])
def test_a_saved_page_shows_them_without_a_kernel(
    make: Callable[..., ProbeExplorer], browser: Browser, tmp_path: Path
) -> None:
    make("the cats", layer=3).to_html(tmp_path / "page.html")
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto((tmp_path / "page.html").as_uri())
    page.get_by_role("rowheader", name="Layer 6").click()
    expected = "cats: 7.0" if make is of_numbers else "cats: cat 0.91, river 0.67"
    expect(page.get_by_role("listitem", name=expected)).to_be_visible()
    page.close()


def test_what_is_predicted_may_change_with_the_predictions() -> None:
    strip = TokenStrip(fake_predictions("the cats"), colour="entropy")
    strip.predictions = fake_numbers("the cats")
    assert (strip.colour, strip.label, strip._view["called"]) == ("value", None, ["value"])
    strip.predictions = fake_sets("the cats")
    assert strip.colour == "label"
    assert strip._view["called"] == ["cat", "none", "river", "no label"]
    strip.close()


def test_each_part_alone_shows_them(show: Show, page: Page) -> None:
    for predictions, sweep in ((fake_numbers(TEXT), graded_sweep("number")), (fake_sets(TEXT), graded_sweep("labels"))):
        for widget in (TokenStrip(predictions, sweep=sweep), LayerHeatmap(predictions, sweep=sweep)):
            show(widget)
            assert widget._picture()
            page.evaluate("document.body.replaceChildren()")
        show(LayerCurve(sweep, layer=2))
        name = "R²" if sweep.kind == "number" else "micro-F1"
        expect(page.get_by_role("radio", checked=True)).to_have_accessible_name(re.compile(f"^Layer 2: {name} 0.929 "))
        page.evaluate("document.body.replaceChildren()")
