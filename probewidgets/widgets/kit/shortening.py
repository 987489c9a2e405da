"""Shortening: a script with short names for whatever it declares itself, which says the same.

A name becomes another one wherever it stands, so nothing need be known of scopes: what was one name stays one, and what
were two stay two. Left as they are: names that are a property's too somewhere in the script (`{ name }` and `a.name`
mean that), and those that it does not declare, which are the page's.
"""

from __future__ import annotations

import itertools
import re
import string
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["shortened"]

_TOKEN = re.compile(
    r"""(?P<text> "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' )
      | (?P<template> `(?:\\.|[^`\\])*` )
      | (?P<pattern> (?: (?<=[(,=:\[!&|?;{}>\n]) | (?<=\breturn) ) \s*
                     /(?![*/]) (?: \\. | \[(?:\\.|[^\]\\\n])*\] | [^/\\\n\[] )+ /\w* )
      | (?P<private> (?<![\w$])\#[A-Za-z_$][\w$]* )
      | (?P<number> (?<![\w$])\.?\d[\w.]* )
      | (?P<name> [A-Za-z_$][\w$]* )
      | (?P<sign> \.\.\. | => | [=!<>]==? | \S )""",
    re.VERBOSE | re.DOTALL,
)
_HOLE = re.compile(r"\$\{([^{}]*)\}")
"""What of a template is code."""
_WORDS = frozenset(re.findall(r"\w+", """
    arguments async await break case catch class const constructor continue default delete do else export extends false
    finally for from function get if import in instanceof let new null of return set static super switch this throw true
    try typeof undefined var void while yield
"""))  # fmt: skip
"""Those of the language."""
_OF_THE_PAGE = frozenset(re.findall(r"\w+", """
    close event find focus history length location name open origin parent print screen scroll self status stop top
"""))  # fmt: skip
"""Names that every page has too: a script that declares one may mean the page's elsewhere."""
_HEADS = frozenset(("for", "if", "switch", "while"))
"""What stands before a bracket that declares nothing, though a block follows."""
_VALUES = frozenset(("(", ",", "=", ":", "[", "?", "&", "|", "+", "!", "...", "return", "let", "of", "in", "default"))
"""What stands before a brace that holds properties."""
_BEFORE_KEYS = frozenset(("{", ",", "get", "set", "async", "static", "*"))
"""What stands before the name of one of them."""


class _Token(NamedTuple):
    start: int
    text: str
    kind: str


def shortened(script: str) -> str:
    """The same with short names, the most frequent ones shortest."""
    tokens = list(_tokens(script, 0))
    names = Counter(token.text for token in tokens if token.kind in ("name", "hole"))
    private = Counter(token.text for token in tokens if token.kind == "private")
    inside, ends = _braces(tokens)
    own = _declared(tokens, inside, ends) - _properties(tokens, inside) - _WORDS - _OF_THE_PAGE
    order = sorted((name for name in own if len(name) > 2), key=lambda name: (-names[name] * len(name), name))
    short = dict(zip(order, (each for each in _letters() if each not in names and each not in _WORDS), strict=False))
    short |= {name: f"#{letters}" for (name, _), letters in zip(private.most_common(), _letters(), strict=False)}
    parts, done = [], 0
    for token in tokens:
        if token.text in short and token.kind in ("name", "hole", "private"):
            parts += [script[done : token.start], short[token.text]]
            done = token.start + len(token.text)
    return "".join([*parts, script[done:]])


def _letters() -> Iterator[str]:
    """`a`, `b`, ..., `aa`, ..."""
    for size in itertools.count(1):
        yield from map("".join, itertools.product(string.ascii_letters, repeat=size))


def _tokens(script: str, at: int) -> Iterator[_Token]:
    """What a script is made of, but for numbers and texts; of a template the names in its holes."""
    for match in _TOKEN.finditer(script):
        kind, start = match.lastgroup or "", at + match.start()
        if kind == "template":
            for hole in _HOLE.finditer(match[0]):
                for token in _tokens(hole[1], start + hole.start(1)):
                    yield token._replace(kind="hole") if token.kind == "name" else token
        yield _Token(start, match[0], kind)


def _braces(tokens: list[_Token]) -> tuple[list[str], dict[int, int]]:
    """In what each token stands: `(`, `[`, `{`, `object`, `class`, or nothing; and where each bracket ends."""
    inside: list[str] = []
    ends: dict[int, int] = {}
    open_: list[tuple[int, str]] = []
    for at, token in enumerate(tokens):
        closes = token.kind == "sign" and token.text in ")]}"
        if closes:
            ends[open_.pop()[0]] = at
        inside.append(open_[-1][1] if open_ else "")
        if token.kind == "sign" and token.text in "([{":
            open_.append((at, _kind(tokens, at)))
    return inside, ends


def _kind(tokens: list[_Token], at: int) -> str:
    """What an opening bracket holds."""
    if tokens[at].text != "{":
        return tokens[at].text
    before = [token.text for token in tokens[max(at - 4, 0) : at]]
    if "class" in (before[-1:] + before[-2:-1] + (before[-4:-3] if before[-2:-1] == ["extends"] else [])):
        return "class"
    return "object" if before and before[-1] in _VALUES else "{"


def _properties(tokens: list[_Token], inside: list[str]) -> set[str]:
    """Names that are a property's somewhere."""
    names = set()
    for at, token in enumerate(tokens):
        if token.kind not in ("name", "hole"):
            continue
        before = tokens[at - 1].text if at else ""
        listed = inside[at] == "class" or (inside[at] == "object" and before in _BEFORE_KEYS)
        if before == "." or (listed and token.kind == "name"):
            names.add(token.text)
    return names


def _declared(tokens: list[_Token], inside: list[str], ends: dict[int, int]) -> set[str]:
    """Names that are declared: by a word, as the argument of a function, or taken out of a list."""
    names = set()
    for at, token in enumerate(tokens):
        before, after = (tokens[i].text if 0 <= i < len(tokens) else "" for i in (at - 1, at + 1))
        if token.kind == "name":
            follows = before == "," and after == "=" and inside[at] in ("{", "", "(")
            if before in ("let", "const", "function", "class") or after == "=>" or follows:
                names.add(token.text)
        elif token.kind == "sign" and token.text in "([":
            behind = tokens[ends[at] + 1].text if ends[at] + 1 < len(tokens) else ""
            takes = behind == "=>" or (behind == "{" and before not in _HEADS)
            if takes if token.text == "(" else behind == "=":
                names |= _listed(tokens[at + 1 : ends[at]])
    return names


def _listed(tokens: list[_Token]) -> set[str]:
    """The names among some things with commas between them, also those that lists among them hold."""
    starts = [0, *(at + 1 for at, token in enumerate(tokens) if token.text in (",", "[", "..."))]
    return {tokens[at].text for at in starts if at < len(tokens) and tokens[at].kind == "name"}
