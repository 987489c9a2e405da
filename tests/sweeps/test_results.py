from __future__ import annotations

import copy
import json
import pickle
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from probewidgets.captures.activations import Activations
from probewidgets.errors import DataError, ProbeError, StoreError
from probewidgets.metrics.scores import ece
from probewidgets.probes import stored as files
from probewidgets.probes.base import Probe
from probewidgets.probes.linear import LinearProbe
from probewidgets.probes.mlp import MLPProbe
from probewidgets.probes.sparse import ElasticNetProbe, KSparseProbe
from probewidgets.sweeps import stored
from probewidgets.sweeps.checks import chance_error
from probewidgets.sweeps.report import short_probe
from probewidgets.sweeps.results import Sweep
from probewidgets.sweeps.stored import sweep_json
from probewidgets.sweeps.sweep import sweep
from probewidgets.values import Estimate, ModelCard, Predictions, Unit
from tests.scores import changed, in_full, scores_of
from tests.synthetic import activations

EARLY = Path(__file__).with_name("early") / "labels.safetensors"


@pytest.fixture(scope="module")
def acts() -> Activations:
    return activations(30)


@pytest.fixture(scope="module")
def swept(acts: Activations) -> Sweep:
    return sweep(acts, control=2, bootstrap=100, random=[acts, replace(acts, states=acts.states[::-1])], progress=False)


def rewritten(swept: Sweep | Path, folder: Path, change: Callable[[dict], None]) -> Path:
    """A file of a sweep whose facts were changed, with a seal that fits them."""
    path = swept if isinstance(swept, Path) else folder / "as it was"
    if isinstance(swept, Sweep):
        swept.save(path)
    with safe_open(path, framework="numpy") as file:
        header = dict(file.metadata())
    known = json.loads(header["facts"])
    change(known)
    arrays, facts = load_file(path), json.dumps(known)
    sealed = {"facts": facts, "sha256": files._digest(arrays, facts)}
    save_file(arrays, folder / "changed", metadata=header | sealed)
    return folder / "changed"


def test_the_table_has_a_row_per_layer_and_every_number_beside_its_baselines(swept: Sweep) -> None:
    table = swept.table()
    expected = [
        *("layer", "accuracy", "accuracy_low", "accuracy_high", "macro_f1", "macro_f1_low", "macro_f1_high"),
        *("cross_entropy", "cross_entropy_low", "cross_entropy_high", "control"),
        *("selectivity", "selectivity_low", "selectivity_high", "majority", "word_type", "layer_0", "unseen"),
        *("accuracy_unseen", "accuracy_ambiguous", "l2", "edge_of_grid", "control_edges", "converged"),
        *("random", "random_sd", "above_random", "above_random_low", "above_random_high", "seeds_mean", "seeds_sd"),
        *("calibration_error", "calibration_error_scaled", "temperature"),
    ]
    assert set(expected) <= set(table.columns)
    assert table["layer"].tolist() == [0, 1]
    assert table.loc[1, "accuracy"] == swept.score(1).accuracy.value
    assert (table["selectivity"] == [s.selectivity.value for s in swept.scores]).all()
    assert (table["layer_0"] == swept.score(0).accuracy.value).all()


def test_the_table_of_a_sweep_without_control_leaves_its_columns_empty(acts: Activations) -> None:
    table = sweep(acts, LinearProbe(l2=0.01), bootstrap=20, progress=False).table()
    assert table[["control", "selectivity", "selectivity_low"]].isna().all(axis=None)


def test_a_sweep_comes_back_as_it_was(acts: Activations, swept: Sweep, tmp_path: Path) -> None:
    swept.save(tmp_path / "sweep.safetensors")
    back = Sweep.load(tmp_path / "sweep.safetensors")
    assert sweep_json(back) == sweep_json(swept)
    # By their repr, which tells all digits and holds NaN for equal to NaN.
    assert repr(back.scores) == repr(swept.scores)
    assert repr(back.baselines) == repr(swept.baselines)
    assert (back.model, back.labels, back.types, back.counts) == (swept.model, swept.labels, swept.types, swept.counts)
    assert back.table().equals(swept.table())
    assert back.report() == swept.report()
    assert back.difference(1, 0) == swept.difference(1, 0)
    for one, two in zip(back.probes, swept.probes, strict=True):
        np.testing.assert_array_equal(one.log_proba(acts.states[0]), two.log_proba(acts.states[0]))


