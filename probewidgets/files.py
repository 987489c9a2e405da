"""Files are written whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from probewidgets.errors import StoreError

__all__ = ["whole"]


@contextmanager
def whole(path: str | os.PathLike[str]) -> Iterator[Path]:
    """A temporary name beside `path` to write to; renamed to `path` at the end, removed if anything goes wrong.

    Args:
        path: What the file is to be called; `~` is the home folder. An existing file is replaced.

    Raises:
        StoreError: It cannot be written there; the folder is missing.
    """
    target = Path(path).expanduser()
    temporary = target.parent / f".{target.name}.{secrets.token_hex(6)}.part"
    try:
        if target.is_dir():
            raise IsADirectoryError("it is a folder: give the name of a file")
        if not target.parent.is_dir():
            raise FileNotFoundError(f"there is no folder {os.fspath(target.parent)!r}: make it first")
        yield temporary
        os.replace(temporary, target)
    except OSError as error:
        raise StoreError(f"{os.fspath(path)!r} could not be written: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):
            temporary.unlink()
