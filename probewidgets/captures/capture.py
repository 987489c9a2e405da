"""Capture: the pooled hidden states of a task's Targets, all layers from one forward pass per batch.

The corpus is cut into parts, ranges of examples that are run, kept and found again each by itself. See `models.store`.
"""

from __future__ import annotations

import json
import os
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from probewidgets.captures import pooling
from probewidgets.captures.activations import Activations, Missing
from probewidgets.captures.alignment import begins
from probewidgets.captures.jobs import Engine, Filling, Job, LocalEngine, Part, cut
from probewidgets.captures.store import Rows, Store, Stored, cache
from probewidgets.data.corpus import Corpus, check_corpus
from probewidgets.data.targets import Targets
from probewidgets.data.tasks import Task, check_task
from probewidgets.errors import DataError, ModelError, StoreError, clipped
from probewidgets.machine.arrays import Ints, memory
from probewidgets.models.batching import budget
from probewidgets.models.sites import Site, modules, residual
from probewidgets.models.tapped import TappedModel, new_digest

__all__ = ["capture", "check_inputs", "check_layers"]


_TOO_LONG = ("error", "skip", "window")
_DTYPES = ("float32", "float16")

_Found = tuple[Rows, list[dict[str, str]]]
"""Of one part: what its rows are, and what is noted of each layer."""
_Made = tuple[npt.NDArray[np.float32] | Stored, list[_Found]]
"""(L, N, S*D) states, and of each part what was found."""


def capture(
    model: TappedModel,
    corpus: Corpus,
    task: Task,
    *,
    layers: Sequence[int] | None = None,
    pool: pooling.Pool = pooling.mean,
    site: Site = residual,
    modules: str | None = None,
    too_long: str = "error",
    dtype: str = "float32",
    store: bool | str | os.PathLike[str] | None = None,
    engine: Engine | None = None,
) -> Activations:
    """Hidden states of every Target of a task, pooled over its tokens, for every layer.

    Args:
        model: Whose states.
        corpus: The texts.
        task: What to label in them: `WordTask("upos")`, ...
        layers: Which layers, 0 the embeddings; all of them by default. Blocks above the highest are not run.
        pool: From the states of a unit's tokens to one: `mean`, `first`, `last`, `max`, `cls`, `mean_with_special`, or
            your own function: from the (M, D) states of all tokens of a batch, and `Ranges`, which say which of them
            each of n spans has, to (n, D). Its states are not kept on disk: its code cannot be told apart by content.
        site: Where in a block: `residual` (the default), `block`, `attention`, `mlp`, `head(n)`.
        modules: Instead of a site, any modules by name: `"encoder.layer.*.attention"`.
        too_long: What to do with texts longer than the model: `"error"`; `"skip"` them, counted in `.missing`; or read
            them in a `"window"` that moves on by half its length, where each token counts with the most context.
        dtype: How states are kept: `"float32"`, or `"float16"`, half as large; `.rounding` says what that loses.
        store: Nothing: the user's cache (`pw.cache`). A folder or an fsspec URL: states are kept there and read from
            there, so that a corpus need not fit into memory; a capture that was stopped goes on. False: nowhere.
        engine: Who runs it; by default this process. `RayEngine(...)` for several machines; it needs a `store`.

    Returns:
        Activations with (L, N, S*D) states, by example. Targets that get no token have no row: `.missing` counts them
        and shows examples, and a warning says so.

    Raises:
        DataError: The task finds nothing to label, or nothing of it can be aligned.
        TooLongError: A text has more tokens than the model takes, and `too_long` is `"error"`.
        ModelError: A layer or site is not there, or the model fails.
        StoreError: The folder holds other states, or they will not fit on its disk or in memory.
    """
    check_inputs("capture", model, corpus, task)
    _check_options(pool, site, too_long, dtype)
    site = site if modules is None else _modules(modules)
    job = Job(model, check_layers(model, layers, site), pool, site, too_long, dtype)
    targets = _by_example(task.targets(corpus))
    parts = list(cut(corpus, targets, job))
    explicit = store is not None and not isinstance(store, bool)
    kept = _folder(store, job) if explicit else None if store is False else _cache(job, targets)
    if engine is not None and not explicit:
        raise StoreError("An engine writes to a store that all its workers reach: give store='folder or URL'.")
    lazily = kept is not None and (explicit or not _fits_in_memory(job, targets))
    missing = [part for part in parts if kept is None or not kept.has(part.name, job.layers)]
    _check_room(job, targets, missing, kept if lazily else None)
    with _bar(job, targets, parts, missing, kept) as bar:
        if kept is not None and lazily:
            made: _Made = _in_store(kept, job, parts, missing, engine or LocalEngine(), bar)
        else:
            made = _in_memory(kept, job, parts, targets.n_spans, bar)
    acts = _assembled(job, parts, targets, corpus, made)
    if kept is not None:
        kept.seal(_slug(f"{corpus.name} {targets.task}", parts), _description(job, acts, parts, made[1]))
        if not explicit:
            cache.prune()
    return acts