def test_a_sweep_can_be_sent_to_another_process(swept: Sweep) -> None:
    sent = pickle.loads(pickle.dumps(swept))
    pd.testing.assert_frame_equal(sent.table(), swept.table())
    assert copy.deepcopy(swept.scores[0]).accuracy == swept.scores[0].accuracy
    with pytest.raises(AttributeError, match=r"no 'acuracy'\. It has accuracy"):
        _ = sent.scores[0].acuracy


def test_a_sweep_of_mlps_comes_back_as_it_was(acts: Activations, tmp_path: Path) -> None:
    made = sweep(acts, MLPProbe(hidden=3, epochs=1), bootstrap=10, seeds=2, progress=False)
    made.save(tmp_path / "sweep")
    back = Sweep.load(tmp_path / "sweep")
    assert sweep_json(back) == sweep_json(made)
    np.testing.assert_array_equal(back.probes[1].predict(acts.layer(1)), made.probes[1].predict(acts.layer(1)))


def test_numbers_that_are_none_survive(swept: Sweep, tmp_path: Path) -> None:
    none = changed(swept, accuracy=Estimate(0.5), control=None, selectivity=None, accuracy_unseen=float("nan"))
    none.save(tmp_path / "sweep")
    score = Sweep.load(tmp_path / "sweep").scores[0]
    assert np.isnan(score.accuracy.low)
    assert np.isnan(score.accuracy_unseen)
    assert score.control is None


def test_the_json_of_a_sweep_is_json_that_anyone_can_read(swept: Sweep) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    facts = json.loads(sweep_json(swept), parse_constant=refuse)
    for name in ("model", "pool", "seed", "settings", "counts", "labels", "baselines", "scores"):
        assert name in facts
    assert {"grid", "bootstrap", "versions", "standardised", "chosen on"} <= set(facts["settings"])


def test_a_probe_is_no_sweep_and_a_part_missing_is_noticed(swept: Sweep, tmp_path: Path) -> None:
    swept.probes[0].save(tmp_path / "probe")
    with pytest.raises(StoreError, match=r"holds 'probewidgets\.probe', but a 'probewidgets\.sweep' was expected"):
        Sweep.load(tmp_path / "probe")
    with pytest.raises(StoreError, match=r"lacks a part.*'scores'"):
        Sweep.load(rewritten(swept, tmp_path, lambda facts: facts.pop("scores")))


def test_a_sweep_says_in_one_line_what_it_is(swept: Sweep) -> None:
    assert "\n" not in repr(swept)
    assert "2 layers, 4 labels, best on dev: layer 1" in repr(swept)


def test_the_difference_of_layers_is_paired(swept: Sweep) -> None:
    difference = swept.difference(1, 0)
    one, zero = swept.score(1).accuracy, swept.score(0).accuracy
    assert difference.value == pytest.approx(one.value - zero.value)
    assert difference.low <= difference.value <= difference.high
    assert swept.difference(1, 1).high == 0
    with pytest.raises(ProbeError, match=r"Layer 7 is not in this sweep. It has layers \[0, 1\]"):
        swept.difference(7, 0)


def test_the_report_says_what_was_run_and_what_came_out(swept: Sweep) -> None:
    report = swept.report()
    for part in ("'tag' (4 labels)", "'made up'", "sentences", "majority", "word type"):
        assert part in report
    assert [row["layer"] for row in scores_of(swept)] == ["0 (embeddings)", "1 *"] and "(*: best on dev)" in report
    assert [row["accuracy"] for row in scores_of(swept)] == [str(score.accuracy) for score in swept.scores]
    assert "not that the model uses it" in report


def test_the_scores_of_a_report_are_a_table_and_what_it_holds_against_them_a_second_where_both_are_too_wide(
    swept: Sweep,
) -> None:
    swept = changed(swept, random=None, above_random=None, selectivity=Estimate(0.3, 0.2, 0.4))
    one = changed(swept, control_sd=float("nan"))
    heads = [line.split()[0] for line in one.report().splitlines() if line.startswith("  layer  ")]
    assert (heads, "±" in one.report()) == (["layer"], False)
    two = changed(swept, control_sd=0.01, seed_accuracies=(0.8, 0.9))
    heads = [" ".join(line.split()[:2]) for line in two.report().splitlines() if line.startswith("  layer  ")]
    assert heads == ["layer accuracy", "layer control"]
    assert all(row["control"].endswith(" ± 0.010") for row in scores_of(two)) and "  ±: standard" in two.report()
    assert {row["over 2 training seeds"] for row in scores_of(two)} == {"0.850 ± 0.071"}


