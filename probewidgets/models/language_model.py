"""LanguageModel: a frozen Hugging Face model with its tokenizer; text in, hidden states and character offsets out."""

from __future__ import annotations

import copy
import hashlib
import inspect
import json
import os
import threading
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from probewidgets.errors import ModelError
from probewidgets.models import embedded
from probewidgets.results import ModelCard

__all__ = ["Encoded", "LanguageModel"]

# Two forward passes of one module at once would mix what its hooks and buffers see: a kernel runs a widget's worker
# beside the person's own cell. The lock belongs to the torch module, however many LanguageModels wrap it.
_LOCKS: weakref.WeakKeyDictionary[torch.nn.Module, Any] = weakref.WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Encoded:
    """One text as the model sees it."""

    inputs: Mapping[str, list[int]]
    """Name (`"input_ids"`, `"attention_mask"`, ...) -> (T,) values."""
    offsets: npt.NDArray[np.int64]
    """(T, 2) characters `[start, end)` of the text that each token covers."""
    special: npt.NDArray[np.bool_]
    """(T,) tokens that the tokenizer added: [CLS], <s>, BOS, ..."""

    def __len__(self) -> int:
        return len(self.special)


class LanguageModel:
    """A frozen Hugging Face encoder or decoder with its tokenizer.

    Args:
        model: Nothing: the embedded all-MiniLM-L6-v2. A string or path: a local folder, or a name on the hub.
            A `transformers.PreTrainedModel`: that model, in memory, with its `tokenizer`.
            Of an encoder-decoder, the encoder is used.
        tokenizer: A fast tokenizer; needed with a model in memory, read from the same place otherwise.
        revision: Branch, tag or commit on the hub.
        device: `"cpu"`, `"cuda"`, `"mps"`, ...; by default the fastest there is. A model in memory stays where it is.
        dtype: A `torch.dtype`, or its name. Probing wants float32, the default; a model in memory stays as it is.
        **kwargs: Passed on to `from_pretrained` of model and tokenizer, e.g. `gguf_file="model.gguf"`.

    Raises:
        ModelError: It cannot be loaded, or it does not give hidden states or character offsets.

    The model is put into evaluation mode, and stays in it.
    """

    def __init__(
        self,
        model: Any = None,
        tokenizer: Any = None,
        *,
        revision: str | None = None,
        device: str | torch.device | None = None,
        dtype: str | torch.dtype | None = None,
        **kwargs: Any,
    ) -> None:
        self.name, self.revision = _called(model), revision or ""
        if isinstance(model, torch.nn.Module):
            if tokenizer is None:
                raise ModelError("A model in memory needs its tokenizer: LanguageModel(model, tokenizer).")
            if revision or kwargs:
                raise ModelError(f"A model in memory takes no {', '.join(['revision', *kwargs])}: nothing is loaded.")
            if dtype is not None:
                model = model.to(_dtype(dtype))
            # Calling a tokenizer changes its settings; the person's own calls, on another thread, must not change ours.
            tokenizer, lacking = copy.deepcopy(tokenizer), {}
        else:
            device = device or _best_device()
            model, tokenizer, lacking = _load(model, tokenizer, revision, _dtype(dtype or torch.float32), kwargs)
        if not getattr(tokenizer, "is_fast", False):
            raise ModelError(
                f"{self.name}: the tokenizer {type(tokenizer).__name__} gives no character offsets. Probes are aligned "
                "with the text by them: use the model's fast tokenizer (tokenizer.json, AutoTokenizer)."
            )
        self.model: torch.nn.Module = _body(model)
        if device is not None:
            _move(self.model, device)
        self.model.eval()
        self.tokenizer = tokenizer
        self.max_tokens = _max_tokens(self.model, tokenizer)
        """The longest text the model takes, special tokens included (tokens)."""
        self._accepted = frozenset(inspect.signature(self.model.forward).parameters)
        self.lock = _LOCKS.setdefault(self.model, threading.RLock())
        """Held during every forward pass."""
        self.n_layers, self.hidden_size, self.final_norm = self._measure(lacking)

    def __repr__(self) -> str:
        millions = sum(p.numel() for p in self.model.parameters()) / 1e6
        dtype = str(self.dtype).removeprefix("torch.")
        return (
            f"LanguageModel({self.name!r}: {self.n_layers} layers x {self.hidden_size}, {millions:,.1f} M parameters, "
            f"{self.device}, {dtype}, up to {self.max_tokens:,} tokens)"
        )

    @property
    def device(self) -> torch.device:
        """Where the model's first parameter lies."""
        return next(self.model.parameters()).device

    @property
    def dtype(self) -> torch.dtype:
        """The type of the model's first floating parameter."""
        return next(p.dtype for p in self.model.parameters() if p.is_floating_point())

    @property
    def layers(self) -> tuple[int, ...]:
        """Every layer: 0 the embeddings, l the output of block l."""
        return tuple(range(self.n_layers))

    @property
    def card(self) -> ModelCard:
        """Which model this is, with a hash over its config, its tokenizer and all its weights as they are now."""
        return ModelCard(self.name, self.revision, self.fingerprint(), self.n_layers, self.hidden_size, self.final_norm)

    def fingerprint(self) -> str:
        """Hash over config, tokenizer and every weight. Computed anew each time, since weights in memory may change.

        Cost: about 1 s per 1.5 GB of weights.
        """
        digest = hashlib.sha256()
        config = {k: v for k, v in self.model.config.to_dict().items() if not k.startswith("_")}  # type: ignore[operator, union-attr]
        config.pop("transformers_version", None)
        digest.update(repr(sorted(config.items(), key=lambda item: item[0])).encode())
        tokenizer = json.loads(self.tokenizer.backend_tokenizer.to_str())
        # Settings of its last call, which `encode` overrides.
        rules = {name: part for name, part in tokenizer.items() if name not in ("truncation", "padding")}
        digest.update(json.dumps(rules, sort_keys=True).encode())
        with self.lock:
            for name, tensor in self.model.state_dict().items():
                digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
                flat = tensor.detach().reshape(-1).contiguous().cpu()
                digest.update(flat.view(torch.uint8).numpy() if flat.numel() else b"")
        return digest.hexdigest()[:32]

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Tokenize texts as they stand: nothing truncated, nothing padded.

        Args:
            texts: (B,) texts.

        Returns:
            (B,) Encoded.
        """
        if not texts:
            return []
        batch = self.tokenizer(
            list(texts),
            add_special_tokens=True,
            truncation=False,
            padding=False,
            return_attention_mask=True,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
            verbose=False,
        )
        offsets, special = batch.pop("offset_mapping"), batch.pop("special_tokens_mask")
        return [
            Encoded(
                {name: values[i] for name, values in batch.items()},
                np.array(offsets[i], dtype=np.int64).reshape(-1, 2),
                np.array(special[i], dtype=bool),
            )
            for i in range(len(texts))
        ]

    def states(self, batch: Sequence[Encoded]) -> tuple[torch.Tensor, ...]:
        """One forward pass of a batch, padded on the right.

        Args:
            batch: (B,) encoded texts, each of at most `max_tokens`.

        Returns:
            (L,) tensors of (B, T, D) on the model's device; T is the longest text. What stands in the padding is noise.
        """
        width = max(len(encoded) for encoded in batch)
        inputs = {
            name: torch.tensor(
                [[*encoded.inputs[name], *[self._padding(name)] * (width - len(encoded))] for encoded in batch],
                device=self.device,
            )
            for name in batch[0].inputs
            if name in self._accepted
        }
        with self.lock, torch.inference_mode():
            if self.model.training:
                self.model.eval()
            return tuple(self.model(**inputs, **self._flags).hidden_states)

    @property
    def _flags(self) -> dict[str, bool]:
        flags = {"output_hidden_states": True, "return_dict": True}
        # A decoder would otherwise build a cache of keys and values that nobody reads.
        return flags | ({"use_cache": False} if "use_cache" in self._accepted else {})

    def _padding(self, name: str) -> int:
        if name == "input_ids":
            # Masked out by the attention mask; the token only has to exist. Decoders often name none for padding.
            candidates = (self.tokenizer.pad_token_id, self.tokenizer.eos_token_id, 0)
            return next(c for c in candidates if c is not None)
        return int(self.tokenizer.pad_token_type_id) if name == "token_type_ids" else 0

    def _measure(self, lacking: Mapping[str, torch.Tensor]) -> tuple[int, int, bool]:
        """Run one word through the model to learn L, D, and whether the last state is behind a final norm.

        The weights that its checkpoint lacked are NaN until here: if the states need one, they show it.
        """
        probe = self.encode(["a"])
        if not len(probe[0]):
            raise ModelError(f"{self.name}: the tokenizer makes no token of the text 'a'.")
        seen: list[torch.Tensor] = []
        last_blocks = [m[-1] for m in self.model.modules() if isinstance(m, torch.nn.ModuleList) and len(m)]
        hooks = [b.register_forward_hook(lambda _m, _i, out: seen.append(_first_tensor(out))) for b in last_blocks]
        try:
            with self.lock:
                states = self.states(probe)
        except Exception as error:
            raise ModelError(
                f"{self.name}: {type(self.model).__name__} gave no hidden states for one token of text "
                f"({type(error).__name__}: {error}). An encoder or a decoder of text is expected."
            ) from error
        finally:
            for hook in hooks:
                hook.remove()
        if lacking and not all(torch.isfinite(state).all() for state in states):
            raise ModelError(
                f"{self.name}: the checkpoint lacks weights that the hidden states need: {', '.join(lacking):.300}. "
                "It is incomplete, or of another kind of model than its config says; nothing random takes their place."
            )
        _fill(lacking, 0.0)  # no state needs these, e.g. a pooler; equal from one loading to the next
        shapes = {tuple(state.shape) for state in states}
        if len(shapes) != 1:
            raise ModelError(f"{self.name}: the layers differ in shape: {sorted(shapes)}. They cannot be compared.")
        # The outermost list of blocks is the last to finish; its output is the raw last state.
        raw = [out for out in seen if out.shape == states[-1].shape]
        final_norm = bool(raw) and not torch.allclose(raw[-1], states[-1], atol=1e-6)
        return len(states), states[-1].shape[-1], final_norm


def _called(model: Any) -> str:
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


def _load(source: Any, tokenizer: Any, revision: str | None, dtype: torch.dtype, kwargs: dict[str, Any]) -> Any:
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
        _fill(lacking, float("nan"))
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


def _body(model: Any) -> Any:
    """The part that makes hidden states: no language-modelling head, and the encoder of an encoder-decoder."""
    body = getattr(model, "base_model", model)
    if getattr(body.config, "is_encoder_decoder", False):
        body = body.get_encoder()
    return body


def _fill(weights: Mapping[str, torch.Tensor], value: float) -> None:
    with torch.no_grad():
        for weight in weights.values():
            weight.fill_(value)


def _move(model: torch.nn.Module, device: str | torch.device) -> None:
    try:
        model.to(device)
    except (RuntimeError, AssertionError) as error:
        raise ModelError(
            f"The model cannot be put on device {str(device)!r}: {str(error).splitlines()[0]:.200} "
            "Give 'cpu', 'cuda', 'cuda:1', 'mps', ..., one that this machine has."
        ) from error


def _dtype(dtype: str | torch.dtype) -> torch.dtype:
    found = getattr(torch, dtype, None) if isinstance(dtype, str) else dtype
    if not isinstance(found, torch.dtype) or not found.is_floating_point:
        raise ModelError(f"dtype must be a floating one such as 'float32' or torch.bfloat16, but {dtype!r} came.")
    return found


def _best_device() -> torch.device:
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def _max_tokens(model: Any, tokenizer: Any) -> int:
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


def _first_tensor(output: Any) -> torch.Tensor:
    while isinstance(output, (tuple, list)):
        output = output[0]
    return output if isinstance(output, torch.Tensor) else torch.empty(0)