def check_layers(model: TappedModel, layers: Sequence[int] | None, site: Site = residual) -> tuple[int, ...]:
    """The layers asked for, as a tuple; all that the site has for None. Negative ones count from the last.

    Raises:
        ModelError: One is not there, or none is left.
    """
    there = model.layers_of(site)
    if layers is None:
        return there
    if isinstance(layers, (str, bytes)) or not isinstance(layers, Iterable):
        raise ModelError(f"layers must be a list of numbers such as [0, 3] or range(4), but {layers!r} came.")
    wanted = list(layers)
    whole = [isinstance(n, int | np.integer) and not isinstance(n, bool) for n in wanted]
    numbers = [n + there[-1] + 1 if ok and n < 0 else n for n, ok in zip(wanted, whole, strict=True)]
    bad = [w for w, n, ok in zip(wanted, numbers, whole, strict=True) if not ok or n not in there]
    if bad or not wanted:
        place = "" if site == residual else f" at site {site.name!r}"
        raise ModelError(
            (f"Layer {bad[0]!r} is not in {model.name!r}{place}." if bad else "No layer was asked for.")
            + f" It has layers {there[0]} to {there[-1]}: {model.numbering if there[0] == 0 else 'l that of block l'}."
        )
    return tuple(dict.fromkeys(int(n) for n in numbers))


# ------------------------------------------------------------------ what is asked for


def check_inputs(name: str, model: object, corpus: object, task: object) -> None:
    """Say which argument is not what it should be, where Python would only miss an attribute deep inside.

    Raises:
        ModelError: No model.
        DataError: No Corpus, or no task.
    """
    if not isinstance(model, TappedModel):
        raise ModelError(
            f"{name} takes a LanguageModel first, but {type(model).__name__} came: LanguageModel(...), or "
            "SequenceModel(module, vocabulary) for a torch module over symbols."
        )
    check_corpus(name, corpus)
    check_task(name, task)


def _check_options(pool: object, site: object, too_long: object, dtype: object) -> None:
    pooling.check_pool(pool)
    if not isinstance(site, Site):
        raise ModelError(
            f"site must be pw.sites.residual, pw.sites.block, pw.sites.attention, pw.sites.mlp or pw.sites.head(n), but {site!r} came."
        )
    if too_long not in _TOO_LONG:
        raise ModelError(f"too_long must be one of {', '.join(map(repr, _TOO_LONG))}, but {too_long!r} came.")
    if dtype not in _DTYPES:
        raise ModelError(f"dtype must be one of {', '.join(map(repr, _DTYPES))}, but {dtype!r} came.")


_modules = modules


def _by_example(targets: Targets) -> Targets:
    """The same targets in the order of their examples."""
    if np.all(np.diff(targets.example) >= 0):
        return targets
    return targets.take(np.argsort(targets.example, kind="stable"))


# ------------------------------------------------------------------ where it is kept


def _bytes(job: Job, targets: Targets) -> int:
    """Bytes of all states, as they are kept."""
    return len(job.layers) * len(targets) * job.width(targets.n_spans) * np.dtype(job.dtype).itemsize


def _working_bytes(job: Job) -> int:
    """Bytes of the states of one batch, one layer's as the model gives them and all pooled; the model needs its own."""
    return 4 * (1 + len(job.layers)) * budget(job.model) * job.model.width_of(job.site)


def _fits_in_memory(job: Job, targets: Targets) -> bool:
    return 4 * _bytes(job, targets) < memory()


def _folder(place: Any, job: Job) -> Store:
    """The store that was asked for."""
    if pooling.POOLS.get(pooling.pool_name(job.pool)) is not job.pool:
        raise ModelError(
            f"The pool {pooling.pool_name(job.pool)} is your own, and its states cannot be kept in a store, since its "
            "code cannot be told apart by content. Use store=False, or one of this package's pools."
        )
    return Store(place, job.recipe, job.facts)


def _cache(job: Job, targets: Targets) -> Store | None:
    """The cache's store for a job. None where it cannot be written (with a warning), or would not take it."""
    if pooling.POOLS.get(pooling.pool_name(job.pool)) is not job.pool or _bytes(job, targets) > cache.limit:
        return None
    name = new_digest([json.dumps(job.recipe, sort_keys=True)]).hexdigest()[:24]
    try:
        return Store(cache.folder / "states" / name, job.recipe, job.facts)
    except StoreError as error:
        warnings.warn(f"The captured states could not be cached: {error}", stacklevel=3)
        return None


