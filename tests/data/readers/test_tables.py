"""Readers of tables, of data frames, of datasets and of pairs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from probewidgets.data.corpus import Corpus
from probewidgets.data.readers.tables import from_dataset, read_pairs, read_table
from probewidgets.data.tasks import SentenceTask, SpanTask, WordTask
from probewidgets.errors import DataError, FormatError

TEXTS = ["The cat, sat.", 'He said "no".', "Two\nlines", "Fine"]
LABELS = ["good", "bad", "good", "bad"]


def write(folder: Path, text: str, name: str = "toy.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def sides(corpus: Corpus) -> list[list[str]]:
    return [[corpus[i].text for i in side] for _, side in corpus.split.items()]


# --- texts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_pandas_writes_comes_back(tmp_path: Path, end: str) -> None:
    frame = pd.DataFrame({"text": TEXTS, "label": LABELS})
    path = write(tmp_path, frame.to_csv(index=False, lineterminator=end))
    corpus = read_table(path)
    assert [example.text for example in corpus] == TEXTS
    assert [example.labels["label"] for example in corpus] == LABELS
    assert corpus[0].forms == ("The", "cat", ",", "sat", ".")
    assert (corpus.name, corpus.segmenter) == ("toy", "english")
    assert [example.id for example in corpus] == ["toy:2", "toy:3", "toy:4", "toy:6"]


def test_a_frame_a_csv_and_a_parquet_are_one_corpus(tmp_path: Path) -> None:
    frame = pd.DataFrame({"text": TEXTS, "label": LABELS, "split": ["train", "train", "dev", "test"]})
    frame.to_parquet(tmp_path / "toy.parquet")
    frame.to_csv(tmp_path / "toy.csv", index=False)
    read = [read_table(source) for source in (frame, tmp_path / "toy.csv", tmp_path / "toy.parquet")]
    assert len({tuple((e.text, e.words, e.labels["label"]) for e in corpus) for corpus in read}) == 1
    assert len({corpus.split for corpus in read}) == 1


def test_quotes_are_characters_in_tsv_unless_they_are_said_to_hold_cells(tmp_path: Path) -> None:
    path = write(tmp_path, 'text\tlabel\n"Quoted at first\tA\nb "c" d\tB\n"e"\tA\n', "toy.tsv")
    assert [example.text for example in read_table(path)] == ['"Quoted at first', 'b "c" d', '"e"']
    quoted = write(tmp_path, 'text\tlabel\n"a\tb"\tA\n"c ""d"""\tB\ne\tA\n', "q.tsv")
    assert [example.text for example in read_table(quoted, quoted=True)] == ["a\tb", 'c "d"', "e"]


def test_columns_may_have_other_names_and_labels_may_be_several(tmp_path: Path) -> None:
    path = write(tmp_path, "id,review,stars,topic\n1,a,5,x\n2,b,1,\n3,c,4.5,y\n")
    corpus = read_table(path, text="review", label=["stars", "topic"])
    assert [dict(example.labels) for example in corpus][1] == {"stars": "1", "topic": None}
    assert SentenceTask("stars", regression=True).targets(corpus).y.tolist() == [5.0, 1.0, 4.5]
    assert SentenceTask("topic").targets(corpus).unlabelled == 1
    with pytest.raises(DataError, match=r"no column 'missing'\. It has: id, review, stars, topic"):
        read_table(path, text="review", label=["stars", "missing"])


def test_labels_that_are_missing_are_none_and_whole_numbers_stay_whole() -> None:
    frame = pd.DataFrame({"text": list("abcd"), "label": [1, None, 0, 1], "score": [0.5, float("nan"), 1.0, 2.0]})
    corpus = read_table(frame, label=["label", "score"])
    assert [example.labels["label"] for example in corpus] == [1, None, 0, 1]
    assert [example.labels["score"] for example in corpus] == [0.5, None, 1.0, 2.0]
    assert SentenceTask("label").targets(corpus).labels == ("0", "1")
    assert SentenceTask("label").targets(corpus).unlabelled == 1


def test_lists_are_several_labels() -> None:
    frame = pd.DataFrame({"text": list("abc"), "label": [["x", "y"], [], np.array(["y"])]})
    targets = SentenceTask("label").targets(read_table(frame))
    assert [target.label for target in targets] == [("x", "y"), (), ("y",)]


def test_a_table_may_have_no_labels() -> None:
    assert read_table(pd.DataFrame({"text": list("abc")}))[0].labels == {}


def test_equal_texts_with_different_labels_are_said() -> None:
    frame = pd.DataFrame({"text": ["a", "b", "A", "c"], "label": [0, 1, 1, 0]})
    with pytest.warns(UserWarning, match="1 text.* with different labels"):
        read_table(frame)


# --- sides -----------------------------------------------------------------------------------------------------------


def test_a_column_says_the_sides_and_may_call_them_otherwise() -> None:
    frame = pd.DataFrame({"text": list("abcdef"), "fold": ["te", "Train", "validation", "training", "val", "dev"]})
    assert sides(read_table(frame, split="fold")) == [["b", "d"], ["c", "e", "f"], ["a"]]


