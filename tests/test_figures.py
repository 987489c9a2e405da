"""Figures: the object API only, the same facts as the widgets, any text."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.text import Text
from PIL import Image

import probewidgets as pw
from probewidgets import figures
from probewidgets.errors import WidgetError
from probewidgets.figures.heatmap import lay_heatmap
from probewidgets.figures.letters import MIDDLE
from probewidgets.figures.lines import apart
from probewidgets.figures.marks import Box
from probewidgets.figures.paint import Paint, Shown
from probewidgets.figures.scores import lay_scores
from probewidgets.figures.strip import lay_strip
from probewidgets.look import palette
from probewidgets.methods.edges.trial import EdgeSweep
from probewidgets.methods.size.compare import Comparison
from probewidgets.metrics.codelength import Code, Codelength
from probewidgets.sweeps.results import Sweep
from probewidgets.sweeps.score import Score
from probewidgets.values import Baseline, Estimate, ModelCard, Predictions, Unit
from tests.scores import changed, rescored, score_of
from tests.widgets.fakes import LABELS, cube, fake_numbers, fake_predictions, fake_sets, fake_sweep, graded_sweep

TEXT = "the old cats/NOUN sat/ADJ .\nshe can fish"


def words(figure: Figure) -> list[str]:
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def test_the_strip_says_word_label_number_and_gold() -> None:
    predictions = fake_predictions(TEXT)
    title, *said = words(figures.token_strip(predictions, 4))
    best = predictions.proba[4, 0].max()
    assert title == "Layer 4"
    assert said[:2] == ["the", f"{predictions.label(4)[0]} {best:.2f}"]
    assert said[4] == "cats"
    assert said[6] == "✓"
    assert said[9] == "✗ gold ADJ"
    assert said[-2:] == ["paler = less probable", "✗ = not the gold label"]


def test_the_strip_shows_the_layer_chosen_on_dev_unless_told() -> None:
    sweep, predictions = fake_sweep(), fake_predictions(TEXT)
    best = sweep.best
    title = words(figures.token_strip(predictions, sweep=sweep))[0]
    assert title == f"upos in tiny, layer {best.layer}, test accuracy {best.accuracy.value:.3f}"
    assert words(figures.token_strip(predictions))[0] == "Layer 6"
    assert words(figures.token_strip(predictions, selected=(2, 0)))[0] == "Layer 2"


def test_the_strip_can_show_a_number_behind_its_colours() -> None:
    predictions = fake_predictions("cats")
    share = predictions.proba[6, 0, LABELS.index("VERB")]
    said = words(figures.token_strip(predictions, label="VERB", colour="probability"))
    assert said[2].endswith(f" · {share:.2f}")
    assert "probability of VERB:  0" in said


def test_words_are_as_wide_as_they_need_and_lines_wrap() -> None:
    narrow = figures.token_strip(fake_predictions("a b c"))
    wide = figures.token_strip(fake_predictions("internationalisation counterrevolutionaries"))
    assert narrow.get_size_inches()[0] < wide.get_size_inches()[0]
    for draw in (figures.token_strip, figures.layer_heatmap):
        long = draw(fake_predictions("word " * 60)).get_size_inches()
        assert long[0] <= 6.8
        assert long[1] > 2 * draw(fake_predictions("word " * 8)).get_size_inches()[1]


@pytest.mark.parametrize("draw", [figures.token_strip, figures.layer_heatmap])
def test_words_that_training_never_showed_are_marked(draw) -> None:
    assert "dotted = not seen in training" in words(draw(fake_predictions("the zzz")))
    assert "dotted = not seen in training" not in words(draw(fake_predictions("the cats")))


def test_numbers_are_drawn_with_their_ramp_and_where_they_are_outside() -> None:
    numbers = fake_numbers("the incomprehensible zzz")
    told = words(figures.token_strip(numbers, 3, sweep=graded_sweep("number")))
    assert told[1:7] == ["the", "4.5", "incomprehensible", "17.5 ↑", "zzz", "–"]
    assert told[7:] == ["length:  2", "10", "trained on 1 to 14", "dotted = not seen in training"]
    cells = words(figures.layer_heatmap(numbers, layers=[3]))
    assert [cell for cell in cells if cell in ("4.5", "17.5 ↑", "–")] == ["4.5", "17.5 ↑", "–"]
    with pytest.raises(WidgetError, match=r"colour must be one of \['value'\], but 'entropy' came"):
        figures.token_strip(numbers, 3, colour="entropy")


def test_sets_of_labels_are_drawn_with_all_that_hold_or_that_none_does() -> None:
    sets = fake_sets("the cats sat zzz")
    told = words(figures.token_strip(sets, 3))
    assert told[1:9:2] == ["the", "cats", "sat", "zzz"]
    assert told[2:9:2] == ["none 0.80", "cat 0.91, river 0.67", "no label (cat 0.31)", "no value"]
    assert told[9:] == ["cat", "none", "no label", "paler = less probable", "dotted = not seen in training"]
    by_river = words(figures.layer_heatmap(sets, layers=[3], label="river"))
    assert {"0.10", "0.67", "–"} <= set(by_river)
    grey = Paint.of(Shown(sets)).fill(3, 2)
    assert grey == palette.fade(
        palette.fills(sets.labels, sets=True)[0][-1], "#ffffff", palette.strength(1 - sets.proba[3, 2].max())
    )


def grid_of(figure: Figure) -> tuple[list[str], dict[str, list[str]]]:
    """The words of the first block, and what stands in each row under them, by the row's head."""
    texts = [(text.get_position(), text.get_text()) for text in figure.axes[0].texts]
    (left, top), _ = next(item for item in texts if item[1] == "layer")
    columns = {text: x for (x, y), text in texts if y == top and text not in ("layer", "accuracy", "length")}
    rows = {text: y for (x, y), text in texts if x == left and y > top and text.isdigit()}

    def at(column: float, row: float) -> str:
        return next((text for (x, y), text in texts if abs(x - column) < 0.05 and abs(y - row) < 0.01), "")

    return list(columns), {head: [at(x, y) for x in columns.values()] for head, y in rows.items()}