def _check_room(job: Job, targets: Targets, missing: Sequence[Part], store: Store | None) -> None:
    """Say what will not fit, before it begins."""
    if store is None:
        if _bytes(job, targets) > 0.9 * memory():
            raise StoreError(
                f"These states take {_size(_bytes(job, targets))}, and this machine has {_size(memory())} of memory. "
                "Keep them on disk, store='folder', or take fewer layers, or dtype='float16'."
            )
        return
    need = _bytes(job, targets) * sum(map(len, missing)) // max(1, len(targets))
    if need > store.folder.free():
        raise StoreError(
            f"These states take {_size(need)}, and {store.folder} has {_size(store.folder.free())} left. Make room, or "
            "take fewer layers, or dtype='float16'."
        )


def _size(n: float) -> str:
    """Bytes for people."""
    for unit in ("B", "kB", "MB", "GB"):
        if n < 1000:
            return f"{n:.3g} {unit}"
        n /= 1000
    return f"{n:,.3g} TB"


@contextmanager
def _bar(
    job: Job, targets: Targets, parts: Sequence[Part], missing: Sequence[Part], store: Store | None
) -> Iterator[Any]:
    """A progress bar over the texts, which says what is coming: bytes to keep, and to work in."""
    from tqdm.auto import tqdm

    total = sum(len(part.texts) for part in parts)
    where = "in memory" if store is None else "to disk" if missing else "from the store"
    work = f", at work {_size(_working_bytes(job))}" if missing else ""
    plan = f"{_size(_bytes(job, targets))} {where}{work}"
    with tqdm(total=total, desc=f"Capturing {job.model.name} ({plan})", unit="text", leave=False) as bar:
        yield bar


# ------------------------------------------------------------------ doing it


def _in_store(
    store: Store, job: Job, parts: Sequence[Part], missing: Sequence[Part], engine: Engine, bar: Any
) -> tuple[Stored, list[_Found]]:
    """Every part in the store, where the states stay."""
    bar.update(sum(len(part.texts) for part in parts) - sum(len(part.texts) for part in missing))
    engine.run(job, missing, store, bar)
    found = []
    for part in parts:
        try:
            found.append((store.rows(part.name), store.headers(part.name, job.layers)))
        except StoreError as error:  # damaged, and set aside
            warnings.warn(f"{error}", stacklevel=4)
            engine.run(job, [part], store, bar)
            found.append((store.rows(part.name), store.headers(part.name, job.layers)))
    edges = begins([len(rows.example) for rows, _ in found])
    width = job.width(parts[0].spans.shape[1]) if parts else 0
    names = tuple(part.name for part in parts)
    return Stored(store, job.layers, names, tuple(edges.tolist()), width, np.dtype(job.dtype)), found


def _in_memory(
    store: Store | None, job: Job, parts: Sequence[Part], n_spans: int, bar: Any
) -> tuple[npt.NDArray[np.float32], list[_Found]]:
    """Every part in one array; read from the store, where it is there, and else kept in it, where that can be."""
    out = np.empty((len(job.layers), sum(map(len, parts)), job.width(n_spans)), np.float32)
    at, found = 0, []
    for part in parts:
        got = _read(store, job, part, out, at)
        if got is None:
            started = job.start(part)
            rows = started.rows
            states = out[:, at : at + len(rows.example)]
            with closing(job.fill([Filling(started, partial(_assign, states), lambda: None)])) as filled:
                for texts in filled:
                    bar.update(texts)
            got = rows, [_notes(matrix) for matrix in states]
            store = _try_to_write(store, job, part, states, rows)
        else:
            bar.update(len(part.texts))
        found.append(got)
        at += len(got[0].example)
    return out[:, :at], found


def _assign(out: npt.NDArray[np.float32], at: Ints, states: Sequence[npt.NDArray[np.float32]]) -> None:
    for matrix, layer in zip(out, states, strict=True):
        matrix[at] = layer


def _read(store: Store | None, job: Job, part: Part, out: npt.NDArray[np.float32], at: int) -> _Found | None:
    """A part from the store; None where it is not there, or damaged (with a warning)."""
    if store is None or not store.has(part.name, job.layers):
        return None
    try:
        rows = store.rows(part.name)
        for layer, matrix in zip(job.layers, out, strict=True):
            store.read(part.name, layer, matrix[at : at + len(rows.example)])
        store.touch(part.name, job.layers)
        return rows, store.headers(part.name, job.layers)
    except StoreError as error:
        warnings.warn(f"Cached states cannot be read, and are computed anew: {error}", stacklevel=5)
        return None


