"""Tiny random-weight models of many families, built from their configs, with tokenizers trained on the spot."""

from __future__ import annotations

from functools import cache
from typing import Any

import torch
import transformers as hf
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

TEXT = (
    "The cats sat on the mat. Don't you like naïve cafés? I can't believe it's not butter!",
    "She reads 1,234 books, e.g. novels — and writes to a.b@example.org every day.",
    "Light lights light the light room; run, ran, running: état, Äpfel, señor, 北京, שלום, 👍🏽.",
    "He said: well-known state-of-the-art results weren't reproducible.",
)
VOCABULARY = 400


@cache
def tokenizer(kind: str) -> Any:
    """A fast tokenizer: `wordpiece`, `byte-bpe`, `byte-bpe-prefix` or `metaspace`."""
    if kind == "wordpiece":
        return _wordpiece()
    if kind == "metaspace":
        return _metaspace()
    return _byte_bpe(prefix=kind.endswith("prefix"))


def _wordpiece() -> Any:
    backend = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    backend.normalizer = normalizers.BertNormalizer(lowercase=True)
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    backend.train_from_iterator(TEXT, trainers.WordPieceTrainer(vocab_size=VOCABULARY, special_tokens=special))
    ends = [(token, backend.token_to_id(token)) for token in ("[CLS]", "[SEP]")]
    backend.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", special_tokens=ends)
    return hf.PreTrainedTokenizerFast(
        tokenizer_object=backend, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]"
    )


def _byte_bpe(prefix: bool) -> Any:
    backend = Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix)
    backend.decoder = decoders.ByteLevel()
    backend.post_processor = processors.ByteLevel(trim_offsets=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    end = ["<|endoftext|>"]
    backend.train_from_iterator(
        TEXT, trainers.BpeTrainer(vocab_size=VOCABULARY, special_tokens=end, initial_alphabet=alphabet)
    )
    return hf.PreTrainedTokenizerFast(tokenizer_object=backend, eos_token=end[0])


def _metaspace() -> Any:
    backend = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.Metaspace()
    backend.decoder = decoders.Metaspace()
    special = ["<pad>", "<s>", "</s>", "<unk>", *(f"<0x{byte:02X}>" for byte in range(256))]
    backend.train_from_iterator(TEXT, trainers.BpeTrainer(vocab_size=VOCABULARY + 256, special_tokens=special))
    begin = [("<s>", backend.token_to_id("<s>"))]
    backend.post_processor = processors.TemplateProcessing("<s> $A", special_tokens=begin)
    return hf.PreTrainedTokenizerFast(tokenizer_object=backend, pad_token="<pad>", bos_token="<s>", unk_token="<unk>")


_SIZE = {
    "vocab_size": VOCABULARY + 256,
    "hidden_size": 32,
    "num_hidden_layers": 3,
    "num_attention_heads": 2,
    "intermediate_size": 64,
    "max_position_embeddings": 64,
}

FAMILIES: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "bert": ("wordpiece", hf.BertConfig, _SIZE),
    "distilbert": (
        "wordpiece",
        hf.DistilBertConfig,
        {"vocab_size": 700, "dim": 32, "n_layers": 3, "n_heads": 2, "hidden_dim": 64, "max_position_embeddings": 64},
    ),
    "roberta": ("byte-bpe-prefix", hf.RobertaConfig, _SIZE | {"pad_token_id": 1}),
    "modernbert": (
        "wordpiece",
        hf.ModernBertConfig,
        _SIZE | {"pad_token_id": 0, "bos_token_id": 2, "eos_token_id": 3, "cls_token_id": 2, "sep_token_id": 3},
    ),
    "gpt2": (
        "byte-bpe",
        hf.GPT2Config,
        {"vocab_size": 700, "n_embd": 32, "n_layer": 3, "n_head": 2, "n_positions": 64},
    ),
    "llama": ("metaspace", hf.LlamaConfig, _SIZE | {"num_key_value_heads": 2}),
    "neox": ("byte-bpe", hf.GPTNeoXConfig, _SIZE),
    "opt": ("byte-bpe", hf.OPTConfig, _SIZE | {"ffn_dim": 64, "word_embed_proj_dim": 32}),
    "t5": (
        "metaspace",
        hf.T5Config,
        {"vocab_size": 700, "d_model": 32, "d_kv": 16, "d_ff": 64, "num_layers": 3, "num_heads": 2},
    ),
}
"""Family -> kind of tokenizer, config class and its arguments. Every model has 3 blocks of width 32."""

NORMED = {"gpt2", "llama", "neox", "opt", "modernbert", "t5"}
"""The families whose last hidden state is what comes after a final norm."""


@cache
def model(family: str) -> tuple[Any, Any]:
    """A random model of a family, and its tokenizer."""
    kind, config, arguments = FAMILIES[family]
    torch.manual_seed(0)
    # Random weights are small by default, so that layers would hardly differ: make them larger.
    built = (
        hf.AutoModel.from_config(config(**arguments, initializer_range=0.3))
        if family != "t5"
        else hf.AutoModel.from_config(config(**arguments))
    )
    return built.eval(), tokenizer(kind)
