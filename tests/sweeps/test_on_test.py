"""The test targets of a sweep one by one: what each layer says of them, what they are, and the slices they make."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import accuracy_score

import probewidgets as pw
from probewidgets.captures.activations import Activations
from probewidgets.data.splits import Split
from probewidgets.errors import ProbeError
from probewidgets.metrics.calibration import scaled
from probewidgets.sweeps.on_test import SORTS, OnTest, frame, ordered
from probewidgets.sweeps.slices import FEW, slice_table, slicings
from tests.sweeps.test_graded import numbers, sets
from tests.synthetic import activations

OPTIONS: Any = {"bootstrap": 100, "progress": False}


@pytest.fixture(scope="module")
def acts() -> Activations:
    """States that tell the label to some degree, of which train does not show one."""
    acts = activations(120, label_code=0.6)
    y = acts.targets.y.copy()
    y[acts.rows("test")[:3]] = 4
    return replace(acts, targets=replace(acts.targets, y=y, labels=(*acts.targets.labels, "rare")))


@pytest.fixture(scope="module")
def swept(acts: Activations) -> pw.Sweep:
    return pw.sweep(acts, pw.LinearProbe(l2=0.01), **OPTIONS)


@pytest.fixture(scope="module")
def tested(acts: Activations, swept: pw.Sweep) -> OnTest:
    return OnTest(swept, acts)


# ---------------------------------------------------------------------- what each is


def test_each_target_is_the_word_at_its_place_with_its_own_gold_label(acts: Activations, tested: OnTest) -> None:
    names = tested.sweep.label_names
    for place in range(0, len(tested), 7):
        target = acts.targets[int(tested.rows[place])]
        assert (target.example, target.surface, target.label) == (
            tested.example[place], tested.words[place], names[tested.gold[place]],
        )  # fmt: skip
        (start, end), text = tested.spans[place, 0], acts.corpus[target.example].text
        assert text[start:end] == target.surface
        position, many = (column[place] for column in tested.sentence)
        assert acts.corpus[target.example].words[position].of(text) == target.surface
        assert many == len(acts.corpus[target.example].words)


def test_how_often_train_shows_a_word_is_counted_and_agrees_with_the_sweep(acts: Activations, tested: OnTest) -> None:
    train = [acts.targets.surface[row] for row in acts.rows("train")]
    assert tested.frequency.tolist() == [train.count(word) for word in tested.words]
    assert (~tested.seen).mean() == pytest.approx(tested.sweep.unseen)


def test_the_order_of_the_rows_does_not_matter(acts: Activations, swept: pw.Sweep, tested: OnTest) -> None:
    order = np.random.default_rng(0).permutation(len(acts.targets))
    mixed = replace(acts, targets=acts.targets.take(order), states=np.asarray(acts.states)[:, order])
    other = OnTest(pw.sweep(mixed, pw.LinearProbe(l2=0.01), **OPTIONS), mixed)
    assert sorted(other.words) == sorted(tested.words)
    both = (sorted(zip(each.example, each.words, each.hits(1), strict=True)) for each in (other, tested))
    assert next(both) == next(both)


# ---------------------------------------------------------------------- what the probes say


def test_confidence_is_the_calibrated_probability_of_the_label_that_is_given(
    acts: Activations, swept: pw.Sweep, tested: OnTest
) -> None:
    for layer in swept.layers:
        log_proba = swept.probe_of(layer).log_proba(acts.layer(layer)[tested.rows])
        proba = np.exp(scaled(log_proba, swept.score(layer).temperature))
        np.testing.assert_allclose(tested.confidence(layer), proba.max(1), rtol=1e-5)
        np.testing.assert_array_equal(tested.given(layer), proba.argmax(1))
        np.testing.assert_allclose(tested.distribution(layer, 5), proba[5], rtol=1e-5)
        assert tested.hits(layer).mean() == pytest.approx(swept.score(layer).accuracy.value)


def test_states_of_a_store_give_the_same(tmp_path: Path) -> None:
    import tiny

    corpus, task = pw.corpora.english(60), pw.WordTask("upos")
    model = pw.LanguageModel(*tiny.model("gpt2"))
    examples = tuple(example for example in corpus if len(example.words) < 12)
    corpus = replace(corpus, examples=examples, split=Split.seeded([example.text for example in examples]))
    there, here = (pw.capture(model, corpus, task, store=store) for store in (tmp_path, False))
    assert type(there.states) is not type(here.states)
    swept = pw.sweep(here, pw.LinearProbe(l2=0.01), **OPTIONS)
    layer = swept.layers[-1]
    np.testing.assert_allclose(OnTest(swept, there).confidence(layer), OnTest(swept, here).confidence(layer), atol=1e-3)


def test_lists_are_what_fits_in_the_order_that_is_asked_for(tested: OnTest) -> None:
    sure, everything = tested.confidence(1), tested.listed(1)
    assert everything.tolist() == list(range(len(tested)))
    errors = tested.listed(1, wrong=True)
    assert len(errors) == (~tested.hits(1)).sum() > 10
    matrix = tested.sweep.confusion(1).to_numpy()
    assert sum(len(tested.listed(1, gold=i, given=j)) for i in range(5) for j in range(5)) == len(tested)
    assert len(tested.listed(1, gold=0, given=1)) == matrix[0, 1]
    assert len(tested.listed(1, gold=0, wrong=True)) == matrix[0].sum() - matrix[0, 0]
    keys = {"confidence": -sure, "frequency": -tested.frequency, "seen": tested.seen, "text": np.arange(len(tested))}
    for sort in SORTS:
        for reverse in (False, True):
            order = ordered(tested, errors, sort, sure, reverse)
            assert sorted(order.tolist()) == errors.tolist()
            steps = np.diff(keys[sort][order].astype(float))
            assert (steps <= 0 if reverse else steps >= 0).all()
    with pytest.raises(ProbeError, match="sorted by one of"):
        ordered(tested, errors, "length", sure)


def test_what_has_no_confidence_comes_last_either_way(tested: OnTest) -> None:
    sure = tested.confidence(1).copy()
    sure[3] = np.nan
    for reverse in (False, True):
        assert ordered(tested, tested.listed(1), "confidence", sure, reverse)[-1] == 3


def test_the_frame_has_a_row_for_each_target_by_its_place(tested: OnTest) -> None:
    places = tested.listed(1, wrong=True)[:4]
    part = frame(tested, 1, tested.confidence(1), places)
    assert part.index.tolist() == places.tolist()
    assert not part["right"].any()
    whole = frame(tested, 1, tested.confidence(1))
    assert whole.loc[places].equals(part)
    assert accuracy_score(whole["gold"], whole["given"]) == pytest.approx(tested.sweep.score(1).accuracy.value)
    assert all(row.word in row.sentence for row in whole.itertuples())


# ---------------------------------------------------------------------- slices


def test_slices_of_each_kind_cut_the_whole_test_set(tested: OnTest) -> None:
    cuts = slicings(tested)
    assert [cut.kind for cut in cuts] == ["label", "length", "word type", "seen", "position"]
    table = slice_table(tested, cuts, 1)
    for _, part in table.groupby("kind"):
        assert part["targets"].sum() == len(tested)
        assert part["errors"].sum() == (~tested.hits(1)).sum()
    assert np.allclose(table["accuracy"], 1 - table["errors"] / table["targets"])
    assert (table["accuracy_low"] <= table["accuracy"]).all() and (table["accuracy"] <= table["accuracy_high"]).all()


def test_the_slice_of_a_label_is_its_recall_and_that_of_unseen_words_what_the_sweep_says(tested: OnTest) -> None:
    table = slice_table(tested, slicings(tested), 1).set_index(["kind", "slice"])
    scores = tested.sweep.per_label(1)
    for label in scores.index:
        for end in ("", "_low", "_high"):
            assert table.loc[("label", label), f"accuracy{end}"] == pytest.approx(scores.loc[label, f"recall{end}"])
    unseen = tested.sweep.score(1).accuracy_unseen
    assert table.loc[("seen", "not seen in training"), "accuracy"] == pytest.approx(unseen)


def test_the_worst_slice_comes_first_and_small_ones_last(tested: OnTest) -> None:
    table = slice_table(tested, slicings(tested), 1)
    small = (table["targets"] < FEW).to_numpy()
    assert small.any() and not small.all()
    assert (np.diff(small.astype(int)) >= 0).all()
    assert table.loc[~small, "accuracy"].is_monotonic_increasing
    assert table.loc[small, "accuracy"].is_monotonic_increasing


def test_words_are_first_and_last_and_thirds_of_what_lies_between(tested: OnTest) -> None:
    cut = next(cut for cut in slicings(tested) if cut.kind == "position")
    place, many = tested.sentence
    assert set(cut.group[place == 0]) == {0}
    assert set(cut.group[(place == many - 1) & (many > 1)]) == {4}
    longest = np.flatnonzero(tested.example == tested.example[many.argmax()])
    groups = cut.group[longest[np.argsort(place[longest])]]
    assert (np.diff(groups) >= 0).all()
    assert set(groups) == {0, 1, 2, 3, 4}


def test_common_words_have_a_slice_of_their_own_and_the_others_one_together(tested: OnTest) -> None:
    cut = next(cut for cut in slicings(tested) if cut.kind == "word type")
    for name, count in zip(cut.names, np.bincount(cut.group), strict=True):
        assert count == (tested.words.count(name) if name else count)
        assert not name or count >= FEW
    rare = {tested.words[place] for place in np.flatnonzero(cut.group == len(cut.names) - 1)}
    assert rare.isdisjoint(cut.names)


def test_whole_sentences_are_cut_by_label_and_length_alone() -> None:
    texts = [f"{'good' if i % 2 else 'bad'} {'very ' * (i % 5)}text {i}" for i in range(60)]
    corpus = pw.read_table({"text": texts, "label": ["+", "-"] * 30})
    targets = pw.SentenceTask("label").targets(corpus)
    states = np.random.default_rng(0).normal(size=(1, len(texts), 4))
    acts = Activations.from_arrays(states, targets, corpus)
    tested = OnTest(pw.sweep(acts, pw.LinearProbe(l2=0.1), **OPTIONS), acts)
    table = slice_table(tested, slicings(tested), 0)
    assert set(table["kind"]) == {"label", "length"}
    lengths = [len(text.split()) for text in (corpus[int(e)].text for e in tested.example)]
    assert tested.sentence[1].tolist() == lengths


# ---------------------------------------------------------------------- what cannot be shown


def test_what_is_missing_is_said(acts: Activations, swept: pw.Sweep, tmp_path: Path) -> None:
    swept.save(tmp_path / "sweep")
    with pytest.raises(ProbeError, match=r"not the sentences and their states.*capture.*nothing came"):
        OnTest(pw.Sweep.load(tmp_path / "sweep"), None)  # type: ignore[arg-type]
    with pytest.raises(ProbeError, match="Sweep is needed, but str came"):
        OnTest("sweep", acts)  # type: ignore[arg-type]
    early = replace(swept, answers=np.zeros((0, 0), np.int32))
    with pytest.raises(ProbeError, match="did not keep the answers"):
        OnTest(early, acts)


def test_states_of_something_else_are_refused(acts: Activations, swept: pw.Sweep) -> None:
    fewer = replace(acts, states=acts.states[:1], layers=acts.layers[:1])
    with pytest.raises(ProbeError, match=r"layers are \[0\], and \[0, 1\] are needed"):
        OnTest(swept, fewer)
    with pytest.raises(ProbeError, match="the task is 'other', not 'tag'"):
        OnTest(swept, replace(acts, targets=replace(acts.targets, task="other")))
    y = acts.targets.y.copy()
    y[acts.rows("test")] = np.roll(y[acts.rows("test")], 1)
    with pytest.raises(ProbeError, match="carry other labels"):
        OnTest(swept, replace(acts, targets=replace(acts.targets, y=y)))
    with pytest.raises(ProbeError, match="gives other labels to these states"):
        OnTest(swept, replace(acts, states=-acts.states)).confidence(1)


@pytest.mark.parametrize(
    ("acts", "probe", "instead"),
    [(numbers(40), pw.RidgeProbe(), "mae"), (sets(40), pw.SigmoidProbe(pw.LinearProbe(l2=0.01)), "per_label")],
)
def test_answers_that_are_not_one_label_each_are_refused_with_what_to_use(acts: Any, probe: Any, instead: str) -> None:
    with pytest.raises(ProbeError, match=instead):
        OnTest(pw.sweep(acts, probe, **OPTIONS), acts)
