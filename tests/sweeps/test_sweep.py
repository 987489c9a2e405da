from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import probewidgets.sweeps.labels as experiment
from probewidgets.captures.activations import Activations
from probewidgets.data.control import ControlTask, control_labels
from probewidgets.data.corpus import Corpus, Example, Split
from probewidgets.errors import DataError, ModelError, ProbeError
from probewidgets.metrics.calibration import scaled, temperature
from probewidgets.metrics.scores import accuracy, brier, cross_entropy_bits, ece, macro_f1
from probewidgets.probes.linear import LinearProbe
from probewidgets.probes.mlp import MLPProbe
from probewidgets.sweeps.results import Sweep
from probewidgets.sweeps.stored import sweep_json
from probewidgets.sweeps.sweep import sweep
from probewidgets.values import Baseline, Estimate
from tests.scores import in_full
from tests.synthetic import activations, wrap


def run(acts: Activations, probe: object = None, **options: object):
    return sweep(acts, probe, **{"progress": False, "bootstrap": 200, **options})


def with_split(acts: Activations, split: Split) -> Activations:
    return replace(acts, corpus=Corpus(acts.corpus.examples, split, acts.corpus.name))


@pytest.fixture(scope="module")
def acts() -> Activations:
    return activations()


def test_scores_are_those_of_the_returned_probes_on_the_test_rows(acts: Activations) -> None:
    result = run(acts)
    rows = acts.rows("test")
    gold = acts.targets.y[rows]
    for row, (score, probe) in enumerate(zip(result.scores, result.probes, strict=True)):
        predicted = probe.log_proba(acts.states[row][rows]).argmax(1)
        assert probe.labels == result.labels == acts.targets.labels
        assert score.accuracy.value == pytest.approx(accuracy(gold, predicted))
        assert score.macro_f1.value == pytest.approx(macro_f1(gold, predicted))
        bits = cross_entropy_bits(probe.log_proba(acts.states[row][rows]), gold)
        assert score.cross_entropy.value == pytest.approx(bits)
        assert score.accuracy.low < score.accuracy.value < score.accuracy.high
        assert result.hits[row].sum() == (predicted == gold).sum()
    assert result.sentence_targets.sum() == len(rows)
    assert result.score(1).accuracy.value > result.score(0).accuracy.value + 0.1


def test_the_temperature_is_that_of_dev_and_only_the_scaled_calibration_error_knows_of_it(acts: Activations) -> None:
    # Hardly any penalty, and a strong one: a probe that is less sure than it could be.
    for l2 in (1e-7, 0.3):
        check_temperatures(acts, run(acts, LinearProbe(l2=l2)))


def check_temperatures(acts: Activations, result: Sweep) -> None:
    for score, probe in zip(result.scores, result.probes, strict=True):
        states, dev, test = acts.layer(score.layer), acts.rows("dev"), acts.rows("test")
        on_dev, gold = probe.log_proba(states[dev]), acts.targets.y
        assert score.temperature == pytest.approx(temperature(on_dev, gold[dev]))
        assert score.temperature != 1
        assert cross_entropy_bits(scaled(on_dev, score.temperature), gold[dev]) < cross_entropy_bits(on_dev, gold[dev])
        own, after = probe.log_proba(states[test]), scaled(probe.log_proba(states[test]), score.temperature)
        np.testing.assert_array_equal(own.argmax(1), after.argmax(1))
        hits = own.argmax(1) == gold[test]
        assert score.calibration_error == pytest.approx(ece(np.exp(own.max(1)), hits))
        assert score.calibration_error_scaled == pytest.approx(ece(np.exp(after.max(1)), hits))
        assert score.brier == pytest.approx(brier(np.exp(own), gold[test]))
        assert score.cross_entropy.value == pytest.approx(cross_entropy_bits(own, gold[test]))


def test_a_probe_is_the_plain_one_on_standardised_states_at_the_chosen_penalty(acts: Activations) -> None:
    result = run(acts, LinearProbe(tol=1e-13))
    train, X = acts.rows("train"), acts.layer(1).astype(np.float64)
    Z = (X - X[train].mean(0)) / X[train].std(0)
    names = np.array(acts.targets.labels)[acts.targets.y]
    by_hand = LinearProbe(l2=result.score(1).l2, tol=1e-13).fit(Z[train], names[train])
    np.testing.assert_allclose(np.exp(result.probes[1].log_proba(X)), by_hand.proba(Z), atol=1e-4)


