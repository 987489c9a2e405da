"""Heads read off states in which they are planted, and the control task beside them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import chisquare

import probewidgets as pw
from probewidgets.captures.activations import Activations
from probewidgets.data.control import control_heads
from probewidgets.data.corpus import Corpus, Example, Span, Split
from probewidgets.errors import DataError, ProbeError
from probewidgets.methods.heads.bilinear import Arcs, HeadProbe
from probewidgets.methods.heads.trial import _controlled
from tests.methods.trees.test_trial import random_heads
from tests.scores import in_full, scores_of

WIDTH = 8


def example(forms: list[str], heads: list[int], name: str) -> Example:
    starts = np.cumsum([0, *(len(form) + 1 for form in forms[:-1])]).tolist()
    words = tuple(Span(start, start + len(form)) for start, form in zip(starts, forms, strict=True))
    return Example(" ".join(forms), words, {"head": tuple(heads)}, id=name)


def third(n: int) -> Split:
    cut = (int(0.6 * n), int(0.8 * n))
    return Split(tuple(range(cut[0])), tuple(range(*cut)), tuple(range(cut[1], n)))


def planted(n: int = 200, n_types: int = 60, most: int = 10, seed: int = 0) -> Activations:
    """Layer 0: the word's own code alone. Layer 1: with that of its head beside it. Layer 2: noise."""
    rng = np.random.default_rng(seed)
    codes = rng.normal(size=(n_types, 2 * WIDTH))
    codes[:, :WIDTH] /= np.linalg.norm(codes[:, :WIDTH], axis=1, keepdims=True)  # none is more like another than itself
    examples, layers = [], []
    for i in range(n):
        length = int(rng.integers(4, most + 1))
        types, heads = rng.choice(n_types, length, replace=False), random_heads(rng, length)
        examples.append(example([f"w{t}" for t in types], heads, f"s{i}"))
        above = np.stack([codes[types[head - 1], :WIDTH] if head else np.zeros(WIDTH) for head in heads])
        own = codes[types]
        layers.append([own, np.concatenate([own[:, :WIDTH], above], 1), rng.normal(size=own.shape)])
    corpus = Corpus(tuple(examples), third(n), "planted")
    states = [np.concatenate(rows) for rows in zip(*layers, strict=True)]
    return Activations.from_arrays(states, pw.TreeTask().targets(corpus), corpus, embeddings=True)


@pytest.fixture(scope="module")
def acts() -> Activations:
    return planted(400)


def run(acts: Activations, probe: HeadProbe | None = None, **options: object) -> pw.Sweep:
    return pw.sweep(acts, probe or pw.BilinearProbe(), **{"progress": False, "bootstrap": 200, **options})


def chance(acts: Activations) -> tuple[float, float]:
    """Expected share of heads found by guessing any word, and any word but the one itself, which is never its head."""
    lengths = [len(acts.corpus[i].words) for i in acts.corpus.split.test]
    heads = sum(n - 1 for n in lengths)
    return sum((n - 1) / n for n in lengths) / heads, len(lengths) / heads


def test_a_planted_relation_is_found_where_it_is_and_noise_gives_chance(acts: Activations) -> None:
    sweep = run(acts, pw.BilinearProbe(rank=WIDTH, epochs=150))
    assert sweep.score(1).uas.value > 0.97
    assert sweep.best.layer == 1
    for layer in (0, 2):
        least, most = chance(acts)
        assert sweep.score(layer).uas.low < most
        assert sweep.score(layer).uas.high > least
    X = acts.layer(1)
    first = np.flatnonzero(acts.targets.example == acts.corpus.split.test[0])
    heads = np.array(acts.corpus[acts.corpus.split.test[0]].annotations["head"])
    found = sweep.probe_of(1).predict(X[first]) + 1
    assert (found == heads)[heads > 0].all()


def test_a_larger_probe_remembers_more_and_is_less_selective(acts: Activations) -> None:
    small, large = (run(acts, pw.BilinearProbe(rank=rank, epochs=60), control=1).score(1) for rank in (1, 16))
    assert small.control is not None and large.control is not None
    assert small.control.value < large.control.value - 0.05
    assert small.uas.value < large.uas.value


def test_a_hidden_layer_over_pairs_finds_the_relation_too(acts: Activations) -> None:
    sweep = run(acts, pw.PairwiseMLPProbe(epochs=60))
    assert sweep.score(1).uas.value > 0.97
    assert sweep.best.layer == 1
    least, most = chance(acts)
    for layer in (0, 2):
        assert sweep.score(layer).uas.low < most
        assert sweep.score(layer).uas.high > least
    assert "probe PairwiseMLPProbe(hidden=64, epochs=60, seed=0, standardise=True)" in in_full(sweep)


