"""Giving labels back to states from which they were erased, so that a model's head can make use of them again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from probewidgets.captures.activations import Activations
from probewidgets.captures.alignment import align, begins
from probewidgets.errors import DataError
from probewidgets.machine.arrays import Ints
from probewidgets.machine.progress import bar
from probewidgets.machine.threads import few_threads
from probewidgets.models.asking import ask, asked_states
from probewidgets.models.head import Head
from probewidgets.models.language_model import LanguageModel
from probewidgets.models.prediction import Change

__all__ = ["Restored", "mended"]


_STEPS = 300
_RATE = 1e-3
"""Of Adam, falling along a cosine, for the linear map; the labels' vectors, one row of which is met at a time, get ten
times as much."""
_BATCH = 256
"""Tokens per step."""
_LOOK = 25
"""Steps after which dev is asked."""
_DEV = 2048
"""Tokens of dev that are asked at most."""


@dataclass(frozen=True, eq=False)
class Restored:
    """M tokens of test that the model was asked for, its states changed and then mended."""

    text: Ints
    """(M,) the text that each token stands in; the same tokens, in the same order, as `predict` gives."""
    right: npt.NDArray[np.bool_]
    """(2, M) whether the likeliest token is the one that stands there: labels given back, and mended without labels."""


def mended(
    model: LanguageModel,
    acts: Activations,
    change: Change,
    *,
    mask: float = 0.15,
    seed: int = 0,
    progress: bool = True,
) -> Restored:
    """Give a label back to each changed last state, and train what reads it; once more without a label.

    A changed state r becomes r + A (r - mean) + v, with one vector v for each label, and one for tokens without a
    label. That is a label's vector laid beside r and a linear map of both. A starts at 0, v at what the change took
    from the states of that label in the mean. Both are trained on texts of train by the model's own loss, the step
    with the lowest loss on dev is kept, and the model stays as it is. Without labels there is one v for all.

    Args:
        model: A LanguageModel with its head.
        acts: States of that model: their targets tell each token's label, their corpus the texts of each side.
        change: (n, D) last states -> (n, D) those that are to be mended.
        mask: As in `predict`.
        seed: Of the masked tokens, the same as in `predict`, and of the order of training.
        progress: Whether to show a bar over the steps.

    Raises:
        DataError: The targets are edges.
        ModelError: As `predict`, or what the head reads was not found.

    Cost: the last states of all tokens that are asked for are held in single precision; each of twice 300 steps runs
    the head forward and back over 256 tokens.

    Source: Elazar et al. 2021, "Amnesic Probing: Behavioral Explanation with Amnesic Counterfactuals", section 3.2.
    """
    sides = {side: _Side.of(model, acts, side, change, mask, seed) for side in ("train", "dev", "test")}
    head, right = Head(model), []
    with few_threads(model.headed):
        for name in ("labels", "no labels"):
            fitted = _fit(head, sides["train"], sides["dev"], seed, f"Giving back {name}" if progress else "")
            right.append(fitted.right(head, sides["test"]))
            sides = {name: side.untold for name, side in sides.items()}
    return Restored(sides["test"].text, np.stack(right))


@dataclass(frozen=True, eq=False)
class _Side:
    """The asked tokens of one side of the split, text by text."""

    text: Ints
    gold: torch.Tensor
    """(M,)"""
    removed: torch.Tensor
    """(M, D) what the change took from each state."""
    states: torch.Tensor
    """(M, D) what it left."""
    label: torch.Tensor
    """(M,) of each token; the last number is that of tokens without one."""
    n_labels: int
    """Of all sides, with the one for tokens without a label."""

    @classmethod
    def of(cls, model: LanguageModel, acts: Activations, side: str, change: Change, mask: float, seed: int) -> _Side:
        examples = list(getattr(acts.corpus.split, side))
        labels = _token_labels(model, acts, examples)
        texts = [acts.corpus[i].text for i in examples]
        parts = list(asked_states(model, ask(model, texts, mask, seed), [model.n_layers - 1]))
        text, position = (np.concatenate([getattr(part, name) for part in parts]) for name in ("text", "position"))
        order = np.argsort(text, kind="stable")
        text, position = text[order], position[order]
        # Copied outside of inference mode, in which they were made: gradients are taken through them.
        before = torch.cat([part.states[0] for part in parts]).clone()[order]
        after = torch.from_numpy(np.ascontiguousarray(change(before.numpy()), dtype=np.float32))
        label = torch.from_numpy(
            np.array([labels[i][j] for i, j in zip(text.tolist(), position.tolist(), strict=True)])
        )
        gold = torch.cat([part.gold for part in parts])[order]
        return cls(text, gold, before - after, after, label, len(acts.targets.labels) + 1)

    @property
    def untold(self) -> _Side:
        """The same tokens, of which is told only whether they have a label."""
        return replace(self, label=(self.label == self.n_labels - 1).long(), n_labels=2)


def _token_labels(model: LanguageModel, acts: Activations, examples: Sequence[int]) -> list[Ints]:
    """For each example (T,) the label of the target that each token is of; K where it is of none."""
    targets = acts.targets
    if targets.n_spans > 1:
        raise DataError(f"Labels of {targets.unit}s cannot be given back: they are of no single token.")
    owner_of = {example: i for i, example in enumerate(examples)}
    rows = np.flatnonzero([int(example) in owner_of for example in targets.example])
    owner = np.array([owner_of[int(example)] for example in targets.example[rows]], dtype=np.int64)
    texts = [acts.corpus[i].text for i in examples]
    lengths = np.array([len(text) for text in texts])
    whole = np.stack([np.zeros(len(rows), np.int64), lengths[owner]], 1)
    encoded = model.encode(texts)
    aligned = align(texts, encoded, targets.spans[rows, 0] if targets.n_spans else whole, owner)
    first = begins([len(text) for text in encoded])
    flat = np.full(first[-1], len(targets.labels))
    for start, end, label in zip(aligned.start, aligned.end, targets.y[rows], strict=True):
        flat[aligned.content[start:end]] = label
    return np.split(flat, first[1:-1])


@dataclass(frozen=True, eq=False)
class _Mended:
    """r -> r + (r - mean) A + scale V[label]."""

    A: torch.Tensor
    """(D, D)"""
    V: torch.Tensor
    """(labels, D)"""
    mean: torch.Tensor
    """(D,)"""
    scale: float

    def log_proba(self, head: Head, side: _Side, rows: torch.Tensor) -> torch.Tensor:
        """(m, vocabulary) log-probabilities (nats) at some of the tokens."""
        r = side.states[rows]
        return head.log_proba(r + (r - self.mean) @ self.A + self.scale * self.V[side.label[rows]], final=True)

    def loss(self, head: Head, side: _Side, rows: torch.Tensor) -> torch.Tensor:
        """Mean cross-entropy (nats) of some of the tokens."""
        return torch.nn.functional.nll_loss(self.log_proba(head, side, rows), side.gold[rows].to(head.model.device))

    def right(self, head: Head, side: _Side) -> npt.NDArray[np.bool_]:
        """(M,) whether the likeliest token is the one that stands there."""
        with torch.no_grad():
            likeliest = [
                self.log_proba(head, side, rows).argmax(1).cpu() for rows in torch.arange(len(side.gold)).split(_BATCH)
            ]
        hits: npt.NDArray[np.bool_] = (torch.cat(likeliest) == side.gold).numpy()
        return hits


def _fit(head: Head, train: _Side, dev: _Side, seed: int, caption: str) -> _Mended:
    """Train on train, and keep the step with the lowest loss on dev, be it none."""
    random = torch.Generator().manual_seed(seed)
    width, scale = train.states.shape[1], float(train.states.std()) or 1.0
    counts = torch.zeros(train.n_labels).index_add_(0, train.label, torch.ones(len(train.label)))
    sums = torch.zeros(train.n_labels, width).index_add_(0, train.label, train.removed)
    start = sums / counts.clamp(min=1)[:, None] / scale
    A, V = torch.zeros(width, width, requires_grad=True), start.clone().requires_grad_()
    mended = _Mended(A, V, train.states.mean(0), scale)
    groups: list[dict[str, Any]] = [{"params": [A]}, {"params": [V], "lr": 10 * _RATE}]
    adam = torch.optim.Adam(groups, lr=_RATE, fused=True)
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(adam, _STEPS)
    asked = torch.randperm(len(dev.gold), generator=random)[:_DEV]
    least, best = float("inf"), mended
    with bar(caption, "step", range(_STEPS + 1), shown=bool(caption), leave=False) as steps:
        for step in steps:
            if step % _LOOK == 0:
                with torch.no_grad():
                    loss = sum((float(mended.loss(head, dev, rows)) * len(rows) for rows in asked.split(_BATCH)), 0.0)
                if loss < least:
                    least, best = loss, replace(mended, A=A.detach().clone(), V=V.detach().clone())
            rows = torch.randint(len(train.gold), (_BATCH,), generator=random)
            with torch.enable_grad():
                # On these alone: nothing is laid on the model's own weights.
                A.grad, V.grad = torch.autograd.grad(mended.loss(head, train, rows), (A, V))
            adam.step()
            falling.step()
    return best
