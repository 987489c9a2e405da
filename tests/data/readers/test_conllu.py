"""The reader of CoNLL-U against the format as it is met in the wild."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probewidgets.data.corpus import Corpus
from probewidgets.data.examples import Example, Span
from probewidgets.data.readers.conllu import read_conllu
from probewidgets.data.segment import segment
from probewidgets.data.tasks import SpanTask, WordTask
from probewidgets.errors import DataError, FormatError

Read = Callable[[str | bytes], Example]


def row(number: str, form: str, *rest: str, head: str = "_", misc: str = "_") -> str:
    lemma, upos, xpos, feats, deprel, deps = (*rest, *["_"] * 6)[:6]
    return "\t".join((number, form, lemma, upos, xpos, feats, head, deprel, deps, misc))


def plain(*forms: str, text: str | None = None, sent_id: str | None = None) -> str:
    """A block whose words have no annotation, with spaces between them."""
    comments = [f"# sent_id = {sent_id}"] if sent_id else []
    comments += [f"# text = {text}"] if text is not None else []
    return "\n".join((*comments, *(row(str(i), form) for i, form in enumerate(forms, start=1)))) + "\n\n"


FILLER = plain("Snow", "fell", ".") + plain("Bells", "rang", ".") + plain("Nobody", "came", ".")
"""Enough other sentences for a split."""

RICH = "\n".join(
    (
        "# newdoc id = garden",
        "# sent_id = garden-1",
        "# text = Mia didn't water the roses; Tom the ferns.",
        "# text_de = Mia goss die Rosen nicht; Tom die Farne.",
        row("1", "Mia", "Mia", "PROPN", "NNP", "Number=Sing", "nsubj", "4:nsubj", head="4"),
        row("2-3", "didn't"),
        row("2", "did", "do", "AUX", "VBD", "Mood=Ind|Number=Sing|Tense=Past", "aux", "4:aux", head="4"),
        row("3", "n't", "not", "PART", "RB", "Polarity=Neg", "advmod", "4:advmod", head="4"),
        row("4", "water", "water", "VERB", "VB", "VerbForm=Inf", "root", "0:root", head="0"),
        row("5", "the", "the", "DET", "DT", "Definite=Def", "det", "6:det", head="6"),
        row("6", "roses", "rose", "NOUN", "NNS", "Number=Plur", "obj", "4:obj", head="4", misc="SpaceAfter=No"),
        row("7", ";", ";", "PUNCT", ":", "_", "punct", "8.1:punct", head="8"),
        row("8", "Tom", "Tom", "PROPN", "NNP", "Number=Sing", "conj", "8.1:nsubj", head="4"),
        row("8.1", "water", "water", "VERB", "VB", "VerbForm=Inf", "_", "4:conj", misc="CopyOf=4"),
        row("9", "the", "the", "DET", "DT", "Definite=Def", "det", "10:det", head="10"),
        row("10", "ferns", "fern", "NOUN", "NNS", "_", "orphan", "8.1:obj", head="8", misc="Pot=Clay|SpaceAfter=No"),
        row("11", ".", ".", "PUNCT", ".", "_", "punct", "4:punct", head="4"),
        "",
        "",
    )
)  # fmt: skip


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a text, followed by some other sentences, and give its first example."""

    def run(text: str | bytes) -> Example:
        path = tmp_path / "some.conllu"
        raw = text.encode() if isinstance(text, str) else text
        path.write_bytes(raw + FILLER.encode())
        return read_conllu(path)[0]

    return run


def error(tmp_path: Path, text: str | bytes) -> FormatError:
    path = tmp_path / "broken.conllu"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(FormatError) as caught:
        read_conllu(path)
    assert str(caught.value).startswith(f"{path}, line {caught.value.line}: ")
    return caught.value


# --- what is read ----------------------------------------------------------------------------------------------------


