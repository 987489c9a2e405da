"""Contrast pairs whose truth is planted in the states of one layer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

import probewidgets as pw
from probewidgets.captures.activations import Activations
from probewidgets.data.corpus import Split
from probewidgets.errors import DataError, ProbeError
from probewidgets.methods.contrast.trial import ContrastTrial
from probewidgets.sweeps.trial import Asked
from tests.scores import in_full

QUICK = pw.CCSProbe(restarts=4, epochs=300, rate=1e-2)
WIDTH = 24


def planted(n: int = 240, seed: int = 0) -> Activations:
    """Layer 0: what the statements of a pair share, and noise. Layer 1: truth along one direction too."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "positive": [f"number {i} is a number" for i in range(n)],
            "negative": [f"number {i} is a colour" for i in range(n)],
            "split": ["train"] * (n // 2) + ["dev"] * (n // 4) + ["test"] * (n // 4),
        }
    )
    corpus = pw.read_pairs(table, name="pairs")
    targets = pw.SentenceTask("label").targets(corpus)
    shared = np.repeat(rng.normal(size=(n, WIDTH)), 2, axis=0)
    noise = rng.normal(size=(2, 2 * n, WIDTH))
    direction = np.linalg.qr(rng.normal(size=(WIDTH, WIDTH)))[0][0]
    truth = np.where(targets.y == 1, 1.0, -1.0)[:, None] * direction
    return Activations.from_arrays([shared + noise[0], shared + 0.3 * noise[1] + 2 * truth], targets, corpus)


def pairs_of(acts: Activations, seed: int) -> ContrastTrial:
    return ContrastTrial.of(acts, QUICK, Asked(pw.ControlTask(0), seed=seed, bootstrap=10))


@pytest.fixture(scope="module")
def acts() -> Activations:
    return planted()


@pytest.fixture(scope="module")
def swept(acts: Activations) -> pw.Sweep:
    return pw.sweep(acts, QUICK, bootstrap=200, progress=False)


def test_truth_is_found_where_it_is_planted_and_chance_where_it_is_not(swept: pw.Sweep) -> None:
    nothing, there = swept.scores
    assert there.accuracy.value > 0.97
    assert there.mass_mean.value > 0.97
    assert there.accuracy.low > there.random.value > 0.5
    assert nothing.accuracy.low - 0.05 < 0.5 < nothing.accuracy.high + 0.05
    assert nothing.random.value == pytest.approx(0.5, abs=0.05)
    assert there.dev_loss < 0.1 < nothing.dev_loss
    assert swept.best.layer == 1
    assert swept.counts == {"train": (120, 240), "dev": (60, 120), "test": (60, 120)}


def test_the_search_sees_no_label(acts: Activations, swept: pw.Sweep) -> None:
    lies = replace(acts, targets=replace(acts.targets, y=1 - acts.targets.y))
    turned = pw.sweep(lies, QUICK, bootstrap=200, progress=False)
    for layer in swept.layers:
        np.testing.assert_array_equal(turned.probe_of(layer).coef_, swept.probe_of(layer).coef_)
        assert turned.score(layer).flipped != swept.score(layer).flipped
    assert turned.score(1).accuracy == swept.score(1).accuracy


def test_neither_side_is_the_true_one_and_the_seed_decides(acts: Activations) -> None:
    truth = {seed: pairs_of(acts, seed).truth("train") for seed in (0, 1)}
    for some in truth.values():
        assert 0.35 < some.mean() < 0.65
    assert (truth[0] != truth[1]).any()
    np.testing.assert_array_equal(truth[0], pairs_of(acts, 0).truth("train"))


def test_both_statements_of_a_pair_are_together(acts: Activations) -> None:
    trial = pairs_of(acts, 0)
    for side in ("train", "dev", "test"):
        for row in trial.pairs[side]:
            ids = {acts.corpus[int(i)].id.rpartition("/")[0] for i in acts.targets.example[row]}
            assert len(ids) == 1
            assert acts.targets.y[row].sum() == 1


def test_the_test_pairs_change_nothing_that_is_learned(acts: Activations, swept: pw.Sweep) -> None:
    states = np.array(acts.states)
    states[:, acts.rows("test")] += 5
    moved = pw.sweep(replace(acts, states=states), QUICK, bootstrap=10, progress=False)
    np.testing.assert_array_equal(moved.probe_of(1).coef_, swept.probe_of(1).coef_)


