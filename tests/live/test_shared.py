"""Predictors of one model that go through it together: as often as needed, with the answers that each gives alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import tiny
import torch

import probewidgets as pw
from probewidgets.errors import ModelError
from probewidgets.live import shared
from probewidgets.live.shared import SharedReader, sharing
from probewidgets.values import Predictions
from probewidgets.widgets import ProbeCompare
from tests.live.test_live import corpus
from tests.widgets.helpers import settle

TEXTS = ("cats sat on mats", "The runs\nwell, cats run on", "the", "", "mats/LONG sat")


@pytest.fixture(scope="module")
def lm() -> pw.LanguageModel:
    return pw.LanguageModel(*tiny.model("bert"))


def sweep(lm: pw.LanguageModel, task: object = None, probe: object = None, **options: object) -> pw.Sweep:
    acts = pw.capture(lm, corpus(), task or pw.WordTask("tag"), store=False, **options)
    return pw.sweep(acts, probe or pw.LinearProbe(l2=1e-3), bootstrap=10, progress=False)


@pytest.fixture(scope="module")
def sweeps(lm: pw.LanguageModel) -> dict[str, pw.Sweep]:
    return {
        "all": sweep(lm),
        "some": sweep(lm, layers=[1, 2]),
        "lengths": sweep(lm, pw.WordTask(lambda e: [float(len(w.of(e.text))) for w in e.words], name="length",
                                         regression=True), pw.RidgeProbe()),
        "sentences": sweep(lm, pw.SentenceTask("kind")),
    }  # fmt: skip


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The forward passes of any model: how many texts each took. (A hook would be seen in its fingerprint.)"""
    sizes: list[int] = []
    forward = pw.LanguageModel._forward

    def counted(self, batch, *more):
        sizes.append(len(batch))
        return forward(self, batch, *more)

    monkeypatch.setattr(pw.LanguageModel, "_forward", counted)
    return sizes


def same(mine: Predictions, other: Predictions) -> None:
    """Equal, to the last bit where torch computes a product by one thread.

    A pass is the same whatever is looked at, and states of a layer are pooled feature by feature, so no sum is made in
    another order. What several threads share may be cut elsewhere from one pass to the next: by then 24 bits of a
    state of size 1 differ in the last few, and probabilities by less than 1e-5.
    """
    assert (mine.units, mine.layers, mine.labels, mine.notes) == (other.units, other.layers, other.labels, other.notes)
    pair = (mine.proba, other.proba) if mine.values is None else (mine.values, other.values)
    if torch.get_num_threads() == 1:
        np.testing.assert_array_equal(*pair)
    else:
        np.testing.assert_allclose(*pair, atol=1e-5)


@pytest.mark.parametrize("text", TEXTS)
def test_they_say_what_they_say_alone_after_one_pass(lm, sweeps, passes, text: str) -> None:
    alone = [pw.predictor(lm, sweeps[name], gold=False) for name in ("all", "some", "lengths")]
    together = sharing(alone)
    expected = [each(text) for each in alone]
    passes.clear()
    for mine, other in zip([each(text) for each in together], expected, strict=True):
        same(mine, other)
    assert len(passes) == bool(text)


def test_on_threads_of_their_own_they_wait_for_the_first(lm, sweeps, passes) -> None:
    alone = [pw.predictor(lm, sweeps[name]) for name in ("some", "all")]
    together = sharing(alone)
    text = "\n".join(["The cats sat on mats well"] * 30)
    expected = [each(text) for each in alone]
    passes.clear()
    with ThreadPoolExecutor(2) as pool:
        for mine, other in zip(pool.map(lambda each: each(text), together), expected, strict=True):
            same(mine, other)
    assert len(passes) == len({"one batch"})


def test_what_is_cut_otherwise_is_run_by_each(lm, sweeps, passes) -> None:
    alone = [pw.predictor(lm, sweeps[name]) for name in ("all", "lengths")]
    for mine, other in zip(sharing(alone), alone, strict=True):
        same(mine("mats/LONG sat"), other("mats/LONG sat"))  # of numbers, the slash is text
    passes.clear()
    for each in sharing([pw.predictor(lm, sweeps[name]) for name in ("all", "sentences")]):
        each("The cats sat")
    assert len(passes) == 2, "words are pooled otherwise than whole sentences"


