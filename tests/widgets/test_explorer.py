"""ProbeExplorer from Python: answers, errors, cancel, end."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable
from typing import Any

import ipywidgets
import numpy as np
import pytest
import traitlets

from probewidgets.errors import WidgetError
from probewidgets.values import Predictions
from probewidgets.widgets import LayerCurve, LayerHeatmap, ProbeExplorer, TokenStrip
from tests.widgets.fakes import fake_predictions, fake_predictor, fake_sweep
from tests.widgets.helpers import said, settle

PATIENCE = 20  # s


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
    assert "error" in repr(widget)
    widget.text = "fine again"
    settle(widget)
    assert (widget.error, widget._view["error"]) == ("", "")
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


class Slow:
    """A predictor that waits at a gate and can be cancelled there."""

    def __init__(self) -> None:
        self.entered, self.gate = threading.Event(), threading.Event()
        self.finished: list[str] = []

    def __call__(self, text: str, check: Callable[[], None]) -> Predictions:
        if text.startswith("slow"):
            self.entered.set()
            assert self.gate.wait(PATIENCE)
        check()
        self.finished.append(text)
        return fake_predictions(text)


def test_a_newer_text_cancels_the_running_one_and_only_it_is_shown() -> None:
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
    assert shown == ["text 19"]
    assert slow.finished == ["first", "text 19"]
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


def test_busy_and_error_are_not_for_others_to_set() -> None:
    widget = ProbeExplorer(fake_predictor())
    for name, value in (("busy", True), ("error", "x"), ("sweep", None)):
        with pytest.raises(Exception, match="read-only"):
            setattr(widget, name, value)
    widget.close()


@pytest.mark.parametrize("text", [5, None, b"x", ["x"]])
def test_a_text_that_is_no_string_is_refused(text: Any) -> None:
    widget = ProbeExplorer(fake_predictor(), text="fine")
    with pytest.raises(WidgetError, match="must be a string"):
        widget.text = text
    assert widget.text == "fine"
    widget.close()


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "\t \n"])
def test_no_words_is_a_sensible_state(text: str) -> None:
    widget = ProbeExplorer(fake_predictor(), text=text)
    assert (len(widget.predictions), widget.error) == (0, "")
    assert widget._view["window"] == {"start": 0, "end": 0, "total": 0}
    widget.close()


def test_close_ends_the_thread_and_lets_everything_be_collected() -> None:
    before = set(threading.enumerate())
    layouts = len(ipywidgets.widgets.widget._instances)
    predictor = fake_predictor()
    widget = ProbeExplorer(predictor, text="fine")
    widget.text = "on the thread"
    settle(widget)
    assert set(threading.enumerate()) - before
    held = weakref.ref(widget), weakref.ref(predictor)
    widget.close()
    widget.close()
    del widget, predictor
    gc.collect()
    assert [reference() for reference in held] == [None, None]
    assert set(threading.enumerate()) <= before
    assert len(ipywidgets.widgets.widget._instances) == layouts


def test_close_does_not_wait_for_a_slow_predictor_to_finish_its_text() -> None:
    slow = Slow()
    widget = ProbeExplorer(slow, text="first")
    widget.text = "slow one"
    assert slow.entered.wait(PATIENCE)
    slow.gate.set()
    widget.close()
    assert slow.finished == ["first"]


def test_a_widget_that_refuses_its_arguments_leaves_nothing_behind(recwarn: pytest.WarningsRecorder) -> None:
    with pytest.raises(TypeError):
        ProbeExplorer(fake_predictor(), nope=1)
    gc.collect()
    assert not recwarn.list


def test_the_repr_says_what_is_shown() -> None:
    widget = ProbeExplorer(fake_predictor(), text="the cats")
    assert repr(widget) == "ProbeExplorer('the cats': 2 words, layer 3 of [0, 1, 2, 3, 4, 5, 6], 8 labels)"
    widget.compute("cats")
    assert "'cats': 1 word, layer" in repr(widget)
    assert repr(LayerCurve(fake_sweep())).startswith("LayerCurve(layer 3 of Sweep(")
    widget.close()


def test_an_explorer_that_cannot_begin_leaves_no_widget_open() -> None:
    before = set(ipywidgets.widgets.widget._instances)
    for wrong in ({"layer": 99}, {"label": "nothing"}, {"layers": [7, 8]}):
        with pytest.raises(WidgetError):
            ProbeExplorer(fake_predictor(), **wrong)
    assert set(ipywidgets.widgets.widget._instances) == before


def test_no_widget_that_cannot_begin_stays_open() -> None:
    def interrupted(text: str) -> Predictions:
        raise KeyboardInterrupt

    def with_a_wrong_sweep(text: str) -> Predictions:
        return fake_predictions(text)

    with_a_wrong_sweep.sweep = "no sweep"  # type: ignore[attr-defined]
    before = set(ipywidgets.widgets.widget._instances)
    for make, error in (
        (lambda: ProbeExplorer(fake_predictor(), text=5), WidgetError),  # type: ignore[arg-type]
        (lambda: ProbeExplorer(fake_predictor(), debounce="x"), WidgetError),  # type: ignore[arg-type]
        (lambda: ProbeExplorer(with_a_wrong_sweep), WidgetError),
        (lambda: ProbeExplorer(interrupted), KeyboardInterrupt),
        (lambda: TokenStrip("no predictions"), WidgetError),  # type: ignore[arg-type]
        (lambda: TokenStrip(fake_predictions("x"), layer=99), WidgetError),
        (lambda: LayerHeatmap(fake_predictions("x"), sweep="no sweep"), WidgetError),  # type: ignore[arg-type]
        (lambda: LayerCurve("no sweep"), WidgetError),  # type: ignore[arg-type]
    ):
        with pytest.raises(error):
            make()
        assert set(ipywidgets.widgets.widget._instances) == before


@pytest.mark.parametrize("debounce", ["x", None, [], float("nan")])
def test_a_debounce_that_is_no_time_is_refused(debounce: Any) -> None:
    with pytest.raises(WidgetError, match="debounce must be a number of milliseconds"):
        ProbeExplorer(fake_predictor(), debounce=debounce)


@pytest.mark.parametrize(("debounce", "expected"), [(-5, 0), (40.4, 40), (np.int64(7), 7), (float("inf"), 5000)])
def test_a_debounce_is_rounded_and_bounded(debounce: Any, expected: int) -> None:
    widget = ProbeExplorer(fake_predictor(), debounce=debounce)
    assert widget._view["debounce"] == expected
    widget.close()


@pytest.mark.parametrize("kind", [ProbeExplorer, TokenStrip, LayerHeatmap, LayerCurve])
def test_no_method_is_an_observer_by_its_name_alone(kind: type[traitlets.HasTraits]) -> None:
    for name in kind.class_trait_names():
        handler = getattr(kind, f"_{name}_changed", None)
        assert handler is None or isinstance(handler, traitlets.ObserveHandler)


def test_layers_can_be_any_iterable_of_numbers() -> None:
    widget = ProbeExplorer(fake_predictor(), layers=np.array([0, 1]))
    assert widget.layers == (0, 1)
    for wanted in (range(2), (n for n in (0, 1)), {1, 0}, [np.int64(0), 1]):
        widget.layers = None
        widget.layers = wanted
        assert widget.layers == (0, 1)
    with pytest.raises(WidgetError):
        widget.layers = "01"
    widget.close()


def test_a_predictor_that_tries_to_exit_is_an_error_like_any_other() -> None:
    def predictor(text: str) -> Predictions:
        if text == "exit":
            raise SystemExit("asked to go")
        return fake_predictions(text)

    widget = ProbeExplorer(predictor, text="fine")
    widget.text = "exit"
    settle(widget)
    assert "asked to go" in widget.error
    widget.text = "fine again"
    settle(widget)
    assert widget.error == ""
    widget.close()


@pytest.mark.parametrize("trait", ["busy", "error", "predictions", "text"])
def test_the_widget_outlives_an_observer_that_raises(trait: str) -> None:
    widget = ProbeExplorer(fake_predictor(), text="fine")

    def broken(change: Any) -> None:
        raise ZeroDivisionError

    widget.observe(broken, trait)
    try:
        said(widget, {"kind": "ask", "seq": 1, "client": "p", "text": "boom"})
    except ZeroDivisionError:
        assert trait == "text"
    settle(widget)
    assert (widget.error, widget._view["error"]) == ("ValueError: no <b>boom</b> today",) * 2
    widget.unobserve(broken, trait)
    widget.text = "fine again"
    settle(widget)
    assert (widget.error, widget.busy, widget.predictions.text) == ("", False, "fine again")
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
