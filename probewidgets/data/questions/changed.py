"""Tasks that tell sentences as they were written from sentences that were changed in one place."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example, Span
from probewidgets.data.questions.building import Labelled, built, distinct, fewest_and_most, halves, is_word, tags_of
from probewidgets.data.sampling import generator
from probewidgets.data.splits import normalised
from probewidgets.data.trees import Tree, tree_of
from probewidgets.errors import DataError

__all__ = ["bigram_shift", "coordination_inversion", "odd_man_out"]

QUOTES = frozenset('"“”„«»`')
COMPARABLE = 2
"""How many times as frequent one of two bigrams may be: counts plus one."""


Changeable = tuple[Example, Example, object]
"""A sentence as it is, as it would be, and its stratum: in each, as many are changed as stay."""


def _halved(
    task: str,
    corpus: Corpus,
    sides: Mapping[str, Sequence[Changeable]],
    labels: tuple[str, str],
    random: np.random.Generator,
    needed: str,
) -> Corpus:
    """Half of the sentences stay as they are, half are changed; `labels` are those of the two."""
    made: dict[str, list[Labelled]] = {}
    for side, rows in sides.items():
        stay, change = halves([stratum for _, _, stratum in rows], random)
        both = {i: (_plain(rows[i][0]), labels[0]) for i in stay} | {i: (rows[i][1], labels[1]) for i in change}
        made[side] = [row for _, row in sorted(both.items())]
    return built(task, corpus, made, needed)


@dataclass(frozen=True)
class _Texts:
    """Every text that is there or was made, so that none is made twice."""

    seen: set[str]

    @staticmethod
    def of(sides: Mapping[str, Sequence[Example]]) -> _Texts:
        return _Texts({normalised(example.text) for examples in sides.values() for example in examples})

    def new(self, example: Example) -> bool:
        """Whether its text is a new one; from now on, it is not."""
        text = normalised(example.text)
        found = text not in self.seen
        self.seen.add(text)
        return found


def _plain(example: Example) -> Example:
    """Text and words alone: annotations and tree would not fit a sentence that was changed."""
    return Example(example.text, example.words, id=example.id)


def _with_forms(example: Example, forms: Mapping[int, str]) -> Example:
    """The sentence with other words in some places, and all else as it was."""
    old, text, done = example.words, "", 0
    for i in sorted(forms):
        text += example.text[done : old[i].start] + forms[i]
        done = old[i].end
    longer = {i: len(form) - (old[i].end - old[i].start) for i, form in forms.items()}
    words = []
    for i, span in enumerate(old):
        # Words may share their characters, but not with one that was replaced.
        start = span.start + sum(more for j, more in longer.items() if old[j].end <= span.start)
        words.append(Span(start, start + span.end - span.start + longer.get(i, 0)))
    return Example(text + example.text[done:], tuple(words), id=example.id)


def _free(example: Example) -> list[bool]:
    """Which words have a space before them, and behind them a space, punctuation, or nothing.

    Not half of `don't`: put elsewhere, or replaced, it would be told by its apostrophe alone.
    """
    words, forms = example.words, example.forms
    free = []
    for i, (span, form) in enumerate(zip(words, forms, strict=True)):
        ahead = i > 0 and words[i - 1].end < span.start and example.text[span.start - 1].isspace()
        last = i + 1 == len(words)
        behind = last or span.end < words[i + 1].start or (span.end == words[i + 1].start and not is_word(forms[i + 1]))
        free.append(ahead and behind and is_word(form))
    return free


# --- two neighbours swapped ------------------------------------------------------------------------------------------


def bigram_shift(corpus: Corpus, *, seed: int = 0) -> Corpus:
    """Whether two neighbouring words were swapped: O (original) or I (inverted).

    The two are different, neither begins the sentence, neither is punctuation; sentences with double quotes are left
    out. Half of each side is changed, and no sentence is there in both versions. Only the words can be labelled: their
    annotations are gone, since they would not fit. The sides stay as they are.

    Args:
        corpus: Any corpus with words.
        seed: Of the draw.

    Raises:
        DataError: A side has no two such sentences.

    Source: Conneau et al. 2018, section 2 (BShift).
    """
    random = generator(seed)
    sides = distinct("bigram_shift", corpus)
    texts = _Texts.of(sides)
    found: dict[str, list[Changeable]] = {side: [] for side in sides}
    for side, examples in sides.items():
        for example in examples:
            pairs = [] if QUOTES.intersection(example.text) else _neighbours(example)
            if pairs:
                swapped = _swapped(example, pairs[int(random.integers(len(pairs)))])
                if texts.new(swapped):
                    found[side].append((example, swapped, 0))
    needed = "sentences without double quotes, with two different words side by side, spaces around them"
    return _halved("bigram_shift", corpus, found, ("O", "I"), random, needed)


def _neighbours(example: Example) -> list[int]:
    """The first of each two neighbours that can be swapped."""
    free, forms = _free(example), [form.lower() for form in example.forms]
    return [i for i in range(1, len(forms) - 1) if free[i] and free[i + 1] and forms[i] != forms[i + 1]]


def _swapped(example: Example, i: int) -> Example:
    forms = example.forms
    return _with_forms(example, {i: forms[i + 1], i + 1: forms[i]})


# --- two clauses swapped ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Clauses:
    """Two coordinate clauses: their words, `[0, end)` and `[start, stop)`."""

    end: int
    start: int
    stop: int


def coordination_inversion(corpus: Corpus, *, seed: int = 0) -> Corpus:
    """Whether the two coordinate clauses of a sentence were swapped: O (original) or I (inverted).

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
    texts = _Texts.of(sides)
    found: dict[str, list[Changeable]] = {}
    for side, examples in sides.items():
        strata: dict[int, list[Changeable]] = {-1: [], 0: [], 1: []}
        for example in examples:
            clauses = _clauses(example)
            if clauses is not None and texts.new(inverted := _inverted(example, clauses)):
                longer = int(np.sign(clauses.end - (clauses.stop - clauses.start)))
                strata[longer].append((example, inverted, longer))
        fewer = min(len(strata[-1]), len(strata[1]))
        kept = {k: random.permutation(len(rows))[: fewer if k else None] for k, rows in strata.items()}
        found[side] = [strata[k][i] for k, chosen in kept.items() for i in chosen]
    needed = "sentences of two clauses with one conjunction between them"
    return _halved("coordination_inversion", corpus, found, ("O", "I"), random, needed)


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
    """Whether each is a clause, an S, right under the top of the tree."""
    ranges, at = [], 0
    for child in tree.children:
        size = child.size if isinstance(child, Tree) else 1
        if isinstance(child, Tree) and child.label == "S":
            ranges.append((at, at + size))
        at += size
    return ranges == [(0, clauses.end), (clauses.start, clauses.stop)]


