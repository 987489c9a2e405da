"""Penn brackets, `(S (NP (DT The) (NN cat)) (VP (VBD sat)))`, as trees; and a reader of files of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from probewidgets.data.corpus import Corpus, Example
from probewidgets.data.readers.files import PathLike, decoded, placed, read_sides
from probewidgets.errors import DataError, FormatError, clipped

__all__ = ["Tree", "parse", "read_trees", "tree_of"]

EMPTY = "-NONE-"
"""The tag of what stands in a tree, but not in its text."""
WRAPPERS = ("", "ROOT", "TOP", "S1")
"""Labels of a bracket around a whole tree that says nothing."""
ESCAPED = {
    "-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}", "``": '"', "''": '"',
    r"\/": "/", r"\*": "*",
}  # fmt: skip
DEEPEST = 500
"""Brackets within brackets, at most: no sentence has so many."""

_PIECE = re.compile(r"[()]|[^\s()]+")
_LABEL = re.compile(r"-\w+-$|[^-=]+")
_ESCAPE = re.compile(r"-[LR][RSC]B-|^``$|^''$|\\[/*]")


@dataclass(frozen=True, slots=True)
class Tree:
    """A bracket: a phrase, or a word's tag around its word."""

    label: str
    """Without functions and indices: `NP` of `NP-SBJ-1`."""
    children: tuple[Tree | str, ...]
    """In their order; a string is a word, as it stands in the brackets."""

    def __str__(self) -> str:
        return f"({self.label} {' '.join(map(str, self.children))})"

    @property
    def tagged(self) -> Iterator[tuple[str | None, str]]:
        """(tag, word) of every leaf; a word that shares its bracket with others has no tag."""
        for child in self.children:
            if isinstance(child, Tree):
                yield from child.tagged
            else:
                yield (self.label or None) if len(self.children) == 1 else None, child

    @property
    def depth(self) -> int:
        """The most brackets around a word, its tag among them."""
        return 1 + max((child.depth for child in self.children if isinstance(child, Tree)), default=0)

    @property
    def size(self) -> int:
        """Words under it."""
        return sum(child.size if isinstance(child, Tree) else 1 for child in self.children)


def parse(text: str, fail: Callable[[int, str], Exception]) -> Iterator[tuple[int, Tree]]:
    """The trees of a text, each with the line it begins on. What is no word (`-NONE-`) is left out.

    Args:
        text: Any number of trees.
        fail: What is raised where the brackets are broken, from the line and a message.
    """
    opened: list[tuple[int, str | None, list[Tree | str]]] = []
    line, at = 1, 0
    for match in _PIECE.finditer(text):
        line, at, piece = line + text.count("\n", at, match.start()), match.start(), match[0]
        if piece == "(":
            if len(opened) == DEEPEST:
                raise fail(line, f"more than {DEEPEST} brackets lie within each other: is one not closed?")
            opened.append((line, None, []))
        elif not opened:
            raise fail(line, f"{clipped(piece, 40)} stands outside of any bracket, expected ( to begin a tree.")
        elif piece != ")":
            begun, label, children = opened[-1]
            # What follows the bracket directly is its label; `( (S ...))` has none.
            if label is None and not children:
                opened[-1] = (begun, piece, children)
            else:
                children.append(piece)
        else:
            begun, label, children = opened.pop()
            if children and label != EMPTY:
                tree = Tree(_bare(label or ""), tuple(children))
                if opened:
                    opened[-1][2].append(tree)
                else:
                    yield begun, _unwrapped(tree)
            elif label and label != EMPTY and not children and not opened:
                raise fail(begun, f"the tree has no word: ({label}).")
    if opened:
        raise fail(opened[0][0], "the tree that begins here is not closed.")


def _bare(label: str) -> str:
    """A label without functions and indices."""
    match = _LABEL.match(label)
    return match[0] if match else label


def _unwrapped(tree: Tree) -> Tree:
    while tree.label in WRAPPERS and len(tree.children) == 1 and isinstance(tree.children[0], Tree):
        tree = tree.children[0]
    return tree


def tree_of(example: Example) -> Tree | None:
    """The tree of an Example; None where it has none.

    Raises:
        DataError: It is broken, or its leaves are not as many as the words.
    """
    if example.tree is None:
        return None
    trees = list(parse(example.tree, lambda _, message: DataError(f"Example {example.id!r}: its tree: {message}")))
    if len(trees) != 1 or trees[0][1].size != len(example.words):
        came = f"{trees[0][1].size} leaves" if len(trees) == 1 else f"{len(trees)} trees in one"
        raise DataError(
            f"Example {example.id!r}: its tree has {came} for {len(example.words)} words. The leaves must be the words."
        )
    return trees[0][1]


def read_trees(
    train: PathLike,
    dev: PathLike | None = None,
    test: PathLike | None = None,
    *,
    name: str | None = None,
    licence: str = "",
    seed: int = 0,
) -> Corpus:
    """Read files of trees in Penn brackets, over one line or several each.

    A text is its words with spaces between them (`-LRB-` is `(`). Tags become the annotation `"xpos"`; labels lose
    functions and indices (`NP-SBJ-1` is `NP`); what stands for no word (`-NONE-`) is left out, and so is a bracket
    without a label, or one called ROOT or TOP, around a whole tree.

    Args:
        train: The training trees; alone, they are split 70/15/15 by example.
        dev: The development trees; without them, but with `test`, 15 % of `train` are set apart for it.
        test: The test trees; without them, but with `dev`, 15 % of `train` are set apart for it.
        name: What to call the corpus; by default, what the file names share, or else their folder.
        licence: A line that says under which licence the trees stand.
        seed: Of the split, where one is made.

    Raises:
        FormatError: Brackets do not match, or a file holds no tree.
        DataError: A file cannot be read, or there are too few trees to split.
    """
    return read_sides(
        _read,
        {"train": train, "dev": dev, "test": test},
        "bracketed tree",
        name=name,
        licence=licence,
        seed=seed,
    )


def _read(path: Path) -> list[Example]:
    def fail(line: int, message: str) -> FormatError:
        return FormatError(path, line, message)

    examples = []
    for line, tree in parse(decoded(path, "bracketed tree"), fail):
        tags, leaves = zip(*tree.tagged, strict=True)
        text, words = placed([_ESCAPE.sub(lambda match: ESCAPED[match[0]], leaf) for leaf in leaves])
        annotations = {"xpos": tags} if any(tags) else {}
        examples.append(Example(text, words, annotations, tree=str(tree), id=f"{path.name}:{line}"))
    if not examples:
        raise fail(1, "no tree found, expected (S (NP ...) (VP ...)). Check that this is the right file.")
    return examples