def test_the_heatmap_has_a_row_for_every_layer_the_deepest_on_top() -> None:
    predictions = fake_predictions("the old cats")
    figure = figures.layer_heatmap(predictions, sweep=fake_sweep(), layers=(0, 3, 6))
    said, rows = grid_of(figure)
    assert words(figure)[0] == "upos in tiny"
    assert said == ["the", "old", "cats"]
    assert list(rows) == ["3", "6", "0"], "the active one is placed first"
    heights = [figure.axes[0].texts[words(figure).index(head)].get_position()[1] for head in ("6", "3", "0")]
    assert heights == sorted(heights)
    for layer in (0, 3, 6):
        assert rows[str(layer)] == list(predictions.label(layer))
        assert f"{fake_sweep().score(layer).accuracy.value:.3f}" in words(figure)


def test_a_label_is_written_where_it_changes_from_the_layer_below() -> None:
    predictions = fake_predictions("the old cats")
    proba = np.zeros_like(predictions.proba)
    for layer, labels in enumerate(["AAA", "BAA", "BAB", "BAB", "BBB", "BBB", "BBB"]):
        proba[layer, range(3), [LABELS.index({"A": "NOUN", "B": "VERB"}[label]) for label in labels]] = 1
    drawn = replace(predictions, proba=proba)
    _, rows = grid_of(figures.layer_heatmap(drawn))
    assert [rows[str(layer)] for layer in range(7)] == [
        ["NOUN", "NOUN", "NOUN"],  # the bottom row
        ["VERB", "", ""],
        ["", "", "VERB"],
        ["", "", ""],
        ["", "VERB", ""],
        ["", "", ""],
        ["VERB", "VERB", "VERB"],  # the top row
    ]
    assert grid_of(figures.layer_heatmap(drawn, layer=3))[1]["3"] == ["VERB", "NOUN", "VERB"], "the active row"
    _, rows = grid_of(figures.layer_heatmap(drawn, layer=2, selected=(3, 1)))
    assert rows["3"] == ["", "NOUN", ""], "the selected cell"
    _, rows = grid_of(figures.layer_heatmap(drawn, layers=(0, 3, 6)))
    assert rows["3"] == ["VERB", "", "VERB"], "below it is the layer that is shown below it"
    _, rows = grid_of(figures.layer_heatmap(drawn, label="NOUN"))
    assert rows["3"] == ["0.00", "1.00", "0.00"], "numbers are all written"


def test_the_heatmap_marks_the_active_row_the_gold_labels_and_what_is_wrong() -> None:
    figure = figures.layer_heatmap(fake_predictions("cats/NOUN sat/ADJ"), layer=5, selected=(5, 1))
    bold = [text.get_text() for text in figure.axes[0].texts if text.get_weight() == "bold"]
    assert bold == ["5", "VERB ✗"]
    said, rows = grid_of(figure)
    assert rows["5"] == ["NOUN", "VERB ✗"]
    assert [rows[str(layer)][1][-1:] for layer in (2, 3, 4)] == ["✗"] * 3, "what is wrong is never left to the colour"
    assert words(figure)[-6:-2] != [] and words(figure).count("gold") == 1
    assert "✗ = not the gold label" in words(figure)
    assert said == ["cats", "sat"]


def test_every_sentence_begins_a_block_of_its_own() -> None:
    said = words(figures.layer_heatmap(fake_predictions(TEXT), layers=[6]))
    assert said.count("layer") == said.count("6") == 2
    assert said.index("she") > said.index("6")


def test_the_heatmap_can_show_one_labels_probability_or_the_entropy() -> None:
    predictions = fake_predictions("cats")
    share = predictions.proba[6, 0, LABELS.index("NOUN")]
    for choice in ({"label": "NOUN"}, {"label": "NOUN", "colour": "probability"}):
        figure = figures.layer_heatmap(predictions, **choice)
        assert grid_of(figure)[1]["6"] == [f"{share:.2f}"]
        assert "probability of NOUN:  0" in words(figure)
    p = predictions.proba[6, 0].astype(float)
    bits = -(p * np.log2(p)).sum()
    figure = figures.layer_heatmap(predictions, colour="entropy")
    assert grid_of(figure)[1]["6"] == [f"{bits:.2f}"]
    paint = Paint.of(Shown(predictions, colour="entropy"))
    assert paint.fill(6, 0) == palette.ramp(np.sqrt(bits / 3)), "the page's scale"


@pytest.mark.parametrize(("count", "heads"), [(31, 31), (80, 27)])
def test_with_many_layers_rows_shrink_and_the_active_one_keeps_its_head(count: int, heads: int) -> None:
    figure = figures.layer_heatmap(fake_predictions("the old cats", range(count)), layer=count - 2)
    _, rows = grid_of(figure)
    assert heads - 2 <= len(rows) <= heads
    assert {str(count - 2), "0"} <= set(rows)
    assert rows[str(count - 2)] == list(fake_predictions("the old cats", range(count)).label(count - 2))
    assert figure.get_size_inches()[1] < 6.2


