"""Activations: the pooled hidden states of a task's Targets, one matrix per layer. numpy only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from probewidgets.captures.store import Stored
from probewidgets.data.corpus import Corpus
from probewidgets.data.targets import Targets
from probewidgets.errors import ModelError, clipped
from probewidgets.machine.arrays import empty
from probewidgets.values import ModelCard

__all__ = ["Activations", "Missing", "rows_of_side"]


@dataclass(frozen=True)
class Missing:
    """Targets that have no row, and why. They are counted and shown, never zero and never cut."""

    without_token: tuple[str, ...] = ()
    """Surfaces of the targets that got no token: the tokenizer drops these characters."""
    too_long: tuple[str, ...] = ()
    """Surfaces of the targets in sentences that have more tokens than the model takes."""
    shared: int = 0
    """Words that share a token with a neighbour, since the tokenizer gave them none of their own. They do have rows."""
    unknown: tuple[str, ...] = ()
    """Surfaces of the targets that the tokenizer has only its unknown token for. They do have rows."""

    def __len__(self) -> int:
        return len(self.without_token) + len(self.too_long)

    def __str__(self) -> str:
        parts = []
        if self.without_token:
            parts.append(
                f"{len(self.without_token):,} target(s) got no token, e.g. {clipped(self.without_token[0], 80)}"
            )
        if self.too_long:
            parts.append(
                f"{len(self.too_long):,} target(s) stand in sentences longer than the model, "
                f"e.g. {clipped(self.too_long[0], 80)}"
            )
        if self.shared:
            parts.append(f"{self.shared:,} target(s) share a token with a neighbour")
        if self.unknown:
            examples = ", ".join(clipped(surface, 24) for surface in list(dict.fromkeys(self.unknown))[:3])
            parts.append(f"{len(self.unknown):,} target(s) are unknown to the tokenizer, e.g. {examples}")
        return "; ".join(parts) or "none"


@dataclass(frozen=True, eq=False)
class Activations:
    """Pooled hidden states of N Targets at L layers, with all that a sweep needs to know of where they come from.

    Raises:
        ModelError: The shapes do not agree.
    """

    states: npt.NDArray[np.float32] | Stored
    """(L, N, S*D) one matrix per layer, in the model's own units: an array, or states that stay in their store."""
    layers: tuple[int, ...]
    """(L,) which layers: 0 embeddings, l = output of block l."""
    targets: Targets
    """(N,) what the rows stand for; only the targets that have a row."""
    corpus: Corpus
    """Where the targets come from; its Split tells train from test."""
    model: ModelCard
    pool: str
    """Name of the pool over a unit's tokens."""
    missing: Missing = Missing()
    rounding: float = 0.0
    """The largest change of a state by being kept in half precision, as a share of its length; 0 in single."""

    def __post_init__(self) -> None:
        if len(self.states.shape) != 3 or self.states.shape[:2] != (len(self.layers), len(self.targets)):
            raise ModelError(
                f"states must be (layers, targets, features) = ({len(self.layers)}, {len(self.targets)}, ...), "
                f"but {self.states.shape} came."
            )

    @staticmethod
    def from_arrays(
        states: npt.ArrayLike | Sequence[npt.ArrayLike],
        targets: Targets,
        corpus: Corpus,
        *,
        layers: Sequence[int] | None = None,
        name: str = "arrays",
        pool: str = "none",
        embeddings: bool = False,
    ) -> Activations:
        """States that were made elsewhere, so that all that is done with captured ones can be done with them.

        Args:
            states: (L, N, D) numbers, or L matrices (N, D); row i belongs to the i-th of the targets.
            targets: (N,) what the rows stand for: `task.targets(corpus)`, in its order.
            corpus: Where the targets come from.
            layers: (L,) what to call the layers; 0, 1, ... by default.
            name: What captions call the model.
            pool: What captions call the pool.
            embeddings: Whether layer 0 is a model's embeddings, which then is a baseline of the layers above.

        Raises:
            ModelError: They are no numbers, or of other shapes.
        """
        try:
            array = np.stack([np.asarray(matrix, np.float32) for matrix in states])  # type: ignore[union-attr]
        except (TypeError, ValueError) as error:
            raise ModelError(f"states must be L matrices (N, D) of numbers of one shape, but: {error}.") from error
        numbers = tuple(range(len(array))) if layers is None else tuple(layers)
        if len(set(numbers)) != len(numbers) or not all(isinstance(n, int) and n >= 0 for n in numbers):
            raise ModelError(f"layers must be different numbers >= 0, but {list(numbers)} came.")
        width = array.shape[2] if array.ndim == 3 else 0
        card = ModelCard(name, n_layers=max(numbers, default=0) + 1, hidden_size=width, embeddings=embeddings)
        return Activations(array, numbers, targets, corpus, card, pool)

    @property
    def n_targets(self) -> int:
        """N."""
        return len(self.targets)

    def layer(self, layer: int) -> npt.NDArray[np.float32]:
        """(N, S*D) states of one layer; read into memory, if they are in a store.

        Raises:
            ModelError: The layer was not captured.
            StoreError: A file of the store is damaged, or gone.
        """
        return self.states[self._index(layer)]

    def blocks(self, layer: int) -> Iterator[tuple[slice, npt.NDArray[Any]]]:
        """One layer in parts, with the rows that each fills: from a store, mapped into memory one at a time."""
        if isinstance(self.states, Stored):
            return self.states.blocks(self._index(layer))
        matrix = self.layer(layer)
        return iter([(slice(0, len(matrix)), matrix)])

    def _index(self, layer: int) -> int:
        if layer not in self.layers:
            raise ModelError(f"Layer {layer!r} was not captured. Captured: {list(self.layers)}.")
        return self.layers.index(layer)

    def rows(self, side: str) -> npt.NDArray[np.int64]:
        """Rows whose example is on one side of the split: `"train"`, `"dev"` or `"test"`."""
        return rows_of_side(self.targets, self.corpus, side)

    def beside(self, words: Activations) -> Activations:
        """These states of whole sentences, with states of what is asked about them beside them.

        Args:
            words: (1, N, E) one layer of states of other targets in the same sentences, such as `word_embeddings`
                gives. These sentences may be those of another corpus that is cut up alike, such as `permuted(corpus)`.

        Returns:
            (L, N, D + E) with a row for each target of `words`: the state of its sentence, and its own. Targets in
            sentences that have no state have no row and are counted in `.missing`.

        Raises:
            ModelError: These are no states of whole sentences, one each; or the others are of several layers, or of
                other sentences.
        """
        self._check_beside(words)
        row_of = np.full(len(self.corpus), -1)
        row_of[self.targets.example] = np.arange(self.n_targets)
        rows = row_of[words.targets.example]
        kept, lost = np.flatnonzero(rows >= 0), np.flatnonzero(rows < 0)
        too_long = (*words.missing.too_long, *(words.targets.surface[row] for row in lost))
        (layer,) = words.layers
        right = words.layer(layer)[kept]
        width = self.states.shape[2]
        states = empty((len(self.layers), len(kept), width + right.shape[1]), np.float32)
        for out, layer in zip(states, self.layers, strict=True):
            out[:, :width] = self.layer(layer)[rows[kept]]
            out[:, width:] = right
        return replace(
            self,
            states=states,
            targets=words.targets.take(kept),
            pool=f"{self.pool} beside {words.pool}",
            missing=replace(words.missing, too_long=too_long),
        )

    def _check_beside(self, words: object) -> None:
        if not isinstance(words, Activations):
            raise ModelError(
                f"beside takes Activations, such as word_embeddings(model, pairs) gives, but {type(words).__name__} "
                "came."
            )
        if self.targets.n_spans or len(np.unique(self.targets.example)) != self.n_targets:
            raise ModelError(
                f"Only states of whole sentences, one each, have others beside them, but {self.targets.task!r} labels "
                f"{self.targets.unit}s: capture a SentenceTask."
            )
        if len(words.layers) != 1:
            raise ModelError(
                f"beside takes one layer, which stands beside each of these, but {len(words.layers)} came: "
                "capture(..., layers=[0])."
            )
        if len(self.corpus) != len(words.corpus) or self.corpus.split != words.corpus.split:
            raise ModelError(
                f"The states are those of {self.corpus.name!r}, which does not have the sentences and the split of "
                f"{words.corpus.name!r}, of which {words.targets.task!r} asks."
            )

    def __repr__(self) -> str:
        layers, n, width = self.states.shape
        lost = f", {len(self.missing):,} without a row" if len(self.missing) else ""
        place = f" in {self.states.store.folder}" if isinstance(self.states, Stored) else ""
        site = "" if self.model.site == "residual" else f", site {self.model.site}"
        half = f", half precision (off by {self.rounding:.0e} at most)" if self.rounding else ""
        return (
            f"Activations({self.targets.task!r} of {self.corpus.name!r} in {self.model.name!r}: {layers} layers x "
            f"{n:,} {self.targets.unit}s x {width}, pool {self.pool}{site}, "
            f"{self.states.nbytes / 2**20:,.0f} MiB{place}{half}{lost})"
        )


def rows_of_side(targets: Targets, corpus: Corpus, side: str) -> npt.NDArray[np.int64]:
    """Targets whose example is on one side of the corpus's split."""
    member = np.zeros(len(corpus), dtype=bool)
    member[list(dict(corpus.split.items())[side])] = True
    return np.flatnonzero(member[targets.example])
