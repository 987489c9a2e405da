"""Figures: the object API only, the same facts as the widgets, any text."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch

import probewidgets as pw
from probewidgets import figures
from probewidgets.errors import WidgetError
from probewidgets.figures.lines import apart
from probewidgets.look import palette
from probewidgets.methods.edges.trial import EdgeSweep
from probewidgets.methods.size.compare import Comparison
from probewidgets.metrics.codelength import Code, Codelength
from probewidgets.sweeps.results import Sweep
from probewidgets.sweeps.score import Score
from probewidgets.values import Baseline, Estimate, ModelCard, Predictions
from tests.scores import changed, rescored, score_of
from tests.widgets.fakes import LABELS, fake_numbers, fake_predictions, fake_sets, fake_sweep, graded_sweep

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
    assert said[-2:] == ["stronger = more probable", "✗ = not the gold label"]


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
        assert long[0] < 8
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
    assert told[9:] == ["cat", "none", "no label", "stronger = more probable", "dotted = not seen in training"]
    by_river = words(figures.layer_heatmap(sets, layers=[3], label="river"))
    assert {"0.10", "0.67", "–"} <= set(by_river)
    grey = figures.paint.Paint.of(sets, None, None, None).fill(3, 2)
    assert grey == palette.fade(
        palette.fills(sets.labels, sets=True)[0][-1], "#ffffff", palette.strength(1 - sets.proba[3, 2].max())
    )


def test_the_heatmap_has_a_cell_for_every_layer_and_unit_deepest_first() -> None:
    predictions = fake_predictions("the old cats")
    figure = figures.layer_heatmap(predictions, sweep=fake_sweep(), layers=(0, 3, 6))
    title, *said = words(figure)
    assert title == "upos in tiny, layers x words"
    assert said[:3] == ["the", "old", "cats"]
    rows = [said[at : at + 4] for at in (3, 7, 11)]
    assert [row[0].split()[1] for row in rows] == ["6", "3", "0"]
    assert [row[1:] for row in rows] == [list(predictions.label(layer)) for layer in (6, 3, 0)]


def test_the_heatmap_marks_the_active_row_the_gold_labels_and_what_is_wrong() -> None:
    figure = figures.layer_heatmap(fake_predictions("cats/NOUN sat/ADJ"), layer=5, selected=(5, 1))
    assert [text.get_text() for text in figure.axes[0].texts if text.get_weight() == "bold"] == [
        "Layer 5", "NOUN", "ADJ",
    ]  # fmt: skip
    said = words(figure)
    assert said[said.index("Layer 5") + 1 :][:2] == ["NOUN", "VERB ✗"]
    assert "✗ = not the gold label" in said


def test_every_sentence_begins_a_block_of_its_own() -> None:
    said = words(figures.layer_heatmap(fake_predictions(TEXT), layers=[6]))
    assert said.count("Layer 6") == 2
    assert said.index("she") > said.index("Layer 6")


def test_the_heatmap_can_show_one_labels_probability_or_the_entropy() -> None:
    predictions = fake_predictions("cats")
    share = predictions.proba[6, 0, LABELS.index("NOUN")]
    for choice in ({"label": "NOUN"}, {"label": "NOUN", "colour": "probability"}):
        said = words(figures.layer_heatmap(predictions, **choice))
        assert said[3] == f"{share:.2f}"
        assert "probability of NOUN:  0" in said
    p = predictions.proba[6, 0].astype(float)
    assert words(figures.layer_heatmap(predictions, colour="entropy"))[3] == f"{-(p * np.log2(p)).sum():.2f}"


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
    assert "3 of 4 gold edges are found; dashed: not in the gold tree" in everything
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


def test_a_small_picture_is_small() -> None:
    predictions = fake_predictions("one two three four five six seven eight nine ten\n" * 3)
    for figure in (figures.token_strip(predictions), figures.layer_heatmap(predictions, sweep=fake_sweep())):
        assert figures.small_png(figure).startswith(b"\x89PNG")
        assert len(figures.small_png(figure)) < 40_000


@pytest.mark.parametrize(
    "text", ["$x_1$ $", "\U0001f469\u200d\U0001f469 مرحبا 漢字", "a\u202eb \x07", "<b>", "x" * 600]
)
def test_any_text_can_be_drawn_and_saved(text: str) -> None:
    predictions = fake_predictions(text)
    for figure in (figures.token_strip(predictions), figures.layer_heatmap(predictions, label="NOUN")):
        assert figure._repr_png_().startswith(b"\x89PNG")


def test_probabilities_that_are_no_numbers_are_drawn_as_no_value() -> None:
    predictions = fake_predictions("one two")
    broken = predictions.proba.copy()
    broken[:, 0] = np.nan
    broken = Predictions(predictions.text, predictions.units, predictions.layers, predictions.labels, broken)
    assert words(figures.token_strip(broken))[2] == "no value"
    assert words(figures.layer_heatmap(broken, colour="entropy"))[4] == "–"
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
        lambda p: figures.layer_heatmap(fake_predictions("word " * 61)),
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
    assert len(figures.small_png(figure)) < 20_000


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