def test_very_many_words_are_an_overview_without_letters_in_the_cells() -> None:
    figure = figures.layer_heatmap(fake_predictions("the cats sat " * 66), layer=3, width="page")
    upright = [text.get_text() for text in figure.axes[0].texts if text.get_rotation() == 90]
    assert upright == ["the", "cats", "sat"] * 66
    assert not {"DET", "ADV"} & set(words(figure)[:-10])
    assert figure.get_size_inches()[0] == 6.8


def test_a_page_of_words_can_be_drawn_and_no_more() -> None:
    predictions = fake_predictions("word " * 400)
    assert len(words(figures.token_strip(predictions))) > 800
    with pytest.raises(WidgetError, match="A figure shows 1 to 400 units, but 401 came"):
        figures.token_strip(fake_predictions("word " * 401))


SENTENCES = ("The film is a quiet delight from the first minute to the last.", "Boring.", "I would see it again.")


def sentences(layers: range = range(7)) -> Predictions:
    """Three whole sentences, the second one with a gold label that is not predicted."""
    starts = [0, len(SENTENCES[0]) + 1, len(SENTENCES[0]) + len(SENTENCES[1]) + 2]
    units = [
        Unit(text, at, at + len(text), line) for line, (text, at) in enumerate(zip(SENTENCES, starts, strict=True))
    ]
    wrong = {"NEG": "POS", "POS": "NEG"}
    proba = cube(SENTENCES, layers, 2)
    made = Predictions("\n".join(SENTENCES), tuple(units), tuple(layers), ("NEG", "POS"), proba)
    units[1] = replace(units[1], gold=wrong[made.label(3)[1]])
    return replace(made, units=tuple(units))


@pytest.mark.parametrize("width", ["column", "page"])
@pytest.mark.parametrize("count", [7, 31])
def test_whole_sentences_are_rows_of_text_that_are_never_cut(width: str, count: int) -> None:
    predictions, sweep = sentences(range(count)), fake_sweep(range(count), unit="sentence")
    figure = figures.layer_heatmap(predictions, sweep=sweep, layer=3, selected=(3, 1), width=width)
    texts = figure.axes[0].texts
    serif = [text.get_text() for text in texts if "DejaVu Serif" in text.get_fontfamily()]
    assert " ".join(serif) == " ".join(SENTENCES)
    assert figure.get_size_inches()[0] == {"column": 3.3, "page": 6.8}[width]
    heads = {t.get_text(): t.get_position()[0] for t in texts if t.get_text().isdigit()}
    assert {"0", "3", str(count - 1)} <= set(heads)
    assert heads["0"] < heads["3"] < heads[str(count - 1)]
    labels = [t.get_text() for t in texts if abs(t.get_position()[0] - heads["3"]) < 0.05][1:]
    first, second, third = predictions.label(3)
    assert labels == [first, f"{second} ✗", third], "what the active layer says is written, the others are colours"
    assert apart_on_the_page(figure)


def test_a_strip_of_whole_sentences_is_the_rows_with_the_active_layer_alone() -> None:
    figure = figures.token_strip(sentences(), 5, sweep=fake_sweep(unit="sentence"))
    assert [text for text in words(figure) if text.isdigit()] == ["5"]
    assert set(SENTENCES) <= set(words(figure))
    shown = Shown(sentences(), layer=5, sweep=fake_sweep(unit="sentence"))
    assert lay_strip(shown).small_png().startswith(b"\x89PNG")


# ---------------------------------------------------------------------- for a paper


WIDE: dict[str, Callable[..., Figure]] = {
    "strip": lambda **more: figures.token_strip(fake_predictions(TEXT), sweep=fake_sweep(), **more),
    "heatmap": lambda **more: figures.layer_heatmap(fake_predictions(TEXT), sweep=fake_sweep(), **more),
    "entropy": lambda **more: figures.layer_heatmap(fake_predictions(TEXT), colour="entropy", **more),
    "numbers": lambda **more: figures.layer_heatmap(fake_numbers("the zzz"), sweep=graded_sweep("number"), **more),
    "scores": lambda **more: figures.layer_scores(fake_sweep(random=True), **more),
    "curve": lambda **more: figures.layer_curve(fake_sweep(random=True), **more),
    "added": lambda **more: figures.layer_curve(graded("micro_f1", made=EdgeSweep, cumulative=True), **more),
    "comparison": lambda **more: figures.comparison(compared((10, 200, 3000, 40_000, 41_000)), 3, **more),
}


@pytest.mark.parametrize("draw", WIDE.values(), ids=WIDE)
@pytest.mark.parametrize(("width", "inches"), [("column", 3.3), ("page", 6.8), (5, 5.0)])
def test_a_figure_is_as_wide_as_the_paper_wants_it(draw: Callable[..., Figure], width: object, inches: float) -> None:
    figure = draw(width=width)
    assert figure.get_size_inches()[0] == pytest.approx(inches)
    assert apart_on_the_page(figure)


@pytest.mark.parametrize("draw", WIDE.values(), ids=WIDE)
def test_all_letters_are_8_pt(draw: Callable[..., Figure]) -> None:
    figure = draw()
    texts = [text for axes in figure.axes for text in axes.findobj(Text) if text.get_text()] + figure.texts
    assert len(texts) > 5
    assert {text.get_fontsize() for text in texts} == {8.0}


@pytest.mark.parametrize("width", ["wide", 0, -3.3, True, 500, float("nan"), (3.3,)])
def test_what_is_no_width_is_refused_with_those_that_are(width: object) -> None:
    with pytest.raises(
        WidgetError, match=r"width must be 'column' or 'page' \(3.3 and 6.8 inches\), or 2 to 40 inches"
    ):
        figures.layer_heatmap(fake_predictions("a"), width=width)