def test_the_penalty_is_that_with_the_lowest_cross_entropy_on_dev(acts: Activations) -> None:
    result = run(acts)
    fixed = {l2: run(acts, LinearProbe(l2=l2)).score(1).dev_cross_entropy for l2 in LinearProbe().grid}
    assert result.score(1).l2 == min(fixed, key=fixed.__getitem__)
    assert result.score(1).dev_cross_entropy == pytest.approx(min(fixed.values()), abs=1e-2)
    assert result.score(1).converged


def test_a_penalty_at_the_edge_of_the_grid_is_flagged_for_task_and_control_alike(acts: Activations) -> None:
    assert run(acts, control=2).score(1).control_edges == 0
    score = run(acts, LinearProbe(grid=(1.0, 0.3, 0.1)), control=2).score(1)
    assert (score.edge_of_grid, score.control_edges, score.control_l2) == (True, 2, (0.1, 0.1))
    alone = run(acts, LinearProbe(grid=(0.1,)), control=2).score(1)
    assert (alone.edge_of_grid, alone.control_edges, alone.l2) == (False, 0, 0.1)


def test_test_rows_change_neither_scaler_nor_penalty_nor_weights(acts: Activations) -> None:
    states, y, surface = acts.states.copy(), acts.targets.y.copy(), list(acts.targets.surface)
    rows = acts.rows("test")
    states[:, rows] = 1e4
    y[rows] = 0
    # The same words in another order: control labels are drawn for the words of all sides.
    for row, word in zip(rows, [surface[i] for i in rows[::-1]], strict=True):
        surface[row] = word
    assert surface != list(acts.targets.surface)
    changed = replace(acts, states=states, targets=replace(acts.targets, y=y, surface=tuple(surface)))
    for probe in (LinearProbe(), MLPProbe(hidden=4, epochs=2)):
        before, after = run(acts, probe, control=True), run(changed, probe, control=True)
        for one, two in zip(before.probes, after.probes, strict=True):
            np.testing.assert_array_equal(one.log_proba(acts.states[0]), two.log_proba(acts.states[0]))
        assert [s.l2 for s in before.scores] == [s.l2 for s in after.scores]
        assert [s.control_l2 for s in before.scores] == [s.control_l2 for s in after.scores]
        assert [s.dev_cross_entropy for s in before.scores] == [s.dev_cross_entropy for s in after.scores]
        assert before.scores[1].accuracy != after.scores[1].accuracy


def test_dev_rows_change_the_choice_of_penalty_only(acts: Activations) -> None:
    states = acts.states.copy()
    states[:, acts.rows("dev")] = np.random.default_rng(0).normal(size=states[:, acts.rows("dev")].shape)
    noisy = replace(acts, states=states)
    assert run(noisy).score(1).l2 > run(acts).score(1).l2
    probe = LinearProbe(l2=1e-2)
    for one, two in zip(run(acts, probe).probes, run(noisy, probe).probes, strict=True):
        np.testing.assert_array_equal(one.log_proba(acts.states[1]), two.log_proba(acts.states[1]))


def test_equal_seeds_give_equal_results_to_the_last_digit(acts: Activations) -> None:
    assert sweep_json(run(acts, control=2)) == sweep_json(run(acts, control=2))
    one, two = run(acts, control=True, seed=1), run(acts, control=True, seed=2)
    assert one.score(1).control != two.score(1).control
    assert [s.accuracy.value for s in one.scores] == [s.accuracy.value for s in two.scores]


def test_equal_seeds_give_equal_results_in_two_processes() -> None:
    code = (
        "import hashlib; from probewidgets.sweeps.sweep import sweep; from tests.synthetic import activations\n"
        "from probewidgets.probes.mlp import MLPProbe; from probewidgets.sweeps.stored import sweep_json\n"
        "for probe in (None, MLPProbe(hidden=4, epochs=2)):\n"
        "    made = sweep(activations(30), probe, control=2, seed=3, bootstrap=50, progress=False)\n"
        "    states = activations(30).states\n"
        "    told = [sweep_json(made).encode(), *(p.log_proba(states[0]).tobytes() for p in made.probes)]\n"
        "    print(hashlib.sha256(b''.join(told)).hexdigest())"
    )
    # Sets and dicts of strings come in another order in each.
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parents[1],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for seed in ("1", "2")
    ]
    assert len(runs[0]) == 2
    assert runs[0] == runs[1]


