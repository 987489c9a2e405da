from __future__ import annotations

from dataclasses import replace

import pytest
import tiny

import probewidgets as pw
from probewidgets.captures.ahead import look_ahead
from probewidgets.errors import DataError, ModelError


@pytest.fixture(scope="module")
def lm() -> pw.LanguageModel:
    return pw.LanguageModel(*tiny.model("bert"))


def short(n: int) -> pw.Corpus:
    """Sentences that the tiny model can take."""
    examples = [example for example in pw.corpora.english(5 * n) if len(example.text) < 45][:n]
    return replace(pw.corpora.english(n), examples=tuple(examples))


def test_it_says_what_capture_then_takes_and_afterwards_that_all_is_kept(lm: pw.LanguageModel) -> None:
    corpus, task = short(40), pw.WordTask("upos")
    before = look_ahead(lm, corpus, task, layers=(0, 2))
    acts = pw.capture(lm, corpus, task, layers=(0, 2))
    assert (before.targets, before.texts, before.kept) == (acts.n_targets, 40, 0)
    assert before.memory == before.disk == acts.states.nbytes
    after = look_ahead(lm, corpus, task, layers=(0, 2))
    assert (after.kept, after.disk, after.memory) == (40, 0, acts.states.nbytes)
    assert look_ahead(lm, corpus, task, layers=(1,)).kept == 0


def test_of_ones_own_pool_nothing_is_kept(lm: pw.LanguageModel) -> None:
    room = look_ahead(lm, pw.corpora.english(20), pw.WordTask("upos"), pool=lambda states, ranges: states[ranges.start])
    assert room.disk == 0 < room.memory


def test_its_errors_are_those_of_capture(lm: pw.LanguageModel) -> None:
    with pytest.raises(DataError, match="nothing_like_this"):
        look_ahead(lm, pw.corpora.english(20), pw.WordTask("nothing_like_this"))
    with pytest.raises(ModelError, match="Layer 99"):
        look_ahead(lm, pw.corpora.english(20), pw.WordTask("upos"), layers=(99,))
