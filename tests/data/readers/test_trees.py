"""Penn brackets, and files of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from probewidgets.data.corpora.grammar import english
from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example
from probewidgets.data.readers.trees import read_trees
from probewidgets.data.tasks import SpanTask, WordTask
from probewidgets.data.trees import parse, tree_of
from probewidgets.errors import DataError, FormatError

FILLER = "(S (NP (NN Snow)) (VP (VBD fell)))\n(S (NP (NNS Bells)) (VP (VBD rang)))\n(NP (NN Nobody))\n"
"""Enough other trees for a split."""


def write(folder: Path, text: str, name: str = "toy.mrg") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def first(folder: Path, text: str) -> Example:
    return read_trees(write(folder, text + "\n" + FILLER))[0]


def error(folder: Path, text: str) -> FormatError:
    with pytest.raises(FormatError) as caught:
        read_trees(write(folder, text))
    return caught.value


def test_a_tree_is_a_text_with_its_tags_and_its_brackets(tmp_path: Path) -> None:
    read = first(tmp_path, "(S (NP (DT The) (NN cat))\n   (VP (VBD sat)) (. .))")
    assert read.text == "The cat sat ."
    assert read.forms == ("The", "cat", "sat", ".")
    assert read.annotations == {"xpos": ("DT", "NN", "VBD", ".")}
    assert read.tree == "(S (NP (DT The) (NN cat)) (VP (VBD sat)) (. .))"
    assert read.id == "toy.mrg:1"


def test_functions_indices_and_empty_elements_are_left_out(tmp_path: Path) -> None:
    read = first(
        tmp_path, "(S (NP-SBJ-1 (PRP She)) (VP (VBZ seems) (S (NP-SBJ=2 (-NONE- *-1)) (VP (TO to) (VP (VB go))))))"
    )
    assert read.text == "She seems to go"
    assert read.tree == "(S (NP (PRP She)) (VP (VBZ seems) (S (VP (TO to) (VP (VB go))))))"


def test_brackets_quotes_and_slashes_are_unescaped_in_the_text_alone(tmp_path: Path) -> None:
    read = first(tmp_path, r"(X (-LRB- -LRB-) (`` ``) (NN a\/b) ('' '') (-RRB- -RRB-) (NN *x) (-LCB- -LCB-))")
    assert read.forms == ("(", '"', "a/b", '"', ")", "*x", "{")
    assert read.annotations["xpos"][0] == "-LRB-"
    assert tree_of(read) is not None
    assert read.tree is not None and r"(NN a\/b)" in read.tree


@pytest.mark.parametrize("wrapped", ["( (S (NN a) (NN b)))", "(ROOT (S (NN a) (NN b)))", "(TOP (S (NN a) (NN b)) )"])
def test_a_bracket_around_the_whole_tree_is_taken_off(tmp_path: Path, wrapped: str) -> None:
    assert first(tmp_path, wrapped).tree == "(S (NN a) (NN b))"


def test_several_trees_may_share_a_line(tmp_path: Path) -> None:
    corpus = read_trees(write(tmp_path, "(S (NN a)) (S (NN b))\n\n(S (NN c)\n(NN d)) (X e f)"))
    assert [example.text for example in corpus] == ["a", "b", "c d", "e f"]
    assert [example.id.split(":")[1] for example in corpus] == ["1", "1", "3", "4"]
    assert corpus[3].annotations == {}


def test_what_is_read_can_be_probed(tmp_path: Path) -> None:
    corpus = read_trees(write(tmp_path, FILLER))
    assert isinstance(corpus, Corpus) and sum(len(side) for _, side in corpus.split.items()) == 3
    labels = [target.label for target in SpanTask().targets(corpus)]
    assert sorted(labels) == ["NP", "NP", "NP", "S", "S", "VP", "VP"]
    assert WordTask("xpos").targets(corpus).labels == ("NN", "NNS", "VBD")


def test_three_files_are_the_three_sides(tmp_path: Path) -> None:
    paths = [write(tmp_path, FILLER * n, f"toy-{side}.mrg") for n, side in ((2, "train"), (1, "dev"), (1, "test"))]
    corpus = read_trees(*paths, licence="CC0")
    assert [len(side) for _, side in corpus.split.items()] == [6, 3, 3]
    assert (corpus.name, corpus.licence) == ("toy", "CC0")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("(S (NN a))\n(S (NN b)\n(NN c)", 2, "the tree that begins here is not closed"),
        ("(S (NN a)))", 1, r"'\)' stands outside of any bracket"),
        ("(S (NN a))\nb", 2, r"'b' stands outside"),
        ("", 1, "no tree found"),
        ("\n(S)", 2, r"the tree has no word: \(S\)"),
        ("(" * 600, 1, "more than 500 brackets"),
    ],
)
def test_broken_brackets_are_an_error_with_their_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    caught = error(tmp_path, text)
    assert caught.line == line
    with pytest.raises(FormatError, match=message):
        raise caught


def test_a_trees_leaves_are_the_words() -> None:
    for example in english(300):
        tree = tree_of(example)
        assert tree is not None
        assert tree.size == len(example.words)
        assert tuple(tag for tag, _ in tree.tagged) == example.annotations["xpos"]
        assert str(tree) == example.tree


def test_a_tree_of_two_is_an_error() -> None:
    with pytest.raises(DataError, match="'s1': its tree has 2 trees in one for 2 words"):
        tree_of(Example("a b", ((0, 1), (2, 3)), tree="(X a) (Y b)", id="s1"))  # type: ignore[arg-type]
    assert tree_of(Example("a")) is None


def test_depth_counts_brackets() -> None:
    (tree,) = [tree for _, tree in parse("(S (A (B c)) (D e))", lambda _, message: DataError(message))]
    assert tree.depth == 3
    assert tree.size == 2
