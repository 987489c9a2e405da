"""SequenceModel: any torch module that reads a sequence of symbols and has one state per step, such as a GRU."""

from __future__ import annotations

import copy
import inspect
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

from probewidgets.errors import ModelError, clipped, whole_number
from probewidgets.machine.threads import few_threads
from probewidgets.models.fingerprints import fingerprints
from probewidgets.models.tapped import Encoded, TappedModel
from probewidgets.models.taps import record

__all__ = ["SequenceModel"]


class SequenceModel(TappedModel):
    """A torch module over symbols, so that what it does step by step can be captured and probed like a language model.

    A text is its symbols with spaces between them; each is a token. The module is called with (B, T) numbers of symbols
    and returns (B, T, D) states, or a tuple that begins with them: as many layers as there are such tensors of one
    shape (`torch.nn.GRU(batch_first=True)` behind an embedding returns one, and its last state, which is left alone).
    Other places in it can be captured by name: `capture(..., modules="encoder.gru")`.

    Args:
        model: The module. It is left as it is; only while it runs, all of it is in evaluation mode.
        vocabulary: Symbol -> its number.
        name: What captions call it.
        pad: The number that fills up shorter texts of a batch; only used where that changes no state.

    Raises:
        ModelError: The vocabulary is empty or no mapping to numbers, or the module does not give one state per step.
    """

    embeddings = False

    def __init__(
        self, model: torch.nn.Module, vocabulary: Mapping[str, int], *, name: str | None = None, pad: int = 0
    ) -> None:
        if not isinstance(model, torch.nn.Module):
            raise ModelError(f"SequenceModel takes a torch.nn.Module first, but {type(model).__name__} came.")
        if not isinstance(vocabulary, Mapping) or not vocabulary:
            raise ModelError(f"vocabulary must map each symbol to its number, but {clipped(vocabulary, 80)} came.")
        odd = [(s, n) for s, n in vocabulary.items() if not isinstance(s, str) or not s or re.search(r"\s", s)]
        odd += [(s, n) for s, n in vocabulary.items() if isinstance(n, bool) or not isinstance(n, int)]
        if odd:
            raise ModelError(f"A symbol is a text without spaces, and has a whole number, but {odd[0]!r} came.")
        super().__init__(model, name or type(model).__name__)
        self.vocabulary, self.pad = dict(vocabulary), int(pad)
        self.max_tokens = 10**9
        # Read here: another process, to which the model may be sent, cannot look into a notebook's cells.
        self._source = _source(type(model))
        self._measure()

    def __repr__(self) -> str:
        return (
            f"SequenceModel({self.name!r}: {self.n_layers} layer(s) x {self.hidden_size}, "
            f"{len(self.vocabulary)} symbols, {self.device})"
        )

    def fingerprints(self) -> tuple[str, str]:
        """Hashes over its class, vocabulary and weights; and over all that its states depend on: see `fingerprint`."""
        kind = type(self.model).__qualname__
        return fingerprints(self, [kind, self._source, repr(sorted(self.vocabulary.items())), str(self.model)])

    def _samples(self, most: int) -> list[Encoded]:
        symbols = list(self.vocabulary)
        return [self._encoded(" ".join((symbols * most)[:n])) for n in (3, 5, most)]

    def randomized(self, seed: int = 0) -> SequenceModel:
        """The same model with random weights, as its parts initialise them: the control for what training adds.

        Args:
            seed: The same seed gives the same weights. The caller's random numbers are not moved.

        Raises:
            ModelError: A part has weights and no `reset_parameters`, so that nobody knows how it begins.

        Source: Zhang and Bowman 2018, section 3.
        """
        seed = whole_number("seed", seed, None, ModelError)
        fresh = copy.deepcopy(self.model).cpu()
        with torch.random.fork_rng(devices=[]):
            torch.default_generator.manual_seed(seed)
            for name, part in fresh.named_modules():
                if hasattr(part, "reset_parameters"):
                    part.reset_parameters()
                elif next(part.parameters(recurse=False), None) is not None:
                    raise ModelError(
                        f"{self.name}: {name or 'the module'} ({type(part).__name__}) has weights of its own and no "
                        "reset_parameters(), which would draw them anew. Give its class that method."
                    )
        name = f"{self.name} (random all, seed {seed})"
        return SequenceModel(fresh.to(self.device), self.vocabulary, name=name, pad=self.pad)

    def encode(self, texts: Sequence[str], sources: Sequence[str] | None = None) -> list[Encoded]:  # noqa: ARG002
        """The symbols of texts; `sources` are not used.

        Raises:
            ModelError: A symbol is not in the vocabulary.
        """
        return [self._encoded(text) for text in texts]

    def _encoded(self, text: str) -> Encoded:
        symbols = list(re.finditer(r"\S+", text))
        unknown = next((m.group() for m in symbols if m.group() not in self.vocabulary), None)
        if unknown is not None:
            vocabulary = ", ".join(list(self.vocabulary)[:30])
            raise ModelError(f"{unknown!r} in {clipped(text)} is no symbol of {self.name!r}. It has {vocabulary}.")
        offsets = np.array([m.span() for m in symbols], dtype=np.int64).reshape(-1, 2)
        ids = [self.vocabulary[m.group()] for m in symbols]
        return Encoded({"input": ids}, offsets, np.zeros(len(ids), dtype=bool))

    def _forward(self, batch: Sequence[Encoded], report: bool = False) -> Any:
        width = max(map(len, batch))
        rows = [[*encoded.inputs["input"], *[self.pad] * (width - len(encoded))] for encoded in batch]
        with few_threads(self.model):
            out = self.model(torch.tensor(rows, device=self.device))
        return self._layers(out, len(batch), width) if report else None

    def _layers(self, out: Any, n: int, width: int) -> tuple[torch.Tensor, ...]:
        parts = [out] if isinstance(out, torch.Tensor) else list(out) if isinstance(out, tuple | list) else []
        first = parts[0] if parts and isinstance(parts[0], torch.Tensor) else torch.empty(0)
        if first.ndim != 3 or first.shape[:2] != (n, width):
            returned = tuple(first.shape) if first.numel() else type(out).__name__
            raise ModelError(
                f"{self.name!r} must return one state per step, (texts, steps, width) = ({n}, {width}, D), but "
                f"returned {returned}. A recurrent layer of torch needs batch_first=True."
            )
        return tuple(p for p in parts if isinstance(p, torch.Tensor) and p.shape == first.shape)

    def _measure(self) -> None:
        symbols = list(self.vocabulary)
        long, short = (self._encoded(" ".join((symbols * 5)[:n])) for n in (5, 3))
        with self.running(), torch.inference_mode():
            try:
                calls, states = record(self.model, lambda: self._forward([long], report=True))
                alone, padded = self._forward([short], report=True), self._forward([short, long], report=True)
            except ModelError:
                raise
            except Exception as error:
                raise ModelError(
                    f"{self.name!r} could not read {len(long)} symbols as a (1, {len(long)}) tensor of numbers "
                    f"({type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''})."
                ) from error
        self.pads = all(torch.allclose(a[0], b[0, :3], atol=1e-6) for a, b in zip(alone, padded, strict=True))
        self._found(calls, None, states)


def _source(kind: type) -> str:
    try:
        return inspect.getsource(kind)
    except (OSError, TypeError):
        return ""
