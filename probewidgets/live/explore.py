"""All in one call: capture, sweep, and the predictor that an explorer shows."""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from probewidgets.data.corpora.grammar import ENGLISH
from probewidgets.data.corpus import Corpus, check_corpus
from probewidgets.data.segment import segmenter_name
from probewidgets.data.targets import Targets
from probewidgets.errors import ProbeError, StoreError
from probewidgets.live.numbers import NumberPredictor
from probewidgets.live.predictor import HeadPredictor, Predictor, check_unit, predictor
from probewidgets.machine.files import path_of
from probewidgets.machine.imports import gc_paused
from probewidgets.probes.stored import VERSION
from probewidgets.sweeps.results import Sweep

if TYPE_CHECKING:
    from probewidgets.captures.pooling import Pool
    from probewidgets.data.control import ControlTask
    from probewidgets.data.tasks import Task
    from probewidgets.probes.base import Probe

__all__ = ["SENTENCES", "States", "explored"]

SENTENCES = 1500
"""Of generated English that is learned from by default, for someone waits: more take as much longer, and make little
better but the last layers."""


class States(NamedTuple):
    """Which states are captured."""

    layers: Sequence[int] | None = None
    """All, by default."""
    pool: Pool | None = None
    """The mean, by default."""


def explored(
    *,
    model: Any = None,
    corpus: Corpus | None = None,
    task: Task | None = None,
    probe: Probe | None = None,
    states: States,
    control: bool | int | ControlTask = True,
    store: bool | str | os.PathLike[str] | None = None,
) -> Predictor | HeadPredictor | NumberPredictor:
    """A predictor of a captured model and a sweep of it, which is kept: what `explore` shows; see there."""
    with gc_paused():
        from probewidgets.captures.cache import default_folder
        from probewidgets.captures.capture import capture, check_layers
        from probewidgets.captures.pooling import check_pool, is_own, mean, pool_name
        from probewidgets.data.corpora.grammar import english
        from probewidgets.data.tasks import WordTask, check_task
        from probewidgets.models.fingerprints import behaviour
        from probewidgets.models.language_model import LanguageModel
        from probewidgets.probes.linear import LinearProbe
        from probewidgets.probes.mlp import MLPProbe
        from probewidgets.sweeps.sweep import sweep

    as_ever = corpus is None and task is None
    if corpus is not None:
        check_corpus("explore", corpus)
    task = WordTask("upos") if task is None else task
    check_task("explore", task)
    check_unit(task.unit)
    pool = mean if states.pool is None else states.pool
    check_pool(pool)
    language_model = model if isinstance(model, LanguageModel) else LanguageModel(model)
    probe = probe or LinearProbe()
    chosen = check_layers(language_model, states.layers)
    path = None
    # The repr of someone's own probe, and the name of a pool, need not tell it from another: ours alone are kept.
    if store is not False and type(probe) in (LinearProbe, MLPProbe) and not is_own(pool):
        folder = default_folder() if store is None or store is True else path_of(store)
        runs = behaviour(language_model).tobytes().hex()
        settings = (language_model.fingerprint(), runs, str(chosen), f"{probe!r} {control}", pool_name(pool))
        if as_ever:
            key = _digest([*settings, ENGLISH, str(SENTENCES)]).hexdigest()[:40]
        else:
            corpus = english(SENTENCES) if corpus is None else corpus
            key = _key(settings, corpus, task.targets(corpus))
        path = folder / "sweeps" / f"{key}.safetensors"
    kept = _kept(path) if path else None
    if kept is None:
        corpus = english(SENTENCES) if corpus is None else corpus
        acts = capture(language_model, corpus, task, layers=chosen, pool=pool, store=False)
        kept = sweep(acts, probe, control=control)
        if path:
            _keep(kept, path)
    segmenter = None if corpus is None else corpus.segmenter
    return predictor(language_model, kept, pool=pool, segmenter=segmenter)


def _key(settings: Sequence[str], corpus: Corpus, targets: Targets) -> str:
    """A hash of all that decides a sweep: its file's name. By content: two tasks of one name may label differently."""
    names = (
        corpus.name,
        segmenter_name(corpus.segmenter),
        targets.task,
        targets.unit,
        *targets.labels,
        str(corpus.split),
    )
    digest = _digest([*settings, *names, *(example.text for example in corpus)])
    for column in (targets.example, targets.spans, targets.y):
        digest.update(f"{column.shape}".encode() + np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()[:40]


def _digest(parts: Sequence[str]) -> Any:
    from probewidgets import __version__

    digest = hashlib.sha256()
    # And by the version of the files: a sweep that was kept before something was added to it lacks that.
    for part in (__version__, str(VERSION), *parts):
        digest.update(f"{len(part)}:{part}".encode("utf-8", "surrogatepass"))
    return digest


def _kept(path: Path) -> Sweep | None:
    if not path.is_file():
        return None
    try:
        return Sweep.load(path)
    except StoreError as error:
        warnings.warn(f"The cached sweep cannot be read and is made anew: {error}", stacklevel=3)
        return None


def _keep(sweep: Sweep, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        sweep.save(path)
    except (OSError, ProbeError) as error:
        warnings.warn(f"The sweep could not be cached in {path.parent}: {error}.", stacklevel=3)
