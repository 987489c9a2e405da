"""The task of two coordinate clauses that were swapped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example, Span
from probewidgets.data.questions.building import distinct, is_word, tags_of
from probewidgets.data.questions.changing import QUOTES, Changeable, Texts, halved
from probewidgets.data.sampling import generator
from probewidgets.data.trees import Tree, tree_of
from probewidgets.errors import DataError

__all__ = ["coordination_inversion"]


@dataclass(frozen=True)
class _Clauses:
    """Two coordinate clauses: their words, `[0, end)` and `[start, stop)`."""

    end: int
    start: int
    stop: int


def coordination_inversion(corpus: Corpus, *, seed: int = 0) -> Corpus:
    """Sentences whose two coordinate clauses were swapped, or not: O (original) or I (inverted).

    The sentence is two clauses with one conjunction between them, and no other conjunction. Where it begins with a
    capital, what then begins it gets one, and what began it loses it, unless it is a name or `I`. Half of each side is
    changed, no sentence is there in both versions, and either clause is the longer one as often, so that lengths say
    nothing. Only the words can be labelled afterwards. The sides stay as they are.

    Args:
        corpus: A corpus with trees (`read_trees`, `english`), or with heads, relations and tags (`read_conllu`).
        seed: Of the draw.

    Raises:
        DataError: A side has no two such sentences; the heads of one run in a circle.

    Source: Conneau et al. 2018, section 2 (CoordInv).
    """
    random = generator(seed)
    sides = distinct("coordination_inversion", corpus)
    texts = Texts.of(sides)
    changeable: dict[str, list[Changeable]] = {}
    for side, examples in sides.items():
        strata: dict[int, list[Changeable]] = {-1: [], 0: [], 1: []}
        for example in examples:
            clauses = _clauses(example)
            if clauses is not None and texts.new(inverted := _inverted(example, clauses)):
                longer = int(np.sign(clauses.end - (clauses.stop - clauses.start)))
                strata[longer].append((example, inverted, longer))
        fewer = min(len(strata[-1]), len(strata[1]))
        kept = {k: random.permutation(len(rows))[: fewer if k else None] for k, rows in strata.items()}
        changeable[side] = [strata[k][i] for k, chosen in kept.items() for i in chosen]
    needed = "sentences of two clauses with one conjunction between them"
    return halved("coordination_inversion", corpus, changeable, ("O", "I"), random, needed)


def _clauses(example: Example) -> _Clauses | None:
    """The two clauses of a sentence that consists of them."""
    tags = tags_of(example)
    conjunctions = [i for i, tag in enumerate(tags) if tag in ("CC", "CCONJ")]
    stop = len(example.words)
    while stop and not is_word(example.forms[stop - 1]):
        stop -= 1
    if len(conjunctions) != 1 or not 0 < conjunctions[0] < stop - 1:
        return None
    start, end = conjunctions[0] + 1, conjunctions[0]
    while end and not is_word(example.forms[end - 1]):
        end -= 1
    clauses = _Clauses(end, start, stop)
    # Two words of one token, which share its characters, cannot be parted.
    if any(example.words[k - 1].end > example.words[k].start for k in (end, start, stop) if 0 < k < len(example.words)):
        return None
    tree = tree_of(example)
    fits = _two_clauses(tree, clauses) if tree is not None else _two_roots(example, clauses)
    return clauses if end and fits and not QUOTES.intersection(example.text) else None


def _two_clauses(tree: Tree, clauses: _Clauses) -> bool:
    """Tell whether each is a clause, an S, right under the top of the tree."""
    ranges, at = [], 0
    for child in tree.children:
        size = child.size if isinstance(child, Tree) else 1
        if isinstance(child, Tree) and child.label == "S":
            ranges.append((at, at + size))
        at += size
    return ranges == [(0, clauses.end), (clauses.start, clauses.stop)]


def _two_roots(example: Example, clauses: _Clauses) -> bool:
    """Tell whether each hangs on a word with a subject: the root on the left, its `conj` on the right."""
    heads, relations = (example.annotations.get(name) for name in ("head", "deprel"))
    if heads is None or relations is None or heads.count(0) != 1:
        return False
    root = heads.index(0)
    second = [i for i, (h, name) in enumerate(zip(heads, relations, strict=True)) if h == root + 1 and name == "conj"]
    subjects = {h - 1 for h, name in zip(heads, relations, strict=True) if h and str(name)[:5] in ("nsubj", "csubj")}
    if len(second) != 1 or not {root, second[0]} <= subjects:
        return False
    right = [_hangs_on(example, i, second[0], heads) for i in range(len(heads))]
    return not any(right[: clauses.end]) and all(right[clauses.start : clauses.stop])


def _hangs_on(example: Example, i: int, top: int, heads: Sequence[Any]) -> bool:
    """Tell whether word i is `top`, or depends on it over any number of words."""
    for _ in heads:
        if i == top:
            return True
        if not heads[i]:
            return False
        i = heads[i] - 1
    raise DataError(f"Example {example.id!r}: its heads run in a circle, so it has no tree: {list(heads)}. Mend it.")


def _inverted(example: Example, clauses: _Clauses) -> Example:
    text, words, forms, tag = example.text, example.words, example.forms, str(tags_of(example)[0])
    capital = text[words[0].start].isupper() and not text[words[clauses.start].start].isupper()
    # What is a name, `I`, or written in capitals keeps its first letter.
    own = tag.startswith("NNP") or tag == "PROPN" or forms[0].split("'")[0] == "I" or forms[0][1:2].isupper()
    return _joined(
        example,
        [
            _Piece((clauses.start, clauses.stop), "upper" if capital else ""),
            _Piece((clauses.end, clauses.start), ""),
            _Piece((0, clauses.end), "lower" if capital and not own else ""),
            _Piece((clauses.stop, len(words)), ""),
        ],
    )


@dataclass(frozen=True)
class _Piece:
    """Words of a sentence that move together, and what becomes of the first one's first letter."""

    words: tuple[int, int]
    letter: str


def _joined(example: Example, pieces: Sequence[_Piece]) -> Example:
    """The pieces in their new order; the spaces between two places of the sentence stay in these places."""
    text, words = "", []
    old = sorted(piece.words for piece in pieces if piece.words[0] < piece.words[1])
    gaps = [example.text[example.words[a[1] - 1].end : example.words[b[0]].start] for a, b in pairwise(old)]
    for (low, high), letter in ((p.words, p.letter) for p in pieces if p.words[0] < p.words[1]):
        start = example.words[low].start
        shift = len(text) - start
        piece = example.text[start : example.words[high - 1].end]
        initial = {"upper": piece[0].upper(), "lower": piece[0].lower()}.get(letter, piece[0])
        text += (initial if len(initial) == 1 else piece[0]) + piece[1:] + (gaps.pop(0) if gaps else "")
        words += [Span(span.start + shift, span.end + shift) for span in example.words[low:high]]
    return Example(text, tuple(words), id=example.id)
