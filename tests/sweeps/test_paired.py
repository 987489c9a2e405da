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
    acts = numbers()
    ridge = pw.sweep(acts, pw.RidgeProbe(), **OPTIONS)
    assert "one is scored by accuracy, the other by R²" in why_unpaired(good, ridge)
    assert "no answer of each test target was kept, of which differences in R² are made" in why_unpaired(ridge, ridge)


def test_labels_that_are_numbered_in_another_order_are_the_same(good: pw.Sweep, bad: pw.Sweep) -> None:
    turned = replace(bad, labels=bad.labels[::-1], gold=len(bad.labels) - 1 - bad.gold)
    assert why_unpaired(good, turned) == ""
    assert why_unpaired(good, replace(turned, gold=bad.gold)) == "the gold labels of their test words differ"
