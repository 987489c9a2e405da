"""Schemes that mark spans word by word: the same spans, however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example, placed
from probewidgets.data.splits import Split
from probewidgets.data.tasks import SpanTask
from probewidgets.errors import DataError

Marked = list[tuple[int, str]]
"""Pieces of a sentence: how many words, and their label; "" for none."""

pieces = st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["", "PER", "LOC", "B-x", "E"])), min_size=1, max_size=8)

PREFIXES = {
    "BIO": "BBII", "BIOES": "SBIE", "IOBES": "SBIE", "BILOU": "UBIL", "BMES": "SBME", "BMEWO": "WBME", "BMEOW": "WBME",
    "IOE2": "EIIE",
}  # fmt: skip
"""Scheme -> its prefix of a span of one word, of a first, an inner and a last word."""


def tags(marked: Marked, scheme: str) -> list[str]:
    """The tags of all words."""
    written: list[str] = []
    before = ""
    for n, label in marked:
        if not label:
            written += ["O"] * n
        elif scheme == "IOB1":
            written += [f"{'B' if label == before else 'I'}-{label}"] + [f"I-{label}"] * (n - 1)
        else:
            alone, first, inner, last = PREFIXES[scheme]
            prefixes = alone if n == 1 else first + inner * (n - 2) + last
            written += [f"{prefix}-{label}" for prefix in prefixes]
        before = label
    return written


def corpus(values: list[str]) -> Corpus:
    text, words = placed([f"w{i}" for i in range(len(values))])
    return Corpus((Example(text, words, {"ner": tuple(values)}, id="a"),), Split((0,), (), ()))


@settings(deadline=None)
@given(pieces, st.sampled_from([*PREFIXES, "IOB1"]))
def test_every_scheme_gives_the_spans_that_were_written_in_it(marked: Marked, scheme: str) -> None:
    expected, at = [], 0
    for n, label in marked:
        if label:
            expected.append((" ".join(f"w{i}" for i in range(at, at + n)), label))
        at += n
    of = corpus(tags(marked, scheme))
    if expected:
        assert [(target.surface, target.label) for target in SpanTask("ner").targets(of)] == expected


@pytest.mark.parametrize(
    ("value", "instead"),
    [
        ("B_PER", "B-PER"),
        ("PER-B", "B-PER"),
        ("b-PER", "B-PER"),
        ("I:LOC", "I-LOC"),
        ("nr_B", "B-nr"),
        ("0", "O"),
        ("o", "O"),
    ],
)
def test_what_is_nearly_a_scheme_is_refused_with_what_to_write(value: str, instead: str) -> None:
    with pytest.raises(DataError, match=f"holds '{value}', expected BIO.* Replace '{value}' by '{instead}'"):
        SpanTask("ner").targets(corpus(["O", value]))


def test_a_prefix_without_a_label_is_refused_with_what_to_write() -> None:
    with pytest.raises(DataError, match="Replace 'M' by 'M-X', with a label for X"):
        SpanTask("ner").targets(corpus(["O", "M"]))


@pytest.mark.parametrize("values", ["S-PER I-PER E-PER O", "O S-PER E-PER", "S-LOC O S-PER I-PER"])
def test_a_scheme_in_which_s_may_be_a_start_is_refused(values: str) -> None:
    with pytest.raises(DataError, match=r"has S- before I-, M-, E- or L- of the same label.* Replace S- by B-"):
        SpanTask("ner").targets(corpus(values.split()))


@pytest.mark.parametrize(
    "values", ["S-PER I-PER E-PER B-LOC", "S-PER I-LOC E-LOC", "S-PER S-PER O I-PER", "S-A I-A U-A"]
)
def test_an_s_that_can_only_be_a_word_alone_is_one(values: str) -> None:
    assert SpanTask("ner").targets(corpus(values.split()))[0].surface == "w0"


@pytest.mark.parametrize("value", ["B-PER|B-LOC", "I-ORG; B-LOC", "S-a,S-b"])
def test_two_spans_on_one_word_are_refused_for_they_would_be_one_label(value: str) -> None:
    with pytest.raises(DataError, match=r"one on each word\. Give one column for each layer of spans"):
        SpanTask("ner").targets(corpus(["O", value]))


def test_a_space_behind_a_tag_is_none_of_its_label() -> None:
    of = corpus(["B-PER ", "I-PER", " O"])
    assert [(target.surface, target.label) for target in SpanTask("ner").targets(of)] == [("w0 w1", "PER")]
