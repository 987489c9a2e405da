r"""A typed text, line by line: its words, without the gold labels that were typed with them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from operator import itemgetter

from probewidgets.data.examples import Span
from probewidgets.data.gold import Labels, Marks, Tag, marks
from probewidgets.data.segmenters import Segmenter, segment

__all__ = ["Line", "Typed", "lines", "parse_gold"]


def lines(text: str) -> list[Span]:
    """The lines of a text (chars), without their line ends; an empty line is an empty span."""
    spans = []
    start = 0
    for match in re.finditer("\r\n|[\n\r\u2028\u2029]", text):
        spans.append(Span(start, match.start()))
        start = match.end()
    spans.append(Span(start, len(text)))
    return spans


@dataclass(frozen=True)
class Line:
    """One typed line without its gold labels: one sentence."""

    text: str
    """What is left of the line when `/TAG` is taken off."""
    words: tuple[Span, ...]
    """Its words, in `text` (chars)."""
    golds: tuple[str | None, ...]
    """One per word: the label that the person gave, if any."""
    start: int
    """Where the line starts in the typed text (chars)."""
    cuts: tuple[tuple[int, int], ...] = ()
    """Where in `text` something was taken off or put in, and how many characters were taken off up to and with it."""
    doubtful: tuple[tuple[str, str], ...] = ()
    """`("cats/NN", "NN")` for what looks like a gold label, but is none, or may mean something else: it stayed text, or
    stands in `tagged` too."""
    tagged: tuple[str, ...] = ()
    """What was read as words with gold labels, as typed: `("cats/NOUN",)`."""

    def typed(self, span: Span) -> Span:
        """The place of a span of `text`, such as a word, in the typed text."""
        start = span.start + self.shift(span.start)
        end = span.end + self._removed(bisect_left(self.cuts, span.end, key=itemgetter(0)))
        return Span(self.start + start, self.start + max(start, end))

    def shift(self, at: int) -> int:
        """How much farther right a character of `text` stands in the typed line (chars)."""
        return self._removed(bisect_right(self.cuts, at, key=itemgetter(0)))

    def _removed(self, n: int) -> int:
        return self.cuts[n - 1][1] if n else 0


@dataclass(frozen=True)
class Typed:
    """A typed text, line by line."""

    text: str
    """As typed."""
    lines: tuple[Line, ...]
    """One per line, empty ones included, so that the n-th is the one that the person sees as the n-th."""


def parse_gold(
    text: str,
    labels: Collection[str] = (),
    segmenter: Segmenter = "english",
    *,
    sentences: bool = False,
    whole: bool = False,
    escaped: bool = False,
    types: Collection[str] = (),
) -> Typed:
    r"""Cut a typed text into lines and words, and take off the gold labels given as `word/TAG`.

    `/TAG` is a gold label only right behind a word, before a space, a punctuation mark or the end of the line, and only
    if TAG is one of the labels; the longest one that fits is taken. Upper and lower case do not matter where TAG has
    three characters or more and only one label can be meant (`cats/noun`). The label belongs to the word that ends
    there, which is the last one where the segmenter finds several (`don't/AUX` labels `n't`).

    All that may mean something else stays text: fractions and ratings (`4/5`), pairs of labels (`true/false`, `I/O`),
    addresses and paths, `and/or`, `cats/NN` where no label is NN, a word of the corpus; and a word in capitals with a
    label in capitals (`TCP/IP`, `AC/DC`) where nothing else in its line shows that words carry labels. What of it looks
    like a label is listed in `Line.doubtful`. `\/` is a slash that is text, whatever follows it.

    Args:
        text: What was typed; every line is a sentence.
        labels: The labels that a probe knows; none: nothing is gold, and the text stays as it is.
        segmenter: See `segment`.
        sentences: Whether labels are of sentences: then one may stand at the end of the line only, right behind its
            last word or after a space (`great stuff /positive`).
        whole: Whether the text is one, whatever lines it has; then so is its line.
        escaped: Whether `\/` stays as it is: a corpus writes its slashes so.
        types: Words of the corpus: what stands between two spaces and is one of them carries no label.

    Raises:
        DataError: There is no segmenter of that name.
    """
    given = Labels(labels)
    read = []
    for span in [Span(0, len(text))] if whole else lines(text):
        marked = marks(span.of(text), given, sentences, types)
        read.append(_line(text, span, replace(marked, escapes=[]) if escaped else marked, segmenter, sentences))
    return Typed(text, tuple(read))


def _line(text: str, span: Span, read: Marks, segmenter: Segmenter, sentences: bool) -> Line:
    """One line of `parse_gold`."""
    line = span.of(text)
    gaps = sorted([(tag.start, tag.end) for tag in read.tags] + [(at, at + 1) for at in read.escapes])
    clean, cuts = _without(line, gaps)
    words = tuple(segment(clean, segmenter))
    golds: list[str | None] = [None] * len(words)
    starts = [word.start for word in words]
    for tag, at in zip(read.tags, _places(read.tags, gaps), strict=True):
        index = bisect_left(starts, at) - 1
        if index >= 0 and (sentences or at - 1 < words[index].end):
            golds[index] = tag.label
    tagged = tuple(tag.text for tag in read.tags)
    return Line(clean, words, tuple(golds), span.start, cuts, tuple(read.doubtful), tagged)


def _without(line: str, gaps: Sequence[tuple[int, int]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A line without some ranges of it, and where they were."""
    kept, cuts, done, removed = [], [], 0, 0
    for start, end in gaps:
        kept.append(line[done:start])
        at, removed, done = start - removed, removed + end - start, end
        cuts.append((at, removed))
    return "".join([*kept, line[done:]]), tuple(cuts)


def _places(tags: Sequence[Tag], gaps: Sequence[tuple[int, int]]) -> list[int]:
    """Where each label was cut out, in the clean line."""
    ends, removed = [end for _, end in gaps], [0, *accumulate(end - start for start, end in gaps)]
    return [tag.start - removed[bisect_right(ends, tag.start)] for tag in tags]
