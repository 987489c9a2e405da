"""Constituency trees in Penn brackets: `(S (NP (DT The) (NN cat)) (VP (VBD sat)))`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from probewidgets.data.examples import Example
from probewidgets.errors import DataError, clipped

__all__ = ["Tree", "parse", "phrases", "tree_of"]

EMPTY = "-NONE-"
"""The tag of what stands in a tree, but not in its text."""
WRAPPERS = ("", "ROOT", "TOP", "S1")
"""Labels of a bracket around a whole tree that says nothing."""
DEEPEST = 500
"""Brackets within brackets, at most: no sentence has so many."""

_PIECE = re.compile(r"[()]|[^\s()]+")
_LABEL = re.compile(r"-\w+-$|[^-=]+")


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
        size = f"{trees[0][1].size} leaves" if len(trees) == 1 else f"{len(trees)} trees in one"
        raise DataError(
            f"Example {example.id!r}: its tree has {size} for {len(example.words)} words. The leaves must be the words."
        )
    return trees[0][1]


def phrases(example: Example) -> tuple[list[tuple[int, int, str]], int]:
    """(first leaf, last leaf, label) of every phrase, in order of their opening brackets, and the number of leaves."""
    closed: dict[int, tuple[int, int, str]] = {}
    opened: list[tuple[int, int, str]] = [(-1, 0, "")]  # (number of the bracket, first leaf, label), and a floor
    brackets = leaves = 0
    for piece in re.findall(r"\(\s*[^\s()]*|\)|[^\s()]+", example.tree or ""):
        if piece[0] == "(":
            opened.append((brackets, leaves, piece[1:].strip()))
            brackets += 1
        elif piece != ")":
            leaves += 1
        elif len(opened) > 1:
            number, first, label = opened.pop()
            # A word's own tag holds one leaf and no other bracket.
            if label and (brackets > number + 1 or leaves > first + 1) and leaves > first:
                closed[number] = (first, leaves - 1, label)
        else:
            opened = []
            break
    if len(opened) != 1:
        raise DataError(f"Example {example.id!r}: the brackets of its tree do not match: {clipped(example.tree, 80)}.")
    return [closed[number] for number in sorted(closed)], leaves
