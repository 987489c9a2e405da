"""Tiny random-weight models of many families, built from their configs, with tokenizers trained on the spot."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, field
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
ROWS = VOCABULARY + 300
"""Rows of every model's embedding: more than any of the tokenizers has tokens."""

BYTES = tuple(f"<0x{byte:02X}>" for byte in range(256))
NAMES = {"pad": "[PAD]", "unk": "[UNK]", "cls": "[CLS]", "sep": "[SEP]", "mask": "[MASK]"}
"""Special tokens of the WordPiece kind; of the others those of `ANGLED`."""
ANGLED = {"bos": "<s>", "pad": "<pad>", "eos": "</s>", "unk": "<unk>", "mask": "<mask>"}
LANGUAGE = "en_XX"
USUAL = {"wordpiece": "[CLS] $A [SEP]", "byte-bpe-prefix": "<s> $A </s>", "byte-bpe": "$A"}
"""What a kind puts around a text, where it is not told."""


@cache
def tokenizer(kind: str, ends: str = "") -> Any:
    """A fast tokenizer.

    Args:
        kind: `wordpiece` (BERT), `byte-bpe` (GPT-2), `byte-bpe-prefix` (RoBERTa: a space before the first word too),
            `unigram` (SentencePiece: T5, XLM-R), `metaspace` (BPE with bytes to fall back on: Llama), or
            `spaceless` (the same without a space before the first word: Gemma).
        ends: What is put around a text, e.g. `"<s> $A </s>"`; by default what the kind's first family does. A
            `byte-bpe` with nothing around it has no padding token either.
    """
    ends = ends or {"wordpiece": "[CLS] $A [SEP]", "byte-bpe-prefix": "<s> $A </s>", "byte-bpe": "$A"}.get(
        kind, "<s> $A"
    )
    backend, special = _trained(kind, ends == "$A")
    own = [token for token in ends.split() if token != "$A"]
    # A post-processor that adds something comes after the one that trims what byte-level tokens cover.
    steps = [processors.ByteLevel(trim_offsets=kind == "byte-bpe-prefix")] if kind.startswith("byte") else []
    steps.append(processors.TemplateProcessing(ends, special_tokens=[(t, backend.token_to_id(t)) for t in set(own)]))
    backend.post_processor = processors.Sequence(steps)
    return hf.PreTrainedTokenizerFast(tokenizer_object=backend, **{f"{n}_token": t for n, t in special.items()})


def _trained(kind: str, bare: bool) -> tuple[Any, dict[str, str]]:
    special = {"eos": "<|endoftext|>"} if kind == "byte-bpe" and bare else ANGLED
    tokens = [*special.values(), LANGUAGE]
    if kind == "wordpiece":
        special = NAMES
        backend = Tokenizer(models.BPE())
        backend.normalizer = normalizers.BertNormalizer(lowercase=True)
        backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        trainer = trainers.BpeTrainer(vocab_size=VOCABULARY // 2, special_tokens=[*special.values()])
    elif kind == "unigram":
        backend = Tokenizer(models.Unigram())
        backend.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace("  ", " ")])
        backend.pre_tokenizer = pre_tokenizers.Metaspace()
        backend.decoder = decoders.Metaspace()
        trainer = trainers.UnigramTrainer(vocab_size=VOCABULARY, special_tokens=tokens, unk_token="<unk>")
    elif kind.startswith("byte-bpe"):
        backend = Tokenizer(models.BPE())
        backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=kind.endswith("prefix"))
        backend.decoder = decoders.ByteLevel()
        alphabet = pre_tokenizers.ByteLevel.alphabet()
        trainer = trainers.BpeTrainer(vocab_size=VOCABULARY, special_tokens=tokens, initial_alphabet=alphabet)
    else:
        backend = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>"))
        if kind == "spaceless":
            backend.normalizer = normalizers.Replace(" ", "▁")
            backend.pre_tokenizer = pre_tokenizers.Split("▁", "merged_with_next")
        else:
            backend.pre_tokenizer = pre_tokenizers.Metaspace()
        backend.decoder = decoders.Metaspace()
        trainer = trainers.BpeTrainer(vocab_size=VOCABULARY + 256, special_tokens=[*tokens, *BYTES])
    backend.train_from_iterator(TEXT, trainer)
    if kind == "wordpiece":
        # Its own trainer settles ties in any order, so that its pieces and their ids vary from run to run.
        pieces = sorted({*backend.get_vocab()} - {*special.values()})
        pieces = [*special.values(), *pieces, *(f"##{piece}" for piece in pieces)]
        backend.model = models.WordPiece({piece: at for at, piece in enumerate(pieces)}, unk_token="[UNK]")
    if kind == "unigram":
        # Its trainer adds up in any order: the last digits of its scores, and so the order, vary from run to run.
        pieces = [(piece, round(score, 1)) for piece, score in json.loads(backend.to_str())["model"]["vocab"]]
        pieces = [*pieces[: len(tokens)], *sorted(pieces[len(tokens) :])]
        backend.model = models.Unigram(pieces, unk_id=tokens.index("<unk>"))
    return backend, special


