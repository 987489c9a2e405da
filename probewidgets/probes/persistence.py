"""Probes and sweeps on disk: one safetensors file each, its arrays beside a JSON header. Never pickle."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, fields, is_dataclass
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError, StoreError, clipped
from probewidgets.machine.files import path_of, whole
from probewidgets.probes.base import FittedProbe
from probewidgets.probes.linear import FittedLinear
from probewidgets.probes.mlp import FittedMLP
from probewidgets.sweeps.results import LayerScore, Sweep
from probewidgets.values import Baseline, Estimate, ModelCard

__all__ = [
    "READERS",
    "complete",
    "load_probe",
    "load_sweep",
    "nulled",
    "read",
    "refuse",
    "save_probe",
    "save_sweep",
    "sweep_json",
    "write",
]

VERSION = 1
"""Of the format; a file with a higher one was written by a newer probewidgets."""

READERS = {
    "sweep": "Sweep",
    "graded-sweep": "GradedSweep",
    "edge-sweep": "EdgeSweep",
    "structural-sweep": "StructuralSweep",
    "attachment-sweep": "AttachmentSweep",
    "contrast-sweep": "ContrastSweep",
}
"""Which class reads which kind of file."""

Arrays = Mapping[str, npt.NDArray[Any]]
Parts = dict[str, Any]
Kind = TypeVar("Kind", FittedLinear, FittedMLP)

_KINDS: dict[str, type[FittedLinear] | type[FittedMLP]] = {c.kind: c for c in (FittedLinear, FittedMLP)}


def write(path: str | os.PathLike[str], kind: str, arrays: Arrays, facts: Any) -> None:
    """Write arrays and JSON facts to one file, under a temporary name that is then renamed: all of it, or nothing.

    Args:
        path: Where; an existing file is replaced.
        kind: What it is, e.g. `"sweep"`; `read` asks for the same.
        arrays: Name -> array.
        facts: Anything that JSON can hold.

    Raises:
        ProbeError: JSON cannot hold the facts.
        StoreError: The file cannot be written.
    """
    from safetensors.numpy import save

    arrays = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    try:
        told = json.dumps(facts, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ProbeError(f"The {kind} holds something that cannot be saved as JSON: {error}.") from error
    header = {
        "format": f"probewidgets.{kind}",
        "version": str(VERSION),
        "facts": told,
        "sha256": _digest(arrays, told),
    }
    data = save(dict(arrays), metadata=header)
    with whole(path) as temporary:
        temporary.write_bytes(data)


def read(path: str | os.PathLike[str], kind: str) -> tuple[dict[str, npt.NDArray[Any]], Any]:
    """Arrays and facts of a file that `write` made.

    Raises:
        StoreError: No such file, damaged, not of this kind, or written by a newer version.
    """
    from safetensors import SafetensorError, safe_open

    found = path_of(path)
    name = repr(os.fspath(path))
    if not found.is_file():
        raise StoreError(f"There is no file {name}. Check the path, or make and save it again.")
    try:
        with safe_open(found, framework="numpy") as file:
            header = file.metadata() or {}
            # Before any array is read: a foreign file may be large, and hold types that numpy has not.
            _check_header(name, header, kind)
            arrays = {key: file.get_tensor(key) for key in list(file.keys())}
    except (SafetensorError, ValueError, TypeError) as error:
        raise StoreError(
            f"{name} is not a whole safetensors file ({error}). It was damaged or is of another kind: "
            "delete it, and make and save it again."
        ) from error
    if header.get("sha256") != _digest(arrays, header.get("facts", "")):
        raise StoreError(f"The contents of {name} were changed or damaged: make and save it again.")
    return arrays, json.loads(header["facts"])


def _check_header(name: str, header: Mapping[str, str], kind: str) -> None:
    if header.get("format") != f"probewidgets.{kind}":
        found = header.get("format", "a safetensors file of another program")
        reader = READERS.get(found.removeprefix("probewidgets."))
        way_out = f" Read it with pw.{reader}.load({name})." if reader else ""
        raise StoreError(f"{name} holds {found!r}, but a 'probewidgets.{kind}' was expected.{way_out}")
    if header.get("version") not in [str(version) for version in range(1, VERSION + 1)]:
        raise StoreError(
            f"{name} has format version {header.get('version')!r}; this probewidgets reads 1 to {VERSION}. "
            "Upgrade probewidgets, or make and save it again."
        )


def save_probe(probe: FittedProbe, path: str | os.PathLike[str]) -> None:
    """Write a fitted probe. Raises ProbeError for one that is not of this package."""
    arrays, facts = _parts(probe)
    write(path, "probe", arrays, facts)


def load_probe(path: str | os.PathLike[str], expected: type[Kind]) -> Kind:
    """Read a fitted probe of the kind expected."""
    arrays, facts = read(path, "probe")
    if facts.get("kind") != expected.kind:
        raise StoreError(f"{os.fspath(path)!r} holds a {facts.get('kind')!r} probe, not a {expected.kind!r} one.")
    with complete(path):
        probe = expected(**_merged(facts, arrays))
        refuse(path, _disagreement(probe))
        return probe


def save_sweep(sweep: Sweep, path: str | os.PathLike[str]) -> None:
    """Write a sweep with its probes. Raises ProbeError where a probe is not of this package, or parts disagree."""
    if problem := _sweep_disagreement(sweep):
        raise ProbeError(f"The sweep cannot be saved: {problem}. Save what pw.sweep gives.")
    arrays = {}
    for row, probe in enumerate(sweep.probes):
        arrays.update({f"{row}.{name}": array for name, array in _parts(probe)[0].items()})
    arrays |= {name: getattr(sweep, name) for name in _ARRAYS}
    write(path, "sweep", arrays, _sweep_facts(sweep))


def load_sweep(path: str | os.PathLike[str]) -> Sweep:
    """Read a sweep with its probes."""
    arrays, facts = read(path, "sweep")
    with complete(path):
        probes = tuple(_probe(row, known, arrays) for row, known in enumerate(facts.pop("probes")))
        rest: Parts = {name: arrays[name] for name in _ARRAYS}
        sweep = Sweep(**_sweep_fields(facts), **rest, probes=probes)
        refuse(path, _sweep_disagreement(sweep))
        return sweep


@contextmanager
def complete(path: str | os.PathLike[str]) -> Iterator[None]:
    """Say of what does not fit together that the file lacks a part."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
        raise StoreError(f"{os.fspath(path)!r} lacks a part, or has one too many ({error}): make it again.") from error


