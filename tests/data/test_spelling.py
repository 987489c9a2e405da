"""How a corpus writes what can be written in several ways, and what its texts never have."""

from __future__ import annotations

import json
import time

import pytest

from probewidgets.data.corpus import Corpus, Split
from probewidgets.data.examples import Example
from probewidgets.data.segment import Writing
from probewidgets.data.spelling import kinds_of, remarks, ways_of

TREEBANK = "`` He -LRB- a man -RRB- paid 1\\/2 -- or 3\\/4 -- ... , '' she said . It 's -LRB- not -RRB- so ``"
PLAIN = 'He (a man) paid 1/2 — or 3/4 — … , "she" said. It’s (not) "so".'


def told(text: str, *corpus: str) -> list[str]:
    return list(remarks([text], ways_of(corpus), kinds_of(corpus)))


def test_each_way_of_writing_has_its_share() -> None:
    ways = ways_of(["1 ( 2 )", "-LRB- 3 -RRB-", "( 4 )"])
    assert ways == {"( )": 0.6667, "-LRB- -RRB-": 0.3333, "-lrb- -rrb-": 0.0}
    assert ways_of(["A b", "-LRB- c", "“D", "e", "5"]) == {"a capital letter first": 0.5, "a small letter first": 0.5}
    assert ways_of(["a (b", "c d"]) == {}  # too few to tell


@pytest.mark.parametrize(
    ("typed", "thing"),
    [
        ("He ( a man ) paid", "round brackets as -LRB- -RRB- (100% of them), and ( ) was typed"),
        ('He said " so "', "double quotes as `` '' (100% of them), and \" \" was typed"),
        ("He said “ so ”", "double quotes as `` '' (100% of them), and “ ” was typed"),
        ("He paid 1/2", r"slashes as \/ (100% of them), and / was typed"),
    ],
)
def test_what_a_treebank_writes_otherwise_is_named_with_its_own_way(typed: str, thing: str) -> None:
    (note,) = told(typed, TREEBANK, TREEBANK)
    assert note.startswith(f"The corpus writes {thing}:") and note.endswith("Write them likewise.")


@pytest.mark.parametrize(
    ("corpus", "typed", "thing"),
    [
        ("it's don't I'm", "it’s", "apostrophes as ' (100% of them), and ’ was typed"),
        ("it’s don’t I’m", "it's", "apostrophes as ’ (100% of them), and ' was typed"),
        ("one.<br /><br />two.<br />", "one\ntwo", "line breaks as <br /> (100% of them), and a line break was typed"),
        ("well @-@ known @-@ so @-@ on", "well-known", "hyphens within words as @-@ (100% of them), and - was typed"),
        ("a &amp; b &amp; c &amp; d", "a & b", "ampersands as &amp; (100% of them), and & was typed"),
    ],
)
def test_keyboards_typesetters_and_web_pages_write_otherwise_too(corpus: str, typed: str, thing: str) -> None:
    (note,) = told(typed, corpus)
    assert note.startswith(f"The corpus writes {thing}:")


def test_a_text_of_the_corpus_and_what_is_mixed_in_it_are_not_remarked_on() -> None:
    assert told(TREEBANK, TREEBANK) == told(PLAIN, PLAIN, PLAIN) == told("", TREEBANK) == []
    assert told("it's", "it's it’s it's it’s") == []


def test_kinds_of_characters_that_the_corpus_never_has_are_named_with_a_word() -> None:
    small = "a plain list -LRB- of reviews -RRB- in small letters"
    assert kinds_of([small]) == ("small letter",)
    assert told("The film of 1999", small) == [
        "The corpus has no capital letter, and 'The' has one: the probe has never seen such a character.",
        "The corpus has no digit, and '1999' has one: the probe has never seen such a character.",
    ]
    assert [note.split(",")[0] for note in told("a café Ж 北 cafe\u0301", "A b")] == [
        "The corpus has no letter with an accent",
        "The corpus has no Cyrillic letter",
        "The corpus has no Chinese letter",
        "The corpus has no accent as a character of its own",
    ]
    assert told("loud", "ALL IN CAPITALS")[0].startswith("The corpus has no small letter, and 'loud'")
    assert told("the film !? ☺", small) == []


def test_a_text_that_begins_with_a_small_letter_where_all_others_do_with_a_capital_is_told() -> None:
    corpus = ("The cat.", "A dog.", "“So”, she said.", "-LRB- No -RRB-", "1 more.")
    (note,) = told("the cat", *corpus)
    assert note.startswith("100% of the corpus's texts begin with a capital letter, and this one with a small one:")
    assert told("The cat\nand a dog", *corpus) == told("“The cat”", *corpus) == told("1 cat", *corpus) == []
    assert told("the cat", *corpus, "a bird.") == []


def test_they_are_kept_in_files_and_files_without_them_say_nothing() -> None:
    corpus = Corpus((Example(TREEBANK),) * 4, Split((0, 1), (2,), (3,)))
    again = Writing.restored(json.loads(json.dumps(corpus.writing.facts)))
    assert again == corpus.writing and again.escaped
    assert list(again.remarks(["(b)"])) == list(corpus.writing.remarks(["(b)"])) != []
    early = {name: fact for name, fact in corpus.writing.facts.items() if name not in ("ways", "kinds")}
    assert list(Writing.restored(early).remarks(["(É 1/2)"])) == []


def test_a_keypress_costs_less_than_a_millisecond() -> None:
    ways, kinds = ways_of([TREEBANK] * 50), kinds_of([TREEBANK])
    text = PLAIN * 4

    def seconds() -> float:
        start = time.perf_counter()
        assert list(remarks([text], ways, kinds))
        return time.perf_counter() - start

    assert min(seconds() for _ in range(20)) < 1e-3