@dataclass(frozen=True)
class Family:
    """How a tiny model of one family is built."""

    kind: str
    """Its kind of tokenizer."""
    config: Any
    """Its config class."""
    ends: str = ""
    """What its tokenizer puts around a text."""
    settings: dict[str, Any] = field(default_factory=dict)
    """What its config is built with, beside or instead of the settings of `SIZE`."""
    size: bool = True
    """Whether its config knows the names of `SIZE`."""


SIZE = {
    "hidden_size": 32,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "intermediate_size": 64,
    "max_position_embeddings": 64,
}
GROUPED = {"num_key_value_heads": 2}
WIDE = GROUPED | {"head_dim": 16}
"""Heads that are together wider than the stream."""
POSITIONS = {"relative_attention": True, "pos_att_type": ["p2c", "c2p"]}
GPT = {"n_embd": 32, "n_layer": 3, "n_head": 4, "n_positions": 64}
SEQ2SEQ = {"d_model": 32, "encoder_layers": 3, "decoder_layers": 2, "max_position_embeddings": 64} | {
    f"{stack}_{name}": n for stack in ("encoder", "decoder") for name, n in (("attention_heads", 4), ("ffn_dim", 64))
}

FAMILIES: dict[str, Family] = {
    # Encoders.
    "bert": Family("wordpiece", hf.BertConfig),
    "distilbert": Family(
        "wordpiece",
        hf.DistilBertConfig,
        settings={"dim": 32, "n_layers": 3, "n_heads": 4, "hidden_dim": 64, "max_position_embeddings": 64},
        size=False,
    ),
    "electra": Family("wordpiece", hf.ElectraConfig, settings={"embedding_size": 16}),
    "mpnet": Family("wordpiece", hf.MPNetConfig),
    "roberta": Family("byte-bpe-prefix", hf.RobertaConfig),
    "deberta": Family("byte-bpe", hf.DebertaConfig, "<s> $A </s>", POSITIONS),
    "modernbert": Family("byte-bpe", hf.ModernBertConfig, "<s> $A </s>", {"cls_token_id": 0, "sep_token_id": 2}),
    "xlm-r": Family("unigram", hf.XLMRobertaConfig, "<s> $A </s>"),
    "albert": Family("unigram", hf.AlbertConfig, "<s> $A </s>", {"embedding_size": 16}),
    "deberta-v2": Family("unigram", hf.DebertaV2Config, "<s> $A </s>", POSITIONS | {"position_biased_input": False}),
    # Decoders.
    "gpt2": Family("byte-bpe", hf.GPT2Config, settings=GPT, size=False),
    "neox": Family("byte-bpe", hf.GPTNeoXConfig),
    "phi": Family("byte-bpe", hf.PhiConfig),
    "falcon": Family("byte-bpe", hf.FalconConfig),
    "qwen2": Family("byte-bpe", hf.Qwen2Config, settings=GROUPED),
    "qwen3": Family("byte-bpe", hf.Qwen3Config, settings=WIDE),
    "opt": Family("byte-bpe", hf.OPTConfig, "</s> $A", {"ffn_dim": 64, "word_embed_proj_dim": 32}),
    "bloom": Family("byte-bpe", hf.BloomConfig, "", {"hidden_size": 32, "n_layer": 3, "n_head": 4}, size=False),
    "llama": Family("metaspace", hf.LlamaConfig, settings=GROUPED),
    "mistral": Family("metaspace", hf.MistralConfig, settings=GROUPED),
    "mixtral": Family("metaspace", hf.MixtralConfig, settings=GROUPED | {"num_local_experts": 2}),
    "gemma": Family("spaceless", hf.GemmaConfig, settings=WIDE),
    "gemma2": Family("spaceless", hf.Gemma2Config, settings=WIDE),
    "gemma3": Family("spaceless", hf.Gemma3TextConfig, settings=WIDE),
    "xlnet": Family(
        "unigram", hf.XLNetConfig, "$A <s> </s>", {"d_model": 32, "n_layer": 3, "n_head": 4, "d_inner": 64}, size=False
    ),
    # State spaces, alone and in turn with attention.
    "mamba": Family(
        "byte-bpe", hf.MambaConfig, "", {"hidden_size": 32, "num_hidden_layers": 3, "state_size": 4}, size=False
    ),
    "mamba2": Family(
        "byte-bpe",
        hf.Mamba2Config,
        "",
        {
            "hidden_size": 32,
            "num_hidden_layers": 3,
            "state_size": 4,
            "num_heads": 8,
            "head_dim": 8,
            "n_groups": 1,
            "chunk_size": 8,
        },
        size=False,
    ),
    "recurrentgemma": Family("spaceless", hf.RecurrentGemmaConfig, settings=GROUPED | {"head_dim": 8, "lru_width": 32}),
    # Encoder-decoders.
    "t5": Family(
        "unigram",
        hf.T5Config,
        "$A </s>",
        {"d_model": 32, "d_kv": 8, "d_ff": 64, "num_layers": 3, "num_decoder_layers": 2, "num_heads": 4}
        | {"decoder_start_token_id": 1},
        size=False,
    ),
    "bart": Family("byte-bpe", hf.BartConfig, "<s> $A </s>", SEQ2SEQ | {"decoder_start_token_id": 2}, size=False),
    "mbart": Family("unigram", hf.MBartConfig, f"$A </s> {LANGUAGE}", SEQ2SEQ, size=False),
    "marian": Family("unigram", hf.MarianConfig, "$A </s>", SEQ2SEQ | {"decoder_start_token_id": 1}, size=False),
}
"""Every family. A model has 3 blocks of width 32 with 4 heads; the decoder of an encoder-decoder has 2."""