def test_every_column_is_an_annotation_under_its_own_name(read: Read) -> None:
    example = read(RICH)
    assert set(example.annotations) == {"lemma", "upos", "xpos", "feats", "head", "deprel", "deps", "misc"}
    assert example.annotations["lemma"][:3] == ("Mia", "do", "not")
    assert example.annotations["upos"][3] == "VERB"
    assert example.annotations["xpos"][6] == ":"
    assert example.annotations["feats"] == (
        "Number=Sing", "Mood=Ind|Number=Sing|Tense=Past", "Polarity=Neg", "VerbForm=Inf", "Definite=Def", "Number=Plur",
        None, "Number=Sing", "Definite=Def", None, None,
    )  # fmt: skip
    assert example.annotations["head"] == (4, 4, 4, 0, 6, 4, 8, 4, 10, 8, 4)
    assert example.annotations["deprel"][-2] == "orphan"
    assert example.annotations["deps"][6] == "8.1:punct"
    assert example.annotations["misc"] == (*(None,) * 5, "SpaceAfter=No", *(None,) * 3, "Pot=Clay|SpaceAfter=No", None)


def test_the_text_and_the_id_are_the_sentences_own(read: Read) -> None:
    example = read(RICH)
    assert example.text == "Mia didn't water the roses; Tom the ferns."
    assert example.id == "garden-1"


def test_multiword_tokens_are_read_as_their_words_and_empty_nodes_are_left_out(read: Read) -> None:
    example = read(RICH)
    assert example.forms == ("Mia", "did", "n't", "water", "the", "roses", ";", "Tom", "the", "ferns", ".")
    assert example.words[1:3] == (Span(4, 7), Span(7, 10))


@pytest.mark.parametrize(
    ("surface", "forms", "expected"),
    [
        ("gonna", ("gon", "na"), ("gon", "na")),
        ("cannot", ("can", "not"), ("can", "not")),
        ("dunno", ("du", "n", "no"), ("du", "n", "no")),
        ("du", ("de", "le"), ("du", "du")),
        ("zum", ("zu", "dem"), ("zum", "zum")),
        ("lala", ("la", "la"), ("la", "la")),
        ("ab", ("b", "a"), ("ab", "ab")),  # in order, or not at all
    ],
)
def test_words_of_a_token_get_their_own_characters_or_all_of_the_token(
    read: Read,
    surface: str,
    forms: tuple[str, ...],
    expected: tuple[str, ...],
) -> None:
    lines = [f"# text = x {surface} y", row("1", "x"), row(f"2-{1 + len(forms)}", surface)]
    lines += [row(str(i), form) for i, form in enumerate(forms, start=2)]
    lines += [row(str(2 + len(forms)), "y"), "", ""]
    assert read("\n".join(lines)).forms == ("x", *expected, "y")


def test_equal_words_are_found_one_after_the_other(read: Read) -> None:
    example = read(plain("that", "that", "is", "is", text="that that is is"))
    assert [word.start for word in example.words] == [0, 5, 10, 13]


def test_without_a_text_it_is_put_together_from_the_forms(read: Read) -> None:
    assert read("\n".join(line for line in RICH.split("\n") if "# text =" not in line)).text == (
        "Mia didn't water the roses; Tom the ferns."
    )


def test_space_after_a_multiword_token_is_read_from_its_own_line(read: Read) -> None:
    lines = [row("1-2", "don't", misc="SpaceAfter=No"), row("1", "do"), row("2", "n't"), row("3", "!"), "", ""]
    example = read("\n".join(lines))
    assert example.text == "don't!"
    assert example.forms == ("do", "n't", "!")


def test_space_after_is_only_read_where_it_is_the_whole_entry(read: Read) -> None:
    lines = [row("1", "a", misc="NoSpaceAfter=Not"), row("2", "b", misc="XSpaceAfter=No"), row("3", "c"), "", ""]
    assert read("\n".join(lines)).text == "a b c"


def test_without_an_id_the_example_is_called_by_file_and_line(read: Read) -> None:
    assert read("# a remark\n" + plain("Hello")).id == "some.conllu:2"


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(read: Read) -> None:
    assert read(b"\xef\xbb\xbf" + RICH.replace("\n", "\r\n").encode()) == read(RICH)


def test_the_last_sentence_needs_no_empty_line(tmp_path: Path) -> None:
    path = tmp_path / "a.conllu"
    path.write_text((FILLER + plain("The", "end")).rstrip("\n"), encoding="utf-8")
    assert read_conllu(path)[3].forms == ("The", "end")


