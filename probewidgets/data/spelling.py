"""Characters of a corpus's texts: how they write what can be written in several ways, and what they never have.

Nothing that was typed is changed for it: a remark names what is otherwise.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache

__all__ = ["kinds_of", "remarks", "ways_of"]

_WAYS: Mapping[str, Mapping[str, str]] = {
    "round brackets": {"( )": r"[()]", "-LRB- -RRB-": r"-[LR]RB-", "-lrb- -rrb-": r"-[lr]rb-"},
    "square brackets": {"[ ]": r"[\[\]]", "-LSB- -RSB-": r"-[LR]SB-", "-lsb- -rsb-": r"-[lr]sb-"},
    "curly brackets": {"{ }": r"[{}]", "-LCB- -RCB-": r"-[LR]CB-", "-lcb- -rcb-": r"-[lr]cb-"},
    "double quotes": {'" "': '"', "“ ”": "[“”„]", "`` ''": "``|''", "« »": "[«»]", "&quot;": "&quot;"},
    "apostrophes": {"'": r"(?<!')'(?!')", "’": "[‘’]", "&#39;": "&#39;|&apos;"},
    "slashes": {"/": r"(?<![\\<])/(?!>)", r"\/": r"\\/"},
    "dashes": {"—": "—", "–": "–", "--": r"(?<!-)--(?!-)"},
    "three dots": {"...": r"\.{3}", "…": "…", ". . .": r"\. \. \."},
    "ampersands": {"&": r"&(?!#?\w+;)", "&amp;": "&amp;"},
    "commas": {",": r"(?<![\d@]),|,(?![\d@])", "，": "，"},
    "hyphens within words": {"-": r"(?<=\w)-(?=\w)", "@-@": "@-@"},
    "signs within numbers": {"1,000.5": r"(?<=\d)[.,](?=\d)", "1 @,@ 000 @.@ 5": r"@[.,]@"},
    "line breaks": {"a line break": r"[\n\r\u2028\u2029]", "<br />": r"<br\s*/?>"},
}
"""What can be written in several ways -> each way as it is shown, and its pattern: of treebanks (`-LRB-`, `\\/`), of
typesetters and keyboards, of pages of the web, and of lists for translation. No text of one way matches another."""

_FIRST = ("a capital letter first", "a small letter first")
"""How texts begin."""
_BEGINNING = 100
"""Characters in which a first letter is sought."""

_RARE = 0.02
"""Share of the places of a thing from which on a way is one of the corpus's own."""
_FEWEST = 3
"""Places by which one can tell."""
_BRACKET = re.compile(r"-[LR][RSC]B-", re.IGNORECASE)


def ways_of(texts: Sequence[str]) -> dict[str, float]:
    """Each way -> its share of the places where texts have that thing; nothing of a thing that they hardly have."""
    whole = "\0".join(text.strip() for text in texts)
    counted = [
        {way: sum(1 for _ in re.finditer(pattern, whole)) for way, pattern in ways.items()} for ways in _WAYS.values()
    ]
    counted.append(Counter(filter(None, map(_first, texts))))
    shares: dict[str, float] = {}
    for counts in counted:
        if (places := sum(counts.values())) >= _FEWEST:
            shares |= {way: round(count / places, 4) for way, count in counts.items()}
    return shares


def _first(text: str) -> str:
    """How a text begins; nothing where that is no letter with a case."""
    letter = next(filter(str.isalnum, _BRACKET.sub("", text[:_BEGINNING])), "")
    return _FIRST[0] if letter.isupper() else _FIRST[1] if letter.islower() else ""


def kinds_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The kinds of characters that texts have, in alphabetical order: `("capital letter", "digit", "small letter")`."""
    chars = {char for text in texts for char in set(_BRACKET.sub("", text))}
    return tuple(sorted({kind for char in chars for kind in _kinds(char)}))


def remarks(texts: Sequence[str], ways: Mapping[str, float], kinds: Collection[str]) -> Iterator[str]:
    """How texts are written otherwise than a corpus, in words.

    Args:
        texts: As the model reads them, without the space around them.
        ways: Those of the corpus: see `ways_of`.
        kinds: Those of the corpus: see `kinds_of`; none where they are not known.
    """
    text = "\n".join(texts)
    for thing, patterns in _WAYS.items():
        usual = max(patterns, key=lambda way: ways.get(way, 0))
        typed = [way for way, pattern in patterns.items() if ways.get(way, 1) < _RARE and re.search(pattern, text)]
        if typed:
            yield (
                f"The corpus writes {thing} as {usual} ({ways[usual]:.0%} of them), and {typed[0]} was typed: the "
                "model reads other tokens here than those that the probe was trained on. Write them likewise."
            )
    capital, small = (ways.get(way, 0) for way in _FIRST)
    if capital > 1 - _RARE and small < _RARE and _FIRST[1] in map(_first, texts):
        yield (
            f"{capital:.0%} of the corpus's texts begin with a capital letter, and this one with a small one: the "
            "model may read another token there than those that the probe was trained on."
        )
    if kinds:
        yield from _never(text, kinds)


def _never(text: str, kinds: Collection[str]) -> Iterator[str]:
    """The kinds of characters of a text that the corpus never has."""
    first: dict[str, str] = {}
    for char in dict.fromkeys(_BRACKET.sub("", text)):
        for kind in _kinds(char):
            if kind not in kinds:
                first.setdefault(kind, char)
    for kind, char in first.items():
        word = next((word for word in text.split() if char in word), char)
        short = word if len(word) <= 24 else word[:23] + "…"
        yield f"The corpus has no {kind}, and {short!r} has one: the probe has never seen such a character."


@cache
def _kinds(char: str) -> tuple[str, ...]:
    """What kinds of a character it is; none of a space or a sign."""
    if unicodedata.combining(char):
        return ("accent as a character of its own",)
    if char.isdigit():
        return ("digit",)
    if not char.isalpha():
        return ()
    case = ("capital letter",) if char.isupper() else ("small letter",) if char.islower() else ()
    if char.isascii():
        return case
    script, *others = unicodedata.name(char, "").split() or [""]
    if script == "LATIN":
        return (*case, "letter with an accent")
    named = {"LETTER", "SYLLABLE", "UNIFIED"}.intersection(others)
    return (*case, f"{'Chinese' if script == 'CJK' else script.capitalize()} letter") if named else case
