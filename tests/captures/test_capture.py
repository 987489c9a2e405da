from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tiny
import torch

import probewidgets as pw
from probewidgets.captures import pooling
from probewidgets.captures.alignment import align
from probewidgets.captures.pooling import pool_name
from probewidgets.captures.windows import windows
from probewidgets.data.corpus import Corpus, Example, Span, Split
from probewidgets.errors import DataError, ModelError, TooLongError
from probewidgets.models.batching import batches

TRICKY = (
    "The cats sat on the mat .",
    "Do n't you like naïve cafés ?",
    "état Äpfel señor e\u0301tat",
    "北京 大 学",
    "שלום עולם hello",
    "👍🏽 ok 👨‍👩‍👧 fine",
    "tab\tseparated  double",
    "state-of-the-art , e.g. this",
    "a",
    "1,234.5 % of $ 7",
    "x" * 40,
    "I ca n't believe it 's not butter !",
    "<script> [CLS] </s> <s>",
)
KINDS = ("wordpiece", "byte-bpe", "byte-bpe-prefix", "metaspace")
FAMILY = {"wordpiece": "bert", "byte-bpe": "gpt2", "byte-bpe-prefix": "roberta", "metaspace": "llama"}


def words_of(text: str) -> tuple[Span, ...]:
    spans, at = [], 0
    for word in text.split():
        start = text.index(word, at)
        spans.append(Span(start, start + len(word)))
        at = start + len(word)
    return tuple(spans)


def corpus_of(*texts: str) -> Corpus:
    examples = tuple(
        Example(text, words_of(text), {"tag": tuple("AB"[i % 2] for i in range(len(text.split())))}, id=str(n))
        for n, text in enumerate(texts)
    )
    return Corpus(examples, Split(tuple(range(len(texts))), (), ()))


def lm_of(kind: str) -> pw.LanguageModel:
    return pw.LanguageModel(*tiny.model(FAMILY[kind]))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", TRICKY)
def test_every_word_gets_tokens_and_no_token_is_given_twice(kind: str, text: str) -> None:
    lm = lm_of(kind)
    encoded = lm.encode([text])[0]
    spans = np.array([[s.start, s.end] for s in words_of(text)])
    aligned = align([text], [encoded], spans, np.zeros(len(spans), int))
    assert (aligned.start < aligned.end).all()
    own = [range(s, e) for s, e, shared in zip(aligned.start, aligned.end, aligned.shared, strict=True) if not shared]
    used = [t for tokens in own for t in tokens]
    assert len(used) == len(set(used))
    assert set(used) == set(range(len(aligned.content))), "a token of the text belongs to no word"
    assert not encoded.special[aligned.content].any()


@pytest.mark.parametrize("kind", KINDS)
def test_the_tokens_of_a_word_spell_it(kind: str) -> None:
    text = "The cats sat on the mat"
    lm = lm_of(kind)
    encoded = lm.encode([text])[0]
    spans = np.array([[s.start, s.end] for s in words_of(text)])
    aligned = align([text], [encoded], spans, np.zeros(len(spans), int))
    ids = np.array(encoded.inputs["input_ids"])[aligned.content]
    for word, start, end in zip(text.split(), aligned.start, aligned.end, strict=True):
        spelt = lm.tokenizer.decode(ids[start:end]).replace("##", "").replace(" ", "")
        assert spelt.lower() == word.lower()


def test_a_word_in_which_no_token_begins_shares_the_one_that_covers_it() -> None:
    lm = lm_of("wordpiece")
    text = "cats"
    aligned = align([text], lm.encode([text]), np.array([[0, 4], [3, 4]]), np.array([0, 0]))
    assert list(aligned.shared) == [False, True]
    assert aligned.end[1] - aligned.start[1] == 1


