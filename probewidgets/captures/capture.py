"""Capture: the hidden states of a task's Targets, all layers from one forward pass per batch."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import overload

import numpy as np

from probewidgets.captures import pooling
from probewidgets.captures.activations import Activations
from probewidgets.captures.gather import gather
from probewidgets.captures.parts import by_example
from probewidgets.captures.recipe import Recipe
from probewidgets.captures.span_tokens import SpanTokens, gather_tokens
from probewidgets.captures.work import Engine
from probewidgets.data.corpus import Corpus, check_corpus
from probewidgets.data.tasks import Task, check_task
from probewidgets.errors import ModelError
from probewidgets.models.sites import Site, modules, residual
from probewidgets.models.tapped import TappedModel

__all__ = ["capture", "check_layers"]

_TOO_LONG = ("error", "skip", "window")
_DTYPES = ("float32", "float16")
_modules = modules


@overload
def capture(
    model: TappedModel,
    corpus: Corpus,
    task: Task,
    *,
    layers: Sequence[int] | None = ...,
    pool: pooling.Pool = ...,
    site: Site = ...,
    modules: str | None = ...,
    too_long: str = ...,
    dtype: str = ...,
    store: bool | str | os.PathLike[str] | None = ...,
    engine: Engine | None = ...,
) -> Activations: ...


@overload
def capture(
    model: TappedModel,
    corpus: Corpus,
    task: Task,
    *,
    layers: Sequence[int] | None = ...,
    pool: None,
    site: Site = ...,
    modules: str | None = ...,
    too_long: str = ...,
    dtype: str = ...,
    store: bool | str | os.PathLike[str] | None = ...,
    engine: Engine | None = ...,
) -> SpanTokens: ...


def capture(
    model: TappedModel,
    corpus: Corpus,
    task: Task,
    *,
    layers: Sequence[int] | None = None,
    pool: pooling.Pool | None = pooling.mean,
    site: Site = residual,
    modules: str | None = None,
    too_long: str = "error",
    dtype: str = "float32",
    store: bool | str | os.PathLike[str] | None = None,
    engine: Engine | None = None,
) -> Activations | SpanTokens:
    """Hidden states of every Target of a task, for every layer: one for each of its spans, or one for each token.

    Args:
        model: Whose states.
        corpus: The texts.
        task: What to label in them: `WordTask("upos")`, ...
        layers: Which layers, 0 the embeddings; all of them by default. Blocks above the highest are not run.
        pool: From the states of a unit's tokens to one: `mean`, `first`, `last`, `max`, `cls`, `mean_with_special`, or
            your own function: from the (M, D) states of all tokens of a batch, and `Ranges`, which say which of them
            each of n spans has, to (n, D). Its states are not kept on disk: its code cannot be told apart by content.
            None: the states of the tokens themselves, for probes that learn how to pool; of words, spans and edges.
        site: Where in a block: `residual` (the default), `block`, `attention`, `mlp`, `head(n)`.
        modules: Instead of a site, any modules by name: `"encoder.layer.*.attention"`.
        too_long: What to do with texts longer than the model: `"error"`; `"skip"` them, counted in `.missing`; or read
            them in a `"window"` that moves on by half its length, where each token counts with the most context.
        dtype: How states are kept: `"float32"`, or `"float16"`, half as large; `.rounding` says what that loses.
        store: Nothing: the user's cache (`pw.cache`). A folder or an fsspec URL: states are kept there and read from
            there, so that a corpus need not fit into memory; a capture that was stopped goes on. False: nowhere.
        engine: Who runs it; by default this process. `RayEngine(...)` for several machines; it needs a `store`.

    Returns:
        Activations with (L, N, S*D) states, by example; without a pool, SpanTokens with (L, T, D) states of tokens.
        Targets that get no token have no row: `.missing` counts them and shows examples, and a warning says so.

    Raises:
        DataError: The task finds nothing to label, or nothing of it can be aligned; or it labels whole sentences, and
            there is no pool.
        TooLongError: A text has more tokens than the model takes, and `too_long` is `"error"`.
        ModelError: A layer or site is not there, or the model fails.
        StoreError: The folder holds other states, or they will not fit on its disk or in memory.
    """
    _check_inputs(model, corpus, task)
    _check_options(pool, site, too_long, dtype)
    site = site if modules is None else _modules(modules)
    # A token alone has one state, which is what every pool makes of it.
    recipe = Recipe(model, check_layers(model, layers, site), pool or pooling.mean, site, too_long, dtype)
    targets = by_example(task.targets(corpus))
    if pool is None:
        return gather_tokens(recipe, corpus, targets, store, engine)
    return gather(recipe, corpus, targets, store, engine)


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


def _check_inputs(model: object, corpus: object, task: object) -> None:
    """Say which argument is not what it should be, where Python would only miss an attribute deep inside."""
    if not isinstance(model, TappedModel):
        raise ModelError(
            f"capture takes a LanguageModel first, but {type(model).__name__} came: LanguageModel(...), or "
            "SequenceModel(module, vocabulary) for a torch module over symbols."
        )
    check_corpus("capture", corpus)
    check_task("capture", task)


def _check_options(pool: object, site: object, too_long: object, dtype: object) -> None:
    if pool is not None:
        pooling.check_pool(pool)
    if not isinstance(site, Site):
        raise ModelError(f"site must be one of pw.sites (residual, block, attention, mlp, head(n)), but {site!r} came.")
    if too_long not in _TOO_LONG:
        raise ModelError(f"too_long must be one of {', '.join(map(repr, _TOO_LONG))}, but {too_long!r} came.")
    if dtype not in _DTYPES:
        raise ModelError(f"dtype must be one of {', '.join(map(repr, _DTYPES))}, but {dtype!r} came.")
