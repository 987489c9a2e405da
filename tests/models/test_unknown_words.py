from __future__ import annotations

import pytest
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


def test_words_that_the_tokenizer_does_not_know_are_counted_and_named(tmp_path) -> None:
    config = transformers.GPT2Config(vocab_size=3, bos_token_id=0, eos_token_id=0, n_layer=1, n_embd=8, n_head=2)
    model = pw.LanguageModel(transformers.GPT2Model(config), of_words(("dog", "cat")))
    words = [["dog", "owl", "cat", "emu", "owl", *["dog"] * n] for n in range(10)]
    corpus = pw.read_table({"words": words, "tags": [["A"] * len(forms) for forms in words]})
    for _ in range(2):  # the second time they are read from the store
        with pytest.warns(UserWarning, match=r"30 target\(s\) are unknown to the tokenizer, e.g. 'owl', 'emu': the"):
            acts = pw.capture(model, corpus, pw.WordTask("tags"), store=tmp_path)
        assert sorted(set(acts.missing.unknown)) == ["emu", "owl"] and not len(acts.missing)
