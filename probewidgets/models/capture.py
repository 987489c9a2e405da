"""Capture: the pooled hidden states of a task's Targets, all layers from one forward pass per batch."""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch
from tqdm.auto import tqdm

from probewidgets.data.corpus import Corpus
from probewidgets.data.targets import Targets
from probewidgets.errors import DataError, ModelError
from probewidgets.models import pooling
from probewidgets.models.activations import Activations, Missing
from probewidgets.models.alignment import Aligned, align
from probewidgets.models.language_model import Encoded, LanguageModel
from probewidgets.models.store import Store, default_folder

if TYPE_CHECKING:
    from probewidgets.data.tasks import Task

__all__ = ["Row", "capture", "check_layers", "pool_name", "pooled"]

Ints = npt.NDArray[np.int64]

_BATCH_TOKENS = 1024
"""Tokens per batch, padding included: on a CPU larger ones only fall out of its caches (measured)."""

_OWN_POOLS = {id(pool): pool.__name__ for pool in (pooling.first, pooling.last, pooling.mean, pooling.max, pooling.cls)}


@dataclass(frozen=True, eq=False)
class Row:
    """One text to run, with the spans to pool in it."""

    encoded: Encoded
    aligned: Aligned


def capture(
    model: LanguageModel,
    corpus: Corpus,
    task: Task,
    *,
    layers: Sequence[int] | None = None,
    pool: pooling.Pool = pooling.mean,
    store: bool | str | os.PathLike[str] | None = None,
) -> Activations:
    """Hidden states of every Target of a task, pooled over its tokens, for every layer.

    Args:
        model: Whose states.
        corpus: The texts.
        task: What to label in them: `WordTask("upos")`, ...
        layers: Which layers, 0 the embeddings; all of them by default.
        pool: From the states of a unit's tokens to one: `mean`, `first`, `last`, `max`, `cls`, or your own function
            (whose states are not cached, since its code cannot be told apart by content).
        store: Where captured states are kept: nothing for the user's cache folder (or `$PROBEWIDGETS_CACHE`), a folder,
            or False for nowhere. A second call with the same content reads them.

    Returns:
        Activations with (L, N, S*D) float32 states. Targets that get no token, and those in texts longer than the
        model takes, have no row: `.missing` counts them and shows examples, and a warning says so.

    Raises:
        DataError: The task finds nothing to label, or nothing of it can be aligned.
        ModelError: A layer is not there, or the model fails.
    """
    _check_arguments(model, corpus, task, pool)
    chosen = check_layers(model, layers)
    targets = task.targets(corpus)
    texts, rows, targets, missing = _prepare(model, corpus, targets)
    if len(missing):
        warnings.warn(f"Left out of {targets.task!r}: {missing}.", stacklevel=2)
    card = model.card
    width = (targets.n_spans or 1) * model.hidden_size
    shape = (len(chosen), len(targets), width)
    own = pool_name(pool) if id(pool) in _OWN_POOLS else None
    cache = None if store is False or own is None else Store(_folder(store))
    key = _key(card.fingerprint, str(model.dtype), texts, targets, chosen, own) if cache else ""
    states = cache.read(key, shape) if cache else None
    if states is None:
        states = _run(model, rows, chosen, pool, shape)
        if cache:
            cache.write(key, states, {"model": card.name, "task": targets.task, "corpus": corpus.name})
    _check_finite(states, chosen)
    return Activations(states, chosen, targets, corpus, card, pool_name(pool), missing)


def pooled(
    model: LanguageModel, batch: Sequence[Row], layers: Sequence[int], pool: pooling.Pool
) -> npt.NDArray[np.float32]:
    """One forward pass over a batch of rows, pooled.

    Args:
        model: Whose states.
        batch: Rows, each with at least one span, every span with at least one token.
        layers: Which layers.
        pool: From a span's tokens to one state.

    Returns:
        (L, n, D) for the n spans of all rows, in order.
    """
    states = model.states([row.encoded for row in batch])
    _, length, width = states[0].shape
    ranges = _ranges([row.aligned for row in batch], length, states[0].device)
    with torch.inference_mode():
        out = [pool(states[layer].reshape(-1, width).float(), ranges) for layer in layers]
        if out[0].shape != (len(ranges.start), width):
            raise ModelError(
                f"The pool {pool_name(pool)} must return (n, D) = {(len(ranges.start), width)}, "
                f"but returned {tuple(out[0].shape)}."
            )
        return torch.stack(out).cpu().numpy()


