"""Tables that are JSON, or that Python holds in memory; and spans of characters in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from probewidgets.data.corpus import Corpus
from probewidgets.data.readers.tables import read_pairs, read_table
from probewidgets.data.tasks import SentenceTask, SpanTask, WordTask
from probewidgets.errors import DataError, FormatError

ROWS = [{"text": f"row {i}\u2028 done", "label": ["good", "bad"][i % 2]} for i in range(6)]
FRAME = pd.DataFrame(ROWS)


def saved(folder: Path, text: str, name: str = "toy.jsonl") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def lines(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


# --- rows ------------------------------------------------------------------------------------------------------------

WRITTEN: dict[str, Callable[[], str]] = {
    "lines": lambda: lines(ROWS),
    "pandas lines": lambda: FRAME.to_json(orient="records", lines=True),
    "list": lambda: json.dumps(ROWS, indent=1),
    "list on a line": lambda: json.dumps(ROWS),
    "data": lambda: json.dumps({"version": "1", "data": ROWS}),
    "columns": lambda: json.dumps({key: [row[key] for row in ROWS] for key in ("text", "label")}),
    "pandas": lambda: FRAME.to_json(),
    "split": lambda: FRAME.to_json(orient="split"),
}


@pytest.mark.parametrize("how", WRITTEN)
@pytest.mark.parametrize("ending", ["json", "jsonl"])
def test_json_is_a_table_however_it_is_laid_out(tmp_path: Path, how: str, ending: str) -> None:
    corpus = read_table(saved(tmp_path, WRITTEN[how](), f"toy.{ending}"))
    assert [(example.text, example.labels["label"]) for example in corpus] == [(r["text"], r["label"]) for r in ROWS]
    assert corpus.split == read_table(FRAME).split


IN_MEMORY: list[Callable[[], Any]] = [
    lambda: [(row["text"], row["label"]) for row in ROWS],
    lambda: [[row["text"], row["label"]] for row in ROWS],
    lambda: zip(FRAME["text"], FRAME["label"], strict=True),
    lambda: ROWS,
    lambda: {"text": [row["text"] for row in ROWS], "label": tuple(row["label"] for row in ROWS)},
    lambda: {"text": np.array(FRAME["text"]), "label": FRAME["label"]},
]


@pytest.mark.parametrize("give", IN_MEMORY)
def test_pairs_columns_and_records_are_tables(give: Callable[[], Any]) -> None:
    assert list(read_table(give())) == list(read_table(FRAME))


def test_pairs_are_called_as_the_columns_are() -> None:
    corpus = read_table([(row["text"], row["label"]) for row in ROWS], text="review", label="sentiment")
    assert SentenceTask("sentiment").targets(corpus).labels == ("bad", "good")
    pairs = read_pairs([(f"{i} is {i}.", f"{i} is not {i}.") for i in range(4)])
    assert [pairs[i].labels["label"] for i in (0, 1)] == ["positive", "negative"]


def test_records_may_hold_lists_of_words_and_lack_a_column() -> None:
    rows = [{"tokens": ["Ana", f"slept{i}"], "ner_tags": ["B-PER", "O"]} for i in range(3)]
    assert SpanTask("ner_tags").targets(read_table(rows, words="tokens")).labels == ("PER",)
    with pytest.raises(DataError, match=r"no column 'text' .*It has: tokens, ner_tags\. Did you mean words='tokens'\?"):
        read_table(rows)
    corpus = read_table([*ROWS, {"text": "no label"}])
    assert SentenceTask("label").targets(corpus).unlabelled == 1


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (
            ["a", "b", "c"],
            r"'table', row 0: .* a pair \(text, label\), but 'a' came\. For texts alone, give \{'text': texts\}",
        ),
        ([("a", 1), ("b",)], "row 1: expected a mapping"),
        ([], "has no row"),
        ({"text": ["a", "b"], "label": [1]}, r"as many values each, but these came: \{'text': 2, 'label': 1\}"),
        ({"text": "abc"}, "column 'text' must be a list"),
    ],
)
def test_what_is_no_table_in_memory_is_an_error(table: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_table(table)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (lines(ROWS[:2]) + "{'text': 1}\n", 3, "this is no JSON"),
        (lines(ROWS[:2]) + "\n[1]\n", 4, "expected an object"),
        (lines(ROWS[:2]) + '{"text": null}\n', 3, "'text' must be a text"),
        ("\n\n", 1, "no line found"),
    ],
)
def test_a_line_that_is_wrong_is_named(tmp_path: Path, text: str, line: int, message: str) -> None:
    with pytest.raises(FormatError, match=message) as caught:
        read_table(saved(tmp_path, text))
    assert caught.value.line == line


# --- columns ---------------------------------------------------------------------------------------------------------


def test_a_space_behind_the_comma_belongs_to_no_name_and_no_cell(tmp_path: Path) -> None:
    path = saved(tmp_path, 'text, label , split\na, pos, train\n"b, c", "neg", dev\nd, pos, test\n', "toy.csv")
    corpus = read_table(path)
    assert [example.text for example in corpus] == ["a", "b, c", "d"]
    assert SentenceTask("label").targets(corpus).labels == ("neg", "pos")


@pytest.mark.parametrize(
    ("columns", "options", "message"),
    [
        (("text", "sentiment"), {"label": "sentimnet"}, r"It has: text, sentiment\. Did you mean 'sentiment'\?"),
        (("text", "sentiment"), {}, r"\(say label='sentiment' .*label=\(\) for none\)\. It has: text, sentiment"),
        (("text", "labels"), {}, r"Did you mean 'labels'\?"),
        (("text", " label"), {}, r"It has: text, ' label'\. Did you mean ' label'\?"),
        (("text", "a", "b"), {"label": ["a", "c"]}, r"no column 'c'\. It has: text, a, b"),
        (("review", "label"), {}, r"no column 'text' .*Did you mean 'review'\?"),
        (("words", "ner"), {}, r"no column 'label' \(say tags='ner'"),
        (("text", "tags"), {"tags": "tags"}, r"no column 'words'"),
    ],
)  # fmt: skip
def test_a_column_that_is_not_there_is_said_with_those_that_are(
    columns: tuple[str, ...], options: dict[str, Any], message: str
) -> None:
    frame = pd.DataFrame([[f"{column}{i}" for column in columns] for i in range(3)], columns=list(columns))
    with pytest.raises(DataError, match=message):
        read_table(frame, **options)


def test_a_table_needs_no_labels_where_none_is_asked_for() -> None:
    frame = pd.DataFrame({"text": list("abc"), "id": [1, 2, 3]})
    assert read_table(frame, label=())[0].labels == {}
    assert read_table(frame[["text"]])[0].labels == {}
    with pytest.raises(
        DataError, match=r"It has: none\. It was read without any: name .*read_table\(\.\.\., label='x'\)"
    ):
        SentenceTask("x").targets(read_table(frame[["text"]]))


@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_cells_that_something_else_parts_are_read_where_they_may_be_quoted(tmp_path: Path, sign: str) -> None:
    content = f'text{sign}label\n"a{sign} x, y"{sign}1,5\nb{sign}0\nc{sign}2\n'
    corpus = read_table(saved(tmp_path, content, "toy.csv"))
    assert (corpus[0].text, corpus[0].labels["label"]) == (f"a{sign} x, y", "1,5")
    with pytest.raises(FormatError, match=r"line 2: 3 cell\(s\), expected 2"):
        read_table(saved(tmp_path, f"text{sign}label\na{sign}1{sign}2\n", "toy.csv"))


def test_other_cells_of_a_file_of_tabs_are_said(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"seem to be parted by that, expected '\\t'\. Read it with pandas"):
        read_table(saved(tmp_path, "text;label\na;1\nb;0\n", "toy.tsv"))


def test_rows_of_a_spreadsheet_without_any_content_are_left_out(tmp_path: Path) -> None:
    assert len(read_table(saved(tmp_path, "text,label\na,1\n,\n , \nb,0\nc,0\n", "toy.csv"))) == 3
    with pytest.raises(FormatError, match=r"line 2: 'text' must be a text, but '' came"):
        read_table(saved(tmp_path, "text,label\n,1\n", "toy.csv"))


def test_rows_that_seem_to_be_words_of_sentences_are_said_with_a_line_that_gathers_them(tmp_path: Path) -> None:
    words = [(n, *pair) for n in range(10) for pair in (("the", "D"), (f"cat{n}", "N"), ("sat", "V"))]
    path = saved(tmp_path, pd.DataFrame(words, columns=["sentence", "word", "tag"]).to_csv(index=False), "toy.csv")
    with pytest.warns(UserWarning, match=r"is one word, and most of them come again") as heard:
        read_table(path, text="word", label="tag")
    line = str(heard[0].message).partition("first: ")[2].partition(", with your")[0]
    corpus = eval(line, {"read_table": read_table, "pd": pd, "path": path})
    assert corpus[0].forms == ("the", "cat0", "sat") and corpus[0].annotations["tag"] == ("D", "N", "V")


def test_labels_that_differ_in_capitals_only_are_said() -> None:
    with pytest.warns(UserWarning, match=r"'label' of 'table' differ in capitals only.*'Good', 'good'"):
        read_table({"text": list("abcd"), "label": ["Good", "good", "bad", "bad"]})


def test_lists_in_pairs_are_told_where_they_belong() -> None:
    with pytest.raises(DataError, match=r"the list \['a', 'b'\] came. Lists of words and of their tags are columns"):
        read_table([(["a", "b"], ["X", "Y"])])


# --- spans -----------------------------------------------------------------------------------------------------------

TEXTS = [f"Ana{i} Lund flew to Porto." for i in range(4)]
EXPECTED = [(f"Ana{i} Lund", "PER") if j == 0 else ("Porto", "LOC") for i in range(4) for j in range(2)]

TOOLS: dict[str, tuple[str, Callable[[], Any]]] = {
    "doccano": ("label", lambda: [[0, 9, "PER"], [18, 23, "LOC"]]),
    "doccano with ids": ("entities", lambda: [
        {"id": 1, "label": "PER", "start_offset": 0, "end_offset": 9},
        {"id": 2, "label": "LOC", "start_offset": 18, "end_offset": 23},
    ]),
    "prodigy": ("spans", lambda: [
        {"start": 0, "end": 9, "token_start": 0, "token_end": 1, "label": "PER"},
        {"start": 18, "end": 23, "label": "LOC"},
    ]),
    "label studio": ("label", lambda: [
        {"start": 0, "end": 9, "text": "Ana{i} Lund", "labels": ["PER"]},
        {"start": 18, "end": 23, "text": "Porto", "labels": ["LOC"]},
    ]),
    "spacy": ("label", lambda: {"entities": [(0, 9, "PER"), (18, 23, "LOC")]}),
}  # fmt: skip


def records(tool: str) -> tuple[str, list[dict[str, Any]]]:
    column, marks = TOOLS[tool]
    return column, [
        {"id": i, "text": text, column: json.loads(json.dumps(marks()).replace("{i}", str(i)))}
        for i, text in enumerate(TEXTS)
    ]


def found_in(corpus: Corpus, column: str) -> list[tuple[str, str]]:
    return [(target.surface, target.label) for target in SpanTask(column).targets(corpus)]


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("ending", ["jsonl", "json", "csv", ""])
def test_spans_of_characters_are_read_as_each_tool_writes_them(tmp_path: Path, tool: str, ending: str) -> None:
    column, rows = records(tool)
    table: Any = rows
    if ending in ("jsonl", "json"):
        table = saved(tmp_path, lines(rows) if ending == "jsonl" else json.dumps(rows), f"export.{ending}")
    elif ending == "csv":
        if tool == "spacy":
            return  # nobody writes it there
        table = tmp_path / "export.csv"
        pd.DataFrame(rows).to_csv(table, index=False)
    corpus = read_table(table, label=column) if ending == "csv" else read_table(table)
    assert found_in(corpus, column) == EXPECTED
    assert corpus[0].forms[:2] == ("Ana0", "Lund") and corpus[0].labels == {}
    with pytest.raises(DataError, match=rf"It is of spans: use SpanTask\('{column}'\)"):
        SentenceTask(column).targets(corpus)


def test_pairs_of_a_text_and_its_spans_are_read() -> None:
    corpus = read_table([(text, {"entities": [(0, 9, "PER"), (18, 23, "LOC")]}) for text in TEXTS])
    assert found_in(corpus, "label") == EXPECTED


def test_labels_and_spans_stand_beside_each_other_and_rows_may_have_none() -> None:
    rows = [
        {"text": text, "tone": "dry", "label": [[0, 3, "PER"], [0, 3, "PER"], [0, 9, "NAME"]] if i else []}
        for i, text in enumerate(TEXTS)
    ]
    corpus = read_table(rows, label=["tone", "label"])
    assert SentenceTask("tone").targets(corpus).labels == ("dry",)
    assert found_in(corpus, "label")[:2] == [("Ana", "PER"), ("Ana1 Lund", "NAME")]  # one twice, one within another
    assert len(SpanTask("label").targets(corpus)) == 6


@pytest.mark.parametrize(
    ("marks", "message"),
    [
        ([[0, 99, "X"]], r"'label': the span \[0, 99\) is empty, or leaves the text of 24 characters"),
        ([[3, 3, "X"]], r"\[3, 3\) is empty"),
        ([[4, 5, "X"]], r"\[4, 5\) is empty"),
        ([[5, 3, "X"]], r"\[5, 3\) is empty"),
        ([[-1, 3, "X"]], r"\[-1, 3\) is empty"),
        ([[0, 3, ""]], "must have a label"),
        ([{"start": 0, "end": 3}], "must have a label, but None came"),
        ([{"start": 0, "end": "3", "label": "X"}], "two whole numbers and a label"),
        ([{"start": 0, "end": 4, "label": "X", "text": "Bob1"}], r"\[0, 4\) is 'Ana1', but 'Bob1' was marked\. Was"),
        (["X"], r"must be a list of spans, \(start, end, label\), as in other rows, but \['X'\] came"),
    ],
)  # fmt: skip
def test_a_span_that_does_not_fit_its_text_is_refused_with_its_line(
    tmp_path: Path, marks: list[Any], message: str
) -> None:
    rows = [{"text": text, "label": [[0, 4, "X"]]} for text in TEXTS]
    rows[1]["label"] = marks
    with pytest.raises(FormatError, match=message) as caught:
        read_table(saved(tmp_path, lines(rows)))
    assert caught.value.line == 2


@pytest.mark.parametrize(("encoding", "size", "unit"), [("utf-16-le", 2, "UTF-16 units"), ("utf-8", 1, "bytes")])
def test_offsets_that_count_something_else_are_told(encoding: str, size: int, unit: str) -> None:
    rows = []
    for i in range(3):
        text = f"😀 Ana{i} slept"
        start = len("😀 ".encode(encoding)) // size
        rows.append({"text": text, "label": [{"start": start, "end": start + 4, "label": "PER", "text": f"Ana{i}"}]})
    with pytest.raises(DataError, match=f"They are right where {unit} are counted"):
        read_table(rows)


def test_spans_that_cut_words_and_spans_with_two_labels_are_said() -> None:
    with pytest.warns(
        UserWarning, match=r"4 of 4 spans of 'table' begin or end within a word, such as 'un' of example"
    ):
        read_table([{"text": f"{i} Lund flew", "label": [[3, 5, "X"]]} for i in range(4)])
    with pytest.warns(UserWarning, match=r"4 span\(s\) of 'table' have another label, too"):
        read_table([{"text": text, "label": [[0, 9, "X"], [0, 9, "Y"]]} for text in TEXTS])


def test_words_of_a_table_with_spans_are_still_words() -> None:
    corpus = read_table([{"text": text, "label": [[0, 9, "PER"]]} for text in TEXTS])
    assert WordTask("form").targets(corpus).surface[:3] == ("Ana0", "Lund", "flew")


@pytest.mark.parametrize("key", ["label", "labels", "type"])
def test_a_span_with_a_list_of_labels_is_marked_with_each(key: str) -> None:
    rows = [{"text": f"Ana {i}", "spans": [{"start": 0, "end": 3, key: ["A", "B"]}]} for i in range(4)]
    with pytest.warns(UserWarning, match="have another label, too"):
        corpus = read_table(rows)
    assert [label for _, label in corpus[0].spans["spans"]] == ["A", "B"]