def test_a_probe_is_named_without_what_is_left_open_and_its_whole_grid() -> None:
    assert short_probe(repr(LinearProbe())) == "LinearProbe(max_iter=500, grid of 13 from 1e-06 to 1)"
    assert short_probe("LinearProbe(l2=0.01, tol=None)") == "LinearProbe(l2=0.01)"
    assert short_probe("Mine(1, (2, 3))") == "Mine(1, (2, 3))"


def test_the_report_warns_of_what_is_wrong_and_only_of_that(swept: Sweep) -> None:
    fine = changed(swept, edge_of_grid=False, control_edges=0, converged=True, selectivity=Estimate(0.3, 0.2, 0.4))
    fine = changed(fine, above_random=Estimate(0.2, 0.1, 0.3), random_edges=0)
    fine = replace(fine, duplicates=0, test_in_train=0, dev_in_test=0, labels_unseen=(), unseen=0.01)
    no_layer_0 = replace(fine, scores=fine.scores[1:], probes=fine.probes[1:], hits=fine.hits[1:])
    cases = {
        "The best penalty lies at the edge of the grid for layer 0, 1": changed(fine, edge_of_grid=True),
        "penalty of a control draw lies at the edge of the grid for layer 0, 1": changed(fine, control_edges=2),
        "for a random model lies at the edge of the grid for layer 0, 1": changed(fine, random_edges=1),
        "learned any of this in training may not be concluded": changed(fine, above_random=Estimate(0.1, -0.1, 0.2)),
        "Layer 0 was not captured": no_layer_0,
        "did not converge for layer 0, 1": changed(fine, converged=False),
        "learns random labels": changed(fine, selectivity=Estimate(0.01, 0.0, 0.02)),
        "No control task was trained": changed(fine, selectivity=None, control=None),
        "3 test sentences also stand in train": replace(fine, duplicates=3, test_in_train=3),
        "2 dev sentences also stand in train": replace(fine, duplicates=3, test_in_train=1),
        "4 dev sentences also stand in test": replace(fine, dev_in_test=4),
        "5 dev or test sentences also stand in train": replace(fine, duplicates=5, test_in_train=None),
        "12.0% of the test targets are of unseen types": replace(fine, unseen=0.12),
        "Train never shows X, SYM: on test": replace(fine, labels_unseen=("X", "SYM")),
        "L18, L19 and 480 more: on test": replace(fine, labels_unseen=tuple(f"L{i}" for i in range(500))),
        "after the model's final norm": replace(fine, model=ModelCard("m", n_layers=2, final_norm=True)),
        "does as well as the best layer": changed(fine, accuracy=Estimate(0.1, 0.0, 0.2)),
    }
    for warning, one in cases.items():
        assert warning in in_full(one)
        assert warning not in in_full(fine)


def test_the_report_says_how_to_get_the_baseline_of_the_embeddings() -> None:
    made = sweep(activations(30, layers=(1, 3)), LinearProbe(l2=0.01), bootstrap=10, progress=False)
    assert "no baseline of the embeddings: add it, capture(..., layers=[0, 1, 3])" in in_full(made)


def test_the_report_says_at_which_site_and_asks_for_no_embeddings_there(acts: Activations) -> None:
    mlp = replace(acts, model=replace(acts.model, site="mlp"), layers=(1, 2))
    said = sweep(mlp, LinearProbe(l2=0.01), bootstrap=10, progress=False).report()
    assert f"read off '{acts.model.name} (site mlp)'" in said and "Layer 0 was not captured" not in said


@pytest.mark.parametrize("layers", [(0,), (0, 1)])
def test_layer_0_is_a_baseline_of_others_and_where_it_is_the_embeddings(acts: Activations, layers: tuple) -> None:
    some = replace(acts, states=np.asarray(acts.states)[: len(layers)], layers=layers)
    other = replace(some, model=replace(acts.model, embeddings=False))
    here, there = (sweep(one, LinearProbe(l2=0.01), bootstrap=10, progress=False) for one in (some, other))
    assert (here.baseline("layer 0") is not None) == (len(layers) > 1)
    assert there.baseline("layer 0") is None and "Layer 0 was not captured" not in there.report()


