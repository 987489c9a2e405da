"""Many cells, whole sentences, and what is seen at a glance: pictures of rows, the legend, the tip."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from probewidgets.look import palette
from probewidgets.values import Predictions, Unit
from probewidgets.widgets import LayerHeatmap, ProbeExplorer
from tests.widgets.fakes import LABELS, cube, fake_predictions, fake_predictor, fake_sweep
from tests.widgets.helpers import LONG, SENT, Show, answer, as_json, explorer, said

MANY = "the old man can fish zzz . " * 20
PIXELS = """canvas => [...canvas.getContext("2d").getImageData(0, 0, canvas.width, 1).data]"""


def pixels(canvas: Locator, paper: int = 255) -> np.ndarray:
    """(U, 3) as they look on a paper of one grey."""
    rgba = np.reshape(canvas.evaluate(PIXELS), (-1, 4))
    return paper + (rgba[:, :3] - paper) * rgba[:, 3:] / 255


def mixed(fills: list[str], predictions: Predictions, row: int, paper: int) -> np.ndarray:
    """(U, 3) what a page mixes: as much of the label's fill as its probability, from .3 on, on the paper."""
    proba = predictions.proba[row]
    strength = 0.3 + 0.7 * proba.max(-1, keepdims=True)
    full = np.array([[int(fill[i : i + 2], 16) for i in (1, 3, 5)] for fill in fills])[proba.argmax(-1)]
    return paper + (full - paper) * strength


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pictures_of_an_overview_have_the_colours_of_cells_in_each_theme(show: Show, theme: str) -> None:
    page = show(explorer(MANY))
    canvases = page.locator(".pw-line canvas")
    expect(canvases).to_have_count(7)
    page.evaluate("theme => { document.body.dataset.jpThemeLight = String(theme === 'light'); }", theme)
    predictions = fake_predictions(MANY)
    fills = palette.encode_labels(LABELS, fake_sweep(), sets=False)["palette"][theme]
    paper = 0x11 if theme == "dark" else 0xFF
    first = int(fills[int(predictions.proba[6, 0].argmax())][1:3], 16)
    page.wait_for_function(
        f"wanted => Math.abs(({PIXELS})(document.querySelector('.pw-line canvas'))[0] - wanted) < 2", arg=first
    )
    np.testing.assert_allclose(pixels(canvases.first, paper), mixed(fills, predictions, 6, paper), atol=1.6)


def test_the_cells_of_an_overview_are_named_and_can_be_selected(show: Show) -> None:
    page = show(explorer(MANY))
    expect(page.get_by_role("gridcell")).to_have_count(7 * 140)
    cell = page.get_by_role("row").first.get_by_role("gridcell").nth(100)
    expect(cell).to_have_accessible_name(re.compile("^man, layer 6: NOUN"))
    cell.click()
    assert page.evaluate(SENT, "choose")[-1]["selected"] == [6, 100]
    expect(page.get_by_role("region", name="Details")).to_contain_text("man · layer 6")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("row").first.get_by_role("gridcell").nth(101)).to_be_focused()


def test_the_words_of_an_overview_run_on_as_text_in_the_colours_of_the_active_layer(show: Show) -> None:
    page = show(explorer(MANY))
    words = page.get_by_role("listitem").get_by_role("button")
    tops = words.evaluate_all("x => x.map(e => Math.round(e.getBoundingClientRect().top))")
    assert len(set(tops)) > 1
    before = words.first.evaluate("e => getComputedStyle(e).backgroundColor")
    page.get_by_role("slider").press("End")
    assert words.first.evaluate("e => getComputedStyle(e).backgroundColor") != before


