"""Figures: the object API only, the same facts as the widgets, any text."""

from __future__ import annotations

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


def test_the_strip_says_word_label_and_number() -> None:
    predictions = fake_predictions(TEXT)
    said = words(figures.token_strip(predictions, 4))
    best = predictions.proba[4, 0].max()
    assert said[:2] == ["the", f"{predictions.label(4)[0]} {best:.2f}"]
    assert said[5].endswith(" ✓")
    assert said[7].endswith(" ✗")
    assert len(said) == 2 * len(predictions)


def test_the_strip_shows_the_layer_chosen_on_dev_unless_told() -> None:
    sweep = fake_sweep()
    title = figures.token_strip(fake_predictions(TEXT), sweep=sweep).axes[0].get_title()
    assert title == f"Layer {sweep.best.layer}"
    assert figures.token_strip(fake_predictions(TEXT)).axes[0].get_title() == "Layer 6"


def test_the_heatmap_has_a_cell_for_every_layer_and_unit_deepest_first() -> None:
    predictions = fake_predictions(TEXT)
    figure = figures.layer_heatmap(predictions, sweep=fake_sweep(), layers=(0, 3, 6))
    said = words(figure)
    assert said[: len(predictions)] == list(predictions.label(6))
    assert len(said) == 4 * len(predictions)
    rows = [label.get_text().split()[1] for label in figure.axes[0].get_yticklabels()]
    assert rows == ["6", "3", "0"]


def test_the_heatmap_can_show_one_labels_probability_or_the_entropy() -> None:
    predictions = fake_predictions("cats")
    share = predictions.proba[6, 0, LABELS.index("NOUN")]
    assert words(figures.layer_heatmap(predictions, label="NOUN"))[0] == f"{share:.2f}"
    p = predictions.proba[6, 0].astype(float)
    assert words(figures.layer_heatmap(predictions, colour="entropy"))[0] == f"{-(p * np.log2(p)).sum():.2f}"


def test_the_curve_draws_what_the_sweep_holds() -> None:
    sweep = fake_sweep()
    axes = figures.layer_curve(sweep).axes[0]
    drawn = {tuple(np.round(line.get_ydata(), 9)) for line in axes.lines}
    for name in ("accuracy", "control", "selectivity"):
        assert tuple(np.round([getattr(score, name).value for score in sweep.scores], 9)) in drawn
    assert {text.get_text() for text in axes.texts} == {
        "accuracy", "control", "selectivity", "majority", "word type", "layer 0",
    }  # fmt: skip
    assert {text.get_text() for text in figures.layer_curve(fake_sweep(control=False)).axes[0].texts} >= {"accuracy"}


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
    assert words(figures.token_strip(broken))[1] == "no value"
    assert words(figures.layer_heatmap(broken, colour="entropy"))[0] == "–"
    assert figures.layer_heatmap(broken, colour="entropy")._repr_png_()


@pytest.mark.parametrize(
    "draw",
    [
        lambda p: figures.token_strip(p, 9),
        lambda p: figures.layer_heatmap(p, layers=[]),
        lambda p: figures.layer_heatmap(p, layers=[0, 9]),
        lambda p: figures.layer_heatmap(p, label="NOPE"),
        lambda p: figures.layer_heatmap(p, colour="rainbow"),
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
