"""Readers keep groups, such as documents and authors, on one side of the split that they make."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import probewidgets as pw
from probewidgets.data.corpus import Corpus
from probewidgets.errors import DataError, FormatError
from tests.data.readers.test_tables import ClassLabel, Dataset

N = 60
GROUPS = [f"doc{i // 4}" for i in range(N)]


def torn(corpus: Corpus, groups: list[str]) -> list[str]:
    """Groups that stand on several sides."""
    sides: dict[str, set[str]] = {}
    for side, indices in corpus.split.items():
        assert indices
        for i in indices:
            sides.setdefault(groups[i], set()).add(side)
    return [group for group, names in sides.items() if len(names) > 1]


def conllu(path: Path, key: str) -> Path:
    blocks = []
    for i, group in enumerate(GROUPS):
        comment = f"# {key} = {group}\n" if i % 4 == 0 else ""
        blocks.append(f"{comment}1\tw{i}" + "\t_" * 8 + "\n\n")
    path.write_text("".join(blocks))
    return path


def columns(path: Path) -> Path:
    path.write_text(
        "".join(("-DOCSTART- O O\n\n" if i % 4 == 0 else "") + f"w{i} O {g}\n\n" for i, g in enumerate(GROUPS))
    )
    return path


def edges(path: Path) -> Path:
    rows = [{"text": f"w{i}", "doc": group, "targets": []} for i, group in enumerate(GROUPS)]
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


FRAME = pd.DataFrame({"text": [f"t{i}" for i in range(N)], "label": ["a", "b"] * (N // 2), "doc": GROUPS})

READERS: dict[str, Callable[[Path, str | None], Corpus]] = {
    "table": lambda path, group: pw.read_table(FRAME, group=group and "doc"),
    "dataset": lambda path, group: pw.from_dataset(
        Dataset({"text": 0, "label": ClassLabel(["a", "b"]), "doc": 0}, *FRAME.assign(label=0).to_dict("records")),
        group=group and "doc",
    ),
    "conllu": lambda path, group: pw.read_conllu(conllu(path, "newdoc id"), group=group and "newdoc id"),
    "conllu by a short name": lambda path, group: pw.read_conllu(conllu(path, "newdoc id"), group=group and "newdoc"),
    "conllu by another comment": lambda path, group: pw.read_conllu(conllu(path, "author"), group=group and "author"),
    "columns": lambda path, group: pw.read_columns(
        columns(path), columns=("form", None, "doc"), group=group and "doc"
    ),
    "documents": lambda path, group: pw.read_columns(
        columns(path), columns=("form", None, "doc"), group=group and "-DOCSTART-"
    ),
    "edges": lambda path, group: pw.read_edges(edges(path), group=group and "doc"),
}  # fmt: skip


@pytest.mark.parametrize("reader", READERS)
def test_a_group_is_never_torn_and_would_be_without_it(tmp_path: Path, reader: str) -> None:
    path = tmp_path / "toy.txt"
    assert torn(READERS[reader](path, None), GROUPS)
    corpus = READERS[reader](path, "group")
    assert len(corpus) == N and torn(corpus, GROUPS) == []
    assert [len(side) for _, side in corpus.split.items()] == pytest.approx([42, 9, 9], abs=4)


def test_pairs_are_kept_together_by_their_group() -> None:
    frame = pd.DataFrame({"positive": FRAME["text"], "negative": "not " + FRAME["text"], "topic": GROUPS})
    corpus = pw.read_pairs(frame, group="topic")
    assert torn(corpus, [group for group in GROUPS for _ in range(2)]) == []


def test_what_is_drawn_from_train_keeps_groups_together_and_given_sides_that_tear_them_are_said(tmp_path: Path) -> None:
    sides = ["test" if i >= 40 else "train" for i in range(N)]
    corpus = pw.read_table(FRAME.assign(split=sides), group="doc")
    assert torn(corpus, GROUPS) == [] and corpus.split.test == tuple(range(40, N))
    with pytest.warns(
        UserWarning, match=r"1 group\(s\) of 'table', of which 'doc10' is the first, stand on several of the sides"
    ):
        pw.read_table(FRAME.assign(split=["test" if i >= 42 else "train" for i in range(N)]), group="doc")
    path = conllu(tmp_path / "a.conllu", "author")
    with pytest.warns(UserWarning, match=r"15 group\(s\) of 'a'"):
        pw.read_conllu(path, test=path, group="author", name="a")


def test_the_group_is_a_label_where_a_file_has_no_columns(tmp_path: Path) -> None:
    corpus = pw.read_conllu(conllu(tmp_path / "a.conllu", "author"), group="author")
    assert [example.labels["author"] for example in corpus] == GROUPS
    with pytest.raises(DataError, match="No sentence of 'a' has a 'editor', by which sentences were to be kept"):
        pw.read_conllu(tmp_path / "a.conllu", group="editor")


@pytest.mark.parametrize("value", [None, float("nan"), "", "nan"])
def test_a_row_without_its_group_is_refused(tmp_path: Path, value: Any) -> None:
    frame = FRAME.copy()
    frame["doc"] = frame["doc"].astype(object)
    frame.loc[3, "doc"] = value
    with pytest.raises(DataError, match="row 3: 'doc' must name a group"):
        pw.read_table(frame, group="doc")
    with pytest.raises(DataError, match=r"no column 'document'\. It has: text, label, doc\. Did you mean 'doc'"):
        pw.read_table(FRAME, group="document")
    path = tmp_path / "e.jsonl"
    path.write_text('{"text": "a", "targets": []}')
    with pytest.raises(FormatError, match="'doc' must name the group of the sentence, but None came"):
        pw.read_edges(path, group="doc")
