"""LanguageModel: a frozen Hugging Face model with its tokenizer; text in, hidden states and character offsets out."""

from __future__ import annotations

import copy
import inspect
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import torch

from probewidgets.errors import ModelError, clipped, whole_number
from probewidgets.models import loading
from probewidgets.models.code import Told
from probewidgets.models.fingerprints import fingerprints
from probewidgets.models.held import evaluating
from probewidgets.models.places import called, with_gguf
from probewidgets.models.sizes import heads, max_tokens
from probewidgets.models.tapped import Encoded, TappedModel, new_digest
from probewidgets.models.tokens import after_start, padded, start_token, tokenized
from probewidgets.models.whole import check_body, unwrapped

__all__ = ["LanguageModel"]

_READ = ("b a b", "The cats  sat on 1,234 naïve mats.", "a b c d e f g h i j " * 8)
"""Texts that tell how a tokenizer is set, and how a model behaves."""


class LanguageModel(TappedModel):
    """A frozen Hugging Face encoder, decoder or encoder-decoder with its tokenizer.

    Args:
        model: Nothing: the embedded all-MiniLM-L6-v2. A string or path: a local folder, a GGUF file, or a name on the
            hub. A `transformers.PreTrainedModel`: that model, in memory, with its `tokenizer`.
        tokenizer: A fast tokenizer, or the folder or hub name of one; needed with a model in memory, read from the
            model's place otherwise.
        head: Whether to keep the language-modelling head: of the model in memory, which must have one, or loaded with
            the class that the checkpoint is for (causal, masked, or of an encoder-decoder). The states are the same
            either way; `lens`, `TunedLens` and `amnesia` need it. The embedded model has none.
        stack: Of an encoder-decoder: `"encoder"` (the default), or `"decoder"`, whose states are those of a target text
            that is given to it (teacher forcing), while the encoder reads the Example's `source`.
        special_tokens: Whether the tokenizer adds its own to a text: [CLS], <s>, ... None (the default): it does, but
            none in front of a text that begins with them already, as a prompt that a chat template wrote. False: none.
        revision: Branch, tag or commit on the hub.
        device: `"cpu"`, `"cuda"`, `"mps"`, ...; by default the fastest there is. A model in memory stays where it is,
            and so does one that `device_map=` places.
        dtype: A `torch.dtype`, or its name. Probing wants float32, the default; a model in memory stays as it is.
        **kwargs: Passed on to `from_pretrained` of model and tokenizer, e.g. `gguf_file=` of a folder that has several.

    Raises:
        ModelError: It cannot be loaded, it does not give hidden states or character offsets, or it has no head and
            `head` is set.

    A model in memory stays as it was given; only while it runs, all of it is in evaluation mode. A decoder's state at a
    word has read that word: labels belong to the token that goes in, not to the one that is predicted there.
    """

    def __init__(
        self,
        model: Any = None,
        tokenizer: Any = None,
        *,
        head: bool = False,
        stack: str | None = None,
        special_tokens: bool | None = None,
        revision: str | None = None,
        device: str | torch.device | None = None,
        dtype: str | torch.dtype | None = None,
        **kwargs: Any,
    ) -> None:
        _check_options(head, special_tokens)
        model, kwargs = with_gguf(model, kwargs)
        name, given = called(model, kwargs.get("gguf_file")), model
        tokenizer = loading.load_tokenizer(tokenizer, kwargs)
        if isinstance(model, torch.nn.Module):
            if tokenizer is None:
                raise ModelError("A model in memory needs its tokenizer: LanguageModel(model, tokenizer).")
            if revision or kwargs:
                raise ModelError(f"A model in memory takes no {', '.join(['revision', *kwargs])}: nothing is loaded.")
            model = unwrapped(model)
            if head:
                loading.check_head(model)
            if dtype is not None:
                model = model.to(loading.as_dtype(dtype))
            # Calling a tokenizer changes its settings; the person's own calls, on another thread, must not change ours.
            tokenizer = copy.deepcopy(tokenizer)
            lacking: dict[str, torch.Tensor] = {}
        else:
            device = device or (None if "device_map" in kwargs else loading.best_device())
            wanted = loading.as_dtype(dtype or torch.float32)
            model, tokenizer, lacking = loading.load(model, tokenizer, revision, wanted, kwargs, head=head)
        _check_offsets(name, tokenizer)
        body, self.stack = loading.body(model, stack)
        self._n_embeddings = loading.check_vocabulary(name, tokenizer, body)
        super().__init__(body, name)
        self.headed = model if head else None
        if device is not None:
            loading.move(model if head else body, device)
        self.revision, self.special_tokens = revision or "", special_tokens
        self.tokenizer, self.unknown_token = tokenizer, tokenizer.unk_token_id
        self.max_tokens = max_tokens(self.model, tokenizer)
        self.n_heads = heads(self.model.config, self.stack)
        self._accepted = frozenset(inspect.signature(self.model.forward).parameters)
        self._measure(lacking, given)

    def __repr__(self) -> str:
        millions = sum(p.numel() for p in self.model.parameters()) / 1e6
        dtype = str(self.dtype).removeprefix("torch.")
        return (
            f"LanguageModel({self.name!r}: {f'{self.stack}, ' if self.stack else ''}{self.n_layers} layers x "
            f"{self.hidden_size}, {millions:,.1f} M parameters, {self.device}, {dtype}, "
            f"up to {self.max_tokens:,} tokens{'' if self.headed is None else ', with its head'})"
        )

    def fingerprints(self) -> tuple[str, str]:
        """Hashes over config, tokenizer and weights; and over all that the states depend on: see `fingerprint`."""
        return fingerprints(self, [Told()(self.model.config), self.tokenizer_hash(), _how_it_reads(self), self.stack])

    def tokenizer_hash(self) -> str:
        """Hash over the rules of the tokenizer."""
        return _rules_hash(self.tokenizer.backend_tokenizer.to_str())

    def randomized(self, seed: int = 0, scope: str = "all") -> LanguageModel:
        """The same model with random weights, as its architecture initialises them: the control for what training adds.

        It has no head.

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
        fresh = _drawn_anew(self, seed, scope)
        random = copy.copy(self)
        TappedModel.__init__(random, fresh.to(self.device), f"{self.name} (random {scope}, seed {seed})")
        random.tokenizer = copy.deepcopy(self.tokenizer)
        random._measure({})
        return random

    def _samples(self, most: int) -> list[Encoded]:
        return [_cut(encoded, min(most, self.max_tokens)) for encoded in _read(self)]

    def encode(self, texts: Sequence[str], sources: Sequence[str] | None = None) -> list[Encoded]:
        """Tokenize texts as they stand: nothing truncated, nothing padded.

        Args:
            texts: (B,) texts; for a decoder of an encoder-decoder, target texts.
            sources: (B,) what the encoder of such a decoder reads.

        Raises:
            ModelError: A decoder of an encoder-decoder came without sources.
        """
        if not texts:
            return []
        if self.stack != "decoder":
            return tokenized(self.tokenizer, texts, "text", self.special_tokens)
        if sources is None:
            raise ModelError(
                f"The decoder of {self.name!r} needs what its encoder reads: give every Example a source=, or take "
                "LanguageModel(..., stack='encoder')."
            )
        targets = tokenized(self.tokenizer, texts, "text_target", self.special_tokens)
        return [
            after_start(start_token(self.model.config, self.tokenizer, target), target, source)
            for target, source in zip(
                targets, tokenized(self.tokenizer, sources, "text", self.special_tokens), strict=True
            )
        ]

    def inputs(self, batch: Sequence[Encoded]) -> dict[str, torch.Tensor]:
        """The arguments of the model for (B,) encoded texts: (B, T) tensors on its device, padded on the right."""
        inputs = padded([encoded.inputs for encoded in batch], self._accepted, self._padding)
        if batch[0].source:
            inputs |= padded([encoded.source for encoded in batch], self._accepted, self._padding)
        return {name: values.to(self.device) for name, values in inputs.items()}

    def _forward(self, batch: Sequence[Encoded], report: bool = False) -> Any:
        inputs = self.inputs(batch)
        flags = {"output_hidden_states": report, "return_dict": True}
        # A decoder would otherwise build a cache of keys and values that nobody reads.
        flags |= {"use_cache": False} if "use_cache" in self._accepted else {}
        out = self.model(**inputs, **flags)
        return getattr(out, "decoder_hidden_states" if self.stack == "decoder" else "hidden_states", None)

    def _padding(self, name: str) -> int:
        if name.endswith("input_ids"):
            # Masked out by the attention mask; the token only has to exist. Decoders often name none for padding.
            candidates = (self.tokenizer.pad_token_id, self.tokenizer.eos_token_id, 0)
            return next(c for c in candidates if c is not None and c < self._n_embeddings)
        return int(self.tokenizer.pad_token_type_id) if name == "token_type_ids" else 0

    def _measure(self, lacking: Mapping[str, torch.Tensor], given: Any = None) -> None:
        """Learn the model's shape from one text, and hold it against all of the model that was given.

        The weights that its checkpoint lacked are NaN until here: if the states need one, they show it.
        """
        example = self._example()
        try:
            states = self._find_sites(example)
            _hold_against(given, self, example, states[-1])
            self.pads = _is_alone_what_it_is_padded(self, example, states)
        except ModelError:
            raise
        except Exception as error:
            raise ModelError(
                f"{self.name}: {type(self.model).__name__} gave no hidden states for one short text "
                f"({type(error).__name__}: {error}). An encoder or a decoder of text is expected; any other module is "
                "read by SequenceModel(module, vocabulary)."
            ) from error
        if lacking and not all(torch.isfinite(state).all() for state in states):
            raise ModelError(
                f"{self.name}: the checkpoint lacks weights that the hidden states need: {', '.join(lacking):.300}. "
                "It is incomplete, or of another kind of model than its config says; nothing random takes their place."
            )
        loading.fill(lacking, 0.0)  # no state needs these, e.g. a pooler; equal from one loading to the next


def _hold_against(given: Any, model: LanguageModel, example: Encoded, last: torch.Tensor) -> None:
    """Whether the body of a model in memory does what all of it does."""
    if isinstance(given, torch.nn.Module) and given is not model.model:
        with model.running(), evaluating(given), torch.inference_mode():
            check_body(model.name, given, model.inputs([example]), last, model.stack)


def _is_alone_what_it_is_padded(model: LanguageModel, example: Encoded, alone: Sequence[torch.Tensor]) -> bool:
    """Whether a longer text in its batch leaves a text's states as they are, up to rounding.

    Convolutions and Fourier transforms over the tokens read the padding in some models, e.g. ConvBERT and FNet.
    """
    longer = model.encode(["a b a b b a b a"], ["a b b a"] if model.stack == "decoder" else None)[0]
    with model.running(), torch.inference_mode():
        padded = model._forward([example, longer], report=True)
    rounding = torch.finfo(model.dtype).eps ** 0.5
    return all(
        bool(((a[0] - b[0, : len(example)]).norm(dim=-1) <= rounding * a[0].norm(dim=-1)).all())
        for a, b in zip(alone, padded, strict=True)
    )


def _cut(encoded: Encoded, most: int) -> Encoded:
    inputs, source = ({n: v[:most] for n, v in part.items()} for part in (encoded.inputs, encoded.source))
    return Encoded(inputs, encoded.offsets[:most], encoded.special[:most], source)


def _how_it_reads(model: LanguageModel) -> str:
    """What depends on settings of the tokenizer that are not among its rules, and on ours."""
    return repr((model.special_tokens, [(e.inputs, e.special.tolist(), e.source) for e in _read(model)]))


def _read(model: LanguageModel) -> list[Encoded]:
    return LanguageModel.encode(model, _READ, _READ if model.stack == "decoder" else None)


def _check_options(head: object, special_tokens: object) -> None:
    if not isinstance(head, bool):
        raise ModelError(f"head must be True or False, but {clipped(head)} came.")
    if special_tokens is not None and not isinstance(special_tokens, bool):
        raise ModelError(f"special_tokens must be True, False or None, but {clipped(special_tokens)} came.")


def _check_offsets(name: str, tokenizer: Any) -> None:
    if not getattr(tokenizer, "is_fast", False):
        raise ModelError(
            f"{name}: the tokenizer {type(tokenizer).__name__} gives no character offsets, by which probes are "
            "aligned with the text. Use the model's fast tokenizer (tokenizer.json, AutoTokenizer); where there is "
            "none, build one with transformers.convert_slow_tokenizer, and pass "
            "tokenizer=PreTrainedTokenizerFast(tokenizer_object=...)."
        )


def _drawn_anew(model: LanguageModel, seed: int, scope: str) -> torch.nn.Module:
    """The module of a model with random weights, all of them or those of its blocks."""
    # Drawn on the CPU, so that a seed means one model on every machine.
    with torch.random.fork_rng(devices=[]), torch.device("cpu"):
        torch.default_generator.manual_seed(seed)
        fresh = type(model.model)(copy.deepcopy(model.model.config)).to(model.dtype).eval()
    if scope == "blocks":
        inside = tuple(f"{tap.module}." for tap in model.sites.blocks.blocks)  # type: ignore[union-attr]
        kept = {n: t for n, t in model.model.state_dict().items() if not n.startswith(inside)}
        fresh.load_state_dict(kept, strict=False)
    return fresh


@lru_cache(2)  # of a large vocabulary it takes as long as the weights
def _rules_hash(tokenizer: str) -> str:
    """Of a tokenizer as it writes itself, without settings of its last call, which `encode` overrides."""
    rules = {name: part for name, part in json.loads(tokenizer).items() if name not in ("truncation", "padding")}
    return str(new_digest([json.dumps(rules, sort_keys=True)]).hexdigest()[:32])
