"""Captures without a pool: the tokens of every span, and where they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import tiny

import probewidgets as pw
from probewidgets.captures.span_tokens import SpanTokens
from probewidgets.data.corpus import Corpus, Example, Span, Split
from probewidgets.data.targets import Targets
from probewidgets.errors import DataError, ModelError, StoreError, TooLongError
from tests.captures.test_capture import corpus_of, lm_of, words_of

TASK = pw.WordTask("tag")


def tokens_of(lm: pw.LanguageModel, corpus: Corpus, task: Any = TASK, **options: Any) -> SpanTokens:
    return pw.capture(lm, corpus, task, pool=None, **{"store": False, **options})


def spelt(spans: SpanTokens, row: int, span: int = 0) -> list[str]:
    """The characters of a span's tokens."""
    return [spans.tokens.targets.surface[t].strip() for t in range(spans.begin[row, span], spans.end[row, span])]


@pytest.mark.parametrize("kind", ["wordpiece", "byte-bpe", "metaspace"])
def test_the_mean_of_a_spans_tokens_is_its_pooled_state(kind: str) -> None:
    lm, corpus = lm_of(kind), corpus_of("The cats sat on unbelievable mats .", "Do n't you like it ?")
    spans, pooled = tokens_of(lm, corpus), pw.capture(lm, corpus, TASK, store=False)
    assert spans.targets.surface == pooled.targets.surface and spans.layers == pooled.layers
    for row in range(spans.n_targets):
        states = spans.layer(2)[spans.begin[row, 0] : spans.end[row, 0]]
        np.testing.assert_allclose(states.mean(0), pooled.layer(2)[row], atol=1e-5)
        assert "".join(spelt(spans, row)) == spans.targets.surface[row]


def test_they_say_what_activations_say() -> None:
    lm = lm_of("wordpiece")
    corpus = Corpus(corpus_of("The cats sat .", "well", "the mat").examples, Split((0,), (1,), (2,)), "three")
    spans, acts = tokens_of(lm, corpus, layers=[1, 3]), pw.capture(lm, corpus, TASK, layers=[1, 3], store=False)
    for name in ("layers", "corpus", "n_targets"):
        assert getattr(spans, name) == getattr(acts, name)
    assert spans.model.name == acts.model.name and spans.pool == "none" and len(spans.missing) == 0
    for side in ("train", "dev", "test"):
        np.testing.assert_array_equal(spans.rows(side), acts.rows(side))
    assert repr(spans).startswith("SpanTokens('tag' of 'three' in 'BertModel': 7 words, 2 layers x ")


def test_a_place_and_a_precision_can_be_chosen_as_ever(tmp_path) -> None:
    lm, corpus = lm_of("byte-bpe"), corpus_of("The cats sat .", "well")
    at_mlp = tokens_of(lm, corpus, site=pw.sites.mlp)
    assert at_mlp.model.site == "mlp" and 0 not in at_mlp.layers
    assert not np.allclose(at_mlp.layer(1), tokens_of(lm, corpus).layer(1))
    np.testing.assert_array_equal(tokens_of(lm, corpus, modules="h.*.mlp").layer(1), at_mlp.layer(1))
    half = tokens_of(lm, corpus, dtype="float16", store=tmp_path)
    assert 0 < half.tokens.rounding < 1e-3


@pytest.mark.parametrize("store", ["folder", "cache"])
def test_they_are_kept_and_found_again(store: str, tmp_path, monkeypatch) -> None:
    lm, corpus = lm_of("wordpiece"), corpus_of("The cats sat .", "well")
    place = tmp_path / "s" if store == "folder" else None
    before = tokens_of(lm, corpus, store=place)
    monkeypatch.setattr(lm, "states", lambda *_: pytest.fail("the model was run again"))
    again = tokens_of(lm, corpus, store=place)
    np.testing.assert_array_equal(again.layer(3), before.layer(3))
    np.testing.assert_array_equal(again.begin, before.begin)
    with pytest.raises(StoreError, match="give store="):
        tokens_of(lm, corpus, store=None, engine=pw.RayEngine(2))