def test_a_statement_whose_opposite_has_no_row_is_left_out_and_counted(acts: Activations) -> None:
    kept = np.arange(1, len(acts.targets))
    fewer = replace(acts, states=np.asarray(acts.states)[:, kept], targets=acts.targets.take(kept))
    sweep = pw.sweep(fewer, pw.CCSProbe(restarts=1, epochs=2), bootstrap=10, progress=False)
    assert sweep.counts["train"] == (119, 238)
    assert "1 statements were left out" in sweep.report()


def test_table_report_and_repr_say_what_came_out(swept: pw.Sweep) -> None:
    table = swept.table()
    assert list(table.index) == [0, 1]
    expected = {"accuracy", "accuracy_low", "random", "mass_mean", "loss", "dev_loss", "found", "flipped"}
    assert expected <= set(table)
    report = in_full(swept)
    assert "the direction was found without labels; its sign was chosen by the labels of train" in report
    assert "Of layer(s) [0] train hardly tells which end" in report
    assert repr(swept).startswith("Sweep('label' on 'arrays': 2 layers, best on dev: layer 1, test accuracy ")
    with pytest.raises(ProbeError, match=r"Layer 9 is not in this sweep"):
        swept.score(9)


def test_what_are_no_contrast_pairs_is_refused(acts: Activations) -> None:
    with pytest.raises(ProbeError, match="A sweep of CCSProbe cannot be asked for control=: leave it out"):
        pw.sweep(acts, QUICK, control=1)
    single = replace(acts.corpus, split=Split(tuple(range(240)), tuple(range(240, 360)), ()))
    with pytest.raises(DataError, match="The test side has no contrast pairs: two examples whose ids are alike"):
        pw.sweep(replace(acts, corpus=single), QUICK, progress=False)
    unnamed = replace(acts.corpus, examples=tuple(replace(e, id="same/x") for e in acts.corpus.examples))
    with pytest.raises(DataError, match="The train side has no contrast pairs"):
        pw.sweep(replace(acts, corpus=unnamed), QUICK, progress=False)
    alike = replace(acts, targets=replace(acts.targets, y=np.zeros_like(acts.targets.y)))
    with pytest.raises(DataError, match="with different labels"):
        pw.sweep(alike, QUICK, progress=False)
    three = replace(acts, targets=replace(acts.targets, labels=("a", "b", "c")))
    with pytest.raises(DataError, match="task 'label' has sentences with 3"):
        pw.sweep(three, QUICK, progress=False)


def test_how_far_it_is_above_random_directions_is_paired(swept: pw.Sweep) -> None:
    for score in swept.scores:
        assert score.above_random.value == pytest.approx(score.accuracy.value - score.random.value)
    best = swept.best
    assert best.above_random.low > 0
    assert "not clearly above random" not in in_full(swept)


@pytest.mark.parametrize("bad", [{"seed": -1}, {"seed": 1.5}, {"bootstrap": 0}, {"bootstrap": "a"}])
def test_senseless_numbers_are_refused(bad: dict[str, object], acts: Activations) -> None:
    with pytest.raises(ProbeError, match=f"{next(iter(bad))} must be a whole number"):
        pw.sweep(acts, QUICK, **bad)  # type: ignore[arg-type]
    with pytest.raises(ProbeError, match="seed must be a whole number >= 0"):
        pw.CCSProbe(seed=-1)


@pytest.mark.parametrize("seed", range(4))  # of which some find the direction the other way round
def test_statements_are_ranked_one_by_one_as_scikit_learn_does(acts: Activations, seed: int) -> None:
    swept = pw.sweep(acts, replace(QUICK, seed=seed), bootstrap=50, progress=False)
    trial = pairs_of(acts, 0)
    test, truth = trial.pairs["test"], trial.truth("test")
    for score, fitted in zip(swept.scores, swept.probes, strict=True):
        p, q = fitted.pair_proba(*(acts.layer(score.layer)[test[:, side]] for side in (0, 1)))
        proba, gold = np.concatenate([p, q]), np.concatenate([truth, ~truth])
        proba = 1 - proba if fitted.flipped else proba
        assert score.auroc.value == pytest.approx(roc_auc_score(gold, proba))
        assert score.average_precision.value == pytest.approx(average_precision_score(gold, proba))
        assert score.auroc.low <= score.auroc.value <= score.auroc.high
    there = swept.score(1)
    assert there.auroc.value > 0.95 and swept.table().loc[1, "recall_at_fpr_10"] == there.recall_at_fpr_10.value
    assert "True statements told from the others at layer 1, whatever the threshold: AUROC" in in_full(swept)
    assert "recall at 1 % false alarms n/a (60 negatives, 100 are needed)" in in_full(swept)