def test_words_are_set_in_serif_and_everything_else_is_not() -> None:
    figure = figures.layer_heatmap(fake_predictions("the cats"), sweep=fake_sweep())
    serif = [text.get_text() for text in figure.axes[0].texts if "DejaVu Serif" in text.get_fontfamily()]
    assert serif == ["the", "cats"]


@pytest.mark.parametrize("draw", WIDE.values(), ids=WIDE)
def test_in_svg_text_is_text(draw: Callable[..., Figure], tmp_path: Path) -> None:
    figure = draw(width="page")
    figure.savefig(tmp_path / "a.svg")
    root = ElementTree.parse(tmp_path / "a.svg").getroot()
    written = ["".join(e.itertext()) for e in root.iter("{http://www.w3.org/2000/svg}text")]
    assert set(words(figure)) <= set(written)
    assert float(root.get("width", "").removesuffix("pt")) == pytest.approx(6.8 * 72)


def test_in_pdf_letters_are_embedded_as_true_type(tmp_path: Path) -> None:
    WIDE["heatmap"]().savefig(tmp_path / "a.pdf")
    text = (tmp_path / "a.pdf").read_bytes()
    assert b"/Type0" in text
    assert b"/Type3" not in text


def test_writing_leaves_the_settings_of_matplotlib_as_they_were(tmp_path: Path) -> None:
    before = dict(matplotlib.rcParams)
    figure = figures.layer_heatmap(fake_predictions("a"))
    for ending in ("svg", "pdf", "png"):
        figure.savefig(tmp_path / f"a.{ending}")
    with pytest.raises(ValueError, match="nonsense"):
        figure.savefig(tmp_path / "a.nonsense")
    assert dict(matplotlib.rcParams) == before


def test_scores_stand_on_rows_with_their_controls_and_baselines() -> None:
    sweep = fake_sweep(random=True)
    figure = figures.layer_scores(sweep, 2)
    said = words(figure)
    for score in sweep.scores:
        assert f"{score.accuracy.value:.3f}" in said
    assert {"accuracy, 95 % interval", "control", "random model", "selectivity"} <= set(said)
    assert "majority 0.28, word type 0.82, layer 0 0.85" in said
    bold = [text.get_text() for text in figure.axes[0].texts if text.get_weight() == "bold"]
    assert bold == ["2", f"{sweep.score(2).accuracy.value:.3f}"]
    rows = {text.get_text(): text.get_position()[1] - MIDDLE for text in figure.axes[0].texts}
    ys = sorted(rows[str(layer)] for layer in range(7))
    curves = [line for line in figure.axes[0].lines if list(line.get_ydata()) == pytest.approx(ys)]
    assert len(curves) == 3, "score, control, random model, from row to row"
    score = np.array(curves[-1].get_xdata())
    control = np.array(curves[0].get_xdata())
    gaps = [s.accuracy.value - s.control.value for s in reversed(sweep.scores)]
    np.testing.assert_allclose((score - control) / (score - control).max(), np.array(gaps) / max(gaps))


def test_the_scores_of_the_only_layer_have_a_mark_each_on_its_row() -> None:
    axes = figures.layer_scores(fake_sweep((3,), random=True)).axes[0]
    (middle,) = [text.get_position()[1] - MIDDLE for text in axes.texts if text.get_text() == "3"]
    upright = [line for line in axes.lines if np.ptp(line.get_xdata()) == 0]
    marks = [
        line
        for line in upright
        if np.mean(line.get_ydata()) == pytest.approx(middle) and np.ptp(line.get_ydata()) < 0.2
    ]
    assert len(marks) == 3, "score, control, random model"


def test_the_curve_draws_what_the_sweep_holds() -> None:
    sweep = fake_sweep()
    axes = figures.layer_curve(sweep).axes[0]
    drawn = {tuple(np.round(line.get_ydata(), 9)) for line in axes.lines}
    for name in ("accuracy", "control", "selectivity"):
        assert tuple(np.round([getattr(score, name).value for score in sweep.scores], 9)) in drawn
    assert {text.get_text() for text in axes.texts} == {
        "accuracy", "control", "selectivity", "majority", "word type", "layer 0", "best on dev",
    }  # fmt: skip
    assert axes.get_ylabel() == "share of test words"
    best = next(text for text in axes.texts if text.get_text() == "best on dev")
    assert best.xy[0] == sweep.best.layer
    assert {text.get_text() for text in figures.layer_curve(fake_sweep(control=False)).axes[0].texts} >= {"accuracy"}


def test_the_curve_draws_the_random_model_and_a_dot_for_each_seed() -> None:
    sweep = fake_sweep(random=True)
    axes = figures.layer_curve(sweep).axes[0]
    drawn = {tuple(np.round(line.get_ydata(), 9)) for line in axes.lines}
    assert tuple(np.round([score.random.value for score in sweep.scores], 9)) in drawn
    assert {tuple(np.round(score.seed_accuracies, 9)) for score in sweep.scores} <= drawn
    assert "random model" in {text.get_text() for text in axes.texts}


def test_the_only_value_of_a_line_stands_in_a_piece_of_a_band_as_high_as_its_interval() -> None:
    sweep = fake_sweep((3,))
    pieces = [each for each in figures.layer_curve(sweep).axes[0].collections if isinstance(each, LineCollection)]
    ends = {tuple(np.round(segment[:, 1], 9)) for each in pieces for segment in each.get_segments()}
    (score,) = sweep.scores
    assert score.control and score.selectivity
    shown = (score.accuracy, score.control, score.selectivity)
    assert ends == {tuple(np.round([each.low, each.high], 9)) for each in shown}
    assert all(each.get_linewidth()[0] > 10 for each in pieces)
    many = figures.layer_curve(fake_sweep()).axes[0].collections
    assert not any(isinstance(each, LineCollection) for each in many)


