"""Fitted probes on disk: a safetensors file each, its arrays beside a JSON header. Never pickle.

A class of fitted probes says what it is called there (`kind`) and is entered in one registry by that; its dataclass
fields are what is kept of it. Sweeps are kept by the same means, see `probewidgets.sweeps.stored`.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import pkgutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, ClassVar, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError, StoreError, clipped
from probewidgets.machine.files import path_of, whole

__all__ = ["Storable", "complete", "entered", "parts_of", "plain", "probe_of", "read", "refuse", "restored", "write"]

VERSION = 2
"""Of the format; a file with a higher one was written by a newer probewidgets."""

Arrays = Mapping[str, npt.NDArray[Any]]
Parts = dict[str, Any]
Kind = TypeVar("Kind", bound="Storable")

_KINDS: dict[str, type[Storable]] = {}
"""What a fitted probe is called in files -> its class; filled by the classes."""


class Storable:
    """A fitted probe that can be kept in a file: a frozen dataclass whose fields are arrays and plain values."""

    kind: ClassVar[str]
    """What its class is called in files."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "kind" in vars(cls):
            _KINDS[cls.kind] = cls

    @property
    def width(self) -> int:
        """D, the features of the states that it reads."""
        raise NotImplementedError

    @property
    def n_labels(self) -> int | None:
        """K, the labels that it tells apart; None where it answers otherwise."""
        return None

    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        """What shape each array must have, for the others to fit."""
        raise NotImplementedError

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Its arrays by name; those of a tuple by name and place, `coefs_.0`; those inside another value likewise."""
        return _arrays_of(self)

    def facts(self) -> Parts:
        """All that is no array, by name."""
        held = {name.partition(".")[0] for name in self.arrays()}
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in held}  # type: ignore[arg-type]

    @classmethod
    def of_parts(cls: type[Kind], arrays: Arrays, facts: Mapping[str, Any]) -> Kind:
        """The probe of which these are the arrays and the facts."""
        hints = get_type_hints(cls)
        values = {name: restored(hints[name], value) for name, value in facts.items()}
        for name in {name.partition(".")[0] for name in arrays}:
            values[name] = _gathered(hints[name], name, arrays)
        return cls(**values)

    def problem(self) -> str:
        """What of it does not fit together; nothing if all does."""
        arrays = self.arrays()
        for name, shape in self.shapes().items():
            if name not in arrays or arrays[name].shape != shape:
                given = arrays[name].shape if name in arrays else "none"
                return f"{name} has the shape {given}, where the others want {shape}"
        return ""

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write to one safetensors file, under a temporary name that is then renamed.

        Raises:
            ProbeError: A label is neither a string nor a finite number.
            StoreError: The file cannot be written.
        """
        write(path, "probe", self.arrays(), parts_of(self))

    @classmethod
    def load(cls: type[Kind], path: str | os.PathLike[str]) -> Kind:
        """Read what `save` wrote.

        Raises:
            StoreError: No such file, damaged, of another kind, of parts that do not belong together, or written by a
                newer version.
        """
        arrays, facts = read(path, "probe")
        if facts.get("kind") != cls.kind:
            raise StoreError(f"{os.fspath(path)!r} holds a {facts.get('kind')!r} probe, not a {cls.kind!r} one.")
        with complete(path):
            probe = probe_of(arrays, facts)
            refuse(path, probe.problem())
        return probe  # type: ignore[return-value]


def parts_of(probe: object) -> Parts:
    """What a file's header says of a fitted probe.

    Raises:
        ProbeError: It is not one that can be kept.
    """
    if not isinstance(probe, Storable):
        raise ProbeError(
            f"A {type(probe).__name__} cannot be saved: only probes of this package can. Save its weights yourself."
        )
    facts = probe.facts()
    for label in facts.get("labels", ()):
        if not isinstance(label, str | int | float) or (isinstance(label, float) and not np.isfinite(label)):
            raise ProbeError(
                f"The label {clipped(label)} cannot be saved: only strings and finite numbers can. Fit with "
                "strings, such as y.astype(str)."
            )
    return {"kind": probe.kind, "fields": plain(facts)}


def probe_of(arrays: Arrays, facts: Mapping[str, Any]) -> Storable:
    """The fitted probe of which these are the arrays and what its header says.

    Raises:
        KeyError, TypeError, ValueError: They are not those of a probe.
    """
    # Version 1 had the labels of some probes beside their fields.
    values = {**facts["fields"], **({"labels": facts["labels"]} if "labels" in facts else {})}
    probe: Storable = entered(facts["kind"], _KINDS).of_parts(arrays, values)
    return probe


def entered(name: str, registry: Mapping[str, Any]) -> Any:
    """What a class entered in a registry under a name. Methods bring classes of their own: then their rooms are opened.

    Raises:
        KeyError: Nobody did.
    """
    if name not in registry:
        package = importlib.import_module("probewidgets.methods")
        for module in pkgutil.walk_packages(package.__path__, "probewidgets.methods."):
            importlib.import_module(module.name)
    return registry[name]


