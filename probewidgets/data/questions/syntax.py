"""Tasks that the constituency tree decides: how deep it is, and what it is made of at the top."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example
from probewidgets.data.questions.building import Labelled, built, distinct, fewest_and_most, is_word, trimmed
from probewidgets.data.sampling import generator
from probewidgets.data.trees import Tree, tree_of
from probewidgets.errors import DataError, whole_number

__all__ = ["top_constituents", "tree_depth"]

OTHER = "OTHER"
"""The label of all sequences that are not among the commonest."""


def tree_depth(
    corpus: Corpus,
    *,
    depths: tuple[int, int] = (5, 12),
    most_correlation: float = 0.05,
    least: int = 20,
    seed: int = 0,
) -> Corpus:
    """Depth of a sentence's tree: the most brackets around a word, its tag among them.

    Deep trees are long, so the sentences are drawn such that depth does not say length: deep and long ones, and flat
    and short ones, are left out at random until the two are uncorrelated. The sides stay as they are.
    Labels are numbers; `SentenceTask("tree_depth", regression=True)` reads them in their order.

    Args:
        corpus: A corpus with trees, as `read_trees` and `english` give them.
        depths: First and last depth.
        most_correlation: Between depth and words, at most, over all that is drawn.
        least: Sentences that a depth must have after the draw; rarer ones are left out.
        seed: Of the draw.

    Raises:
        DataError: There are no trees, or no draw is that uncorrelated.

    Source: Conneau et al. 2018, section 2 (TreeDepth).
    """
    first, last = fewest_and_most("depths", depths)
    whole_number("least", least, 0, DataError)
    random = generator(seed)
    rows = [
        (side, example, tree.depth)
        for side, example, tree in _trees("tree_depth", corpus)
        if first <= tree.depth <= last
    ]
    needed = f"sentences with trees {first} to {last} brackets deep, deep ones short and flat ones long as well"
    chosen: list[tuple[str, Example, int]] = []
    if len(rows) > 1:
        depth = np.array([depth for _, _, depth in rows])
        length = np.array([len(example.words) for _, example, _ in rows])
        chosen = [rows[i] for i in _decorrelated(depth, length, most_correlation, random)]
    counts = Counter(depth for _, _, depth in chosen)
    sides: dict[str, list[Labelled]] = {"train": [], "dev": [], "test": []}
    for side, example, number in chosen:
        if counts[number] >= least:
            sides[side].append((example, str(number)))
    return built("tree_depth", corpus, sides, needed)


def _decorrelated(
    depth: npt.NDArray[np.int64], length: npt.NDArray[np.int64], most: float, random: np.random.Generator
) -> npt.NDArray[np.int64]:
    """The largest draw in which the two are correlated by no more than `most`: indices, in order; or none.

    A row stays with a probability of exp(-strength * z(depth) * z(length)), 1 at most: of all distributions without
    the correlation, an exponential tilt is the nearest to the one there is.

    Source: Csiszar 1975, "I-divergence geometry of probability distributions and minimization problems", section 3.
    """
    if min(depth.std(), length.std()) == 0:
        return np.arange(0)
    concord = (depth - depth.mean()) / depth.std() * (length - length.mean()) / length.std()
    concord *= np.sign(concord.mean())
    chance = random.random(len(depth))
    for strength in np.arange(0, 10, 0.05):
        kept = np.flatnonzero(chance < np.exp(-strength * concord))
        spread = len(kept) and min(depth[kept].std(), length[kept].std())
        if spread and abs(np.corrcoef(depth[kept], length[kept])[0, 1]) <= most:
            return kept
    return np.arange(0)


def top_constituents(
    corpus: Corpus, *, n_labels: int = 20, least: int = 30, balanced: bool = True, seed: int = 0
) -> Corpus:
    """Phrases at the top of a sentence's tree, from left to right: `NP_VP_.`, `CC_NP_VP_.`, ..., or OTHER.

    Only sentences that end in a full stop's tag and have no other punctuation count. The sides stay as they are.

    Args:
        corpus: A corpus with trees, as `read_trees` and `english` give them.
        n_labels: K at most: the K - 1 commonest sequences, and OTHER for the rest.
        least: Sentences that a sequence must have; rarer ones are OTHER.
        balanced: Whether every side has as many sentences of each label as of its rarest.
        seed: Of the draw.

    Raises:
        DataError: There are no trees, or too few of two sequences.

    Source: Conneau et al. 2018, section 2 (TopConst).
    """
    for name, value, fewest in (("n_labels", n_labels, 2), ("least", least, 0)):
        whole_number(name, value, fewest, DataError)
    random = generator(seed)
    rows = [
        (side, example, "_".join(child.label if isinstance(child, Tree) else child for child in tree.children))
        for side, example, tree in _trees("top_constituents", corpus)
        if _ends_plainly(example, tree)
    ]
    counts = Counter(sequence for _, _, sequence in rows)
    common = [sequence for sequence, n in counts.most_common(n_labels - 1) if n >= least]
    sides: dict[str, list[Labelled]] = {"train": [], "dev": [], "test": []}
    for side, example, sequence in rows:
        sides[side].append((example, sequence if sequence in common else OTHER))
    if sum(counts[sequence] for sequence in counts if sequence not in common) < least:
        sides = {side: [row for row in labelled if row[1] != OTHER] for side, labelled in sides.items()}
    sides = trimmed(sides, random) if balanced else sides
    needed = f"trees that end in '.' without other punctuation, {least} for each of two sequences"
    return built("top_constituents", corpus, sides, needed)


def _ends_plainly(example: Example, tree: Tree) -> bool:
    last = tree.children[-1]
    return isinstance(last, Tree) and last.label == "." and all(map(is_word, example.forms[:-1]))


def _trees(task: str, corpus: Corpus) -> Sequence[tuple[str, Example, Tree]]:
    """(side, example, tree) of every sentence that has one."""
    trees = [
        (side, example, tree)
        for side, examples in distinct(task, corpus).items()
        for example in examples
        if (tree := tree_of(example)) is not None
    ]
    if not trees:
        raise DataError(f"{task}: no sentence of {corpus.name!r} has a tree. Use read_trees(...) or corpora.english().")
    return trees
