"""Files are written whole or not at all; and folders that may lie on this machine or behind an fsspec URL."""

from __future__ import annotations

import copy
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from probewidgets.errors import StoreError, clipped

__all__ = ["Folder", "folder_at", "path_of", "whole"]


def path_of(path: str | os.PathLike[str]) -> Path:
    """A file or folder on this machine; `~` is the home folder.

    Raises:
        StoreError: Something else than a path came.
    """
    try:
        return Path(path).expanduser()
    except TypeError:
        raise StoreError(f"The path of a file or folder is a string or a Path, but {clipped(path)} came.") from None


@contextmanager
def whole(path: str | os.PathLike[str], mark: str = "") -> Iterator[Path]:
    """A temporary name beside `path` to write to; renamed to `path` at the end, removed if anything goes wrong.

    Args:
        path: What the file is to be called; `~` is the home folder. An existing file is replaced.
        mark: Becomes a part of the temporary name, by which a `Folder` finds it where its writer was killed.

    Raises:
        StoreError: It cannot be written there, the folder is missing, or that is no path.
    """
    target = path_of(path)
    temporary = target.parent / f".{target.name}.{mark}{secrets.token_hex(6)}.part"
    try:
        if target.is_dir():
            raise IsADirectoryError("it is a folder: give the name of a file")
        if not target.parent.is_dir():
            raise FileNotFoundError(f"there is no folder {os.fspath(target.parent)!r}: make it first")
        yield temporary
        os.replace(temporary, target)
    except StoreError:  # of what is written beside it: said already
        raise
    except OSError as error:
        raise StoreError(f"{os.fspath(path)!r} could not be written: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):
            temporary.unlink()


class Folder:
    """A folder on this machine, whose files are named by relative paths."""

    mark = ""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        # Absolute, so that it stays the same folder in another process, or after a change of directory.
        self.path = Path(path).expanduser().absolute()

    def __str__(self) -> str:
        return str(self.path)

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return (self.path / name).is_file()

    def open(self, name: str) -> IO[bytes]:
        """A file to read from."""
        return (self.path / name).open("rb", buffering=0)

    def size(self, name: str) -> int:
        """Its length in bytes."""
        return (self.path / name).stat().st_size

    @contextmanager
    def writing(self, name: str) -> Iterator[Path]:
        """A path to write a new file to, which has its name once it is whole; see `whole`."""
        (self.path / name).parent.mkdir(parents=True, exist_ok=True)
        with whole(self.path / name, self.mark) as temporary:
            yield temporary

    def rename(self, name: str, new: str) -> None:
        """Give a file another name."""
        os.replace(self.path / name, self.path / new)

    def inside(self, name: str) -> Folder:
        """A folder in it."""
        return Folder(self.path / name)

    def marked(self, mark: str) -> Folder:
        """The same folder for a writer that may be killed: `clear_litter(mark)` removes what it leaves half written."""
        twin = copy.copy(self)
        twin.mark = mark
        return twin

    def clear_litter(self, mark: str) -> None:
        """Remove what writers with this mark left half written."""
        for path in self.path.rglob(f".*.{mark}*.part"):
            with suppress(OSError):
                path.unlink()

    def free(self) -> int:
        """Bytes that can still be written."""
        place = self.path
        while not place.exists():
            place = place.parent
        return shutil.disk_usage(place).free

    def map(self, name: str) -> Path | None:
        """The file's path, where it can be mapped into memory."""
        return self.path / name


class _Remote(Folder):
    """A folder behind an fsspec URL: `s3://bucket/folder`, `gs://...`, `memory://...`."""

    def __init__(self, url: str) -> None:
        import fsspec

        self.url = url.rstrip("/")
        self.fs, self.root = fsspec.core.url_to_fs(self.url)

    def __str__(self) -> str:
        return self.url

    def _at(self, name: str) -> str:
        return f"{self.root}/{name}"

    def inside(self, name: str) -> Folder:
        return _Remote(f"{self.url}/{name}")

    def has(self, name: str) -> bool:
        return bool(self.fs.isfile(self._at(name)))

    def open(self, name: str) -> Any:
        return self.fs.open(self._at(name), "rb")

    def size(self, name: str) -> int:
        return int(self.fs.size(self._at(name)))

    @contextmanager
    def writing(self, name: str) -> Iterator[Path]:
        with tempfile.TemporaryDirectory() as folder:
            temporary = Path(folder) / "file"
            yield temporary
            with suppress(FileExistsError):
                self.fs.makedirs(self.fs._parent(self._at(name)), exist_ok=True)
            self.fs.put_file(str(temporary), self._at(name))

    def rename(self, name: str, new: str) -> None:
        self.fs.mv(self._at(name), self._at(new))

    def clear_litter(self, mark: str) -> None:
        """Nothing: files lie beside the store while they are written."""

    def free(self) -> int:
        return 1 << 62

    def map(self, name: str) -> Path | None:  # noqa: ARG002
        return None


def folder_at(place: str | os.PathLike[str]) -> Folder:
    """The folder at a path, or at an fsspec URL.

    Raises:
        StoreError: It is neither, or nothing installed can open such a URL.
    """
    if not isinstance(place, str | os.PathLike) or not os.fspath(place):
        raise StoreError(f"A folder is a path or a URL such as 's3://bucket/folder', but {clipped(place, 80)} came.")
    try:
        text = os.fspath(place)
        if not isinstance(text, str) or "://" not in text:
            return Folder(place)
        remote = _Remote(text)
        # A URL of this machine's own disk is a path: there, files can be renamed and mapped.
        return Folder(remote.root) if "file" in remote.fs.protocol else remote
    except (RuntimeError, ValueError, ImportError) as error:  # no such user's home; no such kind of URL
        raise StoreError(f"{place!r} cannot be opened: {error}") from error
