"""Loading: from a name, a folder or a module in memory to a torch module and its tokenizer, or an error that helps."""

from __future__ import annotations

import os
import re
import socket
import textwrap
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pickle import UnpicklingError
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

import torch

from probewidgets.errors import ModelError, clipped
from probewidgets.machine.imports import gc_paused
from probewidgets.models import embedded
from probewidgets.models.places import called, place_of
from probewidgets.models.whole import check_no_adapter

__all__ = [
    "as_dtype",
    "best_device",
    "body",
    "check_head",
    "check_vocabulary",
    "fill",
    "load",
    "load_tokenizer",
    "move",
]

_ONE_AT_A_TIME = threading.Lock()
"""While transformers loads, it changes classes of its own: two at once would leave them so, and no weights be tied."""


def load(
    source: Any,
    tokenizer: Any,
    revision: str | None,
    dtype: torch.dtype,
    kwargs: dict[str, Any],
    *,
    head: bool = False,
) -> tuple[Any, Any, dict[str, torch.Tensor]]:
    """Model and tokenizer from the embedded package, a folder or the hub, and the weights that the checkpoint lacks.

    With `head` the model is the one that has its language-modelling head.

    Raises:
        ModelError: It cannot be loaded; or a head is wanted, and its kind or this checkpoint has none.
    """
    with gc_paused():
        from transformers import AutoModel

    if source is None:
        place, local = str(embedded.folder()), True
    else:
        place, local = place_of(source, "a model")
    options: dict[str, Any] = {"revision": revision or "main", "local_files_only": local or _unreachable(), **kwargs}
    check_no_adapter(place, **options)
    if local and "gguf_file" not in kwargs and not os.path.isfile(os.path.join(place, "config.json")):
        inside = ", ".join(sorted(name for name in os.listdir(place) if not name.startswith("."))[:8]) or "nothing"
        raise ModelError(f"The folder {place} is no model: it has no config.json. It holds {inside}.")
    with _loading("a model", place, local), _ONE_AT_A_TIME, gc_paused():
        auto = _with_head(place, options) if head else AutoModel
        model, told = auto.from_pretrained(place, dtype=dtype, output_loading_info=True, **options)
        missing = {name for name in told["missing_keys"] if not _is_computed(model, name)}
        lacking = {name: tensor for name, tensor in model.named_parameters() if name in missing}
        fill(lacking, float("nan"))
    if head:
        _check_head_is_stored(called(source, kwargs.get("gguf_file")), model, lacking)
    if tokenizer is None:
        tokenizer = _tokenizer(place, local, options)
    return model, tokenizer, lacking


def _is_computed(model: Any, name: str) -> bool:
    """Whether a kind's checkpoints leave a weight out since its class computes it, as Marian's positions are by sines.

    The class says so, by the name that the weight has where there is a head.
    """
    patterns = getattr(model, "_keys_to_ignore_on_load_missing", None) or ()
    return any(re.search(pattern, f"{model.base_model_prefix}.{name}") for pattern in patterns)


def _with_head(place: str, options: Mapping[str, Any]) -> Any:
    """Which of transformers' Auto classes gives the model at a place with its language-modelling head."""
    import transformers

    config = transformers.AutoConfig.from_pretrained(place, **options)
    if getattr(config, "is_encoder_decoder", False):
        names = ["Seq2SeqLM"]
    else:  # some kinds are made for both: then this checkpoint says which it is, or else reads both ways
        names = ["CausalLM", "MaskedLM"] if getattr(config, "is_decoder", False) else ["MaskedLM", "CausalLM"]
    stored = set(getattr(config, "architectures", None) or ())
    able = {}
    for auto in (getattr(transformers, f"AutoModelFor{name}") for name in names):
        kinds = auto._model_mapping.get(type(config), ())
        kinds = kinds if isinstance(kinds, tuple | list) else (kinds,)
        if kinds or auto.__name__ in (getattr(config, "auto_map", None) or {}):
            able[auto] = any(kind.__name__ in stored for kind in kinds)
    if not able:
        raise ModelError(f"transformers has no model of the kind {config.model_type!r} with a language-modelling head.")
    return max(able, key=lambda auto: able[auto])


