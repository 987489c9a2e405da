"""Words by their embeddings: what stands beside the state of a sentence, so that a probe can be asked about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from probewidgets.captures.activations import Activations, Missing
from probewidgets.captures.alignment import align
from probewidgets.data.questions.word_pairs import WordPairs
from probewidgets.errors import DataError, ModelError
from probewidgets.models.tapped import TappedModel

__all__ = ["embedded", "word_embeddings"]

_BEFORE = "a "
"""What stands before a word when it is embedded: many tokenizers write a word in the middle of a text otherwise."""


def word_embeddings(model: TappedModel, pairs: WordPairs) -> Activations:
    """The words of questions by their embeddings: what they alone tell a probe, and what a sentence is asked about.

        words = pw.word_embeddings(model, pw.questions.order_pairs(corpus))
        acts = capture(model, corpus, SentenceTask(...)).beside(words)

    Args:
        model: Whose input embeddings: a LanguageModel, or another one whose module has `get_input_embeddings()`.
        pairs: (N,) the questions.

    Returns:
        (1, N, W * E) as one layer 0, for `sweep`: the control without the sentence; and for `Activations.beside`.
        Questions about words that have no token have no row and are counted in `.missing`.

    Raises:
        DataError: There is no question, or none about words with tokens.
        ModelError: An argument is not what it should be, or the model has no table of embeddings.
    """
    if not isinstance(model, TappedModel) or not isinstance(pairs, WordPairs):
        raise ModelError(
            "word_embeddings takes a LanguageModel and WordPairs, such as questions.order_pairs(corpus) gives, but "
            f"{type(model).__name__} and {type(pairs).__name__} came."
        )
    vectors = embedded(model, sorted({word for words in pairs.words for word in words}))
    has_tokens = np.array([all(word in vectors for word in words) for words in pairs.words], dtype=bool)
    missing = Missing(tuple(" ".join(pairs.words[row]) for row in np.flatnonzero(~has_tokens)))
    if not has_tokens.any():
        raise DataError(f"None of the {len(pairs):,} questions of {pairs.task!r} has words with tokens: {missing}.")
    kept = pairs.take(np.flatnonzero(has_tokens))
    states = np.stack([np.concatenate([vectors[word] for word in words]) for words in kept.words])
    name = f"{model.name}, words without the sentence"
    return replace(
        Activations.from_arrays([states], kept.targets, kept.corpus, name=name, pool="words"), missing=missing
    )


def embedded(model: TappedModel, words: Sequence[str]) -> dict[str, npt.NDArray[np.float32]]:
    """The mean of each word's tokens in the model's own table of input embeddings, as it stands after a space.

    Args:
        model: One whose module has `get_input_embeddings()`.
        words: Different words.

    Returns:
        Word -> (E,); words that get no token are not in it.

    Raises:
        ModelError: The model has no such table.
    """
    table = _table(model)
    vectors: dict[str, npt.NDArray[np.float32]] = {}
    for low in range(0, len(words), 1000):
        part = words[low : low + 1000]
        texts = [_BEFORE + word for word in part]
        encoded = model.encode(texts, texts if model.stack == "decoder" else None)
        spans = np.array([[len(_BEFORE), len(text)] for text in texts], dtype=np.int64)
        aligned = align(texts, encoded, spans, np.arange(len(texts)))
        ids = np.concatenate([tokens.ids for tokens in encoded])
        for word, start, end in zip(part, aligned.start, aligned.end, strict=True):
            if start < end:
                vectors[word] = table[ids[aligned.content[start:end]]].mean(0)
    return vectors


def _table(model: TappedModel) -> npt.NDArray[np.float32]:
    """(vocabulary, E)"""
    find = getattr(model.model, "get_input_embeddings", None)
    try:
        weight: Any = None if find is None else find().weight
    except (AttributeError, NotImplementedError):
        weight = None
    if weight is None:
        raise ModelError(
            f"{model.name} has no table of input embeddings (get_input_embeddings), which give the words. Put the rows "
            "together yourself: Activations.from_arrays(states, pairs.targets, pairs.corpus)."
        )
    return np.asarray(weight.detach().float().cpu().numpy(), np.float32)
