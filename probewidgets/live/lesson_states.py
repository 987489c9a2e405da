"""States of a lesson: captured once for each sentence, and kept while it stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from probewidgets.data.lesson_sentences import Sentence
from probewidgets.errors import ModelError, clipped

if TYPE_CHECKING:
    from probewidgets.captures.pooling import Pool
    from probewidgets.models.language_model import LanguageModel

__all__ = ["LessonStates"]

MOST_BYTES = 1 << 29
"""Of the states that are kept."""
_AT_ONCE = 16
"""Sentences that are captured before anybody is told."""

Check = Callable[[], None]
Tell = Callable[[int, int], None]


class LessonStates:
    """States of all units of a lesson, at every layer; those of a sentence are captured once, and kept while it stays.

    Args:
        model: Whose states.
        layers: (L,) which.
        pool: From the states of a unit's tokens to one.
    """

    def __init__(self, model: LanguageModel, layers: Sequence[int], pool: Pool) -> None:
        self.model, self.layers, self.pool = model, tuple(layers), pool
        self.captured = 0
        """Sentences that have been read by the model so far."""
        self._kept: dict[Any, npt.NDArray[np.float32]] = {}
        self._all: tuple[tuple[Any, ...], npt.NDArray[np.float32]] | None = None

    def of(self, sentences: Sequence[Sentence], check: Check, tell: Tell = lambda *_: None) -> npt.NDArray[np.float32]:
        """(L, U, D) states of all units, each feature with mean 0 over them and rows of unit length on average.

        Args:
            sentences: Of the lesson, in order.
            check: Called between batches; what it raises ends the work, and what was captured is kept.
            tell: Told how many of the sentences that are to be captured have been, and how many these are.

        Returns:
            NaN in the rows of units that have no token.

        Raises:
            ModelError: They would not fit into the memory that is set apart, or the model fails.
        """
        keys = tuple(self._key(sentence) for sentence in sentences)
        if self._all is not None and self._all[0] == keys:
            return self._all[1]
        self._check_room(sentences)
        missing = list({key: s for key, s in zip(keys, sentences, strict=True) if key not in self._kept}.items())
        for start in range(0, len(missing), _AT_ONCE):
            check()
            tell(start, len(missing))
            batch = missing[start : start + _AT_ONCE]
            self._kept |= zip([key for key, _ in batch], self._capture([s for _, s in batch]), strict=True)
        there = set(keys)
        self._kept = {key: states for key, states in self._kept.items() if key in there}
        raw = [self._kept[key] for key in keys]
        states = _scaled(np.concatenate(raw, 1)) if raw else np.zeros((len(self.layers), 0, 1), np.float32)
        self._all = (keys, states)
        return states

    @staticmethod
    def _key(sentence: Sentence) -> Any:
        return sentence.example.text, sentence.spans

    def _check_room(self, sentences: Sequence[Sentence]) -> None:
        units = sum(len(sentence.spans) for sentence in sentences)
        size = units * len(self.layers) * self.model.hidden_size * 4
        if size > MOST_BYTES:
            raise ModelError(
                f"The states of {units:,} units at {len(self.layers)} layers of {self.model.name} take "
                f"{size / 1e9:.1f} GB; a lesson may take {MOST_BYTES / 1e9:.1f}. Take fewer sentences, or layers=."
            )

    def _capture(self, sentences: Sequence[Sentence]) -> list[npt.NDArray[np.float32]]:
        """Of each sentence the (L, U, D) states of its units."""
        from probewidgets.captures.reading import pooled, read, todo
        from probewidgets.machine.threads import pace

        counts = [len(sentence.spans) for sentence in sentences]
        out = np.full((len(self.layers), sum(counts), self.model.hidden_size), np.nan, np.float32)
        places = [[span.start, span.end] for sentence in sentences for span in sentence.spans]
        spans, owner = np.array(places, np.int64).reshape(-1, 2), np.repeat(np.arange(len(counts)), counts)
        texts = [sentence.example.text for sentence in sentences]
        reading = read(self.model, texts, self.model.encode(texts), spans, owner, window=True)
        rows = np.flatnonzero(reading.has_token)
        reading = reading.only(reading.has_token)
        for batch in todo(self.model, reading):
            with pace(self.model.model).running(reading.n_tokens(batch.texts)):
                states = pooled(self.model, reading, batch, self.layers, self.pool)
            for layer, matrix in enumerate(states):
                if not np.isfinite(matrix).all():
                    raise ModelError(
                        f"The model's states of layer {self.layers[layer]} hold NaN or infinity, in "
                        f"{clipped(texts[batch.texts[0]], 40)} or near it. Load the model with dtype='float32'."
                    )
                out[layer, rows[batch.spans]] = matrix
        self.captured += len(sentences)
        return np.split(out, np.cumsum(counts)[:-1], 1)


def _scaled(states: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """(L, U, D) states with each feature standardised over the units, divided by the root of D."""
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.nanmean(states, 1, keepdims=True, dtype=np.float64) if states.shape[1] else 0.0
        spread = np.nanstd(states, 1, keepdims=True, dtype=np.float64) if states.shape[1] else 1.0
    scale = np.where(spread > 1e-6, spread, 1.0) * np.sqrt(states.shape[2])
    return ((states - mean) / scale).astype(np.float32)
