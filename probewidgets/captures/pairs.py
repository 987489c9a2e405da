"""States of sentences with the embeddings of words beside them: what a probe answers questions about words from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from probewidgets.captures.activations import Activations, Missing
from probewidgets.captures.alignment import align
from probewidgets.data.questions.word_pairs import WordPairs
from probewidgets.errors import ModelError
from probewidgets.machine.arrays import empty
from probewidgets.models.tapped import TappedModel

__all__ = ["PairActivations", "pair_activations", "word_embeddings"]

_BEFORE = "a "
"""What stands before a word when it is embedded: many tokenizers write a word in the middle of a text otherwise."""


class PairActivations(NamedTuple):
    """Both are for `sweep`, and belong side by side."""

    acts: Activations
    """(L, N, D + W * E) the sentence's state, and its words' embeddings."""
    words_only: Activations
    """(1, N, W * E) the same questions without the sentence, as one layer 0: what the words alone tell a probe."""


def pair_activations(model: TappedModel, sentences: Activations, pairs: WordPairs) -> PairActivations:
    """Put the embeddings of words beside the states of sentences.

    Args:
        model: Whose input embeddings; the model of the sentences.
        sentences: (L, M, D) states of whole sentences, by any pool: those of any `SentenceTask` that labels them all.
            They may be those of another corpus with the same sentences, such as `permuted(corpus)`.
        pairs: (N,) the questions.

    Returns:
        The rows to probe, and the control without the sentence. Questions about sentences that have no state, or words
        that have no token, have no row and are counted in `.missing`.

    Raises:
        ModelError: An argument is not what it should be; the states are no sentences', or other sentences'; the model
            has no table of embeddings.
    """
    given = (model, sentences, pairs)
    if not all(map(isinstance, given, (TappedModel, Activations, WordPairs))):
        raise ModelError(
            "pair_activations takes a LanguageModel, the Activations of its sentences, and WordPairs, but "
            f"{', '.join(type(one).__name__ for one in given)} came."
        )
    targets = sentences.targets
    if targets.n_spans or len(np.unique(targets.example)) != len(targets):
        raise ModelError(
            f"pair_activations takes states of whole sentences, one each, but {targets.task!r} labels {targets.unit}s: "
            "capture a SentenceTask."
        )
    if len(sentences.corpus) != len(pairs.corpus) or sentences.corpus.split != pairs.corpus.split:
        raise ModelError(
            f"The states are those of {sentences.corpus.name!r}, which does not have the sentences and the split of "
            f"{pairs.corpus.name!r}, of which the questions are."
        )
    row_of = np.full(len(pairs.corpus), -1)
    row_of[targets.example] = np.arange(len(targets))
    embedded = word_embeddings(model, sorted({word for words in pairs.words for word in words}))
    known = np.array([all(word in embedded for word in words) for words in pairs.words], dtype=bool)
    there = row_of[pairs.example] >= 0
    kept = pairs.take(np.flatnonzero(known & there))
    beside = np.stack([np.concatenate([embedded[word] for word in words]) for words in kept.words])
    without_token = tuple(" ".join(pairs.words[i]) for i in np.flatnonzero(~known))
    too_long = tuple(" ".join(pairs.words[i]) for i in np.flatnonzero(known & ~there))
    missing = Missing(without_token, too_long)
    acts = Activations(
        _side_by_side(sentences, row_of[kept.example], beside),
        sentences.layers,
        kept.targets,
        sentences.corpus,
        sentences.model,
        f"{sentences.pool} beside words",
        missing,
    )
    alone = Activations.from_arrays(
        [beside], kept.targets, sentences.corpus, name=f"{model.name}, words without the sentence", pool="words"
    )
    return PairActivations(acts, replace(alone, missing=missing))


def word_embeddings(model: TappedModel, words: Sequence[str]) -> dict[str, npt.NDArray[np.float32]]:
    """The mean of each word's tokens in the model's own table of input embeddings, as it stands after a space.

    Args:
        model: A LanguageModel, or another one whose module has `get_input_embeddings()`.
        words: Different words.

    Returns:
        Word -> (E,); words that get no token are not in it.

    Raises:
        ModelError: The model has no such table.
    """
    table = _table(model)
    found: dict[str, npt.NDArray[np.float32]] = {}
    for low in range(0, len(words), 1000):
        part = words[low : low + 1000]
        texts = [_BEFORE + word for word in part]
        encoded = model.encode(texts, texts if model.stack == "decoder" else None)
        spans = np.array([[len(_BEFORE), len(text)] for text in texts], dtype=np.int64)
        aligned = align(texts, encoded, spans, np.arange(len(texts)))
        ids = np.concatenate([_ids(one.inputs) for one in encoded])
        for word, start, end in zip(part, aligned.start, aligned.end, strict=True):
            if start < end:
                found[word] = table[ids[aligned.content[start:end]]].mean(0)
    return found


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


def _ids(inputs: Any) -> npt.NDArray[np.int64]:
    """The tokens that offsets are given of: a decoder's own, where there is one."""
    return np.array(inputs.get("decoder_input_ids", inputs.get("input_ids")), dtype=np.int64)


def _side_by_side(
    sentences: Activations, rows: npt.NDArray[np.int64], beside: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """(L, N, D + W * E)"""
    width = sentences.states.shape[2]
    states = empty((len(sentences.layers), len(rows), width + beside.shape[1]), np.float32)
    for out, layer in zip(states, sentences.layers, strict=True):
        out[:, :width] = sentences.layer(layer)[rows]
        out[:, width:] = beside
    return states
