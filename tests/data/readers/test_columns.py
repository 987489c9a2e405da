"""The reader of files with a word on each line."""

from __future__ import annotations

from pathlib import Path

import pytest

from probewidgets.data.corpus import Corpus
from probewidgets.data.readers.columns import read_columns
from probewidgets.data.tasks import SpanTask, WordTask
from probewidgets.errors import DataError, FormatError

FILLER = "Snow O\nfell O\n\nBells O\nrang O\n\nNobody O\n"
"""Enough other sentences for a split."""

CONLL2003 = """\
-DOCSTART- -X- -X- O

EU NNP B-NP B-ORG
rejects VBZ B-VP O
German JJ B-NP B-MISC
call NN I-NP O

-DOCSTART- -X- O O

Peter NNP B-NP B-PER
Blackburn NNP I-NP I-PER

BRUSSELS NNP B-NP B-LOC
"""


def read(folder: Path, text: str, **how: object) -> Corpus:
    path = folder / "toy.txt"
    path.write_bytes(text.encode())
    return read_columns(path, **how)  # type: ignore[arg-type]


def test_words_and_tags_are_read_sentence_by_sentence(tmp_path: Path) -> None:
    corpus = read(tmp_path, CONLL2003, columns=("form", "xpos", None, "ner"))
    assert [example.text for example in corpus] == ["EU rejects German call", "Peter Blackburn", "BRUSSELS"]
    assert corpus[0].annotations == {"xpos": ("NNP", "VBZ", "JJ", "NN"), "ner": ("B-ORG", "O", "B-MISC", "O")}
    assert [example.id for example in corpus] == ["toy.txt:3", "toy.txt:10", "toy.txt:13"]
    entities = [(target.surface, target.label) for target in SpanTask("ner").targets(corpus)]
    assert entities == [("EU", "ORG"), ("German", "MISC"), ("Peter Blackburn", "PER"), ("BRUSSELS", "LOC")]


@pytest.mark.parametrize("separator", [" ", "   ", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_columns_are_parted_by_tabs_or_spaces(tmp_path: Path, separator: str, end: str) -> None:
    text = f"Mia{separator}B-PER\nran{separator}O\n\n\n\n{FILLER}".replace("\n", end)
    corpus = read(tmp_path, text)
    assert corpus[0].forms == ("Mia", "ran")
    assert corpus[0].annotations == {"tag": ("B-PER", "O")}


def test_words_may_hold_spaces_between_tabs_and_any_sign(tmp_path: Path) -> None:
    corpus = read(tmp_path, f"10 000\tNUM\n#\tO\n\n{FILLER}")
    assert corpus[0].forms == ("10 000", "#")


def test_an_underscore_is_no_tag_but_may_be_a_word(tmp_path: Path) -> None:
    corpus = read(tmp_path, f"_ _\na X\n\n{FILLER}")
    assert corpus[0].forms == ("_", "a")
    assert corpus[0].annotations == {"tag": (None, "X")}
    assert WordTask("tag").targets(corpus).unlabelled == 1


def test_the_word_may_be_in_any_column(tmp_path: Path) -> None:
    corpus = read(tmp_path, "1 a X\n2 b Y\n\n1 c X\n\n1 d X\n", columns=(None, "form", "pos"))
    assert corpus[0].forms == ("a", "b")
    assert corpus[0].annotations == {"pos": ("X", "Y")}


def test_three_files_are_the_three_sides(tmp_path: Path) -> None:
    paths = [tmp_path / f"eng.{side}.txt" for side in ("train", "dev", "test")]
    for path in paths:
        path.write_text(FILLER)
    corpus = read_columns(*paths, licence="CC0")
    assert [len(side) for _, side in corpus.split.items()] == [3, 3, 3]
    assert (corpus.name, corpus.licence) == ("eng", "CC0")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a O\nb\n", 2, r"1 column\(s\), expected 2 \(form, tag\)"),
        ("a O\n\nb B-X O\n", 3, r"3 column\(s\), expected 2"),
        ("a\t\n", 1, "a column is empty"),
        ("\n\n-DOCSTART- O\n\n", 1, "no word found"),
    ],
)
def test_a_line_that_breaks_the_format_is_named(tmp_path: Path, text: str, line: int, message: str) -> None:
    with pytest.raises(FormatError, match=message) as caught:
        read(tmp_path, text)
    assert caught.value.line == line