def check_layers(model: LanguageModel, layers: Sequence[int] | None) -> tuple[int, ...]:
    """The layers asked for, as a tuple; all of them for None. Negative ones count from the last.

    Raises:
        ModelError: One is not there, or none is left.
    """
    if layers is None:
        return model.layers
    if isinstance(layers, (str, bytes)) or not isinstance(layers, Iterable):
        raise ModelError(f"layers must be a list of numbers such as [0, 3] or range(4), but {layers!r} came.")
    wanted = list(layers)
    bad = [n for n in wanted if not isinstance(n, (int, np.integer)) or not -model.n_layers <= n < model.n_layers]
    if bad or not wanted:
        raise ModelError(
            (f"Layer {bad[0]!r} is not in {model.name!r}." if bad else "No layer was asked for.")
            + f" It has layers 0 to {model.n_layers - 1}: 0 the embeddings, l the output of block l."
        )
    return tuple(dict.fromkeys(int(n) % model.n_layers for n in wanted))


def pool_name(pool: pooling.Pool) -> str:
    """What captions call a pool. No other function can have the name of one of ours."""
    if id(pool) in _OWN_POOLS:
        return _OWN_POOLS[id(pool)]
    name = str(getattr(pool, "__name__", type(pool).__name__))
    return f"{getattr(pool, '__module__', 'your')}.{name}" if name in _OWN_POOLS.values() else name


def batches(lengths: Sequence[int], budget: int = _BATCH_TOKENS) -> Iterator[list[int]]:
    """Indices of texts in batches of at most `budget` tokens with their padding, longest first.

    Longest first, so that running out of memory shows in the first seconds. One text longer than the budget is a batch.
    """
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda i: (-lengths[i], i)):
        if batch and lengths[batch[0]] * (len(batch) + 1) > budget:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _check_arguments(model: object, corpus: object, task: object, pool: object) -> None:
    """Say which argument is not what it should be, where Python would only miss an attribute deep inside."""
    if not isinstance(model, LanguageModel):
        raise ModelError(f"capture takes a LanguageModel first, but {type(model).__name__} came: LanguageModel(...).")
    if not isinstance(corpus, Corpus):
        raise DataError(
            f"capture takes a Corpus second, but {type(corpus).__name__} came: read_conllu(...), english()."
        )
    if isinstance(task, type) or not hasattr(task, "targets"):
        raise DataError(f"capture takes a task third, such as WordTask('upos'), but {task!r:.60} came.")
    if not callable(pool):
        names = ", ".join(f"pw.{name}" for name in _OWN_POOLS.values())
        raise ModelError(f"pool must be a function: {names}, or your own. {pool!r:.60} came.")


