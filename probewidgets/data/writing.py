"""How the texts of a corpus are made, as far as a typed text must be made likewise."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise
from typing import Any, NamedTuple

from probewidgets.data.examples import Example, Span
from probewidgets.data.gold import NO_SPACES
from probewidgets.data.segmenters import SEGMENTERS, Segmenter, segment
from probewidgets.data.spelling import kinds_of, remarks, ways_of
from probewidgets.data.typed import Line

__all__ = ["Unlike", "Writing", "best_segmenter"]

_SAMPLE = 500
"""Texts that are looked at, evenly spread."""
_MANY = 5_000
"""Texts whose characters are looked at: what is in none of them is said to be in none."""
_NEARLY_ALL = 0.98
_FEW = 0.1
_FEWEST_SIGNS = 3
_BREAK = "[\n\r\u2028\u2029]"

_SIGN = re.compile(
    r"(?<=[\w\"'”’)\]])(\s*)([.,;:!?…)\]}]|n['’]t|['’](?:s|re|ve|ll|d|m))(?=[\s.,;:!?…)\]}\"'”’]|$)", re.IGNORECASE
)
"""A sign or clitic behind a word, with the space before it, if there is one."""


class Unlike(NamedTuple):
    """A place in a typed text that the corpus's texts would have otherwise."""

    share: float
    """Of the corpus's places of that kind, how many are otherwise."""
    sign: str
    place: str
    """The sign, with some of what stands before it."""

    @property
    def spaced(self) -> bool:
        """Whether a space stands before it in the typed text."""
        return self.place[: -len(self.sign)].endswith(tuple(" \t\n\r\u00a0\u202f\u3000"))


_UNSPACED = re.compile(rf"[{NO_SPACES}\u3000-\u303f\uff00-\uff65]")
"""Letters and signs of scripts that write no spaces."""


@dataclass(frozen=True)
class Writing:
    """How the texts of a corpus are made; of each text, nothing else is kept.

    A typed text is written in the same way before a model reads it (`written`); where it cannot be, `unlike` says so.
    """

    spaced: bool = False
    """Whether texts are their words with one space between each: `I ca n't go , he said .`"""
    broken: float = 0.0
    """Share of the texts with a line break in them."""
    line_end: str = "\n"
    """How lines end in them."""
    before: str | None = None
    """The space that all texts begin with, `""` for none; None where they differ."""
    after: str | None = None
    """The space that all texts end with."""
    agreement: float | None = None
    """F1 between the corpus's words and those that its segmenter finds in its texts; None where it has no words. Where
    words stand between spaces, it is sought in the texts as one would type them: `I can't go, he said.`"""
    signs: Mapping[str, float] = field(default_factory=dict)
    """Sign or clitic -> share of its places behind a word where a space stands before it."""
    ways: Mapping[str, float] = field(default_factory=dict)
    """Way of writing brackets, quotes and the like -> its share: see `probewidgets.data.spelling`."""
    kinds: tuple[str, ...] = ()
    """Kinds of letters and digits that they have; none where that was not kept."""

    @classmethod
    def of(cls, examples: Sequence[Example], segmenter: Segmenter) -> Writing:
        """What some texts are like, of which a sample is looked at, and how well `segmenter` finds their words."""
        seen = _spread(examples, _SAMPLE)
        spaced = _is_spaced(seen)
        texts = [example.text for example in seen]
        many = [example.text for example in _spread(examples, _MANY)]
        ends = Counter(end for text in texts for end in re.findall(rf"\r\n|{_BREAK}", text))
        return cls(
            spaced=spaced,
            broken=_share(bool(re.search(_BREAK, text.strip())) for text in texts),
            line_end=ends.most_common(1)[0][0] if ends else "\n",
            before=_common(text[: len(text) - len(text.lstrip())] for text in texts),
            after=_common(text[len(text.rstrip()) :] for text in texts),
            agreement=_agreement(seen, segmenter, spaced) if any(example.words for example in seen) else None,
            signs=_signs(texts),
            ways=ways_of(many),
            kinds=kinds_of(many),
        )

    @classmethod
    def restored(cls, facts: Mapping[str, Any] | None) -> Writing | None:
        """What `facts` gave, read from a file; None where a file has none."""
        if facts is None:
            return None
        kept = {f.name: facts[f.name] for f in fields(cls) if f.name in facts}
        return cls(**kept | {"kinds": tuple(kept.get("kinds", ()))})

    @property
    def facts(self) -> dict[str, Any]:
        """All of it, as JSON holds it."""
        mappings = {"signs": dict(self.signs), "ways": dict(self.ways), "kinds": list(self.kinds)}
        return {f.name: getattr(self, f.name) for f in fields(self)} | mappings

    @property
    def whole(self) -> bool:
        """Whether several typed lines are one text, as they are in the corpus."""
        return self.broken >= _FEW

    def is_one(self, text: str) -> bool:
        """Whether a typed text is one, whatever line breaks it has: also where it has them at an end that may vary."""
        return self.whole or (None in (self.before, self.after) and not re.search(_BREAK, text.strip()))

    @property
    def escaped(self) -> bool:
        r"""Whether a slash is written `\/`, as in treebanks."""
        return self.ways.get(r"\/", 0) > 0.5

    def remarks(self, texts: Sequence[str]) -> Iterator[str]:
        """What of the characters of typed texts the corpus's never have, or write otherwise, in words."""
        return remarks(texts, self.ways, self.kinds)

    def written(self, line: Line, types: frozenset[str] = frozenset()) -> Line:
        """A typed text as the corpus would have it: its words between single spaces, its ends, its line ends.

        Args:
            line: As it was read, without gold labels.
            types: The word types of train: where words stand between spaces, what stands between two typed spaces and
                is one of them is not cut up.
        """
        if not line.text.strip():
            return line
        start, end = len(line.text) - len(line.text.lstrip()), len(line.text.rstrip())
        if self.spaced:
            outer = (re.sub("\r\n|[\n\r]", self.line_end, each) for each in (line.text[:start], line.text[end:]))
            before, after = (
                typed if usual is None else usual for typed, usual in zip(outer, (self.before, self.after), strict=True)
            )
            line = _merged(line, types)
            return _rewritten(line, _apart(line), before, after)
        start, end = start if self.before is not None else 0, end if self.after is not None else len(line.text)
        pieces = _lined(line.text, start, end, self.line_end)
        return _rewritten(line, pieces, self.before or "", self.after or "")

    def unlike(self, text: str) -> Unlike | None:
        """Where a text has or lacks a space that the corpus's texts lack or have in such places; the worst of these."""
        places = [
            Unlike(abs(self.signs[sign] - bool(match[1])), sign, text[max(match.start() - 12, 0) : match.end()])
            for match, sign in _sign_places(text)
            if sign in self.signs
        ]
        worst = max(places, default=None)
        return worst if worst and worst.share >= _FEW else None


