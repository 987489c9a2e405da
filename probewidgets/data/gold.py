r"""Gold labels in a typed line: `fish/NOUN`, read only where that cannot mean anything else.

Slashes mean much else: fractions and ratings (`4/5`), pairs of words (`true/false`, `I/O`), addresses and paths
(`https://example.org/pos`), units (`km/h`). What stands between two spaces is read as gold as a whole or not at all:
each slash of it begins a label, but for those written `\/`, and behind the last label only punctuation or a clitic
comes.

Names made of two are written as labels are (`TCP/IP`, `AC/DC`): of a word in capitals, a label in capitals is read only
where its line shows that words carry labels (`IBM/PROPN rose/VERB`): another word has one and is not written so, or all
words do and they are several.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

__all__ = ["NO_SPACES", "Labels", "Marks", "Tag", "marks"]


@dataclass(frozen=True)
class Tag:
    """A label behind a word."""

    start: int
    """Where it is cut out of the line: at its slash, or at the space before it (chars)."""
    end: int
    label: str
    typed: str
    """As it is spelled in the line."""
    before: str
    """What stands between it and the label before it, or the space: the word, with signs around it."""
    text: str
    """All of it, with its word, as typed."""

    @property
    def is_like_its_word(self) -> bool:
        """Whether the word is in capitals as the label is, or neither is: `cats/noun` could be two words, `and/or`."""
        word = _core(self.before)
        return bool(word) and word.isupper() == self.typed.isupper()

    @property
    def is_like_a_name(self) -> bool:
        """Whether both are capitals, several each: `TCP/IP`."""
        word = _core(self.before)
        return len(word) > 1 and word.isupper() and self.typed.isalpha() and self.typed.isupper()


@dataclass
class Marks:
    """What of a line is not text."""

    tags: list[Tag] = field(default_factory=list)
    escapes: list[int] = field(default_factory=list)
    r"""Where a `\/` stands (chars)."""
    doubtful: list[tuple[str, str]] = field(default_factory=list)
    """`("cats/NN", "NN")`: what looks like a word with a label and stays text, or is read as one and need not be."""


CLOSING = ".,;:!?…)]}\"'”’»。，、！？"
"""What may follow a gold label directly: `The/DET cats/NOUN sat/VERB.`"""

NO_SPACES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fff\u3040-\uabff\uf900-\ufaff"
"""Thai, Lao, Burmese, Khmer, Chinese, Japanese: a word of theirs may begin right behind a label in ASCII."""

_ENDS = re.compile(
    rf"[{re.escape(CLOSING)}]*(?:['’](?:s|re|ve|ll|d|m))?[{re.escape(CLOSING)}]*(?:[{NO_SPACES}].*)?", re.IGNORECASE
)
"""What may stand between the last label and the next space."""

_LIKE_A_LABEL = re.compile(r"([^\s/]*[^\s/\\])/([A-Z][A-Z_$:-]+)(?=[.,;:!?…)\]}\"'”’»]|$)")
"""Capitals after a word: a label, perhaps of another tag set."""

_ADDRESS = re.compile(r"\w\.[a-z]{2,}(?::\d+)?$|^[A-Za-z]:$|^~|^\.\.$|\\")
"""How a host, a file, a drive or a folder ends or begins: `example.org`, `C:`, `~`, `..`."""


class Labels:
    """The labels that a typed text may name.

    Args:
        labels: As the probe has them. Upper and lower case do not matter where a label has three characters or more
            and only one can be meant.
    """

    def __init__(self, labels: Collection[str]) -> None:
        labels = frozenset(labels) - {""}
        self.spellings = _spellings(labels)
        self._folded = frozenset(label.casefold() for label in labels)
        self._exact = labels
        self._lengths = sorted({len(label) for label in self.spellings}, reverse=True)

    def __bool__(self) -> bool:
        return bool(self.spellings)

    def at(self, line: str, start: int) -> str | None:
        """The longest spelling of a label that stands there and ends its word there."""
        for length in self._lengths:
            typed = line[start : start + length]
            after = line[start + len(typed) : start + len(typed) + 1]
            if typed in self.spellings and (not after or after.isspace() or after in CLOSING or _begins(typed, after)):
                return typed
        return None

    def are_beside(self, word: str, typed: str) -> bool:
        """Whether a word is a label too, written as the label beside it is: `true/false`, but not `verb/NOUN`."""
        return word in self._exact or (word.casefold() in self._folded and word.isupper() == typed.isupper())


def _begins(typed: str, after: str) -> bool:
    """Whether a word of a script without spaces begins behind a label that is not in it."""
    return typed.isascii() and bool(re.match(f"[{NO_SPACES}]", after))


def _spellings(labels: frozenset[str]) -> dict[str, str]:
    """Spelling -> label: as it is, and in lower or upper case if it is long and no other label is meant."""
    spellings = {label: label for label in labels}
    cases = Counter(label.casefold() for label in labels)
    for label in labels:
        if len(label) >= 3 and cases[label.casefold()] == 1:
            spellings |= {
                typed: label for typed in (label.lower(), label.upper(), label.title()) if typed not in spellings
            }
    return spellings


def marks(line: str, labels: Labels, sentences: bool = False, types: Collection[str] = ()) -> Marks:
    """What of a line is a gold label, an escape, or looks like a label and is none.

    Args:
        line: As typed.
        labels: Those that a probe knows.
        sentences: Whether labels are of whole texts: one is read at the end alone, right behind the last word or after
            a space (`great stuff /positive`).
        types: Words that carry no label, whatever they look like.
    """
    read = Marks()
    if not labels:
        return read
    chunks = list(_chunks(line, labels))
    tagged = [chunk.tags(labels, sentences) if chunk.text not in types else [] for chunk in chunks]
    if sentences:
        tagged = [*([] for _ in chunks[1:]), *tagged[-1:]]
    shown = _is_labelled(chunks, tagged)
    for chunk, tags in zip(chunks, tagged, strict=True):
        if not shown and any(tag.is_like_a_name for tag in tags):
            tags = []
        if not tags and sentences and chunk is chunks[-1]:
            tags = list(_detached(line, chunk, labels))
        read.escapes += chunk.escapes
        read.tags += tags
        if not tags and chunk.text not in types:
            read.doubtful += chunk.doubts()
        read.doubtful += [(tag.text, tag.typed) for tag in tags if tag.is_like_its_word and tag.start >= chunk.start]
    return read


def _chunks(line: str, labels: Labels) -> Iterator[_Chunk]:
    """All that stands between two spaces, in order."""
    place = _next(line, 0)
    while place < len(line):
        chunk = _Chunk.at(line, place, labels)
        yield chunk
        place = _next(line, chunk.end)


def _is_labelled(chunks: Sequence[_Chunk], tagged: Sequence[Sequence[Tag]]) -> bool:
    """Whether a line shows that its words carry labels: one that is no name does, or all words do and are several."""
    if any(not tag.is_like_a_name for tags in tagged for tag in tags):
        return True
    words = [bool(tags) for chunk, tags in zip(chunks, tagged, strict=True) if any(map(str.isalnum, chunk.text))]
    return len(words) > 1 and all(words)


def _next(line: str, start: int) -> int:
    """Where the next character stands that is no space."""
    while start < len(line) and line[start].isspace():
        start += 1
    return start


@dataclass
class _Chunk:
    """What stands between two spaces, with the slashes in it. (A label may hold spaces.)"""

    line: str
    start: int
    end: int
    named: list[Tag] = field(default_factory=list)
    """What would be labels."""
    bare: list[int] = field(default_factory=list)
    """Slashes that begin no label of a word."""
    alone: str | None = None
    """The label, as typed, that it begins with."""
    escapes: list[int] = field(default_factory=list)

    @classmethod
    def at(cls, line: str, start: int, labels: Labels) -> _Chunk:
        """The chunk that begins there."""
        chunk, at = cls(line, start, start), start
        done = start
        while at < len(line) and not line[at].isspace():
            if line.startswith("\\/", at):
                chunk.escapes.append(at)
                at += 2
                continue
            typed = labels.at(line, at + 1) if line[at] == "/" else None
            end = at + 1 + len(typed or "")
            if typed and at > start:
                chunk.named.append(Tag(at, end, labels.spellings[typed], typed, line[done:at], line[done:end]))
                done = end
            elif line[at] == "/":
                chunk.bare.append(at)
                chunk.alone = typed or chunk.alone
            at = end
        chunk.end = at
        return chunk

    @property
    def text(self) -> str:
        return self.line[self.start : self.end]

    def tags(self, labels: Labels, sentences: bool) -> list[Tag]:
        """Its gold labels; none if anything of it may mean something else."""
        if not self.named or not _ENDS.fullmatch(self.line, self.named[-1].end, self.end):
            return []
        # A slash may be a word: `//PUNCT`.
        words = {tag.start - 1 for tag in self.named if tag.before == "/"}
        if not words.issuperset(self.bare):
            return []
        return [] if any(_may_be_text(tag, labels, sentences) for tag in self.named) else self.named

    def doubts(self) -> Iterator[tuple[str, str]]:
        """What of it looks like a label, if it is not plainly something else."""
        if "://" in self.text:
            return
        if self.named:
            tag = self.named[-1]
            if not (tag.before[-1:].isdigit() and tag.typed[0].isdigit()):
                yield self.text[: tag.end - self.start], tag.typed
        elif self.alone:
            yield self.text, self.alone
        elif (match := _LIKE_A_LABEL.match(self.text)) and not match[1].isupper():
            yield match[0], match[2]


def _detached(line: str, chunk: _Chunk, labels: Labels) -> Iterator[Tag]:
    """A label of the whole text that stands at its end by itself: `great stuff /positive`."""
    typed, words = chunk.alone, line[: chunk.start].split()
    if typed is None or not words or labels.are_beside(_core(words[-1]), typed):
        return
    end, start = chunk.start + 1 + len(typed), len(line[: chunk.start].rstrip())
    if end == chunk.end:
        yield Tag(start, end, labels.spellings[typed], typed, words[-1], line[start - len(words[-1]) : end])


def _core(before: str) -> str:
    """The last run of letters and digits."""
    runs: list[str] = re.findall(r"[^\W_]+", before)
    return runs[-1] if runs else ""


def _may_be_text(tag: Tag, labels: Labels, sentences: bool) -> bool:
    """Whether a word and a label behind it, with a slash between them, may mean something else."""
    before = tag.before.replace("\\/", "/")
    word, typed = _core(before), tag.typed
    if _ADDRESS.search(before) or (sentences and not word):
        return True
    if any(part and labels.are_beside(part, typed) for part in (word, re.sub(r"^\W+|\W+$", "", before))):
        return True
    if typed[0].isnumeric():  # a number is the label of a word, not of a number, an acronym or a sign: 4/5, HTTP/2
        return len(word) < 2 or word.isupper() or any(char.isnumeric() for char in before)
    if len(typed) == 1 and typed.isalpha():  # I/O, km/h
        same_case = len(word) == 1 and word.isupper() == typed.isupper()
        return same_case or bool(re.fullmatch(r"[b-df-hj-np-tv-z]{1,3}", word))
    # s/he, r/positive: a letter alone, and no capitals behind it
    return len(word) == 1 and word.isascii() and word.islower() and word not in "ai" and typed.islower()
