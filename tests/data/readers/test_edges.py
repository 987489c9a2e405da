"""The reader of edge-probing files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Span
from probewidgets.data.readers.edges import read_edges
from probewidgets.data.tasks import EdgeTask, SpanTask
from probewidgets.errors import DataError, FormatError

FILLER = [{"text": f"Filler sentence {i}", "targets": []} for i in range(3)]


def write(folder: Path, *lines: Any, name: str = "toy.json") -> Path:
    path = folder / name
    written = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    path.write_text("\n".join(written) + "\n", encoding="utf-8")
    return path


def read(folder: Path, text: str, *targets: dict[str, Any]) -> Corpus:
    return read_edges(write(folder, {"text": text, "targets": list(targets), "info": {"n": 1}}, *FILLER))


def error(folder: Path, *lines: Any) -> str:
    with pytest.raises(FormatError) as caught:
        read_edges(write(folder, *FILLER, *lines))
    return str(caught.value)


def edge(first: Any, second: Any = None, label: Any = "A0", **more: Any) -> dict[str, Any]:
    return {"span1": first, **({} if second is None else {"span2": second}), "label": label, **more}


def test_spans_are_words_up_to_their_end(tmp_path: Path) -> None:
    corpus = read(tmp_path, "The cats  sat on naïve 猫 .", edge([2, 3], [0, 2]), edge([2, 3], [3, 6], "AM-LOC"))
    targets = EdgeTask("targets", name="srl").targets(corpus)
    text = corpus[0].text
    read_back = [(*(span.of(text) for span in target.spans), target.label) for target in targets]
    assert read_back == [("sat", "The cats", "A0"), ("sat", "on naïve 猫", "AM-LOC")]
    assert (targets.task, targets.unit, targets.labels) == ("srl", "edge", ("A0", "AM-LOC"))


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    sentences = [
        {"text": "a b c", "targets": [edge([0, 1], [1, 3], ["x", "y"]), edge([2, 3], [0, 1], [])]},
        {"text": "d e", "targets": [edge([0, 2], [0, 2], ["y"])]},
        {"text": "f", "targets": []},
    ]
    corpus = read_edges(write(tmp_path, *sentences))
    for example, sentence in zip(corpus, sentences, strict=True):
        starts, ends = ({getattr(word, edge): i for i, word in enumerate(example.words)} for edge in ("start", "end"))
        rebuilt = [
            edge(*([starts[span.start], ends[span.end] + 1] for span in spans), list(label))
            for spans, label in example.targets
        ]
        assert {"text": example.text, "targets": rebuilt} == sentence


def test_lists_of_labels_are_a_multi_label_task(tmp_path: Path) -> None:
    corpus = read(tmp_path, "a b", edge([0, 1], [1, 2], ["x", "y"]), edge([1, 2], [0, 1], []))
    targets = EdgeTask("targets").targets(corpus)
    assert targets.kind == "labels"
    assert [target.label for target in targets] == [("x", "y"), ()]


def test_targets_without_a_second_span_are_a_task_of_spans(tmp_path: Path) -> None:
    corpus = read(tmp_path, "New York is big", edge([0, 2], label="GPE"), edge([3, 4], label="JJ") | {"span2": None})
    assert [(t.surface, t.label) for t in SpanTask("targets").targets(corpus)] == [("New York", "GPE"), ("big", "JJ")]
    with pytest.raises(DataError, match=r"has 1 span\(s\), expected 2\. Use SpanTask\('targets'\)"):
        EdgeTask("targets").targets(corpus)


def test_numbers_are_labels_too(tmp_path: Path) -> None:
    corpus = read(tmp_path, "a b", edge([0, 1], [1, 2], 1), edge([1, 2], [0, 1], 0))
    assert EdgeTask("targets").targets(corpus).labels == ("0", "1")


def test_an_example_says_how_many_targets_it_has(tmp_path: Path) -> None:
    example = read(tmp_path, "a b", edge([0, 1]))[0]
    assert repr(example) == "Example('a b': 2 words; 1 targets)"
    assert example.id == "toy.json:1"
    assert example.targets == (((Span(0, 1),), "A0"),)


def test_three_files_are_the_three_sides(tmp_path: Path) -> None:
    paths = [
        write(tmp_path, *FILLER[:n], name=f"xx-{side}.json") for n, side in ((3, "train"), (1, "dev"), (2, "test"))
    ]
    corpus = read_edges(*paths, licence="CC0")
    assert [len(side) for _, side in corpus.split.items()] == [3, 1, 2]
    assert (corpus.name, corpus.licence) == ("xx", "CC0")


def test_a_corpus_without_targets_labels_nothing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="labels nothing"):
        EdgeTask("targets").targets(read_edges(write(tmp_path, *FILLER)))


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (edge([0, 3], [1, 2]), "span1 [0, 3] leaves the sentence, expected 0 <= first < end <= 2"),
        (edge([0, 1], [-1, 2]), "span2 [-1, 2] leaves the sentence"),
        (edge([1, 1]), "span1 [1, 1] is empty"),
        (edge([2, 1]), "span1 [2, 1] runs backwards"),
        (edge([0]), "span1 must be [first, last + 1]"),
        (edge([0, 1.0]), "span1 must be [first, last + 1]"),
        (edge([False, 1]), "span1 must be [first, last + 1]"),
        (edge("ab"), "span1 must be [first, last + 1]"),
        (edge([0, 1], label=None), "the label must be a string or a list of strings"),
        (edge([0, 1], label=["a", None]), "the label must be a string or a list of strings"),
        (edge([0, 1], label=""), "the label must be a string or a list of strings"),
        ({"span1": [0, 1]}, 'expected an object with "span1" and "label"'),
        ("A0", 'expected an object with "span1" and "label"'),
    ],
)
def test_a_target_that_is_wrong_is_named_with_its_line(tmp_path: Path, bad: Any, message: str) -> None:
    message_of = error(
        tmp_path, {"text": "a b", "targets": [edge([0, 1], None if "span2" not in bad else [1, 2]), bad]}
    )
    assert f"toy.json, line 4: target 2 of 2: {message}" in message_of


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (edge([0, 1]), edge([0, 1], [1, 2]), "it has 2 span(s), but the targets before have 1 span(s)"),
        (edge([0, 1], [1, 2]), edge([0, 1]), "it has 1 span(s), but the targets before have 2 span(s)"),
        (edge([0, 1]), edge([0, 1], label=["A0"]), "it has a list of labels, but the targets before have one label"),
        (edge([0, 1], label=[]), edge([0, 1]), "it has one label, but the targets before have a list of labels"),
    ],
)
def test_targets_of_two_kinds_are_an_error(tmp_path: Path, first: Any, second: Any, message: str) -> None:
    message_of = error(tmp_path, {"text": "a b", "targets": [first]}, {"text": "a b", "targets": [second]})
    assert f"line 5: target 1 of 1: {message}" in message_of


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "this is no JSON"),
        ("[1, 2]", 'expected an object with "text", a string, and "targets", a list'),
        ({"text": "a"}, 'expected an object with "text"'),
        ({"text": ["a"], "targets": []}, 'expected an object with "text"'),
        ('{"text": "a \\ud83d", "targets": []}', "lone surrogate"),
    ],
)
def test_a_line_that_is_no_sentence_is_named(tmp_path: Path, line: Any, message: str) -> None:
    message_of = error(tmp_path, line)
    assert "line 4: " in message_of and message in message_of


def test_an_empty_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no line found"):
        read_edges(write(tmp_path))
