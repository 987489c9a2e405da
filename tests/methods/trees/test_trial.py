"""Structural probes, on states of which the tree is known exactly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

import probewidgets as pw
from probewidgets.captures.activations import Activations
from probewidgets.data.corpus import Corpus, Example, Span, Split
from probewidgets.data.dependencies import depths
from probewidgets.errors import DataError, ProbeError
from probewidgets.methods.trees.probe import FittedStructural
from tests.scores import scores_of


def sentence(heads: list[int], name: str, punctuation: bool = False) -> Example:
    forms = [f"w{i}" for i in range(len(heads))]
    if punctuation:
        forms[-1] = "."
    starts = np.cumsum([0, *(len(form) + 1 for form in forms[:-1])])
    words = tuple(Span(int(start), int(start) + len(form)) for start, form in zip(starts, forms, strict=True))
    return Example(" ".join(forms), words, {"head": tuple(heads)}, id=name)


def random_heads(rng: np.random.Generator, n: int) -> list[int]:
    order = rng.permutation(n)
    heads = [0] * n
    for place in range(1, n):
        heads[order[place]] = int(order[rng.integers(place)]) + 1
    return heads


def paths(heads: list[int], width: int) -> np.ndarray:
    """Each word as the edges on its way to the root: squared distances and lengths are exactly those of the tree."""
    states = np.zeros((len(heads), width))
    for word in np.argsort(depths(heads)):
        if heads[word]:
            states[word] = states[heads[word] - 1]
            states[word, word] = 1
    return states


def treebank(n: int = 150, most: int = 12, distractors: int = 0, noise: float = 0.0, seed: int = 0) -> Activations:
    """Trees in the states of layer 1, rotated among distractors if there are any; noise alone in layer 0."""
    rng = np.random.default_rng(seed)
    trees = [random_heads(rng, int(rng.integers(5, most + 1))) for _ in range(n)]
    rows = np.concatenate([paths(heads, most) for heads in trees])
    states = np.concatenate([rows, rng.normal(size=(len(rows), distractors))], 1)
    if distractors:
        states = states @ np.linalg.qr(rng.normal(size=(states.shape[1],) * 2))[0]
    states = states + noise * rng.normal(size=states.shape)
    cut = (int(0.7 * n), int(0.85 * n))
    split = Split(tuple(range(cut[0])), tuple(range(*cut)), tuple(range(cut[1], n)))
    corpus = Corpus(tuple(sentence(heads, f"s{i}") for i, heads in enumerate(trees)), split, "trees")
    targets = pw.TreeTask().targets(corpus)
    noise_alone = rng.normal(size=states.shape)
    return Activations.from_arrays(np.stack([noise_alone, states]).astype(np.float32), targets, corpus)


def exact(width: int) -> FittedStructural:
    return FittedStructural(np.eye(width), np.eye(width), np.zeros(width), True)


class Known(pw.StructuralProbe):
    """A probe that learns nothing."""

    def fit(self, X: np.ndarray, *_: object) -> FittedStructural:
        return exact(X.shape[1])


def test_states_that_are_paths_to_the_root_give_the_tree_exactly() -> None:
    sweep = pw.sweep(treebank(60), Known(standardise=False), progress=False)
    score = sweep.score(1)
    assert (score.uuas.value, score.root.value) == (1, 1)
    assert score.distance_spearman.value == pytest.approx(1)
    assert score.depth_spearman.value == pytest.approx(1)
    assert sweep.score(0).uuas.value < 0.5


def test_predicted_heads_are_the_gold_ones() -> None:
    heads = random_heads(np.random.default_rng(3), 9)
    assert exact(9).heads(paths(heads, 9)) == tuple(heads)


def test_a_rotation_of_the_map_changes_nothing() -> None:
    X = np.random.default_rng(0).normal(size=(7, 5))
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(5, 5)))[0]
    turned = FittedStructural(turn, turn, np.zeros(5), True)
    np.testing.assert_allclose(turned.distances(X), exact(5).distances(X), atol=1e-12)
    np.testing.assert_allclose(turned.depths(X), exact(5).depths(X), atol=1e-12)


def test_the_tree_is_found_among_distractors_if_the_rank_suffices() -> None:
    acts = treebank(280, most=9, distractors=7, noise=0.03)
    one, enough = (
        pw.sweep(acts, pw.StructuralProbe(rank=rank, epochs=epochs, standardise=False), progress=False)
        for rank, epochs in ((1, 20), (16, 70))
    )
    assert one.score(1).uuas.value < 0.5
    assert enough.score(1).uuas.value > 0.9
    assert enough.score(1).depth_spearman.value > 0.9
    assert enough.score(0).uuas.value < 0.5
    assert enough.score(0).uuas.value == pytest.approx(enough.baseline("chain").value, abs=0.15)
    assert list(enough.table().index) == [0, 1]
    assert repr(enough).startswith("Sweep('tree' on 'arrays': 2 layers, best on dev: layer 1, test uuas 0.9")
    assert enough.best.layer == 1
    report = enough.report()
    assert scores_of(enough)[1]["UUAS"].startswith("0.9") and "chain: 0." in report and "read off 'arrays'" in report


def test_with_rank_2_no_tree_is_found_and_with_the_full_rank_all_of_it() -> None:
    acts = treebank(400, most=8, distractors=8, noise=0.03)
    acts = replace(acts, layers=(1,), states=np.asarray(acts.states)[1:])
    two, full = (
        pw.sweep(acts, pw.StructuralProbe(rank=rank, epochs=epochs, standardise=False), bootstrap=20, progress=False)
        for rank, epochs in ((2, 20), (16, 60))
    )
    assert two.score(1).uuas.value <= 0.35
    assert full.score(1).uuas.value >= 0.97


def test_in_which_order_sentences_come_changes_nothing() -> None:
    acts = treebank(60, noise=0.3)
    order = np.random.default_rng(0).permutation(len(acts.corpus))
    place = np.argsort(order)
    corpus = Corpus(
        tuple(acts.corpus[int(i)] for i in order),
        Split(*(tuple(int(place[i]) for i in side) for _, side in acts.corpus.split.items())),
        "turned",
    )
    rows = np.concatenate([np.flatnonzero(acts.targets.example == i) for i in order])
    targets = acts.targets.take(rows)
    turned = replace(
        acts,
        states=np.asarray(acts.states)[:, rows],
        corpus=corpus,
        targets=replace(targets, example=place[targets.example]),
    )
    one, other = (pw.sweep(some, Known(standardise=False), bootstrap=20, progress=False) for some in (acts, turned))
    assert one.score(1).uuas.value < 1  # noise: there is something that could change
    for name in ("uuas", "distance_spearman", "root", "depth_spearman"):
        assert getattr(one.score(1), name).value == pytest.approx(getattr(other.score(1), name).value, abs=1e-12)


def test_test_rows_change_neither_scaler_nor_maps() -> None:
    acts = treebank(60, noise=0.1)
    states = np.array(acts.states)
    states[:, acts.rows("test")] = 7 * np.random.default_rng(0).normal(size=states[:, acts.rows("test")].shape)
    probe = pw.StructuralProbe(rank=3, epochs=3)
    one, other = (pw.sweep(some, probe, bootstrap=20, progress=False) for some in (acts, replace(acts, states=states)))
    for a, b in zip(one.probes, other.probes, strict=True):
        for name in ("distance_", "depth_", "centre_"):
            np.testing.assert_array_equal(getattr(a, name), getattr(b, name))
    assert one.score(1) != other.score(1)


def test_standardised_or_not_the_probe_takes_raw_states() -> None:
    acts = treebank(60)
    probe = pw.StructuralProbe(rank=4, epochs=2)
    fitted = pw.sweep(acts, probe, progress=False).probes[1]
    X = acts.layer(1)
    scaler_free = pw.sweep(
        replace(acts, states=(np.asarray(acts.states) * 10 + 3).astype(np.float32)), probe, progress=False
    ).probes[1]
    np.testing.assert_allclose(fitted.distances(X[:5]), scaler_free.distances(X[:5] * 10 + 3), rtol=1e-2, atol=1e-4)
    np.testing.assert_allclose(fitted.depths(X[:5]), scaler_free.depths(X[:5] * 10 + 3), rtol=1e-2, atol=1e-4)


def test_punctuation_is_in_neither_tree() -> None:
    heads = [2, 0, 2, 3]  # the full stop hangs somewhere in the middle
    examples = tuple(sentence(heads, f"s{i}", punctuation=True) for i in range(6))
    corpus = Corpus(examples, Split((0, 1), (2, 3), (4, 5)), "stops")
    states = np.concatenate([paths(heads, 4)] * 6)
    states[3::4] = 50.0  # its state says nothing sensible
    acts = Activations.from_arrays(states[None], pw.TreeTask().targets(corpus), corpus)
    assert pw.sweep(acts, Known(standardise=False), progress=False).scores[0].uuas.value == 1


def test_a_split_without_trees_and_other_tasks_are_refused() -> None:
    acts = treebank(30)
    corpus = replace(acts.corpus, split=Split(tuple(range(30)), (), ()))
    with pytest.raises(DataError, match="The dev side has no sentence of two words or more with a tree"):
        pw.sweep(replace(acts, corpus=corpus), pw.StructuralProbe(), progress=False)
    for asked in ({"control": 1}, {"random": acts}, {"seeds": 2}):
        with pytest.raises(ProbeError, match=f"A sweep of StructuralProbe cannot be asked for {next(iter(asked))}="):
            pw.sweep(acts, pw.StructuralProbe(), **asked)  # type: ignore[arg-type]
    with pytest.raises(ProbeError, match="rank must be a whole number >= 1"):
        pw.StructuralProbe(rank=0)


def test_a_depth_is_a_number_that_ridge_can_be_swept_for() -> None:
    acts = treebank(60)
    assert acts.targets.kind == "number"
    assert pw.sweep(acts, pw.RidgeProbe(), progress=False).best.layer == 1


def test_layers_side_by_side_give_what_each_gives_alone_and_an_error_of_one_ends_the_rest() -> None:
    acts, before = treebank(60, 8, 4), torch.get_num_threads()
    acts = Activations.from_arrays(np.concatenate([acts.states[:], acts.states[:] + 1]), acts.targets, acts.corpus)
    probe = pw.StructuralProbe(rank=4, epochs=3)
    torch.set_num_threads(3)
    try:
        together = pw.sweep(acts, probe, progress=False)
        torch.set_num_threads(1)
        alone = pw.sweep(acts, probe, progress=False)
        assert [score.layer for score in together.scores] == [0, 1, 2, 3]
        for ours, theirs in zip(together.probes, alone.probes, strict=True):
            np.testing.assert_array_equal(ours.distance_, theirs.distance_)
        torch.set_num_threads(2)
        broken = Activations.from_arrays(
            np.where(np.arange(4) == 1, np.nan, 1)[:, None, None] * acts.states[:], acts.targets, acts.corpus
        )
        with pytest.raises(ProbeError, match="NaN"):
            pw.sweep(broken, probe, progress=False)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
