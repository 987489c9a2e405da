"""Words in raw text, and gold labels typed with them."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import example as given_example
from hypothesis import given, settings
from hypothesis import strategies as st

from probewidgets.data.examples import Example, Span
from probewidgets.data.segment import SEGMENTERS, Line, best_segmenter, lines, parse_gold, segment
from probewidgets.errors import DataError

FAMILY, THUMB, FLAGS, RAINBOW, ENGLAND = (
    "👩\u200d👩\u200d👧\u200d👦",
    "👍🏽",
    "🇩🇪🇫🇷",
    "🏳\ufe0f\u200d🌈",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
)

ODD = [
    *(
        "",
        " ",
        "\t \u00a0\u3000",
        "\u200b",
        "\u200d\u200d",
        "\ufeff",
        "\u00ad",
        "\ufe0f",
        "\x00\x07\x1b[0m",
        "\ud800 lone",
    ),
    *(
        "a\u200bb",
        "x\u200d",
        "\u0301",
        "a\u0301\u0302b",
        FAMILY,
        THUMB,
        FLAGS,
        "🇩🇪🇫",
        RAINBOW,
        ENGLAND,
        "1\ufe0f\u20e3",
    ),
    *("שלום, עולם!", "\u202eabc\u202c", "مرحبا بالعالم؟", "می\u200cخواهم", "हिन्दी में", "日本語です。", "ไทย"),
    *("Ａｂｃ１", "ß ﬁ İ", "𝒳𝟙", "½", "\U0010ffff", "\ue000", "<script>alert(1)</script>"),
    *("don't", "'''", "n't", "'s", "-", "--", "e-", "@", "#", "http://", "www.", "...", "a.", "A.B", "1,", "1,000"),
    *(":-)", "<3", "_", "/", "//"),
]


def words(text: str, name: str = "english") -> list[str]:
    return [span.of(text) for span in segment(text, name)]


def texts() -> st.SearchStrategy[str]:
    pieces = st.one_of(
        st.sampled_from([*ODD, "/NOUN", "/X", "\n", "\r\n", " "]),
        st.text(max_size=4),
        st.text("abcI'’nt.-,:/@#$019 \t", max_size=8),
    )
    return st.lists(pieces, max_size=12).map("".join)


def visible(char: str) -> bool:
    """Whether a character must be in some word; marks and selectors may hang on nothing."""
    category = unicodedata.category(char)
    return not char.isspace() and category not in ("Cc", "Cf", "Mn", "Me", "Mc")


# --- laws ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SEGMENTERS)
@settings(deadline=None)
@given(texts())
@given_example("".join(ODD))
@given_example(" ".join(ODD))
def test_words_are_in_order_never_empty_never_overlapping_and_cover_all_that_is_visible(name: str, text: str) -> None:
    at = 0
    for span in segment(text, name):
        assert at <= span.start < span.end <= len(text)
        assert not any(char.isspace() for char in span.of(text))
        assert not any(visible(char) for char in text[at : span.start])
        at = span.end
    assert not any(visible(char) for char in text[at:])


@pytest.mark.parametrize("name", SEGMENTERS)
@settings(deadline=None)
@given(texts())
def test_no_word_is_invisible(name: str, text: str) -> None:
    for span in segment(text, name):
        assert any(visible(char) or unicodedata.category(char)[0] == "M" for char in span.of(text))
        assert unicodedata.category(span.of(text)[0]) not in ("Cc", "Cf")


@settings(deadline=None)
@given(texts(), texts())
def test_what_stands_on_the_other_side_of_a_wide_gap_changes_no_unicode_word(left: str, right: str) -> None:
    for name in ("unicode", "whitespace"):
        assert words(left + "   " + right, name) == words(left, name) + words(right, name)


def test_characters_of_all_kinds_can_be_typed() -> None:
    codes = [*range(0x20000), *range(0xE0000, 0xE0200), 0xF0000, sys.maxunicode]
    text = "".join(map(chr, codes))
    for name in SEGMENTERS:
        ends = [0]
        for span in segment(text, name):
            assert ends[-1] <= span.start < span.end
            ends.append(span.end)


@pytest.mark.parametrize(
    "piece", ["a-", "a.", "a'", "n't", "é\u0301", "👩\u200d", "\u200d", "a@", "1:", "-", "http://", "x"]
)
def test_long_monotonous_texts_are_cut_in_linear_time(piece: str) -> None:
    # Quadratic patterns would need hours for these.
    for name in SEGMENTERS:
        assert len(segment(piece * 100_000, name)) <= len(piece) * 100_000


# --- english ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The cats sat.", "The cats sat ."),
        ("I don't, can't and won't!", "I do n't , ca n't and wo n't !"),
        ("I don’t think it’s Ann’s", "I do n’t think it ’s Ann ’s"),
        ("They're here, I'm late, we've won", "They 're here , I 'm late , we 've won"),
        ("she'll go, he'd stay", "she 'll go , he 'd stay"),
        ("I shouldn't've", "I should n't 've"),
        ("DON'T IT'S", "DO N'T IT 'S"),
        ("the dogs' bowls", "the dogs ' bowls"),
        ("I cannot, gonna, wanna, gotta, dunno", "I can not , gon na , wan na , got ta , du n no"),
        ("Cannot Gonna", "Can not Gon na"),
        ("cannots wannabe gottas outtake", "cannots wannabe gottas outtake"),
        ("im sure thats what they dont want", "i m sure that s what they do nt want"),
        ("O'Neill said rock'n'roll", "O'Neill said rock'n'roll"),
        ('"Yes," (he) said; "no": so...', '" Yes , " ( he ) said ; " no " : so ...'),
        ("a search-engine, well-known", "a search - engine , well - known"),
        ("e-mail non-human re-read E-Mail", "e-mail non-human re-read E-Mail"),
        ("wait -- no—yes – maybe", "wait -- no — yes – maybe"),
        ("Mr. Smith and Dr. Wu of Acme Inc. in St. Ives", "Mr. Smith and Dr. Wu of Acme Inc. in St. Ives"),
        ("the U.S. at 9 a.m., e.g. J. R. Hartley", "the U.S. at 9 a.m. , e.g. J. R. Hartley"),
        ("tea, cake, etc. are here. And no. 7? No.", "tea , cake , etc. are here . And no. 7 ? No ."),
        ("In Jan. we met Jan.", "In Jan. we met Jan ."),
        ("She and I. Then J. Smith", "She and I . Then J. Smith"),
        ("1,000.50 and 12:30 on 08/16/2000, 3.5", "1,000.50 and 12:30 on 08/16/2000 , 3.5"),
        ("$5, 50%, £20, US$3", "$ 5 , 50 % , £ 20 , US $ 3"),
        ("at 10am for 5km, 4th, 1990s, the 70's", "at 10 am for 5 km , 4th , 1990s , the 70's"),
        ("call 713-664-7478", "call 713-664-7478"),
        ("5'10\"", "5 ' 10 \""),
        ("see https://a.org/b?c=d, www.b.com. Or", "see https://a.org/b?c=d , www.b.com . Or"),
        ("mail x.y@z.org!", "mail x.y@z.org !"),
        ("(http://a.org)", "( http://a.org )"),
        ("open file.pdf or a_b.txt at alt.animals.cat", "open file.pdf or a_b.txt at alt.animals.cat"),
        ("thanks :-) ok ;) :P", "thanks :-) ok ;) :P"),
        ("what?! no!!! so.... <<", "what ?! no !!! so .... <<"),
        ("@ann likes #tea but not #1", "@ann likes #tea but not # 1"),
        ("he/she and/or b/c AT&T", "he / she and / or b/c AT&T"),
        ("naïve café cafe\u0301 Ünal's", "naïve café cafe\u0301 Ünal 's"),
        ("Nice 👍🏽🇩🇪", "Nice 👍🏽 🇩🇪"),
        ("end.Next word", "end . Next word"),
        ("a\tb\u00a0c", "a b c"),
    ],
)  # fmt: skip
def test_english_is_cut_as_its_treebanks_are(text: str, expected: str) -> None:
    assert words(text) == expected.split()


def test_any_kind_of_apostrophe_cuts_in_the_same_places() -> None:
    text = "I don't know it's Ann's, they're gone and we'd've stayed"
    for apostrophe in "’‘ʼ":
        assert segment(text.replace("'", apostrophe)) == segment(text)


# --- unicode and whitespace ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't stop-it, ok?", ["Don", "'", "t", "stop", "-", "it", ",", "ok", "?"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("سلام، دنیا می\u200cخواهم", ["سلام", "،", "دنیا", "می\u200cخواهم"]),
        ("日本語です。", ["日本語です", "。"]),
        ("cafe\u0301 x²", ["cafe\u0301", "x²"]),
        (f"{FAMILY}{THUMB}{FLAGS}{RAINBOW}{ENGLAND}", [FAMILY, THUMB, "🇩🇪", "🇫🇷", RAINBOW, ENGLAND]),
        ("1\ufe0f\u20e3 ❤\ufe0f 🇩", ["1\ufe0f\u20e3", "❤\ufe0f", "🇩"]),
        ("co\u00adop a\u200bb", ["co\u00adop", "a", "b"]),
    ],
)
def test_unicode_keeps_letters_with_their_marks_and_emoji_whole(text: str, expected: list[str]) -> None:
    assert words(text, "unicode") == expected


def test_whitespace_cuts_at_spaces_only() -> None:
    assert words("  Don't\u00a0stop-it,\tok? ", "whitespace") == ["Don't", "stop-it,", "ok?"]


def test_an_unknown_segmenter_is_an_error_that_lists_the_valid_ones() -> None:
    with pytest.raises(DataError, match=r"'german'.*'english', 'unicode', 'whitespace'"):
        segment("a", "german")


# --- which segmenter -------------------------------------------------------------------------------------------------


def as_cut(name: str, *texts: str) -> list[Example]:
    return [Example(text, tuple(segment(text, name))) for text in texts]


@pytest.mark.parametrize("name", SEGMENTERS)
def test_the_best_segmenter_is_the_one_that_cut_the_words(name: str) -> None:
    examples = as_cut(name, "I can't re-read e-mail.", "It's 1,000.50, isn't it?", "Well-known (sometimes) ...")
    assert best_segmenter(examples) == (name, 1.0)


def test_text_with_spaces_around_all_its_words_is_still_english() -> None:
    texts = [f"He did n't go , as Mr. Wu said at {hour} a.m. ." for hour in range(1, 12)]
    name, agreement = best_segmenter(as_cut("whitespace", *texts, "A well-known man ."))
    assert name == "english"
    assert 0.95 < agreement < 1


def test_the_best_segmenter_of_nothing_is_the_default() -> None:
    assert best_segmenter([]) == ("english", 0.0)
    assert best_segmenter([Example("no words here")]) == ("english", 0.0)


def test_only_a_sample_is_looked_at_and_it_is_spread_evenly() -> None:
    examples = (as_cut("english", "don't do it.") + as_cut("whitespace", "don't do it.")) * 50
    assert best_segmenter(examples, sample=50) == ("english", 1.0)
    assert best_segmenter(examples, sample=100)[1] < 1


# --- lines -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [""]),
        ("one", ["one"]),
        ("one\ntwo", ["one", "two"]),
        ("one\r\ntwo\rthree\u2028four", ["one", "two", "three", "four"]),
        ("\n\none\n", ["", "", "one", ""]),
        ("a\x0bb\x1cc\x85d", ["a\x0bb\x1cc\x85d"]),
    ],
)
def test_lines_are_found_with_their_offsets(text: str, expected: list[str]) -> None:
    assert [span.of(text) for span in lines(text)] == expected


# --- gold labels -----------------------------------------------------------------------------------------------------

UPOS = ("ADJ", "ADP", "AUX", "DET", "NOUN", "PART", "PRON", "PROPN", "PUNCT", "VERB")
XPOS = ("$", ",", ".", ":", "-LRB-", "NN", "NNS", "PRP", "PRP$", "VBD")


def golds(line: Line) -> list[tuple[str, str | None]]:
    return [(word.of(line.text), gold) for word, gold in zip(line.words, line.golds, strict=True)]


@pytest.mark.parametrize(
    ("text", "labels", "clean", "expected"),
    [
        ("The/DET cats/NOUN sat/VERB", UPOS, "The cats sat", {"The": "DET", "cats": "NOUN", "sat": "VERB"}),
        ("The cats/NOUN sat.", UPOS, "The cats sat.", {"cats": "NOUN"}),
        ("cats/NOUN, dogs/NOUN.", UPOS, "cats, dogs.", {"cats": "NOUN", "dogs": "NOUN"}),
        ("It sat/VERB./PUNCT", UPOS, "It sat.", {"sat": "VERB", ".": "PUNCT"}),
        ("do/AUX n't/PART", UPOS, "do n't", {"do": "AUX", "n't": "PART"}),
        ("I/PRON'm/AUX", UPOS, "I'm", {"I": "PRON", "'m": "AUX"}),
        ("don't/AUX", UPOS, "don't", {"n't": "AUX"}),
        ("“cats/NOUN”", UPOS, "“cats”", {"cats": "NOUN"}),
        ("and/or and/CC 1/2 he/she km/h", UPOS, "and/or and/CC 1/2 he/she km/h", {}),
        ("cats/noun Sat/Verb", UPOS, "cats Sat", {"cats": "NOUN", "Sat": "VERB"}),
        ("cats/noun to/to", ("NOUN", "Noun", "TO"), "cats/noun to/to", {}),
        ("cats/NOUNS xNOUN /NOUN / NOUN", UPOS, "cats/NOUNS xNOUN /NOUN / NOUN", {}),
        ("cats/NOUN/VERB", UPOS, "cats/NOUN/VERB", {}),
        (r"and\/or/ADJ b\/c/ADP km\/h", UPOS, "and/or b/c km/h", {"or": "ADJ", "b/c": "ADP"}),
        (r"fish\/NOUN", UPOS, "fish/NOUN", {}),
        (r"fish\/NOUN", (), r"fish\/NOUN", {}),
        ("Ann/PROPN's “cats/NOUN” (a/DET).", UPOS, "Ann's “cats” (a).", {"Ann": "PROPN", "cats": "NOUN", "a": "DET"}),
        ("the verb/NOUN", UPOS, "the verb", {"verb": "NOUN"}),
        ("Ann/PROPER NOUN sat", ("PROPER NOUN",), "Ann sat", {"Ann": "PROPER NOUN"}),
        ("cats/1 sat/2", ("1", "2"), "cats sat", {"cats": "1", "sat": "2"}),
        ("the/O cats/B-X", ("B-X", "I-X", "O"), "the cats", {"the": "O", "cats": "B-X"}),
        ("three/NUM 3/NUM 1\\/2/NUM", ("NUM",), "three 3 1/2", {"three": "NUM", "3": "NUM", "1/2": "NUM"}),
        ("//PUNCT", UPOS, "/", {"/": "PUNCT"}),
        ("his/PRP$ her/PRP it/PRP", XPOS, "his her it", {"his": "PRP$", "her": "PRP", "it": "PRP"}),
        ("his/PRP$", ("PRP",), "his/PRP$", {}),
        (",/, so ./. $/$ (/-LRB-", XPOS, ", so . $ (", {",": ",", ".": ".", "$": "$", "(": "-LRB-"}),
        ("cats/NNS,", XPOS, "cats,", {"cats": "NNS"}),
        ("U.S./PROPN is", UPOS, "U.S. is", {"U.S.": "PROPN"}),
        ("👍🏽/NOUN שלום/NOUN", UPOS, "👍🏽 שלום", {"👍🏽": "NOUN", "שלום": "NOUN"}),
        ("cats/N.", ("N", "N."), "cats", {"cats": "N."}),
        ("cats \u200b/NOUN", UPOS, "cats \u200b", {}),
        ("cats/NOUN", (), "cats/NOUN", {}),
        ("cats/NOUN", ("",), "cats/NOUN", {}),
        ("", UPOS, "", {}),
    ],
)  # fmt: skip
def test_gold_labels_are_taken_off_and_kept_with_their_words(
    text: str, labels: tuple[str, ...], clean: str, expected: dict[str, str]
) -> None:
    (line,) = parse_gold(text, labels).lines
    assert line.text == clean
    assert {word: gold for word, gold in golds(line) if gold is not None} == expected


def test_a_word_may_begin_right_behind_a_label_where_a_script_has_no_spaces() -> None:
    def pairs(text: str) -> list[str]:
        return [text[i : i + 2] for i in range(0, len(text), 2)]

    (line,) = parse_gold("我们/PRON喜欢/VERB北京。", UPOS, pairs).lines
    assert (line.text, line.doubtful) == ("我们喜欢北京。", ())
    assert golds(line) == [("我们", "PRON"), ("喜欢", "VERB"), ("北京", None), ("。", None)]
    (line,) = parse_gold("x/ไทยดี", ("ไทย",), pairs).lines
    assert line.text == "x/ไทยดี"


STARS, BINARY, POLAR, BIO = ("1", "2", "3", "4", "5"), ("0", "1"), ("pos", "neg"), ("B-PER", "I-PER", "O")


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("A solid 4/5 from me, 4.5/5 from her; $1/2, ½/1, B2/1, x/2, HTTP/2, */5", STARS),
        ("24/7, 1/0 at half time, 10/1/2020, 0/1.", BINARY),
        ("Is it true/false? TRUE/FALSE, (true/false), un-true/false!", ("true", "false")),
        ("True/False or true/false", ("True", "False")),
        ("male/female, Male/female; yes/no", ("male", "female", "yes", "no")),
        ("The I/O bus, N/A, y/n, km/h, m/s, kb/s, a/b, A/B", ("O", "A", "n", "h", "s", "b", "B")),
        ("https://example.org/pos/neg http://a.org/pos. www.a.org/pos a.org/pos, a.org:80/neg", POLAR),
        ("/pos ~/pos ../pos data/pos/neg data/neg.txt data/neg.tar.gz C:/pos /usr/neg pos/ neg/", POLAR),
        ("src/app/pos and/or/neg 1/2/pos r/pos s/neg", POLAR),
        ("pos/neg/neg noun/verb, NOUN/VERB; B-PER/I-PER", ("pos", "neg", "NOUN", "VERB", "B-PER", "I-PER")),
        ("cats/NOUNs cats/NOUN.Then cats/NOUN,dogs", UPOS),
        ("<b>fish</b>", ("b",)),
    ],
)
def test_what_may_mean_something_else_than_a_gold_label_stays_text(text: str, labels: tuple[str, ...]) -> None:
    (line,) = parse_gold(text, labels).lines
    assert line.text == text
    assert set(line.golds) == {None} and line.tagged == ()


def test_what_could_be_a_gold_label_and_is_not_read_as_one_is_listed_but_no_ratings_and_addresses() -> None:
    text = "true/false 4/5 https://a.org/true and/or/false a.org/true"
    (line,) = parse_gold(text, ("true", "false", "5")).lines
    assert line.doubtful == (("true/false", "false"), ("and/or/false", "false"), ("a.org/true", "true"))


@pytest.mark.parametrize(
    ("text", "clean", "gold"),
    [
        ("great stuff /positive", "great stuff", "positive"),
        ("great stuff/positive", "great stuff", "positive"),
        ("great stuff.  /Positive ", "great stuff. ", "positive"),
        ("great stuff! /very negative", "great stuff!", "very negative"),
        (r"great stuff \/positive", "great stuff /positive", None),
        ("great/positive stuff", "great/positive stuff", None),
        ("/positive", "/positive", None),
        ("is it negative /positive", "is it negative /positive", None),
        ("positive/negative", "positive/negative", None),
        ("run ./positive", "run ./positive", None),
        ("/positive great stuff", "/positive great stuff", None),
    ],
)
def test_the_gold_label_of_a_sentence_stands_at_its_end(text: str, clean: str, gold: str | None) -> None:
    (line,) = parse_gold(text, ("positive", "negative", "very negative"), sentences=True).lines
    assert (line.text, next((g for g in line.golds if g), None)) == (clean, gold)
    if gold is None:
        assert bool(line.doubtful) == ("\\" not in text)


@pytest.mark.parametrize("text", ["cold and/or wet", "see reviews/or"])
def test_a_word_that_is_written_as_its_label_is_makes_the_line_doubtful(text: str) -> None:
    (line,) = parse_gold(text, ("or", "OR")).lines
    assert line.golds.count(None) == len(line.golds) - 1
    assert [pair[0] for pair in line.doubtful] == list(line.tagged)
    assert parse_gold("fish/NOUN", UPOS).lines[0].doubtful == ()


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("We use TCP/IP here.", ("IP", "NP")),
        ("TCP/IP", ("IP",)),
        ("AC/DC play, a TCP/IP stack", ("DC", "IP")),
        ("USA/OR", ("or", "OR")),
        ("(TCP/IP)", ("IP",)),
    ],
)
def test_a_name_of_two_in_capitals_is_no_word_with_a_label(text: str, labels: tuple[str, ...]) -> None:
    (line,) = parse_gold(text, labels).lines
    assert line.text == text and set(line.golds) == {None} and line.doubtful


@pytest.mark.parametrize(
    ("text", "gold"),
    [
        ("dogs/NOUN run/VERB", {"dogs": "NOUN", "run": "VERB"}),
        ("NASA/PROPN rose/VERB", {"NASA": "PROPN", "rose": "VERB"}),
        ("NASA/PROPN rose ./PUNCT", {"NASA": "PROPN", ".": "PUNCT"}),
        ("THE/DET DOGS/NOUN RUN/VERB .", {"THE": "DET", "DOGS": "NOUN", "RUN": "VERB"}),
        ("I/PRON am", {"I": "PRON"}),
        ("USA/B-LOC", {"USA": "B-LOC"}),
    ],
)
def test_a_word_in_capitals_has_its_label_where_the_line_shows_labels(text: str, gold: dict[str, str]) -> None:
    (line,) = parse_gold(text, (*UPOS, "B-LOC")).lines
    assert {word: label for word, label in golds(line) if label} == gold


def test_a_word_of_the_corpus_carries_no_label_and_raises_no_doubt() -> None:
    (line,) = parse_gold("fish/NOUN and either/OR", ("NOUN", "OR"), types={"either/OR"}).lines
    assert line.text == "fish and either/OR" and line.golds.count(None) == len(line.golds) - 1 and not line.doubtful


def test_slashes_stay_escaped_where_the_corpus_has_them_so() -> None:
    (line,) = parse_gold(r"fish/NOUN 1\/2/NUM", ("NOUN", "NUM"), "whitespace", escaped=True).lines
    assert line.text == r"fish 1\/2" and line.golds == ("NOUN", "NUM")


def test_what_was_read_as_a_gold_label_is_listed_as_typed() -> None:
    (line,) = parse_gold("“The/DET cats/noun sat/VERB./PUNCT", UPOS).lines
    assert line.tagged == ("“The/DET", "cats/noun", "sat/VERB", "./PUNCT")


def test_what_looks_like_a_label_and_is_none_is_listed() -> None:
    text = "The/DET mats/NN, sat/VBD TCP/IP km/h and/or 1/2 his/PRP$ a/X"
    (line,) = parse_gold(text, UPOS).lines
    assert line.doubtful == (("mats/NN", "NN"), ("sat/VBD", "VBD"), ("his/PRP$", "PRP$"))
    assert parse_gold(text).lines[0].doubtful == ()


def test_only_the_word_with_the_label_has_it_where_a_word_stands_twice() -> None:
    (line,) = parse_gold("run/NOUN to run and run/VERB", UPOS).lines
    assert [gold for word, gold in golds(line) if word == "run"] == ["NOUN", None, "VERB"]


def test_words_are_found_again_in_the_typed_text() -> None:
    text = "The/DET cats/NOUN\n\n  sat/VERB./PUNCT 👍🏽 fine"
    typed = parse_gold(text, UPOS)
    assert typed.text == text
    assert [line.text for line in typed.lines] == ["The cats", "", "  sat. 👍🏽 fine"]
    assert [line.start for line in typed.lines] == [0, 18, 19]
    spans = [line.typed(word) for line in typed.lines for word in line.words]
    assert [span.of(text) for span in spans] == ["The", "cats", "sat", ".", "👍🏽", "fine"]
    assert spans[1] == Span(8, 12)


def test_a_span_over_a_label_that_was_taken_off_covers_it_in_the_typed_text() -> None:
    text = "The/DET cats/NOUN sat"
    (line,) = parse_gold(text, UPOS).lines
    assert line.typed(Span(0, len(line.text))).of(text) == text
    assert line.typed(Span(4, 8)).of(text) == "cats"
    assert line.typed(Span(8, 8)).of(text) == ""


def test_words_are_cut_by_the_segmenter_that_is_asked_for() -> None:
    (line,) = parse_gold("don't/VERB stop-it", UPOS, "whitespace").lines
    assert golds(line) == [("don't", "VERB"), ("stop-it", None)]
    with pytest.raises(DataError, match="no segmenter"):
        parse_gold("a", (), "german")


@settings(deadline=None)
@given(texts(), st.sampled_from(list(SEGMENTERS)))
def test_whatever_is_typed_every_word_is_found_again_in_it(text: str, name: str) -> None:
    typed = parse_gold(text, ("NOUN", "X", "."), name)
    assert len(typed.lines) == len(lines(text))
    at = 0
    for number, line in zip(lines(text), typed.lines, strict=True):
        assert line.start == number.start
        assert len(line.golds) == len(line.words)
        for word in line.words:
            span = line.typed(word)
            assert at <= span.start < span.end <= number.end
            at = span.end
            if not any(word.start < cut < word.end for cut, _ in line.cuts):
                assert span.of(text) == word.of(line.text)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["The", "cats", "sat", "n't", "👍🏽", "."]), st.sampled_from([*UPOS, None])),
        max_size=8,
    )
)
def test_labels_typed_one_by_one_come_back_one_by_one(pairs: list[tuple[str, str | None]]) -> None:
    text = " ".join(word if gold is None else f"{word}/{gold}" for word, gold in pairs)
    (line,) = parse_gold(text, UPOS, "whitespace").lines
    assert golds(line) == pairs
