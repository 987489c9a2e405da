"""TappedModel: a frozen torch module that turns text into tokens, and gives its states at any of its sites."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from probewidgets.errors import ModelError
from probewidgets.models.held import Held
from probewidgets.models.sites import Place, Site, block, learned, residual
from probewidgets.models.taps import Blocks, Call, Tap, find_blocks, numbered, record, run
from probewidgets.models.whole import check_reported
from probewidgets.values import ModelCard

__all__ = ["Encoded", "TappedModel", "new_digest"]


@dataclass(frozen=True, eq=False)
class Encoded:
    """One text as the model sees it."""

    inputs: Mapping[str, list[int]]
    """Name (`"input_ids"`, `"attention_mask"`, ...) -> (T,) values."""
    offsets: npt.NDArray[np.int64]
    """(T, 2) characters `[start, end)` of the text that each token covers."""
    special: npt.NDArray[np.bool_]
    """(T,) tokens that the tokenizer added: [CLS], <s>, BOS, ..."""
    source: Mapping[str, list[int]] = field(default_factory=dict)
    """Where a decoder is read: the inputs of the encoder, of another length."""

    def __len__(self) -> int:
        return len(self.special)

    @property
    def ids(self) -> npt.NDArray[np.int64]:
        """(T,) the numbers of its tokens."""
        return np.array(self.inputs.get("decoder_input_ids", self.inputs.get("input_ids")), dtype=np.int64)


class TappedModel(Held, ABC):
    """A model as capture needs it. `LanguageModel` and `SequenceModel` are the two kinds.

    Args:
        model: The module. It is left as it is; only while it runs, all of it is in evaluation mode.
        name: What captions call it.
    """

    revision: str = ""
    """Hub revision, where there is one."""
    embeddings: bool = True
    """Whether layer 0 is the embeddings."""
    stack: str = ""
    """`"encoder"` or `"decoder"` of an encoder-decoder; else empty."""
    max_tokens: int
    """The longest text the model takes, special tokens included (tokens)."""
    n_heads: int = 0
    """Attention heads of a block; 0 where there are none, or nobody says."""
    unknown_token: int | None = None
    """The token that stands for whatever the tokenizer does not know; None where there is none."""
    pads: bool = True
    """Whether texts of unequal length can share a batch: whether padding changes no state."""

    @abstractmethod
    def encode(self, texts: Sequence[str], sources: Sequence[str] | None = None) -> list[Encoded]:
        """(B,) texts as they stand: nothing truncated, nothing padded. `sources` are what an encoder reads of them."""

    @abstractmethod
    def fingerprints(self) -> tuple[str, str]:
        """Hashes over its settings and weights, and over all that its states depend on, as it is now."""

    def fingerprint(self) -> str:
        """Hash over all that the states depend on, as it is now: weights, buffers, config, tokenizer and its settings.

        It also sees attributes that a forward pass reads, code of no installed library, adapters that are switched on
        or off, how attention is computed; and of a model with hooks, how it behaves. It does not see what lies outside
        of the model, such as autocast, or a function that was replaced in a library: captures that are kept are told
        apart by the model's behaviour too.

        Cost: about 1 s per 1.5 GB of weights; the first time, and each time of a model with hooks, a pass over 3 texts.
        """
        return self.fingerprints()[1]

    @abstractmethod
    def _samples(self, most: int) -> list[Encoded]:
        """A few texts that never change, of at most so many tokens, by which the model's behaviour is told."""

    @abstractmethod
    def _forward(self, batch: Sequence[Encoded], report: bool = False) -> Any:
        """One forward pass, padded on the right; if `report` is set, the model's own (L,) hidden states."""

    # ------------------------------------------------------------------ states

    def states(
        self,
        batch: Sequence[Encoded],
        layers: Sequence[int] | None = None,
        site: Site = residual,
        then: Callable[[torch.Tensor], torch.Tensor] | None = None,
    ) -> tuple[torch.Tensor, ...]:
        """One forward pass of a batch, which ends where the last state asked for has come by.

        Args:
            batch: (B,) encoded texts, each of at most `max_tokens`.
            layers: Which layers; all by default.
            site: Where in a block.
            then: What to make of a layer's states, into a tensor of its own, as soon as they are there: only that is
                kept, and no two layers need be in memory at once. By default they are kept as they are.

        Returns:
            Per layer (B, T, D) on the model's device; T is the longest text. What stands in the padding is noise. Or
            what `then` made of it.

        Raises:
            ModelError: There is no such site or layer.
        """
        with self.running(len(batch) * max(map(len, batch), default=0)), torch.inference_mode():
            if self.sites.blocks is None and site == residual:
                reported = self._forward(batch, report=True)
                for state in reported:
                    self._check_positions("what it reports", state, batch)
                wanted = (reported[layer] for layer in _chosen(self.name, self.layers, layers))
                return tuple(wanted) if then is None else tuple(map(then, wanted))
            place = self.place(site)
            taps = [place.taps[layer] for layer in _chosen(self.name, tuple(place.taps), layers)]
            inside = site not in (residual, block)

            def check(tap: Tap, tensor: torch.Tensor) -> None:
                self._check_positions(f"the {tap.side} of {tap.module!r}", tensor, batch)

            def take(tensor: torch.Tensor) -> torch.Tensor:
                states = place.of(tensor, len(batch))
                return then(states) if then is not None else states.clone() if inside else states

            states_of = run(self.model, taps, lambda: self._forward(batch), take, check)
            missing = next((tap.module for tap in taps if tap not in states_of), None)
            if missing is not None:
                raise ModelError(f"{self.name}: {missing!r} was not run for these texts, so it gave no states.")
            return tuple(states_of[tap] for tap in taps)

    def reported(self, encoded: Encoded) -> tuple[torch.Tensor, ...]:
        """The hidden states (1, T, D) that the model itself reports of one text, as it numbers them."""
        with self.running(), torch.inference_mode():
            return tuple(self._forward([encoded], report=True))

    def _check_positions(self, where: str, tensor: torch.Tensor, batch: Sequence[Encoded]) -> None:
        """Whether a tensor has one state for each token of a batch."""
        n, longest, width = len(batch), max(map(len, batch)), tensor.shape[-1]
        if tuple(tensor.shape) not in ((n, longest, width), (n * longest, width)):
            raise ModelError(
                f"{self.name}: {where} is {tuple(tensor.shape)} for a batch of {n} text(s) of up to {longest} tokens, "
                f"and one state for each, ({n}, {longest}, D), was expected, as for the short text that it was learned "
                "from. The model pads inside, or runs otherwise at this length: no row can be told to be a token's. "
                "Take another site, or modules('...'); or read the module with SequenceModel."
            )

    def place(self, site: Site) -> Place:
        """Where a site is in this model.

        Raises:
            ModelError: It is not there.
        """
        return self.sites.place(site)

    def layers_of(self, site: Site) -> tuple[int, ...]:
        """The layers that have a site: for the residual stream 0 to L - 1, for what is inside of blocks 1 to L - 1."""
        if site == residual:
            return self.layers
        return tuple(self.place(site).taps)

    def width_of(self, site: Site) -> int:
        """Features of a state at a site."""
        return self.hidden_size if site == residual else self.place(site).width

    @cached_property
    def causal(self) -> bool:
        """Whether a token's states depend only on the tokens up to it: found out by changing the last of a text."""
        return _reads_only_backwards(self)

    # ------------------------------------------------------------------ what it is

    @property
    def layers(self) -> tuple[int, ...]:
        """Every layer: 0 the embeddings, l the output of block l."""
        return tuple(range(self.n_layers))

    @property
    def card(self) -> ModelCard:
        """Which model this is, with its fingerprint as it is now."""
        return self.card_with(self.fingerprint())

    def card_with(self, fingerprint: str) -> ModelCard:
        """Which model this is, with a fingerprint that was taken before."""
        return ModelCard(
            self.name,
            self.revision,
            fingerprint,
            self.n_layers,
            self.hidden_size,
            self.final_norm,
            self.stack,
            embeddings=self.embeddings,
        )

    @property
    def numbering(self) -> str:
        """The meaning of the numbers of its layers, for people."""
        return "0 the embeddings, l the output of block l" if self.embeddings else "l the l-th tensor of states"

    # ------------------------------------------------------------------ finding out

    def _example(self) -> Encoded:
        """A short text that every tokenizer has tokens for."""
        # As long as it is, no length of its source: then no state of an encoder passes for one of the decoder.
        example = self.encode(["b a b"], ["a"] if self.stack == "decoder" else None)[0]
        if not len(example):
            raise ModelError(f"{self.name}: the tokenizer makes no token of the text 'b a b'.")
        return example

    def _find_sites(self, example: Encoded) -> tuple[torch.Tensor, ...]:
        """Run one text through the model to learn its blocks, L, D, and whether the last state is behind a norm."""
        with self.running(), torch.inference_mode():
            calls, states = record(self.model, lambda: self._forward([example], report=True))
        check_reported(f"{self.name}: {type(self.model).__name__}", states, len(example))
        blocks = find_blocks(calls, states)
        if blocks is None and len({state.shape for state in states}) != 1:
            raise ModelError(
                f"{self.name}: the layers differ in shape: {sorted({tuple(s.shape) for s in states})}. "
                "They cannot be compared."
            )
        self._found(calls, blocks, states)
        return states

    def _found(self, calls: Sequence[Call], blocks: Blocks | None, states: Sequence[torch.Tensor]) -> None:
        """Take down what was learned from the (1, T, D) states of one text."""
        self.numbered = {} if blocks is None else numbered(calls, blocks, states)
        self.sites = learned(calls, blocks, tuple(states[0].shape), self.n_heads)
        self.n_layers = len(states) if blocks is None else len(blocks.blocks) + 1
        self.hidden_size = int(states[0].shape[-1])
        self.final_norm = blocks is not None and blocks.final_norm