def test_several_empty_lines_and_lone_comments_are_no_sentences(tmp_path: Path) -> None:
    path = tmp_path / "a.conllu"
    path.write_text("\n\n# global.columns = ID FORM\n\n \n" + FILLER + "\n\n# end\n", encoding="utf-8")
    assert len(read_conllu(path)) == 3


def test_characters_that_look_like_line_ends_stay_in_their_form(read: Read) -> None:
    example = read(plain("a\u2028b", "c\x85d", "e\x0cf"))
    assert example.forms == ("a\u2028b", "c\x85d", "e\x0cf")


def test_forms_with_spaces_emoji_accents_and_other_scripts_have_their_spans(read: Read) -> None:
    forms = ("10 000", "👩\u200d🚀", "cafe\u0301", "سلام", "日本", "x")
    example = read(plain(*forms, text="10 000 👩\u200d🚀\u00a0cafe\u0301\tسلام日本 x"))
    assert example.forms == forms


def test_an_underscore_is_a_word_with_the_lemma_underscore(read: Read) -> None:
    lines = [row("1", "_", "_", "SYM"), row("2", "b", "_"), "", ""]
    example = read("\n".join(lines))
    assert example.forms == ("_", "b")
    assert example.annotations["lemma"] == ("_", None)
    assert example.annotations["upos"] == ("SYM", None)


def test_layered_features_several_values_and_edges_to_empty_nodes_are_as_they_must_be(read: Read) -> None:
    feats, deps = "Case=Acc,Nom|Number[psor]=Sing|Typo=Yes", "0:root|2.1:conj:and>2.1:nsubj"
    lines = [row("1-2", "ab", "_", "_", "_", "Typo=Yes"), row("1", "a", "_", "X", "_", feats, "_", deps), row("2", "b")]
    example = read("\n".join((*lines, "", "")))
    assert (example.annotations["feats"][0], example.annotations["deps"][0]) == (feats, deps)


def test_an_empty_node_may_come_first_and_several_may_follow_one_word(read: Read) -> None:
    lines = [row("0.1", "he"), row("1", "Came"), row("1.1", "x"), row("1.2", "y"), row("2", "late"), "", ""]
    assert read("\n".join(lines)).forms == ("Came", "late")


def test_a_sentence_without_a_root_and_without_heads_is_read(read: Read) -> None:
    assert read(plain("Hello", "there")).annotations["head"] == (None, None)
    assert read("\n".join((row("1", "a", head="2"), row("2", "b", head="1"), "", ""))).annotations["head"] == (2, 1)


def test_a_sentence_of_more_than_a_thousand_words_is_read(read: Read) -> None:
    lines = [row(str(i), f"w{i}", head=str(1200 if i < 1200 else 0)) for i in range(1, 1201)]
    example = read("\n".join(lines) + "\n\n")
    assert example.annotations["head"][:2] == (1200, 1200)
    assert example.forms[-1] == "w1200"


word_forms = st.text(st.characters(codec="utf-8", exclude_categories=("Z", "C")), min_size=1, max_size=6)


@settings(deadline=None)
@given(st.lists(st.tuples(word_forms, st.booleans()), min_size=1, max_size=12))
def test_any_forms_and_spaces_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, words: list[tuple[str, bool]]
) -> None:
    lines = [
        row(str(i), form, misc="_" if spaced else "SpaceAfter=No") for i, (form, spaced) in enumerate(words, start=1)
    ]
    path = tmp_path_factory.mktemp("any") / "a.conllu"
    path.write_bytes(("\n".join(lines) + "\n\n" + FILLER).encode())
    example = read_conllu(path)[0]
    assert example.forms == tuple(form for form, _ in words)
    assert example.text == "".join(form + " " * spaced for form, spaced in words).rstrip(" ")


