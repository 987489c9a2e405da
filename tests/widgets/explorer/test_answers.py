"""ProbeExplorer from Python: answers, errors, and what supersedes what."""

from __future__ import annotations

import threading

import pytest

from probewidgets.values import Predictions
from probewidgets.widgets import ProbeExplorer
from tests.widgets.explorer.slow import PATIENCE, Slow
from tests.widgets.fakes import fake_predictions, fake_predictor
from tests.widgets.helpers import said, settle


def test_it_shows_an_answer_as_soon_as_it_is_made() -> None:
    widget = ProbeExplorer(fake_predictor(), text="the cats")
    assert widget.predictions.text == "the cats"
    assert widget._view["units"]["text"] == ["the", "cats"]
    assert not widget.busy
    widget.close()


def test_any_callable_will_do() -> None:
    widget = ProbeExplorer(lambda text: fake_predictions(text, (2, 5), ("A", "B")), text="x y")
    assert widget._view["curve"] is None
    assert (widget._view["layers"], widget._view["labels"]) == ([2, 5], ["A", "B"])
    widget.close()


def test_compute_answers_now_and_shows_it() -> None:
    widget = ProbeExplorer(fake_predictor())
    answer = widget.compute("one two three")
    assert answer is widget.predictions
    assert (widget.text, widget._view["text"]) == ("one two three", "one two three")
    widget.close()


def test_compute_raises_what_the_predictor_raises_and_keeps_the_answer() -> None:
    widget = ProbeExplorer(fake_predictor(), text="fine")
    with pytest.raises(ValueError, match="boom"):
        widget.compute("boom")
    assert (widget.text, widget.predictions.text) == ("fine", "fine")
    widget.close()


def test_an_exception_is_shown_the_answer_stays_and_the_next_text_recovers() -> None:
    widget = ProbeExplorer(fake_predictor(), text="fine words")
    widget.text = "boom"
    settle(widget)
    assert widget.error == "ValueError: no <b>boom</b> today"
    assert widget._view["error"] == widget.error
    assert widget._view["units"]["text"] == ["fine", "words"]
    assert widget._view["of"] == "fine words"
    assert "error" in repr(widget)
    widget.text = "fine again"
    settle(widget)
    assert (widget.error, widget._view["error"], widget._view["of"]) == ("", "", None)
    widget.close()


def test_a_predictor_that_fails_at_once_leaves_a_widget_that_can_recover() -> None:
    widget = ProbeExplorer(lambda text: fake_predictions(text) if text == "good" else 1 / 0, text="bad")
    assert "ZeroDivisionError" in widget.error
    assert (widget.layer, widget.layers, widget.predictions) == (None, (), None)
    assert widget.to_frame().empty
    assert "No words yet" in widget.snapshot()._repr_html_()
    widget.text = "good"
    settle(widget)
    assert (widget.error, widget.layer) == ("", 6)
    widget.close()


def test_what_is_no_predictions_is_an_error_that_says_so() -> None:
    widget = ProbeExplorer(lambda text: ["NOUN"])
    assert widget.error == "The predictor must return Predictions, but list came."
    widget.close()


def test_the_running_text_is_answered_then_the_newest_and_none_between() -> None:
    slow = Slow()
    widget = ProbeExplorer(slow, text="first")
    shown: list[str] = []
    widget.observe(lambda change: shown.append(change.new.text), "predictions")
    widget.text = "slow one"
    assert slow.entered.wait(PATIENCE)
    assert widget.busy
    for number in range(20):
        said(widget, {"kind": "ask", "seq": number, "client": "p", "text": f"text {number}"})
    slow.gate.set()
    settle(widget)
    assert shown == ["slow one", "text 19"]
    assert slow.finished == ["first", "slow one", "text 19"]
    assert widget._view["answered"] == {"p": 19}
    widget.close()