# ---------------------------------------------------------------------- files


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
        text = json.dumps(facts, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ProbeError(f"The {kind} holds something that cannot be saved as JSON: {error}.") from error
    header = {
        "format": f"probewidgets.{kind}",
        "version": str(VERSION),
        "facts": text,
        "sha256": _digest(arrays, text),
    }
    data = save(dict(arrays), metadata=header)
    with whole(path) as temporary:
        temporary.write_bytes(data)


def read(path: str | os.PathLike[str], *kinds: str) -> tuple[dict[str, npt.NDArray[Any]], Any]:
    """Arrays and facts of a file of one of these kinds that `write` made; the facts of a mapping say which, `"format"`.

    Raises:
        StoreError: No such file, damaged, not of these kinds, or written by a newer version.
    """
    from safetensors import SafetensorError, safe_open

    place = path_of(path)
    name = repr(os.fspath(path))
    if not place.is_file():
        raise StoreError(f"There is no file {name}. Check the path, or make and save it again.")
    try:
        with safe_open(place, framework="numpy") as file:
            header = file.metadata() or {}
            # Before any array is read: a foreign file may be large, and hold types that numpy has not.
            _check_header(name, header, kinds)
            arrays = {key: file.get_tensor(key) for key in list(file.keys())}
    except (SafetensorError, ValueError, TypeError) as error:
        raise StoreError(
            f"{name} is not a whole safetensors file ({error}). It was damaged or is of another kind: "
            "delete it, and make and save it again."
        ) from error
    if header.get("sha256") != _digest(arrays, header.get("facts", "")):
        raise StoreError(f"The contents of {name} were changed or damaged: make and save it again.")
    facts = json.loads(header["facts"])
    return arrays, facts | {"format": header["format"].removeprefix("probewidgets.")}


def _check_header(name: str, header: Mapping[str, str], kinds: tuple[str, ...]) -> None:
    stored = header.get("format", "a safetensors file of another program")
    if stored.removeprefix("probewidgets.") not in kinds or not stored.startswith("probewidgets."):
        way_out = f" Read it with pw.Sweep.load({name})." if stored.endswith("sweep") else ""
        raise StoreError(f"{name} holds {stored!r}, but a 'probewidgets.{kinds[0]}' was expected.{way_out}")
    if header.get("version") not in [str(version) for version in range(1, VERSION + 1)]:
        raise StoreError(
            f"{name} has format version {header.get('version')!r}; this probewidgets reads 1 to {VERSION}. "
            "Upgrade probewidgets, or make and save it again."
        )


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


def _digest(arrays: Arrays, facts: str) -> str:
    digest = hashlib.sha256(facts.encode())
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


# ---------------------------------------------------------------------- values as JSON holds them, and back


def plain(value: Any) -> Any:
    """What JSON can hold of a value: dataclasses as mappings, tuples and sets as lists, NaN and infinity as null."""
    if isinstance(value, float) and not np.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, frozenset):
        return sorted(value)
    return value


def restored(hint: Any, value: Any) -> Any:
    """What JSON holds, as what an annotation says that it was."""
    origin, args = get_origin(hint), get_args(hint)
    if hint is float:
        return float("nan") if value is None else value
    if origin is UnionType:  # something or None; a number or several
        if value is None:
            return None if NoneType in args else float("nan")
        several = isinstance(value, list) and next((each for each in args if get_origin(each) is tuple), None)
        return restored(several or args[0], value)
    if origin is tuple:
        hints = [args[0]] * len(value) if args[-1] is Ellipsis else args
        return tuple(restored(each, v) for each, v in zip(hints, value, strict=True))
    if origin is frozenset:
        return frozenset(value)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {key: restored(args[1], each) for key, each in value.items()}
    if is_dataclass(hint) and isinstance(hint, type):
        hints_of = get_type_hints(hint)
        return hint(**{name: restored(hints_of[name], each) for name, each in value.items()})
    return value


def _arrays_of(value: Any) -> dict[str, npt.NDArray[Any]]:
    arrays = {}
    for field in fields(value):
        held = getattr(value, field.name)
        if isinstance(held, np.ndarray):
            arrays[field.name] = held
        elif isinstance(held, tuple) and held and isinstance(held[0], np.ndarray):
            arrays |= {f"{field.name}.{place}": array for place, array in enumerate(held)}
        elif is_dataclass(held):
            arrays |= {f"{field.name}.{name}": array for name, array in _arrays_of(held).items()}
    return arrays


def _gathered(hint: Any, name: str, arrays: Arrays) -> Any:
    """An array, a tuple of arrays, or a value that holds some."""
    if name in arrays:
        return arrays[name]
    inside = {key.removeprefix(f"{name}."): array for key, array in arrays.items() if key.startswith(f"{name}.")}
    if get_origin(hint) is tuple:
        return tuple(inside[str(place)] for place in range(len(inside)))
    return hint(**inside)
