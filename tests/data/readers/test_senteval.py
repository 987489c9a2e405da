"""The reader of SentEval's probing files, and the draw of fewer examples."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from probewidgets.data.corpus import Corpus
from probewidgets.data.readers.senteval import read_senteval
from probewidgets.data.sampling import sample
from probewidgets.data.tasks import SentenceTask
from probewidgets.errors import DataError, FormatError


def write(folder: Path, *lines: str, end: str = "\n") -> Path:
    path = folder / "some_task.txt"
    path.write_bytes("".join(line + end for line in lines).encode())
    return path


def error(folder: Path, *lines: str) -> FormatError:
    with pytest.raises(FormatError) as caught:
        read_senteval(write(folder, *lines))
    return caught.value


def sorted_file(folder: Path, n: int = 300) -> Corpus:
    """Sides whose labels come one after the other: O O O ... I I I."""
    lines = [
        f"{side}\t{'O' if i < n * 2 // 3 else 'I'}\tsentence {side} {i}"
        for side in ("tr", "va", "te")
        for i in range(n)
    ]
    return read_senteval(write(folder, *lines))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_label_is_the_second_field_and_the_text_the_last(tmp_path: Path, end: str) -> None:
    lines = (
        "tr\tPAST\tShe did n't go .",
        "tr\tPRES\tsome\tthing\tHe goes .",
        "va\t\tNo label",
        "te\t10\t  spaced   out ",
    )
    corpus = read_senteval(write(tmp_path, *lines, end=end))
    assert [example.text for example in corpus] == ["She did n't go .", "He goes .", "No label", "  spaced   out "]
    assert [example.labels["label"] for example in corpus] == ["PAST", "PRES", None, "10"]
    assert corpus[0].forms == ("She", "did", "n't", "go", ".")
    assert corpus[3].forms == ("spaced", "out")
    assert (corpus.split.train, corpus.split.dev, corpus.split.test) == ((0, 1), (2,), (3,))
    assert (corpus.name, corpus.segmenter, corpus[1].id) == ("some_task", "whitespace", "some_task.txt:2")


def test_it_is_a_sentence_task_that_counts_what_has_no_label(tmp_path: Path) -> None:
    targets = SentenceTask("label").targets(read_senteval(write(tmp_path, "tr\t2\ta", "tr\t10\tb", "va\t\tc")))
    assert (targets.labels, targets.unlabelled) == (("2", "10"), 1)
    numbers = SentenceTask("label", regression=True).targets(read_senteval(write(tmp_path, "tr\t2\ta", "tr\t10\tb")))
    assert numbers.y.tolist() == [2.0, 10.0]


def test_sides_may_be_mixed_in_the_file(tmp_path: Path) -> None:
    corpus = read_senteval(write(tmp_path, "te\tA\tx", "tr\tB\ty", "te\tA\tz", "va\tA\tw"))
    assert [[corpus[i].text for i in side] for _, side in corpus.split.items()] == [["y"], ["w"], ["x", "z"]]


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("tr\tonly two", r"2 field\(s\), expected at least 3"),
        ("just text", r"1 field\(s\), expected at least 3"),
        ("train\tA\ttext", r"the side is 'train', expected one of \['tr', 'va', 'te'\]"),
        ("\tA\ttext", "the side is ''"),
        ("tr\tA\t ", "the last field, which is the text, is empty"),
    ],
)
def test_a_line_that_breaks_the_format_is_named(tmp_path: Path, bad: str, message: str) -> None:
    caught = error(tmp_path, "tr\tA\tfine", bad)
    assert caught.line == 2
    assert caught.path.endswith("some_task.txt")
    assert re.search(message, str(caught))


def test_a_file_without_a_line_is_an_error(tmp_path: Path) -> None:
    assert "no line found" in str(error(tmp_path))


def test_bytes_that_are_not_utf8_are_named_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.txt"
    path.write_bytes(b"tr\tA\tfine\ntr\tA\tcaf\xe9\n")
    with pytest.raises(FormatError, match="line 2: byte 0xe9 is not UTF-8"):
        read_senteval(path)


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Cannot read"):
        read_senteval(tmp_path / "nothing.txt")


def test_equal_texts_with_different_labels_are_counted_and_said(tmp_path: Path) -> None:
    path = write(tmp_path, "tr\tA\tThe cat", "tr\tB\tthe  cat", "te\tA\tThe dog", "va\tA\tThe dog")
    with pytest.warns(UserWarning, match="1 text.* of 'some_task' stand there with different labels"):
        corpus = read_senteval(path)
    assert corpus.overlap().contradictions == 1
    assert str(corpus.overlap()).endswith("; 1 text(s) with different labels")


# --- fewer of them ---------------------------------------------------------------------------------------------------


def test_a_sample_keeps_the_shares_of_the_labels_where_the_first_lines_would_not(tmp_path: Path) -> None:
    corpus = sorted_file(tmp_path)
    small = sample(corpus, (90, 30, 31), label="label")
    assert [len(side) for _, side in small.split.items()] == [90, 30, 31]
    for _, side in small.split.items():
        shares = Counter(small[i].labels["label"] for i in side)
        assert shares["O"] == pytest.approx(2 * len(side) / 3, abs=1)


def test_a_sample_keeps_examples_in_order_and_on_their_sides(tmp_path: Path) -> None:
    corpus = sorted_file(tmp_path, 30)
    small = sample(corpus, 7, seed=3)
    order = {example.text: i for i, example in enumerate(corpus)}
    assert sorted(order[example.text] for example in small) == [order[example.text] for example in small]
    for side, tag in (("train", "tr"), ("dev", "va"), ("test", "te")):
        assert all(small[i].text.split()[1] == tag for i in dict(small.split.items())[side])


def test_a_sample_follows_its_seed_and_never_makes_examples_up(tmp_path: Path) -> None:
    corpus = sorted_file(tmp_path, 30)
    assert sample(corpus, 10, seed=1) == sample(corpus, 10, seed=1)
    assert sample(corpus, 10, seed=1) != sample(corpus, 10, seed=2)
    assert sample(corpus, 1000).examples == corpus.examples
    assert len({example.text for example in sample(corpus, 10)}) == 30


def test_the_reader_draws_by_label(tmp_path: Path) -> None:
    path = write(tmp_path, *(f"tr\t{'O' if i < 50 else 'I'}\ttext {i}" for i in range(100)))
    drawn = read_senteval(path, most=20)
    assert Counter(example.labels["label"] for example in drawn) == {"O": 10, "I": 10}


@pytest.mark.parametrize("most", [0, -1, 2.5, True, "3", (1, 2), (1, 2, 0), None])
def test_a_limit_that_is_no_number_is_an_error(tmp_path: Path, most: object) -> None:
    with pytest.raises(DataError, match="most must be a number of examples"):
        sample(sorted_file(tmp_path, 3), most)  # type: ignore[arg-type]


def test_a_label_that_is_not_there_is_an_error_that_lists_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"has no label of a sentence 'tense'\. It has: label\."):
        sample(sorted_file(tmp_path, 3), 1, label="tense")
