"""Steps of every reader of files: bytes into text, three paths into three sides, and a name for it all."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example
from probewidgets.data.segment import best_segmenter
from probewidgets.data.splits import Split
from probewidgets.errors import DataError, FormatError

__all__ = [
    "PathLike",
    "as_path",
    "check_masked",
    "decoded",
    "read_sides",
]

PathLike = str | os.PathLike[str]

COMPRESSED = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"PK\x03\x04": "zip",
    b"\x28\xb5\x2f\xfd": "zstd",
}
"""What compressed files begin with."""
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
"""What files in UTF-16 begin with."""

_MARK = re.compile("(^|\n)\ufeff+")
"""A byte-order mark, also where files were joined."""


def as_path(path: Any, side: str, kind: str) -> Path:
    """A Path, or a DataError that says which `side` it was to be, and of what `kind`."""
    try:
        return Path(path)
    except TypeError:
        sides = " Give the sides as (train, dev, test), a path each." if side in ("train", "dev", "test") else ""
        raise DataError(
            f"{side} must be the path of one file ({kind}), but {type(path).__name__} came.{sides} Join several files "
            "into one before."
        ) from None


def decoded(path: Path, kind: str) -> str:
    """A file as text with plain newlines and no byte-order mark at the beginning of a line.

    Args:
        path: The file.
        kind: What it should be: `"CoNLL-U"`.

    Raises:
        DataError: It cannot be read.
        FormatError: It is compressed, or not UTF-8, or holds NUL, as UTF-16 does.
    """
    try:
        raw = path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        why = getattr(error, "strerror", None) or error
        raise DataError(f"Cannot read {path}: {why}. Give the path of a file ({kind}).") from error
    for magic, compression in COMPRESSED.items():
        if raw.startswith(magic):
            raise FormatError(path, 1, f"the file is compressed ({compression}), expected plain text. Unpack it first.")
    if raw.startswith(UTF_16):
        raise FormatError(path, 1, "the file is UTF-16, expected UTF-8. Save it as UTF-8.")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{raw[error.start]:02x} is not UTF-8, expected {kind} in UTF-8. Save the file as UTF-8."
        raise FormatError(path, line, message) from error
    text = text.replace("\r\n", "\n") if "\n" in text else text.replace("\r", "\n")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise FormatError(path, line, "a NUL character: is the file UTF-16, or no text? Save it as UTF-8, without NUL.")
    return _MARK.sub(r"\1", text)


def read_sides(
    read: Callable[[Path], Sequence[Example]],
    given: Mapping[str, PathLike | None],
    kind: str,
    *,
    name: str | None,
    licence: str,
    seed: int,
    segmenter: Callable[[Sequence[Example]], str] | None = None,
) -> Corpus:
    """A Corpus of one file for each side; the sides without one are taken from train, 15 % each.

    Args:
        read: From a file to its examples.
        given: `"train"`, `"dev"`, `"test"` -> the path, or None.
        kind: What the files should be: `"CoNLL-U"`.
        name: What to call the corpus; by default, what the file names share, or else their folder.
        licence: Its licence line.
        seed: Of the split, where one is made.
        segmenter: From the training examples to the name of their segmenter; by default the one that agrees best.

    Raises:
        DataError: A path is none, or there are too few examples to split.
    """
    paths = {side: as_path(path, side, kind) for side, path in given.items() if path is not None or side == "train"}
    examples: list[Example] = []
    sides: dict[str, tuple[int, ...]] = {}
    for side, path in paths.items():
        start = len(examples)
        examples.extend(read(path))
        check_masked(examples[start:], str(path))
        sides[side] = tuple(range(start, len(examples)))
    return Corpus(
        examples=tuple(examples),
        split=Split.completed(sides, [example.text for example in examples], seed),
        name=name or shared_name(list(paths.values())),
        licence=licence,
        segmenter=(segmenter or _best)([examples[i] for i in sides["train"]]),
    )


def check_masked(examples: Sequence[Example], where: str) -> None:
    """Raise DataError where the words are all `_`, as in treebanks that may not give theirs; warn where some are.

    Args:
        examples: Of one file or table.
        where: Its name.
    """
    masked = [example for example in examples if example.words and all(not form.strip("_") for form in example.forms)]
    several = [example for example in masked if len(example.words) > 1]
    if not several:
        return
    what = "The words were taken out, as some licences ask for: probes would learn from underscores."
    if len(masked) == sum(bool(example.words) for example in examples):
        raise DataError(
            f"{where}: every word is {several[0].forms[0]!r}. {what} Merge them in before, as its README says."
        )
    warnings.warn(
        f"{where}: in {len(several):,} of {len(examples):,} sentences, of which {several[0].id!r} is the first, every "
        f"word is {several[0].forms[0]!r}. {what} Merge them in before, or leave these sentences out.",
        stacklevel=4,
    )


def _best(examples: Sequence[Example]) -> str:
    return best_segmenter(examples)[0]


def shared_name(paths: Sequence[Path]) -> str:
    """The part that the names share (`en_ewt-ud` of `en_ewt-ud-train`, `-dev`, `-test`), or else their folder's."""
    stems = [path.stem for path in paths]
    if len(paths) == 1:
        return stems[0]
    shared = "".join(chars[0] for chars in takewhile(lambda chars: len(set(chars)) == 1, zip(*stems, strict=False)))
    # Only whole parts: `train` and `test` share a letter, but no name.
    whole = re.match(r"(.*[^-_. ])[-_. ]", shared)
    return whole[1] if whole else paths[0].resolve().parent.name
