"""Words in raw text: how a typed sentence is cut so that its words are like those that a probe was trained on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from probewidgets.data.examples import Span, as_span
from probewidgets.errors import DataError, clipped

__all__ = ["SEGMENTERS", "Segmenter", "check_segmenter", "segment", "segmenter_name"]

Segmenter = str | Callable[[str], Iterable[Any]]
"""A name of `SEGMENTERS`, or a function of one's own: text -> its words, as strings or as spans (chars), in order."""

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


def segment(text: str, segmenter: Segmenter = "english") -> list[Span]:
    """The words of raw text.

    Args:
        text: One line, as typed, or a whole text.
        segmenter: `"english"`: as in the English treebanks of Universal Dependencies: clitics (`do n't`), punctuation
            and most hyphens are words of their own; numbers, addresses and abbreviations hold together. `"unicode"`:
            runs of letters and digits of any script, every other character alone, an emoji whole. `"whitespace"`: what
            stands between spaces. Or a function of your own, text -> its words in order, as strings (`jieba.cut`) or as
            (start, end) pairs of characters: for languages that write no spaces, or join words.

    Returns:
        Their spans (chars), in order, without overlap. Of ours, every visible character is in one; what is invisible
        (spaces, control and zero-width characters) is never a word of its own.

    Raises:
        DataError: There is no segmenter of that name, or what a function gives are no words of the text in order.
    """
    check_segmenter(segmenter)
    if isinstance(segmenter, str):
        return [Span(*match.span()) for match in SEGMENTERS[segmenter].finditer(text.translate(_SKELETON))]
    name = segmenter_name(segmenter)
    try:
        words = list(segmenter(text)) if text.strip() else []
    except Exception as error:
        raise DataError(
            f"The segmenter {name!r} failed on {clipped(text, 60)}: {error or type(error).__name__}"
        ) from error
    return list(_placed(text, words, name))


def _placed(text: str, words: Iterable[Any], name: str) -> Iterator[Span]:
    """Words as strings or spans, as spans in their order."""
    at = 0
    for word in words:
        if isinstance(word, str):
            form = word.strip()
            start = text.find(form, at)
            span = Span(max(start, 0), max(start, 0) + len(form))
        else:
            span = _trimmed(as_span(word, f"A word of the segmenter {name!r}, if no string,"), text)
            start = span.start
        if not at <= start <= span.end <= len(text):
            raise DataError(
                f"The segmenter {name!r} must give the words of a text in order, as they stand in it, but gave "
                f"{clipped(word)} after character {at} of {clipped(text, 60)}."
            )
        if span.of(text).strip():
            yield span
            at = span.end


def _trimmed(span: Span, text: str) -> Span:
    """A span without the spaces at its ends."""
    form = span.of(text)
    start = span.start + len(form) - len(form.lstrip())
    return Span(start, start + len(form.strip()) if span.end <= len(text) else span.end)


def check_segmenter(segmenter: object) -> None:
    """Raise DataError unless it is a name of ours or can be called."""
    if not (isinstance(segmenter, str) and segmenter in SEGMENTERS) and not callable(segmenter):
        raise DataError(
            f"There is no segmenter {segmenter!r}. Choose one of {list(SEGMENTERS)}, or give a function text -> words."
        )


def segmenter_name(segmenter: Segmenter) -> str:
    """What files and notes call it. No function can have the name of one of ours."""
    if isinstance(segmenter, str):
        return segmenter
    name = str(getattr(segmenter, "__name__", type(segmenter).__name__))
    return f"{getattr(segmenter, '__module__', 'your')}.{name}" if name in SEGMENTERS else name
