"""Sentence tasks on bags of random embeddings, of which it is known what can be read off them and what cannot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from probewidgets.captures.activations import Activations
from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example, placed
from probewidgets.data.questions import bigram_shift, sentence_length, word_content
from probewidgets.data.questions.word_pairs import content_pairs, order_pairs
from probewidgets.data.splits import Split
from probewidgets.data.tasks import SentenceTask
from probewidgets.probes.base import Probe
from probewidgets.probes.linear import LinearProbe
from probewidgets.probes.mlp import MLPProbe
from probewidgets.sweeps.sweep import sweep

Floats = np.ndarray[Any, Any]
WIDTH = 64


def zipfian(n: int, seed: int = 0, shares: tuple[float, float] = (0.7, 0.85)) -> Corpus:
    """n sentences of 5 to 28 words, drawn independently by Zipf's law from 2,000."""
    random = np.random.default_rng(seed)
    p = 1 / np.arange(1, 2001)
    letters = "abcdefghijklmnop"
    vocabulary = ["".join(letters[(k >> 4 * i) & 15] for i in range(4)) for k in range(2000)]
    examples = []
    for i in range(n):
        drawn = random.choice(2000, size=random.integers(5, 29), p=p / p.sum())
        examples.append(Example(*placed([vocabulary[k] for k in drawn]), id=f"s{i}"))
    train, dev = (int(share * n) for share in shares)
    return Corpus(tuple(examples), Split(tuple(range(train)), tuple(range(train, dev)), tuple(range(dev, n))), "zipf")


def embeddings(corpus: Corpus, width: int = WIDTH, centred: bool = False) -> dict[str, Floats]:
    """A random vector for each word; centred ones are of mean zero over the text."""
    counts: dict[str, int] = {}
    for example in corpus:
        for form in example.forms:
            counts[form] = counts.get(form, 0) + 1
    table = np.random.default_rng(1).normal(size=(len(counts), width)) / width**0.5
    if centred:
        table -= np.array(list(counts.values())) @ table / sum(counts.values())
    return dict(zip(counts, table, strict=True))


def bags(corpus: Corpus, how: Callable[..., Floats] = np.mean, width: int = WIDTH, centred: bool = False) -> Floats:
    """(N, width)"""
    table = embeddings(corpus, width, centred)
    return np.stack([how([table[form] for form in example.forms], axis=0) for example in corpus])


def accuracy(acts: Activations, probe: Probe | None = None) -> tuple[float, float]:
    """Of the probe, and of the majority."""
    result = sweep(acts, probe or LinearProbe(), progress=False, bootstrap=10)
    return result.scores[0].accuracy.value, result.baselines[0].accuracy.value


def of_task(corpus: Corpus, task: str, states: Floats) -> Activations:
    return Activations.from_arrays([states], SentenceTask(task).targets(corpus), corpus)


@pytest.fixture(scope="module")
def lengths() -> Corpus:
    return sentence_length(zipfian(4000), balanced=False)


def test_a_mean_does_not_know_which_words_were_swapped() -> None:
    corpus = bigram_shift(zipfian(4000))
    assert 0.45 <= accuracy(of_task(corpus, "bigram_shift", bags(corpus)))[0] <= 0.53


def test_a_sum_knows_the_length_and_a_linear_probe_of_a_mean_does_not(lengths: Corpus) -> None:
    of_sum, majority = accuracy(of_task(lengths, "sentence_length", bags(lengths, np.sum, 128)))
    of_mean, _ = accuracy(of_task(lengths, "sentence_length", bags(lengths)))
    assert majority < 0.24
    assert of_sum >= 0.38
    assert of_mean <= 0.26


def test_the_norm_of_a_mean_shrinks_with_the_length(lengths: Corpus) -> None:
    mean = bags(lengths, centred=True)
    norm = np.linalg.norm(mean, axis=1, keepdims=True)
    n = np.array([len(example.words) for example in lengths])
    expected = np.array([norm[n == k].mean() * k**0.5 for k in range(6, 28)])
    np.testing.assert_allclose(expected, expected.mean(), rtol=0.15)
    assert accuracy(of_task(lengths, "sentence_length", norm), MLPProbe(hidden=16))[0] >= 0.40
    assert accuracy(of_task(lengths, "sentence_length", mean))[0] <= 0.26


def test_a_mean_knows_which_word_is_in_it() -> None:
    corpus = word_content(zipfian(9000), n_words=50, skip=100, least=20)
    assert len({example.labels["word_content"] for example in corpus}) == 50
    assert accuracy(of_task(corpus, "word_content", bags(corpus, width=300)))[0] >= 0.9


def beside(corpus: Corpus, pairs: Any, table: dict[str, Floats]) -> tuple[Activations, Activations]:
    """The questions with the bag of their sentence, and without."""
    words = np.stack([np.concatenate([table[word] for word in asked]) for asked in pairs.words])
    bag = np.stack([np.mean([table[form] for form in corpus[i].forms], axis=0) for i in pairs.example])
    states = (np.hstack([bag, words]), words)
    return Activations.from_arrays([states[0]], pairs.targets, corpus), Activations.from_arrays(
        [states[1]], pairs.targets, corpus
    )


def test_the_order_of_words_drawn_independently_cannot_be_known() -> None:
    corpus = zipfian(8000, shares=(0.35, 0.4))
    for acts in beside(corpus, order_pairs(corpus), embeddings(corpus, 16)):
        assert len(acts.rows("test")) > 4500
        assert accuracy(acts, MLPProbe(hidden=16, epochs=8))[0] == pytest.approx(0.5, abs=0.02)


def test_content_is_in_the_bag_and_not_in_the_word() -> None:
    corpus = zipfian(4000)
    acts, words_only = beside(corpus, content_pairs(corpus, skip=20), embeddings(corpus, 32))
    assert accuracy(words_only, MLPProbe(hidden=16))[0] <= 0.53
    assert accuracy(acts, MLPProbe(hidden=64))[0] >= 0.6
