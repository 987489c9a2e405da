"""LanguageModel: a frozen Hugging Face model with its tokenizer; text in, hidden states and character offsets out."""

from __future__ import annotations

import copy
import inspect
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

from probewidgets.errors import ModelError, whole_number
from probewidgets.models import loading
from probewidgets.models.tapped import Encoded, TappedModel, new_digest

__all__ = ["LanguageModel"]


class LanguageModel(TappedModel):
    """A frozen Hugging Face encoder, decoder or encoder-decoder with its tokenizer.

    Args:
        model: Nothing: the embedded all-MiniLM-L6-v2. A string or path: a local folder, or a name on the hub.
            A `transformers.PreTrainedModel`: that model, in memory, with its `tokenizer`.
        tokenizer: A fast tokenizer, or the folder or hub name of one; needed with a model in memory, read from the
            model's place otherwise.
        stack: Of an encoder-decoder: `"encoder"` (the default), or `"decoder"`, whose states are those of a target text
            that is given to it (teacher forcing), while the encoder reads the Example's `source`.
        revision: Branch, tag or commit on the hub.
        device: `"cpu"`, `"cuda"`, `"mps"`, ...; by default the fastest there is. A model in memory stays where it is,
            and so does one that `device_map=` places.
        dtype: A `torch.dtype`, or its name. Probing wants float32, the default; a model in memory stays as it is.
        **kwargs: Passed on to `from_pretrained` of model and tokenizer, e.g. `gguf_file="model.gguf"`.

    Raises:
        ModelError: It cannot be loaded, or it does not give hidden states or character offsets.

    The model is put into evaluation mode, and stays in it. A decoder's state at a word has read that word: labels
    belong to the token that goes in, not to the one that is predicted there.
    """

    def __init__(
        self,
        model: Any = None,
        tokenizer: Any = None,
        *,
        stack: str | None = None,
        revision: str | None = None,
        device: str | torch.device | None = None,
        dtype: str | torch.dtype | None = None,
        **kwargs: Any,
    ) -> None:
        name = loading.called(model, kwargs.get("gguf_file"))
        tokenizer = loading.load_tokenizer(tokenizer, kwargs)
        if isinstance(model, torch.nn.Module):
            if tokenizer is None:
                raise ModelError("A model in memory needs its tokenizer: LanguageModel(model, tokenizer).")
            if revision or kwargs:
                raise ModelError(f"A model in memory takes no {', '.join(['revision', *kwargs])}: nothing is loaded.")
            if dtype is not None:
                model = model.to(loading.as_dtype(dtype))
            # Calling a tokenizer changes its settings; the person's own calls, on another thread, must not change ours.
            tokenizer, lacking = copy.deepcopy(tokenizer), {}
        else:
            device = device or (None if "device_map" in kwargs else loading.best_device())
            wanted = loading.as_dtype(dtype or torch.float32)
            model, tokenizer, lacking = loading.load(model, tokenizer, revision, wanted, kwargs)
        if not getattr(tokenizer, "is_fast", False):
            raise ModelError(
                f"{name}: the tokenizer {type(tokenizer).__name__} gives no character offsets, by which probes are "
                "aligned with the text. Use the model's fast tokenizer (tokenizer.json, AutoTokenizer); where there is "
                "none, build one with transformers.convert_slow_tokenizer, and pass "
                "tokenizer=PreTrainedTokenizerFast(tokenizer_object=...)."
            )
        body, self.stack = loading.body(model, stack)
        self._n_embeddings = loading.check_vocabulary(name, tokenizer, body)
        super().__init__(body, name)
        if device is not None:
            loading.move(self.model, device)
        self.revision = revision or ""
        self.tokenizer = tokenizer
        self.max_tokens = loading.max_tokens(self.model, tokenizer)
        self.n_heads = loading.heads(self.model.config, self.stack)
        self._accepted = frozenset(inspect.signature(self.model.forward).parameters)
        self._measure(lacking)

    def __repr__(self) -> str:
        millions = sum(p.numel() for p in self.model.parameters()) / 1e6
        dtype = str(self.dtype).removeprefix("torch.")
        return (
            f"LanguageModel({self.name!r}: {f'{self.stack}, ' if self.stack else ''}{self.n_layers} layers x "
            f"{self.hidden_size}, {millions:,.1f} M parameters, {self.device}, {dtype}, "
            f"up to {self.max_tokens:,} tokens)"
        )

    def fingerprint(self) -> str:
        """Hash over config, tokenizer and every weight. Computed anew each time, since weights in memory may change.

        Cost: about 1 s per 1.5 GB of weights.
        """
        config = {k: v for k, v in self.model.config.to_dict().items() if not k.startswith("_")}  # type: ignore[operator, union-attr]
        config.pop("transformers_version", None)
        digest = new_digest([repr(sorted(config.items(), key=lambda item: item[0])), self.tokenizer_hash(), self.stack])
        self._hash_weights(digest)
        return digest.hexdigest()[:32]

    def tokenizer_hash(self) -> str:
        """Hash over the rules of the tokenizer."""
        tokenizer = json.loads(self.tokenizer.backend_tokenizer.to_str())
        # Settings of its last call, which `encode` overrides.
        rules = {name: part for name, part in tokenizer.items() if name not in ("truncation", "padding")}
        return new_digest([json.dumps(rules, sort_keys=True)]).hexdigest()[:32]

    def randomized(self, seed: int = 0, scope: str = "all") -> LanguageModel:
        """The same model with random weights, as its architecture initialises them: the control for what training adds.

        Args:
            seed: The same seed gives the same weights, bit for bit. The caller's random numbers are not moved.
            scope: `"all"`, or `"blocks"` to keep the embeddings (and whatever else stands outside of the blocks).

        Raises:
            ModelError: Another scope, or the blocks were not found.

        Source: Zhang and Bowman 2018, section 3.
        """
        if scope not in ("all", "blocks"):
            raise ModelError(f"scope must be 'all' or 'blocks', but {scope!r} came.")
        if scope == "blocks" and self.sites.blocks is None:
            raise ModelError(f"The blocks of {self.name!r} were not found, so only scope='all' can be random.")
        seed = whole_number("seed", seed, None, ModelError)
        # Drawn on the CPU, so that a seed means one model on every machine.
        with torch.random.fork_rng(devices=[]), torch.device("cpu"):
            torch.default_generator.manual_seed(seed)
            fresh = type(self.model)(copy.deepcopy(self.model.config)).to(self.dtype)
        if scope == "blocks":
            inside = tuple(f"{tap.module}." for tap in self.sites.blocks.blocks)  # type: ignore[union-attr]
            kept = {n: t for n, t in self.model.state_dict().items() if not n.startswith(inside)}
            fresh.load_state_dict(kept, strict=False)
        random = copy.copy(self)
        TappedModel.__init__(random, fresh.to(self.device), f"{self.name} (random {scope}, seed {seed})")
        random.tokenizer = copy.deepcopy(self.tokenizer)
        random._measure({})
        return random

    def encode(self, texts: Sequence[str], sources: Sequence[str] | None = None) -> list[Encoded]:
        """Tokenize texts as they stand: nothing truncated, nothing padded.

        Args:
            texts: (B,) texts; for a decoder of an encoder-decoder, target texts.
            sources: (B,) what the encoder of such a decoder reads.

        Returns:
            (B,) Encoded.

        Raises:
            ModelError: A decoder of an encoder-decoder came without sources.
        """
        if not texts:
            return []
        if self.stack != "decoder":
            return self._tokens(list(texts), "text")
        if sources is None:
            raise ModelError(
                f"The decoder of {self.name!r} needs what its encoder reads: give every Example a source=, or take "
                "LanguageModel(..., stack='encoder')."
            )
        read = self._tokens(list(sources), "text")
        return [
            self._shifted(one, other) for one, other in zip(self._tokens(list(texts), "text_target"), read, strict=True)
        ]

    def _tokens(self, texts: list[str], role: str) -> list[Encoded]:
        batch = self.tokenizer(
            **{role: texts},
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

    def _shifted(self, target: Encoded, source: Encoded) -> Encoded:
        """What a decoder reads in training: its start token, then the target."""
        ids = target.inputs["input_ids"]
        start = getattr(self.model.config, "decoder_start_token_id", None)
        if start is None:  # mBART starts with the language, which its tokenizer puts last
            last = ids[-1] if len(ids) and target.special[-1] else self.tokenizer.eos_token_id
            others = (self.tokenizer.bos_token_id, self.tokenizer.pad_token_id, 0)
            start = last if last != self.tokenizer.eos_token_id else next(c for c in others if c is not None)
        inputs = {"decoder_input_ids": [start, *ids], "decoder_attention_mask": [1] * (len(ids) + 1)}
        offsets = np.concatenate([np.zeros((1, 2), np.int64), target.offsets])
        return Encoded(inputs, offsets, np.concatenate([[True], target.special]), source.inputs)

    def inputs(self, batch: Sequence[Encoded]) -> dict[str, torch.Tensor]:
        """What the model is called with for (B,) encoded texts: (B, T) tensors on its device, padded on the right."""
        inputs = self._padded([encoded.inputs for encoded in batch])
        if batch[0].source:
            inputs |= self._padded([encoded.source for encoded in batch])
        return inputs

    def _forward(self, batch: Sequence[Encoded], report: bool = False) -> Any:
        inputs = self.inputs(batch)
        flags = {"output_hidden_states": report, "return_dict": True}
        # A decoder would otherwise build a cache of keys and values that nobody reads.
        flags |= {"use_cache": False} if "use_cache" in self._accepted else {}
        out = self.model(**inputs, **flags)
        return getattr(out, "decoder_hidden_states" if self.stack == "decoder" else "hidden_states", None)

    def _padded(self, rows: Sequence[Mapping[str, list[int]]]) -> dict[str, torch.Tensor]:
        """Rows of unequal length as (B, T) tensors, padded on the right."""
        width = max(len(next(iter(row.values()))) for row in rows)
        return {
            name: torch.tensor(
                [[*row[name], *[self._padding(name)] * (width - len(row[name]))] for row in rows], device=self.device
            )
            for name in rows[0]
            if name in self._accepted
        }

    def _padding(self, name: str) -> int:
        if name.endswith("input_ids"):
            # Masked out by the attention mask; the token only has to exist. Decoders often name none for padding.
            candidates = (self.tokenizer.pad_token_id, self.tokenizer.eos_token_id, 0)
            return next(c for c in candidates if c is not None and c < self._n_embeddings)
        return int(self.tokenizer.pad_token_type_id) if name == "token_type_ids" else 0

    def _measure(self, lacking: Mapping[str, torch.Tensor]) -> None:
        """Learn the model's shape from one text.

        The weights that its checkpoint lacked are NaN until here: if the states need one, they show it.
        """
        one = self._example()
        try:
            states = self._find_sites(one)
        except ModelError:
            raise
        except Exception as error:
            raise ModelError(
                f"{self.name}: {type(self.model).__name__} gave no hidden states for one short text "
                f"({type(error).__name__}: {error}). An encoder or a decoder of text is expected."
            ) from error
        if lacking and not all(torch.isfinite(state).all() for state in states):
            raise ModelError(
                f"{self.name}: the checkpoint lacks weights that the hidden states need: {', '.join(lacking):.300}. "
                "It is incomplete, or of another kind of model than its config says; nothing random takes their place."
            )
        loading.fill(lacking, 0.0)  # no state needs these, e.g. a pooler; equal from one loading to the next
        self.pads = self._is_alone_what_it_is_padded(one, states)

    def _is_alone_what_it_is_padded(self, one: Encoded, alone: Sequence[torch.Tensor]) -> bool:
        """Whether a longer text in its batch leaves a text's states as they are, up to rounding.

        Convolutions and Fourier transforms over the tokens read the padding in some models, e.g. ConvBERT and FNet.
        """
        longer = self.encode(["a b a b b a b a"], ["a b b a"] if self.stack == "decoder" else None)[0]
        with self.lock, torch.inference_mode():
            padded = self._forward([one, longer], report=True)
        rounding = torch.finfo(self.dtype).eps ** 0.5
        return all(
            bool(((a[0] - b[0, : len(one)]).norm(dim=-1) <= rounding * a[0].norm(dim=-1)).all())
            for a, b in zip(alone, padded, strict=True)
        )
