"""A fingerprint sees all that changes a forward pass, and nothing else; and the cache follows it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
import tiny
import torch
import transformers as hf
from transformers.modeling_outputs import BaseModelOutput

import probewidgets as pw
from probewidgets.models.code import Told
from probewidgets.models.fingerprints import behaves_alike, behaviour

SCALE = 1.0
"""A constant that the code below reads."""
STEER = torch.linspace(-3, 3, 32)


class Own(hf.GPT2PreTrainedModel):
    """A model of one's own, whose forward pass reads all kinds of things."""

    base_model_prefix = ""
    shift = 0.0

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self.embed, self.lin = torch.nn.Embedding(tiny.ROWS, 32), torch.nn.ModuleList([torch.nn.Linear(32, 32)])
        self.gain, self.options, self.act = 1.5, {"power": 1}, torch.tanh
        self.steer, self.unread = torch.zeros(32), 0
        self.register_buffer("offset", torch.zeros(32), persistent=False)
        self.drop = torch.nn.Dropout(0.5)
        self.calls = 0

    def get_input_embeddings(self) -> torch.nn.Module:
        return self.embed

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None = None, **_: Any) -> Any:
        self.calls += 1
        x = self.embed(input_ids)
        y = self.drop(self.mixed(x))
        return BaseModelOutput(y, hidden_states=(x, y))

    def mixed(self, x: torch.Tensor) -> torch.Tensor:
        y = self.act(self.lin[0](x)) * SCALE * self.gain ** getattr(self, "options")["power"]  # noqa: B009
        return x + y + self.steer + self.shift + self.offset


def own() -> pw.LanguageModel:
    torch.manual_seed(0)
    return pw.LanguageModel(Own(hf.GPT2Config(**tiny.GPT, vocab_size=tiny.ROWS)), tiny.tokenizer("byte-bpe"))


@contextmanager
def having(target: Any, name: str, value: Any) -> Iterator[None]:
    own = name in vars(target) or name in getattr(target, "_buffers", ())
    before = getattr(target, name)
    setattr(target, name, value)
    try:
        yield
    finally:
        if own:
            setattr(target, name, before)
        else:
            delattr(target, name)


@contextmanager
def hooked(register: Callable[..., Any], hook: Callable[..., Any]) -> Iterator[None]:
    handle = register(hook)
    try:
        yield
    finally:
        handle.remove()


def pushed(_module: Any, _args: Any, out: Any) -> Any:
    return out + STEER if isinstance(out, torch.Tensor) else out


def pushed_before(_module: Any, args: Any) -> Any:
    return (args[0] + STEER, *args[1:]) if args and args[0].is_floating_point() else None


def others(m: Any) -> dict[str, Any]:
    """What changes a forward pass, and is undone."""
    lin, every = m.lin[0], torch.nn.modules.module
    return {
        "an attribute": having(m, "gain", 2.0),
        "a dict": having(m, "options", {"power": 3}),
        "a tensor that is no buffer": having(m, "steer", STEER),
        "a buffer that is not stored": having(m, "offset", STEER),
        "a function": having(m, "act", torch.relu),
        "an attribute of the class": having(Own, "shift", 0.5),
        "a constant of the code": having(__import__("sys").modules[__name__], "SCALE", 2.0),
        "another forward": having(m, "forward", lambda *a, **k: Own.forward(m, a[0] * 0 if a else k["input_ids"] * 0)),
        "another forward of a part": having(lin, "forward", lambda x: torch.nn.functional.linear(x, lin.weight) * 2),
        "another method of the class": having(Own, "mixed", lambda self, x: x + self.lin[0](x)),
        "a hook": hooked(lin.register_forward_hook, pushed),
        "a hook before": hooked(lin.register_forward_pre_hook, pushed_before),
        "a hook for all": hooked(every.register_module_forward_hook, pushed),
        "a hook before all": hooked(every.register_module_forward_pre_hook, pushed_before),
    }


@pytest.mark.parametrize("what", others(own().model))
def test_all_that_changes_a_forward_pass_changes_the_fingerprint_and_back(what: str) -> None:
    lm = own()
    before, encoded = lm.fingerprint(), lm.encode(["The cats sat."])
    states = lm.states(encoded)[1]
    with others(lm.model)[what]:
        assert not torch.allclose(lm.states(encoded)[1], states), "it changes nothing"
        assert lm.fingerprint() != before
    assert lm.fingerprint() == before and torch.equal(lm.states(encoded)[1], states)


def test_a_hook_is_told_by_what_it_does() -> None:
    lm = own()
    strength = {"by": 1.0}
    with hooked(lm.model.lin[0].register_forward_hook, lambda _m, _a, out: out + strength["by"]):
        one = lm.fingerprint()
        strength["by"] = 2.0
        two = lm.fingerprint()
        strength["by"] = 1.0
        assert lm.fingerprint() == one != two