def test_shuffled_labels_score_no_better_than_the_majority(acts: Activations) -> None:
    shuffled = np.random.default_rng(0).permutation(acts.targets.y)
    result = run(replace(acts, targets=replace(acts.targets, y=shuffled)))
    majority = result.baseline("majority")
    for score in result.scores:
        assert score.accuracy.low <= majority.value <= score.accuracy.high
        assert score.cross_entropy.value >= 0.95 * np.log2(len(result.labels))


def test_baselines_are_those_of_the_test_rows(acts: Activations) -> None:
    result = run(acts, control=3)
    train, test = acts.rows("train"), acts.rows("test")
    y, words = acts.targets.y, np.array(acts.targets.surface)
    commonest = np.bincount(y[train]).argmax()
    assert result.baseline("majority").value == pytest.approx((y[test] == commonest).mean())
    assert result.baseline("layer 0") == result.score(0).accuracy
    unseen = ~np.isin(words[test], words[train])
    assert result.unseen == pytest.approx(unseen.mean())
    p = np.bincount(y[train]) / len(train)
    ceiling = 1 - unseen.mean() + unseen.mean() * p.max()
    assert result.baseline("control ceiling").value == pytest.approx(ceiling)
    assert result.baseline("control chance").value < 0.6
    assert result.types == set(words[train])


def test_a_uniform_control_task_has_the_chance_and_the_ceiling_of_its_own_draws(acts: Activations) -> None:
    control = ControlTask(draws=3, uniform=True)
    result = run(acts, control=control, seed=4)
    train, test = acts.rows("train"), acts.rows("test")
    words, y = np.array(acts.targets.surface), acts.targets.y
    k = len(np.unique(y[train]))
    unseen = 1 - np.isin(words[test], words[train]).mean()
    assert result.baseline("control ceiling").value == pytest.approx(1 - unseen + unseen / k)
    drawn = [control_labels(acts.targets, np.full(k, 1 / k), 4000 + i) for i in range(3)]
    chance = np.mean([(d[test] == np.bincount(d[train]).argmax()).mean() for d in drawn])
    assert result.baseline("control chance").value == pytest.approx(chance)
    as_in_train = run(acts, control=3, seed=4)
    assert result.score(1).accuracy == as_in_train.score(1).accuracy
    assert result.score(1).control != as_in_train.score(1).control


def test_settings_report_and_table_say_how_the_control_task_was_drawn(acts: Activations) -> None:
    for control, sampling, said in (
        (ControlTask(2, uniform=True), "uniform", "each one that train shows equally likely (uniform); draws: 2"),
        (True, "empirical", "drawn as often as it is in train (empirical); draws: 1"),
    ):
        result = run(acts, LinearProbe(l2=0.01), control=control)
        assert result.settings["control sampling"] == sampling
        assert (result.table()["control_sampling"] == sampling).all()
        assert f"  control task: one random label per word type, {said}\n" in in_full(result)
    without = run(acts, LinearProbe(l2=0.01))
    assert without.settings["control sampling"] == "none"
    assert without.table()["control_sampling"].isna().all()
    assert "control task: one" not in without.report()


def test_where_the_type_decides_the_label_the_type_baseline_is_right_on_all_seen_types() -> None:
    acts = activations(60, n_types=200, ambiguous=0.0)
    home = dict(zip(acts.targets.surface, acts.targets.y, strict=True))
    pure = replace(acts, targets=replace(acts.targets, y=np.array([home[w] for w in acts.targets.surface])))
    result = run(pure)
    assert 0 < result.unseen < 0.5
    assert 1 - result.unseen <= result.baseline("word type").value < 1


def test_without_layer_0_there_is_no_such_baseline() -> None:
    result = run(activations(30, layers=(1, 3)))
    assert result.layers == (1, 3)
    assert result.baseline("layer 0") is None


def test_selectivity_is_accuracy_minus_control_and_draws_are_averaged(acts: Activations) -> None:
    result = run(acts, control=3)
    for score in result.scores:
        assert score.selectivity.value == pytest.approx(score.accuracy.value - score.control.value)
        assert score.selectivity.low < score.selectivity.value < score.selectivity.high
        assert len(score.control_l2) == 3
        assert score.control_sd > 0
    plain = run(acts)
    assert plain.score(1).control is None
    assert plain.score(1).selectivity is None
    assert plain.score(1).accuracy == result.score(1).accuracy


