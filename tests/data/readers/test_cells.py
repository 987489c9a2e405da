"""Lists that were written into the cells of a table, and cells that hold nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from probewidgets.data.readers.cells import spelled
from probewidgets.data.readers.tables import read_pairs, read_table
from probewidgets.data.tasks import SentenceTask, SpanTask, WordTask
from probewidgets.errors import DataError, FormatError

WORDS = [
    ["Ana", "lives", "in", "Porto", "."],
    ["It", "'s", "n't", '"', "O'Neil"],
    ["a\\b", "[", "]", ",", "naïve", "日本"],
    ["one"],
]
TAGS = [["B-PER", "O", "O", "B-LOC", "O"], ["O", "O", "O", "O", "B-PER"], ["O"] * 6, ["O"]]

WRITTEN: dict[str, Callable[[Sequence[Any]], str]] = {
    "python": lambda items: str(list(items)),
    "tuple": lambda items: str(tuple(items)),
    "numpy": lambda items: str(np.array(items)),
    "objects": lambda items: str(np.array(items, dtype=object)),
    "scalars": lambda items: str(list(np.array(items))),
    "array": lambda items: repr(np.array(items, dtype=object)),
    "wrapped": lambda items: str(np.array(items)).replace(" ", "\n  "),
    "json": lambda items: json.dumps(list(items)),
    "unicode json": lambda items: json.dumps(list(items), ensure_ascii=False),
}


@pytest.mark.parametrize("how", WRITTEN)
@pytest.mark.parametrize("ending", ["csv", "tsv", "quoted.tsv", "frame"])
def test_lists_that_were_written_into_cells_are_read_as_lists(tmp_path: Path, how: str, ending: str) -> None:
    write = WRITTEN[how]
    frame = pd.DataFrame({"words": list(map(write, WORDS)), "ner_tags": list(map(write, TAGS))})
    table: Any = frame
    if ending != "frame":
        table = tmp_path / f"lists.{ending}"
        frame.to_csv(table, index=False, sep="," if ending == "csv" else "\t")
    if how == "wrapped" and ending == "tsv":
        return  # without quotes, a cell is a line
    corpus = read_table(table, quoted=True if ending == "quoted.tsv" else None)
    assert [list(example.forms) for example in corpus] == WORDS
    assert [list(example.annotations["ner_tags"]) for example in corpus] == TAGS
    spans = [(target.surface, target.label) for target in SpanTask("ner_tags").targets(corpus)]
    assert spans == [("Ana", "PER"), ("Porto", "LOC"), ("O'Neil", "PER")]


@pytest.mark.parametrize("how", ["python", "numpy", "json"])
def test_lists_of_labels_are_several_labels(tmp_path: Path, how: str) -> None:
    labels = [["joy", "fear"], [], ["fear"], ["joy"]]
    path = tmp_path / "emotions.csv"
    pd.DataFrame({"text": list("abcd"), "label": map(WRITTEN[how], labels)}).to_csv(path, index=False)
    targets = SentenceTask("label").targets(read_table(path))
    assert (targets.kind, targets.labels) == ("labels", ("fear", "joy"))
    assert targets.y.tolist() == [[True, True], [False, False], [True, False], [False, True]]


def test_sets_are_several_labels_too_but_no_words(tmp_path: Path) -> None:
    path = tmp_path / "sets.csv"
    pd.DataFrame({"text": list("abc"), "label": [{"joy", "fear"}, set(), {"joy"}]}).to_csv(path, index=False)
    assert SentenceTask("label").targets(read_table(path)).y.tolist() == [[True, True], [False, False], [False, True]]
    pd.DataFrame({"words": [{"a", "b"}] * 3, "tags": [["X", "Y"]] * 3}).to_csv(path, index=False)
    with pytest.raises(FormatError, match="line 2: 'words' must be a list"):
        read_table(path)


def test_numbers_in_lists_stay_numbers_and_gaps_are_no_tags(tmp_path: Path) -> None:
    path = tmp_path / "numbers.csv"
    path.write_text("words,tags\n\"['a', 'b']\",\"[1, None]\"\n\"['c', 'd']\",[0 1]\n\"['e']\",\"[nan]\"\n")
    corpus = read_table(path)
    assert [example.annotations["tags"] for example in corpus] == [(1, None), (0, 1), (None,)]
    assert WordTask("tags").targets(corpus).unlabelled == 2


@pytest.mark.parametrize(
    "text",
    [
        "[laughs] I see", "[1]", "[sic]", "['tis the season]", "['a' b]", "[a, b]", "['a'", "'a', 'b'", "[] or []",
        "['a'] ['b']", "(1)", "array of [1]", "['a'b']",
    ],
)  # fmt: skip
def test_a_text_that_begins_with_a_bracket_stays_a_text(text: str) -> None:
    frame = pd.DataFrame({"text": [text, "another", "a third"], "label": list("aba")})
    assert read_table(frame)[0].text == text
    assert spelled(text) in (None, [1])


def test_words_and_labels_in_brackets_stay_words_and_labels() -> None:
    frame = pd.DataFrame(
        {"words": ["[1] is cited", "[1]", "( [ ) , ( ] )", "[laughs]"], "tags": ["A B C", "A", "A " * 7, "A"]}
    )
    assert [e.forms for e in read_table(frame)][1:4:2] == [("[1]",), ("[laughs]",)]
    labels = pd.DataFrame({"text": list("abc"), "label": ["[POS]", "[NEG]", "[POS]"]})
    assert SentenceTask("label").targets(read_table(labels)).labels == ("[NEG]", "[POS]")


@pytest.mark.parametrize(
    ("rows", "line", "message"),
    [
        (["\"['a', 'b']\",\"['X', 'Y']\"", "a b,X Y"], 3, "'words' must be a list"),
        (["\"['a', 'b']\",\"['X', 'Y']\"", "\"['a', 'b\",\"['X', 'Y']\""], 3, "'words' must be a list"),
        (["\"['a', 'b']\",\"['X', 'Y']\"", "\"['a']\",X"], 3, "'tags' must be a list"),
        (["['a' ... 'b'],['X' ... 'Y']", "['a'],['X']"], 2, r"cut it short with \.\.\..*json\.dumps"),
        (['"[a, b]","[X, Y]"', '"[c]","[X]"'], 2, "it cannot be read as one"),
        (["\"['a', 'b']\",\"['X']\"", "\"['a', 'b']\",\"['X', 'Y']\""], 2, r"1 tag\(s\) for 2 words"),
        (["\"['a', None]\",\"['X', 'Y']\"", "\"['a', 'b']\",\"['X', 'Y']\""], 2, "list of words, none of them empty"),
        (["\"['a', nan]\",\"['X', 'Y']\"", "\"['a', 'b']\",\"['X', 'Y']\""], 2, "list of words, none of them empty"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_with_its_line(
    tmp_path: Path, rows: list[str], line: int, message: str
) -> None:
    path = tmp_path / "lists.csv"
    path.write_text("\n".join(["words,tags", *rows, ""]))
    with pytest.raises(FormatError, match=message) as caught:
        read_table(path)
    assert caught.value.line == line


def test_a_column_of_texts_that_holds_lists_says_how_to_read_them() -> None:
    frame = pd.DataFrame({"text": [str(words) for words in WORDS], "tags": [str(tags) for tags in TAGS]})
    with pytest.raises(DataError, match=r"row 0: 'text' holds a list, .* words='text'"):
        read_table(frame)
    assert [list(e.forms) for e in read_table(frame, words="text")] == WORDS
    with pytest.raises(DataError, match="'positive' holds a list"):
        read_pairs(pd.DataFrame({"positive": ["['a', 'b']"] * 3, "negative": ["c"] * 3}))


@pytest.mark.parametrize("value", ["nan", "NaN", "<NA>", "", "  ", None, float("nan"), pd.NA])
def test_a_row_without_its_text_is_refused(value: Any) -> None:
    with pytest.raises(DataError, match="row 1: 'text' must be a text"):
        read_table(pd.DataFrame({"text": ["a", value, "c"], "label": [0, 1, 0]}))
    with pytest.raises(DataError, match="row 1: expected two different statements: 'negative' must be a text"):
        read_pairs(pd.DataFrame({"positive": ["a", "b", "c"], "negative": ["d", value, "e"]}))


@pytest.mark.parametrize("value", [None, float("nan"), np.float32("nan"), pd.NA])
def test_a_word_that_is_missing_is_refused_and_a_tag_that_is_missing_is_none(value: Any) -> None:
    frame = pd.DataFrame({"words": [["a", "b"], ["c", value], ["d"]], "tags": [["X", value], ["X", "Y"], ["Y"]]})
    with pytest.raises(DataError, match="row 1: 'words' must be a list of words, none of them empty"):
        read_table(frame)
    frame.at[1, "words"] = ["c", "e"]
    assert read_table(frame)[0].annotations["tags"] == ("X", None)


@pytest.mark.parametrize("label", ["nan", "NaN", "<NA>", {"a": 1}, ["a", None], [["a"]]])
def test_what_is_no_label_is_refused(label: Any) -> None:
    with pytest.raises(DataError, match=r"row 1: 'label' (must be a label|is .*Leave the cell empty)"):
        read_table(pd.DataFrame({"text": list("abc"), "label": ["x", label, "y"]}))


def test_labels_have_no_outer_spaces() -> None:
    frame = pd.DataFrame({"text": list("abc"), "label": ["pos", " pos", "neg "]})
    assert SentenceTask("label").targets(read_table(frame)).labels == ("neg", "pos")