def test_what_no_state_depends_on_changes_nothing() -> None:
    lm = own()
    before = lm.fingerprint()
    lm.model.unread, lm.model.config._name_or_path = 7, "elsewhere"
    lm.states(lm.encode(["The cats sat.", "well"]))  # it counts its calls
    assert lm.model.calls > 0 and lm.fingerprint() == before
    assert pw.LanguageModel(lm.model, lm.tokenizer).fingerprint() == before
    assert pw.LanguageModel(lm.model.train(), lm.tokenizer).fingerprint() == before


@pytest.mark.parametrize("family", tiny.FEW)
def test_a_model_is_the_same_in_memory_in_a_copy_and_after_use(family: str) -> None:
    body, tokenizer = tiny.model(family)
    lm = pw.LanguageModel(body, tokenizer)
    before = lm.fingerprint()
    lm.states(lm.encode(["a b a b a b a b", "The cats"]))
    assert lm.fingerprint() == before == pw.LanguageModel(copy.deepcopy(body), tokenizer).fingerprint()


def test_how_attention_is_computed_is_seen() -> None:
    body, tokenizer = tiny.model("gpt2")
    prints = set()
    for how in ("eager", "sdpa"):
        twin = copy.deepcopy(body)
        twin.set_attn_implementation(how)
        prints.add(pw.LanguageModel(twin, tokenizer).fingerprint())
    half = pw.LanguageModel(copy.deepcopy(body), tokenizer, dtype="bfloat16")
    assert len(prints | {half.fingerprint()}) == 3


def test_a_model_comes_back_as_it_was_given() -> None:
    lm = own()
    model = lm.model.train()
    model.drop.eval()
    model.lin[0].weight.requires_grad_(False)
    counted: list[int] = []
    handle = model.register_forward_hook(lambda *_: counted.append(1))

    def looks() -> Any:
        parts = dict(model.named_modules())
        modes = {n: (p.training, list(p._forward_hooks), list(p._forward_pre_hooks)) for n, p in parts.items()}
        grads = {n: (w.requires_grad, w.device, w.dtype, w.grad) for n, w in model.named_parameters()}
        told = Told()
        return (
            modes,
            grads,
            {n: {k: told(v) for k, v in vars(p).items() if k[0] != "_" and k != "calls"} for n, p in parts.items()},
        )

    before = looks()
    again = pw.LanguageModel(model, lm.tokenizer)
    corpus = pw.Corpus((pw.Example("a b", labels={"y": "a"}),), pw.Split((0,), (), ()))
    for store in (None, False):
        pw.capture(again, corpus, pw.SentenceTask("y"), store=store)
    again.fingerprint()
    assert counted and looks() == before
    handle.remove()


def test_dropout_that_was_left_on_in_a_part_makes_no_state_random() -> None:
    lm = own()
    lm.model.eval()
    lm.model.drop.train()
    encoded = lm.encode(["The cats sat."])
    assert torch.equal(lm.states(encoded)[1], lm.states(encoded)[1]) and lm.model.drop.training


def corpus() -> pw.Corpus:
    examples = tuple(pw.Example(t, labels={"y": "ab"[i % 2]}) for i, t in enumerate(("The cats", "sat on", "the mat.")))
    return pw.Corpus(examples, pw.Split((0, 1), (2,), ()))


@pytest.mark.parametrize("store", ["cache", "folder"])
@pytest.mark.parametrize("what", ["an attribute", "a hook", "another forward of a part", "a constant of the code"])
def test_states_that_were_kept_are_those_of_the_model_as_it_is_run_now(what: str, store: str, tmp_path) -> None:
    lm, where = own(), {"cache": None, "folder": tmp_path}[store]

    def states() -> Any:
        return np.array(pw.capture(lm, corpus(), pw.SentenceTask("y"), layers=[1], store=where).layer(1))

    before = states()
    with others(lm.model)[what]:
        after, again = states(), states()
        want = pw.capture(lm, corpus(), pw.SentenceTask("y"), layers=[1], store=False).layer(1)
    np.testing.assert_allclose(after, want, atol=1e-6)
    np.testing.assert_array_equal(after, again)
    assert not np.allclose(before, after)
    np.testing.assert_array_equal(states(), before)


def test_what_lies_outside_of_a_model_is_seen_by_the_cache() -> None:
    lm = pw.LanguageModel(*tiny.model("gpt2"))

    def states() -> Any:
        return np.array(pw.capture(lm, corpus(), pw.SentenceTask("y"), layers=[3]).layer(3))

    before = states()
    with torch.autocast("cpu", torch.bfloat16):
        coarse = states()
    assert not np.array_equal(coarse, before)
    np.testing.assert_array_equal(states(), before)


def test_behaviours_are_alike_but_for_rounding() -> None:
    lm = own()
    plain = behaviour(lm)
    assert np.array_equal(plain, behaviour(lm)) and behaves_alike(plain, plain * (1 + 1e-5), 1e-3)
    with having(lm.model, "gain", 1.05):
        assert not behaves_alike(plain, behaviour(lm), 1e-3)
    assert not behaves_alike(plain, plain[:-3], 1e-3)
