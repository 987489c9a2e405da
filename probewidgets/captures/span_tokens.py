"""The tokens in the spans of a task, each with its own states: for probes that learn how to pool a span."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from probewidgets.captures.activations import Activations
from probewidgets.captures.capture import capture, check_inputs
from probewidgets.data.corpus import Corpus
from probewidgets.data.targets import Targets
from probewidgets.errors import DataError, clipped
from probewidgets.machine.arrays import Ints
from probewidgets.models.language_model import LanguageModel

if TYPE_CHECKING:
    from probewidgets.data.tasks import Task

__all__ = ["SpanTokens", "capture_tokens"]


_TEXTS = 1024
"""Texts tokenized at a time."""


@dataclass(frozen=True, eq=False)
class SpanTokens:
    """The targets of a task, and where the states of their spans' tokens are."""

    tokens: Activations
    """(L, T, D) the state of every token that lies in a span; the tokens of a text stand together, in order."""
    targets: Targets
    """(N,) the targets; each span has at least one token."""
    begin: Ints
    """(N, S) first token of each span: a row of `tokens`."""
    end: Ints
    """(N, S) one past its last token."""

    def __repr__(self) -> str:
        layers, tokens, width = self.tokens.states.shape
        return (
            f"SpanTokens({self.targets.task!r} of {self.tokens.corpus.name!r} in {self.tokens.model.name!r}: "
            f"{len(self.targets):,} {self.targets.unit}s, {layers} layers x {tokens:,} tokens x {width})"
        )

    @property
    def layers(self) -> tuple[int, ...]:
        """(L,) which layers: 0 embeddings, l = output of block l."""
        return self.tokens.layers


def capture_tokens(
    model: LanguageModel, corpus: Corpus, task: Task, *, layers: Sequence[int] | None = None, **options: Any
) -> SpanTokens:
    """The states of every token in the spans of a task, where `capture` gives one pooled state per span.

    Args:
        model: Whose states.
        corpus: The texts.
        task: What to label in them; words, spans or edges.
        layers: Which layers; all of them by default.
        options: What `capture` takes too: `site`, `modules`, `dtype`, `store`, `engine`.

    Returns:
        SpanTokens. Targets with a span that gets no token are left out, and a warning counts them.

    Raises:
        DataError: The task labels whole sentences, or nothing of it can be aligned.
        ModelError: No model came.
        TooLongError: A text has more tokens than the model takes.
    """
    check_inputs("capture_tokens", model, corpus, task)
    targets = task.targets(corpus)
    if not targets.n_spans:
        raise DataError(f"Task {targets.task!r} labels sentences: capture(..., pool=mean) gives a state of each.")
    rows = _Rows.of(model, corpus, targets)
    kept: npt.NDArray[np.bool_] = np.all(rows.begin < rows.end, axis=1)
    if not kept.any():
        raise DataError(f"None of the {len(kept):,} targets of {targets.task!r} got a token.")
    if not kept.all():
        lost = targets.surface[int(np.flatnonzero(~kept)[0])]
        warnings.warn(
            f"{int((~kept).sum()):,} of {len(kept):,} targets have a span without a token, e.g. {clipped(lost)}: they "
            "are left out.",
            stacklevel=2,
        )
    acts = capture(model, corpus, rows, layers=layers, **options)
    return SpanTokens(acts, targets.take(np.flatnonzero(kept)), rows.begin[kept], rows.end[kept])


@dataclass(frozen=True, eq=False)
class _Rows:
    """A task whose targets are tokens: those that lie in a span of another task's targets."""

    name: str
    found: Targets
    begin: Ints
    end: Ints

    unit = "token"

    def targets(self, _: Corpus) -> Targets:
        return self.found

    @staticmethod
    def of(model: LanguageModel, corpus: Corpus, targets: Targets) -> _Rows:
        begin, end = np.zeros_like(targets.spans[..., 0]), np.zeros_like(targets.spans[..., 0])
        examples, bounds, total = [], [], 0
        cuts = np.flatnonzero(np.diff(targets.example)) + 1
        groups = np.split(np.arange(len(targets)), cuts)
        for low in range(0, len(groups), _TEXTS):
            some = groups[low : low + _TEXTS]
            numbers = [int(targets.example[group[0]]) for group in some]
            texts = [corpus[number].text for number in numbers]
            for number, group, encoded in zip(numbers, some, model.encode(texts), strict=True):
                offsets = encoded.offsets[~encoded.special]
                offsets = np.unique(
                    offsets[offsets[:, 1] > offsets[:, 0]], axis=0
                )  # the bytes of an emoji share theirs
                spans = targets.spans[group]
                inside = (offsets[:, 0] < spans[..., 1:]) & (offsets[:, 1] > spans[..., :1])  # (n, S, tokens)
                used = inside.any((0, 1))
                place = np.cumsum(used) - 1 + total
                any_inside = inside.any(2)
                first = np.where(any_inside, inside.argmax(2), 0)
                last = np.where(any_inside, inside.shape[2] - 1 - inside[..., ::-1].argmax(2), 0)
                if inside.shape[2]:
                    begin[group] = np.where(any_inside, place[first], 0)
                    end[group] = np.where(any_inside, place[last] + 1, 0)
                bounds.append(offsets[used])
                examples.append(np.full(int(used.sum()), number))
                total += int(used.sum())
        spans = np.concatenate(bounds)[:, None]
        example = np.concatenate(examples).astype(np.int64)
        surface = tuple(corpus[n].text[a:b] for n, (a, b) in zip(example.tolist(), spans[:, 0].tolist(), strict=True))
        name = f"tokens of {targets.task}"
        found = Targets(name, "token", example, spans, surface, np.zeros(len(example), np.int64), ("token",))
        return _Rows(name, found, begin, end)


def sets_of_labels(targets: Targets) -> Targets:
    """Targets that carry one label each as ones that carry a set of one."""
    if targets.kind == "labels":
        return targets
    if targets.kind == "number":
        raise DataError(f"The targets of {targets.task!r} carry numbers: an edge probe predicts labels.")
    return replace(targets, y=np.eye(len(targets.labels), dtype=bool)[targets.y])