def _two_roots(example: Example, clauses: _Clauses) -> bool:
    """Whether each is what hangs on a word with a subject: the root on the left, its `conj` on the right."""
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
    """Whether word i is `top`, or depends on it over any number of words."""
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


# --- one word replaced -----------------------------------------------------------------------------------------------


def odd_man_out(corpus: Corpus, *, frequency: tuple[int, int] = (4, 400), seed: int = 0) -> Corpus:
    """Whether a noun or verb was replaced by another one: O (original) or C (changed).

    The other word has the same tag, and stands in the corpus after the same word and before the same word, each about
    as often as the first one does elsewhere: within a factor of two, counts plus one. No word comes in on two sides.
    Half of each side is changed, and no sentence is there in both versions. Only the words can be labelled afterwards.
    The sides stay as they are.

    Args:
        corpus: A corpus with tags, as `read_conllu`, `read_trees` and `english` give them.
        frequency: How often a word must be in the corpus to go or to come, fewest and most. Conneau et al. take 40 and
            400 of a far larger corpus.
        seed: Of the draw.

    Raises:
        DataError: A side has no two such sentences.

    Source: Conneau et al. 2018, section 2 (SOMO).
    """
    random = generator(seed)
    sides = distinct("odd_man_out", corpus)
    texts = _Texts.of(sides)
    examples = [example for side in sides.values() for example in side]
    context = _Context.of(examples, fewest_and_most("frequency", frequency))
    side_of = context.words_of_sides(random)
    found: dict[str, list[Changeable]] = {side: [] for side in sides}
    for side, examples in sides.items():
        incoming = {word for word, its in side_of.items() if its == side}
        for example in examples:
            choices = context.choices(example, incoming)
            if choices:
                i, word = choices[int(random.integers(len(choices)))]
                replaced = _with_forms(example, {i: word})
                if texts.new(replaced):
                    found[side].append((example, replaced, 0))
    needed = "sentences with a tagged noun or verb for which another stands between the same words elsewhere"
    return _halved("odd_man_out", corpus, found, ("O", "C"), random, needed)


