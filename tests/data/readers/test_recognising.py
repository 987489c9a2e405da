from __future__ import annotations

from pathlib import Path

import pytest

import probewidgets as pw
from probewidgets.data.readers.recognising import read_file, recognised
from probewidgets.errors import DataError, FormatError

CONLLU = "1\tJohn{i}\tJohn\tPROPN\tNNP\t_\t2\tnsubj\t_\t_\n2\tsleeps\tsleep\tVERB\tVBZ\t_\t0\troot\t_\t_\n\n"
BIO = "John{i} B-PER\nsleeps O\n\n"
CONLL = "John{i} NNP B-NP B-PER\nsleeps VBZ B-VP O\n\n"
SENTEVAL = "{side}\t{i}\tJohn sleeps {i} times\n"
TREE = "( (S (NP (NNP John{i})) (VP (VBZ sleeps))) )\n"
EDGES = '{{"text": "John{i} sleeps", "targets": [{{"span1": [0, 1], "span2": [1, 2], "label": "A{i}"}}]}}\n'
FILES = {
    "a.conllu": ("read_conllu", CONLLU, "upos"),
    "treebank.txt": ("read_conllu", CONLLU, "upos"),
    "ner.bio": ("read_columns", BIO, "tag"),
    "conll2003.txt": ("read_columns", CONLL, "tag"),
    "bigram.txt": ("read_senteval", SENTEVAL, "label"),
    "wsj.mrg": ("read_trees", TREE, "xpos"),
    "brackets.txt": ("read_trees", TREE, "xpos"),
    "srl.jsonl": ("read_edges", EDGES, ""),
}


def write(path: Path, one: str, n: int = 20) -> Path:
    sides = ["tr"] * (n - 8) + ["va"] * 4 + ["te"] * 4
    path.write_text("".join(one.format(i=i, side=sides[i]) for i in range(n)), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", FILES)
def test_each_format_is_recognised_and_read_as_its_reader_reads_it(name: str, tmp_path: Path) -> None:
    reader, one, annotation = FILES[name]
    path = write(tmp_path / name, one)
    reading = recognised(path)
    assert reading.reader == reader
    corpus = read_file(path)
    assert len(corpus) == 20
    assert all(len(side) for _, side in corpus.split.items())
    assert not annotation or annotation in {**corpus[0].annotations, **corpus[0].labels}
    again = eval(reading.code, {"pw": pw})  # the line of code says all that was done
    assert [example.text for example in again] == [example.text for example in corpus]
    assert again.split == corpus.split


def test_in_tables_texts_and_labels_may_have_any_name(tmp_path: Path) -> None:
    path = tmp_path / "films.csv"
    rows = [f'{i},"a film, number {i}",{"pos" if i % 2 else "neg"},{i / 3}' for i in range(30)]
    path.write_text("\n".join(["id,review,sentiment,stars", *rows]))
    assert recognised(path).options == {"text": "review", "label": ("sentiment", "stars")}
    assert read_file(path)[1].labels == {"sentiment": "pos", "stars": str(1 / 3)}
    path.write_text("\n".join(["text,label", *(f"a film {i},{'pos' if i % 2 else 'neg'}" for i in range(30))]))
    assert recognised(path).options == {}


def test_a_folder_is_read_side_by_side(tmp_path: Path) -> None:
    for side in ("train", "dev", "test"):
        write(tmp_path / f"en_x-ud-{side}.conllu", CONLLU.replace("John", side), 10)
    corpus = read_file(tmp_path)
    assert {side: {corpus[i].text[:3] for i in rows} for side, rows in corpus.split.items()} == {
        "train": {"tra"}, "dev": {"dev"}, "test": {"tes"},
    }  # fmt: skip


def test_a_folder_without_dev_takes_it_from_train(tmp_path: Path) -> None:
    for side in ("train", "test"):
        write(tmp_path / f"{side}.txt", BIO.replace("John", side))
    corpus = read_file(tmp_path)
    assert len(corpus.split.dev)
    assert {corpus[i].text[:3] for i in corpus.split.test} == {"tes"}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("plain.txt", "Just a sentence.\nAnd another.\n", "looks like nothing that has labels; it begins 'Just a"),
        ("empty.txt", "\n\n", "is empty"),
        ("other.tsv", "text;label\na;b\n", "parted by"),
        ("tags.txt", "The/DET cat/NOUN sat\nIt/PRON sat/VERB\n", r"looks like.*word/TAG, the manual's page on data"),
        ("nogap.txt", "The DET\ncat NOUN\nsat VERB\n", "looks like.*An empty line must part the sentences"),
        ("bare.csv", "It is so,yes\nNo,no\nOh,yes\nAh,yes\n", "has no line with the names.*'yes' stands 2 more"),
        ("numbers.csv", "a,b\n1.5,2\n2.5,3\n", "no column of texts"),
    ],
)
def test_what_cannot_be_recognised_is_said(name: str, content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises((DataError, FormatError), match=message):
        read_file(tmp_path / name)


def test_of_a_missing_file_its_neighbours_are_named(tmp_path: Path) -> None:
    write(tmp_path / "train.conllu", CONLLU)
    with pytest.raises(DataError, match=r"no file .*trian\.conllu.*Beside it there are train\.conllu"):
        read_file(tmp_path / "trian.conllu")
    (tmp_path / "folder").mkdir()
    with pytest.raises(DataError, match="none of its files is called train"):
        read_file(tmp_path / "folder")


def test_words_with_labels_and_pairs_of_statements_are_recognised(tmp_path: Path) -> None:
    (tmp_path / "words.csv").write_text("word,label\nox,animal\nsaw,instrument\nhen,animal\nawl,instrument\n")
    assert recognised(tmp_path / "words.csv").options == {"text": "word"}
    (tmp_path / "pairs.csv").write_text("positive,negative\n" + "".join(f"{i} is,{i} is not\n" for i in range(3)))
    assert recognised(tmp_path / "pairs.csv").reader == "read_pairs"


def test_a_column_of_one_label_is_said(tmp_path: Path) -> None:
    (tmp_path / "all.csv").write_text("text,mood,stars\n" + "".join(f"It is {i},good,{i}\n" for i in range(9)))
    with pytest.warns(UserWarning, match=r"nothing can be learned from 'mood', which has one value only"):
        assert read_file(tmp_path / "all.csv")[0].labels.keys() == {"stars"}
