"""Names that do not exist, and those that were meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["listed", "meant"]

ALIASES = {
    "pos": ("upos", "xpos"), "upos_tags": ("upos",), "tag": ("xpos", "tags", "upos"), "tags": ("tag", "xpos", "upos"),
    "xpos_tags": ("xpos",), "dep": ("deprel",), "relation": ("deprel",), "dependency": ("deprel",),
    "morph": ("feats",), "features": ("feats",), "lemmas": ("lemma",), "word": ("form",), "token": ("form",),
    "entities": ("ner",), "entity": ("ner",), "tokens": ("words",), "sentence": ("text",),
    "words": ("tokens", "forms"), "text": ("sentence", "sentences", "content", "review", "document"),
}  # fmt: skip
"""Name by which people call something -> what it is called where they meet it here."""


def listed(names: Iterable[str]) -> str:
    """Names in a message; one whose spaces cannot be seen otherwise is quoted."""
    return ", ".join(name if name == name.strip() else repr(name) for name in names) or "none"


def meant(name: str, available: Iterable[str]) -> str:
    """` Did you mean 'upos'?`, where one of the names that are there is likely; or else nothing."""
    there = list(dict.fromkeys(available))
    plain = {other.strip().casefold(): other for other in reversed(there)}
    called = name.strip().casefold()
    likely = [
        *([plain[called]] if called in plain else []),
        *(plain[other] for other in ALIASES.get(called, ()) if other in plain),
        *(plain[other] for other in get_close_matches(called, plain, n=1, cutoff=0.6)),
        *(
            other
            for key, other in plain.items()
            if len(called) > 2 and len(key) > 2 and (called in key or key in called)
        ),
    ]
    return f" Did you mean {likely[0]!r}?" if likely else ""
