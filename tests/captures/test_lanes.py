"""Lanes: batches side by side give what they give one after the other, for every family."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import tiny
import torch

import probewidgets as pw
from probewidgets.captures.lanes import in_lanes
from probewidgets.captures.pooling import Ranges

WORDS = ("The", "cats", "sat", "on", "the", "mat", "and", "I", "do", "not", "like", "it")
TEXTS = [" ".join(WORDS[: 1 + i % 12]) for i in range(40)]


@pytest.fixture
def two_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def corpus(stack: str | None) -> pw.Corpus:
    source = [text[::-1] for text in TEXTS] if stack == "decoder" else [None] * len(TEXTS)
    examples = [pw.Example(text, source=s) for text, s in zip(TEXTS, source, strict=True)]
    return pw.Corpus(tuple(examples), pw.Split(tuple(range(len(TEXTS))), (), ()), "forty")


def lanes_used(model: pw.LanguageModel) -> set[int]:
    """Which models two pieces of work get: they wait for each other, where there are lanes."""
    both, used = threading.Barrier(2), set()

    def work(lane: pw.LanguageModel, _: int) -> None:
        used.add(id(lane))
        if lane is not model:
            both.wait(timeout=20)

    list(in_lanes(model, work, range(2)))
    return used


@pytest.mark.parametrize(("family", "stack"), tiny.STACKS)
def test_every_family_gives_the_same_states_side_by_side(
    family: str, stack: str | None, two_threads: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("probewidgets.models.batching._BATCH_TOKENS", {"cpu": 48})
    model = pw.LanguageModel(*tiny.model(family), stack=stack)
    assert len(lanes_used(model)) == 2
    task = pw.SentenceTask(lambda example: "x")
    side_by_side = pw.capture(model, corpus(stack), task, store=False)
    torch.set_num_threads(1)
    np.testing.assert_array_equal(side_by_side.states, pw.capture(model, corpus(stack), task, store=False).states)


def test_lanes_share_the_weights_and_nothing_else(two_threads: None) -> None:
    model = pw.LanguageModel(*tiny.model("bert"))
    used = lanes_used(model)
    assert len(used) == 2 and id(model) not in used
    copy = model.replica()
    assert copy.model is not model.model and copy.lock is not model.lock
    for (name, mine), theirs in zip(model.model.named_parameters(), copy.model.parameters(), strict=True):
        assert mine is theirs, name
    ours = {id(module) for module in model.model.modules()}
    assert not ours & {id(module) for module in copy.model.modules()}
    assert copy.fingerprint() == model.fingerprint()


def test_a_model_that_somebody_has_hooked_into_is_run_as_it_stands(two_threads: None) -> None:
    model = pw.LanguageModel(*tiny.model("bert"))
    handle = model.model.encoder.register_forward_hook(lambda *_: None)
    try:
        assert lanes_used(model) == {id(model)}
    finally:
        handle.remove()


def test_a_model_that_cannot_be_copied_is_run_as_it_stands(two_threads: None) -> None:
    model = pw.LanguageModel(*tiny.model("bert"))
    model.model.mine = threading.Lock()
    try:
        assert lanes_used(model) == {id(model)}
    finally:
        del model.model.mine


def test_the_model_itself_is_free_while_its_lanes_run(two_threads: None) -> None:
    model = pw.LanguageModel(*tiny.model("bert"))

    def work(_lane: pw.LanguageModel, _: int) -> bool:
        free = model.lock.acquire(timeout=5)  # from another thread, as a widget's worker would
        if free:
            model.lock.release()
        return free

    assert all(in_lanes(model, work, range(8)))


def test_a_model_whose_forward_somebody_has_replaced_is_run_as_it_stands(two_threads: None) -> None:
    model = pw.LanguageModel(*tiny.model("bert"))
    part = model.model.encoder.layer[0]
    before = part.forward
    part.forward = lambda *args, **kwargs: before(*args, **kwargs)
    try:
        assert lanes_used(model) == {id(model)}
        pw.capture(model, corpus(None), pw.SentenceTask(lambda example: "x"), site=pw.sites.attention, store=False)
    finally:
        del part.forward


def test_a_model_whose_weights_cannot_be_shared_is_run_as_it_stands(two_threads: None) -> None:
    model = pw.LanguageModel(*tiny.model("bert"))
    model.model.register_buffer("table", torch.zeros(1_000_000))
    try:
        assert lanes_used(model) == {id(model)}
    finally:
        del model.model.table


def test_autocast_holds_for_a_capture(two_threads: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("probewidgets.models.batching._BATCH_TOKENS", {"cpu": 48})
    model, task = pw.LanguageModel(*tiny.model("bert")), pw.SentenceTask(lambda example: "x")
    with torch.autocast("cpu", torch.bfloat16):
        rounded = pw.capture(model, corpus(None), task, store=False).states
    plain = pw.capture(model, corpus(None), task, store=False).states
    assert np.abs(rounded - plain).max() > 1e-4


def test_a_pool_of_ones_own_is_called_by_one_thread(two_threads: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("probewidgets.models.batching._BATCH_TOKENS", {"cpu": 48})
    threads = set()

    def mine(states: torch.Tensor, ranges: Ranges) -> torch.Tensor:
        threads.add(threading.current_thread())
        return pw.mean(states, ranges)

    model = pw.LanguageModel(*tiny.model("bert"))
    pw.capture(model, corpus(None), pw.SentenceTask(lambda example: "x"), pool=mine, store=False)
    assert threads == {threading.current_thread()}


@pytest.mark.parametrize("store", [False, True])
def test_an_interrupt_whose_traceback_is_kept_leaves_torch_its_threads(
    store: bool, two_threads: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("probewidgets.models.batching._BATCH_TOKENS", {"cpu": 48})
    steps = iter(range(100))

    def interrupt(*_: object) -> None:
        if next(steps) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("tqdm.auto.tqdm.update", interrupt)
    model, task = pw.LanguageModel(*tiny.model("bert")), pw.SentenceTask(lambda example: "x")
    with pytest.raises(KeyboardInterrupt) as kept:
        pw.capture(model, corpus(None), task, store=str(tmp_path / "store") if store else False)
    assert kept.value.__traceback__ is not None
    assert torch.get_num_threads() == 2