# --- what is broken --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "line", "message"),
    [
        (["# text = a b", row("1", "a"), "2\tb\tb\tNOUN"], 3, "4 column(s), expected 10"),
        ([row("1", "a") + "\t_"], 1, "11 column(s), expected 10"),
        ([row("1", "a").replace("\t", " ")], 1, "separated by spaces: use tabs"),
        ([row("1", "a"), row("3", "c")], 2, "the ID '3' is out of order, expected 2"),
        ([row("1", "a"), row("1", "a")], 2, "Is a line missing, or the empty line between two sentences?"),
        ([row("0", "a")], 1, "the ID '0' is out of order, expected 1"),
        ([row("01", "a")], 1, "the ID '01'"),
        ([row("one", "a")], 1, "the ID 'one'"),
        ([row("1", "a"), row("3-4", "cd"), row("2", "b")], 2, "the ID '3-4'"),
        ([row("2-3", "ab"), row("1", "a"), row("2", "b")], 1, "the ID '2-3'"),
        ([row("1", "a"), row("2-1", "ab"), row("2", "b")], 2, "the ID '2-1'"),
        ([row("1-2", "ab"), row("1", "a"), row("2-3", "bc"), row("2", "b"), row("3", "c")], 3, "the ID '2-3'"),
        ([row("1", "a"), row("2-4", "bcd"), row("2", "b")], 2, "spans words 2-4, but the sentence has only 2"),
        ([row("1", "a"), row("2.1", "x")], 2, "the ID '2.1'"),
        ([row("1", "a"), row("1.2", "x")], 2, "the ID '1.2'"),
        ([row("0.1", "x")], 1, "no word"),
        ([row("1", "")], 1, "FORM is empty"),
        ([row("1", "a"), row("2-3", ""), row("2", "b"), row("3", "c")], 2, "FORM is empty"),
        ([row("1", "a"), row("1.1", "")], 2, "FORM is empty"),
        ([row("1", "a", "a", "")], 1, "UPOS is empty; where there is no value, write _."),
        ([row("1", "a", misc="")], 1, "MISC is empty"),
        ([row("1", "a", "a", "X ")], 1, "UPOS has outer spaces: 'X '"),
        ([row("1", " a")], 1, "FORM has outer spaces: ' a'"),
        ([row("1", "a", misc="_ ")], 1, "MISC has outer spaces"),
        ([row("1", "a", "a", "X", "_", "Number")], 1, "FEATS is 'Number', expected Key=Value pairs"),
        ([row("1", "a", "a", "X", "_", "Case=Nom|Number=")], 1, "FEATS is 'Case=Nom|Number='"),
        ([row("1", "a", "a", "X", "_", "=Sing")], 1, "FEATS is '=Sing'"),
        ([row("1", "a", "a", "X", "_", "Number=Sing|Number=Plur")], 1, "each key once"),
        ([row("1-2", "ab", "_", "_", "_", "Typo"), row("1", "a"), row("2", "b")], 1, "FEATS is 'Typo'"),
        ([row("1", "a", "a", "X", "_", "_", "_", "zzz:")], 1, "DEPS is 'zzz:', expected head:relation pairs"),
        ([row("1", "a", "a", "X", "_", "_", "_", "1:")], 1, "DEPS is '1:'"),
        ([row("1", "a"), row("1.1", "b", "_", "_", "_", "_", "_", "1:x|y")], 2, "DEPS is '1:x|y'"),
        ([row("1", "a", head="2")], 1, "has the head '2', expected another word's ID (1 to 1), 0 for the root, or _"),
        ([row("1", "a", head="0"), row("2", "b", head="-1")], 2, "'-1'"),
        ([row("1", "a", head="x")], 1, "'x'"),
        ([row("1", "a", head="²")], 1, "'²'"),
        ([row("1", "a", head="1.1")], 1, "'1.1'"),
        ([row("1", "a", head="0"), row("2", "b", head="2")], 2, "word 2 is its own head"),
        (["# text = a c", row("1", "a"), row("2", "b")], 3, "what the text has there ('c'...; # text is on line 1)"),
        (["# text = x a", row("1", "a")], 2, "the form 'a' is not what the text has there ('x a'"),
        (["# text = a", row("1", "a"), row("2", "b")], 3, "the form 'b'"),
        (["# sent_id = 1", "# text = a b c", row("1", "a")], 2, "goes on after the last word: 'b c'"),
        (["# text = ab", row("1-2", "ba"), row("1", "b"), row("2", "a")], 2, "the form 'ba'"),
    ],
)  # fmt: skip
def test_a_broken_line_is_an_error_with_its_number(tmp_path: Path, lines: list[str], line: int, message: str) -> None:
    first = error(tmp_path, "\n".join(lines) + "\n\n" + FILLER)
    assert message in str(first)
    assert first.line == line
    # The same, further down and with Windows line ends: the number counts from the start of the file.
    later = error(tmp_path, (FILLER + "\n".join(lines)).replace("\n", "\r\n"))
    assert later.line == line + FILLER.count("\n")