@pytest.mark.parametrize("family", tiny.FEW)
@pytest.mark.parametrize("pool", ["first", "last", "mean", "max", "cls"])
def test_captured_states_equal_a_plain_forward_pass_of_each_sentence_alone(family: str, pool: str) -> None:
    lm = pw.LanguageModel(*tiny.model(family))
    texts = ("The cats sat on the mat .", "Do n't you like cafés ?", "well")
    acts = pw.capture(lm, corpus_of(*texts), pw.WordTask("tag"), pool=getattr(pw, pool), store=False)
    assert acts.states.shape == (4, 7 + 6 + 1, 32)
    row = 0
    by_hand = {
        "first": lambda h: h[0],
        "last": lambda h: h[-1],
        "mean": lambda h: h.mean(0),
        "max": lambda h: h.max(0).values,
    }
    for text in texts:
        inputs = lm.tokenizer(text, return_tensors="pt", return_offsets_mapping=True, return_special_tokens_mask=True)
        offsets, special = inputs.pop("offset_mapping")[0], inputs.pop("special_tokens_mask")[0]
        inputs.pop("token_type_ids", None)
        pieces = lm.tokenizer.convert_ids_to_tokens(inputs["input_ids"][0])
        with torch.no_grad():
            states = lm.model(**inputs, output_hidden_states=True).hidden_states
        for word in words_of(text):
            tokens = [
                i
                for i, (start, end) in enumerate(offsets.tolist())
                if not special[i]
                and pieces[i] != "▁"  # a space by itself, whose offsets are those of the letter behind it
                and text[start:end].strip()
                and word.start <= end - len(text[start:end].lstrip()) < word.end
            ]
            for layer in lm.layers:
                want = states[layer][0, 0] if pool == "cls" else by_hand[pool](states[layer][0, tokens])
                np.testing.assert_allclose(acts.layer(layer)[row], want.numpy(), atol=1e-4)
            row += 1
    assert row == acts.n_targets


@pytest.mark.parametrize("site", [pw.sites.residual, pw.sites.mlp, pw.sites.head(1)], ids=lambda site: site.name)
@pytest.mark.parametrize("pool", ["first", "last", "mean", "mean_with_special", "max", "cls"])
def test_layers_pooled_at_once_are_those_pooled_one_by_one(pool: str, site: Any, monkeypatch) -> None:
    lm, corpus = pw.LanguageModel(*tiny.model("falcon")), corpus_of("The cats sat on the mat .", "It runs well .")
    task = pw.WordTask("tag")
    function = getattr(pw.pools, pool)
    at_once = pw.capture(lm, corpus, task, pool=function, site=site, store=False).states
    monkeypatch.setattr("probewidgets.captures.reading._FEW", 0)
    assert np.array_equal(at_once, pw.capture(lm, corpus, task, pool=function, site=site, store=False).states)


def test_states_do_not_depend_on_the_size_of_the_batch_or_the_order_of_the_sentences(monkeypatch) -> None:
    lm = lm_of("wordpiece")
    texts = [" ".join(["The", "cats", "sat", "on", "the", "mat", ".", "well"][: 1 + i % 8]) for i in range(40)]
    whole = pw.capture(lm, corpus_of(*texts), pw.WordTask("tag"), store=False)
    turned = pw.capture(lm, corpus_of(*reversed(texts)), pw.WordTask("tag"), store=False)
    monkeypatch.setattr(
        "probewidgets.models.batching.batches", lambda lengths, budget, pads: ([i] for i in range(len(lengths)))
    )
    single = pw.capture(lm, corpus_of(*texts), pw.WordTask("tag"), store=False)
    np.testing.assert_allclose(whole.states, single.states, atol=1e-4)
    for n in (0, 7, 39):
        here = np.flatnonzero(whole.targets.example == n)
        there = np.flatnonzero(turned.targets.example == 39 - n)
        np.testing.assert_allclose(whole.states[:, here], turned.states[:, there], atol=1e-4)


def test_layers_are_the_ones_asked_for_in_the_order_asked() -> None:
    lm, corpus = lm_of("wordpiece"), corpus_of("The cats sat .")
    every = pw.capture(lm, corpus, pw.WordTask("tag"), store=False)
    some = pw.capture(lm, corpus, pw.WordTask("tag"), layers=[3, 0], store=False)
    assert some.layers == (3, 0)
    np.testing.assert_array_equal(some.layer(0), every.layer(0))
    np.testing.assert_array_equal(some.states[0], every.layer(3))
    assert pw.capture(lm, corpus, pw.WordTask("tag"), layers=[-1], store=False).layers == (3,)
    for wrong in ([4], [-5], [], 2, "all", [1.5]):
        with pytest.raises(
            ModelError, match=r"Layer .* is not in .* layers 0 to 3|No layer was asked for|must be a list"
        ):
            pw.capture(lm, corpus, pw.WordTask("tag"), layers=wrong, store=False)
    with pytest.raises(ModelError, match="was not captured"):
        some.layer(1)


