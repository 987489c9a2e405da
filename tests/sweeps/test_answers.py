"""Per-label scores, the confusion matrix, and what two labels have beside: of every layer of a sweep of labels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score, confusion_matrix, precision_recall_fscore_support, roc_auc_score

import probewidgets as pw
from probewidgets.captures.activations import Activations
from probewidgets.data.corpus import Split
from probewidgets.errors import ProbeError
from probewidgets.values import Estimate
from tests.methods.edges.test_trial import planted as edges
from tests.scores import in_full
from tests.sweeps.test_graded import numbers, sets
from tests.synthetic import activations, wrap

OPTIONS = {"bootstrap": 100, "progress": False}


@pytest.fixture(scope="module")
def acts() -> Activations:
    """States that tell the label to some degree, of which train does not show one."""
    acts = activations(60)
    noise = np.random.default_rng(0).normal(size=acts.states.shape) * 0.5
    y = acts.targets.y.copy()
    y[acts.rows("test")[:3]] = 4
    targets = replace(acts.targets, y=y, labels=(*acts.targets.labels, "rare"))
    return replace(acts, states=(acts.states + noise).astype(np.float32), targets=targets)


@pytest.fixture(scope="module")
def swept(acts: Activations) -> pw.Sweep:
    return pw.sweep(acts, pw.LinearProbe(l2=0.01), **OPTIONS)


def answered(acts: Activations, swept: pw.Sweep, layer: int) -> tuple[list[str], list[str]]:
    """The gold labels of test, and those that the probe of a layer gives."""
    rows = acts.rows("test")
    gold = [acts.targets.labels[k] for k in acts.targets.y[rows]]
    return gold, list(swept.probe_of(layer).predict(acts.layer(layer)[rows]))


@pytest.mark.parametrize("layer", [0, 1])
def test_they_are_scikit_learns_of_what_the_probe_of_the_layer_predicts(
    acts: Activations, swept: pw.Sweep, layer: int
) -> None:
    gold, given = answered(acts, swept, layer)
    names = [*swept.labels, "rare"]
    matrix, table = swept.confusion(layer), swept.per_label(layer)
    np.testing.assert_array_equal(matrix.to_numpy(), confusion_matrix(gold, given, labels=names))
    assert (list(matrix.index), list(matrix.columns), matrix.index.name, matrix.columns.name) == (
        names, names, "gold", "predicted",
    )  # fmt: skip
    theirs = precision_recall_fscore_support(gold, given, labels=names, zero_division=np.nan)
    for name, values in zip(("precision", "recall", "f1", "support"), theirs, strict=True):
        np.testing.assert_allclose(table[name], values)
    assert np.isnan(table.loc["rare", "precision"])  # never given


def test_they_agree_with_the_scores_of_the_layer(swept: pw.Sweep) -> None:
    for score in swept.scores:
        matrix, table = swept.confusion(score.layer), swept.per_label(score.layer)
        assert np.trace(matrix) / matrix.to_numpy().sum() == pytest.approx(score.accuracy.value)
        assert table["f1"].mean() == pytest.approx(score.macro_f1.value)
        assert table["support"].sum() == swept.counts["test"][0]


def test_their_intervals_are_those_of_resampled_sentences_and_hold_the_value(
    acts: Activations, swept: pw.Sweep
) -> None:
    table = swept.per_label(1)
    for name in ("precision", "recall", "f1"):
        low, value, high = (table[f"{name}{end}"] for end in ("_low", "", "_high"))
        defined = value.notna()
        assert ((low <= value) & (value <= high))[defined].all()
    gold, given = (np.array(each) for each in answered(acts, swept, 1))
    label, rng = swept.labels[0], np.random.default_rng(0)
    sentence = acts.targets.example[acts.rows("test")]
    drawn = []
    for _ in range(300):
        rows = np.concatenate(
            [np.flatnonzero(sentence == s) for s in rng.choice(np.unique(sentence), len(set(sentence)))]
        )
        drawn.append((given[rows] == label)[gold[rows] == label].mean())
    spread = table.loc[label, "recall_high"] - table.loc[label, "recall_low"]
    low, high = np.quantile(drawn, [0.025, 0.975])
    assert spread == pytest.approx(high - low, rel=0.3)


def test_they_come_back_from_the_file(swept: pw.Sweep, tmp_path: Path) -> None:
    swept.save(tmp_path / "sweep")
    back = pw.Sweep.load(tmp_path / "sweep")
    pd.testing.assert_frame_equal(back.per_label(1), swept.per_label(1))
    pd.testing.assert_frame_equal(back.confusion(0), swept.confusion(0))


def test_the_order_of_the_targets_does_not_matter(acts: Activations, swept: pw.Sweep) -> None:
    order = np.random.default_rng(0).permutation(len(acts.targets))
    targets = replace(
        acts.targets, example=acts.targets.example[order], spans=acts.targets.spans[order], y=acts.targets.y[order],
        surface=tuple(acts.targets.surface[i] for i in order),
    )  # fmt: skip
    mixed = pw.sweep(
        replace(acts, targets=targets, states=np.asarray(acts.states)[:, order]), pw.LinearProbe(l2=0.01), **OPTIONS
    )
    pd.testing.assert_frame_equal(mixed.per_label(1), swept.per_label(1))


def test_sets_of_labels_and_edges_have_scores_of_each_label_and_no_confusion() -> None:
    for acts, probe in (
        (sets(40), pw.SigmoidProbe(pw.LinearProbe(l2=0.01))),
        (edges(1, 3, 40), pw.EdgeProbe(epochs=2)),
    ):
        swept = pw.sweep(acts, probe, **OPTIONS)
        table = swept.per_label(swept.layers[0])
        assert list(table.index) == list(swept.labels)
        assert np.nanmean(table["f1"].fillna(0)) == pytest.approx(swept.scores[0].macro_f1.value, abs=0.25)
        for name in ("auroc", "average_precision"):
            value = swept.score(swept.layers[0]).detection[name].value
            assert np.nanmean(table[name]) == pytest.approx(value) == swept.table()[name].iloc[0]
            assert (table[f"{name}_low"] <= table[name]).all() and (table[name] <= table[f"{name}_high"]).all()
        assert swept.gold.dtype == bool and swept.gold.shape[1] == len(swept.labels)
        right = (swept.answers[0] & swept.gold).sum()
        total = swept.answers[0].sum() + swept.gold.sum()
        assert 2 * right / total == pytest.approx(swept.scores[0].micro_f1.value)
        with pytest.raises(ProbeError, match=r"any number of labels, so none is taken for another: per_label\(0\)"):
            swept.confusion(0)


def test_of_sets_each_label_is_told_from_the_rest_as_scikit_learn_does_and_comes_back(tmp_path: Path) -> None:
    acts = sets(120)
    swept = pw.sweep(acts, pw.SigmoidProbe(pw.LinearProbe(l2=0.01)), **OPTIONS)
    rows = acts.rows("test")
    proba, table = swept.probe_of(1).proba(acts.layer(1)[rows]), swept.per_label(1)
    for k, label in enumerate(swept.labels):
        gold = acts.targets.y[rows][:, k]
        assert table.loc[label, "auroc"] == pytest.approx(roc_auc_score(gold, proba[:, k]))
        assert table.loc[label, "average_precision"] == pytest.approx(average_precision_score(gold, proba[:, k]))
    best = swept.best
    assert f"Each label told from the rest, mean over labels, at layer {best.layer}" in swept.report()
    assert f"AUROC {best.auroc}, average precision {best.average_precision}\n" in in_full(swept)
    swept.save(tmp_path / "sweep")
    back = pw.Sweep.load(tmp_path / "sweep")
    pd.testing.assert_frame_equal(back.per_label(1), table)
    assert back.table().equals(swept.table()) and back.report() == swept.report()
    early = pw.Sweep.load(Path(__file__).with_name("early") / "sets.safetensors")
    assert early.scores[0].by_label == {} and early.best.auroc is None and "AUROC" not in early.report()


def test_the_report_has_f1_and_support_of_each_label_at_the_chosen_layer(swept: pw.Sweep) -> None:
    table, (_, block) = swept.per_label(swept.best.layer), swept.report().split("F1 of the labels at layer ")
    lines = block.split("\n\n")[0].splitlines()
    assert lines[0] == f"{swept.best.layer}:"
    assert [line.split()[0] for line in lines[1:]] == list(swept.label_names)
    for label, line in zip(swept.label_names, lines[1:], strict=True):
        row = table.loc[label]
        assert line.split(maxsplit=1)[1] == (
            f"{Estimate(row['f1'], row['f1_low'], row['f1_high'])}, of {row['support']:.0f} {swept.unit}s"
        )


def test_of_many_labels_the_report_has_the_worst_and_says_where_the_others_are() -> None:
    acts = activations(200)
    y = np.random.default_rng(0).permutation(np.arange(len(acts.targets)) % 12)
    targets = replace(acts.targets, y=y, labels=tuple(f"label {k:02}" for k in range(12)))
    swept = pw.sweep(replace(acts, targets=targets), pw.LinearProbe(l2=0.1), **OPTIONS)
    layer, table = swept.best.layer, swept.per_label(swept.best.layer)
    block = swept.report().split("F1 of the labels at layer ")[1].split("\n\n")[0].splitlines()
    assert block[0] == f"{layer}, the worst 8 of 12 (the others: per_label({layer})):"
    assert [line[2:10] for line in block[1:]] == list(table["f1"].sort_values(kind="stable").index[:8])


def test_a_report_of_a_sweep_without_answers_has_no_labels_scores() -> None:
    early = pw.Sweep.load(Path(__file__).with_name("early") / "labels.safetensors")
    assert "F1 of the labels" not in early.report() and "\n\n\n" not in early.report()
    assert "F1 of the labels" not in pw.sweep(numbers(40), pw.RidgeProbe(l2=0.1), **OPTIONS).report()


def test_what_has_no_labels_says_so(swept: pw.Sweep) -> None:
    with pytest.raises(ProbeError, match="do not answer with labels"):
        pw.sweep(numbers(40), pw.RidgeProbe(l2=0.1), **OPTIONS).per_label(0)
    early = pw.Sweep.load(Path(__file__).with_name("early") / "labels.safetensors")
    with pytest.raises(ProbeError, match="saved by a version that did not keep the answers: sweep again"):
        early.confusion(early.layers[0])
    with pytest.raises(ProbeError, match="Layer 9 is not in this sweep"):
        swept.per_label(9)


def test_answers_that_do_not_fit_are_not_saved(swept: pw.Sweep, tmp_path: Path) -> None:
    for problem, other in {
        "answers has the shape": replace(swept, answers=swept.answers[:1]),
        "gold has the shape": replace(swept, answers=swept.answers[:, 1:], gold=swept.gold[1:]),
        "it names 5 labels, and gives others": replace(swept, gold=swept.gold + 5),
    }.items():
        with pytest.raises(ProbeError, match=problem):
            other.save(tmp_path / "sweep")


# ---------------------------------------------------------------------- two labels


def two(n: int) -> Activations:
    """n sentences of 6 words of two labels, each as often, which the states tell to some degree."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 6 * n)
    states = rng.normal(size=(2, 6 * n, 4)) + y[:, None]
    return wrap(states, np.repeat(np.arange(n), 6), y, [f"w{i}" for i in range(6 * n)], (0, 1))


