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


def trees(path: Path) -> Path:
    path.write_text("".join(f"(S (N w{i}))\n" for i in range(N)))
    return path


def lines(path: Path) -> tuple[Path, dict[str, Path]]:
    path.write_text("".join(f"w{i}\n" for i in range(N)))
    docs = path.with_suffix(".doc")
    docs.write_text("".join(f"{group}\n" for group in GROUPS))
    return path, {"doc": docs}


def by_its_number(example: pw.Example) -> str:
    return GROUPS[int(example.text.split()[0][1:])]


WAYS: dict[str, Any] = {"a function": by_its_number, "a list": GROUPS, "a column": pd.Series(GROUPS)}

BY_HAND: dict[str, Callable[[Path, Any], Corpus]] = {
    "table": lambda path, group: pw.read_table(FRAME, group=group),
    "pairs": lambda path, group: firsts(
        pw.read_pairs([(f"t{i} is", f"t{i} is not") for i in range(N)], group=group)
    ),
    "conllu": lambda path, group: pw.read_conllu(conllu(path, "x"), group=group),
    "columns": lambda path, group: pw.read_columns(columns(path), columns=("form", None, "doc"), group=group),
    "edges": lambda path, group: pw.read_edges(edges(path), group=group),
    "trees": lambda path, group: pw.read_trees(trees(path), group=group),
    "lines": lambda path, group: pw.read_lines(*lines(path), group=group),
}  # fmt: skip


def firsts(corpus: Corpus) -> Corpus:
    """The first example of each two."""
    halves = (tuple(i // 2 for i in side if i % 2 == 0) for _, side in corpus.split.items())
    return Corpus(corpus.examples[::2], pw.Split(*halves))


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
    "lines by a file of labels": lambda path, group: pw.read_lines(*lines(path), group=group and "doc"),
    **{
        f"{name} by {way}": lambda path, group, read=read, way=way: read(path, group and WAYS[way])
        for name, read in BY_HAND.items()
        for way in WAYS
    },
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


def test_groups_of_files_of_each_side_come_one_after_the_other(tmp_path: Path) -> None:
    train, test = trees(tmp_path / "a-train.txt"), tmp_path / "a-test.txt"
    test.write_text("(S (N x))\n(S (N y))\n")
    corpus = pw.read_trees(train, test=test, group=[*GROUPS, "other", None])
    assert corpus.split.test == (N, N + 1) and torn(corpus, [*GROUPS, "other", "more"]) == []
    with pytest.warns(UserWarning, match=r"1 group\(s\) of 'a', of which 'doc3' is the first, stand on several"):
        pw.read_trees(train, test=test, group=[*GROUPS, "doc3", "doc3"])


def test_senteval_gives_its_sides_and_groups_that_are_torn_are_said(tmp_path: Path) -> None:
    path = tmp_path / "task.txt"
    path.write_text("te\ty\tbook 1 x\ntr\tn\tbook 1 z\nva\ty\tbook 2 w\n")
    with pytest.warns(UserWarning, match="of which '1' is the first"):
        pw.read_senteval(path, group=lambda example: example.forms[1])
    pw.read_senteval(path, group=["a", "b", "c"])


@pytest.mark.parametrize(
    ("group", "message"),
    [
        ("doc", "No sentence of 'toy' has a 'doc'.*give a function Example -> group, or a list with a group for each"),
        (["a", "b"], "a group for each of the 60 sentences of 'toy', in their order, but 2 came"),
        (7, "a group for each of the 60 sentences of 'toy', in their order, but 1 came"),
        (lambda example: example.labels["doc"], r"group= failed on example 'toy.txt:1' \(KeyError: 'doc'\)"),
        (lambda example: [1], r"Example 'toy.txt:1': a group must be a name or a number, but \[1\] came"),
    ],
)
def test_a_group_that_cannot_be_is_refused_with_the_way(tmp_path: Path, group: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        pw.read_trees(trees(tmp_path / "toy.txt"), group=group)