def test_one_zooms_into_an_overview_and_out_again(show: Show) -> None:
    widget = explorer(MANY)
    page = show(widget)

    def pressed(name: str) -> None:
        """The kernel hears what the page says, and the page what the kernel answers."""
        page.get_by_role("group", name="Pages").get_by_role("button", name=name).click()
        said(widget, page.evaluate(SENT, "window")[-1])
        page.evaluate("view => model.receive('_view', view)", as_json(widget._view))

    page.get_by_role("row").nth(2).get_by_role("gridcell").nth(100).click()
    said(widget, page.evaluate(SENT, "choose")[-1])
    pressed("Zoom in")
    expect(page.locator("canvas")).to_have_count(0)
    expect(page.get_by_role("gridcell")).to_have_count(7 * 55)  # the last 85 words of 140 are not all there
    expect(page.get_by_role("group", name="Pages")).to_contain_text("words 86–140 of 140")
    cell = page.get_by_role("gridcell", name=re.compile("^man, layer 4: ")).nth(2)
    expect(cell).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("row").first.get_by_role("gridcell").first).to_have_text("ADJ")
    assert widget.selected == (4, 100)
    pressed("Earlier")
    expect(page.get_by_role("group", name="Pages")).to_contain_text("words 1–85 of 140")
    assert widget.to_frame()["unit"].nunique() == 140
    pressed("All words")
    expect(page.locator(".pw-line canvas")).to_have_count(7)
    expect(page.get_by_role("group", name="Pages").get_by_role("button")).to_have_text(["Zoom in"])


def of_sentences(text: str, layers: range = range(7)) -> ProbeExplorer:
    """An explorer of a probe that says one thing of each line."""

    def predict(text: str) -> Predictions:
        lines = text.split("\n")
        ends = np.cumsum([len(line) + 1 for line in lines])
        units = [
            Unit(line, end - len(line) - 1, end - 1, at, None, None)
            for at, (line, end) in enumerate(zip(lines, ends.tolist(), strict=True))
        ]
        return Predictions(text, tuple(units), tuple(layers), LABELS[:2], cube(lines, layers, 2))

    sweep = replace(fake_sweep(layers, unit="sentence"), labels=LABELS[:2], label_counts=(5, 6))
    predict.sweep = sweep  # type: ignore[attr-defined]
    return ProbeExplorer(predict, text=text)


BOXES = "x => x.map(e => e.getBoundingClientRect()).map(box => [box.left, box.top, box.right, box.bottom])"
LINES = "I liked this film very much, and so did all of my friends who came along to see it.\nIt was dull.\nFine."


@pytest.mark.parametrize("layers", [7, 210])
def test_whole_sentences_are_rows_of_text_with_the_layers_beside_them(show: Show, page: Page, layers: int) -> None:
    page.set_viewport_size({"width": 1800, "height": 900})
    show(of_sentences(LINES, range(layers)))
    texts = page.get_by_role("listitem").get_by_role("button")
    assert texts.all_inner_texts() == LINES.split("\n")
    assert texts.evaluate_all("x => x.every(e => e.scrollWidth <= e.clientWidth + 1)"), "none is cut"
    expect(page.get_by_role("gridcell")).to_have_count(3 * layers)
    for place, text in enumerate(np.array(texts.evaluate_all(BOXES))):
        name = re.escape(LINES.split("\n")[place])
        cells = page.get_by_role("gridcell", name=re.compile(f"^{name}, layer (0|1|2|3):"))
        boxes = np.array(sorted(cells.evaluate_all(BOXES)))
        assert len(boxes) == 4
        assert (boxes[:, 0] >= text[2] - 1).all(), "to the right of the text"
        assert (np.diff(boxes[:, 0]) > 0).all(), "layer by layer"
        assert np.ptp(boxes[:, 1]) == 0 and boxes[0, 1] < text[3] and text[1] < boxes[0, 3], "on its line"


def test_a_label_of_the_legend_is_isolated_while_it_is_pointed_at_and_a_click_colours_by_it(show: Show) -> None:
    page = show(explorer("the cats sat .", layer=6))
    key = page.locator(".pw-legend").get_by_role("button", name="NOUN")
    cells = page.get_by_role("row").first.get_by_role("gridcell")
    faded = "x => x.map(e => getComputedStyle(e).opacity < 0.5)"
    key.hover()
    assert cells.evaluate_all(faded) == [True, False, True, True]
    page.get_by_role("textbox").hover()
    assert not any(cells.evaluate_all(faded))
    key.click()
    expect(key).to_have_attribute("aria-pressed", "true")
    key.click()
    chosen = [(m["colour"], m["label"]) for m in page.evaluate(SENT, "choose")]
    assert chosen == [("probability", "NOUN"), ("label", None)]