def _prepare(
    model: LanguageModel, corpus: Corpus, targets: Targets
) -> tuple[list[str], list[tuple[Row, Ints]], Targets, Missing]:
    """Tokenize the texts that have targets and align every target's spans.

    Returns:
        The texts; for each text that can be run, its Row and the (n,) rows of the result that it fills, in the order
        of its spans; the Targets that have a row; and those that have none.
    """
    order = np.argsort(targets.example, kind="stable")
    examples, begins = np.unique(targets.example[order], return_index=True)
    groups = np.split(order, begins[1:])
    texts = [corpus[int(e)].text for e in examples]
    keep = np.ones(len(targets), dtype=bool)
    tokenless: list[str] = []
    long: list[str] = []
    shared = 0
    rows: list[tuple[Row, Ints]] = []
    for text, encoded, group in zip(texts, model.encode(texts), groups, strict=True):
        if len(encoded) > model.max_tokens:
            keep[group] = False
            long += [targets.surface[i] for i in group]
            continue
        spans = targets.spans[group] if targets.n_spans else np.array([[[0, len(text)]]] * len(group))
        aligned = align(text, encoded, spans.reshape(-1, 2))
        has = (aligned.start < aligned.end).reshape(len(group), -1).all(axis=1)
        keep[group[~has]] = False
        tokenless += [targets.surface[i] for i in group[~has]]
        shared += int(aligned.shared.reshape(len(group), -1)[has].any(axis=1).sum())
        if has.any():
            spans_kept = np.repeat(has, spans.shape[1])
            rows.append((Row(encoded, aligned.only(spans_kept)), group[has]))
    missing = Missing(tuple(tokenless), tuple(long), shared)
    if not rows:
        raise DataError(f"None of the {len(targets):,} targets of {targets.task!r} can be captured: {missing}.")
    position = np.cumsum(keep) - 1
    return texts, [(row, position[group]) for row, group in rows], targets.take(np.flatnonzero(keep)), missing


def _run(
    model: LanguageModel,
    rows: Sequence[tuple[Row, Ints]],
    layers: tuple[int, ...],
    pool: pooling.Pool,
    shape: tuple[int, int, int],
) -> npt.NDArray[np.float32]:
    states = np.empty(shape, np.float32)
    bar = tqdm(total=len(rows), desc=f"Capturing {model.name}", unit="sentence", leave=False)
    with bar:
        for batch in batches([len(row.encoded) for row, _ in rows]):
            filled = np.concatenate([rows[i][1] for i in batch])
            got = pooled(model, [rows[i][0] for i in batch], layers, pool)
            states[:, filled] = got.reshape(len(layers), len(filled), -1)
            bar.update(len(batch))
    return states


def _ranges(aligned: Sequence[Aligned], length: int, device: torch.device) -> pooling.Ranges:
    """Put the alignments of a batch end to end."""
    origin = np.arange(len(aligned)) * length
    offset = np.cumsum([0, *(len(a.content) for a in aligned)])
    counts = [len(a.start) for a in aligned]

    def tensor(parts: list[Any]) -> torch.Tensor:
        return torch.from_numpy(np.concatenate(parts).astype(np.int64)).to(device)

    return pooling.Ranges(
        start=tensor([a.start + o for a, o in zip(aligned, offset, strict=False)]),
        end=tensor([a.end + o for a, o in zip(aligned, offset, strict=False)]),
        content=tensor([a.content + o for a, o in zip(aligned, origin, strict=True)]),
        origin=tensor([np.repeat(origin, counts)]),
    )


def _folder(store: bool | str | os.PathLike[str] | None) -> Path:
    return default_folder() if store is None or isinstance(store, bool) else Path(store).expanduser()


def _key(
    fingerprint: str, dtype: str, texts: list[str], targets: Targets, layers: tuple[int, ...], pool: str | None
) -> str:
    """A hash of everything that the states depend on."""
    digest = hashlib.sha256()
    for part in (fingerprint, dtype, str(layers), str(pool), *texts):
        digest.update(f"{len(part)}:{part}".encode("utf-8", "surrogatepass"))
    for column in (targets.example, targets.spans):
        digest.update(f"{column.shape}".encode() + np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()[:40]


def _check_finite(states: npt.NDArray[np.float32], layers: tuple[int, ...]) -> None:
    """A sum shows NaN and infinity without a second array of the size of the states."""
    with np.errstate(over="ignore", invalid="ignore"):
        bad = [layer for layer, matrix in zip(layers, states, strict=True) if not np.isfinite(matrix.sum(dtype=float))]
    if bad:
        warnings.warn(
            f"The states of layer(s) {bad} hold NaN or infinity: no probe can be trained there. "
            "Load the model with dtype='float32', or leave them out with layers=.",
            stacklevel=3,
        )
