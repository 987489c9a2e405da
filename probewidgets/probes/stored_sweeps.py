"""Sweeps of graded answers, edges, trees, heads and pairs on disk: files as `persistence` makes of the others."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError
from probewidgets.methods.contrast.probe import FittedCCS
from probewidgets.methods.edges.probe import FittedEdge
from probewidgets.methods.heads.bilinear import FittedBilinear
from probewidgets.methods.heads.pairwise import FittedPairwise
from probewidgets.methods.trees.probe import FittedStructural
from probewidgets.probes.base import Scaler
from probewidgets.probes.persistence import READERS, complete, nulled, read, refuse, write
from probewidgets.probes.ridge import FittedRidge, FittedSigmoids

__all__ = ["load_result", "save_result"]

Arrays = Mapping[str, npt.NDArray[Any]]
Fitted = FittedRidge | FittedSigmoids | FittedStructural | FittedEdge | FittedBilinear | FittedPairwise | FittedCCS

_FITTED: dict[str, Any] = {
    "ridge": FittedRidge,
    "sigmoids": FittedSigmoids,
    "structural": FittedStructural,
    "edge": FittedEdge,
    "bilinear": FittedBilinear,
    "pairwise": FittedPairwise,
    "ccs": FittedCCS,
}
_KINDS = {reader: kind for kind, reader in READERS.items()}


Result = TypeVar("Result")


def save_result(result: Any, path: str | os.PathLike[str]) -> None:
    """Write a sweep with its probes. Raises ProbeError where a probe is not of this package, or parts disagree."""
    parts = [_parts(probe) for probe in result.probes]
    if problem := _disagreement(result):
        raise ProbeError(f"The sweep cannot be saved: {problem}. Save it as it came.")
    arrays = {f"{row}.{name}": array for row, (own, _) in enumerate(parts) for name, array in own.items()}
    facts = {f.name: getattr(result, f.name) for f in fields(result) if f.name != "probes"}
    facts["probes"] = [known for _, known in parts]
    write(path, _KINDS[type(result).__name__], arrays, nulled(facts))


def load_result(path: str | os.PathLike[str], expected: type[Result]) -> Result:
    """Read a sweep of the class expected, with its probes."""
    arrays, facts = read(path, _KINDS[expected.__name__])
    with complete(path):
        probes = tuple(_probe(f"{row}.", known, arrays) for row, known in enumerate(facts.pop("probes")))
        hints = get_type_hints(expected)
        known: dict[str, Any] = {name: _restored(hints[name], value) for name, value in facts.items()}
        result = expected(**known | {"probes": probes})
        refuse(path, _disagreement(result))
        return result


def _parts(probe: Any) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
    """The arrays of a fitted probe, and the rest of it."""
    kind = next((name for name, known in _FITTED.items() if type(probe) is known), None)
    if kind is None:
        raise ProbeError(
            f"A {type(probe).__name__} cannot be saved: only {', '.join(c.__name__ for c in _FITTED.values())} can. "
            "Save the probe's weights yourself."
        )
    values = {f.name: getattr(probe, f.name) for f in fields(probe)}
    if isinstance(probe, FittedEdge):
        del values["network"]
        return probe.weights(), {"kind": kind, "fields": values}
    for name in [name for name, value in values.items() if isinstance(value, Scaler)]:
        scaler = values.pop(name)
        values |= {f"{name}.mean": scaler.mean, f"{name}.scale": scaler.scale}
    arrays = {name: value for name, value in values.items() if isinstance(value, np.ndarray)}
    return arrays, {"kind": kind, "fields": {name: value for name, value in values.items() if name not in arrays}}


def _probe(prefix: str, facts: dict[str, Any], arrays: Arrays) -> Fitted:
    own: dict[str, Any] = {n.removeprefix(prefix): array for n, array in arrays.items() if n.startswith(prefix)}
    if facts["kind"] == "edge":
        return FittedEdge.of_weights(own, **facts["fields"])
    for name in [name.removesuffix(".mean") for name in own if name.endswith(".mean")]:
        own[name] = Scaler(own.pop(f"{name}.mean"), own.pop(f"{name}.scale"))
    kind = _FITTED[facts["kind"]]
    hints = get_type_hints(kind)
    fitted: Fitted = kind(**own, **{name: _restored(hints[name], value) for name, value in facts["fields"].items()})
    return fitted


def _disagreement(result: Any) -> str:
    """What of a sweep does not fit together; nothing if all does."""
    if not result.scores:
        return "it has no score"
    if len(result.probes) != len(result.scores):
        return f"it has {len(result.scores)} scores and {len(result.probes)} probes"
    k, widths = len(getattr(result, "labels", ())), set()
    for score, probe in zip(result.scores, result.probes, strict=True):
        width, sound = _shape(probe, k)
        widths.add(width)
        if not sound:
            return (
                f"the arrays of the {type(probe).__name__} of layer {score.layer} do not fit each other or the labels"
            )
    return f"its probes are for states of {sorted(widths)} features" if len(widths) > 1 else ""


def _shape(probe: Fitted, k: int) -> tuple[int, bool]:
    """How wide the states of a probe are, and whether its arrays fit each other and K labels."""
    if isinstance(probe, FittedEdge):
        return int(probe.network.project[0].in_features), bool(probe.network.read[-1].out_features == k)
    if isinstance(probe, FittedStructural):
        rank, width = probe.distance_.shape
        return width, probe.depth_.shape == (rank, width) and probe.centre_.shape == (width,)
    if isinstance(probe, FittedBilinear):
        rank, width = probe.left_.shape
        return width, probe.right_.shape == (rank, width) and probe.term_.shape == probe.centre_.shape == (width,)
    if isinstance(probe, FittedPairwise):
        hidden, width = probe.left_.shape
        units = probe.bias_.shape == probe.out_.shape == (hidden,)
        return width, units and probe.right_.shape == (hidden, width) and probe.centre_.shape == (width,)
    width = probe.coef_.shape[-1]
    if isinstance(probe, FittedCCS):
        scales = [array for scaler in (probe.one, probe.other) for array in (scaler.mean, scaler.scale)]
        return width, all(array.shape == (width,) for array in (probe.coef_, *scales))
    if isinstance(probe, FittedRidge):
        return width, probe.coef_.shape == (width,)
    return width, probe.coef_.shape == (k, width) and probe.intercept_.shape == (k,)


def _restored(kind: Any, value: Any) -> Any:
    """What JSON holds, as what an annotation says that it was."""
    origin, args = get_origin(kind), get_args(kind)
    if kind is float:
        return float("nan") if value is None else value
    if origin is UnionType:  # something or None
        return None if value is None else _restored(args[0], value)
    if origin is tuple:
        kinds = [args[0]] * len(value) if args[-1] is Ellipsis else args
        return tuple(_restored(one, v) for one, v in zip(kinds, value, strict=True))
    if origin is frozenset:
        return frozenset(value)
    if origin is not None and issubclass(origin, Mapping):
        return {key: _restored(args[1], v) for key, v in value.items()}
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        return kind(**{name: _restored(hints[name], v) for name, v in value.items()})
    return value
