"""Words in raw text: how a typed sentence is cut so that its words are like those that a probe was trained on."""

from __future__ import annotations

import re
import unicodedata

from probewidgets.data.examples import Span
from probewidgets.errors import DataError

__all__ = ["SEGMENTERS", "segment"]

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
