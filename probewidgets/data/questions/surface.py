"""Tasks that the words alone decide: how many there are, and which one of some words is among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from numbers import Real

from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example
from probewidgets.data.questions.building import Labelled, built, distinct, divided, is_word, trimmed
from probewidgets.data.sampling import generator
from probewidgets.errors import DataError, clipped, whole_number

__all__ = ["ADI_BINS", "SENTEVAL_BINS", "bin_of", "sentence_length", "word_content"]

Bins = Sequence[tuple[int, int]]

SENTEVAL_BINS: Bins = ((5, 8), (9, 12), (13, 16), (17, 20), (21, 25), (26, 28))
"""Words of a sentence, first and last of each bin. Source: Conneau et al. 2018, section 2."""
ADI_BINS: Bins = ((5, 8), (9, 12), (13, 16), (17, 20), (21, 25), (26, 29), (30, 33), (34, 70))
"""Words of a sentence, first and last of each bin. Source: Adi et al. 2017, section 4."""

SHORTEST = 4
"""Letters of a word that `word_content` asks for."""


def bin_of(n: int, bins: Bins = SENTEVAL_BINS) -> str | None:
    """The number of the bin that n words fall into, from 0, as a label; None outside of all."""
    return next((str(k) for k, (low, high) in enumerate(bins) if low <= n <= high), None)


def sentence_length(corpus: Corpus, *, bins: Bins = SENTEVAL_BINS, balanced: bool = True, seed: int = 0) -> Corpus:
    """Number of words of a sentence, in bins: a label "0", "1", ... in the order of the bins.

    Words are those of the corpus, not the model's tokens. The sides stay as they are.

    Args:
        corpus: Any corpus with words.
        bins: (first, last) number of words of each bin; sentences outside of all are left out. `ADI_BINS` are Adi et
            al.'s eight.
        balanced: Whether every side has as many sentences of each bin as of its rarest.
        seed: Of the draw.

    Raises:
        DataError: The bins are none, or overlap; a side has no sentence of some bin.

    Source: Conneau et al. 2018, section 2 (SentLen).
    """
    flat, random = _edges(bins), generator(seed)
    sides = {
        side: [(e, label) for e in examples if (label := bin_of(len(e.words), bins)) is not None]
        for side, examples in distinct("sentence_length", corpus).items()
    }
    if balanced:
        for side, rows in sides.items():
            shown = {label for _, label in rows}
            lacking = [f"{low} to {high}" for number, (low, high) in enumerate(bins) if str(number) not in shown]
            if lacking:
                raise DataError(
                    f"sentence_length: the {side} side of {corpus.name!r} has no sentence of {', '.join(lacking)} "
                    "words, so it can have as many of no other bin. Give more text, other bins, or balanced=False."
                )
        sides = trimmed(sides, random)
    return built("sentence_length", corpus, sides, f"sentences of {flat[0]} to {flat[-1]} words, of every bin")


def _edges(bins: Bins) -> list[int]:
    """The first and last numbers of words of all bins, one after the other."""
    try:
        flat = [edge for first, last in bins for edge in (first, last)]
    except (TypeError, ValueError):
        flat = []
    if len(flat) < 4 or not all(isinstance(edge, Real) for edge in flat) or flat != sorted(flat):
        raise DataError(
            f"bins must be two or more (first, last) numbers of words in order, but {clipped(bins, 80)} came."
        )
    return flat


def word_content(
    corpus: Corpus, *, n_words: int = 30, skip: int | None = None, least: int = 10, seed: int = 0
) -> Corpus:
    """The word of middling frequency that a sentence holds: of a few dozen, the label is the word that is in it.

    The words are the commonest of at least 4 letters (lower-cased) after the `skip` commonest of all. A sentence
    counts if exactly one of them is in it, once. The sentences are split anew, 70/15/15 of every word, with as many of
    each word.

    Args:
        corpus: Any corpus with words.
        n_words: K, how many words; Conneau et al. take 1,000.
        skip: How many of the commonest words are too common; by default 2 * `n_words`.
        least: Sentences that a word must have; rarer ones give way to the next.
        seed: Of the draw and of the split.

    Raises:
        DataError: There are not so many words with so many sentences.

    Source: Conneau et al. 2018, section 2 (WC).
    """
    for name, value in (("n_words", n_words), ("least", least), ("skip", 0 if skip is None else skip)):
        whole_number(name, value, 0 if name == "skip" else 1, DataError)
    random = generator(seed)
    examples = [example for side in distinct("word_content", corpus).values() for example in side]
    words = [Counter(form.lower() for form in example.forms) for example in examples]
    ranked = Counter(form for forms in words for form in forms.elements() if is_word(form))
    order = sorted(ranked, key=lambda form: (-ranked[form], form))[2 * n_words if skip is None else skip :]
    chosen = _words(order, words, n_words, least)
    groups: dict[str, list[Example]] = {word: [] for word in chosen}
    for example, forms in zip(examples, words, strict=True):
        among = [word for word in forms if word in groups]
        if len(among) == 1 and forms[among[0]] == 1:
            groups[among[0]].append(example)
    fewest = min(map(len, groups.values()), default=0)
    if len(chosen) < n_words or fewest < max(least, 3):
        raise DataError(
            f"word_content: {corpus.name!r} has {len(chosen)} of {n_words} words of {SHORTEST} letters or more, the "
            f"rarest in {fewest} sentence(s) without another of them, expected {max(least, 3)}. Give more text (it has "
            f"{len(examples):,} different sentences), or ask for fewer words (n_words=), or for commoner ones (skip=)."
        )
    sides: dict[str, list[Labelled]] = {"train": [], "dev": [], "test": []}
    for word, having in groups.items():
        rows = random.permutation(len(having))[:fewest].tolist()
        part = {str(i): [(having[i], word)] for i in rows}
        for side, labelled in divided(part, random).items():
            sides[side] += labelled
    return built("word_content", corpus, sides, f"{n_words} words with {least} sentences each")


def _words(order: Sequence[str], words: Sequence[Counter[str]], n: int, least: int) -> list[str]:
    """The first n words, in order, that are in enough sentences without another of them.

    A word that comes in makes the sentences of the others fewer; those that then have too few make way.
    """
    having: dict[str, list[int]] = {}
    for i, forms in enumerate(words):
        for form in forms:
            having.setdefault(form, []).append(i)
    left = [w for w in order if len(w) >= SHORTEST and w.isalpha() and len(having[w]) >= least]
    while True:
        chosen = set(left[:n])
        alone = Counter(
            among[0] for forms in words if len(among := [w for w in forms if w in chosen]) == 1 and forms[among[0]] == 1
        )
        poor = {word for word in chosen if alone[word] < least}
        if not poor:
            return left[:n]
        left = [word for word in left if word not in poor]
