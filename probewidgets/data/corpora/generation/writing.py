"""From a tree to text: spaces, capitals, `a` or `an`; the only place that knows how words are typed."""

from __future__ import annotations

import re

from probewidgets.data.corpora.generation.tree import Node, Word, read
from probewidgets.data.examples import Example, Span

__all__ = ["write"]

CLOSING = {".", ",", ":", "''", "-RRB-", "POS", "HYPH"}
"""Penn tags of what stands right after the word before it."""
OPENING = {"``", "-LRB-", "$", "HYPH"}
"""Penn tags of what stands right before the word after it."""
SPACED = {"-", "--", "–"}
CLITICS = {"n't", "%"}
SLANG = {"n't": "nt", "'m": "m", "'ve": "ve", "you": "u", "are": "r"}
"""How some words are typed by who types no capitals."""
_VOWEL = re.compile(
    r"(?:[aeio]|u(?!ni|s[ei]|s\b|k\b|\.s|rin|til)|hour|honest|heir|8|11$|18$|FBI|NBC|MIT|ISDA|SUV)", re.I
)
_ONE = re.compile(r"one|once|eu|ow?n?ce", re.I)


def _glued(before: Word, word: Word) -> bool:
    """Tell whether `word` is typed without a space after `before`."""
    if before.xpos in OPENING:
        return not (before.form in SPACED and before.xpos == ":")
    if word.form in CLITICS or (word.form[0] in "'’" and word.upos in ("AUX", "PART", "PRON", "VERB")):
        return True
    if word.xpos == "SYM" or before.xpos == "SYM":
        return True
    closing = word.upos == "PUNCT" and word.xpos in CLOSING and word.form not in SPACED
    return closing or word.xpos == "HYPH"


def _article(following: Word) -> str:
    vowel = _VOWEL.match(following.form) and not _ONE.match(following.form)
    return "an" if vowel else "a"


def write(root: Node, style: str = "plain", identity: str = "") -> Example:
    """An Example of a tree.

    Args:
        root: The tree of the sentence.
        style: `plain`; `lower` (no capitals), `upper` (only capitals), `casual` (no capital at the start).
        identity: The example's id.
    """
    reading = read(root)
    words = reading.words
    forms = [
        _article(words[i + 1]) if word.form == "a" and word.upos == "DET" and i + 1 < len(words) else word.form
        for i, word in enumerate(words)
    ]
    if style == "plain":
        first = next((i for i, word in enumerate(words) if word.upos != "PUNCT"), 0)
        if forms[first][0].islower() and words[first].xpos != "ADD":
            forms[first] = forms[first][0].upper() + forms[first][1:]
    elif style == "upper":
        forms = [form.upper() for form in forms]
    elif style == "lower":
        forms = [SLANG.get(form.lower(), form.lower()) for form in forms]
    text = ""
    spans = []
    for i, form in enumerate(forms):
        if i and not _glued(words[i - 1], words[i]):
            text += " "
        spans.append(Span(len(text), len(text) + len(form)))
        text += form
    annotations = {
        "upos": tuple(word.upos for word in words),
        "xpos": tuple(word.xpos for word in words),
        "feats": tuple(word.feats for word in words),
        "lemma": tuple(word.lemma for word in words),
        "head": tuple(reading.heads),
        "deprel": tuple(reading.relations),
    }
    leaves = (form.replace("(", "-LRB-").replace(")", "-RRB-") for form in forms)
    return Example(text, tuple(spans), annotations, tree=reading.brackets.format(*leaves), id=identity)
