"""Sweeps on the same test targets, and how far one is above the other: against the bootstrap by hand, and laws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import probewidgets as pw
from probewidgets.captures.activations import Activations
from probewidgets.errors import ProbeError
from probewidgets.sweeps.paired import Pair, why_unpaired
from tests.sweeps.test_graded import numbers, sets
from tests.synthetic import activations

OPTIONS = {"bootstrap": 200, "progress": False}


def worse(acts: Activations, seed: int = 1) -> Activations:
    """The same targets with states in which the label can hardly be read, as of another model."""
    noise = np.random.default_rng(seed).normal(size=acts.states.shape)
    return replace(acts, states=(acts.states + noise).astype(np.float32))


@pytest.fixture(scope="module")
def acts() -> Activations:
    return activations(60)


@pytest.fixture(scope="module")
def good(acts: Activations) -> pw.Sweep:
    return pw.sweep(acts, pw.LinearProbe(l2=0.01), **OPTIONS)


@pytest.fixture(scope="module")
def bad(acts: Activations) -> pw.Sweep:
    return pw.sweep(worse(acts), pw.LinearProbe(l2=0.01), **OPTIONS)


def test_the_difference_is_that_of_the_accuracies_and_its_interval_that_of_the_same_sentences(
    good: pw.Sweep, bad: pw.Sweep
) -> None:
    estimate = Pair(good, bad).difference(1, 0)
    assert estimate.value == pytest.approx(good.score(1).accuracy.value - bad.score(0).accuracy.value)
    rng, sentences = np.random.default_rng(5), len(good.sentence_targets)
    draws = []
    for _ in range(4000):
        rows = rng.integers(0, sentences, sentences)
        above = good.hits[1, rows].sum() - bad.hits[0, rows].sum()
        draws.append(above / good.sentence_targets[rows].sum())
    by_hand = np.quantile(draws, [0.025, 0.975])
    assert [estimate.low, estimate.high] == pytest.approx(by_hand, abs=0.03)


def test_a_sweep_is_not_above_itself_and_the_other_way_round_signs_change(good: pw.Sweep, bad: pw.Sweep) -> None:
    same = Pair(good, good).difference(1, 1)
    assert (same.value, same.low, same.high) == (0, 0, 0)
    there, back = Pair(good, bad).difference(1, 1), Pair(bad, good).difference(1, 1)
    assert (there.value, there.low, there.high) == pytest.approx((-back.value, -back.high, -back.low))
    assert Pair(good, good).difference(1, 0) == good.difference(1, 0)


def test_the_micro_f1_of_sets_is_paired_too() -> None:
    acts = sets()
    one = pw.sweep(acts, pw.SigmoidProbe(), **OPTIONS)
    two = pw.sweep(worse(acts), pw.SigmoidProbe(), **OPTIONS)
    estimate = Pair(one, two).difference(1, 1)
    assert estimate.value == pytest.approx(one.score(1).value.value - two.score(1).value.value)
    assert estimate.low < estimate.value < estimate.high


def test_the_r2_of_numbers_is_paired_and_its_interval_is_that_of_resampled_sentences_one_by_one() -> None:
    acts = numbers()
    one, two = (pw.sweep(each, pw.RidgeProbe(), **OPTIONS) for each in (acts, worse(acts)))
    estimate = Pair(one, two).difference(1, 0)
    assert estimate.value == pytest.approx(one.score(1).r2.value - two.score(0).r2.value, abs=1e-12)
    mean, sentences = acts.targets.y[acts.rows("train")].mean(), np.cumsum([0, *one.sentence_targets])

    def r2(answers: np.ndarray, rows: np.ndarray) -> float:
        gold = one.gold[rows]
        return float(1 - np.square(gold - answers[rows]).sum() / np.square(gold - mean).sum())

    differences = []
    for drawn in np.random.default_rng(two.seed).integers(0, len(sentences) - 1, (200, len(sentences) - 1)):
        rows = np.concatenate([np.arange(sentences[at], sentences[at + 1]) for at in drawn])
        differences.append(r2(one.answers[1], rows) - r2(two.answers[0], rows))
    assert [estimate.low, estimate.high] == pytest.approx(np.quantile(differences, [0.025, 0.975]), abs=1e-9)
    back = Pair(two, one).difference(0, 1)
    assert (back.value, back.low, back.high) == pytest.approx((-estimate.value, -estimate.high, -estimate.low))
    assert one.difference(1, 0) == Pair(one, one).difference(1, 0)
    same = one.difference(1, 1)
    assert (same.value, same.low, same.high) == (0, 0, 0)


def test_the_interval_of_a_difference_of_r2_holds_the_true_one_about_as_often_as_it_says() -> None:
    """Two models of one task, in many test sets: what is the difference of all of them lies in 95 of 100 intervals."""
    rng, sweep = np.random.default_rng(0), pw.sweep(numbers(), pw.RidgeProbe(), **OPTIONS)
    size, held, rounds = 60, 0, 300
    for _ in range(rounds):
        gold = rng.normal(size=4 * size)
        shared = rng.normal(size=len(gold)) + np.repeat(rng.normal(size=size), 4)  # what is hard for both
        answers = gold + 0.5 * np.stack([shared, shared + rng.normal(size=len(gold))])
        made = replace(
            sweep,
            answers=answers,
            gold=gold,
            sentence_targets=np.full(size, 4),
            settings=sweep.settings | {"mean of train": 0.0},
        )
        estimate = made.difference(1, 0)
        held += estimate.low <= -0.25 <= estimate.high  # by so much the noise of the second one's own is of gold's
    assert 0.91 <= held / rounds <= 0.98


def test_where_test_targets_differ_there_is_no_interval_and_it_is_said_why(good: pw.Sweep, bad: pw.Sweep) -> None:
    gold = good.gold.copy()
    gold[:2] = gold[:2][::-1] + 1
    for other, reason in (
        (replace(bad, task="tense"), "they were tested on different tasks, tag and tense"),
        (replace(bad, corpus="another"), "they were tested on different corpora, made up and another"),
        (replace(bad, sentence_targets=bad.sentence_targets + 1), r"they were tested on different words \(.* and .*\)"),
        (replace(bad, gold=gold % len(bad.labels)), "the gold labels of their test words differ"),
        (replace(bad, hits=bad.hits[:0]), "no answer of each test target was kept"),
        (replace(bad, gold=bad.gold[:0]), "the gold labels of their test targets were not kept"),
    ):
        with pytest.raises(ProbeError, match=f"have no paired interval: {reason}"):
            Pair(good, other)
    assert why_unpaired(good, bad) == ""
    ridge = pw.sweep(numbers(), pw.RidgeProbe(), **OPTIONS)
    assert "one is scored by accuracy, the other by R²" in why_unpaired(good, ridge)
    early = replace(ridge, answers=ridge.answers[:0], gold=ridge.gold[:0])
    assert "no answer of each test target was kept, of which differences in R² are made" in why_unpaired(early, ridge)
    assert why_unpaired(ridge, replace(ridge, gold=ridge.gold + 1)) == "the gold numbers of their test words differ"


def test_labels_that_are_numbered_in_another_order_are_the_same(good: pw.Sweep, bad: pw.Sweep) -> None:
    turned = replace(bad, labels=bad.labels[::-1], gold=len(bad.labels) - 1 - bad.gold)
    assert why_unpaired(good, turned) == ""
    assert why_unpaired(good, replace(turned, gold=bad.gold)) == "the gold labels of their test words differ"