def test_bytes_that_are_not_utf8_are_an_error_with_their_line(tmp_path: Path) -> None:
    caught = error(tmp_path, FILLER.encode() + plain("x", "café").encode("latin-1"))
    assert caught.line == FILLER.count("\n") + 2
    assert "0xe9 is not UTF-8" in str(caught)


@pytest.mark.parametrize("content", ["", "\n\n\n", "# text = only this\n\n"])
def test_a_file_without_a_sentence_is_an_error(tmp_path: Path, content: str) -> None:
    assert "no sentence" in str(error(tmp_path, content))


@pytest.mark.parametrize("wrong", [["a.conllu"], None, 3, {"train": "a.conllu"}])
def test_what_is_no_path_is_an_error_that_says_what_is_expected(wrong: object) -> None:
    with pytest.raises(DataError, match=r"train must be the path of one file \(CoNLL-U\), but \w+ came"):
        read_conllu(wrong)  # type: ignore[arg-type]


def test_a_path_that_cannot_be_one_is_an_error() -> None:
    with pytest.raises(DataError, match="Cannot read"):
        read_conllu("a\0b")


@pytest.mark.parametrize("name", ["gzip", "bz2", "lzma"])
def test_a_compressed_file_is_an_error_that_says_to_unpack_it(tmp_path: Path, name: str) -> None:
    packed = importlib.import_module(name).compress(FILLER.encode())
    assert "compressed" in str(error(tmp_path, packed))
    assert "Unpack it" in str(error(tmp_path, packed))


@pytest.mark.parametrize("raw", [bytes(range(256)), b"\0" * 40, FILLER.encode("utf-16"), b"\x89PNG\r\n\x1a\n\0"])
def test_a_binary_file_is_an_error_of_its_format(tmp_path: Path, raw: bytes) -> None:
    assert error(tmp_path, raw).line >= 1


def test_a_file_that_is_not_there_and_a_folder_are_errors_that_name_them(tmp_path: Path) -> None:
    for path in (tmp_path / "no.conllu", tmp_path):
        with pytest.raises(DataError, match="Cannot read"):
            read_conllu(path)


# --- the corpus ------------------------------------------------------------------------------------------------------


def write(folder: Path, name: str, prefix: str, n: int) -> Path:
    path = folder / name
    path.write_text("".join(plain(prefix, f"number{i}", ".") for i in range(n)), encoding="utf-8")
    return path


def sides(corpus: Corpus) -> dict[str, set[str]]:
    return {side: {corpus[i].forms[0] for i in indices} for side, indices in corpus.split.items()}


def sizes(corpus: Corpus) -> list[int]:
    return [len(indices) for _, indices in corpus.split.items()]


def test_three_files_are_the_three_sides(tmp_path: Path) -> None:
    paths = [
        write(tmp_path, f"xx_toy-ud-{side}.conllu", side, n) for side, n in (("train", 5), ("dev", 2), ("test", 3))
    ]
    corpus = read_conllu(*paths, licence="CC0")
    assert sides(corpus) == {"train": {"train"}, "dev": {"dev"}, "test": {"test"}}
    assert sizes(corpus) == [5, 2, 3]
    assert (corpus.name, corpus.licence) == ("xx_toy-ud", "CC0")


def test_one_file_is_split_by_example_and_by_seed(tmp_path: Path) -> None:
    path = write(tmp_path, "all.conllu", "all", 100)
    corpus = read_conllu(str(path), seed=1)
    assert sizes(corpus) == [70, 15, 15]
    assert corpus.split == read_conllu(path, seed=1).split
    assert corpus.split != read_conllu(path, seed=2).split
    assert corpus.name == "all"


def test_the_side_that_is_missing_is_taken_from_train(tmp_path: Path) -> None:
    train, other = write(tmp_path, "train.conllu", "train", 100), write(tmp_path, "tail.conllu", "other", 7)
    with_test = read_conllu(train, test=other)
    assert sides(with_test) == {"train": {"train"}, "dev": {"train"}, "test": {"other"}}
    assert sizes(with_test) == [85, 15, 7]
    with_dev = read_conllu(train, other)
    assert sides(with_dev) == {"train": {"train"}, "dev": {"other"}, "test": {"train"}}
    assert sizes(with_dev) == [85, 7, 15]