@pytest.mark.parametrize("columns", [("word", "tag"), (), ("form", "form"), "form", ("form", 1), (None, "tag"), None])
def test_columns_without_the_word_are_an_error(tmp_path: Path, columns: object) -> None:
    with pytest.raises(DataError, match="columns must be different names"):
        read(tmp_path, FILLER, columns=columns)


# --- comments --------------------------------------------------------------------------------------------------------

FOUR = ("form", "xpos", "chunk", "ner")


@pytest.mark.parametrize(
    "comment",
    [
        "# doc = 1",
        "# text = Ana slept",
        "#text = Ana slept",
        "# newdoc",
        "# newdoc id = x y",
        "#",
        "## Part one of it",
        "# source",
        "# text = A\tB",
        "# sent_id = n-0",
    ],
)
@pytest.mark.parametrize("separator", [" ", "\t"])
def test_comments_are_no_words_however_many_pieces_they_have(tmp_path: Path, comment: str, separator: str) -> None:
    rows = f"{comment}\n# text = Ana slept\nAna NNP B-NP B-PER\nslept VBD B-VP O\n\n"
    rows = rows.replace(" NNP B-NP ", f"{separator}NNP{separator}B-NP{separator}").replace(
        " VBD B-VP ", f"{separator}VBD{separator}B-VP{separator}"
    )
    filler = "".join(f"a{i}{separator}X{separator}B-NP{separator}O\n\n" for i in range(3))
    corpus = read(tmp_path, rows + filler, columns=FOUR)
    assert corpus[0].forms == ("Ana", "slept")
    assert corpus[0].annotations["ner"] == ("B-PER", "O")


@pytest.mark.parametrize(
    "line", ["# # B-NP O", "# SYM B-NP B-MISC", "#tag NN B-NP O", "## X I-NP I-MISC", "#\tnn\tb\tnews", "# = = O"]
)
@pytest.mark.parametrize("within", ["", "Ana NNP B-NP B-PER\n"])
def test_a_word_that_is_a_number_sign_stays_a_word(tmp_path: Path, line: str, within: str) -> None:
    filler = "".join(f"a{i} = B-NP O\n\n" for i in range(3))
    corpus = read(tmp_path, f"{within}{line}\nslept VBD B-VP O\n\n{filler}", columns=FOUR)
    fields = line.split("\t") if "\t" in line else line.split(" ")
    assert corpus[0].forms[-2] == fields[0]
    assert [corpus[0].annotations[name][-2] for name in FOUR[1:]] == fields[1:]


@pytest.mark.parametrize(("line", "columns"), [("# source", ("form", "tag")), ("# 17", ("form", "tag")),
    ("# DOC1", ("form", "tag")), ("# a short remark", FOUR)])  # fmt: skip
def test_a_line_that_may_be_a_comment_or_a_word_is_refused_until_it_is_said(
    tmp_path: Path, line: str, columns: tuple[str, ...]
) -> None:
    rows = "".join(f"{' '.join([f'Ana{i}', *(['O'] * (len(columns) - 1))])}\n\n" for i in range(4))
    with pytest.raises(FormatError, match=r"may be a comment, or the word '#' .*comments=True or False") as caught:
        read(tmp_path, f"\n{line}\n{rows}", columns=columns)
    assert caught.value.line == 2
    assert read(tmp_path, f"{line}\n{rows}", columns=columns, comments=True)[0].forms == ("Ana0",)
    assert read(tmp_path, f"{line}\n{rows}", columns=columns, comments=False)[0].forms == ("#", "Ana0")


def test_a_line_that_begins_with_a_number_sign_and_breaks_the_format_is_named(tmp_path: Path) -> None:
    for text in (f"Ana O\n# a b c\n\n{FILLER}", f"#tag O O\n\n{FILLER}"):
        with pytest.raises(FormatError, match=r"comments=True leaves out all lines that begin with #"):
            read(tmp_path, text)
    with pytest.raises(FormatError, match="expected 2"):
        read(tmp_path, f"# text = a b c\nAna O\n\n{FILLER}", comments=False)
