"""The task of two neighbouring words that were swapped."""

from __future__ import annotations

from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example
from probewidgets.data.questions.building import distinct
from probewidgets.data.questions.changing import QUOTES, Changeable, Texts, free_words, halved, with_forms
from probewidgets.data.sampling import generator

__all__ = ["bigram_shift"]


def bigram_shift(corpus: Corpus, *, seed: int = 0) -> Corpus:
    """Sentences in which two neighbouring words were swapped, or none: O (original) or I (inverted).

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
    texts = Texts.of(sides)
    changeable: dict[str, list[Changeable]] = {side: [] for side in sides}
    for side, examples in sides.items():
        for example in examples:
            pairs = [] if QUOTES.intersection(example.text) else _neighbours(example)
            if pairs:
                swapped = _swapped(example, pairs[int(random.integers(len(pairs)))])
                if texts.new(swapped):
                    changeable[side].append((example, swapped, 0))
    needed = "sentences without double quotes, with two different words side by side, spaces around them"
    return halved("bigram_shift", corpus, changeable, ("O", "I"), random, needed)


def _neighbours(example: Example) -> list[int]:
    """The first of each two neighbours that can be swapped."""
    free, forms = free_words(example), [form.lower() for form in example.forms]
    return [i for i in range(1, len(forms) - 1) if free[i] and free[i + 1] and forms[i] != forms[i + 1]]


def _swapped(example: Example, i: int) -> Example:
    forms = example.forms
    return with_forms(example, {i: forms[i + 1], i + 1: forms[i]})
