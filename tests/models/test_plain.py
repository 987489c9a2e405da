"""What was learned from one short text is held against every batch: a mismatch is told with model and place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tiny
import torch
import transformers as hf
from transformers.modeling_outputs import BaseModelOutput

import probewidgets as pw
from probewidgets.captures import work
from probewidgets.errors import ModelError

LONG = 16
"""Tokens from which on the models below do otherwise."""


class Block(torch.nn.Module):
    def __init__(self, change: Callable[[torch.Tensor], torch.Tensor]) -> None:
        super().__init__()
        self.lin, self.change = torch.nn.Linear(32, 32), change

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + torch.tanh(self.lin(x))
        return self.change(x) if x.shape[1] >= LONG else x


def padded(x: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.pad(x, (0, 0, 0, -x.shape[1] % LONG)) if x.ndim == 3 else x


class Switching(hf.GPT2PreTrainedModel):
    """A model of one's own, whose blocks do otherwise with long texts; what it reports is always right."""

    base_model_prefix = ""

    def __init__(self, config: Any, change: Callable[[torch.Tensor], torch.Tensor]) -> None:
        super().__init__(config)
        self.embed = torch.nn.Embedding(tiny.ROWS, 32)
        self.blocks = torch.nn.ModuleList(Block(change) for _ in range(2))

    def get_input_embeddings(self) -> torch.nn.Module:
        return self.embed

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None = None, **_: Any) -> Any:
        x, n = self.embed(input_ids), input_ids.shape[1]
        states = [x]
        for block in self.blocks:
            y = block(x)
            x = y.mean(2) if y.ndim == 4 else y[:, :n]
            states.append(x)
        return BaseModelOutput(x, hidden_states=tuple(states))


CHANGES = {
    "chunks": lambda x: torch.nn.functional.pad(x, (0, 0, 0, 3)),
    "streams": lambda x: torch.stack([x, x, x, x], 2),
}


def switching(change: str) -> pw.LanguageModel:
    torch.manual_seed(0)
    return pw.LanguageModel(
        Switching(hf.GPT2Config(**tiny.GPT, vocab_size=tiny.ROWS), CHANGES[change]), tiny.tokenizer("byte-bpe")
    )


def corpus_of(*texts: str) -> pw.Corpus:
    examples = tuple(pw.Example(text, labels={"y": "ab"[i % 2]}) for i, text in enumerate(texts))
    return pw.Corpus(examples, pw.Split(tuple(range(len(texts))), (), ()))


SHORT, LENGTHY = "a b a", "the cats sat on the mat and the dogs ran to the cats " * 2


@pytest.mark.parametrize("change", CHANGES)
def test_a_tensor_that_has_not_the_positions_of_its_batch_is_refused_by_its_place(change: str, tmp_path) -> None:
    lm = switching(change)
    pw.capture(lm, corpus_of(SHORT, "b a"), pw.SentenceTask("y"), store=False)
    with pytest.raises(
        ModelError, match=r"Switching: the output of 'blocks\.0' is \(.* pads inside, or runs otherwise"
    ):
        pw.capture(lm, corpus_of(SHORT, LENGTHY), pw.SentenceTask("y"), store=tmp_path)
    assert not list(tmp_path.rglob("*.safetensors")), "something was stored"


class Late(Switching):
    """What it reports of long texts is not what its blocks give."""

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None = None, **_: Any) -> Any:
        out = super().forward(input_ids, attention_mask)
        if input_ids.shape[1] >= LONG:
            out.hidden_states = (out.hidden_states[0], *(state + 1 for state in out.hidden_states[1:]))
        return out


class Mixing(Switching):
    """Its texts read each other, once they are long."""

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None = None, **_: Any) -> Any:
        self.blocks[0].change = lambda x: x + x.mean(0, keepdim=True) * (len(x) > 1)
        return super().forward(input_ids, attention_mask)


@pytest.mark.parametrize("kind", [Late, Mixing])
def test_a_batch_that_differs_from_a_plain_pass_is_refused_before_anything_is_stored(kind: Any, tmp_path) -> None:
    torch.manual_seed(0)
    model = kind(hf.GPT2Config(**tiny.GPT, vocab_size=tiny.ROWS), lambda x: x)
    lm = pw.LanguageModel(model, tiny.tokenizer("byte-bpe"))
    texts = (SHORT, LENGTHY, "b a")
    with pytest.raises(
        ModelError, match=rf"{kind.__name__}: the states of layer 1 at 'residual' of a text of \d+ tokens"
    ):
        pw.capture(lm, corpus_of(*texts), pw.SentenceTask("y"), store=tmp_path)
    assert not list(tmp_path.rglob("*.safetensors")), "something was stored"
    pw.capture(lm, corpus_of(SHORT, "b a"), pw.SentenceTask("y"), store=tmp_path / "short")


def test_one_text_in_so_many_is_held(monkeypatch) -> None:
    lm, seen = pw.LanguageModel(*tiny.model("gpt2")), []
    monkeypatch.setattr(work, "_HELD_TEXTS", 10)
    monkeypatch.setattr(work, "hold", lambda _model, pieces, *_: seen.append([len(piece) for piece in pieces]))
    texts = ["a b " * (3 + i % 7) + str(i) for i in range(100)]
    pw.capture(lm, corpus_of(*texts), pw.SentenceTask("y"), store=False)
    assert 2 <= len(seen) <= 11 and all(np.diff(lengths) <= 0 for lengths in seen)
    assert seen[0][0] == max(map(len, lm.encode(texts)))


def test_a_model_that_is_random_is_held_against_nothing() -> None:
    class Dropping(Switching):
        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None = None, **_: Any) -> Any:
            for block in self.blocks:
                block.change = torch.nn.functional.dropout
            return super().forward(input_ids, attention_mask)

    lm = pw.LanguageModel(
        Dropping(hf.GPT2Config(**tiny.GPT, vocab_size=tiny.ROWS), lambda x: x), tiny.tokenizer("byte-bpe")
    )
    first, second = (pw.capture(lm, corpus_of(SHORT, LENGTHY), pw.SentenceTask("y"), layers=[2]) for _ in range(2))
    assert not np.array_equal(first.layer(2), second.layer(2)), "states of another draw came from the cache"


def test_a_model_that_pads_to_whole_chunks_is_never_read_by_wrong_rows() -> None:
    config = hf.ReformerConfig(
        vocab_size=tiny.ROWS, hidden_size=32, attention_head_size=8, num_attention_heads=4, feed_forward_size=64,
        axial_pos_shape=(8, 8), axial_pos_embds_dim=(16, 16), attn_layers=["local", "local"],
        local_attn_chunk_length=8, is_decoder=False, max_position_embeddings=64,
    )  # fmt: skip
    lm = pw.LanguageModel(hf.ReformerModel(config), tiny.tokenizer("byte-bpe"))
    short = corpus_of("a b a")
    assert pw.capture(lm, short, pw.SentenceTask("y"), store=False).n_targets == 1, "shorter than a chunk: not padded"
    with pytest.raises(ModelError, match=r"ReformerModel: the input of 'encoder\.layers\.0' is .* pads inside"):
        pw.capture(lm, corpus_of(LENGTHY[:40]), pw.SentenceTask("y"), store=False)