def _try_to_write(
    store: Store | None, job: Job, part: Part, states: npt.NDArray[np.float32], rows: Rows
) -> Store | None:
    """Keep a part. Where that cannot be, a warning says so, and no more is tried."""
    if store is None:
        return None
    try:
        with store.writing(part.name, job.layers, rows, states.shape[2]) as put:
            put(np.arange(states.shape[1]), list(states))
        return store
    except StoreError as error:
        warnings.warn(f"The captured states could not be cached: {error}", stacklevel=5)
        return None


def _notes(states: npt.NDArray[np.float32]) -> dict[str, str]:
    """The first row of (n, D) states that holds NaN or infinity."""
    # A sum shows them without a second array of the size of the states.
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(states.sum(dtype=np.float64)):
            return {}
    bad = np.flatnonzero(~np.isfinite(states).all(axis=1))
    return {"first_not_finite": str(int(bad[0]))} if len(bad) else {}


def _assembled(
    job: Job,
    parts: Sequence[Part],
    targets: Targets,
    corpus: Corpus,
    made: _Made,
) -> Activations:
    """Activations, with warnings of what is missing in them and of what no probe can be trained on."""
    states, found = made
    kept = np.concatenate([part.first_target + rows.kept for part, (rows, _) in zip(parts, found, strict=True)])

    def surfaces(name: str) -> tuple[str, ...]:
        pairs = zip(parts, found, strict=True)
        return tuple(targets.surface[part.first_target + i] for part, (rows, _) in pairs for i in getattr(rows, name))

    missing = Missing(surfaces("without_token"), surfaces("too_long"), sum(rows.shared for rows, _ in found))
    if not len(kept):
        raise DataError(f"None of the {len(targets):,} targets of {targets.task!r} can be captured: {missing}.")
    if len(missing):
        warnings.warn(f"Left out of {targets.task!r}: {missing}.", stacklevel=3)
    _warn_of_infinities(job, parts, found, targets)
    rounding = max((float(h.get("rounding", 0)) for _, headers in found for h in headers), default=0.0)
    pool = pooling.pool_name(job.pool)
    targets = targets if len(kept) == len(targets) else targets.take(kept)
    return Activations(states, job.layers, targets, corpus, job.card, pool, missing, rounding)


def _warn_of_infinities(job: Job, parts: Sequence[Part], found: Sequence[_Found], targets: Targets) -> None:
    bad: dict[int, int] = {}
    for part, (rows, headers) in zip(parts, found, strict=True):
        for layer, facts in zip(job.layers, headers, strict=True):
            if facts.get("first_not_finite") and layer not in bad:
                bad[layer] = part.first_target + int(rows.kept[int(facts["first_not_finite"])])
    if bad:
        first = min(bad.values())
        cure = "Keep them in float32" if job.dtype == "float16" else "Load the model with dtype='float32'"
        warnings.warn(
            f"The states of layer(s) {sorted(bad)} hold NaN or infinity, first for "
            f"{clipped(targets.surface[first], 40)} in example {int(targets.example[first]):,}: no probe can be "
            f"trained there. {cure}, or leave the layers out with layers=.",
            stacklevel=4,
        )


def _slug(name: str, parts: Sequence[Part]) -> str:
    """A file name that people can read."""
    digest = new_digest([part.name for part in parts]).hexdigest()[:8]
    return f"{re.sub(r'[^A-Za-z0-9._-]+', '-', name)[:80]}-{digest}"


def _description(job: Job, acts: Activations, parts: Sequence[Part], found: Sequence[_Found]) -> dict[str, Any]:
    """One capture, for the store."""
    missing = acts.missing
    texts = new_digest([example.text for example in acts.corpus]).hexdigest()
    shards = [
        {"name": part.name, "first_example": part.first_example, "texts": len(part.texts), "rows": len(rows.example)}
        for part, (rows, _) in zip(parts, found, strict=True)
    ]
    counts = {"without_token": len(missing.without_token), "too_long": len(missing.too_long), "shared": missing.shared}
    return {
        "corpus": acts.corpus.name,
        "licence": acts.corpus.licence,
        "task": acts.targets.task,
        "unit": acts.targets.unit,
        "layers": list(job.layers),
        "examples": len(acts.corpus),
        "rows": acts.n_targets,
        "features": int(acts.states.shape[2]),
        "left out": counts,
        "texts_sha256": texts,
        "shards": shards,
    }
