"""The disk cache of captured states: one safetensors file per capture, named by a hash of all that determines it."""

from __future__ import annotations

import json
import os
import warnings
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from probewidgets.files import whole

__all__ = ["Store", "default_folder"]

_FORMAT = "probewidgets.states"
_VERSION = "1"


def default_folder() -> Path:
    """`$PROBEWIDGETS_CACHE`, or this user's cache folder."""
    from platformdirs import user_cache_path

    chosen = os.environ.get("PROBEWIDGETS_CACHE")
    return Path(chosen).expanduser() if chosen else user_cache_path("probewidgets")


@dataclass(frozen=True)
class Store:
    """A folder of cached states. Damaged files are recomputed, and an unwritable folder costs only the caching."""

    folder: Path

    def path(self, key: str) -> Path:
        """Where the states with this key are, or would be."""
        return self.folder / "states" / f"{key}.safetensors"

    def read(self, key: str, shape: tuple[int, int, int]) -> npt.NDArray[np.float32] | None:
        """The (L, N, W) states kept under `key`; None where there are none, or a damaged file (with a warning)."""
        from safetensors import SafetensorError, safe_open

        path = self.path(key)
        if not path.is_file():
            return None
        states = np.empty(shape, np.float32)
        try:
            with safe_open(path, framework="numpy") as file:
                header = file.metadata() or {}
                if header.get("format") != _FORMAT or header.get("version") != _VERSION:
                    raise ValueError("it was written by another version")
                sums = json.loads(header["crc32"])
                for row in range(shape[0]):
                    states[row] = file.get_tensor(str(row))
                    if zlib.crc32(states[row]) != sums[row]:
                        raise ValueError(f"its layer in row {row} has another checksum than when it was written")
        except (SafetensorError, ValueError, KeyError, IndexError, OSError) as error:
            warnings.warn(f"The cached states {path} cannot be read ({error}); they are computed anew.", stacklevel=3)
            return None
        return states

    def write(self, key: str, states: npt.NDArray[np.float32], header: Mapping[str, str]) -> None:
        """Keep (L, N, W) states under `key`: written under a temporary name, then renamed."""
        from safetensors import SafetensorError
        from safetensors.numpy import save_file

        path = self.path(key)
        metadata = {
            **header,
            "format": _FORMAT,
            "version": _VERSION,
            "crc32": json.dumps([zlib.crc32(layer) for layer in states]),
        }
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with whole(path) as temporary:
                save_file({str(row): layer for row, layer in enumerate(states)}, temporary, metadata=metadata)
        except (OSError, SafetensorError) as error:  # the second is how a full disk shows
            warnings.warn(f"The captured states could not be cached in {path.parent}: {error}", stacklevel=3)