def _spread(examples: Sequence[Example], sample: int) -> Sequence[Example]:
    return examples[:: max(1, -(-len(examples) // sample))]


def _share(flags: Iterable[bool]) -> float:
    flags = list(flags)
    return sum(flags) / len(flags) if flags else 0.0


def _common(ends: Iterable[str]) -> str | None:
    """The end that nearly all texts have."""
    counts = Counter(ends)
    end, most = counts.most_common(1)[0] if counts else ("", 0)
    return end if most >= _NEARLY_ALL * counts.total() else None


def _is_spaced(examples: Iterable[Example]) -> bool:
    """Whether words stand between single spaces, and signs and clitics among them too: else it cannot be told."""
    several = [example for example in examples if len(example.words) > 1]
    if not any(_tells(*pair) for example in several for pair in pairwise(example.forms)):
        return False
    places = [bool(match[1]) for example in several for match, _ in _sign_places(example.text)]
    if places and _share(places) < 1 - _FEW:
        return False
    return _share(example.text.strip() == " ".join(example.forms) for example in several) >= _NEARLY_ALL


def _tells(before: str, form: str) -> bool:
    """Whether a space between two words tells that all are set apart: a person would type none, or it is at a sign."""
    return not any(map(str.isalnum, form)) or _joins(before[-1:], form)


def _signs(texts: Iterable[str]) -> dict[str, float]:
    """The share of spaced places of each sign that comes often enough."""
    places: dict[str, list[bool]] = {}
    for text in texts:
        for match, sign in _sign_places(text):
            places.setdefault(sign, []).append(bool(match[1]))
    return {sign: round(_share(flags), 4) for sign, flags in sorted(places.items()) if len(flags) >= _FEWEST_SIGNS}


def _sign_places(text: str) -> list[tuple[re.Match[str], str]]:
    """The signs and clitics of a text. A full stop counts at the end alone: elsewhere it may belong to a word, `Mr.`"""
    return [
        (match, match[2].lower().replace("’", "'"))
        for match in _SIGN.finditer(text)
        if match[2] != "." or not any(map(str.isalnum, text[match.end() :]))
    ]


# --- a typed line, written anew ---------------------------------------------------------------------------------------

_Piece = tuple[str, Span]
"""What stands before a range of the line, and that range."""


def _merged(line: Line, types: frozenset[str]) -> Line:
    """A line whose words between spaces are kept whole where they are words of the corpus, or all words stand apart."""
    places = _sign_places(line.text)
    apart = bool(places) and all(match[1] for match, _ in places)
    chunks = [Span(*match.span()) for match in re.finditer(r"\S+", line.text)]
    starts = [chunk.start for chunk in chunks]
    words: list[Span] = []
    golds: list[str | None] = []
    for word, gold in zip(line.words, line.golds, strict=True):
        chunk = chunks[bisect_right(starts, word.start) - 1]
        if word.end > chunk.end or not (apart or chunk.of(line.text) in types):
            chunk = word
        if words and words[-1] == chunk:
            golds[-1] = gold or golds[-1]
        else:
            words.append(chunk)
            golds.append(gold)
    return replace(line, words=tuple(words), golds=tuple(golds))


def _apart(line: Line) -> list[_Piece]:
    """The words of a line and what stands between them, each with a space before it."""
    pieces, at = [], 0
    for word in (*line.words, Span(len(line.text), len(line.text))):
        between = line.text[at : word.start]
        if between.strip():
            start = at + len(between) - len(between.lstrip())
            pieces.append((" ", Span(start, start + len(between.strip()))))
        if word.end > word.start:
            pieces.append((" ", word))
        at = word.end
    return [("" if not place else glue, span) for place, (glue, span) in enumerate(pieces)]


def _lined(text: str, start: int, end: int, line_end: str) -> list[_Piece]:
    """The lines of a text, with another line end before each but the first."""
    pieces, glue, at = [], "", start
    for match in re.finditer("\r\n|[\n\r]", text[:end]):
        if match.start() >= start:
            pieces.append((glue, Span(at, match.start())))
            glue, at = line_end, match.end()
    return [*pieces, (glue, Span(at, end))]


def _rewritten(line: Line, pieces: Sequence[_Piece], before: str, after: str) -> Line:
    """A line of some pieces of it, whose words are still found in the typed text."""
    text, cuts, moved = before, [], []
    for glue, span in pieces:
        text += glue
        shift = span.start - len(text)
        cuts.append((len(text), line.shift(span.start) + shift))
        cuts += [(at - shift, removed + shift) for at, removed in line.cuts if span.start < at < span.end]
        moved.append((span, shift))
        text += span.of(line.text)
    words = [_moved(word, moved) for word in line.words]
    return replace(line, text=text + after, words=tuple(words), cuts=tuple(cuts))


def _moved(word: Span, moved: Sequence[tuple[Span, int]]) -> Span:
    start = next(word.start - shift for span, shift in moved if span.start <= word.start < span.end)
    end = next(word.end - shift for span, shift in moved if span.start < word.end <= span.end)
    return Span(start, end)


# --- which segmenter --------------------------------------------------------------------------------------------------


def best_segmenter(examples: Sequence[Example], sample: int = _SAMPLE) -> tuple[str, float]:
    """The segmenter that agrees best with the words of a corpus, and how well it does.

    Args:
        examples: Texts with their words.
        sample: How many of them to look at, evenly spread (sentences).

    Returns:
        Its name, and the agreement: F1 of word spans, in [0, 1]. A later one in the list is taken only where it is
        clearly better (by more than .02). Where signs stand between spaces as words do, words are sought in the texts
        as one would type them, and `"whitespace"` is not taken at all: it would be right for a poor reason.
    """
    seen = _spread(examples, sample)
    spaced = _is_spaced(seen)
    scores = {name: _agreement(seen, name, spaced) for name in SEGMENTERS if not (spaced and name == "whitespace")}
    best = "english"
    for name, score in scores.items():
        if score > scores[best] + 0.02:
            best = name
    return best, scores[best]


def _agreement(examples: Iterable[Example], segmenter: Segmenter, spaced: bool) -> float:
    """F1 between the words of the examples and those that a segmenter finds in their texts; 0 where there are none."""
    hits = segmented = gold = 0
    for example in examples:
        text, words = _as_typed(example.forms) if spaced else (example.text, list(example.words))
        spans = segment(text, segmenter)
        hits += len(set(words).intersection(spans))
        segmented += len(spans)
        gold += len(set(words))
    return 2 * hits / (segmented + gold) if segmented + gold else 0.0


def _as_typed(forms: Iterable[str]) -> tuple[str, list[Span]]:
    """Words as a person would type them: no space before signs and clitics, or within scripts that write none."""
    text, words = "", []
    for form in forms:
        if text and not _joins(text[-1], form):
            text += " "
        words.append(Span(len(text), len(text) + len(form)))
        text += form
    return text, words


def _joins(before: str, form: str) -> bool:
    """Whether a word is typed right behind what stands before it."""
    if (before and before in "([{“„¿¡") or re.fullmatch(
        r"[.,;:!?…)\]}”]+|n['’]t|['’](?:s|re|ve|ll|d|m)", form, re.IGNORECASE
    ):
        return True
    return bool(re.match(_UNSPACED, before) and re.match(_UNSPACED, form))