def test_words_without_a_token_are_left_out_and_said() -> None:
    example = Example("cats \u200b sat", (Span(0, 4), Span(5, 6), Span(7, 10)), {"tag": ("A", "B", "A")})
    lm, split = lm_of("wordpiece"), Split((0,), (), ())
    with pytest.warns(UserWarning, match=r"Left out of 'tag': 1 target\(s\) got no token, e.g. '\\u200b'"):
        spans = tokens_of(lm, Corpus((example,), split))
    assert spans.targets.surface == ("cats", "sat") and spans.missing.without_token == ("\u200b",)
    assert "1 left out" in repr(spans) and "".join(spelt(spans, 1)) == "sat"
    only = Corpus((Example("\u200b", (Span(0, 1),), {"tag": ("A",)}),), split)
    with pytest.raises(DataError, match="None of the 1 targets of 'tag' got a token"):
        tokens_of(lm, only)


def test_texts_longer_than_the_model_are_an_error_left_out_or_read_in_windows() -> None:
    lm, long = lm_of("wordpiece"), " ".join(["cats", "sat"] * 45)
    corpus = corpus_of("The mat .", long, "well")
    with pytest.raises(TooLongError, match="too_long='skip'"):
        tokens_of(lm, corpus)
    with pytest.warns(UserWarning, match=r"90 target\(s\) stand in sentences longer than the model"):
        some = tokens_of(lm, corpus, too_long="skip")
    assert some.targets.surface == ("The", "mat", ".", "well") and some.missing.too_long == tuple(long.split())
    assert ["".join(spelt(some, row)) for row in range(4)] == ["The", "mat", ".", "well"]
    every = tokens_of(lm, corpus, too_long="window")
    assert every.n_targets == 94 and every.end[-1, 0] == len(every.tokens.targets)
    assert ["".join(spelt(every, row)) for row in range(94)] == list(every.targets.surface)
    pooled = pw.capture(lm, corpus, TASK, too_long="window", pool=pw.first, store=False)
    np.testing.assert_allclose(every.layer(2)[every.begin[:, 0]], pooled.layer(2), atol=1e-5)


@dataclass(frozen=True)
class Backwards:
    """A task whose targets come in no order."""

    unit: str = "word"

    def targets(self, corpus: Corpus) -> Targets:
        targets = TASK.targets(corpus)
        return targets.take(np.arange(len(targets))[::-1])


def test_the_order_in_which_a_task_names_its_targets_does_not_matter() -> None:
    spans = tokens_of(lm_of("wordpiece"), corpus_of("The unbelievable cats", "well", "sat on mats"), Backwards())
    assert [target.example for target in spans.targets] == [0, 0, 0, 1, 2, 2, 2]
    assert ["".join(spelt(spans, row)) for row in range(7)] == list(spans.targets.surface)


def test_a_bare_space_in_a_span_is_no_token_of_it() -> None:
    text = "tab  \t  cats"
    example = Example(text, (Span(0, len(text)), Span(7, len(text))), {"tag": ("A", "B")})
    spans = tokens_of(lm_of("byte-bpe"), Corpus((example,), Split((0,), (), ())))
    assert "".join(spelt(spans, 0)) == "tabcats" and all(spelt(spans, 0))
    assert "".join(spelt(spans, 1)) == "cats"


def test_a_decoder_of_two_stacks_has_tokens_too() -> None:
    lm = pw.LanguageModel(*tiny.model("t5"), stack="decoder")
    texts = ("The cats sat", "well")
    examples = tuple(Example(t, words_of(t), {"tag": ("A",) * len(t.split())}, source=t[::-1]) for t in texts)
    spans = tokens_of(lm, Corpus(examples, Split((0, 1), (), ())))
    assert ["".join(spelt(spans, row)) for row in range(4)] == ["The", "cats", "sat", "well"]
    with pytest.raises(DataError, match="has no source"):
        tokens_of(lm, corpus_of("The cats"))


def test_sentences_have_no_spans() -> None:
    with pytest.raises(DataError, match=r"labels sentences: capture\(..., pool=mean\)"):
        tokens_of(lm_of("wordpiece"), corpus_of("The cats"), pw.SentenceTask(lambda example: "any"))
    with pytest.raises(ModelError, match="capture takes a LanguageModel first"):
        pw.capture(None, corpus_of("well"), TASK, pool=None)  # type: ignore[call-overload]
