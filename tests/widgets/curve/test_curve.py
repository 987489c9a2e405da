"""The curve in a real browser: its lines, their names, and its layers as radio buttons."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from probewidgets.sweeps.results import Sweep
from probewidgets.values import Baseline, Estimate
from probewidgets.widgets import LayerCurve
from tests.scores import rescored
from tests.widgets.fakes import fake_sweep
from tests.widgets.helpers import SENT, Show
from tests.widgets.letters import FONTS, letters, use_letters


def test_the_curve_alone_picks_layers_by_click_and_keys(show: Show) -> None:
    page = show(LayerCurve(fake_sweep(), layer=2))
    expect(page.get_by_role("radio", checked=True)).to_have_accessible_name(
        "Layer 2: accuracy 0.929 [0.917, 0.940], control 0.700 [0.680, 0.720], selectivity 0.229 [0.209, 0.249]"
    )
    page.get_by_role("radio").last.click(force=True)
    page.keyboard.press("Home")
    assert [message["layer"] for message in page.evaluate(SENT, "choose")] == [6, 0]
    assert Axe().run(page, context=".pw").response["violations"] == []


def close_sweep(accuracy: float, control: float | None, **baselines: float) -> Sweep:
    """A sweep whose lines end at the values given."""
    sweep = fake_sweep(control=False)

    def at(value: float) -> Estimate:
        return Estimate(value, value - 0.004, min(value + 0.004, 1.0))

    more = {} if control is None else {"control": at(control), "selectivity": at(accuracy - control)}
    scores = tuple(rescored(score, accuracy=at(accuracy), **more) for score in sweep.scores)
    named = tuple(Baseline(name.replace("_", " "), at(value)) for name, value in baselines.items())
    return replace(sweep, scores=scores, baselines=named)


# The plot's width and where its lines end, in units.
ENDS = """[document.querySelector(".pw-plot").viewBox.baseVal.width,
    Number(document.querySelector(".pw-rule").getAttribute("x2"))]"""
FROM_ZERO = ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]


@pytest.mark.parametrize(
    ("sweep", "ticks"),
    [
        (close_sweep(0.98, None, layer_0=0.93, word_type=0.88), ["0.85", "0.90", "0.95", "1.00"]),
        (close_sweep(0.98, 0.72, majority=0.28, layer_0=0.93, word_type=0.88), ["0.2", "0.4", "0.6", "0.8", "1.0"]),
        (close_sweep(0.98, 0.96, majority=0.97, layer_0=0.98, word_type=0.975), FROM_ZERO),
        (close_sweep(0.98, 0.985, majority=0.0, layer_0=0.01, word_type=0.02), FROM_ZERO),
        (close_sweep(1.0, None, layer_0=1.0, word_type=1.0, random_model=1.0), ["0.95", "1.00"]),
    ],
)  # fmt: skip
def test_the_labels_of_the_curve_never_overlap_and_stand_near_their_lines(
    show: Show, page: Page, sweep: Sweep, ticks: list[str]
) -> None:
    for kind in FONTS:
        use_letters(page, kind)
        page.evaluate("document.body.replaceChildren()")
        show(LayerCurve(sweep))
        assert page.locator(".pw-curve .pw-tick[text-anchor=end]").all_text_contents() == ticks
        boxes = page.locator(".pw-line-label").evaluate_all(
            "x => x.map(e => e.getBBox()).map(b => [b.y + b.height / 2, b.x, b.x + b.width])"
        )
        heights = sorted(box[0] for box in boxes)
        assert min(np.diff(heights)) > 12, "labels in 11 units need 12"
        width, ends = page.evaluate(ENDS)
        assert all(ends + 5 < start and end <= width + 1 for _, start, end in boxes), kind
        lines = page.locator(".pw-leader").evaluate_all(
            "x => x.map(e => ['y1', 'y2'].map(name => Number(e.getAttribute(name))))"
        )
        assert len(lines) == len(boxes)
        assert all(abs(end - start) <= 13 * (len(lines) - 1) for start, end in lines)
        assert all(12 <= end <= 200 for _, end in lines), "inside the plot"


@pytest.mark.parametrize("kind", FONTS)
@pytest.mark.parametrize("width", [200, 320, 1100])
def test_no_text_of_the_curve_sticks_out(show: Show, page: Page, kind: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 600})
    use_letters(page, kind)
    sweep = close_sweep(0.98, 0.72, majority=0.28, a_baseline_with_quite_a_long_name=0.93)
    show(LayerCurve(replace(sweep, task="a task of many words and more")))
    texts = page.locator(".pw-plot text").evaluate_all(
        """x => x.map(e => [e.lastChild.data, e.getBoundingClientRect(), e.closest("svg").getBoundingClientRect()])
            .map(([text, box, plot]) => [text, box.left - plot.left, plot.right - box.right])"""
    )
    assert [text for text, left, right in texts if left < -1 or right < -1] == []
    cut = page.locator(".pw-plot text:has(title)").evaluate_all(
        "x => x.map(e => [e.lastChild.data.replace('…', ''), e.querySelector('title').textContent])"
    )
    assert all(whole.startswith(shown) and len(shown) < len(whole) for shown, whole in cut)
    names = page.locator(".pw-line-label").evaluate_all("x => x.map(e => e.lastChild.data)")
    if width != 320:  # there, it depends on the letters
        assert ("a baseline with quite a long name" in names) == (width == 1100), names
    whole, end = page.evaluate(ENDS)
    start = page.evaluate("Number(document.querySelector('.pw-rule').getAttribute('x1'))")
    assert end - start >= whole / 3 - 1, "a third is left for the lines"


def test_the_curve_is_measured_again_when_the_hosts_letters_come_late(show: Show, page: Page) -> None:
    show(LayerCurve(fake_sweep()))
    before = page.evaluate(ENDS)
    page.evaluate(
        """base64 => {
            document.fonts.add(new FontFace("late", `url(data:font/ttf;base64,${base64})`));
            document.body.style.setProperty("--jp-ui-font-family", "late");
        }""",
        letters(FONTS["wide"][0]),
    )
    page.wait_for_function(f"before => ({ENDS})[1] < before", arg=before[1])


def test_numbers_of_many_layers_keep_their_distance(show: Show, page: Page) -> None:
    for kind in FONTS:
        use_letters(page, kind)
        page.evaluate("document.body.replaceChildren()")
        show(LayerCurve(fake_sweep(range(90, 120))))
        boxes = page.locator(".pw-curve .pw-tick[text-anchor=middle]").evaluate_all(
            "x => x.map(e => e.getBBox()).map(b => [b.x, b.x + b.width])"
        )
        assert all(end + 2 < start for (_, end), (start, _) in itertools.pairwise(boxes)), kind


def test_the_curve_draws_the_random_model_and_a_dot_for_each_seed(show: Show) -> None:
    plain = show(LayerCurve(fake_sweep()))
    assert plain.locator(".pw-seed, .pw-random-model").count() == 0
    page = show(LayerCurve(fake_sweep(random=True)))
    assert page.locator(".pw-curve-line.pw-random-model").count() == 1
    assert page.locator(".pw-seed").count() == 3 * 7
    assert "random model" in page.locator(".pw-line-label").all_text_contents()
    assert "random model 0.790 [0.760, 0.820]" in page.get_by_role("radio").last.get_attribute("aria-label")


def test_of_one_layer_every_line_is_a_short_piece_in_its_interval(show: Show) -> None:
    page = show(LayerCurve(fake_sweep((3,), random=True)))
    for kind in ("line", "band"):
        boxes = page.locator(f".pw-{'curve-line' if kind == 'line' else kind}").evaluate_all(
            "x => x.map(e => e.getBBox()).map(box => [box.width, box.height])"
        )
        assert len(boxes) == 4
        assert all(10 < width < 30 for width, _ in boxes)
        assert all((height > 1) == (kind == "band") for _, height in boxes)
