"""Sweeps on disk: one safetensors file each, the weights of all layers beside a JSON header. Never pickle."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

import numpy.typing as npt

from probewidgets.data.segment import segmenter_name
from probewidgets.errors import ProbeError, StoreError
from probewidgets.probes import linear, mlp, ridge  # noqa: F401  they enter what their probes are called in files
from probewidgets.probes.stored import (
    Storable,
    complete,
    entered,
    parts_of,
    plain,
    probe_of,
    read,
    refuse,
    restored,
    write,
)
from probewidgets.sweeps.older import KINDS, as_today

if TYPE_CHECKING:
    from probewidgets.sweeps.results import Sweep

__all__ = ["load_sweep", "save_sweep", "sweep_json"]

Parts = dict[str, Any]
Kind = TypeVar("Kind", bound="Sweep")

_ARRAYS = ("hits", "sentence_targets", "answers", "gold")
"""Those that are empty in files of versions that did not keep them."""


def save_sweep(sweep: Sweep, path: str | os.PathLike[str]) -> None:
    """Write a sweep with its probes. Raises ProbeError where a probe is not of this package, or parts disagree."""
    facts = _facts(sweep)
    if problem := _problem(sweep):
        raise ProbeError(f"The sweep cannot be saved: {problem}. Save what pw.sweep gives.")
    arrays = {
        f"{row}.{name}": array for row, probe in enumerate(sweep.probes) for name, array in probe.arrays().items()
    }
    write(path, "sweep", arrays | {name: getattr(sweep, name) for name in _ARRAYS}, facts)


def load_sweep(path: str | os.PathLike[str], expected: type[Kind], classes: Mapping[str, type[Sweep]]) -> Kind:
    """Read a sweep with its probes, of the class expected or a class of it; `classes` by what files call them."""
    arrays, facts = read(path, "sweep", *KINDS)
    with complete(path):
        facts = as_today(facts.pop("format"), facts)
        kind: type[Sweep] = entered(facts.pop("class"), classes)
        probes = tuple(probe_of(_own(row, arrays), parts) for row, parts in enumerate(facts.pop("probes")))
        if not issubclass(kind, expected):
            raise StoreError(f"{os.fspath(path)!r} holds a {kind.__name__}: read it with pw.Sweep.load.")
        hints = get_type_hints(kind)
        values: Parts = {name: restored(hints[name], value) for name, value in facts.items()}
        values |= {name: arrays[name] for name in _ARRAYS if name in arrays}
        sweep = kind(**values, probes=probes)
        refuse(path, _problem(sweep))
    return sweep


def sweep_json(sweep: Sweep) -> str:
    """All that a sweep says but its arrays, as JSON; equal sweeps give equal text."""
    return json.dumps(_facts(sweep), ensure_ascii=False, sort_keys=True, allow_nan=False, indent=1)


def _facts(sweep: Sweep) -> Parts:
    """What the header says."""
    facts = {f.name: getattr(sweep, f.name) for f in fields(sweep) if f.name not in ("probes", *_ARRAYS)}
    facts["segmenter"] = segmenter_name(sweep.segmenter)
    return {"class": sweep.stored_as, **plain(facts), "probes": [parts_of(probe) for probe in sweep.probes]}


def _own(row: int, arrays: dict[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
    """The arrays of one layer's probe."""
    prefix = f"{row}."
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


def _problem(sweep: Sweep) -> str:
    """What of a sweep does not fit together; nothing if all does. What is not recorded is not compared."""
    n = len(sweep.scores)
    if not n:
        return "it has no score"
    if len(sweep.probes) != n:
        return f"it has {n} scores and {len(sweep.probes)} probes"
    if sweep.hits.size and sweep.hits.shape != (n, len(sweep.sentence_targets)):
        return f"hits has the shape {sweep.hits.shape} for {n} layers and {len(sweep.sentence_targets)} test sentences"
    if sweep.label_counts and len(sweep.label_counts) != len(sweep.labels):
        return f"it counts {len(sweep.label_counts)} labels and names {len(sweep.labels)}"
    widths = {sweep.settings["width"]} if "width" in sweep.settings else set()
    for layer, probe in zip(sweep.layers, sweep.probes, strict=True):
        if not isinstance(probe, Storable):
            continue
        widths.add(probe.width)
        other = probe.n_labels not in (None, len(sweep.labels))
        other |= sweep.kind == "label" and tuple(getattr(probe, "labels", sweep.labels)) != sweep.labels
        problem = probe.problem() or ("it has other labels" if other else "")
        if problem:
            return f"in the probe of layer {layer}, {problem}"
    many = " and of ".join(map(str, sorted(widths)))
    return f"its probes are for states of {many} features" if len(widths) > 1 else _problem_of_answers(sweep)


def _problem_of_answers(sweep: Sweep) -> str:
    """What of the answers on test does not fit together; nothing where none were kept."""
    answers, gold, names = sweep.answers, sweep.gold, len(sweep.label_names)
    if not answers.size and not gold.size:
        return ""
    if answers.shape != (len(sweep.scores), *gold.shape):
        return f"answers has the shape {answers.shape} for {len(sweep.scores)} layers and gold of {gold.shape}"
    expected = (int(sweep.sentence_targets.sum()), *(names for _ in gold.shape[1:]))
    if gold.shape != expected:
        return f"gold has the shape {gold.shape}, where the others want {expected}"
    if gold.dtype.kind in "iu" and not 0 <= min(gold.min(), answers.min()) <= max(gold.max(), answers.max()) < names:
        return f"it names {names} labels, and gives others"
    return ""