def new_digest(parts: Iterator[str] | Sequence[str]) -> Any:
    """A SHA-256 over texts, each with its length, so that no two lists of them are alike."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{len(part)}:{part}".encode("utf-8", "surrogatepass"))
    return digest


def _chosen(name: str, all_layers: Sequence[int], layers: Sequence[int] | None) -> Sequence[int]:
    """The layers that are asked for, all of which must be there."""
    if layers is None:
        return all_layers
    bad = [layer for layer in layers if layer not in all_layers]
    if bad:
        raise ModelError(f"Layer {bad[0]!r} is not in {name!r} there. It has {list(all_layers)}.")
    return layers


def _reads_only_backwards(model: TappedModel) -> bool:
    example = model._example()
    last = int(np.flatnonzero(~example.special)[-1]) if not example.special.all() else 0
    # Another token that the text has; where its tokenizer knows none of its words, the first or the second of all.
    other = next((t for t in range(last) if any(v[t] != v[last] for v in example.inputs.values())), None)
    if other is not None:
        to = {n: v[other] for n, v in example.inputs.items()}
    elif last and "input_ids" in example.inputs:
        to = {"input_ids": int(example.inputs["input_ids"][last] == 0)}
    else:
        return False
    changed = {n: [*v[:last], to.get(n, v[last]), *v[last + 1 :]] for n, v in example.inputs.items()}
    before, after = (model.states([e])[-1][0, :last] for e in (example, replace(example, inputs=changed)))
    return torch.allclose(before, after, rtol=0, atol=1e-5 * float(before.abs().max()))