def test_too_few_sentences_to_split_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="at least 3"):
        read_conllu(write(tmp_path, "two.conllu", "two", 2))


def test_files_that_share_no_name_are_called_by_their_folder(tmp_path: Path) -> None:
    folder = tmp_path / "UD_Toy"
    folder.mkdir()
    paths = [write(folder, f"{side}.conllu", side, 3) for side in ("train", "dev", "test")]
    assert read_conllu(*paths).name == "UD_Toy"
    assert read_conllu(paths[0], test=paths[2]).name == "UD_Toy"
    assert read_conllu(*paths, name="mine").name == "mine"


def test_the_corpus_says_how_its_words_are_found_in_raw_text(tmp_path: Path) -> None:
    english = tmp_path / "en.conllu"
    english.write_text(RICH + FILLER, encoding="utf-8")
    assert read_conllu(english).segmenter == "english"
    glued = tmp_path / "glued.conllu"
    glued.write_text("".join(plain("well-known,", "don't", f"you{i}?!") for i in range(9)), encoding="utf-8")
    corpus = read_conllu(glued)
    assert corpus.segmenter == "whitespace"
    # It is learned on train alone.
    assert read_conllu(english, glued, glued).segmenter == "english"
    assert tuple(segment(corpus[0].text, corpus.segmenter)) == corpus[0].words


# --- CoNLL-U Plus ----------------------------------------------------------------------------------------------------

CUPT = "ID FORM LEMMA UPOS XPOS FEATS HEAD DEPREL DEPS MISC PARSEME:MWE"
GAVE_UP = "\n".join(
    (
        "# source_sent_id = . . 1",
        "# text = She gave up.",
        row("1", "She", "she", "PRON", head="2") + "\t*",
        row("2", "gave", "give", "VERB", head="0") + "\t1:VPC.full",
        row("2.1", "x") + "\t*",
        row("3", "up", "up", "ADP", head="2", misc="SpaceAfter=No") + "\t1",
        row("4", ".", ".", "PUNCT", head="2") + "\t_",
        "",
        "",
    )
)
PLUS = "".join(GAVE_UP.replace("She", f"She{i}") for i in range(4))


def plus(folder: Path, text: str, name: str = "train.cupt") -> Corpus:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_conllu(path)


@pytest.mark.parametrize("before", ["", "# licence: CC BY\n"])
def test_more_columns_are_annotations_under_the_names_that_the_file_gives_them(tmp_path: Path, before: str) -> None:
    corpus = plus(tmp_path, f"{before}# global.columns = {CUPT}\n{PLUS}")
    assert corpus[0].forms == ("She0", "gave", "up", ".")
    assert corpus[0].annotations["PARSEME:MWE"] == ("*", "1:VPC.full", "1", None)
    assert corpus[0].annotations["head"] == (2, 0, 2, 2)
    assert WordTask("PARSEME:MWE").targets(corpus).labels == ("*", "1", "1:VPC.full")
    ten = "\n".join("\t".join(line.split("\t")[:10]) for line in PLUS.split("\n"))
    theirs = plus(tmp_path, ten, "plain.conllu")[0].annotations
    assert {**theirs, "PARSEME:MWE": corpus[0].annotations["PARSEME:MWE"]} == corpus[0].annotations