def test_the_tip_tells_the_three_most_probable_labels_to_the_eye_alone(show: Show) -> None:
    page = show(explorer("the cats/VERB sat ."))
    tip = page.locator(".pw-tip")
    expect(tip).to_be_hidden()
    page.get_by_role("gridcell", name="cats, layer 6").hover()
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("cats · layer 6")
    assert tip.locator("bdi").all_inner_texts()[1:] == ["NOUN", *tip.locator("bdi").all_inner_texts()[2:]]
    expect(tip.locator("i")).to_have_count(3)
    expect(tip).to_contain_text("gold VERB, wrong")
    expect(tip).to_have_attribute("aria-hidden", "true")
    page.get_by_role("textbox").hover()
    expect(tip).to_be_hidden()
    page.get_by_role("gridcell", name="the, layer 6").focus()
    page.keyboard.press("ArrowRight")
    expect(tip).to_be_visible()
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()


def test_the_word_that_is_typed_is_scrolled_to(show: Show, page: Page) -> None:
    page.set_viewport_size({"width": 700, "height": 900})
    widget = explorer(LONG)
    show(widget)
    last = page.get_by_role("listitem").last
    for text in (f"{LONG}a", f"{LONG}a candle"):
        answer(page, widget, text)
        expect(last).to_be_in_viewport(ratio=0.95)
    answer(page, widget, LONG)
    answer(page, widget, "another " + LONG)
    expect(page.get_by_role("listitem").first).to_be_in_viewport(ratio=1)


def test_the_active_one_of_120_rows_is_in_sight(show: Show) -> None:
    widget = LayerHeatmap(fake_predictions("the cats", range(120)), layer=3, sweep=fake_sweep(range(120)))
    page = show(widget)
    expect(page.get_by_role("rowheader", name="Layer 3", exact=True)).to_be_in_viewport(ratio=1)
    page.evaluate("choice => model.receive('_choice', choice)", {**widget._choice, "layer": 119})
    head = page.get_by_role("rowheader", name="Layer 119", exact=True)
    inside = """head => {
        const [a, b] = [head, head.closest(".pw-scroll")].map(e => e.getBoundingClientRect());
        return b.top <= a.top && a.bottom <= b.bottom;
    }"""
    assert head.evaluate(inside)


def test_the_heads_of_rows_stay_from_answer_to_answer(show: Show) -> None:
    widget = explorer("the cats")
    page = show(widget)
    page.evaluate("window.heads = [...document.querySelectorAll('[role=rowheader]')]")
    answer(page, widget, "the cats sat")
    same: Any = page.evaluate("[...document.querySelectorAll('[role=rowheader]')].every((e, i) => e === heads[i])")
    assert same
    expect(page.get_by_role("gridcell")).to_have_count(21)


def test_more_layers_than_there_is_room_for_take_less_room_each(show: Show) -> None:
    heights = {}
    for count in (7, 31, 80):
        page = show(ProbeExplorer(fake_predictor(range(count)), text="the cats sat", layer=2))
        heads = page.get_by_role("rowheader").evaluate_all("x => x.map(e => e.getBoundingClientRect().height)")
        heights[count] = (min(heads), max(heads), sum(heads))
        page.evaluate("document.body.replaceChildren()")
    assert heights[7][:2] == pytest.approx((24, 24), abs=0.1)
    assert heights[31][0] == 15 and heights[80][0] == 6
    assert max(total for _, _, total in heights.values()) <= 510
    assert [largest for _, largest, _ in heights.values()] == pytest.approx([24, 24, 24], abs=0.1)


def test_layers_beside_sentences_are_as_wide_as_there_is_room_and_have_no_scores_beside_them(
    show: Show, page: Page
) -> None:
    show(of_sentences(LINES))
    cells = page.get_by_role("gridcell", name=re.compile(r"^Fine\., layer (0|1):"))
    assert all(box[2] - box[0] > 24 for box in cells.evaluate_all(BOXES))
    expect(page.locator(".pw-corner")).to_have_text("layer")
    page.set_viewport_size({"width": 420, "height": 900})
    assert all(box[2] - box[0] >= 15 for box in cells.evaluate_all(BOXES)), "the texts come first where room is short"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [700, 820, 1280])
def test_words_of_an_overview_run_on_where_they_are_in_sight(show: Show, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    show(explorer("word " * 250))
    scroller = page.locator(".pw-scroll").bounding_box()
    assert scroller
    rights = [box[2] for box in page.get_by_role("listitem").get_by_role("button").evaluate_all(BOXES)]
    assert max(rights) <= scroller["x"] + scroller["width"]
