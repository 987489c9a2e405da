"""What tokenizers make of texts: what is content, and what was added around it."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import tiny
import torch
import transformers as hf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

import probewidgets as pw
from probewidgets.captures.alignment import align
from probewidgets.errors import ModelError
from probewidgets.models.tokens import tokenized

SPACE = {
    "metaspace": "▁",
    "metaspace-first": "▁",
    "metaspace-never": "▁",
    "metaspace-whole": "▁",
    "split-metaspace": "▁",
    "split-metaspace-plain": "▁",
    "unigram-bytes": "▁",
    "replace": "▁",
    "bytes": "Ġ",
    "bytes-prefix": "Ġ",
    "wordpiece": " ",
    "wordpiece-cased": " ",
    "characters": " ",
    "characters-bar": "|",
}
"""Kind of tokenizer -> how it writes a space, as a person sees it in its vocabulary."""

PIECES = st.one_of(
    st.sampled_from(
        (" ", "  ", "\t", "\n", "\u00a0", "\u3000", "the", "cats", "sufficient", ".", ",", "$", "−", "7", "1,234", "½")
    ),
    st.sampled_from(
        ("北京", "学生", "私は", "e\u0301", "n\u0303", "\u0301", "👍🏽", "👨‍👩‍👧", "❤️", "\u200d", "ﬁ", "x" * 30)
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=3),
)


def trained(kind: str) -> Any:
    """A fast tokenizer of a kind, with nothing around a text."""
    backend, extra = Tokenizer(models.BPE(unk_token="<unk>")), {}
    trainer: Any = trainers.BpeTrainer(vocab_size=300, special_tokens=["<unk>", "<pad>"])
    if kind.startswith(("metaspace", "split")):
        scheme = {"metaspace-first": "first", "metaspace-never": "never"}.get(kind, "always")
        steps: list[Any] = [pre_tokenizers.Metaspace(prepend_scheme=scheme, split=kind != "metaspace-whole")]
        steps = [pre_tokenizers.WhitespaceSplit(), *steps] if kind.startswith("split") else steps
        backend.pre_tokenizer = pre_tokenizers.Sequence(steps)
        if not kind.endswith("plain"):
            backend.decoder = decoders.Metaspace()
    elif kind == "unigram-bytes":
        backend = Tokenizer(models.Unigram())
        backend.normalizer = normalizers.NFKC()
        backend.pre_tokenizer = pre_tokenizers.Metaspace()
        trainer = trainers.UnigramTrainer(
            vocab_size=400, special_tokens=["<unk>", "<pad>", *tiny.BYTES], unk_token="<unk>"
        )
    elif kind == "replace":
        backend.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    elif kind.startswith("bytes"):
        backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=kind == "bytes-prefix")
        extra = {"initial_alphabet": pre_tokenizers.ByteLevel.alphabet()}
        trainer = trainers.BpeTrainer(vocab_size=400, special_tokens=["<unk>", "<pad>"], **extra)
    elif kind.startswith("wordpiece"):
        backend = Tokenizer(models.WordPiece(unk_token="<unk>"))
        backend.normalizer = normalizers.BertNormalizer(lowercase=kind == "wordpiece")
        backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        trainer = trainers.WordPieceTrainer(vocab_size=300, special_tokens=["<unk>", "<pad>"])
    else:
        backend.normalizer = normalizers.Replace(" ", "|") if kind == "characters-bar" else None
        backend.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    backend.train_from_iterator([*tiny.TEXT, "the cats are sufficient | . 7 −"], trainer)
    return hf.PreTrainedTokenizerFast(tokenizer_object=backend, unk_token="<unk>", pad_token="<pad>")


TOKENIZERS = {kind: trained(kind) for kind in SPACE}


@pytest.mark.parametrize("kind", SPACE)
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(parts=st.lists(PIECES, min_size=1, max_size=8))
def test_no_bare_space_is_content_and_nothing_else_is_dropped(kind: str, parts: list[str]) -> None:
    text, tokenizer = "".join(parts), TOKENIZERS[kind]
    (encoded,) = tokenized(tokenizer, [text], "text")
    whole = align([text], [encoded], np.array([[0, len(text)]]), np.zeros(1, int))
    content = set(whole.content.tolist())
    before = tokenizer(text, return_offsets_mapping=True)
    for n, (piece, (start, end)) in enumerate(
        zip(tokenizer.convert_ids_to_tokens(before["input_ids"]), before["offset_mapping"], strict=True)
    ):
        bare = not piece.replace(SPACE[kind], " ").strip() or not text[start:end].strip()
        bytes_of_space = kind.startswith("bytes") and not piece.strip("ĠĊĉč")
        assert (n in content) == (not bare and not bytes_of_space), (text, n, piece)


@pytest.mark.parametrize("kind", SPACE)
def test_the_first_and_the_last_token_of_a_word_are_of_its_own_letters(kind: str) -> None:
    text, tokenizer = "7 sufficient .  − the 北京", TOKENIZERS[kind]
    words = [(0, 1), (2, 12), (13, 14), (16, 17), (18, 21), (22, 24)]
    (encoded,) = tokenized(tokenizer, [text], "text")
    aligned = align([text], [encoded], np.array(words), np.zeros(len(words), int))
    tokens = tokenizer.convert_ids_to_tokens(encoded.inputs["input_ids"])
    for (start, _), low, high in zip(words, aligned.start, aligned.end, strict=True):
        pieces = [tokens[n] for n in aligned.content[low:high]]
        assert pieces and all(piece.strip(SPACE[kind]) for piece in pieces), (text[start:], pieces)


def chat() -> tuple[Any, Any]:
    """A decoder, and a tokenizer that puts <s> before each text and knows the signs of a chat."""
    signs = ["<s>", "<|u|>", "<|a|>", "<pad>"]
    backend = Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    backend.train_from_iterator(
        tiny.TEXT, trainers.BpeTrainer(vocab_size=300, special_tokens=signs, initial_alphabet=alphabet)
    )
    backend.post_processor = processors.TemplateProcessing("<s> $A", special_tokens=[("<s>", 0)])
    tokenizer = hf.PreTrainedTokenizerFast(
        tokenizer_object=backend, bos_token="<s>", pad_token="<pad>", additional_special_tokens=signs[1:3]
    )
    return tiny.model("llama")[0], tokenizer


PROMPTS = ("<s><|u|>\nIs it true?<|a|>\n", "<s><|u|>\nWell.<|a|>", "<s><|u|>\nYes it is.<|a|>\n\n")


def test_a_text_that_begins_as_the_tokenizer_would_begin_it_begins_once() -> None:
    lm = pw.LanguageModel(*chat())
    for prompt, encoded in zip(PROMPTS, lm.encode(PROMPTS), strict=True):
        assert encoded.inputs["input_ids"] == lm.tokenizer(prompt, add_special_tokens=False)["input_ids"]
        assert not encoded.special.any() and len(encoded.offsets) == len(encoded.inputs["attention_mask"])
    assert lm.encode(["plain"])[0].special.tolist()[0] and lm.encode(["plain"])[0].inputs["input_ids"][0] == 0


def test_special_tokens_are_added_as_one_says() -> None:
    always, never = (pw.LanguageModel(*chat(), special_tokens=wish) for wish in (True, False))
    assert always.encode(PROMPTS[:1])[0].inputs["input_ids"][:2] == [0, 0]
    assert never.encode(["plain"])[0].inputs["input_ids"][0] != 0
    assert len({lm.fingerprint() for lm in (always, never, pw.LanguageModel(*chat()))}) == 3
    with pytest.raises(ModelError, match="special_tokens must be True, False or None, but 'no' came"):
        pw.LanguageModel(*chat(), special_tokens="no")  # type: ignore[arg-type]


def test_the_last_token_of_a_prompt_is_the_one_behind_which_it_is_answered() -> None:
    lm = pw.LanguageModel(*chat())
    examples = tuple(pw.Example(p, labels={"y": "ab"[i % 2]}) for i, p in enumerate(PROMPTS))
    corpus = pw.Corpus(examples, pw.Split((0,), (1,), (2,)))
    got = pw.capture(lm, corpus, pw.SentenceTask("y"), layers=[-1], pool=pw.last, store=False).layer(3)
    for prompt, state in zip(PROMPTS, got, strict=True):
        ids = torch.tensor([lm.tokenizer(prompt, add_special_tokens=False)["input_ids"]])
        with torch.inference_mode():
            torch.testing.assert_close(torch.tensor(state), lm.model(ids).last_hidden_state[0, -1])


def test_what_is_added_behind_a_text_is_not_its_last_token() -> None:
    body, tokenizer = tiny.model("bert")
    lm = pw.LanguageModel(body, tokenizer)
    corpus = pw.Corpus((pw.Example("The cats ", labels={"y": "a"}),), pw.Split((0,), (), ()))
    got = pw.capture(lm, corpus, pw.SentenceTask("y"), layers=[-1], pool=pw.last, store=False).layer(3)
    torch.testing.assert_close(torch.tensor(got[0]), lm.states(lm.encode(["The cats "]))[-1][0, -2])


def test_a_tokenizer_that_is_changed_by_hand_changes_the_fingerprint() -> None:
    body, tokenizer = chat()
    other = copy.deepcopy(tokenizer)
    other.backend_tokenizer.post_processor = processors.TemplateProcessing("<s> <s> $A", special_tokens=[("<s>", 0)])
    assert pw.LanguageModel(body, tokenizer).fingerprint() != pw.LanguageModel(body, other).fingerprint()