FEW = ("bert", "roberta", "gpt2", "llama", "xlm-r", "t5")
"""One family for each kind of tokenizer, and an encoder-decoder."""

SEQ2SEQS = ("t5", "bart", "mbart", "marian")

STACKS = tuple((f, s) for f in FAMILIES for s in (("encoder", "decoder") if f in SEQ2SEQS else (None,)))
"""Every family with each of its stacks: what `LanguageModel(*model(family), stack=stack)` takes."""


@cache
def model(family: str) -> tuple[Any, Any]:
    """A random model of a family, and its tokenizer."""
    how = FAMILIES[family]
    words = tokenizer(how.kind, how.ends)
    special = {f"{name}_token_id": getattr(words, f"{name}_token_id") for name in ("pad", "bos", "eos")}
    settings = {"vocab_size": ROWS} | special | (SIZE if how.size else {}) | how.settings
    return _built(lambda: hf.AutoModel.from_config(how.config(**settings)), seed=0), words


def headed(family: str, kind: Callable[[Any], Any]) -> tuple[Any, Any]:
    """A random model of a family with a head, as a class of transformers' makes it, and its tokenizer."""
    body, words = model(family)
    return _built(lambda: kind(copy.deepcopy(body.config)), seed=1), words


def _built(build: Callable[[], Any], seed: int) -> Any:
    """Fresh weights are small, so that layers would hardly differ, and biases and norms are 0 and 1: move all."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        built = build().eval()
        with torch.no_grad():
            for weight in built.parameters():
                weight.add_(0.2 * torch.randn_like(weight))
    return built
