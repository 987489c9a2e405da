"""Layer, layers, label, colour, selected: validated, consistent, observable."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import traitlets
from ipywidgets import interactive, link

from probewidgets.errors import WidgetError
from probewidgets.widgets import LayerCurve, LayerHeatmap, ProbeExplorer, TokenStrip
from tests.widgets.fakes import LABELS, fake_predictions, fake_predictor, fake_sweep

TEXT = "the cats sat"


def choices(widget: Any) -> tuple[Any, ...]:
    return widget.layer, widget.layers, widget.label, widget.colour, widget.selected


def test_the_first_layer_is_the_one_chosen_on_dev(explorer: ProbeExplorer) -> None:
    assert explorer.layer == fake_sweep().best.layer
    assert explorer.layers == tuple(range(7))


def test_without_a_sweep_the_first_layer_is_the_last() -> None:
    widget = ProbeExplorer(lambda text: fake_predictions(text, (0, 4, 8)), text=TEXT)
    assert widget.layer == 8
    widget.close()


@pytest.mark.parametrize("layer", [7, -1, "3", 2.0, True, None, (3,)])
def test_a_layer_that_is_none_is_refused_with_the_valid_ones(explorer: ProbeExplorer, layer: Any) -> None:
    before = choices(explorer)
    with pytest.raises(WidgetError, match=r"\[0, 1, 2, 3, 4, 5, 6\]"):
        explorer.layer = layer
    assert choices(explorer) == before


def test_integers_of_numpy_are_layers(explorer: ProbeExplorer) -> None:
    explorer.layer = np.int64(5)
    assert explorer.layer == 5
    assert type(explorer.layer) is int


def test_a_hidden_layer_cannot_be_active(explorer: ProbeExplorer) -> None:
    explorer.layers = [0, 6]
    with pytest.raises(WidgetError, match=r"Layer 3 is hidden. Shown: \[0, 6\]"):
        explorer.layer = 3


def test_hiding_the_active_layer_makes_the_nearest_active(explorer: ProbeExplorer) -> None:
    explorer.layer = 5
    explorer.layers = (0, 2, 4)
    assert explorer.layer == 4
    explorer.layers = None
    assert explorer.layers == tuple(range(7))


@pytest.mark.parametrize("layers", [[], [9], 3, "12", [0, None]])
def test_layers_must_be_some_of_those_there_are(explorer: ProbeExplorer, layers: Any) -> None:
    before = choices(explorer)
    with pytest.raises(WidgetError, match="non-empty subset"):
        explorer.layers = layers
    assert choices(explorer) == before


def test_an_unknown_label_is_refused_with_the_valid_ones(explorer: ProbeExplorer) -> None:
    with pytest.raises(WidgetError, match="NOUN"):
        explorer.label = "NOPE"
    for name in ("label", "colour", "layer", "selected"):
        with pytest.raises(WidgetError, match="came"):
            setattr(explorer, name, np.array(["NOUN", "VERB"]))
    assert explorer.label is None


def test_choosing_a_label_colours_by_its_probability_and_back(explorer: ProbeExplorer) -> None:
    explorer.label = "NOUN"
    assert explorer.colour == "probability"
    explorer.colour = "entropy"
    assert explorer.label is None
    explorer.label = "VERB"
    explorer.label = None
    assert explorer.colour == "label"


def test_probability_needs_a_label(explorer: ProbeExplorer) -> None:
    with pytest.raises(WidgetError, match="Set `label`"):
        explorer.colour = "probability"


def test_a_colour_that_is_none_is_refused(explorer: ProbeExplorer) -> None:
    with pytest.raises(WidgetError, match="entropy"):
        explorer.colour = "rainbow"


@pytest.mark.parametrize("selected", [(3, 3), (9, 0), (3, -1), 5, (3,), "33", (3, None)])
def test_a_cell_outside_is_refused(explorer: ProbeExplorer, selected: Any) -> None:
    with pytest.raises(WidgetError, match=r"unit of 0\.\.2"):
        explorer.selected = selected
    assert explorer.selected is None


def test_a_cell_can_be_any_pair_of_numbers(explorer: ProbeExplorer) -> None:
    for pair in (np.array([3, 1]), [3, 1], (n for n in (3, 1))):
        explorer.selected = None
        explorer.selected = pair
        assert explorer.selected == (3, 1)


@pytest.mark.parametrize("layers", [np.array(3), b"\x00", {"0": 1}, np.array([0.0, 1.0])])
def test_what_only_looks_like_layers_is_refused(explorer: ProbeExplorer, layers: Any) -> None:
    with pytest.raises(WidgetError, match="non-empty subset"):
        explorer.layers = layers


def test_the_first_and_the_last_cell_can_be_selected(explorer: ProbeExplorer) -> None:
    for cell in ((0, 0), (6, 2)):
        explorer.selected = cell
        assert explorer.selected == cell


def test_the_selection_follows_the_active_layer(explorer: ProbeExplorer) -> None:
    explorer.selected = (2, 1)
    explorer.layer = 6
    assert explorer.selected == (6, 1)
    explorer.layers = (0, 1)
    assert explorer.selected == (1, 1)


def test_choices_survive_a_new_text_where_they_still_fit(explorer: ProbeExplorer) -> None:
    explorer.layer, explorer.label, explorer.selected = 2, "NOUN", (2, 2)
    explorer.compute(f"well {TEXT}")
    explorer.compute(TEXT)
    assert choices(explorer)[0::2] == (2, "NOUN", (2, 2))
    explorer.compute("one")
    assert explorer.selected is None


def test_an_unknown_keyword_is_refused_with_the_valid_ones() -> None:
    made = [
        lambda: ProbeExplorer(fake_predictor(), layre=3),
        lambda: TokenStrip(fake_predictions(TEXT), layre=3),
        lambda: LayerHeatmap(fake_predictions(TEXT), layre=3),
        lambda: LayerCurve(fake_sweep(), layre=3),
    ]
    for make in made:
        with pytest.raises(TypeError, match=r"takes no \['layre'\].*'layer'"):
            make()


def test_every_choice_can_be_made_when_the_widget_is_made() -> None:
    widget = ProbeExplorer(fake_predictor(), text=TEXT, layers=(1, 3), layer=1, label="VERB", selected=(3, 2))
    assert choices(widget) == (3, (1, 3), "VERB", "probability", (3, 2))  # what is inspected is the active layer
    widget.close()
    with pytest.raises(WidgetError, match="layer must be one of"):
        ProbeExplorer(fake_predictor(), layer=99)


def test_something_else_than_predictions_is_refused() -> None:
    for make in (lambda: TokenStrip("the cats"), lambda: LayerHeatmap(None), lambda: LayerCurve([1, 2])):
        with pytest.raises(WidgetError, match="expected"):
            make()
    with pytest.raises(WidgetError, match="callable"):
        ProbeExplorer("model")


def test_changes_can_be_observed(explorer: ProbeExplorer) -> None:
    seen: list[Any] = []
    explorer.observe(lambda change: seen.append((change.name, change.new)), ["layer", "selected"])
    explorer.layer = 1
    explorer.selected = (1, 0)
    assert seen == [("layer", 1), ("selected", (1, 0))]


def test_two_widgets_can_be_linked(explorer: ProbeExplorer) -> None:
    heatmap = LayerHeatmap(explorer.predictions, sweep=explorer.sweep)
    curve = LayerCurve(explorer.sweep)
    link((explorer, "layer"), (heatmap, "layer"))
    link((heatmap, "layer"), (curve, "layer"))
    curve.layer = 6
    assert (explorer.layer, heatmap.layer) == (6, 6)
    explorer.layer = 0
    assert curve.layer == 0


def test_value_is_the_text_both_ways_and_works_in_interact(explorer: ProbeExplorer) -> None:
    explorer.value = "set by value"
    assert explorer.text == "set by value"
    explorer.text = "set by text"
    assert explorer.value == "set by text"
    seen: list[str] = []
    interactive(lambda x: seen.append(x), x=explorer).update()
    assert set(seen) == {"set by text"}


def test_new_predictions_of_other_layers_and_labels_refit_the_choices() -> None:
    strip = TokenStrip(fake_predictions(TEXT), layer=6, label="NOUN", selected=(6, 2))
    strip.predictions = fake_predictions("one", (0, 1), ("A", "B"))
    assert choices(strip) == (1, (0, 1), None, "label", None)
    with pytest.raises(traitlets.TraitError):
        strip.predictions = "nothing"
    assert strip._view["labels"] == ["A", "B"]


def test_labels_are_as_many_as_those_of_the_predictions() -> None:
    assert TokenStrip(fake_predictions(TEXT))._view["labels"] == list(LABELS)


def test_what_is_inspected_and_the_active_layer_move_together(explorer: ProbeExplorer) -> None:
    explorer.layer = 3
    explorer.selected = (5, 1)
    assert explorer.layer == 5
    explorer.layer = 2
    assert explorer.selected == (2, 1)
    explorer.selected = None
    assert explorer.layer == 2


def test_in_a_terminal_it_prints_the_predictions(explorer: ProbeExplorer) -> None:
    lines = str(explorer).splitlines()
    assert lines[0] == repr(explorer)
    assert [unit.text for unit in explorer.predictions.units] == [line.split()[0] for line in lines[-3:]]