def _check_head_is_stored(name: str, model: Any, lacking: Mapping[str, torch.Tensor]) -> None:
    # T5's class with a head says that it is its own body.
    bodies = [model.base_model] if model.base_model is not model else [model.get_encoder(), model.get_decoder()]
    inside = {id(weight) for body in bodies for weight in body.parameters()}
    gone = [part for part, weight in lacking.items() if id(weight) not in inside]
    if gone:
        raise ModelError(
            f"{name!r} was stored without a language-modelling head: {type(model).__name__} needs "
            f"{', '.join(gone):.200}. Name a model that has one, such as LanguageModel('distilgpt2', head=True); or "
            "leave head=True out: probes need none."
        )


def check_head(model: Any) -> None:
    """Say that a model in memory has no head that predicts tokens, where it has none.

    Raises:
        ModelError: So it is.
    """
    if not hasattr(model, "get_output_embeddings") or model.get_output_embeddings() is None:
        raise ModelError(
            f"{type(model).__name__} has no head that predicts tokens. Load it by AutoModelForCausalLM, "
            "AutoModelForMaskedLM or AutoModelForSeq2SeqLM: LanguageModel(headed, tokenizer, head=True)."
        )


def load_tokenizer(tokenizer: Any, kwargs: Mapping[str, Any]) -> Any:
    """A tokenizer from a folder or a name of its own; one in memory, or None, as it is.

    Raises:
        ModelError: It is nothing that can be a tokenizer, or it cannot be loaded.
    """
    if isinstance(tokenizer, (str, os.PathLike)):
        place, local = place_of(tokenizer, "a tokenizer")
        # A revision or a file names something in the model's place, not here.
        here = {n: kwargs[n] for n in ("token", "cache_dir", "trust_remote_code") if n in kwargs}
        return _tokenizer(place, local, {"local_files_only": local or _unreachable(), **here})
    if tokenizer is None or callable(tokenizer) or hasattr(tokenizer, "is_fast"):
        return tokenizer
    raise ModelError(
        f"tokenizer must be a fast tokenizer, a folder or a hub name, but {type(tokenizer).__name__} came: "
        f"{clipped(tokenizer, 80)}."
    )


def _tokenizer(place: str, local: bool, options: Mapping[str, Any]) -> Any:
    from transformers import AutoTokenizer

    with _loading("a tokenizer", place, local):
        return AutoTokenizer.from_pretrained(place, **options)


def _unreachable() -> bool:
    """Whether the hub's name leads nowhere. Its client would ask six times for each file, for half a minute."""
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE or getproxies():
        return False
    hub = urlsplit(constants.ENDPOINT)
    try:
        socket.getaddrinfo(hub.hostname, hub.port or 443)
    except OSError:
        return True
    return False


@contextmanager
def _loading(what: str, place: str, local: bool) -> Iterator[None]:
    """Whatever goes wrong inside is told as a ModelError that names the place."""
    from transformers.utils import logging

    noisy = logging.is_progress_bar_enabled()
    verbosity = logging.get_verbosity()
    if local:  # the bars and notes of a download have nothing to say about a folder
        logging.disable_progress_bar()
        logging.set_verbosity_error()
    try:
        yield
    except ModelError:
        raise
    except Exception as error:  # a file of any content leads to errors of any kind
        raise ModelError(_cannot_load(what, place, local, error)) from error
    finally:
        logging.set_verbosity(verbosity)
        if noisy:
            logging.enable_progress_bar()


