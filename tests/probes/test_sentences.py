"""Batches of whole sentences: of about one length, and drawn anew for each epoch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pytest
import torch

import probewidgets as pw
from probewidgets.methods.heads import bilinear
from probewidgets.methods.heads.bilinear import Arcs
from probewidgets.methods.trees import probe as trees
from probewidgets.methods.trees.probe import Tree
from probewidgets.probes.sentences import drawn, in_order

LENGTHS = (2 + np.random.default_rng(0).geometric(0.06, 1000)).tolist()
"""Of sentences as they are: many short ones, few long ones."""


def epochs(n: int, seed: int = 0, **options: int) -> list[list[list[int]]]:
    random = torch.Generator().manual_seed(seed)
    return [drawn(LENGTHS, random=random, **options) for _ in range(n)]


def padding(batches: Sequence[Sequence[int]]) -> float:
    """Words that the batches hold, those that fill them up among them, over those that there are."""
    return sum(len(batch) * max(LENGTHS[i] for i in batch) for batch in batches) / sum(LENGTHS)


def together(batches: Sequence[Sequence[int]]) -> set[tuple[int, int]]:
    """The pairs of sentences that share a batch."""
    return {pair for batch in batches for pair in combinations(sorted(batch), 2)}


def test_each_sentence_stands_once_in_each_epoch() -> None:
    for batches in (*epochs(3), in_order(LENGTHS)):
        assert sorted(i for batch in batches for i in batch) == list(range(1000))
        assert {len(batch) for batch in batches} == {20}
    (uneven,) = (drawn([3] * 45),)
    assert sorted(map(len, uneven)) == [5, 20, 20]
    assert drawn([4]) == [[0]]


def test_a_sentence_has_other_companions_in_each_epoch_where_order_by_length_alone_never_changes_them() -> None:
    first, second = map(together, epochs(2))
    assert len(first & second) < 0.1 * len(first)
    assert together(in_order(LENGTHS)) == together(in_order(LENGTHS))


def test_no_batch_stands_for_one_length_alone_and_yet_little_is_filled_up() -> None:
    (mixed,), (shuffled,) = epochs(1), epochs(1, alike=1)
    assert padding(in_order(LENGTHS)) < padding(mixed) < 0.75 * padding(shuffled)
    spread = [max(LENGTHS[i] for i in batch) - min(LENGTHS[i] for i in batch) for batch in mixed]
    same = [max(LENGTHS[i] for i in batch) - min(LENGTHS[i] for i in batch) for batch in in_order(LENGTHS)]
    assert np.median(same) <= 1 < np.median(spread)


def test_equal_seeds_give_equal_batches() -> None:
    assert epochs(2, seed=3) == epochs(2, seed=3) != epochs(2, seed=4)


SENTENCES = np.split(np.arange(300), np.arange(5, 300, 5))
"""60 sentences of 5 words: three batches."""


def fit_trees(X: np.ndarray) -> Any:
    far = np.abs(np.subtract.outer(np.arange(5), np.arange(5)))
    return pw.StructuralProbe(rank=2, epochs=4).fit(X, [Tree(rows, np.arange(5), far) for rows in SENTENCES])


def fit_heads(probe: Any) -> Callable[[np.ndarray], Any]:
    return lambda X: probe.fit(X, [Arcs(rows, np.arange(5)) for rows in SENTENCES])


@pytest.mark.parametrize(
    ("module", "fit"),
    [
        (trees, fit_trees),
        (bilinear, fit_heads(pw.BilinearProbe(rank=2, epochs=4))),
        (bilinear, fit_heads(pw.PairwiseMLPProbe(hidden=2, epochs=4))),
    ],
    ids=["structural", "bilinear", "pairwise"],
)
def test_probes_of_sentences_are_trained_on_batches_drawn_anew_for_each_epoch(
    module: Any, fit: Callable[[np.ndarray], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[frozenset[int]] = []
    padded = module.padded

    def spy(X: np.ndarray, rows: Sequence[np.ndarray]) -> torch.Tensor:
        seen.append(frozenset(int(words[0]) for words in rows))
        return padded(X, rows)

    monkeypatch.setattr(module, "padded", spy)
    X = np.random.default_rng(0).normal(size=(300, 4)).astype(np.float32)
    fit(X)
    assert all(len(batch) == 20 for batch in seen)
    assert len(set(seen)) > 9  # of three batches that never change there would be three
