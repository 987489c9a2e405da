"""One tree for both analyses: phrases nest as constituents, and each part has its relation to the phrase's head."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["HEAD", "Node", "Part", "Reading", "Word", "read"]

HEAD = "head"
"""The relation of the part that a phrase is built around."""


class Word(NamedTuple):
    """A leaf. Words are shared between trees, so they hold nothing about their place in one."""

    form: str
    """As it stands in the middle of a sentence."""
    upos: str
    xpos: str
    lemma: str
    feats: str | None = None


class Node:
    """A phrase: parts in their order, each with its relation to the head of this phrase."""

    __slots__ = ("agreement", "governor", "label", "parts")

    def __init__(
        self,
        label: str,
        *parts: Part,
        agreement: str = "3s",
        governor: Node | None = None,
    ) -> None:
        self.label = label
        """Penn label; an empty one holds words together without being a constituent."""
        self.parts = parts
        """(relation, word or phrase); exactly one relation is HEAD."""
        self.agreement = agreement
        """Person and number that a verb takes after this phrase: 1s, 2s, 3s, 1p, 3p."""
        self.governor = governor
        """The phrase whose head governs this one, where that is not the phrase that it stands in."""


Part = tuple[str, "Word | Node"]


class Reading(NamedTuple):
    """A tree, read off from left to right."""

    words: list[Word]
    heads: list[int]
    """1-based, 0 for the root."""
    relations: list[str]
    brackets: str


def read(root: Node) -> Reading:
    """The words of a tree with the head and relation of each, and its brackets (leaves are `{}`, to be filled in)."""
    words: list[Word] = []
    heads: list[int] = []
    relations: list[str] = []
    position: dict[int, int] = {}
    afar: list[tuple[int, Node]] = []

    def visit(node: Word | Node) -> tuple[int, str]:
        """The position of the node's head, and its brackets."""
        if isinstance(node, Word):
            words.append(node)
            heads.append(0)
            relations.append("root")
            return len(words), f"({node.xpos} {{}})"
        here = 0
        others = []
        inner = []
        for relation, part in node.parts:
            at, text = visit(part)
            inner.append(text)
            if relation == HEAD:
                here = at
            else:
                others.append((at, relation))
                if isinstance(part, Node) and part.governor is not None:
                    afar.append((at, part.governor))
        for at, relation in others:
            heads[at - 1] = here
            relations[at - 1] = relation
        position[id(node)] = here
        text = " ".join(inner)
        return here, f"({node.label} {text})" if node.label else text

    brackets = visit(root)[1]
    for at, governor in afar:
        heads[at - 1] = position[id(governor)]
    return Reading(words, heads, relations, brackets)
