"""Typed text made safe to look at: every character that hides, reorders or controls is shown as what it is."""

from __future__ import annotations

import unicodedata

__all__ = ["is_rtl", "visible"]

_NAMES = {
    0x00A0: "⍽",
    0x00AD: "⟨SHY⟩",
    0x061C: "⟨ALM⟩",
    0x200B: "⟨ZWSP⟩",
    0x200C: "⟨ZWNJ⟩",
    0x200D: "⟨ZWJ⟩",
    0x200E: "⟨LRM⟩",
    0x200F: "⟨RLM⟩",
    0x202A: "⟨LRE⟩",
    0x202B: "⟨RLE⟩",
    0x202C: "⟨PDF⟩",
    0x202D: "⟨LRO⟩",
    0x202E: "⟨RLO⟩",
    0x2060: "⟨WJ⟩",
    0x2066: "⟨LRI⟩",
    0x2067: "⟨RLI⟩",
    0x2068: "⟨FSI⟩",
    0x2069: "⟨PDI⟩",
    0xFEFF: "⟨BOM⟩",
}


def visible(text: str) -> str:
    """The text with control, format and bidirectional characters spelt out, e.g. `"a\\u200bb"` -> `"a⟨ZWSP⟩b"`.

    Joiners stay where they do their work: inside emoji and between letters of scripts that need them.
    """
    shown: list[str] = []
    for place, character in enumerate(text):
        code = ord(character)
        hides = unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") or code == 0xA0
        if not hides or _at_work(text, place):
            shown.append(character)
        elif code < 0x20:
            shown.append(chr(0x2400 + code))
        else:
            shown.append("␡" if code == 0x7F else _NAMES.get(code, f"⟨U+{code:04X}⟩"))
    return "".join(shown)


def is_rtl(text: str) -> bool:
    """Whether its first letter is of a script that is written from right to left."""
    ways = (unicodedata.bidirectional(character) for character in text if unicodedata.category(character)[0] == "L")
    return next(ways, "L") in ("R", "AL")


def _at_work(text: str, place: int) -> bool:
    """Whether a joiner stands between two characters beyond ASCII, or a tag inside a flag."""
    code = ord(text[place])
    before = ord(text[place - 1]) if place else 0
    after = ord(text[place + 1]) if place + 1 < len(text) else 0
    if code in (0x200C, 0x200D):
        return before > 0xFF and after > 0xFF and not 0x2000 <= before < 0x2070 and not 0x2000 <= after < 0x2070
    return 0xE0020 <= code <= 0xE007F and (before == 0x1F3F4 or 0xE0020 <= before <= 0xE007F)
