"""Files as they come: other line ends and encodings, joined, compressed, empty; right, or refused by line."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import probewidgets as pw
from probewidgets.data.corpus import Corpus
from probewidgets.errors import DataError, FormatError

N = 6


class Kind(NamedTuple):
    """A kind of file: its reader, how it ends, its text."""

    read: Callable[[Any], Corpus]
    ending: str
    text: str


KINDS = {
    "conllu": Kind(
        pw.read_conllu, "conllu", "".join(f"# n = {i}\n1\tWord{i}\tw\tNOUN" + "\t_" * 6 + "\n\n" for i in range(N))
    ),
    "columns": Kind(pw.read_columns, "txt", "".join(f"Word{i} B-X\nsat O\n\n" for i in range(N))),
    "lines": Kind(pw.read_lines, "txt", "".join(f"Word{i} sat\n" for i in range(N))),
    "trees": Kind(pw.read_trees, "mrg", "".join(f"(S (N Word{i}) (V sat))\n" for i in range(N))),
    "edges": Kind(
        pw.read_edges, "jsonl", "".join(json.dumps({"text": f"Word{i} sat", "targets": []}) + "\n" for i in range(N))
    ),
    "senteval": Kind(
        pw.read_senteval, "txt", "".join(f"{('tr', 'va', 'te')[i % 3]}\tx\tWord{i} sat\n" for i in range(N))
    ),
    "csv": Kind(pw.read_table, "csv", "text,label\n" + "".join(f"Word{i} sat,a\n" for i in range(N))),
    "tsv": Kind(pw.read_table, "tsv", "text\tlabel\n" + "".join(f"Word{i} sat\ta\n" for i in range(N))),
    "json lines": Kind(
        pw.read_table, "jsonl", "".join(json.dumps({"text": f"Word{i} sat", "label": "a"}) + "\n" for i in range(N))
    ),
    "pairs": Kind(pw.read_pairs, "csv", "positive,negative\n" + "".join(f"Word{i} sat,Nobody{i}\n" for i in range(N))),
}  # fmt: skip


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


def texts(kind: Kind, folder: Path, content: bytes) -> list[str]:
    path = folder / f"toy.{kind.ending}"
    path.write_bytes(content)
    return [example.text for example in kind.read(path)]


SAME: dict[str, Callable[[str], bytes]] = {
    "a byte-order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "two": lambda text: b"\xef\xbb\xbf" * 2 + text.encode(),
    "one within, where files were joined": lambda text: text.replace("\n", "\n\ufeff", 4).encode(),
    "line ends of Windows": lambda text: text.replace("\n", "\r\n").encode(),
    "no last line end": lambda text: text.rstrip("\n").encode(),
    "empty lines at the end": lambda text: (text + "\n\n").encode(),
}


@pytest.mark.parametrize("how", SAME)
def test_marks_and_line_ends_change_nothing(tmp_path: Path, kind: Kind, how: str) -> None:
    assert texts(kind, tmp_path, SAME[how](kind.text)) == texts(kind, tmp_path, kind.text.encode())


@pytest.mark.parametrize("name", [name for name in KINDS if "json" not in name and name != "edges"])
def test_line_ends_of_old_macs_are_line_ends(tmp_path: Path, name: str) -> None:
    kind = KINDS[name]
    assert texts(kind, tmp_path, kind.text.replace("\n", "\r").encode()) == texts(kind, tmp_path, kind.text.encode())


WRONG: dict[str, tuple[Callable[[str], bytes], int | None, str]] = {
    "empty": (lambda text: b"", 1, "expected"),
    "empty lines": (lambda text: b"\n\n\n", 1, "expected"),
    "UTF-16": (lambda text: text.encode("utf-16"), 1, "the file is UTF-16, expected UTF-8"),
    "UTF-16 without a mark": (lambda text: text.encode("utf-16-le"), 1, "a NUL character: is the file UTF-16"),
    "NUL": (lambda text: text.replace("Word1", "Wo\0rd1").encode(), None, "a NUL character"),
    "Latin 1": (lambda text: text.replace("Word1", "Wörd1").encode("latin-1"), None, "byte 0xf6 is not UTF-8"),
    "half a character": (
        lambda text: text.replace("Word1", "\ud800").encode("utf-8", "surrogatepass"), None, "byte 0xed is not UTF-8"
    ),
    "gzip": (lambda text: gzip.compress(text.encode()), 1, r"the file is compressed \(gzip\)"),
    "bytes": (lambda text: bytes(range(1, 256)) * 20, 2, "byte 0x80 is not UTF-8"),
}  # fmt: skip


@pytest.mark.parametrize("how", WRONG)
def test_what_is_no_such_text_is_an_error_with_file_and_line(tmp_path: Path, kind: Kind, how: str) -> None:
    spoil, line, message = WRONG[how]
    with pytest.raises(FormatError, match=message) as caught:
        texts(kind, tmp_path, spoil(kind.text))
    assert f"toy.{kind.ending}, line " in str(caught.value)
    place = next(n for n, row in enumerate(kind.text.split("\n"), start=1) if "Word1" in row)
    assert caught.value.line == (place if line is None else line)


@pytest.mark.parametrize("path", [".", "gone", "a\0b", 3, None])
def test_what_is_no_file_is_an_error(tmp_path: Path, kind: Kind, path: Any) -> None:
    with pytest.raises(DataError):
        kind.read(tmp_path / path if isinstance(path, str) else path)


def test_a_word_of_a_hundred_thousand_letters_is_one(tmp_path: Path, kind: Kind) -> None:
    long = "x" * 100_000
    assert any(long in text for text in texts(kind, tmp_path, kind.text.replace("Word1", long).encode()))


def test_a_line_that_is_none_of_the_kind_is_named(tmp_path: Path, kind: Kind) -> None:
    if kind.read is pw.read_lines:
        return
    for line in ("x" * 100_000, "(" * 3000, "[" * 100_000, '{"text":' + "9" * 5000 + "}"):
        with pytest.raises(FormatError) as caught:
            texts(kind, tmp_path, (kind.text + line + "\n").encode())
        assert caught.value.line == kind.text.count("\n") + 1
        assert len(str(caught.value)) < 1000


def test_the_names_of_columns_within_a_table_are_no_row(tmp_path: Path) -> None:
    for name in ("csv", "tsv", "pairs"):
        kind = KINDS[name]
        with pytest.raises(FormatError, match="the names of the columns stand here again") as caught:
            texts(kind, tmp_path, (kind.text * 2).encode())
        assert caught.value.line == N + 2