def test_arguments_of_the_wrong_kind_are_told_what_is_expected() -> None:
    lm, corpus, task = lm_of("wordpiece"), corpus_of("The cats sat ."), pw.WordTask("tag")
    for arguments, said in (
        (("gpt2", corpus, task), "takes a LanguageModel first, but str came"),
        ((lm, task, corpus), "takes a Corpus, but WordTask came"),
        ((lm, corpus, "upos"), r"such as WordTask\('upos'\), but 'upos' came"),
    ):
        with pytest.raises((ModelError, DataError), match=said):
            pw.capture(*arguments)
    with pytest.raises(ModelError, match=r"pool must be a function: pw.first, .* 'mean' came"):
        pw.capture(lm, corpus, task, pool="mean")


@pytest.mark.parametrize("pool", [lambda states: states.mean(0), lambda states, ranges, more: states, lambda: None])
def test_a_pool_that_cannot_be_called_with_states_and_ranges_is_told_what_it_gets(pool: Any) -> None:
    lm, corpus = lm_of("wordpiece"), corpus_of("The cats sat .")
    with pytest.raises(
        ModelError, match=r"The pool <lambda>\(.*\) cannot be called as .*: .*argument.* Ranges.* \(n, D\)"
    ):
        pw.capture(lm, corpus, pw.WordTask("tag"), pool=pool, store=False)


def test_what_fails_inside_a_pool_is_the_users_own_error_and_a_pool_may_take_more_by_default() -> None:
    lm, corpus, task = lm_of("wordpiece"), corpus_of("The cats sat ."), pw.WordTask("tag")

    def failing(states: torch.Tensor, ranges: pw.pools.Ranges) -> torch.Tensor:
        raise TypeError("my own")

    def scaled(states: torch.Tensor, ranges: pw.pools.Ranges, by: float = 2.0) -> torch.Tensor:
        return by * pw.mean(states, ranges)

    with pytest.raises(TypeError, match="my own"):
        pw.capture(lm, corpus, task, pool=failing, store=False)
    twice = pw.capture(lm, corpus, task, pool=scaled, store=False)
    np.testing.assert_allclose(twice.layer(1), 2 * pw.capture(lm, corpus, task, store=False).layer(1), rtol=1e-5)


def test_edges_put_both_spans_side_by_side_and_sentences_pool_everything() -> None:
    text = "The cats sat ."
    example = Example(
        text, words_of(text), {"head": (2, 3, 0, 3), "deprel": ("det", "nsubj", "root", "punct")}, {"x": "a"}
    )
    corpus = Corpus((example,), Split((0,), (), ()))
    lm = lm_of("wordpiece")
    words = pw.capture(
        lm, Corpus((Example(text, words_of(text), {"tag": ("A",) * 4}),), corpus.split), pw.WordTask("tag"), store=False
    )
    edges = pw.capture(lm, corpus, pw.EdgeTask("deprel"), store=False)
    assert edges.states.shape == (4, 3, 64)
    np.testing.assert_allclose(
        edges.states[:, 0], np.concatenate([words.states[:, 0], words.states[:, 1]], -1), atol=1e-5
    )
    sentence = pw.capture(lm, corpus, pw.SentenceTask("x"), store=False)
    encoded = lm.encode([text])[0]
    want = lm.states([encoded])[2][0, ~encoded.special].mean(0)
    np.testing.assert_allclose(sentence.layer(2)[0], want.numpy(), atol=1e-5)


def test_words_without_a_token_are_left_out_and_said() -> None:
    text = "cats \u200b sat"
    example = Example(text, (Span(0, 4), Span(5, 6), Span(7, 10)), {"tag": ("A", "B", "A")})
    with pytest.warns(UserWarning, match=r"Left out of 'tag': 1 target\(s\) got no token, e.g. '\\u200b'"):
        acts = pw.capture(lm_of("wordpiece"), Corpus((example,), Split((0,), (), ())), pw.WordTask("tag"), store=False)
    assert acts.targets.surface == ("cats", "sat")
    assert acts.missing.without_token == ("\u200b",)
    alone = pw.capture(lm_of("wordpiece"), corpus_of("cats"), pw.WordTask("tag"), store=False)
    assert np.isfinite(acts.states).all() and acts.n_targets == 2 and alone.n_targets == 1


