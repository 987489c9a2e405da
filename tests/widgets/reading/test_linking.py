"""Two widgets whose layer, label, colour and selection go together."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from probewidgets.errors import WidgetError
from probewidgets.widgets import LayerCurve, LayerHeatmap, ProbeCompare, ProbeErrors, ProbeExplorer, TokenStrip
from tests.widgets.compare.stands import reader
from tests.widgets.errors.made import english
from tests.widgets.fakes import LABELS, fake_numbers, fake_predictions, fake_predictor, fake_sweep
from tests.widgets.helpers import said

TEXT = "the old cats sat"


def choices(widget: Any) -> tuple[Any, ...]:
    return widget.layer, widget.label, widget.colour, widget.selected


def heatmap(text: str = TEXT, layers: Any = range(7), **more: Any) -> LayerHeatmap:
    return LayerHeatmap(fake_predictions(text, layers), **more)


def strip(**more: Any) -> TokenStrip:
    return TokenStrip(fake_predictions(TEXT), **more)


def compare(text: str = TEXT, **more: Any) -> ProbeCompare:
    return ProbeCompare({"sure": reader(), "unsure": reader(shift=0.5, name="other")}, text=text, **more)


@pytest.mark.parametrize("make", [heatmap, strip, lambda: ProbeExplorer(fake_predictor(), text=TEXT), compare])
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


# ---------------------------------------------------------------------- a comparison


def test_a_comparison_goes_by_the_predictor_that_is_compared_against() -> None:
    small, large = reader(range(7)), reader(range(13), name="large")
    widget = ProbeCompare({"small": small, "large": large}, text=TEXT, against="large")
    explorer = ProbeExplorer(large, text=TEXT)
    explorer.link(widget)
    explorer.selected = (8, 2)
    assert (widget.layer, widget.selected, widget.word) == (8, (8, 2), ("large", 2))
    assert widget.cells == {"small": (4, 2), "large": (8, 2)}
    widget.word = ("small", 1)
    widget.row = 12
    assert choices(explorer) == (12, None, "label", (12, 1))
    widget.against = "small"  # whose layer 6 stands on that row
    assert (widget.layer, widget.selected) == (6, (6, 1))
    assert choices(explorer) == (6, None, "label", (6, 1))
    widget.row = 11
    assert (widget.layer, widget.selected) == (None, None), "there is no layer of it"
    assert choices(explorer) == (6, None, "label", None)
    explorer.layer = 3
    assert (widget.row, widget.layer) == (6, 3)


def test_a_word_without_a_counterpart_in_the_one_compared_against_is_selected_nowhere_else() -> None:
    widget, other = ProbeCompare(reader(), text=("the cats", "the old cats")), heatmap()
    widget.link(other)
    widget.word = (widget.names[1], 1)
    assert (widget.selected, other.selected) == (None, None)
    widget.word = (widget.names[1], 2)
    assert other.selected == (widget.layer, 1)
    other.selected = None
    assert widget.word is None


def test_what_is_chosen_in_a_comparison_s_page_goes_along_and_comes_back() -> None:
    widget, other = compare(), heatmap()
    link = widget.link(other)
    assert repr(link) == "WidgetLink(ProbeCompare <-> LayerHeatmap)"
    told: list[tuple[Any, ...]] = []
    other.observe(lambda change: told.append(choices(other)), "_choice")
    said(widget, {"kind": "choose", "seq": 3, "client": "me", "row": 1, "word": [1, 2], "label": "VERB"})
    assert choices(other) == (1, "VERB", "probability", (1, 2))
    assert told[-1] == choices(other)
    assert (widget._choice["client"], widget._choice["row"], widget._choice["word"]) == ("me", 1, [1, 2])
    said(other, {"kind": "choose", "seq": 1, "client": "it", "layer": 4, "selected": [4, 0]})
    assert (widget._choice["row"], widget._choice["word"]) == (4, [0, 0])
    assert widget._choice["client"] == "", "no page of the comparison has asked for it"
    told.clear()
    widget.row = 4
    other.layer = 4
    assert told == []


def test_another_text_of_a_comparison_leaves_the_word_or_lets_it_go_in_both() -> None:
    widget, explorer = compare(word=("sure", 3), row=2), ProbeExplorer(fake_predictor(), text=TEXT)
    widget.link(explorer)
    assert explorer.selected == (2, 3)
    widget.compute("cats sat")
    assert (widget.selected, explorer.selected) == ((2, 1), (2, 1))
    widget.compute("nothing of it")
    assert (widget.selected, explorer.selected) == (None, None)


def test_a_comparison_and_the_errors_of_a_sweep_share_layer_and_label() -> None:
    sweep, acts = english()
    errors, widget = ProbeErrors(sweep, acts), compare()
    errors.link(widget)
    layer = next(layer for layer in sweep.layers if layer != errors.layer)
    errors.layer = layer
    assert widget.layer == layer
    widget.label = "NOUN"
    assert errors.label == "NOUN"
    errors.cell = ("VERB", "NOUN")
    assert (widget.label, widget.colour) == ("VERB", "probability")
    assert errors.selected is None, "a target of test is no word of a typed text"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("layer", 7, r"layer must be one of 'sure', \[0, 1, 2, 3, 4, 5, 6\], but 7 came"),
        ("layer", None, "but None came"),
        ("selected", (1, 9), r"of 'sure', with a layer of \[0, .*\] and a unit of 0\.\.3, but \(1, 9\) came"),
        ("selected", "12", "but '12' came"),
    ],
)
def test_a_cell_that_is_not_there_is_refused_and_changes_nothing(name: str, value: Any, message: str) -> None:
    widget = compare(word=("unsure", 1), row=3)
    with pytest.raises(WidgetError, match=message):
        setattr(widget, name, value)
    assert (widget.layer, widget.selected, widget.row, widget.word) == (3, (3, 1), 3, ("unsure", 1))


@pytest.mark.parametrize("make", [heatmap, compare])
def test_two_threads_that_choose_in_both_do_not_wait_for_each_other(make: Callable[[], Any]) -> None:
    first, second = make(), heatmap()
    first.link(second)
    own = "row" if isinstance(first, ProbeCompare) else "layer"

    def choose(widget: Any, name: str) -> Callable[[], None]:
        def often() -> None:
            for number in range(150):
                widget._handle_custom_msg({"kind": "choose", "seq": number, "client": "p", name: number % 7}, [])

        return often

    threads = [threading.Thread(target=choose(*each), daemon=True) for each in ((first, own), (second, "layer"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    assert first.layer == second.layer