def test_a_text_from_python_supersedes_what_the_pages_asked_and_says_so() -> None:
    slow = Slow()
    widget = ProbeExplorer(slow, text="first")
    said(widget, {"kind": "ask", "seq": 4, "client": "a", "text": "slow one"})
    assert slow.entered.wait(PATIENCE)
    said(widget, {"kind": "ask", "seq": 9, "client": "b", "text": "never begun"})
    widget.compute("from python")
    slow.gate.set()
    settle(widget)
    assert slow.finished == ["first", "from python"]
    assert (widget._view["answered"], widget._view["text"]) == ({"a": 4, "b": 9}, "from python")
    widget.close()


def test_only_so_many_pages_are_remembered() -> None:
    widget = ProbeExplorer(fake_predictor())
    for number in range(100):
        said(widget, {"kind": "ask", "seq": 1, "client": f"page {number}", "text": "x"})
    settle(widget)
    assert list(widget._view["answered"]) == [f"page {number}" for number in range(84, 100)]
    widget.close()


def test_the_page_has_the_answer_before_python_observers_run() -> None:
    widget = ProbeExplorer(fake_predictor(), text="one")
    seen: list[list[str]] = []
    widget.observe(lambda change: seen.append(widget._view["units"]["text"]), "predictions")
    widget.compute("two words")
    assert seen == [["two", "words"]]
    widget.close()


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "\t \n"])
def test_no_words_is_a_sensible_state(text: str) -> None:
    widget = ProbeExplorer(fake_predictor(), text=text)
    assert (len(widget.predictions), widget.error) == (0, "")
    assert widget._view["window"] == {"start": 0, "end": 0, "total": 0}
    widget.close()


def test_a_text_typed_while_compute_works_is_the_one_that_is_shown() -> None:
    """`compute` was asked first; what is typed meanwhile is newer, whichever is answered first."""
    typed_first = threading.Event()

    def predictor(text: str) -> Predictions:
        if text == "computed":
            said(widget, {"kind": "ask", "seq": 7, "client": "p", "text": "typed"})
            typed_first.set()
        return fake_predictions(text)

    widget = ProbeExplorer(predictor, text="first")
    assert widget.compute("computed").text == "computed"
    assert typed_first.is_set()
    settle(widget)
    assert (widget.text, widget.predictions.text) == ("typed", "typed")
    assert (widget._view["text"], widget._view["answered"]) == ("typed", {"p": 7})
    assert widget._view["units"]["text"] == ["typed"]
    widget.close()


@pytest.mark.parametrize("late", ["slow one", "slow boom"])
def test_nothing_that_compute_has_superseded_is_shown_later(late: str) -> None:
    entered, gate = threading.Event(), threading.Event()

    def predictor(text: str) -> Predictions:
        if text.startswith("slow"):
            entered.set()
            assert gate.wait(PATIENCE)
        if "boom" in text:
            raise ValueError(text)
        return fake_predictions(text)

    widget = ProbeExplorer(predictor, text="first")
    said(widget, {"kind": "ask", "seq": 3, "client": "p", "text": late})
    assert entered.wait(PATIENCE)
    widget.compute("computed")
    gate.set()
    settle(widget)
    assert (widget.text, widget.predictions.text, widget.error) == ("computed", "computed", "")
    assert (widget._view["text"], widget._view["answered"]) == ("computed", {"p": 3})
    widget.close()


@pytest.mark.parametrize(
    ("before", "unit", "after", "expected"),
    [
        ("the cats sat", 1, "the old old cats sat", 3),
        ("the cats sat", 1, "the cats sat on it", 1),
        ("can she can fish", 2, "well can she can fish", 3),
        ("can she can fish", 0, "can she can fish can", 0),
        ("the cats sat", 1, "the dogs sat", None),
        ("the cats sat", 2, "", None),
    ],
)
def test_the_selection_stays_on_its_word(before: str, unit: int, after: str, expected: int | None) -> None:
    widget = ProbeExplorer(fake_predictor(), text=before, selected=(2, unit))
    widget.compute(after)
    assert widget.selected == (None if expected is None else (2, expected))
    widget.close()


