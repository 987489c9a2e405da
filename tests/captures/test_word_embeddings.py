"""Words by their embeddings, alone and beside the states of sentences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import tiny
import torch

from probewidgets.captures.activations import Activations
from probewidgets.captures.capture import capture
from probewidgets.captures.pooling import last
from probewidgets.captures.word_embeddings import embedded, word_embeddings
from probewidgets.data.corpora.grammar import english
from probewidgets.data.corpus import Corpus
from probewidgets.data.questions.word_pairs import WordPairs, content_pairs, order_pairs, permuted
from probewidgets.data.tasks import SentenceTask, WordTask
from probewidgets.errors import DataError, ModelError
from probewidgets.models.language_model import LanguageModel
from probewidgets.models.sequence_model import SequenceModel
from probewidgets.probes.mlp import MLPProbe
from probewidgets.sweeps.sweep import sweep

EVERY = SentenceTask(lambda example: "any", name="sentences")


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return english(120, seed=4)


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return LanguageModel(*tiny.model("bert"))


@pytest.fixture(scope="module")
def sentences(model: LanguageModel, corpus: Corpus) -> Activations:
    return capture(model, corpus, EVERY, store=False, too_long="window")


def table(model: LanguageModel) -> np.ndarray:  # type: ignore[type-arg]
    return model.model.get_input_embeddings().weight.detach().numpy()  # type: ignore[operator, union-attr]


def test_a_row_is_the_sentences_state_and_its_words_embeddings(
    model: LanguageModel, corpus: Corpus, sentences: Activations
) -> None:
    pairs = order_pairs(corpus)
    words_only = word_embeddings(model, pairs)
    acts = sentences.beside(words_only)
    width = model.hidden_size
    assert acts.states.shape == (model.n_layers, acts.n_targets, 3 * width)
    assert words_only.states.shape == (1, acts.n_targets, 2 * width) and words_only.pool == "words"
    vectors = embedded(model, sorted({word for words in pairs.words for word in words}))
    row_of = {example: row for row, example in enumerate(sentences.targets.example.tolist())}
    for layer in acts.layers:
        for row in range(0, acts.n_targets, 7):
            target = acts.targets[row]
            first, second = target.surface.split(" ")
            np.testing.assert_array_equal(
                acts.layer(layer)[row, :width], sentences.layer(layer)[row_of[target.example]]
            )
            np.testing.assert_array_equal(acts.layer(layer)[row, width:], np.hstack([vectors[first], vectors[second]]))
    np.testing.assert_array_equal(words_only.layer(0), acts.layer(0)[:, width:])


def test_a_word_is_the_mean_of_its_tokens_embeddings(model: LanguageModel) -> None:
    words = ["cats", "unbelievable", "Mat"]
    vectors = embedded(model, words)
    for word in words:
        ids = model.tokenizer(word, add_special_tokens=False)["input_ids"]
        np.testing.assert_allclose(vectors[word], table(model)[ids].mean(0), rtol=1e-6)


@pytest.mark.parametrize("family", tiny.FEW)
def test_words_are_embedded_as_they_stand_after_a_space(family: str) -> None:
    model = LanguageModel(*tiny.model(family))
    text = "a cats"
    encoded = model.encode([text])[0]
    own = [i for i, (start, end) in enumerate(encoded.offsets) if end > 1 and not encoded.special[i] and end > start]
    own = [i for i in own if text[encoded.offsets[i][0] : encoded.offsets[i][1]].strip()]
    ids = np.array(encoded.inputs["input_ids"])[own]
    np.testing.assert_allclose(embedded(model, ["cats"])["cats"], table(model)[ids].mean(0), rtol=1e-5)


def test_a_decoder_of_two_stacks_embeds_words_too() -> None:
    model = LanguageModel(*tiny.model("t5"), stack="decoder")
    assert embedded(model, ["cats"])["cats"].shape == (model.hidden_size,)


def test_both_can_be_swept(model: LanguageModel, corpus: Corpus, sentences: Activations) -> None:
    words = word_embeddings(model, content_pairs(corpus, skip=20))
    for x in (sentences.beside(words), words):
        result = sweep(x, MLPProbe(hidden=8, epochs=2), progress=False, bootstrap=5, control=True)
        assert result.unit == "pair"
        assert len(result.scores) == len(x.layers)
        assert {baseline.name for baseline in result.baselines} >= {"majority", "word type"}
        assert "pairs" in result.report()


def test_permuted_states_answer_the_questions_of_the_original(model: LanguageModel, corpus: Corpus) -> None:
    states = capture(model, permuted(corpus), EVERY, layers=[1], pool=last, store=False, too_long="window")
    acts = states.beside(word_embeddings(model, order_pairs(corpus)))
    assert acts.corpus.name.endswith("words permuted")
    assert acts.pool == "last beside words"


def test_sentences_and_words_without_a_state_are_counted(
    model: LanguageModel, corpus: Corpus, sentences: Activations
) -> None:
    pairs = content_pairs(corpus, skip=20)
    rows = np.flatnonzero(sentences.targets.example != pairs.example[0])
    fewer = replace(sentences, states=sentences.states[:, rows], targets=sentences.targets.take(rows))  # type: ignore[index]
    words = (*pairs.words[:-1], ("\u200b",))
    asked = WordPairs("content", corpus, pairs.example, words, pairs.label)
    alone = word_embeddings(model, asked)
    acts = fewer.beside(alone)
    lost = np.isin(pairs.example, np.setdiff1d(pairs.example, fewer.targets.example)).sum()
    assert len(acts.missing.too_long) >= 1
    assert len(acts.missing) == len(pairs) - acts.n_targets
    assert len(alone.missing) == len(pairs) - alone.n_targets == 1
    assert acts.n_targets == len(pairs) - lost - (pairs.example[-1] != pairs.example[0])
    assert acts.missing.without_token == alone.missing.without_token == ("\u200b",)


def test_states_of_words_or_of_other_sentences_are_an_error(
    model: LanguageModel, corpus: Corpus, sentences: Activations
) -> None:
    few = english(12)
    pairs = word_embeddings(model, order_pairs(few))
    with pytest.raises(ModelError, match="does not have the sentences and the split"):
        sentences.beside(pairs)
    words = capture(model, few, WordTask("upos"), layers=[0, 1], store=False, too_long="window")
    with pytest.raises(ModelError, match=r"Only states of whole sentences, one each, .* but 'upos' labels words"):
        words.beside(pairs)
    whole = capture(model, few, EVERY, store=False, too_long="window")
    with pytest.raises(ModelError, match=r"beside takes one layer, .* but 2 came"):
        whole.beside(words)


def test_words_of_a_sentence_may_stand_beside_it(model: LanguageModel) -> None:
    few = english(12)
    words = capture(model, few, WordTask("upos"), layers=[2], store=False, too_long="window")
    whole = capture(model, few, EVERY, store=False, too_long="window")
    acts = whole.beside(words)
    assert acts.targets.unit == "word" and acts.states.shape == (4, words.n_targets, 64)
    np.testing.assert_array_equal(acts.layer(3)[:, :32], whole.layer(3)[words.targets.example])
    np.testing.assert_array_equal(acts.layer(0)[:, 32:], words.layer(2))


def test_questions_of_which_none_has_words_with_tokens_are_an_error(model: LanguageModel, corpus: Corpus) -> None:
    asked = WordPairs("content", corpus, np.array([0]), (("\u200b",),), ("present",))
    with pytest.raises(DataError, match="None of the 1 questions of 'content' has words with tokens"):
        word_embeddings(model, asked)


def test_a_model_without_a_table_is_an_error() -> None:
    class Recurrent(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.table, self.cell = torch.nn.Embedding(3, 4), torch.nn.GRU(4, 4, batch_first=True)

        def forward(self, ids: torch.Tensor) -> torch.Tensor:
            return self.cell(self.table(ids))[0]  # type: ignore[no-any-return]

    with pytest.raises(ModelError, match="has no table of input embeddings"):
        embedded(SequenceModel(Recurrent(), {"a": 1, "b": 2}), ["b"])