@dataclass(frozen=True)
class _Context:
    """How often words, and two neighbours, are in a corpus (lower-cased); "" is where a sentence begins and ends."""

    bigrams: Counter[tuple[str, str]]
    after: Mapping[str, set[str]]
    """Word -> the words that may come in, of those that stand after it."""
    ahead: Mapping[str, set[str]]
    """Word -> the words that may come in, of those that stand before it."""
    tags: Mapping[str, str]
    """Word that may go or come -> its one usual tag."""

    @staticmethod
    def of(examples: Sequence[Example], frequency: tuple[int, int]) -> _Context:
        bigrams: Counter[tuple[str, str]] = Counter()
        tagged: dict[str, Counter[str]] = defaultdict(Counter)
        for example in examples:
            forms = [form.lower() for form in example.forms]
            bigrams.update(pairwise(["", *forms, ""]))
            for form, tag in zip(forms, tags_of(example), strict=True):
                tagged[form][tag or ""] += 1
        low, high = frequency
        tags = {
            form: counts.most_common(1)[0][0]
            for form, counts in tagged.items()
            if low <= counts.total() <= high and form.isalpha() and len(form) > 1
        }
        tags = {form: tag for form, tag in tags.items() if _content(tag)}
        after: dict[str, set[str]] = defaultdict(set)
        ahead: dict[str, set[str]] = defaultdict(set)
        for first, second in bigrams:
            if second in tags:
                after[first].add(second)
            if first in tags:
                ahead[second].add(first)
        return _Context(bigrams, after, ahead, tags)

    def words_of_sides(self, random: np.random.Generator) -> dict[str, str]:
        """On which side each word may come in: 70/15/15 of each tag."""
        words = sorted(self.tags)
        order = sorted(random.permutation(len(words)).tolist(), key=lambda i: self.tags[words[i]])
        # Of every 20 words of a tag, in a random order, 14 are for train, 3 for dev and 3 for test.
        cycle = ("train", "test", "train", "train", "dev", "train", "train") * 3
        return {words[i]: cycle[place % 20] for place, i in enumerate(order)}

    def choices(self, example: Example, incoming: set[str]) -> list[tuple[int, str]]:
        """(index of a word, one of the `incoming` words to come in for it), all there are."""
        forms, tags, free = [form.lower() for form in example.forms], tags_of(example), _free(example)
        found = []
        for i, (before, form, behind) in enumerate(zip(["", *forms], forms, [*forms[1:], ""], strict=False)):
            if not free[i] or example.forms[i] != form or self.tags.get(form, "") != tags[i]:
                continue
            for word in sorted(self.after[before] & self.ahead[behind] & incoming):
                fits = word != form and self.tags[word] == tags[i]
                if fits and self._alike((before, form), (before, word)) and self._alike((form, behind), (word, behind)):
                    found.append((i, word))
        return found

    def _alike(self, old: tuple[str, str], new: tuple[str, str]) -> bool:
        """Whether the new bigram is there about as often as the old one is elsewhere."""
        elsewhere, there = self.bigrams[old], self.bigrams[new] + 1  # one of the old ones is the one to go
        return elsewhere <= COMPARABLE * there and there <= COMPARABLE * elsewhere


def _content(tag: str) -> bool:
    """Whether it is a common noun's or a verb's tag, Penn's or UD's."""
    return (tag.startswith("NN") and not tag.startswith("NNP")) or tag.startswith("VB") or tag in ("NOUN", "VERB")