def refuse(path: str | os.PathLike[str], problem: str) -> None:
    """Raise StoreError where there is a problem."""
    if problem:
        raise StoreError(f"The parts of {os.fspath(path)!r} do not belong together: {problem}. Make and save it again.")


def _disagreement(probe: FittedLinear | FittedMLP) -> str:
    """What of a fitted probe does not fit together; nothing if all does."""
    k = len(probe.labels)
    if isinstance(probe, FittedLinear):
        width = probe.coef_.shape[-1]
        shapes = {"coef_": (k, width), "intercept_": (k,)}
    else:
        sizes = [probe.coefs_[0].shape[-1], *(len(coef) for coef in probe.coefs_[:-1]), k]
        shapes = {f"coefs_.{i}": pair[::-1] for i, pair in enumerate(pairwise(sizes))}
        shapes |= {f"intercepts_.{i}": (size,) for i, size in enumerate(sizes[1:])}
    arrays = _arrays_of(probe)
    for name, shape in shapes.items():
        if name not in arrays or arrays[name].shape != shape:
            came = arrays[name].shape if name in arrays else "none"
            return f"{name} has the shape {came} where {k} labels want {shape}"
    return ""


def _sweep_disagreement(sweep: Sweep) -> str:
    """What of a sweep does not fit together; nothing if all does. What is not recorded is not compared."""
    n = len(sweep.scores)
    if not n:
        return "it has no score"
    if len(sweep.probes) != n:
        return f"it has {n} scores and {len(sweep.probes)} probes"
    if sweep.hits.size and sweep.hits.shape != (n, len(sweep.sentence_targets)):
        return f"hits has the shape {sweep.hits.shape} for {n} layers and {len(sweep.sentence_targets)} test sentences"
    if len(sweep.label_counts) != len(sweep.labels):
        return f"it counts {len(sweep.label_counts)} labels and names {len(sweep.labels)}"
    widths = {sweep.settings["width"]} if "width" in sweep.settings else set()
    for layer, probe in zip(sweep.layers, sweep.probes, strict=True):
        if not isinstance(probe, FittedLinear | FittedMLP):
            continue
        widths.add((probe.coef_ if isinstance(probe, FittedLinear) else probe.coefs_[0]).shape[-1])
        problem = _disagreement(probe) or ("it has other labels" if tuple(probe.labels) != sweep.labels else "")
        if problem:
            return f"in the probe of layer {layer}, {problem}"
    return (
        f"its probes are for states of {' and of '.join(map(str, sorted(widths)))} features" if len(widths) > 1 else ""
    )


def sweep_json(sweep: Sweep) -> str:
    """All that a sweep says but its arrays, as JSON; equal sweeps give equal text."""
    return json.dumps(_sweep_facts(sweep), ensure_ascii=False, sort_keys=True, allow_nan=False, indent=1)


_ARRAYS = ("hits", "sentence_targets")
_NOT_FACTS = ("probes", *_ARRAYS)