def test_the_report_of_sentences_knows_no_word_types(swept: Sweep) -> None:
    of_texts = changed(replace(swept, unit="sentence"), control=None, selectivity=None)
    assert "word type" not in "\n".join(
        line for line in of_texts.report().split("\n") if "baseline" not in line and ":" not in line
    )
    assert "labels of the words" not in of_texts.report()


@pytest.mark.parametrize(
    ("probe", "name"),
    [(ElasticNetProbe(grid=(1e-2, 1e-3)), "l1"), (ElasticNetProbe(l1=1e-3), "l1"), (KSparseProbe(k=4), "l2")],
    ids=["path", "fixed", "k-sparse"],
)
def test_a_penalty_goes_by_its_own_name(acts: Activations, probe: Probe, name: str) -> None:
    made = sweep(acts, probe, bootstrap=10, progress=False)
    open_ = "fixed" if getattr(probe, "l1", None) else "open"
    assert ("penalty and best layer chosen on dev" in made.report()) == (open_ == "open")
    assert (
        made.settings["penalty"] == name and f"penalty {name} of each layer: {made.scores[0].l2:.3g}, " in made.report()
    )
    assert name in made.table() and ({"l1", "l2"} - {name}).isdisjoint(made.table())
    assert bool(made.settings["grid"]) == (open_ == "open")


@pytest.mark.parametrize(
    ("probe", "chosen"),
    [
        (LinearProbe(), "penalty and best layer chosen on dev"),
        (LinearProbe(l2=0.01), "), best layer chosen on dev"),
        (LinearProbe(grid=(0.01,)), "), best layer chosen on dev"),
        (MLPProbe(hidden=2, epochs=1), "epoch and best layer chosen on dev"),
        (MLPProbe(hidden=2, epochs=1, l2=None), "penalty, epoch and best layer chosen on dev"),
    ],
)
def test_the_report_says_what_dev_was_used_for_and_nothing_more(acts: Activations, probe: Probe, chosen: str) -> None:
    assert chosen in sweep(acts, probe, bootstrap=10, progress=False).report()


def test_what_the_earliest_version_saved_can_still_be_read(tmp_path: Path) -> None:
    def early(facts: dict) -> None:
        del facts["test_in_train"], facts["dev_in_test"], facts["settings"]["stopped on"]
        for score in facts["scores"]:
            for name in ("random", "random_sd", "random_l2", "random_edges", "above_random", "seed_accuracies"):
                del score[name]
            del score["control_edges"], score["temperature"], score["calibration_error_scaled"]

    back = Sweep.load(rewritten(EARLY, tmp_path, early))
    assert (back.test_in_train, back.dev_in_test, back.score(1).control_edges) == (None, None, 0)
    assert "penalty and best layer chosen on dev" in back.report()
    assert back.score(1).temperature == 1
    assert f"confidence within 0.05 of accuracy ({back.score(1).calibration_error:.3f})" in back.report()


def disagreeing(swept: Sweep) -> dict[str, Sweep]:
    """Sweeps whose parts do not belong together, by what is said of them."""
    one, two = swept.probes
    narrow = replace(two, coef_=two.coef_[:, :3])
    return {
        "it has no score": replace(swept, scores=(), probes=(), hits=swept.hits[:0]),
        "it has 1 scores and 2 probes": replace(swept, scores=swept.scores[:1]),
        "hits has the shape": replace(swept, hits=swept.hits[:1]),
        "for 2 layers and 1 test sentences": replace(swept, sentence_targets=swept.sentence_targets[:1]),
        "it counts 1 labels and names 4": replace(swept, label_counts=(3,)),
        "states of 3 and of 12 features": replace(swept, probes=(one, narrow)),
        "states of 7 and of 12 features": replace(swept, settings={**swept.settings, "width": 7}),
        "in the probe of layer 1, it has other labels": replace(
            swept, probes=(one, replace(two, labels=tuple("abcd")))
        ),
        "in the probe of layer 1, intercept_ has the shape": replace(
            swept, probes=(one, replace(two, intercept_=two.intercept_[:1]))
        ),
    }