def test_sentences_longer_than_the_model_are_an_error_that_names_the_way_out() -> None:
    with pytest.raises(
        TooLongError, match=r"1 text\(s\) among examples 0 to 1 .* than the 64 .* 'cats .* too_long='skip'"
    ):
        pw.capture(lm_of("wordpiece"), corpus_of("The mat .", "cats " * 90), pw.WordTask("tag"), store=False)


def test_sentences_longer_than_the_model_are_left_out_and_said_where_that_is_asked() -> None:
    lm, task = lm_of("wordpiece"), pw.WordTask("tag")
    long = " ".join(f"cats{i}" for i in range(90))
    with pytest.warns(UserWarning, match=r"90 target\(s\) stand in sentences longer than the model, e.g. 'cats0'"):
        acts = pw.capture(lm, corpus_of("The mat .", long, "well"), task, store=False, too_long="skip")
    assert acts.targets.surface == ("The", "mat", ".", "well")
    assert acts.missing.too_long == tuple(long.split())
    with pytest.raises(DataError, match="None of the 90 targets"):
        pw.capture(lm, corpus_of(long), task, store=False, too_long="skip")


@pytest.mark.parametrize("kind", KINDS)
def test_windows_read_a_long_sentence_as_pieces_of_it_are_read(kind: str) -> None:
    """Every word has a row, and it is the one that the word has in one of the windows, read alone."""
    lm, task = lm_of(kind), pw.WordTask("tag")
    words = [("cats", "mat", "sat", "well", "The")[i % 5] for i in range(200)]
    acts = pw.capture(lm, corpus_of("The mat .", " ".join(words)), task, store=False, too_long="window", pool=pw.first)
    assert acts.n_targets == 203
    whole = lm.encode([" ".join(words)])[0]
    pieces, place = windows(whole, lm.max_tokens, lm.causal)
    assert all(len(piece) <= lm.max_tokens for piece in pieces)
    alone = torch.cat([lm.states([piece])[2][0] for piece in pieces])[torch.from_numpy(place)]
    tokens = align(
        [" ".join(words)], [whole], np.array([[s.start, s.end] for s in words_of(" ".join(words))]), np.zeros(200, int)
    )
    np.testing.assert_allclose(acts.layer(2)[3:], alone[tokens.content[tokens.start]].numpy(), atol=1e-4)


def test_a_text_of_a_hundred_thousand_characters_is_read_in_windows() -> None:
    text = "The cats sat on the mat . " * 3900
    acts = pw.capture(
        lm_of("wordpiece"), corpus_of(text), pw.WordTask("tag"), store=False, too_long="window", layers=[1]
    )
    assert len(text) > 100_000 and acts.n_targets == 7 * 3900 and np.isfinite(acts.states).all()


def test_a_model_with_nan_in_its_states_is_said_with_its_layers(tmp_path) -> None:
    body, tokenizer = tiny.model("gpt2")
    spoilt = type(body)(body.config).eval()
    with torch.no_grad():
        spoilt.h[1].mlp.c_proj.bias[0] = float("nan")
    for store in (False, None, None, tmp_path / "store", tmp_path / "store"):  # computed, kept, and read again
        with pytest.warns(UserWarning, match=r"layer\(s\) \[2, 3\] hold NaN or infinity, first for 'The' in example 0"):
            pw.capture(pw.LanguageModel(spoilt, tokenizer), corpus_of("The cats"), pw.WordTask("tag"), store=store)


def test_a_pool_of_ones_own_is_used_and_checked() -> None:
    lm, corpus = lm_of("wordpiece"), corpus_of("The cats sat .")

    def twice(states: torch.Tensor, ranges: pooling.Ranges) -> torch.Tensor:
        return 2 * pooling.first(states, ranges)

    acts = pw.capture(lm, corpus, pw.WordTask("tag"), pool=twice)
    firsts = pw.capture(lm, corpus, pw.WordTask("tag"), pool=pw.first).states
    np.testing.assert_allclose(acts.states, 2 * firsts, atol=1e-5)  # other threads may round sums otherwise
    assert acts.pool == "twice"
    with pytest.raises(ModelError, match=r"The pool <lambda> must return \(n, D\)"):
        pw.capture(lm, corpus, pw.WordTask("tag"), pool=lambda states, ranges: states[:1])


