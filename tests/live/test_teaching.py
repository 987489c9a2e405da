"""Teaching: probes learn what is painted, are judged on sentences left out, and say which word to paint next."""

from __future__ import annotations

import numpy as np
import pytest
import tiny

import probewidgets as pw
from probewidgets.captures.pooling import mean
from probewidgets.data.lessons import NOTHING, Lesson
from probewidgets.errors import ModelError
from probewidgets.live import lesson_states
from probewidgets.live.lesson_states import LessonStates
from probewidgets.live.teaching import FEW, judge, next_units, teach, untaught
from tests.data.test_lessons import lesson, unit_of


@pytest.fixture(scope="module")
def lm() -> pw.LanguageModel:
    return pw.LanguageModel(*tiny.model("bert"))


def made_up(words_of: int = 6, n: int = 8, *, code: float = 3.0, seed: int = 0) -> tuple[Lesson, np.ndarray]:
    """A lesson whose long words are `long`, the others nothing, with states that say so as loudly as `code`."""
    rng = np.random.default_rng(seed)
    forms = ["cat", "mat", "elephant", "mountain", "sun", "river"]
    text = "\n".join(" ".join(rng.choice(forms, words_of)) for _ in range(n))
    taught = Lesson(labels=("long",)).typed(text)
    long = np.array([len(form) > 3 for s in taught.sentences for form in s.forms])
    states = rng.normal(size=(2, len(long), 10)).astype(np.float32)
    states[1, :, 0] += code * np.where(long, 1, -1)
    for sentence in taught.sentences:
        for unit, form in zip(sentence.ids, sentence.forms, strict=True):
            taught = taught.painted([unit], "long" if len(form) > 3 else NOTHING)
    return taught, states / np.sqrt(10)


# --- states -----------------------------------------------------------------------------------------------------------


def test_states_are_those_that_capture_gives_standardised(lm) -> None:
    taught = lesson("The cats sat on mats.\nShe runs well.", cats="food")
    states = LessonStates(lm, range(lm.n_layers), mean).of(taught.sentences, lambda: None)
    every = taught.painted([unit for unit, _ in taught.units], "food")
    acts = pw.capture(lm, every.corpus(), pw.WordTask("label"), store=False)
    for layer in acts.layers:
        want = acts.layer(layer).astype(np.float64)
        want = (want - want.mean(0)) / want.std(0) / np.sqrt(want.shape[1])
        np.testing.assert_allclose(states[layer], want, atol=2e-3)


def test_a_sentence_is_captured_once_and_kept_while_it_stays(lm) -> None:
    states, check = LessonStates(lm, (0, 1), mean), lambda: None
    taught = Lesson().typed("The cats sat.\nShe runs.\nShe runs.")
    first = states.of(taught.sentences, check)
    assert states.captured == 2
    assert states.of(taught.painted([0], NOTHING).sentences, check) is first
    longer = states.of(taught.typed("The cats sat.\nShe runs.\nWell.").sentences, check)
    assert states.captured == 3
    assert longer.shape[1] == len(["The", "cats", "sat", ".", "She", "runs", ".", "Well", "."])
    states.of(taught.sentences[:1], check)
    states.of(taught.sentences, check)
    assert states.captured == 4  # what was gone had been forgotten


def test_too_much_to_keep_is_refused_before_anything_is_read(lm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lesson_states, "MOST_BYTES", 100)
    states = LessonStates(lm, (0, 1), mean)
    with pytest.raises(ModelError, match=r"Take fewer sentences, or layers="):
        states.of(lesson().sentences, lambda: None)
    assert states.captured == 0


def test_what_was_captured_is_kept_where_the_work_is_ended(lm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lesson_states, "_AT_ONCE", 1)
    states, left = LessonStates(lm, (0,), mean), iter([None, None])
    with pytest.raises(StopIteration):
        states.of(Lesson().typed("The cats.\nShe runs.\nWell.").sentences, lambda: next(left))
    assert states.captured == 2
    states.of(Lesson().typed("The cats.\nShe runs.\nWell.").sentences, lambda: None)
    assert states.captured == 3


def test_whole_sentences_have_one_state_each(lm) -> None:
    taught = Lesson(unit="sentence").typed("The cats sat.\nShe runs well.")
    assert LessonStates(lm, (0, 1), mean).of(taught.sentences, lambda: None).shape[:2] == (2, 2)


