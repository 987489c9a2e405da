"""ProbeCompare from Python: what it takes, how it asks, what stands beside what, and what is left of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import probewidgets as pw
from probewidgets.errors import StoreError, WidgetError
from probewidgets.values import Estimate, Predictions, Unit
from probewidgets.widgets import ProbeCompare
from tests.scores import rescored
from tests.sweeps.test_graded import numbers as activations_of_numbers
from tests.sweeps.test_paired import worse
from tests.widgets.compare.stands import Slow, compared, reader
from tests.widgets.fakes import fake_numbers, fake_predictions, fake_predictor
from tests.widgets.helpers import said, settle


def until(fact: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(1000):
        if fact():
            return
        pause.wait(0.01)
    raise AssertionError("that did not come true")


def numbers(text: str) -> Predictions:
    return fake_numbers(text)


# ---------------------------------------------------------------------- what it takes


def test_a_list_of_predictors_is_named_by_what_tells_them_apart() -> None:
    assert ProbeCompare([reader(), reader(name="other")]).names == ("tiny", "other")
    assert ProbeCompare([reader(), reader()]).names == ("tiny (1)", "tiny (2)")
    small, large, linear = reader(), reader(), reader()
    for each, probe in (
        (small, "MLPProbe(hidden=8, grid=(0.1, 1e-05), seed=0)"),
        (large, "MLPProbe(hidden=64, grid=(0.1, 1e-05), seed=0)"),
        (linear, "LinearProbe(l2=None)"),
    ):
        each.sweep = replace(each.sweep, probe=probe)  # type: ignore[attr-defined]
    assert ProbeCompare([small, large, linear]).names == ("MLPProbe(hidden=8)", "MLPProbe(hidden=64)", "LinearProbe")
    small.sweep = replace(small.sweep, probe="MLPProbe(grid=(0.1,))")  # type: ignore[attr-defined]
    assert ProbeCompare([small, linear]).names == ("MLPProbe", "LinearProbe")
    assert ProbeCompare([fake_predictions, numbers]).names == ("fake_predictions", "numbers")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"predictors": {"one": fake_predictor()}}, "1 came, and 2 to 8 can be compared"),
        ({"predictors": []}, "0 came, and 2 to 8"),
        ({"predictors": 7}, "a mapping from names to two or more of them.*but 7 came"),
        ({"predictors": "abc"}, "but 'abc' came"),
        ({"predictors": [fake_predictor(), None]}, "but None came"),
        ({"predictors": {"": fake_predictor(), "b": fake_predictor()}}, "name must be a text, but '' came"),
        ({"predictors": [fake_predictor()] * 2, "pair": True}, "by one predictor, but 2 came"),
        ({"predictors": [fake_predictor()] * 9}, "9 came"),
        ({"predictors": fake_predictor(), "pair": False}, "1 came, and 2 to 8"),
        ({"predictors": fake_predictor(), "pair": 1}, "pair must be True or False, but 1 came"),
        ({"predictors": fake_predictor(), "text": ("a", "b", "c")}, "Two texts are for one predictor"),
        ({"predictors": [fake_predictor()] * 2, "text": ("a", "b")}, "Two texts are for one predictor"),
        ({"predictors": [fake_predictor()] * 2, "text": 7}, "text must be a string, but int came"),
        ({"predictors": [fake_predictor()] * 2, "show": "both"}, r"show must be one of \['values', 'difference'\]"),
        ({"predictors": [fake_predictor()] * 2, "align": 3}, r"align must be one of \['layer', 'depth'\], but 3 came"),
        ({"predictors": [fake_predictor()] * 2, "against": "x"}, "against must be one of"),
        ({"predictors": [fake_predictor()] * 2, "row": 7}, r"row must be one of 0..6, but 7 came"),
        ({"predictors": [fake_predictor()] * 2, "label": "X"}, "label must be None or one of"),
        ({"predictors": [fake_predictor()] * 2, "colour": "probability"}, "Which label's probability"),
        ({"predictors": [fake_predictor()] * 2, "word": ("x", 0)}, r"word must be None or \(name, unit\)"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(WidgetError, match=message):
        ProbeCompare(**arguments)


def test_unknown_keywords_are_refused() -> None:
    with pytest.raises(TypeError, match=r"ProbeCompare takes no \['layer'\]"):
        compared(layer=3)


# ---------------------------------------------------------------------- what stands beside what


def test_all_are_asked_for_one_text_and_a_word_is_chosen_in_all() -> None:
    widget = compared()
    assert list(widget.predictions) == ["sure", "unsure"]
    assert {each.text for each in widget.predictions.values()} == {"the cats sat"}
    widget.word = ("unsure", 1)
    widget.row = 5
    assert widget.cells == {"sure": (5, 1), "unsure": (5, 1)}
    widget.word = None
    assert widget.cells == {}


def test_layers_stand_by_relative_depth_where_models_differ_and_by_number_if_asked() -> None:
    widget = ProbeCompare({"small": reader(range(7)), "large": reader(range(13), name="large")}, text="the cats")
    assert widget.align == "depth"
    assert [row["large"] for row in widget.rows] == list(range(13))
    assert [row["small"] for row in widget.rows if row["small"] is not None] == list(range(7))
    assert widget.rows[6] == {"small": 3, "large": 6} and widget.rows[12] == {"small": 6, "large": 12}
    widget.row = 6
    widget.word = ("large", 0)
    assert widget.cells == {"small": (3, 0), "large": (6, 0)}
    widget.align = "layer"
    assert widget.rows[3] == {"small": 3, "large": 3}
    assert widget.rows[12] == {"small": None, "large": 12}
    assert widget.row == 3  # where the layer of the first is now
    widget.row = 12
    assert widget.cells == {"large": (12, 0)}


def test_words_are_the_same_where_their_characters_are() -> None:
    def joined(text: str) -> Predictions:
        units = (Unit("the cats", 0, 8), Unit("sat", 9, 12))
        return Predictions(text, units, (0,), ("NOUN",), np.ones((1, 2, 1), np.float32))

    widget = ProbeCompare({"words": reader(), "pieces": joined}, text="the cats sat")
    widget.row = 0
    widget.word = ("pieces", 1)
    assert widget.cells == {"words": (0, 2), "pieces": (0, 1)}
    widget.word = ("words", 0)
    assert widget.cells == {"words": (0, 0)}


def test_a_pair_of_sentences_is_aligned_by_words() -> None:
    widget = ProbeCompare(reader(), text=("the old cats sat", "the cats can sat ."), show="difference")
    assert widget.names == ("tiny, sentence 1", "tiny, sentence 2")
    assert widget.text == "the old cats sat\nthe cats can sat ."
    widget.word = (widget.names[1], 1)
    widget.row = 2
    assert widget.cells == {widget.names[0]: (2, 2), widget.names[1]: (2, 1)}
    frame = widget.to_frame()
    second = frame[(frame["predictor"] == widget.names[1]) & (frame["layer"] == 6)]
    assert second["word"].tolist() == [0, 2, pd.NA, 3, pd.NA]
    assert second["difference"].isna().tolist() == [False, False, True, False, True]
    assert (second["difference"].dropna() == 0).all()  # the same words have the same states here


def test_of_a_pair_one_line_alone_is_shown_and_more_than_two_are_left() -> None:
    widget = ProbeCompare(reader(), text="the cats")
    assert list(widget.predictions) == ["tiny, sentence 1"]
    assert widget._view["why"] == "there is no answer to this text"
    widget.compute("the cats\n\nthe man\nmore")
    assert [each.text for each in widget.predictions.values()] == ["the cats", "the man"]


# ---------------------------------------------------------------------- differences


def test_a_difference_is_what_the_probabilities_differ_by_and_can_be_turned_round() -> None:
    widget = compared(show="difference", label="NOUN")
    sure, unsure = (each.proba[..., 4] for each in widget.predictions.values())
    frame = widget.to_frame()
    np.testing.assert_allclose(frame[frame["predictor"] == "unsure"]["difference"], (unsure - sure).ravel(), atol=1e-7)
    assert frame[frame["predictor"] == "sure"]["difference"].isna().all()
    assert set(frame[frame["predictor"] == "unsure"]["of"]) == {"NOUN"}
    widget.against = "unsure"
    frame = widget.to_frame()
    np.testing.assert_allclose(frame[frame["predictor"] == "sure"]["difference"], (sure - unsure).ravel(), atol=1e-7)


def test_where_a_difference_means_nothing_it_cannot_be_chosen_and_it_is_said_why() -> None:
    tense = reader(labels=("past", "present"))
    widget = ProbeCompare({"upos": reader(), "tense": tense}, text="the cats sat")
    assert (
        "they know different labels: tense lacks ADJ, ADV, AUX and 5 more; upos lacks past, present"
        in widget._view["why"]
    )
    with pytest.raises(WidgetError, match="no difference to show: they know different labels"):
        widget.show = "difference"
    assert widget.show == "values"
    widget = ProbeCompare({"upos": reader(), "length": numbers, "other": reader(shift=0.2)}, text="the cats sat")
    assert widget._view["why"] == ""  # of one of them it means something
    widget.show = "difference"
    upos, length, other = widget._view["panels"]
    assert (upos["why"], other["why"]) == ("", "")
    assert length["why"] == "length predicts numbers, upos one label each"
    assert length["difference"] is None and other["difference"]["changed"] == ["DET", "NOUN", "VERB"]


def test_scores_stand_on_one_axis_with_paired_intervals_where_the_targets_are_the_same() -> None:
    widget = compared()
    scores = widget._view["scores"]
    assert scores["metric"] == "accuracy"
    assert [line["panel"] for line in scores["lines"]] == [0, 1]
    assert scores["rises"][0] is None
    (rise,) = scores["rises"][1]["lines"]
    (value, low, high), sure, unsure = rise["points"][3], *(each.sweep for each in widget._panels)
    assert value == pytest.approx((unsure.hits[3].sum() - sure.hits[3].sum()) / 70)
    assert low < value < high
    assert scores["notes"] == [
        "", "interval of the difference: 95 %, paired bootstrap, 1,000 resamples of 10 test sentences",
    ]  # fmt: skip
    assert "against layer 3 of sure" in scores["told"][1][3]
    assert "against" not in scores["told"][0][3]


def test_where_test_targets_differ_there_is_a_margin_without_an_interval_and_it_is_said_why() -> None:
    other = reader(shift=0.5)
    other.sweep = replace(other.sweep, corpus="another")  # type: ignore[attr-defined]
    scores = ProbeCompare({"a": reader(), "b": other})._view["scores"]
    assert scores["rises"][1]["lines"][0]["points"][0][1:] == [None, None]
    assert scores["notes"][1] == "no interval of that: they were tested on different corpora, another and by hand"
    other.sweep = replace(other.sweep, task="tense")  # type: ignore[attr-defined]
    scores = ProbeCompare({"a": reader(), "b": other})._view["scores"]
    assert scores["rises"] == [None, None]  # the accuracy of another task is not above or below this one's
    assert "against" not in scores["told"][1][0]


def test_differences_of_r2_have_paired_intervals_too() -> None:
    acts = activations_of_numbers()
    sweeps = [pw.sweep(each, pw.RidgeProbe(), bootstrap=200, progress=False) for each in (acts, worse(acts))]

    def predictor(sweep: pw.Sweep) -> Callable[[str], Predictions]:
        def predict(text: str) -> Predictions:
            return fake_numbers(text, sweep.layers)

        predict.sweep = sweep  # type: ignore[attr-defined]
        return predict

    widget = ProbeCompare(dict(zip(("good", "bad"), map(predictor, sweeps), strict=True)), text="the cats")
    scores = widget._view["scores"]
    assert scores["metric"] == "R²"
    value, low, high = scores["rises"][1]["lines"][0]["points"][1]
    assert value == pytest.approx(sweeps[1].score(1).r2.value - sweeps[0].score(1).r2.value)
    assert low < value < high < 0
    sentences = len(sweeps[0].sentence_targets)
    assert scores["notes"][1].endswith(f"paired bootstrap, 200 resamples of {sentences} test sentences")


def test_rows_without_a_layer_stand_on_the_line_between_their_neighbours_and_nothing_beyond_the_ends() -> None:
    small, large = reader(range(4)), reader(range(13), name="large")
    widget = ProbeCompare({"small": small, "large": large}, align="layer")
    curve = widget._view["scores"]["lines"][0]["curve"]
    assert curve[:4] == [score.value.value for score in small.sweep.scores]  # type: ignore[attr-defined]
    assert curve[4:] == [None] * 9
    widget.align = "depth"
    curve = widget._view["scores"]["lines"][0]["curve"]
    values = [score.value.value for score in small.sweep.scores]  # type: ignore[attr-defined]
    rows = [row["small"] for row in widget.rows]
    for layer in range(3):
        low, high = rows.index(layer), rows.index(layer + 1)
        assert curve[low : high + 1] == pytest.approx(np.linspace(values[layer], values[layer + 1], high - low + 1))


def axis_of(values: list[float], change: bool = False) -> dict[str, Any]:
    """That of a comparison of scores with these values; or of how far they are above 0.5."""

    def scored(numbers: list[float]) -> Any:
        predictor = reader(range(len(numbers)))
        scores = zip(predictor.sweep.scores, numbers, strict=True)  # type: ignore[attr-defined]
        predictor.sweep = replace(  # type: ignore[attr-defined]
            predictor.sweep,  # type: ignore[attr-defined]
            scores=tuple(rescored(score, accuracy=Estimate(number)) for score, number in scores),
            hits=np.zeros((0, 0), np.int64),
        )
        return predictor

    scores = ProbeCompare({"a": scored([0.5] * len(values)), "b": scored(values)})._view["scores"]
    return (scores["rises"][1] if change else scores)["axis"]


@pytest.mark.parametrize(
    ("values", "change", "ends", "every"),
    [
        ([0.91, 0.951], False, ["0.5", "1.0"], 0.1),
        ([0.53, 0.55], True, ["0.00", "0.05"], 0.01),
        ([0.5, 0.5], True, ["0.00", "0.01"], 0.01),
        ([0.45, 0.55], True, ["−0.06", "0.00", "0.06"], 0.02),
        ([-40.0, 0.9], False, ["−1.0", "1.0"], 0.5),
        ([-40.0, 0.9], True, ["−1.0", "0.0", "0.5"], 0.5),
    ],
)
def test_an_axis_has_round_ends_around_what_is_shown_and_a_difference_has_zero_on_it(
    values: list[float], change: bool, ends: list[str], every: float
) -> None:
    axis = axis_of(values, change)
    assert [text for _, text in axis["names"]] == ends
    assert np.diff(axis["rules"]) == pytest.approx(every)
    assert axis["zero"] is change and (0.0 in axis["rules"]) is (change or values[0] < 0)
    shares = [percent for percent, _ in axis["names"]]
    assert 0 < shares[0] < shares[-1] < 100


# ---------------------------------------------------------------------- asking


def test_one_that_fails_hides_no_other_and_recovers() -> None:
    def failing(text: str) -> Predictions:
        if "zzz" in text:
            raise RuntimeError("out of <b>words</b>")
        return fake_predictions(text)

    widget = ProbeCompare({"good": reader(), "bad": failing}, text="the cats zzz")
    assert widget.errors == {"bad": "RuntimeError: out of <b>words</b>"}
    assert list(widget.predictions) == ["good"]
    good, bad = widget._view["panels"]
    assert good["error"] == "" and len(good["units"]["text"]) == 3
    assert "Traceback" in bad["traceback"]
    widget.text = "the cats"
    settle(widget)
    assert widget.errors == {} and list(widget.predictions) == ["good", "bad"]
    widget.text = "zzz again"
    settle(widget)
    bad = widget._view["panels"][1]
    assert bad["of"] == "the cats" and bad["error"].startswith("RuntimeError")  # the last good answer stays
    assert widget._view["why"] == "there is no answer to this text"
    assert len(widget.predictions["good"]) == 2


def test_answers_come_as_they_are_ready_and_the_newest_text_is_not_asked_twice() -> None:
    slow = Slow()
    widget = ProbeCompare({"quick": reader(), "slow": slow}, text="the cats")
    messages = said(widget, {"kind": "ask", "seq": 3, "client": "page", "text": "slow sat"})
    assert messages[0]["kind"] == "ack"
    until(lambda: not widget._view["panels"][0]["waiting"])
    quick, waiting = widget._view["panels"]
    assert not quick["waiting"] and quick["units"]["text"] == ["slow", "sat"]
    assert waiting["waiting"] and waiting["units"]["text"] == ["the", "cats"] and waiting["of"] == "the cats"
    assert widget._view["answered"] == {"page": 3}
    assert widget.busy
    said(widget, {"kind": "ask", "seq": 4, "client": "page", "text": "slow sat"})
    slow.go.set()
    settle(widget)
    assert slow.asked == ["the cats", "slow sat"]
    assert [panel["units"]["text"] for panel in widget._view["panels"]] == [["slow", "sat"]] * 2
    assert not widget.busy


def test_while_an_answer_is_on_its_way_what_had_changed_stays_to_be_seen() -> None:
    slow = Slow()
    widget = ProbeCompare({"quick": reader(), "slow": slow}, text="the cats", show="difference")
    before = widget._view["panels"][1]["difference"]
    assert before is not None
    widget.text = "slow sat"
    until(lambda: not widget._view["panels"][0]["waiting"])
    assert widget._view["panels"][1]["difference"] == before
    slow.go.set()
    settle(widget)
    after = widget._view["panels"][1]["difference"]
    assert after != before and len(after["changed"]) == 2


def test_stop_waits_for_nobody_and_the_next_text_is_asked_again() -> None:
    slow = Slow()
    widget = ProbeCompare({"quick": reader(), "slow": slow}, text="the cats")
    widget.text = "slow sat"
    until(lambda: "slow sat" in slow.asked)
    said(widget, {"kind": "stop", "seq": 9, "client": "page"})
    panel = widget._view["panels"][1]
    assert panel["stopped"] and not panel["waiting"] and panel["units"]["text"] == ["the", "cats"]
    assert widget._view["answered"] == {"page": 9}
    slow.go.set()
    widget.text = "slow again"
    settle(widget)
    assert widget._view["panels"][1]["units"]["text"] == ["slow", "again"]


@pytest.mark.parametrize("in_a_cell", [True, False])
def test_an_interrupt_stops_what_it_meets_and_the_next_text_is_answered(in_a_cell: bool) -> None:
    def interrupted(text: str) -> Predictions:
        if "stop" in text:
            raise KeyboardInterrupt
        return fake_predictions(text)

    widget = ProbeCompare({"a": reader(), "b": interrupted, "c": reader(shift=0.5)}, text="the cats")
    if in_a_cell:
        with pytest.raises(KeyboardInterrupt):
            widget.compute("stop it")
    else:
        widget.text = "stop it"
        settle(widget)
    first, second, third = widget._view["panels"]
    assert (first["units"]["text"], first["stopped"]) == (["stop", "it"], False)
    assert (second["units"]["text"], second["stopped"], second["of"]) == (["the", "cats"], True, "the cats")
    assert third["stopped"] is in_a_cell, "in a cell, one works after the other"
    assert (widget.busy, widget.errors, widget.text) == (False, {}, "stop it")
    widget.text = "the man"
    settle(widget)
    assert [panel["units"]["text"] for panel in widget._view["panels"]] == [["the", "man"]] * 3
    assert not any(panel["stopped"] for panel in widget._view["panels"])
    widget.close()


def test_who_is_interrupted_while_it_is_made_is_no_widget() -> None:
    def interrupted(text: str) -> Predictions:
        raise KeyboardInterrupt

    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        ProbeCompare({"a": reader(), "b": interrupted})
    assert threading.active_count() <= before


def test_a_text_computed_in_a_cell_gives_way_to_one_that_is_typed_meanwhile() -> None:
    slow = Slow()
    widget = ProbeCompare({"quick": reader(), "slow": slow}, text="the cats")
    computed: list[dict[str, Predictions]] = []
    cell = threading.Thread(target=lambda: computed.append(widget.compute("slow one")))
    cell.start()
    until(lambda: "slow one" in slow.asked)
    said(widget, {"kind": "ask", "seq": 1, "client": "page", "text": "typed since then"})
    slow.go.set()
    cell.join(20)
    settle(widget)
    assert [each.text for each in computed[0].values()] == ["slow one"] * 2
    assert [each.text for each in widget.predictions.values()] == ["typed since then"] * 2
    assert (widget.text, widget._view["answered"]) == ("typed since then", {"page": 1})
    widget.close()


def test_of_a_pair_only_the_sentence_that_has_changed_is_asked_for() -> None:
    asked: list[str] = []

    def predict(text: str) -> Predictions:
        asked.append(text)
        return fake_predictions(text)

    widget = ProbeCompare(predict, text="the cats\nthe man")
    widget.text = "the cats\nthe old man"
    settle(widget)
    assert asked == ["the cats", "the man", "the old man"]


def test_the_word_under_inspection_stays_the_same_word() -> None:
    widget = compared(word=("unsure", 2))
    widget.compute("the old cats sat")
    assert widget.word == ("unsure", 3)
    widget.compute("nothing of it")
    assert widget.word is None


def test_what_a_page_chooses_is_told_and_what_does_not_fit_changes_nothing() -> None:
    widget = compared()
    chosen: list[str] = []
    widget.observe(lambda change: chosen.append(change.name), ["show", "against", "row", "word", "label", "colour"])
    page = {"client": "page", "kind": "choose"}
    patch = {"show": "difference", "row": 2, "word": [1, 0], "label": "NOUN", "colour": "probability"}
    said(widget, page | {"seq": 1} | patch)
    assert (widget.show, widget.row, widget.word, widget.label) == ("difference", 2, ("unsure", 0), "NOUN")
    assert widget._view["panels"][1]["difference"]["changed"] == ["NOUN"] * 3
    said(widget, page | {"seq": 2, "row": 99, "word": [5, 0], "against": 7, "show": "both", "label": "nope"})
    assert (widget.show, widget.row, widget.word, widget.label) == ("difference", 2, ("unsure", 0), "NOUN")
    assert widget._choice["seq"] == 2
    refused = said(widget, page | {"seq": 3, "row": "two"})[-1]
    assert (refused["kind"], refused["text"]) == ("refused", "row must be int, but 'two' came.")
    refused = said(widget, {"client": "page", "kind": "ask", "seq": 4, "text": "x" * 200_001})[-1]
    assert "Shorten it" in refused["text"] and widget.text == "the cats sat"


def test_long_texts_are_turned_in_pages_of_the_same_words() -> None:
    widget = compared("the cats sat on it " * 300)
    first, second = (panel["window"] for panel in widget._view["panels"])
    assert first == second and first["start"] == 0 and first["end"] < first["total"] == 1500
    assert sum(len(panel["proba"]) for panel in widget._view["panels"]) < 3 << 20
    said(widget, {"client": "page", "kind": "window", "seq": 1, "start": first["end"]})
    turned = widget._view["panels"][1]["window"]
    assert turned["start"] == first["end"]
    widget.word = ("sure", 3)
    assert widget._view["panels"][0]["window"]["start"] == 0


# ---------------------------------------------------------------------- what is left of it


def test_it_is_read_without_a_kernel_as_tables_text_and_a_picture() -> None:
    widget = compared("the <b>cats</b>", show="difference", row=3)
    data, _ = widget._repr_mimebundle_()
    assert data["image/png"]
    html = data["text/html"]
    assert "unsure minus sure" in html and "<b>cats" not in html and "−0." in html
    text = repr(widget.snapshot())
    assert "unsure minus sure\nLayer 3" in text
    assert text.startswith("ProbeCompare(2 predictors, 'the <b>cats</b>': 7 rows by layer, difference)")
    bad = ProbeCompare({"a": reader(), "b": reader()}, text="boom")
    assert "no &lt;b&gt;boom" in bad._tables() and bad._draw() is None


@pytest.mark.parametrize("ending", ["png", "svg", "pdf", "csv", "html", "json"])
def test_it_is_saved_as_any_file(tmp_path: Path, ending: str) -> None:
    widget = compared(show="difference")
    path = tmp_path / f"view.{ending}"
    widget.save(path)
    content = path.read_bytes()
    assert len(content) > 200
    if ending == "svg":
        assert b"unsure minus sure" in content and b"difference in probability:" in content
    if ending == "csv":
        assert list(pd.read_csv(path)["predictor"].unique()) == ["sure", "unsure"]


def test_a_saved_view_is_shown_again(tmp_path: Path) -> None:
    widget = compared("the old man", show="difference", row=2, word=("unsure", 1), label="VERB", against="unsure")
    widget.save(tmp_path / "view.json")
    other = compared().restore(tmp_path / "view.json")
    assert other.text == "the old man"
    assert (other.show, other.row, other.word, other.label, other.against) == (
        "difference", 2, ("unsure", 1), "VERB", "unsure",
    )  # fmt: skip
    state = json.loads((tmp_path / "view.json").read_text())
    with pytest.raises(WidgetError, match="The saved view is of predictor 7, but here are 2"):
        compared().restore(state | {"against": 7})
    other = compared(row=5)
    with pytest.raises(WidgetError, match="label must be None or one of"):
        other.restore(state | {"label": "nope"})
    assert (other.row, other.against, other.label) == (5, "sure", None)  # no choice has changed
    with pytest.raises(StoreError, match="no saved view"):
        compared().restore({})


def test_it_is_public_and_loaded_when_asked_for() -> None:
    assert pw.ProbeCompare is ProbeCompare


def test_closing_ends_its_threads_and_frees_it() -> None:
    import gc
    import weakref

    before = threading.active_count()
    widget = compared()
    widget.text = "another"
    settle(widget)
    widget.close()
    widget.close()
    reference = weakref.ref(widget)
    del widget
    gc.collect()
    assert threading.active_count() <= before
    assert reference() is None