def test_states_that_hold_the_word_alone_are_no_better_than_the_type_baseline() -> None:
    acts = activations(400, n_types=300, n_labels=6, width=32, layers=(0,))
    for probe in (LinearProbe(), MLPProbe(hidden=500)):
        result = run(acts, probe)
        assert result.score(0).accuracy.value <= result.baseline("word type").value + 0.02


def test_a_wider_probe_memorises_more() -> None:
    """Hewitt and Liang's claim: a wide probe learns the random labels of all words that it has seen."""
    acts = activations(
        1500,
        n_types=1500,
        n_labels=12,
        width=96,
        layers=(1,),
        split=Split(*map(tuple, np.split(np.arange(1500), [1000, 1250]))),
    )
    # At the usual 40 epochs all words are right, but the cross-entropy still falls: not converged.
    probes = (LinearProbe(), *(MLPProbe(hidden=width, epochs=200) for width in (45, 150, 500)))
    linear, *wider = (run(acts, probe, control=True).score(1) for probe in probes)
    assert all(score.converged and score.accuracy.value > 0.99 for score in (linear, *wider))
    assert linear.selectivity.value >= 0.25
    gaps = [score.selectivity.value for score in wider]
    assert gaps[0] > gaps[1] > gaps[2]
    assert gaps[2] <= 0.10


def test_labels_that_train_lacks_are_errors_and_are_listed(acts: Activations) -> None:
    y = acts.targets.y.copy()
    test = acts.rows("test")
    y[test[::4]] = len(acts.targets.labels)
    y[acts.rows("dev")[::4]] = len(acts.targets.labels)
    rare = replace(acts, targets=replace(acts.targets, y=y, labels=(*acts.targets.labels, "ZZ")))
    result = run(rare, control=True)
    assert result.labels_unseen == ("ZZ",)
    assert "ZZ" not in result.labels
    assert result.probes[0].labels == result.labels
    known = y[test] < len(acts.targets.labels)
    predicted = result.probes[1].log_proba(acts.layer(1)[test]).argmax(1)
    assert result.score(1).accuracy.value == pytest.approx((predicted == y[test]).mean())
    assert result.score(1).macro_f1.value == pytest.approx(macro_f1(y[test], predicted))
    bits = cross_entropy_bits(result.probes[1].log_proba(acts.layer(1)[test][known]), y[test][known])
    assert result.score(1).cross_entropy.value == pytest.approx(bits)


def test_constant_and_distant_features_do_no_harm(acts: Activations) -> None:
    odd = np.concatenate([acts.states, np.full_like(acts.states[..., :1], 1e4)], 2)
    odd[..., 0] += 300
    before, after = run(acts), run(replace(acts, states=odd))
    assert after.score(1).accuracy.value == pytest.approx(before.score(1).accuracy.value, abs=0.01)
    assert all(s.converged for s in after.scores)


def test_one_test_sentence_is_enough_but_has_no_interval(acts: Activations) -> None:
    split = acts.corpus.split
    result = run(with_split(acts, replace(split, test=split.test[:1])), control=True)
    assert np.isfinite(result.score(1).accuracy.value)
    assert np.isnan(result.score(1).accuracy.low)
    assert np.isnan(result.score(1).selectivity.high)
    assert "one test sentence only" in result.report()


@pytest.mark.parametrize("side", ["train", "dev", "test"])
def test_an_empty_side_is_an_error(acts: Activations, side: str) -> None:
    empty = with_split(acts, replace(acts.corpus.split, **{side: ()}))
    with pytest.raises(DataError, match=f"The {side} side has no target of task 'tag'"):
        run(empty)


def test_one_label_in_train_is_an_error(acts: Activations) -> None:
    y = acts.targets.y.copy()
    y[acts.rows("train")] = 2
    with pytest.raises(DataError, match=r"carry the label 'L02': there is nothing to tell apart"):
        run(replace(acts, targets=replace(acts.targets, y=y)))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_states_that_are_no_numbers_are_an_error_that_names_layer_and_count(acts: Activations, value: float) -> None:
    states = acts.states.copy()
    states[1, [5, 9], 3] = value
    with pytest.raises(ModelError, match=r"Layer 1 of 'made up' holds NaN or infinity in 2 of .* rows, first for 'w"):
        run(replace(acts, states=states))


