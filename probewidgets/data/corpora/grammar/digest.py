"""The digest of `english()`: what was made of that corpus is found again by it, without drawing a sentence."""

from __future__ import annotations

import hashlib

from probewidgets.data.corpus import Corpus

__all__ = ["ENGLISH", "digest"]

ENGLISH = "79cdf0bd4fe018908897014cdbd7c144c80ceacd7ce129ef98ecb3f8cc19622c"
"""The digest of `english()`. A test says what to write here where the grammar has changed."""


def digest(corpus: Corpus) -> str:
    """A hash of the texts of a corpus, their words with parts of speech, and its split."""
    total = hashlib.sha256()
    for example in corpus:
        words = [(word.start, word.end) for word in example.words]
        total.update(f"{example.text!r} {words} {example.annotations['upos']}\n".encode())
    total.update(repr([(side, list(members)) for side, members in corpus.split.items()]).encode())
    return total.hexdigest()