def test_selectivity_is_uas_minus_control_with_a_paired_interval_and_draws_are_averaged(acts: Activations) -> None:
    score = run(acts, pw.BilinearProbe(rank=4, epochs=4), control=3).score(1)
    assert score.control is not None and score.selectivity is not None
    assert score.selectivity.value == pytest.approx(score.uas.value - score.control.value)
    assert score.selectivity.low < score.selectivity.value < score.selectivity.high
    assert score.control_sd > 0


def test_the_order_of_the_sentences_changes_nothing() -> None:
    acts = planted(60)
    order = np.random.default_rng(1).permutation(60)
    new = np.argsort(order)
    moved = tuple(acts.corpus[int(i)] for i in order)
    sides = (tuple(sorted(new[list(side)].tolist())) for _, side in acts.corpus.split.items())
    corpus = Corpus(moved, Split(*sides), "planted")
    rows = np.concatenate([np.flatnonzero(acts.targets.example == i) for i in order])
    states = np.stack([acts.layer(layer)[rows] for layer in acts.layers])
    shuffled = Activations.from_arrays(states, pw.TreeTask().targets(corpus), corpus, embeddings=True)
    probe = pw.BilinearProbe(rank=4, epochs=6, standardise=False)
    one, other = (run(some, probe, control=2) for some in (acts, shuffled))
    assert one.scores == other.scores
    assert one.baselines == other.baselines


def test_control_words_attach_to_themselves_or_to_either_end_and_alike_on_all_sides() -> None:
    acts = planted(300, n_types=2000)
    targets = acts.targets
    draw = control_heads(targets, 7)
    np.testing.assert_array_equal(draw, control_heads(targets, 7))
    assert (draw != control_heads(targets, 8)).any()
    behaviour: dict[str, int] = {}
    for word, what in zip(targets.surface, draw.tolist(), strict=True):
        assert behaviour.setdefault(word, what) == what
    assert chisquare(np.bincount(list(behaviour.values()), minlength=3)).pvalue > 1e-3
    for sentence in range(len(acts.corpus)):
        rows = np.flatnonzero(targets.example == sentence)
        gold = np.array(acts.corpus[sentence].annotations["head"]) - 1
        heads = _controlled(Arcs(rows, gold), draw).heads
        n = len(rows)
        for i, head in enumerate(heads.tolist()):
            assert head in ((-1,) if gold[i] < 0 else (i, 0, n - 1))
            if gold[i] >= 0:
                assert head == (i, 0, n - 1)[behaviour[targets.surface[rows[i]]]]


def fixed(n: int = 12) -> Activations:
    """Three words each, the second the root: the others hang on it, one before and one after."""
    examples = tuple(example(["the", f"x{i}", "."], [2, 0, 2], f"s{i}") for i in range(n))
    corpus = Corpus(examples, third(n), "fixed")
    states = np.random.default_rng(0).normal(size=(1, 3 * n, 4))
    return Activations.from_arrays(states, pw.TreeTask().targets(corpus), corpus)


def test_baselines_are_those_of_the_test_words() -> None:
    sweep = run(fixed(), pw.BilinearProbe(rank=2, epochs=1), control=2)
    assert sweep.baseline("next word").value == 0.5
    assert sweep.baseline("previous word").value == 0.5
    assert sweep.baseline("offset").value == 0.5
    assert sweep.baseline("word type").value == 1
    assert sweep.baseline("layer 0") is None, "of no other layer"
    assert sweep.types == {"the", ".", *(f"x{i}" for i in range(7))}, "the roots' too"
    assert sweep.unseen == 0
    assert sweep.baseline("control ceiling").value == 1
    assert sweep.counts == {"train": (14, 7), "dev": (4, 2), "test": (6, 3)}


def test_control_chance_is_doing_what_most_words_of_train_do() -> None:
    acts = fixed()
    place, expected = {"the": 0, ".": 2}, []
    for draw in range(4):
        does = dict(zip(acts.targets.surface, control_heads(acts.targets, draw).tolist(), strict=True))
        # Both are as often in train, so of two behaviours it is the first in order.
        most = min(does["the"], does["."])
        heads = {word: (place[word], 0, 2) for word in place}
        expected.append(np.mean([heads[word][most] == heads[word][does[word]] for word in place]))
    assert len(set(expected)) > 1
    sweep = run(acts, pw.BilinearProbe(rank=2, epochs=1), control=4)
    assert sweep.baseline("control chance").value == pytest.approx(np.mean(expected))


def test_a_fit_that_diverges_has_not_converged_and_the_report_says_so() -> None:
    acts = fixed()
    wild = replace(acts, states=acts.states * 1e25)
    with np.errstate(all="ignore"):
        sweep = run(wild, pw.BilinearProbe(rank=2, standardise=False))
    assert not sweep.scores[0].converged
    assert "did not converge" in sweep.report()