def _sweep_facts(sweep: Sweep) -> Parts:
    facts = {f.name: getattr(sweep, f.name) for f in fields(sweep) if f.name not in _NOT_FACTS}
    facts["model"] = asdict(sweep.model)
    facts["scores"] = [asdict(score) for score in sweep.scores]
    facts["baselines"] = [asdict(baseline) for baseline in sweep.baselines]
    facts["types"] = sorted(sweep.types)
    facts["probes"] = [_parts(probe)[1] for probe in sweep.probes]
    plain: Parts = nulled(facts)
    return plain


def _sweep_fields(facts: Parts) -> Parts:
    """What `_sweep_facts` gave, as the fields of a Sweep."""
    return facts | {
        "labels": tuple(facts["labels"]),
        "labels_unseen": tuple(facts["labels_unseen"]),
        "label_counts": tuple(facts["label_counts"]),
        "model": ModelCard(**facts["model"]),
        "scores": tuple(_score(score) for score in facts["scores"]),
        "baselines": tuple(Baseline(b["name"], _estimate(b["accuracy"])) for b in facts["baselines"]),
        "counts": {side: tuple(pair) for side, pair in facts["counts"].items()},
        "types": frozenset(facts["types"]),
        "unseen": _float(facts["unseen"]),
    }


def _score(facts: Parts) -> LayerScore:
    estimates = ("accuracy", "macro_f1", "cross_entropy", "control", "selectivity", "random", "above_random")
    plain = ("layer", "edge_of_grid", "converged", "control_edges", "random_edges")
    known: Parts = {}
    for name, value in facts.items():
        if name in estimates:
            known[name] = None if value is None else _estimate(value)
        elif name in ("control_l2", "random_l2", "seed_accuracies"):
            known[name] = tuple(_float(v) for v in value)
        else:
            known[name] = value if name in plain else _float(value)
    return LayerScore(**known)


def _estimate(facts: Parts) -> Estimate:
    return Estimate(_float(facts["value"]), _float(facts["low"]), _float(facts["high"]), facts["unit"])


def _float(value: float | None) -> float:
    """JSON has no NaN: it is written as null."""
    return float("nan") if value is None else value


def nulled(value: Any) -> Any:
    """What JSON can hold of a value: dataclasses as mappings, tuples and sets as lists, NaN and infinity as null."""
    if isinstance(value, float) and not np.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {key: nulled(v) for key, v in value.items()}
    if is_dataclass(value):
        return {f.name: nulled(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, list | tuple):
        return [nulled(v) for v in value]
    if isinstance(value, frozenset):
        return sorted(value)
    return value


def _parts(probe: FittedProbe) -> tuple[dict[str, npt.NDArray[Any]], Parts]:
    """The arrays of a fitted probe, and the rest of it."""
    if not isinstance(probe, FittedLinear | FittedMLP):
        raise ProbeError(
            f"A {type(probe).__name__} cannot be saved: only {', '.join(c.__name__ for c in _KINDS.values())} can. "
            "Save the probe's weights yourself."
        )
    values = {f.name: getattr(probe, f.name) for f in fields(probe)}
    for label in probe.labels:
        if not isinstance(label, str | int | float) or (isinstance(label, float) and not np.isfinite(label)):
            raise ProbeError(
                f"The label {clipped(label)} cannot be saved: only strings and finite numbers can. Fit with "
                "strings, such as y.astype(str)."
            )
    arrays = _arrays_of(probe)
    named = {"labels", *(name.partition(".")[0] for name in arrays)}
    rest = {name: value for name, value in values.items() if name not in named}
    return arrays, {"kind": probe.kind, "labels": list(probe.labels), "fields": rest}


def _arrays_of(probe: FittedLinear | FittedMLP) -> dict[str, npt.NDArray[Any]]:
    """Its arrays by name; those of a tuple by name and place, `coefs_.0`."""
    arrays = {}
    for field in fields(probe):
        value = getattr(probe, field.name)
        if isinstance(value, np.ndarray):
            arrays[field.name] = value
        elif isinstance(value, tuple) and value and isinstance(value[0], np.ndarray):
            arrays.update({f"{field.name}.{place}": array for place, array in enumerate(value)})
    return arrays


def _merged(facts: Parts, arrays: Arrays) -> Parts:
    """The fields of a fitted probe."""
    several = sorted({name.partition(".")[0] for name in arrays if "." in name})
    tuples = {
        name: tuple(arrays[f"{name}.{i}"] for i in range(sum(a.startswith(f"{name}.") for a in arrays)))
        for name in several
    }
    single = {name: array for name, array in arrays.items() if "." not in name}
    return {"labels": tuple(facts["labels"]), **facts["fields"], **single, **tuples}


def _probe(row: int, facts: Parts, arrays: Arrays) -> FittedProbe:
    prefix = f"{row}."
    mine = {name[len(prefix) :]: array for name, array in arrays.items() if name.startswith(prefix)}
    return _KINDS[facts["kind"]](**_merged(facts, mine))


def _digest(arrays: Arrays, facts: str) -> str:
    digest = hashlib.sha256(facts.encode())
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