# --- what probes say --------------------------------------------------------------------------------------------------


def test_probes_say_of_all_words_what_was_painted_on_some() -> None:
    taught, states = made_up()
    half = [unit for unit, _ in taught.units][: len(taught.places) // 2]
    answer = teach(taught.painted(half, None), states)
    assert answer.labels == ("long", NOTHING)
    np.testing.assert_allclose(answer.proba.sum(2), 1, atol=1e-5)
    truth = [mark for _, mark in taught.units]
    told = [answer.said(1)[unit][0] for unit, _ in taught.units]
    assert np.mean([a == b for a, b in zip(told, truth, strict=True)]) > 0.9


def test_one_label_alone_teaches_nothing() -> None:
    taught, states = made_up()
    alone = taught.painted([u for u, mark in taught.units if mark == NOTHING], None)
    assert teach(alone, states).labels == ()
    assert teach(alone, states).said(0) == {}
    assert judge(alone, states).why.startswith("Paint words of a second label")
    assert untaught(alone, 2).proba.shape == (2, len(alone.places), 0)


def test_a_word_without_a_state_is_neither_learnt_from_nor_predicted() -> None:
    taught, states = made_up()
    states[:, 3] = np.nan
    answer = teach(taught, states)
    unit = [unit for unit, _ in taught.units][3]
    assert unit not in answer.said(1)
    assert np.isnan(answer.proba[:, 3]).all() and np.isfinite(np.delete(answer.proba, 3, 1)).all()
    assert judge(taught, states).n == len(taught.places) - 1


# --- how far to believe it --------------------------------------------------------------------------------------------


def test_the_layer_that_knows_is_the_best_and_beats_chance() -> None:
    judged = judge(*made_up(code=4.0))
    assert judged.best == 1
    assert judged.accuracy[1].low > judged.majority
    assert judged.accuracy[1].value > judged.accuracy[0].value
    assert judged.n == 48 and judged.sentences == 8 and not judged.few


def test_where_nothing_is_to_be_read_the_accuracy_is_that_of_chance() -> None:
    values = [judge(*made_up(n=20, code=0.0, seed=seed)).accuracy[1].value for seed in range(6)]
    assert abs(np.mean(values) - 0.5) < 0.1


def test_random_labels_cannot_be_told_from_sentences_left_out() -> None:
    values = [judge(*made_up(n=20, seed=seed)).control for seed in range(4)]
    assert 0.3 < np.mean(values) < 0.75  # words come again in other sentences, so some can be remembered


@pytest.mark.parametrize("n", [1, 2])
def test_too_few_sentences_have_no_score(n: int) -> None:
    taught, states = made_up(n=n)
    judged = judge(taught, states)
    assert judged.accuracy == () and judged.best is None
    assert judged.why.startswith("No score yet")


def test_where_all_are_right_the_interval_is_not_a_point() -> None:
    taught, states = made_up(n=4, code=30.0)
    judged = judge(taught, states)
    assert judged.accuracy[1].value == 1.0 and judged.accuracy[1].high == 1.0
    assert judged.accuracy[1].low < 0.9
    assert judged.few == (judged.n < FEW)


# --- what to paint next -----------------------------------------------------------------------------------------------


def test_the_least_sure_word_of_each_sentence_is_offered_and_none_that_is_painted_or_set_aside() -> None:
    taught, states = made_up()
    units = [unit for unit, _ in taught.units]
    some = taught.painted(units[12:], None)
    answer = teach(some, states)
    offered = next_units(answer, 1)
    homes = [next(n for n, s in enumerate(some.sentences) if unit in s.ids) for unit in offered]
    assert len(set(homes)) == len(homes) == 5
    assert not {unit for unit, mark in some.units if mark is not None} & set(offered)
    surest = [max(answer.proba[1, some.places[unit]]) for unit in offered]
    assert surest == sorted(surest)
    again = next_units(teach(some.set_aside(offered[0]), states), 1)
    assert offered[0] not in again


def test_nobody_is_asked_about_a_full_stop() -> None:
    taught = lesson("cat . !\nmat . ?\nsun , .", cat="long", mat=NOTHING)
    states = np.random.default_rng(0).normal(size=(1, len(taught.places), 4)).astype(np.float32)
    assert next_units(teach(taught, states), 0) == [unit_of(taught, "sun")]
