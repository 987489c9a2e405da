"""What page and kernel say to each other: one view, small choices, checked messages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from probewidgets.look.palette import encode_labels
from probewidgets.values import Estimate
from probewidgets.widgets import LayerCurve, LayerHeatmap, ProbeExplorer, TokenStrip
from probewidgets.widgets.reading.payload import MAX_BYTES, MAX_UNITS, Window, encode_curve, layer_facts
from tests.scores import rescored
from tests.widgets.fakes import fake_predictions, fake_predictor, fake_sweep
from tests.widgets.helpers import said, settle


def test_the_view_holds_the_probabilities_as_float32_in_the_order_of_the_predictions(explorer: ProbeExplorer) -> None:
    cube = np.frombuffer(explorer._view["proba"], "<f4").reshape(7, 3, 8)
    assert np.array_equal(cube, explorer.predictions.proba)
    assert explorer._view["units"]["text"] == ["the", "cats", "sat"]


def test_a_text_asked_for_by_a_page_is_acknowledged_answered_and_signed(explorer: ProbeExplorer) -> None:
    sent = said(explorer, {"kind": "ask", "seq": 7, "client": "page", "text": "a b c d"})
    assert sent[0] == {"kind": "ack", "seq": 7, "client": "page"}
    settle(explorer)
    assert (explorer.text, explorer.value, len(explorer.predictions)) == ("a b c d", "a b c d", 4)
    assert (explorer._view["answered"], explorer._view["text"]) == ({"page": 7}, "a b c d")


def test_a_text_set_in_python_is_told_to_the_page_and_answered(explorer: ProbeExplorer) -> None:
    sent: list[Any] = []
    explorer.send = lambda content, buffers=None: sent.append(content)
    explorer.text = "from python"
    settle(explorer)
    assert sent == [{"kind": "text", "text": "from python"}]
    assert explorer._view["answered"] == {}
    assert len(explorer.predictions) == 2


def test_every_view_has_a_higher_revision(explorer: ProbeExplorer) -> None:
    seen: list[int] = []
    explorer.observe(lambda change: seen.append(change.new["rev"]), "_view")
    for text in ("one", "two words", "three words here"):
        explorer.compute(text)
    assert seen == sorted(set(seen))
    assert len(seen) == 3


def test_a_choice_of_a_page_reaches_python_and_comes_back_signed(explorer: ProbeExplorer) -> None:
    rev = explorer._view["rev"]
    said(explorer, {"kind": "choose", "seq": 3, "client": "page", "layer": 5, "selected": [5, 2]})
    assert (explorer.layer, explorer.selected) == (5, (5, 2))
    assert explorer._choice["client"] == "page"
    assert explorer._choice["seq"] == 3
    assert explorer._view["rev"] == rev, "a choice must not send the probabilities again"


def test_colour_choices_of_a_page(explorer: ProbeExplorer) -> None:
    for patch, expected in (
        ({"colour": "probability", "label": "NOUN"}, ("probability", "NOUN")),
        ({"colour": "entropy", "label": None}, ("entropy", None)),
        ({"colour": "label", "label": None}, ("label", None)),
    ):
        said(explorer, {"kind": "choose", "seq": 1, "client": "p", **patch})
        assert (explorer.colour, explorer.label) == expected


@pytest.mark.parametrize(
    "patch",
    [
        {"layer": 99},
        {"layer": "3"},
        {"layer": [3]},
        {"layer": None},
        {"layers": []},
        {"layers": {"a": 1}},
        {"label": "NOPE"},
        {"label": {"x": 1}},
        {"colour": 7},
        {"colour": "probability"},
        {"selected": [0, 99]},
        {"selected": [[], {}]},
        {"selected": "ab"},
    ],
)
def test_a_choice_that_does_not_fit_changes_nothing_and_is_answered(explorer: ProbeExplorer, patch: dict) -> None:
    before = {name: value for name, value in explorer._choice.items() if name not in ("client", "seq")}
    said(explorer, {"kind": "choose", "seq": 9, "client": "page", **patch})
    after = dict(explorer._choice)
    assert (after.pop("client"), after.pop("seq")) == ("page", 9)
    assert after == before


@pytest.mark.parametrize(
    "message",
    [
        None,
        "ask",
        [],
        {},
        {"kind": "ask"},
        {"kind": "hello", "seq": "1", "client": "p"},
        {"kind": "hello", "seq": True, "client": "p"},
        {"kind": "hello", "seq": 1, "client": 5},
        {"kind": "hello", "seq": 1, "client": "p" * 65},
    ],
)
def test_malformed_messages_are_ignored(explorer: ProbeExplorer, message: Any) -> None:
    view, choice = explorer._view, explorer._choice
    assert said(explorer, message) == []
    assert explorer._view is view
    assert explorer._choice is choice


@pytest.mark.parametrize("kind", ["close", "_publish", "", "ask ", "__init__", "x" * 65, ["ask"], None])
def test_an_unknown_kind_changes_nothing_and_is_refused(explorer: ProbeExplorer, kind: Any) -> None:
    view, choice = explorer._view, explorer._choice
    ack, refusal = said(explorer, {"kind": kind, "seq": 1, "client": "p"})
    assert (ack["kind"], refusal["kind"]) == ("ack", "refused")
    assert "not understood here, only ['ask', 'choose', 'hello', 'save', 'stop', 'window']" in refusal["text"]
    assert explorer._view is view
    assert explorer._choice == choice | {"client": "p", "seq": 1}


@pytest.mark.parametrize("kind", [ProbeExplorer, TokenStrip, LayerHeatmap, LayerCurve])
def test_every_widget_acknowledges_what_it_does_not_understand(kind: Any) -> None:
    shown = {ProbeExplorer: fake_predictor(), LayerCurve: fake_sweep()}.get(kind, fake_predictions("the cats"))
    widget = kind(shown)
    ack, refusal = said(widget, {"kind": "nonsense", "seq": 3, "client": "p", "more": [1]})
    assert ack == {"kind": "ack", "seq": 3, "client": "p"}, "or else the page would send nothing else"
    assert (refusal["kind"], refusal["seq"]) == ("refused", 3)
    widget.close()


def test_hello_is_acknowledged_and_changes_nothing(explorer: ProbeExplorer) -> None:
    view = explorer._view
    assert said(explorer, {"kind": "hello", "seq": 1, "client": "p"}) == [{"kind": "ack", "seq": 1, "client": "p"}]
    assert explorer._view is view


@pytest.mark.parametrize("text", [None, 5, ["a"], {"b": 1}, "x" * 200_001])
def test_a_text_that_is_none_is_reported_and_the_last_answer_stays(explorer: ProbeExplorer, text: Any) -> None:
    said(explorer, {"kind": "ask", "seq": 2, "client": "p", "text": text})
    settle(explorer)
    assert "text" in explorer.error
    assert (explorer._view["answered"], explorer._view["refused"]) == ({"p": 2}, True)
    assert explorer._view["error"] == explorer.error
    assert len(explorer.predictions) == 3


def test_half_characters_and_line_ends_are_made_whole(explorer: ProbeExplorer) -> None:
    explorer.compute("a\ud800b\r\nc\rd \U0001f600")
    assert explorer.text == "a\ufffdb\nc\nd \U0001f600"
    explorer.text.encode()


def test_a_page_may_write_nothing_but_painted(explorer: ProbeExplorer) -> None:
    view, esm = explorer._view, explorer._esm
    explorer.set_state({"_view": {"rev": -1}, "_choice": {}, "_esm": "evil", "layer": 99, "painted": 4})
    assert explorer._view is view
    assert explorer._esm == esm
    assert explorer.painted == 4
    explorer.set_state({"painted": "x"})
    assert explorer.painted == 4


def test_a_long_text_is_sent_in_windows_and_every_word_can_be_reached() -> None:
    words = [f"w{i}" for i in range(5000)]
    widget = ProbeExplorer(fake_predictor(), text=" ".join(words))
    seen = list(widget._view["units"]["text"])
    while widget._view["window"]["end"] < 5000:
        said(widget, {"kind": "window", "seq": 1, "client": "p", "start": widget._view["window"]["end"]})
        seen += widget._view["units"]["text"]
    assert seen == words
    widget.selected = (0, 0)
    assert widget._view["units"]["text"][0] == "w0"
    widget.selected = (6, 4999)
    assert widget._view["units"]["text"][-1] == "w4999"
    widget.close()


@pytest.mark.parametrize("start", [-5, 10**9, "x", None, 1.5])
def test_a_window_outside_is_moved_inside_or_ignored(start: Any) -> None:
    widget = ProbeExplorer(fake_predictor(), text="word " * 900)
    said(widget, {"kind": "window", "seq": 1, "client": "p", "start": start})
    window = widget._view["window"]
    assert 0 <= window["start"] < window["end"] <= window["total"] == 900
    widget.close()


def test_a_new_text_begins_at_its_first_word() -> None:
    widget = ProbeExplorer(fake_predictor(), text="word " * 900)
    said(widget, {"kind": "window", "seq": 1, "client": "p", "start": 800})
    widget.compute("other " * 900)
    assert widget._view["window"]["start"] == 0
    widget.close()


@pytest.mark.parametrize(("size", "units"), [(12, 12), (10**9, 400), (0, 400), (-3, 1), (None, 400), ("12", 400)])
def test_a_page_of_another_size_lasts_as_long_as_its_text(size: Any, units: int) -> None:
    widget = ProbeExplorer(fake_predictor(), text="word " * 900)
    said(widget, {"kind": "window", "seq": 1, "client": "p", "start": 30, "size": size})
    window = widget._view["window"]
    assert window["start"] <= 30 < window["end"] == window["start"] + units
    assert widget._view["zoomed"] == (units < 400)
    assert len(widget._frame()["unit"].unique()) == units
    widget.selected = (3, 700)
    assert (
        widget._view["window"]["start"]
        <= 700
        < widget._view["window"]["end"]
        <= widget._view["window"]["start"] + units
    )
    widget.compute("other " * 900)
    assert not widget._view["zoomed"] and widget._view["window"] == {"start": 0, "end": 400, "total": 900}
    widget.close()


def test_other_predictions_begin_at_their_first_word_and_are_not_zoomed_into() -> None:
    widget = LayerHeatmap(fake_predictions("word " * 900))
    said(widget, {"kind": "window", "seq": 1, "client": "p", "start": 30, "size": 12})
    widget.predictions = fake_predictions("word " * 900)  # of the same text
    assert widget._view["zoomed"] and widget._view["window"]["start"] == 24
    widget.predictions = fake_predictions("other " * 900)
    assert not widget._view["zoomed"] and widget._view["window"] == {"start": 0, "end": 400, "total": 900}
    widget.close()


@pytest.mark.parametrize(("layers", "units", "labels"), [(1, 1, 1), (13, 5000, 50), (25, 700, 2000), (3, 0, 4)])
def test_a_window_is_bounded_in_units_and_bytes(layers: int, units: int, labels: int) -> None:
    predictions = fake_predictions("", range(layers), [str(k) for k in range(labels)])
    object.__setattr__(predictions, "proba", np.broadcast_to(np.float32(0), (layers, units, labels)))
    window = Window.at(predictions, 0)
    size = window.end - window.start
    assert size <= MAX_UNITS
    assert size <= 1 or 4 * layers * size * labels <= MAX_BYTES


def test_saved_state_is_small(explorer: ProbeExplorer) -> None:
    state = explorer.get_state()
    size = len(repr({name: value for name, value in state.items() if name not in ("_esm", "_css")}))
    assert size < 12_000


def test_training_frequency_orders_the_labels_and_leaves_their_colours_alone() -> None:
    sweep = fake_sweep()
    rare_nouns = replace(sweep, label_counts=tuple(reversed(sweep.label_counts)))
    often, rarely = encode_labels(sweep.labels, sweep), encode_labels(sweep.labels, rare_nouns)
    assert [sweep.labels[k] for k in often["order"]][:3] == ["NOUN", "VERB", "DET"]
    assert often["order"] != rarely["order"]
    assert often["palette"] == rarely["palette"]
    assert len(set(often["palette"]["light"])) == len(sweep.labels)


def test_the_curve_is_sent_without_nan() -> None:
    curve = encode_curve(fake_sweep())
    assert curve["layers"] == list(range(7))
    assert [baseline["name"] for baseline in curve["baselines"]] == ["majority", "word type", "layer 0"]
    assert encode_curve(fake_sweep(control=False))["control"] == [None] * 7


def test_a_layers_numbers_are_told_in_words() -> None:
    told = encode_curve(fake_sweep(random=True))["told"]
    assert told[0] == (
        "Layer 0: accuracy 0.850 [0.838, 0.861], control 0.740 [0.720, 0.760], selectivity 0.110 [0.090, 0.130], "
        "random model 0.750 [0.720, 0.780]"
    )
    assert [line.endswith("; chosen on dev") for line in told] == [
        layer == fake_sweep().best.layer for layer in range(7)
    ]
    sweep = fake_sweep(control=False)
    bare = [rescored(score, accuracy=Estimate(-0.5 + layer / 2)) for layer, score in enumerate(sweep.scores)]
    assert encode_curve(replace(sweep, scores=tuple(bare)))["told"][:2] == [
        "Layer 0: accuracy −0.500",
        "Layer 1: accuracy 0.000",
    ]


def test_layers_are_noted_for_what_they_are() -> None:
    facts = layer_facts((0, 1, 6), (), fake_sweep())
    assert facts[0] == ["embeddings", "test accuracy 0.850"]
    assert facts[1:] == [[f"test accuracy {fake_sweep().score(layer).value.value:.3f}"] for layer in (1, 6)]
    assert layer_facts((0, 1), ("Layer 0 (embeddings)", "1"), None) == [["embeddings"], []]
    assert layer_facts((0, 12), ("bottom", "12 (final norm)"), None) == [["bottom"], ["final norm"]]


def test_a_widget_alone_speaks_the_same_protocol() -> None:
    strip = TokenStrip(fake_predictions("the cats sat"))
    sent = said(strip, {"kind": "choose", "seq": 1, "client": "p", "selected": [6, 0]})
    assert sent == [{"kind": "ack", "seq": 1, "client": "p"}]
    assert strip.selected == (6, 0)
    assert said(strip, {"kind": "ask", "seq": 2, "client": "p", "text": "no box here"})[1]["kind"] == "refused"
    assert strip.selected == (6, 0)
