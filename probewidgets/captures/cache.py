"""The cache: what capture and explore keep for a second time, in a folder of this user's."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from probewidgets.errors import StoreError

__all__ = ["Cache", "cache", "default_folder"]


def default_folder() -> Path:
    """`$PROBEWIDGETS_CACHE`, or this user's cache folder."""
    from platformdirs import user_cache_path

    chosen = os.environ.get("PROBEWIDGETS_CACHE")
    return Path(chosen).expanduser() if chosen else user_cache_path("probewidgets")


class Cache:
    """The files that capture and explore keep: `pw.cache` shows how much, `pw.cache.clear()` removes them.

    Files that were used least recently go first, once there is more than `limit`.
    """

    _RECENT = 600
    """Files used in the last so many seconds stay: another process may be at them."""

    @property
    def folder(self) -> Path:
        """Where it is: `$PROBEWIDGETS_CACHE`, or this user's cache folder."""
        return default_folder()

    @property
    def limit(self) -> int:
        """The most bytes it keeps: `$PROBEWIDGETS_CACHE_GB`, or 20 GB."""
        try:
            return int(float(os.environ.get("PROBEWIDGETS_CACHE_GB", "20")) * 1e9)
        except ValueError:
            raise StoreError(
                f"$PROBEWIDGETS_CACHE_GB must be a number of gigabytes, but is {os.environ['PROBEWIDGETS_CACHE_GB']!r}."
            ) from None

    def files(self) -> list[tuple[float, int, Path]]:
        """Every file of the cache: when it was used last (s since 1970), bytes, path; the oldest first."""
        files = []
        for part in ("states", "sweeps"):
            for path in (self.folder / part).rglob("*"):
                with suppress(OSError):  # another process may have removed it
                    stat = path.stat()
                    if path.is_file():
                        files.append((stat.st_mtime, stat.st_size, path))
        return sorted(files)

    @property
    def size(self) -> int:
        """Bytes in it."""
        return sum(size for _, size, _ in self.files())

    def clear(self) -> None:
        """Remove everything in it. States that are still lazily read from it must be captured again."""
        for _, _, path in self.files():
            with suppress(OSError):
                path.unlink()
        for part in ("states", "sweeps"):
            for folder in sorted((self.folder / part).rglob("*"), reverse=True):
                with suppress(OSError):
                    folder.rmdir()

    def prune(self) -> None:
        """Remove what was used least recently, until there is no more than `limit`."""
        files, before = self.files(), time.time() - self._RECENT
        total = sum(size for _, size, _ in files)
        for used, size, path in files:
            if total <= self.limit or used > before:
                return
            with suppress(OSError):
                path.unlink()
            total -= size

    def __repr__(self) -> str:
        return (
            f"Cache({self.folder}: {self.size / 1e9:,.2f} of at most {self.limit / 1e9:,.0f} GB; .clear() empties it)"
        )


cache = Cache()
"""The cache of this user."""