def lines_of(figure: Figure) -> set[tuple[float, ...]]:
    return {tuple(np.round(line.get_ydata(), 9)) for line in figure.axes[0].lines}


def apart_on_the_page(figure: Figure) -> bool:
    """Whether no two texts of a figure touch, and all stand on it."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    texts = [text for axes in figure.axes for text in (*axes.texts, axes.xaxis.label, axes.yaxis.label)] + figure.texts
    boxes = [text.get_window_extent(canvas.get_renderer()) for text in texts if text.get_text()]
    page = figure.bbox
    inside = all(page.x0 <= b.x0 and b.x1 <= page.x1 and page.y0 <= b.y0 and b.y1 <= page.y1 for b in boxes)
    return inside and not any(a.overlaps(b) for a, b in combinations(boxes, 2))


def swept(kind: str, scores: tuple[Score, ...], made: type[Sweep] = Sweep, **more: object) -> Sweep:
    facts = {"unit": "word", "pool": "mean", "probe": "p", "baselines": (), "counts": {}, **more}
    return made(kind=kind, task="size", model=ModelCard("tiny"), corpus="c", scores=scores, probes=(), **facts)


def graded(metric: str, control: bool = True, made: type[Sweep] = Sweep, cumulative: bool = False) -> Sweep:
    """Five layers, the fourth best on dev."""
    values = (0.1, 0.3, 0.6, 0.9, 0.85)
    scores = []
    for layer, v in enumerate(values):
        own = {metric: Estimate(v, v - 0.05, v + 0.04), "other": Estimate(0.0)}
        beside = {"control": Estimate(v / 3, v / 4, v / 2), "selectivity": Estimate(v - v / 3, v / 2, v)}
        scores.append(score_of(layer, (metric, "other"), 1 - v, l2=0.1, **own, **(beside if control else {})))
    named = (("constant", 0.0), ("word type", 0.4), ("layer 0", 0.1))
    baselines = tuple(Baseline(name, Estimate(v)) for name, v in named)
    return swept("number", tuple(scores), made, baselines=baselines, settings={"cumulative": cumulative})


@pytest.mark.parametrize(("metric", "name"), [("r2", "R²"), ("micro_f1", "micro-F1")])
def test_the_curve_of_graded_answers_has_its_score_control_and_baselines(metric: str, name: str) -> None:
    sweep = graded(metric)
    figure = figures.layer_curve(sweep)
    drawn = lines_of(figure)
    for estimates in (
        [score.estimates[metric] for score in sweep.scores],
        [score.control for score in sweep.scores],
        [score.selectivity for score in sweep.scores],
    ):
        assert tuple(np.round([estimate.value for estimate in estimates], 9)) in drawn
    assert {(v, v) for v in (0.0, 0.4, 0.1)} <= drawn
    said = set(words(figure))
    assert said == {name, "control", "selectivity", "constant", "word type", "layer 0", "best on dev"}
    assert figure.axes[0].get_ylabel() == f"{name} on test"
    low, high = (figure.axes[0].collections[0].get_paths()[0].vertices[:, 1].take(i) for i in (1, -2))
    assert {round(float(low), 9), round(float(high), 9)} == {0.05, 0.14}  # the interval of the lowest layer
    assert apart_on_the_page(figure)
    assert "control" not in words(figures.layer_curve(graded(metric, control=False)))


def test_below_a_cumulative_curve_stands_what_each_layer_adds_and_the_expected_layer() -> None:
    sweep = graded("micro_f1", made=EdgeSweep, cumulative=True)
    figure = figures.layer_curve(sweep)
    above, below = figure.axes
    np.testing.assert_allclose([bar.get_height() for bar in below.patches], sweep.differential)
    assert [bar.get_x() + bar.get_width() / 2 for bar in below.patches] == pytest.approx([1, 2, 3, 4])
    assert sweep.expected_layer.meaningful
    assert sweep.expected_layer.value in [line.get_xdata()[0] for line in below.lines]
    assert f"expected layer {sweep.expected_layer.value:.2f}" in below.get_xlabel()
    assert above.get_xlim() == below.get_xlim()
    assert apart_on_the_page(figure)
    assert len(figures.layer_curve(graded("micro_f1", made=EdgeSweep)).axes) == 1
    falling = replace(sweep, scores=tuple(reversed(sweep.scores)))
    falling = replace(falling, scores=tuple(replace(s, layer=i) for i, s in enumerate(falling.scores)))
    assert "not meaningful" in figures.layer_curve(falling).axes[1].get_xlabel()


def test_the_curve_of_trees_has_all_four_scores_and_the_chain() -> None:
    names = ("uuas", "distance_spearman", "root", "depth_spearman")

    def score(layer: int) -> Score:
        at = (Estimate((layer + k) / 10, layer / 20, (layer + 6) / 10) for k in range(4))
        return score_of(layer, names, float("nan"), **dict(zip(names, at, strict=True)))

    made = swept("tree", tuple(map(score, range(4))), baselines=(Baseline("chain", Estimate(0.37)),))
    figure = figures.layer_curve(made)
    drawn = lines_of(figure)
    for k in range(4):
        assert tuple(np.round([(layer + k) / 10 for layer in range(4)], 9)) in drawn
    assert (0.37, 0.37) in drawn
    assert set(words(figure)) == {"UUAS", "root", "distance r", "depth r", "chain"}
    assert apart_on_the_page(figure)


def around(value: float) -> Estimate:
    return Estimate(value, value - 0.05, value + 0.05)


def test_the_curve_of_heads_has_the_control_and_every_baseline_but_those_of_the_control() -> None:
    scores = tuple(
        score_of(i, ("uas",), 3 - i, uas=around(0.5 + i / 10), control=around(0.3), selectivity=around(0.2 + i / 10))
        for i in range(3)
    )
    names = ("previous word", "word type", "control ceiling")
    baselines = tuple(Baseline(name, Estimate(0.3 + i / 10)) for i, name in enumerate(names))
    made = swept("head", scores, baselines=baselines)
    figure = figures.layer_curve(made)
    for values in ((0.5, 0.6, 0.7), (0.3, 0.3, 0.3), (0.2, 0.3, 0.4)):
        assert values in lines_of(figure)
    assert set(words(figure)) == {"UAS", "control", "selectivity", "previous word", "word type", "best on dev"}
    assert apart_on_the_page(figure)
    below = changed(made, selectivity=around(-0.3))
    assert apart_on_the_page(figures.layer_curve(below))  # its numbers need more room beside the axis
    without = changed(made, control=None, selectivity=None)
    assert set(words(figures.layer_curve(without))) == {"UAS", "previous word", "word type", "best on dev"}


def test_the_curve_of_pairs_has_what_labels_and_what_chance_would_give() -> None:
    names = ("accuracy", "random", "above_random", "mass_mean")
    scores = []
    for i in range(3):
        values = dict(zip(names, map(around, (0.6 + i / 10, 0.55, 0.05 + i / 10, 0.9)), strict=True))
        scores.append(score_of(i, ("accuracy",), 0.3 - i / 10, loss=0.1, found=0.9, flipped=False, **values))
    made = swept("pair", tuple(scores), unit="pair", baselines=(Baseline("chance", Estimate(0.5)),))
    figure = figures.layer_curve(made)
    for values in ((0.6, 0.7, 0.8), (0.55, 0.55, 0.55), (0.9, 0.9, 0.9)):
        assert values in lines_of(figure)
    assert set(words(figure)) == {"accuracy", "random", "mass mean", "chance", "best on dev"}
    assert apart_on_the_page(figure)


def compared(sizes: tuple[int, ...], names: list[str] | None = None) -> Comparison:
    """One sweep for each size; accuracy grows, and then falls a little."""
    accuracies = [0.5 + 0.4 * min(i, 2) / 2 - 0.05 * max(0, i - 2) for i in range(len(sizes))]
    sweeps = {}
    for i, accuracy in enumerate(accuracies):
        one = fake_sweep()
        scores = tuple(
            rescored(s, accuracy=Estimate(accuracy, accuracy - 0.02, accuracy + 0.02), control=Estimate(i / 10))
            for s in one.scores
        )
        sweeps[names[i] if names else f"probe {i}"] = replace(one, scores=scores)
    return Comparison(sweeps, sizes)


def test_a_comparison_draws_each_probe_and_rings_the_frontier() -> None:
    made = compared((10, 200, 3000, 40_000, 41_000))
    figure = figures.comparison(made, 3)
    axes = figure.axes[0]
    drawn = lines_of(figure)
    for name in ("accuracy", "control", "selectivity"):
        values = [getattr(sweep.score(3), name).value for sweep in made.sweeps.values()]
        assert tuple(np.round(values, 9)) in drawn
    rings = next(line for line in axes.lines if line.get_markersize() == 10)
    assert rings.get_xdata().tolist() == [10, 200, 3000]
    assert len(made.frontier(3)) == 3
    assert axes.get_xscale() == "log"
    assert {"1", "2", "3", "4-5", "accuracy", "control", "selectivity"} == set(words(figure))
    said = [text.get_text() for text in figure.texts]
    assert said[:4] == ["1  probe 0", "10 parameters", "2  probe 1", "200 parameters"]
    assert apart_on_the_page(figure)
    best = min((sweep.best for sweep in made.sweeps.values()), key=lambda score: score.dev_cross_entropy).layer
    assert f"layer {best}" in figures.comparison(made).axes[0].get_title("left")


def test_probes_without_a_name_are_listed_without_what_they_leave_open() -> None:
    names = [repr(probe) for probe in (pw.LinearProbe(), pw.LinearProbe(l2=0.1), pw.MLPProbe(hidden=(500, 500)))]
    figure = figures.comparison(compared((30, 30, 9000), names))
    assert "2  LinearProbe(l2=0.1, max_iter=500, grid of 13 from 1e-06 to 1)" in [t.get_text() for t in figure.texts]
    assert apart_on_the_page(figure)
    assert apart_on_the_page(figures.comparison(compared((30,))))


def test_a_codelength_draws_the_price_of_a_label_block_by_block() -> None:
    rng = np.random.default_rng(0)
    codes = tuple(
        Code(layer, labels, rng.random(4) * 10, 100.0, 1.0)
        for layer in (0, 2)
        for labels in ("task", "control", "control 2", "shuffled")
    )
    made = Codelength("upos", "word", 8, ModelCard("tiny"), "c", "p", (1, 2, 4, 600), (5, 5, 20, 900), codes)
    figure = figures.codelength(made, 2)
    drawn = lines_of(figure)
    for labels in made.label_sets:
        assert tuple(np.round(made.code(2, labels).block_bits / (5, 5, 20, 900), 9)) in drawn
    assert (3.0, 3.0) in drawn  # log2 8
    assert set(words(figure)) == {"task", "control", "control 2", "shuffled", "uniform"}
    assert figure.axes[0].lines[0].get_xdata().tolist() == [1, 2, 4, 600]
    assert f"layer 2, {made.code(2).compression:.2f}x shorter" in figure.axes[0].get_title("left")
    assert apart_on_the_page(figure)
    assert f"layer {made.best.layer}," in figures.codelength(made).axes[0].get_title("left")


def arcs(figure: Figure) -> list[PathPatch]:
    return [artist for artist in figure.axes[0].get_children() if isinstance(artist, PathPatch)]


def test_a_tree_has_an_arc_for_each_edge_the_gold_ones_below_and_tells_which_are_right() -> None:
    said = ["The", "$old$", "cat", "ran", "."]
    heads, gold = (3, 3, 4, 0, 3), (3, 3, 4, 0, 4)
    figure = figures.tree(said, heads, gold, title="layer 3")
    everything = words(figure)
    assert everything[0] == "layer 3" and everything.count("root") == 2
    assert [text for text in everything if text in said] == said
    assert "3 of 4 gold edges are found; dashed: not in the gold tree" in " ".join(everything)
    place = {text.get_text(): text.get_position() for text in figure.axes[0].texts}
    middle = place["cat"][1]
    above = [arc for arc in arcs(figure) if arc.get_path().vertices[1, 1] < middle]
    below = [arc for arc in arcs(figure) if arc.get_path().vertices[1, 1] > middle]
    assert len(above) == len(below) == 4
    wrong = [arc for arc in arcs(figure) if arc.get_linestyle() not in ("-", "solid")]
    assert len(wrong) == 1 and wrong[0] in above
    ends = sorted(wrong[0].get_path().vertices[[0, 3], 0])
    assert ends == pytest.approx([place["cat"][0] + 0.06, place["."][0] - 0.06])
    tips = [line for line in figure.axes[0].lines if line.get_marker() in ("v", "^")]
    assert len(tips) == 8  # at each dependent
    assert apart_on_the_page(figure)


def test_an_arc_stands_above_those_between_its_words() -> None:
    figure = figures.tree(list("abcdef"), [(0, 5), (1, 2), (1, 4), (2, 3)])
    high = {
        round(float(np.ptp(arc.get_path().vertices[:, 0])), 3): float(np.ptp(arc.get_path().vertices[:, 1]))
        for arc in arcs(figure)
    }
    assert [high[width] for width in sorted(high)] == sorted(high.values())
    assert len(set(high.values())) == 3
    assert "root" not in words(figure) and not any("gold" in text for text in words(figure))


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (
            lambda: figures.layer_curve(fake_predictions("a")),
            "layer_curve draws what sweep gives, but Predictions came",
        ),
        (lambda: figures.comparison(compared((1, 2)), 99), "layer 99 and 2 probes came"),
        (lambda: figures.comparison(compared(tuple(range(1, 28)))), "at most 26 probes, .* 27 probes came"),
        (lambda: figures.tree([], []), "1 to 60 words, but 0 came"),
        (lambda: figures.tree(["a"] * 61, [0] * 61), "1 to 60 words, but 61 came"),
        (lambda: figures.tree(["a", "b"], [0]), r"heads must be the head of each of the 2 words.*\(1,\)"),
        (lambda: figures.tree(["a", "b"], [0, 3]), "heads must be .*0, 3"),
        (lambda: figures.tree(["a", "b"], [0, 0.5]), "heads must be"),
        (lambda: figures.tree(["a", "b"], [0, 1], [(0, 2)]), "gold must be .* pairs of words, 0 to 1"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(draw: Callable[[], object], said: str) -> None:
    with pytest.raises(WidgetError, match=said):
        draw()


def test_names_at_the_ends_of_the_curve_stand_apart_around_where_they_belong() -> None:
    heights = apart([0.1, 0.5, 0.51, 0.52, 0.99], 0.1, 0.0, 1.0)
    assert heights[0] == 0.1
    np.testing.assert_allclose(heights[1:4], [0.41, 0.51, 0.61])
    np.testing.assert_allclose(np.diff(apart([1.0] * 4, 0.1, 0.0, 1.0)), 0.1)
    assert max(apart([1.0] * 4, 0.1, 0.0, 1.0)) <= 1.0


def test_a_small_picture_is_small_and_as_large_as_the_figure() -> None:
    predictions = fake_predictions("one two three four five six seven eight nine ten\n" * 3)
    shown = Shown(predictions, layer=3, selected=(3, 1), sweep=fake_sweep())
    for sheet in (lay_strip(shown), lay_heatmap(shown), lay_scores(fake_sweep())):
        png = sheet.small_png()
        assert len(png) < 40_000
        image = Image.open(io.BytesIO(png))
        assert image.size == tuple(round(96 * side) for side in sheet.figure().get_size_inches())


def test_a_small_picture_shows_what_the_figure_shows() -> None:
    shown = Shown(fake_predictions(TEXT), layer=3, sweep=fake_sweep(random=True))
    sheet = lay_heatmap(shown)
    small = np.asarray(Image.open(io.BytesIO(sheet.small_png())).convert("RGB"), float)
    buffer = io.BytesIO()
    sheet.figure().savefig(buffer, format="png", dpi=96)
    large = np.asarray(Image.open(buffer).convert("RGB"), float)
    cells = [mark for mark in sheet.marks if isinstance(mark, Box) and mark.width > 0.3]
    assert len(cells) > 49
    for mark in cells:  # a place without letters
        x, y = round(96 * (mark.x + mark.width / 2)), round(96 * (mark.y + 0.025))
        assert np.abs(small[y, x] - large[y, x]).max() < 12, mark


@pytest.mark.parametrize(
    "text", ["$x_1$ $", "\U0001f469\u200d\U0001f469 مرحبا 漢字", "a\u202eb \x07", "<b>", "x" * 600]
)
def test_any_text_can_be_drawn_and_saved(text: str) -> None:
    predictions = fake_predictions(text)
    for figure in (figures.token_strip(predictions), figures.layer_heatmap(predictions, label="NOUN")):
        assert figure._repr_png_().startswith(b"\x89PNG")
    for lay in (lay_strip, lay_heatmap):
        assert lay(Shown(predictions), "column").small_png().startswith(b"\x89PNG")


def test_probabilities_that_are_no_numbers_are_drawn_as_no_value() -> None:
    predictions = fake_predictions("one two")
    broken = predictions.proba.copy()
    broken[:, 0] = np.nan
    broken = Predictions(predictions.text, predictions.units, predictions.layers, predictions.labels, broken)
    assert words(figures.token_strip(broken))[2] == "no value"
    assert grid_of(figures.layer_heatmap(broken, colour="entropy"))[1]["6"][0] == "–"
    assert figures.layer_heatmap(broken, colour="entropy")._repr_png_()


@pytest.mark.parametrize(
    "draw",
    [
        lambda p: figures.token_strip(p, 9),
        lambda p: figures.layer_heatmap(p, layers=[]),
        lambda p: figures.layer_heatmap(p, layers=[0, 9]),
        lambda p: figures.layer_heatmap(p, label="NOPE"),
        lambda p: figures.layer_heatmap(p, label=np.array(["NOUN"])),
        lambda p: figures.layer_heatmap(p, colour="rainbow"),
        lambda p: figures.layer_heatmap(p, colour="probability"),
        lambda p: figures.layer_heatmap(p, layer=9),
        lambda p: figures.token_strip(p, selected=(3, 99)),
        lambda p: figures.token_strip(fake_predictions("")),
        lambda p: figures.layer_heatmap(fake_predictions("word " * 401)),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_what_can(draw) -> None:
    with pytest.raises(WidgetError, match="came"):
        draw(fake_predictions(TEXT))


def test_drawing_imports_neither_pyplot_nor_the_widgets() -> None:
    code = (
        "import sys; from tests.widgets.fakes import *; from probewidgets import figures;"
        "figures.layer_curve(fake_sweep())._repr_png_(); figures.token_strip(fake_predictions('a b'));"
        "print([name for name in ('matplotlib.pyplot', 'anywidget', 'ipywidgets', 'torch') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_small_pictures_of_widgets_do_without_matplotlib() -> None:
    code = (
        "import sys; from tests.widgets.fakes import *; from probewidgets.widgets import *;"
        "p, s = fake_predictions('the cats zzz'), fake_sweep();"
        "widgets = [TokenStrip(p), LayerHeatmap(p, sweep=s), LayerCurve(s), ProbeExplorer(fake_predictor())];"
        "print([len(w._repr_mimebundle_()[0]['image/png']) > 2000 for w in widgets], 'matplotlib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[True, True, True, True] False"


def test_a_grid_of_numbers_shows_each_of_them() -> None:
    figure = figures.number_grid([[1.5, np.nan], [2.25, 300.0]], ["0", "1 (final norm)"], ["The", "cats"], title="norm")
    shown = [text.get_text() for text in figure.axes[0].texts]
    assert shown == ["1.5", "2.25", "300"]
    assert [label.get_text() for label in figure.axes[0].get_xticklabels()] == ["The", "cats"]
    figure.savefig(io.BytesIO(), format="png")
    for wrong in (np.zeros((2, 3)), np.zeros((0, 2))):
        with pytest.raises(WidgetError, match=r"values must be \(rows, columns\) = \(2, 2\)"):
            figures.number_grid(wrong, ["0", "1"], ["The", "cats"])


def test_a_trajectory_has_a_line_for_the_probe_and_for_each_strategy() -> None:
    tokens, holds = ["(", "5", "-", "-3", ")"], {"cumulative": [0, 5, 5, 8, 8], "recursive": [0, 5, 5, 8, 8.5]}
    figure = figures.trajectory(tokens, [0.1, 5, 5, 7, 8], holds, title="$one$")
    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == tokens
    drawn = [list(line.get_ydata()) for line in axes.lines if len(line.get_ydata()) == 5]
    assert drawn == [[0.1, 5, 5, 7, 8], *holds.values()]
    assert {text.get_text() for text in axes.texts} == {"probe", *holds}
    figure.savefig(io.BytesIO(), format="png")


@pytest.mark.parametrize(
    ("tokens", "predicted", "strategies"),
    [
        ([], [], {}),
        (["1"] * 61, [0] * 61, {}),
        (["1"], [0, 0], {}),
        (["1"], [0], {"other": [1, 2]}),
        (["1"], [0], {name: [1] for name in "abcd"}),
    ],
)
def test_what_is_no_trajectory_is_refused(tokens, predicted, strategies) -> None:
    with pytest.raises(WidgetError, match=r"one number per token each, but \d+ tokens and \d strategies came"):
        figures.trajectory(tokens, predicted, strategies)


def test_any_figure_can_be_a_small_picture() -> None:
    figure = figures.trajectory(["(", "5", ")"], [0.1, 5, 5], {"cumulative": [0, 5, 5]})
    small = figures.small_png(figure)
    assert small.startswith(b"\x89PNG")
    assert len(small) < 20_000
    assert Image.open(io.BytesIO(small)).size == tuple(np.round(96 * figure.get_size_inches()))