def test_a_side_that_is_not_there_is_taken_from_train() -> None:
    frame = pd.DataFrame(
        {"text": [f"t{i}" for i in range(40)], "split": ["test" if i % 2 else "train" for i in range(40)]}
    )
    corpus = read_table(frame)
    assert [len(side) for _, side in corpus.split.items()] == [17, 3, 20]
    assert set(sides(corpus)[2]) == {f"t{i}" for i in range(1, 40, 2)}
    assert read_table(frame, seed=1).split != corpus.split
    assert read_table(frame).split == corpus.split


def test_without_it_the_rows_are_split_by_their_seed() -> None:
    frame = pd.DataFrame({"text": [f"t{i}" for i in range(100)]})
    assert [len(side) for _, side in read_table(frame).split.items()] == [70, 15, 15]
    assert read_table(frame, seed=1).split != read_table(frame).split


# --- words -----------------------------------------------------------------------------------------------------------


def test_lists_of_words_and_tags_are_annotations() -> None:
    frame = pd.DataFrame(
        {
            "words": [["Mia", "ran"], np.array(["New", "York"]), ["_"]],
            "tags": [["B-PER", "O"], np.array(["B-LOC", "I-LOC"]), [None]],
            "pos_tags": [["NNP", "VBD"], ["NNP", "NNP"], ["_"]],
        }
    )
    corpus = read_table(frame)
    assert [example.text for example in corpus] == ["Mia ran", "New York", "_"]
    assert corpus[0].annotations == {"tags": ("B-PER", "O"), "pos_tags": ("NNP", "VBD")}
    assert [(t.surface, t.label) for t in SpanTask("tags").targets(corpus)] == [("Mia", "PER"), ("New York", "LOC")]
    assert set(read_table(frame, tags="pos_tags")[0].annotations) == {"pos_tags"}


def test_words_of_a_csv_stand_in_one_cell(tmp_path: Path) -> None:
    corpus = read_table(write(tmp_path, "words,tags\nMia ran,NNP VBD\na,DT\nb,DT\n"))
    assert corpus[0].annotations == {"tags": ("NNP", "VBD")}


# --- what can be wrong -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("text,label\na,1\nb\n", 3, r"1 cell\(s\), expected 2"),
        ("text,label\na,1\nb,c,1\n", 3, r"3 cell\(s\), expected 2"),
        (
            "# made in May\ntext,label\na,1\n",
            2,
            "The first line reads '# made in May': if that is a comment, remove it",
        ),
        ('text,label\na,1\n\n"b\nc,2\n', 4, "Is a double quote not closed"),
        ('text,label\na,1\n"b" c,2\n', 3, "Is a double quote not closed"),
        ("text,label\na,1\n  ,2\n", 3, "'text' must be a text"),
        ("text,split\na,train\nb,rest\n", 3, "the side 'rest' in 'split' is none of train"),
        ("words,tags\na b,X Y\na b,X\n", 3, r"'tags' has 1 tag\(s\) for 2 words"),
        ("text,text\na,b\n", 1, "names of the columns, all different"),
        ("", 1, "names of the columns"),
        ("text,label\n", 1, "no row after the names"),
        ("text\na\ncaf\udce9", 3, "byte 0xe9 is not UTF-8"),
    ],
)
def test_a_line_that_is_wrong_is_named(tmp_path: Path, text: str, line: int, message: str) -> None:
    path = tmp_path / "toy.csv"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(FormatError, match=message) as caught:
        read_table(path)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"text": ["a", None, "c"]}, "'table', row 1: 'text' must be a text, but None came"),
        ({"text": ["a", 3, "c"]}, "'table', row 1: 'text' must be a text, but 3 came"),
        ({"words": [["a"], [], ["b"]]}, "row 1: 'words' must be a list of words"),
        ({"words": [["a"], 3, ["b"]]}, "row 1: 'words' must be a list, or a string"),
        ({"content": ["a"]}, r"'table' has no column 'text' \(or 'words', lists of words\)\. It has: content\."),
        ({"text": []}, "'table' has no row"),
        ({"text": ["a", "b"], "split": ["test", "dev"]}, "No row of 'table' is on the train side"),
        ({"text": ["a", "b"]}, r"2 different text\(s\) cannot be split"),
    ],
)
def test_a_frame_that_is_wrong_is_an_error(frame: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_table(pd.DataFrame(frame))


@pytest.mark.parametrize("wrong", [3, None, b"text"])
def test_what_is_no_table_is_an_error(wrong: object) -> None:
    with pytest.raises(DataError, match="table must be a path or a pandas DataFrame"):
        read_table(wrong)


def test_files_of_other_kinds_are_an_error_that_lists_the_kinds(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"ends in '\.xlsx', expected one of \['\.csv'"):
        read_table(tmp_path / "toy.xlsx")
    with pytest.raises(DataError, match=r"Cannot read .*toy\.csv"):
        read_table(tmp_path / "toy.csv")
    with pytest.raises(DataError, match="has no column 'ner'"):
        read_table(pd.DataFrame({"words": [["a"]]}), tags="ner")


def test_parquet_without_its_engine_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_engine(path: object) -> None:
        raise ImportError("pyarrow")

    monkeypatch.setattr(pd, "read_parquet", without_engine)
    with pytest.raises(DataError, match="pip install pyarrow"):
        read_table(tmp_path / "toy.parquet")


def test_a_parquet_that_is_none_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"Cannot read .* as Parquet"):
        read_table(write(tmp_path, "no parquet", "toy.parquet"))


