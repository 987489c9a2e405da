from __future__ import annotations

import torch
import transformers
from tokenizers import Tokenizer, models, pre_tokenizers

import probewidgets as pw


def of_words(words: tuple[str, ...]) -> transformers.PreTrainedTokenizerFast:
    """Tokenizer of a few whole words, to which all others are the same."""
    rules = Tokenizer(models.WordLevel({word: i for i, word in enumerate(("<unk>", *words))}, unk_token="<unk>"))
    rules.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return transformers.PreTrainedTokenizerFast(tokenizer_object=rules, unk_token="<unk>", pad_token="<unk>")


def test_a_model_is_causal_or_not_whatever_words_its_tokenizer_has() -> None:
    torch.manual_seed(0)
    few = {"vocab_size": 3, "bos_token_id": 0, "eos_token_id": 0}
    decoder = transformers.GPT2Model(transformers.GPT2Config(n_layer=1, n_embd=8, n_head=2, n_positions=64, **few))
    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8}
    encoder = transformers.BertModel(transformers.BertConfig(**few, **sizes, max_position_embeddings=64))
    for words in (("dog", "cat"), ("a", "b")):
        assert pw.LanguageModel(decoder, of_words(words)).causal
        assert not pw.LanguageModel(encoder, of_words(words)).causal