def test_batches_hold_every_text_once_within_their_budget() -> None:
    lengths = [int(n) for n in np.random.default_rng(0).integers(1, 90, 300)] + [5000]
    made = list(batches(lengths, budget=256))
    assert sorted(i for batch in made for i in batch) == list(range(301))
    assert all(len(b) == 1 or max(lengths[i] for i in b) * len(b) <= 256 for b in made)
    assert made[0] == [300]


def test_the_repr_is_one_line_with_shape_and_source() -> None:
    acts = pw.capture(lm_of("wordpiece"), corpus_of("The cats sat ."), pw.WordTask("tag"), store=False)
    assert repr(acts).startswith("Activations('tag' of 'corpus' in 'BertModel': 4 layers x 4 words x 32, pool mean")
    assert "\n" not in repr(acts)


def test_a_function_of_ones_own_cannot_pass_for_one_of_ours() -> None:
    def mean(states: torch.Tensor, ranges: pooling.Ranges) -> torch.Tensor:
        return pooling.first(states, ranges)

    assert pooling.mean.__name__ == pool_name(pooling.mean) == "mean"
    assert pool_name(mean) not in ("mean", "first")


def test_states_of_a_half_precision_model_are_pooled_in_full_precision() -> None:
    body, tokenizer = tiny.model("gpt2")
    half = pw.LanguageModel(type(body)(body.config).eval(), tokenizer, dtype="bfloat16")
    text = "cats " * 40
    example = Example(text, (Span(0, len(text)),), {"tag": ("A",)})
    acts = pw.capture(half, Corpus((example,), Split((0,), (), ())), pw.WordTask("tag"), store=False)
    encoded = half.encode([text])[0]
    content = align([text], [encoded], np.array([[0, len(text)]]), np.array([0])).content
    np.testing.assert_allclose(acts.layer(1)[0], half.states([encoded])[1][0, content].float().mean(0), atol=1e-6)


def test_an_empty_text_has_no_row_and_is_said() -> None:
    texts = ("The cats sat", "", "   ")
    corpus = Corpus(tuple(Example(t, (), {}, {"kind": "x"}) for t in texts), Split((0, 1, 2), (), ()))
    with pytest.warns(UserWarning, match=r"2 target\(s\) got no token, e.g. ''"):
        acts = pw.capture(lm_of("wordpiece"), corpus, pw.SentenceTask("kind"), store=False)
    assert acts.targets.surface == ("The cats sat",) and acts.missing.without_token == ("", "   ")
    alone = Corpus(corpus.examples[:1], Split((0,), (), ()))
    assert pw.capture(lm_of("wordpiece"), alone, pw.SentenceTask("kind"), store=False).n_targets == 1


def test_special_tokens_are_in_the_mean_where_that_is_asked() -> None:
    lm, text = lm_of("wordpiece"), "The cats sat"
    corpus = Corpus((Example(text, (), {}, {"kind": "x"}),), Split((0,), (), ()))
    acts = pw.capture(lm, corpus, pw.SentenceTask("kind"), pool=pw.pools.mean_with_special, store=False)
    (encoded,) = lm.encode([text])
    np.testing.assert_allclose(acts.layer(2)[0], lm.states([encoded])[2][0].mean(0), atol=1e-5)


@pytest.mark.parametrize("site", [pw.sites.residual, pw.sites.mlp], ids=["residual", "mlp"])
@pytest.mark.parametrize("kind", ["wordpiece", "byte-bpe"])
def test_a_pool_of_ones_own_may_write_into_what_it_gets(kind: str, site) -> None:
    def rough(states, ranges):
        out = pw.mean(states, ranges)
        states.zero_()
        return out

    lm, corpus = lm_of(kind), corpus_of("The cats sat on the mat .", "It runs well .")
    want, got = (
        pw.capture(lm, corpus, pw.WordTask("tag"), pool=pool, site=site, store=False).states
        for pool in (pw.mean, rough)
    )
    np.testing.assert_allclose(got, want, atol=1e-5)
