from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
import tiny
import torch
import transformers as hf

import probewidgets as pw
from probewidgets.captures.activations import Activations
from probewidgets.data.corpus import Corpus, Example, Span, Split
from probewidgets.errors import ModelError, ProbeError
from probewidgets.methods.erasure.amnesia import Amnesia, amnesia
from probewidgets.methods.erasure.erasers import FittedEraser
from probewidgets.models.asking import ask, asked_states
from probewidgets.values import Estimate

WORDS = ("cats", "mat", "sat", "reads", "like", "run", "room", "novels", "light", "every")


def made_of(n: int = 60) -> Corpus:
    """Sentences of a few words, each with the number of its first letter's half of the alphabet as a label."""
    rng = np.random.default_rng(0)
    examples = []
    for _ in range(n):
        words = [WORDS[i] for i in rng.integers(len(WORDS), size=8)]
        ends = np.cumsum([len(word) + 1 for word in words]) - 1
        spans = tuple(Span(int(end) - len(word), int(end)) for word, end in zip(words, ends, strict=True))
        tags = ["early" if word[0] < "m" else "late" for word in words]
        examples.append(Example(" ".join(words), spans, {"half": tuple(tags)}))
    sides = np.split(np.arange(n), [n // 2, 3 * n // 4])
    return Corpus(tuple(examples), Split(*(tuple(side.tolist()) for side in sides)), "words")


@pytest.fixture(scope="module")
def causal() -> tuple[pw.LanguageModel, Activations]:
    body, tokenizer = tiny.model("gpt2")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        headed = hf.GPT2LMHeadModel(body.config)
        headed.transformer.load_state_dict(body.state_dict())
    lm = pw.LanguageModel(headed, tokenizer, head=True)
    return lm, pw.capture(lm, made_of(), pw.WordTask("half"))


@pytest.fixture(scope="module")
def found(causal: tuple) -> Amnesia:
    return amnesia(*causal, eraser=pw.erasers.LEACE(), bootstrap=100)


def test_predictions_move_with_the_states_and_the_control_takes_as_many_dimensions(found: Amnesia) -> None:
    assert (found.layer, found.n_dims) == (3, 1)
    assert found.kl.value > 0 and found.kl_random.value > 0
    assert found.lost.value == pytest.approx(found.before.value - found.after.value)
    assert found.lost_beyond_random.value == pytest.approx(found.random.value - found.after.value)
    assert found.kl.low <= found.kl.value <= found.kl.high and found.kl.unit == "bits"
    assert found.mask == 0


def test_a_head_that_reads_what_is_erased_loses_it_and_one_that_does_not_keeps_it(causal: tuple) -> None:
    lm, acts = causal
    headed = lm.headed
    eraser = amnesia(lm, acts, eraser=pw.erasers.LEACE(), bootstrap=10).eraser
    read = torch.tensor(eraser.into[0], dtype=torch.float32)
    other = torch.randn(32, generator=torch.Generator().manual_seed(0))
    # What the eraser moves states along must not be felt by the head that is to keep its predictions.
    along = torch.tensor(eraser.out[:, 0], dtype=torch.float32)
    other -= along * (other @ along) / (along @ along)
    size = torch.randn(headed.lm_head.weight.shape[0], 1, generator=torch.Generator().manual_seed(1))
    kl = []
    kept = headed.lm_head.weight
    for direction in (read, other):
        headed.lm_head.weight = torch.nn.Parameter(size * direction / direction.norm())
        kl.append(amnesia(lm, acts, eraser=pw.erasers.LEACE(), bootstrap=10))
    headed.lm_head.weight = kept
    assert kl[0].kl.value > 20 * kl[1].kl.value
    assert kl[0].kl.value > kl[0].kl_random.value
    assert kl[1].kl.value == pytest.approx(0, abs=1e-6)


def test_what_moves_nothing_loses_nothing_and_says_so(causal: tuple) -> None:
    found = amnesia(*causal, eraser=pw.erasers.RandomDirections(0), bootstrap=50)
    assert found.before == found.after == found.random
    assert found.kl.value == pytest.approx(0, abs=1e-9)
    assert "nothing is shown of the model's using these labels" in found.notes[0]
    of_one_sentence = replace(found, lost_beyond_random=Estimate(0.4))  # which gives no interval
    assert "nothing is shown of the model's using these labels" in of_one_sentence.notes[0]


def test_inlp_is_the_default_and_its_dimensions_are_told(causal: tuple) -> None:
    found = amnesia(*causal, bootstrap=20)
    assert found.eraser.kind == "INLP" and found.n_dims == found.eraser.steps[-1][0]
    assert f"{found.n_dims} of 32 dimensions take" in repr(found) and "\n" not in repr(found)
    assert found.table().index.tolist() == ["as it is", "erased", "random"]
    assert found.table().loc["erased", "kl"] == found.kl.value


def test_a_masked_model_is_asked_for_what_it_does_not_see() -> None:
    body, tokenizer = tiny.model("bert")
    headed = hf.BertForMaskedLM(body.config)
    lm = pw.LanguageModel(headed, tokenizer, head=True)
    acts = pw.capture(lm, made_of(), pw.WordTask("half"), layers=[3])
    some, all_of_them = (amnesia(lm, acts, eraser=pw.erasers.LEACE(), mask=mask, bootstrap=10) for mask in (0.15, 0))
    assert some.mask == 0.15 and some.n_tokens < all_of_them.n_tokens / 3


def test_states_of_another_model_or_layer_are_refused(causal: tuple) -> None:
    lm, acts = causal
    with pytest.raises(
        ModelError, match=r"reads layer 3 of the residual stream, 32 wide, but states of layers \[0, 1\]"
    ):
        amnesia(lm, pw.capture(lm, made_of(), pw.WordTask("half"), layers=[0, 1]))
    other = replace(acts, model=replace(acts.model, fingerprint="0" * 32))
    with pytest.raises(ModelError, match="as it was when they were captured"):
        amnesia(lm, other)
    with pytest.raises(ModelError, match=r"A LanguageModel with its head is needed, LanguageModel\(..., head=True\)"):
        amnesia(lm.headed, acts)
    with pytest.raises(ModelError, match=r"without its language-modelling head.* LanguageModel\(..., head=True\)"):
        amnesia(pw.LanguageModel(lm.headed, lm.tokenizer), acts)
    with pytest.raises(ProbeError, match="amnesia takes an eraser"):
        amnesia(lm, acts, eraser=pw.LinearProbe())


# ---------------------------------------------------------------------- labels that are given back

KINDS = (("cats", "early", "short"), ("like", "early", "long"), ("sat", "late", "short"), ("mat", "late", "long"))


def followed(by: str, n: int = 160) -> Corpus:
    """Words of two halves and of two sizes, each followed by one of two words: its half decides which, or its size."""
    rng = np.random.default_rng(0)
    examples = []
    for _ in range(n):
        forms, halves, sizes = ["run"], [None], [None]
        for i in rng.integers(len(KINDS), size=6).tolist():
            form, half, size = KINDS[i]
            first = half == "early" if by == "half" else size == "short"
            forms += [form, "run" if first else "light"]
            halves += [half, None]
            sizes += [size, None]
        ends = np.cumsum([len(form) + 1 for form in forms]) - 1
        spans = tuple(Span(int(end) - len(form), int(end)) for end, form in zip(ends, forms, strict=True))
        examples.append(Example(" ".join(forms), spans, {"half": tuple(halves), "size": tuple(sizes)}))
    sides = np.split(np.arange(n), [n // 2, 3 * n // 4])
    return Corpus(tuple(examples), Split(*(tuple(side.tolist()) for side in sides)), f"by {by}")


def with_head(by: str) -> tuple[pw.LanguageModel, Corpus]:
    """A model whose head has learned which word follows."""
    body, tokenizer = tiny.model("gpt2")
    headed, corpus = hf.GPT2LMHeadModel(body.config), followed(by)
    headed.transformer.load_state_dict(body.state_dict())
    lm = pw.LanguageModel(headed, tokenizer, head=True)
    parts = list(asked_states(lm, ask(lm, [corpus[i].text for i in corpus.split.train], 0, 0), [3]))
    X, gold = torch.cat([part.states[0] for part in parts]).clone(), torch.cat([part.gold for part in parts])
    W = torch.zeros(headed.lm_head.weight.shape, requires_grad=True)
    adam = torch.optim.Adam([W], 0.1)
    for _ in range(300):
        adam.zero_grad()
        torch.nn.functional.cross_entropy(X @ W.T, gold).backward()
        adam.step()
    headed.lm_head.weight = torch.nn.Parameter(W.detach())
    return lm, corpus


@dataclass(frozen=True)
class OfOthers:
    """An eraser of other labels than those it is given."""

    kind = "LEACE"
    train: Any
    """(N,) those of train."""

    def fit(self, X: np.ndarray, y: np.ndarray, X_dev: np.ndarray, y_dev: np.ndarray) -> FittedEraser:
        return pw.erasers.LEACE().fit(X, self.train)


def given_back(by: str) -> Amnesia:
    """The half is given back, where that was erased which decides the next word: the half, or the size."""
    lm, corpus = with_head(by)
    acts, others = (pw.capture(lm, corpus, pw.WordTask(name), layers=[3]) for name in ("half", "size"))
    eraser = pw.erasers.LEACE() if by == "half" else OfOthers(others.targets.y[others.rows("train")])
    return amnesia(lm, acts, eraser=eraser, restore=True, bootstrap=200, progress=False)


def test_labels_that_the_head_needs_restore_what_erasing_them_took() -> None:
    found = given_back("half")
    assert found.lost.low > 0.1
    assert found.given_back.low > 0.1
    assert found.still_lost.low <= 0
    assert found.restored.value >= found.before.value - 0.03
    assert found.retrained.value < found.before.value - 0.1
    assert found.given_back.value == pytest.approx(found.restored.value - found.retrained.value)
    assert any("predictions recover (0." in note and "due to these labels" in note for note in found.notes)
    assert repr(found).endswith(f"; given back: {found.restored.value:.3f})")
    table = found.table()
    assert table.index.tolist() == ["as it is", "erased", "random", "restored", "retrained"]
    assert table.loc["restored", "accuracy"] == found.restored.value


def test_labels_do_not_restore_what_was_lost_with_others() -> None:
    found = given_back("size")
    assert found.lost.low > 0.1
    assert found.given_back.value < 0.3 * found.lost.value
    assert found.still_lost.low > 0.1
    assert any("do not surely recover" in note or "recover in part" in note for note in found.notes)


def test_a_masked_model_gets_labels_back_too_and_without_restore_nothing_is_said_of_them() -> None:
    body, tokenizer = tiny.model("bert")
    headed = hf.BertForMaskedLM(body.config)
    lm = pw.LanguageModel(headed, tokenizer, head=True)
    acts = pw.capture(lm, made_of(), pw.WordTask("half"), layers=[3])
    weights = [weight.clone() for weight in headed.parameters()]
    found = amnesia(lm, acts, eraser=pw.erasers.LEACE(), restore=True, bootstrap=10, progress=False)
    assert found.restored is not None and found.retrained is not None
    assert all(torch.equal(one, two) for one, two in zip(weights, headed.parameters(), strict=True))
    assert all(weight.grad is None for weight in headed.parameters())
    without = amnesia(lm, acts, eraser=pw.erasers.LEACE(), bootstrap=10)
    assert (without.before, without.after) == (found.before, found.after)
    assert without.restored is without.given_back is None
    assert "given back" not in repr(without)