def test_columns_may_be_fewer_and_in_another_order(tmp_path: Path) -> None:
    rows = "".join(f"Ana{i}\tB-PER\t_\nsov\tO\tSpaceAfter=No\n.\tO\t_\n\n" for i in range(4))
    corpus = plus(tmp_path, f"# global.columns = form NER MISC\n{rows}")
    assert (corpus[0].text, corpus[0].forms) == ("Ana0 sov.", ("Ana0", "sov", "."))
    assert set(corpus[0].annotations) == {"NER", "misc"}
    assert SpanTask("NER").targets(corpus)[0].surface == "Ana0"
    turned = "".join(f"_\t1-2\tab{i}\n_\t1\ta\nX\t2\tb{i}\n\n" for i in range(4))
    corpus = plus(tmp_path, f"# global.columns = UPOS ID FORM\n{turned}")
    assert corpus[0].forms == ("a", "b0") and corpus[0].annotations == {"upos": (None, "X")}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("# global.columns = ID LEMMA\n1\ta\n", 1, "none is called FORM"),
        ("# x\n# global.columns = ID FORM form\n1\ta\ta\n", 2, "FORM is named twice"),
        (
            f"# global.columns = {CUPT}\n{row('1', 'a')}\n",
            2,
            r"10 column\(s\), expected 11 .* global\.columns names: ID FORM",
        ),
        (f"{row('1', 'a')}\t*\n", 1, r"11 column\(s\), expected 10 .*first line: # global\.columns = ID FORM"),
        ("# global.columns = ID FORM X:Y\n1\ta\t\n", 2, "X:Y is empty"),
    ],
)
def test_columns_that_cannot_be_read_are_named(tmp_path: Path, text: str, line: int, message: str) -> None:
    with pytest.raises(FormatError, match=message) as caught:
        plus(tmp_path, text)
    assert caught.value.line == line


# --- words that were taken out ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["_", "____"])
def test_a_treebank_whose_words_were_taken_out_is_refused(tmp_path: Path, form: str) -> None:
    path = tmp_path / "masked.conllu"
    path.write_text("".join(plain(*[form] * n) for n in (3, 1, 2, 5, 4)), encoding="utf-8")
    with pytest.raises(DataError, match=rf"masked\.conllu: every word is '{form}'\. The words were taken out"):
        read_conllu(path)
    whole = write(tmp_path, "whole.conllu", "a", 4)
    with pytest.raises(DataError, match="every word is"):
        read_conllu(whole, path)


def test_words_that_were_taken_out_of_a_treebank_with_texts_are_told(tmp_path: Path) -> None:
    caught = error(tmp_path, plain("_", "_", text="Mia slept"))
    assert "Were the words taken out, for their licence? Merge them in." in str(caught)


def test_sentences_whose_words_were_taken_out_are_said(tmp_path: Path) -> None:
    path = tmp_path / "mixed.conllu"
    path.write_text(FILLER + plain("_", "_", sent_id="reddit-1") + plain("_"), encoding="utf-8")
    with pytest.warns(UserWarning, match=r"in 1 of 5 sentences, of which 'reddit-1' is the first, every word is '_'"):
        assert len(read_conllu(path)) == 5


# --- keys in MISC ----------------------------------------------------------------------------------------------------


@pytest.fixture
def names(tmp_path: Path) -> Corpus:
    """Entities in MISC, as some treebanks of UD have them."""
    rows = [
        row("1", "Ana", "_", "PROPN", "_", "Number=Sing", misc="Gloss=her|name=B-PER|upos=own"),
        row("2", "Lund", "_", "PROPN", "_", "Number=Sing", misc="name=I-PER"),
        row("3", "sov", "_", "VERB", misc="SpaceAfter=No|name=O|Number=x=y|flag|empty=_"),
        row("4", ".", "_", "PUNCT"),
        "\n",
    ]
    path = tmp_path / "names.conllu"
    path.write_text("\n".join(rows) + FILLER, encoding="utf-8")
    return read_conllu(path)


def test_a_key_of_misc_is_a_task_free_of_what_else_stands_there(names: Corpus) -> None:
    targets = WordTask("name").targets(names)
    assert targets.labels == ("B-PER", "I-PER", "O") and targets.unlabelled == 1 + 9
    assert [(span.surface, span.label) for span in SpanTask("name").targets(names)] == [("Ana Lund", "PER")]
    assert WordTask("SpaceAfter").targets(names).labels == ("No",)


def test_columns_come_before_keys_and_feats_before_misc(names: Corpus) -> None:
    assert WordTask("upos").targets(names).labels == ("PROPN", "PUNCT", "VERB")
    assert WordTask("misc:upos").targets(names).labels == ("own",)
    assert WordTask("Number").targets(names).labels == WordTask("feats:Number").targets(names).labels == ("Sing",)
    assert WordTask("misc:Number").targets(names).labels == ("x=y",)
    for name in ("flag", "empty", "feats:name", "Name"):
        with pytest.raises(DataError, match=r"FEATS keys: Number\. MISC keys: Gloss, Number, SpaceAfter, name, upos\."):
            WordTask(name).targets(names)
