"""Questions about sentences and words."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from probewidgets.data.corpora.grammar import english
from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example, placed
from probewidgets.data.questions.building import is_word
from probewidgets.data.questions.word_pairs import WordPairs, content_pairs, order_pairs, permuted
from probewidgets.data.splits import Split
from probewidgets.data.tasks import SentenceTask, WordTask
from probewidgets.errors import DataError


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return english(2000, seed=2)


def of_side(corpus: Corpus, pairs: WordPairs, side: str) -> WordPairs:
    return pairs.take(np.flatnonzero(np.isin(pairs.example, dict(corpus.split.items())[side])))


@pytest.mark.parametrize("ask", [content_pairs, order_pairs])
def test_answers_are_balanced_on_every_side(corpus: Corpus, ask) -> None:  # type: ignore[no-untyped-def]
    pairs = ask(corpus)
    for side, indices in corpus.split.items():
        counts = Counter(of_side(corpus, pairs, side).label)
        assert len(counts) == 2
        assert abs(np.subtract(*counts.values())) <= max(1, 0.01 * sum(counts.values()))
        assert sum(counts.values()) > 0.8 * len(indices)


@pytest.mark.parametrize("ask", [content_pairs, order_pairs])
def test_equal_seeds_ask_the_same(corpus: Corpus, ask) -> None:  # type: ignore[no-untyped-def]
    pairs, same, other = ask(corpus), ask(corpus), ask(corpus, seed=1)
    assert (pairs.words, pairs.label, pairs.example.tolist()) == (same.words, same.label, same.example.tolist())
    assert pairs.words != other.words


def test_a_word_is_present_or_absent_as_it_is_said(corpus: Corpus) -> None:
    pairs = content_pairs(corpus)
    for i, (word,), label in zip(pairs.example, pairs.words, pairs.label, strict=True):
        there = word.lower() in {form.lower() for form in corpus[i].forms}
        assert label == ("present" if there else "absent")


def test_absent_words_are_distributed_as_present_ones(corpus: Corpus) -> None:
    pairs = content_pairs(corpus)
    for side, _ in corpus.split.items():
        asked = of_side(corpus, pairs, side)
        words = {
            label: Counter(w for (w,), answer in zip(asked.words, asked.label, strict=True) if answer == label)
            for label in set(asked.label)
        }
        assert words["present"] == words["absent"]


def test_the_commonest_and_the_rarest_words_are_not_asked_about(corpus: Corpus) -> None:
    counts = Counter(form.lower() for example in corpus for form in example.forms if is_word(form))
    common = {form for form, _ in counts.most_common(20)}
    for (word,) in content_pairs(corpus, skip=30, least=5).words:
        assert word.lower() not in common
        assert counts[word.lower()] >= 5


def test_a_word_that_every_sentence_has_is_given_up() -> None:
    texts = [f"always w{i % 4} here" for i in range(30)]
    examples = tuple(Example(*placed(text.split()), id=str(i)) for i, text in enumerate(texts))
    corpus = Corpus(examples, Split(*(tuple(range(k, k + 10)) for k in (0, 10, 20))))
    pairs = content_pairs(corpus, skip=0)
    assert {word for (word,) in pairs.words} <= {"w0", "w1", "w2", "w3"}
    assert len(set(Counter(pairs.label).values())) == 1


def test_two_words_come_in_the_order_that_is_said(corpus: Corpus) -> None:
    pairs = order_pairs(corpus)
    for i, (first, second), label in zip(pairs.example, pairs.words, pairs.label, strict=True):
        forms = corpus[i].forms
        assert label == ("before" if forms.index(first) < forms.index(second) else "after")


def test_no_word_of_an_order_is_in_its_sentence_twice(corpus: Corpus) -> None:
    pairs = order_pairs(corpus)
    for i, words in zip(pairs.example, pairs.words, strict=True):
        counts = Counter(form.lower() for form in corpus[i].forms)
        assert [counts[word.lower()] for word in words] == [1, 1]
        assert words[0].lower() != words[1].lower()


def test_questions_are_targets_whose_type_is_the_words(corpus: Corpus) -> None:
    pairs = order_pairs(corpus)
    targets = pairs.targets
    assert (targets.task, targets.unit, targets.labels, targets.n_spans) == ("order", "pair", ("after", "before"), 0)
    assert targets.surface[0] == " ".join(pairs.words[0])
    assert targets[5].label == pairs.label[5]
    assert repr(pairs).startswith("WordPairs('order' of 'generated-english': ")


def test_permuted_sentences_have_the_same_words_with_their_own_tags(corpus: Corpus) -> None:
    mixed = permuted(replace(corpus, examples=tuple(replace(e, labels={"n": len(e.words)}) for e in corpus)))
    assert mixed.split == corpus.split
    assert mixed.name == "generated-english, words permuted"
    moved = 0
    for before, after in zip(corpus, mixed, strict=True):
        pairs = [Counter(zip(e.forms, e.annotations["xpos"], strict=True)) for e in (before, after)]
        assert pairs[0] == pairs[1]
        assert after.text.split(" ") == list(after.forms)
        assert after.tree is None and not {"head", "deprel"} & set(after.annotations)
        moved += before.forms != after.forms
    assert moved > 0.9 * len(corpus)
    assert len(SentenceTask("n").targets(mixed)) == len(WordTask("upos").targets(mixed).take(np.arange(len(corpus))))
    assert permuted(corpus) == permuted(corpus) != permuted(corpus, seed=1)


@pytest.mark.parametrize("ask", [content_pairs, order_pairs])
def test_too_little_text_is_an_error_that_says_what_it_takes(ask) -> None:  # type: ignore[no-untyped-def]
    repeated = Corpus(tuple(Example(*placed(["a", "a"])) for _ in range(3)), Split((0,), (1,), (2,)), "toy")
    with pytest.raises(DataError, match=r"the train side of 'toy' gives 0 question\(s\), expected some"):
        ask(repeated)


def test_columns_that_do_not_agree_are_an_error(corpus: Corpus) -> None:
    pairs = order_pairs(corpus).take(np.arange(3))
    for wrong in (
        {"label": ("before",)},
        {"words": (("a", "b"), ("a",), ("b", "c"))},
        {"example": np.array([0, 1, 9999])},
    ):
        with pytest.raises(DataError):
            replace(pairs, **wrong)  # type: ignore[arg-type]