def test_models_that_are_equal_share_and_others_do_not(lm, sweeps) -> None:
    twin, other = pw.LanguageModel(*tiny.model("bert")), lm.randomized(0)
    assert twin.fingerprint() == lm.fingerprint() != other.fingerprint()

    def shares(*predictors: object) -> list[bool]:
        return [isinstance(getattr(each, "reader", None), SharedReader) for each in sharing(predictors)]  # type: ignore[arg-type]

    first = pw.predictor(lm, sweeps["all"])
    assert shares(first, pw.predictor(twin, sweeps["some"])) == [True, True]
    assert shares(first, pw.predictor(other, sweep(other)), print) == [False, False, False]
    with pytest.warns(UserWarning, match="are not those that the sweep was made with"):
        stale = pw.predictor(other, sweeps["some"])  # its sweep says that it is the same model, and it is not
    assert shares(first, stale) == [False, False]
    last = sweep(lm, pool=pw.last)
    assert shares(first, pw.predictor(lm, last), pw.predictor(lm, last)) == [False, True, True]
    assert not isinstance(first.reader, SharedReader), "who was given stays as it was"


def test_a_fault_at_a_layer_that_only_others_have_is_theirs_alone(lm, sweeps, monkeypatch) -> None:
    states = pw.LanguageModel.states

    def broken(self, batch, layers=None, *more):
        return tuple(
            torch.full_like(each, torch.nan) if layer == 3 else each
            for layer, each in zip(layers, states(self, batch, layers, *more), strict=True)
        )

    every, some = sharing([pw.predictor(lm, sweeps[name]) for name in ("all", "some")])
    expected = some("cats sat")
    monkeypatch.setattr(pw.LanguageModel, "states", broken)
    with pytest.raises(ModelError, match="layer 3 hold NaN"):
        every("mats run")
    same(some("cats sat"), expected)


def test_of_a_text_with_many_states_none_is_kept(lm, sweeps, passes, monkeypatch) -> None:
    every, some = sharing([pw.predictor(lm, sweeps[name]) for name in ("all", "some")])
    for limit, expected in ((4 * 4 * 3 * lm.hidden_size, 1), (4 * 4 * 3 * lm.hidden_size - 1, 2)):
        monkeypatch.setattr(shared, "MOST_KEPT", limit)
        passes.clear()
        same(every("The cats sat"), pw.predictor(lm, sweeps["all"])("The cats sat"))
        some("The cats sat")
        assert len(passes) - 1 == expected  # one of them is that of the predictor alone


def test_what_all_have_taken_is_let_go(lm, sweeps) -> None:
    every, some = sharing([pw.predictor(lm, sweeps[name]) for name in ("all", "some")])
    every("The cats sat")
    assert every.reader.passes._batches
    some("The cats sat")
    assert every.reader.passes is some.reader.passes
    assert not every.reader.passes._batches


def test_who_waits_for_another_can_be_cancelled(lm, sweeps) -> None:
    class UnwantedError(Exception):
        pass

    _, some = sharing([pw.predictor(lm, sweeps[name]) for name in ("all", "some")])
    calls: list[int] = []

    def check() -> None:
        calls.append(1)
        if len(calls) == 3:  # the first is made before the text is run
            raise UnwantedError

    with some.reader.passes._lock, pytest.raises(UnwantedError):  # as while another one runs it
        some("The cats sat", check=check)
    assert len(some("The cats sat")) == 3


def test_a_comparison_runs_the_model_once_for_each_text(lm, sweeps, passes) -> None:
    alone = {name: pw.predictor(lm, sweeps[name]) for name in ("all", "some")}
    widget = ProbeCompare(alone, text="The cats sat")
    assert len(passes) == 1
    widget.text = "cats run on mats"
    settle(widget)
    assert len(passes) == 2
    for name, each in alone.items():
        same(widget.predictions[name], each("cats run on mats"))
    widget.close()


def test_two_sentences_over_one_predictor_are_two_texts(lm, sweeps, passes) -> None:
    widget = ProbeCompare(pw.predictor(lm, sweeps["all"]), text=("The cats sat", "The cats run"))
    assert len(passes) == 2
    widget.close()
