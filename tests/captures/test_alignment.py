"""Alignment over tricky sentences, tokenizers of every kind, and models of every family."""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterator

import numpy as np
import pytest
import tiny

import probewidgets as pw
from probewidgets.captures.alignment import align
from tests.captures.test_capture import corpus_of, words_of

TRICKY = (
    "The cats sat on the mat .",
    "Do n't you like naïve cafés ?",
    "don't can't I'll they've o'clock",
    "état Äpfel señor ñandú",
    "e\u0301tat A\u0308pfel n\u0303andu\u0301",
    "Z\u0351\u036b\u0343\u036a\u0302algo text",
    "北京 大学",
    "北京大学的学生们去了图书馆",
    "私は 学生です 。",
    "한국어 문장 입니다",
    "שלום עולם hello",
    "السلام عليكم world 123",
    "नमस्ते दुनिया",
    "สวัสดีชาวโลก",
    "👍🏽 ok 👨‍👩‍👧 fine",
    "🇫🇷 🏳️‍🌈 ❤️ ☕",
    "tab\tseparated  double   triple",
    "  leading and trailing  ",
    "line\nbreaks\r\nand\u2028more",
    "non\u00a0breaking\u202fspaces\u3000here",
    "zero\u200bwidth joi\u200dner soft\u00adhyphen",
    "bell\u0007 and nul-like \u0001 controls",
    "\ufeffbyte order mark",
    "right\u202eto left\u202c override",
    "x" * 120,
    "a",
    ".",
    "1,234.5 % of $ 7 = 86.415",
    "3.14 −2 ½ ² ³ ⅷ Ⅻ",
    "state-of-the-art , e.g. this",
    "https://example.org/a?b=c&d=e#f",
    "mail a.b+c@example.org now",
    "<script>alert('x')</script>",
    '<p class="a">HTML &amp; entities &lt;3</p>',
    "def f(x): return {k: v for k, v in x.items()}",
    "SELECT * FROM t WHERE a != 'b';",
    "[CLS] [SEP] [MASK] </s> <s> <unk> <pad>",
    "$\\alpha_{i}^{2} \\leq \\frac{1}{2}$",
    "ﬁne ﬂow Ǆ ŉ ß ſ",
    "“curly” ‘quotes’ — dash … ellipsis",
    "ALL CAPS lower MiXeD cAsE",
    "Ω K Å µ ℃ №",
)

KINDS = {family.kind: name for name, family in reversed(tiny.FAMILIES.items())}
"""Kind of tokenizer -> a family that has it."""


def test_there_are_enough_of_them() -> None:
    assert len(set(TRICKY)) >= 40 and len(KINDS) >= 5


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", TRICKY)
def test_every_word_has_tokens_of_its_own_or_is_known_to_have_none(kind: str, text: str) -> None:
    lm = pw.LanguageModel(*tiny.model(KINDS[kind]))
    spans = np.array([[s.start, s.end] for s in words_of(text)])
    (encoded,) = lm.encode([text])
    aligned = align([text], [encoded], spans, np.zeros(len(spans), int))
    assert not encoded.special[aligned.content].any()
    assert (np.diff(aligned.content) > 0).all()
    used = [
        range(start, end)
        for start, end, shared in zip(aligned.start, aligned.end, aligned.shared, strict=True)
        if not shared
    ]
    taken = [token for tokens in used for token in tokens]
    assert len(taken) == len(set(taken)), "a token is given to two words"
    for span, tokens, shared in zip(spans, used, aligned.shared, strict=False):
        word = text[slice(*span)]
        if not len(tokens) and not shared:
            assert all(unicodedata.category(c)[0] in "CM" or c in "\u2028\u2029" for c in word), (
                f"{word!r} has no token"
            )
        offsets = encoded.offsets[aligned.content[list(tokens)]]
        assert (offsets[:, 1] > span[0]).all() and (offsets[:, 0] < span[1]).all(), "a token lies outside of its word"


@pytest.mark.parametrize("kind", KINDS)
def test_many_texts_at_once_are_aligned_as_each_alone(kind: str) -> None:
    lm = pw.LanguageModel(*tiny.model(KINDS[kind]))
    encoded = lm.encode(TRICKY)
    words = [np.array([[s.start, s.end] for s in words_of(text)]) for text in TRICKY]
    owner = np.repeat(np.arange(len(TRICKY)), [len(w) for w in words])
    whole = align(TRICKY, encoded, np.concatenate(words), owner)
    first = np.cumsum([0, *map(len, encoded)])
    for i, text in enumerate(TRICKY):
        alone = align([text], [encoded[i]], words[i], np.zeros(len(words[i]), int))
        mine = owner == i
        for name in ("start", "end"):
            before = np.searchsorted(whole.content, first[i])
            np.testing.assert_array_equal(getattr(whole, name)[mine] - before, getattr(alone, name))
        np.testing.assert_array_equal(whole.shared[mine], alone.shared)


@pytest.mark.parametrize("family", tiny.FAMILIES)
def test_no_family_lets_a_batch_change_a_words_state(family: str, monkeypatch) -> None:
    lm = pw.LanguageModel(*tiny.model(family))
    fit = [t for t, e in zip(TRICKY, lm.encode(TRICKY), strict=True) if len(e) <= lm.max_tokens and words_of(t)]

    def capture() -> pw.Activations:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # words without a token are tested above
            return pw.capture(lm, corpus_of(*fit), pw.WordTask("tag"), store=False, layers=[0, 2, -1])

    def alone(lengths: list[int], budget: int, pads: bool) -> Iterator[list[int]]:
        return ([i] for i in range(len(lengths)))

    together = capture()
    monkeypatch.setattr("probewidgets.models.batching.batches", alone)
    single = capture()
    assert together.targets.surface == single.targets.surface and len(together.targets) > 60
    np.testing.assert_allclose(together.states, single.states, atol=1e-4, rtol=1e-4)
