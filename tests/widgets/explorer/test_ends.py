"""ProbeExplorer from Python: arguments, odd observers, and an end that leaves nothing behind."""

from __future__ import annotations

import gc
import threading
import weakref
from typing import Any

import ipywidgets
import numpy as np
import pytest
import traitlets

from probewidgets.errors import WidgetError
from probewidgets.values import Predictions
from probewidgets.widgets import LayerCurve, LayerHeatmap, ProbeExplorer, TokenStrip
from tests.widgets.explorer.slow import PATIENCE, Slow
from tests.widgets.fakes import fake_predictions, fake_predictor, fake_sweep
from tests.widgets.helpers import said, settle


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
