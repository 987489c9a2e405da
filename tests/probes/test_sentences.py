"""Training on whole sentences: batches are drawn from all, anew for each epoch, as a plain implementation does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch

import probewidgets as pw
from probewidgets.data.dependencies import depths, distances
from probewidgets.methods.heads.bilinear import Arcs
from probewidgets.methods.trees.probe import Tree, _depth_slopes, _depths, _distance_slopes, _distances, _Trees
from probewidgets.probes.maps import Fit, Trained, train_on_sentences
from probewidgets.probes.sentences import Sentences, Words, alike

LENGTHS = (2 + np.random.default_rng(0).geometric(0.06, 1000)).tolist()
"""Of sentences as they are: many short ones, few long ones."""


def test_groups_hold_each_sentence_once_beside_those_of_like_length() -> None:
    groups = alike(LENGTHS, 20)
    assert sorted(i for group in groups for i in group) == list(range(1000))
    assert {len(group) for group in groups} == {20}
    ends = [(min(LENGTHS[i] for i in group), max(LENGTHS[i] for i in group)) for group in groups]
    assert all(longest <= shortest for (_, longest), (shortest, _) in pairwise(ends))
    assert alike(LENGTHS[:5], 3, torch.tensor([4, 1])) == [sorted([1, 4], key=LENGTHS.__getitem__)]


SENTENCES = np.split(np.arange(300), np.arange(5, 300, 5))
"""60 sentences of 5 words: three batches."""
UNEVEN = np.split(np.arange(300), np.cumsum(np.arange(59) % 9 + 1))
"""60 sentences of 1 to 15 words."""


def fit_trees(X: np.ndarray, sentences: Sequence[np.ndarray] = SENTENCES) -> Any:
    """Each word hangs on the one before it."""
    far = np.abs(np.subtract.outer(np.arange(15), np.arange(15)))
    trees = [Tree(rows, np.arange(len(rows)), far[: len(rows), : len(rows)]) for rows in sentences]
    return pw.StructuralProbe(rank=2, epochs=4).fit(X, trees)


def fit_heads(probe: Any) -> Callable[..., Any]:
    """Each word is attached to the one before it; the first is to none."""
    return lambda X, sentences=SENTENCES: probe.fit(X, [Arcs(rows, np.arange(len(rows)) - 1) for rows in sentences])


@pytest.mark.parametrize(
    "fit",
    [fit_trees, fit_heads(pw.BilinearProbe(rank=2, epochs=4)), fit_heads(pw.PairwiseMLPProbe(hidden=2, epochs=4))],
    ids=["structural", "bilinear", "pairwise"],
)
def test_probes_of_sentences_are_trained_on_batches_drawn_anew_for_each_epoch(
    fit: Callable[[np.ndarray], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[frozenset[int]] = []
    laid = Sentences.laid

    def spy(sentences: Any, members: torch.Tensor) -> Any:
        seen.append(frozenset(members.tolist()))
        return laid(sentences, members)

    monkeypatch.setattr(Sentences, "laid", spy)
    fit(np.random.default_rng(0).normal(size=(300, 4)).astype(np.float32))
    batches = [batch for batch in seen if len(batch) == 20]  # dev comes as a whole
    assert len(set(batches)) == 4 * 3  # of batches that never change there would be three in all


@pytest.mark.parametrize(
    "fit",
    [fit_trees, *(fit_heads(pw.BilinearProbe(rank=2, epochs=4, linear=linear)) for linear in (False, True))],
    ids=["structural", "bilinear", "with a linear term"],
)
def test_a_gradient_that_is_written_down_trains_as_that_of_autograd(
    fit: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    X = np.random.default_rng(0).normal(size=(300, 4)).astype(np.float32)
    by_hand, new = fit(X, UNEVEN), Fit.__init__
    monkeypatch.setattr(Fit, "__init__", lambda fit, matrix, loss, slopes, rest=(): new(fit, matrix, loss, None, rest))
    by_autograd = fit(X, UNEVEN)
    assert by_hand.dev_loss == pytest.approx(by_autograd.dev_loss, rel=1e-5)
    for ours, theirs in zip(by_hand.arrays().values(), by_autograd.arrays().values(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-4)


class Plain(Sentences[Words]):
    """Sentences of which nothing is to be learned."""

    def asked(self, words: Words) -> Words:
        return words


def test_words_lie_one_after_the_other_and_stand_where_they_are_in_their_sentence() -> None:
    rng = np.random.default_rng(0)
    X, mixed = rng.normal(size=(sum(LENGTHS), 3)).astype(np.float32), rng.permutation(sum(LENGTHS))
    rows = np.split(mixed, np.cumsum(LENGTHS)[:-1])
    X.flags.writeable = False  # as a file that is mapped
    members = torch.tensor([7, 3, 900, 12])
    laid = Plain(X, rows).laid(members)
    ((those, words),) = laid.parts
    assert laid.n == 4 and sorted(words.members.tolist()) == sorted(members.tolist())
    grid = words.grid(laid.states[those], -1)
    assert grid.shape == (4, max(LENGTHS[i] for i in members), 3)
    for sentence, member in zip(grid, words.members.tolist(), strict=True):
        n = LENGTHS[member]
        assert np.array_equal(sentence[:n], X[rows[member]]) and (sentence[n:] == -1).all()
    in_order = np.concatenate([rows[i] for i in words.members.tolist()])
    assert np.array_equal(np.concatenate(rows)[words.at], in_order)
    assert torch.equal(words.out_of(grid), laid.states[those]) and not laid.states[those.stop :].any()


def test_parts_hold_each_sentence_once_beside_those_of_like_length_and_few_pairs_of_words() -> None:
    lengths = [*LENGTHS, 400]
    sentences = Plain(
        np.zeros((sum(lengths), 1), np.float32), np.split(np.arange(sum(lengths)), np.cumsum(lengths)[:-1])
    )
    parts = sentences.laid(torch.arange(1001)).parts
    there = [words.there for _, words in parts]
    assert sorted(n for part in there for n in part.sum(1).tolist()) == sorted(lengths)
    assert there[0].shape == (1, 400), "one that is too long for any part is alone"
    assert max(len(part) * part.shape[1] ** 2 for part in there[1:]) <= 40_000
    assert all(first.sum(1).min() >= second.sum(1).max() for first, second in pairwise(there))
    ends = [0, *np.cumsum([int(part.sum()) for part in there]).tolist()]
    assert [(rows.start, rows.stop) for rows, _ in parts] == list(pairwise(ends))


def random_tree(rng: np.random.Generator, n: int, first: int, most: int) -> tuple[Tree, np.ndarray]:
    """A tree of n words, and each word as the edges on its way to the root: its distances are those of the tree."""
    heads = [0, *(int(rng.integers(place)) + 1 for place in range(1, n))]
    states = np.zeros((n, most), np.float32)
    for word in range(1, n):
        states[word] = states[heads[word] - 1]
        states[word, word] = 1
    return Tree(np.arange(first, first + n), depths(heads), distances(heads)), states


def noisy_trees(n: int, most: int = 20) -> tuple[np.ndarray, list[Tree]]:
    """Sentences of 5 to `most` words, their trees among as many features of noise."""
    rng, first, sentences, parts = np.random.default_rng(0), 0, list[Tree](), list[np.ndarray]()
    for length in rng.integers(5, most + 1, n).tolist():
        tree, states = random_tree(rng, length, first, most)
        sentences.append(tree)
        parts.append(states)
        first += length
    X = np.concatenate(parts)
    X = np.concatenate([X, rng.normal(size=X.shape)], 1) @ np.linalg.qr(rng.normal(size=(2 * most, 2 * most)))[0]
    return (X + 0.1 * rng.normal(size=X.shape)).astype(np.float32), sentences


def plainly(X: np.ndarray, train: Sequence[Tree], dev: Sequence[Tree], probe: pw.StructuralProbe) -> float:
    """The least loss on dev of a distance probe that is trained as published, one sentence at a time, in float64."""
    assert probe.rank is not None
    random = torch.Generator().manual_seed(probe.seed)
    B = ((2 * torch.rand((probe.rank, X.shape[1]), generator=random) - 1) * 0.05).double().requires_grad_()
    adam, states = torch.optim.Adam([B], lr=1e-3), torch.from_numpy(X).double()

    def loss(tree: Tree) -> torch.Tensor:
        mapped = states[tree.rows] @ B.T
        return ((mapped[:, None] - mapped).square().sum(2) - torch.from_numpy(tree.distances)).abs().mean()

    least, waited = np.inf, 0
    for _ in range(probe.epochs):
        for batch in torch.randperm(len(train), generator=random).split(20):
            adam.zero_grad()
            torch.stack([loss(train[i]) for i in batch.tolist()]).mean().backward()
            adam.step()
        with torch.no_grad():
            now = float(torch.stack([loss(tree) for tree in dev]).mean())
        least, waited = (now, 0) if now < least - 1e-4 else (least, waited + 1)
        if waited:
            adam.param_groups[0]["lr"] /= 2
        if waited == 5:
            break
    return least


def test_a_structural_probe_is_trained_as_well_as_a_plain_implementation() -> None:
    X, sentences = noisy_trees(200)
    train, dev = sentences[:160], sentences[160:]
    probe = pw.StructuralProbe(rank=16, epochs=25)
    fitted = probe.fit(X, train, X, dev)
    assert fitted.dev_loss == pytest.approx(plainly(X, train, dev, probe), rel=2e-3)


def test_fits_that_are_trained_together_are_what_each_is_alone() -> None:
    X, sentences = noisy_trees(120)
    train, dev = (_Trees(X, some) for some in (sentences[:80], sentences[80:]))
    kinds: list[tuple[Any, Any, float]] = [(_distances, _distance_slopes, 1.0), (_depths, _depth_slopes, 0.1)]

    def trained(kinds: list[tuple[Any, Any, float]]) -> list[Trained]:
        random = torch.Generator().manual_seed(0)
        first = torch.linspace(-0.05, 0.05, 8 * X.shape[1]).view(8, -1)
        fits = [Fit(first * scale, loss, slopes) for loss, slopes, scale in kinds]
        return train_on_sentences(fits, train, dev, epochs=30, gain=0.02, random=random)

    together, alone = trained(kinds), [trained([kind])[0] for kind in kinds]
    assert [fit.converged for fit in together] == [fit.converged for fit in alone]
    for one, other in zip(together, alone, strict=True):
        assert one.dev_loss == pytest.approx(other.dev_loss, rel=1e-3)
        np.testing.assert_allclose(one.weights[0], other.weights[0], atol=2e-3)
