"""Labels that are given back: which token gets which, and which tokens the model's head is asked for."""

from __future__ import annotations

import numpy as np
import pytest
import tiny
import torch
import transformers as hf

import probewidgets as pw
from probewidgets.data.corpus import Corpus, Example, Span, Split
from probewidgets.errors import DataError
from probewidgets.methods.erasure.restoring import _fit, _Side, _token_labels, mended
from probewidgets.models.head import Head
from probewidgets.models.prediction import predict

TEXTS = (
    "The cats sat on the mat",
    "novels light",
    "She reads novels every day",
    "cats run",
    "the mat",
    "light rooms run",
)


def made_of(*texts: str) -> Corpus:
    """Words that are labelled by whether they end in an s, but for those of two letters or three."""
    examples = []
    for text in texts:
        forms = text.split(" ")
        ends = np.cumsum([len(form) + 1 for form in forms]) - 1
        spans = tuple(Span(int(end) - len(form), int(end)) for end, form in zip(ends, forms, strict=True))
        names = tuple(None if len(form) < 4 else "s" if form.endswith("s") else "other" for form in forms)
        examples.append(Example(text, spans, {"ending": names}))
    return Corpus(tuple(examples), Split((0, 2), (1, 3), (4, 5)), "endings")


def headed(family: str) -> pw.LanguageModel:
    body, tokenizer = tiny.model(family)
    made = {"gpt2": hf.GPT2LMHeadModel, "bert": hf.BertForMaskedLM}[family](body.config)
    return pw.LanguageModel(made, tokenizer, head=True)


@pytest.mark.parametrize("family", ["gpt2", "bert"])
def test_every_token_of_a_word_has_its_label_and_no_other_token_has_one(family: str) -> None:
    lm = headed(family)
    corpus = made_of(*TEXTS)
    acts = pw.capture(lm, corpus, pw.WordTask("ending"), layers=[3])
    names = [*acts.targets.labels, None]
    found = _token_labels(lm, acts, corpus.split.train)
    for number, labels, encoded in zip(corpus.split.train, found, lm.encode(list(TEXTS[::2])[:2]), strict=True):
        example = corpus[number]
        by_character: dict[int, str | None] = {}
        for span, name in zip(example.words, example.annotations["ending"], strict=True):
            by_character |= dict.fromkeys(range(span.start, span.end), name)
        for label, (_, end), special in zip(labels, encoded.offsets.tolist(), encoded.special, strict=True):
            assert names[label] == (None if special else by_character[end - 1])


def test_the_label_of_a_sentence_is_that_of_all_its_tokens_and_edges_have_none() -> None:
    lm = headed("bert")
    corpus = made_of(*TEXTS)
    acts = pw.capture(lm, corpus, pw.SentenceTask(lambda example: "long" if len(example.text) > 12 else "short"))
    for labels, number in zip(_token_labels(lm, acts, corpus.split.train), corpus.split.train, strict=True):
        name = acts.targets.labels.index("long" if len(corpus[number].text) > 12 else "short")
        assert set(labels[1:-1].tolist()) == {name}
        assert labels[[0, -1]].tolist() == [2, 2]  # the special tokens
    edges = pw.capture(lm, corpus, pw.EdgeTask(lambda example: [(example.words[0], example.words[1], "next")]))
    with pytest.raises(DataError, match="Labels of edges cannot be given back"):
        _token_labels(lm, edges, corpus.split.train)


@pytest.mark.parametrize("family", ["gpt2", "bert"])
def test_the_tokens_are_those_of_predict_and_so_are_the_answers_where_nothing_was_taken_or_learned(
    family: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lm = headed(family)
    corpus = made_of(*TEXTS)
    acts = pw.capture(lm, corpus, pw.WordTask("ending"), layers=[3])
    monkeypatch.setattr("probewidgets.methods.erasure.restoring._RATE", 0.0)
    own = predict(lm, [corpus[i].text for i in corpus.split.test], seed=3, mask=0.5)
    found = mended(lm, acts, lambda states: states, seed=3, mask=0.5, progress=False)
    np.testing.assert_array_equal(found.text, own.text)
    np.testing.assert_array_equal(found.right, own.right[[0, 0]])


def test_where_nothing_was_learned_each_token_gets_back_what_was_taken_from_its_label_in_the_mean(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lm = headed("gpt2")
    corpus = made_of(*TEXTS)
    acts = pw.capture(lm, corpus, pw.WordTask("ending"), layers=[3])
    monkeypatch.setattr("probewidgets.methods.erasure.restoring._RATE", 0.0)
    away = np.linspace(-9, 9, lm.hidden_size, dtype=np.float32)
    side, head = _Side.of(lm, acts, "train", lambda states: states + away, 0, 0), Head(lm)
    every = torch.arange(len(side.gold))
    own = head.log_proba(side.states - torch.from_numpy(away), final=True)
    assert (head.log_proba(side.states, final=True) - own).abs().max() > 1
    for told in (side, side.untold):  # as much was taken from each of them
        torch.testing.assert_close(
            _fit(head, told, told, 0, "").log_proba(head, told, every), own, atol=1e-4, rtol=1e-4
        )
