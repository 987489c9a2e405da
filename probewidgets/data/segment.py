"""Words in raw text: how a typed sentence is cut so that its words are like those that a probe was trained on."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from probewidgets.data.examples import Example, Span
from probewidgets.errors import DataError

__all__ = ["SEGMENTERS", "Line", "Typed", "best_segmenter", "lines", "parse_gold", "segment"]

# --- the skeleton: a text of the same length in which every character outside ASCII is one of a few classes ----------

SPACE, HIDDEN, LETTER, UPPER, DIGIT, MARK = " ", "ÿ", "à", "À", "¹", "¨"
CURRENCY, SYMBOL, FLAG, TIE, ZWJ, OTHER = "£", "¤", "®", "¬", "¦", "·"

NAMED = {
    **dict.fromkeys("’‘ʼ＇", "'"),
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("‐‑", "-"),  # hyphens only: the longer dashes are words of their own
    "\u200d": ZWJ,
    # Invisible, and part of a word when they stand in one: soft hyphen, grapheme joiner, word joiner, non-joiner.
    **dict.fromkeys("\u00ad\u034f\u2060\u200c", TIE),
}
RANGES = (
    (0x20, 0x7E, ""),  # ASCII stands for itself
    (0xFE00, 0xFE0F, TIE),  # variation selectors
    (0x1F1E6, 0x1F1FF, FLAG),
    (0x1F3FB, 0x1F3FF, MARK),  # skin tones
    (0xE0020, 0xE007F, TIE),  # the tags of regional flags
    (0xE0100, 0xE01EF, TIE),
)
CATEGORIES = {
    "L": LETTER, "M": MARK, "N": DIGIT, "Z": SPACE, "S": SYMBOL, "P": OTHER, "C": OTHER,
    "Lu": UPPER, "Lt": UPPER, "Sc": CURRENCY, "Sm": OTHER, "Cc": HIDDEN, "Cf": HIDDEN,
}  # fmt: skip


class _Skeleton(dict[int, str]):
    """Code point -> class, worked out when it is first met: what `str.translate` needs."""

    def __missing__(self, code: int) -> str:
        self[code] = self._kind(code)
        return self[code]

    @staticmethod
    def _kind(code: int) -> str:
        char = chr(code)
        if char in NAMED:
            return NAMED[char]
        for first, last, kind in RANGES:
            if first <= code <= last:
                return kind or char
        category = unicodedata.category(char)
        return SPACE if char.isspace() else CATEGORIES.get(category) or CATEGORIES[category[0]]


_SKELETON = _Skeleton()

# Inside a character class: what spaces, and what words are made of.
SPACES = f"{SPACE}{HIDDEN}"
CHAR = f"A-Za-z0-9{LETTER}{UPPER}{DIGIT}"
IN_WORD = f"{CHAR}{MARK}_"

# --- "unicode": letters and digits hold together, all else stands alone ----------------------------------------------

RUN = f"[{CHAR}](?:[{CHAR}{MARK}]|[{TIE}{ZWJ}]+(?=[{CHAR}{MARK}]))*"
EMOJI = f"{FLAG}{FLAG}|{SYMBOL}[{MARK}{TIE}]*(?:{ZWJ}[{SYMBOL}{OTHER}][{MARK}{TIE}]*)*"
"""A flag, or a symbol with its modifiers and all that zero-width joiners tie to it."""
ANY = f"[^{SPACES}{TIE}{ZWJ}][{MARK}{TIE}]*"
"""Any visible character with its marks."""

UNICODE = f"{RUN}|{EMOJI}|{ANY}"

# --- "english": as in the English treebanks of Universal Dependencies ------------------------------------------------

WORD = f"[{CHAR}_](?:[{IN_WORD}]|[{TIE}{ZWJ}]+(?=[{CHAR}{MARK}]))*"
START = f"(?<![{IN_WORD}])"
END = f"(?![{IN_WORD}])"
CLITIC = f"'(?:s|re|ve|ll|d|m){END}"
# Prefixes that stay with their word (`e-mail`, `non-human`); other hyphens are words: `search - engine`.
PREFIX = (
    "a|anti|bi|co|counter|cyber|de|dis|e|ex|extra|hyper|inter|intra|macro|mega|micro|mid|mini|mis|mono|multi|neo|non|"
    "over|pan|para|post|pre|pro|proto|pseudo|quasi|re|semi|sub|super|trans|tri|ultra|un|under|uni|vice"
)
ABBREVIATION = (
    "adm|approx|apr|assn|attn|aug|ave|bros|capt|cf|cmdr|co|col|corp|dec|dept|dr|drs|etc|ext|feb|fig|ft|gen|gov|hon|inc|"
    "jan|jr|lt|ltd|mr|mrs|ms|messrs|mt|nov|oct|prof|pvt|rep|reps|rev|sen|sens|sep|sept|sgt|sr|st|sts|tel|univ|vs|yr|yrs"
)
ENDING = "com|org|net|edu|gov|info|biz|uk|html?|pdf|docx?|xlsx?|txt|jpe?g|png|gif|exe|asp|php"
UNIT = "am|pm|k|m|mm|cm|km|kg|g|lb|lbs|oz|ft|gb|mb|kb|tb|hz|khz|mhz|ghz|hr|hrs|min|mins|mph|mg|ml|p|yr|yrs"
# Two words written as one: how the first may read, and the second.
CONTRACTIONS = (
    ("can", "not"),
    ("gon|wan", "na"),
    ("got|out", "ta"),
    ("gim|lem", "me"),
    ("du", "nno"),
    ("ca|could|did|do|does|had|has|have|is|are|should|was|were|wo|would", "nt"),
    ("i|they|we|you", "ve"),
    ("i", "m"),
    ("let|that|there|what", "s"),
)
FIRST = "|".join(f"(?:{first})(?={second}{END})" for first, second in CONTRACTIONS)

ENGLISH = "|".join(
    (
        # web and e-mail addresses, names of hosts, files, groups, users and topics
        rf"(?i:(?:https?|ftp)://|www\.)[^{SPACES}]*[{CHAR}/#=&%~_-]",
        rf"(?<![{IN_WORD}.+%-])[{IN_WORD}.+%-]+@[{IN_WORD}-]+(?:\.[{IN_WORD}-]+)*",
        rf"(?<![{IN_WORD}.-])(?:{WORD}[.-])*{WORD}\.(?i:{ENDING}){END}",
        rf"(?<![{IN_WORD}.-])[a-z]+(?:\.[a-z-]+){{2,}}{END}",
        rf"{START}[@#][A-Za-z_][{IN_WORD}]*",
        # emoticons
        rf"{START}[:;=][-o^']?[)(\]\[DPp/\\|]+{END}|<3{END}",
        # decades, numbers, dates, times, telephone numbers, numbers before a unit
        rf"{START}[0-9]+0's{END}",
        rf"{START}[0-9]+(?:[.,:/][0-9]+)+(?![0-9])",
        rf"{START}[0-9]{{3}}(?:[-.][0-9]{{3}})?[-.][0-9]{{4}}{END}",
        rf"{START}\.[0-9]+{END}",
        rf"{START}[0-9]+(?=(?i:{UNIT}){END})",
        # abbreviations and initials
        rf"{START}(?:[A-Za-z]\.){{2,}}(?:[A-Za-z]{END})?",
        rf"{START}[A-HJ-Z]\.(?= [A-Z])",
        rf"{START}(?i:{ABBREVIATION}|no(?=\. ?[0-9]))\.(?= *[^ ])",
        rf"{START}(?i:b/c|w/o|w/)",
        rf"{START}[A-Z]+&[A-Z]+{END}",
        # words and their clitics
        rf"{START}(?i:{FIRST})|(?i:(?<=\bdu)n(?=no{END}))",
        rf"[{IN_WORD}]+?(?=(?i:n't){END})",
        rf"(?i:n't{END}|{CLITIC})",
        rf"{START}(?i:{PREFIX})-{WORD}",
        rf"{WORD}(?:(?!(?i:{CLITIC}))'(?![0-9]){WORD})*",
        # runs of one sign; any sign
        r"[.!?]{2,}|[-=]{2,}",
        r"([*+~_#$<>\\/|^])\1+",
        EMOJI,
        ANY,
    )
)

SEGMENTERS: dict[str, re.Pattern[str]] = {
    "english": re.compile(ENGLISH),
    "unicode": re.compile(UNICODE),
    "whitespace": re.compile(f"[^{SPACES}{TIE}{ZWJ}][^{SPACES}]*"),
}
"""Name -> the pattern of a word, over the skeleton of a text."""


def segment(text: str, name: str = "english") -> list[Span]:
    """The words of one line of raw text.

    Args:
        text: One line, as typed.
        name: `"english"`: as in the English treebanks of Universal Dependencies: clitics (`do n't`), punctuation and
            most hyphens are words of their own; numbers, addresses and abbreviations hold together. `"unicode"`: runs
            of letters and digits of any script, every other character alone, an emoji whole. `"whitespace"`: what
            stands between spaces.

    Returns:
        Their spans (chars), in order, without overlap. Every visible character is in one; what is invisible (spaces,
        control and zero-width characters) is never a word of its own.

    Raises:
        DataError: There is no segmenter of that name.
    """
    if name not in SEGMENTERS:
        raise DataError(f"There is no segmenter {name!r}. Choose one of {list(SEGMENTERS)}.")
    return [Span(*match.span()) for match in SEGMENTERS[name].finditer(text.translate(_SKELETON))]


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
    """What is left of the line when `/TAG` is taken off: what a model is given."""
    words: tuple[Span, ...]
    """Its words, in `text` (chars)."""
    golds: tuple[str | None, ...]
    """One per word: the label that the person gave, if any."""
    start: int
    """Where the line starts in the typed text (chars)."""
    cuts: tuple[tuple[int, int], ...] = ()
    """Where in `text` something was taken off, and how many characters were taken off up to and with it."""
    doubtful: tuple[tuple[str, str], ...] = ()
    """`("cats/NN", "NN")` for what looks like a gold label, but is none that is known: it stayed text."""

    def typed(self, span: Span) -> Span:
        """The place of a span of `text`, such as a word, in the typed text."""
        start = span.start + self._removed(bisect_right(self.cuts, span.start, key=itemgetter(0)))
        end = span.end + self._removed(bisect_left(self.cuts, span.end, key=itemgetter(0)))
        return Span(self.start + start, self.start + max(start, end))

    def _removed(self, n: int) -> int:
        return self.cuts[n - 1][1] if n else 0


@dataclass(frozen=True)
class Typed:
    """A typed text, line by line."""

    text: str
    """As typed."""
    lines: tuple[Line, ...]
    """One per line, empty ones included, so that the n-th is the one that the person sees as the n-th."""


CLOSING = frozenset(".,;:!?…)]}\"'”’»。，、！？")
"""What may follow a gold label directly: `The/DET cats/NOUN sat/VERB.`"""


_LIKE_A_LABEL = re.compile(r"(?<!\S)([^\s/]+)/([A-Z][A-Z_$:-]+)(?=[\s.,:;!?…)\]}\"'”’»]|$)")


def parse_gold(text: str, labels: Collection[str] = (), segmenter: str = "english") -> Typed:
    """Cut a typed text into lines and words, and take off the gold labels given as `word/TAG`.

    `/TAG` is a gold label only right after something visible, before a space, a punctuation mark or the end of the
    line, and only if TAG is one of the labels; the longest one that fits is taken. Upper and lower case do not matter
    where TAG has three characters or more and only one label can be meant (`cats/noun`). All else (`and/or`, `1/2`,
    `cats/NN` where no label is NN) stays text; what of it looks like a label is listed in `Line.doubtful`. The label
    belongs to the word that ends there, which is the last one where the segmenter finds several (`don't/AUX` labels
    `n't`).

    Args:
        text: What was typed; every line is a sentence.
        labels: The labels that a probe knows; none: nothing is gold.
        segmenter: See `segment`.

    Raises:
        DataError: There is no segmenter of that name.
    """
    spellings = _spellings(frozenset(labels) - {""})
    lengths = sorted({len(label) for label in spellings}, reverse=True)
    return Typed(text, tuple(_line(text, span, spellings, lengths, segmenter) for span in lines(text)))


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


def _line(text: str, span: Span, labels: Mapping[str, str], lengths: Sequence[int], segmenter: str) -> Line:
    """One line of `parse_gold`."""
    line = span.of(text)
    kept: list[str] = []
    cuts: list[tuple[int, int]] = []
    tags: list[str] = []
    done = removed = 0
    slash = line.find("/", 1)
    while slash > 0:
        tag = _tag(line, slash, labels, lengths) if not line[slash - 1].isspace() else None
        end = slash + 1
        if tag is not None:
            end += len(tag)
            kept.append(line[done:slash])
            at = slash - removed
            removed += end - slash
            cuts.append((at, removed))
            tags.append(labels[tag])
            done = end
        slash = line.find("/", end)
    kept.append(line[done:])
    clean = "".join(kept)
    words = tuple(segment(clean, segmenter))
    golds: list[str | None] = [None] * len(words)
    starts = [word.start for word in words]
    for (at, _), tag in zip(cuts, tags, strict=True):
        index = bisect_left(starts, at) - 1
        if index >= 0 and at - 1 < words[index].end:
            golds[index] = tag
    return Line(clean, words, tuple(golds), span.start, tuple(cuts), tuple(_doubtful(clean)) if labels else ())


def _doubtful(line: str) -> Iterator[tuple[str, str]]:
    """Places like a word with a label: capitals after a word that is not in capitals, unlike `TCP/IP`, `km/h`."""
    for match in _LIKE_A_LABEL.finditer(line):
        if not match[1].isupper():
            yield match[0], match[2]


def _tag(line: str, slash: int, labels: Mapping[str, str], lengths: Sequence[int]) -> str | None:
    """The longest spelling of a label that stands right after a slash and ends its token there."""
    for length in lengths:
        tag = line[slash + 1 : slash + 1 + length]
        end = slash + 1 + len(tag)
        after = line[end : end + 1]
        if tag in labels and (not after or after.isspace() or after in CLOSING):
            return tag
    return None


def best_segmenter(examples: Sequence[Example], sample: int = 500) -> tuple[str, float]:
    """The segmenter that agrees best with the words of a corpus, and how well it does.

    Args:
        examples: Texts with their words.
        sample: How many of them to look at, evenly spread (sentences).

    Returns:
        Its name, and the agreement: F1 of word spans, in [0, 1]. A later one in the list is taken only where it is
        clearly better (by more than .02): in text with spaces around its punctuation, `"whitespace"` is right for a
        poor reason, and of no use for what a person types.
    """
    step = max(1, -(-len(examples) // sample))
    scores = {name: _agreement(examples[::step], name) for name in SEGMENTERS}
    best = "english"
    for name, score in scores.items():
        if score > scores[best] + 0.02:
            best = name
    return best, scores[best]


def _agreement(examples: Iterable[Example], name: str) -> float:
    """F1 between the words of the examples and those that a segmenter finds in their texts; 0 where there are none."""
    hits = segmented = gold = 0
    for example in examples:
        words, spans = set(example.words), segment(example.text, name)
        hits += len(words.intersection(spans))
        segmented += len(spans)
        gold += len(words)
    return 2 * hits / (segmented + gold) if segmented + gold else 0.0