@pytest.mark.parametrize("control", [-1, 1.5, "yes"])
def test_a_senseless_number_of_draws_is_an_error(acts: Activations, control: object) -> None:
    with pytest.raises(ProbeError, match="control must be False, True or a number of draws"):
        run(acts, control=control)


def test_an_interrupted_sweep_leaves_nothing_behind(acts: Activations, monkeypatch: pytest.MonkeyPatch) -> None:
    before = acts.states.copy()
    calls, states_of = [], experiment.states_of

    def interrupt(*asked: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return states_of(*asked)

    with monkeypatch.context() as patched:
        patched.setattr(experiment, "states_of", interrupt)
        with pytest.raises(KeyboardInterrupt):
            run(acts)
    np.testing.assert_array_equal(acts.states, before)
    assert len(run(acts).scores) == 2


class Nearest:
    """A probe of someone else's: the label of the nearest mean. Has no penalty, and knows nothing of `choose`."""

    def fit(self, X: np.ndarray, y: np.ndarray) -> NearestFitted:
        labels = tuple(np.unique(y).tolist())
        return NearestFitted(labels, np.stack([X[y == label].mean(0) for label in labels]))

    def __repr__(self) -> str:
        return "Nearest()"


class NearestFitted:
    def __init__(self, labels: tuple[str, ...], means: np.ndarray, scaler: object = None) -> None:
        self.labels, self.means, self.scaler = labels, means, scaler

    def rescaled(self, scaler: object) -> NearestFitted:
        return NearestFitted(self.labels, self.means, scaler)

    def log_proba(self, X: np.ndarray) -> np.ndarray:
        X = X if self.scaler is None else self.scaler.apply(X)
        logits = -((X[:, None] - self.means) ** 2).sum(-1)
        return logits - np.log(np.exp(logits).sum(1, keepdims=True))

    def predict(self, X: np.ndarray) -> np.ndarray:
        return np.array(self.labels)[self.log_proba(X).argmax(1)]


def test_a_probe_of_someone_elses_can_be_swept_but_not_saved(acts: Activations, tmp_path) -> None:
    result = run(acts, Nearest(), control=True)
    assert result.probe == "Nearest()"
    assert result.score(1).accuracy.value > result.baseline("majority").value
    assert np.isnan(result.score(1).l2)
    free = Nearest()
    free.l2 = 0
    assert run(acts, free).score(1).l2 == 0
    with pytest.raises(ProbeError, match="NearestFitted cannot be saved"):
        result.save(tmp_path / "sweep")


def test_sentences_are_swept_without_a_type_baseline() -> None:
    rng = np.random.default_rng(0)
    n = 90
    X = rng.normal(size=(1, n, 4))
    y = (X[0, :, 0] > 0).astype(int)
    acts = wrap(X, np.arange(n), y, [f"text {i}" for i in range(n)], (1,))
    targets = replace(acts.targets, unit="sentence", spans=np.zeros((n, 0, 2), np.int64))
    result = run(replace(acts, targets=targets), control=True)
    assert result.unit == "sentence"
    assert result.baseline("word type") is None
    assert result.score(1).accuracy.value > 0.7


def of_sentences(n: int = 90) -> Activations:
    """Texts that the states tell apart, in two labels."""
    X = np.random.default_rng(0).normal(size=(1, n, 4))
    acts = wrap(X, np.arange(n), (X[0, :, 0] > 0).astype(int), [f"text {i}" for i in range(n)], (1,))
    return replace(acts, targets=replace(acts.targets, unit="sentence", spans=np.zeros((n, 0, 2), np.int64)))


def test_sentences_have_no_control_task_which_could_only_be_at_chance_and_nothing_shows_one(tmp_path: Path) -> None:
    result = run(of_sentences(), control=3)
    score = result.score(1)
    assert score.control is None and score.selectivity is None
    assert result.table()[["control", "selectivity"]].isna().all(axis=None)
    assert not [each.name for each in result.baselines if each.name.startswith("control")]
    report = in_full(result)
    assert "a random label per text is pure memorisation, at chance on test" in report
    assert "selectiv" not in report and "control=" not in report
    # Those that were saved when there was one lose it.
    early = replace(
        result,
        scores=(replace(score, beside={"control": Estimate(0.5), "selectivity": Estimate(0.4)}),),
        baselines=(*result.baselines, Baseline("control chance", Estimate(0.5))),
    )
    early.save(tmp_path / "early")
    assert repr(Sweep.load(tmp_path / "early").scores) == repr(result.scores)
    assert Sweep.load(tmp_path / "early").report() == result.report()


def test_duplicates_between_the_sides_are_counted(acts: Activations) -> None:
    examples = list(acts.corpus.examples)
    split = acts.corpus.split
    examples[split.test[0]] = Example(examples[split.train[0]].text)
    result = run(replace(acts, corpus=replace(acts.corpus, examples=tuple(examples))))
    assert (result.duplicates, result.test_in_train, result.dev_in_test) == (1, 1, 0)
    examples[split.dev[0]] = Example(examples[split.train[0]].text)
    result = run(replace(acts, corpus=replace(acts.corpus, examples=tuple(examples))))
    assert (result.duplicates, result.test_in_train, result.dev_in_test) == (2, 1, 1)


def test_progress_counts_the_layers(acts: Activations, capsys: pytest.CaptureFixture[str]) -> None:
    sweep(acts, LinearProbe(l2=1e-2), bootstrap=10)
    assert "2/2" in capsys.readouterr().err
    run(acts, LinearProbe(l2=1e-2))
    assert capsys.readouterr().err == ""


def test_a_control_draw_that_misses_a_label_keeps_its_columns(acts: Activations) -> None:
    """Rare labels: a draw of few types leaves some out, and the others must not move into their columns."""
    y = acts.targets.y.copy()
    rare = acts.rows("train")[:6]
    y[rare] = 10 + np.arange(6)
    labels = tuple(f"{k:02}" for k in range(16))
    targets = replace(acts.targets, y=y, labels=labels)
    result = run(replace(acts, targets=targets), Nearest(), control=3)
    assert 0 <= result.score(1).control.value <= 1
    draws = [
        control_labels(targets, np.bincount(y[acts.rows("train")], minlength=16) / len(acts.rows("train")), i)
        for i in range(3)
    ]
    assert any(len(np.unique(d)) < len(result.labels) for d in draws), (
        "the draws must miss a label for this to say anything"
    )


@pytest.mark.parametrize("side", ["dev", "test"])
def test_a_side_without_any_label_of_train_is_an_error(acts: Activations, side: str) -> None:
    y = acts.targets.y.copy()
    y[acts.rows(side)] = len(acts.targets.labels)
    strange = replace(acts.targets, y=y, labels=(*acts.targets.labels, "zzz"))
    with pytest.raises(DataError, match=f"none of the labels of the {side} side"):
        run(replace(acts, targets=strange))


def test_arguments_of_the_wrong_kind_are_told_what_is_expected(acts: Activations) -> None:
    for probe in ("linear", LinearProbe, 3):
        with pytest.raises(
            ProbeError, match=r"sweep takes a probe such as LinearProbe\(\) or MLPProbe\(\), but .* came"
        ):
            sweep(acts, probe, progress=False)
    with pytest.raises(ProbeError, match="takes Activations first, but ndarray came"):
        sweep(acts.states, LinearProbe())
    for bootstrap in (-1, 0, True, 1.5, "many"):
        with pytest.raises(ProbeError, match="bootstrap must be a whole number >= 1"):
            sweep(acts, LinearProbe(), bootstrap=bootstrap)
    for seed in (-1, "x", None, 1.7, True):
        with pytest.raises(ProbeError, match="seed must be a whole number >= 0, but"):
            sweep(acts, LinearProbe(), seed=seed)

    class Unfitted:
        def fit(self, X: np.ndarray, y: np.ndarray) -> object:
            return self

    with pytest.raises(ProbeError, match=r"Unfitted.fit must return a fitted probe .* but returned Unfitted"):
        sweep(acts, Unfitted(), progress=False)


# ---------------------------------------------------------------------- random models, and several seeds


def random_model(acts: Activations, seed: int) -> Activations:
    """The same targets with states that say which word it is, as those of a model that learned nothing do."""
    codes = np.random.default_rng(100 + seed).normal(size=(len(set(acts.targets.surface)), acts.states.shape[2]))
    words = np.unique(acts.targets.surface, return_inverse=True)[1]
    card = replace(acts.model, name=f"random {seed}", fingerprint=f"{seed}")
    return replace(acts, states=np.stack([codes[words]] * len(acts.layers)).astype(np.float32), model=card)


def test_a_random_model_is_probed_as_the_trained_one_is_and_the_difference_is_paired(acts: Activations) -> None:
    randoms = [random_model(acts, seed) for seed in range(2)]
    result, alone = run(acts, random=randoms), [run(one) for one in randoms]
    for row, score in enumerate(result.scores):
        accuracies = [one.scores[row].accuracy.value for one in alone]
        assert score.random.value == pytest.approx(np.mean(accuracies))
        assert score.random_sd == pytest.approx(np.std(accuracies, ddof=1))
        assert score.random_l2 == tuple(one.scores[row].l2 for one in alone)
        assert score.above_random.value == pytest.approx(score.accuracy.value - score.random.value)
        both = result.hits[row] - np.mean([one.hits[row] for one in alone], axis=0)
        assert score.above_random.low <= both.sum() / result.sentence_targets.sum() <= score.above_random.high
    # What layer 1 knows beyond the word was learned; layer 0 knows the word alone.
    assert result.score(1).above_random.low > 0
    assert repr(run(acts).score(1).accuracy) == repr(result.score(1).accuracy)


def test_a_model_that_is_its_own_random_model_is_not_above_it(acts: Activations) -> None:
    score = run(acts, random=acts).score(1)
    assert (score.above_random.low, score.above_random.value, score.above_random.high) == (0, 0, 0)
    assert np.isnan(score.random_sd)


def test_states_that_do_not_match_the_trained_models_are_refused(acts: Activations) -> None:
    y = acts.targets.y.copy()
    y[0] = (y[0] + 1) % 4
    other = random_model(acts, 0)
    wrong = {
        "other layers": replace(other, states=other.states[:1], layers=(0,)),
        "other targets": replace(other, targets=replace(other.targets, y=y)),
        "another corpus": replace(other, corpus=replace(other.corpus, examples=other.corpus.examples[::-1])),
        "another split": with_split(other, Split((0, 1), (2,), (3,))),
        "another pool, site or width": replace(other, pool="first"),
        "takes the Activations of": "random",
        "none came": [],
        "two are the same": [other, other],
    }
    for message, one in wrong.items():
        with pytest.raises(ProbeError, match=message):
            run(acts, random=one)


def test_a_random_copy_of_a_real_model_can_be_compared_with_it() -> None:
    import tiny

    import probewidgets as pw

    corpus, task = pw.corpora.english(30), pw.WordTask("upos")
    model = pw.LanguageModel(*tiny.model("bert"))
    trained, random = (pw.capture(m, corpus, task, store=False) for m in (model, model.randomized(0)))
    result = run(trained, LinearProbe(l2=1e-3), random=random)
    assert [score.random.value for score in result.scores] == [
        score.accuracy.value for score in run(random, LinearProbe(l2=1e-3)).scores
    ]
    with pytest.raises(ProbeError, match="two are the same"):
        run(trained, random=trained)


def test_several_seeds_are_the_probes_of_these_seeds(acts: Activations) -> None:
    probe = MLPProbe(hidden=4, epochs=2)
    result = run(acts, probe, seeds=3)
    alone = [run(acts, replace(probe, seed=seed)) for seed in range(3)]
    for row, score in enumerate(result.scores):
        assert score.seed_accuracies == tuple(one.scores[row].accuracy.value for one in alone)
    assert len(set(result.score(1).seed_accuracies)) > 1
    assert result.score(1).accuracy == alone[0].score(1).accuracy
    table = result.table()
    assert table.loc[1, "seeds_mean"] == pytest.approx(np.mean(result.score(1).seed_accuracies))
    assert table.loc[1, "seeds_sd"] == pytest.approx(np.std(result.score(1).seed_accuracies, ddof=1))
    assert "passed    trained from 3 seeds or more (3)" in result.report()
    assert "not made  several seeds: sweep(..., seeds=3)" in alone[0].report()


@pytest.mark.parametrize(
    ("probe", "seeds", "message"),
    [
        (LinearProbe(), 2, "^A LinearProbe has no seed, so"),
        (MLPProbe(), 0, "seeds must be a whole number >= 1"),
        (None, True, "seeds"),
    ],
)
def test_seeds_of_a_probe_without_one_are_refused(acts: Activations, probe: object, seeds: int, message: str) -> None:
    with pytest.raises(ProbeError, match=message):
        run(acts, probe, seeds=seeds)