def test_a_sweep_whose_parts_disagree_is_neither_saved_nor_loaded(
    swept: Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, (problem, one) in enumerate(disagreeing(swept).items()):
        path = tmp_path / str(number)
        with pytest.raises(ProbeError, match=f"cannot be saved: .*{problem}"):
            one.save(path)
        with monkeypatch.context() as careless:
            careless.setattr(stored, "_problem", lambda _: "")
            one.save(path)
        with pytest.raises(StoreError, match=f"do not belong together: .*{problem}"):
            Sweep.load(path)


def test_predictions_become_a_frame_with_a_row_per_layer_and_unit() -> None:
    units = (Unit("The", 0, 3, gold="DET", seen=True), Unit("cat", 4, 7, line=1))
    proba = np.array([[[0.5, 0.5], [0.25, 0.75]], [[1.0, 0.0], [0.0, 1.0]]], np.float32)
    frame = Predictions("The cat", units, (0, 3), ("DET", "NOUN"), proba).to_frame()
    assert frame["layer"].tolist() == [0, 0, 3, 3]
    assert frame["text"].tolist() == ["The", "cat"] * 2
    assert frame["label"].tolist() == ["DET", "NOUN", "DET", "NOUN"]
    assert frame["probability"].tolist() == [0.5, 0.75, 1.0, 1.0]
    np.testing.assert_allclose(frame["entropy"], [1, 0.811278, 0, 0], atol=1e-6)
    assert frame["gold"].fillna("none").tolist() == ["DET", "none"] * 2
    every = Predictions("The cat", units, (0, 3), ("DET", "NOUN"), proba).to_frame(probabilities=True)
    assert list(every.columns) == [*frame.columns, "p_DET", "p_NOUN"]
    np.testing.assert_array_equal(every[["p_DET", "p_NOUN"]].to_numpy(), proba.reshape(4, 2))
    empty = Predictions("", (), (0,), ("A",), np.zeros((1, 0, 1), np.float32)).to_frame()
    assert len(empty) == 0
    assert "entropy" in empty.columns


def test_the_report_says_of_each_check_whether_it_was_made_and_passed(swept: Sweep) -> None:
    report = swept.report()
    assert re.search(r"^  passed    above the baseline 'majority'", report, re.M)
    assert re.search(r"^  cannot be judged  control task drawn 3 times or more \(2\): how much it varies", report, re.M)
    name = ", ".join(swept.settings["random models"])
    assert re.search(rf"^  passed    above {re.escape(name)} \(0\.\d{{3}}\), by 0", report, re.M)
    assert re.search(r"confidence within 0.05 of accuracy \(0\.\d{3} before, 0\.\d{3} at temperature \d", report)
    without = sweep(activations(60), bootstrap=10, progress=False).report()
    assert re.search(r"^  not made  control task", without, re.M)
    assert re.search(r"^  not made  random weights: sweep", without, re.M)
    assert "selective: above" not in without


def verdicts(swept: Sweep) -> dict[str, str]:
    """What the report says of each check: check -> verdict."""
    checked = re.findall(r"^  (passed|FAILED|cannot be judged|not made) +(.*)$", in_full(swept), re.M)
    return {what: verdict for verdict, what in checked}


def verdict(swept: Sweep, check: str) -> str:
    """The verdict on the only check that begins so, with its reason."""
    (line,) = (f"{verdict} {what}" for what, verdict in verdicts(swept).items() if what.startswith(check))
    return line.split(" ", 1)[0] + (" " + line.rsplit(": ", 1)[1] if line.startswith("cannot") else "")


CHECKS = ["above the baseline 'majority'", "above the baseline 'word type'", "selective", "above made up"]


@pytest.mark.parametrize("sentences", [1, 4])
def test_of_few_test_sentences_no_check_of_the_scores_fails_for_it_cannot_be_judged(
    acts: Activations, sentences: int
) -> None:
    split = acts.corpus.split
    small = replace(acts.corpus, split=replace(split, test=split.test[:sentences]))
    random = replace(acts, corpus=small, states=acts.states[::-1])
    made = sweep(replace(acts, corpus=small), control=1, bootstrap=50, random=random, progress=False)
    assert made.counts["test"][1] == sentences
    texts = "1 sentence" if sentences == 1 else "4 sentences"
    for check in (*CHECKS, "above layer 0"):
        assert f"tested on {texts} only, 5 or more can show it" in verdict(made, check), check
    assert "FAILED" not in [each for what, each in verdicts(made).items() if not what.startswith("fit converged")]
    # And it stands beside the numbers.
    targets = made.counts["test"][0]
    assert f"Test scores of {texts} only ({targets} words), with 95 % intervals" in in_full(made)
    assert re.search(rf"test accuracy [\d.]+ \[.*\] of {texts} only", repr(made))


def test_without_an_interval_nothing_is_passed_or_failed_and_nothing_may_be_concluded(swept: Sweep) -> None:
    bare = changed(
        swept, accuracy=Estimate(0.9), selectivity=Estimate(0.1), above_random=Estimate(0.1), control=Estimate(0.8)
    )
    for check in CHECKS:
        assert "it has no interval" in verdict(bare, check)
    assert "may not be concluded" in bare.report()


def test_two_draws_or_two_seeds_cannot_show_how_much_they_vary_and_three_can(acts: Activations) -> None:
    for many, expected in ((2, "cannot"), (3, "passed")):
        made = sweep(acts, MLPProbe(hidden=2, epochs=1), control=many, seeds=many, bootstrap=20, progress=False)
        assert verdict(made, "control task drawn").startswith(expected)
        assert verdict(made, "trained from").startswith(expected)


def test_calibration_fails_only_where_it_is_worse_than_what_chance_alone_shows(swept: Sweep) -> None:
    def of(error: float, targets: int) -> str:
        made = changed(swept, accuracy=Estimate(0.8, 0.7, 0.9), calibration_error_scaled=error)
        return verdict(replace(made, counts={**made.counts, "test": (targets, 20)}), "calibrated")

    assert of(0.01, 100) == of(0.01, 10_000) == "passed"
    assert of(0.09, 10_000) == "FAILED"
    assert of(0.09, 100) == "cannot of 100 words a probe without any fault shows 0.124"
    # What chance alone shows: confidences that are right as often as they say.
    rng = np.random.default_rng(0)
    drawn = [ece(np.full(300, 0.8), rng.random(300) < 0.8) for _ in range(200)]
    assert chance_error(0.8, 300) == pytest.approx(np.mean(drawn), rel=0.1)


def test_a_baseline_is_told_by_its_name_or_its_column_and_an_unknown_name_is_refused(swept: Sweep) -> None:
    assert swept.baseline("word_type") == swept.baseline("word type") is not None
    assert swept.baseline("constant") is None, "of numbers alone"
    with pytest.raises(ProbeError, match=r"no baseline 'wordtype'. This sweep has majority, word type, layer 0"):
        swept.baseline("wordtype")


def test_a_score_that_is_not_there_is_refused_with_those_that_are(swept: Sweep) -> None:
    with pytest.raises(AttributeError, match=r"no 'acuracy'. It has accuracy, .*selectivity.*, mcc"):
        _ = swept.scores[0].acuracy


def test_predictions_are_compared_with_names_and_never_with_numbers(swept: Sweep, acts: Activations) -> None:
    predicted, y = swept.probes[1].predict(acts.layer(1)), acts.targets.y
    assert (predicted == acts.targets.names).mean() > 0.5
    assert not (predicted != predicted).any() and (acts.targets.names[:1] == predicted[:1]).size == 1
    assert (pd.Series(acts.targets.names, index=acts.targets.example) == predicted).mean() > 0.5
    assert np.array_equal(predicted, [*predicted]) and np.isin(predicted, acts.targets.names).all()
    for comparison in (
        lambda: predicted == y, lambda: y == predicted, lambda: predicted != y, lambda: np.array_equal(predicted, y),
        lambda: np.array_equal(y, predicted), lambda: np.isin(predicted, y), lambda: np.setdiff1d(y, ar2=predicted),
        lambda: pd.Series(y) == predicted, lambda: pd.DataFrame({0: y})[0] == predicted,
        lambda: predicted != pd.Series(y),
    ):  # fmt: skip
        with pytest.raises(ProbeError, match=r"predicts labels by name, such as '.+', and numbers \(int64\)"):
            comparison()
    with pytest.raises(DataError, match=r"have no names of one label each: compare predictions with y, \("):
        _ = replace(acts.targets, y=y.astype(float), labels=()).names
