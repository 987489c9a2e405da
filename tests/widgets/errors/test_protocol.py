"""What page and kernel say of errors to each other: what is listed, in which order, what opens in an explorer."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import probewidgets as pw
from probewidgets.errors import ProbeError, WidgetError
from probewidgets.widgets import LayerCurve, ProbeErrors, ProbeExplorer
from probewidgets.widgets.errors.payload import MOST_ROWS, MOST_SLICES
from tests.widgets.errors.made import LAYERS, Broken, edges, english, errors, labelled, odd_texts, reviews
from tests.widgets.fakes import fake_predictor
from tests.widgets.helpers import said, settle


@pytest.fixture
def widget() -> Iterator[ProbeErrors]:
    made = errors()
    yield made
    made.close()


def choose(widget: ProbeErrors, **choices: Any) -> list[Any]:
    return said(widget, {"kind": "choose", "seq": 4, "client": "page", **choices})


def counts(widget: ProbeErrors) -> np.ndarray:
    size = len(widget._view["axis"])
    return np.frombuffer(widget._view["counts"], "<f4").reshape(size, size)


# ---------------------------------------------------------------------- what is sent


def test_the_view_has_the_confusion_of_the_best_layer_in_the_order_of_its_labels(widget: ProbeErrors) -> None:
    sweep = widget.sweep
    assert widget.layer == sweep.best.layer
    names = [sweep.label_names[k] for k in widget._view["axis"]]
    assert sorted(names) == sorted(sweep.label_names)
    trained = [dict(zip(sweep.labels, sweep.label_counts, strict=True)).get(name, 0) for name in names]
    assert trained == sorted(trained, reverse=True)
    np.testing.assert_array_equal(counts(widget), widget.confusion().loc[names, names])


def test_at_first_all_errors_are_listed_the_surest_first(widget: ProbeErrors) -> None:
    shown = widget.to_frame(shown=True)
    assert not shown["right"].any()
    assert len(shown) == widget._view["list"]["total"] == (~widget.to_frame()["right"]).sum()
    assert shown["confidence"].is_monotonic_decreasing
    rows = widget._view["list"]["rows"]
    assert rows["target"] == shown.index[:MOST_ROWS].tolist()
    for name in ("gold", "given"):
        assert [widget.sweep.label_names[k] for k in rows[name]] == shown[name].tolist()[:MOST_ROWS]
    whole = [
        before + word + after for before, word, after in zip(rows["before"], rows["word"], rows["after"], strict=True)
    ]
    assert all(part.strip("…") in text for part, text in zip(whole, shown["sentence"], strict=False))


def test_sixty_four_labels_have_rows_of_their_own_and_the_rarest_share_one() -> None:
    widget = ProbeErrors(*labelled(tuple(f"L{k}" for k in range(80))))
    assert widget._view["axis"][-1] == -1
    assert counts(widget).shape == (65, 65)
    assert counts(widget).sum() == len(widget.to_frame())
    assert len(widget._view["slices"]["kind"]) <= 5 * MOST_SLICES


def test_a_choice_changes_the_list_and_comes_back_signed(widget: ProbeErrors) -> None:
    matrix = widget.confusion()
    wrong = matrix.where(~np.eye(len(matrix), dtype=bool), 0)
    gold, given = wrong.stack().idxmax()
    choose(widget, cell=[gold, given])
    assert (widget.cell, widget.label) == ((gold, given), gold)
    assert widget._view["list"]["total"] == wrong.loc[gold, given]
    assert widget._view["of"]["cell"] == widget._choice["cell"] == [gold, given]
    assert (widget._choice["client"], widget._choice["seq"]) == ("page", 4)
    choose(widget, cell=[gold, None], wrong=False)
    assert widget._view["list"]["total"] == matrix.loc[gold].sum()
    choose(widget, cell=None, label=None, wrong=True, slice=["seen", "not seen in training"], sort="text", reverse=True)
    shown = widget.to_frame(shown=True)
    assert (~shown["seen"]).all() and len(shown) > 0
    assert shown.index.tolist() == sorted(shown.index, reverse=True)


@pytest.mark.parametrize(
    "choice",
    [{"cell": ["NOUN", "?"]}, {"cell": ["NOUN"]}, {"layer": 9}, {"sort": "length"}, {"selected": 10**9},
     {"slice": ["word type", "no such word"]}, {"slice": ["?", "a"]}, {"layer": True}, {"colour": "label"}],
)  # fmt: skip
def test_what_does_not_fit_is_refused_and_changes_nothing(widget: ProbeErrors, choice: dict[str, Any]) -> None:
    before = widget._choices()
    sent = choose(widget, **choice)
    assert [message["kind"] for message in sent] == ["ack", "refused"]
    assert next(iter(choice)) in sent[1]["text"]
    assert widget._choices() == before


def test_each_part_of_a_long_list_is_had_when_it_is_asked_for() -> None:
    widget = ProbeErrors(*english(600), wrong=False)
    shown, key = widget.to_frame(shown=True), widget._view["list"]["key"]
    assert len(shown) > 3 * MOST_ROWS
    ask = {"kind": "rows", "seq": 2, "client": "page", "start": 2 * MOST_ROWS, "key": key}
    _, answer = said(widget, ask)
    assert (answer["kind"], answer["client"], answer["key"], answer["start"]) == ("rows", "page", key, 2 * MOST_ROWS)
    assert answer["rows"]["target"] == shown.index[2 * MOST_ROWS : 3 * MOST_ROWS].tolist()
    widget.reverse = True
    assert [message["kind"] for message in said(widget, ask)] == ["ack"], "of an older list nothing is sent"
    outside = {**ask, "key": widget._view["list"]["key"]}
    assert [m["kind"] for m in said(widget, {**outside, "start": 10**9})] == ["ack"]
    assert [m["kind"] for m in said(widget, {**outside, "start": -1})] == ["ack"]


def test_what_is_sent_does_not_grow_with_the_test_set() -> None:
    few, many = (ProbeErrors(*english(n), wrong=False) for n in (600, 1200))
    assert len(many._order) > 1.8 * len(few._order)
    assert len(str(many._view)) < 1.2 * len(str(few._view)) < 100_000


def test_an_example_is_shown_in_full_with_what_every_layer_gives(widget: ProbeErrors) -> None:
    place = int(widget.to_frame(shown=True).index[0])
    choose(widget, selected=place)
    detail, row = widget._view["detail"], widget.to_frame().loc[place]
    assert "".join(part for part, _ in detail["parts"]) == row["sentence"]
    assert [part for part, marked in detail["parts"] if marked] == [row["word"]]
    assert [widget.sweep.label_names[k] for k in detail["answers"]] == [
        widget.sweep.label_names[widget.sweep.answers[layer, place]] for layer in range(len(LAYERS))
    ]
    (best, share), *_ = detail["best"]
    assert widget.sweep.label_names[best] == row["given"]
    assert share == pytest.approx(row["confidence"], abs=1e-5)
    assert f"word {row['position'] + 1} of {row['words']}" in detail["facts"]
    assert detail["facts"][0] == f"gold {row['gold']}"


def test_whole_sentences_have_no_word_types() -> None:
    widget = ProbeErrors(*reviews())
    assert list(widget._view["sorts"]) == ["confidence", "text"]
    assert set(widget._view["slices"]["kind"]) == {"label", "length"}
    assert widget._view["list"]["rows"]["frequency"] == []
    with pytest.raises(WidgetError, match="sort must be one of"):
        widget.sort = "frequency"


def test_of_an_edge_both_ends_are_in_their_places() -> None:
    widget = ProbeErrors(*edges(), wrong=False, sort="text", selected=0)
    rows, detail = widget._view["list"]["rows"], widget._view["detail"]
    spans = widget._tested.spans[0].tolist()
    text = widget.to_frame()["sentence"][0]
    ends = [text[start:end] for start, end in spans]
    assert rows["word"][0] == " … ".join(ends)
    assert [part for part, marked in detail["parts"] if marked] == [text[start:end] for start, end in sorted(spans)]
    assert "".join(part for part, _ in detail["parts"]) == text


def test_odd_texts_are_made_visible() -> None:
    widget = ProbeErrors(*odd_texts(), wrong=False, sort="text")
    rows = widget._view["list"]["rows"]
    assert {"<b>x</b>", "a⟨RLO⟩b", "ילד"} <= set(rows["word"])
    assert any("␊" in after for after in rows["after"])
    assert "<i>" in widget._view["called"]


# ---------------------------------------------------------------------- Python


def test_choices_are_traits_that_python_sets_and_observes(widget: ProbeErrors) -> None:
    seen: list[Any] = []
    widget.observe(lambda change: seen.append((change.name, change.new)), ["selected", "cell", "layer"])
    choose(widget, selected=3)
    widget.layer = 0
    widget.cell = ("NOUN", None)
    assert seen == [("selected", 3), ("layer", 0), ("cell", ("NOUN", None))]
    assert widget._view["of"] == widget._choices()
    assert widget.label == "NOUN"
    widget.label = "VERB"
    assert widget.cell == ("VERB", None)


def test_slices_can_be_listed_by_the_names_that_the_table_has(widget: ProbeErrors) -> None:
    for row in widget.slices().itertuples():
        widget.slice = (row.kind, row.slice)
        assert widget._view["list"]["total"] == row.errors


def test_bad_arguments_name_what_fits() -> None:
    sweep, acts = english()
    with pytest.raises(ProbeError, match="give the Activations"):
        ProbeErrors(sweep)
    with pytest.raises(TypeError, match="takes no"):
        ProbeErrors(sweep, acts, colour="label")
    with pytest.raises(WidgetError, match=r"layer must be one of \[0, 1, 2\]"):
        ProbeErrors(sweep, acts, layer=7)
    with pytest.raises(WidgetError, match="explorer must be a ProbeExplorer"):
        ProbeErrors(sweep, acts, explorer="explorer")


def test_the_layer_and_the_label_go_together_with_those_of_other_widgets(widget: ProbeErrors) -> None:
    curve = LayerCurve(widget.sweep)
    widget.link(curve)
    curve.layer = 0
    assert widget.layer == 0
    widget.layer = 1
    assert curve.layer == 1
    explorer = ProbeExplorer(fake_predictor(LAYERS), text="the cats sat")
    link = widget.link(explorer)
    widget.cell = ("NOUN", "VERB")
    assert (explorer.label, explorer.colour) == ("NOUN", "probability")
    explorer.label = "ADJ"
    assert widget.cell == ("ADJ", None)
    widget.selected = 2
    assert explorer.selected is None, "a target of test is no unit of a typed text"
    link.unlink()


# ---------------------------------------------------------------------- explorer


def test_an_example_opens_in_an_explorer_with_its_word_chosen(widget: ProbeErrors) -> None:
    explorer = ProbeExplorer(fake_predictor(LAYERS), text="the cats sat")
    assert widget._view["opens"] is False
    place = int(widget.to_frame().query("position > 0 and word.str.isalpha()").index[0])
    widget.selected = place
    widget.open_in(explorer)
    settle(explorer)
    assert widget._view["opens"] is True
    row = widget.to_frame().loc[place]
    assert explorer.text == row["sentence"]
    layer, unit = explorer.selected
    start = explorer.predictions.units[unit].start
    assert (layer, start) == (widget.layer, widget._tested.spans[place, 0, 0])


def test_a_page_opens_rows_one_after_the_other_and_the_same_again(widget: ProbeErrors) -> None:
    explorer = ProbeExplorer(fake_predictor(LAYERS), text="the cats sat")
    widget.explorer = explorer
    for seq, place in enumerate((5, 9, 9)):
        explorer.selected = None
        said(widget, {"kind": "open", "seq": seq, "client": "page", "target": place})
        settle(explorer)
        assert widget.selected == place
        assert explorer.text == widget.to_frame()["sentence"][place]
        assert explorer.selected is not None


def test_without_an_explorer_it_says_what_to_do(widget: ProbeErrors) -> None:
    _, refused = said(widget, {"kind": "open", "seq": 1, "client": "page", "target": 1})
    assert "open_in(explorer)" in refused["text"]
    explorer = ProbeExplorer(fake_predictor(LAYERS), text="the cats sat")
    widget.explorer = explorer
    explorer.close()
    with pytest.raises(WidgetError, match="open_in"):
        widget.show_in_explorer(1)
    with pytest.raises(WidgetError, match="is closed"):
        ProbeErrors(*english(), explorer=explorer)


# ---------------------------------------------------------------------- faults, and the end


def test_a_probe_that_raises_is_said_and_all_else_is_shown() -> None:
    sweep, acts = english()
    probe = Broken(sweep.probe_of(1))
    sweep = replace(sweep, probes=(sweep.probes[0], probe, sweep.probes[2]))
    widget = ProbeErrors(sweep, acts, layer=0, selected=2)
    probe.broken = True
    choose(widget, layer=1)
    assert widget.error == widget._view["error"] == "ValueError: no <b>probe</b> today"
    assert "Traceback" in widget._view["traceback"]
    assert set(widget._view["list"]["rows"]["told"]) == {None}
    assert widget._view["detail"]["best"] == []
    assert counts(widget).sum() == len(widget.to_frame())
    choose(widget, layer=0)
    assert widget.error == ""
    probe.broken = False
    choose(widget, layer=1)
    assert widget.error == ""
    assert None not in widget._view["list"]["rows"]["told"]


def test_a_probe_that_raises_later_leaves_what_is_known_and_is_said() -> None:
    sweep, acts = english()
    probe = Broken(sweep.probe_of(1))
    widget = ProbeErrors(replace(sweep, probes=(sweep.probes[0], probe, sweep.probes[2])), acts, layer=1)
    probe.broken = True
    assert [message["kind"] for message in choose(widget, selected=2)] == ["ack"]
    assert (widget.selected, widget._view["detail"]["best"]) == (2, [])
    assert widget.error == widget._view["error"] == "ValueError: no <b>probe</b> today"
    assert None not in widget._view["list"]["rows"]["told"]


def test_whatever_else_goes_wrong_is_told_to_the_page(widget: ProbeErrors, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr("probewidgets.widgets.errors.payload.encode_rows", fail)
    key = widget._view["list"]["key"]
    for message in ({"kind": "choose", "layer": 0}, {"kind": "rows", "start": 0, "key": key + 1}):
        sent = said(widget, {"seq": 4, "client": "page", **message})
        assert sent[-1]["kind"] == "refused" and sent[-1]["text"] == "MemoryError: no room"


def test_an_interrupt_is_said_changes_nothing_and_the_next_choice_is_obeyed(
    widget: ProbeErrors, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    before = widget._choices()
    with monkeypatch.context() as patched:
        patched.setattr(type(widget._tested), "confidence", interrupted)
        sent = choose(widget, layer=0, sort="text")
    assert [message["kind"] for message in sent] == ["ack", "refused"]
    assert "interrupted" in sent[1]["text"] and "again" in sent[1]["text"]
    assert widget._choices() == widget._view["of"] == before
    assert [message["kind"] for message in choose(widget, layer=0)] == ["ack"]
    assert widget._view["of"]["layer"] == 0
    shown = widget.to_frame(shown=True)
    assert not shown.empty and shown["confidence"].notna().all()


def test_a_closed_widget_is_freed() -> None:
    made = errors()
    explorer = ProbeExplorer(fake_predictor(LAYERS), text="the")
    made.open_in(explorer)
    gone = weakref.ref(made)
    made.close()
    explorer.close()
    del made, explorer
    gc.collect()
    assert gone() is None


def test_it_is_told_in_a_line() -> None:
    widget = errors(layer=1)
    wrong = (~widget.to_frame()["right"]).sum()
    assert repr(widget) == (
        f"ProbeErrors('upos': {wrong} of {len(widget.to_frame())} words wrong at layer 1 of [0, 1, 2], {wrong} listed)"
    )


def test_the_public_name_is_this_one() -> None:
    assert pw.ProbeErrors is ProbeErrors
