"""One sentence per line, and labels line by line beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

import probewidgets as pw
from probewidgets.errors import DataError, FormatError

TEXT = "Die Katze sitzt\nWir\u2028 gehen\n\nSie schläft _\n"
TAGS = "DET NOUN VERB\nPRON VERB\n\nPRON VERB _\n"
SOURCE = "The cat sits\nWe go\n\nShe sleeps\n"


def written(folder: Path, **texts: str) -> dict[str, Path]:
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return {name: folder / name for name in texts}


def test_lines_become_examples_with_their_labels_and_sources(tmp_path: Path) -> None:
    files = written(tmp_path, text=TEXT, tags=TAGS, source=SOURCE)
    corpus = pw.read_lines(files["text"], {"upos": files["tags"]}, source=files["source"])
    assert [e.forms for e in corpus] == [("Die", "Katze", "sitzt"), ("Wir", "gehen"), ("Sie", "schläft", "_")]
    assert corpus[2].annotations["upos"] == ("PRON", "VERB", None)
    assert [e.source for e in corpus] == ["The cat sits", "We go", "She sleeps"]
    assert corpus[2].id == "text:4"
    assert sorted(map(len, (corpus.split.train, corpus.split.dev, corpus.split.test))) == [1, 1, 1]


def test_sentences_need_no_labels(tmp_path: Path) -> None:
    corpus = pw.read_lines(written(tmp_path, text=TEXT)["text"])
    assert [(e.forms, dict(e.annotations)) for e in corpus][2] == (("Sie", "schläft", "_"), {})
    assert len(pw.WordTask("form").targets(corpus)) == 8


def test_a_line_with_another_number_of_labels_is_named(tmp_path: Path) -> None:
    files = written(tmp_path, text=TEXT, tags=TAGS.replace("PRON VERB\n", "PRON\n", 1))
    with pytest.raises(FormatError, match=r"tags, line 2: 1 label\(s\) for 2 word\(s\), .*'Wir gehen', the .*'PRON'"):
        pw.read_lines(files["text"], {"upos": files["tags"]})


@pytest.mark.parametrize("tags", ["DET NOUN VERB\n", TAGS + "VERB\n"])
def test_files_of_different_lengths_are_refused(tmp_path: Path, tags: str) -> None:
    files = written(tmp_path, text=TEXT, tags=tags)
    with pytest.raises(FormatError, match=r"tags, line [25]: the file has [15] lines, expected 4"):
        pw.read_lines(files["text"], {"upos": files["tags"]})


def test_what_else_is_wrong_is_told(tmp_path: Path) -> None:
    files = written(tmp_path, text="a b\nc\nd\n", half="A B\n\nD\n", tags="X Y\nX\nX\n")
    with pytest.raises(FormatError, match="half, line 2: a sentence without its translation"):
        pw.read_lines(files["text"], {}, source=files["half"])
    with pytest.raises(DataError, match="labels must map names to files"):
        pw.read_lines(files["text"], files["tags"])
    with pytest.raises(DataError, match="No annotation can be called 'text' or 'source'"):
        pw.read_lines(files["text"], {"text": files["tags"]})
    with pytest.raises(DataError, match="cannot be split"):
        pw.read_lines(written(tmp_path, two="a\nb\n")["two"], {})
