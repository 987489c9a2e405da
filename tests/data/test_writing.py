"""How the texts of a corpus are made, and typed texts made likewise."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probewidgets.data.corpus import Corpus, Split
from probewidgets.data.examples import Example, Span, placed
from probewidgets.data.segment import Writing, best_segmenter, parse_gold, segment, segmenter_name
from probewidgets.errors import DataError

TOKENIZED = ("I ca n't go , he said .", "We do n't know ; it is here .", 'He saw " the well-known man " .')
WRITTEN = ("I can't go, he said.", "We don't know; it is here.", 'He saw "the well-known man".')


def joined(*texts: str) -> list[Example]:
    return [Example(*placed(text.split())) for text in texts]


def as_cut(*texts: str, segmenter: str = "english") -> list[Example]:
    return [Example(text, tuple(segment(text, segmenter))) for text in texts]


def corpus(examples: Sequence[Example], **more: object) -> Corpus:
    return Corpus(tuple(examples), Split(tuple(range(len(examples))), (), ()), **more)


def read(writing: Writing, text: str, types: Sequence[str] = (), segmenter: str = "english") -> list[str]:
    return [
        writing.written(line, frozenset(types)).text
        for line in parse_gold(text, ("NOUN", "VERB"), segmenter, whole=writing.whole).lines
    ]


# --- spaces between words ---------------------------------------------------------------------------------------------


def test_a_corpus_knows_whether_its_words_stand_between_spaces() -> None:
    assert corpus(joined(*TOKENIZED)).writing.spaced
    assert not corpus(as_cut(*WRITTEN)).writing.spaced
    assert not corpus([*joined(*TOKENIZED), *as_cut(*WRITTEN)]).writing.spaced
    assert not corpus([Example("no words , here .")]).writing.spaced


def test_without_a_sign_it_cannot_be_told_and_typed_texts_stay_as_they_are() -> None:
    writing = corpus(joined("cats sat", "dogs ran home")).writing
    assert not writing.spaced
    assert read(writing, "cats, sat.") == ["cats, sat."]


def test_what_is_typed_naturally_becomes_what_the_corpus_has() -> None:
    writing = corpus(joined(*TOKENIZED)).writing
    assert read(writing, "\n".join(WRITTEN[:2])) == list(TOKENIZED[:2])
    assert read(writing, WRITTEN[2], ["well-known"]) == [TOKENIZED[2]]
    assert read(writing, "fish/NOUN  swim/VERB.") == ["fish swim ."]


def test_a_text_of_the_corpus_is_read_as_it_stands_there_whatever_the_segmenter_would_cut() -> None:
    examples = joined(*TOKENIZED, "SOCCER-JAPAN won 2-1 on 1996-08-22 .", "http : //a.b , a.m. '80s ,")
    writing = corpus(examples).writing
    for example in examples:
        (line,) = parse_gold(example.text).lines
        line = writing.written(line)
        assert line.text == example.text and line.words == example.words


def test_a_text_as_written_is_read_as_typed_but_for_its_ends() -> None:
    writing = corpus(as_cut(*WRITTEN)).writing
    assert read(writing, "  She  can't , you see . \n\t") == ["She  can't , you see .", "\t"]


@pytest.mark.parametrize("end", ["\n", " ", "\n\n"])
def test_the_space_that_all_texts_end_with_is_put_there(end: str) -> None:
    writing = corpus([Example(f" Q: {n}?{end}") for n in range(9)]).writing
    assert (writing.before, writing.after) == (" ", end)
    assert read(writing, "Q: a?") == [f" Q: a?{end}"]
    mixed = corpus([Example("a" + end * (n % 2)) for n in range(9)]).writing
    assert mixed.after is None and read(mixed, "a  ") == ["a  "]


def test_the_end_that_was_typed_stays_where_ends_vary_also_between_spaces() -> None:
    examples = [Example(text + "\n" * (n % 2), joined(text)[0].words) for n, text in enumerate(TOKENIZED * 4)]
    writing = corpus(examples).writing
    assert writing.spaced and (writing.before, writing.after) == ("", None)
    for text in ("I can't go, he said.\n", " I can't go, he said."):
        (line,) = parse_gold(text, whole=writing.is_one(text)).lines
        assert writing.written(line).text == "I ca n't go , he said ." + "\n" * text.endswith("\n")


TYPED = st.lists(
    st.sampled_from(
        ["The", "can't", "well-known", "cats/NOUN", ",", ".", " ", "  ", "\n", "\r\n", "北京", "👍🏽", "\u200b"]
    )
).map("".join)


@settings(deadline=None)
@given(TYPED, st.sampled_from([joined(*TOKENIZED), as_cut(*WRITTEN), [Example("a\r\nb")] * 3]))
def test_however_a_text_is_rewritten_its_words_are_found_in_what_was_typed(
    text: str, examples: Sequence[Example]
) -> None:
    writing = corpus(examples).writing
    for line in parse_gold(text, ("NOUN",), whole=writing.whole).lines:
        again = writing.written(line, frozenset({"well-known"}))
        for word in again.words:
            typed = again.typed(word).of(text)
            assert typed == word.of(again.text) or any(word.start < cut < word.end for cut, _ in again.cuts)
        assert "".join(again.text.split()) == "".join(line.text.split())


def test_signs_that_are_spaced_otherwise_than_in_the_corpus_are_told() -> None:
    natural = corpus(as_cut(*WRITTEN * 3)).writing
    assert natural.unlike("He can't go, she said.") is None
    worst = natural.unlike("He ca n't go , she said .")
    assert worst is not None and worst.spaced and worst.share == 1
    tokenized = corpus([Example(text) for text in TOKENIZED * 3]).writing  # without words: nothing to join by
    assert not tokenized.spaced and tokenized.unlike(TOKENIZED[0]) is None
    worst = tokenized.unlike("He goes, she said")
    assert worst is not None and (worst.sign, worst.share, worst.spaced) == (",", 1.0, False)
    mixed = corpus([Example(text) for text in ("a, b", "a , b", "a, b", "a , b")]).writing
    assert mixed.signs == {",": 0.5} and mixed.unlike("c, d") is not None


def test_french_signs_are_judged_one_by_one() -> None:
    writing = corpus(
        [Example(text) for text in ("Où vas-tu ?", "Quoi ?", "Ah ?", "Je viens.", "Il va.", "Oui.")]
    ).writing
    assert writing.unlike("Où ? Là-bas.") is None
    worst = writing.unlike("Où?")
    assert worst is not None and worst.sign == "?"


# --- lines ------------------------------------------------------------------------------------------------------------


def test_texts_with_line_breaks_make_a_typed_text_one() -> None:
    broken = corpus([Example(f"Well.\r\n{n}\r\n\r\nGo.") for n in range(5)]).writing
    assert broken.whole and broken.broken == 1 and broken.line_end == "\r\n"
    assert read(broken, "A\nb.\n") == ["A\r\nb."]
    one = corpus([Example("a\n")] * 5).writing
    assert not one.whole and read(one, "A\nb.") == ["A\n", "b.\n"]
    rare = corpus([Example("a\nb"), *[Example("a")] * 40]).writing
    assert 0 < rare.broken < 0.1 and read(rare, "A\nb.") == ["A", "b."]


# --- segmenters -------------------------------------------------------------------------------------------------------


def test_the_agreement_of_the_segmenter_is_kept() -> None:
    assert corpus(as_cut(*WRITTEN)).writing.agreement == 1
    # Of a, b and the full stop, only a is found, among two.
    assert corpus(as_cut("a b."), segmenter="whitespace").writing.agreement == pytest.approx(2 * 1 / (2 + 3))
    assert corpus([Example("no words")]).writing.agreement is None


def test_words_between_spaces_are_sought_in_texts_as_one_would_type_them() -> None:
    assert corpus(joined(*TOKENIZED[:2])).writing.agreement == 1
    assert corpus(joined(*TOKENIZED[:2]), segmenter="whitespace").writing.agreement < 0.7
    chinese = joined("我们 喜欢 北京 。", "他 在 大学 学习 ， 好 。")
    assert best_segmenter(chinese)[1] < 0.7, "the spaces are not what a person types"
    assert best_segmenter(chinese)[1] == corpus(chinese, segmenter=best_segmenter(chinese)[0]).writing.agreement
    assert corpus(joined("我们 喜欢", "北京 大学")).writing.agreement == 0
    assert (
        corpus(joined("我们 喜欢 ， 。"), segmenter=lambda text: [text[:2], text[2:4], *text[4:]]).writing.agreement
        == 1
    )


def test_a_segmenter_of_ones_own_gives_strings_or_spans() -> None:
    def pairs(text: str) -> list[str]:
        return [text[i : i + 2] for i in range(0, len(text), 2)]

    assert [span.of("我们喜欢北京") for span in segment("我们喜欢北京", pairs)] == ["我们", "喜欢", "北京"]
    assert segment(" a b", lambda text: iter(text)) == [Span(1, 2), Span(3, 4)]
    assert segment("ab c", lambda text: [(0, 1), Span(1, 3)]) == [Span(0, 1), Span(1, 2)]
    examples = [Example(text, tuple(segment(text, pairs))) for text in ("我们喜欢北京", "他在大学学习")]
    own = corpus(examples, segmenter=pairs)
    assert own.writing.agreement == 1 and segmenter_name(own.segmenter) == "pairs"
    assert replace(own, segmenter="unicode").writing.agreement == 0


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            lambda text: ["zebra"],
            "'<lambda>' must give the words of a text in order, .* gave 'zebra' after character 0",
        ),
        (lambda text: ["sat", "cats"], "gave 'cats' after character 8"),
        (lambda text: [(0, 99)], "gave"),
        (lambda text: [(0, 5), (3, 8)], "after character 4"),
        (lambda text: [3.5], "must be a Span or a .start, end. pair"),
        (lambda text: 1 / 0, "failed on 'cats sat': division by zero"),
        (lambda text: None, "failed on 'cats sat'"),
        ("german", "no segmenter 'german'.* or give a function text -> words"),
        (None, "no segmenter None"),
    ],
)
def test_what_is_no_segmenter_or_gives_no_words_is_an_error(given: object, message: str) -> None:
    with pytest.raises(DataError, match=message):
        segment("cats sat", given)


def test_a_corpus_refuses_a_segmenter_that_there_is_not() -> None:
    with pytest.raises(DataError, match="no segmenter 'german'"):
        corpus([], segmenter="german")


def test_no_function_has_the_name_of_a_segmenter_of_ours() -> None:
    def english(text: str) -> list[str]:
        return text.split()

    assert segmenter_name(english) == f"{__name__}.english"
    assert segmenter_name("english") == "english"


def test_whitespace_is_no_segmenter_of_text_whose_signs_stand_between_spaces() -> None:
    assert best_segmenter(joined("a-b-c d-e-f , 1-2-3 .", "x-y-z n't .")) != ("whitespace", 1.0)
    assert best_segmenter(joined("well-known, don't", "a-b-c d-e-f!"))[0] == "whitespace"


def test_what_is_known_of_texts_comes_back_from_a_file() -> None:
    writing = corpus(joined(*TOKENIZED * 2)).writing
    assert Writing.restored(json.loads(json.dumps(writing.facts))) == writing
    assert Writing.restored(None) is None
