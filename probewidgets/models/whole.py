"""Whole: whether what a model reports is its states, and whether the part that is probed does what all of it does.

A model may be wrapped in another one, or read more than the text. It is right, or refused by name with the way out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from probewidgets.errors import ModelError

__all__ = ["check_body", "check_no_adapter", "check_reported", "unwrapped"]


def unwrapped(model: Any) -> Any:
    """The transformers model inside of one that carries adapters (PEFT): with them, as they are switched on or off.

    Raises:
        ModelError: It puts learned vectors before each text: its states are not those of the text alone.
    """
    if not hasattr(model, "get_base_model") or not hasattr(model, "peft_config"):
        return model
    configs = model.peft_config.values() if isinstance(model.peft_config, Mapping) else [model.peft_config]
    prompted = next((config for config in configs if getattr(config, "is_prompt_learning", False)), None)
    if prompted is not None:
        raise ModelError(
            f"{type(model).__name__} reads learned vectors before each text ({type(prompted).__name__}), so that its "
            "states are not those of the text's tokens alone, and cannot be told apart. Pass the model without them, "
            "model.get_base_model(), if its states are what you want; or SequenceModel for a module of your own."
        )
    return model.get_base_model()


def check_no_adapter(place: str, **options: Any) -> None:
    """Say what a folder, or a name on the hub, is that holds an adapter and no model of its own.

    Args:
        place: The folder or the name.
        options: Those of `from_pretrained`, of which some say where files are looked for: `revision`, `token`, ...

    Raises:
        ModelError: It is one.

    Cost: of a name on the hub that is not in the cache, one question to it, which loading asks again from the cache.
    """
    from transformers.utils.peft_utils import find_adapter_config_file

    names = ("revision", "local_files_only", "token", "cache_dir", "subfolder")
    try:
        path = find_adapter_config_file(place, **{n: options[n] for n in names if options.get(n) is not None})
    except Exception:  # no name that the hub could have, or no way to it: loading says so
        return
    if path is None:
        return
    try:
        settings = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        settings = {}
    what = f"The folder {place}" if Path(place).is_dir() else f"{place!r} on the hub"
    kind, base = settings.get("peft_type") or "PEFT", settings.get("base_model_name_or_path") or "ITS BASE"
    raise ModelError(
        f"{what} holds an adapter ({kind}) of the model {base!r}, and no model. Load both with peft, and "
        f"pass them: tuned = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained({base!r}), {place!r}), "
        "then LanguageModel(tuned, tokenizer). Or merge them, tuned.merge_and_unload().save_pretrained(FOLDER)."
    )


def check_reported(name: str, states: Any, n: int) -> None:
    """Whether a model reports one state for each of the n tokens of a text, at each layer.

    Raises:
        ModelError: It does not; with the way out.
    """
    if not states:
        raise ModelError(
            f"{name} reports no hidden states. Called with output_hidden_states=True, a model must return them, (B, T, "
            "D) for each layer, as `hidden_states`: let the class that is loaded do so, pass the part inside that "
            "does, or read a module of your own with SequenceModel(module, vocabulary)."
        )
    first = states[0]
    if isinstance(first, torch.Tensor) and first.ndim == 3 and tuple(first.shape[:2]) == (1, n):
        return
    shape = tuple(first.shape) if isinstance(first, torch.Tensor) else type(first).__name__
    raise ModelError(
        f"{name} reports hidden states of another form than one for each token: {shape} of one text of {n} tokens, "
        f"and (1, {n}, D) was expected. A model that pads a text to whole chunks, reads learned vectors before it, or "
        "carries several streams does so; which of them are a token's cannot be told. Pass a part inside that gives "
        "one state for each token, or read it with SequenceModel(module, vocabulary)."
    )


def check_body(name: str, whole: Any, inputs: Mapping[str, torch.Tensor], last: torch.Tensor, stack: str = "") -> None:
    """Whether all of a model that was given has the states that its body alone gives.

    Args:
        name: Of the model.
        whole: The model as it was given.
        inputs: What the body read.
        last: (1, T, D) its last state.
        stack: Which of an encoder-decoder the body is.

    Raises:
        ModelError: It has others.
    """
    if stack == "encoder":  # the whole wants something to decode, which its encoder does not see
        inputs = {**inputs, "decoder_input_ids": inputs["input_ids"][:, :1]}
    try:
        out = whole(**inputs, output_hidden_states=True, return_dict=True)
        other = getattr(out, f"{stack}_hidden_states" if stack else "hidden_states")[-1]
    except Exception:  # a head may want more than a text; then there is nothing to compare
        return
    if not isinstance(other, torch.Tensor):
        return
    rounding = torch.finfo(last.dtype).eps ** 0.5
    if other.shape == last.shape and bool(((other - last).norm() <= rounding * last.norm()).item()):
        return
    raise ModelError(
        f"{name}: {type(whole).__name__} has other states, {tuple(other.shape)} of one text, than the part of it that "
        f"would be probed, {tuple(last.shape)}: it changes what that part reads, such as by learned vectors before the "
        "text, or what it gives. Pass the part itself, if its states are what you want."
    )
