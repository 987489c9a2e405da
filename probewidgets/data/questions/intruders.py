"""The task of one word that was replaced by another, which could stand there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example
from probewidgets.data.questions.building import distinct, fewest_and_most, tags_of
from probewidgets.data.questions.changing import Changeable, Texts, free_words, halved, with_forms
from probewidgets.data.sampling import generator

__all__ = ["odd_man_out"]


COMPARABLE = 2
"""How many times as frequent one of two bigrams may be: counts plus one."""


def odd_man_out(corpus: Corpus, *, frequency: tuple[int, int] = (4, 400), seed: int = 0) -> Corpus:
    """Sentences in which a noun or verb was replaced by another one, or none: O (original) or C (changed).

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
    texts = Texts.of(sides)
    examples = [example for side in sides.values() for example in side]
    context = _Context.of(examples, fewest_and_most("frequency", frequency))
    side_of = context.words_of_sides(random)
    changeable: dict[str, list[Changeable]] = {side: [] for side in sides}
    for side, examples in sides.items():
        incoming = {word for word, its in side_of.items() if its == side}
        for example in examples:
            choices = context.choices(example, incoming)
            if choices:
                i, word = choices[int(random.integers(len(choices)))]
                replaced = with_forms(example, {i: word})
                if texts.new(replaced):
                    changeable[side].append((example, replaced, 0))
    needed = "sentences with a tagged noun or verb for which another stands between the same words elsewhere"
    return halved("odd_man_out", corpus, changeable, ("O", "C"), random, needed)


@dataclass(frozen=True)
class _Context:
    """Words and pairs of neighbours of a corpus (lower-cased); "" is where a sentence begins and ends."""

    bigrams: Counter[tuple[str, str]]
    after: Mapping[str, set[str]]
    """Word -> the words that may come in, of those that stand after it."""
    ahead: Mapping[str, set[str]]
    """Word -> the words that may come in, of those that stand before it."""
    tags: Mapping[str, str]
    """Word that may go or come -> its one usual tag."""

    @staticmethod
    def of(examples: Sequence[Example], frequency: tuple[int, int]) -> _Context:
        """The context of these sentences; only words of that frequency, fewest and most, go or come."""
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
        """Word -> the side on which it may come in: 70/15/15 of each tag."""
        words = sorted(self.tags)
        order = sorted(random.permutation(len(words)).tolist(), key=lambda i: self.tags[words[i]])
        # Of every 20 words of a tag, in a random order, 14 are for train, 3 for dev and 3 for test.
        cycle = ("train", "test", "train", "train", "dev", "train", "train") * 3
        return {words[i]: cycle[place % 20] for place, i in enumerate(order)}

    def choices(self, example: Example, incoming: set[str]) -> list[tuple[int, str]]:
        """(index of a word, one of the `incoming` words to come in for it), all there are."""
        forms, tags, free = [form.lower() for form in example.forms], tags_of(example), free_words(example)
        choices = []
        for i, (before, form, behind) in enumerate(zip(["", *forms], forms, [*forms[1:], ""], strict=False)):
            if not free[i] or example.forms[i] != form or self.tags.get(form, "") != tags[i]:
                continue
            for word in sorted(self.after[before] & self.ahead[behind] & incoming):
                fits = word != form and self.tags[word] == tags[i]
                if fits and self._alike((before, form), (before, word)) and self._alike((form, behind), (word, behind)):
                    choices.append((i, word))
        return choices

    def _alike(self, old: tuple[str, str], new: tuple[str, str]) -> bool:
        """Tell whether the new bigram is there about as often as the old one is elsewhere."""
        elsewhere, there = self.bigrams[old], self.bigrams[new] + 1  # one of the old ones is the one to go
        return elsewhere <= COMPARABLE * there and there <= COMPARABLE * elsewhere


def _content(tag: str) -> bool:
    """Tell whether it is a common noun's or a verb's tag, Penn's or UD's."""
    return (tag.startswith("NN") and not tag.startswith("NNP")) or tag.startswith("VB") or tag in ("NOUN", "VERB")