def test_one_test_sentence_silences_no_warning() -> None:
    acts = fixed(10)
    split = replace(acts.corpus.split, test=acts.corpus.split.test[:1])
    sweep = run(replace(acts, corpus=replace(acts.corpus, split=split)), pw.BilinearProbe(rank=2, epochs=1), control=1)
    said = in_full(sweep)
    assert "one test sentence only" in said and "not clearly selective" in said and "not clearly above" in said


@pytest.mark.parametrize("bad", [{"seed": -1}, {"seed": 1.5}, {"bootstrap": 0}, {"bootstrap": "a"}])
def test_senseless_numbers_are_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ProbeError, match=f"{next(iter(bad))} must be a whole number"):
        run(fixed(), **bad)


def test_of_unseen_words_a_control_head_can_only_be_guessed() -> None:
    words = [["aa", "bb", "cc", "dd"], ["aa", "bb", "cc", "dd"], ["ee", "ff", "gg", "dd"]]
    examples = tuple(example(forms, [2, 3, 0, 3], f"s{i}") for i, forms in enumerate(words))
    corpus = Corpus(examples, Split((0,), (1,), (2,)), "new words")
    states = np.random.default_rng(0).normal(size=(1, 12, 4))
    acts = Activations.from_arrays(states, pw.TreeTask().targets(corpus), corpus)
    sweep = run(acts, pw.BilinearProbe(rank=2, epochs=1), control=1)
    assert sweep.unseen == pytest.approx(2 / 3)
    assert sweep.baseline("control ceiling").value == pytest.approx((2 / 3 + 1 / 3 + 1) / 3)


def test_words_whose_head_has_no_row_do_not_count() -> None:
    acts = fixed()
    kept = np.flatnonzero([surface != "." for surface in acts.targets.surface])
    fewer = replace(acts, states=np.asarray(acts.states)[:, kept], targets=acts.targets.take(kept))
    assert run(fewer, pw.BilinearProbe(rank=2, epochs=1)).counts["test"] == (3, 3)
    kept = np.flatnonzero([not surface.startswith("x") for surface in acts.targets.surface])
    headless = replace(acts, states=np.asarray(acts.states)[:, kept], targets=acts.targets.take(kept))
    with pytest.raises(DataError, match="The train side has no word whose head has a row"):
        run(headless)


def test_table_report_and_repr_say_what_came_out(acts: Activations) -> None:
    sweep = run(acts, pw.BilinearProbe(rank=2, epochs=2), control=2)
    table = sweep.table()
    assert table["layer"].tolist() == list(table.index) == [0, 1, 2]
    expected = {"uas", "uas_low", "control", "selectivity", "selectivity_low", "previous_word", "next_word", "offset"}
    assert expected | {"word_type", "layer_0", "control_chance", "control_ceiling", "unseen"} <= set(table)
    report = in_full(sweep)
    assert "to the first or to the last word of its sentence, all equally likely; draws: 2" in report
    assert "did not converge" in report
    assert scores_of(sweep)[1]["UAS"].startswith("0.")
    assert "No control task" not in report
    assert repr(sweep).startswith("Sweep('tree' on 'arrays': 3 layers, best on dev: layer ")
    without = run(fixed(), pw.BilinearProbe(rank=2, epochs=1))
    assert "No control task was trained" in without.report()
    assert without.table()[["control", "selectivity"]].isna().all(axis=None)
    assert "control_chance" not in without.table()


def test_standardised_or_not_the_probe_takes_raw_states() -> None:
    acts = planted(60)
    probe = pw.BilinearProbe(rank=4, epochs=3)
    moved = replace(acts, states=(np.asarray(acts.states) * 10 + 3).astype(np.float32))
    one, other = (run(some, probe).probe_of(1) for some in (acts, moved))
    X = acts.layer(1)[:6]
    np.testing.assert_allclose(one.log_proba(X), other.log_proba(X * 10 + 3), atol=1e-2)


def test_other_tasks_probes_and_controls_are_refused(acts: Activations) -> None:
    with pytest.raises(ProbeError, match="sweep takes Activations first, but str came"):
        run("states")  # type: ignore[arg-type]
    with pytest.raises(ProbeError, match="cannot be asked for random= and seeds=: leave it out"):
        run(acts, random=acts, seeds=2)
    with pytest.raises(ProbeError, match=r"give a number of draws, control=2\."):
        run(acts, control=pw.ControlTask(2, uniform=True))
    with pytest.raises(ProbeError, match="control must be False, True or a number of draws"):
        run(acts, control=-1)
    with pytest.raises(ProbeError, match=r"Layer 9 is not in this sweep. It has layers \[0, 1, 2\]"):
        run(acts, pw.BilinearProbe(rank=1, epochs=1)).score(9)
