"""Sentences with words to ask about: is this word in it, and which of these two comes first?

The sentence is a state, the words are embeddings; `sentences.beside(words)` puts them side by side for a probe.

Source: Adi et al. 2017, "Fine-grained analysis of sentence embeddings using auxiliary prediction tasks", section 3.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from probewidgets.data.corpus import Corpus, check_corpus
from probewidgets.data.examples import Example, placed
from probewidgets.data.questions.building import is_word
from probewidgets.data.sampling import generator
from probewidgets.data.targets import Targets
from probewidgets.errors import DataError, whole_number

__all__ = ["WordPairs", "content_pairs", "order_pairs", "permuted"]

PRESENT, ABSENT = "present", "absent"
BEFORE, AFTER = "before", "after"
TRIES = 200
"""How many other sentences are tried for a word that is in its sentence, before it is given up."""

Row = tuple[int, tuple[str, ...], str]
"""Index of the example, words, label."""


@dataclass(frozen=True, eq=False)
class WordPairs:
    """N questions about sentences and words, in columns.

    Args:
        task: What tables and captions call it.
        corpus: Whose sentences, and whose split.
        example: (N,) index of the sentence in the corpus.
        words: (N,) the words that are asked about, as many in each.
        label: (N,) the answers.

    Raises:
        DataError: The columns do not have the same length, or name examples that are not there.
    """

    task: str
    corpus: Corpus
    example: npt.NDArray[np.int64]
    words: tuple[tuple[str, ...], ...]
    label: tuple[str, ...]

    def __post_init__(self) -> None:
        n = len(self.example)
        if not len(self.words) == len(self.label) == n or len(set(map(len, self.words))) > 1:
            raise DataError(
                f"Columns of WordPairs must share N, and rows their number of words: example {n}, words "
                f"{len(self.words)}, label {len(self.label)}."
            )
        if n and not 0 <= self.example.min() <= self.example.max() < len(self.corpus):
            raise DataError(f"Examples must be indices into {len(self.corpus)}, but {self.example.max()} came.")

    def __len__(self) -> int:
        return len(self.example)

    def __repr__(self) -> str:
        counts = ", ".join(f"{n:,} {label}" for label, n in sorted(Counter(self.label).items()))
        return f"WordPairs({self.task!r} of {self.corpus.name!r}: {len(self):,} questions, {counts})"

    @property
    def targets(self) -> Targets:
        """The questions as Targets of the unit "pair"; their word type, which baselines go by, is the words."""
        labels = tuple(sorted(set(self.label)))
        return Targets(
            task=self.task,
            unit="pair",
            example=self.example,
            spans=np.zeros((len(self), 0, 2), dtype=np.int64),
            surface=tuple(map(" ".join, self.words)),
            y=np.array([labels.index(label) for label in self.label], dtype=np.int64),
            labels=labels,
        )

    def take(self, rows: npt.NDArray[np.int64]) -> WordPairs:
        """The questions at `rows`, in that order."""
        words, label = (tuple(column[i] for i in rows) for column in (self.words, self.label))
        return replace(self, example=self.example[rows], words=words, label=label)  # type: ignore[arg-type]


def content_pairs(corpus: Corpus, *, skip: int = 100, least: int = 2, seed: int = 0) -> WordPairs:
    """Is this word in the sentence: "present" or "absent"?

    Each sentence is asked twice: about a word of its own, and about one that is another sentence's own word. So on
    every side exactly the same words are present and absent, equally often, and a word alone says nothing.

    Args:
        corpus: Any corpus with words.
        skip: How many of the commonest words are too common to ask about: they are in most sentences.
        least: How often a word must be in the corpus.
        seed: Of the draw.

    Raises:
        DataError: A side has no two sentences with different words of that kind.

    Source: Adi et al. 2017, section 3 (content).
    """
    check_corpus("content_pairs", corpus)
    for name, value in (("skip", skip), ("least", least)):
        whole_number(name, value, 0, DataError)
    counts = Counter(form.lower() for example in corpus for form in example.forms if is_word(form))
    common = {form for form, _ in counts.most_common(skip)}
    random = generator(seed)

    def ask(indices: Sequence[int]) -> list[Row]:
        own: list[tuple[int, str]] = []
        for i in indices:
            forms = [f for f in corpus[i].forms if counts[f.lower()] >= least and f.lower() not in common]
            if forms:
                own.append((i, forms[int(random.integers(len(forms)))]))
        return _asked_twice(corpus, own, random)

    return _pairs("content", corpus, ask, f"words that are {least} times or more in it, after the {skip} commonest")


def _asked_twice(corpus: Corpus, own: Sequence[tuple[int, str]], random: np.random.Generator) -> list[Row]:
    """Each sentence with its own word, and with that of another sentence, which it does not have."""
    forms = [{form.lower() for form in corpus[i].forms} for i, _ in own]
    words = [word for _, word in own]
    given = random.permutation(len(own))

    def fits(sentence: int, word: int) -> bool:
        return words[word].lower() not in forms[sentence]

    for i in range(len(own)):
        for j in random.integers(len(own), size=0 if fits(i, given[i]) else TRIES):
            if fits(i, given[j]) and fits(j, given[i]):
                given[i], given[j] = given[j], given[i]
                break
    # A word that found no other sentence is asked about in neither way: what is left stays matched.
    lost = {int(given[i]) for i in range(len(own)) if not fits(i, given[i])}
    rows: list[Row] = [(i, (word,), PRESENT) for k, (i, word) in enumerate(own) if k not in lost]
    rows += [(own[k][0], (words[given[k]],), ABSENT) for k in range(len(own)) if int(given[k]) not in lost]
    return rows


def order_pairs(corpus: Corpus, *, seed: int = 0) -> WordPairs:
    """The order of two words of the sentence: is the first one "before" the second, or "after" it?

    Both words are in the sentence once (whatever their case), and so are not the same. On every side as many are before
    as after.

    Args:
        corpus: Any corpus with words.
        seed: Of the draw.

    Raises:
        DataError: A side has no two sentences with two such words.

    Source: Adi et al. 2017, section 3 (order).
    """
    check_corpus("order_pairs", corpus)
    random = generator(seed)

    def ask(indices: Sequence[int]) -> list[Row]:
        pairs = []
        for i in indices:
            counts = Counter(form.lower() for form in corpus[i].forms)
            forms = [form for form in corpus[i].forms if counts[form.lower()] == 1 and is_word(form)]
            if len(forms) >= 2:
                first, second = sorted(random.choice(len(forms), size=2, replace=False).tolist())
                pairs.append((i, (forms[first], forms[second])))
        turned = set(random.permutation(len(pairs))[: len(pairs) // 2].tolist())
        return [(i, both[::-1], AFTER) if k in turned else (i, both, BEFORE) for k, (i, both) in enumerate(pairs)]

    return _pairs("order", corpus, ask, "sentences with two words that are in it once")


def permuted(corpus: Corpus, *, seed: int = 0) -> Corpus:
    """The corpus with the words of each sentence in a random order, a space between them: what is left without order.

    Annotations of single words go with their word; heads and trees, which would not fit, are gone. The questions of
    `content_pairs(corpus)` and `order_pairs(corpus)` can be asked of the states of this corpus as well.

    Source: Adi et al. 2017, section 5.
    """
    check_corpus("permuted", corpus)
    random = generator(seed)

    def shuffled(example: Example) -> Example:
        order = random.permutation(len(example.words)).tolist()
        forms = example.forms
        text, words = placed([forms[i] for i in order])
        kept = {
            name: tuple(values[i] for i in order)
            for name, values in example.annotations.items()
            if name not in ("head", "deprel", "deps")
        }
        return Example(text, words, kept, example.labels, id=example.id, source=example.source)

    return replace(corpus, examples=tuple(map(shuffled, corpus)), name=f"{corpus.name}, words permuted")


def _pairs(task: str, corpus: Corpus, ask: Callable[[Sequence[int]], list[Row]], needed: str) -> WordPairs:
    """The questions of all sides."""
    rows: list[Row] = []
    for side, indices in corpus.split.items():
        asked = sorted(ask(indices))
        if len({label for _, _, label in asked}) < 2:
            raise DataError(
                f"{task}: the {side} side of {corpus.name!r} gives {len(asked)} question(s), expected some with either "
                f"answer. It takes {needed}. Give more text."
            )
        rows += asked
    example, words, label = zip(*rows, strict=True)
    return WordPairs(task, corpus, np.array(example, dtype=np.int64), words, label)
