"""A training that is watched, stopped and gone on with gives what capture and sweep give, and says what it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import tiny

import probewidgets as pw
from probewidgets.errors import ModelError
from probewidgets.live.forecasting import forecast
from probewidgets.live.training import Order, Training
from probewidgets.models.sites import residual
from probewidgets.probes.watching import Step
from probewidgets.sweeps.results import Sweep


class Stopped(Exception):  # noqa: N818 - nothing has gone wrong
    pass


class Heard:
    """Remembers what it is told."""

    def __init__(self, act: Callable[[str, Any], None] = lambda *_: None) -> None:
        self.told: list[tuple[int, int, str]] = []
        self.began_at: list[int] = []
        self.steps: list[tuple[int, Step]] = []
        self.sweeps: list[Sweep] = []
        self.act = act

    def progress(self, done: int, total: int, text: str) -> None:
        self.told.append((done, total, text))
        self.act("progress", text)

    def began(self, layer: int) -> None:
        self.began_at.append(layer)
        self.act("began", layer)

    def step(self, layer: int, step: Step) -> None:
        self.steps.append((layer, step))
        self.act("step", layer)

    def ended(self, sweep: Sweep) -> None:
        self.sweeps.append(sweep)
        self.act("ended", sweep)


@pytest.fixture(scope="module")
def lm() -> pw.LanguageModel:
    return pw.LanguageModel(*tiny.model("bert"))


@pytest.fixture(scope="module")
def corpus() -> pw.Corpus:
    short = [example for example in pw.corpora.english(400) if len(example.text) < 45][:90]
    sides = tuple(range(60)), tuple(range(60, 75)), tuple(range(75, 90))
    return replace(pw.corpora.english(3), examples=tuple(short), split=pw.Split(*sides))


@pytest.fixture
def order(lm: pw.LanguageModel, corpus: pw.Corpus) -> Order:
    layers = lm.layers_of(residual)
    return Order(corpus, pw.WordTask("upos"), lm, layers, pw.mean, residual, pw.LinearProbe(l2=1e-2), control=2)


def by_hand(order: Order) -> Sweep:
    acts = pw.capture(order.model, order.corpus, order.task, layers=order.layers, store=False)
    random = pw.capture(order.model.randomized(0), order.corpus, order.task, layers=order.layers, store=False)
    more = {"random": random} if order.random else {}
    return pw.sweep(acts, order.probe, control=order.control, progress=False, **more)


def alike(mine: Sweep, other: Sweep) -> None:
    assert mine.layers == other.layers
    assert repr(mine.scores) == repr(other.scores)  # NaN, where something means nothing, is not equal to itself
    assert mine.baselines == other.baselines
    for a, b in zip(mine.probes, other.probes, strict=True):
        np.testing.assert_array_equal(a.coef_, b.coef_)


@pytest.mark.parametrize("random", [False, True])
def test_it_gives_what_the_lines_of_code_give(order: Order, random: bool) -> None:
    order = replace(order, random=random)
    training, heard = Training(order), Heard()
    alike(training.run(heard, lambda: None), by_hand(order))
    assert training.complete
    assert tuple(heard.began_at) == order.layers
    assert [sweep.layers for sweep in heard.sweeps] == [order.layers[: n + 1] for n in range(len(order.layers))]
    assert {layer for layer, _ in heard.steps} == set(order.layers)


def test_progress_never_goes_back_and_ends_at_the_end(order: Order) -> None:
    heard = Heard()
    Training(order, forecast(order)).run(heard, lambda: None)
    done = [at for at, _, _ in heard.told]
    assert {total for _, total, _ in heard.told} == {1000}
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0, 1000)
    assert 1000 not in done[:-1] or heard.told[done.index(1000)][2].startswith(f"{len(order.layers)} of")
    texts = [text for _, _, text in heard.told]
    assert any(text.startswith("Capturing BertModel: 90 of 90 texts") for text in texts)
    assert any(text.startswith(f"Layer {order.layers[1]} (2 of {len(order.layers)}) · captured") for text in texts)
    again = Heard()
    Training(order, replace(forecast(order), kept=1.0)).run(again, lambda: None)
    assert any(text.startswith("Layer 0 (1 of ") and "· states from the cache" in text for _, _, text in again.told)


@pytest.mark.parametrize("when", ["in the fits of the second layer", "in the capture", "before the fits"])
def test_it_stops_where_it_is_and_goes_on_there(order: Order, when: str) -> None:
    stop = False

    def act(what: str, value: Any) -> None:
        nonlocal stop
        stop |= {
            "in the fits of the second layer": (what, value) == ("step", order.layers[1]),
            "in the capture": what == "progress" and value.startswith("Capturing"),
            "before the fits": (what, value) == ("began", order.layers[0]),
        }[when]

    def check() -> None:
        if stop:
            raise Stopped

    training = Training(order)
    with pytest.raises(Stopped):
        training.run(Heard(act), check)
    done = order.layers[:1] if "second" in when else ()
    assert training.done == done
    assert not training.complete
    assert training.sweep is None if not done else training.sweep.layers == done
    assert (training.acts is None) == (when == "in the capture")
    heard = Heard()
    alike(training.run(heard, lambda: None), by_hand(order))
    assert tuple(heard.began_at) == order.layers[len(done) :]
    assert any(text.startswith("Capturing") for _, _, text in heard.told) == (when == "in the capture")


def test_what_fails_in_the_middle_leaves_what_is_done(order: Order) -> None:
    class Odd(pw.LinearProbe):
        def choose(self, *arguments: Any) -> Any:
            fits.append(len(fits))
            if len(fits) == 2:
                raise MemoryError("no room")
            return super().choose(*arguments)

    fits: list[int] = []
    training = Training(replace(order, probe=Odd(), control=0))
    with pytest.raises(MemoryError, match="no room"):
        training.run(Heard(), lambda: None)
    assert training.done == order.layers[:1]
    assert training.run(Heard(), lambda: None).layers == order.layers


def test_what_was_captured_before_a_stop_is_in_the_cache(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("probewidgets.captures.parts._PART_EXAMPLES", 30)
    counts: list[str] = []

    def act(what: str, value: Any) -> None:
        if what == "progress" and value.startswith("Capturing"):
            counts.append(value)

    def check() -> None:
        if counts and "60 of 90" in counts[-1]:
            raise Stopped

    with pytest.raises(Stopped):
        Training(order).run(Heard(act), check)
    assert forecast(order).kept >= 1 / 3


def test_texts_that_are_longer_than_the_model_are_read_in_windows(order: Order) -> None:
    long = pw.corpora.english(400)
    examples = (*order.corpus.examples[:-1], max(long, key=lambda example: len(example.text)))
    order = replace(order, corpus=replace(order.corpus, examples=examples))
    assert len(order.model.encode([examples[-1].text])[0]) > order.model.max_tokens
    training = Training(order, forecast(order))
    assert training.run(Heard(), lambda: None).layers == order.layers
    assert training.windowed
    assert not training.acts.missing


def test_before_it_says_what_it_will_take(order: Order) -> None:
    cost = forecast(order)
    acts = pw.capture(order.model, order.corpus, order.task)
    tokens = sum(map(len, order.model.encode([example.text for example in order.corpus])))
    assert cost.targets == acts.n_targets
    assert cost.tokens == pytest.approx(tokens, rel=0.15)
    assert cost.memory == cost.disk == acts.states.nbytes
    assert cost.kept == 0 < cost.capture
    assert cost.seconds == cost.capture + len(order.layers) * cost.layer
    again = forecast(order)
    assert (again.kept, again.disk) == (1, 0)
    assert again.capture < cost.capture


def test_what_will_fail_fails_before(order: Order) -> None:
    with pytest.raises(ModelError, match="Layer 99"):
        forecast(replace(order, layers=(99,)))


def test_a_trial_that_nobody_wants_any_more_ends(order: Order) -> None:
    calls = 0

    def check() -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise Stopped

    with pytest.raises(Stopped):
        forecast(order, check)
    assert calls == 2
