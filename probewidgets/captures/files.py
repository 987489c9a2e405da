"""Files of a store: JSON and safetensors in a folder, each absent or whole; what is damaged is set aside."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy.typing as npt

from probewidgets.captures.tensors import FORMAT, VERSION, Tensor, read_header, safetensors
from probewidgets.errors import StoreError
from probewidgets.machine.files import Folder

__all__ = ["Files"]


@dataclass(frozen=True, eq=False)
class Files:
    """The files of one store, named by relative paths. All that goes wrong is told as a StoreError."""

    folder: Folder

    def read_json(self, name: str) -> dict[str, Any]:
        """The object in a JSON file."""
        try:
            with self.folder.open(name) as file:
                value = json.loads(file.read())
        except (OSError, ValueError) as error:
            raise StoreError(f"{self.folder}/{name} cannot be read: {error}") from error
        if not isinstance(value, dict):
            raise StoreError(f"{self.folder}/{name} holds no object.")
        return value

    def write_json(self, name: str, value: Mapping[str, Any]) -> None:
        """Write an object as JSON."""
        with self.writing(name) as path:
            path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def write(self, name: str, tensors: Mapping[str, npt.NDArray[Any]], header: Mapping[str, str]) -> None:
        """Write a small file of tensors."""
        with self.writing(name) as path:
            path.write_bytes(safetensors(tensors, {**header, "format": FORMAT, "version": str(VERSION)}))

    @contextmanager
    def writing(self, name: str) -> Iterator[Path]:
        """A path to write a file to."""
        try:
            with self.folder.writing(name) as path:
                yield path
        except _WriteError:  # of a file that is written beside it
            raise
        except OSError as error:
            cause: Any = error.__cause__ or error
            why = getattr(cause, "strerror", None) or cause
            raise _WriteError(
                f"{self.folder}/{name} could not be written: {why}. What was written before is kept: mend it or "
                "make room, and run the same capture(...) again."
            ) from error

    def read(self, name: str) -> tuple[dict[str, str], dict[str, npt.NDArray[Any]]]:
        """Header and tensors of a small file."""
        from safetensors import SafetensorError
        from safetensors.numpy import load

        with self.opened(name) as (file, header, _):
            file.seek(0)
            try:
                return header, load(file.read())
            except (SafetensorError, ValueError) as error:
                raise self.damaged(name, str(error)) from error

    @contextmanager
    def opened(self, name: str) -> Iterator[tuple[Any, dict[str, str], dict[str, Tensor]]]:
        """An open safetensors file, its header, and where its tensors are."""
        try:
            file = self.folder.open(name)
        except OSError as error:
            raise StoreError(
                f"{self.folder}/{name} cannot be read ({error.strerror or error}). Was the store cleared? Run the same "
                "capture(...) again."
            ) from error
        with file:
            try:
                header, tensors = read_header(file, self.folder.size(name))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise self.damaged(name, str(error)) from error
            yield file, header, tensors

    def damaged(self, name: str, why: str) -> StoreError:
        """Set a damaged file aside, so that the next capture makes it anew; and say so."""
        with suppress(OSError):
            self.folder.rename(name, f"{name}.damaged")
        return StoreError(
            f"{self.folder}/{name} is damaged: {why}. It was renamed to *.damaged; run the same capture(...) again, "
            "which computes only this shard anew."
        )


class _WriteError(StoreError):
    """A file that could not be written, with all that is to be said of it."""
