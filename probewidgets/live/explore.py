"""All in one call: capture, sweep, and the predictor that an explorer shows."""

from __future__ import annotations

import hashlib
import os
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from probewidgets.data.corpora.grammar import ENGLISH
from probewidgets.data.corpus import Corpus, check_corpus
from probewidgets.data.segment import segmenter_name
from probewidgets.data.targets import Targets
from probewidgets.errors import ProbeError, StoreError
from probewidgets.live.first import Later, keep_first, kept_first, surroundings
from probewidgets.live.numbers import NumberPredictor
from probewidgets.live.predictor import HeadPredictor, Predictor, check_unit, predictor
from probewidgets.machine.files import path_of
from probewidgets.machine.imports import gc_paused
from probewidgets.models import embedded
from probewidgets.probes.stored import VERSION
from probewidgets.sweeps.results import Sweep

if TYPE_CHECKING:
    from probewidgets.captures.pooling import Pool
    from probewidgets.data.control import ControlTask
    from probewidgets.data.tasks import Task
    from probewidgets.probes.base import Probe

__all__ = ["SENTENCES", "Wanted", "explored"]

SENTENCES = 1500
"""Of generated English that is learned from by default, for someone waits: more take as much longer, and make little
better but the last layers."""


@dataclass(frozen=True, eq=False)
class Wanted:
    """What `explore` is asked for; see there. None stands for its default."""

    model: Any = None
    corpus: Corpus | None = None
    task: Task | None = None
    probe: Probe | None = None
    layers: Sequence[int] | None = None
    pool: Pool | None = None
    control: bool | int | ControlTask = True
    store: bool | str | os.PathLike[str] | None = None

    @property
    def folder(self) -> Path | None:
        """Where sweeps are kept."""
        if self.store is False:
            return None
        from probewidgets.captures.cache import default_folder

        folder = default_folder() if self.store is None or self.store is True else path_of(self.store)
        return folder / "sweeps"


def explored(wanted: Wanted, text: str) -> Predictor | HeadPredictor | NumberPredictor | Later:
    """A predictor of a captured model and a sweep of it, which is kept, as is the answer to a first text."""
    path = _first(wanted, text)
    if path and (later := kept_first(path, lambda: _made(wanted)[0])):
        return later
    live, sweep = _made(wanted)
    if path and sweep:
        with suppress(Exception):  # what is wrong with the text, the explorer says
            keep_first(path, live(text), sweep)
    return live


def _first(wanted: Wanted, text: str) -> Path | None:
    """Where the answer to a text that is shown first is kept: of the default model and sweep only, as they come.

    Once torch is there, it may have been told to do all otherwise (autocast, another type of numbers): nobody looks.
    """
    others = (wanted.model, wanted.corpus, wanted.task, wanted.probe, wanted.pool)
    if wanted.folder is None or any(other is not None for other in others) or _is_torch_here():
        return None
    settings = [*surroundings(), str(embedded.folder()), ENGLISH, str(SENTENCES), text]
    key = _digest([*settings, f"{wanted.layers} {wanted.control!r}"]).hexdigest()[:40]
    return wanted.folder / f"first-{key}.safetensors"


def _is_torch_here() -> bool:
    return "torch" in sys.modules


def _made(wanted: Wanted) -> tuple[Predictor | HeadPredictor | NumberPredictor, Path | None]:
    """The predictor, and the file of its sweep, where that is kept."""
    with gc_paused():
        from probewidgets.captures.capture import capture, check_layers
        from probewidgets.captures.pooling import check_pool, is_own, mean, pool_name
        from probewidgets.data.corpora.grammar import english
        from probewidgets.data.tasks import WordTask, check_task
        from probewidgets.models.fingerprints import behaviour
        from probewidgets.models.language_model import LanguageModel
        from probewidgets.probes.linear import LinearProbe
        from probewidgets.probes.mlp import MLPProbe
        from probewidgets.sweeps.sweep import sweep

    corpus, control, model = wanted.corpus, wanted.control, wanted.model
    if corpus is not None:
        check_corpus("explore", corpus)
    task = WordTask("upos") if wanted.task is None else wanted.task
    check_task("explore", task)
    check_unit(task.unit)
    pool = mean if wanted.pool is None else wanted.pool
    check_pool(pool)
    language_model = model if isinstance(model, LanguageModel) else LanguageModel(model)
    probe = wanted.probe or LinearProbe()
    layers = check_layers(language_model, wanted.layers)
    path = None
    # The repr of someone's own probe, and the name of a pool, need not tell it from another: ours alone are kept.
    if wanted.folder is not None and type(probe) in (LinearProbe, MLPProbe) and not is_own(pool):
        runs = behaviour(language_model).tobytes().hex()
        settings = (language_model.fingerprint(), runs, str(layers), f"{probe!r} {control}", pool_name(pool))
        if corpus is None and wanted.task is None:
            key = _digest([*settings, ENGLISH, str(SENTENCES)]).hexdigest()[:40]
        else:
            corpus = english(SENTENCES) if corpus is None else corpus
            key = _key(settings, corpus, task.targets(corpus))
        path = wanted.folder / f"{key}.safetensors"
    kept = _kept(path) if path else None
    if kept is None:
        corpus = english(SENTENCES) if corpus is None else corpus
        acts = capture(language_model, corpus, task, layers=layers, pool=pool, store=False)
        kept = sweep(acts, probe, control=control)
        if path:
            _keep(kept, path)
    segmenter = None if corpus is None else corpus.segmenter
    return predictor(language_model, kept, pool=pool, segmenter=segmenter), path


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
