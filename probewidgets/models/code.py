"""Code: what the forward pass of some modules may read beside weights, and which of it is nobody's library."""

from __future__ import annotations

import functools
import hashlib
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType
from typing import Any

import numpy as np
import torch

__all__ = ["Code", "Told"]

_LIBRARIES = (
    *(sysconfig.get_path(name) + os.sep for name in ("purelib", "platlib", "stdlib")),
    os.path.dirname(os.path.dirname(__file__)) + os.sep,
    os.path.dirname(torch.__file__) + os.sep,
)
"""Where installed code lies: it changes with its version alone."""

_DEPTH = 4
"""How far into objects inside of objects is looked."""


class Code:
    """The code that a forward pass of some classes may run, followed from `forward` by the names in it.

    Args:
        kinds: Classes of modules.
    """

    def __init__(self, kinds: Iterable[type]) -> None:
        self.names: set[str] = set()
        """All names that occur in it: attributes that are called otherwise are not read."""
        self.foreign: dict[str, str] = {}
        """Functions, constants and attributes of classes that belong to no installed library, and what they are."""
        self._told, self._seen = Told(), set[FunctionType]()
        kinds, looked_up = sorted(kinds, key=lambda kind: f"{kind.__module__}.{kind.__qualname__}"), {"forward"}
        names = {"forward"}
        while names:
            for kind in kinds:
                for name in names:
                    self._look_up(kind, name)
            looked_up |= names
            names = self.names - looked_up

    def _look_up(self, kind: type, name: str) -> None:
        for base in kind.__mro__:
            if base is not torch.nn.Module and name in vars(base):
                value = vars(base)[name]
                functions = list(_functions(value))
                for function in functions:
                    if name == "forward" or _is_read(function):
                        self._follow(function)
                if not functions and isinstance(value, bool | int | float | str | torch.Tensor | np.ndarray):
                    self.foreign[f"{kind.__module__}.{kind.__qualname__}.{name}"] = self._told(value)
                return

    def _follow(self, function: FunctionType) -> None:
        if function in self._seen:
            return
        self._seen.add(function)
        codes = list(_inside(function.__code__))
        names = {name for code in codes for name in code.co_names}
        texts = {text for code in codes for text in code.co_consts if isinstance(text, str) and text.isidentifier()}
        self.names |= names | texts
        cells = [cell.cell_contents for cell in function.__closure__ or () if _is_filled(cell)]
        for inner in (function for value in cells for function in _functions(value) if _is_read(function)):
            self._follow(inner)
        around = {name: function.__globals__[name] for name in sorted(names) if name in function.__globals__}
        for called in (inner for value in around.values() for inner in _functions(value)):
            if _is_read(called):
                self._follow(called)
        if is_foreign(function):
            constants = {name: value for name, value in around.items() if is_plain(value)}
            self.foreign[f"{function.__module__}.{function.__qualname__}"] = self._told(function) + self._told(
                constants
            )


class Told:
    """Values of any kind as texts that are equal for equal values, here and in another process."""

    def __init__(self) -> None:
        self._done: dict[int, tuple[object, str]] = {}

    def __call__(self, value: Any, depth: int = 0) -> str:
        """The value as a text. Of what cannot be told only its class is."""
        if value is None or isinstance(value, bool | int | float | complex | str | bytes | torch.dtype):
            return repr(value)
        if id(value) not in self._done:
            self._done[id(value)] = value, type(value).__qualname__  # of what holds itself
            self._done[id(value)] = value, self._compound(value, depth + 1)
        return self._done[id(value)][1]

    def _compound(self, value: Any, depth: int) -> str:
        if isinstance(value, torch.Tensor | np.ndarray):
            return _digest(value)
        if isinstance(value, FunctionType):
            return self._function(value, depth)
        if isinstance(value, MethodType | functools.partial):
            inner = (value.__func__,) if isinstance(value, MethodType) else (value.func, value.args, value.keywords)
            return f"{type(value).__name__}{self(inner, depth)}"
        if isinstance(value, type | BuiltinFunctionType):
            return f"{value.__module__}.{value.__qualname__}"
        if isinstance(value, torch.nn.Module) or depth > _DEPTH:
            return type(value).__qualname__
        if isinstance(value, list | tuple):
            return f"[{','.join(self(item, depth) for item in value)}]"
        if isinstance(value, set | frozenset):
            return f"{{{','.join(sorted(self(item, depth) for item in value))}}}"
        if isinstance(value, Mapping):
            return self._pairs(value, depth)
        if hasattr(value, "to_dict"):
            return self._config(value, depth)
        return f"{type(value).__qualname__}{self._pairs(getattr(value, '__dict__', {}), depth)}"

    def _pairs(self, pairs: Mapping[Any, Any], depth: int) -> str:
        return f"{{{','.join(sorted(f'{self(key, depth)}:{self(item, depth)}' for key, item in pairs.items()))}}}"

    def _config(self, config: Any, depth: int) -> str:
        """Settings without those that say where they come from."""
        settings = {k: v for k, v in config.to_dict().items() if not k.startswith("_") and k != "transformers_version"}
        return self._pairs(settings | {"attention": getattr(config, "_attn_implementation", None)}, depth)

    def _function(self, function: FunctionType, depth: int) -> str:
        if not is_foreign(function):
            return f"{function.__module__}.{function.__qualname__}"
        cells = [cell.cell_contents for cell in function.__closure__ or () if _is_filled(cell)]
        parts = [function.__qualname__, *(self._code(code, depth) for code in _inside(function.__code__))]
        return "|".join(
            [*parts, self(function.__defaults__, depth), self(function.__kwdefaults__, depth), self(cells, depth)]
        )

    def _code(self, code: CodeType, depth: int) -> str:
        constants = [constant for constant in code.co_consts if not isinstance(constant, CodeType)]
        return f"{code.co_code.hex()}{self(constants, depth)}{code.co_names}"


def is_plain(value: object) -> bool:
    """Whether a value is a number, a text or numbers: one that code reads, and that a person may set."""
    if isinstance(value, list | tuple):
        return all(is_plain(item) for item in value)
    return value is None or isinstance(value, bool | int | float | str | torch.Tensor | np.ndarray)


def is_foreign(function: FunctionType) -> bool:
    """Whether a function is of no installed library: of a notebook, a script, or code that came with a model."""
    file = getattr(sys.modules.get(function.__module__ or ""), "__file__", None)
    return not (file or function.__code__.co_filename).startswith(_LIBRARIES)


def _is_read(function: FunctionType) -> bool:
    """Whether to read a function for names: what torch and transformers do for all models alike need not be."""
    root, _, rest = (function.__module__ or "").partition(".")
    return root != "torch" and (root != "transformers" or rest.startswith("models."))


def _functions(value: Any) -> Iterator[FunctionType]:
    """The functions that a value stands for: itself, what it wraps, what a property or a method is made of."""
    if isinstance(value, property):
        value = value.fget
    value = getattr(value, "__func__", getattr(value, "func", value)) if not isinstance(value, type) else None
    while isinstance(value, FunctionType):
        yield value
        value = getattr(value, "__wrapped__", None)


def _inside(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _inside(constant)


def _is_filled(cell: Any) -> bool:
    try:
        _ = cell.cell_contents
    except ValueError:
        return False
    return True


def _digest(values: torch.Tensor | np.ndarray) -> str:
    tensor = torch.as_tensor(values).detach().reshape(-1).contiguous().cpu()
    content = tensor.view(torch.uint8).numpy().tobytes() if tensor.numel() else b""
    return f"{tensor.dtype}{tuple(values.shape)}{hashlib.sha256(content).hexdigest()}"
