"""Loading: from a name, a folder or a module in memory to a torch module and its tokenizer, or an error that helps."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from probewidgets.errors import ModelError
from probewidgets.models import embedded

__all__ = ["as_dtype", "best_device", "body", "called", "fill", "load", "max_tokens", "move"]


def called(model: Any) -> str:
    """What captions call a model.

    Raises:
        ModelError: It is nothing that can be a model.
    """
    if model is None:
        return embedded.NAME
    if isinstance(model, torch.nn.Module):
        if not hasattr(model, "config"):
            raise ModelError(
                f"{type(model).__name__} is no transformers model: it has no config. Pass the one inside it."
            )
        return getattr(model.config, "_name_or_path", "") or type(model).__name__
    if isinstance(model, (str, os.PathLike)):
        path = Path(model).expanduser()
        return path.name if path.is_dir() and path.name else os.fspath(model)
    raise ModelError(
        f"LanguageModel takes a name, a folder or a transformers model, but {type(model).__name__} came: {model!r:.80}."
    )


def load(source: Any, tokenizer: Any, revision: str | None, dtype: torch.dtype, kwargs: dict[str, Any]) -> Any:
    """Model and tokenizer from the embedded package, a folder or the hub, and the weights that the checkpoint lacks."""
    from safetensors import SafetensorError
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging

    if source is None:
        place, local = str(embedded.folder()), True
    else:
        place = os.path.expanduser(os.fspath(source))
        local = os.path.isdir(place)
        if local and "gguf_file" not in kwargs and not os.path.isfile(os.path.join(place, "config.json")):
            inside = ", ".join(sorted(os.listdir(place))[:8]) or "nothing"
            raise ModelError(f"The folder {place} is no model: it has no config.json. It holds {inside}.")
        if not local and (os.path.isabs(place) or place.startswith(".")):
            raise ModelError(f"There is no folder {place}. Give one made by save_pretrained, or a hub name.")
    options: dict[str, Any] = {"revision": revision or "main", "local_files_only": local, **kwargs}
    noisy = logging.is_progress_bar_enabled()
    verbosity = logging.get_verbosity()
    if local:  # the bars and notes of a download have nothing to say about a folder
        logging.disable_progress_bar()
        logging.set_verbosity_error()
    try:
        model, told = AutoModel.from_pretrained(place, dtype=dtype, output_loading_info=True, **options)
        if tokenizer is None or isinstance(tokenizer, (str, os.PathLike)):
            tokenizer = AutoTokenizer.from_pretrained(tokenizer or place, **options)
        lacking = {name: tensor for name, tensor in model.named_parameters() if name in set(told["missing_keys"])}
        fill(lacking, float("nan"))
        return model, tokenizer, lacking
    except (OSError, ValueError, RuntimeError, KeyError, ImportError, SafetensorError) as error:
        raise ModelError(_cannot_load(place, local, error)) from error
    finally:
        logging.set_verbosity(verbosity)
        if noisy:
            logging.enable_progress_bar()


def _cannot_load(place: str, local: bool, error: Exception) -> str:
    first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if local:
        return f"The folder {place} could not be loaded as a model with its tokenizer. {type(error).__name__}: {first}"
    return (
        f"{place!r} could not be loaded from the Hugging Face hub. {type(error).__name__}: {first}\n"
        "Without a network: use LanguageModel() (the embedded model); or download once where there is one, with "
        f"`hf download {place} --local-dir FOLDER`, and pass that folder. A model already in the hub's cache loads "
        "with the environment variable HF_HUB_OFFLINE=1."
    )


def body(model: Any, stack: str | None) -> tuple[Any, str]:
    """The part that makes hidden states, without a language-modelling head; and which stack's it makes.

    Of an encoder-decoder that is the encoder, or for its decoder's states all of it, since those need the encoder's.

    Raises:
        ModelError: There is no such stack.
    """
    if stack not in (None, "encoder", "decoder"):
        raise ModelError(f"stack must be 'encoder' or 'decoder', but {stack!r} came.")
    whole = getattr(model, "base_model", model)
    if not getattr(whole.config, "is_encoder_decoder", False):
        if stack is not None:
            raise ModelError(f"{type(whole).__name__} has one stack only: leave stack={stack!r} out.")
        return whole, ""
    return (whole, "decoder") if stack == "decoder" else (whole.get_encoder(), "encoder")


def fill(weights: Mapping[str, torch.Tensor], value: float) -> None:
    """Set every weight to one value."""
    with torch.no_grad():
        for weight in weights.values():
            weight.fill_(value)


def move(model: torch.nn.Module, device: str | torch.device) -> None:
    """Put a model on a device; ModelError where that cannot be done."""
    try:
        model.to(device)
    except (RuntimeError, AssertionError) as error:
        raise ModelError(
            f"The model cannot be put on device {str(device)!r}: {str(error).splitlines()[0]:.200} "
            "Give 'cpu', 'cuda', 'cuda:1', 'mps', ..., one that this machine has."
        ) from error


def as_dtype(dtype: str | torch.dtype) -> torch.dtype:
    """A floating-point type, by itself or by name; ModelError where it is none."""
    found = getattr(torch, dtype, None) if isinstance(dtype, str) else dtype
    if not isinstance(found, torch.dtype) or not found.is_floating_point:
        raise ModelError(f"dtype must be a floating one such as 'float32' or torch.bfloat16, but {dtype!r} came.")
    return found


def best_device() -> torch.device:
    """The fastest device that this machine has."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def max_tokens(model: Any, tokenizer: Any) -> int:
    """The smaller of what the tokenizer and the model declare; very large where neither declares any."""
    declared = [int(min(tokenizer.model_max_length, 10**9))]
    positions = getattr(model.config, "max_position_embeddings", None)
    if isinstance(positions, int) and positions > 0:
        # A table of positions with a padding index counts from after it, so that many of its rows are never reached.
        table = next(
            (m for m in model.modules() if isinstance(m, torch.nn.Embedding) and m.num_embeddings == positions), None
        )
        skipped = 0 if table is None or table.padding_idx is None else table.padding_idx + 1
        declared.append(positions - skipped)
    return min(declared)


def heads(config: Any, stack: str) -> int:
    """Attention heads of a block, as the config says; 0 where it does not."""
    names = ("decoder_attention_heads", "num_attention_heads") if stack == "decoder" else ("num_attention_heads",)
    found = [getattr(config, name, None) for name in names]
    return next((n for n in found if isinstance(n, int) and n > 0), 0)