def test_of_two_labels_the_table_has_what_needs_no_threshold_behind_its_other_columns() -> None:
    acts = two(200)
    swept = pw.sweep(acts, pw.LinearProbe(l2=0.01), **OPTIONS)
    rows = acts.rows("test")
    log_proba = swept.probe_of(1).log_proba(acts.layer(1)[rows])
    odds, gold = log_proba[:, 1] - log_proba[:, 0], acts.targets.y[rows] == 1
    table = swept.table()
    assert table.loc[1, "auroc"] == pytest.approx(roc_auc_score(gold, odds))
    assert table.loc[1, "average_precision"] == pytest.approx(average_precision_score(gold, odds))
    assert (table["auroc_low"] < table["auroc"]).all()
    assert swept.score(1).auroc.value == table.loc[1, "auroc"]
    names = ("auroc", "average_precision", "recall_at_fpr_01", "recall_at_fpr_10")
    assert list(table.columns[-12:]) == [f"{name}{end}" for name in names for end in ("", "_low", "_high")]


def test_of_more_labels_it_has_none_of_that(swept: pw.Sweep) -> None:
    assert "auroc" not in swept.table()
    assert swept.score(1).auroc is None


def test_where_negatives_do_not_suffice_recall_is_nan_and_the_report_says_how_many_there_are() -> None:
    swept = pw.sweep(two(60), pw.LinearProbe(l2=0.01), **OPTIONS)
    negatives = int((swept.gold == 0).sum())
    assert 10 <= negatives < 100
    assert swept.table()["recall_at_fpr_01"].isna().all() and swept.table()["recall_at_fpr_10"].notna().all()
    report = in_full(swept)
    assert f"AUROC {swept.best.auroc}" in report
    assert f"recall at 1 % false alarms n/a ({negatives} negatives, 100 are needed)" in report
    assert "recall at 10 % false alarms 0" in report or "recall at 10 % false alarms 1" in report


def test_a_sweep_of_two_labels_comes_back_with_all_of_it(tmp_path: Path) -> None:
    swept = pw.sweep(two(60), pw.LinearProbe(l2=0.01), **OPTIONS)
    swept.save(tmp_path / "sweep")
    back = pw.Sweep.load(tmp_path / "sweep")
    assert back.table().equals(swept.table()) and back.report() == swept.report()
    assert repr(back.scores) == repr(swept.scores)


def test_nothing_of_the_split_is_kept_but_test(swept: pw.Sweep, acts: Activations) -> None:
    assert isinstance(acts.corpus.split, Split)
    assert len(swept.gold) == len(acts.rows("test")) == swept.answers.shape[1]
