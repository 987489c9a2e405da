"""Two widgets whose layer, label, colour and selection go together."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from probewidgets.errors import WidgetError
from probewidgets.widgets import LayerCurve, LayerHeatmap, ProbeExplorer, TokenStrip
from tests.widgets.fakes import LABELS, fake_numbers, fake_predictions, fake_predictor, fake_sweep
from tests.widgets.helpers import said

TEXT = "the old cats sat"


def choices(widget: Any) -> tuple[Any, ...]:
    return widget.layer, widget.label, widget.colour, widget.selected


def heatmap(text: str = TEXT, layers: Any = range(7), **more: Any) -> LayerHeatmap:
    return LayerHeatmap(fake_predictions(text, layers), **more)


def strip(**more: Any) -> TokenStrip:
    return TokenStrip(fake_predictions(TEXT), **more)


@pytest.mark.parametrize("make", [heatmap, strip, lambda: ProbeExplorer(fake_predictor(), text=TEXT)])
def test_they_go_together_both_ways(make: Callable[[], Any]) -> None:
    first, second = heatmap(), make()
    first.link(second)
    for here, there in ((first, second), (second, first)):
        here.layer = 2
        assert there.layer == 2
        here.label = "VERB"
        assert choices(there) == (2, "VERB", "probability", None)
        here.colour = "entropy"
        assert choices(there) == (2, None, "entropy", None)
        here.selected = (5, 3)
        assert choices(there) == (5, None, "entropy", (5, 3))
        here.layer = 1
        assert choices(there) == choices(here) == (1, None, "entropy", (1, 3))
        here.selected = None
        here.colour = "label"
        assert choices(there) == choices(here) == (1, None, "label", None)


def test_at_first_the_other_takes_what_is_chosen_here() -> None:
    first, second = heatmap(label="NOUN", selected=(4, 1)), heatmap(colour="entropy", selected=(2, 3))
    first.link(second)
    assert choices(second) == choices(first) == (4, "NOUN", "probability", (4, 1))


def test_what_the_other_does_not_have_it_leaves_as_it_is() -> None:
    first, second = heatmap(), heatmap("the old", (0, 3, 12), layer=12, selected=(12, 1))
    first.link(second)
    assert choices(second) == (12, None, "label", None), "layer 6 is not there, and nothing was selected"
    first.selected = (3, 1)
    assert choices(second) == (3, None, "label", (3, 1))
    first.selected = (5, 3)
    assert choices(second) == (3, None, "label", (3, 1)), "neither the layer nor the unit"
    assert choices(first) == (5, None, "label", (5, 3))
    first.selected = (0, 3)
    assert choices(second) == (0, None, "label", (0, 1)), "the layer, but not the unit"
    assert choices(first) == (0, None, "label", (0, 3)), "and no echo moves this one"
    second.layer = 12
    assert choices(first) == (0, None, "label", (0, 3))
    hidden = heatmap(layers=range(7))
    hidden.layers = (0, 1)
    first.link(hidden)
    first.layer = 6
    assert hidden.layer == 0


def test_a_label_or_a_colour_that_the_other_does_not_have() -> None:
    first, numbers = heatmap(), LayerHeatmap(fake_numbers(TEXT))
    others = LayerHeatmap(fake_predictions(TEXT, labels=("NOUN", "XYZ")))
    first.link(numbers)
    first.link(others)
    first.label = "VERB"
    assert choices(numbers)[1:3] == (None, "value")
    assert choices(others)[1:3] == (None, "label")
    first.label = "NOUN"
    assert choices(others)[1:3] == ("NOUN", "probability")
    others.label = "XYZ"
    assert choices(first)[1:3] == ("NOUN", "probability")
    first.colour = "entropy"
    assert choices(numbers)[2], choices(others)[2] == ("value", "entropy")


def test_a_curve_has_no_units_but_a_layer() -> None:
    explorer, curve = ProbeExplorer(fake_predictor(), text=TEXT), LayerCurve(fake_sweep())
    explorer.link(curve)
    explorer.selected = (5, 1)
    assert (curve.layer, curve.selected) == (5, None)
    curve.layer = 0
    assert choices(explorer) == (0, None, "label", (0, 1))


def test_a_choice_is_told_to_each_page_once_and_an_echo_to_none() -> None:
    first, second = heatmap(), heatmap()
    first.link(second)
    told: list[tuple[str, Any]] = []
    for name, widget in (("first", first), ("second", second)):
        widget.observe(lambda change, name=name: told.append((name, change.new["layer"])), "_choice")
    first.layer = 2
    assert sorted(told) == [("first", 2), ("second", 2)]
    told.clear()
    first.layer = 2
    second.layer = 2
    assert told == []


def test_what_a_page_chooses_goes_along() -> None:
    first, second = heatmap(), heatmap()
    first.link(second)
    replies = said(first, {"kind": "choose", "seq": 3, "client": "me", "layer": 1, "selected": [1, 2]})
    assert [reply["kind"] for reply in replies] == ["ack"]
    assert choices(second) == (1, None, "label", (1, 2))
    assert second._choice["selected"] == [1, 2]
    assert second._choice["client"] == "", "no page of the other one has asked for it"


def test_three_in_a_ring_come_to_rest() -> None:
    ring = [heatmap(), strip(), heatmap()]
    for here, there in zip(ring, [*ring[1:], ring[0]], strict=True):
        here.link(there)
    ring[1].selected = (2, 3)
    assert {choices(widget) for widget in ring} == {(2, None, "label", (2, 3))}


def test_after_unlinking_each_goes_its_own_way() -> None:
    first, second = heatmap(), heatmap()
    link = first.link(second)
    assert repr(link) == "WidgetLink(LayerHeatmap <-> LayerHeatmap)"
    link.unlink()
    link.unlink()
    first.layer = 2
    second.layer = 4
    assert (first.layer, second.layer) == (2, 4)
    assert repr(link) == "WidgetLink(ended)"
    del link
    held = weakref.ref(second)
    second.close()
    del second
    gc.collect()
    assert held() is None


@pytest.mark.parametrize("closed", [0, 1])
def test_a_widget_that_is_closed_holds_the_other_one_up_no_longer(closed: int) -> None:
    pair = (heatmap(), heatmap())
    link = pair[0].link(pair[1])
    pair[closed].close()
    left = pair[1 - closed]
    left.layer = 2
    left.selected = (4, 1)
    assert choices(left) == (4, None, "label", (4, 1))
    assert pair[closed].layer == 6
    assert repr(link) == "WidgetLink(ended)"
    with pytest.raises(WidgetError, match="closed cannot be linked"):
        left.link(pair[closed])


@pytest.mark.parametrize("other", [None, "heatmap", 5])
def test_what_is_no_widget_is_refused(other: Any) -> None:
    first = heatmap()
    for value in (other, first):
        with pytest.raises(WidgetError, match=r"is linked with another one over predictions, but .* came"):
            first.link(value)


def test_new_predictions_with_fewer_words_leave_the_other_where_it_is() -> None:
    first, second = heatmap(selected=(3, 3)), heatmap()
    first.link(second)
    first.predictions = fake_predictions("the")
    assert (first.selected, second.selected) == (None, None), "nothing is inspected any more"
    second.selected = (3, 3)
    assert first.selected is None
    assert set(LABELS) == set(first.predictions.labels)