# --- datasets --------------------------------------------------------------------------------------------------------


@dataclass
class ClassLabel:
    names: list[str]


@dataclass
class Listed:
    feature: Any


class Dataset:
    """What is used of a Hugging Face dataset: its features, and its rows as mappings."""

    def __init__(self, features: Mapping[str, Any], *rows: dict[str, Any]) -> None:
        self.features, self.rows = features, rows

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.rows)


SENTIMENT = {"text": object(), "label": ClassLabel(["neg", "pos"])}


def test_classes_of_a_dataset_are_called_by_their_names() -> None:
    data = Dataset(SENTIMENT, *({"text": f"t{i}", "label": i % 3 - 1} for i in range(9)))
    corpus = from_dataset(data, name="reviews")
    assert [example.labels["label"] for example in corpus][:3] == [None, "neg", "pos"]
    assert (corpus.name, corpus[2].id) == ("reviews", "reviews:2")
    assert SentenceTask("label").targets(corpus).unlabelled == 3


def test_the_splits_of_a_dataset_are_the_sides() -> None:
    parts = {
        side: Dataset(SENTIMENT, *({"text": f"{side} {i}", "label": i % 2} for i in range(4)))
        for side in ("train", "validation", "test")
    }
    assert sides(from_dataset(parts)) == [[f"{side} {i}" for i in range(4)] for side in parts]
    del parts["validation"]
    assert [len(side) for side in sides(from_dataset(parts))] == [3, 1, 4]


@pytest.mark.parametrize("feature", [Listed(ClassLabel(["O", "B-PER"])), [ClassLabel(["O", "B-PER"])]])
def test_tags_of_words_are_called_by_their_names(feature: object) -> None:
    features = {"id": object(), "tokens": Listed(object()), "ner_tags": feature}
    rows = [{"id": str(i), "tokens": ["Mia", "ran"], "ner_tags": [1, 0]} for i in range(3)]
    rows = [{**row, "tokens": [*row["tokens"], f"{i}"], "ner_tags": [1, 0, -1]} for i, row in enumerate(rows)]
    corpus = from_dataset(Dataset(features, *rows))
    assert corpus[0].annotations == {"ner_tags": ("B-PER", "O", None)}
    assert WordTask("ner_tags").targets(corpus).unlabelled == 3


def test_what_is_no_dataset_is_an_error() -> None:
    with pytest.raises(DataError, match=r"takes a datasets\.Dataset, .* but DataFrame came"):
        from_dataset(pd.DataFrame({"text": ["a"]}))
    with pytest.raises(DataError, match="list came as 'train'"):
        from_dataset({"train": [{"text": "a"}]})
    with pytest.raises(DataError, match="has a split 'unsupervised', expected train"):
        from_dataset({"unsupervised": Dataset(SENTIMENT)})
    with pytest.raises(DataError, match="'dataset' has no column 'text'"):
        from_dataset(Dataset({"sentence": object()}, {"sentence": "a"}))
    with pytest.raises(DataError, match="'dataset', row 0: 'text' must be a text"):
        from_dataset(Dataset({"text": object()}, {"text": None}))


# --- pairs -----------------------------------------------------------------------------------------------------------


def test_a_pair_is_two_examples_that_stay_together(tmp_path: Path) -> None:
    rows = "".join(f"{i} is {i}.,{i} is {i + 1}.\n" for i in range(20))
    corpus = read_pairs(write(tmp_path, f"positive,negative\n{rows}", "facts.csv"))
    assert len(corpus) == 40
    assert [corpus[i].labels["label"] for i in (0, 1, 2)] == ["positive", "negative", "positive"]
    assert [corpus[i].id for i in (0, 1)] == ["facts:2/positive", "facts:2/negative"]
    for _, side in corpus.split.items():
        assert side
        assert {i ^ 1 for i in side} == set(side)
    targets = SentenceTask("label").targets(corpus)
    assert targets.labels == ("negative", "positive")


def test_pairs_may_say_their_sides() -> None:
    frame = pd.DataFrame({"yes": list("abc"), "no": list("xyz"), "split": ["test", "train", "dev"]})
    corpus = read_pairs(frame, positive="yes", negative="no")
    assert sides(corpus) == [["b", "y"], ["c", "z"], ["a", "x"]]


def test_a_pair_of_one_statement_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="line 3: expected two different statements"):
        read_pairs(write(tmp_path, "positive,negative\na,b\nc,c\n"))
    with pytest.raises(FormatError, match="line 2: expected two different statements"):
        read_pairs(write(tmp_path, "positive,negative\na,\n"))
    with pytest.raises(DataError, match="'toy' has no column 'negative'"):
        read_pairs(write(tmp_path, "positive,other\na,b\n"))
