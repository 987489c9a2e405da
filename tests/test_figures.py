"""Figures: the object API only, the same facts as the widgets, any text."""

from __future__ import annotations

import io
import subprocess
import sys

import numpy as np
import pytest
from matplotlib.figure import Figure

from probewidgets import figures
from probewidgets.errors import WidgetError
from probewidgets.results import Predictions
from tests.widgets.fakes import LABELS, fake_predictions, fake_sweep

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


def test_names_at_the_ends_of_the_curve_stand_apart_around_where_they_belong() -> None:
    heights = figures._apart([0.1, 0.5, 0.51, 0.52, 0.99], 0.1, 0.0, 1.0)
    assert heights[0] == 0.1
    np.testing.assert_allclose(heights[1:4], [0.41, 0.51, 0.61])
    np.testing.assert_allclose(np.diff(figures._apart([1.0] * 4, 0.1, 0.0, 1.0)), 0.1)
    assert max(figures._apart([1.0] * 4, 0.1, 0.0, 1.0)) <= 1.0


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
