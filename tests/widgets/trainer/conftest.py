"""Trainers of a tiny model and of few short sentences, closed in the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import tiny

import probewidgets as pw
from probewidgets.errors import WidgetError
from probewidgets.live.forecasting import Forecast
from tests.widgets.helpers import said

Make = Callable[..., pw.ProbeTrainer]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "costed: what a training takes is tried")


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a training takes is not tried, but where that is what is tested."""
    if not request.node.get_closest_marker("costed"):
        told = Forecast(targets=530, tokens=800, kept=0.0, capture=0.2, layer=0.1, layers=4, memory=10, disk=10)
        monkeypatch.setattr("probewidgets.live.forecasting.forecast", lambda *_: told)
        monkeypatch.setattr("probewidgets.widgets.trainer.costing.PAUSE", 0.0)


@pytest.fixture(scope="session")
def lm() -> pw.LanguageModel:
    return pw.LanguageModel(*tiny.model("bert"))


@pytest.fixture(scope="session")
def corpus() -> pw.Corpus:
    short = [example for example in pw.corpora.english(400) if len(example.text) < 45][:90]
    sides = tuple(range(60)), tuple(range(60, 75)), tuple(range(75, 90))
    return replace(pw.corpora.english(3), examples=tuple(short), split=pw.Split(*sides), name="short")


def finished(trainer: pw.ProbeTrainer) -> None:
    """`await trainer.done()`, on a thread of its own: the browser driver has this one's event loop."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(asyncio.wait_for(trainer.done(), 60))).result()


def wait(trainer: pw.ProbeTrainer) -> pw.ProbeTrainer:
    """Wait until nothing is read, costed or trained any more; a failure is looked at by the test."""
    try:
        finished(trainer)
    except WidgetError:
        assert trainer.error
    return trainer


@pytest.fixture
def make(lm: pw.LanguageModel, corpus: pw.Corpus) -> Iterator[Make]:
    """Make trainers, of the tiny model and the short corpus unless told otherwise, in which everything is read."""
    trainers: list[pw.ProbeTrainer] = []

    def make_one(*arguments: Any, **options: Any) -> pw.ProbeTrainer:
        texts = arguments or (corpus,)
        trainer = pw.ProbeTrainer(*texts, **{"model": lm, "probe": pw.LinearProbe(l2=1e-2), **options})
        trainers.append(trainer)
        return wait(trainer)

    yield make_one
    for trainer in trainers:
        trainer.close()


class Talk:
    """Speaks to a trainer as a page does."""

    def __init__(self, trainer: pw.ProbeTrainer) -> None:
        self.trainer, self.seq = trainer, 0

    def say(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Say something and wait; what is shown then."""
        self.seq += 1
        self.answers = said(self.trainer, {"kind": kind, "seq": self.seq, "client": "me", **fields})
        wait(self.trainer)
        assert self.answers[0] == {"kind": "ack", "seq": self.seq, "client": "me"}
        return self.view

    @property
    def view(self) -> dict[str, Any]:
        view: dict[str, Any] = self.trainer._view
        return view

    @property
    def refused(self) -> str:
        return " ".join(each["text"] for each in self.answers if each["kind"] == "refused")

    @property
    def answered(self) -> bool:
        return bool(self.view["answered"].get("me") == self.seq)


@pytest.fixture
def talk(make: Make) -> Talk:
    return Talk(make())