def test_a_unit_selected_after_a_new_text_is_one_of_that_text() -> None:
    go = threading.Event()

    def slow(text: str) -> Predictions:
        assert text == "the cats sat" or go.wait(10)
        return fake_predictions(text)

    widget = ProbeExplorer(slow, text="the cats sat")
    widget.text = "fish can fish"
    widget.selected = (6, 2)
    go.set()
    settle(widget)
    assert widget.selected == (6, 2)
    widget.compute("fish fish can")
    assert widget.selected == (6, 1)
    widget.close()


def test_what_python_sets_while_an_answer_is_taken_is_kept_and_told() -> None:
    taking, go = threading.Event(), threading.Event()
    widget = ProbeExplorer(fake_predictor(), text="the cats sat", selected=(2, 0))
    fit, told = widget._fit_choices, []

    def slow() -> None:
        fit()
        taking.set()
        assert go.wait(10)

    widget._fit_choices = slow  # type: ignore[method-assign]
    publish = widget._publish_choice
    widget._publish_choice = lambda: (told.append((widget.layer, widget.selected)), publish())  # type: ignore[method-assign]
    widget.text = "fish can fish"
    assert taking.wait(10)  # the worker holds the widget, several of its traits half changed

    def set_both() -> None:
        widget.layer = 6
        widget.selected = (6, 2)

    python = threading.Thread(target=set_both)
    python.start()
    python.join(0.2)  # on its way, or waiting for the worker
    go.set()
    python.join(10)
    settle(widget)
    assert (widget.layer, widget.selected) == (6, (6, 2))
    assert told[-1] == (6, (6, 2))
    assert widget._selected_for is widget._newest
    widget.close()


def test_a_long_message_is_shown_whole_and_one_that_is_cut_says_so() -> None:
    def predictor(text: str) -> Predictions:
        raise ValueError("x" * int(text))

    widget = ProbeExplorer(predictor, text="15000")
    assert widget.error == f"ValueError: {'x' * 15_000}"
    widget.text = "30000"
    settle(widget)
    assert widget.error.endswith("x… (cut: it has 30,012 characters)") and len(widget.error) < 20_100
    widget.close()


def test_the_text_of_an_older_answer_is_told_by_its_beginning_in_one_line() -> None:
    widget = ProbeExplorer(fake_predictor(), text="the\u202e old\nman " + "can " * 20)
    assert widget._view["of"] is None
    widget.text = "boom"
    settle(widget)
    assert widget._view["of"] == "the⟨RLO⟩ old man can can can can can can ca…"
    widget.compute("boom\n"[:0])
    widget.text = "boom"
    settle(widget)
    assert widget._view["of"] == ""
    widget.close()


def test_the_traceback_can_be_had_and_goes_with_the_next_answer() -> None:
    def predictor(text: str) -> Predictions:
        if text != "fine":
            raise ValueError("<b>half</b> \ud800 \x1b[31m") from KeyError("cause")
        return fake_predictions(text)

    widget = ProbeExplorer(predictor, text="at once")
    assert "KeyError: 'cause'" in widget.traceback and "in predictor" in widget.traceback
    assert widget.traceback.endswith("ValueError: <b>half</b> \ufffd \x1b[31m\n")
    assert widget._view["traceback"] == widget.traceback
    widget.text = "fine"
    settle(widget)
    assert (widget.traceback, widget._view["traceback"]) == ("", "")
    widget.text = "later"
    settle(widget)
    assert widget.error in widget.traceback
    with pytest.raises(Exception, match="read-only"):
        widget.traceback = "x"
    said(widget, {"kind": "ask", "seq": 1, "client": "p", "text": "x" * 300_000})
    assert "300,000 characters" in widget.error and widget.traceback == "", "a refusal has no place in the code"
    widget.close()


def test_a_traceback_that_is_too_long_keeps_both_its_ends_and_says_how_much_is_missing() -> None:
    def predictor(text: str) -> Predictions:
        raise ValueError("x" * 100_000)

    widget = ProbeExplorer(predictor)
    assert widget.traceback.startswith("Traceback (most recent call last):")
    assert "are left out here" in widget.traceback and widget.traceback.endswith("xxx\n")
    assert len(widget.traceback) < 20_200
    widget.close()