def _cannot_load(what: str, place: str, local: bool, error: Exception) -> str:
    cause = f"{type(error).__name__}: {textwrap.shorten(str(error), 300)}" if str(error) else type(error).__name__
    if isinstance(error, (UnpicklingError, EOFError)):
        cause = "The file of its weights is empty, damaged, or no file of weights."
    if local:
        other = " Give the place of another one: LanguageModel(..., tokenizer=FOLDER)." if "tokenizer" in what else ""
        return f"The folder {place} could not be loaded as {what}. {cause}{other}"
    if not place or " " in place:
        return f"{place!r} is neither a folder nor a name on the Hugging Face hub. {cause}"
    return (
        f"{place!r} could not be loaded as {what} from the Hugging Face hub. {cause}\n"
        "Without a network: use LanguageModel() (the embedded model); or download once where there is one, with "
        f"`hf download {place} --local-dir FOLDER`, and pass that folder. A model already in the hub's cache loads "
        "with the environment variable HF_HUB_OFFLINE=1."
    )


def check_vocabulary(name: str, tokenizer: Any, model: Any) -> int:
    """How many tokens a model has embeddings for, after its tokenizer was held against it.

    Raises:
        ModelError: The tokenizer is empty, or has tokens that the model has not.
    """
    pieces = tokenizer.backend_tokenizer.get_vocab(with_added_tokens=False)
    added = {str(token) for token in tokenizer.added_tokens_decoder.values()}
    own = {piece: number for piece, number in pieces.items() if piece not in added}
    if not any(c.isalnum() for piece in own for c in piece):
        raise ModelError(
            f"{name}: the tokenizer knows no word, only special tokens such as {', '.join(sorted(added)[:5])}: its own "
            "files are missing. Save them beside the model, tokenizer.save_pretrained(FOLDER), or name their place, "
            "LanguageModel(..., tokenizer=FOLDER)."
        )
    try:
        rows = int(model.get_input_embeddings().weight.shape[0])
    except (AttributeError, NotImplementedError):
        return max(own.values()) + 1
    # Some tokenizers name a padding token that the model never had: one that comes into no text is let be.
    highest = max(*own.values(), *tokenizer("b a b")["input_ids"])
    if highest >= rows:
        raise ModelError(
            f"{name}: tokenizer and model do not belong together. The tokenizer's tokens are numbered 0 to "
            f"{highest:,}, and the model has embeddings for 0 to {rows - 1:,}. Give the model's own tokenizer; or, if "
            "tokens were added to it, model.resize_token_embeddings(len(tokenizer)) before it is trained."
        )
    return rows


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
    if stack == "decoder":
        return whole, "decoder"
    encoder = whole.get_encoder()
    if not hasattr(encoder, "config"):
        raise ModelError(
            f"The encoder of {type(whole).__name__} is a plain {type(encoder).__name__} without a config, so it cannot "
            "be run by itself. Take stack='decoder', or read the module with SequenceModel(module, vocabulary)."
        )
    return encoder, "encoder"


def fill(weights: Mapping[str, torch.Tensor], value: float) -> None:
    """Set every weight to one value."""
    with torch.no_grad():
        for weight in weights.values():
            weight.fill_(value)


def move(model: torch.nn.Module, device: str | torch.device) -> None:
    """Put a model on a device; ModelError where that cannot be done."""
    try:
        model.to(device)
    except (RuntimeError, AssertionError, TypeError) as error:
        raise ModelError(
            f"The model cannot be put on device {str(device)!r}: {str(error).splitlines()[0]:.200} "
            "Give 'cpu', 'cuda', 'cuda:1', 'mps', ..., one that this machine has."
        ) from error


def as_dtype(dtype: str | torch.dtype) -> torch.dtype:
    """A floating-point type, by itself or by name; ModelError where it is none."""
    named = getattr(torch, dtype, None) if isinstance(dtype, str) else dtype
    if not isinstance(named, torch.dtype) or not named.is_floating_point:
        raise ModelError(f"dtype must be a floating one such as 'float32' or torch.bfloat16, but {dtype!r} came.")
    return named


def best_device() -> torch.device:
    """The fastest device that this machine has."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
