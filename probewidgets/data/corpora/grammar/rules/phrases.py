"""Parts that phrases of all kinds are built with: prepositions, coordination, interjections, wh-words."""

from __future__ import annotations

from probewidgets.data.corpora.generation.tree import HEAD, Node, Part
from probewidgets.data.corpora.grammar.lexicon.function_words import (
    INTERJECTIONS,
    WH,
    adposition,
    complex_case,
    coordinator,
    punctuation,
)

__all__ = ["COMMA", "PEOPLE", "coordinated", "interjection", "pp", "wh"]

PEOPLE = ("person", "kin")
"""The kinds of nouns that stand for people."""
COMMA: Part = ("punct", punctuation(","))


def pp(preposition: str, phrase: Node) -> Node:
    """A prepositional phrase; the preposition may be complex (`because of`)."""
    case = adposition(preposition) if " " not in preposition else complex_case(preposition)
    return Node("PP", ("case", case), (HEAD, phrase))


def coordinated(items: list[Node], conjunction: str, label: str, comma: bool = True) -> Node:
    """`a, b and c`: the later items hang on the first."""
    parts: list[Part] = [(HEAD, items[0])]
    parts += [("conj", Node("", COMMA, (HEAD, item))) for item in items[1:-1]]
    last = [COMMA] if comma and len(items) > 2 else []
    parts.append(("conj", Node("", *last, ("cc", coordinator(conjunction)), (HEAD, items[-1]))))
    return Node(label, *parts, agreement="3p")


def interjection(form: str) -> Part:
    """An interjection beside a clause."""
    return ("discourse", Node("INTJ", (HEAD, INTERJECTIONS[form])))


def wh(form: str, kind: str = "Int") -> Node:
    """A wh-word as a phrase; `kind` is Int (interrogative) or Rel (relative)."""
    word = WH[form, kind]
    return Node("WHADVP" if word.upos == "ADV" else "WHNP", (HEAD, word))
