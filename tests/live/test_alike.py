"""What is typed is read as what the probe was trained on, or a note says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tiny

import probewidgets as pw
from probewidgets.data.corpus import Corpus, Example, Span, Split
from probewidgets.data.examples import placed
from probewidgets.data.segment import segment
from probewidgets.errors import DataError, ProbeError
from probewidgets.metrics.calibration import scaled
from probewidgets.values import Predictions

TOKENIZED = ("I ca n't go , he said .", "We do n't know . It is here .", "The cats sat , and the mats ran .")


def pairs(text: str) -> list[str]:
    """A segmenter of a language without spaces: two characters are a word."""
    return [text[i : i + 2] for i in range(0, len(text), 2)]


def corpus(examples: Sequence[Example], **more: object) -> Corpus:
    n = len(examples)
    sides = (tuple(range(n // 2)), tuple(range(n // 2, 3 * n // 4)), tuple(range(3 * n // 4, n)))
    return Corpus(tuple(examples), Split(*sides), **more)


def labelled(text: str, words: Sequence[Span]) -> Example:
    return Example(text, tuple(words), {"tag": tuple("L" if len(word.of(text)) > 2 else "S" for word in words)})


def of_pairs(segmenter: object = pairs) -> Corpus:
    texts = ("我们abc喜欢的", "大学xy学习", "北京他们天气", "很好bc大学")
    words = {text: tuple(segment(text, pairs)) for text in texts}
    tags = {text: {"tag": tuple("SL"[i % 2] for i in range(len(spans)))} for text, spans in words.items()}
    return corpus([Example(text, words[text], tags[text]) for text in texts] * 4, segmenter=segmenter)


@pytest.fixture(scope="module")
def lm() -> pw.LanguageModel:
    return pw.LanguageModel(*tiny.model("gpt2"))


def swept(lm: pw.LanguageModel, texts: Corpus, task: object = None) -> pw.Sweep:
    acts = pw.capture(lm, texts, task or pw.WordTask("tag"), store=False, layers=[0, 2])
    return pw.sweep(acts, pw.LinearProbe(l2=1e-2), bootstrap=10, progress=False)


@pytest.fixture(scope="module")
def joined(lm: pw.LanguageModel) -> pw.Sweep:
    return swept(lm, corpus([labelled(*placed(text.split())) for text in TOKENIZED * 5]))


def notes(predictions: Predictions) -> tuple[str, ...]:
    """All that is said of a text, but that these corpora are small."""
    return tuple(note for note in predictions.notes if not note.startswith("Tested on"))


def test_words_that_stand_between_spaces_in_the_corpus_do_so_when_they_are_typed(lm, joined) -> None:
    live = pw.predictor(lm, joined)
    spaced, typed = live("I ca n't go , he said ."), live("I can't go, he said.")
    assert [unit.text for unit in typed.units] == ["I", "ca", "n't", "go", ",", "he", "said", "."]
    np.testing.assert_array_equal(spaced.proba, typed.proba)
    assert notes(typed) == notes(spaced) == ()
    for unit in typed.units:
        assert typed.text[unit.start : unit.end] == unit.text


def test_sentences_between_spaces_are_read_so_too(lm) -> None:
    examples = [Example(t, placed(t.split())[1], labels={"y": "pn"[i % 2]}) for i, t in enumerate(TOKENIZED * 5)]
    for segmenter in ("english", "whitespace"):
        live = pw.predictor(lm, swept(lm, corpus(examples, segmenter=segmenter), pw.SentenceTask("y")))
        spaced, typed = live("I ca n't go , he said ."), live("I can't go, he said.")
        np.testing.assert_array_equal(spaced.proba, typed.proba)
        assert typed.units[0].text == "I ca n't go , he said ."
        assert (typed.units[0].start, typed.units[0].end) == (0, len("I can't go, he said."))


def test_other_spaces_than_in_the_corpus_are_told_with_how_many(lm) -> None:
    texts = ("I can't go, he said.", "We don't know, or it's here.", "Well, the mats ran.")
    live = pw.predictor(lm, swept(lm, corpus([labelled(t, segment(t)) for t in texts * 5])))
    assert notes(live("He can't sit, she said.")) == ()
    (note,) = notes(live("He ca n't sit, she said."))
    assert note.startswith('"He ca n\'t": in the corpus, 100% of "n\'t" are written without a space before them.')


def test_a_typed_text_of_the_corpus_has_the_states_that_it_has_there(lm) -> None:
    texts = [f"Well. {a}\r\nThe plot was {b}.\r\n\r\nGo.\n" for a in ("so", "no", "a") for b in ("thin", "rich", "odd")]
    reviews = corpus([Example(t, labels={"y": "ab"["thin" in t]}) for t in texts * 2])
    sweep = swept(lm, reviews, pw.SentenceTask("y"))
    acts = pw.capture(lm, reviews, pw.SentenceTask("y"), store=False, layers=[0, 2])
    got = pw.predictor(lm, sweep)(texts[0].replace("\r\n", "\n"))
    (unit,) = got.units
    assert (unit.start, unit.line) == (0, 0) and got.text[unit.start : unit.end] == got.text.strip()
    assert notes(got) == ("The 3 lines were read as one text: 100% of the corpus's texts have line breaks.",)
    for row in range(2):
        own = sweep.probes[row].predict(acts.layer(sweep.layers[row])[:1])[0]
        assert got.label(sweep.layers[row]) == (own,)
    assert len(pw.predictor(lm, sweep)("One.\n\nTwo.").units) == 1


def test_lines_are_texts_where_few_of_the_corpus_have_line_breaks_and_that_is_told(lm) -> None:
    texts = [*(f"The cats sat {n}" for n in range(39)), "The cats\nsat"]
    rare = corpus([Example(t, labels={"y": "ab"[n % 2]}) for n, t in enumerate(reversed(texts))])
    got = pw.predictor(lm, swept(lm, rare, pw.SentenceTask("y")))("The cats\nsat")
    assert len(got.units) == 2 and "Each line was read as a text of its own; 5.0%" in notes(got)[0]


def test_heads_of_a_text_of_several_lines_are_sought_in_all_of_it(lm) -> None:
    texts = [
        Example(t, tuple(segment(t)), {"head": (0, 1, 2, 3)}) for t in ("a cat\nsat here", "the dog\nran home") * 6
    ]
    acts = pw.capture(lm, corpus(texts), pw.TreeTask(), store=False)
    heads = pw.sweep(acts, pw.BilinearProbe(rank=2, epochs=1), bootstrap=10, progress=False)
    got = pw.predictor(lm, heads)("a dog\nsat home")
    assert {unit.line for unit in got.units} == {0} and (got.proba > 0).all()


def test_a_segmenter_of_ones_own_cuts_what_is_typed(lm) -> None:
    got = pw.predictor(lm, swept(lm, of_pairs()))("他们喜欢学习\n天气")
    assert [(unit.text, unit.line) for unit in got.units] == [("他们", 0), ("喜欢", 0), ("学习", 0), ("天气", 1)]
    assert notes(got) == ()


def test_a_segmenter_that_finds_other_words_than_the_corpus_has_is_told_with_how_well_it_does(lm) -> None:
    poor = of_pairs("unicode")
    (note,) = notes(pw.predictor(lm, swept(lm, poor))("他们喜欢"))
    assert note.startswith(
        "Words are cut by 'unicode', which finds the words of the corpus in its own texts with an F1 "
    )
    assert f"of {poor.writing.agreement:.3f}:" in note and "Corpus(segmenter=text -> words)" in note
    label = replace(poor, examples=tuple(replace(e, labels={"y": "ab"[n % 2]}) for n, e in enumerate(poor)))
    assert notes(pw.predictor(lm, swept(lm, label, pw.SentenceTask("y")))("他们喜欢")) == ()


def test_a_segmenter_of_ones_own_is_asked_for_where_a_sweep_comes_from_a_file(lm, tmp_path: Path) -> None:
    sweep = swept(lm, of_pairs())
    sweep.save(tmp_path / "own.safetensors")
    again = pw.Sweep.load(tmp_path / "own.safetensors")
    assert again.segmenter == "pairs"
    with pytest.raises(ProbeError, match=r"a function of your own, 'pairs'.*predictor\(..., segmenter=pairs\)"):
        pw.predictor(lm, again)
    typed = "他们喜欢学习"
    np.testing.assert_array_equal(
        pw.predictor(lm, again, segmenter=pairs)(typed).proba, pw.predictor(lm, sweep)(typed).proba
    )
    with pytest.raises(DataError, match="no segmenter 'german'"):
        pw.predictor(lm, again, segmenter="german")


def test_sentences_need_no_segmenter_of_ones_own(lm, tmp_path: Path) -> None:
    label = tuple(replace(e, labels={"y": "ab"[n % 2]}) for n, e in enumerate(of_pairs()))
    swept(lm, replace(of_pairs(), examples=label), pw.SentenceTask("y")).save(tmp_path / "own.safetensors")
    again = pw.Sweep.load(tmp_path / "own.safetensors")
    assert [unit.text for unit in pw.predictor(lm, again)("他们喜欢学习").units] == ["他们喜欢学习"]


def test_explore_cuts_by_ones_own_segmenter_also_when_the_sweep_was_kept(lm, tmp_path: Path) -> None:
    options = {"model": lm, "corpus": of_pairs(), "task": pw.WordTask("tag"), "store": tmp_path, "control": False}
    for _ in range(2):
        explorer = pw.explore("他们喜欢学习", layers=[0], **options)
        assert [unit.text for unit in explorer.predictions.units] == ["他们", "喜欢", "学习"]
        explorer.close()
    assert len(list((tmp_path / "sweeps").iterdir())) == 1


def test_a_sweep_that_does_not_say_how_its_texts_are_made_says_so(lm, joined) -> None:
    early = replace(joined, settings={name: what for name, what in joined.settings.items() if name != "texts"})
    assert pw.predictor(lm, early)("I go").notes[0].startswith("This sweep does not say how the texts of its corpus")


def test_how_texts_are_made_comes_back_from_a_file(lm, joined, tmp_path: Path) -> None:
    joined.save(tmp_path / "sweep.safetensors")
    typed = "I can't go, he said."
    again = pw.predictor(lm, pw.Sweep.load(tmp_path / "sweep.safetensors"))(typed)
    np.testing.assert_array_equal(again.proba, pw.predictor(lm, joined)(typed).proba)


# --- gold labels, or not ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ask", [lambda live, text: live(text, gold=False), None], ids=["asked", "made"])
def test_gold_labels_are_not_looked_for_on_request(lm, joined, ask: Callable[..., pw.Predictions] | None) -> None:
    text = r"The cats/L sat \/"
    assert [unit.gold for unit in pw.predictor(lm, joined)(text).units] == [None, "L", None, None]
    got = ask(pw.predictor(lm, joined), text) if ask else pw.predictor(lm, joined, gold=False)(text)
    assert "".join(unit.text for unit in got.units) == text.replace(" ", "")
    assert {unit.gold for unit in got.units} == {None} and not any("gold" in note for note in notes(got))
    assert pw.predictor(lm, joined, gold=False)(text, gold=True).units[1].gold == "L"


# --- characters, and ends of texts --------------------------------------------------------------------------------


def test_what_the_corpus_writes_otherwise_is_told_and_nothing_is_changed(lm) -> None:
    texts = [f"He -LRB- no {n} -RRB- paid 1\\/2 in all , and he went home again with a dog ." for n in range(8)]
    live = pw.predictor(lm, swept(lm, corpus([labelled(*placed(text.split())) for text in texts])))
    (cut,) = notes(live(texts[0]))
    assert cut.startswith("Words are cut by 'english'")
    got = live("He (no 1) paid 1/2.")
    assert [note.split(":")[0] for note in notes(got)[1:]] == [
        "The corpus writes round brackets as -LRB- -RRB- (100% of them), and ( ) was typed",
        r"The corpus writes slashes as \/ (100% of them), and / was typed",
    ]
    assert [unit.text for unit in got.units] == ["He", "(", "no", "1", ")", "paid", "1/2", "."]
    assert "1\\/2" in [unit.text for unit in live("paid 1\\/2").units]  # the escape is the corpus's, too


@pytest.mark.parametrize(
    "ends", [("\n", " \n"), ("\n", ""), ("", " "), ("\r\n", "\r\n\r\n")], ids=["breaks", "or none", "spaces", "many"]
)
@pytest.mark.parametrize("pool", [pw.last, pw.mean], ids=["last", "mean"])
def test_the_end_of_a_whole_text_is_read_as_it_was_typed_where_ends_vary(lm, ends: tuple[str, str], pool) -> None:
    prompts = corpus([Example(f"Q: {n}?{ends[n % 2]}", labels={"y": "ab"[n % 3 > 0]}) for n in range(12)])
    acts = pw.capture(lm, prompts, pw.SentenceTask("y"), store=False, layers=[2], pool=pool)
    sweep = pw.sweep(acts, pw.LinearProbe(l2=1e-2), bootstrap=10, progress=False)
    live = pw.predictor(lm, sweep, pool=pool)
    for n in range(2):
        got = live(prompts[n].text.replace("\r\n", "\n"))
        (unit,) = got.units
        want = np.exp(scaled(sweep.probes[0].log_proba(acts.layer(2)[n : n + 1]), sweep.scores[0].temperature))
        np.testing.assert_allclose(got.proba[0], want, atol=1e-5)
        assert unit.text == prompts[n].text.strip() and notes(got) == ()
    assert len(live("Q: 1?\nQ: 2?").units) == 2


def test_an_end_that_no_text_of_the_corpus_has_is_left_out_and_one_that_all_have_is_put_in_with_a_note(lm) -> None:
    without = corpus([Example(f"Q: {n}?", labels={"y": "ab"[n % 2]}) for n in range(8)])
    live = pw.predictor(lm, swept(lm, without, pw.SentenceTask("y")))
    assert notes(live("Q: 1?")) == notes(live("Q: 1? ")) == notes(live("Q: 1?\nQ: 2?")) == ()
    (note,) = notes(live("Q: 1?\n"))
    assert note == (
        r"At the end of the text '\n' was left out: all of the corpus's texts have no space or line break there."
    )
    np.testing.assert_array_equal(live("Q: 1?\n").proba, live("Q: 1?").proba)
    ended = corpus([Example(f"Q: {n}?\n", labels={"y": "ab"[n % 2]}) for n in range(8)])
    live = pw.predictor(lm, swept(lm, ended, pw.SentenceTask("y")))
    assert notes(live("Q: 1?\n")) == ()
    (note,) = notes(live("Q: 1?"))
    assert note == r"At the end of the text '\n' was put in for '': all of the corpus's texts have '\n' there."
    np.testing.assert_array_equal(live("Q: 1?\n").proba, live("Q: 1?").proba)
